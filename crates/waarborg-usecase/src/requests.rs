//! Data-subject requests: received from any channel, numbered, with the dates that the law sets.

use jiff::Timestamp;
use thiserror::Error;
use waarborg_domain::calendar;
use waarborg_domain::claim::Circumstances;
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::ids::{ObjectId, RequestId, SubjectId, Token};
use waarborg_domain::permit::{PersonState, Refusal};
use waarborg_domain::rights::Right;
use waarborg_domain::rights::{Channel, Details, Reference, Request, Stage};

use crate::answers;
use crate::desk::Desk;
use crate::door::Visitor;
use crate::ports::{NewRecord, Onto, Part, Record, Step, StoreError};
use crate::records::{self, Place};

/// A request as it comes in.
#[derive(Clone)]
pub struct Receive {
    /// Which right.
    pub right: Right,
    /// Where it came in.
    pub channel: Channel,
    /// In the person's own words; may be empty.
    pub words: String,
    /// How they want to be answered; may be empty for who asks from a session.
    pub reply_to: String,
}

/// What the person gets in hand.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The request.
    pub request: Request,
    /// Opens the request's page; shown once.
    pub secret: Token,
    /// They asked this already, and it is one request.
    pub is_second: bool,
}

/// Why a request was not received. The person may try again; nothing is lost on their side.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReceiveError {
    /// The register has no rights desk, or no retention for what it keeps.
    #[error("the register does not say how requests are handled")]
    NoDesk,
    /// The register does not allow it.
    #[error(transparent)]
    NotAllowed(#[from] Refusal),
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Receives a request and starts its clock.
///
/// The clock starts now, not when we know who asks. A visitor's request is about their own session; anybody else's
/// is about a person of whom nothing is known but what they write.
///
/// # Errors
///
/// [`ReceiveError`] if nothing was stored.
pub async fn receive(
    desk: &Desk,
    visitor: Option<&Visitor>,
    asked: Receive,
) -> Result<Receipt, ReceiveError> {
    if let Some(visitor) = visitor
        && let Some(receipt) = again(desk, visitor, &asked).await?
    {
        return Ok(receipt);
    }
    receive_at(desk, visitor, asked, desk.now()).await
}

/// Receives a request that is answered in the same moment: it stands by itself.
///
/// # Errors
///
/// [`ReceiveError`] if nothing was stored.
pub async fn receive_at_once(
    desk: &Desk,
    visitor: &Visitor,
    asked: Receive,
) -> Result<Receipt, ReceiveError> {
    receive_at(desk, Some(visitor), asked, desk.now()).await
}

/// Who asks what they asked already, and waits for, gets a second receipt for the same request: its first day counts.
async fn again(
    desk: &Desk,
    visitor: &Visitor,
    asked: &Receive,
) -> Result<Option<Receipt>, ReceiveError> {
    let known = desk.store.requests_of(visitor.id()).await?;
    let open = known
        .into_iter()
        .find(|request| request.right == asked.right && !request.stage.is_closed());
    let Some(request) = open else {
        return Ok(None);
    };
    let secret = desk.ids.token();
    let records = said_records(desk, &request, asked)?;
    let facts = Facts {
        detail: Some(asked.right.name()),
        ..Facts::default()
    };
    let entry = Entry::new(
        desk.now(),
        Actor::Subject(visitor.id()),
        Act::RequestRepeated,
    )
    .about(visitor.id())
    .on(request.id.0)
    .with(facts);
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let was_open = desk
        .store
        .add_receipt(&permit, request.id, &secret, records, entry)
        .await?;
    Ok(was_open.then_some(Receipt {
        request,
        secret,
        is_second: true,
    }))
}

/// What somebody said in a request, and how to answer it.
fn said_records(
    desk: &Desk,
    request: &Request,
    asked: &Receive,
) -> Result<Vec<NewRecord>, ReceiveError> {
    let parts = [
        (Part::Words, &desk.surfaces.rights.category, &asked.words),
        (
            Part::Contact,
            &desk.surfaces.contact_category,
            &asked.reply_to,
        ),
    ];
    let mut kept = Vec::new();
    for (part, category, content) in parts {
        if !content.is_empty() {
            kept.push(case_record(desk, request, part, category, content.clone())?);
        }
    }
    Ok(kept)
}

/// The person says in which countries they live and work: our letters then name the authorities there (article 77(1)).
/// What is no country of the law's tables is left out.
///
/// # Errors
///
/// [`ReceiveError`] if it was not noted.
pub async fn note_countries(
    desk: &Desk,
    request: &Request,
    countries: &[&str],
) -> Result<(), ReceiveError> {
    let mut known: Vec<&str> = Vec::new();
    for code in countries {
        let has_authority = desk.law.authorities_in(code).next().is_some();
        if has_authority && !known.contains(code) {
            known.push(code);
        }
    }
    if known.is_empty() {
        return Ok(());
    }
    let category = desk.surfaces.rights.category.clone();
    let record = case_record(desk, request, Part::Countries, &category, known.join(" "))?;
    let step = Step {
        records: vec![record],
        ..Step::new(request.id, Onto::Stay)
    };
    let entry = Entry::new(
        desk.now(),
        Actor::Subject(request.subject),
        Act::RequestMoved,
    )
    .about(request.subject)
    .on(request.id.0);
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    desk.store
        .step(&permit, step, desk.now(), &desk.zone, entry)
        .await?;
    Ok(())
}

/// Lets two requests go on as one, because they are of the same person for the same right: the one that came in first
/// stays, with what both say. Returns that one.
///
/// # Errors
///
/// [`ReceiveError`] if nothing changed.
pub(crate) async fn join(
    desk: &Desk,
    actor: Actor,
    (one, other): (&Request, &Request),
    said: Receive,
) -> Result<Option<RequestId>, ReceiveError> {
    let (into, from) = if one.received_at <= other.received_at {
        (one, other)
    } else {
        (other, one)
    };
    let records = said_records(desk, into, &said)?;
    let facts = Facts {
        detail: Some(Stage::Joined.name()),
        ..Facts::default()
    };
    let entry = Entry::new(desk.now(), actor, Act::RequestMoved)
        .about(from.subject)
        .on(from.id.0)
        .with(facts);
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let pair = (from.id, into.id);
    let did = desk
        .store
        .join(&permit, pair, records, desk.now(), &desk.zone, entry)
        .await?;
    Ok(did.then_some(into.id))
}

/// The same for a request that came in earlier than it is typed in: its clock runs from then.
///
/// # Errors
///
/// [`ReceiveError`] if nothing was stored.
pub async fn receive_at(
    desk: &Desk,
    visitor: Option<&Visitor>,
    asked: Receive,
    received_at: Timestamp,
) -> Result<Receipt, ReceiveError> {
    let surface = &desk.surfaces.rights;
    let permit = desk.permit(surface, &requester())?;
    let id = RequestId(desk.ids.id(received_at));
    let subject = visitor.map_or_else(|| SubjectId(desk.ids.id(received_at)), Visitor::id);
    let secret = desk.ids.token();
    let country = &desk.register.default_controller().country;
    let request = Request {
        id,
        reference: Reference::from_random(desk.ids.token().bytes()),
        right: asked.right,
        subject,
        channel: asked.channel,
        received_at,
        due: calendar::answer_due(received_at, &desk.zone, &desk.law, country),
        stage: Stage::Received,
        details: Details::Kept,
    };

    // Also who writes nothing and leaves no address made a request, and it ends as the register says.
    let reference = request.reference.as_str().to_owned();
    let mut kept = vec![case_record(
        desk,
        &request,
        Part::Case,
        &surface.category,
        reference,
    )?];
    kept.extend(said_records(desk, &request, &asked)?);
    let facts = Facts {
        detail: Some(asked.right.name()),
        ..Facts::default()
    };
    let entry = Entry::new(desk.now(), Actor::Subject(subject), Act::RequestReceived)
        .about(subject)
        .on(id.0)
        .with(facts);
    desk.store
        .add(&permit, request.clone(), &secret, kept, entry)
        .await?;

    Ok(Receipt {
        request,
        secret,
        is_second: false,
    })
}

/// The request that this reference and secret open together; nothing says whether the reference exists.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn status(
    desk: &Desk,
    reference: &str,
    secret: &Token,
) -> Result<Option<Request>, StoreError> {
    match desk.store.by_reference(reference, secret).await? {
        Some(request) => Ok(Some(request)),
        // What the link in a mail became opens it too, for a while.
        None => answers::opened(desk, reference, secret).await,
    }
}

