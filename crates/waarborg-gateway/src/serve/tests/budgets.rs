//! Keys within bounds: models, a stricter policy, requests, tokens and money.

use waarborg_usecase::ports::KeyBounds;

use super::*;
use crate::providers::{Manner, ProviderTable};
use crate::serve::Spending;

fn bound(door: &Door, bounds: KeyBounds) {
    *door.switches.bounds.lock().unwrap() = bounds;
}

/// What a provider answers that says what it used.
fn costly(seen: &Seen) -> Script {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    let usage = json!({"prompt_tokens": 600, "completion_tokens": 100, "total_tokens": 700});
    if document["stream"] == json!(true) {
        let mut events = chunks_of("Dag", 1);
        events.push(
            json!({"id": "x", "object": "chat.completion.chunk", "choices": [], "usage": usage})
                .to_string(),
        );
        return Script::events(&events, 9);
    }
    let message = json!({"role": "assistant", "content": "Dag"});
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    let answer =
        json!({"id": "x", "object": "chat.completion", "choices": [choice], "usage": usage});
    Script::json(200, &answer.to_string())
}

#[tokio::test]
async fn who_asks_more_than_a_minute_allows_waits_and_hears_how_long_in_its_own_format() {
    let door = door(echo).await;
    bound(
        &door,
        KeyBounds {
            requests_per_minute: Some(3),
            ..KeyBounds::default()
        },
    );
    for _ in 0..3 {
        assert_eq!(door.chat(&ask("hallo")).await.status, StatusCode::OK);
    }
    let answered = door.chat(&ask("hallo")).await;
    assert_eq!(answered.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answered.code(), "rate_limit_exceeded");
    let wait: u64 = answered.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    assert_eq!(door.provider.seen().len(), 3);

    let body = json!({"model": "klein", "max_tokens": 9, "messages": [{"role": "user", "content": "hoi"}]});
    let version = [("anthropic-version", "2023-06-01")];
    let answered = door.post("/v1/messages", &version, body.to_string()).await;
    assert_eq!(answered.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answered.json()["error"]["type"], "rate_limit_error");
    assert!(answered.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn what_other_nodes_used_counts_as_well() {
    let door = door(echo).await;
    bound(
        &door,
        KeyBounds {
            requests_per_minute: Some(100),
            ..KeyBounds::default()
        },
    );
    assert_eq!(door.chat(&ask("hallo")).await.status, StatusCode::OK);
    // Another node on the same store, in the same minute.
    *door
        .switches
        .used
        .lock()
        .unwrap()
        .get_mut("requests")
        .unwrap() += 98;
    let n_answered = {
        let mut n_answered = 0;
        for _ in 0..100 {
            n_answered += u32::from(door.chat(&ask("hallo")).await.status == StatusCode::OK);
        }
        n_answered
    };
    // Far from the limit one counts alone for a moment; near it nobody does.
    assert!(n_answered <= 75, "{n_answered}");
    assert_eq!(
        door.chat(&ask("hallo")).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn tokens_and_money_are_used_up_by_what_the_provider_counts() {
    for streams in [false, true] {
        for (bounds, code) in [
            (
                KeyBounds {
                    tokens_per_day: Some(1400),
                    ..KeyBounds::default()
                },
                "token_budget_exceeded",
            ),
            (
                // 600 × 1000 + 100 × 4000 millionths of a cent is one cent.
                KeyBounds {
                    cents_per_month: Some(2),
                    ..KeyBounds::default()
                },
                "cost_budget_exceeded",
            ),
        ] {
            let provider = ScriptedProvider::start(costly).await.unwrap();
            let base_url = provider.base_url();
            let source = include_str!("register.toml").replace("BASE_URL", &base_url);
            let mut table = ProviderTable::default();
            let manner = Manner {
                prices: (1000, 4000),
                ..Manner::default()
            };
            let openai = OpenAi::new(&base_url, None, SHORT).unwrap();
            table.add_with("model", &["klein".to_owned()], Box::new(openai), manner);
            let (house, switches) = house::house_of(&source, "pseudonymise", table);
            let door = Door {
                router: routes(GatewayState::new(house, DoorLimits::default())),
                provider,
                switches,
            };
            bound(&door, bounds);
            let mut document = ask("hallo");
            document["stream"] = json!(streams);
            assert_eq!(door.chat(&document).await.status, StatusCode::OK);
            assert_eq!(door.chat(&document).await.status, StatusCode::OK);
            let answered = door.chat(&document).await;
            assert_eq!(answered.status, StatusCode::TOO_MANY_REQUESTS, "{code}");
            assert_eq!(answered.code(), code);
            assert!(answered.headers.contains_key("retry-after"));
        }
    }
}

#[tokio::test]
async fn a_key_asks_only_for_its_own_models_and_sees_no_others() {
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let base_url = provider.base_url();
    let (house, switches) = house_with_own_model(&base_url, "strict", "");
    let door = Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    };
    bound(
        &door,
        KeyBounds {
            models: vec!["klein".to_owned()],
            ..KeyBounds::default()
        },
    );
    let mut other = ask("hallo");
    other["model"] = json!("eigen");
    let answered = door.chat(&other).await;
    assert_eq!(answered.status, StatusCode::FORBIDDEN);
    assert_eq!(answered.code(), "model_not_permitted");
    door.check_nothing_left();
    assert_eq!(door.chat(&ask("hallo")).await.status, StatusCode::OK);

    let request = Request::get("/v1/models").header("authorization", format!("Bearer {}", key()));
    let listed = door.ask(request.body(Body::empty()).unwrap()).await;
    assert!(
        !listed.body.contains("eigen") && !listed.body.contains("dicht"),
        "{}",
        listed.body
    );
    // Nor is it told that another model would have taken what was refused.
    let refused = door.chat(&ask("Zij heeft diabetes.")).await;
    assert_eq!(refused.code(), "personal_data_blocked");
    assert_eq!(
        refused.json()["error"]["waarborg"]["open_models"],
        json!([])
    );
}

#[tokio::test]
async fn the_policy_of_a_key_can_only_be_the_stricter_one() {
    let stricter = KeyBounds {
        policy: Some("strict".to_owned()),
        ..KeyBounds::default()
    };
    let door = door(echo).await;
    let bsn = ask(&format!("BSN {BSN}"));
    assert_eq!(door.chat(&bsn).await.status, StatusCode::OK);
    bound(&door, stricter);
    let answered = door.chat(&bsn).await;
    assert_eq!(answered.code(), "personal_data_blocked");
    assert_eq!(answered.headers["x-waarborg-policy"], "strict");
    let header = [("x-waarborg-policy", "pseudonymise")];
    let answered = door
        .post("/v1/chat/completions", &header, bsn.to_string())
        .await;
    assert_eq!(
        answered.code(),
        "invalid_header",
        "a header makes nothing milder"
    );

    let milder = KeyBounds {
        policy: Some("observe".to_owned()),
        ..KeyBounds::default()
    };
    bound(&door, milder);
    let answered = door.chat(&bsn).await;
    assert_eq!(answered.headers["x-waarborg-policy"], "pseudonymise");
}

#[tokio::test]
async fn a_preview_of_a_text_is_within_the_bounds_of_its_key() {
    let door = door(echo).await;
    let text = json!({"text": format!("BSN {BSN}")}).to_string();
    let preview = async |headers: &[(&str, &str)]| {
        door.post("/v1/guard/preview", headers, text.clone()).await
    };
    assert_eq!(preview(&[]).await.json()["policy"], "pseudonymise");
    let strict = preview(&[("x-waarborg-policy", "strict")]).await.json();
    assert_eq!(strict["policy"], "strict");
    assert_eq!(strict["would_leave"], false, "{strict}");
    let milder = preview(&[("x-waarborg-policy", "observe")]).await;
    assert_eq!(milder.code(), "invalid_header");

    bound(
        &door,
        KeyBounds {
            policy: Some("strict".to_owned()),
            ..KeyBounds::default()
        },
    );
    assert_eq!(preview(&[]).await.json()["would_leave"], false);

    bound(
        &door,
        KeyBounds {
            models: vec!["ander".to_owned()],
            ..KeyBounds::default()
        },
    );
    let named = json!({"text": "hallo", "model": "klein"}).to_string();
    let answered = door.post("/v1/guard/preview", &[], named).await;
    assert_eq!(answered.code(), "model_not_permitted");
    assert_ne!(preview(&[]).await.status, StatusCode::OK);
    door.check_nothing_left();
}

fn tokens(door: &Door, most: u64) {
    bound(
        door,
        KeyBounds {
            tokens_per_day: Some(most),
            ..KeyBounds::default()
        },
    );
}

#[tokio::test]
async fn who_leaves_before_the_end_of_a_message_used_up_what_came() {
    let start = json!({"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant",
        "model": "klein", "content": [], "usage": {"input_tokens": 1, "output_tokens": 1}}});
    let block = json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}});
    let words = json!({"type": "content_block_delta", "index": 0,
        "delta": {"type": "text_delta", "text": "dag ".repeat(500)}});
    let steps = vec![
        Step::Send(messages::event(&start)),
        Step::Send(messages::event(&block)),
        Step::Send(messages::event(&words)),
        Step::Wait(Duration::from_secs(30)),
    ];
    let script = Script::stream(steps);
    let door = messages::messages_door(move |_| script.clone()).await;
    tokens(&door, 200);
    let mut document = messages::asked("hoi");
    document["stream"] = json!(true);
    let request = Request::post("/v1/messages")
        .header("content-type", "application/json")
        .header("x-api-key", key())
        .header("anthropic-version", "2023-06-01")
        .body(Body::from(document.to_string()))
        .unwrap();
    let response = door.router.clone().oneshot(request).await.unwrap();
    let mut body = response.into_body();
    let mut came = Vec::new();
    while !String::from_utf8_lossy(&came).contains("dag dag") {
        came.extend(body.frame().await.unwrap().unwrap().into_data().unwrap());
    }
    drop(body);
    let answered = door.message(&messages::asked("hoi")).await;
    assert_eq!(answered.status, StatusCode::TOO_MANY_REQUESTS);
}

