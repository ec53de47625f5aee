//! The privacy desk at work on one request: whose data, what is found, what is decided, what is told.
//!
//! Every function here takes a member of staff. No machine links, decides, refuses or charges.

mod act;
mod copy;
mod decide;
mod found;
mod look;
mod rectify;
mod time;
mod written;

use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;
use waarborg_domain::calendar::{Due, NoExtension};
use waarborg_domain::decision::{Decision, Identity, Task, TaskEnd, Undecided};
use waarborg_domain::entry::{Act, Entry, Facts, Role};
use waarborg_domain::ids::{ObjectId, SessionId, SubjectId};
use waarborg_domain::permit::Refusal;
use waarborg_domain::rights::{Request, Right, Stage};

use crate::console::Staff;
use crate::desk::Desk;
use crate::disclosures::Disclosure;
use crate::ports::{Kept, NewRecord, Onto, Part, Seen, Step, StoreError};
use crate::requests::{self, Receive, ReceiveError, case_record, requester};
use crate::sureness::{self, Sure};
use crate::withheld;

pub(crate) use act::tasks_of;
pub use copy::{Copy, OTHER_PERSON, copy, has_copy};
pub use decide::{Agreed, agree, propose, send_back};
pub use found::{Found, Pack, Piece, look_up, pack, slices};
pub use look::{Looked, look};
pub use rectify::{Correction, Rectification};
pub use time::{Doubt, can_be_doubted, doubt, due_without_doubt, extend};

/// Why the desk did not do something. Nothing changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CaseError {
    /// There is no such request, or no such person.
    #[error("there is no such thing")]
    Missing,
    /// The role does not decide on requests.
    #[error("this role does not decide on requests")]
    NotOfficer,
    /// The request is closed, or somebody else was first.
    #[error("the request takes no more steps")]
    Closed,
    /// Who asks is not sure enough for what would be done.
    #[error("it is not sure enough who asks")]
    IdentityFirst,
    /// The decision breaks a rule.
    #[error(transparent)]
    Undecided(#[from] Undecided),
    /// Something is decided over data that was not found, or a slice was left out.
    #[error("the decision is about other data than was found")]
    OtherSlices,
    /// The second person is the first one.
    #[error("a second person must agree")]
    SamePerson,
    /// No decision waits for a second person.
    #[error("no decision waits")]
    NothingWaits,
    /// The extension cannot be given.
    #[error(transparent)]
    NoExtension(#[from] NoExtension),
    /// The clock may not stand still: the register has no rule for it, or it is known who asks.
    #[error("the clock of this request may not stand still")]
    ClockRuns,
    /// Reasons or a statement are needed and were not written.
    #[error("reasons are needed")]
    WithoutReasons,
    /// This installation mails no codes.
    #[error("no codes are mailed here")]
    NoMail,
    /// The request was made without a mail address.
    #[error("the request has no mail address")]
    NoAddress,
    /// As many codes were mailed as the register allows.
    #[error("enough codes were mailed")]
    Enough,
    /// Nobody showed by a code that the address is theirs.
    #[error("no code showed that the address is theirs")]
    NotShown,
    /// The code is not the one that was mailed, or counts no more.
    #[error("the code is not the one that was mailed")]
    WrongCode,
    /// In what was to be looked up is no identifier.
    #[error("there is no identifier in this")]
    NoIdentifier,
    /// The register has no retention for this, so it may not be kept.
    #[error("the register has no retention for this")]
    NotDeclared,
    /// What is to be corrected stands nowhere in what the person gave.
    #[error("what is to be corrected stands nowhere")]
    Nowhere,
    /// The register does not say how requests are handled.
    #[error("the register does not say how requests are handled")]
    NoDesk,
    /// The register does not allow it.
    #[error(transparent)]
    NotAllowed(#[from] Refusal),
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ReceiveError> for CaseError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::NoDesk => Self::NoDesk,
            ReceiveError::NotAllowed(refusal) => Self::NotAllowed(refusal),
            ReceiveError::Store(store) => Self::Store(store),
        }
    }
}

/// A person whom a request is about, and how sure we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Who.
    pub subject: SubjectId,
    /// How sure.
    pub identity: Identity,
}

/// A decision as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// What is decided.
    pub decision: Decision,
    /// What is corrected and added, where that was asked (article 16).
    pub rectification: Rectification,
    /// The language of the letter, as two letters.
    pub language: String,
    /// Who decided.
    pub by: SessionId,
    /// When.
    pub at: Timestamp,
}

