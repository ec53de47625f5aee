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
pub(crate) fn press(person: &mut Person, path: &str, fields: &[(&str, &str)]) -> u16 {
    let token = person.form_token.clone();
    let mut fields = fields.to_vec();
    fields.push(("form_token", &token));
    person.client.post_form(path, &fields).status
}

/// Says something to a model that talks on for a minute, does `stop` once it talks, and says how long it went on: less
/// the longest that the program took for nothing meanwhile, so that a busy machine does not decide.
pub(crate) fn goes_on_for(
    stop: impl FnOnce(&mut Person),
    upstream: &Upstream,
    server: &Server,
) -> Duration {
    goes_on_for_after(|_| (), stop, upstream, server)
}

/// The same for a person who first does something else.
#[expect(
    clippy::disallowed_methods,
    reason = "what is measured is how long it takes outside"
)]
pub(crate) fn goes_on_for_after(
    first: impl FnOnce(&mut Person),
    stop: impl FnOnce(&mut Person),
    upstream: &Upstream,
    server: &Server,
) -> Duration {
    let mut person = Person::come(server);
    first(&mut person);
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
    let mut longest = Duration::ZERO;
    let mut probe = server.client();
    while !talk.is_finished() {
        let asked = Instant::now();
        assert_eq!(probe.get("/healthz").status, 200);
        longest = longest.max(asked.elapsed());
        std::thread::sleep(Duration::from_millis(5));
    }
    let (ended, heard) = talk.join().unwrap();
    let n_heard = heard.matches("druppel").count();
    assert!(n_heard < 600, "the stream ran to its end");
    let went_on = ended.saturating_duration_since(confirmed);
    went_on.saturating_sub(longest)
}

#[test]
fn a_stream_ends_within_a_second_of_a_restriction_and_of_an_erasure() {
    let upstream = Upstream::start(Script::Drip("druppel ".to_owned(), 600));
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
    let refused = person.say("Nog een vraag.", "on");
    assert_eq!(
        (refused.status, &refused.json()["type"]),
        (403, &json!("urn:waarborg:restricted"))
    );
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

/// Scenario 2, the part about access; and the three exports apart.
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

/// Scenario 5, others in the copy.
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

#[test]
fn an_erasure_is_certified_and_a_stranger_checks_it_offline() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Wis dit straks.", "on");
    let erased = person.erase();
    assert_eq!(erased.status, 200);
    let page = erased.text();
    let reference = between(&page, "<strong class=\"reference\">");
    let code = between(&page, "name=\"code\" value=\"");
    let path = format!("/rights/{reference}/certificate");
    let given = server.client().post_form(&path, &[("code", &code)]);
    assert_eq!(given.status, 200, "{}", given.text());
    let wrong = server.client().post_form(&path, &[("code", "x")]);
    assert_eq!(wrong.status, 404);

    let key = {
        let log = installation.path().join("log");
        let made =
            installation.command(&["audit", "export", log.to_str().unwrap(), "--output", "json"]);
        let made: Value = serde_json::from_slice(&made.stdout).unwrap();
        made["log_key"].as_str().unwrap().to_owned()
    };
    drop(server);
    // Elsewhere: the file and the key, and nothing of the installation.
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("certificate.txt");
    let check = |text: &str, key: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let mut arguments = vec![
            "erasure",
            "verify",
            file.to_str().unwrap(),
            "--output",
            "json",
        ];
        arguments.extend_from_slice(key);
        let checked = crate::program::run(&arguments);
        let said: Value = serde_json::from_slice(&checked.stdout).unwrap_or_default();
        (checked.status.code().unwrap(), said)
    };
    let (status, said) = check(&given.text(), &["--key", &key]);
    assert_eq!(status, 0, "{said}");
    let certificate = &said["certificate"];
    assert_eq!(certificate["reference"], reference.as_str());
    let place = |name: &str| {
        let places = certificate["places"].as_array().unwrap();
        places
            .iter()
            .find(|place| place["place"] == name)
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(
        (&place("records")["state"], &place("records")["n"]),
        (&json!("erased"), &json!(2))
    );
    assert_eq!(place("keys of records")["n"], 2);
    assert_eq!(place("backups")["state"], "unreadable");
    assert!(place("audit log")["n"].as_u64().unwrap() > 0);
    assert!(certificate["trace"].is_string());
    assert!(!given.text().contains("Wis dit straks"));

    let (status, _) = check(
        &given.text().replace("\"n\":2", "\"n\":3"),
        &["--key", &key],
    );
    assert_eq!(status, 1, "a changed number");
    let (status, said) = check(&given.text(), &[]);
    assert_eq!((status, &said["signer_known"]), (0, &json!(false)));
    let (status, _) = check("niets", &[]);
    assert_eq!(status, 2);
}

