//! The words around findings, within their sentence and never further than a few dozen words.

use alloc::vec::Vec;
use core::ops::Range;

use crate::finding::Finding;
use crate::words;

/// So far a look goes, in bytes.
const FAR: usize = 200;

/// The words of a text as far as a look from its findings goes, and where its sentences end: cut once, for all findings.
pub(crate) struct Clauses<'a> {
    pub(crate) text: &'a str,
    words: Vec<Word>,
    /// Behind each line and each sentence.
    ends: Vec<usize>,
}

/// Letters and digits, with apostrophes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Without regard to case.
    pub(crate) hash: u64,
}

impl<'a> Clauses<'a> {
    /// Cuts a text around its findings, which are in their order.
    pub(crate) fn new(text: &'a str, findings: &[Finding]) -> Clauses<'a> {
        let n_bytes = text.len().min(findings.len() * 2 * FAR);
        let mut clauses = Clauses {
            text,
            words: Vec::with_capacity(n_bytes / 4),
            ends: Vec::with_capacity(n_bytes / 32),
        };
        let mut done = 0;
        for finding in findings {
            let from = text.ceil_char_boundary(finding.span.start.saturating_sub(FAR));
            let to = text.floor_char_boundary(finding.span.end + FAR);
            done = clauses.cut(done.max(from)..to);
        }
        clauses
    }

    /// Cuts a stretch, its last word to the end. Says how far that is.
    fn cut(&mut self, stretch: Range<usize>) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = stretch.start;
        while at < stretch.end
            && let Some(byte) = bytes.get(at)
        {
            if small(*byte) != 0 {
                let word = word(self.text, at);
                at = word.end;
                self.words.push(word);
            } else if byte.is_ascii() {
                at += 1;
                let is_end = match byte {
                    b'\n' | b'!' | b'?' => true,
                    b'.' => is_full_stop(self.text, at),
                    _ => false,
                };
                if is_end {
                    self.ends.push(at);
                }
            } else {
                let word = word_of_any_letters(self.text, at);
                at = word.end;
                if word.start < word.end {
                    self.words.push(word);
                } else {
                    at = self.text.ceil_char_boundary(at + 1);
                }
            }
        }
        at.max(stretch.start)
    }

    /// The words from the beginning of the sentence to here.
    pub(crate) fn before(&self, at: usize) -> impl DoubleEndedIterator<Item = Word> + Clone {
        let far = self.text.ceil_char_boundary(at.saturating_sub(FAR));
        let behind = self.ends.partition_point(|end| *end <= at);
        let end = behind.checked_sub(1).and_then(|place| self.ends.get(place));
        self.within(end.map_or(far, |end| far.max(*end))..at)
    }

    /// The words from here to the end of the sentence. A full stop right here may be of what stands before it: "A.J."
    pub(crate) fn after(&self, at: usize) -> impl DoubleEndedIterator<Item = Word> + Clone {
        let far = self.text.floor_char_boundary(at + FAR);
        let is_stop = self.text.as_bytes().get(at) == Some(&b'.');
        let next = self
            .ends
            .partition_point(|end| *end <= at + usize::from(is_stop));
        self.within(at..self.ends.get(next).map_or(far, |end| far.min(*end)))
    }

    /// The words in a span that lies near a finding; of a word over its edge the part in it.
    pub(crate) fn within(
        &self,
        span: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = Word> + Clone {
        let first = self.words.partition_point(|word| word.end <= span.start);
        let behind = self.words.partition_point(|word| word.start < span.end);
        let words = self.words.get(first..behind).unwrap_or_default();
        words.iter().map(move |word| {
            if span.start <= word.start && word.end <= span.end {
                return *word;
            }
            let start = word.start.max(span.start);
            let end = word.end.min(span.end);
            let part = self.text.get(start..end).unwrap_or_default();
            let hash = words::hash_with_accents(part);
            Word { start, end, hash }
        })
    }

    /// A word as it is written.
    pub(crate) fn written(&self, word: Word) -> &'a str {
        self.text.get(word.start..word.end).unwrap_or_default()
    }
}

