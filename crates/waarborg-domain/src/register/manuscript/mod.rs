//! A register file that is changed in place: what nobody touches stays as it was, byte for byte, comments among it.

mod splice;
#[cfg(test)]
mod tests;
mod tree;
mod written;

use thiserror::Error;

use splice::{Splice, applied, line_end, line_start, newline, place_after};
use tree::Spot;
use written::Written;

/// One table of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its section, such as `recipient`.
    pub section: String,
    /// Which of the section.
    pub which: Which,
}

/// Which table of its section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The only one: `[register]`.
    Only,
    /// The one of this name: `[recipient.model]`.
    Named(String),
    /// The one with this number, from 0: `[[retention]]`.
    Row(usize),
}

/// A value that a form can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
}

/// Why a file is not changed in place; the person can still write in it as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EditError {
    /// The file cannot be read as TOML.
    #[error("the file cannot be read as TOML")]
    NotToml,
    /// There is no such table or key.
    #[error("there is no such place in the file")]
    Missing,
    /// A table of that name is there already.
    #[error("a table of that name is there already")]
    Taken,
    /// A name that TOML or the register does not take.
    #[error("a name has letters, digits, _ and - only")]
    BadName,
    /// It stands there in a way that cannot be changed without touching something else, such as a comment inside a list.
    #[error("this is written in a way that only a person can change, in the text itself")]
    WrittenOtherwise,
}

/// A register file to change.
#[derive(Debug, Clone)]
pub struct Manuscript {
    text: String,
    root: Spot,
}

impl Manuscript {
    /// A file to change.
    ///
    /// # Errors
    ///
    /// [`EditError::NotToml`] if it cannot be read.
    pub fn new(text: impl Into<String>) -> Result<Self, EditError> {
        let text = text.into();
        let root = Spot::read(&text).ok_or(EditError::NotToml)?;
        Ok(Self { text, root })
    }

    /// The file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tables of a section, in the order of the file.
    #[must_use]
    pub fn items(&self, section: &str) -> Vec<Which> {
        let Some(found) = self.root.get(section) else {
            return Vec::new();
        };
        match found.entries() {
            None => (0..found.rows().len()).map(Which::Row).collect(),
            Some(tables) if tables.iter().all(|entry| entry.spot.is_table()) => {
                let names = tables.iter().map(|entry| entry.name.clone());
                names.map(Which::Named).collect()
            }
            Some(_) => vec![Which::Only],
        }
    }

    /// The keys directly below a place.
    #[must_use]
    pub fn keys(&self, item: &Item, path: &[&str]) -> Vec<String> {
        let entries = self.at(item, path).and_then(Spot::entries);
        let names = entries.into_iter().flatten();
        names.map(|entry| entry.name.clone()).collect()
    }

    /// The value at a place, where a form can hold it.
    #[must_use]
    pub fn value(&self, item: &Item, path: &[&str]) -> Option<Value> {
        self.at(item, path)?.value()
    }

    /// Whether anything stands at a place.
    #[must_use]
    pub fn has(&self, item: &Item, path: &[&str]) -> bool {
        self.at(item, path).is_some()
    }

    /// Writes a value at a place; where it says so already, nothing changes.
    ///
    /// # Errors
    ///
    /// [`EditError`] if it cannot be done without touching something else.
    pub fn set(&mut self, item: &Item, path: &[&str], value: &Value) -> Result<(), EditError> {
        if self.value(item, path).as_ref() == Some(value) {
            return Ok(());
        }
        let splice = self.setting(item, path, value)?;
        self.commit(vec![splice], |after| {
            after.value(item, path).as_ref() == Some(value)
        })
    }

    /// Removes what stands at a place; a text in languages goes with its last language.
    ///
    /// # Errors
    ///
    /// [`EditError`] if it cannot be done without touching something else.
    pub fn clear(&mut self, item: &Item, path: &[&str]) -> Result<(), EditError> {
        if !self.has(item, path) {
            return Ok(());
        }
        let splice = self.clearing(item, path)?;
        self.commit(vec![splice], |after| !after.has(item, path))
    }

    /// Adds an empty table at the end of its section, or of the file, and says which it is.
    ///
    /// # Errors
    ///
    /// [`EditError`] if there is one of that name already, or the name cannot be used.
    pub fn add(&mut self, section: &str, which: Which) -> Result<Item, EditError> {
        let heading = match &which {
            Which::Only => format!("[{section}]"),
            Which::Named(name) if !is_plain_name(name) => return Err(EditError::BadName),
            Which::Named(name) => format!("[{section}.{name}]"),
            Which::Row(_) => format!("[[{section}]]"),
        };
        let which = match which {
            Which::Row(_) => Which::Row(self.items(section).len()),
            other => other,
        };
        let item = Item {
            section: section.to_owned(),
            which,
        };
        if self.has(&item, &[]) {
            return Err(EditError::Taken);
        }
        let known = self.root.get(section);
        let end = known.and_then(|known| known.last_end(&self.text));
        let end = end.unwrap_or(self.text.len());
        let nl = newline(&self.text);
        let (at, before) = place_after(&self.text, end);
        let splice = Splice {
            range: at..at,
            new: format!("{before}{nl}{heading}{nl}"),
        };
        self.commit(vec![splice], |after| after.has(&item, &[]))?;
        Ok(item)
    }

