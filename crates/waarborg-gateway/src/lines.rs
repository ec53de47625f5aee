//! Documents that come one on a line: read from any split of the bytes.

use crate::sse::{Event, SseFault};

/// Reads lines from bytes that come in pieces of any size, and keeps at most `limit` bytes of one.
#[derive(Debug)]
pub(crate) struct LineReader {
    limit: usize,
    line: Vec<u8>,
}

impl LineReader {
    /// A reader that keeps at most `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
        }
    }

    /// Reads the next piece; lines that are complete and not empty are appended to `lines` as events without a name.
    ///
    /// # Errors
    ///
    /// [`SseFault::TooLong`] if one line outgrows the limit.
    pub(crate) fn push(&mut self, piece: &[u8], lines: &mut Vec<Event>) -> Result<(), SseFault> {
        let mut parts = piece.split(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            if self.line.len() + part.len() > self.limit {
                return Err(SseFault::TooLong { limit: self.limit });
            }
            self.line.extend_from_slice(part);
            if parts.peek().is_none() {
                break;
            }
            let line = String::from_utf8_lossy(&self.line);
            let line = line.trim();
            if !line.is_empty() {
                lines.push(Event {
                    name: None,
                    data: line.to_owned(),
                });
            }
            self.line.clear();
        }
        Ok(())
    }

    /// The last line, where nothing ended it.
    pub(crate) fn rest(&mut self) -> Option<Event> {
        let rest = std::mem::take(&mut self.line);
        let data = String::from_utf8_lossy(&rest).trim().to_owned();
        (!data.is_empty()).then_some(Event { name: None, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_they_are_cut() {
        let bytes = "{\"a\":\"één\"}\r\n\n{\"b\":2}\n{\"c\"".as_bytes();
        for size in 1..bytes.len() {
            let mut reader = LineReader::new(100);
            let mut lines = Vec::new();
            for piece in bytes.chunks(size) {
                reader.push(piece, &mut lines).unwrap();
            }
            lines.extend(reader.rest());
            let lines: Vec<String> = lines.into_iter().map(|line| line.data).collect();
            assert_eq!(lines, ["{\"a\":\"één\"}", "{\"b\":2}", "{\"c\""], "{size}");
        }
    }

    #[test]
    fn a_line_that_never_ends_is_refused_instead_of_kept() {
        let mut reader = LineReader::new(100);
        let mut lines = Vec::new();
        let fault = (0..1000).find_map(|_| reader.push(b"xxxxxxxx", &mut lines).err());
        assert_eq!(fault, Some(SseFault::TooLong { limit: 100 }));
    }
}
