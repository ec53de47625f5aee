//! What a file says, with the place of each thing in it.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Value;

/// One thing and its place, in bytes. The place of a table under a heading is its heading.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) span: Range<usize>,
    pub(super) what: What,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    /// In the order of the file.
    Table(Vec<Entry>),
    List(Vec<Spot>),
    Plain(Value),
    /// What no form holds, such as a time of day.
    Other,
}

/// A key and what stands under it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) key: Range<usize>,
    pub(super) spot: Spot,
}

impl Spot {
    /// Reads a file; `None` if it is not TOML.
    pub(super) fn read(text: &str) -> Option<Self> {
        let document = DeTable::parse(text).ok()?;
        Some(Self {
            span: 0..0,
            what: table(document.get_ref()),
        })
    }

    fn of(value: &Spanned<DeValue<'_>>) -> Self {
        let what = match value.get_ref() {
            DeValue::String(text) => What::Plain(Value::Text(text.to_string())),
            DeValue::Boolean(flag) => What::Plain(Value::Flag(*flag)),
            DeValue::Integer(number) => {
                let digits: String = number.as_str().chars().filter(|c| *c != '_').collect();
                let number = i64::from_str_radix(&digits, number.radix());
                number.map_or(What::Other, |number| What::Plain(Value::Number(number)))
            }
            DeValue::Float(_) | DeValue::Datetime(_) => What::Other,
            DeValue::Array(items) => What::List(items.iter().map(Self::of).collect()),
            DeValue::Table(inner) => table(inner),
        };
        Self {
            span: value.span(),
            what,
        }
    }

    /// Its keys, if it is a table.
    pub(super) fn entries(&self) -> Option<&[Entry]> {
        match &self.what {
            What::Table(entries) => Some(entries),
            What::List(_) | What::Plain(_) | What::Other => None,
        }
    }

    pub(super) fn is_table(&self) -> bool {
        self.entries().is_some()
    }

    /// What stands under a key.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let entry = self.entries()?.iter().find(|entry| entry.name == name)?;
        Some(&entry.spot)
    }

    /// The rows of a list; none of anything else.
    pub(super) fn rows(&self) -> &[Self] {
        match &self.what {
            What::List(rows) => rows,
            What::Table(_) | What::Plain(_) | What::Other => &[],
        }
    }

    /// What a form can hold of it.
    pub(super) fn value(&self) -> Option<Value> {
        match &self.what {
            What::Plain(value) => Some(value.clone()),
            What::List(items) => {
                let texts = items.iter().map(|item| match &item.what {
                    What::Plain(Value::Text(text)) => Some(text.clone()),
                    _ => None,
                });
                texts.collect::<Option<_>>().map(Value::List)
            }
            What::Table(_) | What::Other => None,
        }
    }

    /// Whether it stands under a heading of its own: `[name]` or `[[name]]`.
    pub(super) fn has_heading(&self, text: &str) -> bool {
        self.is_table() && self.begins_with(text, '[')
    }

    /// Whether its heading or its value begins with this sign.
    pub(super) fn begins_with(&self, text: &str, sign: char) -> bool {
        text.get(self.span.start..)
            .is_some_and(|rest| rest.starts_with(sign))
    }

    /// Whether its rows stand under headings.
    fn has_headed_rows(&self, text: &str) -> bool {
        self.rows().iter().any(|row| row.has_heading(text))
    }

    /// Where the keys end that stand directly below its heading, or in its braces; `None` if there are none.
    pub(super) fn own_end(&self, text: &str) -> Option<usize> {
        let ends = self.entries()?.iter().map(|entry| entry.spot.end(text));
        ends.flatten().max()
    }

    /// Where a value ends that belongs to the table above it; `None` for what has a heading of its own.
    fn end(&self, text: &str) -> Option<usize> {
        match &self.what {
            What::Table(_) if self.has_heading(text) => None,
            // Dotted keys: `privacy.mail = "…"`.
            What::Table(_) if !self.begins_with(text, '{') => self.own_end(text),
            What::List(_) if self.has_headed_rows(text) => None,
            _ => Some(self.span.end),
        }
    }

    /// Where the last key or heading in it ends, the tables below it included.
    pub(super) fn last_end(&self, text: &str) -> Option<usize> {
        match &self.what {
            What::Table(entries) if !self.begins_with(text, '{') => {
                let heading = self.has_heading(text).then_some(self.span.end);
                let inner = entries.iter().filter_map(|entry| entry.spot.last_end(text));
                inner.chain(heading).max()
            }
            What::List(rows) if self.has_headed_rows(text) => {
                rows.iter().filter_map(|row| row.last_end(text)).max()
            }
            _ => Some(self.span.end),
        }
    }
}

fn table(table: &DeTable<'_>) -> What {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            name: key.get_ref().to_string(),
            key: key.span(),
            spot: Spot::of(value),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key.start);
    What::Table(entries)
}
