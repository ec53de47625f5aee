//! Verifying proofs: that a leaf is in the log, and that the log only grew.

use super::hash::{Hash, empty_root, node_hash};

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofFault {
    /// The positions contradict each other.
    #[error("the proof is about positions that cannot be")]
    Positions,
    /// Too few or too many hashes.
    #[error("the proof has the wrong length")]
    Length,
    /// The computed root is another one.
    #[error("the proof leads to another root")]
    Root,
}

/// Checks that `leaf` is number `index` in the log of `size` leaves with this `root`.
///
/// # Errors
///
/// [`ProofFault`] if it does not follow from the proof.
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofFault> {
    if index >= size {
        return Err(ProofFault::Positions);
    }
    let mut node = index;
    let mut last = size - 1;
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofFault::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofFault::Length);
    }
    if hash == *root {
        Ok(())
    } else {
        Err(ProofFault::Root)
    }
}

/// Checks that the log of `new` leaves begins with the log of `old` leaves.
///
/// # Errors
///
/// [`ProofFault`] if it does not follow from the proof. A proof from the empty log is meaningless and refused.
pub fn verify_consistency(
    old: u64,
    new: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), ProofFault> {
    if old == 0 {
        return Err(ProofFault::Positions);
    }
    verify_subtree_consistency(0, old, new, proof, old_root, new_root)
}

