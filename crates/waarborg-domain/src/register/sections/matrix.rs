//! The sections of the matrix: categories, purposes, processings and retention.

use super::mentioned;
use crate::claim::{Action, ClaimKind, Period, Trigger};
use crate::law::purposes;
use crate::personal::{Category, Purpose, RecipientName, ServiceName};
use crate::register::model::{
    Article9, Basis, CategoryRule, ConsentText, Processing, PurposeRule, Retention, Source,
};
use crate::register::read::{MentionKind, Part, Reader};
use crate::register::{Open, Parts, nearest};

pub(super) fn categories(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (id, part) in reader.named(root, "category") {
        reader.only(
            &part,
            &[
                "label",
                "fields",
                "source",
                "source_detail",
                "special",
                "classes",
                "meant_for",
            ],
        );
        let fields = reader.texts(&part, "fields");
        if fields.is_empty() && !reader.is_open(&part, "fields") {
            let mend = "write fields = [\"…\"]: what the category consists of";
            reader.faults.error(
                part.place,
                "fields-missing",
                format!("category {id} has no fields"),
                mend,
            );
        }
        reader.must_have(
            &part,
            "source",
            "write where it comes from: person, automatic, third_party, organisation",
        );
        let classes = reader.list(&part, "classes");
        for (class, place) in &classes {
            reader.mention(MentionKind::FindingKind, class, *place);
        }

        let meant_for = reader.list(&part, "meant_for");
        for (purpose, place) in &meant_for {
            reader.mention(MentionKind::Purpose, purpose, *place);
        }

        let name = Category::declared(&id);
        parts.categories.insert(
            name.clone(),
            CategoryRule {
                name,
                label: reader.label(&part, "label"),
                fields,
                source: reader
                    .word(&part, "source", Source::WORDS, Source::parse)
                    .unwrap_or(Source::Person),
                source_detail: Reader::has(&part, "source_detail")
                    .then(|| reader.words(&part, "source_detail")),
                special: reader.flag(&part, "special").unwrap_or(false),
                classes: classes.into_iter().map(|(class, _)| class).collect(),
                meant_for: meant_for
                    .iter()
                    .map(|(purpose, _)| Purpose::declared(purpose))
                    .collect(),
                place: part.place,
            },
        );
    }
}

pub(super) fn purposes_of(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (id, part) in reader.named(root, "purpose") {
        reader.only(&part, &["label", "dpv", "marketing"]);
        let known = purposes::known(&id);
        let dpv = reader
            .text(&part, "dpv")
            .or_else(|| known.map(|known| format!("dpv:{}", known.dpv)));
        let dpv = dpv.unwrap_or_else(|| {
            let mend = match nearest(&id, purposes::names()) {
                Some(near) => format!(
                    "did you mean {near}? Else add dpv = \"dpv:…\", a purpose of the vocabulary"
                ),
                None => "add dpv = \"dpv:…\", a purpose of the Data Privacy Vocabulary".to_owned(),
            };
            reader.faults.error(
                part.place,
                "purpose-without-term",
                format!("purpose {id} is not a known one"),
                mend,
            );
            String::new()
        });
        if let Some(term) = dpv.strip_prefix("dpv:")
            && !purposes::is_term(term)
        {
            let place = reader.value_place(&part, "dpv");
            let mend = match nearest(term, purposes::terms()) {
                Some(near) => format!("did you mean dpv:{near}?"),
                None => "choose a purpose of the Data Privacy Vocabulary 2.3".to_owned(),
            };
            reader.faults.error(
                place,
                "unknown-term",
                format!("{dpv} is not a purpose of the vocabulary"),
                mend,
            );
        }

        let name = Purpose::declared(&id);
        parts.purposes.insert(
            name.clone(),
            PurposeRule {
                name,
                label: reader.label(&part, "label"),
                dpv,
                marketing: known.is_some_and(|known| known.marketing)
                    || reader.flag(&part, "marketing").unwrap_or(false),
                despite_restriction: known.is_some_and(|known| known.despite_restriction),
                place: part.place,
            },
        );
    }
}

