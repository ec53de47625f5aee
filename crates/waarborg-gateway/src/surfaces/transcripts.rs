//! OpenAI's `audio/transcriptions` and `audio/translations` at the door: sound goes out, a text comes back.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use waarborg_detect::surrogate::{Restorer, Scope, Surrogates};
use waarborg_domain::json::{LeafKind, Path, scan};
use waarborg_domain::prompt::Protocol;

use super::{EventRestorer, Form, FormFault, Intake, Names, Shape, Surface};
use crate::form::Holds;
use crate::protocol::Format;
use crate::restore::{
    AnswerFault, AnswerText, Called, LIMITS, Splices, Treatment, Whole, restore_leaf,
    without_probabilities,
};

/// `POST /v1/audio/transcriptions`, or `POST /v1/audio/translations`: a form of this format, whose answers look the same.
pub(crate) struct TranscriptsSurface(pub(crate) &'static Format);

const ANSWER: Whole = Whole {
    has: "text",
    treat: |path, _| treat(path),
};

fn treat(path: &Path) -> Treatment {
    if path.starts(&["logprobs"]) {
        Treatment::Leave
    } else {
        Treatment::Restore(Scope::Text)
    }
}

impl Surface for TranscriptsSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(self.0)
    }

    fn intake(&self) -> Intake {
        Intake::Form(Holds::Sound)
    }

    /// Of a form every field is a text; what they say is the provider's to judge.
    fn read(&self, _: &[u8]) -> Result<Form, FormFault> {
        Ok(Form::default())
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
        Box::new(TranscriptRestorer::new(surrogates))
    }

    fn shape(&self) -> Shape {
        Shape::Responses
    }
}

/// Restores a transcript that comes piece by piece, and once more whole at its end.
struct TranscriptRestorer {
    surrogates: Arc<Surrogates>,
    restorer: Restorer<'static>,
}

#[derive(Deserialize)]
struct Head<'d> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'d, str>,
}

impl TranscriptRestorer {
    fn new(surrogates: Arc<Surrogates>) -> Self {
        let restorer = Restorer::shared(Arc::clone(&surrogates), Scope::Text);
        Self {
            surrogates,
            restorer,
        }
    }

    fn spliced(&mut self, data: String, is_piece: bool) -> Result<String, AnswerFault> {
        let data = without_probabilities(data, &self.surrogates)?;
        let mut splices = Splices::default();
        for leaf in scan(data.as_bytes(), &LIMITS)? {
            if is_piece && leaf.kind == LeafKind::Text && leaf.path.is(&["delta"]) {
                let restored = self.restorer.push(&leaf.text);
                if restored != leaf.text {
                    splices.replace(leaf.range, &restored);
                }
            } else {
                let treatment = treat(&leaf.path);
                let with = (&*self.surrogates, &Called::default());
                restore_leaf((&leaf, treatment), &data, with, &mut splices);
            }
        }
        Ok(splices.apply_to(data))
    }
}

impl EventRestorer for TranscriptRestorer {
    fn restore(&mut self, data: String) -> Result<Vec<String>, AnswerFault> {
        let head: Head<'_> = serde_json::from_str(&data).map_err(|_| AnswerFault::Shape)?;
        match &*head.kind {
            "error" => Err(AnswerFault::ProviderError),
            _ if self.surrogates.is_idle() => Ok(vec![data]),
            "transcript.text.delta" => Ok(vec![self.spliced(data, true)?]),
            "transcript.text.done" => {
                let mut out = self.finish();
                out.push(self.spliced(data, false)?);
                Ok(out)
            }
            _ => Ok(vec![self.spliced(data, false)?]),
        }
    }

    fn finish(&mut self) -> Vec<String> {
        let held = self.restorer.finish();
        if held.is_empty() {
            return Vec::new();
        }
        vec![json!({"type": "transcript.text.delta", "delta": held}).to_string()]
    }

    fn event_name(&self, data: &str) -> Option<String> {
        let head: Head<'_> = serde_json::from_str(data).ok()?;
        Some(head.kind.into_owned())
    }

    fn end(&self) -> Option<&'static str> {
        None
    }
}
