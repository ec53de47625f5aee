//! The rights of a person, which legal basis carries which right, and a request on its way.

use std::fmt;

/// What a person can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Right {
    /// Access (article 15).
    Access,
    /// Erasure (article 17).
    Erasure,
    /// Rectification (article 16).
    Rectification,
    /// Restriction (article 18).
    Restriction,
    /// Portability (article 20).
    Portability,
    /// Objection (article 21).
    Objection,
    /// A decision by a person (article 22).
    HumanReview,
    /// Withdrawal of consent (article 7(3)).
    Withdrawal,
    /// Information (articles 13 and 14).
    Information,
    /// A complaint (article 77).
    Complaint,
}

impl Right {
    /// Every right, in the order in which people are shown them.
    pub const ALL: &'static [Self] = &[
        Self::Access,
        Self::Rectification,
        Self::Erasure,
        Self::Restriction,
        Self::Objection,
        Self::Portability,
        Self::HumanReview,
        Self::Withdrawal,
        Self::Information,
        Self::Complaint,
    ];

    /// A stable word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Erasure => "erasure",
            Self::Rectification => "rectification",
            Self::Restriction => "restriction",
            Self::Portability => "portability",
            Self::Objection => "objection",
            Self::HumanReview => "human_review",
            Self::Withdrawal => "withdrawal",
            Self::Information => "information",
            Self::Complaint => "complaint",
        }
    }

    /// The right that goes by this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|right| right.as_str() == word)
    }

    /// The article that gives it.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            Self::Access => "15",
            Self::Erasure => "17",
            Self::Rectification => "16",
            Self::Restriction => "18",
            Self::Portability => "20",
            Self::Objection => "21",
            Self::HumanReview => "22",
            Self::Withdrawal => "7(3)",
            Self::Information => "13",
            Self::Complaint => "77",
        }
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
