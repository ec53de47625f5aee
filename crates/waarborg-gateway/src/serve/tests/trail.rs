//! What a key may see of the log: its own requests, and nothing of what was said.

use super::*;

pub(super) async fn shown(door: &Door, query: &str) -> Answered {
    let request = Request::get(format!("/v1/trail{query}"));
    let request = request.header("authorization", format!("Bearer {}", key()));
    door.ask(request.body(Body::empty()).unwrap()).await
}

/// Of each line about a prompt, oldest first: whether it was routed and confirmed, as `/v1/trail` shows it. The log says the same,
/// and only where it is so.
pub(super) async fn routed_and_confirmed(door: &Door) -> Vec<(bool, bool)> {
    let list = shown(door, "").await.json();
    let lines = list["data"].as_array().unwrap().iter().rev();
    let flag = |line: &Value, name: &str| line[name].as_bool().unwrap();
    let shown: Vec<(bool, bool)> = lines
        .map(|line| (flag(line, "routed"), flag(line, "confirmed")))
        .collect();

    let entries = door.switches.entries.lock().unwrap();
    let logged = entries.iter().map(|entry| {
        let line: Value = serde_json::from_str(&entry.payload()).unwrap();
        let is_said = |name: &str| match line.get(name) {
            Some(said) => {
                assert_eq!(said, &json!(true));
                true
            }
            None => false,
        };
        (is_said("routed"), is_said("confirmed"))
    });
    assert_eq!(logged.collect::<Vec<_>>(), shown);
    shown
}

#[tokio::test]
async fn a_key_sees_its_own_requests_by_kind_and_count_and_never_what_was_said() {
    let door = door(echo).await;
    door.chat(&ask(&told_of_somebody())).await;
    let strict = [("x-waarborg-policy", "strict")];
    let body = ask(&format!("Mijn BSN is {BSN}.")).to_string();
    door.post("/v1/chat/completions", &strict, body).await;

    let answered = shown(&door, "").await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    for value in [BSN, MAIL, IBAN] {
        assert!(!answered.body.contains(value));
    }
    let list = answered.json();
    let outcome = |place: usize| list["data"][place]["outcome"].clone();
    assert_eq!([outcome(0), outcome(1)], ["refused", "sent"]);
    let sent = &list["data"][1];
    assert_eq!(sent["findings"], json!({"BSN": 1, "EMAIL": 1, "IBAN": 1}));
    assert_eq!(sent["verdict"], "pseudonymise");
    assert_eq!(sent["recipient"], "model");
    assert_eq!(list["has_more"], false);

    let first = shown(&door, "?limit=1").await.json();
    assert_eq!(first["data"].as_array().unwrap().len(), 1);
    assert_eq!(first["has_more"], true);
    let next = format!("?limit=1&before={}", first["next"]);
    let second = shown(&door, &next).await.json();
    assert_eq!(second["data"][0], *sent);

    assert_eq!(
        shown(&door, "?limit=veel").await.status,
        StatusCode::BAD_REQUEST
    );
    let stranger = Request::get("/v1/trail").header("authorization", "Bearer wbg_fout");
    let stranger = door.ask(stranger.body(Body::empty()).unwrap()).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
}
