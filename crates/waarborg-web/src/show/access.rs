//! A person's own data, as the page and the download show it.

use serde_json::{Value, json};
use waarborg_domain::claim::Period;
use waarborg_domain::law::Authority;
use waarborg_usecase::ports::{ErasureReceipt, Part};
use waarborg_usecase::rights::{Access, AccessCategory, AccessClaim, AccessItem};

use super::{
    basis_named, capital, complaint, country, day, given_in_words, moment, purpose, recipient,
};
use crate::page::own::{Dispute, Group, OwnData, Record};
use crate::page::rights;
use crate::visit::Visit;

/// The page's view.
pub(crate) fn view(visit: &Visit, access: &Access, reference: Option<String>) -> OwnData {
    let words = visit.words();
    let desk = &visit.desk;
    let mut recipients: Vec<String> = Vec::new();
    for receiver in access
        .categories
        .iter()
        .flat_map(|category| &category.recipients)
    {
        let line = format!(
            "{} ({})",
            capital(&recipient(desk, &words, &receiver.name)),
            country(&words, &receiver.country)
        );
        if !recipients.contains(&line) {
            recipients.push(line);
        }
    }
    let consents = access.consents.iter().map(|consent| {
        let key = format!("own-consent-{}", consent.answer.name());
        let values = [
            ("purpose", purpose(desk, &words, &consent.purpose)),
            ("day", words.day(day(desk, consent.at))),
        ];
        words.fill(
            &key,
            &values
                .each_ref()
                .map(|(name, value)| (*name, value.as_str())),
        )
    });
    let requests = access.requests.iter().map(|request| {
        let right = words.say(&rights::key(request.right));
        format!(
            "{}: {right}. {}",
            request.reference,
            words.say(&rights::stage_key(request.stage))
        )
    });
    OwnData {
        made: day(desk, access.made_at),
        reference,
        visit: words.fill(
            "own-visit",
            &[
                ("since", &words.day(day(desk, access.visit.known_since))),
                ("until", &words.day(day(desk, access.visit.ends_at))),
                ("version", &access.visit.notice_version),
            ],
        ),
        n_not_shown: access.n_unreadable,
        groups: access
            .categories
            .iter()
            .map(|category| group(visit, category))
            .collect(),
        recipients,
        consents: consents.collect(),
        requests: requests.collect(),
        viewed: access
            .viewed
            .iter()
            .map(|looked| {
                let at = looked.at.parse().map(|at| moment(desk, &words, at));
                let role = words.say(&format!("viewed-{}", looked.role));
                format!("{role}, {}", at.unwrap_or_default())
            })
            .collect(),
        n_disclosed: access.disclosed.len(),
        given: access
            .given
            .iter()
            .map(|disclosure| given_in_words(desk, &words, disclosure))
            .collect(),
        confirmed: access.confirmed_at.map(|at| day(desk, at)),
        is_to_be_confirmed: access.is_to_be_confirmed,
        is_restricted: visit
            .visitor
            .as_ref()
            .is_some_and(|visitor| visitor.person.is_restricted),
        n_trail: access.trail.len(),
        complaint: complaint::ways(desk, &words, &countries(access)),
    }
}

fn group(visit: &Visit, category: &AccessCategory) -> Group {
    let words = visit.words();
    let desk = &visit.desk;
    let label = category
        .label
        .in_language(words.tongue().code())
        .unwrap_or(&category.category);
    let purposes = category.claims.iter().map(|claim| {
        format!(
            "{} ({})",
            capital(&purpose(desk, &words, &claim.purpose)),
            basis_named(&words, &claim.basis)
        )
    });
    let mut periods: Vec<String> = category
        .claims
        .iter()
        .map(|claim| rule(visit, claim))
        .collect();
    periods.dedup();
    Group {
        category: capital(label),
        purposes: purposes.collect(),
        source: words.say(&format!("source-{}", category.source.replace('_', "-"))),
        period: periods.join("; "),
        records: category
            .items
            .iter()
            .map(|item| record(visit, item))
            .collect(),
    }
}

