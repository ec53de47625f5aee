//! A conversation that goes on: what is known of its earlier turns changes no byte.
//!
//! `WAARBORG_CASES=2000 cargo test -p waarborg-gateway remembered` runs the long version.

use super::generated::{Chance, n_cases, text};
use super::house::house;
use super::*;

/// A door, and what is remembered behind it.
async fn remembering() -> (Door, Arc<waarborg_usecase::House>) {
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let base_url = provider.base_url();
    let openai = OpenAi::new(&base_url, None, patience()).unwrap();
    let (house, switches) = house(&base_url, "pseudonymise", Box::new(openai));
    let router = routes(GatewayState::new(Arc::clone(&house), DoorLimits::default()));
    let door = Door {
        router,
        provider,
        switches,
    };
    (door, house)
}

/// What leaves, and what the client is told of it.
async fn sent(door: &Door, document: &Value, headers: &[(&str, &str)]) -> (String, String, String) {
    let answered = door
        .post("/v1/chat/completions", headers, document.to_string())
        .await;
    let found = answered.headers.get("x-waarborg-findings");
    let found = found.map(|found| found.to_str().unwrap().to_owned());
    let seen = door.provider.seen().last().map(Seen::text);
    door.provider.forget();
    (
        seen.unwrap_or_default(),
        found.unwrap_or_default(),
        answered.body,
    )
}

#[tokio::test]
async fn a_conversation_leaves_as_the_same_bytes_whether_it_is_known_or_not() {
    let (known, house) = remembering().await;
    let (fresh, other) = remembering().await;
    for case in 1..=n_cases(25) {
        let mut chance = Chance(case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut values = Vec::new();
        let mut messages = Vec::new();
        for turn in 0..4 {
            let said = format!(
                "Piet Jansen uit Utrecht vraagt: {} {} (geboren 14-03-1951, heeft astma)",
                text(&mut chance, &mut values),
                text(&mut chance, &mut values)
            );
            let role = ["user", "assistant"][turn % 2];
            messages.push(json!({"role": role, "content": said}));
            let document = json!({"model": "klein", "messages": messages});
            other.desk().remembered.forget();
            let one = sent(&known, &document, &[]).await;
            assert_eq!(
                one,
                sent(&fresh, &document, &[]).await,
                "case {case}, turn {turn}"
            );
            assert_eq!(
                one,
                sent(&known, &document, &[("x-waarborg-no-store", "true")]).await
            );
        }
    }
    assert!(house.desk().remembered.n_texts() > 25);
}

#[tokio::test]
async fn nothing_is_remembered_where_nothing_may_be_kept() {
    let (door, house) = remembering().await;
    let document = ask(&format!(
        "{} {}",
        told_of_somebody(),
        "en nog iets ".repeat(9)
    ));
    sent(&door, &document, &[("x-waarborg-no-store", "true")]).await;
    let texts =
        json!({"model": "klein", "input": [document["messages"][0]["content"]]}).to_string();
    door.post("/v1/embeddings", &[], texts).await;
    assert_eq!(house.desk().remembered.n_texts(), 0);
    sent(&door, &document, &[]).await;
    assert_eq!(house.desk().remembered.n_texts(), 1);
    let desk = house.desk();
    house.publish(Arc::clone(&desk.register), Arc::clone(&desk.policy));
    assert_eq!(house.desk().remembered.n_texts(), 0, "a new register");
}
