//! Answers that would carry a value away: the cases of `markdown_exfil.jsonl`, each as what a model says.
//!
//! `WAARBORG_CASES=1 cargo test -p waarborg-gateway exfiltration` tries every way to write each of them.

use std::sync::Mutex;

use super::generated::{Chance, n_cases, pieces};
use super::*;

/// What leaves as a surrogate, and how a model may write that where the case says `SECRET`.
const WAYS: [fn(&str) -> String; 4] = [
    |surrogate| surrogate.to_owned(),
    |surrogate| surrogate.trim_matches(['[', ']']).to_owned(),
    |surrogate| surrogate.replace('[', "%5B").replace(']', "%5D"),
    |surrogate| format!("a&b={surrogate}&c"),
];

fn speak(seen: &Seen, text: &str) -> Script {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    if document["stream"] == json!(true) {
        let how = document["seed"].as_u64().unwrap();
        let parts = pieces(text, &mut Chance(how), 12);
        let mut events: Vec<String> = parts
            .iter()
            .map(|piece| chunk(&json!({"content": piece}), &Value::Null))
            .collect();
        events.push(chunk(&json!({}), &json!("stop")));
        return Script::events(&events, 1000);
    }
    let message = json!({"role": "assistant", "content": text});
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    let document = json!({"id": "x", "object": "chat.completion", "choices": [choice]});
    Script::json(200, &document.to_string())
}

#[tokio::test]
async fn no_value_stands_in_an_address_picture_or_tag_that_a_model_writes() {
    let Some(cases) = crate::shared_data::lines("data/attacks/own/markdown_exfil.jsonl") else {
        return;
    };
    assert!(cases.len() >= 82, "{}", cases.len());
    let script = Arc::new(Mutex::new((String::new(), 0)));
    let told = Arc::clone(&script);
    // The surrogates stand in the request in the order of the values.
    let values = ["Sanne de Wit", MAIL, IBAN, "06-12345678"];
    let door = door(move |seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let asked = document["messages"][0]["content"].as_str().unwrap();
        let surrogates: Vec<String> = asked
            .split_inclusive(']')
            .filter_map(|part| Some(format!("[{}", part.split_once('[')?.1)))
            .collect();
        assert_eq!(surrogates.len(), 4, "{asked}");
        let (output, way) = told.lock().unwrap().clone();
        let written: fn(&str) -> String = WAYS[way];
        let says: Vec<String> = surrogates
            .iter()
            .map(|surrogate| output.replace("SECRET", &written(surrogate)))
            .collect();
        speak(seen, &says.join("\n\n"))
    })
    .await;

    let question = format!(
        "Ik ben {}. Mail {MAIL}, rekening {IBAN}, bel {}.",
        values[0], values[3]
    );
    for (seed, case) in (1_usize..).zip(&cases) {
        let output = case["output"].as_str().unwrap();
        for way in 0..WAYS.len() {
            // One way of each case, unless the run asks for all.
            if n_cases(0) == 0 && seed % WAYS.len() != way {
                continue;
            }
            *script.lock().unwrap() = (output.to_owned(), way);
            for streams in [false, true] {
                let mut document = ask(&question);
                document["stream"] = json!(streams);
                document["seed"] = json!(seed);
                let answered = door.chat(&document).await;
                assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
                for value in values {
                    assert!(!answered.body.contains(value), "{case}, way {way}");
                }
                if !output.contains("SECRET") {
                    // What holds no surrogate is the client's to read: not a byte of it changes.
                    let heard = if streams {
                        answered.text()
                    } else {
                        let said = answered.json()["choices"][0]["message"]["content"].clone();
                        said.as_str().unwrap().to_owned()
                    };
                    assert_eq!(heard, [output; 4].join("\n\n"), "{case}");
                }
            }
            door.check_nothing_leaked(&values);
            door.provider.forget();
        }
    }
}
