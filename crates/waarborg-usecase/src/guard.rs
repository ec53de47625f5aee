//! The preview: what would happen to a text. Stores nothing, sends nothing.

use std::sync::Arc;

use thiserror::Error;
use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
use waarborg_domain::conversation::Speaker;
use waarborg_domain::permit::Refusal;
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::{Prompt, Report, Screen, Screening, Turn, Waived};
use waarborg_domain::register::SurrogateForm;

use crate::desk::{Desk, Surface};
use crate::gateway::{self, GatewayError, Wishes};
use crate::ports::GatewayKey;

/// A text, and where it would go.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The text.
    pub text: String,
    /// The model; its recipient's place decides.
    pub model: String,
    /// For which service and purpose.
    pub surface: Surface,
    /// What the person says is no personal data.
    pub waived: Waived,
    /// The conversation, so that surrogates are those of the real message; random bytes without one.
    pub scope: Vec<u8>,
    /// The language of surrogates.
    pub language: Language,
}

/// Why there is no preview.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GuardError {
    /// No provider serves this model.
    #[error("there is no such model")]
    NoModel,
    /// The register does not know the recipient.
    #[error(transparent)]
    NotAllowed(#[from] Refusal),
    /// The detector did not come to an end.
    #[error("the detector did not come to an end")]
    Finder,
}

/// What would happen to a text.
///
/// # Errors
///
/// [`GuardError`] if that cannot be said.
pub fn preview(desk: &Desk, asked: &Asked) -> Result<Report, GuardError> {
    preview_under(desk, asked, &desk.policy, SurrogateForm::Brackets)
}

/// The same for an application: within the bounds of its key, and under the policy that holds for it, which is told
/// with what would happen.
///
/// # Errors
///
/// [`GatewayError`], as the request itself would get it.
pub fn preview_for_key(
    desk: &Desk,
    key: &GatewayKey,
    wishes: &Wishes,
    asked: &Asked,
) -> Result<(Report, Arc<Policy>), GatewayError> {
    gateway::check_purpose(key, wishes)?;
    if !key.bounds.allow(&asked.model) {
        return Err(GatewayError::OtherModel);
    }
    let policy = gateway::policy(desk, key, wishes.policy.as_deref())?;
    let form = desk.register.surrogate_form();
    let report = preview_under(desk, asked, &policy, form)?;
    Ok((report, policy))
}

fn preview_under(
    desk: &Desk,
    asked: &Asked,
    policy: &Policy,
    form: SurrogateForm,
) -> Result<Report, GuardError> {
    let recipient = desk
        .providers
        .recipient_of(&asked.model)
        .ok_or(GuardError::NoModel)?;
    let destination = desk
        .register
        .recipient(recipient)
        .ok_or(Refusal::UnknownRecipient)?
        .destination;
    let has_ground = desk.has_ground(&asked.surface);

    let turn = Turn {
        speaker: Speaker::Person,
        text: asked.text.clone(),
    };
    let prompt = Prompt::conversation(&asked.model, &[turn]);
    let key = ConversationKey::new(desk.secrets.conversation_key(&[b"chat", &asked.scope]));
    let mut surrogates = Surrogates::new(key, asked.language);
    if form == SurrogateForm::Realistic {
        surrogates.look_real();
    }
    let screening = Screening {
        finder: &*desk.finder,
        policy,
        destination,
        has_ground,
        waived: &asked.waived,
        witness: None,
    };
    match prompt
        .screen(&screening, &mut surrogates)
        .map_err(|_| GuardError::Finder)?
    {
        Screen::Passed { report, .. } | Screen::Refused { report } => Ok(report),
    }
}
