//! Names that were found in parts: nicknames between marks, surnames first, a surname that nobody knows, a name inside a handle.

use alloc::vec::Vec;
use core::ops::Range;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tokens::{Shape, Token};
use crate::vocabulary::role;

/// Makes one finding of the parts of a name. The hits are in the order of the text and disjoint, and stay so.
pub(crate) fn put_together(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    if !hits.iter().any(|hit| hit.kind == Kind::Person) {
        return;
    }
    let mut whole: Vec<Hit> = Vec::with_capacity(hits.len());
    let mut rest = core::mem::take(hits).into_iter().peekable();
    while let Some(mut hit) = rest.next() {
        if hit.kind == Kind::Person {
            let free = Range {
                start: whole.last().map_or(0, |before| before.span.end),
                end: (rest.peek()).map_or(reading.text.len(), |next| next.span.start),
            };
            grow(reading, &free, &mut hit);
            let next = rest.peek().filter(|next| next.kind == Kind::Person);
            if let Some(before) = whole.last_mut()
                && before.kind == Kind::Person
                && let Some(end) = joined(reading, &before.span, &hit.span, next)
            {
                before.span.end = end;
                before.score = before.score.max(hit.score);
                continue;
            }
        }
        whole.push(hit);
    }
    *hits = whole;
}

/// Longer gaps are no part of a name.
const LONGEST_GAP: usize = 6;

/// Where a name ends of which these are parts, if they are.
fn joined(
    reading: &Reading<'_>,
    name: &Range<usize>,
    part: &Range<usize>,
    next: Option<&Hit>,
) -> Option<usize> {
    let gap = reading.text.get(name.end..part.start)?;
    if gap.len() > LONGEST_GAP {
        return None;
    }
    let is_joined = match gap {
        " " => true,
        ", " => is_surname_first(reading, name, part),
        "/" | " / " => is_in_capitals(reading, name) && is_in_capitals(reading, part),
        "\n" => reading.slice(name.clone()).ends_with('.'),
        _ => false,
    };
    if is_joined {
        return Some(part.end);
    }
    // "Johanna ("Jopie") Verweij", "Biesta (Tineke)".
    let opening = gap.strip_prefix(' ').filter(|marks| is_opening(marks))?;
    let closing_len: usize = reading
        .text
        .get(part.end..)?
        .chars()
        .take(opening.chars().count())
        .take_while(|mark| is_closing(*mark))
        .map(char::len_utf8)
        .sum();
    let end = part.end + closing_len;
    let goes_on = next.is_some_and(|next| reading.text.get(end..next.span.start) == Some(" "));
    let holds_closing = reading.slice(part.clone()).contains(is_closing);
    let is_whole = closing_len > 0 && (goes_on || !has_first_name(reading, name));
    (holds_closing || is_whole).then_some(end)
}

fn is_opening(marks: &str) -> bool {
    !marks.is_empty()
        && marks
            .chars()
            .all(|mark| matches!(mark, '(' | '"' | '\'' | '“' | '„' | '‘' | '['))
}

fn is_closing(mark: char) -> bool {
    matches!(mark, ')' | '"' | '\'' | '”' | '“' | '’' | ']')
}

/// "Bloem, Sybren", "TESFAMICHAEL, Robel": at the beginning of a line, a cell or behind a label, and no list of people.
fn is_surname_first(reading: &Reading<'_>, name: &Range<usize>, part: &Range<usize>) -> bool {
    let place = reading
        .tokens
        .partition_point(|token| token.end <= name.start);
    let is_behind_word = place > 0 && reading.is_word(place - 1) && !reading.is_line_end(place - 1);
    let is_behind_title = place > 0 && reading.cue(place - 1).is(role::TITLE);
    let may_begin = !is_behind_word || is_behind_title || is_in_capitals(reading, name);
    let behind = reading
        .tokens
        .partition_point(|token| token.start < part.end);
    let goes_on = reading.is_mark(behind, ',') || reading.is_one_of(behind, &["en", "and", "und"]);
    let is_one = !goes_on || (is_in_capitals(reading, name) && !is_in_capitals(reading, part));
    may_begin && is_one && !has_first_name(reading, name) && !has_plain_surname(reading, part)
}

fn tokens<'r>(reading: &'r Reading<'_>, span: &Range<usize>) -> impl Iterator<Item = &'r Token> {
    let first = reading
        .tokens
        .partition_point(|token| token.end <= span.start);
    let end = span.end;
    let tokens = reading.tokens.get(first..).unwrap_or_default();
    tokens.iter().take_while(move |token| token.start < end)
}

/// A word that is a first name more than it is a surname.
fn has_first_name(reading: &Reading<'_>, span: &Range<usize>) -> bool {
    tokens(reading, span).any(|token| {
        let entry = token.entry;
        // "Van der" is no Vietnamese first name.
        let is_name = entry.first_name() >= 2 && entry.first_name() > entry.surname();
        is_name && entry.common() < 3
    })
}

