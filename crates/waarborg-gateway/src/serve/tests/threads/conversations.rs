//! Conversations that stand at the provider: one map each, which grows, for its own key and person alone.

use std::collections::BTreeSet;

use super::*;

mod items;
mod unusable;

/// A provider with conversations. It says back all that was said in one.
#[derive(Default)]
struct Talks(Mutex<BTreeMap<String, Vec<Value>>>);

fn text_in(item: &Value) -> String {
    let content = &item["content"];
    content
        .as_str()
        .or_else(|| content[0]["text"].as_str())
        .unwrap_or_default()
        .to_owned()
}

impl Talks {
    fn answer(&self, seen: &Seen) -> Script {
        let line = seen.head.lines().next().unwrap();
        let mut words = line.split(' ');
        let (method, target) = (words.next().unwrap(), words.next().unwrap());
        let document: Value = serde_json::from_slice(&seen.body).unwrap_or_default();
        let mut all = self.0.lock().unwrap();
        if target == "/v1/responses" {
            return said_in(&mut all, &document);
        }
        if target == "/v1/conversations" {
            let id = format!("conv_provider{}", all.len());
            let items = document["items"].as_array().unwrap().clone();
            all.insert(id.clone(), items);
            return Script::json(200, &conversation(&id).to_string());
        }
        let path = target.strip_prefix("/v1/conversations/").unwrap();
        let (id, part) = path.split_once('/').unwrap_or((path, ""));
        if let (Some(items), false) = (all.get_mut(id), part.is_empty()) {
            return items::answer((id, items), (method, part), &document);
        }
        match method {
            _ if !all.contains_key(id) => Script::json(404, r#"{"error":{"message":"weg"}}"#),
            "DELETE" => {
                all.remove(id);
                let gone = json!({"id": id, "object": "conversation.deleted", "deleted": true});
                Script::json(200, &gone.to_string())
            }
            _ => Script::json(200, &conversation(id).to_string()),
        }
    }
}

fn conversation(id: &str) -> Value {
    json!({"id": id, "object": "conversation", "created_at": 7, "metadata": {}})
}

/// The answer to a turn; what was asked and answered joins the conversation.
fn said_in(all: &mut BTreeMap<String, Vec<Value>>, document: &Value) -> Script {
    let named = &document["conversation"];
    let id = named.as_str().or_else(|| named["id"].as_str()).unwrap();
    let n_responses: usize = all.values().map(Vec::len).sum();
    let items = all.get_mut(id).unwrap();
    let role = json!({"type": "message", "role": "user", "content": document["input"]});
    items.push(role);
    let said: Vec<String> = items.iter().map(text_in).collect();
    let mut whole = response(&format!("resp_in{n_responses}"), &said, &Value::Null);
    whole["conversation"] = json!({"id": id});
    if document["stream"] != json!(true) {
        return Script::json(200, &whole.to_string());
    }
    let mut begun = whole.clone();
    begun["output"] = json!([]);
    let mut events = vec![json!({"type": "response.created", "response": begun})];
    events.extend(generated::cut(&said.join(" | "), 4).iter().map(|text| {
        json!({"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": text})
    }));
    events.push(json!({"type": "response.completed", "response": whole}));
    let written = events.into_iter().zip(0..).map(|(mut event, number)| {
        event["sequence_number"] = json!(number);
        let mut out = Vec::new();
        crate::sse::write_event(event["type"].as_str(), &event.to_string(), &mut out);
        Step::Send(out)
    });
    Script::stream(written.collect())
}

async fn talking() -> Door {
    let talks = Talks::default();
    door_saying(TERM, move |seen| talks.answer(seen)).await
}

impl Door {
    async fn begin(&self, headers: &[(&str, &str)], document: &Value) -> Answered {
        let path = "/v1/conversations";
        self.post(path, headers, document.to_string()).await
    }

    async fn conversation_begun(&self, headers: &[(&str, &str)], document: &Value) -> String {
        let begun = self.begin(headers, document).await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
        begun.json()["id"].as_str().unwrap().to_owned()
    }

