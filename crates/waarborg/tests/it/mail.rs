//! Outgoing mail through a real SMTP server: each mail passes the gate when its turn comes, and not before.

use serde_json::Value;

use crate::{
    mail_server::{Certificate, MailServer, field, read},
    person::Person,
    program::{Installation, Server, err, eventually, out},
};

/// What the register of an organisation that sends mail says more than that of one that does not.
const REGISTER: &str = r#"
[category.mail_address]
label = { nl = "Uw e-mailadres", en = "your e-mail address" }
fields = ["mail", "message"]
source = "person"

[purpose.newsletter]
[purpose.provide]

[[processing]]
service = "chat"
purpose = "newsletter"
categories = ["mail_address"]
basis = "legit"
interest = { nl = "Klanten vertellen wat nieuw is.", en = "Telling customers what is new." }
evidence = "lia-news"
recipients = ["mail_server"]

[[processing]]
service = "chat"
purpose = "provide"
categories = ["mail_address"]
basis = "contract"
evidence = "terms"
recipients = ["mail_server"]

[[retention]]
service = "chat"
category = "mail_address"
purpose = "newsletter"
claim = "created + 7d"
kind = "at_most"
action = "erase"
why = { nl = "Zo lang is het nodig.", en = "It is needed for that long." }

[[retention]]
service = "chat"
category = "mail_address"
purpose = "provide"
claim = "created + 7d"
kind = "at_most"
action = "erase"
why = { nl = "Zo lang is het nodig.", en = "It is needed for that long." }

[evidence.lia-news]
kind = "lia"
title = { nl = "Belangenafweging nieuwsbrief", en = "Balancing test newsletter" }
covers = ["purpose", "necessity", "balance"]
date = "2026-01-01"

[message.newsletter]
class = "marketing"
service = "chat"
purpose = "newsletter"
category = "mail_address"

[message.order]
class = "service"
service = "chat"
purpose = "provide"
category = "mail_address"

[recipient.mail_server]
label = { nl = "de mailserver", en = "the mail server" }
kind = "internal"
country = "NL"
destination = "own"
stores_input = false
trains = false
base_url = "ADDRESS"
fields = ["mail", "message"]
"#;

pub(crate) const PUBLIC: &str = "https://chat.example.nl";

/// An installation that hands its mail in at this address.
fn installation(address: &str, settings: &str) -> Installation {
    let installation = Installation::demo();
    installation.change_register(|source| source + &REGISTER.replace("ADDRESS", address));
    let file = installation.path().join("waarborg.toml");
    let before = std::fs::read_to_string(&file).unwrap();
    let mail = "[mail]\nrecipient = \"mail_server\"\nfrom = \"nieuws@example.nl\"\n";
    let all = format!("public_url = \"{PUBLIC}\"\n{before}\n{mail}{settings}\n");
    std::fs::write(file, all).unwrap();
    installation
}

/// The same with a server that takes mail in clear on this machine.
pub(crate) fn plain(server: &MailServer) -> Installation {
    installation(
        &format!("smtp://127.0.0.1:{}", server.port),
        "plain = true\nanswer_seconds = 20",
    )
}

/// The register with a newsletter that stands on a consent.
pub(crate) fn newsletter_on_consent(source: &str) -> String {
    source.replace(
        "basis = \"legit\"\ninterest = { nl = \"Klanten vertellen wat nieuw is.\", en = \"Telling customers what is new.\" }\nevidence = \"lia-news\"",
        "basis = \"consent\"\nconsent = \"news@1\"",
    ) + "\n[consent.news]\nversion = \"1\"\ntext = { nl = \"Ja, stuur mij nieuws.\", en = \"Yes, send me news.\" }\n"
}

