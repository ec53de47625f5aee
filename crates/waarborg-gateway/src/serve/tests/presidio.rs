//! Presidio's form at the door: findings and replacements, and what is refused.

use super::*;

const ANALYSE: &str = "/compat/presidio/analyze";
const ANONYMISE: &str = "/compat/presidio/anonymize";

async fn asked(door: &Door, path: &str, document: &Value) -> Value {
    let answered = door.post(path, &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    answered.json()
}

fn get(path: &str) -> Request<Body> {
    let request = Request::get(path).header("authorization", format!("Bearer {}", key()));
    request.body(Body::empty()).unwrap()
}

fn part(text: &str, found: &Value) -> String {
    let place = |name: &str| usize::try_from(found[name].as_u64().unwrap()).unwrap();
    let characters = text.chars().skip(place("start"));
    characters.take(place("end") - place("start")).collect()
}

#[tokio::test]
async fn findings_have_presidios_names_and_count_code_points() {
    let door = door(echo).await;
    let text = format!("Één café 😀: BSN {BSN}, mail {MAIL}, rekening {IBAN}.");
    let document = json!({"text": text, "language": "nl"});
    let found = asked(&door, ANALYSE, &document).await;
    for (entity, value) in [
        ("NL_BSN", BSN),
        ("EMAIL_ADDRESS", MAIL),
        ("IBAN_CODE", IBAN),
    ] {
        let of_entity = found.as_array().unwrap().iter();
        let of_entity: Vec<&Value> = of_entity
            .filter(|found| found["entity_type"] == entity)
            .collect();
        assert_eq!(of_entity.len(), 1, "{found}");
        assert_eq!(part(&text, of_entity[0]), value);
        assert_eq!(of_entity[0]["analysis_explanation"], Value::Null);
        assert!(of_entity[0]["score"].as_f64().unwrap() > 0.5);
    }
    assert!(door.switches.entries.lock().unwrap().is_empty());
    door.check_nothing_left();
}

#[tokio::test]
async fn what_is_asked_beside_the_text_is_followed() {
    let door = door(echo).await;
    let text = told_of_somebody();
    let entities = |found: &Value| -> Vec<String> {
        let found = found.as_array().unwrap().iter();
        found
            .map(|found| found["entity_type"].as_str().unwrap().to_owned())
            .collect()
    };
    // As documented, with a name that nobody here knows beside one that is known.
    let document = json!({"text": text, "language": "nl", "return_decision_process": true, "correlation_id": "123e4567-e89b-12d3-a456-426614174000",
        "score_threshold": 0.6, "entities": ["NL_BSN", "ZIP"], "trace": false, "ad_hoc_recognizers": []});
    let found = asked(&door, ANALYSE, &document).await;
    assert_eq!(entities(&found), ["NL_BSN"]);
    let why = &found[0]["analysis_explanation"];
    assert_eq!(why["recognizer"], "Waarborg");
    assert_eq!(why["validation_result"], true, "{why}");
    assert_eq!(why["score"], found[0]["score"]);
    assert!(!why["textual_explanation"].as_str().unwrap().is_empty());

    let document = json!({"text": ["niets", text], "language": "en", "allow_list": [MAIL]});
    let found = asked(&door, ANALYSE, &document).await;
    assert_eq!(found[0], json!([]));
    assert_eq!(entities(&found[1]), ["NL_BSN", "IBAN_CODE"]);

    let document = json!({"text": text, "language": "nl", "score_threshold": 1.0});
    let sure = asked(&door, ANALYSE, &document).await;
    let mut sure = sure.as_array().unwrap().iter();
    assert!(sure.all(|found| found["score"].as_f64().unwrap() >= 1.0));
}

#[tokio::test]
async fn the_documented_replacements_come_out_as_documented() {
    let door = door(echo).await;
    let text = "hello world, my name is Jane Doe. My number is: 034453334";
    let results = json!([
        {"start": 24, "end": 32, "score": 0.8, "entity_type": "PERSON"},
        {"start": 48, "end": 57, "score": 0.95, "entity_type": "PHONE_NUMBER"}
    ]);
    let document = json!({"text": text, "analyzer_results": results, "anonymizers": {
        "PERSON": {"type": "redact"}, "PHONE_NUMBER": {"type": "replace", "new_value": "ANONYMIZED"}}});
    let answered = asked(&door, ANONYMISE, &document).await;
    assert_eq!(
        answered,
        json!({"text": "hello world, my name is . My number is: ANONYMIZED", "items": [
            {"start": 40, "end": 50, "entity_type": "PHONE_NUMBER", "text": "ANONYMIZED", "operator": "replace"},
            {"start": 24, "end": 24, "entity_type": "PERSON", "text": "", "operator": "redact"}]})
    );
    let document = json!({"text": text, "analyzer_results": results});
    let answered = asked(&door, ANONYMISE, &document).await;
    assert_eq!(
        answered["text"],
        "hello world, my name is <PERSON>. My number is: <PHONE_NUMBER>"
    );
    let masked = |from_end: bool| {
        json!({"text": "Zoë 034453334!", "analyzer_results": [{"start": 4, "end": 13, "score": 1, "entity_type": "PHONE_NUMBER"}],
        "anonymizers": {"DEFAULT": {"type": "mask", "masking_char": "●", "chars_to_mask": 4, "from_end": from_end}}})
    };
    let answered = asked(&door, ANONYMISE, &masked(true)).await;
    assert_eq!(answered["text"], "Zoë 03445●●●●!");
    assert_eq!(answered["items"][0]["end"], 13);
    let answered = asked(&door, ANONYMISE, &masked(false)).await;
    assert_eq!(answered["text"], "Zoë ●●●●53334!");
    let nothing = json!({"text": text, "analyzer_results": []});
    let answered = asked(&door, ANONYMISE, &nothing).await;
    assert_eq!(answered, json!({"text": text, "items": []}));
}

#[tokio::test]
async fn a_hash_is_salted() {
    let door = door(echo).await;
    let hashed = |operator: Value| json!({"text": "x", "analyzer_results": [{"start": 0, "end": 1, "score": 1, "entity_type": "A"}], "anonymizers": {"A": operator}});
    // printf '0123456789abcdefx' | sha256sum
    let salted = hashed(json!({"type": "hash", "salt": "0123456789abcdef"}));
    let answered = asked(&door, ANONYMISE, &salted).await;
    assert_eq!(answered["text"], HASHED);
    let long = hashed(json!({"type": "hash", "hash_type": "sha512"}));
    let answered = asked(&door, ANONYMISE, &long).await;
    assert_eq!(answered["text"].as_str().unwrap().len(), 128);
    let plain = asked(&door, ANONYMISE, &hashed(json!({"type": "hash"}))).await;
    // printf x | sha256sum
    assert_ne!(plain["text"], UNSALTED);
}

const HASHED: &str = "8d91a6ea204253859ba8bb70784d5ed4e63de1873f84b8773da33e747f17e8fa";
const UNSALTED: &str = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

#[tokio::test]
async fn overlapping_findings_are_settled_as_presidio_does() {
    let door = door(echo).await;
    let text = "Fake card number 4151 3217 6243 3448.com that overlaps with nonexisting URL.";
    let cases = [
        // Partly over each other, of two names: both count.
        (
            json!([[17, 36, 0.8, "CREDIT_CARD"], [32, 40, 0.8, "URL"]]),
            "Fake card number <CREDIT_CARD><URL> that overlaps with nonexisting URL.",
        ),
        // One within the other: the outer one, however unsure.
        (
            json!([[17, 40, 0.1, "URL"], [17, 36, 0.9, "CREDIT_CARD"]]),
            "Fake card number <URL> that overlaps with nonexisting URL.",
        ),
        // On the same place: the surer one.
        (
            json!([[17, 36, 0.4, "PHONE_NUMBER"], [17, 36, 0.9, "CREDIT_CARD"]]),
            "Fake card number <CREDIT_CARD>.com that overlaps with nonexisting URL.",
        ),
        // Of one name, over each other: one.
        (
            json!([[17, 30, 0.4, "URL"], [25, 40, 0.9, "URL"]]),
            "Fake card number <URL> that overlaps with nonexisting URL.",
        ),
        // Of one name, with only blanks between: one.
        (
            json!([[0, 4, 0.4, "A"], [5, 9, 0.9, "A"], [10, 16, 0.9, "B"]]),
            "<A> <B> 4151 3217 6243 3448.com that overlaps with nonexisting URL.",
        ),
    ];
    for (results, expected) in cases {
        let results: Vec<Value> = results
            .as_array()
            .unwrap()
            .iter()
            .map(|row| json!({"start": row[0], "end": row[1], "score": row[2], "entity_type": row[3]}))
            .collect();
        let document = json!({"text": text, "analyzer_results": results});
        let answered = asked(&door, ANONYMISE, &document).await;
        assert_eq!(answered["text"], expected);
        for item in answered["items"].as_array().unwrap() {
            assert_eq!(part(expected, item), item["text"].as_str().unwrap());
        }
    }
}

#[tokio::test]
async fn what_is_found_goes_back_in_and_nothing_of_it_is_left() {
    let door = door(echo).await;
    let text = format!("Zoë 😀 {}", told_of_somebody());
    let found = asked(&door, ANALYSE, &json!({"text": text, "language": "nl"})).await;
    let document = json!({"text": text, "analyzer_results": found});
    let answered = asked(&door, ANONYMISE, &document).await;
    for value in [BSN, MAIL, IBAN] {
        assert!(
            !answered["text"].as_str().unwrap().contains(value),
            "{answered}"
        );
    }
}

#[tokio::test]
async fn the_same_key_and_the_same_care_as_everywhere() {
    let door = door(echo).await;
    let names = door.ask(get("/compat/presidio/supportedentities?language=nl"));
    let names = names.await.json();
    for name in ["PERSON", "NL_BSN", "IBAN_CODE", "LOCATION"] {
        assert!(names.as_array().unwrap().contains(&json!(name)), "{name}");
    }
    let up = door.ask(get("/compat/presidio/health")).await;
    assert_eq!(
        (up.status, up.body.as_str()),
        (StatusCode::OK, "Waarborg is up")
    );
    for route in ["supportedentities", "health"] {
        let request = Request::get(format!("/compat/presidio/{route}"));
        let stranger = door.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    }
    for path in [ANALYSE, ANONYMISE] {
        let headers = [("authorization", "Bearer wbg_fout")];
        let stranger = door.post(path, &headers, "{}").await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
        assert!(stranger.json()["error"].is_string(), "{}", stranger.body);
        assert_eq!(
            door.ask(get(path)).await.status,
            StatusCode::METHOD_NOT_ALLOWED
        );
        for broken in ["", "{", "[]", "7", "null", r#"{"text":"a","text":"b"}"#] {
            let answered = door.post(path, &[], broken).await;
            assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{path} {broken}");
            assert!(answered.json()["error"].is_string(), "{}", answered.body);
        }
    }
    let unknown = door.post("/compat/presidio/deanonymize", &[], "{}").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let document = json!({"text": told_of_somebody(), "language": "nl"});
    for switch in [
        &door.switches.is_finder_broken,
        &door.switches.does_finder_panic,
    ] {
        switch.store(true, Ordering::Relaxed);
        let answered = door.post(ANALYSE, &[], document.to_string()).await;
        assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!answered.body.contains(BSN));
        switch.store(false, Ordering::Relaxed);
    }
    door.check_nothing_left();
}
