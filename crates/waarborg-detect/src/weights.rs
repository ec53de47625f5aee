//! The weights of the tagger: a row per feature that taught something, found in one step.
//!
//! A feature is a number of 32 bits, and few of them have a row. A bucket of features has a pilot: with it the features
//! that have a row are spread over the rows without meeting (a perfect hash, after Pibiri and Trani, `PTHash`, SIGIR 2021).
//! Each row ends with a byte of its feature's number, so that one in 256 of the features without a row meets a
//! stranger's. A row is half a line of the cache, and never in two.

use prefetch_index::prefetch_index;

/// Buckets of features; each has a pilot of one byte.
pub(crate) const N_BUCKETS: usize = 1 << BUCKET_BITS;
const BUCKET_BITS: u32 = 16;

/// Rows: a fixed number, so that the place of one needs no looking whether it is there.
pub(crate) const N_ROWS: usize = 1 << ROW_BITS;
const ROW_BITS: u32 = 18;

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

/// A table of weights: the pilots, then the rows.
#[derive(Clone, Copy)]
pub(crate) struct Weights {
    pilots: &'static [u8; N_BUCKETS],
    rows: &'static [Row; N_ROWS],
}

impl Weights {
    /// The weights in a table; nothing where it is none.
    pub(crate) fn new(table: &'static [u8]) -> Option<Weights> {
        let (pilots, rows) = table.split_first_chunk()?;
        let rows = rows.as_chunks().0.first_chunk()?;
        Some(Weights { pilots, rows })
    }

    /// Asks for the rows of features, so that they are near when they are added.
    #[expect(
        clippy::inline_always,
        reason = "unrolled where it is called, this is a quarter of the work"
    )]
    #[inline(always)]
    pub(crate) fn ask<const N: usize>(self, features: [u32; N], all: &mut [Asked; N]) {
        for (asked, feature) in all.iter_mut().zip(features) {
            let pilot = self.pilots.get(bucket(feature)).copied().unwrap_or(0);
            let mixed = mixed(feature, pilot);
            prefetch_index(self.rows, row_of(mixed));
            *asked = Asked { mixed, feature };
        }
    }

    /// Adds the rows of features to the sums; nothing for a feature that has none.
    ///
    /// Nothing branches on what the rows say, which no processor can guess.
    #[inline]
    pub(crate) fn add(self, asked: &[Asked], sums: &mut Sums) {
        let mut all = *sums;
        let (groups, _) = asked.as_chunks::<TOGETHER>();
        for [first, second, third, fourth] in groups {
            let mut together = [0_i8; ROW_LEN];
            self.add_row(*first, &mut together);
            self.add_row(*second, &mut together);
            self.add_row(*third, &mut together);
            self.add_row(*fourth, &mut together);
            // Fifty bytes do not outgrow the sum.
            for (sum, together) in all.iter_mut().zip(together) {
                *sum += i16::from(together);
            }
        }
        *sums = all;
    }

    #[expect(
        clippy::inline_always,
        reason = "unrolled where it is called, this is a quarter of the work"
    )]
    #[inline(always)]
    fn add_row(self, asked: Asked, together: &mut [i8; ROW_LEN]) {
        let Some(row) = self.rows.get(asked.row()) else {
            return;
        };
        let mask = 0_u8.wrapping_sub(u8::from(mark(asked.feature) == mark_of(row)));
        for (sum, weight) in together.iter_mut().zip(row) {
            *sum = sum.saturating_add((weight & mask).cast_signed());
        }
    }
}

/// One sum per state; the last is not used.
pub(crate) type Sums = [i16; ROW_LEN];

/// Rows that are summed in bytes before they are summed in words: the sum of four is hardly ever larger than a byte.
const TOGETHER: usize = 4;

/// A row that was asked for: its place, in the upper bits, and its feature, whose mark the row of a stranger has not.
#[derive(Clone, Copy, Default)]
pub(crate) struct Asked {
    mixed: u32,
    feature: u32,
}

impl Asked {
    fn row(self) -> usize {
        row_of(self.mixed)
    }
}

/// The bucket of a feature.
#[inline]
pub(crate) fn bucket(feature: u32) -> usize {
    usize::try_from(feature >> (u32::BITS - BUCKET_BITS)).unwrap_or_default()
}

/// Where a feature's row stands, with the pilot of its bucket.
#[inline]
pub(crate) fn place(feature: u32, pilot: u8) -> usize {
    row_of(mixed(feature, pilot))
}

#[inline]
fn mixed(feature: u32, pilot: u8) -> u32 {
    (feature ^ u32::from(pilot).wrapping_mul(0x9e37_79b1)).wrapping_mul(0x85eb_ca6b)
}

#[inline]
fn row_of(mixed: u32) -> usize {
    usize::try_from(mixed >> (u32::BITS - ROW_BITS)).unwrap_or_default()
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
