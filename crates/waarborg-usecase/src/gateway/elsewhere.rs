//! Where what a recipient may not have may go instead: the open models of a key, and the model of one's own that the policy
//! routes it to.

use waarborg_domain::policy::{Policy, Verdict};
use waarborg_domain::prompt::{Prompt, Raw, Report, SOUND, Wire};
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
    /// The protocol that it is written in.
    pub wire: Wire,
    /// Whether sound goes along.
    pub has_sound: bool,
}

impl<'a> From<&'a Prompt<Raw>> for Load<'a> {
    fn from(prompt: &'a Prompt<Raw>) -> Self {
        Self {
            model: prompt.model(),
            wire: prompt.wire(),
            has_sound: prompt.recording().is_some(),
        }
    }
}

/// The models of a key to which what was refused may go.
pub(crate) fn open(
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

/// The models of one's own to which the policy routes what was refused, in the order of the configuration, each once; none where
/// something beside it is stopped for another reason. Only what a model answers in words is routed: vectors and judgements of another
/// model mean something else.
#[must_use]
pub fn routed(
    desk: &Desk,
    (key, surface): (&GatewayKey, &Surface),
    load: Load<'_>,
    (report, policy): (&Report, &Policy),
) -> Vec<Place> {
    if report.verdict != Verdict::Route || !load.wire.answers_in_words() {
        return Vec::new();
    }
    let mut own = open(desk, (key, surface), load, (report, policy));
    own.retain(|place| may_take_over(desk, &place.recipient, load));
    places::each_model_once(own)
}

/// Whether a recipient may answer in place of the one that was asked: it is the organisation itself, speaks the protocol, and keeps what
/// the other was let ask to keep.
pub(super) fn may_take_over(desk: &Desk, recipient: &str, load: Load<'_>) -> bool {
    let keeps = |name: &str| {
        let recipient = desk.register.recipient(name);
        recipient.is_some_and(|recipient| recipient.stores_input)
    };
    let asked_of = desk.providers.recipients_of(load.model);
    let may_be_kept = !asked_of.is_empty() && asked_of.iter().all(|name| keeps(name));
    let provider = desk.providers.provider(recipient);
    let speaks = provider.is_some_and(|provider| provider.speaks(load.wire));
    let known = desk.register.recipient(recipient);
    let is_own = known.is_some_and(|known| known.destination == Destination::Own);
    is_own && speaks && (keeps(recipient) || !may_be_kept)
}

/// Whether sound may go there though nobody looked into it.
fn may_have_sound(desk: &Desk, place: &Place) -> bool {
    let fields = desk.register.outgoing_fields(&place.recipient);
    place.destination == Destination::Own && fields.iter().any(|field| field == SOUND)
}
