//! Takes passages about people on the list out of a text that comes in pieces, whatever way it is cut.
//!
//! What is read is a sentence at a time, so a name is never let through in halves. Where somebody is named and it is
//! not yet clear whom it is, the passage waits for its own end.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;

use super::names::MOST_WORDS;
use super::{Found, Instead, Named, Withheld, words_of};

/// A sentence is at most this long; a longer one is read in parts that overlap.
const LONGEST_SENTENCE: usize = 600;
/// A passage in which it stays unclear who is meant is let go after so many bytes.
const LONGEST_PASSAGE: usize = 4000;
/// What stands in the place of a name where no passage can go.
const NO_NAME: &str = "…";

/// What goes where somebody on the list is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// The passage, to its end.
    Passages,
    /// The name alone: what stands around it is no text for people.
    Names,
}

/// Reads a text as it comes and lets through what may go out.
pub(crate) struct Screener {
    list: Arc<Withheld>,
    manner: Manner,
    notice: String,
    /// Who was named in full so far.
    named: BTreeSet<usize>,
    /// Of whom something around the name stood in what was asked.
    asked: BTreeSet<usize>,
    /// The same in this passage and in the one before it.
    around: BTreeSet<usize>,
    around_before: BTreeSet<usize>,
    sentence: String,
    n_letters: usize,
    /// The last letters: what decides whether a sentence ends.
    n_in_word: usize,
    may_end: bool,
    begins_line: bool,
    passage: Passage,
    /// Statements that follow at the end of the passage.
    owed: BTreeSet<usize>,
    told: BTreeSet<usize>,
    has_left_out: bool,
}

enum Passage {
    Open,
    /// Somebody is named, and it is not clear yet whether it is who is meant.
    Unclear {
        whom: BTreeSet<usize>,
        text: String,
        item: Option<Indent>,
    },
    Gone {
        item: Option<Indent>,
        owes_line: bool,
    },
}

/// How far an item of a list is indented: what stands deeper belongs to it.
type Indent = usize;

/// How many spaces a tab is worth.
const TAB: Indent = 4;

impl Screener {
    pub(crate) fn new(
        list: Arc<Withheld>,
        asked: &Named,
        manner: Manner,
        notice: String,
    ) -> Screener {
        Screener {
            list,
            manner,
            notice,
            named: asked.names.clone(),
            asked: asked.around.clone(),
            around: BTreeSet::new(),
            around_before: BTreeSet::new(),
            sentence: String::new(),
            n_letters: 0,
            n_in_word: 0,
            may_end: false,
            begins_line: true,
            passage: Passage::Open,
            owed: BTreeSet::new(),
            told: BTreeSet::new(),
            has_left_out: false,
        }
    }

    /// Takes the next piece and returns what may go out now.
    pub(crate) fn push(&mut self, piece: &str) -> String {
        let mut out = String::new();
        for letter in piece.chars() {
            self.take(letter, &mut out);
        }
        out
    }

    /// Ends the text and returns what was held back.
    pub(crate) fn finish(&mut self) -> String {
        let mut out = String::new();
        let sentence = mem::take(&mut self.sentence);
        if !sentence.is_empty() {
            self.read(&sentence, sentence.len(), &mut out);
        }
        self.end_passage(&mut out, false);
        out
    }

    /// Whether something of the text was left out so far.
    pub(crate) fn has_left_out(&self) -> bool {
        self.has_left_out
    }

    fn take(&mut self, letter: char, out: &mut String) {
        self.sentence.push(letter);
        self.n_letters += 1;
        let ends = letter == '\n' || (letter.is_whitespace() && self.may_end);
        match letter {
            // "J. de Vries" is one sentence: what ends one follows a longer word.
            '.' => self.may_end = self.n_in_word > 2,
            '!' | '?' | '…' | ';' => self.may_end = true,
            ')' | '"' | '\'' | '”' | '’' | '»' | '*' | '_' => {}
            _ => self.may_end = false,
        }
        self.n_in_word = if letter.is_alphanumeric() {
            self.n_in_word + 1
        } else {
            0
        };
        if ends {
            let sentence = mem::take(&mut self.sentence);
            self.n_letters = 0;
            self.read(&sentence, sentence.len(), out);
        } else if self.n_letters >= LONGEST_SENTENCE {
            self.read_a_part(out);
        }
    }

