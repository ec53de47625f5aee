//! Outgoing mail: jobs that wait in a queue, and the one door through which each mail goes when its turn comes.

mod job;
mod news;
mod send;
mod stop;
mod tell;

use std::sync::Arc;

use waarborg_detect::surrogate::Language;
use waarborg_domain::mail::MailAddress;
use waarborg_domain::permit::PersonState;
use waarborg_domain::rights::Request;

use crate::desk::Desk;
use crate::messages;
use crate::ports::Mark;

pub use job::{Addressee, Job, Mailing, MailingError, Sender, WAITING, count, end, queue};
pub use news::{CODE, NEWS, News};
pub(crate) use news::{is_carried, ready};
pub use send::{LONGEST_DELIVERY, SENT, Turn, next, tidy};
pub use stop::{StopCode, WaysOut, stop, ways_out, withdraw};
pub use tell::{Changed, Ready, TellError, Told, prepare, tell};

/// How this installation sends mail; without it nothing is sent.
#[derive(Clone)]
pub struct Post {
    /// The recipient of the register that takes outgoing mail.
    pub recipient: String,
    /// From whom it is.
    pub from: MailAddress,
    /// Where people reach us, without a slash at the end; links in mails begin with it.
    pub public_url: String,
    /// The words of mails.
    pub writer: Arc<dyn Writer>,
}

/// Writes what the program itself says in mails.
pub trait Writer: Send + Sync {
    /// What stands below every mail: from whom it is, where the privacy statement is, and how to refuse it or to take a
    /// consent back.
    fn foot(&self, desk: &Desk, post: &Post, way: Way<'_>, language: Language) -> String;

    /// What a mail about a change of the notice is about, and what it says.
    fn change(
        &self,
        desk: &Desk,
        post: &Post,
        changed: &Changed,
        language: Language,
    ) -> (String, String);
    /// What a mail about a request is about, in one line, and what it says.
    fn news(
        &self,
        desk: &Desk,
        post: &Post,
        request: &Request,
        news: &News<'_>,
        language: Language,
    ) -> (String, String);
}

/// Where the link below a mail leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way<'a> {
    /// To the button with which its reader has no more of it, and to their consents.
    Out(&'a str),
    /// To their consents; the mail itself cannot be refused.
    ToConsents(&'a str),
}

/// A language by its name in settings and on the command line.
#[must_use]
pub fn language(name: &str) -> Option<Language> {
    match name {
        "nl" => Some(Language::Dutch),
        "en" => Some(Language::English),
        _ => None,
    }
}

const fn name_of(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        _ => "nl",
    }
}

/// Of who is not known here nothing is known but the address; the organisation has it from them.
fn stranger() -> PersonState {
    PersonState {
        notice_seen: true,
        ..PersonState::default()
    }
}

/// The keyed fingerprint by which an address is known.
pub(crate) fn mark(desk: &Desk, address: &MailAddress) -> Option<Mark> {
    messages::mark(desk, address.as_str())
}