pub(super) fn processings(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (index, part) in reader.rows(root, "processing").into_iter().enumerate() {
        reader.only(
            &part,
            &[
                "service",
                "purpose",
                "categories",
                "basis",
                "evidence",
                "interest",
                "ground",
                "dpia",
                "consent",
                "recipients",
                "notice_first",
                "obligatory",
                "otherwise",
                "otherwise_evidence",
                "decided_by",
                "readers",
                "fields",
                "compatibility",
            ],
        );
        let service = mentioned(reader, &part, "service", MentionKind::Service);
        let purpose = mentioned(reader, &part, "purpose", MentionKind::Purpose);
        let categories = reader.list(&part, "categories");
        for (category, place) in &categories {
            reader.mention(MentionKind::Category, category, *place);
        }
        if categories.is_empty() && !reader.is_open(&part, "categories") {
            let mend = "write categories = [\"…\"]: what is processed";
            reader.faults.error(
                part.place,
                "missing-key",
                format!("[{}] has no categories", part.path),
                mend,
            );
        }
        let recipients = reader.list(&part, "recipients");
        for (recipient, place) in &recipients {
            reader.mention(MentionKind::Recipient, recipient, *place);
        }
        reader.must_have(&part, "basis", "write the legal basis: contract, consent, legal_duty, legit, vital, public_task, authority");
        let evidence = reader.text(&part, "evidence");
        let dpia = reader.text(&part, "dpia");
        let compatibility = reader.text(&part, "compatibility");
        let otherwise_evidence = reader.text(&part, "otherwise_evidence");
        let readers = reader.list(&part, "readers");
        for (role, place) in &readers {
            reader.mention(MentionKind::Role, role, *place);
        }
        for (name, key) in [
            (&evidence, "evidence"),
            (&otherwise_evidence, "otherwise_evidence"),
            (&dpia, "dpia"),
            (&compatibility, "compatibility"),
        ] {
            if let Some(name) = name {
                reader.mention(MentionKind::Evidence, name, reader.value_place(&part, key));
            }
        }
        let interest = Reader::has(&part, "interest").then(|| reader.label(&part, "interest"));
        let notice_first = reader.flag(&part, "notice_first");
        let service_rule = parts.services.get(service.as_str());

        parts.processings.push(Processing {
            rule: format!("processing:{service}/{purpose}#{}", index + 1),
            notice_first: notice_first
                .unwrap_or_else(|| service_rule.is_none_or(|service| service.notice_first)),
            service: ServiceName::declared(&service),
            purpose: Purpose::declared(&purpose),
            categories: categories
                .iter()
                .map(|(category, _)| Category::declared(category))
                .collect(),
            basis: reader
                .word(&part, "basis", Basis::WORDS, Basis::parse)
                .unwrap_or(Basis::Consent),
            evidence,
            otherwise: reader.word(&part, "otherwise", Basis::WORDS, Basis::parse),
            otherwise_evidence,
            decided_by: Reader::has(&part, "decided_by").then(|| reader.words(&part, "decided_by")),
            readers: readers.into_iter().map(|(role, _)| role).collect(),
            fields: reader.texts(&part, "fields"),
            interest,
            ground: reader.word(&part, "ground", Article9::WORDS, Article9::parse),
            dpia,
            consent: consent_text(reader, &part),
            compatibility,
            recipients: recipients
                .iter()
                .map(|(recipient, _)| RecipientName::declared(recipient))
                .collect(),
            obligatory: reader.flag(&part, "obligatory").unwrap_or(false),
            place: part.place,
        });
    }
}

pub(super) fn consent_text(
    reader: &mut Reader<'_, '_>,
    part: &Part<'_, '_>,
) -> Option<ConsentText> {
    let written = reader.text(part, "consent")?;
    let Some(text) = ConsentText::parse(&written) else {
        let place = reader.value_place(part, "consent");
        let message = format!(
            "[{}] names consent text {written} without its version",
            part.path
        );
        reader.faults.error(
            place,
            "consent-without-version",
            message,
            "write id@version, such as \"improve@2026-11\"",
        );
        return None;
    };
    Some(text)
}

