//! Changes of the register: written, proposed, approved and put in place, each by somebody who says why.

use thiserror::Error;
use uuid::Uuid;
use waarborg_detect::surrogate::Language;
use waarborg_domain::entry::{Act as Noted, Entry, Facts, Role};
use waarborg_domain::register::change::{Act, Change, Step};
use waarborg_domain::register::form::Section;
use waarborg_domain::register::lines;
use waarborg_domain::register::manuscript::{EditError, Item, Manuscript, Which};
use waarborg_domain::register::{Diff, Fault, Lack, Register};

use crate::console::Staff;
use crate::desk::Desk;
use crate::mail::{self, Told};
use crate::ports::{ChangeTexts, FileFault, StoreError};
use crate::versions;

/// How compilers' messages name the file.
const FILE: &str = "register.toml";
/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 1_000;

/// Why a change does not go on.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChangeError {
    /// The role does not change the register.
    #[error("this role does not change the register")]
    NotOfficer,
    /// There is no such change.
    #[error("there is no such change")]
    Missing,
    /// It is at another stage, or somebody did something since the page was shown.
    #[error("this is not the step that it waits for")]
    NotNow,
    /// Nobody said why.
    #[error("a step needs a reason")]
    NoReason,
    /// It says what the file says already.
    #[error("nothing was changed")]
    Unchanged,
    /// The file of the register was changed meanwhile.
    #[error("the file of the register changed meanwhile")]
    Stale,
    /// It does not compile.
    #[error("the register does not compile")]
    Faults,
    /// What a change of its class asks was not done.
    #[error("something that this change asks was not done")]
    Lacking,
    /// Somebody else must approve.
    #[error("a second person must approve")]
    SecondPerson,
    /// A place in the file cannot be changed alone.
    #[error("a place in the file cannot be changed alone")]
    Edit(String, EditError),
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileFault),
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A change with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What was done with it.
    pub change: Change,
    /// What it says.
    pub texts: ChangeTexts,
}

/// What a change would do.
#[derive(Debug)]
pub struct Preview {
    /// The register as it would be, as far as it can be read.
    pub register: Option<Register>,
    /// What the compiler says of it, and what stands in the way of running on it here.
    pub faults: Vec<Fault>,
    /// What is different for people, of which class that is, and what it asks.
    pub diff: Diff,
    /// Whether the file is still the one from which it starts.
    pub file: FileState,
}

/// The file of the register, seen from a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// It is the one from which the change starts.
    AsItWas,
    /// It says what the change says.
    Changed,
    /// Somebody changed it meanwhile.
    Stale,
    /// It cannot be read, or not be written.
    Closed(FileFault),
}

impl Preview {
    /// Whether a register with these faults cannot be run on.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        self.register.is_none() || self.faults.iter().any(Fault::stops_the_start)
    }

    /// What stands in the way of proposing and approving it.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] with the first thing.
    fn ready(&self, open: &Open) -> Result<(), ChangeError> {
        match self.file {
            FileState::AsItWas => {}
            FileState::Stale | FileState::Changed => return Err(ChangeError::Stale),
            FileState::Closed(fault) => return Err(fault.into()),
        }
        if open.texts.source == open.texts.base {
            return Err(ChangeError::Unchanged);
        }
        if self.has_faults() {
            return Err(ChangeError::Faults);
        }
        if !self.diff.lacks.is_empty() {
            return Err(ChangeError::Lacking);
        }
        Ok(())
    }
}

/// Begins a change, from the file as it is.
///
/// # Errors
///
/// [`ChangeError::File`] if the file cannot be read, or this program may not write it.
pub async fn begin(desk: &Desk, staff: &Staff) -> Result<Uuid, ChangeError> {
    officer(staff)?;
    let base = desk.register_file.read().await?;
    desk.register_file.may_write().await?;
    let now = desk.now();
    let change = Change {
        id: desk.ids.id(now),
        base: Register::digest_of(&base),
        steps: vec![step_of(desk, staff, Act::Begin, "")],
    };
    let id = change.id;
    let texts = ChangeTexts {
        source: base.clone(),
        base,
    };
    let entry = about(desk, staff, Act::Begin, id, &texts.source);
    desk.store.begin_change(change, texts, entry).await?;
    Ok(id)
}

/// Every change, the newest first.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn list(desk: &Desk) -> Result<Vec<Change>, StoreError> {
    desk.store.changes().await
}

/// One change.
///
/// # Errors
///
/// [`ChangeError::Missing`] if there is none.
pub async fn open(desk: &Desk, id: Uuid) -> Result<Open, ChangeError> {
    let changes = desk.store.changes().await?;
    let change = changes.into_iter().find(|change| change.id == id);
    let texts = desk.store.change_texts(id).await?;
    match (change, texts) {
        (Some(change), Some(texts)) => Ok(Open { change, texts }),
        _ => Err(ChangeError::Missing),
    }
}

