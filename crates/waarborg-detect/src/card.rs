//! Numbers of payment cards: the Luhn digit, and a prefix and length that card schemes issue.
//!
//! The Luhn check lets one number in ten pass, and device numbers carry it too: the prefix, the usual groups and what
//! stands before the number decide with it.

use crate::digits::Digits;
use crate::finding::Why;
use crate::kind::Kind;
use crate::numbers::ends_in_word;
use crate::reading::{Hit, Reading};
use crate::tokens::Token;
use crate::validate;
use crate::vocabulary::role;

/// The number that begins at this token.
pub(crate) fn find(
    reading: &Reading<'_>,
    place: usize,
    token: &Token,
    digits: &Digits,
) -> Option<Hit> {
    let labelled = reading.cue_before(place, 6, |cue| cue.label == Some(Kind::CreditCard));
    [16, 15, 14, 19, 13].into_iter().find_map(|length| {
        let (number, end) = digits.exactly(length)?;
        let proven = validate::luhn(number) && validate::is_card_range(number);
        // All in one piece it is one, whatever follows: "4532… / 2223…".
        let usual = labelled
            || (length > 13 && digits.n_groups() <= 5 && digits.ends_at(length))
            || (length > 14 && token.n_chars == length);
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
