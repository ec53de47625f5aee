//! The rights of a person, which legal basis carries which right, and a request on its way.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::Due;
use crate::ids::{RequestId, SubjectId};
use crate::named::named;
use crate::register::{Basis, Processing};

named!(
    /// What a person can ask for.
    Right {
        /// Access (article 15).
        Access = "access",
        /// Rectification (article 16).
        Rectification = "rectification",
        /// Erasure (article 17).
        Erasure = "erasure",
        /// Restriction (article 18).
        Restriction = "restriction",
        /// Objection (article 21).
        Objection = "objection",
        /// Portability (article 20).
        Portability = "portability",
        /// A decision by a person (article 22).
        HumanReview = "human_review",
        /// Withdrawal of consent (article 7(3)).
        Withdrawal = "withdrawal",
        /// Information (articles 13 and 14).
        Information = "information",
        /// Which recipients were told (article 19).
        Recipients = "recipients",
        /// A complaint (article 77).
        Complaint = "complaint",
    }
);

named!(
    /// The door that a request came in by.
    Channel {
        /// Asked in a conversation.
        Conversation = "conversation",
        /// Asked on the page for rights.
        Form = "form",
        /// Asked by a program.
        Api = "api",
        /// Written; staff typed it in.
        Letter = "letter",
        /// Mailed; staff typed it in.
        Mail = "mail",
        /// Said on the telephone; staff typed it in.
        Phone = "phone",
        /// Said at the counter; staff typed it in.
        Counter = "counter",
    }
);

named!(
    /// How far a request has come.
    Stage {
        /// It is here and its clock runs.
        Received = "received",
        /// It waits until we know who asks, as far as that is needed.
        Identifying = "identifying",
        /// The data is gathered, or the act is being done.
        Working = "working",
        /// A person at the privacy desk must decide.
        Deciding = "deciding",
        /// It was extended, with reasons.
        Extended = "extended",
        /// It was done.
        Answered = "answered",
        /// A part was done, a part refused.
        PartlyAnswered = "partly_answered",
        /// It was refused, with reasons.
        Refused = "refused",
        /// The person took it back.
        TakenBack = "taken_back",
        /// It goes on with an earlier request of the same person for the same right.
        Joined = "joined",
    }
);

impl Right {
    /// The article that gives it.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Access => "15",
            Self::Rectification => "16",
            Self::Erasure => "17",
            Self::Restriction => "18",
            Self::Objection => "21",
            Self::Portability => "20",
            Self::HumanReview => "22",
            Self::Withdrawal => "7-3",
            Self::Information => "13",
            Self::Recipients => "19",
            Self::Complaint => "77",
        }
    }

    /// The term of the Data Privacy Vocabulary.
    #[must_use]
    pub fn dpv(self) -> String {
        format!("eu-gdpr:A{}", self.article())
    }

    /// Whether a processing carries the right, on its basis or on the one that counts where that does not apply.
    #[must_use]
    pub fn can_be_used_on(self, processing: &Processing) -> bool {
        let bases = std::iter::once(processing.basis).chain(processing.otherwise);
        bases
            .into_iter()
            .any(|basis| self.applies_to(basis).is_possible())
    }

    /// Whether data that is processed on this legal basis carries the right.
    ///
    /// This follows the matrix of the Data Privacy Vocabulary, with one deviation: data for a public task can be
    /// erased after a successful objection (article 17(1)(c)), which that matrix leaves out.
    #[must_use]
    pub fn applies_to(self, basis: Basis) -> Applies {
        use Applies::{Always, No, OnConditions};

        match (self, basis) {
            (Self::Erasure, Basis::LegalDuty) => {
                No("a legal duty asks for the data (article 17(3)(b))")
            }
            (Self::Erasure, Basis::PublicTask | Basis::Authority) => {
                OnConditions("after a successful objection (article 17(1)(c))")
            }
            (Self::Portability, Basis::Contract | Basis::Consent) => {
                OnConditions("what the person provided (article 20(1))")
            }
            (Self::Portability, _) => {
                No("the basis is neither consent nor contract (article 20(1)(a))")
            }

            (Self::Objection, Basis::Legit | Basis::PublicTask | Basis::Authority) => {
                OnConditions("unless there are compelling grounds (article 21(1))")
            }
            (Self::Objection, _) => {
                No("only a legitimate interest or a public task can be objected to (article 21(1))")
            }

            (Self::HumanReview, Basis::LegalDuty) => {
                No("the law itself allows the decision (article 22(2)(b))")
            }
            (Self::HumanReview, _) => OnConditions("where a machine decides alone (article 22(1))"),

            (Self::Withdrawal, Basis::Consent)
            | (
                Self::Access
                | Self::Rectification
                | Self::Erasure
                | Self::Restriction
                | Self::Information
                | Self::Recipients
                | Self::Complaint,
                _,
            ) => Always,
            (Self::Withdrawal, _) => No("there is no consent to withdraw (article 7(3))"),
        }
    }
}

/// Whether a right applies to data on some legal basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    /// It does.
    Always,
    /// It does where this condition holds; a person judges.
    OnConditions(&'static str),
    /// It does not, for this reason.
    No(&'static str),
}

impl Applies {
    /// Whether it can apply at all.
    #[must_use]
    pub const fn is_possible(self) -> bool {
        !matches!(self, Self::No(_))
    }
}

impl Stage {
    /// Whether nothing more is to be done.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(
            self,
            Self::Answered | Self::PartlyAnswered | Self::Refused | Self::TakenBack | Self::Joined
        )
    }

    /// Whether a request may go from this stage to that one; a closed request stays closed.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        !self.is_closed() && !matches!(next, Self::Received)
    }
}

