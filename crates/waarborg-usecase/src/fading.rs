//! What is known for a while and fades: what nobody asks for within its term is gone after it, and everything at once when it is to be
//! forgotten.

use std::collections::HashMap;
use std::hash::Hash;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// A memory with a bound and a term. Empty at every start.
pub(crate) struct Fading<Name, Part> {
    bounds: Bounds,
    halves: Mutex<Halves<Name, Part>>,
}

/// How much one of the two halves holds. A single entry with more than an eighth of the parts is not kept.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) most_entries: usize,
    pub(crate) most_parts: usize,
}

/// When something is asked or kept, and how long what nobody asks for may be known.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: Timestamp,
    pub(crate) term: SignedDuration,
}

/// What was asked for lately, and what was before that. When the first is full or its time is over, it becomes the second, and what stood
/// there is gone.
struct Halves<Name, Part> {
    late: HashMap<Name, Arc<[Part]>>,
    early: HashMap<Name, Arc<[Part]>>,
    /// Those of the entries of `late`.
    n_parts: usize,
    turns_at: Timestamp,
    /// How often everything was forgotten.
    n_forgotten: u64,
}

impl<Name: Eq + Hash, Part> Fading<Name, Part> {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            halves: Mutex::new(Halves::after(0)),
        }
    }

    /// Forgets everything.
    pub(crate) fn forget(&self) {
        let mut halves = self.halves();
        *halves = Halves::after(halves.n_forgotten + 1);
    }

    /// Which time between two forgettings this is.
    pub(crate) fn season(&self) -> u64 {
        self.halves().n_forgotten
    }

    /// Forgets what nobody asked for within the term.
    pub(crate) fn forget_old(&self, moment: Moment) {
        self.halves().turn_if_due(moment);
    }

    pub(crate) fn n_entries(&self) -> usize {
        let halves = self.halves();
        halves.late.len() + halves.early.len()
    }

    /// What was kept under a name; it is known for another term.
    pub(crate) fn find(&self, name: &Name, moment: Moment) -> Option<Arc<[Part]>> {
        let mut halves = self.halves();
        halves.turn_if_due(moment);
        if let Some(entry) = halves.late.get(name) {
            return Some(Arc::clone(entry));
        }
        let (name, entry) = halves.early.remove_entry(name)?;
        halves.keep(name, Arc::clone(&entry), self.bounds, moment);
        Some(entry)
    }

    /// Keeps an entry that was begun in a season; if everything was forgotten since, it is forgotten too.
    pub(crate) fn keep(&self, name: Name, entry: Arc<[Part]>, season: u64, moment: Moment) {
        if entry.len() > self.bounds.most_parts / 8 || !moment.term.is_positive() {
            return;
        }
        let mut halves = self.halves();
        if halves.n_forgotten == season {
            halves.keep(name, entry, self.bounds, moment);
        }
    }

    fn halves(&self) -> MutexGuard<'_, Halves<Name, Part>> {
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Name: Eq + Hash, Part> Halves<Name, Part> {
    fn after(n_forgotten: u64) -> Self {
        Self {
            late: HashMap::new(),
            early: HashMap::new(),
            n_parts: 0,
            turns_at: Timestamp::UNIX_EPOCH,
            n_forgotten,
        }
    }

    fn turn_if_due(&mut self, moment: Moment) {
        // A clock that was set back counts as a term that is over.
        if moment.now >= self.turns_at || self.turns_at.duration_since(moment.now) > moment.term / 2
        {
            self.turn(moment);
        }
    }

    /// Each half lives for half the term in the first place and as long in the second, so nothing outlives it.
    fn turn(&mut self, Moment { now, term }: Moment) {
        self.early = mem::take(&mut self.late);
        self.n_parts = 0;
        self.turns_at = now.checked_add(term / 2).unwrap_or(now);
    }

    fn keep(&mut self, name: Name, entry: Arc<[Part]>, bounds: Bounds, moment: Moment) {
        if self.late.len() >= bounds.most_entries || self.n_parts + entry.len() > bounds.most_parts
        {
            self.turn(moment);
        }
        self.n_parts += entry.len();
        self.late.insert(name, entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds {
        most_entries: 100,
        most_parts: 400,
    };

    fn at(second: i64) -> Moment {
        Moment {
            now: Timestamp::from_second(1_800_000_000 + second).unwrap(),
            term: SignedDuration::from_mins(10),
        }
    }

    fn memory() -> Fading<u64, u8> {
        Fading::new(BOUNDS)
    }

    fn keep(memory: &Fading<u64, u8>, name: u64, n_parts: usize, moment: Moment) {
        memory.keep(name, vec![7; n_parts].into(), memory.season(), moment);
    }

    #[test]
    fn who_asks_again_keeps_it_and_who_does_not_loses_it() {
        let memory = memory();
        keep(&memory, 1, 1, at(0));
        keep(&memory, 2, 1, at(0));
        for minute in [6, 11, 16] {
            assert!(memory.find(&1, at(minute * 60)).is_some(), "{minute}");
        }
        assert!(memory.find(&2, at(16 * 60)).is_none());
        for minute in [22, 27] {
            memory.forget_old(at(minute * 60));
        }
        assert_eq!(memory.n_entries(), 0);
    }

    #[test]
    fn nothing_outlives_the_term_and_without_one_nothing_is_kept() {
        for kept_at in 0..300 {
            let memory = memory();
            memory.forget_old(at(0));
            keep(&memory, 7, 1, at(kept_at));
            for second in kept_at..=kept_at + 600 {
                memory.forget_old(at(second));
            }
            assert_eq!(memory.n_entries(), 0, "kept at {kept_at}");
        }
        let memory = memory();
        let term = SignedDuration::ZERO;
        keep(&memory, 7, 1, Moment { term, ..at(0) });
        assert_eq!(memory.n_entries(), 0);
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nothing_for_longer() {
        let memory = memory();
        keep(&memory, 1, 1, at(86_400));
        for second in [0, 301] {
            memory.forget_old(at(second));
        }
        assert_eq!(memory.n_entries(), 0);
    }

    #[test]
    fn what_was_begun_before_a_forgetting_is_not_kept_after_it() {
        let memory = memory();
        let season = memory.season();
        keep(&memory, 1, 1, at(0));
        memory.forget();
        assert_eq!(memory.n_entries(), 0);
        memory.keep(1, vec![7].into(), season, at(0));
        assert_eq!(memory.n_entries(), 0);
        keep(&memory, 1, 1, at(0));
        assert_eq!(memory.n_entries(), 1);
    }

    #[test]
    fn it_never_grows_beyond_its_bounds() {
        let memory = memory();
        for name in 0..5_000 {
            keep(&memory, name, usize::try_from(name % 9).unwrap(), at(0));
            let halves = memory.halves();
            for half in [&halves.late, &halves.early] {
                let n_parts: usize = half.values().map(|entry| entry.len()).sum();
                assert!(half.len() <= BOUNDS.most_entries && n_parts <= BOUNDS.most_parts);
            }
        }
        keep(&memory, 9_999, BOUNDS.most_parts / 8 + 1, at(0));
        assert!(memory.find(&9_999, at(0)).is_none(), "too large");
    }
}
