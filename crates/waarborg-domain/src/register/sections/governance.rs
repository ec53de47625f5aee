//! The sections that say who answers for what: roles, duties, backups, and what differs elsewhere.

use super::matrix::{claim, consent_text};
use super::mentioned;
use super::running::period;
use crate::claim::{ClaimKind, Period};
use crate::personal::{Category, Purpose, RecipientName, ServiceName};
use crate::register::model::{
    BackupRule, Basis, DisclosureCase, DisclosureRule, Duty, JointRule, Lever, Measure,
    MeasureKind, Mechanism, Overlay, OverlayChange, RoleRule, UserGroup,
};
use crate::register::read::{MentionKind, Part, Reader};
use crate::register::{Parts, nearest};

pub(super) fn read(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    roles(reader, root, parts);
    groups(reader, root, parts);
    duties(reader, root, parts);
    joint(reader, root, parts);
    measures(reader, root, parts);
    disclosures(reader, root, parts);
    backup(reader, root, parts);
    overlays(reader, root, parts);
}

fn groups(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "group") {
        reader.only(&part, &["label"]);
        let group = UserGroup {
            label: reader.label(&part, "label"),
            place: part.place,
            name: name.clone(),
        };
        parts.groups.insert(name, group);
    }
}

fn roles(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "role") {
        reader.only(&part, &["label"]);
        let role = RoleRule {
            label: reader.label(&part, "label"),
            place: part.place,
            name: name.clone(),
        };
        parts.roles.insert(name, role);
    }
}

fn duties(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "duty") {
        reader.only(&part, &["label", "every", "roles", "next", "proposed"]);
        let roles = reader.list(&part, "roles");
        for (role, place) in &roles {
            reader.mention(MentionKind::Role, role, *place);
        }
        let duty = Duty {
            label: reader.label(&part, "label"),
            every: period(
                reader,
                &part,
                "every",
                "write how often, such as every = \"12months\"",
            ),
            roles: roles.into_iter().map(|(role, _)| role).collect(),
            next: reader.date(&part, "next"),
            proposed: reader.flag(&part, "proposed").unwrap_or(false),
            place: part.place,
            name: name.clone(),
        };
        parts.duties.insert(name, duty);
    }
}

/// Those who decide together with the organisation.
fn joint(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (id, part) in reader.named(root, "joint") {
        reader.only(
            &part,
            &["name", "services", "essence", "privacy", "evidence"],
        );
        reader.must_have(
            &part,
            "services",
            "name the services about which you decide together",
        );
        let services = reader.list(&part, "services");
        for (service, place) in &services {
            reader.mention(MentionKind::Service, service, *place);
        }
        let evidence = reader.text(&part, "evidence");
        if let Some(evidence) = &evidence {
            let place = reader.value_place(&part, "evidence");
            reader.mention(MentionKind::Evidence, evidence, place);
        }
        let essence = reader.words(&part, "essence");
        if essence.0.is_empty() && !reader.is_open(&part, "essence") {
            let message =
                format!("nothing says what was agreed with joint controller {id} (article 26(2))");
            let mend = "write the essence of the arrangement, such as essence = { nl = \"…\", en = \"…\" }: who answers people, and who informs them";
            reader
                .faults
                .error(part.place, "essence-missing", message, mend);
        }
        let privacy = super::contact(reader, &part, "privacy").unwrap_or_default();
        if privacy.mail.is_none()
            && privacy.url.is_none()
            && privacy.phone.is_none()
            && privacy.post.is_none()
        {
            let message = format!("joint controller {id} has no way to be reached about privacy");
            let mend = "add privacy = { name = \"…\", mail = \"…\" }";
            reader
                .faults
                .error(part.place, "contact-missing", message, mend);
        }
        parts.joint.push(JointRule {
            name: reader.need(&part, "name", "write the legal name of the other party"),
            services: services
                .iter()
                .map(|(service, _)| ServiceName::declared(service))
                .collect(),
            essence,
            privacy,
            evidence,
            place: part.place,
            id,
        });
    }
}

