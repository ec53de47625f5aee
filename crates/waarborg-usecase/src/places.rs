//! Where a text may go: the models, what closes them, and which of them would take what another refused.

use waarborg_domain::permit::{PersonState, Refusal};
use waarborg_domain::policy::{DataClass, Policy, Setting};
use waarborg_domain::prompt::{Mark, Report};
use waarborg_domain::register::Destination;

use crate::desk::{Desk, Surface};
use crate::ports::Model;

/// A model that may be asked for, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The model's name.
    pub model: String,
    /// The recipient's name in the register.
    pub recipient: String,
    /// The country where it processes, as two letters.
    pub country: String,
    /// Where it stands, seen from the organisation.
    pub destination: Destination,
    /// What closes it today; `None` if it is open.
    pub closed_by: Option<Refusal>,
}

impl Place {
    /// Whether the register allows it today.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        self.closed_by.is_none()
    }
}

/// Every model with the recipient that serves it first, as they stand for this service, purpose and person. Those whose
/// recipient the register does not know are left out.
#[must_use]
pub fn of(desk: &Desk, surface: &Surface, person: &PersonState) -> Vec<Place> {
    let mut places = with_every_recipient(desk, surface, person);
    places.retain(|place| {
        desk.providers.recipient_of(&place.model) == Some(place.recipient.as_str())
    });
    places
}

/// The same with every recipient that serves a model, so that a model may stand in it more than once.
#[must_use]
pub fn with_every_recipient(desk: &Desk, surface: &Surface, person: &PersonState) -> Vec<Place> {
    let permit = desk.permit(surface, person);
    let today = desk.today();
    let place = |model: &Model| {
        let recipient = desk.register.recipient(&model.recipient)?;
        let closed_by = match &permit {
            Ok(permit) => desk
                .register
                .transfer(permit, &model.recipient, today)
                .err(),
            Err(refusal) => Some(refusal.clone()),
        };
        Some(Place {
            model: model.name.clone(),
            recipient: model.recipient.clone(),
            country: recipient.country.clone(),
            destination: recipient.destination,
            closed_by,
        })
    };
    desk.providers.models().iter().filter_map(place).collect()
}

/// Every model once: with a recipient that is open if there is one, else with the first.
#[must_use]
pub fn each_model_once(places: Vec<Place>) -> Vec<Place> {
    let mut once: Vec<Place> = Vec::new();
    for place in places {
        match once.iter_mut().find(|known| known.model == place.model) {
            Some(known) if !known.is_allowed() && place.is_allowed() => *known = place,
            Some(_) => {}
            None => once.push(place),
        }
    }
    once
}

/// Of these, the open ones to which what was refused may go: they are stopped by none of the same findings.
#[must_use]
pub fn that_take(
    mut places: Vec<Place>,
    report: &Report,
    policy: &Policy,
    has_ground: bool,
) -> Vec<Place> {
    let takes = |place: &Place| {
        let first = Setting {
            destination: place.destination,
            has_ground,
            without_identifiers: false,
        };
        let setting = Setting {
            without_identifiers: report.is_without_identifiers(policy, first),
            ..first
        };
        let is_list = report.stopped_by.contains(&DataClass::BulkList);
        let list_stops = is_list && policy.decide_on_list(setting).verdict.stops();
        let stops = |mark: &Mark| {
            let verdict = policy.decide(mark.found(), setting).verdict;
            verdict.stops() || mark.fixed.is_some_and(|fixed| fixed.forbids(verdict))
        };
        !list_stops && !report.marks.iter().any(stops)
    };
    places.retain(|place| place.is_allowed() && takes(place));
    places
}
