//! What the register changes in the policy holds behind the gateway and in the chat, with its reason, and opens nothing grave.

use serde_json::{Value, json};

use crate::{
    program::{Installation, eventually, run},
    upstream::{Script, Upstream},
};

const PLATE: &str = "De auto met kenteken 12-ABC-3 staat hier al weken.";
const MAIL: &str = "Schrijf een antwoord aan sanne.dewit@example.org over de levering.";

fn ask(text: &str) -> Value {
    json!({ "model": "groot", "messages": [{ "role": "user", "content": text }] })
}

fn change(kind: &str, destination: &str, verdict: &str) -> String {
    format!(
        "\n[[policy.override]]\nkind = \"{kind}\"\ndestination = \"{destination}\"\nverdict = \"{verdict}\"\n\
         why = {{ nl = \"afgesproken met de ondernemingsraad\", en = \"agreed with the works council\" }}\n"
    )
}

#[test]
fn a_change_of_the_matrix_holds_at_once_in_both_directions_and_says_why() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "outside-eu", "strict");
    let server = installation.serve();
    let mut client = server.client().with_key(&installation.gateway_key);
    assert_eq!(
        client.post_json("/v1/chat/completions", &ask(MAIL)).status,
        200
    );
    assert!(!upstream.bodies().concat().contains("sanne.dewit"));

    installation.change_register(|source| {
        source
            + &change("EMAIL", "outside-eu", "block")
            + &change("LICENCE_PLATE", "outside-eu", "allow")
    });
    eventually("the address stays inside", || {
        client.post_json("/v1/chat/completions", &ask(MAIL)).status == 422
    });

    let refused = client.send(
        "POST",
        "/v1/chat/completions",
        &[
            ("content-type", "application/json"),
            ("accept-language", "en"),
        ],
        ask(MAIL).to_string().as_bytes(),
    );
    let error = &refused.json()["error"];
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("agreed with the works council"),
        "{error}"
    );
    assert_eq!(
        error["waarborg"]["changed_by"][0]["rule"],
        "policy:EMAIL/outside-eu"
    );
    assert_eq!(
        client.post_json("/v1/chat/completions", &ask(PLATE)).status,
        200
    );
    assert!(upstream.bodies().last().unwrap().contains("12-ABC-3"));

    let preview = client.post_json("/v1/guard/preview", &json!({ "text": PLATE }));
    let preview = preview.json();
    let plate = &preview["findings"][0];
    assert_eq!(plate["verdict"], "allow", "{preview}");
    assert_eq!(
        plate["changed_by"]["rule"],
        "policy:LICENCE_PLATE/outside-eu"
    );
    assert_eq!(
        plate["changed_by"]["why"]["nl"],
        "afgesproken met de ondernemingsraad"
    );
}

#[test]
fn a_header_that_asks_for_a_stricter_policy_loses_nothing_that_the_register_adds() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "pseudonymise");
    installation.change_register(|source| source + &change("EMAIL", "eu", "block"));
    let server = installation.serve();
    let mut client = server.client().with_key(&installation.gateway_key);

    let answer = client.send(
        "POST",
        "/v1/chat/completions",
        &[
            ("content-type", "application/json"),
            ("x-waarborg-policy", "strict"),
        ],
        ask(MAIL).to_string().as_bytes(),
    );

    assert_eq!(answer.status, 422, "{}", answer.text());
}

#[test]
fn a_change_that_would_open_grave_data_is_refused_with_its_line_and_the_program_goes_on() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    let server = installation.serve();
    let mut client = server.client().with_key(&installation.gateway_key);
    let with_number = ask("Mijn burgerservicenummer is 123456782.");
    assert_eq!(
        client
            .post_json("/v1/chat/completions", &with_number)
            .status,
        422
    );

    for (kind, verdict) in [
        ("BSN", "allow"),
        ("HEALTH", "warn"),
        ("API_KEY", "redact"),
        ("bulk-list", "second-person"),
    ] {
        let before = std::fs::read_to_string(installation.path().join("register.toml")).unwrap();
        installation.change_register(|source| source + &change(kind, "eu", verdict));
        let checked = run(&["check", "--dir", installation.path().to_str().unwrap()]);
        assert_eq!(checked.status.code(), Some(1));
        let said = String::from_utf8_lossy(&checked.stdout).into_owned()
            + &String::from_utf8_lossy(&checked.stderr);
        assert!(
            said.contains("policy-too-mild") && said.contains(kind),
            "{said}"
        );
        std::fs::write(installation.path().join("register.toml"), before).unwrap();
    }
    assert_eq!(
        client
            .post_json("/v1/chat/completions", &with_number)
            .status,
        422
    );
}
