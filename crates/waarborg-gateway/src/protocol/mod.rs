//! Which strings of a request each protocol defines itself, and which nobody can inspect.

mod chat_completions;
mod definitions;
mod disguise;
mod format;
mod identifiers;
mod messages;
mod ollama;
mod pictures;
mod responses;
mod sound;
mod texts;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

pub(crate) use chat_completions::CHAT_COMPLETIONS;
pub(crate) use format::{Format, Reading};
pub(crate) use identifiers::{may_be_named, may_be_said};
pub(crate) use messages::Messages;
pub(crate) use ollama::{OLLAMA_CHAT, OLLAMA_EMBED, OLLAMA_GENERATE};
pub(crate) use pictures::{PICTURE_EDIT_FORMS, PICTURE_EDITS, PICTURE_VARIATIONS, PICTURES};
pub(crate) use responses::{CONVERSATION, RESPONSES};
pub(crate) use sound::{SPEECH, TRANSCRIPTIONS, TRANSLATIONS};
pub(crate) use texts::{COMPLETIONS, EMBEDDINGS, MODERATIONS};

/// Words that the protocol and JSON Schema define, sorted. As none of them says anything about
/// anybody, they need no inspection wherever they stand, as key or as value.
const WORDS: &[&str] = &[
    "$defs",
    "$ref",
    "1h",
    "5m",
    "aac",
    "action",
    "additionalProperties",
    "allowed_tools",
    "alloy",
    "annotations",
    "any",
    "anyOf",
    "apply_patch",
    "apply_patch_call",
    "apply_patch_call_output",
    "arguments",
    "array",
    "ash",
    "assistant",
    "auto",
    "b64_json",
    "background",
    "ballad",
    "base64",
    "best_of",
    "boolean",
    "budget_tokens",
    "cache_control",
    "call_id",
    "cedar",
    "char_location",
    "chunking_strategy",
    "citations",
    "cited_text",
    "command",
    "commentary",
    "compaction",
    "completed",
    "computer",
    "concise",
    "content",
    "content_block_location",
    "context",
    "conversation",
    "coral",
    "custom",
    "custom_tool_call",
    "custom_tool_call_output",
    "data",
    "default",
    "definition",
    "description",
    "detailed",
    "developer",
    "diarized_json",
    "dimensions",
    "disable_parallel_tool_use",
    "disabled",
    "display_height_px",
    "display_number",
    "display_width_px",
    "document",
    "document_index",
    "document_title",
    "echo",
    "effort",
    "enabled",
    "encoding_format",
    "encrypted_content",
    "encrypted_index",
    "end_block_index",
    "end_char_index",
    "end_page_number",
    "enum",
    "env",
    "ephemeral",
    "exec",
    "fable",
    "false",
    "file",
    "final_answer",
    "flac",
    "flex",
    "float",
    "format",
    "frequency_penalty",
    "function",
    "function_call",
    "function_call_output",
    "functions",
    "grammar",
    "hd",
    "high",
    "id",
    "in_memory",
    "in_progress",
    "include",
    "include[]",
    "include_obfuscation",
    "include_usage",
    "incomplete",
    "index",
    "input",
    "input_fidelity",
    "input_schema",
    "input_text",
    "instructions",
    "integer",
    "is_error",
    "item_reference",
    "items",
    "jpeg",
    "json",
    "json_object",
    "json_schema",
    "keep_alive",
    "language",
    "lark",
    "local_shell",
    "local_shell_call",
    "local_shell_call_output",
    "logit_bias",
    "logprobs",
    "low",
    "marin",
    "max_completion_tokens",
    "max_output_tokens",
    "max_tokens",
    "max_tool_calls",
    "maximum",
    "media_type",
    "medium",
    "message",
    "message.output_text.logprobs",
    "messages",
    "metadata",
    "min_p",
    "minimal",
    "minimum",
    "modalities",
    "mode",
    "model",
    "moderation",
    "mp3",
    "n",
    "name",
    "namespace",
    "natural",
    "none",
    "nova",
    "null",
    "num_ctx",
    "num_gpu",
    "num_keep",
    "num_predict",
    "num_thread",
    "number",
    "obfuscation",
    "object",
    "onyx",
    "opaque",
    "options",
    "opus",
    "output",
    "output_compression",
    "output_format",
    "output_text",
    "page_location",
    "parallel_tool_calls",
    "parameters",
    "partial_images",
    "pcm",
    "phase",
    "png",
    "prediction",
    "presence_penalty",
    "previous_response_id",
    "priority",
    "prompt",
    "prompt_cache_key",
    "prompt_cache_retention",
    "properties",
    "quality",
    "raw",
    "reasoning",
    "reasoning.encrypted_content",
    "reasoning_content",
    "reasoning_effort",
    "reasoning_text",
    "redacted_thinking",
    "refusal",
    "regex",
    "repeat_last_n",
    "repeat_penalty",
    "required",
    "response_format",
    "role",
    "safety_identifier",
    "sage",
    "scale",
    "schema",
    "search_result",
    "search_result_index",
    "search_result_location",
    "seed",
    "segment",
    "service_tier",
    "shimmer",
    "signature",
    "size",
    "source",
    "speed",
    "srt",
    "standard",
    "start_block_index",
    "start_char_index",
    "start_page_number",
    "status",
    "stop",
    "stop_sequences",
    "store",
    "stream",
    "stream_format",
    "stream_options",
    "strict",
    "string",
    "style",
    "suffix",
    "summary",
    "summary_text",
    "syntax",
    "system",
    "temperature",
    "template",
    "text",
    "text/plain",
    "think",
    "thinking",
    "timestamp_granularities[]",
    "title",
    "tool",
    "tool_call_id",
    "tool_calls",
    "tool_choice",
    "tool_name",
    "tool_reference",
    "tool_result",
    "tool_use",
    "tool_use_id",
    "tools",
    "top_k",
    "top_logprobs",
    "top_p",
    "transparent",
    "true",
    "truncate",
    "truncation",
    "ttl",
    "type",
    "url",
    "user",
    "verbose_json",
    "verbosity",
    "verse",
    "vivid",
    "voice",
    "vtt",
    "wav",
    "web_search_result_location",
    "webp",
    "word",
    "xhigh",
];

