//! What a gateway key may use up: requests in a minute, tokens in a day, money in a month. Counted here, and shared with
//! the other programs on the same store: every second, and before each request as soon as little is left.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{RoundMode, Timestamp, ToSpan as _, Unit, ZonedRound};
use thiserror::Error;
use waarborg_domain::ids::GatewayKeyId;

use crate::desk::Desk;
use crate::ports::{GatewayKey, GatewayKeys, Measure, StoreError, Used};

/// Why a key may not go on.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum BudgetError {
    /// Its share is used up.
    #[error("the share of the key is used up")]
    UsedUp {
        /// Of what.
        measure: Measure,
        /// How long until it has a new one.
        wait: Duration,
    },
    /// The store could not say how much is left.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// More than any limit on money, and so little that a store can add it up hundreds of times.
const MOST_AT_ONCE: u64 = 10_000_000_000_000_000;

/// Counts what keys use up.
#[derive(Debug, Default)]
pub struct Ledger {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    windows: HashMap<(GatewayKeyId, Measure), Window>,
    /// Of windows that are over, what the store was not told.
    owed: Vec<Used>,
}

/// What was used up since the beginning of a minute, day or month.
#[derive(Clone, Copy, Debug)]
struct Window {
    starts_at: Timestamp,
    ends_at: Timestamp,
    /// As the store knows it, of all programs together; `None` while it was not asked.
    shared: Option<u64>,
    /// What the store does not know yet.
    own: u64,
}

impl Ledger {
    /// Lets one request of a key begin, and counts it.
    ///
    /// # Errors
    ///
    /// [`BudgetError::UsedUp`] says until when; [`BudgetError::Store`] if nobody knows how much is left.
    pub async fn admit(&self, desk: &Desk, key: &GatewayKey) -> Result<(), BudgetError> {
        for measure in Measure::ALL {
            let Some(limit) = key.bounds.limit(measure) else {
                continue;
            };
            // A request counts as it comes; what it used is known when it is over.
            let more = u64::from(measure == Measure::Requests);
            let used = match self.far_from(desk, key.id, measure, limit, more) {
                Some(used) => used,
                None => self.share_one(desk, key.id, measure, more).await?,
            };
            if used.saturating_add(1 - more) > limit {
                let now = desk.now();
                let (_, ends_at) = span(desk, measure, now);
                let wait = ends_at.duration_since(now).try_into().unwrap_or_default();
                return Err(BudgetError::UsedUp { measure, wait });
            }
        }
        Ok(())
    }

    /// A key used this up. Of what has no limit nothing is kept.
    pub fn spend(&self, desk: &Desk, key: &GatewayKey, tokens: u64, millionths_of_a_cent: u64) {
        for (measure, amount) in [
            (Measure::Tokens, tokens),
            (Measure::Cost, millionths_of_a_cent),
        ] {
            if amount > 0 && key.bounds.limit(measure).is_some() {
                self.with_window(desk, key.id, measure, |window| window.add(amount));
            }
        }
    }

    /// Tells the store what it does not know yet, and hears what the other programs counted.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; what was not told is told the next time.
    pub async fn share(&self, desk: &Desk) -> Result<(), StoreError> {
        let now = desk.now();
        let (owed, untold) = {
            let mut counts = self.counts();
            let mut owed = std::mem::take(&mut counts.owed);
            counts.windows.retain(|(key, measure), window| {
                let is_over = window.ends_at <= now;
                if is_over && window.own > 0 {
                    owed.push(window.own_of(*key, *measure));
                }
                !is_over
            });
            let untold = counts.windows.iter().filter(|(_, window)| window.own > 0);
            (owed, untold.map(|(key, _)| *key).collect::<Vec<_>>())
        };
        self.tell(&*desk.store, owed).await?;
        for (key, measure) in untold {
            self.share_one(desk, key, measure, 0).await?;
        }
        Ok(())
    }

    async fn tell(&self, store: &dyn GatewayKeys, untold: Vec<Used>) -> Result<(), StoreError> {
        let mut owed = Owed {
            ledger: self,
            untold,
        };
        while let Some(used) = owed.untold.last() {
            store.use_up(*used).await?;
            owed.untold.pop();
        }
        Ok(())
    }

    /// What was used up, with one more counted, if that is far from the limit; else nothing is counted yet.
    fn far_from(
        &self,
        desk: &Desk,
        key: GatewayKeyId,
        measure: Measure,
        limit: u64,
        more: u64,
    ) -> Option<u64> {
        self.with_window(desk, key, measure, |window| {
            let used = window.shared?.saturating_add(window.own);
            let used = used.saturating_add(more);
            (used.saturating_add(near(limit)) <= limit).then(|| {
                window.add(more);
                used
            })
        })
    }

    async fn share_one(
        &self,
        desk: &Desk,
        key: GatewayKeyId,
        measure: Measure,
        more: u64,
    ) -> Result<u64, StoreError> {
        let mut used = self.with_window(desk, key, measure, |window| {
            let used = window.own_of(key, measure);
            window.own = 0;
            used
        });
        used.amount = used.amount.saturating_add(more);
        let answer = desk.store.use_up(used).await;
        let mut counts = self.counts();
        let window = counts.windows.get_mut(&(key, measure));
        let window = window.filter(|window| window.starts_at == used.starts_at);
        match (&answer, window) {
            (Ok(total), Some(window)) => {
                window.shared = Some(window.shared.unwrap_or_default().max(*total));
            }
            (Ok(_), None) => {}
            (Err(_), Some(window)) => window.add(used.amount),
            (Err(_), None) => counts.owed.push(used),
        }
        answer
    }

