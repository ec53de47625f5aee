//! The protocols in which a text is spoken or what is said is written down: `audio/speech`, `audio/transcriptions` and
//! `audio/translations`.

use waarborg_domain::prompt::Wire;

use super::definitions::Definitions;
use super::format::{Format, Place};

const NO_DEFINITIONS: Definitions = Definitions {
    schemas: &[],
    names: &[],
};

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

/// More sound than the one file, or the address of it.
const OTHER_SOUND: &[Place] = &[
    &["url"],
    &["file_url"],
    &["audio_url"],
    &["known_speaker_references"],
];

/// What the fields of a form to `/v1/audio/transcriptions` may hold.
pub(crate) const TRANSCRIPTIONS: Format = Format {
    wire: Wire::Transcriptions,
    definitions: NO_DEFINITIONS,
    call_ids: &[],
    only: &[],
    closed: OTHER_SOUND,
    sealed: &[],
};

/// What the fields of a form to `/v1/audio/translations` may hold.
pub(crate) const TRANSLATIONS: Format = Format {
    wire: Wire::Translations,
    definitions: NO_DEFINITIONS,
    call_ids: &[],
    only: &[],
    closed: OTHER_SOUND,
    sealed: &[],
};
