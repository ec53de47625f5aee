//! The built-in word lists: names, common words, towns and streets, in one hashed table.

use prefetch_index::prefetch_index;

use crate::tokens::Token;

/// Made by `tables/make.py`; the sources stand in `tables/README.md`.
pub(crate) const TABLE: &[u8] = include_bytes!("../tables/lexicon.bin");

const SLOT: usize = 3;
const HEADER: usize = 4;

/// Tokens that are looked up at once: few enough that what they touch stays in the nearest caches.
const BLOCK: usize = 128;

/// What the lists know of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry(u8);

impl Entry {
    /// As a first name: 0 not, 1 rare, 2 known, 3 frequent.
    pub(crate) fn first_name(self) -> u8 {
        self.0 & 3
    }

    /// As a surname: 0 not, 1 rare, 2 known, 3 among the thousand most frequent.
    pub(crate) fn surname(self) -> u8 {
        self.0 >> 2 & 3
    }

    /// As an ordinary word: 0 not, 1 in the dictionary, 2 known, 3 frequent.
    pub(crate) fn common(self) -> u8 {
        self.0 >> 4 & 3
    }

    /// A town.
    pub(crate) fn is_town(self) -> bool {
        self.0 & 0x40 != 0
    }

    /// A street whose name does not say that it is one.
    pub(crate) fn is_street(self) -> bool {
        self.0 & 0x80 != 0
    }
}

/// The lists, as one table.
#[derive(Clone, Copy)]
pub(crate) struct Lexicon {
    slots: &'static [[u8; SLOT]],
}

impl Lexicon {
    /// The table that is built in.
    pub(crate) const BUILT_IN: Lexicon = Lexicon::new(TABLE);

    /// Another table in the same form: the number of slots, then the slots.
    pub(crate) const fn new(table: &'static [u8]) -> Lexicon {
        let (slots, _) = match table.split_first_chunk::<HEADER>() {
            Some((_, slots)) => slots.as_chunks::<SLOT>(),
            None => ([].as_slice(), [].as_slice()),
        };
        Lexicon { slots }
    }

    /// Looks a hash up.
    pub(crate) fn look_up(self, hash: u64) -> Entry {
        let finger = u16::try_from(hash & 0xffff).unwrap_or_default().max(1);
        let from_here = self.slots.get(self.first(hash)..).unwrap_or_default();
        // Behind the last slot the first one follows.
        search(from_here, finger)
            .or_else(|| search(self.slots, finger))
            .unwrap_or_default()
    }

    /// Looks the words of some tokens up.
    ///
    /// The table does not fit the nearest caches. All slots are asked for first, so that they come at the same time
    /// instead of one after the other.
    pub(crate) fn look_up_all(self, tokens: &mut [Token]) {
        for block in tokens.chunks_mut(BLOCK) {
            for token in block.iter().filter(|token| is_looked_up(token)) {
                prefetch_index(self.slots, self.first(token.hash));
            }
            for token in block.iter_mut().filter(|token| is_looked_up(token)) {
                token.entry = self.look_up(token.hash);
            }
        }
    }

    /// The slot where the search begins. Mixed first: the hashes of words with the same beginning are near each other.
    fn first(self, hash: u64) -> usize {
        let n_slots = self.slots.len() as u64;
        let mixed = (hash ^ hash >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(((mixed >> 32) * n_slots) >> 32).unwrap_or_default()
    }
}

/// What these slots say of a finger; nothing if neither the finger nor an empty slot is among them.
#[inline]
fn search(slots: &[[u8; SLOT]], finger: u16) -> Option<Entry> {
    for [low, high, flags] in slots {
        if *flags == 0 || u16::from_le_bytes([*low, *high]) == finger {
            return Some(Entry(*flags));
        }
    }
    None
}

/// Whether a token is a word of two letters or more; single letters are in no list.
fn is_looked_up(token: &Token) -> bool {
    token.n_chars > 1 && token.is_word()
}

/// Looks a hash up in the table that is built in.
pub(crate) fn look_up(hash: u64) -> Entry {
    Lexicon::BUILT_IN.look_up(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{combine, hash};

    #[test]
    fn the_lists_know_names_towns_and_words() {
        assert_eq!(look_up(hash("Jan")).first_name(), 3);
        assert_eq!(look_up(hash("Vries")).surname(), 3);
        assert!(look_up(hash("Yılmaz")).surname() >= 2);
        assert!(look_up(hash("Tilburg")).is_town());
        assert!(look_up(combine(hash("Den"), hash("Haag"))).is_town());
        assert_eq!(look_up(hash("en")).common(), 3);
        assert_eq!(look_up(hash("qxzqxzqxz")), Entry::default());
    }
}
