//! Pictures and files that lie in a request: what goes along, what becomes text, and what never leaves.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use waarborg_domain::prompt::Wire;
use waarborg_files::PictureReader;
use waarborg_usecase::ports::Provider;

use super::house::house;
use super::made::{base64, docx, jpeg, letters, pdf, png, zip};
use super::messages::whole;
use super::responses::respond;
use super::*;
use crate::providers::{Anthropic, Ollama};

const CHAT: &str = "/v1/chat/completions";

/// Reads the letters that the tests put into their pictures. One that says `kapot` breaks it down.
struct Reader;

impl PictureReader for Reader {
    fn letters(&mut self, picture: &[u8]) -> Option<String> {
        let letters = letters(picture).unwrap_or_default();
        assert_ne!(letters, "kapot", "as the test asked");
        Some(letters)
    }
}

/// Reads nothing before it is told to.
struct Slow(Receiver<()>);

impl PictureReader for Slow {
    fn letters(&mut self, _: &[u8]) -> Option<String> {
        let _ = self.0.recv();
        Some(String::new())
    }
}

pub(super) async fn door_to(
    provider: impl Fn(&str) -> Box<dyn Provider>,
    policy: &str,
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Door {
    let scripted = ScriptedProvider::start(answering).await.unwrap();
    let base_url = scripted.base_url();
    // An Ollama stands at an address without a path, and the register says so.
    let own = provider(&base_url);
    let declared = if own.speaks(Wire::OllamaGenerate) {
        base_url.trim_end_matches("/v1")
    } else {
        &base_url
    };
    let (house, switches) = house(declared, policy, own);
    let state = GatewayState::new(house, DoorLimits::default());
    Door {
        router: routes(state.reading_letters_with(Arc::new(|| Some(Box::new(Reader))))),
        provider: scripted,
        switches,
    }
}

pub(super) fn openai(base_url: &str) -> Box<dyn Provider> {
    Box::new(OpenAi::new(base_url, None, patience()).unwrap())
}

pub(super) fn ollama(base_url: &str) -> Box<dyn Provider> {
    let base_url = base_url.trim_end_matches("/v1");
    Box::new(Ollama::new(base_url, None, patience()).unwrap())
}

pub(super) fn anthropic(base_url: &str) -> Box<dyn Provider> {
    Box::new(Anthropic::new(base_url, Some(&"sk-ant-x".into()), patience()).unwrap())
}

fn sent(door: &Door) -> Value {
    serde_json::from_slice(&door.provider.seen().last().unwrap().body).unwrap()
}

pub(super) fn files_header(answered: &Answered) -> &str {
    answered.headers["x-waarborg-files"].to_str().unwrap()
}

fn picture_part(picture: &[u8]) -> Value {
    let url = format!("data:image/png;base64,{}", base64(picture));
    json!({"type": "image_url", "image_url": {"url": url, "detail": "low"}})
}

fn file_part(name: &str, media_type: &str, file: &[u8]) -> Value {
    let data = format!("data:{media_type};base64,{}", base64(file));
    json!({"type": "file", "file": {"filename": name, "file_data": data}})
}

fn pdf_part(text: &str) -> Value {
    file_part("brief.pdf", "application/pdf", &pdf(text, "niemand"))
}

fn with_parts(text: &str, parts: &[Value]) -> Value {
    let mut content = vec![json!({"type": "text", "text": text})];
    content.extend(parts.iter().cloned());
    json!({"model": "klein", "messages": [{"role": "user", "content": content}]})
}

/// Says back the last part of the last message, if it is a text.
fn echo_part(seen: &Seen) -> Script {
    let document: Value = serde_json::from_slice(&seen.body).unwrap();
    let said = document["messages"][0]["content"]
        .as_array()
        .and_then(|parts| parts.last()?["text"].as_str())
        .unwrap_or("geen tekst");
    let message = json!({"role": "assistant", "content": said});
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    Script::json(
        200,
        &json!({"id": "x", "object": "chat.completion", "choices": [choice]}).to_string(),
    )
}

#[tokio::test]
async fn a_picture_without_findings_goes_along_without_what_is_written_about_it() {
    let door = door_to(openai, "pseudonymise", echo_part).await;
    let about = format!("{MAIL} {BSN}");
    for picture in [png("Welkom op school", &about), jpeg(&about)] {
        let is_png = picture.starts_with(b"\x89PNG");
        let mut part = picture_part(&picture);
        if !is_png {
            let url = format!("data:image/jpeg;base64,{}", base64(&picture));
            part["image_url"]["url"] = json!(url);
        }
        let answered = door
            .chat(&with_parts("Wat staat hier?", &[part.clone()]))
            .await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(files_header(&answered), "unchanged=1;as-text=0");
        assert_eq!(answered.headers["x-waarborg-verdict"], "allow");

        let bare = waarborg_files::strip_metadata(&picture).unwrap();
        assert!(bare.len() < picture.len());
        let head = if is_png { "png" } else { "jpeg" };
        part["image_url"]["url"] = json!(format!("data:image/{head};base64,{}", base64(&bare)));
        assert_eq!(sent(&door)["messages"][0]["content"][1], part);
        for planted in [MAIL, BSN] {
            assert!(
                !bare
                    .windows(planted.len())
                    .any(|part| part == planted.as_bytes())
            );
        }
    }
}

#[tokio::test]
async fn a_picture_with_findings_stays_and_says_why() {
    let door = door_to(openai, "pseudonymise", echo_part).await;
    let asked = with_parts(
        "Kijk eens",
        &[picture_part(&png(&format!("Mail {MAIL}"), ""))],
    );
    let answered = door.chat(&asked).await;
    assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answered.code(), "personal_data_in_picture");
    assert!(
        answered
            .body
            .contains("geen andere woorden in een afbeelding")
    );
    assert!(!answered.body.contains(MAIL));
    assert_eq!(answered.headers["x-waarborg-verdict"], "block");
    door.check_nothing_left();
    assert_eq!(
        door.switches.entries.lock().unwrap().len(),
        1,
        "it is in the log"
    );

    // Where the policy lets it go, it goes.
    let open = door_to(openai, "observe", echo_part).await;
    let answered = open.chat(&asked).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(files_header(&answered), "unchanged=1;as-text=0");
    // And what it blocks it blocks, as in a text.
    let closed = door_to(openai, "strict", echo_part).await;
    let number = png(&format!("BSN {BSN}"), "");
    let answered = closed
        .chat(&with_parts("Kijk eens", &[picture_part(&number)]))
        .await;
    assert_eq!(answered.code(), "personal_data_blocked");
    closed.check_nothing_left();
}

