//! The versions of the register: the notice of any day can be read again, and what is announced waits for its day.

use crate::{
    program::{Installation, eventually, out, run},
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

/// A purpose for questions that are there already.
const TRAINING: &str = "\n[purpose.study]\nlabel = { nl = \"onderzoek\", en = \"research\" }\ndpv = \"dpv:ResearchAndDevelopment\"\n\
    [[processing]]\nservice = \"chat\"\npurpose = \"study\"\ncategories = [\"user_content\"]\nbasis = \"public_task\"\nevidence = \"statute-task\"\n\
    [[retention]]\nservice = \"chat\"\ncategory = \"user_content\"\npurpose = \"study\"\nclaim = \"created + 30d\"\n\
    why = { nl = \"Zo lang duurt het.\", en = \"It takes that long.\" }\n";

#[test]
fn a_register_with_a_new_purpose_says_what_that_asks_and_that_older_data_stays_closed() {
    let installation = Installation::demo();
    let server = installation.serve();
    let statute = |source: &str| {
        let line = source.lines().find(|line| line.starts_with("[evidence."));
        line.unwrap()
            .trim_start_matches("[evidence.")
            .trim_end_matches(']')
            .to_owned()
    };
    let old = installation.path().join("old.toml");
    std::fs::copy(installation.path().join("register.toml"), &old).unwrap();
    installation.change_register(|source| {
        let evidence = statute(&source);
        source + &TRAINING.replace("statute-task", &evidence)
    });
    eventually("it is told", || {
        String::from_utf8_lossy(&server.said()).contains("does not open what was collected before")
    });
    let said = String::from_utf8_lossy(&server.said()).into_owned();
    assert!(said.contains("the register changes, new-purpose"), "{said}");
    assert!(said.contains("A second person approves it"), "{said}");

    let new = installation.path().join("register.toml");
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let diff = run(&["register", "diff", old, new, "--output", "json"]);
    assert_eq!(diff.status.code(), Some(1));
    let document: serde_json::Value = serde_json::from_str(&out(&diff)).unwrap();
    assert_eq!(document["class"], "new-purpose", "{document}");
    assert_eq!(document["procedure"]["old_data"], "closed");
    assert_eq!(document["procedure"]["second_approver"], true);
    let text = run(&["register", "diff", old, new]);
    assert!(
        out(&text).contains("Eerdere gegevens blijven dicht"),
        "{}",
        out(&text)
    );
}

#[test]
fn a_script_learns_from_the_exit_code_how_far_a_change_goes() {
    let installation = Installation::demo();
    let old = installation.path().join("register.toml");
    let new = installation.path().join("new.toml");
    let source = std::fs::read_to_string(&old).unwrap();
    std::fs::write(&new, reworded(&source, "Vraag het maar.")).unwrap();
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let code = |arguments: &[&str]| {
        let all = [&["register", "diff"], arguments].concat();
        run(&all).status.code()
    };

    assert_eq!(code(&[old, old]), Some(0));
    assert_eq!(code(&[old, new]), Some(1));
    assert_eq!(code(&[old, new, "--from", "material"]), Some(0));
    assert_eq!(code(&[old, "nowhere.toml"]), Some(2));
}
