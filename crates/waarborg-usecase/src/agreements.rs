//! A second person's yes to one prompt, where the policy asks for it.
//!
//! Nothing of the text is kept: a keyed fingerprint says whether what comes again is the very same request, of the same
//! sender, for the same recipient. Who decides sees who asks, which kinds of data, where to and why, and not the words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use thiserror::Error;
use uuid::Uuid;
use waarborg_detect::Kind;
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::entry::{Act, Actor, Entry, Facts, Role};
use waarborg_domain::ids::SubjectId;
use waarborg_domain::policy::Verdict;
use waarborg_domain::prompt::{Prompt, Raw, Report, Screen, Screening, Waived};

use crate::console::Staff;
use crate::desk::{Desk, Surface};
use crate::ports::{Agreement, Answered, Asker, Mark, StoreError};

/// The term of the register that says how long a prompt waits for a second person, and how long their yes counts. Without
/// it nobody can be asked.
pub const TERM: &str = "second_person";

/// So many prompts of one sender wait at once; who has more is not waiting for anybody.
const MOST_WAITING: u32 = 50;

/// The reasons that can be given. There is no other: free words would be content.
pub const REASONS: [&str; 5] = ["care", "duty", "contract", "claim", "safety"];

/// A prompt on its way to one recipient.
#[derive(Clone, Copy)]
pub(crate) struct Matter<'a> {
    pub(crate) asker: Asker,
    pub(crate) surface: &'a Surface,
    pub(crate) recipient: &'a str,
    pub(crate) prompt: &'a Prompt<Raw>,
    pub(crate) reason: Option<&'a str>,
}

/// What the sender is told of a prompt that a second person must agree to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Second {
    /// By what sender and decider know it.
    pub reference: String,
    /// How it stands.
    pub answered: Answered,
    /// Until when a yes may come and be used.
    pub ends_at: Timestamp,
    /// Whether they said why.
    pub has_reason: bool,
}

/// Why nothing was answered.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AgreementError {
    /// The role does not decide on it.
    #[error("this role does not decide what may be sent")]
    NotOfficer,
    /// It does not wait any more, or never did.
    #[error("nothing waits by that number")]
    Nobody,
    /// Who asks cannot agree.
    #[error("a second person must agree")]
    NotTheirs,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Matter<'_> {
    /// The fingerprint of who sends this very request where, under this very register: another one may let go with a yes what
    /// this one would have replaced.
    fn mark(&self, desk: &Desk) -> Mark {
        let (kind, id) = match self.asker {
            Asker::Application(key) => (&b"application"[..], key.0),
            Asker::Person(person) => (&b"person"[..], person.0),
        };
        self.prompt.known_by(|request| {
            let mut parts = vec![
                &b"second person"[..],
                kind,
                id.as_bytes(),
                self.surface.service.as_bytes(),
                self.surface.purpose.as_bytes(),
                self.recipient.as_bytes(),
                desk.register.version().as_bytes(),
                desk.policy.name().as_bytes(),
            ];
            parts.extend(request);
            desk.secrets.conversation_key(&parts)
        })
    }

    fn entry(&self, desk: &Desk, act: Act) -> Entry {
        let (actor, subject) = match self.asker {
            Asker::Application(key) => (Actor::Application(key), None),
            Asker::Person(person) => (Actor::Subject(person), Some(person)),
        };
        let entry = Entry::new(desk.now(), actor, act).for_purpose(&self.surface.purpose);
        match subject {
            Some(subject) => entry.about(subject),
            None => entry,
        }
    }

    fn facts(&self, desk: &Desk, findings: BTreeMap<Kind, u32>) -> Facts {
        Facts {
            verdict: Some(Verdict::SecondPerson),
            findings,
            recipient: Some(self.recipient.to_owned()),
            register: Some(desk.register.version().to_owned()),
            ..Facts::default()
        }
    }
}

/// What screening says; once more where a second person agreed to this very prompt. Then what it said first comes along.
pub(crate) async fn again(
    desk: &Desk,
    matter: Option<Matter<'_>>,
    screening: &Screening<'_>,
    surrogates: &mut Surrogates,
    screen: Screen,
) -> Result<(Screen, Option<Report>), StoreError> {
    let Some(matter) = matter.filter(|_| screen.report().waits_for_second_person()) else {
        return Ok((screen, None));
    };
    if !is_agreed(desk, matter).await? {
        return Ok((screen, None));
    }
    let waived = Waived {
        is_agreed: true,
        ..screening.waived.clone()
    };
    let screening = Screening {
        waived: &waived,
        ..*screening
    };
    Ok(match matter.prompt.screen(&screening, surrogates) {
        Ok(passed @ Screen::Passed { .. }) => {
            let first = screen.report().clone();
            (passed, Some(first))
        }
        // A detector that fails now leaves it as it was: stopped.
        Ok(Screen::Refused { .. }) | Err(_) => (screen, None),
    })
}

async fn is_agreed(desk: &Desk, matter: Matter<'_>) -> Result<bool, StoreError> {
    if desk.register.term(TERM).is_none() {
        return Ok(false);
    }
    let found = desk.store.agreement(matter.mark(desk), desk.now()).await?;
    Ok(found.is_some_and(|found| found.answered == Answered::Yes))
}

