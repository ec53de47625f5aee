//! Changes of the register as rows: what one says, and each step that was taken with it. Why somebody took a step is
//! sealed with the key of the house: it is free text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;
use waarborg_domain::ids::SessionId;
use waarborg_domain::register::change::{Act, Change, Step};
use waarborg_usecase::ports::ChangeTexts;

use crate::engine::{Fault, Session, values};
use crate::keys::{Place, open, seal};
use crate::secrets::Secrets;

pub(super) fn begin(
    session: &mut dyn Session,
    secrets: &Secrets,
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
        add(session, secrets, change.id, number, step)?;
    }
    Ok(())
}

/// Adds a step, if there were as many as were seen. Says whether.
pub(super) fn step(
    session: &mut dyn Session,
    secrets: &Secrets,
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
    add(session, secrets, id, seen, step)?;
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

pub(super) fn all(session: &mut dyn Session, secrets: &Secrets) -> Result<Vec<Change>, Fault> {
    let rows = session.rows(
        "select c.id, c.base, s.act, s.done_by, s.at, s.reason, s.number
         from register_changes c join register_change_steps s on s.change = c.id
         order by c.id desc, s.number",
        values![],
    )?;
    let mut changes: Vec<Change> = Vec::new();
    for mut row in rows {
        let id = row.id(0)?;
        let number = row.integer(6)?;
        let step = Step {
            act: Act::parse(&row.text(2)?).ok_or(Fault::Stored("register_change_steps.act"))?,
            by: SessionId(row.id(3)?),
            at: row.time(4)?,
            reason: opened(secrets, id, number, &row.text(5)?)?,
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

fn add(
    session: &mut dyn Session,
    secrets: &Secrets,
    id: Uuid,
    number: usize,
    step: &Step,
) -> Result<(), Fault> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let reason = seal(
        secrets.house(),
        &reason_place(&row_of(id, number)),
        step.reason.as_bytes(),
    )?;
    session.execute(
        "insert into register_change_steps (change, number, act, done_by, at, reason)
         values ($1, $2, $3, $4, $5, $6)",
        values![
            id,
            number,
            step.act.name(),
            step.by.0,
            step.at,
            STANDARD.encode(reason)
        ],
    )?;
    Ok(())
}

fn opened(secrets: &Secrets, id: Uuid, number: i64, kept: &str) -> Result<String, Fault> {
    let unreadable = || Fault::Stored("register_change_steps.reason");
    let sealed = STANDARD.decode(kept).map_err(|_| unreadable())?;
    let plain = open(secrets.house(), &reason_place(&row_of(id, number)), &sealed)?;
    String::from_utf8(plain.to_vec()).map_err(|_| unreadable())
}

fn row_of(id: Uuid, number: i64) -> Vec<u8> {
    [id.as_bytes().as_slice(), &number.to_be_bytes()].concat()
}

fn reason_place(row: &[u8]) -> Place<'_> {
    Place {
        table: "register_change_steps",
        row,
        column: "reason",
        subject: Uuid::nil(),
        category: "",
    }
}
