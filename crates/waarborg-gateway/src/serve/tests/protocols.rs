//! `docs/protocols.md` says of every route and field what happens to it. It is made here, by doing it.
//!
//! `WAARBORG_WRITE=1 cargo test -p waarborg-gateway protocols` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
use waarborg_detect::{Detector, Kind};
use waarborg_domain::json::{LeafKind, Limits, Path, Segment, scan};
use waarborg_domain::prompt::LeafRole;
use waarborg_usecase::ports::Model;

use super::super::closed::CLOSED;
use super::super::presidio::entities::{BY_KIND, BY_SUBKIND};
use super::made::{base64, pdf, png};
use super::*;
use crate::form::Holds;
use crate::found::Found;
use crate::providers::SOUND;
use crate::restore::AnswerText;
use crate::surfaces::{Framing, Intake, Names, SURFACES, Shape, Substance, Surface};
use crate::texts::say;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/protocols.md");

const BEGINNING: &str = "# Every route and field

Made by a test (`WAARBORG_WRITE=1 cargo test -p waarborg-gateway protocols`), which sends an example of each field and writes down what happens; it fails
when this page is not up to date. What it means for a program is told in [gateway.md](gateway.md).

**Inspected** is the rule: every string that is not named otherwise, also in fields that nobody knows (`onbekend` below), the keys of objects, and
numbers of seven digits or more. What is found is handled as the policy says. **A word of its format** passes where it stands; any other text there is
inspected. **A name** stays as it is if it says nothing of anybody, gets a surrogate that fits in a name, or stops the request. **Known words only**:
any other word is refused. **Sealed**: passes if it is base64 of bytes that are no text, and is inspected otherwise.
**Numbers** below seven digits, `true`, `false` and `null` say nothing of anybody, and pass.

What **lies in the request** is shown as it is where Tesseract is installed (without it every picture is refused) and where the policy says to pseudonymise.
A picture goes along without what is written about it. What cannot be read wholly is refused with `content_not_inspectable` and the reason.

