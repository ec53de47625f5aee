//! A sequence tagger for names, places, statements and descriptions: hashed features, small
//! integer weights, one pass forward and one back.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::features::{self, Known, N_FEATURES, Scene, Traits};
use crate::finding::Why;
use crate::kind::Kind;
use crate::lexicon;
use crate::made;
use crate::passage::Passages;
use crate::reading::{Hit, Reading};
use crate::tokens::{Shape, Token};
use crate::vocabulary::role;
use crate::weights::{ROW_LEN, Row, UNIT, Weights};
use crate::words;

/// The kinds that the tagger marks: those that have a beginning, then those of which a neighbour belongs to the same finding.
///
/// A row of weights has room for 31 states, so not every kind has a beginning and an inside. Trying it showed where they count:
/// at names, and where a value of several tokens follows a label. All numbers have the same inside; its beginning says which it is.
pub(crate) const KINDS: &[Kind] = &[
    Kind::Person,
    Kind::Address,
    Kind::DateOfBirth,
    Kind::Health,
    Kind::Quasi,
    Kind::LicencePlate,
    Kind::CustomerNumber,
    Kind::EmployeeNumber,
    Kind::PatientNumber,
    Kind::IdNumber,
    Kind::DeviceId,
    Kind::City,
    Kind::Username,
    Kind::Postcode,
    Kind::UrlPersonal,
    Kind::ApiKey,
    Kind::Religion,
    Kind::Ethnicity,
    Kind::Political,
    Kind::Union,
    Kind::SexualOrientation,
    Kind::Criminal,
    Kind::BiometricGenetic,
];
/// Kinds that have a beginning.
const N_BEGINNINGS: usize = 11;
/// Insides that follow a beginning; the last is that of all numbers.
const N_INSIDES: usize = 7;
const FIRST_INSIDE: usize = 1 + N_BEGINNINGS;
const FIRST_FREE: usize = FIRST_INSIDE + N_INSIDES;

/// Kinds without a beginning.
const N_FREE: usize = KINDS.len() - N_BEGINNINGS;

/// Outside, the beginnings, their insides, then the kinds without a beginning.
pub(crate) const N_STATES: usize = FIRST_FREE + N_FREE;

/// Which inside follows a beginning, of those that do.
const fn inside_after(beginning: usize) -> usize {
    if beginning < N_INSIDES {
        beginning
    } else {
        N_INSIDES - 1
    }
}

/// The states of the first token of a kind, by its place in [`KINDS`], and of the others.
pub(crate) const fn states_of(kind: usize) -> (usize, usize) {
    if kind < N_BEGINNINGS {
        (1 + kind, FIRST_INSIDE + inside_after(kind))
    } else {
        let state = FIRST_FREE + kind - N_BEGINNINGS;
        (state, state)
    }
}

/// What a state says of its token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Outside,
    /// A kind begins, by its place in [`KINDS`].
    Begins(usize),
    /// What began goes on, by the place of its inside.
    GoesOn(usize),
    /// A kind without a beginning.
    Is(usize),
}

const fn says(state: usize) -> Says {
    if state == 0 {
        Says::Outside
    } else if state < FIRST_INSIDE {
        Says::Begins(state - 1)
    } else if state < FIRST_FREE {
        Says::GoesOn(state - FIRST_INSIDE)
    } else {
        Says::Is(state - FIRST_FREE + N_BEGINNINGS)
    }
}

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
const TIP_RARE: i16 = UNIT * 2 / 5;
const TIP: i16 = UNIT * 3 / 4;
/// Where a passage speaks of things in general, the scales are tipped back: so much at a log odds of one, and no more than that.
const GENERAL: i32 = UNIT as i32 * 25 / 6;
const LEAST: i16 = -UNIT * 5 / 4;
const MOST: i16 = UNIT * 3 / 2;

fn prefer(sums: &mut Sums, general: i32) {
    let leaning = general * GENERAL / 100;
    let leaning =
        i16::try_from(leaning.clamp(i32::from(LEAST), i32::from(MOST))).unwrap_or_default();
    let away = leaning.max(0);
    // In doubt about somebody a name or a number is found; for statements that would be too much.
    let towards = leaning.min(0);
    for (sum, leaning) in sums.iter_mut().zip(&LEANINGS) {
        // Sums of some fifty bytes; the change is as small.
        *sum += leaning.tip - leaning.away * away - ((leaning.towards * towards) >> 2);
    }
}

