//! What is known of the responses before: also what was replaced for good, what people typed, and who is withheld.

use waarborg_detect::withheld::{Entry, Instead, ListKey, Withheld};

use super::*;

const REDACTED: &str = "\n[[policy.override]]\nkind = \"CUSTOMER_NUMBER\"\ndestination = \"eu\"\nverdict = \"redact\"\n\
    why = { nl = \"afgesproken\", en = \"agreed\" }\n";

async fn house_keeping(more: &str) -> (Arc<House>, Door) {
    let keeper = Keeper::default();
    house_and_door(&[], &format!("{TERM}{more}"), move |seen| {
        keeper.answer(seen)
    })
    .await
}

impl Door {
    /// What the provider was asked last, as it stands there.
    fn asked(&self) -> String {
        self.last()["input"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn what_was_replaced_for_good_is_so_in_every_next_response() {
    let (_, door) = house_keeping(REDACTED).await;
    let begun = door.turn(&[], &first("Mijn klantnummer 48213.")).await;
    assert!(
        door.asked().contains("[CUSTOMER_NUMBER]"),
        "{}",
        door.asked()
    );
    let then = door.turn(&[], &next(&name_of(&begun), "En 48213?")).await;
    assert!(
        door.asked().contains("[CUSTOMER_NUMBER]"),
        "{}",
        door.asked()
    );
    // Also where nothing was said of it in between.
    let quiet = door.turn(&[], &next(&name_of(&then), "Dank u.")).await;
    door.turn(&[], &next(&name_of(&quiet), "Toch 48213?")).await;
    door.check_nothing_leaked(&["48213"]);
    // An erasure finds it by that number.
    let all = door.switches.kept.all();
    assert!(all.iter().all(|one| !one.marks.is_empty()), "marks");
}

#[tokio::test]
async fn every_spelling_that_was_said_is_known() {
    let door = keeping().await;
    let told = "Eerst klantnummer: KL-48213 en toen klantnummer: KL 48213.";
    let begun = door.turn(&[], &first(told)).await;
    assert!(!door.asked().contains("48213"), "{}", door.asked());
    for spelling in ["KL-48213", "KL 48213"] {
        let text = format!("Hoe zit het met {spelling} nu?");
        door.turn(&[], &next(&name_of(&begun), &text)).await;
        assert!(!door.asked().contains("48213"), "{}", door.asked());
    }
}

#[tokio::test]
async fn where_a_surrogate_stands_for_two_values_nothing_goes_and_nothing_comes_back() {
    let door = keeping().await;
    let name = name_of(&door.turn(&[], &first(&format!("Mail {MAIL}"))).await);
    for one in door.switches.kept.all().iter_mut() {
        let content = one.content.take().unwrap();
        let mut map: Value = serde_json::from_str(&content).unwrap();
        let entries = map["lines"][0][3].as_array_mut().unwrap();
        let mut second = entries[0].clone();
        second[2] = json!("p.smit@voorbeeld.nl");
        entries.push(second);
        one.content = Some(map.to_string());
    }
    door.provider.forget();
    let refused = door.turn(&[], &next(&name, "En nu?")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert_eq!(refused.code(), "kept_map_contradicts");
    door.check_nothing_left();
    let looked = door.at("GET", &name, &[]).await;
    assert_eq!(looked.code(), "kept_map_contradicts", "{}", looked.body);
    assert!(!looked.body.contains(MAIL) && !looked.body.contains("smit"));
    assert_eq!(door.at("DELETE", &name, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_somebody_typed_is_no_surrogate_of_a_later_response() {
    let door = keeping().await;
    // The surrogate that this value gets in a conversation that begins so.
    let begun = door.turn(&[], &first("hoi")).await;
    door.turn(&[], &next(&name_of(&begun), "Mail jan@voorbeeld.nl"))
        .await;
    let surrogate = door.asked().replace("Mail ", "");
    assert!(surrogate.starts_with("[EMAIL_"), "{surrogate}");

    let other = keeping().await;
    let begun = other.turn(&[], &first("hoi")).await;
    let typed = other
        .turn(
            &[],
            &next(&name_of(&begun), &format!("Wat is {surrogate}?")),
        )
        .await;
    let quiet = other.turn(&[], &next(&name_of(&typed), "Dank u.")).await;
    let told = other
        .turn(&[], &next(&name_of(&quiet), "Mail jan@voorbeeld.nl"))
        .await;
    assert!(!other.asked().contains(&surrogate), "{}", other.asked());
    assert!(text_of(&told).contains(&surrogate), "{}", text_of(&told));
}

#[tokio::test]
async fn of_a_conversation_in_which_too_much_was_replaced_nothing_more_is_kept() {
    let door = keeping().await;
    let begun = door.turn(&[], &first(&told_of_somebody())).await;
    let name = name_of(&begun);
    {
        let mut all = door.switches.kept.all();
        let mut map: Value = serde_json::from_str(all[0].content.as_ref().unwrap()).unwrap();
        let value =
            |n: usize| json!(["CUSTOMER_NUMBER", format!("{}{n}", "7".repeat(100_000)), []]);
        let many: Vec<Value> = (0..45).map(value).collect();
        map["lines"][0][4] = json!(many);
        all[0].content = Some(map.to_string());
    }
    // Nobody asked for keeping: it is not kept there either.
    let then = door.turn(&[], &next(&name, "En nu?")).await;
    assert_eq!(text_of(&then), format!("{} | En nu?", told_of_somebody()));
    assert_eq!(door.last()["store"], json!(false));
    assert_eq!(door.n_responses(), 1);
    let looked = door.at("GET", &name, &[]).await;
    assert_eq!(text_of(&looked), told_of_somebody());
    door.provider.forget();
    for field in ["store", "background"] {
        let mut document = next(&name, "En nu?");
        document[field] = json!(true);
        let refused = door.turn(&[], &document).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{field}");
        assert_eq!(refused.code(), "kept_map_too_large");
        assert!(refused.body.contains("4 MB"), "{}", refused.body);
    }
    door.check_nothing_left();
    assert_eq!(door.n_responses(), 1);
}

/// Says of Jan de Vries, and nothing around him, what people had removed.
fn gossiping(seen: &Seen) -> Script {
    let said = |text: &str| {
        let said = [text.to_owned()];
        Script::json(
            200,
            &response("resp_provider0", &said, &Value::Null).to_string(),
        )
    };
    match serde_json::from_slice::<Value>(&seen.body) {
        Ok(document) => {
            let input = document["input"].as_str().unwrap();
            let name = input
                .split_once('[')
                .and_then(|(_, rest)| rest.split_once(']'));
            match name {
                Some((name, _)) => said(&format!("[{name}] is een dief.")),
                None => said("Jan de Vries is een dief."),
            }
        }
        Err(_) => said("Jan de Vries is een dief."),
    }
}

fn list() -> Arc<Withheld> {
    let key = ListKey::new([7; 32]);
    let entry = Entry::new(&key, &["Jan de Vries"], &["huisarts"], Instead::Nothing).unwrap();
    Arc::new(Withheld::new(key, vec![entry]))
}

#[tokio::test]
async fn who_is_withheld_stays_so_when_a_response_is_looked_at_and_in_the_next_ones() {
    let (house, door) = house_and_door(&[], TERM, gossiping).await;
    house.withhold(list());
    let begun = first("Wie is Jan de Vries, de huisarts?");
    let begun = door.turn(&[], &begun).await;
    assert_eq!(text_of(&begun), "…");
    let mut name = name_of(&begun);
    for text in ["vertel meer", "en verder?"] {
        let looked = door.at("GET", &name, &[]).await;
        assert_eq!(text_of(&looked), "…");
        let then = door.turn(&[], &next(&name, text)).await;
        assert_eq!(text_of(&then), "…");
        name = name_of(&then);
    }
    // A namesake stays, and so does who is on the list no more.
    let namesake = door
        .turn(&[], &first("Wie is Jan de Vries, de bakker?"))
        .await;
    let looked = door.at("GET", &name_of(&namesake), &[]).await;
    assert_eq!(text_of(&looked), "Jan de Vries is een dief.");
    house.withhold(Arc::new(Withheld::new(ListKey::new([7; 32]), Vec::new())));
    let looked = door.at("GET", &name, &[]).await;
    assert_eq!(text_of(&looked), "Jan de Vries is een dief.");
}
