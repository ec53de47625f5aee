//! The live page of the console: what an application asks is counted there, and nothing of it is shown.

use serde_json::json;

use crate::{
    http::Client,
    program::{Installation, Server, out},
    upstream::{Script, Upstream},
};

fn ask(application: &mut Client, text: &str) -> u16 {
    let body = json!({ "model": "groot", "messages": [{ "role": "user", "content": text }] });
    application.post_json("/v1/chat/completions", &body).status
}

fn officer(installation: &Installation, server: &Server) -> Client {
    let mut officer = server.client();
    let secret = installation.console_link.split("link=").nth(1).unwrap();
    let entered = officer.post_form("/console/enter", &[("link", secret)]);
    assert_eq!(entered.status, 303);
    officer
}

/// The number under a heading of the page.
fn figure(page: &str, heading: &str) -> u64 {
    let after = page.split(&format!("<dt>{heading}</dt><dd>")).nth(1);
    let after = after.unwrap_or_else(|| panic!("{heading}: {page}"));
    after.split('<').next().unwrap().parse().unwrap()
}

/// The number in the row of a table.
fn row(page: &str, of: &str) -> u64 {
    let after = page.split(&format!("<td>{of}</td><td>")).nth(1);
    after.map_or(0, |after| after.split('<').next().unwrap().parse().unwrap())
}

#[test]
fn what_an_application_asks_is_counted_on_the_live_page_and_nothing_of_it_shown() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "pseudonymise");
    let server = installation.serve();
    let mut officer = officer(&installation, &server);
    let before = officer.get("/console/live");
    assert_eq!(before.status, 200);
    let before = before.text();
    assert!(before.contains("<dd>nog niet bekend</dd>"), "{before}");
    assert_eq!(figure(&before, "Beantwoorde verzoeken"), 0);
    assert_eq!(figure(&before, "Verzoeken die op antwoord wachten"), 0);

    let mut application = server.client().with_key(&installation.gateway_key);
    let said = "Ik ben Sanne de Wit, mijn mail is sanne.dewit@example.org.";
    assert_eq!(ask(&mut application, said), 200);
    assert_eq!(ask(&mut application, "Wat is een register?"), 200);
    assert_eq!(application.get("/v1/niets").status, 404);

    let page = officer.get("/console/live").text();
    // The pages that the officer looked at are not among them.
    assert_eq!(figure(&page, "Beantwoorde verzoeken"), 3);
    assert_eq!(figure(&page, "Beantwoord in de laatste vijf minuten"), 3);
    assert_eq!(figure(&page, "Op persoonsgegevens bekeken"), 2);
    assert_eq!(figure(&page, "Tegengehouden"), 0);
    assert_eq!(row(&page, "Gaat mee met vervangende namen en nummers"), 1);
    assert_eq!(row(&page, "Gaat ongewijzigd mee"), 1);
    assert_eq!(row(&page, "E-mailadres"), 1);
    assert_eq!(row(&page, "Naam"), 1);
    assert_eq!((row(&page, "200"), row(&page, "404")), (2, 1));
    assert_eq!(row(&page, "werkt"), 2, "the recipient was asked twice");
    assert!(figure(&page, "Tokens") > 0);
    assert!(page.contains("<dt>Kosten in centen</dt><dd>geen prijs ingesteld</dd>"));
    assert!(!page.contains("Sanne") && !page.contains("example.org"));
}

#[test]
fn what_is_stopped_is_counted_as_stopped_and_what_costs_money_has_a_price() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "outside-eu", "strict");
    let settings = installation.path().join("waarborg.toml");
    // What comes last there are the settings of the provider.
    let mut written = std::fs::read_to_string(&settings).unwrap();
    written.push_str("input_cents_per_million = 10000\noutput_cents_per_million = 10000\n");
    std::fs::write(&settings, written).unwrap();
    let server = installation.serve();
    let mut application = server.client().with_key(&installation.gateway_key);
    assert_eq!(ask(&mut application, "Mijn bsn is 111222333."), 422);
    assert_eq!(ask(&mut application, "Wat is een register?"), 200);

    let page = officer(&installation, &server).get("/console/live").text();
    assert_eq!(figure(&page, "Tegengehouden"), 1, "{page}");
    assert_eq!(figure(&page, "Daarvan tegengehouden"), 1);
    assert_eq!(row(&page, "Mag niet mee"), 1);
    assert_eq!(row(&page, "Burgerservicenummer"), 1);
    let cost = page.split("<dt>Kosten in centen</dt><dd>").nth(1).unwrap();
    let cost = cost.split('<').next().unwrap();
    assert!(cost.contains(',') && cost != "0,00", "{cost}");
    assert!(!page.contains("geen prijs ingesteld"));
}

const WARNS: &str = r#"
[[policy.override]]
kind = "EMAIL"
destination = "eu"
verdict = "warn"
why = { nl = "let op", en = "mind" }
"#;

#[test]
fn a_recipient_that_fails_after_a_yes_is_no_request_that_was_stopped() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "pseudonymise");
    installation.change_register(|source| source + WARNS);
    let server = installation.serve();
    let issued = installation.command(&["keys", "issue", "--may-confirm", "--output", "json"]);
    let issued: serde_json::Value = serde_json::from_str(&out(&issued)).unwrap();
    let key = issued["gateway_key"].as_str().unwrap();
    let mut application = server.client().with_key(key);
    let body = json!({ "model": "groot", "messages": [{ "role": "user", "content": "Mail sanne.dewit@example.org." }] });
    let refused = application.post_json("/v1/chat/completions", &body);
    assert_eq!(refused.status, 422, "{}", refused.text());
    let confirm = refused.json()["error"]["waarborg"]["confirm"].clone();
    let headers = [
        ("content-type", "application/json"),
        ("x-waarborg-confirm", confirm.as_str().unwrap()),
    ];
    // What comes back is no answer; it is seen only when its values are put back.
    upstream.play(Script::Status(200, r#"{"iets":"anders"}"#.to_owned()));
    let written = body.to_string();
    let failed = application.send("POST", "/v1/chat/completions", &headers, written.as_bytes());
    assert_eq!(failed.status, 502, "{}", failed.text());
    assert_eq!(failed.header("x-waarborg-verdict"), Some("warn"));

    let page = officer(&installation, &server).get("/console/live").text();
    assert_eq!(figure(&page, "Beantwoorde verzoeken"), 2);
    assert_eq!(figure(&page, "Tegengehouden"), 1, "{page}");
    assert_eq!(figure(&page, "Daarvan tegengehouden"), 1);
    assert_eq!((row(&page, "422"), row(&page, "502")), (1, 1));
}
