//! The end of records: claims go, keys go, then bytes go. Every path to erasure runs through here, and every
//! step may be repeated.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::audit::DestroyedKey;
use waarborg_domain::claim::{Action, ClaimKind, ClaimRule, Period, Trigger};
use waarborg_domain::entry::Entry;
use waarborg_domain::personal::{Category, Purpose};
use waarborg_domain::register::Basis;
use waarborg_usecase::ports::{Claim, ErasureReceipt, Kept, Night, Place, RetentionReport};

use crate::engine::{Fault, Session, Value, Work, values};
use crate::keys::Act;
use crate::ports::agreements;
use crate::ports::holds;
use crate::ports::kept_maps;
use crate::ports::mails;
use crate::ports::numbers;
use crate::ports::openings;
use crate::ports::requests;
use crate::ports::restrictions;
use crate::ports::sightings;
use crate::ports::stored::{self, StoredRecord};

/// Records that one step of a retention run takes.
const STEP: i64 = 5000;

/// Whose records end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope {
    Subject(Uuid),
    Object(Uuid),
}

/// Ends every claim in scope that yields to erasure, and everything that is left without one.
///
/// The ledger says so before anything is gone, in the same transaction in which the keys go.
pub(crate) fn erase(
    work: &mut Work<'_>,
    scope: Scope,
    at: Timestamp,
) -> Result<ErasureReceipt, Fault> {
    let records = stored::records_in(work.session, scope)?;
    let act = match scope {
        Scope::Subject(subject) => {
            knows_subject(work, subject)?.then_some(Act::EraseSubject(subject))
        }
        Scope::Object(object) => owner(work.session, object, &records)?
            .map(|subject| Act::EraseObject { subject, object }),
    };
    if let Some(act) = &act {
        work.keys.append_ledger(at.as_microsecond(), act)?;
    }
    erase_again(work, scope, records, at)
}

/// The same once the ledger says so: also what a restore and a start after a crash do.
pub(crate) fn erase_again(
    work: &mut Work<'_>,
    scope: Scope,
    records: Vec<StoredRecord>,
    at: Timestamp,
) -> Result<ErasureReceipt, Fault> {
    let mut receipt = end_claims_of(work, records, at, Reach::Everything)?;
    match scope {
        Scope::Subject(subject) => forget_subject(work, subject, at, &mut receipt)?,
        Scope::Object(object) => remove_if_empty(work.session, object)?,
    }
    Ok(receipt)
}

/// Ends the claims on some slices of a person's data, and everything that is left without one. The person stays known.
pub(crate) fn erase_slices(
    work: &mut Work<'_>,
    subject: Uuid,
    slices: &[(String, String)],
    at: Timestamp,
) -> Result<ErasureReceipt, Fault> {
    let act = Act::EraseSlices {
        subject,
        slices: slices.to_vec(),
    };
    work.keys.append_ledger(at.as_microsecond(), &act)?;
    erase_slices_again(work, subject, slices, at)
}

/// The same once the ledger says so.
pub(crate) fn erase_slices_again(
    work: &mut Work<'_>,
    subject: Uuid,
    slices: &[(String, String)],
    at: Timestamp,
) -> Result<ErasureReceipt, Fault> {
    let records = stored::records_in(work.session, Scope::Subject(subject))?;
    end_claims_of(work, records, at, Reach::Slices(slices))
}

/// How far an erasure reaches.
#[derive(Clone, Copy)]
enum Reach<'a> {
    Everything,
    /// Pairs of category and purpose.
    Slices(&'a [(String, String)]),
}

impl Reach<'_> {
    fn ends(self, claim: &Claim) -> bool {
        let rule = &claim.rule;
        let is_named = |(category, purpose): &(String, String)| {
            rule.category == **category && rule.purpose == **purpose
        };
        let reaches = match self {
            Self::Everything => true,
            Self::Slices(slices) => slices.iter().any(is_named),
        };
        reaches && rule.yields_to_erasure()
    }
}

