//! What stands in one piece of text and cannot be told apart goes along or stays as one: the mildest of its kinds opens nothing.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;

use super::*;

#[tokio::test]
async fn an_encoded_text_with_a_special_category_takes_nobody_along() {
    let door = door(echo).await;
    let own = &["Jan de Vries", "123456782", "jan@voorbeeld.nl"];
    for said in [
        "heeft kanker en slikt morfine.",
        "is lid van de vakbond.",
        "gaat elke zondag naar de kerk en is katholiek.",
    ] {
        let text = format!("Jan de Vries (BSN 123456782, jan@voorbeeld.nl) {said}");
        let island = STANDARD.encode(&text);
        door.provider.forget();
        let answered = door.chat(&ask(&format!("bijlage: {island}"))).await;
        let seen = door.provider.seen();
        if answered.status == StatusCode::OK {
            assert!(!seen[0].text().contains(&island), "{said}");
            assert!(answered.body.contains(&island), "{said}: it comes back");
        } else {
            assert!(seen.is_empty(), "{said}");
        }
        door.check_nothing_leaked(own);
    }
}

#[tokio::test]
async fn a_name_in_a_word_about_somebodys_health_does_not_leave() {
    let door = door(echo).await;
    for user in [
        "jan_de_vries_depressie",
        "piet_jansen_heeft_diabetes",
        "fatima_el_amrani_moslim",
    ] {
        door.provider.forget();
        let mut document = ask("Hoe laat is het?");
        document["user"] = json!(user);
        door.chat(&document).await;
        for seen in door.provider.seen() {
            assert!(!seen.text().contains(user), "{}", seen.text());
        }
    }
}

#[tokio::test]
async fn a_value_behind_an_escape_does_not_leave() {
    let door = door(echo).await;
    for text in [
        format!("betaling iban%20{IBAN} tel%2006-12345678"),
        format!("IBAN%3A{IBAN}"),
        format!("q=bsn%2520{BSN}"),
        format!(r"bsn\t{BSN}"),
        r"namen:\nJan de Vries".to_owned(),
    ] {
        let answered = door.chat(&ask(&text)).await;
        assert_eq!(answered.status, StatusCode::OK, "{text}");
        assert_eq!(answered.json()["choices"][0]["message"]["content"], text);
    }
    // In an address nothing comes back.
    let link = format!("https://zoek.nl/?q=bsn%20{BSN}");
    assert!(!door.chat(&ask(&link)).await.body.contains(BSN));
    door.check_nothing_leaked(&[BSN, IBAN, "06-12345678", "Jan de Vries"]);
}

#[tokio::test]
async fn a_value_cut_in_two_by_parts_does_not_leave_wherever_parts_stand() {
    let door =
        messages::messages_door(|_| messages::whole(&json!([{"type": "text", "text": "goed"}])))
            .await;
    let cut = json!([{"type": "text", "text": "bsn 1234"}, {"type": "text", "text": "56782 dus"}]);
    let mut by_system = messages::asked("Hoe laat is het?");
    by_system["system"] = cut.clone();
    let mut by_tool = messages::asked("Zoek het op.");
    by_tool["messages"].as_array_mut().unwrap().extend([
        json!({"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_01A09q90qw90lq", "name": "zoek", "input": {}}]}),
        json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_01A09q90qw90lq", "content": cut}]}),
    ]);
    for document in [by_system, by_tool] {
        door.provider.forget();
        let answered = door.message(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let sent = door.provider.seen()[0].text();
        assert!(!sent.contains("1234") && !sent.contains("56782"), "{sent}");
    }
}

#[tokio::test]
async fn a_citizen_number_behind_an_escape_stops_what_it_would_stop_elsewhere() {
    let door = door_with("strict", DoorLimits::default(), echo).await;
    for text in [
        r"Vraag:\nBSN\t123456782",
        r"BSN\r\n\r\n123456782",
        r"BSN\v123456782",
    ] {
        let answered = door.chat(&ask(text)).await;
        assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    }
    door.check_nothing_left();
}
