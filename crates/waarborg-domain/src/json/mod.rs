//! Reads a JSON document without changing it and says where its text stands.
//!
//! [`scan`] is strict on purpose. Two readers that understand one document differently are a way
//! around every check, so what is read differently somewhere (a key that occurs twice, half a
//! surrogate pair, bytes that are not UTF-8) is refused instead of repaired. One pass, linear time.

mod scanner;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

/// A number with at least this many digits may be personal data, and so becomes a leaf; so does every number with an exponent.
pub const DIGITS_OF_A_NUMBER_LEAF: usize = 7;

/// How much of a document is read before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Length of the whole document in bytes.
    pub bytes: usize,
    /// Arrays and objects inside each other; 64 at most is sensible, 128 is the ceiling.
    pub depth: usize,
    /// Strings, keys and long numbers together; the ways to them may have sixteen times as many steps.
    pub leaves: usize,
}

impl Limits {
    /// For a document that was read before, within whatever limits.
    pub(crate) const LARGEST: Self = Self {
        bytes: usize::MAX,
        depth: 128,
        leaves: usize::MAX,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 10 * 1024 * 1024,
            depth: 64,
            leaves: 200_000,
        }
    }
}

/// Why a document is refused. Positions are byte offsets; content is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonFault {
    /// The document is longer than [`Limits::bytes`].
    #[error("the document is longer than {limit} bytes")]
    TooLong {
        /// The limit that was passed.
        limit: usize,
    },
    /// Some bytes are not UTF-8.
    #[error("byte {at} is not UTF-8")]
    NotUtf8 {
        /// Where the first such byte stands.
        at: usize,
    },
    /// This is not JSON, or something follows it.
    #[error("byte {at} does not fit the JSON grammar")]
    Syntax {
        /// Where reading stopped.
        at: usize,
    },
    /// More arrays and objects inside each other than [`Limits::depth`].
    #[error("more than {limit} levels inside each other")]
    TooDeep {
        /// The limit that was passed.
        limit: usize,
    },
    /// More strings, keys and long numbers than [`Limits::leaves`].
    #[error("more than {limit} strings")]
    TooMany {
        /// The limit that was passed.
        limit: usize,
    },
    /// One object has the same key twice, perhaps written differently.
    #[error("an object has the same key twice, the second at byte {at}")]
    DuplicateKey {
        /// Where the second key stands.
        at: usize,
    },
    /// An escape is half of a surrogate pair, which is not a character.
    #[error("half a surrogate pair at byte {at}")]
    LoneSurrogate {
        /// Where the escape stands.
        at: usize,
    },
}

/// What a leaf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeafKind {
    /// A string value.
    Text,
    /// The key of an object's member.
    Key,
    /// A number with at least [`DIGITS_OF_A_NUMBER_LEAF`] digits, or with an exponent.
    Number,
}

/// One step from the document's root to a leaf.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// The member of an object with this key, decoded.
    Key(Arc<str>),
    /// The element of an array, counted from zero.
    Index(usize),
}

/// The way from the document's root to a leaf; a key's path ends in the key itself. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Arc<[Segment]>);

impl Path {
    /// The steps, outermost first.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The innermost key, skipping array positions: `content` for `messages[0].content[2]`.
    #[must_use]
    pub fn last_key(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|segment| match segment {
            Segment::Key(key) => Some(&**key),
            Segment::Index(_) => None,
        })
    }

    /// Whether this path has the shape of `pattern`: keys by name, `[]` for any array position,
    /// `*` for any one key.
    #[must_use]
    pub fn is(&self, pattern: &[&str]) -> bool {
        self.0.len() == pattern.len() && self.starts(pattern)
    }

    /// Whether this path begins with the shape of `pattern` (see [`Path::is`]).
    #[must_use]
    pub fn starts(&self, pattern: &[&str]) -> bool {
        self.0.len() >= pattern.len()
            && self
                .0
                .iter()
                .zip(pattern)
                .all(|(segment, wanted)| match segment {
                    Segment::Key(key) => *wanted == "*" || **key == **wanted,
                    Segment::Index(_) => *wanted == "[]",
                })
    }

    /// Whether what stands here is a member or element of what has the shape of `pattern` (see [`Path::is`]).
    #[must_use]
    pub fn is_in(&self, pattern: &[&str]) -> bool {
        self.0.len() == pattern.len() + 1 && self.starts(pattern)
    }

    fn child(&self, segment: Segment) -> Self {
        Self(self.0.iter().cloned().chain([segment]).collect())
    }
}

/// A piece of text in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Bytes in the document, half-open: inside the quotes of a string or key, all of a number.
    pub range: Range<usize>,
    /// Where it stands in the document.
    pub path: Path,
    /// String, key or number.
    pub kind: LeafKind,
    /// The text with its escapes resolved; a number as it was written.
    pub text: String,
    /// Whether `text` differs from the bytes in `range`.
    pub is_escaped: bool,
}

/// Every string, key and long number of a document, in the order in which they stand there.
///
/// # Errors
///
/// [`JsonFault`] if the document is not strict JSON within `limits`.
pub fn scan(body: &[u8], limits: &Limits) -> Result<Vec<Leaf>, JsonFault> {
    if body.len() > limits.bytes {
        return Err(JsonFault::TooLong {
            limit: limits.bytes,
        });
    }
    let text = std::str::from_utf8(body).map_err(|fault| JsonFault::NotUtf8 {
        at: fault.valid_up_to(),
    })?;

    scanner::Scanner::new(text, limits).document()
}

/// Appends `text` as it stands inside the quotes of a JSON string.
pub fn escape_into(text: &str, out: &mut String) {
    let mut rest = text;
    loop {
        let (plain, from) = rest.split_at(plain_length(rest.as_bytes()));
        out.push_str(plain);
        if from.is_empty() {
            return;
        }
        let mut characters = from.chars();
        match characters.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            other => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", other.map_or(0, u32::from));
            }
        }
        rest = characters.as_str();
    }
}

/// `text` as it stands inside the quotes of a JSON string.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(text, &mut out);
    out
}

/// How many bytes from the beginning stand for themselves in a JSON string: up to a quote, a backslash or a control
/// character.
fn plain_length(bytes: &[u8]) -> usize {
    const PIECE: usize = 32;
    // One where it ends. No `||`: so the compiler compares all bytes of a piece at once, without looking where in it.
    let ends =
        |byte: &u8| u8::from(*byte < b' ') | u8::from(*byte == b'"') | u8::from(*byte == b'\\');
    let (pieces, _) = bytes.as_chunks::<PIECE>();
    let is_plain = |piece: &&[u8; PIECE]| piece.iter().fold(0, |any, byte| any | ends(byte)) == 0;
    let n_plain = PIECE * pieces.iter().take_while(is_plain).count();
    let rest = bytes.get(n_plain..).unwrap_or_default();
    let ends_at = rest.iter().position(|byte| ends(byte) == 1);
    n_plain + ends_at.unwrap_or(rest.len())
}
