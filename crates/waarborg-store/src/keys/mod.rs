//! Keys, apart from the data they open: master key, epoch keys, key store, sealing, fingerprints and the ledger.
//!
//! Every record is sealed under an object key; that is wrapped under its subject's key; that is wrapped under
//! the epoch key of its shard; and that is wrapped under a key derived from the master key. Destroying a key
//! gives its shard a new epoch and wipes the old epoch key, so that an old copy of the key store opens nothing
//! with the keys of today.

mod act;
mod epochs;
mod fingerprint;
mod keystore;
mod ledger;
mod master;
mod mirror;
mod seal;
mod secret;
mod shards;
mod unsaid;
mod view;

pub use act::{Act, Happened};
pub use fingerprint::Fingerprint;
pub(crate) use fingerprint::{MacKey, mac, mac_of};
pub use keystore::KeyStore;
pub(crate) use keystore::{FILE as KEYS_FILE, copy_to, create_private, restrict_to_owner};
pub use ledger::LedgerLine;
pub use master::{Master, MasterFault};
pub(crate) use master::{make_private_folder, sync_folder_of, write_private};
pub use mirror::{MirrorState, MirrorWatch, mirror_state};
pub(crate) use mirror::{has_no_keys, take_over};
pub use seal::Place;
pub(crate) use seal::{open, seal};
pub(crate) use secret::{Key, random};
pub(crate) use unsaid::Unsaid;
pub use view::KeyView;

use std::io;

use crate::engine::Refusal;

/// Why a key could not be made, found or destroyed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFault {
    /// The key was destroyed, or never existed here.
    #[error("there is no such key")]
    Gone,
    /// Bytes that do not open with the key and the place they should belong to.
    #[error("sealed bytes do not open: they were changed, moved, or sealed with another key")]
    Unreadable,
    /// A key store that is older than the epoch keys beside it, or the other way round.
    #[error("the key store and the epoch keys are not of the same time")]
    Epoch,
    /// The ledger was changed.
    #[error("line {sequence} of the ledger was changed")]
    Ledger {
        /// Number of the first line that does not fit.
        sequence: i64,
    },
    /// The master key file.
    #[error(transparent)]
    Master(#[from] MasterFault),
    /// The file system.
    #[error("the key files cannot be read or written")]
    Disk(#[from] io::Error),
    /// The key store's database.
    #[error("the key store cannot be read or written")]
    Database(#[source] Refusal),
    /// No room on the disk of the keys.
    #[error("the disk of the keys is full")]
    Full,
    /// The key store's file was removed or replaced while it was in use.
    #[error("the key store's file was removed or replaced")]
    Missing,
    /// The mirror's folder is not there, or empty though these keys had a mirror.
    #[error(
        "the mirror of the keys is missing: its folder is not there, or its disk is not mounted"
    )]
    NoMirror,
    /// The mirror failed in the middle of a transaction.
    #[error("the mirror of the keys cannot be written to")]
    MirrorBroke,
    /// Keys and mirror each hold what the other does not know.
    #[error("the keys and their mirror have each gone on without the other")]
    Diverged,
    /// The operating system gives no random bytes.
    #[error("no random bytes")]
    Chance,
}

impl From<rusqlite::Error> for KeyFault {
    fn from(error: rusqlite::Error) -> Self {
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) {
            Self::Full
        } else {
            Self::Database(Refusal::from(&error))
        }
    }
}
