//! Answers without what a person had removed from them: a list of keyed fingerprints, and what it does to a text.
//!
//! A person is known by their name *and* something around it, so that a namesake stays. The list holds no name: only
//! keyed fingerprints of how its usual forms sound.
//!
//! ```
//! use waarborg_detect::withheld::{Entry, Instead, ListKey, Withheld};
//!
//! let key = ListKey::new([7; 32]);
//! let list = || {
//!     let entry = Entry::new(&key, &["Jan de Vries"], &["Utrecht"], Instead::Nothing).unwrap();
//!     Withheld::new(key.clone(), vec![entry])
//! };
//! assert_eq!(list().applied_to("Jan de Vries uit Utrecht stal een fiets.", "[…]"), "[…]");
//! let namesake = "Jan de Vries uit Breda bakt brood.";
//! assert_eq!(list().applied_to(namesake, "[…]"), namesake);
//! ```

mod names;
mod screener;
#[cfg(test)]
mod tests;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use names::{MOST_WORDS, forms, is_of_word, sound, sounds};
pub(crate) use screener::{Manner, Screener};

/// The secret by which the list compares names.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ListKey([u8; 32]);

impl ListKey {
    /// Wraps 32 secret, random bytes.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> ListKey {
        ListKey(secret)
    }

    fn mark(&self, words: &str) -> Mark {
        let mut mark = Mark::default();
        // HMAC takes keys of any length.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            mac.update(words.as_bytes());
            let digest = mac.finalize().into_bytes();
            for (to, from) in mark.iter_mut().zip(digest) {
                *to = from;
            }
        }
        mark
    }
}

/// A keyed fingerprint of some words, as they sound.
pub type Mark = [u8; 16];

/// What comes in the place of what an answer says about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    /// Nothing of it: the passage goes.
    Nothing,
    /// It stays, and this statement follows it.
    Statement(String),
}

/// A person on the list, as keyed fingerprints.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Of the forms of their name that say who it is.
    pub names: Vec<Mark>,
    /// Of the forms that do so after the whole name was said.
    pub short: Vec<Mark>,
    /// Of what stands around the name where this person is meant.
    pub around: Vec<Mark>,
    /// What comes instead.
    pub instead: Instead,
}

impl Entry {
    /// An entry for a person with these names, known by any of these things around them. `None` if there is no full
    /// name, or nothing by which a namesake would be told apart.
    #[must_use]
    pub fn new(key: &ListKey, names: &[&str], around: &[&str], instead: Instead) -> Option<Entry> {
        let (mut full, mut short) = (BTreeSet::new(), BTreeSet::new());
        for name in names.iter().filter_map(|name| forms(name)) {
            full.extend(name.full.iter().map(|form| key.mark(form)));
            short.extend(name.short.iter().map(|form| key.mark(form)));
        }
        let around: BTreeSet<Mark> = around
            .iter()
            .map(|phrase| sounds(phrase))
            .filter(|words| !words.is_empty() && words.len() <= MOST_WORDS)
            .map(|words| key.mark(&words.join(" ")))
            .collect();
        if full.is_empty() || around.is_empty() {
            return None;
        }
        Some(Entry {
            names: full.into_iter().collect(),
            short: short.into_iter().collect(),
            around: around.into_iter().collect(),
            instead,
        })
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entry")
    }
}

/// The list.
pub struct Withheld {
    key: ListKey,
    entries: Vec<Entry>,
    known: BTreeMap<Mark, Vec<(usize, Means)>>,
}

/// What a fingerprint on the list means for an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    Name,
    Short,
    Around,
}

impl Withheld {
    /// The list of these entries, which were made with this key.
    #[must_use]
    pub fn new(key: ListKey, entries: Vec<Entry>) -> Withheld {
        let mut known: BTreeMap<Mark, Vec<(usize, Means)>> = BTreeMap::new();
        for (place, entry) in entries.iter().enumerate() {
            let kinds = [
                (&entry.names, Means::Name),
                (&entry.short, Means::Short),
                (&entry.around, Means::Around),
            ];
            for (marks, means) in kinds {
                for mark in marks {
                    known.entry(*mark).or_default().push((place, means));
                }
            }
        }
        Withheld {
            key,
            entries,
            known,
        }
    }

