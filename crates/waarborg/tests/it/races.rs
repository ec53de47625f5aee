//! Who objects or takes a consent back is left alone within a second, whatever runs meanwhile, and is told why.

use std::time::Duration;

use serde_json::json;

use crate::{
    mail,
    mail_server::MailServer,
    person::Person,
    program::{Installation, eventually},
    stops::{goes_on_for, goes_on_for_after, press},
    upstream::{Script, Upstream},
};

const BY_CONTRACT: &str = "basis = \"contract\"\nevidence = \"terms\"\nrecipients = [\"model\"]";

/// The chat stands on a legitimate interest from now on, so that one can object to it.
fn on_interest(installation: &Installation) {
    installation.change_register(|source| {
        let interest = "basis = \"legit\"\nevidence = \"lia-chat\"\nrecipients = [\"model\"]\n\
            interest = { nl = \"mensen helpen\", en = \"helping people\" }";
        let evidence = "[evidence.lia-chat]\nkind = \"lia\"\n\
            title = { nl = \"Belangenafweging\", en = \"Balancing test\" }\n\
            covers = [\"purpose\", \"necessity\", \"balance\"]";
        format!(
            "{}\n{evidence}\n",
            source.replacen(BY_CONTRACT, interest, 1)
        )
    });
}

/// The chat stands on consent from now on.
fn on_consent(installation: &Installation) {
    installation.change_register(|source| {
        let consent = "basis = \"consent\"\nconsent = \"chat@1\"\nrecipients = [\"model\"]";
        let text = "[consent.chat]\nversion = \"1\"\n\
            text = { nl = \"Ja, ik wil chatten.\", en = \"Yes, I want to chat.\" }";
        format!("{}\n{text}\n", source.replacen(BY_CONTRACT, consent, 1))
    });
}

/// What somebody does.
type Stop = fn(&mut Person);
/// What the register says more.
type Prepare = fn(&Installation);

#[test]
fn a_mail_job_leaves_out_who_restricts_while_it_runs() {
    leaves_out(false, |person| {
        assert_eq!(press(person, "/my-data/restrict", &[]), 200);
    });
}

#[test]
fn a_mail_job_leaves_out_who_objects_while_it_runs() {
    leaves_out(false, |person| {
        let fields = [("purpose", "newsletter")];
        assert_eq!(press(person, "/my-data/object", &fields), 200);
    });
}

#[test]
fn a_mail_job_leaves_out_who_withdraws_while_it_runs() {
    leaves_out(true, |person| {
        person.choose("newsletter", "withdraw");
    });
}

/// Mails that wait while the server hangs: who stops meanwhile gets none, whatever way they stop.
fn leaves_out(is_on_consent: bool, stop: Stop) {
    let go = tempfile::tempdir().unwrap();
    let go = go.path().join("go");
    let post = MailServer::start(&["--go", go.to_str().unwrap()]);
    let installation = mail::plain(&post);
    if is_on_consent {
        installation.change_register(|source| mail::newsletter_on_consent(&source));
    }
    let server = installation.serve();
    let mut to = Vec::new();
    let mut people = Vec::new();
    for address in ["hangt@example.nl", "hangt@example.org", "piet@example.nl"] {
        let mut person = Person::come(&server);
        if is_on_consent {
            person.choose("newsletter", "give");
        }
        to.push(format!("{address}, {}", person.number()));
        people.push(person);
    }
    let to: Vec<&str> = to.iter().map(String::as_str).collect();
    let job = mail::send(&installation, "newsletter", &to);
    assert_eq!(job["n_waiting"], 3, "{job}");
    eventually("the server hangs", || post.was_asked_for("hangt@"));
    // Which of the two goes first is a matter of luck; waiting for the other would be waiting until the first is given up.
    for person in people.iter_mut().take(2) {
        stop(person);
    }
    std::fs::write(&go, "").unwrap();
    eventually("the job ended", || {
        mail::status(&installation, &job)["n_waiting"] == 0
    });
    assert_eq!(post.taken_for(), ["piet@example.nl"]);
    assert_eq!(mail::status(&installation, &job)["n_held"], 2);
}

