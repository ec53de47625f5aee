//! What an event does to claims: those that wait for it begin, and those that stand on a consent end with it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_domain::claim::Trigger;
use waarborg_domain::consent::ConsentAnswer;
use waarborg_domain::register::Basis;
use waarborg_usecase::ports::Claim;

use crate::engine::{Fault, Session, values};
use crate::erase::Scope;
use crate::ports::stored::{self, StoredRecord};

/// Gives the claims that wait for an event their end; an event that can repeat moves it. Says how many.
pub(crate) fn start(
    session: &mut dyn Session,
    scope: Scope,
    trigger: Trigger,
    at: Timestamp,
    zone: &TimeZone,
) -> Result<u64, Fault> {
    let mut n = 0;
    for record in stored::records_in(session, scope)? {
        for (nth, claim) in (0_i64..).zip(stored::claims_of(session, &record)?) {
            let waits =
                claim.rule.trigger == trigger && (claim.started_at.is_none() || trigger.moves());
            if waits {
                let ends_at = claim.rule.ends_at(at, zone);
                n += set_end(session, &record, nth, Some(at), ends_at)?;
            }
        }
    }
    Ok(n)
}

/// Lets the claims of an event wait again: it was undone. Says how many.
pub(crate) fn take_back(
    session: &mut dyn Session,
    scope: Scope,
    trigger: Trigger,
) -> Result<u64, Fault> {
    let mut n = 0;
    for record in stored::records_in(session, scope)? {
        for (nth, claim) in (0_i64..).zip(stored::claims_of(session, &record)?) {
            if claim.rule.trigger == trigger && claim.started_at.is_some() {
                n += set_end(session, &record, nth, None, None)?;
            }
        }
    }
    Ok(n)
}

/// Ends the claims that stand on a consent which the person withdrew (article 17(1)(b)). Says how many.
///
/// A claim that counts from the withdrawal gets its end by its own period; every other one ends now. What another
/// claim keeps, lives on for that.
pub(crate) fn withdraw(
    session: &mut dyn Session,
    subject: Uuid,
    purpose: &str,
    at: Timestamp,
    zone: &TimeZone,
) -> Result<u64, Fault> {
    if consents_elsewhere(session, subject, purpose)? {
        return Ok(0);
    }
    let mut n = 0;
    for record in stored::records_in(session, Scope::Subject(subject))? {
        let claims = stored::claims_of(session, &record)?;
        if !claims.iter().any(|claim| stands_on(claim, purpose)) {
            continue;
        }
        for (nth, claim) in (0_i64..).zip(claims) {
            let counts_from_here =
                claim.rule.trigger == Trigger::ConsentWithdrawn && claim.started_at.is_none();
            let (started_at, ends_at) = if counts_from_here {
                (Some(at), claim.rule.ends_at(at, zone))
            } else if stands_on(&claim, purpose) {
                let ends_at = claim.ends_at.map_or(at, |ends_at| ends_at.min(at));
                (claim.started_at, Some(ends_at))
            } else {
                continue;
            };
            n += set_end(session, &record, nth, started_at, ends_at)?;
        }
    }
    Ok(n)
}

/// Lets every claim for a purpose end then at the latest. Says how many that changes.
pub(crate) fn end_by(session: &mut dyn Session, purpose: &str, by: i64) -> Result<u64, Fault> {
    session.execute(
        "update claims set ends_at = $2 where purpose = $1 and (ends_at is null or ends_at > $2)",
        values![purpose, by],
    )
}

fn stands_on(claim: &Claim, purpose: &str) -> bool {
    claim.rule.basis == Basis::Consent && claim.rule.purpose == *purpose
}

/// Whether the person answered to this purpose and no answer of theirs stands as a consent.
pub(crate) fn is_withdrawn(
    session: &mut dyn Session,
    subject: Uuid,
    purpose: &str,
) -> Result<bool, Fault> {
    let answers = last_answers(session, subject, purpose)?;
    Ok(!answers.is_empty()
        && !answers
            .iter()
            .any(|answer| answer == ConsentAnswer::Given.name()))
}

/// Whether the person's consent for this purpose still stands with another controller.
fn consents_elsewhere(
    session: &mut dyn Session,
    subject: Uuid,
    purpose: &str,
) -> Result<bool, Fault> {
    let answers = last_answers(session, subject, purpose)?;
    Ok(answers
        .iter()
        .any(|answer| answer == ConsentAnswer::Given.name()))
}

/// What a person last answered each controller that asks for this purpose.
fn last_answers(
    session: &mut dyn Session,
    subject: Uuid,
    purpose: &str,
) -> Result<Vec<String>, Fault> {
    let mut last = BTreeMap::new();
    for mut row in session.rows(
        "select entity, answer from consents where subject = $1 and purpose = $2 order by at, id",
        values![subject, purpose],
    )? {
        last.insert(row.text(0)?, row.text(1)?);
    }
    Ok(last.into_values().collect())
}

/// Writes when the `nth` claim of a record began and ends.
fn set_end(
    session: &mut dyn Session,
    record: &StoredRecord,
    nth: i64,
    started_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
) -> Result<u64, Fault> {
    session.execute(
        "update claims set started_at = $3, ends_at = $4 where record = $1 and position = (
             select position from claims where record = $1 order by position limit 1 offset $2)",
        values![record.id, nth, started_at, ends_at],
    )
}
