//! The wire formats that clients speak, each a module: what a request may hold, how an answer is restored, how an
//! error looks. What happens to a request is the same for all of them, and stands in `serve`.

mod chat_completions;
mod messages;
mod ollama;
mod pictures;
mod responses;
mod speech;
mod texts;
mod transcripts;

use std::sync::Arc;

use http::HeaderMap;
use uuid::Uuid;
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::finder::Finder;
use waarborg_domain::prompt::Protocol;
use waarborg_usecase::gateway::thread::Keeping;
use waarborg_usecase::ports::Model;

use crate::enclosed::Encloses;
use crate::form::Holds;
use crate::protocol::{Format, Reading, TRANSCRIPTIONS, TRANSLATIONS};
use crate::restore::{AnswerFault, AnswerText};

pub(crate) use chat_completions::ChatCompletionsSurface;
pub(crate) use messages::{CountTokensSurface, MessagesSurface};
pub(crate) use ollama::{OllamaChatSurface, OllamaEmbedSurface, OllamaGenerateSurface};
pub(crate) use pictures::PicturesSurface;
pub(crate) use responses::{
    CONVERSATION, ResponsesSurface, conversation_id, conversation_name, id_of as response_id,
    name_of as response_name, restore::items as restored_items,
};
pub(crate) use speech::SpeechSurface;
pub(crate) use texts::{CompletionsSurface, EmbeddingsSurface, ModerationsSurface};
pub(crate) use transcripts::TranscriptsSurface;

/// Every address at which models are asked, and in which format.
pub(crate) const SURFACES: &[(&str, &dyn Surface)] = &[
    ("/v1/chat/completions", &ChatCompletionsSurface),
    ("/v1/completions", &CompletionsSurface),
    ("/v1/embeddings", &EmbeddingsSurface),
    ("/v1/moderations", &ModerationsSurface),
    ("/v1/responses", &ResponsesSurface),
    ("/v1/images/generations", &PicturesSurface::Made),
    ("/v1/images/edits", &PicturesSurface::Edited),
    ("/v1/images/variations", &PicturesSurface::Varied),
    ("/v1/audio/speech", &SpeechSurface),
    (
        "/v1/audio/transcriptions",
        &TranscriptsSurface(&TRANSCRIPTIONS),
    ),
    ("/v1/audio/translations", &TranscriptsSurface(&TRANSLATIONS)),
    ("/v1/messages", &MessagesSurface),
    ("/v1/messages/count_tokens", &CountTokensSurface),
    ("/api/chat", &OllamaChatSurface),
    ("/api/generate", &OllamaGenerateSurface),
    ("/api/embed", &OllamaEmbedSurface),
];

/// One wire format at the door.
pub(crate) trait Surface: Send + Sync {
    /// What each string of a request is to this format.
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a>;

    /// In what a request comes.
    fn intake(&self) -> Intake {
        Intake::Document
    }

    /// The same address for requests that come as a form, where others come as a document.
    fn in_form(&self) -> Option<&'static dyn Surface> {
        None
    }

    /// The few fields on which the door acts itself.
    ///
    /// # Errors
    ///
    /// [`FormFault`] names the first one that cannot be followed.
    fn read(&self, body: &[u8]) -> Result<Form, FormFault>;

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

    /// How the documents of a stream are kept apart.
    fn framing(&self) -> Framing {
        Framing::Events
    }

    /// What an answer consists of, for who counts what is used up.
    fn substance(&self) -> Substance {
        Substance::Words
    }

    /// In which ways pictures and files may lie in a request.
    fn encloses(&self) -> &'static [Encloses] {
        &[]
    }

    /// The request without what comes back by its name alone and says nothing, where who is asked for its model `keeps` nothing and so
    /// has it no more; `None` where it stays as it is.
    fn without_lost(&self, _body: &[u8], _keeps: &dyn Fn(&str) -> bool) -> Option<Vec<u8>> {
        None
    }

    /// The features of the provider that a client asks for in its headers, as far as we know them.
    fn features(&self, _headers: &HeaderMap) -> Vec<&'static str> {
        Vec::new()
    }
}

/// In what a request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intake {
    /// A document.
    Document,
    /// A form with such files in it, of which the fields are read as a document.
    Form(Holds),
}

/// How the documents of a stream are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Each is an event.
    Events,
    /// Each stands on a line.
    Lines,
}

/// What an answer consists of. Where the provider does not tell what it used, its bytes say something of the words in it
/// and nothing of anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Substance {
    /// Words, in JSON or in events.
    Words,
    /// Pictures, in JSON or in events, or addresses of pictures.
    Pictures,
    /// A text that is spoken.
    Sound,
}

/// What the door knows when it reads a request.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    /// Looks into the names that would otherwise stay as they are.
    pub(crate) finder: &'a dyn Finder,
    /// The models whose names are our own.
    pub(crate) models: &'a [Model],
}

impl<'a> Names<'a> {
    /// A format, read with these.
    pub(crate) fn reading(self, format: &'static Format) -> Box<dyn Protocol + Send + Sync + 'a> {
        Box::new(Reading {
            format,
            finder: self.finder,
            models: self.models,
        })
    }
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

    /// The error that ends a stream in place of its last document, with its number where the format numbers its documents.
    fn ending(&self, error: String) -> String {
        error
    }
}

/// What we read of a request, once it is known to be JSON with one reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// What the answer's text will be.
    pub(crate) text: AnswerText,
    /// The field by which the provider is asked to keep something, or to go on from what it kept.
    pub(crate) keeps: Option<&'static str>,
    /// Whether the provider keeps the answer, where it may.
    pub(crate) keeping: Keeping,
    /// The response from which it goes on; nil where that is none of ours.
    pub(crate) previous: Option<Uuid>,
    /// The conversation in which it is said; nil where that is none of ours.
    pub(crate) conversation: Option<Uuid>,
    /// When the answer is given.
    pub(crate) when: When,
    /// The first item that its provider may look up.
    pub(crate) refers: Option<Reference>,
}

/// An item that its provider may look up by its id, out of our sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Which item of the input, from nought.
    pub(crate) item: usize,
    /// Whether it says something by itself, so that a provider that keeps nothing needs to look nothing up.
    pub(crate) speaks: bool,
}

/// When an answer is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum When {
    /// At once.
    #[default]
    AtOnce,
    /// Later, to who asks for it by its name.
    Later {
        /// How long it may be, in tokens, if the request says so.
        most: Option<u64>,
    },
}

/// Why a request cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormFault {
    /// A field has another type than the format says.
    Field(&'static str),
    /// A field holds numbers that stand for words.
    Tokens(&'static str),
    /// A field asks for what this house does not do.
    NotDone(&'static str),
    /// An item only names what its provider keeps.
    Refers(Reference),
    /// A field that cannot stand beside another one.
    Beside(&'static str, &'static str),
}

/// How an error looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `{"error": {"message", "type", "param", "code"}}`.
    OpenAi,
    /// `{"type": "error", "error": {"type", "message"}}`.
    Anthropic,
    /// As OpenAI's, but in a stream an event of type `error`.
    Responses,
    /// `{"error": "message"}`.
    Ollama,
}
