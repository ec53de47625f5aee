//! The detector as the use cases see it: if it breaks down on a text, nothing of that text leaves.

use std::panic::{AssertUnwindSafe, catch_unwind};

use waarborg_detect::{Detector, Finding};
use waarborg_domain::finder::{Finder, FinderFailed};

/// The detector behind a wall: a panic becomes [`FinderFailed`], without what it carried.
pub(crate) struct WalledDetector {
    detector: Detector,
    breaks_on: Option<String>,
}

impl WalledDetector {
    /// A detector as it is.
    pub(crate) fn new(detector: Detector) -> Self {
        Self {
            detector,
            breaks_on: None,
        }
    }

    /// The same, but it breaks down on texts that hold this word; only for directories made with `--test-clock`.
    pub(crate) fn breaking_on(word: String) -> Self {
        Self {
            detector: Detector::new(),
            breaks_on: Some(word),
        }
    }

    fn behind_the_wall(
        &self,
        text: &str,
        find: impl FnOnce() -> Vec<Finding>,
    ) -> Result<Vec<Finding>, FinderFailed> {
        catch_unwind(AssertUnwindSafe(|| {
            let is_forced = self
                .breaks_on
                .as_ref()
                .is_some_and(|word| text.contains(word.as_str()));
            // The fault that a test asked for, with the text in its payload.
            assert!(!is_forced, "a forced fault on {text}");
            find()
        }))
        .map_err(|_| FinderFailed)
    }
}

impl Finder for WalledDetector {
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        self.behind_the_wall(text, || self.detector.find(text))
    }

    fn find_in_identifier(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        self.behind_the_wall(text, || self.detector.find_in_identifier(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detector_that_breaks_down_says_only_that_it_did() {
        let finder = WalledDetector::breaking_on("zwaluw".to_owned());
        assert_eq!(finder.find("een zwaluw"), Err(FinderFailed));
        assert!(finder.find("geen vogel").is_ok());
    }
}
