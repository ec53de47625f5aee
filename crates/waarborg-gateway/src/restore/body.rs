//! An answer that comes in one piece.

use waarborg_detect::surrogate::{Scope, Surrogates};
use waarborg_domain::json::{Leaf, LeafKind, Path, scan};

use super::{
    AnswerFault, AnswerText, Called, Handed, LIMITS, Splices, treatment_of, without_probabilities,
};

/// What an answer in one piece looks like in one format.
pub(crate) struct Whole {
    /// A member that every answer has.
    pub(crate) has: &'static str,
    /// What is done with a string at a path.
    pub(crate) treat: fn(&Path, AnswerText) -> Treatment,
}

/// What is done with a string of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// It stays as the model gave it.
    Leave,
    /// Values come back in it.
    Restore(Scope),
    /// A tool gets it. Its name stands in the object of the first `object` steps of the path.
    Hand { handed: Handed, object: usize },
}

/// An answer to `chat/completions`.
const CHAT_COMPLETION: Whole = Whole {
    has: "choices",
    treat: treatment_of,
};

/// The provider's answer to `chat/completions` with every surrogate of this conversation replaced by its value.
///
/// # Errors
///
/// [`AnswerFault`] if the body is not JSON with one reading, or no answer of this protocol.
pub fn restore_body(
    body: Vec<u8>,
    surrogates: &Surrogates,
    text: AnswerText,
) -> Result<Vec<u8>, AnswerFault> {
    CHAT_COMPLETION.restore(body, surrogates, text)
}

impl Whole {
    /// The provider's answer with every surrogate of this conversation replaced by its value.
    ///
    /// # Errors
    ///
    /// [`AnswerFault`] if the body is not JSON with one reading, or no answer of this format.
    pub(crate) fn restore(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        self.restore_each(body, surrogates, |_| text)
    }

    /// The same of texts that came about in different ways.
    ///
    /// # Errors
    ///
    /// As [`Whole::restore`].
    pub(crate) fn restore_each(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: impl Fn(&Leaf) -> AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        let body = match String::from_utf8(body) {
            Ok(document) => without_probabilities(document, surrogates)?.into_bytes(),
            Err(fault) => fault.into_bytes(),
        };
        let leaves = scan(&body, &LIMITS)?;
        let has = |pattern: &[&str]| {
            leaves
                .iter()
                .any(|leaf| leaf.kind == LeafKind::Key && leaf.path.is(pattern))
        };
        match (has(&[self.has]), has(&["error", "message"])) {
            (_, true) => return Err(AnswerFault::ProviderError),
            (false, false) => return Err(AnswerFault::Shape),
            (true, false) => {}
        }

        let document = String::from_utf8(body).map_err(|_| AnswerFault::Shape)?;
        let mut splices = Splices::default();
        let called = Called::by(&leaves, surrogates);
        for leaf in &leaves {
            let treatment = (self.treat)(&leaf.path, text(leaf));
            restore_leaf(
                (leaf, treatment),
                &document,
                (surrogates, &called),
                &mut splices,
            );
        }
        Ok(splices.apply_to(document).into_bytes())
    }
}

/// Adds what comes in the place of a leaf, if that is something else.
pub(crate) fn restore_leaf(
    (leaf, treatment): (&Leaf, Treatment),
    document: &str,
    (surrogates, called): (&Surrogates, &Called<'_>),
    splices: &mut Splices,
) {
    // Whatever a call holds goes to its tool, also in a member that nobody here knows yet.
    let treatment = match (treatment, called.call_around(leaf.path.segments())) {
        (Treatment::Restore(_), Some(object)) => Treatment::Hand {
            handed: Handed::Text,
            object,
        },
        (treatment, _) => treatment,
    };
    let scope = match treatment {
        Treatment::Leave => return,
        Treatment::Restore(scope) => scope,
        Treatment::Hand { handed, object } => {
            let name = called.name(leaf.path.segments(), object);
            handed.scope(surrogates.gets(name))
        }
    };
    let is_input = matches!(
        treatment,
        Treatment::Hand {
            handed: Handed::Input,
            ..
        }
    );
    match leaf.kind {
        LeafKind::Text | LeafKind::Key if is_input => {
            // The bytes between the quotes are a JSON string already, as they are inside a tool's arguments.
            let written = document.get(leaf.range.clone()).unwrap_or_default();
            let restored = surrogates.restore_all(written, scope);
            if restored != written {
                splices.replace_written(leaf.range.clone(), restored);
            }
        }
        LeafKind::Text => {
            let restored = surrogates.restore_all(&leaf.text, scope);
            if restored != leaf.text {
                splices.replace(leaf.range.clone(), &restored);
            }
        }
        LeafKind::Key | LeafKind::Number => {}
    }
}
