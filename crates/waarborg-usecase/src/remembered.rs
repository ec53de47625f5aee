//! What was found in the texts of conversations that go on: a client sends all that was said again with every turn, and
//! what was looked through once need not be looked through again.
//!
//! A text is known by a keyed digest that belongs to its conversation (SipHash-2-4 of 128 bits, Aumasson and Bernstein,
//! INDOCRYPT 2012: nobody sees the digests, and a text of any length is digested sooner than it is looked through); kept are places, kinds and scores, and
//! what could stand in the place of a part that points to somebody, in memory alone. What nobody asked for within the term
//! of the register is gone after it, and all of it is when somebody's data is erased or their use restricted; a request that
//! was under way then puts nothing back. A finding follows from its text and from nothing else, so the outcome is the same
//! without.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use siphasher::sip128::SipHasher24;
use waarborg_detect::Finding;
use waarborg_domain::finder::{Finder, FinderFailed};

use crate::file_texts::FileTexts;

/// The term of the register in which what nobody asked for is forgotten; without one nothing is remembered.
pub const TERM: &str = "found_in_texts";

/// So many texts fill one of the two halves.
const MOST_TEXTS: usize = 16 * 1024;

/// So many findings fill one of the two halves.
const MOST_FINDINGS: usize = 32 * 1024;

/// A shorter text, in bytes, is looked through as fast as it is looked up.
const SHORTEST: usize = 64;

/// By which a text of a conversation is known.
type Digest = u128;

/// What was found in texts, for a while. Empty at every start.
#[derive(Default)]
pub struct Remembered {
    found: Mutex<Halves>,
    files: FileTexts,
}

/// What was asked for lately, and what was before that. When the first is full or its term is over, it becomes the
/// second, and what stood there is gone.
#[derive(Default)]
struct Halves {
    late: HashMap<Digest, Arc<[Finding]>>,
    early: HashMap<Digest, Arc<[Finding]>>,
    n_findings: usize,
    turns_at: Timestamp,
    /// How often everything was forgotten.
    n_forgotten: u64,
}

impl Remembered {
    /// Forgets everything, and keeps nothing of what is being looked through now.
    pub fn forget(&self) {
        let mut halves = self.halves();
        *halves = Halves {
            n_forgotten: halves.n_forgotten + 1,
            ..Halves::default()
        };
        drop(halves);
        self.files.forget();
    }

    /// What stood in files, which is forgotten at the same moments.
    #[must_use]
    pub const fn files(&self) -> &FileTexts {
        &self.files
    }

    /// Forgets everything now, and once more when what this returns is dropped: what came in meanwhile goes too.
    pub fn forgetting(&self) -> Forgetting<'_> {
        self.forget();
        Forgetting(self)
    }

    /// Which time between two forgettings this is.
    pub(crate) fn season(&self) -> u64 {
        self.halves().n_forgotten
    }

    /// Forgets what nobody asked for within the term.
    pub fn forget_old(&self, now: Timestamp, term: SignedDuration) {
        self.halves().turn_if_due(now, term);
    }

    /// How many texts are known.
    #[must_use]
    pub fn n_texts(&self) -> usize {
        let halves = self.halves();
        halves.late.len() + halves.early.len()
    }

    fn find(
        &self,
        digest: &Digest,
        now: Timestamp,
        term: SignedDuration,
    ) -> Option<Arc<[Finding]>> {
        let mut halves = self.halves();
        halves.turn_if_due(now, term);
        if let Some(found) = halves.late.get(digest) {
            return Some(Arc::clone(found));
        }
        let found = halves.early.remove(digest)?;
        halves.keep(*digest, Arc::clone(&found), now, term);
        Some(found)
    }

    fn keep(
        &self,
        digest: Digest,
        found: &[Finding],
        season: u64,
        (now, term): (Timestamp, SignedDuration),
    ) {
        if found.len() > MOST_FINDINGS / 8 || !term.is_positive() {
            return;
        }
        let mut halves = self.halves();
        // What was begun before everything was forgotten is forgotten too.
        if halves.n_forgotten == season {
            halves.keep(digest, found.into(), now, term);
        }
    }

    fn halves(&self) -> MutexGuard<'_, Halves> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody's data is being erased, or its use restricted.
