//! Cuts a folded text into words, numbers, marks and line ends, in one pass.

use alloc::vec::Vec;
use core::ops::Range;

use crate::lexicon::Entry;
use crate::words;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Letters, none of them a capital.
    Lower,
    /// A capital and then no more of them; a single capital too.
    Capital,
    /// Two or more letters, all capitals.
    Upper,
    /// Letters in another mixture, as in `McDonald`.
    Mixed,
    /// Digits.
    Number,
    /// One other character.
    Mark(char),
    /// The end of a line.
    LineEnd,
}

/// A token of the folded text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) shape: Shape,
    /// White space stands before it (or the text begins here).
    pub(crate) spaced: bool,
    /// Hash of the word; zero for anything else.
    pub(crate) hash: u64,
    /// What the lists know of the word, once it was looked up.
    pub(crate) entry: Entry,
    /// Letters or digits in it.
    pub(crate) n_chars: usize,
}

impl Token {
    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    pub(crate) fn is_word(&self) -> bool {
        matches!(
            self.shape,
            Shape::Lower | Shape::Capital | Shape::Upper | Shape::Mixed
        )
    }

    pub(crate) fn is_number(&self) -> bool {
        self.shape == Shape::Number
    }

    pub(crate) fn has_capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper | Shape::Mixed)
    }

    pub(crate) fn is(&self, mark: char) -> bool {
        self.shape == Shape::Mark(mark)
    }
}

/// The tokens of a text; none of them is looked up yet.
pub(crate) fn cut(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 4 + 8);
    let mut spaced = true;
    let mut at = 0;
    while let Some(first) = character(text, at) {
        if first == '\n' || first == '\r' {
            tokens.push(plain(at, at + 1, Shape::LineEnd, spaced));
            spaced = true;
            at += 1;
        } else if first.is_whitespace() {
            spaced = true;
            at += first.len_utf8();
        } else {
            let token = read(text, at, first, spaced);
            at = token.end;
            spaced = false;
            tokens.push(token);
        }
    }
    tokens
}

/// The character that begins here; most are ASCII and need no decoding.
fn character(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        _ => text.get(at..)?.chars().next(),
    }
}

fn plain(start: usize, end: usize, shape: Shape, spaced: bool) -> Token {
    Token {
        start,
        end,
        shape,
        spaced,
        hash: 0,
        entry: Entry::default(),
        n_chars: 1,
    }
}

fn read(text: &str, start: usize, first: char, spaced: bool) -> Token {
    if first.is_ascii_digit() {
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        return Token {
            n_chars: len,
            ..plain(start, start + len, Shape::Number, spaced)
        };
    }
    if !is_letter(first) {
        return plain(start, start + first.len_utf8(), Shape::Mark(first), spaced);
    }
    let mut hash = words::EMPTY;
    let (mut n_letters, mut n_capitals) = (0_usize, 0_usize);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    for byte in rest {
        let small = words::small_letter(*byte);
        if small == 0 {
            break;
        }
        hash = words::add_small(hash, small);
        n_letters += 1;
        n_capitals += usize::from(small != *byte);
    }
    let mut end = start + n_letters;
    while let Some(letter) = character(text, end).filter(|letter| is_letter(*letter)) {
        hash = words::add(hash, letter);
        n_letters += 1;
        n_capitals += usize::from(is_capital(letter));
        end += letter.len_utf8();
    }
    let shape = match (n_capitals, is_capital(first)) {
        (0, _) => Shape::Lower,
        (1, true) => Shape::Capital,
        (n, _) if n == n_letters => Shape::Upper,
        // The digraph that Dutch writes with two capitals.
        (2, true)
            if text
                .get(start..end)
                .is_some_and(|word| word.starts_with("IJ")) =>
        {
            Shape::Capital
        }
        _ => Shape::Mixed,
    };
    Token {
        start,
        end,
        shape,
        spaced,
        hash,
        entry: Entry::default(),
        n_chars: n_letters,
    }
}

fn is_letter(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_alphabetic()
    } else {
        character.is_alphabetic()
    }
}

fn is_capital(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_uppercase()
    } else {
        letter.is_uppercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_marks_and_lines_are_apart() {
        let shapes: Vec<Shape> = cut("Jan-Özg 12a\nTU IJmuiden")
            .iter()
            .map(|token| token.shape)
            .collect();
        let expected = [
            Shape::Capital,
            Shape::Mark('-'),
            Shape::Capital,
            Shape::Number,
            Shape::Lower,
            Shape::LineEnd,
            Shape::Upper,
            Shape::Capital,
        ];
        assert_eq!(shapes, expected);
    }
}
