//! What the tagger looks at: for every token a list of numbered features.

mod run;

use alloc::vec;
use alloc::vec::Vec;

use crate::reading::{Hit, Reading};
use crate::scene::Scene;
use crate::sentences::Sentences;
use crate::tokens::{Shape, Token};
use crate::vocabulary::{Cue, role};
use crate::words;
pub(crate) use run::parts;
use run::{Run, runs};

/// Features of one token.
pub(crate) const N_FEATURES: usize = 36;

/// Added to the number of a kind that is only suspected.
const FAINT: u8 = 64;

/// What recognisers before the tagger know, per token.
pub(crate) struct Known {
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
            let faint = if found.score < Hit::HINT { FAINT } else { 0 };
            let number = 1 + found.kind.number() + faint;
            let covered = reading
                .tokens
                .iter()
                .zip(hit.iter_mut())
                .skip(first)
                .take_while(|(token, _)| token.start < found.span.end);
            covered.for_each(|(_, slot)| *slot = number);
        }
        Known {
            runs: runs(reading),
            hit,
            is_lower: reading.n_capitals * 25 < reading.n_words,
        }
    }
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
    const NOTHING: Traits = Traits {
        word: 0,
        shape: 0,
        entry: 0,
        cue: 0,
        hit: 0,
    };

    /// `hit` is the number of the kind of the hit that covers the token.
    #[inline]
    fn of(token: &Token, cue: Cue, hit: u8) -> Traits {
        let label = cue
            .label
            .or(cue.stem)
            .map_or(0, |label| 1 + u64::from(label.number()));
        Traits {
            word: match token.shape {
                Shape::Number => 1_000 + token.n_chars as u64,
                Shape::Mark(mark) => 2_000 + u64::from(u32::from(mark)),
                Shape::LineEnd => 3,
                _ => token.hash,
            },
            shape: shape(token),
            entry: entry(token),
            cue: u64::from(cue.roles() & TELLING) << 8 | label,
            hit: u64::from(hit),
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

/// The features of which the sum alone tells most tokens that are nothing.
pub(crate) const N_FIRST: usize = 8;
/// The others, in parts that a processor can hold in its registers.
pub(crate) const PART: usize = 7;
pub(crate) const N_PARTS: usize = 4;
const N_REST: usize = N_FEATURES - N_FIRST;
const _: () = assert!(PART * N_PARTS == N_REST);

/// Traits before a token and behind it that its features look at.
const N_BEFORE: usize = 3;
const N_BEHIND: usize = 2;
type Around = [Traits; N_BEFORE + 1 + N_BEHIND];

/// The tokens of a text with what is known of them.
pub(crate) struct Views<'r, 't> {
    reading: &'r Reading<'t>,
    sentences: &'r Sentences,
    known: Known,
    /// With empty ones before the first and behind the last.
    traits: Vec<Traits>,
    scenes: Vec<Scene>,
}

impl<'r, 't> Views<'r, 't> {
    pub(crate) fn new(
        reading: &'r Reading<'t>,
        sentences: &'r Sentences,
        hits: &[Hit],
    ) -> Views<'r, 't> {
        let known = Known::new(reading, hits);
        let nothing = |n| core::iter::repeat_n(Traits::default(), n);
        let mut traits = Vec::with_capacity(reading.tokens.len() + N_BEFORE + N_BEHIND);
        traits.extend(nothing(N_BEFORE));
        let tokens = reading.tokens.iter().zip(&reading.cues);
        let traits_of = |((token, cue), hit): ((&Token, &Cue), &u8)| Traits::of(token, *cue, *hit);
        traits.extend(tokens.clone().zip(&known.hit).map(traits_of));
        traits.extend(nothing(N_BEHIND));
        let mut scenes = Vec::with_capacity(reading.tokens.len());
        let mut scene = Scene::default();
        scenes.extend(tokens.enumerate().map(|(place, (token, cue))| {
            scene.step(token, *cue, || !reading.is_glued(place + 1));
            scene
        }));
        Views {
            reading,
            sentences,
            known,
            traits,
            scenes,
        }
    }

    /// What stands around a token; an empty view behind the last.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> View<'_> {
        const EMPTY: Around = [Traits::NOTHING; N_BEFORE + 1 + N_BEHIND];
        let around = self.traits.get(place..).and_then(<[Traits]>::first_chunk);
        let run = self.known.runs.get(place).copied().unwrap_or_default();
        let before_run = (run.first + N_BEFORE)
            .checked_sub(1)
            .and_then(|before| self.traits.get(before));
        View {
            around: around.unwrap_or(&EMPTY),
            run_signs: run.signs,
            before_run: before_run.unwrap_or(&Traits::NOTHING),
            about: u64::from(self.sentences.of(place)),
            all: u64::from(self.sentences.all()),
            is_lower: self.known.is_lower,
            word: (self.reading.token(place)).map_or(&[], |token| self.reading.bytes(token)),
            scene: self.scenes.get(place).copied().unwrap_or_default(),
        }
    }
}

/// What the features of one token are made of.
pub(crate) struct View<'a> {
    around: &'a Around,
    run_signs: u64,
    /// The token before the run that this one is in.
    before_run: &'a Traits,
    about: u64,
    all: u64,
    is_lower: bool,
    word: &'a [u8],
    scene: Scene,
}

