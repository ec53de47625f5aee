//! Who writes, by a token that an application signs: believed or refused, and nothing in between.

use std::collections::BTreeMap;

use http::HeaderName;
use secrecy::SecretString;
use waarborg_usecase::ports::KeyBounds;

use super::*;
use crate::identity::key::Key;
use crate::identity::signing::{SECRET, by_secret};
use crate::identity::{Groups, Identity, Writer};

const HEADER: &str = "x-openwebui-user-jwt";

fn writer(name: &str, header: &'static str) -> Writer {
    Writer {
        name: name.to_owned(),
        header: HeaderName::from_static(header),
        key: Key::secret(&SecretString::from(SECRET)).unwrap(),
        issuer: "open-webui".to_owned(),
        audiences: Vec::new(),
        person: "sub".to_owned(),
        is_apart: false,
        groups: Groups::default(),
    }
}

fn bound(name: &str) -> KeyBounds {
    KeyBounds {
        signed_by: Some(name.to_owned()),
        ..KeyBounds::default()
    }
}

async fn door_of(writers: Vec<Writer>, bounds: KeyBounds) -> Door {
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let base_url = provider.base_url();
    let openai = OpenAi::new(&base_url, None, SHORT).unwrap();
    let (house, switches) = house(&base_url, "pseudonymise", Box::new(openai));
    *switches.bounds.lock().unwrap() = bounds;
    let state = GatewayState::new(house, DoorLimits::default());
    let state = state.believing(Arc::new(Identity::new(writers, Vec::new())));
    Door {
        router: routes(state),
        provider,
        switches,
    }
}

fn seconds(from_now: i64) -> i64 {
    let now: jiff::Timestamp = house::NOW.parse().unwrap();
    now.as_second() + from_now
}

/// What `Open WebUI` says of somebody.
fn of(person: &str) -> Value {
    json!({"sub": person, "email": "j.jansen@voorbeeld.nl", "name": "Jan Jansen", "role": "user", "iss": "open-webui",
           "iat": seconds(0), "exp": seconds(300)})
}

fn signed(claims: &Value) -> String {
    by_secret(SECRET.as_bytes(), claims)
}

