//! A provider that speaks OpenAI's protocols over HTTP, wherever it is.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::prompt::{Prompt, Screened, Wire};
use waarborg_usecase::ports::{
    Deposit, Deposited, Errand, KeptKind, Provider, ProviderError, Reply,
};

use super::events::{EventRules, Framing, Step, documents};
use super::pictures::{PicturesRules, asked_in_form};
use super::sound::sound;
use super::transcripts::transcribed;
use super::{ProviderFault, deposits, error};
use crate::address::BaseUrl;
use crate::completion::has_ended;
use crate::form::{Written, with_lines};
use crate::said;
use crate::translation::{
    ChunksToEvents, ChunksToLines, InChat, Lengths, from_ollama, line_of, message_of, said_as,
    to_chat, tokens_of,
};
use crate::upstream::{Answer, Dialect, Upstream, UpstreamKey, UpstreamLimits};

/// A provider under one base URL, which the transfer permit must name.
pub struct OpenAi {
    base_url: BaseUrl,
    upstream: Upstream,
}

impl OpenAi {
    /// A provider at `base_url`, to whose host alone `key` is sent.
    ///
    /// # Errors
    ///
    /// [`ProviderFault`] if the URL or the key is not usable.
    pub fn new(
        base_url: &str,
        key: Option<&SecretString>,
        limits: UpstreamLimits,
    ) -> Result<Self, ProviderFault> {
        Self::with_key(base_url, &UpstreamKey::new(key)?, limits)
    }

    /// The same with a key that may be replaced while requests go.
    ///
    /// # Errors
    ///
    /// [`ProviderFault`] if the URL is not usable.
    pub fn with_key(
        base_url: &str,
        key: &UpstreamKey,
        limits: UpstreamLimits,
    ) -> Result<Self, ProviderFault> {
        let base_url = BaseUrl::parse(base_url)?;
        let upstream = Upstream::new(base_url.clone(), key.clone(), Dialect::OpenAi, limits)?;
        Ok(Self { base_url, upstream })
    }
}

/// Sends a prompt to an upstream that speaks OpenAI's protocols below `base`.
pub(super) async fn ask(
    upstream: &Upstream,
    base: &str,
    prompt: Prompt<Screened>,
) -> Result<Reply, ProviderError> {
    let (wire, streams) = (prompt.wire(), prompt.streams());
    if matches!(wire, Wire::Transcriptions | Wire::Translations) {
        let path = path(wire).ok_or(ProviderError::Unreadable)?;
        return transcribed(upstream, &format!("{base}{path}"), &prompt).await;
    }
    let chat = Wire::ChatCompletions;
    match wire {
        Wire::Messages => {
            let InChat { body, thoughts } = to_chat(prompt.body(), lengths(upstream.host()))?;
            let reply = send(upstream, base, chat, body, streams).await?;
            said_as(
                reply,
                |body| message_of(body, thoughts),
                ChunksToEvents::new(thoughts),
            )
        }
        Wire::OllamaChat => {
            let body = from_ollama(prompt.body(), lengths(upstream.host()))?;
            let reply = send(upstream, base, chat, body, streams).await?;
            said_as(reply, line_of, ChunksToLines::default())
        }
        Wire::PictureEditForms | Wire::PictureVariations => {
            let path = path(wire).ok_or(ProviderError::Unreadable)?;
            let answer = asked_in_form(upstream, &format!("{base}{path}"), &prompt).await?;
            answered(answer, upstream, (wire, streams)).await
        }
        Wire::Conversation => {
            let path = match prompt.within() {
                Some(name) => format!("{base}{CONVERSATIONS}/{name}/items"),
                None => format!("{base}{CONVERSATIONS}"),
            };
            let body = deposits::items(prompt.into_body())?;
            let answer = upstream.post(&path, body, "application/json").await;
            let answer = answer.map_err(error)?.whole().await;
            Ok(Reply::Whole(answer.map_err(error)?))
        }
        _ => send(upstream, base, wire, prompt.into_body(), streams).await,
    }
}

