//! Ollama's protocols: which strings of a request they define themselves, and which nobody can inspect.

use waarborg_domain::prompt::Wire;

use super::definitions::Definitions;
use super::format::Format;

/// What a request to `/api/chat` may hold.
pub(crate) const OLLAMA_CHAT: Format = Format {
    wire: Wire::OllamaChat,
    definitions: Definitions {
        schemas: &[&["tools", "[]", "function", "parameters"], &["format"]],
        names: &[
            &["tools", "[]", "function", "name"],
            &["messages", "[]", "tool_calls", "[]", "function", "name"],
            &["messages", "[]", "tool_name"],
        ],
    },
    call_ids: &[
        &["messages", "[]", "tool_call_id"],
        &["messages", "[]", "tool_calls", "[]", "id"],
    ],
    only: &[],
    closed: &[&["messages", "[]", "images"]],
    sealed: &[],
};

/// What a request to `/api/generate` may hold.
pub(crate) const OLLAMA_GENERATE: Format = Format {
    wire: Wire::OllamaGenerate,
    definitions: Definitions {
        schemas: &[&["format"]],
        names: &[],
    },
    call_ids: &[],
    only: &[],
    // An earlier conversation comes back as numbers that stand for words.
    closed: &[&["images"], &["context"]],
    sealed: &[],
};

/// What a request to `/api/embed` may hold.
pub(crate) const OLLAMA_EMBED: Format = Format {
    wire: Wire::OllamaEmbed,
    definitions: Definitions {
        schemas: &[],
        names: &[],
    },
    call_ids: &[],
    only: &[],
    closed: &[],
    sealed: &[],
};
