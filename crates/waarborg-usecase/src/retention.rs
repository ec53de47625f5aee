//! The night: claims end, and what has none left dies.

use waarborg_domain::entry::{Act, Actor, Entry};

use crate::desk::Desk;
use crate::ports::{Night, RetentionReport, StoreError};

/// The term of the register after which a person of whom nothing is kept is forgotten.
pub const IDLE_SUBJECT: &str = "idle_subject";
/// The term of the register from which an `at_most` claim that has not ended is late.
pub const LATE_CLAIM: &str = "late_claim";

/// Ends the claims whose time has come. Catches up after downtime; what was late is counted.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer; the next run goes on where this one stopped.
pub async fn run(desk: &Desk, actor: Actor) -> Result<RetentionReport, StoreError> {
    let night = night(desk);
    desk.store
        .end_claims(night, Entry::new(night.now, actor, Act::RetentionRun))
        .await
}

/// What a run would do now; changes nothing.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn would_do(desk: &Desk) -> Result<RetentionReport, StoreError> {
    desk.store.due(night(desk)).await
}

fn night(desk: &Desk) -> Night {
    let now = desk.now();
    Night {
        now,
        idle_since: desk.term_began_at(IDLE_SUBJECT, now),
        late_since: desk.term_began_at(LATE_CLAIM, now),
    }
}
