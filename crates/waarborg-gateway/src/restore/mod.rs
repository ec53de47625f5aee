//! Puts values back into a provider's answer: whole or in a stream, text and tool arguments alike.
//!
//! Only the strings in which something was restored change; every other byte of the provider's
//! JSON stays as it came.

mod body;
mod handed;
mod lanes;
mod probabilities;
mod stream;
#[cfg(test)]
mod tests;

use std::ops::Range;

use thiserror::Error;
use waarborg_detect::surrogate::Scope;
use waarborg_domain::json::{JsonFault, Limits, Path, escape_into};

pub use body::restore_body;
pub(crate) use body::{Treatment, Whole, restore_leaf};
pub(crate) use handed::{Called, Handed, Name};
pub(crate) use probabilities::without_probabilities;
pub use stream::StreamRestorer;

/// What the text of an answer is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AnswerText {
    /// Something to read.
    #[default]
    Plain,
    /// A JSON document, because the request asked for one: values are escaped.
    Json,
}

impl AnswerText {
    pub(crate) const fn scope(self) -> Scope {
        match self {
            Self::Plain => Scope::Text,
            Self::Json => Scope::JsonString,
        }
    }
}

/// Why an answer cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AnswerFault {
    /// Not JSON with one reading.
    #[error("the answer is not usable JSON: {0}")]
    Json(#[from] JsonFault),
    /// JSON of another shape.
    #[error("the answer has not the shape of the protocol")]
    Shape,
    /// The provider reports an error in its stream.
    #[error("the provider reports an error")]
    ProviderError,
}

/// An answer may be longer and have more strings (log probabilities) than a request.
pub(crate) const LIMITS: Limits = Limits {
    bytes: 16 * 1024 * 1024,
    depth: 64,
    leaves: 2_000_000,
};

/// New insides for strings of a document, in their order, as they stand between the quotes.
#[derive(Default)]
pub(crate) struct Splices(Vec<(Range<usize>, String)>);

impl Splices {
    /// This text comes there.
    pub(crate) fn replace(&mut self, range: Range<usize>, text: &str) {
        let mut written = String::with_capacity(text.len() + 8);
        escape_into(text, &mut written);
        self.0.push((range, written));
    }

    /// This comes there as it is written, with its escapes.
    pub(crate) fn replace_written(&mut self, range: Range<usize>, written: String) {
        self.0.push((range, written));
    }

    /// The document with the new texts in place of the old ones.
    pub(crate) fn apply_to(&self, document: String) -> String {
        if self.0.is_empty() {
            return document;
        }
        let mut out = String::with_capacity(document.len() + 64);
        let mut copied_to = 0;
        for (range, written) in &self.0 {
            out.push_str(document.get(copied_to..range.start).unwrap_or_default());
            out.push_str(written);
            copied_to = range.end;
        }
        out.push_str(document.get(copied_to..).unwrap_or_default());
        out
    }
}

/// What is done with a string of an answer, at a path below `message` or `delta`, that is whole.
fn treatment_of(path: &Path, text: AnswerText) -> Treatment {
    if path.starts(&["choices", "[]", "logprobs"]) {
        // Tokens: a surrogate is spread over several, and the client wants what the model wrote.
        return Treatment::Leave;
    }
    let object = path.segments().len().saturating_sub(1);
    match path.last_key() {
        Some("arguments") if path.starts(&["choices", "[]", "*"]) => Treatment::Hand {
            handed: Handed::Arguments,
            object,
        },
        Some("content") if path.is(&["choices", "[]", "message", "content"]) => {
            Treatment::Restore(text.scope())
        }
        Some("text") if path.is(&["choices", "[]", "message", "content", "[]", "text"]) => {
            Treatment::Restore(text.scope())
        }
        Some("input") if path.starts(&["choices", "[]", "*", "tool_calls", "[]", "custom"]) => {
            Treatment::Hand {
                handed: Handed::Text,
                object,
            }
        }
        _ => Treatment::Restore(Scope::Text),
    }
}
