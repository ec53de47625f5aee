//! Sealed records, their claims, and their end.

use jiff::Timestamp;
use waarborg_domain::claim::{ClaimRule, Trigger};
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{ObjectId, RecordId, SubjectId};
use waarborg_domain::permit::Permit;
use waarborg_domain::personal::{Category, Personal};

use super::Answer;

/// What part of an object a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// What the person said in a conversation.
    Said,
    /// What the model answered.
    Answered,
    /// That a request was made; every request has one, from its first moment.
    Case,
    /// How the person can be reached for one request.
    Contact,
    /// A request in the person's own words.
    Words,
    /// What was answered to a request.
    Outcome,
    /// Whose data a request is about, and how sure we are.
    Link,
    /// That who asks can read mail at the address that they gave.
    Sure,
    /// A decision that waits for a second person.
    Proposal,
    /// Why the second person did not agree.
    Returned,
    /// What was decided.
    Decision,
    /// In which countries the person lives and works, as they say.
    Countries,
    /// To whom the person has their data given directly.
    Transfer,
    /// Why a request takes longer.
    Extension,
    /// Why it is doubted who asks; the clock stands still.
    Doubt,
    /// Since when it is known who asks; the clock runs again.
    Known,
    /// What a person wants added to their data (article 16).
    Statement,
    /// The signed certificate of an erasure.
    Certificate,
    /// Where the identifiers of who asks stood in prompts.
    Seen,
    /// What a person had removed from answers, or corrected in them, as keyed fingerprints.
    Withheld,
    /// To whom a mail goes and what it says, while it waits.
    Mail,
    /// What was given to somebody outside in a single case, or waits for a second person.
    Disclosure,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 22] = [
        Self::Said,
        Self::Answered,
        Self::Case,
        Self::Contact,
        Self::Words,
        Self::Outcome,
        Self::Link,
        Self::Sure,
        Self::Proposal,
        Self::Returned,
        Self::Decision,
        Self::Countries,
        Self::Transfer,
        Self::Extension,
        Self::Doubt,
        Self::Known,
        Self::Statement,
        Self::Certificate,
        Self::Seen,
        Self::Withheld,
        Self::Mail,
        Self::Disclosure,
    ];

    /// The part's name in the store.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Answered => "answered",
            Self::Case => "case",
            Self::Contact => "contact",
            Self::Words => "words",
            Self::Outcome => "outcome",
            Self::Link => "link",
            Self::Sure => "sure",
            Self::Proposal => "proposal",
            Self::Returned => "returned",
            Self::Decision => "decision",
            Self::Countries => "countries",
            Self::Transfer => "transfer",
            Self::Extension => "extension",
            Self::Doubt => "doubt",
            Self::Known => "known",
            Self::Statement => "statement",
            Self::Certificate => "certificate",
            Self::Seen => "seen",
            Self::Withheld => "withheld",
            Self::Mail => "mail",
            Self::Disclosure => "disclosure",
        }
    }

    /// Whether a restore of an older backup must not take it away: what a person had left out of answers stays so.
    #[must_use]
    pub const fn outlasts_a_restore(self) -> bool {
        matches!(self, Self::Withheld)
    }

    /// Reads a part's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }
}

/// Why a record exists, and until when.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The rule of the register that made it.
    pub rule: ClaimRule,
    /// When its trigger happened; `None` while it has not.
    pub started_at: Option<Timestamp>,
    /// When it ends; `None` while that is not known.
    pub ends_at: Option<Timestamp>,
}

/// A record to be sealed.
#[derive(Debug)]
pub struct NewRecord {
    /// Its id.
    pub id: RecordId,
    /// What it belongs to, and with whose key it is sealed.
    pub object: ObjectId,
    /// Whose data it is.
    pub subject: SubjectId,
    /// The service for which it is kept, by its name in the register.
    pub service: String,
    /// What part of the object it is.
    pub part: Part,
    /// What is sealed.
    pub content: Personal<String>,
    /// The register under which it was collected.
    pub register_version: String,
    /// When it came to be.
    pub created_at: Timestamp,
    /// Why it exists; never empty.
    pub claims: Vec<Claim>,
}

/// A record that was opened with a permit.
#[derive(Debug)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// What it belongs to.
    pub object: ObjectId,
    /// Whose data it is.
    pub subject: SubjectId,
    /// The service for which it is kept.
    pub service: String,
    /// What part of the object it is.
    pub part: Part,
    /// Its category.
    pub category: Category,
    /// What was sealed.
    pub content: Personal<String>,
    /// The register under which it was collected.
    pub register_version: String,
    /// When it came to be.
    pub created_at: Timestamp,
    /// Why it exists.
    pub claims: Vec<Claim>,
}

/// Something that did not end with an erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The category of the records.
    pub category: String,
    /// The purpose of the claim that keeps them.
    pub purpose: String,
    /// The legal basis of that claim.
    pub basis: String,
    /// Until when; `None` if the end waits for an event.
    pub until: Option<Timestamp>,
    /// How many records.
    pub n_records: u64,
}

/// What happened at one place of the store in an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The place.
    pub place: &'static str,
    /// What happened there.
    pub state: &'static str,
    /// How many things it was about.
    pub n: u64,
}

