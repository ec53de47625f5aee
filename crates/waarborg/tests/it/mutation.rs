//! A changed register changes what the program does, without a rebuild; a broken one changes nothing.

use serde_json::{Value, json};

use crate::{
    http::{Answer, Client},
    person::Person,
    program::{Installation, Server, err, eventually, out},
    upstream::{Script, Upstream},
};

fn ask() -> Value {
    json!({ "model": "groot", "messages": [{ "role": "user", "content": "Hoe laat gaat het loket open?" }] })
}

/// An installation that serves, with a provider behind it that says back what it was told.
struct Guarded {
    upstream: Upstream,
    installation: Installation,
    server: Server,
    client: Client,
}

impl Guarded {
    /// With the strict policy, and a provider at this destination; the question goes through.
    fn at(destination: &str) -> Self {
        Self::prepared(destination, |_| {})
    }

    /// The same, on this day.
    fn on(destination: &str, day: &str) -> Self {
        Self::prepared(destination, |installation| installation.set_clock(day))
    }

    fn prepared(destination: &str, prepare: impl FnOnce(&Installation)) -> Self {
        let upstream = Upstream::start(Script::Echo);
        let installation = Installation::with_upstream(&upstream, destination, "strict");
        prepare(&installation);
        let server = installation.serve();
        let client = server.client().with_key(&installation.gateway_key);
        let mut guarded = Self {
            upstream,
            installation,
            server,
            client,
        };
        assert_eq!(guarded.ask().status, 200);
        guarded
    }

    /// The question that nothing stops but the register.
    fn ask(&mut self) -> Answer {
        self.client.post_json("/v1/chat/completions", &ask())
    }

    /// How many requests reached the provider.
    fn n_sent(&self) -> usize {
        self.upstream.bodies().len()
    }

    /// Changes the register and waits until the program has said this of it.
    fn change(&self, change: impl FnOnce(String) -> String, told: &str) {
        self.installation.change_register(change);
        eventually("the change is seen", || {
            String::from_utf8_lossy(&self.server.said()).contains(told)
        });
    }
}

const IN_FORCE: &str = "a changed register is in force";

#[test]
fn a_transfer_that_is_no_longer_valid_stops_the_next_request() {
    let mut guarded = Guarded::on("outside-eu", "2027-01-10T12:00:00Z");
    let n_before = guarded.n_sent();

    guarded.change(
        |source| {
            let line = source
                .lines()
                .find(|line| line.trim_start().starts_with("valid_until"))
                .unwrap()
                .to_owned();
            source.replace(&line, "valid_until = \"2027-01-31\"")
        },
        IN_FORCE,
    );
    assert_eq!(
        guarded.ask().status,
        200,
        "it is valid until the end of the month"
    );
    guarded.installation.set_clock("2027-02-01T12:00:00Z");
    let answer = guarded.ask();

    assert_eq!(answer.status, 403, "{}", answer.text());
    assert_eq!(
        guarded.n_sent(),
        n_before + 1,
        "nothing was sent after the last valid day"
    );
}

/// The file, with the last valid day of the only mechanism in it set to this day.
fn valid_until(source: &str, day: &str) -> String {
    let line = source
        .lines()
        .find(|line| line.trim_start().starts_with("valid_until"))
        .unwrap();
    source.replace(line, &format!("valid_until = \"{day}\""))
}

/// The file without the table of its only model.
fn without_the_model(source: &str) -> String {
    let start = source.find("[recipient.model]").unwrap();
    let end = start + source[start..].find("\n\n").unwrap();
    format!("{}{}", &source[..start], &source[end..])
}

/// Serves, changes the file, and sees that the next request is refused with this code and nothing goes upstream.
fn check_stops_at_once(change: impl FnOnce(String) -> String, told: &str, code: &str) {
    let mut guarded = Guarded::on("outside-eu", "2027-01-10T12:00:00Z");
    let n_before = guarded.n_sent();

    guarded.change(change, told);
    let answer = guarded.ask();

    assert_eq!(answer.status, 403, "{}", answer.text());
    assert!(answer.text().contains(code), "{}", answer.text());
    assert_eq!(guarded.n_sent(), n_before, "something was sent");
    assert_eq!(guarded.server.client().get("/rights").status, 200);

    let checked = guarded.installation.command(&["check", "--output", "json"]);
    assert_eq!(checked.status.code(), Some(1), "{}", err(&checked));
    let checked: Value = serde_json::from_str(&out(&checked)).unwrap();
    assert_eq!(checked["ok"], false);
}

#[test]
fn a_mechanism_that_is_ended_in_the_file_stops_the_next_request() {
    check_stops_at_once(
        |source| valid_until(&source, "2027-01-09"),
        "a changed register is in force",
        "mechanism-expired",
    );
}

#[test]
fn a_mechanism_that_is_ended_in_a_file_with_other_faults_stops_the_next_request_too() {
    check_stops_at_once(
        |source| valid_until(&source, "2027-01-09").replacen("[[processing]]", "[[procesing]]", 1),
        "closed at once",
        "mechanism-expired",
    );
}

