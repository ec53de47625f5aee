//! What the spellings of one name have in common, and the forms in which a text may write it.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use unicode_normalization::UnicodeNormalization as _;

/// The words between first names and surname.
const PARTICLES: &[&str] = &[
    "al", "af", "av", "bin", "da", "dal", "das", "de", "del", "della", "den", "der", "di", "do",
    "dos", "du", "el", "het", "ibn", "in", "la", "le", "op", "t", "te", "ten", "ter", "van", "vd",
    "vom", "von", "zu", "zum", "zur",
];

/// The most words of which a name or a phrase is compared.
pub(super) const MOST_WORDS: usize = 6;

/// How a word sounds, roughly: accents, alphabets and usual spellings of one sound fall together.
pub(super) fn sound(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for letter in word.nfkd().flat_map(char::to_lowercase) {
        match romanised(letter) {
            Some(letters) => plain.push_str(letters),
            None if letter.is_alphanumeric() => plain.push(letter),
            // Accents, invisible characters and apostrophes.
            None => {}
        }
    }
    for (spelled, sounds) in SPELLINGS {
        if plain.contains(spelled) {
            plain = plain.replace(spelled, sounds);
        }
    }
    let mut out = String::with_capacity(plain.len());
    for letter in plain.chars() {
        let letter = match letter {
            'v' => 'f',
            'z' => 's',
            'q' | 'c' => 'k',
            'j' => 'y',
            other => other,
        };
        // Doubled letters are a matter of taste; doubled digits are not.
        if out.ends_with(letter) && letter.is_alphabetic() {
            continue;
        }
        out.push(letter);
    }
    out
}

/// Several letters that write one sound. The longer ones come first.
const SPELLINGS: &[(&str, &str)] = &[
    ("sch", "sk"),
    ("ß", "ss"),
    ("ij", "y"),
    ("ei", "y"),
    ("ey", "y"),
    ("ai", "y"),
    ("ay", "y"),
    ("ck", "k"),
    ("kh", "g"),
    ("ch", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("dt", "t"),
    ("tz", "s"),
    ("ts", "s"),
    ("cs", "x"),
    ("ks", "x"),
    ("aa", "a"),
    ("ae", "a"),
    ("oe", "u"),
    ("ou", "u"),
    ("ue", "u"),
    ("uu", "u"),
    ("ie", "i"),
];

/// A letter of another alphabet, or a letter with a stroke, in plain Latin letters.
const fn romanised(letter: char) -> Option<&'static str> {
    Some(match letter {
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'đ' | 'ð' | 'д' | 'δ' => "d",
        'ł' | 'л' | 'λ' => "l",
        'þ' | 'т' | 'τ' | 'θ' => "t",
        'ı' | 'и' | 'і' | 'ι' | 'η' | 'й' => "i",
        'а' | 'α' => "a",
        'б' => "b",
        'в' | 'ф' | 'φ' | 'β' => "f",
        'г' | 'γ' | 'х' | 'χ' => "g",
        'е' | 'э' | 'ε' => "e",
        'ё' => "yo",
        'ж' => "zh",
        'з' | 'с' | 'σ' | 'ς' | 'ζ' => "s",
        'к' | 'κ' => "k",
        'м' | 'μ' => "m",
        'н' | 'ν' => "n",
        'ø' | 'о' | 'ο' | 'ω' => "o",
        'п' | 'π' => "p",
        'р' | 'ρ' => "r",
        'у' => "u",
        'υ' | 'ы' => "y",
        'ц' => "ts",
        'ч' => "ch",
        'ш' | 'щ' => "sh",
        'ю' => "yu",
        'я' => "ya",
        'ξ' => "ks",
        'ψ' => "ps",
        _ => return None,
    })
}

