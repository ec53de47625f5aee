//! Which features get a row: those that more than one prompt has, and that learnt something.

use waarborg_detect::Detector;
use waarborg_detect::training::{ROW_LEN, SLOTS, SLOTS_PER_BLOCK, STATES, UNIT};

use crate::chance::Chance;
use crate::prompts::Prompt;
use crate::vary::{self, Names};

/// Marks a slot without a row.
const NONE: u32 = u32::MAX;

/// Features whose rows stand together, because texts are full of them.
const N_FREQUENT: usize = 8192;

/// The rows of the slots that count.
pub(crate) struct Features {
    /// Per slot in how many prompts it is.
    counts: Vec<u16>,
    rows: Vec<u32>,
    n_rows: usize,
}

impl Features {
    /// Keeps the slots that at least `least` prompts have, as they are or with other names.
    pub(crate) fn of<'a>(
        detector: &Detector,
        prompts: impl Iterator<Item = &'a Prompt>,
        names: &Names,
        least: u16,
        chance: &mut Chance,
    ) -> Features {
        let mut counts = vec![0_u16; SLOTS];
        let mut seen_in = vec![NONE; SLOTS];
        for (number, prompt) in (0..).zip(prompts) {
            let varied = vary::vary(prompt, names, chance);
            for text in [&prompt.text, &varied.text] {
                for slot in detector.see(text).iter().flat_map(|token| token.slots) {
                    let slot = slot as usize;
                    if seen_in[slot] != number {
                        seen_in[slot] = number;
                        counts[slot] = counts[slot].saturating_add(1);
                    }
                }
            }
        }
        let mut n_rows = 0_u32;
        let rows = counts
            .iter()
            .map(|count| {
                if *count < least {
                    return NONE;
                }
                n_rows += 1;
                n_rows - 1
            })
            .collect();
        Features {
            counts,
            rows,
            n_rows: n_rows as usize,
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.n_rows
    }

    /// The rows of those slots that have one.
    pub(crate) fn rows(&self, slots: &[u32]) -> Vec<u32> {
        let rows = slots.iter().map(|slot| self.rows[*slot as usize]);
        rows.filter(|row| *row != NONE).collect()
    }

    /// The file of weights: the map of the frequent slots, the map of the others, then the rows of both. A row counts where a
    /// weight is more than `least`.
    pub(crate) fn bytes(&self, sums: &[f64], least: f64) -> Vec<u8> {
        let weights = |row: u32| &sums[row as usize * STATES..][..STATES];
        let counts = |slot: &usize| {
            let row = self.rows[*slot];
            row != NONE && weights(row).iter().any(|sum| sum.abs() > least)
        };
        let mut slots: Vec<usize> = (0..SLOTS).filter(counts).collect();
        slots.sort_by_key(|slot| (std::cmp::Reverse(self.counts[*slot]), *slot));
        let n_frequent = N_FREQUENT.min(slots.len());
        let (frequent, others) = slots.split_at_mut(n_frequent);
        frequent.sort_unstable();
        others.sort_unstable();
        let mut out = map(frequent, 1);
        out.extend(map(others, 1 + frequent.len()));
        // Row zero is for what has no row.
        out.extend([0; ROW_LEN]);
        for slot in frequent.iter().chain(others.iter()) {
            out.extend(bytes(weights(self.rows[*slot])));
        }
        out
    }
}

/// The map of slots in order, where so many rows stand before theirs.
fn map(slots: &[usize], n_before: usize) -> Vec<u8> {
    let mut map = Vec::new();
    let mut slots = slots.iter().peekable();
    let mut n = n_before as u32;
    for block in 0..SLOTS / SLOTS_PER_BLOCK {
        let mut bits = 0_u64;
        let before = n;
        while let Some(slot) = slots.next_if(|slot| **slot / SLOTS_PER_BLOCK == block) {
            bits |= 1 << (slot % SLOTS_PER_BLOCK);
            n += 1;
        }
        map.extend(bits.to_le_bytes());
        map.extend(before.to_le_bytes());
    }
    map
}

fn bytes(weights: &[f64]) -> [u8; ROW_LEN] {
    let mut bytes = [0; ROW_LEN];
    for (slot, weight) in bytes.iter_mut().zip(weights) {
        let weight = (weight * f64::from(UNIT)).round().clamp(-127.0, 127.0);
        *slot = (weight as i8).to_ne_bytes()[0];
    }
    bytes
}
