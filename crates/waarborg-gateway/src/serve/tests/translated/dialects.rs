//! Models behind OpenAI's protocol whose servers say it in ways of their own: what their clients get of it, in every format.

use super::super::ollama::{heard as heard_in, spoken};
use super::*;

const CHAT: &str = "/v1/chat/completions";
const MESSAGES: &str = "/v1/messages";
const OLLAMA: &str = "/api/chat";

/// A prompt of a client of a format.
fn prompt(path: &str, streams: bool) -> Value {
    let mut document = match path {
        CHAT | OLLAMA => with_tool(ask(&told_of_somebody())),
        _ => {
            let mut document = asked(&told_of_somebody());
            document["tools"] = json!([{"name": "zoek", "input_schema": {"type": "object"}}]);
            document
        }
    };
    document["stream"] = json!(streams);
    document
}

/// What a client heard: the text, and what each call says to its tool, one after the other.
#[derive(Debug, Default)]
struct Got {
    text: String,
    calls: Vec<String>,
}

impl Got {
    /// As clients of a format put a stream together; those of OpenAI begin a call where one has a name.
    fn of(path: &str, answered: &Answered) -> Self {
        let mut got = Self::default();
        match path {
            CHAT => {
                got.text = answered.text();
                for chunk in answered.chunks() {
                    let parts = chunk["choices"][0]["delta"]["content"].as_array();
                    let texts = parts.into_iter().flatten();
                    got.text
                        .extend(texts.filter_map(|part| part["text"].as_str()));
                    let calls = chunk["choices"][0]["delta"]["tool_calls"].as_array();
                    for call in calls.into_iter().flatten() {
                        if call["function"]["name"].is_string() {
                            got.calls.push(String::new());
                        }
                        let said = call["function"]["arguments"].as_str();
                        got.calls
                            .last_mut()
                            .unwrap()
                            .push_str(said.unwrap_or_default());
                    }
                }
            }
            MESSAGES => {
                for event in answered.chunks() {
                    let index = event["index"].as_u64().unwrap_or_default();
                    match event["content_block"]["type"].as_str() {
                        Some("text") => got.text.push_str(&heard(answered, index, "text")),
                        Some("tool_use") => got.calls.push(heard(answered, index, "partial_json")),
                        _ => {}
                    }
                }
            }
            _ => {
                let lines = spoken(answered);
                got.text = heard_in(&lines, "/message", "content");
                for line in lines {
                    let calls = line["message"]["tool_calls"].as_array();
                    let said = calls.into_iter().flatten();
                    got.calls
                        .extend(said.map(|call| call["function"]["arguments"].to_string()));
                }
            }
        }
        got
    }

    /// What the tool is asked in each call.
    fn questions(&self) -> Vec<String> {
        let question = |said: &String| {
            let input: Value = serde_json::from_str(said).unwrap_or_else(|_| panic!("{said}"));
            input["vraag"].as_str().unwrap().to_owned()
        };
        self.calls.iter().map(question).collect()
    }
}

/// The same chunk with another reason to end.
fn ending(chunk: &str, reason: &Value) -> String {
    let mut chunk: Value = serde_json::from_str(chunk).unwrap();
    chunk["choices"][0]["finish_reason"] = reason.clone();
    chunk.to_string()
}

fn piece_of_call(call: &Value) -> String {
    chunk(&json!({"tool_calls": [call]}), &Value::Null)
}

