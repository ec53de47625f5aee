//! Was this person in a prompt? Answered by keyed fingerprints, where the register has a retention for them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use waarborg_detect::{Detector, Kind};
use waarborg_domain::claim::Circumstances;
use waarborg_domain::finder::{Finder, FinderFailed};
use waarborg_domain::identifier::canonical;
use waarborg_domain::prompt::Witness;

use crate::desk::Desk;
use crate::ports::{ConversationSecrets, Mark, Sighting};

/// Collects the identifiers of one prompt, as keyed fingerprints. The values themselves go no further.
pub(crate) struct Collector<'d> {
    secrets: &'d dyn ConversationSecrets,
    finder: &'d dyn Finder,
    rule: String,
    ends_at: Timestamp,
    found: Mutex<BTreeSet<(Mark, Kind, bool)>>,
}

impl<'d> Collector<'d> {
    /// A collector for a service, if the register says how long fingerprints of it are kept.
    pub(crate) fn of(desk: &'d Desk, service: &str) -> Option<Self> {
        let category = &desk.surfaces.sightings_category;
        let rules = desk
            .register
            .claims(service, category, &Circumstances::none());
        let now = desk.now();
        // Without an end that is known today nothing is kept.
        let ends = rules
            .iter()
            .filter(|rule| rule.trigger.is_known_at_creation() && !rule.trigger.is_memory_only())
            .filter_map(|rule| {
                let ends_at = rule.ends_at(now, &desk.zone)?;
                let ended_at = ends_at.checked_sub(rule.kind.margin()).ok()?;
                Some((ended_at, rule.rule.clone()))
            });
        let (ends_at, rule) = ends.max()?;
        Some(Self {
            secrets: &*desk.secrets,
            finder: &*desk.finder,
            rule,
            ends_at,
            found: Mutex::default(),
        })
    }

    /// The prompt was sent to this recipient.
    pub(crate) fn note(self, desk: &Desk, service: &str, recipient: &str) {
        let found = self
            .found
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if found.is_empty() {
            return;
        }
        let day = desk.today();
        let sightings = found.into_iter().map(|(mark, kind, is_replaced)| Sighting {
            mark,
            kind: kind.label(),
            service: service.to_owned(),
            recipient: recipient.to_owned(),
            day,
            rule: self.rule.clone(),
            ends_at: self.ends_at,
            is_replaced,
        });
        desk.store.see(sightings.collect());
    }
}

impl Witness for Collector<'_> {
    fn sees(&self, kind: Kind, value: &str, is_replaced: bool) {
        // Who looked at this text a moment ago does not fail at a piece of it.
        let marks = marks_of((self.secrets, self.finder), kind, value).unwrap_or_default();
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.extend(
            marks
                .into_iter()
                .map(|(kind, mark)| (mark, kind, is_replaced)),
        );
    }
}

/// The keyed fingerprints of what was found in a text, also of the identifiers that stand encoded in it.
///
/// # Errors
///
/// [`FinderFailed`] if nobody could look into what is encoded.
pub(crate) fn marks_of(
    (secrets, finder): (&dyn ConversationSecrets, &dyn Finder),
    kind: Kind,
    value: &str,
) -> Result<Vec<(Kind, Mark)>, FinderFailed> {
    let mark = |kind: Kind, value: &str| Some((kind, mark_of(secrets, kind, value)?));
    let mut marks: Vec<(Kind, Mark)> = mark(kind, value).into_iter().collect();
    for reading in Detector::decoded(value) {
        marks.extend(mark(kind, &reading));
        let findings = finder.find(&reading)?;
        let within = findings.into_iter().filter_map(|finding| {
            let value = reading.get(finding.span.clone())?;
            mark(finding.kind, value)
        });
        marks.extend(within);
    }
    Ok(marks)
}

/// Shorter than this, in letters and digits, a part of a name says nothing of anybody.
const SHORTEST_PART: usize = 4;

/// The keyed fingerprints of what a program may have called something after somebody: of its whole name, and of each part with a
/// number in it.
pub(crate) fn marks_of_name(secrets: &dyn ConversationSecrets, name: &str) -> BTreeSet<Mark> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let parts = name.split(|letter: char| !letter.is_alphanumeric());
    let parts = parts.filter(|part| part.contains(is_digit));
    let numbers = name.split(|letter: char| !is_digit(letter));
    let all = std::iter::once(name).chain(parts).chain(numbers);
    all.filter_map(|part| mark_of_name(secrets, part)).collect()
}

