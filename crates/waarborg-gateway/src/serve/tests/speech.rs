//! Texts that are spoken at the door: what may go as it is, comes back as sound.

use super::generated::{Chance, n_cases, text};
use super::*;

const PATH: &str = "/v1/audio/speech";

/// A piece of sound that is no text.
fn sound(length: usize) -> Vec<u8> {
    let bytes = (0..length).map(|place| u8::try_from(place % 251).unwrap() ^ 0xff);
    bytes.collect()
}

fn spoken_as(media_type: &str, pieces: Vec<Vec<u8>>) -> Script {
    Script::stream(pieces.into_iter().map(Step::Send).collect()).of_type(media_type)
}

fn speak(_: &Seen) -> Script {
    spoken_as("audio/mpeg", vec![sound(3), sound(70_000), sound(1)])
}

fn say(input: &str) -> Value {
    json!({"model": "klein", "input": input, "voice": "nova"})
}

#[tokio::test]
async fn a_text_about_nobody_is_spoken_and_the_sound_comes_as_it_is() {
    let door = door(speak).await;
    let document = say("De balie is open.");
    let answered = door.post(PATH, &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(answered.bytes, [sound(3), sound(70_000), sound(1)].concat());
    assert_eq!(answered.headers["content-type"], "audio/mpeg");
    assert_eq!(answered.headers["cache-control"], "no-store");
    assert_eq!(answered.headers["x-waarborg-verdict"], "allow");
    let seen = &door.provider.seen()[0];
    assert!(seen.head.starts_with("POST /v1/audio/speech "));
    assert_eq!(seen.text(), document.to_string());
}

#[tokio::test]
async fn what_would_need_a_surrogate_is_not_spoken_and_says_why() {
    let door = door(speak).await;
    for (field, language, word) in [
        ("input", "nl", "uitspreken"),
        ("instructions", "en", "spoken"),
        ("onbekend", "en", "privacy desk"),
    ] {
        let mut document = say("De balie is open.");
        document[field] = json!(told_of_somebody());
        let headers = [("x-waarborg-language", language)];
        let answered = door.post(PATH, &headers, document.to_string()).await;
        assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(answered.code(), "personal_data_in_speech");
        assert!(answered.body.contains(word), "{}", answered.body);
        assert!(!answered.body.contains(BSN), "{}", answered.body);
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn what_the_policy_lets_go_as_it_is_is_spoken() {
    let door = door_with("observe", DoorLimits::default(), speak).await;
    let answered = door.post(PATH, &[], say(&told_of_somebody()).to_string());
    let answered = answered.await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(door.provider.seen().len(), 1);
}

#[tokio::test]
async fn nothing_planted_is_ever_spoken() {
    let door = door(speak).await;
    for case in 1..=n_cases(40) {
        let mut chance = Chance(case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut values = Vec::new();
        let mut document = say(&text(&mut chance, &mut values));
        document["instructions"] = json!(text(&mut chance, &mut values));
        let answered = door.post(PATH, &[], document.to_string()).await;
        let expected = if values.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        assert_eq!(answered.status, expected, "case {case}: {document}");
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        door.check_nothing_leaked(&values);
        door.provider.forget();
    }
}

#[tokio::test]
async fn what_is_no_sound_of_a_known_kind_does_not_pass() {
    for media_type in [
        "text/html",
        "application/json",
        "application/octet-stream",
        "audio/x-unknown",
        "text/event-stream",
        "",
    ] {
        let door = door(move |_| spoken_as(media_type, vec![sound(9)])).await;
        let answered = door.post(PATH, &[], say("hoi").to_string()).await;
        assert_eq!(answered.status, StatusCode::BAD_GATEWAY, "{media_type}");
        assert_eq!(answered.code(), "provider_broke_off", "{media_type}");
    }
    let door = door(|_| spoken_as("audio/X-WAV; charset=binary", vec![sound(9)])).await;
    let answered = door.post(PATH, &[], say("hoi").to_string()).await;
    assert_eq!(answered.headers["content-type"], "audio/wav");
}

#[tokio::test]
async fn sound_that_breaks_off_ends_the_connection_and_is_not_taken_for_whole() {
    let door = door(|_| {
        let steps = vec![Step::Send(sound(9)), Step::Cut];
        Script::stream(steps).of_type("audio/mpeg")
    })
    .await;
    let request = Request::post(PATH)
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", key()))
        .body(Body::from(say("hoi").to_string()))
        .unwrap();
    let response = door.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.into_body().collect().await.is_err());

    let silent = super::door(|_| spoken_as("audio/mpeg", Vec::new())).await;
    let answered = silent.post(PATH, &[], say("hoi").to_string()).await;
    assert_eq!(answered.code(), "provider_broke_off");
}

#[tokio::test]
async fn sound_passes_no_faster_than_it_is_read() {
    // More than any buffer between here and there holds.
    let door = door(|_| spoken_as("audio/wav", vec![sound(1 << 20); 64])).await;
    let request = Request::post(PATH)
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", key()))
        .body(Body::from(say("hoi").to_string()))
        .unwrap();
    let response = door.router.clone().oneshot(request).await.unwrap();
    let mut body = response.into_body();
    assert!(body.frame().await.unwrap().is_ok());
    assert_eq!(door.provider.n_cancelled(), 0);
    // Nobody reads on, so the provider has not got rid of it, and hears that its client is gone.
    drop(body);
    while door.provider.n_cancelled() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_is_no_request_to_speak_is_refused_and_nothing_leaves() {
    let door = door(speak).await;
    let cases = [
        (json!({"model": "klein", "voice": "nova"}), "invalid_field"),
        (json!({"model": "klein", "input": ["a"]}), "invalid_field"),
        (json!({"input": "hoi", "voice": "nova"}), "invalid_field"),
        (
            json!({"model": "klein", "input": "hoi", "stream_format": "sse"}),
            "unsupported_field",
        ),
        (
            json!({"model": "klein", "input": "hoi", "voice": {"audio": "UklGRg=="}}),
            "content_not_inspectable",
        ),
    ];
    for (document, code) in cases {
        let answered = door.post(PATH, &[], document.to_string()).await;
        assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{document}");
        assert_eq!(answered.code(), code, "{document}");
    }
    door.check_nothing_left();
}
