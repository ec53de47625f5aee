//! What a person at the privacy desk decides on a request: per slice of data, with a ground for every no.

use jiff::Timestamp;
use thiserror::Error;
use uuid::Uuid;

use crate::ids::RequestId;
use crate::named::named;
use crate::register::Basis;
use crate::rights::{Applies, Right, Stage};

named!(
    /// Why something that was asked is not done. The law knows no other grounds.
    Ground {
        /// The law gives no such right over data on this basis.
        OtherBasis = "other_basis",
        /// A legal duty asks for the data (article 17(3)(b)).
        LegalDuty = "legal_duty",
        /// A task in the public interest needs it (article 17(3)(b)).
        PublicTask = "public_task",
        /// Free expression and information (article 17(3)(a)).
        FreeExpression = "free_expression",
        /// Public health (article 17(3)(c)).
        PublicHealth = "public_health",
        /// Archiving, research or statistics (article 17(3)(d)).
        Archive = "archive",
        /// Legal claims (article 17(3)(e)).
        LegalClaims = "legal_claims",
        /// The data is still needed for its purpose, and none of the reasons of article 17(1) is there.
        StillNeeded = "still_needed",
        /// The rights and freedoms of others (articles 15(4) and 20(4)).
        Others = "others",
        /// Compelling legitimate grounds that go before the person's interests (article 21(1)).
        CompellingGrounds = "compelling_grounds",
        /// The data is right as it is (article 16).
        Accurate = "accurate",
        /// None of the cases of article 18(1) is there.
        NoCase = "no_case",
        /// No machine decided alone (article 22(1)).
        NoMachineDecided = "no_machine_decided",
        /// There is no consent to withdraw (article 7(3)).
        NoConsent = "no_consent",
        /// It could not be shown who asks (articles 11(2) and 12(6)).
        IdentityUnknown = "identity_unknown",
        /// The request is manifestly unfounded (article 12(5)).
        Unfounded = "unfounded",
        /// The request is manifestly excessive (article 12(5)).
        Excessive = "excessive",
    }
);

impl Ground {
    /// The article that it stands in, for a right.
    #[must_use]
    pub const fn article(self, right: Right) -> &'static str {
        match self {
            Self::LegalClaims if matches!(right, Right::Objection) => "21(1)",
            Self::Others if matches!(right, Right::Portability) => "20(4)",
            Self::OtherBasis => "12(4)",
            Self::LegalDuty | Self::PublicTask => "17(3)(b)",
            Self::FreeExpression => "17(3)(a)",
            Self::PublicHealth => "17(3)(c)",
            Self::Archive => "17(3)(d)",
            Self::LegalClaims => "17(3)(e)",
            Self::StillNeeded => "17(1)",
            Self::Others => "15(4)",
            Self::CompellingGrounds => "21(1)",
            Self::Accurate => "16",
            Self::NoCase => "18(1)",
            Self::NoMachineDecided => "22(1)",
            Self::NoConsent => "7(3)",
            Self::IdentityUnknown => "12(6)",
            Self::Unfounded | Self::Excessive => "12(5)",
        }
    }

    /// The term of the justifications of the Data Privacy Vocabulary.
    #[must_use]
    pub const fn dpv(self) -> &'static str {
        match self {
            Self::OtherBasis | Self::NoCase | Self::NoMachineDecided | Self::NoConsent => {
                "justifications:LegallyExempted"
            }
            Self::LegalDuty => "justifications:LegalProcessImpaired",
            Self::PublicTask => "justifications:PublicInterestCompromised",
            Self::FreeExpression => "justifications:FreedomOfExpressionImpaired",
            Self::PublicHealth => "justifications:PublicHealthCompromised",
            Self::Archive => "justifications:PublicInterestArchivingImpaired",
            Self::LegalClaims => "justifications:LegalClaimDefenceImpaired",
            Self::StillNeeded => "justifications:ObjectivesImpaired",
            Self::Others => "justifications:ThirdPartyRightsImpaired",
            Self::CompellingGrounds => "justifications:LegitimateInterestOverride",
            Self::Accurate => "justifications:NonFulfilmentJustification",
            Self::IdentityUnknown => "justifications:IdentityVerificationFailure",
            Self::Unfounded => "justifications:ProcessUnfounded",
            Self::Excessive => "justifications:ProcessExcessive",
        }
    }

    /// Whether this right can be refused on this ground at all.
    ///
    /// An objection and a withdrawal are never unfounded or excessive: who says no again, still says no.
    #[must_use]
    pub fn fits(self, right: Right) -> bool {
        let about_request = !matches!(
            right,
            Right::Withdrawal
                | Right::Objection
                | Right::Information
                | Right::Recipients
                | Right::Complaint
        );
        match self {
            Self::OtherBasis => !matches!(
                right,
                Right::Information | Right::Recipients | Right::Complaint
            ),
            Self::LegalDuty
            | Self::PublicTask
            | Self::FreeExpression
            | Self::PublicHealth
            | Self::Archive
            | Self::StillNeeded => right == Right::Erasure,
            Self::LegalClaims => matches!(right, Right::Erasure | Right::Objection),
            Self::Others => matches!(right, Right::Access | Right::Portability),
            Self::CompellingGrounds => right == Right::Objection,
            Self::Accurate => right == Right::Rectification,
            Self::NoCase => right == Right::Restriction,
            Self::NoMachineDecided => right == Right::HumanReview,
            Self::NoConsent => right == Right::Withdrawal,
            Self::IdentityUnknown | Self::Unfounded | Self::Excessive => about_request,
        }
    }

    /// The grounds on which a right can be refused.
    pub fn of(right: Right) -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(move |ground| ground.fits(right))
    }
}

