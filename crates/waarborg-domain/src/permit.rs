//! Permits: proof that the register allows a purpose, or a transfer, for this person today.

use std::fmt;

use jiff::civil::Date;

use crate::personal::{Category, Purpose, RecipientName, ServiceName};
use crate::register::{Basis, Destination, Mechanism, Processing, PurposeRule, Reach, Recipient};

/// What somebody wants to do, for whom, today.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The service.
    pub service: &'a str,
    /// The purpose.
    pub purpose: &'a str,
    /// What is known of the person.
    pub person: &'a PersonState,
    /// Today, in the controller's time zone.
    pub today: Date,
}

/// The facts of a person that decide what may be done; by default nothing was seen or agreed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonState {
    /// The consents that hold now.
    pub consents: Vec<HeldConsent>,
    /// Whether use is restricted (article 18).
    pub restricted: bool,
    /// The purposes that the person objected to (article 21).
    pub objections: Vec<String>,
    /// Whether the person was shown the notice.
    pub notice_seen: bool,
    /// How old the person is, as far as it is known.
    pub age: AgeBand,
    /// Whether a guardian agreed, for a child.
    pub guardian_agreed: bool,
    /// Where the person lives, as two letters; it decides the controller.
    pub residence: Option<String>,
}

/// A consent that holds: for this purpose, given to this controller, on this text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeldConsent {
    /// The purpose.
    pub purpose: String,
    /// The controller that it was given to.
    pub entity: String,
    /// The version of the text.
    pub text_version: String,
}

/// How old somebody is, in the bands that decide something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeBand {
    /// Nobody asked; the service is not offered to children or does not depend on it.
    #[default]
    Unknown,
    /// Younger than 13.
    UnderThirteen,
    /// 13, 14 or 15.
    ThirteenToFifteen,
    /// 16 or 17.
    SixteenOrSeventeen,
    /// 18 or older.
    Adult,
}

impl AgeBand {
    /// Whether somebody in the band may be younger than `age`; an unknown age is taken for grown up.
    #[must_use]
    pub fn may_be_below(self, age: u8) -> bool {
        match self {
            Self::Unknown | Self::Adult => false,
            Self::UnderThirteen => age > 0,
            Self::ThirteenToFifteen => age > 13,
            Self::SixteenOrSeventeen => age > 16,
        }
    }
}

/// Proof that the register allows a purpose for this person today; only the register makes one.
#[derive(Clone)]
pub struct Permit<'r> {
    service: &'r ServiceName,
    purpose: &'r Purpose,
    allowed: Vec<&'r Processing>,
    version: &'r str,
    rule: &'r PurposeRule,
    reach: &'r Reach,
}

impl<'r> Permit<'r> {
    pub(crate) fn of(
        service: &'r ServiceName,
        purpose: &'r Purpose,
        allowed: Vec<&'r Processing>,
        version: &'r str,
        rule: &'r PurposeRule,
        reach: &'r Reach,
    ) -> Self {
        Self {
            service,
            purpose,
            allowed,
            version,
            rule,
            reach,
        }
    }

    /// Whether it still holds for a person who restricted the use of their data after it was given (article 18(2)).
    #[must_use]
    pub fn outlasts_restriction(&self) -> bool {
        self.rule.despite_restriction
    }

    /// The categories that this permit covers on consent alone: a person who withdraws it stops them at once.
    pub fn stands_on_consent(&self) -> impl Iterator<Item = &'r Category> + use<'r, '_> {
        self.categories().filter(|category| {
            let mut covering = self
                .allowed
                .iter()
                .filter(|processing| processing.categories.contains(category));
            covering.all(|processing| processing.basis == Basis::Consent)
        })
    }

    /// Whether it still holds for a person who objected to this purpose after it was given (article 21).
    #[must_use]
    pub fn outlasts_objection(&self) -> bool {
        let can_be_objected_to = |processing: &&Processing| {
            processing.basis.can_be_objected_to()
                || processing.otherwise.is_some_and(Basis::can_be_objected_to)
        };
        !self.rule.marketing && !self.allowed.iter().any(can_be_objected_to)
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> &'r ServiceName {
        self.service
    }

    /// The purpose.
    #[must_use]
    pub fn purpose(&self) -> &'r Purpose {
        self.purpose
    }

    /// The legal basis of the first processing that is allowed.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.allowed
            .first()
            .map_or(Basis::Consent, |processing| processing.basis)
    }

    /// The legal basis on which this category may be processed, if it may.
    #[must_use]
    pub fn basis_for(&self, category: &Category) -> Option<Basis> {
        self.processing_of(category)
            .map(|processing| processing.basis)
    }

    /// Whether data of this category may be processed.
    #[must_use]
    pub fn covers(&self, category: &Category) -> bool {
        self.processing_of(category).is_some()
    }

    /// Which data of an earlier register its cells open.
    #[must_use]
    pub fn reach(&self) -> &'r Reach {
        self.reach
    }

    /// Every category that may be processed.
    pub fn categories(&self) -> impl Iterator<Item = &'r Category> + use<'r, '_> {
        self.allowed
            .iter()
            .flat_map(|processing| processing.categories.iter())
    }

    /// The rules of the register that this permit rests on.
    pub fn rules(&self) -> impl Iterator<Item = &'r str> + use<'r, '_> {
        self.allowed
            .iter()
            .map(|processing| processing.rule.as_str())
    }

    /// The version of the register that gave it.
    #[must_use]
    pub fn register_version(&self) -> &'r str {
        self.version
    }

    /// The allowed processings that name this recipient.
    pub(crate) fn going_to(&self, recipient: &RecipientName) -> Vec<&'r Processing> {
        let names = |processing: &&Processing| processing.recipients.contains(recipient);
        self.allowed.iter().copied().filter(names).collect()
    }

    fn processing_of(&self, category: &Category) -> Option<&'r Processing> {
        self.allowed
            .iter()
            .copied()
            .find(|processing| processing.categories.contains(category))
    }
}

