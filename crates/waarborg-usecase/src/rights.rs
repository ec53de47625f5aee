//! Access and erasure: carried out by a script, never by the model.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;
use waarborg_domain::decision::{Slice, Task};
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::ids::{RecordId, SubjectId};
use waarborg_domain::rights::{Request, Stage};

use crate::certify::certificate;
use crate::desk::Desk;
use crate::disclosures::{self, Disclosure, Standing};
use crate::door::Visitor;
use crate::ports::{ErasureReceipt, Onto, Part, Step, StoreError};
use crate::requests::{self, ReceiveError, requester};

/// The term of the register after which a person is asked whether what is kept of them is still right (article 5(1)(d)).
pub const CONFIRMED: &str = "confirmed_data";

/// The answer to a request for access (article 15).
#[derive(Debug)]
pub struct Access {
    /// When it was made.
    pub made_at: Timestamp,
    /// The version of the register that it follows.
    pub register_version: String,
    /// The visit itself: what is kept to know the person again.
    pub visit: AccessVisit,
    /// Records that could not be shown, because the register no longer knows their category. A person looks at them.
    pub n_unreadable: usize,
    /// The data, per category.
    pub categories: Vec<AccessCategory>,
    /// Every answer that the person gave about consent.
    pub consents: Vec<waarborg_domain::consent::Consent>,
    /// Their requests.
    pub requests: Vec<Request>,
    /// Who of the staff looked at their data, and when.
    pub viewed: Vec<Looked>,
    /// When they last said that what is kept of them is right.
    pub confirmed_at: Option<Timestamp>,
    /// Whether they are asked that: the register says after how long, and that has passed.
    pub is_to_be_confirmed: bool,
    /// To whom something of theirs was sent, and when.
    pub disclosed: Vec<Sent>,
    /// What was given to somebody outside in a single case.
    pub given: Vec<Disclosure>,
    /// What was done with their data, as the log has it.
    pub trail: Vec<String>,
}

/// A look of staff at a person's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// When.
    pub at: String,
    /// In which role; staff have no name here.
    pub role: String,
}

/// Something that was sent to a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When.
    pub at: String,
    /// The recipient's name in the register.
    pub recipient: String,
}

/// What is kept to know a person again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessVisit {
    /// The number under which they are known here.
    pub number: String,
    /// Since when.
    pub known_since: Timestamp,
    /// When this visit began.
    pub began_at: Timestamp,
    /// When it ends, unless they come back before.
    pub ends_at: Timestamp,
    /// The version of the notice that they last went on from.
    pub notice_version: String,
}

/// What is held in one category, and what the law wants told of it.
#[derive(Debug)]
pub struct AccessCategory {
    /// The category's name in the register.
    pub category: String,
    /// What people call it, in Dutch and English.
    pub label: waarborg_domain::register::Label,
    /// Where the data comes from.
    pub source: String,
    /// For which purposes, on which basis, until when.
    pub claims: Vec<AccessClaim>,
    /// Who receives it.
    pub recipients: Vec<AccessRecipient>,
    /// The data itself, oldest first.
    pub items: Vec<AccessItem>,
}

/// One reason to keep data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessClaim {
    /// The purpose.
    pub purpose: String,
    /// The legal basis.
    pub basis: String,
    /// The rule for how long, such as `created + 30d`.
    pub rule: String,
}

/// One receiver of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRecipient {
    /// Its name.
    pub name: String,
    /// The country where it processes, as two letters.
    pub country: String,
}

/// One piece of data.
#[derive(Debug)]
pub struct AccessItem {
    /// The record.
    pub id: RecordId,
    /// Whether it is not used now, because the person says that it is not right.
    pub is_disputed: bool,
    /// What part of what: said, answered, contact…
    pub part: Part,
    /// When it came to be.
    pub created_at: Timestamp,
    /// Until when it is kept, as far as it is known.
    pub until: Option<Timestamp>,
    /// What is held, for the person whose data it is.
    pub content: zeroize::Zeroizing<String>,
}

