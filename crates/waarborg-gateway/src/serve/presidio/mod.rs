//! `/compat/presidio/*`: findings and replacements in the form of Presidio's public API, for programs that speak it.
//! Nothing leaves, nothing is kept.

mod analyse;
mod anonymise;
pub(super) mod entities;
mod overlap;

use std::panic::AssertUnwindSafe;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::FutureExt as _;
use http::HeaderMap;
use serde_json::{Map, Value, json};
use waarborg_domain::json::scan;
use waarborg_domain::prompt::PromptFault;
use waarborg_usecase::Desk;

use super::aside::{Aside, LONG_BODY};
use super::compat::{Fault, member, other_method, voice};
use super::error::Problem;
use super::who::{caller, holder};
use super::{GatewayState, Whole, json_limits, place};

/// The routes that take texts in.
pub(super) const TAKING_IN: [&str; 2] = ["/compat/presidio/analyze", "/compat/presidio/anonymize"];

/// What a request is answered by.
type Work = fn(&Desk, &Map<String, Value>) -> Result<Value, Problem>;

pub(super) fn routes() -> Router<GatewayState> {
    let [analyse, anonymise] = TAKING_IN;
    Router::new()
        .route(analyse, post(analysed).fallback(other_method))
        .route(anonymise, post(anonymised).fallback(other_method))
        .route(
            "/compat/presidio/supportedentities",
            get(supported).fallback(other_method),
        )
        .route(
            "/compat/presidio/health",
            get(health).fallback(other_method),
        )
}

async fn analysed(state: State<GatewayState>, headers: HeaderMap, body: Body) -> Response {
    answer(state, headers, body, analyse::analyse).await
}

async fn anonymised(state: State<GatewayState>, headers: HeaderMap, body: Body) -> Response {
    answer(state, headers, body, anonymise::anonymise).await
}

async fn supported(State(state): State<GatewayState>, headers: HeaderMap) -> Response {
    match holder(&state, &state.house.desk(), &headers).await {
        Ok(_) => Json(entities::supported()).into_response(),
        Err(problem) => problem.answer(voice(&headers)),
    }
}

async fn health(State(state): State<GatewayState>, headers: HeaderMap) -> Response {
    match holder(&state, &state.house.desk(), &headers).await {
        Ok(_) => "Waarborg is up".into_response(),
        Err(problem) => problem.answer(voice(&headers)),
    }
}

/// A panic on the way is answered like any other failure of the house.
async fn answer(
    State(state): State<GatewayState>,
    headers: HeaderMap,
    body: Body,
    work: Work,
) -> Response {
    let answered = AssertUnwindSafe(answered(&state, &headers, body, work))
        .catch_unwind()
        .await
        .unwrap_or(Err(Problem::House));
    match answered {
        Ok(document) => Json(document).into_response(),
        Err(problem) => {
            if matches!(problem, Problem::House) {
                tracing::error!("a request was refused because the house could not work");
            }
            problem.answer(voice(&headers))
        }
    }
}

async fn answered(
    state: &GatewayState,
    headers: &HeaderMap,
    body: Body,
    work: Work,
) -> Result<Value, Problem> {
    let desk = state.house.desk();
    let caller = caller(state, &desk, headers).await?;
    let _place = place(state)?;
    caller.wishes(headers)?;
    let key = caller.key;
    state.spending.admit(&desk, &key).await?;
    let Whole {
        bytes: body,
        room: _room,
    } = super::body(state, headers, body).await?;
    let is_long = body.len() >= LONG_BODY;
    let worked = async {
        // Read strictly first: what follows may then trust any reader.
        scan(&body, &json_limits(state)).map_err(PromptFault::from)?;
        let not_an_object = Fault::new("text", "error-presidio-body");
        let document: Map<String, Value> =
            serde_json::from_slice(&body).map_err(|_| not_an_object)?;
        work(&desk, &document)
    };
    if is_long {
        Aside::new(worked).await
    } else {
        worked.await
    }
}

/// A list of words; `None` where it is left out.
fn words<'a>(
    document: &'a Map<String, Value>,
    name: &str,
    fault: Fault,
) -> Result<Option<Vec<&'a str>>, Fault> {
    let Some(value) = member(document, name) else {
        return Ok(None);
    };
    let list = value.as_array().ok_or(fault)?;
    let words: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
    words.map(Some).ok_or(fault)
}

/// A yes or no; no where it is left out.
fn yes(document: &Map<String, Value>, name: &str, fault: Fault) -> Result<bool, Fault> {
    match member(document, name) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or(fault),
    }
}

/// Where a change stands in a text, in code points.
fn item(start: usize, end: usize, entity: &str, text: &str, operator: &str) -> Value {
    json!({"start": start, "end": end, "entity_type": entity, "text": text, "operator": operator})
}
