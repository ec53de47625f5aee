//! What could not be read, and why: never silent.

use std::fmt;

use crate::place::Place;

/// Why a part could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// It is locked with a password or a key.
    Encrypted,
    /// It is damaged, cut off, or not what it says it is.
    Damaged,
    /// It is of a kind that we do not read.
    Unsupported,
    /// It is a picture, and nothing read its letters.
    Picture,
    /// It has letters that its font gives no meaning to.
    Undecodable,
    /// It refers to something outside the file, or to a definition that we do not expand.
    Reference,
    /// Files lie too deep within files, or elements within elements.
    TooDeep,
    /// A bound on size, number or work was reached; what follows was not read.
    TooMuch,
    /// The parser broke down on it.
    Failed,
}

impl Reason {
    /// Every reason.
    pub const ALL: &[Reason] = &[
        Reason::Encrypted,
        Reason::Damaged,
        Reason::Unsupported,
        Reason::Picture,
        Reason::Undecodable,
        Reason::Reference,
        Reason::TooDeep,
        Reason::TooMuch,
        Reason::Failed,
    ];

    /// A stable code for machines, such as `too-much`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Reason::Encrypted => "encrypted",
            Reason::Damaged => "damaged",
            Reason::Unsupported => "unsupported",
            Reason::Picture => "picture",
            Reason::Undecodable => "undecodable",
            Reason::Reference => "reference",
            Reason::TooDeep => "too-deep",
            Reason::TooMuch => "too-much",
            Reason::Failed => "failed",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Encrypted => "it is locked with a password",
            Reason::Damaged => "it is damaged or cut off",
            Reason::Unsupported => "this kind is not read",
            Reason::Picture => "it is a picture, and no text recognition read it",
            Reason::Undecodable => "its font does not say which letters these are",
            Reason::Reference => "it refers to something that is not read",
            Reason::TooDeep => "it lies too deep inside other parts",
            Reason::TooMuch => "the file is too large to read further",
            Reason::Failed => "the reader of this kind broke down on it",
        })
    }
}

/// A part that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where it is.
    pub place: Place,
    /// Why it could not be read.
    pub reason: Reason,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// Everything that could not be read; empty when all was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "what was not read may hold personal data"]
pub struct Gaps(pub(crate) Vec<Gap>);

impl Gaps {
    /// Whether everything was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The gaps in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Gap> {
        self.0.iter()
    }
}

impl<'g> IntoIterator for &'g Gaps {
    type Item = &'g Gap;
    type IntoIter = std::slice::Iter<'g, Gap>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The file was not read wholly, so its text is not the whole text.
#[derive(Debug, thiserror::Error)]
#[error("{} parts of the file could not be read", .0.0.len())]
pub struct Incomplete(pub Gaps);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_reason_has_a_code_of_its_own() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
    }
}
