//! What a gateway key may use up: requests in a minute, tokens in a day, money in a month. Counted here, and shared with
//! the other programs on the same store: every second, and before each request as soon as little is left. What a request
//! may use is counted when it begins, and put right when it is over.

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
    /// Requests that are under way may use what is left of it.
    #[error("requests under way may use what is left of the share of the key")]
    InUse {
        /// Of what.
        measure: Measure,
    },
    /// The store could not say how much is left.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// More than any limit on money, and so little that a store can add it up hundreds of times.
const MOST_AT_ONCE: i64 = 10_000_000_000_000_000;

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
    /// What the store does not know yet; below zero where it was told too much.
    own: i64,
    /// Of all that, what this program counted in advance.
    reserved: u64,
}

/// What was counted in advance for one request.
#[derive(Debug, Default)]
pub struct Reserved(Vec<Advance>);

#[derive(Debug)]
struct Advance {
    measure: Measure,
    /// The beginning of the window in which the request began; there it counts.
    starts_at: Timestamp,
    amount: u64,
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
                None => self.share_one(desk, key.id, measure, more).await?.0,
            };
            if used.saturating_add(1 - more) > limit {
                return Err(self.none_left(desk, key.id, measure, (used, limit)));
            }
        }
        Ok(())
    }

    /// Counts in advance what a request may use up, if anything is left. Of what has no limit nothing is counted. The
    /// last one may go over, but no other may begin beside it.
    ///
    /// # Errors
    ///
    /// [`BudgetError`] if nothing is left, or nobody knows; then nothing is counted.
    pub async fn reserve(
        &self,
        desk: &Desk,
        key: &GatewayKey,
        tokens: u64,
        millionths_of_a_cent: u64,
    ) -> Result<Reserved, BudgetError> {
        let mut reserved = Reserved::default();
        for (measure, amount) in [
            (Measure::Tokens, tokens),
            (Measure::Cost, millionths_of_a_cent),
        ] {
            let Some(limit) = key.bounds.limit(measure) else {
                continue;
            };
            match self.advance(desk, key.id, measure, (limit, amount)).await {
                Ok(advance) => reserved.0.push(advance),
                Err(error) => {
                    self.settle(key.id, reserved, 0, 0);
                    return Err(error);
                }
            }
        }
        Ok(reserved)
    }

    /// A request is over, and used this up instead of what was counted in advance.
    pub fn settle(
        &self,
        key: GatewayKeyId,
        reserved: Reserved,
        tokens: u64,
        millionths_of_a_cent: u64,
    ) {
        for advance in reserved.0 {
            let used = match advance.measure {
                Measure::Tokens => tokens,
                Measure::Cost => millionths_of_a_cent,
                Measure::Requests => continue,
            };
            self.put_right(key, &advance, used);
        }
    }

    /// Who hangs up while the store is asked has used up what was counted in advance.
    async fn advance(
        &self,
        desk: &Desk,
        key: GatewayKeyId,
        measure: Measure,
        (limit, amount): (u64, u64),
    ) -> Result<Advance, BudgetError> {
        let amount = amount.min(MOST_AT_ONCE.unsigned_abs());
        let far = self.with_window(desk, key, measure, |window| {
            let used = window.used()?.saturating_add(amount);
            (used.saturating_add(near(limit)) <= limit).then(|| {
                window.add(signed(amount));
                window.reserved = window.reserved.saturating_add(amount);
                window.starts_at
            })
        });
        if let Some(starts_at) = far {
            return Ok(Advance {
                measure,
                starts_at,
                amount,
            });
        }
        let (total, starts_at) = self.share_one(desk, key, measure, amount).await?;
        let advance = Advance {
            measure,
            starts_at,
            amount,
        };
        self.with_window(desk, key, measure, |window| {
            if window.starts_at == starts_at {
                window.reserved = window.reserved.saturating_add(amount);
            }
        });
        let before = total.saturating_sub(amount);
        if before < limit {
            return Ok(advance);
        }
        self.put_right(key, &advance, 0);
        Err(self.none_left(desk, key, measure, (before, limit)))
    }

    fn put_right(&self, key: GatewayKeyId, advance: &Advance, used: u64) {
        let difference = signed(used).saturating_sub(signed(advance.amount));
        let mut counts = self.counts();
        let window = counts.windows.get_mut(&(key, advance.measure));
        match window.filter(|window| window.starts_at == advance.starts_at) {
            Some(window) => {
                window.add(difference);
                window.reserved = window.reserved.saturating_sub(advance.amount);
            }
            None => counts.owed.push(Used {
                key,
                measure: advance.measure,
                starts_at: advance.starts_at,
                amount: difference,
            }),
        }
    }

    /// Why a request may not begin.
    fn none_left(
        &self,
        desk: &Desk,
        key: GatewayKeyId,
        measure: Measure,
        (used, limit): (u64, u64),
    ) -> BudgetError {
        let reserved = self.with_window(desk, key, measure, |window| window.reserved);
        if used.saturating_sub(reserved) < limit && reserved > 0 {
            return BudgetError::InUse { measure };
        }
        let now = desk.now();
        let (_, ends_at) = span(desk, measure, now);
        let wait = ends_at.duration_since(now).try_into().unwrap_or_default();
        BudgetError::UsedUp { measure, wait }
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
                if is_over && window.own != 0 {
                    owed.push(window.own_of(*key, *measure));
                }
                !is_over
            });
            let untold = counts.windows.iter().filter(|(_, window)| window.own != 0);
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
            let used = window.used()?.saturating_add(more);
            (used.saturating_add(near(limit)) <= limit).then(|| {
                window.add(signed(more));
                used
            })
        })
    }

    /// Tells the store of one window, with this much more, and hears how much that is in all and since when.
    async fn share_one(
        &self,
        desk: &Desk,
        key: GatewayKeyId,
        measure: Measure,
        more: u64,
    ) -> Result<(u64, Timestamp), StoreError> {
        let mut used = self.with_window(desk, key, measure, |window| {
            let used = window.own_of(key, measure);
            window.own = 0;
            used
        });
        used.amount = used.amount.saturating_add(signed(more));
        let answer = desk.store.use_up(used).await;
        let mut counts = self.counts();
        let window = counts.windows.get_mut(&(key, measure));
        let window = window.filter(|window| window.starts_at == used.starts_at);
        match (&answer, window) {
            // It may have become less. Who hears it late counts alone for a second, and far from the limit only.
            (Ok(total), Some(window)) => window.shared = Some(*total),
            (Ok(_), None) => {}
            (Err(_), Some(window)) => window.add(used.amount - signed(more)),
            (Err(_), None) => {
                used.amount -= signed(more);
                counts.owed.push(used);
            }
        }
        Ok((answer?, used.starts_at))
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
            if window.own != 0 {
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
            reserved: 0,
        }
    }

    fn add(&mut self, amount: i64) {
        let own = self.own.saturating_add(amount);
        self.own = own.clamp(-MOST_AT_ONCE, MOST_AT_ONCE);
    }

    /// What was used up, as far as it is known here; `None` while the store was not asked.
    fn used(&self) -> Option<u64> {
        Some(self.shared?.saturating_add_signed(self.own))
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

fn signed(amount: u64) -> i64 {
    i64::try_from(amount)
        .unwrap_or(MOST_AT_ONCE)
        .min(MOST_AT_ONCE)
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

        fn gateway_key_by_id(&self, _: GatewayKeyId) -> Answer<'_, Option<GatewayKey>> {
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
                    .map(|_| used.amount.unsigned_abs())
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
        let left: i64 = ledger.counts().owed.iter().map(|used| used.amount).sum();
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
            reserved: 0,
        };
        window.add(i64::MAX);
        window.add(i64::MAX);
        assert_eq!(window.own, MOST_AT_ONCE);
        assert_eq!(signed(u64::MAX), MOST_AT_ONCE);
    }
}
