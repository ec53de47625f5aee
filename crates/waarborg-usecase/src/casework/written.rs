//! What stands in the file of a request, as it is sealed, and read back.

use jiff::Timestamp;
use serde_json::{Value, json};
use waarborg_domain::decision::{About, Decided, Decision, Ground, Identity, Slice, Verdict};
use waarborg_domain::ids::{SessionId, SubjectId};
use waarborg_domain::register::Basis;

use super::{Correction, Filed, Letter, Line, Link, Rectification};

pub(super) fn link(link: &Link) -> String {
    json!({"subject": link.subject.to_string(), "identity": link.identity.name()}).to_string()
}

pub(super) fn read_link(sealed: &str) -> Option<Link> {
    let value: Value = serde_json::from_str(sealed).ok()?;
    Some(Link {
        subject: SubjectId(text(&value, "subject")?.parse().ok()?),
        identity: Identity::parse(text(&value, "identity")?)?,
    })
}

pub(super) fn filed(filed: &Filed) -> String {
    let parts = filed.decision.parts.iter().map(|part| {
        let about = match &part.about {
            About::Whole => json!("whole"),
            About::Slice(slice) => json!({
                "category": slice.category, "purpose": slice.purpose, "basis": slice.basis.as_str(),
            }),
        };
        let ground = match part.verdict {
            Verdict::Granted => None,
            Verdict::Refused(ground) => Some(ground),
        };
        json!({"about": about, "refused": ground.map(Ground::name), "justification": ground.map(Ground::dpv)})
    });
    json!({
        "parts": parts.collect::<Vec<_>>(),
        "reasons": filed.decision.reasons,
        "fee_cents": filed.decision.fee_cents,
        "statement": filed.rectification.statement,
        "wrong": filed.rectification.correction.as_ref().map(|correction| &correction.wrong),
        "right": filed.rectification.correction.as_ref().map(|correction| &correction.right),
        "language": filed.language,
        "by": filed.by.to_string(),
    })
    .to_string()
}

pub(super) fn read_filed(sealed: &str, at: Timestamp) -> Option<Filed> {
    let value: Value = serde_json::from_str(sealed).ok()?;
    let parts: Option<Vec<Decided>> = value.get("parts")?.as_array()?.iter().map(part).collect();
    let fee_cents = value
        .get("fee_cents")
        .and_then(Value::as_u64)
        .and_then(|cents| cents.try_into().ok());
    Some(Filed {
        decision: Decision {
            parts: parts?,
            reasons: text(&value, "reasons")?.to_owned(),
            fee_cents,
        },
        rectification: Rectification {
            correction: correction(&value),
            statement: text(&value, "statement").map(str::to_owned),
        },
        language: text(&value, "language")?.to_owned(),
        by: SessionId(text(&value, "by")?.parse().ok()?),
        at,
    })
}

fn correction(value: &Value) -> Option<Correction> {
    Some(Correction {
        wrong: text(value, "wrong")?.to_owned(),
        right: text(value, "right")?.to_owned(),
    })
}

fn part(value: &Value) -> Option<Decided> {
    let about = value.get("about")?;
    let about = if about.is_object() {
        About::Slice(Slice {
            category: text(about, "category")?.to_owned(),
            purpose: text(about, "purpose")?.to_owned(),
            basis: Basis::parse(text(about, "basis")?)?,
        })
    } else {
        About::Whole
    };
    let verdict = match text(value, "refused") {
        Some(ground) => Verdict::Refused(Ground::parse(ground)?),
        None => Verdict::Granted,
    };
    Some(Decided { about, verdict })
}

pub(super) fn letter(letter: &Letter) -> String {
    let lines = letter.lines.iter().map(|line| match line {
        Line::Heading(text) => json!({"heading": text}),
        Line::Text(text) => json!({"text": text}),
        Line::Item(text) => json!({"item": text}),
    });
    json!({"language": letter.language, "lines": lines.collect::<Vec<_>>()}).to_string()
}

pub(super) fn read_letter(sealed: &str) -> Option<Letter> {
    let value: Value = serde_json::from_str(sealed).ok()?;
    let line = |line: &Value| {
        let text = |name: &str| text(line, name).map(str::to_owned);
        text("heading")
            .map(Line::Heading)
            .or_else(|| text("text").map(Line::Text))
            .or_else(|| text("item").map(Line::Item))
    };
    Some(Letter {
        language: text(&value, "language")?.to_owned(),
        lines: value
            .get("lines")?
            .as_array()?
            .iter()
            .filter_map(line)
            .collect(),
    })
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_a_link_and_a_letter_are_read_back() {
        let slice = Slice {
            category: "user_content".into(),
            purpose: "provide".into(),
            basis: Basis::Contract,
        };
        let written = Filed {
            decision: Decision {
                parts: vec![
                    Decided {
                        about: About::Whole,
                        verdict: Verdict::Granted,
                    },
                    Decided {
                        about: About::Slice(slice),
                        verdict: Verdict::Refused(Ground::StillNeeded),
                    },
                ],
                reasons: "Nog nodig voor \"uw\" zaak.".into(),
                fee_cents: Some(1250),
            },
            rectification: Rectification {
                correction: Some(Correction {
                    wrong: "Jan".into(),
                    right: "Piet".into(),
                }),
                statement: Some("Ik heet anders.".into()),
            },
            language: "nl".into(),
            by: SessionId(uuid::Uuid::from_u128(7)),
            at: Timestamp::UNIX_EPOCH,
        };
        let read = read_filed(&filed(&written), Timestamp::UNIX_EPOCH);
        assert_eq!(read, Some(written));

        let one = Link {
            subject: SubjectId(uuid::Uuid::from_u128(9)),
            identity: Identity::Human,
        };
        assert_eq!(read_link(&link(&one)), Some(one));

        let sent = Letter {
            language: "en".into(),
            lines: vec![
                Line::Heading("Answer".into()),
                Line::Text("Dear <you>".into()),
                Line::Item("one".into()),
            ],
        };
        assert_eq!(read_letter(&letter(&sent)), Some(sent));
    }
}
