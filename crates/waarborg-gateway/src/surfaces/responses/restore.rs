//! A response that comes in one piece, and the parts of one that an event repeats.

use waarborg_detect::surrogate::{Scope, Surrogates};
use waarborg_domain::json::{Leaf, Path, Segment};

use crate::restore::{AnswerFault, AnswerText, Handed, Treatment, Whole};

/// The provider's response.
pub(super) const RESPONSE: Whole = Whole {
    has: "output",
    treat,
};

/// Items of a conversation, as its provider lists them.
const ITEMS: Whole = Whole { has: "data", treat };

/// One item of a conversation.
const ITEM: Whole = Whole { has: "id", treat };

/// Items of a conversation with every surrogate of it replaced by its value: a list of them, or one.
///
/// # Errors
///
/// [`AnswerFault`] if it is neither.
pub(crate) fn items(
    body: Vec<u8>,
    surrogates: &Surrogates,
    is_list: bool,
) -> Result<Vec<u8>, AnswerFault> {
    let whole = if is_list { ITEMS } else { ITEM };
    whole.restore_each(body, surrogates, form_of)
}

/// Which turn asked for JSON nobody knows any more: what is JSON was asked for so.
fn form_of(leaf: &Leaf) -> AnswerText {
    let text = leaf.text.trim_start();
    let is_json =
        text.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if is_json {
        AnswerText::Json
    } else {
        AnswerText::Plain
    }
}

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