/// Gathers all that is held of the visitor, history off included.
///
/// # Errors
///
/// [`ReceiveError`] if the register has no rights desk, or the store cannot answer.
pub async fn access(desk: &Desk, visitor: &Visitor) -> Result<Access, ReceiveError> {
    let surface = &desk.surfaces.rights;
    let permit = desk.permit(surface, &requester())?;
    let subject = visitor.id();
    let now = desk.now();
    let records = desk.store.of_subject(&permit, subject).await?;
    let facts = Facts {
        n_records: u64::try_from(records.len()).ok(),
        ..Facts::default()
    };
    let entry = Entry::new(now, Actor::Subject(subject), Act::AccessGiven)
        .for_purpose(&surface.purpose)
        .about(subject)
        .with(facts);
    desk.store.record(entry).await?;

    let disputed = desk.store.disputed_of(subject).await?;
    let disputed: BTreeSet<RecordId> = disputed.into_iter().map(|(record, _)| record).collect();
    let mut n_unreadable = 0;
    let mut categories: Vec<AccessCategory> = Vec::new();
    for record in records {
        let Some(rule) = desk.register.category(record.category.as_str()) else {
            n_unreadable += 1;
            continue;
        };
        // Known only if the end of every claim is.
        let ends: Option<Vec<Timestamp>> =
            record.claims.iter().map(|claim| claim.ends_at).collect();
        let until = ends.and_then(|ends| ends.into_iter().max());
        let claims: Vec<AccessClaim> = record.claims.iter().map(claim).collect();
        let (id, part) = (record.id, record.part);
        let created_at = record.created_at;
        // The person receives a copy of their own data (article 15(3)).
        let Ok(content) = record.content.into_revealed(&permit) else {
            n_unreadable += 1;
            continue;
        };
        let item = AccessItem {
            id,
            is_disputed: disputed.contains(&id),
            part,
            created_at,
            until,
            content,
        };
        match categories
            .iter_mut()
            .find(|known| known.category == rule.name.as_str())
        {
            Some(known) => {
                known.claims.extend(
                    claims
                        .into_iter()
                        .filter(|claim| !known.claims.contains(claim))
                        .collect::<Vec<_>>(),
                );
                known.items.push(item);
            }
            None => categories.push(AccessCategory {
                category: rule.name.to_string(),
                label: rule.label.clone(),
                source: rule.source.to_string(),
                claims,
                recipients: recipients(desk, rule.name.as_str()),
                items: vec![item],
            }),
        }
    }

    let lines = desk.store.trail_of(subject).await?;
    let trail: Vec<String> = lines.into_iter().filter_map(|line| line.payload).collect();
    let (viewed, disclosed) = seen_and_sent(&trail);
    let confirmed_at = confirmed_at(&trail);
    let since = confirmed_at.unwrap_or(visitor.person.created_at);
    let is_asked = desk.register.term(CONFIRMED).is_some();
    let mut given = disclosures::of(desk, subject).await?;
    given.retain(|disclosure| disclosure.standing == Standing::Made);
    Ok(Access {
        made_at: now,
        register_version: desk.register.version().to_owned(),
        visit: AccessVisit {
            number: subject.to_string(),
            known_since: visitor.person.created_at,
            began_at: visitor.session.created_at,
            ends_at: visitor.session.expires_at,
            notice_version: visitor.person.notice_version.clone(),
        },
        n_unreadable,
        categories,
        consents: visitor.person.consents.clone(),
        requests: desk.store.requests_of(subject).await?,
        viewed,
        confirmed_at,
        is_to_be_confirmed: is_asked && desk.term_ends_at(CONFIRMED, since) <= now,
        disclosed,
        given,
        trail,
    })
}

/// Erases all that is held of the visitor and yields to erasure, and closes the request with what was done.
///
/// # Errors
///
/// [`ReceiveError`] if it is not done; asking again goes on where this stopped.
pub async fn erase(
    desk: &Desk,
    visitor: &Visitor,
    request: &Request,
) -> Result<ErasureReceipt, ReceiveError> {
    let subject = visitor.id();
    let now = desk.now();
    let tasks = tell_recipients(desk, subject, request).await?;
    let facts = Facts {
        detail: Some(request.right.name()),
        ..Facts::default()
    };
    let entry = Entry::new(now, Actor::Subject(subject), Act::SubjectErased)
        .about(subject)
        .on(request.id.0)
        .with(facts);
    let forgetting = desk.remembered.forgetting();
    let receipt = desk.store.erase_subject(subject, now, entry).await?;
    drop(forgetting);
    // What is pending on another disk is not done; the desk closes the request when it is.
    if receipt.is_pending_in_mirror {
        requests::move_to(desk, Actor::House, request, Stage::Working).await?;
        return Ok(receipt);
    }
    let note = certificate(desk, request, &receipt, &tasks);
    let category = desk.surfaces.rights.category.clone();
    let record = requests::case_record(desk, request, Part::Certificate, &category, note)?;
    let step = Step {
        records: vec![record],
        ..Step::new(request.id, Onto::Stage(Stage::Answered))
    };
    let done = Entry::new(desk.now(), Actor::House, Act::RequestMoved)
        .about(subject)
        .on(request.id.0)
        .with(Facts {
            detail: Some(Stage::Answered.name()),
            ..Facts::default()
        });
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    desk.store
        .step(&permit, step, desk.now(), &desk.zone, done)
        .await?;
    Ok(receipt)
}

