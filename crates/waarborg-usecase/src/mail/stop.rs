//! The code in a mail with which its reader says that they want no more of it. It is of no use for anything else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;
use waarborg_domain::consent::{self, Consent, ConsentAnswer};
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{ConsentId, SubjectId};

use crate::desk::Desk;
use crate::ports::{Mark, Person, StoreError};

/// Bytes by which two codes for the same address differ.
const FRESH: usize = 16;
/// Bytes of the address's fingerprint, and of the person's number.
const SAID: usize = 32 + 16;
/// Bytes that only we can make.
const SEAL: usize = 16;

/// Who wants no more of what. On the outside it is 80 bytes that nobody can tell from others.
///
/// Nothing is looked up for it, so it works as long as the installation has its keys, on every node, also after a
/// restore; and two mails to one person have nothing in common that whoever reads along could see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopCode {
    mark: Mark,
    person: Option<SubjectId>,
}

impl StopCode {
    /// A code for this address and person.
    #[must_use]
    pub const fn new(mark: Mark, person: Option<SubjectId>) -> Self {
        Self { mark, person }
    }

    /// The code as it stands in a mail of this message.
    #[must_use]
    pub fn text(&self, desk: &Desk, message: &str) -> String {
        let mut fresh = [0; FRESH];
        fresh.copy_from_slice(desk.ids.token().bytes().split_at(FRESH).0);
        let person = self.person.map_or_else(Uuid::nil, |person| person.0);
        let mut said = self.mark.to_vec();
        said.extend_from_slice(person.as_bytes());
        cover(desk, &fresh, &mut said);
        let mut code = fresh.to_vec();
        code.extend_from_slice(&said);
        code.extend_from_slice(&seal(desk, message, &code));
        URL_SAFE_NO_PAD.encode(code)
    }

    /// Reads a code, and of which message of the register it is; `None` if we did not make it.
    #[must_use]
    pub fn read<'d>(desk: &'d Desk, text: &str) -> Option<(Self, &'d str)> {
        let code = URL_SAFE_NO_PAD.decode(text).ok()?;
        if code.len() != FRESH + SAID + SEAL {
            return None;
        }
        let (body, sealed) = code.split_at_checked(FRESH + SAID)?;
        let message = desk
            .register
            .messages()
            .iter()
            .find(|message| is_same(&seal(desk, &message.name, body), sealed))?;
        let (fresh, said) = body.split_at_checked(FRESH)?;
        let mut said = said.to_vec();
        cover(desk, fresh, &mut said);
        let (mark, person) = said.split_at_checked(32)?;
        let person = Uuid::from_slice(person).ok()?;
        let code = Self {
            mark: mark.try_into().ok()?,
            person: (!person.is_nil()).then_some(SubjectId(person)),
        };
        Some((code, &message.name))
    }
}

/// The reader of a mail wants no more of it. It holds at once, also for mails that wait; a second time changes
/// nothing. Says whether we made the code.
///
/// # Errors
///
/// [`StoreError`] if it was not noted; the reader may try again.
pub async fn stop(desk: &Desk, text: &str) -> Result<bool, StoreError> {
    let Some((code, message)) = StopCode::read(desk, text) else {
        return Ok(false);
    };
    // What must be told cannot be stopped; the code in such a mail is for consents alone.
    let declared = desk.register.message(message);
    let refused = declared.filter(|message| message.class.may_be_refused());
    let Some(carried) = refused.and_then(|message| message.carried.as_ref()) else {
        return Ok(false);
    };
    let purpose = carried.purpose.as_str();
    let now = desk.now();
    let mut entry = Entry::new(now, Actor::House, Act::MarketingStopped).for_purpose(purpose);
    let person = match code.person {
        Some(person) => desk.store.person(person).await?,
        None => None,
    };
    if let Some(person) = &person {
        entry = entry.about(person.id);
    }
    let known = desk.store.suppressed(vec![code.mark], purpose).await?;
    if known.contains(&true) && person.is_none() {
        return Ok(true);
    }
    desk.store
        .suppress(code.mark, vec![purpose.to_owned()], now, entry)
        .await?;

    let Some(person) = person else {
        return Ok(true);
    };
    take_back(desk, &person, purpose).await?;
    let is_marketing = desk
        .register
        .purpose(purpose)
        .is_some_and(|purpose| purpose.marketing);
    if is_marketing && !person.objections.iter().any(|known| known == purpose) {
        let entry = Entry::new(now, Actor::Subject(person.id), Act::Objected)
            .for_purpose(purpose)
            .about(person.id);
        desk.store.object_to(person.id, purpose, now, entry).await?;
    }
    Ok(true)
}

