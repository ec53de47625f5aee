//! What the pages work with.

use std::sync::Arc;

use waarborg_usecase::{Desk, House};

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
}

impl App {
    /// The pages of this house.
    #[must_use]
    pub fn new(house: Arc<House>, settings: Settings) -> Self {
        Self { house, settings }
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