    /// Works on the window of this moment; what an earlier one did not tell is owed.
    fn with_window<T>(
        &self,
        desk: &Desk,
        key: GatewayKeyId,
        measure: Measure,
        work: impl FnOnce(&mut Window) -> T,
    ) -> T {
        let now = desk.now();
        let mut counts = self.counts();
        let Counts { windows, owed } = &mut *counts;
        let window = windows
            .entry((key, measure))
            .or_insert_with(|| Window::beginning(desk, measure, now));
        if window.ends_at <= now {
            if window.own > 0 {
                owed.push(window.own_of(key, measure));
            }
            *window = Window::beginning(desk, measure, now);
        }
        work(window)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is being told to the store of windows that are over. What is left when that ends early is owed again.
struct Owed<'a> {
    ledger: &'a Ledger,
    untold: Vec<Used>,
}

impl Drop for Owed<'_> {
    fn drop(&mut self) {
        if !self.untold.is_empty() {
            self.ledger.counts().owed.append(&mut self.untold);
        }
    }
}

impl Window {
    fn beginning(desk: &Desk, measure: Measure, now: Timestamp) -> Self {
        let (starts_at, ends_at) = span(desk, measure, now);
        Self {
            starts_at,
            ends_at,
            shared: None,
            own: 0,
        }
    }

    fn add(&mut self, amount: u64) {
        self.own = self.own.saturating_add(amount).min(MOST_AT_ONCE);
    }

    const fn own_of(&self, key: GatewayKeyId, measure: Measure) -> Used {
        Used {
            key,
            measure,
            starts_at: self.starts_at,
            amount: self.own,
        }
    }
}

/// With this little left the store is asked before each request.
fn near(limit: u64) -> u64 {
    (limit / 8).max(25)
}

/// The minute, day or month of a moment, in the controller's time zone.
fn span(desk: &Desk, measure: Measure, now: Timestamp) -> (Timestamp, Timestamp) {
    let zoned = now.to_zoned(desk.zone.clone());
    let (start, length) = match measure {
        Measure::Requests => {
            let to_minute = ZonedRound::new()
                .smallest(Unit::Minute)
                .mode(RoundMode::Trunc);
            (zoned.round(to_minute), 1.minute())
        }
        Measure::Tokens => (zoned.start_of_day(), 1.day()),
        Measure::Cost => (
            zoned.first_of_month().and_then(|day| day.start_of_day()),
            1.month(),
        ),
    };
    // A calendar of this age has no such gap.
    let start = start.unwrap_or(zoned);
    let end = start.checked_add(length).unwrap_or_else(|_| start.clone());
    (start.timestamp(), end.timestamp())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use uuid::Uuid;
    use waarborg_domain::entry::Entry;
    use waarborg_domain::ids::Token;

    use super::*;
    use crate::ports::Answer;

    /// A store that takes so many counts, and then is away.
    struct Failing(AtomicUsize);

    impl GatewayKeys for Failing {
        fn issue<'a>(&'a self, _: GatewayKey, _: &'a Token, _: Entry) -> Answer<'a, ()> {
            Box::pin(async { Err(StoreError::Unavailable) })
        }

        fn gateway_key<'a>(&'a self, _: &'a Token) -> Answer<'a, Option<GatewayKey>> {
            Box::pin(async { Err(StoreError::Unavailable) })
        }

        fn gateway_keys(&self) -> Answer<'_, Vec<GatewayKey>> {
            Box::pin(async { Err(StoreError::Unavailable) })
        }

        fn revoke(&self, _: GatewayKeyId, _: Timestamp, _: Entry) -> Answer<'_, ()> {
            Box::pin(async { Err(StoreError::Unavailable) })
        }

        fn use_up(&self, used: Used) -> Answer<'_, u64> {
            let one_less = |left: usize| left.checked_sub(1);
            let taken = self
                .0
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
            Box::pin(async move {
                taken
                    .map(|_| used.amount)
                    .map_err(|_| StoreError::Unavailable)
            })
        }
    }

    #[tokio::test]
    async fn what_a_store_did_not_take_is_owed_until_it_does() {
        let used = |amount| Used {
            key: GatewayKeyId(Uuid::from_u128(3)),
            measure: Measure::Tokens,
            starts_at: Timestamp::UNIX_EPOCH,
            amount,
        };
        let ledger = Ledger::default();
        let store = Failing(AtomicUsize::new(1));
        let told = ledger.tell(&store, vec![used(1), used(2), used(4)]).await;
        assert_eq!(told, Err(StoreError::Unavailable));
        let left: u64 = ledger.counts().owed.iter().map(|used| used.amount).sum();
        assert_eq!(left, 3, "all but the one that was taken");

        let owed = std::mem::take(&mut ledger.counts().owed);
        let store = Failing(AtomicUsize::new(2));
        assert_eq!(ledger.tell(&store, owed).await, Ok(()));
        assert_eq!(ledger.counts().owed, []);
    }

    #[test]
    fn what_was_used_up_never_overflows() {
        let mut window = Window {
            starts_at: Timestamp::UNIX_EPOCH,
            ends_at: Timestamp::MAX,
            shared: None,
            own: 0,
        };
        window.add(u64::MAX);
        window.add(u64::MAX);
        assert_eq!(window.own, MOST_AT_ONCE);
    }
}