/// What an erasure did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErasureReceipt {
    /// Records of which key and bytes are gone.
    pub n_records: u64,
    /// Keys that were destroyed.
    pub n_keys: u64,
    /// What remains, and why.
    pub kept: Vec<Kept>,
    /// What happened at each place of the store.
    pub places: Vec<Place>,
    /// What is left of the key of the person's lines in the log, as the log has it.
    pub trace: Option<String>,
    /// The keys are destroyed on one disk and not yet in their mirror, which cannot be reached. It is not complete.
    pub is_pending_in_mirror: bool,
}

/// What a retention run did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetentionReport {
    /// Claims that ended.
    pub n_claims: u64,
    /// Records that lost their last claim.
    pub n_records: u64,
    /// Conversations and other objects that are gone.
    pub n_objects: u64,
    /// Claims of the kind `at_most` that ended later than they should have.
    pub n_late: u64,
}

/// The moments that a retention run counts with; the register says how far they lie apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Night {
    /// When it runs: claims that end until now are due.
    pub now: Timestamp,
    /// A person who came before this and left nothing is forgotten.
    pub idle_since: Timestamp,
    /// An `at_most` claim that should have ended before this, or then, is late.
    pub late_since: Timestamp,
}

/// To what an event of the register's grammar happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventScope {
    /// A person: account deleted, relationship ended…
    Subject(SubjectId),
    /// One object: case closed…
    Object(ObjectId),
}

/// Why a record exists, without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFor {
    /// The record.
    pub record: RecordId,
    /// Whose it is.
    pub subject: SubjectId,
    /// Its category, by its name in the register.
    pub category: String,
    /// When the claim ends; `None` while it waits for an event.
    pub ends_at: Option<Timestamp>,
}

/// What is kept for a purpose, whoever it is about. No content, so no permit.
pub trait Purposes: Send + Sync {
    /// Every claim for a purpose, in the order of the records; at most `limit`, after the record `after`.
    fn kept_for<'a>(
        &'a self,
        purpose: &'a str,
        after: Option<RecordId>,
        limit: u32,
    ) -> Answer<'a, Vec<KeptFor>>;

    /// Lets every claim for a purpose end on `day` at the latest: its period became shorter, or the purpose ends. What
    /// waits for an event ends then too. Says how many claims that changes.
    fn end_by<'a>(&'a self, purpose: &'a str, day: Timestamp, entry: Entry) -> Answer<'a, u64>;
}

/// How many records of a month ended as a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The month in which they came to be, as `2026-11`.
    pub month: String,
    /// The service.
    pub service: String,
    /// Their category.
    pub category: String,
    /// How many.
    pub n: u64,
}

/// What is left of records whose claims end with `anonymise` or `aggregate`: numbers, and nothing of anybody.
pub trait Numbers: Send + Sync {
    /// Every number that is at least so large; a small one could be of somebody who is known.
    fn numbers(&self, least: u64) -> Answer<'_, Vec<Number>>;
}

/// Sealed records. Reading and writing need a permit; what it does not cover stays shut.
pub trait Records: Send + Sync {
    /// Seals records.
    fn put<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        records: Vec<NewRecord>,
        entry: Entry,
    ) -> Answer<'a, ()>;

    /// Seals the last word about an object, if nobody else said it: as long as one record of this part is there. In the
    /// same step what happened gives the object's claims their end. Says whether it was the first.
    fn conclude<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        record: NewRecord,
        trigger: Trigger,
        zone: &'a jiff::tz::TimeZone,
        entries: [Entry; 2],
    ) -> Answer<'a, bool>;

    /// The persons of whom there is a record of this part.
    fn holders_of(&self, part: Part) -> Answer<'_, Vec<SubjectId>>;

    /// The objects about which the last word was not said: those with one record of this part, oldest first.
    fn unconcluded(&self, part: Part) -> Answer<'_, Vec<(SubjectId, ObjectId)>>;

    /// The records of an object that the permit covers, oldest first.
    fn of_object<'a>(&'a self, permit: &'a Permit<'a>, object: ObjectId)
    -> Answer<'a, Vec<Record>>;

    /// The records of a person that the permit covers, oldest first.
    fn of_subject<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        subject: SubjectId,
    ) -> Answer<'a, Vec<Record>>;

    /// Something happened for which claims wait: those with this trigger (its name in the register) get their end.
    /// `zone` decides on calendar months.
    fn event<'a>(
        &'a self,
        scope: EventScope,
        trigger: &'a str,
        at: Timestamp,
        zone: &'a jiff::tz::TimeZone,
        entry: Entry,
    ) -> Answer<'a, u64>;

    /// What was said to have happened did not, or is undone: claims with this trigger wait again. Says how many.
    fn take_back<'a>(
        &'a self,
        scope: EventScope,
        trigger: &'a str,
        entry: Entry,
    ) -> Answer<'a, u64>;

    /// Ends every claim on an object that yields to erasure (see [`ClaimRule::yields_to_erasure`]). Idempotent.
    fn erase_object(
        &self,
        object: ObjectId,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ErasureReceipt>;

    /// Ends every claim on a person's records that yields to erasure. Idempotent.
    ///
    /// Ends every session of theirs, destroys keys before bytes, and notes the erasure in the ledger beside the
    /// keys, so that a restored backup cannot bring them back.
    fn erase_subject(
        &self,
        subject: SubjectId,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ErasureReceipt>;

    /// What a retention run would do now; changes nothing.
    fn due(&self, night: Night) -> Answer<'_, RetentionReport>;

    /// Ends the claims whose time has come and erases the records without any. Restricted persons' records stay.
    fn end_claims(&self, night: Night, entry: Entry) -> Answer<'_, RetentionReport>;
}
