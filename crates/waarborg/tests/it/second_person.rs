//! A second person's yes to one prompt: asked without the text, given by somebody else, and used once.

use serde_json::{Value, json};

use crate::{
    desk::{Officer, between},
    person::Person,
    program::{Installation, Server, err, out},
    upstream::{Script, Upstream},
};

const MAIL: &str = "Schrijf een antwoord aan sanne.dewit@example.org over de levering.";
const OTHER: &str = "Schrijf een antwoord aan piet.bos@example.org over de levering.";

const RULE: &str = r#"
[[policy.override]]
kind = "EMAIL"
destination = "own"
verdict = "second-person"
why = { nl = "afgesproken met de ondernemingsraad", en = "agreed with the works council" }
"#;

/// A register without a period in which a second person may say yes.
fn without_period(source: &str) -> String {
    let (before, term) = source.split_once("[term.second_person]").unwrap();
    let (_, after) = term.split_once("\n\n").unwrap();
    format!("{before}{after}")
}

fn house(rules: &str) -> (Upstream, Installation, Server) {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "own", "pseudonymise");
    installation.change_register(|source| source + rules);
    let server = installation.serve();
    (upstream, installation, server)
}

/// An application asks; the status and what it is told.
fn ask(
    server: &Server,
    installation: &Installation,
    text: &str,
    headers: &[(&str, &str)],
) -> (u16, Value) {
    let mut client = server.client().with_key(&installation.gateway_key);
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    let body = json!({ "model": "groot", "messages": [{ "role": "user", "content": text }] });
    let answer = client.send(
        "POST",
        "/v1/chat/completions",
        &all,
        body.to_string().as_bytes(),
    );
    (answer.status, answer.json())
}

fn number(told: &Value) -> String {
    let second = &told["error"]["waarborg"]["second_person"];
    second["reference"]
        .as_str()
        .unwrap_or_else(|| panic!("{told}"))
        .to_owned()
}

/// Where the only one that waits is answered.
fn waiting(officer: &mut Officer) -> String {
    let page = officer.get("/console/agreements").text();
    let path = between(&page, "action=\"/console/agreements/");
    format!("/console/agreements/{}", path.split('/').next().unwrap())
}

#[test]
fn a_prompt_goes_once_after_somebody_elses_yes_and_its_text_is_kept_nowhere() {
    let (upstream, installation, server) = house(RULE);
    let mut officer = Officer::enter(&installation, &server);
    let (status, told) = ask(&server, &installation, MAIL, &[]);
    let error = &told["error"];
    assert_eq!(
        (status, &error["code"]),
        (422, &json!("personal_data_needs_second_person"))
    );
    let message = error["message"].as_str().unwrap();
    let reference = number(&told);
    assert!(
        message.contains(&reference) && message.contains("precies hetzelfde bericht"),
        "{message}"
    );
    assert!(
        message.contains("afgesproken met de ondernemingsraad"),
        "{message}"
    );
    assert_eq!(error["waarborg"]["second_person"]["answered"], "waits");

    // The same again is the same question, and a reason may come later; another text is another question.
    let reason = [("x-waarborg-reason", "duty")];
    assert_eq!(
        number(&ask(&server, &installation, MAIL, &reason).1),
        reference
    );
    let (status, told) = ask(
        &server,
        &installation,
        MAIL,
        &[("x-waarborg-reason", "omdat Sanne dat wil")],
    );
    assert_eq!(
        (status, &told["error"]["code"]),
        (400, &json!("invalid_header"))
    );
    let message = told["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("care, duty, contract, claim, safety") && !message.contains("Sanne"),
        "{told}"
    );
    assert_eq!(told["error"]["waarborg"]["values"][1], "duty");
    let page = officer.get("/console/agreements").text();
    assert!(
        page.contains(&reference) && page.contains("omdat een wet of taak het vraagt"),
        "{page}"
    );
    assert!(
        page.contains("1 × ") && !page.contains("sanne") && !page.contains("levering"),
        "{page}"
    );

    let path = waiting(&mut officer);
    assert_eq!(officer.post(&format!("{path}/yes"), &[]).status, 303);
    assert_eq!(officer.post(&format!("{path}/no"), &[]).status, 422, "once");
    assert_ne!(
        number(&ask(&server, &installation, OTHER, &[]).1),
        reference
    );
    let dry = ask(
        &server,
        &installation,
        MAIL,
        &[("x-waarborg-dry-run", "true")],
    );
    assert_eq!(
        dry.1["error"]["code"], "personal_data_needs_second_person",
        "{}",
        dry.1
    );
    assert!(upstream.bodies().is_empty());
    let (status, answer) = ask(&server, &installation, MAIL, &[]);
    assert_eq!(status, 200, "{answer}");
    assert!(
        upstream
            .bodies()
            .concat()
            .contains("sanne.dewit@example.org")
    );
    assert_eq!(upstream.bodies().len(), 1);

    let (status, told) = ask(&server, &installation, MAIL, &[]);
    assert_eq!(status, 422, "the yes was for once");
    assert_ne!(number(&told), reference);
    let page = officer.get("/console/agreements").text();
    assert!(!page.contains(&reference), "what was used is gone: {page}");

    let mut log = officer.get("/console/audit").text();
    log.retain(|letter| !letter.is_whitespace());
    for act in ["agreement.asked", "agreement.given", "agreement.used"] {
        assert!(log.contains(act), "{act}: {log}");
    }
    drop(server);
    for (path, content) in installation.files() {
        let content = String::from_utf8_lossy(&content);
        assert!(
            !content.contains("sanne.dewit") && !content.contains("piet.bos"),
            "{}",
            path.display()
        );
    }
}

