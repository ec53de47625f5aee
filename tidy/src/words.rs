//! The words of the house: names that we give things.

use crate::tree::{Fault, Source, Tree};

const OPENERS: &[&str] = &[
    "fn", "struct", "enum", "trait", "mod", "const", "static", "type",
];
const NAMELESS_FILES: &[&str] = &[
    "util.rs",
    "utils.rs",
    "helper.rs",
    "helpers.rs",
    "common.rs",
    "misc.rs",
    "info.rs",
    "data.rs",
    "manager.rs",
];

/// One row of `words.toml`.
#[derive(Debug, Clone, Default)]
pub struct Word {
    not: Vec<String>,
    instead: String,
    exceptions: Vec<String>,
}

impl Word {
    /// The rows of `tidy/words.toml`.
    #[must_use]
    pub fn parse(text: &str) -> Vec<Self> {
        let table = text.parse::<toml::Table>().unwrap_or_default();
        let rows = table
            .get("word")
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten();
        rows.map(|row| Self {
            not: strings(row.get("not")),
            instead: row
                .get("instead")
                .and_then(toml::Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            exceptions: strings(row.get("exceptions")),
        })
        .collect()
    }
}

fn strings(value: Option<&toml::Value>) -> Vec<String> {
    value
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|item| Some(item.as_str()?.to_owned()))
        .collect()
}

/// Names follow the glossary, and no file is called by what it does not say.
#[must_use]
pub fn faults(tree: &Tree, words: &[Word]) -> Vec<Fault> {
    tree.rust()
        .filter(|source| !source.path.starts_with("tidy/"))
        .flat_map(|source| source_faults(source, words))
        .collect()
}

fn source_faults(source: &Source, words: &[Word]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if NAMELESS_FILES.contains(&source.name()) {
        faults.push(Fault::of(
            &source.path,
            "name the file after the question it answers",
        ));
    }
    for (number, line) in source.lines() {
        let Some(name) = declared_name(line) else {
            continue;
        };
        let segments = segments(name);
        if segments.first().is_some_and(|first| first == "get")
            && segments.len() > 1
            && line.contains("fn ")
        {
            faults.push(Fault::at(
                &source.path,
                number,
                format!("{name}: no `get_`"),
            ));
        }
        for word in words
            .iter()
            .filter(|word| !word.exceptions.iter().any(|exception| exception == name))
        {
            if let Some(not) = word.not.iter().find(|not| segments.contains(not)) {
                faults.push(Fault::at(
                    &source.path,
                    number,
                    format!("{name}: not `{not}`; {}", word.instead),
                ));
            }
        }
    }
    faults
}

/// The name that a line of Rust gives to something, if it does.
fn declared_name(line: &str) -> Option<&str> {
    let mut words = line
        .trim_start()
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .filter(|word| !word.is_empty());
    let mut word = words.next()?;
    while matches!(
        word,
        "pub" | "crate" | "super" | "in" | "async" | "unsafe" | "const"
    ) {
        let next = words.next()?;
        if word == "const" && next != "fn" {
            return Some(next);
        }
        word = next;
    }
    OPENERS.contains(&word).then(|| words.next())?
}

/// `ReadTtl` and `read_ttl` are both `["read", "ttl"]`.
fn segments(name: &str) -> Vec<String> {
    let mut segments = vec![String::new()];
    let mut previous_is_lower = false;
    for letter in name.chars() {
        if letter == '_' || (letter.is_uppercase() && previous_is_lower) {
            segments.push(String::new());
        }
        if let Some(last) = segments.last_mut().filter(|_| letter != '_') {
            last.extend(letter.to_lowercase());
        }
        previous_is_lower = letter.is_lowercase();
    }
    segments.retain(|segment| !segment.is_empty());
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str) -> usize {
        let words = Word::parse(
            "[[word]]\nnot = [\"ttl\"]\ninstead = \"period\"\nexceptions = [\"dns_ttl\"]\n",
        );
        source_faults(&Source::new("crates/a/src/b.rs", line), &words).len()
    }

    #[test]
    fn a_name_with_a_word_that_the_glossary_replaces_is_a_fault() {
        assert_eq!(check("pub struct CacheTtl;"), 1);
        assert_eq!(check("    pub(crate) async fn read_ttl() {}"), 1);
        assert_eq!(check("const TTL: u8 = 1;"), 1);
        assert_eq!(check("fn dns_ttl() {}"), 0);
        assert_eq!(check("fn shuttle() {}"), 0);
        assert_eq!(check("// a ttl in a sentence"), 0);
    }

    #[test]
    fn a_getter_is_named_after_what_it_gives() {
        assert_eq!(check("fn get_name() {}"), 1);
        assert_eq!(check("fn get() {}"), 0);
        assert_eq!(check("fn target() {}"), 0);
    }

    #[test]
    fn a_file_called_util_is_a_fault() {
        assert_eq!(
            source_faults(&Source::new("crates/a/src/util.rs", ""), &[]).len(),
            1
        );
    }
}
