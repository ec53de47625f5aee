//! Checks on the matrix: every cell has one basis, what it rests on, and a claim.

use std::collections::{BTreeMap, BTreeSet};

use super::Checking;
use crate::personal::{Category, Purpose, ServiceName};
use crate::register::{
    Article9, Basis, ControllerKind, Evidence, Parts, Processing, Role, SpecialCategories, nearest,
};

/// Service, purpose, category and the value of `history`, or an empty text where it does not matter.
type Claimed<'p> = BTreeSet<(&'p str, &'p str, &'p str, &'p str)>;

impl Checking<'_, '_> {
    /// Every cell of the matrix.
    pub(super) fn cells(&mut self) {
        let claimed = claimed(self.parts);
        let mut seen: BTreeMap<(&ServiceName, &Purpose, &Category), usize> = BTreeMap::new();

        for processing in &self.parts.processings {
            self.basis(processing);
            self.compatibility(processing);
            for category in &processing.categories {
                let cell = (&processing.service, &processing.purpose, category);
                if let Some(line) = seen.insert(cell, processing.place.line) {
                    let message = format!(
                        "{}/{category} is declared twice, first on line {line}",
                        named(processing)
                    );
                    self.faults.error(
                        processing.place,
                        "duplicate-cell",
                        message,
                        "keep one basis for it",
                    );
                }
                self.claim_of(processing, category, &claimed);
            }
        }
        self.unused();
    }

    fn claim_of(&mut self, processing: &Processing, category: &Category, claimed: &Claimed<'_>) {
        let (service, purpose) = (processing.service.as_str(), processing.purpose.as_str());
        let has = |when| claimed.contains(&(service, purpose, category.as_str(), when));
        // A name that is not known is a fault of its own; what follows from it would only hide that.
        if has("") || !self.has_all(processing, category) {
            return;
        }
        let histories = self
            .parts
            .services
            .get(service)
            .map_or(&[][..], |service| service.histories());
        let missing = histories.iter().find(|history| !has(history));
        if missing.is_none() && !histories.is_empty() {
            return;
        }

        let when = missing.map_or(String::new(), |history| format!(" when history={history}"));
        self.faults.error(
            processing.place,
            "cell-without-claim",
            format!("nothing says how long {}/{category} is kept{when}", named(processing)),
            format!(
                "add [[retention]] with service = \"{service}\", category = \"{category}\", purpose = \"{purpose}\", a claim and why"
            ),
        );
    }

    /// Why a purpose that came later goes together with the earlier ones, is a note of its own.
    fn compatibility(&mut self, processing: &Processing) {
        let Some(name) = &processing.compatibility else {
            return;
        };
        let is_note = |evidence: &Evidence| evidence.kind == "compatibility";
        if self
            .parts
            .evidence
            .get(name)
            .is_some_and(|evidence| !is_note(evidence))
        {
            let message = format!(
                "{} names {name}, which is no compatibility note",
                named(processing)
            );
            let mend = "name evidence of the kind compatibility: link, context, nature, consequences, safeguards (article 6(4))";
            self.faults
                .error(processing.place, "compatibility-unproven", message, mend);
        }
    }

    fn has_all(&self, processing: &Processing, category: &Category) -> bool {
        self.parts.services.contains_key(&processing.service)
            && self.parts.purposes.contains_key(&processing.purpose)
            && self.parts.categories.contains_key(category)
    }

    fn basis(&mut self, processing: &Processing) {
        let place = processing.place;
        let named = named(processing);
        let consent = processing.basis == Basis::Consent;
        if consent && processing.consent.is_none() {
            let message = format!("{named} rests on consent but names no text and version");
            let mend = "write consent = \"id@version\": people consent to a text";
            self.faults
                .error(place, "consent-without-version", message, mend);
        }
        self.consent_text(processing, &named);
        if !consent && processing.consent.is_some() {
            let message = format!(
                "{named} names a consent text but rests on {}",
                processing.basis
            );
            self.faults.error(
                place,
                "consent-without-basis",
                message,
                "set basis = \"consent\", or remove consent",
            );
        }
        if !consent && processing.evidence.is_none() {
            let message = format!(
                "{named} does not say what its basis {} rests on",
                processing.basis
            );
            let mend = "write evidence = \"…\" and declare it as [evidence.<id>]";
            self.faults
                .error(place, "basis-without-evidence", message, mend);
        }
        if processing.basis == Basis::Legit {
            self.legitimate(processing, &named);
        }
    }

    /// The text that a consent names is declared, in the version that it names.
    fn consent_text(&mut self, processing: &Processing, named: &str) {
        let Some(text) = &processing.consent else {
            return;
        };
        match self.parts.consents.get(&text.id) {
            None => {
                let message = format!(
                    "{named} names consent text {}, which is not declared",
                    text.id
                );
                let mend = format!("add [consent.{}] with version and text", text.id);
                self.faults
                    .error(processing.place, "unknown-consent-text", message, mend);
            }
            Some(rule) if rule.version != text.version => {
                let message = format!(
                    "{named} asks consent to version {} of text {}, which stands at {}",
                    text.version, text.id, rule.version
                );
                let mend = "name the same version on both sides; other words need a new consent";
                self.faults
                    .error(processing.place, "consent-version-differs", message, mend);
            }
            Some(_) => {}
        }
    }

