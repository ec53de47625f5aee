//! Value added tax numbers of the European Union with their country before them. Of a sole trader they point at one person.

use super::arithmetic::{at, iso_11_10, luhn, number, part, value, weighted};
use super::{Alone, Number, central, iberia, islands};

const WORDS: &[&str] = &[
    "vat",
    "btw",
    "ust",
    "ustid",
    "tva",
    "iva",
    "moms",
    "umsatzsteuer",
];

/// A number that counts by itself, for its country stands before it.
const fn vat(name: &'static str, shape: &'static str, check: fn(&[u8]) -> bool) -> Number {
    Number {
        name,
        shape,
        check,
        alone: Alone::Groups(&[
            &[9],
            &[10],
            &[11],
            &[12],
            &[13],
            &[14],
            &[2, 4, 3, 3],
            &[2, 9],
            &[2, 10],
            &[2, 11],
            &[2, 8],
        ]),
        words: WORDS,
    }
}

pub(super) const NUMBERS: &[Number] = &[
    vat("AT_VAT", "atu99999999", austrian),
    vat("BE_VAT", "be9999999999", |bytes| {
        matches!(at(bytes, 2), 0 | 1) && 97 - part(bytes, 2, 10) % 97 == part(bytes, 10, 12)
    }),
    vat("DE_VAT", "de999999999", |bytes| {
        at(bytes, 2) != 0 && iso_11_10(bytes.get(2..).unwrap_or_default())
    }),
    vat("DK_VAT", "dk99999999", |bytes| {
        at(bytes, 2) != 0
            && weighted(
                bytes.get(2..).unwrap_or_default(),
                &[2, 7, 6, 5, 4, 3, 2, 1],
            )
            .is_multiple_of(11)
    }),
    vat("FI_VAT", "fi99999999", finnish),
    vat("FR_VAT", "fr99999999999", |bytes| {
        luhn(bytes, 9) && (12 + 3 * (part(bytes, 4, 13) % 97)) % 97 == part(bytes, 2, 4)
    }),
    vat("IE_VAT", "ie9999999A", |bytes| {
        islands::pps(bytes.get(2..).unwrap_or_default())
    }),
    vat("IT_VAT", "it99999999999", |bytes| luhn(bytes, 11)),
    vat("LU_VAT", "lu99999999", |bytes| {
        number(bytes.get(2..).unwrap_or_default()) > 0
            && part(bytes, 2, 8) % 89 == part(bytes, 8, 10)
    }),
    vat("PL_VAT", "pl9999999999", |bytes| {
        central::polish_tax(bytes.get(2..).unwrap_or_default())
    }),
    vat("PT_VAT", "pt999999999", |bytes| {
        iberia::portuguese(bytes.get(2..).unwrap_or_default())
    }),
    vat("SE_VAT", "se999999999901", |bytes| {
        luhn(bytes.get(..12).unwrap_or_default(), 10)
    }),
];

/// Digits on even places count double and by their own digits; the sum is completed to 96.
fn austrian(bytes: &[u8]) -> bool {
    let sum: u32 = bytes
        .iter()
        .skip(3)
        .take(7)
        .enumerate()
        .map(|(place, byte)| match (place % 2, value(*byte)) {
            (0, digit) => digit,
            (_, digit) => digit / 5 + digit * 2 % 10,
        })
        .sum();
    (96 - sum % 10) % 10 == at(bytes, 10)
}

fn finnish(bytes: &[u8]) -> bool {
    let digits = bytes.get(2..).unwrap_or_default();
    number(digits) > 0 && weighted(digits, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
}