/// Ends the claims that an erasure reaches; a record without any left loses its key and its bytes, and one that
/// another claim keeps is there for that alone.
fn end_claims_of(
    work: &mut Work<'_>,
    records: Vec<StoredRecord>,
    at: Timestamp,
    reach: Reach<'_>,
) -> Result<ErasureReceipt, Fault> {
    let mut receipt = ErasureReceipt::default();
    let mut kept: BTreeMap<(String, String, String), Kept> = BTreeMap::new();
    let mut gone = Vec::new();
    let mut n_claims = 0;
    for record in records {
        let claims = stored::claims_of(work.session, &record)?;
        let (ending, staying): (Vec<_>, Vec<_>) =
            claims.into_iter().partition(|claim| reach.ends(claim));
        n_claims += ending.len() as u64;
        if staying.is_empty() {
            match holds::held_until(work.session, record.subject, record.object, at)? {
                None => gone.push(record),
                Some(until) => {
                    let claim = hold_claim(&record, at);
                    keep_only(work.session, &record, std::slice::from_ref(&claim))?;
                    reserve(work.session, &record)?;
                    let shown = Claim {
                        ends_at: Some(until),
                        ..claim
                    };
                    note_kept(&mut kept, &record, &shown);
                }
            }
            continue;
        }
        if !ending.is_empty() {
            keep_only(work.session, &record, &staying)?;
        }
        if !ending.is_empty() || matches!(reach, Reach::Everything) {
            reserve(work.session, &record)?;
        }
        for claim in staying {
            note_kept(&mut kept, &record, &claim);
        }
    }
    let n = destroy(work, &gone, at)?;
    receipt.n_records = n.records;
    receipt.n_keys = n.keys;
    receipt.kept = kept.into_values().collect();
    let place = |place, state, n| Place { place, state, n };
    receipt.places = vec![
        place("claims", "ended", n_claims),
        place("keys of records", "destroyed", n.keys),
        place("records", "erased", n.records),
    ];
    Ok(receipt)
}

/// What keeps a record that a hold keeps: it is due already, and the hold alone stands between it and its end.
fn hold_claim(record: &StoredRecord, at: Timestamp) -> Claim {
    Claim {
        rule: ClaimRule {
            rule: "hold".to_owned(),
            category: Category::from_stored(&record.category),
            purpose: Purpose::from_stored("legal_claims"),
            basis: Basis::Legit,
            trigger: Trigger::Created,
            period: Period::NONE,
            kind: ClaimKind::NotBefore,
            action: Action::Erase,
            copies: Vec::new(),
        },
        started_at: Some(at),
        ends_at: Some(at),
    }
}

/// From now on a record is there for the purposes of its claims alone.
fn reserve(session: &mut dyn Session, record: &StoredRecord) -> Result<(), Fault> {
    session.execute(
        "update records set is_reserved = 1 where id = $1",
        values![record.id],
    )?;
    Ok(())
}

/// What a run at `now` would end, or ends.
pub(crate) fn due(session: &mut dyn Session, night: Night) -> Result<RetentionReport, Fault> {
    let now = night.now;
    let early = early(now);
    let mut report = RetentionReport::default();
    let mut objects = BTreeSet::new();
    for mut row in session.rows(
        "select c.record, c.kind, c.ends_at, r.object,
                (select count(*) from claims o where o.record = c.record and (o.ends_at is null or o.ends_at > $2
                    or (o.ends_at > $1 and o.kind <> 'at_most')))
         from claims c join records r on r.id = c.record
         where c.ends_at <= $2 and (c.ends_at <= $1 or c.kind = 'at_most') and not exists (select 1 from subjects s where s.id = r.subject and s.is_restricted = 1)
           and not exists (select 1 from restrictions x where x.record = r.id)
           and not exists (select 1 from holds h where h.subject = r.subject and (h.object is null or h.object = r.object)
                             and h.agreed_at is not null and h.lifted_at is null and h.ends_at > $1)
         order by c.record",
        values![now, early],
    )? {
        let (_, object, others) = (row.id(0)?, row.id(3)?, row.integer(4)?);
        report.n_claims += 1;
        report.n_late += u64::from(is_late(&row.text(1)?, row.time(2)?, night));
        if others == 0 {
            objects.insert(object);
        }
    }
    let ending = ending_records(session, now, i64::MAX)?;
    report.n_records = ending.len() as u64;
    report.n_claims += sightings::due(session, now)?;
    for object in objects {
        let row = session.row(
            "select count(*) from records r where r.object = $1 and exists (
                 select 1 from claims c where c.record = r.id and (c.ends_at is null or c.ends_at > $3
                     or (c.ends_at > $2 and c.kind <> 'at_most')))",
            values![object, now, early],
        )?;
        report.n_objects += u64::from(row.map_or(Ok(0), |mut row| row.integer(0))? == 0);
    }
    Ok(report)
}

