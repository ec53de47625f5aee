//! Answers in OpenAI's `responses` that their provider keeps: looked at again, and deleted.

use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, Uri};
use uuid::Uuid;
use waarborg_domain::json::{LeafKind, scan};
use waarborg_usecase::Desk;
use waarborg_usecase::batches::{BatchError, Found};
use waarborg_usecase::gateway::thread;
use waarborg_usecase::ports::{Errand, ErrandAct, GatewayKey, KeptKind, ProviderError};

use super::super::GatewayState;
use super::super::aside::Aside;
use super::super::error::Problem;
use super::super::thread::Before;
use super::fault::Fault;
use super::{Caller, answered, files, sending, told};
use crate::restore::{AnswerFault, LIMITS, Splices};
use crate::surfaces::{
    FormFault, ResponsesSurface, Shape, Surface as _, response_id, response_name,
};

const SHAPE: Shape = Shape::OpenAi;

/// Where an answer stands that goes wrong.
const WITHIN: &str = "response";

const KIND: KeptKind = KeptKind::Response;

/// What a use case says of a response.
fn fault(error: BatchError) -> Problem {
    super::super::thread::fault(KIND, error)
}

pub(super) async fn look(
    State(state): State<GatewayState>,
    Path(written): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = (uri, written, ErrandAct::Look);
    shown(&state, &headers, asked).await
}

/// An answer that is given later is given no more.
pub(super) async fn cancel(
    State(state): State<GatewayState>,
    Path(written): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = (uri, written, ErrandAct::Cancel);
    shown(&state, &headers, asked).await
}

async fn shown(
    state: &GatewayState,
    headers: &HeaderMap,
    (uri, written, act): (Uri, String, ErrandAct),
) -> Response {
    let work = Box::pin(async {
        // What was replaced up to it may be much.
        let answer = Aside::new(told_of(state, headers, &uri, (&written, act))).await;
        (None, answer.map(sending::document))
    });
    answered((headers, SHAPE, told(state)), work).await
}

/// An answer with its values put back, as when it was given.
async fn told_of(
    state: &GatewayState,
    headers: &HeaderMap,
    uri: &Uri,
    (written, act): (&str, ErrandAct),
) -> Result<Vec<u8>, Problem> {
    let (caller, person) = come_in(state, headers).await?;
    if uri.query().is_some_and(|query| !query.is_empty()) {
        return Err(Problem::Form(FormFault::NotDone("include, stream")));
    }
    let id = response_id(written).ok_or(Fault::NoResponse)?;
    let (desk, key) = (&caller.desk, &caller.key);
    let found = thread::found(desk, key, person.as_deref(), (KIND, id)).await;
    let (found, map) = found.map_err(fault)?.ok_or(Fault::NoResponse)?;
    let (_, policy) = found.map(desk, key).map_err(fault)?;
    let line = map.lines.first().ok_or(Fault::Gone(KIND))?;
    let document = asked(&caller, &found, act).await?;
    let words = crate::said::read(&document);
    let before = Before {
        previous: thread::previous_of(&map),
        conversation: thread::conversation_of(&map),
    };
    let document = named(document, &found, before)?;
    let surrogates = map.surrogates(desk, &policy, line);
    let surrogates = surrogates.map_err(|contradiction| fault(contradiction.into()))?;
    ResponsesSurface
        .restore(document, &surrogates, files::text_of(&line.form))
        .map_err(|fault| {
            Problem::Provider(match fault {
                // What it says of it nobody has screened; its words for programs come through.
                AnswerFault::ProviderError => ProviderError::Failed(words),
                AnswerFault::Json(_) | AnswerFault::Shape => ProviderError::Unreadable,
            })
        })
}

pub(super) async fn delete(
    State(state): State<GatewayState>,
    Path(written): Path<String>,
    headers: HeaderMap,
) -> Response {
    let work = Box::pin(async {
        let answer = deleted(&state, &headers, &written).await;
        (None, answer.map(sending::document))
    });
    answered((&headers, SHAPE, told(&state)), work).await
}

/// Deletes an answer at its provider, and what was replaced up to it here.
async fn deleted(
    state: &GatewayState,
    headers: &HeaderMap,
    written: &str,
) -> Result<Vec<u8>, Problem> {
    let (caller, person) = come_in(state, headers).await?;
    let id = response_id(written).ok_or(Fault::NoResponse)?;
    let (desk, key) = (&caller.desk, &caller.key);
    let found = to_delete(desk, key, person.as_deref(), (KIND, id)).await?;
    let found = found.ok_or(Fault::NoResponse)?;
    let answer = asked(&caller, &found, ErrandAct::Delete).await;
    if is_gone(&answer) {
        caller.end(&found, WITHIN).await?;
    }
    named(answer?, &found, Before::default())
}

/// What is to be deleted of this key and this person, also where what was replaced in it was erased.
pub(super) async fn to_delete(
    desk: &Desk,
    key: &GatewayKey,
    person: Option<&str>,
    what: (KeptKind, Uuid),
) -> Result<Option<Found>, Problem> {
    let fault = |error| super::super::thread::fault(what.0, error);
    match thread::found(desk, key, person, what).await {
        Ok(found) => Ok(found.map(|(found, _)| found)),
        // Of what was erased nobody knows whose it was; that it goes at the provider too is what they wanted.
        Err(BatchError::MapGone) => thread::of_key(desk, key, what).await.map_err(fault),
        Err(error) => Err(fault(error)),
    }
}

/// Whether a provider has something no more: it deleted it, or does not know it.
pub(super) const fn is_gone(answer: &Result<Vec<u8>, Problem>) -> bool {
    matches!(
        answer,
        Ok(_)
            | Err(Problem::Provider(ProviderError::Refused {
                status: 404,
                ..
            }))
    )
}

/// Who comes in, and for whom.
pub(super) async fn come_in(
    state: &GatewayState,
    headers: &HeaderMap,
) -> Result<(Caller, Option<String>), Problem> {
    let caller = Caller::come_in(state, headers, SHAPE).await?;
    let person = caller.who.wishes(headers)?.person;
    Ok((caller, person))
}

async fn asked(caller: &Caller, found: &Found, act: ErrandAct) -> Result<Vec<u8>, Problem> {
    let errand = Errand {
        kind: KeptKind::Response,
        name: &found.provider_name,
        act,
    };
    caller.ask(&found.kept.recipient, errand, WITHIN).await
}

/// A provider's document about a response, which has our name, as what it goes on from has.
fn named(document: Vec<u8>, found: &Found, before: Before) -> Result<Vec<u8>, Problem> {
    let unreadable = || Problem::Provider(ProviderError::Unreadable);
    let leaves = scan(&document, &LIMITS).map_err(|_| unreadable())?;
    let document = String::from_utf8(document).map_err(|_| unreadable())?;
    let mut splices = Splices::default();
    let mut is_named = false;
    for leaf in leaves.iter().filter(|leaf| leaf.kind == LeafKind::Text) {
        if leaf.path.is(&["id"]) {
            is_named = leaf.text == found.provider_name;
            splices.replace(leaf.range.clone(), &response_name(found.kept.id));
        } else if let Some(ours) = before.name_at(&leaf.path, &[]) {
            splices.replace(leaf.range.clone(), &ours);
        }
    }
    if !is_named {
        return Err(unreadable());
    }
    Ok(splices.apply_to(document).into_bytes())
}
