//! An answer of chat completions, said as one of Anthropic's messages.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use waarborg_usecase::ports::ProviderError;

use super::chunks::{Call, Heard, Piece, input_of};
use super::content::Said;
use super::{StreamTranslator, number_of, text_of};

/// What becomes of what a model thought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Thoughts {
    /// Nobody asked for it.
    #[default]
    LeftOut,
    /// It is told, without a signature: only its own provider could give one, and takes none back.
    Told,
}

/// A whole answer in the other protocol.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if the body is no completion.
pub(crate) fn message_of(body: &[u8], thoughts: Thoughts) -> Result<Vec<u8>, ProviderError> {
    let unreadable = || ProviderError::Unreadable;
    let completion: Value = serde_json::from_slice(body).map_err(|_| unreadable())?;
    let choice = completion.pointer("/choices/0").ok_or_else(unreadable)?;
    let message = choice.get("message").ok_or_else(unreadable)?;
    let said = Said::of(message)?;
    let finish_reason = text_of(choice, "finish_reason");
    let mut blocks = Vec::new();
    if thoughts == Thoughts::Told && !said.thought.is_empty() {
        blocks.push(thought_block(&said.thought));
    }
    let texts = [said.text, said.refusal]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| json!({"type": "text", "text": text}));
    blocks.extend(texts);
    let calls = message.get("tool_calls").and_then(Value::as_array);
    for call in calls.into_iter().flatten() {
        let function = call.get("function").ok_or_else(unreadable)?;
        let Some(input) = input_of(text_of(function, "arguments"), finish_reason)? else {
            continue;
        };
        blocks.push(json!({"type": "tool_use", "id": text_of(call, "id"), "name": text_of(function, "name"), "input": input}));
    }
    let reason = stop_reason(finish_reason);
    let usage = usage(completion.get("usage").unwrap_or(&Value::Null));
    let message = json!({"id": text_of(&completion, "id"), "type": "message", "role": "assistant",
        "model": text_of(&completion, "model"), "content": blocks, "stop_reason": reason, "stop_sequence": null, "usage": usage});
    Ok(message.to_string().into_bytes())
}

fn thought_block(thought: &str) -> Value {
    json!({"type": "thinking", "thinking": thought, "signature": ""})
}

fn stop_reason(finish_reason: &str) -> &'static str {
    match finish_reason {
        "length" => "max_tokens",
        "tool_calls" | "function_call" => "tool_use",
        "content_filter" => "refusal",
        _ => "end_turn",
    }
}

fn usage(counted: &Value) -> Value {
    let cached = counted
        .pointer("/prompt_tokens_details/cached_tokens")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let told = number_of(counted, "prompt_tokens").saturating_sub(cached);
    json!({"input_tokens": told, "cache_read_input_tokens": cached, "output_tokens": number_of(counted, "completion_tokens")})
}

/// Says the chunks of a completion as events.
#[derive(Default)]
pub(crate) struct ChunksToEvents {
    thoughts: Thoughts,
    has_begun: bool,
    /// The index of the block that holds a thought, while it is open.
    thought: Option<u64>,
    /// The same of the text.
    text: Option<u64>,
    /// The number and the block of the call that is told as it comes. In this protocol a block ends before the next one
    /// begins, and only the end of the stream says that no more comes of a call.
    call: Option<(u64, u64)>,
    /// What waits for that end: other calls by their number, and the text after a call.
    later: BTreeMap<u64, Later>,
    later_text: String,
    /// How many bytes wait.
    n_waiting: usize,
    n_blocks: u64,
    heard: Heard,
}

/// More than this waits for no end of a stream, in bytes: a whole answer may be as long.
const MOST_WAITING: usize = 16 * 1024 * 1024;

/// What a piece of a call weighs beside its arguments, about.
const WEIGHT_OF_A_CALL: usize = 64;

/// A call that is told when it is whole.
struct Later {
    block: Value,
    arguments: String,
}

impl ChunksToEvents {
    pub(crate) fn new(thoughts: Thoughts) -> Self {
        Self {
            thoughts,
            ..Self::default()
        }
    }

