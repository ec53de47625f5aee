//! The pass over the bytes: RFC 8259, nothing more.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::{
    DIGITS_OF_A_NUMBER_LEAF, JsonFault, Leaf, LeafKind, Limits, Path, Segment, plain_length,
};

/// Deeper than this the scanner's own stack would be at stake, whatever the limits say.
const DEPTH_CEILING: usize = 128;

/// So many steps the ways to all leaves have together, per leaf that there may be: each way is kept whole, so many leaves that
/// all lie deep would take far more memory than the document.
const STEPS_PER_LEAF: usize = 16;

/// A string between its quotes.
struct Quoted {
    range: Range<usize>,
    text: String,
    is_escaped: bool,
}

/// The keys of one object. Few are compared one by one; a set would take longer to keep than it saves.
#[derive(Default)]
struct Keys {
    few: Vec<Arc<str>>,
    many: BTreeSet<Arc<str>>,
}

impl Keys {
    const FEW: usize = 16;

    /// Whether this key is new.
    fn insert(&mut self, key: Arc<str>) -> bool {
        if self.few.contains(&key) {
            return false;
        }
        if self.few.len() < Self::FEW {
            self.few.push(key);
            return true;
        }
        self.many.insert(key)
    }
}

pub(super) struct Scanner<'b> {
    text: &'b str,
    bytes: &'b [u8],
    at: usize,
    depth: usize,
    limits: Limits,
    leaves: Vec<Leaf>,
    n_steps: usize,
}

