//! Persons and what belongs to them: answers, conversations, requests; and who is at the door.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use waarborg_domain::consent::Consent;
use waarborg_domain::conversation::Conversation;
use waarborg_domain::entry::{Entry, Role};
use waarborg_domain::ids::{GatewayKeyId, ObjectId, RequestId, SessionId, SubjectId, Token};
use waarborg_domain::permit::Permit;
use waarborg_domain::rights::{Request, Stage};

use super::{Answer, NewRecord};

/// What is known of a person without opening a record.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub id: SubjectId,
    /// Since when.
    pub created_at: Timestamp,
    /// The version of the notice that they last went on from.
    pub notice_version: String,
    /// All their answers, oldest first.
    pub consents: Vec<Consent>,
    /// Their data may only be kept, not used: they restricted that (article 18), or their account was deleted.
    pub is_restricted: bool,
    /// The purposes to which they objected (article 21).
    pub objections: Vec<String>,
}

/// Persons.
pub trait Subjects: Send + Sync {
    /// Adds a person who saw this version of the notice.
    fn add_subject<'a>(
        &'a self,
        subject: SubjectId,
        notice_version: &'a str,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()>;
    /// The person went on from a later version of the notice.
    fn acknowledge<'a>(
        &'a self,
        subject: SubjectId,
        notice_version: &'a str,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()>;
    /// What is known of a person, or `None`.
    fn person(&self, subject: SubjectId) -> Answer<'_, Option<Person>>;
    /// Restricts a person's data. Also noted in the ledger beside the keys.
    fn restrict(&self, subject: SubjectId, at: Timestamp, entry: Entry) -> Answer<'_, ()>;
    /// Lifts the restriction of a person's data. Also noted in the ledger beside the keys.
    fn lift(&self, subject: SubjectId, at: Timestamp, entry: Entry) -> Answer<'_, ()>;
    /// Notes an objection to a purpose. Also noted in the ledger beside the keys.
    fn object_to<'a>(
        &'a self,
        subject: SubjectId,
        purpose: &'a str,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()>;
    /// An objection was refused by the desk: the purpose may go on. Also noted in the ledger beside the keys.
    fn overrule<'a>(
        &'a self,
        subject: SubjectId,
        purpose: &'a str,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()>;
}

/// The consent ledger.
pub trait Consents: Send + Sync {
    /// Appends an answer. A withdrawal ends the claims that stand on this consent, and is also noted in the ledger
    /// beside the keys. `zone` decides on calendar months.
    fn answer<'a>(&'a self, consent: Consent, zone: &'a TimeZone, entry: Entry) -> Answer<'a, ()>;
}

/// Conversations.
pub trait Conversations: Send + Sync {
    /// Adds an empty conversation and makes its key.
    fn open(&self, conversation: Conversation, entry: Entry) -> Answer<'_, ()>;
    /// The conversation, or `None`.
    fn conversation(&self, id: ObjectId) -> Answer<'_, Option<Conversation>>;
    /// A person's conversations, newest first; those with history off too.
    fn conversations_of(&self, subject: SubjectId) -> Answer<'_, Vec<Conversation>>;
    /// Seals what was said, and notes the time of the first message if this is it.
    fn append<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        id: ObjectId,
        records: Vec<NewRecord>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()>;
}

/// Data-subject requests.
pub trait Requests: Send + Sync {
    /// Adds a request, with what it says and how to answer it sealed.
    ///
    /// One of the records is its [`Part::Case`](super::Part::Case): by the claims on it the request ends. The header
    /// (dates, right, stage; not what it says) is also noted in the ledger beside the keys, so that a restore does
    /// not forget a request that came in after the backup.
    ///
    /// `secret` opens its page; only its fingerprint is kept.
    fn add<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        request: Request,
        secret: &'a Token,
        records: Vec<NewRecord>,
        entry: Entry,
    ) -> Answer<'a, ()>;
    /// Adds a second receipt to a request that is open, with what the person said then. Says whether it was open.
    fn add_receipt<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        id: RequestId,
        secret: &'a Token,
        records: Vec<NewRecord>,
        entry: Entry,
    ) -> Answer<'a, bool>;
    /// Lets the first of two requests go on with the second, an earlier one: it closes as [`Stage::Joined`], and what opened it opens that one. Says
    /// whether both were open.
    fn join<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        from_into: (RequestId, RequestId),
        records: Vec<NewRecord>,
        at: Timestamp,
        zone: &'a TimeZone,
        entry: Entry,
    ) -> Answer<'a, bool>;
    /// The request with this public reference, if the secret is its own; that with which it was joined.
    fn by_reference<'a>(
        &'a self,
        reference: &'a str,
        secret: &'a Token,
    ) -> Answer<'a, Option<Request>>;
    /// The request, or `None`.
    fn request(&self, id: RequestId) -> Answer<'_, Option<Request>>;
    /// Every request, the nearest date first.
    fn requests(&self) -> Answer<'_, Vec<Request>>;
    /// The requests of a person.
    fn requests_of(&self, subject: SubjectId) -> Answer<'_, Vec<Request>>;
    /// Moves a request to another stage; also noted in the ledger. A closed one lets the claims begin that wait for it;
    /// `zone` decides on calendar months.
    fn move_to<'a>(
        &'a self,
        id: RequestId,
        stage: Stage,
        at: Timestamp,
        zone: &'a TimeZone,
        entry: Entry,
    ) -> Answer<'a, ()>;
}

