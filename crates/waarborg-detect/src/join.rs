//! Values that are pulled apart or turned around: letters with a space between each, an address
//! over two lines, a number written backwards.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use memchr::memchr;

use crate::mapped::Change;
use crate::reading::Reading;
use crate::tokens::{Shape, Token};
use crate::vocabulary::role;

/// Fewer pieces than this are words, not a value that is pulled apart.
const FEWEST: usize = 6;

/// Everything that can be read by putting it together, in the order of the text.
pub(crate) fn changes(reading: &Reading<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    pulled_apart(reading, &mut changes);
    underscored(reading, &mut changes);
    over_lines(reading, &mut changes);
    turned(reading, &mut changes);
    changes.sort_by_key(|change| change.range.start);
    let mut end = 0;
    changes.retain(|change| {
        let is_free = change.range.start >= end;
        end = end.max(change.range.end);
        is_free
    });
    changes
}

/// `1 2 3 4 5`, `j a n @ x . n l`, `12<tab>34`: short pieces with one white character between each.
fn pulled_apart(reading: &Reading<'_>, changes: &mut Vec<Change>) {
    let mut place = 0;
    while let Some(token) = reading.token(place) {
        if !is_piece(token, None) {
            place += 1;
            continue;
        }
        let mut last = place;
        let mut n_pieces = 1;
        let mut gap = None;
        while let Some(next) = next_piece(reading, last, &mut gap) {
            n_pieces += usize::from(reading.token(next).is_some_and(|token| token.spaced));
            last = next;
        }
        if n_pieces >= FEWEST {
            put_together(reading, place, last, changes);
        }
        place = last + 1;
    }
}

/// The token behind this one, if both are pieces and the gap is like the ones before.
fn next_piece(reading: &Reading<'_>, place: usize, gap: &mut Option<char>) -> Option<usize> {
    let (token, next) = (reading.token(place)?, reading.token(place + 1)?);
    if !is_piece(token, *gap) || !is_piece(next, *gap) {
        return None;
    }
    let mut between = reading.slice(token.end..next.start).chars();
    match (between.next(), between.next()) {
        (None, _) => Some(place + 1),
        (Some(white), None) if gap.is_none_or(|gap| gap == white) => {
            *gap = Some(white);
            is_piece(next, *gap).then_some(place + 1)
        }
        _ => None,
    }
}

/// One character; two, where tabs are between them, or digits.
fn is_piece(token: &Token, gap: Option<char>) -> bool {
    if token.n_chars > 2 {
        return false;
    }
    match token.shape {
        Shape::LineEnd => false,
        Shape::Mark(mark) => matches!(mark, '@' | '.' | '-' | '_' | '+' | '/' | ':'),
        Shape::Number => true,
        _ => token.n_chars == 1 || gap == Some('\t'),
    }
}

fn put_together(reading: &Reading<'_>, first: usize, last: usize, changes: &mut Vec<Change>) {
    let mut first = first;
    // "heeft u 0 6 1 2": the word before the value is no part of it.
    let is_word = matches!(reading.word(first), "u" | "a" | "i" | "I" | "o" | "U" | "A");
    if is_word && (reading.is_number(first + 1) || reading.is_mark(first + 1, '+')) {
        first += 1;
    }
    let mut last = last;
    while last > first
        && matches!(
            reading.token(last).map(|token| token.shape),
            Some(Shape::Mark(_))
        )
    {
        last -= 1;
    }
    let Some(tokens) = reading.tokens.get(first..=last) else {
        return;
    };
    let text: String = tokens
        .iter()
        .map(|token| reading.slice(token.span()))
        .collect();
    if let (Some(from), Some(to)) = (tokens.first(), tokens.last()) {
        changes.push(Change {
            range: from.start..to.end,
            text,
        });
    }
}

