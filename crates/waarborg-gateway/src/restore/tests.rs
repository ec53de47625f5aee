//! What restoring promises.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use waarborg_detect::Kind;
use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates, Tools};

use super::*;

struct Known {
    surrogates: Arc<Surrogates>,
    person: String,
    mail: String,
    bsn: String,
}

fn known() -> Known {
    let mut surrogates = Surrogates::new(ConversationKey::new([7; 32]), Language::Dutch);
    let person = surrogates.surrogate(Kind::Person, "Jan \"de Beer\" Smit");
    let mail = surrogates.surrogate(Kind::Email, "jan@voorbeeld.nl");
    let bsn = surrogates.surrogate(Kind::Bsn, "123456782");
    Known {
        surrogates: Arc::new(surrogates),
        person,
        mail,
        bsn,
    }
}

fn delta(choice: u64, delta: &Value, finish_reason: &Value) -> String {
    json!({"id":"c","object":"chat.completion.chunk","created":1,"model":"m",
        "choices":[{"index":choice,"delta":delta,"finish_reason":finish_reason}]})
    .to_string()
}

/// The texts of a stream, put together as a client does: (choice, field or tool) → text.
fn collected(events: &[String]) -> std::collections::BTreeMap<(u64, String), String> {
    let mut texts = std::collections::BTreeMap::new();
    for event in events {
        let chunk: Value = serde_json::from_str(event).unwrap();
        for choice in chunk["choices"].as_array().unwrap() {
            let index = choice["index"].as_u64().unwrap();
            for (field, value) in choice["delta"].as_object().unwrap() {
                match value {
                    Value::String(text) => {
                        texts
                            .entry((index, field.clone()))
                            .or_insert_with(String::new)
                            .push_str(text);
                    }
                    Value::Array(calls) => {
                        for call in calls {
                            let name = format!("tool {}", call["index"]);
                            let arguments =
                                call["function"]["arguments"].as_str().unwrap_or_default();
                            texts
                                .entry((index, name))
                                .or_insert_with(String::new)
                                .push_str(arguments);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    texts
}

fn run(restorer: &mut StreamRestorer, chunks: &[String]) -> Vec<String> {
    let mut events = Vec::new();
    for chunk in chunks {
        events.extend(restorer.chunk(chunk.clone()).unwrap());
    }
    events.extend(restorer.finish());
    events
}

#[test]
fn a_whole_answer_is_restored_and_its_other_bytes_stay() {
    let known = known();
    let arguments = json!({"naam": known.person, "bsn": known.bsn}).to_string();
    let body = format!(
        r#"{{ "id":"x",  "nieuw_veld":[1.50,{{}}],"choices":[{{"index":0,"message":{{"role":"assistant","content":"Dag {}!","tool_calls":[{{"id":"call_1","type":"function","function":{{"name":"zoek","arguments":{}}}}}]}}}}]}}"#,
        known.person,
        json!(arguments),
    );
    let restored = restore_body(
        body.clone().into_bytes(),
        &known.surrogates,
        AnswerText::Plain,
    )
    .unwrap();
    let restored = String::from_utf8(restored).unwrap();
    assert!(
        restored.starts_with(r#"{ "id":"x",  "nieuw_veld":[1.50,{}],"choices""#),
        "{restored}"
    );
    let answer: Value = serde_json::from_str(&restored).unwrap();
    let message = &answer["choices"][0]["message"];
    assert_eq!(message["content"], r#"Dag Jan "de Beer" Smit!"#);
    let arguments: Value = serde_json::from_str(
        message["tool_calls"][0]["function"]["arguments"]
            .as_str()
            .unwrap(),
    )
    .unwrap();
    assert_eq!(arguments["naam"], r#"Jan "de Beer" Smit"#);
    assert_eq!(
        arguments["bsn"],
        known.bsn.as_str(),
        "a national number stays a surrogate in a tool's arguments"
    );
}

#[test]
fn an_answer_without_surrogates_stays_byte_for_byte() {
    let body = br#"{"choices":[ {"message":{"content":"Hoi \u00e9"}} ],"n":1e3}"#.to_vec();
    assert_eq!(
        restore_body(body.clone(), &known().surrogates, AnswerText::Plain),
        Ok(body)
    );
}

#[test]
fn text_that_is_json_stays_json() {
    let known = known();
    let content = json!({"naam": known.person}).to_string();
    let body = json!({"choices":[{"message":{"content":content}}]}).to_string();
    let restored = restore_body(body.into_bytes(), &known.surrogates, AnswerText::Json).unwrap();
    let answer: Value = serde_json::from_slice(&restored).unwrap();
    let inner: Value =
        serde_json::from_str(answer["choices"][0]["message"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(inner["naam"], r#"Jan "de Beer" Smit"#);
}

#[test]
fn text_in_a_list_of_parts_is_the_content_whole_and_in_pieces() {
    let known = known();
    let content = json!({"naam": known.person}).to_string();
    let parts = |text: &str| json!([{"type": "text", "text": text}]);
    let read = |text: &str| {
        let inner: Value = serde_json::from_str(text).unwrap();
        assert_eq!(inner["naam"], r#"Jan "de Beer" Smit"#);
    };
    let body = json!({"choices":[{"message":{"content":parts(&content)}}]}).to_string();
    let whole = restore_body(body.into_bytes(), &known.surrogates, AnswerText::Json).unwrap();
    let answer: Value = serde_json::from_slice(&whole).unwrap();
    read(
        answer["choices"][0]["message"]["content"][0]["text"]
            .as_str()
            .unwrap(),
    );

    let chunks: Vec<String> = cut(&content, &[1])
        .iter()
        .map(|piece| delta(0, &json!({"content": parts(piece)}), &Value::Null))
        .collect();
    let mut restorer = StreamRestorer::new(Arc::clone(&known.surrogates), AnswerText::Json);
    let said = run(&mut restorer, &chunks).into_iter().map(|event| {
        let chunk: Value = serde_json::from_str(&event).unwrap();
        let part = &chunk["choices"][0]["delta"]["content"][0];
        assert_eq!(part["type"], "text");
        part["text"].as_str().unwrap().to_owned()
    });
    read(&said.collect::<String>());
}

#[test]
fn what_was_thought_among_the_parts_is_whole_before_the_text_begins() {
    let known = known();
    let thought =
        |text: &str| json!({"type": "thinking", "thinking": [{"type": "text", "text": text}]});
    let text = |text: &str| json!({"type": "text", "text": text});
    let unfinished = known.mail.trim_end_matches(']');
    let apart = [
        json!([thought(unfinished)]),
        json!([text("Dag ")]),
        json!(known.mail),
    ];
    let together = [
        json!([thought(unfinished), text("Dag ")]),
        json!(known.mail),
    ];
    for contents in [apart.as_slice(), together.as_slice()] {
        let chunks: Vec<String> = contents
            .iter()
            .map(|content| delta(0, &json!({"content": content}), &Value::Null))
            .collect();
        let mut restorer = StreamRestorer::new(Arc::clone(&known.surrogates), AnswerText::Plain);
        let mut said = Vec::<(&str, String)>::new();
        for event in run(&mut restorer, &chunks) {
            let chunk: Value = serde_json::from_str(&event).unwrap();
            let content = &chunk["choices"][0]["delta"]["content"];
            let parts = content.as_array().cloned();
            for part in parts.unwrap_or_else(|| vec![text(content.as_str().unwrap())]) {
                let (kind, more) = match part["thinking"][0]["text"].as_str() {
                    Some(more) => ("thought", more),
                    None => ("text", part["text"].as_str().unwrap()),
                };
                match said.last_mut().filter(|(last, _)| *last == kind) {
                    Some((_, told)) => told.push_str(more),
                    None => said.push((kind, more.to_owned())),
                }
            }
        }
        let thought = known.surrogates.restore_all(unfinished, Scope::Text);
        let expected = [
            ("thought", thought),
            ("text", "Dag jan@voorbeeld.nl".into()),
        ];
        assert_eq!(said, expected);
    }
}

#[test]
fn details_of_a_thought_are_put_together_each_by_its_index() {
    let known = known();
    let unfinished = known.mail.trim_end_matches(']');
    let whole = format!("Hm, {}, {unfinished}", known.person);
    let detail = |kind: &str, index: u64, text: &str| {
        let mut detail = json!({"type": format!("reasoning.{kind}"), "index": index});
        detail[kind] = json!(text);
        detail
    };
    let kinds = [("text", 0), ("text", 1), ("summary", 0)];
    let mut chunks: Vec<String> = cut(&whole, &[1])
        .iter()
        .map(|piece| {
            let details = kinds.map(|(kind, index)| detail(kind, index, piece));
            delta(0, &json!({"reasoning_details": details}), &Value::Null)
        })
        .collect();
    chunks.push(delta(0, &json!({}), &json!("stop")));
    let mut restorer = StreamRestorer::new(Arc::clone(&known.surrogates), AnswerText::Plain);
    let mut said = std::collections::BTreeMap::<(String, u64), String>::new();
    for event in run(&mut restorer, &chunks) {
        let chunk: Value = serde_json::from_str(&event).unwrap();
        let details = chunk["choices"][0]["delta"]["reasoning_details"].as_array();
        for detail in details.into_iter().flatten() {
            let (_, kind) = detail["type"].as_str().unwrap().split_once('.').unwrap();
            let place = (kind.to_owned(), detail["index"].as_u64().unwrap());
            let more = detail[kind].as_str().unwrap();
            said.entry(place).or_default().push_str(more);
        }
    }
    let expected = kinds.map(|(kind, index)| {
        let text = known.surrogates.restore_all(&whole, Scope::Text);
        assert!(text.starts_with("Hm, Jan \"de Beer\" Smit, "), "{text}");
        ((kind.to_owned(), index), text)
    });
    assert_eq!(said, expected.into());

    // Of a shape that nobody here knows each text is restored by itself.
    let other = json!({"reasoning_details": {"text": known.mail}});
    let out = restorer.chunk(delta(1, &other, &Value::Null)).unwrap();
    assert!(out[0].contains("jan@voorbeeld.nl"), "{out:?}");
}

#[test]
fn what_is_no_answer_is_a_fault() {
    let surrogates = known().surrogates;
    let fault =
        |body: &[u8]| restore_body(body.to_vec(), &surrogates, AnswerText::Plain).unwrap_err();
    assert_eq!(fault(b"{}"), AnswerFault::Shape);
    assert_eq!(
        fault(br#"{"error":{"message":"x"}}"#),
        AnswerFault::ProviderError
    );
    assert!(matches!(fault(b"<html>"), AnswerFault::Json(_)));
}

#[test]
fn what_was_held_back_goes_out_before_the_choice_ends() {
    let known = known();
    let mut restorer = StreamRestorer::new(Arc::clone(&known.surrogates), AnswerText::Plain);
    let chunks = [
        delta(0, &json!({"role":"assistant","content":""}), &Value::Null),
        delta(
            0,
            &json!({"content":format!("Dag {}", known.person.trim_end_matches(']'))}),
            &Value::Null,
        ),
        delta(0, &json!({}), &json!("stop")),
    ];
    let mut events = Vec::new();
    for chunk in &chunks {
        assert!(!restorer.is_whole());
        events.extend(restorer.chunk(chunk.clone()).unwrap());
    }
    assert!(restorer.is_whole());
    let texts = collected(&events);
    assert_eq!(texts[&(0, "content".into())], "Dag [Jan \"de Beer\" Smit");
    let last: Value = serde_json::from_str(events.last().unwrap()).unwrap();
    assert_eq!(last["choices"][0]["finish_reason"], "stop");
    assert_eq!(restorer.finish(), Vec::<String>::new());
}

#[test]
fn a_choice_goes_on_while_its_reason_to_end_is_empty() {
    let known = known();
    let text = format!("Dag {}!", known.person);
    let chunks: Vec<String> = cut(&text, &[1])
        .iter()
        .map(|piece| delta(0, &json!({"content":piece}), &json!("")))
        .collect();
    let mut restorer = StreamRestorer::new(Arc::clone(&known.surrogates), AnswerText::Plain);
    let mut events = Vec::new();
    for chunk in chunks {
        events.extend(restorer.chunk(chunk).unwrap());
        assert!(!restorer.is_whole());
    }
    events.extend(
        restorer
            .chunk(delta(0, &json!({}), &json!("stop")))
            .unwrap(),
    );
    assert!(restorer.is_whole());
    let texts = collected(&events);
    assert_eq!(texts[&(0, "content".into())], "Dag Jan \"de Beer\" Smit!");
}

#[test]
fn what_a_call_held_back_goes_out_before_another_begins_under_its_index() {
    let known = known();
    let unfinished = known.mail.trim_end_matches(']');
    let call = |id: &str, name: &str, said: &str| json!({"index": 4, "id": id, "function": {"name": name, "arguments": said}});
    let (first, second) = (call("a", "zoek", unfinished), call("b", "tel", &known.mail));
    let apart = [json!([first]), json!([second])];
    let together = [json!([first, second])];
    for deltas in [apart.as_slice(), together.as_slice()] {
        let chunks: Vec<String> = deltas
            .iter()
            .map(|calls| delta(0, &json!({"tool_calls": calls}), &Value::Null))
            .collect();
        let mut restorer = StreamRestorer::new(Arc::clone(&known.surrogates), AnswerText::Plain);
        let mut said = Vec::new();
        for event in run(&mut restorer, &chunks) {
            let chunk: Value = serde_json::from_str(&event).unwrap();
            for call in chunk["choices"][0]["delta"]["tool_calls"]
                .as_array()
                .unwrap()
            {
                assert_eq!(call["index"], 4);
                if call["id"].is_string() {
                    said.push(String::new());
                }
                let more = call["function"]["arguments"].as_str().unwrap();
                said.last_mut().unwrap().push_str(more);
            }
        }
        let scope = Scope::ToolArguments(Tools::ordinary());
        let expected =
            [unfinished, &known.mail].map(|text| known.surrogates.restore_all(text, scope));
        assert_eq!(said, expected);
    }
}

#[test]
fn usage_and_unknown_fields_go_along_as_they_came() {
    let mut restorer = StreamRestorer::new(known().surrogates, AnswerText::Plain);
    for data in [
        r#"{"id":"c", "choices":[], "usage":{"prompt_tokens":1.0,"x":[null]}}"#,
        r#"{"id":"c","choices":[{"index":0,"delta":{"content":"1.","nieuw":{"y":"z"}},"logprobs":{"content":[{"token":"a","bytes":[97]}]}}]}"#,
    ] {
        assert_eq!(restorer.chunk(data.to_owned()).unwrap(), [data]);
    }
}

#[test]
fn an_error_of_the_provider_ends_the_stream() {
    let mut restorer = StreamRestorer::new(known().surrogates, AnswerText::Plain);
    let fault = restorer.chunk(r#"{"error":{"message":"geheim"}}"#.to_owned());
    assert_eq!(fault, Err(AnswerFault::ProviderError));
    assert!(matches!(
        restorer.chunk("geen json".to_owned()),
        Err(AnswerFault::Json(_))
    ));
}

#[test]
fn where_nothing_was_replaced_every_chunk_goes_along_at_once() {
    let nothing = Surrogates::new(ConversationKey::new([7; 32]), Language::Dutch);
    let mut restorer = StreamRestorer::new(Arc::new(nothing), AnswerText::Plain);
    let chunk = delta(0, &json!({"content":"[PERSOON_4"}), &json!("stop"));
    assert_eq!(restorer.chunk(chunk.clone()), Ok(vec![chunk]));
    assert!(restorer.is_whole());
    assert_eq!(
        restorer.chunk(r#"{"error":{}}"#.to_owned()),
        Err(AnswerFault::ProviderError)
    );
}

/// Cuts a text at the given places, counted in characters.
fn cut(text: &str, sizes: &[usize]) -> Vec<String> {
    let mut rest = text.chars().peekable();
    let mut sizes = sizes.iter().copied().cycle();
    let mut pieces = Vec::new();
    while rest.peek().is_some() {
        pieces.push(rest.by_ref().take(sizes.next().unwrap_or(1)).collect());
    }
    pieces
}

fn any_text() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..12_usize, 0..12)
}

fn text_of(known: &Known, words: &[usize]) -> String {
    let inside = known.person.trim_matches(['[', ']']).to_owned();
    let parts = [
        "Dag ".to_owned(),
        known.person.clone(),
        known.mail.clone(),
        known.bsn.clone(),
        inside.clone(),
        inside.to_lowercase(),
        format!("**{}**", known.person),
        format!("[{}]", inside.replace('_', " ")),
        "'s café 🏠 ".to_owned(),
        "[PERSOON_".to_owned(),
        "\n- ".to_owned(),
        format!("{inside}'s "),
    ];
    words.iter().map(|word| parts[*word].as_str()).collect()
}

proptest! {
    #[test]
    fn a_stream_gives_the_same_as_the_whole_however_it_is_cut(
        first in any_text(), second in any_text(), tool in any_text(),
        sizes in prop::collection::vec(1..9_usize, 1..5), has_end in any::<bool>(),
    ) {
        let known = known();
        let (first, second) = (text_of(&known, &first), text_of(&known, &second));
        let tool = json!({"tekst": text_of(&known, &tool)}).to_string();
        let mut lanes: Vec<std::vec::IntoIter<String>> = vec![
            cut(&first, &sizes).iter().map(|piece| delta(0, &json!({"content":piece}), &Value::Null)).collect::<Vec<_>>().into_iter(),
            cut(&second, &sizes).iter().map(|piece| delta(1, &json!({"content":piece}), &Value::Null)).collect::<Vec<_>>().into_iter(),
            cut(&tool, &sizes).iter().map(|piece| delta(1, &json!({"tool_calls":[{"index":3,"function":{"arguments":piece}}]}), &Value::Null)).collect::<Vec<_>>().into_iter(),
        ];
        let mut chunks = Vec::new();
        loop {
            let round: Vec<String> = lanes.iter_mut().filter_map(Iterator::next).collect();
            if round.is_empty() { break; }
            chunks.extend(round);
        }
        if has_end {
            chunks.push(delta(0, &json!({}), &json!("stop")));
            chunks.push(delta(1, &json!({}), &json!("stop")));
        }
        let mut restorer = StreamRestorer::new(Arc::clone(&known.surrogates), AnswerText::Plain);
        let texts = collected(&run(&mut restorer, &chunks));
        let text = |choice: u64, field: &str| texts.get(&(choice, field.to_owned())).cloned().unwrap_or_default();
        prop_assert_eq!(text(0, "content"), known.surrogates.restore_all(&first, Scope::Text));
        prop_assert_eq!(text(1, "content"), known.surrogates.restore_all(&second, Scope::Text));
        prop_assert_eq!(text(1, "tool 3"), known.surrogates.restore_all(&tool, Scope::ToolArguments(Tools::ordinary())));
        prop_assert!(serde_json::from_str::<Value>(&text(1, "tool 3")).is_ok());
    }
}

#[test]
fn log_probabilities_go_while_somebody_is_kept_out_of_answers() {
    use waarborg_detect::withheld::{Entry, Instead, ListKey, Withheld};

    let screened = |is_kept_out: bool| {
        let key = ListKey::new([1; 32]);
        let jan = Entry::new(&key, &["Jan de Vries"], &["huisarts"], Instead::Nothing).unwrap();
        let entries = if is_kept_out { vec![jan] } else { Vec::new() };
        let mut surrogates = Surrogates::new(ConversationKey::new([7; 32]), Language::Dutch);
        let list = Arc::new(Withheld::new(key, entries));
        surrogates.withhold(&list, std::iter::empty(), "[…]");
        Arc::new(surrogates)
    };
    let tokens = json!({"content": [{"token": "Jan", "top_logprobs": [{"token": "huisarts"}],
        "logprobs": {"x": "dief"}}], "refusal": null});
    let choice = |field: &str| {
        json!({"id": "c", "choices": [{"index": 0, field: {"content": "Ja.", "logprobs": null},
            "logprobs": tokens, "finish_reason": "stop"}], "metadata": {"logprobs": "ja"}})
        .to_string()
        .replacen(
            "\"logprobs\":{\"content",
            "\"log\\u0070robs\" : {\"content",
            1,
        )
    };
    let told = |surrogates: &Arc<Surrogates>| {
        let body = restore_body(choice("message").into(), surrogates, AnswerText::Plain).unwrap();
        let mut restorer = StreamRestorer::new(Arc::clone(surrogates), AnswerText::Plain);
        let chunks = restorer.chunk(choice("delta")).unwrap();
        [String::from_utf8(body).unwrap(), chunks.concat()]
    };
    for text in told(&screened(true)) {
        let document: Value = serde_json::from_str(&text).unwrap();
        let choice = &document["choices"][0];
        assert_eq!(choice["logprobs"], Value::Null);
        assert_eq!(choice["finish_reason"], "stop");
        assert_eq!(document["metadata"]["logprobs"], "ja", "the client's own");
        assert!(
            !text.contains("huisarts") && !text.contains("dief"),
            "{text}"
        );
    }
    for text in told(&screened(false)) {
        assert!(text.contains("huisarts"), "{text}");
    }
    let list = json!([{"token": "huisarts"}]);
    for event in [
        json!({"type": "response.output_text.delta", "delta": "x", "logprobs": list}),
        json!({"part": {"type": "output_text", "logprobs": list}}),
        json!({"item": {"content": [{"text": "x", "logprobs": list}]}}),
        json!({"response": {"output": [{"content": [{"text": "x", "logprobs": list}]}]}}),
    ] {
        let told = without_probabilities(event.to_string(), &screened(true)).unwrap();
        let is_empty = told.contains("\"logprobs\":[]") && !told.contains("huisarts");
        assert!(is_empty, "{told}");
    }
    for broken in [
        "{\"choices\": [], \"logprobs\"",
        "{\"logprobs\": tru}",
        "{\"logprobs\":",
    ] {
        let faulty = restore_body(broken.into(), &screened(true), AnswerText::Plain);
        assert!(faulty.is_err(), "{broken}");
    }
}

/// Some servers send a whole answer, or the first piece of a text, in the chunk that ends it.
#[test]
fn a_text_that_begins_in_the_last_chunk_is_whole_in_it() {
    let known = known();
    let held = known.person.trim_end_matches(']');
    let calls = |arguments: &str| json!([{"index": 0, "id": "c1", "function": {"name": "f", "arguments": arguments}}]);
    for (delta_of, read) in [
        (
            json!({"content": format!("Dag {held}")}),
            "/choices/0/delta/content",
        ),
        (
            json!({"tool_calls": calls(&format!("{{\"a\": \"{held}"))}),
            "/choices/0/delta/tool_calls/0/function/arguments",
        ),
    ] {
        let mut restorer = StreamRestorer::new(Arc::clone(&known.surrogates), AnswerText::Plain);
        let last = delta(0, &delta_of, &json!("stop"));
        let out = restorer.chunk(last).unwrap();
        assert_eq!(out.len(), 1, "{out:?}");
        let chunk: Value = serde_json::from_str(&out[0]).unwrap();
        let said = chunk.pointer(read).unwrap().as_str().unwrap();
        assert!(said.contains("PERSOON_") || said.contains("Jan"), "{said}");
        assert_eq!(restorer.finish(), Vec::<String>::new());
    }
    // Two pieces of one text in it are still one text.
    let halves = known.mail.split_at(7);
    let mut restorer = StreamRestorer::new(Arc::clone(&known.surrogates), AnswerText::Plain);
    let parts = [halves.0, halves.1].map(|text| json!({"type": "text", "text": text}));
    let out = restorer
        .chunk(delta(0, &json!({"content": parts}), &json!("stop")))
        .unwrap();
    let chunk: Value = serde_json::from_str(&out[0]).unwrap();
    let said: String = chunk["choices"][0]["delta"]["content"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|part| part["text"].as_str())
        .collect();
    assert_eq!((out.len(), said.as_str()), (1, "jan@voorbeeld.nl"));
}
