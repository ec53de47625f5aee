//! Changes of the register as rows: what one says, and each step that was taken with it.

use uuid::Uuid;
use waarborg_domain::ids::SessionId;
use waarborg_domain::register::change::{Act, Change, Step};
use waarborg_usecase::ports::ChangeTexts;

use crate::engine::{Fault, Session, values};

pub(super) fn begin(
    session: &mut dyn Session,
    change: &Change,
    texts: &ChangeTexts,
) -> Result<(), Fault> {
    session.execute(
        "insert into register_changes (id, base, base_source, source) values ($1, $2, $3, $4)",
        values![
            change.id,
            change.base.as_str(),
            texts.base.as_str(),
            texts.source.as_str()
        ],
    )?;
    for (number, step) in change.steps.iter().enumerate() {
        add(session, change.id, number, step)?;
    }
    Ok(())
}

/// Adds a step, if there were as many as were seen. Says whether.
pub(super) fn step(
    session: &mut dyn Session,
    id: Uuid,
    seen: usize,
    step: &Step,
    says: Option<&(String, ChangeTexts)>,
) -> Result<bool, Fault> {
    let row = session.row(
        "select count(*) from register_change_steps where change = $1",
        values![id],
    )?;
    let n = row.map_or(Ok(0), |mut row| row.count(0))?;
    if n == 0 || u64::try_from(seen) != Ok(n) {
        return Ok(false);
    }
    add(session, id, seen, step)?;
    if let Some((base, texts)) = says {
        session.execute(
            "update register_changes set base = $2, base_source = $3, source = $4 where id = $1",
            values![
                id,
                base.as_str(),
                texts.base.as_str(),
                texts.source.as_str()
            ],
        )?;
    }
    Ok(true)
}

pub(super) fn all(session: &mut dyn Session) -> Result<Vec<Change>, Fault> {
    let rows = session.rows(
        "select c.id, c.base, s.act, s.done_by, s.at, s.reason
         from register_changes c join register_change_steps s on s.change = c.id
         order by c.id desc, s.number",
        values![],
    )?;
    let mut changes: Vec<Change> = Vec::new();
    for mut row in rows {
        let id = row.id(0)?;
        let step = Step {
            act: Act::parse(&row.text(2)?).ok_or(Fault::Stored("register_change_steps.act"))?,
            by: SessionId(row.id(3)?),
            at: row.time(4)?,
            reason: row.text(5)?,
        };
        match changes.last_mut().filter(|change| change.id == id) {
            Some(change) => change.steps.push(step),
            None => changes.push(Change {
                id,
                base: row.text(1)?,
                steps: vec![step],
            }),
        }
    }
    Ok(changes)
}

pub(super) fn texts(session: &mut dyn Session, id: Uuid) -> Result<Option<ChangeTexts>, Fault> {
    let row = session.row(
        "select base_source, source from register_changes where id = $1",
        values![id],
    )?;
    row.map(|mut row| {
        Ok(ChangeTexts {
            base: row.text(0)?,
            source: row.text(1)?,
        })
    })
    .transpose()
}

fn add(session: &mut dyn Session, id: Uuid, number: usize, step: &Step) -> Result<(), Fault> {
    session.execute(
        "insert into register_change_steps (change, number, act, done_by, at, reason)
         values ($1, $2, $3, $4, $5, $6)",
        values![
            id,
            i64::try_from(number).unwrap_or(i64::MAX),
            step.act.name(),
            step.by.0,
            step.at,
            step.reason.as_str()
        ],
    )?;
    Ok(())
}