#[tokio::test]
async fn an_empty_reason_to_end_ends_nothing() {
    for path in [CHAT, MESSAGES, OLLAMA] {
        let door = door(|seen| {
            let text = said(seen);
            let mut all = chunks_of(&text, 1);
            all.pop();
            all.push(piece_of_call(
                &json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": "zoek"}}),
            ));
            let arguments = json!({"vraag": text}).to_string();
            all.extend(generated::cut(&arguments, 1).iter().map(|piece| {
                piece_of_call(&json!({"index": 0, "function": {"arguments": piece}}))
            }));
            let mut all: Vec<String> = all.iter().map(|chunk| ending(chunk, &json!(""))).collect();
            all.push(chunk(&json!({}), &json!("tool_calls")));
            Script::events(&all, 300)
        })
        .await;
        let answered = door.post(path, &[], prompt(path, true).to_string()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let got = Got::of(path, &answered);
        assert_eq!(got.text, told_of_somebody(), "{path}");
        assert_eq!(got.questions(), [told_of_somebody()], "{path}");
        door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    }
}

#[tokio::test]
async fn a_stream_that_gave_no_reason_to_end_broke_off() {
    let events: Vec<u8> = chunks_of("Dag", 1)
        .iter()
        .flat_map(|chunk| crate::sse::data_event(&ending(chunk, &json!(""))))
        .collect();
    let door = door(move |_| Script::stream(vec![Step::Send(events.clone())])).await;
    let answered = door.chat(&streamed("hoi")).await;
    let last = answered.chunks().pop().unwrap();
    assert_eq!(last["error"]["code"], "provider_broke_off");
    assert!(!answered.body.contains("[DONE]"), "{}", answered.body);
}

/// What a client hears of a tool call in the middle of which the answer's length was over.
async fn heard_of_a_cut_call(path: &str, streams: bool) -> Answered {
    let door = door(move |seen| {
        let text = said(seen);
        let whole = json!({"vraag": text}).to_string();
        let call = |number: u64, arguments: &str| json!({"index": number, "id": format!("call_{number}"), "type": "function", "function": {"name": "zoek", "arguments": arguments}});
        let calls = [call(0, &whole), call(1, "{\"vraag\": \"ab")];
        if streams {
            let mut all: Vec<String> = calls.iter().map(piece_of_call).collect();
            all.push(chunk(&json!({}), &json!("length")));
            return Script::events(&all, 300);
        }
        let message = json!({"role": "assistant", "content": null, "tool_calls": calls});
        let choice = json!({"index": 0, "message": message, "finish_reason": "length"});
        Script::json(200, &json!({"id": "x", "choices": [choice]}).to_string())
    })
    .await;
    let answered = door
        .post(path, &[], prompt(path, streams).to_string())
        .await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    answered
}

#[tokio::test]
async fn a_call_that_the_length_cut_off_is_left_out_and_the_length_is_told() {
    let message = heard_of_a_cut_call(MESSAGES, false).await.json();
    assert_eq!(message["stop_reason"], "max_tokens");
    let blocks = message["content"].as_array().unwrap();
    assert_eq!(blocks.len(), 1, "{message}");
    assert_eq!(blocks[0]["input"]["vraag"], told_of_somebody());

    // In a stream each piece went as it came, as it does at Anthropic.
    let streamed = heard_of_a_cut_call(MESSAGES, true).await;
    let calls = Got::of(MESSAGES, &streamed).calls;
    assert_eq!(calls[1], "{\"vraag\": \"ab");
    assert!(streamed.body.contains("\"max_tokens\""));

    for streams in [false, true] {
        let answered = heard_of_a_cut_call(OLLAMA, streams).await;
        let got = Got::of(OLLAMA, &answered);
        assert_eq!(got.questions(), [told_of_somebody()]);
        let last = spoken(&answered).pop().unwrap();
        assert_eq!(last["done_reason"], "length");
    }
}

#[tokio::test]
async fn parallel_calls_are_told_apart_without_an_index_and_with_one_for_all() {
    for path in [CHAT, MESSAGES, OLLAMA] {
        for index in [None, Some(0)] {
            let door = door(move |seen| {
                let arguments = json!({"vraag": said(seen)}).to_string();
                let mut all = Vec::new();
                for (id, name) in [("call_1", "zoek"), ("call_2", "tel")] {
                    for (place, piece) in generated::cut(&arguments, 5).iter().enumerate() {
                        let function = json!({"arguments": piece});
                        let mut call = json!({"function": function});
                        if place == 0 {
                            call["id"] = json!(id);
                            call["function"]["name"] = json!(name);
                        }
                        if let Some(index) = index {
                            call["index"] = json!(index);
                        }
                        all.push(piece_of_call(&call));
                    }
                }
                all.push(chunk(&json!({}), &json!("tool_calls")));
                Script::events(&all, 300)
            })
            .await;
            let answered = door.post(path, &[], prompt(path, true).to_string()).await;
            assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
            let got = Got::of(path, &answered);
            assert_eq!(got.calls.len(), 2, "{path} {index:?}: {}", answered.body);
            // Only the first is a tool that the request declares.
            let questions = got.questions();
            assert_eq!(questions[0], told_of_somebody(), "{path} {index:?}");
            assert!(!questions[1].contains(MAIL), "{path} {index:?}");
            door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
        }
    }
}

/// A content that some servers say as a list: a thought, then the text.
fn parts(thought: &str, text: &str) -> [Value; 2] {
    let thought = json!([{"type": "text", "text": thought}]);
    [
        json!({"type": "thinking", "thinking": thought}),
        json!({"type": "text", "text": text}),
    ]
}

#[tokio::test]
async fn a_content_that_is_a_list_of_parts_reaches_every_client() {
    for path in [CHAT, MESSAGES, OLLAMA] {
        for streams in [false, true] {
            let door = door(move |seen| {
                let text = said(seen);
                if !streams {
                    let message = json!({"role": "assistant", "content": parts("Hm.", &text)});
                    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
                    return Script::json(200, &json!({"id": "x", "choices": [choice]}).to_string());
                }
                let of = |part: &Value| chunk(&json!({"content": [part]}), &Value::Null);
                let mut all = vec![of(&parts("Hm.", "")[0])];
                all.extend(
                    generated::cut(&text, 1)
                        .iter()
                        .map(|piece| of(&parts("", piece)[1])),
                );
                all.push(chunk(&json!({}), &json!("stop")));
                Script::events(&all, 300)
            })
            .await;
            let document = prompt(path, streams).to_string();
            let answered = door.post(path, &[], document).await;
            assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
            let text = if streams {
                Got::of(path, &answered).text
            } else {
                let place = match path {
                    CHAT => "/choices/0/message/content/1/text",
                    MESSAGES => "/content/0/text",
                    _ => "/message/content",
                };
                let answer = answered.json();
                let text = answer.pointer(place).and_then(Value::as_str);
                text.unwrap().to_owned()
            };
            assert_eq!(text, told_of_somebody(), "{path} {streams}");
            // Its thought is told where the text is: among the parts, in `thinking`, or to who asked for it.
            assert_eq!(answered.body.contains("Hm."), path != MESSAGES, "{path}");
            door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
        }
    }
}

#[tokio::test]
async fn a_content_that_cannot_be_read_is_no_empty_answer() {
    for path in [MESSAGES, OLLAMA] {
        let door = door(|_| {
            let picture = json!({"type": "image_url", "image_url": {"url": "https://a.example/b"}});
            let message = json!({"role": "assistant", "content": [picture]});
            let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
            Script::json(200, &json!({"id": "x", "choices": [choice]}).to_string())
        })
        .await;
        let document = prompt(path, false).to_string();
        let answered = door.post(path, &[], document).await;
        assert_eq!(
            answered.status,
            StatusCode::BAD_GATEWAY,
            "{}",
            answered.body
        );
    }
}
