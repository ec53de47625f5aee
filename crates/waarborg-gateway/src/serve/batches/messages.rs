//! Anthropic's `messages/batches`.

use std::collections::HashSet;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Uri};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use waarborg_domain::json::{LeafKind, Limits, scan};
use waarborg_domain::prompt::PromptFault;
use waarborg_usecase::batches::{Asked, Found, Line};
use waarborg_usecase::ports::{Errand, ErrandAct, KeptKind, KeptMap, KeptPart, ProviderError};

use super::super::error::Problem;
use super::super::{GatewayState, Whole};
use super::fault::Fault;
use super::sending::{self, Counted, Taken, Telling};
use super::{ByName, Caller, ForPage, Page, id, is_gone, name, page, plainly, results, wishes};
use crate::restore::{LIMITS, Splices};
use crate::surfaces::{FormFault, MessagesSurface, Shape, Surface as _};

pub(super) const PATH: &str = "/v1/messages/batches";

/// How the names of these batches begin.
const PREFIX: &str = "msgbatch_";

/// Where the requests of a batch stand.
const WITHIN: &str = "requests";

/// The longest name that a client may give to a request.
const LONGEST_NAME: usize = 64;

const SHAPE: Shape = Shape::Anthropic;

/// A whole batch has as many strings as its requests together.
const LARGEST: Limits = Limits {
    bytes: usize::MAX,
    depth: 64,
    leaves: 2_000_000,
};

/// A batch as the client writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'b> {
    #[serde(borrow)]
    requests: Vec<Request<'b>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request<'b> {
    custom_id: String,
    #[serde(borrow)]
    params: &'b RawValue,
}

pub(super) async fn open(
    State(state): State<GatewayState>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let taking_in = taken_in(&state, &headers, body);
    let telling = Telling {
        shape: SHAPE,
        within: WITHIN,
        shown,
    };
    sending::answered_with((&state, &headers), taking_in, telling).await
}

/// Takes a batch in, and reads each of its requests as it would be read by itself.
async fn taken_in(state: &GatewayState, headers: &HeaderMap, body: Body) -> Result<Taken, Problem> {
    let caller = Caller::enter(state, headers, SHAPE).await?;
    let wishes = wishes(&caller.who, headers)?;
    let Whole { bytes, room } = super::super::batch_body(state, headers, body).await?;
    let caller = caller.of_now(state, headers).await?;
    let requests = requests(&bytes, state.limits.n_in_batch)?;
    drop(bytes);
    let documents = requests.iter().map(|(_, document)| document.as_slice());
    let counted = Counted::begin(state, &caller, (&MessagesSurface, documents), room).await?;

    let features = MessagesSurface.features(headers);
    let mut lines = Vec::with_capacity(requests.len());
    for (place, (name, document)) in requests.into_iter().enumerate() {
        let read = sending::line(&MessagesSurface, state, &caller, document).await;
        let (_, prompt) = read.map_err(|problem| Fault::Line {
            number: place + 1,
            within: WITHIN,
            problem: Box::new(problem),
        })?;
        lines.push(Line {
            name,
            form: String::new(),
            prompt: prompt.with_features(features.clone()),
        });
    }
    let asked = Asked {
        kind: KeptKind::MessageBatch,
        lines,
        beside: Map::new(),
        wishes,
        departures: Some(counted.departures()),
    };
    Ok(Taken {
        caller,
        asked,
        counted,
    })
}

/// The requests of a batch: by which name the client knows each, and its document.
fn requests(body: &[u8], most: usize) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let Written { requests } = serde_json::from_slice(body).map_err(|_| {
        // Only who sends what cannot be read waits for it to be read once more.
        match scan(body, &LARGEST) {
            Err(fault) => Problem::Prompt(PromptFault::Json(fault)),
            Ok(_) => Problem::Form(FormFault::Field(WITHIN)),
        }
    })?;
    if requests.is_empty() || requests.len() > most {
        return Err(Fault::NumberOfLines { most }.into());
    }
    let mut names = HashSet::with_capacity(requests.len());
    let mut found = Vec::with_capacity(requests.len());
    for (place, request) in requests.into_iter().enumerate() {
        let Request { custom_id, params } = request;
        let length = custom_id.chars().count();
        if !(1..=LONGEST_NAME).contains(&length) || !names.insert(custom_id.clone()) {
            return Err(Fault::Name {
                number: place + 1,
                within: WITHIN,
            }
            .into());
        }
        found.push((custom_id, params.get().as_bytes().to_vec()));
    }
    Ok(found)
}

