//! Mail that waits to be sent. The rows are structure; the records that they point to are sealed like all others.

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::claim::Trigger;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{ObjectId, SubjectId};
use waarborg_domain::mail::Happened;
use waarborg_domain::permit::Permit;
use waarborg_usecase::ports::{
    Answer, MailCount, MailEnd, Mails, Mark, NewRecord, StoreError, Waiting,
};

use super::people::add_subject;
use super::records::{Reader, refuse_stopped, reveal, seal_all};
use crate::archive::Archive;
use crate::engine::{Fault, Row, Session, Urgency, Work, values};

/// Its job is not complete yet.
const ASIDE: &str = "aside";
pub(crate) const WAITING: &str = "waiting";

/// Lets the mails of a job go. Says how many.
pub(super) fn release(work: &mut Work<'_>, about: ObjectId, entry: &Entry) -> Result<u64, Fault> {
    let n = work.session.execute(
        "update mails set state = $2 where about = $1 and state = $3",
        values![about.0, WAITING, ASIDE],
    )?;
    work.explain(entry)?;
    Ok(n)
}

impl Mails for Archive {
    fn set_aside<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        mails: Vec<Waiting>,
        records: Vec<NewRecord>,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let records = reveal(permit, records)?;
            let reader = Reader::of(permit);
            self.write(Urgency::Ordinary, move |work| {
                for record in &records {
                    add_subject(work, record.subject, "", record.created_at)?;
                }
                refuse_stopped(work.session, &reader, &records)?;
                seal_all(work, &records)?;
                for mail in &mails {
                    insert(work.session, mail, ASIDE)?;
                }
                Ok(())
            })
            .await
        })
    }

    fn release(&self, about: ObjectId, entry: Entry) -> Answer<'_, u64> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| release(work, about, &entry))
                .await
        })
    }

    fn take_mail(
        &self,
        is_bulk: bool,
        now: Timestamp,
        until: Timestamp,
    ) -> Answer<'_, Option<Waiting>> {
        Box::pin(async move {
            // An empty queue, which it is nearly always, costs no write.
            let is_there = self
                .read(move |work| {
                    work.session.row(
                        "select 1 from mails where state = 'waiting' and is_bulk = $1 and next_at <= $2
                           and (taken_until is null or taken_until <= $2) limit 1",
                        values![is_bulk, now],
                    )
                })
                .await?;
            if is_there.is_none() {
                return Ok(None);
            }
            self.write(Urgency::Ordinary, move |work| {
                let row = work.session.row(
                    "update mails set taken_until = $3
                     where id = (select id from mails where state = 'waiting' and is_bulk = $1 and next_at <= $2
                                   and expires_at > $2 and (taken_until is null or taken_until <= $2)
                                 order by next_at, id limit 1)
                       and state = 'waiting' and (taken_until is null or taken_until <= $2)
                     returning id, about, subject, message, mark, is_bulk, created_at, expires_at, n_tries",
                    values![is_bulk, now, until],
                )?;
                row.map(waiting).transpose()
            })
            .await
        })
    }

    fn put_off(&self, id: Uuid, until: Timestamp, n_tries: u32) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                work.session.execute(
                    "update mails set next_at = $2, n_tries = $3, taken_until = null where id = $1 and state = $4",
                    values![id, until, i64::from(n_tries), WAITING],
                )?;
                Ok(())
            })
            .await
        })
    }

    fn end_mail(&self, id: Uuid, end: MailEnd, at: Timestamp, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let n = work.session.execute(
                    "update mails set state = $2, ended_at = $3, taken_until = null
                     where id = $1 and state in ('aside', 'waiting')",
                    values![id, end.name(), at],
                )?;
                if n > 0 {
                    let_go(work.session, id, at)?;
                    work.explain(&entry)?;
                }
                Ok(())
            })
            .await
        })
    }

    fn end_job(&self, about: ObjectId, at: Timestamp, entry: Entry) -> Answer<'_, u64> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let ended = work.session.rows(
                    "update mails set state = $2, ended_at = $3, taken_until = null
                     where about = $1 and state in ('aside', 'waiting') returning id",
                    values![about.0, MailEnd::Held.name(), at],
                )?;
                let n = ended.len() as u64;
                for mut row in ended {
                    let_go(work.session, row.id(0)?, at)?;
                }
                work.explain(&entry)?;
                Ok(n)
            })
            .await
        })
    }

    fn n_sent<'a>(&'a self, mark: Mark, message: &'a str) -> Answer<'a, u64> {
        let message = message.to_owned();
        Box::pin(async move {
            self.read(move |work| {
                let row = work.session.row(
                    "select count(*) from mails where mark = $1 and message = $2 and state = $3",
                    values![mark.to_vec(), message.as_str(), MailEnd::Sent.name()],
                )?;
                row.map_or(Ok(0), |mut row| count(row.integer(0)?))
            })
            .await
        })
    }

    fn happened(&self, subject: SubjectId, events: Vec<Trigger>) -> Answer<'_, Vec<Happened>> {
        Box::pin(async move {
            self.read(move |work| {
                let mut found = Vec::new();
                for event in &events {
                    let row = work.session.row(
                        "select max(c.started_at) from claims c join records r on r.id = c.record
                         where r.subject = $1 and c.starts_with = $2",
                        values![subject.0, event.as_str()],
                    )?;
                    let at = row.map(|mut row| row.maybe_time(0)).transpose()?.flatten();
                    found.extend(at.map(|at| (*event, at)));
                }
                Ok(found)
            })
            .await
        })
    }

    fn count_mails(&self, about: ObjectId) -> Answer<'_, MailCount> {
        Box::pin(async move {
            let rows = self
                .read(move |work| {
                    work.session.rows(
                        "select state, count(*) from mails where about = $1 group by state",
                        values![about.0],
                    )
                })
                .await?;
            counted(rows).map_err(super::opaque)
        })
    }

    fn tidy_mails(&self, now: Timestamp, ended_before: Timestamp) -> Answer<'_, u64> {
        Box::pin(async move {
            if !self.has_old_mails(now, ended_before).await? {
                return Ok(0);
            }
            self.write(Urgency::Essential, move |work| {
                let late = work.session.rows(
                    "update mails set state = $2, ended_at = $1, taken_until = null
                     where state in ('aside', 'waiting') and expires_at <= $1
                       and (taken_until is null or taken_until <= $1)
                     returning id",
                    values![now, MailEnd::Expired.name()],
                )?;
                let n = late.len() as u64;
                for mut row in late {
                    let_go(work.session, row.id(0)?, now)?;
                }
                work.session.execute(
                    "delete from mails where ended_at <= $1",
                    values![ended_before],
                )?;
                Ok(n)
            })
            .await
        })
    }
}

