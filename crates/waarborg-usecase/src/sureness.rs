//! How sure we are who asks: a code goes to the address that they gave, and whoever has it can read mail there.
//!
//! Whether anybody is known by that address is never looked up, so no answer here can tell.

use serde_json::{Value, json};
use waarborg_detect::surrogate::Language;
use waarborg_domain::decision::Identity;
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::ids::{ObjectId, RequestId};
use waarborg_domain::mail::MailAddress;
use waarborg_domain::rights::Request;

use crate::casework::{CaseError, File, file_record, officer, read};
use crate::console::Staff;
use crate::desk::Desk;
use crate::mail::{self, News};
use crate::ports::{Mark, Onto, Opening, OpeningKind, Part, Step, StoreError};
use crate::requests::requester;

/// The term of the register that says how long a mailed code counts, and how often somebody may be wrong in it.
pub const CODE: &str = "mailed_code";

/// How many digits a code has.
const DIGITS: usize = 8;

/// That an address is theirs who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sure {
    /// They want to be answered there.
    pub by_mail: bool,
}

/// Whether codes can be mailed here at all.
#[must_use]
pub fn is_offered(desk: &Desk) -> bool {
    mail::is_carried(desk, mail::CODE) && most(desk) > 0
}

/// An officer has a code sent to the address that who asks gave.
///
/// # Errors
///
/// [`CaseError::NoMail`] where none can be sent, [`CaseError::NoAddress`] where the request has no mail address,
/// [`CaseError::Enough`] where enough were sent, for this request or to this address.
pub async fn send_code(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    language: Language,
) -> Result<(), CaseError> {
    officer(staff)?;
    let request = crate::casework::find(desk, reference).await?;
    if request.stage.is_closed() {
        return Err(CaseError::Closed);
    }
    let sending = Sending {
        desk,
        actor: staff.actor(),
        language,
        kind: OpeningKind::Code,
    };
    sending.send(&request).await
}

