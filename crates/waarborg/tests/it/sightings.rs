//! Was this person in a prompt? Answered after the text is gone, to who can show that they are it, and to nobody else.

use crate::{
    desk::{Officer, between, slices, status},
    program::{Installation, Server},
    upstream::{Script, Upstream},
};

const MAIL: &str = "sanne.bakker@example.org";
const NUMBER: &str = "123456782";

/// The register keeps fingerprints of identifiers in prompts for ninety days.
fn keeps_fingerprints(installation: &Installation) {
    installation.change_register(|source| {
        let category = "[category.prompt_identifiers]\n\
            label = { nl = \"Of uw gegevens in een vraag stonden\", en = \"whether your data was in a prompt\" }\n\
            fields = [\"identifier_fingerprint\", \"prompt_day\"]\nsource = \"automatic\"\n";
        let processing = "[[processing]]\nservice = \"gateway\"\npurpose = \"answer_requests\"\n\
            categories = [\"prompt_identifiers\"]\nbasis = \"legal_duty\"\nevidence = \"avg-rights\"\n";
        let retention = "[[retention]]\nservice = \"gateway\"\ncategory = \"prompt_identifiers\"\n\
            purpose = \"answer_requests\"\nclaim = \"created + 90d\"\nkind = \"at_most\"\naction = \"erase\"\n\
            why = { nl = \"Zo lang is het nodig.\", en = \"It is needed for that long.\" }\n";
        format!("{source}\n{category}\n{processing}\n{retention}")
    });
}

fn ask_the_model(installation: &Installation, server: &Server, text: &str) {
    ask_with(installation, server, text, "false");
}

