//! The versions of the register: the notice of any day can be read again, and what is announced waits for its day.

use crate::{
    program::{Installation, eventually},
    upstream::{Script, Upstream},
};

/// The register with other words in the notice of the chat.
fn reworded(source: &str, words: &str) -> String {
    source.replacen("Stel uw vraag in gewone taal.", words, 1)
}

#[test]
fn the_notice_of_an_earlier_day_can_be_read_again() {
    let installation = Installation::demo();
    installation.set_clock("2027-01-10T12:00:00Z");
    let server = installation.serve();
    let mut reader = server.client();
    assert!(reader.get("/privacy").text().contains("Stel uw vraag"));

    installation.set_clock("2027-02-10T12:00:00Z");
    installation.change_register(|source| reworded(&source, "Vraag het maar."));
    eventually("the changed register is in force", || {
        server
            .client()
            .get("/privacy")
            .text()
            .contains("Vraag het maar.")
    });

    let now = reader.get("/privacy").text();
    assert!(!now.contains("Stel uw vraag"));
    assert!(
        now.contains("rel=\"prev\" href=\"/privacy?at=2027-02-09\""),
        "{now}"
    );
    let then = reader.get("/privacy?at=2027-02-09").text();
    assert!(then.contains("Stel uw vraag") && !then.contains("Vraag het maar."));
    assert!(then.contains("9 februari 2027") && then.contains("rel=\"next\""));
    let long_ago = reader.get("/privacy?at=2020-01-01").text();
    assert!(long_ago.contains("geen versie bewaard"), "{long_ago}");

    drop(server);
    let server = installation.serve();
    let then = server.client().get("/privacy?at=2027-02-09").text();
    assert!(then.contains("Stel uw vraag"), "it is kept over a restart");
}

#[test]
fn what_is_announced_can_be_read_and_waits_for_its_day() {
    let installation = Installation::demo();
    installation.set_clock("2027-01-10T12:00:00Z");
    let server = installation.serve();
    let mut reader = server.client();
    installation.change_register(|source| {
        let line = source
            .lines()
            .find(|line| line.starts_with("effective"))
            .unwrap();
        reworded(
            &source.replace(line, "effective = \"2027-03-01\""),
            "Vraag het maar.",
        )
    });
    eventually("it is announced", || {
        String::from_utf8_lossy(&server.said()).contains("takes effect on 2027-03-01")
    });

    let now = reader.get("/privacy").text();
    assert!(
        now.contains("Stel uw vraag") && now.contains("at=2027-03-01"),
        "{now}"
    );
    let announced = reader.get("/privacy?at=2027-03-01").text();
    assert!(announced.contains("Vraag het maar.") && announced.contains("is aangekondigd"));

    drop(server);
    let server = installation.serve();
    assert!(
        server
            .client()
            .get("/privacy")
            .text()
            .contains("Stel uw vraag")
    );
    installation.set_clock("2027-03-01T12:00:00Z");
    eventually("it is in force on its day", || {
        server
            .client()
            .get("/privacy")
            .text()
            .contains("Vraag het maar.")
    });
}

#[test]
fn what_is_announced_closes_a_recipient_at_once() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "outside-eu", "strict");
    installation.set_clock("2027-01-10T12:00:00Z");
    let server = installation.serve();
    let ask = serde_json::json!({ "model": "groot", "messages": [{ "role": "user", "content": "Hoe laat?" }] });
    let mut client = server.client().with_key(&installation.gateway_key);
    assert_eq!(client.post_json("/v1/chat/completions", &ask).status, 200);

    installation.change_register(|source| {
        let line = source
            .lines()
            .find(|line| line.starts_with("effective"))
            .unwrap();
        source
            .replace(line, "effective = \"2027-03-01\"")
            .replace("[evidence.dpa-model]", "[evidence.dpa-gone]")
    });
    eventually("it is closed", || {
        client.post_json("/v1/chat/completions", &ask).status == 403
    });
    assert_eq!(server.client().get("/rights").status, 200);
}
