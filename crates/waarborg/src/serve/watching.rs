//! What can be seen of the traffic from outside: counters for `/metrics` and one line per request, without content.

use std::{
    collections::{BTreeMap, HashSet},
    fmt::Write as _,
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::tally::{Recent, Timed};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::Instant;
use waarborg_domain::policy::Verdict;
use waarborg_gateway::{serve::Spending, traces::TraceCounts};
use waarborg_usecase::ports::Standing;
use waarborg_web::{figures::Figures, route::RULES};

/// The routes of the people's side; what is none of these, and not for machines, is of the gateway.
static OF_PEOPLE: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| RULES.iter().map(|rule| rule.path).collect());

/// The verdicts under which nothing leaves without somebody's further act.
const STOPPING: [Verdict; 4] = [
    Verdict::Warn,
    Verdict::SecondPerson,
    Verdict::Route,
    Verdict::Block,
];

/// Counters since the start; no label names a person, a conversation or a client.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    answers: Mutex<BTreeMap<String, BTreeMap<u16, u64>>>,
    verdicts: Mutex<BTreeMap<String, u64>>,
    /// What other policies would have decided, while the one in force only observes; each as `policy=verdict`.
    measured: Mutex<BTreeMap<String, u64>>,
    findings: Mutex<BTreeMap<String, u64>>,
    all: Timed,
    gateway: Timed,
    recent: Recent,
    n_stopped: AtomicU64,
    retention_runs: AtomicU64,
    reloads: AtomicU64,
    reload_faults: AtomicU64,
    /// What became of the spans of traces.
    pub(crate) traces: Arc<TraceCounts>,
}

impl Counters {
    /// Claims ended.
    pub(crate) fn retention_ran(&self) {
        self.retention_runs.fetch_add(1, Ordering::Relaxed);
    }

    /// The register was read again and accepted.
    pub(crate) fn reloaded(&self) {
        self.reloads.fetch_add(1, Ordering::Relaxed);
    }

    /// The register was read again and refused.
    pub(crate) fn reload_refused(&self) {
        self.reload_faults.fetch_add(1, Ordering::Relaxed);
    }

    /// What of it the live page shows: the requests of applications.
    pub(super) fn figures(&self) -> Figures {
        let mut statuses = BTreeMap::new();
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = answers.iter();
        for (_, there) in answers.filter(|(route, _)| is_of_the_gateway(route)) {
            for (status, n) in there {
                *statuses.entry(*status).or_default() += n;
            }
        }
        let counted = |counts: &Mutex<BTreeMap<String, u64>>| {
            let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
            let counts = counts.iter();
            counts.map(|(name, n)| (name.clone(), *n)).collect()
        };
        let (n_recent, n_recent_stopped) = self.recent.counts(Instant::now());
        Figures {
            n_in_flight: self.gateway.n_in_flight(),
            n_recent,
            n_recent_stopped,
            n_answers: self.gateway.n_answers(),
            n_stopped: self.n_stopped.load(Ordering::Relaxed),
            within_ms: self.gateway.within_ms().collect(),
            statuses: statuses.into_iter().collect(),
            verdicts: counted(&self.verdicts),
            findings: counted(&self.findings),
            ..Figures::default()
        }
    }

    fn answered(&self, route: &str, response: &Response, duration_us: u64) {
        let status = response.status().as_u16();
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        count(&mut answers, route, |statuses| {
            *statuses.entry(status).or_default() += 1;
        });
        drop(answers);
        self.all.answered(duration_us);
        let verdict = label(response.headers(), "x-waarborg-verdict");
        if is_of_the_gateway(route) {
            self.gateway.answered(duration_us);
            let n_stopped = u64::from(is_stopped(route, response.status(), verdict));
            self.n_stopped.fetch_add(n_stopped, Ordering::Relaxed);
            self.recent.answered(Instant::now(), n_stopped);
        }
        if let Some(verdict) = verdict {
            let mut verdicts = self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
            count(&mut verdicts, verdict, |n| *n += 1);
        }
        if let Some(parts) = label(response.headers(), "x-waarborg-measured") {
            let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
            for part in parts.split(';') {
                count(&mut measured, part, |n| *n += 1);
            }
        }
        let found = label(response.headers(), "x-waarborg-findings").unwrap_or_default();
        if found.is_empty() {
            return;
        }
        let mut findings = self.findings.lock().unwrap_or_else(PoisonError::into_inner);
        for part in found.split(';') {
            if let Some((kind, n_found)) = part.split_once('=')
                && let Ok(n_found) = n_found.parse::<u64>()
            {
                count(&mut findings, kind, |n| *n += n_found);
            }
        }
    }

