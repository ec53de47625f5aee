//! No mail goes from here, so nothing that was mailed opens anything; nothing is disputed, and nobody agrees to a prompt.

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{GatewayKeyId, ObjectId, RecordId, RequestId, SubjectId};
use waarborg_domain::permit::Permit;
use waarborg_domain::rights::Request;
use waarborg_usecase::ports::{
    Agreement, Agreements, Answer, Answered, Growth, KeptKind, KeptMap, KeptMaps, KeptPart,
    MapContent, Mark, NewMap, NewRecord, Number, Numbers, Opened, Opening, OpeningKind, Openings,
    Provided, Restrictions, Suppressions,
};

use super::memory::Memory;

impl Openings for Memory {
    fn add_code(&self, _: Opening, _: u32, _: Timestamp, _: Entry) -> Answer<'_, bool> {
        self.done(|_| false)
    }

    fn try_code(&self, _: RequestId, _: Mark, _: Timestamp) -> Answer<'_, Option<OpeningKind>> {
        self.done(|_| None)
    }

    fn use_link(&self, _: Mark, _: Opening, _: Timestamp, _: Entry) -> Answer<'_, Option<Request>> {
        self.done(|_| None)
    }

    fn add_transfer<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: Opening,
        _: Vec<NewRecord>,
        _: Entry,
    ) -> Answer<'a, ()> {
        self.done(|_| ())
    }

    fn try_transfer(&self, _: Mark, _: Mark, _: Timestamp) -> Answer<'_, Option<Request>> {
        self.done(|_| None)
    }

    fn use_transfer<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: Mark,
        _: Vec<NewRecord>,
        _: Vec<Entry>,
    ) -> Answer<'a, bool> {
        self.done(|_| false)
    }

    fn opened<'a>(&'a self, _: &'a str, _: Mark, _: Timestamp) -> Answer<'a, Option<Request>> {
        self.done(|_| None)
    }
}

impl Agreements for Memory {
    fn ask_agreement(&self, _: Agreement, _: u32, _: Entry) -> Answer<'_, Option<Agreement>> {
        self.done(|_| None)
    }

    fn agreement(&self, _: Mark, _: Timestamp) -> Answer<'_, Option<Agreement>> {
        self.done(|_| None)
    }

    fn agreements(&self, _: Timestamp) -> Answer<'_, Vec<Agreement>> {
        self.done(|_| Vec::new())
    }

    fn answer_agreement(&self, _: Uuid, _: Answered, _: Timestamp, _: Entry) -> Answer<'_, bool> {
        self.done(|_| false)
    }

    fn use_agreement(&self, _: Mark, _: Timestamp, _: Entry) -> Answer<'_, bool> {
        self.done(|_| false)
    }
}

impl KeptMaps for Memory {
    fn keep_map(
        &self,
        _: KeptMap,
        _: MapContent,
        _: Vec<Mark>,
        _: Provided,
        _: Entry,
    ) -> Answer<'_, bool> {
        self.done(|_| false)
    }

    fn grow_map(&self, _: Growth, _: Option<NewMap>, _: Entry) -> Answer<'_, bool> {
        self.done(|_| false)
    }

    fn name_map<'a>(&'a self, _: Uuid, _: &'a str) -> Answer<'a, ()> {
        self.done(|_| ())
    }

    fn kept_map(
        &self,
        _: GatewayKeyId,
        _: Uuid,
        _: Timestamp,
    ) -> Answer<'_, Option<(KeptMap, Opened)>> {
        self.done(|_| None)
    }

    fn kept_maps(
        &self,
        _: GatewayKeyId,
        _: KeptKind,
        _: KeptPart,
        _: Timestamp,
        _: u32,
    ) -> Answer<'_, Vec<KeptMap>> {
        self.done(|_| Vec::new())
    }

    fn end_map(&self, _: Uuid, _: Entry) -> Answer<'_, bool> {
        self.done(|_| false)
    }
}

impl Restrictions for Memory {
    fn dispute(&self, _: RequestId, _: Vec<RecordId>, _: Timestamp, _: Entry) -> Answer<'_, u64> {
        self.done(|_| 0)
    }

    fn disputed_of(&self, _: SubjectId) -> Answer<'_, Vec<(RecordId, RequestId)>> {
        self.done(|_| Vec::new())
    }

    fn is_disputed_since(&self, _: ObjectId, _: Timestamp) -> Answer<'_, bool> {
        self.done(|_| false)
    }
}

impl Numbers for Memory {
    fn numbers(&self, _: u64) -> Answer<'_, Vec<Number>> {
        self.done(|_| Vec::new())
    }
}

impl Suppressions for Memory {
    fn suppress(&self, mark: Mark, _: Vec<String>, _: Timestamp, _: Entry) -> Answer<'_, ()> {
        self.done(|state| state.suppressed.push(mark))
    }

    fn suppressed<'a>(&'a self, marks: Vec<Mark>, _: &'a str) -> Answer<'a, Vec<bool>> {
        self.done(|state| {
            let known = |mark: &Mark| state.suppressed.contains(mark);
            marks.iter().map(known).collect()
        })
    }
}
