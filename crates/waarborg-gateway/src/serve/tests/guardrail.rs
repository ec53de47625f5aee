//! The questions of other gateways: what may leave in place of what they have, and the way back.

use super::*;

const LITELLM: &str = "/compat/litellm/beta/litellm_basic_guardrail_api";
const PORTKEY: &str = "/compat/portkey";

/// As LiteLLM asks before it sends.
fn before(messages: &Value) -> Value {
    let texts: Vec<&Value> = messages
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|message| message.get("content").filter(|content| content.is_string()))
        .collect();
    json!({"input_type": "request", "litellm_call_id": "een", "litellm_trace_id": null, "model": "klein", "texts": texts,
        "structured_messages": messages, "images": null, "tools": null, "tool_calls": null, "litellm_version": "1.106.2",
        "request_data": {"user_api_key_user_email": MAIL}, "request_headers": {"host": "x"}})
}

fn after(id: &str, texts: &Value) -> Value {
    json!({"input_type": "response", "litellm_call_id": id, "model": "klein", "texts": texts, "request_data": {}})
}

async fn asked(door: &Door, path: &str, document: &Value) -> Value {
    let answered = door.post(path, &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    answered.json()
}

#[tokio::test]
async fn litellm_gets_surrogates_for_its_texts_and_the_values_for_the_answer() {
    let door = door(echo).await;
    let messages = json!([{"role": "system", "content": "Je helpt."}, {"role": "user", "content": told_of_somebody()}]);
    let answer = asked(&door, LITELLM, &before(&messages)).await;
    assert_eq!(answer["action"], "GUARDRAIL_INTERVENED");
    assert_eq!(answer["texts"][0], "Je helpt.");
    let said = answer["texts"][1].as_str().unwrap().to_owned();
    for value in [BSN, MAIL, IBAN] {
        assert!(!answer.to_string().contains(value), "{answer}");
    }
    assert!(answer.get("structured_messages").is_none(), "{answer}");

    let back = asked(&door, LITELLM, &after("een", &json!([said, "niets"]))).await;
    assert_eq!(back["texts"], json!([told_of_somebody(), "niets"]));
    // Half a surrogate at the end of what came until now must wait.
    let (sure, surrogate) = said.rsplit_once('[').unwrap();
    let cut = format!("{sure}[{}", surrogate.chars().take(2).collect::<String>());
    let back = asked(&door, LITELLM, &after("een", &json!([cut]))).await;
    assert_eq!(back["stream_holdback_chars"], json!([3]), "{back}");
    // Another call, and another key, get nothing back.
    let other = asked(&door, LITELLM, &after("twee", &json!([said]))).await;
    assert_eq!(other, json!({"action": "NONE"}));
    // The metadata of LiteLLM does not leave, and so says nothing about what leaves.
    let nothing = asked(
        &door,
        LITELLM,
        &before(&json!([{"role": "user", "content": "Hoi!"}])),
    )
    .await;
    assert_eq!(nothing, json!({"action": "NONE"}));

    let entries = door.switches.entries.lock().unwrap();
    assert_eq!(
        entries.len(),
        2,
        "what is cleared stands in the log as sent"
    );
    drop(entries);
    door.check_nothing_left();
}

#[tokio::test]
async fn litellm_gets_whole_messages_where_the_texts_are_not_enough() {
    let door = door(echo).await;
    let call = json!({"id": "call_1", "type": "function", "function": {"name": "zoek", "arguments": json!({"mail": MAIL}).to_string()}});
    let messages = json!([{"role": "user", "content": "Zoek mij."}, {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": format!("BSN {BSN}")}]);
    let mut document = before(&messages);
    // LiteLLM writes the same call with its members in another order, and one more that is empty.
    let function = json!({"arguments": call["function"]["arguments"], "name": "zoek"});
    document["tool_calls"] =
        json!([{"function": function, "type": "function", "id": "call_1", "index": null}]);
    let tool = json!({"type": "function", "function": {"name": "zoek", "description": format!("Zoekt {MAIL}"), "parameters": {}}});
    document["tools"] = json!([tool]);
    let answer = asked(&door, LITELLM, &document).await;
    assert!(
        !answer.to_string().contains(MAIL) && !answer.to_string().contains(BSN),
        "{answer}"
    );
    assert_eq!(answer["structured_messages"].as_array().unwrap().len(), 3);
    assert_eq!(answer["tools"][0]["function"]["name"], "zoek");

    // What cannot be given back does not leave.
    document["litellm_version"] = json!("1.80.2");
    let old = asked(&door, LITELLM, &document).await;
    assert_eq!(
        (&old["action"], &old["code"]),
        (&json!("BLOCKED"), &json!("unsupported_field"))
    );
    document["structured_messages"] = Value::Null;
    let alone = asked(&door, LITELLM, &document).await;
    assert_eq!(alone["action"], "BLOCKED", "{alone}");

    // Nor does a call that stands in no message.
    let mut document = before(&json!([{"role": "user", "content": "Hoi"}]));
    document["tool_calls"] = json!([call]);
    let apart = asked(&door, LITELLM, &document).await;
    assert_eq!(apart["action"], "BLOCKED", "{apart}");
    document["tool_calls"][0]["function"]["arguments"] = json!("{}");
    let harmless = asked(&door, LITELLM, &document).await;
    assert_eq!(harmless, json!({"action": "NONE"}));

    // Texts that stand in no message are looked into by themselves.
    let mut document = before(&json!([{"role": "user", "content": "Hoi"}]));
    document["texts"] = json!([format!("Mail naar {MAIL}")]);
    let answer = asked(&door, LITELLM, &document).await;
    assert!(!answer.to_string().contains(MAIL), "{answer}");
    assert_eq!(answer["texts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_litellm_may_not_send_is_blocked_and_never_only_an_error() {
    let strict = door_with("strict", DoorLimits::default(), echo).await;
    let messages = json!([{"role": "user", "content": told_of_somebody()}]);
    let answer = asked(&strict, LITELLM, &before(&messages)).await;
    assert_eq!(answer["action"], "BLOCKED");
    let reason = answer["blocked_reason"].as_str().unwrap();
    assert!(
        reason.contains("naar Model mogen") && !reason.contains(BSN),
        "{reason}"
    );

    let door = door(echo).await;
    let picture = json!([{"role": "user", "content": [{"type": "text", "text": "Wie is dit?"}, {"type": "image_url", "image_url": {"url": "https://x.nl/a.png"}}]}]);
    let mut other = before(&messages);
    other["model"] = json!("onbekend");
    let mut unnamed = before(&messages);
    unnamed["model"] = Value::Null;
    let mut images = before(&messages);
    images["images"] = json!(["https://x.nl/a.png"]);
    for document in [
        before(&picture),
        other.clone(),
        unnamed,
        images,
        json!({"texts": []}),
        json!({"input_type": "request", "model": "klein", "texts": [7]}),
    ] {
        let answer = asked(&door, LITELLM, &document).await;
        assert_eq!(answer["action"], "BLOCKED", "{document}");
        assert!(!answer["blocked_reason"].as_str().unwrap().is_empty());
    }
    for broken in [
        "",
        "{",
        "[]",
        "7",
        r#"{"texts":[],"texts":[]}"#,
        r#"{"texts":["\ud800"]}"#,
    ] {
        let answered = door.post(LITELLM, &[], broken).await;
        assert_eq!(
            (answered.status, &answered.json()["action"]),
            (StatusCode::OK, &json!("BLOCKED")),
            "{broken}"
        );
    }
    // The address may name one of our models where LiteLLM has names of its own.
    let named = asked(
        &door,
        "/compat/litellm/klein/beta/litellm_basic_guardrail_api",
        &other,
    )
    .await;
    assert_eq!(named["action"], "GUARDRAIL_INTERVENED", "{named}");
    for switch in [
        &door.switches.is_finder_broken,
        &door.switches.does_finder_panic,
        &door.switches.is_log_broken,
    ] {
        switch.store(true, Ordering::Relaxed);
        let answer = asked(&door, LITELLM, &before(&messages)).await;
        assert_eq!(
            (&answer["action"], &answer["code"]),
            (&json!("BLOCKED"), &json!("unavailable"))
        );
        switch.store(false, Ordering::Relaxed);
    }
    let stranger = [("authorization", "Bearer wbg_fout")];
    let answered = door
        .post(LITELLM, &stranger, before(&messages).to_string())
        .await;
    assert_eq!(answered.status, StatusCode::UNAUTHORIZED);
    door.check_nothing_left();
}

fn portkey(kind: &str, event: &str, request: &Value, response: &Value) -> Value {
    let said = response["choices"][0]["message"]["content"]
        .as_str()
        .unwrap_or_default();
    json!({"request": {"json": request, "text": "", "isStreamingRequest": false, "isTransformed": false},
        "response": {"json": response, "text": said, "statusCode": null}, "provider": "openai", "requestType": kind,
        "metadata": {"_user": MAIL}, "eventType": event})
}

#[tokio::test]
async fn portkey_gets_surrogates_for_the_request_and_the_values_for_the_answer() {
    let door = door(echo).await;
    let request = json!({"model": "klein", "messages": [{"role": "user", "content": told_of_somebody()}], "temperature": 0.3});
    let question = portkey("chatComplete", "beforeRequestHook", &request, &json!({}));
    let answer = asked(&door, PORTKEY, &question).await;
    assert_eq!(answer["verdict"], true);
    let cleared = &answer["transformedData"]["request"]["json"];
    assert_eq!(
        (&cleared["model"], &cleared["temperature"]),
        (&json!("klein"), &json!(0.3))
    );
    for value in [BSN, MAIL, IBAN] {
        assert!(!answer.to_string().contains(value), "{answer}");
    }
    let said = cleared["messages"][0]["content"].as_str().unwrap();
    let response = json!({"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}], "usage": {"total_tokens": 3}});
    let question = portkey("chatComplete", "afterRequestHook", cleared, &response);
    let back = asked(&door, PORTKEY, &question).await;
    let restored = &back["transformedData"]["response"];
    assert_eq!(
        restored["json"]["choices"][0]["message"]["content"],
        told_of_somebody()
    );
    assert_eq!(restored["text"], told_of_somebody());
    assert_eq!(restored["json"]["usage"], json!({"total_tokens": 3}));

    for (kind, field) in [
        ("complete", "prompt"),
        ("embed", "input"),
        ("createModelResponse", "input"),
    ] {
        let mut request = json!({"model": "gpt-9"});
        request[field] = json!(told_of_somebody());
        let question = portkey(kind, "beforeRequestHook", &request, &json!({}));
        let answer = asked(&door, "/compat/portkey/klein", &question).await;
        assert_eq!(answer["verdict"], true, "{answer}");
        assert_eq!(
            answer["transformedData"]["request"]["json"]["model"],
            "gpt-9"
        );
        assert!(!answer.to_string().contains(BSN), "{answer}");
    }
    let plain = json!({"model": "klein", "messages": [{"role": "user", "content": "Hoi!"}]});
    let question = portkey("chatComplete", "beforeRequestHook", &plain, &json!({}));
    assert_eq!(
        asked(&door, PORTKEY, &question).await,
        json!({"verdict": true})
    );
    door.check_nothing_left();
}

#[tokio::test]
async fn portkey_always_gets_a_verdict_because_it_takes_an_error_for_a_yes() {
    let door = door_with("strict", DoorLimits::default(), echo).await;
    let request =
        json!({"model": "klein", "messages": [{"role": "user", "content": told_of_somebody()}]});
    let question = |kind: &str, event: &str, request: &Value| {
        portkey(kind, event, request, &json!({})).to_string()
    };
    let mut unknown = request.clone();
    unknown["model"] = json!("onbekend");
    let key = format!("Bearer {}", key());
    let plain = json!({"model": "klein", "messages": [{"role": "user", "content": "Hoi!"}]});
    let cases = [
        (
            key.as_str(),
            question("chatComplete", "beforeRequestHook", &request),
        ),
        (
            &key,
            question("chatComplete", "beforeRequestHook", &unknown),
        ),
        (
            &key,
            question("createTranscription", "beforeRequestHook", &plain),
        ),
        (&key, question("chatComplete", "onderweg", &plain)),
        (
            &key,
            question("chatComplete", "beforeRequestHook", &json!("tekst")),
        ),
        (
            &key,
            question("chatComplete", "afterRequestHook", &json!(7)),
        ),
        (&key, "{".to_owned()),
        (&key, "[]".to_owned()),
        (
            "Bearer wbg_fout",
            question("chatComplete", "beforeRequestHook", &plain),
        ),
    ];
    for (bearer, body) in cases {
        let answered = door
            .post(PORTKEY, &[("authorization", bearer)], body.clone())
            .await;
        assert_eq!(answered.status, StatusCode::OK, "{body}");
        let answer = answered.json();
        if body.contains("afterRequestHook") {
            continue;
        }
        assert_eq!(answer["verdict"], false, "{body} {answer}");
        assert!(!answer["data"]["reason"].as_str().unwrap().is_empty());
        assert!(answer.get("transformedData").is_none() && !answer.to_string().contains(BSN));
    }
    let wrong_type = [("content-type", "text/plain")];
    let answered = door
        .ask(
            Request::post(PORTKEY)
                .header(wrong_type[0].0, wrong_type[0].1)
                .header("authorization", &key)
                .body(Body::from("hoi"))
                .unwrap(),
        )
        .await;
    assert_eq!(
        (answered.status, &answered.json()["verdict"]),
        (StatusCode::OK, &json!(false))
    );
    door.check_nothing_left();
}

#[tokio::test]
async fn nothing_is_held_for_who_wants_nothing_kept() {
    let door = door(echo).await;
    let question = before(&json!([{"role": "user", "content": told_of_somebody()}]));
    let headers = [("x-waarborg-no-store", "true")];
    let answer = door
        .post(LITELLM, &headers, question.to_string())
        .await
        .json();
    let back = asked(&door, LITELLM, &after("een", &answer["texts"])).await;
    assert_eq!(back, json!({"action": "NONE"}));
    assert!(!back.to_string().contains(BSN));
}
