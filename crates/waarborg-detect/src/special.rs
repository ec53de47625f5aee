//! Words of the special categories, and whether the sentence links them to a person.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::passage::Passages;
use crate::reading::{Hit, Reading};
use crate::seen::Seen;
use crate::sentences::{Sentences, about};
use crate::special_words::LISTS;
use crate::tokens::Token;
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
    /// Most words are in no list; this says so without a look at the slots.
    seen: Seen,
    /// The first three letters or more of all beginnings, and the last ones of all endings: where a word leaves them, no longer
    /// one can match.
    parts: Seen,
    /// The first three letters of all beginnings, and the last three of all endings.
    heads: Threes,
    tails: Threes,
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
            seen: Seen::new(512),
            parts: Seen::new(1024),
            heads: Threes::new(),
            tails: Threes::new(),
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
                    if let Some(begin) = bare.strip_suffix('*') {
                        all.heads.add(letters(begin).chars());
                        all.add_parts(letters(begin).chars(), BEGIN);
                    } else if let Some(end) = bare.strip_prefix('*') {
                        all.tails.add(letters(end).chars().rev());
                        all.add_parts(letters(end).chars().rev(), END);
                    }
                }
            }
        }
        for word in OTHERS.split_whitespace() {
            all.add(key(word), Sign::NOTHING);
        }
        all
    }

    fn add_parts(&mut self, letters: impl Iterator<Item = char>, sort: u64) {
        let mut part = words::EMPTY;
        for (n, letter) in (1..).zip(letters) {
            part = words::add(part, letter);
            if n >= SHORTEST {
                self.parts.add(part ^ sort);
            }
        }
    }

    fn add(&mut self, key: u64, sign: Sign) {
        if let Some(place) = self.probe(key)
            && let Some(slot) = self.slots.get_mut(place)
            // The first list that has a word keeps it, except that others take it away.
            && (slot.0 == 0 || sign.kind.is_none())
        {
            *slot = (key, sign);
        }
        self.seen.add(key);
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
        if !self.seen.has(key) {
            return None;
        }
        let slot = self.slots.get(self.probe(key)?)?;
        (slot.0 == key).then_some(slot.1)
    }

    /// The sign of a word, from its hash and its letters.
    fn sign(&self, reading: &Reading<'_>, token: &Token) -> Option<Sign> {
        let n_chars = token.n_chars;
        if n_chars < 2 {
            return None;
        }
        if let Some(sign) = self.look_up(token.hash) {
            return Some(sign);
        }
        if n_chars < 4 {
            return None;
        }
        // What is not in plain letters may have any beginning and ending.
        let ascii = Some(reading.bytes(token)).filter(|word| word.len() == n_chars);
        let head = ascii.and_then(|word| word.first_chunk());
        let tail = ascii.and_then(|word| word.last_chunk());
        let word = || reading.slice(token.span());
        let mut found = None;
        if head.is_none_or(|head| self.heads.has(*head)) {
            found = match ascii {
                Some(word) => self.longest(word.iter().copied(), words::add_ascii, BEGIN, 16),
                None => self.longest(word().chars(), words::add, BEGIN, 16),
            };
        }
        let has_tail =
            || tail.is_none_or(|[first, second, third]| self.tails.has([*third, *second, *first]));
        if found.is_none() && n_chars >= 6 && has_tail() {
            // A short ending says something only of a long word.
            let most = 12.min(n_chars - 2);
            found = match ascii {
                Some(word) => self.longest(word.iter().copied().rev(), words::add_ascii, END, most),
                None => self.longest(word().chars().rev(), words::add, END, most),
            };
        }
        found
    }

    /// The sign of the longest beginning of these letters with three or more, and at most `most`, that a list has.
    fn longest<L>(
        &self,
        letters: impl Iterator<Item = L>,
        add: impl Fn(u64, L) -> u64,
        sort: u64,
        most: usize,
    ) -> Option<Sign> {
        let mut found = None;
        let mut part = words::EMPTY;
        for (n, letter) in (1..=most).zip(letters) {
            part = add(part, letter);
            if n >= SHORTEST {
                if !self.parts.has(part ^ sort) {
                    break;
                }
                found = self.look_up(part ^ sort).or(found);
            }
        }
        found
    }

    /// "burn-out", "D66", "NU'91": parts with a dash or a number are one word too. The sign, and the last token.
    fn joined(&self, reading: &Reading<'_>, place: usize, token: &Token) -> Option<(Sign, usize)> {
        let has_bridge = reading.is_mark(place + 1, '-') || reading.is_mark(place + 1, '\'');
        let next = place + 1 + usize::from(has_bridge);
        let joins = reading.is_glued(next)
            && (reading.is_number(next) || (has_bridge && reading.is_word(next)));
        let word = joins.then(|| reading.word(next))?;
        let hash = word.chars().fold(token.hash, words::add);
        Some((self.look_up(hash)?, next))
    }

    /// Marks the words, for the tagger to judge.
    pub(crate) fn find(&self, reading: &Reading<'_>, hits: &mut Vec<Hit>) {
        for (place, token) in reading.tokens.iter().enumerate() {
            if !token.is_word() {
                continue;
            }
            let joined = if reading.is_glued(place + 1) {
                self.joined(reading, place, token)
            } else {
                None
            };
            let own = || Some((self.sign(reading, token)?, place));
            let Some((sign, end)) = joined.or_else(own) else {
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

/// Fewer letters say nothing as a beginning or an ending.
const SHORTEST: usize = 3;

/// A bit for every three letters from a to z: few words begin or end with three that matter.
struct Threes {
    bits: Vec<u64>,
}

impl Threes {
    fn new() -> Threes {
        Threes {
            bits: vec![0; 1 << (15 - 6)],
        }
    }

    /// Adds the first three letters. Others than a to z are in no word that is asked for.
    fn add(&mut self, letters: impl Iterator<Item = char>) {
        let mut folded = letters.map(|letter| u8::try_from(words::fold_letter(letter)).ok());
        if let (Some(Some(first)), Some(Some(second)), Some(Some(third))) =
            (folded.next(), folded.next(), folded.next())
        {
            let place = number_of([first, second, third]);
            if let Some(word) = self.bits.get_mut(place >> 6) {
                *word |= 1 << (place & 63);
            }
        }
    }

    fn has(&self, letters: [u8; SHORTEST]) -> bool {
        let place = number_of(letters);
        self.bits
            .get(place >> 6)
            .is_some_and(|word| word >> (place & 63) & 1 != 0)
    }
}

/// A number below 2^15 for three letters, whatever their case.
fn number_of(letters: [u8; SHORTEST]) -> usize {
    letters
        .into_iter()
        .fold(0, |number, letter| number << 5 | usize::from(letter & 31))
}

/// A word of the lists without its stars and other marks.
fn letters(word: &str) -> String {
    word.chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

/// The key of a word of the lists; a star makes it a beginning or an ending.
fn key(word: &str) -> u64 {
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
