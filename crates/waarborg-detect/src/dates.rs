//! Calendar dates in digits and words, and which of them are birth dates.

use alloc::vec::Vec;
use core::ops::Range;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::validate;
use crate::validation::holds;
use crate::vocabulary::role;

/// A date in the text.
#[derive(Clone, Debug)]
pub(crate) struct Date {
    pub(crate) span: Range<usize>,
    /// The first and the last token.
    pub(crate) places: Range<usize>,
    /// With the century, as far as known.
    pub(crate) year: u32,
}

/// Finds all dates, and reports those that a word of birth announces.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) -> Vec<Date> {
    let mut dates = Vec::new();
    if reading.numbers.is_empty() {
        return dates;
    }
    let mut done = 0;
    for place in reading.landmarks.iter().copied() {
        let may_begin = reading.is_number(place) || reading.cue(place).is(role::MONTH);
        if place < done || !may_begin {
            continue;
        }
        let Some(date) = date(reading, place) else {
            continue;
        };
        done = date.places.end;
        if is_birth(reading, date.places.start) {
            hits.push(Hit::new(
                date.span.clone(),
                Kind::DateOfBirth,
                0.95,
                Why::AfterLabel,
            ));
        }
        dates.push(date);
    }
    dates
}

/// Birth dates beside a name: "Selma Aydın (14-02-1983)", "| J. Bos | 1971-03-02 |".
pub(crate) fn beside_names(reading: &Reading<'_>, dates: &[Date], hits: &mut Vec<Hit>) {
    let mut ends: Vec<usize> = hits
        .iter()
        .filter(|hit| hit.kind == Kind::Person)
        .map(|hit| hit.span.end)
        .collect();
    ends.sort_unstable();
    for date in dates
        .iter()
        .filter(|date| (1900..=2025).contains(&date.year))
    {
        let before = ends.partition_point(|end| *end <= date.span.start);
        let Some(end) = before.checked_sub(1).and_then(|place| ends.get(place)) else {
            continue;
        };
        let between = reading.slice(*end..date.span.start);
        let is_mark = |character: char| {
            character.is_whitespace()
                || matches!(character, '(' | ',' | '|' | ';' | ':' | '"' | '\'' | '[')
        };
        if between.len() <= 6 && between.chars().all(is_mark) && !between.contains('\n') {
            hits.push(Hit::new(
                date.span.clone(),
                Kind::DateOfBirth,
                0.62,
                Why::FoundBefore,
            ));
        }
    }
}

/// Whether a word of birth stands shortly before, on this line or at the end of the one before.
fn is_birth(reading: &Reading<'_>, place: usize) -> bool {
    let mut n_words = 0;
    for before in (0..place).rev().take(16) {
        let cue = reading.cue(before);
        if cue.is(role::BIRTH) {
            return true;
        }
        n_words += usize::from(reading.is_word(before));
        let ends = reading.is_line_end(before)
            || (reading.is_mark(before, '.') && n_words > 1)
            || cue.is(role::MONTH);
        if ends || n_words > 5 {
            return false;
        }
    }
    false
}

/// The date that begins at a token.
pub(crate) fn date(reading: &Reading<'_>, place: usize) -> Option<Date> {
    let token = reading.token(place)?;
    if token.is_number() {
        if reading.is_continued(place) || joined_before(reading, place) {
            return None;
        }
        return in_digits(reading, place).or_else(|| day_first(reading, place));
    }
    month_first(reading, place)
}

fn joined_before(reading: &Reading<'_>, place: usize) -> bool {
    place >= 2
        && reading.is_glued(place)
        && reading.is_glued(place - 1)
        && reading
            .previous(place)
            .is_some_and(|mark| mark.is('-') || mark.is('/') || mark.is('.') || mark.is(':'))
        && (reading.is_number(place - 2) || reading.is_word(place - 2))
}

