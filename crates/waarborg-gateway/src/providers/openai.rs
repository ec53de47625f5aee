//! A provider that speaks the chat-completions protocol over HTTP, wherever it is.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;

use futures_util::stream;
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::IgnoredAny;
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::prompt::{Prompt, Screened};
use waarborg_usecase::ports::{Chunks, Provider, ProviderError, Reply};

use crate::address::{BaseUrl, BaseUrlFault};
use crate::said;
use crate::sse::{Event, SseReader};
use crate::upstream::{Answer, Dialect, Upstream, UpstreamFault, UpstreamLimits};

/// A provider under one base URL, which the transfer permit must name.
pub struct OpenAi {
    base_url: BaseUrl,
    upstream: Upstream,
}

/// Why a provider cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderFault {
    /// The base URL is refused.
    #[error(transparent)]
    BaseUrl(#[from] BaseUrlFault),
    /// The connection cannot be prepared.
    #[error(transparent)]
    Upstream(#[from] UpstreamFault),
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
        let base_url = BaseUrl::parse(base_url)?;
        let upstream = Upstream::new(base_url.clone(), key, Dialect::OpenAi, limits)?;
        Ok(Self { base_url, upstream })
    }

    /// The register decides where data goes. If it names another address than the one this
    /// provider was opened for, nothing is sent to either.
    fn is_declared(&self, transfer: &TransferPermit<'_>) -> bool {
        super::is_declared(transfer, &self.base_url)
    }

    async fn ask(&self, prompt: Prompt<Screened>) -> Result<Reply, ProviderError> {
        let streams = prompt.streams();
        let accept = if streams {
            "text/event-stream"
        } else {
            "application/json"
        };
        let answer = self
            .upstream
            .post("/chat/completions", prompt.into_body(), accept)
            .await
            .map_err(error)?;
        match (streams, answer.is_stream()) {
            (true, true) => Ok(Reply::Stream(chunks(answer, self.upstream.limits().bytes))),
            (false, false) => Ok(Reply::Whole(answer.whole().await.map_err(error)?)),
            (true, false) | (false, true) => Err(ProviderError::Unreadable),
        }
    }
}

impl Provider for OpenAi {
    fn complete<'a>(
        &'a self,
        transfer: &'a TransferPermit<'a>,
        prompt: Prompt<Screened>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, ProviderError>> + Send + 'a>> {
        Box::pin(async move {
            if !self.is_declared(transfer) {
                return Err(ProviderError::Unreachable);
            }
            self.ask(prompt).await
        })
    }
}

/// A stream of events on its way to becoming chunks.
struct Reading {
    answer: Answer,
    reader: SseReader,
    events: VecDeque<Event>,
    has_finished: bool,
    has_ended: bool,
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
    finish_reason: Option<IgnoredAny>,
}

fn chunks(answer: Answer, limit: usize) -> Chunks {
    let reading = Reading {
        answer,
        reader: SseReader::new(limit),
        events: VecDeque::new(),
        has_finished: false,
        has_ended: false,
    };
    Box::pin(stream::unfold(reading, |mut reading| async move {
        let chunk = reading.next().await.transpose()?;
        reading.has_ended |= chunk.is_err();
        Some((chunk, reading))
    }))
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, ProviderError> {
        while !self.has_ended {
            match self.events.pop_front() {
                Some(event) if event.data == "[DONE]" => self.has_ended = true,
                Some(event) if event.data.is_empty() => {}
                Some(event) => return self.check(event).map(Some),
                None => self.more().await?,
            }
        }
        Ok(None)
    }

    async fn more(&mut self) -> Result<(), ProviderError> {
        let Some(bytes) = self.answer.next().await.map_err(error)? else {
            // Some providers leave out `[DONE]`; then every choice must have finished.
            if self.reader.is_inside_event() || !self.has_finished {
                return Err(ProviderError::BrokenOff);
            }
            self.has_ended = true;
            return Ok(());
        };
        let mut events = Vec::new();
        self.reader
            .push(&bytes, &mut events)
            .map_err(|_| ProviderError::TooLarge)?;
        self.events.extend(events);
        Ok(())
    }

    fn check(&mut self, event: Event) -> Result<Vec<u8>, ProviderError> {
        let chunk: Chunk =
            serde_json::from_str(&event.data).map_err(|_| ProviderError::Unreadable)?;
        if chunk.error.is_some() {
            return Err(ProviderError::Failed(said::read(event.data.as_bytes())));
        }
        self.has_finished |= chunk
            .choices
            .iter()
            .flatten()
            .any(|choice| choice.finish_reason.is_some());
        Ok(event.data.into_bytes())
    }
}

pub(super) fn error(fault: UpstreamFault) -> ProviderError {
    match fault {
        UpstreamFault::Unreachable | UpstreamFault::UnusableKey | UpstreamFault::NoTls => {
            ProviderError::Unreachable
        }
        UpstreamFault::TooSlow => ProviderError::TooSlow,
        UpstreamFault::BrokenOff => ProviderError::BrokenOff,
        UpstreamFault::Refused {
            status,
            retry_after_seconds,
            words,
        } => ProviderError::Refused {
            status,
            retry_after_s: retry_after_seconds,
            words,
        },
        UpstreamFault::NotTheProtocol => ProviderError::Unreadable,
        UpstreamFault::TooLong => ProviderError::TooLarge,
    }
}
