//! Outgoing mail: what was written may not go; only the gate of the register makes what may.

mod address;
mod gate;
mod window;

#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;
use zeroize::Zeroizing;

pub use address::{MailAddress, SubjectLine};
pub use gate::{Happened, Held, Sending};

use crate::register::MessageClass;

/// A mail that was written and may not go: nobody looked yet whether it may.
///
/// Who sends takes a [`Mail<Passed>`] and nothing else, so what did not pass the gate does not compile:
///
/// ```compile_fail
/// use waarborg_domain::mail::{Mail, Passed, Written};
/// fn send(mail: Mail<Passed>) {}
/// fn hurry(mail: Mail<Written>) {
///     send(mail);
/// }
/// ```
///
/// Nobody but the gate makes one either:
///
/// ```compile_fail
/// use waarborg_domain::mail::{Mail, Passed, Written};
/// fn pass(mail: Mail<Written>) -> Mail<Passed> {
///     Mail { state: unreachable!(), ..mail }
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Written;

/// A mail that may go, now, to one server.
#[derive(Debug, Clone)]
pub struct Passed {
    server: String,
    at: Timestamp,
}

/// A mail to one person. It cannot be printed.
pub struct Mail<S> {
    id: Uuid,
    class: MessageClass,
    to: MailAddress,
    from: MailAddress,
    subject: SubjectLine,
    text: Zeroizing<String>,
    stop: Option<String>,
    state: S,
}

/// What somebody wrote, before it is a mail of a message of the register.
pub struct Draft {
    /// The mail's own number; the same at every try, so that a server can tell a second copy.
    pub id: Uuid,
    /// The name of the message in the register.
    pub message: String,
    /// To whom.
    pub to: MailAddress,
    /// From whom.
    pub from: MailAddress,
    /// What it is about.
    pub subject: SubjectLine,
    /// What it says.
    pub text: String,
    /// The part of it that sells; an objection takes it out.
    pub selling: Option<String>,
    /// What stands below both: from whom it is, and how to refuse it.
    pub foot: String,
    /// The page on which the person says that they want no more of it.
    pub stop: Option<String>,
}

impl<S> Mail<S> {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// What sort of message it is.
    #[must_use]
    pub fn class(&self) -> MessageClass {
        self.class
    }

    /// From whom.
    #[must_use]
    pub fn from(&self) -> &MailAddress {
        &self.from
    }
}

impl Mail<Passed> {
    /// The server that takes it, as the register has it now; it may go nowhere else.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.state.server
    }

    /// When it passed the gate.
    #[must_use]
    pub fn passed_at(&self) -> Timestamp {
        self.state.at
    }

    /// To whom.
    #[must_use]
    pub fn to(&self) -> &MailAddress {
        &self.to
    }

    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> &SubjectLine {
        &self.subject
    }

    /// What it says.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The page on which the person says that they want no more of it.
    #[must_use]
    pub fn stop(&self) -> Option<&str> {
        self.stop.as_deref()
    }
}

impl<S> fmt::Debug for Mail<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({}, {})", self.id, self.class)
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({}, {})", self.id, self.message)
    }
}

/// Text as a mail carries it: lines that end alike, and nothing that is not text.
fn readable(text: &str) -> Zeroizing<String> {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    Zeroizing::new(
        unified
            .chars()
            .filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
            .collect(),
    )
}
