//! What a person stops, stops; and what they take along is theirs.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    desk::{Officer, asks, between, slices, status},
    person::Person,
    program::{Installation, Server, eventually, out, run_with},
    upstream::{Script, Upstream},
};

/// Presses a button of the page with the person's data.
fn press(person: &mut Person, path: &str, fields: &[(&str, &str)]) -> u16 {
    let token = person.form_token.clone();
    let mut fields = fields.to_vec();
    fields.push(("form_token", &token));
    person.client.post_form(path, &fields).status
}

/// Says something to a model that talks on for ten seconds, does `stop` once it talks, and says how long it went on.
#[expect(
    clippy::disallowed_methods,
    reason = "what is measured is how long it takes outside"
)]
fn goes_on_for(stop: impl FnOnce(&mut Person), upstream: &Upstream, server: &Server) -> Duration {
    let person = Person::come(server);
    let asked = upstream.bodies().len();
    let (mut talking, mut stopping) = (person.client.clone(), person);
    let token = stopping.form_token.clone();
    let talk = std::thread::spawn(move || {
        let body = json!({"text": "Vertel eens wat.", "history": "on"}).to_string();
        let headers = [
            ("content-type", "application/json"),
            ("x-form-token", token.as_str()),
        ];
        let answer = talking.send("POST", "/api/v1/chat", &headers, body.as_bytes());
        (Instant::now(), answer.text())
    });
    eventually("the model was asked", || upstream.bodies().len() > asked);
    stop(&mut stopping);
    let confirmed = Instant::now();
    let (ended, heard) = talk.join().unwrap();
    let n_heard = heard.matches("druppel").count();
    assert!(n_heard < 50, "the stream ran to its end: {n_heard}");
    ended.saturating_duration_since(confirmed)
}

#[test]
fn a_stream_ends_within_a_second_of_a_restriction_and_of_an_erasure() {
    let upstream = Upstream::start(Script::Drip("druppel ".to_owned(), 100));
    let installation = Installation::with_upstream(&upstream, "own", "strict");
    let server = installation.serve();
    let stops: [(&str, &[(&str, &str)]); 2] = [
        ("/my-data/restrict", &[]),
        ("/my-data/erase", &[("sure", "yes")]),
    ];
    for (path, fields) in stops {
        let stop = |person: &mut Person| assert_eq!(press(person, path, fields), 200, "{path}");
        let went_on = goes_on_for(stop, &upstream, &server);
        assert!(went_on < Duration::from_secs(1), "{path}: {went_on:?}");
    }
}

#[test]
fn who_restricts_is_read_by_nobody_but_themselves_and_the_desk() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Mijn vraag over de heg.", "on");
    assert_eq!(press(&mut person, "/my-data/restrict", &[]), 200);
    assert_ne!(person.say("Nog een vraag.", "on").status, 200);
    assert!(
        person
            .client
            .get("/")
            .text()
            .contains("Het gebruik van uw gegevens is gestopt")
    );
    assert!(person.data().text().contains("Mijn vraag over de heg."));
    let taken = person.client.get("/my-data/conversations");
    assert!(
        taken.text().contains("Mijn vraag over de heg."),
        "{}",
        taken.text()
    );
    assert_eq!(press(&mut person, "/my-data/resume", &[]), 303);
    assert_eq!(person.say("En verder.", "on").status, 200);
}

#[test]
fn three_exports_are_three_things() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Mijn vraag, met \"aanhaling\".", "on");
    let hidden = person.say("Iets wat niet in de lijst komt.", "off");
    assert_eq!(hidden.status, 200);
    let request = asks(&mut person, "information", "Hoe lang?");
    let mut officer = Officer::enter(&installation, &server);
    officer.get(&format!("/console/requests/{}/pack", request.0));

    let access = person.data().json();
    let text = access.to_string();
    assert!(text.contains("niet in de lijst") && text.contains("\"answered\""));
    assert_eq!(access["viewed"][0]["role"], "officer");
    assert!(
        access["disclosed"].as_array().unwrap().len() >= 2,
        "{}",
        access["disclosed"]
    );
    assert_eq!(
        access["information"]["authority"]["name"],
        "Autoriteit Persoonsgegevens"
    );

    let portable: Value = person.client.get("/my-data/portable.json").json();
    assert_eq!(portable["format"], "waarborg-portability-1");
    let items = portable["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{portable}");
    for item in items {
        assert_eq!(
            (&item["part"], &item["bases"]),
            (&json!("said"), &json!(["contract"]))
        );
    }
    let schema: Value = serde_json::from_str(include_str!(
        "../../../../docs/schema/portability.schema.json"
    ))
    .unwrap();
    for (name, place) in [("", &portable), ("items", &items[0])] {
        let declared = match name {
            "" => &schema["properties"],
            _ => &schema["properties"]["items"]["items"]["properties"],
        };
        let known: Vec<&String> = declared.as_object().unwrap().keys().collect();
        let given: Vec<&String> = place.as_object().unwrap().keys().collect();
        assert_eq!(known.len(), given.len(), "{known:?} {given:?}");
        assert!(
            given.iter().all(|key| known.contains(key)),
            "{known:?} {given:?}"
        );
    }
    let table = person.client.get("/my-data/portable.csv").text();
    assert!(
        table.contains("\"Mijn vraag, met \"\"aanhaling\"\".\""),
        "{table}"
    );
    let chats = person.client.get("/my-data/conversations").text();
    assert!(chats.contains("Antwoord van de assistent"), "{chats}");
}

