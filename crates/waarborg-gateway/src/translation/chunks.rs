//! The chunks of a completion, as whoever says them in another protocol reads them.

use serde_json::Value;
use waarborg_usecase::ports::ProviderError;

use super::content::{Part, parts_of, thought_of};
use super::text_of;
use crate::completion::{Calls, Mark, has_ended};

/// What chunks tell of their answer as a whole, until now.
#[derive(Default)]
pub(super) struct Heard {
    /// Why it ended, in the words of this protocol.
    pub(super) finish_reason: String,
    /// What it used.
    pub(super) usage: Value,
    calls: Calls,
}

/// One chunk.
pub(super) struct Chunk {
    pub(super) document: Value,
    /// Those of the calls in it.
    numbers: Vec<u64>,
}

/// What a chunk says.
pub(super) enum Piece<'c> {
    /// Of a thought.
    Thought(&'c str),
    /// Of the text, or of a refusal.
    Text(&'c str),
    /// Of a call of a tool.
    Call(Call<'c>),
}

/// A piece of a call. Only the first of each has an id and a name.
pub(super) struct Call<'c> {
    /// Its place among the calls of the answer.
    pub(super) number: u64,
    pub(super) id: &'c str,
    pub(super) name: &'c str,
    pub(super) arguments: &'c str,
}

impl Heard {
    /// Reads a chunk, and keeps what it tells of the whole.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Unreadable`] if it is none; [`ProviderError::TooLarge`] if the answer has too many calls.
    pub(super) fn chunk(&mut self, data: &[u8]) -> Result<Chunk, ProviderError> {
        let document: Value =
            serde_json::from_slice(data).map_err(|_| ProviderError::Unreadable)?;
        if let Some(usage) = document.get("usage").filter(|usage| usage.is_object()) {
            self.usage = usage.clone();
        }
        let mut chunk = Chunk {
            document,
            numbers: Vec::new(),
        };
        let marks: Vec<Mark<'_>> = chunk.calls().map(mark_of).collect();
        let numbered = self.calls.number(0, &marks);
        let numbered = numbered.ok_or(ProviderError::TooLarge)?;
        chunk.numbers = numbered.iter().map(|call| call.number).collect();
        if let Some(reason) = chunk.finish_reason() {
            reason.clone_into(&mut self.finish_reason);
        }
        Ok(chunk)
    }
}

impl Chunk {
    /// Nobody asks for more than one answer in the other protocols.
    fn choice(&self) -> Option<&Value> {
        self.document.pointer("/choices/0")
    }

    fn calls(&self) -> impl Iterator<Item = &Value> {
        let calls = self
            .choice()
            .and_then(|choice| choice.pointer("/delta/tool_calls"));
        calls.and_then(Value::as_array).into_iter().flatten()
    }

    /// Why the answer ended, if this is its end.
    pub(super) fn finish_reason(&self) -> Option<&str> {
        let reason = self.choice()?.get("finish_reason")?;
        reason.as_str().filter(|_| has_ended(reason))
    }

    /// What it says, in the order in which it is told.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Unreadable`] if it says it in no form that is known.
    pub(super) fn pieces(&self) -> Result<Vec<Piece<'_>>, ProviderError> {
        let Some(delta) = self.choice().and_then(|choice| choice.get("delta")) else {
            return Ok(Vec::new());
        };
        let mut pieces: Vec<Piece<'_>> =
            thought_of(delta).map(Piece::Thought).into_iter().collect();
        pieces.extend(parts_of(delta)?.into_iter().map(|part| match part {
            Part::Thought(thought) => Piece::Thought(thought),
            Part::Text(text) => Piece::Text(text),
        }));
        let refusal = Some(text_of(delta, "refusal")).filter(|text| !text.is_empty());
        pieces.extend(refusal.map(Piece::Text));
        let calls = self.calls().zip(self.numbers.iter().copied());
        pieces.extend(calls.map(|(call, number)| Piece::Call(Call::of(call, number))));
        Ok(pieces)
    }
}