/// Puts mails in the queue.
pub(crate) fn send(installation: &Installation, message: &str, to: &[&str]) -> Value {
    let file = |name: &str, text: &str| {
        let path = installation.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let list = file("to.txt", &to.join("\n"));
    let text = file(
        "text.txt",
        "Dag,\n\nEén bericht van ons, met een €-teken.\n",
    );
    let sent = installation.command(&[
        "mail",
        "send",
        "--message",
        message,
        "--to-file",
        &list,
        "--subject",
        "Het nieuws van november: één",
        "--text-file",
        &text,
        "--output",
        "json",
    ]);
    assert!(sent.status.success(), "{}", err(&sent));
    serde_json::from_str(&out(&sent)).unwrap()
}

/// How far a job is.
pub(crate) fn status(installation: &Installation, job: &Value) -> Value {
    let job = job["job"].as_str().unwrap();
    let said = installation.command(&["mail", "status", job, "--output", "json"]);
    assert!(said.status.success(), "{}", err(&said));
    serde_json::from_str(&out(&said)).unwrap()
}

/// The path of the link by which the reader of a mail signs off.
fn way_out(mail: &Value) -> String {
    let (fields, text) = read(mail);
    let link = field(&fields, "list-unsubscribe").unwrap();
    let link = link.trim_start_matches('<').trim_end_matches('>');
    assert!(text.replace("=\n", "").contains(link), "{text}");
    link.strip_prefix(PUBLIC).unwrap().to_owned()
}

/// What a program for mail sends when its reader presses its button (RFC 8058).
fn one_click(server: &Server, path: &str) -> u16 {
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let mut program = server.client();
    program
        .send("POST", path, &kind, b"List-Unsubscribe=One-Click")
        .status
}

/// Scenario 6.
/// A job to many that stands still, before or after the mail to Jan: nobody promises an order.
struct Standing {
    go: tempfile::TempDir,
    post: MailServer,
    installation: Installation,
    server: Server,
    way_out: String,
    job: Value,
}

impl Standing {
    fn somewhere() -> Self {
        let go = tempfile::tempdir().unwrap();
        let file = go.path().join("go");
        let post = MailServer::start(&["--go", file.to_str().unwrap()]);
        let installation = plain(&post);
        let server = installation.serve();
        send(&installation, "newsletter", &["jan@example.nl"]);
        eventually("the first mail came", || post.mails().len() == 1);
        let way_out = way_out(&post.mails()[0]);

        let hanging = (0..10).map(|nth| format!("hangt@example{nth}.nl"));
        let mut to: Vec<String> = (0..50).map(|nth| format!("mens{nth}@example.nl")).collect();
        to.extend(hanging);
        to.push("Jan@Example.nl".to_owned());
        let to: Vec<&str> = to.iter().map(String::as_str).collect();
        let job = send(&installation, "newsletter", &to);
        assert_eq!(job["n_waiting"], 61);
        eventually("the job is on its way", || post.was_asked_for("hangt@"));
        Self {
            go,
            post,
            installation,
            server,
            way_out,
            job,
        }
    }

    fn before_jan() -> Self {
        for _ in 0..20 {
            let standing = Self::somewhere();
            if standing.post.n_taken_for_jan() == 1 {
                return standing;
            }
        }
        panic!("the mail to Jan always goes before ten others");
    }
}

#[test]
fn an_objection_from_a_mail_link_holds_while_a_job_runs_and_purchase_mails_go_on() {
    let Standing {
        go,
        post,
        installation,
        server,
        way_out: path,
        job,
    } = Standing::before_jan();

    // Whoever opens the link changes nothing: programs look at links before people do.
    let mut looking = server.client();
    for _ in 0..2 {
        let page = looking.get(&path);
        assert_eq!(page.status, 200);
        assert!(page.text().contains("Afmelden") && !page.text().contains("jan@example.nl"));
    }

    assert_eq!(one_click(&server, &path), 200);
    std::fs::write(go.path().join("go"), "").unwrap();
    eventually("the job ended", || {
        status(&installation, &job)["n_waiting"] == 0
    });
    assert_eq!(post.taken_for().len(), 61);
    assert_eq!(post.n_taken_for_jan(), 1, "the one before the objection");
    let told = status(&installation, &job);
    assert_eq!(
        (&told["n_sent"], &told["n_held"]),
        (&Value::from(60), &Value::from(1))
    );

    send(&installation, "order", &["jan@example.nl"]);
    eventually("the purchase mail came", || post.mails().len() == 62);
    let mails = post.mails();
    let (fields, _) = read(&mails[61]);
    assert_eq!(mails[61]["to"][0], "jan@example.nl");
    // What cannot be refused offers no way to refuse it.
    assert_eq!(field(&fields, "list-unsubscribe"), None);
}

#[test]
fn an_objection_while_the_server_hangs_keeps_the_content_here() {
    let go = tempfile::tempdir().unwrap();
    let go = go.path().join("go");
    let post = MailServer::start(&["--go", go.to_str().unwrap()]);
    let installation = plain(&post);
    let server = installation.serve();
    let job = send(
        &installation,
        "newsletter",
        &["hangt@example.nl", "piet@example.nl"],
    );
    eventually("the server hangs", || {
        post.was_asked_for("hangt@example.nl")
    });

    let mut anybody = server.client();
    let fields = [("address", "hangt@example.nl")];
    assert_eq!(anybody.post_form("/rights/no-mail", &fields).status, 200);
    std::fs::write(&go, "").unwrap();
    eventually("the job ended", || {
        status(&installation, &job)["n_waiting"] == 0
    });
    assert_eq!(post.taken_for(), ["piet@example.nl"]);
    assert_eq!(status(&installation, &job)["n_held"], 1);
}

#[test]
fn an_answer_that_comes_too_late_is_not_taken_for_another_one() {
    let go = tempfile::tempdir().unwrap();
    let go = go.path().join("go");
    let post = MailServer::start(&["--go", go.to_str().unwrap()]);
    let installation = installation(
        &format!("smtp://127.0.0.1:{}", post.port),
        "plain = true\nanswer_seconds = 1",
    );
    let _server = installation.serve();
    let to = ["hangt@example.nl", "piet@example.nl", "weg@example.nl"];
    let job = send(&installation, "order", &to);
    eventually("two of three ended", || {
        status(&installation, &job)["n_waiting"] == 1
    });
    let said = status(&installation, &job);
    assert_eq!(
        (&said["n_sent"], &said["n_refused"]),
        (&Value::from(1), &Value::from(1))
    );
    std::fs::write(&go, "").unwrap();
    forward(&installation, "PT2M");
    eventually("the third came", || post.taken_for().len() == 2);
    assert_eq!(post.taken_for(), ["piet@example.nl", "hangt@example.nl"]);
}

#[test]
fn a_mail_is_one_mail_with_a_head_that_programs_understand() {
    let post = MailServer::start(&[]);
    let installation = plain(&post);
    let server = installation.serve();
    let job = send(
        &installation,
        "newsletter",
        &["jan@example.nl", "JAN@example.nl", "geen adres"],
    );
    assert_eq!(
        (&job["n_twice"], &job["lines_unread"]),
        (&Value::from(1), &serde_json::json!([3]))
    );
    eventually("it came", || post.mails().len() == 1);
    let mail = post.mails().remove(0);
    assert_eq!(mail["sender"], "nieuws@example.nl");
    let (fields, text) = read(&mail);
    assert_eq!(field(&fields, "to"), Some("jan@example.nl"));
    assert_eq!(
        field(&fields, "list-unsubscribe-post"),
        Some("List-Unsubscribe=One-Click")
    );
    assert_eq!(field(&fields, "auto-submitted"), Some("auto-generated"));
    assert!(field(&fields, "subject").unwrap().contains("=?utf-8?"));
    assert!(
        field(&fields, "message-id")
            .unwrap()
            .ends_with("@example.nl>")
    );
    assert!(
        text.contains("Eén bericht van ons, met een €-teken."),
        "{text}"
    );
    assert!(text.contains("Meld u hier af"), "{text}");
    assert!(text.contains(&format!("{PUBLIC}/privacy")));

    // A code that is not ours, or was changed, does nothing.
    let mut path = way_out(&mail);
    path.pop();
    for strange in [path.as_str(), "/mail/stop/x", "/mail/stop/AAAA"] {
        assert_eq!(one_click(&server, strange), 404, "{strange}");
        assert_eq!(server.client().get(strange).status, 404, "{strange}");
    }
    let bad = installation.command(&[
        "mail",
        "send",
        "--message",
        "newsletter",
        "--to-file",
        installation.path().join("to.txt").to_str().unwrap(),
        "--subject",
        "Nieuws\r\nBcc: piet@example.nl",
        "--text-file",
        installation.path().join("text.txt").to_str().unwrap(),
    ]);
    assert_eq!(bad.status.code(), Some(2), "{}", err(&bad));
}

#[test]
fn a_recipient_that_is_refused_ends_and_one_that_is_put_off_is_tried_again() {
    let post = MailServer::start(&[]);
    let installation = plain(&post);
    let server = installation.serve();
    let job = send(
        &installation,
        "order",
        &["weg@example.nl", "later@example.nl", "piet@example.nl"],
    );
    eventually("two of three ended", || {
        status(&installation, &job)["n_waiting"] == 1
    });
    assert_eq!(post.taken_for(), ["piet@example.nl"]);
    assert_eq!(status(&installation, &job)["n_refused"], 1);
    forward(&installation, "PT2M");
    eventually("the third came", || post.taken_for().len() == 2);
    eventually("the job ended", || {
        status(&installation, &job)["n_waiting"] == 0
    });
    assert!(!told(&server).contains("example.nl"), "{}", told(&server));
}

#[test]
fn mails_wait_for_a_server_that_is_down_and_survive_a_kill() {
    let first = MailServer::start(&[]);
    let its_port = first.port.to_string();
    let installation = plain(&first);
    drop(first);
    let server = installation.serve();
    let to: Vec<String> = (0..30).map(|nth| format!("mens{nth}@example.nl")).collect();
    let to: Vec<&str> = to.iter().map(String::as_str).collect();
    let job = send(&installation, "order", &to);
    eventually("it was noticed", || {
        told(&server).contains("the mail server does not let us in")
    });
    assert_eq!(status(&installation, &job)["n_waiting"], 30);

    let post = MailServer::start(&["--port", &its_port, "--delay", "0.05"]);
    eventually("some came", || post.mails().len() >= 5);
    server.kill();
    let _server = installation.serve();
    // The one that was under way when it was killed belongs to nobody after five minutes.
    forward(&installation, "PT6M");
    eventually("all came", || status(&installation, &job)["n_waiting"] == 0);
    let mut taken = post.taken_for();
    taken.sort();
    let n = taken.len();
    taken.dedup();
    assert_eq!(taken.len(), 30);
    assert!(
        n <= 31,
        "{n} mails for 30 people: only the one under way may come twice"
    );
}

#[test]
fn what_was_sent_is_erased_and_the_log_says_that_it_went() {
    let post = MailServer::start(&[]);
    let installation = plain(&post);
    let server = installation.serve();
    let job = send(&installation, "order", &["kanarie.mail@example.nl"]);
    eventually("it came", || post.mails().len() == 1);
    eventually("the job ended", || {
        status(&installation, &job)["n_waiting"] == 0
    });
    let export = installation.path().join("log");
    let log = || {
        let _ = std::fs::remove_file(&export);
        let done =
            installation.command(&["audit", "export", export.to_str().unwrap(), "--payloads"]);
        assert!(done.status.success(), "{}", err(&done));
        String::from_utf8_lossy(&std::fs::read(&export).unwrap()).into_owned()
    };
    let text = log();
    assert!(
        text.contains("mail.queued") && text.contains("mail.sent"),
        "{text}"
    );
    eventually("its address is gone", || log().contains("retention.run"));
    assert!(!log().contains("kanarie"));
    drop(server);
    std::fs::remove_file(installation.path().join("to.txt")).unwrap();
    for (path, content) in installation.files() {
        let is_there = memchr::memmem::find(&content, b"kanarie.mail").is_some();
        assert!(!is_there, "{}", path.display());
    }
}

#[test]
fn who_signs_off_by_a_mail_withdraws_their_consent() {
    let post = MailServer::start(&[]);
    let installation = plain(&post);
    installation.change_register(|source| newsletter_on_consent(&source));
    let server = installation.serve();
    let mut person = Person::come(&server);
    let number = person.data().json()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let with_number = format!("jan@example.nl, {number}");

    // Of an address alone no consent is known, and of this person not yet.
    let job = send(
        &installation,
        "newsletter",
        &[&with_number, "piet@example.nl"],
    );
    assert_eq!(
        (&job["n_waiting"], &job["n_not_allowed"]),
        (&Value::from(0), &Value::from(2))
    );
    person.choose("newsletter", "give");
    send(&installation, "newsletter", &[&with_number]);
    eventually("the mail came", || post.mails().len() == 1);

    assert_eq!(one_click(&server, &way_out(&post.mails()[0])), 200);
    let known = person.data().text();
    assert!(known.contains("withdrawn"), "{known}");
    let job = send(&installation, "newsletter", &[&with_number]);
    assert_eq!(job["n_not_allowed"], 1);
}

#[test]
fn mail_crosses_a_network_encrypted_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = Certificate::make(folder.path());
    std::fs::write(folder.path().join("password"), "geheim-woord\n").unwrap();
    let password = folder.path().join("password");
    let login = format!(
        "user = \"waarborg\"\npassword_file = \"{}\"",
        password.display()
    );
    for (scheme, tls) in [("smtp", "starttls"), ("smtps", "at-once")] {
        let mut arguments = vec![
            "--tls",
            tls,
            "--user",
            "waarborg",
            "--password",
            "geheim-woord",
        ];
        arguments.extend(certificate.arguments());
        let post = MailServer::start(&arguments);
        let installation = installation(&format!("{scheme}://localhost:{}", post.port), &login);
        let arguments = [
            "serve",
            "--dir",
            installation.dir(),
            "--listen",
            "127.0.0.1:0",
            "--output",
            "json",
        ];
        {
            // Nobody here knows the authority: the server gets nothing, not even the password.
            let server = Server::start(&arguments, &[]);
            send(&installation, "order", &["jan@example.nl"]);
            eventually("it was noticed", || {
                told(&server).contains("the mail server does not let us in")
            });
            assert!(post.told().is_empty(), "{tls}");
        }
        let trusted = [("SSL_CERT_FILE", certificate.authority.as_str())];
        let server = Server::start(&arguments, &trusted);
        forward(&installation, "PT6M");
        eventually("it came", || post.mails().len() == 1);
        let mail = &post.mails()[0];
        assert_eq!(
            (&mail["tls"], &mail["user"]),
            (&Value::from(true), &Value::from("waarborg")),
            "{tls}"
        );
        assert!(!told(&server).contains("geheim"));
    }

    // A server that offers no encryption gets nothing either.
    let post = MailServer::start(&[]);
    let installation = installation(&format!("smtp://localhost:{}", post.port), "");
    let server = installation.serve();
    send(&installation, "order", &["jan@example.nl"]);
    eventually("it was noticed", || {
        told(&server).contains("the mail server does not let us in")
    });
    assert!(post.told().is_empty());
}

