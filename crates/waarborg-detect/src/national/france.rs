//! France: the number of social security, documents, and the numbers of enterprises, which a sole trader has too.
//!
//! Sources: INSEE (NIR, SIREN, SIRET), Direction générale des finances publiques (numéro fiscal), ICAO Doc 9303 and the
//! Agence nationale des titres sécurisés (passport, identity card, driving licence).

use super::arithmetic::{luhn, number, part, value};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "FR_NIR",
        shape: "99999**99999999",
        check: security,
        alone: Alone::Always,
        words: &["sécurité", "nir", "sociale", "insee", "nirpp", "vitale"],
    },
    Number {
        name: "FR_NIR",
        shape: "99999**999999",
        check: |bytes| is_person(bytes),
        alone: Alone::Never,
        words: &["sécurité", "nir", "sociale", "vitale"],
    },
    Number {
        name: "FR_SPI",
        shape: "9999999999999",
        check: tax,
        alone: Alone::Never,
        words: &["fiscal", "spi", "fiscale"],
    },
    Number {
        name: "FR_PASSEPORT",
        shape: "99AA99999",
        check: |bytes| number(bytes.get(..2).unwrap_or_default()) > 0,
        alone: Alone::Never,
        words: &["passeport", "passport", "paspoort"],
    },
    Number {
        name: "FR_CNI",
        shape: "999999999999",
        // Until 2021: year and month of issue first.
        check: |bytes| (1..=12).contains(&part(bytes, 2, 4)),
        alone: Alone::Never,
        words: &["cni", "carte identité"],
    },
    Number {
        name: "FR_PERMIS",
        shape: "999999999999",
        // Year, month and department of the first licence.
        check: |bytes| (1..=12).contains(&part(bytes, 2, 4)) && part(bytes, 4, 6) > 0,
        alone: Alone::Never,
        words: &["permis"],
    },
    Number {
        name: "FR_SIREN",
        shape: "999999999",
        check: |bytes| luhn(bytes, 9),
        alone: Alone::Never,
        words: &["siren", "rcs"],
    },
    Number {
        name: "FR_SIRET",
        shape: "99999999999999",
        check: |bytes| luhn(bytes, 14) && luhn(bytes.get(..9).unwrap_or_default(), 9),
        alone: Alone::Never,
        words: &["siret"],
    },
];

/// Sex and month as they are issued; two or more for births abroad and unknown months.
fn is_person(bytes: &[u8]) -> bool {
    let month = part(bytes, 3, 5);
    matches!(bytes.first(), Some(b'1'..=b'4' | b'7' | b'8'))
        && ((1..=12).contains(&month) || (20..=42).contains(&month) || month >= 50)
}

/// The key completes the number to a multiple of 97; Corsica's letters count as less.
fn security(bytes: &[u8]) -> bool {
    let corsica = match bytes.get(5..7) {
        Some(b"2A") => Some(1_000_000),
        Some(b"2B") => Some(2_000_000),
        Some(region) if region.iter().all(u8::is_ascii_digit) => Some(0),
        _ => None,
    };
    let body = bytes.iter().take(13).fold(0_u64, |sum, byte| {
        sum * 10
            + if byte.is_ascii_digit() {
                u64::from(value(*byte))
            } else {
                0
            }
    });
    corsica.is_some_and(|less| {
        is_person(bytes) && body > less && 97 - (body - less) % 97 == part(bytes, 13, 15)
    })
}

/// The last three digits are the rest of the first ten by 511.
fn tax(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b'0'..=b'3')) && part(bytes, 0, 10) % 511 == part(bytes, 10, 13)
}
