//! Ollama's formats at the door: `api/chat`, `api/generate` and `api/embed`. A stream is a document on each line.

mod stream;

use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use waarborg_detect::surrogate::{Scope, Surrogates};
use waarborg_domain::prompt::Protocol;

use super::texts::read_input;
use super::{EventRestorer, Form, FormFault, Framing, Names, Shape, Surface};
use crate::enclosed::Encloses;
use crate::protocol::{OLLAMA_CHAT, OLLAMA_EMBED, OLLAMA_GENERATE};
use crate::restore::{AnswerFault, AnswerText, Handed, Treatment, Whole};

/// `POST /api/chat`.
pub(crate) struct OllamaChatSurface;

/// `POST /api/generate`.
pub(crate) struct OllamaGenerateSurface;

/// `POST /api/embed`.
pub(crate) struct OllamaEmbedSurface;

const CHAT: Whole = Whole {
    has: "message",
    treat: |path, text| {
        if path.starts(&["message", "tool_calls", "[]", "function", "arguments", "*"]) {
            return Treatment::Hand {
                handed: Handed::Input,
                object: 4,
            };
        }
        match path.last_key() {
            Some("logprobs" | "token") => Treatment::Leave,
            Some("content") => Treatment::Restore(text.scope()),
            _ => Treatment::Restore(Scope::Text),
        }
    },
};

const GENERATED: Whole = Whole {
    has: "response",
    treat: |path, text| match path.last_key() {
        Some("logprobs" | "token") => Treatment::Leave,
        Some("response") => Treatment::Restore(text.scope()),
        _ => Treatment::Restore(Scope::Text),
    },
};

impl Surface for OllamaChatSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(&OLLAMA_CHAT)
    }

    fn encloses(&self) -> &'static [Encloses] {
        &[Encloses::OllamaPictures]
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        #[derive(Deserialize)]
        struct Messages {
            #[serde(default, rename = "messages")]
            _messages: Vec<IgnoredAny>,
        }
        if serde_json::from_slice::<Messages>(body).is_err() {
            return Err(FormFault::Field("messages"));
        }
        form(body)
    }

    fn restore(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        CHAT.restore(body, surrogates, text)
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(stream::LineRestorer::new(surrogates, text, &CHAT))
    }

    fn shape(&self) -> Shape {
        Shape::Ollama
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }
}

impl Surface for OllamaGenerateSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(&OLLAMA_GENERATE)
    }

    fn encloses(&self) -> &'static [Encloses] {
        &[Encloses::OllamaPictures]
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        form(body)
    }

    fn restore(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        GENERATED.restore(body, surrogates, text)
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(stream::LineRestorer::new(surrogates, text, &GENERATED))
    }

    fn shape(&self) -> Shape {
        Shape::Ollama
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }
}

impl Surface for OllamaEmbedSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(&OLLAMA_EMBED)
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        read_input(body)
    }

    /// Vectors hold no words, so there is nothing to put back.
    fn restore(
        &self,
        body: Vec<u8>,
        _: &Surrogates,
        _: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "embeddings")]
            _embeddings: Vec<IgnoredAny>,
        }
        match serde_json::from_slice::<Answer>(&body) {
            Ok(_) => Ok(body),
            Err(_) => Err(AnswerFault::Shape),
        }
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(stream::LineRestorer::new(surrogates, text, &GENERATED))
    }

    fn shape(&self) -> Shape {
        Shape::Ollama
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }
}

/// A `format` is the word `json` or a schema; empty it means nothing.
fn form(body: &[u8]) -> Result<Form, FormFault> {
    #[derive(Deserialize)]
    struct Fields {
        #[serde(default)]
        format: Option<Shaped>,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Shaped {
        Word(String),
        Schema(IgnoredAny),
    }
    let fields: Fields = serde_json::from_slice(body).map_err(|_| FormFault::Field("format"))?;
    let is_json = match fields.format {
        None => false,
        Some(Shaped::Word(word)) => !word.is_empty(),
        Some(Shaped::Schema(_)) => true,
    };
    Ok(Form {
        text: if is_json {
            AnswerText::Json
        } else {
            AnswerText::Plain
        },
        ..Form::default()
    })
}