/// Uses up the yes by which a prompt may go. If the same prompt came twice at once and the other one goes, this one stays,
/// with what screening said first.
pub(crate) async fn not_taken(
    desk: &Desk,
    matter: Option<Matter<'_>>,
    agreed: Option<Report>,
) -> Result<Option<Report>, StoreError> {
    let (Some(matter), Some(first)) = (matter, agreed) else {
        return Ok(None);
    };
    let entry = matter.entry(desk, Act::AgreementUsed);
    let entry = entry.with(matter.facts(desk, BTreeMap::new()));
    let using = desk
        .store
        .use_agreement(matter.mark(desk), desk.now(), entry);
    let is_used = using.await?;
    Ok((!is_used).then_some(first))
}

/// Asks for a second person, once for the same prompt. `None` where nobody can be asked: the register has no such term, or
/// too much of this sender waits.
pub(crate) async fn ask(
    desk: &Desk,
    matter: Matter<'_>,
    report: &Report,
) -> Result<Option<Second>, StoreError> {
    if !report.waits_for_second_person() || desk.register.term(TERM).is_none() {
        return Ok(None);
    }
    let now = desk.now();
    let agreement = Agreement {
        id: desk.ids.id(now),
        mark: matter.mark(desk),
        asker: matter.asker,
        service: matter.surface.service.clone(),
        recipient: matter.recipient.to_owned(),
        findings: written(&report.counts()),
        reason: matter.reason.map(str::to_owned),
        answered: Answered::Waits,
        asked_at: now,
        ends_at: desk.term_ends_at(TERM, now),
    };
    let entry = matter.entry(desk, Act::AgreementAsked).on(agreement.id);
    let entry = entry.with(matter.facts(desk, report.counts()));
    let kept = desk
        .store
        .ask_agreement(agreement, MOST_WAITING, entry)
        .await?;
    Ok(kept.map(|kept| Second {
        reference: reference(&kept),
        answered: kept.answered,
        ends_at: kept.ends_at,
        has_reason: kept.reason.is_some(),
    }))
}

/// By what sender and decider know it: what is random in its id.
#[must_use]
pub fn reference(agreement: &Agreement) -> String {
    let written = agreement.id.simple().to_string().to_uppercase();
    let (four, last) = (written.get(24..28), written.get(28..32));
    format!("{}-{}", four.unwrap_or_default(), last.unwrap_or_default())
}

/// How many findings of which kind are in it.
#[must_use]
pub fn findings(agreement: &Agreement) -> BTreeMap<Kind, u32> {
    let one = |part: &str| {
        let (kind, n) = part.split_once('=')?;
        Some((Kind::parse(kind)?, n.parse().ok()?))
    };
    agreement.findings.split(';').filter_map(one).collect()
}

fn written(findings: &BTreeMap<Kind, u32>) -> String {
    let mut written = String::new();
    for (kind, n) in findings {
        let between = if written.is_empty() { "" } else { ";" };
        let _ = write!(written, "{between}{}={n}", kind.label());
    }
    written
}

/// What waits for a second person or was answered and has not ended, the oldest first.
///
/// # Errors
///
/// [`AgreementError`] if the role does not decide on it, or the store cannot answer.
pub async fn list(desk: &Desk, staff: &Staff) -> Result<Vec<Agreement>, AgreementError> {
    officer(staff)?;
    Ok(desk.store.agreements(desk.now()).await?)
}

/// An officer agrees, or does not. `own` is who the officer is in the chat, where that is known.
///
/// # Errors
///
/// [`AgreementError::NotTheirs`] for who asks, [`AgreementError::Nobody`] if it waits no more.
pub async fn answer(
    desk: &Desk,
    staff: &Staff,
    own: Option<SubjectId>,
    id: Uuid,
    answered: Answered,
) -> Result<(), AgreementError> {
    officer(staff)?;
    let now = desk.now();
    let mut waiting = desk.store.agreements(now).await?.into_iter();
    let found = waiting.find(|one| one.id == id && one.answered == Answered::Waits);
    let found = found.ok_or(AgreementError::Nobody)?;
    let asker = match found.asker {
        Asker::Application(_) => None,
        Asker::Person(person) => Some(person),
    };
    if asker.is_some() && asker == own {
        return Err(AgreementError::NotTheirs);
    }
    let act = match answered {
        Answered::Yes => Act::AgreementGiven,
        Answered::No => Act::AgreementDenied,
        Answered::Waits => return Err(AgreementError::Nobody),
    };
    let facts = Facts {
        findings: findings(&found),
        recipient: Some(found.recipient),
        ..Facts::default()
    };
    let entry = Entry::new(now, staff.actor(), act).on(id).with(facts);
    let entry = match asker {
        Some(person) => entry.about(person),
        None => entry,
    };
    if desk
        .store
        .answer_agreement(id, answered, now, entry)
        .await?
    {
        Ok(())
    } else {
        Err(AgreementError::Nobody)
    }
}

fn officer(staff: &Staff) -> Result<(), AgreementError> {
    match staff.role {
        Role::Officer => Ok(()),
        Role::Auditor | Role::Operator => Err(AgreementError::NotOfficer),
    }
}
