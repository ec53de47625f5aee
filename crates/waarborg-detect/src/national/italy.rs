//! Italy: the tax code, made of the name, the birthday and the place of birth.

use super::arithmetic::value;
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[Number {
    name: "IT_CODICE_FISCALE",
    shape: "AAAAAA99A99A999A",
    check: code,
    alone: Alone::Always,
    words: &["fiscale", "cf"],
}];

/// What a digit or letter on an odd place counts.
const ODD: [u32; 26] = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

fn code(bytes: &[u8]) -> bool {
    let plain = |byte: u8| match value(byte) {
        digit @ 0..=9 => digit,
        letter => letter - 10,
    };
    let odd = |byte: u8| {
        usize::try_from(plain(byte))
            .ok()
            .and_then(|place| ODD.get(place))
            .copied()
    };
    let sum: u32 = bytes
        .iter()
        .take(15)
        .enumerate()
        .map(|(place, byte)| {
            if place % 2 == 0 {
                odd(*byte).unwrap_or(0)
            } else {
                plain(*byte)
            }
        })
        .sum();
    let is_month = bytes
        .get(8)
        .is_some_and(|month| b"ABCDEHLMPRST".contains(month));
    let day = super::arithmetic::part(bytes, 9, 11);
    let is_day = (1..=31).contains(&day) || (41..=71).contains(&day);
    is_month && is_day && bytes.get(15).is_some_and(|check| plain(*check) == sum % 26)
}
