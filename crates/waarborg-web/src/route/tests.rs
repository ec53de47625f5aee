//! The pages over HTTP: who is let in, what is refused, and that nothing echoes.

mod audit;
mod house;
mod live;
mod memory;
mod memory_file;
mod memory_openings;
mod memory_trail;

use axum::body::Body;
use http::{Method, StatusCode, header};
use serde_json::json;
use waarborg_domain::entry::Role;

use super::RULES;
use crate::role::Who;
use house::place;

#[tokio::test]
async fn nothing_is_set_or_kept_before_the_notice() {
    let place = place();
    let mut browser = place.browser();

    assert_eq!(browser.get("/").await, StatusCode::OK);
    assert!(browser.page.contains("Voordat u begint") && browser.cookie.is_none());
    assert!(
        !browser.page.contains(" checked"),
        "a consent is never ticked beforehand"
    );

    for path in ["/chat", "/chat/00000000-0000-0000-0000-000000000001"] {
        assert_eq!(
            browser.post(path, &[("text", "kanarie-418")]).await,
            StatusCode::PRECONDITION_REQUIRED
        );
        assert!(
            browser.page.contains("Uw bericht is niet ontvangen")
                && !browser.page.contains("kanarie")
        );
    }
    for path in ["/api/v1/chat", "/api/v1/preview", "/api/v1/chat/x/messages"] {
        assert_eq!(
            browser.json(path, &json!({"text": "kanarie-419"})).await,
            StatusCode::PRECONDITION_REQUIRED
        );
        assert!(browser.page.contains("\"status\":428") && !browser.page.contains("kanarie"));
    }
    assert!(browser.cookie.is_none() && place.store.state().entries.is_empty());
    assert!(place.model.saw.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_person_chats_without_a_script() {
    let place = place();
    let mut browser = place.visitor().await;
    assert!(browser.page.contains("Waarmee kan ik u helpen?"));

    let sent = [
        ("text", "Ik ben Sanne de Wit, mail sanne@example.org"),
        ("history", "on"),
        ("model", "demo"),
    ];
    assert_eq!(browser.post("/chat", &sent).await, StatusCode::SEE_OTHER);
    let saw = place.model.saw.lock().unwrap().clone();
    assert!(
        saw.iter()
            .all(|text| !text.contains("Sanne") && !text.contains('@')),
        "{saw:?}"
    );

    browser.get("/").await;
    let opened = browser
        .page
        .split("href=\"/chat/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(
        browser.get(&format!("/chat/{opened}")).await,
        StatusCode::OK
    );
    assert!(
        browser
            .page
            .contains("<strong>Ik ben Sanne de Wit, mail sanne@example.org</strong>")
    );
    assert!(browser.page.contains("Wat zag het model?") && browser.page.contains("[PERSOON_"));
}

#[tokio::test]
async fn a_refused_text_stays_in_the_box_with_its_reason() {
    let place = place();
    let mut browser = place.visitor().await;
    let sent = [("text", "Mijn BSN is 111222333"), ("history", "off")];
    assert_eq!(
        browser.post("/chat", &sent).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(browser.page.contains("Mijn BSN is 111222333</textarea>"));
    assert!(browser.page.contains("burgerservicenummer"));
    assert!(place.model.saw.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_right_in_the_conversation_gets_a_card_and_never_reaches_the_model() {
    let place = place();
    let mut browser = place.visitor().await;
    browser
        .post(
            "/chat",
            &[("text", "verwijder mijn gegevens"), ("history", "off")],
        )
        .await;
    assert!(
        browser.page.contains("Vaste tekst, geen AI") && browser.page.contains("Wis mijn gegevens")
    );
    assert!(place.model.saw.lock().unwrap().is_empty());

    let step = browser
        .page
        .split("action=\"/chat/")
        .find(|rest| rest.contains("/step\""))
        .unwrap();
    let step = format!("/chat/{}", step.split('"').next().unwrap());
    assert_eq!(
        browser.post(&step, &[("choice", "erase")]).await,
        StatusCode::OK
    );
    assert!(browser.page.contains("Uw gegevens zijn gewist") && browser.cookie.is_none());
    assert!(place.store.state().sessions.is_empty());
}

#[tokio::test]
async fn a_form_of_another_site_or_without_its_token_does_nothing() {
    let place = place();
    let mut browser = place.visitor().await;
    let sent = [("text", "hallo"), ("history", "off")];
    assert_eq!(
        browser.post_bare("/chat", &sent).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        browser
            .post_bare("/my-data/erase", &[("sure", "yes")])
            .await,
        StatusCode::FORBIDDEN
    );

    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        browser.get("/").await;
        let token = browser.field("form_token");
        let request = browser
            .request(Method::POST, "/chat")
            .header(name, value)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!(
                "text=hallo&history=off&form_token={token}"
            )))
            .unwrap();
        assert_eq!(
            browser.ask(request).await.status(),
            StatusCode::FORBIDDEN,
            "{name}"
        );
    }
    assert!(place.store.state().conversations.is_empty());
}

#[tokio::test]
async fn a_conversation_of_another_is_as_missing_as_none() {
    let place = place();
    let mut one = place.visitor().await;
    one.post(
        "/chat",
        &[("text", "Wat zijn de openingstijden?"), ("history", "on")],
    )
    .await;
    let id = place.store.state().conversations[0].id;

    let mut other = place.visitor().await;
    assert_eq!(
        other.get(&format!("/chat/{id}")).await,
        StatusCode::NOT_FOUND
    );
    let of_another = other.page.clone();
    assert_eq!(
        other
            .get("/chat/00000000-0000-0000-0000-00000000ffff")
            .await,
        StatusCode::NOT_FOUND
    );
    let path = |page: &str| {
        page.replace(&id.to_string(), "ID")
            .replace("00000000-0000-0000-0000-00000000ffff", "ID")
    };
    assert_eq!(path(&of_another), path(&other.page));
    assert_eq!(
        other.post(&format!("/chat/{id}/delete"), &[]).await,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_request_is_numbered_and_its_page_opens_with_its_code_alone() {
    let place = place();
    let mut browser = place.browser();
    browser.get("/rights").await;
    let asked = [
        ("right", "objection"),
        ("question", "Graag niet."),
        ("reply_to", "jan@example.org"),
    ];
    assert_eq!(browser.post("/rights", &asked).await, StatusCode::OK);
    assert!(browser.page.contains("21 december 2026") && browser.cookie.is_none());

    let (secret, reference) = {
        let state = place.store.state();
        (
            state.requests[0].0,
            state.requests[0].1.reference.as_str().to_owned(),
        )
    };
    let code = waarborg_domain::ids::Token::new(secret).text();
    let there = format!("/rights/{reference}");
    browser.get(&there).await;
    let door = browser.page.replace(&reference, "REF");
    browser.get("/rights/WB-0000-0000").await;
    assert_eq!(door, browser.page.replace("WB-0000-0000", "REF"));

    assert_eq!(
        browser.post(&there, &[("code", "mis")]).await,
        StatusCode::NOT_FOUND
    );
    let wrong = browser.page.replace(&reference, "REF");
    assert_eq!(
        browser
            .post("/rights/WB-0000-0000", &[("code", &code)])
            .await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(wrong, browser.page.replace("WB-0000-0000", "REF"));
    assert_eq!(
        browser.post(&there, &[("code", &code)]).await,
        StatusCode::OK
    );
    assert!(browser.page.contains("Bezwaar maken"));

    assert_eq!(
        browser
            .post("/rights", &[("question", "zonder keuze")])
            .await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(browser.page.contains("Kies wat u wilt"));
}

#[tokio::test]
async fn consent_is_given_and_withdrawn_with_one_button_each() {
    let place = place();
    let mut browser = place.visitor().await;
    browser.get("/consent").await;
    assert!(browser.page.contains("Niet gegeven"));
    browser
        .post("/consent", &[("consent", "improve"), ("choice", "give")])
        .await;
    browser.get("/consent").await;
    assert!(browser.page.contains("Gegeven op 21 november 2026"));
    browser
        .post(
            "/consent",
            &[("consent", "improve"), ("choice", "withdraw")],
        )
        .await;
    browser.get("/consent").await;
    assert!(browser.page.contains("Ingetrokken op 21 november 2026"));
    assert_eq!(
        place.store.state().persons[0].consents.len(),
        2,
        "the ledger keeps both lines"
    );
}

#[tokio::test]
async fn who_objects_is_left_alone_at_once_and_who_restricts_can_go_on_again() {
    let place = place();
    let mut browser = place.visitor().await;
    browser.get("/my-data/object").await;
    assert!(browser.page.contains("value=\"answer_questions\""));
    let chosen = [("purpose", "answer_questions")];
    assert_eq!(
        browser.post("/my-data/object", &chosen).await,
        StatusCode::OK
    );
    assert!(browser.page.contains("Uw bezwaar geldt vanaf nu"));
    assert_eq!(
        place.store.state().persons[0].objections,
        ["answer_questions"]
    );
    browser.get("/").await;
    assert!(browser.page.contains("U maakte bezwaar"));
    let sent = [
        ("text", "Toch een vraag"),
        ("history", "off"),
        ("model", "demo"),
    ];
    assert_eq!(browser.post("/chat", &sent).await, StatusCode::FORBIDDEN);
    assert!(place.model.saw.lock().unwrap().is_empty());

    let mut other = place.visitor().await;
    other.get("/my-data").await;
    assert_eq!(other.post("/my-data/restrict", &[]).await, StatusCode::OK);
    assert!(
        other
            .page
            .contains("Het gebruik van uw gegevens is gestopt")
    );
    assert!(place.store.state().persons[1].is_restricted);
    other.get("/").await;
    assert_eq!(
        other.post("/my-data/resume", &[]).await,
        StatusCode::SEE_OTHER
    );
    other.get("/").await;
    assert!(other.page.contains("Waarmee kan ik u helpen?"));
}

#[tokio::test]
async fn advertising_stops_for_an_address_and_nobody_learns_whether_it_was_known() {
    let place = place();
    let mut browser = place.browser();
    let send = |address| [("address", address)];
    assert_eq!(
        browser
            .post("/rights/no-mail", &send("Jan@Example.org"))
            .await,
        StatusCode::OK
    );
    let first = browser.page.clone();
    assert!(first.contains("sturen wij geen reclame meer") && !first.contains("Jan@Example.org"));
    assert_eq!(
        browser
            .post("/rights/no-mail", &send("jan@example.org"))
            .await,
        StatusCode::OK
    );
    assert_eq!(browser.page, first);
    let marks = place.store.state().suppressed.clone();
    assert_eq!(marks.len(), 2);
    assert_eq!(marks[0], marks[1], "one address is one address");
    assert_eq!(
        browser.post("/rights/no-mail", &send("geen adres")).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn every_route_admits_exactly_the_roles_of_the_table() {
    let place = place();
    let somebody: [Option<Role>; 4] = [
        None,
        Some(Role::Officer),
        Some(Role::Auditor),
        Some(Role::Operator),
    ];
    for rule in RULES
        .iter()
        .filter(|rule| matches!(rule.who, Who::Staff(_)) && !rule.path.ends_with("leave"))
    {
        for role in somebody {
            let mut browser = match role {
                Some(role) => place.staff(role).await,
                None => place.browser(),
            };
            let status = match rule.method {
                "GET" => browser.get(rule.path).await,
                _ => browser.post(rule.path, &[("text", "Jan")]).await,
            };
            // Who is admitted hears that there is no such thing, or that a form lacks its fields.
            let is_as_expected = match status {
                StatusCode::FORBIDDEN => !rule.who.admits(role),
                StatusCode::OK => rule.who.admits(role) && !rule.path.contains('{'),
                StatusCode::NOT_FOUND => rule.who.admits(role) && rule.path.contains('{'),
                StatusCode::BAD_REQUEST => rule.who.admits(role) && rule.method == "POST",
                // Beginning a change asks for nothing.
                StatusCode::SEE_OTHER => {
                    rule.who.admits(role) && rule.path == "/console/register/changes"
                }
                _ => false,
            };
            assert!(
                is_as_expected,
                "{} {} as {role:?}: {status}",
                rule.method, rule.path
            );
        }
    }
}

#[tokio::test]
async fn every_route_of_the_table_answers_and_no_other_does() {
    let place = place();
    let mut browser = place.browser();
    for rule in RULES {
        let path = rule
            .path
            .replace("{conversation}", "x")
            .replace("{reference}", "x")
            .replace("{digest}", "x")
            .replace("{name}", "waarborg.css");
        let method: Method = rule.method.parse().unwrap();
        let request = browser.request(method, &path).body(Body::empty()).unwrap();
        let status = browser.ask(request).await.status();
        assert!(
            status != StatusCode::METHOD_NOT_ALLOWED && !status.is_server_error(),
            "{} {path}: {status}",
            rule.method
        );
    }
    for path in [
        "/admin",
        "/chat/x/y/z",
        "/assets/x/../../etc/passwd",
        "/console/../console",
    ] {
        assert_eq!(browser.get(path).await, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_console_link_opens_once_and_looking_does_not_use_it_up() {
    let place = place();
    let link = waarborg_usecase::console::link(&place.desk, Role::Officer)
        .await
        .unwrap()
        .text();
    let mut browser = place.browser();
    for _ in 0..3 {
        assert_eq!(
            browser.get(&format!("/console/enter?link={link}")).await,
            StatusCode::OK
        );
    }
    assert_eq!(
        browser.post("/console/enter", &[("link", &link)]).await,
        StatusCode::SEE_OTHER
    );
    assert_eq!(browser.get("/console").await, StatusCode::OK);

    let mut second = place.browser();
    assert_eq!(
        second.post("/console/enter", &[("link", &link)]).await,
        StatusCode::FORBIDDEN
    );
    assert!(second.page.contains("al gebruikt"));

    browser.post("/console/leave", &[]).await;
    assert_eq!(browser.get("/console").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_stop_between_the_note_and_the_file_is_finished_at_the_start() {
    use waarborg_domain::register::Register;
    use waarborg_domain::register::change::{Act, Change, Step};
    use waarborg_usecase::ports::ChangeTexts;
    use waarborg_usecase::published::{self, Mended, Published};

    for is_writable in [true, false] {
        let place = place();
        let base = place.desk.register_file.read().await.unwrap();
        let source = format!("{base}\n# Published, and then the power went.\n");
        let acts = [
            Act::Begin,
            Act::Write,
            Act::Propose,
            Act::Approve,
            Act::Publish,
        ];
        let step = |act| Step {
            act,
            by: waarborg_domain::ids::SessionId(uuid::Uuid::from_u128(1)),
            at: house::NOW.parse().unwrap(),
            reason: String::new(),
        };
        let change = Change {
            id: uuid::Uuid::from_u128(2),
            base: Register::digest_of(&base),
            steps: acts.map(step).to_vec(),
        };
        let texts = ChangeTexts {
            base: base.clone(),
            source: source.clone(),
        };
        place.store.state().changes.push((change, texts));
        place.file.closes(!is_writable);

        assert_eq!(
            published::standing(&place.desk).await,
            Ok(Published::Unfinished)
        );
        let mended = published::mend(&place.desk).await.unwrap();
        let file = place.desk.register_file.read().await.unwrap();
        let stage = place.store.state().changes[0].0.stage().name();
        if is_writable {
            assert_eq!(
                (file, stage, mended),
                (source, "published", Mended::Finished)
            );
        } else {
            assert_eq!((file, stage, mended), (base, "approved", Mended::Failed));
        }
        let again = published::mend(&place.desk).await;
        assert_eq!(again, Ok(Mended::Nothing(Published::Here)));
    }
}

#[tokio::test]
async fn the_only_cookies_are_those_of_the_cookie_page() {
    let place = place();
    let visitor = place.visitor().await;
    let staff = place.staff(Role::Auditor).await;
    let mut reader = place.browser();
    reader.get("/cookies").await;
    for cookie in [visitor.cookie.unwrap(), staff.cookie.unwrap()] {
        let name = cookie.split('=').next().unwrap();
        assert!(
            reader.page.contains(&format!("<code>{name}</code>")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn every_fault_has_a_page_or_a_problem_and_none_echoes() {
    let place = place();
    let mut browser = place.visitor().await;
    let huge = "kanarie".repeat(100_000);
    assert_eq!(
        browser.post("/rights", &[("question", &huge)]).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert!(browser.page.contains("te groot") && !browser.page.contains("kanarie"));

    browser.get("/").await;
    assert_eq!(
        browser
            .json("/api/v1/preview", &json!({"kanarie": 1}))
            .await,
        StatusCode::BAD_REQUEST
    );
    assert!(
        browser.page.contains("\"status\":400") && !browser.page.contains("kanarie"),
        "{}",
        browser.page
    );
    assert_eq!(
        browser.get("/nergens/kanarie?lang=en").await,
        StatusCode::NOT_FOUND
    );
    assert!(browser.page.contains("This page does not exist"));

    place.store.state().is_away = true;
    assert_eq!(
        browser.get("/readyz").await,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(browser.get("/").await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(browser.page.contains("Dit lukt nu niet"));
}

#[tokio::test]
async fn an_answer_streams_as_events_and_is_kept() {
    let place = place();
    let mut browser = place.visitor().await;
    let asked = json!({"text": "Ik ben Sanne de Wit.", "history": "off", "model": "demo"});
    assert_eq!(browser.json("/api/v1/chat", &asked).await, StatusCode::OK);
    for event in [
        "event: open",
        "event: seen",
        "event: block",
        "event: answer_seen",
        "event: done\ndata: {\"stopped\":false}",
    ] {
        assert!(browser.page.contains(event), "{event} in {}", browser.page);
    }
    let id = place.store.state().conversations[0].id;
    browser.get(&format!("/chat/{id}")).await;
    assert!(
        browser
            .page
            .contains("<strong>Ik ben Sanne de Wit.</strong>")
    );
    assert!(
        browser.page.contains("weg op 21 december 2026"),
        "a hidden conversation says when it goes"
    );
}

#[tokio::test]
async fn who_asks_too_often_reads_when_to_come_back_and_loses_nothing_else() {
    let place = place();
    let mut browser = place.visitor().await;
    let mut status = StatusCode::OK;
    for _ in 0..40 {
        status = browser.post("/rights", &[("right", "access")]).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(browser.page.contains("Even wachten"), "{}", browser.page);
    assert_eq!(browser.get("/rights").await, StatusCode::OK);
    assert_eq!(browser.get("/my-data").await, StatusCode::OK);

    let mut other = place.visitor().await;
    assert_ne!(
        other.post("/rights", &[("right", "access")]).await,
        StatusCode::TOO_MANY_REQUESTS
    );
}
