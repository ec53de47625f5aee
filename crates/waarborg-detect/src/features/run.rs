//! Runs of tokens without white space between them, and which signs they are made of.

use alloc::vec::Vec;

use crate::reading::Reading;
use crate::tokens::{Shape, Token};

/// A run of tokens without white space between them: `j.de_wit`, `KD-2241`.
#[derive(Clone, Copy, Default)]
pub(super) struct Run {
    pub(super) signs: u64,
    /// Its first token.
    pub(super) first: usize,
}

mod sign {
    pub(crate) const LOWER: u64 = 1;
    pub(crate) const UPPER: u64 = 1 << 1;
    pub(crate) const DIGIT: u64 = 1 << 2;
    pub(crate) const DOT: u64 = 1 << 3;
    pub(crate) const DASH: u64 = 1 << 4;
    pub(crate) const LOW_LINE: u64 = 1 << 5;
    pub(crate) const AT: u64 = 1 << 6;
    pub(crate) const SLASH: u64 = 1 << 7;
    pub(crate) const OTHER: u64 = 1 << 8;
    /// From here on: how many tokens, four at most.
    pub(crate) const LENGTH: u32 = 9;
}

/// Marks that close a run, or open one.
pub(crate) fn parts(token: &Token) -> bool {
    matches!(
        token.shape,
        Shape::Mark(
            ',' | ';'
                | '|'
                | '('
                | ')'
                | '"'
                | '«'
                | '»'
                | '<'
                | '>'
                | '{'
                | '}'
                | '['
                | ']'
                | '='
                | '`'
        ) | Shape::LineEnd
    )
}

/// The run of every token.
pub(super) fn runs(reading: &Reading<'_>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::with_capacity(reading.tokens.len());
    let mut first = 0;
    let mut signs = 0;
    // Most runs are one or two tokens long.
    let close = |runs: &mut Vec<Run>, first: usize, behind: usize, signs: u64| {
        let n = behind - first;
        let signs = signs | (n.min(4) as u64) << sign::LENGTH;
        (0..n).for_each(|_| runs.push(Run { signs, first }));
    };
    let mut parted = false;
    for (place, token) in reading.tokens.iter().enumerate() {
        let parts = parts(token);
        let starts = token.spaced || parts || parted;
        parted = parts;
        if starts {
            close(&mut runs, first, place, signs);
            first = place;
            signs = 0;
        }
        signs |= match token.shape {
            Shape::Lower => sign::LOWER,
            Shape::Upper => sign::UPPER,
            Shape::Capital | Shape::Mixed => sign::LOWER | sign::UPPER,
            Shape::Number => sign::DIGIT,
            Shape::Mark('.') => sign::DOT,
            Shape::Mark('-') => sign::DASH,
            Shape::Mark('_') => sign::LOW_LINE,
            Shape::Mark('@') => sign::AT,
            Shape::Mark('/') => sign::SLASH,
            _ => sign::OTHER,
        };
    }
    close(&mut runs, first, reading.tokens.len(), signs);
    runs
}
