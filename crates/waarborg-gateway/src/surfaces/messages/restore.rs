//! A message that comes in one piece.

use waarborg_detect::surrogate::Scope;

use crate::restore::{Handed, Treatment, Whole};

/// The provider's message. What the model thought is signed, and stays as it is.
pub(super) const MESSAGE: Whole = Whole {
    has: "content",
    treat: |path, text| {
        if path.starts(&["content", "[]", "input", "*"]) {
            return Treatment::Hand {
                handed: Handed::Input,
                object: 2,
            };
        }
        match path.last_key() {
            Some("thinking" | "signature" | "data") => Treatment::Leave,
            Some("text") if path.is(&["content", "[]", "text"]) => Treatment::Restore(text.scope()),
            _ => Treatment::Restore(Scope::Text),
        }
    },
};