/// The keyed fingerprints by which an identifier is found in such names, however it is written there.
pub(crate) fn marks_in_names(
    secrets: &dyn ConversationSecrets,
    kind: Kind,
    value: &str,
) -> BTreeSet<Mark> {
    let canonical = canonical(kind, value);
    let all = std::iter::once(value).chain(canonical.as_deref());
    all.filter_map(|part| mark_of_name(secrets, part)).collect()
}

fn mark_of_name(secrets: &dyn ConversationSecrets, part: &str) -> Option<Mark> {
    let letters = part.chars().filter(|letter| letter.is_alphanumeric());
    let compact: String = letters.flat_map(char::to_uppercase).collect();
    let is_long_enough = compact.chars().count() >= SHORTEST_PART;
    let scope: [&[u8]; 2] = [b"seen in a name", compact.as_bytes()];
    is_long_enough.then(|| secrets.conversation_key(&scope))
}

/// The keyed fingerprint of an identifier; `None` for what says too little of who somebody is.
pub(crate) fn mark_of(secrets: &dyn ConversationSecrets, kind: Kind, value: &str) -> Option<Mark> {
    let canonical = canonical(kind, value)?;
    let scope: [&[u8]; 3] = [
        b"seen in a prompt",
        kind.label().as_bytes(),
        canonical.as_bytes(),
    ];
    Some(secrets.conversation_key(&scope))
}

#[cfg(test)]
mod tests {
    use waarborg_detect::Finding;

    use super::*;

    /// Digests that differ as far as these tests ask.
    struct Sums;

    impl ConversationSecrets for Sums {
        fn conversation_key(&self, scope: &[&[u8]]) -> [u8; 32] {
            let mut key = [0_u8; 32];
            for (place, byte) in scope.join(&0).iter().enumerate() {
                let slot = &mut key[place % 32];
                *slot = slot.rotate_left(3) ^ byte;
            }
            key
        }

        fn seal(&self, _: &[&[u8]], _: &str) -> Option<Vec<u8>> {
            None
        }

        fn open(&self, _: &[&[u8]], _: &[u8]) -> Option<String> {
            None
        }
    }

    struct Found(Detector);

    impl Finder for Found {
        fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
            Ok(self.0.find(text))
        }
    }

    #[test]
    fn what_stands_encoded_in_a_text_is_found_by_its_own_marks() {
        let finder = Found(Detector::new());
        let of = |kind, value: &str| {
            let marks = marks_of((&Sums, &finder), kind, value).unwrap();
            marks.into_iter().map(|(_, mark)| mark).collect::<Vec<_>>()
        };
        let mail = mark_of(&Sums, Kind::Email, "j.jansen@voorbeeld.nl").unwrap();
        let number = mark_of(&Sums, Kind::CustomerNumber, "48213").unwrap();
        assert_eq!(of(Kind::Email, "j.jansen@voorbeeld.nl"), [mail]);
        assert!(of(Kind::Email, "j.jansen%40voorbeeld.nl").contains(&mail));
        let island = "TWFpbCBqLmphbnNlbkB2b29yYmVlbGQubmwgb3ZlciBrbGFudG51bW1lciA0ODIxMy4=";
        let within = of(Kind::Email, island);
        assert!(within.contains(&mail) && within.contains(&number));
    }

    #[test]
    fn a_name_that_was_made_after_somebody_is_found_by_whom_it_names() {
        for (name, kind, value, is_found) in [
            ("klant-48213", Kind::CustomerNumber, "48213", true),
            ("klant48213", Kind::CustomerNumber, "48213", true),
            ("2026_a-4711_jan", Kind::CustomerNumber, "A-4711", false),
            ("a-4711", Kind::CustomerNumber, "A 4711", true),
            ("jan-de-vries", Kind::Person, "Jan de Vries", true),
            (
                "J.Jansen@voorbeeld.nl",
                Kind::Email,
                "j.jansen@voorbeeld.nl",
                true,
            ),
            ("bsn:123456782", Kind::Bsn, "1234.56.782", true),
            ("klant-48214", Kind::CustomerNumber, "48213", false),
            ("regel-12", Kind::CustomerNumber, "12", false),
        ] {
            let sought = marks_in_names(&Sums, kind, value);
            let marks = marks_of_name(&Sums, name);
            assert_eq!(!marks.is_disjoint(&sought), is_found, "{name}");
        }
    }
}