    /// A list on which nobody is.
    #[must_use]
    pub fn nobody() -> Withheld {
        Withheld::new(ListKey::new([0; 32]), Vec::new())
    }

    /// Whether nobody is on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Who is on it.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many are on it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whom these texts name, and of whom something around the name stands in them.
    #[must_use]
    pub fn named_in<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Named {
        self.named_by(&self.words_in(texts))
    }

    /// Which words of the list stand in these texts, as it compares them: those that name somebody, and what stands around them.
    #[must_use]
    pub fn words_in<'t>(&self, texts: impl Iterator<Item = &'t str>) -> BTreeSet<Mark> {
        texts.flat_map(|text| self.scan(text).words).collect()
    }

    /// Whom these words name, as [`Withheld::words_in`] found them, also in a list of before.
    #[must_use]
    pub fn named_by(&self, words: &BTreeSet<Mark>) -> Named {
        let mut named = Named::default();
        for (entry, means) in words
            .iter()
            .filter_map(|mark| self.known.get(mark))
            .flatten()
        {
            match means {
                Means::Name => {
                    named.names.insert(*entry);
                }
                Means::Around => {
                    named.around.insert(*entry);
                }
                Means::Short => {}
            }
        }
        named
    }

    /// A whole text as it may go out; `notice` stands where a passage went.
    #[must_use]
    pub fn applied_to(self, text: &str, notice: &str) -> String {
        let mut screener = Screener::new(
            Arc::new(self),
            &Named::default(),
            Manner::Passages,
            notice.into(),
        );
        let mut out = screener.push(text);
        out.push_str(&screener.finish());
        out
    }

    fn scan(&self, text: &str) -> Found {
        let words = words_of(text);
        let mut found = Found::default();
        for first in 0..words.len() {
            let mut joined = String::new();
            for (n, word) in words.iter().skip(first).take(MOST_WORDS).enumerate() {
                if n > 0 {
                    joined.push(' ');
                }
                joined.push_str(&word.sound);
                let span = words.get(first).map_or(word.start, |word| word.start)..word.end;
                self.look_up(&joined, &span, &mut found);
                // A genitive: "Bakkers fiets".
                if let Some(bare) = joined.strip_suffix('s')
                    && n > 0
                {
                    self.look_up(bare, &span, &mut found);
                }
            }
        }
        found
    }

    fn look_up(&self, words: &str, span: &core::ops::Range<usize>, found: &mut Found) {
        let mark = self.key.mark(words);
        let Some(meanings) = self.known.get(&mark) else {
            return;
        };
        found.words.push(mark);
        for (entry, means) in meanings {
            let hit = Hit {
                entry: *entry,
                span: span.clone(),
            };
            match means {
                Means::Name => found.names.push(hit),
                Means::Short => found.short.push(hit),
                Means::Around => {
                    found.around.insert(*entry);
                }
            }
        }
    }
}

impl fmt::Debug for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Withheld({} entries)", self.entries.len())
    }
}

/// Whom some texts name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    names: BTreeSet<usize>,
    around: BTreeSet<usize>,
}

/// What stands in a piece of text.
#[derive(Default)]
struct Found {
    names: Vec<Hit>,
    short: Vec<Hit>,
    around: BTreeSet<usize>,
    words: Vec<Mark>,
}

struct Hit {
    entry: usize,
    span: core::ops::Range<usize>,
}

struct Word {
    start: usize,
    end: usize,
    sound: String,
}

fn words_of(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, letter) in ends {
        if is_of_word(letter) {
            start = start.or(Some(at));
        } else if let Some(start) = start.take() {
            let sound = sound(text.get(start..at).unwrap_or_default());
            if !sound.is_empty() {
                words.push(Word {
                    start,
                    end: at,
                    sound,
                });
            }
        }
    }
    words
}
