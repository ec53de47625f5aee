//! Consent records in the structure of ISO/IEC TS 27560, with the states of the Data Privacy Vocabulary.

use serde_json::{Value, json};

use super::{Consent, ConsentAnswer};
use crate::cookies::purpose_of;
use crate::ids::SubjectId;
use crate::register::{CookieClass, Register};

/// The first line of a receipt, so that it can be no other signed note.
const FORMAT: &str = "waarborg-consent-1";

/// One record for each purpose, controller and person: what was asked, and every answer with its time.
#[must_use]
pub fn records(register: &Register, subject: SubjectId, ledger: &[Consent]) -> Vec<Value> {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for line in ledger {
        let pair = (line.purpose.as_str(), line.entity.as_str());
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    pairs.sort_unstable();
    pairs
        .into_iter()
        .filter_map(|(purpose, entity)| {
            let lines: Vec<&Consent> = ledger
                .iter()
                .filter(|line| line.purpose == purpose && line.entity == entity)
                .collect();
            record(register, subject, &lines)
        })
        .collect()
}

/// What the person gets: the records, to be signed; who has the key of the log can check it without us.
#[must_use]
pub fn receipt(records: &[Value], made_at: jiff::Timestamp, key: &str) -> String {
    let line = json!({
        "@context": {
            "dpv": "https://w3id.org/dpv#",
            "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        },
        "@type": "dpv:ConsentReceipt",
        "schema_version": "ISO/IEC TS 27560:2023",
        "made_at": made_at.to_string(),
        "records": records,
        "log_key": key,
    });
    format!("{FORMAT}\n{line}\n")
}

fn record(register: &Register, subject: SubjectId, lines: &[&Consent]) -> Option<Value> {
    let (first, last) = (lines.first()?, lines.last()?);
    let controller = register
        .controllers()
        .iter()
        .find(|one| one.id == last.entity)
        .unwrap_or_else(|| register.default_controller());
    let events = lines.iter().map(|line| {
        json!({
            "event_id": line.id.0.to_string(),
            "event_time": line.at.to_string(),
            "event_type": "explicit",
            "event_state": line.answer.name(),
            "dpv:hasConsentStatus": { "@id": state(line.answer) },
            "consent_text_version": line.text_version,
        })
    });
    Some(json!({
        "@type": "dpv:ConsentRecord",
        "record_id": first.id.0.to_string(),
        "pii_principal_id": subject.0.to_string(),
        "dpv:hasConsentStatus": { "@id": state(last.answer) },
        "pii_processing": {
            "privacy_notice": { "location": "/privacy", "version": register.notice_version() },
            "languages": register.head().languages,
            "purpose": last.purpose,
            "purpose_type": term(register, &last.purpose),
            "lawful_basis": "eu-gdpr:A6-1-a",
            "pii_information": what(register, &last.purpose),
            "pii_controllers": [controller.id],
            "withdrawal_method": withdrawal(&last.purpose),
            "privacy_rights": "/rights",
        },
        "party_identification": [{
            "party_id": controller.id,
            "party_role": "pii_controller",
            "party_name": controller.name,
            "party_address": controller.address,
            "party_contact": controller.privacy.mail,
        }],
        "events": events.collect::<Vec<_>>(),
    }))
}

const fn state(answer: ConsentAnswer) -> &'static str {
    match answer {
        ConsentAnswer::Given => "dpv:ConsentGiven",
        ConsentAnswer::Refused => "dpv:ConsentRefused",
        ConsentAnswer::Withdrawn => "dpv:ConsentWithdrawn",
    }
}

fn kind_of(purpose: &str) -> Option<CookieClass> {
    CookieClass::WORDS
        .iter()
        .filter_map(|word| CookieClass::parse(word))
        .find(|kind| purpose_of(*kind) == purpose)
}

fn withdrawal(purpose: &str) -> &'static str {
    match kind_of(purpose) {
        Some(_) => "/cookies",
        None => "/consent",
    }
}

/// The purpose's term in the vocabulary.
fn term(register: &Register, purpose: &str) -> Value {
    let known = register.purpose(purpose).map(|rule| rule.dpv.clone());
    let of_cookies = kind_of(purpose).map(|kind| match kind {
        CookieClass::Necessary | CookieClass::Functional => "dpv:ServicePersonalisation".to_owned(),
        CookieClass::Performance => "dpv:ServiceUsageAnalytics".to_owned(),
        CookieClass::Advertising => "dpv:TargetedAdvertising".to_owned(),
    });
    json!(known.or(of_cookies))
}

/// The categories that a purpose uses on consent, or the cookies of a kind.
fn what(register: &Register, purpose: &str) -> Vec<String> {
    if let Some(kind) = kind_of(purpose) {
        return register
            .cookies_of(kind)
            .map(|cookie| cookie.name.clone())
            .collect();
    }
    let cells = register
        .processings()
        .iter()
        .filter(|cell| cell.purpose == purpose && cell.consent.is_some());
    let mut found: Vec<String> = Vec::new();
    for category in cells.flat_map(|cell| &cell.categories) {
        if !found.iter().any(|known| category == known.as_str()) {
            found.push(category.as_str().to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ConsentId;
    use uuid::Uuid;

    #[test]
    fn a_record_holds_every_answer_and_its_state_is_the_last() {
        let source = include_str!("../../../../registers/demo-gemeente.toml");
        let law = crate::law::Law::shipped().unwrap();
        let today = jiff::civil::date(2026, 11, 22);
        let register = Register::compile(source, "register.toml", &law, today).unwrap();
        let subject = SubjectId(Uuid::from_u128(9));
        let line = |n: u128, purpose: &str, answer| Consent {
            id: ConsentId(Uuid::from_u128(n)),
            subject,
            purpose: purpose.into(),
            entity: register.default_controller().id.clone(),
            text_version: "1".into(),
            answer,
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        let ledger = [
            line(1, "cookies_functional", ConsentAnswer::Given),
            line(2, "improve", ConsentAnswer::Given),
            line(3, "cookies_functional", ConsentAnswer::Withdrawn),
        ];
        let records = records(&register, subject, &ledger);
        assert_eq!(records.len(), 2);
        assert_eq!(
            records[0]["dpv:hasConsentStatus"]["@id"],
            "dpv:ConsentWithdrawn"
        );
        assert_eq!(records[0]["events"].as_array().unwrap().len(), 2);
        assert_eq!(
            records[0]["pii_processing"]["pii_information"][0],
            "waarborg_language"
        );
        assert_eq!(records[1]["events"][0]["event_state"], "given");
        let text = receipt(&records, jiff::Timestamp::UNIX_EPOCH, "key");
        assert!(text.starts_with("waarborg-consent-1\n{"));
    }
}
