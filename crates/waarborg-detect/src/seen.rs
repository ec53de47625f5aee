//! Says of most hashes that no table has them, from a few kilobytes that stay in the nearest cache.

use alloc::vec;
use alloc::vec::Vec;

/// One bit for every hash that was added; some bits stand for several.
pub(crate) struct Seen {
    /// A power of two long.
    words: Vec<u64>,
}

impl Seen {
    /// Room for `n_words` times 64 bits, a power of two. With eight bits or more for every hash few others seem to be there.
    pub(crate) fn new(n_words: usize) -> Seen {
        Seen {
            words: vec![0; n_words.next_power_of_two()],
        }
    }

    pub(crate) fn add(&mut self, hash: u64) {
        let (place, bit) = self.bit(hash);
        if let Some(word) = self.words.get_mut(place) {
            *word |= bit;
        }
    }

    /// Whether the hash may have been added; of one that was this is always true.
    #[inline]
    pub(crate) fn has(&self, hash: u64) -> bool {
        let (place, bit) = self.bit(hash);
        self.words.get(place).is_some_and(|word| word & bit != 0)
    }

    /// The last letters of a word hardly change the upper bits of its hash, so they are mixed first.
    #[inline]
    fn bit(&self, hash: u64) -> (usize, u64) {
        let mixed = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = usize::try_from(mixed >> 32 & 0xf_ffff).unwrap_or_default();
        (place & (self.words.len() - 1), 1 << (mixed >> 58))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn what_was_added_is_there_and_little_else() {
        let mut seen = Seen::new(64);
        let hash = |number: u32| words::hash(&alloc::format!("woord{number}"));
        (0..256).for_each(|number| seen.add(hash(number)));
        assert!((0..256).all(|number| seen.has(hash(number))));
        let n_wrong = (1000..2000)
            .filter(|number| seen.has(hash(*number)))
            .count();
        assert!(n_wrong < 120, "{n_wrong}");
    }
}