/// A line of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// An item of a list.
    Item(String),
}

/// A letter as it was given to the person; it stays as it was.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its language, as two letters.
    pub language: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({}, {} lines)", self.language, self.lines.len())
    }
}

/// What a letter tells; the words are of whoever writes it.
#[derive(Debug)]
pub struct ToTell<'a> {
    /// The request.
    pub request: &'a Request,
    /// What was decided; `None` in a letter about an extension.
    pub decision: Option<&'a Decision>,
    /// Why it takes longer, and until when.
    pub extension: Option<(&'a str, Due)>,
    /// Why it is doubted who asks.
    pub doubt: Option<&'a str>,
    /// What remains after an erasure, and why.
    pub kept: &'a [Kept],
    /// How many records were erased.
    pub n_erased: u64,
    /// How many records were corrected.
    pub n_corrected: u64,
    /// How many records were not used while this was looked into, and may be again (article 18(3)).
    pub n_put_aside: usize,
    /// Which recipients are told.
    pub tasks: &'a [Task],
    /// Where identifiers of who asks stood in prompts; `None` if that was not looked up.
    pub seen: Option<Vec<&'a Seen>>,
    /// What was done to answers about the person.
    pub withheld: &'a [withheld::Filed],
    /// What was given to somebody outside in a single case.
    pub given: &'a [Disclosure],
    /// In which countries the person lives and works, as they say (article 77(1)).
    pub countries: &'a [String],
    /// Whether anything is held of the person.
    pub is_held: bool,
}

impl<'a> ToTell<'a> {
    /// What a letter tells that decides nothing.
    pub(crate) fn of(file: &'a File) -> Self {
        Self {
            request: &file.request,
            decision: None,
            extension: None,
            doubt: None,
            kept: &[],
            n_erased: 0,
            n_corrected: 0,
            n_put_aside: 0,
            tasks: &[],
            seen: None,
            withheld: &[],
            given: &[],
            countries: &file.countries,
            is_held: false,
        }
    }
}

/// Writes letters. The words are those of the pages, in the language that is asked for.
pub trait Writer: Send + Sync {
    /// The letter, in the language of these two letters.
    fn write(&self, language: &str, told: &ToTell<'_>) -> Letter;
}

/// The file of a request, as far as it is there.
#[derive(Debug)]
pub struct File {
    /// The request.
    pub request: Request,
    /// In the person's own words.
    pub words: Option<String>,
    /// How they want to be answered.
    pub contact: Option<String>,
    /// Whether they showed that they can read mail there.
    pub sure: Option<Sure>,
    /// The persons that the request is about.
    pub links: Vec<Link>,
    /// In which countries the person lives and works, as they say.
    pub countries: Vec<String>,
    /// To whom the person has their data given directly.
    pub transfers: Vec<String>,
    /// Why it takes longer, if it was extended.
    pub extension: Option<String>,
    /// When somebody last showed by a code that the address is theirs.
    pub shown_at: Option<Timestamp>,
    /// When the clock stood still, and why.
    pub doubts: Vec<Doubt>,
    /// The decision that waits for a second person.
    pub waiting: Option<Filed>,
    /// Why the last proposal came back.
    pub returned: Option<String>,
    /// The last decision that was carried out.
    pub decided: Option<Filed>,
    /// Every letter, oldest first.
    pub letters: Vec<Letter>,
    /// The certificates of what was erased.
    pub certificates: Vec<String>,
    /// What recipients were asked.
    pub tasks: Vec<Task>,
    /// What was looked up in prompts.
    pub looked: Vec<Looked>,
    /// What was done to answers about the person.
    pub withheld: Vec<withheld::Filed>,
    /// How many records are not used until this is decided.
    pub n_put_aside: usize,
}

impl File {
    /// Where identifiers of who asks stood in prompts, as it was when an officer looked.
    pub fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.looked.iter().flat_map(|looked| looked.seen.iter())
    }

    /// Whether the request was made with a mail address.
    #[must_use]
    pub fn has_mail_address(&self) -> bool {
        sureness::address(self).is_some()
    }

    /// Whose data may be looked at, and acted on: not by the channel alone.
    pub fn subjects(&self) -> impl Iterator<Item = SubjectId> {
        self.links
            .iter()
            .filter(|link| link.identity != Identity::Channel)
            .map(|link| link.subject)
    }
}

