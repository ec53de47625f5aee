//! Every right in every channel: eleven rights, four doors, one queue and one clock.

use serde_json::{Value, json};

use crate::{
    desk::{Officer, asks, between, status},
    person::{Person, conversation},
    program::{Installation, Server, err},
};

/// Each right, and what somebody says who asks for it in a conversation.
const RIGHTS: &[(&str, &str)] = &[
    ("information", "Hoe gaan jullie om met mijn gegevens?"),
    ("access", "Welke gegevens heb je van mij?"),
    (
        "rectification",
        "Ik wil mijn gegevens laten corrigeren, corrigeer mijn gegevens",
    ),
    ("erasure", "Verwijder mijn gegevens"),
    ("restriction", "Beperk de verwerking van mijn gegevens"),
    (
        "recipients",
        "Aan wie hebben jullie doorgegeven dat mijn gegevens zijn gewist?",
    ),
    ("portability", "Ik wil mijn gegevens meenemen"),
    (
        "objection",
        "Ik maak bezwaar tegen het gebruik van mijn gegevens",
    ),
    (
        "human_review",
        "Ik wil dat het besluit door een mens wordt bekeken",
    ),
    ("withdrawal", "Ik wil mijn toestemming intrekken"),
    ("complaint", "Ik heb een klacht over mijn privacy"),
];

/// Every request in the queue.
fn queue(installation: &Installation) -> Vec<Value> {
    let listed = installation.command(&["request", "list", "--output", "json"]);
    assert!(listed.status.success(), "{}", err(&listed));
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    listed["requests"].as_array().unwrap().clone()
}

/// In a conversation: the words give a card of the program, and its button makes the request.
fn in_conversation(server: &Server, right: &str, words: &str) {
    let mut person = Person::come(server);
    let said = person.say(words, "on");
    assert_eq!(said.status, 200, "{right}: {}", said.text());
    let card = said.json()["card"].clone();
    assert!(
        card["title"].is_string(),
        "{right} is not recognised: {}",
        said.text()
    );
    let choice = card["choices"][0]["value"].as_str().unwrap().to_owned();
    let talk = conversation(&said);
    let token = person.form_token.clone();
    let fields = [
        ("choice", choice.as_str()),
        ("form_token", &token),
        ("text", words),
    ];
    let done = person
        .client
        .post_form(&format!("/chat/{talk}/step"), &fields);
    assert_eq!(done.status, 200, "{right}: {}", done.text());
}

fn at_the_form(server: &Server, right: &str, words: &str) {
    let fields = [("right", right), ("question", words)];
    let done = server.client().post_form("/rights", &fields);
    assert_eq!(done.status, 200, "{right}: {}", done.text());
}

fn by_program(server: &Server, right: &str, words: &str) {
    let done = server
        .client()
        .post_json("/api/v1/requests", &json!({"right": right, "words": words}));
    assert_eq!(done.status, 201, "{right}: {}", done.text());
    let receipt = done.json();
    let opened = server.client().post_form(
        receipt["status"].as_str().unwrap(),
        &[("code", receipt["code"].as_str().unwrap())],
    );
    assert_eq!(opened.status, 200, "{right}: {}", opened.text());
}

fn by_letter(officer: &mut Officer, right: &str, words: &str) {
    let fields = [
        ("channel", "letter"),
        ("right", right),
        ("day", "2029-01-31"),
        ("words", words),
        ("reply_to", "Dorpsstraat 1, Duinrode"),
    ];
    let done = officer.post("/console/intake", &fields);
    assert_eq!(done.status, 200, "{right}: {}", done.text());
}

#[test]
fn every_right_is_taken_in_every_channel_with_one_clock_and_one_queue() {
    let installation = Installation::demo();
    installation.set_clock("2029-01-31T12:00:00Z");
    let server = installation.serve();
    let mut officer = Officer::enter(&installation, &server);
    assert_eq!(RIGHTS.len(), 11);
    for (right, words) in RIGHTS {
        in_conversation(&server, right, words);
        at_the_form(&server, right, words);
        by_program(&server, right, words);
        by_letter(&mut officer, right, words);
    }
    let requests = queue(&installation);
    for (right, _) in RIGHTS {
        for channel in ["conversation", "form", "api", "letter"] {
            let found: Vec<&Value> = requests
                .iter()
                .filter(|request| request["right"] == *right && request["channel"] == channel)
                .collect();
            assert_eq!(found.len(), 1, "{right} by {channel}: {requests:?}");
            assert_eq!(
                (&found[0]["aim"], &found[0]["latest"]),
                (&json!("2029-02-28"), &json!("2029-02-28")),
                "{right} by {channel}"
            );
        }
    }
    let page = officer.get("/console/requests").text();
    assert!(page.matches("/console/requests/WB-").count() >= requests.len());
}

