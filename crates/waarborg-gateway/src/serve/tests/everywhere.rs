//! The same generated texts on every address and before every provider: what is planted never leaves, and all comes back.
//!
//! `WAARBORG_CASES=10000 cargo test -p waarborg-gateway everywhere` runs the long version.

use super::generated::{Chance, any_cut, n_bytes, n_cases, text};
use super::*;

/// How a client asks on an address, and where it hears the answer.
struct Way {
    path: &'static str,
    /// The request that says this, with an answer that is cut like this.
    ask: fn(&str, usize, bool) -> Value,
    /// What the answer says, whole or streamed.
    hear: fn(&Answered, bool) -> String,
}

const CHAT: Way = Way {
    path: "/v1/chat/completions",
    ask: |said, size, streams| json!({"messages": [{"role": "user", "content": said}], "stream": streams, "seed": size, "top_k": size}),
    hear: |answered, streams| {
        if streams {
            answered.text()
        } else {
            at(&answered.json(), "/choices/0/message/content")
        }
    },
};

const COMPLETIONS: Way = Way {
    path: "/v1/completions",
    ask: |said, size, streams| json!({"prompt": said, "stream": streams, "seed": size}),
    hear: |answered, streams| {
        if streams {
            joined(&answered.chunks(), "/choices/0/text")
        } else {
            at(&answered.json(), "/choices/0/text")
        }
    },
};

const RESPONSES: Way = Way {
    path: "/v1/responses",
    ask: |said, size, streams| json!({"input": said, "stream": streams, "max_output_tokens": size}),
    hear: |answered, streams| {
        if !streams {
            return at(&answered.json(), "/output/1/content/0/text");
        }
        let mut events = answered.chunks();
        events.retain(|event| event["type"] == "response.output_text.delta");
        joined(&events, "/delta")
    },
};

const PICTURES: Way = Way {
    path: "/v1/images/generations",
    ask: |said, _, streams| json!({"prompt": said, "stream": streams}),
    hear: |answered, streams| {
        if streams {
            joined(&answered.chunks(), "/revised_prompt")
        } else {
            at(&answered.json(), "/data/0/revised_prompt")
        }
    },
};

const MESSAGES: Way = Way {
    path: "/v1/messages",
    ask: |said, size, streams| json!({"max_tokens": 9, "messages": [{"role": "user", "content": said}], "stream": streams, "top_k": size}),
    hear: |answered, streams| {
        if streams {
            joined(&answered.chunks(), "/delta/text")
        } else {
            at(&answered.json(), "/content/0/text")
        }
    },
};

const OLLAMA_CHAT: Way = Way {
    path: "/api/chat",
    ask: |said, size, streams| json!({"messages": [{"role": "user", "content": said}], "stream": streams, "options": {"seed": size}}),
    hear: |answered, streams| {
        if streams {
            ollama::heard(&ollama::spoken(answered), "/message", "content")
        } else {
            at(&answered.json(), "/message/content")
        }
    },
};

const OLLAMA_GENERATE: Way = Way {
    path: "/api/generate",
    ask: |said, size, streams| json!({"prompt": said, "stream": streams, "options": {"seed": size}}),
    hear: |answered, streams| {
        if streams {
            ollama::heard(&ollama::spoken(answered), "", "response")
        } else {
            at(&answered.json(), "/response")
        }
    },
};

fn at(document: &Value, place: &str) -> String {
    let said = document.pointer(place).and_then(Value::as_str);
    said.unwrap_or_default().to_owned()
}

fn joined(documents: &[Value], place: &str) -> String {
    documents
        .iter()
        .filter_map(|document| document.pointer(place)?.as_str())
        .collect()
}

/// What OpenAI answers on each of its addresses: what it was told.
fn openai(seen: &Seen) -> Script {
    if seen.head.starts_with("POST /v1/completions ") {
        return texts::complete(seen);
    }
    if seen.head.starts_with("POST /v1/responses ") {
        return responses::respond(seen);
    }
    if seen.head.starts_with("POST /v1/images/generations ") {
        return pictures::paint(seen);
    }
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    let said = at(&document, "/messages/0/content");
    if document["stream"] == json!(true) {
        let size = usize::try_from(document["seed"].as_u64().unwrap_or(3)).unwrap();
        return Script::events(&chunks_of(&said, size), n_bytes(size));
    }
    echo(seen)
}

fn anthropic(seen: &Seen) -> Script {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    let content = &document["messages"][0]["content"];
    let said = content.as_str().or_else(|| content[0]["text"].as_str());
    let said = said.unwrap_or_default();
    if document["stream"] == json!(true) {
        let size = usize::try_from(document["top_k"].as_u64().unwrap()).unwrap();
        return Script::stream(messages::events(&[("text", said)], size));
    }
    messages::whole(&json!([{"type": "text", "text": said}]))
}

async fn check(door: &Door, ways: &[Way]) {
    for case in 1..=n_cases(25) {
        let mut chance = Chance(case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for way in ways {
            let mut values = Vec::new();
            let said = text(&mut chance, &mut values);
            let streams = chance.next(2) == 0;
            let mut document = (way.ask)(&said, any_cut(&mut chance), streams);
            document["model"] = json!("klein");
            document["onbekend"] = json!({"diep": [text(&mut chance, &mut values)]});
            let path = way.path;

            let answered = door.post(path, &[], document.to_string()).await;
            let status = answered.status;
            assert_eq!(
                status,
                StatusCode::OK,
                "case {case}: {path} {} {document}",
                answered.body
            );
            let seen = door.provider.seen().last().unwrap().text();
            door.provider.forget();
            for value in &values {
                assert!(
                    !seen.contains(value),
                    "case {case}: {path} {value} in {seen}"
                );
            }
            assert_eq!((way.hear)(&answered, streams), said, "case {case}: {path}");
        }
    }
}

#[tokio::test]
async fn nothing_planted_reaches_a_provider_of_openai_and_all_comes_back() {
    let door = door(openai).await;
    check(&door, &[CHAT, COMPLETIONS, RESPONSES, PICTURES, MESSAGES]).await;
}

#[tokio::test]
async fn nothing_planted_reaches_a_provider_of_anthropic_and_all_comes_back() {
    let door = messages::messages_door(anthropic).await;
    check(&door, &[MESSAGES, CHAT]).await;
}

#[tokio::test]
async fn nothing_planted_reaches_an_ollama_and_all_comes_back() {
    let door = ollama::ollama_door(|seen| {
        if seen.head.starts_with("POST /api/") {
            ollama::reply(seen)
        } else {
            openai(seen)
        }
    })
    .await;
    check(&door, &[OLLAMA_CHAT, OLLAMA_GENERATE, CHAT, MESSAGES]).await;
}