/// The word that begins here with a letter or a digit of ASCII.
fn word(text: &str, start: usize) -> Word {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let mut hash = words::EMPTY;
    let mut end = start;
    for byte in rest {
        let letter = small(*byte);
        if letter != 0 {
            hash = words::add_small(hash, letter);
            end += 1;
        } else if byte.is_ascii() {
            break;
        } else {
            return word_of_any_letters(text, start);
        }
    }
    Word { start, end, hash }
}

/// The word that begins here, empty if there is none.
#[cold]
fn word_of_any_letters(text: &str, start: usize) -> Word {
    let rest = text.get(start..).unwrap_or_default();
    let len = rest.find(|sign: char| !sign.is_alphanumeric() && sign != '\'');
    let end = start + len.unwrap_or(rest.len());
    let word = text.get(start..end).unwrap_or_default();
    let hash = words::hash_with_accents(word);
    Word { start, end, hash }
}

/// A letter as a small letter; zero for a byte that is in no word, or not in ASCII.
fn small(byte: u8) -> u8 {
    SMALL.get(usize::from(byte)).copied().unwrap_or_default()
}

static SMALL: [u8; 256] = {
    let mut table = [0; 256];
    let mut rest: &mut [u8] = &mut table;
    let mut byte: u8 = 0;
    while let Some((letter, others)) = rest.split_first_mut() {
        if byte.is_ascii_alphanumeric() || byte == b'\'' {
            *letter = byte.to_ascii_lowercase();
        }
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};

/// Whether the stop before this place, with a blank behind it, ends a sentence and not an abbreviation.
fn is_full_stop(text: &str, end: usize) -> bool {
    let has_blank = matches!(text.as_bytes().get(end), Some(b' ' | b'\n'));
    let word = || {
        let before = text.get(..end - 1).unwrap_or_default();
        before.rsplit(|sign: char| !sign.is_alphanumeric()).next()
    };
    has_blank && !word().is_none_or(is_abbreviation)
}

/// Whether a full stop behind this word belongs to it.
fn is_abbreviation(word: &str) -> bool {
    const ABBREVIATIONS: &[&str] = &[
        "dhr", "mevr", "mw", "mr", "mrs", "ms", "dr", "drs", "prof", "ir", "ing", "geb", "nr",
        "tel", "st", "jr", "sr", "ca", "bijv", "evt", "incl",
    ];
    word.chars().nth(1).is_none()
        || ABBREVIATIONS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Why;
    use crate::kind::Kind;

    #[test]
    fn a_look_stays_in_the_sentence() {
        let text = "Dag. Ik ben dhr. De Wit. En ik woon hier! Jij ook?";
        let at = text.find("Wit").unwrap();
        let findings = [Finding::new(at..at + 3, Kind::Person, 1.0, Why::Model)];
        let clauses = Clauses::new(text, &findings);
        let before: Vec<&str> = clauses
            .before(at)
            .map(|word| clauses.written(word))
            .collect();
        assert_eq!(before, ["Ik", "ben", "dhr", "De"]);
        let after = |at| -> Vec<&str> {
            clauses
                .after(at)
                .map(|word| clauses.written(word))
                .collect()
        };
        assert_eq!(after(at), ["Wit"]);
        assert_eq!(after(at + 3), ["En", "ik", "woon", "hier"]);
    }

    #[test]
    fn a_look_goes_only_so_far_and_cuts_words_there() {
        let text = "é".repeat(1000);
        let findings = [Finding::new(800..802, Kind::Person, 1.0, Why::Model)];
        let clauses = Clauses::new(&text, &findings);
        let only = |mut words: Vec<Word>| words.pop().map(|word| (word.start, word.end));
        assert_eq!(only(clauses.before(800).collect()), Some((600, 800)));
        assert_eq!(only(clauses.after(802).collect()), Some((802, 1002)));
    }
}
