//! An officer tells the persons concerned of a change that was published: from the console, once, through the gate.

use crate::{
    changes::Officer,
    mail::{CHANGES, plain},
    mail_server::MailServer,
    person::Person,
    program::{Installation, Server, eventually},
};

/// Somebody asks for something, and leaves this to be answered at.
fn leaves(server: &Server, reply_to: &str) {
    let mut person = Person::come(server);
    let fields = [
        ("form_token", person.form_token.as_str()),
        ("right", "rectification"),
        ("question", "Mijn naam is anders."),
        ("reply_to", reply_to),
    ];
    let asked = person.client.post_form("/rights", &fields);
    assert_eq!(asked.status, 200, "{}", asked.text());
}

/// Two officers publish that requests are kept for longer. Gives the address of the change.
fn publishes(one: &mut Officer, other: &mut Officer) -> String {
    let change = one.begin();
    let text = one.get(&format!("{change}/text"));
    let source = text.split("<textarea").nth(1).unwrap();
    let source = source.split_once('>').unwrap().1;
    let source = source.split("</textarea>").next().unwrap();
    let source = source
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let effective = source
        .lines()
        .find(|line| line.starts_with("effective"))
        .unwrap();
    let source = source
        .replace("version = \"1\"\n", "version = \"2\"\n")
        .replace(effective, "effective = \"2027-02-20\"")
        .replace("case_closed + 3months", "case_closed + 5months");
    one.write(&change, "/text", &[("source", source.trim_start())]);
    one.did(&change, "propose");
    other.did(&change, "approve");
    one.did(&change, "publish");
    eventually("the program took it", || {
        one.get(&change).contains("telt vanaf 20 februari 2027")
    });
    change
}

fn tell(officer: &mut Officer, change: &str) -> (u16, String) {
    let fields = [("message", "change"), ("language", "nl")];
    let told = officer.send(change, "/tell", &fields);
    (told.status, told.text())
}

#[test]
fn an_officer_tells_the_persons_concerned_from_the_console_and_once() {
    let post = MailServer::start(&[]);
    let installation = plain(&post);
    installation.change_register(|source| source + CHANGES);
    installation.set_clock("2027-01-10T12:00:00Z");
    let server = installation.serve();
    for reply_to in ["jan@example.nl", "Postbus 12, Voorbeeld", "piet@example.nl"] {
        leaves(&server, reply_to);
    }
    let mut one = Officer::enter(&installation, &server, "officer");
    let mut other = Officer::enter(&installation, &server, "officer");
    let mut auditor = Officer::enter(&installation, &server, "auditor");
    let change = publishes(&mut one, &mut other);

    let page = one.get(&change);
    assert!(
        page.contains(&format!("action=\"{change}/tell\"")),
        "{page}"
    );
    assert!(page.contains("<option value=\"change\">"));
    assert!(!page.contains("<option value=\"newsletter\">"), "it sells");
    assert!(!auditor.get(&change).contains("/tell\""));
    assert_eq!(tell(&mut auditor, &change).0, 403);
    let wrong = [("message", "newsletter"), ("language", "nl")];
    let wrong = one.send(&change, "/tell", &wrong);
    assert_eq!(wrong.status, 422, "what can be refused tells nothing");
    assert!(wrong.text().contains("klasse legal"));

    assert_eq!(tell(&mut one, &change).0, 303);
    let trail = one.log();
    assert!(trail.contains("change.told"), "{trail}");
    assert_eq!(tell(&mut other, &change).0, 422, "once");
    eventually("the mails came", || post.mails().len() == 2);
    let mut taken = post.taken_for();
    taken.sort_unstable();
    assert_eq!(taken, ["jan@example.nl", "piet@example.nl"]);
    eventually("the page counts them", || {
        one.get(&change).contains("Weg: 2. Wacht nog: 0.")
    });
    assert!(one.get(&change).contains("mensen gemaild"));
}

#[test]
fn where_nobody_can_be_mailed_the_officer_reads_why_and_may_try_again() {
    let post = MailServer::start(&[]);
    let installation = plain(&post);
    installation.change_register(|source| source + CHANGES);
    installation.set_clock("2027-01-10T12:00:00Z");
    let server = installation.serve();
    let mut one = Officer::enter(&installation, &server, "officer");
    let mut other = Officer::enter(&installation, &server, "officer");
    let change = publishes(&mut one, &mut other);
    let (status, page) = tell(&mut one, &change);
    assert_eq!(status, 422);
    assert!(page.contains("Niemand liet een mailadres achter"), "{page}");
    leaves(&server, "jan@example.nl");
    assert_eq!(tell(&mut one, &change).0, 303);
    eventually("the mail came", || post.mails().len() == 1);
}

#[test]
fn an_installation_without_mail_says_how_people_hear_of_it() {
    let installation = Installation::demo();
    installation.set_clock("2027-01-10T12:00:00Z");
    let server = installation.serve();
    let mut one = Officer::enter(&installation, &server, "officer");
    let mut other = Officer::enter(&installation, &server, "officer");
    let change = publishes(&mut one, &mut other);
    let page = one.get(&change);
    assert!(page.contains("dit systeem stuurt geen e-mail"), "{page}");
    assert!(!page.contains("/tell\""));
}
