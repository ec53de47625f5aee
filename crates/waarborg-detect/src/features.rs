//! What the tagger looks at: for every token a list of numbered features.

use alloc::vec;
use alloc::vec::Vec;

use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::sentences::Sentences;
use crate::tokens::{Shape, Token};
use crate::vocabulary::role;
use crate::words;

/// Features of one token.
pub(crate) const N_FEATURES: usize = 36;

/// Added to the number of a kind that is only suspected.
const FAINT: usize = 64;

/// What recognisers before the tagger know, per token.
pub(crate) struct Known {
    sentences: Sentences,
    /// Per token: the signs of the run between white space around it, and where that run begins.
    runs: Vec<Run>,
    /// The kind of the hit that covers the token, plus one; zero for none.
    hit: Vec<u8>,
    /// Whether people write without capitals here.
    is_lower: bool,
}

impl Known {
    pub(crate) fn new(reading: &Reading<'_>, hits: &[Hit]) -> Known {
        let mut hit = vec![0; reading.tokens.len()];
        for found in hits {
            let first = reading
                .tokens
                .partition_point(|token| token.end <= found.span.start);
            let number = Kind::ALL
                .iter()
                .position(|kind| *kind == found.kind)
                .map_or(0, |place| place + 1);
            let number = number + if found.score < Hit::HINT { FAINT } else { 0 };
            let covered = reading
                .tokens
                .iter()
                .zip(hit.iter_mut())
                .skip(first)
                .take_while(|(token, _)| token.start < found.span.end);
            covered.for_each(|(_, slot)| *slot = u8::try_from(number).unwrap_or_default());
        }
        let n_words = reading
            .tokens
            .iter()
            .filter(|token| token.is_word())
            .count();
        let n_capitals = reading
            .tokens
            .iter()
            .filter(|token| token.has_capital())
            .count();
        Known {
            sentences: Sentences::new(reading, hits),
            runs: runs(reading),
            hit,
            is_lower: n_capitals * 25 < n_words,
        }
    }

    fn at(&self, place: Option<usize>) -> u64 {
        place
            .and_then(|place| self.hit.get(place))
            .map_or(0, |number| u64::from(*number))
    }
}

/// A run of tokens without white space between them: `j.de_wit`, `KD-2241`.
#[derive(Clone, Copy, Default)]
struct Run {
    signs: u64,
    first: usize,
}

mod sign {
    pub(crate) const LOWER: u64 = 1;
    pub(crate) const UPPER: u64 = 1 << 1;
    pub(crate) const DIGIT: u64 = 1 << 2;
    pub(crate) const DOT: u64 = 1 << 3;
    pub(crate) const DASH: u64 = 1 << 4;
    pub(crate) const LOW_LINE: u64 = 1 << 5;
    pub(crate) const AT: u64 = 1 << 6;
    pub(crate) const SLASH: u64 = 1 << 7;
    pub(crate) const OTHER: u64 = 1 << 8;
    /// From here on: how many tokens, four at most.
    pub(crate) const LENGTH: u32 = 9;
}

/// Marks that close a run, or open one.
pub(crate) fn parts(token: &Token) -> bool {
    matches!(
        token.shape,
        Shape::Mark(
            ',' | ';'
                | '|'
                | '('
                | ')'
                | '"'
                | '«'
                | '»'
                | '<'
                | '>'
                | '{'
                | '}'
                | '['
                | ']'
                | '='
                | '`'
        ) | Shape::LineEnd
    )
}

fn runs(reading: &Reading<'_>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::with_capacity(reading.tokens.len());
    let mut first = 0;
    let mut signs = 0;
    let close = |runs: &mut Vec<Run>, first: usize, signs: u64| {
        let n = runs.len() - first;
        let signs = signs | (n.min(4) as u64) << sign::LENGTH;
        for run in runs.iter_mut().skip(first) {
            *run = Run { signs, first };
        }
    };
    for (place, token) in reading.tokens.iter().enumerate() {
        let starts = token.spaced || parts(token) || reading.previous(place).is_some_and(parts);
        if starts {
            close(&mut runs, first, signs);
            first = place;
            signs = 0;
        }
        runs.push(Run::default());
        signs |= match token.shape {
            Shape::Lower => sign::LOWER,
            Shape::Upper => sign::UPPER,
            Shape::Capital | Shape::Mixed => sign::LOWER | sign::UPPER,
            Shape::Number => sign::DIGIT,
            Shape::Mark('.') => sign::DOT,
            Shape::Mark('-') => sign::DASH,
            Shape::Mark('_') => sign::LOW_LINE,
            Shape::Mark('@') => sign::AT,
            Shape::Mark('/') => sign::SLASH,
            _ => sign::OTHER,
        };
    }
    close(&mut runs, first, signs);
    runs
}

