//! Mail that waits to be sent, and who takes it.

use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;
use thiserror::Error;
use uuid::Uuid;
use waarborg_domain::claim::Trigger;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{ObjectId, SubjectId};
use waarborg_domain::mail::{Happened, Held, Mail, Passed};
use waarborg_domain::permit::Permit;

use super::{Answer, Mark, NewRecord};

/// A mail that waits: ids, times and words. To whom and what stands in sealed records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number; the same at every try.
    pub id: Uuid,
    /// The job or the request that it belongs to; its records say what is sent.
    pub about: ObjectId,
    /// To whom.
    pub subject: SubjectId,
    /// The name of the message in the register.
    pub message: String,
    /// A keyed fingerprint of the address.
    pub mark: Mark,
    /// Whether it is one of many; others go before it.
    pub is_bulk: bool,
    /// When it came to wait.
    pub created_at: Timestamp,
    /// After this it does not go any more.
    pub expires_at: Timestamp,
    /// How often a server was tried for it.
    pub n_tries: u32,
}

/// How a mail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailEnd {
    /// The server said that it took it.
    Sent,
    /// It was not allowed when its turn came.
    Held,
    /// The server does not take it, for good.
    Refused,
    /// It waited too long, or was tried often enough.
    Expired,
}

impl MailEnd {
    /// Every end.
    pub const ALL: [Self; 4] = [Self::Sent, Self::Held, Self::Refused, Self::Expired];

    /// Its word in the store and for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::Expired => "expired",
        }
    }
}

/// How many mails of a job are where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailCount {
    /// How many wait.
    pub n_waiting: u64,
    /// How many ended, by their end.
    pub n_ended: Vec<(MailEnd, u64)>,
}

/// The mail that waits. What it says and to whom is sealed; it is in no backup, so that a restore sends nothing twice.
pub trait Mails: Send + Sync {
    /// Puts mails of one job aside, with the records that they need; none of them goes before [`Mails::release`]. A
    /// person who is not known yet becomes known by it.
    fn set_aside<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        mails: Vec<Waiting>,
        records: Vec<NewRecord>,
    ) -> Answer<'a, ()>;
    /// Lets the mails of a job go from now on.
    fn release(&self, about: ObjectId, entry: Entry) -> Answer<'_, u64>;
    /// Takes the mail whose turn it is, for so long that nobody else takes it.
    fn take_mail(
        &self,
        is_bulk: bool,
        now: Timestamp,
        until: Timestamp,
    ) -> Answer<'_, Option<Waiting>>;
    /// Its turn comes again later, after so many tries.
    fn put_off(&self, id: Uuid, until: Timestamp, n_tries: u32) -> Answer<'_, ()>;
    /// A mail ended: its address and what it says are erased in the next run of retention, as far as the register
    /// keeps them for a time at most.
    fn end_mail(&self, id: Uuid, end: MailEnd, at: Timestamp, entry: Entry) -> Answer<'_, ()>;
    /// Ends every mail of a job that waits. Says how many.
    fn end_job(&self, about: ObjectId, at: Timestamp, entry: Entry) -> Answer<'_, u64>;
    /// How often a message was sent to an address.
    fn n_sent<'a>(&'a self, mark: Mark, message: &'a str) -> Answer<'a, u64>;
    /// When these events last happened to a person, as far as a claim of theirs began with them.
    fn happened(&self, subject: SubjectId, events: Vec<Trigger>) -> Answer<'_, Vec<Happened>>;
    /// How many mails of a job are where.
    fn count_mails(&self, about: ObjectId) -> Answer<'_, MailCount>;
    /// Ends every mail that waited too long, and forgets those that ended before `ended_before`. Says how many ended.
    fn tidy_mails(&self, now: Timestamp, ended_before: Timestamp) -> Answer<'_, u64>;
}

/// Why a server did not take a mail. It carries nothing of what the server said: that may repeat an address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PostError {
    /// The server cannot be reached, or does not let us in; no mail can go now.
    #[error("the mail server cannot be reached")]
    Away,
    /// It does not take this mail now, or did not say whether it took it.
    #[error("the mail server does not take it now")]
    Later,
    /// It does not take this mail.
    #[error("the mail server refuses it")]
    Refused,
    /// It may not go after all.
    #[error(transparent)]
    Held(#[from] Held),
}

/// Asks the gate once more; only what it passes goes.
pub type LastAsk<'a> = Pin<Box<dyn Future<Output = Result<Mail<Passed>, PostError>> + Send + 'a>>;

/// Who takes mail to a server.
pub trait Postman: Send + Sync {
    /// Hands a mail to the server that it names. `last` is asked when the server agreed to take it for this address,
    /// before it gets a word of the content: what is said in between still counts.
    fn deliver<'a>(
        &'a self,
        mail: Mail<Passed>,
        last: LastAsk<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<(), PostError>> + Send + 'a>>;
}
