//! Decisions: a yes by one person, a no or a fee by two.

use std::collections::BTreeSet;

use waarborg_domain::decision::{About, Decision, Task};
use waarborg_domain::entry::{Act, Entry, Facts};
use waarborg_domain::rights::{Right, Stage};

use super::act::{Done, carry_out};
use super::found::subjects;
use super::rectify::stands_somewhere;
use super::{
    CaseError, File, Filed, Rectification, ToTell, Writer, file_record, officer, open, slices,
    step, take, written,
};
use crate::answers;
use crate::certify::certificate;
use crate::console::Staff;
use crate::desk::Desk;
use crate::disclosures::{self, Disclosure, Standing};
use crate::ports::{Onto, Part, Step};

/// What came of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreed {
    /// It waits for a second person.
    Waits,
    /// It was carried out, and the person's letter is there.
    Done,
    /// It was carried out here; keys on another disk go when that disk can be reached. Decide again then.
    Pending,
}

/// An officer decides. Where nothing is refused and nothing costs money it is carried out at once; else it waits for
/// a second person.
///
/// # Errors
///
/// [`CaseError`] says which rule stands in the way.
pub async fn propose(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    (decision, rectification): (Decision, Rectification),
    (language, writer): (&str, &dyn Writer),
) -> Result<Agreed, CaseError> {
    officer(staff)?;
    let file = open(desk, staff, reference).await?;
    check(desk, &file, &decision).await?;
    let filed = Filed {
        decision,
        rectification,
        language: language.to_owned(),
        by: staff.session.id,
        at: desk.now(),
    };
    let corrects = filed.decision.grants_anything() && filed.rectification.correction.is_some();
    if corrects && !stands_somewhere(desk, &file, &filed).await? {
        return Err(CaseError::Nowhere);
    }
    if filed.decision.needs_second_person() {
        let record = file_record(desk, &file.request, Part::Proposal, written::filed(&filed))?;
        let what = (filed.decision.stage().name(), Act::DecisionProposed);
        let onto = Onto::Stage(Stage::Deciding);
        step(desk, staff, &file.request, vec![record], onto, what).await?;
        return Ok(Agreed::Waits);
    }
    close(desk, staff, &file, &filed, writer).await
}

/// A second person agrees, and the decision is carried out.
///
/// # Errors
///
/// [`CaseError::SamePerson`] for who proposed it.
pub async fn agree(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    writer: &dyn Writer,
) -> Result<Agreed, CaseError> {
    officer(staff)?;
    let file = open(desk, staff, reference).await?;
    let filed = file.waiting.clone().ok_or(CaseError::NothingWaits)?;
    if filed.by == staff.session.id {
        return Err(CaseError::SamePerson);
    }
    // Data may have come or gone since it was proposed.
    check(desk, &file, &filed.decision).await?;
    close(desk, staff, &file, &filed, writer).await
}

/// A second person does not agree, and says why. The request goes back to work.
///
/// # Errors
///
/// [`CaseError::WithoutReasons`] if nothing is said.
pub async fn send_back(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    why: &str,
) -> Result<(), CaseError> {
    officer(staff)?;
    let file = open(desk, staff, reference).await?;
    let filed = file.waiting.as_ref().ok_or(CaseError::NothingWaits)?;
    if filed.by == staff.session.id {
        return Err(CaseError::SamePerson);
    }
    if why.trim().is_empty() {
        return Err(CaseError::WithoutReasons);
    }
    let record = file_record(desk, &file.request, Part::Returned, why.trim().to_owned())?;
    let what = (Stage::Working.name(), Act::DecisionReturned);
    let onto = Onto::Stage(Stage::Working);
    step(desk, staff, &file.request, vec![record], onto, what).await
}

/// A decision follows the rules, covers exactly what was found, and goes no further than we know who asks.
async fn check(desk: &Desk, file: &File, decision: &Decision) -> Result<(), CaseError> {
    if file.request.stage.is_closed() {
        return Err(CaseError::Closed);
    }
    decision.check(file.request.right)?;
    let found = slices(desk, file).await?;
    let found: BTreeSet<&About> = found.iter().map(|found| &found.about).collect();
    let decided: BTreeSet<&About> = decision.parts.iter().map(|part| &part.about).collect();
    let is_refused_whole =
        decided.len() == 1 && decided.contains(&About::Whole) && !decision.grants_anything();
    if found != decided && !is_refused_whole {
        return Err(CaseError::OtherSlices);
    }
    let acts_on_somebody = decision.granted().next().is_some();
    if acts_on_somebody && file.subjects().next().is_none() {
        return Err(CaseError::IdentityFirst);
    }
    Ok(())
}

