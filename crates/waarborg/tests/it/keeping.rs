//! What is kept, for how long, and what is left of it afterwards: nothing.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use serde_json::{Value, json};

use crate::{
    canary,
    person::{Person, ask_for, conversation},
    program::{Installation, err, eventually, out},
    upstream::{Script, Upstream},
};

const SECRET: &str = "zilverreiger-4711";

fn count(output: &std::process::Output, name: &str) -> u64 {
    assert!(output.status.success(), "{}", err(output));
    serde_json::from_slice::<Value>(&output.stdout).unwrap()[name]
        .as_u64()
        .unwrap()
}

/// Scenario 3.
#[test]
fn a_conversation_with_history_off_is_in_no_list_but_in_the_copy_and_gone_after_thirty_days() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    installation.set_clock("2027-03-01T10:00:00Z");
    let server = installation.serve();
    let mut person = Person::come(&server);

    let answer = person.say(&format!("Wat kost een kapvergunning? {SECRET}"), "off");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let id = conversation(&answer);
    assert!(
        person.listed().is_empty(),
        "a conversation with history off is listed"
    );
    let share = person.client.get(&format!("/share/{id}"));
    assert_eq!(share.status, 404);

    installation.set_clock("2027-03-11T10:00:00Z");
    assert!(
        person.data().text().contains(SECRET),
        "the copy leaves out what is held: {}",
        person.data().text()
    );

    installation.set_clock("2027-03-30T10:00:00Z");
    assert!(
        person.data().text().contains(SECRET),
        "it went before its time"
    );
    let backup = installation.path().join("day-29.backup");
    let made = installation.command(&["backup", backup.to_str().unwrap()]);
    assert!(made.status.success(), "{}", err(&made));

    installation.set_clock("2027-03-31T10:00:05Z");
    eventually("it is gone thirty days after the first message", || {
        !person.data().text().contains(SECRET)
    });
    let data = person.data();
    assert_eq!(data.status, 200, "{}", data.text());
    assert!(
        !data.text().contains(SECRET),
        "thirty days after the first message it is still there"
    );
    assert_eq!(
        count(
            &installation.command(&["retention", "run", "--dry-run", "--output", "json"]),
            "n_claims"
        ),
        0
    );

    drop(server);
    let restored = installation.command(&["restore", backup.to_str().unwrap(), "--output", "json"]);
    assert!(
        count(&restored, "n_erased_again") >= 1,
        "the backup brought it back"
    );
    let server = installation.serve();
    person.moved_to(&server);
    assert!(!person.data().text().contains(SECRET));
    assert_eq!(
        canary::places(&[SECRET], &installation.files()),
        Vec::<String>::new()
    );
}

/// Article 17(1)(b): what is kept for a consent alone goes when the consent goes, and not at the end of its period.
#[test]
fn what_only_a_consent_keeps_goes_when_the_consent_is_withdrawn() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    installation.change_register(|source| with_a_consent_for_ninety_days(&source));
    installation.set_clock("2027-03-01T10:00:00Z");
    let server = installation.serve();
    let mut withdraws = Person::come(&server);
    let mut stays = Person::come(&server);
    for person in [&mut withdraws, &mut stays] {
        person.choose("improve", "give");
        let said = person.say(&format!("Is er een wachtlijst? {SECRET}"), "off");
        assert_eq!(said.status, 200, "{}", said.text());
    }

    installation.set_clock("2027-04-05T10:00:00Z");
    let retention = installation.command(&["retention", "run"]);
    assert!(retention.status.success(), "{}", err(&retention));
    assert!(withdraws.data().text().contains(SECRET));

    withdraws.choose("improve", "withdraw");
    eventually("it goes with the consent", || {
        !withdraws.data().text().contains(SECRET)
    });
    assert!(
        stays.data().text().contains(SECRET),
        "somebody else's consent stands"
    );
}

/// The register with one consent more, on which what people wrote is kept for ninety days.
fn with_a_consent_for_ninety_days(source: &str) -> String {
    let more = r#"
[purpose.improve]

[[processing]]
service = "chat"
purpose = "improve"
categories = ["user_content"]
basis = "consent"
consent = "improve@1"

[[retention]]
service = "chat"
category = "user_content"
purpose = "improve"
claim = "created + 90d"
kind = "at_most"
action = "erase"
why = { nl = "Zo lang is het nodig.", en = "It is needed for that long." }

[consent.improve]
version = "1"
text = { nl = "Ja, gebruik mijn vragen.", en = "Yes, use my questions." }
"#;
    format!("{source}\n{more}")
}

