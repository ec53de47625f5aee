//! What the pages work with.

use std::sync::Arc;

use waarborg_usecase::{Desk, House};

use crate::figures::{Figures, Meters};
use crate::pace::{Pace, Shares};

/// How the pages run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// People reach the pages over HTTPS; cookies then carry the prefix that binds them to this host.
    pub is_https: bool,
    /// The organisation is an example, and every page says so.
    pub is_demo: bool,
}

/// The people's side of the house. Cheap to clone.
#[derive(Clone)]
pub struct App {
    house: Arc<House>,
    settings: Settings,
    shares: Arc<Shares>,
    pace: Arc<Pace>,
    meters: Option<Arc<dyn Meters>>,
}

impl App {
    /// The pages of this house.
    #[must_use]
    pub fn new(house: Arc<House>, settings: Settings) -> Self {
        Self {
            house,
            settings,
            shares: Arc::default(),
            pace: Arc::default(),
            meters: None,
        }
    }

    /// The same, with who counts what goes over the gateway.
    #[must_use]
    pub fn with_meters(mut self, meters: Arc<dyn Meters>) -> Self {
        self.meters = Some(meters);
        self
    }

    /// What is counted of the gateway, where somebody counts.
    pub(crate) fn figures(&self) -> Option<Figures> {
        self.meters.as_ref().map(|meters| meters.figures())
    }

    /// The same, with other shares for who knocks.
    #[must_use]
    pub fn with_shares(mut self, shares: Shares) -> Self {
        self.shares = Arc::new(shares);
        self
    }

    /// How often somebody may knock.
    pub(crate) fn shares(&self) -> &Shares {
        &self.shares
    }

    /// Who knocked how often.
    pub(crate) fn pace(&self) -> &Pace {
        &self.pace
    }

    /// The desk as it is now.
    #[must_use]
    pub fn desk(&self) -> Desk {
        self.house.desk()
    }

    /// How the pages run.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.settings
    }
}
