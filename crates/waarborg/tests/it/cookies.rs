//! The cookie centre: nothing before a choice, a no without a number, a yes with its proof, and both hold at once.

use crate::http::Client;
use crate::program::{Installation, Server};

const OPTIONAL: &str = r#"
[cookie.waarborg_cookies]
class = "necessary"
max_age = "6months"
label = { nl = "Onthoudt uw keuze over cookies.", en = "Remembers your choice of cookies." }

[cookie.waarborg_language]
class = "functional"
max_age = "30d"
label = { nl = "Onthoudt uw taal.", en = "Remembers your language." }

[cookie.site_numbers]
class = "performance"
max_age = "session"
label = { nl = "Telt bezoeken.", en = "Counts visits." }
"#;

fn place() -> (Installation, Server) {
    let installation = Installation::demo();
    installation.change_register(|register| register + OPTIONAL + CONSENT);
    let server = installation.serve();
    (installation, server)
}

const CONSENT: &str = r#"
[purpose.analyse]

[category.visits]
label = { nl = "bezoeken", en = "visits" }
fields = ["page"]
source = "automatic"

[consent.counting]
version = "1"
text = { nl = "Wij tellen welke pagina's u bekijkt.", en = "We count which pages you look at." }

[[processing]]
service = "chat"
purpose = "analyse"
categories = ["visits"]
basis = "consent"
consent = "counting@1"

[[retention]]
service = "chat"
category = "visits"
purpose = "analyse"
claim = "created + 30d"
kind = "at_most"
action = "erase"
why = "Daarna zegt een telling niets meer."
"#;

fn names(client: &Client) -> Vec<&str> {
    client
        .cookies
        .iter()
        .map(|(name, _)| name.as_str())
        .collect()
}

fn kept<'c>(client: &'c Client, name: &str) -> Option<&'c str> {
    let found = client.cookies.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn refusing_takes_as_many_clicks_as_allowing_and_leaves_no_number() {
    let (installation, server) = place();
    let mut client = server.client();
    for path in ["/", "/privacy", "/cookies?lang=en", "/rights", "/consent"] {
        let page = client.get(path);
        assert!(page.header("set-cookie").is_none(), "{path}");
        assert!(!page.text().contains(" checked"), "{path}");
        assert!(page.text().contains("value=\"none\""), "{path}");
        assert!(page.text().contains("value=\"all\""), "{path}");
    }
    let refused = client.post_form(
        "/consent/cookies",
        &[("choice", "none"), ("back", "/rights")],
    );
    assert_eq!(
        (refused.status, refused.header("location")),
        (303, Some("/rights"))
    );
    let list = kept(&client, "waarborg_cookies").unwrap().to_owned();
    assert!(list.ends_with(".-") && list.len() == 10, "{list}");
    let page = client.get("/rights?lang=en");
    assert!(!page.text().contains("value=\"none\""), "it is asked once");
    assert_eq!(names(&client), ["waarborg_cookies"]);
    assert_eq!(client.get("/consent/receipt").status, 404);

    // Nothing is noted about who said no.
    let log = installation.command(&["audit", "export", "--output", "json"]);
    assert!(!String::from_utf8_lossy(&log.stdout).contains("consent.refused"));
    for back in [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere",
    ] {
        let answer = client.post_form("/consent/cookies", &[("choice", "none"), ("back", back)]);
        assert_eq!(answer.status, 400, "{back}");
    }
}

