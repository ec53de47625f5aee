//! Bank account numbers (IBAN): the length that the country issues, and the mod-97 check over all of it.
//!
//! A Dutch number with a bank in it that fails the check is somebody's account number with a slip of the pen.

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::validate;
use crate::validation::holds;

/// A bank account number, with or without spaces, dots or dashes between its groups.
pub(crate) fn find(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let country = reading.word(place).as_bytes();
    let &[first, second] = country else {
        return None;
    };
    let length = validate::iban_length([first.to_ascii_uppercase(), second.to_ascii_uppercase()])
        .or_else(|| holds("iban-country", false).then_some(18))?;
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
    if !holds("iban-length", n == length) || reading.continues(last) || end - start > length + 16 {
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
