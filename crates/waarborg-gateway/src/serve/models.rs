//! The models that a key may ask for, as each format lists them.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use serde_json::{Value, json};
use waarborg_domain::permit::Refusal;
use waarborg_domain::prompt::Wire;
use waarborg_domain::register::Destination;
use waarborg_usecase::gateway;
use waarborg_usecase::places::Place;

use super::GatewayState;
use super::error::Problem;
use super::headers::{self, Voice};
use super::who::holder;
use crate::surfaces::Shape;

pub(super) async fn models(State(state): State<GatewayState>, headers: HeaderMap) -> Response {
    let voice = headers::voice(&headers);
    match places(&state, &headers).await {
        Err(problem) => problem.answer(voice),
        Ok(places) => {
            let (open, closed): (Vec<&Place>, Vec<&Place>) =
                places.iter().partition(|place| place.is_allowed());
            let mut document = model_list(&open, voice.shape);
            if let (false, Some(members)) = (closed.is_empty(), document.as_object_mut()) {
                let closed: Vec<Value> = closed.into_iter().map(closed_document).collect();
                members.insert("waarborg".to_owned(), json!({ "closed": closed }));
            }
            axum::Json(document).into_response()
        }
    }
}

pub(super) async fn model(
    State(state): State<GatewayState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let voice = headers::voice(&headers);
    match places(&state, &headers).await {
        Err(problem) => problem.answer(voice),
        Ok(places) => match places.into_iter().find(|place| place.model == name) {
            Some(place) if place.is_allowed() => {
                axum::Json(model_document(&place, voice.shape)).into_response()
            }
            Some(Place {
                closed_by: Some(refusal),
                ..
            }) => Problem::from(refusal).answer(voice),
            Some(_) | None => Problem::NoModel.answer(voice),
        },
    }
}

/// `GET /api/tags`, where Ollama's clients look for models.
pub(super) async fn tags(State(state): State<GatewayState>, headers: HeaderMap) -> Response {
    let voice = ollama_voice(&headers);
    match ollama_places(&state, &headers).await {
        Err(problem) => problem.answer(voice),
        Ok(places) => {
            let open: Vec<&Place> = places.iter().filter(|place| place.is_allowed()).collect();
            axum::Json(model_list(&open, voice.shape)).into_response()
        }
    }
}

/// `GET /api/version`, which Ollama's clients ask before anything else; it says nothing of anybody, so it needs no key.
pub(super) async fn version() -> Response {
    axum::Json(json!({"version": env!("CARGO_PKG_VERSION")})).into_response()
}

fn ollama_voice(headers: &HeaderMap) -> Voice {
    headers::voice(headers).in_shape(Shape::Ollama)
}

async fn places(state: &GatewayState, headers: &HeaderMap) -> Result<Vec<Place>, Problem> {
    let desk = state.house.desk();
    let key = holder(state, &desk, headers).await?;
    Ok(gateway::models(&desk, &key))
}

/// Who speaks Ollama's format, and no others: what stands in its list is asked in it.
async fn ollama_places(state: &GatewayState, headers: &HeaderMap) -> Result<Vec<Place>, Problem> {
    let desk = state.house.desk();
    let key = holder(state, &desk, headers).await?;
    Ok(gateway::models_that_speak(&desk, &key, Wire::OllamaChat))
}

/// The open models, as the client's format lists them; there is only one page.
fn model_list(open: &[&Place], shape: Shape) -> Value {
    let data: Vec<Value> = open
        .iter()
        .map(|place| model_document(place, shape))
        .collect();
    let name = |place: Option<&&Place>| place.map(|place| place.model.clone());
    match shape {
        Shape::OpenAi | Shape::Responses => json!({"object": "list", "data": data}),
        Shape::Anthropic => {
            json!({"data": data, "has_more": false, "first_id": name(open.first()), "last_id": name(open.last())})
        }
        Shape::Ollama => json!({ "models": data }),
    }
}

fn model_document(place: &Place, shape: Shape) -> Value {
    let destination = match place.destination {
        Destination::Own => "own",
        Destination::Eu => "eu",
        Destination::OutsideEu => "outside-eu",
        Destination::Public => "public",
    };
    let waarborg = json!({ "destination": destination });
    let began = "1970-01-01T00:00:00Z";
    match shape {
        Shape::OpenAi | Shape::Responses => {
            json!({"id": place.model, "object": "model", "created": 0, "owned_by": "waarborg", "waarborg": waarborg})
        }
        Shape::Anthropic => {
            json!({"type": "model", "id": place.model, "display_name": place.model,
                "created_at": began, "waarborg": waarborg})
        }
        Shape::Ollama => {
            json!({"name": place.model, "model": place.model, "modified_at": began, "size": 0, "digest": "",
                "details": {"parent_model": "", "format": "", "family": "", "families": [], "parameter_size": "", "quantization_level": ""},
                "waarborg": waarborg})
        }
    }
}

/// A model that the register closes, and which row of it does.
fn closed_document(place: &Place) -> Value {
    let code = place.closed_by.as_ref().map(Refusal::code);
    let row = place.closed_by.as_ref().and_then(Refusal::row);
    json!({"id": place.model, "code": code, "row": row})
}