    async fn of_conversation(
        &self,
        method: &str,
        name: &str,
        headers: &[(&str, &str)],
    ) -> Answered {
        let path = format!("/v1/conversations/{name}");
        self.at_address(method, &path, headers).await
    }

    /// What the map of the only conversation says: surrogates and values.
    fn entries(&self) -> Vec<(String, String)> {
        let all = self.switches.kept.all();
        let one = all
            .iter()
            .find(|one| one.map.kind == KeptKind::Conversation);
        let content = one.unwrap().content.as_ref().unwrap();
        let map: Value = serde_json::from_str(content).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let entries = map["lines"][0][3].as_array().unwrap().iter();
        entries
            .map(|entry| (text(&entry[1]), text(&entry[2])))
            .collect()
    }
}

/// A turn in a conversation.
fn within(name: &str, text: &str) -> Value {
    json!({"model": "klein", "input": text, "conversation": name})
}

fn item(text: &str) -> Value {
    json!({"type": "message", "role": "user", "content": text})
}

#[tokio::test]
async fn a_conversation_that_stands_at_its_provider_is_begun_and_gone_on_in() {
    for streams in [false, true] {
        let door = talking().await;
        let told = format!("Mijn adres is {MAIL}, klantnummer 48213.");
        let labels = json!({"dossier": "Jan de Vries"});
        let document = json!({"items": [item(&told)], "metadata": labels});
        let begun = door.begin(&[], &document).await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
        assert_eq!(begun.headers["x-waarborg-recipient"], "model");
        let name = begun.json()["id"].as_str().unwrap().to_owned();
        assert!(name.starts_with("conv_0000"), "ours: {name}");
        assert_eq!(begun.json()["metadata"], labels);
        let sent = door.last();
        assert_eq!(sent.as_object().unwrap().len(), 1, "items alone: {sent}");
        let sent = sent["items"][0]["content"].as_str().unwrap().to_owned();

        // The number says nothing here by itself: what it is was said before.
        let more = format!("Nog eens: {MAIL}, BSN {BSN}. En 48213?");
        let mut document = within(&name, &more);
        document["stream"] = json!(streams);
        let answered = door.turn(&[], &document).await;
        assert_eq!(text_of(&answered), format!("{told} | {more}"));
        assert!(
            !answered.body.contains("conv_provider"),
            "{}",
            answered.body
        );
        let last = super::document(&answered);
        assert_eq!(last["conversation"]["id"], json!(name));
        assert!(name_of(&answered).starts_with("resp_0000"));
        let asked = door.last();
        assert_eq!(asked["conversation"], "conv_provider0");
        assert!(asked.get("store").is_none(), "{asked}");
        let again = asked["input"].as_str().unwrap();
        let surrogate = |text: &str, word: &str| {
            let (_, rest) = text.split_once(&format!("[{word}_")).unwrap();
            rest.split_once(']').unwrap().0.to_owned()
        };
        for word in ["EMAIL", "KLANTNUMMER"] {
            assert_eq!(surrogate(&sent, word), surrogate(again, word));
        }

        let named = json!({"model": "klein", "input": "En nu?", "conversation": {"id": name}});
        let third = door.turn(&[], &named).await;
        assert_eq!(text_of(&third), format!("{told} | {more} | En nu?"));
        assert_eq!(door.last()["conversation"]["id"], "conv_provider0");
        // Each response has a map of its own as well, so that it can be looked at and gone on from.
        assert_eq!(door.n_responses(), 3);
        door.check_nothing_leaked(&[MAIL, BSN, "48213", "Jan de Vries"]);
        let entries = door.switches.entries.lock().unwrap();
        let acts: Vec<Act> = entries.iter().map(|entry| entry.act).collect();
        assert_eq!(acts, [Act::PromptSent; 3]);
        let all = door.switches.kept.all();
        assert_eq!(all[0].map.version, 3);
        assert!(!all[0].marks.is_empty());
    }
}

#[tokio::test]
async fn a_conversation_is_there_for_its_own_key_and_person_and_for_nobody_else() {
    let door = talking().await;
    let (jan, piet) = (("x-waarborg-person", "jan"), ("x-waarborg-person", "piet"));
    let document = json!({"items": [item(&told_of_somebody())]});
    let name = door.conversation_begun(&[jan], &document).await;
    let unsigned = door.conversation_begun(&[], &document).await;
    let ended = door.conversation_begun(&[jan], &document).await;
    door.switches.kept.all()[2].map.ends_at = house::NOW.parse().unwrap();
    let other = format!("Bearer {}", other_key());
    let stranger = ("authorization", other.as_str());
    let nobody = "conv_00000000000000000000000000009999";
    door.provider.forget();
    let mut refusals = BTreeSet::new();
    for (headers, name) in [
        (vec![jan], nobody),
        (vec![jan], "conv_provider0"),
        (vec![jan], ended.as_str()),
        (vec![stranger, jan], &name),
        (vec![stranger], &unsigned),
        (vec![piet], &name),
        (vec![], &name),
        (vec![jan], &unsigned),
    ] {
        let turn = door.turn(&headers, &within(name, "En nu?")).await;
        assert_eq!(turn.json()["error"]["param"], "conversation");
        let looked = door.of_conversation("GET", name, &headers).await;
        let deleted = door.of_conversation("DELETE", name, &headers).await;
        for refused in [turn, looked, deleted] {
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{headers:?} {name}");
            assert_eq!(refused.code(), "conversation_not_found");
            refusals.insert(refused.body);
        }
    }
    assert_eq!(refusals.len(), 1, "all the same: {refusals:?}");
    door.check_nothing_left();
    let answered = door.turn(&[jan], &within(&name, "En nu?")).await;
    let expected = format!("{} | En nu?", told_of_somebody());
    assert_eq!(text_of(&answered), expected);
    // What is known of a response of a conversation is its own too.
    let looked = door.at("GET", &name_of(&answered), &[piet]).await;
    assert_eq!(looked.code(), "response_not_found");
}

#[tokio::test]
async fn a_conversation_is_looked_at_and_deleted() {
    let door = talking().await;
    let labels = json!({"zaak": "48213"});
    let name = door
        .conversation_begun(&[], &json!({"metadata": labels}))
        .await;
    assert_eq!(door.last(), json!({"items": []}));
    let looked = door.of_conversation("GET", &name, &[]).await;
    let expected =
        json!({"id": name, "object": "conversation", "created_at": 7, "metadata": labels});
    assert_eq!(looked.json(), expected);
    let deleted = door.of_conversation("DELETE", &name, &[]).await;
    let gone = json!({"id": name, "object": "conversation.deleted", "deleted": true});
    assert_eq!(deleted.json(), gone);
    assert_eq!(door.n_responses(), 0);
    for refused in [
        door.of_conversation("GET", &name, &[]).await,
        door.turn(&[], &within(&name, "En nu?")).await,
    ] {
        assert_eq!(refused.code(), "conversation_not_found");
    }
    let entries = door.switches.entries.lock().unwrap();
    assert_eq!(entries.last().unwrap().act, Act::KeptMapEnded);
    drop(entries);
    door.check_nothing_leaked(&["48213"]);
}

#[tokio::test]
async fn of_a_conversation_in_which_somebody_was_erased_nothing_goes_on() {
    let door = talking().await;
    let name = door
        .conversation_begun(&[], &json!({"items": [item(&told_of_somebody())]}))
        .await;
    door.provider.forget();
    door.switches
        .erases_before_keeping
        .store(true, Ordering::Relaxed);
    for _ in 0..2 {
        // While the turn is on its way, and after.
        let refused = door.turn(&[], &within(&name, "En nu?")).await;
        assert_eq!(refused.status, StatusCode::GONE, "{}", refused.body);
        assert_eq!(refused.code(), "kept_map_destroyed");
    }
    let looked = door.of_conversation("GET", &name, &[]).await;
    assert_eq!(looked.status, StatusCode::GONE);
    door.check_nothing_left();
    let deleted = door.of_conversation("DELETE", &name, &[]).await;
    assert_eq!(deleted.status, StatusCode::OK, "{}", deleted.body);
    assert_eq!(door.n_responses(), 0);
}

#[tokio::test]
async fn a_turn_that_is_outrun_is_screened_again_and_not_for_ever() {
    let door = talking().await;
    let name = door.conversation_begun(&[], &json!({})).await;
    let turn = within(&name, &format!("Mail {MAIL}"));
    door.switches.outruns.store(3, Ordering::Relaxed);
    let answered = door.turn(&[], &turn).await;
    assert_eq!(text_of(&answered), format!("Mail {MAIL}"));
    assert_eq!(door.entries().len(), 1);
    door.provider.forget();
    door.switches.outruns.store(4, Ordering::Relaxed);
    let refused = door.turn(&[], &turn).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert_eq!(refused.code(), "conversation_locked");
    assert_eq!(refused.headers["retry-after"], "1");
    door.check_nothing_left();
    let entries = door.switches.entries.lock().unwrap();
    assert_eq!(entries.len(), 2, "nothing is told of what did not leave");
}

/// Several requests at once, each with values that the others know, and some that they do not.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_at_once_in_one_conversation_lose_nothing_and_mix_nothing() {
    const AT_ONCE: usize = 3;
    for round in 0..generated::n_cases(4) {
        let door = Arc::new(talking().await);
        let name = door.conversation_begun(&[], &json!({})).await;
        let mut values = BTreeSet::from(["gedeeld@voorbeeld.nl".to_owned()]);
        for turn in 0..2 {
            let asking = (0..AT_ONCE).map(|at| {
                let own = format!("wie{round}x{turn}x{at}@voorbeeld.nl");
                values.insert(own.clone());
                let (door, name) = (Arc::clone(&door), name.clone());
                tokio::spawn(async move {
                    let text = format!("Mail {own} en gedeeld@voorbeeld.nl");
                    let answered = door.turn(&[], &within(&name, &text)).await;
                    let answered = text_of(&answered);
                    assert!(answered.contains(&text), "{answered}");
                })
            });
            for asked in asking.collect::<Vec<_>>() {
                asked.await.unwrap();
            }
        }
        let entries = door.entries();
        let of_values: BTreeSet<String> = entries.iter().map(|(_, value)| value.clone()).collect();
        let surrogates: BTreeSet<&String> = entries.iter().map(|(one, _)| one).collect();
        assert_eq!(of_values, values, "no entry is lost");
        assert_eq!(surrogates.len(), values.len(), "each stands for one value");
        assert_eq!(entries.len(), values.len(), "each value has one");
        let seen = door.provider.seen();
        let said = seen.iter().filter_map(|seen| {
            let document: Value = serde_json::from_slice(&seen.body).ok()?;
            Some(document["input"].as_str()?.to_owned())
        });
        // At the provider too each value has the surrogate that the map says.
        let all: BTreeSet<String> = said
            .flat_map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>())
            .filter(|word| word.starts_with('['))
            .collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>(), surrogates);
        door.check_nothing_leaked(&["voorbeeld.nl"]);
    }
}

