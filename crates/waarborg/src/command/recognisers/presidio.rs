//! Presidio's YAML of pattern recognisers as `recognisers.toml`, with an account of what was not taken over and why.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value as Json, json};
use waarborg_detect::Kind;

use super::example;
use crate::command::yaml::{Node, Value, YamlFault, read};
use crate::settings::own::Own;

/// Presidio counts a match from this score on; below, a context word must lift it.
const COUNTS_ALONE: f32 = 0.4;
/// So many signs of a list of words go into one pattern.
const WORDS_IN_PATTERN: usize = 400;
/// Python's flags: ignore case, verbose.
const IGNORE_CASE: u32 = 2;
const VERBOSE: u32 = 64;
/// Presidio's own flags where a file gives none: dot and lines as usual, case ignored.
const USUAL_FLAGS: u32 = 26;

/// What came of a file.
#[derive(Debug, Default)]
pub(super) struct Import {
    /// The new file.
    pub(super) toml: String,
    /// The names of the recognisers in it.
    pub(super) taken: Vec<String>,
    /// What needs no taking over, or was changed on the way.
    pub(super) notes: Vec<Note>,
    /// What is not in it.
    pub(super) left: Vec<Note>,
}

/// Something to know about a part of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) why: String,
}

impl Note {
    pub(super) fn json(&self) -> Json {
        json!({ "line": self.line, "name": self.name, "why": self.why })
    }
}

/// Translates a file.
///
/// # Errors
///
/// [`YamlFault`] when it is no YAML.
pub(super) fn import(source: &str) -> Result<Import, YamlFault> {
    let document = read(source)?;
    let flags = document
        .get("global_regex_flags")
        .and_then(Node::word)
        .and_then(|flags| flags.parse().ok())
        .unwrap_or(USUAL_FLAGS);
    let mut import = Import {
        toml: "# Taken over from a file of Presidio. The examples were made from the patterns: put real ones in their place.\n"
            .to_owned(),
        ..Import::default()
    };
    let recognisers = document
        .get("recognizers")
        .map_or_else(|| document.items(), Node::items);
    let mut names = BTreeSet::new();
    for recogniser in recognisers {
        one(recogniser, flags, &mut names, &mut import);
    }
    Ok(import)
}

fn one(node: &Node, flags: u32, names: &mut BTreeSet<String>, import: &mut Import) {
    let name = node
        .word()
        .or_else(|| node.get("name").and_then(Node::word))
        .unwrap_or("(no name)")
        .to_owned();
    let told = |why: String| Note {
        line: node.line,
        name: name.clone(),
        why,
    };
    let is = |key: &str, value: &str| {
        node.get(key)
            .and_then(Node::word)
            .is_some_and(|word| word.eq_ignore_ascii_case(value))
    };

    if is("enabled", "false") {
        import
            .notes
            .push(told("is switched off there, and stays so".to_owned()));
        return;
    }
    if matches!(node.value, Value::Word(_)) || is("type", "predefined") {
        match native(&name) {
            Some(kind) => import.notes.push(told(format!(
                "needs no taking over: {kind} is found already"
            ))),
            None => import.left.push(told(
                "is a part of Presidio's program, not of this file".to_owned(),
            )),
        }
        return;
    }
    let Some(entity) = node.get("supported_entity").and_then(Node::word) else {
        import.left.push(told("has no supported_entity".to_owned()));
        return;
    };
    let kind = kind(entity);
    if kind.is_none() {
        import.notes.push(told(format!(
            "{entity} is no kind here: it became CUSTOMER_NUMBER.{}; write another kind if it is none",
            label(entity)
        )));
    }
    let target = Target {
        kind: kind.unwrap_or(Kind::CustomerNumber),
        label: label(entity),
        words: context(node),
    };
    if target.words.iter().any(|word| word.contains(' ')) {
        import.notes.push(told(
            "context of several words became its last word".to_owned(),
        ));
    }

    let n_before = import.taken.len() + import.left.len();
    for pattern in node.get("patterns").map_or(&[][..], Node::items) {
        let called = pattern.get("name").and_then(Node::word).unwrap_or(&name);
        let line = pattern.line;
        match from_pattern(pattern, flags, &target) {
            Ok(table) => add(&table, (&name, line, called), names, import),
            Err(why) => import.left.push(Note {
                line,
                name: format!("{name}: {called}"),
                why,
            }),
        }
    }
    for words in lists(node.get("deny_list").map_or(&[][..], Node::items)) {
        let table = Table {
            pattern: format!("(?i){}", words.join("|")),
            words: Vec::new(),
            target: &target,
        };
        add(&table, (&name, node.line, "deny_list"), names, import);
    }
    if import.taken.len() + import.left.len() == n_before {
        import
            .left
            .push(told("has no patterns and no deny_list".to_owned()));
    }
}

