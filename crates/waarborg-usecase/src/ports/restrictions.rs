//! Records that a person disputes, and that nobody uses meanwhile.

use jiff::Timestamp;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{ObjectId, RecordId, RequestId, SubjectId};

use super::Answer;

/// Restrictions of single records (article 18(1)(a)). Each ends when its request is decided, and not before.
pub trait Restrictions: Send + Sync {
    /// From now on these records are not used until this request is decided; also in the ledger beside the keys. Says of
    /// how many. Writing and reading them for the rights themselves goes on, and their end waits.
    fn dispute(
        &self,
        request: RequestId,
        records: Vec<RecordId>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, u64>;
    /// The records of a person that are not used now, and because of which request.
    fn disputed_of(&self, subject: SubjectId) -> Answer<'_, Vec<(RecordId, RequestId)>>;
    /// Whether somebody disputed a record of this object, then or later.
    fn is_disputed_since(&self, object: ObjectId, at: Timestamp) -> Answer<'_, bool>;
}