fn ask_with(installation: &Installation, server: &Server, text: &str, no_store: &str) {
    let body =
        serde_json::json!({"model": "model", "messages": [{"role": "user", "content": text}]});
    let key = format!("Bearer {}", installation.gateway_key);
    let headers = [
        ("content-type", "application/json"),
        ("authorization", key.as_str()),
        ("x-waarborg-no-store", no_store),
    ];
    let mut client = server.client();
    let models = client.send("GET", "/v1/models", &headers, b"").json();
    let model = models["data"][0]["id"].as_str().unwrap().to_owned();
    let body = body
        .to_string()
        .replace("\"model\":\"model\"", &format!("\"model\":\"{model}\""));
    let answer = client.send("POST", "/v1/chat/completions", &headers, body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// A letter of somebody who was never here.
fn letter(officer: &mut Officer, right: &str) -> (String, String) {
    let day = between(
        &officer.get("/console/intake").text(),
        "name=\"day\" value=\"",
    );
    let fields = [
        ("channel", "letter"),
        ("right", right),
        ("day", &day),
        (
            "words",
            "Ik ben Sanne Bakker. Stond ik in een vraag aan uw taalmodel?",
        ),
    ];
    let page = officer.post("/console/intake", &fields).text();
    let mut shown = page.split("<strong class=\"reference\">").skip(1);
    let mut next = || shown.next().unwrap().split('<').next().unwrap().to_owned();
    (next(), next())
}

fn look(officer: &mut Officer, reference: &str, identity: &str, text: &str) -> (u16, String) {
    let path = format!("/console/requests/{reference}/look");
    let looked = officer.post(&path, &[("identifiers", text), ("identity", identity)]);
    let page = officer
        .get(&format!("/console/requests/{reference}"))
        .text();
    (
        looked.status,
        if looked.status == 303 {
            page
        } else {
            looked.text()
        },
    )
}

/// Scenario 5.
#[test]
fn a_patient_in_somebodys_prompt_learns_that_they_were_in_it_and_has_it_erased() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "own", "pseudonymise");
    keeps_fingerprints(&installation);
    let server = installation.serve();
    for _ in 0..2 {
        let text = format!("Schrijf een brief aan Sanne Bakker, {MAIL}, BSN {NUMBER}.");
        ask_the_model(&installation, &server, &text);
    }

    let mut officer = Officer::enter(&installation, &server);
    let request = letter(&mut officer, "access");
    let (status_code, _) = look(&mut officer, &request.0, "channel", MAIL);
    assert_eq!(status_code, 422, "not for who only wrote a letter");
    let (status_code, said) = look(&mut officer, &request.0, "human", "geen idee");
    assert_eq!(status_code, 422);
    assert!(said.contains("niets waarmee iemand te vinden is"), "{said}");
    let (status_code, page) = look(&mut officer, &request.0, "human", "piet@example.org");
    assert_eq!(status_code, 303);
    assert!(page.contains("in geen vraag"), "{page}");
    let (_, page) = look(
        &mut officer,
        &request.0,
        "human",
        "Sanne.Bakker@Example.org, bsn 1234 56 782",
    );
    assert!(page.contains("E-mailadres – De AI-poort"), "{page}");
    assert!(page.contains("Burgerservicenummer – De AI-poort"), "{page}");
    assert!(page.contains(": 2 keer van"), "{page}");
    assert!(
        !page.contains("Sanne.Bakker@"),
        "the identifier itself is not kept"
    );
    assert!(
        officer
            .get("/console/audit")
            .text()
            .contains("sightings.read")
    );

    let path = format!("/console/requests/{}", request.0);
    let decide = |officer: &mut Officer, path: &str| {
        let found = slices(&officer.get(path).text());
        let mut fields: Vec<(&str, &str)> = vec![("language", "nl")];
        for slice in &found {
            fields.extend([("about", slice.as_str()), ("verdict", "granted")]);
        }
        let decided = officer.post(&format!("{path}/decide"), &fields);
        assert_eq!(decided.status, 303, "{}", decided.text());
    };
    decide(&mut officer, &path);
    let answered = status(&server, &request);
    assert!(answered.contains("E-mailadres – De AI-poort"), "{answered}");
    assert!(!answered.contains("vonden niets over u"), "{answered}");
    let copy = server.client().post_form(
        &format!("/rights/{}/copy", request.0),
        &[("code", request.1.as_str()), ("form", "json")],
    );
    assert!(copy.text().contains("first_on"), "{}", copy.text());

    let request = letter(&mut officer, "erasure");
    look(
        &mut officer,
        &request.0,
        "human",
        &format!("{MAIL} en BSN {NUMBER}"),
    );
    decide(&mut officer, &format!("/console/requests/{}", request.0));
    let answered = status(&server, &request);
    assert!(answered.contains("Dat hebben wij gewist"), "{answered}");
    let request = letter(&mut officer, "access");
    let (_, page) = look(&mut officer, &request.0, "human", MAIL);
    assert!(page.contains("in geen vraag"), "{page}");

    server.stop();
    for (path, bytes) in installation.files() {
        for value in [MAIL, NUMBER, "Sanne Bakker"] {
            let is_there = bytes
                .windows(value.len())
                .any(|window| window == value.as_bytes());
            assert!(!is_there, "{value} in {}", path.display());
        }
    }
}

#[test]
fn where_the_register_says_nothing_of_fingerprints_none_are_kept() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "own", "pseudonymise");
    let server = installation.serve();
    ask_the_model(&installation, &server, &format!("Schrijf aan {MAIL}."));
    let mut officer = Officer::enter(&installation, &server);
    let request = letter(&mut officer, "access");
    let (_, page) = look(&mut officer, &request.0, "human", MAIL);
    assert!(page.contains("in geen vraag"), "{page}");
}

#[test]
fn an_application_may_ask_that_nothing_of_a_prompt_is_kept() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "own", "pseudonymise");
    keeps_fingerprints(&installation);
    let server = installation.serve();
    ask_with(&installation, &server, &format!("Schrijf {MAIL}."), "true");
    let number = format!("Schrijf over BSN {NUMBER}.");
    ask_with(&installation, &server, &number, "false");
    let mut officer = Officer::enter(&installation, &server);
    let request = letter(&mut officer, "access");
    let both = format!("{MAIL}, bsn {NUMBER}");
    let (_, page) = look(&mut officer, &request.0, "human", &both);
    assert!(page.contains("Burgerservicenummer – De AI-poort"), "{page}");
    assert!(!page.contains("E-mailadres – De AI-poort"), "{page}");
}
