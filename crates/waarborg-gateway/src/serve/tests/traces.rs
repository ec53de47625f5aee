//! What goes to a collector of traces: every step, and nothing that anybody wrote.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::house::house;
use super::*;
use crate::traces::{TraceCounts, Traces, TracesSetting};

/// A door whose requests are told to a scripted collector.
struct Told {
    door: Door,
    collector: ScriptedProvider,
    counts: Arc<TraceCounts>,
    stop: watch::Sender<bool>,
    exporter: Option<tokio::task::JoinHandle<()>>,
}

async fn told(
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
    collecting: impl Fn(&Seen) -> Script + Send + Sync + 'static,
    follows_callers: bool,
) -> Told {
    let collector = ScriptedProvider::start(collecting).await.unwrap();
    let setting = TracesSetting {
        endpoint: collector.base_url().replace("/v1", ""),
        key: Some("collector-geheim".into()),
        one_in: NonZeroU32::MIN,
        follows_callers,
    };
    let counts = Arc::new(TraceCounts::default());
    let (traces, exporter) = Traces::open(&setting, Arc::clone(&counts)).unwrap();
    let (stop, stopped) = watch::channel(false);
    let exporter = tokio::spawn(exporter.run(stopped));
    let provider = ScriptedProvider::start(answering).await.unwrap();
    let base_url = provider.base_url();
    let openai = OpenAi::new(&base_url, None, patience()).unwrap();
    let (house, switches) = house(&base_url, "pseudonymise", Box::new(openai));
    let state = GatewayState::new(house, DoorLimits::default()).told_to(Some(traces));
    Told {
        door: Door {
            router: routes(state),
            provider,
            switches,
        },
        collector,
        counts,
        stop,
        exporter: Some(exporter),
    }
}

impl Told {
    /// Stops the exporter, which sends what is left.
    async fn end(&mut self) {
        self.stop.send_replace(true);
        self.exporter.take().unwrap().await.unwrap();
    }

    fn spans(&self) -> Vec<Value> {
        let seen = self.collector.seen();
        let documents = seen.iter().map(|seen| -> Value {
            assert!(seen.head.starts_with("POST /v1/traces "), "{}", seen.head);
            assert_eq!(seen.header("content-type"), Some("application/json"));
            serde_json::from_slice(&seen.body).unwrap()
        });
        documents
            .flat_map(|document| {
                let spans = &document["resourceSpans"][0]["scopeSpans"][0]["spans"];
                spans.as_array().unwrap().clone()
            })
            .collect()
    }
}

fn takes(_: &Seen) -> Script {
    Script::json(200, "{\"partialSuccess\":{}}")
}

fn attribute<'s>(span: &'s Value, name: &str) -> &'s str {
    let attributes = span["attributes"].as_array().unwrap();
    let found = attributes.iter().find(|pair| pair["key"] == name);
    let value = found.map(|pair| &pair["value"]);
    let text = value.and_then(|value| value["stringValue"].as_str().or(value["intValue"].as_str()));
    text.unwrap_or_default()
}

