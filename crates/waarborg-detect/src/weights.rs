//! The weights of the tagger: a row per feature that taught something, found in one step.
//!
//! A feature is a number of 32 bits, and few of them have a row. A bucket of features has a pilot: with it the features
//! that have a row are spread over the rows without meeting (a perfect hash, after Pibiri and Trani, `PTHash`, SIGIR 2021).
//! Each row ends with a byte of its feature's number, so that one in 256 of the features without a row meets a
//! stranger's. A row is half a line of the cache, and never in two.

/// Buckets of features; each has a pilot of one byte.
pub(crate) const N_BUCKETS: usize = 1 << BUCKET_BITS;
const BUCKET_BITS: u32 = 16;

/// Bytes of a row: one weight per state, then the mark of its feature.
pub(crate) const ROW_LEN: usize = 32;
/// A weight of one.
pub(crate) const UNIT: i16 = 32;

/// On the beginning of a line of the cache.
#[repr(align(64))]
struct Aligned<T: ?Sized>(T);

/// Made by `examples/train_tagger`; see `tables/README.md`.
static TABLE: &Aligned<[u8]> = &Aligned(*include_bytes!("../tables/tagger.bin"));

/// The table that is built in.
pub(crate) static BUILT_IN: &[u8] = &TABLE.0;

/// One row.
pub(crate) type Row = [u8; ROW_LEN];

static NONE: Row = [0; ROW_LEN];

/// A table of weights: the pilots, then the rows. An empty one knows no feature.
#[derive(Clone, Copy)]
pub(crate) struct Weights {
    pilots: &'static [u8; N_BUCKETS],
    rows: &'static [Row],
}

impl Weights {
    pub(crate) fn new(table: &'static [u8]) -> Weights {
        static NO_PILOTS: [u8; N_BUCKETS] = [0; N_BUCKETS];
        let (pilots, rows) = table.split_first_chunk().unwrap_or((&NO_PILOTS, &[]));
        Weights {
            pilots,
            rows: rows.as_chunks().0,
        }
    }

    /// The rows of features; an empty one where a feature has none.
    ///
    /// The rows do not fit the nearest caches. Nothing here has to wait for one before it asks for the next, so that they come
    /// at the same time.
    #[inline]
    pub(crate) fn rows<const N: usize>(self, features: &[u32; N]) -> [&'static Row; N] {
        let n_rows = self.rows.len();
        let mut found = [&NONE; N];
        for (slot, feature) in found.iter_mut().zip(features) {
            let pilot = self.pilots.get(bucket(*feature)).copied().unwrap_or(0);
            let row = self.rows.get(place(*feature, pilot, n_rows));
            let row = row.unwrap_or(&NONE);
            *slot = if mark(*feature) == mark_of(row) {
                row
            } else {
                &NONE
            };
        }
        found
    }
}

/// The bucket of a feature.
#[inline]
pub(crate) fn bucket(feature: u32) -> usize {
    usize::try_from(feature >> (u32::BITS - BUCKET_BITS)).unwrap_or_default()
}

/// Where a feature's row stands, with the pilot of its bucket.
#[inline]
pub(crate) fn place(feature: u32, pilot: u8, n_rows: usize) -> usize {
    let mixed = (feature ^ u32::from(pilot).wrapping_mul(0x9e37_79b1)).wrapping_mul(0x85eb_ca6b);
    usize::try_from((u64::from(mixed) * n_rows as u64) >> u32::BITS).unwrap_or_default()
}

/// What a row says of its feature.
#[inline]
pub(crate) fn mark(feature: u32) -> u8 {
    feature.to_le_bytes()[0]
}

#[inline]
fn mark_of(row: &Row) -> u8 {
    let [.., mark] = *row;
    mark
}
