//! The door with a scripted provider behind it: what leaves, what comes back, and what never leaves.

mod around;
mod attacks;
mod batches;
mod bombs;
mod budgets;
mod complaints;
mod edits;
mod enclosed;
mod everywhere;
mod exfiltration;
mod files;
mod floors;
mod formats;
mod generalised;
mod generated;
mod guardrail;
mod hidden;
mod house;
mod house_keys;
mod issuers;
mod kept;
mod made;
mod messages;
mod names;
mod ollama;
mod pictures;
mod placeholders;
mod presidio;
mod protocols;
mod providers;
mod realistic;
mod recipients;
mod remembered;
mod responses;
mod rights;
mod routed;
mod rules;
mod speech;
mod texts;
mod threads;
mod together;
mod tools;
mod traces;
mod trail;
mod transcripts;
mod translated;
mod warned;
mod ways_out;
mod who;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use self::house::{Switches, house, house_of, house_with_own_model};
use self::house_keys::key;
use super::{DoorLimits, GatewayState, routes};
use crate::providers::{Demo, OpenAi, Pace, ProviderTable};
use crate::scripted::{Script, ScriptedProvider, Seen, Step};
use crate::upstream::UpstreamLimits;

const BSN: &str = "123456782";
const MAIL: &str = "j.jansen@voorbeeld.nl";
const IBAN: &str = "NL91ABNA0417164300";

struct Door {
    router: Router,
    provider: ScriptedProvider,
    switches: Arc<Switches>,
}

struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
    body: String,
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }

    fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The chunks of a stream, without `[DONE]`.
    fn chunks(&self) -> Vec<Value> {
        self.data()
            .iter()
            .filter(|data| *data != "[DONE]")
            .map(|data| serde_json::from_str(data).unwrap())
            .collect()
    }

    fn data(&self) -> Vec<String> {
        let mut events = Vec::new();
        crate::sse::SseReader::new(1 << 20)
            .push(self.body.as_bytes(), &mut events)
            .unwrap();
        events.into_iter().map(|event| event.data).collect()
    }

    fn text(&self) -> String {
        self.chunks()
            .iter()
            .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str())
            .collect()
    }
}

const SHORT: UpstreamLimits = UpstreamLimits {
    connect: Duration::from_millis(500),
    answer: Duration::from_millis(500),
    silence: Duration::from_millis(500),
    bytes: 1 << 20,
};

/// As long as a provider may take: short, but not in the long version of a test, which others may keep waiting.
fn patience() -> UpstreamLimits {
    if std::env::var_os("WAARBORG_CASES").is_none() {
        return SHORT;
    }
    UpstreamLimits {
        answer: Duration::from_mins(1),
        silence: Duration::from_mins(1),
        ..SHORT
    }
}

async fn door_with(
    policy: &str,
    limits: DoorLimits,
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Door {
    let provider = ScriptedProvider::start(answering).await.unwrap();
    let base_url = provider.base_url();
    let openai = OpenAi::new(&base_url, None, patience()).unwrap();
    let (house, switches) = house(&base_url, policy, Box::new(openai));
    Door {
        router: routes(GatewayState::new(house, limits)),
        provider,
        switches,
    }
}

async fn door(answering: impl Fn(&Seen) -> Script + Send + Sync + 'static) -> Door {
    door_with("pseudonymise", DoorLimits::default(), answering).await
}

/// A door whose register says these lines as well.
async fn door_changed(policy: &str, changes: &str) -> Door {
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let base_url = provider.base_url();
    let source = include_str!("register.toml").replace("BASE_URL", &base_url) + changes;
    let mut table = ProviderTable::default();
    let model = OpenAi::new(&base_url, None, patience()).unwrap();
    table.add("model", &["klein".to_owned()], Box::new(model));
    let (house, switches) = house_of(&source, policy, table);
    Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    }
}

