//! What a register changes in the matrix of its profile, and how far that may go.

use std::sync::Arc;

use waarborg_detect::surrogate::Tools;
use waarborg_detect::{About, AgeGroup, Kind};

use super::{Cell, DataClass, Policy, Setting, Verdict};
use crate::register::{Destination, Label};

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// One kind of finding.
    Kind(Kind),
    /// Every kind of a class.
    Class(DataClass),
}

impl Subject {
    /// What goes by this name: the label of a kind, or the name of a class.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Kind::parse(name)
            .map(Self::Kind)
            .or_else(|| DataClass::parse(name).map(Self::Class))
    }

    /// Its name in the register.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.label(),
            Self::Class(class) => class.name(),
        }
    }

    /// The row of the matrix that it changes.
    #[must_use]
    pub fn class(self) -> DataClass {
        match self {
            Self::Kind(kind) => DataClass::of(kind),
            Self::Class(class) => class,
        }
    }
}

/// A cell that the register changes, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The id of the rule.
    pub rule: String,
    /// Whose prompts it is for: a group of the register; everybody's without one.
    pub group: Option<String>,
    /// What it is about.
    pub subject: Subject,
    /// On its way to where.
    pub destination: Destination,
    /// What the cell says instead.
    pub cell: Cell,
    /// Why.
    pub why: Label,
}

/// A finding, as far as a policy looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Found<'f> {
    /// What it is.
    pub kind: Kind,
    /// Its row of the matrix.
    pub class: DataClass,
    /// How sure detection is, from 0 to 1.
    pub score: f32,
    /// What more is known of it.
    pub about: &'f About,
}

/// What is decided, and by which change of the register, if one decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// The change that decided it.
    pub changed_by: Option<Arc<Change>>,
}

impl Policy {
    /// This policy with what a register changes in it. A policy that only measures stays as it is.
    #[must_use]
    pub fn changed_by(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        if !self.only_observes() {
            self.changes.extend(changes.into_iter().map(Arc::new));
        }
        self
    }

    /// This policy as it is for a group of the register.
    #[must_use]
    pub fn of_group(mut self, group: &str) -> Self {
        self.group = Some(group.to_owned());
        self.at_least = std::mem::take(&mut self.at_least)
            .into_iter()
            .map(|other| other.of_group(group))
            .collect();
        self
    }

    /// This policy, nowhere milder than `other`.
    #[must_use]
    pub fn at_least(mut self, other: Self) -> Self {
        if self != other && !self.at_least.contains(&other) {
            self.tools = Arc::new(Tools::clone(&self.tools).at_least(&other.tools));
            self.at_least.push(other);
        }
        self
    }

    /// What is decided about a finding.
    ///
    /// A change of the register counts before the matrix. It is never milder than the matrix for national numbers,
    /// secrets, special categories and lists, for a child's data, for what detection is not sure of, and on the way to
    /// a place without a contract.
    #[must_use]
    pub fn decide(&self, found: Found<'_>, setting: Setting) -> Decision {
        let is_firm = found.about.age != Some(AgeGroup::Child) && found.score >= self.unclear_below;
        let decision = with_change(
            self.change(Some(found.kind), found.class, setting.destination),
            self.verdict_for(found.class, found.about, setting),
            is_firm && may_be_milder(found.class, setting.destination),
            setting,
        );
        let others = self.at_least.iter();
        strictest(decision, others.map(|other| other.decide(found, setting)))
    }

    /// What is decided about a list of many persons.
    #[must_use]
    pub fn decide_on_list(&self, setting: Setting) -> Decision {
        let class = DataClass::BulkList;
        let decision = with_change(
            self.change(None, class, setting.destination),
            self.verdict(class, setting),
            false,
            setting,
        );
        let others = self.at_least.iter();
        strictest(decision, others.map(|other| other.decide_on_list(setting)))
    }

    /// What the register changes, in the order of the file.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().map(AsRef::as_ref)
    }

    /// The change for the group of the policy, else the one for everybody; of each the one for a kind, else the one for its class.
    fn change(
        &self,
        kind: Option<Kind>,
        class: DataClass,
        destination: Destination,
    ) -> Option<&Arc<Change>> {
        let named = |group: Option<&str>, subject: Subject| {
            self.changes.iter().find(|change| {
                change.destination == destination
                    && change.subject == subject
                    && change.group.as_deref() == group
            })
        };
        let of = |group: Option<&str>| {
            kind.and_then(|kind| named(group, Subject::Kind(kind)))
                .or_else(|| named(group, Subject::Class(class)))
        };
        let own = self.group.as_deref().and_then(|group| of(Some(group)));
        own.or_else(|| of(None))
    }
}

/// What the matrix says, or a change of it, which is only milder where it may be.
fn with_change(
    change: Option<&Arc<Change>>,
    matrix: Verdict,
    may_be_milder: bool,
    setting: Setting,
) -> Decision {
    let unchanged = Decision {
        verdict: matrix,
        changed_by: None,
    };
    let Some(change) = change else {
        return unchanged;
    };
    let verdict = change.cell.verdict(setting);
    if verdict.is_milder_than(matrix) && !may_be_milder {
        return unchanged;
    }
    Decision {
        verdict,
        changed_by: Some(Arc::clone(change)),
    }
}

/// Whether a register may open what the matrix closes for a class of data.
pub(crate) fn may_be_milder(class: DataClass, destination: Destination) -> bool {
    !class.is_grave() && destination != Destination::Public
}