#[test]
fn a_no_stays_a_no_and_another_key_asks_for_itself() {
    let (upstream, installation, server) = house(RULE);
    let mut officer = Officer::enter(&installation, &server);
    let first = number(&ask(&server, &installation, MAIL, &[]).1);
    let path = waiting(&mut officer);
    assert_eq!(officer.post(&format!("{path}/no"), &[]).status, 303);
    let (status, told) = ask(&server, &installation, MAIL, &[]);
    assert_eq!(status, 422);
    assert_eq!(told["error"]["waarborg"]["second_person"]["answered"], "no");
    assert!(
        told["error"]["message"]
            .as_str()
            .unwrap()
            .contains("nee gezegd"),
        "{told}"
    );
    assert_eq!(number(&told), first);

    let issued =
        installation.command(&["keys", "issue", "--label", "intranet", "--output", "json"]);
    assert!(issued.status.success(), "{}", err(&issued));
    let issued: Value = serde_json::from_str(&out(&issued)).unwrap();
    let mut client = server
        .client()
        .with_key(issued["gateway_key"].as_str().unwrap());
    let body = json!({ "model": "groot", "messages": [{ "role": "user", "content": MAIL }] });
    let other = client.post_json("/v1/chat/completions", &body).json();
    assert_ne!(number(&other), first);
    let page = officer.get("/console/agreements").text();
    assert!(page.contains("toepassing intranet"), "{page}");
    assert!(upstream.bodies().is_empty());
}

#[test]
fn where_nothing_may_be_kept_or_the_register_has_no_period_nobody_is_asked() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "own", "pseudonymise");
    let mut with_period = String::new();
    installation.change_register(|source| {
        with_period = source + RULE;
        without_period(&with_period)
    });
    let server = installation.serve();
    let (status, told) = ask(&server, &installation, MAIL, &[]);
    assert_eq!(status, 422);
    assert_eq!(told["error"]["code"], "personal_data_needs_second_person");
    assert_eq!(told["error"]["waarborg"]["second_person"], Value::Null);
    assert!(
        told["error"]["message"]
            .as_str()
            .unwrap()
            .contains("niet worden gevraagd"),
        "{told}"
    );
    let checked = installation.command(&["check"]);
    let said = err(&checked) + &out(&checked);
    assert!(
        said.contains("second_person") && said.contains("direct-identifier to model"),
        "{said}"
    );
    drop(server);

    installation.change_register(|_| with_period);
    installation.set_clock("2027-03-01T09:00:00Z");
    let server = installation.serve();
    let mut officer = Officer::enter(&installation, &server);
    let (_, told) = ask(
        &server,
        &installation,
        MAIL,
        &[("x-waarborg-no-store", "true")],
    );
    assert_eq!(
        told["error"]["waarborg"]["second_person"],
        Value::Null,
        "{told}"
    );
    assert!(
        officer
            .get("/console/agreements")
            .text()
            .contains("Er wacht niets")
    );

    // A yes ends with the period of the register.
    number(&ask(&server, &installation, MAIL, &[]).1);
    let path = waiting(&mut officer);
    assert_eq!(officer.post(&format!("{path}/yes"), &[]).status, 303);
    installation.set_clock("2027-03-02T10:00:00Z");
    let (status, _) = ask(&server, &installation, MAIL, &[]);
    assert_eq!(status, 422);
    assert!(upstream.bodies().is_empty());
}

/// A list of so many persons that the policy `strict` waits with it, also on the way to an own model.
fn list() -> String {
    let first = ["Jan", "Sanne", "Pieter", "Fatima", "Willem", "Marieke"];
    let last = ["de Vries", "Bakker", "Jansen", "Visser", "Smit"];
    let rows = last
        .iter()
        .flat_map(|last| first.map(|first| format!("- {first} {last}")));
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn in_a_new_installation_a_list_for_an_own_model_can_be_asked_for_and_agreed_to() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "own", "strict");
    let checked = installation.command(&["check"]);
    assert!(!err(&checked).contains("second"), "{}", err(&checked));
    let server = installation.serve();
    let mut officer = Officer::enter(&installation, &server);

    let (status, told) = ask(&server, &installation, &list(), &[]);
    assert_eq!(status, 422, "{told}");
    let reference = number(&told);
    assert!(upstream.bodies().is_empty());
    let path = waiting(&mut officer);
    assert!(
        officer
            .get("/console/agreements")
            .text()
            .contains(&reference)
    );
    assert_eq!(officer.post(&format!("{path}/yes"), &[]).status, 303);
    let (status, answer) = ask(&server, &installation, &list(), &[]);
    assert_eq!(status, 200, "{answer}");
    assert!(upstream.bodies().concat().contains("Marieke Smit"));
}

