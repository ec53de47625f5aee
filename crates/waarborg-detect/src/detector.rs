//! The stages of detection in their order.

use alloc::vec::Vec;

use crate::dates::Date;
use crate::finding::Finding;
use crate::fold;
use crate::kind::Kind;
use crate::public_names::PublicNames;
use crate::reading::{Hit, Reading};
use crate::resolve;
use crate::secrets::SecretFinder;
use crate::special::{self, SpecialWords};
use crate::vocabulary::Vocabulary;
use crate::{dates, indirect, labels, names, network, numbers, phones, places, tables, tagger};

/// Finds personal data in text. Make one and share it.
pub struct Detector {
    vocabulary: Vocabulary,
    secrets: SecretFinder,
    special: SpecialWords,
    public: PublicNames,
}

impl Detector {
    /// A detector with the built-in tables.
    #[must_use]
    pub fn new() -> Detector {
        Detector {
            vocabulary: Vocabulary::new(),
            secrets: SecretFinder::new(),
            special: SpecialWords::new(),
            public: PublicNames::new(),
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
        let hinted: Vec<Hit> = hits
            .iter()
            .filter(|hit| hit.score <= Hit::HINT)
            .cloned()
            .collect();
        tagger::find(&reading, &mut hits);
        let mut hits = resolve::without_hints(resolve::resolve(hits));
        hits.retain(|hit| {
            hit.kind != Kind::Person || !self.public.knows(reading.slice(hit.span.clone()))
        });
        drop_doubts(&mut hits);
        names::find_again(&reading, &mut hits);
        dates::beside_names(&reading, &dates, &mut hits);
        indirect::find(&reading, &mut hits);
        special::linked(&reading, &hinted, &mut hits);
        let mut findings: Vec<Finding> = Vec::new();
        for hit in resolve::resolve(hits) {
            let mapped = folded.original(&hit.span);
            // A mark behind one finding may also stand before the next: it belongs to the first.
            let start = findings
                .last()
                .map_or(mapped.start, |last| last.span.end.max(mapped.start));
            if start < mapped.end {
                findings.push(Finding {
                    span: start..mapped.end,
                    kind: hit.kind,
                    score: hit.score,
                    why: hit.why,
                });
            }
        }
        findings
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
        self.special.find(reading, &mut hits);
        (resolve::resolve(hits), dates)
    }
}

/// Below this the tagger is in doubt.
const DOUBT: f32 = 0.44;

/// In doubt it is personal data, but not in a text where nothing else is: a lone faint mark in a
/// general question marks a word, not a person. A faint mark of a special category is never
/// enough: it would stop a whole message for one unknown word.
fn drop_doubts(hits: &mut Vec<Hit>) {
    hits.retain(|hit| hit.score >= DOUBT || !hit.kind.is_special());
    let is_sure = hits
        .iter()
        .any(|hit| hit.kind.is_identifier() && hit.score >= 0.52);
    if !is_sure {
        hits.retain(|hit| hit.score >= DOUBT);
    }
}

impl Default for Detector {
    fn default() -> Detector {
        Detector::new()
    }
}