/// Whether OpenAI's protocols have words for a prompt.
pub(super) fn can_be_said(
    upstream: &Upstream,
    prompt: &Prompt<Screened>,
) -> Result<(), ProviderError> {
    match prompt.wire() {
        Wire::Messages => {
            to_chat(prompt.body(), lengths(upstream.host()))?;
        }
        Wire::OllamaChat => {
            from_ollama(prompt.body(), lengths(upstream.host()))?;
        }
        _ => {}
    }
    Ok(())
}

/// OpenAI counts no tokens beforehand; who asks for it gets our estimate, which says that it is one.
pub(super) fn count(prompt: &Prompt<Screened>) -> Result<Option<Vec<u8>>, ProviderError> {
    if prompt.wire() != Wire::CountTokens {
        return Ok(None);
    }
    let n_tokens = tokens_of(prompt.body())?;
    let answer = json!({"input_tokens": n_tokens, "waarborg": {"estimated": true}});
    Ok(Some(answer.to_string().into_bytes()))
}

/// OpenAI's newer models do not understand the field that everybody else's models do.
fn lengths(host: &str) -> Lengths {
    if host == "api.openai.com" || host.ends_with(".openai.azure.com") {
        Lengths::Completion
    } else {
        Lengths::Plain
    }
}

async fn send(
    upstream: &Upstream,
    base: &str,
    wire: Wire,
    body: Vec<u8>,
    streams: bool,
) -> Result<Reply, ProviderError> {
    let path = path(wire).ok_or(ProviderError::Unreadable)?;
    let accept = match wire {
        Wire::Speech => "audio/*",
        _ if streams => "text/event-stream",
        _ => "application/json",
    };
    let answer = upstream
        .post(&format!("{base}{path}"), body, accept)
        .await
        .map_err(error)?;
    if wire == Wire::Speech {
        return sound(answer);
    }
    answered(answer, upstream, (wire, streams)).await
}

/// An answer as a document, or as a stream where one was asked for.
async fn answered(
    answer: Answer,
    upstream: &Upstream,
    (wire, streams): (Wire, bool),
) -> Result<Reply, ProviderError> {
    match (streams, answer.is_stream()) {
        (true, true) => {
            let limit = upstream.limits().bytes;
            Ok(Reply::Stream(match wire {
                Wire::Responses => documents(answer, limit, Framing::Events, ResponsesRules),
                Wire::Pictures | Wire::PictureEdits | Wire::PictureEditForms => {
                    documents(answer, limit, Framing::Events, PicturesRules::default())
                }
                _ => documents(answer, limit, Framing::Events, Rules::default()),
            }))
        }
        (false, false) => Ok(Reply::Whole(answer.whole().await.map_err(error)?)),
        (true, false) | (false, true) => Err(ProviderError::Unreadable),
    }
}

/// Where files and batches are.
const FILES: &str = "/files";
const BATCHES: &str = "/batches";

/// Where responses are.
const RESPONSES: &str = "/responses";

/// Where conversations are.
const CONVERSATIONS: &str = "/conversations";

/// Where a protocol is spoken, below the base URL.
const fn path(wire: Wire) -> Option<&'static str> {
    match wire {
        Wire::ChatCompletions => Some("/chat/completions"),
        Wire::Completions => Some("/completions"),
        Wire::Embeddings => Some("/embeddings"),
        Wire::Moderations => Some("/moderations"),
        Wire::Responses => Some(RESPONSES),
        Wire::Conversation => Some(CONVERSATIONS),
        Wire::Pictures => Some("/images/generations"),
        Wire::PictureEdits | Wire::PictureEditForms => Some("/images/edits"),
        Wire::PictureVariations => Some("/images/variations"),
        Wire::Speech => Some("/audio/speech"),
        Wire::Transcriptions => Some("/audio/transcriptions"),
        Wire::Translations => Some("/audio/translations"),
        _ => None,
    }
}

impl Provider for OpenAi {
    fn speaks(&self, wire: Wire) -> bool {
        let is_translated = matches!(wire, Wire::Messages | Wire::CountTokens | Wire::OllamaChat);
        is_translated || path(wire).is_some()
    }

    fn answers_itself(&self, prompt: &Prompt<Screened>) -> Result<Option<Vec<u8>>, ProviderError> {
        count(prompt)
    }

    fn takes(&self, prompt: &Prompt<Screened>) -> Result<(), ProviderError> {
        can_be_said(&self.upstream, prompt)
    }

