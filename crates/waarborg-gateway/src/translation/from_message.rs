//! An answer of Anthropic's messages, said as one of chat completions.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use waarborg_usecase::ports::ProviderError;

use super::{StreamTranslator, number_of, text_of};

/// A whole answer in the other protocol.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if the body is no message.
pub(crate) fn completion_of(body: &[u8]) -> Result<Vec<u8>, ProviderError> {
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
    let calls: Vec<Value> = blocks
        .iter()
        .filter(|block| text_of(block, "type") == "tool_use")
        .map(|block| {
            let arguments = block.get("input").cloned().unwrap_or_else(|| json!({}));
            let function =
                json!({"name": text_of(block, "name"), "arguments": arguments.to_string()});
            json!({"id": text_of(block, "id"), "type": "function", "function": function})
        })
        .collect();

    let text = of("text", "text");
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
    let reason = finish_reason(text_of(&message, "stop_reason"));
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

/// Says the events of a message as chunks.
pub(crate) struct EventsToChunks {
    includes_usage: bool,
    id: String,
    model: String,
    usage: Value,
    /// The number of each call of a tool by the index of its block, and whether anything was said to the tool.
    calls: BTreeMap<u64, (u64, bool)>,
}

impl EventsToChunks {
    pub(crate) fn new(includes_usage: bool) -> Self {
        Self {
            includes_usage,
            id: String::new(),
            model: String::new(),
            usage: json!({}),
            calls: BTreeMap::new(),
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
            "tool_use" => {
                let number = self.calls.len() as u64;
                self.calls.insert(index, (number, false));
                let function = json!({"name": text_of(block, "name"), "arguments": ""});
                let call = json!({"index": number, "id": text_of(block, "id"), "type": "function", "function": function});
                Some(self.chunk(&json!({"tool_calls": [call]}), None))
            }
            "text" if !text_of(block, "text").is_empty() => {
                Some(self.chunk(&json!({"content": text_of(block, "text")}), None))
            }
            _ => None,
        }
    }

    fn piece(&mut self, index: u64, delta: &Value) -> Option<Value> {
        match text_of(delta, "type") {
            "text_delta" => Some(self.chunk(&json!({"content": text_of(delta, "text")}), None)),
            "thinking_delta" => {
                let thought = json!({"reasoning_content": text_of(delta, "thinking")});
                Some(self.chunk(&thought, None))
            }
            "input_json_delta" => self.arguments(index, text_of(delta, "partial_json")),
            _ => None,
        }
    }

    fn arguments(&mut self, index: u64, piece: &str) -> Option<Value> {
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
            "content_block_stop" if self.calls.get(&index).is_some_and(|(_, has)| !has) => {
                self.arguments(index, "{}")
            }
            "message_delta" => {
                self.count(event.get("usage"));
                let reason = text_of(said("delta"), "stop_reason");
                Some(self.chunk(&json!({}), Some(finish_reason(reason))))
            }
            _ => None,
        };
        Ok(chunk.into_iter().collect())
    }

    fn end(&mut self) -> Vec<Value> {
        if !self.includes_usage {
            return Vec::new();
        }
        let usage = usage(&self.usage);
        vec![
            json!({"id": self.id, "object": "chat.completion.chunk", "created": 0, "model": self.model,
            "choices": [], "usage": usage}),
        ]
    }
}