fn refused_as(person: &mut Person, kind: &str) {
    let refused = person.say("En nu?", "on");
    assert_eq!(refused.status, 403, "{}", refused.text());
    assert_eq!(refused.json()["type"], json!(kind));
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(!detail.is_empty());
    let preview = person.api("POST", "/api/v1/preview", &json!({"text": "En nu?"}));
    assert_eq!(
        (preview.status, &preview.json()["type"]),
        (403, &json!(kind))
    );
    let page = person.client.get("/");
    assert!(page.text().contains(&detail), "{}", page.text());
}

/// A model that says nothing must not keep what it was told.
#[test]
fn a_model_that_falls_silent_is_left_when_its_person_restricts_objects_or_withdraws() {
    let upstream = Upstream::start(Script::Silence("druppel ".to_owned()));
    let stops: [(Prepare, Stop, Stop); 3] = [
        (
            |_| (),
            |_| (),
            |person| assert_eq!(press(person, "/my-data/restrict", &[]), 200),
        ),
        (
            on_interest,
            |_| (),
            |person| {
                let fields = [("purpose", "answer_questions")];
                assert_eq!(press(person, "/my-data/object", &fields), 200);
            },
        ),
        (
            on_consent,
            |person| person.choose("answer_questions", "give"),
            |person| person.choose("answer_questions", "withdraw"),
        ),
    ];
    for (prepare, first, stop) in stops {
        let installation = Installation::with_upstream(&upstream, "own", "strict");
        prepare(&installation);
        let server = installation.serve();
        // That this comes to an end at all says it: the model would be silent for ten minutes.
        let went_on = goes_on_for_after(first, stop, &upstream, &server);
        assert!(went_on < Duration::from_secs(1), "{went_on:?}");
    }
}

#[test]
fn who_objects_while_an_answer_runs_is_left_alone_within_a_second_and_told_why() {
    let upstream = Upstream::start(Script::Drip("druppel ".to_owned(), 600));
    let installation = Installation::with_upstream(&upstream, "own", "strict");
    on_interest(&installation);
    let server = installation.serve();
    let mut objector = None;
    let went_on = goes_on_for(
        |person| {
            let fields = [("purpose", "answer_questions")];
            assert_eq!(press(person, "/my-data/object", &fields), 200);
            objector = Some(Person {
                client: person.client.clone(),
                form_token: person.form_token.clone(),
            });
        },
        &upstream,
        &server,
    );
    assert!(went_on < Duration::from_secs(1), "{went_on:?}");

    let asked = upstream.bodies().len();
    let mut person = objector.unwrap();
    refused_as(&mut person, "urn:waarborg:objected");
    assert_eq!(upstream.bodies().len(), asked, "nothing left any more");
}

#[test]
fn who_withdraws_while_an_answer_runs_is_left_alone_within_a_second_and_told_why() {
    let upstream = Upstream::start(Script::Drip("druppel ".to_owned(), 600));
    let installation = Installation::with_upstream(&upstream, "own", "strict");
    on_consent(&installation);
    let server = installation.serve();

    let mut without = Person::come(&server);
    refused_as(&mut without, "urn:waarborg:no-consent");
    assert!(upstream.bodies().is_empty());

    let mut withdrew = None;
    let went_on = goes_on_for_after(
        |person| person.choose("answer_questions", "give"),
        |person| {
            person.choose("answer_questions", "withdraw");
            withdrew = Some(Person {
                client: person.client.clone(),
                form_token: person.form_token.clone(),
            });
        },
        &upstream,
        &server,
    );
    assert!(went_on < Duration::from_secs(1), "{went_on:?}");

    let asked = upstream.bodies().len();
    let mut person = withdrew.unwrap();
    refused_as(&mut person, "urn:waarborg:no-consent");
    assert_eq!(upstream.bodies().len(), asked, "nothing left any more");
}
