//! Pictures at the door: a text goes out, pictures come back.

use super::*;
use crate::serve::Spending;

const PATH: &str = "/v1/images/generations";

/// Repeats what it was asked for beside a picture: whole, or in a stream after a first sketch.
pub(super) fn paint(seen: &Seen) -> Script {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    let prompt = document["prompt"].as_str().unwrap();
    let usage = json!({"input_tokens": 5, "output_tokens": 272, "total_tokens": 277});
    if document["stream"] == json!(true) {
        let sketch = json!({"type": "image_generation.partial_image", "b64_json": "iVBO", "partial_image_index": 0});
        let done = json!({"type": "image_generation.completed", "b64_json": "iVBORw0KGgo=", "revised_prompt": prompt, "usage": usage});
        return events(&[sketch, done]);
    }
    let picture = json!({"b64_json": "iVBORw0KGgo=", "revised_prompt": prompt});
    let answer = json!({"created": 1, "data": [picture], "usage": usage});
    Script::json(200, &answer.to_string())
}

fn events(documents: &[Value]) -> Script {
    let steps = documents.iter().map(|document| {
        let kind = document["type"].as_str();
        let mut event = Vec::new();
        crate::sse::write_event(kind, &document.to_string(), &mut event);
        Step::Send(event)
    });
    Script::stream(steps.collect())
}

fn ask_for(prompt: &str) -> Value {
    json!({"model": "klein", "prompt": prompt})
}

#[tokio::test]
async fn a_picture_is_asked_for_with_surrogates_and_its_words_come_back() {
    let door = door(paint).await;
    let mut document = ask_for(&told_of_somebody());
    document["user"] = json!(MAIL);
    let answered = door.post(PATH, &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let picture = &answered.json()["data"][0];
    assert_eq!(picture["revised_prompt"], told_of_somebody());
    assert_eq!(picture["b64_json"], "iVBORw0KGgo=");
    assert_eq!(answered.headers["x-waarborg-verdict"], "pseudonymise");
    let seen = &door.provider.seen()[0];
    assert!(seen.head.starts_with("POST /v1/images/generations "));
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_streamed_picture_comes_sketch_by_sketch_under_the_names_of_its_events() {
    let door = door(paint).await;
    let mut document = ask_for(&told_of_somebody());
    document["stream"] = json!(true);
    document["partial_images"] = json!(1);
    let answered = door.post(PATH, &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert!(
        answered
            .body
            .starts_with("event: image_generation.partial_image\ndata: {")
    );
    let events = answered.chunks();
    assert_eq!(events[1]["type"], "image_generation.completed");
    assert_eq!(events[1]["revised_prompt"], told_of_somebody());
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_streamed_picture_that_breaks_off_says_so() {
    let sketch = json!({"type": "image_generation.partial_image", "b64_json": "iVBO"});
    for more in [
        Vec::new(),
        vec![json!({"type": "error", "error": {"code": "moderation_blocked", "message": MAIL}})],
    ] {
        let documents = [vec![sketch.clone()], more].concat();
        let door = door(move |_| events(&documents)).await;
        let mut document = ask_for("een huis");
        document["stream"] = json!(true);
        let answered = door.post(PATH, &[], document.to_string()).await;
        let last = answered.chunks().last().unwrap().clone();
        assert_eq!(last["type"], "error", "{}", answered.body);
        assert!(!answered.body.contains(MAIL), "{}", answered.body);
    }
}

#[tokio::test]
async fn an_address_of_a_picture_gets_no_values() {
    let door = door(|seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let surrogate = document["prompt"].as_str().unwrap();
        let url = format!("https://verzamelaar.nl/a.png?wie={surrogate}");
        Script::json(200, &json!({"data": [{"url": url}]}).to_string())
    })
    .await;
    let answered = door.post(PATH, &[], ask_for(MAIL).to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert!(!answered.body.contains(MAIL), "{}", answered.body);
    assert!(
        answered.body.contains("https://verzamelaar.nl/a.png?wie=["),
        "{}",
        answered.body
    );
}

#[tokio::test]
async fn what_is_no_request_for_a_picture_is_refused_and_nothing_leaves() {
    let door = door(paint).await;
    let cases = [
        (json!({"model": "klein"}), "invalid_field"),
        (json!({"model": "klein", "prompt": ["a"]}), "invalid_field"),
        (json!({"prompt": "een huis"}), "invalid_field"),
        (
            json!({"model": "klein", "prompt": "zo", "image": "https://x.nl/a.png"}),
            "content_not_inspectable",
        ),
        (
            json!({"model": "klein", "prompt": "zo", "onbekend": "data:image/png;base64,iVBORw0KGgo="}),
            "content_not_inspectable",
        ),
    ];
    for (document, code) in cases {
        let answered = door.post(PATH, &[], document.to_string()).await;
        assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{document}");
        assert_eq!(answered.code(), code, "{document}");
    }
    let answered = door.post("/v1/images/films", &[], ask_for("zo").to_string());
    assert_eq!(answered.await.code(), "endpoint_not_guarded");
    door.check_nothing_left();
}

#[tokio::test]
async fn a_picture_that_nobody_counts_is_a_thousand_tokens_however_large_it_is() {
    let large = "A".repeat(40_000);
    for (answer, n_tokens) in [
        (
            json!({"data": [{"b64_json": large}, {"b64_json": large}]}),
            2_000,
        ),
        (json!({"data": [{"url": "https://x.nl/a.png"}]}), 1_000),
        (
            json!({"data": [{"b64_json": large}], "usage": {"input_tokens": 5, "output_tokens": 272}}),
            272,
        ),
    ] {
        let spending = Arc::new(Spending::default());
        let provider = ScriptedProvider::start(move |_| Script::json(200, &answer.to_string()));
        let provider = provider.await.unwrap();
        let base_url = provider.base_url();
        let openai = OpenAi::new(&base_url, None, patience()).unwrap();
        let (house, switches) = house(&base_url, "pseudonymise", Box::new(openai));
        let state = GatewayState::counting_in(house, DoorLimits::default(), Arc::clone(&spending));
        let door = Door {
            router: routes(state),
            provider,
            switches,
        };
        let answered = door.post(PATH, &[], ask_for("een huis").to_string()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(spending.by_recipient()["model"].tokens_out, n_tokens);
    }
}

#[tokio::test]
async fn an_answer_without_pictures_is_no_answer() {
    let door = door(|_| Script::json(200, r#"{"object": "list"}"#)).await;
    let answered = door.post(PATH, &[], ask_for("een huis").to_string()).await;
    assert_eq!(answered.code(), "provider_broke_off");
}
