//! Anthropic's format at the door: what leaves, what comes back, and in which shape.

use super::house::house;
use super::*;
use crate::providers::Anthropic;

pub(super) async fn messages_door(
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Door {
    let provider = ScriptedProvider::start(answering).await.unwrap();
    let base_url = provider.base_url();
    let anthropic = Anthropic::new(&base_url, Some(&"sk-ant-x".into()), patience()).unwrap();
    let (house, switches) = house(&base_url, "pseudonymise", Box::new(anthropic));
    Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    }
}

impl Door {
    pub(super) async fn message(&self, document: &Value) -> Answered {
        let body = document.to_string();
        let request = Request::post("/v1/messages")
            .header("content-type", "application/json")
            .header("x-api-key", key())
            .header("anthropic-version", "2023-06-01");
        self.ask(request.body(body.into()).unwrap()).await
    }
}

pub(super) fn asked(text: &str) -> Value {
    json!({"model": "klein", "max_tokens": 64, "messages": [{"role": "user", "content": text}]})
}

fn said(seen: &Seen) -> String {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    let last = document["messages"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    last["content"].as_str().unwrap_or_default().to_owned()
}

pub(super) fn whole(content: &Value) -> Script {
    Script::json(
        200,
        &json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "klein", "content": content,
            "stop_reason": "end_turn", "stop_sequence": null, "usage": {"input_tokens": 3, "output_tokens": 5}})
        .to_string(),
    )
}

pub(super) fn event(data: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    crate::sse::write_event(data["type"].as_str(), &data.to_string(), &mut out);
    out
}

