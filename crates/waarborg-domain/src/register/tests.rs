//! The register from the outside: what compiles, what does not, and what it then allows.

mod closed;
mod five;
mod fixtures;
mod form;
mod lints;
mod neighbours;
mod permitted;
mod reference;
mod shipped;

use std::sync::LazyLock;

use jiff::civil::{Date, date};

use super::{Fault, Register};
use crate::law::Law;

/// The day on which all tests run.
const TODAY: Date = date(2026, 11, 21);

/// The smallest register that compiles; tests change one thing in it.
const SMALL: &str = include_str!("tests/small.toml");

/// Reads like a sentence: `changed(&[("30d", "31d")])`.
fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(SMALL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in the small register");
        text.replace(from, to)
    })
}

static LAW: LazyLock<Law> = LazyLock::new(|| Law::shipped().unwrap());

fn compiled(source: &str) -> Result<Register, Vec<Fault>> {
    Register::compile(source, "register.toml", &LAW, TODAY)
}

fn register(source: &str) -> Register {
    compiled(source).unwrap_or_else(|faults| panic!("{}", listed(&faults)))
}

fn listed(faults: &[Fault]) -> String {
    faults
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}
