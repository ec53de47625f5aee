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
/// States: outside, then the beginnings of all [`KINDS`], then their insides.
pub const STATES: usize = tagger::N_STATES;
/// Bytes of a row in the file of weights; the last says how far they are shifted.
pub const ROW_LEN: usize = tagger::ROW_LEN;
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
        let mut seen = Vec::with_capacity(reading.tokens.len());
        tagger::each_rows(&reading, &hits, |place, rows| {
            let span = reading
                .token(place)
                .map(crate::tokens::Token::span)
                .unwrap_or_default();
            seen.push(Seen {
                span: folded.original(&span),
                rows: *rows,
            });
        });
        seen
    }

    /// The best states for emissions of a text, one per token.
    #[must_use]
    pub fn decode(&self, text: &str, emissions: &[[i32; STATES]]) -> Vec<u8> {
        let folded = fold::fold(text);
        let reading = Reading::new(&folded.text, self.vocabulary());
        let mut path = tagger::Path::new(emissions.len());
        for (place, emission) in emissions.iter().enumerate() {
            path.step(emission, tagger::ends_line(&reading, place));
        }
        path.finish()
    }
}
