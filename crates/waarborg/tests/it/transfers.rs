//! A person has what they provided given to another organisation directly, by a link and a code, and reads that it went.

use serde_json::Value;

use crate::{
    mail::forward,
    person::{Person, between},
    program::{Installation, err},
};

/// The path of the link and the code that the person hands over.
fn prepare(person: &mut Person, to: &str) -> (String, String) {
    let token = person.form_token.clone();
    let fields = [("to", to), ("form_token", token.as_str())];
    let page = person.client.post_form("/my-data/transfer", &fields);
    assert_eq!(page.status, 200, "{}", page.text());
    let page = page.text();
    let link = between(&page, "<code class=\"long\">", "<");
    let path = format!("/transfer/{}", link.split("/transfer/").nth(1).unwrap());
    let code = between(&page, "<strong class=\"reference\">", "<");
    (path, code)
}

#[test]
fn another_organisation_fetches_once_what_a_person_provided_and_the_person_reads_it() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    assert_eq!(person.say("Mijn heg is te hoog.", "on").status, 200);
    let (path, code) = prepare(&mut person, "Verzekeraar De Heg");

    let mut other = server.client();
    for _ in 0..3 {
        let looked = other.get(&path);
        assert_eq!(looked.status, 200);
        assert!(!looked.text().contains("te hoog"));
    }
    let wrong = other.post_form(&path, &[("code", "0000 0000")]);
    assert_eq!(wrong.status, 422);
    let elsewhere = path.replace("/transfer/", "/transfer/x");
    let strange = other.post_form(&elsewhere, &[("code", &code)]);
    assert_eq!(strange.status, 422);
    assert_eq!(
        person.data().json()["given"],
        Value::Array(Vec::new()),
        "nothing went yet"
    );

    let taken = other.post_form(&path, &[("code", &code)]);
    assert_eq!(taken.status, 200, "{}", taken.text());
    let document = taken.json();
    assert_eq!(document["format"], "waarborg-portability-1");
    let items = document["items"].as_array().unwrap();
    assert!(
        items
            .iter()
            .any(|item| item["content"] == "Mijn heg is te hoog."),
        "{document}"
    );
    assert!(
        items.iter().all(|item| item["part"] != "answered"),
        "what was made is not provided"
    );
    assert_eq!(
        other.post_form(&path, &[("code", &code)]).status,
        422,
        "once"
    );

    let data = person.data().json();
    assert_eq!(data["given"][0]["to"], "Verzekeraar De Heg", "{data}");
    assert!(data["trail"].to_string().contains("disclosure.made"));
    let page = person.client.get("/my-data").text();
    assert!(
        page.contains("aan Verzekeraar De Heg, omdat u dat vroeg"),
        "{page}"
    );
    let said = String::from_utf8_lossy(&server.said()).into_owned();
    assert!(
        !said.contains(&code.replace(' ', "")) && !said.contains("Verzekeraar"),
        "{said}"
    );
    let listed = installation.command(&["request", "list"]);
    assert!(
        crate::program::out(&listed).contains("answered"),
        "{}",
        err(&listed)
    );
}

#[test]
fn the_link_ends_and_its_code_is_guessed_five_times_at_most() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Mijn heg is te hoog.", "on");
    let (path, code) = prepare(&mut person, "Verzekeraar");
    for _ in 0..5 {
        assert_eq!(
            server
                .client()
                .post_form(&path, &[("code", "12345678")])
                .status,
            422
        );
    }
    assert_eq!(
        server.client().post_form(&path, &[("code", &code)]).status,
        422
    );
    let (path, code) = prepare(&mut person, "Verzekeraar");
    forward(&installation, "PT200H");
    assert_eq!(
        server.client().post_form(&path, &[("code", &code)]).status,
        422
    );
    assert_eq!(person.data().json()["given"], Value::Array(Vec::new()));
}

#[test]
fn a_name_is_needed_and_nothing_is_sent_to_an_address() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    let token = person.form_token.clone();
    for to in ["", "  ", &"x".repeat(201)] {
        let fields = [("to", to), ("form_token", token.as_str())];
        assert_eq!(
            person.client.post_form("/my-data/transfer", &fields).status,
            400
        );
    }
    // An address is a name like any other: nothing connects to it.
    let (path, _) = prepare(&mut person, "http://169.254.169.254/latest");
    assert_eq!(server.client().get(&path).status, 200);
}