impl Door {
    async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answered {
        let mut request = Request::post(path).header("content-type", "application/json");
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header("authorization", format!("Bearer {}", key()));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(body.into()).unwrap()).await
    }

    async fn chat(&self, document: &Value) -> Answered {
        self.post("/v1/chat/completions", &[], document.to_string())
            .await
    }

    async fn ask(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let is_sound = headers
            .get("content-type")
            .is_some_and(|media_type| media_type.as_bytes().starts_with(b"audio/"));
        Answered {
            status,
            headers,
            bytes: bytes.to_vec(),
            body: if is_sound {
                String::new()
            } else {
                String::from_utf8(bytes.to_vec()).unwrap()
            },
        }
    }

    fn check_nothing_left(&self) {
        assert_eq!(self.provider.bytes(), b"", "bytes reached the provider");
    }

    /// What the provider saw holds none of the planted values.
    fn check_nothing_leaked(&self, planted: &[&str]) {
        let bytes = String::from_utf8_lossy(&self.provider.bytes()).into_owned();
        for value in planted {
            assert!(!bytes.contains(value), "{value} reached the provider");
        }
    }
}

fn ask(text: &str) -> Value {
    json!({"model": "klein", "messages": [{"role": "user", "content": text}]})
}

fn streamed(text: &str) -> Value {
    let mut document = ask(text);
    document["stream"] = json!(true);
    document
}