named!(
    /// How sure we are who asks. No level asks for a copy of a passport.
    Identity {
        /// The channel itself is enough: an objection to mail, general information.
        Channel = "channel",
        /// The session in which the data came to be.
        Session = "session",
        /// A code that was sent to an address that we knew already.
        Code = "code",
        /// A person of the desk spoke with them, or saw a document that was not kept.
        Human = "human",
    }
);

named!(
    /// What a recipient is asked to do with what it received (articles 17(2) and 19).
    TaskAct {
        /// Correct it.
        Rectify = "rectify",
        /// Erase it, and links and copies of it.
        Erase = "erase",
        /// Stop using it.
        Restrict = "restrict",
    }
);

named!(
    /// What came of a recipient's task.
    TaskEnd {
        /// The recipient did it.
        Done = "done",
        /// The recipient holds nothing of the person.
        NothingHeld = "nothing_held",
        /// It cannot be done; the person is told.
        Impossible = "impossible",
    }
);

impl TaskAct {
    /// What recipients are asked to do when this right was granted; `None` where nobody needs to be told.
    #[must_use]
    pub const fn of(right: Right) -> Option<Self> {
        match right {
            Right::Rectification => Some(Self::Rectify),
            Right::Erasure => Some(Self::Erase),
            Right::Restriction => Some(Self::Restrict),
            Right::Access
            | Right::Objection
            | Right::Portability
            | Right::HumanReview
            | Right::Withdrawal
            | Right::Information
            | Right::Recipients
            | Right::Complaint => None,
        }
    }
}

/// That a recipient must be told, and whether it did what it was asked (article 19). It names no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: Uuid,
    /// The request that it follows from.
    pub request: RequestId,
    /// The recipient, by its name in the register.
    pub recipient: String,
    /// What it is asked.
    pub act: TaskAct,
    /// When it was given.
    pub created_at: Timestamp,
    /// When what the recipient still holds is gone by itself, where the register says so.
    pub gone_at: Option<Timestamp>,
    /// What came of it and when; `None` while it is open.
    pub ended: Option<(TaskEnd, Timestamp)>,
}

/// What one part of a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// The request as a whole: what it asks has no slices, or it is refused before anything is looked up.
    Whole,
    /// The data of one category that is kept for one purpose.
    Slice(Slice),
}

/// The data of one category that is kept for one purpose, on one basis.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slice {
    /// The category, by its name in the register.
    pub category: String,
    /// The purpose, by its name in the register.
    pub purpose: String,
    /// The legal basis.
    pub basis: Basis,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It is done.
    Granted,
    /// It is not, for this reason.
    Refused(Ground),
}

