//! Which lines of a text are program text, by the signs on them and by their neighbours.

use alloc::vec::Vec;

use crate::reading::Reading;
use crate::tokens::Shape;

/// A line and what its signs say.
pub(super) struct Line {
    /// Its tokens, without the end of the line.
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) look: Look,
}

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Code,
    /// It opens as a remark does, or stands in from the margin.
    Aside,
    Prose,
    /// It could be either.
    Either,
    Blank,
}

/// A line with this many signs of code, and with one for every so many words, is code.
const ENOUGH: usize = 2;
const WORDS_PER_SIGN: usize = 3;
/// A line with so many words and no sign is a sentence.
const SENTENCE: usize = 4;
/// So far code reaches over lines that could be either.
const REACH: usize = 3;

/// With so many lines of code a text is a file of it.
const FILE: usize = 8;

/// The lines of a text, each with what it is by its own signs and its neighbours'.
pub(super) fn of(reading: &Reading<'_>) -> Vec<Line> {
    let mut lines = lines(reading);
    if lines.iter().any(|line| line.look == Look::Code) {
        settle(&mut lines);
    }
    lines
}

fn lines(reading: &Reading<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut first, mut margin) = (0, 0);
    for (place, token) in reading.tokens.iter().enumerate() {
        if token.shape == Shape::LineEnd {
            lines.push(line(reading, first, place, margin));
            first = place + 1;
            margin = token.end;
        }
    }
    lines.push(line(reading, first, reading.tokens.len(), margin));
    lines
}

fn line(reading: &Reading<'_>, first: usize, last: usize, margin: usize) -> Line {
    let look = if first >= last {
        Look::Blank
    } else {
        look(reading, first, last, margin)
    };
    Line { first, last, look }
}

fn look(reading: &Reading<'_>, first: usize, last: usize, margin: usize) -> Look {
    if imports(reading, first, last)
        || directs(reading, first)
        || is_row_of_numbers(reading, first, last)
    {
        return Look::Code;
    }
    let (n_signs, n_words) = signs(reading, first, last);
    let is_remark = opens_remark(reading, first);
    if !is_remark && n_signs >= ENOUGH && n_signs * WORDS_PER_SIGN >= n_words {
        return Look::Code;
    }
    let is_indented = reading
        .token(first)
        .is_some_and(|token| token.start > margin);
    if is_remark || (is_indented && n_words >= SENTENCE) {
        Look::Aside
    } else if n_words >= SENTENCE && n_signs == 0 {
        Look::Prose
    } else {
        Look::Either
    }
}

/// "from typing import Any", "import os.path as path".
fn imports(reading: &Reading<'_>, first: usize, last: usize) -> bool {
    const LONGEST: usize = 40;
    let behind = first + 1..last.min(first + LONGEST);
    match reading.word(first) {
        "from" => behind
            .into_iter()
            .any(|place| reading.word(place) == "import"),
        "import" => last - first < 3 || behind.into_iter().any(|place| reading.word(place) == "as"),
        _ => false,
    }
}

/// `#define`, `#include`.
fn directs(reading: &Reading<'_>, first: usize) -> bool {
    const DIRECTIVES: &[&str] = &[
        "define", "undef", "include", "if", "ifdef", "ifndef", "elif", "else", "endif", "pragma",
        "error",
    ];
    reading.is_mark(first, '#')
        && reading.is_glued(first + 1)
        && DIRECTIVES.contains(&reading.word(first + 1))
}

/// `(1942668892225729070, 13568862784558745064),`: numbers in brackets and nothing else.
fn is_row_of_numbers(reading: &Reading<'_>, first: usize, last: usize) -> bool {
    let opens = ['(', '[', '{']
        .iter()
        .any(|mark| reading.is_mark(first, *mark));
    opens
        && reading.is_mark(last - 1, ',')
        && (first..last).all(|place| {
            reading.is_number(place)
                || reading.token(place).is_some_and(|token| {
                    matches!(
                        token.shape,
                        Shape::Mark('(' | ')' | '[' | ']' | '{' | '}' | ',' | '.' | '-')
                    )
                })
        })
}

