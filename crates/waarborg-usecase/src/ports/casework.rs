//! The file of a request: what the desk adds to it, and what recipients were asked because of it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_domain::calendar::Due;
use waarborg_domain::decision::{Slice, Task, TaskEnd};
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{RecordId, RequestId, SubjectId};
use waarborg_domain::permit::Permit;
use waarborg_domain::personal::Personal;
use waarborg_domain::rights::Stage;

use super::{Answer, ErasureReceipt, NewRecord, Opening, Waiting};

/// Where a request comes by a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onto {
    /// It stays at its stage.
    Stay,
    /// To another stage.
    Stage(Stage),
    /// To later dates, after an extension of which the person was told.
    Extended(Due),
    /// Back to work with later dates, after the clock stood still.
    Later(Due),
}

/// One step in the file of a request: all of it lands, or nothing.
#[derive(Debug)]
pub struct Step {
    /// The request.
    pub request: RequestId,
    /// What is added to its file.
    pub records: Vec<NewRecord>,
    /// What recipients are asked from now on.
    pub tasks: Vec<Task>,
    /// The mails that tell of it.
    pub mails: Vec<Waiting>,
    /// What those mails open.
    pub openings: Vec<Opening>,
    /// Where the request comes by it.
    pub onto: Onto,
}

impl Step {
    /// A step that adds nothing yet.
    #[must_use]
    pub const fn new(request: RequestId, onto: Onto) -> Self {
        Self {
            request,
            records: Vec::new(),
            tasks: Vec::new(),
            mails: Vec::new(),
            openings: Vec::new(),
            onto,
        }
    }
}

/// A record that says something else from now on.
#[derive(Debug)]
pub struct Corrected {
    /// The record.
    pub id: RecordId,
    /// Whose data it is.
    pub subject: SubjectId,
    /// What it says.
    pub content: Personal<String>,
}

/// The files of requests.
pub trait Casework: Send + Sync {
    /// Takes a step. Says whether it did: a request that is closed, or gone, takes none.
    ///
    /// New dates and stages are also noted in the ledger beside the keys. A closing step lets the claims begin that
    /// wait for it; `zone` decides on calendar months.
    fn step<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        step: Step,
        at: Timestamp,
        zone: &'a TimeZone,
        entry: Entry,
    ) -> Answer<'a, bool>;

    /// Every task of every recipient, the oldest first.
    fn tasks(&self) -> Answer<'_, Vec<Task>>;

    /// Notes what came of a recipient's task. Says whether it was open.
    fn end_task(&self, id: Uuid, end: TaskEnd, at: Timestamp, entry: Entry) -> Answer<'_, bool>;

    /// Lets records say something else from now on (article 16); also in the ledger beside the keys, sealed. Says how
    /// many of them are there.
    fn correct<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        corrected: Vec<Corrected>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, u64>;

    /// Ends the claims on these slices of a person's records, as far as they yield to erasure, and what is left
    /// without any. Idempotent; noted in the ledger beside the keys before anything goes.
    fn erase_slices(
        &self,
        subject: SubjectId,
        slices: Vec<Slice>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ErasureReceipt>;
}
