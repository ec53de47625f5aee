//! A change of the register, as its pages show it.

use waarborg_domain::ids::ObjectId;
use waarborg_domain::notice::{Notice, changes_spelled};
use waarborg_domain::register::change::{Act, Change, Stage};
use waarborg_domain::register::form::Section;
use waarborg_domain::register::lines;
use waarborg_domain::register::manuscript::{Item, Manuscript, Value, Which};
use waarborg_domain::register::{Fault, MessageClass, Register};
use waarborg_usecase::changes::{self, FileState, Open, Preview};
use waarborg_usecase::console::Staff;
use waarborg_usecase::mail;
use waarborg_usecase::ports::{FileFault, KeptRegister, MailEnd, StoreError};
use waarborg_usecase::versions;

use crate::page::change::{ChangeRow, ChangeView, Line, Said, StepRow, Telling};
use crate::show;
use crate::visit::Visit;

/// How many keys of a table its line in a list shows.
const SHOWN_KEYS: usize = 5;

/// One change in the list.
pub(crate) fn row(visit: &Visit, change: &Change) -> ChangeRow {
    let said = change
        .steps
        .iter()
        .rev()
        .find(|step| !step.reason.is_empty() && step.act != Act::Tell);
    ChangeRow {
        id: change.id.to_string(),
        began: began(visit, change),
        stage: change.stage(),
        reason: said.map(|step| step.reason.clone()).unwrap_or_default(),
    }
}

fn began(visit: &Visit, change: &Change) -> String {
    let first = change.steps.first();
    first.map_or_else(String::new, |step| {
        show::moment(&visit.desk, &visit.words(), step.at)
    })
}

/// A change and what it would do.
pub(crate) async fn view(
    visit: &Visit,
    staff: &Staff,
    open: &Open,
) -> Result<ChangeView, StoreError> {
    let desk = &visit.desk;
    let words = visit.words();
    let preview = changes::preview(desk, open).await?;
    let (change, texts) = (&open.change, &open.texts);
    let stage = change.stage();
    let digest = Register::digest_of(&texts.source);
    let kept = versions::all(desk).await?.0;
    let counts_from = kept
        .iter()
        .rev()
        .find(|kept| stage == Stage::Published && kept.digest == digest)
        .map(|kept| kept.starts_on);

    let is_waiting = stage == Stage::Published && preview.file == FileState::AsItWas;
    let mut notes = Vec::new();
    match preview.file {
        FileState::Stale if !stage.is_over() => notes.push("change-note-stale"),
        FileState::Closed(fault) if !stage.is_over() => notes.push(match fault {
            FileFault::ReadOnly => "change-file-read-only",
            FileFault::Unreadable => "change-file-unreadable",
            FileFault::Failed | FileFault::Changed => "change-file-failed",
        }),
        FileState::Changed if counts_from.is_none() && stage == Stage::Published => {
            notes.push("change-note-taking");
        }
        _ if is_waiting => notes.push("change-note-waiting"),
        _ => {}
    }
    let asks_second = preview.diff.procedure().second_approver;
    if stage == Stage::Proposed && asks_second && change.is_by(staff.session.id) {
        notes.push("change-note-second");
    }
    let acts = [
        Act::Propose,
        Act::Approve,
        Act::Publish,
        Act::Rebase,
        Act::Return,
        Act::Withdraw,
    ]
    .into_iter()
    .filter(|act| stage.after(*act).is_some())
    .filter(|act| *act != Act::Rebase || preview.file == FileState::Stale)
    .filter(|act| stage != Stage::Published || (*act == Act::Publish && is_waiting))
    .collect();
    let language = words.tongue().code();
    let notice = preview.register.as_ref().map(|register| {
        let before = Register::draft(&texts.base, "register.toml", &desk.law, desk.today()).0;
        let read = |register: &Register| {
            let day = register.head().effective.unwrap_or(desk.today());
            statements(&show::notice::whole(visit, register, day, None))
        };
        let before = before.as_ref().map(read).unwrap_or_default();
        compared(&before, &read(register))
    });
    Ok(ChangeView {
        id: change.id.to_string(),
        seen: change.steps.len(),
        began: began(visit, change),
        stage,
        is_officer: false,
        notes,
        counts_from,
        changes: changes_spelled(&preview.diff, language),
        faults: said(&preview.faults, &texts.source),
        notice: notice.unwrap_or_default(),
        file: compared(&texts.base, &texts.source),
        steps: steps(visit, staff, change),
        acts,
        telling: telling(visit, change, &preview, &digest, &kept).await?,
        fault: None,
    })
}

