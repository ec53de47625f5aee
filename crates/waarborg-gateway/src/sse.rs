//! Server-sent events: read from any split of the bytes, written one event at a time.

use thiserror::Error;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One event, as the WHATWG text dispatches it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// The `event` field; `None` where the stream gave none.
    pub name: Option<String>,
    /// The `data` lines, joined by line feeds.
    pub data: String,
}

/// Why a stream is not read any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SseFault {
    /// One event is longer than the reader keeps.
    #[error("an event is longer than {limit} bytes")]
    TooLong {
        /// The limit that was passed.
        limit: usize,
    },
}

/// Reads events from bytes that come in pieces of any size.
///
/// Keeps at most one line and one event, together never more than `limit` bytes. Comments, `id`
/// and `retry` are dropped: nobody behind us resumes a provider's stream.
#[derive(Debug)]
pub struct SseReader {
    limit: usize,
    line: Vec<u8>,
    event: Event,
    has_data: bool,
    is_after_carriage_return: bool,
    is_first_line: bool,
}

impl SseReader {
    /// A reader that keeps at most `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            event: Event::default(),
            has_data: false,
            is_after_carriage_return: false,
            is_first_line: true,
        }
    }

    /// Whether an event was begun and not ended: the stream was cut here.
    #[must_use]
    pub fn is_inside_event(&self) -> bool {
        self.has_data || !self.line.is_empty()
    }

    /// Reads the next piece; events that are complete are appended to `events`.
    ///
    /// # Errors
    ///
    /// [`SseFault::TooLong`] if one event outgrows the limit.
    pub fn push(&mut self, piece: &[u8], events: &mut Vec<Event>) -> Result<(), SseFault> {
        let mut rest = piece;
        while let Some(first) = rest.first() {
            if std::mem::take(&mut self.is_after_carriage_return) && *first == b'\n' {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                return self.keep(rest);
            };
            self.keep(rest.get(..end).unwrap_or_default())?;
            self.is_after_carriage_return = rest.get(end) == Some(&b'\r');
            self.end_line(events);
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        Ok(())
    }

    fn keep(&mut self, part: &[u8]) -> Result<(), SseFault> {
        if self.line.len() + self.event.data.len() + part.len() > self.limit {
            return Err(SseFault::TooLong { limit: self.limit });
        }
        self.line.extend_from_slice(part);
        Ok(())
    }

    fn end_line(&mut self, events: &mut Vec<Event>) {
        let mut bytes = self.line.as_slice();
        if std::mem::take(&mut self.is_first_line) {
            bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        }
        let line = String::from_utf8_lossy(bytes);
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            if std::mem::take(&mut self.has_data) {
                events.push(event);
            }
        } else {
            let (field, value) = line.split_once(':').unwrap_or((&line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "data" => {
                    if std::mem::replace(&mut self.has_data, true) {
                        self.event.data.push('\n');
                    }
                    self.event.data.push_str(value);
                }
                "event" => self.event.name = Some(value.to_owned()),
                _ => {}
            }
        }
        self.line.clear();
    }
}

/// Appends one event as it goes over the wire.
pub fn write_event(name: Option<&str>, data: &str, out: &mut Vec<u8>) {
    if let Some(name) = name {
        out.extend_from_slice(b"event: ");
        out.extend(name.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')));
        out.push(b'\n');
    }
    for line in lines(data) {
        out.extend_from_slice(b"data: ");
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
    out.push(b'\n');
}

/// An event without a name as it goes over the wire.
#[must_use]
pub fn data_event(data: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() + 8);
    write_event(None, data, &mut out);
    out
}

/// The lines of `data`; a carriage return ends a line for the reader on the other side as well.
fn lines(data: &str) -> impl Iterator<Item = &str> {
    data.split('\n').flat_map(|line| line.split('\r'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shared_data;

    const LIMIT: usize = 1 << 20;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut reader = SseReader::new(LIMIT);
        let mut events = Vec::new();
        for piece in pieces {
            reader.push(piece, &mut events).unwrap();
        }
        events.into_iter().map(|event| event.data).collect()
    }

    #[test]
    fn the_cases_of_the_event_stream_text_hold_at_every_split() {
        let Some(cases) = shared_data::lines("data/attacks/own/sse_cases.jsonl") else {
            return;
        };
        for case in cases {
            let name = case["name"].as_str().unwrap();
            let bytes = shared_data::bytes_of_base64(case["bytes_b64"].as_str().unwrap());
            let expected: Vec<&str> = case["events"]
                .as_array()
                .unwrap()
                .iter()
                .map(|event| event.as_str().unwrap())
                .collect();
            assert_eq!(read(&[&bytes]), expected, "{name} in one piece");
            for at in 0..=bytes.len() {
                assert_eq!(
                    read(&[&bytes[..at], &bytes[at..]]),
                    expected,
                    "{name} split at {at}"
                );
            }
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(read(&single), expected, "{name} byte by byte");
        }
    }

    #[test]
    fn lines_in_every_script_survive_every_split() {
        let Some(lines) =
            shared_data::json("data/attacks/sse/eventsource-parser/multibyte_lines.json")
        else {
            return;
        };
        for line in lines.as_array().unwrap().iter().take(200) {
            let line = line.as_str().unwrap();
            let bytes = data_event(line);
            for at in 0..=bytes.len() {
                assert_eq!(read(&[&bytes[..at], &bytes[at..]]), [line]);
            }
        }
    }

    #[test]
    fn an_event_that_never_ends_is_refused_instead_of_kept() {
        let mut reader = SseReader::new(100);
        let mut events = Vec::new();
        let fault = (0..1000).find_map(|_| reader.push(b"data: xxxxxxxx", &mut events).err());
        assert_eq!(fault, Some(SseFault::TooLong { limit: 100 }));
        let mut reader = SseReader::new(100);
        let fault = (0..1000).find_map(|_| reader.push(b"data: xxxxxxxx\n", &mut events).err());
        assert_eq!(fault, Some(SseFault::TooLong { limit: 100 }));
    }

    #[test]
    fn a_cut_inside_an_event_shows() {
        let mut reader = SseReader::new(LIMIT);
        let mut events = Vec::new();
        reader.push(b"data: a\n\n", &mut events).unwrap();
        assert!(!reader.is_inside_event());
        reader.push(b"data: b\n", &mut events).unwrap();
        assert!(reader.is_inside_event());
    }

    #[test]
    fn names_are_kept_and_cannot_begin_a_new_line() {
        let mut reader = SseReader::new(LIMIT);
        let mut events = Vec::new();
        reader
            .push(b"event: ping\ndata: {}\n\n", &mut events)
            .unwrap();
        assert_eq!(events[0].name.as_deref(), Some("ping"));
        let mut out = Vec::new();
        write_event(Some("a\ndata: b"), "c", &mut out);
        assert_eq!(out, b"event: adata: b\ndata: c\n\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_under_any_split(
            texts in prop::collection::vec("[^\r]*", 0..6), size in 1usize..17,
        ) {
            let bytes: Vec<u8> = texts.iter().flat_map(|text| data_event(text)).collect();
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            prop_assert_eq!(read(&pieces), texts);
        }

        #[test]
        fn bytes_of_any_kind_give_the_same_events_however_they_are_split(
            bytes in prop::collection::vec(prop::sample::select(b"data: \n\r:x\xc3\xa9\xef\xbb\xbf".to_vec()), 0..80),
            size in 1usize..9,
        ) {
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            prop_assert_eq!(read(&pieces), read(&[&bytes]));
        }
    }
}
