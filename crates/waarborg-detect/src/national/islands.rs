//! The United Kingdom and Ireland.
//!
//! Sources: NHS Data Dictionary (NHS number), HMRC National Insurance Manual NIM39110 (national insurance), HMRC's
//! specification of the UTR check, DVLA INF45P (driving licence), HM Passport Office (passport), Revenue and the
//! Department of Social Protection (PPS number).

use super::arithmetic::{at, is_letter, number, weighted};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "GB_NHS",
        shape: "9999999999",
        check: nhs,
        alone: Alone::Groups(&[&[3, 3, 4]]),
        words: &["nhs", "chi"],
    },
    Number {
        name: "GB_NINO",
        shape: "AA999999A",
        check: insurance,
        alone: Alone::Groups(&[&[9], &[2, 2, 2, 2, 1]]),
        words: &["ni", "nino", "insurance"],
    },
    Number {
        name: "GB_UTR",
        shape: "9999999999",
        check: tax,
        alone: Alone::Never,
        words: &["utr", "tax", "taxpayer"],
    },
    Number {
        name: "GB_DRIVING_LICENCE",
        shape: "*****999999***AA",
        check: driver,
        alone: Alone::Groups(&[&[16], &[5, 6, 5]]),
        words: &["licence", "driving", "dvla", "driver"],
    },
    Number {
        name: "GB_PASSPORT",
        shape: "AA9999999",
        check: |bytes| number(bytes.get(2..).unwrap_or_default()) > 0,
        alone: Alone::Never,
        // Other countries' have the same shape.
        words: &["hmpo", "uk passport", "british passport"],
    },
    Number {
        name: "IE_PPS",
        shape: "9999999A",
        check: |bytes| pps(bytes),
        alone: Alone::Never,
        words: PPS,
    },
    Number {
        name: "IE_PPS",
        shape: "9999999AA",
        check: |bytes| matches!(bytes.last(), Some(b'A'..=b'I' | b'W')) && pps(bytes),
        alone: Alone::Groups(&[&[9]]),
        words: PPS,
    },
];

const PPS: &[&str] = &["pps", "ppsn", "rsi"];

/// Weights ten to two and a check digit by eleven; a rest of ten was never issued.
fn nhs(bytes: &[u8]) -> bool {
    let rest = weighted(bytes, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    number(bytes) > 0 && (11 - rest) % 11 == at(bytes, 9)
}

/// No check digit, but letters and pairs that are never given out.
fn insurance(bytes: &[u8]) -> bool {
    let Some(&[first, second]) = bytes.first_chunk::<2>() else {
        return false;
    };
    let never = matches!(first, b'D' | b'F' | b'I' | b'Q' | b'U' | b'V')
        || matches!(second, b'D' | b'F' | b'I' | b'O' | b'Q' | b'U' | b'V')
        || matches!(
            &[first, second],
            b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ"
        );
    !never && matches!(bytes.last(), Some(b'A'..=b'D'))
}

/// The first digit checks the other nine.
fn tax(bytes: &[u8]) -> bool {
    let sum = weighted(
        bytes.get(1..).unwrap_or_default(),
        &[6, 7, 8, 9, 10, 5, 4, 3, 2],
    );
    b"21987654321".get(usize::try_from(sum % 11).unwrap_or(usize::MAX)) == bytes.first()
}

/// Five letters of the surname, with nines behind a shorter one; the month of birth, five more for women, and a day.
fn driver(bytes: &[u8]) -> bool {
    let n_letters = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let is_padded = bytes
        .iter()
        .take(5)
        .skip(n_letters)
        .all(|byte| *byte == b'9');
    let month = at(bytes, 6) % 5 * 10 + at(bytes, 7);
    let day = at(bytes, 8) * 10 + at(bytes, 9);
    n_letters > 0 && is_padded && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// The check letter by 23; the second letter counts nine times.
pub(super) fn pps(bytes: &[u8]) -> bool {
    let second = bytes.get(8).map_or(0, |letter| match letter {
        b'W' => 0,
        letter => u32::from(letter.wrapping_sub(b'A')) + 1,
    });
    let sum = weighted(bytes, &[8, 7, 6, 5, 4, 3, 2]) + 9 * second;
    is_letter(
        b"WABCDEFGHIJKLMNOPQRSTUV",
        u64::from(sum % 23),
        bytes.get(7),
    )
}
