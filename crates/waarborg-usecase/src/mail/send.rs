//! A mail's turn: it is written, it passes the gate or does not, and a server takes it or does not.

use std::time::Duration;

use jiff::SignedDuration;
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::ids::ObjectId;
use waarborg_domain::mail::{Draft, Held, Mail, MailAddress, Passed, Sending};
use waarborg_domain::permit::{Permit, PersonState};

use super::{Post, StopCode, Way, job, stranger};
use crate::desk::{Desk, House, state_of};
use crate::messages;
use crate::ports::{MailEnd, Part, PostError, Postman, StoreError, Waiting};

/// How long one delivery may take; whoever calls gives up then.
pub const LONGEST_DELIVERY: Duration = Duration::from_mins(4);

/// How long a mail that was taken belongs to whoever took it. After a crash it is tried again then.
const TAKEN: SignedDuration = SignedDuration::from_mins(5);
/// How long the next try waits, try by try.
const PAUSES: [SignedDuration; 7] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(15),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(3),
    SignedDuration::from_hours(6),
    SignedDuration::from_hours(12),
];
/// The term of the register in which it stays known that a mail went, and to which address in a form that nobody reads.
pub const SENT: &str = "sent_mail";

/// What came of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// No mail waits whose turn it is.
    Nobody,
    /// A mail went, or ended otherwise, or waits for its next try.
    Taken,
    /// The server is away; the mail still waits, and every other one would come to the same.
    ServerAway,
}

/// Gives the next mail its turn.
///
/// At least once: the server's word that it took the mail and our note of it are two things, and a crash exactly in
/// between lets it go again, under the same number. Otherwise never twice.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer; the mail waits.
pub async fn next(house: &House, postman: &dyn Postman, is_bulk: bool) -> Result<Turn, StoreError> {
    let desk = house.desk();
    let Some(post) = desk.post.clone() else {
        return Ok(Turn::Nobody);
    };
    let now = desk.now();
    let Some(waiting) = desk.store.take_mail(is_bulk, now, now + TAKEN).await? else {
        return Ok(Turn::Nobody);
    };
    let outcome = match pass(&desk, &post, &waiting).await? {
        Ok(mail) => {
            let last = async {
                // A register that was changed meanwhile counts, and so does what people said meanwhile.
                let desk = house.desk();
                match pass(&desk, &post, &waiting).await {
                    Ok(passed) => passed,
                    Err(_) => Err(PostError::Later),
                }
            };
            postman.deliver(mail, Box::pin(last)).await
        }
        Err(reason) => Err(reason),
    };
    note(&house.desk(), &post, &waiting, outcome).await
}

/// Ends what waited too long, and forgets what went long ago.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn tidy(desk: &Desk) -> Result<u64, StoreError> {
    let now = desk.now();
    let long_ago = desk.term_began_at(SENT, now);
    desk.store.tidy_mails(now, long_ago).await
}

async fn note(
    desk: &Desk,
    post: &Post,
    waiting: &Waiting,
    outcome: Result<(), PostError>,
) -> Result<Turn, StoreError> {
    let now = desk.now();
    let (end, detail) = match outcome {
        Ok(()) => (MailEnd::Sent, MailEnd::Sent.name()),
        Err(PostError::Held(held)) => (MailEnd::Held, held.code()),
        Err(PostError::Refused) => (MailEnd::Refused, MailEnd::Refused.name()),
        Err(PostError::Away) => {
            desk.store.put_off(waiting.id, now, waiting.n_tries).await?;
            return Ok(Turn::ServerAway);
        }
        Err(PostError::Later) => {
            let tried = usize::try_from(waiting.n_tries).unwrap_or(usize::MAX);
            let next = PAUSES.get(tried).map(|pause| now + *pause);
            match next.filter(|next| *next < waiting.expires_at) {
                Some(next) => {
                    desk.store
                        .put_off(waiting.id, next, waiting.n_tries + 1)
                        .await?;
                    return Ok(Turn::Taken);
                }
                None => (MailEnd::Expired, MailEnd::Expired.name()),
            }
        }
    };
    let act = match end {
        MailEnd::Sent => Act::MailSent,
        MailEnd::Held | MailEnd::Refused | MailEnd::Expired => Act::MailEnded,
    };
    let facts = Facts {
        recipient: (end == MailEnd::Sent).then(|| post.recipient.clone()),
        register: Some(desk.register.version().to_owned()),
        detail: Some(detail),
        ..Facts::default()
    };
    let mut entry = Entry::new(now, Actor::House, act)
        .on(waiting.id)
        .with(facts);
    // A line of somebody who is erased names them no more.
    if desk.store.person(waiting.subject).await?.is_some() {
        entry = entry.about(waiting.subject);
    }
    if let Some(carried) = desk
        .register
        .message(&waiting.message)
        .and_then(|message| message.carried.as_ref())
    {
        entry = entry.for_purpose(carried.purpose.as_str());
    }
    desk.store.end_mail(waiting.id, end, now, entry).await?;
    Ok(Turn::Taken)
}

