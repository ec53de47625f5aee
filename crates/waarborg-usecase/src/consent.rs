//! Consent: separate per purpose, as easy to withdraw as to give (article 7).

use jiff::Timestamp;
use thiserror::Error;
use waarborg_domain::consent::{Consent, ConsentAnswer};
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::ConsentId;
use waarborg_domain::register::ConsentAsk;

use crate::desk::Desk;
use crate::door::Visitor;
use crate::ports::StoreError;

/// A consent that the register asks, and where this person stands.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is asked.
    pub ask: ConsentAsk,
    /// The person's last answer to this text; `None` if they gave none.
    pub answer: Option<ConsentAnswer>,
    /// When they gave it.
    pub answered_at: Option<Timestamp>,
}

/// Why an answer was not taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ConsentError {
    /// The register asks no consent for this purpose here.
    #[error("no consent is asked for this purpose")]
    NotAsked,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The consents that a service asks of this person.
#[must_use]
pub fn asked(desk: &Desk, service: &str, visitor: Option<&Visitor>) -> Vec<Asked> {
    let last = |ask: &ConsentAsk| {
        let lines = &visitor?.person.consents;
        let same = |line: &&Consent| {
            ask.purpose == line.purpose.as_str()
                && line.entity == ask.entity
                && line.text_version == ask.text_version
        };
        lines.iter().rev().find(same)
    };
    desk.register
        .consents_needed(service)
        .into_iter()
        .map(|ask| {
            let line = last(&ask);
            Asked {
                answer: line.map(|line| line.answer),
                answered_at: line.map(|line| line.at),
                ask,
            }
        })
        .collect()
}

/// Notes a person's answer for one purpose.
///
/// # Errors
///
/// [`ConsentError::NotAsked`] if the register does not ask it.
pub async fn answer(
    desk: &Desk,
    visitor: &Visitor,
    service: &str,
    purpose: &str,
    answer: ConsentAnswer,
) -> Result<(), ConsentError> {
    let asked = desk.register.consents_needed(service);
    let ask = asked
        .into_iter()
        .find(|ask| ask.purpose == purpose)
        .ok_or(ConsentError::NotAsked)?;

    let now = desk.now();
    let act = match answer {
        ConsentAnswer::Given => Act::ConsentGiven,
        ConsentAnswer::Refused => Act::ConsentRefused,
        ConsentAnswer::Withdrawn => Act::ConsentWithdrawn,
    };
    let entry = Entry::new(now, Actor::Subject(visitor.id()), act)
        .for_purpose(purpose)
        .about(visitor.id());
    let line = Consent {
        id: ConsentId(desk.ids.id(now)),
        subject: visitor.id(),
        purpose: purpose.to_owned(),
        entity: ask.entity,
        text_version: ask.text_version,
        answer,
        at: now,
    };
    desk.store.answer(line, &desk.zone, entry).await?;
    Ok(())
}
