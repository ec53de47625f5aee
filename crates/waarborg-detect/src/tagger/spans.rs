//! What the states of tokens say stands where.

use alloc::vec::Vec;
use core::ops::Range;

use super::numbers;
use super::states::{KINDS, Says, says};
use crate::features;
use crate::finding::Why;
use crate::kind::Kind;
use crate::labels;
use crate::lexicon;
use crate::made;
use crate::places;
use crate::reading::{Hit, Reading};
use crate::tokens::{Shape, Token};
use crate::vocabulary::role;
use crate::weights::Sums;
use crate::words;

/// A lead over "outside" of this much per token is as sure as it gets.
const SURE: i16 = 8 * 32;

/// How sure the tagger is, from its lead over "outside".
fn score(lead: i32) -> f32 {
    let share = i16::try_from(lead.clamp(0, i32::from(SURE))).unwrap_or_default();
    0.4 + 0.28 * f32::from(share) / f32::from(SURE)
}

/// Adds a hit for every run of tokens that are not outside, among those from `first` on.
pub(super) fn collect(
    reading: &Reading<'_>,
    first: usize,
    states: &[u8],
    emissions: &[Sums],
    hits: &mut Vec<Hit>,
) {
    let n_before = hits.len();
    let mut open: Option<Hit> = None;
    let mut best_lead = 0;
    for (place, (state, emission)) in (first..).zip(states.iter().zip(emissions)) {
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
        if hit.kind == Kind::Person {
            hit.span.end = end_of_name(reading, &hit.span);
        }
        if hit.kind.is_special() {
            hit.span.end = end_of_statement(reading, &hit.span);
        }
    }
    let mut number = 0;
    hits.retain_mut(|hit| {
        number += 1;
        number <= n_before
            || (numbers::holds_up(reading, hit)
                && !(is_mistaken(reading, hit) || is_made_by_a_program(reading, hit)))
    });
}

/// How far before a program's value the label stands that makes it somebody's.
const LABEL_REACH: usize = 4;