/// What the findings of a recogniser are, and its context words.
struct Target {
    kind: Kind,
    label: String,
    words: Vec<String>,
}

/// A recogniser as it will stand in the file.
struct Table<'t> {
    pattern: String,
    words: Vec<String>,
    target: &'t Target,
}

fn from_pattern<'t>(node: &Node, flags: u32, target: &'t Target) -> Result<Table<'t>, String> {
    let Some(regex) = node.get("regex").and_then(Node::word) else {
        return Err("has no regex".to_owned());
    };
    if flags & VERBOSE != 0 {
        return Err("is written in Python's verbose form".to_owned());
    }
    let score: f32 = node
        .get("score")
        .and_then(Node::word)
        .and_then(|score| score.parse().ok())
        .unwrap_or(0.0);
    let needs_words = score < COUNTS_ALONE;
    if needs_words && target.words.is_empty() {
        return Err(format!(
            "has score {score} and no context words: alone it would mark far too much"
        ));
    }
    let plain = in_our_words(regex)?;
    let case = if flags & IGNORE_CASE == 0 { "" } else { "(?i)" };
    let words: BTreeSet<String> = target
        .words
        .iter()
        .filter_map(|word| word.split_whitespace().next_back())
        .map(str::to_lowercase)
        .collect();
    Ok(Table {
        pattern: format!("{case}{plain}"),
        words: if needs_words {
            words.into_iter().collect()
        } else {
            Vec::new()
        },
        target,
    })
}

/// A Python pattern as ours: what only says that no letter or digit touches the value goes, for that always holds here.
fn in_our_words(regex: &str) -> Result<String, String> {
    const BEFORE: &[&str] = &[
        r"(?<!\d)",
        r"(?<![0-9])",
        r"(?<!\w)",
        r"(?<!\S)",
        r"(?<![A-Za-z0-9])",
        r"(?<![a-zA-Z0-9])",
        r"(?<![A-Z0-9])",
    ];
    const BEHIND: &[&str] = &[
        r"(?!\d)",
        r"(?![0-9])",
        r"(?!\w)",
        r"(?!\S)",
        r"(?![A-Za-z0-9])",
        r"(?![a-zA-Z0-9])",
        r"(?![A-Z0-9])",
    ];
    let mut plain = regex.trim();
    for part in BEFORE {
        plain = plain.strip_prefix(part).unwrap_or(plain);
    }
    for part in BEHIND {
        plain = plain.strip_suffix(part).unwrap_or(plain);
    }
    for part in ["(?=", "(?!", "(?<=", "(?<!"] {
        if plain.contains(part) {
            return Err(format!(
                "looks around with {part}…), which takes more than linear time; write it with words or plainer"
            ));
        }
    }
    Ok(plain.replace(r"\Z", r"\z").replace(r"\b", r"(?-u:\b)"))
}

