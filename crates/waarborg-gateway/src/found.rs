//! The detector as it is, for tests.

use waarborg_detect::{Detector, Finding};
use waarborg_domain::finder::{Finder, FinderFailed};

/// Finds what the detector finds, and never fails.
pub(crate) struct Found(pub(crate) Detector);

impl Finder for Found {
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        Ok(self.0.find(text))
    }

    fn find_in_identifier(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        Ok(self.0.find_in_identifier(text))
    }
}
