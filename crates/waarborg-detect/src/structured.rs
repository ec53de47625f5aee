//! Text with a structure of its own: keys and values, elements, chats in lines, cells that end where a tab stands.

use alloc::string::String;
use core::ops::Range;

use alloc::vec::Vec;
use memchr::{memchr, memchr_iter};

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tables;

/// The longest key, value and name of a speaker that we look at.
const KEY_BYTES: usize = 48;
const VALUE_BYTES: usize = 200;
const SPEAKER_BYTES: usize = 60;

/// Finds values behind keys, in elements, and those who speak in a chat.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let text = reading.text;
    let bytes = text.as_bytes();
    for at in memchr_iter(b':', bytes) {
        if let Some((key, value)) = quoted_key(text, at).zip(quoted_value(text, at + 1)) {
            keyed(reading, key, value, hits);
        }
    }
    for at in memchr_iter(b'=', bytes) {
        if let Some((key, value)) = bare_key(text, at).zip(quoted_value(text, at + 1)) {
            keyed(reading, key, value, hits);
        }
    }
    for at in memchr_iter(b'<', bytes) {
        if let Some((key, value)) = element(text, at) {
            keyed(reading, key, value, hits);
        }
    }
    speakers(reading, hits);
}

/// A name, an address or a statement ends with its cell: what reaches over a tab is two things.
pub(crate) fn keep_to_cells(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    if memchr(b'\t', reading.text.as_bytes()).is_none() {
        return;
    }
    hits.retain(|hit| {
        let is_words = matches!(
            hit.kind,
            Kind::Person | Kind::Address | Kind::City | Kind::Quasi
        ) || hit.kind.is_special();
        !(is_words && reading.slice(hit.span.clone()).contains('\t'))
    });
}

/// `"key"` before a colon, without its quotes.
fn quoted_key(text: &str, colon: usize) -> Option<&str> {
    let before = text.get(..colon)?.trim_end_matches(' ');
    let quote = before
        .chars()
        .next_back()
        .filter(|mark| matches!(mark, '"' | '\''))?;
    let inside = before.get(..before.len() - 1)?;
    let from = floor(inside, inside.len().saturating_sub(KEY_BYTES));
    let window = inside.get(from..)?;
    let start = window.rfind(quote)?;
    window.get(start + 1..).filter(|key| !key.contains('\n'))
}

/// `key` against an equals sign.
fn bare_key(text: &str, equals: usize) -> Option<&str> {
    let before = text.get(..equals)?.trim_end_matches(' ');
    let from = floor(before, before.len().saturating_sub(KEY_BYTES));
    let window = before.get(from..)?;
    let is_key = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    let key = window.trim_start_matches(|letter| !is_key(letter));
    let start = key
        .char_indices()
        .rev()
        .find(|(_, letter)| !is_key(*letter))
        .map_or(0, |(at, letter)| at + letter.len_utf8());
    key.get(start..).filter(|key| !key.is_empty())
}

/// The place of a value between quotes, after white space.
fn quoted_value(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let bare = rest.trim_start_matches([' ', '\n', '\r']);
    let quote = bare
        .chars()
        .next()
        .filter(|mark| matches!(mark, '"' | '\''))?;
    let start = from + (rest.len() - bare.len()) + 1;
    let end = floor(text, (start + VALUE_BYTES).min(text.len()));
    let n_bytes = text.get(start..end)?.find([quote, '\n', '\\'])?;
    text.get(start..start + n_bytes + 1)?
        .ends_with(quote)
        .then_some(start..start + n_bytes)
}

