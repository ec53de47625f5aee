//! Legal holds: proposed by one officer, agreed by another, ending by themselves.

use jiff::civil::Date;
use thiserror::Error;
use uuid::Uuid;
use waarborg_domain::entry::{Act, Entry, Facts, Role};
use waarborg_domain::hold::{Hold, HoldGround};
use waarborg_domain::ids::{ObjectId, SubjectId};

use crate::console::Staff;
use crate::desk::Desk;
use crate::ports::StoreError;

/// Why a hold was not made or changed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum HoldError {
    /// The role does not decide on holds.
    #[error("this role does not decide on holds")]
    NotOfficer,
    /// Nobody is known by that number, or the object is not theirs.
    #[error("nobody is known by that number")]
    Nobody,
    /// The last day has passed.
    #[error("a hold ends on a day to come")]
    Passed,
    /// It does not wait for this person: it is gone, agreed, or their own.
    #[error("a second person must agree, once")]
    NotTheirs,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An officer proposes a hold on a person's data, or on one conversation of it.
///
/// # Errors
///
/// [`HoldError`] says what is wrong with it.
pub async fn propose(
    desk: &Desk,
    staff: &Staff,
    (subject, object): (SubjectId, Option<ObjectId>),
    ground: HoldGround,
    ends_on: Date,
) -> Result<(), HoldError> {
    officer(staff)?;
    if desk.store.person(subject).await?.is_none() {
        return Err(HoldError::Nobody);
    }
    if let Some(object) = object {
        let conversation = desk.store.conversation(object).await?;
        if conversation.is_none_or(|found| found.subject != subject) {
            return Err(HoldError::Nobody);
        }
    }
    if ends_on < desk.today() {
        return Err(HoldError::Passed);
    }
    let after = ends_on.tomorrow().map_err(|_| HoldError::Passed)?;
    let ends_at = after
        .to_zoned(desk.zone.clone())
        .map_err(|_| HoldError::Passed)?
        .timestamp();
    let now = desk.now();
    let hold = Hold {
        id: desk.ids.id(now),
        subject,
        object,
        ground,
        proposed_by: staff.session.id,
        proposed_at: now,
        agreed: None,
        ends_on,
        ends_at,
        lifted_at: None,
    };
    let entry = about(desk, staff, Act::HoldProposed, &hold);
    Ok(desk.store.propose_hold(hold, entry).await?)
}

/// Another officer agrees; from now on it holds.
///
/// # Errors
///
/// [`HoldError::NotTheirs`] for who proposed it.
pub async fn agree(desk: &Desk, staff: &Staff, id: Uuid) -> Result<(), HoldError> {
    officer(staff)?;
    let hold = find(desk, id).await?;
    let entry = about(desk, staff, Act::HoldAgreed, &hold);
    let by = staff.session.id;
    if desk.store.agree_to_hold(id, by, desk.now(), entry).await? {
        Ok(())
    } else {
        Err(HoldError::NotTheirs)
    }
}

/// An officer lifts a hold; erasing goes on in the next run.
///
/// # Errors
///
/// [`HoldError`] if there is none.
pub async fn lift(desk: &Desk, staff: &Staff, id: Uuid) -> Result<(), HoldError> {
    officer(staff)?;
    let hold = find(desk, id).await?;
    let entry = about(desk, staff, Act::HoldLifted, &hold);
    if desk.store.lift_hold(id, desk.now(), entry).await? {
        Ok(())
    } else {
        Err(HoldError::NotTheirs)
    }
}

/// Every hold.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn list(desk: &Desk) -> Result<Vec<Hold>, StoreError> {
    desk.store.holds().await
}

async fn find(desk: &Desk, id: Uuid) -> Result<Hold, HoldError> {
    let holds = desk.store.holds().await?;
    holds
        .into_iter()
        .find(|hold| hold.id == id)
        .ok_or(HoldError::Nobody)
}

fn officer(staff: &Staff) -> Result<(), HoldError> {
    match staff.role {
        Role::Officer => Ok(()),
        Role::Auditor | Role::Operator => Err(HoldError::NotOfficer),
    }
}

/// A line about a hold: it is about the person, who can read it.
fn about(desk: &Desk, staff: &Staff, act: Act, hold: &Hold) -> Entry {
    let facts = Facts {
        detail: Some(hold.ground.name()),
        ..Facts::default()
    };
    Entry::new(desk.now(), staff.actor(), act)
        .about(hold.subject)
        .on(hold.id)
        .with(facts)
}
