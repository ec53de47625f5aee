//! How many tokens a request would be for a model whose provider counts none beforehand: an estimate, on the high side.
//!
//! A letter-by-letter rule stands in for the tables of a model, of which there is another for each: a run of letters is
//! a token for every five, of digits for every three, of blanks none, and anything else is one by itself. For Dutch and
//! English that gives a tenth to a third more than OpenAI's tables; who counts to stay below a limit is safe with it.

use serde_json::Value;

use super::Untranslatable;

/// What a message costs beside its words.
const PER_MESSAGE: u64 = 4;

/// What a picture costs at most in the tables of either; of a file nobody can tell beforehand.
const PER_PICTURE: u64 = 1_600;

/// What an answer begins with.
const PER_REQUEST: u64 = 3;

/// Letters of which one token is made.
const LETTERS: u64 = 5;

/// Digits of which one token is made.
const DIGITS: u64 = 3;

/// The tokens of a request in the form of `messages`.
///
/// # Errors
///
/// [`Untranslatable`] if it is no such request.
pub(crate) fn tokens_of(body: &[u8]) -> Result<u64, Untranslatable> {
    let asked: Value = serde_json::from_slice(body).map_err(|_| Untranslatable("messages"))?;
    let Some(turns) = asked.get("messages").and_then(Value::as_array) else {
        return Err(Untranslatable("messages"));
    };
    let messages = turns.len() as u64 * PER_MESSAGE;
    let parts = ["system", "messages", "tools", "tool_choice"];
    let words: u64 = parts
        .into_iter()
        .filter_map(|part| asked.get(part))
        .map(tokens_in)
        .sum();
    Ok(PER_REQUEST + messages + words)
}

/// The tokens of every text and name in a value.
fn tokens_in(value: &Value) -> u64 {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Number(number) => tokens(&number.to_string()),
        Value::String(text) => tokens(text),
        Value::Array(list) => list.iter().map(tokens_in).sum(),
        Value::Object(source) if source.get("type").is_some_and(|kind| kind == "base64") => {
            PER_PICTURE
        }
        Value::Object(members) => members
            .iter()
            // Roles and types of parts are counted with the message.
            .filter(|(key, _)| !matches!(key.as_str(), "role" | "type" | "cache_control"))
            .map(|(key, value)| {
                let is_shell = matches!(key.as_str(), "content" | "text" | "input");
                tokens_in(value) + if is_shell { 0 } else { tokens(key) + 1 }
            })
            .sum(),
    }
}

/// The tokens of a text.
fn tokens(text: &str) -> u64 {
    let (mut letters, mut digits, mut count) = (0, 0, 0);
    for letter in text.chars() {
        let is_latin = letter.is_alphabetic() && u32::from(letter) < 0x250;
        if !is_latin {
            count += u64::div_ceil(std::mem::take(&mut letters), LETTERS);
        }
        if !letter.is_ascii_digit() {
            count += u64::div_ceil(std::mem::take(&mut digits), DIGITS);
        }
        if is_latin {
            letters += 1;
        } else if letter.is_ascii_digit() {
            digits += 1;
        } else if letter == '\n' || !letter.is_whitespace() {
            count += 1;
        }
    }
    count + letters.div_ceil(LETTERS) + digits.div_ceil(DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(text: &str, expected: u64) {
        assert_eq!(tokens(text), expected, "{text}");
    }

    #[test]
    fn words_digits_and_marks_are_counted_each_in_their_way() {
        check("", 0);
        check("hallo", 1);
        check("de klant belt", 3);
        check("verzekeringsmaatschappij", 5);
        check("123456782", 3);
        check("Wat is 2+2?", 6);
        check("één\n日本", 4);
    }

    #[test]
    fn a_request_is_its_words_and_what_holds_them() {
        let asked = json!({"model": "m", "max_tokens": 5, "system": "Wees kort.", "messages": [{"role": "user", "content": "hallo"}]});
        assert_eq!(tokens_of(asked.to_string().as_bytes()), Ok(3 + 4 + 3 + 1));
        let parts =
            json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "hallo"}]}]});
        assert_eq!(tokens_of(parts.to_string().as_bytes()), Ok(3 + 4 + 1));
        assert!(tokens_of(b"{}").is_err());
    }
}
