//! What the routes under `/compat` share: they are for programs that expect another one here.

use axum::Router;
use axum::response::Response;
use axum::routing::any;
use http::HeaderMap;
use serde_json::{Map, Value};

use super::GatewayState;
use super::error::Problem;
use super::headers::{self, Voice};
use crate::surfaces::Shape;

/// Why a request in another program's form cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    /// The field that is the matter.
    pub(super) field: &'static str,
    /// A stable code for programs.
    pub(super) code: &'static str,
    /// The sentence that says what to do instead.
    pub(super) sentence: &'static str,
}

impl Fault {
    pub(super) const fn new(field: &'static str, sentence: &'static str) -> Self {
        Self {
            field,
            code: "invalid_field",
            sentence,
        }
    }

    pub(super) const fn not_done(field: &'static str, sentence: &'static str) -> Self {
        Self {
            field,
            code: "unsupported_field",
            sentence,
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Compat(fault)
    }
}

/// Whatever no other program expects here.
pub(super) fn routes() -> Router<GatewayState> {
    Router::new()
        .route("/compat", any(unknown))
        .route("/compat/", any(unknown))
        .route("/compat/{*rest}", any(unknown))
}

async fn unknown(headers: HeaderMap) -> Response {
    Problem::UnknownRoute.answer(voice(&headers))
}

pub(super) async fn other_method(headers: HeaderMap) -> Response {
    Problem::OtherMethod.answer(voice(&headers))
}

/// An error here is a sentence under `error`, as Presidio's clients read it; the rest stands beside it.
pub(super) fn voice(headers: &HeaderMap) -> Voice {
    headers::voice(headers).in_shape(Shape::Ollama)
}

/// A member that is there and not `null`.
pub(super) fn member<'a>(document: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    document.get(name).filter(|value| !value.is_null())
}
