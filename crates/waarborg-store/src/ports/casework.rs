//! The file of a request, and what recipients were asked because of it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_domain::calendar::Due;
use waarborg_domain::decision::{Slice, Task, TaskEnd};
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::SubjectId;
use waarborg_domain::permit::Permit;
use waarborg_domain::rights::Stage;
use waarborg_usecase::ports::{
    Answer, Casework, Corrected, ErasureReceipt, Onto, Opening, Step, StoreError, Waiting,
};
use zeroize::Zeroizing;

use super::mails;
use super::openings;
use super::people::add_subject;
use super::records::{ToSeal, reveal, seal_all};
use super::requests::come_to;
use super::stored::record_place;
use super::tasks;
use crate::archive::Archive;
use crate::engine::{Fault, Urgency, Work, values};
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
                mails,
                openings,
                onto,
            } = step;
            let records = reveal(permit, records)?;
            self.write(Urgency::Essential, move |work| {
                let added = Added {
                    request: request.0,
                    records: &records,
                    tasks: &tasks,
                    mails: &mails,
                    openings: &openings,
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
        Box::pin(async move { self.read(|work| tasks::all(work.session)).await })
    }

    fn end_task(&self, id: Uuid, end: TaskEnd, at: Timestamp, entry: Entry) -> Answer<'_, bool> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let did = tasks::end(work.session, id, end.name(), at)?;
                if did {
                    let act = Act::Answer {
                        task: id,
                        end: end.name().to_owned(),
                    };
                    work.keys.append_ledger(at.as_microsecond(), &act)?;
                    work.explain(&entry)?;
                }
                Ok(did)
            })
            .await
        })
    }

    fn correct<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        corrected: Vec<Corrected>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, u64> {
        Box::pin(async move {
            let outside = |_| super::opaque(Fault::NotAllowed("a record outside its permit"));
            let corrected: Result<Vec<ToCorrect>, StoreError> = corrected
                .into_iter()
                .map(|one| {
                    Ok(ToCorrect {
                        id: one.id.0,
                        subject: one.subject.0,
                        category: one.content.category().as_str().to_owned(),
                        // Sealed again at once; the permit says that the desk may.
                        content: one.content.into_revealed(permit).map_err(outside)?,
                    })
                })
                .collect();
            let corrected = corrected?;
            self.write(Urgency::Essential, move |work| {
                let mut n = 0;
                for one in &corrected {
                    n += u64::from(correct(work, one, at)?);
                }
                work.explain(&entry)?;
                Ok(n)
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

/// A record with what it must say from now on.
struct ToCorrect {
    id: Uuid,
    subject: Uuid,
    category: String,
    content: Zeroizing<String>,
}

/// Seals anew what a record says; the ledger keeps it sealed, so that an older backup cannot bring the old value back.
/// Says whether the record is there.
fn correct(work: &mut Work<'_>, one: &ToCorrect, at: Timestamp) -> Result<bool, Fault> {
    let known = work.session.row(
        "select 1 from records where id = $1 and subject = $2 and category = $3",
        values![one.id, one.subject, one.category.as_str()],
    )?;
    if known.is_none() {
        return Ok(false);
    }
    // With its old key goes the old value, in backups and copies too.
    work.keys.renew_object(one.id)?;
    let place = record_place(&one.id, one.subject, &one.category);
    let sealed = work.keys.seal(one.id, &place, one.content.as_bytes())?;
    ledger::correct(work.session, one.id, &sealed)?;
    let act = Act::Correct {
        subject: one.subject,
        record: one.id,
        sealed,
    };
    work.keys.append_ledger(at.as_microsecond(), &act)?;
    Ok(true)
}

/// What a step adds.
struct Added<'a> {
    request: Uuid,
    records: &'a [ToSeal],
    tasks: &'a [Task],
    mails: &'a [Waiting],
    openings: &'a [Opening],
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

    for mail in added.mails {
        // Whoever a mail goes to is nobody else to us: what waits is not part of anybody's data.
        add_subject(work, mail.subject.0, "", mail.created_at)?;
    }
    seal_all(work, added.records)?;
    for mail in added.mails {
        mails::insert(work.session, mail, mails::WAITING)?;
    }
    for task in added.tasks {
        tasks::add(work, task, at)?;
    }
    match onto {
        Onto::Stay => {}
        Onto::Stage(next) => {
            if next != stage && !stage.may_become(next) {
                return Err(Fault::NotAllowed("a stage that cannot follow"));
            }
            move_to(work, (id, subject), next, at, zone)?;
        }
        Onto::Extended(due) => set_dates(work, (id, subject), due, at)?,
        Onto::Later(due) => {
            set_dates(work, (id, subject), due, at)?;
            move_to(work, (id, subject), Stage::Working, at, zone)?;
        }
    }
    for opening in added.openings {
        openings::insert(work.session, opening, 1)?;
    }
    Ok(true)
}

fn move_to(
    work: &mut Work<'_>,
    (request, subject): (Uuid, Uuid),
    stage: Stage,
    at: Timestamp,
    zone: &TimeZone,
) -> Result<(), Fault> {
    let act = Act::Move {
        subject,
        request,
        stage: stage.name().to_owned(),
        zone: ledger::name_of(zone),
    };
    work.keys.append_ledger(at.as_microsecond(), &act)?;
    come_to(work.session, request, stage, at, zone)
}

fn set_dates(
    work: &mut Work<'_>,
    (request, subject): (Uuid, Uuid),
    due: Due,
    at: Timestamp,
) -> Result<(), Fault> {
    let (aim, latest) = (due.aim.to_string(), due.latest.to_string());
    ledger::extend(work.session, request, &aim, &latest)?;
    let act = Act::Extend {
        subject,
        request,
        aim,
        latest,
    };
    work.keys.append_ledger(at.as_microsecond(), &act)?;
    Ok(())
}
