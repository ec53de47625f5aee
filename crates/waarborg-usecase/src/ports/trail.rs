//! The audit log, and the store as a whole.

use jiff::Timestamp;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{GatewayKeyId, SubjectId};

use super::Answer;

/// A line of the audit log, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailLine {
    /// Its place in the log, from zero.
    pub position: u64,
    /// The line's payload (see [`Entry::payload`]); `None` if its key was destroyed with the person.
    pub payload: Option<String>,
}

/// Some lines of the log, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailPart {
    /// The lines.
    pub lines: Vec<TrailLine>,
    /// The place before which to go on; `None` where there is nothing older.
    pub next: Option<u64>,
}

/// What a check of the log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// How many lines there are.
    pub n_entries: u64,
    /// The Merkle root over them, in base64.
    pub root: String,
    /// Lines whose payload was erased; their commitments still prove that they were there.
    pub n_erased: u64,
    /// What does not fit, in words without content; empty if the log is whole.
    pub faults: Vec<String>,
    /// When the log was last signed.
    pub signed_at: Option<Timestamp>,
}

/// The audit log.
pub trait Trail: Send + Sync {
    /// Writes a line. When this returns, a power cut does not lose it.
    fn record(&self, entry: Entry) -> Answer<'_, ()>;

    /// Writes a line for the way to a model, where a disk's sync would be felt in every keystroke.
    ///
    /// When this returns, the line is in the file and a crash of the program does not lose it; the disk's sync
    /// follows within 50 ms, so a power cut may lose that much. If it cannot be written, nothing may leave.
    fn note(&self, entry: Entry) -> Answer<'_, ()>;

    /// The lines about a person, oldest first.
    fn trail_of(&self, subject: SubjectId) -> Answer<'_, Vec<TrailLine>>;

    /// The last lines of an application before a place in the log, at most so many. It looks through a part of the log
    /// only: there may be fewer, or none, and still older ones.
    fn trail_of_key(&self, key: GatewayKeyId, before: Option<u64>, n: u32)
    -> Answer<'_, TrailPart>;

    /// The last lines before a place in the log, or of all of it, newest first; at most so many.
    fn latest(&self, before: Option<u64>, n: u32) -> Answer<'_, Vec<TrailLine>>;

    /// Checks the whole log against its commitments, tree and signature.
    fn verify(&self) -> Answer<'_, AuditReport>;
}

/// The store as a whole.
pub trait Storage: Send + Sync {
    /// Whether the store takes new work now.
    fn ready(&self) -> Answer<'_, ()>;
    /// Which backend this is, for the health page: `SQLite 3.50` or `PostgreSQL 15.8`.
    fn backend(&self) -> String;
    /// Signs a text as a note of this installation, with the key of its audit log.
    fn sign_note(&self, text: &str) -> String;
    /// The public key with which anybody can check such a note.
    fn log_key(&self) -> String;
}
