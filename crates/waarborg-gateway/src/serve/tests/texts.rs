//! Texts outside a conversation at the door: completions, embeddings and moderations.

use super::*;

fn document_of(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}

/// Says the prompts back, each as a choice of its own.
pub(super) fn complete(seen: &Seen) -> Script {
    let document = document_of(seen);
    let prompts: Vec<String> = match &document["prompt"] {
        Value::String(prompt) => vec![prompt.clone()],
        Value::Array(prompts) => prompts
            .iter()
            .map(|prompt| prompt.as_str().unwrap().to_owned())
            .collect(),
        _ => Vec::new(),
    };
    let head = |choices: Vec<Value>| json!({"id": "cmpl-1", "object": "text_completion", "model": "klein", "choices": choices});
    let choice = |index: usize, text: &str, reason: Value| json!({"index": index, "text": text, "logprobs": null, "finish_reason": reason});
    if document["stream"] != json!(true) {
        let choices = prompts.iter().enumerate();
        let choices = choices.map(|(index, prompt)| choice(index, prompt, json!("stop")));
        return Script::json(200, &head(choices.collect()).to_string());
    }
    let size = usize::try_from(document["seed"].as_u64().unwrap()).unwrap();
    let mut events = Vec::new();
    for (index, prompt) in prompts.iter().enumerate() {
        for piece in generated::cut(prompt, size) {
            events.push(head(vec![choice(index, &piece, Value::Null)]).to_string());
        }
        events.push(head(vec![choice(index, "", json!("stop"))]).to_string());
    }
    Script::events(&events, generated::n_bytes(size))
}

fn embed(seen: &Seen) -> Script {
    let document = document_of(seen);
    let n_texts = document["input"].as_array().map_or(1, Vec::len);
    let data: Vec<Value> = (0..n_texts)
        .map(|index| json!({"object": "embedding", "index": index, "embedding": [0.123_456_789, -0.5]}))
        .collect();
    let usage = json!({"prompt_tokens": 3, "total_tokens": 3});
    Script::json(
        200,
        &json!({"object": "list", "data": data, "model": "klein", "usage": usage}).to_string(),
    )
}

fn judge(_: &Seen) -> Script {
    let result = json!({"flagged": false, "categories": {"hate": false}, "category_scores": {"hate": 0.000_012_345}});
    Script::json(
        200,
        &json!({"id": "modr-1", "model": "klein", "results": [result]}).to_string(),
    )
}

