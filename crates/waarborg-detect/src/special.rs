//! Words of the special categories, and whether the sentence links them to a person.

use alloc::vec;
use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::passage::Passages;
use crate::reading::{Hit, Reading};
use crate::sentences::{Sentences, about};
use crate::special_words::LISTS;
use crate::words;

/// What a word says by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sign {
    /// Nothing where the word only looks like one.
    kind: Option<Kind>,
    is_sure: bool,
    needs_capital: bool,
}

/// The words of all lists.
pub(crate) struct SpecialWords {
    /// Open addressing, a power of two long.
    slots: Vec<(u64, Sign)>,
    /// A bit for every hash, so that most words need no look at the slots.
    seen: Vec<u64>,
}

impl Sign {
    const NOTHING: Sign = Sign {
        kind: None,
        is_sure: false,
        needs_capital: false,
    };
}

/// Hashes of beginnings and endings are apart from those of whole words.
const BEGIN: u64 = 0x5bd1_e995_7c4d_a5a5;
const END: u64 = 0xa3c5_9ac2_e0b1_4f1d;

/// Words that end or begin like one of the list and mean something else.
const OTHERS: &str = "coöperatie inbreuk inbreuken contractbreuk doorbraak vertrouwensbreuk tijdbreuk operatie recordpijn systeemoperatie consumentenklachten \
     datatherapie softwarediagnose hervorming hervormingen hervormd verdachtmaking";

impl SpecialWords {
    pub(crate) fn new() -> SpecialWords {
        let mut all = SpecialWords {
            slots: vec![(0, Sign::NOTHING); 8192],
            seen: vec![0; 1024],
        };
        for list in LISTS {
            for (words, is_sure) in [(list.sure, true), (list.maybe, false)] {
                for word in words.split_whitespace() {
                    let bare = word.trim_start_matches('^');
                    let sign = Sign {
                        kind: Some(list.kind),
                        is_sure,
                        needs_capital: bare.len() < word.len(),
                    };
                    all.add(key(bare), sign);
                }
            }
        }
        for word in OTHERS.split_whitespace() {
            all.add(key(word), Sign::NOTHING);
        }
        all
    }

    fn add(&mut self, key: u64, sign: Sign) {
        if let Some(place) = self.probe(key)
            && let Some(slot) = self.slots.get_mut(place)
            // The first list that has a word keeps it, except that others take it away.
            && (slot.0 == 0 || sign.kind.is_none())
        {
            *slot = (key, sign);
        }
        if let Some(bits) = self
            .seen
            .get_mut(usize::try_from(key >> 48 & 1023).unwrap_or(0))
        {
            *bits |= 1 << (key >> 58);
        }
    }

    fn probe(&self, key: u64) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let first = usize::try_from(key >> 40 & 0xff_ffff).unwrap_or_default();
        (0..self.slots.len())
            .map(|step| (first + step) & mask)
            .find(|place| {
                self.slots
                    .get(*place)
                    .is_some_and(|(other, _)| *other == key || *other == 0)
            })
    }

    /// The sign of a key, if a list has it.
    fn look_up(&self, key: u64) -> Option<Sign> {
        let bits = self
            .seen
            .get(usize::try_from(key >> 48 & 1023).unwrap_or(0))?;
        if bits >> (key >> 58) & 1 == 0 {
            return None;
        }
        let slot = self.slots.get(self.probe(key)?)?;
        (slot.0 == key).then_some(slot.1)
    }

    /// The sign of a word, from its hash and its letters.
    fn sign(&self, hash: u64, word: &str, n_chars: usize) -> Option<Sign> {
        if n_chars < 2 {
            return None;
        }
        if let Some(sign) = self.look_up(hash) {
            return Some(sign);
        }
        if n_chars < 4 {
            return None;
        }
        let mut found = None;
        let mut part = words::EMPTY;
        for (n, letter) in word.chars().take(16).enumerate() {
            part = words::add(part, letter);
            if n >= 2 {
                found = self.look_up(part ^ BEGIN).or(found);
            }
        }
        if found.is_some() || n_chars < 6 {
            return found;
        }
        part = words::EMPTY;
        for (n, letter) in word.chars().rev().take(12).enumerate() {
            part = words::add(part, letter);
            // A short ending says something only of a long word.
            if n >= 2 && n_chars > n + 2 {
                found = self.look_up(part ^ END).or(found);
            }
        }
        found
    }

    /// Marks the words, for the tagger to judge.
    pub(crate) fn find(&self, reading: &Reading<'_>, hits: &mut Vec<Hit>) {
        for (place, token) in reading.tokens.iter().enumerate() {
            if !token.is_word() {
                continue;
            }
            let word = reading.word(place);
            // "burn-out", "D66", "NU'91": parts with a dash or a number are one word too.
            let has_bridge = reading.is_glued(place + 1)
                && (reading.is_mark(place + 1, '-') || reading.is_mark(place + 1, '\''));
            let next = place + 1 + usize::from(has_bridge);
            let joins = reading.is_glued(next)
                && (reading.is_number(next) || (has_bridge && reading.is_word(next)));
            let joined = joins.then_some(()).and_then(|()| {
                let hash = reading.word(next).chars().fold(token.hash, words::add);
                self.look_up(hash)
            });
            let end = if joined.is_some() { next } else { place };
            let own = || self.sign(token.hash, word, token.n_chars);
            let Some(sign) = joined.or_else(own) else {
                continue;
            };
            if sign.needs_capital && !token.has_capital() {
                continue;
            }
            let span = token.start..reading.token(end).map_or(token.end, |token| token.end);
            let Some(kind) = sign.kind else { continue };
            let score = if sign.is_sure { Hit::HINT } else { Hit::FAINT };
            hits.push(Hit::new(span, kind, score, Why::SpecialWord));
        }
    }
}

/// The key of a word of the lists; a star makes it a beginning or an ending.
fn key(word: &str) -> u64 {
    let letters = |word: &str| -> alloc::string::String {
        word.chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect()
    };
    if let Some(begin) = word.strip_suffix('*') {
        words::hash(&letters(begin)) ^ BEGIN
    } else if let Some(end) = word.strip_prefix('*') {
        letters(end).chars().rev().fold(words::EMPTY, words::add) ^ END
    } else {
        words::hash(&letters(word))
    }
}

/// Statements that the tagger missed: a word that says by itself what it is about, in a sentence
/// about a person.
pub(crate) fn linked(
    reading: &Reading<'_>,
    (sentences, passages): (&Sentences, &Passages),
    hinted: &[Hit],
    hits: &mut Vec<Hit>,
) {
    let has_person = hits.iter().any(|hit| hit.kind == Kind::Person);
    let mut found = Vec::new();
    for hint in hinted
        .iter()
        .filter(|hint| hint.why == Why::SpecialWord && hint.score >= Hit::HINT)
    {
        let place = reading
            .tokens
            .partition_point(|token| token.end <= hint.span.start);
        let flags = sentences.of(place);
        let is_general = flags & (about::GENERAL | about::FICTION) != 0;
        let is_linked = hits.iter().any(|hit| {
            hit.kind == Kind::Person && sentences.is_same(place, reading, hit.span.start)
        }) || (flags & (about::FIRST | about::THIRD | about::RELATION) != 0
            && (has_person || passages.general(place) < 0));
        if is_linked && !is_general {
            found.push(Hit::new(
                hint.span.clone(),
                hint.kind,
                0.5,
                Why::SpecialWord,
            ));
        }
    }
    hits.extend(found);
}
