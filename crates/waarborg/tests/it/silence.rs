//! No word of anybody reaches a log, an error, a file or a metric, whatever goes wrong.

use serde_json::json;

use crate::{
    canary,
    http::escape,
    person::{Person, ask_for, between},
    program::{Installation, Server},
    upstream::{Script, Upstream},
};

/// Unique words, one for each place where something comes in.
fn word(place: &str) -> String {
    format!("kanarie-{place}-9e1f")
}

#[test]
fn a_unique_word_through_every_route_stands_in_no_log_and_no_file() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    let settings = installation.path().join("waarborg.toml");
    let loud = std::fs::read_to_string(&settings)
        .unwrap()
        .replace("level = \"info\"", "level = \"trace\"");
    std::fs::write(&settings, loud).unwrap();
    let breaking = word("breuk");
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
        &[("WAARBORG_TEST_DETECTOR_BREAKS_ON", &breaking)],
    );
    let mut used = vec![breaking.clone()];
    let mut fresh = |place: &str| {
        let made = word(place);
        used.push(made.clone());
        made
    };
    let mut application = server.client().with_key(&installation.gateway_key);
    let ask =
        |text: &str| json!({ "model": "m", "messages": [{ "role": "user", "content": text }] });

    assert_eq!(
        application
            .post_json("/v1/chat/completions", &ask(&fresh("vraag")))
            .status,
        200
    );
    let broken = application.post_json("/v1/chat/completions", &ask(&breaking));
    assert_eq!(broken.status, 503, "{}", broken.text());
    assert!(!broken.text().contains(&breaking));
    upstream.play(Script::Status(
        500,
        format!("{{\"error\":{{\"message\":\"{}\"}}}}", fresh("upstream")),
    ));
    assert_eq!(
        application
            .post_json("/v1/chat/completions", &ask(&fresh("fout")))
            .status,
        502
    );
    upstream.play(Script::Break(
        format!("data: {{\"x\":\"{}\"", fresh("halve")).into_bytes(),
    ));
    let mut streaming = ask(&fresh("stroom"));
    streaming["stream"] = json!(true);
    let _ = application.post_json("/v1/chat/completions", &streaming);
    upstream.play(Script::Echo);
    let _ = application.post_json("/v1/guard/preview", &json!({ "text": fresh("preview") }));
    for (path, body) in [
        (
            "/v1/images/generations",
            json!({ "model": "m", "prompt": fresh("afbeelding") }),
        ),
        (
            "/v1/audio/speech",
            json!({ "model": "m", "voice": "nova", "input": fresh("gesproken") }),
        ),
    ] {
        let answer = application.post_json(path, &body);
        assert_eq!(
            answer.status,
            502,
            "the upstream only chats: {}",
            answer.text()
        );
    }
    let form = format!(
        "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n\
         --x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n{}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}.mp3\"\r\n\r\nID3 {}\r\n--x--\r\n",
        fresh("verwacht"),
        fresh("bestandsnaam"),
        fresh("geluid")
    );
    let media_type = [("content-type", "multipart/form-data; boundary=x")];
    let answer = application.send(
        "POST",
        "/v1/audio/transcriptions",
        &media_type,
        form.as_bytes(),
    );
    assert_eq!(answer.status, 403, "{}", answer.text());
    let form = format!(
        "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n\
         --x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n{}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"{}.png\"\r\n\r\ngeen {}\r\n--x--\r\n",
        fresh("verander"),
        fresh("afbeeldingsnaam"),
        fresh("afbeeldingsinhoud")
    );
    let answer = application.send("POST", "/v1/images/edits", &media_type, form.as_bytes());
    assert_eq!(answer.status, 400, "{}", answer.text());
    let absent = "/v1/conversations/conv_00000000000000000000000000000000";
    for (path, body) in [
        (
            "/v1/conversations".to_owned(),
            json!({ "items": [{ "role": "user", "content": fresh("item") }], "metadata": { "wie": fresh("label") } }),
        ),
        (
            absent.to_owned(),
            json!({ "metadata": { "wie": fresh("label2") } }),
        ),
        (
            format!("{absent}/items"),
            json!({ "items": [{ "role": "user", "content": fresh("item2") }] }),
        ),
        (
            "/v1/responses".to_owned(),
            json!({ "model": "m", "input": fresh("inhoud"), "conversation": fresh("gesprek3") }),
        ),
    ] {
        let answer = application.post_json(&path, &body);
        let is_refused = (400..500).contains(&answer.status);
        assert!(is_refused, "{path}: {}", answer.text());
    }
    for path in [
        format!("/v1/conversations/{}", fresh("gesprek4")),
        format!("{absent}/items/{}", fresh("item3")),
        format!("{absent}/items?include={}", fresh("erbij")),
    ] {
        let answer = application.get(&path);
        let is_refused = (400..500).contains(&answer.status);
        assert!(is_refused, "{}", answer.text());
    }
    let analysed = json!({ "text": fresh("presidio"), "language": "nl", "correlation_id": fresh("kenmerk"), "allow_list": [fresh("toegestaan")] });
    let answer = application.post_json("/compat/presidio/analyze", &analysed);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let refused =
        json!({ "text": fresh("presidio2"), "language": "nl", "entities": [fresh("soort")] });
    let answer = application.post_json("/compat/presidio/analyze", &refused);
    assert_eq!(answer.status, 400, "{}", answer.text());
    let result = json!({ "start": 0, "end": 3, "score": 1, "entity_type": fresh("naam2") });
    let operator = json!({ "DEFAULT": { "type": "replace", "new_value": fresh("vervanger") } });
    let replaced = json!({ "text": fresh("presidio3"), "analyzer_results": [result], "anonymizers": operator });
    let answer = application.post_json("/compat/presidio/anonymize", &replaced);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let message = json!({ "role": "user", "content": fresh("litellm") });
    let guarded = json!({ "input_type": "request", "litellm_call_id": fresh("aanroep"), "model": "m", "texts": [message["content"]],
        "structured_messages": [message], "request_data": { "user_api_key_alias": fresh("alias") } });
    let litellm = "/compat/litellm/beta/litellm_basic_guardrail_api";
    assert_eq!(application.post_json(litellm, &guarded).status, 200);
    let unusable = json!({ "input_type": fresh("richting"), "texts": [fresh("litellm2")] });
    assert_eq!(
        application.post_json(litellm, &unusable).json()["action"],
        "BLOCKED"
    );
    let hook = json!({ "eventType": "beforeRequestHook", "requestType": "chatComplete", "metadata": { "_user": fresh("portkey") },
        "request": { "json": { "model": "m", "messages": [{ "role": "user", "content": fresh("portkey2") }] } } });
    let answer = application.post_json("/compat/portkey", &hook);
    assert_eq!(answer.json()["verdict"], true, "{}", answer.text());
    let broken = json!({ "text": breaking, "language": "nl" });
    let answer = application.post_json("/compat/presidio/analyze", &broken);
    assert_eq!(answer.status, 503, "{}", answer.text());
    let _ = application.send(
        "POST",
        "/v1/chat/completions",
        &[("content-type", "application/json")],
        fresh("json").as_bytes(),
    );
    let _ = application.get(&format!("/v1/models/{}", fresh("model")));
    let _ = application.get(&format!("/v1/{}", fresh("pad")));
    let _ = application.get(&format!(
        "/{}?{}={}",
        fresh("pad2"),
        fresh("naam"),
        fresh("waarde")
    ));
    let _ = application.send(&fresh("methode").to_uppercase(), "/", &[], b"");
    let _ = application.send(
        "GET",
        "/",
        &[
            ("user-agent", &fresh("agent")),
            ("referer", &fresh("verwijzer")),
        ],
        b"",
    );
    let _ = application.send(
        "GET",
        "/",
        &[("cookie", &format!("waarborg_visit={}", fresh("koek")))],
        b"",
    );
    let _ = server
        .client()
        .with_key(&fresh("sleutel"))
        .post_json("/v1/chat/completions", &ask("hallo"));

    let mut person = Person::come(&server);
    assert_eq!(person.say(&fresh("gesprek"), "on").status, 200);
    assert_eq!(person.say(&fresh("gesprek2"), "off").status, 200);
    assert!(person.say(&breaking, "on").status >= 500);
    let _ = person.api("POST", "/api/v1/preview", &json!({ "text": fresh("kijk") }));
    let _ = person.api("POST", "/api/v1/chat", &json!({ "tekst": fresh("veld") }));
    ask_for(
        &mut server.client(),
        "access",
        &fresh("verzoek"),
        &format!("{}@example.org", fresh("adres")),
    )
    .unwrap();
    let _ = server
        .client()
        .post_form("/rights/WB-AAAA-AAAA", &[("code", &fresh("code"))]);
    let _ = server
        .client()
        .post_form("/console/enter", &[("link", &fresh("link"))]);
    let metrics = server.client().get("/metrics").text();
    let backup = installation.path().join("canary.backup");
    assert!(
        installation
            .command(&["backup", backup.to_str().unwrap()])
            .status
            .success()
    );
    let export = installation.path().join("canary.log");
    assert!(
        installation
            .command(&["audit", "export", export.to_str().unwrap(), "--payloads"])
            .status
            .success()
    );

    let said = server.stop();
    assert!(
        String::from_utf8_lossy(&said).contains("a part of the program stopped"),
        "the forced fault did not happen"
    );
    let mut files = installation.files();
    files.push(("log".into(), said));
    files.push(("metrics".into(), metrics.into_bytes()));
    let words: Vec<&str> = used.iter().map(String::as_str).collect();
    assert_eq!(canary::places(&words, &files), Vec::<String>::new());
}

