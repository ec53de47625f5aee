//! Legal holds.

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::hold::Hold;
use waarborg_domain::ids::SessionId;

use super::Answer;

/// Legal holds. While one holds, nothing that it covers is erased; what an erasure or a period would have ended is
/// unreadable for every other purpose, and goes when the hold does.
pub trait Holds: Send + Sync {
    /// Notes a hold that waits for a second person.
    fn propose_hold(&self, hold: Hold, entry: Entry) -> Answer<'_, ()>;
    /// A second person agrees; also noted in the ledger beside the keys. Says whether it waited for that, and for
    /// somebody else than who proposed it.
    fn agree_to_hold(
        &self,
        id: Uuid,
        by: SessionId,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, bool>;
    /// Lifts a hold, or takes a proposal back. Says whether it was there. Also noted in the ledger.
    fn lift_hold(&self, id: Uuid, at: Timestamp, entry: Entry) -> Answer<'_, bool>;
    /// Every hold, the newest first.
    fn holds(&self) -> Answer<'_, Vec<Hold>>;
}
