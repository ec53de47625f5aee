//! The way to a model: one door, which takes a screened prompt and a transfer permit.

use std::future::Future;
use std::pin::Pin;

use futures_util::Stream;
use thiserror::Error;
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::prompt::{Prompt, Screened, Wire};

/// A model's answer as it comes: JSON documents of the prompt's protocol, without any framing.
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Vec<u8>, ProviderError>> + Send>>;

/// A model's answer, with surrogates still in it.
pub enum Reply {
    /// One document, such as a `chat.completion`.
    Whole(Vec<u8>),
    /// A stream of documents, such as `chat.completion.chunk`. It ends where the provider said that it ends; a stream that
    /// breaks off yields [`ProviderError::BrokenOff`].
    Stream(Chunks),
}

/// A model API.
pub trait Provider: Send + Sync {
    /// Whether it speaks the protocol that a prompt is written in.
    fn speaks(&self, wire: Wire) -> bool {
        wire == Wire::ChatCompletions
    }

    /// Sends a screened prompt to the recipient that the permit names, and to nobody else.
    ///
    /// # Errors
    ///
    /// [`ProviderError`]; nothing of the provider's own text is in it.
    fn complete<'a>(
        &'a self,
        transfer: &'a TransferPermit<'a>,
        prompt: Prompt<Screened>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, ProviderError>> + Send + 'a>>;
}

/// A model that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its name, as a client asks for it.
    pub name: String,
    /// The recipient in the register.
    pub recipient: String,
}

/// The models and who serves them; from `waarborg.toml`.
pub trait Providers: Send + Sync {
    /// Every model, the default first.
    fn models(&self) -> &[Model];
    /// The recipient that serves a model.
    fn recipient_of(&self, model: &str) -> Option<&str> {
        self.models()
            .iter()
            .find(|known| known.name == model)
            .map(|known| known.recipient.as_str())
    }
    /// The API of a recipient.
    fn provider(&self, recipient: &str) -> Option<&dyn Provider>;
}

/// What a provider says of an error in words for programs. Its words for people are not repeated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProviderWords {
    /// The type of error, such as `rate_limit_error`.
    pub kind: Option<String>,
    /// The code, such as `context_length_exceeded`.
    pub code: Option<String>,
    /// The field that is the matter, such as `max_tokens`.
    pub param: Option<String>,
}

/// Why a provider gave no answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProviderError {
    /// No connection came about.
    #[error("the provider cannot be reached")]
    Unreachable,
    /// No answer in time.
    #[error("the provider did not answer in time")]
    TooSlow,
    /// The provider refused, with this HTTP status.
    #[error("the provider refused with status {status}")]
    Refused {
        /// The provider's HTTP status.
        status: u16,
        /// After how many seconds it may be tried again, if the provider said so.
        retry_after_s: Option<u32>,
        /// Its words for programs.
        words: ProviderWords,
    },
    /// The provider told of an error in the middle of its answer.
    #[error("the provider told of an error in the middle of its answer")]
    Failed(ProviderWords),
    /// The answer is not what the protocol says.
    #[error("the provider's answer cannot be read")]
    Unreadable,
    /// The stream stopped before its end.
    #[error("the provider's answer broke off")]
    BrokenOff,
    /// The provider speaks another protocol, in which this field cannot be said; nothing was sent.
    #[error("the provider's protocol has no {0}")]
    NotTranslated(&'static str),
    /// The answer is larger than is taken.
    #[error("the provider's answer is too large")]
    TooLarge,
}
