//! Pictures that are to be changed, at the door: they come in a form or lie in a document, and go along as pictures in a
//! chat do.

use super::enclosed::{anthropic, door_to, files_header, ollama, openai};
use super::generated::{Chance, n_cases, text};
use super::made::{base64, jpeg, pdf, png};
use super::transcripts::{Form, post, post_as};
use super::*;
use crate::form::{boundary, parts};
use crate::serve::Spending;

const EDITS: &str = "/v1/images/edits";
const VARIATIONS: &str = "/v1/images/variations";

impl Form {
    fn picture(self, field: &str, content: &[u8]) -> Self {
        let head =
            format!("name=\"{field}\"; filename=\"{MAIL}.png\"\r\nContent-Type: image/{MAIL}");
        self.with(&head, content)
    }
}

fn asked(prompt: &str) -> Form {
    Form::new().field("model", "klein").field("prompt", prompt)
}

/// A picture with somebody in what is written about it, and nobody in its letters.
fn picture() -> Vec<u8> {
    png("Welkom op school", &format!("{MAIL} {BSN}"))
}

fn bare(picture: &[u8]) -> Vec<u8> {
    let bare = waarborg_files::strip_metadata(picture).unwrap();
    assert!(bare.len() <= picture.len());
    bare
}

/// A form as the provider got it: fields with their texts, and files with their bytes.
struct Got {
    fields: Vec<(String, String)>,
    files: Vec<(String, Vec<u8>)>,
}

impl Got {
    fn of(seen: &Seen) -> Self {
        let mut headers = HeaderMap::new();
        let media_type = seen.header("content-type").unwrap();
        headers.insert("content-type", media_type.parse().unwrap());
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        for part in parts(&seen.body, boundary(&headers).unwrap()).unwrap() {
            let content = seen.body[part.range].to_vec();
            if part.is_file {
                files.push((part.name, content));
            } else {
                fields.push((part.name, String::from_utf8(content).unwrap()));
            }
        }
        Self { fields, files }
    }

    fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, text)| text)
    }
}

fn got(door: &Door) -> Got {
    Got::of(door.provider.seen().last().unwrap())
}

/// The document as the provider got it.
fn got_document(door: &Door) -> Value {
    serde_json::from_slice(&door.provider.seen().last().unwrap().body).unwrap()
}

/// Repeats what it was asked for beside a picture: whole, or in a stream after a first sketch.
fn paint(seen: &Seen) -> Script {
    let (prompt, streams) = if let Ok(document) = serde_json::from_slice::<Value>(&seen.body) {
        let prompt = document["prompt"].as_str().unwrap_or_default();
        (prompt.to_owned(), document["stream"] == json!(true))
    } else {
        let got = Got::of(seen);
        let streams = got.field("stream") == "true";
        (got.field("prompt").to_owned(), streams)
    };
    if streams {
        return events(&[
            json!({"type": "image_edit.partial_image", "b64_json": "iVBO", "partial_image_index": 0}),
            json!({"type": "image_edit.completed", "b64_json": "iVBORw0KGgo=", "revised_prompt": prompt}),
        ]);
    }
    let picture = json!({"b64_json": "iVBORw0KGgo=", "revised_prompt": prompt});
    Script::json(200, &json!({"created": 1, "data": [picture]}).to_string())
}

fn events(documents: &[Value]) -> Script {
    let steps = documents.iter().map(|document| {
        let mut event = Vec::new();
        crate::sse::write_event(document["type"].as_str(), &document.to_string(), &mut event);
        Step::Send(event)
    });
    Script::stream(steps.collect())
}