#[test]
fn a_program_that_asks_for_something_else_reads_what_it_can_ask() {
    let installation = Installation::demo();
    let server = installation.serve();
    for body in [
        json!({"right": "everything"}),
        json!({"right": "access", "words": "x".repeat(4001)}),
    ] {
        let refused = server.client().post_json("/api/v1/requests", &body);
        assert_eq!(refused.status, 422);
        assert_eq!(refused.json()["rights"].as_array().unwrap().len(), 11);
    }
    for body in [
        json!({"recht": "access"}),
        json!({"right": "access", "more": 1}),
        json!([]),
    ] {
        let odd = server.client().post_json("/api/v1/requests", &body);
        assert_eq!(odd.status, 400);
        let said = odd.json();
        assert_eq!(said["type"], "urn:waarborg:unreadable-request");
        assert!(said["detail"].as_str().unwrap().contains("/openapi.json"));
        let described = server.client().get("/openapi.json").json();
        let schema = &described["components"]["schemas"]["RightAsked"]["properties"];
        for field in said["fields"].as_array().unwrap() {
            let name = field.as_str().unwrap();
            assert!(schema[name].is_object(), "{name}");
        }
    }
    assert!(queue(&installation).is_empty());
}

#[test]
fn who_asks_twice_has_one_request_two_receipts_and_the_first_day() {
    let installation = Installation::demo();
    installation.set_clock("2029-01-31T12:00:00Z");
    let server = installation.serve();
    let mut person = Person::come(&server);
    let first = asks(&mut person, "rectification", "Mijn straat klopt niet.");
    let second = asks(&mut person, "rectification", "En mijn huisnummer ook niet.");
    assert_eq!(first.0, second.0, "one request");
    assert_ne!(first.1, second.1, "two receipts");
    for receipt in [&first, &second] {
        assert!(status(&server, receipt).contains("28 februari 2029"));
    }
    let other = asks(&mut person, "portability", "Alles mee.");
    assert_ne!(other.0, first.0, "another right is another request");
    let mut officer = Officer::enter(&installation, &server);
    let file = officer
        .get(&format!("/console/requests/{}", first.0))
        .text();
    assert!(
        file.contains("Mijn straat") && file.contains("huisnummer"),
        "{file}"
    );

    // A letter of three days before turns out to be from the same person.
    let fields = [
        ("channel", "letter"),
        ("right", "rectification"),
        ("day", "2029-01-28"),
        ("words", "Ook mijn naam is verkeerd."),
        ("reply_to", "Dorpsstraat 1, Duinrode"),
    ];
    let taken = officer.post("/console/intake", &fields).text();
    let mut shown = taken.split("<strong class=\"reference\">").skip(1);
    let mut next = || shown.next().unwrap().split('<').next().unwrap().to_owned();
    let letter = (next(), next());
    let number = person.data().json()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let link = [("number", number.as_str()), ("identity", "human")];
    let linked = officer.post(&format!("/console/requests/{}/link", letter.0), &link);
    assert_eq!(linked.status, 303, "{}", linked.text());
    for receipt in [&first, &second, &letter] {
        let page = status(&server, receipt);
        assert!(page.contains(&letter.0), "all open the first one: {page}");
        assert!(page.contains("28 februari 2029"), "{page}");
    }
    let file = officer
        .get(&format!("/console/requests/{}", letter.0))
        .text();
    for words in ["Mijn straat", "huisnummer", "Ook mijn naam"] {
        assert!(file.contains(words), "{words}: {file}");
    }
    let joined = queue(&installation);
    let joined: Vec<&Value> = joined
        .iter()
        .filter(|request| request["stage"] == "joined")
        .collect();
    assert_eq!(joined.len(), 1);
    assert_eq!(joined[0]["reference"], first.0.as_str());
    let _ = between(&file, "name=\"form_token\" value=\"");
}

