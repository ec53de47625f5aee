//! The door itself: what is odd is refused without harm, and a stop lets answers finish.

use std::{
    io::{Read, Write},
    process::Command,
};

use serde_json::json;

use crate::{
    http::{connect, read_answer},
    person::Person,
    program::{Installation, Server, eventually},
};

#[test]
fn what_is_no_form_and_no_document_is_refused_at_the_peoples_door() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    let big = vec![b'a'; 50 * 1024 * 1024];
    let deep = format!("{{\"text\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    let documents: [(&str, &[u8]); 6] = [
        ("empty", b""),
        ("not json", b"hallo"),
        ("invalid utf-8", b"{\"text\":\"caf\xe9\"}"),
        ("deep", deep.as_bytes()),
        ("unknown field", br#"{"text":"a","password":"b"}"#),
        ("fifty megabytes", &big),
    ];
    for (name, body) in documents {
        let answer = person.post_raw("/api/v1/chat", "application/json", body);
        assert!(
            (400..500).contains(&answer.status),
            "{name}: {}",
            answer.status
        );
    }
    let form = "application/x-www-form-urlencoded";
    for (path, body) in [
        ("/notice", &b"version=%ff%fe"[..]),
        ("/rights", b"right=delete-everything"),
        ("/rights", &big),
        ("/console/enter", b"link=short"),
        ("/rights/WB-0000-0000", b"code=x"),
        ("/consent", b"\0\0\0"),
    ] {
        let answer = person.post_raw(path, form, body);
        assert!(
            (400..500).contains(&answer.status),
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
    }
    assert_eq!(
        person.say("Hoe laat gaat het loket open?", "on").status,
        200,
        "it still works"
    );
}

#[test]
fn a_form_from_another_site_is_refused() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    let answer = person.client.send(
        "POST",
        "/my-data/erase",
        &[
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "cross-site"),
        ],
        b"sure=yes",
    );
    assert_eq!(answer.status, 403);
    assert_eq!(person.data().status, 200, "the data is still there");
}

#[cfg(unix)]
#[test]
fn a_stop_lets_a_streamed_answer_finish_and_takes_no_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().to_str().unwrap();
    let server = Server::start(
        &[
            "demo",
            "--listen",
            "127.0.0.1:0",
            "--data",
            home,
            "--output",
            "json",
        ],
        &[],
    );
    let key = server.started["gateway_key"].as_str().unwrap().to_owned();
    let body = json!({ "model": "demo", "stream": true, "messages": [{ "role": "user", "content": "hallo" }] }).to_string();
    let mut stream = connect(server.address);
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");

    assert!(
        Command::new("kill")
            .args(["-TERM", &server.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    let address = server.address;
    eventually("the door is closed for others", || {
        std::net::TcpStream::connect(address).is_err()
    });
    let answer = read_answer(stream, false);
    assert!(
        answer.text().trim_end().ends_with("data: [DONE]"),
        "the answer was cut off: {}",
        answer.text()
    );
    assert!(answer.is_whole);
}

#[test]
fn every_kind_of_health_is_told_to_machines() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut client = server.client();
    for (path, kind) in [
        ("/healthz", "text/plain"),
        ("/readyz", "text/plain"),
        ("/metrics", "text/plain"),
        ("/openapi.json", "application/json"),
        ("/.well-known/gpc.json", "application/json"),
    ] {
        let answer = client.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer.header("content-type").unwrap().starts_with(kind),
            "{path}"
        );
    }
    assert_eq!(client.get("/nowhere").status, 404);
    assert!(client.cookies.is_empty());
}

#[test]
fn a_name_that_is_not_ours_is_turned_away_from_pages_and_api() {
    let installation = Installation::demo();
    let server = installation.serve();
    for path in ["/", "/v1/models", "/api/v1/chat", "/console"] {
        let mut stream = connect(server.address);
        let head =
            format!("GET {path} HTTP/1.1\r\nhost: kwaad.example\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let answer = read_answer(stream, false);
        assert_eq!(answer.status, 421, "{path}");
        assert!(answer.text().contains("public_url"), "{path}");
    }
}

#[test]
fn when_the_register_closes_every_model_the_chat_says_which_row_does() {
    let installation = Installation::demo();
    installation.change_register(|register| {
        register.replace("destination = \"own\"", "destination = \"eu\"")
    });
    let server = installation.serve();
    let mut person = Person::come(&server);
    let answer = person.say("Hoe laat gaat het loket open?", "on");
    assert_eq!(answer.status, 503, "{}", answer.text());
    let rows = answer.json()["closed_by"].to_string();
    assert!(rows.contains("demo: [recipient.model]"), "{rows}");
}

#[test]
fn who_has_no_token_does_not_see_how_it_runs() {
    let installation = Installation::demo();
    let settings = installation.path().join("waarborg.toml");
    let source = std::fs::read_to_string(&settings).unwrap();
    let source = format!("metrics_token_file = \"keys/metrics\"\n{source}");
    std::fs::write(&settings, source).unwrap();
    std::fs::write(installation.path().join("keys/metrics"), "hemelsblauw\n").unwrap();
    let server = installation.serve();

    assert_eq!(server.client().get("/metrics").status, 401);
    let mut wrong = server.client().with_key("hemelsblau");
    assert_eq!(wrong.get("/metrics").status, 401);
    let mut right = server.client().with_key("hemelsblauw");
    let answer = right.get("/metrics");
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("waarborg_answers_total"));
    assert_eq!(
        server.client().get("/healthz").status,
        200,
        "that needs none"
    );
}

#[test]
fn the_notice_can_be_read_in_five_languages_and_each_says_which_it_is() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut client = server.client();
    for (language, says) in [
        ("nl", "Wie is verantwoordelijk?"),
        ("en", "Who is responsible?"),
        ("de", "Wer ist verantwortlich?"),
        ("fr", "Qui est responsable"),
        ("sv", "Vem är ansvarig?"),
    ] {
        let answer = client.get(&format!("/privacy?lang={language}"));
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-language"), Some(language));
        let page = answer.text();
        assert!(page.contains(says), "{language}");
        assert!(
            page.contains(&format!("<h1 lang=\"{language}\">")),
            "{language}"
        );
        assert!(page.contains("hreflang=\"sv\""));
        let is_fixed_alone = !["nl", "en"].contains(&language);
        assert_eq!(
            page.contains("<span lang=\"nl\">"),
            is_fixed_alone,
            "{language}"
        );
        let json = client
            .get(&format!("/privacy?lang={language}&format=json"))
            .json();
        assert_eq!(json["language"], language);
        assert_eq!(json["fallback"].is_string(), is_fixed_alone);
    }
    let other = client.get("/privacy?lang=it");
    assert_eq!(other.header("content-language"), Some("nl"));
}
