//! The chat: conversations of a visitor with a model that never sees their personal data.

mod content;
mod send;
mod turn;

use thiserror::Error;
use waarborg_detect::Kind;
use waarborg_domain::claim::Period;
use waarborg_domain::claim::{Circumstances, ClaimKind};
use waarborg_domain::conversation::{Conversation, History, Speaker};
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::ObjectId;
use waarborg_domain::permit::{Permit, Refusal};
use waarborg_domain::prompt::Report;

use crate::desk::Desk;
use crate::door::Visitor;
use crate::places;
use crate::ports::{ErasureReceipt, Part, Record, StoreError};

pub use crate::places::Place;
pub use send::{Asked, Sent, send};
pub use turn::{ChatTurn, TurnEvent, Watch};

/// Why the chat did not do something.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChatError {
    /// There is no such conversation of this person.
    #[error("there is no such conversation")]
    NoConversation,
    /// There is no such model.
    #[error("there is no such model")]
    NoModel,
    /// The register does not allow it.
    #[error(transparent)]
    NotAllowed(#[from] Refusal),
    /// The register has no retention for what would be kept.
    #[error("the register has no retention for a conversation")]
    NoClaim,
    /// The detector did not come to an end; nothing left.
    #[error("the detector did not come to an end")]
    Finder,
    /// The store could not answer; nothing left.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether this person may use the chat now.
///
/// # Errors
///
/// [`ChatError::NotAllowed`] with the first rule, or the person's own choice, that stands in the way.
pub fn may(desk: &Desk, visitor: &Visitor) -> Result<(), ChatError> {
    desk.permit(&desk.surfaces.chat, &visitor.state())?;
    Ok(())
}

/// The models of the chat, and where they stand.
#[must_use]
pub fn places(desk: &Desk, visitor: Option<&Visitor>) -> Vec<Place> {
    let state = visitor.map_or_else(
        || waarborg_domain::permit::PersonState {
            notice_seen: true,
            ..Default::default()
        },
        Visitor::state,
    );
    let surface = &desk.surfaces.chat;
    let serving = desk
        .register
        .recipients_of(&surface.service, &surface.purpose);
    let mut places = places::of(desk, surface, &state);
    places.retain(|place| {
        serving
            .iter()
            .any(|known| known.name == place.recipient.as_str())
    });
    places
}

/// The models to which what was refused may go: allowed today, and stopped by none of the same findings.
#[must_use]
pub fn places_that_take(desk: &Desk, visitor: &Visitor, report: &Report) -> Vec<Place> {
    let has_ground = desk.has_ground(&desk.surfaces.chat);
    places::that_take(
        places(desk, Some(visitor)),
        report,
        &desk.policy,
        has_ground,
    )
}

/// How long a conversation is kept with this choice, as the register says; `None` if it waits for an event.
#[must_use]
pub fn kept_for(desk: &Desk, history: History) -> Option<Period> {
    let surface = &desk.surfaces.chat;
    let claims = desk
        .register
        .claims(&surface.service, &surface.category, &circumstances(history));
    claims
        .iter()
        .filter(|claim| claim.kind != ClaimKind::NotBefore)
        .map(|claim| claim.period)
        .next()
}

/// Opens a conversation with a model; the choice about history stands from here on.
///
/// # Errors
///
/// [`ChatError`] if there is no such model, or the register does not allow it.
pub async fn open(
    desk: &Desk,
    visitor: &Visitor,
    model: &str,
    history: History,
) -> Result<Conversation, ChatError> {
    let surface = &desk.surfaces.chat;
    let permit = desk.permit(surface, &visitor.state())?;
    let recipient = desk
        .providers
        .recipient_of(model)
        .ok_or(ChatError::NoModel)?;
    desk.register.transfer(&permit, recipient, desk.today())?;

    let now = desk.now();
    let conversation = Conversation {
        id: ObjectId(desk.ids.id(now)),
        subject: visitor.id(),
        service: surface.service.clone(),
        model: model.to_owned(),
        history,
        opened_at: now,
        first_message_at: None,
    };
    let entry = Entry::new(now, Actor::Subject(visitor.id()), Act::ConversationOpened)
        .for_purpose(&surface.purpose)
        .about(visitor.id())
        .on(conversation.id.0);
    desk.store.open(conversation.clone(), entry).await?;

    Ok(conversation)
}

/// A conversation of this person.
///
/// # Errors
///
/// [`ChatError::NoConversation`] if it is another's or gone.
pub async fn find(desk: &Desk, visitor: &Visitor, id: ObjectId) -> Result<Conversation, ChatError> {
    let conversation = desk.store.conversation(id).await?;
    conversation
        .filter(|found| found.subject == visitor.id())
        .ok_or(ChatError::NoConversation)
}

/// A line of the person's list: a conversation and how it began.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The conversation.
    pub conversation: Conversation,
    /// The first words of it, for this person only.
    pub opening: String,
}

