//! Spain and Portugal: identity, tax and social security numbers.
//!
//! Sources: Ministerio del Interior (DNI, NIE, pasaporte), Real Decreto 84/1996 and the Tesorería General de la Seguridad
//! Social (número de afiliación), Autoridade Tributária and Instituto dos Registos e do Notariado (NIF, cartão de cidadão).

use super::arithmetic::{at, is_letter, number, part, weighted};
use super::{Alone, Number};

pub(super) const NUMBERS: &[Number] = &[
    Number {
        name: "ES_DNI",
        shape: "99999999A",
        check: |bytes| is_letter(LETTERS, part(bytes, 0, 8) % 23, bytes.get(8)),
        alone: Alone::Groups(&[&[9], &[8, 1]]),
        words: SPANISH,
    },
    Number {
        name: "ES_NIE",
        shape: "A9999999A",
        check: foreigner,
        alone: Alone::Groups(&[&[9], &[1, 7, 1], &[8, 1]]),
        words: SPANISH,
    },
    Number {
        name: "ES_PASAPORTE",
        shape: "AAA999999",
        check: |bytes| number(bytes.get(3..).unwrap_or_default()) > 0,
        alone: Alone::Never,
        words: &["pasaporte"],
    },
    Number {
        name: "ES_NSS",
        shape: "999999999999",
        check: security,
        alone: Alone::Never,
        words: &["nss", "naf", "seguridad social", "afiliación"],
    },
    Number {
        name: "PT_NIF",
        shape: "999999999",
        check: portuguese,
        alone: Alone::Never,
        words: &["nif", "contribuinte", "contribuição"],
    },
    Number {
        name: "PT_CARTAO_CIDADAO",
        shape: "999999999**9",
        check: card,
        alone: Alone::Groups(&[&[12], &[8, 1, 3]]),
        words: &["cidadão", "cc", "bi"],
    },
];

const SPANISH: &[&str] = &["dni", "nie", "nif"];
/// By the rest of 23.
const LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// A province, a number and two check digits by 97; a short number leaves out a place.
fn security(bytes: &[u8]) -> bool {
    let (province, body) = (part(bytes, 0, 2), part(bytes, 2, 10));
    let whole = if body < 10_000_000 {
        body + province * 10_000_000
    } else {
        body + province * 100_000_000
    };
    (1..=66).contains(&province) && whole % 97 == part(bytes, 10, 12)
}

/// The first letter counts as zero, one or two.
fn foreigner(bytes: &[u8]) -> bool {
    let first = match bytes.first() {
        Some(b'X') => 0,
        Some(b'Y') => 1,
        Some(b'Z') => 2,
        _ => return false,
    };
    is_letter(
        LETTERS,
        (first * 10_000_000 + part(bytes, 1, 8)) % 23,
        bytes.get(8),
    )
}

/// A check digit by eleven.
pub(super) fn portuguese(bytes: &[u8]) -> bool {
    let rest = weighted(bytes, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { 0 } else { 11 - rest };
    at(bytes, 0) != 0 && number(bytes) > 0 && check == at(bytes, 8)
}

/// Luhn with letters counted from ten.
fn card(bytes: &[u8]) -> bool {
    let sum: u32 = bytes
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let value = super::arithmetic::value(*byte);
            let doubled = if place % 2 == 1 { value * 2 } else { value };
            if place % 2 == 1 && doubled > 9 {
                doubled - 9
            } else {
                doubled
            }
        })
        .sum();
    number(bytes) > 0 && sum.is_multiple_of(10)
}
