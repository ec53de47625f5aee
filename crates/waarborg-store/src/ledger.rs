//! What the data remembers of the ledger, and doing again what the data may have forgotten.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_domain::claim::Trigger;
use waarborg_domain::consent::ConsentAnswer;
use waarborg_domain::rights::Stage;
use waarborg_usecase::ports::Night;

use crate::claims;
use crate::engine::{Fault, Session, Work, values};
use crate::erase::{self, Scope};
use crate::header;
use crate::keys::{Act, Happened, KeyStore, random};
use crate::lasting;
use crate::ports::holds;
use crate::ports::kept_maps;
use crate::ports::openings;
use crate::ports::requests::{self, come_to};
use crate::ports::restrictions;
use crate::ports::sightings;
use crate::ports::stored;
use crate::ports::suppressions::suppress;
use crate::ports::tasks;

/// Notes in the data, in the same transaction, up to which line of the ledger it holds the consequences. Says up to
/// which line it held them before, if that is not the same.
pub(crate) fn note_how_far(
    session: &mut dyn Session,
    keys: &KeyStore,
) -> Result<Option<i64>, Fault> {
    let (end, known) = (keys.ledger_end()?, how_far(session)?);
    if end == known {
        return Ok(None);
    }
    session.execute(
        "insert into meta (name, value) values ('ledger', $1) on conflict (name) do update set value = $1",
        values![end.to_string()],
    )?;
    Ok(Some(known))
}

/// What the data had forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "counts are named n_")]
pub(crate) struct Replayed {
    /// Lines that were carried out again.
    pub(crate) n_lines: u64,
    /// Records that they erased.
    pub(crate) n_records: u64,
    /// Requests that they put back, without what those say.
    pub(crate) n_requests: u64,
}

/// Carries out every line of the ledger that the data does not know of yet: after a crash between the two, and
/// after a restore.
pub(crate) fn replay(work: &mut Work<'_>) -> Result<Replayed, Fault> {
    let known = how_far(work.session)?;
    if known > work.keys.ledger_end()? {
        return Err(Fault::OldKeys);
    }
    let lines = work.keys.ledger_since(known)?;
    let ended: BTreeSet<Uuid> = lines
        .iter()
        .filter_map(|line| match line.act {
            Act::EndRequest { request, .. } => Some(request),
            _ => None,
        })
        .collect();
    let mut replayed = Replayed::default();
    for line in &lines {
        replayed.n_lines += 1;
        let at = Timestamp::from_microsecond(line.at).map_err(|_| Fault::Stored("of a time"))?;
        carry_out(work, &line.act, (&ended, at), &mut replayed)?;
    }
    if !lines.is_empty() {
        work.log.say_unsaid(work.session, work.keys, known)?;
    }
    Ok(replayed)
}

