//! A provider that speaks Anthropic's messages protocol over HTTP, wherever it is.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use secrecy::SecretString;
use serde::Deserialize;
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::prompt::{Prompt, Screened, Wire};
use waarborg_usecase::ports::{
    Deposit, Deposited, Errand, KeptKind, Provider, ProviderError, Reply,
};

use super::events::{EventRules, Framing, Step, documents};
use super::{ProviderFault, deposits, error};
use crate::address::BaseUrl;
use crate::said;
use crate::translation::{
    Asked, ChunksToLines, EventsToChunks, Lengths, Translated, as_asked, as_asked_of_ollama,
    as_response, completion_of, from_ollama, from_responses, line_of, said_as, to_messages,
};
use crate::upstream::{Dialect, Upstream, UpstreamKey, UpstreamLimits};

/// A provider under one base URL, which the transfer permit must name.
pub struct Anthropic {
    base_url: BaseUrl,
    upstream: Upstream,
}

/// Where batches are.
const BATCHES: &str = "/messages/batches";

/// Where a client asks for features that are not part of the protocol yet.
const BETA: &str = "anthropic-beta";

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
        let upstream = Upstream::new(base_url.clone(), key.clone(), Dialect::Anthropic, limits)?;
        Ok(Self { base_url, upstream })
    }

    async fn ask(&self, prompt: Prompt<Screened>) -> Result<Reply, ProviderError> {
        let streams = prompt.streams();
        let beta = match prompt.features() {
            [] => None,
            features => Some((BETA, features.join(","))),
        };
        let path = match prompt.wire() {
            Wire::CountTokens => "/messages/count_tokens",
            Wire::ChatCompletions => return self.ask_in_chat(prompt.body(), streams).await,
            Wire::Responses => {
                let Asked { body, repeated } = from_responses(prompt.body())?;
                let reply = self.ask_in_chat(&body, streams).await?;
                return as_response(reply, repeated);
            }
            Wire::OllamaChat => {
                let asked = from_ollama(prompt.body(), Lengths::Plain)?;
                let reply = self.ask_in_chat(&asked, streams).await?;
                return said_as(reply, line_of, ChunksToLines::default());
            }
            _ => "/messages",
        };
        self.send(path, prompt.into_body(), streams, beta).await
    }

    /// Asks for who speaks OpenAI's chat completions.
    async fn ask_in_chat(&self, asked: &[u8], streams: bool) -> Result<Reply, ProviderError> {
        let Translated { body, answering } = to_messages(asked)?;
        let reply = self.send("/messages", body, streams, None).await?;
        said_as(
            reply,
            |body| completion_of(body, answering),
            EventsToChunks::new(answering),
        )
    }

    async fn send(
        &self,
        path: &str,
        body: Vec<u8>,
        streams: bool,
        beta: Option<(&'static str, String)>,
    ) -> Result<Reply, ProviderError> {
        let accept = if streams {
            "text/event-stream"
        } else {
            "application/json"
        };
        let answer = self
            .upstream
            .post_with(path, body, accept, beta)
            .await
            .map_err(error)?;
        match (streams, answer.is_stream()) {
            (true, true) => Ok(Reply::Stream(documents(
                answer,
                self.upstream.limits().bytes,
                Framing::Events,
                Rules,
            ))),
            (false, false) => Ok(Reply::Whole(answer.whole().await.map_err(error)?)),
            (true, false) | (false, true) => Err(ProviderError::Unreadable),
        }
    }
}

impl Provider for Anthropic {
    fn speaks(&self, wire: Wire) -> bool {
        matches!(
            wire,
            Wire::Messages
                | Wire::CountTokens
                | Wire::ChatCompletions
                | Wire::Responses
                | Wire::OllamaChat
        )
    }

    fn takes(&self, prompt: &Prompt<Screened>) -> Result<(), ProviderError> {
        match prompt.wire() {
            Wire::ChatCompletions => {
                to_messages(prompt.body())?;
            }
            Wire::Responses => {
                let Asked { body, .. } = from_responses(prompt.body())?;
                to_messages(&body).map_err(as_asked)?;
            }
            Wire::OllamaChat => {
                let body = from_ollama(prompt.body(), Lengths::Plain)?;
                to_messages(&body).map_err(as_asked_of_ollama)?;
            }
            _ => {}
        }
        Ok(())
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

    fn keeps(&self, kind: KeptKind) -> bool {
        kind == KeptKind::MessageBatch
    }

    fn deposit<'a>(&'a self, transfer: &'a TransferPermit<'a>, deposit: Deposit) -> Deposited<'a> {
        Box::pin(async move {
            if !super::is_declared(transfer, &self.base_url) {
                return Err(ProviderError::Unreachable);
            }
            let Deposit::MessageBatch(prompts) = deposit else {
                return Err(ProviderError::NotTranslated("batches"));
            };
            // What is asked for beside the document is asked for all of them.
            let beta = prompts.first().map(|prompt| prompt.features().join(","));
            let beta = beta.filter(|beta| !beta.is_empty());
            let body = deposits::message_batch(prompts);
            let beta = beta.map(|beta| (BETA, beta));
            let accept = "application/json";
            let answer = self.upstream.post_with(BATCHES, body, accept, beta).await;
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
            if !self.base_url.is(base_url) || errand.kind != KeptKind::MessageBatch {
                return Err(ProviderError::Unreachable);
            }
            let path = format!("{BATCHES}/{}", errand.name);
            deposits::run(&self.upstream, &path, errand.act, ("results", "cancel")).await
        })
    }
}

/// What must be true of every event.
#[derive(Deserialize)]
struct Head<'d> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'d, str>,
}

/// Every stream says itself where it ends.
struct Rules;

impl EventRules for Rules {
    fn judge(&mut self, data: &str) -> Result<Step, ProviderError> {
        let head: Head<'_> = serde_json::from_str(data).map_err(|_| ProviderError::Unreadable)?;
        match &*head.kind {
            "error" => Err(ProviderError::Failed(said::read(data.as_bytes()))),
            "message_stop" => Ok(Step::PassAsLast),
            _ => Ok(Step::Pass),
        }
    }
}
