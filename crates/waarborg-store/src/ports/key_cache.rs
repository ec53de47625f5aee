//! Gateway keys that were asked for a moment ago, so that a busy application costs no read of the database.
//!
//! What this process changes is in force at once: it empties the cache. What another process changes in the same
//! database is in force as soon as a key was here for half a second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use waarborg_usecase::ports::GatewayKey;

/// How long a key is taken from memory.
const KEPT: Duration = Duration::from_millis(500);
/// Keys that are kept at most; an installation has a handful.
const N_KEYS: usize = 256;

/// The keys, by the fingerprints of their secrets.
#[derive(Debug, Default)]
pub(crate) struct KeyCache(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    keys: HashMap<[u8; 32], (Instant, GatewayKey)>,
    // Rises with every change, so that what was read before a change is not kept after it.
    n_changes: u64,
}

/// What was known when a read began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before(u64);

impl KeyCache {
    /// The key with this fingerprint if it is fresh; otherwise what [`KeyCache::keep`] needs after reading it.
    pub(crate) fn find(&self, fingerprint: &[u8; 32], now: Instant) -> Result<GatewayKey, Before> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.keys.get(fingerprint) {
            Some((read_at, key)) if now.saturating_duration_since(*read_at) < KEPT => {
                Ok(key.clone())
            }
            _ => Err(Before(kept.n_changes)),
        }
    }

    /// Keeps a key of which the reading began at `read_at`, unless something changed since.
    pub(crate) fn keep(
        &self,
        before: Before,
        fingerprint: [u8; 32],
        read_at: Instant,
        key: &GatewayKey,
    ) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.n_changes != before.0 {
            return;
        }
        if kept.keys.len() >= N_KEYS {
            kept.keys.clear();
        }
        kept.keys.insert(fingerprint, (read_at, key.clone()));
    }

    /// Forgets every key, because one changed.
    pub(crate) fn forget(&self) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.n_changes += 1;
        kept.keys.clear();
    }
}

/// How long ago something was, not what time it is.
#[expect(
    clippy::disallowed_methods,
    reason = "how long ago, not what time it is"
)]
pub(super) fn instant() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;
    use waarborg_domain::ids::GatewayKeyId;
    use waarborg_usecase::ports::KeyBounds;

    use super::*;

    fn key() -> GatewayKey {
        GatewayKey {
            id: GatewayKeyId(Uuid::from_u128(1)),
            label: "intranet".to_owned(),
            service: "gateway".to_owned(),
            purpose: "answer_questions".to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: None,
            revoked_at: None,
            stands_for: None,
            bounds: KeyBounds::default(),
        }
    }

    #[test]
    fn a_key_is_kept_for_a_moment() {
        let (cache, start) = (KeyCache::default(), instant());
        let before = cache.find(&[1; 32], start).unwrap_err();
        cache.keep(before, [1; 32], start, &key());
        assert_eq!(cache.find(&[1; 32], start + KEPT / 2).ok(), Some(key()));
        assert!(cache.find(&[2; 32], start).is_err());
        assert!(cache.find(&[1; 32], start + KEPT).is_err());
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let (cache, start) = (KeyCache::default(), instant());
        let before = cache.find(&[1; 32], start).unwrap_err();
        cache.forget();
        cache.keep(before, [1; 32], start, &key());
        assert!(cache.find(&[1; 32], start).is_err());

        let before = cache.find(&[1; 32], start).unwrap_err();
        cache.keep(before, [1; 32], start, &key());
        cache.forget();
        assert!(cache.find(&[1; 32], start).is_err());
    }

    #[test]
    fn the_cache_does_not_grow_for_ever() {
        let (cache, start) = (KeyCache::default(), instant());
        for n in 0..=255_u8 {
            for m in 0..4_u8 {
                let mut fingerprint = [n; 32];
                fingerprint[0] = m;
                let before = cache.find(&fingerprint, start).unwrap_err();
                cache.keep(before, fingerprint, start, &key());
            }
        }
        assert!(cache.0.lock().unwrap().keys.len() <= N_KEYS);
    }
}