#[test]
fn a_copy_for_who_wrote_a_letter_leaves_others_out_with_the_ground() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    let said =
        "Ik ben Jan de Vries. Mijn buurvrouw Sanne Bakker belt met 06-12345678 over de schutting.";
    assert_eq!(person.say(said, "on").status, 200);
    let number = person.data().json()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();

    let mut officer = Officer::enter(&installation, &server);
    let today = between(
        &officer.get("/console/intake").text(),
        "name=\"day\" value=\"",
    );
    let taken = officer.post(
        "/console/intake",
        &[
            ("channel", "letter"),
            ("right", "access"),
            ("day", &today),
            ("words", "Ik ben Jan de Vries. Wat weet u van mij?"),
        ],
    );
    let page = taken.text();
    let mut shown = page
        .split("<strong class=\"reference\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned());
    let request = (shown.next().unwrap(), shown.next().unwrap());
    let path = format!("/console/requests/{}", request.0);
    let copy = format!("/rights/{}/copy", request.0);
    let code = [("code", request.1.as_str()), ("form", "json")];
    assert_eq!(
        server.client().post_form(&copy, &code).status,
        404,
        "nothing before a decision"
    );
    officer.post(
        &format!("{path}/link"),
        &[("number", &number), ("identity", "human")],
    );
    let found = slices(&officer.get(&path).text());
    let mut fields: Vec<(&str, &str)> = vec![("language", "nl")];
    for slice in &found {
        fields.extend([("about", slice.as_str()), ("verdict", "granted")]);
    }
    assert_eq!(officer.post(&format!("{path}/decide"), &fields).status, 303);

    assert!(status(&server, &request).contains("Herkomst: Van uzelf"));
    let given = server.client().post_form(&copy, &code);
    assert_eq!(given.status, 200, "{}", given.text());
    let given = given.json();
    let text = given["items"].to_string();
    assert!(text.contains("Jan de Vries"), "{text}");
    assert!(
        !text.contains("Sanne") && !text.contains("12345678"),
        "{text}"
    );
    assert_eq!(given["others_made_unreadable"]["article"], "15(4)");
    assert!(given["others_made_unreadable"]["n"].as_u64().unwrap() >= 2);
    let wrong = [("code", "A".repeat(43)), ("form", "json".to_owned())];
    let wrong: Vec<(&str, &str)> = wrong
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    assert_eq!(server.client().post_form(&copy, &wrong).status, 404);
}

#[test]
fn a_mailing_that_runs_leaves_out_who_objects_meanwhile() {
    let installation = Installation::demo();
    installation.change_register(|source| {
        source.replace(
            "[purpose.answer_questions]",
            "[purpose.offers]\nlabel = { nl = \"aanbiedingen\", en = \"offers\" }\ndpv = \"dpv:DirectMarketing\"\nmarketing = true\n\n[purpose.answer_questions]",
        )
    });
    let server = installation.serve();
    let batch = |addresses: &str| {
        let asked = run_with(
            &[
                "messages",
                "filter",
                "--purpose",
                "offers",
                "--dir",
                installation.dir(),
            ],
            addresses.as_bytes(),
        );
        assert!(asked.status.success(), "{}", crate::program::err(&asked));
        out(&asked)
    };
    assert_eq!(
        batch("jan@example.org\nsanne@example.org\n"),
        "jan@example.org\nsanne@example.org\n"
    );
    let stopped = server
        .client()
        .post_form("/rights/no-mail", &[("address", "Jan@example.org")]);
    assert_eq!(stopped.status, 200);
    assert_eq!(
        batch("jan@example.org\nsanne@example.org\nniets\n"),
        "sanne@example.org\n"
    );
    let other = installation.command(&["messages", "filter", "--purpose", "inspect"]);
    assert_eq!(
        other.status.code(),
        Some(1),
        "a purpose that is no marketing"
    );
}
