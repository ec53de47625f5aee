//! Providers that fail, break off, fall silent or are not who the register says.

use super::*;

#[tokio::test]
async fn a_provider_that_fails_is_told_in_its_own_error_shape_without_its_words() {
    let secret = "interne melding 7";
    let cases: [(Script, StatusCode, &str); 7] = [
        (
            Script::json(500, secret),
            StatusCode::BAD_GATEWAY,
            "provider_refused",
        ),
        (
            Script::json(401, secret),
            StatusCode::BAD_GATEWAY,
            "provider_refused",
        ),
        (
            Script::json(400, secret),
            StatusCode::BAD_REQUEST,
            "provider_refused",
        ),
        (
            Script::json(429, secret).with_header("retry-after", "9"),
            StatusCode::TOO_MANY_REQUESTS,
            "provider_busy",
        ),
        (
            Script::json(200, secret),
            StatusCode::BAD_GATEWAY,
            "provider_broke_off",
        ),
        (
            Script::stream(vec![Step::Hang]).of_type("application/json"),
            StatusCode::GATEWAY_TIMEOUT,
            "provider_timeout",
        ),
        (
            Script::stream(vec![Step::Send(b"{\"choices\":".to_vec()), Step::Cut])
                .of_type("application/json"),
            StatusCode::BAD_GATEWAY,
            "provider_broke_off",
        ),
    ];
    for (script, status, code) in cases {
        let door = door(move |_| script.clone()).await;
        let answered = door.chat(&ask("hallo")).await;
        assert_eq!((answered.status, answered.code().as_str()), (status, code));
        assert!(!answered.body.contains(secret));
        if code == "provider_busy" {
            assert_eq!(answered.headers["retry-after"], "9");
        }
    }
}

#[tokio::test]
async fn the_providers_words_for_programs_come_through_and_its_words_for_people_do_not() {
    let secret = "Jan de Vries, 123456782";
    let error = |kind: &str, code: &str| {
        json!({"error": {"message": secret, "type": kind, "param": "messages", "code": code}})
            .to_string()
    };
    let cases = [
        (
            400,
            "invalid_request_error",
            "context_length_exceeded",
            StatusCode::BAD_REQUEST,
        ),
        (
            429,
            "tokens",
            "rate_limit_exceeded",
            StatusCode::TOO_MANY_REQUESTS,
        ),
        (
            429,
            "insufficient_quota",
            "insufficient_quota",
            StatusCode::TOO_MANY_REQUESTS,
        ),
        (503, "server_error", "overloaded", StatusCode::BAD_GATEWAY),
    ];
    for (status, kind, code, expected) in cases {
        let script = Script::json(status, &error(kind, code)).with_header("retry-after-ms", "1500");
        let door = door(move |_| script.clone()).await;
        let answered = door.chat(&ask("hallo")).await;
        assert_eq!(answered.status, expected);
        let told = &answered.json()["error"];
        assert_eq!(
            (&told["code"], &told["type"], &told["param"]),
            (&json!(code), &json!(kind), &json!("messages"))
        );
        assert!(told["message"].as_str().unwrap().contains(code), "{told}");
        assert!(!answered.body.contains("Vries"));
        assert_eq!(answered.headers["retry-after"], "2");
    }

    // Our key at the provider is not the client's.
    let script = Script::json(401, &error("authentication_error", "invalid_api_key"));
    let door_to_stranger = door(move |_| script.clone()).await;
    let answered = door_to_stranger.chat(&ask("hallo")).await;
    assert_eq!(
        (answered.status, answered.code().as_str()),
        (StatusCode::BAD_GATEWAY, "provider_refused")
    );

    let event = error("server_error", "model_overloaded");
    let begun = crate::sse::data_event(&chunk(&json!({"content": "Dag "}), &Value::Null));
    let script = Script::stream(vec![
        Step::Send(begun),
        Step::Send(crate::sse::data_event(&event)),
    ]);
    let door = door(move |_| script.clone()).await;
    let answered = door.chat(&streamed("hallo")).await;
    assert_eq!(
        answered.chunks().last().unwrap()["error"]["code"],
        "model_overloaded"
    );
    assert!(!answered.body.contains("Vries"));
}

