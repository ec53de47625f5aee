//! What a person says is not right is left alone until somebody has looked; everything else of theirs goes on.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    desk::{Officer, asks, between, slices, status},
    mail::forward,
    person::{Person, conversation},
    program::{Installation, Server, err, eventually},
    stops::{goes_on_for, press},
    upstream::{Script, Upstream},
};

/// The item of the person's own data in which a text stands.
fn item(person: &mut Person, part: &str, text: &str) -> Option<Value> {
    let data = person.data().json();
    let categories = data["categories"].as_array().unwrap().clone();
    categories
        .iter()
        .flat_map(|category| category["items"].as_array().unwrap().clone())
        .find(|item| item["part"] == part && item["content"].to_string().contains(text))
}

/// Says something further in a conversation.
fn go_on(person: &mut Person, conversation: &str, text: &str) -> u16 {
    let path = format!("/api/v1/chat/{conversation}/messages");
    person.api("POST", &path, &json!({ "text": text })).status
}

/// Decides yes on everything that was found, with these fields more.
fn grant(officer: &mut Officer, reference: &str, more: &[(&str, &str)]) {
    let page = format!("/console/requests/{reference}");
    let found = slices(&officer.get(&page).text());
    let mut fields: Vec<(&str, &str)> = vec![("language", "nl")];
    for slice in &found {
        fields.extend([("about", slice.as_str()), ("verdict", "granted")]);
    }
    fields.extend(more);
    let decided = officer.post(&format!("{page}/decide"), &fields);
    assert_eq!(decided.status, 303, "{}", decided.text());
}

#[test]
fn a_disputed_record_is_left_alone_until_somebody_looked_and_after_a_restore() {
    let upstream = Upstream::start(Script::Drip("goed ".to_owned(), 2));
    let installation = Installation::with_upstream(&upstream, "own", "strict");
    let server = installation.serve();
    let mut person = Person::come(&server);
    let first = person.say("Mijn heg is 12 meter hoog.", "on");
    assert_eq!(first.status, 200);
    let talk = conversation(&first);
    assert_eq!(go_on(&mut person, &talk, "De heg is groen."), 200);
    let went = |upstream: &Upstream| upstream.bodies().last().unwrap().clone();
    assert!(went(&upstream).contains("12 meter"));
    let backup = installation.path().join("backup");
    let made = installation.command(&["backup", backup.to_str().unwrap()]);
    assert!(made.status.success(), "{}", err(&made));

    let wrong = item(&mut person, "said", "12 meter").unwrap();
    let page = person.client.get("/my-data").text();
    assert!(page.contains("Dit klopt niet"), "{page}");
    let record = wrong["id"].as_str().unwrap();
    assert_eq!(
        press(&mut person, "/my-data/dispute", &[("record", record)]),
        200
    );
    assert!(
        person
            .client
            .get("/my-data")
            .text()
            .contains("U zegt dat dit niet klopt")
    );

    let is_put_aside = |person: &mut Person, upstream: &Upstream| {
        assert_eq!(item(person, "said", "12 meter").unwrap()["disputed"], true);
        assert_eq!(item(person, "said", "groen").unwrap()["disputed"], false);
        assert_eq!(go_on(person, &talk, "En de schutting?"), 200);
        let body = went(upstream);
        assert!(
            !body.contains("12 meter") && body.contains("groen"),
            "{body}"
        );
        let read = person.client.get(&format!("/chat/{talk}")).text();
        assert!(
            !read.contains("12 meter") && read.contains("groen"),
            "{read}"
        );
    };
    is_put_aside(&mut person, &upstream);

    // A backup of before does not make it usable again.
    server.stop();
    std::fs::remove_dir_all(installation.path().join("data")).unwrap();
    let restored = installation.command(&["restore", backup.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", err(&restored));
    let server = installation.serve();
    person.moved_to(&server);
    is_put_aside(&mut person, &upstream);
    server.stop();
}

#[test]
fn what_was_disputed_is_used_again_as_it_was_decided_and_the_letter_says_so() {
    let upstream = Upstream::start(Script::Drip("goed ".to_owned(), 2));
    let installation = Installation::with_upstream(&upstream, "own", "strict");
    let server = installation.serve();
    let mut person = Person::come(&server);
    let first = person.say("Mijn heg is 12 meter hoog.", "on");
    let talk = conversation(&first);
    let page = person.client.get("/rights").text();
    let token = between(&page, "name=\"form_token\" value=\"");
    let fields = [
        ("right", "rectification"),
        ("question", "De heg is 2 meter."),
        ("wrong", "12 Meter"),
        ("form_token", token.as_str()),
    ];
    let receipt = person.client.post_form("/rights", &fields).text();
    let mut shown = receipt.split("<strong class=\"reference\">").skip(1);
    let mut next = || shown.next().unwrap().split('<').next().unwrap().to_owned();
    let request = (next(), next());
    assert_eq!(go_on(&mut person, &talk, "En nu?"), 200);
    assert!(!upstream.bodies().last().unwrap().contains("12 meter"));

    let mut officer = Officer::enter(&installation, &server);
    let case = officer
        .get(&format!("/console/requests/{}", request.0))
        .text();
    assert!(case.contains("Eén gegeven wordt niet gebruikt"), "{case}");
    let more = [
        ("wrong", "12"),
        ("right", "2"),
        ("statement", "De heg is net gesnoeid."),
    ];
    grant(&mut officer, &request.0, &more);
    assert_eq!(go_on(&mut person, &talk, "En verder?"), 200);
    let body = upstream.bodies().last().unwrap().clone();
    assert!(body.contains("heg is 2 meter"), "{body}");
    assert!(
        body.contains("De heg is net gesnoeid."),
        "the statement goes along: {body}"
    );
    let letter = status(&server, &request);
    assert!(
        letter.contains("Wij gebruikten één gegeven niet"),
        "{letter}"
    );
}

#[test]
fn a_letter_that_disputes_puts_aside_what_it_is_about() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Mijn heg is 12 meter hoog.", "on");
    let number = person.data().json()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let reference = crate::person::ask_for(
        &mut server.client(),
        "rectification",
        "De heg is geen 12 meter.",
        "Dorpsstraat 1",
    )
    .unwrap();
    let page = format!("/console/requests/{reference}");
    let mut officer = Officer::enter(&installation, &server);
    let aside = [("disputed", "12 meter")];
    assert_eq!(
        officer.post(&format!("{page}/aside"), &aside).status,
        422,
        "of whom?"
    );
    let link = [("number", number.as_str()), ("identity", "human")];
    assert_eq!(officer.post(&format!("{page}/link"), &link).status, 303);
    let nowhere = [("disputed", "13 meter")];
    assert_eq!(officer.post(&format!("{page}/aside"), &nowhere).status, 422);
    assert_eq!(officer.post(&format!("{page}/aside"), &aside).status, 303);
    assert_eq!(
        item(&mut person, "said", "12 meter").unwrap()["disputed"],
        true
    );
    assert_eq!(person.say("Iets anders.", "on").status, 200);
}

#[test]
fn a_stream_ends_within_a_second_of_a_dispute_of_what_it_is_about() {
    let upstream = Upstream::start(Script::Drip("druppel ".to_owned(), 600));
    let installation = Installation::with_upstream(&upstream, "own", "strict");
    let server = installation.serve();
    let stop = |person: &mut Person| {
        let mut said = None;
        eventually("it is kept what was said", || {
            said = item(person, "said", "Vertel eens wat.");
            said.is_some()
        });
        let record = said.unwrap()["id"].as_str().unwrap().to_owned();
        assert_eq!(
            press(person, "/my-data/dispute", &[("record", &record)]),
            200
        );
    };
    let went_on = goes_on_for(stop, &upstream, &server);
    assert!(went_on < Duration::from_secs(1), "{went_on:?}");
}

#[test]
fn what_is_disputed_waits_with_its_end_until_it_is_decided() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Mijn heg is 12 meter hoog.", "off");
    person.say("De schutting is groen.", "off");
    let record = item(&mut person, "said", "12 meter").unwrap()["id"].clone();
    let record = record.as_str().unwrap();
    assert_eq!(
        press(&mut person, "/my-data/dispute", &[("record", record)]),
        200
    );
    let run = || {
        let run = installation.command(&["retention", "run"]);
        assert!(run.status.success(), "{}", err(&run));
    };
    forward(&installation, "PT960H");
    run();
    assert!(
        item(&mut person, "said", "groen").is_none(),
        "its time was over"
    );
    assert!(item(&mut person, "said", "12 meter").is_some());
    let request = asks(
        &mut person,
        "rectification",
        "Nog eens: 12 meter klopt niet.",
    );
    let mut officer = Officer::enter(&installation, &server);
    grant(
        &mut officer,
        &request.0,
        &[("statement", "Het is 2 meter.")],
    );
    run();
    assert!(item(&mut person, "said", "12 meter").is_none());
}

