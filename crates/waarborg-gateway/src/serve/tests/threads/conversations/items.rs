//! The items of a conversation: added, looked at and deleted, by their provider's names within a conversation of one's own.

use super::*;

/// What the provider says of the items of one of its conversations.
pub(super) fn answer(
    (id, items): (&str, &mut Vec<Value>),
    (method, part): (&str, &str),
    document: &Value,
) -> Script {
    let part = part.strip_prefix("items").unwrap();
    let listed = |items: &[Value]| {
        let list = json!({"object": "list", "data": items, "has_more": false, "first_id": null, "last_id": null});
        Script::json(200, &list.to_string())
    };
    let Some(item) = part.strip_prefix('/') else {
        if method == "GET" {
            return listed(items);
        }
        let at = items.len();
        for (item, number) in document["items"].as_array().unwrap().iter().zip(at..) {
            let mut item = item.clone();
            item["id"] = json!(format!("msg_{number}"));
            items.push(item);
        }
        return listed(&items[at..]);
    };
    let Some(place) = items.iter().position(|one| one["id"] == json!(item)) else {
        return Script::json(404, r#"{"error":{"message":"weg"}}"#);
    };
    if method == "DELETE" {
        items.remove(place);
        return Script::json(200, &conversation(id).to_string());
    }
    Script::json(200, &items[place].to_string())
}

impl Door {
    async fn add(&self, name: &str, headers: &[(&str, &str)], items: &[Value]) -> Answered {
        let path = format!("/v1/conversations/{name}/items");
        let document = json!({"items": items}).to_string();
        self.post(&path, headers, document).await
    }

    async fn label(&self, name: &str, headers: &[(&str, &str)], labels: &Value) -> Answered {
        let path = format!("/v1/conversations/{name}");
        let document = json!({"metadata": labels}).to_string();
        self.post(&path, headers, document).await
    }
}

fn texts(answered: &Answered) -> Vec<String> {
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let list = answered.json();
    list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(text_in)
        .collect()
}

#[tokio::test]
async fn what_is_added_is_screened_and_comes_back() {
    let door = talking().await;
    let told = format!("Mijn adres is {MAIL}, klantnummer 48213.");
    let name = door
        .conversation_begun(&[], &json!({"items": [item(&told)]}))
        .await;
    let more = format!("En 48213 met BSN {BSN}?");
    let added = door.add(&name, &[], &[item(&more), item("Dank u.")]).await;
    assert_eq!(texts(&added), [more.clone(), "Dank u.".to_owned()]);
    assert_eq!(added.headers["x-waarborg-verdict"], "pseudonymise");
    assert_eq!(door.switches.kept.all()[0].map.version, 2);
    // What was added is known by whatever comes next.
    let quiet = format!("Nog eens {BSN}.");
    let answered = door.turn(&[], &within(&name, &quiet)).await;
    assert_eq!(
        text_of(&answered),
        format!("{told} | {more} | Dank u. | {quiet}")
    );
    assert_eq!(door.entries().len(), 3);

    let listed = door
        .of_conversation(
            "GET",
            &format!("{name}/items?order=asc&limit=9&after=msg_1"),
            &[],
        )
        .await;
    assert_eq!(
        texts(&listed),
        [told, more.clone(), "Dank u.".to_owned(), quiet]
    );
    let seen = door.provider.seen();
    let line = seen.last().unwrap().head.lines().next().unwrap().to_owned();
    assert_eq!(
        line,
        "GET /v1/conversations/conv_provider0/items?after=msg_1&limit=9&order=asc HTTP/1.1"
    );
    let one = door
        .of_conversation("GET", &format!("{name}/items/msg_1"), &[])
        .await;
    assert_eq!(text_in(&one.json()), more);
    assert_eq!(one.json()["id"], "msg_1");
    let left = door
        .of_conversation("DELETE", &format!("{name}/items/msg_1"), &[])
        .await;
    assert_eq!(left.json()["id"], json!(name));
    let gone = door
        .of_conversation("GET", &format!("{name}/items/msg_1"), &[])
        .await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "{}", gone.body);
    assert_eq!(gone.code(), "item_not_found");
    door.check_nothing_leaked(&[MAIL, BSN, "48213"]);
}