#[tokio::test]
async fn what_the_message_says_of_somebody_is_found_in_the_picture_as_well() {
    let door = door_to(openai, "pseudonymise", echo_part).await;
    let picture = png("wie was dat, bakker?", "");
    let alone = door
        .chat(&with_parts("Wat staat hier?", &[picture_part(&picture)]))
        .await;
    assert_eq!(alone.status, StatusCode::OK, "{}", alone.body);
    let text = "Is dit van de heer Bakker?";
    let answered = door
        .chat(&with_parts(text, &[picture_part(&picture)]))
        .await;
    assert_eq!(
        answered.code(),
        "personal_data_in_picture",
        "{}",
        answered.body
    );
}

#[tokio::test]
async fn a_file_without_findings_goes_along_as_it_is() {
    let door = door_to(openai, "pseudonymise", echo_part).await;
    let files = [
        file_part(
            "regels.pdf",
            "application/pdf",
            &pdf("De school begint om acht uur.", "niemand"),
        ),
        file_part(
            "regels.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            &docx("De school begint om acht uur.", "klopt"),
        ),
        file_part(
            "regels.txt",
            "text/plain",
            "De school begint om acht uur.".as_bytes(),
        ),
        json!({"type": "file", "file": {"file_data": base64(&pdf("De school begint om acht uur.", "niemand"))}}),
    ];
    for file in files {
        let asked = with_parts("Vat samen", std::slice::from_ref(&file));
        let answered = door.chat(&asked).await;
        assert_eq!(answered.status, StatusCode::OK, "{file}: {}", answered.body);
        assert_eq!(files_header(&answered), "unchanged=1;as-text=0");
        assert_eq!(sent(&door), asked);
    }
}

