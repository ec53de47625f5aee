//! Requests that are answered by mail: a code shows that the address is theirs, and then receipt, extension and the word
//! that an answer is there go by themselves.

use crate::{
    desk::{Officer, between, slices},
    http::Answer,
    mail::{PUBLIC, forward, plain, told},
    mail_server::{MailServer, field, read},
    person::Person,
    program::{Installation, Server, eventually},
};

/// What a register says that has requests answered by mail.
const REGISTER: &str = r#"
[message.request_code]
class = "legal"
service = "rights"
purpose = "answer_requests"
category = "communication"

[message.request_news]
class = "legal"
service = "rights"
purpose = "answer_requests"
category = "communication"
"#;

/// An installation that answers requests by mail.
fn answering(post: &MailServer) -> Installation {
    let installation = plain(post);
    installation.change_register(|source| {
        let cell = "service = \"rights\"\npurpose = \"answer_requests\"\n";
        assert!(source.contains(cell));
        let (before, after) = source.split_once(cell).unwrap();
        let (line, rest) = after.split_once('\n').unwrap();
        format!("{before}{cell}{line}\nrecipients = [\"mail_server\"]\n{rest}{REGISTER}")
    });
    installation
}

/// A request with an address, of somebody who wants to be answered there.
fn asks(server: &Server, right: &str, address: &str) -> (String, String) {
    let page = server.client().post_form(
        "/rights",
        &[
            ("right", right),
            ("question", "Wat weet u van mij?"),
            ("reply_to", address),
            ("by_mail", "yes"),
        ],
    );
    assert_eq!(page.status, 200, "{}", page.text());
    let page = page.text();
    assert!(page.contains("We hebben een code gestuurd"), "{page}");
    let mut shown = page.split("<strong class=\"reference\">").skip(1);
    let mut next = || shown.next().unwrap().split('<').next().unwrap().to_owned();
    (next(), next())
}

/// The text of the newest mail to an address, as one line.
fn newest(post: &MailServer, to: &str) -> (String, String) {
    let mails = post.mails();
    let mail = mails.iter().rev().find(|mail| mail["to"][0] == to).unwrap();
    let (fields, text) = read(mail);
    assert_eq!(
        field(&fields, "list-unsubscribe"),
        None,
        "nobody signs off from this"
    );
    (text.replace("=\n", ""), mail["content"].to_string())
}

/// The code in a mail.
fn code_in(text: &str) -> String {
    let rest = text.split("Uw code is ").nth(1).unwrap();
    let digits: String = rest.chars().take(9).filter(char::is_ascii_digit).collect();
    assert_eq!(digits.len(), 8, "{text}");
    digits
}

fn confirm(server: &Server, reference: &str, code: &str) -> Answer {
    let path = format!("/rights/{reference}/confirm");
    server.client().post_form(&path, &[("mailed", code)])
}

#[test]
fn a_code_shows_that_an_address_is_theirs_once_and_a_wrong_one_tells_nothing() {
    let post = MailServer::start(&[]);
    let installation = answering(&post);
    let server = installation.serve();
    let request = asks(&server, "access", "jan@example.nl");
    eventually("the code came", || post.mails().len() == 1);
    let (text, _) = newest(&post, "jan@example.nl");
    let code = code_in(&text);
    assert!(text.contains(&format!("{PUBLIC}/rights/{}/confirm", request.0)));
    assert!(
        !text.contains(&request.1),
        "what opens the request is in no mail"
    );

    // Wrong code, wrong number, no number: one text.
    let wrong = confirm(&server, &request.0, "00000000");
    assert_eq!(wrong.status, 422);
    for strange in ["WB-0000-0000", "nothing"] {
        let other = confirm(&server, strange, &code);
        assert_eq!(other.status, 422, "{strange}");
        let as_that = |page: &str, reference: &str| page.replace(reference, "…");
        let shown = if strange == "nothing" { "" } else { strange };
        let (one, other) = (wrong.text(), other.text());
        if !shown.is_empty() {
            assert_eq!(as_that(&one, &request.0), as_that(&other, shown));
        }
    }
    let right = confirm(
        &server,
        &request.0,
        &format!("{} {}", &code[..4], &code[4..]),
    );
    assert_eq!(right.status, 200, "{}", right.text());
    assert_eq!(confirm(&server, &request.0, &code).status, 422, "once");

    eventually("the receipt came", || post.mails().len() == 2);
    let (receipt, _) = newest(&post, "jan@example.nl");
    assert!(
        receipt.contains(&request.0) && receipt.contains("uiterste datum"),
        "{receipt}"
    );

    // The officer reads how sure it is; the code itself is nowhere.
    let mut officer = Officer::enter(&installation, &server);
    let page = officer
        .get(&format!("/console/requests/{}", request.0))
        .text();
    assert!(page.contains("die wil daar antwoord"), "{page}");
    assert!(!told(&server).contains(&code) && !told(&server).contains("example.nl"));
    eventually("the mails are gone", || {
        let run = installation.command(&["retention", "run"]);
        assert!(run.status.success());
        installation.files().iter().all(|(path, content)| {
            path.extension().is_some_and(|kind| kind == "toml")
                || memchr::memmem::find(content, code.as_bytes()).is_none()
        })
    });
}

