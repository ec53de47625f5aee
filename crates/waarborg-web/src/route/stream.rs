//! An answer on its way: heard to its end or to the person's stop, and kept as far as it came.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, header};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use waarborg_usecase::chat::{ChatTurn, TurnEvent, Watch};

use crate::markdown::{self, Block};
use crate::page::message::{Seen, Segment};
use crate::show;
use crate::words::Words;

/// An answer as a stream of events for our own script. The first events are ready already.
pub(super) fn answer(turn: Box<ChatTurn>, words: Words, first: &[(&str, Value)]) -> Response {
    let (sender, receiver) = mpsc::channel::<Bytes>(32);
    let opening: String = first.iter().map(|(name, data)| event(name, data)).collect();
    tokio::spawn(async move {
        if sender.send(opening.into()).await.is_ok() {
            drive(turn, words, sender).await;
        } else {
            keep(turn).await;
        }
    });
    let events = futures_util::stream::unfold(receiver, async |mut receiver| {
        let bytes = receiver.recv().await?;
        Some((Ok::<_, Infallible>(bytes), receiver))
    });
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/event-stream; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    (headers, Body::from_stream(events)).into_response()
}

/// Hears an answer to its end without passing it on.
pub(super) async fn to_the_end(mut turn: Box<ChatTurn>) {
    let stopped = stopped(turn.watch());
    let heard = async {
        while let Some(event) = turn.next().await {
            if !matches!(event, TurnEvent::Text(_)) {
                break;
            }
        }
    };
    tokio::select! {
        () = heard => {}
        () = stopped => {}
    }
    keep(turn).await;
}

/// How often it is asked whether an answer may still come in while the model says nothing.
const LOOK: Duration = Duration::from_millis(500);

/// Comes to its end when the answer may come in no more.
async fn stopped(watch: Watch) {
    loop {
        tokio::time::sleep(LOOK).await;
        if !watch.may_go_on().await {
            return;
        }
    }
}

async fn drive(mut turn: Box<ChatTurn>, words: Words, sender: mpsc::Sender<Bytes>) {
    let mut shown = Shown::default();
    let stopped = stopped(turn.watch());
    tokio::pin!(stopped);
    let ending = loop {
        let next = tokio::select! {
            next = turn.next() => next,
            // The person stopped the answer, or went away.
            () = sender.closed() => break None,
            // What the model says after this is not heard any more.
            () = &mut stopped => break Some(TurnEvent::NoLongerAllowed),
        };
        match next {
            Some(TurnEvent::Text(_)) => {
                let events = shown.grown(turn.text());
                if !events.is_empty() && sender.send(events.into()).await.is_err() {
                    break None;
                }
            }
            other => break other,
        }
    };

    let text = turn.text().to_owned();
    let seen = show::sides::both(&text, turn.as_sent());
    // Kept first, told after: "the answer is complete" must be true.
    let is_kept = keep(turn).await;
    let mut last = shown.all(&text);
    if let Some(seen) = seen {
        last.push_str(&event("answer_seen", &sides(&seen)));
    }
    last.push_str(&match ending {
        Some(TurnEvent::Whole) if is_kept => event("done", &json!({"stopped": false})),
        Some(TurnEvent::NoLongerAllowed) => {
            event("failed", &json!({"text": words.say("stream-no-longer")}))
        }
        Some(TurnEvent::BrokenOff(_)) => {
            event("failed", &json!({"text": words.say("stream-broken")}))
        }
        Some(_) => event("failed", &json!({"text": words.say("stream-not-kept")})),
        None => event("done", &json!({"stopped": true})),
    });
    // Nobody may be listening any more; the answer is kept either way.
    let _ = sender.send(last.into()).await;
}

async fn keep(turn: Box<ChatTurn>) -> bool {
    match turn.keep().await {
        Ok(()) => true,
        Err(fault) => {
            tracing::warn!(code = %fault, "an answer was not kept");
            false
        }
    }
}

/// Both sides of a text, for our own script.
pub(super) fn sides(seen: &Seen) -> Value {
    let side = |segments: &[Segment]| {
        segments
            .iter()
            .map(|segment| json!({"text": segment.text, "kind": segment.kind}))
            .collect::<Vec<_>>()
    };
    json!({"you": side(&seen.you), "model": side(&seen.model)})
}

fn event(name: &str, data: &Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

/// What of an answer the script has already.
#[derive(Default)]
struct Shown {
    blocks: Vec<Block>,
    /// Bytes that were read when the last event went out.
    n_read: usize,
}

impl Shown {
    /// Events for what is new, once enough is new: the longer the answer, the more, so that reading
    /// it again and again takes no more than a few times its length.
    fn grown(&mut self, text: &str) -> String {
        let n_new = text.len().saturating_sub(self.n_read);
        if n_new < 12.max(self.n_read / 48) {
            return String::new();
        }
        self.all(text)
    }

    /// Events for all that is new.
    fn all(&mut self, text: &str) -> String {
        self.n_read = text.len();
        let blocks = markdown::read(text);
        let mut events = String::new();
        for (i, block) in blocks.iter().enumerate() {
            if self.blocks.get(i) != Some(block) {
                events.push_str(&event("block", &json!({"i": i, "node": block})));
            }
        }
        self.blocks = blocks;
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_sent() {
        let mut shown = Shown::default();
        let first = shown.all("Een.\n\nTwee");
        assert_eq!(first.matches("event: block").count(), 2);
        let second = shown.all("Een.\n\nTwee en drie.");
        assert_eq!(second.matches("event: block").count(), 1);
        assert!(second.contains(r#""i":1"#) && second.contains("Twee en drie."));
        assert_eq!(shown.all("Een.\n\nTwee en drie."), "");
    }

    #[test]
    fn a_long_answer_is_not_read_once_per_letter() {
        let mut shown = Shown::default();
        let mut text = String::new();
        let mut n_events = 0;
        for _ in 0..20_000 {
            text.push('a');
            n_events += usize::from(!shown.grown(&text).is_empty());
        }
        assert!(n_events < 400, "{n_events}");
    }
}
