//! Reads the sections of a register into checked types.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::model::{
    Address, AutomatedDecisions, Contact, Controller, ControllerKind, History, Role, Service,
    SpecialCategories,
};
use super::read::{Mention, MentionKind, Part, Reader, Reading};
use super::{Faults, Head, Parts, Place};
use crate::personal::ServiceName;

mod governance;
mod matrix;
mod recipients;
mod running;

/// The languages that a text can be given in.
pub(super) const LANGUAGES: &[&str] = &["nl", "en", "de", "fr", "sv"];

/// Every section that a register can have.
const SECTIONS: &[&str] = &[
    "register",
    "controller",
    "service",
    "category",
    "purpose",
    "processing",
    "retention",
    "recipient",
    "disclosure",
    "joint",
    "log",
    "table",
    "route",
    "cookie",
    "message",
    "term",
    "role",
    "group",
    "duty",
    "measure",
    "backup",
    "overlay",
    "policy",
    "notice",
    "evidence",
    "consent",
];

/// What was read, with what it mentions.
pub(super) type Read = (Head, Parts, Vec<Mention>);

/// Reads a register; `None` if not even its syntax holds.
pub(super) fn read(source: &str, faults: &mut Faults<'_>, reading: Reading) -> Option<Read> {
    let (document, errors) = DeTable::parse_recoverable(source);
    for error in &errors {
        let place = faults.place(error.span().map_or(0, |span| span.start));
        faults.error(
            place,
            "syntax",
            error.message().to_owned(),
            "mend the TOML here",
        );
    }

    let mut reader = Reader::of(faults, reading);
    let root = reader.root(document.get_ref());
    reader.only(&root, SECTIONS);

    let head = head(&mut reader, &root, source);
    let mut parts = Parts::default();
    controllers(&mut reader, &root, &mut parts);
    services(&mut reader, &root, &mut parts);
    matrix::categories(&mut reader, &root, &mut parts);
    matrix::purposes_of(&mut reader, &root, &mut parts);
    matrix::processings(&mut reader, &root, &mut parts);
    matrix::retentions(&mut reader, &root, &mut parts);
    recipients::recipients(&mut reader, &root, &mut parts);
    recipients::policy(&mut reader, &root, &mut parts);
    running::read(&mut reader, &root, &mut parts);
    governance::read(&mut reader, &root, &mut parts);

    parts.open = std::mem::take(&mut reader.open);
    if reading == Reading::ToShow {
        parts.open.append(&mut reader.placeholders);
    }
    let mentions = std::mem::take(&mut reader.mentions);
    if errors.is_empty() {
        Some((head, parts, mentions))
    } else {
        None
    }
}

