//! OpenAI's `responses` at the door.
//!
//! A provider of this format keeps every answer unless it is told not to. Where the register does not say that this
//! recipient keeps what it gets, we tell it, and refuse what builds on something kept.

mod references;
pub(crate) mod restore;
mod stream;
mod thoughts;

use std::sync::Arc;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use uuid::Uuid;
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::prompt::Protocol;
use waarborg_usecase::gateway::thread::Keeping;

use references::Input;

use super::{EventRestorer, Form, FormFault, Names, Shape, Surface, When};
use crate::enclosed::Encloses;
use crate::protocol::RESPONSES;
use crate::restore::{AnswerFault, AnswerText};

/// The field by which a request goes on in a conversation that stands at the provider by itself.
pub(crate) const CONVERSATION: &str = "conversation";

/// How the names of responses begin.
const PREFIX: &str = "resp_";

/// How the names of conversations begin.
const PREFIX_OF_CONVERSATIONS: &str = "conv_";

/// By which name a client knows a response that its provider keeps.
pub(crate) fn name_of(id: Uuid) -> String {
    named(PREFIX, id)
}

/// What such a name stands for. It is written in one way only.
pub(crate) fn id_of(name: &str) -> Option<Uuid> {
    id_in(PREFIX, name)
}

/// By which name a client knows a conversation that stands at its provider.
pub(crate) fn conversation_name(id: Uuid) -> String {
    named(PREFIX_OF_CONVERSATIONS, id)
}

/// What such a name stands for.
pub(crate) fn conversation_id(name: &str) -> Option<Uuid> {
    id_in(PREFIX_OF_CONVERSATIONS, name)
}

fn named(prefix: &str, id: Uuid) -> String {
    format!("{prefix}{}", id.simple())
}

fn id_in(prefix: &str, name: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(name.strip_prefix(prefix)?).ok()?;
    (named(prefix, id) == name).then_some(id)
}

/// `POST /v1/responses`.
pub(crate) struct ResponsesSurface;

impl Surface for ResponsesSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(&RESPONSES)
    }

    fn encloses(&self) -> &'static [Encloses] {
        &[Encloses::ResponsesPicture, Encloses::ResponsesFile]
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        read(body)
    }

    fn without_lost(&self, body: &[u8], keeps: &dyn Fn(&str) -> bool) -> Option<Vec<u8>> {
        thoughts::without_lost(body, keeps)
    }

    fn restore(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        restore::RESPONSE.restore(body, surrogates, text)
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(stream::ResponseRestorer::new(surrogates, text))
    }

    fn shape(&self) -> Shape {
        Shape::Responses
    }
}

#[derive(Deserialize)]
struct Fields {
    #[serde(default)]
    background: Option<bool>,
    #[serde(default)]
    max_output_tokens: Value,
    #[serde(default)]
    conversation: Option<Conversation>,
    #[serde(default)]
    previous_response_id: Option<String>,
    #[serde(default)]
    input: Input,
    #[serde(default)]
    store: Stored,
    #[serde(default)]
    text: Option<TextFields>,
    #[serde(default)]
    prompt_cache_retention: Option<String>,
    #[serde(default)]
    reasoning: Value,
    #[serde(default)]
    include: Option<IgnoredAny>,
}

/// Of an answer that is not kept, what the model thought comes along sealed: without it, the next request cannot go on from it. A model
/// that does not think is not asked for it, as its provider would refuse that.
fn unless_said(fields: &Fields) -> &'static str {
    if fields.reasoning.is_object() && fields.include.is_none() {
        r#""store":false,"include":["reasoning.encrypted_content"],"#
    } else {
        r#""store":false,"#
    }
}

#[derive(Deserialize)]
struct TextFields {
    #[serde(default)]
    format: Option<Format>,
}

#[derive(Deserialize)]
struct Format {
    #[serde(default, rename = "type")]
    kind: String,
}

/// A conversation, as a request names it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Conversation {
    Name(String),
    Named { id: String },
}

impl Conversation {
    fn id(&self) -> Uuid {
        let (Self::Name(name) | Self::Named { id: name }) = self;
        conversation_id(name).unwrap_or_default()
    }
}

/// What a request says about being kept.
#[derive(Default, PartialEq, Eq)]
enum Stored {
    /// Nothing, so that the provider keeps it.
    #[default]
    Unsaid,
    /// Not to keep it.
    No,
    /// To keep it; `null` leaves it to the provider, which does.
    Yes,
}

impl<'de> Deserialize<'de> for Stored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<bool>::deserialize(deserializer)? {
            Some(false) => Self::No,
            Some(true) | None => Self::Yes,
        })
    }
}

