//! Text that stands encoded in a text: HTML entities, URL and program escapes, quoted-printable,
//! base64, base32 and hexadecimal islands.
//!
//! An escape stands for one character and is mapped by itself; an island is mapped as a whole.

mod entities;
mod islands;

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::ops::Range;
use core::str;

use memchr::{memchr, memchr3};

use crate::mapped::Change;

/// Everything in a text that can be read in another way, in its order.
pub(crate) fn changes(text: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    escapes(text, &mut changes);
    islands::find(text, &mut changes);
    // An island may hold escapes (a percent-encoded equals sign at its end): the first one stays.
    changes.sort_by_key(|change| change.range.start);
    let mut end = 0;
    changes.retain(|change| {
        let is_free = change.range.start >= end;
        end = end.max(change.range.end);
        is_free
    });
    changes
}

/// What one kind of escape reads as, and how long it is.
type Read = (String, usize);

fn escapes(text: &str, changes: &mut Vec<Change>) {
    let bytes = text.as_bytes();
    let mut places = Places::new(text);
    let mut at = 0;
    while let Some(found) = places.next(at) {
        let rest = text.get(found..).unwrap_or_default();
        let read = match bytes.get(found) {
            Some(b'%') => octets(rest, b'%'),
            Some(b'=') if is_setting(bytes, found) => None,
            Some(b'=') => soft_break(rest).or_else(|| octets(rest, b'=')),
            Some(b'&') => entities::read(rest),
            _ => backslash(rest, || is_in_path(text, found)),
        };
        match read {
            Some((plain, len)) if len > 0 => {
                push(changes, plain, found..found + len);
                at = found + len;
            }
            _ => at = found + 1,
        }
    }
}

fn push(changes: &mut Vec<Change>, text: String, range: Range<usize>) {
    changes.push(Change { range, text });
}

/// Where an escape may begin.
struct Places<'t> {
    bytes: &'t [u8],
    /// The next `%`, `&` or backslash from the place that was asked for last: it is not sought again at every equals sign before it.
    escape: Option<usize>,
    has_quoted_printable: bool,
}

impl Places<'_> {
    fn new(text: &str) -> Places<'_> {
        let bytes = text.as_bytes();
        Places {
            bytes,
            escape: memchr3(b'%', b'&', b'\\', bytes),
            has_quoted_printable: is_quoted_printable(text),
        }
    }

    /// The first one from here on.
    fn next(&mut self, from: usize) -> Option<usize> {
        if self.escape.is_some_and(|escape| escape < from) {
            let rest = self.bytes.get(from..)?;
            self.escape = memchr3(b'%', b'&', b'\\', rest).map(|at| from + at);
        }
        let end = self.escape.unwrap_or(self.bytes.len());
        let quoted = (self.has_quoted_printable)
            .then(|| memchr(b'=', self.bytes.get(from..end)?))
            .flatten();
        quoted.map(|at| from + at).or(self.escape)
    }
}

/// Two escapes like `=40` are no accident.
fn is_quoted_printable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut n_found = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(b'=', rest)) {
        at += found + 1;
        let is_escape = match bytes.get(at..at + 2) {
            Some(&[high, low]) => high != b'1' && is_upper_hex(high) && is_upper_hex(low),
            _ => false,
        };
        n_found += usize::from(is_escape && !is_setting(bytes, at - 1));
        if n_found == 2 {
            return true;
        }
    }
    false
}

/// No number that is set has more digits and points.
const LONGEST_SETTING: usize = 40;

/// `ip=41.90.64.5`, `rows=50 loops=12`: behind a word an equals sign and a number that goes on or ends there set something.
fn is_setting(bytes: &[u8], at: usize) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    let behind = bytes.get(at + 1..).unwrap_or_default();
    let is_number = |pair: &[u8]| pair.iter().all(u8::is_ascii_digit);
    let goes_on = |byte: &u8| {
        byte.is_ascii_digit() || byte.is_ascii_whitespace() || b".,:;&|)]}\"'".contains(byte)
    };
    (at.checked_sub(1).and_then(|before| bytes.get(before))).is_some_and(is_word)
        && (behind.get(..2).is_some_and(is_number) && behind.get(2).is_none_or(goes_on)
            || is_address(behind))
        // "tel=306=31": an escape behind the number says that this is one too.
        && (behind.iter().take(LONGEST_SETTING))
            .find(|byte| !(byte.is_ascii_digit() || **byte == b'.'))
            .is_none_or(|byte| *byte != b'=')
}

/// An address of the network, at the beginning.
fn is_address(bytes: &[u8]) -> bool {
    const LONGEST: usize = 39;
    let is_part = |byte: &&u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let len = bytes.iter().take(LONGEST + 1).take_while(is_part).count();
    let address = bytes.get(..len).and_then(|part| str::from_utf8(part).ok());
    address.is_some_and(|address| address.parse::<IpAddr>().is_ok())
}

fn is_upper_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'A'..=b'F')
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// `%40`, `=C3=AB`: as many octets as make one character.
fn octets(rest: &str, mark: u8) -> Option<Read> {
    let mut octets = [0_u8; 4];
    let mut triples = rest.as_bytes().chunks_exact(3);
    for n in 1..=4 {
        let &[begin, high, low] = triples.next()? else {
            return None;
        };
        if begin != mark {
            return None;
        }
        *octets.get_mut(n - 1)? = hex(high)? << 4 | hex(low)?;
        let Ok(text) = core::str::from_utf8(octets.get(..n)?) else {
            continue;
        };
        return text
            .chars()
            .all(is_readable)
            .then(|| (String::from(text), 3 * n));
    }
    None
}