/// A word that is a surname and no first name.
fn has_plain_surname(reading: &Reading<'_>, span: &Range<usize>) -> bool {
    tokens(reading, span).any(|token| token.entry.surname() >= 2 && token.entry.first_name() == 0)
}

fn is_in_capitals(reading: &Reading<'_>, span: &Range<usize>) -> bool {
    tokens(reading, span)
        .filter(|token| token.is_word())
        .all(|token| token.shape == Shape::Upper || (token.n_chars == 1 && token.has_capital()))
}

/// A name with what stands against it, or behind it, and was not seen.
fn grow(reading: &Reading<'_>, free: &Range<usize>, hit: &mut Hit) {
    balance(reading, free, hit);
    if hit.why == Why::Model && (web_address(reading, free, hit) || handle(reading, free, hit)) {
        return;
    }
    let first = reading.first_in(&hit.span);
    let last = reading.tokens.get(first..).unwrap_or_default();
    let n_tokens = last
        .iter()
        .take_while(|token| token.start < hit.span.end)
        .count();
    let places = first..first + n_tokens;
    if let Some(end) = surname_behind(reading, &places).filter(|end| *end <= free.end) {
        hit.span.end = end;
    }
    if let Some(start) = first_name_before(reading, first).filter(|start| *start >= free.start) {
        hit.span.start = start;
    }
}

/// `Leo" Mthembu`: where a mark closes, the name begins before the one that opens.
fn balance(reading: &Reading<'_>, free: &Range<usize>, hit: &mut Hit) {
    let value = reading.slice(hit.span.clone());
    let opens = match value.chars().find(|mark| matches!(mark, ')' | '"' | '”')) {
        Some(')') if !value.contains('(') => "(",
        Some('"') if value.matches('"').count() == 1 => "\"",
        Some('”') if !value.contains(['“', '„']) => "“",
        _ => return,
    };
    let before = reading
        .text
        .get(free.start..hit.span.start)
        .unwrap_or_default();
    let Some(at) = before.strip_suffix(opens).map(str::len) else {
        return;
    };
    hit.span.start = free.start + at;
    let place = reading.first_in(&hit.span);
    let name = place
        .checked_sub(1)
        .and_then(|before| reading.token(before));
    if let Some(name) = name.filter(|name| {
        name.has_capital()
            && name.start >= free.start
            && reading.text.get(name.end..hit.span.start) == Some(" ")
    }) {
        hit.span.start = name.start;
    }
}

/// "www.markdegroot.nl", "kevinzhao.dev/cases": a name in the address of a page is a part of it. Says whether it is.
fn web_address(reading: &Reading<'_>, free: &Range<usize>, hit: &mut Hit) -> bool {
    let is_part = |letter: &char| {
        letter.is_ascii_alphanumeric()
            || matches!(letter, '.' | '/' | '-' | '_' | ':' | '~' | '?' | '=')
    };
    let before = reading
        .text
        .get(free.start..hit.span.start)
        .unwrap_or_default();
    let behind = reading.text.get(hit.span.end..free.end).unwrap_or_default();
    let n_before: usize = before
        .chars()
        .rev()
        .take_while(is_part)
        .map(char::len_utf8)
        .sum();
    let n_behind: usize = behind.chars().take_while(is_part).map(char::len_utf8).sum();
    let (start, end) = (hit.span.start - n_before, hit.span.end + n_behind);
    let address = reading
        .slice(start..end)
        .trim_end_matches(['.', ':', '?', '/']);
    let bare = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"))
        .unwrap_or(address);
    let host = bare.split('/').next().unwrap_or_default();
    let is_page = bare.len() < address.len() || host.starts_with("www.") || bare.len() > host.len();
    let top = host.rsplit('.').next().unwrap_or_default();
    let is_host = host.contains('.')
        && (2..=6).contains(&top.len())
        && top.bytes().all(|byte| byte.is_ascii_lowercase())
        && host.split('.').all(|part| !part.is_empty());
    let is_whole = is_page && is_host && start + address.len() >= hit.span.end;
    if is_whole {
        hit.span = start..start + address.len();
        hit.kind = Kind::UrlPersonal;
    }
    is_whole
}

/// "`Dré_040`", "wietse.wiersma.9": a name that goes on with marks and digits is a handle. Says whether it is one.
fn handle(reading: &Reading<'_>, free: &Range<usize>, hit: &mut Hit) -> bool {
    let behind = reading.text.get(hit.span.end..free.end).unwrap_or_default();
    let mut end = hit.span.end;
    let mut rest = behind;
    while let Some(joint) = rest
        .chars()
        .next()
        .filter(|mark| matches!(mark, '_' | '.') || mark.is_ascii_digit())
    {
        let part: usize = rest
            .chars()
            .skip(1)
            .take_while(|letter| letter.is_alphanumeric())
            .map(char::len_utf8)
            .sum();
        let is_digit = joint.is_ascii_digit();
        let word = rest.get(1..1 + part).unwrap_or_default();
        if (part == 0 && !is_digit)
            || (joint == '.' && (is_file_type(word) || word.starts_with(char::is_uppercase)))
        {
            break;
        }
        end += 1 + part;
        rest = rest.get(1 + part..).unwrap_or_default();
    }
    if rest.starts_with('@') {
        return false;
    }
    // "mevr_de_boer": what stands before a low line is part of it too.
    let mut start = hit.span.start;
    let before = reading.text.get(free.start..start).unwrap_or_default();
    if before.ends_with('_') || reading.slice(hit.span.clone()).starts_with('_') {
        let len: usize = before
            .chars()
            .rev()
            .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'))
            .map(char::len_utf8)
            .sum();
        start -= len;
    }
    if end == hit.span.end && start == hit.span.start {
        return false;
    }
    hit.span = start..end;
    let value = reading.slice(hit.span.clone());
    if value.contains(|letter: char| letter == '_' || letter.is_ascii_digit())
        && !value.contains(' ')
    {
        hit.kind = Kind::Username;
    }
    true
}