pub(super) fn retentions(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for part in reader.rows(root, "retention") {
        reader.only(
            &part,
            &[
                "service", "category", "purpose", "when", "claim", "kind", "action", "copies",
                "why", "proposed",
            ],
        );
        let service = mentioned(reader, &part, "service", MentionKind::Service);
        let category = mentioned(reader, &part, "category", MentionKind::Category);
        let purpose = mentioned(reader, &part, "purpose", MentionKind::Purpose);
        let when = when(reader, &part);
        let claim = claim(reader, &part);
        let open = claim.is_none_or(|(_, period)| period.is_none());
        let trigger = claim.map_or(Trigger::Created, |(trigger, _)| trigger);
        let period = claim.and_then(|(_, period)| period).unwrap_or(Period::NONE);
        let condition = when
            .as_ref()
            .map(|(name, value)| format!("[{name}={value}]"))
            .unwrap_or_default();
        let kinds: Vec<&str> = ClaimKind::ALL.iter().map(|(_, word)| *word).collect();
        let actions: Vec<&str> = Action::ALL.iter().map(|(_, word)| *word).collect();

        parts.retentions.push(Retention {
            rule: format!("retention:{service}/{category}/{purpose}{condition}"),
            service: ServiceName::declared(&service),
            category: Category::declared(&category),
            purpose: Purpose::declared(&purpose),
            when,
            trigger,
            period,
            open,
            kind: reader
                .word(&part, "kind", &kinds, ClaimKind::parse)
                .unwrap_or(ClaimKind::AtMost),
            action: reader
                .word(&part, "action", &actions, Action::parse)
                .unwrap_or(Action::Erase),
            copies: reader.texts(&part, "copies"),
            why: reader.words(&part, "why"),
            proposed: reader.flag(&part, "proposed").unwrap_or(false),
            place: part.place,
        });
    }
}

fn when(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>) -> Option<(String, String)> {
    let written = reader.text(part, "when")?;
    let split = written
        .split_once('=')
        .map(|(name, value)| (name.trim(), value.trim()));
    if let Some((name @ "history", value @ ("on" | "off"))) = split {
        return Some((name.to_owned(), value.to_owned()));
    }

    let place = reader.value_place(part, "when");
    let message = format!(
        "[{}] has a condition that nothing decides: {written}",
        part.path
    );
    let mend = "write \"history=on\" or \"history=off\"";
    reader
        .faults
        .error(place, "unknown-condition", message, mend);
    None
}

/// `created + 30d`, `account_deleted + 1month`, or a trigger alone; without a period if that is still open.
pub(super) fn claim(
    reader: &mut Reader<'_, '_>,
    part: &Part<'_, '_>,
) -> Option<(Trigger, Option<Period>)> {
    reader.must_have(
        part,
        "claim",
        "write the event and the period, such as claim = \"created + 30d\"",
    );
    let written = reader.text(part, "claim")?;
    let place = reader.value_place(part, "claim");
    let (event, period) = match written.split_once('+') {
        Some((event, period)) => (event.trim(), Some(period.trim())),
        None => (written.as_str(), None),
    };

    let Some(trigger) = Trigger::parse(event) else {
        let words = Trigger::ALL.iter().map(|(_, word)| *word);
        let mend = match nearest(event, words.clone()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("known: {}", words.collect::<Vec<_>>().join(", ")),
        };
        reader.faults.error(
            place,
            "unknown-trigger",
            format!("[{}] counts from an unknown event {event}", part.path),
            mend,
        );
        return None;
    };
    let period = match period {
        Some("?" | "open") => {
            let open = Open {
                key: format!("{}.claim", part.path),
                place,
            };
            reader.faults.error(
                place,
                "open-value",
                format!("{} is still open", open.key),
                "write the period",
            );
            reader.open.push(open);
            return Some((trigger, None));
        }
        Some(period) => period.parse().ok(),
        None if needs_period(trigger) => None,
        None => Some(Period::NONE),
    };
    if period.is_none() {
        let mend = "write a period after it: 72h, 30d, 6months or 7y, or 0 for at once";
        reader.faults.error(
            place,
            "period-missing",
            format!("[{}] has no period that can be read", part.path),
            mend,
        );
    }
    Some((trigger, period))
}

/// Whether a trigger alone says nothing about the end.
fn needs_period(trigger: Trigger) -> bool {
    matches!(
        trigger,
        Trigger::Created
            | Trigger::FirstMessage
            | Trigger::LastActivity
            | Trigger::FiscalYearEnd
            | Trigger::CalendarYearEnd
    )
}
