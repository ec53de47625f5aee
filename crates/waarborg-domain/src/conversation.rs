//! A conversation: its choices and times. What was said is in sealed records.

use jiff::Timestamp;

use crate::ids::{ObjectId, SubjectId};

/// Whether a conversation is kept for the person to return to; chosen at its start, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum History {
    /// Listed, until the person deletes it or its claims end.
    On,
    /// In no list and no search, and erased a fixed time after the first message.
    Off,
}

impl History {
    /// The choice's name in the register and the store.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }

    /// Reads a choice's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::On, Self::Off]
            .into_iter()
            .find(|history| history.name() == name)
    }
}

/// A conversation's structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Its id, which is also its key's.
    pub id: ObjectId,
    /// Whose it is.
    pub subject: SubjectId,
    /// The service, by its name in the register.
    pub service: String,
    /// The model's name, as the person chose it.
    pub model: String,
    /// Kept in the list or not.
    pub history: History,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the first message was kept; `None` while it is empty.
    pub first_message_at: Option<Timestamp>,
}

/// Who said something in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The person.
    Person,
    /// The model.
    Model,
}

impl Speaker {
    /// The speaker's role in the chat-completions protocol.
    #[must_use]
    pub const fn role(self) -> &'static str {
        match self {
            Self::Person => "user",
            Self::Model => "assistant",
        }
    }
}