impl<'c> Call<'c> {
    fn of(call: &'c Value, number: u64) -> Self {
        static NOTHING: Value = Value::Null;
        let function = call.get("function").unwrap_or(&NOTHING);
        Self {
            number,
            id: text_of(call, "id"),
            name: text_of(function, "name"),
            arguments: text_of(function, "arguments"),
        }
    }
}

fn mark_of(call: &Value) -> Mark<'_> {
    let function = call.get("function");
    Mark {
        index: call.get("index").and_then(Value::as_u64),
        id: text_of(call, "id"),
        is_named: function.is_some_and(|function| !text_of(function, "name").is_empty()),
    }
}

/// What a call says to its tool, or `None` where the answer's length was over before the call was whole.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if it cannot be read for another reason.
pub(super) fn input_of(
    arguments: &str,
    finish_reason: &str,
) -> Result<Option<Value>, ProviderError> {
    let is_cut = finish_reason == "length";
    let arguments = match arguments.trim() {
        // Of a cut call nobody knows that it says nothing: to leave out what it would say may turn its meaning around.
        "" if !is_cut => "{}",
        arguments => arguments,
    };
    match serde_json::from_str(arguments) {
        Ok(input) => Ok(Some(input)),
        Err(_) if is_cut => Ok(None),
        Err(_) => Err(ProviderError::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(chunk: &Value, expected: &[&str], heard: (&str, &Value)) {
        let mut whole = Heard::default();
        let chunk = whole.chunk(chunk.to_string().as_bytes()).unwrap();
        let said: Vec<String> = chunk
            .pieces()
            .unwrap()
            .into_iter()
            .map(|piece| match piece {
                Piece::Thought(thought) => format!("thought {thought}"),
                Piece::Text(text) => format!("text {text}"),
                Piece::Call(call) => format!(
                    "call {} {} {} {}",
                    call.number, call.id, call.name, call.arguments
                ),
            })
            .collect();
        assert_eq!(said, expected, "{}", chunk.document);
        assert_eq!((whole.finish_reason.as_str(), &whole.usage), heard);
    }

    #[test]
    fn a_chunk_is_read_in_the_order_of_what_it_says() {
        let nothing = &Value::Null;
        let of = |delta: Value| json!({"choices": [{"index": 0, "delta": delta}]});
        let call =
            json!({"index": 1, "id": "call_1", "function": {"name": "zoek", "arguments": "{"}});
        let all = of(
            json!({"tool_calls": [call, {"index": 2}], "content": "b", "refusal": "c", "reasoning_content": "a"}),
        );
        let expected = [
            "thought a",
            "text b",
            "text c",
            "call 0 call_1 zoek {",
            "call 1   ",
        ];
        check(&all, &expected, ("", nothing));
        check(
            &of(json!({"reasoning": "a"})),
            &["thought a"],
            ("", nothing),
        );
        check(
            &of(json!({"content": "", "reasoning": {"a": 1}})),
            &[],
            ("", nothing),
        );
        let usage = json!({"prompt_tokens": 3});
        let last = json!({"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": usage});
        check(&last, &[], ("stop", &usage));
        let on = json!({"choices": [{"delta": {}, "finish_reason": ""}]});
        check(&on, &[], ("", nothing));
        check(&json!({"choices": [], "usage": null}), &[], ("", nothing));
        assert!(Heard::default().chunk(b"[DONE]").is_err());
    }

    #[test]
    fn a_call_is_left_out_where_the_length_was_over_before_it_was_whole() {
        let whole = Ok(Some(json!({"a": 1})));
        for (arguments, finish_reason, expected) in [
            ("{\"a\":1}", "tool_calls", whole.clone()),
            ("{\"a\":1}", "length", whole),
            (" ", "tool_calls", Ok(Some(json!({})))),
            ("", "length", Ok(None)),
            ("{\"a\": ", "length", Ok(None)),
            ("{\"a\": ", "stop", Err(ProviderError::Unreadable)),
        ] {
            let read = input_of(arguments, finish_reason);
            assert_eq!(read, expected, "{arguments} {finish_reason}");
        }
    }
}
