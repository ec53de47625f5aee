//! What a register changes in the matrix of screening, held against that matrix.

use super::Checking;
use crate::policy::{Cell, Change, DataClass, Policy, Setting, may_be_milder};
use crate::register::{Destination, Place, PolicyProfile, SpecialCategories};

impl Checking<'_, '_> {
    pub(super) fn policy(&mut self) {
        let parts = self.parts;
        let profile = parts.profile.unwrap_or(PolicyProfile::Strict);
        let Ok(matrix) = Policy::shipped(profile.as_str()) else {
            return;
        };
        if matrix.seeks_formats_only() {
            self.formats_only();
        }
        self.tools();
        for (index, (change, place)) in parts.policy_changes.iter().enumerate() {
            let before = parts.policy_changes.iter().take(index);
            if before
                .map(|(before, _)| before)
                .any(|before| before.rule == change.rule)
            {
                let message = format!("[policy] changes {} twice", cell_name(change));
                self.faults
                    .error(*place, "duplicate", message, "remove one of the two");
            } else if matrix.only_observes() {
                let message = format!(
                    "the profile observe changes nothing, and so not {}",
                    cell_name(change)
                );
                let mend = "choose strict or pseudonymise, or remove the change";
                self.faults
                    .warning(*place, "policy-without-effect", message, mend);
            } else {
                self.policy_change(&matrix, change, *place);
            }
        }
    }

    /// What is said of tools: each name once, a `*` at its end alone, and what is gravest for a tool that is named.
    pub(super) fn tools(&mut self) {
        let rows = &self.parts.policy_tools;
        for (index, (row, place)) in rows.iter().enumerate() {
            let name = &row.name;
            let mut before = rows.iter().take(index);
            let inside = name.trim_end_matches('*').len() + 1 < name.len();
            if before.any(|(before, _)| before.name == *name) {
                let message = format!("[policy] says twice what the tool {name} gets");
                self.faults
                    .error(*place, "duplicate", message, "remove one of the two");
            } else if inside || name.trim_end_matches('*').contains('*') {
                let message = format!("no tool is called {name}: a * stands at the end alone");
                let mend = "write how the names begin and one * behind it";
                self.faults
                    .error(*place, "policy-without-effect", message, mend);
            } else if let Some(subject) = row
                .gets
                .iter()
                .find(|subject| subject.class() == DataClass::BulkList)
            {
                let message = format!("{} is no kind of value that a tool can get", subject.name());
                let mend = "list kinds and classes of values";
                self.faults
                    .error(*place, "policy-without-effect", message, mend);
            } else if row.is_for_many()
                && let Some(subject) = row.too_much_for_many()
            {
                let message = format!(
                    "every tool whose name begins with {} would get {}",
                    name.trim_end_matches('*'),
                    subject.name()
                );
                let mend = "name the tool that needs it in a row of its own";
                self.faults.error(*place, "policy-too-mild", message, mend);
            }
        }
    }

    /// Who has special categories must find them; who seeks formats only finds none.
    fn formats_only(&mut self) {
        let services = self.parts.services.iter();
        let special: Vec<(String, Place)> = services
            .filter(|(_, service)| service.special_categories == SpecialCategories::Conditions)
            .map(|(name, service)| (name.to_string(), service.place))
            .collect();
        for (name, place) in &special {
            let message = format!(
                "service {name} may have special categories, and the profile formats does not seek them"
            );
            let mend = "choose strict or pseudonymise, or write special_categories = \"forbidden\" if it has none";
            self.faults.error(*place, "formats-special", message, mend);
        }
        if special.is_empty() {
            let place = self.parts.policy_place;
            let message = "the profile formats seeks numbers, addresses of mail and network, and keys; names, addresses and what people say of their health go along as they are".to_owned();
            let mend = "choose strict or pseudonymise, unless people write nothing there";
            self.faults.warning(place, "formats-only", message, mend);
        }
    }

    fn policy_change(&mut self, matrix: &Policy, change: &Change, place: Place) {
        let class = change.subject.class();
        let own = matrix.cell(class, change.destination);
        if class == DataClass::NotPersonal {
            let message = format!(
                "detection does not report {}, so nothing would hold here",
                change.subject.name()
            );
            let mend = "remove the change; what is confidential without being personal must be held elsewhere";
            self.faults
                .error(place, "policy-without-effect", message, mend);
        } else if own == change.cell && change.group.is_none() {
            let message = format!(
                "the profile says {} for {} already",
                own.name(),
                cell_name(change)
            );
            self.faults
                .warning(place, "policy-without-effect", message, "remove the change");
        } else if class != DataClass::SpecialCategory && depends_on_identifiers(change.cell) {
            let message = format!(
                "{} would depend on whether identifiers go along, and it is one itself",
                cell_name(change)
            );
            let mend = "write what holds whatever else the message says: allow, warn, generalise, pseudonymise, redact, route or block";
            self.faults.error(place, "policy-too-mild", message, mend);
        } else if change.cell == Cell::Route && change.destination == Destination::Own {
            let message = format!(
                "{} would go on to a model of one's own, and it is there already",
                cell_name(change)
            );
            let mend = "write block, or allow what the own model may have";
            self.faults
                .error(place, "policy-without-effect", message, mend);
        } else if !may_be_milder(class, change.destination) && is_milder(change, own) {
            let message = format!(
                "{} would be {}, and the profile {} says {}: that may not become milder",
                cell_name(change),
                change.cell.name(),
                matrix.name(),
                own.name()
            );
            let mend = "remove the change, send it to another place, or write something stricter";
            self.faults.error(place, "policy-too-mild", message, mend);
        }
    }
}

/// Whether a cell is milder than another in any setting.
fn is_milder(change: &Change, other: Cell) -> bool {
    [(false, false), (true, false), (false, true), (true, true)]
        .into_iter()
        .map(|(has_ground, without_identifiers)| Setting {
            destination: change.destination,
            has_ground,
            without_identifiers,
        })
        .any(|setting| (change.cell.verdict(setting)).is_milder_than(other.verdict(setting)))
}

/// Whether what a cell says depends on whether identifiers go along.
fn depends_on_identifiers(cell: Cell) -> bool {
    [false, true].into_iter().any(|has_ground| {
        let with = |without_identifiers| Setting {
            destination: Destination::Own,
            has_ground,
            without_identifiers,
        };
        cell.verdict(with(false)) != cell.verdict(with(true))
    })
}

fn cell_name(change: &Change) -> String {
    let of = match &change.group {
        Some(group) => format!(" of group {group}"),
        None => String::new(),
    };
    format!(
        "{}{of} on its way to {}",
        change.subject.name(),
        change.destination
    )
}
