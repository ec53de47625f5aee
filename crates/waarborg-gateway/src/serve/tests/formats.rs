//! The profile that seeks formats and nothing else: what it holds back, what it lets go, and that it says so.

use super::*;

const SAID: &str = "Mevrouw Fatima Yilmaz (BSN 123456782, j.jansen@voorbeeld.nl, NL91ABNA0417164300) heeft diabetes en belt met 06-12345678.";

#[tokio::test]
async fn formats_are_held_back_and_names_are_not_and_every_answer_says_so() {
    let door = door_with("formats", DoorLimits::default(), echo).await;
    let answered = door.chat(&ask(SAID)).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(answered.headers["x-waarborg-policy"], "formats");
    assert_eq!(answered.json()["choices"][0]["message"]["content"], SAID);
    let found = answered.headers["x-waarborg-findings"].to_str().unwrap();
    assert_eq!(found, "EMAIL=1;PHONE=1;BSN=1;IBAN=1");
    let seen = door.provider.seen()[0].text();
    assert!(
        seen.contains("Fatima Yilmaz") && seen.contains("diabetes"),
        "{seen}"
    );
    door.check_nothing_leaked(&[BSN, MAIL, IBAN, "06-12345678"]);
    let entries = door.switches.entries.lock().unwrap();
    assert!(entries[0].payload().contains(r#""detail":"formats""#));
}

#[tokio::test]
async fn a_header_may_ask_for_all_and_never_for_formats() {
    let asks = |policy: &'static str| [("x-waarborg-policy", policy)];
    let door_of = |policy| door_with(policy, DoorLimits::default(), echo);
    let path = "/v1/chat/completions";
    let body = || ask(SAID).to_string();

    let formats = door_of("formats").await;
    let answered = formats.post(path, &asks("pseudonymise"), body()).await;
    let found = answered.headers["x-waarborg-findings"].to_str().unwrap();
    assert!(
        found.contains("PERSON=1") && found.contains("HEALTH=1"),
        "{found}"
    );
    assert_eq!(answered.headers["x-waarborg-policy"], "pseudonymise");
    let line = {
        let entries = formats.switches.entries.lock().unwrap();
        entries.last().unwrap().payload()
    };
    assert!(!line.contains("detail"), "{line}");

    for policy in ["observe", "pseudonymise", "strict"] {
        let door = door_of(policy).await;
        let answered = door.post(path, &asks("formats"), body()).await;
        assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{policy}");
        door.check_nothing_left();
    }
}
