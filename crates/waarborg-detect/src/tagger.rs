//! A sequence tagger for names, places, statements and descriptions: hashed features, small
//! integer weights, one pass forward and one back.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::features::{self, Known, N_FEATURES, Scene, Traits};
use crate::finding::Why;
use crate::kind::Kind;
use crate::lexicon;
use crate::passage::Passages;
use crate::reading::{Hit, Reading};
use crate::tokens::{Shape, Token};
use crate::weights::{ROW_LEN, UNIT, Weights};
use crate::words;

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

/// Marks kinds in a text.
pub(crate) fn find(
    reading: &Reading<'_>,
    weights: Weights,
    passages: &Passages,
    hits: &mut Vec<Hit>,
) {
    let mut path = Path::new(reading.tokens.len());
    let mut emissions = Vec::with_capacity(reading.tokens.len());
    each_slots(reading, hits, |place, slots| {
        let mut sums = emission(weights, slots);
        prefer(&mut sums, passages.general(place));
        path.step(&sums, ends_line(reading, place));
        emissions.push(sums);
    });
    collect(reading, &path.finish(), &emissions, hits);
}

/// A missed statement costs more than one too many: the scales are tipped by this much per token.
const TIP_RARE: i32 = UNIT * 2 / 5;
const TIP: i32 = UNIT * 3 / 4;
/// Where a passage speaks of things in general, the scales are tipped back: so much at a log odds of one, and no more than that.
const GENERAL: i32 = UNIT * 25 / 6;
const LEAST: i32 = -UNIT * 5 / 4;
const MOST: i32 = UNIT * 3 / 2;

fn prefer(sums: &mut Sums, general: i32) {
    let leaning = general * GENERAL / 100;
    let away = leaning.clamp(0, MOST);
    // In doubt about somebody a name or a number is found; for statements that would be too much.
    let towards = leaning.clamp(LEAST, 0);
    for (sum, leaning) in sums.iter_mut().zip(&LEANINGS) {
        let change = leaning.tip - leaning.away * away - ((leaning.towards * towards) >> 2);
        // Sums of some fifty bytes; the change is as small.
        *sum += i16::try_from(change).unwrap_or_default();
    }
}

/// How the scales of a state are tipped.
#[derive(Clone, Copy)]
struct Leaning {
    tip: i32,
    away: i32,
    /// In quarters.
    towards: i32,
}

const LEANINGS: [Leaning; N_STATES] = leanings();

#[expect(
    clippy::indexing_slicing,
    reason = "checked when it is compiled: an iterator cannot be used there"
)]
const fn leanings() -> [Leaning; N_STATES] {
    let none = Leaning {
        tip: 0,
        away: 0,
        towards: 0,
    };
    let mut all = [none; N_STATES];
    let mut state = 1;
    while state < N_STATES {
        all[state] = leaning(KINDS[(state - 1) % KINDS.len()]);
        state += 1;
    }
    all
}

const fn leaning(kind: Kind) -> Leaning {
    // Statements other than those about health are rare in the training texts.
    let is_rare =
        (kind.is_special() && !matches!(kind, Kind::Health)) || matches!(kind, Kind::Quasi);
    Leaning {
        tip: if is_rare { TIP_RARE } else { TIP },
        away: 1,
        towards: match kind {
            Kind::Person => 2,
            Kind::ApiKey | Kind::UrlPersonal | Kind::Postcode | Kind::IdNumber => 0,
            kind if kind.is_identifier() => 4,
            _ => 1,
        },
    }
}

/// One sum per state, and one that is not used.
type Sums = [i16; ROW_LEN];

/// States that are summed at once: as many as stay in the processor's registers.
const BLOCK: usize = 16;

/// The sum of the weights of a token's features.
///
/// The rows do not fit the nearest cache, so all are touched first: then they come at the same time. Then they are summed
/// block by block.
fn emission(weights: Weights, slots: &[u32; N_FEATURES]) -> Sums {
    let found = slots.map(|slot| weights.row(slot));
    let touched = found.iter().fold(0, |touched, row| {
        // A row may lie in two lines of the cache.
        let [first, .., last] = **row;
        touched | first | last
    });
    core::hint::black_box(touched);
    let mut out = [0; ROW_LEN];
    let (blocks, _) = out.as_chunks_mut::<BLOCK>();
    for (number, sums) in blocks.iter_mut().enumerate() {
        for row in &found {
            let (weights, _) = row.as_chunks::<BLOCK>();
            let Some(weights) = weights.get(number) else {
                break;
            };
            // Fifty bytes do not outgrow the sum.
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += i16::from(weight.cast_signed());
            }
        }
    }
    out
}

pub(crate) fn ends_line(reading: &Reading<'_>, place: usize) -> bool {
    reading
        .token(place)
        .is_some_and(|token| token.shape == Shape::LineEnd)
}

