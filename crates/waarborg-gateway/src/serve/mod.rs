//! The door for applications: `/v1/*` in the provider's own formats and error shape.

mod answer;
mod aside;
mod batches;
mod causes;
mod closed;
mod compat;
mod error;
mod guardrail;
mod headers;
mod models;
mod presidio;
mod preview;
mod second;
mod sound;
mod spending;
mod stream;
#[cfg(test)]
mod tests;
mod thread;
mod trail;
mod who;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{MethodRouter, any, get, post};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Uri};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use waarborg_domain::json::Limits;
use waarborg_usecase::{Desk, House};

use error::Problem;

pub use spending::{Spending, Spent};

use crate::enclosed::{Files, Letters};
use crate::form::{Holds, is_form};
use crate::identity::Identity;
use crate::surfaces::{Names, SURFACES, Shape, Surface};
use crate::traces::Traces;

/// What one application and all together may ask of this door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoorLimits {
    /// The longest request body, in bytes.
    pub body_bytes: usize,
    /// The longest form with sound or pictures in it, in bytes.
    pub form_bytes: usize,
    /// The longest batch of requests, in bytes.
    pub batch_bytes: usize,
    /// How many requests a batch may hold.
    pub n_in_batch: usize,
    /// How long a request's body may take to come in.
    pub body_time: Duration,
    /// How long a form or a batch may take to come in.
    pub form_time: Duration,
    /// How many requests are worked on at once.
    pub n_at_once: usize,
    /// How many bytes of request bodies are kept at once, for all requests together.
    pub body_bytes_at_once: usize,
    /// How many requests have their pictures and files read at once.
    pub n_files_at_once: usize,
    /// How long reading the pictures and files of a request may take.
    pub file_time: Duration,
    /// After how much silence of a streaming provider the client gets a sign of life.
    pub heartbeat: Duration,
}

impl Default for DoorLimits {
    fn default() -> Self {
        Self {
            body_bytes: 10 * 1024 * 1024,
            form_bytes: 26 * 1024 * 1024,
            batch_bytes: 32 * 1024 * 1024,
            n_in_batch: 10_000,
            body_time: Duration::from_secs(30),
            form_time: Duration::from_mins(2),
            n_at_once: 2048,
            body_bytes_at_once: 256 * 1024 * 1024,
            n_files_at_once: 4,
            file_time: Duration::from_secs(30),
            heartbeat: Duration::from_secs(15),
        }
    }
}

/// What the routes need.
#[derive(Clone)]
pub struct GatewayState {
    house: Arc<House>,
    limits: DoorLimits,
    places: Arc<Semaphore>,
    /// In pieces of [`ROOM_PIECE`] bytes.
    room: Arc<Semaphore>,
    spending: Arc<Spending>,
    held: Arc<guardrail::Held>,
    traces: Option<Arc<Traces>>,
    files: Files,
    identity: Arc<Identity>,
}

/// How many bytes are set aside for a body on the strength of its declared length.
const MOST_BELIEVED: u64 = 64 * 1024;

/// Room for bodies is handed out in pieces of this many bytes.
const ROOM_PIECE: usize = 1024;

impl GatewayState {
    /// A door to this house.
    #[must_use]
    pub fn new(house: Arc<House>, limits: DoorLimits) -> Self {
        Self::counting_in(house, limits, Arc::new(Spending::default()))
    }

    /// The same; what requests use up is counted there.
    #[must_use]
    pub fn counting_in(house: Arc<House>, limits: DoorLimits, spending: Arc<Spending>) -> Self {
        Self {
            spending,
            held: Arc::default(),
            identity: Arc::default(),
            traces: None,
            files: Files::new(limits.n_files_at_once, limits.file_time),
            house,
            limits,
            places: Arc::new(Semaphore::new(limits.n_at_once)),
            room: Arc::new(Semaphore::new(limits.body_bytes_at_once / ROOM_PIECE)),
        }
    }

    /// The same; the letters in pictures are read by this.
    #[must_use]
    pub fn reading_letters_with(self, letters: Arc<Letters>) -> Self {
        Self {
            files: self.files.with_letters(letters),
            ..self
        }
    }

