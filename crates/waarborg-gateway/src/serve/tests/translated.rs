//! Clients of one format before providers of the other: what leaves, and what comes back.

use super::messages::{asked, events, heard, messages_door, whole};
use super::*;

mod dialects;
mod ollama;
mod responses;

/// All that the request says, as text.
fn said(seen: &Seen) -> String {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    let content = &document["messages"].as_array().unwrap().last().unwrap()["content"];
    content
        .as_str()
        .or_else(|| content[0]["text"].as_str())
        .unwrap_or_default()
        .to_owned()
}

const TOOL: &str = r#"{"type": "function", "function": {"name": "zoek", "parameters": {"type": "object", "properties": {"vraag": {"type": "string"}}}}}"#;

fn with_tool(mut document: Value) -> Value {
    document["tools"] = json!([serde_json::from_str::<Value>(TOOL).unwrap()]);
    document
}

#[tokio::test]
async fn a_client_of_openai_asks_a_model_of_anthropic() {
    let door = messages_door(|seen| {
        let text = said(seen);
        whole(&json!([{"type": "thinking", "thinking": text, "signature": "x"}, {"type": "text", "text": text},
            {"type": "tool_use", "id": "toolu_01A09q90qw90lq", "name": "zoek", "input": {"vraag": text}}]))
    })
    .await;
    let answered = door.chat(&with_tool(ask(&told_of_somebody()))).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let completion = answered.json();
    let message = &completion["choices"][0]["message"];
    assert_eq!(completion["object"], "chat.completion");
    assert_eq!(message["content"], told_of_somebody());
    assert_eq!(message["reasoning_content"], told_of_somebody());
    let arguments = message["tool_calls"][0]["function"]["arguments"]
        .as_str()
        .unwrap();
    let arguments: Value = serde_json::from_str(arguments).unwrap();
    let question = arguments["vraag"].as_str().unwrap();
    assert!(
        question.contains(MAIL) && question.contains(BSN),
        "{question}"
    );
    assert_eq!(
        completion["usage"],
        json!({"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8, "prompt_tokens_details": {"cached_tokens": 0}})
    );
    let seen = &door.provider.seen()[0];
    assert!(seen.head.starts_with("POST /v1/messages "), "{}", seen.head);
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_stream_of_anthropic_reaches_a_client_of_openai_under_every_split() {
    for size in [1, 3, 200] {
        let door = messages_door(move |seen| {
            let text = said(seen);
            let input = json!({"vraag": text}).to_string();
            Script::stream(events(
                &[("thinking", &text), ("text", &text), ("tool_use", &input)],
                size,
            ))
        })
        .await;
        let mut document = with_tool(streamed(&told_of_somebody()));
        document["stream_options"] = json!({"include_usage": true});
        let answered = door.chat(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(answered.text(), told_of_somebody(), "{size}");
        let chunks = answered.chunks();
        let joined = |place: &str| -> String {
            chunks
                .iter()
                .filter_map(|chunk| chunk.pointer(place)?.as_str())
                .collect()
        };
        assert_eq!(
            joined("/choices/0/delta/reasoning_content"),
            told_of_somebody()
        );
        let arguments = joined("/choices/0/delta/tool_calls/0/function/arguments");
        let arguments: Value = serde_json::from_str(&arguments).unwrap();
        assert!(arguments["vraag"].as_str().unwrap().contains(MAIL));
        assert_eq!(joined("/choices/0/finish_reason"), "stop");
        assert_eq!(chunks.last().unwrap()["usage"]["total_tokens"], 12);
        assert_eq!(answered.data().last().unwrap(), "[DONE]");
        door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    }
}

/// What asks for any JSON object in each format, and where it comes back.
fn asking_for_json(streams: bool) -> [(&'static str, Value, &'static str); 3] {
    let text = format!("Geef JSON. {}", told_of_somebody());
    let turns = json!([{"role": "user", "content": text}]);
    [
        (
            "/v1/chat/completions",
            json!({"model": "klein", "messages": turns, "stream": streams, "response_format": {"type": "json_object"}}),
            "/choices/0/{}/content",
        ),
        (
            "/v1/responses",
            json!({"model": "klein", "input": turns, "stream": streams, "text": {"format": {"type": "json_object"}}}),
            "/output/0/content/0/text",
        ),
        (
            "/api/chat",
            json!({"model": "klein", "messages": turns, "stream": streams, "format": "json"}),
            "/message/content",
        ),
    ]
}

#[tokio::test]
async fn any_json_object_is_asked_of_a_model_of_anthropic_and_comes_back_as_the_content() {
    for streams in [false, true] {
        for (path, document, place) in asking_for_json(streams) {
            let door = messages_door(move |seen| {
                let asked: Value = serde_json::from_slice(&seen.body).unwrap();
                assert_eq!(asked["tool_choice"]["name"], "answer");
                assert_eq!(asked["tools"].as_array().unwrap().len(), 1);
                let input = json!({"wie": said(seen), "n": 1});
                let call = json!({"type": "tool_use", "id": "toolu_1", "name": "answer", "input": input});
                if !streams {
                    return whole(&json!([{"type": "text", "text": "Even kijken."}, call]));
                }
                let mut begun = json!({"type": "tool_use", "id": "toolu_1", "name": "answer"});
                begun["input"] = json!({});
                let mut all = vec![
                    json!({"type": "message_start", "message": {"id": "msg_1", "model": "x", "usage": {"input_tokens": 3, "output_tokens": 1}}}),
                    json!({"type": "content_block_start", "index": 0, "content_block": begun}),
                ];
                all.extend(generated::cut(&input.to_string(), 5).iter().map(|piece| {
                    let delta = json!({"type": "input_json_delta", "partial_json": piece});
                    json!({"type": "content_block_delta", "index": 0, "delta": delta})
                }));
                all.push(json!({"type": "content_block_stop", "index": 0}));
                all.push(json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 9}}));
                all.push(json!({"type": "message_stop"}));
                let steps = all.iter().map(|event| {
                    let mut out = Vec::new();
                    crate::sse::write_event(event["type"].as_str(), &event.to_string(), &mut out);
                    Step::Send(out)
                });
                Script::stream(steps.collect())
            })
            .await;
            let answered = door.post(path, &[], document.to_string()).await;
            assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
            let content: String = if !streams {
                let place = place.replace("{}", "message");
                answered
                    .json()
                    .pointer(&place)
                    .unwrap()
                    .as_str()
                    .unwrap()
                    .to_owned()
            } else if path == "/v1/responses" {
                let last = answered.chunks().pop().unwrap();
                let content = last["response"].pointer(place).unwrap();
                content.as_str().unwrap().to_owned()
            } else {
                let lines: Vec<Value> = if path == "/api/chat" {
                    let lines = answered.body.lines();
                    lines
                        .map(|line| serde_json::from_str(line).unwrap())
                        .collect()
                } else {
                    answered.chunks()
                };
                let place = place.replace("{}", "delta");
                let pieces = lines
                    .iter()
                    .filter_map(|line| line.pointer(&place)?.as_str());
                pieces.collect()
            };
            let read: Value = serde_json::from_str(&content).unwrap();
            let text = format!("Geef JSON. {}", told_of_somebody());
            assert_eq!(read, json!({"wie": text, "n": 1}), "{path} {streams}");
            assert!(!answered.body.contains("toolu_1"), "{}", answered.body);
            door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
        }
    }
    // Beside tools of the client's own it has no counterpart.
    let door = messages_door(|_| panic!("nothing is sent")).await;
    let mut document = with_tool(ask("hoi"));
    document["response_format"] = json!({"type": "json_object"});
    let refused = door.chat(&document).await;
    assert_eq!(refused.code(), "unsupported_field", "{}", refused.body);
    assert_eq!(refused.json()["error"]["param"], "response_format");
    door.check_nothing_left();
}

#[tokio::test]
async fn what_an_open_model_thought_is_told_to_a_client_of_anthropic_that_asked_for_it() {
    for streams in [false, true] {
        let door = door(move |seen| {
            let thought = said(seen);
            if streams {
                let mut all = vec![chunk(&json!({"reasoning_content": thought}), &Value::Null)];
                all.extend(chunks_of("Dag", 2));
                return Script::events(&all, 9);
            }
            let message = json!({"role": "assistant", "reasoning": thought, "content": "Dag"});
            let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
            Script::json(200, &json!({"id": "x", "choices": [choice]}).to_string())
        })
        .await;
        let mut document = asked(&told_of_somebody());
        document["stream"] = json!(streams);
        let unasked = door.message(&document).await;
        assert_eq!(unasked.status, StatusCode::OK, "{}", unasked.body);
        assert!(!unasked.body.contains("thinking"), "{}", unasked.body);
        document["thinking"] = json!({"type": "enabled", "budget_tokens": 1024});
        let answered = door.message(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let (thought, text) = if streams {
            (heard(&answered, 0, "thinking"), heard(&answered, 1, "text"))
        } else {
            let content = &answered.json()["content"];
            assert_eq!(content[0]["signature"], "");
            let said = |at: usize, field: &str| content[at][field].as_str().unwrap().to_owned();
            (said(0, "thinking"), said(1, "text"))
        };
        assert_eq!(text, "Dag");
        // As any thought in this format it stays as its model wrote it.
        assert!(
            thought.contains("[EMAIL_") && !thought.contains(MAIL),
            "{thought}"
        );
        // The next turn has it along, and its model gets none back.
        let thought = json!({"type": "thinking", "thinking": thought, "signature": ""});
        let turns = document["messages"].as_array_mut().unwrap();
        turns.push(
            json!({"role": "assistant", "content": [thought, {"type": "text", "text": "Dag"}]}),
        );
        turns.push(json!({"role": "user", "content": "En nu?"}));
        let answered = door.message(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let sent = door.provider.seen().pop().unwrap();
        assert!(!sent.text().contains("thinking"), "{}", sent.text());
        door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    }
}

#[tokio::test]
async fn errors_of_anthropic_reach_a_client_of_openai_in_its_own_shape() {
    let door = messages_door(|seen| {
        if seen.text().contains("\"stream\":true") {
            let mut steps = events(&[("text", "half een antwoord")], 4);
            steps.truncate(4);
            steps.push(Step::Cut);
            return Script::stream(steps);
        }
        Script::json(
            429,
            r#"{"type":"error","error":{"type":"rate_limit_error","message":"geheim"}}"#,
        )
        .with_header("retry-after", "4")
    })
    .await;
    let answered = door.chat(&ask("hoi")).await;
    assert_eq!(answered.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answered.json()["error"]["type"], "rate_limit_error");
    assert_eq!(answered.headers["retry-after"], "4");
    let broken = door.chat(&streamed("hoi")).await;
    assert_eq!(
        broken.chunks().last().unwrap()["error"]["code"],
        "provider_broke_off"
    );
    assert!(!broken.body.contains("[DONE]") && !answered.body.contains("geheim"));

    let mut twice = ask("hoi");
    twice["n"] = json!(2);
    let answered = door.chat(&twice).await;
    assert_eq!(
        (answered.status.as_u16(), answered.code().as_str()),
        (400, "unsupported_field")
    );
    assert_eq!(answered.json()["error"]["param"], "n");
    assert_eq!(door.provider.seen().len(), 2);
}

#[tokio::test]
async fn a_client_of_anthropic_asks_a_model_of_openai() {
    let door = door(|seen| {
        let arguments = json!({"vraag": said(seen)}).to_string();
        let call = json!({"id": "call_1", "type": "function", "function": {"name": "zoek", "arguments": arguments}});
        let message = json!({"role": "assistant", "content": said(seen), "tool_calls": [call]});
        let choice = json!({"index": 0, "message": message, "finish_reason": "tool_calls"});
        let usage = json!({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18});
        Script::json(200, &json!({"id": "chatcmpl-1", "model": "klein", "choices": [choice], "usage": usage}).to_string())
    })
    .await;
    let mut document = asked(&told_of_somebody());
    document["system"] = json!([{"type": "text", "text": format!("De klant schreef met {MAIL}.")}]);
    document["tools"] = json!([{"name": "zoek", "input_schema": {"type": "object", "properties": {"vraag": {"type": "string"}}}}]);
    let answered = door.message(&document).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let message = answered.json();
    assert_eq!(
        (&message["type"], &message["stop_reason"]),
        (&json!("message"), &json!("tool_use"))
    );
    assert_eq!(
        message["content"][0],
        json!({"type": "text", "text": told_of_somebody()})
    );
    let question = message["content"][1]["input"]["vraag"].as_str().unwrap();
    assert!(
        question.contains(MAIL) && question.contains(BSN),
        "{question}"
    );
    assert_eq!(message["usage"]["output_tokens"], 7);
    let seen = &door.provider.seen()[0];
    assert!(
        seen.head.starts_with("POST /v1/chat/completions "),
        "{}",
        seen.head
    );
    assert!(seen.text().contains(r#""max_tokens":64"#));
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_stream_of_openai_reaches_a_client_of_anthropic_under_every_split() {
    for size in [1, 3, 200] {
        let door = door(move |seen| {
            let text = said(seen);
            let mut all = chunks_of(&text, size);
            all.pop();
            let call = |part: &Value| chunk(&json!({"tool_calls": [part]}), &Value::Null);
            all.push(call(&json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": "zoek", "arguments": ""}})));
            let arguments: Vec<char> = json!({"vraag": text}).to_string().chars().collect();
            all.extend(arguments.chunks(size).map(|piece| {
                call(&json!({"index": 0, "function": {"arguments": piece.iter().collect::<String>()}}))
            }));
            all.push(chunk(&json!({}), &json!("tool_calls")));
            all.push(json!({"id": "x", "choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}}).to_string());
            Script::events(&all, size + 4)
        })
        .await;
        let mut document = asked(&told_of_somebody());
        document["tools"] = json!([{"name": "zoek", "input_schema": {"type": "object"}}]);
        document["stream"] = json!(true);
        let answered = door.message(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(heard(&answered, 0, "text"), told_of_somebody(), "{size}");
        let input: Value = serde_json::from_str(&heard(&answered, 1, "partial_json")).unwrap();
        assert!(input["vraag"].as_str().unwrap().contains(MAIL));
        let events = answered.chunks();
        let kinds: Vec<&str> = events
            .iter()
            .map(|event| event["type"].as_str().unwrap())
            .collect();
        assert_eq!(kinds.first(), Some(&"message_start"));
        assert_eq!(
            kinds
                .iter()
                .filter(|kind| **kind == "content_block_start")
                .count(),
            2
        );
        assert_eq!(
            kinds
                .iter()
                .filter(|kind| **kind == "content_block_stop")
                .count(),
            2
        );
        let last = &events[events.len() - 2];
        assert_eq!(
            (
                &last["delta"]["stop_reason"],
                &last["usage"]["output_tokens"]
            ),
            (&json!("tool_use"), &json!(7))
        );
        assert_eq!(kinds.last(), Some(&"message_stop"));
        assert!(!answered.body.contains("[DONE]"));
        door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    }
}

#[tokio::test]
async fn what_cannot_be_said_to_the_other_provider_is_named_in_the_clients_shape() {
    let door = door(echo).await;
    let mut document = asked("hoi");
    document["tools"] = json!([{"type": "bash_20250124", "name": "bash"}]);
    let answered = door.message(&document).await;
    assert_eq!(
        answered.status,
        StatusCode::BAD_REQUEST,
        "{}",
        answered.body
    );
    assert_eq!(answered.json()["error"]["waarborg"]["param"], "tools");
    door.check_nothing_left();
}

#[tokio::test]
async fn where_a_provider_counts_nothing_an_estimate_says_that_it_is_one_and_nothing_leaves() {
    let door = door(|_| panic!("nothing is sent")).await;
    let document = asked(&told_of_somebody()).to_string();
    let path = "/v1/messages/count_tokens";
    let answered = door.post(path, &[], document).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let counted = answered.json();
    let n_tokens = counted["input_tokens"].as_u64().unwrap();
    assert!((20..80).contains(&n_tokens), "{n_tokens}");
    assert_eq!(counted["waarborg"]["estimated"], true);
    assert_eq!(answered.headers["x-waarborg-verdict"], "pseudonymise");
    assert!(
        door.switches.entries.lock().unwrap().is_empty(),
        "nothing was sent"
    );
    let empty = door.post(path, &[], r#"{"model":"klein"}"#).await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
    door.check_nothing_left();
}

#[tokio::test]
async fn the_demonstration_model_speaks_and_counts_in_the_other_protocol() {
    let demo = Box::new(Demo::new(|| 0, Pace::NONE));
    let (house, switches) = house("http://127.0.0.1:9/v1", "pseudonymise", demo);
    let door = Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider: ScriptedProvider::start(|_| panic!("nothing is sent"))
            .await
            .unwrap(),
        switches,
    };
    let mut document = asked(&format!("Ik ben geen model, mail {MAIL}"));
    document["max_tokens"] = json!(500);
    let whole = door.message(&document).await;
    assert_eq!(whole.status, StatusCode::OK, "{}", whole.body);
    let said = whole.json();
    assert_eq!(
        (&said["type"], &said["stop_reason"]),
        (&json!("message"), &json!("end_turn"))
    );
    let text = said["content"][0]["text"].as_str().unwrap();
    assert!(text.contains(MAIL) && !text.contains("[EMAIL"), "{text}");

    document["stream"] = json!(true);
    let streamed = door.message(&document).await;
    assert_eq!(streamed.chunks().last().unwrap()["type"], "message_stop");

    let path = "/v1/messages/count_tokens";
    let counted = door.post(path, &[], document.to_string()).await;
    assert_eq!(counted.status, StatusCode::OK, "{}", counted.body);
    assert_eq!(counted.json()["waarborg"]["estimated"], true);
    document["tools"] = json!([{"type": "bash_20250124", "name": "bash"}]);
    let refused = door.message(&document).await;
    assert_eq!(refused.json()["error"]["waarborg"]["param"], "tools");
}