/// The person's conversations that are kept in the list, newest first.
///
/// # Errors
///
/// [`ChatError`] if the register does not allow it or the store cannot answer.
pub async fn list(desk: &Desk, visitor: &Visitor) -> Result<Vec<Listed>, ChatError> {
    const OPENING: usize = 60;
    let permit = desk.permit(&desk.surfaces.chat, &visitor.state())?;
    let mut listed = Vec::new();
    for conversation in desk.store.conversations_of(visitor.id()).await? {
        if conversation.history == History::Off || conversation.first_message_at.is_none() {
            continue;
        }
        let records = desk.store.of_object(&permit, conversation.id).await?;
        let opening = records
            .first()
            .and_then(|record| said(record, &permit))
            .map(|said| said.text.chars().take(OPENING).collect());
        listed.push(Listed {
            conversation,
            opening: opening.unwrap_or_default(),
        });
    }
    Ok(listed)
}

/// One turn of a conversation, as the person reads it back.
#[derive(Clone, Debug)]
pub struct Said {
    /// Who spoke.
    pub speaker: Speaker,
    /// What the person sees.
    pub text: String,
    /// What the model saw, or wrote.
    pub as_sent: String,
    /// It is what the person wants to stand with their data (article 16), and goes along with it.
    pub is_statement: bool,
}

/// What was said in a conversation of this person, oldest first.
///
/// # Errors
///
/// [`ChatError`] if it is another's, or the register does not allow it.
pub async fn read(desk: &Desk, visitor: &Visitor, id: ObjectId) -> Result<Vec<Said>, ChatError> {
    find(desk, visitor, id).await?;
    let permit = desk.permit(&desk.surfaces.chat, &visitor.state())?;
    let records = desk.store.of_object(&permit, id).await?;
    Ok(records
        .iter()
        .filter_map(|record| said(record, &permit))
        .collect())
}

/// Deletes a conversation of this person: its key first, then its bytes.
///
/// # Errors
///
/// [`ChatError`] if it is another's, or the store cannot answer.
pub async fn delete(
    desk: &Desk,
    visitor: &Visitor,
    id: ObjectId,
) -> Result<ErasureReceipt, ChatError> {
    find(desk, visitor, id).await?;
    let now = desk.now();
    let entry = Entry::new(now, Actor::Subject(visitor.id()), Act::ConversationDeleted)
        .about(visitor.id())
        .on(id.0);
    Ok(desk.store.erase_object(id, now, entry).await?)
}

/// What was said in a record, if it is a turn of a conversation.
pub(crate) fn said_in(record: &Record, permit: &Permit<'_>) -> Option<Said> {
    said(record, permit)
}

/// A sealed turn in which `mend` corrects what it finds; `None` if it finds nothing.
pub(crate) fn corrected(sealed: &str, mend: impl Fn(&str) -> Option<String>) -> Option<String> {
    content::corrected(sealed, mend)
}

fn said(record: &Record, permit: &Permit<'_>) -> Option<Said> {
    let speaker = match record.part {
        Part::Said => Speaker::Person,
        Part::Answered => Speaker::Model,
        Part::Statement => {
            let text = record.content.reveal(permit).ok()?.clone();
            return Some(Said {
                speaker: Speaker::Person,
                as_sent: text.clone(),
                text,
                is_statement: true,
            });
        }
        Part::Case
        | Part::Contact
        | Part::Words
        | Part::Outcome
        | Part::Link
        | Part::Sure
        | Part::Proposal
        | Part::Returned
        | Part::Decision
        | Part::Countries
        | Part::Transfer
        | Part::Extension
        | Part::Doubt
        | Part::Known
        | Part::Certificate
        | Part::Seen
        | Part::Withheld
        | Part::Mail
        | Part::Disclosure => return None,
    };
    // The person reads back their own conversation.
    let sealed = record.content.reveal(permit).ok()?;
    let content::Content { text, as_sent, .. } = content::read(sealed);
    Some(Said {
        speaker,
        text,
        as_sent,
        is_statement: false,
    })
}

/// What the person said of a turn's findings: it holds for the rest of the conversation.
fn waived_in(record: &Record, permit: &Permit<'_>) -> Vec<(Kind, String)> {
    // The same person sends on in the same conversation.
    record
        .content
        .reveal(permit)
        .map(|sealed| content::read(sealed).waived)
        .unwrap_or_default()
}

/// The choice about history, and what the person consented to: a claim on consent needs one that stands.
fn circumstances_of(visitor: &Visitor, history: History) -> Circumstances {
    waarborg_domain::consent::standing(&visitor.person.consents)
        .iter()
        .fold(circumstances(history), |known, line| {
            known.consented(&line.purpose)
        })
}

fn circumstances(history: History) -> Circumstances {
    Circumstances::none().with("history", history.name())
}
