//! Sweden, Finland, Denmark and Norway: the day of birth, a serial number and a check.

use super::arithmetic::{at, is_day, is_letter, luhn, number, part, weighted};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "SE_PERSONNUMMER",
        shape: "9999999999",
        check: swedish,
        alone: Alone::Groups(&[&[6, 4]]),
        words: SWEDISH,
    },
    Number {
        name: "SE_PERSONNUMMER",
        shape: "999999999999",
        check: |bytes| {
            matches!(part(bytes, 0, 2), 18..=20) && swedish(bytes.get(2..).unwrap_or_default())
        },
        alone: Alone::Groups(&[&[8, 4], &[12]]),
        words: SWEDISH,
    },
    Number {
        name: "SE_ORGANISATIONSNUMMER",
        shape: "9999999999",
        // The third digit is at least two, which no month is.
        check: |bytes| at(bytes, 2) >= 2 && luhn(bytes, 10),
        alone: Alone::Never,
        words: &["organisationsnummer", "orgnr", "organisationsnr"],
    },
    Number {
        name: "FI_HENKILOTUNNUS",
        shape: "999999999*",
        check: |bytes| finnish(bytes, part(bytes, 0, 9), 9),
        // With the dash of those born before 2000.
        alone: Alone::Groups(&[&[6, 4]]),
        words: FINNISH,
    },
    Number {
        name: "FI_HENKILOTUNNUS",
        shape: "999999A999*",
        check: |bytes| {
            matches!(bytes.get(6), Some(b'A'..=b'F' | b'U'..=b'Y'))
                && finnish(bytes, part(bytes, 0, 6) * 1000 + part(bytes, 7, 10), 10)
        },
        alone: Alone::Always,
        words: FINNISH,
    },
    Number {
        name: "FI_Y_TUNNUS",
        shape: "99999999",
        check: |bytes| {
            number(bytes) > 0 && weighted(bytes, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
        },
        alone: Alone::Never,
        words: &["ytunnus", "tunnus"],
    },
    Number {
        name: "DK_CPR",
        shape: "9999999999",
        check: danish,
        alone: Alone::Groups(&[&[6, 4]]),
        words: &["cpr", "cprnummer", "personnummer"],
    },
    Number {
        name: "NO_FODSELSNUMMER",
        shape: "99999999999",
        check: norwegian,
        alone: Alone::Always,
        words: &["fødselsnummer", "personnummer", "fnr", "dnummer"],
    },
];

const SWEDISH: &[&str] = &["personnummer", "personnr", "samordningsnummer", "pnr"];
const FINNISH: &[&str] = &["henkilötunnus", "hetu", "personbeteckning"];

/// The day of birth, sixty more for those who are not registered, and Luhn.
fn swedish(bytes: &[u8]) -> bool {
    let day = part(bytes, 4, 6);
    is_day(if day > 60 { day - 60 } else { day }, part(bytes, 2, 4)) && luhn(bytes, 10)
}

/// A check letter by 31 over the day and the serial number.
fn finnish(bytes: &[u8], body: u64, place: usize) -> bool {
    is_day(part(bytes, 0, 2), part(bytes, 2, 4))
        && is_letter(
            b"0123456789ABCDEFHJKLMNPRSTUVWXY",
            body % 31,
            bytes.get(place),
        )
}

/// The check by eleven, which all numbers before 2007 have and the later ones need not.
fn danish(bytes: &[u8]) -> bool {
    is_day(part(bytes, 0, 2), part(bytes, 2, 4))
        && weighted(bytes, &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// Two check digits by eleven; forty more on the day or the month for those who are not registered.
fn norwegian(bytes: &[u8]) -> bool {
    let (day, month) = (part(bytes, 0, 2) % 40, part(bytes, 2, 4) % 40);
    is_day(day, month)
        && weighted(bytes, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(bytes, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}
