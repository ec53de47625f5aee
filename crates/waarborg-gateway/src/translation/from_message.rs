//! An answer of Anthropic's messages, said as one of chat completions.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use waarborg_usecase::ports::ProviderError;

use super::to_messages::{ANSWER, Answering};
use super::{StreamTranslator, number_of, text_of};

/// A whole answer in the other protocol.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if the body is no message.
pub(crate) fn completion_of(body: &[u8], answering: Answering) -> Result<Vec<u8>, ProviderError> {
    let message: Value = serde_json::from_slice(body).map_err(|_| ProviderError::Unreadable)?;
    let blocks = message
        .get("content")
        .and_then(Value::as_array)
        .ok_or(ProviderError::Unreadable)?;
    let of = |kind: &str, field: &str| -> String {
        blocks
            .iter()
            .filter(|block| text_of(block, "type") == kind)
            .map(|block| text_of(block, field))
            .collect()
    };
    // Beside a document nothing else is said: who reads it would stumble over the rest.
    let document = blocks.iter().find(|block| answering.has_in(block));
    let document = document.map(|block| {
        let input = block.get("input");
        input.map_or_else(|| "{}".to_owned(), Value::to_string)
    });
    let calls: Vec<Value> = blocks
        .iter()
        .filter(|block| text_of(block, "type") == "tool_use" && document.is_none())
        .map(|block| {
            let arguments = block.get("input").cloned().unwrap_or_else(|| json!({}));
            let function =
                json!({"name": text_of(block, "name"), "arguments": arguments.to_string()});
            json!({"id": text_of(block, "id"), "type": "function", "function": function})
        })
        .collect();

    let is_document = document.is_some();
    let text = document.unwrap_or_else(|| of("text", "text"));
    let mut said = json!({"role": "assistant", "content": text, "refusal": null});
    if let Some(members) = said.as_object_mut() {
        if text.is_empty() && !calls.is_empty() {
            members.insert("content".to_owned(), Value::Null);
        }
        let thought = of("thinking", "thinking");
        if !thought.is_empty() {
            members.insert("reasoning_content".to_owned(), thought.into());
        }
        if !calls.is_empty() {
            members.insert("tool_calls".to_owned(), Value::Array(calls));
        }
    }
    let reason = match finish_reason(text_of(&message, "stop_reason")) {
        "tool_calls" if is_document => "stop",
        reason => reason,
    };
    let choice = json!({"index": 0, "message": said, "logprobs": null, "finish_reason": reason});
    let usage = usage(message.get("usage").unwrap_or(&Value::Null));
    let completion = json!({"id": text_of(&message, "id"), "object": "chat.completion", "created": 0,
        "model": text_of(&message, "model"), "choices": [choice], "usage": usage});
    Ok(completion.to_string().into_bytes())
}

fn finish_reason(stop_reason: &str) -> &'static str {
    match stop_reason {
        "max_tokens" | "model_context_window_exceeded" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => "stop",
    }
}

fn usage(counted: &Value) -> Value {
    let cached = number_of(counted, "cache_read_input_tokens");
    let written = number_of(counted, "cache_creation_input_tokens");
    let told = number_of(counted, "input_tokens") + cached + written;
    let said = number_of(counted, "output_tokens");
    json!({"prompt_tokens": told, "completion_tokens": said, "total_tokens": told + said,
        "prompt_tokens_details": {"cached_tokens": cached}})
}

impl Answering {
    /// Whether the document stands in this block.
    fn has_in(self, block: &Value) -> bool {
        self.as_document && text_of(block, "type") == "tool_use" && text_of(block, "name") == ANSWER
    }
}

/// More than this is not held back, in bytes: a whole answer may be as long.
const MOST_HELD: usize = 16 * 1024 * 1024;

/// Says the events of a message as chunks.
pub(crate) struct EventsToChunks {
    answering: Answering,
    id: String,
    model: String,
    usage: Value,
    /// The number of each call of a tool by the index of its block, and whether anything was said to the tool.
    calls: BTreeMap<u64, (u64, bool)>,
    /// The block in which the document stands, and whether anything of it was said.
    document: Option<(u64, bool)>,
    /// What was said where a document was asked for. It is the answer only if there comes no document.
    held: String,
}

impl EventsToChunks {
    pub(crate) fn new(answering: Answering) -> Self {
        Self {
            answering,
            id: String::new(),
            model: String::new(),
            usage: json!({}),
            calls: BTreeMap::new(),
            document: None,
            held: String::new(),
        }
    }

