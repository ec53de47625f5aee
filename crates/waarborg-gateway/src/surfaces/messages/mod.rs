//! Anthropic's `messages` and `messages/count_tokens` at the door.

mod restore;
mod stream;

use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::json::{LeafKind, scan};
use waarborg_domain::prompt::{Protocol, Wire};

use super::{EventRestorer, Form, FormFault, Names, Shape, Surface};
use crate::protocol::Messages;
use crate::restore::{AnswerFault, AnswerText, LIMITS};

/// `POST /v1/messages`.
pub(crate) struct MessagesSurface;

/// `POST /v1/messages/count_tokens`.
pub(crate) struct CountTokensSurface;

impl Surface for MessagesSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        protocol(names, Wire::Messages)
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        read(body)
    }

    fn restore(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        restore::MESSAGE.restore(body, surrogates, text)
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, _: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(stream::MessageRestorer::new(surrogates))
    }

    fn shape(&self) -> Shape {
        Shape::Anthropic
    }
}

impl Surface for CountTokensSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        protocol(names, Wire::CountTokens)
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        read(body)
    }

    fn restore(
        &self,
        body: Vec<u8>,
        _: &Surrogates,
        _: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        let leaves = scan(&body, &LIMITS)?;
        let has_count = leaves
            .iter()
            .any(|leaf| leaf.kind == LeafKind::Key && leaf.path.is(&["input_tokens"]));
        if has_count {
            Ok(body)
        } else {
            Err(AnswerFault::Shape)
        }
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, _: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(stream::MessageRestorer::new(surrogates))
    }

    fn shape(&self) -> Shape {
        Shape::Anthropic
    }
}

fn protocol(names: Names<'_>, wire: Wire) -> Box<dyn Protocol + Send + Sync + '_> {
    Box::new(Messages {
        finder: names.finder,
        models: names.models,
        wire,
    })
}

fn read(body: &[u8]) -> Result<Form, FormFault> {
    #[derive(Deserialize)]
    struct Fields {
        #[serde(rename = "messages")]
        _messages: Vec<IgnoredAny>,
    }

    match serde_json::from_slice::<Fields>(body) {
        Ok(_) => Ok(Form::default()),
        Err(_) => Err(FormFault::Field("messages")),
    }
}