impl<'b> Scanner<'b> {
    pub(super) fn new(text: &'b str, limits: &Limits) -> Self {
        let limits = Limits {
            depth: limits.depth.min(DEPTH_CEILING),
            ..*limits
        };
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            depth: 0,
            limits,
            leaves: Vec::new(),
            n_steps: 0,
        }
    }

    pub(super) fn document(mut self) -> Result<Vec<Leaf>, JsonFault> {
        self.value(&Path::default())?;
        self.blank();
        if self.at == self.bytes.len() {
            Ok(self.leaves)
        } else {
            Err(self.syntax())
        }
    }

    fn value(&mut self, path: &Path) -> Result<(), JsonFault> {
        self.blank();
        match self.peek() {
            Some(b'{') => self.nested(path, Self::object),
            Some(b'[') => self.nested(path, Self::array),
            Some(b'"') => {
                let quoted = self.quoted()?;
                self.keep(quoted, LeafKind::Text, path.clone())
            }
            Some(b'-' | b'0'..=b'9') => self.number(path),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => Err(self.syntax()),
        }
    }

    fn nested(
        &mut self,
        path: &Path,
        inside: fn(&mut Self, &Path) -> Result<(), JsonFault>,
    ) -> Result<(), JsonFault> {
        if self.depth == self.limits.depth {
            return Err(JsonFault::TooDeep {
                limit: self.limits.depth,
            });
        }
        self.depth += 1;
        self.at += 1;
        inside(self, path)?;
        self.depth -= 1;
        Ok(())
    }

    fn object(&mut self, path: &Path) -> Result<(), JsonFault> {
        self.blank();
        if self.took(b'}') {
            return Ok(());
        }
        let mut keys = Keys::default();
        loop {
            self.blank();
            let at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.syntax());
            }
            let quoted = self.quoted()?;
            let key: Arc<str> = Arc::from(quoted.text.as_str());
            let member = path.child(Segment::Key(Arc::clone(&key)));
            if !keys.insert(key) {
                return Err(JsonFault::DuplicateKey { at });
            }
            self.keep(quoted, LeafKind::Key, member.clone())?;

            self.blank();
            self.must(b':')?;
            self.value(&member)?;

            self.blank();
            if self.took(b'}') {
                return Ok(());
            }
            self.must(b',')?;
        }
    }

    fn array(&mut self, path: &Path) -> Result<(), JsonFault> {
        self.blank();
        if self.took(b']') {
            return Ok(());
        }
        let mut index = 0;
        loop {
            self.value(&path.child(Segment::Index(index)))?;
            self.blank();
            if self.took(b']') {
                return Ok(());
            }
            self.must(b',')?;
            index += 1;
        }
    }

    fn keep(&mut self, quoted: Quoted, kind: LeafKind, path: Path) -> Result<(), JsonFault> {
        self.n_steps += path.segments().len();
        let most_steps = self.limits.leaves.saturating_mul(STEPS_PER_LEAF);
        if self.leaves.len() >= self.limits.leaves || self.n_steps > most_steps {
            return Err(JsonFault::TooMany {
                limit: self.limits.leaves,
            });
        }
        let Quoted {
            range,
            text,
            is_escaped,
        } = quoted;
        self.leaves.push(Leaf {
            range,
            path,
            kind,
            text,
            is_escaped,
        });
        Ok(())
    }

    /// Reads a string, its first quote under the reading head.
    fn quoted(&mut self) -> Result<Quoted, JsonFault> {
        self.at += 1;
        let start = self.at;
        let mut plain_from = start;
        let mut decoded: Option<String> = None;
        loop {
            self.at += self.plain_length();
            match self.peek() {
                Some(b'"') => {
                    let range = start..self.at;
                    let tail = self.slice(plain_from..self.at);
                    self.at += 1;
                    let is_escaped = decoded.is_some();
                    let mut text = decoded.unwrap_or_default();
                    text.push_str(tail);
                    return Ok(Quoted {
                        range,
                        text,
                        is_escaped,
                    });
                }
                Some(b'\\') => {
                    let before = self.slice(plain_from..self.at);
                    let character = self.escape()?;
                    let text = decoded.get_or_insert_default();
                    text.push_str(before);
                    text.push(character);
                    plain_from = self.at;
                }
                Some(_) | None => return Err(self.syntax()),
            }
        }
    }

    /// How many bytes of a string from here on stand for themselves.
    fn plain_length(&self) -> usize {
        plain_length(self.bytes.get(self.at..).unwrap_or_default())
    }

    /// Reads an escape, its backslash under the reading head.
    fn escape(&mut self) -> Result<char, JsonFault> {
        let at = self.at;
        self.at += 1;
        let Some(letter) = self.peek() else {
            return Err(self.syntax());
        };
        let character = match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(at),
            _ => return Err(self.syntax()),
        };
        self.at += 1;
        Ok(character)
    }

    fn unicode_escape(&mut self, at: usize) -> Result<char, JsonFault> {
        let first = self.four_digits()?;
        if (0xDC00..0xE000).contains(&first) {
            return Err(JsonFault::LoneSurrogate { at });
        }
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or(JsonFault::LoneSurrogate { at });
        }
        if !self.took(b'\\') || self.peek() != Some(b'u') {
            return Err(JsonFault::LoneSurrogate { at });
        }
        let second = self.four_digits()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(JsonFault::LoneSurrogate { at });
        }
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        char::from_u32(code).ok_or(JsonFault::LoneSurrogate { at })
    }

    /// Reads `uXXXX`, the `u` under the reading head.
    fn four_digits(&mut self) -> Result<u32, JsonFault> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.syntax());
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self, path: &Path) -> Result<(), JsonFault> {
        let start = self.at;
        let _ = self.took(b'-');
        let mut n_digits = if self.took(b'0') { 1 } else { self.digits()? };
        if self.took(b'.') {
            n_digits += self.digits()?;
        }
        let has_exponent = self.took(b'e') || self.took(b'E');
        if has_exponent {
            let _ = self.took(b'+') || self.took(b'-');
            n_digits += self.digits()?;
        }
        // With an exponent a few digits can stand for many.
        if n_digits < DIGITS_OF_A_NUMBER_LEAF && !has_exponent {
            return Ok(());
        }
        let range = start..self.at;
        let text = self.slice(range.clone()).to_owned();
        self.keep(
            Quoted {
                range,
                text,
                is_escaped: false,
            },
            LeafKind::Number,
            path.clone(),
        )
    }

    fn digits(&mut self) -> Result<usize, JsonFault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            Err(self.syntax())
        } else {
            Ok(self.at - start)
        }
    }

    fn word(&mut self, word: &str) -> Result<(), JsonFault> {
        for byte in word.bytes() {
            self.must(byte)?;
        }
        Ok(())
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn took(&mut self, wanted: u8) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    fn must(&mut self, wanted: u8) -> Result<(), JsonFault> {
        if self.took(wanted) {
            Ok(())
        } else {
            Err(self.syntax())
        }
    }

    fn syntax(&self) -> JsonFault {
        JsonFault::Syntax { at: self.at }
    }

    /// Both ends stand next to an ASCII byte, so they are character boundaries.
    fn slice(&self, range: Range<usize>) -> &'b str {
        self.text.get(range).unwrap_or_default()
    }
}
