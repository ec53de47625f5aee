//! A register as single facts, in which the order of the file plays no part.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use crate::register::{Contact, Controller, Label, Processing, Recipient, Register, Retention};

/// What is said under one key of one rule; each value once.
pub(super) type Facts = BTreeMap<(String, &'static str), BTreeSet<String>>;

/// The key under which stands that a rule is there.
pub(super) const DECLARED: &str = "declared";

/// Every fact of a register, but for its version and its dates.
pub(super) fn facts(register: &Register) -> Facts {
    let mut sheet = Sheet::default();
    sheet.head(register);
    for controller in register.controllers() {
        sheet.controller(controller);
    }
    sheet.services(register);
    sheet.matrix(register);
    for recipient in register.recipients() {
        sheet.recipient(recipient);
    }
    sheet.running(register);
    sheet.governance(register);
    sheet.facts
}

/// All that a rule says, as `key: value`; nothing where it is not there.
pub(super) fn all_of(facts: &Facts, rule: &str) -> BTreeSet<String> {
    let from = facts.range((rule.to_owned(), "")..);
    let own = from.take_while(|((name, _), _)| name == rule);
    own.filter(|((_, key), _)| *key != DECLARED)
        .flat_map(|((_, key), values)| values.iter().map(move |value| format!("{key}: {value}")))
        .collect()
}

#[derive(Default)]
struct Sheet {
    facts: Facts,
}

impl Sheet {
    fn put(&mut self, rule: &str, key: &'static str, value: impl Display) {
        let values = self.facts.entry((rule.to_owned(), key)).or_default();
        values.insert(value.to_string());
    }

    fn some(&mut self, rule: &str, key: &'static str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.put(rule, key, value);
        }
    }

    fn each(
        &mut self,
        rule: &str,
        key: &'static str,
        values: impl IntoIterator<Item = impl Display>,
    ) {
        for value in values {
            self.put(rule, key, value);
        }
    }

    fn words(&mut self, rule: &str, key: &'static str, label: &Label) {
        self.each(
            rule,
            key,
            label
                .0
                .iter()
                .map(|(language, text)| format!("{language}: {text}")),
        );
    }

    fn head(&mut self, register: &Register) {
        let head = register.head();
        self.put("register", "name", &head.name);
        self.each("register", "languages", &head.languages);
        self.some("register", "first_language", head.languages.first());
        self.put("register", "address", head.address);
        self.put("register", "zone", &head.zone);
    }

    fn controller(&mut self, controller: &Controller) {
        let rule = &controller.rule();
        self.put(rule, DECLARED, "yes");
        self.put(rule, "name", &controller.name);
        self.put(rule, "kind", controller.kind);
        self.put(rule, "address", &controller.address);
        self.put(rule, "country", &controller.country);
        self.put(rule, "authority", &controller.authority);
        if let Some(reason) = &controller.doubt_pauses {
            self.words(rule, "doubt_pauses", reason);
        }
        self.each(rule, "residences", &controller.residences);
        self.contact(rule, "privacy", Some(&controller.privacy));
        self.contact(rule, "human", controller.human.as_ref());
        self.contact(rule, "officer", controller.officer.as_ref());
        self.contact(rule, "representative", controller.representative.as_ref());
    }

    fn contact(&mut self, rule: &str, key: &'static str, contact: Option<&Contact>) {
        let Some(contact) = contact else { return };
        self.words(rule, key, &contact.name);
        self.some(rule, key, contact.mail.as_ref());
        self.some(rule, key, contact.phone.as_ref());
        self.some(rule, key, contact.url.as_ref());
        if let Some(post) = &contact.post {
            self.words(rule, key, post);
        }
    }

    fn services(&mut self, register: &Register) {
        for service in register.services() {
            let rule = &service.rule();
            self.put(rule, DECLARED, "yes");
            self.words(rule, "label", &service.label);
            self.put(rule, "notice", &service.notice);
            self.put(rule, "role", service.role);
            self.put(rule, "automated_decisions", service.automated_decisions);
            self.put(rule, "special_categories", service.special_categories);
            self.put(rule, "history", service.history);
            self.put(rule, "notice_first", service.notice_first);
            self.put(rule, "ai", service.ai);
            self.put(rule, "minimum_age", service.minimum_age);
            self.put(rule, "guardian_age", service.guardian_age);
            self.words(rule, "people", &service.people);
            if let Some(principal) = &service.principal {
                self.words(rule, "principal", principal);
            }
            if let Some(decision) = &service.decision {
                self.words(rule, "decision", decision);
            }
            self.each(rule, "stays_in", &service.stays_in);
        }
        for category in register.categories() {
            let rule = &category.rule();
            self.put(rule, DECLARED, "yes");
            self.words(rule, "label", &category.label);
            self.each(rule, "fields", &category.fields);
            self.put(rule, "source", category.source);
            if let Some(detail) = &category.source_detail {
                self.words(rule, "source_detail", detail);
            }
            self.put(rule, "special", category.special);
            self.each(rule, "classes", &category.classes);
            self.each(rule, "meant_for", &category.meant_for);
        }
        for purpose in register.purposes() {
            let rule = &purpose.rule();
            self.put(rule, DECLARED, "yes");
            self.words(rule, "label", &purpose.label);
            self.put(rule, "dpv", &purpose.dpv);
            self.put(rule, "marketing", purpose.marketing);
        }
    }

    fn matrix(&mut self, register: &Register) {
        for processing in register.processings() {
            for category in &processing.categories {
                self.cell(&super::cell(processing, category), processing);
            }
        }
        for retention in register.retentions() {
            self.retention(retention);
        }
    }

    fn cell(&mut self, rule: &str, processing: &Processing) {
        self.put(rule, DECLARED, "yes");
        self.put(rule, "basis", processing.basis);
        self.some(rule, "evidence", processing.evidence.as_ref());
        self.some(rule, "otherwise", processing.otherwise);
        self.some(
            rule,
            "otherwise_evidence",
            processing.otherwise_evidence.as_ref(),
        );
        if let Some(decided_by) = &processing.decided_by {
            self.words(rule, "decided_by", decided_by);
        }
        self.each(rule, "readers", &processing.readers);
        self.each(rule, "fields", &processing.fields);
        if let Some(interest) = &processing.interest {
            self.words(rule, "interest", interest);
        }
        self.some(rule, "ground", processing.ground);
        self.some(rule, "dpia", processing.dpia.as_ref());
        let consent = processing.consent.as_ref();
        self.some(
            rule,
            "consent",
            consent.map(|text| format!("{}@{}", text.id, text.version)),
        );
        self.some(rule, "compatibility", processing.compatibility.as_ref());
        self.each(rule, "recipients", &processing.recipients);
        self.put(rule, "notice_first", processing.notice_first);
        self.put(rule, "obligatory", processing.obligatory);
    }

    fn retention(&mut self, retention: &Retention) {
        let rule = &retention.rule;
        self.put(rule, DECLARED, "yes");
        let ending = if retention.trigger.is_memory_only() {
            retention.trigger.to_string()
        } else {
            format!("{} + {}", retention.trigger, retention.period)
        };
        self.put(rule, "claim", ending);
        self.put(rule, "kind", retention.kind.as_str());
        self.put(rule, "action", retention.action.as_str());
        self.each(rule, "copies", &retention.copies);
        self.words(rule, "why", &retention.why);
    }

    fn recipient(&mut self, recipient: &Recipient) {
        let rule = &recipient.rule();
        self.put(rule, DECLARED, "yes");
        self.words(rule, "label", &recipient.label);
        self.put(rule, "kind", recipient.kind);
        self.some(rule, "provider", recipient.provider.as_ref());
        self.some(rule, "model", recipient.model.as_ref());
        self.put(rule, "country", &recipient.country);
        self.put(rule, "destination", recipient.destination);
        self.some(rule, "mechanism", recipient.mechanism);
        self.some(rule, "valid_from", recipient.valid_from);
        self.some(rule, "valid_until", recipient.valid_until);
        self.some(rule, "dpa", recipient.dpa.as_ref());
        self.some(rule, "tia", recipient.tia.as_ref());
        self.put(rule, "stores_input", recipient.stores_input);
        self.some(rule, "residual", recipient.residual);
        self.put(rule, "trains", recipient.trains);
        self.some(rule, "base_url", recipient.base_url.as_ref());
        self.each(rule, "fields", &recipient.fields);
        self.some(rule, "deletes", recipient.deletes);
        self.each(rule, "sub_processors", &recipient.sub_processors);
        self.some(rule, "group", recipient.group.as_ref());
        self.some(rule, "left", recipient.left);
        self.some(rule, "erased", recipient.erased.as_ref());
    }

    fn running(&mut self, register: &Register) {
        for log in register.log_streams() {
            let rule = &format!("log:{}", log.name);
            self.put(rule, DECLARED, "yes");
            self.each(rule, "fields", &log.fields);
            self.each(rule, "personal", &log.personal);
            self.words(rule, "reason", &log.reason);
            self.put(rule, "period", log.period);
            self.each(rule, "readers", &log.readers);
        }
        for table in register.tables() {
            let rule = &format!("table:{}", table.name);
            self.put(rule, DECLARED, "yes");
            self.put(rule, "holder", &table.holder);
            self.put(rule, "keeps", table.keeps);
            self.each(rule, "categories", &table.categories);
            self.put(rule, "retention", &table.retention);
        }
        for route in register.routes() {
            let rule = &format!("route:{}", route.path);
            self.each(rule, DECLARED, &route.methods);
            self.put(rule, "service", &route.service);
            self.each(rule, "collects", &route.collects);
        }
        for cookie in register.cookies() {
            let rule = &format!("cookie:{}", cookie.name);
            self.put(rule, DECLARED, "yes");
            self.put(rule, "class", cookie.class);
            self.put(rule, "max_age", cookie.max_age);
            self.words(rule, "label", &cookie.label);
        }
        for message in register.messages() {
            let rule = &format!("message:{}", message.name);
            self.put(rule, DECLARED, "yes");
            self.put(rule, "class", message.class);
            self.some(rule, "window", message.window.as_ref());
            self.some(rule, "max", message.max);
            self.some(rule, "marketing_part", message.marketing_part.as_ref());
            self.some(rule, "mode", message.mode);
            if let Some(carried) = &message.carried {
                self.put(rule, "service", &carried.service);
                self.put(rule, "purpose", &carried.purpose);
                self.put(rule, "category", &carried.category);
            }
        }
        for term in register.terms() {
            let rule = &format!("term:{}", term.name);
            self.put(rule, "period", term.period);
            self.some(rule, "times", term.times.as_ref());
            self.words(rule, "why", &term.why);
            if let Some(kept) = &term.kept {
                self.words(rule, "kept", kept);
            }
        }
        for (id, consent) in &register.parts.consents {
            let rule = &format!("consent:{id}");
            self.put(rule, "version", &consent.version);
            self.words(rule, "text", &consent.text);
        }
        for (name, notice) in &register.parts.notices {
            let rule = &format!("notice:{name}");
            self.each(
                rule,
                "sections",
                notice.sections.iter().map(|(name, _)| name),
            );
            for (section, text) in &notice.texts {
                self.each(
                    rule,
                    "texts",
                    text.0
                        .iter()
                        .map(|(language, text)| format!("{section} {language}: {text}")),
                );
            }
        }
    }

    fn governance(&mut self, register: &Register) {
        for role in register.parts.roles.values() {
            self.words(&format!("role:{}", role.name), "label", &role.label);
        }
        for group in register.groups() {
            self.words(&format!("group:{}", group.name), "label", &group.label);
        }
        for duty in register.duties() {
            let rule = &format!("duty:{}", duty.name);
            self.words(rule, "label", &duty.label);
            self.put(rule, "every", duty.every);
            self.each(rule, "roles", &duty.roles);
            self.some(rule, "next", duty.next);
        }
        for disclosure in register.disclosures() {
            let rule = &disclosure.rule();
            self.put(rule, DECLARED, "yes");
            self.words(rule, "label", &disclosure.label);
            self.put(rule, "case", disclosure.case);
            self.some(rule, "evidence", disclosure.evidence.as_ref());
            if let Some(interest) = &disclosure.interest {
                self.words(rule, "interest", interest);
            }
            self.some(rule, "purpose", disclosure.purpose.as_ref());
            self.each(rule, "categories", &disclosure.categories);
        }
        for joint in register.joint_controllers() {
            let rule = &joint.rule();
            self.put(rule, DECLARED, "yes");
            self.put(rule, "name", &joint.name);
            self.each(rule, "services", &joint.services);
            self.words(rule, "essence", &joint.essence);
            self.some(
                rule,
                "privacy",
                joint.privacy.mail.as_ref().or(joint.privacy.url.as_ref()),
            );
            self.some(rule, "evidence", joint.evidence.as_ref());
        }
        for measure in register.measures() {
            let rule = &format!("measure:{}", measure.name);
            self.put(rule, DECLARED, "yes");
            self.put(rule, "kind", measure.kind);
            self.words(rule, "label", &measure.label);
        }
        if let Some(backup) = register.backup() {
            self.put("backup", "tail", backup.tail);
            self.put("backup", "erasable", backup.erasable);
        }
        for overlay in register.overlays() {
            let places = overlay
                .residences
                .iter()
                .cloned()
                .collect::<std::collections::BTreeSet<_>>();
            let places = places.into_iter().collect::<Vec<_>>().join("+");
            let rule = &format!("overlay:{}/{}/{places}", overlay.service, overlay.purpose);
            self.put(rule, "change", format!("{:?}", overlay.change));
            self.words(rule, "why", &overlay.why);
        }
        for evidence in register.evidence() {
            let rule = &format!("evidence:{}", evidence.name);
            self.put(rule, "kind", &evidence.kind);
            self.words(rule, "title", &evidence.title);
            self.some(rule, "date", evidence.date);
            self.some(rule, "review", evidence.review);
            self.some(rule, "url", evidence.url.as_ref());
            self.each(rule, "covers", &evidence.covers);
        }
        self.put("policy", "profile", register.policy_profile());
        self.put("policy", "surrogates", register.surrogate_form());
        for change in register.policy_changes() {
            self.put(&change.rule, "verdict", change.cell.name());
            self.words(&change.rule, "why", &change.why);
        }
        for row in register.policy_tools() {
            let gets: Vec<&str> = row.gets.iter().map(|subject| subject.name()).collect();
            self.put(&row.rule, "gets", gets.join(", "));
            self.words(&row.rule, "why", &row.why);
        }
    }
}
