//! What machines ask: whether the program is alive and ready, and what it offers.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::app::App;
use crate::error::Said;

/// The description of our own API.
const DESCRIPTION: &str = include_str!("../../assets/openapi.json");

/// The program runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The program takes work: its store answers.
pub(super) async fn ready(State(app): State<App>) -> Response {
    let (status, text) = match app.desk().store.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    };
    let mut response = (status, text).into_response();
    response.extensions_mut().insert(Said);
    response
}

/// The description of our own API.
pub(super) async fn description() -> Response {
    (
        [(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        )],
        DESCRIPTION,
    )
        .into_response()
}

/// We honour Global Privacy Control, since this day.
pub(super) async fn privacy_control(State(app): State<App>) -> Response {
    let desk = app.desk();
    let since = desk
        .register
        .head()
        .effective
        .unwrap_or_else(|| desk.today());
    Json(json!({"gpc": true, "lastUpdate": since.to_string()})).into_response()
}
