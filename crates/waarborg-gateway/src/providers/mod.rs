//! Providers behind the one port: a recipient of the register, and the models it serves.

mod anthropic;
mod demo;
mod events;
mod ollama;
mod openai;

use std::collections::BTreeMap;

use waarborg_domain::permit::TransferPermit;
use waarborg_usecase::ports::{Model, Provider, ProviderError, Providers};

use crate::address::{BaseUrl, BaseUrlFault};
use crate::upstream::UpstreamFault;

pub use anthropic::Anthropic;
pub use demo::{Demo, Pace};
pub use ollama::Ollama;
pub use openai::OpenAi;

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
    providers: BTreeMap<String, Box<dyn Provider>>,
    any_model: Option<String>,
}

impl ProviderTable {
    /// Adds a recipient with the models it serves; the first model of all is the default.
    pub fn add(&mut self, recipient: &str, models: &[String], provider: Box<dyn Provider>) {
        let named = models.iter().map(|name| Model {
            name: name.clone(),
            recipient: recipient.to_owned(),
        });
        self.models.extend(named);
        self.providers.insert(recipient.to_owned(), provider);
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

impl Providers for ProviderTable {
    fn models(&self) -> &[Model] {
        &self.models
    }

    fn recipient_of(&self, model: &str) -> Option<&str> {
        let declared = self.models.iter().find(|known| known.name == model);
        declared
            .map(|known| known.recipient.as_str())
            .or(self.any_model.as_deref())
    }

    fn provider(&self, recipient: &str) -> Option<&dyn Provider> {
        self.providers.get(recipient).map(|provider| &**provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_asked_of_the_recipient_that_serves_it() {
        let mut table = ProviderTable::default();
        table.add(
            "eigen",
            &["klein".to_owned()],
            Box::new(Demo::new(|| 0, Pace::NONE)),
        );
        table.add(
            "ver",
            &["groot".to_owned()],
            Box::new(Demo::new(|| 0, Pace::NONE)),
        );
        assert_eq!(table.recipient_of("groot"), Some("ver"));
        assert_eq!(table.recipient_of("ander"), None);
        table.ask_other_models_of("ver");
        assert_eq!(table.recipient_of("ander"), Some("ver"));
        assert!(table.provider("eigen").is_some());
        assert!(table.provider("ander").is_none());
        assert_eq!(table.models().len(), 2);
    }
}
