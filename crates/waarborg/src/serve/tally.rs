//! Counts answers by how soon they began, and those of the last minutes.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

/// Upper bounds of the duration buckets, in milliseconds.
const BUCKETS_MS: [u64; 9] = [1, 2, 5, 10, 25, 100, 500, 2_500, 10_000];

/// How long an answer counts as a recent one.
const RECENT: Duration = Duration::from_mins(5);
/// Recent answers are counted together for so long.
const STEP: Duration = Duration::from_secs(10);

/// How many answers began, how soon, and how many requests wait for theirs.
#[derive(Debug, Default)]
pub(super) struct Timed {
    buckets: [AtomicU64; BUCKETS_MS.len()],
    n_answers: AtomicU64,
    duration_us: AtomicU64,
    n_in_flight: AtomicU64,
}

impl Timed {
    /// A request waits for its answer as long as this is kept; who goes away before it does not wait any more.
    pub(super) fn begin(&self) -> Waiting<'_> {
        self.n_in_flight.fetch_add(1, Ordering::Relaxed);
        Waiting(&self.n_in_flight)
    }

    /// An answer began after so many microseconds.
    pub(super) fn answered(&self, duration_us: u64) {
        self.n_answers.fetch_add(1, Ordering::Relaxed);
        self.duration_us.fetch_add(duration_us, Ordering::Relaxed);
        for (bucket, bound_ms) in self.buckets.iter().zip(BUCKETS_MS) {
            if duration_us <= bound_ms * 1000 {
                bucket.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// How many answers began within so many milliseconds, the smaller bound first.
    pub(super) fn within_ms(&self) -> impl Iterator<Item = (u64, u64)> {
        let counts = self.buckets.iter();
        let counts = counts.map(|bucket| bucket.load(Ordering::Relaxed));
        BUCKETS_MS.into_iter().zip(counts)
    }

    /// How many answers began.
    pub(super) fn n_answers(&self) -> u64 {
        self.n_answers.load(Ordering::Relaxed)
    }

    /// How long all together waited, in microseconds.
    pub(super) fn duration_us(&self) -> u64 {
        self.duration_us.load(Ordering::Relaxed)
    }

    /// How many requests wait for their answer.
    pub(super) fn n_in_flight(&self) -> u64 {
        self.n_in_flight.load(Ordering::Relaxed)
    }
}

/// A request that waits for its answer.
#[derive(Debug)]
pub(super) struct Waiting<'t>(&'t AtomicU64);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How many answers there were of late, to ten seconds exactly.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<VecDeque<Step>>);

#[derive(Debug)]
struct Step {
    from: Instant,
    n_answers: u64,
    n_stopped: u64,
}

impl Recent {
    /// There was an answer at `now`; `n_stopped` is 1 where what was asked went no further.
    pub(super) fn answered(&self, now: Instant, n_stopped: u64) {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut steps, now);
        match steps.back_mut() {
            Some(step) if now.duration_since(step.from) < STEP => {
                step.n_answers += 1;
                step.n_stopped += n_stopped;
            }
            _ => steps.push_back(Step {
                from: now,
                n_answers: 1,
                n_stopped,
            }),
        }
    }

    /// How many answers there were in the last five minutes, and after how many of them nothing went further.
    pub(super) fn counts(&self, now: Instant) -> (u64, u64) {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut steps, now);
        steps.iter().fold((0, 0), |(n_answers, n_stopped), step| {
            (n_answers + step.n_answers, n_stopped + step.n_stopped)
        })
    }
}

fn forget(steps: &mut VecDeque<Step>, now: Instant) {
    while let Some(step) = steps.front()
        && now.duration_since(step.from) >= RECENT
    {
        steps.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_goes_away_does_not_wait_any_more() {
        let timed = Timed::default();
        let (one, other) = (timed.begin(), timed.begin());
        assert_eq!(timed.n_in_flight(), 2);
        drop(one);
        assert_eq!(timed.n_in_flight(), 1);
        drop(other);
        assert_eq!((timed.n_in_flight(), timed.n_answers()), (0, 0));
    }

    #[test]
    fn an_answer_is_in_every_bucket_that_is_long_enough() {
        let timed = Timed::default();
        timed.answered(1_500);
        let within: Vec<_> = timed.within_ms().take(3).collect();
        assert_eq!(within, [(1, 0), (2, 1), (5, 1)]);
        assert_eq!((timed.n_answers(), timed.duration_us()), (1, 1_500));
    }

    #[test]
    fn after_five_minutes_an_answer_is_not_recent_any_more() {
        let recent = Recent::default();
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        recent.answered(start, 0);
        recent.answered(after(9), 1);
        recent.answered(after(200), 0);
        assert_eq!(recent.counts(after(299)), (3, 1));
        assert_eq!(recent.counts(after(300)), (1, 0));
        assert_eq!(recent.counts(after(500)), (0, 0));
        assert!(recent.0.lock().unwrap().is_empty());
    }
}
