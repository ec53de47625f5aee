//! Puts values back where their surrogates stand, in a stream, whatever way it is cut.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt::Write as _;

use super::hidden::HiddenTracker;
use super::link::LinkTracker;
use super::mention::{self, Mention, Outcome};
use super::realistic::Found;
use super::sign::{self, Stop};
use super::{Entry, Scope, Surrogates};
use crate::kind::Kind;
use crate::withheld::Screener;

/// Restores a text that arrives in pieces.
///
/// It holds back at most one unfinished surrogate (64 bytes), and gives the same result for
/// every way to cut the text.
pub struct Restorer<'s> {
    surrogates: Source<'s>,
    scope: Scope,
    held: String,
    link: LinkTracker,
    hidden: HiddenTracker,
    /// How far an escape of JSON has been read, where the text is written as JSON.
    escape: Escape,
    /// The last character, which decides whether a word can begin; in JSON as it is read.
    previous: Option<char>,
    /// Behind a value that came back: the kinds of which another number may follow.
    list: &'static [Kind],
    /// Keeps out what people had removed from answers; it holds back a sentence.
    screener: Option<Screener>,
}

enum Source<'s> {
    Borrowed(&'s Surrogates),
    Shared(Arc<Surrogates>),
}

impl<'s> Restorer<'s> {
    pub(super) fn new(surrogates: &'s Surrogates, scope: Scope) -> Restorer<'s> {
        Restorer::from_source(Source::Borrowed(surrogates), scope)
    }

    fn from_source(surrogates: Source<'s>, scope: Scope) -> Restorer<'s> {
        let screener = match &surrogates {
            Source::Borrowed(surrogates) => surrogates.screener(scope),
            Source::Shared(surrogates) => surrogates.screener(scope),
        };
        Restorer {
            surrogates,
            scope,
            screener,
            held: String::new(),
            link: LinkTracker::default(),
            hidden: HiddenTracker::default(),
            escape: Escape::default(),
            previous: None,
            list: &[],
        }
    }

    /// Takes the next piece and returns what may go out now.
    pub fn push(&mut self, chunk: &str) -> String {
        self.held.push_str(chunk);
        let restored = self.release(false);
        match &mut self.screener {
            Some(screener) => screener.push(&restored),
            None => restored,
        }
    }

    /// Ends the text and returns what was held back.
    pub fn finish(&mut self) -> String {
        let restored = self.release(true);
        match &mut self.screener {
            Some(screener) => {
                let mut out = screener.push(&restored);
                out.push_str(&screener.finish());
                out
            }
            None => restored,
        }
    }

    /// Whether something was left out of the text, because somebody had it removed from answers.
    #[must_use]
    pub fn has_left_out(&self) -> bool {
        self.screener.as_ref().is_some_and(Screener::has_left_out)
    }

    /// Bytes of what may become a surrogate, which wait for what follows.
    #[must_use]
    pub fn held_back(&self) -> usize {
        self.held.len()
    }

    fn release(&mut self, complete: bool) -> String {
        let held = core::mem::take(&mut self.held);
        let mut out = String::with_capacity(held.len());
        let mut rest = held.as_str();
        while let Some(next) = rest.chars().next() {
            let (taken, is_value) = match self.read(rest, next, complete) {
                Outcome::Undecided => break,
                Outcome::Mention(mention) => {
                    let is_value = self.entry(&mention).is_some();
                    (self.restore(rest, mention, &mut out), is_value)
                }
                Outcome::Nothing => match self.find(rest, next, complete) {
                    Err(Stop::Undecided) => break,
                    Ok(Some(found)) => {
                        self.scope.write(&found.value, &mut out);
                        (found.len, true)
                    }
                    Ok(None) | Err(Stop::Nothing) => {
                        out.push(next);
                        (next.len_utf8(), false)
                    }
                },
            };
            let (read, left) = rest.split_at_checked(taken).unwrap_or((rest, ""));
            for character in read.chars() {
                self.link.take(character);
                self.follow(character);
            }
            if is_value {
                self.hidden.restored();
            }
            rest = left;
        }
        rest.clone_into(&mut self.held);
        out
    }

    /// What stands at the beginning of `rest`: a number that goes on with a list, or a surrogate.
    fn read(&mut self, rest: &str, next: char, complete: bool) -> Outcome {
        if !self.list.is_empty() {
            match mention::read_next(rest, complete, self.list) {
                Outcome::Mention(mention) if self.entry(&mention).is_some() => {
                    return Outcome::Mention(mention);
                }
                Outcome::Undecided => return Outcome::Undecided,
                Outcome::Mention(_) | Outcome::Nothing => self.list = &[],
            }
        }
        // In the middle of an escape stand no letters of a text.
        let is_letter = !(self.is_in_escape() && next.is_alphanumeric());
        if is_letter && may_begin(self.previous, next) {
            mention::read(rest, complete)
        } else {
            Outcome::Nothing
        }
    }

    /// The value of what looks real and stands at the beginning of `rest`, if it may come there.
    fn find(&self, rest: &str, next: char, complete: bool) -> Result<Option<Found>, Stop> {
        let Some(realistic) = &self.surrogates().realistic else {
            return Ok(None);
        };
        let is_within = self
            .previous
            .is_some_and(|before| before.is_alphanumeric() || before == '<');
        if is_within || self.is_in_escape() || !next.is_alphanumeric() {
            return Ok(None);
        }
        let may_come = |found: &Found| {
            // More of an address before it makes it another.
            let is_longer = self
                .previous
                .is_some_and(|before| "._-+%@".contains(before));
            let is_whole = found.kind != Kind::Email || !is_longer;
            is_whole
                && self
                    .scope
                    .allows(self.surrogates().held_in(found.kind, &found.value))
                && self.is_shown()
        };
        Ok(realistic.find(rest, complete)?.filter(may_come))
    }

    /// The entry of which the value comes in the place of a mention, if it may.
    fn entry(&self, mention: &Mention) -> Option<&Entry> {
        let entry = self.surrogates().entry(mention)?;
        let may_come = self.scope.allows(entry.also.with(entry.kind)) && self.is_shown();
        may_come.then_some(entry)
    }

    /// Writes the value of a mention, or the mention as it stands, and returns the bytes read.
    fn restore(&mut self, text: &str, mention: Mention, out: &mut String) -> usize {
        let part = |range| text.get(range).unwrap_or_default();
        if let Some(entry) = self.entry(&mention) {
            let outer = mention.outer.filter(|_| entry.is_in_brackets);
            let [opening, closing] = outer.unwrap_or_default();
            out.push_str(part(opening));
            out.push_str(part(mention.before));
            self.scope.write(&entry.value, out);
            out.push_str(part(mention.after));
            out.push_str(part(closing));
            self.list = mention.kinds;
        } else {
            out.push_str(part(0..mention.len));
            self.list = &[];
        }
        mention.len
    }

    /// Whether what stands here is read by a person, and goes nowhere by itself.
    fn is_shown(&self) -> bool {
        !self.link.inside() && !self.hidden.inside()
    }

    /// Follows what stands before the next character and what is shown; in JSON as it will be read.
    fn follow(&mut self, character: char) {
        let read = match self.scope {
            Scope::Text | Scope::ToolText(_) => Some(character),
            Scope::JsonString | Scope::ToolArguments(_) => self.escape.take(character),
        };
        self.previous = Some(read.unwrap_or(character));
        if let Some(read) = read {
            self.hidden.take(read);
        }
    }

    fn is_in_escape(&self) -> bool {
        !matches!(self.escape, Escape::None)
    }

    fn surrogates(&self) -> &Surrogates {
        match &self.surrogates {
            Source::Borrowed(surrogates) => surrogates,
            Source::Shared(surrogates) => surrogates,
        }
    }
}

/// A surrogate begins with a bracket, an escape of one, or a letter at the start of a word, and not with the name of a
/// tag.
pub(super) fn may_begin(previous: Option<char>, next: char) -> bool {
    let is_within = |before: char| before.is_alphanumeric() || before == '<';
    sign::may_begin(next) && !(next.is_alphabetic() && previous.is_some_and(is_within))
}

/// How far an escape of a JSON string has been read.
#[derive(Clone, Copy, Debug, Default)]
enum Escape {
    #[default]
    None,
    Begun,
    /// Hexadecimal digits so far, and what they make.
    Digits(u32, u32),
}

impl Escape {
    /// Takes a character as it is written, and returns the one that it ends.
    #[expect(clippy::match_same_arms, reason = "in the order in which it is read")]
    fn take(&mut self, written: char) -> Option<char> {
        let (next, read) = match (*self, written) {
            (Escape::None, '\\') => (Escape::Begun, None),
            (Escape::None, other) => (Escape::None, Some(other)),
            (Escape::Begun, 'u') => (Escape::Digits(0, 0), None),
            (Escape::Begun, 'n') => (Escape::None, Some('\n')),
            (Escape::Begun, 't') => (Escape::None, Some('\t')),
            (Escape::Begun, other) => (Escape::None, Some(other)),
            (Escape::Digits(n, code), digit) => match digit.to_digit(16) {
                Some(value) if n == 3 => (Escape::None, char::from_u32(code * 16 + value)),
                Some(value) => (Escape::Digits(n + 1, code * 16 + value), None),
                None => (Escape::None, Some(digit)),
            },
        };
        *self = next;
        read
    }
}

impl Restorer<'static> {
    /// A restorer that keeps the surrogates itself, for a stream that outlives the request.
    #[must_use]
    pub fn shared(surrogates: Arc<Surrogates>, scope: Scope) -> Restorer<'static> {
        Restorer::from_source(Source::Shared(surrogates), scope)
    }
}

impl Scope {
    fn write(self, value: &str, out: &mut String) {
        match self {
            Scope::Text | Scope::ToolText(_) => out.push_str(value),
            Scope::JsonString | Scope::ToolArguments(_) => write_escaped(value, out),
        }
    }
}

/// Writes a value as the inside of a JSON string.
fn write_escaped(value: &str, out: &mut String) {
    for character in value.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if u32::from(control) < 0x20 => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
}
