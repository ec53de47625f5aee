//! Pieces of a text that are replaced by others.

use std::ops::Range;

/// One piece and what comes in its place.
#[derive(Debug)]
pub(super) struct Splice {
    pub(super) range: Range<usize>,
    pub(super) new: String,
}

impl Splice {
    /// Takes whole lines away, and with them one of two blank lines that would meet.
    pub(super) fn without(text: &str, lines: Range<usize>) -> Self {
        let before = text.get(..lines.start).unwrap_or_default();
        let after = text.get(lines.end..).unwrap_or_default();
        let is_blank_before =
            before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
        let blank = match after {
            after if after.starts_with("\r\n") => 2,
            after if after.starts_with('\n') => 1,
            _ => 0,
        };
        let end = if is_blank_before {
            lines.end + blank
        } else {
            lines.end
        };
        Self {
            range: lines.start..end,
            new: String::new(),
        }
    }
}

/// The text with the pieces replaced; `None` if two of them overlap.
pub(super) fn applied(text: &str, mut splices: Vec<Splice>) -> Option<String> {
    splices.sort_by_key(|splice| splice.range.start);
    let mut after = String::with_capacity(text.len());
    let mut at = 0;
    for splice in &splices {
        after.push_str(text.get(at..splice.range.start)?);
        after.push_str(&splice.new);
        at = splice.range.end;
    }
    after.push_str(text.get(at..)?);
    Some(after)
}

/// Where the line begins in which this stands.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind('\n').map_or(0, |found| found + 1)
}

/// Where the line after this one begins.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let after = text.get(at..).unwrap_or_default();
    after.find('\n').map_or(text.len(), |found| at + found + 1)
}

/// The next line after a place, and what must be written first where the file ends without one.
pub(super) fn place_after(text: &str, at: usize) -> (usize, &'static str) {
    let at = line_end(text, at);
    let before = text.get(..at).unwrap_or_default();
    let first = if before.is_empty() || before.ends_with('\n') {
        ""
    } else {
        newline(text)
    };
    (at, first)
}

/// How lines end in this file.
pub(super) fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}
