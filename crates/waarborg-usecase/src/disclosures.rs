//! Disclosures: what is given to somebody outside in a single case, on a ground of the register, agreed by two people.

use jiff::Timestamp;
use serde_json::{Value, json};
use thiserror::Error;
use uuid::Uuid;
use waarborg_domain::claim::{Circumstances, Trigger};
use waarborg_domain::consent;
use waarborg_domain::entry::{Act, Actor, Entry, Facts, Role};
use waarborg_domain::ids::{ConsentId, ObjectId, SessionId, SubjectId};
use waarborg_domain::permit::Refusal;
use waarborg_domain::register::{DisclosureCase, DisclosureRule};

use crate::console::Staff;
use crate::desk::Desk;
use crate::ports::{NewRecord, Part, Person, StoreError};
use crate::records::{self, Place};
use crate::requests::{ReceiveError, requester};

/// Why nothing was proposed, or agreed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DisclosureError {
    /// The role does not decide on disclosures.
    #[error("this role does not decide on disclosures")]
    NotOfficer,
    /// Nobody is known by that number, or nothing waits by that id.
    #[error("nobody is known by that number")]
    Nobody,
    /// The register knows no such case, or the case has none of these categories.
    #[error("the register does not allow it")]
    Undeclared,
    /// It does not say to whom, why, or what.
    #[error("to whom, why and what must be said")]
    Unsaid,
    /// The case rests on the person's consent, and none stands that covers it.
    #[error("the person's consent does not stand")]
    NoConsent,
    /// The data may only be kept (article 18(2)).
    #[error("the person's data is restricted")]
    Restricted,
    /// Who proposed it cannot agree to it.
    #[error("a second person must agree")]
    NotTheirs,
    /// The register refuses the desk its permit, or keeps no such data.
    #[error("the register refuses it")]
    Refused,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for DisclosureError {
    fn from(_: Refusal) -> Self {
        Self::Refused
    }
}

impl From<ReceiveError> for DisclosureError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::NoDesk | ReceiveError::NotAllowed(_) => Self::Refused,
            ReceiveError::Store(store) => Self::Store(store),
        }
    }
}

/// What is to be disclosed.
#[derive(Clone, PartialEq, Eq)]
pub struct ToDisclose {
    /// The case, by its name in the register.
    pub rule: String,
    /// The categories that are given.
    pub categories: Vec<String>,
    /// To whom, in words.
    pub to: String,
    /// On which demand, law or agreement.
    pub why: String,
}

impl std::fmt::Debug for ToDisclose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ToDisclose({})", self.rule)
    }
}

/// How a disclosure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for a second person; nothing was given.
    Waits,
    /// Two people agreed, and it was given.
    Made,
    /// It was taken back before a second person agreed.
    TakenBack,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 3] = [Self::Waits, Self::Made, Self::TakenBack];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Made => "made",
            Self::TakenBack => "taken_back",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// A disclosure about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// Its id.
    pub id: ObjectId,
    /// What is given, to whom and why.
    pub what: ToDisclose,
    /// The consent of the person on which it rests, where the ledger holds that.
    pub consent: Option<ConsentId>,
    /// Who proposed it.
    pub proposed_by: SessionId,
    /// How it stands.
    pub standing: Standing,
    /// Since when it stands so.
    pub at: Timestamp,
}

/// An officer proposes to give data of a person to somebody outside. Nothing is given before another agrees.
///
/// # Errors
///
/// [`DisclosureError`] says what is wrong with it.
pub async fn propose(
    desk: &Desk,
    staff: &Staff,
    subject: SubjectId,
    asked: ToDisclose,
) -> Result<ObjectId, DisclosureError> {
    officer(staff)?;
    let rule = declared(desk, &asked)?;
    if asked.to.trim().is_empty() || asked.why.trim().is_empty() {
        return Err(DisclosureError::Unsaid);
    }
    let person = desk.store.person(subject).await?;
    let person = person.ok_or(DisclosureError::Nobody)?;
    if person.is_restricted && rule.case == DisclosureCase::Sale {
        return Err(DisclosureError::Restricted);
    }
    let consent = consented(rule, &person)?;
    let disclosure = Disclosure {
        id: ObjectId(desk.ids.id(desk.now())),
        what: asked,
        consent,
        proposed_by: staff.session.id,
        standing: Standing::Waits,
        at: desk.now(),
    };
    keep(desk, staff, subject, &disclosure).await?;
    Ok(disclosure.id)
}

