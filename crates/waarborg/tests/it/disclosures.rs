//! What is given to somebody outside in a single case: a ground of the register, two people, and the person reads it.

use serde_json::Value;

use crate::{
    desk::{Officer, asks, between, slices, status},
    person::Person,
    program::{Installation, Server, out},
};

const COURT: &str = "Rechtbank Voorbeeld, strafrecht";
const ORDER: &str = "Bevel 2026-17, artikel 126nd Wetboek van Strafvordering";

fn number(person: &mut Person) -> String {
    let data = person.data().json();
    data["visit"]["number"].as_str().unwrap().to_owned()
}

fn propose(officer: &mut Officer, number: &str, rule: &str, categories: &[&str]) -> u16 {
    let mut fields = vec![
        ("number", number),
        ("rule", rule),
        ("to", COURT),
        ("why", ORDER),
    ];
    fields.extend(categories.iter().map(|name| ("category", *name)));
    officer.post("/console/disclosures", &fields).status
}

/// Where the one that waits is agreed to.
fn waiting(officer: &mut Officer, number: &str) -> String {
    let page = officer.get(&format!("/console/disclosures?number={number}"));
    let path = between(&page.text(), "action=\"/console/disclosures/");
    let id = path.split('/').nth(1).unwrap().to_owned();
    format!("/console/disclosures/{number}/{id}")
}

fn house() -> (Installation, Server, Person, Officer, Officer) {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Over de schutting.", "on");
    let one = Officer::enter(&installation, &server);
    let two = Officer::enter(&installation, &server);
    (installation, server, person, one, two)
}

#[test]
fn a_disclosure_needs_a_ground_of_the_register_and_two_officers_and_the_person_reads_it() {
    let (installation, server, mut person, mut one, mut two) = house();
    let number = number(&mut person);

    assert_eq!(propose(&mut one, &number, "sale", &["user_content"]), 422);
    assert_eq!(propose(&mut one, &number, "order", &["session"]), 422);
    assert_eq!(propose(&mut one, &number, "order", &[]), 422);
    assert_eq!(propose(&mut one, "nobody", "order", &["user_content"]), 422);
    assert_eq!(propose(&mut one, &number, "order", &["user_content"]), 303);
    let page = two.get("/console/disclosures").text();
    assert!(page.contains(&number), "what waits is found: {page}");

    let path = waiting(&mut one, &number);
    assert_eq!(one.post(&format!("{path}/agree"), &[]).status, 422);
    let given = |person: &mut Person| person.data().json()["given"].as_array().unwrap().clone();
    assert!(given(&mut person).is_empty(), "nothing was given yet");
    assert_eq!(two.post(&format!("{path}/agree"), &[]).status, 303);
    assert_eq!(two.post(&format!("{path}/agree"), &[]).status, 422, "once");

    let given = given(&mut person);
    assert_eq!(given.len(), 1);
    assert_eq!(given[0]["to"], COURT);
    assert_eq!(given[0]["case"], "legal_duty");
    assert_eq!(given[0]["categories"][0], "user_content");
    let own = person.client.get("/my-data").text();
    assert!(own.contains("Aan wie wij in een enkel geval gegevens gaven"));
    assert!(own.contains(COURT), "{own}");

    let trail = person.data().json()["trail"].to_string();
    assert!(trail.contains("disclosure.proposed") && trail.contains("disclosure.made"));
    assert!(trail.contains("disclosure:order") && trail.contains("legal_duty"));
    assert!(!trail.contains("Rechtbank") && !trail.contains("126nd"));

    let list = |format: &str| {
        let said = installation.command(&[
            "disclosure",
            "list",
            "--person",
            &number,
            "--output",
            format,
        ]);
        assert_eq!(said.status.code(), Some(0));
        out(&said)
    };
    let listed: Value = serde_json::from_str(&list("json")).unwrap();
    assert_eq!(listed["disclosures"][0]["standing"], "made");
    assert!(list("text").contains("made  order (legal_duty)  user_content"));
    assert!(
        !list("text").contains("Rechtbank"),
        "to whom is for the desk"
    );
    let unknown = installation.command(&["disclosure", "list", "--person", "1"]);
    assert_eq!(unknown.status.code(), Some(2));

    let request = asks(&mut person, "access", "Wat hebt u van mij?");
    let path = format!("/console/requests/{}", request.0);
    let page = one.get(&path).text();
    let found = slices(&page);
    let mut fields: Vec<(&str, &str)> = Vec::new();
    for slice in &found {
        fields.extend([("about", slice.as_str()), ("verdict", "granted")]);
    }
    fields.push(("language", "nl"));
    assert_eq!(one.post(&format!("{path}/decide"), &fields).status, 303);
    let letter = status(&server, &request);
    assert!(
        letter.contains("Aan wie wij in een enkel geval gegevens gaven") && letter.contains(COURT),
        "{letter}"
    );
}