/// What a provider answers that says what it was told.
fn echo(seen: &Seen) -> Script {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    let text = document["messages"][0]["content"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    if document["stream"] == json!(true) {
        return Script::events(&chunks_of(&text, 3), 7);
    }
    let message = json!({"role": "assistant", "content": text});
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    Script::json(
        200,
        &json!({"id": "x", "object": "chat.completion", "choices": [choice]}).to_string(),
    )
}

fn chunk(delta: &Value, finish_reason: &Value) -> String {
    let choice = json!({"index": 0, "delta": delta, "finish_reason": finish_reason});
    json!({"id": "x", "object": "chat.completion.chunk", "model": "klein", "choices": [choice]})
        .to_string()
}

fn chunks_of(text: &str, size: usize) -> Vec<String> {
    let mut events = vec![chunk(
        &json!({"role": "assistant", "content": ""}),
        &Value::Null,
    )];
    let pieces = generated::cut(text, size);
    events.extend(
        pieces
            .iter()
            .map(|piece| chunk(&json!({"content": piece}), &Value::Null)),
    );
    events.push(chunk(&json!({}), &json!("stop")));
    events
}

fn told_of_somebody() -> String {
    format!("Mijn BSN is {BSN}, mail {MAIL}, rekening {IBAN}.")
}

#[tokio::test]
async fn the_provider_sees_surrogates_and_the_client_gets_its_own_words_back() {
    let door = door(echo).await;
    for document in [ask(&told_of_somebody()), streamed(&told_of_somebody())] {
        let answered = door.chat(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let text = if document["stream"] == json!(true) {
            assert_eq!(answered.data().last().unwrap(), "[DONE]");
            answered.text()
        } else {
            answered.json()["choices"][0]["message"]["content"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(text, told_of_somebody());
        assert_eq!(answered.headers["x-waarborg-verdict"], "pseudonymise");
        assert_eq!(answered.headers["x-waarborg-recipient"], "model");
        assert_eq!(answered.headers["x-waarborg-policy"], "pseudonymise");
        assert!(
            answered.headers["x-waarborg-findings"]
                .to_str()
                .unwrap()
                .contains("BSN=1")
        );
        assert!(answered.headers.contains_key("x-waarborg-request-id"));
    }
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    assert_eq!(door.provider.seen().len(), 2);
    assert_eq!(door.switches.entries.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_body_without_findings_leaves_byte_for_byte() {
    let door = door(echo).await;
    let body = "{ \"model\":\"klein\",\n\"messages\":[{\"role\":\"user\",\"content\":\"hoi \\u00e9\"}], \"temperature\":1.0,\"x\":{\"y\":[1e2]} }";
    let answered = door.post("/v1/chat/completions", &[], body).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(door.provider.seen()[0].text(), body);
    assert_eq!(answered.headers["x-waarborg-verdict"], "allow");
}

#[tokio::test]
async fn the_same_history_gives_the_same_bytes_upstream() {
    let door = door(echo).await;
    for _ in 0..2 {
        door.chat(&ask(&told_of_somebody())).await;
    }
    let seen = door.provider.seen();
    assert_eq!(seen[0].body, seen[1].body);
}

#[tokio::test]
async fn a_surrogate_in_what_a_model_wrote_before_changes_none_of_the_conversation() {
    let door = door(echo).await;
    let said = format!("Zoek BSN {BSN} op.");
    let first = |seen: &Seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        document["messages"][0]["content"].clone()
    };
    door.chat(&ask(&said)).await;
    let told = first(&door.provider.seen()[0]);
    let surrogate = told.as_str().unwrap().split(' ').nth(2).unwrap();
    assert!(surrogate.starts_with("[BSN_"), "{told}");

    // A tool that the policy hands no national number gets its surrogate, and so it comes back.
    let arguments = json!({"nummer": surrogate}).to_string();
    let mut document = ask(&said);
    let turns = document["messages"].as_array_mut().unwrap();
    turns.extend([
        json!({"role": "assistant", "content": null, "tool_calls": [{"id": "call_1", "type": "function",
            "function": {"name": "zoek", "arguments": arguments}}]}),
        json!({"role": "tool", "tool_call_id": "call_1", "content": "niets gevonden"}),
    ]);
    door.chat(&document).await;
    assert_eq!(first(&door.provider.seen()[1]), told);

    // What a person writes is theirs: a literal that looks like one is never taken for it.
    let asks = ask(&format!("{said} Wat is {surrogate}?"));
    let answered = door.chat(&asks).await;
    assert_ne!(first(&door.provider.seen()[2]), told);
    let answer = &answered.json()["choices"][0]["message"]["content"];
    assert_eq!(answer, &asks["messages"][0]["content"]);
}

#[tokio::test]
async fn what_the_policy_blocks_does_not_leave() {
    let door = door_with("strict", DoorLimits::default(), echo).await;
    let answered = door.chat(&ask(&format!("Mijn BSN is {BSN}."))).await;
    assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answered.code(), "personal_data_blocked");
    let message = answered.json()["error"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.contains("naar Model mogen (burgerservicenummer)") && !message.contains(BSN),
        "{message}"
    );
    assert_eq!(answered.headers["x-waarborg-verdict"], "block");
    door.check_nothing_left();
    assert_eq!(
        door.switches.entries.lock().unwrap().len(),
        1,
        "the refusal stands in the log"
    );
}

#[tokio::test]
async fn without_a_working_detector_or_log_nothing_leaves() {
    let door = door(echo).await;
    let switches = Arc::clone(&door.switches);
    for switch in [
        &switches.is_log_broken,
        &switches.is_finder_broken,
        &switches.does_finder_panic,
    ] {
        switch.store(true, Ordering::Relaxed);
        let answered = door.chat(&ask("hallo")).await;
        assert_eq!(
            (answered.status, answered.code().as_str()),
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
        );
        switch.store(false, Ordering::Relaxed);
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn headers_can_only_make_things_stricter() {
    let door = door(echo).await;
    let body = || ask(&format!("Mijn BSN is {BSN}.")).to_string();
    let path = "/v1/chat/completions";
    let stricter = door
        .post(path, &[("x-waarborg-policy", "strict")], body())
        .await;
    assert_eq!(stricter.status, StatusCode::UNPROCESSABLE_ENTITY);
    let laxer = door
        .post(path, &[("x-waarborg-policy", "observe")], body())
        .await;
    assert_eq!(laxer.status, StatusCode::BAD_REQUEST, "{}", laxer.body);
    let other = door
        .post(path, &[("x-waarborg-purpose", "marketing")], body())
        .await;
    assert_eq!(
        (other.status, other.code().as_str()),
        (StatusCode::FORBIDDEN, "purpose_not_permitted")
    );
    let strange = door
        .post(path, &[("x-waarborg-dry-run", "perhaps")], body())
        .await;
    assert_eq!(strange.code(), "invalid_header");
    let misspelt = door
        .post(path, &[("x-waarborg-dryrun", "true")], body())
        .await;
    assert_eq!(
        (misspelt.status, misspelt.code().as_str()),
        (StatusCode::BAD_REQUEST, "unknown_header")
    );
    assert!(misspelt.body.contains("x-waarborg-dry-run"));
    let trial = door
        .post(path, &[("x-waarborg-dry-run", "true")], body())
        .await;
    assert_eq!(trial.status, StatusCode::OK);
    assert_eq!(trial.json()["findings"][0]["label"], "BSN");
    door.check_nothing_left();
}

#[tokio::test]
async fn who_has_no_key_gets_no_further() {
    let door = door(echo).await;
    for carried in ["Bearer wbg_fout", "Bearer sk-123", "Basic abc", ""] {
        let headers = [("authorization", carried)];
        let answered = door
            .post("/v1/chat/completions", &headers, ask("hoi").to_string())
            .await;
        assert_eq!(
            (answered.status, answered.code().as_str()),
            (StatusCode::UNAUTHORIZED, "invalid_api_key")
        );
        assert_eq!(answered.headers["www-authenticate"], "Bearer");
    }
    let models = door
        .ask(Request::get("/v1/models").body(Body::empty()).unwrap())
        .await;
    assert_eq!(models.status, StatusCode::UNAUTHORIZED);
    door.check_nothing_left();
}

#[tokio::test]
async fn models_are_those_that_the_register_allows_today() {
    let door = door(echo).await;
    let get = |path: &str| {
        Request::get(path)
            .header("authorization", format!("Bearer {}", key()))
            .body(Body::empty())
            .unwrap()
    };
    let list = door.ask(get("/v1/models")).await.json();
    assert_eq!(list["object"], "list");
    assert_eq!(list["data"][0]["id"], "klein");
    assert_eq!(
        door.ask(get("/v1/models/klein")).await.json()["object"],
        "model"
    );
    assert_eq!(
        door.ask(get("/v1/models/groot")).await.code(),
        "model_not_found"
    );
    let unknown = json!({"model": "groot", "messages": []});
    assert_eq!(door.chat(&unknown).await.code(), "model_not_found");
    door.check_nothing_left();
}

#[tokio::test]
async fn a_refusal_names_the_open_models_that_take_the_text_and_a_list_the_closed_ones() {
    let policy = "strict";
    let text = "Sanne de Wit heeft diabetes en slikt metformine.";
    let provider = ScriptedProvider::start(echo).await.unwrap();
    // Blocked and not routed, so that whoever asks chooses.
    let changes = "[[policy.override]]\nkind = \"special-category\"\ndestination = \"eu\"\nverdict = \"block\"\n\
        why = { nl = \"kies zelf\", en = \"choose\" }\n";
    let (house, switches) = house_with_own_model(&provider.base_url(), policy, changes);
    let router = routes(GatewayState::new(house, DoorLimits::default()));
    let door = Door {
        router,
        provider,
        switches,
    };
    let answered = door.chat(&ask(text)).await;
    assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
    let error = &answered.json()["error"];
    assert_eq!(error["waarborg"]["open_models"], json!(["eigen"]));
    assert_eq!(error["waarborg"]["stopped_by"], json!(["special-category"]));
    assert!(
        error["message"].as_str().unwrap().contains("eigen"),
        "{error}"
    );

    let mut document = ask(text);
    document["model"] = json!("eigen");
    assert_eq!(door.chat(&document).await.status, StatusCode::OK);
    document["model"] = json!("dicht");
    let closed = door.chat(&document).await;
    assert_eq!(
        (closed.status, closed.code().as_str()),
        (StatusCode::FORBIDDEN, "mechanism-expired")
    );
    assert_eq!(
        closed.json()["error"]["waarborg"]["row"],
        "[recipient.closed] valid_until"
    );

    let models = Request::get("/v1/models")
        .header("authorization", format!("Bearer {}", key()))
        .body(Body::empty())
        .unwrap();
    let models = door.ask(models).await.json();
    assert_eq!(models["data"].as_array().unwrap().len(), 2);
    assert_eq!(
        models["waarborg"]["closed"],
        json!([{"id": "dicht", "code": "mechanism-expired", "row": "[recipient.closed] valid_until"}])
    );
}

#[tokio::test]
async fn a_preview_says_what_would_happen_and_nothing_leaves() {
    let door = door(echo).await;
    let text = format!("Café: BSN {BSN}");
    let preview = door
        .post("/v1/guard/preview", &[], json!({"text": text}).to_string())
        .await
        .json();
    assert_eq!(preview["verdict"], "pseudonymise");
    assert_eq!(preview["would_leave"], true);
    let finding = &preview["findings"][0];
    let characters: Vec<char> = text.chars().collect();
    let place = |name: &str| usize::try_from(finding[name].as_u64().unwrap()).unwrap();
    assert_eq!(
        characters[place("start")..place("end")]
            .iter()
            .collect::<String>(),
        BSN
    );
    let whole = door
        .post("/v1/guard/preview", &[], ask(&text).to_string())
        .await
        .json();
    assert_eq!(whole["findings"][0]["label"], "BSN");
    door.check_nothing_left();
    assert!(door.switches.entries.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_preview_reads_a_request_to_any_address() {
    let door = door(echo).await;
    let text = format!("BSN {BSN}");
    for (path, document) in [
        ("/v1/completions", json!({"prompt": text})),
        ("/v1/embeddings", json!({"input": [text]})),
        ("/v1/moderations", json!({"input": text})),
        ("/v1/images/generations", json!({"prompt": text})),
        ("/v1/audio/speech", json!({"input": text, "voice": "alloy"})),
        (
            "/v1/responses",
            json!({"input": text, "text": {"format": {"type": "text"}}}),
        ),
        (
            "/v1/messages",
            json!({"max_tokens": 9, "messages": [{"role": "user", "content": text}]}),
        ),
    ] {
        let mut document = document;
        document["model"] = json!("klein");
        let preview = format!("/v1/guard/preview?for={path}");
        let answered = door.post(&preview, &[], document.to_string()).await;
        assert_eq!(answered.status, StatusCode::OK, "{path} {}", answered.body);
        assert_eq!(answered.json()["findings"][0]["label"], "BSN", "{path}");
    }
    let kept = json!({"model": "klein", "input": "hoi", "store": true}).to_string();
    let answered = door
        .post("/v1/guard/preview?for=/v1/responses", &[], kept)
        .await;
    assert_eq!(answered.code(), "storing_not_permitted");
    let unknown = door.post("/v1/guard/preview?for=/v1/x", &[], "{}").await;
    assert_eq!(unknown.json()["error"]["param"], "for");
    door.check_nothing_left();
}

#[tokio::test]
async fn a_tool_gets_the_numbers_and_addresses_it_needs() {
    let door = door(|seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let text = document["messages"][0]["content"].as_str().unwrap();
        let found: Vec<&str> = text.split_whitespace().filter(|word| word.starts_with('[')).collect();
        let arguments = json!({"bsn": found[0], "mail": found[1]}).to_string();
        let call = |part: &str| json!({"tool_calls": [{"index": 0, "function": {"arguments": part}}]});
        let mut events = vec![chunk(
            &json!({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": {"name": "zoek", "arguments": ""}}]}),
            &Value::Null,
        )];
        let characters: Vec<char> = arguments.chars().collect();
        events.extend(characters.chunks(4).map(|piece| chunk(&call(&piece.iter().collect::<String>()), &Value::Null)));
        events.push(chunk(&json!({}), &json!("tool_calls")));
        Script::events(&events, 5)
    })
    .await;
    let answered = door
        .chat(&tools::with_functions(
            streamed(&format!("BSN {BSN} mail {MAIL} einde")),
            &["zoek"],
        ))
        .await;
    let arguments: String = answered
        .chunks()
        .iter()
        .filter_map(|chunk| {
            chunk["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"].as_str()
        })
        .collect();
    let arguments: Value = serde_json::from_str(&arguments).unwrap();
    assert_eq!(arguments["mail"], MAIL);
    assert_eq!(arguments["bsn"], BSN);
    door.check_nothing_leaked(&[BSN, MAIL]);
}

#[tokio::test]
async fn the_demonstration_model_answers_through_the_same_door() {
    let (house, _) = house(
        "http://127.0.0.1:9/v1",
        "pseudonymise",
        Box::new(Demo::new(|| 0, Pace::NONE)),
    );
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let door = Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches: Arc::default(),
    };
    let answered = door
        .chat(&streamed(&format!(
            "Ik heb een vraag over mijn paspoort, mail {MAIL}"
        )))
        .await;
    let text = answered.text();
    assert!(
        text.contains("Ik ben geen AI") && text.contains(MAIL) && !text.contains("[EMAIL"),
        "{text}"
    );
}

#[tokio::test]
async fn a_conversation_with_the_demonstration_model_can_go_on() {
    let questions = [
        "Ik ben Jan de Vries. Hoe vraag ik een paspoort aan?",
        "Mijn mail is j.jansen@voorbeeld.nl. Waar laat ik grofvuil?",
        "En hoe geef ik een verhuizing door?",
        "Ik wil bezwaar maken tegen een aanslag en vraag naar parkeren en bijstand.",
        "My name is Fatima Bakker. How do I get a parking permit?",
        "And what about a passport, please?",
    ];
    for policy in ["pseudonymise", "strict"] {
        let (house, _) = house(
            "http://127.0.0.1:9/v1",
            policy,
            Box::new(Demo::new(|| 0, Pace::NONE)),
        );
        let router = routes(GatewayState::new(house, DoorLimits::default()));
        let provider = ScriptedProvider::start(echo).await.unwrap();
        let door = Door {
            router,
            provider,
            switches: Arc::default(),
        };
        let mut messages = Vec::new();
        for question in questions {
            messages.push(json!({"role": "user", "content": question}));
            let answered = door
                .chat(&json!({"model": "klein", "messages": messages}))
                .await;
            assert_eq!(
                answered.status,
                StatusCode::OK,
                "{policy}, {question}: {}",
                answered.body
            );
            let said = answered.json()["choices"][0]["message"]["content"].clone();
            messages.push(json!({"role": "assistant", "content": said}));
        }
    }
}

#[tokio::test]
async fn what_the_provider_reads_as_json_or_as_a_name_stays_so() {
    let door = door(echo).await;
    let arguments = format!(r#"{{"bsn": {BSN}, "mail": "{MAIL}", "n": 2}}"#);
    let call = json!({"id": "call_1", "type": "function", "function": {"name": "zoek", "arguments": arguments}});
    let messages = json!([
        {"role": "user", "name": BSN, "content": "x"},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "klaar"},
    ]);
    door.chat(&json!({"model": "klein", "messages": messages}))
        .await;
    let seen: Value = serde_json::from_slice(&door.provider.seen()[0].body).unwrap();
    let arguments = seen["messages"][1]["tool_calls"][0]["function"]["arguments"]
        .as_str()
        .unwrap();
    let arguments: Value = serde_json::from_str(arguments).unwrap();
    assert!(arguments["bsn"].as_str().unwrap().starts_with("[BSN_"));
    assert_eq!(arguments["n"], 2);
    let name = seen["messages"][0]["name"].as_str().unwrap();
    assert!(
        name.starts_with("BSN_") && !name.contains(['[', ']']),
        "{name}"
    );
    assert_eq!(seen["messages"][1]["tool_calls"][0]["id"], "call_1");
    door.check_nothing_leaked(&[BSN, MAIL]);
}
