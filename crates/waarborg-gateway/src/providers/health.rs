//! How a recipient did of late. One that fails again and again is left alone for a while, longer each time; then a
//! single request tries whether it is back.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use waarborg_usecase::ports::ProviderError;

/// So many failures in a row, and it is left alone.
const MOST_FAILURES: u32 = 10;

/// How long it is left alone the first time; twice as long each time after.
const SHORTEST_REST: Duration = Duration::from_secs(1);

/// It is tried again at least this often.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// Asking again costs this much of what requests brought in.
const RETRY_COSTS: u32 = 5;

/// So much is saved at most.
const MOST_SAVED: u32 = 10 * RETRY_COSTS;

/// What is remembered of a recipient.
#[derive(Debug)]
pub(super) struct Health {
    state: Mutex<State>,
    n_asked: AtomicU64,
    n_failed: AtomicU64,
}

#[derive(Debug)]
struct State {
    /// Failures since the last answer.
    n_failures: u32,
    /// Until then it is left alone.
    rests_until: Option<Instant>,
    /// Until then it has too much to do, by its own word.
    is_busy_until: Option<Instant>,
    /// What requests brought in, to be spent on asking again.
    saved: u32,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                n_failures: 0,
                rests_until: None,
                is_busy_until: None,
                saved: MOST_SAVED,
            }),
            n_asked: AtomicU64::new(0),
            n_failed: AtomicU64::new(0),
        }
    }
}

impl Health {
    /// Whether it may be asked now. After a rest the first that asks goes to see, and the others wait for what it finds.
    pub(super) fn may_be_asked(&self, now: Instant) -> Result<(), ProviderError> {
        let mut state = self.state();
        let Some(until) = state.rests_until else {
            return Ok(());
        };
        if until <= now {
            state.rests_until = Some(now + rest_after(state.n_failures));
            return Ok(());
        }
        let seconds = until.duration_since(now).as_secs() + 1;
        Err(ProviderError::Resting {
            retry_after_s: u32::try_from(seconds).unwrap_or(u32::MAX),
        })
    }

    /// Whether somebody else had better be asked first.
    pub(super) fn is_troubled(&self, now: Instant) -> bool {
        let state = self.state();
        let lasts = |until: Option<Instant>| until.is_some_and(|until| until > now);
        lasts(state.rests_until) || lasts(state.is_busy_until)
    }

    /// For how long it is left alone.
    pub(super) fn rests_for(&self, now: Instant) -> Option<Duration> {
        let until = self.state().rests_until?;
        until.checked_duration_since(now)
    }

    /// How often it was asked, and how often it failed.
    pub(super) fn counts(&self) -> (u64, u64) {
        (
            self.n_asked.load(Ordering::Relaxed),
            self.n_failed.load(Ordering::Relaxed),
        )
    }

    pub(super) fn is_asked(&self) {
        self.n_asked.fetch_add(1, Ordering::Relaxed);
        let mut state = self.state();
        state.saved = (state.saved + 1).min(MOST_SAVED);
    }

    pub(super) fn went_well(&self) {
        let mut state = self.state();
        state.n_failures = 0;
        state.rests_until = None;
    }

    pub(super) fn went_wrong(&self, error: &ProviderError, now: Instant) {
        self.n_failed.fetch_add(1, Ordering::Relaxed);
        let mut state = self.state();
        if let ProviderError::Refused {
            status: 429,
            retry_after_s,
            ..
        } = error
        {
            // It answers; it has too much to do.
            let busy = Duration::from_secs(u64::from(retry_after_s.unwrap_or(1)));
            state.is_busy_until = Some(now + busy.min(LONGEST_REST));
            return;
        }
        state.n_failures = state.n_failures.saturating_add(1);
        if state.n_failures >= MOST_FAILURES {
            state.rests_until = Some(now + rest_after(state.n_failures));
        }
    }

