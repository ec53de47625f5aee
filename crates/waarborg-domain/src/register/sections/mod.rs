//! Reads the sections of a register into checked types.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::model::{
    Address, Article9, AutomatedDecisions, Basis, CategoryRule, ConsentText, Contact, Controller,
    ControllerKind, Destination, History, Mechanism, PolicyProfile, Processing, PurposeRule,
    Recipient, RecipientKind, Retention, Role, Service, Source, SpecialCategories,
};
use super::read::{Mention, MentionKind, Part, Reader};
use super::{Faults, Head, Parts, Place};
use crate::claim::{Action, ClaimKind, Period, Trigger};
use crate::law::purposes;
use crate::personal::{Category, Purpose, RecipientName, ServiceName};

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
    "log",
    "table",
    "route",
    "cookie",
    "message",
    "policy",
    "notice",
    "evidence",
    "consent",
];

/// What the policy can do with a finding.
const VERDICTS: &[&str] = &[
    "allow",
    "warn",
    "pseudonymise",
    "redact",
    "second-person",
    "block",
    "with-ground",
    "if-pseudonymised",
];

/// What was read, with what it mentions.
pub(super) type Read = (Head, Parts, Vec<Mention>);

/// Reads a register; `None` if not even its syntax holds.
pub(super) fn read(source: &str, faults: &mut Faults<'_>) -> Option<Read> {
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

    let mut reader = Reader::of(faults);
    let root = reader.root(document.get_ref());
    reader.only(&root, SECTIONS);

    let head = head(&mut reader, &root, source);
    let mut parts = Parts::default();
    controllers(&mut reader, &root, &mut parts);
    services(&mut reader, &root, &mut parts);
    categories(&mut reader, &root, &mut parts);
    purposes_of(&mut reader, &root, &mut parts);
    processings(&mut reader, &root, &mut parts);
    retentions(&mut reader, &root, &mut parts);
    recipients(&mut reader, &root, &mut parts);
    policy(&mut reader, &root, &mut parts);
    running::read(&mut reader, &root, &mut parts);

    parts.open = std::mem::take(&mut reader.open);
    let mentions = std::mem::take(&mut reader.mentions);
    if errors.is_empty() {
        Some((head, parts, mentions))
    } else {
        None
    }
}

fn head(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, source: &str) -> Head {
    let digest = Sha256::digest(source.as_bytes())
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
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
        if privacy
            .as_ref()
            .is_none_or(|privacy| privacy.mail.is_none() && privacy.url.is_none())
        {
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
            place: part.place,
            id,
        });
    }
}

fn contact(reader: &mut Reader<'_, '_>, above: &Part<'_, '_>, key: &str) -> Option<Contact> {
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
        name: reader.text(&part, "name").unwrap_or_default(),
        mail,
        phone: reader.text(&part, "phone"),
        post: reader.text(&part, "post"),
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
        let minimum_age = reader
            .number(&part, "minimum_age", 21)
            .and_then(|age| u8::try_from(age).ok());

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
                minimum_age: minimum_age.unwrap_or(0),
                place: part.place,
            },
        );
    }
}

fn categories(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
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
                source_detail: reader.text(&part, "source_detail"),
                special: reader.flag(&part, "special").unwrap_or(false),
                classes: classes.into_iter().map(|(class, _)| class).collect(),
                place: part.place,
            },
        );
    }
}

