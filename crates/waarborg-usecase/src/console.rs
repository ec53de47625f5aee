//! The console: entered with a one-time link, in one role, for a few hours.

use thiserror::Error;
use waarborg_domain::entry::{Act, Actor, Entry, Facts, Role};
use waarborg_domain::ids::{SessionId, Token};

use crate::desk::Desk;
use crate::ports::{AuditReport, ConsoleTicket, Session, SessionHolder, StoreError, TrailLine};

/// The term of the register that says how long a one-time link waits.
pub const LINK: &str = "console_link";
/// The cookie that holds a stay in the console; the register declares it and says how long it lives.
pub const CONSOLE_COOKIE: &str = "waarborg_console";

/// Staff at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Their session.
    pub session: Session,
    /// Their role.
    pub role: Role,
}

impl Staff {
    /// As the log names them.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Staff {
            session: self.session.id,
            role: self.role,
        }
    }
}

/// Why somebody does not enter.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ConsoleError {
    /// The link was used, has ended or never was.
    #[error("the link does not open")]
    Closed,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a one-time link for a role; the operator hands it to a person.
///
/// # Errors
///
/// [`StoreError`] if nothing was stored.
pub async fn link(desk: &Desk, role: Role) -> Result<Token, StoreError> {
    let now = desk.now();
    let ticket = ConsoleTicket {
        role,
        expires_at: desk.term_ends_at(LINK, now),
    };
    let entry = Entry::new(now, Actor::Operator, Act::ConsoleLinkMade).with(in_role(role));
    let token = desk.ids.token();
    desk.store.add_ticket(ticket, &token, entry).await?;
    Ok(token)
}

/// Takes a one-time link and opens the console.
///
/// # Errors
///
/// [`ConsoleError::Closed`] if the link was taken before, has ended or never was.
pub async fn enter(desk: &Desk, link: &Token) -> Result<Token, ConsoleError> {
    let now = desk.now();
    let ticket = desk
        .store
        .take_ticket(link, now)
        .await?
        .ok_or(ConsoleError::Closed)?;

    let session = Session {
        id: SessionId(desk.ids.id(now)),
        holder: SessionHolder::Staff(ticket.role),
        created_at: now,
        expires_at: desk.cookie_ends_at(CONSOLE_COOKIE, now),
    };
    let actor = Actor::Staff {
        session: session.id,
        role: ticket.role,
    };
    let entry = Entry::new(now, actor, Act::ConsoleEntered).with(in_role(ticket.role));
    let token = desk.ids.token();
    desk.store.begin(session, &token, Some(entry)).await?;
    Ok(token)
}

/// Who is in the console with this token.
///
/// # Errors
///
/// [`ConsoleError::Closed`] if nobody is.
pub async fn staff(desk: &Desk, token: &Token) -> Result<Staff, ConsoleError> {
    let session = desk
        .store
        .session(token, desk.now())
        .await?
        .ok_or(ConsoleError::Closed)?;
    match session.holder {
        SessionHolder::Staff(role) => Ok(Staff { session, role }),
        SessionHolder::Visitor(_) => Err(ConsoleError::Closed),
    }
}

/// Leaves the console.
///
/// # Errors
///
/// [`StoreError`] if the session did not end.
pub async fn leave(desk: &Desk, staff: &Staff) -> Result<(), StoreError> {
    desk.store.end(staff.session.id).await
}

/// Notes that staff looked at something; what they may see, the door of each page decides.
///
/// # Errors
///
/// [`StoreError`] if the line was not written; nothing may be shown then.
pub async fn viewed(desk: &Desk, staff: &Staff, what: &'static str) -> Result<(), StoreError> {
    let facts = Facts {
        detail: Some(what),
        ..Facts::default()
    };
    desk.store
        .record(Entry::new(desk.now(), staff.actor(), Act::ConsoleViewed).with(facts))
        .await
}

/// Checks the audit log, and notes that it was checked.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn verify_audit(desk: &Desk, actor: Actor) -> Result<AuditReport, StoreError> {
    let report = desk.store.verify().await?;
    desk.store
        .record(Entry::new(desk.now(), actor, Act::AuditVerified))
        .await?;
    Ok(report)
}

/// The last lines of the audit log before a place in it, or of all of it, newest first.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn latest(
    desk: &Desk,
    before: Option<u64>,
    n: u32,
) -> Result<Vec<TrailLine>, StoreError> {
    desk.store.latest(before, n).await
}

fn in_role(role: Role) -> Facts {
    Facts {
        detail: Some(role.name()),
        ..Facts::default()
    }
}