    /// Takes what asking again costs, if enough was saved: when everything fails, at most every fifth request is sent
    /// twice.
    pub(super) fn may_be_asked_again(&self) -> bool {
        let mut state = self.state();
        let left = state.saved.checked_sub(RETRY_COSTS);
        state.saved = left.unwrap_or(state.saved);
        left.is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rest_after(n_failures: u32) -> Duration {
    let doublings = n_failures.saturating_sub(MOST_FAILURES).min(5);
    (SHORTEST_REST * 2_u32.pow(doublings)).min(LONGEST_REST)
}

/// Whether an error says something of the provider, and not of what it was asked.
pub(super) const fn means_trouble(error: &ProviderError) -> bool {
    match error {
        ProviderError::Unreachable
        | ProviderError::Proxy(_)
        | ProviderError::TooSlow
        | ProviderError::BrokenOff
        | ProviderError::Failed(_)
        | ProviderError::Unreadable => true,
        ProviderError::Refused { status, .. } => {
            // 403 is often about the one request: a model that this key may not ask for, words it will not answer.
            matches!(status, 401 | 402 | 408 | 429 | 500..)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use waarborg_usecase::ports::ProviderWords;

    use super::*;

    #[test]
    fn who_refuses_one_request_is_not_in_trouble() {
        let refused = |status| ProviderError::Refused {
            status,
            retry_after_s: None,
            words: ProviderWords::default(),
        };
        assert!(!means_trouble(&refused(403)));
        assert!(means_trouble(&refused(401)) && means_trouble(&refused(503)));
    }

    fn busy(seconds: u32) -> ProviderError {
        ProviderError::Refused {
            status: 429,
            retry_after_s: Some(seconds),
            words: ProviderWords::default(),
        }
    }

    #[test]
    fn who_fails_ten_times_is_left_alone_and_then_tried_by_one() {
        let health = Health::default();
        let start = Instant::now();
        for n_failures in 1..=10 {
            assert_eq!(health.may_be_asked(start), Ok(()), "{n_failures}");
            health.went_wrong(&ProviderError::Unreachable, start);
        }
        assert_eq!(
            health.may_be_asked(start),
            Err(ProviderError::Resting { retry_after_s: 2 })
        );
        let later = start + Duration::from_secs(1);
        assert_eq!(health.may_be_asked(later), Ok(()), "one tries");
        assert!(health.may_be_asked(later).is_err(), "the others wait");

        health.went_wrong(&ProviderError::TooSlow, later);
        let after = later + Duration::from_millis(1500);
        assert!(health.may_be_asked(after).is_err(), "twice as long");
        let long_after = later + Duration::from_secs(2);
        assert_eq!(health.may_be_asked(long_after), Ok(()));
        health.went_well();
        assert_eq!(health.may_be_asked(long_after), Ok(()));
        assert_eq!(health.rests_for(long_after), None);
    }

    #[test]
    fn no_rest_is_longer_than_half_a_minute() {
        assert_eq!(rest_after(10), Duration::from_secs(1));
        assert_eq!(rest_after(14), Duration::from_secs(16));
        assert_eq!(rest_after(u32::MAX), Duration::from_secs(30));
    }

    #[test]
    fn a_busy_one_is_asked_after_the_others_and_never_left_alone() {
        let health = Health::default();
        let start = Instant::now();
        for _ in 0..20 {
            health.went_wrong(&busy(3), start);
        }
        assert!(health.is_troubled(start));
        assert_eq!(health.may_be_asked(start), Ok(()));
        assert!(!health.is_troubled(start + Duration::from_secs(3)));
    }

    #[test]
    fn asking_again_ends_when_everything_fails() {
        let health = Health::default();
        let n_retries = (0..100)
            .filter(|_| {
                health.is_asked();
                health.may_be_asked_again()
            })
            .count();
        assert!((20..=32).contains(&n_retries), "{n_retries}");
    }
}
