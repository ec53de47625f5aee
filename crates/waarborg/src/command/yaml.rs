//! A YAML document as a tree with lines, read from events: no aliases, no tags, a bounded depth and size.

use saphyr_parser::{Event, Parser};
use thiserror::Error;

/// Lists and tables inside each other, at most.
const DEEPEST: usize = 16;
/// Values in a document, at most.
const MOST_NODES: usize = 100_000;

/// A value and the line on which it begins, counted from one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Any plain or quoted word; what it means is for the reader.
    Word(String),
    /// A list.
    List(Vec<Node>),
    /// A table, in its order.
    Table(Vec<(String, Node)>),
}

/// Why a document cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub(super) enum YamlFault {
    /// It is no YAML.
    #[error("line {line}: {why}")]
    Syntax {
        /// The line, counted from one.
        line: usize,
        /// What the parser says.
        why: String,
    },
    /// It repeats parts by name; such a document can grow without end.
    #[error("line {0}: aliases are not read")]
    Alias(usize),
    /// Lists in lists in lists.
    #[error("line {0}: too deep")]
    TooDeep(usize),
    /// More values than anybody writes.
    #[error("too many values")]
    TooMany,
    /// There is nothing in it.
    #[error("the document is empty")]
    Empty,
}

impl Node {
    /// The value of a key, where this is a table that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(rows) => rows
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, node)| node),
            Value::Word(_) | Value::List(_) => None,
        }
    }

    /// The word, where it is one.
    pub(super) fn word(&self) -> Option<&str> {
        match &self.value {
            Value::Word(word) => Some(word),
            Value::List(_) | Value::Table(_) => None,
        }
    }

    /// The items, where it is a list; one item by itself counts as a list of one.
    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Word(word) if word.is_empty() || word == "~" || word == "null" => &[],
            Value::Word(_) | Value::Table(_) => std::slice::from_ref(self),
        }
    }
}

/// A list or table that is not finished yet.
enum Open {
    List(usize, Vec<Node>),
    Table(usize, Vec<(String, Node)>, Option<String>),
}

/// Reads the first document of a file.
///
/// # Errors
///
/// [`YamlFault`] with its line.
pub(super) fn read(source: &str) -> Result<Node, YamlFault> {
    let mut open: Vec<Open> = Vec::new();
    let mut n_nodes = 0;
    for event in Parser::new_from_str(source) {
        let (event, span) = event.map_err(|fault| YamlFault::Syntax {
            line: fault.marker().line(),
            why: fault.info().to_owned(),
        })?;
        let line = span.start.line();
        let done = match event {
            Event::Scalar(word, ..) => Some(Node {
                line,
                value: Value::Word(word.into_owned()),
            }),
            Event::SequenceStart(..) => {
                open.push(Open::List(line, Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Table(line, Vec::new(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(closed),
            Event::Alias(_) => return Err(YamlFault::Alias(line)),
            Event::StreamEnd | Event::DocumentEnd => return Err(YamlFault::Empty),
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => None,
        };
        if open.len() > DEEPEST {
            return Err(YamlFault::TooDeep(line));
        }
        let Some(node) = done else {
            continue;
        };
        n_nodes += 1;
        if n_nodes > MOST_NODES {
            return Err(YamlFault::TooMany);
        }
        match open.last_mut() {
            None => return Ok(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Table(_, rows, key)) => match key.take() {
                Some(key) => rows.push((key, node)),
                None => *key = Some(node.word().unwrap_or_default().to_owned()),
            },
        }
    }
    Err(YamlFault::Empty)
}

fn closed(open: Open) -> Node {
    match open {
        Open::List(line, items) => Node {
            line,
            value: Value::List(items),
        },
        Open::Table(line, rows, _) => Node {
            line,
            value: Value::Table(rows),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_tables_keep_their_order_and_lines() {
        let node = read("a: 1\nb:\n  - x\n  - {c: \"d e\"}\n").unwrap();
        assert_eq!(node.get("a").and_then(Node::word), Some("1"));
        let items = node.get("b").unwrap().items();
        assert_eq!((items.len(), items[0].line, items[1].line), (2, 3, 4));
        assert_eq!(items[1].get("c").and_then(Node::word), Some("d e"));
        assert!(node.get("z").is_none());
    }

    #[test]
    fn what_grows_or_goes_deep_is_refused() {
        assert_eq!(read("a: &x [1]\nb: *x\n"), Err(YamlFault::Alias(2)));
        let deep = "[".repeat(100_000);
        assert!(matches!(
            read(&deep),
            Err(YamlFault::TooDeep(1) | YamlFault::Syntax { .. })
        ));
        assert_eq!(read(""), Err(YamlFault::Empty));
        assert!(matches!(read("a: ["), Err(YamlFault::Syntax { .. })));
    }
}
