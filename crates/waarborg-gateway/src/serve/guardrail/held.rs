//! What came in the place of what, of requests that another gateway sends: kept in memory until the answer is back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::ids::GatewayKeyId;
use waarborg_usecase::Desk;

/// What is over is forgotten at most this much later.
const BETWEEN_SWEEPS: Duration = Duration::from_secs(20);

/// So much is kept at most, in bytes of values and surrogates; the oldest goes first.
const MOST_BYTES: usize = if cfg!(test) { 1 << 18 } else { 1 << 25 };

/// What one more request takes beside its values.
const FIXED_BYTES: usize = 512;

/// By which an answer is known to belong to a request. Only the key that sent the request has the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::serve) struct Mark([u8; 32]);

impl Mark {
    /// The mark of what another gateway calls by this name, for a person of many behind one key.
    pub(super) fn new(
        gateway: &str,
        (key, person): (GatewayKeyId, Option<&str>),
        name: &[u8],
    ) -> Self {
        let person = person.unwrap_or_default();
        let hash = Sha256::new()
            .chain_update(gateway)
            .chain_update([0])
            .chain_update(key.0.as_bytes())
            .chain_update(person.len().to_be_bytes())
            .chain_update(person)
            .chain_update(name);
        Self(hash.finalize().into())
    }
}

/// The surrogates of requests whose answers are not back.
#[derive(Default)]
pub(in crate::serve) struct Held {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    by_mark: HashMap<Mark, One>,
    n_bytes: usize,
    /// Somebody comes by to forget what is old.
    is_swept: bool,
}

struct One {
    /// None where two requests have the same mark: an answer to one must not tell what stood in the other.
    surrogates: Option<Arc<Surrogates>>,
    since: Timestamp,
    until: Timestamp,
    n_bytes: usize,
}

impl Held {
    /// Keeps what an answer will need, and sees to it that it is forgotten. Where nothing was replaced nothing is kept, but for
    /// a note that an answer by this mark may also be to somebody who typed what looks like a surrogate.
    pub(super) fn keep(self: &Arc<Self>, mark: Mark, surrogates: Arc<Surrogates>, desk: &Desk) {
        let now = desk.now();
        let until = desk.term_ends_at(waarborg_usecase::AWAITED_ANSWER, now);
        let is_needed =
            !surrogates.is_idle() || surrogates.has_reserved() || self.find(mark, now).is_some();
        if is_needed && self.take(mark, surrogates, now, until) {
            let (held, desk) = (Arc::clone(self), desk.clone());
            tokio::spawn(async move {
                while held.sweep(desk.now()) {
                    tokio::time::sleep(BETWEEN_SWEEPS).await;
                }
            });
        }
    }

    /// Says whether somebody must begin to sweep.
    fn take(
        &self,
        mark: Mark,
        surrogates: Arc<Surrogates>,
        now: Timestamp,
        until: Timestamp,
    ) -> bool {
        let entries = surrogates.entries();
        let sizes = entries.map(|(_, surrogate, value)| 2 * (surrogate.len() + value.len()) + 128);
        let n_bytes = FIXED_BYTES + sizes.sum::<usize>();
        let mut kept = self.kept();
        let known = kept.by_mark.get(&mark).filter(|one| !one.is_over(now));
        let is_another = known.is_some_and(|known| !known.is_of(&surrogates));
        let surrogates = (!is_another && !surrogates.is_idle()).then_some(surrogates);
        kept.forget(mark);
        kept.make_room(n_bytes, now);
        if kept.n_bytes + n_bytes > MOST_BYTES {
            return false;
        }
        kept.n_bytes += n_bytes;
        let one = One {
            surrogates,
            since: now,
            until,
            n_bytes,
        };
        kept.by_mark.insert(mark, one);
        !std::mem::replace(&mut kept.is_swept, true)
    }

    /// What an answer needs. It stays until its time is over: a stream is asked about many times.
    pub(super) fn find(&self, mark: Mark, now: Timestamp) -> Option<Arc<Surrogates>> {
        let kept = self.kept();
        let one = kept.by_mark.get(&mark)?;
        one.surrogates.clone().filter(|_| !one.is_over(now))
    }