    fn complete<'a>(
        &'a self,
        transfer: &'a TransferPermit<'a>,
        prompt: Prompt<Screened>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, ProviderError>> + Send + 'a>> {
        Box::pin(async move {
            if !super::is_declared(transfer, &self.base_url) {
                return Err(ProviderError::Unreachable);
            }
            ask(&self.upstream, "", prompt).await
        })
    }

    fn keeps(&self, kind: KeptKind) -> bool {
        match kind {
            KeptKind::File | KeptKind::Batch | KeptKind::Response | KeptKind::Conversation => true,
            KeptKind::MessageBatch => false,
        }
    }

    fn deposit<'a>(&'a self, transfer: &'a TransferPermit<'a>, deposit: Deposit) -> Deposited<'a> {
        Box::pin(async move {
            if !super::is_declared(transfer, &self.base_url) {
                return Err(ProviderError::Unreachable);
            }
            let json = "application/json";
            let answer = match deposit {
                Deposit::MessageBatch(_) => return Err(ProviderError::NotTranslated("batches")),
                Deposit::File(prompts) => {
                    let file = deposits::file(prompts, path)?;
                    let Written {
                        content_type,
                        pieces,
                    } = with_lines(&[("purpose", "batch")], file);
                    let form = (content_type, pieces);
                    self.upstream.post_form(FILES, form, json).await
                }
                Deposit::Batch {
                    file,
                    endpoint,
                    window,
                } => {
                    let body = json!({"input_file_id": file, "endpoint": endpoint, "completion_window": window});
                    let body = body.to_string().into_bytes();
                    self.upstream.post(BATCHES, body, json).await
                }
            };
            let answer = answer.map_err(error)?.whole().await.map_err(error)?;
            Ok((deposits::name_in(&answer)?, answer))
        })
    }

    fn run<'a>(
        &'a self,
        base_url: &'a str,
        errand: Errand<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, ProviderError>> + Send + 'a>> {
        Box::pin(async move {
            let path = match errand.kind {
                KeptKind::File => format!("{FILES}/{}", errand.name),
                KeptKind::Batch => format!("{BATCHES}/{}", errand.name),
                KeptKind::Response => format!("{RESPONSES}/{}", errand.name),
                KeptKind::Conversation => format!("{CONVERSATIONS}/{}", errand.name),
                KeptKind::MessageBatch => return Err(ProviderError::Unreachable),
            };
            if !self.base_url.is(base_url) {
                return Err(ProviderError::Unreachable);
            }
            deposits::run(&self.upstream, &path, errand.act, ("content", "cancel")).await
        })
    }
}

/// What must be true of every chunk.
#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    finish_reason: Value,
}

/// Some providers leave out `[DONE]`; then every choice must have finished.
#[derive(Default)]
struct Rules {
    has_finished: bool,
}

impl EventRules for Rules {
    fn judge(&mut self, data: &str) -> Result<Step, ProviderError> {
        if data == "[DONE]" {
            return Ok(Step::End);
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|_| ProviderError::Unreadable)?;
        if chunk.error.is_some() {
            return Err(ProviderError::Failed(said::read(data.as_bytes())));
        }
        self.has_finished |= chunk
            .choices
            .iter()
            .flatten()
            .any(|choice| has_ended(&choice.finish_reason));
        Ok(Step::Pass)
    }

    fn may_close(&self) -> bool {
        self.has_finished
    }
}

/// What must be true of every event of a response.
#[derive(Deserialize)]
struct Head<'d> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'d, str>,
}

/// A response says itself where it ends.
struct ResponsesRules;

impl EventRules for ResponsesRules {
    fn judge(&mut self, data: &str) -> Result<Step, ProviderError> {
        let head: Head<'_> = serde_json::from_str(data).map_err(|_| ProviderError::Unreadable)?;
        match &*head.kind {
            // What it says of the failure nobody has screened; its words for programs come through.
            "error" | "response.failed" => Err(ProviderError::Failed(said::read(data.as_bytes()))),
            "response.completed" | "response.incomplete" => Ok(Step::PassAsLast),
            _ => Ok(Step::Pass),
        }
    }
}
