//! Data-subject requests.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_domain::calendar::Due;
use waarborg_domain::claim::Trigger;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{RequestId, SubjectId, Token};
use waarborg_domain::permit::Permit;
use waarborg_domain::rights::{Channel, Details, Reference, Request, Right, Stage};
use waarborg_usecase::ports::{Answer, NewRecord, Requests};

use super::openings;
use super::people::add_subject;
use super::records::{reveal, seal_all};
use super::restrictions;
use crate::archive::Archive;
use crate::claims;
use crate::engine::{self, Fault, Session, Urgency, values};
use crate::erase::Scope;
use crate::header::header_of;
use crate::keys::Act;
use crate::ledger;

impl Requests for Archive {
    fn add<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        request: Request,
        secret: &'a Token,
        records: Vec<NewRecord>,
        entry: Entry,
    ) -> Answer<'a, ()> {
        let secret = self.secrets().fingerprint("request", secret);
        Box::pin(async move {
            let records = reveal(permit, records)?;
            self.write(Urgency::Essential, move |work| {
                // Whoever asks without having been here before becomes known by asking.
                add_subject(work, request.subject.0, "", request.received_at)?;
                let header = header_of(&request, &secret, &records)
                    .ok_or(Fault::NotAllowed("a request without a claim"))?;
                let act = Act::Receive {
                    subject: request.subject.0,
                    request: request.id.0,
                    header,
                };
                work.keys
                    .append_ledger(request.received_at.as_microsecond(), &act)?;
                insert(
                    work.session,
                    &Row {
                        id: request.id.0,
                        reference: request.reference.as_str(),
                        secret: &secret,
                        right: request.right.name(),
                        subject: request.subject.0,
                        channel: request.channel.name(),
                        received_at: request.received_at,
                        aim: &request.due.aim.to_string(),
                        latest: &request.due.latest.to_string(),
                        stage: request.stage.name(),
                        details: request.details,
                    },
                )?;
                seal_all(work, &records)?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn by_reference<'a>(
        &'a self,
        reference: &'a str,
        secret: &'a Token,
    ) -> Answer<'a, Option<Request>> {
        let secret = self.secrets().fingerprint("request", secret);
        let reference = Reference::parse(reference);
        Box::pin(async move {
            let Some(reference) = reference else {
                return Ok(None);
            };
            self.read(move |work| {
                let row = work.session.row(
                    "select q.id, j.request from requests q left join receipts j on j.joined = q.id
                     where q.reference = $1 and (q.secret = $2 or exists (
                         select 1 from receipts r where r.fingerprint = $2 and (r.request = q.id or r.request = j.request)))",
                    values![reference.as_str(), secret],
                )?;
                let Some(mut row) = row else { return Ok(None) };
                let id = row.maybe_id(1)?.unwrap_or(row.id(0)?);
                by_id(work.session, id)
            })
            .await
        })
    }

    fn add_receipt<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        id: RequestId,
        secret: &'a Token,
        records: Vec<NewRecord>,
        entry: Entry,
    ) -> Answer<'a, bool> {
        let secret = self.secrets().fingerprint("request", secret);
        Box::pin(async move {
            let records = reveal(permit, records)?;
            self.write(Urgency::Essential, move |work| {
                let known = by_id(work.session, id.0)?;
                if known.is_none_or(|known| known.stage.is_closed()) {
                    return Ok(false);
                }
                seal_all(work, &records)?;
                work.session.execute(
                    "insert into receipts (fingerprint, request, joined) values ($1, $2, null)",
                    values![secret.to_vec(), id.0],
                )?;
                work.explain(&entry)?;
                Ok(true)
            })
            .await
        })
    }

    fn join<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        (from, into): (RequestId, RequestId),
        records: Vec<NewRecord>,
        at: Timestamp,
        zone: &'a TimeZone,
        entry: Entry,
    ) -> Answer<'a, bool> {
        let zone = zone.clone();
        Box::pin(async move {
            let records = reveal(permit, records)?;
            self.write(Urgency::Essential, move |work| {
                for id in [from, into] {
                    let known = by_id(work.session, id.0)?;
                    if known.is_none_or(|known| known.stage.is_closed()) {
                        return Ok(false);
                    }
                }
                let row = work.session.row(
                    "select secret, subject from requests where id = $1",
                    values![from.0],
                )?;
                let Some(mut row) = row else { return Ok(false) };
                let (secret, subject) = (row.bytes(0)?, row.id(1)?);
                work.session.execute(
                    "update receipts set request = $2 where request = $1",
                    values![from.0, into.0],
                )?;
                work.session.execute(
                    "insert into receipts (fingerprint, request, joined) values ($1, $2, $3)",
                    values![secret, into.0, from.0],
                )?;
                // What was put aside because of the one stays aside because of the other.
                restrictions::hand_on(work, from.0, into.0, at)?;
                seal_all(work, &records)?;
                let act = Act::Move {
                    subject,
                    request: from.0,
                    stage: Stage::Joined.name().to_owned(),
                    zone: ledger::name_of(&zone),
                };
                work.keys.append_ledger(at.as_microsecond(), &act)?;
                come_to(work.session, from.0, Stage::Joined, at, &zone)?;
                work.explain(&entry)?;
                Ok(true)
            })
            .await
        })
    }

    fn request(&self, id: RequestId) -> Answer<'_, Option<Request>> {
        Box::pin(async move { self.read(move |work| by_id(work.session, id.0)).await })
    }

    fn requests(&self) -> Answer<'_, Vec<Request>> {
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    "select id, reference, asked, subject, channel, received_at, aim, latest, stage, details
                     from requests order by aim, received_at, id",
                    values![],
                )?;
                rows.into_iter().map(request).collect()
            })
            .await
        })
    }

    fn requests_of(&self, subject: SubjectId) -> Answer<'_, Vec<Request>> {
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    "select id, reference, asked, subject, channel, received_at, aim, latest, stage, details
                     from requests where subject = $1 order by received_at, id",
                    values![subject.0],
                )?;
                rows.into_iter().map(request).collect()
            })
            .await
        })
    }

    fn move_to<'a>(
        &'a self,
        id: RequestId,
        stage: Stage,
        at: Timestamp,
        zone: &'a TimeZone,
        entry: Entry,
    ) -> Answer<'a, ()> {
        let zone = zone.clone();
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let row = work.session.row(
                    "select stage, subject from requests where id = $1",
                    values![id.0],
                )?;
                if let Some(mut row) = row {
                    let from = Stage::parse(&row.text(0)?);
                    // Answering twice is answering once.
                    if from.is_some_and(|from| from != stage && !from.may_become(stage)) {
                        return Err(Fault::NotAllowed("a stage that cannot follow"));
                    }
                    let act = Act::Move {
                        subject: row.id(1)?,
                        request: id.0,
                        stage: stage.name().to_owned(),
                        zone: ledger::name_of(&zone),
                    };
                    work.keys.append_ledger(at.as_microsecond(), &act)?;
                    come_to(work.session, id.0, stage, at, &zone)?;
                }
                work.explain(&entry)
            })
            .await
        })
    }
}