/// What a change would do, were it put in place today.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn preview(desk: &Desk, open: &Open) -> Result<Preview, StoreError> {
    let today = desk.today();
    let source = &open.texts.source;
    let (register, faults) = match Register::compile(source, FILE, &desk.law, today) {
        Ok(register) => {
            let mut faults = register.warnings().to_vec();
            faults.extend(desk.register_file.hindrances(&register));
            (Some(register), faults)
        }
        Err(faults) => (Register::draft(source, FILE, &desk.law, today).0, faults),
    };
    let before = before(desk, &open.texts.base).await?;
    let diff = register
        .as_ref()
        .map(|register| strict(before.diff(register, today), register, desk))
        .unwrap_or_default();
    Ok(Preview {
        register,
        faults,
        diff,
        file: file_state(desk, open).await,
    })
}

/// Writes what came back of a form.
///
/// # Errors
///
/// [`ChangeError::Edit`] with the field that cannot be changed without touching something else.
pub async fn fill<'f>(
    desk: &Desk,
    staff: &Staff,
    (id, seen): (Uuid, usize),
    (section, item): (&Section, &Item),
    said: impl Fn(&str) -> Option<&'f str> + Send,
) -> Result<(), ChangeError> {
    edit(desk, staff, (id, seen), |manuscript| {
        section
            .fill(manuscript, item, said)
            .map_err(|(field, error)| ChangeError::Edit(field, error))
    })
    .await
}

/// Adds a table to a section, and fills it.
///
/// # Errors
///
/// [`ChangeError::Edit`] if there is one of that name already, or the name cannot be used.
pub async fn add<'f>(
    desk: &Desk,
    staff: &Staff,
    (id, seen): (Uuid, usize),
    (section, which): (&Section, Which),
    said: impl Fn(&str) -> Option<&'f str> + Send,
) -> Result<(), ChangeError> {
    edit(desk, staff, (id, seen), |manuscript| {
        let item = manuscript.add(&section.name, which).map_err(nowhere)?;
        section
            .fill(manuscript, &item, said)
            .map_err(|(field, error)| ChangeError::Edit(field, error))
    })
    .await
}

/// Removes a table.
///
/// # Errors
///
/// [`ChangeError::Edit`] if it cannot be removed without touching something else.
pub async fn remove(
    desk: &Desk,
    staff: &Staff,
    (id, seen): (Uuid, usize),
    item: &Item,
) -> Result<(), ChangeError> {
    edit(desk, staff, (id, seen), |manuscript| {
        manuscript.remove(item).map_err(nowhere)
    })
    .await
}

/// Writes the whole file, as somebody typed it. Lines end as they did in the file from which it starts.
///
/// # Errors
///
/// [`ChangeError`] if it cannot be written now. What does not compile is kept: the page says what is wrong with it.
pub async fn write(
    desk: &Desk,
    staff: &Staff,
    (id, seen): (Uuid, usize),
    text: &str,
) -> Result<(), ChangeError> {
    officer(staff)?;
    let open = open(desk, id).await?;
    let mut source = text.replace("\r\n", "\n");
    if open.texts.base.contains("\r\n") {
        source = source.replace('\n', "\r\n");
    }
    written(desk, staff, open, seen, source).await
}

/// Takes a step: proposes, returns, approves, withdraws or publishes.
///
/// # Errors
///
/// [`ChangeError`] says what stands in the way.
pub async fn step(
    desk: &Desk,
    staff: &Staff,
    (id, seen): (Uuid, usize),
    act: Act,
    reason: &str,
) -> Result<(), ChangeError> {
    officer(staff)?;
    let open = open(desk, id).await?;
    let is_next = open.change.stage().after(act).is_some() && open.change.steps.len() == seen;
    if !is_next {
        return Err(ChangeError::NotNow);
    }
    let reason = reason.trim();
    if act.asks_a_reason() && reason.is_empty() {
        return Err(ChangeError::NoReason);
    }
    let reason: String = reason.chars().take(LONGEST_REASON).collect();

    match act {
        Act::Propose => {
            preview(desk, &open).await?.ready(&open)?;
        }
        Act::Approve => {
            let preview = preview(desk, &open).await?;
            preview.ready(&open)?;
            let asks_second = preview.diff.procedure().second_approver;
            if asks_second && open.change.is_by(staff.session.id) {
                return Err(ChangeError::SecondPerson);
            }
        }
        Act::Publish => return publish(desk, staff, &open, &reason).await,
        Act::Return | Act::Withdraw => {}
        Act::Begin | Act::Write | Act::Rebase | Act::Fail | Act::Tell => {
            return Err(ChangeError::NotNow);
        }
    }
    put(desk, staff, &open, seen, (act, &reason), None).await
}

