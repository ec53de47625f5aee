//! The texts of a request body, also those in JSON documents that stand inside its strings: the arguments and
//! results of tools are such documents, and their escapes would hide what they say.

use std::ops::{Deref, Range};

use super::LeafRole;
use crate::json::{self, JsonFault, Leaf, LeafKind, Limits};

/// How many documents inside each other are read.
const DEEPEST: usize = 3;

/// One text to inspect.
pub(super) struct Text {
    leaf: Leaf,
    /// The document in which it stands: 0 is the body, n the n-th document inside a string.
    pub(super) home: usize,
    /// Programs know something by it.
    pub(super) is_name: bool,
    /// In whose hand it came.
    pub(super) hand: Hand,
    /// It was read of a file, and nothing before or behind the file goes on in it.
    pub(super) is_of_file: bool,
}

/// In whose hand a text came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// A person, a tool or the client wrote it, or nobody knows who.
    Anybodys,
    /// A model wrote it in an earlier turn and it came back as it was: what looks like a surrogate there is one of this conversation.
    Models,
    /// The same, and its provider signed it: not a letter of it may change.
    Signed,
}

impl Text {
    /// A text in the document with this number.
    fn plain(leaf: Leaf, home: usize) -> Self {
        Self {
            leaf,
            home,
            is_name: false,
            hand: Hand::Anybodys,
            is_of_file: false,
        }
    }
}

impl Deref for Text {
    type Target = Leaf;

    fn deref(&self) -> &Leaf {
        &self.leaf
    }
}

/// Whether a call of a tool stands here that a model made in an earlier turn: what the client got of it may hold surrogates.
fn is_call(path: &json::Path) -> bool {
    const CALLS: [&[&str]; 4] = [
        &["messages", "[]", "tool_calls"],
        &["messages", "[]", "function_call"],
        &["messages", "[]", "content", "[]", "input"],
        &["input", "[]", "arguments"],
    ];
    CALLS.iter().any(|call| path.starts(call))
}

/// A document inside a string of another.
struct Inner {
    text: String,
    home: usize,
    // Where the string stands in its home, inside the quotes.
    range: Range<usize>,
}

/// All texts of a body, in the order in which they stand there.
pub(super) struct Texts {
    texts: Vec<Text>,
    inner: Vec<Inner>,
}

impl Texts {
    /// Texts that are taken as they stand: what a person typed is read as one text, JSON or not.
    pub(super) fn as_they_stand(leaves: Vec<Leaf>) -> Self {
        let texts = leaves.into_iter().map(|leaf| Text::plain(leaf, 0));
        Self {
            texts: texts.collect(),
            inner: Vec::new(),
        }
    }

    /// Texts, with what each is; those that are JSON documents themselves are opened, as long as all together have no more
    /// than `n_leaves`.
    ///
    /// # Errors
    ///
    /// [`JsonFault::TooMany`]: reading the rest as it stands would leave it behind its escapes.
    pub(super) fn opened(
        leaves: Vec<(Leaf, LeafRole)>,
        mut n_leaves: usize,
    ) -> Result<Self, JsonFault> {
        let mut all = Self {
            texts: Vec::with_capacity(leaves.len()),
            inner: Vec::new(),
        };
        for (leaf, role) in leaves {
            match role {
                LeafRole::Name | LeafRole::Signed => all.texts.push(Text {
                    is_name: role == LeafRole::Name,
                    hand: if role == LeafRole::Signed {
                        Hand::Signed
                    } else {
                        Hand::Anybodys
                    },
                    ..Text::plain(leaf, 0)
                }),
                _ => {
                    let hand = if is_call(&leaf.path) {
                        Hand::Models
                    } else {
                        Hand::Anybodys
                    };
                    let n_before = all.texts.len();
                    all.add(leaf, 0, DEEPEST, &mut n_leaves)?;
                    for text in all.texts.iter_mut().skip(n_before) {
                        text.hand = hand;
                    }
                }
            }
        }
        Ok(all)
    }

