//! Choosing cookies: a yes is proved in the consent ledger, and a no needs to be about nobody.

use waarborg_domain::consent::{self, Consent, ConsentAnswer};
use waarborg_domain::cookies::{CHOICES_COOKIE, Choices, purpose_of};
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{ConsentId, SessionId, SubjectId, Token};
use waarborg_domain::register::CookieClass;

use crate::desk::Desk;
use crate::door::Visitor;
use crate::ports::{Person, Session, SessionHolder, StoreError};

/// Notes what somebody chose, and says what their browser is to remember.
///
/// Who is known has it in their own ledger. Who is not, and says yes, gets a number for this proof alone; who says no
/// gets none.
///
/// # Errors
///
/// [`StoreError`] if nothing was noted; then nothing may be set either.
pub async fn choose(
    desk: &Desk,
    visitor: Option<&Visitor>,
    before: Option<&Choices>,
    wanted: &[CookieClass],
) -> Result<Choices, StoreError> {
    let kinds = desk.register.cookie_kinds();
    let allowed: Vec<CookieClass> = kinds
        .iter()
        .copied()
        .filter(|kind| wanted.contains(kind))
        .collect();
    let list = desk.register.cookie_list_version();
    let mut proof = None;

    let earlier = match before.and_then(|choices| choices.proof.as_ref()) {
        Some(token) => proved(desk, token).await?.map(|person| (token, person)),
        None => None,
    };
    if let Some((token, person)) = &earlier {
        note(desk, person, &kinds, &allowed, &list).await?;
        proof = Some((*token).clone());
    }
    if let Some(visitor) = visitor {
        note(desk, &visitor.person, &kinds, &allowed, &list).await?;
        proof = None;
    } else if earlier.is_none() && !allowed.is_empty() {
        proof = Some(begin(desk, &kinds, &allowed, &list).await?);
    }

    Ok(Choices {
        list,
        proof: proof.filter(|_| !allowed.is_empty()),
        allowed,
    })
}

/// Whose proof a token opens.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn proved(desk: &Desk, token: &Token) -> Result<Option<Person>, StoreError> {
    match desk.store.session(token, desk.now()).await? {
        Some(Session {
            holder: SessionHolder::Visitor(subject),
            ..
        }) => desk.store.person(subject).await,
        Some(_) | None => Ok(None),
    }
}

/// The signed receipt of everything that a person answered (ISO/IEC TS 27560); it can be checked without us.
#[must_use]
pub fn receipt(desk: &Desk, person: &Person) -> String {
    let records = consent::records(&desk.register, person.id, &person.consents);
    let text = consent::receipt(&records, desk.now(), &desk.store.log_key());
    desk.store.sign_note(&text)
}

/// A number for the proof of a yes; it lasts as long as the choice does.
async fn begin(
    desk: &Desk,
    kinds: &[CookieClass],
    allowed: &[CookieClass],
    list: &str,
) -> Result<Token, StoreError> {
    let now = desk.now();
    let subject = SubjectId(desk.ids.id(now));
    let entry = Entry::new(now, Actor::Subject(subject), Act::ConsentGiven).about(subject);
    desk.store.add_subject(subject, "", now, entry).await?;
    let token = desk.ids.token();
    let session = Session {
        id: SessionId(desk.ids.id(now)),
        holder: SessionHolder::Visitor(subject),
        created_at: now,
        expires_at: desk.cookie_ends_at(CHOICES_COOKIE, now),
    };
    desk.store.begin(session, &token, None).await?;
    let Some(person) = desk.store.person(subject).await? else {
        return Ok(token);
    };
    note(desk, &person, kinds, allowed, list).await?;
    Ok(token)
}

/// Appends what is new in the answers. A no after a yes is a withdrawal (article 7(3)).
async fn note(
    desk: &Desk,
    person: &Person,
    kinds: &[CookieClass],
    allowed: &[CookieClass],
    list: &str,
) -> Result<(), StoreError> {
    let now = desk.now();
    let entity = &desk.register.default_controller().id;
    for kind in kinds {
        let purpose = purpose_of(*kind);
        let mut lines = person.consents.iter().rev();
        let before = lines.find(|line| line.purpose == purpose && line.entity == *entity);
        let stands = before.is_some_and(|line| line.answer == ConsentAnswer::Given);
        let (answer, act) = match (allowed.contains(kind), stands) {
            (true, _) => (ConsentAnswer::Given, Act::ConsentGiven),
            (false, true) => (ConsentAnswer::Withdrawn, Act::ConsentWithdrawn),
            (false, false) => (ConsentAnswer::Refused, Act::ConsentRefused),
        };
        if before.is_some_and(|line| line.answer == answer && line.text_version == *list) {
            continue;
        }
        let line = Consent {
            id: ConsentId(desk.ids.id(now)),
            subject: person.id,
            purpose: purpose.to_owned(),
            entity: entity.clone(),
            text_version: list.to_owned(),
            answer,
            at: now,
        };
        let entry = Entry::new(now, Actor::Subject(person.id), act)
            .for_purpose(purpose)
            .about(person.id);
        desk.store.answer(line, &desk.zone, entry).await?;
    }
    Ok(())
}
