//! A provider that speaks the chat-completions protocol over HTTP, wherever it is.

use std::future::Future;
use std::pin::Pin;

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::IgnoredAny;
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::prompt::{Prompt, Screened};
use waarborg_usecase::ports::{Provider, ProviderError, Reply};

use super::events::{EventRules, Step, documents};
use super::{ProviderFault, error};
use crate::address::BaseUrl;
use crate::said;
use crate::upstream::{Dialect, Upstream, UpstreamLimits};

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
        let base_url = BaseUrl::parse(base_url)?;
        let upstream = Upstream::new(base_url.clone(), key, Dialect::OpenAi, limits)?;
        Ok(Self { base_url, upstream })
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
            (true, true) => Ok(Reply::Stream(documents(
                answer,
                self.upstream.limits().bytes,
                Rules::default(),
            ))),
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
            if !super::is_declared(transfer, &self.base_url) {
                return Err(ProviderError::Unreachable);
            }
            self.ask(prompt).await
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
    finish_reason: Option<IgnoredAny>,
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
            .any(|choice| choice.finish_reason.is_some());
        Ok(Step::Pass)
    }

    fn may_close(&self) -> bool {
        self.has_finished
    }
}
