//! What is taken out again because nothing says that it is anybody's: faint marks, and marks in passages about things in general.

use alloc::vec::Vec;

use crate::contacts;
use crate::finding::Why;
use crate::kind::Kind;
use crate::names;
use crate::passage::Passages;
use crate::program::Programs;
use crate::reading::{Hit, Reading};
use crate::vocabulary::role;

/// From here on the tagger is sure.
const SURE: f32 = 0.6;
/// Below this the tagger is in doubt.
const DOUBT: f32 = 0.44;

/// In doubt it is personal data, but not in a text where nothing else is: a lone faint mark in a
/// general question marks a word, not a person. A faint mark of a special category is never
/// enough: it would stop a whole message for one unknown word.
pub(crate) fn drop_faint(hits: &mut Vec<Hit>) {
    hits.retain(|hit| hit.score >= DOUBT || !hit.kind.is_special());
    // Keys and addresses of the web have recognisers of their own, which know what is none.
    hits.retain(|hit| {
        let has_own = matches!(hit.kind, Kind::ApiKey | Kind::UrlPersonal);
        // What is longer than people type is for the recogniser of keys.
        let is_typed = hit.kind != Kind::ApiKey || hit.span.len() <= 64;
        hit.why != Why::Model || !has_own || (hit.score >= SURE && is_typed)
    });
    let is_sure = hits
        .iter()
        .any(|hit| hit.kind.is_identifier() && hit.score >= 0.52);
    if !is_sure {
        hits.retain(|hit| hit.score >= DOUBT);
    }
}

/// Above these (hundredths of a log odds) a passage speaks of things in general, and what only so much speaks for is nobody's:
/// what resembles personal data,
const RESEMBLES: i32 = -30;
/// what has a form or a word before it,
const HAS_FORM: i32 = 0;
/// and what is announced by name.
const IS_ANNOUNCED: i32 = 90;
/// A few words say little of what they are about: in a text with fewer than this,
const FEW_WORDS: usize = 25;
/// a passage must speak of things in general by so much more.
const OF_FEW: i32 = 200;
/// In a text with fewer words than this what has a form is found whatever they are about.
pub(crate) const TOO_FEW_WORDS: usize = 12;

/// In a passage about things in general only what is proven by itself is personal data: a street,
/// a title or a label alone is not.
pub(crate) fn drop_general(
    reading: &Reading<'_>,
    (passages, programs): (&Passages, &Programs),
    hits: &mut Vec<Hit>,
) {
    hits.retain(|hit| {
        hit.score <= Hit::HINT
            || is_somebody(reading, programs, hit)
            || limit(reading, hit).is_none_or(|limit| general(reading, passages, hit) <= limit)
    });
}

/// The same for what was found by a second look; what was there before has been judged.
pub(crate) fn drop_general_again(
    reading: &Reading<'_>,
    (passages, programs): (&Passages, &Programs),
    hits: &mut Vec<Hit>,
) {
    hits.retain(|hit| {
        let is_new = matches!(
            hit.why,
            Why::FoundBefore | Why::Description | Why::SpecialWord
        );
        !is_new
            || is_somebody(reading, programs, hit)
            || limit(reading, hit).is_none_or(|limit| general(reading, passages, hit) <= limit)
    });
}

/// A customer, a tenant, a colleague with a first name and a surname is somebody in whatever question.
fn is_somebody(reading: &Reading<'_>, programs: &Programs, hit: &Hit) -> bool {
    let place = reading.first_in(&hit.span);
    let before = |role| place > 0 && reading.cue(place - 1).is(role);
    programs.names_somebody(reading, hit)
        || (matches!(hit.why, Why::Model | Why::NameList)
            && before(role::RELATION)
            && !before(role::PUBLIC)
            && names::is_whole(reading, hit))
}

/// How general the passage around a hit is.
fn general(reading: &Reading<'_>, passages: &Passages, hit: &Hit) -> i32 {
    passages.general(reading.first_in(&hit.span))
}