/// Asks every recipient that keeps something of the person to erase it too (article 19). Before the data goes, because
/// afterwards nobody knows any more of what there was.
async fn tell_recipients(
    desk: &Desk,
    subject: SubjectId,
    request: &Request,
) -> Result<Vec<Task>, ReceiveError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let records = desk.store.of_subject(&permit, subject).await?;
    let slices: Vec<Slice> = records
        .iter()
        .flat_map(|record| {
            record.claims.iter().map(|claim| Slice {
                category: record.category.to_string(),
                purpose: claim.rule.purpose.to_string(),
                basis: claim.rule.basis,
            })
        })
        .collect();
    let tasks = crate::casework::tasks_of(desk, request, &slices);
    if tasks.is_empty() {
        return Ok(tasks);
    }
    let now = desk.now();
    let entry = Entry::new(now, Actor::House, Act::RequestMoved)
        .about(subject)
        .on(request.id.0);
    let told = tasks.clone();
    let step = Step {
        tasks,
        ..Step::new(request.id, Onto::Stage(Stage::Working))
    };
    desk.store
        .step(&permit, step, now, &desk.zone, entry)
        .await?;
    Ok(told)
}

/// Who looked and what was sent, out of the lines of the log.
/// The person says that what is kept of them is right. What is not they dispute or have corrected.
///
/// # Errors
///
/// [`StoreError`] if that was not noted.
pub async fn confirm(desk: &Desk, visitor: &Visitor) -> Result<(), StoreError> {
    let subject = visitor.id();
    let entry = Entry::new(desk.now(), Actor::Subject(subject), Act::DataConfirmed).about(subject);
    desk.store.record(entry).await
}

fn confirmed_at(trail: &[String]) -> Option<Timestamp> {
    trail.iter().rev().find_map(|line| {
        let line: Value = serde_json::from_str(line).ok()?;
        let is_it = line.pointer("/act")?.as_str()? == Act::DataConfirmed.name();
        let at = line.pointer("/at")?.as_str()?;
        is_it.then(|| at.parse().ok()).flatten()
    })
}

fn seen_and_sent(trail: &[String]) -> (Vec<Looked>, Vec<Sent>) {
    let (mut viewed, mut disclosed) = (Vec::new(), Vec::new());
    for line in trail {
        let line: Value = serde_json::from_str(line).unwrap_or_default();
        let word = |place: &str| {
            line.pointer(place)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let act = word("/act").unwrap_or_default();
        let at = word("/at").unwrap_or_default();
        if act == Act::RecordsRead.name() {
            viewed.extend(word("/actor/role").map(|role| Looked { at, role }));
        } else if act == Act::PromptSent.name() {
            disclosed.extend(word("/recipient").map(|recipient| Sent { at, recipient }));
        }
    }
    (viewed, disclosed)
}

fn claim(claim: &crate::ports::Claim) -> AccessClaim {
    let rule = &claim.rule;
    AccessClaim {
        purpose: rule.purpose.to_string(),
        basis: rule.basis.to_string(),
        rule: format!("{} + {}", rule.trigger, rule.period),
    }
}

fn recipients(desk: &Desk, category: &str) -> Vec<AccessRecipient> {
    let mut found: Vec<AccessRecipient> = Vec::new();
    for processing in desk.register.processings() {
        if !processing.categories.iter().any(|known| known == category) {
            continue;
        }
        for name in &processing.recipients {
            let Some(recipient) = desk.register.recipient(name.as_str()) else {
                continue;
            };
            let receiver = AccessRecipient {
                name: recipient.name.to_string(),
                country: recipient.country.clone(),
            };
            if !found.contains(&receiver) {
                found.push(receiver);
            }
        }
    }
    found
}
