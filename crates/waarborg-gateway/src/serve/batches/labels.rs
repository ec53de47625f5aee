//! The labels that a client gives to what a provider keeps (`metadata`). They stay here.

use serde_json::{Map, Value};

use super::super::error::Problem;
use crate::surfaces::FormFault;

/// How many labels a client may give, and how long each may be.
const MOST_LABELS: usize = 16;
const LONGEST_KEY: usize = 64;
const LONGEST_LABEL: usize = 512;

/// Whether they are labels.
///
/// # Errors
///
/// [`Problem`] if they are too many or too long, or one of them is no text.
pub(super) fn check(labels: Option<&Map<String, Value>>) -> Result<(), Problem> {
    let is_label = |(key, value): (&String, &Value)| {
        let length = value.as_str().map(|value| value.chars().count());
        key.chars().count() <= LONGEST_KEY && length.is_some_and(|length| length <= LONGEST_LABEL)
    };
    let n_labels = labels.map_or(0, Map::len);
    if n_labels > MOST_LABELS || !labels.into_iter().flatten().all(is_label) {
        return Err(Problem::Form(FormFault::Field("metadata")));
    }
    Ok(())
}