/// Every request, for the privacy desk, the nearest date first.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn list(desk: &Desk) -> Result<Vec<Request>, StoreError> {
    desk.store.requests().await
}

/// What a request says and how to answer it, for the officer who handles it.
///
/// # Errors
///
/// [`ReceiveError`] if the register does not allow it, or the store cannot answer.
pub async fn case(desk: &Desk, officer: Actor, id: RequestId) -> Result<Vec<Record>, ReceiveError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let entry = Entry::new(desk.now(), officer, Act::RecordsRead)
        .for_purpose(&desk.surfaces.rights.purpose)
        .on(id.0);
    desk.store.record(entry).await?;
    Ok(desk.store.of_object(&permit, ObjectId(id.0)).await?)
}

/// What a request says and how to answer it, in plain words, for the officer who handles it.
///
/// # Errors
///
/// [`ReceiveError`] if the register does not allow it, or the store cannot answer.
pub async fn read_case(
    desk: &Desk,
    officer: Actor,
    id: RequestId,
) -> Result<Vec<(Part, String)>, ReceiveError> {
    let records = case(desk, officer, id).await?;
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let mut told = Vec::new();
    for record in records.iter().filter(|record| record.part != Part::Case) {
        // Whoever answers a request must read it; the register names that purpose.
        if let Ok(content) = record.content.reveal(&permit) {
            told.push((record.part, content.clone()));
        }
    }
    Ok(told)
}

/// Moves a request to another stage; a closed one lets its own period begin.
///
/// # Errors
///
/// [`StoreError`] if nothing changed.
pub async fn move_to(
    desk: &Desk,
    actor: Actor,
    request: &Request,
    stage: Stage,
) -> Result<(), StoreError> {
    let now = desk.now();
    let facts = Facts {
        detail: Some(stage.name()),
        ..Facts::default()
    };
    let entry = Entry::new(now, actor, Act::RequestMoved)
        .about(request.subject)
        .on(request.id.0)
        .with(facts);
    desk.store
        .move_to(request.id, stage, now, &desk.zone, entry)
        .await
}

/// A record of a request's case, sealed under the request's own key.
pub(crate) fn case_record(
    desk: &Desk,
    request: &Request,
    part: Part,
    category: &str,
    content: String,
) -> Result<NewRecord, ReceiveError> {
    let now = desk.now();
    let place = Place {
        subject: request.subject,
        object: ObjectId(request.id.0),
        service: &desk.surfaces.rights.service,
        circumstances: &Circumstances::none(),
        first_message_at: now,
    };
    records::new_record(desk, place, part, category, content, now).map_err(|_| ReceiveError::NoDesk)
}

/// Whoever asks for their rights needs no consent, and a restriction does not stop them.
pub(crate) fn requester() -> PersonState {
    PersonState {
        notice_seen: true,
        ..PersonState::default()
    }
}
