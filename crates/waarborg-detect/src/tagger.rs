//! A sequence tagger for names, places, statements and descriptions: hashed features, small
//! integer weights, and the best sequence of states.
//!
//! A few features alone tell most tokens that are nothing; the others are looked at only where that leaves doubt.

mod leaning;
mod nearly;
mod numbers;
mod path;
mod spans;
mod states;

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::doubts::{TOO_FEW_WORDS, is_ones_own};
use crate::features::{N_FIRST, N_PARTS, PART, Views};
use crate::finding::Why;
use crate::kind::Kind;
use crate::passage::Passages;
use crate::program::Programs;
use crate::reading::{Hit, Reading};
use crate::sentences::Sentences;
use crate::tokens::Shape;
use crate::weights::{Asked, Sums, Weights};
use leaning::{preferences, tip_further};
pub(crate) use nearly::SCORE as NEARLY;
use path::{best_states, most};
pub(crate) use states::{KINDS, N_STATES, states_of};

/// What the tagger says of every token of a text.
pub(crate) struct States {
    path: Vec<u8>,
    sums: Vec<Sums>,
    /// The tokens at which all features were looked at.
    doubtful: Vec<usize>,
}

/// Reads a text with what recognisers before found in it.
pub(crate) fn read(
    reading: &Reading<'_>,
    weights: Weights,
    (sentences, passages): (&Sentences, &Passages),
    hits: &[Hit],
) -> States {
    let views = Views::new(reading, sentences, hits);
    let mut sums = preferences(reading.tokens.len(), passages);
    let all = (0..reading.tokens.len()).filter(|place| !ends_line(reading, *place));
    let first = |place, [rows]: &mut [[Asked; N_FIRST]; 1]| {
        weights.ask(views.at(place).first(), rows);
    };
    add(weights, all, first, &mut sums);
    let doubtful = doubtful(reading, &sums);
    let rest = |place, [rows1, rows2, rows3, rows4]: &mut [[Asked; PART]; N_PARTS]| {
        let view = views.at(place);
        weights.ask(view.part1(), rows1);
        weights.ask(view.part2(), rows2);
        weights.ask(view.part3(), rows3);
        weights.ask(view.part4(), rows4);
    };
    add(weights, doubtful.iter().copied(), rest, &mut sums);
    tip_further(&doubtful, passages, &mut sums);
    let states = path(&doubtful, &sums);
    States {
        path: states,
        sums,
        doubtful,
    }
}

impl States {
    /// Adds what the tagger marks.
    pub(crate) fn collect(&self, reading: &Reading<'_>, hits: &mut Vec<Hit>) {
        spans::collect(reading, 0, &self.path, &self.sums, hits);
    }

    /// Takes out what a list, a title or a label alone speaks for where the tagger, which was told of it and reads the sentence
    /// around it, says that it is nothing.
    pub(crate) fn take_out(&self, reading: &Reading<'_>, programs: &Programs, hits: &mut Vec<Hit>) {
        hits.retain(|hit| {
            if hit.score <= Hit::HINT
                || programs.names_somebody(reading, hit)
                || !is_questioned(reading, hit)
            {
                return true;
            }
            let first = reading.first_in(&hit.span);
            let tokens = reading.tokens.get(first..).unwrap_or_default();
            let states = self.path.get(first..).unwrap_or_default();
            tokens
                .iter()
                .zip(states)
                .take_while(|(token, _)| token.start < hit.span.end)
                .any(|(_, state)| *state != 0)
        });
    }
}

/// Whether the tagger is asked: what has a check digit, a form of its own or opens something is found whatever the sentence says.
fn is_questioned(reading: &Reading<'_>, hit: &Hit) -> bool {
    let is_weak = matches!(
        hit.why,
        Why::NameList
            | Why::NameCue
            | Why::Initials
            | Why::LetterForm
            | Why::Column
            | Why::AfterLabel
            | Why::StreetAndNumber
            | Why::Residence
    );
    // Behind a title, two words are somebody in whatever text.
    let is_called = hit.why == Why::NameCue && reading.slice(hit.span.clone()).contains(' ');
    // A few words say too little against it.
    is_weak
        && !is_called
        && !is_ones_own(reading, hit)
        && reading.n_words >= TOO_FEW_WORDS
        && matches!(
            hit.kind,
            Kind::Person
                | Kind::City
                | Kind::Address
                | Kind::Username
                | Kind::CustomerNumber
                | Kind::EmployeeNumber
                | Kind::PatientNumber
        )
}

/// The tokens for which the first features do not say that they are nothing, and those right behind such a token.
fn doubtful(reading: &Reading<'_>, sums: &[Sums]) -> Vec<usize> {
    let mut doubtful = Vec::with_capacity(sums.len());
    let mut n_clear = BEHIND;
    for (place, sums) in sums.iter().enumerate() {
        if ends_line(reading, place) {
            n_clear = BEHIND;
            continue;
        }
        n_clear = if lead_of_outside(sums) > CLEAR {
            n_clear + 1
        } else {
            0
        };
        if n_clear <= BEHIND {
            doubtful.push(place);
        }
    }
    doubtful
}

/// The states of all tokens: what is not in doubt is outside.
fn path(doubtful: &[usize], sums: &[Sums]) -> Vec<u8> {
    let mut path = vec![0; sums.len()];
    for run in runs(doubtful) {
        if let (Some(sums), Some(states)) = (sums.get(run.clone()), path.get_mut(run)) {
            best_states(sums, states);
        }
    }
    path
}

/// Tokens in doubt that follow each other.
fn runs(doubtful: &[usize]) -> impl Iterator<Item = Range<usize>> {
    doubtful
        .chunk_by(|place, next| place + 1 == *next)
        .filter_map(|run| Some(*run.first()?..*run.last()? + 1))
}

/// Where outside leads by this much after the first features, the others are not looked at,
const CLEAR: i16 = -3;
/// unless so many tokens before it are not as clear: what begins there may go on.
const BEHIND: usize = 1;

/// Tokens whose rows are asked for together.
const BLOCK: usize = 8;

/// Adds the weights of features of some tokens to their sums.
///
/// The rows do not fit the nearest caches. Those of several tokens are asked for before the first is needed, so that they come
/// at the same time.
fn add<const N: usize, const M: usize>(
    weights: Weights,
    mut places: impl Iterator<Item = usize>,
    ask: impl Fn(usize, &mut [[Asked; N]; M]),
    sums: &mut [Sums],
) {
    let mut asked = [(0, [[Asked::default(); N]; M]); BLOCK];
    loop {
        let mut n_asked = 0;
        for (slot, next) in asked.iter_mut().zip(places.by_ref()) {
            let (place, rows) = slot;
            *place = next;
            ask(next, rows);
            n_asked += 1;
        }
        for (place, asked) in asked.iter().take(n_asked) {
            if let Some(sums) = sums.get_mut(*place) {
                weights.add(asked.as_flattened(), sums);
            }
        }
        if n_asked < BLOCK {
            break;
        }
    }
}

/// By how much "outside" leads before all others.
#[inline]
fn lead_of_outside(sums: &Sums) -> i16 {
    let [outside, others @ .., _] = sums;
    outside - most(others)
}

pub(crate) fn ends_line(reading: &Reading<'_>, place: usize) -> bool {
    reading
        .token(place)
        .is_some_and(|token| token.shape == Shape::LineEnd)
}