/// What is known of one token, made once and used by its neighbours too.
#[derive(Clone, Copy, Default)]
pub(crate) struct Traits {
    word: u64,
    /// Shape, length class, spacing.
    shape: u64,
    entry: u64,
    cue: u64,
    hit: u64,
}

impl Traits {
    pub(crate) fn of(reading: &Reading<'_>, known: &Known, place: usize) -> Traits {
        let Some(token) = reading.token(place) else {
            return Traits::default();
        };
        let cue = reading.cue(place);
        let label = cue
            .label
            .or(cue.stem)
            .and_then(|label| Kind::ALL.iter().position(|kind| *kind == label))
            .map_or(0, |place| place + 1);
        Traits {
            word: match token.shape {
                Shape::Number => 1_000 + token.n_chars as u64,
                Shape::Mark(mark) => 2_000 + u64::from(u32::from(mark)),
                Shape::LineEnd => 3,
                _ => token.hash,
            },
            shape: shape(token),
            entry: entry(token),
            cue: u64::from(cue.roles() & TELLING) << 8 | label as u64,
            hit: known.at(Some(place)),
        }
    }
}

/// Roles that tell the tagger something.
const TELLING: u32 = role::TITLE
    | role::RELATION
    | role::PARTICLE
    | role::GREETING
    | role::CLOSING
    | role::RESIDENCE
    | role::BIRTH
    | role::PERSON
    | role::ORGANISATION
    | role::NAMING
    | role::NUMBER
    | role::MONTH
    | role::WEEKDAY
    | role::DIGIT
    | role::IMPERSONAL
    | role::PUBLIC
    | role::FICTION;

fn shape(token: &Token) -> u64 {
    let class = match token.shape {
        Shape::Lower => 1,
        Shape::Capital => 2,
        Shape::Upper => 3,
        Shape::Mixed => 4,
        Shape::Number => 5,
        Shape::Mark(_) => 6,
        Shape::LineEnd => 7,
    };
    let length = token.n_chars.min(5) as u64;
    class << 8 | length << 2 | u64::from(token.spaced)
}

fn entry(token: &Token) -> u64 {
    let entry = token.entry;
    1 + (u64::from(entry.first_name())
        | u64::from(entry.surname()) << 2
        | u64::from(entry.common()) << 4
        | u64::from(entry.is_town()) << 6
        | u64::from(entry.is_street()) << 7)
}

/// Writes the slots of a token's features.
pub(crate) fn slots(
    reading: &Reading<'_>,
    known: &Known,
    traits: &[Traits],
    place: usize,
    scene: &Scene,
    out: &mut [u32; N_FEATURES],
) {
    let at = |offset: isize| {
        place
            .checked_add_signed(offset)
            .and_then(|place| traits.get(place))
            .copied()
            .unwrap_or_default()
    };
    let (before2, before, here, after, after2) = (at(-2), at(-1), at(0), at(1), at(2));
    let before3 = at(-3);
    let word = reading.word(place);
    let [tail2, tail3, tail4] = tails(word);
    let lower = u64::from(known.is_lower);
    let about = u64::from(known.sentences.of(place));
    let all = u64::from(known.sentences.all());
    let run = known.runs.get(place).copied().unwrap_or_default();
    let before_run = at(-isize::try_from(place + 1 - run.first).unwrap_or(1));
    let kind = here.shape >> 8;
    let near = [before.hit, after.hit, before2.hit, after2.hit]
        .into_iter()
        .find(|hit| *hit > 0)
        .unwrap_or(0);
    let values = [
        here.word,
        before.word,
        after.word,
        mix(before.word, here.word),
        mix(here.word, after.word),
        before2.word,
        after2.word,
        tail3,
        tail4,
        head(word, 4),
        mix(mix(before.shape, here.shape), mix(after.shape, lower)),
        mix(here.entry, here.shape & !3),
        mix(mix(before.entry, here.entry), here.shape >> 8),
        mix(mix(here.entry, after.entry), here.shape >> 8),
        mix(here.cue, here.shape >> 8),
        mix(before.cue, here.entry),
        mix(after.cue, here.shape >> 8),
        mix(before.hit, mix(before.word, here.shape >> 8)),
        mix(after.hit, mix(after.shape, here.shape >> 8)),
        mix(mix(before2.hit, before.shape >> 8), here.shape),
        mix(scene.label, here.shape),
        mix(scene.line, here.shape),
        mix(scene.person, mix(here.entry, here.shape >> 8)),
        mix(before3.word, here.shape >> 8),
        mix(
            mix(before.entry, before.shape >> 8),
            mix(after.entry, after.shape >> 8),
        ),
        mix(here.hit, about),
        mix(here.hit, mix(before.hit, after.hit)),
        mix(near, mix(here.word, u64::from(about & 0xf != 0))),
        mix(mix(here.entry, kind), about),
        mix(mix(here.entry, kind), all),
        mix(run.signs, mix(before_run.word, kind)),
        mix(run.signs, mix(scene.label, kind)),
        mix(before_run.cue, mix(run.signs, before_run.shape)),
        mix(mix(before.entry, here.entry), mix(after.entry, kind)),
        mix(scene.in_sentence, mix(here.entry, kind)),
        tail2,
    ];
    for ((slot, value), salt) in out.iter_mut().zip(&values).zip(&SALTS) {
        *slot = number_of(*salt, *value);
    }
}