    /// Forgets what was kept too long. Says whether something is left.
    fn sweep(&self, now: Timestamp) -> bool {
        let mut kept = self.kept();
        kept.drop_old(now);
        kept.is_swept = !kept.by_mark.is_empty();
        kept.is_swept
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn forget(&mut self, mark: Mark) {
        if let Some(one) = self.by_mark.remove(&mark) {
            self.n_bytes = self.n_bytes.saturating_sub(one.n_bytes);
        }
    }

    fn drop_old(&mut self, now: Timestamp) {
        self.by_mark.retain(|_, one| !one.is_over(now));
        self.n_bytes = self.by_mark.values().map(|one| one.n_bytes).sum();
    }

    fn make_room(&mut self, n_bytes: usize, now: Timestamp) {
        if self.n_bytes + n_bytes <= MOST_BYTES {
            return;
        }
        self.drop_old(now);
        let mut by_age: Vec<(Timestamp, Mark)> = self
            .by_mark
            .iter()
            .map(|(mark, one)| (one.since, *mark))
            .collect();
        by_age.sort_unstable_by_key(|(since, _)| *since);
        for (_, mark) in by_age {
            // A little more than asked, so that not every request has to look for the oldest.
            if self.n_bytes + n_bytes <= MOST_BYTES / 8 * 7 {
                break;
            }
            self.forget(mark);
        }
    }
}

impl One {
    /// Whether these are the surrogates of the same request.
    fn is_of(&self, other: &Surrogates) -> bool {
        let own = self.surrogates.as_ref();
        own.is_some_and(|own| own.entries().eq(other.entries()))
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now >= self.until
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use uuid::Uuid;
    use waarborg_detect::Kind;
    use waarborg_detect::surrogate::{ConversationKey, Language};

    use super::*;

    fn surrogates(value: &str) -> Arc<Surrogates> {
        let mut surrogates = Surrogates::new(ConversationKey::new([7; 32]), Language::Dutch);
        surrogates.surrogate(Kind::Person, value);
        Arc::new(surrogates)
    }

    fn mark(name: &str) -> Mark {
        Mark::new(
            "test",
            (GatewayKeyId(Uuid::from_u128(1)), None),
            name.as_bytes(),
        )
    }

    #[test]
    fn what_is_held_is_for_one_key_and_for_a_while() {
        let held = Held::default();
        let now = Timestamp::UNIX_EPOCH;
        let until = now + SignedDuration::from_mins(15);
        assert!(held.take(mark("a"), surrogates("Jan"), now, until));
        assert!(
            !held.take(mark("c"), surrogates("Jan"), now, until),
            "one sweeper is enough"
        );
        assert!(held.find(mark("a"), now).is_some());
        assert!(held.find(mark("b"), now).is_none());
        let other = Mark::new("test", (GatewayKeyId(Uuid::from_u128(2)), None), b"a");
        let of_jan = Mark::new(
            "test",
            (GatewayKeyId(Uuid::from_u128(1)), Some("jan")),
            b"a",
        );
        assert!(of_jan != mark("a"), "people behind one key are held apart");
        assert!(held.find(other, now).is_none());

        let last = until - SignedDuration::from_secs(1);
        assert!(held.find(mark("a"), last).is_some() && held.sweep(last));
        assert!(held.find(mark("a"), until).is_none());
        assert!(!held.sweep(until));
        assert_eq!(held.kept().n_bytes, 0);
        assert!(held.kept().by_mark.is_empty());
    }

    #[test]
    fn an_answer_by_a_mark_that_two_requests_have_tells_neither_of_the_other() {
        let now = Timestamp::UNIX_EPOCH;
        let until = now + SignedDuration::from_mins(15);
        let mut literal = Surrogates::new(ConversationKey::new([7; 32]), Language::Dutch);
        literal.reserve("Vat samen: [PERSOON_41726]");
        let literal = Arc::new(literal);
        let orders = [
            [surrogates("Jan"), surrogates("Els")],
            [surrogates("Jan"), Arc::clone(&literal)],
            [literal, surrogates("Jan")],
        ];
        for [one, other] in orders {
            let held = Held::default();
            held.take(mark("a"), Arc::clone(&one), now, until);
            held.take(mark("a"), other, now, until);
            assert!(held.find(mark("a"), now).is_none());
            held.take(mark("a"), one, now, until);
            assert!(held.find(mark("a"), now).is_none(), "asked once more");
        }
        let held = Held::default();
        held.take(mark("a"), surrogates("Jan"), now, until);
        held.take(mark("a"), surrogates("Jan"), now, until);
        assert!(held.find(mark("a"), now).is_some(), "the same, asked again");
    }

    #[test]
    fn what_is_held_is_bounded_and_the_oldest_goes_first() {
        let held = Held::default();
        let long = "x".repeat(4 * 1024);
        for number in 0..40 {
            let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(number);
            let until = now + SignedDuration::from_mins(15);
            held.take(mark(&number.to_string()), surrogates(&long), now, until);
            assert!(held.kept().n_bytes <= MOST_BYTES);
        }
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(40);
        assert!(held.find(mark("0"), now).is_none());
        assert!(held.find(mark("39"), now).is_some());
        let until = now + SignedDuration::from_mins(15);
        held.take(mark("big"), surrogates(&"x".repeat(MOST_BYTES)), now, until);
        assert!(held.find(mark("big"), now).is_none());
    }
}
