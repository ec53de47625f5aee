//! OpenAI's `images/generations`, `images/edits` and `images/variations` at the door: a text goes out, or pictures with
//! one, and pictures come back.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use waarborg_detect::surrogate::{Scope, Surrogates};
use waarborg_domain::json::{Path, scan};
use waarborg_domain::prompt::Protocol;

use super::{EventRestorer, Form, FormFault, Intake, Names, Shape, Substance, Surface};
use crate::enclosed::Encloses;
use crate::form::Holds;
use crate::protocol::{Format, PICTURE_EDIT_FORMS, PICTURE_EDITS, PICTURE_VARIATIONS, PICTURES};
use crate::restore::{
    AnswerFault, AnswerText, Called, LIMITS, Splices, Treatment, Whole, restore_leaf,
};

/// What is asked of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PicturesSurface {
    /// `POST /v1/images/generations`.
    Made,
    /// `POST /v1/images/edits`, as a document.
    Edited,
    /// The same, as a form.
    EditedInForm,
    /// `POST /v1/images/variations`, which is a form.
    Varied,
}

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

impl PicturesSurface {
    const fn format(self) -> &'static Format {
        match self {
            Self::Made => &PICTURES,
            Self::Edited => &PICTURE_EDITS,
            Self::EditedInForm => &PICTURE_EDIT_FORMS,
            Self::Varied => &PICTURE_VARIATIONS,
        }
    }
}

impl Surface for PicturesSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(self.format())
    }

    fn intake(&self) -> Intake {
        match self {
            Self::Made | Self::Edited => Intake::Document,
            Self::EditedInForm | Self::Varied => Intake::Form(Holds::Pictures),
        }
    }

    fn in_form(&self) -> Option<&'static dyn Surface> {
        match self {
            Self::Edited => Some(&Self::EditedInForm),
            Self::Made | Self::EditedInForm | Self::Varied => None,
        }
    }

    fn encloses(&self) -> &'static [Encloses] {
        match self {
            Self::Made => &[],
            Self::Edited | Self::EditedInForm | Self::Varied => &[Encloses::EditedPicture],
        }
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        #[derive(Deserialize)]
        struct Said {
            #[serde(rename = "prompt")]
            _prompt: String,
        }
        #[derive(Deserialize)]
        struct Shown {
            images: Vec<IgnoredAny>,
        }
        let says = *self == Self::Varied || serde_json::from_slice::<Said>(body).is_ok();
        if !says {
            return Err(FormFault::Field("prompt"));
        }
        // In a form they were found where it was read.
        let shows = *self != Self::Edited
            || serde_json::from_slice::<Shown>(body).is_ok_and(|shown| !shown.images.is_empty());
        if !shows {
            return Err(FormFault::Field("images"));
        }
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