/// `14-03-1951`, `1951-03-14`, `4/4/92`, `14. 3. 1951`.
fn in_digits(reading: &Reading<'_>, place: usize) -> Option<Date> {
    let separator = |at: usize| {
        let mark = ['-', '/', '.']
            .into_iter()
            .find(|mark| reading.is_mark(at, *mark))?;
        let close = reading.token(at + 1)?.start <= reading.token(at - 1)?.end + 3;
        close.then_some(mark)
    };
    if separator(place + 1)? != separator(place + 3)? {
        return None;
    }
    let (first, second, third) = (
        reading.number(place)?,
        reading.number(place + 2)?,
        reading.number(place + 4)?,
    );
    let lengths =
        [place, place + 2, place + 4].map(|at| reading.token(at).map_or(0, |token| token.n_chars));
    let glued_on = reading.is_glued(place + 5)
        && (reading.is_word(place + 5) && !reading.word(place + 5).starts_with(['T', 't'])
            || ((reading.is_mark(place + 5, '-')
                || reading.is_mark(place + 5, '/')
                || reading.is_mark(place + 5, '.'))
                && reading.is_glued(place + 6)
                && (reading.is_number(place + 6) || reading.is_word(place + 6))));
    if glued_on {
        return None;
    }
    let year = match lengths {
        [4, 1..=2, 1..=2] if validate::is_day(third, second) => first,
        [1..=2, 1..=2, 4] if validate::is_day(first, second) || validate::is_day(second, first) => {
            third
        }
        [1..=2, 1..=2, 2] if validate::is_day(first, second) => century(third),
        _ => return None,
    };
    ended(reading, place, place + 5, year)
}

/// `14 maart 1951`, `12 dec '95`, `3rd of May 1991`, `8. Juli 1958`.
fn day_first(reading: &Reading<'_>, place: usize) -> Option<Date> {
    let day = reading.number(place)?;
    let month = (place + 1..place + 4).find(|at| reading.cue(*at).is(role::MONTH))?;
    let between_fits = (place + 1..month).all(|at| {
        reading.is_mark(at, '.')
            || matches!(
                reading.word(at),
                "th" | "st" | "nd" | "rd" | "e" | "de" | "of" | "er" | "-" | "/"
            )
    });
    if !between_fits || !validate::is_day(day, u32::from(reading.cue(month).value)) {
        return None;
    }
    with_year(reading, place, month + 1)
}

/// `May 27, 1995`.
fn month_first(reading: &Reading<'_>, place: usize) -> Option<Date> {
    let cue = reading.cue(place);
    if !cue.is(role::MONTH) || !validate::is_day(reading.number(place + 1)?, u32::from(cue.value)) {
        return None;
    }
    let after = place + 2;
    let ordinal = usize::from(
        matches!(reading.word(after), "th" | "st" | "nd" | "rd") && reading.is_glued(after),
    );
    with_year(reading, place, after + ordinal)
}

fn with_year(reading: &Reading<'_>, place: usize, at: usize) -> Option<Date> {
    let at = at
        + usize::from(
            reading.is_mark(at, '.')
                || reading.is_mark(at, ',')
                || reading.is_mark(at, '-')
                || reading.is_mark(at, '/'),
        );
    let at = at + usize::from(reading.is_mark(at, '\''));
    let year = reading.number(at)?;
    let year = match reading.token(at)?.n_chars {
        4 => year,
        2 => century(year),
        _ => return None,
    };
    ended(reading, place, at + 1, year)
}

fn ended(reading: &Reading<'_>, place: usize, end: usize, year: u32) -> Option<Date> {
    let span = reading.token(place)?.start..reading.token(end - 1)?.end;
    holds("year", (1880..2100).contains(&year)).then_some(Date {
        span,
        places: place..end,
        year,
    })
}

fn century(year: u32) -> u32 {
    if year < 30 { 2000 + year } else { 1900 + year }
}