/// Article 5(1)(d): who looks at their data says whether it is right, and is asked again after a while.
#[test]
fn who_looks_at_their_data_says_that_it_is_right_and_is_asked_again() {
    let installation = Installation::demo();
    installation.set_clock("2027-03-01T10:00:00Z");
    installation.change_register(|source| {
        let (before, after) = source
            .split_once("[term.confirmed_data]\nperiod = \"1y\"")
            .unwrap();
        format!("{before}[term.confirmed_data]\nperiod = \"2h\"{after}")
    });
    let server = installation.serve();
    let mut person = Person::come(&server);
    assert_eq!(person.say("Ik woon in de Dorpsstraat.", "on").status, 200);
    let page = person.client.get("/my-data").text();
    assert!(page.contains("Alles klopt") && !page.contains("Het is een tijd geleden"));
    assert!(person.data().json()["confirmed_at"].is_null());

    let at_hour = |server: Server, hour: u8| {
        drop(server);
        installation.set_clock(&format!("2027-03-01T{hour}:30:00Z"));
        installation.serve()
    };
    let server = at_hour(server, 12);
    person.client = person.client.clone().at(server.address);
    assert!(
        person
            .client
            .get("/my-data")
            .text()
            .contains("Het is een tijd geleden")
    );
    assert_eq!(press(&mut person, "/my-data/right", &[]), 303);
    let page = person.client.get("/my-data").text();
    assert!(
        page.contains("U zei op 1 maart 2027 dat het klopt."),
        "{page}"
    );
    assert!(!page.contains("Het is een tijd geleden"), "{page}");
    let data = person.data().json();
    let confirmed_at = data["confirmed_at"].as_str().unwrap();
    assert!(
        confirmed_at.starts_with("2027-03-01T12:30:0"),
        "{confirmed_at}"
    );
    assert_eq!(data["is_to_be_confirmed"], false);

    let server = at_hour(server, 15);
    person.client = person.client.clone().at(server.address);
    assert!(
        person
            .client
            .get("/my-data")
            .text()
            .contains("Het is een tijd geleden")
    );
}
