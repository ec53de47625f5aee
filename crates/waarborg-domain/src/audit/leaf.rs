//! What the log says about an entry forever: a commitment to its words, and a mark of the key that sealed them.
//!
//! Words may be missing for two reasons: an erasure destroyed their key, or somebody took them away. The mark tells
//! the two apart. It comes from a trace of the key; the trace is published in the log when the key is destroyed, and
//! from then on anyone can see which entries that erasure closed, and that it closed no others. Until then the marks
//! of one person's entries have nothing in common.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::hash::{Commitment, Hash, leaf_hash};
use crate::entry::Act;

/// What can be told of a key without telling the key: enough to recognise what was sealed under it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyTrace(pub [u8; 32]);

impl KeyTrace {
    /// The trace of this key. The key does not follow from it.
    #[must_use]
    pub fn of(key: &[u8; 32]) -> Self {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(b"waarborg audit key trace 1");
        Self(mac.finalize().into_bytes().into())
    }
}

impl fmt::Display for KeyTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for KeyTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyTrace")
    }
}

/// By which key an entry was sealed, at its place in the log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyMark(pub [u8; 32]);

impl KeyMark {
    /// The mark that a key with this trace leaves on the entry at `position`.
    #[must_use]
    pub fn new(trace: &KeyTrace, position: u64) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(b"waarborg audit key mark 1");
        hasher.update(trace.0);
        hasher.update(position.to_be_bytes());
        Self(hasher.finalize().into())
    }

    /// The mark in `bytes`, or `None` where they are not 32 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Debug for KeyMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyMark({})", STANDARD.encode(self.0))
    }
}

/// One leaf of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// What the entry says, salted.
    pub commitment: Commitment,
    /// By which key its words were sealed.
    pub mark: KeyMark,
}

impl Leaf {
    /// The hash that goes into the tree.
    #[must_use]
    pub fn hash(&self) -> Hash {
        leaf_hash([self.commitment.0, self.mark.0].as_flattened())
    }
}

/// What an entry says about a key that an erasure destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DestroyedKey {
    /// The key's number.
    pub key: Uuid,
    /// What is left of it.
    pub trace: KeyTrace,
}

impl DestroyedKey {
    /// Reads it from the words of an entry; `None` if the entry is about something else.
    #[must_use]
    pub fn said_in(payload: &[u8]) -> Option<Self> {
        let name = Act::TrailErased.name();
        // Nearly every entry is about something else; those are not parsed.
        let text = std::str::from_utf8(payload)
            .ok()
            .filter(|text| text.contains(name))?;
        let line: Value = serde_json::from_str(text).ok()?;
        if line.get("act")?.as_str()? != name {
            return None;
        }
        let trace = STANDARD.decode(line.get("key_trace")?.as_str()?).ok()?;
        Some(Self {
            key: line.get("object")?.as_str()?.parse().ok()?,
            trace: KeyTrace(trace.try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Actor, Entry};
    use jiff::Timestamp;

    #[test]
    fn an_entry_about_a_destroyed_key_is_read_back() {
        let destroyed = DestroyedKey {
            key: Uuid::from_u128(7),
            trace: KeyTrace::of(&[3; 32]),
        };
        let entry = Entry::trail_erased(Timestamp::UNIX_EPOCH, destroyed);
        assert_eq!(
            DestroyedKey::said_in(entry.payload().as_bytes()),
            Some(destroyed)
        );
        let other = Entry::new(Timestamp::UNIX_EPOCH, Actor::House, Act::ConsoleViewed)
            .for_purpose(Act::TrailErased.name());
        assert_eq!(DestroyedKey::said_in(other.payload().as_bytes()), None);
    }

    #[test]
    fn a_mark_differs_per_key_and_place() {
        let [one, other] = [KeyTrace::of(&[1; 32]), KeyTrace::of(&[2; 32])];
        assert_eq!(KeyMark::new(&one, 5), KeyMark::new(&one, 5));
        assert_ne!(KeyMark::new(&one, 5), KeyMark::new(&one, 6));
        assert_ne!(KeyMark::new(&one, 5), KeyMark::new(&other, 5));
    }
}
