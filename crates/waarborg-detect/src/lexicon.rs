//! The built-in word lists: names, common words, towns and streets, in one hashed table.

/// Made by `tables/make.py`; the sources stand in `tables/README.md`.
pub(crate) const TABLE: &[u8] = include_bytes!("../tables/lexicon.bin");

const SLOT: usize = 3;
const HEADER: usize = 4;

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
pub(crate) struct Lexicon(&'static [u8]);

impl Lexicon {
    /// The table that is built in.
    pub(crate) const BUILT_IN: Lexicon = Lexicon(TABLE);

    /// Another table in the same form.
    pub(crate) fn new(table: &'static [u8]) -> Lexicon {
        Lexicon(table)
    }

    /// Looks a hash up.
    pub(crate) fn look_up(self, hash: u64) -> Entry {
        look_up_in(self.0, hash)
    }
}

/// Looks a hash up in the table that is built in.
pub(crate) fn look_up(hash: u64) -> Entry {
    Lexicon::BUILT_IN.look_up(hash)
}

fn look_up_in(table: &[u8], hash: u64) -> Entry {
    let n_slots = table
        .first_chunk::<HEADER>()
        .map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
    let finger = u16::try_from(hash & 0xffff)
        .unwrap_or_default()
        .max(1)
        .to_le_bytes();
    let first = usize::try_from(((hash >> 32) * n_slots) >> 32).unwrap_or_default();
    let slots = table.get(HEADER + first * SLOT..).unwrap_or_default();
    let wrapped = table.get(HEADER..).unwrap_or_default();
    for slot in slots.chunks_exact(SLOT).chain(wrapped.chunks_exact(SLOT)) {
        let &[low, high, flags] = slot else { break };
        if [low, high] == finger {
            return Entry(flags);
        }
        if flags == 0 {
            break;
        }
    }
    Entry::default()
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
