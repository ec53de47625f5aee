//! Keyed fingerprints: whether something is known, without the thing itself.

use jiff::Timestamp;
use waarborg_domain::entry::Entry;

use super::Answer;

/// A keyed fingerprint of a value in its canonical form. Without the installation's key nobody can guess the value.
pub type Mark = [u8; 32];

/// Addresses to which nothing is sent for a purpose any more.
pub trait Suppressions: Send + Sync {
    /// From now on nothing is sent to this address for these purposes. Also noted in the ledger beside the keys. It
    /// belongs to no person that is known here, and so outlives the erasure of anybody.
    fn suppress(
        &self,
        mark: Mark,
        purposes: Vec<String>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ()>;

    /// Which of these addresses are suppressed for a purpose, in the same order.
    fn suppressed<'a>(&'a self, marks: Vec<Mark>, purpose: &'a str) -> Answer<'a, Vec<bool>>;
}
