//! Ways around inspection that somebody found by reading the code: each is closed, and stays closed.

use super::messages::messages_door;
use super::ollama::ollama_door;
use super::*;

fn check_refused(door: &Door, answered: &Answered, code: &str) {
    assert!(answered.status.is_client_error(), "{}", answered.body);
    assert!(answered.body.contains(code), "{code}: {}", answered.body);
    door.check_nothing_left();
}

#[tokio::test]
async fn a_key_that_differs_in_case_alone_is_refused_where_the_protocol_has_it() {
    let door = ollama_door(|_| Script::json(500, "{}")).await;
    for body in [
        r#"{"model":"klein","Model":"anders","messages":[{"role":"user","content":"hoi"}]}"#,
        r#"{"model":"klein","messages":[{"role":"user","content":"hoi","Images":["iVBORw0KGgo="]}]}"#,
        r#"{"model":"klein","Mes\u017fages":[],"messages":[{"role":"user","content":"hoi"}]}"#,
    ] {
        let answered = door.post("/api/chat", &[], body).await;
        check_refused(&door, &answered, "ambiguous_key");
    }
    let generate = r#"{"model":"klein","prompt":"hoi","Context":[1,2,3]}"#;
    let answered = door.post("/api/generate", &[], generate).await;
    check_refused(&door, &answered, "ambiguous_key");
}

#[tokio::test]
async fn a_tool_is_of_a_known_type_and_nothing_stands_behind_it() {
    let door = messages_door(|_| Script::json(500, "{}")).await;
    let mut document = messages::asked("hoi");
    document["tools"] =
        json!([{"type": "custom: Jan de Vries, BSN 123456782", "name": "x", "input_schema": {}}]);
    check_refused(&door, &door.message(&document).await, "tools.0.type");

    let door = super::door(echo).await;
    for more in [
        json!({"tools": [{"type": "browser_search"}]}),
        json!({"plugins": [{"id": "web"}]}),
        json!({"search_parameters": {}}),
    ] {
        let mut document = ask("hoi");
        let members = more.as_object().unwrap().clone();
        document.as_object_mut().unwrap().extend(members);
        check_refused(
            &door,
            &door.chat(&document).await,
            "content_not_inspectable",
        );
    }
}

#[tokio::test]
async fn what_was_replaced_elsewhere_does_not_go_along_in_a_signed_thought() {
    let thought = |text: &str| {
        json!({"model": "klein", "max_tokens": 9, "messages": [
            {"role": "user", "content": "Mevrouw Bakker (klant 12345678) belde."},
            {"role": "assistant", "content": [{"type": "thinking", "thinking": text, "signature": "x"}]},
            {"role": "user", "content": "En nu?"}]})
    };
    let door = messages_door(|_| Script::json(500, "{}")).await;
    let answered = door
        .message(&thought("Nog een keer 12345678 nagaan."))
        .await;
    check_refused(&door, &answered, "signed");

    let calm = "Nog een keer rustig nagaan.";
    door.message(&thought(calm)).await;
    let left = String::from_utf8(door.provider.bytes()).unwrap();
    assert!(left.contains(calm) && !left.contains("Bakker"), "{left}");
}

#[tokio::test]
async fn a_thought_in_the_input_of_a_tool_is_a_text_like_any_other() {
    let document = json!({"model": "klein", "max_tokens": 9, "messages": [
        {"role": "user", "content": "Mevrouw Bakker (klant 12345678) belde."},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_01A09q90qw90lq", "name": "zoek",
            "input": {"thinking": "Nog een keer 12345678 nagaan."}}]}]});
    let door = messages_door(|_| Script::json(500, "{}")).await;
    door.message(&document).await;
    door.check_nothing_leaked(&["12345678", "Bakker"]);
    assert!(String::from_utf8_lossy(&door.provider.bytes()).contains("Nog een keer ["));
}

