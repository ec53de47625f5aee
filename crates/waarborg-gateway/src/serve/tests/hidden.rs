//! Answers that say something where nobody looks: in comments, in elements without looks, in signs that are not shown.

use std::sync::Mutex;

use super::generated::{Chance, pieces};
use super::*;

/// Ways to write something on a page that the page does not show. `HERE` is what is said.
const WAYS: &[&str] = &[
    "<!-- HERE -->",
    "Dag.\n<!--\nHERE\n-->",
    "<!-- > HERE -->",
    "<? HERE ?>",
    "<![CDATA[ HERE ]]>",
    "<div style=\"display:none\">HERE</div>",
    "<div style='color: red; Display : NONE !important'><p>HERE</p></div>",
    "<span style=\"font-size:0\">HERE</span>",
    "<span style=\"opacity:0\">HERE</span>",
    "<span style=\"visibility:hidden\">HERE</span>",
    "<p style=\"position:absolute;left:-9999px\">HERE</p>",
    "<p style=\"display:n\\6fne\">HERE</p>",
    "<p hidden>HERE</p>",
    "<p class=\"sr-only\">HERE</p>",
    "<template>HERE</template>",
    "<script type=\"text/plain\">HERE</script>",
    "<style>HERE</style>",
    "[//]: # (HERE)",
    "[x]: <> \"HERE\"",
    "[klik](https://voorbeeld.nl \"HERE\")",
    "<input type=\"hidden\" value=\"HERE\">",
];

/// Ways to show something that only look like one of those.
const SHOWN: &[&str] = &[
    "**HERE**",
    "<!-- niets --> HERE",
    "<b>HERE</b>",
    "Met `<div hidden>` verbergt u iets: HERE",
    "Een commentaar begint met `<!--`. HERE",
    "```html\n<div hidden>\n```\nHERE",
    "1 < 2 en HERE",
    "<p style=\"color:red\">HERE</p>",
    "<details><summary>meer</summary>HERE</details>",
    "[1]: HERE",
];

fn speak(seen: &Seen, text: &str) -> Script {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    if document["stream"] == json!(true) {
        let mut events: Vec<String> = pieces(text, &mut Chance(text.len() as u64 + 1), 9)
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

const NAME: &str = "Sanne de Wit";

/// A door to a model that says the text, with the surrogate of the name where `HERE` stands.
async fn door_to(speech: &Arc<Mutex<String>>) -> Door {
    let told = Arc::clone(speech);
    door(move |seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let asked = document["messages"][0]["content"].as_str().unwrap();
        let (_, behind) = asked.split_once("[PERSOON_").unwrap();
        let (number, _) = behind.split_once(']').unwrap();
        let surrogate = format!("[PERSOON_{number}]");
        let text = told.lock().unwrap().clone();
        speak(seen, &text.replace("HERE", &surrogate))
    })
    .await
}

async fn said(door: &Door, streams: bool) -> String {
    let mut document = ask(&format!("Ik ben {NAME}. Schrijf een brief."));
    document["stream"] = json!(streams);
    let answered = door.chat(&document).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    if streams {
        return answered.text();
    }
    let said = answered.json()["choices"][0]["message"]["content"].clone();
    said.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_a_page_does_not_show_gets_no_value_and_what_it_shows_does() {
    let speech = Arc::new(Mutex::new(String::new()));
    let door = door_to(&speech).await;
    for (ways, comes) in [(WAYS, false), (SHOWN, true)] {
        for way in ways {
            *speech.lock().unwrap() = (*way).to_owned();
            for streams in [false, true] {
                let heard = said(&door, streams).await;
                assert_eq!(heard.contains(NAME), comes, "{way}: {heard}");
                if !comes {
                    let (before, behind) = way.split_once("HERE").unwrap();
                    let is_as_written = heard.starts_with(before) && heard.ends_with(behind);
                    assert!(is_as_written, "{way}: {heard}");
                }
            }
        }
        // Behind it values come back as ever.
        *speech.lock().unwrap() = format!("{}\n\nDag HERE", WAYS[5]);
        assert!(said(&door, true).await.ends_with(&format!("Dag {NAME}")));
    }
}

#[tokio::test]
async fn signs_that_nobody_sees_spell_no_surrogate() {
    let speech = Arc::new(Mutex::new(String::new()));
    let door = door_to(&speech).await;
    let door = &door;
    // The same letters in signs that are not shown: tags, and selectors that carry a byte each.
    let tags = |text: &str| -> String {
        let tag = |letter: char| char::from_u32(0xe0000 + u32::from(letter)).unwrap();
        text.chars().map(tag).collect()
    };
    let selectors = |text: &str| -> String {
        let selector = |byte: u8| char::from_u32(0xe0100 + u32::from(byte)).unwrap();
        text.bytes().map(selector).collect()
    };
    *speech.lock().unwrap() = "HERE".to_owned();
    assert_eq!(said(door, false).await, NAME);
    let own = door.provider.seen().last().unwrap().text();
    let (_, behind) = own.split_once("[PERSOON_").unwrap();
    let own = format!("[PERSOON_{}]", behind.split_once(']').unwrap().0);
    for unseen in [tags(&own), selectors(&own)] {
        let text = format!("Dag{unseen}!");
        text.clone_into(&mut speech.lock().unwrap());
        for streams in [false, true] {
            assert_eq!(said(door, streams).await, text);
        }
    }
}

#[tokio::test]
async fn no_case_of_the_shared_list_brings_a_value_into_what_is_not_shown() {
    let Some(cases) = crate::shared_data::lines("data/attacks/own/markdown_exfil.jsonl") else {
        return;
    };
    assert!(cases.len() >= 82, "{}", cases.len());
    let speech = Arc::new(Mutex::new(String::new()));
    let door = door_to(&speech).await;
    for (case, way) in cases.iter().zip(WAYS.iter().cycle()) {
        let output = case["output"].as_str().unwrap().replace("SECRET", "HERE");
        // What such a text closes is shown behind that; so the value stands before it as well as in it.
        let text = way.replace("HERE", &format!("HERE {output}"));
        text.clone_into(&mut speech.lock().unwrap());
        let heard = said(&door, true).await;
        let (before, _) = way.split_once("HERE").unwrap();
        let behind = heard.strip_prefix(before).unwrap();
        assert!(behind.starts_with("[PERSOON_"), "{text}: {heard}");
        if output.contains("HERE") {
            assert!(!heard.contains(NAME), "{text}: {heard}");
        }
    }
}