#[test]
fn a_recipient_that_is_taken_out_of_the_file_receives_nothing_any_more() {
    check_stops_at_once(
        |source| without_the_model(&source),
        "a changed register is in force",
        "unknown-recipient",
    );
}

#[test]
fn a_recipient_whose_fields_are_emptied_receives_nothing_any_more() {
    check_stops_at_once(
        |source| {
            let start = source.find("[recipient.model]").unwrap();
            let (before, model) = source.split_at(start);
            let model = model.replacen("fields = [\"prompt\"]", "fields = []", 1);
            format!("{before}{model}")
        },
        "a changed register is in force",
        "no-fields",
    );
}

#[test]
fn a_recipient_whose_contract_is_taken_out_of_the_file_receives_nothing_any_more() {
    check_stops_at_once(
        |source| source.replace("[evidence.dpa-model]", "[evidence.dpa-gone]"),
        "a changed register is in force",
        "no-contract",
    );
}

#[test]
fn a_recipient_whose_address_changes_receives_nothing_until_the_next_start() {
    let mut guarded = Guarded::at("outside-eu");
    let n_before = guarded.n_sent();

    guarded.change(|source| source.replace("/v1\"", "/v2\""), IN_FORCE);
    let answer = guarded.ask();

    assert_eq!(answer.status, 403, "{}", answer.text());
    assert!(
        answer.text().contains("recipient-closed"),
        "{}",
        answer.text()
    );
    assert_eq!(guarded.n_sent(), n_before, "something was sent");
    assert!(String::from_utf8_lossy(&guarded.server.said()).contains("start it again"));
}

#[test]
fn a_file_that_is_no_register_any_more_stops_every_transfer_and_not_the_house() {
    check_stops_at_once(
        |_| "this is no register".to_owned(),
        "closed at once",
        "recipient-closed",
    );
}

#[test]
fn a_mended_file_lets_a_closed_recipient_receive_again() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "outside-eu", "strict");
    let server = installation.serve();
    let mut client = server.client().with_key(&installation.gateway_key);
    let path = installation.path().join("register.toml");
    let good = std::fs::read_to_string(&path).unwrap();

    std::fs::write(&path, "[[[").unwrap();
    eventually("it is closed", || {
        String::from_utf8_lossy(&server.said()).contains("closed at once")
    });
    assert_eq!(client.post_json("/v1/chat/completions", &ask()).status, 403);

    std::fs::write(&path, good).unwrap();
    eventually("it is open again", || {
        client.post_json("/v1/chat/completions", &ask()).status == 200
    });
}

/// Starts with this register, and sees that people reach their rights while nothing goes to the model.
fn check_starts_closed(change: impl FnOnce(String) -> String, code: &str) {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "outside-eu", "strict");
    installation.set_clock("2027-01-10T12:00:00Z");
    installation.change_register(change);
    let server = installation.serve();

    let mut client = server.client().with_key(&installation.gateway_key);
    let answer = client.post_json("/v1/chat/completions", &ask());
    assert!(
        matches!(answer.status, 403 | 404),
        "{} {}",
        answer.status,
        answer.text()
    );
    let mut person = Person::come(&server);
    let said = person.say("Hoe laat gaat het loket open?", "on");
    assert!(said.status >= 400, "{} {}", said.status, said.text());
    assert_eq!(upstream.bodies().len(), 0, "something was sent");

    assert_eq!(server.client().get("/rights").status, 200);
    assert_eq!(person.data().status, 200);
    assert!(matches!(person.erase().status, 200 | 303));
    assert!(
        String::from_utf8_lossy(&server.said()).contains(code),
        "the start says which recipient is closed"
    );

    let checked = installation.command(&["check"]);
    assert_eq!(checked.status.code(), Some(1), "{}", out(&checked));
    assert!(out(&checked).contains(code), "{}", out(&checked));
    let looked = installation.command(&["doctor", "--output", "json"]);
    let looked: Value = serde_json::from_str(&out(&looked)).unwrap();
    let recipients = looked["looks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|look| look["what"] == "recipients")
        .unwrap();
    assert_eq!(recipients["good"], false);
}

#[test]
fn the_house_opens_when_the_mechanism_of_one_model_has_ended() {
    check_starts_closed(
        |source| valid_until(&source, "2027-01-09"),
        "mechanism-expired",
    );
}

#[test]
fn the_house_opens_when_the_register_does_not_declare_a_model_that_is_set_up() {
    check_starts_closed(|source| without_the_model(&source), "unknown-recipient");
}

#[test]
fn a_comment_in_the_register_makes_nobody_read_the_notice_again_and_new_words_do() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    let is_notice = |person: &mut Person| {
        person
            .client
            .get("/")
            .text()
            .contains("name=\"version\" value=\"")
    };
    assert!(!is_notice(&mut person));

    installation.change_register(|source| format!("# een opmerking\n\n{source}\n# nog een\n"));
    eventually("the changed register is in force", || {
        String::from_utf8_lossy(&server.said()).contains("a changed register is in force")
    });
    assert!(
        !is_notice(&mut person),
        "nothing changed that anybody reads"
    );

    installation
        .change_register(|source| source.replace("first_message + 30d", "first_message + 11d"));
    eventually("the notice comes first again", || is_notice(&mut person));
}

