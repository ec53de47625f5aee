//! Values as TOML writes them, in the manner in which they stood before.

use std::fmt::Write as _;

use super::tree::Spot;
use super::{EditError, Value};

/// How a value was written.
pub(super) struct Written<'t> {
    was: &'t str,
    /// The texts of a list.
    items: Option<Vec<String>>,
}

impl<'t> Written<'t> {
    /// In the manner of this value.
    pub(super) fn like(was: &'t str, value: &Spot) -> Self {
        let items = match value.value() {
            Some(Value::List(items)) => Some(items),
            _ => None,
        };
        Self { was, items }
    }

    /// Another value in the same manner.
    ///
    /// # Errors
    ///
    /// [`EditError::WrittenOtherwise`] if a comment would be lost.
    pub(super) fn say(&self, value: &Value) -> Result<String, EditError> {
        match value {
            Value::Text(text) if self.was.starts_with("\"\"\"") || self.was.starts_with("'''") => {
                Ok(lines(text))
            }
            Value::Text(text) if self.was.starts_with('\'') && is_literal(text) => {
                Ok(format!("'{text}'"))
            }
            Value::List(items) if self.items.is_some() => self.list(items),
            // A table, or a list in the place of something else, may have comments in it.
            _ if self.was.starts_with(['{', '[']) && self.was.contains('#') => {
                Err(EditError::WrittenOtherwise)
            }
            value => Ok(said(value)),
        }
    }

    /// A list that had several lines keeps them; one with comments between them only grows.
    fn list(&self, items: &[String]) -> Result<String, EditError> {
        let spread = self.was.contains('\n');
        if !spread {
            return Ok(said(&Value::List(items.to_vec())));
        }
        let known = self.items.as_deref().unwrap_or_default();
        let indent: String = self
            .was
            .split_once('\n')
            .map(|(_, rest)| {
                rest.chars()
                    .take_while(|c| matches!(c, ' ' | '\t'))
                    .collect()
            })
            .unwrap_or_default();
        let nl = if self.was.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        if self.was.contains('#') {
            return Err(EditError::WrittenOtherwise);
        }
        if known == items {
            return Ok(self.was.to_owned());
        }
        let mut list = format!("[{nl}");
        for item in items {
            let _ = write!(list, "{indent}{},{nl}", quoted(item));
        }
        list.push(']');
        Ok(list)
    }
}

/// A value below further keys: `{ nl = "…" }`.
pub(super) fn nested(keys: &[&str], value: &Value) -> String {
    match keys {
        [] => said(value),
        [first, deeper @ ..] => format!("{{ {} = {} }}", key(first), nested(deeper, value)),
    }
}

/// A key, in quotes where it needs them.
pub(super) fn key(name: &str) -> String {
    let is_bare = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_bare {
        name.to_owned()
    } else {
        quoted(name)
    }
}

fn said(value: &Value) -> String {
    match value {
        Value::Text(text) if text.contains('\n') => lines(text),
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
    }
}

/// A text of one line in quotes.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        escape(&mut quoted, letter);
    }
    quoted.push('"');
    quoted
}

/// A text of several lines, as one reads it.
fn lines(text: &str) -> String {
    let mut quoted = String::from("\"\"\"\n");
    for letter in text.chars() {
        match letter {
            '\n' => quoted.push('\n'),
            letter => escape(&mut quoted, letter),
        }
    }
    quoted.push_str("\"\"\"");
    quoted
}

fn escape(into: &mut String, letter: char) {
    match letter {
        '"' => into.push_str("\\\""),
        '\\' => into.push_str("\\\\"),
        '\n' => into.push_str("\\n"),
        '\r' => into.push_str("\\r"),
        '\t' => into.push_str("\\t"),
        letter if letter.is_control() => {
            // Writing to a String does not fail.
            let _ = write!(into, "\\u{:04X}", u32::from(letter));
        }
        letter => into.push(letter),
    }
}

fn is_literal(text: &str) -> bool {
    !text.contains('\'') && !text.chars().any(char::is_control)
}