    /// The same; a request that holds a picture is refused, whatever could read its letters.
    #[must_use]
    pub fn refusing_pictures(self) -> Self {
        Self {
            files: self.files.without_pictures(),
            ..self
        }
    }

    /// The same; these signatures are believed.
    #[must_use]
    pub fn believing(self, identity: Arc<Identity>) -> Self {
        Self { identity, ..self }
    }

    /// The same; how requests go is told there.
    #[must_use]
    pub fn told_to(self, traces: Option<Arc<Traces>>) -> Self {
        Self { traces, ..self }
    }
}

/// The answer to an application that asks too often, in OpenAI's error shape; it says when to come back.
#[must_use]
pub fn too_often(wait: Duration) -> Response {
    let mut response = Problem::Busy.answer(headers::voice(&HeaderMap::new()));
    let seconds = wait.as_secs() + 1;
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The routes that take data in, all with `POST`.
pub fn taking_in() -> impl Iterator<Item = &'static str> {
    let asked = SURFACES.iter().map(|(path, _)| *path);
    asked
        .chain(["/v1/guard/preview"])
        .chain(batches::TAKING_IN)
        .chain(presidio::TAKING_IN)
        .chain(guardrail::TAKING_IN)
}

/// The routes of `/v1` and `/compat`. Whatever is not named here is refused, never forwarded.
pub fn routes(state: GatewayState) -> Router {
    let router = SURFACES
        .iter()
        .fold(Router::new(), |router, (path, surface)| {
            router.route(path, model_route(path, *surface))
        });
    let router = closed::CLOSED_OF_OLLAMA
        .iter()
        .fold(router, |router, path| router.route(path, any(ollama_only)));
    router
        .route("/v1/models", get(models::models).fallback(other_method))
        .route(
            "/v1/models/{model}",
            get(models::model).fallback(other_method),
        )
        .route("/v1/trail", get(trail::trail).fallback(other_method))
        .route("/api/tags", get(models::tags).fallback(other_method))
        .route("/api/version", get(models::version).fallback(other_method))
        .route(
            "/v1/guard/preview",
            post(preview::preview).fallback(other_method),
        )
        .merge(batches::routes())
        .merge(presidio::routes())
        .merge(guardrail::routes())
        .merge(compat::routes())
        .route("/v1", any(unknown))
        .route("/v1/", any(unknown))
        .route("/v1/{*rest}", any(unknown))
        .with_state(state)
}

/// A route on which models are asked in one wire format.
fn model_route(route: &'static str, surface: &'static dyn Surface) -> MethodRouter<GatewayState> {
    post(
        move |State(state): State<GatewayState>, headers: HeaderMap, body: axum::body::Body| {
            // Every layer around this would otherwise carry the whole of it.
            Box::pin(answer::answer((route, surface), state, headers, body))
        },
    )
    .fallback(other_method)
}

async fn unknown(uri: Uri, headers: HeaderMap) -> Response {
    let problem = closed::why(uri.path()).map_or(Problem::UnknownRoute, Problem::Closed);
    problem.answer(voice_at(&uri, &headers))
}

/// How who asks for a path is told of an error: in the format that has such paths, whatever the headers say.
fn voice_at(uri: &Uri, headers: &HeaderMap) -> headers::Voice {
    let voice = headers::voice(headers);
    if uri.path().starts_with("/api/") {
        voice.in_shape(Shape::Ollama)
    } else if uri.path().starts_with("/v1/messages") {
        voice.in_shape(Shape::Anthropic)
    } else {
        voice
    }
}

async fn ollama_only(headers: HeaderMap) -> Response {
    let voice = headers::voice(&headers).in_shape(Shape::Ollama);
    Problem::Closed(closed::WHY_OF_OLLAMA).answer(voice)
}

async fn other_method(uri: Uri, headers: HeaderMap) -> Response {
    Problem::OtherMethod.answer(voice_at(&uri, &headers))
}

/// What this house knows when it reads a request.
fn names(desk: &Desk) -> Names<'_> {
    Names {
        finder: &*desk.finder,
        models: desk.providers.models(),
    }
}