/// A provider that takes requests and says nothing.
async fn silent_door() -> Arc<Door> {
    let script = Script::stream(vec![Step::Hang]).of_type("application/json");
    let provider = ScriptedProvider::start(move |_| script.clone()).await;
    let provider = provider.unwrap();
    let base_url = provider.base_url();
    let openai = OpenAi::new(&base_url, None, UpstreamLimits::default()).unwrap();
    let (house, switches) = house(&base_url, "pseudonymise", Box::new(openai));
    Arc::new(Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    })
}

/// Asks, and waits until the provider has so many requests.
async fn begun(door: &Arc<Door>, document: Value, n_seen: usize) -> tokio::task::JoinHandle<()> {
    let asking = tokio::spawn({
        let door = Arc::clone(door);
        async move {
            door.chat(&document).await;
        }
    });
    while door.provider.seen().len() < n_seen {
        assert!(!asking.is_finished(), "it was refused");
        tokio::task::yield_now().await;
    }
    asking
}

async fn leave(asking: tokio::task::JoinHandle<()>) {
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn who_leaves_before_the_answer_begins_used_up_what_was_sent() {
    let door = silent_door().await;
    tokens(&door, 200);
    let long = ask(&"dag ".repeat(500));
    leave(begun(&door, long.clone(), 1).await).await;
    let answered = door.chat(&long).await;
    assert_eq!(answered.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answered.code(), "token_budget_exceeded");
}

#[tokio::test]
async fn two_requests_at_once_do_not_both_get_the_last_of_a_budget() {
    let door = silent_door().await;
    tokens(&door, 2000);
    // 1000 tokens are counted in advance where a request names no number, so something is left for a second one.
    let first = begun(&door, ask("hallo"), 1).await;
    let mut long = ask("hallo");
    long["max_tokens"] = json!(3000);
    let second = begun(&door, long, 2).await;

    let answered = door.chat(&ask("hallo")).await;
    assert_eq!(answered.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answered.code(), "budget_in_use");
    assert_eq!(answered.headers["retry-after"], "2");
    assert_eq!(door.provider.seen().len(), 2);
    // The other programs on the same store hear of it as well.
    let used = door.switches.used.lock().unwrap()["tokens"];
    assert!(used >= 4000, "{used}");

    // Who goes away gives back what was counted in advance, but for what was sent.
    leave(first).await;
    leave(second).await;
    leave(begun(&door, ask("hallo"), 3).await).await;
}

/// A picture of one pixel that has three million bytes.
fn heavy() -> Vec<u8> {
    let mut dot = edits::dot();
    let body = vec![7; 3_000_000];
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let end = dot.len() - b"....IEND....".len();
    dot.splice(end..end, [&length[..], b"IDAT", &body, &[0; 4]].concat());
    dot
}

fn showing(picture: &[u8]) -> Value {
    let url = edits::reference(picture)["image_url"].clone();
    let parts = [
        json!({"type": "text", "text": "Wat is dit?"}),
        json!({"type": "image_url", "image_url": {"url": url}}),
    ];
    let mut document = ask("");
    document["messages"][0]["content"] = json!(parts);
    document
}

#[tokio::test]
async fn a_picture_counts_in_advance_by_its_size_and_not_by_its_bytes() {
    let door = silent_door().await;
    tokens(&door, 20_000);
    let first = begun(&door, showing(&heavy()), 1).await;
    // Others may go on beside it, and after somebody left who sent one.
    let second = begun(&door, ask("hallo"), 2).await;
    leave(first).await;
    leave(second).await;
    leave(begun(&door, ask("hallo"), 3).await).await;
    // Words count as they did.
    leave(begun(&door, ask(&"dag ".repeat(20_000)), 4).await).await;
    let answered = door.chat(&ask("hallo")).await;
    assert_eq!(answered.code(), "token_budget_exceeded");
}

#[tokio::test]
async fn a_picture_that_nobody_counts_is_what_it_costs_at_most_and_else_what_the_answer_says() {
    let told = json!({"usage": {"prompt_tokens": 11, "input_tokens": 11, "completion_tokens": 7, "output_tokens": 7}});
    for usage in [&json!({}), &told] {
        let counted = |least: u64| {
            if usage == &told {
                11..12
            } else {
                least..least + 200
            }
        };
        let script = move |seen: &Seen, usage: &Value| {
            let message = json!({"role": "assistant", "content": "Een stip"});
            let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
            let mut answer = if seen.head.contains("/images/") {
                json!({"data": [{"b64_json": "iVBO"}]})
            } else {
                json!({"id": "x", "object": "chat.completion", "choices": [choice]})
            };
            let members = usage.as_object().unwrap().clone();
            answer.as_object_mut().unwrap().extend(members);
            Script::json(200, &answer.to_string())
        };
        let spending = Arc::new(Spending::default());
        let said = usage.clone();
        let provider = ScriptedProvider::start(move |seen| script(seen, &said)).await;
        let provider = provider.unwrap();
        let base_url = provider.base_url();
        let openai = OpenAi::new(&base_url, None, patience()).unwrap();
        let (house, switches) = house(&base_url, "pseudonymise", Box::new(openai));
        let limits = DoorLimits::default();
        let door = Door {
            router: routes(GatewayState::counting_in(
                house,
                limits,
                Arc::clone(&spending),
            )),
            provider,
            switches,
        };
        let mut before = 0;
        let mut used = || {
            let all = spending.by_recipient()["model"].tokens_in;
            all - std::mem::replace(&mut before, all)
        };
        let answered = door.chat(&showing(&heavy())).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let n_tokens = used();
        assert!(counted(255).contains(&n_tokens), "{n_tokens}");
        let lying = edits::document("Een stip", &[edits::reference(&heavy())]);
        let answered = door.post("/v1/images/edits", &[], lying.to_string()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let n_tokens = used();
        assert!(counted(6434).contains(&n_tokens), "{n_tokens}");
        let form = transcripts::Form::new()
            .field("model", "klein")
            .field("prompt", "Een stip")
            .with("name=\"image\"; filename=\"a.png\"", &heavy());
        let answered = transcripts::post(&door, "/v1/images/edits", form).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let n_tokens = used();
        assert!(counted(6434).contains(&n_tokens), "{n_tokens}");
    }
}
