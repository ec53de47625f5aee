//! Estonia, Lithuania and Latvia.

use super::arithmetic::{at, is_day, part, weighted};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "EE_LT_ISIKUKOOD",
        shape: "99999999999",
        check: code,
        alone: Alone::Never,
        words: &["isikukood", "ik", "asmens", "kodas", "ak"],
    },
    Number {
        name: "LV_PERSONAS_KODS",
        shape: "99999999999",
        check: latvian,
        alone: Alone::Groups(&[&[6, 5]]),
        words: &["personas", "kods", "pk"],
    },
];

/// A check digit by eleven, with other weights when the first sum leaves ten.
fn code(bytes: &[u8]) -> bool {
    let first = weighted(bytes, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let check = if first < 10 {
        first
    } else {
        weighted(bytes, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10
    };
    (1..=8).contains(&at(bytes, 0))
        && is_day(part(bytes, 5, 7), part(bytes, 3, 5))
        && check == at(bytes, 10)
}

fn latvian(bytes: &[u8]) -> bool {
    let sum = weighted(bytes, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
    is_day(part(bytes, 0, 2), part(bytes, 2, 4)) && (1 + sum) % 11 % 10 == at(bytes, 10)
}
