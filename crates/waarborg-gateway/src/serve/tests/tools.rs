//! What the tools get that a client declares and runs itself: what the policy says of each, in every format.

use super::house::house_of;
use super::messages::{asked as message, events, heard, whole};
use super::*;
use waarborg_domain::prompt::Wire;
use waarborg_usecase::ports::Provider;

use crate::providers::{Anthropic, Ollama};

const ROWS: &str = "[[policy.tool]]\nname = \"stuur_*\"\ngets = []\nwhy = { nl = \"gaat naar buiten\", en = \"leaves the house\" }\n\
    [[policy.tool]]\nname = \"stuur_intern\"\ngets = [\"EMAIL\"]\nwhy = { nl = \"blijft binnen\", en = \"stays inside\" }\n";

/// The document with tools of these names, as OpenAI's `chat/completions` and Ollama declare them.
pub(super) fn with_functions(mut document: Value, names: &[&str]) -> Value {
    let tool = |name: &&str| json!({"type": "function", "function": {"name": name, "parameters": {"type": "object"}}});
    document["tools"] = names.iter().map(tool).collect();
    document
}

/// The same as OpenAI's `responses` declares them.
pub(super) fn with_named(mut document: Value, names: &[&str]) -> Value {
    let tool =
        |name: &&str| json!({"type": "function", "name": name, "parameters": {"type": "object"}});
    document["tools"] = names.iter().map(tool).collect();
    document
}

/// The same as Anthropic declares them.
pub(super) fn with_inputs(mut document: Value, names: &[&str]) -> Value {
    let tool = |name: &&str| json!({"name": name, "input_schema": {"type": "object"}});
    document["tools"] = names.iter().map(tool).collect();
    document
}

const TOOLS: [&str; 3] = ["zoek", "stuur_mail", "stuur_intern"];
/// A tool that nobody declared.
const STRANGER: &str = "wis";

/// What a tool of this name must get of `told`.
fn check(tool: &str, got: &str) {
    let has = |value: &str| got.contains(value);
    let expected = match tool {
        "zoek" => [true, true],
        "stuur_intern" => [true, false],
        _ => [false, false],
    };
    assert_eq!([has(MAIL), has(BSN)], expected, "{tool}: {got}");
    let is_kept = |word: &str, is_back: bool| got.contains(word) != is_back;
    assert!(
        is_kept("[EMAIL_", expected[0]) && is_kept("[BSN_", expected[1]),
        "{tool}: {got}"
    );
}

fn told() -> String {
    format!("mail {MAIL} bsn {BSN} einde")
}

fn all() -> impl Iterator<Item = &'static str> {
    TOOLS.into_iter().chain([STRANGER])
}

/// Calls of all tools, each with the text of the prompt as its argument.
fn calls(text: &str) -> Vec<Value> {
    let arguments = json!({"vraag": text}).to_string();
    let call = |name: &str| json!({"id": format!("call_{name}"), "type": "function", "function": {"name": name, "arguments": arguments}});
    all().map(call).collect()
}

/// An answer of these choices.
fn answer(choices: &Value) -> Script {
    Script::json(
        200,
        &json!({"id": "x", "model": "klein", "choices": choices}).to_string(),
    )
}

/// A door whose register has the rows, before a provider of any format.
async fn door_before(
    own: impl Fn(&str) -> Box<dyn Provider>,
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Door {
    let provider = ScriptedProvider::start(answering).await.unwrap();
    let own = own(&provider.base_url());
    let mut base_url = provider.base_url();
    if own.speaks(Wire::OllamaGenerate) {
        // An Ollama stands at an address without a path, and the register says so.
        base_url.truncate(base_url.trim_end_matches("/v1").len());
    }
    let source = include_str!("register.toml").replace("BASE_URL", &base_url) + ROWS;
    let mut table = ProviderTable::default();
    table.add("model", &["klein".to_owned()], own);
    let (house, switches) = house_of(&source, "pseudonymise", table);
    Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    }
}

fn openai(base_url: &str) -> Box<dyn Provider> {
    Box::new(OpenAi::new(base_url, None, patience()).unwrap())
}

fn anthropic(base_url: &str) -> Box<dyn Provider> {
    Box::new(Anthropic::new(base_url, None, patience()).unwrap())
}

fn ollama(base_url: &str) -> Box<dyn Provider> {
    let address = base_url.trim_end_matches("/v1");
    Box::new(Ollama::new(address, None, patience()).unwrap())
}

/// What the person said, as the provider got it.
fn said(seen: &Seen) -> String {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    let said = document.pointer("/messages/0/content");
    let said = said.or_else(|| document.pointer("/input")).unwrap();
    let said = said.as_str().or_else(|| said[0]["text"].as_str());
    said.unwrap().to_owned()
}