/// What was given to somebody outside about the persons of a request for access (article 15(1)(c)).
async fn given(desk: &Desk, file: &File) -> Result<Vec<Disclosure>, CaseError> {
    let mut given = Vec::new();
    if file.request.right == Right::Access {
        for subject in subjects(file) {
            given.extend(disclosures::of(desk, subject).await?);
        }
    }
    given.retain(|disclosure: &Disclosure| disclosure.standing == Standing::Made);
    Ok(given)
}

/// Which recipients were asked something because of other requests of the same persons (article 19).
async fn told_before(desk: &Desk, file: &File) -> Result<Vec<Task>, CaseError> {
    let mut told = Vec::new();
    if file.request.right != Right::Recipients {
        return Ok(told);
    }
    let tasks = desk.store.tasks().await?;
    for subject in subjects(file) {
        let requests = desk.store.requests_of(subject).await?;
        let is_theirs = |task: &&Task| requests.iter().any(|request| request.id == task.request);
        told.extend(tasks.iter().filter(is_theirs).cloned());
    }
    Ok(told)
}

/// Carries the decision out, writes the letter, and closes the request. Every step may be repeated.
async fn close(
    desk: &Desk,
    staff: &Staff,
    file: &File,
    filed: &Filed,
    writer: &dyn Writer,
) -> Result<Agreed, CaseError> {
    let request = &file.request;
    let decision = &filed.decision;
    let is_announced = decision.fee_cents.is_some();
    let done = if is_announced {
        // A fee is only announced: the person may still take the request back (article 12(5)).
        Done::default()
    } else {
        carry_out(desk, staff, file, filed).await?
    };
    if done.is_pending {
        let what = (Stage::Working.name(), Act::RequestMoved);
        let onto = Onto::Stage(Stage::Working);
        step(desk, staff, request, Vec::new(), onto, what).await?;
        return Ok(Agreed::Pending);
    }

    let found = slices(desk, file).await?;
    let given = given(desk, file).await?;
    let told = ToTell {
        request,
        decision: Some(decision),
        extension: None,
        doubt: None,
        kept: &done.kept,
        n_erased: done.n_erased,
        n_corrected: done.n_corrected,
        n_put_aside: if is_announced { 0 } else { file.n_put_aside },
        tasks: &done.tasks,
        seen: (!file.looked.is_empty()).then(|| file.seen().collect()),
        withheld: &file.withheld,
        given: &given,
        countries: &file.countries,
        is_held: done.n_erased > 0 || found.iter().any(|found| found.n_records > 0),
    };
    let asked_before = told_before(desk, file).await?;
    let told = ToTell {
        tasks: if request.right == Right::Recipients {
            &asked_before
        } else {
            told.tasks
        },
        ..told
    };
    let letter = writer.write(&filed.language, &told);
    let stage = if is_announced {
        Stage::Working
    } else {
        decision.stage()
    };
    let mut records = vec![
        file_record(desk, request, Part::Decision, written::filed(filed))?,
        file_record(desk, request, Part::Outcome, written::letter(&letter))?,
    ];
    for receipt in &done.receipts {
        let note = certificate(desk, request, receipt, &done.tasks);
        records.push(file_record(desk, request, Part::Certificate, note)?);
    }
    let mut step = Step {
        records,
        tasks: done.tasks,
        ..Step::new(request.id, Onto::Stage(stage))
    };
    answers::tell_answered(desk, file, &letter, &mut step);
    let facts = Facts {
        detail: Some(stage.name()),
        n_records: Some(done.n_erased),
        ..Facts::default()
    };
    let entry = Entry::new(desk.now(), staff.actor(), Act::RequestDecided)
        .about(request.subject)
        .on(request.id.0)
        .with(facts);
    take(desk, step, entry).await?;
    Ok(Agreed::Done)
}
