//! The door for the program that trains the tagger; not part of the stable interface.

use alloc::vec::Vec;
use core::ops::Range;

use crate::detector::Detector;
use crate::features::{N_FEATURES, Views};
use crate::fold;
use crate::kind::Kind;
use crate::lexicon::Lexicon;
use crate::passage;
use crate::reading::Reading;
use crate::sentences::Sentences;
use crate::{tagger, weights};

/// Buckets of features: the file of weights begins with a pilot for each.
pub const BUCKETS: usize = weights::N_BUCKETS;
/// Features per token.
pub const FEATURES: usize = N_FEATURES;
/// States; the first is outside.
pub const STATES: usize = tagger::N_STATES;
/// Rows in the file of weights.
pub const ROWS: usize = weights::N_ROWS;
/// Bytes of a row in the file of weights; the last is the mark of its feature.
pub const ROW_LEN: usize = weights::ROW_LEN;
/// A weight of one, in the file of weights.
pub const UNIT: i16 = weights::UNIT;
/// The built-in table of words.
pub const LEXICON: &[u8] = crate::lexicon::TABLE;
/// Entries of the table of passages.
pub const PASSAGE_ENTRIES: usize = passage::N_ENTRIES;
/// A weight of one, in that table.
pub const PASSAGE_UNIT: i32 = passage::UNIT;
/// The kinds that the tagger marks.
pub const KINDS: &[Kind] = tagger::KINDS;

/// One token as the tagger sees it.
pub struct Seen {
    /// Byte offsets in the original text.
    pub span: Range<usize>,
    /// The numbers of its features.
    pub slots: [u32; N_FEATURES],
    /// It is the end of a line, where nothing goes on.
    pub ends_line: bool,
}

/// The states of the first token of a kind, by its place in [`KINDS`], and of the others. Where they are the same, the kind
/// has no beginning; otherwise the second follows only a first of which it is the second, or itself.
#[must_use]
pub fn states_of(kind: usize) -> (usize, usize) {
    tagger::states_of(kind)
}

/// The bucket of a feature.
#[must_use]
pub fn bucket(feature: u32) -> usize {
    weights::bucket(feature)
}

/// Where a feature's row stands, with the pilot of its bucket.
#[must_use]
pub fn place(feature: u32, pilot: u8) -> usize {
    weights::place(feature, pilot)
}

/// The last byte of the row of a feature.
#[must_use]
pub fn mark(feature: u32) -> u8 {
    weights::mark(feature)
}

impl Detector {
    /// A detector with other tables than the built-in ones.
    #[must_use]
    pub fn with_tables(
        lexicon: &'static [u8],
        weights: &'static [u8],
        passage: &'static [u8],
    ) -> Detector {
        Detector::with(Lexicon::new(lexicon), weights, passage)
    }

    /// Per token its entries in the table of passages.
    #[must_use]
    pub fn passage_entries(&self, text: &str) -> Vec<[u32; 2]> {
        let folded = fold::fold(text);
        let reading = Reading::new(&folded.text, self.vocabulary());
        let mut entries = Vec::with_capacity(reading.tokens.len());
        passage::each(&reading, |pair| entries.push(pair));
        entries
    }

    /// Every token of a text with its features.
    #[must_use]
    pub fn see(&self, text: &str) -> Vec<Seen> {
        let folded = fold::fold(text);
        let reading = Reading::new(&folded.text, self.vocabulary());
        let (hits, _) = self.proven(&reading);
        let mut seen = Vec::with_capacity(reading.tokens.len());
        let mut sentences = Sentences::new(&reading);
        sentences.identify(&reading, &hits);
        let views = Views::new(&reading, &sentences, &hits);
        for (place, token) in reading.tokens.iter().enumerate() {
            seen.push(Seen {
                span: folded.original(&token.span()),
                slots: views.at(place).all(),
                ends_line: tagger::ends_line(&reading, place),
            });
        }
        seen
    }
}