    /// The counters in the text format of Prometheus.
    pub(crate) fn show(&self) -> String {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "# HELP waarborg_answers_total Answers by route and status."
        )?;
        writeln!(text, "# TYPE waarborg_answers_total counter")?;
        for (route, statuses) in &*self.answers.lock().unwrap_or_else(PoisonError::into_inner) {
            for (status, count) in statuses {
                writeln!(
                    text,
                    "waarborg_answers_total{{route=\"{route}\",status=\"{status}\"}} {count}"
                )?;
            }
        }
        writeln!(
            text,
            "# HELP waarborg_answer_seconds Time until the head of an answer."
        )?;
        writeln!(text, "# TYPE waarborg_answer_seconds histogram")?;
        for (bound_ms, n) in self.all.within_ms() {
            let bound = seconds(bound_ms * 1000);
            writeln!(text, "waarborg_answer_seconds_bucket{{le=\"{bound}\"}} {n}")?;
        }
        let n_answers = self.all.n_answers();
        writeln!(
            text,
            "waarborg_answer_seconds_bucket{{le=\"+Inf\"}} {n_answers}"
        )?;
        writeln!(
            text,
            "waarborg_answer_seconds_sum {}",
            seconds(self.all.duration_us())
        )?;
        writeln!(text, "waarborg_answer_seconds_count {n_answers}")?;
        for (name, what, counts) in [
            ("verdict", "Screened requests by verdict.", &self.verdicts),
            ("kind", "Findings by kind.", &self.findings),
        ] {
            let total = if name == "verdict" {
                "waarborg_verdicts_total"
            } else {
                "waarborg_findings_total"
            };
            writeln!(text, "# HELP {total} {what}\n# TYPE {total} counter")?;
            for (value, count) in &*counts.lock().unwrap_or_else(PoisonError::into_inner) {
                writeln!(text, "{total}{{{name}=\"{value}\"}} {count}")?;
            }
        }
        self.write_measured(text)?;
        let in_flight = self.all.n_in_flight();
        writeln!(
            text,
            "# TYPE waarborg_requests_in_flight gauge\nwaarborg_requests_in_flight {in_flight}"
        )?;
        for (total, count) in [
            ("waarborg_retention_runs_total", &self.retention_runs),
            ("waarborg_register_reloads_total", &self.reloads),
            (
                "waarborg_register_reloads_refused_total",
                &self.reload_faults,
            ),
        ] {
            writeln!(
                text,
                "# TYPE {total} counter\n{total} {}",
                count.load(Ordering::Relaxed)
            )?;
        }
        for (total, what, count) in [
            (
                "waarborg_trace_spans_sent_total",
                "Spans that the collector of traces took.",
                self.traces.n_sent(),
            ),
            (
                "waarborg_trace_spans_dropped_total",
                "Spans that were dropped: too many waited, or the collector did not take them.",
                self.traces.n_dropped(),
            ),
        ] {
            writeln!(
                text,
                "# HELP {total} {what}\n# TYPE {total} counter\n{total} {count}"
            )?;
        }
        Ok(())
    }

    fn write_measured(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "# HELP waarborg_measured_verdicts_total What other policies would have decided, while the one in force only observes.\n\
             # TYPE waarborg_measured_verdicts_total counter"
        )?;
        let measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        for (part, count) in &*measured {
            let (policy, verdict) = part.split_once('=').unwrap_or((part, ""));
            writeln!(
                text,
                "waarborg_measured_verdicts_total{{policy=\"{policy}\",verdict=\"{verdict}\"}} {count}"
            )?;
        }
        Ok(())
    }
}

/// Is it a route of applications? What matches no route falls to the people's side, and `/metrics` is for machines.
fn is_of_the_gateway(route: &str) -> bool {
    !matches!(route, "unknown" | "/metrics") && !OF_PEOPLE.contains(route)
}

