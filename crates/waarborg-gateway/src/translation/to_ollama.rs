//! An answer of chat completions, said as one of Ollama's `api/chat`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use waarborg_usecase::ports::ProviderError;

use super::chunks::{Heard, Piece, input_of};
use super::content::Said;
use super::{StreamTranslator, number_of, text_of};

/// A whole answer in the other protocol.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if the body is no completion.
pub(crate) fn line_of(body: &[u8]) -> Result<Vec<u8>, ProviderError> {
    let unreadable = || ProviderError::Unreadable;
    let completion: Value = serde_json::from_slice(body).map_err(|_| unreadable())?;
    let choice = completion.pointer("/choices/0").ok_or_else(unreadable)?;
    let message = choice.get("message").ok_or_else(unreadable)?;
    let said = Said::of(message)?;
    let finish_reason = text_of(choice, "finish_reason");
    let calls = message.get("tool_calls").and_then(Value::as_array);
    let calls = calls.into_iter().flatten().map(|call| {
        let function = call.get("function").ok_or_else(unreadable)?;
        let (name, arguments) = (text_of(function, "name"), text_of(function, "arguments"));
        called(name, arguments, finish_reason)
    });
    let calls = calls.filter_map(Result::transpose);
    let calls = calls.collect::<Result<Vec<Value>, ProviderError>>()?;
    let text = said.text + &said.refusal;
    let mut message = json!({"role": "assistant", "content": text});
    if let Some(members) = message.as_object_mut() {
        if !said.thought.is_empty() {
            members.insert("thinking".to_owned(), said.thought.into());
        }
        if !calls.is_empty() {
            members.insert("tool_calls".to_owned(), Value::Array(calls));
        }
    }
    let head = Head::of(&completion);
    let usage = completion.get("usage").unwrap_or(&Value::Null);
    let line = head.last(&message, finish_reason, usage);
    Ok(line.to_string().into_bytes())
}

/// A call of a tool, unless the answer's length was over before it was whole. What is said to it is an object in this protocol.
fn called(
    name: &str,
    arguments: &str,
    finish_reason: &str,
) -> Result<Option<Value>, ProviderError> {
    let Some(input) = input_of(arguments, finish_reason)? else {
        return Ok(None);
    };
    if !input.is_object() {
        return Err(ProviderError::Unreadable);
    }
    let function = json!({"name": name, "arguments": input});
    Ok(Some(json!({"function": function})))
}

/// What every line of an answer says.
#[derive(Default)]
struct Head {
    model: String,
    created_at: String,
}

impl Head {
    fn of(document: &Value) -> Self {
        let seconds = document.get("created").and_then(Value::as_i64);
        let created = Timestamp::from_second(seconds.unwrap_or_default());
        Self {
            model: text_of(document, "model").to_owned(),
            created_at: created.unwrap_or(Timestamp::UNIX_EPOCH).to_string(),
        }
    }

    fn line(&self, message: &Value) -> Value {
        json!({"model": self.model, "created_at": self.created_at, "message": message, "done": false})
    }

    fn last(&self, message: &Value, finish_reason: &str, usage: &Value) -> Value {
        let reason = match finish_reason {
            "length" => "length",
            _ => "stop",
        };
        let (told, said) = (
            number_of(usage, "prompt_tokens"),
            number_of(usage, "completion_tokens"),
        );
        json!({"model": self.model, "created_at": self.created_at, "message": message, "done": true, "done_reason": reason,
            "total_duration": 0, "load_duration": 0, "prompt_eval_count": told, "prompt_eval_duration": 0,
            "eval_count": said, "eval_duration": 0})
    }
}

/// More than this is no call of a tool but an attack on memory, in bytes.
const MOST_SAID: usize = 16 * 1024 * 1024;

/// What a call weighs beside what is said to it, about.
const WEIGHT_OF_A_CALL: usize = 64;

/// Says the chunks of a completion as lines.
#[derive(Default)]
pub(crate) struct ChunksToLines {
    head: Option<Head>,
    /// By their numbers, the names of tools and what is said to them: a line holds whole calls.
    calls: BTreeMap<u64, (String, String)>,
    n_said: usize,
    heard: Heard,
}

