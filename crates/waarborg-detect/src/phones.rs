//! Telephone numbers, Dutch ones in every usual spelling, foreign ones with a country code, and
//! numbers that are spelled out in words.

use alloc::vec::Vec;

use crate::dates;
use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tokens::Shape;
use crate::validation::holds;
use crate::vocabulary::role;

/// Finds them all.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    if reading.numbers.is_empty() && !reading.has_role(role::DIGIT) {
        return;
    }
    let mut done = 0;
    for place in reading.landmarks.iter().copied() {
        let Some(token) = reading.token(place).filter(|token| token.start >= done) else {
            continue;
        };
        let found = match token.shape {
            Shape::Number | Shape::Mark('+' | '(') => in_digits(reading, place),
            _ => in_words(reading, place),
        };
        if let Some(hit) = found {
            done = hit.span.end;
            hits.push(hit);
        }
    }
}

/// Digits of a number, and for each the byte behind it.
struct Read {
    digits: [u8; 18],
    ends: [usize; 18],
    n: usize,
    /// Whether a mark or a space stood between two digits.
    is_grouped: bool,
}

fn in_digits(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let start = reading.token(place)?.start;
    // "(+31)(0)6 …"
    let has_outer = reading.is_mark(place, '(')
        && reading.is_mark(place + 1, '+')
        && reading.is_glued(place + 1);
    let place = place + usize::from(has_outer);
    let token = reading.token(place)?;
    let opens = token.is('+') || token.is('(') || token.is_number();
    if !opens || reading.is_continued(place) {
        return None;
    }
    let first = if token.is_number() { place } else { place + 1 };
    if !reading.is_number(first) || (token.is('+') && !reading.is_glued(first)) {
        return None;
    }
    let in_reference = token.is_number()
        && place >= 2
        && reading.is_glued(place)
        && reading.previous(place).is_some_and(|mark| {
            mark.is('-')
                || mark.is('/')
                || mark.is('.')
                || mark.is('_')
                || mark.is('#')
                || mark.is('+')
        })
        && (reading.is_mark(place - 1, '+')
            || (reading.is_glued(place - 1)
                && (reading.is_number(place - 2) || reading.is_word(place - 2))));
    if in_reference || dates::date(reading, first).is_some() {
        return None;
    }
    let read = read_digits(reading.text, token.start);
    let named = reading.cue_before(place, 6, |cue| {
        cue.label == Some(Kind::Phone) || cue.stem == Some(Kind::Phone)
    });
    let labelled = named || reading.cue_before(place, 3, |cue| cue.is(role::CALLING));
    // A number that does not begin with zero needs the word telephone itself.
    let begins = read
        .digits
        .first()
        .is_some_and(|digit| *digit == 0 || *digit == 6);
    if !named && !begins && !token.is('+') {
        return None;
    }
    // "0.71  1180   2.68": a figure.
    let is_figure = token.n_chars == 1
        && token.is_number()
        && reading.is_mark(place + 1, '.')
        && reading.is_glued(place + 1);
    if is_figure && !labelled {
        return None;
    }
    // "IMEI 3568 3503 7267 506", "7002 0044 8120 3317 8": groups in the middle of a longer number.
    let is_rest = token.is_number()
        && (!begins || read.digits.starts_with(&[0, 0]))
        && (reading.previous(place))
            .is_some_and(|before| before.is_number() && before.end + 1 == token.start);
    if is_rest {
        return None;
    }
    let n = length(&read, token.is('+'), token.is('('), labelled)?;
    let end = *read.ends.get(n.checked_sub(1)?)?;
    if reading
        .text
        .get(end..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(char::is_alphanumeric)
    {
        return None;
    }
    let score = if labelled || token.is('+') { 0.98 } else { 0.9 };
    Some(Hit::new(
        start..end,
        Kind::Phone,
        score,
        if labelled {
            Why::AfterLabel
        } else {
            Why::Format
        },
    ))
}

/// How many of the digits are a telephone number.
fn length(read: &Read, has_plus: bool, has_bracket: bool, labelled: bool) -> Option<usize> {
    let digits = read.digits.get(..read.n)?;
    let stops_at = |n: usize| {
        read.n == n
            || read
                .ends
                .get(n)
                .zip(read.ends.get(n - 1))
                .is_some_and(|(next, end)| next - end > 1)
    };
    match digits {
        // The Netherlands with its country code, with or without (0).
        [3, 1, 0, ..] if has_plus && stops_at(12) && read.n >= 12 => Some(12),
        [3, 1, ..] if has_plus && read.n >= 11 && stops_at(11) => Some(11),
        [0, 0, 3, 1, 0, ..] if read.n >= 14 && stops_at(14) => Some(14),
        [0, 0, 3, 1, ..] if read.n >= 13 && stops_at(13) => Some(13),
        [1..=9, ..] if has_plus => (8..=15).contains(&read.n).then_some(read.n),
        [0, 0, 1..=9, ..] if (labelled || read.is_grouped) && (10..=17).contains(&read.n) => {
            Some(read.n)
        }
        // Without marks and words, a country of Europe: other numbers begin with two zeros too.
        [0, 0, 3, 0 | 2 | 3 | 4 | 6 | 9, ..] | [0, 0, 4, 0 | 1 | 3..=9, ..]
            if (12..=14).contains(&read.n) =>
        {
            Some(read.n)
        }
        [0, 0, 3, 5 | 7 | 8, _, ..] | [0, 0, 4, 2, _, ..] if (12..=15).contains(&read.n) => {
            Some(read.n)
        }
        // Service numbers are nobody's.
        [0, 8, 0, 0, ..] | [0, 9, 0, 0 | 6 | 9, ..] | [0, 0, ..]
            if !holds("phone-of-someone", false) =>
        {
            None
        }
        [0, 1, 5..=7, ..] if (read.n == 11 || read.n == 12) && (labelled || stops_at(4)) => {
            Some(read.n)
        }
        // The United Kingdom: mobile, then towns by the length of their code.
        [0, 7, 1..=9, ..] if read.n == 11 && (stops_at(5) || !read.is_grouped) => Some(11),
        [0, 2, 0 | 3 | 4 | 8 | 9, ..] if read.n == 11 && stops_at(3) && stops_at(7) => Some(11),
        [0, 1, ..] if read.n == 11 && stops_at(4) && stops_at(7) => Some(11),
        [0, 1, ..] if read.n == 11 && stops_at(5) => Some(11),
        [0, ..] if read.n >= 10 && stops_at(10) => Some(10),
        [0, ..] if read.n == 9 && (labelled || has_bracket) => Some(9),
        [0, ..] if labelled && (8..=13).contains(&read.n) => Some(read.n),
        [6, ..] if labelled && read.n == 9 => Some(9),
        [_, ..] if labelled && (read.n == 10 || read.n == 11) && !has_bracket => Some(read.n),
        _ => holds("phone-length", false).then_some(read.n),
    }
}

/// Digits with at most three other characters between them: spaces, brackets, dots, dashes, slashes.
fn read_digits(text: &str, start: usize) -> Read {
    let mut read = Read {
        digits: [0; 18],
        ends: [0; 18],
        n: 0,
        is_grouped: false,
    };
    let mut n_between = 0;
    for (at, byte) in text.bytes().enumerate().skip(start).take(48) {
        match byte {
            b'0'..=b'9' => {
                let (Some(digit), Some(end)) =
                    (read.digits.get_mut(read.n), read.ends.get_mut(read.n))
                else {
                    break;
                };
                read.is_grouped |= n_between > 0 && read.n > 0;
                (*digit, *end) = (byte - b'0', at + 1);
                read.n += 1;
                n_between = 0;
            }
            b' ' | b'(' | b')' | b'.' | b'-' | b'/' | b'+' if n_between < 3 => n_between += 1,
            _ if n_between < 3 && is_in_point(text, at) => {
                n_between += usize::from(text.is_char_boundary(at));
            }
            _ => break,
        }
        if byte == b'+' && at > start {
            break;
        }
    }
    read
}

/// Whether a byte is one of a raised point, as letterheads have it: "06·2277·0188".
fn is_in_point(text: &str, at: usize) -> bool {
    const LONGEST: usize = 3;
    let begin = (at.saturating_sub(LONGEST - 1)..=at)
        .rev()
        .find(|begin| text.is_char_boundary(*begin));
    let letter = begin.and_then(|begin| text.get(begin..)?.chars().next());
    letter.is_some_and(|letter| matches!(letter, '·' | '⋅' | '∙' | '•'))
}

/// Digits of a number that is said, with those that are too many.
const MOST_SAID: usize = 12;

/// "nul zes twaalf vierenveertig nul negen negenentachtig".
fn in_words(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let is_number_word = |at: usize| reading.cue(at).is(role::DIGIT);
    let starts = is_number_word(place)
        && reading.cue(place).value == 0
        && !(place > 0 && is_number_word(place - 1));
    if !starts {
        return None;
    }
    let (mut n_digits, mut n_more) = (0, 0);
    let mut at = place;
    let mut end = 0;
    while n_digits < 10 {
        if let Some(token) = reading.token(at).filter(|_| is_number_word(at)) {
            n_digits += if reading.cue(at).value > 9 { 2 } else { 1 };
            end = token.end;
        } else if let Some(token) = reading.token(at).filter(|token| token.is_number()) {
            n_digits += token.n_chars;
            end = token.end;
        } else if !(reading.is_mark(at, ',') || reading.is_mark(at, '-')) {
            break;
        }
        at += 1;
    }
    // Who says a digit too many has said all of them.
    while (10..MOST_SAID).contains(&n_digits)
        && let Some(token) = reading
            .token(at)
            .filter(|_| is_number_word(at) && reading.cue(at).value < 10)
    {
        end = token.end;
        at += 1;
        n_digits += 1;
        n_more += 1;
    }
    let n_digits = n_digits - n_more;
    let start = reading.token(place)?.start;
    holds("phone-in-words", n_digits == 10)
        .then(|| Hit::new(start..end, Kind::Phone, 0.95, Why::Format))
}