    fn begin(&mut self, chunk: &Value, events: &mut Vec<Value>) {
        if std::mem::replace(&mut self.has_begun, true) {
            return;
        }
        let message = json!({"id": text_of(chunk, "id"), "type": "message", "role": "assistant", "model": text_of(chunk, "model"),
            "content": [], "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 0, "output_tokens": 0}});
        events.push(json!({"type": "message_start", "message": message}));
    }

    fn open(&mut self, block: &Value, events: &mut Vec<Value>) -> u64 {
        let index = self.n_blocks;
        self.n_blocks += 1;
        events.push(json!({"type": "content_block_start", "index": index, "content_block": block}));
        index
    }

    /// A thought between calls of tools is left out: a call is told as it comes, and in this protocol a block ends before the next begins.
    fn think(&mut self, thought: &str, events: &mut Vec<Value>) {
        if self.thoughts == Thoughts::LeftOut || self.call.is_some() {
            return;
        }
        self.close_text(events);
        let index = match self.thought {
            Some(index) => index,
            None => self.open(&thought_block(""), events),
        };
        self.thought = Some(index);
        let delta = json!({"type": "thinking_delta", "thinking": thought});
        events.push(json!({"type": "content_block_delta", "index": index, "delta": delta}));
    }

    fn say(&mut self, text: &str, events: &mut Vec<Value>) {
        if self.call.is_some() {
            self.later_text.push_str(text);
            self.n_waiting += text.len();
            return;
        }
        self.close_thought(events);
        let index = match self.text {
            Some(index) => index,
            None => self.open(&json!({"type": "text", "text": ""}), events),
        };
        self.text = Some(index);
        let delta = json!({"type": "text_delta", "text": text});
        events.push(json!({"type": "content_block_delta", "index": index, "delta": delta}));
    }

    fn call(&mut self, call: &Call<'_>, events: &mut Vec<Value>) {
        let block = || json!({"type": "tool_use", "id": call.id, "name": call.name, "input": {}});
        match self.call {
            Some((live, index)) if live == call.number => {
                say_arguments(index, call.arguments, events);
            }
            Some(_) => {
                let later = self.later.entry(call.number).or_insert_with(|| Later {
                    block: block(),
                    arguments: String::new(),
                });
                later.arguments.push_str(call.arguments);
                self.n_waiting += call.arguments.len() + WEIGHT_OF_A_CALL;
            }
            None => {
                self.close_thought(events);
                self.close_text(events);
                let index = self.open(&block(), events);
                self.call = Some((call.number, index));
                say_arguments(index, call.arguments, events);
            }
        }
    }

    fn close_calls(&mut self, events: &mut Vec<Value>) {
        if let Some((_, index)) = self.call.take() {
            events.push(stop(index));
        }
        for call in std::mem::take(&mut self.later).into_values() {
            let index = self.open(&call.block, events);
            say_arguments(index, &call.arguments, events);
            events.push(stop(index));
        }
        let text = std::mem::take(&mut self.later_text);
        if !text.is_empty() {
            self.say(&text, events);
        }
        self.close_text(events);
    }

    fn close_text(&mut self, events: &mut Vec<Value>) {
        events.extend(self.text.take().map(stop));
    }

    fn close_thought(&mut self, events: &mut Vec<Value>) {
        events.extend(self.thought.take().map(stop));
    }
}

fn stop(index: u64) -> Value {
    json!({"type": "content_block_stop", "index": index})
}

fn say_arguments(index: u64, arguments: &str, events: &mut Vec<Value>) {
    if !arguments.is_empty() {
        let delta = json!({"type": "input_json_delta", "partial_json": arguments});
        events.push(json!({"type": "content_block_delta", "index": index, "delta": delta}));
    }
}

impl StreamTranslator for ChunksToEvents {
    fn document(&mut self, data: &[u8]) -> Result<Vec<Value>, ProviderError> {
        let chunk = self.heard.chunk(data)?;
        let mut events = Vec::new();
        self.begin(&chunk.document, &mut events);
        for piece in chunk.pieces()? {
            match piece {
                Piece::Thought(thought) => self.think(thought, &mut events),
                Piece::Text(text) => self.say(text, &mut events),
                Piece::Call(call) => self.call(&call, &mut events),
            }
        }
        if self.n_waiting > MOST_WAITING {
            return Err(ProviderError::TooLarge);
        }
        Ok(events)
    }

    fn end(&mut self) -> Vec<Value> {
        let mut events = Vec::new();
        self.begin(&Value::Null, &mut events);
        self.close_thought(&mut events);
        self.close_text(&mut events);
        self.close_calls(&mut events);
        let delta =
            json!({"stop_reason": stop_reason(&self.heard.finish_reason), "stop_sequence": null});
        events.push(
            json!({"type": "message_delta", "delta": delta, "usage": usage(&self.heard.usage)}),
        );
        events.push(json!({"type": "message_stop"}));
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_for_the_end_has_a_bound() {
        let mut translator = ChunksToEvents::default();
        let mut say = |number: u64| {
            let call = json!({"index": number, "id": "x", "function": {"name": "zoek", "arguments": "a".repeat(1 << 20)}});
            let chunk =
                json!({"id": "x", "choices": [{"index": 0, "delta": {"tool_calls": [call]}}]});
            translator.document(chunk.to_string().as_bytes())
        };
        assert!(
            (0..40).all(|_| say(0).is_ok()),
            "the first call goes along as it comes"
        );
        assert!((0..15).all(|_| say(1).is_ok()));
        assert!((0..2).any(|_| say(1).is_err()));
    }

    #[test]
    fn calls_that_come_in_turns_are_told_one_after_the_other() {
        let chunk = |delta: Value| {
            json!({"id": "x", "choices": [{"index": 0, "delta": delta}]}).to_string()
        };
        let piece = |number: u64, arguments: &str| {
            let function = json!({"name": format!("tool_{number}"), "arguments": arguments});
            json!({"tool_calls": [{"index": number, "id": format!("call_{number}"), "function": function}]})
        };
        let mut translator = ChunksToEvents::default();
        let mut events = Vec::new();
        for delta in [
            json!({"content": "Even "}),
            piece(0, "{\"a\""),
            piece(1, "{\"b\""),
            json!({"content": "kijken."}),
            piece(0, ":1}"),
            piece(1, ":2}"),
        ] {
            events.extend(translator.document(chunk(delta).as_bytes()).unwrap());
        }
        let early = events
            .iter()
            .any(|event| event["delta"]["partial_json"] == ":1}");
        assert!(early, "the first call is told as it comes");
        events.extend(translator.end());

        let mut open = None;
        let mut said = BTreeMap::<u64, String>::new();
        for event in &events {
            let index = event["index"].as_u64();
            match event["type"].as_str().unwrap() {
                "content_block_start" => assert_eq!(open.replace(index.unwrap()), None),
                "content_block_stop" => assert_eq!(open.take(), index),
                "content_block_delta" => {
                    assert_eq!(open, index);
                    let delta = &event["delta"];
                    let more = delta["text"].as_str().or(delta["partial_json"].as_str());
                    said.entry(index.unwrap())
                        .or_default()
                        .push_str(more.unwrap());
                }
                _ => {}
            }
        }
        let said: Vec<&str> = said.values().map(String::as_str).collect();
        assert_eq!(said, ["Even ", "{\"a\":1}", "{\"b\":2}", "kijken."]);
        assert_eq!(open, None);
    }

    #[test]
    fn thoughts_are_told_to_who_asked_for_them_each_in_a_block_of_its_own() {
        let said = json!({"reasoning": "Hm.", "content": "Dag"});
        let whole = json!({"choices": [{"message": said, "finish_reason": "stop"}]}).to_string();
        for (thoughts, expected) in [
            (
                Thoughts::Told,
                json!([{"type": "thinking", "thinking": "Hm.", "signature": ""}, {"type": "text", "text": "Dag"}]),
            ),
            (Thoughts::LeftOut, json!([{"type": "text", "text": "Dag"}])),
        ] {
            let message = message_of(whole.as_bytes(), thoughts).unwrap();
            let message: Value = serde_json::from_slice(&message).unwrap();
            assert_eq!(message["content"], expected);

            let mut translator = ChunksToEvents::new(thoughts);
            let mut events = Vec::new();
            for delta in [
                json!({"reasoning_content": "H"}),
                json!({"reasoning_content": "m."}),
                json!({"content": "Da"}),
                json!({"content": "g"}),
            ] {
                let chunk = json!({"id": "x", "choices": [{"index": 0, "delta": delta}]});
                events.extend(translator.document(chunk.to_string().as_bytes()).unwrap());
            }
            events.extend(translator.end());
            let of_blocks = events.iter().filter_map(|event| {
                let (kind, index) = (event["type"].as_str()?, event["index"].as_u64()?);
                let said = ["/delta/thinking", "/delta/text", "/content_block/type"];
                let said = said.iter().find_map(|place| event.pointer(place));
                let said = said.and_then(Value::as_str).unwrap_or_default();
                Some(format!(
                    "{index} {} {said}",
                    kind.trim_start_matches("content_block_")
                ))
            });
            let of_blocks: Vec<String> = of_blocks.collect();
            let thought = ["0 start thinking", "0 delta H", "0 delta m.", "0 stop "];
            let (thought, at) = match thoughts {
                Thoughts::Told => (thought.as_slice(), 1),
                Thoughts::LeftOut => (&[] as &[&str], 0),
            };
            let text = ["start text", "delta Da", "delta g", "stop "];
            let text = text.iter().map(|event| format!("{at} {event}"));
            let expected: Vec<String> = thought
                .iter()
                .map(|event| (*event).to_owned())
                .chain(text)
                .collect();
            assert_eq!(of_blocks, expected);
        }
    }
}