Of an answer, **restored** means that surrogates of this conversation become values again, except inside links; **restored for a tool** the same,
as far as the policy hands it to that tool ([what a tool gets](gateway.md#what-comes-back)). All other strings of an answer are restored as text.
";

const GUARDRAILS: &str = "
## Guardrails of other gateways

Of LiteLLM's call `texts`, `structured_messages`, `tools` and `tool_calls` are inspected as `/v1/chat/completions` inspects them, `images` are refused, and the rest
(`request_data`, `request_headers`) is not looked at, as it does not leave. Of Portkey's, `request.json` is inspected as the address for its `requestType` does: `chatComplete`
(`/v1/chat/completions`), `complete`, `embed`, `messages` and `createModelResponse` (`/v1/responses`).
";

/// What this house answers by itself: the address, and who asks for it.
const ANSWERED_HERE: [(&str, &str); 6] = [
    ("/v1/models", "the models that this key may ask for"),
    ("/v1/models/klein", "one of them"),
    (
        "/v1/trail?limit=1",
        "what the log has of this key's requests: kinds and counts, no content",
    ),
    ("/api/tags", "the same models, as Ollama lists them"),
    ("/api/version", "which of Ollama's interfaces is spoken"),
    (
        "/compat/presidio/supportedentities",
        "what Presidio's clients may ask to be looked for",
    ),
];

#[tokio::test]
async fn the_page_of_routes_and_fields_is_up_to_date() {
    let written = page().await;
    if std::env::var_os("WAARBORG_WRITE").is_some() {
        std::fs::write(PAGE, &written).unwrap();
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(
        kept == written,
        "docs/protocols.md is not up to date: WAARBORG_WRITE=1 cargo test -p waarborg-gateway protocols"
    );
}

async fn page() -> String {
    let examples: Value = serde_json::from_str(include_str!("protocols.json")).unwrap();
    let door = door(|_| Script::json(500, "{}")).await;
    let mut page = BEGINNING.to_owned();
    for (path, surface) in SURFACES {
        let example = &examples[*path];
        assert!(example.is_object(), "{path} has no example");
        write!(page, "\n## `POST {path}`\n\n{}\n\n", manner(*surface)).unwrap();
        page.push_str("| of the request | fields |\n|---|---|\n");
        for (treatment, fields) in request(*surface, &example["request"]) {
            writeln!(page, "| {treatment} | {} |", listed(&fields)).unwrap();
        }
        page.push_str("\n| refused | with |\n|---|---|\n");
        for change in example["refused"].as_array().unwrap() {
            let answer = match surface.intake() {
                Intake::Document => refused(&door, path, &example["base"], change).await,
                Intake::Form(Holds::Sound) => transcripts::refused(path, change).await,
                Intake::Form(Holds::Pictures) => edits::refused(path, change).await,
            };
            writeln!(page, "| `{change}` | {answer} |").unwrap();
        }
        if let Some(changes) = example["refused_in_form"].as_array() {
            page.push_str("\n| refused in a form | with |\n|---|---|\n");
            for change in changes {
                let answer = edits::refused(path, change).await;
                writeln!(page, "| `{change}` | {answer} |").unwrap();
            }
        }
        if let Some(changes) = example["enclosed"].as_array() {
            page.push_str(&enclosed_part(path, &example["base"], changes).await);
        }
        let answer = match &example["answer"] {
            Value::Null => BTreeMap::new(),
            example => answer(*surface, example),
        };
        if !answer.is_empty() {
            page.push_str("\n| of the answer | fields |\n|---|---|\n");
        }
        for (treatment, fields) in answer {
            writeln!(page, "| {treatment} | {} |", listed(&fields)).unwrap();
        }
    }
    page.push_str(&batches::page_part().await);
    page.push_str(&files::page_part().await);
    page.push_str(&threads::page_part().await);
    page.push_str(&presidio_part(&door, &examples["/compat/presidio"]).await);
    page.push_str(GUARDRAILS);
    for (path, name) in [
        (
            "/compat/litellm/beta/litellm_basic_guardrail_api",
            "litellm",
        ),
        ("/compat/portkey", "portkey"),
    ] {
        let example = &examples["/compat/guardrail"][name];
        write!(page, "\n| answered by `POST {path}` | with |\n|---|---|\n").unwrap();
        for change in example["asked"].as_array().unwrap() {
            let answer = answered(&door, path, &example["base"], change).await;
            writeln!(page, "| `{change}` | `{answer}` |").unwrap();
        }
    }
    page.push_str(&answered_here(&door).await);
    page.push_str("\n## Closed\n\n| address | answer |\n|---|---|\n");
    for (beginning, sentence) in CLOSED {
        let sentence = say(Language::English, sentence, &[]);
        writeln!(page, "| `{beginning}` | {sentence} |").unwrap();
    }
    door.check_nothing_left();
    page
}

/// The addresses that take nothing in and send nothing on, and the members of their answers.
async fn answered_here(door: &Door) -> String {
    let mut part = "\n## Answered by Waarborg itself\n\nOf `POST /v1/guard/preview` the fields are told in [gateway.md](gateway.md): it takes a text, or a whole request to another address.\n\n| `GET` | what it is | members of the answer | without a key |\n|---|---|---|---|\n".to_owned();
    for (path, what) in ANSWERED_HERE {
        let request = Request::get(path).header("authorization", format!("Bearer {}", key()));
        let answered = door.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answered.status, StatusCode::OK, "{path}: {}", answered.body);
        let members = match answered.json() {
            Value::Object(members) => listed(&members.keys().cloned().collect::<Vec<_>>()),
            _ => "a list of words".to_owned(),
        };
        let stranger = Request::get(path).body(Body::empty()).unwrap();
        let without = door.ask(stranger).await.status.as_u16();
        writeln!(part, "| `{path}` | {what} | {members} | {without} |").unwrap();
    }
    part
}

/// What becomes of pictures and files that lie in a request: with nothing of anybody in them, and with an address.
async fn enclosed_part(path: &str, base: &Value, changes: &[Value]) -> String {
    let mut part =
        "\n| lies in the request | with nothing found in it | with an address in it |\n|---|---|---|\n"
            .to_owned();
    let provider = if path.starts_with("/api/") {
        enclosed::ollama
    } else {
        enclosed::openai
    };
    let door = enclosed::door_to(provider, "pseudonymise", |_| Script::json(500, "{}")).await;
    for change in changes {
        let mut row = Vec::new();
        for words in ["De school begint om acht uur.", MAIL] {
            let change = change
                .to_string()
                .replace("PICTURE", &base64(&png(words, MAIL)))
                .replace("PDF", &base64(&pdf(words, "niemand")));
            let change: Value = serde_json::from_str(&change).unwrap();
            let mut document = base.clone();
            document["model"] = json!("klein");
            let members = document.as_object_mut().unwrap();
            members.extend(change.as_object().unwrap().clone());
            let headers = [("x-waarborg-dry-run", "true")];
            let answered = door.post(path, &headers, document.to_string()).await;
            row.push(went(&answered));
        }
        let shown = change
            .to_string()
            .replace("PICTURE", "…")
            .replace("PDF", "…");
        writeln!(part, "| `{shown}` | {} |", row.join(" | ")).unwrap();
    }
    door.check_nothing_left();
    part
}

/// How a picture or file went along, or why not.
fn went(answered: &Answered) -> String {
    let header = answered.headers.get("x-waarborg-files");
    match header.map(|header| header.to_str().unwrap()) {
        Some("unchanged=1;as-text=0") => "goes along".to_owned(),
        Some("unchanged=0;as-text=1") => "its text goes along, with a surrogate".to_owned(),
        Some(other) => panic!("{other}"),
        None => {
            let told = answered.json();
            let places = [
                &told["error"],
                &told["error"]["waarborg"],
                &told["waarborg"],
            ];
            let code = places.into_iter().find_map(|place| place["code"].as_str());
            let code = code.unwrap_or_else(|| panic!("{}", answered.body));
            format!("{} `{code}`", answered.status.as_u16())
        }
    }
}

/// What a guardrail says to a question; the sentences for people only by their code.
async fn answered(door: &Door, path: &str, base: &Value, change: &Value) -> Value {
    let mut document = base.clone();
    for (name, value) in change.as_object().unwrap() {
        document[name] = value.clone();
    }
    let answered = door.post(path, &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{path} {change}");
    let mut answer = answered.json();
    for part in ["blocked_reason", "data"] {
        if let Some(told) = answer.get_mut(part) {
            *told = match told.get("code") {
                Some(code) => json!({"code": code, "reason": "…"}),
                None => json!("…"),
            };
        }
    }
    answer
}

/// Presidio's form: nothing is sent on, so there is only what is refused, and what our kinds are called.
async fn presidio_part(door: &Door, example: &Value) -> String {
    let mut part = "\n## `/compat/presidio`\n\nErrors are Presidio's: a sentence under `error`, and the code beside it. Nothing is sent on or kept.\n".to_owned();
    for route in ["analyze", "anonymize"] {
        let path = format!("/compat/presidio/{route}");
        write!(part, "\n| refused by `POST {path}` | with |\n|---|---|\n").unwrap();
        for change in example[route]["refused"].as_array().unwrap() {
            let answer = refused(door, &path, &example[route]["base"], change).await;
            writeln!(part, "| `{change}` | {answer} |").unwrap();
        }
    }
    part.push_str("\n| what Waarborg finds | in Presidio's form |\n|---|---|\n");
    for (kind, name) in BY_KIND {
        writeln!(part, "| `{}` | `{name}` |", kind.label()).unwrap();
    }
    for (subkind, name) in BY_SUBKIND {
        writeln!(part, "| `ID_NUMBER.{subkind}` | `{name}` |").unwrap();
    }
    part
}

fn manner(surface: &dyn Surface) -> String {
    let shape = match surface.shape() {
        Shape::OpenAi => "OpenAI's, in a stream as a last document",
        Shape::Responses => "OpenAI's, in a stream as an event `error`",
        Shape::Anthropic => "Anthropic's, in a stream as an event `error`",
        Shape::Ollama => "Ollama's, in a stream as a last line",
    };
    let limit = DoorLimits::default().form_bytes >> 20;
    if surface.intake() == Intake::Form(Holds::Sound) {
        return format!(
            "Comes as `multipart/form-data` of {limit} MB at most, with sound in `file`: mp3, mp4, ogg, wav, flac or webm, as its first bytes say. \
             It goes under a name of ours, to a model of one's own that the register lets have it, or where the policy stops nothing (422 `sound_not_inspectable`). \
             Errors are {shape}. A stream is events."
        );
    }
    if surface.substance() == Substance::Sound {
        let mut types: Vec<&str> = SOUND.iter().map(|(_, media_type)| *media_type).collect();
        types.dedup();
        return format!(
            "Errors are OpenAI's. The answer is sound, which passes as it comes: {}. What would need a surrogate is not spoken.",
            types.join(", ")
        );
    }
    let framing = match surface.framing() {
        Framing::Events => "events",
        Framing::Lines => "lines of JSON",
    };
    if surface.substance() == Substance::Pictures {
        let pictures = "PNG, JPEG, WebP or GIF that does not move, under names of ours and without what is written about them";
        let comes = match (surface.intake(), surface.in_form()) {
            (Intake::Form(_), _) => {
                return format!(
                    "Comes as `multipart/form-data` of {limit} MB at most, with a picture in `image`: {pictures}. Errors are OpenAI's."
                );
            }
            (Intake::Document, Some(_)) => format!(
                "Comes as JSON, or as `multipart/form-data` of {limit} MB at most, with pictures in `image`, `image[]` (or `image[0]`, `image[1]` …), `mask` and `markup`: {pictures}. "
            ),
            (Intake::Document, None) => String::new(),
        };
        return format!(
            "{comes}Errors are {shape}. A stream (`stream`) is {framing}: sketches where `partial_images` asks for them, and the picture."
        );
    }
    format!("Errors are {shape}. A stream is {framing}.")
}

fn listed(fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
    fields.join(", ")
}

/// The fields of an example by what is done with them.
fn request(surface: &dyn Surface, example: &Value) -> BTreeMap<&'static str, Vec<String>> {
    let sealed = [0xff_u8, 0x00, 0x9c, 0xe1].repeat(20);
    let sealed = base64::engine::general_purpose::STANDARD.encode(sealed);
    let example = example.to_string().replace("SEALED", &sealed);
    let finder = Found(Detector::new());
    let models = [Model {
        name: "klein".to_owned(),
        recipient: "model".to_owned(),
    }];
    let protocol = surface.protocol(Names {
        finder: &finder,
        models: &models,
    });
    let mut done: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut add = |treatment: &'static str, field: String| {
        let fields = done.entry(treatment).or_default();
        if !fields.contains(&field) {
            fields.push(field);
        }
    };
    for leaf in scan(example.as_bytes(), &Limits::default()).unwrap() {
        if leaf.kind != LeafKind::Text {
            continue;
        }
        let role = protocol.role(&leaf.path, leaf.kind, &leaf.text);
        let telling = protocol.role(&leaf.path, leaf.kind, "Jan de Vries, 123456782");
        let treatment = match (role, telling) {
            (LeafRole::Text, _) => "inspected",
            (LeafRole::Name, _) | (LeafRole::Word, LeafRole::Name) => "a name",
            (LeafRole::Word, LeafRole::Opaque) => "known words only",
            (LeafRole::Word, _) if leaf.text == sealed => "sealed",
            (LeafRole::Signed, _) => "signed: passes unaltered, or stops the request",
            (LeafRole::Word, LeafRole::Bound) => "a name",
            (LeafRole::Word, _) => "a word of its format",
            _ => panic!("{} is refused", field(&leaf.path)),
        };
        add(treatment, field(&leaf.path));
    }
    let mut numbers = Vec::new();
    find_numbers(&serde_json::from_str(&example).unwrap(), "", &mut numbers);
    for field in numbers {
        add("numbers and the like", field);
    }
    done
}

fn find_numbers(value: &Value, place: &str, numbers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let dot = if place.is_empty() { "" } else { "." };
                find_numbers(value, &format!("{place}{dot}{key}"), numbers);
            }
        }
        Value::Array(list) => {
            for value in list {
                find_numbers(value, &format!("{place}[]"), numbers);
            }
        }
        Value::String(_) => {}
        Value::Null | Value::Bool(_) | Value::Number(_) => numbers.push(place.to_owned()),
    }
}