/// One part of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What it is about.
    pub about: About,
    /// Yes or no.
    pub verdict: Verdict,
}

/// What was decided on a request. A partly granted request is the normal case.
#[derive(Clone, PartialEq, Eq)]
pub struct Decision {
    /// Per slice.
    pub parts: Vec<Decided>,
    /// The reasons in plain words, for the person. Never empty where something is refused or costs money.
    pub reasons: String,
    /// A fee in cents (article 12(5)(a)); the person can still take the request back.
    pub fee_cents: Option<u32>,
}

impl std::fmt::Debug for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decision")
            .field("parts", &self.parts)
            .field("fee_cents", &self.fee_cents)
            .finish_non_exhaustive()
    }
}

/// Why a decision cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Undecided {
    /// It decides nothing.
    #[error("nothing is decided")]
    Nothing,
    /// A ground on which this right cannot be refused.
    #[error("this right cannot be refused on ground {0}")]
    GroundDoesNotFit(Ground),
    /// A slice over which the law gives no such right cannot be granted.
    #[error("the law gives no such right over a slice that was granted")]
    CannotGrant,
    /// A right without conditions cannot be refused because of its basis.
    #[error("the right applies to this basis")]
    BasisAllows,
    /// A refusal or a fee without reasons.
    #[error("a refusal or a fee needs its reasons")]
    WithoutReasons,
    /// A fee for a right that is always free.
    #[error("this right is always free")]
    AlwaysFree,
}

impl Decision {
    /// Whether this can be decided on a request for `right`.
    ///
    /// # Errors
    ///
    /// [`Undecided`] says which rule stands in the way.
    pub fn check(&self, right: Right) -> Result<(), Undecided> {
        if self.parts.is_empty() {
            return Err(Undecided::Nothing);
        }
        for part in &self.parts {
            let applies = match &part.about {
                About::Whole => Applies::Always,
                About::Slice(slice) => right.applies_to(slice.basis),
            };
            match part.verdict {
                Verdict::Granted if !applies.is_possible() => return Err(Undecided::CannotGrant),
                Verdict::Refused(ground) if !ground.fits(right) => {
                    return Err(Undecided::GroundDoesNotFit(ground));
                }
                Verdict::Refused(Ground::OtherBasis)
                    if matches!(part.about, About::Slice(_)) && applies == Applies::Always =>
                {
                    return Err(Undecided::BasisAllows);
                }
                Verdict::Granted | Verdict::Refused(_) => {}
            }
        }
        if self.fee_cents.is_some() && !may_cost(right) {
            return Err(Undecided::AlwaysFree);
        }
        if self.needs_second_person() && self.reasons.trim().is_empty() {
            return Err(Undecided::WithoutReasons);
        }
        Ok(())
    }

    /// Whether a second person must agree: a no, or money.
    #[must_use]
    pub fn needs_second_person(&self) -> bool {
        self.fee_cents.is_some() || self.refused().next().is_some()
    }

    /// The stage to which the request comes by this decision.
    #[must_use]
    pub fn stage(&self) -> Stage {
        let n_refused = self.refused().count();
        if n_refused == 0 {
            Stage::Answered
        } else if n_refused == self.parts.len() {
            Stage::Refused
        } else {
            Stage::PartlyAnswered
        }
    }

    /// The slices on which the answer is yes.
    pub fn granted(&self) -> impl Iterator<Item = &Slice> {
        self.parts
            .iter()
            .filter(|part| part.verdict == Verdict::Granted)
            .filter_map(|part| match &part.about {
                About::Slice(slice) => Some(slice),
                About::Whole => None,
            })
    }

    /// What is refused, with its ground.
    pub fn refused(&self) -> impl Iterator<Item = (&About, Ground)> {
        self.parts.iter().filter_map(|part| match part.verdict {
            Verdict::Refused(ground) => Some((&part.about, ground)),
            Verdict::Granted => None,
        })
    }

    /// Whether anything at all is granted.
    #[must_use]
    pub fn grants_anything(&self) -> bool {
        self.parts
            .iter()
            .any(|part| part.verdict == Verdict::Granted)
    }
}

