//! Anthropic's batches at the door: each request is screened as it would be by itself, and each answer gets its own values back.

use std::fmt::Write as _;
use std::sync::Mutex;

use waarborg_domain::entry::Act;
use waarborg_usecase::House;

use super::house::house_of;
use super::house_keys::other_key;
use super::messages::asked;
use super::*;
use crate::providers::{Anthropic, Manner, OpenAi};

const PATH: &str = "/v1/messages/batches";

/// What the register must say before a batch goes.
pub(super) const TERM: &str = "\n[term.kept_map]\nperiod = \"30d\"\nwhy = { nl = \"Tot de antwoorden er zijn\", en = \"Until the answers are there\" }\n\
    kept = { nl = \"wat wij in een batch vervingen\", en = \"what we replaced in a batch\" }\n";

/// A provider of batches, which answers each request with what it was told.
#[derive(Default)]
struct Batches {
    requests: Mutex<Vec<Value>>,
    n_made: Mutex<usize>,
    is_deleted: Mutex<bool>,
}

impl Batches {
    fn answer(&self, seen: &Seen) -> Script {
        let line = seen.head.lines().next().unwrap();
        let mut words = line.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let rest = path.strip_prefix("/v1/messages/batches").unwrap();
        let batch = |status: &str| {
            let results = format!("https://provider.voorbeeld{path}/results");
            json!({"id": "msgbatch_01A", "type": "message_batch", "processing_status": status,
                "request_counts": {"processing": 0, "succeeded": 2, "errored": 0, "canceled": 0, "expired": 0},
                "results_url": if status == "ended" { json!(results) } else { Value::Null }, "ended_at": null,
                "created_at": "2026-11-21T12:00:00Z", "expires_at": "2026-11-22T12:00:00Z"})
            .to_string()
        };
        match (method, rest) {
            ("POST", "") => {
                let document: Value = serde_json::from_slice(&seen.body).unwrap();
                *self.requests.lock().unwrap() = document["requests"].as_array().unwrap().clone();
                *self.n_made.lock().unwrap() += 1;
                Script::json(200, &batch("in_progress"))
            }
            (_, "/msgbatch_01A") if *self.is_deleted.lock().unwrap() => Script::json(
                404,
                r#"{"type":"error","error":{"type":"not_found_error","message":"weg"}}"#,
            ),
            ("GET", "/msgbatch_01A") => Script::json(200, &batch("ended")),
            ("POST", "/msgbatch_01A/cancel") => Script::json(200, &batch("canceling")),
            ("DELETE", "/msgbatch_01A") => {
                *self.is_deleted.lock().unwrap() = true;
                Script::json(
                    200,
                    r#"{"id":"msgbatch_01A","type":"message_batch_deleted"}"#,
                )
            }
            ("GET", "/msgbatch_01A/results") => self.results(),
            _ => Script::json(404, "{}"),
        }
    }

    /// The last request first.
    fn results(&self) -> Script {
        let requests = self.requests.lock().unwrap();
        let lines = requests.iter().rev().map(|request| {
            let text = request["params"]["messages"][0]["content"].clone();
            let message = json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "klein",
                "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
                "usage": {"input_tokens": 3, "output_tokens": 5}});
            let result = json!({"type": "succeeded", "message": message});
            json!({"custom_id": request["custom_id"], "result": result}).to_string() + "\n"
        });
        let text: String = lines.collect();
        lines_of(&text)
    }
}

/// An answer of these lines, in pieces.
pub(super) fn lines_of(text: &str) -> Script {
    let pieces = text.as_bytes().chunks(7);
    let steps = pieces.map(|piece| Step::Send(piece.to_vec())).collect();
    Script::stream(steps).of_type("application/x-jsonl")
}

