//! Numbers that prove themselves: citizen service numbers, payment cards, account numbers,
//! licence plates and national numbers of other countries.

use alloc::vec::Vec;

use crate::digits;
use crate::finding::Why;
use crate::kind::Kind;
use crate::national;
use crate::plates;
use crate::reading::{Hit, Reading};
use crate::tokens::Token;
use crate::validate;
use crate::vocabulary::role;

/// Finds them all.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut place = 0;
    while let Some(token) = reading.token(place) {
        let found = if token.is_number() {
            at_number(reading, place, token)
        } else if token.is_word() && token.n_chars <= 6 {
            iban(reading, place)
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
    card(reading, place, token, &digits)
        .or_else(|| bsn(reading, place, token, &digits))
        .or_else(|| device(reading, place, token, &digits))
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

/// "citizen service number": three words that each say nothing.
pub(crate) fn is_called_in_english(reading: &Reading<'_>, place: usize) -> bool {
    (3..=6)
        .filter_map(|back| place.checked_sub(back))
        .any(|at| {
            reading.word(at).eq_ignore_ascii_case("citizen")
                && reading.word(at + 1).eq_ignore_ascii_case("service")
                && reading.word(at + 2).eq_ignore_ascii_case("number")
        })
}

fn bsn(reading: &Reading<'_>, place: usize, token: &Token, digits: &digits::Digits) -> Option<Hit> {
    let labelled = reading.cue_before(place, 8, |cue| {
        cue.label == Some(Kind::Bsn) || cue.stem == Some(Kind::Bsn)
    }) || is_called_in_english(reading, place);
    let (nine, end) = digits.exactly(9)?;
    if !validate::eleven_test(nine) || ends_in_word(reading, end) {
        return None;
    }
    let whole = digits.ends_at(9) || token.n_chars == 9;
    let regular = digits.n_groups() <= 4;
    // The number of an organisation passes the same test.
    let of_organisation = (1..=3)
        .filter_map(|back| place.checked_sub(back))
        .any(|at| reading.word(at).eq_ignore_ascii_case("rsin"));
    let impersonal =
        of_organisation || reading.cue_before(place, 3, |cue| cue.is(role::IMPERSONAL));
    if !labelled && (!whole || !regular || impersonal) {
        return None;
    }
    let score = if labelled { 1.0 } else { 0.91 };
    Some(Hit::new(
        token.start..end,
        Kind::Bsn,
        score,
        Why::ElevenTest,
    ))
}

fn card(
    reading: &Reading<'_>,
    place: usize,
    token: &Token,
    digits: &digits::Digits,
) -> Option<Hit> {
    let labelled = reading.cue_before(place, 6, |cue| cue.label == Some(Kind::CreditCard));
    [16, 15, 14, 19, 13].into_iter().find_map(|length| {
        let (number, end) = digits.exactly(length)?;
        let proven = validate::luhn(number) && validate::is_card_range(number);
        let usual = labelled || (length > 13 && digits.n_groups() <= 5 && digits.ends_at(length));
        let impersonal = reading.cue_before(place, 2, |cue| {
            cue.label == Some(Kind::DeviceId) || cue.is(role::IMPERSONAL)
        });
        if !proven || !usual || impersonal || ends_in_word(reading, end) {
            return None;
        }
        Some(Hit::new(
            token.start..end,
            Kind::CreditCard,
            if labelled { 1.0 } else { 0.95 },
            Why::Luhn,
        ))
    })
}

/// The number of a mobile device, which carries the Luhn digit and begins with the makers' range.
fn device(
    reading: &Reading<'_>,
    place: usize,
    token: &Token,
    digits: &digits::Digits,
) -> Option<Hit> {
    let (number, end) = digits.all().filter(|_| !digits.is_cut)?;
    let labelled = reading.cue_before(place, 4, |cue| cue.label == Some(Kind::DeviceId));
    let is_imei = number.len() == 15
        && validate::luhn(number)
        && number.first() == Some(&3)
        && number.get(1) == Some(&5);
    (is_imei && (labelled || digits.n_groups() == 1) && !ends_in_word(reading, end))
        .then(|| Hit::new(token.start..end, Kind::DeviceId, 0.9, Why::Luhn))
}

fn ends_in_word(reading: &Reading<'_>, end: usize) -> bool {
    reading
        .text
        .get(end..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(char::is_alphanumeric)
}

/// A bank account number, with or without spaces, dots or dashes between its groups.
pub(crate) fn iban(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let country = reading.word(place).as_bytes();
    let &[first, second] = country else {
        return None;
    };
    let length = validate::iban_length([first.to_ascii_uppercase(), second.to_ascii_uppercase()])?;
    if reading.is_continued(place) || !reading.is_number(place + 1) {
        return None;
    }
    let start = reading.token(place)?.start;
    let mut compact = [0_u8; 34];
    let mut n = 0;
    let mut at = place;
    while n < length {
        let token = reading.token(at)?;
        let skip = n > 0 && (token.is('-') || token.is('.'));
        if !skip {
            if !(token.is_word() || token.is_number()) || token.end - token.start != token.n_chars {
                return None;
            }
            let slots = compact.get_mut(n..n + token.n_chars)?;
            slots.copy_from_slice(reading.slice(token.span()).as_bytes());
            slots.make_ascii_uppercase();
            n += token.n_chars;
        }
        at += 1;
    }
    let last = at - 1;
    let end = reading.token(last)?.end;
    let compact = compact.get(..n)?;
    if n != length || reading.continues(last) || end - start > length + 16 {
        return None;
    }
    if validate::iban(compact) {
        return Some(Hit::new(start..end, Kind::Iban, 1.0, Why::Mod97));
    }
    // A Dutch number with a bank in it is an account number with a slip of the pen.
    let has_bank = country.eq_ignore_ascii_case(b"NL")
        && compact
            .get(4..8)
            .is_some_and(|bank| bank.iter().all(u8::is_ascii_alphabetic))
        && compact
            .get(8..)
            .is_some_and(|number| number.iter().all(u8::is_ascii_digit));
    has_bank.then(|| Hit::new(start..end, Kind::Iban, 0.7, Why::Format))
}
