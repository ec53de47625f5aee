//! What the policy warns of goes along when the person says yes, through an application whose key may pass that on; and what a
//! register changes for a group holds for the keys of that group.

use waarborg_usecase::ports::KeyBounds;

use super::house_keys::other_key;
use super::trail::routed_and_confirmed;
use super::*;

const CHANGE: &str = "[group.fleet]\nlabel = { nl = \"wagenpark\", en = \"fleet\" }\n\
    [[policy.override]]\nkind = \"EMAIL\"\ndestination = \"eu\"\nverdict = \"warn\"\nwhy = { nl = \"let op\", en = \"mind\" }\n\
    [[policy.override]]\nkind = \"PHONE\"\ndestination = \"eu\"\ngroup = \"fleet\"\nverdict = \"block\"\nwhy = { nl = \"nee\", en = \"no\" }\n";
const PATH: &str = "/v1/chat/completions";

fn may_confirm() -> KeyBounds {
    KeyBounds {
        may_confirm: true,
        ..KeyBounds::default()
    }
}

async fn warning(bounds: KeyBounds) -> Door {
    let door = door_changed("pseudonymise", CHANGE).await;
    *door.switches.bounds.lock().unwrap() = bounds;
    door
}

fn confirm_of(refused: &Answered) -> String {
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.code(), "personal_data_needs_approval");
    let confirm = &refused.json()["error"]["waarborg"]["confirm"];
    confirm.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_yes_lets_go_what_was_warned_of_and_only_that() {
    let door = warning(may_confirm()).await;
    let text = format!("Mail {MAIL} over {IBAN}.");
    let confirm = confirm_of(&door.chat(&ask(&text)).await);
    assert_eq!(confirm.len(), 32);
    door.check_nothing_left();

    let yes = [("x-waarborg-confirm", confirm.as_str())];
    let answered = door.post(PATH, &yes, ask(&text).to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(answered.headers["x-waarborg-verdict"], "pseudonymise");
    let sent = String::from_utf8_lossy(&door.provider.seen()[0].body).into_owned();
    assert!(sent.contains(MAIL) && !sent.contains(IBAN), "{sent}");
    door.provider.forget();

    // The conversation goes on with the same yes, until something else is to be warned of.
    let goes_on = |more: &str| {
        json!({"model": "klein", "messages": [{"role": "user", "content": text},
            {"role": "assistant", "content": "Goed."}, {"role": "user", "content": more}]})
    };
    let answered = door.post(PATH, &yes, goes_on("Dank je.").to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    door.provider.forget();
    let other = goes_on("En mail ook p.smit@voorbeeld.nl.");
    let answered = door.post(PATH, &yes, other.to_string()).await;
    assert_ne!(confirm_of(&answered), confirm);
    door.check_nothing_left();

    // Where nothing is warned of, the same yes is none.
    let answered = door.post(PATH, &yes, ask("Hoi.").to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let (confirmed, not) = ((false, true), (false, false));
    assert_eq!(
        routed_and_confirmed(&door).await,
        [not, confirmed, confirmed, not, not]
    );
}

#[tokio::test]
async fn a_yes_lifts_no_block_and_no_other_prompt_and_is_nobody_elses() {
    let door = warning(may_confirm()).await;
    let text = format!("Mail {MAIL}.");
    let confirm = confirm_of(&door.chat(&ask(&text)).await);
    let with = |key: String, confirm: &str, document: Value| {
        let headers = [
            ("authorization".to_owned(), format!("Bearer {key}")),
            ("x-waarborg-confirm".to_owned(), confirm.to_owned()),
        ];
        (headers, document)
    };
    let cases = [
        with(key(), &confirm, ask("Mail k.bos@voorbeeld.nl.")),
        with(key(), "ja", ask(&text)),
        with(key(), &confirm.replace(['0', '1', '2'], "3"), ask(&text)),
        with(other_key(), &confirm, ask(&text)),
    ];
    for (headers, document) in cases {
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answered = door.post(PATH, &headers, document.to_string()).await;
        assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
        door.check_nothing_left();
    }
}

#[tokio::test]
async fn a_key_that_may_not_confirm_is_not_told_how_and_a_yes_does_nothing() {
    let open = warning(may_confirm()).await;
    let text = format!("Mail {MAIL}.");
    let confirm = confirm_of(&open.chat(&ask(&text)).await);

    let door = warning(KeyBounds::default()).await;
    assert_eq!(confirm_of(&door.chat(&ask(&text)).await), "");
    let yes = [("x-waarborg-confirm", confirm.as_str())];
    let answered = door.post(PATH, &yes, ask(&text).to_string()).await;
    assert_eq!(answered.code(), "personal_data_needs_approval");
    door.check_nothing_left();
}

#[tokio::test]
async fn what_is_changed_for_a_group_holds_for_its_keys_alone() {
    let text = "Bel 06-12345678.";
    let everybody = warning(KeyBounds::default()).await;
    assert_eq!(everybody.chat(&ask(text)).await.status, StatusCode::OK);

    let fleet = warning(KeyBounds {
        group: Some("fleet".to_owned()),
        ..KeyBounds::default()
    })
    .await;
    for headers in [&[][..], &[("x-waarborg-policy", "strict")]] {
        let answered = fleet.post(PATH, headers, ask(text).to_string()).await;
        assert_eq!(answered.code(), "personal_data_blocked");
        assert!(answered.body.contains("nee"), "{}", answered.body);
    }
    let preview = json!({"text": text, "model": "klein"}).to_string();
    let preview = fleet.post("/v1/guard/preview", &[], preview).await.json();
    assert_eq!(preview["verdict"], "block", "{preview}");
    fleet.check_nothing_left();
}

#[tokio::test]
async fn a_key_of_a_group_that_is_gone_opens_nothing() {
    let door = warning(KeyBounds {
        group: Some("trainees".to_owned()),
        ..KeyBounds::default()
    })
    .await;
    let answered = door.chat(&ask("hallo")).await;
    assert_eq!(answered.status, StatusCode::FORBIDDEN);
    assert_eq!(answered.code(), "group_not_declared");
    door.check_nothing_left();
}

#[tokio::test]
async fn two_people_who_begin_alike_behind_one_key_have_surrogates_of_their_own() {
    let door = door(echo).await;
    let mut sent = Vec::new();
    let people = [
        &[("x-openwebui-user-id", "u-1")][..],
        &[("x-openwebui-user-id", "u-2")],
        &[("x-waarborg-person", "u-1")],
        &[],
    ];
    for headers in people {
        let document = ask(&format!("Hoi, mail {MAIL}."));
        let answered = door.post(PATH, headers, document.to_string()).await;
        assert!(answered.body.contains(MAIL), "{}", answered.body);
        let seen = door.provider.seen();
        sent.push(seen.last().unwrap().body.clone());
    }
    assert_ne!(sent[0], sent[1]);
    assert_eq!(sent[0], sent[2]);
    assert_ne!(sent[0], sent[3]);

    // What is embedded has no first words: a question finds what somebody else wrote down.
    let mut embedded = Vec::new();
    for person in ["u-1", "u-2"] {
        let document = json!({"model": "klein", "input": format!("Mail {MAIL}.")});
        let headers = [("x-waarborg-person", person)];
        door.post("/v1/embeddings", &headers, document.to_string())
            .await;
        embedded.push(door.provider.seen().last().unwrap().body.clone());
    }
    assert_eq!(embedded[0], embedded[1]);
}
