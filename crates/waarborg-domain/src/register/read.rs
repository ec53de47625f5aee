//! Walks a TOML document with its places, and collects every fault instead of stopping at the first.

use std::collections::BTreeMap;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::model::Label;
use super::starter::is_placeholder;
use super::{Faults, Open, Place, nearest};

/// One table of the document.
#[derive(Clone)]
pub(super) struct Part<'a, 'i> {
    table: &'a DeTable<'i>,
    /// The path, as a person would write it: `service.chat`, `retention 3`.
    pub(super) path: String,
    /// Where it begins.
    pub(super) place: Place,
}

impl Part<'_, '_> {
    /// The keys of the table.
    pub(super) fn keys(&self) -> Vec<String> {
        self.table
            .keys()
            .map(|key| key.get_ref().to_string())
            .collect()
    }
}

/// Something that must be declared elsewhere in the register or in the law tables.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub(super) kind: MentionKind,
    pub(super) name: String,
    pub(super) place: Place,
}

/// Of what sort a mentioned thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MentionKind {
    Service,
    Category,
    Purpose,
    Recipient,
    Evidence,
    /// Evidence without which nothing goes to a recipient.
    Contract,
    Role,
    Group,
    Notice,
    Authority,
    Country,
    Residence,
    FindingKind,
}

/// What a register is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// To run on it: a value that the starter register made is a value.
    ToRun,
    /// To show how far it is: such a value is still open.
    ToShow,
}

/// Reads parts of the document.
pub(super) struct Reader<'f, 's> {
    pub(super) faults: &'f mut Faults<'s>,
    pub(super) open: Vec<Open>,
    pub(super) placeholders: Vec<Open>,
    reading: Reading,
    pub(super) mentions: Vec<Mention>,
}

impl<'f, 's> Reader<'f, 's> {
    pub(super) fn of(faults: &'f mut Faults<'s>, reading: Reading) -> Self {
        Self {
            faults,
            open: Vec::new(),
            placeholders: Vec::new(),
            reading,
            mentions: Vec::new(),
        }
    }

    /// The whole document as a part.
    pub(super) fn root<'a, 'i>(&self, table: &'a DeTable<'i>) -> Part<'a, 'i> {
        Part {
            table,
            path: String::new(),
            place: self.faults.place(0),
        }
    }

