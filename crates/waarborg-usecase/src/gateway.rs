//! The gateway: an application's request on its way to a model. Nothing of the text is stored.

use std::sync::Arc;

use thiserror::Error;
use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::permit::{PersonState, Refusal};
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::{Prompt, Raw, Report, Screen, Screening, Waived};

use crate::desk::{Desk, Surface};
use crate::places::{self, Place};
use crate::ports::{GatewayKey, ProviderError, Reply, StoreError};

/// A request of an application.
pub struct Asked {
    /// What it wants to send.
    pub prompt: Prompt<Raw>,
    /// What its headers ask for; they can only make things stricter.
    pub wishes: Wishes,
}

/// What request headers ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Another purpose than the key's own: refused unless it is the same.
    pub purpose: Option<String>,
    /// A stricter policy.
    pub policy: Option<String>,
    /// Which conversation this belongs to; without it, the first message decides.
    pub conversation: Option<String>,
    /// Only say what would happen.
    pub dry_run: bool,
    /// The language of surrogates.
    pub language: Language,
}

/// What came of a request.
pub struct Guarded {
    /// What was found and done.
    pub report: Report,
    /// The recipient's name in the register.
    pub recipient: String,
    /// The policy that decided.
    pub policy: String,
    /// What follows.
    pub outcome: Outcome,
}

/// What follows on screening.
pub enum Outcome {
    /// Nothing left.
    Refused {
        /// The models of this key that would take the same text.
        open: Vec<Place>,
    },
    /// It was only asked what would happen; nothing left.
    Previewed,
    /// The model answers; whoever passes the answer on restores the surrogates in it.
    Answering {
        /// The answer, with surrogates in it.
        reply: Reply,
        /// This conversation's surrogates.
        surrogates: Arc<Surrogates>,
    },
}