/// The line break of quoted-printable, which stands for nothing.
fn soft_break(rest: &str) -> Option<Read> {
    let len = ["=\r\n", "=\n"]
        .iter()
        .find(|begin| rest.starts_with(**begin))?
        .len();
    Some((String::new(), len))
}

/// `\u0040`, `\u{40}`, `\U00000040`, `\x40`, with one or more backslashes, and the white ones: `\n`, `\r`, `\t`, `\v`, `\f`.
fn backslash(rest: &str, is_in_path: impl Fn() -> bool) -> Option<Read> {
    let n_slashes = rest.bytes().take_while(|byte| *byte == b'\\').count();
    let n_slashes = if n_slashes > 4 { 1 } else { n_slashes };
    let behind = rest.get(n_slashes..)?;
    let escape = behind.chars().next()?;
    let inside = behind.get(escape.len_utf8()..)?;
    let (code, len) = match escape {
        'u' if inside.starts_with('{') => {
            let len = inside
                .get(1..)?
                .bytes()
                .take(7)
                .position(|byte| byte == b'}')?;
            (number(inside.get(1..=len)?, 16)?, len + 2)
        }
        'u' => utf_16(inside)?,
        'U' => (number(inside.get(..8)?, 16)?, 8),
        'x' => (number(inside.get(..2)?, 16)?, 2),
        'n' | 'r' | 't' | 'v' | 'f' if !is_in_path() => (u32::from('\n'), 0),
        _ => return None,
    };
    let character = char::from_u32(code).filter(|character| is_readable(*character))?;
    Some((String::from(character), n_slashes + 1 + len))
}

/// Whether a backslash stands in a path of Windows: `C:\Users\tom`, `\\server\rapport`.
fn is_in_path(text: &str, at: usize) -> bool {
    /// No path is longer there.
    const LONGEST: usize = 260;
    let bytes = text.as_bytes();
    let before = bytes
        .get(at.saturating_sub(LONGEST)..at)
        .unwrap_or_default();
    let is_apart =
        |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'(' | b'[');
    let word = before.rsplit(is_apart).next().unwrap_or_default();
    let is_drive = |word: &[u8]| matches!(word, [drive, b':', ..] if drive.is_ascii_alphabetic());
    (is_drive(word) && word.get(2).is_none_or(|next| matches!(next, b'\\' | b'/')))
        || word.starts_with(b"\\\\")
}

/// Four hexadecimal digits, or two times four with `\u` between them.
fn utf_16(inside: &str) -> Option<(u32, usize)> {
    let high = number(inside.get(..4)?, 16)?;
    if !(0xD800..0xDC00).contains(&high) {
        return Some((high, 4));
    }
    let behind = inside.get(4..)?;
    let second = behind.trim_start_matches('\\');
    let gap = behind.len() - second.len() + 1;
    let low = number(second.strip_prefix('u')?.get(..4)?, 16)?;
    let low = low.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
    (gap <= 5).then_some((0x1_0000 + ((high - 0xD800) << 10) + low, 8 + gap))
}

fn number(digits: &str, radix: u32) -> Option<u32> {
    let fits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    u32::from_str_radix(digits, radix).ok().filter(|_| fits)
}

/// No control character, except the white ones.
fn is_readable(character: char) -> bool {
    !character.is_control() || matches!(character, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, plain: &str) {
        let mut out = String::new();
        let mut at = 0;
        for change in changes(text) {
            out.push_str(text.get(at..change.range.start).unwrap());
            out.push_str(&change.text);
            at = change.range.end;
        }
        out.push_str(text.get(at..).unwrap());
        assert_eq!(out, plain, "{text}");
    }

    #[test]
    fn escapes_are_read() {
        check("jan%40x.nl", "jan@x.nl");
        check("A%C3%AFcha 50% korting %zz", "Aïcha 50% korting %zz");
        check("%2540", "%40");
        check("%00%06", "%00%06");
        check(
            "jan&#64;x&period;nl&nbsp;&#x31;&#50&eacute;&foo;",
            "jan@x.nl\u{a0}12é&foo;",
        );
        check(
            r"jan\u0040x \u{40} \x40 \\u0040 \ud83d\udc69 \Users\x",
            r"jan@x @ @ @ 👩 \Users\x",
        );
        check("=4A=61n =\nsen", "Jan sen");
        check("a=12 b=zz c=4A", "a=12 b=zz c=4A");
        check(
            "ip=41.90.64.5 rows=50 =4A=61=6E",
            "ip=41.90.64.5 rows=50 Jan",
        );
        check("tel=306=31=32", "tel0612");
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the time that it takes is what is tested"
    )]
    fn other_escapes_are_not_sought_again_at_each_equals_sign() {
        let text = "=4A".repeat(700_000);
        let begun = std::time::Instant::now();
        assert_eq!(changes(&text).len(), 700_000);
        // A look to the end at each of them takes a minute.
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    }

    #[test]
    fn islands_are_read() {
        check(
            "zie SmFuIGRlIFZyaWVzIDA2LTEyMzQ1Njc4.",
            "zie Jan de Vries 06-12345678.",
        );
        check(
            "x4a616e406578616d706c652e6e6c",
            "x4a616e406578616d706c652e6e6c",
        );
        check(
            "4a616e406578616d706c652e6e6c",
            "jan@example.nl".replace('j', "J").as_str(),
        );
        check("JJQW4QDFPBQW24DMMUXG43A=", "Jan@example.nl");
        check(
            "internationalisering en Arbeidsongeschiktheidsverzekering",
            "internationalisering en Arbeidsongeschiktheidsverzekering",
        );
    }
}
