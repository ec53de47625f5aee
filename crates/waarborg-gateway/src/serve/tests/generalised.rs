//! What points at somebody only in combination goes along in wider words, where the register says so.

use super::*;

const CHANGE: &str = "[[policy.override]]\nkind = \"indirect-identifier\"\ndestination = \"eu\"\nverdict = \"generalise\"\n\
    why = { nl = \"afgesproken\", en = \"agreed\" }\n";

async fn generalising() -> Door {
    door_changed("pseudonymise", CHANGE).await
}

fn seen(door: &Door) -> String {
    let seen = door.provider.seen();
    String::from_utf8_lossy(&seen.last().unwrap().body).into_owned()
}

#[tokio::test]
async fn a_day_a_town_and_a_postcode_go_along_wider_and_stay_so() {
    let door = generalising().await;
    let text = "Els Bakker woont in Urk, 8321 AB, en is geboren op 14-03-1951.";
    let answered = door.chat(&ask(text)).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let sent = seen(&door);
    for value in ["Els", "Bakker", "Urk", "8321 AB", "14-03", "1951."] {
        assert!(!sent.contains(value), "{value}: {sent}");
    }
    // The name comes back; what went along wider stays so, as the model never had more.
    let said = answered.json()["choices"][0]["message"]["content"].to_string();
    assert!(said.contains("Els Bakker"), "{said}");
    assert!(!said.contains("Urk") && !said.contains("14-03"), "{said}");
    assert!(said.contains("19"), "{said}");
}

#[tokio::test]
async fn what_has_no_wider_words_becomes_a_surrogate() {
    let door = generalising().await;
    let answered = door
        .chat(&ask("Mail Els Bakker op els.bakker@voorbeeld.nl."))
        .await;
    assert_eq!(answered.headers["x-waarborg-verdict"], "pseudonymise");
    assert!(answered.body.contains("els.bakker@voorbeeld.nl"));
    assert!(!seen(&door).contains("els.bakker"));
}

#[tokio::test]
async fn in_a_name_that_programs_use_nothing_goes_along_in_words() {
    let door = generalising().await;
    let document = json!({"model": "klein",
        "messages": [{"role": "user", "name": "els_bakker_14-03-1951", "content": "Els Bakker is geboren op 14-03-1951."}]});
    let answered = door.chat(&document).await;
    if answered.status == StatusCode::OK {
        let sent: Value = serde_json::from_str(&seen(&door)).unwrap();
        let name = sent["messages"][0]["name"].as_str().unwrap();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        assert!(name.chars().all(fits), "{name}");
        assert!(!name.contains("1951") && !name.contains("bakker"), "{name}");
    } else {
        door.check_nothing_left();
    }
}

#[tokio::test]
async fn the_same_beginning_goes_along_in_the_same_words() {
    let door = generalising().await;
    let first = json!({"role": "user", "content": "Hoe vraagt iemand uit Urk, geboren op 14-03-1951, AOW aan?"});
    let mut bodies = Vec::new();
    for turns in [
        vec![first.clone()],
        vec![
            first.clone(),
            json!({"role": "assistant", "content": "Bij de bank voor sociale verzekeringen."}),
            json!({"role": "user", "content": "En hoe lang duurt dat?"}),
        ],
    ] {
        door.chat(&json!({"model": "klein", "messages": turns}))
            .await;
        let sent: Value = serde_json::from_str(&seen(&door)).unwrap();
        bodies.push(sent["messages"][0].clone());
    }
    assert_eq!(bodies[0], bodies[1]);
}
