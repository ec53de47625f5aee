//! One request as spans: the request itself, each screening, each hop to a recipient, and the restoring of the answer.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use waarborg_domain::policy::Verdict;
use waarborg_usecase::House;
use waarborg_usecase::course::{Course, End, Step};
use waarborg_usecase::ports::ProviderError;

use super::Traces;
use super::span::{Span, SpanId, SpanKind, TraceId};

/// What is known of a request when it begins.
pub(crate) struct Begun<'a> {
    /// The route, as it is declared.
    pub(crate) route: &'static str,
    pub(crate) headers: &'a HeaderMap,
    /// The random id that we gave it.
    pub(crate) request_id: &'a str,
}

/// A request that is told as spans when its last holder lets go of it.
pub(crate) struct Journey {
    traces: Arc<Traces>,
    house: Arc<House>,
    operation: &'static str,
    began: Instant,
    began_at_ns: u64,
    trace: TraceId,
    steps: Mutex<Steps>,
}

struct Steps {
    request: Span,
    /// The step that is not over: a screening or a hop.
    open: Option<Span>,
    restoring: Option<Span>,
    over: Vec<Span>,
    n_begun: u8,
}

impl Journey {
    /// Begins to watch a request, if it is one that is told.
    pub(crate) fn begin(
        traces: &Arc<Traces>,
        house: &Arc<House>,
        begun: &Begun<'_>,
    ) -> Option<Arc<Self>> {
        if !traces.wants() {
            return None;
        }
        let caller = traces.follows_callers.then(|| caller(begun.headers));
        let (trace, parent) = match caller.flatten() {
            Some((trace, span)) => (trace, Some(span)),
            None => (first_bytes(begun.request_id.as_bytes(), 0), None),
        };
        let now = house.desk().now().as_nanosecond();
        let began_at_ns = u64::try_from(now).unwrap_or_default();
        let mut request = Span {
            trace,
            id: first_bytes(begun.request_id.as_bytes(), 1),
            parent,
            name: Cow::Owned(format!("POST {}", begun.route)),
            kind: SpanKind::Server,
            began_at_ns,
            ended_at_ns: began_at_ns,
            attributes: Vec::with_capacity(8),
            has_failed: false,
        };
        request.word("http.request.method", "POST");
        request.word("http.route", begun.route);
        request.name("waarborg.request.id", begun.request_id);
        Some(Arc::new(Self {
            traces: Arc::clone(traces),
            house: Arc::clone(house),
            operation: operation(begun.route),
            began: Instant::now(),
            began_at_ns,
            trace,
            steps: Mutex::new(Steps {
                request,
                open: None,
                restoring: None,
                over: Vec::with_capacity(4),
                n_begun: 1,
            }),
        }))
    }

    /// The answer comes, and what was replaced in it is put back from now on.
    pub(crate) fn restores(&self) {
        let mut steps = self.steps();
        let restoring = self.step(&mut steps, "restore", SpanKind::Internal);
        steps.restoring = Some(restoring);
    }

    /// What the recipient that answered says that it used.
    pub(crate) fn used(&self, tokens_in: u64, tokens_out: u64) {
        let mut steps = self.steps();
        if let Some(hop) = &mut steps.open {
            hop.count("gen_ai.usage.input_tokens", tokens_in);
            hop.count("gen_ai.usage.output_tokens", tokens_out);
        }
    }

    /// The head of our own answer is known.
    pub(crate) fn answered(&self, status: u16, verdict: Option<Verdict>, policy: &str) {
        let mut steps = self.steps();
        let request = &mut steps.request;
        request.count("http.response.status_code", u64::from(status));
        if let Some(verdict) = verdict {
            request.word("waarborg.verdict", verdict.name());
        }
        if !policy.is_empty() {
            request.name("waarborg.policy", policy);
        }
        if status >= 500 && !request.has_failed {
            request.failed(Cow::Owned(status.to_string()));
        }
    }

    /// It went wrong, with this code of ours.
    pub(crate) fn failed(&self, code: &'static str) {
        let mut steps = self.steps();
        steps.request.failed(Cow::Borrowed(code));
        if let Some(restoring) = &mut steps.restoring {
            restoring.failed(Cow::Borrowed(code));
        }
    }

    fn steps(&self) -> MutexGuard<'_, Steps> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ns(&self) -> u64 {
        let elapsed = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.began_at_ns.saturating_add(elapsed)
    }

    fn step(&self, steps: &mut Steps, name: impl Into<Cow<'static, str>>, kind: SpanKind) -> Span {
        steps.n_begun = steps.n_begun.saturating_add(1);
        let now = self.now_ns();
        Span {
            trace: self.trace,
            id: first_bytes(&steps.request.id, steps.n_begun),
            parent: Some(steps.request.id),
            name: name.into(),
            kind,
            began_at_ns: now,
            ended_at_ns: now,
            attributes: Vec::with_capacity(8),
            has_failed: false,
        }
    }

    fn close(&self, steps: &mut Steps) {
        if let Some(mut open) = steps.open.take() {
            open.ended_at_ns = self.now_ns();
            steps.over.push(open);
        }
    }

    /// A hop as the conventions for generative AI name it.
    fn hop(&self, steps: &mut Steps, recipient: &str, model: &str) -> Span {
        let desk = self.house.desk();
        // A client may write anything as a model's name; only one that we know is repeated.
        let is_known = desk
            .providers
            .models()
            .iter()
            .any(|known| known.name == model);
        let name = if is_known {
            Cow::Owned(format!("{} {model}", self.operation))
        } else {
            Cow::Borrowed(self.operation)
        };
        let mut hop = self.step(steps, name, SpanKind::Client);
        hop.word("gen_ai.operation.name", self.operation);
        if let Some(output) = output(self.operation) {
            hop.word("gen_ai.output.type", output);
        }
        if is_known {
            hop.name("gen_ai.request.model", model);
        }
        if let Some(declared) = desk.register.recipient(recipient) {
            if let Some(provider) = &declared.provider {
                hop.name("gen_ai.provider.name", provider);
            }
            let base_url = declared.base_url.as_deref();
            let place = base_url.and_then(|url| url.parse::<http::Uri>().ok());
            if let Some(host) = place.as_ref().and_then(http::Uri::host) {
                hop.name("server.address", host);
            }
        }
        hop.name("waarborg.recipient", recipient);
        hop
    }
}

