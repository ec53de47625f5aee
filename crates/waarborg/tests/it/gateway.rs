//! An application behind the gateway: what leaves, what comes back, and what is refused before a byte leaves.

use serde_json::{Value, json};

use crate::{
    http::{Answer, Client, connect, read_answer},
    program::{Installation, Server},
    upstream::{Script, Upstream},
};
use std::io::Write;

/// A Dutch note of a general practitioner, without a name.
const GP_NOTE: &str = "Patiënt van 54 jaar, sinds drie weken pijn op de borst bij inspanning, bekend met diabetes type 2 \
                       en hypertensie. Vader overleden aan een hartinfarct. Start metformine, verwijzing cardioloog.";

const PERSONAL: &str = "Mijn naam is Sanne de Wit, mijn mail is sanne.dewit@example.org en mijn telefoon is 06-12345678.";

fn ask(text: &str) -> Value {
    json!({ "model": "groot", "messages": [{ "role": "user", "content": text }] })
}

fn house(destination: &str, profile: &str) -> (Upstream, Installation, Server) {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, destination, profile);
    let server = installation.serve();
    (upstream, installation, server)
}

fn application(installation: &Installation, server: &Server) -> Client {
    server.client().with_key(&installation.gateway_key)
}

/// The answer is an error in OpenAI's own shape.
fn assert_error(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status, status, "{}", answer.text());
    let error = &answer.json()["error"];
    assert!(
        error["message"].is_string() && error["type"].is_string(),
        "{}",
        answer.text()
    );
    error["code"].as_str().unwrap_or_default().to_owned()
}

