//! OpenAI's responses at the door: what leaves, what comes back in every event, and what builds on something kept.

use super::*;

fn asked(input: &Value) -> Value {
    json!({"model": "klein", "input": input})
}

fn document_of(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}

/// The text of the request's last message.
fn said(document: &Value) -> String {
    match &document["input"] {
        Value::String(text) => text.clone(),
        Value::Array(items) => match &items.last().unwrap()["content"] {
            Value::String(text) => text.clone(),
            parts => parts[0]["text"].as_str().unwrap_or_default().to_owned(),
        },
        _ => String::new(),
    }
}

/// What an answer is made of: what the model thought, said, and called.
fn output(text: &str) -> Value {
    let arguments = json!({"vraag": text}).to_string();
    json!([
        {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": text}], "encrypted_content": "AAAA"},
        {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "zoek", "arguments": arguments, "status": "completed"},
        {"type": "custom_tool_call", "id": "ctc_1", "call_id": "call_2", "name": "schrijf", "input": text},
    ])
}

fn response(document: &Value, output: &Value, status: &str) -> Value {
    json!({"id": "resp_1", "object": "response", "status": status, "model": "klein", "error": null, "output": output,
        "instructions": document["instructions"], "store": document["store"], "usage": {"input_tokens": 1, "output_tokens": 2}})
}

/// Says back what it was told, whole or in pieces of so many characters as `max_output_tokens` says.
pub(super) fn respond(seen: &Seen) -> Script {
    let document = document_of(seen);
    let output = output(&said(&document));
    if document["stream"] != json!(true) {
        return Script::json(200, &response(&document, &output, "completed").to_string());
    }
    let size = usize::try_from(document["max_output_tokens"].as_u64().unwrap_or(4)).unwrap();
    Script::stream(events(&document, &output, size))
}

fn events(document: &Value, output: &Value, size: usize) -> Vec<Step> {
    let mut events = vec![
        json!({"type": "response.created", "response": response(document, &json!([]), "in_progress")}),
    ];
    for (index, item) in output.as_array().unwrap().iter().enumerate() {
        let id = &item["id"];
        let place = |kind: &str| json!({"type": format!("response.{kind}"), "item_id": id, "output_index": index});
        events.push(json!({"type": "response.output_item.added", "output_index": index, "item": {"id": id, "type": item["type"], "name": item["name"]}}));
        let (kind, field, text, part) = match item["type"].as_str().unwrap() {
            "reasoning" => (
                "reasoning_summary_text",
                "text",
                &item["summary"][0]["text"],
                Some("summary_index"),
            ),
            "message" => (
                "output_text",
                "text",
                &item["content"][0]["text"],
                Some("content_index"),
            ),
            "function_call" => (
                "function_call_arguments",
                "arguments",
                &item["arguments"],
                None,
            ),
            _ => ("custom_tool_call_input", "input", &item["input"], None),
        };
        for piece in generated::cut(text.as_str().unwrap(), size) {
            let mut event = place(&format!("{kind}.delta"));
            event["delta"] = json!(piece);
            if let Some(part) = part {
                event[part] = json!(0);
            }
            if kind == "output_text" {
                event["logprobs"] = json!([{"token": "x", "logprob": -0.1}]);
            }
            events.push(event);
        }
        let mut done = place(&format!("{kind}.done"));
        done[field] = text.clone();
        if let Some(part) = part {
            done[part] = json!(0);
        }
        events.push(done);
        if kind == "output_text" {
            let mut done = place("content_part.done");
            done["content_index"] = json!(0);
            done["part"] = item["content"][0].clone();
            events.push(done);
        }
        events.push(
            json!({"type": "response.output_item.done", "output_index": index, "item": item}),
        );
    }
    events.push(
        json!({"type": "response.completed", "response": response(document, output, "completed")}),
    );
    let numbered = events.into_iter().zip(0..).map(|(mut event, number)| {
        event["sequence_number"] = json!(number);
        Step::Send(named(&event))
    });
    numbered.collect()
}

fn named(event: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    crate::sse::write_event(event["type"].as_str(), &event.to_string(), &mut out);
    out
}

impl Door {
    async fn respond(&self, document: &Value) -> Answered {
        self.post("/v1/responses", &[], document.to_string()).await
    }
}

/// What a model says to whom it was told of: everything to the person, and to a tool that was declared.
fn check_output(output: &Value, text: &str) {
    assert_eq!(output[0]["summary"][0]["text"], text);
    assert_eq!(output[0]["encrypted_content"], "AAAA");
    assert_eq!(output[1]["content"][0]["text"], text);
    let arguments: Value = serde_json::from_str(output[2]["arguments"].as_str().unwrap()).unwrap();
    for input in [&arguments["vraag"], &output[3]["input"]] {
        let input = input.as_str().unwrap();
        assert!(input.contains(MAIL) && input.contains(IBAN), "{input}");
        assert!(input.contains(BSN) && !input.contains("[BSN_"), "{input}");
    }
}

#[tokio::test]
async fn a_response_leaves_with_surrogates_and_comes_back_whole() {
    let door = door(respond).await;
    for input in [
        json!(told_of_somebody()),
        json!([{"role": "user", "content": told_of_somebody()}]),
        json!([{"type": "message", "role": "user", "content": [{"type": "input_text", "text": told_of_somebody()}]}]),
    ] {
        let mut document = tools::with_named(asked(&input), &["zoek", "schrijf"]);
        document["instructions"] = json!(format!("De klant schreef met {MAIL}."));
        let answered = door.respond(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        check_output(&answered.json()["output"], &told_of_somebody());
        assert_eq!(answered.json()["instructions"], document["instructions"]);
        assert_eq!(answered.headers["x-waarborg-verdict"], "pseudonymise");
    }
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    assert!(
        door.provider.seen()[0]
            .head
            .starts_with("POST /v1/responses ")
    );
}

#[tokio::test]
async fn every_event_of_a_stream_says_the_same_after_restoring_under_every_split() {
    let door = door(respond).await;
    for size in [1, 2, 3, 7, 500] {
        let mut document =
            tools::with_named(asked(&json!(told_of_somebody())), &["zoek", "schrijf"]);
        document["stream"] = json!(true);
        document["max_output_tokens"] = json!(size);
        let answered = door.respond(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let events = answered.chunks();
        let last = events.last().unwrap();
        assert_eq!(last["type"], "response.completed");
        let output = &last["response"]["output"];
        check_output(output, &told_of_somebody());
        for (kind, index, whole) in [
            (
                "reasoning_summary_text",
                0,
                &output[0]["summary"][0]["text"],
            ),
            ("output_text", 1, &output[1]["content"][0]["text"]),
            ("function_call_arguments", 2, &output[2]["arguments"]),
            ("custom_tool_call_input", 3, &output[3]["input"]),
        ] {
            let of = |ending: &str| {
                let kind = format!("response.{kind}.{ending}");
                events.iter().filter(move |event| event["type"] == *kind)
            };
            let pieces: String = of("delta")
                .filter_map(|event| event["delta"].as_str())
                .collect();
            assert_eq!(&json!(pieces), whole, "{kind} {size}");
            assert!(
                of("delta")
                    .all(|event| event["output_index"] == index && event["item_id"].is_string())
            );
            let done = of("done").next().unwrap();
            let said = ["text", "arguments", "input"]
                .into_iter()
                .find_map(|field| done.get(field));
            assert_eq!(said, Some(whole), "{kind} {size}");
            let item = events.iter().find(|event| {
                event["type"] == "response.output_item.done" && event["output_index"] == index
            });
            assert_eq!(item.unwrap()["item"], output[index]);
        }
        let numbers: Vec<u64> = events
            .iter()
            .map(|event| event["sequence_number"].as_u64().unwrap())
            .collect();
        let expected: Vec<u64> = (0..).take(numbers.len()).collect();
        assert_eq!(numbers, expected, "every event has its number: {size}");
        assert!(answered.body.starts_with("event: response.created\ndata: "));
        assert!(!answered.body.contains("[DONE]"));
    }
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn an_answer_that_must_be_json_stays_json() {
    let door = door(|seen| {
        let document = document_of(seen);
        let text = json!({"antwoord": said(&document)}).to_string();
        let output = json!([{"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": text, "annotations": []}]}]);
        Script::stream(events(&document, &output, 3))
    })
    .await;
    // A name with a quotation mark in it is what breaks JSON.
    let text = format!("mail \"{MAIL}\"");
    let mut document = asked(&json!(text));
    document["text"] = json!({"format": {"type": "json_schema", "name": "antwoord", "schema": {"type": "object"}}});
    document["stream"] = json!(true);
    let answered = door.respond(&document).await;
    let said: String = answered
        .chunks()
        .iter()
        .filter_map(|event| event["delta"].as_str().map(str::to_owned))
        .collect();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["antwoord"], text);
}

#[tokio::test]
async fn the_provider_is_told_to_keep_nothing_and_what_builds_on_something_kept_is_refused() {
    let door = door(respond).await;
    door.respond(&asked(&json!("Hoe laat is het?"))).await;
    let body = door.provider.seen()[0].text();
    assert_eq!(
        body,
        r#"{"store":false,"model":"klein","input":"Hoe laat is het?"}"#
    );
    let mut unkept = asked(&json!("Hoe laat is het?"));
    unkept["store"] = json!(false);
    let mut thinks = unkept.clone();
    thinks["reasoning"] = json!({"effort": "low"});
    for unchanged in [unkept, thinks] {
        door.respond(&unchanged).await;
        let sent = door.provider.seen().last().unwrap().text();
        assert_eq!(sent, unchanged.to_string(), "byte for byte");
    }

    // What the model thought of an answer that is not kept can only come back sealed.
    let mut thinks = asked(&json!("Hoe laat is het?"));
    thinks["reasoning"] = json!({"effort": "low"});
    for (include, expected) in [
        (None, json!(["reasoning.encrypted_content"])),
        (Some(json!([])), json!([])),
    ] {
        if let Some(include) = include {
            thinks["include"] = include;
        }
        door.respond(&thinks).await;
        let sent: Value = document_of(door.provider.seen().last().unwrap());
        assert_eq!(sent["store"], json!(false));
        assert_eq!(sent["include"], expected);
    }

    door.provider.forget();
    for (field, value, status, code) in [
        ("store", json!(true), 403, "storing_not_permitted"),
        (
            "previous_response_id",
            json!("resp_1"),
            403,
            "storing_not_permitted",
        ),
        (
            "conversation",
            json!("conv_1"),
            403,
            "storing_not_permitted",
        ),
        ("background", json!(true), 400, "unsupported_field"),
        (
            "prompt",
            json!({"id": "pmpt_1", "variables": {}}),
            400,
            "content_not_inspectable",
        ),
    ] {
        let mut document = asked(&json!("hoi"));
        document[field] = value;
        let answered = door.respond(&document).await;
        assert_eq!(
            (answered.status.as_u16(), answered.code().as_str()),
            (status, code),
            "{field}: {}",
            answered.body
        );
        assert_eq!(
            answered.json()["error"]["param"],
            field,
            "{}",
            answered.body
        );
        assert!(answered.json()["error"]["message"].as_str().unwrap().len() > 20);
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn a_conversation_that_is_sent_whole_goes_on_with_tools_and_sealed_thoughts() {
    use base64::Engine as _;
    let sealed =
        base64::engine::general_purpose::STANDARD.encode([0xff_u8, 0x00, 0x9c, 0xe1].repeat(20));
    let door = door(respond).await;
    let id = "msg_68a1f3c2b4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f91234567890";
    let input = json!([
        {"role": "user", "content": told_of_somebody()},
        {"type": "reasoning", "id": "rs_68a1f3c2b4d5e6f7a8b9c0d1e2f3a4b5", "summary": [], "encrypted_content": sealed},
        {"type": "message", "id": id, "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": format!("Genoteerd: {MAIL}"), "annotations": []}]},
        {"type": "function_call", "call_id": "call_1", "name": "zoek", "arguments": json!({"mail": MAIL, "bsn": BSN}).to_string()},
        {"type": "function_call_output", "call_id": "call_1", "output": json!([{"klant": MAIL}]).to_string()},
        {"type": "function_call_output", "call_id": "call_1", "output": [{"type": "input_text", "text": format!("BSN {BSN}")}]},
        {"role": "user", "content": [{"type": "input_text", "text": "En nu?"}]},
    ]);
    let mut document = asked(&input);
    document["include"] = json!(["reasoning.encrypted_content"]);
    let tool = json!({"type": "function", "name": "zoek", "description": "zoekt", "strict": true,
        "parameters": {"type": "object", "properties": {"mail": {"type": "string"}}, "required": ["mail"]}});
    document["tools"] = json!([tool, {"type": "custom", "name": "schrijf"}]);
    let answered = door.respond(&document).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let seen = document_of(&door.provider.seen()[0]);
    assert_eq!(seen["input"][1], document["input"][1]);
    assert_eq!(seen["input"][2]["id"], id);
    assert_eq!(seen["tools"], document["tools"]);
    let arguments: Value =
        serde_json::from_str(seen["input"][3]["arguments"].as_str().unwrap()).unwrap();
    assert!(arguments["mail"].as_str().unwrap().starts_with("[EMAIL_"));
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn what_nobody_can_look_into_and_what_the_provider_would_do_itself_is_refused() {
    let door = door(respond).await;
    let part = |part: Value| json!({"input": [{"role": "user", "content": [part]}]});
    let tool = |kind: &str| json!({"input": "x", "tools": [{"type": kind}]});
    for mut document in [
        part(json!({"type": "input_image", "image_url": "https://x.nl/a.png"})),
        part(json!({"type": "input_text", "text": "x", "file_id": "file_1"})),
        part(json!({"type": "input_file", "file_data": "AAAA"})),
        part(json!({"type": "input_audio", "input_audio": {"data": "AAAA"}})),
        part(json!({"type": "input_text", "text": "data:image/png;base64,iVBORw0KGgo="})),
        part(json!({"type": "iets_nieuws"})),
        json!({"input": [{"type": "computer_call_output", "output": {"type": "computer_screenshot", "image_url": "x"}}]}),
        json!({"input": [{"type": "image_generation_call", "id": "ig_1", "result": "AAAA"}]}),
        json!({"input": [{"type": "function_call_output", "call_id": "call_1", "output": [{"type": "input_image"}]}]}),
        tool("web_search"),
        tool("file_search"),
        tool("code_interpreter"),
        tool("mcp"),
        tool("image_generation"),
        tool("computer_use_preview"),
    ] {
        document["model"] = json!("klein");
        let answered = door.respond(&document).await;
        assert_eq!(
            answered.code(),
            "content_not_inspectable",
            "{document}: {}",
            answered.body
        );
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn a_response_that_fails_or_breaks_off_ends_with_a_numbered_error_event() {
    let failed = json!({"type": "response.failed", "sequence_number": 9, "response": {"status": "failed",
        "error": {"code": "rate_limit_exceeded", "message": "geheim"}}});
    let event = json!({"type": "error", "code": "server_error", "message": "geheim", "param": null, "sequence_number": 9});
    for (last, code) in [
        (Step::Cut, "provider_broke_off"),
        (Step::Send(named(&failed)), "rate_limit_exceeded"),
        (Step::Send(named(&event)), "server_error"),
    ] {
        let door = door(move |seen| {
            let document = document_of(seen);
            let mut steps = events(&document, &output(&said(&document)), 2);
            steps.truncate(6);
            steps.push(last.clone());
            Script::stream(steps)
        })
        .await;
        let mut document = asked(&json!(told_of_somebody()));
        document["stream"] = json!(true);
        let answered = door.respond(&document).await;
        let end = answered.chunks().last().unwrap().clone();
        assert_eq!(
            (&end["type"], &end["code"]),
            (&json!("error"), &json!(code)),
            "{}",
            answered.body
        );
        assert_eq!(end["error"]["code"], code);
        assert!(answered.body.contains("event: error\n") && !answered.body.contains("geheim"));
        // Some clients take an event without its number for no event at all.
        let numbers: Vec<u64> = answered
            .chunks()
            .iter()
            .map(|event| event["sequence_number"].as_u64().unwrap())
            .collect();
        let expected: Vec<u64> = (0..).take(numbers.len()).collect();
        assert_eq!(numbers, expected);
    }
}
