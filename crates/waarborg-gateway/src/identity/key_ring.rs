//! The keys of an issuer as they are known here: fetched when they are needed, kept for a while, and fetched again for a
//! token with a key that is new. Without keys nobody comes in.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::Mutex as Turn;

use super::Unknown;
use super::key::Keys;
use super::token::{TokenFault, Unverified};

/// Where the keys of an issuer come from.
pub trait KeySource: Debug + Send + Sync {
    /// The list of its keys, as it is now.
    fn fetch(&self) -> BoxFuture<'_, Result<Vec<u8>, NotFetched>>;
}

/// The keys of an issuer cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotFetched {
    /// Where they should be nobody answers, or there is no such file.
    #[error("nobody answers where they should be")]
    Unreachable,
    /// What is there is not what the protocol says.
    #[error("what is there is no list of keys, or not of this issuer")]
    NotTheProtocol,
}

/// After how long the keys are fetched again: a key that an issuer takes back counts no longer than this.
const FRESH_S: i64 = 10 * 60;

/// How long keys count at most, when they cannot be fetched again.
const LONGEST_S: i64 = 60 * 60;

/// How much time lies between two fetches at least, whatever tokens come along.
pub(crate) const BETWEEN_S: i64 = 30;

/// How long a fetch may take.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct KeyRing {
    source: Box<dyn KeySource>,
    kept: Mutex<Kept>,
    /// Whoever fetches has the turn.
    turn: Turn<()>,
}

#[derive(Debug, Default)]
struct Kept {
    keys: Option<(Arc<Keys>, Timestamp)>,
    tried_at: Option<Timestamp>,
    is_failing: bool,
}

/// How many seconds lie between two moments, whichever came first: a clock may have been put back.
fn apart(one: Timestamp, other: Timestamp) -> i64 {
    one.as_second()
        .saturating_sub(other.as_second())
        .saturating_abs()
}

impl Kept {
    /// The keys, if they were fetched at most so long ago.
    fn within(&self, seconds: i64, now: Timestamp) -> Option<Arc<Keys>> {
        let (keys, fetched_at) = self.keys.as_ref()?;
        (apart(now, *fetched_at) < seconds).then(|| Arc::clone(keys))
    }

    fn may_try(&self, now: Timestamp) -> bool {
        self.tried_at
            .is_none_or(|tried_at| apart(now, tried_at) >= BETWEEN_S)
    }
}

impl KeyRing {
    pub(super) fn new(source: Box<dyn KeySource>) -> Self {
        Self {
            source,
            kept: Mutex::default(),
            turn: Turn::new(()),
        }
    }

    /// The keys by which a token is believed or not.
    ///
    /// # Errors
    ///
    /// [`Unknown::NoKeys`] if there are none, or they are too old.
    pub(super) async fn for_token(
        self: &Arc<Self>,
        token: &Unverified<'_>,
        now: Timestamp,
    ) -> Result<Arc<Keys>, Unknown> {
        if let Some(keys) = self.fresh_for(token, now) {
            return Ok(keys);
        }
        if self.look(|kept| kept.may_try(now)) {
            // On its own: who asked may go away, and others wait for these keys.
            let ring = Arc::clone(self);
            let fetching = tokio::spawn(async move { ring.fetch(now).await });
            // One that broke down left what was there.
            let _ = fetching.await;
        } else if self.look(|kept| kept.keys.is_none()) {
            // Somebody fetches them for the first time.
            drop(self.turn.lock().await);
        }
        let kept = self.look(|kept| kept.within(LONGEST_S, now));
        kept.ok_or(Unknown::NoKeys)
    }

    /// The keys, if they are of these minutes and have the one with which the token says that it is signed.
    fn fresh_for(&self, token: &Unverified<'_>, now: Timestamp) -> Option<Arc<Keys>> {
        let keys = self.look(|kept| kept.within(FRESH_S, now))?;
        let is_known = !matches!(keys.of(token), Err(TokenFault::UnknownKey));
        is_known.then_some(keys)
    }

    async fn fetch(&self, now: Timestamp) {
        let _turn = self.turn.lock().await;
        if !self.look(|kept| kept.may_try(now)) {
            return;
        }
        self.look(|kept| kept.tried_at = Some(now));
        let fetched = tokio::time::timeout(PATIENCE, self.source.fetch()).await;
        let fetched = fetched.unwrap_or(Err(NotFetched::Unreachable));
        let keys =
            fetched.and_then(|list| Keys::read(&list).map_err(|_| NotFetched::NotTheProtocol));
        self.look(|kept| {
            if let (Err(fault), false) = (&keys, kept.is_failing) {
                tracing::warn!(outcome = %fault, "the keys of an issuer cannot be had");
            }
            kept.is_failing = keys.is_err();
            if let Ok(keys) = keys {
                kept.keys = Some((Arc::new(keys), now));
            }
        });
    }

    fn look<T>(&self, at: impl FnOnce(&mut Kept) -> T) -> T {
        at(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
