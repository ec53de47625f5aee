//! How much each feature is used: how often it has a row, how many rows, and how much those weigh.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use waarborg_detect::Detector;
use waarborg_detect::training::{self, BUCKETS, FEATURES, ROW_LEN, STATES, UNIT};

use crate::prompts::Prompt;

/// One line per feature, then the means of a token.
pub(crate) fn table(table: &[u8], prompts: &[Prompt]) -> String {
    let (pilots, rows) = table.split_at(BUCKETS);
    let (rows, _) = rows.as_chunks::<ROW_LEN>();
    let row_of = |feature: u32| {
        let pilot = pilots[training::bucket(feature)];
        let place = training::place(feature, pilot);
        (rows[place][ROW_LEN - 1] == training::mark(feature)).then_some(place)
    };
    let largest = |row: usize| {
        let weights = rows[row][..STATES].iter();
        let sizes = weights.map(|weight| weight.cast_signed().unsigned_abs());
        f64::from(sizes.max().unwrap_or(0)) / f64::from(UNIT)
    };
    let detector = Detector::new();
    let mut found = [0_u32; FEATURES];
    let mut weight = [0.0; FEATURES];
    let mut distinct: [BTreeSet<usize>; FEATURES] = std::array::from_fn(|_| BTreeSet::new());
    let mut n_tokens = 0_u32;
    for token in prompts.iter().flat_map(|prompt| detector.see(&prompt.text)) {
        n_tokens += 1;
        for (feature, slot) in token.slots.iter().enumerate() {
            if let Some(row) = row_of(*slot) {
                found[feature] += 1;
                weight[feature] += largest(row);
                distinct[feature].insert(row);
            }
        }
    }
    let mut lines = String::new();
    for feature in 0..FEATURES {
        let n = f64::from(found[feature]);
        let _ = writeln!(
            lines,
            "{:>3}  found {:5.1} %  rows {:6}  weight {:.2}  per token {:.3}",
            feature + 1,
            100.0 * n / f64::from(n_tokens),
            distinct[feature].len(),
            weight[feature] / n.max(1.0),
            weight[feature] / f64::from(n_tokens),
        );
    }
    let n_found: u32 = found.iter().sum();
    let _ = writeln!(
        lines,
        "{n_tokens} tokens, {:.1} rows each, {} rows in all",
        f64::from(n_found) / f64::from(n_tokens),
        rows.len()
    );
    lines
}
