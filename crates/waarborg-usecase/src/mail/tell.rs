//! Tells the persons concerned that the notice changes: those who have an address here, and by the one door for mail.

use jiff::civil::Date;
use thiserror::Error;
use waarborg_detect::surrogate::Language;
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::ids::SubjectId;
use waarborg_domain::mail::{MailAddress, SubjectLine};
use waarborg_domain::notice::{Notice, Section, Shown};
use waarborg_domain::register::{Lack, MessageClass, Register};

use super::job::{Addressee, Job, Mailing, MailingError, Sender, set_aside};
use super::name_of;
use crate::desk::{Desk, state_of};
use crate::ports::{KeptRegister, Part, StoreError};
use crate::versions;

/// Statements of each kind that a mail quotes; the notice has all of them.
const QUOTED: usize = 25;

/// What a mail about a change says. Nothing of it was typed: it follows from the two registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// From which day it counts.
    pub effective: Date,
    /// What the notice says from then on.
    pub added: Vec<String>,
    /// What it says no longer.
    pub removed: Vec<String>,
}

/// A change that people are told about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The job with their mails.
    pub job: Job,
    /// From which day the change counts.
    pub effective: Date,
    /// They should have been told earlier: it counts sooner than the days of notice.
    pub is_late: bool,
    /// How many persons there are of whom no mail address is known, or may be used for this.
    pub n_not_reached: u64,
}

/// Why nobody is told.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TellError {
    /// The register says that this message can be refused; this one cannot.
    #[error("the message is not of the class legal")]
    NotLegal,
    /// The newest register changes nothing that people must be told.
    #[error("the newest register changes nothing that people must be told")]
    Unchanged,
    /// No job was made.
    #[error(transparent)]
    Mailing(#[from] MailingError),
}

impl From<StoreError> for TellError {
    fn from(error: StoreError) -> Self {
        Self::Mailing(error.into())
    }
}

/// Makes a job with a mail about the newest change to every person concerned who has an address here that may be used
/// for it. A crash before it is whole leaves none of it; after that it goes on by itself.
///
/// # Errors
///
/// [`TellError`] says what is missing; then nothing is sent.
pub async fn tell(
    desk: &Desk,
    actor: Actor,
    message: &str,
    language: Language,
) -> Result<Told, TellError> {
    let ready = prepare(desk, actor, message, language).await?;
    ready.send(desk).await
}

/// A mail about the newest change, and to whom it goes; nothing of it is kept yet.
pub struct Ready {
    message: String,
    mailing: Mailing,
    addressees: Vec<Addressee>,
    sender: Sender,
    register: String,
    effective: Date,
    is_late: bool,
    n_not_reached: u64,
}

impl Ready {
    /// The digest of the register of which it tells.
    #[must_use]
    pub fn register(&self) -> &str {
        &self.register
    }

    /// Makes the job, and lets its mails go.
    ///
    /// # Errors
    ///
    /// [`TellError`] says what is missing; then nothing is sent.
    pub async fn send(self, desk: &Desk) -> Result<Told, TellError> {
        let aside = self.set_aside(desk).await?;
        if aside.told.job.n_waiting > 0 {
            desk.store.release(aside.told.job.id, aside.queued).await?;
        }
        Ok(aside.told)
    }

    /// Makes the job; none of its mails goes yet.
    ///
    /// # Errors
    ///
    /// [`TellError`] says what is missing; then nothing is sent.
    pub(crate) async fn set_aside(self, desk: &Desk) -> Result<Aside, TellError> {
        let made = set_aside(
            desk,
            self.sender,
            &self.message,
            self.mailing,
            self.addressees,
        );
        let (job, queued) = made.await?;
        let told = Told {
            job,
            effective: self.effective,
            is_late: self.is_late,
            n_not_reached: self.n_not_reached,
        };
        Ok(Aside { told, queued })
    }
}

/// A job of which every mail is kept, and none goes yet.
pub(crate) struct Aside {
    /// What it comes to.
    pub(crate) told: Told,
    /// What the log says when they go.
    pub(crate) queued: Entry,
}