#[tokio::test]
async fn a_tool_gets_what_the_policy_says_and_a_strange_one_nothing() {
    let door = door_before(openai, |seen| {
        let message =
            json!({"role": "assistant", "content": null, "tool_calls": calls(&said(seen))});
        answer(&json!([{"index": 0, "message": message, "finish_reason": "tool_calls"}]))
    })
    .await;
    let answered = door.chat(&with_functions(ask(&told()), &TOOLS)).await;
    let message = &answered.json()["choices"][0]["message"];
    for (call, name) in message["tool_calls"].as_array().unwrap().iter().zip(all()) {
        assert_eq!(call["function"]["name"], name);
        check(name, call["function"]["arguments"].as_str().unwrap());
    }
    door.check_nothing_leaked(&[BSN, MAIL]);
}

#[tokio::test]
async fn a_name_counts_in_pieces_repeated_and_behind_its_arguments() {
    let door = door_before(openai, |seen| {
        let mut events = Vec::new();
        for (index, (call, name)) in calls(&said(seen)).iter().zip(all()).enumerate() {
            let delta = |function: Value| {
                let call = json!({"index": index, "id": call["id"], "function": function});
                chunk(&json!({"tool_calls": [call]}), &Value::Null)
            };
            let (front, rest) = name.split_at(name.len() / 2);
            match index {
                // The name as some models say it: a piece at a time.
                0 | 1 => {
                    events.extend([delta(json!({"name": front})), delta(json!({"name": rest}))]);
                }
                _ => events.push(delta(json!({"arguments": "", "name": name}))),
            }
            let arguments: Vec<char> = call["function"]["arguments"]
                .as_str()
                .unwrap()
                .chars()
                .collect();
            for piece in arguments.chunks(3) {
                let piece: String = piece.iter().collect();
                // And as others do: in every piece, behind what it is for.
                events.push(delta(json!({"arguments": piece, "name": name})));
            }
        }
        events.push(chunk(&json!({}), &json!("tool_calls")));
        Script::events(&events, 7)
    })
    .await;
    let answered = door.chat(&with_functions(streamed(&told()), &TOOLS)).await;
    let mut arguments = vec![String::new(); 4];
    for chunk in answered.chunks() {
        for call in chunk["choices"][0]["delta"]["tool_calls"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let index = usize::try_from(call["index"].as_u64().unwrap()).unwrap();
            arguments[index].push_str(call["function"]["arguments"].as_str().unwrap_or_default());
        }
    }
    for (got, name) in arguments.iter().zip(all()) {
        check(name, got);
    }
    door.check_nothing_leaked(&[BSN, MAIL]);
}

#[tokio::test]
async fn a_name_that_goes_on_after_its_arguments_began_ends_the_stream() {
    let door = door_before(openai, |seen| {
        let arguments = json!({"vraag": said(seen)}).to_string();
        let delta = |function: Value| {
            chunk(
                &json!({"tool_calls": [{"index": 0, "function": function}]}),
                &Value::Null,
            )
        };
        let events = [
            delta(json!({"name": "stuur_intern"})),
            delta(json!({"arguments": arguments})),
            delta(json!({"name": "_en_daarna_naar_buiten"})),
            chunk(&json!({}), &json!("tool_calls")),
        ];
        Script::events(&events, 500)
    })
    .await;
    let answered = door.chat(&with_functions(streamed(&told()), &TOOLS)).await;
    assert!(answered.body.contains("\"error\""), "{}", answered.body);
    assert!(!answered.body.contains("buiten"), "{}", answered.body);
}

