//! Names of people in their parts: first names, initials, particles and surnames.

use alloc::string::String;
use alloc::vec::Vec;

use super::names;
use crate::{lexicon, words};

/// Words between first name and surname that say little of who somebody is; they stay.
pub(super) const PARTICLES: &[&str] = &[
    "van", "de", "der", "den", "het", "ter", "ten", "te", "von", "zu", "zum", "la", "le", "du",
    "di", "da", "dos", "del", "af", "al", "el", "bin", "ibn", "'t", "op", "in", "en", "y",
];

/// Those that stay where they have a capital: the others are somebody's name then.
const WITH_CAPITAL: &[&str] = &[
    "van", "de", "der", "den", "het", "ter", "ten", "von", "di", "da", "dos", "del", "el", "'t",
];

/// Those that stay at the beginning of a name, however they are written.
const AT_BEGINNING: &[&str] = &["van", "de", "der", "den", "het", "ter", "von", "el", "'t"];

/// A word of a name, and where it stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word<'v> {
    pub(super) text: &'v str,
    pub(super) part: Part,
}

/// What a word is in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    FirstName,
    Initial,
    Particle,
    Surname,
    /// Blanks and signs.
    Between,
}

/// The words of a name with what stands between them; nothing if it is none of letters with a case.
pub(super) fn words(value: &str, is_surname: impl Fn(&str) -> bool) -> Option<Vec<Word<'_>>> {
    let mut words = cut(value)?;
    name_the_doubtful(&mut words);
    let is_name = |word: &Word<'_>| word.part == Part::Surname;
    let names: Vec<usize> = (0..words.len())
        .filter(|place| words.get(*place).is_some_and(is_name))
        .collect();
    let (Some(only), Some(last)) = (names.first().copied(), names.last().copied()) else {
        return None;
    };
    let position = |part: Part| words.iter().position(|word| word.part == part);
    let comma = words.iter().position(|word| word.text.contains(','));
    let from_surname = match (comma, position(Part::Particle)) {
        // "Jansen, Piet".
        (Some(comma), _) => {
            for place in names.iter().filter(|place| **place > comma) {
                if let Some(word) = words.get_mut(*place) {
                    word.part = Part::FirstName;
                }
            }
            return Some(words);
        }
        (None, Some(particle)) if particle < last => particle,
        // Behind initials stands the surname.
        (None, _) if position(Part::Initial).is_some_and(|initial| initial < only) => 0,
        (None, _) if names.len() == 1 => {
            let text = words.get(only).map(|word| word.text).unwrap_or_default();
            if !is_surname(text) && names::is_first_name(text) {
                only + 1
            } else {
                0
            }
        }
        // The last word, and what a hyphen ties to it.
        (None, _) => names
            .iter()
            .rev()
            .copied()
            .take_while(|place| {
                *place == last || words.get(place + 1).is_some_and(|word| word.text == "-")
            })
            .last()
            .unwrap_or(last),
    };
    for place in names.into_iter().filter(|place| *place < from_surname) {
        if let Some(word) = words.get_mut(place) {
            word.part = Part::FirstName;
        }
    }
    Some(words)
}

/// What reads as a particle and may be a name is one: "Le Van An" and "Thi Le" would keep a part of who they are.
fn name_the_doubtful(words: &mut [Word<'_>]) {
    let places: Vec<usize> = (0..words.len())
        .filter(|place| {
            words
                .get(*place)
                .is_some_and(|word| word.part != Part::Between)
        })
        .collect();
    let at = |place: usize| places.get(place).and_then(|place| words.get(*place));
    let mut doubtful = Vec::new();
    for (n, place) in places.iter().enumerate() {
        let Some(word) = words.get(*place).filter(|word| word.part == Part::Particle) else {
            continue;
        };
        let lower = lower(word.text);
        let is_among = |list: &[&str]| list.contains(&lower.as_str());
        let next = at(n + 1);
        let is_known = match next {
            // "Van Dijk", and not "Van Anh".
            Some(next) if n == 0 && next.part == Part::Surname => {
                lower != "van" || is_rather_surname(next.text)
            }
            next => next.is_some(),
        };
        let has_capital = word.text.chars().any(char::is_uppercase);
        let stays = is_known
            && (n > 0 || is_among(AT_BEGINNING))
            && (!has_capital || is_among(WITH_CAPITAL));
        if !stays {
            doubtful.push(*place);
        }
    }
    for place in doubtful {
        if let Some(word) = words.get_mut(place) {
            word.part = Part::Surname;
        }
    }
}

fn is_rather_surname(word: &str) -> bool {
    let known = lexicon::look_up(words::hash(word));
    known.surname() > known.first_name()
}

fn lower(word: &str) -> String {
    word.to_lowercase().replace('’', "'")
}

/// Words and what is between them. Every word that is no particle and no initial is a surname for now.
fn cut(value: &str) -> Option<Vec<Word<'_>>> {
    let is_letter = |letter: char| letter.is_alphabetic() || matches!(letter, '\'' | '’');
    let mut words = Vec::new();
    let mut rest = value;
    while let Some(first) = rest.chars().next() {
        let is_word = is_letter(first);
        let end = rest
            .find(|letter| is_letter(letter) != is_word)
            .unwrap_or(rest.len());
        let (text, behind) = rest.split_at_checked(end)?;
        let part = if is_word {
            part(text)?
        } else if text
            .chars()
            .all(|sign| sign.is_whitespace() || ".,-".contains(sign))
        {
            Part::Between
        } else {
            return None;
        };
        words.push(Word { text, part });
        rest = behind;
    }
    Some(words)
}

fn part(word: &str) -> Option<Part> {
    let n_letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
    let has_case = |letter: char| letter.is_uppercase() || letter.is_lowercase();
    let first = word.chars().find(|letter| letter.is_alphabetic())?;
    if !word
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .all(has_case)
    {
        return None;
    }
    if PARTICLES.contains(&lower(word).as_str()) {
        return Some(Part::Particle);
    }
    Some(if n_letters == 1 && first.is_uppercase() {
        Part::Initial
    } else {
        Part::Surname
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: &str) {
        let words = words(value, |word| word == "Thomas").map(|words| {
            let short = |word: &Word<'_>| match word.part {
                Part::FirstName => Some('f'),
                Part::Initial => Some('i'),
                Part::Particle => Some('p'),
                Part::Surname => Some('s'),
                Part::Between => None,
            };
            words.iter().filter_map(short).collect::<String>()
        });
        assert_eq!(
            words.as_deref(),
            Some(expected).filter(|kinds| !kinds.is_empty()),
            "{value}"
        );
    }

    #[test]
    fn a_name_falls_into_its_parts() {
        check("Jan de Vries", "fps");
        check("De Vries", "ps");
        check("Jan", "f");
        check("Jansen", "s");
        check("Thomas", "s");
        check("J.P. van der Berg", "iipps");
        check("Anna Maria Jansen", "ffs");
        check("Anna Bakker-Jansen", "fss");
        check("Jan-Willem de Vries", "ffps");
        check("Jansen, Piet", "sf");
        check("S. Yılmaz", "is");
        check("JAN JANSEN", "fs");
        check("Van Dijk", "ps");
        check("van der Berg", "pps");
        check("Jan De Vries", "fps");
        check("El Amrani", "ps");
        check("Le Van An", "fps");
        check("Van Anh", "fs");
        check("Thi Le", "fs");
        check("thi le", "fs");
        check("Al Jansen", "fs");
        check("Li Du Wei", "ffs");
        check("Jan van", "fs");
        check("王小明", "");
        check("Jan@home", "");
        check("J.", "");
    }
}
