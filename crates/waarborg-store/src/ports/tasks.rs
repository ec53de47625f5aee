//! What recipients were asked because of a request, as rows and as lines of the ledger.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;
use waarborg_domain::decision::{Task, TaskAct, TaskEnd};
use waarborg_domain::ids::RequestId;

use crate::engine::{Fault, Row, Session, Work, values};
use crate::keys::Act;

/// Every task, the oldest first.
pub(super) fn all(session: &mut dyn Session) -> Result<Vec<Task>, Fault> {
    let rows = session.rows(
        "select id, request, recipient, act, created_at, gone_at, outcome, ended_at
         from tasks order by created_at, id",
        values![],
    )?;
    rows.into_iter().map(task).collect()
}

/// Adds a task; the ledger keeps it too.
pub(super) fn add(work: &mut Work<'_>, task: &Task, at: Timestamp) -> Result<(), Fault> {
    insert(work.session, task)?;
    let said = json!({
        "request": task.request.0.to_string(),
        "recipient": task.recipient,
        "act": task.act.name(),
        "created_at": task.created_at.as_microsecond(),
        "gone_at": task.gone_at.map(Timestamp::as_microsecond),
    });
    let act = Act::Ask {
        task: task.id,
        said,
    };
    work.keys.append_ledger(at.as_microsecond(), &act)?;
    Ok(())
}

/// Puts a task back of which the data knows nothing, if its request is there.
pub(crate) fn put_back(session: &mut dyn Session, id: Uuid, said: &Value) -> Result<(), Fault> {
    let unreadable = || Fault::Stored("of a recipient's task");
    let text = |name: &str| said.get(name).and_then(Value::as_str);
    let time = |name: &str| {
        let at = said.get(name).and_then(Value::as_i64)?;
        Timestamp::from_microsecond(at).ok()
    };
    let request: Uuid = text("request")
        .and_then(|id| id.parse().ok())
        .ok_or_else(unreadable)?;
    let known = session.row("select 1 from requests where id = $1", values![request])?;
    if known.is_none() {
        return Ok(());
    }
    let task = Task {
        id,
        request: RequestId(request),
        recipient: text("recipient").ok_or_else(unreadable)?.to_owned(),
        act: text("act")
            .and_then(TaskAct::parse)
            .ok_or_else(unreadable)?,
        created_at: time("created_at").ok_or_else(unreadable)?,
        gone_at: time("gone_at"),
        ended: None,
    };
    insert(session, &task)
}

/// Notes what came of a task. Says whether it was open.
pub(crate) fn end(
    session: &mut dyn Session,
    id: Uuid,
    end: &str,
    at: Timestamp,
) -> Result<bool, Fault> {
    let n = session.execute(
        "update tasks set outcome = $2, ended_at = $3 where id = $1 and ended_at is null",
        values![id, end, at],
    )?;
    Ok(n > 0)
}

fn insert(session: &mut dyn Session, task: &Task) -> Result<(), Fault> {
    session.execute(
        "insert into tasks (id, request, recipient, act, created_at, gone_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do nothing",
        values![
            task.id,
            task.request.0,
            task.recipient.as_str(),
            task.act.name(),
            task.created_at,
            task.gone_at
        ],
    )?;
    Ok(())
}

fn task(mut row: Row) -> Result<Task, Fault> {
    let outcome = row.maybe_text(6)?;
    let ended = match (outcome, row.maybe_time(7)?) {
        (Some(outcome), Some(at)) => {
            let end = TaskEnd::parse(&outcome).ok_or(Fault::Stored("tasks.outcome"))?;
            Some((end, at))
        }
        _ => None,
    };
    Ok(Task {
        id: row.id(0)?,
        request: RequestId(row.id(1)?),
        recipient: row.text(2)?,
        act: TaskAct::parse(&row.text(3)?).ok_or(Fault::Stored("tasks.act"))?,
        created_at: row.time(4)?,
        gone_at: row.maybe_time(5)?,
        ended,
    })
}