    /// Reads a sentence that does not end; what may still be the beginning of a name stays.
    fn read_a_part(&mut self, out: &mut String) {
        let sentence = mem::take(&mut self.sentence);
        let words = words_of(&sentence);
        let kept = words
            .iter()
            .rev()
            .nth(MOST_WORDS)
            .map_or(sentence.len(), |word| word.start);
        let kept = if kept == 0 { sentence.len() } else { kept };
        self.read(&sentence, kept, out);
        self.sentence
            .push_str(sentence.get(kept..).unwrap_or_default());
        self.n_letters = self.sentence.chars().count();
    }

    /// Reads a sentence, of which the first `n` bytes go out now.
    fn read(&mut self, sentence: &str, n: usize, out: &mut String) {
        let going = sentence.get(..n).unwrap_or(sentence);
        let item = Some(sentence)
            .filter(|_| self.begins_line)
            .and_then(indent_of_item);
        let is_blank = self.begins_line && sentence.trim().is_empty();
        self.begins_line = going.ends_with('\n');
        if is_blank {
            self.end_passage(out, true);
            out.push_str(going);
            return;
        }
        let ends_item = match &self.passage {
            Passage::Unclear { item: open, .. } | Passage::Gone { item: open, .. } => {
                open.zip(item).is_some_and(|(open, next)| next <= open)
            }
            Passage::Open => item.is_some() && !self.owed.is_empty(),
        };
        if ends_item {
            self.end_passage(out, true);
        }

        let found = self.list.scan(sentence);
        self.around.extend(&found.around);
        let meant = self.meant(&found);
        match &mut self.passage {
            Passage::Gone { owes_line, .. } => {
                *owes_line |= going.ends_with('\n');
            }
            Passage::Unclear { whom, text, .. } => {
                whom.extend(&meant);
                text.push_str(going);
                let is_long = text.len() > LONGEST_PASSAGE;
                self.decide(out);
                if is_long {
                    self.let_go(out);
                }
            }
            Passage::Open if meant.is_empty() => out.push_str(going),
            Passage::Open => {
                self.passage = Passage::Unclear {
                    whom: meant,
                    text: going.into(),
                    item,
                };
                self.decide(out);
            }
        }
    }

    /// Who may be meant in a sentence: who is named in full, and by a short name who was so before.
    fn meant(&mut self, found: &Found) -> BTreeSet<usize> {
        let mut meant: BTreeSet<usize> = found.names.iter().map(|hit| hit.entry).collect();
        self.named.extend(&meant);
        let short = found.short.iter().map(|hit| hit.entry);
        meant.extend(short.filter(|entry| self.named.contains(entry)));
        meant
    }

    /// Ends the waiting where it is clear who is meant. The passage goes if that holds for one of them, and the
    /// statements of the others follow; while it may still go, it waits.
    fn decide(&mut self, out: &mut String) {
        let Passage::Unclear { whom, .. } = &self.passage else {
            return;
        };
        let around = [&self.asked, &self.around, &self.around_before];
        let is_known = |entry: &usize| around.iter().any(|known| known.contains(entry));
        let (known, unknown): (Vec<usize>, Vec<usize>) = whom.iter().copied().partition(is_known);
        let goes = known.iter().any(|entry| self.is_left_out(*entry));
        let may_go = unknown.iter().any(|entry| self.is_left_out(*entry));
        let is_known = !known.is_empty();
        for entry in known {
            // Between the marks of a document there is no place for a statement.
            if self.manner == Manner::Passages
                && !self.is_left_out(entry)
                && self.told.insert(entry)
            {
                self.owed.insert(entry);
            }
        }
        if goes {
            self.leave_out(out);
        } else if is_known && !may_go {
            self.let_go(out);
        }
    }

