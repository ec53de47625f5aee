//! The best sequence of states, one pass forward and one back.

use alloc::vec::Vec;

use super::lead_of_outside;
use super::states::{FIRST_INSIDE, N_BEGINNINGS, N_INSIDES, Says, says};
use crate::weights::{ROW_LEN, Sums};

const WORST: i16 = i16::MIN / 2;

/// Scores that are compared at once: all insides, and one more.
type Lanes = [i16; LANES];
const LANES: usize = N_INSIDES + 1;
/// Beginnings that share the last inside.
const N_NUMBERS: usize = N_BEGINNINGS + 1 - N_INSIDES;

/// Writes the best states of tokens that follow each other; `states` are "outside" when it begins.
///
/// Most tokens need no comparing of paths. A token at which nothing is gained by going on, there or in what follows, is the
/// first of a stretch of its own; a stretch in which nothing leads before "outside" is outside.
pub(super) fn best_states(sums: &[Sums], states: &mut [u8]) {
    let mut path = Path::new();
    let mut gain = [0; LANES];
    let (mut sums, mut states) = (sums, states);
    let mut first = sums.len();
    let mut is_outside = true;
    while let Some(here) = first.checked_sub(1).and_then(|last| sums.get(last)) {
        first -= 1;
        is_outside &= lead_of_outside(here) >= 0;
        gain = gain_of_going_on(here, &gain);
        if gain != [0; LANES] && first > 0 {
            continue;
        }
        let (before, stretch) = sums.split_at(first);
        let (states_before, of_stretch) = states.split_at_mut(first);
        if !is_outside {
            path.follow(stretch, of_stretch);
        }
        (sums, states) = (before, states_before);
        is_outside = true;
    }
}

/// How much more than by being outside is gained by going on at a token, for every inside: nothing where it never is, whatever
/// stands before.
#[inline]
fn gain_of_going_on(sums: &Sums, behind: &Lanes) -> Lanes {
    let [outside, ..] = *sums;
    let insides: Lanes = part(sums, FIRST_INSIDE);
    let mut gains = [0; LANES];
    for (gain, (inside, behind)) in gains.iter_mut().zip(insides.iter().zip(behind)) {
        *gain = (inside - outside).saturating_add(*behind).max(0);
    }
    // The last lane goes on with nothing.
    let [.., nothing] = &mut gains;
    *nothing = 0;
    gains
}

/// Follows the best sequence of states: what has a beginning goes on only after that or after itself.
struct Path {
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
    fn new() -> Path {
        Path {
            scores: [WORST; ROW_LEN],
            best_state: 0,
            steps: Vec::new(),
        }
    }

    /// Writes the states of a stretch in which the first token goes on with nothing.
    fn follow(&mut self, sums: &[Sums], states: &mut [u8]) {
        self.scores = [WORST; ROW_LEN];
        self.best_state = 0;
        self.steps.clear();
        for sums in sums {
            self.step(sums);
        }
        self.go_back(states);
    }

    /// Goes on to a token.
    fn step(&mut self, emission: &Sums) {
        // Eight at a time, which is what a processor compares at once; a lane too many is one that says nothing.
        let own: Lanes = part(&self.scores, 1);
        let insides: Lanes = part(&self.scores, FIRST_INSIDE);
        let mut numbers: Lanes = part(&self.scores, FIRST_INSIDE - LANES);
        for score in numbers.iter_mut().take(LANES - N_NUMBERS) {
            *score = WORST;
        }
        let number = most(&numbers);
        let mut ways = own;
        let [.., of_numbers, _] = &mut ways;
        *of_numbers = number;
        let stays = ge(&insides, &ways);
        for (way, inside) in ways.iter_mut().zip(insides) {
            *way = inside.max(*way);
        }
        // What is behind the insides comes from the best, as all others do.
        let [.., behind] = &mut ways;
        *behind = 0;
        let is_best = ge(&numbers, &[number; LANES]) >> (LANES - N_NUMBERS);
        self.steps.push(Step {
            before: self.best_state,
            stays,
            number: small(N_INSIDES) + is_best.trailing_zeros().to_le_bytes()[0],
        });

        // The last is not used.
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

    /// Writes the states of all tokens, the last first.
    fn go_back(&self, states: &mut [u8]) {
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

/// A bit for every lane in which the left is at least as large as the right.
#[inline]
fn ge(left: &Lanes, right: &Lanes) -> u8 {
    let mut bits: [u8; LANES] = core::array::from_fn(|lane| 1 << lane);
    for (bit, (left, right)) in bits.iter_mut().zip(left.iter().zip(right)) {
        *bit = if left >= right { *bit } else { 0 };
    }
    bits.iter().fold(0, |all, bit| all | bit)
}

/// The largest score.
#[inline]
pub(super) fn most(scores: &[i16]) -> i16 {
    scores.iter().copied().fold(WORST, i16::max)
}

fn small(state: usize) -> u8 {
    u8::try_from(state).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;

    /// Sums as they come: "outside" leads most of the time, and many are equal.
    fn sums() -> impl Strategy<Value = Vec<Sums>> {
        let weight = prop_oneof![4 => -12..4_i16, 1 => -400..400_i16];
        let sums = prop::array::uniform32(weight);
        prop::collection::vec((sums, -4..12_i16), 0..40).prop_map(|all| {
            let with_outside = |(mut sums, outside): (Sums, i16)| {
                sums[0] = outside;
                sums
            };
            all.into_iter().map(with_outside).collect()
        })
    }

    proptest! {
        #[test]
        fn stretches_by_themselves_say_what_the_whole_says(sums in sums()) {
            let mut whole = vec![0; sums.len()];
            Path::new().follow(&sums, &mut whole);
            let mut in_stretches = vec![0; sums.len()];
            best_states(&sums, &mut in_stretches);
            prop_assert_eq!(in_stretches, whole);
        }
    }
}
