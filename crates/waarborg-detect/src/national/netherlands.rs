//! The Netherlands. The citizen service number, licence plates and account numbers have recognisers of their own.

use super::arithmetic::{at, number, part, value, weighted};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "NL_BTW_ID",
        shape: "nl999999999b99",
        check: vat,
        // Of a sole trader it points at one person; the check is two digits long.
        alone: Alone::Always,
        words: &[
            "btw",
            "btwid",
            "btwnr",
            "btwnummer",
            "vat",
            "omzetbelastingnummer",
            "ob",
        ],
    },
    Number {
        name: "NL_OB_NUMMER",
        shape: "999999999b99",
        // Until 2020 it was the citizen service number of a sole trader with a suffix.
        check: |bytes| eleven(bytes.get(..9).unwrap_or_default()),
        alone: Alone::Always,
        words: &[
            "btw",
            "omzetbelastingnummer",
            "omzetbelasting",
            "ob",
            "loonheffingennummer",
            "vat",
        ],
    },
    Number {
        name: "NL_LOONHEFFINGENNUMMER",
        shape: "999999999l99",
        check: |bytes| eleven(bytes.get(..9).unwrap_or_default()),
        alone: Alone::Always,
        words: &[
            "loonheffingennummer",
            "loonheffingnummer",
            "loonheffingen",
            "lh",
        ],
    },
    Number {
        name: "NL_PASPOORT_OF_ID_KAART",
        shape: "AA******9",
        check: document,
        // Only the series that the Netherlands issue, with letters and digits mixed as they are.
        alone: Alone::Groups(&[&[9]]),
        words: &[
            "paspoort",
            "paspoortnummer",
            "paspoortnr",
            "passport",
            "identiteitskaart",
            "idkaart",
            "documentnummer",
            "documentnr",
            "reisdocument",
            "verblijfsdocument",
            "legitimatie",
            "kaart",
        ],
    },
    Number {
        name: "NL_RIJBEWIJS",
        shape: "9999999999",
        check: |bytes| (3..=9).contains(&at(bytes, 0)),
        alone: Alone::Never,
        words: &["rijbewijs", "rijbewijsnummer", "rijbewijsnr"],
    },
    Number {
        name: "NL_V_NUMMER",
        shape: "9999999999",
        check: |bytes| at(bytes, 0) != 0,
        alone: Alone::Never,
        words: &["vnummer", "vnr", "vreemdelingennummer", "vreemdelingnummer"],
    },
    Number {
        name: "NL_ONDERWIJSNUMMER",
        shape: "109999999",
        // The eleven-test with another rest, so that it can never be a citizen service number.
        check: |bytes| eleven_rest(bytes) == 5,
        alone: Alone::Never,
        words: &["onderwijsnummer", "onderwijsnr", "pgn"],
    },
    Number {
        name: "NL_BIG",
        shape: "99999999999",
        check: |bytes| matches!(at(bytes, 0), 1..=9),
        alone: Alone::Never,
        words: &[
            "big",
            "bignummer",
            "bignr",
            "bigregistratie",
            "bigregistratienummer",
        ],
    },
    Number {
        name: "NL_AGB",
        shape: "99999999",
        // The first two digits are a kind of care.
        check: |bytes| part(bytes, 0, 2) > 0,
        alone: Alone::Never,
        words: &["agb", "agbcode", "agbnummer", "agbnr"],
    },
    Number {
        name: "NL_UZI",
        shape: "999999999",
        check: |bytes| number(bytes) > 0,
        alone: Alone::Never,
        words: &["uzi", "uzinummer", "uzipas"],
    },
    Number {
        name: "NL_A_NUMMER",
        shape: "9999999999",
        check: registry,
        alone: Alone::Never,
        words: &["anummer", "anr"],
    },
];

/// `9·a + 8·b + … + 2·h − i`, the sum of the eleven-test.
fn eleven_sum(bytes: &[u8]) -> i64 {
    let head = i64::from(weighted(bytes, &[9, 8, 7, 6, 5, 4, 3, 2]));
    head - i64::from(at(bytes, 8))
}

fn eleven_rest(bytes: &[u8]) -> i64 {
    eleven_sum(bytes).rem_euclid(11)
}

fn eleven(bytes: &[u8]) -> bool {
    bytes.len() == 9 && eleven_sum(bytes) > 0 && eleven_rest(bytes) == 0
}

/// Since 2020 the whole passes mod 97 with letters counted from ten; before, its digits pass the eleven-test.
fn vat(bytes: &[u8]) -> bool {
    let rest = bytes.iter().fold(0_u64, |rest, byte| {
        let step = if byte.is_ascii_digit() { 10 } else { 100 };
        (rest * step + u64::from(value(*byte))) % 97
    });
    let suffix = part(bytes, 12, 14);
    suffix > 0 && (rest == 1 || eleven(bytes.get(2..11).unwrap_or_default()))
}

/// Two letters for the series, six letters or digits, one digit; never the letter O.
fn document(bytes: &[u8]) -> bool {
    let body = bytes.get(2..8).unwrap_or_default();
    let n_digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
    matches!(bytes.first(), Some(b'N' | b'I'))
        && !bytes.contains(&b'O')
        && (2..=5).contains(&n_digits)
}

/// Two sums: of the digits, zero or five past a multiple of eleven; of the digits as powers of two, a multiple of it.
fn registry(bytes: &[u8]) -> bool {
    let sum: u32 = bytes.iter().map(|byte| value(*byte)).sum();
    let powers: u32 = bytes
        .iter()
        .enumerate()
        .map(|(place, byte)| value(*byte) << place)
        .sum();
    let is_repeated = bytes
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a == b));
    at(bytes, 0) != 0 && !is_repeated && matches!(sum % 11, 0 | 5) && powers.is_multiple_of(11)
}
