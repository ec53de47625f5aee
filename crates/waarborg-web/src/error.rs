//! What goes wrong at this door: one place for status and wording. Nothing that was sent comes back.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::json;
use std::panic::AssertUnwindSafe;
use thiserror::Error;
use waarborg_domain::permit::Refusal;
use waarborg_usecase::casework::CaseError;
use waarborg_usecase::changes::ChangeError;
use waarborg_usecase::chat::{self, ChatError};
use waarborg_usecase::consent::ConsentError;
use waarborg_usecase::console::ConsoleError;
use waarborg_usecase::door::DoorError;
use waarborg_usecase::guard::GuardError;
use waarborg_usecase::ports::StoreError;
use waarborg_usecase::requests::ReceiveError;

use crate::app::App;
use crate::page::{problem, take};
use crate::visit::{self, Visit};

/// Why a page or an answer is not there.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum WebError {
    /// The notice was not seen yet.
    #[error("the notice comes first")]
    NoticeFirst,
    /// What was sent cannot be read.
    #[error("the request cannot be read")]
    Malformed,
    /// What was sent is larger than is taken.
    #[error("the request is too large")]
    TooLarge,
    /// The role does not admit it, or the request did not come from our own page.
    #[error("this is not allowed here")]
    Forbidden,
    /// There is no such thing, or it is another's.
    #[error("there is no such thing")]
    Missing,
    /// A part of the house cannot answer now; nothing was done.
    #[error("a part of the house cannot answer now")]
    Away,
    /// The register leaves no model open, or not this one.
    #[error("no model is open")]
    NoModel,
    /// The person stopped this by themselves.
    #[error("the person stopped this")]
    Stopped(Stop),
    /// The fault is ours.
    #[error("the fault is ours")]
    Ours,
}

impl WebError {
    /// The status that says this.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NoticeFirst => StatusCode::PRECONDITION_REQUIRED,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Forbidden | Self::Stopped(_) => StatusCode::FORBIDDEN,
            Self::Missing => StatusCode::NOT_FOUND,
            Self::Away | Self::NoModel => StatusCode::SERVICE_UNAVAILABLE,
            Self::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// By which choice of theirs a person stopped the use of their data. It also marks the answer that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// They restricted it (article 18).
    Restricted,
    /// They objected to the purpose (article 21).
    Objected,
    /// They did not give, or took back, the consent that it stands on (article 7(3)).
    NoConsent,
}

impl Stop {
    /// The choice that a refusal speaks of, if it is one.
    const fn of(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::Restricted => Some(Self::Restricted),
            Refusal::Objected { .. } => Some(Self::Objected),
            Refusal::NoConsent { .. } => Some(Self::NoConsent),
            _ => None,
        }
    }

    /// The kind of problem, for a program.
    const fn kind(self) -> &'static str {
        match self {
            Self::Restricted => "urn:waarborg:restricted",
            Self::Objected => "urn:waarborg:objected",
            Self::NoConsent => "urn:waarborg:no-consent",
        }
    }

    /// The key of the sentence that says it to the person.
    const fn text(self) -> &'static str {
        match self {
            Self::Restricted => "stopped-lead",
            Self::Objected => "objected-stopped",
            Self::NoConsent => "withdrawn-stopped",
        }
    }
}

/// Marks an answer that is none because the register leaves no model open.
#[derive(Clone, Copy)]
struct NoModelOpen;

impl IntoResponse for WebError {
    /// The status alone; [`show`] adds the page or the problem in the person's language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        match self {
            Self::NoModel => {
                response.extensions_mut().insert(NoModelOpen);
            }
            Self::Stopped(stop) => {
                response.extensions_mut().insert(stop);
            }
            _ => {}
        }
        response
    }
}

impl From<StoreError> for WebError {
    fn from(_: StoreError) -> Self {
        Self::Away
    }
}

impl From<DoorError> for WebError {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::NoticeFirst => Self::NoticeFirst,
            DoorError::Store(store) => store.into(),
        }
    }
}

impl From<ChatError> for WebError {
    fn from(error: ChatError) -> Self {
        match error {
            ChatError::NoConversation => Self::Missing,
            ChatError::NoModel => Self::NoModel,
            ChatError::Finder => Self::Away,
            ChatError::NotAllowed(refusal) => refused(&refusal),
            ChatError::NoClaim => Self::Ours,
            ChatError::Store(store) => store.into(),
        }
    }
}

/// A refusal of the register, told apart by whether it is the person's own choice.
fn refused(refusal: &Refusal) -> WebError {
    Stop::of(refusal).map_or(WebError::Forbidden, WebError::Stopped)
}

impl From<GuardError> for WebError {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::NotAllowed(refusal) => refused(&refusal),
            GuardError::NoModel => Self::NoModel,
            GuardError::Finder => Self::Away,
        }
    }
}

impl From<ReceiveError> for WebError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::NotAllowed(_) => Self::Forbidden,
            ReceiveError::NoDesk => Self::Ours,
            ReceiveError::Store(store) => store.into(),
        }
    }
}