/// What one line says, once more; `ended` are the requests that end further on.
fn carry_out(
    work: &mut Work<'_>,
    act: &Act,
    (ended, at): (&BTreeSet<Uuid>, Timestamp),
    replayed: &mut Replayed,
) -> Result<(), Fault> {
    match act {
        Act::EraseSubject(subject) => {
            replayed.n_records += erase_again(work, Scope::Subject(*subject), at)?;
        }
        Act::EraseObject { object, .. } => {
            replayed.n_records += erase_again(work, Scope::Object(*object), at)?;
        }
        Act::EraseSlices { subject, slices } => {
            replayed.n_records += erase::erase_slices_again(work, *subject, slices, at)?.n_records;
        }
        Act::Night { now, idle_since } => {
            replayed.n_records += erase::end_claims_again(work, night(*now, *idle_since)?)?;
        }
        Act::EndPurpose { purpose, by } => {
            claims::end_by(work.session, purpose, *by)?;
        }
        Act::EraseTrail { destroyed, .. } => {
            work.keys.condemn_object(destroyed.key)?;
            work.session.execute(
                "update subjects set trail_key = null where trail_key = $1",
                values![destroyed.key],
            )?;
            erase::say_trail_erased(work, *destroyed, at)?;
        }
        Act::Restrict(subject) => restrict(work.session, *subject, true)?,
        Act::Lift(subject) => restrict(work.session, *subject, false)?,
        Act::Object { subject, purpose } => object_to(work.session, *subject, purpose, at)?,
        Act::Hold {
            subject,
            hold,
            said,
        } => holds::put_back(work.session, *subject, *hold, said)?,
        Act::LiftHold { hold, .. } => {
            holds::lift(work.session, *hold, at)?;
        }
        Act::Overrule { subject, purpose } => overrule(work.session, *subject, purpose)?,
        Act::ForgetSeen { mark } => {
            sightings::forget(work.session, mark)?;
            kept_maps::forget(work, mark)?;
        }
        Act::Suppress { mark, purpose } => suppress(work.session, mark, purpose, at)?,
        Act::Withdraw {
            subject,
            purpose,
            entity,
            zone,
        } => {
            let is_new = withdraw(work.session, *subject, purpose, entity, at)?;
            if is_new {
                claims::withdraw(work.session, *subject, purpose, at, &zone_named(zone))?;
            }
        }
        Act::Ask { task, said } => tasks::put_back(work.session, *task, said)?,
        Act::Answer { task, end } => {
            tasks::end(work.session, *task, end, at)?;
        }
        Act::Event { to, trigger, zone } => {
            let (scope, trigger) = happened(*to, trigger)?;
            happen(work.session, scope, trigger, at, &zone_named(zone))?;
        }
        Act::TakeBack { to, trigger } => {
            let (scope, trigger) = happened(*to, trigger)?;
            claims::take_back(work.session, scope, trigger)?;
        }
        Act::Keep {
            subject,
            record,
            said,
        } => lasting::put_back(work, *subject, *record, said)?,
        Act::Dispute {
            request, record, ..
        } => {
            restrictions::dispute(work.session, *request, *record, at)?;
        }
        Act::Correct { record, sealed, .. } => correct(work.session, *record, sealed)?,
        Act::Restored => {}
        Act::Receive { .. } | Act::Move { .. } | Act::Extend { .. } | Act::EndRequest { .. } => {
            let is_new = go_on_with_request(work, act, ended, at)?;
            replayed.n_requests += u64::from(is_new);
        }
    }
    Ok(())
}

/// What happened to a request, once more. Says whether it put one back that the data did not know.
fn go_on_with_request(
    work: &mut Work<'_>,
    act: &Act,
    ended: &BTreeSet<Uuid>,
    at: Timestamp,
) -> Result<bool, Fault> {
    match act {
        // What has come and gone since needs no coming back.
        Act::Receive { request, .. } if ended.contains(request) => {}
        Act::Receive {
            subject,
            request,
            header,
        } => return header::put_back(work, *subject, *request, header),
        Act::Move {
            request,
            stage,
            zone,
            ..
        } => {
            let stage = Stage::parse(stage).ok_or(Fault::Stored("of a request's stage"))?;
            come_to(work.session, *request, stage, at, &zone_named(zone))?;
        }
        Act::Extend {
            request,
            aim,
            latest,
            ..
        } => extend(work.session, *request, aim, latest)?,
        Act::EndRequest { request, .. } => {
            work.session
                .execute("delete from tasks where request = $1", values![*request])?;
            openings::end_with(work.session, *request)?;
            restrictions::settle(work.session, *request)?;
            requests::end_receipts(work.session, *request)?;
            work.session
                .execute("delete from requests where id = $1", values![*request])?;
        }
        _ => {}
    }
    Ok(false)
}

/// A retention run of before. What was late then was said then.
fn night(now: i64, idle_since: i64) -> Result<Night, Fault> {
    let moment = |at: i64| Timestamp::from_microsecond(at).map_err(|_| Fault::Stored("of a time"));
    Ok(Night {
        now: moment(now)?,
        idle_since: moment(idle_since)?,
        late_since: moment(now)?,
    })
}

fn happened(to: Happened, trigger: &str) -> Result<(Scope, Trigger), Fault> {
    let scope = match to {
        Happened::Subject(subject) => Scope::Subject(subject),
        Happened::Object(object) => Scope::Object(object),
    };
    let trigger = Trigger::parse(trigger).ok_or(Fault::Stored("of an event"))?;
    Ok((scope, trigger))
}

