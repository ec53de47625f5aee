//! Which strings of a request each protocol defines itself, and which nobody can inspect.

mod chat_completions;
mod definitions;
mod identifiers;
mod messages;

pub use chat_completions::ChatCompletions;
pub(crate) use messages::Messages;

/// Words that the protocol and JSON Schema define, sorted. As none of them says anything about
/// anybody, they need no inspection wherever they stand, as key or as value.
const WORDS: &[&str] = &[
    "$defs",
    "$ref",
    "1h",
    "5m",
    "additionalProperties",
    "allowed_tools",
    "any",
    "anyOf",
    "arguments",
    "array",
    "assistant",
    "auto",
    "boolean",
    "budget_tokens",
    "cache_control",
    "citations",
    "computer",
    "content",
    "context",
    "custom",
    "data",
    "default",
    "description",
    "developer",
    "disable_parallel_tool_use",
    "disabled",
    "display_height_px",
    "display_number",
    "display_width_px",
    "document",
    "enabled",
    "enum",
    "ephemeral",
    "false",
    "format",
    "frequency_penalty",
    "function",
    "function_call",
    "functions",
    "high",
    "id",
    "include_usage",
    "index",
    "input",
    "input_schema",
    "integer",
    "is_error",
    "items",
    "json_object",
    "json_schema",
    "logit_bias",
    "logprobs",
    "low",
    "max_completion_tokens",
    "max_tokens",
    "maximum",
    "media_type",
    "medium",
    "messages",
    "metadata",
    "minimal",
    "minimum",
    "modalities",
    "mode",
    "model",
    "n",
    "name",
    "none",
    "null",
    "number",
    "object",
    "parallel_tool_calls",
    "parameters",
    "prediction",
    "presence_penalty",
    "properties",
    "reasoning_content",
    "reasoning_effort",
    "redacted_thinking",
    "refusal",
    "required",
    "response_format",
    "role",
    "schema",
    "seed",
    "service_tier",
    "signature",
    "source",
    "stop",
    "stop_sequences",
    "store",
    "stream",
    "stream_options",
    "strict",
    "string",
    "system",
    "temperature",
    "text",
    "text/plain",
    "thinking",
    "title",
    "tool",
    "tool_call_id",
    "tool_calls",
    "tool_choice",
    "tool_result",
    "tool_use",
    "tool_use_id",
    "tools",
    "top_k",
    "top_logprobs",
    "top_p",
    "true",
    "ttl",
    "type",
    "user",
    "verbosity",
];

/// Shorter than this, an identifier of a tool's call could be anything.
const SHORTEST_CALL_ID: usize = 6;

/// Whether bytes of some other medium are written into the text (`data:image/png;base64,…`).
fn has_data_url(text: &str) -> bool {
    const LONGEST_MEDIA_TYPE: usize = 100;
    text.match_indices(";base64,").any(|(at, _)| {
        let mut start = at.saturating_sub(LONGEST_MEDIA_TYPE);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        text.get(start..at)
            .is_some_and(|before| before.to_ascii_lowercase().contains("data:"))
    })
}

fn is_word(text: &str) -> bool {
    WORDS.binary_search(&text).is_ok()
}

/// `call_…`, or letters and digits mixed as no word or number is.
fn is_made_by_a_program(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    ["call_", "toolu_"]
        .iter()
        .any(|beginning| text.starts_with(beginning))
        || (text.len() >= SHORTEST_CALL_ID && has_digit && has_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted() {
        assert!(WORDS.is_sorted());
    }
}