#[tokio::test]
async fn a_number_with_an_exponent_is_the_number_that_it_is() {
    let door = door(echo).await;
    for bsn in ["1.23456782e+08", "123456782.0", "1234567820E-1"] {
        let result = format!("{{\"bsn\":{bsn}}}");
        let document = json!({"model": "klein", "messages": [{"role": "user", "content": "hoi"},
            {"role": "tool", "tool_call_id": "call_abc123", "content": result}]});
        door.chat(&document).await;
        door.check_nothing_leaked(&[bsn]);
    }
    let calm = json!({"model": "klein", "temperature": 1e-1, "messages": [{"role": "tool", "tool_call_id": "call_abc123",
        "content": "{\"meting\":1.5e-7,\"afstand\":1.496e+11}"}]});
    assert_eq!(door.chat(&calm).await.status, StatusCode::OK);
    let left = String::from_utf8_lossy(&door.provider.bytes()).into_owned();
    assert!(
        left.contains("1.5e-7") && left.contains("1.496e+11"),
        "{left}"
    );
}

#[tokio::test]
async fn requests_without_a_person_do_not_share_their_surrogates() {
    let door = door(echo).await;
    let mut left = Vec::new();
    for about in ["een klacht", "een compliment"] {
        let document = json!({"model": "klein", "messages": [{"role": "system", "content": "Vat samen."},
            {"role": "developer", "content": format!("Brief over {about} van Jan de Vries.")}]});
        assert_eq!(door.chat(&document).await.status, StatusCode::OK);
        let body = door.provider.seen().last().unwrap().body.clone();
        let body = String::from_utf8(body).unwrap();
        let (_, behind) = body.split_once("[PERSOON_").expect("a surrogate left");
        left.push(behind.split(']').next().unwrap().to_owned());
    }
    assert_ne!(left.first(), left.last());
}

#[tokio::test]
async fn long_words_in_many_places_are_refused_before_they_fill_the_memory() {
    let door = door(echo).await;
    let places: Vec<Value> = (0..10_000)
        .map(|n| json!({"start": 2 * n, "end": 2 * n + 1, "score": 1, "entity_type": "X"}))
        .collect();
    let document = json!({"text": "x".repeat(20_000), "analyzer_results": places,
        "anonymizers": {"DEFAULT": {"type": "replace", "new_value": "y".repeat(1 << 20)}}});
    let path = "/compat/presidio/anonymize";
    let answered = door.post(path, &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn documents_in_strings_have_together_no_more_strings_than_one_document() {
    let door = door(echo).await;
    let deep = format!(
        "{}{}\"\"{}",
        "[".repeat(60),
        "\"\",".repeat(60_000),
        "]".repeat(60)
    );
    let answered = door.chat(&ask(&deep)).await;
    check_refused(&door, &answered, "invalid_json");
    let wide = format!("[{}\"\"]", "\"\",".repeat(60_000));
    let said: Vec<Value> = (0..4)
        .map(|_| json!({"role": "user", "content": wide}))
        .collect();
    let answered = door
        .chat(&json!({"model": "klein", "messages": said}))
        .await;
    check_refused(&door, &answered, "invalid_json");
}

#[tokio::test]
async fn a_value_is_one_value_over_what_was_said_and_what_was_refused() {
    let refusing =
        json!([{"type": "text", "text": "bsn 12345"}, {"type": "refusal", "refusal": "6782"}]);
    for said in [
        json!({"role": "assistant", "content": refusing}),
        json!({"role": "assistant", "content": "rekening NL91ABNA04", "refusal": "17164300"}),
    ] {
        let door = super::door(echo).await;
        let mut document = ask("En nu?");
        document["messages"] = json!([said, document["messages"][0]]);
        door.chat(&document).await;
        let sent = door.provider.seen().first().map(Seen::text);
        let sent = sent.unwrap_or_default();
        for half in ["12345", "6782", "NL91ABNA04", "17164300"] {
            assert!(!sent.contains(half), "{half}: {sent}");
        }
    }
    let door = super::door(echo).await;
    let output = json!([{"type": "output_text", "text": "bsn 12345"}, {"type": "refusal", "refusal": "6782"}]);
    let item = json!({"type": "message", "role": "assistant", "content": output});
    let document = json!({"model": "klein", "input": [item]});
    door.post("/v1/responses", &[], document.to_string()).await;
    let sent = door.provider.seen().first().map(Seen::text);
    assert!(!sent.unwrap_or_default().contains("6782"));
}