/// Scenario 1.
#[test]
fn a_gp_note_is_refused_before_a_byte_leaves_with_a_reason_in_plain_dutch() {
    let (upstream, installation, server) = house("outside-eu", "strict");
    let mut employee = application(&installation, &server);
    let counted = |client: &mut Client| {
        client
            .get("/metrics")
            .text()
            .lines()
            .find_map(|line| {
                line.strip_prefix("waarborg_verdicts_total{verdict=\"block\"} ")?
                    .parse::<u64>()
                    .ok()
            })
            .unwrap_or(0)
    };
    let before = counted(&mut employee);

    let answer = employee.send(
        "POST",
        "/v1/chat/completions",
        &[
            ("content-type", "application/json"),
            ("accept-language", "nl"),
        ],
        ask(GP_NOTE).to_string().as_bytes(),
    );

    assert_eq!(assert_error(&answer, 422), "personal_data_blocked");
    assert_eq!(answer.header("x-waarborg-verdict"), Some("block"));
    let reason = answer.json()["error"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(reason.contains("gegevens"), "{reason}");
    assert!(!reason.contains("metformine") && !reason.contains("diabetes"));
    assert!(
        upstream.received().is_empty(),
        "bytes left: {}",
        String::from_utf8_lossy(&upstream.received())
    );
    assert_eq!(counted(&mut employee), before + 1);

    let said = server.stop();
    let canaries = ["metformine", "hypertensie", "hartinfarct"];
    for (place, content) in installation
        .files()
        .into_iter()
        .chain([("log".into(), said)])
    {
        let text = String::from_utf8_lossy(&content);
        for canary in canaries {
            assert!(
                !text.contains(canary),
                "{canary} stands in {}",
                place.display()
            );
        }
    }
}

/// The second half of scenario 1.
#[test]
fn the_same_note_may_go_to_the_own_model_of_a_service_that_may_process_health() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().to_str().unwrap();
    let server = Server::start(
        &[
            "demo",
            "--listen",
            "127.0.0.1:0",
            "--data",
            dir,
            "--output",
            "json",
        ],
        &[],
    );
    let issued = crate::program::run(&[
        "keys",
        "issue",
        "--dir",
        dir,
        "--service",
        "youth_health",
        "--purpose",
        "provide",
        "--output",
        "json",
    ]);
    assert!(issued.status.success(), "{}", crate::program::err(&issued));
    let issued: Value = serde_json::from_slice(&issued.stdout).unwrap();
    let mut doctor = server
        .client()
        .with_key(issued["gateway_key"].as_str().unwrap());

    let models = doctor.get("/v1/models").json();
    let own = models["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|model| model["waarborg"]["destination"] == "own")
        .unwrap();
    let mut note = ask(GP_NOTE);
    note["model"] = own["id"].clone();
    let answer = doctor.post_json("/v1/chat/completions", &note);
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn a_key_that_was_taken_back_opens_nothing_while_the_server_runs() {
    let (_upstream, installation, server) = house("eu", "strict");
    let keys = |act: &[&str]| {
        let ran = installation.command(&[&["keys"], act, &["--output", "json"]].concat());
        assert!(ran.status.success(), "{}", crate::program::err(&ran));
        serde_json::from_slice::<Value>(&ran.stdout).unwrap()
    };
    let issued = keys(&["issue", "--label", "gelekt"]);
    let mut leaked = server
        .client()
        .with_key(issued["gateway_key"].as_str().unwrap());
    assert_eq!(leaked.get("/v1/models").status, 200);

    let listed = keys(&["list"]);
    assert!(!listed.to_string().contains("wbg_"), "a secret is listed");
    let key = listed["gateway_keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["label"] == "gelekt")
        .unwrap();
    let id = key["id"].as_str().unwrap();
    assert!(key["revoked_at"].is_null());
    let revoked = keys(&["revoke", id]);
    assert!(revoked["revoked_at"].is_string());
    assert_eq!(leaked.get("/v1/models").status, 401);
    assert_eq!(keys(&["revoke", id])["revoked_at"], revoked["revoked_at"]);

    let unknown = installation.command(&["keys", "revoke", "geen-id"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn the_model_never_sees_who_it_is_and_the_person_reads_the_real_values_again() {
    let (upstream, installation, server) = house("eu", "strict");
    let mut client = application(&installation, &server);

    let whole = client.post_json("/v1/chat/completions", &ask(PERSONAL));
    assert_eq!(whole.status, 200, "{}", whole.text());
    assert_eq!(whole.json()["choices"][0]["message"]["content"], PERSONAL);

    let mut streaming = ask(PERSONAL);
    streaming["stream"] = json!(true);
    let streamed = client.post_json("/v1/chat/completions", &streaming);
    assert_eq!(streamed.streamed_content(), PERSONAL);
    assert!(streamed.text().trim_end().ends_with("data: [DONE]"));

    let received = String::from_utf8_lossy(&upstream.received()).into_owned();
    for value in ["Sanne", "de Wit", "sanne.dewit", "12345678"] {
        assert!(!received.contains(value), "{value} left");
    }
    assert_eq!(upstream.bodies().len(), 2);
}

#[test]
fn what_is_no_request_is_refused_and_nothing_leaves() {
    let (upstream, installation, server) = house("eu", "strict");
    let mut client = application(&installation, &server);
    let json = [("content-type", "application/json")];
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let huge = json!({ "model": "groot", "messages": [{ "role": "user", "content": "a".repeat(50 * 1024 * 1024) }] });
    let duplicate =
        r#"{"model":"groot","messages":[{"role":"user","content":"a","content":"BSN 111222333"}]}"#;
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("not json", b"hallo".to_vec()),
        ("half", br#"{"model":"groot","messages":[{"role""#.to_vec()),
        (
            "invalid utf-8",
            b"{\"model\":\"groot\",\"messages\":[{\"role\":\"user\",\"content\":\"caf\xe9\"}]}"
                .to_vec(),
        ),
        (
            "lone surrogate",
            br#"{"model":"groot","messages":[{"role":"user","content":"\ud800"}]}"#.to_vec(),
        ),
        ("deep", deep.into_bytes()),
        ("duplicate keys", duplicate.into()),
        ("fifty megabytes", huge.to_string().into_bytes()),
    ];
    for (name, body) in bodies {
        let answer = client.send("POST", "/v1/chat/completions", &json, &body);
        assert!(
            (400..500).contains(&answer.status),
            "{name}: {} {}",
            answer.status,
            answer.text()
        );
        assert_error(&answer, answer.status);
        assert!(
            !answer.text().contains("111222333"),
            "{name} repeats what was sent"
        );
    }
    for (method, path) in [
        ("POST", "/v1/embeddings"),
        ("GET", "/v1/uploads"),
        ("DELETE", "/v1/chat/completions"),
    ] {
        let answer = client.send(method, path, &json, b"{}");
        assert!((400..500).contains(&answer.status), "{method} {path}");
        assert_error(&answer, answer.status);
    }
    let stranger = server
        .client()
        .with_key("wbg_onbekend")
        .post_json("/v1/chat/completions", &ask("hallo"));
    assert_error(&stranger, 401);

    assert!(upstream.received().is_empty());
    assert_eq!(
        client
            .post_json("/v1/chat/completions", &ask("hallo"))
            .status,
        200,
        "it still works"
    );
}

#[test]
fn a_request_that_is_cut_or_smuggled_harms_nobody_else() {
    let (upstream, installation, server) = house("eu", "strict");
    let key = &installation.gateway_key;
    let heads = [
        format!("POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\ncontent-length: 100\r\n\r\n{{"),
        "GET / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "\0\0\0\0\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "a".repeat(200_000)),
    ];
    for head in heads {
        let mut stream = connect(server.address);
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let answer = read_answer(stream, false);
        assert!(
            answer.status < 500,
            "{} for {}",
            answer.status,
            &head[..40.min(head.len())]
        );
    }
    assert!(upstream.received().is_empty());
    assert_eq!(
        application(&installation, &server)
            .post_json("/v1/chat/completions", &ask("hallo"))
            .status,
        200
    );
}

#[test]
fn an_upstream_that_breaks_off_or_talks_nonsense_is_told_and_never_passed_on_as_whole() {
    let (upstream, installation, server) = house("eu", "strict");
    let mut client = application(&installation, &server);
    let mut streaming = ask(PERSONAL);
    streaming["stream"] = json!(true);
    let first = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":0,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Goed\"},\"finish_reason\":null}]}\n\n";

    upstream.play(Script::Break(first.as_bytes().to_vec()));
    let answer = client.post_json("/v1/chat/completions", &streaming);
    assert!(
        !answer.text().contains("[DONE]"),
        "a broken answer looks whole: {}",
        answer.text()
    );

    upstream.play(Script::Stream(
        b"data: {\"choices\": [{\n\nevent: x\ndata: hallo\n\n".to_vec(),
    ));
    let answer = client.post_json("/v1/chat/completions", &streaming);
    assert!(!answer.text().contains("[DONE]"), "{}", answer.text());

    upstream.play(Script::Status(
        500,
        "{\"error\":{\"message\":\"internal: prompt was geheim-x7\"}}".to_owned(),
    ));
    let answer = client.post_json("/v1/chat/completions", &ask("hallo"));
    assert_error(&answer, 502);
    assert!(
        !answer.text().contains("geheim-x7"),
        "the provider's own text is not passed on"
    );

    upstream.play(Script::Status(200, "geen json".to_owned()));
    let answer = client.post_json("/v1/chat/completions", &ask("hallo"));
    assert_error(&answer, 502);

    upstream.play(Script::Echo);
    assert_eq!(
        client
            .post_json("/v1/chat/completions", &ask("hallo"))
            .status,
        200
    );
}

#[test]
fn a_preview_says_what_would_happen_and_sends_nothing() {
    let (upstream, installation, server) = house("eu", "strict");
    let answer = application(&installation, &server).post_json("/v1/guard/preview", &ask(PERSONAL));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let preview = answer.json();
    assert_eq!(preview["verdict"], "pseudonymise", "{preview}");
    assert!(
        preview["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["label"] == "EMAIL")
    );
    assert!(upstream.received().is_empty());
}

/// The log's file may not grow any more, which the program can only learn by trying.
#[cfg(target_os = "linux")]
#[test]
fn a_request_whose_log_line_cannot_be_written_does_not_leave() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    installation.serve().stop();
    let server = Server::start_with_limits(
        "trap '' XFSZ; ulimit -f 400",
        &[
            "serve",
            "--dir",
            installation.dir(),
            "--listen",
            "127.0.0.1:0",
            "--output",
            "json",
        ],
    );
    let mut client = application(&installation, &server);
    let mut n_answered = 0;
    let refused = loop {
        let answer = client.post_json(
            "/v1/chat/completions",
            &ask("Hoe laat gaat het loket open?"),
        );
        if answer.status != 200 {
            break answer;
        }
        n_answered += 1;
        assert!(n_answered < 5_000, "the limit has no effect");
    };
    assert_error(&refused, 503);
    assert_eq!(
        upstream.bodies().len(),
        n_answered,
        "a request left without its line in the log"
    );

    // The store looks after itself and goes on; still nothing leaves without its line.
    for _ in 0..40 {
        let answer = client.post_json("/v1/chat/completions", &ask("En morgen?"));
        assert!(matches!(answer.status, 200 | 503), "{}", answer.text());
        n_answered += usize::from(answer.status == 200);
    }
    assert_eq!(
        upstream.bodies().len(),
        n_answered,
        "a request left without its line in the log"
    );
    drop(server);
    let verified = installation.command(&["audit", "verify", "--output", "json"]);
    assert_eq!(
        verified.status.code(),
        Some(0),
        "{}",
        crate::program::out(&verified)
    );
}
