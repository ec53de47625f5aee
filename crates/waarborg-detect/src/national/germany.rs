//! Germany: tax, pension and health insurance numbers, identity card, passport and driving licence, numbers of doctors and practices.
//!
//! Sources: Abgabenordnung § 139b and the test specification of the Bundeszentralamt für Steuern (tax); VKVV § 4 (pension);
//! SGB V § 290, annex 1 (health insurance); ICAO Doc 9303 (documents); the tax offices' common form of thirteen digits
//! (ELSTER); Fahrerlaubnis-Verordnung annex 8 (driving licence); the physicians' federal association's guideline on § 75(7) SGB V, annex 1 (doctors and practices).

use super::arithmetic::{at, is_day, iso_11_10, number, part, value, weighted};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "DE_STEUER_ID",
        shape: "99999999999",
        check: tax,
        // Written in its own groups it is no telephone number.
        alone: Alone::Groups(&[&[2, 3, 3, 3]]),
        words: &[
            "steuer",
            "steuerid",
            "steueridentifikationsnummer",
            "steueridnr",
            "steuernummer",
            "idnr",
            "identifikationsnummer",
            "tin",
        ],
    },
    Number {
        name: "DE_RENTENVERSICHERUNG",
        shape: "99999999A999",
        check: pension,
        alone: Alone::Always,
        words: &[
            "rentenversicherung",
            "rentenversicherungsnummer",
            "sozialversicherungsnummer",
            "svnr",
            "rvnr",
            "rentenversicherungsnr",
        ],
    },
    Number {
        name: "DE_KRANKENVERSICHERUNG",
        shape: "A999999999",
        check: health,
        alone: Alone::Never,
        words: &[
            "krankenversichertennummer",
            "kvnr",
            "krankenversicherungsnummer",
            "versichertennummer",
            "krankenkasse",
        ],
    },
    Number {
        name: "DE_AUSWEIS",
        shape: "A********9",
        check: |bytes| document(bytes, 9),
        alone: Alone::Never,
        words: DOCUMENT,
    },
    Number {
        name: "DE_AUSWEIS",
        shape: "A********",
        check: is_series,
        alone: Alone::Never,
        words: DOCUMENT,
    },
    Number {
        name: "DE_STEUERNUMMER",
        shape: "9999999999999",
        check: |bytes| is_tax_office(bytes),
        alone: Alone::Never,
        words: TAX_OFFICE,
    },
    Number {
        name: "DE_STEUERNUMMER",
        shape: "99999999999",
        check: |bytes| number(bytes) > 0,
        alone: Alone::Never,
        words: TAX_OFFICE,
    },
    Number {
        name: "DE_STEUERNUMMER",
        shape: "9999999999",
        check: |bytes| number(bytes) > 0,
        alone: Alone::Never,
        words: TAX_OFFICE,
    },
    Number {
        name: "DE_FUEHRERSCHEIN",
        shape: "A**********",
        // The key of the authority has four signs, of which three are digits or more come behind.
        check: |bytes| bytes.iter().filter(|byte| byte.is_ascii_digit()).count() >= 4,
        alone: Alone::Never,
        words: &[
            "führerschein",
            "führerscheinnummer",
            "führerscheinnr",
            "fuehrerschein",
            "fahrerlaubnis",
            "fahrerlaubnisnummer",
        ],
    },
    Number {
        name: "DE_LANR",
        shape: "999999999",
        check: |bytes| {
            number(bytes) > 0
                && (weighted(bytes, &[4, 9, 4, 9, 4, 9]) + at(bytes, 6)).is_multiple_of(10)
        },
        alone: Alone::Never,
        words: &["lanr", "arztnummer", "arztnr"],
    },
    Number {
        name: "DE_BSNR",
        shape: "999999999",
        check: |bytes| PHYSICIANS.contains(&part(bytes, 0, 2)),
        alone: Alone::Never,
        words: &["bsnr", "betriebsstättennummer", "betriebsstätte"],
    },
];