#[test]
fn what_waits_can_be_taken_back_and_a_sale_stops_at_a_restriction() {
    let (installation, _server, mut person, mut one, mut two) = house();
    installation.change_register(|source| {
        let sale = "[disclosure.sale]\nlabel = { nl = \"een koper\", en = \"a buyer\" }\ncase = \"sale\"\n\
            evidence = \"orders\"\ninterest = { nl = \"doorgaan\", en = \"going on\" }\ncategories = [\"user_content\"]\n";
        format!("{source}\n{sale}")
    });
    let number = number(&mut person);
    crate::program::eventually("the changed register is taken", || {
        let page = one.get(&format!("/console/disclosures?number={number}"));
        page.text().contains("Een koper")
    });

    assert_eq!(propose(&mut one, &number, "sale", &["user_content"]), 303);
    let path = waiting(&mut two, &number);
    assert_eq!(two.post(&format!("{path}/back"), &[]).status, 303);
    assert_eq!(two.post(&format!("{path}/agree"), &[]).status, 422);
    let page = two.get(&format!("/console/disclosures?number={number}"));
    assert!(page.text().contains("teruggenomen"));

    let restrict = person.client.get("/my-data").text();
    assert!(restrict.contains("/my-data/restrict"));
    let token = person.form_token.clone();
    let restricted = person
        .client
        .post_form("/my-data/restrict", &[("form_token", &token)]);
    assert!(restricted.status < 400, "{}", restricted.text());
    assert_eq!(propose(&mut one, &number, "sale", &["user_content"]), 422);
    assert_eq!(propose(&mut one, &number, "order", &["user_content"]), 303);
}

#[test]
fn of_two_who_decide_at_once_one_decides_and_what_waits_is_found() {
    let (_installation, _server, mut person, mut one, two) = house();
    let number = number(&mut person);
    for _ in 0..4 {
        assert_eq!(propose(&mut one, &number, "order", &["user_content"]), 303);
        let path = waiting(&mut one, &number);
        let (mut second, mut first) = (two.clone(), one.clone());
        let (agree, back) = (format!("{path}/agree"), format!("{path}/back"));
        let (agreed, taken) = std::thread::scope(|scope| {
            let agreed = scope.spawn(move || second.post(&agree, &[]).status);
            let taken = scope.spawn(move || first.post(&back, &[]).status);
            (agreed.join().unwrap(), taken.join().unwrap())
        });
        let mut both = [agreed, taken];
        both.sort_unstable();
        assert_eq!(both, [303, 422], "agreed {agreed}, taken back {taken}");
        assert!(!one.get("/console/disclosures").text().contains(&number));
    }
    assert_eq!(propose(&mut one, &number, "order", &["user_content"]), 303);
    assert!(one.get("/console/disclosures").text().contains(&number));
}

/// Data may be given to an insurer when somebody said yes to that.
const ON_CONSENT: &str = r#"
[purpose.share_with_insurer]
dpv = "ServiceProvision"
label = { nl = "uw verzekeraar iets laten weten", en = "letting your insurer know something" }

[[processing]]
service = "chat"
purpose = "share_with_insurer"
categories = ["user_content"]
basis = "consent"
consent = "insurer@1"

[[retention]]
service = "chat"
category = "user_content"
purpose = "share_with_insurer"
claim = "created + 30d"
kind = "at_most"
action = "erase"
why = { nl = "Zo lang is het nodig.", en = "It is needed for that long." }

[consent.insurer]
version = "1"
text = { nl = "Ja, mijn verzekeraar mag het weten.", en = "Yes, my insurer may know." }

[disclosure.insurer]
label = { nl = "een verzekeraar", en = "an insurer" }
case = "consent"
purpose = "share_with_insurer"
categories = ["user_content"]
"#;

#[test]
fn a_disclosure_on_consent_is_bound_to_a_line_of_the_ledger_and_a_withdrawal_refuses_it() {
    let installation = Installation::demo();
    installation.change_register(|source| source + ON_CONSENT);
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Over mijn verzekering.", "on");
    let mut one = Officer::enter(&installation, &server);
    let mut two = Officer::enter(&installation, &server);
    let number = number(&mut person);
    let given = |person: &mut Person| person.data().json()["given"].as_array().unwrap().len();
    let propose = |one: &mut Officer| propose(one, &number, "insurer", &["user_content"]);

    assert_eq!(propose(&mut one), 422, "nobody said yes");
    person.choose("share_with_insurer", "give");
    assert_eq!(propose(&mut one), 303);
    let path = waiting(&mut one, &number);
    person.choose("share_with_insurer", "withdraw");
    let refused = two.post(&format!("{path}/agree"), &[]);
    assert_eq!(refused.status, 422, "withdrawn meanwhile");
    assert!(refused.text().contains("toestemming"), "{}", refused.text());
    // A new yes is another consent than the one that the proposal names.
    person.choose("share_with_insurer", "give");
    assert_eq!(two.post(&format!("{path}/agree"), &[]).status, 422);
    assert_eq!(given(&mut person), 0);
    assert_eq!(two.post(&format!("{path}/back"), &[]).status, 303);

    assert_eq!(propose(&mut one), 303);
    let path = waiting(&mut one, &number);
    assert_eq!(two.post(&format!("{path}/agree"), &[]).status, 303);
    assert_eq!(given(&mut person), 1);
}