impl fmt::Debug for Permit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit({}/{})", self.service, self.purpose)
    }
}

/// Proof that data may go to this recipient today; only the register makes one.
#[derive(Clone)]
pub struct TransferPermit<'r> {
    recipient: &'r Recipient,
    going: Vec<&'r Processing>,
    purpose: &'r Purpose,
    service: &'r ServiceName,
    mechanism: Option<Mechanism>,
    version: &'r str,
}

impl<'r> TransferPermit<'r> {
    pub(crate) fn of(
        permit: &Permit<'r>,
        recipient: &'r Recipient,
        going: Vec<&'r Processing>,
        mechanism: Option<Mechanism>,
    ) -> Self {
        let Permit {
            service,
            purpose,
            version,
            ..
        } = *permit;
        Self {
            recipient,
            going,
            purpose,
            service,
            mechanism,
            version,
        }
    }

    /// The recipient.
    #[must_use]
    pub fn recipient(&self) -> &'r RecipientName {
        &self.recipient.name
    }

    /// All that the register says of the recipient.
    #[must_use]
    pub fn declared(&self) -> &'r Recipient {
        self.recipient
    }

    /// The country where it processes, as two letters.
    #[must_use]
    pub fn country(&self) -> &'r str {
        &self.recipient.country
    }

    /// Where it stands, seen from the organisation.
    #[must_use]
    pub fn destination(&self) -> Destination {
        self.recipient.destination
    }

    /// The instrument that the transfer rests on; none inside the European Economic Area.
    #[must_use]
    pub fn mechanism(&self) -> Option<Mechanism> {
        self.mechanism
    }

    /// The address that data may be sent to.
    #[must_use]
    pub fn base_url(&self) -> Option<&'r str> {
        self.recipient.base_url.as_deref()
    }

    /// The host (and port) of that address; nothing else may be connected to.
    #[must_use]
    pub fn host(&self) -> Option<&'r str> {
        self.recipient.host()
    }

    /// Whether data of this category may go to the recipient for this purpose.
    #[must_use]
    pub fn covers(&self, category: &Category) -> bool {
        self.going
            .iter()
            .any(|processing| processing.categories.contains(category))
    }

    /// Whether the register lists this field among what may be sent.
    #[must_use]
    pub fn covers_field(&self, field: &str) -> bool {
        self.recipient
            .fields
            .iter()
            .any(|declared| declared == field)
    }

    /// The purpose.
    #[must_use]
    pub fn purpose(&self) -> &'r Purpose {
        self.purpose
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> &'r ServiceName {
        self.service
    }

    /// The version of the register that gave it.
    #[must_use]
    pub fn register_version(&self) -> &'r str {
        self.version
    }
}

impl fmt::Debug for TransferPermit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "TransferPermit({} in {})",
            self.recipient.name, self.recipient.country
        )
    }
}

