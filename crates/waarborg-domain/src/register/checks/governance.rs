//! Checks on who answers for what, on what is only proposed, and on what the law wants to see (articles 13, 14, 28, 30, 35).

use super::Checking;
use crate::claim::ClaimKind;
use crate::register::{
    AutomatedDecisions, Basis, Mechanism, Message, MessageClass, OverlayChange, Place, Processing,
    Role, Source, contract_items,
};

impl Checking<'_, '_> {
    /// Roles, duties, overlays, reminders, and what somebody filled in.
    pub(super) fn governance(&mut self) {
        let parts = self.parts;
        for processing in &parts.processings {
            self.alternative(processing);
            self.needed_fields(processing);
            self.others(processing);
        }
        for category in parts.categories.values() {
            for purpose in &category.meant_for {
                let has_cell = parts.processings.iter().any(|processing| {
                    processing.purpose == *purpose && processing.categories.contains(&category.name)
                });
                if parts.purposes.contains_key(purpose) && !has_cell {
                    let message = format!(
                        "category {} is said to be for {purpose}, and no processing uses it for that",
                        category.name
                    );
                    let mend = "add it to that [[processing]], or take the purpose out of meant_for; until then it is not used for it";
                    self.faults
                        .warning(category.place, "meant-without-cell", message, mend);
                }
            }
        }
        self.contradictions();
        for message in &parts.messages {
            if message.class == MessageClass::Reminder && message.mode.is_none() {
                let text = format!(
                    "reminder {} does not say what must come first",
                    message.name
                );
                let mend = "write mode = \"on_request\", \"automatic\" or \"explicit_consent\"";
                self.faults
                    .error(message.place, "reminder-without-mode", text, mend);
            }
            self.carried(message);
        }
        for duty in parts.duties.values() {
            if let Some(next) = duty.next.filter(|next| *next < self.today) {
                let message = format!("duty {} was due on {next}", duty.name);
                self.faults.warning(
                    duty.place,
                    "duty-overdue",
                    message,
                    "do it, and set the next day",
                );
            }
        }
        self.disclosures();
        self.overlays();
        self.backups();
        self.proposals();
    }

    /// Two rules for the same people and the same lever: nobody but the organisation can say which one protects more.
    fn contradictions(&mut self) {
        let overlays = &self.parts.overlays;
        for (n, overlay) in overlays.iter().enumerate() {
            let same = overlays.iter().take(n).find(|other| {
                other.service == overlay.service
                    && other.purpose == overlay.purpose
                    && other.moves_the_same(overlay)
                    && other
                        .residences
                        .iter()
                        .any(|there| overlay.residences.contains(there))
            });
            let Some(other) = same else { continue };
            let message = format!(
                "{} and {} say something else for the same people",
                other.rule, overlay.rule
            );
            let mend = "keep the one that protects people more, and say so at why";
            self.faults
                .error(overlay.place, "overlay-conflict", message, mend);
        }
    }

    /// What the program sends itself goes for a purpose that needs the address, and what sells goes as what sells.
    fn carried(&mut self, message: &Message) {
        let Some(carried) = &message.carried else {
            return;
        };
        let name = &message.name;
        let has_cell = self.parts.processings.iter().any(|processing| {
            processing.service == carried.service
                && processing.purpose == carried.purpose
                && processing.categories.contains(&carried.category)
        });
        if !has_cell {
            let text = format!(
                "message {name} goes to {}, which {}/{} does not use",
                carried.category, carried.service, carried.purpose
            );
            let mend = "add the category to that [[processing]], or name another service, purpose or category";
            self.faults
                .error(message.place, "message-without-cell", text, mend);
        }
        let is_marketing = self
            .parts
            .purposes
            .get(&carried.purpose)
            .is_some_and(|purpose| purpose.marketing);
        let sells = message.class == MessageClass::Marketing;
        if sells != is_marketing {
            let text = format!(
                "message {name} is of the class {}, and purpose {} is {}marketing",
                message.class,
                carried.purpose,
                if is_marketing { "" } else { "not " }
            );
            let mend =
                "write marketing = true at the purpose and class = \"marketing\" here, or neither";
            self.faults
                .error(message.place, "message-class-differs", text, mend);
        }
    }

    /// Two bases for one purpose: somebody decides which of them applies.
    fn alternative(&mut self, processing: &Processing) {
        let Some(otherwise) = processing.otherwise else {
            return;
        };
        let rests = otherwise == Basis::Consent || processing.otherwise_evidence.is_some();
        if processing.decided_by.is_none() || !rests || otherwise == processing.basis {
            let message = format!(
                "{}/{} rests on {} or else on {otherwise}, and nothing says who decides and on what it rests",
                processing.service, processing.purpose, processing.basis
            );
            let mend =
                "write decided_by = { nl = \"…\", en = \"…\" } and otherwise_evidence = \"…\"";
            self.faults
                .error(processing.place, "otherwise-undecided", message, mend);
        }
    }