/// The events of a message whose blocks say these texts, each in pieces of so many characters.
pub(super) fn events(blocks: &[(&str, &str)], size: usize) -> Vec<Step> {
    let mut steps = vec![event(
        &json!({"type": "message_start", "message": {"id": "msg_1", "type": "message",
        "role": "assistant", "model": "klein", "content": [], "usage": {"input_tokens": 3, "output_tokens": 1}}}),
    )];
    for (index, (kind, text)) in blocks.iter().enumerate() {
        let (block, delta, field) = match *kind {
            "text" => (json!({"type": "text", "text": ""}), "text_delta", "text"),
            "thinking" => (
                json!({"type": "thinking", "thinking": "", "signature": ""}),
                "thinking_delta",
                "thinking",
            ),
            _ => (
                json!({"type": "tool_use", "id": "toolu_01A09q90qw90lq", "name": "zoek", "input": {}}),
                "input_json_delta",
                "partial_json",
            ),
        };
        steps.push(event(
            &json!({"type": "content_block_start", "index": index, "content_block": block}),
        ));
        for piece in generated::cut(text, size) {
            steps.push(event(
                &json!({"type": "content_block_delta", "index": index, "delta": {"type": delta, field: piece}}),
            ));
        }
        steps.push(event(
            &json!({"type": "content_block_stop", "index": index}),
        ));
    }
    steps.push(event(
        &json!({"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null}, "usage": {"output_tokens": 9}}),
    ));
    steps.push(event(&json!({"type": "message_stop"})));
    steps.into_iter().map(Step::Send).collect()
}

/// What a block said in a stream, in a field of its deltas.
pub(super) fn heard(answered: &Answered, index: u64, field: &str) -> String {
    answered
        .chunks()
        .iter()
        .filter(|event| event["type"] == "content_block_delta" && event["index"] == index)
        .filter_map(|event| event["delta"][field].as_str())
        .collect()
}

#[tokio::test]
async fn a_message_leaves_with_surrogates_and_comes_back_whole() {
    let door = messages_door(|seen| whole(&json!([{"type": "text", "text": said(seen)}]))).await;
    let mut document = asked(&told_of_somebody());
    document["system"] = json!([{"type": "text", "text": format!("De klant heeft BSN {BSN}.")}]);
    let answered = door.message(&document).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(answered.json()["content"][0]["text"], told_of_somebody());
    assert_eq!(answered.json()["usage"]["output_tokens"], 5);
    assert_eq!(answered.headers["x-waarborg-verdict"], "pseudonymise");
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    let seen = &door.provider.seen()[0];
    assert!(seen.head.starts_with("POST /v1/messages "), "{}", seen.head);
    assert_eq!(seen.header("x-api-key"), Some("sk-ant-x"));
    assert_eq!(seen.header("anthropic-version"), Some("2023-06-01"));
    assert_eq!(seen.header("authorization"), None);
}

#[tokio::test]
async fn a_body_without_findings_reaches_the_provider_byte_for_byte() {
    let door = messages_door(|_| whole(&json!([]))).await;
    let document = asked("Hoe laat is het?");
    door.message(&document).await;
    assert_eq!(door.provider.seen()[0].text(), document.to_string());
}

#[tokio::test]
async fn a_stream_keeps_its_events_and_restores_text_and_input_under_every_split() {
    for size in [1, 3, 7, 200] {
        let door = messages_door(move |seen| {
            let text = said(seen);
            let input = json!({"vraag": text}).to_string();
            Script::stream(events(
                &[("thinking", &text), ("text", &text), ("tool_use", &input)],
                size,
            ))
        })
        .await;
        let text = format!("mail {MAIL} \"en\" rekening {IBAN}");
        let mut document = tools::with_inputs(asked(&text), &["zoek"]);
        document["stream"] = json!(true);
        let answered = door.message(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let text = format!("mail {MAIL} \"en\" rekening {IBAN}");
        assert_eq!(heard(&answered, 1, "text"), text, "{size}");
        let thought = heard(&answered, 0, "thinking");
        assert!(
            thought.contains("[EMAIL_") && !thought.contains(MAIL),
            "what was thought is signed: {thought}"
        );
        let input: Value = serde_json::from_str(&heard(&answered, 2, "partial_json")).unwrap();
        assert!(
            input["vraag"]
                .as_str()
                .unwrap()
                .starts_with(&format!("mail {MAIL} \"en\" rekening ")),
            "{input}"
        );
        let kinds: Vec<String> = answered
            .chunks()
            .iter()
            .map(|event| event["type"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(
            (kinds[0].as_str(), kinds.last().unwrap().as_str()),
            ("message_start", "message_stop")
        );
        assert!(answered.body.starts_with("event: message_start\ndata: "));
        assert!(!answered.body.contains("[DONE]"));
        door.check_nothing_leaked(&[MAIL, IBAN]);
    }
}

#[tokio::test]
async fn the_input_of_a_tool_comes_back_as_an_object_with_its_escapes() {
    let door = messages_door(|seen| {
        let input = json!({"naam": said(seen), "diep": [{"n": 1}]});
        whole(&json!([{"type": "tool_use", "id": "toolu_01A09q90qw90lq", "name": "zoek", "input": input}]))
    })
    .await;
    let text = format!("\"{MAIL}\"\nklaar");
    let asked = tools::with_inputs(asked(&text), &["zoek"]);
    let answered = door.message(&asked).await;
    let input = &answered.json()["content"][0]["input"];
    assert_eq!(input, &json!({"naam": text, "diep": [{"n": 1}]}));
}

#[tokio::test]
async fn tokens_are_counted_of_what_would_leave() {
    let door = messages_door(|_| Script::json(200, r#"{"input_tokens": 12}"#)).await;
    let document = asked(&told_of_somebody());
    let answered = door
        .post("/v1/messages/count_tokens", &[], document.to_string())
        .await;
    assert_eq!(
        (answered.status, answered.body.as_str()),
        (StatusCode::OK, r#"{"input_tokens": 12}"#)
    );
    assert!(
        door.provider.seen()[0]
            .head
            .starts_with("POST /v1/messages/count_tokens ")
    );
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn features_that_we_know_are_asked_for_and_no_others() {
    let door = messages_door(|_| whole(&json!([]))).await;
    let body = asked("hoi").to_string();
    for (asked, expected) in [
        (
            "interleaved-thinking-2025-05-14, files-api-2025-04-14,prompt-caching-2024-07-31",
            Some("prompt-caching-2024-07-31,interleaved-thinking-2025-05-14"),
        ),
        ("jan-de-vries-2025-01-01", None),
    ] {
        door.post("/v1/messages", &[("anthropic-beta", asked)], body.clone())
            .await;
        let seen = door.provider.seen();
        assert_eq!(seen.last().unwrap().header("anthropic-beta"), expected);
    }
}

#[tokio::test]
async fn models_are_listed_as_anthropics_clients_read_them() {
    let door = messages_door(|_| whole(&json!([]))).await;
    let request = Request::get("/v1/models")
        .header("x-api-key", key())
        .header("anthropic-version", "2023-06-01");
    let list = door.ask(request.body(Body::empty()).unwrap()).await.json();
    assert_eq!(list["data"][0]["type"], "model");
    assert_eq!(
        (&list["first_id"], &list["has_more"]),
        (&json!("klein"), &json!(false))
    );
}

#[tokio::test]
async fn errors_have_the_shape_that_anthropics_clients_read() {
    let door = messages_door(|_| {
        Script::json(
            529,
            r#"{"type":"error","error":{"type":"overloaded_error","message":"geheim"}}"#,
        )
        .with_header("retry-after", "4")
    })
    .await;
    let cases = [
        (
            json!({"model": "onbekend", "messages": []}),
            404,
            "not_found_error",
        ),
        (json!({"model": "klein"}), 400, "invalid_request_error"),
        (asked("hoi"), 502, "overloaded_error"),
        (
            json!({"model": "klein", "messages": [], "mcp_servers": [{"url": "https://x.nl"}]}),
            400,
            "invalid_request_error",
        ),
    ];
    for (document, status, kind) in cases {
        let answered = door.message(&document).await;
        assert_eq!(answered.status.as_u16(), status, "{}", answered.body);
        assert_eq!(answered.json()["type"], "error");
        assert_eq!(answered.json()["error"]["type"], kind);
        assert!(!answered.body.contains("geheim"));
    }
    assert_eq!(door.provider.seen().len(), 1);

    let keyless = Request::post("/v1/messages").header("anthropic-version", "2023-06-01");
    let answered = door.ask(keyless.body(Body::empty()).unwrap()).await;
    assert_eq!(answered.json()["error"]["type"], "authentication_error");
    let bearer = format!("Bearer {}", key());
    // The same key twice is one key: then it is the provider that refuses.
    for (other, status) in [("wbg_x".to_owned(), 401), (key(), 502)] {
        let both = Request::post("/v1/messages")
            .header("content-type", "application/json")
            .header("x-api-key", other)
            .header("authorization", &bearer);
        let body = Body::from(asked("hoi").to_string());
        let answered = door.ask(both.body(body).unwrap()).await;
        assert_eq!(answered.status.as_u16(), status, "{}", answered.body);
    }
}

#[tokio::test]
async fn a_stream_that_breaks_off_ends_with_an_error_event() {
    for (last, kind) in [
        (Step::Cut, "api_error"),
        (
            Step::Send(event(
                &json!({"type": "error", "error": {"type": "overloaded_error", "message": "geheim"}}),
            )),
            "overloaded_error",
        ),
    ] {
        let mut steps = events(&[("text", "half een antwoord")], 4);
        steps.truncate(4);
        steps.push(last);
        let script = Script::stream(steps);
        let door = messages_door(move |_| script.clone()).await;
        let mut document = asked(&told_of_somebody());
        document["stream"] = json!(true);
        let answered = door.message(&document).await;
        let end = answered.chunks().last().unwrap().clone();
        assert_eq!(
            (&end["type"], &end["error"]["type"]),
            (&json!("error"), &json!(kind)),
            "{}",
            answered.body
        );
        assert!(answered.body.contains("event: error\n") && !answered.body.contains("geheim"));
    }
}

#[tokio::test]
async fn a_model_is_asked_in_a_protocol_that_its_provider_speaks() {
    let door = messages_door(|_| whole(&json!([]))).await;
    let document = json!({"model": "klein", "input": "hoi"});
    let answered = door.post("/v1/embeddings", &[], document.to_string()).await;
    assert_eq!(
        (answered.status, answered.code().as_str()),
        (StatusCode::BAD_REQUEST, "wrong_protocol")
    );
    door.check_nothing_left();
}

#[tokio::test]
async fn an_answer_that_is_a_document_stays_one() {
    let text = format!("Mijn naam is Willem \"Wim\" de Vries, {MAIL}.");
    let format = json!({"type": "json_schema", "schema": {"type": "object"}});
    for member in [
        json!({"output_config": {"format": format}}),
        json!({"output_format": format}),
    ] {
        for streams in [false, true] {
            let door = messages_door(move |seen| {
                // The name has its quotes in the surrogate alone.
                let said = json!({"text": said(seen)}).to_string();
                if streams {
                    Script::stream(events(&[("text", &said)], 3))
                } else {
                    whole(&json!([{"type": "text", "text": said}]))
                }
            })
            .await;
            let mut document = asked(&text);
            document["stream"] = json!(streams);
            let members = member.as_object().unwrap().clone();
            document.as_object_mut().unwrap().extend(members);
            let answered = door.message(&document).await;
            assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
            let said = if streams {
                heard(&answered, 0, "text")
            } else {
                let said = &answered.json()["content"][0]["text"];
                said.as_str().unwrap().to_owned()
            };
            let said: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(said["text"], text);
            door.check_nothing_leaked(&[MAIL, "Wim"]);
        }
    }
}

#[tokio::test]
async fn a_member_that_says_nothing_is_as_good_as_none() {
    let door = messages_door(|_| whole(&json!([]))).await;
    for member in [
        json!({"container": null}),
        json!({"mcp_servers": []}),
        json!({"inference_geo": null}),
    ] {
        let mut document = asked("Hoe laat is het?");
        let members = member.as_object().unwrap().clone();
        document.as_object_mut().unwrap().extend(members);
        let answered = door.message(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    }
    door.provider.forget();
    let mut document = asked("Hoe laat is het?");
    document["container"] = json!([null]);
    let refused = door.message(&document).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.json()["error"]["waarborg"]["param"], "container");
    door.check_nothing_left();
}

#[tokio::test]
async fn an_error_has_the_shape_of_its_address_whatever_the_headers_say() {
    let door = messages_door(|_| whole(&json!([]))).await;
    for (method, path, status, kind) in [
        ("GET", "/v1/messages", 405, "anthropic"),
        ("POST", "/v1/messages/batches/x/y", 404, "anthropic"),
        ("GET", "/api/chat", 405, "ollama"),
        ("GET", "/v1/chat/completions", 405, "openai"),
        ("POST", "/v1/iets", 404, "openai"),
    ] {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {}", key()));
        let answered = door.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answered.status.as_u16(), status, "{path}");
        let error = answered.json();
        let told = match (&error["type"], &error["error"]) {
            (Value::String(kind), Value::Object(_)) if kind == "error" => "anthropic",
            (Value::Null, Value::String(_)) => "ollama",
            (Value::Null, Value::Object(_)) => "openai",
            _ => "another",
        };
        assert_eq!(told, kind, "{path}: {error}");
    }
}
