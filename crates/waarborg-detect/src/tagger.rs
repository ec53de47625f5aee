//! A sequence tagger for names, places, statements and descriptions: hashed features, small
//! integer weights, one pass forward and one back.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::features::{self, Known, N_FEATURES, Scene, Traits};
use crate::finding::Why;
use crate::kind::Kind;
use crate::passage::Passages;
use crate::reading::{Hit, Reading};
use crate::tokens::{Shape, Token};

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
    Kind::LicencePlate,
    Kind::UrlPersonal,
    Kind::ApiKey,
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

/// Outside, then the beginnings of all kinds, then their insides.
pub(crate) const N_STATES: usize = 1 + 2 * KINDS.len();
const FIRST_INSIDE: usize = 1 + KINDS.len();

/// A row of the table: one weight per state, nothing up to the last byte, which says how far the
/// weights are shifted.
pub(crate) const ROW_LEN: usize = 48;

/// One in the sums, as the training knows it.
pub(crate) const UNIT: i32 = 48;

/// Made by `examples/train_tagger`; see `tables/README.md`.
pub(crate) static WEIGHTS: &[u8] = include_bytes!("../tables/tagger.bin");

/// Marks kinds in a text.
pub(crate) fn find(
    reading: &Reading<'_>,
    weights: &[u8],
    passages: &Passages,
    hits: &mut Vec<Hit>,
) {
    let mut path = Path::new(reading.tokens.len());
    let mut emissions = Vec::with_capacity(reading.tokens.len());
    each_rows(reading, hits, |place, rows| {
        let mut sums = emission(weights, rows);
        prefer(&mut sums, passages.general(place));
        path.step(&sums, ends_line(reading, place));
        emissions.push(sums);
    });
    collect(reading, &path.finish(), &emissions, hits);
}

/// A missed statement costs more than one too many: the scales are tipped by this much per token.
const TIP_RARE: i32 = UNIT;
const TIP: i32 = UNIT / 2;
/// Where a passage speaks of things in general, the scales are tipped back by this much per hundredth of its log odds.
const GENERAL: i32 = 2;
const LEAST: i32 = -60;
const MOST: i32 = 72;

fn prefer(sums: &mut [i32; N_STATES], general: i32) {
    let away = (general * GENERAL).clamp(0, MOST);
    // In doubt about somebody a name or a number is found; for statements that would be too much.
    let towards = (general * GENERAL).clamp(LEAST, 0);
    let (_, states) = sums.split_first_mut().unwrap_or((&mut 0, &mut []));
    for (kind, sum) in KINDS.iter().cycle().zip(states) {
        // Statements other than those about health are rare in the training texts.
        let is_rare = (kind.is_special() && *kind != Kind::Health) || *kind == Kind::Quasi;
        *sum += if is_rare { TIP_RARE } else { TIP } - away;
        *sum -= match kind {
            Kind::Person => towards / 2,
            Kind::ApiKey | Kind::UrlPersonal | Kind::Postcode | Kind::IdNumber => 0,
            kind if kind.is_identifier() => towards,
            _ => towards / 4,
        };
    }
}

/// States that are summed at once: as many as stay in the processor's registers.
const BLOCK: usize = 16;
const N_BLOCKS: usize = ROW_LEN / BLOCK;

/// The sum of the weights of a token's rows.
///
/// The table does not fit the nearest cache, so waiting for memory is most of the work. All rows are touched first, so that
/// they come at the same time; then they are summed block by block.
fn emission(table: &[u8], rows: &[u32; N_FEATURES]) -> [i32; N_STATES] {
    static NONE: [u8; ROW_LEN] = [0; ROW_LEN];
    let mut found = [(&NONE, 0_u8); N_FEATURES];
    let mut touched = 0;
    for (slot, row) in found.iter_mut().zip(rows) {
        let start = usize::try_from(*row).unwrap_or_default() * ROW_LEN;
        if let Some(weights) = table.get(start..).and_then(<[u8]>::first_chunk::<ROW_LEN>) {
            // A row may lie in two lines of the cache.
            let [first, .., shift] = *weights;
            touched |= first;
            *slot = (weights, shift & 7);
        }
    }
    core::hint::black_box(touched);
    let mut out = [0; N_STATES];
    for (block, slots) in (0..N_BLOCKS).zip(out.chunks_mut(BLOCK)) {
        for (slot, sum) in slots.iter_mut().zip(block_sum(&found, block)) {
            *slot = i32::from(sum);
        }
    }
    out
}

