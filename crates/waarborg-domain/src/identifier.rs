//! Identifiers as they are compared: one value is the same, however it is written.

use waarborg_detect::Kind;

/// The fewest words of a name by which somebody can be looked for: a first name alone is half the country.
const WORDS_OF_A_NAME: usize = 2;

/// What two writings of one identifier have in common; `None` for what does not say who somebody is, or is too little.
#[must_use]
pub fn canonical(kind: Kind, value: &str) -> Option<String> {
    let value = value.trim();
    match kind {
        Kind::Email | Kind::Username => filled(value.to_lowercase()),
        Kind::Phone => phone(value),
        Kind::Bsn
        | Kind::Iban
        | Kind::CreditCard
        | Kind::LicencePlate
        | Kind::CustomerNumber
        | Kind::EmployeeNumber
        | Kind::PatientNumber
        | Kind::IdNumber => {
            let compact = value.chars().filter(|letter| letter.is_alphanumeric());
            filled(compact.flat_map(char::to_uppercase).collect())
        }
        Kind::Person => name(value),
        _ => None,
    }
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Digits after a plus sign; a number without a country is of the country in which the program was made to work.
fn phone(value: &str) -> Option<String> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 8 || digits.len() > 15 {
        return None;
    }
    let national = digits.strip_prefix("00").unwrap_or(&digits);
    Some(match national.strip_prefix('0') {
        // As in +31 (0)6: the zero in brackets is of whoever calls from inside.
        Some(rest) if !value.starts_with('+') => format!("+31{rest}"),
        _ => format!(
            "+{}",
            national.replacen("310", "31", usize::from(value.contains("(0)")))
        ),
    })
}

fn name(value: &str) -> Option<String> {
    let lower = value.to_lowercase();
    let words: Vec<String> = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().map(plain).collect())
        .collect();
    (words.len() >= WORDS_OF_A_NAME).then(|| words.join(" "))
}

/// A letter without what stands on or under it.
const fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' | 'č' | 'ć' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' | 'ń' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'š' | 'ś' | 'ş' => 's',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_identifier_is_the_same_however_it_is_written() {
        for (kind, one, other) in [
            (Kind::Email, "Jan@Example.org", " jan@example.ORG"),
            (Kind::Phone, "06-1234 5678", "+31 (0)6 12345678"),
            (Kind::Phone, "0031612345678", "0612345678"),
            (Kind::Iban, "NL91 ABNA 0417 1643 00", "nl91abna0417164300"),
            (Kind::Bsn, "1234.56.782", "123456782"),
            (Kind::Person, "Zoë  de Vries", "zoe de vries"),
        ] {
            assert_eq!(canonical(kind, one), canonical(kind, other), "{one}");
            assert!(canonical(kind, one).is_some(), "{one}");
        }
    }

    #[test]
    fn what_says_too_little_of_who_somebody_is_is_not_compared() {
        assert_eq!(canonical(Kind::Person, "Jan"), None);
        assert_eq!(canonical(Kind::City, "Utrecht"), None);
        assert_eq!(canonical(Kind::Phone, "112"), None);
        assert_eq!(canonical(Kind::Bsn, " - "), None);
    }
}
