//! The tree over the leaves: its root as it grows, and the proofs that a holder of all nodes can make.

use std::ops::Range;

use super::hash::{Hash, empty_root, node_hash};

/// A full subtree: `2^level` leaves, the `index`-th of that size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// Height above the leaves; a leaf has level 0.
    pub level: u8,
    /// Which subtree of this height, counted from the left.
    pub index: u64,
}

/// The roots of the full subtrees of a growing log, largest first: all that appending needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    // One hash per bit that is set in `size`, from the highest bit to the lowest.
    roots: Vec<Hash>,
}

impl Frontier {
    /// The frontier of a log of `size` leaves, or `None` where the number of hashes does not fit.
    #[must_use]
    pub fn from_parts(size: u64, roots: Vec<Hash>) -> Option<Self> {
        (usize::try_from(size.count_ones()).ok() == Some(roots.len()))
            .then_some(Self { size, roots })
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the full subtrees, largest first.
    #[must_use]
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// Appends one leaf.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.roots.pop() else { break };
            hash = node_hash(&left, &hash);
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(last) = roots.next() else {
            return empty_root();
        };
        roots.fold(*last, |right, left| node_hash(left, &right))
    }
}

/// The root over `leaves`.
#[must_use]
pub fn root_of(leaves: impl IntoIterator<Item = Hash>) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.append(leaf);
    }
    frontier.root()
}

/// The hash over the leaves in `range`, read from full subtrees.
///
/// `range.start` must be a multiple of the smallest power of two that is not smaller than the length.
///
/// # Errors
///
/// Whatever `read` returns.
pub fn subtree_hash<E>(
    range: Range<u64>,
    read: &mut dyn FnMut(Node) -> Result<Hash, E>,
) -> Result<Hash, E> {
    let length = range.end.saturating_sub(range.start);
    if length == 0 {
        return Ok(empty_root());
    }
    if length.is_power_of_two() {
        let level = length.trailing_zeros();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "trailing zeros of 64 bits fit in a byte"
        )]
        return read(Node {
            level: level as u8,
            index: range.start >> level,
        });
    }
    let middle = range.start + split(length);
    let left = subtree_hash(range.start..middle, read)?;
    let right = subtree_hash(middle..range.end, read)?;
    Ok(node_hash(&left, &right))
}

/// The proof that leaf `index` is in the log of `size` leaves, lowest hash first.
///
/// Empty where the leaf is not in the log.
///
/// # Errors
///
/// Whatever `read` returns.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    read: &mut dyn FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut proof = Vec::new();
    if index >= size {
        return Ok(proof);
    }
    let mut range = 0..size;
    while range.end - range.start > 1 {
        let middle = range.start + split(range.end - range.start);
        let other;
        if index < middle {
            other = middle..range.end;
            range = range.start..middle;
        } else {
            other = range.start..middle;
            range = middle..range.end;
        }
        proof.push(subtree_hash(other, read)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the log of `old` leaves is a beginning of the log of `new` leaves, lowest hash first.
///
/// Empty where `old` is zero or not smaller than `new`.
///
/// # Errors
///
/// Whatever `read` returns.
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    read: &mut dyn FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut proof = Vec::new();
    if old == 0 || old >= new {
        return Ok(proof);
    }
    let mut range = 0..new;
    // True while the part that is left is the old tree as a whole, whose root the verifier knows.
    let mut whole = true;
    while range.end != old {
        let middle = range.start + split(range.end - range.start);
        if old <= middle {
            proof.push(subtree_hash(middle..range.end, read)?);
            range = range.start..middle;
        } else {
            proof.push(subtree_hash(range.start..middle, read)?);
            range = middle..range.end;
            whole = false;
        }
    }
    if !whole {
        proof.push(subtree_hash(range, read)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The largest power of two that is smaller than `length`; `length` is at least 2.
fn split(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;
    use crate::audit::{leaf_hash, verify_consistency, verify_inclusion};

    fn leaves(n: u64) -> Vec<Hash> {
        (0..n).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    fn reader(leaves: &[Hash]) -> impl FnMut(Node) -> Result<Hash, Infallible> + '_ {
        |node| {
            let start = usize::try_from(node.index << node.level).unwrap();
            Ok(root_of(
                leaves[start..start + (1 << node.level)].iter().copied(),
            ))
        }
    }

    #[test]
    fn the_empty_log_has_the_hash_of_nothing_as_its_root() {
        assert_eq!(
            root_of([]).to_string(),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_proof_that_we_make_verifies(size in 1usize..300, a in 0usize..300, b in 1usize..300) {
            let leaves = leaves(size as u64);
            let root = root_of(leaves.iter().copied());
            let index = a % size;
            let old = 1 + b % size;

            let proof = inclusion_proof(index as u64, size as u64, &mut reader(&leaves)).unwrap();
            prop_assert!(verify_inclusion(index as u64, size as u64, &leaves[index], &proof, &root).is_ok());

            let old_root = root_of(leaves[..old].iter().copied());
            let proof = consistency_proof(old as u64, size as u64, &mut reader(&leaves)).unwrap();
            prop_assert!(verify_consistency(old as u64, size as u64, &proof, &old_root, &root).is_ok());
        }
    }
}