/// Whether a request went no further because of what was found in it. Under a verdict that stops, one may have gone after
/// somebody's yes; its answer is then one of success, or says how its recipient failed. Screening alone refuses with this status,
/// and other gateways are told in an answer of success.
fn is_stopped(route: &str, status: StatusCode, verdict: Option<&str>) -> bool {
    let mut stopping = STOPPING.iter();
    let is_held = verdict.is_some_and(|name| stopping.any(|verdict| verdict.name() == name));
    is_held && (status == StatusCode::UNPROCESSABLE_ENTITY || route.starts_with("/compat/"))
}

/// Counts under a name; only a new name is copied.
fn count<T: Default>(counts: &mut BTreeMap<String, T>, name: &str, add: impl FnOnce(&mut T)) {
    if let Some(known) = counts.get_mut(name) {
        return add(known);
    }
    add(counts.entry(name.to_owned()).or_default());
}

/// Microseconds as seconds with a decimal point, exactly.
fn seconds(microseconds: u64) -> String {
    let text = format!(
        "{}.{:06}",
        microseconds / 1_000_000,
        microseconds % 1_000_000
    );
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How the recipients do, by their names in the register, in the same format.
fn recipients(standings: &[Standing]) -> String {
    let mut text = String::new();
    for (name, kind, what, value) in [
        (
            "waarborg_recipient_requests_total",
            "counter",
            "How often each recipient was asked.",
            (|standing| standing.n_asked) as fn(&Standing) -> u64,
        ),
        (
            "waarborg_recipient_failures_total",
            "counter",
            "How often each recipient gave no answer, or one that broke off.",
            |standing| standing.n_failed,
        ),
        (
            "waarborg_recipient_resting",
            "gauge",
            "1 while a recipient is left alone because it failed too often.",
            |standing| u64::from(standing.rests_for.is_some()),
        ),
    ] {
        // Writing to a String does not fail.
        let _ = writeln!(text, "# HELP {name} {what}\n# TYPE {name} {kind}");
        for standing in standings {
            let recipient = &standing.recipient;
            let _ = writeln!(
                text,
                "{name}{{recipient=\"{recipient}\"}} {}",
                value(standing)
            );
        }
    }
    text
}

/// Tokens and cents by recipient, in the same format.
fn spent(spending: &Spending) -> String {
    let spent = spending.by_recipient();
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = writeln!(
        text,
        "# HELP waarborg_tokens_total Tokens that recipients read and wrote.\n# TYPE waarborg_tokens_total counter"
    );
    for (recipient, spent) in &spent {
        for (direction, n_tokens) in [("in", spent.tokens_in), ("out", spent.tokens_out)] {
            let _ = writeln!(
                text,
                "waarborg_tokens_total{{recipient=\"{recipient}\",direction=\"{direction}\"}} {n_tokens}"
            );
        }
    }
    let _ = writeln!(
        text,
        "# HELP waarborg_cost_cents_total What that costs, by the prices in waarborg.toml.\n\
         # TYPE waarborg_cost_cents_total counter"
    );
    for (recipient, spent) in &spent {
        let cents = seconds(spent.millionths_of_a_cent);
        let _ = writeln!(
            text,
            "waarborg_cost_cents_total{{recipient=\"{recipient}\"}} {cents}"
        );
    }
    text
}

/// The answer to `/metrics`.
pub(crate) fn metrics(
    counters: &Counters,
    standings: &[Standing],
    spending: &Spending,
) -> Response {
    (
        [(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/plain; version=0.0.4"),
        )],
        counters.show() + &recipients(standings) + &spent(spending),
    )
        .into_response()
}

/// Counts every answer and writes its line in the log: method, route pattern, status, duration, never a path or a header.
pub(crate) async fn watch(
    State(counters): State<Arc<Counters>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = known_method(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);

    let waits = counters.all.begin();
    let waits_there = is_of_the_gateway(route).then(|| counters.gateway.begin());
    let response = next.run(request).await;
    drop((waits, waits_there));

    let elapsed = started.elapsed();
    counters.answered(
        route,
        &response,
        u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
    );
    tracing::info!(
        target: "waarborg::access",
        method,
        route,
        status = response.status().as_u16(),
        duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        request.id = label(response.headers(), "x-waarborg-request-id").unwrap_or("-"),
        verdict = label(response.headers(), "x-waarborg-verdict").unwrap_or("-"),
        "a request was answered"
    );
    response
}

/// A header that we wrote ourselves, when it is as short and plain as we write it.
fn label<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let value = headers.get(name)?.to_str().ok()?;
    let plain = value.len() <= 512
        && value.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'=' | b';')
        });
    plain.then_some(value)
}

