//! The few fields of a request on which we act ourselves; the rest is the provider's to judge.

use serde::Deserialize;

use super::error::Problem;
use crate::restore::AnswerText;

/// What we read of a request, once it is known to be JSON with one reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// What the answer's text will be.
    pub(super) text: AnswerText,
    /// The provider is asked to keep the conversation.
    pub(super) asks_to_store: bool,
}

#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "messages")]
    _messages: Vec<Message>,
    #[serde(default)]
    response_format: Option<Format>,
    #[serde(default)]
    store: Option<bool>,
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

impl Form {
    /// Reads the fields.
    ///
    /// # Errors
    ///
    /// [`Problem::Field`] names the first one of another type than the protocol says.
    pub(super) fn read(body: &[u8]) -> Result<Self, Problem> {
        let fields: Fields =
            serde_json::from_slice(body).map_err(|_| Problem::Field(wrong_field(body)))?;
        let is_json = fields
            .response_format
            .is_some_and(|format| format.kind.starts_with("json"));

        Ok(Self {
            text: if is_json {
                AnswerText::Json
            } else {
                AnswerText::Plain
            },
            asks_to_store: fields.store == Some(true),
        })
    }
}

/// Which field has another type than the protocol says.
fn wrong_field(body: &[u8]) -> &'static str {
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

    if serde_json::from_slice::<ResponseFormat>(body).is_err() {
        "response_format"
    } else if serde_json::from_slice::<Store>(body).is_err() {
        "store"
    } else {
        "messages"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &Result<(AnswerText, bool), Problem>) {
        let form = Form::read(body.as_bytes()).map(|form| (form.text, form.asks_to_store));
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
        check("{}", &Err(Problem::Field("messages")));
        check(r#"{"messages":"hallo"}"#, &Err(Problem::Field("messages")));
        check(
            r#"{"messages":["hallo"]}"#,
            &Err(Problem::Field("messages")),
        );
        check(
            r#"{"messages":[],"store":"ja"}"#,
            &Err(Problem::Field("store")),
        );
    }
}
