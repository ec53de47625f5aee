//! The way to a model: one door, which takes a screened prompt and a transfer permit.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::Stream;
use thiserror::Error;
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::prompt::{Prompt, Screened, Wire};

use super::KeptKind;

/// A model's answer as it comes: JSON documents of the prompt's protocol without any framing, or the bytes of sound.
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Vec<u8>, ProviderError>> + Send>>;

/// A model's answer, with surrogates still in it.
pub enum Reply {
    /// One document, such as a `chat.completion`.
    Whole(Vec<u8>),
    /// A stream of documents, such as `chat.completion.chunk`. It ends where the provider said that it ends; a stream that
    /// breaks off yields [`ProviderError::BrokenOff`].
    Stream(Chunks),
    /// A text by itself, such as subtitles.
    Plain(String),
    /// Sound, piece by piece. It ends where the connection says that it ends.
    Sound {
        /// Its media type, one that we know.
        media_type: &'static str,
        /// Its bytes.
        pieces: Chunks,
    },
}

impl Reply {
    /// The documents of an answer that was asked for as a stream.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Unreadable`] if it came as something else.
    pub fn streamed(self) -> Result<Chunks, ProviderError> {
        match self {
            Self::Stream(chunks) => Ok(chunks),
            Self::Whole(_) | Self::Plain(_) | Self::Sound { .. } => Err(ProviderError::Unreadable),
        }
    }
}

/// What a provider is to keep until it answered it.
pub enum Deposit {
    /// The requests of a batch of Anthropic's; each is known by its number.
    MessageBatch(Vec<Prompt<Screened>>),
    /// A file with the requests of a batch of OpenAI's; each is known by its number.
    File(Vec<Prompt<Screened>>),
    /// A batch of OpenAI's, of a file that the provider has. Nobody's data is in it.
    Batch {
        /// By which name the provider knows the file.
        file: String,
        /// Which address its requests are for.
        endpoint: String,
        /// Within which time.
        window: String,
    },
}

/// What a provider is asked about something that it keeps, by the name that it gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errand<'a> {
    /// What it keeps.
    pub kind: KeptKind,
    /// By which name; of a part of it, the way to that from there.
    pub name: &'a str,
    /// What is asked.
    pub act: ErrandAct,
}

/// What is asked about something that a provider keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrandAct {
    /// How it stands.
    Look,
    /// What is in it, or came of it, line by line.
    Read,
    /// That it stops.
    Cancel,
    /// That it goes.
    Delete,
}

/// The answer to a deposit, later: by which name the provider knows it, and its document.
pub type Deposited<'a> =
    Pin<Box<dyn Future<Output = Result<(String, Vec<u8>), ProviderError>> + Send + 'a>>;

/// A model API.
pub trait Provider: Send + Sync {
    /// Whether it speaks the protocol that a prompt is written in.
    fn speaks(&self, wire: Wire) -> bool {
        wire == Wire::ChatCompletions
    }

    /// Whether it can be asked this now. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ProviderError::NotTranslated`] if its protocol has no words for it, [`ProviderError::Resting`] if it failed too
    /// often to be asked again already.
    fn takes(&self, _prompt: &Prompt<Screened>) -> Result<(), ProviderError> {
        Ok(())
    }