#[expect(
    clippy::indexing_slicing,
    reason = "both arrays have the length that is counted to, and only so the compiler keeps the sums in registers"
)]
fn block_sum(rows: &[(&[u8; ROW_LEN], u8); N_FEATURES], block: usize) -> [i16; BLOCK] {
    let mut sums = [0_i16; BLOCK];
    for (weights, shift) in rows {
        let (blocks, _) = weights.as_chunks::<BLOCK>();
        let Some(weights) = blocks.get(block) else {
            break;
        };
        for state in 0..BLOCK {
            let weight = i16::from(i8::from_ne_bytes([weights[state]])) << (shift & 7);
            sums[state] = sums[state].saturating_add(weight);
        }
    }
    sums
}

pub(crate) fn ends_line(reading: &Reading<'_>, place: usize) -> bool {
    reading
        .token(place)
        .is_some_and(|token| token.shape == Shape::LineEnd)
}

/// Calls back with the feature rows of every token, in order.
pub(crate) fn each_rows(
    reading: &Reading<'_>,
    hits: &[Hit],
    mut take: impl FnMut(usize, &[u32; N_FEATURES]),
) {
    let known = Known::new(reading, hits);
    let traits: Vec<Traits> = (0..reading.tokens.len())
        .map(|place| Traits::of(reading, &known, place))
        .collect();
    let mut scene = Scene::default();
    let mut rows = [0; N_FEATURES];
    for place in 0..reading.tokens.len() {
        scene.step(reading, place);
        features::rows(reading, &known, &traits, place, &scene, &mut rows);
        take(place, &rows);
    }
}

const WORST: i32 = i32::MIN / 2;

/// Follows the best sequence of states: an inside comes only after a beginning or an inside of its kind.
pub(crate) struct Path {
    begins: [i32; KINDS.len()],
    insides: [i32; KINDS.len()],
    top: i32,
    top_state: u8,
    /// Per token: the best state before it, and a bit for every kind whose inside came from an inside.
    steps: Vec<(u8, u32)>,
}

impl Path {
    pub(crate) fn new(n: usize) -> Path {
        Path {
            begins: [WORST; KINDS.len()],
            insides: [WORST; KINDS.len()],
            top: 0,
            top_state: 0,
            steps: Vec::with_capacity(n),
        }
    }

    pub(crate) fn step(&mut self, emission: &[i32; N_STATES], ends_line: bool) {
        let (outside, rest) = emission.split_first().unwrap_or((&0, &[]));
        let (begin, inside) = rest.split_at_checked(KINDS.len()).unwrap_or_default();
        let before = self.top;
        let mut stays = 0_u32;
        let (mut top, mut top_state) = (before + outside, 0);
        let slots = self.begins.iter_mut().zip(self.insides.iter_mut());
        for (kind, ((begins, insides), (begin, inside))) in
            slots.zip(begin.iter().zip(inside)).enumerate()
        {
            stays |= u32::from(*insides >= *begins) << kind;
            let (next_inside, next_begin) = if ends_line {
                (WORST, WORST)
            } else {
                (
                    (*insides).max(*begins).saturating_add(*inside).max(WORST),
                    before + begin,
                )
            };
            (*begins, *insides) = (next_begin, next_inside);
            if next_begin > top {
                (top, top_state) = (next_begin, 1 + kind);
            }
            if next_inside > top {
                (top, top_state) = (next_inside, FIRST_INSIDE + kind);
            }
        }
        self.steps.push((self.top_state, stays));
        (self.top, self.top_state) = (top, u8::try_from(top_state).unwrap_or_default());
        // Only differences count; without this a long text would run out of numbers.
        if self.top.abs() > 1 << 28 {
            let top = self.top;
            self.top = 0;
            for score in self.begins.iter_mut().chain(self.insides.iter_mut()) {
                *score = score.saturating_sub(top).max(WORST);
            }
        }
    }

