//! OpenAI's formats for texts outside a conversation at the door: `completions`, `embeddings` and `moderations`.

use std::fmt;
use std::sync::Arc;

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use waarborg_detect::surrogate::{Scope, Surrogates};
use waarborg_domain::prompt::Protocol;

use super::{EventRestorer, Form, FormFault, Names, Shape, Surface};
use crate::protocol::{COMPLETIONS, EMBEDDINGS, MODERATIONS};
use crate::restore::{AnswerFault, AnswerText, StreamRestorer, Treatment, Whole};

/// `POST /v1/completions`.
pub(crate) struct CompletionsSurface;

/// `POST /v1/embeddings`.
pub(crate) struct EmbeddingsSurface;

/// `POST /v1/moderations`.
pub(crate) struct ModerationsSurface;

const COMPLETION: Whole = Whole {
    has: "choices",
    treat: |path, _| {
        if path.starts(&["choices", "[]", "logprobs"]) {
            Treatment::Leave
        } else {
            Treatment::Restore(Scope::Text)
        }
    },
};

const JUDGEMENT: Whole = Whole {
    has: "results",
    treat: |_, _| Treatment::Restore(Scope::Text),
};

impl Surface for CompletionsSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(&COMPLETIONS)
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        #[derive(Deserialize)]
        struct Fields {
            prompt: Option<Texts>,
        }
        let fields: Fields =
            serde_json::from_slice(body).map_err(|_| FormFault::Field("prompt"))?;
        match fields.prompt {
            None => Ok(Form::default()),
            Some(texts) => texts.form("prompt"),
        }
    }

    fn restore(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        COMPLETION.restore(body, surrogates, text)
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(StreamRestorer::new(surrogates, text))
    }

    fn shape(&self) -> Shape {
        Shape::OpenAi
    }
}

impl Surface for EmbeddingsSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(&EMBEDDINGS)
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        read_input(body)
    }

    /// Vectors hold no words, so there is nothing to put back; millions of their numbers need no closer look.
    fn restore(
        &self,
        body: Vec<u8>,
        _: &Surrogates,
        _: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "data")]
            _data: Vec<Row>,
        }
        #[derive(Deserialize)]
        struct Row {
            #[serde(rename = "embedding")]
            _embedding: IgnoredAny,
        }
        match serde_json::from_slice::<Answer>(&body) {
            Ok(_) => Ok(body),
            Err(_) => Err(AnswerFault::Shape),
        }
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(StreamRestorer::new(surrogates, text))
    }

    fn shape(&self) -> Shape {
        Shape::OpenAi
    }
}

impl Surface for ModerationsSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(&MODERATIONS)
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        read_input(body)
    }

    fn restore(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        JUDGEMENT.restore(body, surrogates, text)
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(StreamRestorer::new(surrogates, text))
    }

    fn shape(&self) -> Shape {
        Shape::OpenAi
    }
}

/// A text or several; or the numbers by which a model knows words, in which nobody can look for anything.
///
/// Only the types are read: a batch may be long.
struct Texts {
    has_tokens: bool,
}

impl Texts {
    fn form(&self, field: &'static str) -> Result<Form, FormFault> {
        if self.has_tokens {
            Err(FormFault::Tokens(field))
        } else {
            Ok(Form::default())
        }
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor { is_item: false })
    }
}

/// One of several texts.
struct Item(Texts);

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(TextsVisitor { is_item: true })
            .map(Self)
    }
}

struct TextsVisitor {
    is_item: bool,
}

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E>(self, _: &str) -> Result<Texts, E> {
        Ok(Texts { has_tokens: false })
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Texts, E> {
        if self.is_item {
            Ok(Texts { has_tokens: true })
        } else {
            Err(E::custom("a number"))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
        if !self.is_item {
            return Err(A::Error::custom("an object"));
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Texts { has_tokens: false })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
        if self.is_item {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Texts { has_tokens: true });
        }
        let mut has_tokens = false;
        while let Some(Item(item)) = list.next_element()? {
            has_tokens |= item.has_tokens;
        }
        Ok(Texts { has_tokens })
    }
}

pub(super) fn read_input(body: &[u8]) -> Result<Form, FormFault> {
    #[derive(Deserialize)]
    struct Fields {
        input: Texts,
    }
    let fields: Fields = serde_json::from_slice(body).map_err(|_| FormFault::Field("input"))?;
    fields.input.form("input")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: Result<(), FormFault>) {
        let read = EmbeddingsSurface.read(body.as_bytes()).map(|_| ());
        assert_eq!(read, expected, "{body}");
    }

    #[test]
    fn texts_are_taken_and_numbers_that_stand_for_words_are_not() {
        check(r#"{"input":"hallo"}"#, Ok(()));
        check(r#"{"input":["hallo","dag"]}"#, Ok(()));
        check(r#"{"input":[{"type":"text","text":"hallo"}]}"#, Ok(()));
        check(r#"{"input":[]}"#, Ok(()));
        let tokens = Err(FormFault::Tokens("input"));
        check(r#"{"input":[1,2,3]}"#, tokens);
        check(r#"{"input":[[1,2],[3]]}"#, tokens);
        check(r#"{"input":["hallo",[3]]}"#, tokens);
        check(r#"{"input":7}"#, Err(FormFault::Field("input")));
        check("{}", Err(FormFault::Field("input")));
    }
}