    /// A purpose needs only fields that its categories have.
    fn needed_fields(&mut self, processing: &Processing) {
        for field in &processing.fields {
            let is_known = processing.categories.iter().any(|name| {
                self.parts
                    .categories
                    .get(name)
                    .is_none_or(|category| category.fields.contains(field))
            });
            if !is_known {
                let message = format!(
                    "{}/{} needs field {field}, which its categories do not have",
                    processing.service, processing.purpose
                );
                let mend = "add it to the fields of a category, or remove it here";
                self.faults
                    .error(processing.place, "unknown-field", message, mend);
            }
        }
    }

    /// Consent of one person does not cover what comes from others.
    fn others(&mut self, processing: &Processing) {
        if processing.basis != Basis::Consent {
            return;
        }
        let others = processing.categories.iter().find(|name| {
            self.parts
                .categories
                .get(*name)
                .is_some_and(|category| category.source == Source::ThirdParty)
        });
        if let Some(category) = others {
            let message = format!(
                "{}/{} rests on consent, but {category} comes from others and is about others",
                processing.service, processing.purpose
            );
            let mend = "choose another basis for it: nobody can consent for somebody else";
            self.faults
                .error(processing.place, "consent-for-others", message, mend);
        }
    }

    /// Who may be given data in a single case: on what it rests, and on which interest.
    fn disclosures(&mut self) {
        for disclosure in self.parts.disclosures.values() {
            let named = format!("disclosure {}", disclosure.name);
            let (basis, place) = (disclosure.case.basis(), disclosure.place);
            if basis != Basis::Consent && disclosure.evidence.is_none() {
                let message = format!("{named} does not say what its basis {basis} rests on");
                let mend = "write evidence = \"…\" and declare it as [evidence.<id>]";
                self.faults
                    .error(place, "basis-without-evidence", message, mend);
            }
            if let Some(purpose) = &disclosure.purpose {
                let processings = self.parts.processings.iter();
                let asks = processings
                    .filter(|processing| processing.purpose == *purpose)
                    .any(|processing| processing.basis == Basis::Consent);
                if basis != Basis::Consent || !asks {
                    let message = format!(
                        "{named} goes by consent to {purpose}, which nobody is asked for or which it does not rest on"
                    );
                    let mend = "name a purpose of which a [[processing]] rests on consent, and write case = \"consent\"";
                    self.faults
                        .error(place, "consent-without-basis", message, mend);
                }
            }
            let interest = disclosure.interest.as_ref();
            if basis == Basis::Legit && interest.is_none_or(|interest| interest.0.is_empty()) {
                let message =
                    format!("{named} does not name the legitimate interest (article 13(1)(d))");
                let mend = "write interest = { nl = \"…\", en = \"…\" }";
                self.faults.error(place, "interest-missing", message, mend);
            }
        }
    }

    fn overlays(&mut self) {
        let parts = self.parts;
        for overlay in &parts.overlays {
            let category = match &overlay.change {
                OverlayChange::Period { category, .. } => Some(category),
                _ => None,
            };
            let has_cell = parts.processings.iter().any(|processing| {
                processing.service == overlay.service
                    && processing.purpose == overlay.purpose
                    && category.is_none_or(|category| processing.categories.contains(category))
            });
            let is_known = parts.services.contains_key(&overlay.service)
                && parts.purposes.contains_key(&overlay.purpose);
            if is_known && !has_cell {
                let message = format!(
                    "nothing is done in {} for {}, so nothing can differ there",
                    overlay.service, overlay.purpose
                );
                let mend = "name a service, purpose and category of a [[processing]]";
                self.faults
                    .error(overlay.place, "overlay-without-cell", message, mend);
            }
        }
    }

    /// A promise "at most" binds the backups too, unless erasing a key ends those copies.
    fn backups(&mut self) {
        let parts = self.parts;
        let Some(backup) = parts.backup.filter(|backup| !backup.erasable) else {
            return;
        };
        for retention in &parts.retentions {
            let is_copied = retention.copies.iter().any(|copy| copy == "backup");
            if is_copied && retention.kind == ClaimKind::AtMost && !retention.open {
                let message = format!(
                    "{}/{}/{} is promised for at most {}, but a backup keeps it {} longer",
                    retention.service,
                    retention.purpose,
                    retention.category,
                    retention.period,
                    backup.tail
                );
                let mend = "keep backups so that erasing a key ends them (erasable = true), or promise a longer period";
                self.faults
                    .error(retention.place, "tail-breaks-period", message, mend);
            }
        }
    }

