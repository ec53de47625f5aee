//! What stood in the files of conversations that go on: a client sends them again with every turn, and reading the letters
//! of a picture takes long.
//!
//! A text lies sealed in memory under a key that follows from the file, from all of the conversation before it and from who
//! writes, and that key is not kept. So nobody opens it but who sends the very same again, and nobody learns from the time of an answer what
//! stood in another's conversation. What nobody asked for within the term of the register is gone after it, and all of it
//! when what was found in texts is forgotten; what was being read then is not kept.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use waarborg_domain::ids::GatewayKeyId;

use crate::desk::Desk;
use crate::fading::{Bounds, Fading, Moment};
use crate::gateway::Wishes;
use crate::ports::{ConversationSecrets, GatewayKey};
use crate::remembered::Remembered;

/// The term of the register within which the text of a file is known that is sent again; without one none is.
pub const TERM: &str = "read_in_files";

/// Of texts, and of their bytes.
const BOUNDS: Bounds = Bounds {
    most_entries: 1_024,
    most_parts: 8 * 1024 * 1024,
};

/// Texts of files, sealed, for a while. Empty at every start.
pub struct FileTexts(Fading<[u8; 32], u8>);

impl Default for FileTexts {
    fn default() -> Self {
        Self(Fading::new(BOUNDS))
    }
}

impl FileTexts {
    pub(crate) fn forget(&self) {
        self.0.forget();
    }

    /// Forgets what nobody asked for within the term.
    pub fn forget_old(&self, now: Timestamp, term: SignedDuration) {
        self.0.forget_old(Moment { now, term });
    }

    /// How many texts are known.
    #[must_use]
    pub fn n_texts(&self) -> usize {
        self.0.n_entries()
    }
}

/// What is known of the files of one request.
pub struct Recall {
    secrets: Arc<dyn ConversationSecrets>,
    remembered: Arc<Remembered>,
    key: GatewayKeyId,
    /// Who writes, and in which conversation, where the application says so.
    named: [Option<String>; 2],
    /// How often everything was forgotten when the request came in.
    season: u64,
    moment: Moment,
}

/// Where the text of a file lies, and what opens it.
pub struct Place {
    name: [u8; 32],
    up_to: [u8; 32],
    nth: [u8; 8],
}

impl Recall {
    /// For a request of a key; `None` where nothing may be kept, or the register has no term for it.
    #[must_use]
    pub fn begin(desk: &Desk, key: &GatewayKey, wishes: &Wishes) -> Option<Self> {
        let term = desk.term_lasts(TERM);
        let may_keep = !wishes.no_store && !wishes.dry_run && term.is_positive();
        may_keep.then(|| Self {
            secrets: Arc::clone(&desk.secrets),
            remembered: Arc::clone(&desk.remembered),
            key: key.id,
            named: [wishes.person.clone(), wishes.conversation.clone()],
            season: desk.remembered.files().0.season(),
            moment: Moment {
                now: desk.now(),
                term,
            },
        })
    }

    /// Where the text of a file lies; `up_to` is a digest of the request from its beginning to the end of the part with
    /// the file, and `nth` says which one in that part it is.
    #[must_use]
    pub fn place(&self, up_to: [u8; 32], nth: usize) -> Place {
        let nth = u64::try_from(nth).unwrap_or(u64::MAX).to_be_bytes();
        let scope = self.scope(b"text of a file", (&up_to, &nth));
        let name = self.secrets.conversation_key(&scope);
        Place { name, up_to, nth }
    }

    /// The text of a file that was read before.
    #[must_use]
    pub fn find(&self, place: &Place) -> Option<String> {
        let sealed = self.files().0.find(&place.name, self.moment)?;
        self.secrets.open(&self.seal_of(place), &sealed)
    }

    /// Keeps the text of a file, unless everything was forgotten since the request came in.
    pub fn keep(&self, place: &Place, text: &str) {
        if let Some(sealed) = self.secrets.seal(&self.seal_of(place), text) {
            self.files()
                .0
                .keep(place.name, sealed.into(), self.season, self.moment);
        }
    }

    fn seal_of<'p>(&'p self, place: &'p Place) -> Vec<&'p [u8]> {
        self.scope(b"seal of the text of a file", (&place.up_to, &place.nth))
    }