/// The request with this id, if there is one.
pub(crate) fn by_id(session: &mut dyn Session, id: Uuid) -> Result<Option<Request>, Fault> {
    let row = session.row(
        "select id, reference, asked, subject, channel, received_at, aim, latest, stage, details
         from requests where id = $1",
        values![id],
    )?;
    row.map(request).transpose()
}

/// A request as a row.
pub(crate) struct Row<'a> {
    pub(crate) id: Uuid,
    pub(crate) reference: &'a str,
    pub(crate) secret: &'a [u8],
    pub(crate) right: &'a str,
    pub(crate) subject: Uuid,
    pub(crate) channel: &'a str,
    pub(crate) received_at: Timestamp,
    pub(crate) aim: &'a str,
    pub(crate) latest: &'a str,
    pub(crate) stage: &'a str,
    pub(crate) details: Details,
}

/// Adds a request, unless it is there. Says whether it was not.
pub(crate) fn insert(session: &mut dyn Session, row: &Row<'_>) -> Result<bool, Fault> {
    let n = session.execute(
        "insert into requests (id, reference, secret, asked, subject, channel, received_at, aim, latest, stage, details)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing",
        values![
            row.id,
            row.reference,
            row.secret.to_vec(),
            row.right,
            row.subject,
            row.channel,
            row.received_at,
            row.aim,
            row.latest,
            row.stage,
            row.details.name()
        ],
    )?;
    Ok(n > 0)
}

/// No receipt opens a request that is gone.
pub(crate) fn end_receipts(session: &mut dyn Session, request: Uuid) -> Result<(), Fault> {
    session.execute(
        "delete from receipts where request = $1 or joined = $1",
        values![request],
    )?;
    Ok(())
}

/// Writes the stage of a request; a closed one lets the claims begin that wait for it.
pub(crate) fn come_to(
    session: &mut dyn Session,
    id: Uuid,
    stage: Stage,
    at: Timestamp,
    zone: &TimeZone,
) -> Result<(), Fault> {
    session.execute(
        "update requests set stage = $2 where id = $1",
        values![id, stage.name()],
    )?;
    if stage.is_closed() {
        // What showed who asks is not needed after the decision.
        openings::end_codes(session, id)?;
        restrictions::settle(session, id)?;
        claims::start(session, Scope::Object(id), Trigger::CaseClosed, at, zone)?;
    }
    Ok(())
}

fn request(mut row: engine::Row) -> Result<Request, Fault> {
    let day = |text: String| text.parse().map_err(|_| Fault::Stored("of a day"));
    Ok(Request {
        id: RequestId(row.id(0)?),
        reference: Reference::parse(&row.text(1)?).ok_or(Fault::Stored("requests.reference"))?,
        right: Right::parse(&row.text(2)?).ok_or(Fault::Stored("requests.asked"))?,
        subject: SubjectId(row.id(3)?),
        channel: Channel::parse(&row.text(4)?).ok_or(Fault::Stored("requests.channel"))?,
        received_at: row.time(5)?,
        due: Due {
            aim: day(row.text(6)?)?,
            latest: day(row.text(7)?)?,
        },
        stage: Stage::parse(&row.text(8)?).ok_or(Fault::Stored("requests.stage"))?,
        details: Details::parse(&row.text(9)?).ok_or(Fault::Stored("requests.details"))?,
    })
}