#[test]
fn a_hold_needs_two_officers_and_the_person_reads_that_it_is_there() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Over de schutting.", "on");
    let number = person.data().json()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let (mut one, mut two) = (
        Officer::enter(&installation, &server),
        Officer::enter(&installation, &server),
    );
    let fields = [
        ("number", number.as_str()),
        ("ground", "legal_claim"),
        ("until", "2099-12-31"),
    ];
    assert_eq!(one.post("/console/holds", &fields).status, 303);
    let page = one.get("/console/holds").text();
    assert!(
        page.contains("wacht op een tweede persoon")
            && page.contains("Een ander moet akkoord gaan")
    );
    let id = between(&page, "action=\"/console/holds/");
    let id = id.split('/').next().unwrap();
    assert_eq!(
        one.post(&format!("/console/holds/{id}/agree"), &[]).status,
        422
    );
    assert_eq!(
        two.post(&format!("/console/holds/{id}/agree"), &[]).status,
        303
    );
    assert!(
        person.data().text().contains("hold.agreed"),
        "the person's log says so"
    );

    let erased = person.erase().text();
    assert!(
        erased.contains("31 december 2099") || erased.contains("1 januari 2100"),
        "{erased}"
    );
    assert_eq!(
        two.post(&format!("/console/holds/{id}/lift"), &[]).status,
        303
    );
    assert!(installation.command(&["retention", "run"]).status.success());

    let posted = installation.command(&["event", "post", "account_deleted", "--person", &number]);
    assert_eq!(
        posted.status.code(),
        Some(0),
        "{}",
        crate::program::err(&posted)
    );
    let unknown = installation.command(&["event", "post", "created", "--person", &number]);
    assert_eq!(
        unknown.status.code(),
        Some(2),
        "the program sees that by itself"
    );
}

/// Deactivated is not erased: no access and no use, while it is still kept.
#[test]
fn who_deleted_their_account_has_no_access_and_is_used_for_nothing_while_it_is_kept() {
    let installation = Installation::demo();
    installation.set_clock("2027-03-01T10:00:00Z");
    let server = installation.serve();
    let mut person = Person::come(&server);
    assert_eq!(person.say("Wanneer is het loket open?", "on").status, 200);
    let number = person.data().json()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();

    let posted = installation.command(&["event", "post", "account_deleted", "--person", &number]);
    assert_eq!(
        posted.status.code(),
        Some(0),
        "{}",
        crate::program::err(&posted)
    );

    assert_ne!(person.say("En morgen?", "on").status, 200);
    assert_ne!(person.data().status, 200);
    let mut officer = Officer::enter(&installation, &server);
    let letter = [
        ("channel", "letter"),
        ("right", "access"),
        ("day", "2027-03-01"),
        ("words", "Wat hebt u nog?"),
        ("reply_to", "Dorpsstraat 1, Duinrode"),
    ];
    let taken = officer.post("/console/intake", &letter).text();
    let page = format!(
        "/console/requests/{}",
        between(&taken, "<strong class=\"reference\">")
    );
    let link = [("number", number.as_str()), ("identity", "human")];
    assert_eq!(officer.post(&format!("{page}/link"), &link).status, 303);
    let pack = officer.get(&format!("{page}/pack")).text();
    assert!(
        pack.contains("Wanneer is het loket open?"),
        "it is kept: {pack}"
    );
}