/// A door to Anthropic's batches, with what the register says in place of what it said.
async fn door_where(
    changes: &[(&str, &str)],
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Door {
    let (_, door) = house_and_door(changes, answering).await;
    door
}

async fn house_and_door(
    changes: &[(&str, &str)],
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> (Arc<House>, Door) {
    let provider = ScriptedProvider::start(answering).await.unwrap();
    let base_url = provider.base_url();
    let mut source = include_str!("register.toml").replace("BASE_URL", &base_url) + TERM;
    source = source.replace(
        "stores_input = false",
        "stores_input = true\nresidual = \"30d\"",
    );
    for (before, after) in changes {
        assert!(source.contains(before), "{before}");
        source = source.replace(before, after);
    }
    let anthropic = Anthropic::new(&base_url, Some(&"sk-ant-x".into()), patience()).unwrap();
    let mut table = ProviderTable::default();
    let manner = Manner {
        names: [("klein".to_owned(), "claude-klein".to_owned())].into(),
        ..Manner::default()
    };
    table.add_with("model", &["klein".to_owned()], Box::new(anthropic), manner);
    let openai = OpenAi::new(&base_url, None, patience()).unwrap();
    table.add("ander", &["openai".to_owned()], Box::new(openai));
    let ander = house::recipient(
        "ander",
        &base_url,
        "country = \"NL\"\ndestination = \"eu\"",
        "",
    );
    let source = source.replace(
        "recipients = [\"model\"]",
        "recipients = [\"model\", \"ander\"]",
    );
    let (house, switches) = house_of(&(source + &ander), "pseudonymise", table);
    let door = Door {
        router: routes(GatewayState::new(Arc::clone(&house), DoorLimits::default())),
        provider,
        switches,
    };
    (house, door)
}

async fn batches_door() -> Door {
    let batches = Batches::default();
    door_where(&[], move |seen| batches.answer(seen)).await
}

impl Door {
    async fn ask_as(&self, key: &str, method: &str, path: &str, body: &str) -> Answered {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("anthropic-version", "2023-06-01")
            .header("x-api-key", key);
        self.ask(request.body(body.to_owned().into()).unwrap())
            .await
    }

    async fn batch(&self, document: &Value) -> Answered {
        self.ask_as(&key(), "POST", PATH, &document.to_string())
            .await
    }

    fn n_kept(&self) -> usize {
        self.switches.kept.all().len()
    }
}

fn one(name: &str, text: &str) -> Value {
    json!({"custom_id": name, "params": asked(text)})
}

fn two() -> Value {
    json!({"requests": [one("klant-jan", &format!("Mail naar {MAIL} over {BSN}.")),
        one("klant-piet", &format!("Rekening {IBAN} van Piet Jansen."))]})
}

fn code(answered: &Answered) -> String {
    let told = answered.json();
    told["error"]["waarborg"]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn a_batch_leaves_with_surrogates_and_its_answers_come_back_with_values() {
    let door = batches_door().await;
    let made = door.batch(&two()).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert_eq!(made.headers["x-waarborg-verdict"], "pseudonymise");
    assert_eq!(made.headers["x-waarborg-recipient"], "model");
    let told = made.headers["x-waarborg-findings"].to_str().unwrap();
    assert!(told.contains("BSN=1") && told.contains("IBAN=1"), "{told}");
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("msgbatch_") && id != "msgbatch_01A", "{id}");
    door.check_nothing_leaked(&[BSN, MAIL, IBAN, "Piet Jansen", "klant-jan", "klant-piet"]);
    let seen: Value = serde_json::from_slice(&door.provider.seen()[0].body).unwrap();
    assert_eq!(seen["requests"][1]["custom_id"], "2");
    assert_eq!(seen["requests"][1]["params"]["model"], "claude-klein");
    let entries = door.switches.entries.lock().unwrap().clone();
    assert_eq!(
        entries.iter().map(|entry| entry.act).collect::<Vec<_>>(),
        [Act::PromptSent]
    );
    assert_eq!(entries[0].facts.n_records, Some(2));

    let looked = door
        .ask_as(&key(), "GET", &format!("{PATH}/{id}"), "")
        .await;
    assert_eq!(looked.json()["id"], id);
    assert_eq!(
        looked.json()["results_url"],
        format!("{PATH}/{id}/results"),
        "a client that follows it comes back here"
    );
    assert_eq!(looked.json()["request_counts"]["succeeded"], 2);

    let results = door
        .ask_as(&key(), "GET", &format!("{PATH}/{id}/results"), "")
        .await;
    assert_eq!(results.headers["content-type"], "application/x-jsonl");
    let lines: Vec<Value> = results
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let said = |line: &Value| {
        let text = &line["result"]["message"]["content"][0]["text"];
        (
            line["custom_id"].as_str().unwrap().to_owned(),
            text.as_str().unwrap().to_owned(),
        )
    };
    let expected = [
        ("klant-piet", format!("Rekening {IBAN} van Piet Jansen.")),
        ("klant-jan", format!("Mail naar {MAIL} over {BSN}.")),
    ];
    let expected = expected.map(|(name, text)| (name.to_owned(), text));
    assert_eq!(lines.iter().map(said).collect::<Vec<_>>(), expected);

    let cancelled = door
        .ask_as(&key(), "POST", &format!("{PATH}/{id}/cancel"), "")
        .await;
    assert_eq!(cancelled.json()["id"], id);
    let deleted = door
        .ask_as(&key(), "DELETE", &format!("{PATH}/{id}"), "")
        .await;
    assert_eq!(
        deleted.json(),
        json!({"id": id, "type": "message_batch_deleted"})
    );
    assert_eq!(door.n_kept(), 0, "the map goes with the batch");
    let again = door
        .ask_as(&key(), "DELETE", &format!("{PATH}/{id}"), "")
        .await;
    assert_eq!(
        (again.status, code(&again).as_str()),
        (StatusCode::NOT_FOUND, "batch_not_found")
    );
}

#[tokio::test]
async fn another_key_sees_nothing_of_a_batch_and_learns_not_that_it_is_there() {
    let door = batches_door().await;
    let id = door.batch(&two()).await.json()["id"].clone();
    let id = id.as_str().unwrap();
    let n_seen = door.provider.seen().len();
    let never = door
        .ask_as(
            &other_key(),
            "GET",
            &format!("{PATH}/msgbatch_{:032x}", 99),
            "",
        )
        .await;
    for (method, rest) in [
        ("GET", ""),
        ("GET", "/results"),
        ("POST", "/cancel"),
        ("DELETE", ""),
    ] {
        let path = format!("{PATH}/{id}{rest}");
        let answered = door.ask_as(&other_key(), method, &path, "").await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "{method} {rest}");
        assert_eq!(answered.body, never.body);
    }
    let listed = door.ask_as(&other_key(), "GET", PATH, "").await;
    assert_eq!(listed.json()["data"], json!([]));
    for path in [
        format!("{PATH}/msgbatch_01A"),
        format!("{PATH}/msgbatch_01A/results"),
        format!("{PATH}/..%2F..%2Fmodels"),
    ] {
        let answered = door.ask_as(&key(), "GET", &path, "").await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(door.provider.seen().len(), n_seen, "nobody was asked");
    assert_eq!(door.n_kept(), 1);
}

#[tokio::test]
async fn one_request_that_may_not_go_keeps_all_here_and_is_named_by_its_number() {
    let door = door_where(
        &[("profile = \"pseudonymise\"", "profile = \"strict\"")],
        |_| Script::json(500, "{}"),
    )
    .await;
    let document = json!({"requests": [one("a", "Hoe laat is het?"), one("b", &format!("Mijn BSN is {BSN}."))]});
    let body = document.to_string();
    let strict = ("x-waarborg-policy", "strict");
    let answered = door
        .post(PATH, &[strict, ("anthropic-version", "2023-06-01")], body)
        .await;
    assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
    let error = &answered.json()["error"];
    assert_eq!(error["waarborg"]["code"], "personal_data_blocked");
    assert_eq!(error["waarborg"]["line"], 2);
    assert_eq!(error["waarborg"]["param"], "requests.1");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with("In verzoek 2 van de batch: ") && !message.contains(BSN),
        "{message}"
    );
    assert_eq!(answered.headers["x-waarborg-verdict"], "block");
    door.check_nothing_left();
    assert_eq!(door.n_kept(), 0);
    let entries = door.switches.entries.lock().unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].act, Act::PromptRefused);
}

