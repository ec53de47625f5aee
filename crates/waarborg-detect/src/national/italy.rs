//! Italy: the tax code, made of the name, the birthday and the place of birth; the tax number of a trader; documents.
//!
//! Sources: Decreto ministeriale 12 March 1974 and its successors (codice fiscale), DPR 633/1972 article 35 (partita IVA),
//! Ministero dell'Interno (carta d'identità elettronica), Motorizzazione civile (patente).

use super::arithmetic::{luhn, number, value};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "IT_CODICE_FISCALE",
        shape: "AAAAAA99A99A999A",
        check: code,
        alone: Alone::Always,
        words: &["fiscale", "cf"],
    },
    Number {
        name: "IT_PARTITA_IVA",
        shape: "99999999999",
        check: |bytes| number(bytes) > 0 && luhn(bytes, 11),
        alone: Alone::Never,
        words: &["piva", "iva", "partita"],
    },
    Number {
        name: "IT_CARTA_IDENTITA",
        shape: "AA99999AA",
        check: |bytes| bytes.starts_with(b"C"),
        alone: Alone::Never,
        words: &["cie", "carta identità", "carta identita"],
    },
    Number {
        name: "IT_PASSAPORTO",
        shape: "AA9999999",
        check: |bytes| number(bytes.get(2..).unwrap_or_default()) > 0,
        alone: Alone::Never,
        words: &["passaporto"],
    },
    Number {
        name: "IT_PATENTE",
        shape: "AA9999999A",
        check: |bytes| number(bytes.get(2..9).unwrap_or_default()) > 0,
        alone: Alone::Never,
        words: &["patente"],
    },
    Number {
        name: "IT_PATENTE",
        shape: "u1*******A",
        check: |bytes| bytes.iter().filter(|byte| byte.is_ascii_digit()).count() > 2,
        alone: Alone::Never,
        words: &["patente"],
    },
];

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
