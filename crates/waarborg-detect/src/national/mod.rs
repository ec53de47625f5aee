//! National numbers of people, and of the enterprises that may be one person: one file per country
//! or family, each with its shapes, its check digits and why they count.
//!
//! A number by itself counts only when its shape and its check leave little room for chance; any
//! other needs a word of its own before it.

mod arithmetic;
mod balkans;
mod baltics;
mod belgium;
mod by_length;
mod central;
mod france;
mod germany;
mod iberia;
mod islands;
mod italy;
mod netherlands;
mod nordics;
mod vat;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading, Subkind};
use crate::validation::holds;
use crate::vocabulary::role;

/// Most letters and digits in a number.
const LONGEST: usize = 20;
/// Most groups that a number is written in.
const MOST_GROUPS: usize = 8;

/// A kind of number.
pub(crate) struct Number {
    /// Country and name as findings carry it; variants of one number share it.
    pub(crate) name: &'static str,
    /// `9` a digit, `A` a letter, `*` either; other letters stand for themselves.
    pub(crate) shape: &'static str,
    /// Whether letters and digits of this shape, in capitals, can have been issued.
    pub(crate) check: fn(&[u8]) -> bool,
    /// When it counts without a word before it.
    pub(crate) alone: Alone,
    /// Words that announce it; of two in one string both stand before it, in any order.
    pub(crate) words: &'static [&'static str],
}

/// When a number counts without a word before it.
pub(crate) enum Alone {
    /// Never: too many other numbers pass its check.
    Never,
    /// Written in one piece or in any groups.
    Always,
    /// Written in groups of these lengths.
    Groups(&'static [&'static [usize]]),
}

/// Every number of every country.
pub(crate) const ALL: &[&[Number]] = &[
    netherlands::NUMBERS,
    belgium::NUMBERS,
    germany::NUMBERS,
    france::NUMBERS,
    islands::NUMBERS,
    nordics::NUMBERS,
    iberia::NUMBERS,
    italy::NUMBERS,
    central::NUMBERS,
    baltics::NUMBERS,
    balkans::NUMBERS,
    vat::NUMBERS,
];

/// The check digit of ISO 7064 with the moduli eleven and ten, over the digits of a text.
pub(crate) fn iso_11_10(text: &str) -> bool {
    let digits: alloc::vec::Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    arithmetic::iso_11_10(&digits)
}

/// Letters and digits without what stands between their groups.
struct Compact {
    bytes: [u8; LONGEST],
    /// Per group: its length, and the byte behind it in the text.
    groups: [(usize, usize); MOST_GROUPS],
    n_groups: usize,
}

/// The number that begins at this token.
pub(crate) fn find(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let start = reading.token(place)?.start;
    let compact = read(reading, place)?;
    let mut before = None;
    let mut n = 0;
    let mut found: Option<Hit> = None;
    for n_groups in 1..=compact.n_groups {
        let (length, end) = *compact.groups.get(n_groups - 1)?;
        n += length;
        if n < 8 || joins_on(reading, end) {
            continue;
        }
        let bytes = compact.bytes.get(..n)?;
        let groups = compact.groups.get(..n_groups)?;
        let is_last = n_groups == compact.n_groups;
        let mut hit: Option<Hit> = None;
        for number in by_length::of(n) {
            if !fits(number.shape, bytes) {
                continue;
            }
            let before = before.get_or_insert_with(|| Before::new(reading, place));
            let judged = judge(reading, (place, before), number, bytes, groups, is_last);
            let Some((score, why)) = judged else {
                continue;
            };
            // One word may announce several numbers: the one whose check it passes is meant.
            if hit.as_ref().is_none_or(|other| score > other.score) {
                hit = Some(Hit {
                    // What only a word announces may be another number with a slip of the pen.
                    subkind: if why == Why::CheckDigit {
                        Subkind::Known(number.name)
                    } else {
                        Subkind::Unknown
                    },
                    ..Hit::new(start..end, Kind::IdNumber, score, why)
                });
            }
            if why == Why::CheckDigit {
                break;
            }
        }
        // Of two that a word announces the longer one is meant.
        let announced = |hit: &Option<Hit>| {
            hit.as_ref()
                .is_some_and(|hit| hit.why != Why::CheckDigit || hit.score > 0.9)
        };
        let is_longer = announced(&hit) && announced(&found);
        let score = |hit: &Option<Hit>| hit.as_ref().map_or(0.0, |hit| hit.score);
        if is_longer || score(&hit) > score(&found) {
            found = hit;
        }
    }
    found
}