/// How a form with this in it is refused, in a word. A field of a picture gets this content as its file.
pub(super) async fn refused(path: &str, change: &Value) -> String {
    let door = door_to(openai, "pseudonymise", paint).await;
    let change = change.as_object().unwrap();
    let mut form = asked("Een huis");
    if !change.contains_key("image") {
        form = form.picture("image", &picture());
    }
    for (name, value) in change {
        match (name.as_str(), value.as_str()) {
            ("image" | "image[]" | "mask" | "markup" | "file", Some(content)) => {
                form = form.picture(name, content.as_bytes());
            }
            (name, Some(text)) => form = form.field(name, text),
            (_, None) => {}
        }
    }
    let answered = post(&door, path, form).await;
    door.check_nothing_left();
    format!("{} `{}`", answered.status.as_u16(), answered.code())
}

#[tokio::test]
async fn a_picture_is_changed_with_surrogates_and_without_what_is_written_about_it() {
    let door = door_to(openai, "pseudonymise", paint).await;
    let mask = png("", &format!("{IBAN} {MAIL}"));
    let form = asked(&told_of_somebody())
        .picture("mask", &mask)
        .picture("image", &picture())
        .field("n", "2")
        .field("svg[model]", "klein")
        .field("user", MAIL);
    let answered = post(&door, EDITS, form).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let made = &answered.json()["data"][0];
    assert_eq!(made["revised_prompt"], told_of_somebody());
    assert_eq!(made["b64_json"], "iVBORw0KGgo=");
    assert_eq!(answered.headers["x-waarborg-verdict"], "pseudonymise");
    assert_eq!(files_header(&answered), "unchanged=2;as-text=0");

    let seen = door.provider.seen().pop().unwrap();
    assert!(
        seen.head.starts_with("POST /v1/images/edits "),
        "{}",
        seen.head
    );
    let got = Got::of(&seen);
    let files = [
        ("image".to_owned(), bare(&picture())),
        ("mask".to_owned(), bare(&mask)),
    ];
    assert_eq!(got.files, files);
    for head in [
        "name=\"image\"; filename=\"image.png\"\r\ncontent-type: image/png\r\n",
        "name=\"mask\"; filename=\"mask.png\"\r\ncontent-type: image/png\r\n",
    ] {
        assert!(seen.text().contains(head), "{head}");
    }
    assert_eq!(got.field("model"), "klein");
    assert_eq!(got.field("n"), "2");
    assert_eq!(got.field("svg[model]"), "klein");
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    assert_eq!(door.switches.entries.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn several_pictures_go_in_their_order() {
    let door = door_to(openai, "pseudonymise", paint).await;
    let pictures = [jpeg(MAIL), picture(), png("Tot ziens", "")];
    for field in ["image[]", "image"] {
        let form = pictures
            .iter()
            .fold(asked("Samen"), |form, picture| form.picture(field, picture));
        let answered = post(&door, EDITS, form).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        let expected: Vec<(String, Vec<u8>)> = pictures
            .iter()
            .map(|picture| (field.to_owned(), bare(picture)))
            .collect();
        assert_eq!(got(&door).files, expected);
    }
    // Some clients number the places of a list, and send it in any order.
    let form = [(2, &pictures[2]), (0, &pictures[0]), (1, &pictures[1])]
        .into_iter()
        .fold(asked("Samen"), |form, (number, picture)| {
            form.picture(&format!("image[{number}]"), picture)
        });
    let answered = post(&door, EDITS, form).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let sent = got(&door).files;
    let expected = pictures
        .iter()
        .map(|picture| ("image[]".to_owned(), bare(picture)));
    assert!(sent.into_iter().eq(expected));
    let twice = asked("Samen")
        .picture("image[0]", &picture())
        .picture("image[0]", &picture());
    assert_eq!(post(&door, EDITS, twice).await.code(), "invalid_form");
    door.check_nothing_leaked(&[MAIL, BSN]);
}

#[tokio::test]
async fn another_picture_is_made_like_one() {
    let door = door_to(openai, "pseudonymise", |_| {
        Script::json(200, r#"{"data": [{"url": "https://x.nl/a.png"}]}"#)
    })
    .await;
    let form = Form::new()
        .field("model", "klein")
        .field("user", MAIL)
        .picture("image", &picture());
    let answered = post(&door, VARIATIONS, form).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(answered.json()["data"][0]["url"], "https://x.nl/a.png");
    let seen = door.provider.seen().pop().unwrap();
    assert!(seen.head.starts_with("POST /v1/images/variations "));
    assert_eq!(got(&door).files, [("image".to_owned(), bare(&picture()))]);
    door.check_nothing_leaked(&[MAIL, BSN]);

    let document = json!({"model": "klein", "image": "data:image/png;base64,iVBORw0KGgo="});
    let answered = door.post(VARIATIONS, &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(answered.body.contains("multipart/form-data") && answered.body.contains("image"));
}

pub(super) fn reference(picture: &[u8]) -> Value {
    let kind = if picture.starts_with(b"\x89PNG") {
        "png"
    } else {
        "jpeg"
    };
    json!({"image_url": format!("data:image/{kind};base64,{}", base64(picture))})
}

pub(super) fn document(prompt: &str, pictures: &[Value]) -> Value {
    json!({"model": "klein", "prompt": prompt, "images": pictures})
}

#[tokio::test]
async fn pictures_that_lie_in_a_document_go_in_a_document() {
    let door = door_to(openai, "pseudonymise", paint).await;
    let pictures = [picture(), jpeg(MAIL)];
    let mut asked = document(
        &told_of_somebody(),
        &[reference(&pictures[0]), reference(&pictures[1])],
    );
    asked["mask"] = reference(&picture());
    asked["mask"]["file_id"] = Value::Null;
    asked["svg"] = json!({"reasoning": {"effort": "high"}});
    let answered = door.post(EDITS, &[], asked.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(
        answered.json()["data"][0]["revised_prompt"],
        told_of_somebody()
    );
    assert_eq!(files_header(&answered), "unchanged=3;as-text=0");
    let got = got_document(&door);
    let expected = pictures.map(|picture| reference(&bare(&picture)));
    assert_eq!(got["images"], json!(expected));
    let mut mask = reference(&bare(&picture()));
    mask["file_id"] = Value::Null;
    assert_eq!(got["mask"], mask);
    assert_eq!(got["svg"], asked["svg"]);
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn what_leads_to_a_picture_elsewhere_is_refused() {
    let door = door_to(openai, "pseudonymise", paint).await;
    let whole = || vec![reference(&picture())];
    let with = |name: &str, value: Value| {
        let mut asked = document("Een huis", &whole());
        asked[name] = value;
        asked
    };
    let address = "https://x.nl/a.png";
    let mut more = reference(&picture());
    more["wie"] = json!("Jan");
    let mut also = reference(&picture());
    also["file_id"] = json!("file-1");
    for asked in [
        document("Een huis", &[json!({"file_id": "file-1"})]),
        document("Een huis", &[json!({"image_url": address})]),
        document("Een huis", &[json!({"image_url": {"url": address}})]),
        document("Een huis", &[json!({"url": address})]),
        document("Een huis", &[json!(address)]),
        document("Een huis", &[json!("data:image/png;base64,iVBORw0KGgo=")]),
        document("Een huis", &[more]),
        document("Een huis", &[also]),
        document(
            "Een huis",
            &[reference(&picture()), json!({"file_id": "file-1"})],
        ),
        with("mask", json!({"file_id": "file-1"})),
        with("mask", json!(address)),
        with("markup", json!({"image_url": address})),
        with("mask", json!([{"image_url": address}])),
        with("image", json!(address)),
        with("image", reference(&picture())),
        with("image[]", json!([reference(&picture())])),
        with("image_url", json!(address)),
        with("reference_images", json!([address])),
        with("onbekend", json!("data:image/png;base64,iVBORw0KGgo=")),
    ] {
        let answered = door.post(EDITS, &[], asked.to_string()).await;
        let shown: String = asked.to_string().chars().take(200).collect();
        assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{shown}");
        assert_eq!(answered.code(), "content_not_inspectable", "{shown}");
    }
    let twice = format!(
        r#"{{"model":"klein","prompt":"a","prompt":"b","images":{}}}"#,
        json!(whole())
    );
    for (body, code) in [
        (twice, "invalid_json"),
        (with("Mask", json!(address)).to_string(), "ambiguous_key"),
        (document("Een huis", &[]).to_string(), "invalid_field"),
        (
            json!({"model": "klein", "images": whole()}).to_string(),
            "invalid_field",
        ),
        (
            json!({"model": "klein", "prompt": "a"}).to_string(),
            "invalid_field",
        ),
        (
            json!({"prompt": "a", "images": whole()}).to_string(),
            "invalid_field",
        ),
    ] {
        let answered = door.post(EDITS, &[], body.clone()).await;
        assert_eq!(answered.code(), code, "{body:.200}");
    }
    door.check_nothing_left();
}

#[tokio::test]
async fn a_picture_with_findings_is_not_changed_and_says_why() {
    let door = door_to(openai, "pseudonymise", paint).await;
    let telling = png(&format!("Mail {MAIL}"), "");
    let forms = || {
        [
            asked("Een huis").picture("image", &telling),
            asked("Een huis")
                .picture("image", &picture())
                .picture("mask", &telling),
            asked("Een huis")
                .picture("image[]", &picture())
                .picture("image[]", &telling),
        ]
    };
    for form in forms() {
        let answered = post(&door, EDITS, form).await;
        assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answered.code(), "personal_data_in_picture");
        assert!(!answered.body.contains(MAIL));
    }
    let answered = post(
        &door,
        VARIATIONS,
        asked("Een huis").picture("image", &telling),
    )
    .await;
    assert_eq!(answered.code(), "personal_data_in_picture");
    let lying = document("Een huis", &[reference(&telling)]);
    let answered = door.post(EDITS, &[], lying.to_string()).await;
    assert_eq!(answered.code(), "personal_data_in_picture");
    door.check_nothing_left();
    assert_eq!(
        door.switches.entries.lock().unwrap().len(),
        5,
        "they are in the log"
    );

    let strict = door_to(openai, "strict", paint).await;
    let form = asked("Een huis").picture("image", &png(&format!("BSN {BSN}"), ""));
    let answered = post(&strict, EDITS, form).await;
    assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
    strict.check_nothing_left();

    // Where the policy lets it go, it goes.
    let open = door_to(openai, "observe", paint).await;
    for form in forms() {
        let answered = post(&open, EDITS, form).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    }
}

#[tokio::test]
async fn where_nobody_reads_letters_no_picture_is_changed() {
    let door = door(paint).await;
    let answered = post(&door, EDITS, asked("Een huis").picture("image", &picture())).await;
    assert_eq!(answered.code(), "content_not_inspectable");
    let told = &answered.json()["error"];
    assert_eq!(told["waarborg"]["reason"], "picture");
    assert_eq!(told["param"], "image");
    door.check_nothing_left();
}

#[tokio::test]
async fn what_is_no_whole_picture_is_refused_with_its_reason() {
    let door = door_to(openai, "pseudonymise", paint).await;
    let burst = {
        let mut file = picture();
        file[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
        file
    };
    let moving = {
        let mut file = picture();
        file.splice(33..33, *b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0\0\0\0\0");
        file
    };
    for (content, reason) in [
        (format!("Mail {MAIL}").into_bytes(), "other-kind"),
        (Vec::new(), "other-kind"),
        (pdf("De school", "x"), "other-kind"),
        (b"RIFF\x24\0\0\0WAVEfmt ".to_vec(), "other-kind"),
        (picture()[..60].to_vec(), "damaged"),
        (moving, "unsupported"),
        (b"II*\0rest".to_vec(), "not-stripped"),
        (burst, "too-much"),
    ] {
        for (form, place) in [
            (asked("Een huis").picture("image", &content), "image"),
            (
                asked("Een huis")
                    .picture("image[]", &picture())
                    .picture("image[]", &content),
                "image[].1",
            ),
            (
                asked("Een huis")
                    .picture("image", &picture())
                    .picture("mask", &content),
                "mask",
            ),
        ] {
            let answered = post(&door, EDITS, form).await;
            assert_eq!(
                answered.status,
                StatusCode::BAD_REQUEST,
                "{}",
                answered.body
            );
            let told = &answered.json()["error"];
            assert_eq!(told["code"], "content_not_inspectable", "{reason}");
            assert_eq!(told["waarborg"]["reason"], reason, "{place}");
            assert_eq!(told["param"], place, "{reason}");
            assert!(!answered.body.contains(MAIL), "{}", answered.body);
        }
    }
    door.check_nothing_left();
}

async fn check_refused(door: &Door, form: Form, code: &str, param: &str) {
    let answered = post(door, EDITS, form).await;
    assert_eq!(
        answered.status,
        StatusCode::BAD_REQUEST,
        "{param} {}",
        answered.body
    );
    assert_eq!(answered.code(), code, "{param} {}", answered.body);
    let told = &answered.json()["error"]["param"];
    assert_eq!(told.as_str().unwrap_or_default(), param);
    assert!(!answered.body.contains(MAIL), "{}", answered.body);
    door.check_nothing_left();
}

fn whole(prompt: &str) -> Form {
    asked(prompt).picture("image", &picture())
}

#[tokio::test]
async fn a_form_in_which_something_is_missing_or_stands_twice_is_refused() {
    let door = door_to(openai, "pseudonymise", paint).await;
    let without_prompt = Form::new()
        .field("model", "klein")
        .picture("image", &picture());
    let without_model = Form::new()
        .field("prompt", "Een huis")
        .picture("image", &picture());
    let only_a_mask = asked("Een huis").picture("mask", &picture());
    for (form, field) in [
        (asked("Een huis"), "image"),
        (asked("Een huis").field("image", "iVBORw0KGgo="), "image"),
        (only_a_mask, "image"),
        (whole("Een huis").field("mask", "iVBORw0KGgo="), "mask"),
        (without_prompt, "prompt"),
        (without_model, "model"),
        (whole("Een huis").field("stream", "misschien"), "stream"),
    ] {
        check_refused(&door, form, "invalid_field", field).await;
    }
    let two_masks = whole("Een huis")
        .picture("mask", &picture())
        .picture("mask", &picture());
    for form in [
        whole("Een huis").field("prompt", "Een schuur"),
        whole("Een huis").picture("image[]", &picture()),
        whole("Een huis").picture("image[1]", &picture()),
        two_masks,
    ] {
        check_refused(&door, form, "invalid_form", "").await;
    }
    for (media_type, body) in [
        ("multipart/form-data", whole("a").body()),
        ("multipart/form-data; boundary=anders", whole("a").body()),
        ("multipart/form-data; boundary=grens", Vec::new()),
    ] {
        let answered = post_as(&door, EDITS, media_type, body).await;
        assert_eq!(answered.code(), "invalid_form", "{media_type}");
    }
    let large = whole("Een huis").with("name=\"x\"", &vec![b'a'; 27 << 20]);
    let answered = post(&door, EDITS, large).await;
    assert_eq!(answered.status, StatusCode::PAYLOAD_TOO_LARGE);
    door.check_nothing_left();
}

#[tokio::test]
async fn a_field_that_nobody_can_look_into_is_refused() {
    let door = door_to(openai, "pseudonymise", paint).await;
    let opaque = "content_not_inspectable";
    let address = "https://x.nl/a.png";
    for file in ["file", "image[een]"] {
        let form = whole("Een huis").picture(file, &picture());
        check_refused(&door, form, opaque, "").await;
    }
    for (field, param) in [
        ("images", "images"),
        ("image_url", "image_url"),
        ("images[0][image_url]", "…"),
        ("reference_images[]", "…"),
    ] {
        let form = whole("Een huis").field(field, address);
        check_refused(&door, form, opaque, param).await;
    }
    let form = whole("Een huis").field("onbekend", "data:audio/wav;base64,UklGRg==");
    check_refused(&door, form, opaque, "…").await;
    let form = whole("data:image/png;base64,iVBORw0KGgo=");
    check_refused(&door, form, opaque, "prompt").await;
    let form = whole("Een huis").field("Mask", address);
    check_refused(&door, form, "ambiguous_key", "…").await;
}

#[tokio::test]
async fn a_picture_larger_than_a_document_may_be_goes_in_a_form() {
    let limits = DoorLimits {
        body_bytes: 50_000,
        ..DoorLimits::default()
    };
    let door = door_with("observe", limits, paint).await;
    let mut large = dot();
    let end = large.len() - 12;
    large.splice(end..end, chunk_of(100_000));
    let answered = post(&door, EDITS, asked("Een huis").picture("image", &large)).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert!(got(&door).files[0].1 == bare(&large));

    let lying = document("Een huis", &[reference(&large)]).to_string();
    let answered = door.post(EDITS, &[], lying).await;
    assert_eq!(answered.status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// A picture that is too small for a letter.
pub(super) fn dot() -> Vec<u8> {
    let mut dot = png("", "");
    dot[16..24].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0, 1]);
    dot
}

/// So many bytes that draw a picture.
fn chunk_of(n_bytes: u32) -> Vec<u8> {
    let body = vec![7; usize::try_from(n_bytes).unwrap()];
    [&n_bytes.to_be_bytes()[..], b"IDAT", &body, &[0; 4]].concat()
}

#[tokio::test]
async fn a_streamed_picture_comes_sketch_by_sketch_and_says_so_where_it_breaks_off() {
    let door = door_to(openai, "pseudonymise", paint).await;
    let mut lying = document(&told_of_somebody(), &[reference(&picture())]);
    lying["stream"] = json!(true);
    let form = asked(&told_of_somebody())
        .picture("image", &picture())
        .field("stream", "true")
        .field("partial_images", "1");
    for answered in [
        post(&door, EDITS, form).await,
        door.post(EDITS, &[], lying.to_string()).await,
    ] {
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert!(
            answered
                .body
                .starts_with("event: image_edit.partial_image\ndata: {"),
            "{}",
            answered.body
        );
        let events = answered.chunks();
        assert_eq!(events[1]["type"], "image_edit.completed");
        assert_eq!(events[1]["revised_prompt"], told_of_somebody());
    }
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);

    let sketch = json!({"type": "image_edit.partial_image", "b64_json": "iVBO"});
    for more in [
        Vec::new(),
        vec![json!({"type": "error", "error": {"code": "moderation_blocked", "message": MAIL}})],
    ] {
        let documents = [vec![sketch.clone()], more].concat();
        let door = door_to(openai, "pseudonymise", move |_| events(&documents)).await;
        let form = asked("Een huis")
            .picture("image", &picture())
            .field("stream", "true");
        let answered = post(&door, EDITS, form).await;
        assert_eq!(
            answered.chunks().last().unwrap()["type"],
            "error",
            "{}",
            answered.body
        );
        assert!(!answered.body.contains(MAIL), "{}", answered.body);
    }
}

#[tokio::test]
async fn nothing_planted_goes_beside_a_picture_and_all_comes_back() {
    let door = door_to(openai, "pseudonymise", paint).await;
    for case in 1..=n_cases(20) {
        let mut chance = Chance(case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut values = Vec::new();
        let said = text(&mut chance, &mut values);
        let user = text(&mut chance, &mut values);
        let about = text(&mut chance, &mut values);
        let shown = png(
            "Welkom",
            &about.replace(|letter: char| !letter.is_ascii(), "?"),
        );
        let answered = if chance.next(2) == 0 {
            let form = asked(&said)
                .field("user", &user)
                .field("onbekend[]", &user)
                .picture("image", &shown);
            post(&door, EDITS, form).await
        } else {
            let mut lying = document(&said, &[reference(&shown)]);
            lying["onbekend"] = json!({"diep": [user]});
            door.post(EDITS, &[], lying.to_string()).await
        };
        assert_eq!(
            answered.status,
            StatusCode::OK,
            "case {case}: {}",
            answered.body
        );
        assert_eq!(
            answered.json()["data"][0]["revised_prompt"],
            said,
            "case {case}"
        );
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        door.check_nothing_leaked(&values);
        door.provider.forget();
    }
}

#[tokio::test]
async fn a_provider_of_another_format_has_no_pictures_to_change() {
    for provider in [anthropic, ollama] {
        let door = door_to(provider, "pseudonymise", paint).await;
        for path in [EDITS, VARIATIONS] {
            let form = asked("Een huis").picture("image", &picture());
            let answered = post(&door, path, form).await;
            assert_eq!(answered.code(), "wrong_protocol", "{}", answered.body);
        }
        let lying = document("Een huis", &[reference(&picture())]);
        let answered = door.post(EDITS, &[], lying.to_string()).await;
        assert_eq!(answered.code(), "wrong_protocol", "{}", answered.body);
        door.check_nothing_left();
    }
}

#[tokio::test]
async fn a_changed_picture_that_nobody_counts_is_a_thousand_tokens() {
    let large = "A".repeat(40_000);
    let whole = json!({"data": [{"b64_json": large}, {"b64_json": large}]});
    let sketch = json!({"type": "image_edit.partial_image", "b64_json": large});
    let done = json!({"type": "image_edit.completed", "b64_json": large});
    for (streams, n_tokens) in [("false", 2_000), ("true", 1_000)] {
        let spending = Arc::new(Spending::default());
        let (whole, stream) = (whole.clone(), [sketch.clone(), done.clone()]);
        let provider = ScriptedProvider::start(move |_| match streams {
            "true" => events(&stream),
            _ => Script::json(200, &whole.to_string()),
        });
        let provider = provider.await.unwrap();
        let base_url = provider.base_url();
        let (house, switches) = house(&base_url, "observe", openai(&base_url));
        let state = GatewayState::counting_in(house, DoorLimits::default(), Arc::clone(&spending));
        let door = Door {
            router: routes(state),
            provider,
            switches,
        };
        let form = asked("Een huis")
            .picture("image", &dot())
            .field("stream", streams);
        let answered = post(&door, EDITS, form).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(spending.by_recipient()["model"].tokens_out, n_tokens);
    }
}

#[tokio::test]
async fn what_would_happen_is_told_and_nothing_leaves() {
    let door = door_to(openai, "pseudonymise", paint).await;
    let lying = document(&told_of_somebody(), &[reference(&picture())]).to_string();
    let preview = format!("/v1/guard/preview?for={EDITS}");
    let told = door.post(&preview, &[], lying.clone()).await.json();
    assert_eq!(told["would_leave"], true, "{told}");
    let preview = format!("/v1/guard/preview?for={VARIATIONS}");
    let answered = door.post(&preview, &[], lying).await;
    assert_eq!(answered.json()["error"]["param"], "for");

    let request = Request::post(EDITS)
        .header("content-type", "multipart/form-data; boundary=grens")
        .header("authorization", format!("Bearer {}", key()))
        .header("x-waarborg-dry-run", "true");
    let form = asked(&told_of_somebody())
        .picture("image", &picture())
        .body();
    let answered = door.ask(request.body(Body::from(form)).unwrap()).await;
    assert_eq!(answered.json()["would_leave"], true, "{}", answered.body);
    door.check_nothing_left();
}
