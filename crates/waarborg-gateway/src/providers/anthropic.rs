//! A provider that speaks Anthropic's messages protocol over HTTP, wherever it is.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;

use futures_util::stream;
use secrecy::SecretString;
use serde::Deserialize;
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::prompt::{Prompt, Screened, Wire};
use waarborg_usecase::ports::{Chunks, Provider, ProviderError, Reply};

use super::openai::{ProviderFault, error};
use crate::address::BaseUrl;
use crate::said;
use crate::sse::{Event, SseReader};
use crate::upstream::{Answer, Dialect, Upstream, UpstreamLimits};

/// A provider under one base URL, which the transfer permit must name.
pub struct Anthropic {
    base_url: BaseUrl,
    upstream: Upstream,
}

impl Anthropic {
    /// A provider at `base_url` (such as `https://api.anthropic.com/v1`), to whose host alone `key` is sent.
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
        let upstream = Upstream::new(base_url.clone(), key, Dialect::Anthropic, limits)?;
        Ok(Self { base_url, upstream })
    }

    async fn ask(&self, prompt: Prompt<Screened>) -> Result<Reply, ProviderError> {
        let path = match prompt.wire() {
            Wire::CountTokens => "/messages/count_tokens",
            _ => "/messages",
        };
        let streams = prompt.streams() && prompt.wire() == Wire::Messages;
        let accept = if streams {
            "text/event-stream"
        } else {
            "application/json"
        };
        let answer = self
            .upstream
            .post(path, prompt.into_body(), accept)
            .await
            .map_err(error)?;
        match (streams, answer.is_stream()) {
            (true, true) => Ok(Reply::Stream(events(answer, self.upstream.limits().bytes))),
            (false, false) => Ok(Reply::Whole(answer.whole().await.map_err(error)?)),
            (true, false) | (false, true) => Err(ProviderError::Unreadable),
        }
    }
}

impl Provider for Anthropic {
    fn speaks(&self, wire: Wire) -> bool {
        matches!(wire, Wire::Messages | Wire::CountTokens)
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
            self.ask(prompt).await
        })
    }
}

/// A stream of events on its way to becoming documents.
struct Reading {
    answer: Answer,
    reader: SseReader,
    events: VecDeque<Event>,
    has_ended: bool,
}

/// What must be true of every event.
#[derive(Deserialize)]
struct Head<'d> {
    #[serde(rename = "type", borrow)]
    kind: std::borrow::Cow<'d, str>,
}

fn events(answer: Answer, limit: usize) -> Chunks {
    let reading = Reading {
        answer,
        reader: SseReader::new(limit),
        events: VecDeque::new(),
        has_ended: false,
    };
    Box::pin(stream::unfold(reading, |mut reading| async move {
        let event = reading.next().await.transpose()?;
        reading.has_ended |= event.is_err();
        Some((event, reading))
    }))
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, ProviderError> {
        while !self.has_ended {
            match self.events.pop_front() {
                Some(event) if event.data.is_empty() => {}
                Some(event) => return self.check(event).map(Some),
                None => self.more().await?,
            }
        }
        Ok(None)
    }

    async fn more(&mut self) -> Result<(), ProviderError> {
        let Some(bytes) = self.answer.next().await.map_err(error)? else {
            return Err(ProviderError::BrokenOff);
        };
        let mut events = Vec::new();
        self.reader
            .push(&bytes, &mut events)
            .map_err(|_| ProviderError::TooLarge)?;
        self.events.extend(events);
        Ok(())
    }

    fn check(&mut self, event: Event) -> Result<Vec<u8>, ProviderError> {
        let head: Head<'_> =
            serde_json::from_str(&event.data).map_err(|_| ProviderError::Unreadable)?;
        match &*head.kind {
            "error" => Err(ProviderError::Failed(said::read(event.data.as_bytes()))),
            "message_stop" => {
                self.has_ended = true;
                Ok(event.data.into_bytes())
            }
            _ => Ok(event.data.into_bytes()),
        }
    }
}
