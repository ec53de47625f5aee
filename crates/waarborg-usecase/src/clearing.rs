//! Clears a request that another gateway will send: screened here, sent there, answered for here.

use std::sync::Arc;

use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::entry::Act;
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::{Prompt, Raw, Report, Screen, Screening, Waived, Witness};

use crate::desk::{Desk, House, Surface};
use crate::gateway::{self, GatewayError, Wishes};
use crate::places::{self, Place};
use crate::ports::GatewayKey;
use crate::sightings::Collector;

/// A request that another gateway wants to send.
pub struct Asked {
    /// What it wants to send.
    pub prompt: Prompt<Raw>,
    /// What its headers ask for; they can only make things stricter.
    pub wishes: Wishes,
}

/// What came of it.
pub struct Cleared {
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
    /// Nothing of it may leave.
    Refused {
        /// The models of this key that would take the same text.
        open: Vec<Place>,
    },
    /// This may leave.
    Passed {
        /// The document, with surrogates in it.
        body: Vec<u8>,
        /// This conversation's surrogates.
        surrogates: Arc<Surrogates>,
    },
}

/// Screens a request for the recipient that the register names for its model. It counts as sent as soon as it is
/// cleared: the register must allow the transfer today, and the log says so, or it is not cleared.
///
/// # Errors
///
/// [`GatewayError`] if nothing may be said to be clear.
pub async fn clear(
    house: &House,
    key: &GatewayKey,
    asked: &Asked,
) -> Result<Cleared, GatewayError> {
    let desk = house.desk();
    let Asked { prompt, wishes } = asked;
    gateway::check_purpose(key, wishes)?;
    if !key.bounds.allow(prompt.model()) {
        return Err(GatewayError::OtherModel);
    }
    let recipient = desk.providers.recipient_of(prompt.model());
    let recipient = recipient.ok_or(GatewayError::NoModel)?;
    let policy = gateway::policy(&desk, key, wishes.policy.as_deref())?;
    let surface = Surface {
        service: key.service.clone(),
        purpose: key.purpose.clone(),
        category: String::new(),
    };
    let person = gateway::applications_person();
    let permit = desk.permit(&surface, &person)?;
    let transfer = desk.register.transfer(&permit, recipient, desk.today())?;

    let mut surrogates = gateway::surrogates_of(&desk, key, prompt, wishes);
    surrogates.hand_over(Arc::clone(policy.tools()), prompt.tools());
    desk.withholding
        .apply(&mut surrogates, prompt.texts(), wishes.language);
    let collector = (!wishes.no_store)
        .then(|| Collector::of(&desk, &surface.service))
        .flatten();
    let screening = Screening {
        finder: &*desk.finder,
        policy: &policy,
        destination: transfer.destination(),
        has_ground: desk.has_ground(&surface),
        waived: &Waived::default(),
        witness: collector.as_ref().map(|found| found as &dyn Witness),
    };
    let screen = prompt
        .screen(&screening, &mut surrogates)
        .map_err(|_| GatewayError::Finder)?;

    let (report, outcome) = match screen {
        Screen::Refused { report } => {
            let told = (&report, &*policy, recipient);
            note(&desk, key, wishes, Act::PromptRefused, told).await?;
            let mut places = places::with_every_recipient(&desk, &surface, &person);
            places.retain(|place| key.bounds.allow(&place.model));
            let open = places::that_take(places, &report, &policy, desk.has_ground(&surface));
            let open = places::each_model_once(open);
            (report, Outcome::Refused { open })
        }
        Screen::Passed { prompt, report } => {
            let told = (&report, &*policy, recipient);
            note(&desk, key, wishes, Act::PromptSent, told).await?;
            if let (Some(collector), false) = (collector, wishes.dry_run) {
                collector.note(&desk, &surface.service, recipient);
            }
            let outcome = Outcome::Passed {
                body: prompt.into_body(),
                surrogates: Arc::new(surrogates),
            };
            (report, outcome)
        }
    };
    Ok(Cleared {
        report,
        recipient: recipient.to_owned(),
        policy: policy.name().to_owned(),
        outcome,
    })
}

/// Writes down what was decided, unless it is only a trial.
async fn note(
    desk: &Desk,
    key: &GatewayKey,
    wishes: &Wishes,
    act: Act,
    (report, policy, recipient): (&Report, &Policy, &str),
) -> Result<(), GatewayError> {
    if !wishes.dry_run {
        let entry = gateway::entry(desk, key, act, (report, policy), recipient);
        desk.store.note(entry).await?;
    }
    Ok(())
}