/// The sounds of the words of a text, in their order.
pub(super) fn sounds(text: &str) -> Vec<String> {
    text.split(|letter: char| !is_of_word(letter))
        .map(sound)
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether a character is inside a word: letters, digits, what stands on them, and what nobody sees.
pub(super) fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric()
        || matches!(letter, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// How a full name is compared: the forms that say who it is, and those that say so only after the full name.
pub(super) struct Forms {
    pub(super) full: BTreeSet<String>,
    pub(super) short: BTreeSet<String>,
}

/// The forms of a name such as `Jan Pieter de Vries`; `None` if it has no first and last name.
pub(super) fn forms(name: &str) -> Option<Forms> {
    let plain: Vec<String> = name
        .split(|letter: char| !is_of_word(letter))
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().flat_map(char::to_lowercase).collect())
        .collect();
    let first_particle = plain
        .iter()
        .skip(1)
        .position(|word| PARTICLES.contains(&word.as_str()))
        .map(|place| place + 1);
    let cut = first_particle.unwrap_or(plain.len().saturating_sub(1));
    let (given, family) = plain.split_at_checked(cut)?;
    if given.is_empty() || family.is_empty() {
        return None;
    }
    let given: Vec<String> = given.iter().map(|word| sound(word)).collect();
    let particles: Vec<String> = family
        .iter()
        .take_while(|word| PARTICLES.contains(&word.as_str()))
        .map(|word| sound(word))
        .collect();
    let last: Vec<String> = family
        .iter()
        .skip(particles.len())
        .map(|word| sound(word))
        .collect();
    if last.is_empty() {
        return None;
    }
    let initials: Vec<String> = given
        .iter()
        .filter_map(|word| word.chars().next())
        .map(String::from)
        .collect();
    let first: Vec<String> = given.first().cloned().into_iter().collect();
    let first_initial: Vec<String> = initials.first().cloned().into_iter().collect();
    let together: Vec<String> = alloc::vec![initials.concat()];

    let joined = |parts: &[&[String]]| parts.concat().join(" ");
    let mut full = BTreeSet::new();
    for own in [&given, &first, &initials, &first_initial, &together] {
        full.insert(joined(&[own, &particles, &last]));
        full.insert(joined(&[own, &last]));
        full.insert(joined(&[&last, own, &particles]));
        full.insert(joined(&[&last, own]));
        full.insert(joined(&[&particles, &last, own]));
    }
    for own in [&given, &first] {
        // Written as one word, as in an address of mail.
        full.insert(sound(&joined(&[own, &particles, &last]).replace(' ', "")));
    }
    let mut short = BTreeSet::new();
    short.insert(joined(&[&particles, &last]));
    short.insert(joined(&[&last]));
    Some(Forms { full, short })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_sound_fall_together() {
        for (one, other) in [
            ("Vries", "Fries"),
            ("Vries", "VRÍES"),
            ("Jansen", "Janssen"),
            ("Meijer", "Meyer"),
            ("Meijer", "Meier"),
            ("Kees", "Cees"),
            ("Müller", "Mu\u{308}ller"),
            ("Sc\u{200b}hmidt", "Schmit"),
            ("Борис", "Boris"),
            ("Стефан", "Stefan"),
        ] {
            assert_eq!(sound(one), sound(other), "{one} {other}");
        }
        for (one, other) in [("Vries", "Bries"), ("Jansen", "Hansen"), ("1122", "12")] {
            assert_ne!(sound(one), sound(other), "{one} {other}");
        }
    }

    #[test]
    fn a_name_has_its_usual_forms() {
        let forms = forms("Jan Pieter de Vries").unwrap();
        let has = |text: &str| forms.full.contains(&sounds(text).join(" "));
        for form in [
            "Jan Pieter de Vries",
            "Jan de Vries",
            "J.P. de Vries",
            "J. de Vries",
            "JP de Vries",
            "Vries, Jan de",
            "De Vries, J.P.",
            "jan-pieter-de-vries",
        ] {
            assert!(has(form), "{form}");
        }
        for other in ["Piet de Vries", "Jan", "de Vries", "K. de Vries"] {
            assert!(!has(other), "{other}");
        }
        assert!(forms.full.contains(&sound("jandevries")));
        assert!(forms.short.contains(&sounds("De Vries").join(" ")));
        assert!(super::forms("Jan").is_none());
        assert!(super::forms("").is_none());
    }
}
