//! Belgium: the national register number, also of people who are only known to social security, the identity card and the enterprise number.
//!
//! Sources: Royal Decree of 3 April 1984 (register number), Royal Decree of 25 March 2003 (identity card), Royal Decree of
//! 24 June 2003 (enterprise number).

use super::arithmetic::{is_day, part};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "BE_RRN",
        shape: "99999999999",
        check: register,
        alone: Alone::Groups(&[&[2, 2, 2, 3, 2], &[6, 3, 2], &[6, 5]]),
        words: &[
            "rijksregisternummer",
            "rijksregister",
            "rijksregisternr",
            "rijksreg",
            "insz",
            "bis",
            "niss",
            "nn",
            "registre",
            "national",
        ],
    },
    Number {
        name: "BE_IDENTITEITSKAART",
        shape: "999999999999",
        check: card,
        alone: Alone::Groups(&[&[3, 7, 2]]),
        words: &[
            "identiteitskaart",
            "identiteitskaartnummer",
            "identité",
            "eid",
            "kids",
        ],
    },
    Number {
        name: "BE_ONDERNEMINGSNUMMER",
        shape: "9999999999",
        check: enterprise,
        // By itself it looks like a telephone number.
        alone: Alone::Never,
        words: &[
            "ondernemingsnummer",
            "kbo",
            "bce",
            "ondernemingsnr",
            "entreprise",
        ],
    },
];

/// The rest of the first ten digits by 97; of none it is 97.
fn card(bytes: &[u8]) -> bool {
    let head = part(bytes, 0, 10);
    let rest = match head % 97 {
        0 => 97,
        rest => rest,
    };
    head > 0 && rest == part(bytes, 10, 12)
}

/// The last two digits complete the others to a multiple of 97; from 2000 a two stands before them.
fn register(bytes: &[u8]) -> bool {
    let (head, check) = (part(bytes, 0, 9), part(bytes, 9, 11));
    // For the other register twenty or forty is added to the month; an unknown day is zero.
    let month = part(bytes, 2, 4) % 20;
    let day = part(bytes, 4, 6);
    let is_date = (month == 0 && day == 0) || is_day(day.max(1), month.max(1));
    is_date && (97 - head % 97 == check || 97 - (2_000_000_000 + head) % 97 == check)
}

/// The last two digits complete the first eight to a multiple of 97.
fn enterprise(bytes: &[u8]) -> bool {
    let head = part(bytes, 0, 8);
    matches!(bytes.first(), Some(b'0' | b'1')) && head > 0 && 97 - head % 97 == part(bytes, 8, 10)
}