impl View<'_> {
    /// The numbers of all features.
    pub(crate) fn all(&self) -> [u32; N_FEATURES] {
        let mut all = [0; N_FEATURES];
        let rest = self.rest().into_iter().flatten();
        let features = self.first().into_iter().chain(rest);
        all.iter_mut()
            .zip(features)
            .for_each(|(slot, feature)| *slot = feature);
        all
    }

    /// The numbers of the first features.
    #[inline]
    pub(crate) fn first(&self) -> [u32; N_FIRST] {
        let [_, before2, before, here, after, after2] = self.around;
        let kind = here.shape >> 8;
        let near = [before.hit, after.hit, before2.hit, after2.hit]
            .into_iter()
            .find(|hit| *hit > 0)
            .unwrap_or(0);
        numbers(
            FIRST_SALTS,
            [
                here.word,
                mix(here.word, after.word),
                mix(mix(before.entry, here.entry), kind),
                mix(before.cue, here.entry),
                mix(u64::from(self.scene.person), mix(here.entry, kind)),
                mix(here.hit, mix(before.hit, after.hit)),
                mix(near, mix(here.word, u64::from(self.about & 0xf != 0))),
                mix(self.run_signs, mix(self.before_run.word, kind)),
            ],
        )
    }

    /// The numbers of the others. Each part is asked for before the next is worked out.
    pub(crate) fn rest(&self) -> [[u32; PART]; N_PARTS] {
        [self.part1(), self.part2(), self.part3(), self.part4()]
    }

    #[expect(
        clippy::inline_always,
        reason = "unrolled where it is called, this is a quarter of the work"
    )]
    #[inline(always)]
    pub(crate) fn part1(&self) -> [u32; PART] {
        let [_, before2, before, here, after, after2] = self.around;
        let [_, tail3, tail4] = tails(self.word);
        let [salts, _, _, _] = REST_SALTS;
        numbers(
            salts,
            [
                before.word,
                after.word,
                mix(before.word, here.word),
                before2.word,
                after2.word,
                tail3,
                tail4,
            ],
        )
    }

    #[expect(
        clippy::inline_always,
        reason = "unrolled where it is called, this is a quarter of the work"
    )]
    #[inline(always)]
    pub(crate) fn part2(&self) -> [u32; PART] {
        let [_, _, before, here, after, _] = self.around;
        let lower = u64::from(self.is_lower);
        let kind = here.shape >> 8;
        let [_, salts, _, _] = REST_SALTS;
        numbers(
            salts,
            [
                head(self.word),
                mix(mix(before.shape, here.shape), mix(after.shape, lower)),
                mix(here.entry, here.shape & !3),
                mix(mix(here.entry, after.entry), kind),
                mix(here.cue, kind),
                mix(after.cue, kind),
                mix(before.hit, mix(before.word, kind)),
            ],
        )
    }

    #[expect(
        clippy::inline_always,
        reason = "unrolled where it is called, this is a quarter of the work"
    )]
    #[inline(always)]
    pub(crate) fn part3(&self) -> [u32; PART] {
        let [before3, before2, before, here, after, _] = self.around;
        let kind = here.shape >> 8;
        let (scene, about) = (self.scene, self.about);
        let [_, _, salts, _] = REST_SALTS;
        numbers(
            salts,
            [
                mix(after.hit, mix(after.shape, kind)),
                mix(mix(before2.hit, before.shape >> 8), here.shape),
                mix(u64::from(scene.label), here.shape),
                mix(u64::from(scene.line), here.shape),
                mix(before3.word, kind),
                mix(
                    mix(before.entry, before.shape >> 8),
                    mix(after.entry, after.shape >> 8),
                ),
                mix(here.hit, about),
            ],
        )
    }

    #[expect(
        clippy::inline_always,
        reason = "unrolled where it is called, this is a quarter of the work"
    )]
    #[inline(always)]
    pub(crate) fn part4(&self) -> [u32; PART] {
        let [_, _, before, here, after, _] = self.around;
        let kind = here.shape >> 8;
        let (scene, run_signs) = (self.scene, self.run_signs);
        let (about, all) = (self.about, self.all);
        let [tail2, ..] = tails(self.word);
        let [_, _, _, salts] = REST_SALTS;
        numbers(
            salts,
            [
                mix(mix(here.entry, kind), about),
                mix(mix(here.entry, kind), all),
                mix(run_signs, mix(u64::from(scene.label), kind)),
                mix(self.before_run.cue, mix(run_signs, self.before_run.shape)),
                mix(mix(before.entry, here.entry), mix(after.entry, kind)),
                mix(u64::from(scene.in_sentence), mix(here.entry, kind)),
                tail2,
            ],
        )
    }
}

