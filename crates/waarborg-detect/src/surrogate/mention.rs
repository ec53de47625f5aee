//! Recognises a surrogate in a text, also after a model has changed its case, brackets or escapes.

use super::words::words;
use crate::kind::Kind;

/// Digits in every surrogate's number. The first is never zero.
pub(super) const N_DIGITS: usize = 5;

/// What stands at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// No surrogate, whatever follows.
    Nothing,
    /// Perhaps a surrogate; what follows decides.
    Undecided,
    /// A surrogate.
    Mention(Mention),
}

/// A surrogate as written in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) kind: Kind,
    pub(super) number: u32,
    /// Bytes before the part that the value replaces: a bracket that nobody closed.
    pub(super) keep_before: usize,
    /// Bytes from the beginning of the text to the end of the surrogate.
    pub(super) len: usize,
}

/// The ways to write an opening bracket, a closing bracket and the mark between word and number.
const OPENINGS: &[&str] = &[
    "\\[", "\\\\[", "\\u005b", "&#91;", "&lbrack;", "&lsqb;", "%5b", "[", "<", "&lt;", "{", "(",
    "⟦", "【",
];
const CLOSINGS: &[&str] = &[
    "\\]", "\\\\]", "\\u005d", "&#93;", "&rbrack;", "&rsqb;", "%5d", "]", ">", "&gt;", "}", ")",
    "⟧", "】",
];
const MARKS: &[&str] = &[
    "\\\\_", "\\_", "\\u005f", "&#95;", "&lowbar;", "%5f", "%20", "_", "-", " ", "\u{a0}",
    "\u{2011}", "\n",
];
/// What a model may put between a bracket and the word, or between the number and a bracket.
const PADDINGS: &[&str] = &["**", "*", "`", " "];

/// Whether a text can hold a surrogate at all: a number of as many digits as every surrogate has, perhaps behind a mark
/// that ends in digits itself (`%20`).
pub(super) fn has_number(text: &str) -> bool {
    let mut n_digits = 0;
    for byte in text.bytes() {
        if byte.is_ascii_digit() {
            n_digits += 1;
        } else if is_length_of_number(n_digits) {
            return true;
        } else {
            n_digits = 0;
        }
    }
    is_length_of_number(n_digits)
}

const fn is_length_of_number(n_digits: usize) -> bool {
    n_digits == N_DIGITS || n_digits == N_DIGITS + "20".len()
}

/// Reads the surrogate at the beginning of `text`, which may still grow when `complete` is false.
///
/// The answer depends on nothing behind the surrogate and one character, so that a stream
/// gives the same result however it is cut.
pub(super) fn read(text: &str, complete: bool) -> Outcome {
    // No opening begins with a letter.
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return read_bare(text, complete);
    }
    match one_of(text, OPENINGS, complete) {
        Step::Taken(opening) => read_bracketed(text, opening, complete),
        Step::Undecided => Outcome::Undecided,
        Step::Absent => read_bare(text, complete),
    }
}

fn read_bracketed(text: &str, opening: usize, complete: bool) -> Outcome {
    let padding = match one_of(rest(text, opening), PADDINGS, complete) {
        Step::Taken(len) => len,
        Step::Undecided => return Outcome::Undecided,
        Step::Absent => 0,
    };
    let begin = opening + padding;
    let mention = match read_bare(rest(text, begin), complete) {
        Outcome::Mention(mention) => mention,
        other => return other,
    };
    let after_number = begin + mention.len;
    let padding_end = match one_of(rest(text, after_number), PADDINGS, complete) {
        Step::Taken(len) => len,
        Step::Undecided => return Outcome::Undecided,
        Step::Absent => 0,
    };
    match one_of(rest(text, after_number + padding_end), CLOSINGS, complete) {
        Step::Taken(closing) => Outcome::Mention(Mention {
            keep_before: 0,
            len: after_number + padding_end + closing,
            ..mention
        }),
        Step::Undecided => Outcome::Undecided,
        Step::Absent => Outcome::Mention(Mention {
            keep_before: begin,
            len: after_number,
            ..mention
        }),
    }
}