    /// Removes a table with all its keys; comments above its heading stay.
    ///
    /// # Errors
    ///
    /// [`EditError`] if it cannot be done without touching something else.
    pub fn remove(&mut self, item: &Item) -> Result<(), EditError> {
        let n_before = self.items(&item.section).len();
        let table = self.at(item, &[]).ok_or(EditError::Missing)?;
        let mut splices = Vec::new();
        self.blocks(table, &mut splices)?;
        self.commit(splices, |after| {
            after.items(&item.section).len() + 1 == n_before
        })
    }

    /// What stands at a place.
    fn at(&self, item: &Item, path: &[&str]) -> Option<&Spot> {
        let section = self.root.get(&item.section)?;
        let table = match &item.which {
            Which::Only => section,
            Which::Named(name) => section.get(name)?,
            Which::Row(index) => section.rows().get(*index)?,
        };
        path.iter().try_fold(table, |at, key| at.get(key))
    }

    /// Takes a change over if it is TOML and says what it should.
    fn commit(
        &mut self,
        splices: Vec<Splice>,
        is_right: impl FnOnce(&Self) -> bool,
    ) -> Result<(), EditError> {
        let text = applied(&self.text, splices).ok_or(EditError::WrittenOtherwise)?;
        let after = Self::new(text).map_err(|_| EditError::WrittenOtherwise)?;
        if !is_right(&after) {
            return Err(EditError::WrittenOtherwise);
        }
        *self = after;
        Ok(())
    }

    fn setting(&self, item: &Item, path: &[&str], value: &Value) -> Result<Splice, EditError> {
        let mut table = self.at(item, &[]).ok_or(EditError::Missing)?;
        let mut rest = path;
        while let [key, deeper @ ..] = rest {
            if !table.is_table() {
                return Err(EditError::WrittenOtherwise);
            }
            match (table.get(key), deeper) {
                (Some(old), []) => {
                    let was = self.text.get(old.span.clone()).unwrap_or_default();
                    return Ok(Splice {
                        range: old.span.clone(),
                        new: Written::like(was, old).say(value)?,
                    });
                }
                (Some(below), _) => {
                    table = below;
                    rest = deeper;
                }
                (None, _) => return self.inserting(table, key, &written::nested(deeper, value)),
            }
        }
        Err(EditError::Missing)
    }

    fn inserting(&self, table: &Spot, key: &str, value: &str) -> Result<Splice, EditError> {
        let text = &self.text;
        let keyed = format!("{} = {value}", written::key(key));
        let last = table.own_end(text);
        if table.has_heading(text) {
            let (at, before) = place_after(text, last.unwrap_or(table.span.end));
            let new = format!("{before}{keyed}{}", newline(text));
            return Ok(Splice { range: at..at, new });
        }
        if !table.begins_with(text, '{') {
            return Err(EditError::WrittenOtherwise);
        }
        Ok(match last {
            Some(at) => Splice {
                range: at..at,
                new: format!(", {keyed}"),
            },
            None => Splice {
                range: table.span.clone(),
                new: format!("{{ {keyed} }}"),
            },
        })
    }

    fn clearing(&self, item: &Item, path: &[&str]) -> Result<Splice, EditError> {
        let [above @ .., key] = path else {
            return Err(EditError::Missing);
        };
        let text = &self.text;
        let holder = self.at(item, above).ok_or(EditError::Missing)?;
        let all = holder.entries().ok_or(EditError::Missing)?;
        let at = all.iter().position(|entry| entry.name == *key);
        let at = at.ok_or(EditError::Missing)?;
        let gone = all.get(at).ok_or(EditError::Missing)?;

        if holder.has_heading(text) {
            let start = line_start(text, gone.key.start);
            let before = text.get(start..gone.key.start).unwrap_or_default();
            if !before.trim().is_empty() || gone.spot.has_heading(text) {
                return Err(EditError::WrittenOtherwise);
            }
            return Ok(Splice {
                range: start..line_end(text, gone.spot.span.end),
                new: String::new(),
            });
        }
        if !holder.begins_with(text, '{') {
            return Err(EditError::WrittenOtherwise);
        }
        let before = at.checked_sub(1).and_then(|before| all.get(before));
        let range = match (before, all.get(at + 1)) {
            (_, Some(next)) => gone.key.start..next.key.start,
            (Some(before), None) => before.spot.span.end..gone.spot.span.end,
            (None, None) if above.is_empty() => return Err(EditError::WrittenOtherwise),
            (None, None) => return self.clearing(item, above),
        };
        let around = [
            range.start..gone.key.start.max(range.start),
            gone.spot.span.end..range.end,
        ];
        let has_comment = around.into_iter().any(|piece| {
            text.get(piece)
                .is_some_and(|piece| piece.contains(['#', '\n']))
        });
        if has_comment {
            return Err(EditError::WrittenOtherwise);
        }
        Ok(Splice {
            range,
            new: String::new(),
        })
    }

    /// The lines of a table and of the tables below it.
    fn blocks(&self, table: &Spot, splices: &mut Vec<Splice>) -> Result<(), EditError> {
        let text = &self.text;
        let own_end = table.own_end(text);
        if table.has_heading(text) {
            let start = line_start(text, table.span.start);
            let end = line_end(text, own_end.unwrap_or(table.span.end));
            splices.push(Splice::without(text, start..end));
        } else if own_end.is_some() || table.begins_with(text, '{') {
            return Err(EditError::WrittenOtherwise);
        }
        for entry in table.entries().into_iter().flatten() {
            let rows = entry.spot.rows().iter();
            let below = rows.chain([&entry.spot]);
            for table in below.filter(|below| below.has_heading(text)) {
                self.blocks(table, splices)?;
            }
        }
        Ok(())
    }
}

fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
