//! What answers say about a person is corrected, or left out: for anybody who asks, in every answer, of them alone.

use serde_json::{Value, json};

use crate::{
    desk::{Officer, between, slices, status},
    person::{Person, ask_for},
    program::{Installation, Server, eventually},
    upstream::{Script, Upstream},
};

const SAID: &str =
    "Er zijn drie praktijken. Jan de Vries is huisarts. Hij stal een fiets.\n\nVerder niets.";
const OTHER: &str = "Jan de Vries bakt brood in Breda. Hij is beroemd.";

/// A stream of pieces of so many letters.
fn stream(text: &str, n: usize) -> Script {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for piece in letters.chunks(n) {
        let piece: String = piece.iter().collect();
        let chunk = json!({"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m",
            "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": null}]});
        out.push_str(&format!("data: {chunk}\n\n"));
    }
    let last = json!({"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m",
        "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    Script::Stream(format!("{out}data: {last}\n\ndata: [DONE]\n\n").into_bytes())
}

/// What an application hears.
fn heard(installation: &Installation, server: &Server, question: &str) -> String {
    let key = format!("Bearer {}", installation.gateway_key);
    let headers = [
        ("content-type", "application/json"),
        ("authorization", key.as_str()),
    ];
    let mut client = server.client();
    let models = client.send("GET", "/v1/models", &headers, b"").json();
    let body = json!({"model": models["data"][0]["id"], "stream": true,
        "messages": [{"role": "user", "content": question}]});
    let body = body.to_string();
    let answer = client.send("POST", "/v1/chat/completions", &headers, body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    let chunks = text.lines().filter_map(|line| line.strip_prefix("data: "));
    chunks
        .filter_map(|chunk| serde_json::from_str::<Value>(chunk).ok())
        .filter_map(|chunk| {
            let content = &chunk["choices"][0]["delta"]["content"];
            content.as_str().map(str::to_owned)
        })
        .collect()
}

fn withhold(officer: &mut Officer, reference: &str, how: &str, statement: &str) -> u16 {
    let fields = [
        ("names", "Jan Pieter de Vries"),
        ("around", "Utrecht\nhuisarts"),
        ("how", how),
        ("withheld_statement", statement),
    ];
    let path = format!("/console/requests/{reference}/withhold");
    officer.post(&path, &fields).status
}

/// Scenario 11.
#[test]
fn what_answers_say_about_a_person_is_first_corrected_and_then_left_out_within_a_second() {
    let upstream = Upstream::start(stream(SAID, 3));
    let installation = Installation::with_upstream(&upstream, "own", "strict");
    let server = installation.serve();
    assert_eq!(
        heard(&installation, &server, "Welke praktijken zijn er?"),
        SAID
    );

    let words = "Ik ben Jan de Vries. Ik stal geen fiets.";
    let reference = ask_for(&mut server.client(), "rectification", words, "").unwrap();
    let mut officer = Officer::enter(&installation, &server);
    assert_eq!(withhold(&mut officer, &reference, "statement", ""), 422);
    let statement = "Rechtzetting: hij stal geen fiets.";
    assert_eq!(
        withhold(&mut officer, &reference, "statement", statement),
        303
    );
    let corrected = SAID.replace("fiets.\n\n", &format!("fiets.\n\n{statement}\n\n"));
    eventually("answers are corrected", || {
        heard(&installation, &server, "Welke praktijken zijn er?") == corrected
    });

    let page = format!("/console/requests/{reference}");
    let shown = officer.get(&page).text();
    assert!(!shown.contains("Jan Pieter"), "the name is not kept");
    // What the same request asked of the same person before, ends by it.
    assert_eq!(withhold(&mut officer, &reference, "left_out", ""), 303);
    let left =
        "Er zijn drie praktijken. Hierover kan ik niets met zekerheid zeggen.\n\nVerder niets.";
    eventually("answers are left out", || {
        heard(&installation, &server, "Welke praktijken zijn er?") == left
    });
    for n in [1, 2, 5, 7, 11, 200] {
        upstream.play(stream(SAID, n));
        assert_eq!(heard(&installation, &server, "Welke?"), left, "{n}");
    }
    let shown = officer.get(&page).text();
    let entries: Vec<&str> = shown.split("name=\"entry\" value=\"").skip(1).collect();
    let entry = entries.last().unwrap().split('"').next().unwrap();
    let release = format!("{page}/release");
    assert_eq!(officer.post(&release, &[("entry", entry)]).status, 303);
    upstream.play(stream(SAID, 5));
    eventually("answers are as they were", || {
        heard(&installation, &server, "Welke?") == SAID
    });
    assert_eq!(withhold(&mut officer, &reference, "left_out", ""), 303);
    eventually("answers are left out again", || {
        heard(&installation, &server, "Welke?") == left
    });
    upstream.play(stream(OTHER, 4));
    assert_eq!(
        heard(&installation, &server, "Wie bakt er?"),
        OTHER,
        "a namesake stays"
    );

    upstream.play(stream("Hij heet Jan de Vries. Een dief.", 4));
    let mut person = Person::come(&server);
    let answer = person.say("Welke huisarts stal een fiets?", "on").text();
    assert!(answer.contains("Hierover kan ik niets"), "{answer}");
    assert!(!answer.contains("dief"), "{answer}");
    assert!(!person.data().text().contains("dief"), "nor is it kept");

    server.stop();
    let server = installation.serve();
    upstream.play(stream(SAID, 3));
    assert_eq!(
        heard(&installation, &server, "En nu?"),
        left,
        "at once after a start"
    );
    server.stop();
    for (path, bytes) in installation.files() {
        for value in ["Jan Pieter", "Utrecht\nhuisarts"] {
            let is_there = bytes
                .windows(value.len())
                .any(|window| window == value.as_bytes());
            assert!(!is_there, "{value} in {}", path.display());
        }
    }
}

#[test]
fn the_letter_says_which_of_the_two_was_done_and_a_vague_wish_is_sent_back() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut officer = Officer::enter(&installation, &server);
    let day = between(
        &officer.get("/console/intake").text(),
        "name=\"day\" value=\"",
    );
    let fields = [
        ("channel", "letter"),
        ("right", "rectification"),
        ("day", &day),
        ("words", "Dit klopt niet."),
    ];
    let page = officer.post("/console/intake", &fields).text();
    let mut shown = page.split("<strong class=\"reference\">").skip(1);
    let mut next = || shown.next().unwrap().split('<').next().unwrap().to_owned();
    let request = (next(), next());
    let path = format!("/console/requests/{}", request.0);
    let vague = [("names", "Jan"), ("around", "Utrecht"), ("how", "left_out")];
    assert_eq!(
        officer.post(&format!("{path}/withhold"), &vague).status,
        422
    );
    assert_eq!(withhold(&mut officer, &request.0, "left_out", ""), 303);
    let found = slices(&officer.get(&path).text());
    let mut fields: Vec<(&str, &str)> = vec![("language", "nl"), ("statement", "Ik stal niets.")];
    for slice in &found {
        fields.extend([("about", slice.as_str()), ("verdict", "granted")]);
    }
    let decided = officer.post(&format!("{path}/decide"), &fields);
    assert_eq!(decided.status, 303, "{}", decided.text());
    let letter = status(&server, &request);
    assert!(
        letter.contains("laten wij dat stuk voortaan weg"),
        "{letter}"
    );
    assert!(!letter.contains("vonden niets over u"), "{letter}");
}