/// Every word of a surrogate as a bit, twice the place of its kind and one more for the English one, by its first letter.
const BY_FIRST_LETTER: [u128; 26] = by_first_letter();

#[expect(
    clippy::indexing_slicing,
    reason = "worked out by the compiler, for which a wrong place is an error"
)]
const fn by_first_letter() -> [u128; 26] {
    let mut words_by_letter = [0; 26];
    let mut place = 0;
    while place < Kind::ALL.len() {
        let (dutch, english) = words(Kind::ALL[place]);
        words_by_letter[(dutch.as_bytes()[0] - b'A') as usize] |= 1 << (2 * place);
        words_by_letter[(english.as_bytes()[0] - b'A') as usize] |= 2 << (2 * place);
        place += 1;
    }
    words_by_letter
}

/// The word, the mark and the number, without brackets.
fn read_bare(text: &str, complete: bool) -> Outcome {
    let Some(first) = text.bytes().next() else {
        return if complete {
            Outcome::Nothing
        } else {
            Outcome::Undecided
        };
    };
    let letter = usize::from(first.to_ascii_uppercase().wrapping_sub(b'A'));
    let mut candidates = BY_FIRST_LETTER.get(letter).copied().unwrap_or_default();
    let mut undecided = false;
    while candidates != 0 {
        let bit = candidates.trailing_zeros() as usize;
        candidates &= candidates - 1;
        let Some(kind) = Kind::ALL.get(bit / 2).copied() else {
            continue;
        };
        let (dutch, english) = words(kind);
        let word = if bit.is_multiple_of(2) {
            dutch
        } else {
            english
        };
        match taken(text, word, complete) {
            Step::Absent => {}
            Step::Undecided => undecided = true,
            Step::Taken(len) => match read_number(rest(text, len), complete) {
                Number::Absent => {}
                Number::Undecided => undecided = true,
                Number::Read {
                    number,
                    len: number_len,
                } => {
                    return Outcome::Mention(Mention {
                        kind,
                        number,
                        keep_before: 0,
                        len: len + number_len,
                    });
                }
            },
        }
    }
    if undecided {
        Outcome::Undecided
    } else {
        Outcome::Nothing
    }
}

enum Number {
    Absent,
    Undecided,
    Read { number: u32, len: usize },
}

/// The mark and exactly five digits, not followed by a digit or by a word other than a genitive.
fn read_number(text: &str, complete: bool) -> Number {
    let mut begin = 0;
    for _ in 0..3 {
        match one_of(rest(text, begin), MARKS, complete) {
            Step::Taken(len) => begin += len,
            Step::Undecided => return Number::Undecided,
            Step::Absent => break,
        }
    }
    if begin == 0 {
        return if text.is_empty() && !complete {
            Number::Undecided
        } else {
            Number::Absent
        };
    }
    let tail = rest(text, begin);
    let mut number = 0;
    let mut n_digits = 0;
    for byte in tail
        .bytes()
        .take_while(u8::is_ascii_digit)
        .take(N_DIGITS + 1)
    {
        number = number * 10 + u32::from(byte - b'0');
        n_digits += 1;
    }
    let mut after = rest(tail, n_digits).chars();
    let next = after.next();
    if n_digits > N_DIGITS || (n_digits < N_DIGITS && next.is_some()) {
        return Number::Absent;
    }
    let Some(next) = next else {
        let whole = n_digits == N_DIGITS && complete;
        return match (whole, complete) {
            (true, _) => Number::Read {
                number,
                len: begin + n_digits,
            },
            (false, true) => Number::Absent,
            (false, false) => Number::Undecided,
        };
    };
    if next.is_alphanumeric() && !matches!(next, 's' | 'S') {
        return Number::Absent;
    }
    Number::Read {
        number,
        len: begin + n_digits,
    }
}

enum Step {
    Taken(usize),
    Undecided,
    Absent,
}

