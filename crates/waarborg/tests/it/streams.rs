//! Answers that stream while something else happens: the register changes, or the client does not read.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::json;

use crate::http::{connect, read_answer};
use crate::program::{Installation, Server, eventually};
use crate::upstream::{Script, Upstream};

/// Asks for a stream and returns when its head is there.
fn begin(server: &Server, key: &str) -> TcpStream {
    let body = json!({"model": "model", "stream": true, "messages": [{"role": "user", "content": "hallo"}]}).to_string();
    let mut stream = connect(server.address);
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    stream
}

#[test]
fn a_register_that_changes_breaks_off_no_answer_and_counts_for_the_next() {
    let upstream = Upstream::start(Script::Drip("druppel ".to_owned(), 40));
    let installation = Installation::with_upstream(&upstream, "eu", "pseudonymise");
    let server = installation.serve();
    let stream = begin(&server, &installation.gateway_key);

    installation.change_register(|source| {
        source
            + "\n[[policy.override]]\nkind = \"EMAIL\"\ndestination = \"eu\"\nverdict = \"block\"\nwhy = { nl = \"nee\", en = \"no\" }\n"
    });
    let mut client = server.client().with_key(&installation.gateway_key);
    let ask = json!({"model": "model", "messages": [{"role": "user", "content": "mail j.jansen@voorbeeld.nl"}]});
    eventually("the new register counts", || {
        let answer = client.send(
            "POST",
            "/v1/chat/completions",
            &[
                ("content-type", "application/json"),
                ("x-waarborg-dry-run", "true"),
            ],
            ask.to_string().as_bytes(),
        );
        answer.status == 422
    });

    let answer = read_answer(stream, false);
    assert!(answer.is_whole);
    let text = answer.text();
    assert_eq!(text.matches("druppel").count(), 40, "{text}");
    assert!(text.trim_end().ends_with("data: [DONE]"));
}

/// Mebibytes of memory that a process has.
#[cfg(target_os = "linux")]
fn resident(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1));
    kibibytes.unwrap().parse::<u64>().unwrap() / 1024
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_that_does_not_read_costs_little_memory_and_gets_all_when_it_does() {
    const N_EVENTS: usize = 8_000;
    let chunk = json!({"id": "x", "object": "chat.completion.chunk", "model": "model",
        "choices": [{"index": 0, "delta": {"content": "druppel ".repeat(500)}, "finish_reason": null}]});
    let mut events = format!("data: {chunk}\n\n").repeat(N_EVENTS);
    events.push_str("data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    let n_bytes = events.len();
    assert!(n_bytes > 30 << 20);
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "own", "strict");
    let server = installation.serve();
    // What the first request reads once stays.
    read_answer(begin(&server, &installation.gateway_key), false);
    upstream.play(Script::Stream(events.into_bytes()));

    let before = resident(&server);
    let stream = begin(&server, &installation.gateway_key);
    let mut most = 0;
    for _ in 0..30 {
        std::thread::sleep(Duration::from_millis(100));
        most = most.max(resident(&server).saturating_sub(before));
    }
    assert!(most < 8, "{most} MiB more for one that does not read");

    let answer = read_answer(stream, false);
    assert!(answer.is_whole);
    let text = answer.text();
    assert_eq!(text.matches("druppel").count(), 500 * N_EVENTS);
    assert!(text.trim_end().ends_with("data: [DONE]"));
    let after = resident(&server).saturating_sub(before);
    assert!(after < 8, "{after} MiB more for a stream that was read");
}

#[test]
fn a_client_that_stops_reading_is_let_go() {
    let chunk = json!({"id": "x", "object": "chat.completion.chunk", "model": "model",
        "choices": [{"index": 0, "delta": {"content": "druppel ".repeat(500)}, "finish_reason": null}]});
    let events = format!("data: {chunk}\n\n").repeat(8_000);
    let upstream = Upstream::start(Script::Stream(events.into_bytes()));
    let installation = Installation::with_upstream(&upstream, "own", "strict");
    let settings = installation.path().join("waarborg.toml");
    let written = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, written + "\n[limits]\nwrite_seconds = 1\n").unwrap();
    let server = installation.serve();
    let stream = begin(&server, &installation.gateway_key);
    // Nothing happens that could be waited for: that is what is tried.
    for _ in 0..40 {
        std::thread::sleep(Duration::from_millis(100));
    }
    // What was on its way comes; the rest does not.
    let answer = read_answer(stream, false);
    assert!(!answer.is_whole);
    assert!(answer.body.len() < 30 << 20, "{}", answer.body.len());

    upstream.play(Script::Echo);
    let again = begin(&server, &installation.gateway_key);
    assert!(read_answer(again, false).is_whole, "others are served");
}