/// Whether people are to be told of a change: it is the newest that the program took, and its class asks it.
async fn telling(
    visit: &Visit,
    change: &Change,
    preview: &Preview,
    digest: &str,
    kept: &[KeptRegister],
) -> Result<Option<Telling>, StoreError> {
    let desk = &visit.desk;
    if let Some(step) = change.telling() {
        // The step carries the number of the job.
        let Ok(job) = step.reason.parse() else {
            return Ok(None);
        };
        let count = mail::count(desk, ObjectId(job)).await?;
        let sent = count
            .n_ended
            .iter()
            .filter(|(end, _)| *end == MailEnd::Sent);
        let n_sent = sent.map(|(_, n)| *n).sum();
        let n_waiting = count.n_waiting;
        return Ok(Some(Telling::Done { n_waiting, n_sent }));
    }
    let is_newest = kept.last().is_some_and(|kept| kept.digest == digest);
    if change.stage() != Stage::Published || !is_newest || !preview.diff.procedure().tells_people {
        return Ok(None);
    }
    if desk.post.is_none() {
        return Ok(Some(Telling::NoMail));
    }
    let messages: Vec<String> = desk
        .register
        .messages()
        .iter()
        .filter(|message| message.class == MessageClass::Legal && message.carried.is_some())
        .filter(|message| ![mail::CODE, mail::NEWS].contains(&message.name.as_str()))
        .map(|message| message.name.clone())
        .collect();
    Ok(Some(if messages.is_empty() {
        Telling::NoMessage
    } else {
        Telling::By(messages)
    }))
}

fn steps(visit: &Visit, staff: &Staff, change: &Change) -> Vec<StepRow> {
    let row = |step: &waarborg_domain::register::change::Step| {
        // The end of an id of this sort is random; its beginning is the time.
        let id = step.by.to_string();
        let short: String = id.chars().skip(id.len().saturating_sub(6)).collect();
        StepRow {
            act: step.act,
            at: show::moment(&visit.desk, &visit.words(), step.at),
            is_own: step.by == staff.session.id,
            by: short,
            reason: match step.act {
                // A number of a job says nothing to people; the page says how far it is.
                Act::Tell => String::new(),
                _ => step.reason.clone(),
            },
        }
    };
    change.steps.iter().map(row).collect()
}

/// What a notice says, one statement on each line. The version and its days change always, and are left out.
fn statements(notice: &Notice) -> String {
    let mut text = String::new();
    for line in notice.to_markdown().lines() {
        let line = line.trim();
        if !line.is_empty() && !line.contains(&notice.version) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// What goes and what comes between two texts.
fn compared(old: &str, new: &str) -> Vec<Line> {
    let (olds, news): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut shown = Vec::new();
    for piece in lines::differences(old, new) {
        if !shown.is_empty() {
            shown.push(Line::Gap);
        }
        let gone = olds.get(piece.old).unwrap_or_default();
        shown.extend(gone.iter().map(|line| Line::Gone((*line).to_owned())));
        let come = news.get(piece.new).unwrap_or_default();
        shown.extend(come.iter().map(|line| Line::New((*line).to_owned())));
    }
    shown
}

/// What the compiler says, each with the line that it is about.
pub(crate) fn said(faults: &[Fault], source: &str) -> Vec<Said> {
    let lines: Vec<&str> = source.lines().collect();
    let line = |fault: &Fault| {
        // A message about another file has a line of that one.
        let of_this = fault.file == "register.toml";
        let line = fault.line.checked_sub(1).and_then(|at| lines.get(at));
        line.filter(|_| of_this)
            .map(|line| line.trim().to_owned())
            .unwrap_or_default()
    };
    faults
        .iter()
        .map(|fault| Said {
            fault: fault.clone(),
            line: line(fault),
        })
        .collect()
}

/// The address, the name and in short the content of a table.
pub(crate) fn summary(
    visit: &Visit,
    manuscript: &Manuscript,
    section: &Section,
    which: Which,
) -> (String, String, String) {
    let item = Item {
        section: section.name.clone(),
        which,
    };
    let language = visit.words().tongue().code();
    let values = section.keys().filter_map(|key| {
        let value = manuscript
            .value(&item, &[key])
            .or_else(|| manuscript.value(&item, &[key, language]))
            .or_else(|| manuscript.value(&item, &[key, "name", language]))?;
        Some(match value {
            Value::Text(text) => text.lines().next().unwrap_or_default().to_owned(),
            Value::List(items) => items.join(" + "),
            Value::Flag(flag) => format!("{key} = {flag}"),
            Value::Number(number) => format!("{key} = {number}"),
        })
    });
    let says: Vec<String> = values.take(SHOWN_KEYS).collect();
    (
        address(&item.which),
        name(visit, &item.which),
        says.join(" · "),
    )
}

/// How an address names a table.
pub(crate) fn address(which: &Which) -> String {
    match which {
        Which::Only => "only".to_owned(),
        Which::Named(name) => name.clone(),
        Which::Row(at) => (at + 1).to_string(),
    }
}

/// How people name a table.
pub(crate) fn name(visit: &Visit, which: &Which) -> String {
    match which {
        Which::Only => visit.words().say("change-the-only"),
        Which::Named(name) => name.clone(),
        Which::Row(at) => {
            let number = (at + 1).to_string();
            visit.words().fill("change-row", &[("n", &number)])
        }
    }
}
