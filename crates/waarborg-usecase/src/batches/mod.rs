//! Batches of an application: many requests that a provider keeps, and answers later. Each is screened as it would be by
//! itself; what came in its place is kept, sealed, until its answer was fetched and what the provider keeps is deleted, and no
//! longer than the register says.

mod begin;
mod map;
mod open;

use std::sync::Arc;

use thiserror::Error;
use uuid::Uuid;
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::policy::Policy;

pub use self::begin::{Begin, begin};
pub use self::map::{Contradiction, Map, MapLine};
pub use self::open::{Asked, End, Line, Outcome, Total, open};

use crate::desk::{Desk, Surface};
use crate::gateway::{self, GatewayError, applications_person};
use crate::ports::{
    Errand, GatewayKey, KeptKind, KeptMap, KeptPart, Opened, ProviderError, Reply, StoreError,
};

/// The term of the register that says how long a map is kept at most. Without it none is, and so no batch is sent.
pub const TERM: &str = "kept_map";

/// A key has so many of them at once.
pub const MOST_KEPT: u32 = 500;

/// Why a batch does not go on. Nothing was sent, unless a provider failed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BatchError {
    /// As for a request by itself.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// One of its requests would not be sent by itself either.
    #[error("request {number} does not go")]
    Line {
        /// Which one, from one.
        number: usize,
        /// Why not.
        error: GatewayError,
    },
    /// The register does not say how long a map is kept.
    #[error("the register declares no term for kept maps")]
    NoTerm,
    /// The register says that the recipient keeps nothing, and a batch is kept.
    #[error("the register does not say that the recipient keeps what it gets")]
    MayNotStore {
        /// The recipient.
        recipient: String,
    },
    /// Its models are not all asked of one recipient.
    #[error("the requests go to several recipients")]
    SeveralRecipients,
    /// The recipient takes none in this format.
    #[error("the recipient takes no batches in this format")]
    NoBatches,
    /// The key has too many already.
    #[error("there are too many already")]
    TooManyKept,
    /// This key has none by that name.
    #[error("there is no such batch")]
    NoSuch,
    /// Its map was destroyed, so nothing can be put back.
    #[error("what was replaced is not known any more")]
    MapGone,
}

impl From<StoreError> for BatchError {
    fn from(error: StoreError) -> Self {
        Self::Gateway(error.into())
    }
}

impl From<Contradiction> for BatchError {
    fn from(contradiction: Contradiction) -> Self {
        Self::Gateway(contradiction.into())
    }
}

impl From<ProviderError> for BatchError {
    fn from(error: ProviderError) -> Self {
        Self::Gateway(error.into())
    }
}

/// Something that a provider keeps for a key, and its map as far as it is there.
pub struct Found {
    /// What is known of it.
    pub kept: KeptMap,
    /// By which name its recipient knows it.
    pub provider_name: String,
    opened: Opened,
}

impl Found {
    /// Its map, to put values back, and the policy that says what tools get.
    ///
    /// # Errors
    ///
    /// [`BatchError::MapGone`] if it was destroyed; [`GatewayError`] if the register does not allow the purpose of the key any more,
    /// or knows its policy no longer.
    pub fn map(&self, desk: &Desk, key: &GatewayKey) -> Result<(Map, Arc<Policy>), BatchError> {
        let refused = |refusal| BatchError::Gateway(GatewayError::NotAllowed(refusal));
        desk.permit(&surface_of(key), &applications_person())
            .map_err(refused)?;
        let map = self.read()?;
        let policy = match gateway::policy(desk, key, map.policy.as_deref()) {
            // What it asked for is milder than what is in force by now.
            Err(GatewayError::OtherPolicy) => gateway::policy(desk, key, None)?,
            policy => policy?,
        };
        Ok((map, policy))
    }

    /// How many bytes its map has.
    pub(crate) fn n_bytes(&self) -> usize {
        self.opened.as_ref().map_or(0, |content| content.len())
    }

    /// Its map as it stands, for what puts no value back.
    ///
    /// # Errors
    ///
    /// [`BatchError::MapGone`] if it was destroyed.
    pub(crate) fn read(&self) -> Result<Map, BatchError> {
        let content = self.opened.as_ref().ok_or(BatchError::MapGone)?;
        Map::parse(content).ok_or(BatchError::MapGone)
    }
}

/// What a provider keeps for this key under this id.
///
/// # Errors
///
/// [`BatchError::NoSuch`] if there is none, it ended, or another key made it.
pub async fn find(
    desk: &Desk,
    key: &GatewayKey,
    (kind, id): (KeptKind, Uuid),
) -> Result<Found, BatchError> {
    let found = desk.store.kept_map(key.id, id, desk.now()).await?;
    let (kept, opened) = found.ok_or(BatchError::NoSuch)?;
    match kept.provider_name.clone() {
        Some(provider_name) if kept.kind == kind => Ok(Found {
            kept,
            provider_name,
            opened,
        }),
        _ => Err(BatchError::NoSuch),
    }
}

/// What providers keep for this key, newest first, at most `n`.
///
/// # Errors
///
/// [`BatchError`] if the store cannot answer.
pub async fn list(
    desk: &Desk,
    key: &GatewayKey,
    kind: KeptKind,
    part: KeptPart,
    n: u32,
) -> Result<Vec<KeptMap>, BatchError> {
    let maps = desk.store.kept_maps(key.id, kind, part, desk.now(), n);
    Ok(maps.await?)
}

/// Asks a recipient about something that it keeps. Nothing goes there but the name that it gave it.
///
/// # Errors
///
/// [`BatchError`]; a recipient that the register does not declare any more is not asked.
pub async fn ask(desk: &Desk, recipient: &str, errand: Errand<'_>) -> Result<Reply, BatchError> {
    let declared = desk.register.recipient(recipient);
    let base_url = declared.and_then(|declared| declared.base_url.as_deref());
    let provider = desk.providers.provider(recipient);
    match (provider, base_url) {
        (Some(provider), Some(base_url)) => Ok(provider.run(base_url, errand).await?),
        _ => Err(ProviderError::Unreachable.into()),
    }
}

/// Destroys a map: what it belongs to is over.
///
/// # Errors
///
/// [`BatchError`] if the store cannot answer.
pub async fn end(desk: &Desk, key: &GatewayKey, kept: &KeptMap) -> Result<(), BatchError> {
    Ok(drop_map(desk, key, kept).await?)
}

pub(crate) async fn drop_map(
    desk: &Desk,
    key: &GatewayKey,
    kept: &KeptMap,
) -> Result<(), StoreError> {
    desk.store.end_map(kept.id, ended(desk, key, kept)).await?;
    Ok(())
}

fn ended(desk: &Desk, key: &GatewayKey, kept: &KeptMap) -> Entry {
    let facts = Facts {
        recipient: Some(kept.recipient.clone()),
        register: Some(desk.register.version().to_owned()),
        ..Facts::default()
    };
    Entry::new(desk.now(), Actor::Application(key.id), Act::KeptMapEnded)
        .for_purpose(&key.purpose)
        .on(kept.id)
        .with(facts)
}

pub(crate) fn surface_of(key: &GatewayKey) -> Surface {
    Surface {
        service: key.service.clone(),
        purpose: key.purpose.clone(),
        category: String::new(),
    }
}