/// A part of a number that programs make: "UUID 414c343c-…", "commit f23b2cc4…", base64. Without a label before it, it is nobody's.
fn is_made_by_a_program(reading: &Reading<'_>, hit: &Hit) -> bool {
    if matches!(hit.kind, Kind::ApiKey | Kind::UrlPersonal)
        || !made::may_be_made(reading.text, &hit.span)
    {
        return false;
    }
    let place = reading.first_in(&hit.span);
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

/// With "ik" or "een" no name begins, and a greeting is nobody: "een klein", "Beste".
fn is_nobody(reading: &Reading<'_>, hit: &Hit) -> bool {
    let first = reading.first_in(&hit.span);
    let n = reading.tokens.get(first..).unwrap_or_default();
    let n = n.iter().take_while(|token| token.start < hit.span.end);
    let mut places = first..first + n.count();
    reading.is_one_of(first, &["ik", "een", "geen"])
        || places.all(|place| reading.cue(place).is(role::GREETING))
}

/// An ordinary word is no user name, a number of patients is no patient's number, and one small letter is nobody: "de gebruiker
/// klikt", "7700418 patiënten", "a, b.".
fn is_mistaken(reading: &Reading<'_>, hit: &Hit) -> bool {
    if hit.kind == Kind::Person {
        let mut letters = reading.slice(hit.span.clone()).chars();
        let is_small = letters.next().is_some_and(char::is_lowercase);
        return (is_small && letters.all(|letter| letter == '.'))
            || is_nobody(reading, hit)
            || (hit.score < SURE_SCORE
                && (is_in_unknown_letters(reading, hit) || is_program(reading, hit)));
    }
    let place = reading.first_in(&hit.span);
    if hit.kind == Kind::CustomerNumber && labels::is_of_nobodys_goods(reading, place) {
        return true;
    }
    if hit.kind == Kind::Address {
        let value = reading.slice(hit.span.clone());
        if value.len() > LONGEST_WORD && !value.contains(char::is_whitespace) {
            return true;
        }
        return hit.score < SURE_SCORE && !is_place(reading, place, hit.span.end);
    }
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

/// From here on nothing has to speak for it but the sentence.
const SURE_SCORE: f32 = 0.6;

/// No address is written in one word that is longer than this, in bytes.
const LONGEST_WORD: usize = 32;

/// Whether all its words are in letters in which the lists know no words, and no list knows one of them as a name: "Привет".
fn is_in_unknown_letters(reading: &Reading<'_>, hit: &Hit) -> bool {
    let first = reading.first_in(&hit.span);
    let tokens = reading.tokens.get(first..).unwrap_or_default();
    tokens
        .iter()
        .take_while(|token| token.start < hit.span.end)
        .filter(|token| token.is_word())
        .all(|token| {
            let is_other = reading
                .slice(token.span())
                .chars()
                .all(|letter| letter > '\u{36f}');
            is_other && token.entry.first_name() == 0 && token.entry.surname() == 0
        })
}

/// Whether it is a word of a program and in no list of names: `installation.serve()`, `a_day_that`, `&mut Client`.
fn is_program(reading: &Reading<'_>, hit: &Hit) -> bool {
    let bytes = reading.text.as_bytes();
    let before = hit.span.start.checked_sub(1).and_then(|at| bytes.get(at));
    let behind = bytes.get(hit.span.end);
    let is_bound = matches!(before, Some(b'.' | b'_' | b'&' | b'<' | b'#' | b'$'))
        || matches!(behind, Some(b'(' | b'_' | b'=' | b'<' | b'{' | b'#' | b'`'));
    if !is_bound {
        return false;
    }
    let first = reading.first_in(&hit.span);
    let tokens = reading.tokens.get(first..).unwrap_or_default();
    let mut words = tokens.iter().take_while(|token| token.start < hit.span.end);
    !words.any(|token| token.entry.first_name() > 0 || token.entry.surname() > 0)
}

/// Whether it has a number, or a part of it is a street or in no list of words: "the congregation doesn't know" is no address.
fn is_place(reading: &Reading<'_>, first: usize, end: usize) -> bool {
    let tokens = reading.tokens.get(first..).unwrap_or_default();
    (first..)
        .zip(tokens)
        .take_while(|(_, token)| token.start < end)
        .any(|(place, token)| {
            let is_rare = token.has_capital() && token.entry.common() < 2 && token.n_chars > 2;
            token.is_number()
                || reading.cue(place).is(role::DIGIT)
                || token.is_word()
                    && (is_rare
                        || token.entry.is_street() && token.entry.common() < 2
                        || places::is_street(reading.word(place)))
        })
}

/// A number and a street, or a word for the number of a house, all in one line.
pub(super) fn is_address(reading: &Reading<'_>, first: usize, end: usize) -> bool {
    let (mut has_number, mut has_street, mut n_words) = (false, false, 0);
    let tokens = reading.tokens.get(first..).unwrap_or_default();
    for (place, token) in (first..)
        .zip(tokens)
        .take_while(|(_, token)| token.start < end)
    {
        if token.shape == Shape::LineEnd {
            return false;
        }
        let word = reading.word(place);
        let is_listed = token.entry.is_street() && token.entry.common() < 3;
        let is_short = SHORT_ENDS
            .iter()
            .any(|end| word.len() > end.len() + 2 && word.ends_with(end));
        has_number |= token.is_number() || reading.cue(place).is(role::DIGIT);
        has_street |= token.is_word()
            && (is_listed
                || is_short
                || places::is_street(word)
                || reading.is_one_of(place, HOUSES));
        n_words += usize::from(token.is_word());
    }
    has_number && has_street && n_words <= MOST_WORDS
}

/// No address has more words.
const MOST_WORDS: usize = 8;
/// Streets as they are shortened.
const SHORT_ENDS: &[&str] = &["str", "ln", "wg", "pln", "strt", "dk"];
/// Words before the number of a house.
const HOUSES: &[&str] = &[
    "nr",
    "nummer",
    "number",
    "huisnummer",
    "flat",
    "apartment",
    "kamer",
    "hut",
    "dijk",
    "road",
    "lane",
];

/// Where a name ends that a street follows: "Piet Jansen uit de Dorpsstraat". Nobody is called "uit de …straat".
fn end_of_name(reading: &Reading<'_>, span: &Range<usize>) -> usize {
    let behind = reading
        .tokens
        .partition_point(|token| token.start < span.end);
    let street = behind.saturating_sub(1);
    let is_behind_name = |place: usize| {
        reading
            .token(place)
            .is_some_and(|token| token.start > span.start)
            && reading.is_one_of(place, &["uit", "in", "op", "aan", "bij"])
    };
    let preposition = [2, 1]
        .into_iter()
        .filter_map(|n| street.checked_sub(n))
        .find(|place| is_behind_name(*place))
        .filter(|_| places::is_street(reading.word(street)));
    let last = preposition.and_then(|place| reading.previous(place));
    last.map_or(span.end, |last| last.end)
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
