//! An answer that comes in one piece.

use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::json::{LeafKind, scan};

use super::{AnswerFault, AnswerText, LIMITS, Splices, scope_of};

/// The provider's answer with every surrogate of this conversation replaced by its value.
///
/// # Errors
///
/// [`AnswerFault`] if the body is not JSON with one reading, or no answer of this protocol.
pub fn restore_body(
    body: Vec<u8>,
    surrogates: &Surrogates,
    text: AnswerText,
) -> Result<Vec<u8>, AnswerFault> {
    let leaves = scan(&body, &LIMITS)?;
    let has_choices = leaves
        .iter()
        .any(|leaf| leaf.kind == LeafKind::Key && leaf.path.is(&["choices"]));
    let has_error = leaves
        .iter()
        .any(|leaf| leaf.kind == LeafKind::Key && leaf.path.is(&["error", "message"]));
    match (has_choices, has_error) {
        (_, true) => return Err(AnswerFault::ProviderError),
        (false, false) => return Err(AnswerFault::Shape),
        (true, false) => {}
    }

    let mut splices = Splices::default();
    for leaf in leaves
        .into_iter()
        .filter(|leaf| leaf.kind == LeafKind::Text)
    {
        let Some(scope) = scope_of(&leaf.path, text) else {
            continue;
        };
        let restored = surrogates.restore_all(&leaf.text, scope);
        if restored != leaf.text {
            splices.replace(leaf.range, &restored);
        }
    }
    let document = String::from_utf8(body).map_err(|_| AnswerFault::Shape)?;
    Ok(splices.apply_to(document).into_bytes())
}
