//! What users of other gateways complain of (docs/gateway-complaints.md), where no other test shows it already.

use super::*;

#[tokio::test]
async fn the_same_text_has_the_same_verdict_on_every_surface() {
    let door = door_with("strict", DoorLimits::default(), echo).await;
    let texts = [
        "Hoe laat gaat het loket open?".to_owned(),
        format!("Mail naar {MAIL}."),
        format!("Haar BSN is {BSN}."),
        "Zij heeft diabetes.".to_owned(),
    ];
    for text in texts {
        let messages = json!([{"role": "user", "content": text}]);
        let bodies = [
            (
                "/v1/chat/completions",
                json!({"model": "klein", "messages": messages}),
            ),
            ("/v1/completions", json!({"model": "klein", "prompt": text})),
            ("/v1/embeddings", json!({"model": "klein", "input": text})),
            ("/v1/moderations", json!({"model": "klein", "input": text})),
            ("/v1/responses", json!({"model": "klein", "input": text})),
            (
                "/v1/images/generations",
                json!({"model": "klein", "prompt": text}),
            ),
            (
                "/v1/images/edits",
                edits::document(&text, &[edits::reference(&edits::dot())]),
            ),
            (
                "/v1/messages",
                json!({"model": "klein", "max_tokens": 9, "messages": messages}),
            ),
            ("/api/chat", json!({"model": "klein", "messages": messages})),
            ("/api/generate", json!({"model": "klein", "prompt": text})),
            ("/api/embed", json!({"model": "klein", "input": text})),
        ];
        let mut seen = Vec::new();
        for (path, body) in bodies {
            let answered = door
                .post(
                    &format!("/v1/guard/preview?for={path}"),
                    &[],
                    body.to_string(),
                )
                .await;
            let told = answered.json();
            if told["error"]["code"] == "wrong_protocol" {
                continue;
            }
            let kinds: Vec<Value> = told["findings"]
                .as_array()
                .unwrap_or_else(|| panic!("{path}: {}", answered.body))
                .iter()
                .map(|finding| finding["label"].clone())
                .collect();
            seen.push((path, told["verdict"].clone(), kinds));
        }
        assert!(seen.len() >= 6, "{seen:?}");
        let (_, verdict, kinds) = seen[0].clone();
        for (path, found, labels) in &seen {
            assert_eq!((found, labels), (&verdict, &kinds), "{path}: {text}");
        }
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn what_may_not_leave_stays_as_text_as_picture_and_as_speech_alike() {
    let door = door_with("strict", DoorLimits::default(), echo).await;
    let text = format!("Haar BSN is {BSN}.");
    let messages = json!([{"role": "user", "content": text}]);
    let bodies = [
        (
            "/v1/chat/completions",
            json!({"model": "klein", "messages": messages}),
        ),
        (
            "/v1/images/generations",
            json!({"model": "klein", "prompt": text}),
        ),
        (
            "/v1/audio/speech",
            json!({"model": "klein", "input": text, "voice": "nova"}),
        ),
    ];
    for (path, body) in bodies {
        let answered = door.post(path, &[], body.to_string()).await;
        assert_eq!(
            (answered.status, answered.code().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "personal_data_blocked"),
            "{path}: {}",
            answered.body
        );
        assert_eq!(answered.headers["x-waarborg-verdict"], "block", "{path}");
        let told = answered.json();
        let stopped_by = &told["error"]["waarborg"]["stopped_by"];
        assert_eq!(*stopped_by, json!(["national-number"]), "{path}");
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn names_of_products_and_words_for_people_are_nobody() {
    let door = door(echo).await;
    for text in [
        "Zet de logs van EKS in S3 en teken het in C4.",
        "The individual steps of a person record are in table T1.",
        "Deploy v2.4.1 naar AKS, daarna EC2 en RDS met IAM.",
        "Which index does the customer table need?",
    ] {
        let answered = door.chat(&ask(text)).await;
        assert_eq!(answered.headers["x-waarborg-verdict"], "allow", "{text}");
        assert!(door.provider.seen().last().unwrap().text().contains(text));
    }
}

/// What the model was given instead of a value, out of its prompt.
fn surrogate_in(text: &str) -> String {
    let (_, rest) = text.split_once('[').unwrap();
    let (inside, _) = rest.split_once(']').unwrap();
    format!("[{inside}]")
}

#[tokio::test]
async fn tool_calls_whose_pieces_come_in_turns_are_each_restored() {
    let door = door(|seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let prompt = document["messages"][0]["content"].as_str().unwrap();
        let surrogate = surrogate_in(prompt);
        let calls = [
            format!("{{\"aan\":\"{surrogate}\",\"n\":1}}"),
            format!("{{\"n\":2,\"van\":\"{surrogate}\"}}"),
        ];
        let pieces: Vec<Vec<char>> = calls.iter().map(|call| call.chars().collect()).collect();
        let longest = pieces.iter().map(Vec::len).max().unwrap();
        let mut events = Vec::new();
        for at in (0..longest).step_by(3) {
            for (index, piece) in pieces.iter().enumerate() {
                let part: String = piece.iter().skip(at).take(3).collect();
                if part.is_empty() {
                    continue;
                }
                let mut call = json!({"index": index, "function": {"arguments": part}});
                if at == 0 {
                    call["id"] = json!(format!("call_{index}"));
                    call["type"] = json!("function");
                    call["function"]["name"] = json!("stuur");
                }
                events.push(chunk(&json!({"tool_calls": [call]}), &Value::Null));
            }
        }
        events.push(chunk(&json!({}), &json!("tool_calls")));
        Script::events(&events, 5)
    })
    .await;
    let asked = tools::with_functions(streamed(&format!("Mail naar {MAIL}.")), &["stuur"]);
    let answered = door.chat(&asked).await;
    let mut arguments = [String::new(), String::new()];
    for chunk in answered.chunks() {
        for call in chunk["choices"][0]["delta"]["tool_calls"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let index = usize::try_from(call["index"].as_u64().unwrap()).unwrap();
            let piece = call["function"]["arguments"].as_str().unwrap_or_default();
            arguments[index].push_str(piece);
        }
    }
    assert_eq!(arguments[0], format!("{{\"aan\":\"{MAIL}\",\"n\":1}}"));
    assert_eq!(arguments[1], format!("{{\"n\":2,\"van\":\"{MAIL}\"}}"));
}