/// What a record says from now on, if it is there.
pub(crate) fn correct(session: &mut dyn Session, record: Uuid, sealed: &[u8]) -> Result<(), Fault> {
    session.execute(
        "update records set sealed = $2 where id = $1",
        values![record, sealed.to_vec()],
    )?;
    Ok(())
}

fn erase_again(work: &mut Work<'_>, scope: Scope, at: Timestamp) -> Result<u64, Fault> {
    let records = stored::records_in(work.session, scope)?;
    Ok(erase::erase_again(work, scope, records, at)?.n_records)
}

/// Something happened for which claims wait. Who deleted their account has no access any more, and what is still kept of them
/// is used for nothing; unlike a restriction, its periods go on. Says how many claims got their end.
pub(crate) fn happen(
    session: &mut dyn Session,
    scope: Scope,
    trigger: Trigger,
    at: Timestamp,
    zone: &TimeZone,
) -> Result<u64, Fault> {
    let n = claims::start(session, scope, trigger, at, zone)?;
    if let (Scope::Subject(subject), Trigger::AccountDeleted) = (scope, trigger) {
        session.execute(
            "update subjects set is_deactivated = 1 where id = $1",
            values![subject],
        )?;
        session.execute("delete from sessions where subject = $1", values![subject])?;
    }
    Ok(n)
}

pub(crate) fn restrict(
    session: &mut dyn Session,
    subject: uuid::Uuid,
    restricted: bool,
) -> Result<(), Fault> {
    session.execute(
        "update subjects set is_restricted = $2 where id = $1",
        values![subject, restricted],
    )?;
    Ok(())
}

/// Gives a request that is open later dates.
pub(crate) fn extend(
    session: &mut dyn Session,
    request: Uuid,
    aim: &str,
    latest: &str,
) -> Result<(), Fault> {
    session.execute(
        "update requests set aim = $2, latest = $3, stage = $4 where id = $1",
        values![request, aim, latest, Stage::Extended.name()],
    )?;
    Ok(())
}

/// An objection that was refused stops nothing any more.
pub(crate) fn overrule(
    session: &mut dyn Session,
    subject: Uuid,
    purpose: &str,
) -> Result<(), Fault> {
    session.execute(
        "delete from objections where subject = $1 and purpose = $2",
        values![subject, purpose],
    )?;
    Ok(())
}

pub(crate) fn object_to(
    session: &mut dyn Session,
    subject: uuid::Uuid,
    purpose: &str,
    at: Timestamp,
) -> Result<(), Fault> {
    session.execute(
        "insert into objections (subject, purpose, at) values ($1, $2, $3) on conflict do nothing",
        values![subject, purpose, at],
    )?;
    Ok(())
}

/// Appends a withdrawal on the text that the person last answered to, unless a later answer is there already.
/// Says whether it did.
fn withdraw(
    session: &mut dyn Session,
    subject: uuid::Uuid,
    purpose: &str,
    entity: &str,
    at: Timestamp,
) -> Result<bool, Fault> {
    let last = session.row(
        "select text_version, at from consents where subject = $1 and purpose = $2 and entity = $3
         order by at desc, id desc limit 1",
        values![subject, purpose, entity],
    )?;
    let Some(mut last) = last else {
        return Ok(false);
    };
    let text_version = last.text(0)?;
    if last.time(1)? >= at {
        return Ok(false);
    }
    session.execute(
        "insert into consents (id, subject, purpose, entity, text_version, answer, at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        values![
            random::<16>()?,
            subject,
            purpose,
            entity,
            text_version,
            ConsentAnswer::Withdrawn.name(),
            at
        ],
    )?;
    Ok(true)
}

/// The zone's name, by which the ledger remembers how days are counted.
pub(crate) fn name_of(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}

fn zone_named(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Up to which line of the ledger the data holds the consequences.
pub(crate) fn how_far(session: &mut dyn Session) -> Result<i64, Fault> {
    let row = session.row("select value from meta where name = 'ledger'", values![])?;
    let Some(mut row) = row else { return Ok(0) };
    row.text(0)?
        .parse()
        .map_err(|_| Fault::Stored("of the ledger's place"))
}