/// Checks that `leaf` is number `index` of the log, within the subtree over the leaves `start..end`.
///
/// # Errors
///
/// [`ProofFault`] if it does not follow from the proof.
pub fn verify_subtree_inclusion(
    index: u64,
    start: u64,
    end: u64,
    leaf: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofFault> {
    if !is_subtree(start, end) || index < start {
        return Err(ProofFault::Positions);
    }
    verify_inclusion(index - start, end - start, leaf, proof, root)
}

/// Checks that the subtree over the leaves `start..end` with root `part` belongs to the log of `size` leaves.
///
/// # Errors
///
/// [`ProofFault`] if it does not follow from the proof.
pub fn verify_subtree_consistency(
    start: u64,
    end: u64,
    size: u64,
    proof: &[Hash],
    part: &Hash,
    root: &Hash,
) -> Result<(), ProofFault> {
    if start == end && end <= size {
        return empty_part(proof, part);
    }
    if !is_subtree(start, end) || end > size {
        return Err(ProofFault::Positions);
    }
    let mut first = start;
    let mut last = end - 1;
    let mut total = size - 1;
    if last == total {
        while first != last {
            first >>= 1;
            last >>= 1;
            total >>= 1;
        }
    } else {
        while first != last && last & 1 == 1 {
            first >>= 1;
            last >>= 1;
            total >>= 1;
        }
    }

    let mut rest = proof.iter();
    let seed = if first == last {
        *part
    } else {
        *rest.next().ok_or(ProofFault::Length)?
    };
    let mut of_part = seed;
    let mut of_log = seed;
    for sibling in rest {
        if total == 0 {
            return Err(ProofFault::Length);
        }
        if last & 1 == 1 || last == total {
            if first < last {
                of_part = node_hash(sibling, &of_part);
            }
            of_log = node_hash(sibling, &of_log);
            while last & 1 == 0 && last != 0 {
                first >>= 1;
                last >>= 1;
                total >>= 1;
            }
        } else {
            of_log = node_hash(&of_log, sibling);
        }
        first >>= 1;
        last >>= 1;
        total >>= 1;
    }
    if total != 0 {
        return Err(ProofFault::Length);
    }
    if of_part == *part && of_log == *root {
        Ok(())
    } else {
        Err(ProofFault::Root)
    }
}

/// A part without leaves belongs to every log; there is nothing to prove.
fn empty_part(proof: &[Hash], part: &Hash) -> Result<(), ProofFault> {
    if !proof.is_empty() {
        return Err(ProofFault::Length);
    }
    if *part == empty_root() {
        Ok(())
    } else {
        Err(ProofFault::Root)
    }
}

/// A subtree starts at a multiple of the smallest power of two that is not smaller than its length.
fn is_subtree(start: u64, end: u64) -> bool {
    let Some(length) = end.checked_sub(start).filter(|length| *length > 0) else {
        return false;
    };
    length
        .checked_next_power_of_two()
        .is_some_and(|width| start.is_multiple_of(width))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicU8, Ordering};

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::Value;

    use super::*;
    use crate::audit::leaf_hash;

    fn vectors(kind: &str) -> Option<Vec<(PathBuf, Value)>> {
        let shared = std::env::var_os("WAARBORG_SHARED").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        );
        let root = shared.join("data/attacks/merkle").join(kind);
        if !root.is_dir() {
            eprintln!("SKIPPED: no Merkle vectors at {}", root.display());
            return None;
        }
        let mut found = Vec::new();
        let mut folders = vec![root];
        while let Some(folder) = folders.pop() {
            for place in std::fs::read_dir(folder).unwrap() {
                let path = place.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path
                    .extension()
                    .is_some_and(|extension| extension == "json")
                {
                    let text = std::fs::read_to_string(&path).unwrap();
                    found.push((path, serde_json::from_str(&text).unwrap()));
                }
            }
        }
        assert!(found.len() > 50, "only {} vectors of {kind}", found.len());
        Some(found)
    }

    fn number(vector: &Value, name: &str) -> u64 {
        vector[name].as_u64().unwrap()
    }

    /// Bytes that are no hash stand for one of their own; no bytes equal nothing.
    fn hash(vector: &Value) -> Hash {
        static NOTHINGS: AtomicU8 = AtomicU8::new(0);
        let bytes = STANDARD.decode(vector.as_str().unwrap_or("")).unwrap();
        if bytes.is_empty() {
            return Hash([NOTHINGS.fetch_add(1, Ordering::Relaxed); 32]);
        }
        Hash::from_slice(&bytes).unwrap_or_else(|| leaf_hash(&bytes))
    }

    fn hashes(vector: &Value) -> Vec<Hash> {
        vector["proof"]
            .as_array()
            .map_or_else(Vec::new, |list| list.iter().map(hash).collect())
    }

    fn check(kind: &str, verify: impl Fn(&Value) -> Result<(), ProofFault>) {
        let Some(vectors) = vectors(kind) else { return };
        for (path, vector) in vectors {
            let good = verify(&vector).is_ok();
            let wanted = !vector["wantErr"].as_bool().unwrap_or(false);
            assert_eq!(good, wanted, "{}: {}", path.display(), vector["desc"]);
        }
    }

    #[test]
    fn inclusion_agrees_with_the_public_vectors() {
        check("inclusion", |v| {
            let (leaf, root, proof) = (hash(&v["leafHash"]), hash(&v["root"]), hashes(v));
            verify_inclusion(
                number(v, "leafIdx"),
                number(v, "treeSize"),
                &leaf,
                &proof,
                &root,
            )
        });
    }

    #[test]
    fn consistency_agrees_with_the_public_vectors() {
        check("consistency", |v| {
            let (old, new, proof) = (hash(&v["root1"]), hash(&v["root2"]), hashes(v));
            verify_consistency(number(v, "size1"), number(v, "size2"), &proof, &old, &new)
        });
    }

    #[test]
    fn subtree_inclusion_agrees_with_the_public_vectors() {
        check("subtreeinclusion", |v| {
            let (leaf, root, proof) = (hash(&v["leafHash"]), hash(&v["root"]), hashes(v));
            let (start, end) = (number(v, "start"), number(v, "end"));
            verify_subtree_inclusion(number(v, "leafIdx"), start, end, &leaf, &proof, &root)
        });
    }

    #[test]
    fn subtree_consistency_agrees_with_the_public_vectors() {
        check("subtreeconsistency", |v| {
            let (part, root, proof) = (hash(&v["root1"]), hash(&v["root2"]), hashes(v));
            let (start, end) = (number(v, "start"), number(v, "end"));
            verify_subtree_consistency(start, end, number(v, "size"), &proof, &part, &root)
        });
    }
}
