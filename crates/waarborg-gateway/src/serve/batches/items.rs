//! The items of a conversation that stands at its provider: looked at, added and deleted. Their ids are the provider's: they are asked for
//! only within a conversation that is known to be the client's.

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, Uri};
use serde::Deserialize;
use serde_json::value::RawValue;
use waarborg_domain::json::scan;
use waarborg_domain::prompt::PromptFault;
use waarborg_usecase::batches::{Found, Map};
use waarborg_usecase::gateway::thread::{self, Thread};
use waarborg_usecase::ports::{ErrandAct, ProviderError};

use super::super::aside::Aside;
use super::super::error::Problem;
use super::super::{GatewayState, json_limits};
use super::conversations::{KIND, SHAPE, asked_at, document, fault, may_stand, shown};
use super::fault::Fault;
use super::fields::Fields;
use super::responses::come_in;
use super::said::{self, Said};
use super::{Caller, Screened, answered, sending, told};
use crate::providers::deposits::is_name;
use crate::restore::AnswerFault;
use crate::surfaces::{FormFault, conversation_id, restored_items};

pub(super) const PATH: &str = "/v1/conversations/{id}/items";

/// The most items that a page may have, as the format says.
const MOST_OF_A_PAGE: u32 = 100;

/// Which page of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    after: Option<String>,
    limit: Option<u32>,
    order: Option<String>,
}

pub(super) async fn list(
    State(state): State<GatewayState>,
    Path(written): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let work = Box::pin(async {
        let part = page(&uri);
        let answer = Aside::new(looked_at(&state, &headers, &written, part, true)).await;
        (None, answer.map(sending::document))
    });
    answered((&headers, SHAPE, told(&state)), work).await
}

