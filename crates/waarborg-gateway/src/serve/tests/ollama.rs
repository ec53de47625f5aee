//! Ollama's formats at the door: what leaves, and what comes back line by line.

use super::house::house;
use super::*;
use crate::providers::Ollama;

pub(super) async fn ollama_door(
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Door {
    let provider = ScriptedProvider::start(answering).await.unwrap();
    let base_url = provider.base_url().trim_end_matches("/v1").to_owned();
    let ollama = Ollama::new(&base_url, None, patience()).unwrap();
    let (house, switches) = house(&base_url, "pseudonymise", Box::new(ollama));
    Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    }
}

fn document_of(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}

fn lines(lines: &[Value], size: usize) -> Script {
    let bytes: Vec<u8> = lines
        .iter()
        .flat_map(|line| format!("{line}\n").into_bytes())
        .collect();
    let pieces = bytes
        .chunks(generated::n_bytes(size))
        .map(|piece| Step::Send(piece.to_vec()));
    Script::stream(pieces.collect()).of_type("application/x-ndjson")
}

/// Says back what it was told, as thought, as text and as a call of a tool; in a stream in pieces of `seed` characters.
pub(super) fn reply(seen: &Seen) -> Script {
    let document = document_of(seen);
    let is_chat = document.get("messages").is_some();
    let text = if is_chat {
        document["messages"][0]["content"].as_str().unwrap()
    } else {
        document["prompt"].as_str().unwrap()
    };
    let head = |done: bool| json!({"model": "klein", "created_at": "2026-11-21T12:00:00.123456789Z", "done": done});
    let line = |field: &str, said: &str, done: bool| {
        let mut line = head(done);
        if is_chat {
            line["message"] = json!({"role": "assistant", "content": ""});
            line["message"][field] = json!(said);
        } else {
            line["response"] = json!("");
            line[if field == "content" {
                "response"
            } else {
                "thinking"
            }] = json!(said);
        }
        line
    };
    let call = json!([{"function": {"name": "zoek", "arguments": {"vraag": text, "n": 1}}}]);
    if document["stream"] == json!(false) {
        let mut answer = line("content", text, true);
        if is_chat {
            answer["message"]["thinking"] = json!(text);
            answer["message"]["tool_calls"] = call;
        }
        return Script::json(200, &answer.to_string());
    }
    let size = usize::try_from(document["options"]["seed"].as_u64().unwrap_or(4)).unwrap();
    let pieces = generated::cut(text, size);
    let mut all: Vec<Value> = pieces
        .iter()
        .map(|piece| line("thinking", piece, false))
        .collect();
    all.extend(pieces.iter().map(|piece| line("content", piece, false)));
    if is_chat {
        let mut calling = line("content", "", false);
        calling["message"]["tool_calls"] = call;
        all.push(calling);
    }
    let mut last = line("content", "", true);
    last["done_reason"] = json!("stop");
    last["total_duration"] = json!(5_191_566_416_u64);
    all.push(last);
    lines(&all, size + 3)
}

