//! Providers behind the one port: a recipient of the register, and the models it serves.

mod anthropic;
mod demo;
pub(crate) mod deposits;
mod events;
mod health;
mod ollama;
mod openai;
mod pictures;
mod sound;
mod steady;
#[cfg(test)]
mod tests;
mod transcripts;
mod turns;

use std::collections::BTreeMap;

use tokio::time::Instant;
use waarborg_domain::permit::TransferPermit;
use waarborg_usecase::ports::{Model, Provider, ProviderError, Providers, Standing, Turns};

use crate::address::{BaseUrl, BaseUrlFault};
use crate::upstream::UpstreamFault;

pub use anthropic::Anthropic;
pub use demo::{Demo, Pace};
pub use ollama::Ollama;
pub use openai::OpenAi;
pub use steady::Manner;

#[cfg(test)]
pub(crate) use sound::KNOWN as SOUND;
use steady::Steady;
use turns::{Candidate, InTurn};

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

/// The providers of an installation, by the recipient's name in the register.
#[derive(Default)]
pub struct ProviderTable {
    models: Vec<Model>,
    providers: BTreeMap<String, Steady>,
    any_model: Option<String>,
}

impl ProviderTable {
    /// Adds a recipient with the models it serves; the first model of all is the default.
    pub fn add(&mut self, recipient: &str, models: &[String], provider: Box<dyn Provider>) {
        self.add_with(recipient, models, provider, Manner::default());
    }

    /// The same, asked in a manner of its own.
    pub fn add_with(
        &mut self,
        recipient: &str,
        models: &[String],
        provider: Box<dyn Provider>,
        manner: Manner,
    ) {
        let named = models.iter().map(|name| Model {
            name: name.clone(),
            recipient: recipient.to_owned(),
        });
        self.models.extend(named);
        self.providers
            .insert(recipient.to_owned(), Steady::new(provider, manner));
    }

    /// From now on a model that nobody declared is asked of this recipient, which knows its own models.
    pub fn ask_other_models_of(&mut self, recipient: &str) {
        self.any_model = Some(recipient.to_owned());
    }
}

/// The register decides where data goes. If it names another address than the one a provider was opened for, nothing
/// is sent to either.
fn is_declared(transfer: &TransferPermit<'_>, base_url: &BaseUrl) -> bool {
    transfer
        .base_url()
        .is_some_and(|declared| base_url.is(declared))
}

/// What a fault of the connection is to the use cases.
fn error(fault: UpstreamFault) -> ProviderError {
    match fault {
        UpstreamFault::Unreachable
        | UpstreamFault::UnusableKey
        | UpstreamFault::NoTls
        | UpstreamFault::PlainThroughProxy
        | UpstreamFault::ProxyToThisMachine => ProviderError::Unreachable,
        UpstreamFault::Proxy(fault) => ProviderError::Proxy(fault),
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

impl Providers for ProviderTable {
    fn models(&self) -> &[Model] {
        &self.models
    }

    fn recipients_of(&self, model: &str) -> Vec<&str> {
        let declared = self.models.iter().filter(|known| known.name == model);
        let mut recipients: Vec<&str> = declared.map(|known| known.recipient.as_str()).collect();
        if recipients.is_empty() {
            recipients.extend(self.any_model.as_deref());
        }
        recipients
    }

    fn provider(&self, recipient: &str) -> Option<&dyn Provider> {
        self.providers
            .get(recipient)
            .map(|provider| provider as &dyn Provider)
    }

    fn turns<'a>(&'a self, model: &str, draw: &dyn Fn() -> u64) -> Box<dyn Turns + 'a> {
        let candidates = self.recipients_of(model).into_iter();
        let candidates = candidates.filter_map(|recipient| {
            let (recipient, steady) = self.providers.get_key_value(recipient)?;
            Some(Candidate { recipient, steady })
        });
        Box::new(InTurn::new(candidates.collect(), draw))
    }

    fn prices(&self, recipient: &str) -> (u64, u64) {
        let known = self.providers.get(recipient);
        known.map_or((0, 0), |steady| steady.manner.prices)
    }

    fn standings(&self) -> Vec<Standing> {
        let now = Instant::now();
        let standing = |(recipient, steady): (&String, &Steady)| {
            let (n_asked, n_failed) = steady.health.counts();
            Standing {
                recipient: recipient.clone(),
                rests_for: steady.health.rests_for(now),
                n_asked,
                n_failed,
            }
        };
        self.providers.iter().map(standing).collect()
    }
}