#[tokio::test]
async fn a_message_of_anthropic_hands_over_the_same_whole_and_in_events() {
    for streams in [false, true] {
        let door = door_before(anthropic, move |seen| {
            let text = said(seen);
            if !streams {
                let block = |name: &str| json!({"type": "tool_use", "id": format!("toolu_{name}"), "name": name, "input": {"name": text, "vraag": [text]}});
                return whole(&all().map(block).collect());
            }
            let input = json!({"name": text}).to_string();
            let blocks = [("tool_use", input.as_str()); 4];
            // `events` calls every tool by one name; each gets its own here.
            let steps = events(&blocks, 300).into_iter().enumerate().map(|(at, step)| match step {
                Step::Send(bytes) => {
                    let text = String::from_utf8(bytes).unwrap();
                    let text = if text.contains("content_block_start") {
                        let index = (0..4).find(|index| text.contains(&format!("\"index\":{index}")));
                        let name = all().nth(index.unwrap()).unwrap();
                        text.replace("\"name\":\"zoek\"", &format!("\"name\":\"{name}\""))
                    } else {
                        text
                    };
                    assert!(at < 1000);
                    Step::Send(text.into_bytes())
                }
                other => other,
            });
            Script::stream(steps.collect())
        })
        .await;
        let mut document = with_inputs(message(&told()), &TOOLS);
        document["stream"] = json!(streams);
        let answered = door.message(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        for (index, name) in (0..).zip(all()) {
            if streams {
                check(name, &heard(&answered, index, "partial_json"));
            } else {
                let place = usize::try_from(index).unwrap();
                check(
                    name,
                    &answered.json()["content"][place]["input"].to_string(),
                );
            }
        }
        door.check_nothing_leaked(&[BSN, MAIL]);
    }
}

#[tokio::test]
async fn a_response_hands_over_the_same_in_every_place_that_repeats_it() {
    for streams in [false, true] {
        let door = door_before(openai, move |seen| {
            let items: Vec<Value> = calls(&said(seen))
                .iter()
                .zip(all())
                .map(|(call, name)| {
                    json!({"type": "function_call", "id": format!("fc_{name}"), "call_id": call["id"], "name": name,
                        "arguments": call["function"]["arguments"], "status": "completed"})
                })
                .collect();
            let response = json!({"id": "resp_1", "object": "response", "status": "completed", "model": "klein", "output": items});
            if !streams {
                return Script::json(200, &response.to_string());
            }
            let mut number = 0;
            let mut events = Vec::new();
            let mut push = |mut event: Value| {
                event["sequence_number"] = json!(number);
                number += 1;
                events.push(event.to_string());
            };
            for (index, item) in items.iter().enumerate() {
                let mut begun = item.clone();
                begun["arguments"] = json!("");
                push(json!({"type": "response.output_item.added", "output_index": index, "item": begun}));
                let arguments: Vec<char> = item["arguments"].as_str().unwrap().chars().collect();
                for piece in arguments.chunks(4) {
                    let piece: String = piece.iter().collect();
                    push(json!({"type": "response.function_call_arguments.delta", "output_index": index, "item_id": item["id"], "delta": piece}));
                }
                push(json!({"type": "response.function_call_arguments.done", "output_index": index, "item_id": item["id"], "arguments": item["arguments"]}));
                push(json!({"type": "response.output_item.done", "output_index": index, "item": item}));
            }
            push(json!({"type": "response.completed", "response": response}));
            Script::events(&events, 400)
        })
        .await;
        let mut document = with_named(json!({"model": "klein", "input": told()}), &TOOLS);
        document["stream"] = json!(streams);
        let answered = door.post("/v1/responses", &[], document.to_string()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let whole = |response: &Value| {
            for (item, name) in response["output"].as_array().unwrap().iter().zip(all()) {
                check(name, item["arguments"].as_str().unwrap());
            }
        };
        if streams {
            let mut pieces = vec![String::new(); 4];
            for event in answered.chunks() {
                let index = event["output_index"]
                    .as_u64()
                    .map(|index| usize::try_from(index).unwrap());
                match (event["type"].as_str().unwrap(), index) {
                    ("response.function_call_arguments.delta", Some(index)) => {
                        pieces[index].push_str(event["delta"].as_str().unwrap());
                    }
                    ("response.function_call_arguments.done", Some(index)) => {
                        check(
                            all().nth(index).unwrap(),
                            event["arguments"].as_str().unwrap(),
                        );
                    }
                    ("response.output_item.done", Some(index)) => {
                        check(
                            all().nth(index).unwrap(),
                            event["item"]["arguments"].as_str().unwrap(),
                        );
                    }
                    ("response.completed", _) => whole(&event["response"]),
                    _ => {}
                }
            }
            for (got, name) in pieces.iter().zip(all()) {
                check(name, got);
            }
        } else {
            whole(&answered.json());
        }
        door.check_nothing_leaked(&[BSN, MAIL]);
    }
}

#[tokio::test]
async fn a_line_of_ollama_hands_over_the_same() {
    let door = door_before(ollama, |seen| {
        let text = said(seen);
        let call = |name: &str| json!({"function": {"name": name, "arguments": {"name": "zoek", "vraag": text}}});
        let message = json!({"role": "assistant", "content": "", "tool_calls": all().map(call).collect::<Vec<_>>()});
        let line = json!({"model": "klein", "created_at": "2026-11-21T12:00:00Z", "message": message, "done": true});
        Script::json(200, &line.to_string())
    })
    .await;
    let mut document = with_functions(ask(&told()), &TOOLS);
    document["stream"] = json!(false);
    let answered = door.post("/api/chat", &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let calls = answered.json()["message"]["tool_calls"].clone();
    for (call, name) in calls.as_array().unwrap().iter().zip(all()) {
        check(name, &call["function"]["arguments"].to_string());
    }
    door.check_nothing_leaked(&[BSN, MAIL]);
}

#[tokio::test]
async fn a_stricter_policy_asked_for_takes_the_numbers_away() {
    let door = door_before(openai, |seen| {
        let message =
            json!({"role": "assistant", "content": null, "tool_calls": calls(&said(seen))});
        answer(&json!([{"index": 0, "message": message, "finish_reason": "tool_calls"}]))
    })
    .await;
    // Strict lets no citizen number out at all; a mail address may go, and comes back in the tool.
    let document = with_functions(ask(&format!("mail {MAIL}")), &TOOLS).to_string();
    let headers = [("x-waarborg-policy", "strict")];
    let answered = door.post("/v1/chat/completions", &headers, document).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let calls = &answered.json()["choices"][0]["message"]["tool_calls"];
    let got = |place: usize| {
        calls[place]["function"]["arguments"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(got(0).contains(MAIL) && !got(1).contains(MAIL), "{calls}");
}

#[tokio::test]
async fn calls_without_a_number_are_told_apart_by_their_ids() {
    let door = door_before(openai, |seen| {
        let delta = |call: Value| chunk(&json!({"tool_calls": [call]}), &Value::Null);
        let mut events: Vec<String> = calls(&said(seen)).into_iter().map(delta).collect();
        events.push(chunk(&json!({}), &json!("tool_calls")));
        Script::events(&events, 50)
    })
    .await;
    let answered = door.chat(&with_functions(streamed(&told()), &TOOLS)).await;
    let mut got = Vec::new();
    for chunk in answered.chunks() {
        for call in chunk["choices"][0]["delta"]["tool_calls"]
            .as_array()
            .into_iter()
            .flatten()
        {
            got.push(call["function"]["arguments"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(got.len(), 4, "{}", answered.body);
    for (got, name) in got.iter().zip(all()) {
        check(name, got);
    }
}

#[tokio::test]
async fn whatever_a_call_of_a_response_holds_goes_to_its_tool() {
    let door = door_before(openai, |seen| {
        let text = said(seen);
        let output = json!([
            {"type": "apply_patch_call", "id": "1", "call_id": "c1", "operation": {"type": "update_file", "path": "a", "diff": text}},
            {"type": "computer_call", "id": "2", "call_id": "c2", "actions": [{"type": "type", "text": text}]},
            {"type": "tool_search_call", "id": "3", "call_id": "c3", "arguments": {"goal": text}},
            {"type": "shell_call", "id": "4", "call_id": "c4", "action": {"commands": [text]}, "nieuw": {"diep": [text]}},
        ]);
        let kinds = ["apply_patch_call_operation_diff", "shell_call_command", "code_interpreter_call_code", "nieuwe_call_inhoud"];
        let mut events = Vec::new();
        for (index, kind) in kinds.iter().enumerate() {
            let place = |ending: &str, field: &str| json!({"type": format!("response.{kind}.{ending}"), "output_index": index, "item_id": "1", field: text});
            events.extend([place("delta", "delta"), place("done", "diff")].map(|event| event.to_string()));
        }
        let response = json!({"id": "resp_1", "status": "completed", "output": output});
        events.push(json!({"type": "response.completed", "response": response}).to_string());
        Script::events(&events, 4000)
    })
    .await;
    let mut document = with_named(json!({"model": "klein", "input": told()}), &TOOLS);
    document["stream"] = json!(true);
    let answered = door.post("/v1/responses", &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert!(
        !answered.body.contains(MAIL) && !answered.body.contains(BSN),
        "{}",
        answered.body
    );
    assert!(answered.body.contains("response.completed"));
}

#[tokio::test]
async fn what_cannot_be_told_apart_is_handed_over_only_whole() {
    use ::base64::Engine as _;
    let encode = |text: &str| ::base64::engine::general_purpose::STANDARD.encode(text);
    let secret = encode(&format!("BSN {BSN} wachtwoord: Zomer2024!geheim"));
    let account = encode(&format!(
        "Jan de Vries woont hier, rekening {IBAN} en mail {MAIL}"
    ));
    for (island, tool) in [(secret, "zoek"), (account, "stuur_intern")] {
        let door = door_before(openai, |seen| {
            let message =
                json!({"role": "assistant", "content": null, "tool_calls": calls(&said(seen))});
            answer(&json!([{"index": 0, "message": message, "finish_reason": "tool_calls"}]))
        })
        .await;
        let answered = door
            .chat(&with_functions(ask(&format!("bijlage {island}")), &TOOLS))
            .await;
        let calls = answered.json()["choices"][0]["message"]["tool_calls"].clone();
        for (call, name) in calls.as_array().unwrap().iter().zip(all()) {
            let got = call["function"]["arguments"].as_str().unwrap();
            assert!(name != tool || !got.contains(&island), "{name}: {got}");
        }
    }
}