#[tokio::test]
async fn a_file_with_findings_goes_along_as_text_and_comes_back_whole() {
    let door = door_to(openai, "pseudonymise", echo_part).await;
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let text = format!("Rekening {IBAN}");
    for (file, planted) in [
        (
            file_part("brief.pdf", "application/pdf", &pdf(&text, MAIL)),
            vec![IBAN, MAIL],
        ),
        (
            file_part("brief.docx", word, &docx(&text, &format!("mail {MAIL}"))),
            vec![IBAN, MAIL],
        ),
        (
            file_part("brief.txt", "text/plain", text.as_bytes()),
            vec![IBAN],
        ),
        (
            file_part(
                &format!("brief {BSN}.pdf"),
                "application/pdf",
                &pdf("De school", "x"),
            ),
            vec![BSN],
        ),
    ] {
        let answered = door
            .chat(&with_parts("Vat samen", std::slice::from_ref(&file)))
            .await;
        assert_eq!(answered.status, StatusCode::OK, "{file}: {}", answered.body);
        assert_eq!(files_header(&answered), "unchanged=0;as-text=1");
        assert_eq!(answered.headers["x-waarborg-verdict"], "pseudonymise");
        assert_eq!(sent(&door)["messages"][0]["content"][1]["type"], "text");
        for value in planted {
            assert!(
                answered.body.contains(value),
                "{value} came not back: {}",
                answered.body
            );
        }
    }
    let data = base64(&pdf(&text, MAIL));
    door.check_nothing_leaked(&[IBAN, MAIL, BSN, data.get(..200).unwrap()]);
}

#[tokio::test]
async fn everything_that_lies_in_a_request_has_one_verdict() {
    let door = door_to(openai, "pseudonymise", echo_part).await;
    let clean = pdf_part("De school begint om acht uur.");
    let telling = pdf_part(&format!("Mail {MAIL}"));
    let asked = with_parts(
        "Vergelijk",
        &[picture_part(&png("Welkom", "")), clean.clone(), telling],
    );
    let answered = door.chat(&asked).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(files_header(&answered), "unchanged=2;as-text=1");
    assert_eq!(sent(&door)["messages"][0]["content"][2], clean);
    assert!(answered.body.contains(MAIL));
    door.check_nothing_leaked(&[MAIL]);

    let strict = door_to(openai, "strict", echo_part).await;
    let blocked = pdf_part(&format!("BSN {BSN}"));
    let answered = strict
        .chat(&with_parts("Vergelijk", &[clean, blocked]))
        .await;
    assert_eq!(answered.code(), "personal_data_blocked");
    strict.check_nothing_left();
}

#[tokio::test]
async fn the_bytes_around_a_file_stay_as_they_were() {
    let door = door_to(openai, "pseudonymise", echo_part).await;
    let clean = pdf_part("De school begint om acht uur.").to_string();
    let body = format!(
        "{{ \"model\":\"klein\",\"messages\":[ {{\"role\":\"user\",\"content\":[{clean} ,  {{\"type\":\"text\",\"text\":\"hoi \\u00e9\"}}]}}], \"x\":1.50 }}"
    );
    let answered = door.post(CHAT, &[], body.clone()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(door.provider.seen()[0].text(), body);
}

/// The refusal of a part, by its reason.
async fn reason(door: &Door, part: &Value) -> String {
    let answered = door
        .chat(&with_parts("Kijk", std::slice::from_ref(part)))
        .await;
    let told = answered.json();
    assert_eq!(
        answered.status,
        StatusCode::BAD_REQUEST,
        "{part}: {}",
        answered.body
    );
    assert_eq!(
        answered.code(),
        "content_not_inspectable",
        "{}",
        answered.body
    );
    told["error"]["waarborg"]["reason"]
        .as_str()
        .unwrap_or("opaque")
        .to_owned()
}

#[tokio::test]
async fn what_cannot_be_read_wholly_is_refused_with_its_reason() {
    let door = door_to(openai, "pseudonymise", echo_part).await;
    let whole_pdf = pdf("De school", "x");
    let whole_png = png("Welkom", "");
    let nested = (0..9).fold(b"diep".to_vec(), |inside, _| zip(&[("a.zip", &inside)]));
    let url = |data: &str| json!({"type": "image_url", "image_url": {"url": data}});
    let moving = {
        let mut file = whole_png.clone();
        file.splice(33..33, *b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0\0\0\0\0");
        file
    };
    for (part, expected) in [
        (url("data:image/png;base64,iVBORw0KGgo=*"), "not-base64"),
        (url("data:image/png;base64,iVBORw0KGgo"), "not-base64"),
        (url("data:image/png;base64,"), "other-kind"),
        (picture_part(&whole_pdf), "other-kind"),
        (picture_part(&whole_png[..60]), "damaged"),
        (picture_part(&moving), "unsupported"),
        (picture_part(b"II*\0rest"), "not-stripped"),
        (picture_part(&png("kapot", "")), "failed"),
        (
            file_part("a.pdf", "application/pdf", &whole_png),
            "other-kind",
        ),
        (
            file_part("a.docx", "application/pdf", &whole_pdf),
            "other-kind",
        ),
        (file_part("a.pdf", "text/plain", &whole_pdf), "other-kind"),
        (
            file_part("a.pdf", "application/pdf", &whole_pdf[..200]),
            "damaged",
        ),
        (file_part("a.zip", "application/zip", &nested), "too-much"),
        (
            file_part(
                "a.doc",
                "application/octet-stream",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            ),
            "unsupported",
        ),
        (
            file_part("a", "application/octet-stream", b"\x7fELF\0\0"),
            "unsupported",
        ),
        // Nothing of these is known, so they are no files that lie in a request.
        (url("https://x.nl/a.png"), "opaque"),
        (url("data:image/png;name=Jan;base64,iVBORw0KGgo="), "opaque"),
        (
            json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "x": "Jan"}}),
            "opaque",
        ),
        (
            json!({"type": "image_url", "x": "Jan", "image_url": {"url": "data:image/png;base64,AAAA"}}),
            "opaque",
        ),
        (
            json!({"type": "file", "file": {"file_id": "file-1"}}),
            "opaque",
        ),
        (
            json!({"type": "file", "file": {"file_id": "file-1", "file_data": "AAAA"}}),
            "opaque",
        ),
        (
            json!({"type": "file", "file": {"filename": 7, "file_data": "AAAA"}}),
            "opaque",
        ),
    ] {
        assert_eq!(reason(&door, &part).await, expected, "{part}");
    }
    let many: Vec<Value> = (0..65).map(|_| picture_part(&whole_png)).collect();
    let answered = door.chat(&with_parts("Kijk", &many)).await;
    assert_eq!(answered.json()["error"]["waarborg"]["reason"], "too-many");
    door.check_nothing_left();
}