/// Writes a recogniser with an example into the file, if it holds when it is read back.
fn add(
    table: &Table<'_>,
    (name, line, part): (&str, usize, &str),
    names: &mut BTreeSet<String>,
    import: &mut Import,
) {
    let slug = free_name(&format!("{name} {part}"), names);
    let source = written(table, &slug);
    let faults = source
        .as_deref()
        .map(|source| Own::read(source, "").err().unwrap_or_default());
    let why = match (&source, faults.as_deref()) {
        (Some(source), Some([])) => {
            import.toml.push('\n');
            import.toml.push_str(source);
            names.insert(slug.clone());
            import.taken.push(slug);
            return;
        }
        (_, Some([first, ..])) if first.code == "pattern" => first.message.clone(),
        _ => "no example could be made that only this pattern fits".to_owned(),
    };
    import.left.push(Note {
        line,
        name: format!("{name}: {part}"),
        why,
    });
}

fn written(table: &Table<'_>, slug: &str) -> Option<String> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let value = example::fitting(&table.pattern).unwrap_or_default();
    let before = table.words.first().map_or("nummer", String::as_str);
    let mut source = format!("[recogniser.{slug}]\n");
    writeln!(source, "kind = \"{}\"", table.target.kind).ok()?;
    writeln!(source, "label = {}", quoted(&table.target.label)).ok()?;
    writeln!(source, "pattern = {}", quoted(&table.pattern)).ok()?;
    if !table.words.is_empty() {
        let words: Vec<String> = table.words.iter().map(|word| quoted(word)).collect();
        writeln!(source, "words = [{}]", words.join(", ")).ok()?;
    }
    writeln!(
        source,
        "finds = [{}]",
        quoted(&format!("{before} [[{value}]]"))
    )
    .ok()?;
    Some(source)
}

/// Words of a list as patterns, a piece at a time.
fn lists(items: &[Node]) -> Vec<Vec<String>> {
    let mut pieces: Vec<Vec<String>> = Vec::new();
    let mut length = WORDS_IN_PATTERN;
    for word in items.iter().filter_map(Node::word) {
        let escaped = regex_syntax::escape(word.trim());
        if length + escaped.len() > WORDS_IN_PATTERN {
            pieces.push(Vec::new());
            length = 0;
        }
        length += escaped.len() + 1;
        if let Some(piece) = pieces.last_mut() {
            piece.push(escaped);
        }
    }
    pieces
}