/// Shorter than this, an identifier of a tool's call could be anything.
const SHORTEST_CALL_ID: usize = 6;

/// Whether bytes of some other medium are written into the text.
fn holds_a_file(text: &str) -> bool {
    has_data_url(text) || has_encoded_file(text)
}

/// How files begin whose text nobody can read off their bytes, in base64: PDF, ZIP (and Office), gzip, PNG, JPEG, GIF, older Office,
/// WebP, TIFF, 7z and RAR.
const ENCODED_FILES: [&str; 13] = [
    "JVBERi0",
    "UEsDB",
    "H4sI",
    "iVBORw0KGgo",
    "/9j/",
    "R0lGODdh",
    "R0lGODlh",
    "0M8R4KGx",
    "UklGR",
    "SUkqA",
    "TU0AK",
    "N3q8ryc",
    "UmFyIRo",
];

/// Whether a file stands in the text as base64, in one piece or in lines.
fn has_encoded_file(text: &str) -> bool {
    /// What is shorter holds no document.
    const SHORTEST: usize = 200;
    /// Lines of base64 are never shorter, but for the last.
    const SHORTEST_LINE: usize = 60;
    let is_inside = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')
    };
    // From the end of where a line could stand back to what is outside one: most bytes of a text are not looked at.
    let has_long_runs = || {
        let mut rest = text.as_bytes();
        while let Some((line, _)) = rest.split_at_checked(SHORTEST_LINE) {
            let Some(outside) = line.iter().rposition(|byte| !is_inside(byte)) else {
                return true;
            };
            rest = rest.get(outside + 1..).unwrap_or_default();
        }
        false
    };
    text.len() >= SHORTEST
        && has_long_runs()
        && ENCODED_FILES.iter().any(|begin| {
            text.match_indices(begin).any(|(at, _)| {
                let (before, from) = text.as_bytes().split_at(at);
                let is_apart = before.last().is_none_or(|last| !is_inside(last));
                let goes_on = |byte: &&u8| is_inside(byte) || matches!(byte, b'\r' | b'\n');
                is_apart && from.iter().take_while(goes_on).take(SHORTEST).count() == SHORTEST
            })
        })
}

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

/// What only its provider can open: base64 of bytes that are no text, in either alphabet. A text in base64 is inspected.
fn is_sealed(text: &str) -> bool {
    const SHORTEST: usize = 32;
    let mut alphabets = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD].iter();
    let bytes = alphabets.find_map(|alphabet| alphabet.decode(text).ok());
    bytes.is_some_and(|bytes| bytes.len() >= SHORTEST && std::str::from_utf8(&bytes).is_err())
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