async fn asked(door: &Door, headers: &[(&'static str, &str)]) -> Answered {
    let body = ask(&format!("Hoi, mijn e-mailadres is {MAIL}.")).to_string();
    door.post("/v1/chat/completions", headers, body).await
}

/// What the provider saw last, with its surrogates.
fn seen(door: &Door) -> String {
    let seen = door.provider.seen();
    String::from_utf8_lossy(&seen.last().unwrap().body).into_owned()
}

#[tokio::test]
async fn a_key_that_waits_for_a_signature_sends_nothing_without_a_right_one() {
    let door = door_of(vec![writer("openwebui", HEADER)], bound("openwebui")).await;
    let check = async |headers: &[(&'static str, &str)], code: &str, reason: Value| {
        let answered = asked(&door, headers).await;
        assert_eq!(
            answered.status,
            StatusCode::UNAUTHORIZED,
            "{}",
            answered.body
        );
        assert_eq!(answered.code(), code);
        assert_eq!(answered.json()["error"]["waarborg"]["reason"], reason);
        assert_eq!(answered.headers["www-authenticate"], "Bearer");
        let message = answered.json()["error"]["message"].clone();
        let message = message.as_str().unwrap();
        assert!(
            message.ends_with("Er is niets verstuurd.") && !message.contains('{'),
            "{message}"
        );
        assert!(!answered.body.contains("Jansen") && !answered.body.contains("p-1"));
    };
    check(&[], "writer_token_missing", Value::Null).await;
    check(
        &[("x-openwebui-user-id", "p-1")],
        "writer_token_missing",
        Value::Null,
    )
    .await;
    check(
        &[("x-waarborg-person", "p-1")],
        "writer_token_missing",
        Value::Null,
    )
    .await;

    let mut other = of("p-1");
    other["aud"] = json!("iemand-anders");
    let mut old = of("p-1");
    old["exp"] = json!(seconds(-61));
    let mut strange = of("p-1");
    strange["iss"] = json!("open-webui-2");
    let unsigned =
        crate::identity::signing::token(&json!({"alg": "none"}), &of("p-1"), |_| Vec::new());
    for (token, reason) in [
        (
            by_secret(b"een-ander-geheim-van-32-tekens-of-meer", &of("p-1")),
            "signature",
        ),
        (signed(&other), "audience"),
        (signed(&old), "expired"),
        (signed(&strange), "issuer"),
        (unsigned, "unsigned"),
        ("geen-token".to_owned(), "malformed"),
    ] {
        check(&[(HEADER, &token)], "invalid_writer_token", json!(reason)).await;
    }
    let right = signed(&of("p-1"));
    check(
        &[(HEADER, &right), (HEADER, &right)],
        "invalid_writer_token",
        json!("malformed"),
    )
    .await;
    assert!(door.provider.seen().is_empty(), "nothing left");
    assert!(door.switches.entries.lock().unwrap().is_empty());

    let answered = asked(&door, &[(HEADER, &right)]).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert!(answered.body.contains(MAIL) && !seen(&door).contains(MAIL));
    // Lists say nothing of anybody.
    let listed = Request::get("/v1/models").header("authorization", format!("Bearer {}", key()));
    let listed = door.ask(listed.body(Body::empty()).unwrap()).await;
    assert_eq!(listed.status, StatusCode::OK);
}

#[tokio::test]
async fn the_sentence_of_a_refusal_is_in_the_readers_language_and_the_clients_shape() {
    let door = door_of(vec![writer("openwebui", HEADER)], bound("openwebui")).await;
    let body = ask("Hoi").to_string();
    let headers = [
        (HEADER, "x"),
        ("x-waarborg-language", "en"),
        ("anthropic-version", "2023-06-01"),
    ];
    let answered = door.post("/v1/messages", &headers, body).await;
    assert_eq!(answered.status, StatusCode::UNAUTHORIZED);
    let told = answered.json();
    assert_eq!(told["error"]["type"], "authentication_error", "{told}");
    assert_eq!(told["error"]["waarborg"]["code"], "invalid_writer_token");
    let message = told["error"]["message"].as_str().unwrap();
    assert!(message.contains("it is not a signed token"), "{message}");
}

#[tokio::test]
async fn a_token_that_comes_along_is_true_or_nothing_goes_whatever_the_key_waits_for() {
    let door = door_of(vec![writer("openwebui", HEADER)], KeyBounds::default()).await;
    assert_eq!(asked(&door, &[]).await.status, StatusCode::OK);
    assert_eq!(
        asked(&door, &[(HEADER, "x")]).await.code(),
        "invalid_writer_token"
    );
    assert_eq!(
        asked(&door, &[(HEADER, &signed(&of("p-1")))]).await.status,
        StatusCode::OK
    );

    // Nobody here believes this application, so it says nothing, and a key that waits for it sends nothing.
    let door = door_of(Vec::new(), KeyBounds::default()).await;
    assert_eq!(asked(&door, &[(HEADER, "x")]).await.status, StatusCode::OK);
    let door = door_of(vec![writer("openwebui", HEADER)], bound("weg")).await;
    let answered = asked(&door, &[(HEADER, &signed(&of("p-1")))]).await;
    assert_eq!(answered.status, StatusCode::FORBIDDEN);
    assert_eq!(answered.code(), "writer_not_declared");

    // Two that say who writes: whom to believe nobody knows. A key that waits for one believes that one.
    let two = || vec![writer("a", HEADER), writer("b", "x-wie")];
    let both = signed(&of("p-1"));
    let both = [(HEADER, both.as_str()), ("x-wie", both.as_str())];
    let door = door_of(two(), KeyBounds::default()).await;
    assert_eq!(asked(&door, &both).await.code(), "invalid_writer_token");
    let door = door_of(two(), bound("b")).await;
    assert_eq!(asked(&door, &both).await.status, StatusCode::OK);
}

#[tokio::test]
async fn people_who_begin_alike_have_surrogates_of_their_own_and_nobody_poses_as_another() {
    let door = door_of(vec![writer("openwebui", HEADER)], KeyBounds::default()).await;
    let surrogates = async |headers: &[(&'static str, &str)]| {
        let answered = asked(&door, headers).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        seen(&door)
    };
    let (one, two) = (signed(&of("p-1")), signed(&of("p-2")));
    let first = surrogates(&[(HEADER, &one)]).await;
    assert_eq!(surrogates(&[(HEADER, &one)]).await, first);
    assert_ne!(surrogates(&[(HEADER, &two)]).await, first);
    // Whoever only says so is somebody else.
    for said in ["p-1", "openwebuip-1", "openwebui p-1"] {
        assert_ne!(
            surrogates(&[("x-waarborg-person", said)]).await,
            first,
            "{said}"
        );
        assert_ne!(
            surrogates(&[("x-openwebui-user-id", said)]).await,
            first,
            "{said}"
        );
    }
    // What an application says beside it keeps people further apart.
    let beside = surrogates(&[(HEADER, &one), ("x-waarborg-person", "a")]).await;
    assert_ne!(beside, first);
}

#[tokio::test]
async fn who_has_a_number_of_their_own_sees_their_own_requests_and_nobody_elses() {
    let apart = Writer {
        is_apart: true,
        ..writer("openwebui", HEADER)
    };
    let door = door_of(vec![apart], bound("openwebui")).await;
    let (one, two) = (signed(&of("p-1")), signed(&of("p-2")));
    asked(&door, &[(HEADER, &one)]).await;
    asked(&door, &[(HEADER, &one)]).await;
    asked(&door, &[(HEADER, &two)]).await;
    let trail = async |token: &str| {
        let request =
            Request::get("/v1/trail").header("authorization", format!("Bearer {}", key()));
        let request = request.header(HEADER, token).body(Body::empty());
        let answered = door.ask(request.unwrap()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        answered.json()["data"].as_array().unwrap().len()
    };
    assert_eq!((trail(&one).await, trail(&two).await), (2, 1));
    let nobody = Request::get("/v1/trail").header("authorization", format!("Bearer {}", key()));
    let nobody = door.ask(nobody.body(Body::empty()).unwrap()).await;
    assert_eq!(nobody.code(), "writer_token_missing");

    // The line says which key was carried, and nothing of who the person is.
    let entries = door.switches.entries.lock().unwrap().clone();
    let lines: Vec<String> = entries
        .iter()
        .map(waarborg_domain::entry::Entry::payload)
        .collect();
    for line in &lines {
        assert!(
            line.contains("\"object\":\"00000000-0000-0000-0000-000000000003\""),
            "{line}"
        );
        assert!(!line.contains("p-1") && !line.contains("Jansen") && !line.contains("openwebui"));
        assert!(
            !line.contains("{\"application\":\"00000000-0000-0000-0000-000000000003\"}"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_claim_says_of_which_group_of_the_register_somebody_is() {
    let groups = Groups {
        claim: "role".to_owned(),
        by_value: BTreeMap::from([("user".to_owned(), "weg".to_owned())]),
    };
    let of_group = Writer {
        groups,
        ..writer("openwebui", HEADER)
    };
    let door = door_of(vec![of_group], bound("openwebui")).await;
    // The register declares no such group: what holds for it nobody knows.
    let answered = asked(&door, &[(HEADER, &signed(&of("p-1")))]).await;
    assert_eq!(answered.code(), "group_not_declared");
    let mut other = of("p-1");
    other["role"] = json!("admin");
    assert_eq!(
        asked(&door, &[(HEADER, &signed(&other))]).await.status,
        StatusCode::OK
    );
    other["role"] = json!(["user", "admin"]);
    let answered = asked(&door, &[(HEADER, &signed(&other))]).await;
    assert_eq!(answered.code(), "group_not_declared");
}

#[tokio::test]
async fn another_gateway_that_asks_hears_that_nobody_signed() {
    let door = door_of(vec![writer("openwebui", HEADER)], bound("openwebui")).await;
    let body = json!({"texts": ["Hoi"], "request_data": {}, "input_type": "request", "litellm_call_id": "x", "model": "klein"});
    let answered = door
        .post(
            "/compat/litellm/beta/litellm_basic_guardrail_api",
            &[],
            body.to_string(),
        )
        .await;
    assert_eq!(
        answered.status,
        StatusCode::UNAUTHORIZED,
        "{}",
        answered.body
    );
    let body = json!({"text": "Hoi", "language": "nl"}).to_string();
    let answered = door.post("/compat/presidio/analyze", &[], body).await;
    assert_eq!(
        answered.status,
        StatusCode::UNAUTHORIZED,
        "{}",
        answered.body
    );
}
