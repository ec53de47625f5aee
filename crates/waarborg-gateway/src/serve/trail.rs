//! `GET /v1/trail`: what the log has of the requests of the key that asks. Kinds and counts, never content.

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Uri};
use serde::Deserialize;
use serde_json::{Value, json};
use waarborg_usecase::departures::{self, Departure};

use super::error::Problem;
use super::who::caller;
use super::{GatewayState, headers};
use crate::surfaces::FormFault;

/// Which part of it.
#[derive(Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    before: Option<u64>,
    #[serde(default)]
    limit: Option<u32>,
}

const USUAL: u32 = 50;
const MOST: u32 = 500;

pub(super) async fn trail(
    State(state): State<GatewayState>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    match shown(&state, &uri, &headers).await {
        Ok(document) => axum::Json(document).into_response(),
        Err(problem) => problem.answer(headers::voice(&headers)),
    }
}

async fn shown(state: &GatewayState, uri: &Uri, headers: &HeaderMap) -> Result<Value, Problem> {
    let desk = state.house.desk();
    let caller = caller(state, &desk, headers).await?;
    caller.may_look_back()?;
    let key = caller.key;
    let _place = super::place(state)?;
    state.spending.admit(&desk, &key).await?;
    let unreadable = |_| Problem::Form(FormFault::Field("before, limit"));
    let Query(wanted) = Query::<Wanted>::try_from_uri(uri).map_err(unreadable)?;
    let n = wanted.limit.unwrap_or(USUAL).clamp(1, MOST);
    let page = departures::of_key(&desk, &key, wanted.before, n).await;
    let page = page.map_err(|_| Problem::House)?;
    let rows: Vec<Value> = page.departures.iter().map(row).collect();
    Ok(
        json!({"object": "list", "data": rows, "has_more": page.next.is_some(), "next": page.next,
        "key": {"label": key.label, "service": key.service, "purpose": key.purpose}}),
    )
}

fn row(departure: &Departure) -> Value {
    json!({"object": "waarborg.request", "at": departure.at, "outcome": if departure.has_left { "sent" } else { "refused" },
        "verdict": departure.verdict, "findings": departure.findings, "recipient": departure.recipient,
        "purpose": departure.purpose, "register": departure.register, "sought": departure.sought.as_deref().unwrap_or("all"),
        "routed": departure.is_routed, "confirmed": departure.is_confirmed})
}
