//! The best sequence of states, one pass forward and one back.

use alloc::vec;
use alloc::vec::Vec;

use super::states::{FIRST_INSIDE, N_BEGINNINGS, N_INSIDES, Says, says};
use crate::weights::{ROW_LEN, Sums};

const WORST: i16 = i16::MIN / 2;

/// Follows the best sequence of states: what has a beginning goes on only after that or after itself.
pub(super) struct Path {
    /// Of the last token, as differences from the best of them: small, however long the text is.
    scores: Sums,
    best_state: u8,
    steps: Vec<Step>,
}

/// How a token was reached.
#[derive(Clone, Copy)]
struct Step {
    /// The best state before it.
    before: u8,
    /// A bit for every inside that came from itself.
    stays: u8,
    /// The best beginning of a number before it.
    number: u8,
}

impl Path {
    pub(super) fn new(n: usize) -> Path {
        Path {
            scores: [WORST; ROW_LEN],
            best_state: 0,
            steps: Vec::with_capacity(n),
        }
    }

    /// Goes on to a token that is outside, and nothing goes on behind it.
    pub(super) fn pass(&mut self) {
        self.steps.push(Step {
            before: self.best_state,
            stays: 0,
            number: 0,
        });
        self.scores = [WORST; ROW_LEN];
        self.best_state = 0;
    }

    /// Goes on to a token.
    pub(super) fn step(&mut self, emission: &Sums) {
        let own: [i16; N_INSIDES - 1] = part(&self.scores, 1);
        let numbers: [i16; N_BEGINNINGS + 1 - N_INSIDES] = part(&self.scores, N_INSIDES);
        let insides: [i16; N_INSIDES] = part(&self.scores, FIRST_INSIDE);
        let number = most(&numbers);
        let mut ways = [number; N_INSIDES];
        for (way, own) in ways.iter_mut().zip(own) {
            *way = own;
        }
        let mut stays = 0;
        for (place, (inside, way)) in insides.iter().zip(&mut ways).enumerate() {
            stays |= u8::from(inside >= way) << place;
            *way = *inside.max(way);
        }
        let best = numbers.iter().position(|score| *score == number);
        self.steps.push(Step {
            before: self.best_state,
            stays,
            number: small(N_INSIDES + best.unwrap_or_default()),
        });

        // Everything but an inside comes from the best; the last is not used.
        let mut scores = *emission;
        for (score, way) in scores.iter_mut().skip(FIRST_INSIDE).zip(ways) {
            *score += way;
        }
        if let Some(unused) = scores.last_mut() {
            *unused = WORST;
        }
        let best = most(&scores);
        self.best_state = state_of(&scores, best);
        // Far below every sum that counts, and far from the least number.
        self.scores = scores.map(|score| (score - best).max(WORST));
    }

    /// The states of all tokens.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut states = vec![0_u8; self.steps.len()];
        let mut state = self.best_state;
        for (slot, step) in states.iter_mut().zip(&self.steps).rev() {
            *slot = state;
            state = match says(usize::from(state)) {
                Says::GoesOn(number) if step.stays >> number & 1 == 1 => state,
                Says::GoesOn(number) if number == N_INSIDES - 1 => step.number,
                Says::GoesOn(number) => small(1 + number),
                _ => step.before,
            };
        }
        states
    }
}

/// The state that has a score. Outside is preferred, then what goes on to what begins again.
#[inline]
fn state_of(scores: &Sums, score: i16) -> u8 {
    let [outside, ..] = scores;
    if *outside == score {
        return 0;
    }
    let insides: [i16; N_INSIDES] = part(scores, FIRST_INSIDE);
    let inside = insides.iter().position(|own| *own == score);
    let any = || scores.iter().position(|own| *own == score);
    let state = inside.map(|place| FIRST_INSIDE + place).or_else(any);
    small(state.unwrap_or_default())
}

/// The scores of some states that stand together.
#[inline]
fn part<const N: usize>(scores: &Sums, first: usize) -> [i16; N] {
    let part = scores.get(first..).and_then(<[i16]>::first_chunk);
    part.copied().unwrap_or([WORST; N])
}

/// The largest score.
#[inline]
pub(super) fn most(scores: &[i16]) -> i16 {
    scores.iter().copied().fold(WORST, i16::max)
}

fn small(state: usize) -> u8 {
    u8::try_from(state).unwrap_or_default()
}