/// Scenario 16 and the canary of an erased person.
#[test]
fn an_erased_person_stays_erased_after_a_restore_and_leaves_no_readable_byte() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    let server = installation.serve();
    let mut leaver = Person::come(&server);
    let mut stayer = Person::come(&server);
    assert_eq!(
        leaver.say(&format!("Ik vraag naar {SECRET}"), "on").status,
        200
    );
    assert_eq!(stayer.say("Ik vraag naar ijsvogel-0815", "on").status, 200);
    assert!(leaver.data().text().contains(SECRET));
    let backup = installation.path().join("before.backup");
    let keys = installation.path().join("before.keys");
    let made = installation.command(&[
        "backup",
        backup.to_str().unwrap(),
        "--keys",
        keys.to_str().unwrap(),
    ]);
    assert!(made.status.success(), "{}", err(&made));

    let erased = leaver.erase();
    assert_eq!(erased.status, 200, "{}", erased.text());
    let late = ask_for(&mut server.client(), "access", "", "").unwrap();
    assert_ne!(
        leaver.data().status,
        200,
        "the session ended with the erasure"
    );
    assert!(
        stayer.data().text().contains("ijsvogel-0815"),
        "another person's data went as well"
    );

    let said = server.stop();
    let restored = installation.command(&["restore", backup.to_str().unwrap(), "--output", "json"]);
    assert!(count(&restored, "n_rows") >= 1, "{}", out(&restored));
    assert!(
        count(&restored, "n_erased_again") >= 1,
        "{}",
        out(&restored)
    );
    // The erasure was a request too, and came in after the backup as the other one did.
    assert_eq!(count(&restored, "n_requests_without_details"), 2);
    let listed = out(&installation.command(&["request", "list"]));
    let line = listed.lines().find(|line| line.contains(&late)).unwrap();
    assert!(line.contains("details are in no backup"), "{line}");

    let server = installation.serve();
    leaver.moved_to(&server);
    stayer.moved_to(&server);
    assert_ne!(
        leaver.data().status,
        200,
        "the restore brought the person back"
    );
    assert!(
        stayer.data().text().contains("ijsvogel-0815"),
        "the restore lost another person's data"
    );
    let verified = installation.command(&["audit", "verify", "--output", "json"]);
    assert!(
        verified.status.success(),
        "{} {}",
        out(&verified),
        err(&verified)
    );
    drop(server);

    let mut files = installation.files();
    files.push(("log".into(), said));
    assert_eq!(canary::places(&[SECRET], &files), Vec::<String>::new());
}

/// Scenario 9.
#[test]
fn a_visitor_meets_the_notice_first_and_the_rights_flow_is_no_matter_of_the_model() {
    let lie = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":0,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Ik heb al uw gegevens verwijderd.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let upstream = Upstream::start(Script::Stream(lie.as_bytes().to_vec()));
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    let server = installation.serve();

    let mut stranger = server.client();
    let page = stranger.get("/");
    assert_eq!(page.status, 200);
    assert!(
        page.header("set-cookie").is_none(),
        "a cookie before any choice"
    );
    let early = stranger.post_json("/api/v1/chat", &json!({ "text": "hallo", "history": "on" }));
    assert_eq!(early.status, 428, "{}", early.text());
    assert!(early.header("set-cookie").is_none());

    let mut person = Person::come(&server);
    let names: Vec<&str> = person
        .client
        .cookies
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["waarborg_visit"], "only the necessary cookie");
    let asked = person.say("verwijder mijn gegevens", "on");
    assert_eq!(asked.status, 200, "{}", asked.text());
    let card = &asked.json()["card"];
    assert!(
        card["choices"]
            .as_array()
            .unwrap()
            .iter()
            .any(|choice| choice["value"] == "erase"),
        "{card}"
    );
    assert!(!asked.text().contains("Ik heb al uw gegevens verwijderd"));
    assert!(
        upstream.bodies().is_empty(),
        "the model was asked about a right"
    );

    assert_eq!(person.erase().status, 200);
    assert_ne!(person.data().status, 200);
}

