//! Whether an identifier says something of somebody: a person's name, a number, an address or a key spelled as a name.

use waarborg_detect::{Finding, Kind, Why};
use waarborg_domain::finder::Finder;
use waarborg_domain::prompt::LeafRole;

/// More digits than this, counted across what separates them, are inspected even inside an identifier.
const DIGITS_OF_AN_INNOCENT_ID: usize = 6;

/// A postcode and a house number together lead to one door; so many digits they have at least.
const DIGITS_OF_A_DOOR: usize = 5;

/// How ids begin that a provider drew by chance, and that therefore look like a key.
const DRAWN_BY_CHANCE: [&str; 10] = [
    "call_",
    "toolu_",
    "chatcmpl-",
    "fc_",
    "msg_",
    "rs_",
    "ctc_",
    "lsh_",
    "apc_",
    "cmp_",
];

/// Whether a provider drew this id by chance: a known beginning, and then so many letters and digits mixed that a long
/// number among them is chance as well.
pub(super) fn is_drawn_by_chance(text: &str) -> bool {
    const SHORTEST: usize = 24;
    const FEWEST: usize = 5;
    let drawn = DRAWN_BY_CHANCE
        .iter()
        .find_map(|beginning| text.strip_prefix(beginning));
    drawn.is_some_and(|drawn| {
        (SHORTEST..=80).contains(&drawn.len())
            && drawn.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && n_digits(drawn) >= FEWEST
            && drawn.len() - n_digits(drawn) >= FEWEST
    })
}

/// Whether this house may have drawn this id itself, for a response or a conversation.
pub(super) fn is_ours(text: &str) -> bool {
    let drawn = text
        .strip_prefix("resp_")
        .or_else(|| text.strip_prefix("conv_"));
    drawn.is_some_and(|drawn| {
        drawn.len() == 32
            && drawn
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

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

/// Whether a name that a client chose for a field may be said back to it: a short word of a protocol, and nobody's name.
pub(crate) fn may_be_said(finder: &dyn Finder, text: &str) -> bool {
    const LONGEST: usize = 40;
    text.len() <= LONGEST
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && role(finder, text, true) == LeafRole::Word
}

/// Whether an id that a client writes into an address may go to a provider as it is.
pub(crate) fn may_be_named(finder: &dyn Finder, text: &str) -> bool {
    let may_stay = is_drawn_by_chance(text) || is_innocent(text);
    role(finder, text, may_stay) == LeafRole::Word
}

/// The longest name that every provider takes.
const LONGEST_NAME: usize = 64;

/// No surrogate is longer.
const LONGEST_SURROGATE: usize = 24;

/// What becomes of a name: it stays if it may and hides nothing; it is inspected if inspection finds
/// all that it hides and a surrogate fits in its place; and else the request is refused.
pub(super) fn role(finder: &dyn Finder, text: &str, may_stay: bool) -> LeafRole {
    if is_too_short_to_hide(text) {
        // Most names of most tools; reading each as a text would cost more than reading the messages.
        return match finder.find_in_identifier(text) {
            Ok(named) if named.is_empty() && may_stay => LeafRole::Word,
            Ok(named) if !has_room(&named, text) => LeafRole::Bound,
            Ok(_) | Err(_) => LeafRole::Name,
        };
    }
    let spread: String = text
        .chars()
        .map(|character| if separates(character) { ' ' } else { character })
        .collect();
    let joined = text.replace(' ', "_");
    // Where the finder fails here, it fails at the inspection as well, and that refuses.
    let (Ok(found), Ok(read), Ok(named)) = (
        finder.find(text),
        finder.find(&spread),
        finder.find_in_identifier(&joined),
    ) else {
        return LeafRole::Name;
    };
    let n_found = n_hidden(&found, text);
    if n_hidden(&read, text) > n_found || !has_room(&named, text) {
        LeafRole::Bound
    } else if may_stay && n_found == 0 && named.is_empty() {
        LeafRole::Word
    } else {
        LeafRole::Name
    }
}

/// Whether a name has too few digits for a number or a door, and too few letters for a key or a number in words.
fn is_too_short_to_hide(text: &str) -> bool {
    const SHORTEST_KEY: usize = 20;
    text.len() < SHORTEST_KEY
        && n_digits(text) < DIGITS_OF_A_DOOR
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// Whether the name is still one that providers take when surrogates stand in it.
fn has_room(named: &[Finding], text: &str) -> bool {
    let n_replaced: usize = named.iter().map(|finding| finding.span.len()).sum();
    let longest = text.len() - n_replaced.min(text.len()) + named.len() * LONGEST_SURROGATE;
    named.is_empty() || text.len() > LONGEST_NAME || longest <= LONGEST_NAME
}

fn separates(character: char) -> bool {
    matches!(character, '-' | '_' | '.' | ' ')
}

fn n_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// How many findings have a form or a check digit of their own. A word that is also somebody's name
/// is what most of a programmer's names are made of, and what only the model says it says of a text: a lone identifier is none.
fn n_hidden(findings: &[Finding], text: &str) -> usize {
    findings
        .iter()
        .filter(|finding| finding.why != Why::Model)
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
