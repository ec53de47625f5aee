//! The sections about recipients, and what the register changes in the policy for them.

use crate::claim::Period;
use crate::personal::RecipientName;
use crate::register::Parts;
use crate::register::model::{Destination, Mechanism, PolicyProfile, Recipient, RecipientKind};
use crate::register::read::{MentionKind, Part, Reader};

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

pub(super) fn recipients(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
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
                "tia",
                "stores_input",
                "residual",
                "trains",
                "base_url",
                "fields",
                "deletes",
                "sub_processors",
                "proposed",
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
            reader.mention(MentionKind::Contract, dpa, reader.value_place(&part, "dpa"));
        }
        let tia = reader.text(&part, "tia");
        if let Some(tia) = &tia {
            reader.mention(MentionKind::Evidence, tia, reader.value_place(&part, "tia"));
        }
        let base_url = base_url(reader, &part, &id);
        let residual = residual(reader, &part);
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
                tia,
                stores_input: reader.flag(&part, "stores_input").unwrap_or(true),
                residual,
                trains: reader.flag(&part, "trains").unwrap_or(true),
                base_url,
                fields: reader.texts(&part, "fields"),
                deletes: reader.flag(&part, "deletes"),
                sub_processors: reader.texts(&part, "sub_processors"),
                proposed: reader.flag(&part, "proposed").unwrap_or(false),
                place: part.place,
            },
        );
    }
}

/// Where a recipient is reached.
fn base_url(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>, id: &str) -> Option<String> {
    let url = reader.text(part, "base_url")?;
    if !is_web_address(&url) {
        let place = reader.value_place(part, "base_url");
        let message = format!("recipient {id} has an address that cannot be used");
        reader.faults.error(
            place,
            "bad-address",
            message,
            "write https://host[:port][/path], without a name or password in it",
        );
    }
    Some(url)
}

/// How long a recipient keeps what it gets.
fn residual(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>) -> Option<Period> {
    let text = reader.text(part, "residual")?;
    let period = text.parse().ok();
    if period.is_none() {
        let place = reader.value_place(part, "residual");
        let message = format!("[{}].residual is not a period", part.path);
        reader
            .faults
            .error(place, "bad-period", message, "write a period such as 30d");
    }
    period
}

pub(super) fn policy(reader: &mut Reader<'_, '_>, root: &Part<'_, '_>, parts: &mut Parts) {
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
