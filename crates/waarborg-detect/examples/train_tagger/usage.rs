//! How much each feature is used: how often it has a row, how many rows, and how much those weigh.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use waarborg_detect::Detector;
use waarborg_detect::training::{FEATURES, ROW_LEN, SLOTS, SLOTS_PER_BLOCK, UNIT};

use crate::prompts::Prompt;

const BLOCK_LEN: usize = SLOTS_PER_BLOCK / 8 + 4;

/// One line per feature, then the means of a token.
pub(crate) fn table(table: &[u8], prompts: &[Prompt]) -> String {
    let map_len = SLOTS / SLOTS_PER_BLOCK * BLOCK_LEN;
    let (maps, rows) = table.split_at(2 * map_len);
    let row_of = |slot: u32| {
        let slot = slot as usize;
        maps.chunks(map_len).find_map(|map| {
            let block = &map[slot / SLOTS_PER_BLOCK * BLOCK_LEN..][..BLOCK_LEN];
            let (bits, before) = block.split_at(8);
            let bits = u64::from_le_bytes(bits.try_into().unwrap());
            let own = 1_u64 << (slot % SLOTS_PER_BLOCK);
            let before = u32::from_le_bytes(before.try_into().unwrap());
            (bits & own != 0).then(|| before + (bits & (own - 1)).count_ones())
        })
    };
    let largest = |row: u32| {
        let row = &rows[row as usize * ROW_LEN..][..ROW_LEN];
        let sizes = row.iter().map(|weight| weight.cast_signed().unsigned_abs());
        f64::from(sizes.max().unwrap_or(0)) / f64::from(UNIT)
    };
    let detector = Detector::new();
    let mut found = [0_u32; FEATURES];
    let mut weight = [0.0; FEATURES];
    let mut distinct: [BTreeSet<u32>; FEATURES] = std::array::from_fn(|_| BTreeSet::new());
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
        rows.len() / ROW_LEN
    );
    lines
}
