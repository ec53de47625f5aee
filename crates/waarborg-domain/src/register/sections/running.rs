//! The sections that say what runs: logs, tables, routes, cookies, messages, evidence and notices.

use std::collections::BTreeMap;

use super::super::Parts;
use super::super::model::{
    Carried, ConsentRule, Cookie, CookieClass, Evidence, Label, LogStream, Message, MessageClass,
    NoticeRule, ReminderMode, Route, Table, TableKeeps, Term,
};
use super::super::read::{MentionKind, Part, Reader};
use super::mentioned;
use crate::claim::{Period, Trigger};
use crate::personal::{Category, Purpose, ServiceName};

pub(super) fn read(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    logs(reader, root, parts);
    tables(reader, root, parts);
    routes(reader, root, parts);
    cookies(reader, root, parts);
    messages(reader, root, parts);
    terms(reader, root, parts);
    evidence(reader, root, parts);
    consents(reader, root, parts);
    notices(reader, root, parts);
}

fn logs(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "log") {
        reader.only(
            &part,
            &["fields", "personal", "reason", "period", "readers"],
        );
        let stream = LogStream {
            fields: reader.texts(&part, "fields"),
            personal: reader.texts(&part, "personal"),
            reason: reason(reader, &part),
            period: period(
                reader,
                &part,
                "period",
                "write how long lines live, such as period = \"30d\"",
            ),
            readers: reader.texts(&part, "readers"),
            place: part.place,
            name: name.clone(),
        };
        for field in &stream.personal {
            if !stream.fields.contains(field) {
                let message =
                    format!("log stream {name} calls {field} personal but does not have it");
                reader.faults.error(
                    part.place,
                    "log-field-unknown",
                    message,
                    "add it to fields, or remove it from personal",
                );
            }
        }
        parts.logs.insert(name, stream);
    }
}

fn reason(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>) -> Label {
    reader.must_have(part, "reason", "write why this stream exists");
    reader.words(part, "reason")
}

fn tables(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "table") {
        reader.only(&part, &["holder", "keeps", "categories", "retention"]);
        let categories = reader.list(&part, "categories");
        for (category, place) in &categories {
            reader.mention(MentionKind::Category, category, *place);
        }
        reader.must_have(
            &part,
            "keeps",
            "write what it keeps: structure, sealed, pseudonymous, keys, counters",
        );
        let keeps = reader
            .word(&part, "keeps", TableKeeps::WORDS, TableKeeps::parse)
            .unwrap_or(TableKeeps::Structure);
        if keeps == TableKeeps::Sealed && categories.is_empty() {
            let message = format!("table {name} keeps sealed personal data of no category");
            reader.faults.error(
                part.place,
                "table-without-category",
                message,
                "write categories = [\"…\"]",
            );
        }
        let table = Table {
            holder: reader.need(
                &part,
                "holder",
                "name the place that exports, restricts and erases it",
            ),
            keeps,
            categories: categories
                .iter()
                .map(|(category, _)| Category::declared(category))
                .collect(),
            retention: reader.need(
                &part,
                "retention",
                "write which retention applies, such as \"claims\"",
            ),
            place: part.place,
            name: name.clone(),
        };
        parts.tables.insert(name, table);
    }
}

fn routes(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for part in reader.rows(root, "route") {
        reader.only(&part, &["path", "methods", "service", "collects"]);
        let path = reader.need(
            &part,
            "path",
            "write the path, such as \"/v1/chat/completions\"",
        );
        if !path.is_empty() && !path.starts_with('/') {
            let place = reader.value_place(&part, "path");
            reader.faults.error(
                place,
                "bad-path",
                format!("route {path} does not start with /"),
                "start it with /",
            );
        }
        let service = mentioned(reader, &part, "service", MentionKind::Service);
        let collects = reader.list(&part, "collects");
        for (category, place) in &collects {
            reader.mention(MentionKind::Category, category, *place);
        }
        let mut methods = reader.texts(&part, "methods");
        if methods.is_empty() {
            methods.push("POST".to_owned());
        }
        if let Some(twin) = parts.routes.iter().find(|route| {
            route.path == path && route.methods.iter().any(|method| methods.contains(method))
        }) {
            let message = format!(
                "route {path} is declared twice, first on line {}",
                twin.place.line
            );
            reader
                .faults
                .error(part.place, "duplicate", message, "keep one of the two");
        }
        parts.routes.push(Route {
            path,
            methods,
            service: ServiceName::declared(&service),
            collects: collects
                .iter()
                .map(|(category, _)| Category::declared(category))
                .collect(),
            place: part.place,
        });
    }
}

fn cookies(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "cookie") {
        reader.only(&part, &["class", "max_age", "label"]);
        reader.must_have(
            &part,
            "class",
            "write necessary, functional, performance or advertising",
        );
        let class = reader.word(&part, "class", CookieClass::WORDS, CookieClass::parse);
        let session = matches!(reader.text(&part, "max_age").as_deref(), Some("session"));
        let max_age = if session {
            Period::NONE
        } else {
            period(
                reader,
                &part,
                "max_age",
                "write how long it lives, such as max_age = \"12h\", or \"session\"",
            )
        };
        parts.cookies.push(Cookie {
            class: class.unwrap_or(CookieClass::Advertising),
            max_age,
            open: reader.is_open(&part, "max_age"),
            label: reader.label(&part, "label"),
            place: part.place,
            name,
        });
    }
}