/// The change becomes the file. What can go wrong with the disk goes wrong before it is noted; if the last move fails
/// all the same, that is noted too.
async fn publish(desk: &Desk, staff: &Staff, open: &Open, reason: &str) -> Result<(), ChangeError> {
    let preview = preview(desk, open).await?;
    preview.ready(open)?;
    let asks_second = preview.diff.procedure().second_approver;
    let approval = open.change.approval();
    if asks_second && approval.is_none_or(|step| open.change.is_by(step.by)) {
        return Err(ChangeError::SecondPerson);
    }
    let file = &desk.register_file;
    file.lay_beside(open.texts.source.clone()).await?;
    let seen = open.change.steps.len();
    put(desk, staff, open, seen, (Act::Publish, reason), None).await?;
    let new = Register::digest_of(&open.texts.source);
    if let Err(fault) = file.put_in_place(open.change.base.clone(), new).await {
        put(desk, staff, open, seen + 1, (Act::Fail, ""), None).await?;
        return Err(match fault {
            FileFault::Changed => ChangeError::Stale,
            fault => fault.into(),
        });
    }
    Ok(())
}

/// Tells the persons concerned of a change that was published and that the program took: once, and by the one door for
/// mail. The step carries the number of the job.
///
/// # Errors
///
/// [`TellError`] says what is missing; then nothing is sent.
pub async fn tell(
    desk: &Desk,
    staff: &Staff,
    (id, seen): (Uuid, usize),
    message: &str,
    language: Language,
) -> Result<Told, TellError> {
    let open = opened(desk, staff, id, seen).await?;
    let digest = Register::digest_of(&open.texts.source);
    let ready = mail::prepare(desk, staff.actor(), message, language).await?;
    if ready.register() != digest {
        return Err(ChangeError::NotNow.into());
    }
    // Every mail is kept before the step is noted, and goes by that note: who stops before leaves a change of which
    // nobody was told. Of two who press at once, one takes the step; the mails of the other end.
    let aside = ready.set_aside(desk).await?;
    let job = aside.told.job.id;
    let noted = about(desk, staff, Act::Tell, id, &open.texts.source);
    let step = step_of(desk, staff, Act::Tell, &job.to_string());
    let entries = (noted, aside.queued);
    if desk
        .store
        .tell_change((id, seen), step, job, entries)
        .await?
    {
        return Ok(aside.told);
    }
    mail::end(desk, staff.actor(), job).await?;
    Err(ChangeError::NotNow.into())
}

/// A change that was published and of which nobody was told yet.
async fn opened(desk: &Desk, staff: &Staff, id: Uuid, seen: usize) -> Result<Open, ChangeError> {
    officer(staff)?;
    let open = open(desk, id).await?;
    let change = &open.change;
    let is_next = change.stage().after(Act::Tell).is_some() && change.steps.len() == seen;
    if is_next && change.telling().is_none() {
        Ok(open)
    } else {
        Err(ChangeError::NotNow)
    }
}

/// Why nobody is told of a change.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TellError {
    /// The change does not wait for it.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// No mail can go.
    #[error(transparent)]
    Mail(#[from] mail::TellError),
}

impl From<StoreError> for TellError {
    fn from(error: StoreError) -> Self {
        Self::Change(error.into())
    }
}

/// Puts a change on the file as it is now; it must be proposed again. Lines that only one of the two changed are as
/// that one says.
///
/// # Errors
///
/// [`ChangeError::Edit`] if both changed the same lines.
pub async fn rebase(
    desk: &Desk,
    staff: &Staff,
    (id, seen): (Uuid, usize),
) -> Result<(), ChangeError> {
    officer(staff)?;
    let open = open(desk, id).await?;
    let is_next = open.change.stage().after(Act::Rebase).is_some();
    if !is_next || open.change.steps.len() != seen {
        return Err(ChangeError::NotNow);
    }
    let now = desk.register_file.read().await?;
    let source = lines::merged(&open.texts.base, &open.texts.source, &now)
        .ok_or_else(|| nowhere(EditError::WrittenOtherwise))?;
    let says = (Register::digest_of(&now), ChangeTexts { base: now, source });
    put(desk, staff, &open, seen, (Act::Rebase, ""), Some(says)).await
}