#[must_use = "dropping it forgets once more"]
pub struct Forgetting<'a>(&'a Remembered);

impl Drop for Forgetting<'_> {
    fn drop(&mut self) {
        self.0.forget();
    }
}

impl Halves {
    fn turn_if_due(&mut self, now: Timestamp, term: SignedDuration) {
        // A clock that was set back counts as a term that is over.
        if now >= self.turns_at || self.turns_at.duration_since(now) > term / 2 {
            self.turn(now, term);
        }
    }

    /// Each half lives for half the term in the first place and as long in the second, so nothing outlives it.
    fn turn(&mut self, now: Timestamp, term: SignedDuration) {
        self.early = mem::take(&mut self.late);
        self.n_findings = 0;
        self.turns_at = now.checked_add(term / 2).unwrap_or(now);
    }

    fn keep(
        &mut self,
        digest: Digest,
        found: Arc<[Finding]>,
        now: Timestamp,
        term: SignedDuration,
    ) {
        if self.late.len() >= MOST_TEXTS || self.n_findings + found.len() > MOST_FINDINGS {
            self.turn(now, term);
        }
        self.n_findings += found.len();
        self.late.insert(digest, found);
    }
}

/// Makes the digests of one conversation.
pub(crate) struct Digests(SipHasher24);

impl Digests {
    /// With a secret of that conversation that serves nothing else.
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        let [key, _] = secret.as_chunks::<16>().0 else {
            unreachable!("32 bytes are twice 16")
        };
        Self(SipHasher24::new_with_key(key))
    }

    fn of(&self, text: &str) -> Digest {
        self.0.hash(text.as_bytes()).as_u128()
    }
}

/// Finds in the texts of one conversation, and looks through none of them twice.
pub(crate) struct Recalling<'a> {
    pub(crate) finder: &'a dyn Finder,
    pub(crate) remembered: &'a Remembered,
    /// Makes the digests of this conversation.
    pub(crate) digests: Digests,
    /// In which season the request came in.
    pub(crate) season: u64,
    pub(crate) now: Timestamp,
    /// How long what nobody asks for may be known.
    pub(crate) term: SignedDuration,
}

