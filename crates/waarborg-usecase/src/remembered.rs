//! What was found in the texts of conversations that go on: a client sends all that was said again with every turn, and
//! what was looked through once need not be looked through again.
//!
//! A text is known by a keyed digest that belongs to its conversation (SipHash-2-4 of 128 bits, Aumasson and Bernstein,
//! INDOCRYPT 2012: nobody sees the digests, and a text of any length is digested sooner than it is looked through); kept are places, kinds and scores, and
//! what could stand in the place of a part that points to somebody, in memory alone. What nobody asked for within the term
//! of the register is gone after it, and all of it is when somebody's data is erased or their use restricted; a request that
//! was under way then puts nothing back. A finding follows from its text and from nothing else, so the outcome is the same
//! without.

use jiff::{SignedDuration, Timestamp};
use siphasher::sip128::SipHasher24;
use waarborg_detect::Finding;
use waarborg_domain::finder::{Finder, FinderFailed};

use crate::fading::{Bounds, Fading, Moment};
use crate::file_texts::FileTexts;

/// The term of the register in which what nobody asked for is forgotten; without one nothing is remembered.
pub const TERM: &str = "found_in_texts";

/// Of texts, and of findings in them.
const BOUNDS: Bounds = Bounds {
    most_entries: 16 * 1024,
    most_parts: 32 * 1024,
};

/// A shorter text, in bytes, is looked through as fast as it is looked up.
const SHORTEST: usize = 64;

/// By which a text of a conversation is known.
type Digest = u128;

/// What was found in texts, for a while. Empty at every start.
pub struct Remembered {
    found: Fading<Digest, Finding>,
    files: FileTexts,
}

impl Default for Remembered {
    fn default() -> Self {
        Self {
            found: Fading::new(BOUNDS),
            files: FileTexts::default(),
        }
    }
}

impl Remembered {
    /// Forgets everything, and keeps nothing of what is being looked through now.
    pub fn forget(&self) {
        self.found.forget();
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
        self.found.season()
    }

    /// Forgets what nobody asked for within the term.
    pub fn forget_old(&self, now: Timestamp, term: SignedDuration) {
        self.found.forget_old(Moment { now, term });
    }

    /// How many texts are known.
    #[must_use]
    pub fn n_texts(&self) -> usize {
        self.found.n_entries()
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
    pub(crate) moment: Moment,
}

impl Finder for Recalling<'_> {
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        if text.len() < SHORTEST {
            return self.finder.find(text);
        }
        let digest = self.digests.of(text);
        if let Some(found) = self.remembered.found.find(&digest, self.moment) {
            return Ok(found.to_vec());
        }
        let found = self.finder.find(text)?;
        let kept = found.as_slice().into();
        self.remembered
            .found
            .keep(digest, kept, self.season, self.moment);
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

    fn at(minute: i64) -> Moment {
        Moment {
            now: Timestamp::from_second(1_800_000_000 + minute * 60).unwrap(),
            term: SignedDuration::from_mins(10),
        }
    }

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
                moment: at(minute),
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
        for minute in [40, 46] {
            let Moment { now, term } = at(minute);
            remembered.forget_old(now, term);
        }
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
            moment: at(0),
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
}