#[test]
fn who_has_strict_and_an_own_model_hears_that_nobody_can_be_asked() {
    let upstream = Upstream::start(Script::Echo);
    for (destination, is_warned) in [("own", true), ("eu", false)] {
        let installation = Installation::with_upstream(&upstream, destination, "strict");
        installation.change_register(|source| without_period(&source));
        let checked = installation.command(&["check"]);
        let said = err(&checked) + &out(&checked);
        assert_eq!(said.contains("bulk-list to model"), is_warned, "{said}");
        assert!(checked.status.success(), "a warning stops nothing: {said}");
    }
}

#[test]
fn a_yes_is_for_the_features_that_were_asked_for_beside_the_text() {
    let (upstream, installation, server) = house(RULE);
    let mut officer = Officer::enter(&installation, &server);
    let mut client = server.client().with_key(&installation.gateway_key);
    let body = json!({
        "model": "groot",
        "max_tokens": 9,
        "messages": [{ "role": "user", "content": MAIL }],
    });
    let mut ask = |features: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("anthropic-beta", features),
        ];
        let answer = client.send(
            "POST",
            "/v1/messages",
            &headers,
            body.to_string().as_bytes(),
        );
        (answer.status, answer.json())
    };
    let (status, told) = ask("prompt-caching-2024-07-31");
    assert_eq!(status, 422, "{told}");
    let reference = number(&told);
    let path = waiting(&mut officer);
    assert_eq!(officer.post(&format!("{path}/yes"), &[]).status, 303);

    let (status, told) = ask("context-1m-2025-08-07");
    assert_eq!(status, 422, "another request than the one agreed to");
    assert_ne!(number(&told), reference);
    // A feature that we do not know does not leave, and so changes nothing.
    let (status, answer) = ask("prompt-caching-2024-07-31, something-new-2029-01-01");
    assert_eq!(status, 200, "{answer}");
    assert_eq!(upstream.bodies().len(), 1);
}

#[test]
fn in_the_chat_the_text_stays_with_the_person_and_nobody_is_their_own_second_person() {
    let (upstream, installation, server) = house(RULE);
    let mut person = Person::come(&server);
    let mut officer = Officer::enter(&installation, &server);
    let refused = person.say(MAIL, "on");
    assert_eq!(refused.status, 422, "{}", refused.text());
    let refused = refused.json();
    let reasons = refused["reasons"].to_string();
    assert!(
        reasons.contains("iemand anders in de organisatie"),
        "{refused}"
    );
    assert_eq!(refused["to_give"].as_array().unwrap().len(), 5);
    let conversation = refused["conversation"].as_str().unwrap().to_owned();

    // The form without a script keeps the text in the box, and lets them say why.
    let page = format!("/chat/{conversation}");
    let token = person.form_token.clone();
    let mut fields = vec![("text", MAIL), ("form_token", &token)];
    let shown = person.client.post_form(&page, &fields);
    assert_eq!(shown.status, 422);
    assert!(
        shown.text().contains(MAIL) && shown.text().contains("name=\"reason\""),
        "{}",
        shown.text()
    );
    fields.push(("reason", "care"));
    let shown = person.client.post_form(&page, &fields).text();
    assert!(
        shown.contains(MAIL) && !shown.contains("name=\"reason\""),
        "{shown}"
    );
    fields.pop();

    let path = waiting(&mut officer);
    let listed = officer.get("/console/agreements").text();
    assert!(
        listed.contains("om iemand te helpen") && !listed.contains("sanne"),
        "{listed}"
    );
    let mut own = officer.clone();
    own.client.cookies.extend(person.client.cookies.clone());
    assert_eq!(own.post(&format!("{path}/yes"), &[]).status, 422);
    assert_eq!(
        person.client.post_form(&page, &fields).status,
        422,
        "nobody agreed yet"
    );
    assert_eq!(officer.post(&format!("{path}/yes"), &[]).status, 303);
    let sent = person.client.post_form(&page, &fields);
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert!(
        upstream
            .bodies()
            .concat()
            .contains("sanne.dewit@example.org")
    );

    // What waits goes with the person.
    let waits = person.say(OTHER, "off");
    assert_eq!(waits.status, 422);
    assert!(
        officer
            .get("/console/agreements")
            .text()
            .contains("persoon ")
    );
    assert_eq!(person.erase().status, 200);
    let page = officer.get("/console/agreements").text();
    assert!(page.contains("Er wacht niets"), "{page}");
}