/// `<key>value</`: the name of the element and the place of its text.
fn element(text: &str, at: usize) -> Option<(&str, Range<usize>)> {
    let end = floor(text, (at + 1 + KEY_BYTES + VALUE_BYTES).min(text.len()));
    let window = text.get(at + 1..end)?;
    if !window.starts_with(|letter: char| letter.is_alphabetic()) {
        return None;
    }
    let close = window.find('>')?;
    let name = window
        .get(..close)?
        .split([' ', '/', '\n'])
        .next()
        .unwrap_or_default();
    let name = name.rsplit(':').next().unwrap_or(name);
    let value = window.get(close + 1..)?;
    let n_bytes = value.find('<')?;
    value.get(n_bytes..)?.starts_with("</").then(|| {
        let start = at + 1 + close + 1;
        (name, start..start + n_bytes)
    })
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A value is what its key says, when it can be.
fn keyed(reading: &Reading<'_>, key: &str, value: Range<usize>, hits: &mut Vec<Hit>) {
    let Some(meaning) = meaning(key) else { return };
    let text = reading.slice(value.clone());
    let bare = text.trim();
    let start = value.start + (text.len() - text.trim_start().len());
    let span = start..start + bare.len();
    let (kind, is_meant) = match meaning {
        Meaning::Sure(kind) => (kind, true),
        Meaning::Perhaps(kind) => (kind, is_known_name(reading, &span)),
    };
    let is_hole = bare.starts_with(['$', '{', '<', '%', '[', '*'])
        || bare.contains("://")
        || matches!(bare, "true" | "false" | "string" | "undefined" | "None");
    if is_meant && !is_hole && tables::fits(kind, bare) {
        hits.push(Hit::new(span, kind, 0.78, Why::Column));
    }
}

/// What a key promises of its value.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meaning {
    Sure(Kind),
    /// "name": of a person, or of a thing.
    Perhaps(Kind),
}

