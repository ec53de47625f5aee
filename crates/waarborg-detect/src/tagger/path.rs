//! The best sequence of states, one pass forward and one back.

use alloc::vec;
use alloc::vec::Vec;

use super::states::{FIRST_FREE, FIRST_INSIDE, N_INSIDES, Says, says};
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
        let mut step = Step {
            before: self.best_state,
            stays: 0,
            number: 0,
        };
        // Everything but an inside comes from the best.
        let mut from = [0; ROW_LEN];
        let begins = self.scores.get(1..FIRST_INSIDE).unwrap_or_default();
        let (own, numbers) = begins.split_at(begins.len().min(N_INSIDES - 1));
        let number = most(numbers);
        let best = numbers.iter().position(|score| *score == number);
        step.number = small(N_INSIDES + best.unwrap_or_default());
        let ways = own.iter().chain([&number]);
        let insides = self.scores.iter().zip(&mut from).skip(FIRST_INSIDE);
        for (place, ((inside, from), way)) in insides.zip(ways).enumerate() {
            step.stays |= u8::from(inside >= way) << place;
            *from = *way.max(inside);
        }
        if let Some(unused) = from.last_mut() {
            *unused = WORST;
        }
        for (score, (emission, from)) in self.scores.iter_mut().zip(emission.iter().zip(from)) {
            *score = emission + from;
        }
        let best = most(&self.scores);
        self.best_state = self.state_of(best);
        for score in &mut self.scores {
            // Far below every sum that counts, and far from the least number.
            *score = (*score - best).max(WORST);
        }
        self.steps.push(step);
    }

    /// The state that has a score. Outside is preferred, then what goes on to what begins again.
    fn state_of(&self, score: i16) -> u8 {
        let all = || (0..).zip(self.scores);
        let insides = all().take(FIRST_FREE).skip(FIRST_INSIDE);
        let mut in_order = all().take(1).chain(insides).chain(all());
        let found = in_order.find(|(_, own)| *own == score);
        found.map_or(0, |(state, _)| small(state))
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

/// The largest score.
#[inline]
pub(super) fn most(scores: &[i16]) -> i16 {
    scores.iter().copied().fold(WORST, i16::max)
}

fn small(state: usize) -> u8 {
    u8::try_from(state).unwrap_or_default()
}