impl StreamTranslator for ChunksToLines {
    fn document(&mut self, data: &[u8]) -> Result<Vec<Value>, ProviderError> {
        let chunk = self.heard.chunk(data)?;
        let head = self.head.get_or_insert_with(|| Head::of(&chunk.document));
        let mut lines = Vec::new();
        for piece in chunk.pieces()? {
            match piece {
                Piece::Thought(thought) => {
                    let message = json!({"role": "assistant", "content": "", "thinking": thought});
                    lines.push(head.line(&message));
                }
                Piece::Text(text) => {
                    lines.push(head.line(&json!({"role": "assistant", "content": text})));
                }
                Piece::Call(call) => {
                    let (name, said) = self.calls.entry(call.number).or_default();
                    name.push_str(call.name);
                    said.push_str(call.arguments);
                    self.n_said += call.arguments.len() + WEIGHT_OF_A_CALL;
                }
            }
        }
        if self.n_said > MOST_SAID {
            return Err(ProviderError::TooLarge);
        }
        if let Some(finish_reason) = chunk.finish_reason() {
            // A call that cannot be read ends the answer while that can still be told.
            let calls = std::mem::take(&mut self.calls).into_values();
            let calls: Result<Vec<Value>, ProviderError> = calls
                .filter_map(|(name, arguments)| {
                    called(&name, &arguments, finish_reason).transpose()
                })
                .collect();
            let calls = calls?;
            if let (false, Some(head)) = (calls.is_empty(), &self.head) {
                let message = json!({"role": "assistant", "content": "", "tool_calls": calls});
                lines.push(head.line(&message));
            }
        }
        Ok(lines)
    }

    fn end(&mut self) -> Vec<Value> {
        let head = self.head.take().unwrap_or_else(|| Head::of(&Value::Null));
        let message = json!({"role": "assistant", "content": ""});
        vec![head.last(&message, &self.heard.finish_reason, &self.heard.usage)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(delta: &Value, finish_reason: Option<&str>) -> Vec<u8> {
        let choice = json!({"index": 0, "delta": delta, "finish_reason": finish_reason});
        let chunk = json!({"id": "x", "created": 1_795_000_000, "model": "m", "choices": [choice]});
        chunk.to_string().into_bytes()
    }

    fn piece(number: u64, name: &str, arguments: &str) -> Value {
        let function = json!({"name": name, "arguments": arguments});
        json!({"tool_calls": [{"index": number, "function": function}]})
    }

    #[test]
    fn calls_that_come_in_turns_are_told_whole_on_one_line() {
        let mut translator = ChunksToLines::default();
        let mut lines = Vec::new();
        for (delta, reason) in [
            (json!({"reasoning_content": "Hm."}), None),
            (json!({"content": "Even "}), None),
            (piece(0, "zoek", "{\"a\""), None),
            (piece(1, "tel", ""), None),
            (json!({"content": "kijken."}), None),
            (piece(0, "", ":1}"), None),
            (json!({}), Some("tool_calls")),
        ] {
            lines.extend(translator.document(&chunk(&delta, reason)).unwrap());
        }
        let usage = json!({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}});
        lines.extend(translator.document(usage.to_string().as_bytes()).unwrap());
        lines.extend(translator.end());

        assert_eq!(lines[0]["message"]["thinking"], "Hm.");
        let said: String = lines
            .iter()
            .filter_map(|line| line["message"]["content"].as_str())
            .collect();
        assert_eq!(said, "Even kijken.");
        assert_eq!(
            lines[3]["message"]["tool_calls"],
            json!([{"function": {"name": "zoek", "arguments": {"a": 1}}}, {"function": {"name": "tel", "arguments": {}}}])
        );
        let last = lines.last().unwrap();
        assert_eq!(
            (&last["done"], &last["done_reason"]),
            (&json!(true), &json!("stop"))
        );
        assert_eq!(
            (&last["prompt_eval_count"], &last["eval_count"]),
            (&json!(3), &json!(4))
        );
        assert_eq!(last["created_at"], "2026-11-18T11:06:40Z");
        assert!(lines.iter().rev().skip(1).all(|line| line["done"] == false));
    }

    #[test]
    fn a_call_that_cannot_be_read_ends_the_answer_and_so_does_one_without_an_end() {
        let mut translator = ChunksToLines::default();
        translator
            .document(&chunk(&piece(0, "zoek", "{\"a\""), None))
            .unwrap();
        let ended = translator.document(&chunk(&json!({}), Some("tool_calls")));
        assert_eq!(ended, Err(ProviderError::Unreadable));
        let mut translator = ChunksToLines::default();
        let long = "a".repeat(1 << 20);
        let mut say = || translator.document(&chunk(&piece(0, "", &long), None));
        assert!((0..15).all(|_| say().is_ok()));
        assert!((0..2).any(|_| say().is_err()));
    }
}
