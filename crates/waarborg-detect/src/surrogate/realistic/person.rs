//! Names of people in their parts: first names, initials, particles and surnames.

use alloc::string::String;
use alloc::vec::Vec;

use super::names;

/// Words between first name and surname that say little of who somebody is; they stay.
pub(super) const PARTICLES: &[&str] = &[
    "van", "de", "der", "den", "het", "ter", "ten", "te", "von", "zu", "zum", "la", "le", "du",
    "di", "da", "dos", "del", "af", "al", "el", "bin", "ibn", "'t", "op", "in", "en", "y",
];

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
    let lower: String = word.to_lowercase().replace('’', "'");
    if PARTICLES.contains(&lower.as_str()) {
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
        check("王小明", "");
        check("Jan@home", "");
        check("J.", "");
    }
}
