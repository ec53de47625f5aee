//! Which features get a row: those that more than one prompt has, and that learnt something.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use waarborg_detect::Detector;
use waarborg_detect::training::{self, BUCKETS, ROW_LEN, ROWS, STATES, UNIT};

use crate::chance::Chance;
use crate::prompts::Prompt;
use crate::vary::{self, Names};

/// A feature's number is a hash already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

type ByFeature<T> = HashMap<u32, T, BuildHasherDefault<AsItIs>>;

/// The rows of the features that count.
pub(crate) struct Features {
    rows: ByFeature<u32>,
}

impl Features {
    /// Keeps the features that at least `least` prompts have, as they are or with other names.
    pub(crate) fn of<'a>(
        detector: &Detector,
        prompts: impl Iterator<Item = &'a Prompt>,
        names: &Names,
        least: u16,
        chance: &mut Chance,
    ) -> Features {
        // In how many prompts, and the last one of them.
        let mut seen: ByFeature<(u16, u32)> = ByFeature::default();
        for (number, prompt) in (1..).zip(prompts) {
            let varied = vary::vary(prompt, names, chance);
            for text in [&prompt.text, &varied.text] {
                for feature in detector.see(text).iter().flat_map(|token| token.slots) {
                    let (count, last_seen_in) = seen.entry(feature).or_default();
                    if *last_seen_in != number {
                        *last_seen_in = number;
                        *count = count.saturating_add(1);
                    }
                }
            }
        }
        let kept = seen.into_iter().filter(|(_, (count, _))| *count >= least);
        let mut kept: Vec<u32> = kept.map(|(feature, _)| feature).collect();
        kept.sort_unstable();
        Features {
            rows: kept.into_iter().zip(0..).collect(),
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows of those features that have one.
    pub(crate) fn rows(&self, features: &[u32]) -> Vec<u32> {
        let rows = features.iter().filter_map(|feature| self.rows.get(feature));
        rows.copied().collect()
    }

    /// The file of weights: the pilots of the buckets, then the rows. A row counts where a weight is more than `least`; of more
    /// than there is room for the strongest.
    pub(crate) fn bytes(&self, sums: &[f64], least: f64) -> Vec<u8> {
        let weights = |feature: &u32| &sums[self.rows[feature] as usize * STATES..][..STATES];
        let strength = |feature: &u32| {
            let weights = weights(feature).iter().map(|sum| sum.abs());
            weights.fold(0.0, f64::max)
        };
        let mut strong: Vec<(f64, u32)> = self
            .rows
            .keys()
            .map(|feature| (strength(feature), *feature))
            .filter(|(strength, _)| *strength > least)
            .collect();
        strong.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        println!("{} features for {ROWS} rows", strong.len());
        let (features, (mut out, places)) = loop {
            let mut features: Vec<u32> = strong.iter().map(|(_, feature)| *feature).collect();
            features.sort_unstable();
            if let Some(spread) = spread(&features) {
                break (features, spread);
            }
            strong.truncate(strong.len() - strong.len() / 64);
        };
        println!("{} of them have one", features.len());
        let mut rows = vec![[0; ROW_LEN]; ROWS];
        for (feature, place) in features.iter().zip(places) {
            rows[place] = bytes(weights(feature), training::mark(*feature));
        }
        out.extend(rows.iter().flatten());
        out
    }
}

/// A pilot for every bucket, with which no two features have the same place; and those places. Nothing where the rows are
/// too few.
fn spread(features: &[u32]) -> Option<(Vec<u8>, Vec<usize>)> {
    let mut buckets: Vec<Vec<usize>> = vec![Vec::new(); BUCKETS];
    for (number, feature) in features.iter().enumerate() {
        buckets[training::bucket(*feature)].push(number);
    }
    let mut order: Vec<usize> = (0..BUCKETS).collect();
    // The full ones first, while there is room.
    order.sort_by_key(|bucket| std::cmp::Reverse(buckets[*bucket].len()));
    let mut is_taken = vec![false; ROWS];
    let mut pilots = vec![0; BUCKETS];
    let mut places = vec![0; features.len()];
    for bucket in order {
        let members = &buckets[bucket];
        let with = |pilot: u8| -> Vec<usize> {
            let places = members
                .iter()
                .map(|number| training::place(features[*number], pilot));
            places.collect()
        };
        let fits = |places: &[usize]| {
            let mut sorted = places.to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            sorted.len() == places.len() && places.iter().all(|place| !is_taken[*place])
        };
        pilots[bucket] = (0..=u8::MAX).find(|pilot| fits(&with(*pilot)))?;
        for (number, place) in members.iter().zip(with(pilots[bucket])) {
            is_taken[place] = true;
            places[*number] = place;
        }
    }
    Some((pilots, places))
}

fn bytes(weights: &[f64], mark: u8) -> [u8; ROW_LEN] {
    let mut bytes = [0; ROW_LEN];
    for (slot, weight) in bytes.iter_mut().zip(weights) {
        let weight = (weight * f64::from(UNIT)).round().clamp(-127.0, 127.0);
        *slot = (weight as i8).to_ne_bytes()[0];
    }
    bytes[ROW_LEN - 1] = mark;
    bytes
}
