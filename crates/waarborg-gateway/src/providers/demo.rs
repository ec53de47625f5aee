//! The demonstration model as a provider: inside the program, without any connection.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::stream;
use serde_json::Value;
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::prompt::{Prompt, Screened, Wire};
use waarborg_usecase::ports::{Provider, ProviderError, Reply};

use super::openai;
use crate::demo;
use crate::translation::{
    Asked, ChunksToEvents, ChunksToLines, InChat, Lengths, as_response, from_ollama,
    from_responses, line_of, message_of, said_as, to_chat,
};

/// How fast the demonstration model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Before its first word.
    pub first: Duration,
    /// Between two pieces of a word or two.
    pub between: Duration,
}

impl Pace {
    /// As fast as it can, for tests.
    pub const NONE: Self = Self {
        first: Duration::ZERO,
        between: Duration::ZERO,
    };
    /// As a model does.
    pub const NATURAL: Self = Self {
        first: Duration::from_millis(350),
        between: Duration::from_millis(16),
    };
}

/// The demonstration model.
pub struct Demo {
    seconds_since_1970: Box<dyn Fn() -> i64 + Send + Sync>,
    pace: Pace,
}

impl Demo {
    /// The demonstration model with a clock and a pace.
    #[must_use]
    pub fn new(seconds_since_1970: impl Fn() -> i64 + Send + Sync + 'static, pace: Pace) -> Self {
        Self {
            seconds_since_1970: Box::new(seconds_since_1970),
            pace,
        }
    }

    async fn answer(&self, prompt: Prompt<Screened>) -> Result<Reply, ProviderError> {
        match prompt.wire() {
            Wire::Messages => {
                let InChat { body, thoughts } = to_chat(prompt.body(), Lengths::Plain)?;
                let reply = self.chat(&body).await?;
                said_as(
                    reply,
                    |body| message_of(body, thoughts),
                    ChunksToEvents::new(thoughts),
                )
            }
            Wire::Responses => {
                let Asked { body, repeated } = from_responses(prompt.body())?;
                as_response(self.chat(&body).await?, repeated)
            }
            Wire::OllamaChat => {
                let asked = from_ollama(prompt.body(), Lengths::Plain)?;
                let reply = self.chat(&asked).await?;
                said_as(reply, line_of, ChunksToLines::default())
            }
            _ => self.chat(prompt.body()).await,
        }
    }

    async fn chat(&self, asked: &[u8]) -> Result<Reply, ProviderError> {
        let document: Value =
            serde_json::from_slice(asked).map_err(|_| ProviderError::Unreadable)?;
        let reply = demo::reply(&document, (self.seconds_since_1970)());
        pause(self.pace.first).await;
        if !reply.streams() {
            return Ok(Reply::Whole(reply.body().into_bytes()));
        }

        let between = self.pace.between;
        let events = reply.events().into_iter().filter(|event| event != "[DONE]");
        Ok(Reply::Stream(Box::pin(stream::unfold(
            events,
            move |mut events| async move {
                let event = events.next()?;
                pause(between).await;
                Some((Ok(event.into_bytes()), events))
            },
        ))))
    }
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

impl Provider for Demo {
    fn speaks(&self, wire: Wire) -> bool {
        matches!(
            wire,
            Wire::ChatCompletions
                | Wire::Messages
                | Wire::CountTokens
                | Wire::Responses
                | Wire::OllamaChat
        )
    }

    fn answers_itself(&self, prompt: &Prompt<Screened>) -> Result<Option<Vec<u8>>, ProviderError> {
        openai::count(prompt)
    }

    fn takes(&self, prompt: &Prompt<Screened>) -> Result<(), ProviderError> {
        match prompt.wire() {
            Wire::Messages => {
                to_chat(prompt.body(), Lengths::Plain)?;
            }
            Wire::Responses => {
                from_responses(prompt.body())?;
            }
            Wire::OllamaChat => {
                from_ollama(prompt.body(), Lengths::Plain)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn complete<'a>(
        &'a self,
        _transfer: &'a TransferPermit<'a>,
        prompt: Prompt<Screened>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, ProviderError>> + Send + 'a>> {
        Box::pin(self.answer(prompt))
    }
}
