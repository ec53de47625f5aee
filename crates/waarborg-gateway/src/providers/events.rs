//! A provider's stream of events on its way to becoming documents, whatever its protocol.

use futures_util::stream;
use waarborg_usecase::ports::{Chunks, ProviderError};

use super::error;
use crate::lines::LineReader;
use crate::sse::{Event, SseFault, SseReader};
use crate::upstream::Answer;

/// What a protocol says of the events of an answer.
pub(super) trait EventRules: Send + 'static {
    /// What is done with an event that has these data.
    ///
    /// # Errors
    ///
    /// [`ProviderError`] if it is no event of the protocol, or tells of an error; the stream cannot go on.
    fn judge(&mut self, data: &str) -> Result<Step, ProviderError>;

    /// Whether the provider may close the connection here, though no event said that it was the last.
    fn may_close(&self) -> bool {
        false
    }
}

/// What is done with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Its document goes on.
    Pass,
    /// Its document goes on, and is the last one.
    PassAsLast,
    /// It holds no document; it says that the answer is whole.
    End,
}

/// The documents of an answer, of which none is longer than `limit` bytes.
pub(super) fn documents(
    answer: Answer,
    limit: usize,
    framing: Framing,
    rules: impl EventRules,
) -> Chunks {
    let reading = Reading {
        answer,
        reader: match framing {
            Framing::Events => Reader::Events(SseReader::new(limit)),
            Framing::Lines => Reader::Lines(LineReader::new(limit)),
        },
        events: Vec::new().into_iter(),
        rules,
        has_ended: false,
    };
    Box::pin(stream::unfold(reading, |mut reading| async move {
        let document = reading.next().await.transpose()?;
        reading.has_ended |= document.is_err();
        Some((document, reading))
    }))
}

/// How the documents of an answer are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// Each is an event.
    Events,
    /// Each stands on a line.
    Lines,
}

enum Reader {
    Events(SseReader),
    Lines(LineReader),
}

impl Reader {
    fn push(&mut self, piece: &[u8], events: &mut Vec<Event>) -> Result<(), SseFault> {
        match self {
            Self::Events(reader) => reader.push(piece, events),
            Self::Lines(reader) => reader.push(piece, events),
        }
    }

    /// Whether the answer may end here, as far as its bytes say.
    fn is_inside_event(&self) -> bool {
        match self {
            Self::Events(reader) => reader.is_inside_event(),
            Self::Lines(_) => false,
        }
    }

    /// What the end of the answer ends as well.
    fn rest(&mut self) -> Option<Event> {
        match self {
            Self::Events(_) => None,
            Self::Lines(reader) => reader.rest(),
        }
    }
}

struct Reading<R> {
    answer: Answer,
    reader: Reader,
    events: std::vec::IntoIter<Event>,
    rules: R,
    has_ended: bool,
}

impl<R: EventRules> Reading<R> {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, ProviderError> {
        while !self.has_ended {
            let Some(event) = self.events.next() else {
                self.more().await?;
                continue;
            };
            if event.data.is_empty() {
                continue;
            }
            let step = self.rules.judge(&event.data)?;
            self.has_ended = step != Step::Pass;
            if step != Step::End {
                return Ok(Some(event.data.into_bytes()));
            }
        }
        Ok(None)
    }

    async fn more(&mut self) -> Result<(), ProviderError> {
        let Some(bytes) = self.answer.next().await.map_err(error)? else {
            if let Some(last) = self.reader.rest() {
                self.events = vec![last].into_iter();
                return Ok(());
            }
            if self.reader.is_inside_event() || !self.rules.may_close() {
                return Err(ProviderError::BrokenOff);
            }
            self.has_ended = true;
            return Ok(());
        };
        let mut events = Vec::new();
        self.reader
            .push(&bytes, &mut events)
            .map_err(|_| ProviderError::TooLarge)?;
        self.events = events.into_iter();
        Ok(())
    }
}
