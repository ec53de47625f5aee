//! What opens a request for a while. Of each only a keyed fingerprint is kept.

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::RequestId;
use waarborg_domain::permit::Permit;
use waarborg_domain::rights::{Reference, Request};
use waarborg_usecase::ports::{Answer, Mark, NewRecord, Opening, OpeningKind, Openings};

use super::records::{Reader, refuse_stopped, reveal, seal_all};
use super::requests;
use crate::archive::Archive;
use crate::engine::{Fault, Session, Urgency, values};

impl Openings for Archive {
    fn add_code(&self, code: Opening, most: u32, at: Timestamp, entry: Entry) -> Answer<'_, bool> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                let before = work.session.row(
                    "select max(n_made) from openings where request = $1 and kind in ('code', 'code_for_mail')
                       and expires_at > $2",
                    values![code.request.0, at],
                )?;
                let n_made = before
                    .map(|mut row| row.maybe_integer(0))
                    .transpose()?
                    .flatten()
                    .unwrap_or(0);
                let n_there = n_mailed_to(work.session, &code, at)?;
                if n_made.max(n_there) >= i64::from(most) {
                    return Ok(false);
                }
                work.session.execute(
                    "delete from openings where request = $1 and kind in ('code', 'code_for_mail')",
                    values![code.request.0],
                )?;
                insert(work.session, &code, n_made + 1)?;
                work.explain(&entry)?;
                Ok(true)
            })
            .await
        })
    }

    fn try_code(
        &self,
        request: RequestId,
        fingerprint: Mark,
        now: Timestamp,
    ) -> Answer<'_, Option<OpeningKind>> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                // One try is used up before anybody knows whether it was right.
                let row = work.session.row(
                    "update openings set n_left = n_left - 1
                     where request = $1 and kind in ('code', 'code_for_mail') and expires_at > $2 and n_left > 0
                     returning id, kind, fingerprint",
                    values![request.0, now],
                )?;
                let Some(mut row) = row else { return Ok(None) };
                let (id, kind, known) = (row.id(0)?, row.text(1)?, row.bytes(2)?);
                if !is_same(&known, &fingerprint) {
                    return Ok(None);
                }
                // What is left counts how many were mailed; it opens nothing.
                work.session.execute(
                    "update openings set n_left = 0 where id = $1",
                    values![id],
                )?;
                Ok(OpeningKind::parse(&kind))
            })
            .await
        })
    }

    fn use_link(
        &self,
        link: Mark,
        reading: Opening,
        now: Timestamp,
        entry: Entry,
    ) -> Answer<'_, Option<Request>> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                let row = work.session.row(
                    "delete from openings where kind = 'link' and fingerprint = $1 and expires_at > $2
                     returning request",
                    values![link.to_vec(), now],
                )?;
                let Some(mut row) = row else { return Ok(None) };
                let Some(request) = requests::by_id(work.session, row.id(0)?)? else {
                    return Ok(None);
                };
                let reading = Opening {
                    request: request.id,
                    ..reading.clone()
                };
                insert(work.session, &reading, 1)?;
                let entry = entry.clone().about(request.subject).on(request.id.0);
                work.explain(&entry)?;
                Ok(Some(request))
            })
            .await
        })
    }

    fn add_transfer<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        transfer: Opening,
        records: Vec<NewRecord>,
        entry: Entry,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let records = reveal(permit, records)?;
            self.write(Urgency::Ordinary, move |work| {
                seal_all(work, &records)?;
                insert(work.session, &transfer, 1)?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn try_transfer(&self, link: Mark, code: Mark, now: Timestamp) -> Answer<'_, Option<Request>> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                // One try is used up before anybody knows whether it was right.
                let row = work.session.row(
                    "update openings set n_left = n_left - 1
                     where kind = 'transfer' and fingerprint = $1 and expires_at > $2 and n_left > 0
                     returning id, request, second",
                    values![link.to_vec(), now],
                )?;
                let Some(mut row) = row else { return Ok(None) };
                let (id, request, known) = (row.id(0)?, row.id(1)?, row.bytes(2)?);
                if !is_same(&known, &code) {
                    return Ok(None);
                }
                // What was right took no try: who is stopped before it is used up may come back.
                work.session.execute(
                    "update openings set n_left = n_left + 1 where id = $1",
                    values![id],
                )?;
                requests::by_id(work.session, request)
            })
            .await
        })
    }

    fn use_transfer<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        link: Mark,
        noted: Vec<NewRecord>,
        entries: Vec<Entry>,
    ) -> Answer<'a, bool> {
        Box::pin(async move {
            let records = reveal(permit, noted)?;
            let reader = Reader::of(permit);
            self.write(Urgency::Ordinary, move |work| {
                let used = work.session.execute(
                    "delete from openings where kind = 'transfer' and fingerprint = $1",
                    values![link.to_vec()],
                )?;
                if used == 0 {
                    return Ok(false);
                }
                refuse_stopped(work.session, &reader, &records)?;
                seal_all(work, &records)?;
                for entry in &entries {
                    work.explain(entry)?;
                }
                Ok(true)
            })
            .await
        })
    }

    fn opened<'a>(
        &'a self,
        reference: &'a str,
        reading: Mark,
        now: Timestamp,
    ) -> Answer<'a, Option<Request>> {
        let reference = Reference::parse(reference);
        Box::pin(async move {
            let Some(reference) = reference else {
                return Ok(None);
            };
            self.read(move |work| {
                let row = work.session.row(
                    "select r.id from requests r join openings o on o.request = r.id
                     where r.reference = $1 and o.kind = 'reading' and o.fingerprint = $2 and o.expires_at > $3",
                    values![reference.as_str(), reading.to_vec(), now],
                )?;
                let Some(mut row) = row else { return Ok(None) };
                requests::by_id(work.session, row.id(0)?)
            })
            .await
        })
    }
}