/// How the scales of a state are tipped.
#[derive(Clone, Copy)]
struct Leaning {
    tip: i16,
    away: i16,
    /// In quarters.
    towards: i16,
}

static LEANINGS: [Leaning; ROW_LEN] = leanings();

#[expect(
    clippy::indexing_slicing,
    reason = "checked when it is compiled: an iterator cannot be used there"
)]
const fn leanings() -> [Leaning; ROW_LEN] {
    let none = Leaning {
        tip: 0,
        away: 0,
        towards: 0,
    };
    let mut all = [none; ROW_LEN];
    let mut state = 1;
    while state < N_STATES {
        if let Says::Begins(kind) | Says::GoesOn(kind) | Says::Is(kind) = says(state) {
            all[state] = leaning(KINDS[kind]);
        }
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

/// One sum per state; the last is not used.
type Sums = [i16; ROW_LEN];

/// Rows that are summed in bytes before they are summed in words: the sum of four is hardly ever larger than a byte.
const TOGETHER: usize = 4;

/// The sum of the weights of a token's features.
#[inline]
fn emission(weights: Weights, features: &[u32; N_FEATURES]) -> Sums {
    let mut sums = [0_i16; ROW_LEN];
    let rows = weights.rows(features);
    let (groups, rest) = rows.as_chunks::<TOGETHER>();
    for group in groups
        .iter()
        .map(<[&Row; TOGETHER]>::as_slice)
        .chain([rest])
    {
        let mut together = [0_i8; ROW_LEN];
        for row in group {
            for (sum, weight) in together.iter_mut().zip(*row) {
                *sum = sum.saturating_add(weight.cast_signed());
            }
        }
        // Fifty bytes do not outgrow the sum.
        for (sum, together) in sums.iter_mut().zip(together) {
            *sum += i16::from(together);
        }
    }
    sums
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

/// Follows the best sequence of states: what has a beginning goes on only after that or after itself.
pub(crate) struct Path {
    begins: [i32; N_BEGINNINGS],
    insides: [i32; N_INSIDES],
    top: i32,
    top_state: u8,
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
    pub(crate) fn new(n: usize) -> Path {
        Path {
            begins: [WORST; N_BEGINNINGS],
            insides: [WORST; N_INSIDES],
            top: 0,
            top_state: 0,
            steps: Vec::with_capacity(n),
        }
    }

    pub(crate) fn step(&mut self, emission: &Sums, ends_line: bool) {
        let emission = emission.map(i32::from);
        let [outside, rest @ ..] = &emission;
        let Some((begin, rest)) = rest.split_first_chunk::<N_BEGINNINGS>() else {
            return;
        };
        let Some((inside, rest)) = rest.split_first_chunk::<N_INSIDES>() else {
            return;
        };
        let Some((free, _)) = rest.split_first_chunk::<N_FREE>() else {
            return;
        };
        let before = self.top;
        let mut step = Step {
            before: self.top_state,
            stays: 0,
            number: 0,
        };
        let outside = before + outside;
        self.top = outside;
        self.top_state = 0;
        if ends_line {
            // Nothing goes on behind it.
            self.begins = [WORST; N_BEGINNINGS];
            self.insides = [WORST; N_INSIDES];
        } else {
            let mut ways = [WORST; N_INSIDES];
            let (own, numbers) = self.begins.split_at(N_INSIDES - 1);
            ways.iter_mut().zip(own).for_each(|(way, own)| *way = *own);
            if let Some(way) = ways.last_mut() {
                *way = numbers.iter().copied().fold(WORST, i32::max);
                let best = numbers.iter().position(|number| number == way);
                step.number = small(N_INSIDES + best.unwrap_or_default());
            }
            for (number, (insides, way)) in self.insides.iter_mut().zip(ways).enumerate() {
                step.stays |= u8::from(*insides >= way) << number;
                *insides = way.max(*insides);
            }
            for (insides, inside) in self.insides.iter_mut().zip(inside) {
                // Far below every sum that counts, and far from the least number.
                *insides = (*insides + inside).max(WORST);
            }
            self.begins = begin.map(|begin| before + begin);
            let best = free.iter().copied().fold(i32::MIN, i32::max) + before;
            let best = self.insides.iter().copied().fold(best, i32::max);
            let best = self.begins.iter().copied().fold(best, i32::max);
            if best > outside {
                self.top = best;
                self.top_state = self.state_of(best, free.map(|free| before + free));
            }
        }
        self.steps.push(step);
        // Only differences count; without this a long text would run out of numbers.
        if self.top.abs() > 1 << 28 {
            for score in self.begins.iter_mut().chain(self.insides.iter_mut()) {
                *score = score.saturating_sub(self.top).max(WORST);
            }
            self.top = 0;
        }
    }

    /// The state that has a score. What goes on is preferred to what begins again.
    fn state_of(&self, score: i32, free: [i32; N_FREE]) -> u8 {
        let insides = (FIRST_INSIDE..).zip(self.insides);
        let others = (1..).zip(self.begins).chain((FIRST_FREE..).zip(free));
        let mut all = insides.chain(others);
        let found = all.find(|(_, own)| *own == score);
        found.map_or(0, |(state, _)| small(state))
    }

    /// The states of all tokens.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut states = vec![0_u8; self.steps.len()];
        let mut state = self.top_state;
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

fn small(state: usize) -> u8 {
    u8::try_from(state).unwrap_or_default()
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
        let (kind, goes_on) = match says(usize::from(*state)) {
            Says::Outside => (None, false),
            Says::Begins(kind) => (KINDS.get(kind), false),
            Says::GoesOn(_) => (None, true),
            Says::Is(kind) => {
                let kind = KINDS.get(kind);
                (kind, open.as_ref().map(|hit| &hit.kind) == kind)
            }
        };
        if goes_on && let Some(hit) = open.as_mut() {
            hit.span.end = token.end;
            best_lead = best_lead.max(lead);
            hit.score = score(best_lead);
        } else {
            hits.extend(open.take());
            best_lead = lead;
            open = kind.map(|kind| Hit::new(token.span(), *kind, score(lead), Why::Model));
        }
    }
    hits.extend(open);
    for hit in hits.iter_mut().skip(n_before) {
        hit.span = whole(reading, &hit.span, hit.kind);
        if hit.kind.is_special() {
            hit.span.end = end_of_statement(reading, &hit.span);
        }
    }
    let mut number = 0;
    hits.retain(|hit| {
        number += 1;
        number <= n_before || !(is_mistaken(reading, hit) || is_made_by_a_program(reading, hit))
    });
}

/// How far before a program's value the label stands that makes it somebody's.
const LABEL_REACH: usize = 4;

/// A part of a number that programs make: "UUID 414c343c-…", "commit f23b2cc4…", base64. Without a label before it, it is nobody's.
fn is_made_by_a_program(reading: &Reading<'_>, hit: &Hit) -> bool {
    if matches!(hit.kind, Kind::ApiKey | Kind::UrlPersonal) {
        return false;
    }
    let place = reading
        .tokens
        .partition_point(|token| token.end <= hit.span.start);
    let run = made::run_around(reading.text, &hit.span);
    let first = reading
        .tokens
        .partition_point(|token| token.end <= run.start)
        .min(place);
    let is_labelled = (first.saturating_sub(LABEL_REACH)..first).any(|before| {
        let cue = reading.cue(before);
        cue.label.or(cue.stem).is_some() && !cue.is(role::IMPERSONAL)
    });
    !is_labelled && made::is_made(reading.slice(run))
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

/// The end of a statement: "vingerafdruk is" says nothing before "opgeslagen".
fn end_of_statement(reading: &Reading<'_>, span: &Range<usize>) -> usize {
    let behind = reading
        .tokens
        .partition_point(|token| token.start < span.end);
    let is_open = behind
        .checked_sub(1)
        .is_some_and(|last| reading.is_one_of(last, AUXILIARIES));
    let next = reading
        .token(behind)
        .filter(|next| is_open && next.spaced && next.shape == Shape::Lower);
    next.map_or(span.end, |next| next.end)
}

/// Verbs that wait for another one.
const AUXILIARIES: &[&str] = &[
    "is", "was", "zijn", "wordt", "werd", "worden", "are", "were", "been",
];

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
