//! What a provider says of its refusal: its words for programs come through, its words for people never do.
//!
//! A provider's sentence may repeat what it was sent, or anything else; nobody has screened it. A code is a short
//! word of its protocol (`context_length_exceeded`), by which clients decide what to do.

use serde::Deserialize;
use serde_json::Value;
use waarborg_usecase::ports::ProviderWords;

/// More of a refusal is not read.
pub(crate) const MOST_READ: usize = 64 * 1024;

/// No word of a protocol is longer.
const LONGEST_WORD: usize = 64;

/// More digits make a number, and a number may be somebody's.
const MOST_DIGITS: usize = 6;

/// An error stands by itself, in a response that failed, or is the event.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    error: Spoken,
    #[serde(default)]
    response: Failed,
    #[serde(flatten)]
    event: Told,
}

#[derive(Default, Deserialize)]
struct Failed {
    #[serde(default)]
    error: Spoken,
}

#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Spoken {
    Told(Box<Told>),
    #[default]
    Nothing,
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct Told {
    #[serde(default, rename = "type")]
    kind: Option<Value>,
    #[serde(default)]
    code: Option<Value>,
    #[serde(default)]
    param: Option<Value>,
}

/// The words for programs in the body of a refusal, or in the data of an event that tells of an error.
pub(crate) fn read(body: &[u8]) -> ProviderWords {
    let Ok(document) = serde_json::from_slice::<Document>(body) else {
        return ProviderWords::default();
    };
    match (document.error, document.response.error) {
        (Spoken::Told(told), _) | (_, Spoken::Told(told)) => words(&told),
        _ if document.event.code.is_some() => ProviderWords {
            kind: None,
            ..words(&document.event)
        },
        _ => ProviderWords::default(),
    }
}

fn words(told: &Told) -> ProviderWords {
    ProviderWords {
        kind: told.kind.as_ref().and_then(word),
        code: told.code.as_ref().and_then(word),
        param: told.param.as_ref().and_then(word),
    }
}

fn word(value: &Value) -> Option<String> {
    let word = value.as_str()?;
    let is_word = !word.is_empty()
        && word.len() <= LONGEST_WORD
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.[]".contains(&byte))
        && word.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS;
    is_word.then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: (Option<&str>, Option<&str>, Option<&str>)) {
        let words = read(body.as_bytes());
        let told = (
            words.kind.as_deref(),
            words.code.as_deref(),
            words.param.as_deref(),
        );
        assert_eq!(told, expected, "{body}");
    }

    #[test]
    fn the_words_of_both_protocols_are_read() {
        check(
            r#"{"error":{"message":"too long","type":"invalid_request_error","param":"messages[0].content","code":"context_length_exceeded"}}"#,
            (
                Some("invalid_request_error"),
                Some("context_length_exceeded"),
                Some("messages[0].content"),
            ),
        );
        check(
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}"#,
            (Some("overloaded_error"), None, None),
        );
    }

    #[test]
    fn the_words_of_a_response_that_failed_are_read() {
        check(
            r#"{"type":"error","code":"server_error","message":"x","param":null,"sequence_number":3}"#,
            (None, Some("server_error"), None),
        );
        check(
            r#"{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"x"}}}"#,
            (None, Some("rate_limit_exceeded"), None),
        );
    }

    #[test]
    fn what_is_no_word_of_a_protocol_stays_behind() {
        check(
            r#"{"error":{"code":"Jan de Vries","type":"bsn-123456782","param":7}}"#,
            (None, None, None),
        );
        check(r#"{"error":"nee"}"#, (None, None, None));
        check(r#"{"error":{"code":500,"type":""}}"#, (None, None, None));
        check("geen json", (None, None, None));
        check(
            r#"{"type":"error","code":7,"message":"x"}"#,
            (None, None, None),
        );
    }
}