/// Opens the file of a request for an officer. The log says who did.
///
/// # Errors
///
/// [`CaseError`] if there is none, or the register does not allow it.
pub async fn open(desk: &Desk, staff: &Staff, reference: &str) -> Result<File, CaseError> {
    officer(staff)?;
    let request = find(desk, reference).await?;
    let entry = Entry::new(desk.now(), staff.actor(), Act::RecordsRead)
        .for_purpose(&desk.surfaces.rights.purpose)
        .about(request.subject)
        .on(request.id.0);
    desk.store.record(entry).await?;
    read(desk, request).await
}

/// What the person who has the secret of a request reads of its file.
#[derive(Debug)]
pub struct Told {
    /// Every letter, oldest first.
    pub letters: Vec<Letter>,
    /// In which countries they live and work, as they said.
    pub countries: Vec<String>,
}

/// What a request's file tells the person who has its secret.
///
/// # Errors
///
/// [`CaseError`] if the register does not allow it, or the store cannot answer.
pub async fn told(desk: &Desk, request: &Request) -> Result<Told, CaseError> {
    let file = read(desk, request.clone()).await?;
    Ok(Told {
        letters: file.letters,
        countries: file.countries,
    })
}

/// Whether a request may have a certificate: it asked for erasure and was not refused.
#[must_use]
pub fn has_certificate(request: &Request) -> bool {
    let is_done = matches!(request.stage, Stage::Answered | Stage::PartlyAnswered);
    is_done && request.right == Right::Erasure
}

/// The certificates of what was erased because of a request, for the person who has its secret.
///
/// # Errors
///
/// [`CaseError`] if the register does not allow it, or the store cannot answer.
pub async fn certificates(desk: &Desk, request: &Request) -> Result<Vec<String>, CaseError> {
    Ok(read(desk, request.clone()).await?.certificates)
}

/// Every task of every recipient, for who watches over requests.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn tasks(desk: &Desk) -> Result<Vec<Task>, StoreError> {
    desk.store.tasks().await
}

/// Says whose data a request is about, and how sure we are. Proof itself is never kept. If that person asked the same
/// before and waits for it, the two go on as one; says which.
///
/// # Errors
///
/// [`CaseError::Missing`] if nobody is known by that number.
pub async fn link(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    link: Link,
) -> Result<String, CaseError> {
    officer(staff)?;
    let request = find(desk, reference).await?;
    shown_by_code(desk, &request, link.identity).await?;
    if desk.store.person(link.subject).await?.is_none() {
        return Err(CaseError::Missing);
    }
    let mut records = vec![file_record(
        desk,
        &request,
        Part::Link,
        written::link(&link),
    )?];
    let mut onto = Onto::Stage(Stage::Working);
    let file = read(desk, request.clone()).await?;
    if link.identity != Identity::Channel
        && let Some((record, later)) = time::known(desk, &file)?
    {
        records.push(record);
        onto = later;
    }
    let what = (link.identity.name(), Act::RequestLinked);
    step(desk, staff, &request, records, onto, what).await?;
    if link.identity == Identity::Channel {
        return Ok(request.reference.as_str().to_owned());
    }
    join(desk, staff, request, link).await
}

/// The same person, asking the same in two ways, has one request (the day of the first counts). Says which goes on.
async fn join(
    desk: &Desk,
    staff: &Staff,
    request: Request,
    link: Link,
) -> Result<String, CaseError> {
    let known = desk.store.requests().await?;
    for other in known {
        let is_alike =
            other.right == request.right && other.id != request.id && !other.stage.is_closed();
        if !is_alike {
            continue;
        }
        let file = read(desk, other.clone()).await?;
        if !file.subjects().any(|subject| subject == link.subject) {
            continue;
        }
        let is_later = other.received_at > request.received_at;
        let closing = if is_later {
            file
        } else {
            read(desk, request.clone()).await?
        };
        let said = Receive {
            right: request.right,
            channel: request.channel,
            words: closing.words.unwrap_or_default(),
            reply_to: closing.contact.unwrap_or_default(),
        };
        let into = requests::join(desk, staff.actor(), (&request, &other), said).await?;
        if into == Some(other.id) {
            let record = file_record(desk, &other, Part::Link, written::link(&link))?;
            let what = (link.identity.name(), Act::RequestLinked);
            step(desk, staff, &other, vec![record], Onto::Stay, what).await?;
            return Ok(other.reference.as_str().to_owned());
        }
        break;
    }
    Ok(request.reference.as_str().to_owned())
}

