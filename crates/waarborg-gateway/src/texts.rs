//! The sentences that this room says to people, in Dutch and English.
//!
//! They stand in `text/{nl,en}/*.ftl`. Ours need no more of Fluent than `key = sentence` with
//! `{ $name }` in it, so that is all that is read here.

use waarborg_detect::Kind;
use waarborg_detect::surrogate::Language;

const DUTCH: [&str; 2] = [
    include_str!("../../../text/nl/gateway.ftl"),
    include_str!("../../../text/nl/demo.ftl"),
];
const ENGLISH: [&str; 2] = [
    include_str!("../../../text/en/gateway.ftl"),
    include_str!("../../../text/en/demo.ftl"),
];

/// The chat page's words, of which those for kinds of data are used here too.
const DUTCH_KINDS: &str = include_str!("../../../text/nl/web-chat.ftl");
const ENGLISH_KINDS: &str = include_str!("../../../text/en/web-chat.ftl");

/// What a kind of data is called, such as "burgerservicenummer".
#[must_use]
pub(crate) fn kind_word(language: Language, kind: Kind) -> &'static str {
    let words = match language {
        Language::English => ENGLISH_KINDS,
        _ => DUTCH_KINDS,
    };
    let key = format!("kind-{}", kind.label().to_lowercase().replace('_', "-"));
    in_file(words, &key).unwrap_or(kind.label())
}

/// The sentence `key` in a language, with its places filled in.
///
/// A key that does not exist is said as it is; a test sees to it that none is.
#[must_use]
pub(crate) fn say(language: Language, key: &str, places: &[(&str, &str)]) -> String {
    let mut sentence = sentence(language, key).unwrap_or(key).to_owned();
    for (name, value) in places {
        sentence = sentence.replace(&format!("{{ ${name} }}"), value);
    }
    sentence
}

fn sentence(language: Language, key: &str) -> Option<&'static str> {
    let files = match language {
        Language::English => ENGLISH,
        _ => DUTCH,
    };
    files.iter().find_map(|file| in_file(file, key))
}

fn in_file(file: &'static str, key: &str) -> Option<&'static str> {
    file.lines().find_map(|line| {
        let (found, sentence) = line.split_once(" = ")?;
        (found == key).then_some(sentence)
    })
}

/// The language a text is written in, by its small words; Dutch when in doubt.
#[must_use]
pub(crate) fn language_of(text: &str) -> Language {
    const DUTCH_WORDS: [&str; 16] = [
        "de", "het", "een", "en", "ik", "mijn", "is", "van", "voor", "niet", "wat", "hoe", "met",
        "u", "je", "aan",
    ];
    const ENGLISH_WORDS: [&str; 16] = [
        "the", "a", "and", "i", "my", "of", "for", "not", "what", "how", "with", "you", "your",
        "to", "please", "are",
    ];
    let (mut n_dutch, mut n_english) = (0_usize, 0_usize);
    for word in text
        .split(|character: char| !character.is_alphabetic())
        .take(2_000)
    {
        let word = word.to_lowercase();
        n_dutch += usize::from(DUTCH_WORDS.contains(&word.as_str()));
        n_english += usize::from(ENGLISH_WORDS.contains(&word.as_str()));
    }
    if n_english > n_dutch {
        Language::English
    } else {
        Language::Dutch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(file: &str) -> Vec<&str> {
        file.lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(key, _)| key)
            .collect()
    }

    #[test]
    fn every_sentence_exists_in_both_languages() {
        for (dutch, english) in DUTCH.iter().zip(ENGLISH) {
            assert_eq!(keys(dutch), keys(english));
        }
    }

    #[test]
    fn what_the_demonstration_model_says_can_be_sent_back_to_it() {
        let detector = waarborg_detect::Detector::new();
        for file in [DUTCH[1], ENGLISH[1]] {
            for (key, sentence) in file.lines().filter_map(|line| line.split_once(" = ")) {
                let said = sentence
                    .replace("{ $person }", "de aanvrager")
                    .replace("{ $list }", "a, b");
                let found = detector.find(&said);
                let kinds: Vec<&str> = found
                    .iter()
                    .filter(|found| found.kind.is_personal())
                    .map(|found| found.kind.label())
                    .collect();
                assert_eq!(kinds, Vec::<&str>::new(), "{key}: {said}");
            }
        }
    }

    #[test]
    fn every_kind_of_data_has_a_plain_word_in_both_languages() {
        for kind in Kind::ALL {
            for language in [Language::Dutch, Language::English] {
                assert_ne!(kind_word(language, *kind), kind.label(), "{kind:?}");
            }
        }
        assert_eq!(kind_word(Language::Dutch, Kind::Bsn), "burgerservicenummer");
    }

    #[test]
    fn places_are_filled_in() {
        assert_eq!(
            say(Language::English, "demo-greeting", &[("person", "Jan")]),
            "Good day Jan."
        );
        assert_eq!(
            say(Language::Dutch, "demo-variant", &[("number", "2")]),
            "Dit is antwoord 2."
        );
    }

    #[test]
    fn the_language_of_a_message_shows_in_its_small_words() {
        assert_eq!(
            language_of("How do I apply for a passport?"),
            Language::English
        );
        assert_eq!(
            language_of("Hoe vraag ik een paspoort aan?"),
            Language::Dutch
        );
        assert_eq!(language_of(""), Language::Dutch);
    }
}