fn purposes_of(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (id, part) in reader.named(root, "purpose") {
        reader.only(&part, &["label", "dpv", "marketing"]);
        let known = purposes::known(&id);
        let dpv = reader
            .text(&part, "dpv")
            .or_else(|| known.map(|known| format!("dpv:{}", known.dpv)));
        let dpv = dpv.unwrap_or_else(|| {
            let mend = match super::nearest(&id, purposes::names()) {
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
            let mend = match super::nearest(term, purposes::terms()) {
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

fn processings(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
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
        for (name, key) in [(&evidence, "evidence"), (&dpia, "dpia")] {
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
            interest,
            ground: reader.word(&part, "ground", Article9::WORDS, Article9::parse),
            dpia,
            consent: consent_text(reader, &part),
            recipients: recipients
                .iter()
                .map(|(recipient, _)| RecipientName::declared(recipient))
                .collect(),
            obligatory: reader.flag(&part, "obligatory").unwrap_or(false),
            place: part.place,
        });
    }
}

fn consent_text(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>) -> Option<ConsentText> {
    let written = reader.text(part, "consent")?;
    let split = written
        .split_once('@')
        .filter(|(id, version)| !id.is_empty() && !version.is_empty());
    let Some((id, version)) = split else {
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
    Some(ConsentText {
        id: id.to_owned(),
        version: version.to_owned(),
    })
}

fn retentions(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for part in reader.rows(root, "retention") {
        reader.only(
            &part,
            &[
                "service", "category", "purpose", "when", "claim", "kind", "action", "copies",
                "why",
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
            place: part.place,
        });
    }
}

fn when(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>) -> Option<(String, String)> {
    let written = reader.text(part, "when")?;
    let split = written
        .split_once('=')
        .map(|(name, value)| (name.trim(), value.trim()));
    match split {
        Some((name @ "history", value @ ("on" | "off"))) => {
            Some((name.to_owned(), value.to_owned()))
        }
        _ => {
            let place = reader.value_place(part, "when");
            let message = format!(
                "[{}] has a condition that nothing decides: {written}",
                part.path
            );
            reader.faults.error(
                place,
                "unknown-condition",
                message,
                "write \"history=on\" or \"history=off\"",
            );
            None
        }
    }
}

/// `created + 30d`, `account_deleted + 1month`, or a trigger alone; without a period if that is still open.
fn claim(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>) -> Option<(Trigger, Option<Period>)> {
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
        let mend = match super::nearest(event, words.clone()) {
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
            let open = super::Open {
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

fn recipients(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    for (id, part) in reader.named(root, "recipient") {
        reader.only(
            &part,
            &[
                "label",
                "kind",
                "provider",
                "model",
                "country",
                "destination",
                "mechanism",
                "valid_from",
                "valid_until",
                "dpa",
                "stores_input",
                "residual",
                "trains",
                "base_url",
                "fields",
            ],
        );
        reader.must_have(
            &part,
            "kind",
            "write what it is: llm, hosting, processor, controller, authority, internal",
        );
        reader.must_have(
            &part,
            "destination",
            "write where it stands: own, eu, outside-eu, public",
        );
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
        let dpa = reader.text(&part, "dpa");
        if let Some(dpa) = &dpa {
            reader.mention(MentionKind::Evidence, dpa, reader.value_place(&part, "dpa"));
        }
        let base_url = reader.text(&part, "base_url");
        if let Some(url) = &base_url
            && !is_web_address(url)
        {
            let place = reader.value_place(&part, "base_url");
            let message = format!("recipient {id} has an address that cannot be used");
            reader.faults.error(
                place,
                "bad-address",
                message,
                "write https://host[:port][/path], without a name or password in it",
            );
        }
        let residual = reader.text(&part, "residual").and_then(|text| {
            let period = text.parse().ok();
            if period.is_none() {
                let place = reader.value_place(&part, "residual");
                let mend = "write a period such as 30d";
                reader.faults.error(
                    place,
                    "bad-period",
                    format!("[{}].residual is not a period", part.path),
                    mend,
                );
            }
            period
        });
        let destination = reader.word(&part, "destination", Destination::WORDS, Destination::parse);

        let name = RecipientName::declared(&id);
        parts.recipients.insert(
            name.clone(),
            Recipient {
                name,
                label: reader.label(&part, "label"),
                kind: reader
                    .word(&part, "kind", RecipientKind::WORDS, RecipientKind::parse)
                    .unwrap_or(RecipientKind::Processor),
                provider: reader.text(&part, "provider"),
                model: reader.text(&part, "model"),
                country,
                destination: destination.unwrap_or(Destination::Public),
                mechanism: reader.word(&part, "mechanism", Mechanism::WORDS, Mechanism::parse),
                valid_from: reader.date(&part, "valid_from"),
                valid_until: reader.date(&part, "valid_until"),
                dpa,
                stores_input: reader.flag(&part, "stores_input").unwrap_or(true),
                residual,
                trains: reader.flag(&part, "trains").unwrap_or(true),
                base_url,
                fields: reader.texts(&part, "fields"),
                place: part.place,
            },
        );
    }
}

fn policy(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
    let Some(part) = reader.part(root, "policy") else {
        return;
    };
    reader.only(&part, &["profile", "override"]);
    parts.profile = reader.word(&part, "profile", PolicyProfile::WORDS, PolicyProfile::parse);
    for row in reader.rows(&part, "override") {
        reader.only(&row, &["kind", "destination", "verdict", "why"]);
        let kind = reader.need(&row, "kind", "name the kind of finding, such as \"PERSON\"");
        reader.mention(
            MentionKind::FindingKind,
            &kind,
            reader.value_place(&row, "kind"),
        );
        let destination = reader.word(&row, "destination", Destination::WORDS, Destination::parse);
        let words = VERDICTS;
        let known = |word: &str| {
            words
                .iter()
                .find(|known| **known == word)
                .map(|known| (*known).to_owned())
        };
        let verdict: Option<String> = reader.text(&row, "verdict").and_then(|word| {
            known(&word).or_else(|| {
                let place = reader.value_place(&row, "verdict");
                let mend = format!("possible: {}", words.join(", "));
                reader.faults.error(
                    place,
                    "unknown-value",
                    format!("[{}].verdict cannot be {word:?}", row.path),
                    mend,
                );
                None
            })
        });
        reader.need(&row, "why", "write why the matrix is changed here");
        if let (Some(destination), Some(verdict)) = (destination, verdict) {
            parts
                .overrides
                .push((kind, destination.as_str().to_owned(), verdict));
        }
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

/// An address with a scheme and a host and nothing secret in it.
fn is_web_address(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split('/').next().unwrap_or("");
        !host.is_empty() && !host.contains(['@', ' ', '?', '#'])
    })
}
