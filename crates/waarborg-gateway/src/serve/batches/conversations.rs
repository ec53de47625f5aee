//! OpenAI's `conversations`: what stands at the provider by itself, and is gone on in by `responses`.
//!
//! What a client puts in it is screened as the input of a response is; what was replaced is kept in one map, which grows.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use waarborg_domain::json::scan;
use waarborg_domain::prompt::PromptFault;
use waarborg_usecase::Desk;
use waarborg_usecase::batches::{BatchError, Found, TERM};
use waarborg_usecase::gateway::thread::{self, Keeping, Thread};
use waarborg_usecase::ports::{Errand, ErrandAct, GatewayKey, KeptKind, ProviderError};

use super::super::aside::Aside;
use super::super::error::Problem;
use super::super::{GatewayState, answer, json_limits};
use super::fault::Fault;
use super::fields::Fields;
use super::responses::{come_in, is_gone, to_delete};
use super::said::{self, Said};
use super::{Caller, Screened, answered, labels, sending, told};
use crate::providers::deposits::AS_INPUT;
use crate::surfaces::{FormFault, Shape, conversation_id, conversation_name};

pub(super) const PATH: &str = "/v1/conversations";

/// Where one of them is.
pub(super) const ONE: &str = "/v1/conversations/{id}";

pub(super) const SHAPE: Shape = Shape::OpenAi;

/// Where a conversation stands that goes wrong.
const WITHIN: &str = "conversation";

pub(super) const KIND: KeptKind = KeptKind::Conversation;

/// What a use case says of a conversation.
pub(super) fn fault(error: BatchError) -> Problem {
    super::super::thread::fault(KIND, error)
}

/// What a client may say when it makes a conversation.
struct Written<'b> {
    items: Option<&'b RawValue>,
    metadata: Option<Map<String, Value>>,
    /// Of which model the recipient is to have it. It is ours, and does not leave.
    model: Option<String>,
}

pub(super) async fn open(
    State(state): State<GatewayState>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let told = told(&state);
    let request_id = told.request_id.clone();
    let work = Box::pin(opened(&state, &headers, body, &request_id));
    answered((&headers, SHAPE, told), work).await
}

async fn opened(
    state: &GatewayState,
    headers: &HeaderMap,
    body: Body,
    request_id: &str,
) -> (Option<Screened>, Result<Response, Problem>) {
    let begun = async {
        let (caller, whole) = said::taken_in(state, headers, SHAPE, body).await?;
        scan(&whole.bytes, &json_limits(state)).map_err(PromptFault::from)?;
        let written = written(&caller.desk, &whole.bytes)?;
        let model = model_for(&caller.desk, &caller.key, written.model)?;
        let labels = written.metadata.unwrap_or_default();
        let body = document(written.items);
        let thread = Thread {
            keeping: Keeping::Asked,
            kind: KIND,
            labels: labels.clone(),
            ..Thread::default()
        };
        let said = Said {
            model,
            body,
            thread,
        };
        Ok((caller, said, labels, whole.room))
    };
    let (caller, said, labels, _room) = match begun.await {
        Ok(begun) => begun,
        Err(problem) => return (None, Err(problem)),
    };
    let (screened, answer) = said::sent(state, headers, request_id, &caller, said).await;
    let shown = answer.and_then(|answer| match answer {
        said::Answer::Given(document, _) => {
            shown(&document, None, Value::Object(labels)).map(sending::document)
        }
        said::Answer::Previewed(response) => Ok(response),
    });
    (screened, shown)
}

fn written<'b>(desk: &Desk, body: &'b [u8]) -> Result<Written<'b>, Problem> {
    let fields = Fields::read(desk, body, &["items", "metadata", "model"])?;
    let items = fields.raw("items");
    let written = items.map_or("[]", RawValue::get);
    if !written.starts_with('[') && written != "null" {
        return Err(Problem::Form(FormFault::Field("items")));
    }
    Ok(Written {
        items,
        metadata: metadata(&fields)?,
        model: fields.said("model")?,
    })
}

fn metadata(fields: &Fields<'_>) -> Result<Option<Map<String, Value>>, Problem> {
    let metadata = fields.said("metadata")?;
    labels::check(metadata.as_ref())?;
    Ok(metadata)
}

/// Items as the input of a response.
pub(super) fn document(items: Option<&RawValue>) -> Vec<u8> {
    let items = items.map_or("null", RawValue::get);
    let items = if items == "null" { "[]" } else { items };
    format!("{AS_INPUT}{items}}}").into_bytes()
}

/// The model whose recipient is to have a conversation: the one that the client names, or the first that this key may ask of which
/// everybody who is asked keeps conversations, as the register says.
fn model_for(desk: &Desk, key: &GatewayKey, named: Option<String>) -> Result<String, Problem> {
    let providers = &desk.providers;
    let keeps = |model: &str| {
        let recipients = providers.recipients_of(model);
        let mut all = recipients.iter().map(|name| providers.provider(name));
        all.all(|provider| provider.is_some_and(|provider| provider.keeps(KIND)))
    };
    let model = match named {
        Some(model) if !key.bounds.allow(&model) => return Err(Problem::OtherModel),
        Some(model) if providers.recipients_of(&model).is_empty() => {
            return Err(Problem::NoModel);
        }
        Some(model) if !keeps(&model) => return Err(Fault::KeepsNoConversations.into()),
        Some(model) => model,
        None => {
            let open = providers.models().iter().map(|model| model.name.as_str());
            let open = open.filter(|model| key.bounds.allow(model) && keeps(model));
            let open: Vec<&str> = open.collect();
            let may_store = open.iter().find(|model| answer::may_store(desk, model));
            let found = may_store.or(open.first());
            (*found.ok_or(Fault::NobodyKeepsConversations)?).to_owned()
        }
    };
    for recipient in providers.recipients_of(&model) {
        may_stand(desk, recipient)?;
    }
    Ok(model)
}

