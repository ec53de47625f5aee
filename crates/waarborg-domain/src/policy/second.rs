//! Where a policy waits for a second person.

use std::sync::Arc;

use waarborg_detect::{About, AgeGroup, Kind, Whose};

use super::{Change, DataClass, Decision, Found, Policy, Setting, Verdict};
use crate::register::Destination;

/// What waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// The row of the matrix.
    pub class: DataClass,
    /// The change of the register that says so; `None` where the profile itself does.
    pub changed_by: Option<Arc<Change>>,
}

impl Policy {
    /// What waits for a second person on its way to a destination, the first row in the order of the matrix.
    ///
    /// Every decision is asked that could fall there, as a cell alone does not show what a condition or a stricter row does.
    #[must_use]
    pub fn waits_for_second_person(&self, destination: Destination) -> Option<Waits> {
        let waits = |class, decision: Decision| {
            (decision.verdict == Verdict::SecondPerson).then_some(Waits {
                class,
                changed_by: decision.changed_by,
            })
        };
        let of_class = |class| {
            settings(destination).find_map(|setting| {
                if class == DataClass::BulkList {
                    return waits(class, self.decide_on_list(setting));
                }
                let mut decisions = self.decisions(class, setting);
                decisions.find_map(|decision| waits(class, decision))
            })
        };
        DataClass::ALL.into_iter().find_map(of_class)
    }

    /// What is decided about every finding that can be of a class.
    fn decisions(&self, class: DataClass, setting: Setting) -> impl Iterator<Item = Decision> {
        let scores = [0.0, 1.0];
        let kinds = Kind::ALL
            .iter()
            .flat_map(move |&kind| scores.map(|score| (kind, score)))
            .filter(move |&(kind, score)| self.class(kind, score) == class);
        kinds.flat_map(move |(kind, score)| {
            abouts().map(move |about| {
                let found = Found {
                    kind,
                    class,
                    score,
                    about: &about,
                };
                self.decide(found, setting)
            })
        })
    }
}

fn settings(destination: Destination) -> impl Iterator<Item = Setting> {
    let conditions = [(false, false), (true, false), (false, true), (true, true)];
    let setting = move |(has_ground, without_identifiers)| Setting {
        destination,
        has_ground,
        without_identifiers,
    };
    conditions.into_iter().map(setting)
}

fn abouts() -> impl Iterator<Item = About> {
    let about = |&whose| {
        [None, Some(AgeGroup::Child), Some(AgeGroup::Adult)].map(|age| About {
            whose,
            age,
            ..About::default()
        })
    };
    Whose::ALL.iter().flat_map(about)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::policy::{Cell, Subject};
    use crate::register::Label;

    fn waits(policy: &Policy, destination: Destination) -> Option<(DataClass, Option<String>)> {
        let waits = policy.waits_for_second_person(destination)?;
        let rule = waits.changed_by.map(|change| change.rule.clone());
        Some((waits.class, rule))
    }

    fn changed(profile: &str, subject: Subject, cell: Cell) -> Policy {
        Policy::shipped(profile).unwrap().changed_by([Change {
            rule: "policy:test".to_owned(),
            group: None,
            subject,
            destination: Destination::Own,
            cell,
            why: Label(BTreeMap::new()),
        }])
    }

    #[test]
    fn of_the_shipped_policies_only_strict_waits_and_only_with_a_list_to_an_own_model() {
        use Destination::{Eu, OutsideEu, Own, Public};
        for profile in ["strict", "pseudonymise", "formats", "observe"] {
            let policy = Policy::shipped(profile).unwrap();
            for destination in [Own, Eu, OutsideEu, Public] {
                let expected = (profile == "strict" && destination == Own)
                    .then_some((DataClass::BulkList, None));
                assert_eq!(
                    waits(&policy, destination),
                    expected,
                    "{profile} {destination:?}"
                );
            }
        }
    }

    #[test]
    fn a_change_that_waits_is_named_and_one_that_blocks_the_list_ends_the_waiting() {
        let one = Subject::Kind(Kind::Email);
        let policy = changed("pseudonymise", one, Cell::SecondPerson);
        let rule = Some("policy:test".to_owned());
        assert_eq!(
            waits(&policy, Destination::Own),
            Some((DataClass::DirectIdentifier, rule))
        );
        assert_eq!(waits(&policy, Destination::Eu), None);

        let list = Subject::Class(DataClass::BulkList);
        let policy = changed("strict", list, Cell::Block);
        assert_eq!(waits(&policy, Destination::Own), None);
    }
}
