//! Whether an identifier says something of somebody: a number, an address or a key spelled as a name.

use waarborg_detect::{Finding, Kind};
use waarborg_domain::finder::Finder;
use waarborg_domain::prompt::LeafRole;

/// More digits than this, counted across what separates them, are inspected even inside an identifier.
const DIGITS_OF_AN_INNOCENT_ID: usize = 6;

/// A postcode and a house number together lead to one door; so many digits they have at least.
const DIGITS_OF_A_DOOR: usize = 5;

/// How ids begin that a provider drew by chance, and that therefore look like a key.
const DRAWN_BY_CHANCE: [&str; 4] = ["call_", "toolu_", "chatcmpl-", "fc_"];

/// Short, of the characters of an identifier, and without a long number.
pub(super) fn is_innocent(text: &str) -> bool {
    text.len() <= 96
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte))
        && text
            .split(|character: char| !character.is_ascii_digit() && !separates(character))
            .all(|number| n_digits(number) <= DIGITS_OF_AN_INNOCENT_ID)
}

/// What becomes of a name: it stays if it may and hides nothing; it is inspected if inspection finds
/// all that it hides; and else nobody can take out what it hides, so the request is refused.
pub(super) fn role(finder: &dyn Finder, text: &str, may_stay: bool) -> LeafRole {
    let spread: String = text
        .chars()
        .map(|character| if separates(character) { ' ' } else { character })
        .collect();
    // Where the finder fails here, it fails at the inspection as well, and that refuses.
    let (Ok(found), Ok(read)) = (finder.find(text), finder.find(&spread)) else {
        return LeafRole::Text;
    };
    let n_found = n_hidden(&found, text);
    if n_hidden(&read, text) > n_found {
        LeafRole::Opaque
    } else if may_stay && n_found == 0 {
        LeafRole::Word
    } else {
        LeafRole::Text
    }
}

fn separates(character: char) -> bool {
    matches!(character, '-' | '_' | '.' | ' ')
}

fn n_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// How many findings have a form or a check digit of their own. A word that is also somebody's name
/// is what most of a programmer's names are made of.
fn n_hidden(findings: &[Finding], text: &str) -> usize {
    findings
        .iter()
        .filter(|finding| match finding.kind {
            Kind::Email
            | Kind::Phone
            | Kind::Bsn
            | Kind::Iban
            | Kind::CreditCard
            | Kind::IdNumber
            | Kind::CustomerNumber
            | Kind::EmployeeNumber
            | Kind::PatientNumber => true,
            Kind::ApiKey => !DRAWN_BY_CHANCE
                .iter()
                .any(|beginning| text.starts_with(beginning)),
            Kind::Address | Kind::Postcode => n_digits(text) >= DIGITS_OF_A_DOOR,
            _ => false,
        })
        .count()
}
