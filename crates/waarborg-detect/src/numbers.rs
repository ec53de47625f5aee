//! Numbers that prove themselves, each kind in a file of its own; this one walks over the text and asks them in turn.

use alloc::vec::Vec;

use crate::digits;
use crate::reading::{Hit, Reading};
use crate::tokens::Token;
use crate::{bsn, card, iban, imei, national, plates};

/// Before its first digit no number has more tokens than this: two groups of letters with a dash behind each.
const LETTERS: usize = 4;

/// Finds them all.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut place = 0;
    let mut numbers = reading.numbers.iter().peekable();
    loop {
        while numbers.next_if(|number| **number < place).is_some() {}
        let Some(number) = numbers.peek() else { break };
        place = place.max(number.saturating_sub(LETTERS));
        let Some(token) = reading.token(place) else {
            break;
        };
        let found = if token.is_number() {
            at_number(reading, place, token)
        } else if token.is_word() && token.n_chars <= 6 {
            iban::find(reading, place)
                .or_else(|| plates::find(reading, place))
                .or_else(|| lettered(reading, place, token))
        } else {
            None
        };
        let end = found.as_ref().map_or(token.end, |hit| hit.span.end);
        hits.extend(found);
        while reading.token(place).is_some_and(|token| token.start < end) {
            place += 1;
        }
    }
}

fn at_number(reading: &Reading<'_>, place: usize, token: &Token) -> Option<Hit> {
    if reading.is_continued(place) || is_tail(reading, place) {
        return None;
    }
    if let Some(hit) = plates::find(reading, place) {
        return Some(hit);
    }
    let digits = digits::run(reading, place, &['-', '.', '/']);
    card::find(reading, place, token, &digits)
        .or_else(|| bsn::find(reading, place, token, &digits))
        .or_else(|| imei::find(reading, place, token, &digits))
        .or_else(|| national::find(reading, place))
}

/// A number that begins with letters: `T22000129`, `JK 38 82 46 C`, `NL004495445B01`.
fn lettered(reading: &Reading<'_>, place: usize, token: &Token) -> Option<Hit> {
    let is_candidate = token.end - token.start == token.n_chars
        && !reading.is_continued(place)
        && !is_tail(reading, place)
        && (reading.is_number(place + 1) || reading.is_number(place + 2))
        && (token.has_capital() || reading.continues(place));
    is_candidate
        .then(|| national::find(reading, place))
        .flatten()
}

/// A number in the middle of a longer reference, an amount or a path.
fn is_tail(reading: &Reading<'_>, place: usize) -> bool {
    let glued_mark = |mark: &Token| {
        mark.is('-')
            || mark.is('/')
            || mark.is('.')
            || mark.is('_')
            || mark.is('#')
            || mark.is('€')
            || mark.is('$')
    };
    let before = reading.previous(place);
    let in_reference = reading.is_glued(place)
        && before.is_some_and(glued_mark)
        && reading.is_glued(place - 1)
        && place >= 2
        && (reading.is_number(place - 2) || reading.is_word(place - 2));
    in_reference || before.is_some_and(|mark| mark.is('€') || mark.is('$'))
}

/// Whether a letter or digit stands against the end of a number.
pub(crate) fn ends_in_word(reading: &Reading<'_>, end: usize) -> bool {
    reading
        .text
        .get(end..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(char::is_alphanumeric)
}
