//! Responses that a provider keeps: the next one takes up what was replaced in those before, for its own key and person alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;

use waarborg_domain::entry::Act;
use waarborg_usecase::House;
use waarborg_usecase::ports::KeptKind;

use super::batches::TERM;
use super::house_keys::other_key;
use super::*;
use crate::providers::Manner;

mod conversations;
mod known;
mod references;

/// A provider that keeps what it is asked, and says the whole conversation back.
#[derive(Default)]
struct Keeper(Mutex<BTreeMap<String, Vec<String>>>);

impl Keeper {
    fn answer(&self, seen: &Seen) -> Script {
        let line = seen.head.lines().next().unwrap();
        let mut words = line.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let mut all = self.0.lock().unwrap();
        if let Some(id) = path.strip_prefix("/v1/responses/") {
            let (id, is_stopped) = match id.strip_suffix("/cancel") {
                Some(id) => (id, method == "POST"),
                None => (id, false),
            };
            if is_stopped {
                let mut stopped = response(id, &[], &Value::Null);
                stopped["status"] = json!("cancelled");
                return Script::json(200, &stopped.to_string());
            }
            let is_there = all.contains_key(id);
            return match method {
                _ if !is_there => Script::json(404, r#"{"error":{"message":"weg"}}"#),
                "DELETE" => {
                    all.remove(id);
                    let gone = json!({"id": id, "object": "response.deleted", "deleted": true});
                    Script::json(200, &gone.to_string())
                }
                _ => Script::json(
                    200,
                    &response(id, &all[id], &json!("resp_van_hier")).to_string(),
                ),
            };
        }
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let previous = &document["previous_response_id"];
        let mut said = match previous.as_str() {
            Some(previous) => all[previous].clone(),
            None => Vec::new(),
        };
        said.push(document["input"].as_str().unwrap().to_owned());
        let id = format!("resp_provider{}", all.len());
        if document["store"] != json!(false) {
            all.insert(id.clone(), said.clone());
        }
        let mut whole = response(&id, &said, previous);
        if document["background"] == json!(true) {
            whole["status"] = json!("queued");
            whole["output"] = json!([]);
            whole["usage"] = Value::Null;
        }
        if document["stream"] != json!(true) {
            return Script::json(200, &whole.to_string());
        }
        let mut begun = whole.clone();
        begun["output"] = json!([]);
        let text = said.join(" | ");
        let place = json!({"item_id": "msg_1", "output_index": 0, "content_index": 0});
        let piece = |piece: &str| {
            let mut event = place.clone();
            event["type"] = json!("response.output_text.delta");
            event["delta"] = json!(piece);
            event
        };
        let mut events = vec![json!({"type": "response.created", "response": begun})];
        events.extend(generated::cut(&text, 5).iter().map(|text| piece(text)));
        events.push(json!({"type": "response.completed", "response": whole}));
        let numbered = events.into_iter().zip(0..).map(|(mut event, number)| {
            event["sequence_number"] = json!(number);
            let mut out = Vec::new();
            crate::sse::write_event(event["type"].as_str(), &event.to_string(), &mut out);
            Step::Send(out)
        });
        Script::stream(numbered.collect())
    }
}

fn response(id: &str, said: &[String], previous: &Value) -> Value {
    let part = json!({"type": "output_text", "text": said.join(" | "), "annotations": []});
    let message = json!({"type": "message", "id": "msg_1", "role": "assistant", "content": [part]});
    json!({"id": id, "object": "response", "status": "completed", "model": "klein", "error": null, "output": [message],
        "previous_response_id": previous, "usage": {"input_tokens": 1, "output_tokens": 2}})
}

async fn door_saying(
    more: &str,
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Door {
    door_where(&[], more, answering).await
}

/// A door to two recipients of one model, of which the second is asked when the first fails.
async fn door_where(
    changes: &[(&str, &str)],
    more: &str,
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Door {
    let (_, door) = house_and_door(changes, more, answering).await;
    door
}

async fn house_and_door(
    changes: &[(&str, &str)],
    more: &str,
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> (Arc<House>, Door) {
    let provider = ScriptedProvider::start(answering).await.unwrap();
    let base_url = provider.base_url();
    let place = "country = \"NL\"\ndestination = \"eu\"";
    let other = house::recipient("ander", &base_url, place, "");
    let mut source = include_str!("register.toml").replace("BASE_URL", &base_url) + &other + more;
    let both = (
        "recipients = [\"model\"]",
        "recipients = [\"model\", \"ander\"]",
    );
    for (before, after) in changes.iter().chain([&both]) {
        assert!(source.contains(before), "{before}");
        source = source.replace(before, after);
    }
    let stores = "stores_input = true\nresidual = \"30d\"";
    let source = source.replace("stores_input = false", stores);
    let mut table = ProviderTable::default();
    for (recipient, weight) in [("model", 1), ("ander", 0)] {
        let model = OpenAi::new(&base_url, None, patience()).unwrap();
        let manner = Manner {
            weight,
            n_retries: 0,
            ..Manner::default()
        };
        table.add_with(recipient, &["klein".to_owned()], Box::new(model), manner);
    }
    let (house, switches) = house_of(&source, "pseudonymise", table);
    let door = Door {
        router: routes(GatewayState::new(Arc::clone(&house), DoorLimits::default())),
        provider,
        switches,
    };
    (house, door)
}

async fn keeping() -> Door {
    let keeper = Keeper::default();
    door_saying(TERM, move |seen| keeper.answer(seen)).await
}

impl Door {
    async fn turn(&self, headers: &[(&str, &str)], document: &Value) -> Answered {
        self.post("/v1/responses", headers, document.to_string())
            .await
    }

    async fn at(&self, method: &str, name: &str, headers: &[(&str, &str)]) -> Answered {
        self.at_address(method, &format!("/v1/responses/{name}"), headers)
            .await
    }

    async fn at_address(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header("authorization", format!("Bearer {}", key()));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    /// What the provider was asked last.
    fn last(&self) -> Value {
        serde_json::from_slice(&self.provider.seen().last().unwrap().body).unwrap()
    }

    fn n_responses(&self) -> usize {
        self.switches.kept.all().len()
    }
}

fn first(text: &str) -> Value {
    json!({"model": "klein", "input": text})
}

fn next(name: &str, text: &str) -> Value {
    json!({"model": "klein", "input": text, "previous_response_id": name})
}

/// The last document of an answer, whole or streamed.
fn document(answered: &Answered) -> Value {
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    match answered.body.strip_prefix('{') {
        Some(_) => answered.json(),
        None => answered.chunks().last().unwrap()["response"].clone(),
    }
}

fn name_of(answered: &Answered) -> String {
    document(answered)["id"].as_str().unwrap().to_owned()
}

fn text_of(answered: &Answered) -> String {
    let document = document(answered);
    let text = &document["output"][0]["content"][0]["text"];
    text.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_conversation_goes_on_from_what_its_provider_keeps() {
    for (streams_first, streams_then) in [(false, false), (true, true), (false, true)] {
        let door = keeping().await;
        let told = format!("Mijn adres is {MAIL}, klantnummer 48213.");
        let mut document = first(&told);
        document["stream"] = json!(streams_first);
        let begun = door.turn(&[], &document).await;
        assert_eq!(text_of(&begun), told);
        let name = name_of(&begun);
        assert!(name.starts_with("resp_0000"), "ours: {name}");
        assert!(!begun.body.contains("resp_provider"), "{}", begun.body);
        let sent = door.last()["input"].as_str().unwrap().to_owned();

        // The number says nothing here by itself: what it is was said before.
        let more = format!("Nog eens: {MAIL}, BSN {BSN}. En 48213?");
        let mut document = next(&name, &more);
        document["stream"] = json!(streams_then);
        let answered = door.turn(&[], &document).await;
        assert_eq!(text_of(&answered), format!("{told} | {more}"));
        if streams_then {
            let pieces = answered.chunks();
            let pieces = pieces.iter().filter_map(|event| event["delta"].as_str());
            let said: String = pieces.collect();
            assert_eq!(said, format!("{told} | {more}"));
        }
        let asked = door.last();
        assert_eq!(asked["previous_response_id"], "resp_provider0");
        assert!(asked.get("store").is_none(), "{asked}");
        let again = asked["input"].as_str().unwrap();
        let surrogate = |text: &str, word: &str| {
            let (_, rest) = text.split_once(&format!("[{word}_")).unwrap();
            rest.split_once(']').unwrap().0.to_owned()
        };
        for word in ["EMAIL", "KLANTNUMMER"] {
            assert_eq!(surrogate(&sent, word), surrogate(again, word));
        }
        door.check_nothing_leaked(&[MAIL, BSN, "48213"]);

        let last = super::threads::document(&answered);
        assert_eq!(last["previous_response_id"], json!(name));
        let third = door.turn(&[], &next(&name_of(&answered), "En nu?")).await;
        assert_eq!(text_of(&third), format!("{told} | {more} | En nu?"));
        assert_eq!(door.n_responses(), 3);
        let acts: Vec<Act> = door
            .switches
            .entries
            .lock()
            .unwrap()
            .iter()
            .map(|entry| entry.act)
            .collect();
        assert_eq!(acts, [Act::PromptSent; 3]);
        let all = door.switches.kept.all();
        assert!(
            all.iter()
                .all(|one| one.map.kind == KeptKind::Response && !one.marks.is_empty())
        );
        assert_eq!(all[1].map.provider_name.as_deref(), Some("resp_provider1"));
    }
}

#[tokio::test]
async fn what_is_kept_is_there_for_its_own_key_and_person_and_for_nobody_else() {
    let door = keeping().await;
    let (jan, piet) = (("x-waarborg-person", "jan"), ("x-waarborg-person", "piet"));
    let name = name_of(&door.turn(&[jan], &first(&told_of_somebody())).await);
    let unsigned = name_of(&door.turn(&[], &first(&told_of_somebody())).await);
    let other = format!("Bearer {}", other_key());
    let stranger = ("authorization", other.as_str());
    let nobody = "resp_00000000000000000000000000009999";
    door.provider.forget();
    let mut refusals = Vec::new();
    for (headers, name) in [
        (vec![jan], nobody),
        (vec![jan], "resp_provider0"),
        (vec![stranger, jan], &name),
        (vec![stranger], &unsigned),
        (vec![piet], &name),
        (vec![], &name),
        (vec![jan], &unsigned),
    ] {
        let refused = door.turn(&headers, &next(name, "En nu?")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{headers:?}");
        assert_eq!(refused.code(), "previous_response_not_found");
        assert_eq!(refused.json()["error"]["param"], "previous_response_id");
        refusals.push(refused.body);
        for method in ["GET", "DELETE"] {
            let refused = door.at(method, name, &headers).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{headers:?}");
            assert_eq!(refused.code(), "response_not_found");
        }
    }
    assert!(refusals.iter().all(|body| *body == refusals[0]));
    door.check_nothing_left();
    let mut only_read = next(&name, "En nu?");
    only_read["store"] = json!(false);
    let answered = door.turn(&[jan], &only_read).await;
    assert_eq!(
        text_of(&answered),
        format!("{} | En nu?", told_of_somebody())
    );
    assert_eq!(document(&answered)["previous_response_id"], json!(name));
    assert_eq!(door.n_responses(), 2, "nothing more is kept");
    // Who is asked for the model has it no more.
    let keep_at = |recipient: &str| {
        for one in door.switches.kept.all().iter_mut() {
            one.map.recipient = recipient.to_owned();
        }
    };
    keep_at("dicht");
    let refused = door.turn(&[jan], &next(&name, "En nu?")).await;
    assert_eq!(refused.code(), "previous_response_not_found");
    // Who keeps it is asked, whoever comes first.
    assert_eq!(answered.headers["x-waarborg-recipient"], "model");
    keep_at("ander");
    let answered = door.turn(&[jan], &next(&name, "En nu?")).await;
    assert_eq!(answered.headers["x-waarborg-recipient"], "ander");
}

#[tokio::test]
async fn what_a_provider_keeps_has_brackets_also_where_surrogates_look_real() {
    let keeper = Keeper::default();
    let realistic = "[policy]\nsurrogates = \"realistic\"";
    let changes = [("[policy]", realistic)];
    let door = door_where(&changes, TERM, move |seen| keeper.answer(seen)).await;
    let mut document = first("Bel Jan de Vries even.");
    for store in [false, true] {
        document["store"] = json!(store);
        let answered = door.turn(&[], &document).await;
        assert_eq!(text_of(&answered), "Bel Jan de Vries even.");
        let sent = door.last()["input"].to_string();
        assert_eq!(sent.contains("[PERSOON_"), store, "{sent}");
        door.check_nothing_leaked(&["Jan de Vries"]);
    }
}

#[tokio::test]
async fn a_response_is_looked_at_again_and_deleted() {
    let door = keeping().await;
    let begun = door.turn(&[], &first(&told_of_somebody())).await;
    let name = name_of(&door.turn(&[], &next(&name_of(&begun), "En nu?")).await);
    let looked = door.at("GET", &name, &[]).await;
    assert_eq!(text_of(&looked), format!("{} | En nu?", told_of_somebody()));
    assert_eq!(name_of(&looked), name);
    assert_eq!(
        document(&looked)["previous_response_id"],
        json!(name_of(&begun))
    );
    let streamed = door.at("GET", &format!("{name}?stream=true"), &[]).await;
    assert_eq!(streamed.code(), "unsupported_field");

    let deleted = door.at("DELETE", &name, &[]).await;
    assert_eq!(
        deleted.json(),
        json!({"id": name, "object": "response.deleted", "deleted": true})
    );
    assert_eq!(door.n_responses(), 1);
    assert_eq!(
        door.at("GET", &name, &[]).await.code(),
        "response_not_found"
    );
    let refused = door.turn(&[], &next(&name, "En nu?")).await;
    assert_eq!(refused.code(), "previous_response_not_found");
    let entries = door.switches.entries.lock().unwrap();
    assert_eq!(entries.last().unwrap().act, Act::KeptMapEnded);
}

#[tokio::test]
async fn an_answer_that_is_given_later_is_asked_for_and_stopped_by_its_name() {
    let door = keeping().await;
    let mut document = first(&told_of_somebody());
    document["background"] = json!(true);
    document["max_output_tokens"] = json!(700);
    let begun = door.turn(&[], &document).await;
    assert_eq!(super::threads::document(&begun)["status"], "queued");
    let name = name_of(&begun);
    let looked = door.at("GET", &name, &[]).await;
    assert_eq!(text_of(&looked), told_of_somebody());
    let stopped = door.at("POST", &format!("{name}/cancel"), &[]).await;
    assert_eq!(super::threads::document(&stopped)["status"], "cancelled");
    assert_eq!(name_of(&stopped), name);
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    door.provider.forget();
    for (field, value) in [("stream", json!(true)), ("store", json!(false))] {
        let mut document = document.clone();
        document[field] = value;
        let refused = door.turn(&[], &document).await;
        assert_eq!(refused.code(), "unsupported_field");
        assert_eq!(refused.json()["error"]["param"], "background");
    }
    let quiet = [("x-waarborg-no-store", "true")];
    let refused = door.turn(&quiet, &document).await;
    assert_eq!(refused.code(), "unsupported_field");
    door.check_nothing_left();
}

#[tokio::test]
async fn an_answer_that_is_given_later_counts_at_once_for_all_that_it_may_say() {
    for (most, status) in [(600, StatusCode::OK), (700, StatusCode::TOO_MANY_REQUESTS)] {
        let door = keeping().await;
        door.switches.bounds.lock().unwrap().tokens_per_day = Some(700);
        let mut document = first("hoi");
        document["background"] = json!(true);
        document["max_output_tokens"] = json!(most);
        let begun = door.turn(&[], &document).await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
        let next = door.turn(&[], &first("hoi")).await;
        assert_eq!(next.status, status, "{most}: {}", next.body);
    }
    // What nobody can count is refused to who has a budget.
    let door = keeping().await;
    let name = name_of(&door.turn(&[], &first("hoi")).await);
    door.switches.bounds.lock().unwrap().tokens_per_day = Some(700);
    door.provider.forget();
    let mut document = first("hoi");
    document["background"] = json!(true);
    let unbound = door.turn(&[], &document).await;
    assert_eq!(unbound.json()["error"]["param"], "max_output_tokens");
    document["max_output_tokens"] = json!(100);
    document["previous_response_id"] = json!(name);
    assert_eq!(door.turn(&[], &document).await.code(), "unsupported_field");
    door.check_nothing_left();
}

#[tokio::test]
async fn what_is_milder_than_the_policy_of_now_can_still_be_looked_at_and_deleted() {
    let door = keeping().await;
    let name = name_of(&door.turn(&[], &first(&told_of_somebody())).await);
    for one in door.switches.kept.all().iter_mut() {
        let content = one.content.take().unwrap();
        let mut map: Value = serde_json::from_str(&content).unwrap();
        map["policy"] = json!("observe");
        one.content = Some(map.to_string());
    }
    let looked = door.at("GET", &name, &[]).await;
    assert_eq!(text_of(&looked), told_of_somebody());
    assert_eq!(door.at("DELETE", &name, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_erased_while_a_turn_is_on_its_way_does_not_come_again() {
    let door = keeping().await;
    let name = name_of(&door.turn(&[], &first(&told_of_somebody())).await);
    door.provider.forget();
    door.switches
        .erases_before_keeping
        .store(true, Ordering::Relaxed);
    let refused = door.turn(&[], &next(&name, "En nu?")).await;
    assert_eq!(refused.status, StatusCode::GONE, "{}", refused.body);
    assert_eq!(refused.code(), "kept_map_destroyed");
    door.check_nothing_left();
    assert_eq!(door.n_responses(), 1);
}

#[tokio::test]
async fn a_conversation_ends_with_its_term_and_with_an_erasure() {
    let door = keeping().await;
    let name = name_of(&door.turn(&[], &first(&told_of_somebody())).await);
    let other = name_of(&door.turn(&[], &first(&told_of_somebody())).await);
    door.switches.kept.all()[0].map.ends_at = house::NOW.parse().unwrap();
    door.switches.kept.all()[1].content = None;
    door.provider.forget();
    let refused = door.turn(&[], &next(&name, "En nu?")).await;
    assert_eq!(refused.code(), "previous_response_not_found");
    for refused in [
        door.turn(&[], &next(&other, "En nu?")).await,
        door.at("GET", &other, &[]).await,
    ] {
        assert_eq!(refused.status, StatusCode::GONE);
        assert_eq!(refused.code(), "kept_map_destroyed");
    }
    door.check_nothing_left();
    assert_eq!(door.at("DELETE", &other, &[]).await.status, StatusCode::OK);
    assert_eq!(door.n_responses(), 1);
}

#[tokio::test]
async fn nothing_leaves_where_what_was_replaced_cannot_be_kept() {
    let door = keeping().await;
    door.switches.is_log_broken.store(true, Ordering::Relaxed);
    let refused = door.turn(&[], &first(&told_of_somebody())).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    door.check_nothing_left();

    let keeper = Keeper::default();
    let door = door_saying("", move |seen| keeper.answer(seen)).await;
    let mut asked_for = first("Hoe laat is het?");
    asked_for["store"] = json!(true);
    let mut goes_on = next("resp_1", "Hoe laat is het?");
    goes_on["store"] = json!(false);
    for (document, field) in [(asked_for, "store"), (goes_on, "previous_response_id")] {
        let refused = door.turn(&[], &document).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.code(), "kept_map_not_declared");
        assert_eq!(refused.json()["error"]["param"], field);
    }
    door.check_nothing_left();
    door.turn(&[], &first("Hoe laat is het?")).await;
    assert_eq!(door.last()["store"], json!(false), "nobody asked for more");
    assert_eq!(door.n_responses(), 0);
}

#[tokio::test]
async fn who_wants_nothing_kept_gets_nothing_kept() {
    let door = keeping().await;
    let quiet = [("x-waarborg-no-store", "true")];
    let answered = door.turn(&quiet, &first(&told_of_somebody())).await;
    assert_eq!(text_of(&answered), told_of_somebody());
    assert_eq!(door.last()["store"], json!(false));
    assert_eq!(door.n_responses(), 0);
    door.provider.forget();
    let mut both = first("hoi");
    both["store"] = json!(true);
    assert_eq!(door.turn(&quiet, &both).await.code(), "invalid_header");
    let mut wrong = first("hoi");
    wrong["previous_response_id"] = json!(7);
    let refused = door.turn(&[], &wrong).await;
    assert_eq!(refused.json()["error"]["param"], "previous_response_id");
    let dry = [("x-waarborg-dry-run", "true")];
    assert_eq!(door.turn(&dry, &first("hoi")).await.status, StatusCode::OK);
    door.check_nothing_left();
    assert_eq!(door.n_responses(), 0);
}

#[tokio::test]
async fn of_an_answer_that_never_got_a_name_nothing_is_kept() {
    let nameless = |seen: &Seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let event =
            json!({"type": "response.created", "sequence_number": 0, "response": {"output": []}});
        let mut out = Vec::new();
        crate::sse::write_event(Some("response.created"), &event.to_string(), &mut out);
        match (
            document["stream"] == json!(true),
            document["input"].as_str(),
        ) {
            (true, Some("stil")) => Script::stream(vec![Step::Cut]),
            (true, _) => Script::stream(vec![Step::Send(out), Step::Cut]),
            (false, Some("kapot")) => Script::json(500, "{}"),
            (false, Some("raar")) => {
                let mut document = response("../models", &[], &Value::Null);
                document["output"] = json!([]);
                Script::json(200, &document.to_string())
            }
            (false, _) => Script::json(200, r#"{"object":"response","output":[]}"#),
        }
    };
    let door = door_saying(TERM, nameless).await;
    for (text, streams) in [
        ("hoi", false),
        ("raar", false),
        ("kapot", false),
        ("hoi", true),
        ("stil", true),
    ] {
        let mut document = first(text);
        document["stream"] = json!(streams);
        let answered = door.turn(&[], &document).await;
        let is_told = answered.body.contains("provider_");
        assert!(is_told, "{text}: {}", answered.body);
        assert_eq!(door.n_responses(), 0, "{text}");
    }
    let entries = door.switches.entries.lock().unwrap();
    let ended = entries
        .iter()
        .filter(|entry| entry.act == Act::KeptMapEnded);
    // Whoever was asked had one of their own.
    assert_eq!(ended.count(), door.provider.seen().len());
}

/// What the page of protocols says of them.
pub(super) async fn page_part() -> String {
    let door = keeping().await;
    let mut part = "\n## `POST /v1/responses` that the provider keeps\n\nWhere the register says `stores_input` of the recipient and `[term.kept_map]`. `id` and `previous_response_id` of an answer are ours, also in the events of a stream; \
         the provider gets its own name of the response before.\n\n| refused there too | with |\n|---|---|\n"
        .to_owned();
    for change in [
        json!({"conversation": "conv_1"}),
        json!({"background": true, "stream": true}),
        json!({"background": true, "store": false}),
        json!({"previous_response_id": "resp_1"}),
    ] {
        let mut document = first("hoi");
        let members = document.as_object_mut().unwrap();
        members.extend(change.as_object().unwrap().clone());
        let refused = door.turn(&[], &document).await;
        let told = (refused.status.as_u16(), refused.code());
        writeln!(part, "| `{change}` | {} `{}` |", told.0, told.1).unwrap();
    }
    door.check_nothing_left();
    part.push_str(
        "\n| address | what it is |\n|---|---|\n| `GET /v1/responses/{id}` | the answer as its provider tells it, restored as an answer of `POST /v1/responses`, under our names; nothing may stand behind `?` |\n\
         | `POST /v1/responses/{id}/cancel` | an answer that is given later (`background`) is given no more |\n\
         | `DELETE /v1/responses/{id}` | the provider is asked to delete it, and its map here is destroyed; those of other turns keep theirs |\n",
    );
    part.push_str(&conversations::page_part().await);
    part
}
