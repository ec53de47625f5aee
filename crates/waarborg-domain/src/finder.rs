//! What finds personal data in a text, as screening sees it.

use thiserror::Error;
use waarborg_detect::Finding;

/// Finds personal data. If it cannot answer, nothing leaves.
pub trait Finder: Send + Sync {
    /// The findings in a text: sorted, disjoint, on character boundaries. How many people fit the parts of a group is
    /// not asked here: that is told of all texts of a conversation together.
    ///
    /// # Errors
    ///
    /// [`FinderFailed`] if any recogniser did not come to an end.
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed>;

    /// Only what is known by its form or its check digits. A finder that knows no such difference finds all.
    ///
    /// # Errors
    ///
    /// [`FinderFailed`] if any recogniser did not come to an end.
    fn find_formats(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        self.find(text)
    }

    /// Who is named in a programmer's identifier, such as `piet_jansen_heeft_diabetes`, and what it says of them.
    /// A finder that knows no better reads it as a sentence.
    ///
    /// # Errors
    ///
    /// [`FinderFailed`] if any recogniser did not come to an end.
    fn find_in_identifier(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        self.find(&text.replace(['_', '-', '.'], " "))
    }
}

/// A finder that seeks formats and nothing else.
pub(crate) struct FormatsOnly<'a>(pub(crate) &'a dyn Finder);

impl Finder for FormatsOnly<'_> {
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        self.0.find_formats(text)
    }

    fn find_in_identifier(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        self.0.find_formats(text)
    }
}

/// The detector did not come to an end.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the detector did not come to an end")]
pub struct FinderFailed;
