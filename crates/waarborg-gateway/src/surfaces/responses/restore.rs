//! A response that comes in one piece, and the parts of one that an event repeats.

use waarborg_detect::surrogate::Scope;
use waarborg_domain::json::{Path, Segment};

use crate::restore::{AnswerText, Handed, Treatment, Whole};

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
    let hand = |handed, object| Treatment::Hand { handed, object };
    let act = path.segments().iter().position(
        |segment| matches!(segment, Segment::Key(key) if matches!(&**key, "action" | "operation")),
    );
    if let Some(object) = act {
        return hand(Handed::Text, object);
    }
    let object = path.segments().len().saturating_sub(1);
    match path.last_key() {
        Some("arguments") => hand(Handed::Arguments, object),
        Some("input") => hand(Handed::Text, object),
        Some("text") if !is_in(&["summary"]) => Treatment::Restore(text.scope()),
        _ => Treatment::Restore(Scope::Text),
    }
}
