//! Austria, Luxembourg, Switzerland, Poland, Czechia and Slovakia, and Turkey.

use super::arithmetic::{at, is_day, luhn, number, part, weighted};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "AT_SVNR",
        shape: "9999999999",
        check: austrian,
        alone: Alone::Groups(&[&[4, 6]]),
        words: &[
            "svnr",
            "sozialversicherungsnummer",
            "versicherungsnummer",
            "sv",
        ],
    },
    Number {
        name: "LU_MATRICULE",
        shape: "9999999999999",
        check: |bytes| {
            (1850..2100).contains(&part(bytes, 0, 4))
                && is_day(part(bytes, 6, 8), part(bytes, 4, 6))
                && luhn(bytes.get(..12).unwrap_or_default(), 12)
        },
        alone: Alone::Groups(&[&[13], &[4, 2, 2, 5]]),
        words: &["matricule", "identification", "cns"],
    },
    Number {
        name: "CH_AHV",
        shape: "7569999999999",
        check: swiss,
        alone: Alone::Always,
        words: &["ahv", "avs", "sozialversicherungsnummer"],
    },
    Number {
        name: "PL_PESEL",
        shape: "99999999999",
        check: polish,
        alone: Alone::Groups(&[&[11]]),
        words: &["pesel"],
    },
    Number {
        name: "PL_NIP",
        shape: "9999999999",
        check: polish_tax,
        alone: Alone::Never,
        words: &["nip"],
    },
    Number {
        name: "PL_REGON",
        shape: "999999999",
        check: |bytes| {
            number(bytes) > 0
                && weighted(bytes, &[8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10 == at(bytes, 8)
        },
        alone: Alone::Never,
        words: &["regon"],
    },
    Number {
        name: "PL_DOWOD",
        shape: "AAA999999",
        check: |bytes| weighted(bytes, &[7, 3, 1, 9, 7, 3, 1, 7, 3]).is_multiple_of(10),
        alone: Alone::Never,
        words: &["dowód", "dowod", "dowodu"],
    },
    Number {
        name: "CZ_SK_RODNE_CISLO",
        shape: "9999999999",
        check: birth_number,
        alone: Alone::Groups(&[&[6, 4]]),
        words: &["rodné", "rodne", "rč", "rc"],
    },
    Number {
        name: "TR_KIMLIK",
        shape: "99999999999",
        check: turkish,
        alone: Alone::Never,
        words: &["kimlik", "tc", "tckn", "kimliği"],
    },
];

/// The fourth digit checks the serial number and the day of birth.
fn austrian(bytes: &[u8]) -> bool {
    at(bytes, 0) != 0
        && is_day(part(bytes, 4, 6), part(bytes, 6, 8))
        && weighted(bytes, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == at(bytes, 3)
}

/// The check digit of article numbers.
fn swiss(bytes: &[u8]) -> bool {
    weighted(bytes, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// The day of birth with the century in the month, and a sum by ten.
pub(super) fn polish(bytes: &[u8]) -> bool {
    is_day(part(bytes, 4, 6), part(bytes, 2, 4) % 20)
        && weighted(bytes, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
}

pub(super) fn polish_tax(bytes: &[u8]) -> bool {
    number(bytes) > 0 && weighted(bytes, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == at(bytes, 9)
}

/// Fifty more on the month for women, and a multiple of eleven.
fn birth_number(bytes: &[u8]) -> bool {
    let month = part(bytes, 2, 4) % 50;
    let month = if month > 20 { month - 20 } else { month };
    is_day(part(bytes, 4, 6), month) && number(bytes).is_multiple_of(11)
}

/// Two check digits.
fn turkish(bytes: &[u8]) -> bool {
    let odd: u32 = [0, 2, 4, 6, 8].iter().map(|place| at(bytes, *place)).sum();
    let even: u32 = [1, 3, 5, 7].iter().map(|place| at(bytes, *place)).sum();
    let sum: u32 = (0..10).map(|place| at(bytes, place)).sum();
    at(bytes, 0) != 0 && (odd * 7 + 100 - even) % 10 == at(bytes, 9) && sum % 10 == at(bytes, 10)
}