#[test]
fn who_sends_no_mail_notices_nothing_of_it() {
    let installation = Installation::demo();
    installation.change_register(|source| {
        let (before, rest) = source.split_once("[table.mails]").unwrap();
        let (_, after) = rest.split_once("\n[").unwrap();
        format!("{before}[{after}")
    });
    let _server = installation.serve();
    let list = installation.path().join("to.txt");
    std::fs::write(&list, "jan@example.nl\n").unwrap();
    let list = list.to_str().unwrap();
    let refused = installation.command(&[
        "mail",
        "send",
        "--message",
        "newsletter",
        "--to-file",
        list,
        "--subject",
        "x",
        "--text-file",
        list,
    ]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("sends no mail"), "{}", err(&refused));
}

#[test]
fn settings_that_would_send_in_clear_or_to_nobody_are_refused() {
    for (address, settings, says) in [
        ("smtp://mail.example.nl", "plain = true", "unencrypted"),
        ("https://mail.example.nl", "", "no mail server"),
        ("smtps://mail.example.nl", "user = \"x\"", "password_file"),
        (
            "smtps://mail.example.nl",
            "user = \"x\"\npassword_file = \"keys/none\"",
            "not there",
        ),
    ] {
        let installation = installation(address, settings);
        let checked = installation.command(&["check"]);
        assert_eq!(
            checked.status.code(),
            Some(1),
            "{address} {settings}: {}",
            err(&checked)
        );
        let said = out(&checked) + &err(&checked);
        assert!(said.contains(says), "{said}");
    }
}

