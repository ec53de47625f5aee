//! Legal holds as rows, and as lines of the ledger.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::hold::{Hold, HoldGround};
use waarborg_domain::ids::{ObjectId, SessionId, SubjectId};
use waarborg_usecase::ports::{Answer, Holds};

use crate::archive::Archive;
use crate::engine::{Fault, Row, Session, Urgency, values};
use crate::keys::Act;

impl Holds for Archive {
    fn propose_hold(&self, hold: Hold, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                insert(work.session, &hold)?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn agree_to_hold(
        &self,
        id: Uuid,
        by: SessionId,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, bool> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let n = work.session.execute(
                    "update holds set agreed_by = $2, agreed_at = $3
                     where id = $1 and agreed_at is null and lifted_at is null and proposed_by <> $2",
                    values![id, by.0, at],
                )?;
                if n == 0 {
                    return Ok(false);
                }
                let agreed = find(work.session, id)?.ok_or(Fault::Stored("holds"))?;
                let act = Act::Hold {
                    subject: agreed.subject.0,
                    hold: id,
                    said: written(&agreed),
                };
                work.keys.append_ledger(at.as_microsecond(), &act)?;
                work.explain(&entry)?;
                Ok(true)
            })
            .await
        })
    }

    fn lift_hold(&self, id: Uuid, at: Timestamp, entry: Entry) -> Answer<'_, bool> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let Some(hold) = find(work.session, id)? else {
                    return Ok(false);
                };
                let act = Act::LiftHold {
                    subject: hold.subject.0,
                    hold: id,
                };
                work.keys.append_ledger(at.as_microsecond(), &act)?;
                let did = lift(work.session, id, at)?;
                work.explain(&entry)?;
                Ok(did)
            })
            .await
        })
    }

    fn holds(&self) -> Answer<'_, Vec<Hold>> {
        Box::pin(async move {
            self.read(|work| {
                let rows = work.session.rows(
                    "select id, subject, object, ground, proposed_by, proposed_at, agreed_by, agreed_at, ends_on,
                            ends_at, lifted_at
                     from holds order by proposed_at desc, id",
                    values![],
                )?;
                rows.into_iter().map(hold).collect()
            })
            .await
        })
    }
}

/// Until when something is held at a moment, if it is.
pub(crate) fn held_until(
    session: &mut dyn Session,
    subject: Uuid,
    object: Uuid,
    at: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let row = session.row(
        "select max(ends_at) from holds
         where subject = $1 and (object is null or object = $2) and agreed_at is not null and lifted_at is null
           and ends_at > $3",
        values![subject, object, at],
    )?;
    row.map_or(Ok(None), |mut row| row.maybe_time(0))
}

/// Lifts a hold. Says whether it was not yet.
pub(crate) fn lift(session: &mut dyn Session, id: Uuid, at: Timestamp) -> Result<bool, Fault> {
    let n = session.execute(
        "update holds set lifted_at = $2 where id = $1 and lifted_at is null",
        values![id, at],
    )?;
    Ok(n > 0)
}

/// Puts an agreed hold back out of the ledger.
pub(crate) fn put_back(
    session: &mut dyn Session,
    subject: Uuid,
    id: Uuid,
    said: &Value,
) -> Result<(), Fault> {
    let hold = read(subject, id, said).ok_or(Fault::Stored("of a hold in the ledger"))?;
    session.execute("delete from holds where id = $1", values![id])?;
    insert(session, &hold)
}

fn insert(session: &mut dyn Session, hold: &Hold) -> Result<(), Fault> {
    session.execute(
        "insert into holds (id, subject, object, ground, proposed_by, proposed_at, agreed_by, agreed_at, ends_on,
                            ends_at, lifted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            hold.id,
            hold.subject.0,
            hold.object.map(|object| object.0),
            hold.ground.name(),
            hold.proposed_by.0,
            hold.proposed_at,
            hold.agreed.map(|(by, _)| by.0),
            hold.agreed.map(|(_, at)| at),
            hold.ends_on.to_string(),
            hold.ends_at,
            hold.lifted_at
        ],
    )?;
    Ok(())
}

fn find(session: &mut dyn Session, id: Uuid) -> Result<Option<Hold>, Fault> {
    let row = session.row(
        "select id, subject, object, ground, proposed_by, proposed_at, agreed_by, agreed_at, ends_on, ends_at,
                lifted_at
         from holds where id = $1",
        values![id],
    )?;
    row.map(hold).transpose()
}

fn hold(mut row: Row) -> Result<Hold, Fault> {
    let (agreed_by, agreed_at) = (row.maybe_id(6)?, row.maybe_time(7)?);
    Ok(Hold {
        id: row.id(0)?,
        subject: SubjectId(row.id(1)?),
        object: row.maybe_id(2)?.map(ObjectId),
        ground: HoldGround::parse(&row.text(3)?).ok_or(Fault::Stored("holds.ground"))?,
        proposed_by: SessionId(row.id(4)?),
        proposed_at: row.time(5)?,
        agreed: agreed_by.map(SessionId).zip(agreed_at),
        ends_on: row
            .text(8)?
            .parse()
            .map_err(|_| Fault::Stored("holds.ends_on"))?,
        ends_at: row.time(9)?,
        lifted_at: row.maybe_time(10)?,
    })
}

fn written(hold: &Hold) -> Value {
    json!({
        "object": hold.object.map(|object| object.to_string()),
        "ground": hold.ground.name(),
        "proposed_by": hold.proposed_by.to_string(),
        "proposed_at": hold.proposed_at.as_microsecond(),
        "agreed_by": hold.agreed.map(|(by, _)| by.to_string()),
        "agreed_at": hold.agreed.map(|(_, at)| at.as_microsecond()),
        "ends_on": hold.ends_on.to_string(),
        "ends_at": hold.ends_at.as_microsecond(),
    })
}

fn read(subject: Uuid, id: Uuid, said: &Value) -> Option<Hold> {
    let text = |name: &str| said.get(name)?.as_str();
    let time = |name: &str| Timestamp::from_microsecond(said.get(name)?.as_i64()?).ok();
    Some(Hold {
        id,
        subject: SubjectId(subject),
        object: text("object")
            .and_then(|text| text.parse().ok())
            .map(ObjectId),
        ground: HoldGround::parse(text("ground")?)?,
        proposed_by: SessionId(text("proposed_by")?.parse().ok()?),
        proposed_at: time("proposed_at")?,
        agreed: text("agreed_by")
            .and_then(|text| text.parse().ok())
            .map(SessionId)
            .zip(time("agreed_at")),
        ends_on: text("ends_on")?.parse().ok()?,
        ends_at: time("ends_at")?,
        lifted_at: None,
    })
}