/// A rule such as `first_message + 30d` in words; as it stands, where the texts do not know it.
fn rule(visit: &Visit, claim: &AccessClaim) -> String {
    let known = claim.rule.split_once(" + ").and_then(|(trigger, length)| {
        let length: Period = length.parse().ok()?;
        Some(super::rule(&visit.words(), trigger, length))
    });
    known.unwrap_or_else(|| claim.rule.clone())
}

fn record(visit: &Visit, item: &AccessItem) -> Record {
    let words = visit.words();
    let desk = &visit.desk;
    let part = words.say(part_key(item.part));
    Record {
        made: format!("{part} · {}", moment(desk, &words, item.created_at)),
        text: text_of(item.part, &item.content),
        gone: item.until.map(|until| day(desk, until)),
        dispute: match item.part {
            _ if item.is_disputed => Dispute::Made,
            Part::Said | Part::Answered | Part::Statement => Dispute::Can(item.id.to_string()),
            _ => Dispute::Not,
        },
    }
}

/// The key of what a part is called.
pub(crate) const fn part_key(part: Part) -> &'static str {
    match part {
        Part::Said => "own-part-said",
        Part::Answered => "own-part-answered",
        Part::Case => "own-part-case",
        Part::Contact => "own-part-contact",
        Part::Words => "own-part-words",
        Part::Outcome => "own-part-outcome",
        Part::Link => "own-part-link",
        Part::Sure => "own-part-sure",
        Part::Proposal => "own-part-proposal",
        Part::Returned => "own-part-returned",
        Part::Decision => "own-part-decision",
        Part::Countries => "own-part-countries",
        Part::Transfer => "own-part-transfer",
        Part::Extension => "own-part-extension",
        Part::Doubt => "own-part-doubt",
        Part::Known => "own-part-known",
        Part::Statement => "own-part-statement",
        Part::Certificate => "own-part-certificate",
        Part::Seen => "own-part-seen",
        Part::Withheld => "own-part-withheld",
        Part::Mail => "own-part-mail",
        Part::Disclosure => "own-part-disclosure",
    }
}

/// The words of a piece of data, where it is kept with more than its words.
pub(crate) fn text_of(part: Part, content: &str) -> String {
    let value: Value = serde_json::from_str(content).unwrap_or_default();
    let word =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let text = match part {
        Part::Said | Part::Answered => word(&value, "text"),
        Part::Proposal | Part::Decision => word(&value, "reasons"),
        Part::Link | Part::Sure => word(&value, "identity"),
        Part::Mail => word(&value, "subject"),
        Part::Disclosure => word(&value, "to")
            .zip(word(&value, "why"))
            .map(|(to, why)| format!("{to}\n{why}")),
        Part::Outcome => value.get("lines").and_then(Value::as_array).map(|lines| {
            let said = |line: &Value| {
                word(line, "heading")
                    .or_else(|| word(line, "text"))
                    .or_else(|| word(line, "item"))
            };
            lines.iter().filter_map(said).collect::<Vec<_>>().join("\n")
        }),
        Part::Case
        | Part::Contact
        | Part::Words
        | Part::Returned
        | Part::Countries
        | Part::Transfer
        | Part::Extension
        | Part::Doubt
        | Part::Known
        | Part::Statement
        | Part::Certificate
        | Part::Seen
        | Part::Withheld => None,
    };
    text.unwrap_or_else(|| content.to_owned())
}

