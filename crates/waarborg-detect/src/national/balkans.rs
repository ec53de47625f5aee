//! Romania, Bulgaria, Greece, Croatia and Slovenia.

use super::arithmetic::{at, is_day, iso_11_10, luhn, part, weighted};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "RO_CNP",
        shape: "9999999999999",
        check: romanian,
        alone: Alone::Always,
        words: &["cnp"],
    },
    Number {
        name: "BG_EGN",
        shape: "9999999999",
        check: bulgarian,
        alone: Alone::Never,
        words: &["egn", "егн"],
    },
    Number {
        name: "GR_AMKA",
        shape: "99999999999",
        check: |bytes| is_day(part(bytes, 0, 2), part(bytes, 2, 4)) && luhn(bytes, 11),
        alone: Alone::Never,
        words: &["amka", "αμκα"],
    },
    Number {
        name: "HR_OIB",
        shape: "99999999999",
        check: iso_11_10,
        alone: Alone::Never,
        words: &["oib"],
    },
    Number {
        name: "SI_EMSO",
        shape: "9999999999999",
        check: slovenian,
        alone: Alone::Always,
        words: &["emšo", "emso", "jmbg"],
    },
];

/// Sex and century, day of birth, county, serial number and a check by eleven.
fn romanian(bytes: &[u8]) -> bool {
    let rest = weighted(bytes, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    at(bytes, 0) != 0
        && is_day(part(bytes, 5, 7), part(bytes, 3, 5))
        && part(bytes, 7, 9) <= 52
        && (if rest == 10 { 1 } else { rest }) == at(bytes, 12)
}

/// Twenty or forty more on the month for other centuries.
fn bulgarian(bytes: &[u8]) -> bool {
    is_day(part(bytes, 4, 6), part(bytes, 2, 4) % 20)
        && weighted(bytes, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == at(bytes, 9)
}

/// Day of birth with three digits of the year, a region that Slovenia has, and a check by eleven.
fn slovenian(bytes: &[u8]) -> bool {
    let rest = weighted(bytes, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    is_day(part(bytes, 0, 2), part(bytes, 2, 4))
        && (10..60).contains(&part(bytes, 7, 9))
        && (11 - rest) % 11 == at(bytes, 12)
}
