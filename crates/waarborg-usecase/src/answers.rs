//! The link in a mail that says that an answer is there: it opens the answer once, for a short while.

use uuid::Uuid;
use waarborg_detect::surrogate::Language;
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{RequestId, Token};
use waarborg_domain::rights::Request;

use crate::casework::{File, Letter};
use crate::desk::Desk;
use crate::mail::{self, News};
use crate::ports::{Mark, Opening, OpeningKind, Step, StoreError};
use crate::sureness::answered_at;

/// The term of the register that says how long the link in a mail waits.
pub const LINK: &str = "answer_link";
/// The term of the register that says how long an answer stays open after the link was used.
pub const READING: &str = "answer_reading";

/// Uses a link up. What it opens reads the answer for a short while, and changes nothing. `None` for a link that was
/// used, has ended or never was.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer; the link still opens.
pub async fn open(desk: &Desk, link: &Token) -> Result<Option<(Request, Token)>, StoreError> {
    let now = desk.now();
    let token = desk.ids.token();
    let reading = Opening {
        id: desk.ids.id(now),
        request: RequestId(Uuid::nil()),
        kind: OpeningKind::Reading,
        fingerprint: mark_of_reading(desk, &token),
        second: None,
        expires_at: desk.term_ends_at(READING, now),
        n_left: 0,
        mailed_to: None,
    };
    let entry =
        Entry::new(now, Actor::House, Act::AnswerOpened).for_purpose(&desk.surfaces.rights.purpose);
    let mark = mark_of_link(desk, link);
    let opened = desk.store.use_link(mark, reading, now, entry).await?;
    Ok(opened.map(|request| (request, token)))
}

/// The request that this reference and what a link became open together.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub(crate) async fn opened(
    desk: &Desk,
    reference: &str,
    token: &Token,
) -> Result<Option<Request>, StoreError> {
    let mark = mark_of_reading(desk, token);
    desk.store.opened(reference, mark, desk.now()).await
}

/// Adds to a step the mail that tells of an extension, where the person is answered by mail.
pub(crate) fn tell_extended(desk: &Desk, file: &File, letter: &Letter, step: &mut Step) {
    let Some(to) = answered_at(file) else { return };
    let language = language_of(letter);
    let ready = mail::ready(desk, &file.request, &to, &News::Extended(letter), language);
    if let Some(ready) = ready {
        step.records.push(ready.record);
        step.mails.push(ready.waiting);
    }
}

/// Adds to a step the mail that says that an answer is there, and what opens it, where the person is answered by mail.
/// The answer itself does not go along: it is about somebody, and mail is read on its way.
pub(crate) fn tell_answered(desk: &Desk, file: &File, letter: &Letter, step: &mut Step) {
    let Some(to) = answered_at(file) else { return };
    let now = desk.now();
    let link = desk.ids.token();
    let until = desk.term_ends_at(LINK, now);
    let news = News::Answered { link: &link, until };
    let Some(ready) = mail::ready(desk, &file.request, &to, &news, language_of(letter)) else {
        return;
    };
    step.openings.push(Opening {
        id: desk.ids.id(now),
        request: file.request.id,
        kind: OpeningKind::Link,
        fingerprint: mark_of_link(desk, &link),
        second: None,
        expires_at: until,
        n_left: 0,
        mailed_to: None,
    });
    step.records.push(ready.record);
    step.mails.push(ready.waiting);
}

fn language_of(letter: &Letter) -> Language {
    mail::language(&letter.language).unwrap_or(Language::Dutch)
}

fn mark_of_link(desk: &Desk, link: &Token) -> Mark {
    desk.secrets
        .conversation_key(&[b"link to an answer", link.bytes()])
}

fn mark_of_reading(desk: &Desk, token: &Token) -> Mark {
    desk.secrets
        .conversation_key(&[b"reading of an answer", token.bytes()])
}
