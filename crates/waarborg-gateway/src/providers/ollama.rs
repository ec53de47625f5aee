//! Ollama over HTTP: its own protocols, and those of OpenAI that it speaks as well.

use std::future::Future;
use std::pin::Pin;

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::IgnoredAny;
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::prompt::{Prompt, Screened, Wire};
use waarborg_usecase::ports::{Provider, ProviderError, Reply};

use super::events::{EventRules, Framing, Step, documents};
use super::{ProviderFault, error, openai};
use crate::address::BaseUrl;
use crate::said;
use crate::upstream::{Dialect, Upstream, UpstreamKey, UpstreamLimits};

/// An Ollama at one address, which the transfer permit must name.
pub struct Ollama {
    base_url: BaseUrl,
    upstream: Upstream,
}

impl Ollama {
    /// An Ollama at `base_url` (such as `http://127.0.0.1:11434`), to whose host alone `key` is sent.
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

    async fn ask(&self, prompt: Prompt<Screened>) -> Result<Reply, ProviderError> {
        let Some(path) = path(prompt.wire()) else {
            return openai::ask(&self.upstream, "/v1", prompt).await;
        };
        let streams = prompt.streams();
        let accept = if streams {
            "application/x-ndjson"
        } else {
            "application/json"
        };
        let answer = self
            .upstream
            .post(path, prompt.into_body(), accept)
            .await
            .map_err(error)?;
        match (streams, answer.is_lines()) {
            (true, true) => {
                let limit = self.upstream.limits().bytes;
                Ok(Reply::Stream(documents(
                    answer,
                    limit,
                    Framing::Lines,
                    Rules,
                )))
            }
            (false, false) => Ok(Reply::Whole(answer.whole().await.map_err(error)?)),
            (true, false) | (false, true) => Err(ProviderError::Unreadable),
        }
    }
}

const fn path(wire: Wire) -> Option<&'static str> {
    match wire {
        Wire::OllamaChat => Some("/api/chat"),
        Wire::OllamaGenerate => Some("/api/generate"),
        Wire::OllamaEmbed => Some("/api/embed"),
        _ => None,
    }
}

impl Provider for Ollama {
    fn speaks(&self, wire: Wire) -> bool {
        path(wire).is_some()
            || matches!(
                wire,
                Wire::ChatCompletions
                    | Wire::Completions
                    | Wire::Embeddings
                    | Wire::Responses
                    | Wire::Messages
                    | Wire::CountTokens
            )
    }

    fn answers_itself(&self, prompt: &Prompt<Screened>) -> Result<Option<Vec<u8>>, ProviderError> {
        openai::count(prompt)
    }

    fn takes(&self, prompt: &Prompt<Screened>) -> Result<(), ProviderError> {
        openai::can_be_said(&self.upstream, prompt)
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

/// What must be true of every line.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    done: bool,
    #[serde(default)]
    error: Option<IgnoredAny>,
}

/// Every stream says itself where it ends.
struct Rules;

impl EventRules for Rules {
    fn judge(&mut self, data: &str) -> Result<Step, ProviderError> {
        let line: Line = serde_json::from_str(data).map_err(|_| ProviderError::Unreadable)?;
        if line.error.is_some() {
            return Err(ProviderError::Failed(said::read(data.as_bytes())));
        }
        Ok(if line.done {
            Step::PassAsLast
        } else {
            Step::Pass
        })
    }
}