/// Why the gateway did not do something. Nothing left, unless it is [`GatewayError::Provider`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GatewayError {
    /// No provider serves this model.
    #[error("there is no such model")]
    NoModel,
    /// The model's provider speaks another protocol.
    #[error("the model's provider speaks another protocol")]
    OtherWire,
    /// A header asks for another purpose than the key is bound to.
    #[error("the key is bound to another purpose")]
    OtherPurpose,
    /// A header asks for a policy that does not exist or is less strict.
    #[error("the policy is unknown or less strict")]
    OtherPolicy,
    /// The register does not allow it.
    #[error(transparent)]
    NotAllowed(#[from] Refusal),
    /// The detector did not come to an end.
    #[error("the detector did not come to an end")]
    Finder,
    /// The log could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The model gave no answer.
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

/// Screens a request and sends what may leave.
///
/// # Errors
///
/// [`GatewayError`] says why there is no answer.
pub async fn complete(
    desk: &Desk,
    key: &GatewayKey,
    asked: Asked,
) -> Result<Guarded, GatewayError> {
    let surface = Surface {
        service: key.service.clone(),
        purpose: key.purpose.clone(),
        category: String::new(),
    };
    if asked
        .wishes
        .purpose
        .as_ref()
        .is_some_and(|purpose| *purpose != surface.purpose)
    {
        return Err(GatewayError::OtherPurpose);
    }
    let policy = policy(desk, asked.wishes.policy.as_deref())?;

    let permit = desk.permit(&surface, &applications_person())?;
    let recipient = desk
        .providers
        .recipient_of(asked.prompt.model())
        .ok_or(GatewayError::NoModel)?
        .to_owned();
    let provider = desk
        .providers
        .provider(&recipient)
        .ok_or(GatewayError::NoModel)?;
    if !provider.speaks(asked.prompt.wire()) {
        return Err(GatewayError::OtherWire);
    }
    let destination = desk
        .register
        .recipient(&recipient)
        .ok_or(Refusal::UnknownRecipient)?
        .destination;
    desk.register.transfer(&permit, &recipient, desk.today())?;

    let mut surrogates = surrogates(desk, key, &asked);
    let waived = Waived::default();
    let screening = Screening {
        finder: &*desk.finder,
        policy: &policy,
        destination,
        has_ground: desk.has_ground(&surface),
        waived: &waived,
    };
    let screen = asked
        .prompt
        .screen(&screening, &mut surrogates)
        .map_err(|_| GatewayError::Finder)?;
    let (prompt, report) = match screen {
        Screen::Refused { report } => {
            if !asked.wishes.dry_run {
                desk.store
                    .note(entry(desk, key, Act::PromptRefused, &report, &recipient))
                    .await?;
            }
            let places = places::of(desk, &surface, &applications_person());
            let open = places::that_take(places, &report, &policy, screening.has_ground);
            return Ok(Guarded {
                report,
                recipient,
                policy: policy.name().to_owned(),
                outcome: Outcome::Refused { open },
            });
        }
        Screen::Passed { report, .. } if asked.wishes.dry_run => {
            return Ok(Guarded {
                report,
                recipient,
                policy: policy.name().to_owned(),
                outcome: Outcome::Previewed,
            });
        }
        Screen::Passed { prompt, report } => (prompt, report),
    };

    desk.store
        .note(entry(desk, key, Act::PromptSent, &report, &recipient))
        .await?;
    let transfer = desk.register.transfer(&permit, &recipient, desk.today())?;
    let reply = provider.complete(&transfer, prompt).await?;
    let outcome = Outcome::Answering {
        reply,
        surrogates: Arc::new(surrogates),
    };
    Ok(Guarded {
        report,
        recipient,
        policy: policy.name().to_owned(),
        outcome,
    })
}

/// The models as they stand for a key today, also the closed ones.
#[must_use]
pub fn models(desk: &Desk, key: &GatewayKey) -> Vec<Place> {
    let surface = Surface {
        service: key.service.clone(),
        purpose: key.purpose.clone(),
        category: String::new(),
    };
    places::of(desk, &surface, &applications_person())
}

/// The persons behind an application are informed by that application; the register says so of its service.
fn applications_person() -> PersonState {
    PersonState {
        notice_seen: true,
        ..PersonState::default()
    }
}

/// The policy in force, or the stricter one that a header asks for.
fn policy(desk: &Desk, wished: Option<&str>) -> Result<Arc<Policy>, GatewayError> {
    let Some(name) = wished else {
        return Ok(Arc::clone(&desk.policy));
    };
    if name == desk.policy.name() {
        return Ok(Arc::clone(&desk.policy));
    }
    let policy = Policy::shipped(name).map_err(|_| GatewayError::OtherPolicy)?;
    if policy.is_stricter_than(&desk.policy) {
        Ok(Arc::new(policy.at_least(Policy::clone(&desk.policy))))
    } else {
        Err(GatewayError::OtherPolicy)
    }
}

/// The surrogates of the conversation to which a request belongs. A client that sends its history again, opens with
/// the same words, and so gets the same surrogates again.
fn surrogates(desk: &Desk, key: &GatewayKey, asked: &Asked) -> Surrogates {
    let opening = asked.prompt.opening();
    let conversation = asked.wishes.conversation.as_deref().unwrap_or(opening);
    let kind: &[u8] = if asked.wishes.conversation.is_some() {
        b"named"
    } else {
        b"opening"
    };
    let scope: [&[u8]; 4] = [
        b"gateway",
        key.id.0.as_bytes(),
        kind,
        conversation.as_bytes(),
    ];
    Surrogates::new(
        ConversationKey::new(desk.secrets.conversation_key(&scope)),
        asked.wishes.language,
    )
}

fn entry(desk: &Desk, key: &GatewayKey, act: Act, report: &Report, recipient: &str) -> Entry {
    Entry::new(desk.now(), Actor::Application(key.id), act)
        .for_purpose(&key.purpose)
        .on(key.id.0)
        .with(Facts {
            verdict: Some(report.verdict),
            findings: report.counts(),
            recipient: Some(recipient.to_owned()),
            register: Some(desk.register.version().to_owned()),
            ..Facts::default()
        })
}
