//! Surrogates that look real, where the register asks for them.

use super::generated::{Chance, n_cases};
use super::*;

async fn realistic_door() -> Door {
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let base_url = provider.base_url();
    let source = include_str!("register.toml").replace("BASE_URL", &base_url);
    let source = source.replace("[policy]", "[policy]\nsurrogates = \"realistic\"");
    let mut table = ProviderTable::default();
    let model = OpenAi::new(&base_url, None, patience()).unwrap();
    table.add("model", &["klein".to_owned()], Box::new(model));
    let (house, switches) = house_of(&source, "pseudonymise", table);
    Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    }
}

/// People and what belongs to them, of which no two are alike.
const TOLD: [(&str, &[&str]); 5] = [
    (
        "Ik ben Sanne de Wit, geboren op 14-02-1983, en mijn BSN is 111222333.",
        &["Sanne", "Wit", "14-02-1983", "111222333"],
    ),
    (
        "Mail mevrouw Fatima Bakker op fatima.bakker@voorbeeld.nl of bel 06-12345678.",
        &[
            "Fatima",
            "Bakker",
            "fatima.bakker@voorbeeld.nl",
            "06-12345678",
        ],
    ),
    (
        "Mijn rekening is NL91 ABNA 0417 1643 00, op naam van P.J. van den Berg.",
        &["NL91 ABNA 0417 1643 00", "Berg"],
    ),
    (
        "Dhr. Mehmet Yılmaz woont op Kerkstraat 12, 1234 AB Utrecht.",
        &["Mehmet", "Yılmaz", "Kerkstraat", "1234 AB"],
    ),
    (
        "Johanna Jansen en haar zoon Pieter Jansen, geboren op 3 maart 2015.",
        &["Johanna", "Jansen", "Pieter", "3 maart 2015"],
    ),
];

fn asked(text: &str, streams: bool) -> Value {
    let mut document = ask(text);
    document["stream"] = json!(streams);
    document
}

fn said(answered: &Answered, streams: bool) -> String {
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    if streams {
        return answered.text();
    }
    let said = answered.json()["choices"][0]["message"]["content"].clone();
    said.as_str().unwrap_or_default().to_owned()
}

fn seen(door: &Door) -> String {
    let seen = door.provider.seen().last().unwrap().body.clone();
    let seen: Value = serde_json::from_slice(&seen).unwrap();
    seen["messages"][0]["content"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn no_value_leaves_and_the_same_words_come_back_without_a_bracket_on_the_way() {
    let door = realistic_door().await;
    let mut chance = Chance(20_261_123);
    for _ in 0..n_cases(20) {
        let mut text = String::new();
        let mut values = Vec::new();
        for _ in 0..=chance.next(4) {
            let (told, of_them) = TOLD[chance.next(TOLD.len())];
            text.push_str(told);
            text.push_str([" ", "\n\n", "\n- "][chance.next(3)]);
            values.extend_from_slice(of_them);
        }
        for streams in [false, true] {
            let answered = door.chat(&asked(&text, streams)).await;
            let sent = seen(&door);
            for value in &values {
                assert!(!sent.contains(value), "{value}: {sent}");
            }
            assert!(!sent.contains('['), "{sent}");
            assert_eq!(said(&answered, streams), text, "{sent}");
            door.provider.forget();
        }
    }
}

#[tokio::test]
async fn a_name_that_programs_use_gets_letters_and_digits_and_what_is_kept_apart_its_brackets() {
    let door = realistic_door().await;
    let text = "Ik ben Sanne de Wit, klantnummer 48213377. Mijn wachtwoord is hunter2!Zeker.";
    let mut document = ask(text);
    document["messages"][0]["name"] = json!("sanne_de_wit");
    let answered = door.chat(&document).await;
    assert_eq!(said(&answered, false), text);
    let sent = door.provider.seen().last().unwrap().text();
    let sent: Value = serde_json::from_str(&sent).unwrap();
    let name = sent["messages"][0]["name"].as_str().unwrap();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    assert!(name.contains('_') && name.chars().all(is_plain), "{name}");
    let content = sent["messages"][0]["content"].as_str().unwrap();
    assert!(
        content.starts_with("Ik ben ") && !content.starts_with("Ik ben ["),
        "{content}"
    );
    assert!(content.contains("[KLANTNUMMER_"), "{content}");
    door.check_nothing_leaked(&["Sanne", "48213377", "hunter2"]);
}

#[tokio::test]
async fn a_conversation_that_goes_on_keeps_its_names_and_texts_outside_one_keep_brackets() {
    let door = realistic_door().await;
    let first = "Ik ben Sanne de Wit.";
    door.chat(&ask(first)).await;
    let one = seen(&door);
    let document = json!({"model": "klein", "messages": [
        {"role": "user", "content": first},
        {"role": "assistant", "content": "Dag Sanne de Wit."},
        {"role": "user", "content": "Schrijf aan Pieter Jansen."}]});
    door.chat(&document).await;
    assert_eq!(seen(&door), one);
    assert!(one.starts_with("Ik ben ") && !one.contains('['), "{one}");

    // What the echo answers is no vector; here it is about what it got.
    let embedded = json!({"model": "klein", "input": first});
    door.post("/v1/embeddings", &[], embedded.to_string()).await;
    let sent = door.provider.seen().last().unwrap().text();
    assert!(sent.contains("[PERSOON_"), "{sent}");
}

#[tokio::test]
async fn the_preview_shows_what_would_stand_there() {
    let door = realistic_door().await;
    let document = json!({"text": "Ik ben Sanne de Wit, BSN 111222333.", "model": "klein"});
    let answered = door
        .post("/v1/guard/preview", &[], document.to_string())
        .await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert!(
        !answered.body.contains("[PERSOON_") && !answered.body.contains("[BSN_"),
        "{}",
        answered.body
    );
    door.check_nothing_left();
}
