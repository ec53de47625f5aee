//! What the policy keeps for a model of one's own goes to that one, whatever model was asked for, and to nobody else.

use waarborg_usecase::ports::KeyBounds;

use super::recipients::{EU, FAR, OWN, asked, door_to, failing, house_with, last, once, sent_to};
use super::trail::routed_and_confirmed;
use super::*;

const PUBLIC: &str = "country = \"NL\"\ndestination = \"public\"";
const HEALTH: &str = "Zij heeft diabetes.";

/// A processor that serves `klein`, and an own model with the name `eigen`.
async fn two(policy: &str, own: Option<Script>) -> (Door, ScriptedProvider) {
    let processor = ScriptedProvider::start(echo).await.unwrap();
    let own = match own {
        None => ScriptedProvider::start(echo).await.unwrap(),
        Some(script) => failing(script).await,
    };
    let (processor_url, own_url) = (processor.base_url(), own.base_url());
    let recipients = vec![
        asked("leverancier", EU, &processor_url, once()),
        asked("huis", OWN, &own_url, once()).serving("eigen"),
    ];
    (door_to(own, house_with(policy, recipients)), processor)
}

#[tokio::test]
async fn a_special_category_goes_to_the_own_model_under_its_own_name() {
    let (door, processor) = two("strict", None).await;
    for document in [ask(HEALTH), streamed(HEALTH)] {
        let answered = door.chat(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let is_stream = answered.body.starts_with("data:");
        let text = if is_stream {
            answered.text()
        } else {
            answered.body.clone()
        };
        assert!(text.contains("diabetes"), "{text}");
        assert_eq!(answered.headers["x-waarborg-recipient"], "huis");
        assert_eq!(answered.headers["x-waarborg-routed"], "eigen");
        let seen: Value = serde_json::from_slice(&door.provider.seen()[0].body).unwrap();
        assert_eq!(seen["model"], "eigen");
        door.provider.forget();
    }
    assert!(processor.seen().is_empty());
    assert_eq!(sent_to(&door), ["huis", "huis"]);

    // What the processor may have goes to it, and nothing is said of another model.
    let answered = door.chat(&ask("Wat is een paspoort?")).await;
    assert_eq!(answered.headers["x-waarborg-recipient"], "leverancier");
    assert!(!answered.headers.contains_key("x-waarborg-routed"));
    let (routed, not) = ((true, false), (false, false));
    assert_eq!(routed_and_confirmed(&door).await, [routed, routed, not]);
    door.check_nothing_left();
}

#[tokio::test]
async fn what_is_stopped_everywhere_goes_nowhere_though_something_beside_it_would_be_routed() {
    let (door, processor) = two("strict", None).await;
    let answered = door
        .chat(&ask(&format!("{HEALTH} Haar bsn is {BSN}.")))
        .await;
    assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answered.code(), "personal_data_blocked");
    assert_eq!(answered.headers["x-waarborg-verdict"], "block");
    assert_eq!(routed_and_confirmed(&door).await, [(false, false)]);
    door.check_nothing_left();
    assert!(processor.seen().is_empty());
}

#[tokio::test]
async fn a_key_that_may_not_use_the_own_model_is_refused() {
    let (door, processor) = two("strict", None).await;
    *door.switches.bounds.lock().unwrap() = KeyBounds {
        models: vec!["klein".to_owned()],
        ..KeyBounds::default()
    };
    let answered = door.chat(&ask(HEALTH)).await;
    assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answered.headers["x-waarborg-verdict"], "route");
    assert!(!answered.body.contains("eigen"), "{}", answered.body);
    door.check_nothing_left();
    assert!(processor.seen().is_empty());
}

#[tokio::test]
async fn an_own_model_that_fails_is_no_reason_to_ask_the_other_one() {
    let (door, processor) = two("strict", Some(Script::json(500, "{}"))).await;
    let answered = door.chat(&ask(HEALTH)).await;
    assert_eq!(answered.status, StatusCode::BAD_GATEWAY);
    assert_eq!(answered.code(), "provider_refused");
    assert!(processor.seen().is_empty());
    assert_eq!(routed_and_confirmed(&door).await, [(true, false)]);
}