#[tokio::test]
async fn where_nobody_reads_letters_a_picture_stays() {
    let door = door(echo_part).await;
    assert_eq!(
        reason(&door, &picture_part(&png("Welkom", ""))).await,
        "picture"
    );
    door.check_nothing_left();
}

/// A picture of one pixel.
const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[tokio::test]
async fn where_the_operator_wants_no_pictures_they_stay_and_other_files_go() {
    let provider = ScriptedProvider::start(echo_part).await.unwrap();
    let base_url = provider.base_url();
    let (house, switches) = house(&base_url, "pseudonymise", openai(&base_url));
    let state = GatewayState::new(house, DoorLimits::default());
    let state = state.reading_letters_with(Arc::new(|| Some(Box::new(Reader))));
    let door = Door {
        router: routes(state.refusing_pictures()),
        provider,
        switches,
    };
    let picture = picture_part(&png("Welkom", ""));
    assert_eq!(reason(&door, &picture).await, "picture-refused");
    // Too small for a letter, and a picture all the same.
    let dot = STANDARD.decode(DOT).unwrap();
    assert_eq!(reason(&door, &picture_part(&dot)).await, "picture-refused");
    let told = door.chat(&with_parts("Kijk", &[picture])).await.json();
    let message = told["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("neemt geen afbeeldingen aan") && !message.contains("Tesseract"),
        "{message}"
    );
    door.check_nothing_left();

    let file = file_part("brief.txt", "text/plain", b"Welkom");
    let answered = door.chat(&with_parts("Lees", &[file])).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
}

#[tokio::test]
async fn what_takes_too_long_to_read_is_refused_and_others_go_on() {
    let provider = ScriptedProvider::start(echo_part).await.unwrap();
    let base_url = provider.base_url();
    let (house, switches) = house(&base_url, "pseudonymise", openai(&base_url));
    let limits = DoorLimits {
        n_files_at_once: 1,
        file_time: Duration::from_millis(100),
        ..DoorLimits::default()
    };
    let (sender, receiver) = channel();
    let gate = Mutex::new(Some(receiver));
    let slow = move || {
        let gate = gate.lock().unwrap().take()?;
        Some(Box::new(Slow(gate)) as Box<dyn PictureReader>)
    };
    let door = Door {
        router: routes(GatewayState::new(house, limits).reading_letters_with(Arc::new(slow))),
        provider,
        switches,
    };
    assert_eq!(
        reason(&door, &picture_part(&png("Welkom", ""))).await,
        "too-slow"
    );
    // The one place is still taken, whoever waits for it.
    assert_eq!(
        reason(&door, &picture_part(&png("Welkom", ""))).await,
        "too-slow"
    );
    assert_eq!(door.chat(&ask("hoi")).await.status, StatusCode::OK);
    drop(sender);
}