    /// The answer to what it is not asked, because we know it as well: nothing is sent. Most prompts have none.
    ///
    /// # Errors
    ///
    /// [`ProviderError::NotTranslated`] if the document is not what its protocol says.
    fn answers_itself(&self, _prompt: &Prompt<Screened>) -> Result<Option<Vec<u8>>, ProviderError> {
        Ok(None)
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

    /// Whether it can be asked to keep something of this kind.
    fn keeps(&self, _kind: KeptKind) -> bool {
        false
    }

    /// Gives the recipient that the permit names something to keep.
    ///
    /// # Errors
    ///
    /// [`ProviderError`], as for one prompt.
    fn deposit<'a>(
        &'a self,
        _transfer: &'a TransferPermit<'a>,
        _deposit: Deposit,
    ) -> Deposited<'a> {
        Box::pin(async { Err(ProviderError::NotTranslated("batches")) })
    }

    /// Asks about something that it keeps, at the address that the register declares. A reading comes as a stream of lines.
    ///
    /// # Errors
    ///
    /// [`ProviderError`], as for one prompt.
    fn run<'a>(
        &'a self,
        _base_url: &'a str,
        _errand: Errand<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, ProviderError>> + Send + 'a>> {
        Box::pin(async { Err(ProviderError::NotTranslated("batches")) })
    }
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
    /// Every recipient that serves a model, in the order in which they were declared.
    fn recipients_of(&self, model: &str) -> Vec<&str> {
        self.models()
            .iter()
            .filter(|known| known.name == model)
            .map(|known| known.recipient.as_str())
            .collect()
    }
    /// The recipient that serves a model, the first that was declared.
    fn recipient_of(&self, model: &str) -> Option<&str> {
        self.recipients_of(model).first().copied()
    }
    /// The API of a recipient.
    fn provider(&self, recipient: &str) -> Option<&dyn Provider>;
    /// Who is asked for a model, one after the other. Of several with the same right to be the first, `draw` chooses:
    /// the same number always the same one, so that a conversation stays where its beginning is known.
    fn turns<'a>(&'a self, model: &str, draw: &dyn Fn() -> u64) -> Box<dyn Turns + 'a> {
        let _ = draw;
        Box::new(OneTurn(self.recipient_of(model)))
    }
    /// What a recipient asks for its work, in cents for a million tokens in and for a million out; nothing if nobody
    /// wrote it down.
    fn prices(&self, _recipient: &str) -> (u64, u64) {
        (0, 0)
    }
    /// How the recipients stand, for who runs the installation.
    fn standings(&self) -> Vec<Standing> {
        Vec::new()
    }
}

/// Who is asked for one request, one after the other.
pub trait Turns: Send {
    /// Who is asked now, after a pause where one is due; `None` when nobody is left. `last` says how the turn before
    /// ended.
    fn next<'a>(
        &'a mut self,
        last: Option<Ended<'a>>,
    ) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>>;
}

/// How a turn ended without an answer.
#[derive(Clone, Copy, Debug)]
pub enum Ended<'a> {
    /// The register or the policy does not let this text go there; nothing was sent.
    Closed,
    /// There was no answer.
    Failed(&'a ProviderError),
}

/// One recipient, once.
struct OneTurn<'a>(Option<&'a str>);

impl Turns for OneTurn<'_> {
    fn next<'a>(
        &'a mut self,
        _: Option<Ended<'a>>,
    ) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>> {
        let recipient = self.0.take().map(str::to_owned);
        Box::pin(async move { recipient })
    }
}

/// How a recipient stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its name in the register.
    pub recipient: String,
    /// For how long it is not asked any more, because it failed too often.
    pub rests_for: Option<Duration>,
    /// How often it was asked since the start.
    pub n_asked: u64,
    /// How often it gave no answer, or one that broke off.
    pub n_failed: u64,
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

/// What a proxy of one's own on the way to a provider did; the provider heard nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProxyFault {
    /// No connection to the proxy came about.
    #[error("the proxy on the way to the provider cannot be reached")]
    Unreachable,
    /// It does not know us, or not by these credentials.
    #[error("the proxy on the way to the provider wants other credentials")]
    WantsCredentials,
    /// It refused, with this HTTP status.
    #[error("the proxy on the way to the provider refused with status {status}")]
    Refused {
        /// The proxy's HTTP status.
        status: u16,
    },
    /// It said nothing in time.
    #[error("the proxy on the way to the provider did not answer in time")]
    TooSlow,
    /// It closed before it answered.
    #[error("the proxy on the way to the provider broke off")]
    BrokenOff,
    /// It answered what no proxy answers.
    #[error("the proxy on the way to the provider does not follow the protocol")]
    NotTheProtocol,
}

/// Why a provider gave no answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProviderError {
    /// No connection came about.
    #[error("the provider cannot be reached")]
    Unreachable,
    /// No connection came about, because of a proxy on the way.
    #[error(transparent)]
    Proxy(ProxyFault),
    /// No answer in time.
    #[error("the provider did not answer in time")]
    TooSlow,
    /// It failed so often that it is left alone for a while; nothing was sent.
    #[error("the provider failed too often and is left alone for a while")]
    Resting {
        /// After how many seconds it is asked again.
        retry_after_s: u32,
    },
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
