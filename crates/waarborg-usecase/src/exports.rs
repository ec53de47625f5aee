//! What a person takes along: what they provided (article 20), and their conversations. Access is something else.

use std::collections::BTreeSet;

use jiff::Timestamp;
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::ids::{ObjectId, SubjectId};
use waarborg_domain::register::{Basis, Source};

use crate::chat::Said;
use crate::desk::Desk;
use crate::door::Visitor;
use crate::ports::{Part, Record};
use crate::requests::{ReceiveError, requester};

/// One thing that the person provided.
#[derive(Debug)]
pub struct Provided {
    /// The service for which it is kept.
    pub service: String,
    /// Its category in the register.
    pub category: String,
    /// The bases on which it is processed: consent, contract or both.
    pub bases: BTreeSet<Basis>,
    /// What part of what it is.
    pub part: Part,
    /// When it came to be.
    pub created_at: Timestamp,
    /// What was provided.
    pub content: zeroize::Zeroizing<String>,
}

/// A conversation, whole.
#[derive(Debug)]
pub struct Conversed {
    /// When it began.
    pub began_at: Timestamp,
    /// What was said, oldest first.
    pub said: Vec<Said>,
}

/// What the person provided and is processed by consent or contract (article 20(1)): nothing that was made of it, and
/// nothing that is kept on another basis.
///
/// # Errors
///
/// [`ReceiveError`] if the register has no rights desk, or the store cannot answer.
pub async fn portable(desk: &Desk, visitor: &Visitor) -> Result<Vec<Provided>, ReceiveError> {
    let found = provided_by(desk, visitor.id()).await?;
    note(desk, visitor, "portability", found.len()).await?;
    Ok(found)
}

/// The same without the line in the log.
pub(crate) async fn provided_by(
    desk: &Desk,
    subject: SubjectId,
) -> Result<Vec<Provided>, ReceiveError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let records = desk.store.of_subject(&permit, subject).await?;
    let mut found = Vec::new();
    for record in records {
        let bases = portable_bases(&record);
        if bases.is_empty() || !is_provided(desk, &record) {
            continue;
        }
        let (service, category) = (record.service.clone(), record.category.to_string());
        let (part, created_at) = (record.part, record.created_at);
        // The person takes along what they provided.
        if let Ok(content) = record.content.into_revealed(&permit) {
            found.push(Provided {
                service,
                category,
                bases,
                part,
                created_at,
                content,
            });
        }
    }
    Ok(found)
}

/// The person's conversations that they kept, with what was answered; also under a restriction.
///
/// # Errors
///
/// [`ReceiveError`] if the register has no rights desk, or the store cannot answer.
pub async fn conversations(desk: &Desk, visitor: &Visitor) -> Result<Vec<Conversed>, ReceiveError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let records = desk.store.of_subject(&permit, visitor.id()).await?;
    let mut order: Vec<ObjectId> = Vec::new();
    let mut found: Vec<Conversed> = Vec::new();
    for record in &records {
        let Some(said) = crate::chat::said_in(record, &permit) else {
            continue;
        };
        let place = order.iter().position(|known| *known == record.object);
        if let Some(conversation) = place.and_then(|place| found.get_mut(place)) {
            conversation.said.push(said);
        } else {
            order.push(record.object);
            found.push(Conversed {
                began_at: record.created_at,
                said: vec![said],
            });
        }
    }
    note(desk, visitor, "conversations", found.len()).await?;
    Ok(found)
}

fn portable_bases(record: &Record) -> BTreeSet<Basis> {
    let bases = record.claims.iter().map(|claim| claim.rule.basis);
    bases
        .filter(|basis| matches!(basis, Basis::Consent | Basis::Contract))
        .collect()
}

/// Whether it came from the person: not what a model answered, nor what staff wrote.
pub(crate) fn is_provided(desk: &Desk, record: &Record) -> bool {
    let declared = desk.register.category(record.category.as_str());
    let is_of_person = declared.is_some_and(|category| category.source == Source::Person);
    is_of_person
        && matches!(
            record.part,
            Part::Said | Part::Contact | Part::Words | Part::Statement
        )
}

async fn note(
    desk: &Desk,
    visitor: &Visitor,
    what: &'static str,
    n_records: usize,
) -> Result<(), ReceiveError> {
    let facts = Facts {
        detail: Some(what),
        n_records: u64::try_from(n_records).ok(),
        ..Facts::default()
    };
    let entry = Entry::new(desk.now(), Actor::Subject(visitor.id()), Act::DataExported)
        .for_purpose(&desk.surfaces.rights.purpose)
        .about(visitor.id())
        .with(facts);
    Ok(desk.store.record(entry).await?)
}
