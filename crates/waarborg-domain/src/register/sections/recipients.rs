//! The sections about recipients, and what the register changes in the policy for them.

use crate::claim::Period;
use crate::personal::RecipientName;
use crate::policy::{Cell, Change, Subject, ToolRow};
use crate::register::Parts;
use crate::register::model::{
    Destination, Mechanism, PolicyProfile, Recipient, RecipientKind, SurrogateForm,
};
use crate::register::read::{MentionKind, Part, Reader};

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
                "group",
                "follows",
                "left",
                "erased",
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
        let group = group(reader, &part);
        let erased = reader.text(&part, "erased");
        if let Some(erased) = &erased {
            let place = reader.value_place(&part, "erased");
            reader.mention(MentionKind::Evidence, erased, place);
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
                group,
                left: reader.date(&part, "left"),
                erased,
                proposed: reader.flag(&part, "proposed").unwrap_or(false),
                place: part.place,
            },
        );
    }
}

/// Which version one of the group took on.
fn group(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>) -> Option<String> {
    let follows = reader.text(part, "follows");
    let is_of_it = reader.flag(part, "group").unwrap_or(false);
    is_of_it.then(|| follows.unwrap_or_default())
}

/// Where a recipient is reached.
fn base_url(reader: &mut Reader<'_, '_>, part: &Part<'_, '_>, id: &str) -> Option<String> {
    let url = reader.text(part, "base_url")?;
    let is_model = reader.text(part, "kind").as_deref() == Some("llm");
    if !is_web_address(&url) && (is_model || !is_mail_server(&url)) {
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
    reader.only(&part, &["profile", "surrogates", "override", "tool"]);
    parts.policy_place = part.place;
    parts.profile = reader.word(&part, "profile", PolicyProfile::WORDS, PolicyProfile::parse);
    parts.surrogates = reader.word(
        &part,
        "surrogates",
        SurrogateForm::WORDS,
        SurrogateForm::parse,
    );
    tools(reader, &part, parts);
    for row in reader.rows(&part, "override") {
        reader.only(&row, &["kind", "destination", "group", "verdict", "why"]);
        let kind = reader.need(&row, "kind", "name the kind of finding, such as \"PERSON\"");
        reader.mention(
            MentionKind::FindingKind,
            &kind,
            reader.value_place(&row, "kind"),
        );
        reader.must_have(
            &row,
            "destination",
            "write to where: own, eu, outside-eu, public",
        );
        reader.must_have(&row, "verdict", "write what happens to it instead");
        reader.must_have(&row, "why", "write why the matrix is changed here");
        let group = Reader::has(&row, "group")
            .then(|| reader.need(&row, "group", "name a group that is declared"));
        if let Some(group) = &group {
            let place = reader.value_place(&row, "group");
            reader.mention(MentionKind::Group, group, place);
        }
        let destination = reader.word(&row, "destination", Destination::WORDS, Destination::parse);
        let cell = reader.word(&row, "verdict", Cell::WORDS, Cell::parse);
        let why = reader.words(&row, "why");
        if let (Some(subject), Some(destination), Some(cell)) =
            (Subject::parse(&kind), destination, cell)
        {
            let change = Change {
                rule: match &group {
                    Some(group) => format!("policy:{}/{destination}@{group}", subject.name()),
                    None => format!("policy:{}/{destination}", subject.name()),
                },
                group,
                subject,
                destination,
                cell,
                why,
            };
            parts.policy_changes.push((change, row.place));
        }
    }
}

/// What some tools get.
fn tools(reader: &mut Reader<'_, '_>, policy: &Part<'_, '_>, parts: &mut Parts) {
    for row in reader.rows(policy, "tool") {
        reader.only(&row, &["name", "gets", "why"]);
        let mend = "write the tool's name, or how the names begin and a *";
        let name = reader.need(&row, "name", mend);
        reader.must_have(
            &row,
            "gets",
            "list the kinds and classes that come back in it; [] for none",
        );
        reader.must_have(&row, "why", "write why these tools get this");
        let gets = reader.list(&row, "gets");
        for (kind, place) in &gets {
            reader.mention(MentionKind::FindingKind, kind, *place);
        }
        let row_of = ToolRow {
            rule: format!("policy:tool/{name}"),
            name,
            gets: gets
                .iter()
                .filter_map(|(kind, _)| Subject::parse(kind))
                .collect(),
            why: reader.words(&row, "why"),
        };
        parts.policy_tools.push((row_of, row.place));
    }
}

/// The address of a server that takes mail: with a port or without, and nothing else.
fn is_mail_server(url: &str) -> bool {
    let host = url
        .strip_prefix("smtps://")
        .or_else(|| url.strip_prefix("smtp://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(['@', ' ', '?', '#', '/']))
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