fn read(body: &[u8]) -> Result<Form, FormFault> {
    let fields: Fields = serde_json::from_slice(body).map_err(|_| wrong_field(body))?;
    if fields.conversation.is_some() {
        if fields.previous_response_id.is_some() {
            return Err(FormFault::Beside("previous_response_id", CONVERSATION));
        }
        // What is said in it stays in it, whatever becomes of the answer.
        if fields.store == Stored::No {
            return Err(FormFault::Beside("store", CONVERSATION));
        }
    }
    let keeps = if fields.conversation.is_some() {
        Some(CONVERSATION)
    } else if fields.previous_response_id.is_some() {
        Some("previous_response_id")
    } else {
        super::chat_completions::keeps(
            Some(fields.store == Stored::Yes),
            fields.prompt_cache_retention.as_deref(),
        )
    };
    let unless_said = unless_said(&fields);
    let is_json = fields
        .text
        .and_then(|text| text.format)
        .is_some_and(|format| format.kind.starts_with("json"));

    Ok(Form {
        text: if is_json {
            AnswerText::Json
        } else {
            AnswerText::Plain
        },
        keeps,
        keeping: match fields.store {
            Stored::Unsaid => Keeping::Unless(unless_said),
            Stored::No => Keeping::Nothing,
            Stored::Yes => Keeping::Asked,
        },
        when: match fields.background {
            Some(true) => When::Later {
                most: fields.max_output_tokens.as_u64(),
            },
            Some(false) | None => When::AtOnce,
        },
        previous: fields
            .previous_response_id
            .map(|name| id_of(&name).unwrap_or_default()),
        conversation: fields.conversation.map(|conversation| conversation.id()),
        refers: fields.input.refers,
    })
}

/// Which field has another type than the protocol says.
fn wrong_field(body: &[u8]) -> FormFault {
    #[derive(Deserialize)]
    struct Text {
        #[serde(default, rename = "text")]
        _text: Option<TextFields>,
    }
    #[derive(Deserialize)]
    struct Store {
        #[serde(default, rename = "store")]
        _store: Stored,
    }

    #[derive(Deserialize)]
    struct Said {
        #[serde(default, rename = "input")]
        _input: Input,
    }

    #[derive(Deserialize)]
    struct Previous {
        #[serde(default, rename = "previous_response_id")]
        _previous: Option<String>,
    }

    #[derive(Deserialize)]
    struct In {
        #[serde(default, rename = "conversation")]
        _conversation: Option<Conversation>,
    }

    #[derive(Deserialize)]
    struct Cache {
        #[serde(default, rename = "prompt_cache_retention")]
        _retention: Option<String>,
    }

    if serde_json::from_slice::<Cache>(body).is_err() {
        FormFault::Field("prompt_cache_retention")
    } else if serde_json::from_slice::<Previous>(body).is_err() {
        FormFault::Field("previous_response_id")
    } else if serde_json::from_slice::<Said>(body).is_err() {
        FormFault::Field("input")
    } else if serde_json::from_slice::<In>(body).is_err() {
        FormFault::Field(CONVERSATION)
    } else if serde_json::from_slice::<Text>(body).is_err() {
        FormFault::Field("text")
    } else if serde_json::from_slice::<Store>(body).is_err() {
        FormFault::Field("store")
    } else {
        FormFault::Field("background")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, keeps: Option<&str>, is_told: bool) {
        let form = read(body.as_bytes()).unwrap();
        assert_eq!(
            (form.keeps, matches!(form.keeping, Keeping::Unless(_))),
            (keeps, is_told),
            "{body}"
        );
    }

    #[test]
    fn a_provider_is_told_to_keep_nothing_unless_the_request_says_something_itself() {
        check(r#"{"input":"x"}"#, None, true);
        check(r#"{"input":"x","previous_response_id":null}"#, None, true);
        check(r#"{"input":"x","store":false}"#, None, false);
        check(r#"{"input":"x","store":true}"#, Some("store"), false);
        check(r#"{"input":"x","store":null}"#, Some("store"), false);
        let cached = r#"{"input":"x","store":false,"prompt_cache_retention":"24h"}"#;
        check(cached, Some("prompt_cache_retention"), false);
        check(&cached.replace("24h", "in_memory"), None, false);
        let previous = r#"{"input":"x","store":false,"previous_response_id":"resp_1"}"#;
        check(previous, Some("previous_response_id"), false);
        check(
            r#"{"conversation":{"id":"conv_1"}}"#,
            Some("conversation"),
            true,
        );
    }

    #[test]
    fn what_cannot_be_followed_is_named() {
        let fault = |body: &str| read(body.as_bytes()).unwrap_err();
        let when = |body: &str| read(body.as_bytes()).unwrap().when;
        let later = When::Later { most: None };
        assert_eq!(when(r#"{"background":true}"#), later);
        let short = r#"{"background":true,"max_output_tokens":50}"#;
        assert_eq!(when(short), When::Later { most: Some(50) });
        assert_eq!(when(r#"{"background":false}"#), When::AtOnce);
        assert_eq!(
            fault(r#"{"background":"ja"}"#),
            FormFault::Field("background")
        );
        assert_eq!(fault(r#"{"store":"ja"}"#), FormFault::Field("store"));
        assert_eq!(fault(r#"{"text":7}"#), FormFault::Field("text"));
        for input in ["7", "true", r#"{"role":"user","content":"x"}"#] {
            let body = format!(r#"{{"input":{input}}}"#);
            assert_eq!(fault(&body), FormFault::Field("input"), "{input}");
        }
    }
}