/// Adds something that opens.
pub(crate) fn insert(
    session: &mut dyn Session,
    opening: &Opening,
    n_made: i64,
) -> Result<(), Fault> {
    session.execute(
        "insert into openings (id, request, kind, fingerprint, second, expires_at, n_left, n_made, mailed_to)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            opening.id,
            opening.request.0,
            opening.kind.name(),
            opening.fingerprint.to_vec(),
            opening.second.map(|second| second.to_vec()),
            opening.expires_at,
            i64::from(opening.n_left),
            n_made,
            opening.mailed_to.map(|mark| mark.to_vec())
        ],
    )?;
    Ok(())
}

/// How many codes went to the address of a code, for whatever request, that did not all end yet. Those of its own request
/// count there.
fn n_mailed_to(session: &mut dyn Session, code: &Opening, at: Timestamp) -> Result<i64, Fault> {
    let Some(mark) = code.mailed_to else {
        return Ok(0);
    };
    let mut n_there = 0;
    for mut row in session.rows(
        "select n_made from openings where mailed_to = $1 and expires_at > $2",
        values![mark.to_vec(), at],
    )? {
        n_there += row.integer(0)?;
    }
    Ok(n_there)
}

/// The codes of a request open nothing any more. That they were mailed is known until their time is over.
pub(crate) fn end_codes(session: &mut dyn Session, request: Uuid) -> Result<(), Fault> {
    session.execute(
        "update openings set n_left = 0 where request = $1 and kind in ('code', 'code_for_mail')",
        values![request],
    )?;
    Ok(())
}

/// Nothing opens a request that is gone. Who makes requests and takes them away again has no more codes mailed by it.
pub(crate) fn end_with(session: &mut dyn Session, request: Uuid) -> Result<(), Fault> {
    end_codes(session, request)?;
    session.execute(
        "delete from openings where request = $1 and kind not in ('code', 'code_for_mail')",
        values![request],
    )?;
    Ok(())
}

/// What has ended opens nothing.
pub(crate) fn end_old(session: &mut dyn Session, now: Timestamp) -> Result<(), Fault> {
    session.execute("delete from openings where expires_at <= $1", values![now])?;
    Ok(())
}

/// Takes as long whatever differs.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differs = one
        .iter()
        .zip(other)
        .fold(0, |differs, (one, other)| differs | (one ^ other));
    one.len() == other.len() && differs == 0
}
