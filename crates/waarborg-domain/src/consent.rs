//! The consent ledger: what a person answered to which text, per purpose and entity. Append-only.

mod record;

use jiff::Timestamp;

use crate::ids::{ConsentId, SubjectId};

pub use record::{receipt, records};

/// One line of the ledger. A later line never changes an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The line's id.
    pub id: ConsentId,
    /// Who answered.
    pub subject: SubjectId,
    /// The purpose, by its name in the register.
    pub purpose: String,
    /// The controller to whom it was answered.
    pub entity: String,
    /// The text that the person read, with its version.
    pub text_version: String,
    /// What they answered.
    pub answer: ConsentAnswer,
    /// When.
    pub at: Timestamp,
}

/// What a person answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentAnswer {
    /// Yes, by a statement and an action.
    Given,
    /// No.
    Refused,
    /// No longer (article 7(3)).
    Withdrawn,
}

impl ConsentAnswer {
    /// The answer's name in the ledger.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads an answer's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Given, Self::Refused, Self::Withdrawn]
            .into_iter()
            .find(|answer| answer.name() == name)
    }
}

/// The consents that stand: for each purpose and entity the last line, if it says yes.
#[must_use]
pub fn standing(ledger: &[Consent]) -> Vec<&Consent> {
    let last = |line: &Consent| {
        ledger
            .iter()
            .rev()
            .find(|other| other.purpose == line.purpose && other.entity == line.entity)
    };
    ledger
        .iter()
        .filter(|line| {
            line.answer == ConsentAnswer::Given && last(line).is_some_and(|last| last.id == line.id)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn line(n: u128, purpose: &str, answer: ConsentAnswer) -> Consent {
        Consent {
            id: ConsentId(Uuid::from_u128(n)),
            subject: SubjectId(Uuid::from_u128(1)),
            purpose: purpose.into(),
            entity: "gemeente".into(),
            text_version: "1".into(),
            answer,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_the_last_answer_counts() {
        let ledger = [
            line(1, "improve", ConsentAnswer::Given),
            line(2, "improve", ConsentAnswer::Withdrawn),
            line(3, "survey", ConsentAnswer::Refused),
            line(4, "survey", ConsentAnswer::Given),
        ];
        let standing: Vec<_> = standing(&ledger)
            .iter()
            .map(|line| line.purpose.as_str())
            .collect();
        assert_eq!(standing, ["survey"]);
    }
}