/// How sure it is that these letters and digits are this number, and why.
fn judge(
    reading: &Reading<'_>,
    (place, before): (usize, &Before<'_>),
    number: &Number,
    bytes: &[u8],
    groups: &[(usize, usize)],
    is_last: bool,
) -> Option<(f32, Why)> {
    let is_proven = || holds(number.name, (number.check)(bytes));
    if before.announces(reading, number.words) {
        // A slip of the pen is still somebody's number.
        return Some(if is_proven() {
            (0.985, Why::CheckDigit)
        } else {
            (0.5, Why::AfterLabel)
        });
    }
    let is_usual = match number.alone {
        Alone::Never => false,
        Alone::Always => true,
        Alone::Groups(usual) => usual.iter().any(|lengths| {
            lengths
                .iter()
                .copied()
                .eq(groups.iter().map(|(length, _)| *length))
        }),
    };
    if !is_usual || !is_last || !is_proven() {
        return None;
    }
    let impersonal = bytes.iter().all(u8::is_ascii_digit)
        && reading.cue_before(place, 3, |cue| cue.is(role::IMPERSONAL));
    (!impersonal).then_some((0.82, Why::CheckDigit))
}

/// The words shortly before a number, on its line.
struct Before<'t> {
    /// The nearest first; of the last ones there may be none.
    words: [&'t str; FURTHEST],
    /// Where each stands, if it means "number" and so may end another word.
    ends: [Option<usize>; FURTHEST],
}

/// How many tokens before a number its word may stand.
const FURTHEST: usize = 6;

impl<'t> Before<'t> {
    fn new(reading: &Reading<'t>, place: usize) -> Before<'t> {
        let mut before = Before {
            words: [""; FURTHEST],
            ends: [None; FURTHEST],
        };
        let places = (0..place).rev();
        let slots = before.words.iter_mut().zip(before.ends.iter_mut());
        for (at, (word, end)) in places.zip(slots) {
            if reading.is_line_end(at) {
                break;
            }
            *word = reading.word(at);
            *end = reading.cue(at).is(role::NUMBER).then_some(at);
        }
        before
    }

    /// Whether one of the words is among these; "A-nummer" is one word.
    fn announces(&self, reading: &Reading<'_>, words: &[&str]) -> bool {
        let one_does = self.words.iter().zip(self.ends).any(|(word, end)| {
            words.iter().any(|known| known.eq_ignore_ascii_case(word))
                || end.is_some_and(|end| is_joined(reading, end, words))
        });
        let has = |known: &str| {
            self.words
                .iter()
                .any(|word| known.eq_ignore_ascii_case(word))
        };
        one_does
            || words.iter().any(|known| {
                known
                    .split_once(' ')
                    .is_some_and(|(first, second)| has(first) && has(second))
            })
    }
}

/// "A-nummer", "V nr": a short word and a word for number.
fn is_joined(reading: &Reading<'_>, place: usize, words: &[&str]) -> bool {
    let gap = 1 + usize::from(place > 0 && reading.is_mark(place - 1, '-'));
    let Some(first) = place.checked_sub(gap) else {
        return false;
    };
    let (head, tail) = (reading.word(first), reading.word(place));
    !head.is_empty()
        && words.iter().any(|known| {
            known.len() == head.len() + tail.len()
                && known
                    .get(..head.len())
                    .is_some_and(|begin| begin.eq_ignore_ascii_case(head))
                && known
                    .get(head.len()..)
                    .is_some_and(|end| end.eq_ignore_ascii_case(tail))
        })
}

fn fits(shape: &str, bytes: &[u8]) -> bool {
    shape.bytes().zip(bytes).all(|(class, byte)| match class {
        b'9' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_uppercase(),
        b'*' => byte.is_ascii_alphanumeric(),
        // Letters that are part of the shape are written in small ones.
        own => own.to_ascii_uppercase() == *byte,
    })
}

/// Reads groups of letters and digits with one of ` -./+` between them.
fn read(reading: &Reading<'_>, place: usize) -> Option<Compact> {
    let mut compact = Compact {
        bytes: [0; LONGEST],
        groups: [(0, 0); MOST_GROUPS],
        n_groups: 0,
    };
    let mut n = 0;
    let mut at = place;
    'groups: while compact.n_groups < MOST_GROUPS {
        let first = n;
        loop {
            let Some(token) = reading
                .token(at)
                .filter(|token| token.is_word() || token.is_number())
            else {
                break 'groups;
            };
            let text = reading.slice(token.span()).as_bytes();
            let Some(slots) = compact.bytes.get_mut(n..n + text.len()) else {
                break 'groups;
            };
            // Small letters are words, unless they stand against digits.
            if !token.is_number() && !token.has_capital() && !touches_digit(reading, at) {
                break 'groups;
            }
            slots.copy_from_slice(text);
            slots.make_ascii_uppercase();
            n += text.len();
            let end = token.end;
            at += 1;
            if !reading.is_glued(at) || !(reading.is_word(at) || reading.is_number(at)) {
                let slot = compact.groups.get_mut(compact.n_groups)?;
                *slot = (n - first, end);
                compact.n_groups += 1;
                break;
            }
        }
        let end = compact.groups.get(compact.n_groups.checked_sub(1)?)?.1;
        let is_separator = |at: usize| {
            ['-', '.', '/', '+']
                .iter()
                .any(|mark| reading.is_mark(at, *mark))
        };
        if is_separator(at) && reading.is_glued(at) && reading.is_glued(at + 1) {
            at += 1;
        }
        let is_near = reading
            .token(at)
            .is_some_and(|next| next.start <= end + 1 && !reading.is_line_end(at));
        if !is_near {
            break;
        }
    }
    (compact.n_groups > 0).then_some(compact)
}

fn touches_digit(reading: &Reading<'_>, place: usize) -> bool {
    (reading.is_glued(place) && place > 0 && reading.is_number(place - 1))
        || (reading.is_glued(place + 1) && reading.is_number(place + 1))
}

/// Whether a letter, a digit or a mark that joins stands against the end.
fn joins_on(reading: &Reading<'_>, end: usize) -> bool {
    let mut rest = reading.text.get(end..).unwrap_or_default().chars();
    match rest.next() {
        Some('-' | '/' | '_') => rest.next().is_some_and(char::is_alphanumeric),
        Some(next) => next.is_alphanumeric(),
        None => false,
    }
}

#[cfg(test)]
mod tests;