#[tokio::test]
async fn a_stream_that_goes_wrong_ends_with_an_error_and_not_with_done() {
    let good = |text: &str| crate::sse::data_event(&chunk(&json!({"content": text}), &Value::Null));
    let cases: Vec<(&str, Vec<Step>)> = vec![
        ("cut", vec![Step::Send(good("Dag ")), Step::Cut]),
        ("ended without finish", vec![Step::Send(good("Dag "))]),
        ("silent", vec![Step::Send(good("Dag ")), Step::Hang]),
        (
            "not json",
            vec![
                Step::Send(good("Dag ")),
                Step::Send(b"data: <html>\n\n".to_vec()),
            ],
        ),
        (
            "an error",
            vec![
                Step::Send(good("Dag ")),
                Step::Send(b"data: {\"error\":{\"message\":\"geheim\"}}\n\n".to_vec()),
            ],
        ),
        (
            "duplicate keys",
            vec![
                Step::Send(good("Dag ")),
                Step::Send(b"data: {\"choices\":[],\"choices\":[]}\n\n".to_vec()),
            ],
        ),
        (
            "endless",
            vec![Step::Send(good("Dag ")), Step::Send(vec![b'x'; 2 << 20])],
        ),
    ];
    for (name, steps) in cases {
        let script = Script::stream(steps);
        let door = door(move |_| script.clone()).await;
        let answered = door.chat(&streamed(&told_of_somebody())).await;
        assert_eq!(answered.status, StatusCode::OK, "{name}");
        let data = answered.data();
        assert!(
            data.last().unwrap().contains("\"error\""),
            "{name}: {data:?}"
        );
        assert!(
            !answered.body.contains("[DONE]") && !answered.body.contains("geheim"),
            "{name}"
        );
        let words: String = answered
            .chunks()
            .iter()
            .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str())
            .collect();
        assert_eq!(words, "Dag ", "{name}");
    }
}

#[tokio::test]
async fn a_stream_without_done_whose_choices_finished_is_whole() {
    let events: Vec<u8> = chunks_of("Dag", 2)
        .iter()
        .flat_map(|event| crate::sse::data_event(event))
        .collect();
    let door = door(move |_| Script::stream(vec![Step::Send(events.clone())])).await;
    let answered = door.chat(&streamed("hoi")).await;
    assert_eq!(answered.data().last().unwrap(), "[DONE]");
}

#[tokio::test]
async fn a_client_that_goes_away_ends_the_request_to_the_provider() {
    let first = crate::sse::data_event(&chunk(&json!({"content": "Dag "}), &Value::Null));
    let door = door(move |_| {
        Script::stream(vec![
            Step::Send(first.clone()),
            Step::Wait(Duration::from_secs(30)),
        ])
    })
    .await;
    let request = Request::post("/v1/chat/completions")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", key()))
        .body(Body::from(streamed("hoi").to_string()))
        .unwrap();
    let mut body = door
        .router
        .clone()
        .oneshot(request)
        .await
        .unwrap()
        .into_body();
    assert!(body.frame().await.unwrap().is_ok());
    drop(body);
    for _ in 0..200 {
        if door.provider.n_cancelled() == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the provider still sends");
}

#[tokio::test]
async fn a_provider_at_another_address_than_the_register_names_gets_nothing() {
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let openai = OpenAi::new(&provider.base_url(), None, SHORT).unwrap();
    let (house, switches) = house(
        "https://elders.voorbeeld.nl/v1",
        "pseudonymise",
        Box::new(openai),
    );
    let door = Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    };
    assert_eq!(
        door.chat(&ask("hallo")).await.code(),
        "provider_unreachable"
    );
    door.check_nothing_left();
}

#[tokio::test]
async fn a_provider_that_thinks_long_does_not_leave_the_client_without_a_sign() {
    let limits = DoorLimits {
        heartbeat: Duration::from_millis(20),
        ..DoorLimits::default()
    };
    let mut steps = vec![Step::Wait(Duration::from_millis(150))];
    steps.extend(
        chunks_of(&told_of_somebody(), 4)
            .iter()
            .map(|event| Step::Send(crate::sse::data_event(event))),
    );
    steps.push(Step::Send(b"data: [DONE]\n\n".to_vec()));
    let door = door_with("pseudonymise", limits, move |_| {
        Script::stream(steps.clone())
    })
    .await;
    let answered = door.chat(&streamed("hoi")).await;
    assert!(answered.body.starts_with(": \n\n"), "{}", answered.body);
    assert_eq!(answered.text(), told_of_somebody());
    assert_eq!(answered.data().last().unwrap(), "[DONE]");
}

#[tokio::test]
async fn a_stream_that_ends_before_it_says_a_word_is_a_failure_of_the_provider() {
    let door = door(|_| Script::stream(vec![Step::Send(crate::sse::data_event("[DONE]"))])).await;
    let answered = door.chat(&streamed("hoi")).await;
    assert_eq!(answered.status, StatusCode::BAD_GATEWAY);
    assert!(
        answered.code().starts_with("provider_"),
        "{}",
        answered.body
    );
}