/// Calls back with the slots of the features of every token, in order.
pub(crate) fn each_slots(
    reading: &Reading<'_>,
    hits: &[Hit],
    mut take: impl FnMut(usize, &[u32; N_FEATURES]),
) {
    let known = Known::new(reading, hits);
    let traits: Vec<Traits> = (0..reading.tokens.len())
        .map(|place| Traits::of(reading, &known, place))
        .collect();
    let mut scene = Scene::default();
    let mut slots = [0; N_FEATURES];
    for place in 0..reading.tokens.len() {
        scene.step(reading, place);
        features::slots(reading, &known, &traits, place, &scene, &mut slots);
        take(place, &slots);
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

    pub(crate) fn step(&mut self, emission: &Sums, ends_line: bool) {
        let [outside, rest @ ..] = emission;
        let (begin, inside) = rest.split_at_checked(KINDS.len()).unwrap_or_default();
        let before = self.top;
        let outside = before + i32::from(*outside);
        let mut stays = 0_u32;
        let mut top = outside;
        let slots = self.begins.iter_mut().zip(self.insides.iter_mut());
        for (kind, ((begins, insides), (begin, inside))) in
            slots.zip(begin.iter().zip(inside)).enumerate()
        {
            let is_inside = *insides >= *begins;
            stays |= if is_inside { 1 << kind } else { 0 };
            let way = if is_inside { *insides } else { *begins };
            // Far below every sum that counts, and far from the least number.
            let next_inside = (way + i32::from(*inside)).max(WORST);
            let next_begin = before + i32::from(*begin);
            (*begins, *insides) = if ends_line {
                (WORST, WORST)
            } else {
                (next_begin, next_inside)
            };
            top = top.max(*begins).max(*insides);
        }
        self.steps.push((self.top_state, stays));
        self.top = top;
        self.top_state = self.state_of(top, outside);
        // Only differences count; without this a long text would run out of numbers.
        if top.abs() > 1 << 28 {
            self.top = 0;
            for score in self.begins.iter_mut().chain(self.insides.iter_mut()) {
                *score = score.saturating_sub(top).max(WORST);
            }
        }
    }

    /// The state that has a score; most tokens are outside.
    fn state_of(&self, top: i32, outside: i32) -> u8 {
        if top == outside {
            return 0;
        }
        let scores = self.begins.iter().chain(&self.insides);
        let place = scores.zip(1..).find(|(score, _)| **score == top);
        place.map_or(0, |(_, state)| state)
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
const SURE: i16 = 8 * 32;

/// How sure the tagger is, from its lead over "outside".
fn score(lead: i32) -> f32 {
    let share = i16::try_from(lead.clamp(0, i32::from(SURE))).unwrap_or_default();
    0.4 + 0.28 * f32::from(share) / f32::from(SURE)
}

fn collect(reading: &Reading<'_>, states: &[u8], emissions: &[Sums], hits: &mut Vec<Hit>) {
    let n_before = hits.len();
    let mut open: Option<Hit> = None;
    let mut best_lead = 0;
    for (place, (state, emission)) in states.iter().zip(emissions).enumerate() {
        let Some(token) = reading.token(place) else {
            break;
        };
        let at = |state: u8| emission.get(usize::from(state)).copied().unwrap_or(0);
        let lead = i32::from(at(*state)) - i32::from(at(0));
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
    let mut number = 0;
    hits.retain(|hit| {
        number += 1;
        number <= n_before || !is_mistaken(reading, hit)
    });
}

/// An ordinary word is no user name, and a number of patients is no patient's number: "de gebruiker klikt", "7700418 patiënten".
fn is_mistaken(reading: &Reading<'_>, hit: &Hit) -> bool {
    let place = reading
        .tokens
        .partition_point(|token| token.end <= hit.span.start);
    let Some(token) = reading
        .token(place)
        .filter(|token| token.span() == hit.span)
    else {
        return false;
    };
    match hit.kind {
        Kind::Username => {
            let word = reading.word(place);
            // "klikt": the lists of words hold no forms of verbs.
            let stem = word.strip_suffix('t').unwrap_or(word);
            let is_known =
                token.entry.common() > 1 || lexicon::look_up(words::hash(stem)).common() > 0;
            token.shape == Shape::Lower && is_known
        }
        Kind::CustomerNumber | Kind::EmployeeNumber | Kind::PatientNumber => {
            let next = reading.word(place + 1);
            let is_plural = next.ends_with("en") || next.ends_with('s');
            let cue = reading.cue(place + 1);
            token.is_number() && is_plural && cue.label.or(cue.stem).is_some()
        }
        _ => false,
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
    if kind == Kind::Person {
        // The letter before the stop: "v. Dam".
        let is_abbreviated = |first: usize| reading.is_mark(first, '.') && reading.is_glued(first);
        if first > 0 && is_abbreviated(first) {
            first -= 1;
        } else if first > 1
            && is_abbreviated(first - 1)
            && reading.is_one_of(first - 2, &["v", "d"])
        {
            first -= 2;
        }
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
