//! A job: one text to many people. Making it sends nothing; every mail passes the gate when its turn comes.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};
use thiserror::Error;
use uuid::Uuid;
use waarborg_detect::surrogate::Language;
use waarborg_domain::claim::{Circumstances, ClaimKind};
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::ids::{ObjectId, SubjectId};
use waarborg_domain::mail::{Held, MailAddress, SubjectLine};
use waarborg_domain::permit::{Permit, PersonState};
use waarborg_domain::register::{Carried, Message};

use super::{language, mark, name_of, stranger};
use crate::desk::{Desk, state_of};
use crate::ports::{MailCount, Mark, NewRecord, Part, StoreError, Waiting};
use crate::records::{self, Place};

/// The term of the register in which a mail may wait for its server; after that it is old news.
pub const WAITING: &str = "waiting_mail";
/// Mails that are put aside at once.
const CHUNK: usize = 200;

/// What the mails of a job say.
#[derive(Clone)]
pub struct Mailing {
    /// What they are about.
    pub subject: SubjectLine,
    /// What they say.
    pub text: String,
    /// The part that sells, for a message that is not marketing; an objection takes it out.
    pub selling: Option<String>,
    /// The language of it.
    pub language: Language,
}

/// To whom a mail of a job goes.
#[derive(Clone)]
pub struct Addressee {
    /// The address.
    pub address: MailAddress,
    /// Their number, if they are known here; what they consented and objected to counts then.
    pub person: Option<SubjectId>,
}

/// A job that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: ObjectId,
    /// How many mails wait.
    pub n_waiting: u64,
    /// How many addresses were there twice.
    pub n_twice: u64,
    /// To how many the register does not allow it, as things stand.
    pub n_not_allowed: u64,
}

/// Why no job was made. Nothing is sent then.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MailingError {
    /// This installation sends no mail.
    #[error("this installation sends no mail")]
    NoPost,
    /// The register does not say for what this message is sent.
    #[error("the register does not say for what this message is sent")]
    NoMessage,
    /// The register has no retention under which an address may wait.
    #[error("the register has no retention of the kind at_most for the address while it waits")]
    NoRetention,
    /// A part that sells, and the register knows none in this message.
    #[error("the register knows no part that sells in this message")]
    NoSellingPart,
    /// There is nobody to send it to.
    #[error("there is nobody to send it to")]
    Nobody,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who has a job made, and the number that it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Who.
    pub actor: Actor,
    /// The number.
    pub job: ObjectId,
}

impl Sender {
    /// Somebody, and a new number.
    #[must_use]
    pub fn new(desk: &Desk, actor: Actor) -> Self {
        let job = ObjectId(desk.ids.id(desk.now()));
        Self { actor, job }
    }
}

/// What every mail of a job shares.
struct Making<'d> {
    desk: &'d Desk,
    actor: Actor,
    message: &'d Message,
    carried: &'d Carried,
    id: ObjectId,
    now: Timestamp,
}

/// Makes a job. Its mails wait from the moment at which all of them are kept; a crash before leaves none.
///
/// # Errors
///
/// [`MailingError`] says what is missing; then nothing is sent.
pub async fn queue(
    desk: &Desk,
    sender: Sender,
    message: &str,
    mailing: Mailing,
    addressees: Vec<Addressee>,
) -> Result<Job, MailingError> {
    let (job, queued) = set_aside(desk, sender, message, mailing, addressees).await?;
    if job.n_waiting > 0 {
        desk.store.release(job.id, queued).await?;
    }
    Ok(job)
}

/// Keeps all mails of a job, none of which goes before it is released with the entry that is given along.
///
/// # Errors
///
/// [`MailingError`] says what is missing; what was kept by then ends by itself.
pub(super) async fn set_aside(
    desk: &Desk,
    sender: Sender,
    message: &str,
    mailing: Mailing,
    addressees: Vec<Addressee>,
) -> Result<(Job, Entry), MailingError> {
    if desk.post.is_none() {
        return Err(MailingError::NoPost);
    }
    let message = desk.register.message(message);
    let message = message.ok_or(MailingError::NoMessage)?;
    let carried = message.carried.as_ref().ok_or(MailingError::NoMessage)?;
    if mailing.selling.is_some() && message.marketing_part.is_none() {
        return Err(MailingError::NoSellingPart);
    }
    let making = Making {
        desk,
        actor: sender.actor,
        message,
        carried,
        id: sender.job,
        now: desk.now(),
    };
    let job = making.run(mailing, addressees).await?;
    Ok((job, making.queued(&job)))
}

/// How far a job is.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn count(desk: &Desk, job: ObjectId) -> Result<MailCount, StoreError> {
    desk.store.count_mails(job).await
}

/// Stops a job: what waits does not go. Says how many that were.
///
/// # Errors
///
/// [`StoreError`] if nothing was stopped.
pub async fn end(desk: &Desk, actor: Actor, job: ObjectId) -> Result<u64, StoreError> {
    let entry = Entry::new(desk.now(), actor, Act::MailingStopped).on(job.0);
    desk.store.end_job(job, desk.now(), entry).await
}

