//! The stages of detection in their order.

use alloc::vec::Vec;

use crate::dates::Date;
use crate::finding::Finding;
use crate::fold;
use crate::reading::{Hit, Reading};
use crate::resolve;
use crate::secrets::SecretFinder;
use crate::vocabulary::Vocabulary;
use crate::{dates, labels, names, network, numbers, phones, places, tables, tagger};

/// Finds personal data in text. Make one and share it.
pub struct Detector {
    vocabulary: Vocabulary,
    secrets: SecretFinder,
}

impl Detector {
    /// A detector with the built-in tables.
    #[must_use]
    pub fn new() -> Detector {
        Detector {
            vocabulary: Vocabulary::new(),
            secrets: SecretFinder::new(),
        }
    }

    /// The personal data in a text: sorted, disjoint, on character boundaries.
    ///
    /// Never fails, and takes time in proportion to the length of the text.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Finding> {
        let folded = fold::fold(text);
        let reading = Reading::new(&folded.text, &self.vocabulary);
        let (mut hits, dates) = self.proven(&reading);
        tagger::find(&reading, &mut hits);
        let mut hits = resolve::without_hints(resolve::resolve(hits));
        names::find_again(&reading, &mut hits);
        dates::beside_names(&reading, &dates, &mut hits);
        resolve::resolve(hits)
            .into_iter()
            .map(|hit| Finding {
                span: folded.original(&hit.span),
                kind: hit.kind,
                score: hit.score,
                why: hit.why,
            })
            .collect()
    }

    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What patterns, check digits and labels find, before the tagger looks.
    pub(crate) fn proven(&self, reading: &Reading<'_>) -> (Vec<Hit>, Vec<Date>) {
        let mut hits = Vec::new();
        numbers::find(reading, &mut hits);
        phones::find(reading, &mut hits);
        network::find(reading, &mut hits);
        self.secrets.find(reading, &mut hits);
        labels::find(reading, &mut hits);
        let dates = dates::find(reading, &mut hits);
        tables::find(reading, &self.vocabulary, &mut hits);
        places::find(reading, &mut hits);
        names::find(reading, &mut hits);
        (resolve::resolve(hits), dates)
    }
}

impl Default for Detector {
    fn default() -> Detector {
        Detector::new()
    }
}
