//! The protocol in which a text is spoken: `audio/speech`.

use waarborg_domain::prompt::Wire;

use super::definitions::Definitions;
use super::format::Format;

/// What a request to `/v1/audio/speech` may hold.
pub(crate) const SPEECH: Format = Format {
    wire: Wire::Speech,
    definitions: Definitions {
        schemas: &[],
        // Many voices are called as people are.
        names: &[&["voice"], &["voice", "id"], &["voice", "name"]],
    },
    call_ids: &[],
    only: &[],
    // Some providers take somebody's voice here to speak with.
    closed: &[
        &["audio"],
        &["prompt_audio"],
        &["reference_audio"],
        &["ref_audio"],
        &["voice", "audio"],
    ],
    sealed: &[],
};
