//! Mail about a request to the person who made it: a code, a receipt, a letter, or that an answer is there.

use jiff::Timestamp;
use waarborg_detect::surrogate::Language;
use waarborg_domain::claim::{Circumstances, ClaimKind};
use waarborg_domain::ids::{ObjectId, SubjectId, Token};
use waarborg_domain::mail::{MailAddress, SubjectLine};
use waarborg_domain::register::Carried;
use waarborg_domain::rights::Request;

use super::job::{Mailing, WAITING, written};
use super::{Post, mark};
use crate::casework::Letter;
use crate::desk::Desk;
use crate::ports::{NewRecord, Part, Waiting};
use crate::records::{self, Place};

/// The message of the register that carries a code.
pub const CODE: &str = "request_code";
/// The message of the register that tells how a request goes.
pub const NEWS: &str = "request_news";

/// What is told.
#[derive(Clone, Copy)]
pub enum News<'a> {
    /// A code that shows that the address is theirs.
    Code {
        /// The code.
        code: &'a str,
        /// Until when it counts.
        until: Timestamp,
    },
    /// Their request came in.
    Received,
    /// It takes longer, with the letter that says why.
    Extended(&'a Letter),
    /// An answer is there. It does not go along: mail is read by others on its way.
    Answered {
        /// What opens it, once.
        link: &'a Token,
        /// Until when.
        until: Timestamp,
    },
}

/// A mail that waits, with what it says.
pub(crate) struct Ready {
    pub(crate) waiting: Waiting,
    pub(crate) record: NewRecord,
}

/// Whether this message can be sent about requests: it has a server, and the register says so for the rights desk.
#[must_use]
pub(crate) fn is_carried(desk: &Desk, message: &str) -> bool {
    carried(desk, message).is_some()
}

fn carried<'d>(desk: &'d Desk, message: &str) -> Option<(&'d Post, &'d Carried)> {
    let post = desk.post.as_deref()?;
    let carried = desk.register.message(message)?.carried.as_ref()?;
    let surface = &desk.surfaces.rights;
    let is_of_the_desk = carried.service == *surface.service && carried.purpose == *surface.purpose;
    is_of_the_desk.then_some((post, carried))
}

/// A mail about a request; `None` where none can go. It waits as nobody's data but its own: who reads their data here
/// must not find a code that was mailed.
pub(crate) fn ready(
    desk: &Desk,
    request: &Request,
    to: &MailAddress,
    news: &News<'_>,
    language: Language,
) -> Option<Ready> {
    let message = match news {
        News::Code { .. } => CODE,
        News::Received | News::Extended(_) | News::Answered { .. } => NEWS,
    };
    let (post, carried) = carried(desk, message)?;
    let (subject_line, text) = post.writer.news(desk, post, request, news, language);
    let now = desk.now();
    let mailing = Mailing {
        subject: SubjectLine::parse(&subject_line)?,
        text,
        selling: None,
        language,
    };
    let expires_at = match news {
        News::Code { until, .. } | News::Answered { until, .. } => *until,
        News::Received | News::Extended(_) => desk.term_ends_at(WAITING, now),
    };
    let waiting = Waiting {
        id: desk.ids.id(now),
        about: ObjectId(request.id.0),
        subject: SubjectId(desk.ids.id(now)),
        message: message.to_owned(),
        mark: mark(desk, to)?,
        is_bulk: false,
        created_at: now,
        expires_at,
        n_tries: 0,
    };
    let place = Place {
        subject: waiting.subject,
        object: ObjectId(waiting.id),
        service: carried.service.as_str(),
        circumstances: &Circumstances::none(),
        first_message_at: now,
    };
    let category = carried.category.as_str();
    let content = written(to, &mailing);
    let record = records::new_record(desk, place, Part::Mail, category, content, now).ok()?;
    let ends = |claim: &crate::ports::Claim| claim.rule.kind == ClaimKind::AtMost;
    // What must be kept longer than it waits would not go with the mail.
    record
        .claims
        .iter()
        .all(ends)
        .then_some(Ready { waiting, record })
}