/// A caller may invent a method; the log does not repeat it.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dashboard_asks_for_what_is_shown_and_for_nothing_else() {
        let standing = Standing {
            recipient: "model".to_owned(),
            rests_for: None,
            n_asked: 1,
            n_failed: 0,
        };
        let shown =
            Counters::default().show() + &recipients(&[standing]) + &spent(&Spending::default());
        let declared: Vec<&str> = shown
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
            .collect();
        let dashboard = include_str!("../../../../docs/grafana.json");
        let document: serde_json::Value = serde_json::from_str(dashboard).unwrap();
        let panels = document["panels"].as_array().unwrap();
        let asked: Vec<&str> = panels
            .iter()
            .flat_map(|panel| panel["targets"].as_array().unwrap())
            .flat_map(|target| {
                let text = target["expr"].as_str().unwrap();
                text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            })
            .filter(|word| word.starts_with("waarborg_"))
            .map(|word| word.trim_end_matches("_bucket"))
            .collect();
        for name in &asked {
            assert!(declared.contains(name), "{name} is not shown");
        }
        for name in declared {
            assert!(asked.contains(&name), "{name} is on no panel");
        }
    }

    #[test]
    fn counters_are_shown_without_what_a_caller_invented() {
        let counters = Counters::default();
        let response = Response::builder()
            .status(403)
            .header("x-waarborg-verdict", "block")
            .header("x-waarborg-findings", "BSN=1;PERSON=2")
            .header(
                "x-waarborg-measured",
                "pseudonymise=pseudonymise;strict=block",
            )
            .body(axum::body::Body::empty())
            .unwrap();
        counters.answered("/v1/chat/completions", &response, 1_500);
        let text = counters.show();
        assert!(
            text.contains(
                "waarborg_answers_total{route=\"/v1/chat/completions\",status=\"403\"} 1"
            )
        );
        assert!(text.contains("waarborg_findings_total{kind=\"PERSON\"} 2"));
        assert!(text.contains("waarborg_verdicts_total{verdict=\"block\"} 1"));
        assert!(
            text.contains(
                "waarborg_measured_verdicts_total{policy=\"strict\",verdict=\"block\"} 1"
            )
        );
        assert!(text.contains("waarborg_answer_seconds_bucket{le=\"0.001\"} 0"));
        assert!(text.contains("waarborg_answer_seconds_bucket{le=\"0.002\"} 1"));
        assert_eq!(
            known_method(&Method::from_bytes(b"JANSEN").unwrap()),
            "OTHER"
        );
    }

    #[test]
    fn the_live_page_has_the_requests_of_applications_and_what_was_stopped_of_them() {
        let counters = Counters::default();
        let response = |status: u16, verdict: &str| {
            let response = Response::builder().status(status);
            let response = response.header("x-waarborg-verdict", verdict);
            response.body(axum::body::Body::empty()).unwrap()
        };
        for (route, status, verdict) in [
            ("/v1/chat/completions", 200, "allow"),
            ("/v1/chat/completions", 422, "block"),
            ("/v1/chat/completions", 502, "allow"),
            // Somebody said yes; once the recipient failed after it.
            ("/v1/chat/completions", 200, "warn"),
            ("/v1/chat/completions", 502, "warn"),
            ("/api/chat", 422, "second-person"),
            ("/compat/portkey", 200, "block"),
            ("/console/live", 200, "-"),
            ("/metrics", 200, "-"),
            ("unknown", 404, "-"),
        ] {
            counters.answered(route, &response(status, verdict), 1_500);
        }
        let figures = counters.figures();
        assert_eq!((figures.n_answers, figures.n_stopped), (7, 3));
        assert_eq!((figures.n_recent, figures.n_recent_stopped), (7, 3));
        assert_eq!(figures.statuses, [(200, 3), (422, 2), (502, 2)]);
        assert_eq!(figures.within_ms.first(), Some(&(1, 0)));
        assert_eq!(figures.within_ms.last(), Some(&(10_000, 7)));
    }
}