#[tokio::test]
async fn without_the_words_of_the_register_no_batch_leaves() {
    for (before, after, status, code, row) in [
        (
            TERM,
            "",
            StatusCode::FORBIDDEN,
            "kept_map_not_declared",
            json!("[term.kept_map]"),
        ),
        (
            "stores_input = true",
            "stores_input = false",
            StatusCode::FORBIDDEN,
            "storing_not_permitted",
            json!("[recipient.model] stores_input"),
        ),
    ] {
        let door = door_where(&[(before, after)], |_| Script::json(500, "{}")).await;
        let answered = door.batch(&two()).await;
        let told = &answered.json()["error"]["waarborg"];
        assert_eq!(answered.status, status, "{}", answered.body);
        assert_eq!((&told["code"], &told["row"]), (&json!(code), &row));
        door.check_nothing_left();
        assert_eq!(door.n_kept(), 0);
    }
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_with_its_place() {
    let door = batches_door().await;
    let with = |name: Value, more: (&str, Value)| {
        let mut params = asked("hoi");
        params[more.0] = more.1;
        json!({"requests": [one("a", "hoi"), {"custom_id": name, "params": params}]})
    };
    let plain = ("max_tokens", json!(9));
    for (document, status, expected, param) in [
        (json!({"requests": []}), 413, "batch_too_large", Value::Null),
        (
            json!({"requests": 7}),
            400,
            "invalid_field",
            json!("requests"),
        ),
        (json!({}), 400, "invalid_field", json!("requests")),
        (
            json!({"requests": [one("a", "hoi")], "meer": 1}),
            400,
            "invalid_field",
            json!("requests"),
        ),
        (
            with(json!("a"), plain.clone()),
            400,
            "invalid_field",
            json!("requests.1.custom_id"),
        ),
        (
            with(json!(""), plain.clone()),
            400,
            "invalid_field",
            json!("requests.1.custom_id"),
        ),
        (
            with(json!("x".repeat(65)), plain.clone()),
            400,
            "invalid_field",
            json!("requests.1.custom_id"),
        ),
        (
            with(json!("b"), ("stream", json!(true))),
            400,
            "unsupported_field",
            json!("requests.1.stream"),
        ),
        (
            with(json!("b"), ("model", json!("onbekend"))),
            404,
            "model_not_found",
            json!("requests.1.model"),
        ),
        (
            with(json!("b"), ("model", json!("openai"))),
            400,
            "several_recipients",
            json!("model"),
        ),
        (
            with(json!("b"), ("container", json!("c1"))),
            400,
            "content_not_inspectable",
            json!("requests.1.container"),
        ),
        (
            with(json!("b"), ("messages", json!("hoi"))),
            400,
            "invalid_field",
            json!("requests.1.messages"),
        ),
    ] {
        let answered = door.batch(&document).await;
        let told = &answered.json()["error"]["waarborg"];
        assert_eq!(
            (answered.status.as_u16(), &told["code"], &told["param"]),
            (status, &json!(expected), &param),
            "{document}"
        );
    }
    door.check_nothing_left();
    assert_eq!(door.n_kept(), 0);
}

#[tokio::test]
async fn a_batch_that_can_be_read_in_two_ways_or_wishes_what_none_can_have_is_refused() {
    let door = batches_door().await;
    let twice = format!(
        r#"{{"requests":[{{"custom_id":"a","params":{}}}],"requests":[]}}"#,
        asked("hoi")
    );
    for (body, expected) in [
        (twice.as_str(), "invalid_json"),
        (r#"{"requests":[{"custom_id":"a","#, "invalid_json"),
        (
            r#"{"requests":[{"custom_id":"a","params":{"model":"klein","model":"klein","messages":[]}}]}"#,
            "invalid_json",
        ),
    ] {
        let answered = door.ask_as(&key(), "POST", PATH, body).await;
        assert_eq!(code(&answered), expected, "{body}");
    }
    for header in ["x-waarborg-dry-run", "x-waarborg-no-store"] {
        let headers = [(header, "true"), ("anthropic-version", "2023-06-01")];
        let answered = door.post(PATH, &headers, two().to_string()).await;
        assert_eq!(code(&answered), "invalid_header", "{header}");
    }
    let only = json!({"requests": [{"custom_id": "a", "params": {"model": "openai", "max_tokens": 5, "messages": []}}]});
    let answered = door.batch(&only).await;
    assert_eq!(code(&answered), "wrong_protocol");
    door.check_nothing_left();
    assert_eq!(door.n_kept(), 0);
}

#[tokio::test]
async fn a_batch_that_is_too_long_or_has_too_many_requests_is_refused() {
    let batches = Batches::default();
    let door = door_where(&[], move |seen| batches.answer(seen)).await;
    let many: Vec<Value> = (0..=10_000)
        .map(|number| json!({"custom_id": number.to_string(), "params": {}}))
        .collect();
    let answered = door.batch(&json!({ "requests": many })).await;
    assert_eq!(
        (answered.status, code(&answered).as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, "batch_too_large")
    );
    let long = "x".repeat(33 * 1024 * 1024);
    let answered = door.ask_as(&key(), "POST", PATH, &long).await;
    assert_eq!(
        (answered.status, code(&answered).as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, "request_too_large")
    );
    door.check_nothing_left();
}

#[tokio::test]
async fn when_the_provider_or_the_log_fails_no_map_is_left() {
    let door = door_where(&[], |_| {
        Script::json(
            529,
            r#"{"type":"error","error":{"type":"overloaded_error","message":"geheim"}}"#,
        )
    })
    .await;
    let answered = door.batch(&two()).await;
    assert_eq!(answered.status, StatusCode::BAD_GATEWAY);
    assert!(!answered.body.contains("geheim"));
    assert_eq!(door.n_kept(), 0);
    let acts: Vec<Act> = {
        let entries = door.switches.entries.lock().unwrap();
        entries.iter().map(|entry| entry.act).collect()
    };
    assert_eq!(acts, [Act::PromptSent, Act::KeptMapEnded]);

    door.provider.forget();
    let broken = &door.switches.is_log_broken;
    broken.store(true, Ordering::Relaxed);
    let answered = door.batch(&two()).await;
    assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
    door.check_nothing_left();
}

/// The results of the batch of two, as a provider may write them.
async fn results_of(lines: String) -> Result<String, axum::Error> {
    let batches = Batches::default();
    let door = door_where(&[], move |seen| {
        if seen.head.contains("/results ") {
            lines_of(&lines)
        } else {
            batches.answer(seen)
        }
    })
    .await;
    let made = door.batch(&two()).await.json();
    let path = format!("{PATH}/{}/results", made["id"].as_str().unwrap());
    let request = Request::get(path).header("x-api-key", key());
    let asked = door
        .router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap());
    let response = asked.await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = response.into_body().collect().await?.to_bytes();
    Ok(String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn a_request_that_failed_is_told_in_our_words() {
    let errored = json!({"custom_id": "1", "result": {"type": "errored", "error": {"type": "error",
        "error": {"type": "invalid_request_error", "message": format!("geheim {MAIL}")}}}});
    let expired = json!({"custom_id": "2", "result": {"type": "expired"}, "meer": "geheim"});
    let told = results_of(format!("{errored}\n{expired}\n")).await.unwrap();
    let lines: Vec<Value> = told
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["custom_id"], "klant-jan");
    let error = &lines[0]["result"]["error"];
    assert_eq!(error["error"]["type"], "invalid_request_error");
    assert!(error["error"]["message"].is_string());
    assert_eq!(
        lines[1],
        json!({"custom_id": "klant-piet", "result": {"type": "expired"}})
    );
    assert!(!told.contains("geheim"));
}

#[tokio::test]
async fn results_that_cannot_be_read_break_off() {
    let good = json!({"custom_id": "2", "result": {"type": "canceled"}});
    for bad in [
        json!({"custom_id": "3", "result": {"type": "canceled"}}).to_string(),
        json!({"custom_id": "0", "result": {"type": "canceled"}}).to_string(),
        json!({"custom_id": "klant-jan", "result": {"type": "canceled"}}).to_string(),
        json!({"custom_id": "1", "result": {"type": "iets"}}).to_string(),
        json!({"custom_id": "1", "result": {"type": "succeeded", "message": {"iets": 1}}})
            .to_string(),
        r#"{"custom_id":"1","custom_id":"2","result":{"type":"canceled"}}"#.to_owned(),
        "geen json".to_owned(),
    ] {
        let read = results_of(format!("{good}\n{bad}\n{good}\n")).await;
        assert!(read.is_err(), "{bad}: {read:?}");
    }
}

#[tokio::test]
async fn an_answer_gets_back_the_values_of_its_own_request_and_of_no_other() {
    let batches = std::sync::Arc::new(Batches::default());
    let told = Arc::clone(&batches);
    let door = door_where(&[], move |seen| {
        if !seen.head.contains("/results ") {
            return told.answer(seen);
        }
        // The model says in each answer what stood in both requests.
        let requests = told.requests.lock().unwrap();
        let texts: Vec<&str> = requests
            .iter()
            .map(|request| {
                request["params"]["messages"][0]["content"]
                    .as_str()
                    .unwrap()
            })
            .collect();
        let lines = (1..=2).map(|number| {
            let content = json!([{"type": "text", "text": texts.concat()}]);
            let result = json!({"type": "succeeded", "message": {"content": content}});
            json!({"custom_id": number.to_string(), "result": result}).to_string() + "\n"
        });
        lines_of(&lines.collect::<String>())
    })
    .await;
    let id = door.batch(&two()).await.json()["id"].clone();
    let path = format!("{PATH}/{}/results", id.as_str().unwrap());
    let results = door.ask_as(&key(), "GET", &path, "").await;
    let lines: Vec<&str> = results.body.lines().collect();
    assert!(
        lines[0].contains(MAIL) && !lines[0].contains(IBAN),
        "{lines:?}"
    );
    assert!(
        lines[1].contains(IBAN) && !lines[1].contains(MAIL),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_map_that_was_destroyed_says_so_and_its_batch_can_be_deleted() {
    let door = batches_door().await;
    let id = door.batch(&two()).await.json()["id"].clone();
    let id = id.as_str().unwrap();
    {
        let mut all = door.switches.kept.all();
        assert!(
            all[0].marks.len() >= 3,
            "an erasure finds it by each of them"
        );
        all[0].content = None;
    }
    let results = door
        .ask_as(&key(), "GET", &format!("{PATH}/{id}/results"), "")
        .await;
    assert_eq!(
        (results.status, code(&results).as_str()),
        (StatusCode::GONE, "kept_map_destroyed")
    );
    let deleted = door
        .ask_as(&key(), "DELETE", &format!("{PATH}/{id}"), "")
        .await;
    assert_eq!(deleted.status, StatusCode::OK);
    assert_eq!(door.n_kept(), 0);
}

#[tokio::test]
async fn batches_are_listed_page_by_page() {
    let door = batches_door().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        let id = door.batch(&two()).await.json()["id"].clone();
        made.push(id.as_str().unwrap().to_owned());
    }
    let listed = async |query: &str| {
        let path = format!("{PATH}{query}");
        let page = door.ask_as(&key(), "GET", &path, "").await.json();
        let ids: Vec<usize> = page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|batch| made.iter().position(|id| *id == batch["id"]).unwrap())
            .collect();
        (ids, page["has_more"].as_bool().unwrap())
    };
    assert_eq!(listed("").await, (vec![2, 1, 0], false));
    assert_eq!(listed("?limit=2").await, (vec![2, 1], true));
    let after = format!("?limit=2&after_id={}", made[1]);
    assert_eq!(listed(&after).await, (vec![0], false));
    let before = format!("?limit=1&before_id={}", made[0]);
    assert_eq!(listed(&before).await, (vec![1], true));
    for query in ["?limit=x", "?after_id=nee", "?before_id=a&after_id=b"] {
        let answered = door
            .ask_as(&key(), "GET", &format!("{PATH}{query}"), "")
            .await;
        assert_eq!(code(&answered), "invalid_field", "{query}");
    }
}

/// What the page of routes and fields says of batches.
pub(super) async fn page_part() -> String {
    let door = batches_door().await;
    let limits = DoorLimits::default();
    let mut part = format!(
        "\n## `POST {PATH}`\n\nErrors are Anthropic's. A document of {} MB and {} requests at most, which leaves where the register says `stores_input` of the recipient and `[term.kept_map]`. \
         In each request `params` is handled as `POST /v1/messages` handles a request; `custom_id` stays here, and the provider gets its number.\n\n| refused | with |\n|---|---|\n",
        limits.batch_bytes >> 20,
        limits.n_in_batch
    );
    let params = |more: Value| {
        let mut params = asked("hoi");
        let members = params.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        json!({"requests": [{"custom_id": "a", "params": params}]})
    };
    let twice = json!({"requests": [one("a", "hoi"), one("a", "hoi")]});
    for (shown, document) in [
        ("{\"requests\":[]}", json!({"requests": []})),
        (
            "{\"onbekend\":1}",
            json!({"requests": [one("a", "hoi")], "onbekend": 1}),
        ),
        (
            "{\"requests\":[{\"custom_id\":\"a\",…},{\"custom_id\":\"a\",…}]}",
            twice,
        ),
        (
            "{\"requests\":[{\"params\":{\"stream\":true}}]}",
            params(json!({"stream": true})),
        ),
        (
            "{\"requests\":[{\"params\":{\"model\":\"onbekend\"}}]}",
            params(json!({"model": "onbekend"})),
        ),
        (
            "{\"requests\":[{\"params\":{\"container\":\"c1\"}}]}",
            params(json!({"container": "c1"})),
        ),
    ] {
        let answered = door.batch(&document).await;
        let status = answered.status.as_u16();
        writeln!(part, "| `{shown}` | {status} `{}` |", code(&answered)).unwrap();
    }
    door.check_nothing_left();
    part.push_str(
        "\n| address | what it is |\n|---|---|\n| `GET /v1/messages/batches` | the batches of this key, each as its provider tells it, with our id and address |\n\
         | `GET /v1/messages/batches/{id}` | one of them |\n\
         | `GET /v1/messages/batches/{id}/results` | per line `custom_id` as the client gave it, and of `result`: `type`, `message` restored as an answer of `POST /v1/messages`, `error` with the provider's `type` and our sentence; nothing else |\n\
         | `POST /v1/messages/batches/{id}/cancel` | the provider is asked to stop it |\n\
         | `DELETE /v1/messages/batches/{id}` | the provider is asked to delete it, and what was replaced in it is destroyed |\n",
    );
    part
}

#[tokio::test]
async fn who_is_withheld_stays_so_in_what_comes_of_a_batch() {
    use waarborg_detect::withheld::{Entry, Instead, ListKey, Withheld};
    let batches = Batches::default();
    let gossiping = move |seen: &Seen| {
        // What it is asked says who is meant; what it answers, only the name.
        let script = batches.answer(seen);
        for request in batches.requests.lock().unwrap().iter_mut() {
            let content = &mut request["params"]["messages"][0]["content"];
            let asked = content
                .as_str()
                .unwrap()
                .replace(", de huisarts?", " steelt.");
            *content = json!(asked.replace("Wie is ", ""));
        }
        script
    };
    let (house, door) = house_and_door(&[], gossiping).await;
    let key_of_list = ListKey::new([7; 32]);
    let person = Entry::new(
        &key_of_list,
        &["Jan de Vries"],
        &["huisarts"],
        Instead::Nothing,
    );
    house.withhold(Arc::new(Withheld::new(key_of_list, vec![person.unwrap()])));
    let text = "Wie is Jan de Vries, de huisarts?";
    let made = door.batch(&json!({"requests": [one("a", text)]})).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let results = format!("{PATH}/{id}/results");
    let results = door.ask_as(&key(), "GET", &results, "").await;
    assert_eq!(results.status, StatusCode::OK, "{}", results.body);
    assert!(!results.body.contains("steelt"), "{}", results.body);
    assert!(results.body.contains('…'), "{}", results.body);
}
