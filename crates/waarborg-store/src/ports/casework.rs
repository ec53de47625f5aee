//! The file of a request, and what recipients were asked because of it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_domain::decision::{Slice, Task, TaskAct, TaskEnd};
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{RequestId, SubjectId};
use waarborg_domain::permit::Permit;
use waarborg_domain::rights::Stage;
use waarborg_usecase::ports::{Answer, Casework, ErasureReceipt, Onto, Step};

use super::records::{ToSeal, reveal, seal_all};
use super::requests::come_to;
use crate::archive::Archive;
use crate::engine::{Fault, Row, Session, Urgency, Work, values};
use crate::erase;
use crate::keys::Act;
use crate::ledger;

impl Casework for Archive {
    fn step<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        step: Step,
        at: Timestamp,
        zone: &'a TimeZone,
        entry: Entry,
    ) -> Answer<'a, bool> {
        let zone = zone.clone();
        Box::pin(async move {
            let Step {
                request,
                records,
                tasks,
                onto,
            } = step;
            let records = reveal(permit, records)?;
            self.write(Urgency::Essential, move |work| {
                let added = Added {
                    request: request.0,
                    records: &records,
                    tasks: &tasks,
                };
                let did = take(work, &added, onto, at, &zone)?;
                if did {
                    work.explain(&entry)?;
                }
                Ok(did)
            })
            .await
        })
    }

    fn tasks(&self) -> Answer<'_, Vec<Task>> {
        Box::pin(async move {
            self.read(|work| {
                let rows = work.session.rows(
                    "select id, request, recipient, act, created_at, gone_at, outcome, ended_at
                     from tasks order by created_at, id",
                    values![],
                )?;
                rows.into_iter().map(task).collect()
            })
            .await
        })
    }

    fn end_task(&self, id: Uuid, end: TaskEnd, at: Timestamp, entry: Entry) -> Answer<'_, bool> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let n = work.session.execute(
                    "update tasks set outcome = $2, ended_at = $3 where id = $1 and ended_at is null",
                    values![id, end.name(), at],
                )?;
                if n > 0 {
                    work.explain(&entry)?;
                }
                Ok(n > 0)
            })
            .await
        })
    }

    fn erase_slices(
        &self,
        subject: SubjectId,
        slices: Vec<Slice>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ErasureReceipt> {
        let slices: Vec<(String, String)> = slices
            .into_iter()
            .map(|slice| (slice.category, slice.purpose))
            .collect();
        Box::pin(async move {
            let receipt = self
                .write(Urgency::Essential, move |work| {
                    let receipt = erase::erase_slices(work, subject.0, &slices, at)?;
                    work.explain(&entry)?;
                    Ok(receipt)
                })
                .await?;
            Ok(self.with_what_is_pending(receipt))
        })
    }
}

/// What a step adds.
struct Added<'a> {
    request: Uuid,
    records: &'a [ToSeal],
    tasks: &'a [Task],
}

/// Takes a step, unless the request is closed or gone. Says whether it did.
fn take(
    work: &mut Work<'_>,
    added: &Added<'_>,
    onto: Onto,
    at: Timestamp,
    zone: &TimeZone,
) -> Result<bool, Fault> {
    let id = added.request;
    let row = work.session.row(
        "select stage, subject from requests where id = $1",
        values![id],
    )?;
    let Some(mut row) = row else { return Ok(false) };
    let stage = Stage::parse(&row.text(0)?).ok_or(Fault::Stored("requests.stage"))?;
    let subject = row.id(1)?;
    if stage.is_closed() {
        return Ok(false);
    }

    seal_all(work, added.records)?;
    for task in added.tasks {
        add_task(work.session, task)?;
    }
    match onto {
        Onto::Stay => {}
        Onto::Stage(next) => {
            if next != stage && !stage.may_become(next) {
                return Err(Fault::NotAllowed("a stage that cannot follow"));
            }
            let act = Act::Move {
                subject,
                request: id,
                stage: next.name().to_owned(),
                zone: ledger::name_of(zone),
            };
            work.keys.append_ledger(at.as_microsecond(), &act)?;
            come_to(work.session, id, next, at, zone)?;
        }
        Onto::Extended(due) => {
            let (aim, latest) = (due.aim.to_string(), due.latest.to_string());
            ledger::extend(work.session, id, &aim, &latest)?;
            let act = Act::Extend {
                subject,
                request: id,
                aim,
                latest,
            };
            work.keys.append_ledger(at.as_microsecond(), &act)?;
        }
    }
    Ok(true)
}

fn add_task(session: &mut dyn Session, task: &Task) -> Result<(), Fault> {
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