/// How general a passage may be in which this is still somebody's; nothing for what is proven by itself.
fn limit(reading: &Reading<'_>, hit: &Hit) -> Option<i32> {
    if hit.kind.is_secret() {
        return None;
    }
    let more = if reading.n_words < FEW_WORDS {
        OF_FEW
    } else {
        0
    };
    let is_number = matches!(hit.kind, Kind::Bsn | Kind::Iban | Kind::IdNumber);
    match hit.why {
        // Who says who they are is somebody, whatever follows.
        _ if is_ones_own(reading, hit) => None,
        // Who asks for a letter to somebody says little more than a name.
        Why::Model
            if hit.kind == Kind::Person && hit.score >= 0.5 && reading.n_words < TOO_FEW_WORDS =>
        {
            None
        }
        Why::Model | Why::FoundBefore | Why::SpecialWord | Why::Description => {
            Some(RESEMBLES + more)
        }
        Why::AfterLabel if is_number => Some(IS_ANNOUNCED),
        Why::Column => Some(IS_ANNOUNCED),
        // A plate has a shape of its own, yet so have product codes.
        Why::Format if hit.kind == Kind::LicencePlate => Some(3 * IS_ANNOUNCED),
        // What reaches somebody is theirs in whatever text.
        Why::AfterLabel | Why::Format if contacts::is_own(reading, hit) => None,
        Why::AfterLabel | Why::StreetAndNumber | Why::Residence
            if reading.n_words < TOO_FEW_WORDS =>
        {
            Some(IS_ANNOUNCED)
        }
        _ if reading.n_words < TOO_FEW_WORDS => None,
        Why::NameList => Some(RESEMBLES + more),
        Why::NameCue if reading.slice(hit.span.clone()).contains(' ') => {
            // A few words say too little against a title and two names.
            (reading.n_words >= FEW_WORDS).then_some(IS_ANNOUNCED)
        }
        Why::NameCue
        | Why::Initials
        | Why::LetterForm
        | Why::StreetAndNumber
        | Why::AfterLabel
        | Why::Residence => Some(HAS_FORM + more),
        Why::Format => match hit.kind {
            Kind::Phone | Kind::Email | Kind::Postcode | Kind::City => Some(HAS_FORM + more),
            _ => None,
        },
        _ => None,
    }
}

/// What somebody says of themselves, in words that leave no doubt: "Ik ben Sanne de Wit", "mijn klantnummer is 40383387".
pub(crate) fn is_ones_own(reading: &Reading<'_>, hit: &Hit) -> bool {
    let place = reading.first_in(&hit.span);
    let is = |before: usize, words: &[&str]| {
        let place = place.checked_sub(before);
        place.is_some_and(|place| reading.is_one_of(place, words))
    };
    if hit.why == Why::AfterLabel {
        return (2..=4).any(|before| is(before, &["mijn", "my"]));
    }
    if matches!(hit.why, Why::StreetAndNumber | Why::Residence) {
        // "Ik woon met mijn man op Kerkstraat 12".
        let lives = |before: usize| {
            is(before, &["woon", "wonen", "live"])
                && (is(before + 1, &["ik", "wij", "we", "i"]) || is(before - 1, &["ik", "wij"]))
        };
        return (1..=7).any(lives);
    }
    let says_so = (is(2, &["ik", "i"]) && is(1, &["ben", "heet", "am"]))
        || (is(3, &["mijn", "my"]) && is(2, &["naam", "name"]) && is(1, &["is"]));
    hit.kind == Kind::Person && reading.slice(hit.span.clone()).contains(' ') && says_so
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use crate::explain::Fate;
    use crate::{Detector, Kind};

    const SCHOOL: &str = "Geef een overzicht van Nederlandse schrijvers: wie was Theo Thijssen, wat schreef Jan Terlouw en waarom is \
                          Tonke Dragt zo bekend geworden bij kinderen?";

    #[test]
    fn names_in_general_questions_are_nobodys_and_that_is_told() {
        let detector = Detector::new();
        assert!(detector.find(SCHOOL).is_empty());
        let fates: Vec<Fate> = detector
            .explain(SCHOOL)
            .into_iter()
            .filter(|one| one.kind == Kind::Person)
            .map(|one| one.fate)
            .collect();
        assert!(
            fates.contains(&Fate::General) || fates.contains(&Fate::Sentence),
            "{fates:?}"
        );
    }

    #[test]
    fn what_proves_itself_is_found_in_any_passage() {
        let text = alloc::format!("{SCHOOL} Het nummer is 111222333, en NL91ABNA0417164300.");
        let kinds: Vec<Kind> = (Detector::new().find(&text).into_iter())
            .map(|finding| finding.kind)
            .collect();
        assert!(kinds.contains(&Kind::Iban), "{kinds:?}");
    }

    #[test]
    fn who_says_who_they_are_is_somebody_in_any_passage() {
        let detector = Detector::new();
        for said in ["Ik ben Sanne van den Berg.", "Mijn naam is Pieter Jansen."] {
            let text = alloc::format!("{SCHOOL} {said}");
            let found = detector.find(&text);
            assert!(
                found.iter().any(|finding| finding.kind == Kind::Person),
                "{said}"
            );
            let quoted = alloc::format!("{SCHOOL} Het boek begint met {}", said.to_lowercase());
            assert!(detector.find(&quoted).len() <= 1, "{said}");
        }
        let text = alloc::format!("{SCHOOL} En mijn klantnummer is 40383387.");
        assert_eq!(detector.find(&text).len(), 1);
        let text = alloc::format!("{SCHOOL} Ik woon met mijn man op Dorpsweg 12 in Utrecht.");
        assert!(!detector.find(&text).is_empty());
    }

    #[test]
    fn in_a_few_words_a_name_is_a_name() {
        let found = Detector::new().find("Schrijf een brief voor Sanne de Vries over de huur");
        assert_eq!(found.len(), 1);
    }
}
