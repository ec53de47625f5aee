//! A streamed answer on its way to the client: restored chunk by chunk, one write per chunk.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use tokio::sync::OwnedSemaphorePermit;
use waarborg_usecase::ports::{Chunks, ProviderError};

use super::error::Problem;
use super::headers::Voice;
use crate::restore::AnswerText;
use crate::sse::write_event;
use crate::surfaces::{EventRestorer, Framing};
use crate::traces::Journey;

struct Passing {
    chunks: Chunks,
    restorer: Box<dyn EventRestorer>,
    voice: Voice,
    heartbeat: Duration,
    framing: Framing,
    has_ended: bool,
    /// A stream is worked on until its last byte.
    _place: OwnedSemaphorePermit,
    journey: Option<Arc<Journey>>,
}

/// How a streamed answer is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub(super) text: AnswerText,
    pub(super) voice: Voice,
    /// After this long without a word a comment goes out, which every client ignores. Proxies
    /// keep the connection, and we notice a client that left.
    pub(super) heartbeat: Duration,
    pub(super) framing: Framing,
}

/// The body of a streamed answer. When the client goes away, the body is dropped, and with it
/// the connection to the provider.
pub(super) fn body(
    chunks: Chunks,
    restorer: Box<dyn EventRestorer>,
    manner: Manner,
    (place, journey): (OwnedSemaphorePermit, Option<Arc<Journey>>),
) -> Body {
    let passing = Passing {
        chunks,
        restorer,
        voice: manner.voice,
        heartbeat: manner.heartbeat,
        framing: manner.framing,
        has_ended: false,
        _place: place,
        journey,
    };
    Body::from_stream(stream::unfold(passing, |mut passing| async move {
        let bytes = passing.next().await?;
        Some((Ok::<_, std::convert::Infallible>(bytes), passing))
    }))
}

impl Passing {
    async fn next(&mut self) -> Option<Bytes> {
        if self.has_ended {
            return None;
        }
        let chunk = match self.framing {
            Framing::Events => {
                let chunk = tokio::time::timeout(self.heartbeat, self.chunks.next()).await;
                let Ok(chunk) = chunk else {
                    return Some(Bytes::from_static(b": \n\n"));
                };
                chunk
            }
            // A line that says nothing does not exist.
            Framing::Lines => self.chunks.next().await,
        };
        let (events, problem) = match chunk {
            Some(Ok(chunk)) => match self.restored(chunk) {
                Ok(events) => return Some(self.written(&events)),
                Err(problem) => (self.restorer.finish(), Some(problem)),
            },
            Some(Err(error)) => (self.restorer.finish(), Some(Problem::Provider(error))),
            None => (self.restorer.finish(), None),
        };
        self.has_ended = true;
        let mut events = events;
        match problem {
            None => events.extend(self.restorer.end().map(str::to_owned)),
            Some(problem) => {
                tracing::warn!(
                    outcome = problem.own_code(),
                    "an answer ended before its end"
                );
                if let Some(journey) = &self.journey {
                    journey.failed(problem.own_code());
                }
                events.push(self.restorer.ending(problem.event_data(self.voice)));
            }
        }
        if events.is_empty() {
            return None;
        }
        Some(self.written(&events))
    }

    fn restored(&mut self, chunk: Vec<u8>) -> Result<Vec<String>, Problem> {
        let unreadable = || Problem::Provider(ProviderError::Unreadable);
        let data = String::from_utf8(chunk).map_err(|_| unreadable())?;
        self.restorer.restore(data).map_err(|_| unreadable())
    }

    fn written(&self, events: &[String]) -> Bytes {
        let mut out = Vec::with_capacity(events.iter().map(|event| event.len() + 64).sum());
        for data in events {
            match self.framing {
                Framing::Events => {
                    write_event(self.restorer.event_name(data).as_deref(), data, &mut out);
                }
                Framing::Lines => {
                    out.extend_from_slice(data.as_bytes());
                    out.push(b'\n');
                }
            }
        }
        Bytes::from(out)
    }
}
