//! Clients of OpenAI's responses before a model of Anthropic.

use super::*;

fn request(input: &Value) -> Value {
    let tool = json!({"type": "function", "name": "zoek", "parameters": {"type": "object", "properties": {"vraag": {"type": "string"}}}});
    json!({"model": "klein", "input": input, "tools": [tool], "max_output_tokens": 64})
}

/// What the model says to whom it was told of.
fn check_output(response: &Value) {
    let output = &response["output"];
    assert_eq!(output[0]["content"][0]["text"], told_of_somebody());
    assert_eq!(output[1]["type"], "function_call");
    let arguments: Value = serde_json::from_str(output[1]["arguments"].as_str().unwrap()).unwrap();
    let question = arguments["vraag"].as_str().unwrap();
    assert!(
        question.contains(MAIL) && question.contains(BSN),
        "{question}"
    );
    assert!(output.get(2).is_none(), "{output}");
}

#[tokio::test]
async fn a_client_of_responses_asks_a_model_of_anthropic() {
    let door = messages_door(|seen| {
        let text = said(seen);
        whole(&json!([{"type": "text", "text": text},
            {"type": "tool_use", "id": "toolu_01A09q90qw90lq", "name": "zoek", "input": {"vraag": text}}]))
    })
    .await;
    let mut document = request(&json!([{"role": "user", "content": told_of_somebody()}]));
    document["instructions"] = json!(format!("De klant schreef met {MAIL}."));
    let answered = door.post("/v1/responses", &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let response = answered.json();
    check_output(&response);
    assert_eq!(
        (&response["object"], &response["status"], &response["store"]),
        (&json!("response"), &json!("completed"), &json!(false))
    );
    assert_eq!(response["instructions"], document["instructions"]);
    assert_eq!(response["output"][1]["call_id"], "toolu_01A09q90qw90lq");
    assert_eq!(
        (
            &response["usage"]["input_tokens"],
            &response["usage"]["total_tokens"]
        ),
        (&json!(3), &json!(8))
    );
    let seen = &door.provider.seen()[0];
    assert!(seen.head.starts_with("POST /v1/messages "), "{}", seen.head);
    assert!(seen.text().contains(r#""max_tokens":64"#) && !seen.text().contains("store"));
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);

    // The conversation goes on with what came back.
    let mut input = document["input"].as_array().unwrap().clone();
    input.extend(response["output"].as_array().unwrap().clone());
    input.push(json!({"type": "function_call_output", "call_id": "toolu_01A09q90qw90lq", "output": told_of_somebody()}));
    let answered = door
        .post("/v1/responses", &[], request(&json!(input)).to_string())
        .await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let asked: Value = serde_json::from_slice(&door.provider.seen()[1].body).unwrap();
    let turns = asked["messages"].as_array().unwrap();
    let roles: Vec<&str> = turns
        .iter()
        .map(|turn| turn["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["user", "assistant", "user"]);
    assert_eq!(turns[1]["content"][1]["id"], "toolu_01A09q90qw90lq");
    assert_eq!(
        turns[2]["content"][0]["tool_use_id"],
        "toolu_01A09q90qw90lq"
    );
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_stream_of_anthropic_reaches_a_client_of_responses_under_every_split() {
    for size in [1, 3, 200] {
        let door = messages_door(move |seen| {
            let text = said(seen);
            let input = json!({"vraag": text}).to_string();
            Script::stream(events(&[("text", &text), ("tool_use", &input)], size))
        })
        .await;
        let mut document = request(&json!(told_of_somebody()));
        document["stream"] = json!(true);
        let answered = door.post("/v1/responses", &[], document.to_string()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let events = answered.chunks();
        let last = events.last().unwrap();
        assert_eq!(last["type"], "response.completed");
        check_output(&last["response"]);
        assert_eq!(last["response"]["usage"]["total_tokens"], 12);
        let pieces = |kind: &str| -> String {
            let of_kind = events.iter().filter(|event| event["type"] == kind);
            of_kind
                .filter_map(|event| event["delta"].as_str())
                .collect()
        };
        assert_eq!(pieces("response.output_text.delta"), told_of_somebody());
        let output = &last["response"]["output"];
        assert_eq!(
            pieces("response.function_call_arguments.delta"),
            output[1]["arguments"].as_str().unwrap()
        );
        let numbers = events
            .iter()
            .map(|event| event["sequence_number"].as_u64().unwrap());
        assert!(numbers.eq(0..events.len() as u64), "{size}");
        assert!(answered.body.starts_with("event: response.created\ndata: "));
        door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    }
}

#[tokio::test]
async fn what_a_model_of_anthropic_cannot_be_asked_is_named_and_nothing_leaves() {
    let door = messages_door(|_| panic!("nothing is sent")).await;
    for (field, value, param) in [
        (
            "tools",
            json!([{"type": "custom", "name": "schrijf"}]),
            "tools",
        ),
        ("text", json!({"format": {"type": "json_object"}}), "text"),
        (
            "include",
            json!(["message.output_text.logprobs"]),
            "include",
        ),
        (
            "input",
            json!([{"type": "custom_tool_call", "call_id": "call_1", "name": "x", "input": "y"}]),
            "input",
        ),
    ] {
        let mut document = request(&json!("hoi"));
        document[field] = value;
        let refused = door.post("/v1/responses", &[], document.to_string()).await;
        let told = (refused.status, refused.code());
        let expected = (StatusCode::BAD_REQUEST, "unsupported_field".to_owned());
        assert_eq!(told, expected, "{}", refused.body);
        assert_eq!(refused.json()["error"]["param"], param);
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn an_answer_that_breaks_off_ends_with_a_numbered_error_event() {
    let door = messages_door(|_| {
        let mut steps = events(&[("text", "half een antwoord")], 4);
        steps.truncate(4);
        steps.push(Step::Cut);
        Script::stream(steps)
    })
    .await;
    let mut document = request(&json!(told_of_somebody()));
    document["stream"] = json!(true);
    let answered = door.post("/v1/responses", &[], document.to_string()).await;
    let events = answered.chunks();
    let last = events.last().unwrap();
    assert_eq!(
        (&last["type"], &last["code"]),
        (&json!("error"), &json!("provider_broke_off"))
    );
    assert_eq!(last["sequence_number"], events.len() - 1);
}