    fn chunk(&self, delta: &Value, finish_reason: Option<&str>) -> Value {
        let choice =
            json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish_reason});
        json!({"id": self.id, "object": "chat.completion.chunk", "created": 0, "model": self.model, "choices": [choice]})
    }

    fn count(&mut self, counted: Option<&Value>) {
        let counted = counted.and_then(Value::as_object).into_iter().flatten();
        if let Some(usage) = self.usage.as_object_mut() {
            let known = counted.filter(|(_, count)| !count.is_null());
            usage.extend(known.map(|(name, count)| (name.clone(), count.clone())));
        }
    }

    fn begun(&mut self, index: u64, block: &Value) -> Option<Value> {
        match text_of(block, "type") {
            _ if self.answering.has_in(block) => {
                self.document = Some((index, false));
                None
            }
            "tool_use" => {
                let number = self.calls.len() as u64;
                self.calls.insert(index, (number, false));
                let function = json!({"name": text_of(block, "name"), "arguments": ""});
                let call = json!({"index": number, "id": text_of(block, "id"), "type": "function", "function": function});
                Some(self.chunk(&json!({"tool_calls": [call]}), None))
            }
            "text" => self.say(text_of(block, "text")),
            _ => None,
        }
    }

    fn piece(&mut self, index: u64, delta: &Value) -> Option<Value> {
        match text_of(delta, "type") {
            "text_delta" => self.say(text_of(delta, "text")),
            "thinking_delta" => {
                let thought = json!({"reasoning_content": text_of(delta, "thinking")});
                Some(self.chunk(&thought, None))
            }
            "input_json_delta" => self.arguments(index, text_of(delta, "partial_json")),
            _ => None,
        }
    }

    fn say(&mut self, text: &str) -> Option<Value> {
        if self.answering.as_document {
            self.held.push_str(text);
            return None;
        }
        (!text.is_empty()).then(|| self.content(text))
    }

    fn content(&self, text: &str) -> Value {
        self.chunk(&json!({"content": text}), None)
    }

    /// What was held back, where there came no document.
    fn unheld(&mut self) -> Option<Value> {
        let held = std::mem::take(&mut self.held);
        let is_answer = self.document.is_none() && !held.is_empty();
        is_answer.then(|| self.content(&held))
    }

    /// Whether nothing was said to the tool that this block calls.
    fn has_nothing_in(&self, index: u64) -> bool {
        let is_empty_call = self.calls.get(&index).is_some_and(|(_, has)| !has);
        is_empty_call || self.document == Some((index, false))
    }

    fn arguments(&mut self, index: u64, piece: &str) -> Option<Value> {
        if let Some((at, has_begun)) = &mut self.document
            && *at == index
        {
            *has_begun |= !piece.is_empty();
            return (!piece.is_empty()).then(|| self.content(piece));
        }
        let (number, has_arguments) = self.calls.get_mut(&index)?;
        *has_arguments |= !piece.is_empty();
        let call = json!({"index": *number, "function": {"arguments": piece}});
        Some(self.chunk(&json!({"tool_calls": [call]}), None))
    }
}

impl StreamTranslator for EventsToChunks {
    fn document(&mut self, data: &[u8]) -> Result<Vec<Value>, ProviderError> {
        let event: Value = serde_json::from_slice(data).map_err(|_| ProviderError::Unreadable)?;
        let index = number_of(&event, "index");
        let nothing = Value::Null;
        let said = |field: &str| event.get(field).unwrap_or(&nothing);
        let chunk = match text_of(&event, "type") {
            "message_start" => {
                let message = said("message");
                text_of(message, "id").clone_into(&mut self.id);
                text_of(message, "model").clone_into(&mut self.model);
                self.count(message.get("usage"));
                Some(self.chunk(&json!({"role": "assistant", "content": ""}), None))
            }
            "content_block_start" => self.begun(index, said("content_block")),
            "content_block_delta" => self.piece(index, said("delta")),
            // A tool that takes nothing still gets a document.
            "content_block_stop" if self.has_nothing_in(index) => self.arguments(index, "{}"),
            "message_delta" => {
                self.count(event.get("usage"));
                let reason = finish_reason(text_of(said("delta"), "stop_reason"));
                let reason = match self.document {
                    Some(_) if reason == "tool_calls" => "stop",
                    _ => reason,
                };
                let held = self.unheld();
                let last = self.chunk(&json!({}), Some(reason));
                return Ok(held.into_iter().chain([last]).collect());
            }
            _ => None,
        };
        if self.held.len() > MOST_HELD {
            return Err(ProviderError::TooLarge);
        }
        Ok(chunk.into_iter().collect())
    }