impl Archive {
    async fn has_old_mails(
        &self,
        now: Timestamp,
        ended_before: Timestamp,
    ) -> Result<bool, StoreError> {
        let row = self
            .read(move |work| {
                work.session.row(
                    "select 1 from mails where state in ('aside', 'waiting') and expires_at <= $1
                       and (taken_until is null or taken_until <= $1)
                     union all select 1 from mails where ended_at <= $2 limit 1",
                    values![now, ended_before],
                )
            })
            .await?;
        Ok(row.is_some())
    }
}

/// A person who is forgotten gets nothing any more, and nothing says that they did.
pub(crate) fn forget(session: &mut dyn Session, subject: Uuid) -> Result<u64, Fault> {
    session.execute("delete from mails where subject = $1", values![subject])
}

/// What is kept for this mail alone, for a time at most, is not needed any more.
fn let_go(session: &mut dyn Session, object: Uuid, at: Timestamp) -> Result<(), Fault> {
    session.execute(
        "update claims set ends_at = $2
         where kind = 'at_most' and (ends_at is null or ends_at > $2)
           and record in (select id from records where object = $1 and part = 'mail')",
        values![object, at],
    )?;
    Ok(())
}

/// Puts a mail in the queue.
pub(crate) fn insert(
    session: &mut dyn Session,
    mail: &Waiting,
    state: &'static str,
) -> Result<(), Fault> {
    session.execute(
        "insert into mails (id, about, subject, message, mark, is_bulk, state, created_at, next_at, expires_at, n_tries)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)",
        values![
            mail.id,
            mail.about.0,
            mail.subject.0,
            mail.message.as_str(),
            mail.mark.to_vec(),
            mail.is_bulk,
            state,
            mail.created_at,
            mail.expires_at,
            i64::from(mail.n_tries)
        ],
    )?;
    Ok(())
}

fn waiting(mut row: Row) -> Result<Waiting, Fault> {
    let mark = row.bytes(4)?;
    Ok(Waiting {
        id: row.id(0)?,
        about: ObjectId(row.id(1)?),
        subject: SubjectId(row.id(2)?),
        message: row.text(3)?,
        mark: Mark::try_from(mark.as_slice()).map_err(|_| Fault::Stored("mails.mark"))?,
        is_bulk: row.integer(5)? != 0,
        created_at: row.time(6)?,
        expires_at: row.time(7)?,
        n_tries: u32::try_from(row.integer(8)?).map_err(|_| Fault::Stored("mails.n_tries"))?,
    })
}

fn counted(rows: Vec<Row>) -> Result<MailCount, Fault> {
    let mut counts = MailCount::default();
    for mut row in rows {
        let (state, n) = (row.text(0)?, count(row.integer(1)?)?);
        match MailEnd::ALL.into_iter().find(|end| end.name() == state) {
            Some(end) => counts.n_ended.push((end, n)),
            None => counts.n_waiting += n,
        }
    }
    counts.n_ended.sort_by_key(|(end, _)| end.name());
    Ok(counts)
}

fn count(n: i64) -> Result<u64, Fault> {
    u64::try_from(n).map_err(|_| Fault::Stored("of a count of mails"))
}
