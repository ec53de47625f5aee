//! A data-subject request on its way: numbered, dated, and in one stage at a time.

use std::fmt;

use jiff::Timestamp;

use crate::calendar::Due;
use crate::ids::{RequestId, SubjectId};
use crate::rights::Right;

/// A request. What the person wrote is in sealed records of the object with the same id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Its number, as the person knows it.
    pub reference: Reference,
    /// Which right is exercised.
    pub right: Right,
    /// Whose: the person of the session, or one of whom only this request is known.
    pub subject: SubjectId,
    /// Where it came in.
    pub channel: Channel,
    /// When its clock started.
    pub received_at: Timestamp,
    /// When it must be answered (article 12(3)).
    pub due: Due,
    /// How far it is.
    pub stage: Stage,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// Each of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// A stable word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What goes by this word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}

words!(
    /// Where a request came in.
    Channel {
        /// In a conversation.
        Conversation = "conversation",
        /// On the rights page.
        Form = "form",
        /// By letter or telephone, typed in by staff.
        Staff = "staff",
    }
);

words!(
    /// How far a request is.
    Stage {
        /// It was received; its clock runs.
        Received = "received",
        /// A person at the privacy desk works on it.
        AtDesk = "at_desk",
        /// It was answered, wholly or in part.
        Answered = "answered",
        /// It was refused, with its ground.
        Refused = "refused",
        /// The person took it back.
        TakenBack = "taken_back",
    }
);

impl Stage {
    /// Whether nothing remains to be done.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Answered | Self::Refused | Self::TakenBack)
    }
}

/// A request's number, as the person knows it: `WB-7Q4K-9M2X`. Random, so that it says nothing and cannot be guessed
/// from another; it opens nothing without its secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Reference(String);

/// Digits and capitals that nobody confuses when they read a number aloud.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

impl Reference {
    /// A reference from random bytes.
    #[must_use]
    pub fn from_random(bytes: &[u8; 32]) -> Self {
        let mut text = String::from("WB");
        for (position, byte) in bytes.iter().take(8).enumerate() {
            if position % 4 == 0 {
                text.push('-');
            }
            text.push(
                LETTERS
                    .get(usize::from(byte % 32))
                    .copied()
                    .map_or('2', char::from),
            );
        }
        Self(text)
    }

    /// Reads a reference as a person may type it: any case, with or without dashes and spaces.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let plain: String = typed
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let code = plain.strip_prefix("WB")?;
        let is_code = code.len() == 8 && code.bytes().all(|byte| LETTERS.contains(&byte));
        let (first, second) = code.split_at_checked(4)?;
        is_code.then(|| Self(format!("WB-{first}-{second}")))
    }

    /// The reference as it is printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_however_it_is_typed() {
        let reference = Reference::from_random(&[31; 32]);
        assert_eq!(reference.as_str(), "WB-ZZZZ-ZZZZ");
        assert_eq!(Reference::parse("wb zzzz zzzz"), Some(reference));
        assert_eq!(Reference::parse("WB-0000-0000"), None);
        assert_eq!(Reference::parse(""), None);
    }

    #[test]
    fn every_stage_is_read_back() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(*stage));
        }
    }
}