pub(super) async fn look(
    State(state): State<GatewayState>,
    Path((written, item)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let work = Box::pin(async {
        let part = without_query(&uri).and_then(|()| place_of(&item));
        let answer = Aside::new(looked_at(&state, &headers, &written, part, false)).await;
        (None, answer.map(sending::document))
    });
    answered((&headers, SHAPE, told(&state)), work).await
}

/// The way to a page of the items. What is asked for is one of the few things that a list can be asked for.
fn page(uri: &Uri) -> Result<String, Problem> {
    let not_done = || Problem::Form(FormFault::NotDone("include"));
    let wrong = |field| Problem::Form(FormFault::Field(field));
    let Query(Page {
        after,
        limit,
        order,
    }) = Query::try_from_uri(uri).map_err(|_| not_done())?;
    let mut part = "/items?".to_owned();
    if let Some(after) = after {
        if !is_name(&after) {
            return Err(wrong("after"));
        }
        // Writing to a String does not fail.
        let _ = write!(part, "after={after}&");
    }
    if let Some(limit) = limit {
        if !(1..=MOST_OF_A_PAGE).contains(&limit) {
            return Err(wrong("limit"));
        }
        let _ = write!(part, "limit={limit}&");
    }
    match order.as_deref() {
        None => {}
        Some(order @ ("asc" | "desc")) => {
            let _ = write!(part, "order={order}&");
        }
        Some(_) => return Err(wrong("order")),
    }
    part.pop();
    Ok(part)
}

fn without_query(uri: &Uri) -> Result<(), Problem> {
    if uri.query().is_some_and(|query| !query.is_empty()) {
        return Err(Problem::Form(FormFault::NotDone("include")));
    }
    Ok(())
}

/// The way to one item.
fn place_of(item: &str) -> Result<String, Problem> {
    if is_name(item) {
        Ok(format!("/items/{item}"))
    } else {
        Err(Fault::NoItem.into())
    }
}

async fn found(
    caller: &Caller,
    person: Option<&str>,
    written: &str,
) -> Result<(Found, Map), Problem> {
    let id = conversation_id(written).ok_or(Fault::NoConversation)?;
    let found = thread::found(&caller.desk, &caller.key, person, (KIND, id)).await;
    Ok(found.map_err(fault)?.ok_or(Fault::NoConversation)?)
}

/// Items with the values that were replaced in their conversation.
async fn looked_at(
    state: &GatewayState,
    headers: &HeaderMap,
    written: &str,
    part: Result<String, Problem>,
    is_list: bool,
) -> Result<Vec<u8>, Problem> {
    let (caller, person) = come_in(state, headers).await?;
    let part = part?;
    let (found, map) = found(&caller, person.as_deref(), written).await?;
    let (desk, key) = (&caller.desk, &caller.key);
    let (_, policy) = found.map(desk, key).map_err(fault)?;
    let line = map.lines.first().ok_or(Fault::Gone(KIND))?;
    let document = asked_at(&caller, &found, &part, ErrandAct::Look).await;
    let document = if is_list {
        document?
    } else {
        document.map_err(of_item)?
    };
    let surrogates = map.surrogates(desk, &policy, line);
    let surrogates = surrogates.map_err(|contradiction| fault(contradiction.into()))?;
    restored_items(document, &surrogates, is_list).map_err(unreadable)
}

/// What a provider does not know is not there.
fn of_item(problem: Problem) -> Problem {
    match problem {
        Problem::Provider(ProviderError::Refused { status: 404, .. }) => Fault::NoItem.into(),
        problem => problem,
    }
}

fn unreadable(_: AnswerFault) -> Problem {
    Problem::Provider(ProviderError::Unreadable)
}

pub(super) async fn add(
    State(state): State<GatewayState>,
    Path(written): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let told = told(&state);
    let request_id = told.request_id.clone();
    let asked = (written.as_str(), &uri, body);
    let work = Box::pin(Aside::new(added(&state, &headers, asked, &request_id)));
    answered((&headers, SHAPE, told), work).await
}

async fn added(
    state: &GatewayState,
    headers: &HeaderMap,
    (written, uri, body): (&str, &Uri, Body),
    request_id: &str,
) -> (Option<Screened>, Result<Response, Problem>) {
    let begun = async {
        let (caller, whole) = said::taken_in(state, headers, SHAPE, body).await?;
        without_query(uri)?;
        let person = said::wishes(&caller, headers)?.person;
        scan(&whole.bytes, &json_limits(state)).map_err(PromptFault::from)?;
        let fields = Fields::read(&caller.desk, &whole.bytes, &["items"])?;
        let items = fields.raw("items");
        let items = items.filter(|items| items.get().starts_with('['));
        let items = items.ok_or(Problem::Form(FormFault::Field("items")))?;
        let said = said_within(&caller, person.as_deref(), written, items).await?;
        Ok((caller, said, whole.room))
    };
    let (caller, said, _room) = match begun.await {
        Ok(begun) => begun,
        Err(problem) => return (None, Err(problem)),
    };
    let (screened, answer) = said::sent(state, headers, request_id, &caller, said).await;
    let shown = answer.and_then(|answer| match answer {
        said::Answer::Given(document, Some(surrogates)) => {
            let restored = restored_items(document, &surrogates, true);
            restored.map(sending::document).map_err(unreadable)
        }
        said::Answer::Given(document, None) => Ok(sending::document(document)),
        said::Answer::Previewed(response) => Ok(response),
    });
    (screened, shown)
}

/// What is to be said in a conversation, by a model of its recipient that this key may ask.
async fn said_within(
    caller: &Caller,
    person: Option<&str>,
    written: &str,
    items: &RawValue,
) -> Result<Said, Problem> {
    let (desk, key) = (&caller.desk, &caller.key);
    let id = conversation_id(written).ok_or(Fault::NoConversation)?;
    let previous = thread::previous(desk, key, person, (KIND, id)).await;
    let previous = previous.map_err(fault)?.ok_or(Fault::NoConversation)?;
    may_stand(desk, previous.recipient())?;
    let mut models = desk.providers.models().iter();
    let model = models
        .find(|model| model.recipient == previous.recipient() && key.bounds.allow(&model.name));
    let model = model.ok_or(Fault::NoConversation)?.name.clone();
    Ok(Said {
        model,
        body: document(Some(items)),
        thread: Thread {
            previous: Some(previous),
            kind: KIND,
            ..Thread::default()
        },
    })
}

pub(super) async fn delete(
    State(state): State<GatewayState>,
    Path((written, item)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let work = Box::pin(async {
        let answer = Aside::new(deleted(&state, &headers, (&written, &item))).await;
        (None, answer.map(sending::document))
    });
    answered((&headers, SHAPE, told(&state)), work).await
}

/// Deletes an item at the provider. What was replaced in it may stand in other items, so it stays known.
async fn deleted(
    state: &GatewayState,
    headers: &HeaderMap,
    (written, item): (&str, &str),
) -> Result<Vec<u8>, Problem> {
    let (caller, person) = come_in(state, headers).await?;
    let place = place_of(item)?;
    let (found, map) = found(&caller, person.as_deref(), written).await?;
    let document = asked_at(&caller, &found, &place, ErrandAct::Delete).await;
    let document = document.map_err(of_item)?;
    shown(&document, Some(&found), thread::labels_of(&map))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_asked_for_by_little_and_that_is_checked() {
        let page = |query: &str| page(&format!("/x{query}").parse().unwrap());
        for (query, expected) in [
            ("", "/items"),
            ("?limit=7", "/items?limit=7"),
            (
                "?order=asc&after=msg_1&limit=100",
                "/items?after=msg_1&limit=100&order=asc",
            ),
        ] {
            assert_eq!(page(query).unwrap(), expected);
        }
        for query in [
            "?limit=0",
            "?limit=101",
            "?limit=veel",
            "?order=best",
            "?after=a%2Fb",
            "?include=x",
            "?iets=1",
        ] {
            assert!(page(query).is_err(), "{query}");
        }
    }
}