/// "// …", "# …", "* …", "-- …", `"""`.
fn opens_remark(reading: &Reading<'_>, place: usize) -> bool {
    let pair = |mark| reading.is_mark(place, mark) && reading.is_mark(place + 1, mark);
    (pair('/')
        || pair('-')
        || pair('"')
        || reading.is_mark(place, '#')
        || reading.is_mark(place, '*'))
        || (reading.is_mark(place, '/') && reading.is_mark(place + 1, '*'))
}

/// Whether a line is data: cells, elements, a key between quotes with its value.
fn is_data(reading: &Reading<'_>, first: usize, last: usize) -> bool {
    let count = |mark: char| {
        (first..last)
            .filter(|place| reading.is_mark(*place, mark))
            .count()
    };
    let is_quote = |at: usize| reading.is_mark(at, '"') || reading.is_mark(at, '\'');
    let is_key = [first, first + 1].into_iter().any(|at| {
        is_quote(at)
            && (at + 1..last.min(at + 8)).any(|end| is_quote(end) && reading.is_mark(end + 1, ':'))
    });
    is_key
        || reading.is_mark(first, '<')
        || count(';') > 2
        || (count(';') == 2 && !reading.is_mark(last - 1, ';'))
        || count('|') > 2
}

/// How many signs of code a line has, and how many words.
fn signs(reading: &Reading<'_>, first: usize, last: usize) -> (usize, usize) {
    let (mut n_signs, mut n_words) = (0, 0);
    // Of a run without blanks the names of one style count once: so is the name of a file written too.
    let mut is_counted = false;
    let mut n_runs = 0;
    for place in first..last {
        let Some(token) = reading.token(place) else {
            break;
        };
        if token.spaced || place == first {
            is_counted = false;
            n_runs += 1;
        }
        match token.shape {
            Shape::Mark('_') => {
                let is_style = is_between_words(reading, place);
                n_signs += usize::from(is_style && !is_counted);
                is_counted |= is_style;
            }
            Shape::Mark('=') if !reading.is_glued(place) && !reading.is_glued(place + 1) => {
                n_signs += usize::from(n_runs <= 4 && is_assigned(reading, first, place));
            }
            Shape::Mark(mark) => n_signs += usize::from(is_sign(reading, place, mark, last)),
            Shape::Mixed => {
                n_words += 1;
                let is_style = reading
                    .word(place)
                    .starts_with(|letter: char| letter.is_lowercase());
                n_signs += usize::from(is_style && !is_counted);
                is_counted |= is_style;
            }
            Shape::Number | Shape::LineEnd => {}
            _ => n_words += 1,
        }
    }
    if n_signs == 0 && !reading.is_mark(last - 1, ';') && !reading.is_mark(last - 1, '{') {
        return (0, n_words);
    }
    if is_data(reading, first, last) {
        return (0, n_words);
    }
    n_signs += usize::from(reading.is_one_of(first, KEYWORDS));
    n_signs += match reading.previous(last).map(|token| token.shape) {
        Some(Shape::Mark('{')) if n_words > 0 => 2,
        // Members of a list in a sentence end with a semicolon too.
        Some(Shape::Mark(';' | '(' | '[')) => 1,
        _ => 0,
    };
    (n_signs, n_words)
}

/// `snake_case`.
fn is_between_words(reading: &Reading<'_>, place: usize) -> bool {
    let is_part = |at: usize| reading.is_word(at) || reading.is_number(at);
    reading.is_glued(place)
        && is_part(place - 1)
        && reading.is_glued(place + 1)
        && is_part(place + 1)
}

/// Whether what stands before this sign is the name of one thing: "let mut total", "self.rows[0]", and not "SN 00417-A".
fn is_assigned(reading: &Reading<'_>, first: usize, equals: usize) -> bool {
    equals > first
        && (first..equals).all(|place| {
            reading.token(place).is_some_and(|token| match token.shape {
                Shape::Number => !token.spaced,
                Shape::Mark(mark) => matches!(
                    mark,
                    '.' | '_' | '[' | ']' | ':' | '<' | '>' | ',' | '&' | '*' | '$' | '"' | '\''
                ),
                _ => true,
            })
        })
}

