//! The gate: whether this mail may go to this person now. It is asked for every mail, just before it goes.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use thiserror::Error;

use super::window::Window;
use super::{Draft, Mail, Passed, Written, readable};
use crate::claim::Trigger;
use crate::permit::{Ask, Permit, PersonState, Refusal};
use crate::register::{Carried, Message, MessageClass, Register, ReminderMode};

/// Something that happened to a person, and when.
pub type Happened = (Trigger, Timestamp);

/// What is known at the moment of sending; never of the moment at which a job was made.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// The facts of the person.
    pub person: &'a PersonState,
    /// Whether somebody said that nothing for this purpose goes to this address any more.
    pub is_stopped: bool,
    /// Whether somebody said that nothing that sells goes to this address any more.
    pub is_selling_stopped: bool,
    /// How often this message went to this address.
    pub n_sent: u64,
    /// What happened to the person, as far as a window of the register counts from it.
    pub happened: &'a [Happened],
    /// The recipient of the register that takes outgoing mail.
    pub recipient: &'a str,
    /// Now.
    pub now: Timestamp,
    /// Today, in the controller's time zone.
    pub today: Date,
    /// The controller's time zone.
    pub zone: &'a TimeZone,
}

/// Why a mail does not go. It names rules, never content.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Held {
    /// The register has no such message, or does not say for what it is sent.
    #[error("the register does not say for what this message is sent")]
    Undeclared,
    /// The register does not allow it for this person, or to this server, today.
    #[error(transparent)]
    NotAllowed(#[from] Refusal),
    /// The permit does not reach the category of the address.
    #[error("the purpose does not use this category of address")]
    CategoryShut,
    /// The server that takes mail has no address in the register.
    #[error("the recipient has no address for mail")]
    NoServer,
    /// The person said no to this purpose.
    #[error("the person wants no more of this")]
    Stopped,
    /// What can be refused has no way to do so in it.
    #[error("the mail has no way to refuse it")]
    NoWayOut,
    /// The person did not ask for this reminder.
    #[error("the person did not ask for this reminder")]
    NotAsked,
    /// It is too early or too late for it.
    #[error("the register does not let this message go now")]
    OutsideWindow,
    /// What it says, or to whom, is erased.
    #[error("what it says is erased")]
    Gone,
    /// It went often enough.
    #[error("it went as often as the register lets it")]
    OftenEnough,
}

impl Held {
    /// The word for it in the audit log and in counts.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Undeclared => "undeclared",
            Self::NotAllowed(_) => "not_allowed",
            Self::CategoryShut => "category_shut",
            Self::NoServer => "no_server",
            Self::Stopped => "stopped",
            Self::NoWayOut => "no_way_out",
            Self::NotAsked => "not_asked",
            Self::OutsideWindow => "outside_window",
            Self::Gone => "gone",
            Self::OftenEnough => "often_enough",
        }
    }
}

impl Register {
    /// A message that is sent by itself.
    #[must_use]
    pub fn message(&self, name: &str) -> Option<&Message> {
        self.messages().iter().find(|message| message.name == name)
    }

    /// The permit under which the program keeps and sends a message.
    ///
    /// # Errors
    ///
    /// [`Held`] if the register does not say for what it is sent, or does not allow it for this person today.
    pub fn message_permit(
        &self,
        message: &str,
        person: &PersonState,
        today: Date,
    ) -> Result<(Permit<'_>, &Message, &Carried), Held> {
        let message = self.message(message).ok_or(Held::Undeclared)?;
        let carried = message.carried.as_ref().ok_or(Held::Undeclared)?;
        let permit = self.permit(&Ask {
            service: carried.service.as_str(),
            purpose: carried.purpose.as_str(),
            person,
            today,
        })?;
        if !permit.covers(&carried.category) {
            return Err(Held::CategoryShut);
        }
        Ok((permit, message, carried))
    }

    /// The events from which the window of a message counts.
    #[must_use]
    pub fn window_events(&self, message: &str) -> Vec<Trigger> {
        let window = self.message(message).and_then(window_of);
        window.map_or_else(Vec::new, |window| {
            vec![window.from.trigger, window.until.trigger]
        })
    }

    /// Lets a mail go to this person now; nothing else makes one that can be sent.
    ///
    /// # Errors
    ///
    /// [`Held`] with the first rule that stands in the way.
    pub fn pass(&self, draft: Draft, sending: &Sending<'_>) -> Result<Mail<Passed>, Held> {
        let (permit, message, carried) =
            self.message_permit(&draft.message, sending.person, sending.today)?;
        let transfer = self.transfer(&permit, sending.recipient, sending.today)?;
        if !transfer.covers(&carried.category) {
            return Err(Held::CategoryShut);
        }
        if !["mail", "message"]
            .iter()
            .all(|field| transfer.covers_field(field))
        {
            return Err(Held::NotAllowed(Refusal::NoFields {
                recipient: transfer.recipient().clone(),
            }));
        }
        let server = transfer.base_url().ok_or(Held::NoServer)?.to_owned();
        may_go(message, &draft, sending)?;

        let mail = Mail::<Written>::of(draft, message.class, sending.is_selling_stopped);
        Ok(mail.passed(Passed {
            server,
            at: sending.now,
        }))
    }
}

impl Mail<Written> {
    fn of(draft: Draft, class: MessageClass, is_selling_stopped: bool) -> Self {
        let mut text = readable(&draft.text);
        let selling = draft.selling.filter(|_| !is_selling_stopped);
        for more in selling.iter().chain([&draft.foot]) {
            text.push_str("\n\n");
            text.push_str(&readable(more));
        }
        Self {
            id: draft.id,
            class,
            to: draft.to,
            from: draft.from,
            subject: draft.subject,
            text,
            stop: draft.stop,
            state: Written,
        }
    }

    fn passed(self, state: Passed) -> Mail<Passed> {
        Mail {
            id: self.id,
            class: self.class,
            to: self.to,
            from: self.from,
            subject: self.subject,
            text: self.text,
            stop: self.stop,
            state,
        }
    }
}

/// What the message itself asks, beside the permits.
fn may_go(message: &Message, draft: &Draft, sending: &Sending<'_>) -> Result<(), Held> {
    if message.class.may_be_refused() {
        if sending.is_stopped {
            return Err(Held::Stopped);
        }
        if draft.stop.is_none() {
            return Err(Held::NoWayOut);
        }
    }
    let asked = matches!(
        message.mode,
        Some(ReminderMode::OnRequest | ReminderMode::ExplicitConsent)
    );
    if message.class == MessageClass::Reminder && (asked || message.mode.is_none()) {
        let purpose = message.carried.as_ref().map(|carried| &carried.purpose);
        let has_asked = sending
            .person
            .consents
            .iter()
            .any(|held| purpose.is_some_and(|purpose| *purpose == *held.purpose));
        if !has_asked {
            return Err(Held::NotAsked);
        }
    }
    if message.window.is_some() {
        let happened = |trigger| {
            let found = sending
                .happened
                .iter()
                .filter(|(known, _)| *known == trigger);
            found.map(|(_, at)| *at).max()
        };
        let is_open = window_of(message)
            .is_some_and(|window| window.is_open(sending.now, sending.zone, happened));
        if !is_open {
            return Err(Held::OutsideWindow);
        }
    }
    if message
        .max
        .is_some_and(|max| sending.n_sent >= u64::from(max))
    {
        return Err(Held::OftenEnough);
    }
    Ok(())
}

fn window_of(message: &Message) -> Option<Window> {
    message.window.as_deref().and_then(Window::parse)
}