#[tokio::test]
async fn a_model_that_others_serve_as_well_is_routed_to_the_own_recipient_alone() {
    let processor = ScriptedProvider::start(echo).await.unwrap();
    let own = ScriptedProvider::start(echo).await.unwrap();
    let (processor_url, own_url) = (processor.base_url(), own.base_url());
    let recipients = vec![
        asked("leverancier", EU, &processor_url, once()),
        asked("wolk", EU, &processor_url, once()).serving("groot"),
        asked("huis", OWN, &own_url, last()).serving("groot"),
    ];
    let door = door_to(own, house_with("strict", recipients));
    let answered = door.chat(&ask(HEALTH)).await;
    assert_eq!(answered.headers["x-waarborg-recipient"], "huis");
    assert_eq!(answered.headers["x-waarborg-routed"], "groot");
    assert!(processor.seen().is_empty());
    assert_eq!(sent_to(&door), ["huis"]);
}

#[tokio::test]
async fn nothing_is_sent_when_it_is_only_asked_what_would_happen() {
    let (door, processor) = two("strict", None).await;
    let dry = [("x-waarborg-dry-run", "true")];
    let body = ask(HEALTH).to_string();
    let answered = door.post("/v1/chat/completions", &dry, body).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(answered.headers["x-waarborg-routed"], "eigen");
    door.check_nothing_left();
    assert!(processor.seen().is_empty());

    for body in [json!({"text": HEALTH, "model": "klein"}), ask(HEALTH)] {
        let preview = door
            .post("/v1/guard/preview", &[], body.to_string())
            .await
            .json();
        assert_eq!(preview["routed"], "eigen", "{preview}");
    }
    let preview = json!({"text": "hallo", "model": "klein"}).to_string();
    let preview = door.post("/v1/guard/preview", &[], preview).await.json();
    assert_eq!(preview["routed"], Value::Null);
    door.check_nothing_left();
}

#[tokio::test]
async fn where_surrogates_open_the_own_model_it_is_routed_with_surrogates() {
    let far = ScriptedProvider::start(echo).await.unwrap();
    let own = ScriptedProvider::start(echo).await.unwrap();
    let (far_url, own_url) = (far.base_url(), own.base_url());
    let recipients = vec![
        asked("ver", FAR, &far_url, once()),
        asked("huis", OWN, &own_url, once()).serving("eigen"),
    ];
    let door = door_to(own, house_with("pseudonymise", recipients));
    let text = format!("Jan de Vries ({MAIL}) heeft diabetes.");
    let answered = door.chat(&ask(&text)).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(answered.headers["x-waarborg-routed"], "eigen");
    let said = &answered.json()["choices"][0]["message"]["content"];
    assert_eq!(said, &json!(text));
    door.check_nothing_leaked(&["Vries", MAIL]);
    assert!(String::from_utf8_lossy(&door.provider.bytes()).contains("diabetes"));
    assert!(far.seen().is_empty());
}

#[tokio::test]
async fn vectors_of_another_model_mean_something_else_and_are_not_routed() {
    let (door, processor) = two("strict", None).await;
    for (path, body) in [
        ("/v1/embeddings", json!({"model": "klein", "input": HEALTH})),
        (
            "/v1/moderations",
            json!({"model": "klein", "input": HEALTH}),
        ),
        (
            "/v1/images/generations",
            json!({"model": "klein", "prompt": HEALTH}),
        ),
    ] {
        let answered = door.post(path, &[], body.to_string()).await;
        assert_eq!(
            answered.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path}: {}",
            answered.body
        );
    }
    door.check_nothing_left();
    assert!(processor.seen().is_empty());
}

#[tokio::test]
async fn what_one_recipient_blocks_is_not_routed_whoever_comes_first() {
    for places in [[EU, PUBLIC], [PUBLIC, EU]] {
        let others = ScriptedProvider::start(echo).await.unwrap();
        let own = ScriptedProvider::start(echo).await.unwrap();
        let (url, own_url) = (others.base_url(), own.base_url());
        let recipients = vec![
            asked("een", places[0], &url, once()),
            asked("twee", places[1], &url, last()),
            asked("huis", OWN, &own_url, once()).serving("eigen"),
        ];
        let door = door_to(own, house_with("strict", recipients));
        let answered = door.chat(&ask(&format!("{MAIL}: {HEALTH}"))).await;
        assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
        door.check_nothing_left();
        assert!(others.seen().is_empty());
    }
}