/// Who a session belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionHolder {
    /// A visitor who went on from the notice.
    Visitor(SubjectId),
    /// Staff in the console.
    Staff(Role),
}

/// A server-side session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub holder: SessionHolder,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A one-time link into the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsoleTicket {
    /// The role that it gives.
    pub role: Role,
    /// When it ends unused.
    pub expires_at: Timestamp,
}

/// Sessions and one-time links. Of each secret only a keyed fingerprint is kept.
pub trait Sessions: Send + Sync {
    /// Adds a session that opens with `token`.
    fn begin<'a>(
        &'a self,
        session: Session,
        token: &'a Token,
        entry: Option<Entry>,
    ) -> Answer<'a, ()>;
    /// The session that opens with `token` and has not ended by `now`.
    fn session<'a>(&'a self, token: &'a Token, now: Timestamp) -> Answer<'a, Option<Session>>;
    /// Lets a session end later than it would have.
    fn prolong(&self, id: SessionId, expires_at: Timestamp) -> Answer<'_, ()>;
    /// Ends a session.
    fn end(&self, id: SessionId) -> Answer<'_, ()>;
    /// Adds a one-time link.
    fn add_ticket<'a>(
        &'a self,
        ticket: ConsoleTicket,
        token: &'a Token,
        entry: Entry,
    ) -> Answer<'a, ()>;
    /// Takes a one-time link: a second taking finds nothing.
    fn take_ticket<'a>(
        &'a self,
        token: &'a Token,
        now: Timestamp,
    ) -> Answer<'a, Option<ConsoleTicket>>;
}

/// A key with which an application calls the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayKey {
    /// Its id.
    pub id: GatewayKeyId,
    /// A name for the operator, such as `intranet`; not of a person.
    pub label: String,
    /// The service it may use.
    pub service: String,
    /// The purpose for which it may.
    pub purpose: String,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it ends, if it does.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// The key that was carried, where one of its people has a number of their own.
    pub stands_for: Option<GatewayKeyId>,
    /// Within what it may be used.
    pub bounds: KeyBounds,
}

/// Within what a gateway key may be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyBounds {
    /// The models that it may ask for; every model if none is named.
    pub models: Vec<String>,
    /// The policy that holds for it, where that is stricter than the one in force.
    pub policy: Option<String>,
    /// The group of the register whose prompts it carries.
    pub group: Option<String>,
    /// Whether its application may pass on a person's yes to a warning.
    pub may_confirm: bool,
    /// The application of `waarborg.toml` that must sign for who writes; nothing goes without.
    pub signed_by: Option<String>,
    /// How many requests it may make in a minute.
    pub requests_per_minute: Option<u32>,
    /// How many tokens it may use in a day.
    pub tokens_per_day: Option<u64>,
    /// How many cents it may cost in a month.
    pub cents_per_month: Option<u32>,
}

impl KeyBounds {
    /// Whether a model may be asked for.
    #[must_use]
    pub fn allow(&self, model: &str) -> bool {
        self.models.is_empty() || self.models.iter().any(|known| known == model)
    }

    /// How much of something may be used up in its window; `None` is no limit.
    #[must_use]
    pub fn limit(&self, measure: Measure) -> Option<u64> {
        match measure {
            Measure::Requests => self.requests_per_minute.map(u64::from),
            Measure::Tokens => self.tokens_per_day,
            Measure::Cost => self
                .cents_per_month
                .map(|cents| u64::from(cents) * 1_000_000),
        }
    }
}

/// What a key uses up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Requests, in a minute.
    Requests,
    /// Tokens, in a day.
    Tokens,
    /// Millionths of a cent, in a month.
    Cost,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 3] = [Self::Requests, Self::Tokens, Self::Cost];

    /// Its name in the store and for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Tokens => "tokens",
            Self::Cost => "cost",
        }
    }
}

/// So much of something was used up by a key since a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// The key.
    pub key: GatewayKeyId,
    /// What.
    pub measure: Measure,
    /// When its minute, day or month began.
    pub starts_at: Timestamp,
    /// How much; below zero where more was counted in advance than was used.
    pub amount: i64,
}

/// Gateway keys. Of the secret only a keyed fingerprint is kept.
pub trait GatewayKeys: Send + Sync {
    /// Adds a key that opens with `token`.
    fn issue<'a>(&'a self, key: GatewayKey, token: &'a Token, entry: Entry) -> Answer<'a, ()>;
    /// The key that opens with `token`, ended or not.
    fn gateway_key<'a>(&'a self, token: &'a Token) -> Answer<'a, Option<GatewayKey>>;
    /// The key with this id, ended or not.
    fn gateway_key_by_id(&self, id: GatewayKeyId) -> Answer<'_, Option<GatewayKey>>;
    /// Every key.
    fn gateway_keys(&self) -> Answer<'_, Vec<GatewayKey>>;
    /// Revokes a key.
    fn revoke(&self, id: GatewayKeyId, at: Timestamp, entry: Entry) -> Answer<'_, ()>;
    /// Adds to what a key used up, and says how much that is in all, of every program on this store. What was used up
    /// in a month that is over for long is forgotten.
    fn use_up(&self, used: Used) -> Answer<'_, u64>;
}
