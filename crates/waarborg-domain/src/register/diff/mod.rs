//! What changes between two registers, of which class each change is, and the procedure that it asks.

mod class;
mod facts;
mod reach;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::{ToSpan as _, civil::Date};

use super::{Basis, Processing, Register};
use crate::personal::Category;
use class::{Weight, weigh, weigh_new_cell};
use facts::DECLARED;
pub use reach::{Reach, cells_of};

/// How many days ahead people learn of a change that touches them.
pub const ANNOUNCED_DAYS: u8 = 30;

/// How far a change goes; a later one goes further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Words and inside matters: nothing is different for people.
    Editorial,
    /// Something that people were told is different.
    Material,
    /// Data that is there already gets a purpose that it did not have (articles 5(1)(b) and 6(4)).
    NewPurpose,
}

impl Class {
    /// Every class, the mildest first.
    pub const ALL: [Self; 3] = [Self::Editorial, Self::Material, Self::NewPurpose];

    /// Its name on the command line, in JSON and in the texts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Editorial => "editorial",
            Self::Material => "material",
            Self::NewPurpose => "new-purpose",
        }
    }
}

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// Words only.
    Words,
    /// The organisation's own administration.
    Inside,
    /// Who is responsible.
    Controller,
    /// How to reach somebody.
    Contact,
    /// What a service does.
    Service,
    /// Decisions without a person.
    Decision,
    /// Which data is used.
    Data,
    /// What data is used for.
    Purpose,
    /// The legal basis.
    Basis,
    /// What people are asked to agree to.
    Consent,
    /// Who reads.
    Readers,
    /// How long.
    Period,
    /// Who receives.
    Recipient,
    /// Where it goes, and on which instrument.
    Transfer,
    /// What the browser gets.
    Cookie,
    /// What is sent to people.
    Message,
    /// How it is kept safe.
    Safety,
    /// What is different elsewhere.
    Elsewhere,
}

impl Matter {
    /// Its name in JSON and in the texts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Inside => "inside",
            Self::Controller => "controller",
            Self::Contact => "contact",
            Self::Service => "service",
            Self::Decision => "decision",
            Self::Data => "data",
            Self::Purpose => "purpose",
            Self::Basis => "basis",
            Self::Consent => "consent",
            Self::Readers => "readers",
            Self::Period => "period",
            Self::Recipient => "recipient",
            Self::Transfer => "transfer",
            Self::Cookie => "cookie",
            Self::Message => "message",
            Self::Safety => "safety",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// What happens with data that was collected before a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OldData {
    /// Nothing changes for it.
    Untouched,
    /// People are asked again; until they agree it stays closed.
    RenewedConsent,
    /// It stays closed for this purpose until the register records why the two purposes go together, or people agree.
    Closed,
    /// It may be used: the register records why the two purposes go together (article 6(4)).
    Compatible,
    /// It may be used: the law obliges to it.
    LegalDuty,
}

impl OldData {
    /// Its name in JSON and in the texts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::RenewedConsent => "renewed-consent",
            Self::Closed => "closed",
            Self::Compatible => "compatible",
            Self::LegalDuty => "legal-duty",
        }
    }
}

/// What a change asks before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Procedure {
    /// It is published this long before it takes effect; 0 is at once.
    pub announced_days: u8,
    /// The persons concerned are told, not only the page changed (articles 13(3) and 14(4)).
    pub tells_people: bool,
    /// What happens with data that is there already.
    pub old_data: OldData,
    /// A second person approves it.
    pub second_approver: bool,
}

/// One change: a key of a rule says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChange {
    /// The id of the rule, such as `processing:chat/improve/user_content`.
    pub rule: String,
    /// The key, such as `basis`; `declared` where the rule itself comes or goes.
    pub key: &'static str,
    /// What it said; where the rule itself comes or goes, all that it says.
    pub from: BTreeSet<String>,
    /// What it says.
    pub to: BTreeSet<String>,
    /// How far it goes.
    pub class: Class,
    /// What it is about.
    pub matter: Matter,
    /// Whether it only takes away: less data, fewer readers, a shorter time.
    pub only_narrows: bool,
    /// What it asks.
    pub procedure: Procedure,
}

/// What the new register leaves undone of a procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// It is another register under the same version.
    SameVersion,
    /// It takes effect before people could know.
    TooEarly {
        /// The first day on which it may.
        not_before: Date,
    },
    /// Data that is there stays closed for this cell: no consent is asked and no note is recorded.
    NoNote {
        /// The cell.
        rule: String,
    },
}

impl Lack {
    /// Its name in JSON and in the texts.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SameVersion => "same-version",
            Self::TooEarly { .. } => "too-early",
            Self::NoNote { .. } => "no-note",
        }
    }
}

/// Everything that changes between two registers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// The changes, by rule and key.
    pub changes: Vec<RuleChange>,
    /// What the new register leaves undone.
    pub lacks: Vec<Lack>,
}

impl Diff {
    /// How far the change goes that goes furthest; `None` where nothing changes.
    #[must_use]
    pub fn class(&self) -> Option<Class> {
        self.changes.iter().map(|change| change.class).max()
    }

