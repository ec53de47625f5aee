//! What stands around a value comes back byte for byte, in a text and in what a tool gets: backslashes and brackets.

use super::tools::with_functions;
use super::*;

fn texts() -> [String; 3] {
    [
        format!("Lees C:\\Users\\{MAIL}\\notes.txt en \\\\server\\home\\{MAIL}\\x"),
        format!("Zie [{MAIL}](https://voorbeeld.example/a), [[{MAIL}]] en \\[{MAIL}\\]."),
        format!("namen: [{MAIL}, \"{IBAN}\"]\nx = [{IBAN}]"),
    ]
}

#[tokio::test]
async fn a_text_that_a_model_repeats_comes_back_byte_for_byte() {
    let door = door(echo).await;
    for text in texts() {
        let whole = door.chat(&ask(&text)).await.json();
        assert_eq!(whole["choices"][0]["message"]["content"], text);
        assert_eq!(door.chat(&streamed(&text)).await.text(), text);
    }
    door.check_nothing_leaked(&[MAIL, IBAN]);
}

#[tokio::test]
async fn a_tool_gets_a_text_that_a_model_repeats_byte_for_byte() {
    let door = door(|seen| {
        let asked: Value = serde_json::from_slice(&seen.body).unwrap();
        let arguments = json!({"vraag": asked["messages"][0]["content"]}).to_string();
        let call = |arguments: &str| json!([{"index": 0, "id": "a", "type": "function", "function": {"name": "zoek", "arguments": arguments}}]);
        if asked["stream"] == json!(true) {
            let mut events = vec![chunk(&json!({"tool_calls": call("")}), &Value::Null)];
            let pieces = generated::cut(&arguments, 1);
            let more = |piece: &String| {
                let more = json!([{"index": 0, "function": {"arguments": piece}}]);
                chunk(&json!({"tool_calls": more}), &Value::Null)
            };
            events.extend(pieces.iter().map(more));
            events.push(chunk(&json!({}), &json!("tool_calls")));
            return Script::events(&events, 7);
        }
        let message = json!({"role": "assistant", "content": null, "tool_calls": call(&arguments)});
        let choice = json!({"index": 0, "message": message, "finish_reason": "tool_calls"});
        let answer = json!({"id": "x", "model": "klein", "choices": [choice]});
        Script::json(200, &answer.to_string())
    })
    .await;
    for text in texts() {
        let whole = door
            .chat(&with_functions(ask(&text), &["zoek"]))
            .await
            .json();
        let whole = &whole["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"];
        let streamed = door.chat(&with_functions(streamed(&text), &["zoek"])).await;
        let pieces: String = streamed
            .data()
            .iter()
            .filter_map(|event| serde_json::from_str::<Value>(event).ok())
            .filter_map(|event| {
                let call = &event["choices"][0]["delta"]["tool_calls"][0];
                call["function"]["arguments"].as_str().map(str::to_owned)
            })
            .collect();
        for arguments in [whole.as_str().unwrap(), &pieces] {
            let got: Value = serde_json::from_str(arguments).unwrap();
            assert_eq!(got["vraag"], text);
        }
    }
    door.check_nothing_leaked(&[MAIL, IBAN]);
}
