//! What a message of a completion says, or a piece of one: a string, or as some write it a list of parts.

use serde_json::Value;
use waarborg_usecase::ports::ProviderError;

use super::text_of;

/// A part of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'c> {
    Thought(&'c str),
    Text(&'c str),
}

/// What a whole message says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) thought: String,
    pub(super) text: String,
    pub(super) refusal: String,
}

impl Said {
    /// Reads a message.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Unreadable`] if its content is in no form that is known.
    pub(super) fn of(message: &Value) -> Result<Self, ProviderError> {
        let mut said = Self {
            thought: thought_of(message).unwrap_or_default().to_owned(),
            refusal: text_of(message, "refusal").to_owned(),
            ..Self::default()
        };
        for part in parts_of(message)? {
            match part {
                Part::Thought(thought) => said.thought.push_str(thought),
                Part::Text(text) => said.text.push_str(text),
            }
        }
        Ok(said)
    }
}

/// The parts of the content that say something, of a message or a piece of one.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if there is one in another form: an answer without it would be another answer.
pub(super) fn parts_of(said: &Value) -> Result<Vec<Part<'_>>, ProviderError> {
    let mut parts = Vec::new();
    match said.get("content") {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => parts.push(Part::Text(text)),
        Some(Value::Array(list)) => {
            for part in list {
                read(part, &mut parts)?;
            }
        }
        Some(_) => return Err(ProviderError::Unreadable),
    }
    parts.retain(|(Part::Thought(text) | Part::Text(text))| !text.is_empty());
    Ok(parts)
}

fn read<'c>(part: &'c Value, parts: &mut Vec<Part<'c>>) -> Result<(), ProviderError> {
    match part.get("thinking") {
        Some(Value::String(thought)) => parts.push(Part::Thought(thought)),
        Some(Value::Array(thoughts)) => {
            let thoughts = thoughts.iter().map(|thought| text_of(thought, "text"));
            parts.extend(thoughts.map(Part::Thought));
        }
        _ => {
            let text = part.get("text").or_else(|| part.get("refusal"));
            let text = text.and_then(Value::as_str);
            parts.push(Part::Text(text.ok_or(ProviderError::Unreadable)?));
        }
    }
    Ok(())
}

/// What a model thought, in a message or a piece of one. Programs that serve open models name it in either way.
pub(super) fn thought_of(said: &Value) -> Option<&str> {
    let mut thoughts = ["reasoning_content", "reasoning"].into_iter();
    thoughts.find_map(|field| Some(text_of(said, field)).filter(|thought| !thought.is_empty()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(message: &Value, expected: Option<[&str; 3]>) {
        let said = Said::of(message).ok();
        let expected = expected.map(|[thought, text, refusal]| Said {
            thought: thought.to_owned(),
            text: text.to_owned(),
            refusal: refusal.to_owned(),
        });
        assert_eq!(said, expected, "{message}");
    }

    #[test]
    fn a_message_is_a_string_or_a_list_of_parts_and_nothing_else() {
        check(
            &json!({"reasoning": "a", "content": "b", "refusal": "c"}),
            Some(["a", "b", "c"]),
        );
        check(&json!({"content": null, "refusal": null}), Some([""; 3]));
        let thought = json!({"type": "thinking", "thinking": [{"type": "text", "text": "a"}, {"type": "reference"}]});
        let text = |text: &str| json!({"type": "text", "text": text});
        check(
            &json!({"content": [thought, text("b"), text("c")]}),
            Some(["a", "bc", ""]),
        );
        check(
            &json!({"content": [{"type": "thinking", "thinking": "a"}, {"type": "refusal", "refusal": "b"}]}),
            Some(["a", "b", ""]),
        );
        for content in [
            json!({"text": "a"}),
            json!([text("a"), {"type": "image_url", "image_url": {"url": "x"}}]),
            json!(["a"]),
            json!([{"type": "text", "text": 1}]),
        ] {
            check(&json!({"content": content}), None);
        }
    }
}
