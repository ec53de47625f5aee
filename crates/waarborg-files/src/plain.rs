//! Plain text: finds out how its letters are written and turns them into ours.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::gap::Reason;
use crate::limits::Full;
use crate::place::Spot;
use crate::text::{Collector, Join};

/// Adds a plain text.
pub(crate) fn read(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let Some(text) = decode(bytes) else {
        collector.gap(Spot::Whole, Reason::Unsupported);
        return Ok(());
    };
    collector.unpacked(text.len())?;
    collector.put(Spot::Line(1), Join::Apart, &text)
}

/// The letters, or `None` when these bytes are no text.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    decode_as(bytes, None)
}

/// The same, with the encoding that somebody says it has. A mark at the beginning knows better.
pub(crate) fn decode_as(bytes: &[u8], label: Option<&str>) -> Option<String> {
    if let Some((encoding, n_mark)) = Encoding::for_bom(bytes) {
        return Some(turn(bytes.get(n_mark..).unwrap_or_default(), encoding));
    }
    let said = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    if let Some(encoding) = said.filter(|encoding| *encoding != UTF_8) {
        return Some(turn(bytes, encoding));
    }
    if let Some(encoding) = two_byte(bytes) {
        return Some(turn(bytes, encoding));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (!is_binary(text.as_bytes())).then(|| text.to_owned());
    }
    (!is_binary(bytes)).then(|| turn(bytes, WINDOWS_1252))
}

fn turn(bytes: &[u8], encoding: &'static Encoding) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// UTF-16 without a mark: in Western text every second byte is zero.
fn two_byte(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(512))?;
    let n_pairs = head.len() / 2;
    if n_pairs < 2 {
        return None;
    }
    let zeros = |first: usize| {
        head.iter()
            .skip(first)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 >= n_pairs * 7 && even * 10 <= n_pairs {
        Some(UTF_16LE)
    } else if even * 10 >= n_pairs * 7 && odd * 10 <= n_pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Text has hardly any control characters. A single NUL in a long text does not hide the rest of it.
fn is_binary(bytes: &[u8]) -> bool {
    let n_controls = bytes
        .iter()
        .filter(|byte| {
            **byte < 0x20 && !matches!(**byte, b'\n' | b'\r' | b'\t' | 0x0b | 0x0c | 0x1b)
        })
        .count();
    n_controls * 50 > bytes.len()
}

/// A line without the control characters at its ends.
pub(crate) fn tidy(line: &str) -> &str {
    line.trim_matches(|letter: char| letter != '\t' && (letter.is_control() || letter == '\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Option<&str>) {
        assert_eq!(decode(bytes).as_deref(), expected);
    }

    #[test]
    fn every_way_of_writing_letters_is_read() {
        check("Café".as_bytes(), Some("Café"));
        check(b"\xef\xbb\xbfCaf\xc3\xa9", Some("Café"));
        check(b"Caf\xe9 \x80 5", Some("Café € 5"));
        check(b"\xff\xfeJ\0a\0n\0", Some("Jan"));
        check(b"\xfe\xff\0J\0a\0n", Some("Jan"));
        check(b"J\0a\0n\0 \0B\0", Some("Jan B"));
        check(b"\0J\0a\0n\0 \0B", Some("Jan B"));
        check(b"", Some(""));
    }

    #[test]
    fn bytes_that_are_no_text_are_said_to_be_none() {
        check(&(0..=255).collect::<Vec<u8>>().repeat(4), None);
        check(&[0; 64], None);
    }

    #[test]
    fn what_somebody_says_counts_unless_the_bytes_know_better() {
        assert_eq!(
            decode_as(b"\xe0\xe1", Some("iso-8859-5")).as_deref(),
            Some("рс")
        );
        assert_eq!(
            decode_as(b"\xff\xfeJ\0", Some("utf-8")).as_deref(),
            Some("J")
        );
        assert_eq!(
            decode_as("é".as_bytes(), Some("unheard-of")).as_deref(),
            Some("é")
        );
    }
}