#[tokio::test]
async fn in_responses_pictures_and_files_are_read_as_well() {
    let door = door_to(openai, "pseudonymise", respond).await;
    let asked = |part: &Value| json!({"model": "klein", "store": false, "input": [{"role": "user", "content": [part]}]});
    let url = |picture: &[u8]| format!("data:image/png;base64,{}", base64(picture));
    let picture = |letters: &str| json!({"type": "input_image", "image_url": url(&png(letters, MAIL)), "detail": "auto"});
    let file = |text: &str| {
        let data = format!(
            "data:application/pdf;base64,{}",
            base64(&pdf(text, "niemand"))
        );
        json!({"type": "input_file", "filename": "brief.pdf", "file_data": data})
    };
    let post = |part: Value| door.post("/v1/responses", &[], asked(&part).to_string());

    let answered = post(picture("Welkom")).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(
        sent(&door)["input"][0]["content"][0]["image_url"],
        url(&waarborg_files::strip_metadata(&png("Welkom", MAIL)).unwrap())
    );
    assert_eq!(post(picture(MAIL)).await.code(), "personal_data_in_picture");
    assert_eq!(post(file("De school")).await.status, StatusCode::OK);
    assert_eq!(sent(&door)["input"][0]["content"][0], file("De school"));
    let answered = post(file(&format!("Mail {MAIL}"))).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(sent(&door)["input"][0]["content"][0]["type"], "input_text");
    assert!(answered.body.contains(MAIL));
    door.check_nothing_leaked(&[MAIL]);
}

#[tokio::test]
async fn in_anthropics_format_pictures_and_documents_are_read_as_well() {
    let says = |seen: &Seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let said = &document["messages"][0]["content"][0]["source"]["data"];
        whole(&json!([{"type": "text", "text": said}]))
    };
    let door = door_to(anthropic, "pseudonymise", says).await;
    let source = |media_type: &str, file: &[u8]| json!({"type": "base64", "media_type": media_type, "data": base64(file)});
    let picture = |letters: &str| json!({"type": "image", "source": source("image/png", &png(letters, MAIL)), "cache_control": {"type": "ephemeral"}});
    let document = |text: &str, title: &str| json!({"type": "document", "title": title, "source": source("application/pdf", &pdf(text, "niemand"))});
    let asked = |block: &Value| json!({"model": "klein", "max_tokens": 64, "messages": [{"role": "user", "content": [block]}]});

    let answered = door.message(&asked(&picture("Welkom"))).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let bare = waarborg_files::strip_metadata(&png("Welkom", MAIL)).unwrap();
    let block = sent(&door)["messages"][0]["content"][0].clone();
    assert_eq!(block["source"]["data"], base64(&bare));
    assert_eq!(block["cache_control"]["type"], "ephemeral");

    let told = door.message(&asked(&picture(MAIL))).await.json();
    assert_eq!(
        told["error"]["waarborg"]["code"],
        "personal_data_in_picture"
    );
    let result = json!({"type": "tool_result", "tool_use_id": "toolu_01A09q90qw90lq", "content": [picture(MAIL)]});
    let told = door.message(&asked(&result)).await.json();
    assert_eq!(
        told["error"]["waarborg"]["code"], "personal_data_in_picture",
        "{told}"
    );

    let clean = document("De school", "Regels");
    let answered = door.message(&asked(&clean)).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(sent(&door)["messages"][0]["content"][0], clean);
    // A value in the title changes the title, and the document stays.
    door.message(&asked(&document("De school", &format!("Van {MAIL}"))))
        .await;
    assert_eq!(
        sent(&door)["messages"][0]["content"][0]["source"],
        clean["source"]
    );

    let answered = door
        .message(&asked(&document(&format!("Mail {MAIL}"), "Regels")))
        .await;
    assert_eq!(files_header(&answered), "unchanged=0;as-text=1");
    assert_eq!(
        sent(&door)["messages"][0]["content"][0]["source"]["type"],
        "text"
    );
    assert!(answered.body.contains(MAIL));
    door.check_nothing_leaked(&[MAIL]);
}