    /// What somebody filled in where the source gives nothing; it counts, and it is listed.
    fn proposals(&mut self) {
        let parts = self.parts;
        let retentions = parts
            .retentions
            .iter()
            .filter(|retention| retention.proposed)
            .map(|retention| (retention.rule.clone(), retention.place));
        let recipients = parts
            .recipients
            .values()
            .filter(|recipient| recipient.proposed)
            .map(|recipient| (recipient.rule(), recipient.place));
        let duties = parts
            .duties
            .values()
            .filter(|duty| duty.proposed)
            .map(|duty| (format!("duty:{}", duty.name), duty.place));
        let found: Vec<(String, Place)> = retentions.chain(recipients).chain(duties).collect();
        for (rule, place) in found {
            let message = format!("{rule} is proposed: the source gives no value for it");
            let mend = "decide on it, and remove proposed";
            self.faults.warning(place, "proposed-value", message, mend);
        }
    }

    /// What the law wants to see stated, item by item.
    pub(super) fn coverage(&mut self) {
        let parts = self.parts;
        for service in parts.services.values() {
            if service.people.0.is_empty() {
                let message = format!(
                    "nothing says whose data service {} is about (article 30(1)(c))",
                    service.name
                );
                let mend = "write people = { nl = \"…\", en = \"…\" }";
                self.faults
                    .warning(service.place, "people-missing", message, mend);
            }
            if service.role == Role::Processor && service.principal.is_none() {
                let message = format!(
                    "nothing says on whose behalf service {} works (article 30(2)(a))",
                    service.name
                );
                let mend = "write principal = { nl = \"…\", en = \"…\" }";
                self.faults
                    .error(service.place, "principal-missing", message, mend);
            }
            if service.automated_decisions == AutomatedDecisions::Article22
                && service.decision.is_none()
            {
                let message = format!(
                    "service {} decides by itself, and nothing says how and what follows (article 13(2)(f))",
                    service.name
                );
                let mend = "write decision = { nl = \"…\", en = \"…\" }";
                self.faults
                    .error(service.place, "decision-unexplained", message, mend);
            }
        }
        for category in parts.categories.values() {
            if category.source == Source::ThirdParty && category.source_detail.is_none() {
                let message = format!(
                    "category {} comes from others, and nothing says from whom (article 14(2)(f))",
                    category.name
                );
                let mend = "write source_detail = \"…\"";
                self.faults
                    .error(category.place, "source-unnamed", message, mend);
            }
        }
        if parts.measures.is_empty() {
            let message = "nothing says how data is kept safe (article 30(1)(g))";
            let mend = "add [measure.<id>] with kind and label";
            self.faults
                .warning(self.head.place, "measures-missing", message, mend);
        }
        self.assessed_transfers();
        self.evidence_items();
    }

    /// Clauses and the like hold only where somebody looked at the law of the country (article 46(1)).
    fn assessed_transfers(&mut self) {
        for recipient in self.parts.recipients.values() {
            let needs_one = matches!(
                recipient.mechanism,
                Some(
                    Mechanism::Scc
                        | Mechanism::Bcr
                        | Mechanism::CodeOfConduct
                        | Mechanism::Certification
                )
            );
            if needs_one && recipient.tia.is_none() {
                let message = format!(
                    "nobody looked at the law of {} for recipient {} (article 46(1); CJEU C-311/18)",
                    recipient.country, recipient.name
                );
                let mend =
                    "write tia = \"…\" and declare it as [evidence.<id>] with kind = \"tia\"";
                self.faults
                    .warning(recipient.place, "transfer-unassessed", message, mend);
            }
        }
    }

    /// Every processor contract, assessment and balancing test has all that the law asks of it.
    fn evidence_items(&mut self) {
        for piece in self.parts.evidence.values() {
            let items = contract_items(&piece.kind);
            for covered in &piece.covers {
                if !items.iter().any(|(item, _)| item == covered) {
                    let known: Vec<&str> = items.iter().map(|(item, _)| *item).collect();
                    let message = format!(
                        "evidence {} covers {covered}, which the law does not ask of it",
                        piece.name
                    );
                    let mend = format!("possible: {}", known.join(", "));
                    self.faults
                        .error(piece.place, "unknown-value", message, mend);
                }
            }
            let mut missing: Vec<String> = items
                .iter()
                .filter(|(item, _)| !piece.covers.iter().any(|covered| covered == item))
                .map(|(item, article)| format!("{item} (article {article})"))
                .collect();
            if piece.kind == "dpa" && piece.review.is_none() {
                missing.push("review (article 28(3)(h))".to_owned());
            }
            if missing.is_empty() {
                continue;
            }
            let code = if piece.kind == "dpa" {
                "contract-incomplete"
            } else {
                "assessment-incomplete"
            };
            let message = format!(
                "evidence {} does not say that it has: {}",
                piece.name,
                missing.join(", ")
            );
            let mend = "look it up in the document, and list what it has in covers";
            self.faults.warning(piece.place, code, message, mend);
        }
    }
}
