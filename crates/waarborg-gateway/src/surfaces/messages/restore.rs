//! A message that comes in one piece.

use waarborg_detect::surrogate::{Scope, Surrogates};
use waarborg_domain::json::{Leaf, LeafKind, scan};

use crate::restore::{AnswerFault, LIMITS, Splices};

/// The provider's message with every surrogate of this conversation replaced by its value.
///
/// What the model thought is signed, and stays as it is.
///
/// # Errors
///
/// [`AnswerFault`] if the body is not JSON with one reading, or no message.
pub(super) fn message(body: Vec<u8>, surrogates: &Surrogates) -> Result<Vec<u8>, AnswerFault> {
    let leaves = scan(&body, &LIMITS)?;
    let has = |key: &str| {
        leaves
            .iter()
            .any(|leaf| leaf.kind == LeafKind::Key && leaf.path.is(&[key]))
    };
    match (has("content"), has("error")) {
        (_, true) => return Err(AnswerFault::ProviderError),
        (false, false) => return Err(AnswerFault::Shape),
        (true, false) => {}
    }

    let document = String::from_utf8(body).map_err(|_| AnswerFault::Shape)?;
    let mut splices = Splices::default();
    for leaf in leaves {
        restore_leaf(leaf, &document, surrogates, &mut splices);
    }
    Ok(splices.apply_to(document).into_bytes())
}

fn restore_leaf(leaf: Leaf, document: &str, surrogates: &Surrogates, splices: &mut Splices) {
    if leaf.path.starts(&["content", "[]", "input", "*"]) && leaf.kind != LeafKind::Number {
        // The bytes between the quotes are a JSON string already, as they are inside a tool's arguments.
        let written = document.get(leaf.range.clone()).unwrap_or_default();
        let restored = surrogates.restore_all(written, Scope::ToolArguments);
        if restored != written {
            splices.replace_written(leaf.range, restored);
        }
        return;
    }
    let is_signed = matches!(
        leaf.path.last_key(),
        Some("thinking" | "signature" | "data")
    );
    if leaf.kind != LeafKind::Text || is_signed {
        return;
    }
    let restored = surrogates.restore_all(&leaf.text, Scope::Text);
    if restored != leaf.text {
        splices.replace(leaf.range, &restored);
    }
}
