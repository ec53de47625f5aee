//! The questions a register must answer before anything may run on it.

use jiff::civil::Date;
use waarborg_detect::Kind;

use super::read::{Mention, MentionKind};
use super::{Faults, Head, Parts, nearest};
use crate::law::Law;
use crate::policy::{DataClass, Subject};

mod cells;
mod claims;
mod governance;
mod needed;
mod parties;
mod policy;
mod texts;

pub(crate) use texts::SECTIONS;

/// What a policy can speak of: the labels of the kinds of finding, and the classes of data.
fn finding_kinds() -> Vec<&'static str> {
    let classes = DataClass::ALL.iter().map(|class| class.name());
    Kind::ALL
        .iter()
        .map(|kind| kind.label())
        .chain(classes)
        .collect()
}

struct Checking<'c, 's> {
    head: &'c Head,
    parts: &'c Parts,
    law: &'c Law,
    today: Date,
    faults: &'c mut Faults<'s>,
}

pub(super) fn check(
    head: &Head,
    parts: &Parts,
    mentions: &[Mention],
    law: &Law,
    today: Date,
    faults: &mut Faults<'_>,
) {
    let mut checking = Checking {
        head,
        parts,
        law,
        today,
        faults,
    };
    for mention in mentions {
        checking.mention(mention);
    }
    checking.dates();
    checking.controllers();
    checking.cells();
    checking.special();
    checking.retentions();
    checking.recipients();
    checking.running();
    checking.texts();
    checking.governance();
    checking.coverage();
    checking.unused_fields();
    checking.regions();
    checking.policy();
}

impl Checking<'_, '_> {
    fn knows(&self, mention: &Mention) -> bool {
        let parts = self.parts;
        let name = mention.name.as_str();
        match mention.kind {
            MentionKind::Service => parts.services.contains_key(name),
            MentionKind::Category => parts.categories.contains_key(name),
            MentionKind::Purpose => parts.purposes.contains_key(name),
            MentionKind::Recipient => parts.recipients.contains_key(name),
            MentionKind::Evidence | MentionKind::Contract => parts.evidence.contains_key(name),
            MentionKind::Role => parts.roles.contains_key(name),
            MentionKind::Group => parts.groups.contains_key(name),
            MentionKind::Notice => parts.notices.contains_key(name),
            MentionKind::Authority => self.law.authority(name).is_some(),
            MentionKind::Country => self.law.country(name).is_some(),
            MentionKind::Residence => matches!(name, "*" | "EEA") || self.law.is_residence(name),
            MentionKind::FindingKind => Subject::parse(name).is_some(),
        }
    }

    /// A thing that is mentioned must be declared, here or in the law tables.
    fn mention(&mut self, mention: &Mention) {
        if self.knows(mention) {
            return;
        }

        let parts = self.parts;
        let name = mention.name.as_str();
        let (what, code, known): (&str, &'static str, Vec<&str>) = match mention.kind {
            MentionKind::Service => ("service", "unknown-service", keys(parts.services.keys())),
            MentionKind::Category => (
                "category",
                "unknown-category",
                keys(parts.categories.keys()),
            ),
            MentionKind::Purpose => ("purpose", "unknown-purpose", keys(parts.purposes.keys())),
            MentionKind::Recipient => (
                "recipient",
                "unknown-recipient",
                keys(parts.recipients.keys()),
            ),
            MentionKind::Evidence | MentionKind::Contract => {
                ("evidence", "unknown-evidence", keys(parts.evidence.keys()))
            }
            MentionKind::Group => ("group", "unknown-group", keys(parts.groups.keys())),
            MentionKind::Role => ("role", "unknown-role", keys(parts.roles.keys())),
            MentionKind::Notice => ("notice", "unknown-notice", keys(parts.notices.keys())),
            MentionKind::Authority => {
                let ids = self.law.authorities().iter().map(|known| known.id.as_str());
                ("authority", "unknown-authority", ids.collect())
            }
            MentionKind::Country => (
                "country",
                "unknown-country",
                self.law.country_codes().collect(),
            ),
            MentionKind::Residence => (
                "residence",
                "unknown-country",
                self.law.country_codes().collect(),
            ),
            MentionKind::FindingKind => ("kind of finding", "unknown-kind", finding_kinds()),
        };
        let mend = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None if known.len() > 12 || known.is_empty() => {
                format!("declare the {what}, or use one that is known")
            }
            None => format!("declare it, or use one of: {}", known.join(", ")),
        };
        let message = format!("{what} {name} is not known");
        // To who is not declared nothing goes; that must not wait until the rest of the file is right.
        if matches!(mention.kind, MentionKind::Recipient | MentionKind::Contract) {
            self.faults.closing(mention.place, code, message, mend);
        } else {
            self.faults.error(mention.place, code, message, mend);
        }
    }
}

fn keys<'k, K: AsRef<str> + 'k>(names: impl Iterator<Item = &'k K>) -> Vec<&'k str> {
    names.map(AsRef::as_ref).collect()
}
