//! OpenAI's `chat/completions` at the door. Of a request we act on a few fields ourselves; the rest is the provider's
//! to judge.

use std::sync::Arc;

use serde::Deserialize;
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::prompt::Protocol;

use super::{EventRestorer, Form, FormFault, Names, Shape, Surface};
use crate::enclosed::Encloses;
use crate::protocol::CHAT_COMPLETIONS;
use crate::restore::{AnswerFault, AnswerText, StreamRestorer, restore_body};

/// `POST /v1/chat/completions`.
pub(crate) struct ChatCompletionsSurface;

impl Surface for ChatCompletionsSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        names.reading(&CHAT_COMPLETIONS)
    }

    fn encloses(&self) -> &'static [Encloses] {
        &[Encloses::ChatPicture, Encloses::ChatFile]
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
        restore_body(body, surrogates, text)
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(StreamRestorer::new(surrogates, text))
    }

    fn shape(&self) -> Shape {
        Shape::OpenAi
    }
}

impl EventRestorer for StreamRestorer {
    fn restore(&mut self, data: String) -> Result<Vec<String>, AnswerFault> {
        self.chunk(data)
    }

    fn finish(&mut self) -> Vec<String> {
        Self::finish(self)
    }

    fn event_name(&self, _: &str) -> Option<String> {
        None
    }

    fn end(&self) -> Option<&'static str> {
        Some("[DONE]")
    }
}

#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "messages")]
    _messages: Vec<Message>,
    #[serde(default)]
    response_format: Option<Format>,
    #[serde(default)]
    store: Option<bool>,
    #[serde(default)]
    prompt_cache_retention: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "role")]
    _role: String,
}

#[derive(Deserialize)]
struct Format {
    #[serde(default, rename = "type")]
    kind: String,
}

fn read(body: &[u8]) -> Result<Form, FormFault> {
    let fields: Fields = serde_json::from_slice(body).map_err(|_| wrong_field(body))?;
    let is_json = fields
        .response_format
        .is_some_and(|format| format.kind.starts_with("json"));

    Ok(Form {
        text: if is_json {
            AnswerText::Json
        } else {
            AnswerText::Plain
        },
        keeps: keeps(fields.store, fields.prompt_cache_retention.as_deref()),
        ..Form::default()
    })
}

/// The field by which the provider is asked to keep something: for good, or what it worked out of the prompt for longer than it is used.
pub(super) fn keeps(store: Option<bool>, cache: Option<&str>) -> Option<&'static str> {
    let is_kept_long = cache.is_some_and(|how| !matches!(how, "in_memory" | "in-memory"));
    let kept = (store == Some(true)).then_some("store");
    kept.or(is_kept_long.then_some("prompt_cache_retention"))
}

/// Which field has another type than the protocol says.
fn wrong_field(body: &[u8]) -> FormFault {
    #[derive(Deserialize)]
    struct ResponseFormat {
        #[serde(default, rename = "response_format")]
        _response_format: Option<Format>,
    }
    #[derive(Deserialize)]
    struct Store {
        #[serde(default, rename = "store")]
        _store: Option<bool>,
    }

    #[derive(Deserialize)]
    struct Cache {
        #[serde(default, rename = "prompt_cache_retention")]
        _retention: Option<String>,
    }

    if serde_json::from_slice::<Cache>(body).is_err() {
        FormFault::Field("prompt_cache_retention")
    } else if serde_json::from_slice::<ResponseFormat>(body).is_err() {
        FormFault::Field("response_format")
    } else if serde_json::from_slice::<Store>(body).is_err() {
        FormFault::Field("store")
    } else {
        FormFault::Field("messages")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &Result<(AnswerText, bool), FormFault>) {
        let form = read(body.as_bytes()).map(|form| (form.text, form.keeps.is_some()));
        assert_eq!(&form, expected, "{body}");
    }

    #[test]
    fn only_what_we_act_on_is_judged() {
        check(r#"{"messages":[]}"#, &Ok((AnswerText::Plain, false)));
        check(
            r#"{"messages":[{"role":"user","content":7}],"n":"x"}"#,
            &Ok((AnswerText::Plain, false)),
        );
        let json = r#"{"messages":[],"response_format":{"type":"json_schema"},"store":true}"#;
        check(json, &Ok((AnswerText::Json, true)));
        check(
            r#"{"messages":[],"response_format":null,"store":null}"#,
            &Ok((AnswerText::Plain, false)),
        );
        check("{}", &Err(FormFault::Field("messages")));
        check(
            r#"{"messages":"hallo"}"#,
            &Err(FormFault::Field("messages")),
        );
        check(
            r#"{"messages":["hallo"]}"#,
            &Err(FormFault::Field("messages")),
        );
        check(
            r#"{"messages":[],"store":"ja"}"#,
            &Err(FormFault::Field("store")),
        );
    }
}
