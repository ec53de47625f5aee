//! What a table knows of words, found by their hash.

use alloc::vec::Vec;

use crate::seen::Seen;

/// A table of words.
pub(crate) struct ByWord<T> {
    /// Most words are in no table; this says so without a look at the rows.
    seen: Seen,
    /// In the order of their hashes.
    rows: Vec<(u64, T)>,
}

impl<T: Copy> ByWord<T> {
    /// What the table knows of the word with this hash.
    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Option<T> {
        if !self.seen.has(hash) {
            return None;
        }
        let place = self
            .rows
            .binary_search_by_key(&hash, |(own, _)| *own)
            .ok()?;
        self.rows.get(place).map(|(_, known)| *known)
    }
}

impl<T> FromIterator<(u64, T)> for ByWord<T> {
    fn from_iter<I: IntoIterator<Item = (u64, T)>>(rows: I) -> ByWord<T> {
        let mut rows: Vec<(u64, T)> = rows.into_iter().collect();
        rows.sort_by_key(|(hash, _)| *hash);
        let mut seen = Seen::new(rows.len() / 4);
        for (hash, _) in &rows {
            seen.add(*hash);
        }
        ByWord { seen, rows }
    }
}
