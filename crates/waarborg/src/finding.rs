//! The detector as the use cases see it: if it breaks down on a text, nothing of that text leaves.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::runtime::{Handle, RuntimeFlavor};
use waarborg_detect::{Considered, Detector, Finding};
use waarborg_domain::finder::{Finder, FinderFailed};
use waarborg_model::Classifier;

/// The detector with what an organisation adds: recognisers, exceptions, and perhaps a model of its own.
#[derive(Default)]
pub(crate) struct OwnDetector {
    detector: Detector,
    model: Option<Classifier>,
}

impl OwnDetector {
    /// A detector beside which a model is asked.
    pub(crate) fn new(detector: Detector, model: Option<Classifier>) -> Self {
        Self { detector, model }
    }

    /// The personal data in a text.
    ///
    /// # Errors
    ///
    /// [`FinderFailed`] when the model gives no answer; without a model never.
    pub(crate) fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        let Some(model) = &self.model else {
            return Ok(self.detector.find(text));
        };
        let found = self
            .detector
            .find_beside(text, |read| apart(|| model.find(read)));
        found.map_err(|_| FinderFailed)
    }

    /// The same as [`OwnDetector::find`], for texts of which the groups are told together later.
    fn find_ungrouped(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        match &self.model {
            None => Ok(self.detector.find_ungrouped(text)),
            // Beside what a model takes, telling the groups too is nothing.
            Some(_) => self.find(text),
        }
    }

    /// What every stage considered, the model among them.
    ///
    /// # Errors
    ///
    /// As [`OwnDetector::find`].
    pub(crate) fn explain(&self, text: &str) -> Result<Vec<Considered>, FinderFailed> {
        let Some(model) = &self.model else {
            return Ok(self.detector.explain(text));
        };
        let told = self.detector.explain_beside(text, |read| model.find(read));
        told.map_err(|_| FinderFailed)
    }
}

/// A model takes long: meanwhile the other work of this thread moves to another.
fn apart<T>(ask: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(ask),
        // There is no other thread to move to.
        Ok(_) | Err(_) => ask(),
    }
}

/// The detector behind a wall: a panic becomes [`FinderFailed`], without what it carried.
pub(crate) struct WalledDetector {
    detector: OwnDetector,
    breaks_on: Option<String>,
}

impl WalledDetector {
    /// A detector as it is.
    pub(crate) fn new(detector: OwnDetector) -> Self {
        Self {
            detector,
            breaks_on: None,
        }
    }

    /// The same, but it breaks down on texts that hold this word; only for directories made with `--test-clock`.
    pub(crate) fn breaking_on(word: String) -> Self {
        Self {
            detector: OwnDetector::default(),
            breaks_on: Some(word),
        }
    }

    fn behind_the_wall(
        &self,
        text: &str,
        find: impl FnOnce() -> Result<Vec<Finding>, FinderFailed>,
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
        .map_err(|_| FinderFailed)?
    }
}

impl Finder for WalledDetector {
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        self.behind_the_wall(text, || self.detector.find_ungrouped(text))
    }

    fn find_formats(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        self.behind_the_wall(text, || Ok(self.detector.detector.find_formats(text)))
    }

    fn find_in_identifier(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        // A model reads sentences; the names of fields and tools are none.
        self.behind_the_wall(text, || Ok(self.detector.detector.find_in_identifier(text)))
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
