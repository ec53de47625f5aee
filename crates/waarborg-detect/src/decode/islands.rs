//! Islands: runs of base64, base32 or hexadecimal digits that hold readable text.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::{hex, is_readable};
use crate::mapped::Change;
use crate::runs;

/// Shorter runs hold nothing that could point at a person.
const SHORTEST: usize = 11;
/// A line of an island that goes on in the next line is at least this long.
const LONG_LINE: usize = 48;

/// Finds the islands of a text, in its order.
pub(super) fn find(text: &str, changes: &mut Vec<Change>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = runs::next(bytes, at, SHORTEST, is_island) {
        let len = run(bytes, found.start);
        at = found.start + len;
        read_run(text, found.start..at, changes);
    }
}

static IS_ISLAND: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends before 256")]
        let letter = byte as u8;
        #[expect(clippy::indexing_slicing, reason = "the loop ends before 256")]
        {
            table[byte] = letter.is_ascii_alphanumeric()
                || matches!(letter, b'+' | b'/' | b'-' | b'_' | b'=');
        }
        byte += 1;
    }
    table
};

fn is_island(byte: u8) -> bool {
    IS_ISLAND.get(usize::from(byte)).copied().unwrap_or(false)
}

/// The length of the run that begins here, line ends of wrapped islands included.
fn run(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    loop {
        let line = bytes
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| is_island(**byte))
            .count();
        at += line;
        let gap = match bytes.get(at..) {
            Some([b'\n', ..]) => 1,
            Some([b'\r', b'\n', ..]) => 2,
            _ => 0,
        };
        let goes_on = gap > 0
            && line >= LONG_LINE
            && line.is_multiple_of(4)
            && bytes.get(at + gap).is_some_and(|byte| is_island(*byte));
        if !goes_on {
            return at - start;
        }
        at += gap;
    }
}

fn read_run(text: &str, range: Range<usize>, changes: &mut Vec<Change>) {
    let Some(run) = text.get(range.clone()).filter(|run| is_unlike_a_word(run)) else {
        return;
    };
    // Parts of a signed token are a secret as they are.
    if run.starts_with("eyJ") {
        return;
    }
    if let Some(plain) = read(run) {
        changes.push(Change { range, text: plain });
        return;
    }
    // A path or a list: each part may be an island.
    let mut at = range.start;
    for part in run.split_inclusive(['/', '=', '_', '-', '\n']) {
        let body = part.trim_end_matches(['/', '=', '_', '-', '\n']);
        let end = at + part.trim_end_matches(['/', '_', '-', '\n']).len();
        if body.len() >= SHORTEST
            && body.len() < run.len()
            && is_unlike_a_word(body)
            && let Some(plain) = read(body)
        {
            changes.push(Change {
                range: at..end.max(at + body.len()),
                text: plain,
            });
        }
        at += part.len();
    }
}

/// A digit, padding, or a capital behind a small letter.
fn is_unlike_a_word(run: &str) -> bool {
    let bytes = run.as_bytes();
    bytes.ends_with(b"=")
        || bytes.iter().any(u8::is_ascii_digit)
        || bytes
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()))
}

/// The text that a run holds, in the first alphabet that gives text.
fn read(run: &str) -> Option<String> {
    hexadecimal(run)
        .or_else(|| base32(run))
        .or_else(|| base64(run))
}

fn hexadecimal(run: &str) -> Option<String> {
    let digits = run.strip_prefix("0x").unwrap_or(run);
    if !digits.len().is_multiple_of(2) || digits.len() < 14 {
        return None;
    }
    let mut octets = Vec::new();
    for pair in digits.as_bytes().chunks_exact(2) {
        let &[high, low] = pair else { return None };
        octets.push(hex(high)? << 4 | hex(low)?);
        is_beginning(&octets).then_some(())?;
    }
    readable(octets)
}

fn base32(run: &str) -> Option<String> {
    let body = run.trim_end_matches('=');
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'2'..=b'7' => Some(byte - b'2' + 26),
        _ => None,
    };
    (body.len() >= 13).then_some(())?;
    unpack(body.bytes().map(value), 5)
}

fn base64(run: &str) -> Option<String> {
    let body = run.trim_end_matches('=');
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let n = body
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .count();
    if n % 4 == 1 {
        return None;
    }
    unpack(
        body.bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .map(value),
        6,
    )
}

/// Puts groups of bits together to octets; stops at the first that is no text.
fn unpack(values: impl Iterator<Item = Option<u8>>, width: u32) -> Option<String> {
    let mut octets = Vec::new();
    let (mut bits, mut n_bits) = (0_u32, 0);
    for value in values {
        bits = (bits << width | u32::from(value?)) & 0xffff;
        n_bits += width;
        if n_bits >= 8 {
            n_bits -= 8;
            octets.push(u8::try_from(bits >> n_bits & 0xff).ok()?);
            is_beginning(&octets).then_some(())?;
        }
    }
    readable(octets)
}

/// Whether what was read so far can be the beginning of a text.
fn is_beginning(octets: &[u8]) -> bool {
    octets
        .last()
        .is_some_and(|byte| matches!(byte, b'\n' | b'\r' | b'\t' | b' '..=b'~' | 0x80..=0xf4))
}

/// Text of some length in which letters, digits and marks of values come first.
fn readable(octets: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(octets).ok()?;
    let n_chars = text.chars().count();
    let n_usual = text
        .chars()
        .filter(|character| {
            character.is_alphanumeric()
                || character.is_whitespace()
                || matches!(
                    character,
                    '.' | ',' | '@' | '-' | '_' | ':' | ';' | '/' | '"' | '{' | '}'
                )
        })
        .count();
    let fits = n_chars >= 7 && text.chars().all(is_readable) && n_usual * 8 >= n_chars * 7;
    fits.then_some(text)
}
