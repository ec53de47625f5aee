//! The wire formats that clients speak, each a module: what a request may hold, how an answer is restored, how an
//! error looks. What happens to a request is the same for all of them, and stands in `serve`.

mod chat_completions;
mod messages;

use std::sync::Arc;

use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::finder::Finder;
use waarborg_domain::prompt::Protocol;
use waarborg_usecase::ports::Model;

use crate::restore::{AnswerFault, AnswerText};

pub(crate) use chat_completions::ChatCompletionsSurface;
pub(crate) use messages::{CountTokensSurface, MessagesSurface};

/// One wire format at the door.
pub(crate) trait Surface: Send + Sync {
    /// What each string of a request is to this format.
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a>;

    /// The few fields on which the door acts itself.
    ///
    /// # Errors
    ///
    /// [`WrongField`] names the first one of another type than the format says.
    fn read(&self, body: &[u8]) -> Result<Form, WrongField>;

    /// A whole answer with every surrogate of this conversation replaced by its value.
    ///
    /// # Errors
    ///
    /// [`AnswerFault`] if the body is no answer of this format.
    fn restore(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault>;

    /// What restores a streamed answer.
    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer>;

    /// How this format tells of an error.
    fn shape(&self) -> Shape;
}

/// What the door knows when it reads a request.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    /// Looks into the names that would otherwise stay as they are.
    pub(crate) finder: &'a dyn Finder,
    /// The models whose names are our own.
    pub(crate) models: &'a [Model],
}

/// Restores a streamed answer, document by document.
pub(crate) trait EventRestorer: Send {
    /// The documents that may go out now. Where held-back text must go out first, it comes before.
    ///
    /// # Errors
    ///
    /// [`AnswerFault`] if this is no document of the format; the stream cannot go on.
    fn restore(&mut self, data: String) -> Result<Vec<String>, AnswerFault>;

    /// What is still held back when the stream ends.
    fn finish(&mut self) -> Vec<String>;

    /// The name of the event that carries a document, where the format names its events.
    fn event_name(&self, data: &str) -> Option<String>;

    /// What stands behind the last document.
    fn end(&self) -> Option<&'static str>;
}

/// What we read of a request, once it is known to be JSON with one reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    /// What the answer's text will be.
    pub(crate) text: AnswerText,
    /// The provider is asked to keep the conversation.
    pub(crate) asks_to_store: bool,
}

/// A field of another type than the format says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongField(pub(crate) &'static str);

/// How an error looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `{"error": {"message", "type", "param", "code"}}`.
    OpenAi,
    /// `{"type": "error", "error": {"type", "message"}}`.
    Anthropic,
}