/// Who asks wants to be answered by mail: a code goes to the address that they gave. What stands in the way is not told,
/// except that the store could not answer.
///
/// # Errors
///
/// [`StoreError`] if nothing was sent, and it may be tried again.
pub async fn answer_by_mail(
    desk: &Desk,
    request: &Request,
    language: Language,
) -> Result<(), StoreError> {
    if request.stage.is_closed() {
        return Ok(());
    }
    let sending = Sending {
        desk,
        actor: Actor::Subject(request.subject),
        language,
        kind: OpeningKind::CodeForMail,
    };
    match sending.send(request).await {
        Err(CaseError::Store(fault)) => Err(fault),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Somebody says what the code was. From then on it is known that the address is theirs, and if they asked for that, they
/// are answered there. Says whether it was right; not why it was not.
///
/// # Errors
///
/// [`CaseError`] if the store cannot answer.
pub async fn confirm(
    desk: &Desk,
    reference: &str,
    typed: &str,
    (actor, language): (Option<Actor>, Language),
) -> Result<bool, CaseError> {
    let requests = desk.store.requests().await?;
    let request = requests
        .into_iter()
        .find(|request| request.reference.as_str() == reference);
    // For a number that is none, the same is done.
    let id = request
        .as_ref()
        .map_or(RequestId(uuid::Uuid::nil()), |request| request.id);
    let digits: String = typed
        .chars()
        .filter(char::is_ascii_digit)
        .take(DIGITS + 1)
        .collect();
    let mark = mark_of(desk, id, &digits);
    let kind = desk.store.try_code(id, mark, desk.now()).await?;
    let (Some(request), Some(kind)) = (request, kind) else {
        return Ok(false);
    };
    let sure = Sure {
        by_mail: kind == OpeningKind::CodeForMail,
    };
    let file = read(desk, request).await?;
    let mut step = Step::new(id, Onto::Stay);
    step.records
        .push(file_record(desk, &file.request, Part::Sure, written(sure))?);
    if let (true, Some(to)) = (sure.by_mail, address(&file)) {
        let ready = mail::ready(desk, &file.request, &to, &News::Received, language);
        if let Some(ready) = ready {
            step.records.push(ready.record);
            step.mails.push(ready.waiting);
        }
    }
    let facts = Facts {
        detail: Some(Identity::Code.name()),
        ..Facts::default()
    };
    let actor = actor.unwrap_or(Actor::Subject(file.request.subject));
    let entry = Entry::new(desk.now(), actor, Act::CodeConfirmed)
        .about(file.request.subject)
        .on(id.0)
        .with(facts);
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let did = desk
        .store
        .step(&permit, step, desk.now(), &desk.zone, entry);
    Ok(did.await?)
}

/// Where the person is answered, if they showed that the address is theirs and asked for it.
pub(crate) fn answered_at(file: &File) -> Option<MailAddress> {
    file.sure.filter(|sure| sure.by_mail)?;
    address(file)
}

/// The mail address that a request was made with.
pub(crate) fn address(file: &File) -> Option<MailAddress> {
    MailAddress::parse(file.contact.as_deref()?.trim())
}

/// Reads what the file has of it.
pub(crate) fn read_sure(sealed: &str) -> Option<Sure> {
    let value: Value = serde_json::from_str(sealed).ok()?;
    Some(Sure {
        by_mail: value.get("by_mail")?.as_bool()?,
    })
}

fn written(sure: Sure) -> String {
    json!({"identity": Identity::Code.name(), "by_mail": sure.by_mail}).to_string()
}

/// How often somebody may be wrong, and how many codes one request, and one address, gets until they have ended.
fn most(desk: &Desk) -> u32 {
    desk.register.times_in(CODE).unwrap_or(0)
}

struct Sending<'d> {
    desk: &'d Desk,
    actor: Actor,
    language: Language,
    kind: OpeningKind,
}

impl Sending<'_> {
    async fn send(&self, request: &Request) -> Result<(), CaseError> {
        let desk = self.desk;
        if !is_offered(desk) {
            return Err(CaseError::NoMail);
        }
        let file = read(desk, request.clone()).await?;
        let to = address(&file).ok_or(CaseError::NoAddress)?;
        let code = code_of(desk);
        let now = desk.now();
        let until = desk.term_ends_at(CODE, now);
        let spaced: String = code
            .char_indices()
            .flat_map(|(nth, digit)| {
                (nth == DIGITS / 2)
                    .then_some(' ')
                    .into_iter()
                    .chain([digit])
            })
            .collect();
        let news = News::Code {
            code: &spaced,
            until,
        };
        let ready = mail::ready(desk, request, &to, &news, self.language);
        let ready = ready.ok_or(CaseError::NoMail)?;
        let opening = Opening {
            id: desk.ids.id(now),
            request: request.id,
            kind: self.kind,
            fingerprint: mark_of(desk, request.id, &code),
            second: None,
            expires_at: until,
            n_left: most(desk),
            mailed_to: mail::mark(desk, &to),
        };
        let entry = |act| {
            Entry::new(now, self.actor, act)
                .for_purpose(&desk.surfaces.rights.purpose)
                .about(request.subject)
                .on(request.id.0)
        };
        let sent = entry(Act::CodeSent);
        if !desk.store.add_code(opening, most(desk), now, sent).await? {
            return Err(CaseError::Enough);
        }
        let permit = desk.permit(&desk.surfaces.rights, &requester())?;
        desk.store
            .set_aside(&permit, vec![ready.waiting], vec![ready.record])
            .await?;
        let queued = entry(Act::MailQueued);
        desk.store.release(ObjectId(request.id.0), queued).await?;
        Ok(())
    }
}

/// Digits of chance. What the modulus leaves uneven is far below what a few tries could find.
pub(crate) fn code_of(desk: &Desk) -> String {
    let token = desk.ids.token();
    let number = token
        .bytes()
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    format!("{:08}", number % 100_000_000)
}

fn mark_of(desk: &Desk, request: RequestId, digits: &str) -> Mark {
    desk.secrets
        .conversation_key(&[b"mailed code", request.0.as_bytes(), digits.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_an_address_is_read_back_and_names_it_not() {
        for by_mail in [true, false] {
            let kept = written(Sure { by_mail });
            assert_eq!(read_sure(&kept), Some(Sure { by_mail }));
            assert!(!kept.contains('@'));
        }
        assert_eq!(read_sure("{}"), None);
    }
}