/// Changes the text of a draft in place.
async fn edit(
    desk: &Desk,
    staff: &Staff,
    (id, seen): (Uuid, usize),
    change: impl FnOnce(&mut Manuscript) -> Result<(), ChangeError>,
) -> Result<(), ChangeError> {
    officer(staff)?;
    let open = open(desk, id).await?;
    let mut manuscript = Manuscript::new(open.texts.source.as_str()).map_err(nowhere)?;
    change(&mut manuscript)?;
    let source = manuscript.text().to_owned();
    written(desk, staff, open, seen, source).await
}

async fn written(
    desk: &Desk,
    staff: &Staff,
    open: Open,
    seen: usize,
    source: String,
) -> Result<(), ChangeError> {
    if open.change.stage().after(Act::Write).is_none() {
        return Err(ChangeError::NotNow);
    }
    if source == open.texts.source {
        return Ok(());
    }
    let texts = ChangeTexts {
        base: open.texts.base.clone(),
        source,
    };
    let says = (open.change.base.clone(), texts);
    put(desk, staff, &open, seen, (Act::Write, ""), Some(says)).await
}

async fn put(
    desk: &Desk,
    staff: &Staff,
    open: &Open,
    seen: usize,
    (act, reason): (Act, &str),
    says: Option<(String, ChangeTexts)>,
) -> Result<(), ChangeError> {
    let id = open.change.id;
    let source = says.as_ref().map_or(&open.texts, |(_, texts)| texts);
    let entry = about(desk, staff, act, id, &source.source);
    let step = step_of(desk, staff, act, reason);
    if desk.store.step_change(id, seen, step, says, entry).await? {
        Ok(())
    } else {
        Err(ChangeError::NotNow)
    }
}

/// The register that a change is compared with: the file from which it starts, or the last one that could be used.
async fn before(desk: &Desk, base: &str) -> Result<Register, StoreError> {
    if let Ok(register) = Register::compile(base, FILE, &desk.law, desk.today()) {
        return Ok(register);
    }
    let kept = versions::all(desk).await?;
    let last = kept
        .0
        .last()
        .and_then(|kept| versions::compiled(desk, kept));
    Ok(last.unwrap_or_else(|| Register::clone(&desk.register)))
}

/// What a change leaves undone if it is published today, whatever day it says that it was published.
fn strict(mut diff: Diff, register: &Register, desk: &Desk) -> Diff {
    let today = desk.today();
    let days = diff.procedure().announced_days;
    let not_before = today.checked_add(jiff::Span::new().days(i64::from(days)));
    let effective = register.head().effective.unwrap_or(today);
    diff.lacks
        .retain(|lack| !matches!(lack, Lack::TooEarly { .. }));
    if let Ok(not_before) = not_before
        && days > 0
        && effective < not_before
    {
        diff.lacks.push(Lack::TooEarly { not_before });
    }
    diff
}

async fn file_state(desk: &Desk, open: &Open) -> FileState {
    let now = match desk.register_file.read().await {
        Ok(now) => now,
        Err(fault) => return FileState::Closed(fault),
    };
    if now == open.texts.source && now != open.texts.base {
        return FileState::Changed;
    }
    if now != open.texts.base {
        return FileState::Stale;
    }
    match desk.register_file.may_write().await {
        Ok(()) => FileState::AsItWas,
        Err(fault) => FileState::Closed(fault),
    }
}

fn officer(staff: &Staff) -> Result<(), ChangeError> {
    match staff.role {
        Role::Officer => Ok(()),
        Role::Auditor | Role::Operator => Err(ChangeError::NotOfficer),
    }
}

fn step_of(desk: &Desk, staff: &Staff, act: Act, reason: &str) -> Step {
    Step {
        act,
        by: staff.session.id,
        at: desk.now(),
        reason: reason.to_owned(),
    }
}

/// The line of the log, with the digest of what the change says; the reason stays with the change.
fn about(desk: &Desk, staff: &Staff, act: Act, id: Uuid, source: &str) -> Entry {
    let noted = match act {
        Act::Begin => Noted::ChangeBegun,
        Act::Write => Noted::ChangeWritten,
        Act::Rebase => Noted::ChangeRebased,
        Act::Propose => Noted::ChangeProposed,
        Act::Return => Noted::ChangeReturned,
        Act::Approve => Noted::ChangeApproved,
        Act::Publish => Noted::ChangePublished,
        Act::Fail => Noted::ChangeFailed,
        Act::Withdraw => Noted::ChangeWithdrawn,
        Act::Tell => Noted::ChangeTold,
    };
    let facts = Facts {
        register: Some(Register::digest_of(source)),
        ..Facts::default()
    };
    Entry::new(desk.now(), staff.actor(), noted)
        .on(id)
        .with(facts)
}

fn nowhere(error: EditError) -> ChangeError {
    ChangeError::Edit(String::new(), error)
}