/// Ends claims whose time has come, and records without any; one step of a run. Says whether there is more.
///
/// Where keys go the ledger says so first: a crash between keys and data is followed by the same step.
pub(crate) fn end_claims(
    work: &mut Work<'_>,
    night: Night,
) -> Result<(RetentionReport, bool), Fault> {
    let ending = ending_records(work.session, night.now, STEP)?;
    let is_ending = !ending.is_empty()
        || kept_maps::has_old(work.session, night.now)?
        || !who_left_nothing(work.session, night)?.is_empty();
    if is_ending {
        let act = Act::Night {
            now: night.now.as_microsecond(),
            idle_since: night.idle_since.as_microsecond(),
        };
        work.keys.append_ledger(night.now.as_microsecond(), &act)?;
    }
    end_these(work, night, &ending)
}

/// The whole of a run once more; says how many records it ended.
pub(crate) fn end_claims_again(work: &mut Work<'_>, night: Night) -> Result<u64, Fault> {
    let mut n_records = 0;
    loop {
        let ending = ending_records(work.session, night.now, STEP)?;
        let (report, is_more) = end_these(work, night, &ending)?;
        n_records += report.n_records;
        if !is_more {
            return Ok(n_records);
        }
    }
}

fn end_these(
    work: &mut Work<'_>,
    night: Night,
    ending: &[StoredRecord],
) -> Result<(RetentionReport, bool), Fault> {
    let now = night.now;
    let mut report = RetentionReport::default();
    let mut is_more = i64::try_from(ending.len()).unwrap_or(STEP) == STEP;
    for record in ending {
        for mut row in work.session.rows(
            "select kind, ends_at from claims where record = $1",
            values![record.id],
        )? {
            report.n_claims += 1;
            report.n_late += u64::from(is_late(&row.text(0)?, row.time(1)?, night));
        }
        // Who has their data erased leaves no number: only time does.
        numbers::count(work.session, record.id)?;
    }
    let n = destroy(work, ending, now)?;
    report.n_records = n.records;
    report.n_objects = n.n_emptied;

    if !is_more {
        // Claims that end while another keeps the record.
        for mut row in work.session.rows(
            "delete from claims where ends_at <= $2 and (ends_at <= $1 or kind = 'at_most') and record not in (
                 select r.id from records r join subjects s on s.id = r.subject where s.is_restricted = 1)
               and record not in (select x.record from restrictions x)
               and record not in (
                 select r.id from records r join holds h on h.subject = r.subject
                 where (h.object is null or h.object = r.object) and h.agreed_at is not null and h.lifted_at is null
                   and h.ends_at > $1)
             returning kind, ends_at",
            values![now, early(now)],
        )? {
            report.n_claims += 1;
            report.n_late += u64::from(is_late(&row.text(0)?, row.time(1)?, night));
        }
        report.n_claims += sightings::end(work.session, now)?;
        work.session
            .execute("delete from sessions where expires_at <= $1", values![now])?;
        work.session
            .execute("delete from tickets where expires_at <= $1", values![now])?;
        openings::end_old(work.session, now)?;
        agreements::end_old(work.session, now)?;
        kept_maps::end_old(work, now)?;
        is_more = kept_maps::has_old(work.session, now)?;
        work.session.execute(
            "delete from holds where lifted_at is not null or ends_at <= $1",
            values![now],
        )?;
        forget_who_left_nothing(work, night)?;
    }
    Ok((report, is_more))
}

/// A person of whom nothing is kept any more, and who is at no door, is nobody to us.
fn forget_who_left_nothing(work: &mut Work<'_>, night: Night) -> Result<(), Fault> {
    for subject in who_left_nothing(work.session, night)? {
        end_trail(work, subject, night.now)?;
        work.keys.condemn_subject(subject);
        remove_subject(work.session, subject)?;
    }
    Ok(())
}

fn who_left_nothing(session: &mut dyn Session, night: Night) -> Result<Vec<Uuid>, Fault> {
    let rows = session.rows(
        "select id from subjects s where is_restricted = 0 and created_at <= $1
           and not exists (select 1 from records where subject = s.id)
           and not exists (select 1 from requests where subject = s.id)
           and not exists (select 1 from sessions where subject = s.id)
           and not exists (select 1 from conversations where subject = s.id)",
        values![night.idle_since],
    )?;
    rows.into_iter().map(|mut row| row.id(0)).collect()
}

/// Removes what a restored copy holds of records whose keys were destroyed.
pub(crate) fn remove_unreadable(work: &mut Work<'_>, at: Timestamp) -> Result<u64, Fault> {
    let mut gone = Vec::new();
    for mut row in work.session.rows(
        "select id, object, subject, category from records",
        values![],
    )? {
        let record = StoredRecord {
            id: row.id(0)?,
            object: row.id(1)?,
            subject: row.id(2)?,
            category: row.text(3)?,
        };
        if !work.keys.has_object(record.id)? {
            gone.push(record);
        }
    }
    let n = destroy(work, &gone, at)?;
    kept_maps::remove_unreadable(work)?;
    for mut row in work.session.rows("select id from subjects", values![])? {
        let subject = row.id(0)?;
        if !work.keys.has_subject(subject)? {
            remove_subject(work.session, subject)?;
        }
    }
    Ok(n.records)
}