/// The strictest decision; the first of equals.
fn strictest(first: Decision, others: impl Iterator<Item = Decision>) -> Decision {
    others.fold(first, |strictest, other| {
        if other.verdict > strictest.verdict {
            other
        } else {
            strictest
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    const DESTINATIONS: [Destination; 4] = [
        Destination::Own,
        Destination::Eu,
        Destination::OutsideEu,
        Destination::Public,
    ];

    fn change(subject: Subject, destination: Destination, cell: Cell) -> Change {
        Change {
            rule: format!("policy:{}/{destination}", subject.name()),
            group: None,
            subject,
            destination,
            cell,
            why: Label(BTreeMap::from([("en".to_owned(), "agreed".to_owned())])),
        }
    }

    fn to(destination: Destination) -> Setting {
        Setting {
            destination,
            has_ground: false,
            without_identifiers: false,
        }
    }

    fn decided(policy: &Policy, kind: Kind, score: f32, destination: Destination) -> Verdict {
        let found = Found {
            kind,
            class: policy.class(kind, score),
            score,
            about: &About::default(),
        };
        policy.decide(found, to(destination)).verdict
    }

    fn strict() -> Policy {
        Policy::shipped("strict").unwrap()
    }

    #[test]
    fn a_change_counts_before_the_matrix_and_a_kind_before_its_class() {
        let policy = strict().changed_by([
            change(
                Subject::Class(DataClass::DirectIdentifier),
                Destination::Eu,
                Cell::Redact,
            ),
            change(
                Subject::Kind(Kind::LicencePlate),
                Destination::Eu,
                Cell::Allow,
            ),
        ]);
        let verdict = |kind, score, destination| decided(&policy, kind, score, destination);

        assert_eq!(
            verdict(Kind::LicencePlate, 0.9, Destination::Eu),
            Verdict::Allow
        );
        assert_eq!(verdict(Kind::Person, 0.9, Destination::Eu), Verdict::Redact);
        assert_eq!(
            verdict(Kind::Person, 0.9, Destination::OutsideEu),
            Verdict::Pseudonymise
        );
        assert_eq!(
            verdict(Kind::LicencePlate, 0.3, Destination::Eu),
            Verdict::Pseudonymise,
            "what is unclear is not opened"
        );
    }

    #[test]
    fn a_change_for_a_group_is_for_that_group_alone_and_before_the_one_for_everybody() {
        let of = |group: Option<&str>, kind, cell| Change {
            group: group.map(str::to_owned),
            ..change(Subject::Kind(kind), Destination::Eu, cell)
        };
        let policy = strict().changed_by([
            of(None, Kind::LicencePlate, Cell::Redact),
            of(Some("fleet"), Kind::LicencePlate, Cell::Allow),
            Change {
                group: Some("trainees".to_owned()),
                ..change(
                    Subject::Class(DataClass::DirectIdentifier),
                    Destination::Eu,
                    Cell::Block,
                )
            },
            of(Some("fleet"), Kind::Bsn, Cell::Allow),
        ]);
        let verdict = |group: Option<&str>, kind| {
            let policy = policy.clone();
            let policy = match group {
                Some(group) => policy.of_group(group),
                None => policy,
            };
            decided(&policy, kind, 0.9, Destination::Eu)
        };
        assert_eq!(verdict(None, Kind::LicencePlate), Verdict::Redact);
        assert_eq!(verdict(Some("fleet"), Kind::LicencePlate), Verdict::Allow);
        assert_eq!(verdict(Some("care"), Kind::LicencePlate), Verdict::Redact);
        assert_eq!(verdict(Some("trainees"), Kind::Person), Verdict::Block);
        assert_eq!(
            verdict(Some("trainees"), Kind::LicencePlate),
            Verdict::Block,
            "what is said of a class for a group goes before what is said of a kind for everybody"
        );
        assert_eq!(verdict(None, Kind::Person), Verdict::Pseudonymise);
        assert_eq!(
            verdict(Some("fleet"), Kind::Bsn),
            Verdict::Block,
            "no group opens what is grave"
        );
    }

    #[test]
    fn a_policy_that_only_measures_is_not_changed() {
        let policy = Policy::shipped("observe").unwrap().changed_by([change(
            Subject::Kind(Kind::Bsn),
            Destination::Own,
            Cell::Block,
        )]);

        assert_eq!(
            decided(&policy, Kind::Bsn, 1.0, Destination::Own),
            Verdict::Allow
        );
    }

    proptest! {
        #[test]
        fn no_change_opens_grave_data_a_childs_or_the_way_to_a_place_without_a_contract(
            name in prop::sample::select(&["strict", "pseudonymise"][..]),
            kind in prop::sample::select(Kind::ALL),
            cell in prop::sample::select(Cell::WORDS),
            destination in prop::sample::select(&DESTINATIONS[..]),
            score in 0.0_f32..=1.0,
            is_child: bool,
            has_ground: bool,
            without_identifiers: bool,
            for_class: bool,
        ) {
            let plain = Policy::shipped(name).unwrap();
            let class = plain.class(kind, score);
            let subject = if for_class { Subject::Class(class) } else { Subject::Kind(kind) };
            let policy = plain.clone().changed_by([change(subject, destination, Cell::parse(cell).unwrap())]);
            let about = About { age: is_child.then_some(AgeGroup::Child), ..About::default() };
            let setting = Setting { destination, has_ground, without_identifiers };
            let found = Found { kind, class, score, about: &about };

            let (before, after) = (plain.decide(found, setting).verdict, policy.decide(found, setting).verdict);
            if class.is_grave() || is_child || destination == Destination::Public || score < 0.5 {
                prop_assert!(!after.is_milder_than(before), "{before:?} {after:?}");
            }
            let (list, plain_list) = (policy.decide_on_list(setting), plain.decide_on_list(setting));
            prop_assert!(!list.verdict.is_milder_than(plain_list.verdict));
            let tightened = policy.clone().at_least(plain.clone());
            prop_assert_eq!(tightened.decide(found, setting).verdict, before.max(after));
        }
    }
}