named! {
    /// Whether what a request says, and how to answer it, is still there.
    Details {
        /// It is kept, sealed, until the request's own end.
        Kept = "kept",
        /// It came in after the backup that was put back. Only its header is known, from beside the keys.
        InNoBackup = "in-no-backup",
    }
}

/// A request of a person, from the moment it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id inside.
    pub id: RequestId,
    /// Its public reference.
    pub reference: Reference,
    /// What is asked.
    pub right: Right,
    /// The person whose data it is about.
    pub subject: SubjectId,
    /// The door that it came in by.
    pub channel: Channel,
    /// When it came in; the clock counts from here, not from when we know who asks.
    pub received_at: Timestamp,
    /// When it must be answered.
    pub due: Due,
    /// How far it has come.
    pub stage: Stage,
    /// Whether what it says is still there.
    pub details: Details,
}

impl Request {
    /// How the request stands on a day.
    #[must_use]
    pub fn standing(&self, today: Date) -> Standing {
        if self.stage.is_closed() {
            Standing::Closed
        } else if today > self.due.latest {
            Standing::Late
        } else if today > self.due.aim {
            Standing::PastAim
        } else {
            Standing::InTime
        }
    }
}

/// How a request stands against its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Nothing more is to be done.
    Closed,
    /// The day that we work towards has not passed.
    InTime,
    /// The day that we work towards has passed, the statutory limit has not.
    PastAim,
    /// The statutory limit has passed.
    Late,
}

/// The number that a person gets, such as `WB-7Q4K-9M2X`: random, easy to say, without letters that look alike.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

/// Letters and digits that cannot be taken for one another (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Reference {
    /// A reference of the first forty bits of random bytes.
    #[must_use]
    pub fn from_random(bytes: &[u8; 32]) -> Self {
        let bits = bytes
            .iter()
            .take(5)
            .fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let mut text = String::from("WB");
        for place in 0..8_u32 {
            if place % 4 == 0 {
                text.push('-');
            }
            let five = (bits >> (35 - 5 * place)) & 31;
            let letter = usize::try_from(five)
                .ok()
                .and_then(|five| ALPHABET.get(five))
                .copied();
            text.push(char::from(letter.unwrap_or(b'0')));
        }
        Self(text)
    }

    /// Reads a reference as people type it: small letters, O for 0, I and L for 1, with or without dashes.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut letters = typed
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .map(|letter| letter.to_ascii_uppercase());
        if (letters.next(), letters.next()) != (Some('W'), Some('B')) {
            return None;
        }

        let mut text = String::from("WB");
        let mut count = 0;
        for letter in letters {
            let letter = match letter {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            if count == 8 || !u8::try_from(letter).is_ok_and(|byte| ALPHABET.contains(&byte)) {
                return None;
            }
            if count % 4 == 0 {
                text.push('-');
            }
            text.push(letter);
            count += 1;
        }
        (count == 8).then_some(Self(text))
    }

    /// The reference as people see it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_back_however_it_is_typed() {
        let reference = Reference::from_random(&[0x3b; 32]);

        assert_eq!(reference.as_str().len(), 12);
        assert_eq!(
            Reference::parse(reference.as_str()),
            Some(reference.clone())
        );
        let typed = reference
            .as_str()
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o");
        assert_eq!(Reference::parse(&typed), Some(reference));
        assert_eq!(Reference::parse("WB-7Q4K-9M2"), None);
        assert_eq!(Reference::parse("XX-7Q4K-9M2X"), None);
    }

    #[test]
    fn different_random_bytes_give_different_references() {
        let mut other = [0x3b; 32];
        other[4] ^= 1;
        assert_ne!(
            Reference::from_random(&[0x3b; 32]),
            Reference::from_random(&other)
        );
    }

    #[test]
    fn every_word_is_read_back() {
        for right in Right::ALL {
            assert_eq!(Right::parse(right.name()), Some(*right));
        }
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.name()), Some(*stage));
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.name()), Some(*channel));
        }
    }

    #[test]
    fn a_closed_request_stays_closed() {
        assert!(Stage::Received.may_become(Stage::Answered));
        assert!(!Stage::Answered.may_become(Stage::Working));
    }

    /// Consent, contract, legal duty, vital, public task, legitimate interest: as in the vocabulary.
    #[test]
    fn the_rights_matrix_is_that_of_the_vocabulary_but_for_the_documented_deviation() {
        let rows: &[(Basis, &[&str])] = &[
            (
                Basis::Consent,
                &["7-3", "13", "15", "16", "17", "18", "19", "20", "22", "77"],
            ),
            (
                Basis::Contract,
                &["13", "15", "16", "17", "18", "19", "20", "22", "77"],
            ),
            (Basis::LegalDuty, &["13", "15", "16", "18", "19", "77"]),
            (
                Basis::Vital,
                &["13", "15", "16", "17", "18", "19", "22", "77"],
            ),
            // 17 is our deviation
            (
                Basis::PublicTask,
                &["13", "15", "16", "17", "18", "19", "21", "22", "77"],
            ),
            (
                Basis::Legit,
                &["13", "15", "16", "17", "18", "19", "21", "22", "77"],
            ),
        ];
        for (basis, articles) in rows {
            for right in Right::ALL {
                let expected = articles.contains(&right.article());
                assert_eq!(
                    right.applies_to(*basis).is_possible(),
                    expected,
                    "{right} on {basis}"
                );
            }
        }
    }
}