    fn add(
        &mut self,
        leaf: Leaf,
        home: usize,
        deeper: usize,
        n_leaves: &mut usize,
    ) -> Result<(), JsonFault> {
        let inside = if deeper > 0 {
            inside(&leaf, *n_leaves)?
        } else {
            None
        };
        let Some(leaves) = inside else {
            self.texts.push(Text::plain(leaf, home));
            return Ok(());
        };
        *n_leaves = n_leaves.saturating_sub(leaves.len());

        self.inner.push(Inner {
            text: leaf.text,
            home,
            range: leaf.range,
        });
        let home = self.inner.len();
        for leaf in leaves {
            self.add(leaf, home, deeper - 1, n_leaves)?;
        }
        Ok(())
    }

    /// The texts.
    pub(super) fn all(&self) -> &[Text] {
        &self.texts
    }

    /// Where a text, or the outermost document in which it stands, begins in the body.
    pub(super) fn start_in_body(&self, text: &Text) -> Option<usize> {
        let (mut home, mut start) = (text.home, text.range.start);
        while home > 0 {
            let inner = self.inner.get(home - 1)?;
            (home, start) = (inner.home, inner.range.start);
        }
        Some(start)
    }

    /// Marks which texts were read of files.
    pub(super) fn tell_of_files(&mut self, is_of_file: impl Fn(usize) -> bool) {
        for (position, text) in self.texts.iter_mut().enumerate() {
            text.is_of_file = is_of_file(position);
        }
    }

    /// The body with these texts in place of the old ones, all else byte for byte as it was.
    ///
    /// `new` holds positions in [`Texts::all`] with the text that comes there.
    /// `more` are edits of the body itself, in places where none of the new texts stands.
    pub(super) fn rewritten(
        &self,
        body: &[u8],
        new: Vec<(usize, String)>,
        more: Vec<Edit>,
    ) -> Vec<u8> {
        let mut edits: Vec<Vec<Edit>> = vec![Vec::new(); self.inner.len() + 1];
        if let Some(edits) = edits.first_mut() {
            *edits = more;
        }
        for (position, text) in new {
            let Some(old) = self.texts.get(position) else {
                continue;
            };
            let quote = if old.kind == LeafKind::Number {
                "\""
            } else {
                ""
            };
            let written = format!("{quote}{}{quote}", json::escaped(&text));
            if let Some(edits) = edits.get_mut(old.home) {
                edits.push((old.range.clone(), written));
            }
        }

        // A document stands after the one that it is in, so the innermost come first.
        for (position, inner) in self.inner.iter().enumerate().rev() {
            let own = edits.get_mut(position + 1).map(std::mem::take);
            let Some(own) = own.filter(|own| !own.is_empty()) else {
                continue;
            };
            let text = edited(inner.text.as_bytes(), own);
            let text = String::from_utf8_lossy(&text);
            if let Some(edits) = edits.get_mut(inner.home) {
                edits.push((inner.range.clone(), json::escaped(&text)));
            }
        }
        edited(body, edits.into_iter().next().unwrap_or_default())
    }
}

/// What comes where: bytes of a document, half-open, and what replaces them.
pub(super) type Edit = (Range<usize>, String);

/// The strings, keys and long numbers of a text that is a JSON object or array with one reading.
fn inside(leaf: &Leaf, n_leaves: usize) -> Result<Option<Vec<Leaf>>, JsonFault> {
    let is_document = leaf.kind == LeafKind::Text && leaf.text.trim_start().starts_with(['{', '[']);
    if !is_document {
        return Ok(None);
    }
    let limits = Limits {
        leaves: n_leaves,
        ..Limits::default()
    };
    match json::scan(leaf.text.as_bytes(), &limits) {
        Ok(leaves) => Ok(Some(leaves).filter(|leaves| !leaves.is_empty())),
        Err(fault @ JsonFault::TooMany { .. }) => Err(fault),
        Err(_) => Ok(None),
    }
}

