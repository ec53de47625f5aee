//! Whether a passage speaks of somebody or of things in general, from its words alone.

use alloc::vec::Vec;

use crate::reading::Reading;
use crate::tokens::Shape;

/// Entries of the table, a power of two: one small weight per word and per pair of words.
pub(crate) const N_ENTRIES: usize = 1 << BITS;
const BITS: u32 = 15;
/// One in the sums.
pub(crate) const UNIT: i32 = 32;
/// Tokens on either side that make a passage.
const REACH: usize = 160;

/// Made by `examples/train_tagger`; see `tables/README.md`.
pub(crate) static WEIGHTS: &[u8] = include_bytes!("../tables/passage.bin");

/// Per token how general the passage around it is: positive speaks of nobody.
pub(crate) struct Passages {
    /// Sums of the weights before each token.
    sums: Vec<i32>,
}

impl Passages {
    pub(crate) fn new(reading: &Reading<'_>, weights: &[u8]) -> Passages {
        let weight = |entry: u32| {
            let place = usize::try_from(entry).unwrap_or_default();
            i32::from(i8::from_ne_bytes([weights
                .get(place)
                .copied()
                .unwrap_or(0)]))
        };
        let mut sums = Vec::with_capacity(reading.tokens.len() + 1);
        let mut sum = 0_i32;
        sums.push(0);
        each(reading, |[word, pair]| {
            sum = sum.saturating_add(weight(word) + weight(pair));
            sums.push(sum);
        });
        Passages { sums }
    }

    /// How general the passage around a token is, in hundredths of a log odds.
    pub(crate) fn general(&self, place: usize) -> i32 {
        let last = self.sums.len().saturating_sub(1);
        let (from, to) = (place.saturating_sub(REACH), (place + REACH).min(last));
        let at = |place: usize| self.sums.get(place).copied().unwrap_or(0);
        let root = ROOTS.get(to.saturating_sub(from)).copied().unwrap_or(1);
        (at(to) - at(from)).saturating_mul(10_000 / UNIT) / root
    }
}

/// The square root of so many tokens, in hundredths. Two weights per token; long passages have larger sums.
static ROOTS: [i32; 2 * REACH + 1] = {
    let mut roots = [100; 2 * REACH + 1];
    let mut rest: &mut [i32] = &mut roots;
    let mut n = 0_i32;
    while let Some((root, others)) = rest.split_first_mut() {
        *root = (2 * if n > 0 { n } else { 1 } * 10_000).isqrt();
        n += 1;
        rest = others;
    }
    roots
};

/// Calls back with the two entries of every token, in order.
pub(crate) fn each(reading: &Reading<'_>, mut take: impl FnMut([u32; 2])) {
    let mut before = 1_u64;
    for token in &reading.tokens {
        let own = match token.shape {
            Shape::Number => 1_000 + token.n_chars.min(9) as u64,
            Shape::Mark(mark) => 2_000 + u64::from(u32::from(mark)),
            Shape::LineEnd => 3,
            _ => token.hash,
        };
        take([
            entry(own),
            entry(before.rotate_left(17) ^ own.wrapping_mul(31)),
        ]);
        before = own;
    }
}

fn entry(value: u64) -> u32 {
    let mixed = (value ^ value >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u32::try_from(mixed >> (64 - BITS)).unwrap_or_default()
}
