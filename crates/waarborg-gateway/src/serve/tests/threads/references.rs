//! What only names something that the provider keeps: nobody here knows whose it is, or what stands in it.

use super::*;

/// As the makers of the format write them, and as programs send them back.
fn references() -> Vec<Value> {
    let thought = |more: &Value| {
        let mut item = json!({"type": "reasoning", "id": "rs_68a1f3c2b4d5e6f7a8b9c0d1e2f3a4b5", "summary": []});
        let members = item.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        item
    };
    vec![
        json!({"type": "item_reference", "id": "msg_68a1f3c2b4d5e6f7a8b9c0d1e2f3a4b5"}),
        json!({"id": "msg_68a1f3c2b4d5e6f7a8b9c0d1e2f3a4b5"}),
        json!({"type": "message", "id": "msg_68a1f3c2b4d5e6f7a8b9c0d1e2f3a4b5", "role": "assistant", "status": "completed"}),
        thought(&json!({})),
        thought(&json!({"encrypted_content": null, "status": null, "content": null})),
    ]
}

/// A request whose second item is this.
fn with(item: &Value) -> Value {
    let asked = json!({"role": "user", "content": "En nu?"});
    json!({"model": "klein", "store": false, "input": [asked, item]})
}

fn check_refused(answered: &Answered) {
    assert_eq!(answered.status, StatusCode::BAD_REQUEST);
    assert_eq!(answered.code(), "reference_not_inspectable");
    let error = &answered.json()["error"];
    assert_eq!(error["param"], "input.1");
    let message = error["message"].as_str().unwrap();
    let says_what_to_do = message.contains("encrypted_content");
    assert!(says_what_to_do && !message.contains("68a1f3"), "{message}");
}

#[tokio::test]
async fn an_item_that_only_names_what_the_provider_keeps_does_not_leave() {
    // Whether the register lets the provider keep anything or not; but of what is not kept thoughts are left out.
    let is_thought = |item: &Value| item["type"] == "reasoning";
    for (door, keeps) in [
        (keeping().await, true),
        (super::super::door(echo).await, false),
    ] {
        let references = references().into_iter();
        for item in references.filter(|item| keeps || !is_thought(item)) {
            let answered = door.turn(&[], &with(&item)).await;
            check_refused(&answered);
            let path = "/v1/guard/preview?for=/v1/responses";
            let previewed = door.post(path, &[], with(&item).to_string()).await;
            check_refused(&previewed);
        }
        door.check_nothing_left();
    }
    // It does not go with a response that is known either: nothing says that it belongs to that one.
    let door = keeping().await;
    let name = name_of(&door.turn(&[], &first(&told_of_somebody())).await);
    door.provider.forget();
    for item in references() {
        let mut document = with(&item);
        document["previous_response_id"] = json!(name);
        check_refused(&door.turn(&[], &document).await);
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn a_thought_that_nobody_kept_is_left_out_and_the_rest_goes() {
    let whole = |_: &Seen| Script::json(200, &response("resp_1", &[], &Value::Null).to_string());
    let door = super::super::door(whole).await;
    let thoughts = references();
    let mut thoughts = thoughts.iter().filter(|item| item["type"] == "reasoning");
    let (one, other) = (thoughts.next().unwrap(), thoughts.next().unwrap());
    let called = json!({"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "zoek", "arguments": "{}"});
    let done = json!({"type": "function_call_output", "call_id": "call_1", "output": "12 graden"});
    let mut asked = with(one);
    let asked_first = asked["input"][0].clone();
    asked["input"] = json!([asked_first, one, called, done, other]);
    let answered = door.turn(&[], &asked).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(door.last()["input"], json!([asked_first, called, done]));
    let path = "/v1/guard/preview?for=/v1/responses";
    let previewed = door.post(path, &[], asked.to_string()).await;
    assert_eq!(previewed.status, StatusCode::OK, "{}", previewed.body);
}

#[tokio::test]
async fn a_thought_that_says_something_goes_to_who_keeps_nothing_and_to_nobody_else() {
    let said = |kind: &str| json!([{"type": kind, "text": "Ik zoek het op."}]);
    for thought in [
        json!({"type": "reasoning", "id": "rs_1a2b3c", "summary": [], "content": said("reasoning_text")}),
        json!({"type": "reasoning", "id": "rs_1a2b3c", "summary": said("summary_text")}),
    ] {
        let keeps = keeping().await;
        check_refused(&keeps.turn(&[], &with(&thought)).await);
        keeps.check_nothing_left();

        let whole =
            |_: &Seen| Script::json(200, &response("resp_1", &[], &Value::Null).to_string());
        let door = super::super::door(whole).await;
        let answered = door.turn(&[], &with(&thought)).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(door.last()["input"][1], thought);
    }
}

#[tokio::test]
async fn a_request_that_another_gateway_sends_does_not_go_on_from_what_is_kept() {
    let door = keeping().await;
    let name = name_of(&door.turn(&[], &first(&told_of_somebody())).await);
    door.provider.forget();
    let mut conversation = first("En nu?");
    conversation["conversation"] = json!("conv_1");
    for (request, code) in [
        (next(&name, "En nu?"), "previous_response_not_found"),
        (next("resp_1", "En nu?"), "previous_response_not_found"),
        (conversation, "unsupported_field"),
    ] {
        let question = json!({"request": {"json": request}, "requestType": "createModelResponse", "eventType": "beforeRequestHook"});
        let answered = door
            .post("/compat/portkey", &[], question.to_string())
            .await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let answer = answered.json();
        assert_eq!(answer["verdict"], false, "{answer}");
        assert_eq!(answer["data"]["code"], code);
        let reason = answer["data"]["reason"].as_str().unwrap();
        assert!(reason.contains("verstuurd"), "{reason}");
        assert!(answer.get("transformedData").is_none());
    }
    door.check_nothing_left();
}
