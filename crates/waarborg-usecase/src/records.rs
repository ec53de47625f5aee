//! Makes a record with the claims that the register lays on it.

use jiff::Timestamp;
use thiserror::Error;
use waarborg_domain::claim::{Circumstances, Trigger};
use waarborg_domain::ids::{ObjectId, RecordId, SubjectId};
use waarborg_domain::personal::Personal;

use crate::desk::Desk;
use crate::ports::{Claim, NewRecord, Part};

/// To whom and to what a new record belongs.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) subject: SubjectId,
    pub(crate) object: ObjectId,
    pub(crate) service: &'a str,
    pub(crate) circumstances: &'a Circumstances,
    /// When the object's first message was, or is now.
    pub(crate) first_message_at: Timestamp,
}

/// The register gives this category in this service no claim, so it may not be kept.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the register has no retention for this category in this service")]
pub(crate) struct NoClaim;

/// A record of `category`, to be sealed.
///
/// # Errors
///
/// [`NoClaim`] if no rule of the register says why and how long it is kept.
pub(crate) fn new_record(
    desk: &Desk,
    place: Place<'_>,
    part: Part,
    category: &str,
    content: String,
    at: Timestamp,
) -> Result<NewRecord, NoClaim> {
    let category = desk.register.category(category).ok_or(NoClaim)?;
    let rules = desk
        .register
        .claims(place.service, category.name.as_str(), place.circumstances);
    let claims: Vec<Claim> = rules
        .into_iter()
        .filter(|rule| !rule.trigger.is_memory_only())
        .map(|rule| {
            let started_at = match rule.trigger {
                Trigger::FirstMessage => Some(place.first_message_at),
                Trigger::LastActivity => Some(at),
                trigger if trigger.is_known_at_creation() => Some(at),
                _ => None,
            };
            let ends_at = started_at.and_then(|started_at| rule.ends_at(started_at, &desk.zone));
            Claim {
                rule,
                started_at,
                ends_at,
            }
        })
        .collect();
    if claims.is_empty() {
        return Err(NoClaim);
    }

    Ok(NewRecord {
        id: RecordId(desk.ids.id(at)),
        object: place.object,
        subject: place.subject,
        service: place.service.to_owned(),
        part,
        content: Personal::new(category.name.clone(), content),
        register_version: desk.register.version().to_owned(),
        created_at: at,
        claims,
    })
}