#[tokio::test]
async fn every_step_of_a_request_is_a_span_of_one_trace() {
    let answering = |seen: &Seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let message = json!({"role": "assistant", "content": document["messages"][0]["content"]});
        let choices = json!([{"index": 0, "message": message, "finish_reason": "stop"}]);
        let usage = json!({"prompt_tokens": 12, "completion_tokens": 3});
        let answer =
            json!({"id": "x", "object": "chat.completion", "choices": choices, "usage": usage});
        Script::json(200, &answer.to_string())
    };
    let mut told = told(answering, takes, false).await;
    let answered = told.door.chat(&ask(&told_of_somebody())).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    told.end().await;

    let spans = told.spans();
    let named = |name: &str| {
        let found = spans.iter().find(|span| span["name"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {spans:#?}"))
    };
    let request = named("POST /v1/chat/completions");
    assert_eq!(spans.len(), 4);
    for step in ["screen", "chat klein", "restore"] {
        assert_eq!(named(step)["traceId"], request["traceId"]);
        assert_eq!(named(step)["parentSpanId"], request["spanId"]);
    }
    assert_eq!(request["traceId"].as_str().unwrap().len(), 32);
    assert_eq!(request["spanId"].as_str().unwrap().len(), 16);
    assert_eq!(
        (&request["kind"], &named("chat klein")["kind"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(attribute(request, "http.response.status_code"), "200");
    let id = answered.headers["x-waarborg-request-id"].to_str().unwrap();
    assert_eq!(attribute(request, "waarborg.request.id"), id);
    assert_eq!(
        attribute(named("screen"), "waarborg.verdict"),
        "pseudonymise"
    );
    assert_eq!(attribute(named("screen"), "waarborg.findings"), "3");
    let hop = named("chat klein");
    for (name, value) in [
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.request.model", "klein"),
        ("gen_ai.usage.input_tokens", "12"),
        ("gen_ai.usage.output_tokens", "3"),
        ("server.address", "127.0.0.1"),
        ("waarborg.recipient", "model"),
    ] {
        assert_eq!(attribute(hop, name), value, "{name}");
    }
    let length = |span: &Value| {
        let at = |name: &str| span[name].as_str().unwrap().parse::<u64>().unwrap();
        at("endTimeUnixNano")
            .checked_sub(at("startTimeUnixNano"))
            .unwrap()
    };
    assert!(length(hop) <= length(request));
    assert_eq!(told.counts.n_sent(), 4);
    assert_eq!(told.counts.n_dropped(), 0);
}

#[tokio::test]
async fn a_planted_value_never_reaches_the_collector() {
    let words = |place: &str| format!("zilverreiger-{place}-4711");
    let answering = move |seen: &Seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        if document["messages"][0]["content"] == "weiger" {
            let error = json!({"error": {"message": words("fout"), "type": words("soort"), "code": words("code")}});
            return Script::json(429, &error.to_string());
        }
        if document["messages"][0]["content"] == "breek" {
            return Script::stream(vec![
                Step::Send(crate::sse::data_event(&words("stukje"))),
                Step::Cut,
            ]);
        }
        echo(seen)
    };
    let mut told = told(answering, takes, false).await;
    let door = &told.door;
    let mut asked = ask(&format!("{} {}", told_of_somebody(), words("tekst")));
    asked["user"] = json!(words("gebruiker"));
    asked["metadata"] = json!({"zaak": words("zaak")});
    let traced = format!("00-{}{BSN}0-00f067aa0ba902b7-01", "1".repeat(22));
    let header = words("gesprek");
    let headers = [
        ("x-waarborg-conversation", header.as_str()),
        ("traceparent", traced.as_str()),
        ("tracestate", header.as_str()),
        ("baggage", header.as_str()),
        ("user-agent", header.as_str()),
    ];
    door.post("/v1/chat/completions", &headers, asked.to_string())
        .await;
    asked["stream"] = json!(true);
    door.post("/v1/chat/completions", &headers, asked.to_string())
        .await;
    asked["model"] = json!(words("model"));
    door.post("/v1/chat/completions", &headers, asked.to_string())
        .await;
    for text in ["weiger", "breek"] {
        door.chat(&ask(text)).await;
        door.chat(&streamed(text)).await;
    }
    door.chat(&ask(
        "Mevrouw de Vries heeft diabetes en gaat naar de moskee.",
    ))
    .await;
    door.post(
        "/v1/chat/completions",
        &[("authorization", "Bearer wbg_zilverreiger-sleutel-4711")],
        "{",
    )
    .await;
    door.post(
        "/v1/messages",
        &headers,
        format!("{{\"zilverreiger-veld-4711\": {BSN}"),
    )
    .await;
    told.end().await;

    let spans = told.spans();
    assert!(spans.len() > 12, "{}", spans.len());
    assert!(
        spans
            .iter()
            .any(|span| attribute(span, "error.type") == "429")
    );
    let bytes = String::from_utf8_lossy(&told.collector.bytes()).into_owned();
    for planted in [
        "zilverreiger",
        "4711",
        BSN,
        MAIL,
        IBAN,
        "Vries",
        "diabetes",
        "wbg_",
        &key(),
    ] {
        assert!(!bytes.contains(planted), "{planted} reached the collector");
    }
}

#[tokio::test]
async fn a_caller_is_followed_only_where_that_is_chosen() {
    let traced = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for follows in [true, false] {
        let mut told = told(echo, takes, follows).await;
        let asked = ask("hallo").to_string();
        told.door
            .post("/v1/chat/completions", &[("traceparent", traced)], asked)
            .await;
        told.end().await;
        for span in told.spans() {
            let is_callers = span["traceId"] == "4bf92f3577b34da6a3ce929d0e0e4736";
            assert_eq!(is_callers, follows);
        }
        let sent = String::from_utf8_lossy(&told.door.provider.bytes()).into_owned();
        assert!(
            !sent.contains("traceparent"),
            "a provider is told of our traces"
        );
    }
}

#[tokio::test]
async fn a_collector_that_hangs_or_refuses_holds_up_nobody_and_what_it_missed_is_counted() {
    let hangs = |_: &Seen| Script::stream(vec![Step::Hang]);
    let refuses = |_: &Seen| Script::json(503, "{}");
    for collecting in [hangs as fn(&Seen) -> Script, refuses] {
        let mut told = told(echo, collecting, false).await;
        let began = tokio::time::Instant::now();
        for _ in 0..50 {
            let answered = told.door.chat(&ask(&told_of_somebody())).await;
            assert_eq!(answered.status, StatusCode::OK);
        }
        assert!(began.elapsed() < Duration::from_secs(20));
        let ending = tokio::time::Instant::now();
        told.end().await;
        assert!(ending.elapsed() < Duration::from_secs(4), "the end waits");
        assert_eq!(told.counts.n_sent(), 0);
        assert_eq!(told.counts.n_dropped(), 200);
    }
}

#[tokio::test]
async fn a_full_queue_drops_and_counts() {
    let setting = TracesSetting {
        endpoint: "http://127.0.0.1:9".to_owned(),
        key: None,
        one_in: NonZeroU32::MIN,
        follows_callers: false,
    };
    let counts = Arc::new(TraceCounts::default());
    // The exporter does not run.
    let (traces, _exporter) = Traces::open(&setting, Arc::clone(&counts)).unwrap();
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let base_url = provider.base_url();
    let openai = OpenAi::new(&base_url, None, patience()).unwrap();
    let (house, switches) = house(&base_url, "pseudonymise", Box::new(openai));
    let state = GatewayState::new(house, DoorLimits::default()).told_to(Some(traces));
    let door = Door {
        router: routes(state),
        provider,
        switches,
    };
    for _ in 0..4100 {
        door.post("/v1/chat/completions", &[], "{").await;
    }
    assert_eq!(counts.n_dropped(), 4);
}

#[test]
fn an_address_outside_without_tls_is_refused() {
    for endpoint in [
        "http://8.8.8.8:4318",
        "collector:4318",
        "https://x.nl/?a=b",
        "http://169.254.169.254",
    ] {
        let setting = TracesSetting {
            endpoint: endpoint.to_owned(),
            key: None,
            one_in: NonZeroU32::MIN,
            follows_callers: false,
        };
        assert!(
            Traces::open(&setting, Arc::default()).is_err(),
            "{endpoint}"
        );
    }
}
