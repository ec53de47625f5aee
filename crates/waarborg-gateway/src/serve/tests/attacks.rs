//! Requests that are broken, hostile or too much: a clear refusal, and nothing leaves.

use super::*;

async fn check_refused(body: impl Into<Body>, status: StatusCode, code: &str) {
    let door = door(echo).await;
    let answered = door.post("/v1/chat/completions", &[], body).await;
    assert_eq!(
        (answered.status, answered.code().as_str()),
        (status, code),
        "{}",
        answered.body
    );
    door.check_nothing_left();
}

#[tokio::test]
async fn broken_bodies_are_refused() {
    let bad = StatusCode::BAD_REQUEST;
    check_refused("", bad, "invalid_json").await;
    check_refused("{", bad, "invalid_json").await;
    check_refused(&b"{\"model\":\"\xff\"}"[..], bad, "invalid_json").await;
    check_refused("[".repeat(100_000), bad, "invalid_json").await;
    check_refused(
        r#"{"model":"klein","messages":[],"messages":[]}"#,
        bad,
        "invalid_json",
    )
    .await;
    check_refused(
        r#"{"model":"klein","messages":[{"content":"\ud800"}]}"#,
        bad,
        "invalid_json",
    )
    .await;
    check_refused(r#"{"model":"klein"} {}"#, bad, "invalid_json").await;
    check_refused(r#"{"messages":[]}"#, bad, "invalid_field").await;
    check_refused(r#"{"model":7,"messages":[]}"#, bad, "invalid_field").await;
    check_refused(r#"{"model":"klein","stream":"ja"}"#, bad, "invalid_field").await;
    check_refused("[]", bad, "invalid_field").await;
    check_refused(
        r#"{"model":"klein","messages":"hallo"}"#,
        bad,
        "invalid_field",
    )
    .await;
    check_refused(r#"{"model":"klein"}"#, bad, "invalid_field").await;
    let stored = r#"{"model":"klein","messages":[],"store":true}"#;
    check_refused(stored, StatusCode::FORBIDDEN, "storing_not_permitted").await;
    check_refused(
        r#"{"model":"klein","response_format":"json","messages":[]}"#,
        bad,
        "invalid_field",
    )
    .await;
}

#[tokio::test]
async fn what_cannot_be_inspected_is_refused() {
    let part = |part: Value| {
        json!({"model": "klein", "messages": [{"role": "user", "content": [part]}]}).to_string()
    };
    let bad = StatusCode::BAD_REQUEST;
    check_refused(
        part(json!({"type": "image_url", "image_url": {"url": "https://x.nl/"}})),
        bad,
        "content_not_inspectable",
    )
    .await;
    check_refused(
        part(json!({"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}})),
        bad,
        "content_not_inspectable",
    )
    .await;
    check_refused(
        part(json!({"type": "file", "file": {"file_id": "f"}})),
        bad,
        "content_not_inspectable",
    )
    .await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_before_it_is_kept() {
    let door = door(echo).await;
    let fifty_megabytes = vec![b' '; 50 * 1024 * 1024];
    let answered = door
        .post("/v1/chat/completions", &[], fifty_megabytes)
        .await;
    assert_eq!(
        (answered.status, answered.code().as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, "request_too_large")
    );

    let piece = bytes::Bytes::from(vec![b' '; 1024 * 1024]);
    let pieces =
        futures_util::stream::iter((0..50).map(move |_| Ok::<_, std::io::Error>(piece.clone())));
    let answered = door
        .post("/v1/chat/completions", &[], Body::from_stream(pieces))
        .await;
    assert_eq!(answered.status, StatusCode::PAYLOAD_TOO_LARGE);
    door.check_nothing_left();
}

#[tokio::test]
async fn a_body_that_never_ends_is_not_waited_for() {
    let limits = DoorLimits {
        body_time: Duration::from_millis(50),
        ..DoorLimits::default()
    };
    let door = door_with("pseudonymise", limits, echo).await;
    let answered = door
        .post(
            "/v1/chat/completions",
            &[],
            Body::from_stream(futures_util::stream::pending::<
                Result<bytes::Bytes, std::io::Error>,
            >()),
        )
        .await;
    assert_eq!(answered.status, StatusCode::REQUEST_TIMEOUT);
    door.check_nothing_left();
}

#[tokio::test]
async fn more_requests_than_there_is_room_for_are_sent_away() {
    let limits = DoorLimits {
        n_at_once: 0,
        ..DoorLimits::default()
    };
    let door = door_with("pseudonymise", limits, echo).await;
    let answered = door.chat(&ask("hoi")).await;
    assert_eq!(
        (answered.status, answered.code().as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "too_many_requests")
    );
    assert_eq!(answered.headers["retry-after"], "1");
}

#[tokio::test]
async fn bodies_together_take_no_more_room_than_there_is() {
    let limits = DoorLimits {
        body_bytes_at_once: 8 * 1024,
        ..DoorLimits::default()
    };
    let door = door_with("pseudonymise", limits, echo).await;
    for _ in 0..5 {
        let small = door.chat(&ask(&"hoi ".repeat(1000))).await;
        assert_eq!(small.status, StatusCode::OK, "room is given back");
    }
    let large = door.chat(&ask(&"hoi ".repeat(3000))).await;
    assert_eq!(
        (large.status, large.code().as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "too_many_requests")
    );
}

#[tokio::test]
async fn another_content_type_or_a_compressed_body_is_refused() {
    let door = door(echo).await;
    let plain = Request::post("/v1/chat/completions")
        .header("authorization", format!("Bearer {}", key()))
        .header("content-type", "text/plain")
        .body(Body::from("{}"))
        .unwrap();
    assert_eq!(
        door.ask(plain).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    let zipped = door
        .post(
            "/v1/chat/completions",
            &[("content-encoding", "gzip")],
            "{}",
        )
        .await;
    assert_eq!(zipped.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    door.check_nothing_left();
}

#[tokio::test]
async fn an_unknown_address_or_method_is_refused_and_not_repeated() {
    let door = door(echo).await;
    let unknown = [
        "/v1",
        "/v1/",
        "/v1/embeddings/1",
        "/v1/chat",
        "/v1/filesystem",
        "/v1/files/x/y",
        "/v1/batches/x/y",
    ];
    let closed = [
        "/v1/uploads/jan%40x.nl",
        "/v1/images/films",
        "/v1/audio/voices",
        "/v1/realtime",
        "/v1/responses/resp_1/input_items",
        "/v1/vector_stores",
        "/v1/fine_tuning/jobs",
    ];
    let unknown = unknown.map(|path| (path, "unknown_url"));
    let closed = closed.map(|path| (path, "endpoint_not_guarded"));
    for (path, code) in unknown.into_iter().chain(closed) {
        let answered = door.post(path, &[], "{}").await;
        assert_eq!(
            (answered.status, answered.code().as_str()),
            (StatusCode::NOT_FOUND, code),
            "{path}"
        );
        assert!(!answered.body.contains("jan"));
    }
    let get = Request::get("/v1/chat/completions")
        .body(Body::empty())
        .unwrap();
    assert_eq!(door.ask(get).await.status, StatusCode::METHOD_NOT_ALLOWED);
    door.check_nothing_left();
}

#[tokio::test]
async fn nothing_of_the_client_but_its_screened_body_reaches_the_provider() {
    let door = door(echo).await;
    let headers = [
        ("x-forwarded-for", "203.0.113.9"),
        ("cookie", "sessie=jan"),
        ("user-agent", "Jan's laptop"),
        ("x-stainless-os", "Linux"),
        ("openai-organization", "org-7"),
        ("x-waarborg-conversation", "zaak-81"),
    ];
    door.post("/v1/chat/completions", &headers, ask("hallo").to_string())
        .await;
    let head = door.provider.seen()[0].head.to_lowercase();
    for trace in [
        "203.0.113.9",
        "sessie",
        "laptop",
        "stainless",
        "org-7",
        "zaak-81",
        "wbg_",
    ] {
        assert!(!head.contains(trace), "{trace} in {head}");
    }
}

#[tokio::test]
async fn a_planted_value_leaks_from_no_place_in_the_request() {
    let planted = [BSN, MAIL, IBAN];
    let door = door(echo).await;
    for value in planted {
        let said = format!("waarde {value} einde");
        let documents = [
            json!({"model": "klein", "messages": [{"role": "system", "content": said}]}),
            json!({"model": "klein", "messages": [{"role": "developer", "content": [{"type": "text", "text": said}]}]}),
            json!({"model": "klein", "messages": [{"role": "user", "name": value, "content": "x"}]}),
            json!({"model": "klein", "messages": [{"role": "assistant", "content": null, "refusal": said}]}),
            json!({"model": "klein", "messages": [{"role": "assistant", "content": null, "tool_calls": [{"id": value, "type": "function",
                "function": {"name": "zoek", "arguments": json!({"q": value}).to_string()}}]}]}),
            json!({"model": "klein", "messages": [{"role": "tool", "tool_call_id": value, "content": json!({"rij": [value]}).to_string()}]}),
            json!({"model": "klein", "messages": [], "tools": [{"type": "function", "function": {"name": "zoek", "description": said,
                "parameters": {"type": "object", "properties": {"x": {"type": "string", "enum": [value], "description": said}}}}}]}),
            json!({"model": "klein", "messages": [], "user": value, "metadata": {"zaak": said}, "stop": [value]}),
            json!({"model": "klein", "messages": [], "onbekend": {"diep": [[{"er": said}]]}}),
            json!({"model": "klein", "messages": [], "metadata": {value: "x"}}),
            json!({"model": "klein", "messages": [{"role": value, "content": "x"}]}),
            json!({"model": "klein", "messages": [], "prediction": {"type": "content", "content": said}}),
            json!({"model": "klein", "messages": [], "tool_choice": {"type": "function", "function": {"name": value}}}),
            json!({"model": "klein", "messages": [], "response_format": {"type": "json_schema", "json_schema": {"name": value, "schema": {"title": said}}}}),
        ];
        for document in documents {
            let answered = door.chat(&document).await;
            assert!(
                answered.status != StatusCode::INTERNAL_SERVER_ERROR,
                "{document}: {}",
                answered.body
            );
            door.check_nothing_leaked(&[value]);
        }
    }
    let number = r#"{"model":"klein","messages":[{"role":"user","content":"x","bsn":123456782}]}"#;
    door.post("/v1/chat/completions", &[], number).await;
    door.check_nothing_leaked(&planted);
}

#[tokio::test]
async fn two_keys_are_no_key() {
    let door = door(echo).await;
    let request = Request::post("/v1/chat/completions")
        .header("authorization", format!("Bearer {}", key()))
        .header("authorization", "Bearer wbg_ander")
        .header("content-type", "application/json")
        .body(Body::from(ask("hoi").to_string()))
        .unwrap();
    assert_eq!(door.ask(request).await.code(), "invalid_api_key");
}

#[tokio::test]
async fn naughty_strings_go_out_and_come_back_unchanged_or_are_refused() {
    let Some(strings) = crate::shared_data::json("data/attacks/naughty-strings/blns.json") else {
        return;
    };
    let door = door(echo).await;
    for said in strings.as_array().unwrap() {
        let said = said.as_str().unwrap();
        let answered = door.chat(&ask(said)).await;
        match answered.status {
            // What stands inside a link stays a surrogate.
            StatusCode::OK if ["](", "//", "<"].iter().any(|link| said.contains(link)) => {}
            StatusCode::OK => assert_eq!(answered.json()["choices"][0]["message"]["content"], said),
            status => assert!(status.is_client_error(), "{said:?}: {}", answered.body),
        }
    }
}

#[tokio::test]
async fn no_json_document_makes_the_house_fail() {
    let Some(documents) = crate::shared_data::files("data/attacks/json/test_parsing") else {
        return;
    };
    let door = door(echo).await;
    for (name, body) in documents {
        let answered = door.post("/v1/chat/completions", &[], body).await;
        assert_eq!(
            answered.status,
            StatusCode::BAD_REQUEST,
            "{name}: {}",
            answered.body
        );
        let code = answered.code();
        let is_good = name.starts_with("y_") && !name.contains("duplicated_key");
        assert!(
            code == if is_good {
                "invalid_field"
            } else {
                "invalid_json"
            } || name.starts_with("i_"),
            "{name}: {code}"
        );
    }
    door.check_nothing_left();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_long_text_does_not_hold_up_the_others() {
    let door = Arc::new(door(echo).await);
    let (open, gate) = std::sync::mpsc::channel();
    *door.switches.gate.lock().unwrap() = Some(gate);
    let (busy, long) = (Arc::clone(&door), ask(&"hoi ".repeat(34_000)));
    let waiting = tokio::spawn(async move { busy.chat(&long).await });

    // The one worker reads the long text until the short one was answered.
    let short = async {
        while door.switches.gate.lock().unwrap().is_some() {
            tokio::task::yield_now().await;
        }
        door.chat(&ask("hallo")).await
    };
    let short = tokio::time::timeout(Duration::from_mins(2), short)
        .await
        .expect("the short request waited");
    assert_eq!(short.status, StatusCode::OK);
    open.send(()).unwrap();
    assert_eq!(waiting.await.unwrap().status, StatusCode::OK);
}

#[tokio::test]
async fn a_model_that_nobody_declared_does_not_leave_and_is_not_repeated() {
    let models = ["06-1234-5678", "piet.jansen", "nl91-abna-0417-1643-00"];
    for model in models {
        let door = door(echo).await;
        let answered = door.chat(&json!({"model": model, "messages": []})).await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "{}", answered.body);
        assert!(!answered.body.contains(model), "{}", answered.body);
        door.check_nothing_left();
    }
}