/// The context words of a recogniser, of all its languages.
fn context(node: &Node) -> Vec<String> {
    let own = node.get("context").map_or(&[][..], Node::items);
    let languages = node.get("supported_languages").map_or(&[][..], Node::items);
    let of_languages = languages
        .iter()
        .filter_map(|language| language.get("context"))
        .flat_map(Node::items);
    own.iter()
        .chain(of_languages)
        .filter_map(Node::word)
        .map(|word| word.trim().to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// A name for a table: small letters, digits and `-`, not yet taken.
fn free_name(name: &str, names: &BTreeSet<String>) -> String {
    let mut slug = String::new();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-').to_owned();
    let numbered = (2..=names.len() + 1).map(|number| format!("{slug}-{number}"));
    std::iter::once(slug.clone())
        .chain(numbered)
        .find(|candidate| !names.contains(candidate))
        .unwrap_or(slug)
}

/// An entity as a label: capitals, digits and `_`.
fn label(entity: &str) -> String {
    let mut label: String = entity
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .take(40)
        .collect();
    if !label.starts_with(|first: char| first.is_ascii_uppercase()) {
        label = format!("X{label}").chars().take(40).collect();
    }
    if label.len() < 2 {
        label.push('_');
    }
    label
}

/// The kind that an entity of Presidio is here.
fn kind(entity: &str) -> Option<Kind> {
    /// A word in the name of an entity, and its kind; the first that fits.
    const BY_WORD: &[(&str, Kind)] = &[
        ("EMAIL", Kind::Email),
        ("PHONE", Kind::Phone),
        ("CREDIT_CARD", Kind::CreditCard),
        ("IBAN", Kind::Iban),
        ("IP_ADDRESS", Kind::Ip),
        ("MAC_ADDRESS", Kind::DeviceId),
        ("URL", Kind::UrlPersonal),
        ("BIRTH", Kind::DateOfBirth),
        ("DATE_TIME", Kind::Date),
        ("ZIP", Kind::Postcode),
        ("POSTAL", Kind::Postcode),
        ("POSTCODE", Kind::Postcode),
        ("STREET", Kind::Address),
        ("ADDRESS", Kind::Address),
        ("PLATE", Kind::LicencePlate),
        ("VEHICLE_REGISTRATION", Kind::LicencePlate),
        ("EMPLOYEE", Kind::EmployeeNumber),
        ("PATIENT", Kind::PatientNumber),
        ("MEDICAL_RECORD", Kind::PatientNumber),
        ("MRN", Kind::PatientNumber),
        ("CUSTOMER", Kind::CustomerNumber),
        ("POLICY", Kind::CustomerNumber),
        ("API_KEY", Kind::ApiKey),
        ("TOKEN", Kind::ApiKey),
        ("SECRET", Kind::ApiKey),
        ("PASSWORD", Kind::ApiKey),
        ("USERNAME", Kind::Username),
        ("BSN", Kind::Bsn),
        ("PASSPORT", Kind::IdNumber),
        ("DRIVER", Kind::IdNumber),
        ("LICENSE", Kind::IdNumber),
        ("SSN", Kind::IdNumber),
        ("TAX", Kind::IdNumber),
        ("NATIONAL_ID", Kind::IdNumber),
        ("LOCATION", Kind::Address),
        ("PERSON", Kind::Person),
        ("ORGANIZATION", Kind::Organisation),
    ];
    let entity = label(entity);
    let by_country = || {
        let (country, rest) = entity.split_at_checked(2)?;
        let is_country = country.bytes().all(|byte| byte.is_ascii_uppercase());
        (is_country && rest.starts_with('_')).then_some(Kind::IdNumber)
    };
    Kind::parse(&entity)
        .or_else(|| {
            let found = BY_WORD.iter().find(|(word, _)| entity.contains(word));
            found.map(|(_, kind)| *kind)
        })
        .or_else(by_country)
}

/// What a recogniser of Presidio's own finds, where we find that too.
fn native(name: &str) -> Option<Kind> {
    const OURS: &[(&str, Kind)] = &[
        ("CreditCardRecognizer", Kind::CreditCard),
        ("EmailRecognizer", Kind::Email),
        ("IbanRecognizer", Kind::Iban),
        ("IpRecognizer", Kind::Ip),
        ("MacAddressRecognizer", Kind::DeviceId),
        ("PhoneRecognizer", Kind::Phone),
        ("UrlRecognizer", Kind::UrlPersonal),
        ("DateRecognizer", Kind::DateOfBirth),
        ("NhsRecognizer", Kind::IdNumber),
        ("UkNinoRecognizer", Kind::IdNumber),
        ("EsNifRecognizer", Kind::IdNumber),
        ("EsNieRecognizer", Kind::IdNumber),
        ("ItFiscalCodeRecognizer", Kind::IdNumber),
        ("ItVatCodeRecognizer", Kind::IdNumber),
        ("PlPeselRecognizer", Kind::IdNumber),
        ("FiPersonalIdentityCodeRecognizer", Kind::IdNumber),
        ("SePersonnummerRecognizer", Kind::IdNumber),
        ("DeTaxIdRecognizer", Kind::IdNumber),
        ("SpacyRecognizer", Kind::Person),
        ("StanzaRecognizer", Kind::Person),
        ("TransformersRecognizer", Kind::Person),
    ];
    OURS.iter()
        .find(|(known, _)| *known == name)
        .map(|(_, kind)| *kind)
}

#[cfg(test)]
#[path = "presidio_tests.rs"]
mod tests;