#[test]
fn a_code_is_guessed_five_times_at_most_and_ends() {
    let post = MailServer::start(&[]);
    let installation = answering(&post);
    let server = installation.serve();
    let request = asks(&server, "access", "jan@example.nl");
    eventually("the code came", || post.mails().len() == 1);
    let code = code_in(&newest(&post, "jan@example.nl").0);
    for _ in 0..5 {
        assert_eq!(confirm(&server, &request.0, "12345678").status, 422);
    }
    assert_eq!(confirm(&server, &request.0, &code).status, 422, "too late");

    // A new one counts, until its time is over.
    let again = |server: &Server| {
        let path = format!("/rights/{}/code", request.0);
        server
            .client()
            .post_form(&path, &[("code", &request.1)])
            .status
    };
    assert_eq!(again(&server), 200);
    eventually("another came", || post.mails().len() == 2);
    let second = code_in(&newest(&post, "jan@example.nl").0);
    forward(&installation, "PT2H");
    assert_eq!(
        confirm(&server, &request.0, &second).status,
        422,
        "it ended"
    );
    assert_eq!(again(&server), 200);
    eventually("a third came", || post.mails().len() == 3);
    let third = code_in(&newest(&post, "jan@example.nl").0);
    assert_eq!(confirm(&server, &request.0, &third).status, 200);

    // Who holds no secret of a request has nothing sent, and reads what everybody reads.
    let path = format!("/rights/{}/code", request.0);
    let stranger = server.client().post_form(&path, &[("code", "AAAA")]);
    assert_eq!(stranger.status, 404);
}

#[test]
fn so_many_codes_go_to_one_address_and_no_page_says_so() {
    let post = MailServer::start(&[]);
    let installation = answering(&post);
    let server = installation.serve();
    // The page says each time that a code was sent.
    for nth in 0..8 {
        let address = ["buur@example.nl", "Buur@Example.NL"][nth % 2];
        asks(&server, "access", address);
    }
    asks(&server, "access", "jan@example.nl");
    eventually("five and one came", || post.mails().len() == 6);
    let to = |mail: &serde_json::Value| mail["to"][0].to_string().to_lowercase();
    let n_to_neighbour = post
        .mails()
        .iter()
        .filter(|mail| to(mail).contains("buur@"))
        .count();
    assert_eq!(n_to_neighbour, 5);
    forward(&installation, "PT2H");
    asks(&server, "access", "buur@example.nl");
    eventually("their time is over", || post.mails().len() == 7);
}

