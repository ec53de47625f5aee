//! Keyed fingerprints of identifiers that stood in prompts, so that "was I in it?" is answered after the text is gone.

use jiff::Timestamp;
use jiff::civil::Date;
use waarborg_domain::entry::Entry;

use super::{Answer, Mark};

/// An identifier stood in a prompt that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Its keyed fingerprint.
    pub mark: Mark,
    /// The label of its kind.
    pub kind: &'static str,
    /// The service in which.
    pub service: String,
    /// Who received the prompt.
    pub recipient: String,
    /// On which day.
    pub day: Date,
    /// The rule of the register by which this is kept.
    pub rule: String,
    /// Until when.
    pub ends_at: Timestamp,
    /// It was replaced before the prompt was sent.
    pub is_replaced: bool,
}

/// What is known of an identifier in prompts, per service and recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its keyed fingerprint.
    pub mark: Mark,
    /// The label of its kind.
    pub kind: String,
    /// The service.
    pub service: String,
    /// Who received the prompts.
    pub recipient: String,
    /// The first day.
    pub first_on: Date,
    /// The last day.
    pub last_on: Date,
    /// In how many prompts; a client that sends its history again counts again.
    pub n: u64,
    /// In how many of them it was not replaced.
    pub n_plain: u64,
    /// Until when this is known.
    pub until: Timestamp,
}

/// Where identifiers stood.
pub trait Sightings: Send + Sync {
    /// Remembers sightings until [`Sightings::keep_seen`] keeps them. It costs a prompt no wait for the disk; a crash
    /// loses what was not kept yet.
    fn see(&self, sightings: Vec<Sighting>);

    /// Keeps what is remembered. Says how many different sightings that were.
    fn keep_seen(&self) -> Answer<'_, u64>;

    /// What is known of these identifiers.
    fn seen(&self, marks: Vec<Mark>) -> Answer<'_, Vec<Seen>>;

    /// Forgets these identifiers; also noted in the ledger beside the keys. Says how many lines are gone.
    fn forget_seen(&self, marks: Vec<Mark>, at: Timestamp, entry: Entry) -> Answer<'_, u64>;
}