/// The first of the spellings that stands at the beginning, without regard to case.
fn one_of(text: &str, spellings: &[&str], complete: bool) -> Step {
    let mut undecided = false;
    for spelling in spellings {
        match taken(text, spelling, complete) {
            Step::Taken(len) if !undecided => return Step::Taken(len),
            Step::Taken(_) | Step::Absent => {}
            Step::Undecided => undecided = true,
        }
    }
    if undecided {
        Step::Undecided
    } else {
        Step::Absent
    }
}

fn taken(text: &str, spelling: &str, complete: bool) -> Step {
    let (have, want) = (text.as_bytes(), spelling.as_bytes());
    match have.get(..want.len()) {
        Some(begin) if begin.eq_ignore_ascii_case(want) => Step::Taken(want.len()),
        None if !complete && is_begin(have, want) => Step::Undecided,
        Some(_) | None => Step::Absent,
    }
}

fn is_begin(have: &[u8], want: &[u8]) -> bool {
    want.get(..have.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(have))
}

fn rest(text: &str, from: usize) -> &str {
    text.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_the_right_length_is_noticed_wherever_it_stands() {
        for text in [
            "12345",
            "a12345",
            "PERSOON_12345 b",
            "PERSOON%2012345",
            "1 [BSN_12345]",
            "é12345é",
            "123456 12345",
        ] {
            assert!(has_number(text), "{text}");
        }
        for text in [
            "",
            "1234",
            "123456782",
            "1234 5",
            "PERSOON_1234",
            "NL91ABNA0417164300",
        ] {
            assert!(!has_number(text), "{text}");
        }
    }

    fn check(text: &str, expected: Option<(Kind, u32, usize, usize)>) {
        let got = match read(text, true) {
            Outcome::Mention(mention) => Some((
                mention.kind,
                mention.number,
                mention.keep_before,
                mention.len,
            )),
            _ => None,
        };
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn a_surrogate_is_read_however_a_model_writes_it() {
        check("[PERSOON_12345] komt", Some((Kind::Person, 12345, 0, 15)));
        check("[persoon_12345]", Some((Kind::Person, 12345, 0, 15)));
        check("PERSON 12345's", Some((Kind::Person, 12345, 0, 12)));
        check("PERSOON_12345s auto", Some((Kind::Person, 12345, 0, 13)));
        check("[PERSOON\\_12345]", Some((Kind::Person, 12345, 0, 16)));
        check("\\[BSN-12345\\]", Some((Kind::Bsn, 12345, 0, 13)));
        check("&#91;BSN&#95;12345&#93;", Some((Kind::Bsn, 12345, 0, 23)));
        check("[**BSN_12345**]", Some((Kind::Bsn, 12345, 0, 15)));
        check("[BSN_12345, en", Some((Kind::Bsn, 12345, 1, 10)));
    }

    #[test]
    fn every_word_is_read_in_either_case_also_when_it_is_cut() {
        for kind in Kind::ALL {
            let (dutch, english) = words(*kind);
            for word in [dutch, english] {
                for written in [word.into(), word.to_ascii_lowercase()] {
                    let known = words_of(&written);
                    check(
                        &alloc::format!("{written}_12345"),
                        Some((known, 12345, 0, written.len() + 6)),
                    );
                    for cut in 0..written.len() {
                        let begin = written.get(..cut).unwrap();
                        assert_eq!(read(begin, false), Outcome::Undecided, "{begin}");
                        assert_eq!(read(begin, true), Outcome::Nothing, "{begin}");
                    }
                }
            }
        }
    }

    /// The first kind with this word.
    fn words_of(written: &str) -> Kind {
        let is_word = |kind: &&Kind| {
            let (dutch, english) = words(**kind);
            [dutch, english]
                .iter()
                .any(|word| word.eq_ignore_ascii_case(written))
        };
        *Kind::ALL.iter().find(is_word).unwrap()
    }

    #[test]
    fn what_only_looks_like_one_is_left() {
        check("[PERSOON_1234]", None);
        check("[PERSOON_123456]", None);
        check("PERSOON12345", None);
        check("PERSOON_12345abc", None);
        check("[PERSOONN_12345]", None);
    }
}