#[tokio::test]
async fn what_cannot_stand_beside_a_conversation_is_refused() {
    let door = talking().await;
    let name = door.conversation_begun(&[], &json!({})).await;
    door.provider.forget();
    let quiet = [("x-waarborg-no-store", "true")];
    let refused = door.turn(&quiet, &within(&name, "hoi")).await;
    assert_eq!(refused.code(), "invalid_header");
    assert_eq!(
        door.begin(&quiet, &json!({})).await.code(),
        "invalid_header"
    );
    for (field, value, code) in [
        (
            "previous_response_id",
            json!("resp_1"),
            "mutually_exclusive_parameters",
        ),
        ("store", json!(false), "mutually_exclusive_parameters"),
        ("conversation", json!(7), "invalid_field"),
        ("conversation", json!({"naam": "x"}), "invalid_field"),
    ] {
        let mut document = within(&name, "hoi");
        document[field] = value;
        let refused = door.turn(&[], &document).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
        assert_eq!(refused.code(), code, "{field}");
        assert_eq!(refused.json()["error"]["param"], field);
    }
    // What nobody can count is refused to who has a budget.
    door.switches.bounds.lock().unwrap().tokens_per_day = Some(700);
    let mut later = within(&name, "hoi");
    later["background"] = json!(true);
    later["max_output_tokens"] = json!(10);
    assert_eq!(door.turn(&[], &later).await.code(), "unsupported_field");
    door.check_nothing_left();
}

