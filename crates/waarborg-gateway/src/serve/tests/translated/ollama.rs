//! Clients of Ollama before models of OpenAI and of Anthropic.

use super::super::ollama::{heard as heard_in, spoken};
use super::*;

fn chat(text: &str) -> Value {
    let tool: Value = serde_json::from_str(TOOL).unwrap();
    json!({"model": "klein", "messages": [{"role": "user", "content": text}], "tools": [tool], "options": {"num_predict": 64}})
}

/// A model of OpenAI that says what it was told, as text and to a tool.
fn openai(seen: &Seen) -> Script {
    let text = said(seen);
    let arguments = json!({"vraag": text}).to_string();
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    let call = json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": "zoek", "arguments": arguments}});
    if document["stream"] == json!(true) {
        let mut all = chunks_of(&text, 3);
        all.pop();
        all.push(chunk(&json!({"tool_calls": [call]}), &Value::Null));
        all.push(chunk(&json!({}), &json!("tool_calls")));
        all.push(json!({"id": "x", "choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}}).to_string());
        return Script::events(&all, 7);
    }
    let message = json!({"role": "assistant", "content": text, "tool_calls": [call]});
    let choice = json!({"index": 0, "message": message, "finish_reason": "tool_calls"});
    let usage = json!({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18});
    let answer = json!({"id": "chatcmpl-1", "created": 1_795_000_000, "model": "klein", "choices": [choice], "usage": usage});
    Script::json(200, &answer.to_string())
}

/// The same of Anthropic.
fn anthropic(seen: &Seen) -> Script {
    let text = said(seen);
    if seen.text().contains("\"stream\":true") {
        let input = json!({"vraag": text}).to_string();
        return Script::stream(events(&[("text", &text), ("tool_use", &input)], 3));
    }
    whole(&json!([{"type": "text", "text": text},
        {"type": "tool_use", "id": "toolu_01A09q90qw90lq", "name": "zoek", "input": {"vraag": text}}]))
}

fn check_call(message: &Value) {
    let call = &message["tool_calls"][0]["function"];
    assert_eq!(call["name"], "zoek");
    let question = call["arguments"]["vraag"].as_str().unwrap();
    assert!(
        question.contains(MAIL) && question.contains(BSN),
        "{question}"
    );
}

#[tokio::test]
async fn a_client_of_ollama_asks_models_of_others_whole_and_line_by_line() {
    for (door, path) in [
        (door(openai).await, "/v1/chat/completions"),
        (messages_door(anthropic).await, "/v1/messages"),
    ] {
        let mut document = chat(&told_of_somebody());
        document["stream"] = json!(false);
        let answered = door.post("/api/chat", &[], document.to_string()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let answer = answered.json();
        assert_eq!(answer["message"]["content"], told_of_somebody());
        check_call(&answer["message"]);
        assert_eq!(
            (&answer["done"], &answer["model"]),
            (&json!(true), &json!("klein"))
        );
        assert!(answer["eval_count"].as_u64().unwrap() > 0);
        let seen = &door.provider.seen()[0];
        assert!(
            seen.head.starts_with(&format!("POST {path} ")),
            "{}",
            seen.head
        );
        assert!(seen.text().contains(r#""max_tokens":64"#));

        // Who says nothing about it gets a stream.
        let streamed = chat(&told_of_somebody()).to_string();
        let answered = door.post("/api/chat", &[], streamed).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(answered.headers["content-type"], "application/x-ndjson");
        let lines = spoken(&answered);
        assert_eq!(heard_in(&lines, "/message", "content"), told_of_somebody());
        let calling = lines
            .iter()
            .find(|line| line["message"]["tool_calls"].is_array());
        check_call(&calling.unwrap()["message"]);
        let last = lines.last().unwrap();
        assert_eq!(
            (&last["done"], &last["done_reason"]),
            (&json!(true), &json!("stop"))
        );
        assert!(last["eval_count"].as_u64().unwrap() > 0);
        assert!(lines.iter().rev().skip(1).all(|line| line["done"] == false));
        door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    }
}

#[tokio::test]
async fn a_call_that_was_answered_goes_on_with_its_result() {
    let door = messages_door(anthropic).await;
    let call = json!({"function": {"name": "zoek", "arguments": {"vraag": MAIL}}});
    let mut document = chat(&told_of_somebody());
    document["stream"] = json!(false);
    let turns = document["messages"].as_array_mut().unwrap();
    turns.push(json!({"role": "assistant", "content": "", "tool_calls": [call]}));
    turns
        .push(json!({"role": "tool", "tool_name": "zoek", "content": format!("Gevonden: {MAIL}")}));
    door.post("/api/chat", &[], document.to_string()).await;
    let asked: Value = serde_json::from_slice(&door.provider.seen()[0].body).unwrap();
    let (made, result) = (
        &asked["messages"][1]["content"][0],
        &asked["messages"][2]["content"][0],
    );
    assert_eq!(
        (&made["type"], &result["type"]),
        (&json!("tool_use"), &json!("tool_result"))
    );
    assert_eq!(made["id"], result["tool_use_id"]);
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn what_others_cannot_be_asked_is_named_in_the_clients_shape_and_errors_too() {
    let door = messages_door(|_| panic!("nothing is sent")).await;
    let mut document = chat("hoi");
    document["format"] = json!("json");
    let refused = door.post("/api/chat", &[], document.to_string()).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
    let told = refused.json();
    assert!(told["error"].is_string());
    assert_eq!(told["waarborg"]["param"], "format");
    door.check_nothing_left();

    let door = super::super::door(|_| Script::json(429, r#"{"error":{"message":"geheim"}}"#)).await;
    let failed = door.post("/api/chat", &[], chat("hoi").to_string()).await;
    assert_eq!(failed.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(failed.json()["error"].is_string() && !failed.body.contains("geheim"));
}

#[tokio::test]
async fn models_of_others_stand_in_the_list_of_a_client_of_ollama() {
    let door = messages_door(anthropic).await;
    let request = Request::get("/api/tags").header("authorization", format!("Bearer {}", key()));
    let listed = door.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        listed.json()["models"][0]["name"],
        "klein",
        "{}",
        listed.body
    );
}
