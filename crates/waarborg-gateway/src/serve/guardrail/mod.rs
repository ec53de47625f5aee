//! `/compat/litellm` and `/compat/portkey`: other gateways ask here what may leave before they send it, and have the
//! values put back in the answer.
//!
//! Who is asked has no say over what happens when the question fails. Some then send the text as it was, so that a
//! refusal is an answer here, and hardly ever an error.

mod held;
mod litellm;
mod portkey;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::HeaderMap;
use serde_json::{Map, Value};
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::ids::GatewayKeyId;
use waarborg_domain::json::scan;
use waarborg_domain::prompt::PromptFault;
use waarborg_usecase::Desk;
use waarborg_usecase::clearing::{self, Asked, Cleared, Outcome};
use waarborg_usecase::gateway::Wishes;
use waarborg_usecase::ports::GatewayKey;

use super::aside::{Aside, LONG_BODY};
use super::compat::{Fault, other_method, voice};
use super::error::Problem;
use super::headers::{Told, Voice};
use super::who::caller;
use super::{GatewayState, Whole, answer, json_limits, place, thread};
use crate::surfaces::Surface;

pub(super) use held::Held;
use held::Mark;

/// The routes that take texts in; each also with the name of one of our models behind its second part.
pub(super) const TAKING_IN: [&str; 2] = [LITELLM, "/compat/portkey"];

/// What LiteLLM puts behind the address that it is given.
const LITELLM: &str = "/compat/litellm/beta/litellm_basic_guardrail_api";

pub(super) fn routes() -> Router<GatewayState> {
    let litellm = || post(litellm::asked).fallback(other_method);
    let portkey = || post(portkey::asked).fallback(other_method);
    Router::new()
        .route(LITELLM, litellm())
        .route(
            "/compat/litellm/{model}/beta/litellm_basic_guardrail_api",
            litellm(),
        )
        .route("/compat/portkey", portkey())
        .route("/compat/portkey/{model}", portkey())
}

const NOT_AN_OBJECT: Fault = Fault::new("body", "error-guardrail-body");

/// A question of another gateway.
struct Question<'a> {
    state: &'a GatewayState,
    desk: Desk,
    key: GatewayKey,
    /// Who it is, where somebody signs for that.
    person: Option<String>,
    wishes: Wishes,
    voice: Voice,
    document: Map<String, Value>,
    /// Which of our models the address names.
    model: Option<String>,
    told: &'a mut Told,
}

/// What may leave in place of what was asked about.
struct Clear {
    document: Value,
    surrogates: Arc<Surrogates>,
}

impl Question<'_> {
    /// The key, and the person behind it where somebody signs for who it is.
    fn asker(&self) -> (GatewayKeyId, Option<&str>) {
        (self.key.id, self.person.as_deref())
    }

    /// Screens a document in one of the formats of models, and writes down what was decided.
    ///
    /// # Errors
    ///
    /// [`Problem`] if it may not leave.
    async fn clear(
        &mut self,
        surface: &'static dyn Surface,
        mut document: Value,
    ) -> Result<Clear, Problem> {
        let named = document.get("model").cloned();
        if let (Some(model), Some(members)) = (&self.model, document.as_object_mut()) {
            members.insert("model".to_owned(), Value::from(model.as_str()));
        }
        let (form, prompt) = answer::read(
            surface,
            self.state,
            &self.desk,
            document.to_string().into_bytes().into(),
        )?;
        thread::sent_elsewhere(&form)?;
        let asked = Asked {
            prompt,
            wishes: self.wishes.clone(),
        };
        let cleared = clearing::clear(&self.state.house, &self.key, &asked).await?;
        self.tell(&cleared);
        let Cleared {
            report,
            recipient,
            outcome,
            ..
        } = cleared;
        match outcome {
            Outcome::Refused { open } => {
                let places = (recipient.as_str(), open);
                let request = (self.told.request_id.as_str(), self.voice.language);
                Err(answer::refused(
                    &self.desk,
                    &report,
                    (None, None),
                    places,
                    request,
                ))
            }
            Outcome::Passed { body, surrogates } => {
                let mut document: Value =
                    serde_json::from_slice(&body).map_err(|_| Problem::House)?;
                if let (Some(members), Some(_), Some(named)) =
                    (document.as_object_mut(), &self.model, named)
                {
                    members.insert("model".to_owned(), named);
                }
                Ok(Clear {
                    document,
                    surrogates,
                })
            }
        }
    }

    fn tell(&mut self, cleared: &Cleared) {
        self.told.verdict = Some(cleared.report.verdict);
        self.told.findings = cleared.report.counts();
        self.told.recipient.clone_from(&cleared.recipient);
        self.told.policy.clone_from(&cleared.policy);
    }

    /// Keeps what came in the place of what until the answer is back, unless nothing may be kept.
    fn hold(&self, mark: Mark, surrogates: Arc<Surrogates>) {
        if !self.wishes.no_store && !self.wishes.dry_run {
            self.state.held.keep(mark, surrogates, &self.desk);
        }
    }
}

/// What becomes of a question.
type Work = for<'a> fn(Question<'a>) -> BoxFuture<'a, Result<Value, Problem>>;

/// How a gateway is told of a problem.
type Refuse = fn(&Problem, Voice) -> Response;

/// Answers a question. A panic on the way is answered like any other failure of the house.
async fn answered(
    (state, headers, model): (GatewayState, HeaderMap, Option<String>),
    body: Body,
    work: Work,
    refuse: Refuse,
) -> Response {
    let mut told = Told {
        request_id: state.house.desk().ids.token().text(),
        ..Told::default()
    };
    let worked = worked(&state, &headers, model, body, (&mut told, work));
    let worked = AssertUnwindSafe(worked).catch_unwind().await;
    let mut response = match worked.unwrap_or(Err(Problem::House)) {
        Ok(document) => Json(document).into_response(),
        Err(problem) => {
            if matches!(problem, Problem::House) {
                tracing::error!(
                    request.id = told.request_id,
                    "a request was refused because the house could not work"
                );
            }
            refuse(&problem, voice(&headers))
        }
    };
    told.add_to(response.headers_mut());
    response
}

async fn worked(
    state: &GatewayState,
    headers: &HeaderMap,
    model: Option<String>,
    body: Body,
    (told, work): (&mut Told, Work),
) -> Result<Value, Problem> {
    let desk = state.house.desk();
    let caller = caller(state, &desk, headers).await?;
    let _place = place(state)?;
    let wishes = caller.wishes(headers)?;
    let Whole {
        bytes: body,
        room: _room,
    } = super::body(state, headers, body).await?;
    let is_long = body.len() >= LONG_BODY;
    // Read strictly first: what follows may then trust any reader.
    scan(&body, &json_limits(state)).map_err(PromptFault::from)?;
    let document = serde_json::from_slice(&body).map_err(|_| NOT_AN_OBJECT)?;
    let question = Question {
        state,
        desk,
        key: caller.key,
        wishes,
        person: caller.person,
        voice: voice(headers),
        document,
        model,
        told,
    };
    if is_long {
        Aside::new(work(question)).await
    } else {
        work(question).await
    }
}

/// Whether a problem is about the connection to us and not about what is asked: there an error says more.
const fn is_about_the_connection(problem: &Problem) -> bool {
    matches!(problem, Problem::NoKey | Problem::Who(_) | Problem::NotJson)
}