fn messages(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "message") {
        reader.only(
            &part,
            &[
                "class",
                "window",
                "max",
                "marketing_part",
                "mode",
                "service",
                "purpose",
                "category",
            ],
        );
        reader.must_have(
            &part,
            "class",
            "write legal, service, reminder, survey or marketing",
        );
        let class = reader.word(&part, "class", MessageClass::WORDS, MessageClass::parse);
        let carried = carried(reader, &part);
        parts.messages.push(Message {
            class: class.unwrap_or(MessageClass::Marketing),
            window: window(reader, &part),
            max: reader.number(&part, "max", 1000),
            marketing_part: reader.text(&part, "marketing_part"),
            mode: reader.word(&part, "mode", ReminderMode::WORDS, ReminderMode::parse),
            carried,
            place: part.place,
            name,
        });
    }
}

/// As what the program sends a message itself, where it does.
fn carried(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>) -> Option<Carried> {
    let is_said = ["service", "purpose", "category"]
        .iter()
        .any(|key| reader.text(part, key).is_some());
    is_said.then(|| Carried {
        service: ServiceName::declared(&mentioned(reader, part, "service", MentionKind::Service)),
        purpose: Purpose::declared(&mentioned(reader, part, "purpose", MentionKind::Purpose)),
        category: Category::declared(&mentioned(reader, part, "category", MentionKind::Category)),
    })
}

/// `trial_ended .. trial_ended + 14d`: from one event to another, or so long after it.
fn window(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>) -> Option<String> {
    let written = reader.text(part, "window")?;
    let is_edge = |edge: &str| {
        let (event, period) = match edge.split_once('+') {
            Some((event, period)) => (event.trim(), Some(period)),
            None => (edge.trim(), None),
        };
        Trigger::parse(event).is_some()
            && period.is_none_or(|period| period.parse::<Period>().is_ok())
    };
    let is_window = written
        .split_once("..")
        .is_some_and(|(from, until)| is_edge(from) && is_edge(until));
    if !is_window {
        let place = reader.value_place(part, "window");
        let message = format!("[{}].window is not a window", part.path);
        let mend =
            "write two events with .. between them, such as \"trial_ended .. trial_ended + 14d\"";
        reader.faults.error(place, "bad-window", message, mend);
    }
    Some(written)
}

fn terms(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "term") {
        reader.only(&part, &["period", "times", "why", "kept"]);
        reader.must_have(&part, "why", "write why it is that long");
        let term = Term {
            period: period(
                reader,
                &part,
                "period",
                "write how long it is, such as period = \"24h\"",
            ),
            times: reader.number(&part, "times", 100),
            why: reader.words(&part, "why"),
            kept: Reader::has(&part, "kept").then(|| reader.words(&part, "kept")),
            place: part.place,
            name: name.clone(),
        };
        parts.terms.insert(name, term);
    }
}

/// What a piece of evidence can be.
const KINDS: &[&str] = &[
    "contract",
    "statute",
    "lia",
    "dpia",
    "dpa",
    "tia",
    "policy",
    "compatibility",
];

fn evidence(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "evidence") {
        reader.only(&part, &["kind", "title", "date", "review", "url", "covers"]);
        let known = |word: &str| {
            KINDS
                .iter()
                .find(|kind| **kind == word)
                .map(|kind| (*kind).to_owned())
        };
        reader.must_have(
            &part,
            "kind",
            "write contract, statute, lia, dpia, dpa, tia, policy or compatibility",
        );
        let kind = reader.word(&part, "kind", KINDS, known).unwrap_or_default();
        reader.must_have(&part, "title", "write title = { nl = \"…\", en = \"…\" }");
        let piece = Evidence {
            kind,
            title: reader.label(&part, "title"),
            date: reader.date(&part, "date"),
            review: reader.date(&part, "review"),
            url: reader.text(&part, "url"),
            covers: reader.texts(&part, "covers"),
            place: part.place,
            name: name.clone(),
        };
        parts.evidence.insert(name, piece);
    }
}

fn consents(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (id, part) in reader.named(root, "consent") {
        reader.only(&part, &["version", "text"]);
        reader.must_have(
            &part,
            "text",
            "write text = { nl = \"…\", en = \"…\" }: the words that people see",
        );
        let rule = ConsentRule {
            version: reader.need(
                &part,
                "version",
                "write the version of the words, such as \"2026-11\"",
            ),
            text: reader.label(&part, "text"),
            place: part.place,
            id: id.clone(),
        };
        parts.consents.insert(id, rule);
    }
}

fn notices(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (name, part) in reader.named(root, "notice") {
        reader.only(&part, &["sections", "texts"]);
        let mut texts = BTreeMap::new();
        if let Some(free) = reader.part(&part, "texts") {
            for section in free.keys() {
                texts.insert(section.clone(), reader.label(&free, &section));
            }
        }
        let rule = NoticeRule {
            sections: reader.list(&part, "sections"),
            texts,
            place: part.place,
            name: name.clone(),
        };
        parts.notices.insert(name, rule);
    }
}

/// A period that must be there.
pub(super) fn period(
    reader: &mut Reader<'_, '_>,
    part: &Part<'_, '_>,
    key: &str,
    mend: &str,
) -> Period {
    reader.must_have(part, key, mend);
    let Some(written) = reader.text(part, key) else {
        return Period::NONE;
    };
    written.parse().unwrap_or_else(|_| {
        let place = reader.value_place(part, key);
        reader.faults.error(
            place,
            "bad-period",
            format!("[{}].{key} is not a period", part.path),
            "write 72h, 30d, 6months or 1y",
        );
        Period::NONE
    })
}