/// What the reader of a mail can do with the code in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaysOut {
    /// They can have no more of this message.
    pub may_stop: bool,
    /// The purposes to which they consented and can take that back.
    pub consents: Vec<String>,
}

/// What a code in a mail is for; `None` if we did not make it. Looking changes nothing.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn ways_out(desk: &Desk, text: &str) -> Result<Option<WaysOut>, StoreError> {
    let Some((code, message)) = StopCode::read(desk, text) else {
        return Ok(None);
    };
    let person = match code.person {
        Some(person) => desk.store.person(person).await?,
        None => None,
    };
    let mut consents: Vec<String> = Vec::new();
    if let Some(person) = &person {
        for line in consent::standing(&person.consents) {
            if !consents.contains(&line.purpose) {
                consents.push(line.purpose.clone());
            }
        }
    }
    let declared = desk.register.message(message);
    Ok(Some(WaysOut {
        may_stop: declared.is_some_and(|message| message.class.may_be_refused()),
        consents,
    }))
}

/// The reader of a mail takes back their consent to a purpose: at once, from now on, and the proof that it was there
/// stays. Says whether we made the code.
///
/// # Errors
///
/// [`StoreError`] if it was not noted; the reader may try again.
pub async fn withdraw(desk: &Desk, text: &str, purpose: &str) -> Result<bool, StoreError> {
    let Some((code, _)) = StopCode::read(desk, text) else {
        return Ok(false);
    };
    let person = match code.person {
        Some(person) => desk.store.person(person).await?,
        None => None,
    };
    if let Some(person) = person {
        take_back(desk, &person, purpose).await?;
    }
    Ok(true)
}

/// Withdraws what stands of a person's consent to a purpose.
async fn take_back(desk: &Desk, person: &Person, purpose: &str) -> Result<(), StoreError> {
    let now = desk.now();
    let standing = consent::standing(&person.consents);
    for line in standing.into_iter().filter(|line| line.purpose == purpose) {
        let entry = Entry::new(now, Actor::Subject(person.id), Act::ConsentWithdrawn)
            .for_purpose(purpose)
            .about(person.id);
        let withdrawn = Consent {
            id: ConsentId(desk.ids.id(now)),
            answer: ConsentAnswer::Withdrawn,
            at: now,
            ..line.clone()
        };
        desk.store.answer(withdrawn, &desk.zone, entry).await?;
    }
    Ok(())
}

/// Makes the bytes look like chance, or readable again.
fn cover(desk: &Desk, fresh: &[u8], said: &mut [u8]) {
    for (nth, piece) in (0_u8..).zip(said.chunks_mut(32)) {
        let key = desk
            .secrets
            .conversation_key(&[b"cover of a stop code", fresh, &[nth]]);
        for (byte, key) in piece.iter_mut().zip(key) {
            *byte ^= key;
        }
    }
}

fn seal(desk: &Desk, message: &str, body: &[u8]) -> [u8; SEAL] {
    let key = desk
        .secrets
        .conversation_key(&[b"seal of a stop code", message.as_bytes(), body]);
    let mut seal = [0; SEAL];
    seal.copy_from_slice(key.split_at(SEAL).0);
    seal
}

/// Takes as long whatever differs.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differs = one
        .iter()
        .zip(other)
        .fold(0, |differs, (one, other)| differs | (one ^ other));
    one.len() == other.len() && differs == 0
}
