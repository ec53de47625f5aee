//! Reads a TOML document table by table and collects every fault with its place, instead of stopping at the first.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use waarborg_domain::register::{Fault, Severity};

/// The faults found so far in one file.
pub(super) struct Faults<'s> {
    file: &'s str,
    source: &'s str,
    found: Vec<Fault>,
}

impl<'s> Faults<'s> {
    /// No faults yet.
    pub(super) fn new(file: &'s str, source: &'s str) -> Self {
        Self {
            file,
            source,
            found: Vec::new(),
        }
    }

    /// Adds a fault at a place in the source.
    pub(super) fn add(
        &mut self,
        code: &'static str,
        span: &Range<usize>,
        message: String,
        mend: String,
    ) {
        let before = self.source.get(..span.start).unwrap_or(self.source);
        let line = self.line(span.start);
        let column = before
            .chars()
            .rev()
            .take_while(|letter| *letter != '\n')
            .count()
            + 1;
        self.found.push(Fault {
            code,
            file: self.file.to_owned(),
            line,
            column,
            message,
            mend,
            severity: Severity::Error,
        });
    }

    /// The line of a byte offset, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.source
            .get(..offset)
            .unwrap_or(self.source)
            .matches('\n')
            .count()
            + 1
    }

    /// All faults, in the order of the file.
    pub(super) fn into_sorted(mut self) -> Vec<Fault> {
        self.found.sort_by_key(|fault| (fault.line, fault.column));
        self.found
    }
}

/// One table of the document; remembers which keys were asked for, so that the others can be refused.
pub(super) struct Table<'t> {
    name: String,
    span: Range<usize>,
    entries: &'t DeTable<'t>,
    known: Vec<&'static str>,
}

impl<'t> Table<'t> {
    /// The document itself.
    pub(super) fn root(document: &'t Spanned<DeTable<'t>>) -> Self {
        Self {
            name: String::new(),
            span: document.span(),
            entries: document.get_ref(),
            known: Vec::new(),
        }
    }

    /// Where the table stands.
    pub(super) fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// A text.
    pub(super) fn text(
        &mut self,
        key: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<Found<String>> {
        let value = self.value(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, value, "a text in quotes", faults);
            return None;
        };
        Some(Found {
            value: text.to_owned(),
            span: value.span(),
        })
    }

    /// Yes or no.
    pub(super) fn truth(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<bool> {
        let value = self.value(key)?;
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.wrong_type(key, value, "true or false", faults);
        }
        truth
    }

    /// A list of texts; empty when it is not there.
    pub(super) fn texts(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Vec<String> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let texts = value.get_ref().as_array().and_then(|items| {
            items
                .iter()
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect()
        });
        texts.unwrap_or_else(|| {
            self.wrong_type(key, value, "a list of texts in quotes", faults);
            Vec::new()
        })
    }

    /// A whole number between two bounds, both included.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        bounds: Range<u64>,
        faults: &mut Faults<'_>,
    ) -> Option<u64> {
        let value = self.value(key)?;
        let number = value.get_ref().as_integer().and_then(|digits| {
            u64::from_str_radix(&digits.as_str().replace('_', ""), digits.radix()).ok()
        });
        match number {
            Some(number) if bounds.contains(&number) => Some(number),
            Some(_) => {
                let path = self.path(key);
                faults.add(
                    "out-of-range",
                    &value.span(),
                    format!("`{path}` is out of range"),
                    format!("use a number from {} to {}", bounds.start, bounds.end - 1),
                );
                None
            }
            None => {
                self.wrong_type(key, value, "a whole number", faults);
                None
            }
        }
    }

    /// A table below this one.
    pub(super) fn table(
        &mut self,
        key: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<Table<'t>> {
        let value = self.value(key)?;
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_type(key, value, "a table", faults);
            return None;
        };
        Some(Table {
            name: self.path(key),
            span: value.span(),
            entries,
            known: Vec::new(),
        })
    }

    /// The texts of a table whose keys the person chose, in the order of the file.
    pub(super) fn every_text(&self, faults: &mut Faults<'_>) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in entries {
            match value.get_ref().as_str() {
                Some(text) => texts.push((name.get_ref().to_string(), text.to_owned())),
                None => self.wrong_type(name.get_ref(), value, "a text in quotes", faults),
            }
        }
        texts
    }

    /// The tables below this one under names that the person chose.
    pub(super) fn named_tables(
        &mut self,
        key: &'static str,
        faults: &mut Faults<'_>,
    ) -> Vec<(String, Table<'t>)> {
        let Some(parent) = self.table(key, faults) else {
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (name, value) in parent.entries {
            let path = format!("{}.{}", parent.name, name.get_ref());
            if let Some(entries) = value.get_ref().as_table() {
                let table = Table {
                    name: path,
                    span: name.span(),
                    entries,
                    known: Vec::new(),
                };
                tables.push((name.get_ref().to_string(), table));
            } else {
                faults.add(
                    "wrong-type",
                    &value.span(),
                    format!(
                        "`{path}` is {} and must be a table",
                        value.get_ref().type_str()
                    ),
                    format!("write [{path}] on its own line"),
                );
            }
        }
        tables
    }

    /// Refuses the keys that nobody asked for, with the nearest known name.
    pub(super) fn finish(self, faults: &mut Faults<'_>) {
        for key in self.entries.keys() {
            let name: &str = key.get_ref();
            if self.known.contains(&name) {
                continue;
            }
            let nearest = self.known.iter().min_by_key(|known| distance(known, name));
            let mend = match nearest {
                Some(known) if distance(known, name) <= 3 => format!("did you mean `{known}`?"),
                _ => format!("remove it; known here: {}", self.known.join(", ")),
            };
            let path = if self.name.is_empty() {
                name.to_owned()
            } else {
                format!("{}.{name}", self.name)
            };
            faults.add(
                "unknown-key",
                &key.span(),
                format!("`{path}` is not a setting"),
                mend,
            );
        }
    }

    fn path(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.known.push(key);
        self.entries
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| value)
    }

    fn wrong_type(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        wanted: &str,
        faults: &mut Faults<'_>,
    ) {
        faults.add(
            "wrong-type",
            &value.span(),
            format!(
                "`{}` is {} and must be {wanted}",
                self.path(key),
                value.get_ref().type_str()
            ),
            format!("write {wanted}"),
        );
    }
}

/// A value with its place, for faults that are found later.
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// How many letters two short words differ (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = i;
        let mut previous = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(right.chars()) {
            let cost = (diagonal + usize::from(a != b))
                .min(previous + 1)
                .min(*cell + 1);
            diagonal = *cell;
            previous = cost;
            *cell = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_between_words_counts_letters() {
        assert_eq!(distance("listen", "listen"), 0);
        assert_eq!(distance("listen", "lisen"), 1);
        assert_eq!(distance("store", "stroe"), 2);
        assert_eq!(distance("", "abc"), 3);
    }
}
