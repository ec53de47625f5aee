//! The night: claims end, and what has none left dies.

use waarborg_domain::entry::{Act, Actor, Entry};

use crate::desk::Desk;
use crate::ports::{RetentionReport, StoreError};

/// Ends the claims whose time has come. Catches up after downtime; what was late is counted.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer; the next run goes on where this one stopped.
pub async fn run(desk: &Desk, actor: Actor) -> Result<RetentionReport, StoreError> {
    let now = desk.now();
    desk.store
        .end_claims(now, Entry::new(now, actor, Act::RetentionRun))
        .await
}

/// What a run would do now; changes nothing.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn would_do(desk: &Desk) -> Result<RetentionReport, StoreError> {
    desk.store.due(desk.now()).await
}
