//! Changes of the register in the console: written in forms, proposed, approved, published, and what stands in the way.

use std::path::PathBuf;

use crate::{
    http::{Answer, Client, escape},
    program::{Installation, Server, eventually},
};

const PLACE: &str = "/console/register/changes";

/// An officer in a session of their own.
pub(crate) struct Officer {
    client: Client,
    token: String,
}

impl Officer {
    pub(crate) fn enter(installation: &Installation, server: &Server, role: &str) -> Self {
        let made = installation.command(&["keys", "console", "--role", role, "--output", "json"]);
        let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
        let link = made["console_link"].as_str().unwrap();
        let secret = link.split("link=").nth(1).unwrap();
        let mut client = server.client();
        client.get(&format!("/console/enter?link={}", escape(secret)));
        let entered = client.post_form("/console/enter", &[("link", secret)]);
        assert_eq!(entered.status, 303);
        let page = client.get("/console").text();
        let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap();
        let token = token.split('"').next().unwrap().to_owned();
        Self { client, token }
    }

    pub(crate) fn get(&mut self, path: &str) -> String {
        let answer = self.client.get(path);
        assert_eq!(answer.status, 200, "{path}");
        answer.text()
    }

    /// Every page of the log, from the newest line to the first.
    pub(crate) fn log(&mut self) -> String {
        let mut log = String::new();
        let mut path = "/console/audit".to_owned();
        loop {
            let page = self.get(&path);
            log.push_str(&page);
            let Some(older) = page.split("rel=\"next\" href=\"").nth(1) else {
                return log;
            };
            older.split('"').next().unwrap().clone_into(&mut path);
        }
    }

    pub(crate) fn begin(&mut self) -> String {
        let begun = self.client.post_form(PLACE, &[("form_token", &self.token)]);
        assert_eq!(begun.status, 303, "{}", begun.text());
        begun.header("location").unwrap().to_owned()
    }

    /// Sends a form of a change as its page stands now.
    pub(crate) fn send(&mut self, change: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(&format!("{change}/text"));
        let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap();
        let seen = seen.split('"').next().unwrap().to_owned();
        let token = self.token.clone();
        let fields = [&[("form_token", token.as_str()), ("seen", &seen)], fields].concat();
        self.client.post_form(&format!("{change}{path}"), &fields)
    }

    pub(crate) fn write(&mut self, change: &str, path: &str, fields: &[(&str, &str)]) {
        let written = self.send(change, path, fields);
        assert_eq!(written.status, 303, "{path}: {}", written.text());
    }

    fn step(&mut self, change: &str, act: &str) -> Answer {
        self.send(change, "", &[("act", act), ("reason", "Zo is het beter.")])
    }

    pub(crate) fn did(&mut self, change: &str, act: &str) {
        let stepped = self.step(change, act);
        assert_eq!(stepped.status, 303, "{act}: {}", stepped.text());
    }

    /// A step that is refused, with what the page says.
    fn refused(&mut self, change: &str, act: &str, says: &str) {
        let stepped = self.step(change, act);
        assert_eq!(stepped.status, 422, "{act}");
        assert!(stepped.text().contains(says), "{act}: {}", stepped.text());
    }
}

fn register(installation: &Installation) -> PathBuf {
    installation.path().join("register.toml")
}

fn file(installation: &Installation) -> String {
    std::fs::read_to_string(register(installation)).unwrap()
}

fn house() -> (Installation, Server) {
    let installation = Installation::demo();
    installation.set_clock("2027-01-10T12:00:00Z");
    let server = installation.serve();
    (installation, server)
}

