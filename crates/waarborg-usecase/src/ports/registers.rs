//! The registers that were in force, word for word.

use jiff::Timestamp;
use jiff::civil::Date;
use waarborg_domain::entry::Entry;

use super::Answer;

/// One register as it was offered, and the day from which it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRegister {
    /// The digest of its file.
    pub digest: String,
    /// The version of the notice that follows from it.
    pub notice_version: String,
    /// Its file.
    pub source: String,
    /// When it was offered.
    pub noted_at: Timestamp,
    /// From which day it counts; later than the day on which it was offered if it was announced.
    pub starts_on: Date,
}

/// The registers of an installation.
pub trait Registers: Send + Sync {
    /// Keeps one more register.
    fn keep_register(&self, register: KeptRegister, entry: Entry) -> Answer<'_, ()>;

    /// Every register that was kept, in the order in which they were offered.
    fn registers(&self) -> Answer<'_, Vec<KeptRegister>>;
}
