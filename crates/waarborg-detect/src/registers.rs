//! Numbers of registers that nothing but their label tells from others: of traders, of their establishments, of health insurers.
//!
//! A sole trader's number points at one person. Sources: Handelsregisterbesluit 2008 (eight digits, twelve of an
//! establishment), Vektis (UZOVI, four digits), Handelsregisterverordnung (section A: sole traders).

use core::ops::Range;

use crate::reading::{Reading, Subkind};
use crate::validation::holds;

/// A register: how its label begins, the fewest and the most digits of a number, and what findings call it.
struct Register {
    label: &'static str,
    n_digits: (usize, usize),
    name: &'static str,
}

const REGISTERS: &[Register] = &[
    Register {
        label: "kvk",
        n_digits: (8, 8),
        name: "NL_KVK",
    },
    Register {
        label: "handelsregister",
        n_digits: (8, 8),
        name: "NL_KVK",
    },
    Register {
        label: "vestigings",
        n_digits: (12, 12),
        name: "NL_VESTIGINGSNUMMER",
    },
    Register {
        label: "uzovi",
        n_digits: (4, 4),
        name: "NL_UZOVI",
    },
    Register {
        label: "hra",
        n_digits: (1, 6),
        name: "DE_HANDELSREGISTER",
    },
];

/// Every name that a finding may get from here.
#[cfg(test)]
pub(crate) const NAMES: &[&str] = &[
    "NL_KVK",
    "NL_VESTIGINGSNUMMER",
    "NL_UZOVI",
    "DE_HANDELSREGISTER",
];

/// Which number of a register stands behind the label at this place; nothing where it is none of theirs.
pub(crate) fn which(reading: &Reading<'_>, label: usize, span: &Range<usize>) -> Subkind {
    let word = reading.word(label);
    let register = REGISTERS.iter().find(|register| {
        word.get(..register.label.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(register.label))
    });
    match register {
        Some(register) => {
            let fits = is_of(register, reading.slice(span.clone()));
            if holds(register.name, fits) {
                Subkind::Known(register.name)
            } else {
                Subkind::Unknown
            }
        }
        None => Subkind::Unknown,
    }
}

/// So many digits, not all of them zero, and nothing else but what groups them.
fn is_of(register: &Register, value: &str) -> bool {
    let digits = || value.bytes().filter(u8::is_ascii_digit);
    let (least, most) = register.n_digits;
    (least..=most).contains(&digits().count())
        && digits().any(|digit| digit != b'0')
        && value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'.' | b'-'))
}