/// Writes a mail about the newest change, and seeks to whom it goes.
///
/// # Errors
///
/// [`TellError`] says what is missing.
pub async fn prepare(
    desk: &Desk,
    actor: Actor,
    message: &str,
    language: Language,
) -> Result<Ready, TellError> {
    let rule = desk.register.message(message);
    let rule = rule.ok_or(MailingError::NoMessage)?;
    if rule.class != MessageClass::Legal {
        return Err(TellError::NotLegal);
    }
    let post = desk.post.as_ref().ok_or(MailingError::NoPost)?;

    let kept = desk.store.registers().await?;
    let newest = kept.last().ok_or(TellError::Unchanged)?;
    let after = versions::compiled(desk, newest).ok_or(TellError::Unchanged)?;
    let before = versions::before(desk, &newest.digest).await?;
    let before = before.ok_or(TellError::Unchanged)?;
    let diff = before.diff(&after, desk.today());
    if !diff.procedure().tells_people {
        return Err(TellError::Unchanged);
    }
    let changed = changed(&before, &after, newest, name_of(language));
    let effective = changed.effective;
    let (subject, text) = post.writer.change(desk, post, &changed, language);
    let mailing = Mailing {
        subject: SubjectLine::parse(&subject).ok_or(MailingError::NoMessage)?,
        text,
        selling: None,
        language,
    };

    let (addressees, n_not_reached) = concerned(desk, actor, message).await?;
    if addressees.is_empty() {
        return Err(MailingError::Nobody.into());
    }
    Ok(Ready {
        message: message.to_owned(),
        mailing,
        addressees,
        sender: Sender::new(desk, actor),
        register: newest.digest.clone(),
        effective,
        is_late: diff
            .lacks
            .iter()
            .any(|lack| matches!(lack, Lack::TooEarly { .. })),
        n_not_reached,
    })
}

/// What the notice says anew, and what no longer.
fn changed(before: &Register, after: &Register, newest: &KeptRegister, language: &str) -> Changed {
    let shown = Shown {
        at: newest.starts_on,
        residence: None,
        language,
        notice: None,
    };
    let said = |register: &Register| -> Vec<String> {
        let notice = Notice::of(register, &shown);
        // Which version it is and since when, says the mail itself.
        let sections = notice
            .sections
            .iter()
            .filter(|section| section.id != "changes");
        let mut texts: Vec<String> = Vec::new();
        for text in sections.flat_map(Section::texts) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    };
    let (old, new) = (said(before), said(after));
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        let alone = these.iter().filter(|text| !others.contains(text));
        alone.take(QUOTED).cloned().collect()
    };
    Changed {
        effective: newest.starts_on,
        added: only(&new, &old),
        removed: only(&old, &new),
    }
}

/// Everybody with an address that may be used for this message; and how many there are without.
async fn concerned(
    desk: &Desk,
    actor: Actor,
    message: &str,
) -> Result<(Vec<Addressee>, u64), TellError> {
    let mut addressees = Vec::new();
    let mut n_not_reached = 0;
    for subject in desk.store.holders_of(Part::Contact).await? {
        match address_of(desk, message, subject).await? {
            Some(address) => addressees.push(Addressee {
                address,
                person: Some(subject),
            }),
            None => n_not_reached += 1,
        }
    }
    let facts = Facts {
        n_records: u64::try_from(addressees.len()).ok(),
        detail: Some("contact"),
        ..Facts::default()
    };
    let entry = Entry::new(desk.now(), actor, Act::RecordsRead).with(facts);
    desk.store.record(entry).await?;
    Ok((addressees, n_not_reached))
}

/// The newest mail address of a person, if the register lets it be used for this message.
async fn address_of(
    desk: &Desk,
    message: &str,
    subject: SubjectId,
) -> Result<Option<MailAddress>, TellError> {
    let Some(person) = desk.store.person(subject).await? else {
        return Ok(None);
    };
    let state = state_of(&person);
    let Ok((permit, _, _)) = desk.register.message_permit(message, &state, desk.today()) else {
        return Ok(None);
    };
    let records = desk.store.of_subject(&permit, subject).await?;
    let contacts = records.iter().filter(|record| record.part == Part::Contact);
    // The address alone is read, to send this to.
    let mut addresses = contacts.filter_map(|record| {
        let content = record.content.reveal(&permit).ok()?;
        MailAddress::parse(content.trim())
    });
    Ok(addresses.next_back())
}