/// Words with which a line of code begins; a sentence may begin with some of them too.
const KEYWORDS: &[&str] = &[
    "def",
    "class",
    "import",
    "from",
    "return",
    "let",
    "const",
    "var",
    "fn",
    "pub",
    "use",
    "impl",
    "struct",
    "enum",
    "match",
    "public",
    "private",
    "protected",
    "static",
    "void",
    "int",
    "function",
    "async",
    "await",
    "export",
    "if",
    "elif",
    "else",
    "for",
    "while",
    "try",
    "except",
    "catch",
    "raise",
    "throw",
    "assert",
    "with",
    "mod",
    "type",
    "interface",
    "package",
    "extern",
    "unsafe",
    "echo",
    "select",
    "insert",
    "update",
    "delete",
    "create",
    "alter",
];

/// Whether a mark, with what stands against it, is written in programs and hardly in sentences.
fn is_sign(reading: &Reading<'_>, place: usize, mark: char, last: usize) -> bool {
    let next = (place + 1 < last && reading.is_glued(place + 1))
        .then(|| reading.token(place + 1))
        .flatten()
        .map(|token| token.shape);
    let is_within = reading.is_glued(place) && place > 0 && reading.is_word(place - 1);
    match (mark, next) {
        (':', Some(Shape::Mark(':' | '=')))
        | ('-' | '=', Some(Shape::Mark('>')))
        | ('=' | '!' | '<' | '>' | '+' | '*' | '|' | '%', Some(Shape::Mark('=')))
        | ('&', Some(Shape::Mark('&')))
        | ('|', Some(Shape::Mark('|')))
        | ('(', Some(Shape::Mark(')' | '"' | '\'' | '{' | '[' | '&')))
        | (')' | ']' | '}', Some(Shape::Mark(';' | '.' | '(' | '[' | '{' | '?')))
        | ('[', Some(Shape::Mark(']' | '"' | '\'')))
        | ('{', Some(Shape::Mark('}')))
        | ('$' | '#', Some(Shape::Mark('{' | '[')))
        | ('\\', Some(Shape::Lower)) => true,
        // "foo(bar", and not "persoon(en)".
        (
            '(',
            Some(Shape::Lower | Shape::Mixed | Shape::Upper | Shape::Capital | Shape::Number),
        ) => {
            let is_ending = reading.is_mark(place + 2, ')')
                && reading
                    .token(place + 1)
                    .is_some_and(|token| token.shape == Shape::Lower && token.n_chars <= 3);
            is_within && !is_ending
        }
        _ => false,
    }
}

/// Lines that could be either are what stands around them: a list in the middle of code belongs to it, however long it is; before and
/// behind code only what is near does.
fn settle(lines: &mut [Line]) {
    let count = |look: Look| lines.iter().filter(|line| line.look == look).count();
    // In a file of code a sentence at the margin is a remark over many lines.
    let is_file = count(Look::Code) >= FILE && count(Look::Prose) * 4 <= count(Look::Code);
    if is_file {
        for line in lines.iter_mut().filter(|line| line.look == Look::Prose) {
            line.look = Look::Aside;
        }
    }
    let distances = |lines: &mut dyn Iterator<Item = &Line>| {
        let (mut sort, mut distance) = (None, 0);
        let mut all = Vec::new();
        for line in lines {
            all.push((sort, distance));
            match line.look {
                Look::Code | Look::Prose => (sort, distance) = (Some(line.look), 0),
                Look::Either | Look::Aside => distance += 1,
                Look::Blank => {}
            }
        }
        all
    };
    let before = distances(&mut lines.iter());
    let mut behind = distances(&mut lines.iter().rev());
    behind.reverse();
    for ((line, (before, above)), (behind, below)) in lines.iter_mut().zip(before).zip(behind) {
        let is_code = match (before, behind) {
            (Some(Look::Code), Some(Look::Code)) => true,
            (Some(Look::Code), _) => above < REACH,
            (_, Some(Look::Code)) => below < REACH,
            _ => false,
        };
        line.look = match line.look {
            Look::Aside if is_code => Look::Aside,
            Look::Either if is_code => Look::Code,
            Look::Aside | Look::Either => Look::Prose,
            look => look,
        };
    }
}