/// The download: the same answer for a machine.
pub(crate) fn json(visit: &Visit, access: &Access) -> Value {
    let words = visit.words();
    let categories = access.categories.iter().map(|category| {
        json!({
            "category": category.category,
            "label": category.label.in_language(words.tongue().code()),
            "source": category.source,
            "claims": category.claims.iter().map(|claim| json!({"purpose": claim.purpose, "basis": claim.basis, "rule": claim.rule})).collect::<Vec<_>>(),
            "recipients": category.recipients.iter().map(|one| json!({"name": one.name, "country": one.country})).collect::<Vec<_>>(),
            "items": category.items.iter().map(item).collect::<Vec<_>>(),
        })
    });
    let consents = access.consents.iter().map(|consent| {
        json!({"purpose": consent.purpose, "entity": consent.entity, "text_version": consent.text_version, "answer": consent.answer.name(), "at": consent.at.to_string()})
    });
    let requests = access.requests.iter().map(|request| {
        json!({
            "reference": request.reference.as_str(), "right": request.right.name(), "stage": request.stage.name(),
            "received_at": request.received_at.to_string(), "aim": request.due.aim.to_string(), "latest": request.due.latest.to_string(),
        })
    });
    let trail = access
        .trail
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| json!(line)));
    json!({
        "made_at": access.made_at.to_string(),
        "controller": visit.desk.register.default_controller().name,
        "register_version": access.register_version,
        "visit": {
            "number": access.visit.number,
            "known_since": access.visit.known_since.to_string(),
            "began_at": access.visit.began_at.to_string(),
            "ends_at": access.visit.ends_at.to_string(),
            "notice_version": access.visit.notice_version,
        },
        "confirmed_at": access.confirmed_at.map(|at| at.to_string()),
        "is_to_be_confirmed": access.is_to_be_confirmed,
        "records_not_shown": access.n_unreadable,
        "categories": categories.collect::<Vec<_>>(),
        "consents": consents.collect::<Vec<_>>(),
        "requests": requests.collect::<Vec<_>>(),
        "viewed": access.viewed.iter().map(|looked| json!({"at": looked.at, "role": looked.role})).collect::<Vec<_>>(),
        "disclosed": access.disclosed.iter().map(|sent| json!({"at": sent.at, "recipient": sent.recipient})).collect::<Vec<_>>(),
        "given": access.given.iter().map(|given| json!({
            "at": given.at.to_string(), "to": given.what.to, "why": given.what.why, "categories": given.what.categories,
            "case": visit.desk.register.disclosure(&given.what.rule).map(|rule| rule.case.as_str()),
        })).collect::<Vec<_>>(),
        "information": information(visit, &countries(access)),
        "trail": trail.collect::<Vec<_>>(),
    })
}

/// What article 15(1) and (2) wants told beside the data, as the register has it.
fn information(visit: &Visit, countries: &[String]) -> Value {
    let desk = &visit.desk;
    let authorities = complaint::authorities(desk, countries);
    let named = |known: &&Authority| json!({"name": known.name, "url": known.url, "country": known.country});
    let transfers = desk.register.recipients().filter_map(|recipient| {
        let mechanism = recipient.mechanism?;
        Some(json!({"recipient": recipient.name.as_str(), "country": recipient.country, "safeguard": mechanism.as_str()}))
    });
    let decisions = desk.register.services().map(|service| {
        json!({"service": service.name.as_str(), "automated_decisions": service.automated_decisions.as_str()})
    });
    json!({
        "rights": waarborg_domain::rights::Right::ALL.iter().map(|right| json!({"right": right.name(), "article": right.article()})).collect::<Vec<_>>(),
        "authority": authorities.first().map(named),
        "authorities": authorities.iter().map(named).collect::<Vec<_>>(),
        "transfers": transfers.collect::<Vec<_>>(),
        "automated_decisions": decisions.collect::<Vec<_>>(),
    })
}

fn item(item: &AccessItem) -> Value {
    let content =
        serde_json::from_str::<Value>(&item.content).unwrap_or_else(|_| json!(*item.content));
    json!({
        "id": item.id.to_string(),
        "part": item.part.name(),
        "disputed": item.is_disputed,
        "created_at": item.created_at.to_string(),
        "until": item.until.map(|until| until.to_string()),
        "content": content,
    })
}

/// What an erasure leaves, and why, in sentences.
pub(crate) fn stays(visit: &Visit, receipt: &ErasureReceipt) -> Vec<String> {
    let pending = receipt
        .is_pending_in_mirror
        .then(|| visit.words().say("stays-in-mirror"));
    let kept = receipt
        .kept
        .iter()
        .map(|kept| super::kept(&visit.desk, &visit.words(), kept));
    pending.into_iter().chain(kept).collect()
}

/// In which countries the person lives and works, as they said in their requests.
fn countries(access: &Access) -> Vec<String> {
    let items = access
        .categories
        .iter()
        .flat_map(|category| &category.items);
    let said = items.filter(|item| item.part == Part::Countries);
    said.flat_map(|item| item.content.split_whitespace())
        .map(str::to_owned)
        .collect()
}
