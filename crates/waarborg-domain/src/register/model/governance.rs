//! Who answers for what: roles, duties with their cadence, backups, and what differs elsewhere.

use std::fmt;

use jiff::civil::Date;

use super::{Basis, Contact, Label, Mechanism};
use crate::claim::{ClaimKind, Period, Trigger};
use crate::personal::{Category, Purpose, RecipientName, ServiceName};
use crate::register::fault::Place;

words!(
    /// What must come first before a reminder may go.
    ReminderMode {
        /// The person asked for it.
        OnRequest = "on_request",
        /// It goes by itself.
        Automatic = "automatic",
        /// The person consented to it.
        ExplicitConsent = "explicit_consent",
    }
);

words!(
    /// What an overlay may change where other law holds; nothing else may differ.
    Lever {
        /// Consent is asked, and with which words.
        Consent = "consent",
        /// An assessment is made.
        Assessment = "assessment",
        /// The period is another.
        Period = "period",
        /// The basis is another.
        Basis = "basis",
        /// The instrument of a transfer is another.
        Transfer = "transfer",
        /// There are further rights.
        Rights = "rights",
    }
);

/// A role in which somebody reads data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRule {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Label,
    /// Where it stands.
    pub place: Place,
}

/// A group of people who use the service and for whom the policy says something of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct UserGroup {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Label,
    /// Where it stands.
    pub place: Place,
}

words!(
    /// What sort of measure it is.
    MeasureKind {
        /// The program or the machine does it.
        Technical = "technical",
        /// People work that way.
        Organisational = "organisational",
        /// Doors, locks and buildings do it.
        Physical = "physical",
        /// It is written down and kept.
        Administrative = "administrative",
    }
);

/// A measure that keeps data safe (article 32).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Its name.
    pub name: String,
    /// What sort it is.
    pub kind: MeasureKind,
    /// What it is, to people.
    pub label: Label,
    /// Where it stands.
    pub place: Place,
}

/// Something that must be done again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Its name.
    pub name: String,
    /// What must be done.
    pub label: Label,
    /// How often.
    pub every: Period,
    /// Who does it.
    pub roles: Vec<String>,
    /// When it must be done next.
    pub next: Option<Date>,
    /// Whether somebody filled it in where the source gives nothing.
    pub proposed: bool,
    /// Where it stands.
    pub place: Place,
}

/// How long backups live, and whether what is erased can be read in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupRule {
    /// How long a backup lives.
    pub tail: Period,
    /// Whether erasing a key ends the copies in backups too.
    pub erasable: bool,
    /// Where it stands.
    pub place: Place,
}

/// Somebody who decides together with the organisation why and how data is processed (article 26).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointRule {
    /// Its name in the register.
    pub id: String,
    /// The legal name.
    pub name: String,
    /// About which services they decide together.
    pub services: Vec<ServiceName>,
    /// What they agreed, in a few words (article 26(2)).
    pub essence: Label,
    /// How to reach them.
    pub privacy: Contact,
    /// The arrangement.
    pub evidence: Option<String>,
    /// Where it stands.
    pub place: Place,
}

impl JointRule {
    /// The id of the rule.
    #[must_use]
    pub fn rule(&self) -> String {
        format!("joint:{}", self.id)
    }
}

/// What is different for people who live elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// The id of the rule.
    pub rule: String,
    /// For whom: countries, or `EEA`.
    pub residences: Vec<String>,
    /// The service.
    pub service: ServiceName,
    /// The purpose.
    pub purpose: Purpose,
    /// What is different.
    pub change: OverlayChange,
    /// Why.
    pub why: Label,
    /// Where it stands.
    pub place: Place,
}

impl Overlay {
    /// Whether both move the same lever of the same thing.
    #[must_use]
    pub fn moves_the_same(&self, other: &Self) -> bool {
        match (&self.change, &other.change) {
            (OverlayChange::Basis { .. }, OverlayChange::Basis { .. })
            | (OverlayChange::Assessment { .. }, OverlayChange::Assessment { .. }) => true,
            (
                OverlayChange::Period { category: one, .. },
                OverlayChange::Period { category: two, .. },
            ) => one == two,
            (
                OverlayChange::Transfer { recipient: one, .. },
                OverlayChange::Transfer { recipient: two, .. },
            ) => one == two,
            _ => false,
        }
    }
}

