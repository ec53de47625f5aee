//! What was considered and why it was kept or dropped: the stages of detection, told afterwards.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::detector::Detector;
use crate::finding::{Finding, Why};
use crate::fold;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::said::Said;

/// The stage that brought something up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Patterns with check digits, numbers of phones, addresses of networks, keys.
    Patterns,
    /// Labels before a value, and dates.
    Labels,
    /// Headers of columns, keys of values, lines of a chat.
    Structure,
    /// Streets, postcodes and towns.
    Places,
    /// Titles, initials and lists of names.
    Names,
    /// Words of a special category.
    Special,
    /// The trained model.
    Model,
    /// A second look at the whole text: names once more, dates beside them, descriptions.
    SecondLook,
    /// Other readings of the same text: pulled apart, spelled out, encoded, backwards.
    OtherReadings,
}

impl Stage {
    /// A stable code for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Stage::Patterns => "patterns",
            Stage::Labels => "labels",
            Stage::Structure => "structure",
            Stage::Places => "places",
            Stage::Names => "names",
            Stage::Special => "special",
            Stage::Model => "model",
            Stage::SecondLook => "second-look",
            Stage::OtherReadings => "other-readings",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fate {
    /// It is a finding, or a part of one.
    Kept,
    /// A surer reading of the same characters took its place.
    Overlapped(Kind),
    /// It reached over the end of a cell.
    TwoCells,
    /// Alone it says too little; the model weighed it.
    OnlyAHint,
    /// It is the name of somebody in a public role.
    PublicName,
    /// The organisation excepted it.
    Exception,
    /// A list, a title or a label spoke for it; the model, which reads the sentence around it, did not.
    Sentence,
    /// It is a word of a program, and nothing says that it is anybody's.
    Program,
    /// The passage around it speaks of things in general.
    General,
    /// The model was in doubt, and nothing else in the text is personal.
    Doubt,
    /// A point of contact of an organisation, and nothing else in the text is personal.
    Contact,
}

impl Fate {
    /// A stable code for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Fate::Kept => "kept",
            Fate::Overlapped(_) => "overlapped",
            Fate::TwoCells => "two-cells",
            Fate::OnlyAHint => "only-a-hint",
            Fate::PublicName => "public-name",
            Fate::Exception => "exception",
            Fate::Sentence => "sentence",
            Fate::Program => "program",
            Fate::General => "general",
            Fate::Doubt => "doubt",
            Fate::Contact => "contact",
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fate::Kept => f.write_str("kept"),
            Fate::Overlapped(kind) => write!(f, "dropped: {kind} at the same place is surer"),
            Fate::TwoCells => f.write_str("dropped: it reaches over the end of a cell"),
            Fate::OnlyAHint => f.write_str("dropped: alone it says too little"),
            Fate::PublicName => f.write_str("dropped: somebody in a public role"),
            Fate::Exception => f.write_str("dropped: an exception of this organisation"),
            Fate::Sentence => f.write_str("dropped: the sentence around it says otherwise"),
            Fate::Program => f.write_str("dropped: it is a word of a program"),
            Fate::General => f.write_str("dropped: the text here speaks of things in general"),
            Fate::Doubt => f.write_str("dropped: in doubt, and nothing else here is personal"),
            Fate::Contact => f.write_str(
                "dropped: a point of contact of an organisation, and nothing else here is personal",
            ),
        }
    }
}

/// Something that a stage brought up.
#[derive(Clone, Debug, PartialEq)]
pub struct Considered {
    /// Byte offsets in the text, half-open.
    pub span: Range<usize>,
    /// What it was taken for.
    pub kind: Kind,
    /// How sure the stage was, from 0 to 1.
    pub score: f32,
    /// The reason of the stage.
    pub why: Why,
    /// The stage.
    pub stage: Stage,
    /// What became of it.
    pub fate: Fate,
}

/// What takes things out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sieve {
    Overlaps,
    Cells,
    Hints,
    PublicNames,
    Sentence,
    Programs,
    General,
    Doubts,
    Contacts,
    Exceptions,
}

/// Somebody who looks over the shoulder of detection. `()` looks away and costs nothing.
pub(crate) trait Watch {
    /// A stage has added to the hits.
    fn added(&mut self, stage: Stage, hits: &[Hit]);
    /// A sieve has left these hits.
    fn sifted(&mut self, sieve: Sieve, hits: &[Hit]);
}

impl Watch for () {
    fn added(&mut self, _: Stage, _: &[Hit]) {}
    fn sifted(&mut self, _: Sieve, _: &[Hit]) {}
}

/// Remembers what came up, and what took it out.
#[derive(Default)]
struct Story {
    seen: BTreeSet<(usize, usize, Kind, Why)>,
    considered: Vec<Considered>,
}

impl Watch for Story {
    fn added(&mut self, stage: Stage, hits: &[Hit]) {
        for hit in hits {
            if self
                .seen
                .insert((hit.span.start, hit.span.end, hit.kind, hit.why))
            {
                self.considered.push(Considered {
                    span: hit.span.clone(),
                    kind: hit.kind,
                    score: hit.score,
                    why: hit.why,
                    stage,
                    fate: Fate::Kept,
                });
            }
        }
    }

