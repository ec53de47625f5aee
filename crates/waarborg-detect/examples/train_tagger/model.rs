//! The model that learns: a linear-chain conditional random field with a softmax margin.
//!
//! The only transitions are those of the tagger: where a kind has a beginning, its inside follows that or itself. Where an annotation is optional, every state is right.

use waarborg_detect::training::{self, KINDS, STATES};

use crate::chance::Chance;
use crate::prompts::Lesson;

/// What can be set from outside.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    /// How much dearer a wrong state looks during training.
    pub(crate) cost: f32,
    /// How many times dearer a missed finding is than a false one.
    pub(crate) miss: f32,
    /// The share of features that is forgotten in every round, so that no single one decides.
    pub(crate) drop: f32,
    pub(crate) rate: f32,
    pub(crate) decay: f32,
}

pub(crate) struct Model {
    settings: Settings,
    weights: Vec<f32>,
    /// Sums of squared gradients (`AdaGrad`).
    squares: Vec<f32>,
    /// Sums of the weights over the rounds that count.
    sums: Vec<f64>,
}

type Scores = [f32; STATES];
const NEVER: f32 = -1e9;

impl Model {
    pub(crate) fn new(settings: Settings, n_rows: usize) -> Model {
        Model {
            settings,
            weights: vec![0.0; n_rows * STATES],
            squares: vec![0.0; n_rows * STATES],
            sums: vec![0.0; n_rows * STATES],
        }
    }

    /// One prompt.
    pub(crate) fn learn(&mut self, lesson: &Lesson, chance: &mut Chance) {
        let drop = self.settings.drop;
        let keep = 1.0 / (1.0 - drop);
        let rows: Vec<Vec<u32>> = lesson
            .rows
            .iter()
            .map(|rows| {
                let kept = rows.iter().copied().filter(|_| chance.share() >= drop);
                kept.collect()
            })
            .collect();
        let mut scores: Vec<Scores> = Vec::with_capacity(rows.len());
        for ((rows, gold), ends) in rows.iter().zip(&lesson.gold).zip(&lesson.ends_line) {
            let mut sums = [0.0; STATES];
            for row in rows {
                let start = *row as usize * STATES;
                let weights = &self.weights[start..start + STATES];
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += weight;
                }
            }
            for (state, sum) in sums.iter_mut().enumerate() {
                *sum *= keep;
                if gold.is_some_and(|gold| usize::from(gold) != state) {
                    let factor = if state == 0 { self.settings.miss } else { 1.0 };
                    *sum += self.settings.cost * factor;
                }
                if *ends && state > 0 {
                    *sum = NEVER;
                }
            }
            scores.push(sums);
        }
        let free = marginals(&scores);
        for (scores, gold) in scores.iter_mut().zip(&lesson.gold) {
            for (state, score) in scores.iter_mut().enumerate() {
                if gold.is_some_and(|gold| usize::from(gold) != state) {
                    *score = NEVER;
                }
            }
        }
        let bound = marginals(&scores);
        for ((rows, free), bound) in rows.iter().zip(&free).zip(&bound) {
            let mut gradient = [0.0; STATES];
            let mut is_any = false;
            for (slot, (free, bound)) in gradient.iter_mut().zip(free.iter().zip(bound)) {
                *slot = free - bound;
                is_any |= slot.abs() > 1e-4;
            }
            if is_any {
                for row in rows {
                    self.step(*row, &gradient);
                }
            }
        }
    }

    fn step(&mut self, row: u32, gradient: &Scores) {
        let start = row as usize * STATES;
        let weights = &mut self.weights[start..start + STATES];
        let squares = &mut self.squares[start..start + STATES];
        for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(gradient) {
            *square += slope * slope;
            let slope = slope + self.settings.decay * *weight;
            *weight -= self.settings.rate * slope / (square.sqrt() + 0.5);
        }
    }

    /// Lets the weights of this round count.
    pub(crate) fn keep(&mut self) {
        for (sum, weight) in self.sums.iter_mut().zip(&self.weights) {
            *sum += f64::from(*weight);
        }
    }

    /// The sums of the weights that count, to be added to those of other models.
    pub(crate) fn sums(self) -> Vec<f64> {
        self.sums
    }
}

/// The beginnings with the insides that follow them.
fn ways() -> impl Iterator<Item = (usize, usize)> {
    let states = (0..KINDS.len()).map(training::states_of);
    states.filter(|(first, others)| first != others)
}

/// Per state whether it follows only a beginning and itself.
fn bound() -> [bool; STATES] {
    let mut bound = [false; STATES];
    ways().for_each(|(_, inside)| bound[inside] = true);
    bound
}

/// The share of every state at every token.
fn marginals(scores: &[Scores]) -> Vec<Scores> {
    let n = scores.len();
    let mut shares: Vec<Scores> = scores
        .iter()
        .map(|scores| {
            let top = scores.iter().fold(f32::MIN, |top, score| top.max(*score));
            scores.map(|score| (score - top).exp())
        })
        .collect();
    let bound = bound();
    // Backward: how well the rest can go on from each state.
    let mut behind: Vec<Scores> = vec![[1.0; STATES]; n];
    for place in (0..n.saturating_sub(1)).rev() {
        let (next, after) = (&shares[place + 1], behind[place + 1]);
        let value = |state: usize| next[state] * after[state];
        let free = (0..STATES).filter(|state| !bound[*state]);
        let mut all = [free.map(value).sum(); STATES];
        for (first, inside) in ways() {
            all[first] += value(inside);
        }
        for state in (0..STATES).filter(|state| bound[*state]) {
            all[state] += value(state);
        }
        let top = all
            .iter()
            .fold(f32::MIN_POSITIVE, |top, value| top.max(*value));
        behind[place] = all.map(|value| value / top);
    }
    let mut before = [0.0; STATES];
    for (place, (own, behind)) in shares.iter_mut().zip(&behind).enumerate() {
        let mut now = *own;
        let mut way = [0.0; STATES];
        if place > 0 {
            for state in (0..STATES).filter(|state| bound[*state]) {
                way[state] = before[state];
            }
            for (first, inside) in ways() {
                way[inside] += before[first];
            }
        }
        for state in (0..STATES).filter(|state| bound[*state]) {
            now[state] *= way[state];
        }
        let sum: f32 = now.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        before = now.map(|value| value / sum);
        let mut both = before;
        both.iter_mut()
            .zip(behind)
            .for_each(|(value, behind)| *value *= behind);
        let sum: f32 = both.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        *own = both.map(|value| value / sum);
    }
    shares
}
