//! Between OpenAI's chat completions and Anthropic's messages, where a client speaks the one and a provider the other; and from OpenAI's
//! responses and Ollama's chats to either.
//!
//! A request is translated after it was screened and an answer before it is restored, so nothing here sees a value.
//! What changes the meaning of a request and does not exist on the other side is refused; what only tunes the model is
//! left out.

mod chunks;
mod content;
mod enclosed;
mod estimate;
mod from_chat;
mod from_message;
mod from_ollama;
mod from_responses;
mod to_chat;
mod to_messages;
mod to_ollama;
mod to_response;

use std::collections::VecDeque;

use futures_util::{StreamExt as _, stream};
use serde_json::{Map, Value};
use waarborg_usecase::ports::{Chunks, ProviderError, Reply};

pub(crate) use estimate::tokens_of;
pub(crate) use from_chat::{ChunksToEvents, Thoughts, message_of};
pub(crate) use from_message::{EventsToChunks, completion_of};
pub(crate) use from_ollama::{as_asked_of_ollama, from_ollama};
pub(crate) use from_responses::{Asked, as_asked, from_responses};
pub(crate) use to_chat::{InChat, Lengths, to_chat};
pub(crate) use to_messages::{Translated, to_messages};
pub(crate) use to_ollama::{ChunksToLines, line_of};

use to_response::{ChunksToResponse, response_of};

type Members = Map<String, Value>;

/// A request cannot be said in the other protocol because of this field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Untranslatable(pub(crate) &'static str);

impl From<Untranslatable> for ProviderError {
    fn from(Untranslatable(field): Untranslatable) -> Self {
        Self::NotTranslated(field)
    }
}

/// Says a stream in the other protocol, document by document.
pub(crate) trait StreamTranslator: Send + 'static {
    /// What a document of the provider is in the other protocol: none, one or several.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Unreadable`] if this is no document of the provider's protocol.
    fn document(&mut self, data: &[u8]) -> Result<Vec<Value>, ProviderError>;

    /// What the end of the stream is.
    fn end(&mut self) -> Vec<Value>;
}

/// A provider's answer in the other protocol.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if it is none that this protocol has.
pub(crate) fn said_as(
    reply: Reply,
    whole: impl FnOnce(&[u8]) -> Result<Vec<u8>, ProviderError>,
    translator: impl StreamTranslator,
) -> Result<Reply, ProviderError> {
    match reply {
        Reply::Whole(body) => Ok(Reply::Whole(whole(&body)?)),
        Reply::Stream(chunks) => Ok(Reply::Stream(translated(chunks, translator))),
        Reply::Plain(_) | Reply::Sound { .. } => Err(ProviderError::Unreadable),
    }
}

/// The answer to who speaks `responses`, which repeats some of what was asked.
///
/// # Errors
///
/// As [`said_as`].
pub(crate) fn as_response(reply: Reply, repeated: Members) -> Result<Reply, ProviderError> {
    let translator = ChunksToResponse::new(repeated.clone());
    said_as(reply, |body| response_of(body, repeated), translator)
}

/// A provider's stream in the other protocol.
fn translated(chunks: Chunks, translator: impl StreamTranslator) -> Chunks {
    let state = (chunks, translator, VecDeque::new(), false);
    Box::pin(stream::unfold(
        state,
        |(mut chunks, mut translator, mut ready, mut has_ended)| async move {
            loop {
                if let Some(document) = ready.pop_front() {
                    let document: Value = document;
                    let bytes = document.to_string().into_bytes();
                    return Some((Ok(bytes), (chunks, translator, ready, has_ended)));
                }
                if has_ended {
                    return None;
                }
                let documents = match chunks.next().await {
                    Some(Ok(data)) => translator.document(&data),
                    Some(Err(error)) => Err(error),
                    None => {
                        has_ended = true;
                        Ok(translator.end())
                    }
                };
                match documents {
                    Ok(documents) => ready.extend(documents),
                    Err(error) => return Some((Err(error), (chunks, translator, ready, true))),
                }
            }
        },
    ))
}

/// The members of a document.
fn members(body: &[u8], field: &'static str) -> Result<Members, Untranslatable> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Untranslatable(field)),
    }
}

/// The texts of a message: a string, or the text of each part; a part of another kind cannot be said.
fn texts(content: &Value, field: &'static str) -> Result<Vec<String>, Untranslatable> {
    match content {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Array(parts) => parts
            .iter()
            .map(|part| {
                let text = part.get("text").or_else(|| part.get("refusal"));
                let text = text.and_then(Value::as_str);
                text.map(str::to_owned).ok_or(Untranslatable(field))
            })
            .collect(),
        _ => Err(Untranslatable(field)),
    }
}

fn text_of<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn number_of(value: &Value, field: &str) -> u64 {
    value.get(field).and_then(Value::as_u64).unwrap_or_default()
}

/// Whether a field is there and says something.
fn says(asked: &Members, field: &str) -> bool {
    match asked.get(field) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(_) => true,
    }
}

/// Takes fields over as they are.
fn keep(asked: &Members, fields: &[&str], out: &mut Members) {
    for field in fields {
        if let Some(value) = asked.get(*field).filter(|value| !value.is_null()) {
            out.insert((*field).to_owned(), value.clone());
        }
    }
}
