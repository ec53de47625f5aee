//! A second person's yes to one prompt: what waits for it, and what became of it.

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{GatewayKeyId, SubjectId};

use super::{Answer, Mark};

/// Who wants to send something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// An application, by its gateway key.
    Application(GatewayKeyId),
    /// A person in the chat.
    Person(SubjectId),
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Nobody has said anything yet.
    Waits,
    /// Somebody else agreed; the prompt may go once.
    Yes,
    /// Somebody else did not agree.
    No,
}

impl Answered {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Waits, Self::Yes, Self::No];

    /// Its word in the store.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Yes => "yes",
            Self::No => "no",
        }
    }

    /// Reads a word of the store.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// A prompt that waits for a second person, or that one answered. Of its text there is a keyed fingerprint and no letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: Uuid,
    /// The keyed fingerprint of who sends this very document where.
    pub mark: Mark,
    /// Who wants to send it.
    pub asker: Asker,
    /// For which service.
    pub service: String,
    /// To which recipient.
    pub recipient: String,
    /// How many findings of which kind are in it: `BSN=1;PERSON=2`.
    pub findings: String,
    /// Why, in a closed word, if they said so.
    pub reason: Option<String>,
    /// How it stands.
    pub answered: Answered,
    /// When it was first to be sent.
    pub asked_at: Timestamp,
    /// Until when a yes may come and be used.
    pub ends_at: Timestamp,
}

/// Prompts that wait for a second person. They are in no backup: a yes that was used stays used.
pub trait Agreements: Send + Sync {
    /// Notes that a prompt waits, unless one of the same fingerprint is there already: then that one, with the reason if
    /// it had none. `None` if so many of the same asker wait already.
    fn ask_agreement(
        &self,
        agreement: Agreement,
        most: u32,
        entry: Entry,
    ) -> Answer<'_, Option<Agreement>>;
    /// What stands under a fingerprint now.
    fn agreement(&self, mark: Mark, now: Timestamp) -> Answer<'_, Option<Agreement>>;
    /// All that has not ended, the oldest first.
    fn agreements(&self, now: Timestamp) -> Answer<'_, Vec<Agreement>>;
    /// Answers what waits. Says whether it waited still.
    fn answer_agreement(
        &self,
        id: Uuid,
        answered: Answered,
        now: Timestamp,
        entry: Entry,
    ) -> Answer<'_, bool>;
    /// Uses a yes up. Says whether there was one.
    fn use_agreement(&self, mark: Mark, now: Timestamp, entry: Entry) -> Answer<'_, bool>;
}