/// `J_a_n_ _d_e`: single letters with a mark between each.
fn underscored(reading: &Reading<'_>, changes: &mut Vec<Change>) {
    if memchr(b'_', reading.text.as_bytes()).is_none() {
        return;
    }
    let is_letter = |place: usize| {
        reading
            .token(place)
            .is_some_and(|token| (token.is_word() || token.is_number()) && token.n_chars == 1)
    };
    let joins = |place: usize| reading.is_mark(place, '_') && reading.is_glued(place);
    let mut place = 0;
    while place < reading.tokens.len() {
        if !(is_letter(place) && joins(place + 1)) {
            place += 1;
            continue;
        }
        let first = place;
        let mut text = String::from(reading.word(place));
        let mut n_letters = 1;
        loop {
            // A space has its mark too: `n_ _d`.
            let space = usize::from(
                reading.is_mark(place + 2, '_')
                    && reading.token(place + 2).is_some_and(|token| token.spaced),
            );
            let next = place + 2 + space;
            if !joins(place + 1) || !reading.is_glued(next) || !is_letter(next) {
                break;
            }
            if space > 0 {
                text.push(' ');
            }
            text.push_str(reading.word(next));
            n_letters += 1;
            place = next;
        }
        if let (Some(from), Some(to)) = (reading.token(first), reading.token(place))
            && n_letters >= FEWEST
        {
            changes.push(Change {
                range: from.start..to.end,
                text,
            });
        }
        place += 1;
    }
}

/// An e-mail address that goes on in the next line.
fn over_lines(reading: &Reading<'_>, changes: &mut Vec<Change>) {
    if memchr(b'@', reading.text.as_bytes()).is_none() {
        return;
    }
    for (place, token) in reading.tokens.iter().enumerate() {
        if token.shape != Shape::LineEnd || token.spaced || reading.is_line_end(place + 1) {
            continue;
        }
        let (before, after) = (
            chunk_before(reading.text, token.start),
            chunk_after(reading.text, token.end),
        );
        let holds_sign =
            |range: &Range<usize>| memchr(b'@', reading.slice(range.clone()).as_bytes()).is_some();
        // A sign on both sides: two addresses.
        if holds_sign(&before) == holds_sign(&after) {
            continue;
        }
        let is_whole = |range: &Range<usize>| {
            reading
                .slice(range.clone())
                .rsplit_once('@')
                .is_some_and(|(_, host)| {
                    host.rsplit_once('.')
                        .is_some_and(|(name, end)| !name.is_empty() && end.len() >= 2)
                })
        };
        let plain_before = reading.slice(before.clone()).bytes().all(is_address_byte);
        if !plain_before || (holds_sign(&before) && is_whole(&before)) {
            continue;
        }
        changes.push(Change {
            range: token.start..token.end,
            text: String::new(),
        });
    }
}

fn is_address_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+' | b'@') || byte >= 0x80
}

fn chunk_before(text: &str, end: usize) -> Range<usize> {
    let len: usize = text
        .get(..end)
        .unwrap_or_default()
        .chars()
        .rev()
        .take(64)
        .take_while(|character| !character.is_whitespace())
        .map(char::len_utf8)
        .sum();
    end - len..end
}

fn chunk_after(text: &str, start: usize) -> Range<usize> {
    let len: usize = text
        .get(start..)
        .unwrap_or_default()
        .chars()
        .take(64)
        .take_while(|character| !character.is_whitespace())
        .map(char::len_utf8)
        .sum();
    start..start + len
}

/// Words that announce what is to be read from the back.
pub(crate) const TURNED: &[&str] = &[
    "achterstevoren",
    "omgekeerd",
    "omgedraaid",
    "gespiegeld",
    "reversed",
    "backwards",
];

/// "achterstevoren 333222111": what stands behind the word, read from the back.
fn turned(reading: &Reading<'_>, changes: &mut Vec<Change>) {
    if !reading.has_role(role::TURNED) {
        return;
    }
    let mut done = 0;
    for (place, token) in reading.tokens.iter().enumerate() {
        if !reading.cue(place).is(role::TURNED) || !reading.is_one_of(place, TURNED) {
            continue;
        }
        let mut from = token.end.max(done);
        for _ in 0..4 {
            let chunk = chunk_after(
                reading.text,
                from + reading
                    .text
                    .get(from..)
                    .unwrap_or_default()
                    .find(|character: char| !character.is_whitespace())
                    .unwrap_or_default(),
            );
            let text = reading.slice(chunk.clone());
            if text.bytes().any(|byte| byte.is_ascii_digit()) && text.len() >= 8 {
                let inner = text.trim_end_matches([',', ';', ')', '"', '?']);
                changes.push(Change {
                    range: chunk.start..chunk.start + inner.len(),
                    text: inner.chars().rev().collect(),
                });
                break;
            }
            from = chunk.end;
        }
        done = from;
    }
}