/// Another officer agrees: now it is given, and the person finds it.
///
/// # Errors
///
/// [`DisclosureError::NotTheirs`] for who proposed it.
pub async fn agree(
    desk: &Desk,
    staff: &Staff,
    subject: SubjectId,
    id: Uuid,
) -> Result<(), DisclosureError> {
    officer(staff)?;
    let waiting = waiting_one(desk, subject, id).await?;
    if waiting.proposed_by == staff.session.id {
        return Err(DisclosureError::NotTheirs);
    }
    let rule = declared(desk, &waiting.what)?;
    let person = desk.store.person(subject).await?;
    let person = person.ok_or(DisclosureError::Nobody)?;
    if person.is_restricted && rule.case == DisclosureCase::Sale {
        return Err(DisclosureError::Restricted);
    }
    // What was withdrawn since counts, also if they said yes to it once more.
    if consented(rule, &person)? != waiting.consent {
        return Err(DisclosureError::NoConsent);
    }
    settle(desk, staff, subject, waiting, Standing::Made).await
}

/// An officer takes back what waits for a second person.
///
/// # Errors
///
/// [`DisclosureError::Nobody`] if nothing waits by that id.
pub async fn take_back(
    desk: &Desk,
    staff: &Staff,
    subject: SubjectId,
    id: Uuid,
) -> Result<(), DisclosureError> {
    officer(staff)?;
    let waiting = waiting_one(desk, subject, id).await?;
    settle(desk, staff, subject, waiting, Standing::TakenBack).await
}

/// The disclosures about a person, for an officer.
///
/// # Errors
///
/// [`DisclosureError`] if the role or the register does not allow it.
pub async fn looked_up(
    desk: &Desk,
    staff: &Staff,
    subject: SubjectId,
) -> Result<Vec<Disclosure>, DisclosureError> {
    officer(staff)?;
    listed(desk, staff.actor(), subject).await
}

/// The disclosures about a person, the newest first. The log says who read them.
///
/// # Errors
///
/// [`DisclosureError::Nobody`] if nobody is known by that number.
pub async fn listed(
    desk: &Desk,
    actor: Actor,
    subject: SubjectId,
) -> Result<Vec<Disclosure>, DisclosureError> {
    let person = desk.store.person(subject).await?;
    person.ok_or(DisclosureError::Nobody)?;
    let found = of(desk, subject).await?;
    let facts = Facts {
        n_records: u64::try_from(found.len()).ok(),
        detail: Some("disclosures"),
        ..Facts::default()
    };
    let entry = Entry::new(desk.now(), actor, Act::RecordsRead)
        .for_purpose(&desk.surfaces.rights.purpose)
        .about(subject)
        .with(facts);
    desk.store.record(entry).await?;
    Ok(found)
}

/// The disclosures about a person, the newest first.
///
/// # Errors
///
/// [`ReceiveError`] if the register does not allow it, or the store cannot answer.
pub async fn of(desk: &Desk, subject: SubjectId) -> Result<Vec<Disclosure>, ReceiveError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let records = desk.store.of_subject(&permit, subject).await?;
    let mut found: Vec<Disclosure> = Vec::new();
    for record in records {
        if record.part != Part::Disclosure {
            continue;
        }
        let (id, at) = (record.object, record.created_at);
        // The person, and who answers them, read what was given to whom.
        let Ok(content) = record.content.reveal(&permit) else {
            continue;
        };
        let Some(read) = read(content, id, at) else {
            continue;
        };
        match found.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = read,
            None => found.push(read),
        }
    }
    found.sort_by_key(|disclosure| std::cmp::Reverse(disclosure.at));
    Ok(found)
}