/// What goes on around a token: the clause, the line, the last label.
#[derive(Clone, Copy, Default)]
pub(crate) struct Scene {
    /// Whom the clause is about, as far as words say.
    person: u64,
    /// The last label on this line, and how far back.
    label: u64,
    since_label: u64,
    /// Place in the line: first token, kind of list.
    line: u64,
    /// Whether a sentence begins here.
    in_sentence: u64,
    n_since_person: u64,
    n_since_label: u64,
    n_in_line: u64,
    n_in_sentence: u64,
}

impl Scene {
    /// Moves on to the next token.
    pub(crate) fn step(&mut self, reading: &Reading<'_>, place: usize) {
        let Some(token) = reading.token(place) else {
            return;
        };
        let cue = reading.cue(place);
        let label = cue
            .label
            .or(cue.stem)
            .and_then(|label| Kind::ALL.iter().position(|kind| *kind == label));
        self.n_since_person += 1;
        self.n_since_label += 1;
        self.n_in_line += 1;
        self.n_in_sentence += 1;
        match token.shape {
            Shape::LineEnd => {
                self.n_in_line = 0;
                self.n_in_sentence = 0;
                self.label = 0;
                self.person = 0;
            }
            Shape::Mark('.' | '?' | '!') if !reading.is_glued(place + 1) => {
                self.n_in_sentence = 0;
                self.person = 0;
            }
            _ => {}
        }
        if cue.is(role::PERSON) || cue.is(role::TITLE) || cue.is(role::RELATION) {
            self.person = 1 + u64::from(cue.is(role::PERSON)) + 2 * u64::from(cue.is(role::TITLE));
            self.n_since_person = 0;
        } else if self.person == 0 && token.has_capital() && token.entry.first_name() >= 2 {
            self.person = 8;
            self.n_since_person = 0;
        }
        if let Some(label) = label {
            self.label = label as u64 + 1;
            self.n_since_label = 0;
        }
        self.in_sentence = self.n_in_sentence.min(2);
        self.since_label = self.n_since_label.min(6);
        self.line = self.n_in_line.min(4);
    }
}

/// The last two, three and four letters.
fn tails(word: &str) -> [u64; 3] {
    let mut letters = word.chars().rev();
    let mut last = |hash, n| letters.by_ref().take(n).fold(hash, words::add);
    let two = last(words::EMPTY, 2);
    let three = last(two, 1);
    [two, three, last(three, 1)]
}

fn head(word: &str, n: usize) -> u64 {
    word.chars().take(n).fold(words::EMPTY, words::add)
}

#[inline]
fn mix(left: u64, right: u64) -> u64 {
    (left.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ right).wrapping_mul(0xff51_afd7_ed55_8ccd)
}

/// What tells the same value in two features apart.
const SALTS: [u64; N_FEATURES] = salts();

#[expect(
    clippy::indexing_slicing,
    reason = "checked when it is compiled: an iterator cannot be used there"
)]
const fn salts() -> [u64; N_FEATURES] {
    let mut salts = [0; N_FEATURES];
    let mut number = 0;
    while number < N_FEATURES {
        salts[number] = (number as u64 + 1).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        number += 1;
    }
    salts
}

/// The number of a feature that has this value.
#[inline]
fn number_of(salt: u64, value: u64) -> u32 {
    let mixed = (value ^ value >> 29 ^ salt).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let [.., b4, b5, b6, b7] = mixed.to_le_bytes();
    u32::from_le_bytes([b4, b5, b6, b7])
}
