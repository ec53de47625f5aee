//! The door: who a visitor is, after they saw the notice and before anything is kept of them.

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{SessionId, SubjectId, Token};
use waarborg_domain::permit::PersonState;

use crate::desk::{Desk, state_of};
use crate::ports::{Person, Session, SessionHolder, StoreError};

/// The cookie that holds a visitor's session; the register declares it and says how long it lives.
pub const VISIT_COOKIE: &str = "waarborg_visit";

/// A visitor who went on from the notice.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Their session.
    pub session: Session,
    /// What is known of them.
    pub person: Person,
}

impl Visitor {
    /// Who they are.
    #[must_use]
    pub const fn id(&self) -> SubjectId {
        self.person.id
    }

    /// What the register's rules ask of them.
    #[must_use]
    pub fn state(&self) -> PersonState {
        state_of(&self.person)
    }

    /// Whether they saw the notice that is in force.
    #[must_use]
    pub fn saw_current_notice(&self, desk: &Desk) -> bool {
        self.person.notice_version == desk.notice_version()
    }
}

/// Why nobody was let in.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DoorError {
    /// The person did not see the notice yet, or it changed; nothing of them may be kept or sent.
    #[error("the notice comes first")]
    NoticeFirst,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The person saw the notice and goes on: from here on there is a session, and only from here on.
///
/// # Errors
///
/// [`StoreError`] if nothing was stored.
pub async fn go_on(desk: &Desk, known: Option<&Visitor>) -> Result<Option<Token>, StoreError> {
    let now = desk.now();
    let version = desk.notice_version();
    if let Some(visitor) = known {
        let entry = Entry::new(now, Actor::Subject(visitor.id()), Act::NoticeAcknowledged)
            .about(visitor.id());
        desk.store
            .acknowledge(visitor.id(), version, now, entry)
            .await?;
        return Ok(None);
    }

    let subject = SubjectId(desk.ids.id(now));
    let entry = Entry::new(now, Actor::Subject(subject), Act::NoticeAcknowledged).about(subject);
    desk.store.add_subject(subject, version, now, entry).await?;

    let token = desk.ids.token();
    desk.store
        .begin(visit(desk, subject, now), &token, None)
        .await?;
    Ok(Some(token))
}

/// Who comes with this token, whichever notice they saw; `None` for a stranger.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn visitor(desk: &Desk, token: &Token) -> Result<Option<Visitor>, StoreError> {
    let Some(session) = desk.store.session(token, desk.now()).await? else {
        return Ok(None);
    };
    let SessionHolder::Visitor(subject) = session.holder else {
        return Ok(None);
    };
    stay(desk, &session).await?;
    let person = desk.store.person(subject).await?;
    Ok(person.map(|person| Visitor { session, person }))
}

/// Who comes with this token, if they saw the notice that is in force.
///
/// # Errors
///
/// [`DoorError::NoticeFirst`] for a stranger and for who saw an older notice.
pub async fn let_in(desk: &Desk, token: Option<&Token>) -> Result<Visitor, DoorError> {
    let Some(token) = token else {
        return Err(DoorError::NoticeFirst);
    };
    match visitor(desk, token).await? {
        Some(visitor) if visitor.saw_current_notice(desk) => Ok(visitor),
        Some(_) | None => Err(DoorError::NoticeFirst),
    }
}

/// Ends the visit.
///
/// # Errors
///
/// [`StoreError`] if the session did not end.
pub async fn leave(desk: &Desk, visitor: &Visitor) -> Result<(), StoreError> {
    desk.store.end(visitor.session.id).await
}

/// Who comes back stays known for as long again, so that they can reach what is kept of them. Noted at most daily.
async fn stay(desk: &Desk, session: &Session) -> Result<(), StoreError> {
    const DAILY: SignedDuration = SignedDuration::from_hours(24);
    let until = desk.cookie_ends_at(VISIT_COOKIE, desk.now());
    if until.duration_since(session.expires_at) < DAILY {
        return Ok(());
    }
    match desk.store.prolong(session.id, until).await {
        // A full disk lets nobody stay longer, and shuts nobody out.
        Ok(()) | Err(StoreError::Full) => Ok(()),
        Err(fault) => Err(fault),
    }
}

fn visit(desk: &Desk, subject: SubjectId, now: Timestamp) -> Session {
    Session {
        id: SessionId(desk.ids.id(now)),
        holder: SessionHolder::Visitor(subject),
        created_at: now,
        expires_at: desk.cookie_ends_at(VISIT_COOKIE, now),
    }
}
