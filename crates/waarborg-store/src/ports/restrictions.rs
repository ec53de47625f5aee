//! Records that a person disputes: nobody uses them until that is decided.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{ObjectId, RecordId, RequestId, SubjectId};
use waarborg_domain::rights::Stage;
use waarborg_usecase::ports::{Answer, Restrictions};

use crate::archive::Archive;
use crate::engine::{Fault, Session, Urgency, Work, values};
use crate::erase::Scope;
use crate::keys::Act;

impl Restrictions for Archive {
    fn dispute(
        &self,
        request: RequestId,
        records: Vec<RecordId>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, u64> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let mut n = 0;
                for record in &records {
                    let subject = dispute(work.session, request.0, record.0, at)?;
                    if let Some(subject) = subject {
                        n += 1;
                        let act = Act::Dispute {
                            subject,
                            request: request.0,
                            record: record.0,
                        };
                        work.keys.append_ledger(at.as_microsecond(), &act)?;
                    }
                }
                let mut entry = entry.clone();
                entry.facts.n_records = Some(n);
                work.explain(&entry)?;
                Ok(n)
            })
            .await
        })
    }

    fn disputed_of(&self, subject: SubjectId) -> Answer<'_, Vec<(RecordId, RequestId)>> {
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    "select record, request from restrictions where subject = $1 order by record, request",
                    values![subject.0],
                )?;
                rows.into_iter()
                    .map(|mut row| Ok((RecordId(row.id(0)?), RequestId(row.id(1)?))))
                    .collect()
            })
            .await
        })
    }

    fn is_disputed_since(&self, object: ObjectId, at: Timestamp) -> Answer<'_, bool> {
        Box::pin(async move {
            self.read(move |work| {
                let row = work.session.row(
                    "select 1 from restrictions x join records r on r.id = x.record
                     where r.object = $1 and x.at >= $2 limit 1",
                    values![object.0, at],
                )?;
                Ok(row.is_some())
            })
            .await
        })
    }
}

/// A record is not used until this request is decided; says whose it is. `None` where the record is gone, or the request
/// is, or was decided.
pub(crate) fn dispute(
    session: &mut dyn Session,
    request: Uuid,
    record: Uuid,
    at: Timestamp,
) -> Result<Option<Uuid>, Fault> {
    let stage = session.row("select stage from requests where id = $1", values![request])?;
    let Some(mut stage) = stage else {
        return Ok(None);
    };
    if Stage::parse(&stage.text(0)?).is_none_or(Stage::is_closed) {
        return Ok(None);
    }
    let row = session.row("select subject from records where id = $1", values![record])?;
    let Some(mut row) = row else { return Ok(None) };
    let subject = row.id(0)?;
    session.execute(
        "insert into restrictions (record, request, subject, at) values ($1, $2, $3, $4) on conflict do nothing",
        values![record, request, subject, at],
    )?;
    Ok(Some(subject))
}

/// It is decided: what was disputed may be used again.
pub(crate) fn settle(session: &mut dyn Session, request: Uuid) -> Result<(), Fault> {
    session.execute(
        "delete from restrictions where request = $1",
        values![request],
    )?;
    Ok(())
}

/// What was disputed by one request is disputed by another from now on.
pub(crate) fn hand_on(
    work: &mut Work<'_>,
    from: Uuid,
    into: Uuid,
    at: Timestamp,
) -> Result<(), Fault> {
    let rows = work.session.rows(
        "select record from restrictions where request = $1",
        values![from],
    )?;
    for mut row in rows {
        let record = row.id(0)?;
        if let Some(subject) = dispute(work.session, into, record, at)? {
            let act = Act::Dispute {
                subject,
                request: into,
                record,
            };
            work.keys.append_ledger(at.as_microsecond(), &act)?;
        }
    }
    Ok(())
}

/// Nothing is disputed about a record that is gone.
pub(crate) fn end_with(session: &mut dyn Session, record: Uuid) -> Result<(), Fault> {
    session.execute(
        "delete from restrictions where record = $1",
        values![record],
    )?;
    Ok(())
}

/// The records in scope that nobody uses now.
pub(crate) fn disputed_in(
    session: &mut dyn Session,
    scope: Scope,
) -> Result<BTreeSet<Uuid>, Fault> {
    let rows = match scope {
        Scope::Subject(subject) => session.rows(
            "select record from restrictions where subject = $1",
            values![subject],
        )?,
        Scope::Object(object) => session.rows(
            "select x.record from restrictions x join records r on r.id = x.record where r.object = $1",
            values![object],
        )?,
    };
    rows.into_iter().map(|mut row| row.id(0)).collect()
}