/// Whether a fee can be asked for this right at all; a no to marketing or to consent is always free.
#[must_use]
pub fn may_cost(right: Right) -> bool {
    Ground::Excessive.fits(right)
}

/// What is proposed to the desk for a slice: what the matrix of rights says, and whether a person must judge.
#[must_use]
pub fn proposal(right: Right, basis: Basis) -> (Verdict, Applies) {
    let applies = right.applies_to(basis);
    let verdict = match applies {
        Applies::Always | Applies::OnConditions(_) => Verdict::Granted,
        Applies::No(_) if right == Right::Erasure && basis == Basis::LegalDuty => {
            Verdict::Refused(Ground::LegalDuty)
        }
        Applies::No(_) => Verdict::Refused(Ground::OtherBasis),
    };
    (verdict, applies)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(basis: Basis) -> About {
        About::Slice(Slice {
            category: "user_content".into(),
            purpose: "provide".into(),
            basis,
        })
    }

    fn decision(parts: &[(About, Verdict)], reasons: &str) -> Decision {
        Decision {
            parts: parts
                .iter()
                .map(|(about, verdict)| Decided {
                    about: about.clone(),
                    verdict: *verdict,
                })
                .collect(),
            reasons: reasons.into(),
            fee_cents: None,
        }
    }

    #[test]
    fn a_partial_answer_names_its_ground_and_needs_two_people() {
        let partial = decision(
            &[
                (slice(Basis::Contract), Verdict::Granted),
                (slice(Basis::LegalDuty), Verdict::Refused(Ground::LegalDuty)),
            ],
            "De boekhouding bewaren wij zeven jaar.",
        );
        assert_eq!(partial.check(Right::Erasure), Ok(()));
        assert!(partial.needs_second_person());
        assert_eq!(partial.stage(), Stage::PartlyAnswered);

        let silent = Decision {
            reasons: " ".into(),
            ..partial.clone()
        };
        assert_eq!(silent.check(Right::Erasure), Err(Undecided::WithoutReasons));
    }

    #[test]
    fn what_the_law_does_not_give_cannot_be_granted_and_what_it_gives_not_refused_by_basis() {
        let granted = decision(&[(slice(Basis::LegalDuty), Verdict::Granted)], "");
        assert_eq!(granted.check(Right::Erasure), Err(Undecided::CannotGrant));

        let refused = decision(
            &[(slice(Basis::Legit), Verdict::Refused(Ground::OtherBasis))],
            "reasons",
        );
        assert_eq!(refused.check(Right::Access), Err(Undecided::BasisAllows));
        assert_eq!(refused.check(Right::Portability), Ok(()));
    }

    #[test]
    fn nobody_pays_to_say_no_and_no_objection_is_excessive() {
        let mut objected = decision(&[(About::Whole, Verdict::Granted)], "reasons");
        objected.fee_cents = Some(500);
        assert_eq!(objected.check(Right::Objection), Err(Undecided::AlwaysFree));
        assert_eq!(objected.check(Right::Access), Ok(()));
        assert!(!Ground::Excessive.fits(Right::Withdrawal));
        assert!(!Ground::Unfounded.fits(Right::Objection));
    }

    #[test]
    fn what_is_proposed_can_always_be_decided() {
        for right in Right::ALL {
            for basis in [
                Basis::Contract,
                Basis::Consent,
                Basis::LegalDuty,
                Basis::Legit,
                Basis::Vital,
                Basis::PublicTask,
                Basis::Authority,
            ] {
                let (verdict, _) = proposal(*right, basis);
                let proposed = decision(&[(slice(basis), verdict)], "reasons");
                assert_eq!(proposed.check(*right), Ok(()), "{right} on {basis}");
            }
        }
    }

    #[test]
    fn every_right_that_can_be_refused_has_a_ground_and_every_ground_a_right() {
        for ground in Ground::ALL {
            assert!(
                Right::ALL.iter().any(|right| ground.fits(*right)),
                "{ground}"
            );
            assert_eq!(Ground::parse(ground.name()), Some(*ground));
        }
        for right in [Right::Information, Right::Recipients, Right::Complaint] {
            assert_eq!(Ground::of(right).count(), 0, "{right} is never refused");
        }
    }
}
