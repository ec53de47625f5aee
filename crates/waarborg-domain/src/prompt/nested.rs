//! The texts of a request body, also those in JSON documents that stand inside its strings: the arguments and
//! results of tools are such documents, and their escapes would hide what they say.

use std::ops::{Deref, Range};

use crate::json::{self, Leaf, LeafKind, Limits};

/// How many documents inside each other are read.
const DEEPEST: usize = 3;

/// One text to inspect.
pub(super) struct Text {
    leaf: Leaf,
    /// The document in which it stands: 0 is the body, n the n-th document inside a string.
    pub(super) home: usize,
    /// Programs know something by it.
    pub(super) is_name: bool,
    /// It was read of a file, and nothing before or behind the file goes on in it.
    pub(super) is_of_file: bool,
}

impl Deref for Text {
    type Target = Leaf;

    fn deref(&self) -> &Leaf {
        &self.leaf
    }
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
        let texts = leaves.into_iter().map(|leaf| Text {
            leaf,
            home: 0,
            is_name: false,
            is_of_file: false,
        });
        Self {
            texts: texts.collect(),
            inner: Vec::new(),
        }
    }

    /// Texts, with whether each is a name; those that are JSON documents themselves are opened.
    pub(super) fn opened(leaves: Vec<(Leaf, bool)>) -> Self {
        let mut all = Self {
            texts: Vec::with_capacity(leaves.len()),
            inner: Vec::new(),
        };
        for (leaf, is_name) in leaves {
            if is_name {
                let home = 0;
                all.texts.push(Text {
                    leaf,
                    home,
                    is_name,
                    is_of_file: false,
                });
            } else {
                all.add(leaf, 0, DEEPEST);
            }
        }
        all
    }

    fn add(&mut self, leaf: Leaf, home: usize, deeper: usize) {
        let inside = if deeper > 0 { inside(&leaf) } else { None };
        let Some(leaves) = inside else {
            let is_name = false;
            self.texts.push(Text {
                leaf,
                home,
                is_name,
                is_of_file: false,
            });
            return;
        };

        self.inner.push(Inner {
            text: leaf.text,
            home,
            range: leaf.range,
        });
        let home = self.inner.len();
        for leaf in leaves {
            self.add(leaf, home, deeper - 1);
        }
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
fn inside(leaf: &Leaf) -> Option<Vec<Leaf>> {
    let is_document = leaf.kind == LeafKind::Text && leaf.text.trim_start().starts_with(['{', '[']);
    let leaves = is_document.then(|| json::scan(leaf.text.as_bytes(), &Limits::default()).ok());
    leaves.flatten().filter(|leaves| !leaves.is_empty())
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
        Texts::opened(leaves.into_iter().map(|leaf| (leaf, false)).collect())
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
