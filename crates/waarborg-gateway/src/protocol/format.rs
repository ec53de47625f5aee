//! A wire format as data: which strings of a request it defines itself, and which nobody here can inspect.
//!
//! Inspection is the rule, not a list of places: a field that a format does not name is inspected like any other.

use waarborg_domain::finder::Finder;
use waarborg_domain::json::{LeafKind, Path, Segment};
use waarborg_domain::prompt::{LeafRole, Protocol, Wire};
use waarborg_usecase::ports::Model;

use super::definitions::Definitions;
use super::disguise::is_disguised;
use super::{holds_a_file, identifiers, is_made_by_a_program, is_sealed, is_word};

/// A place in a document (see [`Path::is`]).
pub(super) type Place = &'static [&'static str];

/// What a request in one wire format may hold.
pub(crate) struct Format {
    /// Which format this is.
    pub(super) wire: Wire,
    /// Names that a programmer gave.
    pub(super) definitions: Definitions,
    /// The ids that tie a tool's result to its call, and must come back unchanged.
    pub(super) call_ids: &'static [Place],
    /// Where only these words may stand; any other is content that nobody here can look into.
    pub(super) only: &'static [(Place, &'static [&'static str])],
    /// Members that hold what nobody here can look into, or lead to it.
    pub(super) closed: &'static [Place],
    /// What only its provider can open.
    pub(super) sealed: &'static [Place],
}

/// A format as this house reads it.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// The format.
    pub(crate) format: &'static Format,
    /// Looks into the names that would otherwise stay as they are.
    pub(crate) finder: &'a dyn Finder,
    /// The models whose names are our own.
    pub(crate) models: &'a [Model],
}

impl Protocol for Reading<'_> {
    fn wire(&self) -> Wire {
        self.format.wire
    }

    fn role(&self, path: &Path, kind: LeafKind, text: &str) -> LeafRole {
        let format = self.format;
        if is_disguised(path, kind, text) {
            return LeafRole::Disguised;
        }
        if format.is_opaque(path, kind, text) {
            return LeafRole::Opaque;
        }
        let is_model = kind == LeafKind::Text && path.is(&["model"]);
        if is_word(text) || (is_model && self.models.iter().any(|model| model.name == text)) {
            return LeafRole::Word;
        }
        if kind == LeafKind::Text && stands_at(path, format.sealed) && is_sealed(text) {
            return LeafRole::Word;
        }
        // The provider gets its own name of it, if it is one that we gave.
        if kind == LeafKind::Text
            && format.wire == Wire::Responses
            && stands_at(path, &KEPT_BY_THE_PROVIDER)
            && identifiers::is_ours(text)
        {
            return LeafRole::Word;
        }

        let is_call_id = kind == LeafKind::Text && stands_at(path, format.call_ids);
        let definitions = &format.definitions;
        let may_stay = definitions.is_name(path, kind, text)
            || (is_call_id && is_made_by_a_program(text) && identifiers::is_innocent(text))
            || (is_call_id && identifiers::is_drawn_by_chance(text));
        if may_stay || is_call_id || is_model || definitions.has_names(path, kind) {
            identifiers::role(self.finder, text, may_stay)
        } else {
            LeafRole::Text
        }
    }
}

/// Where a request names what it goes on from.
const KEPT_BY_THE_PROVIDER: [Place; 3] = [
    &["previous_response_id"],
    &["conversation"],
    &["conversation", "id"],
];

impl Format {
    /// Images, sound, files and references to them: nothing here can look inside yet.
    fn is_opaque(&self, path: &Path, kind: LeafKind, text: &str) -> bool {
        match kind {
            LeafKind::Text => {
                let is_strange = self
                    .only
                    .iter()
                    .any(|(place, words)| path.is(place) && !words.contains(&text));
                is_strange || holds_a_file(text)
            }
            LeafKind::Key => {
                stands_at(path, self.closed) || (self.is_form() && self.is_part_of_closed(path))
            }
            LeafKind::Number => false,
        }
    }

    /// Whether the members of a document are the fields of a form.
    const fn is_form(&self) -> bool {
        matches!(
            self.wire,
            Wire::Transcriptions
                | Wire::Translations
                | Wire::PictureEditForms
                | Wire::PictureVariations
        )
    }

    /// Whether a field is a part of a closed one: in a form brackets lead from a field to what is in it
    /// (`images[0][image_url]`).
    fn is_part_of_closed(&self, path: &Path) -> bool {
        let [Segment::Key(field)] = path.segments() else {
            return false;
        };
        let whole = field.split('[').next().unwrap_or_default();
        self.closed.iter().any(|place| *place == [whole])
    }
}

fn stands_at(path: &Path, places: &[Place]) -> bool {
    places.iter().any(|place| path.is(place))
}