#[tokio::test]
async fn in_ollamas_formats_pictures_are_read_as_well() {
    let door = door_to(ollama, "pseudonymise", super::ollama::reply).await;
    let pictures = |letters: &[&str]| -> Vec<String> {
        letters
            .iter()
            .map(|letters| base64(&png(letters, MAIL)))
            .collect()
    };
    let chat = |letters: &[&str]| json!({"model": "klein", "stream": false, "messages": [{"role": "user", "content": "hoi", "images": pictures(letters)}]});
    let generate = |letters: &[&str]| json!({"model": "klein", "stream": false, "prompt": "hoi", "images": pictures(letters)});
    let bare =
        |letters: &str| base64(&waarborg_files::strip_metadata(&png(letters, MAIL)).unwrap());

    let answered = door
        .post("/api/chat", &[], chat(&["Welkom", "op school"]).to_string())
        .await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(
        sent(&door)["messages"][0],
        json!({"role": "user", "content": "hoi", "images": [bare("Welkom"), bare("op school")]})
    );
    let answered = door
        .post("/api/generate", &[], generate(&["Welkom"]).to_string())
        .await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(sent(&door)["images"], json!([bare("Welkom")]));

    let n_seen = door.provider.seen().len();
    for (path, document) in [
        ("/api/chat", chat(&["Welkom", MAIL])),
        ("/api/generate", generate(&[MAIL])),
    ] {
        let told = door.post(path, &[], document.to_string()).await.json();
        assert_eq!(
            told["waarborg"]["code"], "personal_data_in_picture",
            "{told}"
        );
    }
    let odd = json!({"model": "klein", "prompt": "hoi", "images": ["iVBORw0KGgo=", 7]});
    let told = door
        .post("/api/generate", &[], odd.to_string())
        .await
        .json();
    assert_eq!(told["waarborg"]["code"], "content_not_inspectable");
    assert_eq!(door.provider.seen().len(), n_seen);
    door.check_nothing_leaked(&[MAIL]);
}

/// Reads like [`Reader`], and counts how often.
struct Counting(Arc<AtomicUsize>);

impl PictureReader for Counting {
    fn letters(&mut self, picture: &[u8]) -> Option<String> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Reader.letters(picture)
    }
}

#[tokio::test]
async fn a_picture_of_a_conversation_that_goes_on_is_read_once_and_says_the_same() {
    let provider = ScriptedProvider::start(echo_part).await.unwrap();
    let base_url = provider.base_url();
    let (house, switches) = house(&base_url, "pseudonymise", openai(&base_url));
    let n_read = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&n_read);
    let letters = move || Some(Box::new(Counting(Arc::clone(&count))) as Box<dyn PictureReader>);
    let state = GatewayState::new(Arc::clone(&house), DoorLimits::default());
    let door = Door {
        router: routes(state.reading_letters_with(Arc::new(letters))),
        provider,
        switches,
    };
    let turn = |opening: &str, more: &[&str], letters: &str| {
        let mut document = with_parts(opening, &[picture_part(&png(letters, ""))]);
        for text in more {
            let messages = document["messages"].as_array_mut().unwrap();
            messages.push(json!({"role": "user", "content": text}));
        }
        document
    };
    let n_read = || n_read.load(Ordering::Relaxed);

    let first = door.chat(&turn("Kijk", &[], "Welkom")).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let second = door.chat(&turn("Kijk", &["En verder?"], "Welkom")).await;
    assert_eq!(files_header(&second), files_header(&first));
    assert_eq!(sent(&door)["messages"][0], {
        let seen = &door.provider.seen()[0];
        serde_json::from_slice::<Value>(&seen.body).unwrap()["messages"][0].clone()
    });
    assert_eq!(n_read(), 1, "the second turn brought the same");

    // Another picture, another conversation, a request of which nothing may be kept, and all after a forgetting.
    door.chat(&turn("Kijk", &["En verder?"], "Tot ziens")).await;
    door.chat(&turn("Kijk eens", &[], "Welkom")).await;
    assert_eq!(n_read(), 3);
    let no_store = [("x-waarborg-no-store", "true")];
    for _ in 0..2 {
        let document = turn("Kijk", &[], "Welkom").to_string();
        door.post(CHAT, &no_store, document).await;
    }
    assert_eq!(n_read(), 5);
    house.desk().remembered.forget();
    door.chat(&turn("Kijk", &[], "Welkom")).await;
    assert_eq!(n_read(), 6);

    // What was found in it before is found in it again.
    let mail = format!("Mail {MAIL}");
    for _ in 0..2 {
        let stays = door.chat(&turn("Kijk", &[], &mail)).await;
        assert_eq!(stays.code(), "personal_data_in_picture", "{}", stays.body);
    }
    assert_eq!(n_read(), 7);
    door.check_nothing_leaked(&[MAIL]);
}
