//! The audit log as mathematics: Merkle hashing, proofs, checkpoints and the check that a stranger can do offline.
//!
//! Hashing is that of RFC 6962, tiles and checkpoints are those of C2SP (`tlog-tiles`, `tlog-checkpoint`, `signed-note`).
//! A leaf is never personal data: it is a salted [`Commitment`] and a [`KeyMark`], so that erasing salt, payload and key
//! leaves every proof valid and tells nothing.

mod certificate;
mod checkpoint;
mod hash;
mod leaf;
mod offline;
mod proof;
mod tile;
mod tree;

pub use certificate::{
    Certificate, Checked as CheckedCertificate, Leftover, PlaceReceipt, check as check_certificate,
};
pub use checkpoint::{Checkpoint, CheckpointFault, LogKey, LogName, LogSigner};
pub use hash::{Commitment, Hash, Salt, empty_root, leaf_hash, node_hash};
pub use leaf::{DestroyedKey, KeyMark, KeyTrace, Leaf};
pub use offline::{Finding, Line, LogCheck, LogReport};
pub use proof::{
    ProofFault, verify_consistency, verify_inclusion, verify_subtree_consistency,
    verify_subtree_inclusion,
};
pub use tile::{TILE_HEIGHT, TILE_WIDTH, Tile, TileFault, entries_path, entry_bundle};
pub use tree::{Frontier, Node, consistency_proof, inclusion_proof, root_of, subtree_hash};
