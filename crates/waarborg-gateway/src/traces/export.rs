//! Sends what waits to the collector, some of it at a time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::TraceCounts;
use super::otlp;
use super::span::Span;
use crate::upstream::{Upstream, UpstreamFault, UpstreamLimits};

/// What the collector may take; nobody waits for it.
pub(super) const LIMITS: UpstreamLimits = UpstreamLimits {
    connect: Duration::from_secs(5),
    answer: Duration::from_secs(10),
    silence: Duration::from_secs(5),
    bytes: 64 * 1024,
};

/// How long spans gather before they go.
const GATHERING: Duration = Duration::from_millis(500);

/// How many requests go in one document at most.
const MOST_AT_ONCE: usize = 512;

/// How long the end of the program waits for what is left.
const LAST: Duration = Duration::from_secs(2);

/// Sends spans to a collector.
pub struct Exporter {
    collector: Upstream,
    waiting: mpsc::Receiver<Vec<Span>>,
    counts: Arc<TraceCounts>,
    is_failing: bool,
}

impl Exporter {
    pub(super) const fn new(
        collector: Upstream,
        waiting: mpsc::Receiver<Vec<Span>>,
        counts: Arc<TraceCounts>,
    ) -> Self {
        Self {
            collector,
            waiting,
            counts,
            is_failing: false,
        }
    }

    /// Sends until `stopped` says so; then what is left, as far as it goes in two seconds.
    pub async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let mut requests = Vec::new();
        loop {
            let gathered = async {
                let n_first = self.waiting.recv_many(&mut requests, MOST_AT_ONCE).await;
                if n_first > 0 && n_first < MOST_AT_ONCE {
                    tokio::time::sleep(GATHERING).await;
                }
                n_first > 0
            };
            let goes_on = tokio::select! {
                goes_on = gathered => goes_on,
                // An error says that nobody is left who could stop it.
                _ = stopped.wait_for(|is_stopped| *is_stopped) => false,
            };
            if !goes_on {
                break;
            }
            self.fill(&mut requests);
            tokio::select! {
                () = self.send(std::mem::take(&mut requests)) => {}
                _ = stopped.wait_for(|is_stopped| *is_stopped) => break,
            }
        }
        self.waiting.close();
        let rest = async {
            loop {
                self.fill(&mut requests);
                if requests.is_empty() {
                    return;
                }
                self.send(std::mem::take(&mut requests)).await;
            }
        };
        // Who collects does not hold up the end.
        let _ = tokio::time::timeout(LAST, rest).await;
    }

    fn fill(&mut self, requests: &mut Vec<Vec<Span>>) {
        while requests.len() < MOST_AT_ONCE {
            match self.waiting.try_recv() {
                Ok(spans) => requests.push(spans),
                Err(_) => return,
            }
        }
    }

    async fn send(&mut self, requests: Vec<Vec<Span>>) {
        let spans: Vec<Span> = requests.into_iter().flatten().collect();
        // Counted as dropped first: whoever stops this half-way has dropped them.
        let lost = Lost {
            counts: Arc::clone(&self.counts),
            n_spans: spans.len(),
        };
        let body = otlp::document(&spans).to_string().into_bytes();
        let taken = self.post(body).await;
        match taken {
            Ok(()) => {
                lost.not();
                if self.is_failing {
                    tracing::info!("traces are taken again");
                }
            }
            Err(_) if !self.is_failing => {
                tracing::warn!("traces are not taken by the collector, and dropped");
            }
            Err(_) => {}
        }
        self.is_failing = taken.is_err();
    }

    async fn post(&self, body: Vec<u8>) -> Result<(), UpstreamFault> {
        let answer = self
            .collector
            .post("/v1/traces", body, "application/json")
            .await?;
        // Read to its end, so that the connection can be used again.
        answer.whole().await?;
        Ok(())
    }
}

/// Spans that are dropped unless somebody takes them.
struct Lost {
    counts: Arc<TraceCounts>,
    n_spans: usize,
}

impl Lost {
    fn not(mut self) {
        self.counts.sent(self.n_spans);
        self.n_spans = 0;
    }
}

impl Drop for Lost {
    fn drop(&mut self) {
        self.counts.dropped(self.n_spans);
    }
}
