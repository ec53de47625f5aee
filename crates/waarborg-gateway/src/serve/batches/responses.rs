//! Answers in OpenAI's `responses` that their provider keeps: looked at again, and deleted.

use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, Uri};
use waarborg_domain::json::{LeafKind, scan};
use waarborg_usecase::batches::Found;
use waarborg_usecase::gateway::thread;
use waarborg_usecase::ports::{ErrandAct, KeptKind, ProviderError};

use super::super::GatewayState;
use super::super::aside::Aside;
use super::super::error::Problem;
use super::super::thread::{Before, fault};
use super::fault::Fault;
use super::own::{SHAPE, Visit};
use super::{ByName, files, plainly, sending};
use crate::restore::{AnswerFault, LIMITS, Splices};
use crate::surfaces::{FormFault, ResponsesSurface, Surface as _, response_name};

const KIND: KeptKind = KeptKind::Response;

pub(super) async fn look(asked: ByName, uri: Uri) -> Response {
    shown(asked, &uri, ErrandAct::Look).await
}

/// An answer that is given later is given no more.
pub(super) async fn cancel(asked: ByName, uri: Uri) -> Response {
    shown(asked, &uri, ErrandAct::Cancel).await
}

async fn shown(
    (State(state), Path(written), headers): ByName,
    uri: &Uri,
    act: ErrandAct,
) -> Response {
    // What was replaced up to it may be much.
    let telling = Aside::new(told_of(&state, &headers, uri, (&written, act)));
    let work = async { telling.await.map(sending::document) };
    plainly((&state, &headers, SHAPE), work).await
}

/// An answer with its values put back, as when it was given.
async fn told_of(
    state: &GatewayState,
    headers: &HeaderMap,
    uri: &Uri,
    (written, act): (&str, ErrandAct),
) -> Result<Vec<u8>, Problem> {
    let visit = Visit::begin(state, headers).await?;
    if uri.query().is_some_and(|query| !query.is_empty()) {
        return Err(Problem::Form(FormFault::NotDone("include, stream")));
    }
    let (found, map, policy) = visit.find_to_show((KIND, written)).await?;
    let line = map.lines.first().ok_or(Fault::Gone(KIND))?;
    let document = visit.ask((&found, ""), act).await?;
    let words = crate::said::read(&document);
    let before = Before {
        previous: thread::previous_of(&map),
        conversation: thread::conversation_of(&map),
    };
    let document = named(document, &found, before)?;
    let surrogates = map.surrogates(&visit.caller.desk, &policy, line);
    let surrogates = surrogates.map_err(|contradiction| fault(KIND, contradiction.into()))?;
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

/// Deletes an answer at its provider, and what was replaced up to it here.
pub(super) async fn delete((State(state), Path(written), headers): ByName) -> Response {
    let work = async {
        let visit = Visit::begin(&state, &headers).await?;
        let (found, answer) = visit.delete((KIND, &written)).await?;
        named(answer, &found, Before::default()).map(sending::document)
    };
    plainly((&state, &headers, SHAPE), work).await
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
