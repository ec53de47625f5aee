//! Prompts that wait for a second person. Of each only a keyed fingerprint is kept, and what sort of data is in it.

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{GatewayKeyId, SubjectId};
use waarborg_usecase::ports::{Agreement, Agreements, Answer, Answered, Asker, Mark};

use crate::archive::Archive;
use crate::engine::{Fault, Row, Session, Urgency, values};

/// The columns, in the order in which they are read.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, mark, gateway_key, subject, service, recipient, findings, reason, answered, asked_at, ends_at
             from agreements ",
            $rest
        )
    };
}

impl Agreements for Archive {
    fn ask_agreement(
        &self,
        agreement: Agreement,
        most: u32,
        entry: Entry,
    ) -> Answer<'_, Option<Agreement>> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                let now = agreement.asked_at;
                end_old(work.session, now)?;
                if let Some(known) = with_reason(work.session, &agreement)? {
                    return Ok(Some(known));
                }
                if n_waiting(work.session, agreement.asker)? >= i64::from(most) {
                    return Ok(None);
                }
                // On another node the same prompt may have come at the same moment; then that one stands.
                if insert(work.session, &agreement)? == 1 {
                    work.explain(&entry)?;
                    return Ok(Some(agreement.clone()));
                }
                by_mark(work.session, agreement.mark, now)
            })
            .await
        })
    }

    fn agreement(&self, mark: Mark, now: Timestamp) -> Answer<'_, Option<Agreement>> {
        Box::pin(async move {
            self.read(move |work| by_mark(work.session, mark, now))
                .await
        })
    }

    fn agreements(&self, now: Timestamp) -> Answer<'_, Vec<Agreement>> {
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    select!("where ends_at > $1 order by asked_at, id"),
                    values![now],
                )?;
                rows.into_iter().map(read).collect()
            })
            .await
        })
    }

    fn answer_agreement(
        &self,
        id: Uuid,
        answered: Answered,
        now: Timestamp,
        entry: Entry,
    ) -> Answer<'_, bool> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                let n = work.session.execute(
                    "update agreements set answered = $2 where id = $1 and answered = 'waits' and ends_at > $3",
                    values![id, answered.name(), now],
                )?;
                if n == 1 {
                    work.explain(&entry)?;
                }
                Ok(n == 1)
            })
            .await
        })
    }

    fn use_agreement(&self, mark: Mark, now: Timestamp, entry: Entry) -> Answer<'_, bool> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                let used = work.session.row(
                    "delete from agreements where mark = $1 and answered = 'yes' and ends_at > $2 returning id",
                    values![mark.to_vec(), now],
                )?;
                let Some(mut row) = used else {
                    return Ok(false);
                };
                work.explain(&entry.clone().on(row.id(0)?))?;
                Ok(true)
            })
            .await
        })
    }
}

/// What is there under the fingerprint already, with the reason that is given now if it had none.
fn with_reason(
    session: &mut dyn Session,
    agreement: &Agreement,
) -> Result<Option<Agreement>, Fault> {
    if let Some(reason) = &agreement.reason {
        session.execute(
            "update agreements set reason = $2 where mark = $1 and reason is null and answered = 'waits'",
            values![agreement.mark.to_vec(), reason.as_str()],
        )?;
    }
    by_mark(session, agreement.mark, agreement.asked_at)
}

fn n_waiting(session: &mut dyn Session, asker: Asker) -> Result<i64, Fault> {
    let (gateway_key, subject) = columns(asker);
    let row = session.row(
        "select count(*) from agreements where answered = 'waits' and (gateway_key = $1 or subject = $2)",
        values![gateway_key, subject],
    )?;
    row.map_or(Ok(0), |mut row| row.integer(0))
}

fn insert(session: &mut dyn Session, agreement: &Agreement) -> Result<u64, Fault> {
    let (gateway_key, subject) = columns(agreement.asker);
    session.execute(
        "insert into agreements (id, mark, gateway_key, subject, service, recipient, findings, reason, answered, asked_at,
             ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (mark) do nothing",
        values![
            agreement.id,
            agreement.mark.to_vec(),
            gateway_key,
            subject,
            agreement.service.as_str(),
            agreement.recipient.as_str(),
            agreement.findings.as_str(),
            agreement.reason.clone(),
            agreement.answered.name(),
            agreement.asked_at,
            agreement.ends_at
        ],
    )
}

fn by_mark(
    session: &mut dyn Session,
    mark: Mark,
    now: Timestamp,
) -> Result<Option<Agreement>, Fault> {
    let row = session.row(
        select!("where mark = $1 and ends_at > $2"),
        values![mark.to_vec(), now],
    )?;
    row.map(read).transpose()
}

const fn columns(asker: Asker) -> (Option<Uuid>, Option<Uuid>) {
    match asker {
        Asker::Application(key) => (Some(key.0), None),
        Asker::Person(person) => (None, Some(person.0)),
    }
}

fn read(mut row: Row) -> Result<Agreement, Fault> {
    let asker = match (row.maybe_id(2)?, row.maybe_id(3)?) {
        (Some(key), None) => Asker::Application(GatewayKeyId(key)),
        (None, Some(person)) => Asker::Person(SubjectId(person)),
        _ => return Err(Fault::Stored("agreements.subject")),
    };
    Ok(Agreement {
        id: row.id(0)?,
        mark: row
            .bytes(1)?
            .try_into()
            .map_err(|_| Fault::Stored("agreements.mark"))?,
        asker,
        service: row.text(4)?,
        recipient: row.text(5)?,
        findings: row.text(6)?,
        reason: row.maybe_text(7)?,
        answered: Answered::parse(&row.text(8)?).ok_or(Fault::Stored("agreements.answered"))?,
        asked_at: row.time(9)?,
        ends_at: row.time(10)?,
    })
}

/// What has ended waits for nobody.
pub(crate) fn end_old(session: &mut dyn Session, now: Timestamp) -> Result<(), Fault> {
    session.execute("delete from agreements where ends_at <= $1", values![now])?;
    Ok(())
}

/// What a person wanted to send goes with them.
pub(crate) fn end_with(session: &mut dyn Session, subject: Uuid) -> Result<(), Fault> {
    session.execute(
        "delete from agreements where subject = $1",
        values![subject],
    )?;
    Ok(())
}
