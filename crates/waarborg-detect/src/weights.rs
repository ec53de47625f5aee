//! The weights of the tagger: a row per feature that taught something, found through maps of bits.
//!
//! A feature is a slot of a large space, and most slots are empty. The rows of the features that texts are full of stand
//! together, with a map of their own: both stay in a near cache, so that few lookups wait for memory. Before, every feature
//! had one of 131,072 rows whether it was ever seen or not, and half of the time of detection went into waiting.

/// Slots, a power of two.
pub(crate) const N_SLOTS: usize = 1 << SLOT_BITS;
pub(crate) const SLOT_BITS: u32 = 20;
/// Slots that share a block of a map.
pub(crate) const PER_BLOCK: usize = 64;
/// A block: a bit per slot, then the number of rows before it.
const BLOCK_LEN: usize = 12;
const MAP_LEN: usize = N_SLOTS / PER_BLOCK * BLOCK_LEN;

/// Bytes of a row: one weight per state and one that is not used.
pub(crate) const ROW_LEN: usize = 48;
/// A weight of one.
pub(crate) const UNIT: i32 = 32;

/// Made by `examples/train_tagger`; see `tables/README.md`.
pub(crate) static BUILT_IN: &[u8] = include_bytes!("../tables/tagger.bin");

/// One row.
pub(crate) type Row = [u8; ROW_LEN];

/// A table of weights: the map of the frequent features, the map of the others, the rows of both. An empty one knows no
/// feature.
#[derive(Clone, Copy)]
pub(crate) struct Weights {
    frequent: Map,
    others: Map,
    rows: &'static [Row],
}

impl Weights {
    pub(crate) fn new(table: &'static [u8]) -> Weights {
        let (frequent, rest) = table.split_at_checked(MAP_LEN).unwrap_or_default();
        let (others, rows) = rest.split_at_checked(MAP_LEN).unwrap_or_default();
        Weights {
            frequent: Map::new(frequent),
            others: Map::new(others),
            rows: rows.as_chunks().0,
        }
    }

    /// The row of a slot; an empty one where it has none.
    ///
    /// Without a branch: what cannot be foreseen would cost more than the second look.
    #[inline]
    pub(crate) fn row(self, slot: u32) -> &'static Row {
        static NONE: Row = [0; ROW_LEN];
        let slot = usize::try_from(slot).unwrap_or_default();
        let number = match self.frequent.number(slot) {
            0 => self.others.number(slot),
            number => number,
        };
        self.rows.get(number).unwrap_or(&NONE)
    }
}

/// Which slots have a row, and its number.
#[derive(Clone, Copy)]
struct Map(&'static [[u8; BLOCK_LEN]]);

impl Map {
    fn new(bytes: &'static [u8]) -> Map {
        Map(bytes.as_chunks().0)
    }

    /// The number of the slot's row, from one on.
    #[inline]
    fn number(self, slot: usize) -> usize {
        let block = self.0.get(slot / PER_BLOCK).unwrap_or(&[0; BLOCK_LEN]);
        let &[b0, b1, b2, b3, b4, b5, b6, b7, r0, r1, r2, r3] = block;
        let bits = u64::from_le_bytes([b0, b1, b2, b3, b4, b5, b6, b7]);
        let place = slot % PER_BLOCK;
        let n_before = (bits & ((1 << place) - 1)).count_ones();
        let number = u32::from_le_bytes([r0, r1, r2, r3]) + n_before;
        let is_there = bits >> place & 1;
        usize::try_from(u64::from(number) * is_there).unwrap_or_default()
    }
}
