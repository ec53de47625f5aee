//! What the live page of the console shows: the counters of this program, put together.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use waarborg_gateway::serve::{Spending, Spent};
use waarborg_usecase::{
    House,
    ports::{Providers, Standing},
};
use waarborg_web::figures::{Figures, Meters, RecipientFigures};

use super::watching::Counters;
use crate::installation::Installation;

/// Reads the counters.
pub(super) struct Meter {
    started_at: Timestamp,
    counters: Arc<Counters>,
    spending: Arc<Spending>,
    house: Arc<House>,
}

impl Meter {
    /// The counters of an installation that starts now.
    pub(super) fn of(installation: &Installation, counters: &Arc<Counters>) -> Self {
        Self {
            started_at: installation.house.desk().now(),
            counters: Arc::clone(counters),
            spending: Arc::clone(&installation.spending),
            house: Arc::clone(&installation.house),
        }
    }
}

impl Meters for Meter {
    fn figures(&self) -> Figures {
        let desk = self.house.desk();
        let spent = self.spending.by_recipient();
        Figures {
            started_at: self.started_at,
            recipients: recipients(&*desk.providers, spent),
            ..self.counters.figures()
        }
    }
}

/// Who stands there to be asked, and who used up something, which is the same unless a provider knows nothing of itself.
fn recipients(
    providers: &dyn Providers,
    mut spent: BTreeMap<String, Spent>,
) -> Vec<RecipientFigures> {
    let known = providers.standings().into_iter().map(|standing| {
        let spent = spent.remove(&standing.recipient).unwrap_or_default();
        (standing, spent)
    });
    let known: Vec<_> = known.collect();
    let others = spent.into_iter().map(|(recipient, spent)| {
        let unknown = Standing {
            recipient,
            rests_for: None,
            n_asked: 0,
            n_failed: 0,
        };
        (unknown, spent)
    });
    let all = known.into_iter().chain(others);
    all.map(|(standing, spent)| {
        let has_price = providers.prices(&standing.recipient) != (0, 0);
        RecipientFigures {
            n_asked: standing.n_asked,
            n_failed: standing.n_failed,
            is_resting: standing.rests_for.is_some(),
            tokens_in: spent.tokens_in,
            tokens_out: spent.tokens_out,
            millionths_of_a_cent: has_price.then_some(spent.millionths_of_a_cent),
            name: standing.recipient,
        }
    })
    .collect()
}
