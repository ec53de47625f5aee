//! What the use cases need from outside: the store, providers, time, chance.
//!
//! One method is one transaction. A method that writes takes the [`Entry`] that explains the write, and the two
//! land together or not at all. Nothing that a method acknowledged is lost by a crash or a power cut.

mod agreements;
mod casework;
mod holds;
mod keeping;
mod kept_maps;
mod mails;
mod marks;
mod openings;
mod people;
mod provider;
mod registers;
mod restrictions;
mod sightings;
mod trail;

use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;
use thiserror::Error;
use uuid::Uuid;
use waarborg_domain::ids::Token;

pub use agreements::{Agreement, Agreements, Answered, Asker};
pub use casework::{Casework, Corrected, Onto, Step};
pub use holds::Holds;
pub use keeping::{
    Claim, ErasureReceipt, EventScope, Kept, KeptFor, NewRecord, Night, Number, Numbers, Part,
    Place, Purposes, Record, Records, RetentionReport,
};
pub use kept_maps::{
    Growth, KeptKind, KeptMap, KeptMaps, MapContent, NewMap, Opened, Part as KeptPart, Provided,
};
pub use mails::{LastAsk, MailCount, MailEnd, Mails, PostError, Postman, Waiting};
pub use marks::{Mark, Suppressions};
pub use openings::{Opening, OpeningKind, Openings};
pub use people::{
    Consents, ConsoleTicket, Conversations, GatewayKey, GatewayKeys, KeyBounds, Measure, Person,
    Requests, Session, SessionHolder, Sessions, Subjects, Used,
};
pub use provider::{
    Chunks, Deposit, Deposited, Ended, Errand, ErrandAct, Model, Provider, ProviderError,
    ProviderWords, Providers, ProxyFault, Reply, Standing, Turns,
};
pub use registers::{ChangeTexts, FileAnswer, FileFault, KeptRegister, RegisterFile, Registers};
pub use restrictions::Restrictions;
pub use sightings::{Seen, Sighting, Sightings};
pub use trail::{AuditReport, Storage, Trail, TrailLine, TrailPart};

/// What a port answers, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// All that is kept.
pub trait Store:
    Subjects
    + Consents
    + Conversations
    + Records
    + Requests
    + Casework
    + Suppressions
    + Sightings
    + Mails
    + Numbers
    + Openings
    + Agreements
    + KeptMaps
    + Restrictions
    + Holds
    + Sessions
    + GatewayKeys
    + Registers
    + Trail
    + Storage
    + Send
    + Sync
{
}

impl<T> Store for T where
    T: Subjects
        + Consents
        + Conversations
        + Records
        + Requests
        + Casework
        + Suppressions
        + Sightings
        + Mails
        + Numbers
        + Openings
        + Agreements
        + KeptMaps
        + Restrictions
        + Openings
        + Restrictions
        + Holds
        + Sessions
        + GatewayKeys
        + Registers
        + Trail
        + Storage
        + Send
        + Sync
{
}

/// The store could not answer. What went wrong is in its own log; above the store only the outcome counts.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// Nothing was stored; the caller may try again.
    #[error("the store cannot answer now")]
    Unavailable,
    /// There is no room; only erasures and audit entries are still taken.
    #[error("the store is full")]
    Full,
    /// A record does not open: its key is gone, or it was tampered with.
    #[error("a record does not open")]
    Unreadable,
}

/// The time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Whether this is a clock that a tester can set; every page says so then.
    fn is_set_by_hand(&self) -> bool {
        false
    }
}

/// Fresh ids and secrets.
pub trait Ids: Send + Sync {
    /// A time-ordered id (UUID version 7) for something that begins at `at`.
    fn id(&self, at: Timestamp) -> Uuid;
    /// A random secret.
    fn token(&self) -> Token;
}

/// The secret from which a conversation's surrogates derive.
pub trait ConversationSecrets: Send + Sync {
    /// 32 bytes that belong to this scope alone: the same for the same parts, unlinkable between others.
    fn conversation_key(&self, scope: &[&[u8]]) -> [u8; 32];

    /// A text that lies in memory for minutes, sealed so that only who names the same scope opens it; `None` if that cannot
    /// be: then nothing is kept.
    fn seal(&self, scope: &[&[u8]], text: &str) -> Option<Vec<u8>>;

    /// What was sealed under this scope.
    fn open(&self, scope: &[&[u8]], sealed: &[u8]) -> Option<String>;
}
