//! OpenAI's `images/generations` at the door: a text goes out, pictures come back.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;
use waarborg_detect::surrogate::{Scope, Surrogates};
use waarborg_domain::json::{Path, scan};
use waarborg_domain::prompt::Protocol;

use super::{EventRestorer, Form, FormFault, Names, Shape, Substance, Surface};
use crate::protocol::PICTURES;
use crate::restore::{
    AnswerFault, AnswerText, Called, LIMITS, Splices, Treatment, Whole, restore_leaf,
};

/// `POST /v1/images/generations`.
pub(crate) struct PicturesSurface;

const ANSWER: Whole = Whole {
    has: "data",
    treat: |path, _| treat(path),
};

/// A picture holds no surrogate that could be put back, and an address must not get any values.
fn treat(path: &Path) -> Treatment {
    match path.last_key() {
        Some("b64_json" | "url") => Treatment::Leave,
        _ => Treatment::Restore(Scope::Text),
    }
}

impl Surface for PicturesSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(&PICTURES)
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        #[derive(Deserialize)]
        struct Fields {
            #[serde(rename = "prompt")]
            _prompt: String,
        }
        match serde_json::from_slice::<Fields>(body) {
            Ok(_) => Ok(Form::default()),
            Err(_) => Err(FormFault::Field("prompt")),
        }
    }

    fn restore(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        ANSWER.restore(body, surrogates, text)
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, _: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(PicturesRestorer { surrogates })
    }

    fn shape(&self) -> Shape {
        Shape::Responses
    }

    fn substance(&self) -> Substance {
        Substance::Pictures
    }
}

/// Restores a stream in which every event is whole: a picture so far, or the picture.
struct PicturesRestorer {
    surrogates: Arc<Surrogates>,
}

#[derive(Deserialize)]
struct Head<'d> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'d, str>,
}

impl EventRestorer for PicturesRestorer {
    fn restore(&mut self, data: String) -> Result<Vec<String>, AnswerFault> {
        if self.surrogates.is_idle() {
            return Ok(vec![data]);
        }
        let mut splices = Splices::default();
        for leaf in scan(data.as_bytes(), &LIMITS)? {
            let treatment = treat(&leaf.path);
            let with = (&*self.surrogates, &Called::default());
            restore_leaf((&leaf, treatment), &data, with, &mut splices);
        }
        Ok(vec![splices.apply_to(data)])
    }

    fn finish(&mut self) -> Vec<String> {
        Vec::new()
    }

    fn event_name(&self, data: &str) -> Option<String> {
        let head: Head<'_> = serde_json::from_str(data).ok()?;
        Some(head.kind.into_owned())
    }

    fn end(&self) -> Option<&'static str> {
        None
    }
}