    /// Reports every key that is not among `known`, with the nearest one that is.
    pub(super) fn only(&mut self, part: &Part<'_, '_>, known: &[&str]) {
        for key in part.table.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let place = self.faults.place(key.span().start);
            let within = if part.path.is_empty() {
                "the register".to_owned()
            } else {
                format!("[{}]", part.path)
            };
            let mend = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("remove it; known here: {}", known.join(", ")),
            };
            self.faults.error(
                place,
                "unknown-key",
                format!("{within} has an unknown key {name}"),
                mend,
            );
        }
    }

    /// The tables `[name.<id>]`, in the order of the file.
    pub(super) fn named<'a, 'i>(
        &mut self,
        root: &Part<'a, 'i>,
        name: &str,
    ) -> Vec<(String, Part<'a, 'i>)> {
        let Some(value) = root.table.get(name) else {
            return Vec::new();
        };
        let DeValue::Table(group) = value.get_ref() else {
            self.wrong_type(value, &key_path(root, name), "tables of the form [name.id]");
            return Vec::new();
        };

        let mut found = Vec::new();
        for (key, value) in group {
            let id = key.get_ref().to_string();
            let place = self.faults.place(key.span().start);
            let DeValue::Table(table) = value.get_ref() else {
                self.wrong_type(value, &format!("{name}.{id}"), "a table");
                continue;
            };
            if !is_plain_name(&id) {
                let mend = "use letters, digits, _ and - only, up to 64 characters";
                self.faults.error(
                    place,
                    "bad-name",
                    format!("[{name}.{id}] has a name that cannot be used"),
                    mend,
                );
            }
            found.push((
                id.clone(),
                Part {
                    table,
                    path: format!("{name}.{id}"),
                    place,
                },
            ));
        }
        found.sort_by_key(|(_, part)| part.place);
        found
    }

    /// The rows `[[name]]`, in the order of the file.
    pub(super) fn rows<'a, 'i>(&mut self, root: &Part<'a, 'i>, name: &str) -> Vec<Part<'a, 'i>> {
        let Some(value) = root.table.get(name) else {
            return Vec::new();
        };
        let DeValue::Array(rows) = value.get_ref() else {
            self.wrong_type(value, &key_path(root, name), "rows of the form [[name]]");
            return Vec::new();
        };

        let mut found = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            match row.get_ref() {
                DeValue::Table(table) => {
                    let place = self.faults.place(row.span().start);
                    found.push(Part {
                        table,
                        path: format!("{name} {}", index + 1),
                        place,
                    });
                }
                _ => self.wrong_type(row, name, "a table"),
            }
        }
        found
    }

    /// A single table below a part.
    pub(super) fn part<'a, 'i>(
        &mut self,
        above: &Part<'a, 'i>,
        name: &str,
    ) -> Option<Part<'a, 'i>> {
        let value = above.table.get(name)?;
        let path = key_path(above, name);
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Part {
                table,
                path,
                place: self.place_of(above, name),
            });
        }
        if !self.is_open(above, name) {
            self.wrong_type(value, &path, "a table");
        }
        None
    }

    /// A text; `None` if it is absent or open.
    pub(super) fn text(&mut self, part: &Part<'_, '_>, key: &str) -> Option<String> {
        let value = part.table.get(key)?;
        if self.is_open(part, key) {
            return None;
        }
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                let place = self.faults.place(value.span().start);
                let message = format!("{} is empty", key_path(part, key));
                self.faults.error(
                    place,
                    "empty-value",
                    message,
                    "write the value, or \"?\" if it is still open",
                );
                None
            }
            DeValue::String(text) => {
                let text = text.trim();
                let is_placeholder = self.note_placeholder(part, key, text);
                let is_shown = !is_placeholder || self.reading == Reading::ToRun;
                is_shown.then(|| text.to_owned())
            }
            _ => {
                self.wrong_type(value, &key_path(part, key), "a text in quotes");
                None
            }
        }
    }

    /// A value that the starter register made is still open, though the register runs with it.
    fn note_placeholder(&mut self, part: &Part<'_, '_>, key: &str, text: &str) -> bool {
        if !is_placeholder(key, text) {
            return false;
        }
        let place = self.value_place(part, key);
        let found = Open {
            key: key_path(part, key),
            place,
        };
        if !self.placeholders.contains(&found) {
            let message = format!("{} is still what the starter register says", found.key);
            let mend = "write your own; people read this in the notice";
            self.faults.warning(place, "placeholder", message, mend);
            self.placeholders.push(found);
        }
        true
    }

    /// A text that must be there.
    pub(super) fn need(&mut self, part: &Part<'_, '_>, key: &str, mend: &str) -> String {
        self.must_have(part, key, mend);
        self.text(part, key).unwrap_or_default()
    }

    /// Reports a key that must be there and is not.
    pub(super) fn must_have(&mut self, part: &Part<'_, '_>, key: &str, mend: &str) {
        if !part.table.contains_key(key) {
            self.faults.error(
                part.place,
                "missing-key",
                format!("[{}] has no {key}", part.path),
                mend,
            );
        }
    }

    /// One of a closed set of words.
    pub(super) fn word<T>(
        &mut self,
        part: &Part<'_, '_>,
        key: &str,
        words: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = self.text(part, key)?;
        let parsed = parse(&word);
        if parsed.is_none() {
            let mend = match nearest(&word, words.iter().copied()) {
                Some(near) => format!("did you mean {near}? Possible: {}", words.join(", ")),
                None => format!("possible: {}", words.join(", ")),
            };
            let message = format!("{} cannot be {word:?}", key_path(part, key));
            self.faults
                .error(self.value_place(part, key), "unknown-value", message, mend);
        }
        parsed
    }

    /// A list of texts with their places.
    pub(super) fn list(&mut self, part: &Part<'_, '_>, key: &str) -> Vec<(String, Place)> {
        let Some(value) = part.table.get(key) else {
            return Vec::new();
        };
        if self.is_open(part, key) {
            return Vec::new();
        }
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(value, &key_path(part, key), "a list of texts");
            return Vec::new();
        };

        let mut found: Vec<(String, Place)> = Vec::new();
        for item in &**items {
            let place = self.faults.place(item.span().start);
            match item.get_ref() {
                DeValue::String(text) if found.iter().any(|(known, _)| known == text.as_ref()) => {
                    let message = format!("{} names {text} twice", key_path(part, key));
                    self.faults
                        .error(place, "duplicate", message, "remove one of the two");
                }
                DeValue::String(text) => found.push((text.to_string(), place)),
                _ => self.wrong_type(item, &key_path(part, key), "a text in quotes"),
            }
        }
        found
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, part: &Part<'_, '_>, key: &str) -> Vec<String> {
        self.list(part, key)
            .into_iter()
            .map(|(text, _)| text)
            .collect()
    }

    /// Yes or no; `None` if absent.
    pub(super) fn flag(&mut self, part: &Part<'_, '_>, key: &str) -> Option<bool> {
        let value = part.table.get(key)?;
        if self.is_open(part, key) {
            return None;
        }
        let DeValue::Boolean(flag) = value.get_ref() else {
            self.wrong_type(value, &key_path(part, key), "true or false");
            return None;
        };
        Some(*flag)
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, part: &Part<'_, '_>, key: &str, highest: u32) -> Option<u32> {
        let value = part.table.get(key)?;
        if self.is_open(part, key) {
            return None;
        }
        let parsed = match value.get_ref() {
            DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = parsed.filter(|number| *number <= highest);
        if number.is_none() {
            self.wrong_type(
                value,
                &key_path(part, key),
                &format!("a whole number up to {highest}"),
            );
        }
        number
    }

    /// A day, written as `"2026-11-21"` or bare.
    pub(super) fn date(&mut self, part: &Part<'_, '_>, key: &str) -> Option<Date> {
        let value = part.table.get(key)?;
        if self.is_open(part, key) {
            return None;
        }
        let written = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(datetime) => datetime.to_string(),
            _ => String::new(),
        };
        let date = if written.len() == 10 {
            written.parse().ok()
        } else {
            None
        };
        if date.is_none() {
            let message = format!("{} is not a day", key_path(part, key));
            let mend = "write it as year-month-day, such as \"2026-11-21\"";
            self.faults
                .error(self.value_place(part, key), "bad-date", message, mend);
        }
        date
    }

    /// A text per language: `{ nl = "…", en = "…" }`.
    pub(super) fn label(&mut self, part: &Part<'_, '_>, key: &str) -> Label {
        let Some(value) = part.table.get(key) else {
            return Label::default();
        };
        if self.is_open(part, key) {
            return Label::default();
        }
        let DeValue::Table(languages) = value.get_ref() else {
            self.wrong_type(
                value,
                &key_path(part, key),
                "a text per language, such as { nl = \"…\", en = \"…\" }",
            );
            return Label::default();
        };
        let path = key_path(part, key);
        let inner = Part {
            table: languages,
            path: path.clone(),
            place: self.value_place(part, key),
        };

        let mut texts = BTreeMap::new();
        for language in languages.keys() {
            let name = language.get_ref().to_string();
            if !crate::register::sections::LANGUAGES.contains(&name.as_str()) {
                let place = self.faults.place(language.span().start);
                let mend = format!("known: {}", crate::register::sections::LANGUAGES.join(", "));
                self.faults.error(
                    place,
                    "unknown-language",
                    format!("{path} has an unknown language {name}"),
                    mend,
                );
            } else if let Some(text) = self.text(&inner, &name) {
                texts.insert(name, text);
            }
        }
        Label(texts)
    }

    /// A text per language, or one text for all.
    pub(super) fn words(&mut self, part: &Part<'_, '_>, key: &str) -> Label {
        match part.table.get(key).map(Spanned::get_ref) {
            Some(DeValue::String(_)) => {
                self.text(part, key).map(Label::for_all).unwrap_or_default()
            }
            _ => self.label(part, key),
        }
    }

    /// Notes that something mentioned must be declared elsewhere.
    pub(super) fn mention(&mut self, kind: MentionKind, name: &str, place: Place) {
        if !name.is_empty() {
            self.mentions.push(Mention {
                kind,
                name: name.to_owned(),
                place,
            });
        }
    }

    /// Whether a value is still open; every open place is noted once.
    pub(super) fn is_open(&mut self, part: &Part<'_, '_>, key: &str) -> bool {
        let Some(value) = part.table.get(key) else {
            return false;
        };
        let open =
            matches!(value.get_ref(), DeValue::String(text) if matches!(text.trim(), "?" | "open"));
        if open {
            let place = self.faults.place(value.span().start);
            let found = Open {
                key: key_path(part, key),
                place,
            };
            if !self.open.contains(&found) {
                let mend = "fill in the value; `waarborg notice --draft` shows what is still open";
                self.faults.error(
                    place,
                    "open-value",
                    format!("{} is still open", found.key),
                    mend,
                );
                self.open.push(found);
            }
        }
        open
    }

    /// Whether a part has a key.
    pub(super) fn has(part: &Part<'_, '_>, key: &str) -> bool {
        part.table.contains_key(key)
    }

    /// Where a value stands, or the part if it is absent.
    pub(super) fn value_place(&self, part: &Part<'_, '_>, key: &str) -> Place {
        part.table
            .get(key)
            .map_or(part.place, |value| self.faults.place(value.span().start))
    }

    /// Where a key stands, or the part if it is absent.
    fn place_of(&self, part: &Part<'_, '_>, key: &str) -> Place {
        part.table
            .get_key_value(key)
            .map_or(part.place, |(key, _)| self.faults.place(key.span().start))
    }

    fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, path: &str, wanted: &str) {
        let place = self.faults.place(value.span().start);
        self.faults.error(
            place,
            "wrong-type",
            format!("{path} has the wrong type"),
            format!("write {wanted}"),
        );
    }
}

fn key_path(part: &Part<'_, '_>, key: &str) -> String {
    if part.path.is_empty() {
        key.to_owned()
    } else {
        format!("{}.{key}", part.path)
    }
}

fn is_plain_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !name.is_empty() && name.len() <= 64 && name.bytes().all(plain)
}
