//! What came of a batch on its way to the client: one line at a time, each with the values of its own request put back.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use waarborg_detect::surrogate::{Language, Surrogates};
use waarborg_domain::json::scan;
use waarborg_domain::policy::Policy;
use waarborg_usecase::Desk;
use waarborg_usecase::batches::{self, Found, Map, MapLine};
use waarborg_usecase::ports::{Chunks, Errand, ErrandAct, KeptKind, ProviderError};

use super::super::error::Problem;
use super::{Caller, fault, files};
use crate::providers::deposits::is_name;
use crate::restore::{AnswerText, LIMITS};
use crate::surfaces::{MessagesSurface, Surface as _};
use crate::texts::say;

/// What is read of what came of a batch.
pub(super) struct Reading<'a> {
    /// What the provider keeps it as.
    pub(super) kind: KeptKind,
    /// By which name.
    pub(super) name: &'a str,
    /// Where the requests of the batch stand.
    pub(super) within: &'static str,
    pub(super) media_type: &'static str,
    pub(super) restore: Restore,
}

/// Puts the values back in a line.
type Restore = fn(&Lines, &str) -> Result<String, ProviderError>;

/// Reads what came of a batch, each answer with its values put back.
pub(super) async fn read(
    caller: Caller,
    found: &Found,
    reading: Reading<'_>,
) -> Result<Response, Problem> {
    let wrong = |error| fault::problem(error, reading.within);
    let (map, policy) = found.map(&caller.desk, &caller.key).map_err(wrong)?;
    let errand = Errand {
        kind: reading.kind,
        name: reading.name,
        act: ErrandAct::Read,
    };
    let reply = batches::ask(&caller.desk, &found.kept.recipient, errand).await;
    let chunks = reply.map_err(wrong)?.streamed();
    let lines = Lines {
        chunks: chunks.map_err(Problem::Provider)?,
        map,
        policy,
        desk: caller.desk,
        language: caller.voice.language,
        restore: reading.restore,
        _place: caller.place,
    };
    let headers = [
        (CONTENT_TYPE, reading.media_type),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, body(lines)).into_response())
}

/// The lines of a provider, and what they are restored with.
pub(super) struct Lines {
    chunks: Chunks,
    map: Map,
    policy: Arc<Policy>,
    desk: Desk,
    language: Language,
    restore: Restore,
    /// It is worked on until its last line.
    _place: OwnedSemaphorePermit,
}

impl Lines {
    /// The request of the batch that a provider knows by this number.
    fn line(&self, number: &str) -> Result<&MapLine, ProviderError> {
        let number: usize = number.parse().map_err(|_| ProviderError::Unreadable)?;
        let line = number.checked_sub(1).and_then(|at| self.map.lines.get(at));
        line.ok_or(ProviderError::Unreadable)
    }

    /// What puts the values of a request back. Where nobody can say what stands for what, no more is said.
    fn surrogates(&self, known: &MapLine) -> Result<Surrogates, ProviderError> {
        let surrogates = self.map.surrogates(&self.desk, &self.policy, known);
        surrogates.map_err(|_| ProviderError::Unreadable)
    }

    /// An answer of OpenAI's with its values put back, as the address of its batch does.
    fn body(&self, known: &MapLine, body: &RawValue) -> Result<String, ProviderError> {
        let endpoint = self.map.beside.get("endpoint").and_then(Value::as_str);
        let surface = endpoint.and_then(files::surface);
        let surface = surface.ok_or(ProviderError::Unreadable)?;
        let surrogates = self.surrogates(known)?;
        let body = body.get().as_bytes().to_vec();
        let body = surface
            .restore(body, &surrogates, files::text_of(&known.form))
            .map_err(|_| ProviderError::Unreadable)?;
        String::from_utf8(body).map_err(|_| ProviderError::Unreadable)
    }

    /// What stands in the place of a provider's sentence, which nobody screened.
    fn failed(&self) -> String {
        say(self.language, "batch-line-failed", &[])
    }
}

/// The body of the answer. Where the provider breaks off, or says something that cannot be read, so does the connection: a
/// client must not take half of it for the whole.
fn body(lines: Lines) -> Body {
    Body::from_stream(stream::unfold(Some(lines), |lines| async move {
        let mut lines = lines?;
        let line = lines.chunks.next().await?;
        match line.and_then(|line| restored(&lines, line)) {
            Ok(line) => Some((Ok(Bytes::from(line)), Some(lines))),
            Err(error) => {
                tracing::warn!(
                    outcome = "provider_broke_off",
                    "the results of a batch ended before their end"
                );
                Some((Err(error), None))
            }
        }
    }))
}

