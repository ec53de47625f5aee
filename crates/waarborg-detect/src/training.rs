//! The door for the program that trains the tagger; not part of the stable interface.

use alloc::vec::Vec;
use core::ops::Range;

use crate::detector::Detector;
use crate::features::{N_FEATURES, N_ROWS};
use crate::fold;
use crate::kind::Kind;
use crate::reading::Reading;
use crate::tagger;

/// Rows of the weight table.
pub const ROWS: usize = N_ROWS;
/// Features per token.
pub const FEATURES: usize = N_FEATURES;
/// States per row: outside, then beginning and inside of every kind of [`KINDS`].
pub const STATES: usize = tagger::N_STATES;
/// The kinds that the tagger marks.
pub const KINDS: &[Kind] = tagger::KINDS;

/// One token as the tagger sees it.
pub struct Seen {
    /// Byte offsets in the original text.
    pub span: Range<usize>,
    /// Rows of its features.
    pub rows: [u32; N_FEATURES],
}

impl Detector {
    /// Every token of a text with its features.
    #[must_use]
    pub fn see(&self, text: &str) -> Vec<Seen> {
        let folded = fold::fold(text);
        let reading = Reading::new(&folded.text, self.vocabulary());
        let (hits, _) = self.proven(&reading);
        let rows = tagger::all_rows(&reading, &hits);
        reading
            .tokens
            .iter()
            .zip(rows)
            .map(|(token, rows)| Seen {
                span: folded.original(&token.span()),
                rows,
            })
            .collect()
    }

    /// The best states for emissions of a text, one row of [`STATES`] per token.
    #[must_use]
    pub fn decode(&self, text: &str, emissions: &[i32]) -> Vec<u8> {
        let folded = fold::fold(text);
        let reading = Reading::new(&folded.text, self.vocabulary());
        tagger::best(&reading, emissions)
    }
}
