//! The items of a conversation that stands at its provider: looked at, added and deleted. Their ids are the provider's: they are asked for
//! only within a conversation that is known to be the client's.

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, Uri};
use serde::Deserialize;
use serde_json::value::RawValue;
use waarborg_domain::finder::Finder;
use waarborg_domain::json::scan;
use waarborg_domain::prompt::PromptFault;
use waarborg_usecase::gateway::thread::{self, Thread};
use waarborg_usecase::ports::{ErrandAct, ProviderError};

use super::super::aside::Aside;
use super::super::error::Problem;
use super::super::thread::fault;
use super::super::{GatewayState, json_limits, names};
use super::conversations::{KIND, document, may_stand, shown};
use super::fault::Fault;
use super::fields::Fields;
use super::own::{SHAPE, Visit, named, none};
use super::said::{self, Begun, Said};
use super::{ByName, Caller, plainly, sending};
use crate::protocol::may_be_named;
use crate::providers::deposits::is_name;
use crate::restore::AnswerFault;
use crate::surfaces::{FormFault, restored_items};

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

pub(super) async fn list(asked: ByName, uri: Uri) -> Response {
    let desk = asked.0.house.desk();
    let page = page(names(&desk).finder, &uri);
    looked_at(asked, page, true).await
}

pub(super) async fn look(
    State(state): State<GatewayState>,
    Path((written, item)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let desk = state.house.desk();
    let part = without_query(&uri).and_then(|()| place_of(names(&desk).finder, &item));
    looked_at((State(state), Path(written), headers), part, false).await
}

/// The way to a page of the items. What is asked for is one of the few things that a list can be asked for.
fn page(finder: &dyn Finder, uri: &Uri) -> Result<String, Problem> {
    let not_done = || Problem::Form(FormFault::NotDone("include"));
    let wrong = |field| Problem::Form(FormFault::Field(field));
    let Query(Page {
        after,
        limit,
        order,
    }) = Query::try_from_uri(uri).map_err(|_| not_done())?;
    let mut part = "/items?".to_owned();
    if let Some(after) = after {
        if !may_be_asked_for(finder, &after) {
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
fn place_of(finder: &dyn Finder, item: &str) -> Result<String, Problem> {
    if may_be_asked_for(finder, item) {
        Ok(format!("/items/{item}"))
    } else {
        Err(Fault::NoItem.into())
    }
}

/// Whether something may be the name of an item, which its provider gave, and says nothing of anybody.
fn may_be_asked_for(finder: &dyn Finder, name: &str) -> bool {
    is_name(name) && may_be_named(finder, name)
}

/// Items with the values that were replaced in their conversation.
async fn looked_at(
    (State(state), Path(written), headers): ByName,
    part: Result<String, Problem>,
    is_list: bool,
) -> Response {
    let looking = Aside::new(async {
        let visit = Visit::begin(&state, &headers).await?;
        let part = part?;
        let (found, map, policy) = visit.find_to_show((KIND, &written)).await?;
        let line = map.lines.first().ok_or(Fault::Gone(KIND))?;
        let document = visit.ask((&found, &part), ErrandAct::Look).await;
        let document = if is_list {
            document?
        } else {
            document.map_err(of_item)?
        };
        let surrogates = map.surrogates(&visit.caller.desk, &policy, line);
        let surrogates = surrogates.map_err(|contradiction| fault(KIND, contradiction.into()))?;
        let restored = restored_items(document, &surrogates, is_list);
        restored.map(sending::document).map_err(unreadable)
    });
    plainly((&state, &headers, SHAPE), looking).await
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
    (State(state), Path(written), headers): ByName,
    uri: Uri,
    body: Body,
) -> Response {
    let begun = added(&state, &headers, (&written, &uri, body));
    said::answered_with(
        (&state, &headers),
        begun,
        |document, surrogates, _| match surrogates {
            Some(surrogates) => restored_items(document, surrogates, true).map_err(unreadable),
            None => Ok(document),
        },
    )
    .await
}

async fn added(
    state: &GatewayState,
    headers: &HeaderMap,
    (written, uri, body): (&str, &Uri, Body),
) -> Result<Begun, Problem> {
    let (caller, whole) = said::taken_in(state, headers, body).await?;
    without_query(uri)?;
    let person = said::wishes(&caller, headers)?.person;
    scan(&whole.bytes, &json_limits(state)).map_err(PromptFault::from)?;
    let fields = Fields::read(&caller.desk, &whole.bytes, &["items"])?;
    let items = fields.raw("items");
    let items = items.filter(|items| items.get().starts_with('['));
    let items = items.ok_or(Problem::Form(FormFault::Field("items")))?;
    let said = said_within(&caller, person.as_deref(), written, items).await?;
    Ok(Begun {
        caller,
        said,
        room: whole.room,
    })
}

/// What is to be said in a conversation, by a model of its recipient that this key may ask.
async fn said_within(
    caller: &Caller,
    person: Option<&str>,
    written: &str,
    items: &RawValue,
) -> Result<Said, Problem> {
    let (desk, key) = (&caller.desk, &caller.key);
    let previous = thread::previous(desk, key, person, named(KIND, written)?).await;
    let previous = previous.map_err(|error| fault(KIND, error))?;
    let previous = previous.ok_or(none(KIND))?;
    may_stand(desk, previous.recipient())?;
    let mut models = desk.providers.models().iter();
    let model = models
        .find(|model| model.recipient == previous.recipient() && key.bounds.allow(&model.name));
    let model = model.ok_or(none(KIND))?.name.clone();
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

/// Deletes an item at the provider. What was replaced in it may stand in other items, so it stays known.
pub(super) async fn delete(
    State(state): State<GatewayState>,
    Path((written, item)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let deleting = Aside::new(async {
        let visit = Visit::begin(&state, &headers).await?;
        let place = place_of(names(&visit.caller.desk).finder, &item)?;
        let (found, map) = visit.find((KIND, &written)).await?;
        let document = visit.ask((&found, &place), ErrandAct::Delete).await;
        let document = document.map_err(of_item)?;
        shown(&document, Some(&found), thread::labels_of(&map)).map(sending::document)
    });
    plainly((&state, &headers, SHAPE), deleting).await
}

#[cfg(test)]
mod tests {
    use waarborg_detect::Detector;

    use super::*;
    use crate::found::Found;

    #[test]
    fn a_list_is_asked_for_by_little_and_that_is_checked() {
        let finder = Found(Detector::new());
        let page = |query: &str| page(&finder, &format!("/x{query}").parse().unwrap());
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
            "?after=123456782",
            "?after=jan_de_vries",
        ] {
            assert!(page(query).is_err(), "{query}");
        }
    }

    #[test]
    fn an_item_has_the_name_that_its_provider_gave_it() {
        let finder = Found(Detector::new());
        for name in [
            "msg_1",
            "rs_68af2b7c9d1e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d1e",
            "fc_029d9e2b7350eaff0069ad6b7bdb7c81918f7fd20e0be4e575",
        ] {
            let way = place_of(&finder, name).unwrap();
            assert_eq!(way, format!("/items/{name}"));
        }
        for said in [
            "06-12345678",
            "NL91ABNA0417164300",
            "123456782",
            "msg_123456782",
            "jan_de_vries",
            "a/b",
            "",
        ] {
            assert!(place_of(&finder, said).is_err(), "{said}");
        }
    }
}