/// Writes a mail and asks the gate for it, as things stand now.
async fn pass(
    desk: &Desk,
    post: &Post,
    waiting: &Waiting,
) -> Result<Result<Mail<Passed>, PostError>, StoreError> {
    let person = desk.store.person(waiting.subject).await?;
    // Who only ever got mail here is no visitor: nobody showed them a notice, and they agreed to nothing.
    let is_stranger = person
        .as_ref()
        .is_none_or(|person| person.notice_version.is_empty() && person.consents.is_empty());
    let state = match &person {
        Some(person) if is_stranger => PersonState {
            restricted: person.is_restricted,
            objections: person.objections.clone(),
            ..stranger()
        },
        Some(person) => state_of(person),
        // Everything of this person was erased.
        None => return Ok(Err(PostError::Held(Held::Gone))),
    };
    let permitted = desk
        .register
        .message_permit(&waiting.message, &state, desk.today());
    let (permit, message, carried) = match permitted {
        Ok(permitted) => permitted,
        Err(held) => return Ok(Err(held.into())),
    };
    let Some((to, mailing)) = words(desk, &permit, waiting).await? else {
        return Ok(Err(PostError::Held(Held::Gone)));
    };
    let known = (!is_stranger).then_some(waiting.subject);
    // From every mail one can take a consent back; what can be refused is refused there too.
    let code = StopCode::new(waiting.mark, known).text(desk, &message.name);
    let link = format!("{}/mail/stop/{code}", post.public_url);
    let may_stop = message.class.may_be_refused();
    let way = if may_stop {
        Way::Out(&link)
    } else {
        Way::ToConsents(&link)
    };
    let draft = Draft {
        id: waiting.id,
        message: waiting.message.clone(),
        to,
        from: post.from.clone(),
        subject: mailing.subject,
        text: mailing.text,
        selling: mailing.selling,
        foot: post.writer.foot(desk, post, way, mailing.language),
        stop: may_stop.then_some(link),
    };
    let store = &desk.store;
    let purpose = carried.purpose.as_str();
    let stopped = store.suppressed(vec![waiting.mark], purpose).await?;
    let mut is_selling_stopped = false;
    for marketing in messages::marketing(desk) {
        is_selling_stopped |= state.objections.contains(&marketing)
            || store
                .suppressed(vec![waiting.mark], &marketing)
                .await?
                .contains(&true);
    }
    let events = desk.register.window_events(&waiting.message);
    let happened = store.happened(waiting.subject, events).await?;
    let n_sent = match message.max {
        Some(_) => store.n_sent(waiting.mark, &waiting.message).await?,
        None => 0,
    };
    let sending = Sending {
        person: &state,
        is_stopped: stopped.contains(&true),
        is_selling_stopped,
        n_sent,
        happened: &happened,
        recipient: &post.recipient,
        now: desk.now(),
        today: desk.today(),
        zone: &desk.zone,
    };
    Ok(desk.register.pass(draft, &sending).map_err(PostError::from))
}

/// To whom it goes and what it says; `None` if that is gone, or was never a mail.
async fn words(
    desk: &Desk,
    permit: &Permit<'_>,
    waiting: &Waiting,
) -> Result<Option<(MailAddress, job::Mailing)>, StoreError> {
    let records = desk.store.of_object(permit, ObjectId(waiting.id)).await?;
    let found = records.into_iter().find(|record| record.part == Part::Mail);
    // Whoever sends it must read it; the register names the purpose of the message.
    Ok(found.and_then(|record| job::read(record.content.reveal(permit).ok()?)))
}
