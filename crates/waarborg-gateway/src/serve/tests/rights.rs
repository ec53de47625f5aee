//! What the models' side never does: open, or put aside, anything of a person's requests.

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{ObjectId, RecordId, RequestId, SubjectId};
use waarborg_domain::permit::Permit;
use waarborg_domain::register::{Fault, Register};
use waarborg_domain::rights::Request;
use waarborg_usecase::ports::{
    Agreement, Agreements, Answer, Answered, FileAnswer, FileFault, Mark, NewRecord, Number,
    Numbers, Opening, OpeningKind, Openings, RegisterFile, Restrictions,
};

use super::house::{TestStore, never};

// The register of these tests has no term for it, so nobody is asked.
impl Agreements for TestStore {
    fn ask_agreement(&self, _: Agreement, _: u32, _: Entry) -> Answer<'_, Option<Agreement>> {
        never()
    }

    fn agreement(&self, _: Mark, _: Timestamp) -> Answer<'_, Option<Agreement>> {
        never()
    }

    fn agreements(&self, _: Timestamp) -> Answer<'_, Vec<Agreement>> {
        never()
    }

    fn answer_agreement(&self, _: Uuid, _: Answered, _: Timestamp, _: Entry) -> Answer<'_, bool> {
        never()
    }

    fn use_agreement(&self, _: Mark, _: Timestamp, _: Entry) -> Answer<'_, bool> {
        never()
    }
}

impl Openings for TestStore {
    fn add_code(&self, _: Opening, _: u32, _: Timestamp, _: Entry) -> Answer<'_, bool> {
        never()
    }

    fn try_code(&self, _: RequestId, _: Mark, _: Timestamp) -> Answer<'_, Option<OpeningKind>> {
        never()
    }

    fn use_link(&self, _: Mark, _: Opening, _: Timestamp, _: Entry) -> Answer<'_, Option<Request>> {
        never()
    }

    fn add_transfer<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: Opening,
        _: Vec<NewRecord>,
        _: Entry,
    ) -> Answer<'a, ()> {
        never()
    }

    fn try_transfer(&self, _: Mark, _: Mark, _: Timestamp) -> Answer<'_, Option<Request>> {
        never()
    }

    fn use_transfer<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: Mark,
        _: Vec<NewRecord>,
        _: Vec<Entry>,
    ) -> Answer<'a, bool> {
        never()
    }

    fn opened<'a>(&'a self, _: &'a str, _: Mark, _: Timestamp) -> Answer<'a, Option<Request>> {
        never()
    }
}

impl Restrictions for TestStore {
    fn dispute(&self, _: RequestId, _: Vec<RecordId>, _: Timestamp, _: Entry) -> Answer<'_, u64> {
        never()
    }

    fn disputed_of(&self, _: SubjectId) -> Answer<'_, Vec<(RecordId, RequestId)>> {
        never()
    }

    fn is_disputed_since(&self, _: ObjectId, _: Timestamp) -> Answer<'_, bool> {
        never()
    }
}

impl Numbers for TestStore {
    fn numbers(&self, _: u64) -> Answer<'_, Vec<Number>> {
        never()
    }
}

/// Nobody reads or writes the file here.
pub(super) struct NoFile;

impl RegisterFile for NoFile {
    fn read(&self) -> FileAnswer<'_, String> {
        Box::pin(async { Err(FileFault::Unreadable) })
    }

    fn may_write(&self) -> FileAnswer<'_, ()> {
        Box::pin(async { Err(FileFault::ReadOnly) })
    }

    fn hindrances(&self, _: &Register) -> Vec<Fault> {
        Vec::new()
    }

    fn lay_beside(&self, _: String) -> FileAnswer<'_, ()> {
        self.may_write()
    }

    fn put_in_place(&self, _: String, _: String) -> FileAnswer<'_, ()> {
        self.may_write()
    }
}