#[test]
fn a_change_goes_from_a_form_over_two_officers_to_the_notice_and_the_old_one_can_be_read() {
    let (installation, server) = house();
    let before = file(&installation);
    let mut one = Officer::enter(&installation, &server, "officer");
    let mut other = Officer::enter(&installation, &server, "officer");
    let change = one.begin();
    let form = one.get(&format!("{change}/parts/controller/organisation"));
    assert!(form.contains("name=\"f.privacy.mail\" value=\"privacy@example.org\""));

    one.write(
        &change,
        "/parts/controller/organisation",
        &[("f.privacy.mail", "loket@example.org")],
    );
    one.refused(&change, "propose", "Wat nog ontbreekt");
    one.write(
        &change,
        "/parts/register/only",
        &[("f.version", "2"), ("f.effective", "2027-02-20")],
    );
    let page = one.get(&change);
    for said in [
        "Inhoudelijk",
        "30 dagen",
        "<del>privacy = {",
        "loket@example.org",
        "Het register is goed",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let preview = one.get(&format!("{change}/notice"));
    assert!(preview.contains("loket@example.org"));
    assert!(!one.get("/privacy").contains("loket@example.org"));

    one.refused(&change, "approve", "kan nu niet");
    one.did(&change, "propose");
    let late = one.send(&change, "/text", &[("source", "")]);
    assert_eq!(late.status, 422, "what is proposed is not written in");
    other.refused(&change, "publish", "kan nu niet");
    let silent = other.send(&change, "", &[("act", "approve"), ("reason", " ")]);
    assert_eq!(silent.status, 422);
    other.did(&change, "approve");
    assert_eq!(file(&installation), before, "nothing was published yet");
    one.did(&change, "publish");

    let line = before
        .lines()
        .find(|line| line.starts_with("effective"))
        .unwrap();
    let after = before
        .replace(
            "mail = \"privacy@example.org\"",
            "mail = \"loket@example.org\"",
        )
        .replace("version = \"1\"\n", "version = \"2\"\n")
        .replace(line, "effective = \"2027-02-20\"");
    assert_eq!(
        file(&installation),
        after,
        "comments and order are as they were"
    );
    eventually("the program took it", || {
        let announced = server.client().get("/privacy?at=2027-02-20").text();
        announced.contains("loket@example.org")
    });
    assert!(one.get(&change).contains("telt vanaf 20 februari 2027"));
    assert!(!one.get("/privacy").contains("loket@example.org"));
    let log = one.log();
    for act in ["begun", "written", "proposed", "approved", "published"] {
        assert!(log.contains(&format!("change.{act}")), "{act}");
    }

    installation.set_clock("2027-02-20T12:00:00Z");
    eventually("it counts on its day", || {
        let now = server.client().get("/privacy").text();
        now.contains("loket@example.org")
    });
    let then = server.client().get("/privacy?at=2027-02-19").text();
    assert!(then.contains("privacy@example.org"), "{then}");
}

/// A purpose for questions that are there already, as somebody adds it in forms.
fn add_purpose(officer: &mut Officer, change: &str) {
    officer.write(
        change,
        "/add/purpose",
        &[
            ("new-name", "study"),
            ("f.label.nl", "onderzoek"),
            ("f.label.en", "research"),
            ("f.dpv", "dpv:ResearchAndDevelopment"),
        ],
    );
    officer.write(
        change,
        "/add/processing",
        &[
            ("f.service", "chat"),
            ("f.purpose", "study"),
            ("f.categories", "user_content"),
            ("f.basis", "contract"),
            ("f.evidence", "terms"),
        ],
    );
    officer.write(
        change,
        "/add/retention",
        &[
            ("f.service", "chat"),
            ("f.category", "user_content"),
            ("f.purpose", "study"),
            ("f.claim", "created + 30d"),
            ("f.why.nl", "Zo lang duurt het."),
            ("f.why.en", "It takes that long."),
        ],
    );
    officer.write(
        change,
        "/parts/register/only",
        &[("f.version", "2"), ("f.effective", "2027-02-20")],
    );
}

#[test]
fn a_new_purpose_asks_a_note_and_another_officer() {
    let (installation, server) = house();
    let mut one = Officer::enter(&installation, &server, "officer");
    let mut other = Officer::enter(&installation, &server, "officer");
    let change = one.begin();
    add_purpose(&mut one, &change);
    let page = one.get(&change);
    assert!(
        page.contains("Nieuw doel") && page.contains("tweede persoon"),
        "{page}"
    );
    one.refused(
        &change,
        "propose",
        "geen toets waarom de doelen bij elkaar passen",
    );

    one.write(
        &change,
        "/add/evidence",
        &[
            ("new-name", "same-aim"),
            ("f.kind", "compatibility"),
            ("f.title.nl", "Toets"),
            ("f.title.en", "Test"),
            ("f.date", "2027-01-10"),
            (
                "f.covers",
                "link\r\ncontext\r\nnature\r\nconsequences\r\nsafeguards",
            ),
        ],
    );
    let parts = one.get(&format!("{change}/parts/processing"));
    let n_rows = parts.matches("/parts/processing/").count();
    one.write(
        &change,
        &format!("/parts/processing/{n_rows}"),
        &[("f.compatibility", "same-aim")],
    );
    one.did(&change, "propose");
    one.refused(&change, "approve", "Een ander moet dit goedkeuren");
    other.did(&change, "approve");
    other.did(&change, "publish");
    eventually("the program took it", || {
        one.get(&change).contains("telt vanaf 20 februari 2027")
    });
}

#[test]
fn a_file_that_was_changed_by_hand_stops_a_change_and_nothing_is_lost() {
    let (installation, server) = house();
    let mut one = Officer::enter(&installation, &server, "officer");
    let change = one.begin();
    one.write(
        &change,
        "/parts/notice/public",
        &[("f.texts.intro.nl", "Vraag het maar.")],
    );
    one.write(&change, "/parts/register/only", &[("f.version", "2")]);
    one.did(&change, "propose");
    one.did(&change, "approve");
    installation.change_register(|source| format!("# By hand.\n{source}"));
    let by_hand = file(&installation);

    one.refused(
        &change,
        "publish",
        "Iemand heeft het bestand intussen veranderd",
    );
    assert_eq!(file(&installation), by_hand);
    one.did(&change, "rebase");
    one.refused(&change, "publish", "kan nu niet");
    for act in ["propose", "approve", "publish"] {
        one.did(&change, act);
    }
    let after = file(&installation);
    assert!(after.starts_with("# By hand.\n") && after.contains("Vraag het maar."));
    eventually("it is in force", || {
        server
            .client()
            .get("/privacy")
            .text()
            .contains("Vraag het maar.")
    });

    let change = one.begin();
    one.write(&change, "/parts/register/only", &[("f.version", "3")]);
    installation
        .change_register(|source| source.replace("version = \"2\"\n", "version = \"2b\"\n"));
    one.refused(&change, "rebase", "Schrijf het in het bestand als tekst");
}

#[test]
fn what_does_not_compile_is_not_proposed_and_says_where_and_how_to_mend() {
    let (installation, server) = house();
    let before = file(&installation);
    let mut one = Officer::enter(&installation, &server, "officer");
    let change = one.begin();
    one.refused(&change, "propose", "nog niets veranderd");
    let broken = before
        .replacen("claim = \"", "claim = \"never, ", 1)
        .replace('\n', "\r\n");
    one.write(&change, "/text", &[("source", &broken)]);
    let at = before
        .lines()
        .position(|line| line.starts_with("claim = \""))
        .unwrap()
        + 1;
    let page = one.get(&change);
    assert!(page.contains(&format!("regel {at}, teken")), "{page}");
    assert!(
        page.contains("unknown-trigger") || page.contains("bad-period"),
        "{page}"
    );
    one.refused(&change, "propose", "nog fouten");
    one.write(&change, "/text", &[("source", "= [")]);
    one.refused(&change, "propose", "nog fouten");
    assert!(one.get(&change).contains("syntax"));
    let form = one.client.get(&format!("{change}/parts/register/only"));
    assert_eq!(form.header("location"), Some(&*format!("{change}/text")));
    one.did(&change, "withdraw");
    one.refused(&change, "propose", "kan nu niet");
    assert_eq!(file(&installation), before);
}

#[test]
fn only_officers_change_the_register_and_only_in_a_file_that_may_be_written() {
    let (installation, server) = house();
    let mut one = Officer::enter(&installation, &server, "officer");
    let change = one.begin();
    let forged = one
        .client
        .post_form(&change, &[("act", "withdraw"), ("seen", "1")]);
    assert_eq!(forged.status, 403, "a form that is not ours");
    assert_eq!(server.client().get(&change).status, 403);
    for role in ["auditor", "operator"] {
        let mut staff = Officer::enter(&installation, &server, role);
        assert!(!staff.get(PLACE).contains("Begin een wijziging"));
        assert!(!staff.get(&change).contains("Volgende stap"));
        let token = staff.token.clone();
        let fields = [
            ("form_token", token.as_str()),
            ("act", "withdraw"),
            ("seen", "1"),
            ("reason", "x"),
        ];
        assert_eq!(
            staff.client.post_form(&change, &fields).status,
            403,
            "{role}"
        );
        assert_eq!(staff.client.post_form(PLACE, &fields).status, 403, "{role}");
    }

    let mut permissions = std::fs::metadata(register(&installation))
        .unwrap()
        .permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(register(&installation), permissions).unwrap();
    let list = one.get(PLACE);
    assert!(
        list.contains("mag het bestand register.toml niet schrijven"),
        "{list}"
    );
    let token = one.token.clone();
    let begun = one.client.post_form(PLACE, &[("form_token", &token)]);
    assert_eq!(begun.status, 422);
}

/// A small change that counts at once, written, agreed and published by two officers. Its reason is a word of its own.
fn publish_one(one: &mut Officer, other: &mut Officer) {
    let change = one.begin();
    one.write(&change, "/parts/register/only", &[("f.version", "2")]);
    one.write(
        &change,
        "/parts/term/console_link",
        &[("f.why.nl", "Een uur is genoeg om binnen te komen.")],
    );
    one.did(&change, "propose");
    other.did(&change, "approve");
    let reason = [("act", "publish"), ("reason", "Reden zeepaardje.")];
    let did = one.send(&change, "", &reason);
    assert_eq!(did.status, 303, "{}", did.text());
    assert!(one.get(&change).contains("Reden zeepaardje."));
}

#[test]
fn a_program_with_another_register_than_was_published_serves_nobody() {
    let (installation, server) = house();
    let before = file(&installation);
    let mut one = Officer::enter(&installation, &server, "officer");
    let mut other = Officer::enter(&installation, &server, "officer");
    publish_one(&mut one, &mut other);
    let after = file(&installation);
    assert_ne!(before, after);
    eventually("the program took it", || {
        one.get(PLACE).contains("waarborg") && server.client().get("/privacy").status == 200
    });

    // As on a node whose file was not copied.
    std::fs::write(register(&installation), &before).unwrap();
    eventually("the door is closed", || {
        server.client().get("/").status == 503
    });
    let closed = server.client().get("/readyz");
    assert_eq!(closed.status, 503);
    assert!(closed.text().contains("not the one that was published"));
    assert_eq!(server.client().get("/healthz").status, 200);
    let mut application = server.client().with_key(&installation.gateway_key);
    assert_eq!(application.get("/v1/models").status, 503);
    std::fs::write(register(&installation), &after).unwrap();
    eventually("it serves again", || server.client().get("/").status == 200);
    drop(server);

    std::fs::write(register(&installation), &before).unwrap();
    let refused = installation.command(&["serve", "--listen", "127.0.0.1:0"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_ne!(refused.status.code(), Some(0), "{said}");
    assert!(
        said.contains("the register here is not the one that was published"),
        "{said}"
    );

    // Who goes on by hand from what was published may.
    std::fs::write(register(&installation), format!("{after}\n# By hand.\n")).unwrap();
    let server = installation.serve();
    assert_eq!(server.client().get("/").status, 200);
}

#[test]
fn why_somebody_changed_the_register_is_in_no_file() {
    let (installation, server) = house();
    let mut one = Officer::enter(&installation, &server, "officer");
    let mut other = Officer::enter(&installation, &server, "officer");
    publish_one(&mut one, &mut other);
    drop(server);
    for (path, content) in installation.files() {
        let found = content
            .windows(b"zeepaardje".len())
            .any(|part| part == b"zeepaardje");
        assert!(!found, "{}", path.display());
    }
}