/// What an overlay changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverlayChange {
    /// Another basis, with what it rests on, and the consent text where it is consent.
    Basis {
        /// The basis.
        basis: Basis,
        /// What it rests on.
        evidence: Option<String>,
        /// The interest.
        interest: Option<Label>,
        /// The consent text, as `id@version`.
        consent: Option<super::ConsentText>,
    },
    /// An assessment.
    Assessment {
        /// The assessment.
        dpia: String,
    },
    /// Another period for one category.
    Period {
        /// The category.
        category: Category,
        /// The event that it counts from.
        trigger: Trigger,
        /// How long.
        period: Period,
        /// How its end binds.
        kind: ClaimKind,
    },
    /// Another instrument for one recipient.
    Transfer {
        /// The recipient.
        recipient: RecipientName,
        /// The instrument.
        mechanism: Mechanism,
        /// The last day on which it holds.
        valid_until: Option<Date>,
    },
    /// Further rights, in words.
    Rights,
}

words!(
    /// The case in which data may be given to somebody outside, apart from those who always receive it.
    DisclosureCase {
        /// A law, a court or an authority demands it.
        LegalDuty = "legal_duty",
        /// Somebody, or a right, needs protection.
        Protection = "protection",
        /// The organisation, or a part of it, is sold, merged or wound up.
        Sale = "sale",
        /// The person consented to it.
        Consent = "consent",
    }
);

impl DisclosureCase {
    /// The legal basis that carries such a case (article 6(1)).
    #[must_use]
    pub fn basis(self) -> Basis {
        match self {
            Self::LegalDuty => Basis::LegalDuty,
            Self::Protection | Self::Sale => Basis::Legit,
            Self::Consent => Basis::Consent,
        }
    }
}

/// To whom data may be given in a single case, and why; each case needs two people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureRule {
    /// Its name.
    pub name: String,
    /// Who may receive it, to people.
    pub label: Label,
    /// In which case.
    pub case: DisclosureCase,
    /// What the basis rests on: a statute, a balancing test.
    pub evidence: Option<String>,
    /// The interest, where the basis is a legitimate interest.
    pub interest: Option<Label>,
    /// The purpose to which the person must have consented, where the basis is consent and the ledger holds it.
    pub purpose: Option<Purpose>,
    /// The categories that may be given at all.
    pub categories: Vec<Category>,
    /// Where it stands.
    pub place: Place,
}

impl DisclosureRule {
    /// The id of the rule.
    #[must_use]
    pub fn rule(&self) -> String {
        format!("disclosure:{}", self.name)
    }
}

/// What the law asks of a piece of evidence of this kind: each item with its article.
#[must_use]
pub(crate) fn contract_items(kind: &str) -> &'static [(&'static str, &'static str)] {
    match kind {
        "dpa" => &[
            ("instructions", "28(3)(a)"),
            ("confidentiality", "28(3)(b)"),
            ("security", "28(3)(c)"),
            ("sub_processors", "28(3)(d)"),
            ("rights", "28(3)(e)"),
            ("assistance", "28(3)(f)"),
            ("deletion", "28(3)(g)"),
            ("audits", "28(3)(h)"),
        ],
        "dpia" => &[
            ("description", "35(7)(a)"),
            ("necessity", "35(7)(b)"),
            ("risks", "35(7)(c)"),
            ("measures", "35(7)(d)"),
        ],
        "lia" => &[
            ("purpose", "6(1)(f)"),
            ("necessity", "6(1)(f)"),
            ("balance", "6(1)(f)"),
        ],
        "compatibility" => &[
            ("link", "6(4)(a)"),
            ("context", "6(4)(b)"),
            ("nature", "6(4)(c)"),
            ("consequences", "6(4)(d)"),
            ("safeguards", "6(4)(e)"),
        ],
        _ => &[],
    }
}
