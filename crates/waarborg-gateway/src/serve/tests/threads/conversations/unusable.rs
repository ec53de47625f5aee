//! What is said of a conversation that cannot be: which field, which row, or whose fault it is.

use super::*;
use crate::providers::Anthropic;

fn message(refused: &Answered) -> String {
    refused.json()["error"]["message"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_field_that_does_not_exist_is_named_unless_it_may_be_somebodys_name() {
    let door = talking().await;
    let name = door.conversation_begun(&[], &json!({})).await;
    door.provider.forget();
    let (items, one) = (format!("{name}/items"), name.clone());
    for (path, fields) in [
        ("", vec!["items", "metadata", "model"]),
        (items.as_str(), vec!["items"]),
        (one.as_str(), vec!["metadata"]),
    ] {
        let path = format!("/v1/conversations/{path}");
        let path = path.trim_end_matches('/');
        let long = "x".repeat(41);
        for (field, is_named) in [
            ("item", true),
            ("instructions", true),
            ("jan_de_vries_heeft_diabetes", false),
            ("Jan de Vries", false),
            (MAIL, false),
            (BSN, false),
            (long.as_str(), false),
        ] {
            let mut document = json!({"items": []});
            if fields == ["metadata"] {
                document = json!({"metadata": {}});
            }
            document[field] = json!("hoi");
            let refused = door.post(path, &[], document.to_string()).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
            assert_eq!(refused.code(), "invalid_field");
            let error = &refused.json()["error"];
            assert_eq!(error["waarborg"]["fields"], json!(fields));
            let told = message(&refused);
            assert!(told.contains(&fields.join(", ")), "{told}");
            assert!(!told.contains("ontbreekt"), "{told}");
            let param = if is_named { json!(field) } else { Value::Null };
            assert_eq!(error["param"], param, "{path}");
            assert_eq!(refused.body.contains(field), is_named, "{}", refused.body);
        }
    }
    let english = [("accept-language", "en")];
    let refused = door.begin(&english, &json!({"item": []})).await;
    assert_eq!(
        message(&refused),
        "There is no field item here. There are these fields: items, metadata, model. Leave it out, or correct the name. Nothing was sent."
    );
    door.check_nothing_left();
}

#[tokio::test]
async fn where_a_conversation_may_not_stand_the_row_is_named_and_no_field() {
    let talks = Talks::default();
    let door = door_saying("", move |seen| talks.answer(seen)).await;
    let refused = door.begin(&[], &json!({})).await;
    assert_eq!(refused.code(), "kept_map_not_declared");
    let told = message(&refused);
    assert!(told.contains("[term.kept_map]"), "{told}");
    assert_eq!(refused.json()["error"]["param"], Value::Null);

    let door = super::super::super::door(echo).await;
    for document in [json!({}), json!({"model": "klein"})] {
        let refused = door.begin(&[], &document).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
        let told = message(&refused);
        assert!(
            told.contains("[recipient.model] stores_input"),
            "the row: {told}"
        );
        assert!(!told.contains("veld"), "nobody sent a field: {told}");
    }
    door.check_nothing_left();
}

/// A door to a model of Anthropic, of which the register says that it keeps what it gets, or not.
async fn anthropic(stores: &str) -> Door {
    let provider = ScriptedProvider::start(|_| panic!("nothing is sent"))
        .await
        .unwrap();
    let base_url = provider.base_url();
    let source = include_str!("../../register.toml").replace("BASE_URL", &base_url) + TERM;
    let source = source.replace("stores_input = false", stores);
    let maker = Anthropic::new(&base_url, Some(&"sk-ant-x".into()), patience()).unwrap();
    let mut table = ProviderTable::default();
    table.add("model", &["klein".to_owned()], Box::new(maker));
    let (house, switches) = house::house_of(&source, "pseudonymise", table);
    Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    }
}

#[tokio::test]
async fn of_a_provider_that_keeps_none_the_register_is_not_to_blame() {
    for stores in [
        "stores_input = false",
        "stores_input = true\nresidual = \"30d\"",
    ] {
        let door = anthropic(stores).await;
        for (document, param) in [
            (json!({}), Value::Null),
            (json!({"model": "klein"}), json!("model")),
        ] {
            let refused = door.begin(&[], &document).await;
            assert_eq!(refused.code(), "wrong_protocol", "{}", refused.body);
            assert_eq!(refused.json()["error"]["param"], param);
            let told = message(&refused);
            assert!(told.contains("POST /v1/responses"), "{told}");
            assert!(!told.contains("register"), "{told}");
        }
        let asked = |field: &str, value: Value| {
            let mut document = json!({"model": "klein", "input": "hoi"});
            document[field] = value;
            document
        };
        for (field, value) in [
            ("store", json!(true)),
            ("store", Value::Null),
            ("background", json!(true)),
        ] {
            let refused = door.turn(&[], &asked(field, value)).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
            assert_eq!(refused.code(), "unsupported_field");
            assert_eq!(refused.json()["error"]["param"], field);
            let told = message(&refused);
            assert!(
                told.contains("bewaart geen antwoorden") && told.contains("GET /v1/models"),
                "{told}"
            );
        }
        let mut kept = ask("hoi");
        kept["store"] = json!(true);
        let refused = door.chat(&kept).await;
        assert_eq!(refused.code(), "unsupported_field", "{}", refused.body);
        for (field, code) in [
            ("previous_response_id", "previous_response_not_found"),
            ("conversation", "conversation_not_found"),
        ] {
            let refused = door.turn(&[], &asked(field, json!("resp_1"))).await;
            let code = if stores.ends_with("false") {
                "unsupported_field"
            } else {
                code
            };
            assert_eq!(refused.code(), code, "{}", refused.body);
            assert!(!message(&refused).contains("register"));
        }
        door.check_nothing_left();
    }
}