impl Making<'_> {
    async fn run(&self, mailing: Mailing, addressees: Vec<Addressee>) -> Result<Job, MailingError> {
        let mut job = Job {
            id: self.id,
            n_waiting: 0,
            n_twice: 0,
            n_not_allowed: 0,
        };
        let mut seen: BTreeSet<Mark> = BTreeSet::new();
        let mut strangers = Vec::new();
        for addressee in addressees {
            let known = mark(self.desk, &addressee.address);
            let Some(mark) = known.filter(|mark| seen.insert(*mark)) else {
                job.n_twice += 1;
                continue;
            };
            let Some(person) = addressee.person else {
                strangers.push((addressee.address, mark));
                continue;
            };
            let Some(known) = self.desk.store.person(person).await? else {
                job.n_not_allowed += 1;
                continue;
            };
            let state = state_of(&known);
            let one = vec![(addressee.address, mark)];
            let kept = self.set_aside(&state, Some(person), one, &mailing).await?;
            count_in(&mut job, kept, 1);
        }
        let mut strangers = strangers.into_iter().peekable();
        while strangers.peek().is_some() {
            let chunk: Vec<_> = strangers.by_ref().take(CHUNK).collect();
            let n = chunk.len() as u64;
            let kept = self.set_aside(&stranger(), None, chunk, &mailing).await?;
            count_in(&mut job, kept, n);
        }
        if job.n_waiting == 0 && job.n_not_allowed == 0 {
            return Err(MailingError::Nobody);
        }
        Ok(job)
    }

    /// What the log says when the mails of the job may go.
    fn queued(&self, job: &Job) -> Entry {
        let facts = Facts {
            detail: Some(self.message.class.as_str()),
            n_records: Some(job.n_waiting),
            ..Facts::default()
        };
        Entry::new(self.now, self.actor, Act::MailQueued)
            .for_purpose(self.carried.purpose.as_str())
            .on(self.id.0)
            .with(facts)
    }

    /// Puts mails aside that the register allows. Says whether it does.
    async fn set_aside(
        &self,
        state: &PersonState,
        person: Option<SubjectId>,
        to: Vec<(MailAddress, Mark)>,
        mailing: &Mailing,
    ) -> Result<bool, MailingError> {
        let permit = match self.permit(state) {
            Ok(permit) => permit,
            Err(Held::Undeclared) => return Err(MailingError::NoMessage),
            Err(_) => return Ok(false),
        };
        let mut records = Vec::with_capacity(to.len());
        let mut mails = Vec::with_capacity(to.len());
        for (address, mark) in to {
            let id = self.desk.ids.id(self.now);
            let subject = person.unwrap_or_else(|| SubjectId(self.desk.ids.id(self.now)));
            records.push(self.record(subject, id, written(&address, mailing))?);
            mails.push(Waiting {
                id,
                about: self.id,
                subject,
                message: self.message.name.clone(),
                mark,
                is_bulk: true,
                created_at: self.now,
                expires_at: self.desk.term_ends_at(WAITING, self.now),
                n_tries: 0,
            });
        }
        self.desk.store.set_aside(&permit, mails, records).await?;
        Ok(true)
    }

    fn permit(&self, state: &PersonState) -> Result<Permit<'_>, Held> {
        let found = self
            .desk
            .register
            .message_permit(&self.message.name, state, self.desk.today());
        found.map(|(permit, _, _)| permit)
    }

    fn record(
        &self,
        subject: SubjectId,
        object: Uuid,
        content: String,
    ) -> Result<NewRecord, MailingError> {
        let place = Place {
            subject,
            object: ObjectId(object),
            service: self.carried.service.as_str(),
            circumstances: &Circumstances::none(),
            first_message_at: self.now,
        };
        let category = self.carried.category.as_str();
        let record = records::new_record(self.desk, place, Part::Mail, category, content, self.now)
            .map_err(|_| MailingError::NoRetention)?;
        // What must be kept longer than it waits would not go with the mail.
        let ends = |claim: &crate::ports::Claim| claim.rule.kind == ClaimKind::AtMost;
        if !record.claims.iter().all(ends) {
            return Err(MailingError::NoRetention);
        }
        Ok(record)
    }
}

fn count_in(job: &mut Job, is_kept: bool, n: u64) {
    if is_kept {
        job.n_waiting += n;
    } else {
        job.n_not_allowed += n;
    }
}

/// A mail as it is sealed.
pub(super) fn written(to: &MailAddress, mailing: &Mailing) -> String {
    json!({
        "to": to.as_str(),
        "subject": mailing.subject.as_str(),
        "text": mailing.text,
        "selling": mailing.selling,
        "language": name_of(mailing.language),
    })
    .to_string()
}

/// A mail as it was sealed.
pub(super) fn read(sealed: &str) -> Option<(MailAddress, Mailing)> {
    let value: Value = serde_json::from_str(sealed).ok()?;
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let mailing = Mailing {
        subject: SubjectLine::parse(text("subject")?)?,
        text: text("text")?.to_owned(),
        selling: text("selling").map(str::to_owned),
        language: language(text("language")?)?,
    };
    Some((MailAddress::parse(text("to")?)?, mailing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_read_back() {
        let to = MailAddress::parse("jan@example.nl").unwrap();
        for selling in [None, Some("Nu met korting.".to_owned())] {
            let mailing = Mailing {
                subject: SubjectLine::parse("Nieuws: \"november\"").unwrap(),
                text: "Dag,\n\nhet nieuws.".into(),
                selling: selling.clone(),
                language: Language::English,
            };
            let (back_to, back) = read(&written(&to, &mailing)).unwrap();
            assert!(back_to == to && back.subject == mailing.subject && back.text == mailing.text);
            assert_eq!((back.selling, back.language), (selling, Language::English));
        }
        assert!(read("{}").is_none() && read("nothing").is_none());
    }
}
