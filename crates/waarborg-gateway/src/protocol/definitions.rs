//! Names that a programmer gave to tools and to shapes of answers.

use waarborg_domain::json::{LeafKind, Path, Segment};

use super::identifiers::is_innocent;

/// Where a protocol has a programmer's names.
pub(super) struct Definitions {
    /// The schemas of what tools take and what shape an answer has.
    pub(super) schemas: &'static [&'static [&'static str]],
    /// The names of tools, functions and shapes.
    pub(super) names: &'static [&'static [&'static str]],
}

impl Definitions {
    /// Names that a programmer gave, such as `zoek_klant` or the properties of a schema. They are
    /// code, and code with a surrogate in it calls nothing; so a plain identifier stays. What is
    /// written with a capital, a space or a long number is inspected here as well.
    pub(super) fn is_name(&self, path: &Path, kind: LeafKind, text: &str) -> bool {
        let is_in_schema = || self.is_in_schema(path);
        match (kind, path.segments()) {
            (LeafKind::Key, _) => is_identifier(text) && is_in_schema(),
            (LeafKind::Text, [.., Segment::Key(key), Segment::Index(_)])
                if &**key == "required" =>
            {
                is_identifier(text) && is_in_schema()
            }
            (LeafKind::Text, [.., Segment::Key(property), Segment::Key(key)])
                if &**key == "title" =>
            {
                is_identifier(property) && is_title_of(text, property) && is_in_schema()
            }
            (LeafKind::Text, _) => {
                is_identifier(text) && self.names.iter().any(|name| path.is(name))
            }
            (LeafKind::Number, _) => false,
        }
    }

    /// Whether a programmer's names stand here, whatever this one looks like.
    pub(super) fn has_names(&self, path: &Path, kind: LeafKind) -> bool {
        match kind {
            LeafKind::Key => self.is_in_schema(path),
            LeafKind::Text => self.names.iter().any(|name| path.is(name)),
            LeafKind::Number => false,
        }
    }

    fn is_in_schema(&self, path: &Path) -> bool {
        self.schemas.iter().any(|schema| path.starts(schema))
    }
}

/// Whether a title only repeats its property, as generated schemas do: `First Name` for `first_name`.
fn is_title_of(title: &str, property: &str) -> bool {
    let letters = |text: &str| text.replace([' ', '_', '-'], "").to_ascii_lowercase();
    letters(title) == letters(property)
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        && is_innocent(text)
}