impl Course for Journey {
    fn begins(&self, step: Step<'_>) {
        let mut steps = self.steps();
        self.close(&mut steps);
        let begun = match step {
            Step::Screening { recipient } => {
                let mut screening = self.step(&mut steps, "screen", SpanKind::Internal);
                screening.name("waarborg.recipient", recipient);
                screening
            }
            Step::Hop { recipient, model } => self.hop(&mut steps, recipient, model),
        };
        steps.open = Some(begun);
    }

    fn ends(&self, end: End<'_>) {
        let mut steps = self.steps();
        if let Some(open) = &mut steps.open {
            match end {
                End::Screened(report) => {
                    open.word("waarborg.verdict", report.verdict.name());
                    open.count("waarborg.findings", report.marks.len() as u64);
                }
                End::NotScreened => open.failed(Cow::Borrowed("detector")),
                End::Failed(error) => open.failed(why(error)),
            }
        }
        self.close(&mut steps);
    }
}

impl Drop for Journey {
    fn drop(&mut self) {
        let now = self.now_ns();
        let steps = self.steps.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut spans = std::mem::take(&mut steps.over);
        let has_answer = steps.restoring.is_some();
        for mut open in [steps.open.take(), steps.restoring.take()]
            .into_iter()
            .flatten()
        {
            open.ended_at_ns = now;
            if !has_answer {
                // Nobody waited for the end of it.
                open.failed(Cow::Borrowed("cancelled"));
            }
            spans.push(open);
        }
        let mut request = steps.request.clone();
        request.ended_at_ns = now;
        spans.push(request);
        self.traces.take(spans);
    }
}

/// What the conventions call what is asked.
fn operation(route: &str) -> &'static str {
    match route {
        "/v1/completions" | "/api/generate" => "text_completion",
        "/v1/embeddings" | "/api/embed" => "embeddings",
        "/v1/moderations" => "moderation",
        "/v1/images/generations" | "/v1/images/edits" | "/v1/images/variations" => {
            "image_generation"
        }
        "/v1/audio/speech" => "text_to_speech",
        "/v1/audio/transcriptions" => "transcription",
        "/v1/audio/translations" => "translation",
        "/v1/messages/count_tokens" => "count_tokens",
        _ => "chat",
    }
}

/// What the conventions call an answer that is no text.
fn output(operation: &str) -> Option<&'static str> {
    match operation {
        "image_generation" => Some("image"),
        "text_to_speech" => Some("speech"),
        _ => None,
    }
}

/// In a word, why a recipient gave no answer. Nothing that it said is in it.
fn why(error: &ProviderError) -> Cow<'static, str> {
    match error {
        ProviderError::Unreachable => Cow::Borrowed("unreachable"),
        ProviderError::Proxy(_) => Cow::Borrowed("proxy"),
        ProviderError::TooSlow => Cow::Borrowed("timeout"),
        ProviderError::Resting { .. } => Cow::Borrowed("resting"),
        ProviderError::Refused { status, .. } => Cow::Owned(status.to_string()),
        ProviderError::NotTranslated(_) => Cow::Borrowed("not_translated"),
        ProviderError::TooLarge => Cow::Borrowed("too_large"),
        ProviderError::Unreadable => Cow::Borrowed("unreadable"),
        _ => Cow::Borrowed("broke_off"),
    }
}

/// Bytes that follow from a seed, of which nothing can be read back.
fn first_bytes<const N: usize>(seed: &[u8], number: u8) -> [u8; N] {
    let hash = Sha256::new()
        .chain_update(b"waarborg trace")
        .chain_update([number])
        .chain_update(seed)
        .finalize();
    let mut bytes = [0; N];
    for (byte, hashed) in bytes.iter_mut().zip(hash) {
        *byte = hashed;
    }
    bytes
}

/// The trace and the span that a caller names, if it is written as the standard says (W3C Trace Context).
fn caller(headers: &HeaderMap) -> Option<(TraceId, SpanId)> {
    let mut lines = headers.get_all("traceparent").iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return None;
    };
    let mut parts = line.to_str().ok()?.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if version != "00" || flags.len() != 2 || parts.next().is_some() {
        return None;
    }
    Some((id(trace)?, id(span)?))
}

/// An id in lower-case hexadecimal digits that are not all zero.
fn id<const N: usize>(text: &str) -> Option<[u8; N]> {
    let is_plain = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != N * 2 || !text.bytes().all(is_plain) {
        return None;
    }
    let mut bytes = [0; N];
    for (place, byte) in bytes.iter_mut().enumerate() {
        let digits = text.get(place * 2..place * 2 + 2)?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    (bytes != [0; N]).then_some(bytes)
}