fn restored(lines: &Lines, line: Vec<u8>) -> Result<String, ProviderError> {
    // Read strictly first: what follows may then trust any reader.
    scan(&line, &LIMITS).map_err(|_| ProviderError::Unreadable)?;
    let line = String::from_utf8(line).map_err(|_| ProviderError::Unreadable)?;
    let mut restored = (lines.restore)(lines, &line)?;
    restored.push('\n');
    Ok(restored)
}

/// A line of OpenAI's. It may have more members; they are not ours to pass on.
#[derive(Deserialize)]
struct OfOutput<'l> {
    #[serde(borrow)]
    id: Cow<'l, str>,
    #[serde(borrow)]
    custom_id: Cow<'l, str>,
    #[serde(borrow, default)]
    response: Option<Answered<'l>>,
    #[serde(borrow, default)]
    error: Option<&'l RawValue>,
}

#[derive(Deserialize)]
struct Answered<'l> {
    status_code: u16,
    #[serde(borrow, default)]
    request_id: Option<Cow<'l, str>>,
    #[serde(borrow)]
    body: &'l RawValue,
}

/// One line of what came of a batch of OpenAI's.
pub(super) fn of_output(lines: &Lines, line: &str) -> Result<String, ProviderError> {
    let unreadable = |_| ProviderError::Unreadable;
    let told: OfOutput<'_> = serde_json::from_str(line).map_err(unreadable)?;
    let known = lines.line(&told.custom_id)?;
    let word = |word: &str| is_name(word).then(|| word.to_owned());
    let head = json!(word(&told.id));
    let name = json!(known.name);
    let error = told.error.filter(|error| error.get() != "null");
    let error = error.map(|error| {
        let words = crate::said::read(format!("{{\"error\":{}}}", error.get()).as_bytes());
        json!({"code": words.code, "message": lines.failed()})
    });
    let error = error.unwrap_or_default();
    let Some(answered) = told.response else {
        return Ok(format!(
            "{{\"id\":{head},\"custom_id\":{name},\"response\":null,\"error\":{error}}}"
        ));
    };
    let request_id = json!(answered.request_id.as_deref().and_then(word));
    let status = answered.status_code;
    let body = if status == 200 {
        lines.body(known, answered.body)?
    } else {
        let words = crate::said::read(answered.body.get().as_bytes());
        json!({"error": {"message": lines.failed(), "type": words.kind, "param": words.param, "code": words.code}})
            .to_string()
    };
    Ok(format!(
        "{{\"id\":{head},\"custom_id\":{name},\"response\":{{\"status_code\":{status},\"request_id\":{request_id},\"body\":{body}}},\"error\":{error}}}"
    ))
}

/// A line of Anthropic's. It may have more members; they are not ours to pass on.
#[derive(Deserialize)]
struct OfMessageBatch<'l> {
    #[serde(borrow)]
    custom_id: Cow<'l, str>,
    #[serde(borrow)]
    result: MessageResult<'l>,
}

#[derive(Deserialize)]
struct MessageResult<'l> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'l, str>,
    #[serde(borrow, default)]
    message: Option<&'l RawValue>,
    #[serde(borrow, default)]
    error: Option<&'l RawValue>,
}

/// One line of what came of a batch of messages.
pub(super) fn of_message_batch(lines: &Lines, line: &str) -> Result<String, ProviderError> {
    let unreadable = |_| ProviderError::Unreadable;
    let OfMessageBatch { custom_id, result } = serde_json::from_str(line).map_err(unreadable)?;
    let known = lines.line(&custom_id)?;
    let name = json!(known.name);
    match (&*result.kind, result.message, result.error) {
        ("succeeded", Some(message), _) => {
            let surrogates = lines.surrogates(known)?;
            let message = message.get().as_bytes().to_vec();
            let message = MessagesSurface
                .restore(message, &surrogates, AnswerText::Plain)
                .map_err(|_| ProviderError::Unreadable)?;
            let message = String::from_utf8(message).map_err(|_| ProviderError::Unreadable)?;
            Ok(format!(
                "{{\"custom_id\":{name},\"result\":{{\"type\":\"succeeded\",\"message\":{message}}}}}"
            ))
        }
        ("errored", _, error) => {
            let words = error.map(|error| crate::said::read(error.get().as_bytes()));
            let kind = words.and_then(|words| words.kind);
            let kind = kind.unwrap_or_else(|| "api_error".to_owned());
            let error = json!({"type": kind, "message": lines.failed()});
            let result = json!({"type": "errored", "error": {"type": "error", "error": error}});
            Ok(json!({"custom_id": known.name, "result": result}).to_string())
        }
        (kind @ ("canceled" | "expired"), _, _) => {
            Ok(json!({"custom_id": known.name, "result": {"type": kind}}).to_string())
        }
        _ => Err(ProviderError::Unreadable),
    }
}
