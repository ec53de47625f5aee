//! Addresses in other orders and spellings: "14 Elm Road", "herfstakker zes", and the particle before a street that was found without it.

use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::places;
use crate::reading::{Hit, Reading};
use crate::tokens::{Shape, Token};
use crate::vocabulary::role;

/// Finds them all.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    for place in reading.landmarks.iter().copied() {
        if reading.is_number(place) {
            hits.extend(number_first(reading, place));
        } else if reading.cue(place).is(role::DIGIT) {
            hits.extend(said(reading, place));
        }
    }
}

/// Last words of a street in English.
const ENDS: &[&str] = &[
    "road",
    "street",
    "lane",
    "drive",
    "avenue",
    "close",
    "court",
    "gardens",
    "crescent",
    "terrace",
    "mews",
    "grove",
    "rd",
    "ave",
    "blvd",
    "boulevard",
];

/// Words of such a street, at most.
const MOST_WORDS: usize = 3;

/// "31c Hale Lane", "14 Elm Road".
fn number_first(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let number = reading
        .token(place)
        .filter(|number| number.n_chars <= 4 && !reading.is_continued(place))?;
    let mut at = place + 1;
    if reading.continues(place) {
        let letter = reading.token(at).filter(|letter| letter.n_chars == 1)?;
        at += usize::from(letter.is_word());
    }
    let is_name = |at: usize| {
        reading.token(at).is_some_and(|token| {
            token.spaced && token.shape == Shape::Capital && !reading.cue(at).is(role::MONTH)
        })
    };
    let last = (at + 1..=at + MOST_WORDS)
        .find(|last| (at..=*last).all(is_name) && reading.is_one_of(*last, ENDS))?;
    let span = number.start..reading.token(last)?.end;
    Some(Hit::new(span, Kind::Address, 0.8, Why::StreetAndNumber))
}

/// "herfstakker zes", "de lytse dyk twaalf": a number in words behind a street where somebody is or lives.
fn said(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let street = place.checked_sub(1)?;
    let word = reading.token(street).filter(|word| word.is_word())?;
    // "een" counts things more often than houses.
    let is_number = reading.cue(place).value > 1 && !reading.continues(place);
    let name = reading.word(street).to_lowercase();
    if !is_number || word.n_chars < 3 || !places::is_street(&name) {
        return None;
    }
    let mut first = street;
    while first > 0 && street - first < 2 && is_before_street(reading, first - 1) {
        first -= 1;
    }
    let announces = |at: usize| {
        reading.is_one_of(
            at,
            &["op", "aan", "adres", "naar", "woont", "wonen", "woon"],
        ) || reading.cue(at).is(role::RESIDENCE)
    };
    let is_announced = (1..=3)
        .filter_map(|back| first.checked_sub(back))
        .any(announces);
    let is_name = first < street || name.len() > 6;
    let span = reading.token(first)?.start..reading.token(place)?.end;
    (is_announced && is_name).then(|| Hit::new(span, Kind::Address, 0.75, Why::StreetAndNumber))
}

/// A word of the name of a street before its last one.
fn is_before_street(reading: &Reading<'_>, place: usize) -> bool {
    reading.token(place).is_some_and(|token| {
        token.is_word()
            && token.n_chars > 2
            && token.entry.common() < 3
            && !reading
                .cue(place)
                .is(role::PARTICLE | role::FILLER | role::RESIDENCE)
    })
}

/// "van heutszstr 90": a street with the particle that begins it. The hits are in the order of the text and disjoint, and stay so.
pub(crate) fn with_particles(reading: &Reading<'_>, hits: &mut [Hit]) {
    let mut free = 0;
    for hit in hits {
        if hit.kind == Kind::Address
            && let Some(start) = particle(reading, hit).filter(|start| *start >= free)
        {
            hit.span.start = start;
        }
        free = hit.span.end;
    }
}

fn particle(reading: &Reading<'_>, hit: &Hit) -> Option<usize> {
    let first = reading.first_in(&hit.span);
    reading.token(first).filter(|word| word.is_word())?;
    let is = |at: Option<usize>, words: &[&str]| at.is_some_and(|at| reading.is_one_of(at, words));
    let before = first.checked_sub(1)?;
    let is_near = |at: usize, next: &Token| {
        reading
            .token(at)
            .is_some_and(|token| token.end < next.start && token.end + 1 >= next.start)
    };
    if !is_near(before, reading.token(first)?) {
        return None;
    }
    // "van de", "van den", "v d".
    if is(Some(before), &["de", "den", "der", "het", "d"])
        && is(before.checked_sub(1), &["van", "v"])
    {
        return Some(reading.token(before - 1)?.start);
    }
    let is_behind_place = is(
        before.checked_sub(1),
        &["op", "aan", "in", "bij", "naar", "adres"],
    );
    let is_small = (reading.token(first)).is_some_and(|word| word.shape == Shape::Lower);
    let begins = is(Some(before), &["van", "v"]) && (is_behind_place || is_small);
    begins
        .then(|| reading.token(before))
        .flatten()
        .map(|token| token.start)
}
