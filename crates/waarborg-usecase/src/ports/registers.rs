//! The registers that were in force, word for word; changes of the register on their way; and its file.

use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::ObjectId;
use waarborg_domain::register::change::{Change, Step};
use waarborg_domain::register::{Fault, Register};

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

/// What a change says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeTexts {
    /// The file from which it starts.
    pub base: String,
    /// The file as it should become.
    pub source: String,
}

/// The registers of an installation, and their changes.
pub trait Registers: Send + Sync {
    /// Keeps one more register.
    fn keep_register(&self, register: KeptRegister, entry: Entry) -> Answer<'_, ()>;

    /// Every register that was kept, in the order in which they were offered.
    fn registers(&self) -> Answer<'_, Vec<KeptRegister>>;

    /// Keeps a change that somebody begins.
    fn begin_change(&self, change: Change, texts: ChangeTexts, entry: Entry) -> Answer<'_, ()>;

    /// Adds a step to a change, and what it says from now on where that is different: the digest of the file from
    /// which it starts, and its texts. Says whether it had as many steps as were `seen`; if not, nothing is kept.
    fn step_change(
        &self,
        id: Uuid,
        seen: usize,
        step: Step,
        says: Option<(String, ChangeTexts)>,
        entry: Entry,
    ) -> Answer<'_, bool>;

    /// Adds a step to a change as [`Registers::step_change`] does, and in the same write lets the mails of a job go. The
    /// entries are those of the step and of the mails.
    fn tell_change(
        &self,
        change: (Uuid, usize),
        step: Step,
        job: ObjectId,
        entries: (Entry, Entry),
    ) -> Answer<'_, bool>;

    /// Every change, the newest first.
    fn changes(&self) -> Answer<'_, Vec<Change>>;

    /// What a change says.
    fn change_texts(&self, id: Uuid) -> Answer<'_, Option<ChangeTexts>>;
}

/// Why the file of the register is not read or written.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FileFault {
    /// It cannot be read.
    #[error("the file of the register cannot be read")]
    Unreadable,
    /// This program may not write it.
    #[error("the file of the register may not be written by this program")]
    ReadOnly,
    /// There is no room, or the disk does not work.
    #[error("the file of the register cannot be written now")]
    Failed,
    /// It is another file than was expected.
    #[error("the file of the register changed meanwhile")]
    Changed,
}

/// What a file answers, later.
pub type FileAnswer<'a, T> = Pin<Box<dyn Future<Output = Result<T, FileFault>> + Send + 'a>>;

/// The file in which the register stands. It is written in two parts: what can go wrong goes wrong before anything is
/// noted as done.
pub trait RegisterFile: Send + Sync {
    /// The file as it is now.
    fn read(&self) -> FileAnswer<'_, String>;

    /// Whether this program may write it.
    fn may_write(&self) -> FileAnswer<'_, ()>;

    /// What stands in the way of running on a register here, besides what the compiler says.
    fn hindrances(&self, register: &Register) -> Vec<Fault>;

    /// Writes a new file beside it, whole and safe on the disk.
    fn lay_beside(&self, text: String) -> FileAnswer<'_, ()>;

    /// Puts the new file with the digest `new` in its place, if the old one is still the one with the digest `old`.
    fn put_in_place(&self, old: String, new: String) -> FileAnswer<'_, ()>;
}