/// A provider's document about a batch, in which the batch has our name and our address.
fn shown(document: &[u8], kept: &KeptMap) -> Result<Vec<u8>, Problem> {
    let unreadable = || Problem::Provider(ProviderError::Unreadable);
    let leaves = scan(document, &LIMITS).map_err(|_| unreadable())?;
    let document = String::from_utf8(document.to_vec()).map_err(|_| unreadable())?;
    let ours = name(PREFIX, kept.id);
    let mut splices = Splices::default();
    let mut is_named = false;
    for leaf in leaves {
        if leaf.kind != LeafKind::Text {
            continue;
        }
        if leaf.path.is(&["id"]) {
            is_named = kept.provider_name.as_deref() == Some(leaf.text.as_str());
            splices.replace(leaf.range, &ours);
        } else if leaf.path.is(&["results_url"]) {
            splices.replace(leaf.range, &format!("{PATH}/{ours}/results"));
        }
    }
    if !is_named {
        return Err(unreadable());
    }
    Ok(splices.apply_to(document).into_bytes())
}

pub(super) async fn look(asked: ByName) -> Response {
    about_one(asked, ErrandAct::Look).await
}

pub(super) async fn cancel(asked: ByName) -> Response {
    about_one(asked, ErrandAct::Cancel).await
}

pub(super) async fn delete(asked: ByName) -> Response {
    about_one(asked, ErrandAct::Delete).await
}

/// Answers about one batch.
async fn about_one((State(state), Path(written), headers): ByName, act: ErrandAct) -> Response {
    let work = async {
        let caller = Caller::enter(&state, &headers, SHAPE).await?;
        let found = found(&caller, &written).await?;
        let answer = asked(&caller, &found.kept, act).await;
        // What the provider does not have any more is as good as deleted.
        if act == ErrandAct::Delete && is_gone(&answer) {
            caller.end(&found, WITHIN).await?;
        }
        answer.map(sending::document)
    };
    plainly((&state, &headers, SHAPE), work).await
}

async fn found(caller: &Caller, written: &str) -> Result<Found, Problem> {
    let id = id(PREFIX, written).ok_or(Fault::NoSuch)?;
    caller.found((KeptKind::MessageBatch, id), WITHIN).await
}

async fn asked(caller: &Caller, kept: &KeptMap, act: ErrandAct) -> Result<Vec<u8>, Problem> {
    let name = kept.provider_name.as_deref().ok_or(Fault::NoSuch)?;
    let errand = Errand {
        kind: KeptKind::MessageBatch,
        name,
        act,
    };
    let document = caller.ask(&kept.recipient, errand, WITHIN).await?;
    shown(&document, kept)
}

/// What came of a batch, each answer with its values put back.
pub(super) async fn results((State(state), Path(written), headers): ByName) -> Response {
    let work = async {
        let caller = Caller::enter(&state, &headers, SHAPE).await?;
        let found = found(&caller, &written).await?;
        let reading = results::Reading {
            kind: KeptKind::MessageBatch,
            name: &found.provider_name,
            within: WITHIN,
            media_type: "application/x-jsonl",
            restore: results::of_message_batch,
        };
        results::read(caller, &found, reading).await
    };
    plainly((&state, &headers, SHAPE), work).await
}

/// Which page of the list.
#[derive(Deserialize)]
struct Wanted {
    before_id: Option<String>,
    after_id: Option<String>,
    limit: Option<u32>,
}

pub(super) async fn list((State(state), uri, headers): ForPage) -> Response {
    let work = async {
        let caller = Caller::enter(&state, &headers, SHAPE).await?;
        let page = listed(&caller, &uri).await?;
        Ok(axum::Json(page).into_response())
    };
    plainly((&state, &headers, SHAPE), work).await
}

async fn listed(caller: &Caller, uri: &Uri) -> Result<Value, Problem> {
    let unreadable = |field| Problem::Form(FormFault::Field(field));
    let Query(wanted) = Query::<Wanted>::try_from_uri(uri).map_err(|_| unreadable("limit"))?;
    let placed = |written: &str, field| id(PREFIX, written).ok_or(unreadable(field));
    let part = match (&wanted.before_id, &wanted.after_id) {
        (None, None) => KeptPart::First,
        (Some(before), None) => KeptPart::Before(placed(before, "before_id")?),
        (None, Some(after)) => KeptPart::After(placed(after, "after_id")?),
        (Some(_), Some(_)) => return Err(unreadable("before_id")),
    };
    let page = Page {
        kind: KeptKind::MessageBatch,
        part,
        limit: wanted.limit,
        within: WITHIN,
    };
    let (kept, has_more) = page.kept(caller).await?;
    let data = page::shown(&kept, |kept| Box::pin(asked(caller, kept, ErrandAct::Look))).await?;
    let named = |kept: Option<&KeptMap>| kept.map(|kept| name(PREFIX, kept.id));
    Ok(
        json!({"data": data, "has_more": has_more, "first_id": named(kept.first()),
        "last_id": named(kept.last())}),
    )
}
