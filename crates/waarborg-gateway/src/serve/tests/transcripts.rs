//! Sound that is written down at the door: it goes where the register lets it, and its fields are inspected.

use super::generated::{Chance, n_cases, text};
use super::*;
use crate::providers::ProviderTable;

const PATH: &str = "/v1/audio/transcriptions";
const SOUND: &[u8] = b"ID3\x04\0 geluid \xff\xfe\r\n--";

/// A form as clients send one, and its boundary.
pub(super) struct Form(pub(super) Vec<u8>);

impl Form {
    const BOUNDARY: &str = "grens";

    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn with(mut self, head: &str, content: &[u8]) -> Self {
        let head = format!("--grens\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        self.0.extend([head.as_bytes(), content, b"\r\n"].concat());
        self
    }

    pub(super) fn field(self, name: &str, content: &str) -> Self {
        self.with(&format!("name=\"{name}\""), content.as_bytes())
    }

    fn sound(self) -> Self {
        let head = format!("name=\"file\"; filename=\"{MAIL}.mp3\"\r\nContent-Type: audio/mpeg");
        self.with(&head, SOUND)
    }

    pub(super) fn body(mut self) -> Vec<u8> {
        self.0.extend(b"--grens--\r\n");
        self.0
    }
}

fn asked() -> Form {
    Form::new().field("model", "klein").sound()
}

pub(super) async fn post_as(door: &Door, path: &str, media_type: &str, body: Vec<u8>) -> Answered {
    let request = Request::post(path)
        .header("content-type", media_type)
        .header("authorization", format!("Bearer {}", key()))
        .header("x-waarborg-language", "en");
    door.ask(request.body(Body::from(body)).unwrap()).await
}

pub(super) async fn post(door: &Door, path: &str, form: Form) -> Answered {
    let media_type = format!("multipart/form-data; boundary={}", Form::BOUNDARY);
    post_as(door, path, &media_type, form.body()).await
}

/// A door to one model there, to which the register lets these go.
async fn door_to(
    (destination, fields): (&str, &str),
    policy: &str,
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Door {
    let provider = ScriptedProvider::start(answering).await.unwrap();
    let base_url = provider.base_url();
    let source = include_str!("register.toml")
        .replace("BASE_URL", &base_url)
        .replacen(
            "fields = [\"prompt\"]",
            "fields = [\"prompt\", \"sound\"]",
            1,
        )
        .replace(
            "destination = \"eu\"",
            &format!("destination = \"{destination}\""),
        );
    let (head, recipient) = source.split_once("[recipient.model]").unwrap();
    let recipient = recipient.replacen("fields = [\"prompt\"]", &format!("fields = {fields}"), 1);
    let source = format!("{head}[recipient.model]{recipient}");
    let mut providers = ProviderTable::default();
    let openai = OpenAi::new(&base_url, None, patience()).unwrap();
    providers.add("model", &["klein".to_owned()], Box::new(openai));
    let (house, switches) = house::house_of(&source, policy, providers);
    Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    }
}

/// A door to a model of one's own that may have sound.
async fn own_door(answering: impl Fn(&Seen) -> Script + Send + Sync + 'static) -> Door {
    door_to(("own", r#"["prompt", "sound"]"#), "pseudonymise", answering).await
}

/// How a form with this in it is refused, in a word.
pub(super) async fn refused(path: &str, change: &Value) -> String {
    let door = own_door(write_down).await;
    let mut form = Form::new().field("model", "klein");
    match &change["file"] {
        Value::String(content) => {
            form = form.with("name=\"file\"; filename=\"a.mp3\"", content.as_bytes());
        }
        Value::Null if change.get("file").is_some() => {}
        _ => form = form.sound(),
    }
    for (name, value) in change.as_object().unwrap() {
        if let (false, Some(value)) = (name == "file", value.as_str()) {
            form = form.field(name, value);
        }
    }
    let answered = post(&door, path, form).await;
    door.check_nothing_left();
    format!("{} `{}`", answered.status.as_u16(), answered.code())
}

/// The content of a field of the form that came in.
fn field(seen: &Seen, name: &str) -> String {
    let text = seen.text();
    let head = format!("name=\"{name}\"\r\n\r\n");
    let (_, behind) = text.split_once(&head).unwrap_or_default();
    behind.split("\r\n--").next().unwrap_or_default().to_owned()
}

/// Says what the client said beforehand, as a document, a text or events.
fn write_down(seen: &Seen) -> Script {
    let said = field(seen, "prompt");
    if field(seen, "stream") == "true" {
        let mut events = Vec::new();
        for piece in said.chars().collect::<Vec<_>>().chunks(3) {
            let delta: String = piece.iter().collect();
            events.push(json!({"type": "transcript.text.delta", "delta": delta}).to_string());
        }
        events.push(json!({"type": "transcript.text.done", "text": said}).to_string());
        return Script::events(&events, 7);
    }
    match field(seen, "response_format").as_str() {
        "text" | "srt" => Script::json(200, &said).of_type("text/plain; charset=utf-8"),
        "vtt" => Script::json(200, &said).of_type("text/vtt"),
        "verbose_json" => {
            let segments = json!([{"id": 0, "start": 0.0, "end": 1.5, "text": said}]);
            Script::json(
                200,
                &json!({"text": said, "language": "dutch", "segments": segments}).to_string(),
            )
        }
        _ => Script::json(200, &json!({"text": said}).to_string()),
    }
}

#[tokio::test]
async fn sound_goes_to_an_own_model_under_a_name_that_says_nothing() {
    let door = own_door(write_down).await;
    for path in [PATH, "/v1/audio/translations"] {
        let form = asked().field("prompt", &told_of_somebody());
        let answered = post(&door, path, form).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(answered.json()["text"], told_of_somebody());
        assert_eq!(
            answered.headers["x-waarborg-files"],
            "unchanged=0;as-text=0;unheard=1"
        );
        let seen = door.provider.seen().pop().unwrap();
        assert!(
            seen.head.starts_with(&format!("POST {path} ")),
            "{}",
            seen.head
        );
        let bytes = &seen.body;
        assert!(bytes.windows(SOUND.len()).any(|window| window == SOUND));
        assert!(
            seen.text()
                .contains("name=\"file\"; filename=\"sound.mp3\"")
        );
        assert_eq!(field(&seen, "model"), "klein");
    }
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    let entries = door.switches.entries.lock().unwrap();
    assert!(entries[0].payload().contains(r#""detail":"unheard""#));
}

#[tokio::test]
async fn what_was_written_down_comes_back_in_every_form() {
    let door = own_door(write_down).await;
    for form in ["json", "verbose_json", "text", "srt", "vtt"] {
        let asked = asked()
            .field("prompt", &told_of_somebody())
            .field("response_format", form);
        let answered = post(&door, PATH, asked).await;
        assert_eq!(answered.status, StatusCode::OK, "{form}: {}", answered.body);
        if form.ends_with("json") {
            assert_eq!(answered.json()["text"], told_of_somebody());
        } else {
            assert_eq!(answered.body, told_of_somebody());
            assert_eq!(
                answered.headers["content-type"],
                "text/plain; charset=utf-8"
            );
        }
        if form == "verbose_json" {
            assert_eq!(answered.json()["segments"][0]["text"], told_of_somebody());
        }
    }
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_streamed_transcript_is_whole_in_its_pieces_and_at_its_end() {
    let door = own_door(write_down).await;
    let form = asked()
        .field("prompt", &told_of_somebody())
        .field("stream", "true");
    let answered = post(&door, PATH, form).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert!(answered.body.starts_with("event: transcript.text.delta\n"));
    let events = answered.chunks();
    let pieces = events.iter().filter_map(|event| event["delta"].as_str());
    assert_eq!(pieces.collect::<String>(), told_of_somebody());
    assert_eq!(events.last().unwrap()["text"], told_of_somebody());
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_model_that_does_not_stream_answers_whole() {
    let door = own_door(|_| Script::json(200, r#"{"text":"dag"}"#)).await;
    let answered = post(&door, PATH, asked().field("stream", "true")).await;
    assert_eq!(answered.json()["text"], "dag", "{}", answered.body);
}

#[tokio::test]
async fn sound_stays_where_the_register_or_the_policy_does_not_let_it_go() {
    let with_sound = r#"["prompt", "sound"]"#;
    for (place, policy, status, code) in [
        (
            ("own", r#"["prompt"]"#),
            "pseudonymise",
            403,
            "sound-not-listed",
        ),
        (("eu", r#"["prompt"]"#), "observe", 403, "sound-not-listed"),
        (
            ("eu", with_sound),
            "pseudonymise",
            422,
            "sound_not_inspectable",
        ),
        (("eu", with_sound), "strict", 422, "sound_not_inspectable"),
        (("eu", with_sound), "formats", 422, "sound_not_inspectable"),
    ] {
        let door = door_to(place, policy, write_down).await;
        let answered = post(&door, PATH, asked()).await;
        assert_eq!(
            answered.status.as_u16(),
            status,
            "{place:?} {}",
            answered.body
        );
        assert_eq!(answered.code(), code, "{place:?}");
        let told = answered.json();
        if status == 403 {
            assert_eq!(told["error"]["waarborg"]["row"], "[recipient.model] fields");
        } else {
            let stopped_by = told["error"]["waarborg"]["stopped_by"].to_string();
            assert!(stopped_by.contains("special-category"), "{stopped_by}");
            assert!(answered.body.contains("nobody can look into sound"));
        }
        door.check_nothing_left();
    }
    for (place, policy) in [
        (("own", with_sound), "strict"),
        (("eu", with_sound), "observe"),
    ] {
        let door = door_to(place, policy, write_down).await;
        let answered = post(&door, PATH, asked()).await;
        assert_eq!(
            answered.status,
            StatusCode::OK,
            "{place:?} {}",
            answered.body
        );
    }
}

#[tokio::test]
async fn a_form_that_can_be_misread_or_is_none_is_refused_and_nothing_leaves() {
    let door = own_door(write_down).await;
    let twice = asked().field("model", "groot");
    let cases = [
        (Form::new().sound(), "invalid_field", "model"),
        (Form::new().field("model", "klein"), "invalid_field", "file"),
        (
            Form::new().field("model", "klein").field("file", "ID3"),
            "invalid_field",
            "file",
        ),
        (
            asked().field("stream", "misschien"),
            "invalid_field",
            "stream",
        ),
        (twice, "invalid_form", ""),
        (asked().sound(), "invalid_form", ""),
        (
            Form::new()
                .field("model", "klein")
                .with("name=\"file\"; filename=\"a.mp3\"", b"%PDF-1.7"),
            "invalid_field",
            "file",
        ),
        (
            asked().with("name=\"image\"; filename=\"a.png\"", b"\x89PNG"),
            "content_not_inspectable",
            "",
        ),
        (
            asked().field("url", "https://x.nl/a.mp3"),
            "content_not_inspectable",
            "url",
        ),
        (
            asked().field(
                "known_speaker_references[]",
                "data:audio/wav;base64,UklGRg==",
            ),
            "content_not_inspectable",
            "…",
        ),
        (asked().field("onbekend", "\u{0}"), "", ""),
    ];
    for (form, code, param) in cases {
        let shown = String::from_utf8_lossy(&form.0).into_owned();
        let answered = post(&door, PATH, form).await;
        if code.is_empty() {
            assert_eq!(answered.status, StatusCode::OK, "{shown} {}", answered.body);
            door.provider.forget();
            continue;
        }
        assert_eq!(
            answered.status,
            StatusCode::BAD_REQUEST,
            "{shown} {}",
            answered.body
        );
        assert_eq!(answered.code(), code, "{shown}");
        let told = &answered.json()["error"]["param"];
        assert_eq!(told.as_str().unwrap_or_default(), param, "{shown}");
        assert!(!answered.body.contains(MAIL), "{}", answered.body);
    }
    let json = post_as(&door, PATH, "application/json", b"{}".to_vec()).await;
    assert_eq!(json.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(json.body.contains("multipart/form-data"), "{}", json.body);
    for (media_type, body) in [
        ("multipart/form-data", asked().body()),
        ("multipart/form-data; boundary=anders", asked().body()),
        ("multipart/form-data; boundary=grens", asked().0),
        ("multipart/form-data; boundary=grens", Vec::new()),
    ] {
        let answered = post_as(&door, PATH, media_type, body).await;
        assert_eq!(
            answered.code(),
            "invalid_form",
            "{media_type} {}",
            answered.body
        );
        assert!(answered.json()["error"]["waarborg"]["reason"].is_string());
    }
    let large = asked().with("name=\"x\"", &vec![b'a'; 27 << 20]);
    let answered = post(&door, PATH, large).await;
    assert_eq!(answered.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answered.body.contains("26 MB"), "{}", answered.body);
    door.check_nothing_left();
}

#[tokio::test]
async fn what_is_no_transcript_does_not_pass() {
    for (media_type, body) in [
        ("text/html", "<p>dag</p>"),
        ("application/json", r#"{"object":"list"}"#),
        ("application/json", "dag"),
        ("audio/mpeg", "ID3"),
        ("text/event-stream", "data: {}\n\n"),
    ] {
        let door = own_door(move |_| Script::json(200, body).of_type(media_type)).await;
        let answered = post(&door, PATH, asked()).await;
        assert_eq!(answered.code(), "provider_broke_off", "{media_type} {body}");
    }
}

#[tokio::test]
async fn nothing_planted_in_a_field_reaches_the_provider_and_all_comes_back() {
    let door = own_door(write_down).await;
    for case in 1..=n_cases(40) {
        let mut chance = Chance(case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut values = Vec::new();
        let said = text(&mut chance, &mut values);
        let form = asked()
            .field("prompt", &said)
            .field("language", &text(&mut chance, &mut values))
            .field("known_speaker_names[]", &text(&mut chance, &mut values))
            .field("onbekend", &text(&mut chance, &mut values))
            .field("stream", if chance.next(2) == 0 { "true" } else { "false" });
        let answered = post(&door, PATH, form).await;
        assert_eq!(
            answered.status,
            StatusCode::OK,
            "case {case}: {}",
            answered.body
        );
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        door.check_nothing_leaked(&values);
        door.provider.forget();
        let heard = match answered.headers["content-type"].to_str().unwrap() {
            "application/json" => answered.json()["text"].as_str().unwrap().to_owned(),
            _ => answered.chunks().last().unwrap()["text"]
                .as_str()
                .unwrap()
                .to_owned(),
        };
        assert_eq!(heard, said, "case {case}");
    }
}

#[tokio::test]
async fn a_form_is_only_tried_at_its_own_address() {
    let door = own_door(write_down).await;
    let preview = format!("/v1/guard/preview?for={PATH}");
    let answered = door.post(&preview, &[], json!({"model": "klein"}).to_string());
    assert_eq!(answered.await.json()["error"]["param"], "for");

    let request = Request::post(PATH)
        .header("content-type", "multipart/form-data; boundary=grens")
        .header("authorization", format!("Bearer {}", key()))
        .header("x-waarborg-dry-run", "true");
    let form = asked().field("prompt", &told_of_somebody()).body();
    let answered = door.ask(request.body(Body::from(form)).unwrap()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(answered.json()["would_leave"], true);
    door.check_nothing_left();
}