fn is_file_type(word: &str) -> bool {
    matches!(
        word,
        "pdf"
            | "doc"
            | "docx"
            | "xls"
            | "xlsx"
            | "csv"
            | "jpg"
            | "jpeg"
            | "png"
            | "zip"
            | "txt"
            | "msg"
            | "html"
            | "json"
            | "nl"
            | "com"
            | "be"
            | "org"
            | "net"
            | "eu"
            | "example"
            | "test"
    )
}

/// "Bianca Balie", "ruud koster": the word behind a first name is the surname, though it is a word.
fn surname_behind(reading: &Reading<'_>, name: &Range<usize>) -> Option<usize> {
    let words = reading.tokens.get(name.clone())?;
    let is_first = |token: &Token| {
        token.is_word() && token.entry.first_name() >= 2 && token.entry.common() < 3
    };
    let last = words.last()?;
    if words.len() > 2 || !words.iter().all(is_first) {
        return None;
    }
    let place = name.end;
    let next = reading.token(place)?;
    let entry = next.entry;
    let stands_apart = reading.text.get(last.end..next.start) == Some(" ");
    if !stands_apart || !next.is_word() || next.n_chars < 3 || reading.cue(place).is(NO_SURNAME) {
        return None;
    }
    let fits = match (last.shape, next.shape) {
        (Shape::Lower, Shape::Lower) => entry.surname() >= 2 && entry.common() < 3,
        (Shape::Upper, Shape::Upper) => entry.surname() >= 1 && entry.common() < 3,
        (Shape::Capital | Shape::Mixed, Shape::Capital | Shape::Mixed) => {
            entry.common() < 3 || entry.surname() >= 2
        }
        _ => false,
    };
    fits.then_some(next.end)
}

/// "kwaku jansen": the word before a surname is the first name, if it is in no list.
fn first_name_before(reading: &Reading<'_>, place: usize) -> Option<usize> {
    let first = reading.token(place)?;
    let is_surname = first.entry.surname() > 0 && first.entry.first_name() < 2;
    let before = reading.previous(place)?;
    let entry = before.entry;
    let is_unknown = entry.common() == 0 && !entry.is_town() && !entry.is_street();
    let fits = is_surname
        && is_unknown
        && before.is_word()
        && before.n_chars > 2
        && before.shape == first.shape
        && reading.text.get(before.end..first.start) == Some(" ")
        && !reading.is_continued(place - 1)
        && !reading.cue(place - 1).is(NO_SURNAME);
    fits.then_some(before.start)
}

/// Words that are no surname behind a first name.
const NO_SURNAME: u32 = role::TITLE
    | role::MONTH
    | role::WEEKDAY
    | role::ORGANISATION
    | role::RELATION
    | role::GREETING
    | role::CLOSING
    | role::PERSON
    | role::NUMBER
    | role::PARTICLE;

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use crate::{Detector, Kind};

    fn names(text: &str) -> Vec<&str> {
        Detector::new()
            .find(text)
            .into_iter()
            .filter(|finding| finding.kind == Kind::Person)
            .map(|finding| text.get(finding.span).unwrap())
            .collect()
    }

    #[test]
    fn a_nickname_between_marks_is_a_part_of_the_name() {
        let text = "Mijn opa Hendrikus (\"Henk\") Zandstra is ziek.";
        assert_eq!(names(text), ["Hendrikus (\"Henk\") Zandstra"]);
        let text = "Mijn oom Ton (Antonius) Verweij is ziek.";
        assert_eq!(names(text), ["Ton (Antonius) Verweij"]);
    }

    #[test]
    fn two_people_stay_two() {
        let text = "Mijn broer Jan (Maries man) en Piet, Klaas en Kees komen eten.";
        let found = names(text);
        assert!(found.len() >= 3, "{found:?}");
        assert!(found.iter().all(|name| !name.contains(',')), "{found:?}");
    }

    #[test]
    fn a_surname_may_come_first() {
        let text = "Cliënt:\nTESFAMICHAEL, Robel\nwoont bij zijn tante";
        assert_eq!(names(text), ["TESFAMICHAEL, Robel"]);
    }
}