#[test]
fn a_profile_that_changes_in_the_file_changes_the_verdict() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "outside-eu", "strict");
    let server = installation.serve();
    let mut client = server.client().with_key(&installation.gateway_key);
    let personal = json!({ "model": "groot", "messages": [{ "role": "user", "content": "Mail mij op jan@example.org" }] });
    assert_eq!(
        client.post_json("/v1/guard/preview", &personal).json()["policy"],
        "strict"
    );

    installation
        .change_register(|source| source.replace("profile = \"strict\"", "profile = \"observe\""));
    eventually("the policy changes", || {
        client.post_json("/v1/guard/preview", &personal).json()["policy"] == "observe"
    });
    let before = upstream.bodies().len();
    let mut open = personal.clone();
    open["messages"][0]["content"] = json!("Mail mij op jan@example.org");
    assert_eq!(client.post_json("/v1/chat/completions", &open).status, 200);
    assert!(
        upstream.bodies()[before].contains("jan@example.org"),
        "observe changes nothing"
    );
}

#[test]
fn a_register_with_faults_is_refused_with_their_lines_and_the_old_one_stays() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    let server = installation.serve();
    let mut client = server.client().with_key(&installation.gateway_key);

    installation.change_register(|source| source.replacen("[[processing]]", "[[procesing]]", 1));
    eventually("the fault is told", || {
        String::from_utf8_lossy(&server.said()).contains("register.toml:")
    });
    assert_eq!(
        client.post_json("/v1/chat/completions", &ask()).status,
        200,
        "the old one stays in force"
    );

    let checked = installation.command(&["check", "--output", "json"]);
    assert_eq!(checked.status.code(), Some(1), "{}", err(&checked));
    let checked: Value = serde_json::from_str(&out(&checked)).unwrap();
    assert_eq!(checked["ok"], false);
    assert!(checked["faults"][0]["line"].as_u64().unwrap() > 1);
    assert!(!checked["faults"][0]["mend"].as_str().unwrap().is_empty());

    drop(server);
    let refused = installation.command(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(
        refused.status.code(),
        Some(2),
        "a start with faults stays shut"
    );
    assert!(err(&refused).contains("mend"));
}

#[test]
fn a_table_that_the_register_does_not_declare_stops_the_start() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    installation.change_register(|source| {
        let start = source.find("[table.").unwrap();
        let rest = &source[start + 1..];
        let end = rest.find("\n[").map_or(source.len(), |end| start + 1 + end);
        format!("{}{}", &source[..start], &source[end..])
    });
    let refused = installation.command(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
    assert!(
        err(&refused).contains("undeclared-table"),
        "{}",
        err(&refused)
    );
}

#[test]
fn a_purpose_that_is_removed_closes_the_keys_that_were_issued_for_it() {
    let mut guarded = Guarded::at("eu");

    guarded.installation.change_register(|source| {
        [
            "service = \"gateway\"\n",
            "service = \"gateway\"\ncategory = \"user_content\"\n",
        ]
        .into_iter()
        .fold(source, |source, rows| {
            source.replace(
                &format!("{rows}purpose = \"answer_questions\""),
                &format!("{rows}purpose = \"answer_requests\""),
            )
        })
    });
    eventually("the key no longer opens anything", || {
        guarded.ask().status == 403
    });
}

#[test]
fn a_period_that_changes_in_the_file_changes_when_data_goes_and_what_the_notice_says() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    installation.set_clock("2027-03-01T10:00:00Z");
    let server = installation.serve();
    assert!(
        server
            .client()
            .get("/privacy?lang=nl")
            .text()
            .contains("30 dagen")
    );

    installation
        .change_register(|source| source.replace("first_message + 30d", "first_message + 11d"));
    eventually("the notice says the new period", || {
        server
            .client()
            .get("/privacy?lang=nl")
            .text()
            .contains("11 dagen")
    });
    let mut person = Person::come(&server);
    assert_eq!(
        person
            .say("Is er een wachtlijst? zilverreiger-4711", "off")
            .status,
        200
    );

    installation.set_clock("2027-03-11T10:00:00Z");
    assert!(
        person.data().text().contains("zilverreiger-4711"),
        "it went before its time"
    );
    installation.set_clock("2027-03-12T10:00:05Z");
    eventually("it is gone after eleven days", || {
        !person.data().text().contains("zilverreiger-4711")
    });
}

#[cfg(unix)]
#[test]
fn a_hang_up_reads_the_register_again_at_once() {
    let installation = Installation::demo();
    let server = installation.serve();
    let id = server.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-HUP", &id])
            .status()
            .unwrap()
            .success()
    );
    eventually("the register is read again", || {
        String::from_utf8_lossy(&server.said()).contains("a changed register is in force")
    });
    assert_eq!(server.client().get("/readyz").status, 200);
}