#[derive(Default)]
struct Destroyed {
    records: u64,
    keys: u64,
    // Objects that lost their last record.
    n_emptied: u64,
}

/// Keys first, then bytes; then the structure that has nothing left to carry.
fn destroy(
    work: &mut Work<'_>,
    records: &[StoredRecord],
    at: Timestamp,
) -> Result<Destroyed, Fault> {
    let mut n = Destroyed::default();
    let mut objects = BTreeSet::new();
    for record in records {
        n.keys += u64::from(work.keys.condemn_object(record.id)?.is_some());
        work.session
            .execute("delete from claims where record = $1", values![record.id])?;
        restrictions::end_with(work.session, record.id)?;
        n.records += work
            .session
            .execute("delete from records where id = $1", values![record.id])?;
        objects.insert(record.object);
    }
    for object in objects {
        if is_empty(work.session, object)? {
            remove_if_empty(work.session, object)?;
            end_request(work, object, at)?;
            n.n_emptied += 1;
        }
    }
    Ok(n)
}

/// Ends the request whose last record is gone. The ledger says so: a restore must not bring it back.
fn end_request(work: &mut Work<'_>, object: Uuid, at: Timestamp) -> Result<(), Fault> {
    let ended = work.session.row(
        "delete from requests where id = $1 returning subject",
        values![object],
    )?;
    if let Some(mut row) = ended {
        work.session
            .execute("delete from tasks where request = $1", values![object])?;
        openings::end_with(work.session, object)?;
        restrictions::settle(work.session, object)?;
        requests::end_receipts(work.session, object)?;
        let act = Act::EndRequest {
            subject: row.id(0)?,
            request: object,
        };
        work.keys.append_ledger(at.as_microsecond(), &act)?;
    }
    Ok(())
}

fn is_empty(session: &mut dyn Session, object: Uuid) -> Result<bool, Fault> {
    let left = session.row(
        "select 1 from records where object = $1 limit 1",
        values![object],
    )?;
    Ok(left.is_none())
}

fn remove_if_empty(session: &mut dyn Session, object: Uuid) -> Result<(), Fault> {
    if is_empty(session, object)? {
        session.execute("delete from conversations where id = $1", values![object])?;
    }
    Ok(())
}

/// Ends the sessions, trail and, if nothing else is left, every trace of a person. The receipt says what went where.
fn forget_subject(
    work: &mut Work<'_>,
    subject: Uuid,
    at: Timestamp,
    receipt: &mut ErasureReceipt,
) -> Result<(), Fault> {
    let place = |place, state, n| Place { place, state, n };
    let n = work
        .session
        .execute("delete from sessions where subject = $1", values![subject])?;
    receipt.places.push(place("sessions", "ended", n));
    agreements::end_with(work.session, subject)?;
    let n = work.session.execute(
        "delete from conversations where subject = $1 and not exists (
        select 1 from records where records.object = conversations.id)",
        values![subject],
    )?;
    receipt.places.push(place("conversations", "erased", n));
    let n = mails::forget(work.session, subject)?;
    if n > 0 {
        receipt.places.push(place("mails", "erased", n));
    }
    receipt.trace = end_trail(work, subject, at)?;
    receipt.n_keys += u64::from(receipt.trace.is_some());
    let n = work.session.execute(
        "update audit_entries set subject = null, sealed = null where subject = $1",
        values![subject],
    )?;
    receipt.places.push(place("audit log", "closed", n));

    let left = work.session.row(
        "select 1 from records where subject = $1 union all select 1 from requests where subject = $1 limit 1",
        values![subject],
    )?;
    if left.is_none() {
        if work.keys.has_subject(subject)? {
            work.keys.condemn_subject(subject);
            receipt.n_keys += 1;
            receipt
                .places
                .push(place("key of the person", "destroyed", 1));
        }
        remove_subject(work.session, subject)?;
    }
    Ok(())
}