/// What waits for a second person: about whom, and which; the oldest first.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn waiting(desk: &Desk) -> Result<Vec<(SubjectId, ObjectId)>, StoreError> {
    desk.store.unconcluded(Part::Disclosure).await
}

fn officer(staff: &Staff) -> Result<(), DisclosureError> {
    match staff.role {
        Role::Officer => Ok(()),
        Role::Auditor | Role::Operator => Err(DisclosureError::NotOfficer),
    }
}

/// The case of the register, if it has all these categories.
fn declared<'d>(desk: &'d Desk, asked: &ToDisclose) -> Result<&'d DisclosureRule, DisclosureError> {
    let rule = desk.register.disclosure(&asked.rule);
    let rule = rule.ok_or(DisclosureError::Undeclared)?;
    if asked.categories.is_empty() {
        return Err(DisclosureError::Unsaid);
    }
    let has = |name: &String| rule.categories.iter().any(|known| *known == *name.as_str());
    if asked.categories.iter().all(has) {
        Ok(rule)
    } else {
        Err(DisclosureError::Undeclared)
    }
}

/// The consent that stands and on which a case of the register rests; `None` where it rests on none of the ledger.
fn consented(rule: &DisclosureRule, person: &Person) -> Result<Option<ConsentId>, DisclosureError> {
    let Some(purpose) = &rule.purpose else {
        return Ok(None);
    };
    let standing = consent::standing(&person.consents).into_iter();
    let mut fitting = standing.filter(|line| *purpose == *line.purpose.as_str());
    let line = fitting.next().ok_or(DisclosureError::NoConsent)?;
    Ok(Some(line.id))
}

async fn waiting_one(
    desk: &Desk,
    subject: SubjectId,
    id: Uuid,
) -> Result<Disclosure, DisclosureError> {
    let mut found = of(desk, subject).await?.into_iter();
    found
        .find(|known| known.id.0 == id && known.standing == Standing::Waits)
        .ok_or(DisclosureError::Nobody)
}

/// Says the last word about a disclosure, and lets its records wait for their end: in one step, and once.
async fn settle(
    desk: &Desk,
    staff: &Staff,
    subject: SubjectId,
    waiting: Disclosure,
    standing: Standing,
) -> Result<(), DisclosureError> {
    let settled = Disclosure {
        standing,
        at: desk.now(),
        ..waiting
    };
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let record = record(desk, subject, &settled)?;
    let trigger = Trigger::CaseClosed;
    let facts = Facts {
        detail: Some(trigger.as_str()),
        ..Facts::default()
    };
    let closed = Entry::new(settled.at, staff.actor(), Act::EventNoted)
        .about(subject)
        .on(settled.id.0)
        .with(facts);
    let entries = [entry(desk, staff.actor(), subject, &settled), closed];
    let is_first = desk
        .store
        .conclude(&permit, record, trigger, &desk.zone, entries)
        .await?;
    // Somebody else agreed to it, or took it back, at the same moment.
    if is_first {
        Ok(())
    } else {
        Err(DisclosureError::Nobody)
    }
}

/// The name of the case in which a person has their own data given to another controller (article 20(2)). It needs no
/// ground of the register but their asking.
pub const TRANSFER: &str = "portability";

/// What is noted when data goes to another controller, because the person asked that: for them, and in the log.
pub(crate) fn transfer_note(
    desk: &Desk,
    subject: SubjectId,
    to: &str,
    categories: Vec<String>,
) -> Result<(NewRecord, Entry), ReceiveError> {
    let now = desk.now();
    let disclosure = Disclosure {
        id: ObjectId(desk.ids.id(now)),
        what: ToDisclose {
            rule: TRANSFER.to_owned(),
            categories,
            to: to.to_owned(),
            why: String::new(),
        },
        consent: None,
        proposed_by: SessionId(Uuid::nil()),
        standing: Standing::Made,
        at: now,
    };
    let record = record(desk, subject, &disclosure).map_err(|_| ReceiveError::NoDesk)?;
    let entry = entry(desk, Actor::Subject(subject), subject, &disclosure);
    Ok((record, entry))
}