fn measures(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "measure") {
        reader.only(&part, &["kind", "label"]);
        reader.must_have(
            &part,
            "kind",
            "write technical, organisational, physical or administrative",
        );
        let kind = reader.word(&part, "kind", MeasureKind::WORDS, MeasureKind::parse);
        parts.measures.push(Measure {
            kind: kind.unwrap_or(MeasureKind::Technical),
            label: reader.label(&part, "label"),
            place: part.place,
            name,
        });
    }
}

fn disclosures(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "disclosure") {
        reader.only(
            &part,
            &[
                "label",
                "case",
                "evidence",
                "interest",
                "purpose",
                "categories",
            ],
        );
        reader.must_have(
            &part,
            "case",
            "write in which case: legal_duty, protection, sale, consent",
        );
        reader.must_have(
            &part,
            "categories",
            "name the categories that may be given in such a case",
        );
        let categories = reader.list(&part, "categories");
        for (category, place) in &categories {
            reader.mention(MentionKind::Category, category, *place);
        }
        let evidence = reader.text(&part, "evidence");
        if let Some(evidence) = &evidence {
            let place = reader.value_place(&part, "evidence");
            reader.mention(MentionKind::Evidence, evidence, place);
        }
        let purpose = reader.text(&part, "purpose");
        if let Some(purpose) = &purpose {
            let place = reader.value_place(&part, "purpose");
            reader.mention(MentionKind::Purpose, purpose, place);
        }
        let case = reader.word(&part, "case", DisclosureCase::WORDS, DisclosureCase::parse);
        let disclosure = DisclosureRule {
            label: reader.label(&part, "label"),
            case: case.unwrap_or(DisclosureCase::LegalDuty),
            evidence,
            interest: Reader::has(&part, "interest").then(|| reader.words(&part, "interest")),
            purpose: purpose.map(|name| Purpose::declared(&name)),
            categories: categories
                .iter()
                .map(|(category, _)| Category::declared(category))
                .collect(),
            place: part.place,
            name: name.clone(),
        };
        parts.disclosures.insert(name, disclosure);
    }
}

fn backup(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    let Some(part) = reader.part(root, "backup") else {
        return;
    };
    reader.only(&part, &["tail", "erasable"]);
    parts.backup = Some(BackupRule {
        tail: period(
            reader,
            &part,
            "tail",
            "write how long a backup lives, such as tail = \"1month\"",
        ),
        erasable: reader.flag(&part, "erasable").unwrap_or(false),
        place: part.place,
    });
}

/// What a lever may set, beside for whom and why.
fn keys_of(lever: Lever) -> &'static [&'static str] {
    match lever {
        Lever::Consent => &["basis", "consent"],
        Lever::Basis => &["basis", "evidence", "interest", "consent"],
        Lever::Assessment => &["dpia"],
        Lever::Period => &["category", "claim", "kind"],
        Lever::Transfer => &["recipient", "mechanism", "valid_until", "evidence"],
        Lever::Rights => &[],
    }
}

fn overlays(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (index, part) in reader.rows(root, "overlay").into_iter().enumerate() {
        reader.only(
            &part,
            &[
                "residences",
                "service",
                "purpose",
                "lever",
                "why",
                "basis",
                "evidence",
                "interest",
                "consent",
                "dpia",
                "category",
                "claim",
                "kind",
                "recipient",
                "mechanism",
                "valid_until",
            ],
        );
        let residences = reader.list(&part, "residences");
        for (residence, place) in &residences {
            reader.mention(MentionKind::Residence, residence, *place);
        }
        let service = mentioned(reader, &part, "service", MentionKind::Service);
        let purpose = mentioned(reader, &part, "purpose", MentionKind::Purpose);
        reader.must_have(&part, "why", "write what people there read about it");
        let why = reader.words(&part, "why");
        let Some(lever) = lever(reader, &part) else {
            continue;
        };
        let Some(change) = change(reader, &part, lever) else {
            continue;
        };
        parts.overlays.push(Overlay {
            rule: format!("overlay:{}", index + 1),
            residences: residences.into_iter().map(|(name, _)| name).collect(),
            service: ServiceName::declared(&service),
            purpose: Purpose::declared(&purpose),
            change,
            why,
            place: part.place,
        });
    }
}