/// The digest of a file, in hexadecimal.
pub(super) fn digest(source: &str) -> String {
    Sha256::digest(source.as_bytes())
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn head(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, source: &str) -> Head {
    let digest = digest(source);
    let Some(part) = reader.part(root, "register") else {
        let mend = "add [register] with name, version, languages, effective";
        reader.faults.error(
            root.place,
            "missing-section",
            "the register has no head [register]",
            mend,
        );
        return Head::empty(digest);
    };
    reader.only(
        &part,
        &[
            "name",
            "version",
            "languages",
            "address",
            "published",
            "effective",
            "previous",
            "zone",
        ],
    );

    let name = reader.need(
        &part,
        "name",
        "write the name of the organisation as people know it",
    );
    let declared_version = reader.need(&part, "version", "write a version, such as \"2026-11.1\"");
    let languages = reader.list(&part, "languages");
    for (language, place) in &languages {
        if !LANGUAGES.contains(&language.as_str()) {
            let mend = format!("known: {}", LANGUAGES.join(", "));
            reader.faults.error(
                *place,
                "unknown-language",
                format!("language {language} is not known"),
                mend,
            );
        }
    }
    if languages.is_empty() {
        reader.must_have(
            &part,
            "languages",
            "write languages = [\"nl\", \"en\"]; the first is the default",
        );
    }
    let zone = reader
        .text(&part, "zone")
        .unwrap_or_else(|| "Europe/Amsterdam".to_owned());
    if jiff::tz::TimeZone::get(&zone).is_err() {
        let place = reader.value_place(&part, "zone");
        let mend = "write a name of the time zone database, such as \"Europe/Amsterdam\"";
        reader.faults.error(
            place,
            "unknown-zone",
            format!("time zone {zone} is not known"),
            mend,
        );
    }
    reader.must_have(
        &part,
        "effective",
        "write the day on which it takes effect, such as \"2026-11-21\"",
    );

    let short = digest.get(..8).unwrap_or(&digest);
    Head {
        name,
        version: format!("{declared_version}+{short}"),
        declared_version,
        languages: languages
            .into_iter()
            .map(|(language, _)| language)
            .collect(),
        address: reader
            .word(&part, "address", Address::WORDS, Address::parse)
            .unwrap_or(Address::Formal),
        published: reader.date(&part, "published"),
        effective: reader.date(&part, "effective"),
        previous: reader.text(&part, "previous"),
        zone,
        draft: false,
        digest,
        place: part.place,
    }
}

fn controllers(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (id, part) in reader.named(root, "controller") {
        reader.only(
            &part,
            &[
                "name",
                "kind",
                "address",
                "country",
                "residences",
                "privacy",
                "human",
                "officer",
                "representative",
                "authority",
                "doubt_pauses",
            ],
        );
        let residences = reader.list(&part, "residences");
        for (residence, place) in &residences {
            reader.mention(MentionKind::Residence, residence, *place);
        }
        let country = reader.need(
            &part,
            "country",
            "write the country as two letters, such as \"NL\"",
        );
        reader.mention(
            MentionKind::Country,
            &country,
            reader.value_place(&part, "country"),
        );
        let authority = reader.need(
            &part,
            "authority",
            "name the supervisory authority, such as \"NL-AP\"",
        );
        reader.mention(
            MentionKind::Authority,
            &authority,
            reader.value_place(&part, "authority"),
        );
        let privacy = contact(reader, &part, "privacy");
        let is_reached = privacy.as_ref().is_some_and(|privacy| {
            let ways = [&privacy.mail, &privacy.phone, &privacy.url];
            ways.iter().any(|way| way.is_some()) || privacy.post.is_some()
        });
        if !is_reached {
            let mend = "add privacy = { name = \"…\", mail = \"…\" }: people must be able to reach the controller";
            let message = format!("controller {id} has no way to be reached about privacy");
            reader
                .faults
                .error(part.place, "contact-missing", message, mend);
        }

        parts.controllers.push(Controller {
            name: reader.need(&part, "name", "write the legal name of the organisation"),
            kind: reader
                .word(&part, "kind", ControllerKind::WORDS, ControllerKind::parse)
                .unwrap_or(ControllerKind::Company),
            address: reader.need(
                &part,
                "address",
                "write the postal address of the organisation",
            ),
            country,
            residences: residences
                .into_iter()
                .map(|(residence, _)| residence)
                .collect(),
            privacy: privacy.unwrap_or_default(),
            human: contact(reader, &part, "human"),
            officer: contact(reader, &part, "officer"),
            representative: contact(reader, &part, "representative"),
            authority,
            doubt_pauses: Reader::has(&part, "doubt_pauses")
                .then(|| reader.words(&part, "doubt_pauses")),
            place: part.place,
            id,
        });
    }
}

pub(super) fn contact(
    reader: &mut Reader<'_, '_>,
    above: &Part<'_, '_>,
    key: &str,
) -> Option<Contact> {
    let part = reader.part(above, key)?;
    reader.only(&part, &["name", "mail", "phone", "post", "url"]);
    let mail = reader.text(&part, "mail");
    if let Some(mail) = &mail
        && !mail
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    {
        let place = reader.value_place(&part, "mail");
        let message = format!("{}.mail is not a mail address", part.path);
        reader.faults.error(
            place,
            "bad-address",
            message,
            "write an address such as privacy@example.org",
        );
    }

    Some(Contact {
        name: reader.words(&part, "name"),
        mail,
        phone: reader.text(&part, "phone"),
        post: Reader::has(&part, "post").then(|| reader.words(&part, "post")),
        url: reader.text(&part, "url"),
    })
}

fn services(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (id, part) in reader.named(root, "service") {
        reader.only(
            &part,
            &[
                "label",
                "notice",
                "role",
                "automated_decisions",
                "special_categories",
                "history",
                "notice_first",
                "ai",
                "minimum_age",
                "guardian_age",
                "people",
                "principal",
                "decision",
                "stays_in",
            ],
        );
        let notice = reader.need(
            &part,
            "notice",
            "name the notice of this service; it is declared as [notice.<id>]",
        );
        reader.mention(
            MentionKind::Notice,
            &notice,
            reader.value_place(&part, "notice"),
        );
        reader.must_have(
            &part,
            "role",
            "write role = \"controller\" or \"processor\"",
        );
        reader.must_have(
            &part,
            "automated_decisions",
            "write \"none\", \"human_review\" or \"art22\"",
        );
        reader.must_have(
            &part,
            "special_categories",
            "write \"forbidden\" or \"conditions\"",
        );
        let decisions = reader.word(
            &part,
            "automated_decisions",
            AutomatedDecisions::WORDS,
            AutomatedDecisions::parse,
        );
        let special = reader.word(
            &part,
            "special_categories",
            SpecialCategories::WORDS,
            SpecialCategories::parse,
        );
        let mut age = |key| {
            let age = reader.number(&part, key, 21);
            age.and_then(|age| u8::try_from(age).ok()).unwrap_or(0)
        };
        let (minimum_age, guardian_age) = (age("minimum_age"), age("guardian_age"));

        let stays_in = reader.list(&part, "stays_in");
        for (place, at) in &stays_in {
            reader.mention(MentionKind::Residence, place, *at);
        }

        let name = ServiceName::declared(&id);
        parts.services.insert(
            name.clone(),
            Service {
                name,
                label: reader.label(&part, "label"),
                notice,
                role: reader
                    .word(&part, "role", Role::WORDS, Role::parse)
                    .unwrap_or(Role::Controller),
                automated_decisions: decisions.unwrap_or(AutomatedDecisions::HumanReview),
                special_categories: special.unwrap_or(SpecialCategories::Forbidden),
                history: reader
                    .word(&part, "history", History::WORDS, History::parse)
                    .unwrap_or(History::None),
                notice_first: reader.flag(&part, "notice_first").unwrap_or(true),
                ai: reader.flag(&part, "ai").unwrap_or(false),
                minimum_age,
                guardian_age,
                people: reader.words(&part, "people"),
                principal: Reader::has(&part, "principal")
                    .then(|| reader.words(&part, "principal")),
                decision: Reader::has(&part, "decision").then(|| reader.words(&part, "decision")),
                stays_in: stays_in.into_iter().map(|(place, _)| place).collect(),
                place: part.place,
            },
        );
    }
}

/// A name that must be declared elsewhere.
pub(super) fn mentioned(
    reader: &mut Reader<'_, '_>,
    part: &Part<'_, '_>,
    key: &str,
    kind: MentionKind,
) -> String {
    let name = reader.need(part, key, &format!("name the {key}"));
    let place: Place = reader.value_place(part, key);
    reader.mention(kind, &name, place);
    name
}
