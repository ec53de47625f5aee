//! Legal holds: what may not be erased for a while, on a named ground, agreed by two people (article 17(3)(e)).

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::ids::{ObjectId, SessionId, SubjectId};
use crate::named::named;

named!(
    /// Why something may not be erased for a while.
    HoldGround {
        /// A legal claim is brought or expected.
        LegalClaim = "legal_claim",
        /// A court or an authority ordered it.
        Order = "order",
        /// An incident is looked into.
        Investigation = "investigation",
    }
);

/// A hold on a person's data, or on one object of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub id: Uuid,
    /// Whose data.
    pub subject: SubjectId,
    /// Only this object; `None` for all of the person's data.
    pub object: Option<ObjectId>,
    /// Why.
    pub ground: HoldGround,
    /// Who proposed it.
    pub proposed_by: SessionId,
    /// When.
    pub proposed_at: Timestamp,
    /// Who agreed, and when; it holds nothing before.
    pub agreed: Option<(SessionId, Timestamp)>,
    /// The last day on which it holds; erasing goes on by itself afterwards.
    pub ends_on: Date,
    /// The moment after that day.
    pub ends_at: Timestamp,
    /// When it was lifted before its end.
    pub lifted_at: Option<Timestamp>,
}

impl Hold {
    /// Whether it holds at a moment.
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.agreed.is_some() && self.lifted_at.is_none() && now < self.ends_at
    }
}
