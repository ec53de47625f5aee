//! Traces for OpenTelemetry: how long each step of a request took and how it ended, without a word of what is in it.
//!
//! A request writes its spans into a queue that never waits: when it is full, they are dropped and counted. Whoever
//! collects them may be slow or away; nobody who asks a model notices.

mod export;
mod journey;
mod otlp;
mod span;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use secrecy::SecretString;
use thiserror::Error;
use tokio::sync::mpsc;

pub use export::Exporter;
pub(crate) use journey::{Begun, Journey};
use span::Span;

use crate::address::{BaseUrl, BaseUrlFault};
use crate::upstream::{Dialect, Upstream, UpstreamFault, UpstreamKey};

/// How many requests wait at most to be sent.
const MOST_WAITING: usize = 4096;

/// Where traces go, and which.
#[derive(Debug, Clone)]
pub struct TracesSetting {
    /// The collector's address, to which `/v1/traces` is added.
    pub endpoint: String,
    /// What it knows us by.
    pub key: Option<SecretString>,
    /// Of how many requests one is told.
    pub one_in: NonZeroU32,
    /// Whether a request goes on with the trace that its caller names in `traceparent`. A caller could write anything
    /// there, as far as it fits in hexadecimal digits.
    pub follows_callers: bool,
}

/// Why no traces can be sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TracesFault {
    /// The address.
    #[error(transparent)]
    Address(#[from] BaseUrlFault),
    /// The key, or TLS.
    #[error(transparent)]
    Upstream(#[from] UpstreamFault),
}

/// What became of spans since the start.
#[derive(Debug, Default)]
pub struct TraceCounts {
    n_sent: AtomicU64,
    n_dropped: AtomicU64,
}

impl TraceCounts {
    /// How many the collector took.
    #[must_use]
    pub fn n_sent(&self) -> u64 {
        self.n_sent.load(Ordering::Relaxed)
    }

    /// How many were dropped, because too many waited or the collector did not take them.
    #[must_use]
    pub fn n_dropped(&self) -> u64 {
        self.n_dropped.load(Ordering::Relaxed)
    }

    fn sent(&self, n_spans: usize) {
        self.n_sent.fetch_add(n_spans as u64, Ordering::Relaxed);
    }

    fn dropped(&self, n_spans: usize) {
        self.n_dropped.fetch_add(n_spans as u64, Ordering::Relaxed);
    }
}

/// Takes the spans of requests.
#[derive(Debug)]
pub struct Traces {
    queue: mpsc::Sender<Vec<Span>>,
    counts: Arc<TraceCounts>,
    one_in: NonZeroU32,
    n_asked: AtomicU32,
    follows_callers: bool,
}

impl Traces {
    /// Makes the way to a collector; nothing is sent before [`Exporter::run`].
    ///
    /// # Errors
    ///
    /// [`TracesFault`] if the address or the key cannot be used.
    pub fn open(
        setting: &TracesSetting,
        counts: Arc<TraceCounts>,
    ) -> Result<(Arc<Self>, Exporter), TracesFault> {
        let address = BaseUrl::parse(&setting.endpoint)?;
        let key = UpstreamKey::new(setting.key.as_ref())?;
        let collector = Upstream::new(address, key, Dialect::OpenAi, export::LIMITS)?;
        let (queue, waiting) = mpsc::channel(MOST_WAITING);
        let traces = Self {
            queue,
            counts: Arc::clone(&counts),
            one_in: setting.one_in,
            n_asked: AtomicU32::new(0),
            follows_callers: setting.follows_callers,
        };
        Ok((Arc::new(traces), Exporter::new(collector, waiting, counts)))
    }

    /// Whether this request is one that is told.
    fn wants(&self) -> bool {
        let n_before = self.n_asked.fetch_add(1, Ordering::Relaxed);
        n_before.is_multiple_of(self.one_in.get())
    }

    /// Takes the spans of one request, if there is room.
    fn take(&self, spans: Vec<Span>) {
        let n_spans = spans.len();
        if self.queue.try_send(spans).is_err() {
            self.counts.dropped(n_spans);
        }
    }
}