/// Why the register does not allow it. It names rules, never content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The register has no such service.
    #[error("the register does not declare this service")]
    UnknownService,
    /// The register has no such purpose.
    #[error("the register does not declare this purpose")]
    UnknownPurpose,
    /// The service does nothing for this purpose.
    #[error("service {service} has no processing for purpose {purpose}")]
    PurposeNotInService {
        /// The service.
        service: ServiceName,
        /// The purpose.
        purpose: Purpose,
    },
    /// The register is a draft.
    #[error("the register is a draft")]
    Draft,
    /// The register is not in force yet.
    #[error("the register takes effect on {from}")]
    NotYetEffective {
        /// The day on which it takes effect.
        from: Date,
    },
    /// The person was not shown the notice.
    #[error("the notice must be shown first")]
    NoticeUnseen,
    /// The person did not consent to this purpose, this controller and this text.
    #[error("no consent for purpose {purpose} to {entity}")]
    NoConsent {
        /// The purpose.
        purpose: Purpose,
        /// The controller.
        entity: String,
    },
    /// A guardian must agree first.
    #[error("a guardian must agree to this")]
    GuardianNeeded,
    /// The service is not for people this young.
    #[error("the service is not offered below the age of {minimum}")]
    TooYoung {
        /// The minimum age.
        minimum: u8,
    },
    /// The person's data may only be stored (article 18).
    #[error("use is restricted")]
    Restricted,
    /// The person objected (article 21).
    #[error("the person objected to purpose {purpose}")]
    Objected {
        /// The purpose.
        purpose: Purpose,
    },
    /// The register has no such recipient.
    #[error("the register does not declare this recipient")]
    UnknownRecipient,
    /// The recipient is not listed for this purpose.
    #[error("recipient {recipient} is not declared for this purpose")]
    RecipientNotForPurpose {
        /// The recipient.
        recipient: RecipientName,
    },
    /// Nothing allows a transfer to this country.
    #[error("no mechanism for a transfer to {country}")]
    NoMechanism {
        /// The recipient.
        recipient: RecipientName,
        /// The country.
        country: String,
    },
    /// The mechanism or contract has not started yet.
    #[error("the mechanism for recipient {recipient} holds from {from}")]
    MechanismNotYetValid {
        /// The recipient.
        recipient: RecipientName,
        /// The first day.
        from: Date,
    },
    /// The mechanism or contract has ended.
    #[error("the mechanism for recipient {recipient} ended on {until}")]
    MechanismExpired {
        /// The recipient.
        recipient: RecipientName,
        /// The last day on which it held.
        until: Date,
    },
    /// Nothing is listed that may be sent.
    #[error("recipient {recipient} may not be sent anything")]
    NoFields {
        /// The recipient.
        recipient: RecipientName,
    },
    /// Sound is not listed among what may be sent.
    #[error("recipient {recipient} may not be sent sound")]
    SoundNotListed {
        /// The recipient.
        recipient: RecipientName,
    },
    /// The register that was changed cannot be read as allowing it.
    #[error("recipient {recipient} is closed until the register is mended")]
    RecipientClosed {
        /// The recipient.
        recipient: RecipientName,
    },
    /// There is no processor contract.
    #[error("recipient {recipient} has no processor contract")]
    NoContract {
        /// The recipient.
        recipient: RecipientName,
    },
}

impl Refusal {
    /// The row of the register that stands in the way, for who may mend it; `None` where it is the person's choice.
    #[must_use]
    pub fn row(&self) -> Option<String> {
        let of =
            |recipient: &RecipientName, key: &str| Some(format!("[recipient.{recipient}] {key}"));
        match self {
            Self::UnknownService => Some("[service]".to_owned()),
            Self::UnknownPurpose => Some("[purpose]".to_owned()),
            Self::PurposeNotInService { .. } => Some("[[processing]] purpose".to_owned()),
            Self::Draft => Some("[register] draft".to_owned()),
            Self::NotYetEffective { .. } => Some("[register] effective".to_owned()),
            Self::UnknownRecipient => Some("[recipient]".to_owned()),
            Self::RecipientNotForPurpose { .. } => Some("[[processing]] recipients".to_owned()),
            Self::NoMechanism { recipient, .. } => of(recipient, "mechanism"),
            Self::MechanismNotYetValid { recipient, .. } => of(recipient, "valid_from"),
            Self::MechanismExpired { recipient, .. } => of(recipient, "valid_until"),
            Self::NoFields { recipient } | Self::SoundNotListed { recipient } => {
                of(recipient, "fields")
            }
            Self::RecipientClosed { recipient } => Some(format!("[recipient.{recipient}]")),
            Self::NoContract { recipient } => of(recipient, "dpa"),
            Self::NoticeUnseen
            | Self::NoConsent { .. }
            | Self::GuardianNeeded
            | Self::TooYoung { .. }
            | Self::Restricted
            | Self::Objected { .. } => None,
        }
    }

    /// A stable code, for answers and entries.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownService => "unknown-service",
            Self::UnknownPurpose => "unknown-purpose",
            Self::PurposeNotInService { .. } => "purpose-not-in-service",
            Self::Draft => "draft",
            Self::NotYetEffective { .. } => "not-yet-effective",
            Self::NoticeUnseen => "notice-unseen",
            Self::NoConsent { .. } => "no-consent",
            Self::GuardianNeeded => "guardian-needed",
            Self::TooYoung { .. } => "too-young",
            Self::Restricted => "restricted",
            Self::Objected { .. } => "objected",
            Self::UnknownRecipient => "unknown-recipient",
            Self::RecipientNotForPurpose { .. } => "recipient-not-for-purpose",
            Self::NoMechanism { .. } => "no-mechanism",
            Self::MechanismNotYetValid { .. } => "mechanism-not-yet-valid",
            Self::MechanismExpired { .. } => "mechanism-expired",
            Self::NoFields { .. } => "no-fields",
            Self::SoundNotListed { .. } => "sound-not-listed",
            Self::RecipientClosed { .. } => "recipient-closed",
            Self::NoContract { .. } => "no-contract",
        }
    }
}
