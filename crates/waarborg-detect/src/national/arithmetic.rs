//! Sums that check digits are made of, over letters and digits in capitals.

use crate::validate;

/// The value of a digit; letters count from ten.
pub(super) fn value(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => 0,
    }
}

/// The number that digits write.
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum * 10 + u64::from(value(*byte) % 10))
}

/// The number that a part of the digits writes.
pub(super) fn part(bytes: &[u8], from: usize, to: usize) -> u64 {
    number(bytes.get(from..to).unwrap_or_default())
}

/// The sum of the values, each times its weight; what has no weight does not count.
pub(super) fn weighted(bytes: &[u8], weights: &[u32]) -> u32 {
    weights
        .iter()
        .zip(bytes)
        .map(|(weight, byte)| weight * value(*byte))
        .sum()
}

/// The value at a place.
pub(super) fn at(bytes: &[u8], place: usize) -> u32 {
    bytes.get(place).map_or(0, |byte| value(*byte))
}

/// The Luhn check over the last `n` digits.
pub(super) fn luhn(bytes: &[u8], n: usize) -> bool {
    let mut digits = [0_u8; 20];
    let tail = bytes
        .len()
        .checked_sub(n)
        .and_then(|from| bytes.get(from..))
        .unwrap_or_default();
    for (slot, byte) in digits.iter_mut().zip(tail) {
        *slot = byte.wrapping_sub(b'0');
    }
    digits
        .get(..tail.len())
        .is_some_and(|digits| !digits.is_empty() && validate::luhn(digits))
}

/// The pure system of ISO 7064 with two moduli, one apart: a check digit that catches every slip and swap.
pub(super) fn iso_11_10(bytes: &[u8]) -> bool {
    let Some((check, body)) = bytes.split_last() else {
        return false;
    };
    let product = body.iter().fold(10, |product, byte| {
        let sum = match (value(*byte) + product) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    (11 - product) % 10 == value(*check)
}

/// Whether two digits each for day and month can be a day.
pub(super) fn is_day(day: u64, month: u64) -> bool {
    match (u32::try_from(day), u32::try_from(month)) {
        (Ok(day), Ok(month)) => validate::is_day(day, month),
        _ => false,
    }
}

/// The letter that a table gives for a rest.
pub(super) fn is_letter(table: &[u8], rest: u64, letter: Option<&u8>) -> bool {
    let expected = usize::try_from(rest).ok().and_then(|rest| table.get(rest));
    expected.is_some() && expected == letter
}
