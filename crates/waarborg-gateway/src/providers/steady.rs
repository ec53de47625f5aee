//! A provider as the table asks it: under the name by which it knows the model, with its failures remembered, and with
//! a stream held back until its first word, so that one that fails before it can still be asked of somebody else.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::prompt::{Prompt, Screened, Wire};
use waarborg_usecase::ports::{
    Chunks, Deposit, Deposited, Errand, KeptKind, Provider, ProviderError, Reply,
};

use super::health::{Health, means_trouble};

/// How a recipient is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// Its share of the conversations, beside the others with the same model; 0 is asked when the others fail.
    pub weight: u32,
    /// How often it is asked again after a failure that may pass.
    pub n_retries: u32,
    /// How long a stream is held back for its first word. A failure after that is the client's to see.
    pub first_word: Duration,
    /// The names by which it knows models, by the names that clients use.
    pub names: BTreeMap<String, String>,
    /// What it asks, in cents for a million tokens in and for a million out.
    pub prices: (u64, u64),
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            weight: 1,
            n_retries: 1,
            first_word: Duration::from_secs(10),
            names: BTreeMap::new(),
            prices: (0, 0),
        }
    }
}

/// A provider, how it is asked, and how it did.
pub(super) struct Steady {
    pub(super) provider: Box<dyn Provider>,
    pub(super) manner: Manner,
    pub(super) health: Arc<Health>,
}

impl Steady {
    pub(super) fn new(provider: Box<dyn Provider>, manner: Manner) -> Self {
        Self {
            provider,
            manner,
            health: Arc::new(Health::default()),
        }
    }

    async fn ask(
        &self,
        transfer: &TransferPermit<'_>,
        prompt: Prompt<Screened>,
    ) -> Result<Reply, ProviderError> {
        let prompt = match self.manner.names.get(prompt.model()) {
            Some(name) => prompt.with_model(name),
            None => prompt,
        };
        match self.provider.complete(transfer, prompt).await? {
            // Whatever stands between us and a model likes to answer with a page.
            Reply::Whole(body) if !begins_a_document(&body) => Err(ProviderError::Unreadable),
            Reply::Whole(body) => {
                self.health.went_well();
                Ok(Reply::Whole(body))
            }
            Reply::Plain(text) => {
                self.health.went_well();
                Ok(Reply::Plain(text))
            }
            Reply::Stream(chunks) => Ok(Reply::Stream(self.begun(chunks).await?)),
            Reply::Sound { media_type, pieces } => Ok(Reply::Sound {
                media_type,
                pieces: self.begun(pieces).await?,
            }),
        }
    }

    /// A stream of which the first word came, or is late.
    async fn begun(&self, mut chunks: Chunks) -> Result<Chunks, ProviderError> {
        let first = tokio::time::timeout(self.manner.first_word, chunks.next()).await;
        let first = match first {
            Ok(Some(first)) => Some(first?),
            // It said that this was all, and that was nothing; nor may such a stream be asked for more.
            Ok(None) => return Err(ProviderError::BrokenOff),
            Err(_) => None,
        };
        let health = Arc::clone(&self.health);
        if first.is_some() {
            health.went_well();
        }
        let rest = chunks.inspect(move |chunk| match chunk {
            Err(error) if means_trouble(error) => health.went_wrong(error, Instant::now()),
            _ => {}
        });
        Ok(match first {
            Some(first) => Box::pin(stream::iter([Ok(first)]).chain(rest)),
            None => Box::pin(rest),
        })
    }
}

fn begins_a_document(body: &[u8]) -> bool {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    first == Some(&b'{')
}

impl Provider for Steady {
    fn speaks(&self, wire: Wire) -> bool {
        self.provider.speaks(wire)
    }

    fn takes(&self, prompt: &Prompt<Screened>) -> Result<(), ProviderError> {
        self.provider.takes(prompt)?;
        self.health.may_be_asked(Instant::now())
    }

    fn answers_itself(&self, prompt: &Prompt<Screened>) -> Result<Option<Vec<u8>>, ProviderError> {
        self.provider.answers_itself(prompt)
    }

    fn complete<'a>(
        &'a self,
        transfer: &'a TransferPermit<'a>,
        prompt: Prompt<Screened>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, ProviderError>> + Send + 'a>> {
        Box::pin(async move {
            self.health.is_asked();
            let reply = self.ask(transfer, prompt).await;
            if let Err(error) = &reply {
                if means_trouble(error) {
                    self.health.went_wrong(error, Instant::now());
                } else {
                    self.health.went_well();
                }
            }
            reply
        })
    }

    fn keeps(&self, kind: KeptKind) -> bool {
        self.provider.keeps(kind)
    }

    fn deposit<'a>(&'a self, transfer: &'a TransferPermit<'a>, deposit: Deposit) -> Deposited<'a> {
        let named = |prompt: Prompt<Screened>| match self.manner.names.get(prompt.model()) {
            Some(name) => prompt.with_model(name),
            None => prompt,
        };
        let all = |prompts: Vec<Prompt<Screened>>| prompts.into_iter().map(named).collect();
        let deposit = match deposit {
            Deposit::MessageBatch(prompts) => Deposit::MessageBatch(all(prompts)),
            Deposit::File(prompts) => Deposit::File(all(prompts)),
            batch @ Deposit::Batch { .. } => batch,
        };
        self.provider.deposit(transfer, deposit)
    }

    fn run<'a>(
        &'a self,
        base_url: &'a str,
        errand: Errand<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, ProviderError>> + Send + 'a>> {
        self.provider.run(base_url, errand)
    }
}