/// Runs that a right-to-left override shows backwards.
pub(crate) fn overridden(text: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut at = 0;
    // The override is E2 80 AE; its end E2 80 AC.
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\u{202e}')) {
        let start = at + found + '\u{202e}'.len_utf8();
        let inside = text.get(start..).unwrap_or_default();
        let len = inside
            .find(['\u{202c}', '\u{202e}', '\n'])
            .unwrap_or(inside.len());
        let shown = inside.get(..len).unwrap_or_default();
        if !shown.is_empty() {
            changes.push(Change {
                range: start..start + len,
                text: shown.chars().rev().collect(),
            });
        }
        at = start + len;
    }
    changes
}

/// Runs of invisible tag characters (Unicode 15.1, block Tags): each stands for a letter that a model reads and a person does not see.
pub(crate) fn tagged(text: &str) -> Vec<Change> {
    /// Flags of regions have five at most.
    const SHORTEST: usize = 3;
    let letter = |character: char| {
        let code = u32::from(character).checked_sub(0xE_0000)?;
        (0x20..0x7F).contains(&code).then(|| char::from_u32(code))?
    };
    let mut changes = Vec::new();
    let mut at = 0;
    while let Some(found) = text
        .get(at..)
        .and_then(|rest| rest.find(|next| letter(next).is_some()))
    {
        let start = at + found;
        let inside = text.get(start..).unwrap_or_default();
        let shown: String = inside.chars().map_while(letter).collect();
        at = start + 4 * shown.len();
        // One letter again and again says nothing, and between the letters of a word it makes another of it.
        let first = shown.chars().next();
        let is_said = shown.chars().any(|letter| Some(letter) != first);
        if shown.len() >= SHORTEST && is_said {
            changes.push(Change {
                range: start..at,
                text: shown,
            });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;
    use std::format;

    #[test]
    fn one_invisible_letter_again_and_again_is_no_text() {
        let shown = |text: &str| -> Vec<String> {
            tagged(text).into_iter().map(|change| change.text).collect()
        };
        assert!(shown("n\u{e0041}\u{e0041}\u{e0041}m").is_empty());
        assert_eq!(shown("\u{e004a}\u{e0061}\u{e006e}"), ["Jan"]);
    }

    fn check(text: &str, expected: &[&str]) {
        let vocabulary = Vocabulary::new();
        let reading = Reading::new(text, &vocabulary);
        let found: Vec<String> = changes(&reading)
            .into_iter()
            .map(|change| change.text)
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn invisible_letters_are_read() {
        let hidden = |text: &str| -> String {
            let tag = |letter| char::from_u32(0xE_0000 + u32::from(letter)).unwrap();
            text.chars().map(tag).collect()
        };
        let text = format!("vat samen{} en {}", hidden(" jan@x.nl"), hidden("ab"));
        let found = tagged(&text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, " jan@x.nl");
        assert_eq!(
            text.get(found[0].range.clone()),
            Some(&*hidden(" jan@x.nl"))
        );
        assert!(tagged("niets verborgen 🏴").is_empty());
    }

    #[test]
    fn short_pieces_are_put_together() {
        check("bel 0 6 1 2 3 4 5 6 7 8 nu", &["0612345678"]);
        check("heeft u 1 1 1 2 2 2 3 3 3?", &["111222333"]);
        check("j a n @ x . n l", &["jan@x.nl"]);
        check("voor J_a_n_ _d_e_ _W_i_t nu", &["Jan de Wit"]);
        check("AB\t-1\t23\t-C", &[]);
        check("een gewone zin met 1 2 3 getallen", &[]);
    }

    #[test]
    fn an_address_may_go_on_in_the_next_line() {
        check("mail jan.de.vr\nies@x.nl nu", &[""]);
        check("mail jan@exam\nple.nl nu", &[""]);
        check("mail jan@x.nl\nGroeten", &[]);
    }

    #[test]
    fn what_is_turned_is_turned_back() {
        check("(achterstevoren) 333222111", &["111222333"]);
        let found = overridden("a \u{202e}321\u{202c} b");
        assert_eq!(found.len(), 1);
        assert_eq!(
            found.first().map(|change| change.text.as_str()),
            Some("123")
        );
    }
}