    /// The states of all tokens.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut states = vec![0_u8; self.steps.len()];
        let mut state = self.top_state;
        for (slot, (before, stays)) in states.iter_mut().zip(&self.steps).rev() {
            *slot = state;
            state = match usize::from(state).checked_sub(FIRST_INSIDE) {
                Some(kind) if stays >> kind & 1 == 0 => u8::try_from(1 + kind).unwrap_or_default(),
                Some(_) => state,
                None => *before,
            };
        }
        states
    }
}

/// A lead over "outside" of this much per token is as sure as it gets.
const SURE: i16 = 8 * 48;

/// How sure the tagger is, from its lead over "outside".
fn score(lead: i32) -> f32 {
    let share = i16::try_from(lead.clamp(0, i32::from(SURE))).unwrap_or_default();
    0.4 + 0.28 * f32::from(share) / f32::from(SURE)
}

fn collect(
    reading: &Reading<'_>,
    states: &[u8],
    emissions: &[[i32; N_STATES]],
    hits: &mut Vec<Hit>,
) {
    let n_before = hits.len();
    let mut open: Option<Hit> = None;
    let mut best_lead = 0;
    for (place, (state, emission)) in states.iter().zip(emissions).enumerate() {
        let Some(token) = reading.token(place) else {
            break;
        };
        let lead = emission.get(usize::from(*state)).copied().unwrap_or(0)
            - emission.first().copied().unwrap_or(0);
        let kind = usize::from(*state)
            .checked_sub(1)
            .filter(|kind| *kind < KINDS.len());
        if *state == 0 || kind.is_some() {
            hits.extend(open.take());
        }
        if let Some(kind) = kind.and_then(|kind| KINDS.get(kind)) {
            best_lead = lead;
            open = Some(Hit::new(token.span(), *kind, score(lead), Why::Model));
        } else if *state != 0
            && let Some(hit) = open.as_mut()
        {
            hit.span.end = token.end;
            best_lead = best_lead.max(lead);
            hit.score = score(best_lead);
        }
    }
    hits.extend(open);
    for hit in hits.iter_mut().skip(n_before) {
        hit.span = whole(reading, &hit.span, hit.kind);
    }
}

/// A value with what stands against it: a code is never found in part.
fn whole(reading: &Reading<'_>, span: &Range<usize>, kind: Kind) -> Range<usize> {
    let goes_on = |token: &Token| match kind {
        Kind::Username
        | Kind::UrlPersonal
        | Kind::ApiKey
        | Kind::CustomerNumber
        | Kind::EmployeeNumber
        | Kind::PatientNumber
        | Kind::IdNumber
        | Kind::DeviceId => !features::parts(token) && !token.is('\'') && !token.is(':'),
        Kind::DateOfBirth | Kind::LicencePlate | Kind::Address | Kind::Postcode => {
            token.is_word()
                || token.is_number()
                || token.is('-')
                || token.is('/')
                || (token.is('.') && kind == Kind::DateOfBirth)
        }
        Kind::Person => token.is_word() || token.is_number(),
        _ => false,
    };
    let mut first = reading
        .tokens
        .partition_point(|token| token.end <= span.start);
    let mut last = reading
        .tokens
        .partition_point(|token| token.start < span.end)
        .saturating_sub(1);
    // Nothing that people write is longer than this.
    for _ in 0..64 {
        let is_open = first > 0
            && reading.is_glued(first)
            && reading.previous(first).is_some_and(goes_on)
            && reading.token(first).is_some_and(goes_on);
        if !is_open {
            break;
        }
        first -= 1;
    }
    let mut end = last;
    for _ in 0..64 {
        let is_open = reading.is_glued(last + 1)
            && reading.token(last + 1).is_some_and(goes_on)
            && reading.token(last).is_some_and(goes_on);
        if !is_open {
            break;
        }
        last += 1;
        // A mark counts only when something follows it.
        if reading.is_word(last) || reading.is_number(last) || reading.is_mark(last, '_') {
            end = last;
        }
    }
    match (reading.token(first), reading.token(end)) {
        (Some(first), Some(last)) => first.start..last.end.max(span.end),
        _ => span.clone(),
    }
}
