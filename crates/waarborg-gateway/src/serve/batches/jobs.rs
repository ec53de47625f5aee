//! OpenAI's `batches`: the requests of a file are answered, and what came of them is a file again.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Uri};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use waarborg_detect::surrogate::Language;
use waarborg_domain::json::scan;
use waarborg_domain::prompt::PromptFault;
use waarborg_usecase::Desk;
use waarborg_usecase::batches::{self, Begin, Found};
use waarborg_usecase::ports::{Errand, ErrandAct, KeptKind, KeptMap, KeptPart, ProviderError};

use super::super::error::Problem;
use super::super::{GatewayState, Whole, json_limits};
use super::fault::{self, Fault};
use super::fields::Fields;
use super::files::{Part, sent_name};
use super::{ByName, Caller, ForPage, Page, id, labels, name, page, plainly, sending};
use crate::surfaces::{FormFault, Shape};
use crate::texts::say;

pub(super) const PATH: &str = "/v1/batches";

/// How the names of these batches begin.
const PREFIX: &str = "batch_";

const WITHIN: &str = "file";

const SHAPE: Shape = Shape::OpenAi;

/// What a client asks for.
struct Written {
    input_file_id: String,
    endpoint: String,
    completion_window: String,
    metadata: Option<Map<String, Value>>,
}

/// A field that the provider knows, and that is not done here.
const NOT_DONE: &str = "output_expires_after";

const KNOWN: [&str; 5] = [
    "input_file_id",
    "endpoint",
    "completion_window",
    "metadata",
    NOT_DONE,
];

pub(super) async fn open(
    State(state): State<GatewayState>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let work = async { begun(&state, &headers, body).await.map(sending::document) };
    plainly((&state, &headers, SHAPE), work).await
}