#[test]
fn a_yes_is_proved_and_a_withdrawal_holds_at_once() {
    let (_installation, server) = place();
    let mut client = server.client();
    client.post_form(
        "/consent/cookies",
        &[("choice", "own"), ("kind", "functional")],
    );
    let choice = kept(&client, "waarborg_cookies").unwrap().to_owned();
    assert!(choice.contains(".f."), "{choice}");

    let page = client.get("/?lang=en");
    let set = page.header("set-cookie").unwrap();
    assert!(
        set.starts_with("waarborg_language=en;") && set.contains("Max-Age=2592000"),
        "{set}"
    );
    assert!(client.get("/").text().contains("<html lang=\"en\""));
    let state = client.get("/cookies?format=json").json();
    assert_eq!(state["kinds"][0]["allowed"], true);
    assert_eq!(state["kinds"][1]["allowed"], false);

    let receipt = client.get("/consent/receipt").text();
    let said: serde_json::Value = serde_json::from_str(receipt.lines().nth(1).unwrap()).unwrap();
    assert_eq!(said["schema_version"], "ISO/IEC TS 27560:2023");
    assert_eq!(
        said["records"][0]["pii_processing"]["purpose"],
        "cookies_functional"
    );
    assert_eq!(said["records"][0]["events"][0]["event_state"], "given");
    assert_eq!(said["records"][1]["events"][0]["event_state"], "refused");
    assert!(
        receipt.lines().nth(3).unwrap().starts_with('\u{2014}'),
        "{receipt}"
    );

    let withdrawn = client.post_form("/consent/cookies", &[("choice", "none")]);
    assert_eq!(withdrawn.status, 303);
    assert_eq!(
        names(&client),
        ["waarborg_cookies"],
        "the language is gone at once"
    );
    assert!(client.get("/").text().contains("<html lang=\"nl\""));
    assert!(client.get("/?lang=en").header("set-cookie").is_none());

    // The proof of what was, survives its withdrawal.
    client.cookies = vec![("waarborg_cookies".into(), choice)];
    let receipt = client.get("/consent/receipt").text();
    assert!(
        receipt.contains("\"event_state\":\"given\"")
            && receipt.contains("\"event_state\":\"withdrawn\"")
    );
}

#[test]
fn who_is_known_has_the_choice_in_their_own_ledger() {
    let (_installation, server) = place();
    let crate::person::Person {
        mut client,
        form_token: token,
    } = crate::person::Person::come(&server);
    client.post_form(
        "/consent/cookies",
        &[("choice", "all"), ("form_token", &token)],
    );
    let choice = kept(&client, "waarborg_cookies").unwrap();
    let kinds = choice.split_once('.').unwrap().1;
    assert_eq!(kinds, "fp", "no number of its own");
    let own = client.get("/my-data").text();
    assert!(
        own.contains("cookies die uw keuzes onthouden: toestemming gegeven"),
        "{own}"
    );
    assert_eq!(
        client
            .post_form("/consent/cookies", &[("choice", "all")])
            .status,
        403
    );
}

#[test]
fn the_signal_of_the_browser_is_a_no_that_is_shown() {
    let (_installation, server) = place();
    let mut client = server.client();
    let page = client
        .send("GET", "/cookies", &[("sec-gpc", "1")], b"")
        .text();
    assert!(page.contains("Uw browser stuurt dit signaal nu mee"));
    assert!(page.contains("Uw browser zegt hier nee tegen"));
    let form = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-gpc", "1"),
    ];
    client.send("POST", "/consent/cookies", &form, b"choice=all");
    let choice = kept(&client, "waarborg_cookies").unwrap();
    assert!(
        choice.contains(".f."),
        "what measures was not taken along: {choice}"
    );
}

#[test]
fn another_list_of_cookies_asks_again_and_counts_for_nothing_before() {
    let (installation, server) = place();
    let mut client = server.client();
    client.post_form("/consent/cookies", &[("choice", "all")]);
    drop(server);
    installation.change_register(|register| {
        register.replace("max_age = \"30d\"\nlabel", "max_age = \"31d\"\nlabel")
    });
    let server = installation.serve();
    let mut client = client.at(server.address);
    assert!(client.get("/?lang=en").header("set-cookie").is_none());
    let page = client.get("/cookies").text();
    assert!(page.contains("De lijst met cookies is veranderd") && !page.contains(" checked"));
}
