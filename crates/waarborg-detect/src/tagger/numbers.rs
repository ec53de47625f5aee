//! Numbers that the tagger gave a kind which their own form contradicts: an address of the network is no customer, a row of sums no device.

use core::net::IpAddr;

use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::vocabulary::role;

/// Fewest and most letters and digits on a plate, anywhere in Europe.
const PLATE: core::ops::RangeInclusive<usize> = 5..=8;

/// Gives a number the kind that its form has; false where it is nobody's number at all.
pub(super) fn holds_up(reading: &Reading<'_>, hit: &mut Hit) -> bool {
    if !hit.kind.is_any_number() {
        return true;
    }
    let is_spelled = hit.kind == Kind::LicencePlate && is_spelled(reading, hit);
    if hit.kind == Kind::LicencePlate && !is_spelled {
        let (before, behind) = names_of_car(reading.slice(hit.span.clone()));
        hit.span = hit.span.start + before..hit.span.end - behind;
    }
    let value = reading.slice(hit.span.clone());
    if value.parse::<IpAddr>().is_ok() {
        hit.kind = Kind::Ip;
    }
    match hit.kind {
        Kind::LicencePlate => is_spelled || is_like_plate(value),
        Kind::DeviceId => is_like_device(value),
        _ => true,
    }
}

/// "f acht zes drie vijf x n".
fn is_spelled(reading: &Reading<'_>, hit: &Hit) -> bool {
    let first = reading.first_in(&hit.span);
    (first..)
        .zip(reading.within(&hit.span))
        .any(|(place, _)| reading.cue(place).is(role::DIGIT))
}

/// How many bytes of words stand before and behind a plate: "Clio GF15 UHL", "12-ABC-3 Renault".
fn names_of_car(value: &str) -> (usize, usize) {
    /// No group of a plate has so many letters.
    const WORD: usize = 4;
    let is_word = |word: &str| word.len() >= WORD && word.chars().all(char::is_alphabetic);
    let mut plate = value;
    while let Some((word, behind)) = plate.split_once(' ')
        && is_word(word)
    {
        plate = behind.trim_start();
    }
    let before = value.len() - plate.len();
    while let Some((rest, word)) = plate.rsplit_once(' ')
        && is_word(word)
    {
        plate = rest.trim_end();
    }
    (before, value.len() - before - plate.len())
}

/// Letters and digits, as many as fit on one: "8 WVW" is an article of law, "02/11 FPI ADEWALE" a line of a statement.
fn is_like_plate(value: &str) -> bool {
    let n_digits = value.bytes().filter(u8::is_ascii_digit).count();
    let n_letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_date = value.contains('/');
    n_digits > 0 && n_letters > 0 && !is_date && PLATE.contains(&(n_digits + n_letters))
}

/// It has a digit, sets nothing ("hit=41822 read=618204") and is no sum or row of sums ("1 412.75 412.75", "-180").
fn is_like_device(value: &str) -> bool {
    let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
    let is_sum = |word: &str| {
        let (whole, cents) = word.rsplit_once(['.', ',']).unwrap_or((word, "00"));
        let is_whole = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'))
        };
        cents.len() == 2 && is_whole(whole) && is_whole(cents)
    };
    let mut words = value.split_whitespace();
    let has_sum = value.contains(['.', ',']) && words.any(is_sum);
    let is_negative = value.starts_with('-') && value.len() <= 7;
    has_digit && !has_sum && !is_negative && !value.contains('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plate_has_letters_and_digits_and_no_more_than_fit() {
        for plate in ["52-BKX-3", "g822vn", "R 445 TX", "AB12 CDE", "1-ABC-234"] {
            assert!(is_like_plate(plate), "{plate}");
        }
        assert_eq!(names_of_car("Clio GF15 UHL"), ("Clio ".len(), 0));
        assert_eq!(names_of_car("12-ABC-3 Renault"), (0, " Renault".len()));
        assert_eq!(names_of_car("GF15 UHL"), (0, 0));
        for other in [
            "15 WVO 2020",
            "02/11 FPI ADEWALE",
            "WVW",
            "4471",
            "8 WVW",
            "02/11 FPI",
        ] {
            assert!(!is_like_plate(other), "{other}");
        }
    }

    #[test]
    fn a_device_is_no_sum_and_no_setting() {
        for device in ["R52T80KXM4E", "EM-6066-992", "490154203237518", "4.12.7-b"] {
            assert!(is_like_device(device), "{device}");
        }
        for other in [
            "1       412.75       412.75",
            "-180",
            "-1.240",
            "hit=41822 read=618204",
            "ZA/Durban",
        ] {
            assert!(!is_like_device(other), "{other}");
        }
    }
}