impl Finder for Recalling<'_> {
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        if text.len() < SHORTEST {
            return self.finder.find(text);
        }
        let digest = self.digests.of(text);
        if let Some(found) = self.remembered.find(&digest, self.now, self.term) {
            return Ok(found.to_vec());
        }
        let found = self.finder.find(text)?;
        self.remembered
            .keep(digest, &found, self.season, (self.now, self.term));
        Ok(found)
    }

    fn find_formats(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        self.finder.find_formats(text)
    }

    fn find_in_identifier(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        self.finder.find_in_identifier(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use waarborg_detect::{Kind, Why};

    struct Counting(AtomicUsize);

    impl Finder for Counting {
        fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let found = Finding::new(0..text.len() / 2, Kind::Person, 0.5, Why::Model);
            Ok(vec![found])
        }
    }

    const TEN: SignedDuration = SignedDuration::from_mins(10);

    fn long(first: &str) -> String {
        format!("{first}{}", " en nog iets".repeat(10))
    }

    #[test]
    fn a_text_is_looked_through_once_in_its_conversation_until_its_term_is_over() {
        let (finder, remembered) = (Counting(AtomicUsize::new(0)), Remembered::default());
        let find = |text: &str, conversation: u8, minute: i64| {
            let recalling = Recalling {
                finder: &finder,
                remembered: &remembered,
                digests: Digests::new(&[conversation; 32]),
                season: remembered.season(),
                now: Timestamp::from_second(1_800_000_000 + minute * 60).unwrap(),
                term: TEN,
            };
            let found = recalling.find(text).unwrap();
            assert_eq!(found, Counting(AtomicUsize::new(0)).find(text).unwrap());
            finder.0.load(Ordering::Relaxed)
        };
        assert_eq!(find(&long("een"), 1, 0), 1);
        assert_eq!(find(&long("een"), 1, 1), 1);
        assert_eq!(find(&long("twee"), 1, 1), 2);
        assert_eq!(find(&long("een"), 2, 1), 3, "another conversation");
        assert_eq!(find("kort", 1, 1), 4);
        assert_eq!(find("kort", 1, 1), 5, "too short to be kept");
        // Whoever goes on keeps it; who does not, loses it.
        assert_eq!(find(&long("een"), 1, 6), 5);
        assert_eq!(find(&long("een"), 1, 11), 5);
        assert_eq!(find(&long("twee"), 1, 17), 6);
        remembered.forget();
        assert_eq!(remembered.n_texts(), 0);
        assert_eq!(find(&long("een"), 1, 17), 7);
        remembered.forget_old(
            Timestamp::from_second(1_800_000_000 + 40 * 60).unwrap(),
            TEN,
        );
        remembered.forget_old(
            Timestamp::from_second(1_800_000_000 + 46 * 60).unwrap(),
            TEN,
        );
        assert_eq!(remembered.n_texts(), 0);
    }

    #[test]
    fn nothing_outlives_the_term_and_without_one_nothing_is_kept() {
        let found = [Finding::new(0..1, Kind::Person, 0.5, Why::Model)];
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        for asked_at in 0..300 {
            let remembered = Remembered::default();
            remembered.forget_old(at(0), TEN);
            remembered.keep(7, &found, 0, (at(asked_at), TEN));
            for second in asked_at..=asked_at + 600 {
                remembered.forget_old(at(second), TEN);
            }
            assert_eq!(remembered.n_texts(), 0, "kept at {asked_at}");
        }
        let remembered = Remembered::default();
        remembered.keep(7, &found, 0, (at(0), SignedDuration::ZERO));
        assert_eq!(remembered.n_texts(), 0);
    }

    /// Finds, and while it looks somebody's data is erased.
    struct Interrupted<'a>(&'a Remembered);

    impl Finder for Interrupted<'_> {
        fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
            self.0.forget();
            Counting(AtomicUsize::new(0)).find(text)
        }
    }

    #[test]
    fn a_request_under_way_puts_nothing_back_after_an_erasure() {
        let remembered = Remembered::default();
        let calm = Counting(AtomicUsize::new(0));
        let recalling = |finder| Recalling {
            finder,
            remembered: &remembered,
            digests: Digests::new(&[1; 32]),
            season: remembered.season(),
            now: Timestamp::from_second(1_800_000_000).unwrap(),
            term: TEN,
        };
        let interrupted = Interrupted(&remembered);
        recalling(&interrupted).find(&long("een")).unwrap();
        assert_eq!(remembered.n_texts(), 0, "in the middle of one text");

        let before = recalling(&calm);
        before.find(&long("een")).unwrap();
        assert_eq!(remembered.n_texts(), 1);
        let erasing = remembered.forgetting();
        before.find(&long("twee")).unwrap();
        assert_eq!(remembered.n_texts(), 0, "between two texts");
        recalling(&calm).find(&long("drie")).unwrap();
        assert_eq!(remembered.n_texts(), 1, "came in while the store erased");
        drop(erasing);
        assert_eq!(remembered.n_texts(), 0);
    }

    #[test]
    fn it_never_grows_beyond_its_bounds() {
        let remembered = Remembered::default();
        let now = Timestamp::UNIX_EPOCH;
        let found = vec![Finding::new(0..1, Kind::Person, 0.5, Why::Model); 20];
        for number in 0..100_000_u64 {
            let some = &found[..usize::try_from(number % 20).unwrap()];
            remembered.keep(u128::from(number), some, 0, (now, TEN));
        }
        assert!(remembered.n_texts() <= 2 * MOST_TEXTS);
        let halves = remembered.halves();
        let n_findings: usize = halves
            .late
            .values()
            .chain(halves.early.values())
            .map(|found| found.len())
            .sum();
        assert!(n_findings <= 2 * MOST_FINDINGS);
    }
}