const TAX_OFFICE: &[&str] = &["steuernummer", "steuernr", "stnr", "finanzamt"];

/// The regional associations of physicians, whose number a practice begins with.
const PHYSICIANS: &[u64] = &[
    1, 2, 3, 17, 20, 35, 38, 46, 51, 52, 71, 72, 73, 74, 78, 83, 88, 93, 98,
];

/// The state in the first digits, and a zero behind the four of the tax office.
fn is_tax_office(bytes: &[u8]) -> bool {
    let is_state = matches!(
        part(bytes, 0, 2),
        10 | 11 | 21..=24 | 26..=28 | 30..=32 | 40 | 41 | 50..=59 | 90..=99
    );
    is_state && at(bytes, 4) == 0
}

const DOCUMENT: &[&str] = &[
    "personalausweis",
    "personalausweisnummer",
    "ausweis",
    "ausweisnummer",
    "reisepass",
    "reisepassnummer",
    "pass",
    "passnummer",
    "paspoort",
    "passport",
];

/// The check digit, and one digit that comes two or three times among the first ten: numbers without it were never issued.
fn tax(bytes: &[u8]) -> bool {
    let body = bytes.get(..10).unwrap_or_default();
    let mut counts = [0_u8; 10];
    for byte in body {
        if let Some(count) = counts.get_mut(usize::from(byte % 16)) {
            *count += 1;
        }
    }
    let n_repeated = counts.iter().filter(|count| **count > 1).count();
    at(bytes, 0) != 0 && (1..=2).contains(&n_repeated) && iso_11_10(bytes)
}

/// Area, birthday, initial, serial number; each digit's product counts by its own digits.
fn pension(bytes: &[u8]) -> bool {
    let letter = at(bytes, 8).saturating_sub(9);
    let digits = bytes
        .get(..8)
        .into_iter()
        .flatten()
        .map(|byte| value(*byte))
        .chain([letter / 10, letter % 10])
        .chain(
            bytes
                .get(9..11)
                .into_iter()
                .flatten()
                .map(|byte| value(*byte)),
        );
    let sum: u32 = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]
        .iter()
        .zip(digits)
        .map(|(weight, digit)| weight * digit)
        .map(|product| product / 10 + product % 10)
        .sum();
    // A second person of the same day has fifty more.
    let day = part(bytes, 2, 4);
    is_day(if day > 50 { day - 50 } else { day }, part(bytes, 4, 6)) && sum % 10 == at(bytes, 11)
}

/// The Luhn check with the letter as two digits.
fn health(bytes: &[u8]) -> bool {
    let letter = at(bytes, 0).saturating_sub(9);
    let digits = [letter / 10, letter % 10].into_iter().chain(
        bytes
            .get(1..9)
            .into_iter()
            .flatten()
            .map(|byte| value(*byte)),
    );
    let sum: u32 = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]
        .iter()
        .zip(digits)
        .map(|(weight, digit)| weight * digit)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum % 10 == at(bytes, 9)
}

/// Letters that cannot be mistaken for words or digits, and the sum of travel documents.
fn document(bytes: &[u8], n: usize) -> bool {
    is_series(bytes)
        && weighted(
            bytes.get(..n).unwrap_or_default(),
            &[7, 3, 1, 7, 3, 1, 7, 3, 1],
        ) % 10
            == at(bytes, n)
}

fn is_series(bytes: &[u8]) -> bool {
    let letters = b"CFGHJKLMNPRTVWXYZ";
    matches!(
        bytes.first(),
        Some(b'C' | b'F' | b'G' | b'H' | b'J' | b'K' | b'L' | b'M' | b'N' | b'P' | b'R' | b'T')
    ) && bytes
        .iter()
        .all(|byte| byte.is_ascii_digit() || letters.contains(byte))
        && bytes.iter().any(u8::is_ascii_digit)
}
