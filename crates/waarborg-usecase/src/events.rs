//! Events from outside by which periods begin or stop: an account is deleted, a licence expires or is renewed.

use jiff::Timestamp;
use thiserror::Error;
use waarborg_domain::claim::Trigger;
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::ids::SubjectId;

use crate::desk::Desk;
use crate::ports::{EventScope, StoreError};

/// A licence that is renewed takes back that it expired.
pub const RENEWED: &str = "licence_renewed";

/// Why an event was not noted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EventError {
    /// No such event can come from outside.
    #[error("no such event can be told from outside")]
    Unknown,
    /// Nobody is known by that number.
    #[error("nobody is known by that number")]
    Nobody,
    /// It would have happened after now.
    #[error("an event cannot lie in the future")]
    NotYet,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The names of the events that can be told from outside. The others the program sees by itself.
pub fn names() -> impl Iterator<Item = &'static str> {
    Trigger::ALL
        .iter()
        .filter(|(trigger, _)| comes_from_outside(*trigger))
        .map(|(_, name)| *name)
        .chain([RENEWED])
}

/// Notes that something happened to a person. Says how many claims got their end by it, or lost it.
///
/// By `account_deleted` the person has no access from then on, and what is still kept is restricted until its end: the
/// account is deactivated, not erased.
///
/// # Errors
///
/// [`EventError`] says what is wrong with it.
pub async fn post(
    desk: &Desk,
    actor: Actor,
    name: &str,
    subject: SubjectId,
    at: Timestamp,
) -> Result<u64, EventError> {
    if at > desk.now() {
        return Err(EventError::NotYet);
    }
    if desk.store.person(subject).await?.is_none() {
        return Err(EventError::Nobody);
    }
    let scope = EventScope::Subject(subject);
    let entry = |trigger: Trigger| {
        let facts = Facts {
            detail: Some(trigger.as_str()),
            ..Facts::default()
        };
        Entry::new(desk.now(), actor, Act::EventNoted)
            .about(subject)
            .with(facts)
    };
    if name == RENEWED {
        let trigger = Trigger::LicenceExpired;
        return Ok(desk
            .store
            .take_back(scope, trigger.as_str(), entry(trigger))
            .await?);
    }
    let trigger = Trigger::parse(name)
        .filter(|trigger| comes_from_outside(*trigger))
        .ok_or(EventError::Unknown)?;
    // Who has no account any more is restricted by it: what is remembered of them goes too.
    let forgetting = desk.remembered.forgetting();
    let noted = desk
        .store
        .event(scope, trigger.as_str(), at, &desk.zone, entry(trigger))
        .await?;
    drop(forgetting);
    Ok(noted)
}

fn comes_from_outside(trigger: Trigger) -> bool {
    matches!(
        trigger,
        Trigger::Evaluated
            | Trigger::AccountDeleted
            | Trigger::LicenceExpired
            | Trigger::LicenceEnded
            | Trigger::TrialEnded
            | Trigger::ConsentExpired
            | Trigger::LastBasisEnded
            | Trigger::FirstRequest
            | Trigger::ServiceUnused
            | Trigger::RelationshipEnded
            | Trigger::RemovedByRole
            | Trigger::FiscalYearEnd
    )
}