    /// What all changes together ask.
    #[must_use]
    pub fn procedure(&self) -> Procedure {
        let all = self.changes.iter().map(|change| change.procedure);
        all.fold(AT_ONCE, |one, other| Procedure {
            announced_days: one.announced_days.max(other.announced_days),
            tells_people: one.tells_people || other.tells_people,
            old_data: one.old_data.max(other.old_data),
            second_approver: one.second_approver || other.second_approver,
        })
    }
}

const AT_ONCE: Procedure = Procedure {
    announced_days: 0,
    tells_people: false,
    old_data: OldData::Untouched,
    second_approver: false,
};

impl Register {
    /// What changes from this register to another that is published on a day.
    #[must_use]
    pub fn diff(&self, next: &Self, published: Date) -> Diff {
        let (before, after) = (facts::facts(self), facts::facts(next));
        let mut keys: Vec<_> = before.keys().chain(after.keys()).collect();
        keys.sort();
        keys.dedup();
        let nothing = BTreeSet::new();
        let mut changes = Vec::new();
        for at in keys {
            let from = before.get(at).unwrap_or(&nothing);
            let to = after.get(at).unwrap_or(&nothing);
            let (rule, key) = (&at.0, at.1);
            // Of a rule that comes or goes one line says enough.
            let declared = (rule.clone(), DECLARED);
            let is_there_twice = before.contains_key(&declared) == after.contains_key(&declared);
            if from != to && (key == DECLARED || is_there_twice) {
                let mut change = self.weighed(next, rule, key, (from, to));
                if key == DECLARED {
                    change.from = facts::all_of(&before, rule);
                    change.to = facts::all_of(&after, rule);
                }
                changes.push(change);
            }
        }
        let lacks = self.lacks(next, &changes, published);
        Diff { changes, lacks }
    }

    fn weighed(
        &self,
        next: &Self,
        rule: &str,
        key: &'static str,
        (from, to): (&BTreeSet<String>, &BTreeSet<String>),
    ) -> RuleChange {
        let added = (key == DECLARED && from.is_empty())
            .then(|| next.processing_at(rule))
            .flatten();
        let weight = match added {
            Some((_, category)) => weigh_new_cell(self.keeps(category)),
            None => weigh(rule, key, from, to),
        };
        let old_data = match (added, weight.class, weight.matter) {
            (Some((processing, _)), Class::NewPurpose, _) => old_data_under(processing),
            (None, Class::NewPurpose, _) => OldData::Closed,
            (_, Class::Material, Matter::Consent) => OldData::RenewedConsent,
            (_, Class::Material, Matter::Basis) if to.contains("consent") => {
                OldData::RenewedConsent
            }
            _ => OldData::Untouched,
        };
        RuleChange {
            rule: rule.to_owned(),
            key,
            from: from.clone(),
            to: to.clone(),
            class: weight.class,
            matter: weight.matter,
            only_narrows: weight.only_narrows,
            procedure: procedure(weight, old_data),
        }
    }

    /// Whether data of a category is used by this register for anything.
    fn keeps(&self, category: &Category) -> bool {
        self.processings()
            .iter()
            .any(|processing| processing.categories.contains(category))
    }

    /// The processing and the category of a cell.
    fn processing_at(&self, rule: &str) -> Option<(&Processing, &Category)> {
        self.processings().iter().find_map(|processing| {
            let mut categories = processing.categories.iter();
            categories
                .find(|category| cell(processing, category) == rule)
                .map(|category| (processing, category))
        })
    }

    fn lacks(&self, next: &Self, changes: &[RuleChange], published: Date) -> Vec<Lack> {
        let mut lacks = Vec::new();
        if !changes.is_empty() && self.head.declared_version == next.head.declared_version {
            lacks.push(Lack::SameVersion);
        }
        let announced = changes.iter().map(|change| change.procedure.announced_days);
        let days = i64::from(announced.max().unwrap_or(0));
        let published = next.head.published.unwrap_or(published);
        if let (Ok(not_before), Some(effective)) =
            (published.checked_add(days.days()), next.head.effective)
            && effective < not_before
            && days > 0
        {
            lacks.push(Lack::TooEarly { not_before });
        }
        let closed = changes
            .iter()
            .filter(|change| change.procedure.old_data == OldData::Closed);
        lacks.extend(closed.map(|change| Lack::NoNote {
            rule: change.rule.clone(),
        }));
        lacks
    }
}

/// The id of one cell of the matrix.
pub(super) fn cell(processing: &Processing, category: &Category) -> String {
    format!(
        "processing:{}/{}/{category}",
        processing.service, processing.purpose
    )
}

/// What data that is there already may be used for, in a cell that is new for it.
fn old_data_under(processing: &Processing) -> OldData {
    match processing.basis {
        Basis::LegalDuty => OldData::LegalDuty,
        Basis::Consent => OldData::RenewedConsent,
        _ if processing.compatibility.is_some() => OldData::Compatible,
        _ => OldData::Closed,
    }
}

fn procedure(weight: Weight, old_data: OldData) -> Procedure {
    match weight.class {
        Class::Editorial => AT_ONCE,
        Class::Material if weight.only_narrows => AT_ONCE,
        Class::Material => Procedure {
            announced_days: ANNOUNCED_DAYS,
            tells_people: true,
            old_data,
            second_approver: false,
        },
        Class::NewPurpose => Procedure {
            announced_days: ANNOUNCED_DAYS,
            tells_people: true,
            old_data,
            second_approver: true,
        },
    }
}