/// What the program said in its log.
pub(crate) fn told(server: &Server) -> String {
    String::from_utf8_lossy(&server.said()).into_owned()
}

/// Lets so much time pass, from the time of the system.
#[expect(
    clippy::disallowed_methods,
    reason = "the test clock is ahead of the one outside"
)]
pub(crate) fn forward(installation: &Installation, span: &str) {
    let span: jiff::Span = span.parse().unwrap();
    installation.set_clock(&(jiff::Timestamp::now() + span).to_string());
}

/// What a register says that tells people by mail of its changes.
pub(crate) const CHANGES: &str = r#"
[purpose.legal_duty]

[[processing]]
service = "chat"
purpose = "legal_duty"
categories = ["communication"]
basis = "legal_duty"
evidence = "gdpr-13"
recipients = ["mail_server"]

[[retention]]
service = "chat"
category = "communication"
purpose = "legal_duty"
claim = "created + 7d"
kind = "at_most"
action = "erase"
why = { nl = "Zo lang is het nodig.", en = "It is needed for that long." }

[evidence.gdpr-13]
kind = "statute"
title = { nl = "artikel 13 AVG", en = "article 13 GDPR" }

[message.change]
class = "legal"
service = "chat"
purpose = "legal_duty"
category = "communication"
"#;