#[tokio::test]
async fn what_cannot_stand_in_a_conversation_is_refused_by_its_place() {
    let door = talking().await;
    let picture = json!({"type": "input_image", "image_url": "https://x.nl/a.png"});
    let reference = json!({"type": "item_reference", "id": "msg_68a1f3c2b4d5e6f7a8b9c0d1e2f3a4b5"});
    for (document, code, param) in [
        (
            json!({"items": [item("hoi"), {"role": "user", "content": [picture]}]}),
            "content_not_inspectable",
            "items.1.content.0.…",
        ),
        (
            json!({"items": [reference]}),
            "reference_not_inspectable",
            "items.0",
        ),
        (json!({"items": "hoi"}), "invalid_field", "items"),
        (json!({"metadata": {"a": 7}}), "invalid_field", "metadata"),
        (json!({"iets": 1}), "invalid_field", "iets"),
        (json!({"model": 7}), "invalid_field", "model"),
        (json!({"model": "onbekend"}), "model_not_found", "model"),
    ] {
        let refused = door.begin(&[], &document).await;
        assert_eq!(refused.code(), code, "{document}: {}", refused.body);
        let told = refused.json()["error"]["param"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(told.starts_with(param.trim_end_matches('…')), "{told}");
    }
    door.check_nothing_left();
    assert_eq!(door.n_responses(), 0);
}

#[tokio::test]
async fn where_the_register_lets_nothing_be_kept_there_are_no_conversations() {
    let talks = Talks::default();
    let door = door_saying("", move |seen| talks.answer(seen)).await;
    let name = "conv_00000000000000000000000000000001";
    for refused in [
        door.begin(&[], &json!({})).await,
        door.turn(&[], &within(name, "hoi")).await,
    ] {
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
        assert_eq!(refused.code(), "kept_map_not_declared");
    }
    let door = super::super::door(echo).await;
    for (refused, param) in [
        (door.begin(&[], &json!({})).await, Value::Null),
        (
            door.turn(&[], &within(name, "hoi")).await,
            json!("conversation"),
        ),
    ] {
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
        assert_eq!(refused.code(), "storing_not_permitted");
        assert_eq!(refused.json()["error"]["param"], param);
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn of_a_conversation_that_its_provider_did_not_make_nothing_is_kept() {
    let refusing = |_: &Seen| Script::json(500, r#"{"error":{"message":"nee"}}"#);
    let nameless = |_: &Seen| Script::json(200, r#"{"object":"conversation"}"#);
    let doors = [
        door_saying(TERM, refusing).await,
        door_saying(TERM, nameless).await,
    ];
    for door in doors {
        let answered = door.begin(&[], &json!({"items": [item("hoi")]})).await;
        assert!(answered.body.contains("provider_"), "{}", answered.body);
        assert_eq!(door.n_responses(), 0);
    }
    let door = talking().await;
    door.switches.is_log_broken.store(true, Ordering::Relaxed);
    let refused = door.begin(&[], &json!({})).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    door.check_nothing_left();
    // Only asked what would happen.
    let door = talking().await;
    let dry = [("x-waarborg-dry-run", "true")];
    let previewed = door
        .begin(&dry, &json!({"items": [item(&told_of_somebody())]}))
        .await;
    assert_eq!(previewed.json()["object"], "waarborg.preview");
    door.check_nothing_left();
    assert_eq!(door.n_responses(), 0);
}

#[tokio::test]
async fn a_response_of_a_conversation_is_looked_at_and_gone_on_from() {
    let door = talking().await;
    let name = door
        .conversation_begun(&[], &json!({"items": [item(&told_of_somebody())]}))
        .await;
    let answered = door.turn(&[], &within(&name, "En nu?")).await;
    // It has what was replaced in the whole conversation, also when that is deleted.
    door.of_conversation("DELETE", &name, &[]).await;
    let all = door.switches.kept.all();
    let map: Value = serde_json::from_str(all[0].content.as_ref().unwrap()).unwrap();
    assert_eq!(
        name_of(&answered),
        format!("resp_{}", all[0].map.id.simple())
    );
    assert!(map["beside"]["conversation"].is_string());
    assert!(!map["lines"][0][3].as_array().unwrap().is_empty());
}

/// What the page of protocols says of them.
pub(super) async fn page_part() -> String {
    let door = talking().await;
    let name = door.conversation_begun(&[], &json!({})).await;
    door.provider.forget();
    let mut part = "\n## `/v1/conversations`\n\nUnder the same rows of the register. `items` are inspected, refused and sealed as `input` of `POST /v1/responses` is; `metadata` and `model` do not leave. \
         Ids of conversations are ours, also in the events of a stream; those of items are the provider's.\n\n| refused | with |\n|---|---|\n"
        .to_owned();
    for change in [
        json!({"items": [{"type": "item_reference", "id": "msg_1"}]}),
        json!({"items": "hoi"}),
        json!({"metadata": {"a": 1}}),
        json!({"onbekend": "hoi"}),
        json!({"model": "onbekend"}),
    ] {
        let refused = door.begin(&[], &change).await;
        let told = (refused.status.as_u16(), refused.code());
        let row = format!(
            "| `POST /v1/conversations` `{change}` | {} `{}` |",
            told.0, told.1
        );
        writeln!(part, "{row}").unwrap();
    }
    for change in [
        json!({"previous_response_id": "resp_1"}),
        json!({"store": false}),
        json!({"background": true, "stream": true}),
        json!({"conversation": "conv_1"}),
    ] {
        let mut document = within(&name, "hoi");
        let members = document.as_object_mut().unwrap();
        members.extend(change.as_object().unwrap().clone());
        let refused = door.turn(&[], &document).await;
        let told = (refused.status.as_u16(), refused.code());
        let row = format!(
            "| `POST /v1/responses` with a `conversation` and `{change}` | {} `{}` |",
            told.0, told.1
        );
        writeln!(part, "{row}").unwrap();
    }
    door.check_nothing_left();
    part.push_str(
        "\n| address | what it is |\n|---|---|\n| `POST /v1/conversations` | one is begun at the provider, with what is said in it |\n\
         | `GET /v1/conversations/{id}` | what the provider says of it, under our name, with the `metadata` that stayed here |\n\
         | `POST /v1/conversations/{id}` | other `metadata`; nothing of it leaves |\n\
         | `GET /v1/conversations/{id}/items` | what was said in it, restored as an answer of `POST /v1/responses`; `after`, `limit` and `order` are passed on, and nothing else may stand behind `?` |\n\
         | `POST /v1/conversations/{id}/items` | `items`, inspected as those of `POST /v1/conversations` are |\n\
         | `GET /v1/conversations/{id}/items/{item}` | one item, restored |\n\
         | `DELETE /v1/conversations/{id}/items/{item}` | the provider is asked to delete it; its map stays as it is |\n\
         | `DELETE /v1/conversations/{id}` | the provider is asked to delete it, and its map here is destroyed; responses in it keep theirs |\n",
    );
    part
}