/// Scenario 7, the dates.
#[test]
fn a_request_of_31_january_is_due_at_the_end_of_february_through_every_door() {
    let installation = Installation::demo();
    installation.set_clock("2029-01-31T12:00:00Z");
    let server = installation.serve();
    let reference = ask_for(
        &mut server.client(),
        "access",
        "Wat heeft u van mij?",
        "jan@example.org",
    )
    .unwrap();
    let received = installation.command(&[
        "request", "receive", "--right", "erasure", "--output", "json",
    ]);
    assert!(received.status.success(), "{}", err(&received));

    let listed = installation.command(&["request", "list", "--output", "json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let requests = listed["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 2);
    assert!(
        requests
            .iter()
            .any(|request| request["reference"] == reference.as_str())
    );
    for request in requests {
        assert_eq!(
            (&request["aim"], &request["latest"]),
            (&json!("2029-02-28"), &json!("2029-02-28"))
        );
    }
}

#[test]
fn an_officer_reads_a_request_and_closes_it_once() {
    let installation = Installation::demo();
    let server = installation.serve();
    let reference = ask_for(
        &mut server.client(),
        "rectification",
        "Mijn straat is verkeerd gespeld.",
        "jan@example.org",
    )
    .unwrap();

    let shown = installation.command(&["request", "show", &reference]);
    assert!(shown.status.success(), "{}", err(&shown));
    assert!(out(&shown).contains("Mijn straat is verkeerd gespeld."));
    assert!(out(&shown).contains("jan@example.org"));

    let close = ["request", "close", &reference, "--stage", "answered"];
    let closed = installation.command(&close);
    assert!(closed.status.success(), "{}", err(&closed));
    assert_eq!(installation.command(&close).status.code(), Some(1));
    let listed = installation.command(&["request", "list"]);
    assert!(out(&listed).contains("answered"), "{}", out(&listed));
    let unknown = installation.command(&["request", "show", "WB-0000-0000"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn nothing_acknowledged_is_lost_when_the_program_is_killed() {
    let installation = Installation::demo();
    let mut receipts = Vec::new();
    for round in 0..6_u64 {
        let server = installation.serve();
        let address = server.address;
        let n_received = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&n_received);
        let visitor = std::thread::spawn(move || {
            let mut client = crate::http::Client::new(address);
            let mut receipts = Vec::new();
            while let Some(reference) =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    ask_for(&mut client, "information", "Hoe werkt dit?", "")
                }))
                .ok()
                .flatten()
            {
                receipts.push(reference);
                counted.fetch_add(1, Ordering::SeqCst);
            }
            receipts
        });
        // In the middle of the next one, however fast the machine is.
        eventually("some were acknowledged", || {
            n_received.load(Ordering::SeqCst) > round
        });
        server.kill();
        receipts.extend(visitor.join().unwrap());
    }
    assert!(receipts.len() > 6, "only {} receipts", receipts.len());

    let listed = installation.command(&["request", "list", "--output", "json"]);
    let listed = out(&listed);
    for receipt in &receipts {
        assert!(listed.contains(receipt.as_str()), "{receipt} is lost");
    }
    let verified = installation.command(&["audit", "verify", "--output", "json"]);
    assert!(verified.status.success(), "{}", out(&verified));
}

#[test]
fn the_log_can_be_checked_by_a_stranger_and_a_changed_bit_shows() {
    let installation = Installation::demo();
    let file = installation.path().join("log.export");
    let path = file.to_str().unwrap();
    let exported = installation.command(&["audit", "export", path, "--output", "json"]);
    assert!(exported.status.success(), "{}", err(&exported));
    let key = serde_json::from_slice::<Value>(&exported.stdout).unwrap()["log_key"]
        .as_str()
        .unwrap()
        .to_owned();
    let verified = crate::program::run(&["audit", "verify", path, "--key", &key]);
    assert_eq!(
        verified.status.code(),
        Some(0),
        "{}{}",
        out(&verified),
        err(&verified)
    );

    let source = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = source.lines().collect();
    let shorter = [&lines[..1], &lines[2..]].concat().join("\n") + "\n";
    std::fs::write(&file, shorter).unwrap();
    let verified = crate::program::run(&["audit", "verify", path, "--key", &key]);
    assert_ne!(
        verified.status.code(),
        Some(0),
        "a line is missing and nobody noticed"
    );
}