    fn legitimate(&mut self, processing: &Processing, named: &str) {
        let place = processing.place;
        if processing
            .interest
            .as_ref()
            .is_none_or(|interest| interest.0.is_empty())
        {
            let message =
                format!("{named} does not name the legitimate interest (article 13(1)(d))");
            self.faults.error(
                place,
                "interest-missing",
                message,
                "write interest = { nl = \"…\", en = \"…\" }",
            );
        }
        if self
            .parts
            .controllers
            .iter()
            .any(|controller| controller.kind == ControllerKind::PublicBody)
        {
            let message = format!(
                "{named}: a public body has no legitimate interest for its tasks (article 6(1))"
            );
            let mend = "use public_task, unless this is not one of its tasks";
            self.faults
                .warning(place, "legit-public-body", message, mend);
        }
        if self
            .parts
            .services
            .get(&processing.service)
            .is_some_and(|service| service.role == Role::Processor)
        {
            let message =
                format!("{named}: a processor has no purposes of its own (article 28(10))");
            let mend = "remove it, or make the organisation the controller of the service";
            self.faults
                .error(place, "processor-own-purpose", message, mend);
        }
    }

    /// What is declared but takes part in nothing.
    fn unused(&mut self) {
        let processings = self.parts.processings.iter();
        let used: BTreeSet<&Category> = processings
            .flat_map(|processing| &processing.categories)
            .collect();
        let kept: BTreeSet<&Category> = self
            .parts
            .retentions
            .iter()
            .map(|retention| &retention.category)
            .collect();
        let known = &self.parts.categories;
        let misspelt = |name: &Category, mentioned: &BTreeSet<&Category>| {
            let mut unknown = mentioned
                .iter()
                .filter(|category| !known.contains_key(**category));
            unknown.any(|category| nearest(category.as_str(), [name.as_str()]).is_some())
        };
        for category in self.parts.categories.values() {
            let name = &category.name;
            if !used.contains(name) && !misspelt(name, &used) {
                let message = format!("category {name} takes part in no processing");
                let mend = "add it to a [[processing]], or remove it: what nobody needs must not be collected";
                self.faults
                    .error(category.place, "category-without-cell", message, mend);
            }
            if !kept.contains(name) && !misspelt(name, &kept) {
                let message =
                    format!("category {name} has no claim: nothing says how long it is kept");
                let mend = format!("add [[retention]] with category = \"{name}\", a claim and why");
                self.faults
                    .error(category.place, "category-without-claim", message, mend);
            }
        }
        for purpose in self.parts.purposes.values() {
            if !self
                .parts
                .processings
                .iter()
                .any(|processing| processing.purpose == purpose.name)
            {
                let message = format!(
                    "purpose {} is declared but nothing is done for it",
                    purpose.name
                );
                self.faults.warning(
                    purpose.place,
                    "purpose-unused",
                    message,
                    "remove it, or add a [[processing]]",
                );
            }
        }
        for service in self.parts.services.values() {
            if !self
                .parts
                .processings
                .iter()
                .any(|processing| processing.service == service.name)
            {
                let message = format!("service {} has no processing", service.name);
                let mend = "add a [[processing]], or remove it";
                self.faults
                    .error(service.place, "service-without-processing", message, mend);
            }
        }
    }

    /// Special categories need a service that may, a ground and an assessment (articles 9 and 35).
    pub(super) fn special(&mut self) {
        for processing in &self.parts.processings {
            let special = |name: &&Category| {
                self.parts
                    .categories
                    .get(*name)
                    .is_some_and(|rule| rule.special)
            };
            let Some(category) = processing.categories.iter().find(special) else {
                continue;
            };
            let place = processing.place;
            let named = named(processing);
            let service = self.parts.services.get(&processing.service);
            if service
                .is_some_and(|service| service.special_categories == SpecialCategories::Forbidden)
            {
                let message =
                    format!("{named} has special category {category}, which its service forbids");
                let mend = "remove it, or set special_categories = \"conditions\" with a ground and an assessment";
                self.faults.error(place, "special-forbidden", message, mend);
            }
            if processing.ground.is_none() {
                let message = format!(
                    "{named} has special category {category} without a ground (article 9(2))"
                );
                let mend = format!("write ground = one of: {}", Article9::WORDS.join(", "));
                self.faults
                    .error(place, "special-without-ground", message, mend);
            }
            if processing.dpia.is_none() {
                let message = format!(
                    "{named} has special category {category} without an assessment (article 35(3)(b))"
                );
                let mend = "write dpia = \"…\" and declare it as [evidence.<id>]";
                self.faults
                    .error(place, "special-without-dpia", message, mend);
            }
        }
    }
}

fn claimed(parts: &Parts) -> Claimed<'_> {
    let retentions = parts.retentions.iter();
    retentions
        .map(|retention| {
            let when = retention
                .when
                .as_ref()
                .map_or("", |(_, value)| value.as_str());
            (
                retention.service.as_str(),
                retention.purpose.as_str(),
                retention.category.as_str(),
                when,
            )
        })
        .collect()
}

fn named(processing: &Processing) -> String {
    format!("{}/{}", processing.service, processing.purpose)
}