/// The kind that a key names: `lastName`, `contact_person`, `geboortedatum`.
fn meaning(key: &str) -> Option<Meaning> {
    if key.len() > KEY_BYTES || !key.is_ascii() && key.chars().count() > KEY_BYTES {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    let mut is_lower = false;
    for letter in key.chars() {
        if !letter.is_alphanumeric() {
            is_lower = false;
            words.push(String::new());
            continue;
        }
        if words.is_empty() || (is_lower && letter.is_uppercase()) {
            words.push(String::new());
        }
        is_lower = letter.is_lowercase();
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    if words.iter().any(|word| is_thing(word)) {
        return None;
    }
    let last = words.last()?;
    let before: Vec<&str> = words
        .iter()
        .take(words.len() - 1)
        .map(String::as_str)
        .collect();
    if matches!(last.as_str(), "name" | "naam") {
        return match before.last() {
            None => Some(Meaning::Perhaps(Kind::Person)),
            Some(word) if is_someone(word) => Some(Meaning::Sure(Kind::Person)),
            Some(_) => None,
        };
    }
    if is_someone(last) && before == ["contact"] {
        return Some(Meaning::Sure(Kind::Person));
    }
    let whole: String = words.concat();
    alone(&whole).or_else(|| alone(last))
}

/// Words that make a name one of a person.
fn is_someone(word: &str) -> bool {
    matches!(
        word,
        "first"
            | "last"
            | "full"
            | "given"
            | "family"
            | "middle"
            | "maiden"
            | "sur"
            | "birth"
            | "display"
            | "voor"
            | "achter"
            | "roep"
            | "meisjes"
            | "geboorte"
            | "volledige"
            | "patient"
            | "patiënt"
            | "client"
            | "cliënt"
            | "klant"
            | "employee"
            | "medewerker"
            | "werknemer"
            | "contact"
            | "person"
            | "persoon"
            | "student"
            | "leerling"
            | "kind"
            | "child"
            | "ouder"
            | "parent"
            | "guardian"
            | "voogd"
            | "partner"
            | "huurder"
            | "bewoner"
            | "tenant"
            | "applicant"
            | "sollicitant"
            | "candidate"
            | "kandidaat"
            | "owner"
            | "eigenaar"
            | "driver"
            | "bestuurder"
            | "customer"
            | "member"
            | "lid"
            | "sender"
            | "afzender"
            | "recipient"
            | "ontvanger"
            | "author"
            | "auteur"
            | "cardholder"
            | "holder"
            | "houder"
            | "rekeninghouder"
            | "doctor"
            | "arts"
            | "behandelaar"
            | "nurse"
            | "manager"
            | "caller"
            | "beller"
            | "melder"
            | "aanvrager"
            | "verzekerde"
    )
}

/// Words that make a value one of a thing.
fn is_thing(word: &str) -> bool {
    matches!(
        word,
        "file"
            | "bestand"
            | "product"
            | "project"
            | "package"
            | "pakket"
            | "class"
            | "host"
            | "domain"
            | "server"
            | "table"
            | "tabel"
            | "column"
            | "kolom"
            | "field"
            | "veld"
            | "event"
            | "company"
            | "bedrijf"
            | "organisation"
            | "organization"
            | "organisatie"
            | "brand"
            | "merk"
            | "model"
            | "type"
            | "category"
            | "categorie"
            | "service"
            | "dienst"
            | "module"
            | "function"
            | "functie"
            | "method"
            | "variable"
            | "tag"
            | "branch"
            | "repo"
            | "repository"
            | "image"
            | "theme"
            | "font"
            | "color"
            | "kleur"
            | "icon"
            | "template"
            | "path"
            | "url"
            | "database"
            | "schema"
            | "index"
            | "format"
            | "count"
            | "aantal"
    )
}

/// Keys that need no other word.
fn alone(word: &str) -> Option<Meaning> {
    let kind = match word {
        "firstname" | "lastname" | "surname" | "fullname" | "givenname" | "familyname"
        | "voornaam" | "voornamen" | "achternaam" | "roepnaam" | "tussennaam" | "geslachtsnaam"
        | "meisjesnaam" | "geboortenaam" | "contactpersoon" | "contactperson"
        | "rekeninghouder" | "accountholder" | "cardholder" | "afzender" | "behandelaar"
        | "volledigenaam" => Kind::Person,
        "patient" | "patiënt" | "client" | "cliënt" | "klant" | "medewerker" | "employee"
        | "leerling" | "huurder" | "bewoner" | "author" | "auteur" | "sender" | "recipient"
        | "owner" | "eigenaar" | "speaker" | "spreker" => {
            return Some(Meaning::Perhaps(Kind::Person));
        }
        "dob" | "birthdate" | "dateofbirth" | "birthday" | "geboortedatum" | "gebdatum"
        | "birthyear" | "geboortejaar" => Kind::DateOfBirth,
        "city" | "town" | "woonplaats" | "plaats" | "plaatsnaam" | "residence" | "placeofbirth"
        | "geboorteplaats" => Kind::City,
        "address" | "adres" | "street" | "straat" | "streetaddress" | "addressline"
        | "woonadres" => Kind::Address,
        "postcode" | "zipcode" | "postalcode" | "zip" => Kind::Postcode,
        "phone" | "phonenumber" | "mobile" | "telefoon" | "telefoonnummer" | "mobiel" | "tel"
        | "telephone" => Kind::Phone,
        "diagnose" | "diagnosis" | "diagnoses" | "aandoening" | "ziekte" | "medicatie"
        | "medication" | "allergie" | "allergieën" | "allergies" | "allergy" | "klachten"
        | "symptoms" | "disability" | "beperking" => Kind::Health,
        "religion" | "religie" | "geloof" | "levensovertuiging" => Kind::Religion,
        "ethnicity" | "etniciteit" | "nationality" | "nationaliteit" | "afkomst" | "herkomst" => {
            Kind::Ethnicity
        }
        _ => return None,
    };
    Some(Meaning::Sure(kind))
}

/// Whether some word here is known as a name, and every one could be part of one.
fn is_known_name(reading: &Reading<'_>, span: &Range<usize>) -> bool {
    let first = reading
        .tokens
        .partition_point(|token| token.start < span.start);
    let mut is_known = false;
    for token in reading
        .tokens
        .iter()
        .skip(first)
        .take_while(|token| token.end <= span.end)
        .take(8)
        .filter(|token| token.is_word())
    {
        let is_named = token.entry.first_name() > 1 || token.entry.surname() > 1;
        if token.entry.common() >= 2 && !is_named {
            return false;
        }
        is_known |= is_named && token.has_capital();
    }
    is_known
}

/// "[21-11-2026 10:03] Jan: …", "21/11/26, 10:03 - Hinke Ploeg: …": who speaks.
fn speakers(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let text = reading.text;
    let bytes = text.as_bytes();
    let starts = core::iter::once(0).chain(memchr_iter(b'\n', bytes).map(|at| at + 1));
    for start in starts {
        if !matches!(bytes.get(start), Some(b'[' | b'0'..=b'9')) {
            continue;
        }
        let Some(behind) = behind_moment(text, start) else {
            continue;
        };
        let end = floor(text, (behind + SPEAKER_BYTES).min(text.len()));
        let Some(rest) = text.get(behind..end) else {
            continue;
        };
        let Some((name, _)) = rest.split_once(": ").or_else(|| rest.split_once(":\n")) else {
            continue;
        };
        let span = behind..behind + name.len();
        if is_speaker(reading, name, &span) {
            hits.push(Hit::new(span, Kind::Person, 0.8, Why::LetterForm));
        }
    }
}

/// The place behind a date and a time at the beginning of a line, and the marks after them.
fn behind_moment(text: &str, start: usize) -> Option<usize> {
    let end = floor(text, (start + 36).min(text.len()));
    let line = text.get(start..end)?;
    let is_bracketed = line.starts_with('[');
    let moment = if is_bracketed {
        line.get(1..line.find(']')?)?
    } else {
        // A dash with spaces closes a moment without brackets; inside a day there are no spaces.
        line.get(..line.find(" - ")?)?
    };
    let n_digits = moment.bytes().filter(u8::is_ascii_digit).count();
    let has_time = moment
        .as_bytes()
        .windows(3)
        .any(|window| matches!(window, [before, b':', after] if before.is_ascii_digit() && after.is_ascii_digit()));
    let n_letters = moment
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .count();
    if !has_time || n_digits < 3 || n_letters > 3 {
        return None;
    }
    let n_behind = if is_bracketed {
        moment.len() + 2
    } else {
        moment.len() + 3
    };
    let behind = line.get(n_behind..)?;
    let bare = behind.trim_start_matches([' ', '-', '\u{200e}', '\u{202f}']);
    Some(start + n_behind + (behind.len() - bare.len()))
}

/// Whether the one who speaks is a person: not a program, a role or a heading.
fn is_speaker(reading: &Reading<'_>, name: &str, span: &Range<usize>) -> bool {
    let n_words = name.split_whitespace().count();
    let has_only_letters = name.chars().all(|letter| {
        letter.is_alphabetic() || matches!(letter, ' ' | '-' | '.' | '\'' | '’' | '~')
    });
    let starts_large = name.starts_with(|letter: char| letter.is_uppercase() || letter == '~');
    let is_loud = name.chars().count() > 2 && !name.chars().any(char::is_lowercase);
    let is_role = name
        .split_whitespace()
        .any(|word| is_role(&word.to_lowercase()));
    (1..=5).contains(&n_words)
        && has_only_letters
        && !is_loud
        && !is_role
        && (starts_large || is_known_name(reading, span))
}

fn is_role(word: &str) -> bool {
    matches!(
        word,
        "error"
            | "warning"
            | "warn"
            | "info"
            | "debug"
            | "trace"
            | "notice"
            | "fatal"
            | "critical"
            | "fout"
            | "systeem"
            | "system"
            | "bot"
            | "chatbot"
            | "assistent"
            | "assistant"
            | "server"
            | "client"
            | "user"
            | "gebruiker"
            | "admin"
            | "beheerder"
            | "agent"
            | "medewerker"
            | "klant"
            | "klantenservice"
            | "support"
            | "helpdesk"
            | "voorzitter"
            | "secretaris"
            | "penningmeester"
            | "bestuur"
            | "directie"
            | "directeur"
            | "receptie"
            | "balie"
            | "redactie"
            | "conciërge"
            | "moderator"
            | "planner"
            | "planning"
            | "coördinator"
            | "teamleider"
            | "chair"
            | "secretary"
            | "treasurer"
            | "interviewer"
            | "note"
            | "notitie"
            | "vraag"
            | "antwoord"
            | "onderwerp"
            | "melding"
            | "status"
            | "taak"
            | "actie"
            | "kernel"
            | "root"
            | "module"
            | "update"
            | "log"
            | "service"
            | "ai"
            | "model"
            | "bericht"
            | "message"
            | "exception"
            | "start"
            | "stop"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_what_its_value_is() {
        let check =
            |key: &str, expected: Option<Meaning>| assert_eq!(meaning(key), expected, "{key}");
        let person = Some(Meaning::Sure(Kind::Person));
        check("lastName", person);
        check("LAST_NAME", person);
        check("patient-naam", person);
        check("contactPersoon", person);
        check("name", Some(Meaning::Perhaps(Kind::Person)));
        check("date_of_birth", Some(Meaning::Sure(Kind::DateOfBirth)));
        check("billingCity", Some(Meaning::Sure(Kind::City)));
        check("productName", None);
        check("file_name", None);
        check("capacity", None);
        check("", None);
    }

    #[test]
    fn a_moment_ends_before_its_speaker() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(
                behind_moment(line, 0).and_then(|at| line.get(at..)),
                expected,
                "{line}"
            );
        };
        check("[21-11-2026 10:03] Jan", Some("Jan"));
        check("[21/11/26, 10:03:22] - Jan", Some("Jan"));
        check("21-11-2026 10:03 - Jan", Some("Jan"));
        check("11/21/26, 10:03 PM - Jan", Some("Jan"));
        check("[1] Jan", None);
        check("2026 - Jan", None);
        check("[zie art. 10:3] Jan", None);
    }
}