/// Whether the register says that a conversation may stand with this recipient.
pub(super) fn may_stand(desk: &Desk, recipient: &str) -> Result<(), Fault> {
    let declared = desk.register.recipient(recipient);
    if !declared.is_some_and(|declared| declared.stores_input) {
        let recipient = recipient.to_owned();
        return Err(Fault::ConversationMayNotStand { recipient });
    }
    if desk.register.term(TERM).is_none() {
        return Err(Fault::NoTermOfConversation);
    }
    Ok(())
}

/// Gives a conversation other labels, which stay here.
pub(super) async fn label(
    State(state): State<GatewayState>,
    Path(written): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let work = Box::pin(async {
        let answer = Aside::new(relabelled(&state, &headers, (&written, body))).await;
        (None, answer.map(sending::document))
    });
    answered((&headers, SHAPE, told(&state)), work).await
}

async fn relabelled(
    state: &GatewayState,
    headers: &HeaderMap,
    (written, body): (&str, Body),
) -> Result<Vec<u8>, Problem> {
    let (caller, whole) = said::taken_in(state, headers, SHAPE, body).await?;
    let person = said::wishes(&caller, headers)?.person;
    scan(&whole.bytes, &json_limits(state)).map_err(PromptFault::from)?;
    let fields = Fields::read(&caller.desk, &whole.bytes, &["metadata"])?;
    let labels = metadata(&fields)?.unwrap_or_default();
    let id = conversation_id(written).ok_or(Fault::NoConversation)?;
    let (desk, key) = (&caller.desk, &caller.key);
    let found = thread::labelled(desk, key, person.as_deref(), ((KIND, id), &labels)).await;
    let found = found.map_err(fault)?.ok_or(Fault::NoConversation)?;
    let document = asked(&caller, &found, ErrandAct::Look).await?;
    shown(&document, Some(&found), Value::Object(labels))
}

pub(super) async fn look(
    State(state): State<GatewayState>,
    Path(written): Path<String>,
    headers: HeaderMap,
) -> Response {
    let work = Box::pin(async {
        let answer = Aside::new(looked_at(&state, &headers, &written)).await;
        (None, answer.map(sending::document))
    });
    answered((&headers, SHAPE, told(&state)), work).await
}

/// A conversation of this key and this person, with the labels that stayed here.
async fn looked_at(
    state: &GatewayState,
    headers: &HeaderMap,
    written: &str,
) -> Result<Vec<u8>, Problem> {
    let (caller, person) = come_in(state, headers).await?;
    let id = conversation_id(written).ok_or(Fault::NoConversation)?;
    let (desk, key) = (&caller.desk, &caller.key);
    let found = thread::found(desk, key, person.as_deref(), (KIND, id)).await;
    let (found, map) = found.map_err(fault)?.ok_or(Fault::NoConversation)?;
    // Whether the register allows its purpose by now.
    found.map(desk, key).map_err(fault)?;
    let document = asked(&caller, &found, ErrandAct::Look).await?;
    shown(&document, Some(&found), thread::labels_of(&map))
}

pub(super) async fn delete(
    State(state): State<GatewayState>,
    Path(written): Path<String>,
    headers: HeaderMap,
) -> Response {
    let work = Box::pin(async {
        let answer = Aside::new(deleted(&state, &headers, &written)).await;
        (None, answer.map(sending::document))
    });
    answered((&headers, SHAPE, told(&state)), work).await
}

/// Deletes a conversation at its provider, and its map here.
async fn deleted(
    state: &GatewayState,
    headers: &HeaderMap,
    written: &str,
) -> Result<Vec<u8>, Problem> {
    let (caller, person) = come_in(state, headers).await?;
    let id = conversation_id(written).ok_or(Fault::NoConversation)?;
    let found = to_delete(&caller.desk, &caller.key, person.as_deref(), (KIND, id)).await?;
    let found = found.ok_or(Fault::NoConversation)?;
    let answer = asked(&caller, &found, ErrandAct::Delete).await;
    if is_gone(&answer) {
        caller.end(&found, WITHIN).await?;
    }
    shown(&answer?, Some(&found), Value::Null)
}

async fn asked(caller: &Caller, found: &Found, act: ErrandAct) -> Result<Vec<u8>, Problem> {
    asked_at(caller, found, "", act).await
}

/// Asks for a part of a conversation, by the way to it from there.
pub(super) async fn asked_at(
    caller: &Caller,
    found: &Found,
    part: &str,
    act: ErrandAct,
) -> Result<Vec<u8>, Problem> {
    let errand = Errand {
        kind: KIND,
        name: &format!("{}{part}", found.provider_name),
        act,
    };
    caller.ask(&found.kept.recipient, errand, WITHIN).await
}

/// A provider's document about a conversation: under our name, which one that was made just now has already, and with the labels that
/// stayed here.
pub(super) fn shown(
    document: &[u8],
    found: Option<&Found>,
    labels: Value,
) -> Result<Vec<u8>, Problem> {
    let unreadable = || Problem::Provider(ProviderError::Unreadable);
    let mut document: Map<String, Value> =
        serde_json::from_slice(document).map_err(|_| unreadable())?;
    let Some(Value::String(name)) = document.get_mut("id") else {
        return Err(unreadable());
    };
    if let Some(found) = found {
        if *name != found.provider_name {
            return Err(unreadable());
        }
        *name = conversation_name(found.kept.id);
    }
    if !labels.is_null() {
        document.insert("metadata".to_owned(), labels);
    }
    Ok(Value::Object(document).to_string().into_bytes())
}
