//! Traces of the whole program: they reach a collector that the register declares, without a word of anybody.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{
    canary,
    program::{Installation, Server, eventually, out},
    upstream::{Script, Upstream},
};

const REGISTER: &str = r#"
[recipient.collector]
label = { nl = "de verzamelaar van metingen", en = "the collector of measurements" }
kind = "internal"
country = "NL"
destination = "own"
stores_input = false
trains = false
fields = ["trace"]
"#;

fn with_settings(upstream: &Upstream, settings: &str) -> Installation {
    let installation = Installation::with_upstream(upstream, "eu", "pseudonymise");
    let file = installation.path().join("waarborg.toml");
    let before = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, format!("{before}\n{settings}\n")).unwrap();
    installation
}

#[test]
fn traces_reach_a_declared_collector_and_hold_nothing_of_anybody() {
    let upstream = Upstream::start(Script::Echo);
    let collector = Upstream::start(Script::Status(200, "{}".to_owned()));
    let installation = with_settings(&upstream, "[traces]\nrecipient = \"collector\"\n");
    installation.change_register(|source| source + REGISTER);
    let place = format!("http://{}", collector.address);
    let server = Server::start(
        &[
            "serve",
            "--dir",
            installation.dir(),
            "--listen",
            "127.0.0.1:0",
            "--output",
            "json",
        ],
        &[("OTEL_EXPORTER_OTLP_ENDPOINT", &place)],
    );
    let mut application = server.client().with_key(&installation.gateway_key);
    let words = [
        "kanarie-tekst-9e1f",
        "kanarie-gebruiker-9e1f",
        "123456782",
        "j.jansen@voorbeeld.nl",
    ];
    let text = format!("Mijn BSN is {}, mail {}. {}", words[2], words[3], words[0]);
    for is_streamed in [false, true] {
        let asked = json!({"model": "m", "stream": is_streamed, "user": words[1], "messages": [{"role": "user", "content": text}]});
        let answer = application.post_json("/v1/chat/completions", &asked);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    eventually("the spans of two requests", || {
        let metrics = server.client().get("/metrics").text();
        metrics.contains("waarborg_trace_spans_sent_total 8\n")
    });
    server.stop();

    let documents = collector.bodies();
    let names: Vec<String> = documents
        .iter()
        .flat_map(|body| {
            let document: Value = serde_json::from_str(body).unwrap();
            let spans = document["resourceSpans"][0]["scopeSpans"][0]["spans"].clone();
            let spans = spans.as_array().unwrap().clone();
            spans
                .into_iter()
                .map(|span| span["name"].as_str().unwrap().to_owned())
        })
        .collect();
    for name in ["POST /v1/chat/completions", "screen", "restore"] {
        assert_eq!(
            names.iter().filter(|found| *found == name).count(),
            2,
            "{names:?}"
        );
    }
    let key = installation.gateway_key.as_str();
    let secret: Vec<&str> = words.into_iter().chain([key]).collect();
    let sent = [(PathBuf::from("collector"), collector.received())];
    assert_eq!(canary::places(&secret, &sent), Vec::<String>::new());
}

#[test]
fn a_collector_that_is_away_changes_no_answer_and_what_is_lost_is_counted() {
    let upstream = Upstream::start(Script::Echo);
    let settings = "[traces]\nrecipient = \"collector\"\nendpoint = \"http://127.0.0.1:9\"\n";
    let installation = with_settings(&upstream, settings);
    installation.change_register(|source| source + REGISTER);
    let server = installation.serve();
    let mut application = server.client().with_key(&installation.gateway_key);
    let asked = json!({"model": "m", "messages": [{"role": "user", "content": "hallo"}]});
    assert_eq!(
        application.post_json("/v1/chat/completions", &asked).status,
        200
    );
    eventually("four dropped spans", || {
        let metrics = server.client().get("/metrics").text();
        metrics.contains("waarborg_trace_spans_dropped_total 4\n")
    });
}

#[test]
fn a_collector_that_the_register_does_not_declare_stops_the_start() {
    let upstream = Upstream::start(Script::Echo);
    let settings = "[traces]\nrecipient = \"collector\"\nendpoint = \"http://8.8.8.8:4318\"\nkey_file = \"keys/none\"\n";
    let installation = with_settings(&upstream, settings);
    let output = installation.command(&["check"]);
    let said = out(&output);
    assert!(!output.status.success());
    for part in [
        "`traces.recipient` collector",
        "must be https",
        "`traces.key_file`",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}