    fn is_left_out(&self, entry: usize) -> bool {
        let instead = self.list.entries.get(entry).map(|entry| &entry.instead);
        !matches!(instead, Some(Instead::Statement(_)))
    }

    fn leave_out(&mut self, out: &mut String) {
        let Passage::Unclear { text, item, .. } = mem::replace(&mut self.passage, Passage::Open)
        else {
            return;
        };
        self.has_left_out = true;
        match self.manner {
            Manner::Names => out.push_str(&self.without_names(&text)),
            Manner::Passages => {
                let start = text.len() - text.trim_start().len();
                if item.is_some() {
                    // The mark of the list stays, so that the others stay in it.
                    let mark = text.get(start..).and_then(mark_of_item).unwrap_or_default();
                    out.push_str(text.get(..start).unwrap_or_default());
                    out.push_str(mark);
                }
                out.push_str(&self.notice);
                self.passage = Passage::Gone {
                    item,
                    owes_line: text.ends_with('\n'),
                };
            }
        }
    }

    fn without_names(&self, text: &str) -> String {
        let found = self.list.scan(text);
        let mut spans: Vec<_> = found
            .names
            .iter()
            .chain(&found.short)
            .filter(|hit| self.is_left_out(hit.entry))
            .map(|hit| hit.span.clone())
            .collect();
        spans.sort_by_key(|span| (span.start, core::cmp::Reverse(span.end)));
        let mut out = String::with_capacity(text.len());
        let mut read = 0;
        for span in spans {
            if span.start >= read {
                out.push_str(text.get(read..span.start).unwrap_or_default());
                out.push_str(NO_NAME);
                read = span.end;
            } else {
                read = read.max(span.end);
            }
        }
        out.push_str(text.get(read..).unwrap_or_default());
        out
    }

    fn let_go(&mut self, out: &mut String) {
        if let Passage::Unclear { text, .. } = mem::replace(&mut self.passage, Passage::Open) {
            out.push_str(&text);
        }
    }

    /// The passage ends here: what waited goes out, what went is over, and statements follow.
    fn end_passage(&mut self, out: &mut String, goes_on: bool) {
        match mem::replace(&mut self.passage, Passage::Open) {
            Passage::Open => {}
            Passage::Unclear { text, .. } => out.push_str(&text),
            Passage::Gone { owes_line, .. } => {
                if owes_line {
                    out.push('\n');
                }
            }
        }
        for entry in mem::take(&mut self.owed) {
            let instead = self.list.entries.get(entry).map(|entry| &entry.instead);
            if let Some(Instead::Statement(statement)) = instead {
                out.push_str(if goes_on { "\n" } else { "\n\n" });
                out.push_str(statement);
                if goes_on {
                    out.push('\n');
                }
            }
        }
        self.around_before = mem::take(&mut self.around);
    }
}

/// How far a line is indented that begins an item of a list.
fn indent_of_item(line: &str) -> Option<Indent> {
    let text = line.trim_start();
    mark_of_item(text)?;
    let before = line
        .chars()
        .take(line.chars().count() - text.chars().count());
    Some(
        before
            .map(|space| if space == '\t' { TAB } else { 1 })
            .sum(),
    )
}

/// The mark with which a line of a list begins: a dash, a star, a number.
fn mark_of_item(line: &str) -> Option<&str> {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let end = match line.chars().nth(digits)? {
        '-' | '*' | '•' | '+' if digits == 0 => line.chars().next()?.len_utf8(),
        '.' | ')' if digits > 0 => digits + 1,
        _ => return None,
    };
    let rest = line.get(end..)?;
    rest.starts_with([' ', '\t'])
        .then(|| line.get(..=end))
        .flatten()
}