    fn scope<'p>(
        &'p self,
        what: &'static [u8],
        (up_to, nth): (&'p [u8; 32], &'p [u8; 8]),
    ) -> Vec<&'p [u8]> {
        let mut scope = vec![what, self.key.0.as_bytes(), up_to, nth];
        for named in &self.named {
            // Nobody named is somebody else than an empty name.
            scope.push(if named.is_some() { b"named" } else { b"" });
            scope.push(named.as_deref().unwrap_or_default().as_bytes());
        }
        scope
    }

    fn files(&self) -> &FileTexts {
        self.remembered.files()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys and seals that differ as far as these tests ask; the real ones are tested where they are.
    struct Secret;

    impl ConversationSecrets for Secret {
        fn seal(&self, scope: &[&[u8]], text: &str) -> Option<Vec<u8>> {
            let key = self.conversation_key(scope);
            Some([&key, text.as_bytes()].concat())
        }

        fn open(&self, scope: &[&[u8]], sealed: &[u8]) -> Option<String> {
            let text = sealed.strip_prefix(&self.conversation_key(scope))?;
            String::from_utf8(text.to_vec()).ok()
        }

        fn conversation_key(&self, scope: &[&[u8]]) -> [u8; 32] {
            let mut key = [0_u8; 32];
            for (at, byte) in scope.concat().into_iter().enumerate() {
                key[at % 32] = byte.wrapping_add(key[at % 32].rotate_left(3));
            }
            key
        }
    }

    fn recall(remembered: &Arc<Remembered>, minute: i64) -> Recall {
        Recall {
            secrets: Arc::new(Secret),
            remembered: Arc::clone(remembered),
            key: GatewayKeyId(uuid::Uuid::nil()),
            named: [None, None],
            season: remembered.files().0.season(),
            moment: Moment {
                now: Timestamp::from_second(1_800_000_000 + minute * 60).unwrap(),
                term: SignedDuration::from_mins(10),
            },
        }
    }

    #[test]
    fn a_text_is_known_to_who_sends_the_same_again_until_its_term_is_over() {
        let remembered = Arc::new(Remembered::default());
        let at = |minute| recall(&remembered, minute);
        let find = |minute, up_to: u8, nth| {
            let recall = at(minute);
            recall.find(&recall.place([up_to; 32], nth))
        };
        let first = at(0);
        first.keep(&first.place([1; 32], 0), "Kanarietekst");
        assert_eq!(find(1, 1, 0).as_deref(), Some("Kanarietekst"));
        assert_eq!(find(1, 2, 0), None, "another conversation before it");
        assert_eq!(find(1, 1, 1), None, "another file");
        let other = Recall {
            key: GatewayKeyId(uuid::Uuid::from_u128(7)),
            ..at(1)
        };
        assert_eq!(other.find(&other.place([1; 32], 0)), None, "another key");
        for named in [
            [Some("els".to_owned()), None],
            [None, Some("els".to_owned())],
            [Some(String::new()), None],
        ] {
            let other = Recall { named, ..at(1) };
            assert_eq!(other.find(&other.place([1; 32], 0)), None, "somebody else");
        }
        // Whoever goes on keeps it; who does not, loses it.
        assert!(find(6, 1, 0).is_some() && find(11, 1, 0).is_some());
        for minute in [17, 22] {
            let Moment { now, term } = at(minute).moment;
            remembered.files().forget_old(now, term);
        }
        assert_eq!(remembered.files().n_texts(), 0);
    }

    #[test]
    fn what_was_being_read_is_not_kept_after_a_forgetting() {
        let remembered = Arc::new(Remembered::default());
        let first = recall(&remembered, 0);
        let place = first.place([1; 32], 0);
        first.keep(&place, "Kanarietekst");
        assert_eq!(remembered.files().n_texts(), 1);
        remembered.forget();
        assert_eq!(remembered.files().n_texts(), 0);
        first.keep(&place, "Kanarietekst");
        assert_eq!(remembered.files().n_texts(), 0);
    }

    #[test]
    fn it_never_grows_beyond_its_bounds() {
        let remembered = Arc::new(Remembered::default());
        let one = recall(&remembered, 0);
        let text = "x".repeat(BOUNDS.most_parts / 16);
        for nth in 0..40 {
            one.keep(&one.place([1; 32], nth), &text);
        }
        assert!((1..=2 * 16).contains(&remembered.files().n_texts()));
        one.keep(&one.place([2; 32], 0), &"x".repeat(BOUNDS.most_parts));
        assert_eq!(one.find(&one.place([2; 32], 0)), None, "too long");
    }
}