/// The address of a visitor, which two installations see.
const ADDRESS: &str = "203.0.113.77";

#[test]
fn visitors_are_sums_without_an_address_and_their_visits_have_random_names() {
    let mut visits = Vec::new();
    for _ in 0..2 {
        let installation = Installation::demo();
        let settings = installation.path().join("waarborg.toml");
        let source = std::fs::read_to_string(&settings).unwrap();
        let source = source.replace("level = \"info\"", "level = \"trace\"");
        let behind = "[limits]\naddress_header = \"x-forwarded-for\"\n";
        std::fs::write(&settings, format!("{source}\n{behind}")).unwrap();
        let server = installation.serve();
        let address = [("x-forwarded-for", ADDRESS)];
        for _ in 0..2 {
            let mut visitor = server.client();
            let notice = visitor.send("GET", "/", &address, b"").text();
            let version = between(&notice, "name=\"version\" value=\"", "\"");
            let form = [
                ("content-type", "application/x-www-form-urlencoded"),
                address[0],
            ];
            let body = format!("version={}", escape(&version));
            let went_on = visitor.send("POST", "/notice", &form, body.as_bytes());
            assert_eq!(went_on.status, 303, "{}", went_on.text());
            let visit = visitor
                .cookies
                .iter()
                .find(|(name, _)| name.contains("visit"));
            visits.push(visit.unwrap().1.clone());
        }
        let metrics = server.client().get("/metrics").text();
        assert!(
            metrics.contains("route=\"/notice\",status=\"303\"} 2"),
            "{metrics}"
        );
        let mut files = vec![("log".into(), server.stop())];
        files.extend(installation.files());
        files.push(("metrics".into(), metrics.into_bytes()));
        assert_eq!(canary::places(&[ADDRESS], &files), Vec::<String>::new());
    }
    // Four visits of one address, in two installations.
    visits.sort();
    visits.dedup();
    assert_eq!(visits.len(), 4);
}
