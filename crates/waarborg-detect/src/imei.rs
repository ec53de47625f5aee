//! Numbers of mobile devices (IMEI): fifteen digits with the Luhn digit, in the range that makers use.

use crate::digits::Digits;
use crate::finding::Why;
use crate::kind::Kind;
use crate::numbers::ends_in_word;
use crate::reading::{Hit, Reading};
use crate::tokens::Token;
use crate::validate;
use crate::validation::holds;

/// The number of a mobile device, which carries the Luhn digit and begins with the makers' range.
pub(crate) fn find(
    reading: &Reading<'_>,
    place: usize,
    token: &Token,
    digits: &Digits,
) -> Option<Hit> {
    let (number, end) = digits.all().filter(|_| !digits.is_cut)?;
    let labelled = reading.cue_before(place, 4, |cue| cue.label == Some(Kind::DeviceId));
    let is_imei = number.len() == 15
        && validate::luhn(number)
        && holds("imei-range", number.starts_with(&[3, 5]));
    (is_imei && (labelled || digits.n_groups() == 1) && !ends_in_word(reading, end))
        .then(|| Hit::new(token.start..end, Kind::DeviceId, 0.9, Why::Luhn))
}