/// Where codes are mailed, only a code shows what a code shows.
async fn shown_by_code(
    desk: &Desk,
    request: &Request,
    identity: Identity,
) -> Result<(), CaseError> {
    let is_asked = identity == Identity::Code && sureness::is_offered(desk);
    if is_asked && read(desk, request.clone()).await?.sure.is_none() {
        return Err(CaseError::NotShown);
    }
    Ok(())
}

/// Moves a request to a stage that decides nothing; the person may also take it back.
///
/// # Errors
///
/// [`CaseError::Closed`] for a stage that only a decision or an extension leads to.
pub async fn move_on(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    stage: Stage,
) -> Result<(), CaseError> {
    officer(staff)?;
    let request = find(desk, reference).await?;
    if !moves_by_hand(stage) {
        return Err(CaseError::Closed);
    }
    let what = (stage.name(), Act::RequestMoved);
    let file = read(desk, request).await?;
    // Who goes on with the work doubts no longer.
    let (records, onto) = match time::known(desk, &file)? {
        Some((record, later)) if stage == Stage::Working => (vec![record], later),
        _ => (Vec::new(), Onto::Stage(stage)),
    };
    step(desk, staff, &file.request, records, onto, what).await
}

/// Whether a request comes to this stage without a decision or an extension.
#[must_use]
pub const fn moves_by_hand(stage: Stage) -> bool {
    matches!(
        stage,
        Stage::Identifying | Stage::Working | Stage::TakenBack
    )
}

/// Notes what came of a recipient's task (article 19).
///
/// # Errors
///
/// [`CaseError::Closed`] if it was noted before.
pub async fn end_task(
    desk: &Desk,
    staff: &Staff,
    id: uuid::Uuid,
    end: TaskEnd,
) -> Result<(), CaseError> {
    officer(staff)?;
    let now = desk.now();
    let facts = Facts {
        detail: Some(end.name()),
        ..Facts::default()
    };
    let entry = Entry::new(now, staff.actor(), Act::RecipientAnswered)
        .on(id)
        .with(facts);
    if desk.store.end_task(id, end, now, entry).await? {
        Ok(())
    } else {
        Err(CaseError::Closed)
    }
}

/// The queue: what is open first, the nearest day to work towards first.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn queue(desk: &Desk) -> Result<Vec<Request>, StoreError> {
    let mut requests = desk.store.requests().await?;
    requests.sort_by_key(|request| {
        let is_closed = request.stage.is_closed();
        (is_closed, request.due.aim, request.received_at)
    });
    Ok(requests)
}

/// When a letter came in that staff type in: the end of that day, or now for today. `None` for a day to come.
#[must_use]
pub fn received_on(desk: &Desk, day: Date) -> Option<Timestamp> {
    let today = desk.today();
    if day > today {
        return None;
    }
    if day == today {
        return Some(desk.now());
    }
    let noon = day.at(12, 0, 0, 0).to_zoned(desk.zone.clone()).ok()?;
    Some(noon.timestamp())
}

pub(crate) fn officer(staff: &Staff) -> Result<(), CaseError> {
    match staff.role {
        Role::Officer => Ok(()),
        Role::Auditor | Role::Operator => Err(CaseError::NotOfficer),
    }
}

pub(crate) async fn find(desk: &Desk, reference: &str) -> Result<Request, CaseError> {
    let requests = desk.store.requests().await?;
    requests
        .into_iter()
        .find(|request| request.reference.as_str() == reference)
        .ok_or(CaseError::Missing)
}