async fn begun(state: &GatewayState, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Problem> {
    let caller = Caller::enter(state, headers, SHAPE).await?;
    super::wishes(&caller.who, headers)?;
    let Whole { bytes, room: _room } = super::super::body(state, headers, body).await?;
    // Read strictly first: what follows may then trust any reader.
    scan(&bytes, &json_limits(state)).map_err(PromptFault::from)?;
    let Written {
        input_file_id,
        endpoint,
        completion_window,
        metadata,
    } = written(&caller.desk, &bytes)?;
    let wrong = |field| Problem::Form(FormFault::Field(field));
    let file = id("file-", &input_file_id).ok_or(Fault::NoSuch)?;
    let file = caller.found((KeptKind::File, file), WITHIN).await?;
    let (map, _) = file
        .map(&caller.desk, &caller.key)
        .map_err(|error| fault::problem(error, WITHIN))?;
    if map.beside.get("endpoint").and_then(Value::as_str) != Some(&endpoint) {
        return Err(wrong("endpoint"));
    }
    if !is_window(&completion_window) {
        return Err(wrong("completion_window"));
    }
    let asked = Begin {
        endpoint,
        window: completion_window,
        metadata: metadata.map_or(Value::Null, Value::Object),
    };
    let begun = batches::begin(&state.house, &caller.key, &file, asked).await;
    let (kept, answer) = begun.map_err(|error| fault::problem(error, WITHIN))?;
    let found = caller.found((KeptKind::Batch, kept.id), WITHIN).await?;
    shown(&caller, &answer, &found)
}

fn written(desk: &Desk, body: &[u8]) -> Result<Written, Problem> {
    let fields = Fields::read(desk, body, &KNOWN)?;
    if fields.raw(NOT_DONE).is_some() {
        return Err(Problem::Form(FormFault::NotDone(NOT_DONE)));
    }
    let required = |name| {
        fields
            .said(name)?
            .ok_or(Problem::Form(FormFault::Field(name)))
    };
    let written = Written {
        input_file_id: required("input_file_id")?,
        endpoint: required("endpoint")?,
        completion_window: required("completion_window")?,
        metadata: fields.said("metadata")?,
    };
    labels::check(written.metadata.as_ref())?;
    Ok(written)
}

/// Within which time a batch is to be done, such as `24h`.
fn is_window(window: &str) -> bool {
    let digits = window.strip_suffix(['h', 'd']).unwrap_or_default();
    (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A provider's document about a batch: the batch and its files have our names, its labels are those that stayed here, and what
/// the provider says in words stays behind.
fn shown(caller: &Caller, document: &[u8], found: &Found) -> Result<Vec<u8>, Problem> {
    let unreadable = || Problem::Provider(ProviderError::Unreadable);
    let mut document: Map<String, Value> =
        serde_json::from_slice(document).map_err(|_| unreadable())?;
    if document.get("id").and_then(Value::as_str) != Some(found.provider_name.as_str()) {
        return Err(unreadable());
    }
    let batch = found.kept.id;
    let beside = found.map(&caller.desk, &caller.key).ok();
    let beside = beside.map(|(map, _)| map.beside).unwrap_or_default();
    let file = beside.get("file").and_then(Value::as_str);
    let file = file.and_then(|file| Uuid::try_parse(file).ok());
    document.insert("id".to_owned(), json!(name(PREFIX, batch)));
    document.insert("input_file_id".to_owned(), json!(file.map(sent_name)));
    let labels = beside.get("metadata").cloned().unwrap_or_default();
    document.insert("metadata".to_owned(), labels);
    for part in Part::BOTH {
        let is_there = document.get(part.member()).is_some_and(Value::is_string);
        let ours = is_there.then(|| part.name(batch));
        document.insert(part.member().to_owned(), json!(ours));
    }
    if let Some(errors) = document.get_mut("errors") {
        in_our_words(errors, caller.voice.language);
    }
    Ok(Value::Object(document).to_string().into_bytes())
}

/// Of each fault that a provider found the words for programs stay, and its sentence becomes ours.
fn in_our_words(errors: &mut Value, language: Language) {
    let faults = errors.get("data").and_then(Value::as_array);
    let faults: Vec<Value> = faults
        .into_iter()
        .flatten()
        .map(|fault| {
            let words = crate::said::read(json!({ "error": fault }).to_string().as_bytes());
            let message = say(language, "batch-failed", &[]);
            json!({"code": words.code, "line": fault.get("line").filter(|line| line.is_u64()),
                "message": message, "param": words.param})
        })
        .collect();
    *errors = if errors.is_object() {
        json!({"object": "list", "data": faults})
    } else {
        Value::Null
    };
}

pub(super) async fn look(asked: ByName) -> Response {
    about_one(asked, ErrandAct::Look).await
}

pub(super) async fn cancel(asked: ByName) -> Response {
    about_one(asked, ErrandAct::Cancel).await
}

/// Answers about one batch.
async fn about_one((State(state), Path(written), headers): ByName, act: ErrandAct) -> Response {
    let work = async {
        let caller = Caller::enter(&state, &headers, SHAPE).await?;
        let batch = id(PREFIX, &written).ok_or(Fault::NoSuch)?;
        told_of(&caller, batch, act).await.map(sending::document)
    };
    plainly((&state, &headers, SHAPE), work).await
}

async fn looked_at(caller: &Caller, batch: Uuid) -> Result<Vec<u8>, Problem> {
    told_of(caller, batch, ErrandAct::Look).await
}

async fn told_of(caller: &Caller, batch: Uuid, act: ErrandAct) -> Result<Vec<u8>, Problem> {
    let found = caller.found((KeptKind::Batch, batch), WITHIN).await?;
    let document = document(caller, &found, act).await?;
    shown(caller, &document, &found)
}

async fn document(caller: &Caller, found: &Found, act: ErrandAct) -> Result<Vec<u8>, Problem> {
    let errand = Errand {
        kind: KeptKind::Batch,
        name: &found.provider_name,
        act,
    };
    caller.ask(&found.kept.recipient, errand, WITHIN).await
}

/// What the provider says of a batch.
pub(super) async fn asked(
    caller: &Caller,
    found: &Found,
    act: ErrandAct,
) -> Result<Value, Problem> {
    let document = document(caller, found, act).await?;
    serde_json::from_slice(&document).map_err(|_| Problem::Provider(ProviderError::Unreadable))
}

/// Which page of the list.
#[derive(Deserialize)]
struct Wanted {
    after: Option<String>,
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
    let part = match &wanted.after {
        None => KeptPart::First,
        Some(after) => KeptPart::After(id(PREFIX, after).ok_or(unreadable("after"))?),
    };
    let page = Page {
        kind: KeptKind::Batch,
        part,
        limit: wanted.limit,
        within: WITHIN,
    };
    let (kept, has_more) = page.kept(caller).await?;
    let data = page::shown(&kept, |kept| Box::pin(looked_at(caller, kept.id))).await?;
    let named = |kept: Option<&KeptMap>| kept.map(|kept| name(PREFIX, kept.id));
    Ok(json!({"object": "list", "data": data, "has_more": has_more,
        "first_id": named(kept.first()), "last_id": named(kept.last())}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_and_a_unit() {
        for (window, is_one) in [
            ("24h", true),
            ("7d", true),
            ("", false),
            ("h", false),
            ("24", false),
            ("jan", false),
            ("1234h", false),
        ] {
            assert_eq!(is_window(window), is_one, "{window}");
        }
    }
}