    fn end(&mut self) -> Vec<Value> {
        if !self.answering.includes_usage {
            return Vec::new();
        }
        let usage = usage(&self.usage);
        vec![
            json!({"id": self.id, "object": "chat.completion.chunk", "created": 0, "model": self.model,
            "choices": [], "usage": usage}),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: Answering = Answering {
        includes_usage: false,
        as_document: true,
    };

    fn streamed(events: &[Value]) -> (String, String) {
        let mut translator = EventsToChunks::new(DOCUMENT);
        let mut chunks = Vec::new();
        for event in events {
            chunks.extend(translator.document(event.to_string().as_bytes()).unwrap());
        }
        chunks.extend(translator.end());
        let joined = |place: &str| -> String {
            let texts = chunks
                .iter()
                .filter_map(|chunk| chunk.pointer(place)?.as_str());
            texts.collect()
        };
        assert_eq!(
            joined("/choices/0/delta/tool_calls/0/function/arguments"),
            ""
        );
        (
            joined("/choices/0/delta/content"),
            joined("/choices/0/finish_reason"),
        )
    }

    fn block(index: u64, block: &Value, deltas: &[Value]) -> Vec<Value> {
        let begun = json!({"type": "content_block_start", "index": index, "content_block": block});
        let deltas = deltas
            .iter()
            .map(|delta| json!({"type": "content_block_delta", "index": index, "delta": delta}));
        let stop = json!({"type": "content_block_stop", "index": index});
        [begun].into_iter().chain(deltas).chain([stop]).collect()
    }

    #[test]
    fn a_document_is_the_content_and_nothing_stands_beside_it() {
        let text = || {
            let delta = json!({"type": "text_delta", "text": "Kijk: {}"});
            block(0, &json!({"type": "text", "text": ""}), &[delta])
        };
        let tool = |pieces: &[&str]| {
            let deltas: Vec<Value> = pieces
                .iter()
                .map(|piece| json!({"type": "input_json_delta", "partial_json": piece}))
                .collect();
            let begun = json!({"type": "tool_use", "id": "toolu_1", "name": "answer", "input": {}});
            block(1, &begun, &deltas)
        };
        let ended =
            |reason: &str| vec![json!({"type": "message_delta", "delta": {"stop_reason": reason}})];
        for (events, content, reason) in [
            (
                [text(), tool(&["", "{\"a\"", ":1}"]), ended("tool_use")],
                "{\"a\":1}",
                "stop",
            ),
            ([text(), tool(&[]), ended("tool_use")], "{}", "stop"),
            (
                [text(), tool(&["{\"a"]), ended("max_tokens")],
                "{\"a",
                "length",
            ),
            (
                [text(), vec![], ended("refusal")],
                "Kijk: {}",
                "content_filter",
            ),
        ] {
            let events = events.concat();
            let expected = (content.to_owned(), reason.to_owned());
            assert_eq!(streamed(&events), expected);
        }
        let whole = |blocks: Value, reason: &str| -> Value {
            let message = json!({"id": "msg_1", "content": blocks, "stop_reason": reason});
            let body = completion_of(message.to_string().as_bytes(), DOCUMENT).unwrap();
            let completion: Value = serde_json::from_slice(&body).unwrap();
            completion["choices"][0].clone()
        };
        let said = json!({"type": "text", "text": "Kijk:"});
        let call =
            json!({"type": "tool_use", "id": "x", "name": "answer", "input": {"b": 1, "a": 2}});
        let choice = whole(json!([said, call]), "tool_use");
        assert_eq!(choice["message"]["content"], "{\"b\":1,\"a\":2}");
        assert_eq!(choice["finish_reason"], "stop");
        assert!(choice["message"].get("tool_calls").is_none());
        let choice = whole(json!([said]), "refusal");
        assert_eq!(choice["message"]["content"], "Kijk:");
        assert_eq!(choice["finish_reason"], "content_filter");
    }

    #[test]
    fn what_is_held_back_has_a_bound() {
        let mut translator = EventsToChunks::new(DOCUMENT);
        let delta = json!({"type": "text_delta", "text": "a".repeat(1 << 20)});
        let event = json!({"type": "content_block_delta", "index": 0, "delta": delta}).to_string();
        let mut say = || translator.document(event.as_bytes());
        assert!((0..16).all(|_| say().is_ok()));
        assert_eq!(say(), Err(ProviderError::TooLarge));
    }
}