pub(crate) async fn read(desk: &Desk, request: Request) -> Result<File, CaseError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let records = desk
        .store
        .of_object(&permit, ObjectId(request.id.0))
        .await?;
    let tasks = desk.store.tasks().await?;
    let mut file = File {
        links: own_link(desk, &request).await?,
        tasks: tasks
            .into_iter()
            .filter(|task| task.request == request.id)
            .collect(),
        request,
        words: None,
        contact: None,
        sure: None,
        countries: Vec::new(),
        transfers: Vec::new(),
        extension: None,
        shown_at: None,
        doubts: Vec::new(),
        waiting: None,
        returned: None,
        decided: None,
        letters: Vec::new(),
        certificates: Vec::new(),
        looked: Vec::new(),
        withheld: Vec::new(),
        n_put_aside: 0,
    };
    for subject in file.subjects().collect::<Vec<_>>() {
        let disputed = desk.store.disputed_of(subject).await?;
        let of_this = disputed.iter().filter(|(_, by)| *by == file.request.id);
        file.n_put_aside += of_this.count();
    }
    for record in records {
        let part = record.part;
        let at = record.created_at;
        // Whoever answers a request must read its file; the register names that purpose.
        if let Ok(content) = record.content.into_revealed(&permit) {
            file.add(part, at, &content);
        }
    }
    Ok(file)
}

impl File {
    fn add(&mut self, part: Part, at: Timestamp, content: &str) {
        match part {
            Part::Words => match &mut self.words {
                // Who asked twice said more.
                Some(words) => {
                    words.push_str("\n\n");
                    words.push_str(content);
                }
                None => self.words = Some(content.to_owned()),
            },
            Part::Contact => self.contact = Some(content.to_owned()),
            Part::Sure => {
                self.shown_at = Some(at);
                let sure = sureness::read_sure(content);
                // Who asked to be answered by mail is still answered there when an officer asked for a code too.
                self.sure = match (self.sure, sure) {
                    (Some(known), Some(new)) => Some(Sure {
                        by_mail: known.by_mail || new.by_mail,
                    }),
                    (known, new) => new.or(known),
                };
            }
            Part::Link => self.links.extend(written::read_link(content)),
            Part::Countries => {
                self.countries = content.split_whitespace().map(str::to_owned).collect();
            }
            Part::Transfer => self.transfers.push(content.to_owned()),
            Part::Extension => self.extension = Some(content.to_owned()),
            Part::Doubt => self.begin_doubt(content, at),
            Part::Known => self.end_doubt(content.parse().unwrap_or(at)),
            Part::Proposal => {
                self.waiting = written::read_filed(content, at);
                self.returned = None;
            }
            Part::Returned => {
                self.waiting = None;
                self.returned = Some(content.to_owned());
            }
            Part::Decision => {
                self.decided = written::read_filed(content, at);
                self.waiting = None;
            }
            Part::Certificate => self.certificates.push(content.to_owned()),
            Part::Outcome => self.letters.extend(written::read_letter(content)),
            Part::Seen => self.looked.extend(look::read_looked(content)),
            Part::Withheld => self.withheld.extend(withheld::read_filed(content)),
            Part::Case
            | Part::Said
            | Part::Answered
            | Part::Statement
            | Part::Mail
            | Part::Disclosure => {}
        }
    }
}

/// Who asks out of a session asks about that session.
async fn own_link(desk: &Desk, request: &Request) -> Result<Vec<Link>, StoreError> {
    let person = desk.store.person(request.subject).await?;
    // Who only wrote to us has seen no notice, and nothing but the request is known of them.
    let is_visitor = person.is_some_and(|person| !person.notice_version.is_empty());
    Ok(is_visitor
        .then_some(Link {
            subject: request.subject,
            identity: Identity::Session,
        })
        .into_iter()
        .collect())
}

pub(crate) fn file_record(
    desk: &Desk,
    request: &Request,
    part: Part,
    content: String,
) -> Result<NewRecord, CaseError> {
    let category = desk.surfaces.rights.category.clone();
    Ok(case_record(desk, request, part, &category, content)?)
}

pub(crate) async fn step(
    desk: &Desk,
    staff: &Staff,
    request: &Request,
    records: Vec<NewRecord>,
    onto: Onto,
    (detail, act): (&'static str, Act),
) -> Result<(), CaseError> {
    let step = Step {
        records,
        ..Step::new(request.id, onto)
    };
    let facts = Facts {
        detail: Some(detail),
        ..Facts::default()
    };
    let entry = Entry::new(desk.now(), staff.actor(), act)
        .about(request.subject)
        .on(request.id.0)
        .with(facts);
    take(desk, step, entry).await
}

async fn take(desk: &Desk, step: Step, entry: Entry) -> Result<(), CaseError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let did = desk
        .store
        .step(&permit, step, desk.now(), &desk.zone, entry)
        .await?;
    if did { Ok(()) } else { Err(CaseError::Closed) }
}