#[tokio::test]
async fn items_are_asked_for_within_a_conversation_of_ones_own() {
    let door = talking().await;
    let jan = ("x-waarborg-person", "jan");
    let name = door
        .conversation_begun(&[jan], &json!({"items": [item(&told_of_somebody())]}))
        .await;
    door.provider.forget();
    for (headers, name) in [(vec![], name.as_str()), (vec![jan], "conv_provider0")] {
        let mut refusals = vec![
            door.add(name, &headers, &[item("hoi")]).await,
            door.label(name, &headers, &json!({"a": "b"})).await,
        ];
        for (method, part) in [
            ("GET", "items"),
            ("GET", "items/msg_0"),
            ("DELETE", "items/msg_0"),
        ] {
            let at = format!("{name}/{part}");
            refusals.push(door.of_conversation(method, &at, &headers).await);
        }
        for refused in refusals {
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.body);
            assert_eq!(refused.code(), "conversation_not_found");
        }
    }
    for (part, code) in [
        ("items?include=x", "unsupported_field"),
        ("items?limit=1000", "invalid_field"),
        ("items/msg_0?include=x", "unsupported_field"),
        ("items/a%2Fb", "item_not_found"),
    ] {
        let at = format!("{name}/{part}");
        let refused = door.of_conversation("GET", &at, &[jan]).await;
        assert_eq!(refused.code(), code, "{part}");
    }
    let reference = json!({"type": "item_reference", "id": "msg_0"});
    let refused = door.add(&name, &[jan], &[reference]).await;
    assert_eq!(refused.code(), "reference_not_inspectable");
    assert_eq!(refused.json()["error"]["param"], "items.0");
    door.check_nothing_left();
}

#[tokio::test]
async fn labels_are_changed_here_and_leave_never() {
    let door = talking().await;
    let name = door
        .conversation_begun(&[], &json!({"metadata": {"zaak": "48213"}}))
        .await;
    let n_marks = door.switches.kept.all()[0].marks.len();
    let labels = json!({"wie": MAIL});
    // Also where a turn comes in between.
    door.switches.outruns.store(2, Ordering::Relaxed);
    let changed = door.label(&name, &[], &labels).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(changed.json()["metadata"], labels);
    assert_eq!(changed.json()["id"], json!(name));
    let looked = door.of_conversation("GET", &name, &[]).await;
    assert_eq!(looked.json()["metadata"], labels);
    assert!(
        door.switches.kept.all()[0].marks.len() > n_marks,
        "an erasure finds it"
    );
    door.check_nothing_leaked(&[MAIL, "48213"]);
    {
        let entries = door.switches.entries.lock().unwrap();
        assert_eq!(entries.last().unwrap().act, Act::KeptMapLabelled);
    }
    door.switches.outruns.store(4, Ordering::Relaxed);
    let refused = door.label(&name, &[], &labels).await;
    assert_eq!(refused.code(), "conversation_locked");
    let wrong = door.label(&name, &[], &json!({"a": 7})).await;
    assert_eq!(wrong.code(), "invalid_field");
}

#[tokio::test]
async fn an_item_that_is_json_gets_its_values_as_json_has_them() {
    let talks = Arc::new(Talks::default());
    let there = Arc::clone(&talks);
    let door = door_saying(TERM, move |seen| there.answer(seen)).await;
    let name = door
        .conversation_begun(&[], &json!({"items": [item("Bel Jan de Vries even.")]}))
        .await;
    let value = "Jan \"de Beer\" de Vries";
    let surrogate = {
        let mut all = door.switches.kept.all();
        let content = all[0].content.take().unwrap();
        let mut map: Value = serde_json::from_str(&content).unwrap();
        map["lines"][0][3][0][2] = json!(value);
        all[0].content = Some(map.to_string());
        map["lines"][0][3][0][1].as_str().unwrap().to_owned()
    };
    for text in [
        json!({"wie": surrogate}).to_string(),
        format!("{surrogate} belt."),
    ] {
        let part = json!({"type": "output_text", "text": text, "annotations": []});
        let said =
            json!({"type": "message", "id": "msg_9", "role": "assistant", "content": [part]});
        let mut all = talks.0.lock().unwrap();
        all.get_mut("conv_provider0").unwrap().push(said);
    }
    let listed = door
        .of_conversation("GET", &format!("{name}/items"), &[])
        .await;
    let said = texts(&listed);
    let read: Value = serde_json::from_str(&said[1]).unwrap();
    assert_eq!(read["wie"], value);
    assert_eq!(said[2], format!("{value} belt."));
}
