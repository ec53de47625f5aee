//! Portkey's webhook guardrail, before it sends (`beforeRequestHook`) and when it has an answer (`afterRequestHook`).
//! After an error, and after three seconds, Portkey sends the text as it was. So whatever goes wrong here is a verdict.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use futures_util::future::BoxFuture;
use http::HeaderMap;
use serde_json::{Value, json};

use super::super::GatewayState;
use super::super::compat::{Fault, member};
use super::super::error::Problem;
use super::super::headers::Voice;
use super::{Clear, Mark, Question, answered};
use crate::restore::AnswerText;
use crate::surfaces::{
    ChatCompletionsSurface, CompletionsSurface, EmbeddingsSurface, MessagesSurface,
    ResponsesSurface, Surface,
};

const EVENT: Fault = Fault::new("eventType", "error-portkey-event");
const REQUEST: Fault = Fault::new("request.json", "error-portkey-request");
const RESPONSE: Fault = Fault::new("response.json", "error-portkey-response");
const KIND: Fault = Fault::not_done("requestType", "error-portkey-type");
const MODEL: Fault = Fault::new("request.json.model", "error-guardrail-model");

pub(super) async fn asked(
    State(state): State<GatewayState>,
    model: Option<Path<String>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let model = model.map(|Path(model)| model);
    answered((state, headers, model), body, work, refuse).await
}

fn work(question: Question<'_>) -> BoxFuture<'_, Result<Value, Problem>> {
    Box::pin(async move {
        match member(&question.document, "eventType").and_then(Value::as_str) {
            Some("beforeRequestHook") => request(question).await,
            Some("afterRequestHook") => response(&question),
            _ => Err(EVENT.into()),
        }
    })
}

fn refuse(problem: &Problem, voice: Voice) -> Response {
    let reason = problem.sentence(voice.language);
    let data = json!({"reason": reason, "code": problem.code()});
    axum::Json(json!({"verdict": false, "data": data})).into_response()
}

async fn request(mut question: Question<'_>) -> Result<Value, Problem> {
    question
        .state
        .spending
        .admit(&question.desk, &question.key)
        .await?;
    let surface = surface(&question)?;
    let asked = question
        .document
        .get("request")
        .and_then(|request| request.get("json"));
    let asked = asked
        .filter(|asked| asked.is_object())
        .ok_or(REQUEST)?
        .clone();
    if question.model.is_none() && !asked.get("model").is_some_and(Value::is_string) {
        return Err(MODEL.into());
    }
    let Clear {
        document,
        surrogates,
    } = question.clear(surface, asked.clone()).await?;
    question.hold(mark(&question, &document), surrogates);
    if document == asked {
        return Ok(json!({"verdict": true}));
    }
    Ok(json!({"verdict": true, "transformedData": {"request": {"json": document}}}))
}

fn response(question: &Question<'_>) -> Result<Value, Problem> {
    let surface = surface(question)?;
    let at = |first: &str| {
        question
            .document
            .get(first)
            .and_then(|part| part.get("json"))
    };
    let asked = at("request").ok_or(REQUEST)?;
    let answer = at("response")
        .filter(|answer| answer.is_object())
        .ok_or(RESPONSE)?;
    let mark = mark(question, asked);
    let Some(surrogates) = question.state.held.find(mark, question.desk.now()) else {
        return Ok(json!({"verdict": true}));
    };
    let text = surface
        .read(asked.to_string().as_bytes())
        .map_or(AnswerText::Plain, |form| form.text);
    let restored = surface
        .restore(answer.to_string().into(), &surrogates, text)
        .map_err(|_| RESPONSE)?;
    let restored: Value = serde_json::from_slice(&restored).map_err(|_| Problem::House)?;
    let said = question
        .document
        .get("response")
        .and_then(|part| part.get("text"));
    let said = said.and_then(Value::as_str).unwrap_or_default();
    let said = surrogates.restore_all(said, text.scope());
    Ok(json!({"verdict": true, "transformedData": {"response": {"json": restored, "text": said}}}))
}

/// In which format the question is put.
fn surface(question: &Question<'_>) -> Result<&'static dyn Surface, Fault> {
    match member(&question.document, "requestType").and_then(Value::as_str) {
        Some("chatComplete") => Ok(&ChatCompletionsSurface),
        Some("complete") => Ok(&CompletionsSurface),
        Some("embed") => Ok(&EmbeddingsSurface),
        Some("messages") => Ok(&MessagesSurface),
        Some("createModelResponse") => Ok(&ResponsesSurface),
        _ => Err(KIND),
    }
}

/// Portkey gives its requests no name; but with an answer comes what was asked, as it left.
fn mark(question: &Question<'_>, asked: &Value) -> Mark {
    let parts = ["messages", "prompt", "input", "system", "instructions"];
    let mut said: Vec<Value> = parts
        .map(|part| asked.get(part).cloned().unwrap_or_default())
        .into();
    said.iter_mut().for_each(Value::sort_all_objects);
    Mark::new(
        "portkey",
        question.asker(),
        Value::Array(said).to_string().as_bytes(),
    )
}
