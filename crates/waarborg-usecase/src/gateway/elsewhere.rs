//! Where what a recipient may not have may go instead: the open models of a key, and the model of one's own that the policy
//! routes it to.

use waarborg_domain::policy::{Policy, Verdict};
use waarborg_domain::prompt::{Prompt, Raw, Report, SOUND};
use waarborg_domain::register::Destination;

use super::applications_person;
use crate::desk::{Desk, Surface};
use crate::places::{self, Place};
use crate::ports::GatewayKey;

/// What of a request decides where it may go, beside what was found in it.
#[derive(Clone, Copy, Debug)]
pub struct Load<'a> {
    /// The model that it asks for.
    pub model: &'a str,
    /// Whether sound goes along.
    pub has_sound: bool,
}

impl<'a> From<&'a Prompt<Raw>> for Load<'a> {
    fn from(prompt: &'a Prompt<Raw>) -> Self {
        Self {
            model: prompt.model(),
            has_sound: prompt.recording().is_some(),
        }
    }
}

/// The models of a key to which what was refused may go.
pub(super) fn open(
    desk: &Desk,
    (key, surface): (&GatewayKey, &Surface),
    load: Load<'_>,
    (report, policy): (&Report, &Policy),
) -> Vec<Place> {
    let mut places = places::with_every_recipient(desk, surface, &applications_person());
    places.retain(|place| key.bounds.allow(&place.model));
    if load.has_sound {
        places.retain(|place| may_have_sound(desk, place));
    }
    places::that_take(places, report, policy, desk.has_ground(surface))
}

/// The model of one's own to which the policy routes what was refused, if there is one that takes it; none where something beside
/// it is stopped for another reason.
#[must_use]
pub fn routed(
    desk: &Desk,
    (key, surface): (&GatewayKey, &Surface),
    load: Load<'_>,
    (report, policy): (&Report, &Policy),
) -> Option<Place> {
    if report.verdict != Verdict::Route {
        return None;
    }
    // A request that was let ask its recipient to keep it goes to nobody who keeps nothing.
    let keeps = |name: &str| {
        let recipient = desk.register.recipient(name);
        recipient.is_some_and(|recipient| recipient.stores_input)
    };
    let asked_of = desk.providers.recipients_of(load.model);
    let may_be_kept = asked_of.iter().any(|name| keeps(name));
    let open = open(desk, (key, surface), load, (report, policy));
    open.into_iter().find(|place| {
        place.destination == Destination::Own && (keeps(&place.recipient) || !may_be_kept)
    })
}

/// Whether a recipient is the organisation itself.
pub(super) fn is_own(desk: &Desk, recipient: &str) -> bool {
    let recipient = desk.register.recipient(recipient);
    recipient.is_some_and(|recipient| recipient.destination == Destination::Own)
}

/// Whether sound may go there though nobody looked into it.
fn may_have_sound(desk: &Desk, place: &Place) -> bool {
    let fields = desk.register.outgoing_fields(&place.recipient);
    place.destination == Destination::Own && fields.iter().any(|field| field == SOUND)
}