fn field(path: &Path) -> String {
    let mut field = String::new();
    for segment in path.segments() {
        match segment {
            Segment::Index(_) => field.push_str("[]"),
            Segment::Key(key) => {
                if !field.is_empty() {
                    field.push('.');
                }
                field.push_str(key);
            }
        }
    }
    field
}

/// The answer to a request with this in it.
async fn refused(door: &Door, path: &str, base: &Value, change: &Value) -> String {
    let mut document = base.clone();
    document["model"] = json!("klein");
    let members = document.as_object_mut().unwrap();
    members.extend(change.as_object().unwrap().clone());
    let answered = door.post(path, &[], document.to_string()).await;
    let told = answered.json();
    let places = [
        &told["error"],
        &told["error"]["waarborg"],
        &told["waarborg"],
    ];
    let code = places.into_iter().find_map(|place| place["code"].as_str());
    let code = code.unwrap_or_else(|| panic!("{path} {change}: {}", answered.body));
    let status = answered.status.as_u16();
    assert!(
        (400..500).contains(&status),
        "{path} {change}: {}",
        answered.body
    );
    match code {
        "storing_not_permitted" => {
            format!("{status} `{code}`, where the register does not say `stores_input`")
        }
        _ => format!("{status} `{code}`"),
    }
}

/// The fields of an example answer by what is done with them.
fn answer(surface: &dyn Surface, example: &Value) -> BTreeMap<&'static str, Vec<String>> {
    let key = ConversationKey::new([1; 32]);
    let mut surrogates = Surrogates::new(key, Language::Dutch);
    let person = surrogates.surrogate(Kind::Person, "Jan de Vries");
    let number = surrogates.surrogate(Kind::Bsn, BSN);
    let body = example
        .to_string()
        .replace('@', &format!("{person} {number}"));
    let restored = surface
        .restore(body.into_bytes(), &surrogates, AnswerText::Plain)
        .unwrap();
    let mut done: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for leaf in scan(&restored, &Limits::default()).unwrap() {
        if leaf.kind != LeafKind::Text || !leaf.text.contains(' ') {
            continue;
        }
        let treatment = match (leaf.text.contains("Jan de Vries"), leaf.text.contains(BSN)) {
            (true, true) => "restored",
            (true, false) => "restored for a tool",
            (false, _) => "as the model gave it",
        };
        let fields = done.entry(treatment).or_default();
        if !fields.contains(&field(&leaf.path)) {
            fields.push(field(&leaf.path));
        }
    }
    done
}
