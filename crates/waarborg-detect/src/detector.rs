//! The stages of detection in their order.

use alloc::vec::Vec;

use crate::finding::Finding;
use crate::fold;
use crate::reading::{Hit, Reading};
use crate::resolve;
use crate::secrets::SecretFinder;
use crate::vocabulary::Vocabulary;
use crate::{dates, labels, network, numbers, phones, tagger};

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
        let mut hits = self.proven(&reading);
        tagger::find(&reading, &mut hits);
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
    pub(crate) fn proven(&self, reading: &Reading<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        numbers::find(reading, &mut hits);
        phones::find(reading, &mut hits);
        network::find(reading, &mut hits);
        self.secrets.find(reading, &mut hits);
        labels::find(reading, &mut hits);
        dates::find(reading, &mut hits);
        resolve::resolve(hits)
    }
}

impl Default for Detector {
    fn default() -> Detector {
        Detector::new()
    }
}
