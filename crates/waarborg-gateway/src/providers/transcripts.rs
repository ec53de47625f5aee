//! Sound on its way to a provider that writes it down, and what it wrote.

use std::borrow::Cow;

use serde::Deserialize;
use waarborg_domain::prompt::{Prompt, Screened};
use waarborg_usecase::ports::{ProviderError, Reply};

use super::error;
use super::events::{EventRules, Framing, Step, documents};
use crate::form::{Written, with_sound};
use crate::said;
use crate::upstream::Upstream;

/// The media types of texts by themselves: what was said, or subtitles.
const PLAIN: [&str; 5] = [
    "text/plain",
    "text/vtt",
    "text/srt",
    "application/x-subrip",
    "application/srt",
];

/// Sends a recording with its fields as a form, and takes what comes back: a document, a text, or a stream of events
/// where one was asked for. Some models do not stream, whatever they are asked.
pub(super) async fn transcribed(
    upstream: &Upstream,
    path: &str,
    prompt: &Prompt<Screened>,
) -> Result<Reply, ProviderError> {
    let form = prompt
        .recording()
        .and_then(|recording| with_sound(prompt.body(), recording));
    let Written {
        content_type,
        pieces,
    } = form.ok_or(ProviderError::Unreadable)?;
    let accept = if prompt.streams() {
        "text/event-stream"
    } else {
        "application/json, text/*"
    };
    let answer = upstream
        .post_form(path, (content_type, pieces), accept)
        .await
        .map_err(error)?;
    if answer.is_stream() {
        if !prompt.streams() {
            return Err(ProviderError::Unreadable);
        }
        let limit = upstream.limits().bytes;
        return Ok(Reply::Stream(documents(
            answer,
            limit,
            Framing::Events,
            Rules,
        )));
    }
    let is_plain = PLAIN.contains(&answer.media_type());
    if !is_plain && answer.media_type() != "application/json" {
        return Err(ProviderError::Unreadable);
    }
    let body = answer.whole().await.map_err(error)?;
    if !is_plain {
        return Ok(Reply::Whole(body));
    }
    let text = String::from_utf8(body).map_err(|_| ProviderError::Unreadable)?;
    Ok(Reply::Plain(text))
}

/// What must be true of every event of a transcript.
#[derive(Deserialize)]
struct Head<'d> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'d, str>,
}

/// A transcript says itself where it ends.
struct Rules;

impl EventRules for Rules {
    fn judge(&mut self, data: &str) -> Result<Step, ProviderError> {
        let head: Head<'_> = serde_json::from_str(data).map_err(|_| ProviderError::Unreadable)?;
        match &*head.kind {
            "error" => Err(ProviderError::Failed(said::read(data.as_bytes()))),
            "transcript.text.done" => Ok(Step::PassAsLast),
            _ => Ok(Step::Pass),
        }
    }
}
