//! What another model says of a text: one of the operator's own, asked beside our stages.

use core::ops::Range;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::Hit;

/// Something that a model of the operator's own takes for personal data.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Byte offsets in the text that the model was asked about, half-open. One that is not on character boundaries, or not in the
    /// text, is left out.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// How sure the model is, from 0 to 1.
    pub score: f32,
}

impl Said {
    /// However sure a model is, a check digit is surer.
    const SUREST: f32 = 0.9;

    pub(crate) fn hit(&self, text: &str) -> Option<Hit> {
        let value = text.get(self.span.clone())?;
        let is_something = value.chars().any(char::is_alphanumeric);
        // A score that is no number is no reason to let something through.
        let score = if self.score.is_nan() {
            Self::SUREST
        } else {
            self.score.clamp(0.0, Self::SUREST)
        };
        is_something.then(|| Hit::new(self.span.clone(), self.kind, score, Why::Model))
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;
    use std::vec;

    use super::*;
    use crate::detector::Detector;
    use crate::own::Allowed;

    const TEXT: &str = "De fiets van qwxz staat bij het hek.";

    fn said(word: &str, kind: Kind, score: f32) -> impl FnOnce(&str) -> Result<Vec<Said>, ()> {
        move |text| {
            let start = text.find(word).unwrap();
            let span = start..start + word.len();
            Ok(vec![Said { span, kind, score }])
        }
    }

    fn values(detector: &Detector, text: &str, word: &str, score: f32) -> Vec<String> {
        detector
            .find_beside(text, said(word, Kind::Person, score))
            .unwrap()
            .into_iter()
            .map(|one| String::from(text.get(one.span).unwrap()))
            .collect()
    }

    #[test]
    fn what_a_model_says_is_found_and_told_in_the_original_text() {
        let detector = Detector::new();
        assert!(detector.find(TEXT).is_empty());
        assert_eq!(values(&detector, TEXT, "qwxz", 0.8), ["qwxz"]);
        let hidden = "De ﬁets van q\u{200b}wxz staat bij het hek.";
        assert_eq!(
            values(&detector, hidden, "qwxz", 0.8),
            ["q\u{200b}wxz"],
            "the model reads what the stages read"
        );
    }

    #[test]
    fn a_model_that_cannot_say_leaves_no_answer() {
        assert_eq!(Detector::new().find_beside(TEXT, |_| Err("no")), Err("no"));
    }

    #[test]
    fn a_check_digit_is_surer_than_a_model_and_an_exception_holds() {
        let detector = Detector::new();
        let found = detector
            .find_beside("BSN 111222333", said("111222333", Kind::Person, 1.0))
            .unwrap();
        assert_eq!(found.first().map(|one| one.kind), Some(Kind::Bsn));

        let allowed = Allowed::new("qwxz", &[Kind::Person]).unwrap();
        let detector = Detector::with_own(vec![], vec![allowed]);
        assert!(values(&detector, TEXT, "qwxz", 0.8).is_empty());
    }

    #[test]
    fn a_span_outside_the_text_or_inside_a_letter_is_left_out_and_one_without_a_score_kept() {
        let detector = Detector::new();
        let count = |start: usize, end: usize, score: f32| {
            let said = Said {
                span: Range { start, end },
                kind: Kind::Person,
                score,
            };
            let found = detector.find_beside("é qwxz", |_| Ok::<_, ()>(vec![said]));
            found.unwrap().len()
        };
        assert_eq!(count(1, 4, 0.8), 0);
        assert_eq!(count(3, 40, 0.8), 0);
        assert_eq!(count(7, 3, 0.8), 0);
        assert_eq!(count(3, 7, f32::NAN), 1);
    }

    #[test]
    fn what_a_model_says_is_explained() {
        let considered = Detector::new()
            .explain_beside(TEXT, said("qwxz", Kind::Person, 0.8))
            .unwrap();
        assert!(considered.iter().any(|one| one.why == Why::Model
            && one.fate == crate::explain::Fate::Kept
            && TEXT.get(one.span.clone()) == Some("qwxz")));
    }
}