    fn sifted(&mut self, sieve: Sieve, hits: &[Hit]) {
        let mut sorted: Vec<&Hit> = hits.iter().collect();
        sorted.sort_by_key(|hit| hit.span.start);
        for considered in self
            .considered
            .iter_mut()
            .filter(|one| one.fate == Fate::Kept)
        {
            let mut meeting = meeting(&sorted, &considered.span).peekable();
            let other = meeting.peek().map(|hit| hit.kind);
            if meeting.any(|hit| hit.kind == considered.kind) {
                continue;
            }
            considered.fate = match (sieve, other) {
                (Sieve::Cells, _) => Fate::TwoCells,
                (Sieve::PublicNames, _) => Fate::PublicName,
                (Sieve::Sentence, _) => Fate::Sentence,
                (Sieve::Programs, _) => Fate::Program,
                (Sieve::General, _) => Fate::General,
                (Sieve::Doubts, _) => Fate::Doubt,
                (Sieve::Contacts, _) => Fate::Contact,
                (Sieve::Exceptions, _) => Fate::Exception,
                (Sieve::Overlaps, Some(kind)) => Fate::Overlapped(kind),
                (Sieve::Hints, _) | (Sieve::Overlaps, None) => Fate::OnlyAHint,
            };
        }
    }
}

/// The hits that share characters with a span; they are sorted, and few of them overlap each other.
fn meeting<'h>(sorted: &'h [&'h Hit], span: &Range<usize>) -> impl Iterator<Item = &'h &'h Hit> {
    let (start, end) = (span.start, span.end);
    let after = sorted.partition_point(|hit| hit.span.start < end);
    sorted
        .get(after.saturating_sub(64)..after)
        .unwrap_or_default()
        .iter()
        .filter(move |hit| hit.span.end > start)
}

impl Detector {
    /// Everything that some stage of detection considered, in the order of the text, and what became of it.
    ///
    /// What is kept is what [`Detector::find`] finds.
    #[must_use]
    pub fn explain(&self, text: &str) -> Vec<Considered> {
        self.considered(text, &[], &self.find(text))
    }

    /// The same with a model of the operator's own, as [`Detector::find_beside`] asks it.
    ///
    /// # Errors
    ///
    /// What the model answers with when it cannot say.
    pub fn explain_beside<E>(
        &self,
        text: &str,
        model: impl FnOnce(&str) -> Result<Vec<Said>, E>,
    ) -> Result<Vec<Considered>, E> {
        let said = model(&fold::fold(text).text)?;
        let findings = self.find_beside(text, |_| Ok(said.clone()))?;
        Ok(self.considered(text, &said, &findings))
    }

    fn considered(&self, text: &str, said: &[Said], findings: &[Finding]) -> Vec<Considered> {
        let folded = fold::fold(text);
        let reading = Reading::new(&folded.text, self.vocabulary());
        let mut story = Story::default();
        self.read(&reading, said, &mut story);
        let mut considered = story.considered;
        for one in &mut considered {
            one.span = folded.original(&one.span);
        }
        for finding in findings {
            let is_told = considered.iter().any(|one| {
                one.kind == finding.kind
                    && one.fate == Fate::Kept
                    && one.span.start < finding.span.end
                    && one.span.end > finding.span.start
            });
            if !is_told {
                considered.push(Considered {
                    span: finding.span.clone(),
                    kind: finding.kind,
                    score: finding.score,
                    why: finding.why,
                    stage: Stage::OtherReadings,
                    fate: Fate::Kept,
                });
            }
        }
        considered.sort_by_key(|one| (one.span.start, one.span.end, one.stage));
        considered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate(text: &str, value: &str, kind: Kind) -> Option<Fate> {
        let detector = Detector::new();
        let fates: Vec<Fate> = detector
            .explain(text)
            .into_iter()
            .filter(|one| {
                one.kind == kind
                    && text
                        .get(one.span.clone())
                        .is_some_and(|found| found.contains(value))
            })
            .map(|one| one.fate)
            .collect();
        fates
            .iter()
            .copied()
            .find(|fate| *fate == Fate::Kept)
            .or(fates.first().copied())
    }

    #[test]
    fn what_is_found_was_kept_and_the_rest_has_a_reason() {
        assert_eq!(
            fate("BSN 111222333", "111222333", Kind::Bsn),
            Some(Fate::Kept)
        );
        assert_eq!(
            fate(
                "Naam\tGeboren\nJan de Vries\t17-05-1980",
                "Vries",
                Kind::Address
            ),
            Some(Fate::TwoCells)
        );
    }

    #[test]
    fn every_finding_is_explained() {
        let text = "Jan de Vries (BSN 111222333) mailt jan@example.org, tel nul zes twaalf vierendertig zesenvijftig achtenzeventig.";
        let detector = Detector::new();
        let explained = detector.explain(text);
        for finding in detector.find(text) {
            assert!(explained.iter().any(|one| one.fate == Fate::Kept
                && one.kind == finding.kind
                && one.span.start < finding.span.end
                && one.span.end > finding.span.start));
        }
    }
}