#[tokio::test]
async fn a_completion_leaves_with_surrogates_and_comes_back_whole() {
    let door = door(complete).await;
    let document =
        json!({"model": "klein", "prompt": told_of_somebody(), "suffix": format!("mail {MAIL}")});
    let answered = door
        .post("/v1/completions", &[], document.to_string())
        .await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(answered.json()["choices"][0]["text"], told_of_somebody());
    assert_eq!(answered.headers["x-waarborg-verdict"], "pseudonymise");
    let seen = &door.provider.seen()[0];
    assert!(
        seen.head.starts_with("POST /v1/completions "),
        "{}",
        seen.head
    );
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_streamed_completion_is_restored_under_every_split_choice_by_choice() {
    let door = door(complete).await;
    for size in [1, 2, 5, 9, 400] {
        let prompts = [told_of_somebody(), format!("{MAIL} of {IBAN}")];
        let document = json!({"model": "klein", "prompt": prompts, "stream": true, "seed": size});
        let answered = door
            .post("/v1/completions", &[], document.to_string())
            .await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        for (index, prompt) in prompts.iter().enumerate() {
            let text: String = answered
                .chunks()
                .iter()
                .filter(|chunk| chunk["choices"][0]["index"] == index)
                .filter_map(|chunk| chunk["choices"][0]["text"].as_str())
                .collect();
            assert_eq!(&text, prompt, "{size}");
        }
        assert_eq!(answered.data().last().unwrap(), "[DONE]");
    }
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_streamed_completion_that_breaks_off_says_so() {
    let door = door(|_| {
        let chunk = json!({"choices": [{"index": 0, "text": "half", "finish_reason": null}]});
        let event = crate::sse::data_event(&chunk.to_string());
        Script::stream(vec![Step::Send(event), Step::Cut])
    })
    .await;
    let document = json!({"model": "klein", "prompt": told_of_somebody(), "stream": true});
    let answered = door
        .post("/v1/completions", &[], document.to_string())
        .await;
    let last = answered.chunks().last().unwrap().clone();
    assert_eq!(last["error"]["code"], "provider_broke_off");
}

#[tokio::test]
async fn every_text_to_embed_leaves_with_surrogates_that_are_always_the_same() {
    let door = door(embed).await;
    let embedded = |texts: Value| {
        json!({"model": "klein", "input": texts, "encoding_format": "float", "user": MAIL})
            .to_string()
    };
    for texts in [
        json!(told_of_somebody()),
        json!(["iets anders", told_of_somebody()]),
    ] {
        let answered = door.post("/v1/embeddings", &[], embedded(texts)).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(
            answered.json()["data"][0]["embedding"][0],
            json!(0.123_456_789)
        );
    }
    let seen = door.provider.seen();
    assert!(seen[0].head.starts_with("POST /v1/embeddings "));
    // A document and a question about it meet only if the same person is the same surrogate in both.
    assert_eq!(
        document_of(&seen[0])["input"],
        document_of(&seen[1])["input"][1]
    );
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_text_to_judge_leaves_with_surrogates_also_without_a_model() {
    let door = door(judge).await;
    for input in [
        json!(told_of_somebody()),
        json!([told_of_somebody()]),
        json!([{"type": "text", "text": told_of_somebody()}]),
    ] {
        let document = json!({"model": "klein", "input": input});
        let answered = door
            .post("/v1/moderations", &[], document.to_string())
            .await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(answered.json()["results"][0]["flagged"], false);
    }
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);

    let unnamed = json!({"input": "hallo"}).to_string();
    let answered = door.post("/v1/moderations", &[], unnamed).await;
    assert_eq!(answered.code(), "model_not_found", "{}", answered.body);
}

#[tokio::test]
async fn what_nobody_can_look_into_is_refused_and_nothing_leaves() {
    let door = door(embed).await;
    let image = json!([{"type": "image_url", "image_url": {"url": "https://x.nl/a.png"}}]);
    let cases = [
        (
            "/v1/embeddings",
            json!({"input": [1, 2, 3]}),
            "content_not_inspectable",
        ),
        (
            "/v1/embeddings",
            json!({"input": [[1, 2], [3]]}),
            "content_not_inspectable",
        ),
        (
            "/v1/embeddings",
            json!({"input": ["data:image/png;base64,iVBORw0KGgo="]}),
            "content_not_inspectable",
        ),
        (
            "/v1/embeddings",
            json!({"input": image}),
            "content_not_inspectable",
        ),
        ("/v1/embeddings", json!({"input": 7}), "invalid_field"),
        ("/v1/embeddings", json!({}), "invalid_field"),
        (
            "/v1/completions",
            json!({"prompt": [15496, 995]}),
            "content_not_inspectable",
        ),
        (
            "/v1/completions",
            json!({"prompt": {"a": 1}}),
            "invalid_field",
        ),
        (
            "/v1/moderations",
            json!({"input": image}),
            "content_not_inspectable",
        ),
    ];
    for (path, mut document, code) in cases {
        document["model"] = json!("klein");
        let answered = door.post(path, &[], document.to_string()).await;
        assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{document}");
        assert_eq!(answered.code(), code, "{path} {document}");
        let param = &answered.json()["error"]["param"];
        assert!(
            param.as_str().is_some_and(|param| !param.is_empty()),
            "{document}"
        );
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn an_answer_of_another_shape_is_no_answer() {
    let door = door(|_| Script::json(200, r#"{"object": "list"}"#)).await;
    for (path, document) in [
        ("/v1/embeddings", json!({"model": "klein", "input": "x"})),
        ("/v1/moderations", json!({"model": "klein", "input": "x"})),
        ("/v1/completions", json!({"model": "klein", "prompt": "x"})),
    ] {
        let answered = door.post(path, &[], document.to_string()).await;
        assert_eq!(
            (answered.status, answered.code().as_str()),
            (StatusCode::BAD_GATEWAY, "provider_broke_off"),
            "{path}"
        );
    }
}
