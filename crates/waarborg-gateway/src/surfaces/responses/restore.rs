//! A response that comes in one piece, and the parts of one that an event repeats.

use waarborg_detect::surrogate::Scope;
use waarborg_domain::json::{Path, Segment};

use crate::restore::{AnswerText, Treatment, Whole};

/// The provider's response.
pub(super) const RESPONSE: Whole = Whole {
    has: "output",
    treat,
};

/// What is done with a string of a response, of an item or of a part, wherever those stand.
pub(super) fn treat(path: &Path, text: AnswerText) -> Treatment {
    let is_in = |wanted: &[&str]| {
        path.segments()
            .iter()
            .any(|segment| matches!(segment, Segment::Key(key) if wanted.contains(&&**key)))
    };
    if is_in(&["encrypted_content", "logprobs"]) {
        // Only its provider can open the one; the other says what the model wrote.
        return Treatment::Leave;
    }
    if is_in(&["action", "operation"]) {
        return Treatment::Restore(Scope::ToolText);
    }
    Treatment::Restore(match path.last_key() {
        Some("arguments") => Scope::ToolArguments,
        Some("input") => Scope::ToolText,
        Some("text") if !is_in(&["summary"]) => text.scope(),
        _ => Scope::Text,
    })
}
