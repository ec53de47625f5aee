//! From every mail its reader can take a consent back: without a login, by a button, and never by opening a link.

use serde_json::Value;

use crate::{
    mail::{PUBLIC, plain, send},
    mail_server::{MailServer, field, read},
    person::Person,
    program::eventually,
};

/// The path of the link below a mail, whatever sort of mail it is.
fn link_below(mail: &Value) -> String {
    let (_, text) = read(mail);
    let text = text.replace("=\n", "");
    let (_, after) = text.split_once(&format!("{PUBLIC}/mail/stop/")).unwrap();
    let code: String = after
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || ['-', '_'].contains(letter))
        .collect();
    format!("/mail/stop/{code}")
}

#[test]
fn from_a_mail_that_cannot_be_refused_a_consent_is_taken_back_at_once() {
    let post = MailServer::start(&[]);
    let installation = plain(&post);
    installation.change_register(|source| {
        source.replace(
            "basis = \"legit\"\ninterest = { nl = \"Klanten vertellen wat nieuw is.\", en = \"Telling customers what is new.\" }\nevidence = \"lia-news\"",
            "basis = \"consent\"\nconsent = \"news@1\"",
        ) + "\n[consent.news]\nversion = \"1\"\ntext = { nl = \"Ja, stuur mij nieuws.\", en = \"Yes, send me news.\" }\n"
    });
    let server = installation.serve();
    let mut person = Person::come(&server);
    let data = person.data().json();
    let number = data["visit"]["number"].as_str().unwrap().to_owned();
    let with_number = format!("jan@example.nl, {number}");
    person.choose("newsletter", "give");
    send(&installation, "order", &[&with_number]);
    eventually("the mail came", || post.mails().len() == 1);

    let mail = &post.mails()[0];
    let (fields, _) = read(mail);
    assert_eq!(field(&fields, "list-unsubscribe"), None, "it goes on");
    let path = link_below(mail);
    // Somebody else's browser, without a session: a program that opens links changes nothing.
    let mut reader = server.client();
    for _ in 0..3 {
        let page = reader.get(&path).text();
        assert!(
            page.contains("name=\"consent\" value=\"newsletter\""),
            "{page}"
        );
    }
    assert!(!person.data().text().contains("withdrawn"));
    let other = reader.post_form(&path, &[("consent", "nothing-of-theirs")]);
    assert_eq!(other.status, 200);
    assert!(!person.data().text().contains("withdrawn"));

    let withdrawn = reader.post_form(&path, &[("consent", "newsletter")]);
    assert_eq!(withdrawn.status, 200);
    assert!(!withdrawn.text().contains("value=\"newsletter\""));
    let known = person.data().text();
    assert!(
        known.contains("withdrawn") && known.contains("given"),
        "{known}"
    );
    let job = send(&installation, "newsletter", &[&with_number]);
    assert_eq!(job["n_not_allowed"], 1, "it holds at once");

    // The code of a mail that must go stops nothing, and a code that is none opens nothing.
    assert_eq!(reader.post_form(&path, &[]).status, 404);
    send(&installation, "order", &[&with_number]);
    eventually("it still goes", || post.mails().len() == 2);
    let none = reader.post_form("/mail/stop/x", &[("consent", "newsletter")]);
    assert_eq!(none.status, 404);
}

#[test]
fn every_mail_of_the_program_has_the_way_to_consents_below_it() {
    let post = MailServer::start(&[]);
    let installation = plain(&post);
    let server = installation.serve();
    send(&installation, "order", &["piet@example.nl"]);
    send(&installation, "newsletter", &["piet@example.nl"]);
    eventually("both came", || post.mails().len() == 2);
    for mail in &post.mails() {
        let path = link_below(mail);
        let page = server.client().get(&path);
        assert_eq!(page.status, 200, "{}", page.text());
    }
}