/// Scenario 7, the mail that tells of an extension; and the link to an answer.
#[test]
fn an_answer_is_opened_once_by_a_button_and_never_goes_along_in_the_mail() {
    let post = MailServer::start(&[]);
    let installation = answering(&post);
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Mijn heg is te hoog, zegt de buurman.", "on");
    let number = person.data().json()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let request = asks(&server, "access", "jan@example.nl");
    let page = format!("/console/requests/{}", request.0);
    let mut officer = Officer::enter(&installation, &server);
    let link = [("number", number.as_str()), ("identity", "code")];
    let early = officer.post(&format!("{page}/link"), &link);
    assert_eq!(early.status, 422, "no code showed it yet");
    assert!(
        early.text().contains("Stuur eerst een code"),
        "{}",
        early.text()
    );

    eventually("the code came", || post.mails().len() == 1);
    let code = code_in(&newest(&post, "jan@example.nl").0);
    // The person reads it out on the telephone.
    let typed = officer.post(&format!("{page}/confirm"), &[("mailed", code.as_str())]);
    assert_eq!(typed.status, 303, "{}", typed.text());
    eventually("the receipt came", || post.mails().len() == 2);
    assert_eq!(officer.post(&format!("{page}/link"), &link).status, 303);

    let reasons = [
        ("reasons", "Wij zoeken nog in het archief."),
        ("language", "nl"),
    ];
    assert_eq!(
        officer.post(&format!("{page}/extend"), &reasons).status,
        303
    );
    eventually("the extension came", || post.mails().len() == 3);
    let (extension, _) = newest(&post, "jan@example.nl");
    assert!(
        extension.contains("Wij zoeken nog in het archief."),
        "{extension}"
    );

    let found = slices(&officer.get(&page).text());
    let mut fields: Vec<(&str, &str)> = vec![("language", "nl")];
    for slice in &found {
        fields.extend([("about", slice.as_str()), ("verdict", "granted")]);
    }
    let decided = officer.post(&format!("{page}/decide"), &fields);
    assert_eq!(decided.status, 303, "{}", decided.text());
    eventually("the word of the answer came", || post.mails().len() == 4);
    let (word, _) = newest(&post, "jan@example.nl");
    assert!(!word.contains("heg") && !word.contains(&number), "{word}");
    let link = word
        .split(&format!("{PUBLIC}/mail/answer/"))
        .nth(1)
        .unwrap();
    let link: String = link
        .chars()
        .take_while(|letter| !letter.is_whitespace())
        .collect();
    let path = format!("/mail/answer/{link}");

    let mut reader = server.client();
    for _ in 0..3 {
        let looked = reader.get(&path);
        assert_eq!(looked.status, 200);
        assert!(!looked.text().contains("Antwoord op uw verzoek"));
    }
    let opened = reader.post_form(&path, &[]);
    assert_eq!(opened.status, 200, "{}", opened.text());
    let opened = opened.text();
    assert!(opened.contains("Antwoord op uw verzoek"), "{opened}");
    let reading = between(&opened, "name=\"code\" value=\"");
    assert_ne!(reading, request.1, "the secret of the request is its own");
    let copy = format!("/rights/{}/copy", request.0);
    let fields = [("code", reading.as_str()), ("form", "json")];
    let copied = server.client().post_form(&copy, &fields);
    assert!(copied.text().contains("heg"), "{}", copied.text());
    assert_eq!(reader.post_form(&path, &[]).status, 404, "once");
    forward(&installation, "PT2H");
    let later = server.client().post_form(&copy, &fields);
    assert_eq!(later.status, 404, "what the link became ends");
    assert!(!told(&server).contains(&link) && !told(&server).contains(&reading));
}

#[test]
fn without_mail_nothing_is_offered_and_no_click_closes_nothing() {
    let installation = Installation::demo();
    let server = installation.serve();
    let form = server.client().get("/rights").text();
    assert!(!form.contains("by_mail"), "{form}");
    assert_eq!(
        server.client().get("/rights/WB-0000-0000/confirm").status,
        404
    );
    drop(server);

    let post = MailServer::start(&[]);
    let installation = answering(&post);
    let server = installation.serve();
    assert!(server.client().get("/rights").text().contains("by_mail"));
    let request = asks(&server, "access", "jan@example.nl");
    eventually("the code came", || post.mails().len() == 1);
    forward(&installation, "PT480H");
    let status = server
        .client()
        .post_form(&format!("/rights/{}", request.0), &[("code", &request.1)]);
    assert!(
        status.text().contains("We hebben uw verzoek ontvangen"),
        "{}",
        status.text()
    );
}