impl From<CaseError> for WebError {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::Missing => Self::Missing,
            CaseError::NotOfficer | CaseError::NotAllowed(_) => Self::Forbidden,
            CaseError::NoDesk => Self::Ours,
            CaseError::Store(store) => store.into(),
            CaseError::Closed
            | CaseError::IdentityFirst
            | CaseError::Undecided(_)
            | CaseError::OtherSlices
            | CaseError::SamePerson
            | CaseError::NothingWaits
            | CaseError::NoExtension(_)
            | CaseError::Nowhere
            | CaseError::NoIdentifier
            | CaseError::NoMail
            | CaseError::NoAddress
            | CaseError::Enough
            | CaseError::NotShown
            | CaseError::WrongCode
            | CaseError::NotDeclared
            | CaseError::ClockRuns
            | CaseError::WithoutReasons => Self::Malformed,
        }
    }
}

impl From<ChangeError> for WebError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NotOfficer => Self::Forbidden,
            ChangeError::Missing => Self::Missing,
            ChangeError::Store(store) => store.into(),
            // Its page says what stands in the way; whoever sends it without the page is told only this.
            ChangeError::NotNow
            | ChangeError::NoReason
            | ChangeError::Unchanged
            | ChangeError::Stale
            | ChangeError::Faults
            | ChangeError::Lacking
            | ChangeError::SecondPerson
            | ChangeError::Edit(..)
            | ChangeError::File(_) => Self::Malformed,
        }
    }
}

impl From<ConsentError> for WebError {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::NotAsked => Self::Malformed,
            ConsentError::Store(store) => store.into(),
        }
    }
}

impl From<ConsoleError> for WebError {
    fn from(error: ConsoleError) -> Self {
        match error {
            ConsoleError::Closed => Self::Forbidden,
            ConsoleError::Store(store) => store.into(),
        }
    }
}

/// Marks an answer whose body says already what is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Said;

/// Gives every answer that says "no" its page, or its problem for a program; also a panic's.
pub async fn show(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let answered = AssertUnwindSafe(next.run(Request::from_parts(parts, body)))
        .catch_unwind()
        .await;
    let response = answered.unwrap_or_else(|_| {
        tracing::error!(code = "panic", "a page broke off");
        WebError::Ours.into_response()
    });

    let status = response.status();
    let is_fault = status.is_client_error() || status.is_server_error();
    if !is_fault || response.extensions().get::<Said>().is_some() {
        return response;
    }
    let closed = match response.extensions().get::<NoModelOpen>() {
        Some(_) => closed_by(&app, &asked),
        None => Vec::new(),
    };
    let mut shown = match response.extensions().get::<Stop>() {
        Some(stop) => stopped(&app, &asked, *stop),
        None => page_or_problem(&app, &asked, status, &closed),
    };
    for name in [header::ALLOW, header::RETRY_AFTER, header::SET_COOKIE] {
        if let Some(value) = response.headers().get(&name) {
            shown.headers_mut().insert(name, value.clone());
        }
    }
    shown
}

/// Which row of the register closes which model of the chat, for who may mend it.
fn closed_by(app: &App, asked: &Parts) -> Vec<String> {
    let visit = Visit::anonymous(app, asked);
    chat::places(&visit.desk, None)
        .into_iter()
        .filter_map(|place| {
            let row = place.closed_by?.row()?;
            Some(format!("{}: {row}", place.model))
        })
        .collect()
}

/// Says to a person by which choice of theirs this is stopped.
fn stopped(app: &App, asked: &Parts, stop: Stop) -> Response {
    let visit = Visit::anonymous(app, asked);
    let status = StatusCode::FORBIDDEN;
    if asked.uri.path().starts_with("/api/") {
        let words = visit.words();
        let body = json!({
            "type": stop.kind(),
            "title": words.say("stopped-title"),
            "status": status.as_u16(),
            "detail": words.say(stop.text()),
        });
        return problem_json(status, &body);
    }
    let page = take::is_stopped(&visit.frame(), stop.text(), false);
    let mut response = (status, visit::html(page)).into_response();
    response.extensions_mut().insert(Said);
    response
}

fn page_or_problem(app: &App, asked: &Parts, status: StatusCode, closed: &[String]) -> Response {
    if asked.method == Method::HEAD {
        return status.into_response();
    }
    let is_for_a_program = asked.uri.path().starts_with("/api/");
    let visit = Visit::anonymous(app, asked);
    if is_for_a_program {
        let (title, text) = problem::texts(status, closed);
        let words = visit.words();
        let mut body = json!({
            "type": "about:blank",
            "title": words.say(title),
            "status": status.as_u16(),
            "detail": words.say(text),
        });
        if let (false, Some(members)) = (closed.is_empty(), body.as_object_mut()) {
            members.insert("closed_by".to_owned(), json!(closed));
        }
        return problem_json(status, &body);
    }
    let mut response = (
        status,
        visit::html(problem::page(&visit.frame(), status, closed)),
    )
        .into_response();
    response.extensions_mut().insert(Said);
    response
}

/// An answer of RFC 9457.
#[must_use]
pub fn problem_json(status: StatusCode, body: &serde_json::Value) -> Response {
    let kind = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    )];
    let mut response = (status, kind, body.to_string()).into_response();
    response.extensions_mut().insert(Said);
    response
}