pub(super) fn spoken(answered: &Answered) -> Vec<Value> {
    answered
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What was said in a field over all lines; `message` holds it in a chat.
pub(super) fn heard(lines: &[Value], message: &str, field: &str) -> String {
    let said = |line: &Value| {
        line.pointer(&format!("{message}/{field}"))?
            .as_str()
            .map(str::to_owned)
    };
    lines.iter().filter_map(said).collect()
}

fn chat(text: &str) -> Value {
    json!({"model": "klein", "messages": [{"role": "user", "content": text}]})
}

#[tokio::test]
async fn a_chat_is_restored_whole_and_line_by_line_under_every_split() {
    let door = ollama_door(reply).await;
    let text = told_of_somebody();
    for size in [1, 2, 5, 300] {
        let mut document = tools::with_functions(chat(&text), &["zoek"]);
        document["options"] = json!({"seed": size});
        let answered = door.post("/api/chat", &[], document.to_string()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(answered.headers["content-type"], "application/x-ndjson");
        let lines = spoken(&answered);
        assert_eq!(heard(&lines, "/message", "content"), text, "{size}");
        assert_eq!(heard(&lines, "/message", "thinking"), text, "{size}");
        assert_eq!(lines.last().unwrap()["done"], true);
        assert_eq!(lines.last().unwrap()["total_duration"], 5_191_566_416_u64);
        let call = lines
            .iter()
            .find_map(|line| line.pointer("/message/tool_calls/0/function/arguments/vraag"));
        let call = call.unwrap().as_str().unwrap();
        assert_eq!(call, text);
    }
    let mut document = chat(&text);
    document["stream"] = json!(false);
    let answered = door.post("/api/chat", &[], document.to_string()).await;
    let message = &answered.json()["message"];
    assert_eq!(
        (&message["content"], &message["thinking"]),
        (&json!(text), &json!(text))
    );
    assert_eq!(message["tool_calls"][0]["function"]["arguments"]["n"], 1);
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
    assert!(door.provider.seen()[0].head.starts_with("POST /api/chat "));
}

#[tokio::test]
async fn a_text_that_goes_on_is_restored_whole_and_line_by_line() {
    let door = ollama_door(reply).await;
    let text = told_of_somebody();
    for size in [1, 4, 300] {
        let document = json!({"model": "klein", "prompt": text, "system": format!("Klant {MAIL}"), "options": {"seed": size}});
        let answered = door.post("/api/generate", &[], document.to_string()).await;
        let lines = spoken(&answered);
        assert_eq!(heard(&lines, "", "response"), text, "{size}");
        assert_eq!(heard(&lines, "", "thinking"), text, "{size}");
    }
    let document = json!({"model": "klein", "prompt": text, "stream": false});
    let answered = door.post("/api/generate", &[], document.to_string()).await;
    assert_eq!(answered.json()["response"], text);
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn a_history_with_tools_leaves_with_surrogates_only() {
    let door = ollama_door(reply).await;
    let mut document = chat("hoi");
    document["stream"] = json!(false);
    document["messages"] = json!([
        {"role": "user", "content": "Zoek deze klant."},
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "zoek", "arguments": {"mail": MAIL, "bsn": BSN}}}]},
        {"role": "tool", "tool_name": "zoek", "content": json!({"rekening": IBAN}).to_string()},
    ]);
    document["tools"] = json!([{"type": "function", "function": {"name": "zoek", "description": "zoekt",
        "parameters": {"type": "object", "properties": {"mail": {"type": "string"}}}}}]);
    let answered = door.post("/api/chat", &[], document.to_string()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let seen = document_of(&door.provider.seen()[0]);
    assert_eq!(seen["tools"], document["tools"]);
    assert_eq!(seen["messages"][2]["tool_name"], "zoek");
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn texts_are_embedded_and_other_protocols_go_to_the_same_ollama() {
    let door = ollama_door(|seen| {
        if seen.head.starts_with("POST /api/embed ") {
            return Script::json(200, r#"{"model":"klein","embeddings":[[0.5,0.25]]}"#);
        }
        assert!(
            seen.head.starts_with("POST /v1/chat/completions "),
            "{}",
            seen.head
        );
        echo(seen)
    })
    .await;
    let document = json!({"model": "klein", "input": [told_of_somebody()]});
    let answered = door.post("/api/embed", &[], document.to_string()).await;
    assert_eq!(answered.json()["embeddings"][0][1], 0.25);
    let answered = door.chat(&streamed(&told_of_somebody())).await;
    assert_eq!(answered.text(), told_of_somebody());
    door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
}

#[tokio::test]
async fn what_nobody_can_look_into_is_refused_as_ollama_tells_of_errors() {
    let door = ollama_door(reply).await;
    for (path, mut document, code) in [
        (
            "/api/chat",
            json!({"messages": [{"role": "user", "content": "x", "images": ["iVBORw0KGgo="]}]}),
            "content_not_inspectable",
        ),
        ("/api/chat", json!({"messages": "x"}), "invalid_field"),
        (
            "/api/generate",
            json!({"prompt": "x", "images": ["iVBORw0KGgo="]}),
            "content_not_inspectable",
        ),
        (
            "/api/generate",
            json!({"prompt": "x", "context": [1, 2, 3]}),
            "content_not_inspectable",
        ),
        (
            "/api/embed",
            json!({"input": [1, 2]}),
            "content_not_inspectable",
        ),
    ] {
        document["model"] = json!("klein");
        let answered = door.post(path, &[], document.to_string()).await;
        assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{document}");
        assert_eq!(
            answered.json()["waarborg"]["code"],
            code,
            "{}",
            answered.body
        );
        assert!(answered.json()["error"].as_str().unwrap().len() > 20);
    }
    let answered = door
        .post(
            "/api/chat",
            &[("authorization", "Bearer x")],
            chat("hoi").to_string(),
        )
        .await;
    assert_eq!(answered.status, StatusCode::UNAUTHORIZED);
    door.check_nothing_left();
}

#[tokio::test]
async fn a_stream_that_goes_wrong_ends_with_a_line_that_says_so() {
    for last in [
        Step::Cut,
        Step::Send(b"{\"error\":\"geheim\"}\n".to_vec()),
        Step::Send(b"geen json\n".to_vec()),
    ] {
        let door = ollama_door(move |_| {
            let half = json!({"model": "klein", "message": {"role": "assistant", "content": "half"}, "done": false});
            let steps = vec![Step::Send(format!("{half}\n").into_bytes()), last.clone()];
            Script::stream(steps).of_type("application/x-ndjson")
        })
        .await;
        let answered = door
            .post("/api/chat", &[], chat(&told_of_somebody()).to_string())
            .await;
        let lines = spoken(&answered);
        assert!(
            lines.last().unwrap()["error"].is_string(),
            "{}",
            answered.body
        );
        assert!(!answered.body.contains("geheim"));
    }
}

#[tokio::test]
async fn models_are_listed_where_ollamas_clients_look() {
    let door = ollama_door(reply).await;
    let get = |path: &str| {
        Request::get(path)
            .header("authorization", format!("Bearer {}", key()))
            .body(Body::empty())
            .unwrap()
    };
    let tags = door.ask(get("/api/tags")).await.json();
    assert_eq!(tags["models"][0]["model"], "klein");
    assert!(door.ask(get("/api/version")).await.json()["version"].is_string());
    for path in ["/api/show", "/api/pull", "/api/embeddings"] {
        let closed = door.post(path, &[], "{}").await;
        assert_eq!(closed.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(closed.json()["waarborg"]["code"], "endpoint_not_guarded");
        assert!(closed.json()["error"].is_string());
    }
    let stranger = Request::get("/api/tags").body(Body::empty()).unwrap();
    assert_eq!(door.ask(stranger).await.status, StatusCode::UNAUTHORIZED);
}
