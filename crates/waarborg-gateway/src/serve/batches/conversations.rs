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
use waarborg_usecase::batches::{Found, TERM};
use waarborg_usecase::gateway::thread::{self, Keeping, Thread};
use waarborg_usecase::ports::{ErrandAct, GatewayKey, KeptKind, ProviderError};

use super::super::aside::Aside;
use super::super::error::Problem;
use super::super::thread::fault;
use super::super::{GatewayState, answer, json_limits};
use super::fault::Fault;
use super::fields::Fields;
use super::own::{self, SHAPE, Visit, named, none};
use super::said::{self, Begun, Said};
use super::{ByName, labels, plainly, sending};
use crate::providers::deposits::AS_INPUT;
use crate::surfaces::{FormFault, conversation_name};

pub(super) const PATH: &str = "/v1/conversations";

/// Where one of them is.
pub(super) const ONE: &str = "/v1/conversations/{id}";

pub(super) const KIND: KeptKind = KeptKind::Conversation;

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
    let begun = begun(&state, &headers, body);
    said::answered_with((&state, &headers), begun, |document, _, labels| {
        shown(&document, None, Value::Object(labels))
    })
    .await
}

async fn begun(state: &GatewayState, headers: &HeaderMap, body: Body) -> Result<Begun, Problem> {
    let (caller, whole) = said::taken_in(state, headers, body).await?;
    scan(&whole.bytes, &json_limits(state)).map_err(PromptFault::from)?;
    let written = written(&caller.desk, &whole.bytes)?;
    let said = Said {
        model: model_for(&caller.desk, &caller.key, written.model)?,
        body: document(written.items),
        thread: Thread {
            keeping: Keeping::Asked,
            kind: KIND,
            labels: written.metadata.unwrap_or_default(),
            ..Thread::default()
        },
    };
    Ok(Begun {
        caller,
        said,
        room: whole.room,
    })
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
pub(super) async fn label((State(state), Path(written), headers): ByName, body: Body) -> Response {
    let labelling = Aside::new(relabelled(&state, &headers, (&written, body)));
    let work = async { labelling.await.map(sending::document) };
    plainly((&state, &headers, SHAPE), work).await
}

async fn relabelled(
    state: &GatewayState,
    headers: &HeaderMap,
    (written, body): (&str, Body),
) -> Result<Vec<u8>, Problem> {
    let (caller, whole) = said::taken_in(state, headers, body).await?;
    let person = said::wishes(&caller, headers)?.person;
    scan(&whole.bytes, &json_limits(state)).map_err(PromptFault::from)?;
    let fields = Fields::read(&caller.desk, &whole.bytes, &["metadata"])?;
    let labels = metadata(&fields)?.unwrap_or_default();
    let what = (named(KIND, written)?, &labels);
    let found = thread::labelled(&caller.desk, &caller.key, person.as_deref(), what).await;
    let found = found
        .map_err(|error| fault(KIND, error))?
        .ok_or(none(KIND))?;
    let document = own::ask(&caller, (&found, ""), ErrandAct::Look).await?;
    shown(&document, Some(&found), Value::Object(labels))
}

/// A conversation of this key and this person, with the labels that stayed here.
pub(super) async fn look((State(state), Path(written), headers): ByName) -> Response {
    let looking = Aside::new(async {
        let visit = Visit::begin(&state, &headers).await?;
        let (found, map, _) = visit.find_to_show((KIND, &written)).await?;
        let document = visit.ask((&found, ""), ErrandAct::Look).await?;
        shown(&document, Some(&found), thread::labels_of(&map)).map(sending::document)
    });
    plainly((&state, &headers, SHAPE), looking).await
}

/// Deletes a conversation at its provider, and its map here.
pub(super) async fn delete((State(state), Path(written), headers): ByName) -> Response {
    let deleting = Aside::new(async {
        let visit = Visit::begin(&state, &headers).await?;
        let (found, document) = visit.delete((KIND, &written)).await?;
        shown(&document, Some(&found), Value::Null).map(sending::document)
    });
    plainly((&state, &headers, SHAPE), deleting).await
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