#[test]
fn who_works_in_belgium_and_lives_in_the_netherlands_reads_both_authorities() {
    let installation = Installation::demo();
    let server = installation.serve();
    let fields = [
        ("right", "information"),
        ("question", "Hoe gaat u met mijn gegevens om?"),
        ("country", "NL"),
        ("country", "BE"),
        ("country", "XX"),
    ];
    let page = server.client().post_form("/rights", &fields).text();
    let both = [
        "Autoriteit Persoonsgegevens",
        "Gegevensbeschermingsautoriteit",
        "Omdat u in België woont of werkt",
    ];
    for name in both {
        assert!(page.contains(name), "the receipt, {name}: {page}");
    }
    let mut shown = page.split("<strong class=\"reference\">").skip(1);
    let mut next = || shown.next().unwrap().split('<').next().unwrap().to_owned();
    let request = (next(), next());
    let before = status(&server, &request);
    for name in both {
        assert!(before.contains(name), "before a letter, {name}: {before}");
    }
    let mut officer = Officer::enter(&installation, &server);
    let fields = [
        ("about", "whole"),
        ("verdict", "granted"),
        ("reasons", "Het staat in de privacyverklaring."),
        ("language", "nl"),
    ];
    let path = format!("/console/requests/{}/decide", request.0);
    assert_eq!(officer.post(&path, &fields).status, 303);
    let letter = status(&server, &request);
    for name in both {
        // In the letter, and under it.
        assert_eq!(letter.matches(name).count(), 2, "{name}: {letter}");
    }
    assert!(!letter.contains("Woont of werkt u in een ander land"));

    // The person and the officer can keep it.
    let fields = [("code", request.1.as_str()), ("form", "pdf")];
    let kept = server
        .client()
        .post_form(&format!("/rights/{}", request.0), &fields);
    let by_officer = officer.get(&format!("/console/requests/{}/letter?form=pdf", request.0));
    assert_eq!(kept.body, by_officer.body);
    assert_eq!(kept.header("content-type"), Some("application/pdf"));
    let read = waarborg_files::read(None, &kept.body, &waarborg_files::Limits::default());
    let text = read.whole().unwrap();
    let words: Vec<&str> = text.as_str().split_whitespace().collect();
    let text = words.join(" ");
    let more = ["Het staat in de privacyverklaring.", "naar de rechter"];
    for said in both.iter().chain(&more) {
        assert!(text.contains(said), "{said}: {text}");
    }
    let strange = [("code", "AAAA"), ("form", "pdf")];
    let refused = server
        .client()
        .post_form(&format!("/rights/{}", request.0), &strange);
    assert_eq!(refused.status, 404);

    // Who comes back reads the same with their own data.
    let mut person = Person::come(&server);
    let own = person.client.get("/my-data").text();
    assert!(own.contains("Woont of werkt u in een ander land"), "{own}");
    let token = person.form_token.clone();
    let fields = [
        ("right", "information"),
        ("question", "Hoe zit het?"),
        ("country", "BE"),
        ("form_token", token.as_str()),
    ];
    assert_eq!(person.client.post_form("/rights", &fields).status, 200);
    let own = person.client.get("/my-data").text();
    for name in both {
        assert!(own.contains(name), "{name}: {own}");
    }
    let authorities = person.data().json()["information"]["authorities"].clone();
    assert_eq!(authorities.as_array().unwrap().len(), 2, "{authorities}");
    assert_eq!(authorities[1]["country"], "BE");
}

#[test]
fn anybody_reads_what_makes_models_better_and_says_no_without_an_account() {
    let installation = Installation::demo();
    let server = installation.serve();
    let page = server.client().get("/privacy/training");
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("Wij gebruiken geen gegevens van u"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("/rights?right=objection"));
    installation.change_register(|source| {
        source
            + "\n[purpose.improve]\n\n[[processing]]\nservice = \"chat\"\npurpose = \"improve\"\n\
               categories = [\"user_content\"]\nbasis = \"consent\"\nconsent = \"better@1\"\n\n\
               [[retention]]\nservice = \"chat\"\ncategory = \"user_content\"\npurpose = \"improve\"\n\
               claim = \"created + 6months\"\nkind = \"at_most\"\naction = \"erase\"\n\
               why = { nl = \"Zo lang is het nodig.\", en = \"It is needed for that long.\" }\n\n\
               [consent.better]\nversion = \"1\"\n\
               text = { nl = \"Ja, maak het beter.\", en = \"Yes, make it better.\" }\n"
    });
    crate::program::eventually("the register is in force", || {
        let page = server.client().get("/privacy/training").text();
        page.contains("alleen als u toestemming gaf")
    });
    let form = server.client().get("/rights?right=objection").text();
    assert!(
        form.contains("value=\"objection\" required checked"),
        "{form}"
    );
    let asked = json!({"right": "objection", "words": "Niet om modellen te verbeteren."});
    let taken = server.client().post_json("/api/v1/requests", &asked);
    assert_eq!(taken.status, 201, "{}", taken.text());
}
