//! Checks on retention: every claim belongs to a cell, and no promise is broken by a copy.

use std::collections::{BTreeMap, BTreeSet};

use super::Checking;
use crate::claim::ClaimKind;
use crate::personal::{Category, Purpose, ServiceName};
use crate::register::{Parts, Retention};

/// The places where copies can live.
const COPIES: &[&str] = &["index", "backup", "provider", "export", "log", "mail"];

impl Checking<'_, '_> {
    /// Every claim on retention.
    pub(super) fn retentions(&mut self) {
        let cells = declared_cells(self.parts);
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();

        for retention in &self.parts.retentions {
            let place = retention.place;
            let named = format!(
                "{}/{}/{}",
                retention.service, retention.purpose, retention.category
            );
            if let Some(line) = seen.insert(&retention.rule, place.line) {
                let message =
                    format!("the claim on {named} is declared twice, first on line {line}");
                self.faults
                    .error(place, "duplicate", message, "keep one of the two");
            }
            let cell = (&retention.service, &retention.purpose, &retention.category);
            if !cells.contains(&cell) && !self.may_be_misspelt(retention) {
                let message = format!("the claim on {named} belongs to no processing");
                let mend = "add the category to that [[processing]], or remove the claim";
                self.faults
                    .error(place, "claim-without-cell", message, mend);
            }
            self.circumstance(retention, &named);
            self.reason(retention, &named);
            self.copies(retention, &named);
            self.tail(retention, &named);
        }
    }

    /// Whether the cell of a claim is missing only because a name in it, or in a processing, is not known.
    fn may_be_misspelt(&self, retention: &Retention) -> bool {
        let parts = self.parts;
        let service = |name: &ServiceName| parts.services.contains_key(name);
        let purpose = |name: &Purpose| parts.purposes.contains_key(name);
        let category = |name: &Category| parts.categories.contains_key(name);
        if !service(&retention.service)
            || !purpose(&retention.purpose)
            || !category(&retention.category)
        {
            return true;
        }

        parts.processings.iter().any(|processing| {
            let mut categories = processing.categories.iter();
            (processing.service == retention.service || !service(&processing.service))
                && (processing.purpose == retention.purpose || !purpose(&processing.purpose))
                && categories.any(|name| *name == retention.category || !category(name))
        })
    }

    fn circumstance(&mut self, retention: &Retention, named: &str) {
        let Some((name, value)) = &retention.when else {
            return;
        };
        let service = self.parts.services.get(&retention.service);
        if !service.is_some_and(|service| service.histories().contains(&value.as_str())) {
            let message = format!(
                "the claim on {named} waits for {name}={value}, which its service does not have"
            );
            let mend = "set history of the service, or remove when";
            self.faults
                .error(retention.place, "unknown-condition", message, mend);
        }
    }

    /// A period that is filled in says why it is as long as it is (article 5(1)(e)).
    fn reason(&mut self, retention: &Retention, named: &str) {
        if retention.open || retention.period.is_none() || !retention.why.0.is_empty() {
            return;
        }
        let message = format!(
            "nothing says why {named} is kept for {} and no shorter",
            retention.period
        );
        let mend = "write why = { nl = \"…\", en = \"…\" }: what it is needed for, how much and how sensitive it is, what \
             could happen with it, or which law asks it";
        self.faults
            .error(retention.place, "period-unexplained", message, mend);
    }

    fn copies(&mut self, retention: &Retention, named: &str) {
        for copy in &retention.copies {
            if !COPIES.contains(&copy.as_str()) {
                let message =
                    format!("the claim on {named} names copies in an unknown place {copy}");
                let mend = format!("known: {}", COPIES.join(", "));
                self.faults
                    .error(retention.place, "unknown-copy", message, mend);
            }
        }
    }

    /// A promise "at most" binds the copies at recipients too.
    fn tail(&mut self, retention: &Retention, named: &str) {
        if retention.kind != ClaimKind::AtMost || retention.open || retention.period.is_none() {
            return;
        }
        if !self
            .parts
            .recipients
            .values()
            .any(|recipient| recipient.stores_input)
        {
            return;
        }
        let processings = self.parts.processings.iter().filter(|processing| {
            processing.service == retention.service
                && processing.purpose == retention.purpose
                && processing.categories.contains(&retention.category)
        });
        for name in processings.flat_map(|processing| &processing.recipients) {
            let recipient = self
                .parts
                .recipients
                .get(name)
                .filter(|recipient| recipient.stores_input);
            let tail = recipient.and_then(|recipient| recipient.residual);
            if tail.is_some_and(|tail| tail.at_most_days() > retention.period.at_most_days()) {
                let message = format!(
                    "{named} is promised for at most {}, but recipient {name} keeps it longer",
                    retention.period
                );
                let mend = "let the recipient keep it shorter, or lengthen the period";
                self.faults
                    .error(retention.place, "tail-breaks-period", message, mend);
            }
        }
    }
}

fn declared_cells(parts: &Parts) -> BTreeSet<(&ServiceName, &Purpose, &Category)> {
    let processings = parts.processings.iter();
    processings
        .flat_map(|processing| {
            processing
                .categories
                .iter()
                .map(|category| (&processing.service, &processing.purpose, category))
        })
        .collect()
}