fn edited(document: &[u8], mut edits: Vec<Edit>) -> Vec<u8> {
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = Vec::with_capacity(document.len() + 64);
    let mut copied = 0;
    for (range, text) in edits {
        out.extend_from_slice(document.get(copied..range.start).unwrap_or_default());
        out.extend_from_slice(text.as_bytes());
        copied = range.end;
    }
    out.extend_from_slice(document.get(copied..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(body: &str) -> Texts {
        let mut leaves = json::scan(body.as_bytes(), &Limits::default()).unwrap();
        leaves.retain(|leaf| leaf.kind != LeafKind::Key);
        let leaves = leaves.into_iter().map(|leaf| (leaf, LeafRole::Text));
        Texts::opened(leaves.collect(), Limits::default().leaves).unwrap()
    }

    fn values(texts: &Texts) -> Vec<&str> {
        let is_value = |text: &&Text| text.kind != LeafKind::Key;
        texts
            .all()
            .iter()
            .filter(is_value)
            .map(|text| text.text.as_str())
            .collect()
    }

    #[test]
    fn a_document_in_a_string_is_read_without_its_escapes() {
        let texts =
            opened(r#"{"arguments":"{\"naam\": \"Zo\\u00eb\\nBakker\", \"n\": 123456782}"}"#);
        assert_eq!(values(&texts), ["Zoë\nBakker", "123456782"]);
    }

    #[test]
    fn what_changes_inside_changes_in_the_body_and_nothing_else() {
        let body = r#"{"a":"[\"{\\\"naam\\\": \\\"Zo\\\\u00eb\\\"}\",  1.50]", "b" : "x"}"#;
        let texts = opened(body);
        assert_eq!(
            texts.rewritten(body.as_bytes(), Vec::new(), Vec::new()),
            body.as_bytes()
        );

        let position = texts
            .all()
            .iter()
            .position(|text| text.text == "Zoë")
            .unwrap();
        let sent = texts.rewritten(
            body.as_bytes(),
            vec![(position, "\"N\"".into())],
            Vec::new(),
        );
        let sent = String::from_utf8(sent).unwrap();
        assert_eq!(values(&opened(&sent)), ["\"N\"", "x"]);
        assert!(sent.ends_with(r#",  1.50]", "b" : "x"}"#));
    }

    #[test]
    fn a_text_that_only_begins_like_a_document_stays_a_text() {
        let texts = opened(r#"{"a":"{ dit is geen json","b":"[]","c":"[1,2]"}"#);
        assert_eq!(values(&texts), ["{ dit is geen json", "[]", "[1,2]"]);
    }

    #[test]
    fn the_documents_in_strings_have_no_more_leaves_than_all_may_have_together() {
        let one = json::escaped(r#"["a","b","c"]"#);
        let body = format!(r#"["{one}","{one}"]"#);
        let leaves = json::scan(body.as_bytes(), &Limits::default()).unwrap();
        let leaves: Vec<_> = leaves
            .into_iter()
            .map(|leaf| (leaf, LeafRole::Text))
            .collect();
        assert!(Texts::opened(leaves.clone(), 6).is_ok());
        let fault = Texts::opened(leaves, 5).err();
        assert!(matches!(fault, Some(JsonFault::TooMany { .. })));
    }

    #[test]
    fn no_more_documents_are_opened_than_there_may_be() {
        let mut text = String::from("{\"x\":\"diep\"}");
        for _ in 0..6 {
            text = format!("{{\"x\":\"{}\"}}", json::escaped(&text));
        }
        let texts = opened(&text);
        assert_eq!(
            texts.all().iter().map(|text| text.home).max(),
            Some(DEEPEST)
        );
    }
}
