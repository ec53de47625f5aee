//! Who is asked for a request, one after the other, and what the client is told in the end.

use std::sync::Arc;

use waarborg_domain::policy::{Policy, Verdict};
use waarborg_domain::prompt::Report;

use super::{Asked, GatewayError, Hop, Turn, draw, elsewhere, was_asked};
use crate::desk::{Desk, House, Surface};
use crate::places::Place;
use crate::ports::{Ended, GatewayKey};

/// One request, and whoever is asked for it.
pub(super) struct Round<'a> {
    pub(super) house: &'a House,
    pub(super) key: &'a GatewayKey,
    pub(super) surface: &'a Surface,
    pub(super) asked: &'a Asked,
    pub(super) season: u64,
}

impl Round<'_> {
    /// Asks the recipients of a model one after the other. `routed` is a model of one's own in place of the one that was asked for:
    /// then only the organisation itself is asked for it.
    pub(super) async fn ask(&self, routed: Option<&Place>, told: &mut Told) {
        let Self {
            house, key, asked, ..
        } = *self;
        let mut desk = house.desk();
        let providers = Arc::clone(&desk.providers);
        let draw = || draw(&house.desk(), key, asked);
        let model = routed.map_or_else(|| asked.prompt.model(), |place| place.model.as_str());
        let mut turns = providers.turns(model, &draw);
        let mut recipient = turns.next(None).await;
        while let Some(name) = recipient {
            let load = (&asked.prompt).into();
            let is_left_out = asked.thread.excludes(&name)
                || (routed.is_some() && !elsewhere::may_take_over(&desk, &name, load));
            let turn = if is_left_out {
                None
            } else {
                let hop = Hop {
                    desk: &desk,
                    key,
                    surface: self.surface,
                    asked,
                    recipient: &name,
                    routed: routed.map(|place| place.model.as_str()),
                    n_asked: told.n_asked,
                    season: self.season,
                };
                Some(hop.take().await)
            };
            let ended = match &turn {
                // The house itself failed, or what was read is out of date: it would be so for the next one too.
                Some(
                    Turn::Passed(_)
                    | Turn::Failed(
                        GatewayError::Finder | GatewayError::Store(_) | GatewayError::Outrun,
                    ),
                ) => None,
                Some(Turn::Failed(GatewayError::Provider(error))) => Some(Ended::Failed(error)),
                Some(Turn::Refused { .. } | Turn::Failed(_)) | None => Some(Ended::Closed),
            };
            recipient = match ended {
                Some(ended) => turns.next(Some(ended)).await,
                None => None,
            };
            if let Some(turn) = turn {
                told.take(turn, name, routed.is_some());
            }
            if recipient.is_some() {
                desk = house.desk();
            }
        }
    }
}

/// What the client is told in the end.
#[derive(Default)]
pub(super) struct Told {
    pub(super) turn: Option<(Turn, String)>,
    pub(super) n_asked: u32,
    /// Whether something was sent, or the house failed: nobody else is asked then.
    is_settled: bool,
    /// A recipient was refused for what is not routed.
    is_stopped: bool,
    /// Why the first recipient was refused whose text is routed.
    routed: Option<(Report, Arc<Policy>)>,
}

impl Told {
    /// What was sent counts more than what was not, and of what was sent the last. Of refusals one counts that somebody's yes may
    /// lift; else the first stands.
    fn take(&mut self, turn: Turn, recipient: String, is_routed: bool) {
        let was_asked =
            matches!(&turn, Turn::Failed(GatewayError::Provider(error)) if was_asked(error));
        let is_outage = matches!(&turn, Turn::Failed(GatewayError::Provider(_)));
        let is_last = match &turn {
            Turn::Passed(_)
            | Turn::Failed(GatewayError::Finder | GatewayError::Store(_) | GatewayError::Outrun) => {
                true
            }
            Turn::Refused { .. } | Turn::Failed(_) => was_asked,
        };
        self.n_asked += u32::from(was_asked);
        self.is_settled |= is_last;
        let mut may_be_lifted = false;
        if let Turn::Refused { report, policy } = &turn {
            if report.verdict == Verdict::Route {
                let first = || (report.clone(), Arc::clone(policy));
                self.routed.get_or_insert_with(first);
            } else {
                self.is_stopped |= !is_routed;
                may_be_lifted = self.is_route() && report.waits_for_second_person();
            }
        }
        // That the own model rests says more than that no other may have it.
        let is_of_own = is_routed && is_outage && !self.is_settled;
        if is_last || is_of_own || may_be_lifted || self.turn.is_none() {
            self.turn = Some((turn, recipient));
        }
    }

    /// Whether what stands is a refusal that routes.
    fn is_route(&self) -> bool {
        matches!(&self.turn, Some((Turn::Refused { report, .. }, _)) if report.verdict == Verdict::Route)
    }

    /// Whether nobody else is asked.
    pub(super) const fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// The models of one's own that may have what every recipient was refused for, and for that alone.
    pub(super) fn routed(
        &self,
        desk: &Desk,
        key: &GatewayKey,
        surface: &Surface,
        asked: &Asked,
    ) -> Vec<Place> {
        match &self.routed {
            Some((report, policy)) if !self.is_settled && !self.is_stopped => elsewhere::routed(
                desk,
                (key, surface),
                (&asked.prompt).into(),
                (report, policy),
            ),
            _ => Vec::new(),
        }
    }
}