/// Which lever is moved; everything that is none may not differ.
fn lever(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>) -> Option<Lever> {
    let mend = format!("write lever = one of: {}", Lever::WORDS.join(", "));
    reader.must_have(part, "lever", &mend);
    let word = reader.text(part, "lever")?;
    let Some(lever) = Lever::parse(&word) else {
        let place = reader.value_place(part, "lever");
        let mend = match nearest(&word, Lever::WORDS.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None => mend,
        };
        let message = format!("[{}] changes {word}, which may not differ", part.path);
        reader
            .faults
            .error(place, "overlay-forbidden-lever", message, mend);
        return None;
    };
    let known = keys_of(lever);
    for key in part.keys() {
        let is_always =
            ["residences", "service", "purpose", "lever", "why"].contains(&key.as_str());
        if !is_always && !known.contains(&key.as_str()) {
            let place = reader.value_place(part, &key);
            let message = format!(
                "[{}] sets {key}, which lever {lever} does not move",
                part.path
            );
            let mend = if known.is_empty() {
                "remove it; only why belongs to this lever".to_owned()
            } else {
                format!("remove it; this lever moves: {}", known.join(", "))
            };
            reader
                .faults
                .error(place, "overlay-forbidden-lever", message, mend);
        }
    }
    Some(lever)
}

fn change(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>, lever: Lever) -> Option<OverlayChange> {
    Some(match lever {
        Lever::Consent | Lever::Basis => {
            reader.must_have(part, "basis", "write the legal basis there");
            let evidence = reader.text(part, "evidence");
            if let Some(name) = &evidence {
                let place = reader.value_place(part, "evidence");
                reader.mention(MentionKind::Evidence, name, place);
            }
            OverlayChange::Basis {
                basis: reader.word(part, "basis", Basis::WORDS, Basis::parse)?,
                evidence,
                interest: Reader::has(part, "interest").then(|| reader.label(part, "interest")),
                consent: consent_text(reader, part),
            }
        }
        Lever::Assessment => {
            let dpia = reader.need(part, "dpia", "name the assessment");
            let place = reader.value_place(part, "dpia");
            reader.mention(MentionKind::Evidence, &dpia, place);
            OverlayChange::Assessment { dpia }
        }
        Lever::Period => {
            let category = mentioned(reader, part, "category", MentionKind::Category);
            let (trigger, period) = claim(reader, part)?;
            let kinds: Vec<&str> = ClaimKind::ALL.iter().map(|(_, word)| *word).collect();
            OverlayChange::Period {
                category: Category::declared(&category),
                trigger,
                period: period.unwrap_or(Period::NONE),
                kind: reader
                    .word(part, "kind", &kinds, ClaimKind::parse)
                    .unwrap_or(ClaimKind::AtMost),
            }
        }
        Lever::Transfer => {
            let evidence = reader.need(
                part,
                "evidence",
                "name the evidence of the procedure that the law there asks: an assessment, a filing, a licence",
            );
            let place = reader.value_place(part, "evidence");
            reader.mention(MentionKind::Evidence, &evidence, place);
            let recipient = mentioned(reader, part, "recipient", MentionKind::Recipient);
            reader.must_have(part, "mechanism", "name the instrument there");
            OverlayChange::Transfer {
                recipient: RecipientName::declared(&recipient),
                mechanism: reader.word(part, "mechanism", Mechanism::WORDS, Mechanism::parse)?,
                valid_until: reader.date(part, "valid_until"),
            }
        }
        Lever::Rights => OverlayChange::Rights,
    })
}