#[test]
fn a_change_is_mailed_to_those_whom_it_concerns_and_to_nobody_else() {
    let post = MailServer::start(&[]);
    let installation = plain(&post);
    installation.change_register(|source| source + CHANGES);
    installation.set_clock("2027-01-10T12:00:00Z");
    let server = installation.serve();
    let tell = |message: &str| {
        installation.command(&["mail", "change", "--message", message, "--output", "json"])
    };
    let early = tell("change");
    assert_eq!(early.status.code(), Some(1), "{}", out(&early));
    assert!(
        err(&early).contains("nothing that people must be told"),
        "{}",
        err(&early)
    );
    assert_eq!(
        tell("newsletter").status.code(),
        Some(2),
        "what can be refused tells nothing"
    );

    for reply_to in ["jan@example.nl", "Postbus 12, Voorbeeld", "piet@example.nl"] {
        let mut person = Person::come(&server);
        let fields = [
            ("form_token", person.form_token.as_str()),
            ("right", "rectification"),
            ("question", "Mijn naam is anders."),
            ("reply_to", reply_to),
        ];
        let asked = person.client.post_form("/rights", &fields);
        assert_eq!(asked.status, 200, "{}", asked.text());
        if reply_to.starts_with("piet") {
            // A duty goes on for who has their data only kept.
            assert_eq!(
                crate::stops::press(&mut person, "/my-data/restrict", &[]),
                200
            );
        }
    }
    installation.change_register(|source| {
        let effective = source
            .lines()
            .find(|line| line.starts_with("effective"))
            .unwrap();
        source
            .replace("version = \"1\"\n", "version = \"2\"\n")
            .replace(effective, "effective = \"2027-02-20\"")
            .replace("case_closed + 3months", "case_closed + 5months")
    });
    eventually("the change is announced", || {
        let then = server.client().get("/privacy?at=2027-02-20").text();
        then.contains("5 maanden")
    });
    let told = tell("change");
    assert!(told.status.success(), "{}", err(&told));
    let told: Value = serde_json::from_str(&out(&told)).unwrap();
    assert_eq!(told["effective"], "2027-02-20");
    assert_eq!(
        (&told["n_waiting"], &told["n_not_reached"]),
        (&Value::from(2), &Value::from(1))
    );
    assert_eq!(told["late"], false);
    eventually("the mails came", || post.mails().len() == 2);
    let mut taken = post.taken_for();
    taken.sort_unstable();
    assert_eq!(taken, ["jan@example.nl", "piet@example.nl"]);
    let (fields, text) = read(&post.mails()[0]);
    assert_eq!(
        field(&fields, "list-unsubscribe"),
        None,
        "it cannot be refused"
    );
    let text = text.replace("=\n", "");
    for said in ["5 maanden", "20 februari 2027", "/privacy?at=3D2027-02-20"] {
        assert!(
            text.contains(said) || text.contains(&said.replace("=3D", "=")),
            "{said}: {text}"
        );
    }
}