/// Condemns the key of a person's lines in the log. Ledger and log say so: by it a check of the log knows which lines
/// may be without their words.
fn end_trail(work: &mut Work<'_>, subject: Uuid, at: Timestamp) -> Result<Option<String>, Fault> {
    let row = work.session.row(
        "select trail_key from subjects where id = $1",
        values![subject],
    )?;
    let Some(key) = row.map(|mut row| row.maybe_id(0)).transpose()?.flatten() else {
        return Ok(None);
    };
    work.session.execute(
        "update subjects set trail_key = null where id = $1",
        values![subject],
    )?;
    let Some(trace) = work.keys.trace_of(key)? else {
        return Ok(None);
    };
    work.keys.condemn_object(key)?;
    let destroyed = DestroyedKey { key, trace };
    work.keys
        .append_ledger(at.as_microsecond(), &Act::EraseTrail { subject, destroyed })?;
    say_trail_erased(work, destroyed, at)?;
    Ok(Some(trace.to_string()))
}

/// Says in the log that the key of a person's lines was destroyed.
pub(crate) fn say_trail_erased(
    work: &mut Work<'_>,
    destroyed: DestroyedKey,
    at: Timestamp,
) -> Result<(), Fault> {
    work.log
        .append_for_the_ledger(work.session, work.keys, &Entry::trail_erased(at, destroyed))
}

fn remove_subject(session: &mut dyn Session, subject: Uuid) -> Result<(), Fault> {
    session.execute("delete from sessions where subject = $1", values![subject])?;
    agreements::end_with(session, subject)?;
    session.execute("delete from consents where subject = $1", values![subject])?;
    session.execute("delete from holds where subject = $1", values![subject])?;
    session.execute(
        "delete from objections where subject = $1",
        values![subject],
    )?;
    session.execute(
        "delete from conversations where subject = $1",
        values![subject],
    )?;
    session.execute(
        "update audit_entries set subject = null, sealed = null where subject = $1",
        values![subject],
    )?;
    session.execute("delete from subjects where id = $1", values![subject])?;
    Ok(())
}

fn ending_records(
    session: &mut dyn Session,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<StoredRecord>, Fault> {
    let rows = session.rows(
        "select r.id, r.object, r.subject, r.category from records r
         where r.id in (select record from claims where ends_at <= $3 and (ends_at <= $1 or kind = 'at_most'))
           and not exists (select 1 from claims c where c.record = r.id and (c.ends_at is null or c.ends_at > $3
                             or (c.ends_at > $1 and c.kind <> 'at_most')))
           and not exists (select 1 from subjects s where s.id = r.subject and s.is_restricted = 1)
           and not exists (select 1 from restrictions x where x.record = r.id)
           and not exists (select 1 from holds h where h.subject = r.subject and (h.object is null or h.object = r.object)
                             and h.agreed_at is not null and h.lifted_at is null and h.ends_at > $1)
         order by r.id limit $2",
        values![now, limit, early(now)],
    )?;
    rows.into_iter().map(stored::record_key).collect()
}

/// The end of what a run at `now` ends already, because it must be gone before its end.
fn early(now: Timestamp) -> Timestamp {
    let margin = ClaimKind::AtMost.margin();
    now.checked_add(margin).unwrap_or(now)
}

fn is_late(kind: &str, ends_at: Timestamp, night: Night) -> bool {
    kind == ClaimKind::AtMost.as_str() && ends_at <= night.late_since
}

fn keep_only(
    session: &mut dyn Session,
    record: &StoredRecord,
    staying: &[Claim],
) -> Result<(), Fault> {
    session.execute("delete from claims where record = $1", values![record.id])?;
    stored::add_claims(session, record.id, staying)
}

fn note_kept(
    kept: &mut BTreeMap<(String, String, String), Kept>,
    record: &StoredRecord,
    claim: &Claim,
) {
    let (purpose, basis) = (claim.rule.purpose.to_string(), claim.rule.basis.to_string());
    let entry = kept
        .entry((record.category.clone(), purpose.clone(), basis.clone()))
        .or_insert_with(|| Kept {
            category: record.category.clone(),
            purpose,
            basis,
            until: claim.ends_at,
            n_records: 0,
        });
    entry.n_records += 1;
    // The whole is there until its last part ends; an unknown end outlasts every known one.
    entry.until = entry
        .until
        .zip(claim.ends_at)
        .map(|(one, other)| one.max(other));
}

fn knows_subject(work: &mut Work<'_>, subject: Uuid) -> Result<bool, Fault> {
    let known = work
        .session
        .row("select 1 from subjects where id = $1", values![subject])?;
    Ok(known.is_some() || work.keys.has_subject(subject)?)
}

fn owner(
    session: &mut dyn Session,
    object: Uuid,
    records: &[StoredRecord],
) -> Result<Option<Uuid>, Fault> {
    if let Some(record) = records.first() {
        return Ok(Some(record.subject));
    }
    let row = session.row(
        "select subject from conversations where id = $1",
        &[Value::from(object)],
    )?;
    row.map(|mut row| row.id(0)).transpose()
}