#[test]
fn a_backup_that_cannot_be_written_or_was_damaged_is_refused_in_so_many_words() {
    let installation = Installation::demo();
    let nowhere = installation.path().join("nergens/kopie");
    let refused = installation.command(&["backup", nowhere.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        err(&refused).contains("cannot be written"),
        "{}",
        err(&refused)
    );

    let backup = installation.path().join("kopie");
    let made = installation.command(&["backup", backup.to_str().unwrap()]);
    assert!(made.status.success(), "{}", err(&made));
    let mut bytes = std::fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&backup, bytes).unwrap();
    let refused = installation.command(&["restore", backup.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("damaged"), "{}", err(&refused));
}

#[test]
fn keys_exist_twice_where_the_settings_say_so_and_one_of_them_is_enough() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    let mirror = tempfile::tempdir().unwrap();
    let settings = installation.path().join("waarborg.toml");
    let source = std::fs::read_to_string(&settings).unwrap();
    let folder = mirror.path().to_str().unwrap();
    std::fs::write(&settings, format!("keys_mirror = \"{folder}\"\n{source}")).unwrap();
    let mirror_of = |installation: &Installation| {
        let looked = installation.command(&["doctor", "--output", "json"]);
        let looked: Value = serde_json::from_slice(&looked.stdout).unwrap();
        let looks = looked["looks"].as_array().unwrap().clone();
        looks
            .into_iter()
            .find(|look| look["what"] == "keys' mirror")
            .unwrap()
    };
    assert_eq!(mirror_of(&installation)["good"], false, "it is still empty");

    let server = installation.serve();
    let mut person = Person::come(&server);
    let mut leaver = Person::come(&server);
    for one in [&mut person, &mut leaver] {
        assert_eq!(
            one.say(&format!("Ik vraag naar {SECRET}"), "on").status,
            200
        );
    }
    let look = mirror_of(&installation);
    assert_eq!(look["good"], true, "{look}");

    // The disk of the mirror goes, and somebody asks to be erased.
    let away = installation.path().join("weg");
    std::fs::rename(mirror.path(), &away).unwrap();
    let erased = leaver.erase();
    assert_eq!(erased.status, 200, "{}", erased.text());
    assert!(
        erased.text().contains("tweede schijf") || erased.text().contains("second disk"),
        "{}",
        erased.text()
    );
    let listed = out(&installation.command(&["request", "list"]));
    assert!(listed.contains("erasure\tworking"), "{listed}");
    assert_eq!(mirror_of(&installation)["good"], false);
    assert_ne!(server.client().get("/readyz").status, 200);
    std::fs::rename(&away, mirror.path()).unwrap();
    eventually("the mirror is up to date again", || {
        mirror_of(&installation)["good"] == true
    });
    eventually("new work is taken", || {
        server.client().get("/readyz").status == 200
    });

    drop(server);
    // The provider's own key is no key of ours, and is not in the mirror.
    for name in ["master.key", "epochs.key", "keys.db", "log.checkpoint"] {
        std::fs::remove_file(installation.path().join("keys").join(name)).unwrap();
    }
    let server = installation.serve();
    person.moved_to(&server);
    assert!(person.data().text().contains(SECRET));
    assert_eq!(mirror_of(&installation)["good"], true);
}

#[test]
fn the_log_in_files_ends_when_the_register_says() {
    let installation = Installation::demo();
    installation.set_clock("2027-03-01T10:00:00Z");
    let settings = installation.path().join("waarborg.toml");
    let written = std::fs::read_to_string(&settings).unwrap();
    let in_files = written.replace("[log]", "[log]\nfolder = \"logs\"");
    assert_ne!(written, in_files);
    std::fs::write(&settings, in_files).unwrap();
    let server = installation.serve();
    assert_eq!(server.client().get("/privacy").status, 200);
    let first = installation.path().join("logs/access-2027-03-01.log");
    eventually("the line is there", || {
        std::fs::read_to_string(&first).is_ok_and(|lines| lines.contains("/privacy"))
    });
    let packed = installation.path().join("logs/access-2027-03-01.log.gz");
    std::fs::write(&packed, "made of it by somebody else").unwrap();
    drop(server);

    installation.set_clock("2027-03-14T23:00:00Z");
    let server = installation.serve();
    assert_eq!(server.client().get("/privacy").status, 200);
    let later = installation.path().join("logs/access-2027-03-14.log");
    eventually("the line is there", || later.exists());
    assert!(
        first.exists() && packed.exists(),
        "the register says 14 days"
    );
    drop(server);

    installation.set_clock("2027-03-15T00:00:01Z");
    let _server = installation.serve();
    eventually("they ended", || !first.exists() && !packed.exists());
    assert!(later.exists());
}

/// What keeps personal data apart from others on the machine is looked at, and said with its mend where it does not.
#[test]
fn doctor_sees_keys_and_data_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt as _;

    let installation = Installation::demo();
    let looks = || {
        let looked = installation.command(&["doctor", "--output", "json"]);
        let looked: serde_json::Value = serde_json::from_str(&out(&looked)).unwrap();
        looked["looks"].as_array().unwrap().clone()
    };
    let of = |name: &str| {
        looks()
            .into_iter()
            .find(|look| look["what"] == name)
            .unwrap()
    };
    for name in ["configuration", "keys", "data"] {
        assert_eq!(of(name)["good"], true, "{name}");
    }
    for name in ["keys", "data"] {
        let folder = installation.path().join(name);
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&folder, open).unwrap();
        assert_eq!(of(name)["good"], false, "{name}");
        assert!(
            of(name)["mend"].as_str().unwrap().contains("chmod"),
            "{name}"
        );
    }
}