/// A place among the requests that are worked on; given back when it is dropped.
fn place(state: &GatewayState) -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(&state.places)
        .try_acquire_owned()
        .map_err(|_| Problem::Busy)
}

/// A request's body, with the room that it takes; the room is given back when it is dropped.
struct Whole {
    bytes: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

impl Whole {
    /// Takes a piece in, if there is room for it.
    fn take(&mut self, piece: &[u8], limit: usize, state: &GatewayState) -> Result<(), Problem> {
        let length = self.bytes.len() + piece.len();
        if length > limit {
            return Err(Problem::TooLarge { limit });
        }
        let held = self
            .room
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = length.div_ceil(ROOM_PIECE).saturating_sub(held);
        let more = u32::try_from(missing).map_err(|_| Problem::Busy)?;
        let more = Arc::clone(&state.room)
            .try_acquire_many_owned(more)
            .map_err(|_| Problem::Busy)?;
        match &mut self.room {
            Some(room) => room.merge(more),
            None => self.room = Some(more),
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}

/// The body of a request, if it is JSON and not too long.
async fn body(
    state: &GatewayState,
    headers: &HeaderMap,
    body: axum::body::Body,
) -> Result<Whole, Problem> {
    is_json(headers)?;
    let DoorLimits {
        body_bytes,
        body_time,
        ..
    } = state.limits;
    within(body_time, collect(body, body_bytes, state)).await
}

/// The same of a batch of requests, which may be longer.
async fn batch_body(
    state: &GatewayState,
    headers: &HeaderMap,
    body: axum::body::Body,
) -> Result<Whole, Problem> {
    is_json(headers)?;
    let DoorLimits {
        batch_bytes,
        form_time,
        ..
    } = state.limits;
    within(form_time, collect(body, batch_bytes, state)).await
}

/// The body of a form with a batch of requests in it.
async fn batch_form_body(
    state: &GatewayState,
    headers: &HeaderMap,
    body: axum::body::Body,
) -> Result<Whole, Problem> {
    if !is_form(headers) || headers.contains_key(CONTENT_ENCODING) {
        return Err(Problem::Batch(batches::Fault::NotForm));
    }
    let DoorLimits {
        batch_bytes,
        form_time,
        ..
    } = state.limits;
    within(form_time, collect(body, batch_bytes, state)).await
}

fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json")
        || headers.contains_key(CONTENT_ENCODING)
    {
        return Err(Problem::NotJson);
    }
    Ok(())
}

/// The body of a request, if it is a form and not too long.
async fn form_body(
    state: &GatewayState,
    headers: &HeaderMap,
    body: axum::body::Body,
    holds: Holds,
) -> Result<Whole, Problem> {
    if !is_form(headers) || headers.contains_key(CONTENT_ENCODING) {
        return Err(Problem::NotForm(holds));
    }
    let DoorLimits {
        form_bytes,
        form_time,
        ..
    } = state.limits;
    within(form_time, collect(body, form_bytes, state)).await
}

async fn within(
    time: Duration,
    collecting: impl Future<Output = Result<Whole, Problem>>,
) -> Result<Whole, Problem> {
    tokio::time::timeout(time, collecting)
        .await
        .map_err(|_| Problem::TooSlow)?
}

async fn collect(
    mut body: axum::body::Body,
    limit: usize,
    state: &GatewayState,
) -> Result<Whole, Problem> {
    let declared = http_body::Body::size_hint(&body).lower();
    if declared > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(Problem::TooLarge { limit });
    }
    // What the client declares is only believed up to a point.
    let declared = declared.min(MOST_BELIEVED);
    let mut whole = Whole {
        bytes: Vec::with_capacity(usize::try_from(declared).unwrap_or_default()),
        room: None,
    };
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Err(Problem::BodyBrokeOff);
        };
        if let Ok(piece) = frame.into_data() {
            whole.take(&piece, limit, state)?;
        }
    }
    Ok(whole)
}

fn json_limits(state: &GatewayState) -> Limits {
    Limits {
        bytes: state.limits.body_bytes,
        ..Limits::default()
    }
}