/// The numbers of features that have these values.
#[inline]
fn numbers<const N: usize>(salts: [u64; N], values: [u64; N]) -> [u32; N] {
    let mut numbers = [0; N];
    for ((number, value), salt) in numbers.iter_mut().zip(values).zip(salts) {
        *number = number_of(salt, value);
    }
    numbers
}

/// The last two, three and four letters.
#[inline]
fn tails(word: &[u8]) -> [u64; 3] {
    // Most words are of ASCII.
    if let Some(letters) = word.last_chunk::<4>()
        && letters.is_ascii()
    {
        let [fourth, third, second, last] = words::small_letters(*letters);
        let two = words::add_small(words::add_small(words::EMPTY, last), second);
        let three = words::add_small(two, third);
        return [two, three, words::add_small(three, fourth)];
    }
    let [mut two, mut three, mut four] = [words::EMPTY; 3];
    for (n, letter) in word.iter().rev().enumerate() {
        if !letter.is_ascii() {
            return tails_of_any(word);
        }
        four = words::add_ascii(four, *letter);
        three = if n < 3 { four } else { three };
        two = if n < 2 { four } else { two };
        if n == 3 {
            break;
        }
    }
    [two, three, four]
}

#[cold]
fn tails_of_any(word: &[u8]) -> [u64; 3] {
    let word = core::str::from_utf8(word).unwrap_or_default();
    let mut letters = word.chars().rev();
    let mut last = |hash, n| letters.by_ref().take(n).fold(hash, words::add);
    let two = last(words::EMPTY, 2);
    let three = last(two, 1);
    [two, three, last(three, 1)]
}

/// The first four letters.
#[inline]
fn head(word: &[u8]) -> u64 {
    match word.first_chunk::<4>() {
        Some(letters) if letters.is_ascii() => words::small_letters(*letters)
            .iter()
            .fold(words::EMPTY, |hash, letter| words::add_small(hash, *letter)),
        None if word.is_ascii() => {
            (word.iter()).fold(words::EMPTY, |hash, letter| words::add_ascii(hash, *letter))
        }
        _ => head_of_any(word),
    }
}

#[cold]
fn head_of_any(word: &[u8]) -> u64 {
    let word = core::str::from_utf8(word).unwrap_or_default();
    word.chars().take(4).fold(words::EMPTY, words::add)
}

#[inline]
fn mix(left: u64, right: u64) -> u64 {
    (left.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ right).wrapping_mul(0xff51_afd7_ed55_8ccd)
}

/// What tells the same value in two features apart.
const FIRST_SALTS: [u64; N_FIRST] = salts(1);
const REST_SALTS: [[u64; PART]; N_PARTS] = [
    salts(1 + N_FIRST as u64),
    salts(1 + (N_FIRST + PART) as u64),
    salts(1 + (N_FIRST + 2 * PART) as u64),
    salts(1 + (N_FIRST + 3 * PART) as u64),
];

#[expect(
    clippy::indexing_slicing,
    reason = "checked when it is compiled: an iterator cannot be used there"
)]
const fn salts<const N: usize>(first: u64) -> [u64; N] {
    let mut salts = [0; N];
    let mut number = 0;
    while number < N {
        salts[number] = (first + number as u64).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
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
