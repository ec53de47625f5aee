//! The protocols that take texts outside a conversation: `completions`, `embeddings` and `moderations`.

use waarborg_domain::prompt::Wire;

use super::definitions::Definitions;
use super::format::Format;

const NO_DEFINITIONS: Definitions = Definitions {
    schemas: &[],
    names: &[],
};

/// What a request to `/v1/completions` may hold.
pub(crate) const COMPLETIONS: Format = Format {
    wire: Wire::Completions,
    definitions: NO_DEFINITIONS,
    call_ids: &[],
    only: &[],
    closed: &[],
    sealed: &[],
};

/// What a request to `/v1/embeddings` may hold.
pub(crate) const EMBEDDINGS: Format = Format {
    wire: Wire::Embeddings,
    definitions: NO_DEFINITIONS,
    call_ids: &[],
    // What other providers than OpenAI take beside texts.
    only: &[(&["input", "[]", "type"], &["text"])],
    closed: &[
        &["input", "[]", "image_url"],
        &["input", "[]", "image"],
        &["input", "[]", "content"],
        &["messages"],
    ],
    sealed: &[],
};

/// What a request to `/v1/moderations` may hold.
pub(crate) const MODERATIONS: Format = Format {
    wire: Wire::Moderations,
    definitions: NO_DEFINITIONS,
    call_ids: &[],
    only: &[(&["input", "[]", "type"], &["text"])],
    closed: &[&["input", "[]", "image_url"]],
    sealed: &[],
};