/// Seals a disclosure that waits, as a record of the person, and writes the line of the ledger.
async fn keep(
    desk: &Desk,
    staff: &Staff,
    subject: SubjectId,
    disclosure: &Disclosure,
) -> Result<(), DisclosureError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let record = record(desk, subject, disclosure)?;
    let entry = entry(desk, staff.actor(), subject, disclosure);
    desk.store.put(&permit, vec![record], entry).await?;
    Ok(())
}

/// How a disclosure stands now, as a record of the person.
fn record(
    desk: &Desk,
    subject: SubjectId,
    disclosure: &Disclosure,
) -> Result<NewRecord, DisclosureError> {
    let place = Place {
        subject,
        object: disclosure.id,
        service: &desk.surfaces.rights.service,
        circumstances: &Circumstances::none(),
        first_message_at: disclosure.at,
    };
    let category = &desk.surfaces.rights.category;
    let (part, content) = (Part::Disclosure, written(disclosure));
    records::new_record(desk, place, part, category, content, disclosure.at)
        .map_err(|_| DisclosureError::Refused)
}

/// The line of the log.
fn entry(desk: &Desk, actor: Actor, subject: SubjectId, disclosure: &Disclosure) -> Entry {
    let act = match disclosure.standing {
        Standing::Waits => Act::DisclosureProposed,
        Standing::Made => Act::DisclosureMade,
        Standing::TakenBack => Act::DisclosureTakenBack,
    };
    let rule = desk.register.disclosure(&disclosure.what.rule);
    let facts = Facts {
        recipient: Some(format!("disclosure:{}", disclosure.what.rule)),
        register: Some(desk.register.version().to_owned()),
        detail: rule.map(|rule| rule.case.as_str()),
        n_records: u64::try_from(disclosure.what.categories.len()).ok(),
        ..Facts::default()
    };
    Entry::new(disclosure.at, actor, act)
        .for_purpose(&desk.surfaces.rights.purpose)
        .about(subject)
        .on(disclosure.id.0)
        .with(facts)
}

fn written(disclosure: &Disclosure) -> String {
    let what = &disclosure.what;
    json!({
        "standing": disclosure.standing.name(),
        "rule": what.rule,
        "categories": what.categories,
        "to": what.to.trim(),
        "why": what.why.trim(),
        "by": disclosure.proposed_by.to_string(),
        "consent": disclosure.consent.map(|id| id.to_string()),
    })
    .to_string()
}

fn read(sealed: &str, id: ObjectId, at: Timestamp) -> Option<Disclosure> {
    let value: Value = serde_json::from_str(sealed).ok()?;
    let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
    let categories = value.get("categories")?.as_array()?.iter();
    Some(Disclosure {
        id,
        what: ToDisclose {
            rule: text("rule")?,
            categories: categories
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            to: text("to")?,
            why: text("why")?,
        },
        // What was put away before consents were bound has none.
        consent: text("consent").and_then(|id| id.parse().map(ConsentId).ok()),
        proposed_by: SessionId(text("by")?.parse().ok()?),
        standing: Standing::parse(&text("standing")?)?,
        at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disclosure_is_read_back_and_says_nothing_by_accident() {
        let what = ToDisclose {
            rule: "authorities".into(),
            categories: vec!["user_content".into()],
            to: "De rechtbank".into(),
            why: "Bevel van \"vandaag\"".into(),
        };
        for standing in Standing::ALL {
            let disclosure = Disclosure {
                id: ObjectId(Uuid::from_u128(3)),
                what: what.clone(),
                consent: (standing == Standing::Made).then_some(ConsentId(Uuid::from_u128(9))),
                proposed_by: SessionId(Uuid::from_u128(7)),
                standing,
                at: Timestamp::UNIX_EPOCH,
            };
            let back = read(&written(&disclosure), disclosure.id, disclosure.at);
            assert_eq!(back.as_ref(), Some(&disclosure));
            assert!(!format!("{disclosure:?}").contains("rechtbank"));
        }
    }
}
