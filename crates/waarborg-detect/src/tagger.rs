//! A sequence tagger for names, places, statements and descriptions: hashed features, small
//! integer weights, one pass forward and one back.

use alloc::vec;
use alloc::vec::Vec;

use crate::features::{self, Known, N_FEATURES, N_ROWS, Scene, Traits};
use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tokens::Shape;

/// The kinds that the tagger marks.
pub(crate) const KINDS: &[Kind] = &[
    Kind::Person,
    Kind::Address,
    Kind::City,
    Kind::Postcode,
    Kind::DateOfBirth,
    Kind::CustomerNumber,
    Kind::EmployeeNumber,
    Kind::PatientNumber,
    Kind::IdNumber,
    Kind::DeviceId,
    Kind::Username,
    Kind::Health,
    Kind::Religion,
    Kind::Ethnicity,
    Kind::Political,
    Kind::Union,
    Kind::SexualOrientation,
    Kind::Criminal,
    Kind::BiometricGenetic,
    Kind::Quasi,
];

/// Outside, and for every kind its beginning and its inside.
pub(crate) const N_STATES: usize = 1 + 2 * KINDS.len();

/// A row of the table: how far its weights are shifted, then one weight per state.
pub(crate) const ROW_LEN: usize = 1 + N_STATES;

/// Made by `examples/train_tagger.rs`; see `tables/README.md`.
static WEIGHTS: &[u8] = include_bytes!("../tables/tagger.bin");

/// Marks kinds in a text.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    if WEIGHTS.len() != N_ROWS * ROW_LEN {
        return;
    }
    let rows = all_rows(reading, hits);
    let mut emissions = vec![0_i32; rows.len() * N_STATES];
    for (rows, sums) in rows.iter().zip(emissions.chunks_exact_mut(N_STATES)) {
        for row in rows {
            let start = *row as usize * ROW_LEN;
            let Some((shift, weights)) = WEIGHTS
                .get(start..start + ROW_LEN)
                .and_then(<[u8]>::split_first)
            else {
                continue;
            };
            let factor = 1_i32 << (shift & 15);
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += i32::from(i8::from_ne_bytes([*weight])) * factor;
            }
        }
    }
    let states = best(reading, &emissions);
    collect(reading, &states, hits);
}

/// The feature rows of every token.
pub(crate) fn all_rows(reading: &Reading<'_>, hits: &[Hit]) -> Vec<[u32; N_FEATURES]> {
    let known = Known::new(reading, hits);
    let traits: Vec<Traits> = (0..reading.tokens.len())
        .map(|place| Traits::of(reading, &known, place))
        .collect();
    let mut scene = Scene::default();
    (0..reading.tokens.len())
        .map(|place| {
            scene.step(reading, place);
            let mut rows = [0; N_FEATURES];
            features::rows(reading, &known, &traits, place, &scene, &mut rows);
            rows
        })
        .collect()
}

/// The best sequence of states: an inside follows only a beginning or an inside of its kind.
pub(crate) fn best(reading: &Reading<'_>, emissions: &[i32]) -> Vec<u8> {
    let n = reading.tokens.len();
    // For every token and state, whether it came from its own kind; and the best state before.
    let mut from_own = vec![false; n * N_STATES];
    let mut best_before = vec![0_u8; n];
    let mut scores = [i32::MIN / 2; N_STATES];
    let (mut top, mut top_state) = (0, 0_u8);
    for (place, (emission, own)) in emissions
        .chunks_exact(N_STATES)
        .zip(from_own.chunks_exact_mut(N_STATES))
        .enumerate()
    {
        if let Some(slot) = best_before.get_mut(place) {
            *slot = top_state;
        }
        let ends_line = reading
            .token(place)
            .is_some_and(|token| token.shape == Shape::LineEnd);
        let mut next = [i32::MIN / 2; N_STATES];
        for (state, ((slot, weight), own)) in next
            .iter_mut()
            .zip(emission)
            .zip(own.iter_mut())
            .enumerate()
        {
            if state == 0 || (state % 2 == 1 && !ends_line) {
                *slot = top + weight;
            } else if state % 2 == 0 && !ends_line {
                let (begin, inside) = (
                    scores.get(state - 1).copied().unwrap_or(i32::MIN / 2),
                    scores.get(state).copied().unwrap_or(i32::MIN / 2),
                );
                *own = inside >= begin;
                *slot = begin.max(inside).saturating_add(*weight).max(i32::MIN / 2);
            }
        }
        scores = next;
        (top_state, top) =
            scores
                .iter()
                .enumerate()
                .fold((0_u8, i32::MIN), |(state, score), (other, value)| {
                    if *value > score {
                        (u8::try_from(other).unwrap_or_default(), *value)
                    } else {
                        (state, score)
                    }
                });
    }
    let mut states = vec![0_u8; n];
    let mut state = top_state;
    for place in (0..n).rev() {
        if let Some(slot) = states.get_mut(place) {
            *slot = state;
        }
        let stays = state != 0 && state.is_multiple_of(2);
        state = match (stays, from_own.get(place * N_STATES + usize::from(state))) {
            (true, Some(true)) => state,
            (true, _) => state - 1,
            (false, _) => best_before.get(place).copied().unwrap_or_default(),
        };
    }
    states
}

fn collect(reading: &Reading<'_>, states: &[u8], hits: &mut Vec<Hit>) {
    let mut open: Option<Hit> = None;
    for (place, state) in states.iter().enumerate() {
        let Some(token) = reading.token(place) else {
            break;
        };
        if *state == 0 || state % 2 == 1 {
            hits.extend(open.take());
        }
        if state % 2 == 1
            && let Some(kind) = KINDS.get(usize::from(*state / 2))
        {
            open = Some(Hit::new(token.span(), *kind, 0.6, Why::Model));
        } else if *state != 0
            && let Some(hit) = open.as_mut()
        {
            hit.span.end = token.end;
        }
    }
    hits.extend(open);
}
