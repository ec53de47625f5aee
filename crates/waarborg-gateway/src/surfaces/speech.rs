//! OpenAI's `audio/speech` at the door: a text goes out, sound comes back.

use std::sync::Arc;

use serde::Deserialize;
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::prompt::Protocol;

use super::{EventRestorer, Form, FormFault, Names, Shape, Substance, Surface};
use crate::protocol::SPEECH;
use crate::restore::{AnswerFault, AnswerText, StreamRestorer};

/// `POST /v1/audio/speech`.
pub(crate) struct SpeechSurface;

#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "input")]
    _input: String,
    #[serde(default)]
    stream_format: Option<String>,
}

impl Surface for SpeechSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(&SPEECH)
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        let fields: Fields = serde_json::from_slice(body).map_err(|_| FormFault::Field("input"))?;
        match fields.stream_format.as_deref() {
            None | Some("audio") => Ok(Form::default()),
            Some(_) => Err(FormFault::NotDone("stream_format")),
        }
    }

    /// Sound is no document, and nothing is put back in it: what may not be heard did not leave.
    fn restore(&self, _: Vec<u8>, _: &Surrogates, _: AnswerText) -> Result<Vec<u8>, AnswerFault> {
        Err(AnswerFault::Shape)
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(StreamRestorer::new(surrogates, text))
    }

    fn shape(&self) -> Shape {
        Shape::OpenAi
    }

    fn substance(&self) -> Substance {
        Substance::Sound
    }
}
