//! OpenAI's files and batches at the door: a file leaves with surrogates under a name of ours, and what came of it comes back with values.

use std::fmt::Write as _;
use std::sync::Mutex;

use waarborg_domain::entry::Act;

use super::batches::{TERM, lines_of};
use super::house::house_of;
use super::house_keys::other_key;
use super::*;
use crate::providers::OpenAi;

/// A provider of files and batches, which answers each request with what it was told.
#[derive(Default)]
struct Files {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// The requests of the file that came last.
    requests: Vec<Value>,
    /// What is there no more.
    deleted: Vec<String>,
    is_begun: bool,
}

impl Files {
    fn answer(&self, seen: &Seen) -> Script {
        let mut kept = self.kept.lock().unwrap();
        let line = seen.head.lines().next().unwrap();
        let mut words = line.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let name = path
            .trim_end_matches("/content")
            .rsplit('/')
            .next()
            .unwrap();
        if kept.deleted.contains(&name.to_owned()) {
            return Script::json(
                404,
                r#"{"error":{"message":"weg","type":"invalid_request_error"}}"#,
            );
        }
        let file = |name: &str, purpose: &str| {
            json!({"id": name, "object": "file", "bytes": 9, "created_at": 1, "filename": "geheim.jsonl",
                "purpose": purpose, "status": "processed", "status_details": "geheim"})
        };
        let batch = |status: &str, kept: &Kept| {
            let is_done = status == "completed";
            json!({"id": "batch_B", "object": "batch", "endpoint": "/v1/chat/completions", "input_file_id": "file-A",
                "completion_window": "24h", "status": status, "metadata": null,
                "output_file_id": if is_done { json!("file-O") } else { Value::Null },
                "error_file_id": if is_done && kept.requests.len() > 2 { json!("file-E") } else { Value::Null },
                "errors": {"object": "list", "data": [{"code": "x", "line": 1, "message": "geheim", "param": null}]},
                "request_counts": {"total": 2, "completed": 2, "failed": 0}})
            .to_string()
        };
        match (method, path) {
            ("POST", "/v1/files") => {
                kept.requests = uploaded(seen);
                Script::json(200, &file("file-A", "batch").to_string())
            }
            ("GET", "/v1/files/file-A") => Script::json(200, &file("file-A", "batch").to_string()),
            ("GET", "/v1/files/file-O" | "/v1/files/file-E") => {
                Script::json(200, &file(name, "batch_output").to_string())
            }
            ("DELETE", _) => {
                kept.deleted.push(name.to_owned());
                Script::json(
                    200,
                    &json!({"id": name, "object": "file", "deleted": true}).to_string(),
                )
            }
            ("POST", "/v1/batches") => {
                kept.is_begun = true;
                Script::json(200, &batch("validating", &kept))
            }
            ("GET", "/v1/batches/batch_B") => Script::json(200, &batch("completed", &kept)),
            ("POST", "/v1/batches/batch_B/cancel") => {
                Script::json(200, &batch("cancelling", &kept))
            }
            ("GET", "/v1/files/file-O/content") => lines_of(&kept.outputs()),
            ("GET", "/v1/files/file-E/content") => {
                let body = json!({"error": {"message": "geheim", "type": "invalid_request_error", "code": "too_long"}});
                let line = json!({"id": "batch_req_3", "custom_id": "3", "response": {"status_code": 400, "request_id": "r", "body": body}, "error": null});
                let expired = json!({"id": "batch_req_1", "custom_id": "1", "response": null, "error": {"code": "batch_expired", "message": "geheim"}});
                lines_of(&format!("{line}\n{expired}\n"))
            }
            _ => Script::json(404, "{}"),
        }
    }
}

impl Kept {
    /// The last request first.
    fn outputs(&self) -> String {
        let lines = self.requests.iter().rev().map(|request| {
            let text = request["body"]["messages"][0]["content"].clone();
            let text = if request["body"]["response_format"].is_object() {
                json!(json!({ "text": text }).to_string())
            } else {
                text
            };
            let choice = json!({"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"});
            let body = json!({"id": "c", "object": "chat.completion", "choices": [choice], "usage": {"total_tokens": 1.50}});
            let response = json!({"status_code": 200, "request_id": "req_1", "body": body});
            json!({"id": "batch_req_1", "custom_id": request["custom_id"], "response": response, "error": null}).to_string() + "\n"
        });
        lines.collect()
    }
}

/// The requests in the form that came.
fn uploaded(seen: &Seen) -> Vec<Value> {
    let text = seen.text();
    assert!(text.contains("name=\"purpose\"\r\n\r\nbatch\r\n"), "{text}");
    assert!(
        text.contains("name=\"file\"; filename=\"batch.jsonl\"\r\n"),
        "{text}"
    );
    let (_, rest) = text.split_once("application/jsonl\r\n\r\n").unwrap();
    let (lines, _) = rest.split_once("\r\n--").unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

async fn files_door() -> Door {
    let files = Files::default();
    door_where("", move |seen| files.answer(seen)).await
}

async fn door_where(
    without: &str,
    answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Door {
    let provider = ScriptedProvider::start(answering).await.unwrap();
    let base_url = provider.base_url();
    let mut source = include_str!("register.toml").replace("BASE_URL", &base_url) + TERM;
    source = source.replace(
        "stores_input = false",
        "stores_input = true\nresidual = \"30d\"",
    );
    source = source.replace(without, "");
    let openai = OpenAi::new(&base_url, None, patience()).unwrap();
    let mut table = ProviderTable::default();
    table.add("model", &["klein".to_owned()], Box::new(openai));
    let (house, switches) = house_of(&source, "pseudonymise", table);
    Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    }
}

const CHAT: &str = "/v1/chat/completions";

fn request(name: &str, text: &str) -> Value {
    json!({"custom_id": name, "method": "POST", "url": CHAT, "body": ask(text)})
}

fn file(requests: &[Value]) -> String {
    let lines: Vec<String> = requests.iter().map(ToString::to_string).collect();
    lines.join("\n") + "\n"
}

fn form(purpose: &str, more: &str, content: &str) -> String {
    format!(
        "--x\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\n{purpose}\r\n{more}--x\r\ncontent-disposition: form-data; \
         name=\"file\"; filename=\"van-jan-jansen.jsonl\"\r\ncontent-type: application/octet-stream\r\n\r\n{content}\r\n--x--\r\n"
    )
}

impl Door {
    async fn of(&self, key: &str, method: &str, path: &str, body: &str) -> Answered {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {key}"));
        self.ask(request.body(body.to_owned().into()).unwrap())
            .await
    }

    async fn get(&self, path: &str) -> Answered {
        self.of(&key(), "GET", path, "").await
    }

    async fn upload(&self, form: String) -> Answered {
        let request = Request::post("/v1/files")
            .header("content-type", "multipart/form-data; boundary=x")
            .header("authorization", format!("Bearer {}", key()));
        self.ask(request.body(form.into()).unwrap()).await
    }

    /// A file with these requests, and a batch of it: their names.
    async fn begun(&self, requests: &[Value]) -> (String, String) {
        let sent = self.upload(form("batch", "", &file(requests))).await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
        let id = sent.json()["id"].as_str().unwrap().to_owned();
        let asked = json!({"input_file_id": id, "endpoint": CHAT, "completion_window": "24h",
            "metadata": {"van": format!("Jan, {MAIL}")}});
        let begun = self
            .of(&key(), "POST", "/v1/batches", &asked.to_string())
            .await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
        (id, begun.json()["id"].as_str().unwrap().to_owned())
    }

    fn n_maps(&self) -> usize {
        self.switches.kept.all().len()
    }
}

fn two() -> [Value; 2] {
    let mut second = request(
        "klant-piet",
        &format!("Rekening {IBAN} van Piet \"Jansen\"."),
    );
    second["body"]["response_format"] = json!({"type": "json_object"});
    [
        request("klant-jan", &format!("Mail naar {MAIL} over {BSN}.")),
        second,
    ]
}

fn read(lines: &str) -> Vec<Value> {
    let lines = lines.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn a_file_leaves_with_surrogates_and_what_came_of_it_comes_back_with_values() {
    let door = files_door().await;
    let (file, batch) = door.begun(&two()).await;
    assert!(file.starts_with("file-") && file != "file-A");
    assert!(batch.starts_with("batch_") && batch != "batch_B");
    door.check_nothing_leaked(&[BSN, MAIL, IBAN, "Jansen", "jansen", "klant-", "metadata"]);
    let begun: Value = serde_json::from_slice(&door.provider.seen()[1].body).unwrap();
    assert_eq!(
        begun,
        json!({"input_file_id": "file-A", "endpoint": CHAT, "completion_window": "24h"})
    );
    let acts: Vec<Act> = {
        let entries = door.switches.entries.lock().unwrap();
        entries.iter().map(|entry| entry.act).collect()
    };
    assert_eq!(acts, [Act::PromptSent, Act::BatchBegun]);

    let looked = door.get(&format!("/v1/batches/{batch}")).await;
    assert!(!looked.body.contains("geheim") && !looked.body.contains("file-O"));
    let looked = looked.json();
    assert_eq!(
        (&looked["id"], &looked["input_file_id"]),
        (&json!(batch), &json!(file))
    );
    assert_eq!(
        looked["metadata"]["van"],
        format!("Jan, {MAIL}"),
        "labels stay here"
    );
    assert_eq!(looked["error_file_id"], Value::Null);
    assert_eq!(looked["errors"]["data"][0]["line"], 1);
    let output = looked["output_file_id"].as_str().unwrap();

    let told = door.get(&format!("/v1/files/{output}")).await;
    assert_eq!(
        (&told.json()["id"], &told.json()["purpose"]),
        (&json!(output), &json!("batch_output"))
    );
    assert!(!told.body.contains("geheim"));
    let content = door.get(&format!("/v1/files/{output}/content")).await;
    let lines = read(&content.body);
    assert_eq!(lines[1]["custom_id"], "klant-jan");
    let said = |line: &Value| {
        line["response"]["body"]["choices"][0]["message"]["content"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(said(&lines[1]), format!("Mail naar {MAIL} over {BSN}."));
    let inner: Value = serde_json::from_str(&said(&lines[0])).unwrap();
    assert_eq!(
        inner["text"],
        format!("Rekening {IBAN} van Piet \"Jansen\".")
    );
    assert_eq!(lines[0]["response"]["status_code"], 200);
    assert!(
        content.body.contains("\"total_tokens\":1.5"),
        "what is no text stays as it is"
    );

    let own = door.get(&format!("/v1/files/{file}/content")).await;
    assert_eq!(
        (own.status, own.code().as_str()),
        (StatusCode::BAD_REQUEST, "content_not_returned")
    );
    let cancelled = door
        .of(&key(), "POST", &format!("/v1/batches/{batch}/cancel"), "")
        .await;
    assert_eq!(cancelled.json()["status"], "cancelling");
}

#[tokio::test]
async fn maps_go_with_their_files_and_the_batch_outlives_the_file_that_it_was_made_of() {
    let door = files_door().await;
    let (file, batch) = door.begun(&two()).await;
    assert_eq!(door.n_maps(), 2);
    let deleted = door
        .of(&key(), "DELETE", &format!("/v1/files/{file}"), "")
        .await;
    assert_eq!(
        deleted.json(),
        json!({"id": file, "object": "file", "deleted": true})
    );
    assert_eq!(door.n_maps(), 1);
    let output = format!("{}-output", batch.replace("batch_", "file-"));
    let content = door.get(&format!("/v1/files/{output}/content")).await;
    assert!(content.body.contains(MAIL));
    let deleted = door
        .of(&key(), "DELETE", &format!("/v1/files/{output}"), "")
        .await;
    assert_eq!(deleted.json()["id"], output);
    assert_eq!(door.n_maps(), 0, "nothing is left to restore");
}

#[tokio::test]
async fn what_failed_is_told_in_our_words_and_its_file_keeps_the_map() {
    let door = files_door().await;
    let [one, two] = two();
    let third = request("derde", "hoi");
    let (_, batch) = door.begun(&[one, two, third]).await;
    let looked = door.get(&format!("/v1/batches/{batch}")).await.json();
    let errors = looked["error_file_id"].as_str().unwrap();
    let content = door.get(&format!("/v1/files/{errors}/content")).await;
    assert!(!content.body.contains("geheim"), "{}", content.body);
    let lines = read(&content.body);
    assert_eq!(lines[0]["custom_id"], "derde");
    assert_eq!(lines[0]["response"]["status_code"], 400);
    assert_eq!(lines[0]["response"]["body"]["error"]["code"], "too_long");
    assert_eq!(lines[1]["custom_id"], "klant-jan");
    assert_eq!(lines[1]["error"]["code"], "batch_expired");
    let output = looked["output_file_id"].as_str().unwrap();
    door.of(&key(), "DELETE", &format!("/v1/files/{output}"), "")
        .await;
    assert_eq!(door.n_maps(), 2, "the errors are there still");
    door.of(&key(), "DELETE", &format!("/v1/files/{errors}"), "")
        .await;
    assert_eq!(door.n_maps(), 1, "the file that was sent has its own");
}

#[tokio::test]
async fn another_key_sees_no_file_and_no_batch() {
    let door = files_door().await;
    let (file, batch) = door.begun(&two()).await;
    let output = format!("{}-output", batch.replace("batch_", "file-"));
    let n_seen = door.provider.seen().len();
    for (method, path) in [
        ("GET", format!("/v1/files/{file}")),
        ("DELETE", format!("/v1/files/{file}")),
        ("GET", format!("/v1/files/{file}/content")),
        ("GET", format!("/v1/files/{output}")),
        ("GET", format!("/v1/files/{output}/content")),
        ("DELETE", format!("/v1/files/{output}")),
        ("GET", format!("/v1/batches/{batch}")),
        ("POST", format!("/v1/batches/{batch}/cancel")),
    ] {
        let answered = door.of(&other_key(), method, &path, "").await;
        assert_eq!(
            (answered.status, answered.code().as_str()),
            (StatusCode::NOT_FOUND, "batch_not_found"),
            "{method} {path}"
        );
    }
    let asked =
        json!({"input_file_id": file, "endpoint": CHAT, "completion_window": "24h"}).to_string();
    let begun = door.of(&other_key(), "POST", "/v1/batches", &asked).await;
    assert_eq!(begun.status, StatusCode::NOT_FOUND);
    for path in ["/v1/files", "/v1/batches"] {
        let listed = door.of(&other_key(), "GET", path, "").await;
        assert_eq!(listed.json()["data"], json!([]));
    }
    for path in [
        "/v1/files/file-A",
        "/v1/files/file-O/content",
        "/v1/batches/batch_B",
    ] {
        assert_eq!(door.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(door.provider.seen().len(), n_seen, "nobody was asked");
}

#[tokio::test]
async fn files_and_batches_are_listed_under_our_names() {
    let door = files_door().await;
    let (file, batch) = door.begun(&two()).await;
    let files = door.get("/v1/files?purpose=batch&limit=5").await.json();
    assert_eq!(files["data"][0]["id"], file);
    assert_eq!(
        (&files["has_more"], &files["last_id"]),
        (&json!(false), &json!(file))
    );
    let batches = door.get("/v1/batches").await.json();
    assert_eq!(batches["data"][0]["id"], batch);
    let none = door.get(&format!("/v1/batches?after={batch}")).await.json();
    assert_eq!(none["data"], json!([]));
    assert_eq!(
        door.get("/v1/files?purpose=vision").await.json()["data"],
        json!([])
    );
    for (path, code) in [
        ("/v1/files?order=asc", "unsupported_field"),
        ("/v1/files?after=x", "invalid_field"),
        ("/v1/batches?after=x", "invalid_field"),
        ("/v1/batches?limit=x", "invalid_field"),
    ] {
        assert_eq!(door.get(path).await.code(), code, "{path}");
    }
}

#[tokio::test]
async fn what_is_no_file_for_a_batch_is_refused_and_nothing_leaves() {
    let door = files_door().await;
    let good = file(&two());
    let streams = {
        let mut one = request("a", "hoi");
        one["body"]["stream"] = json!(true);
        file(&[one])
    };
    let address = {
        let mut one = request("a", "hoi");
        one["body"]["messages"][0]["content"] =
            json!([{"type": "image_url", "image_url": {"url": "https://x.nl/a.png"}}]);
        file(&[request("b", "hoi"), one])
    };
    let expires =
        "--x\r\ncontent-disposition: form-data; name=\"expires_after[seconds]\"\r\n\r\n3600\r\n";
    let twice = "--x\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n";
    for (form, code, line) in [
        (
            form("fine-tune", "", &good),
            "unsupported_purpose",
            Value::Null,
        ),
        (
            form("user_data", "", "willekeurig"),
            "unsupported_purpose",
            Value::Null,
        ),
        (
            form("batch", expires, &good),
            "unsupported_field",
            Value::Null,
        ),
        (form("batch", twice, &good), "invalid_field", Value::Null),
        (form("batch", "", ""), "invalid_json", json!(1)),
        (form("batch", "", "geen json"), "invalid_json", json!(1)),
        (form("batch", "", &streams), "unsupported_field", json!(1)),
        (
            form("batch", "", &address),
            "content_not_inspectable",
            json!(2),
        ),
        ("--x--".to_owned(), "invalid_form", Value::Null),
    ] {
        let answered = door.upload(form.clone()).await;
        let told = answered.json();
        assert_eq!(
            (answered.code().as_str(), &told["error"]["waarborg"]["line"]),
            (code, &line),
            "{form}"
        );
    }
    let json = door.of(&key(), "POST", "/v1/files", "{}").await;
    assert_eq!(json.code(), "unsupported_media_type");
    door.check_nothing_left();
    assert_eq!(door.n_maps(), 0);
}

#[tokio::test]
async fn a_batch_is_begun_of_an_own_file_and_for_its_address_alone() {
    let door = files_door().await;
    let sent = door.upload(form("batch", "", &file(&two()))).await;
    let id = sent.json()["id"].clone();
    let n_seen = door.provider.seen().len();
    for (change, code) in [
        (json!({"endpoint": "/v1/responses"}), "invalid_field"),
        (
            json!({"completion_window": "Jan de Vries"}),
            "invalid_field",
        ),
        (json!({"input_file_id": "file-A"}), "batch_not_found"),
        (json!({"metadata": {"a": 7}}), "invalid_field"),
        (
            json!({"output_expires_after": {"seconds": 3600}}),
            "unsupported_field",
        ),
        (json!({"input_file_id": null}), "invalid_field"),
        (json!({"endpoint": 7}), "invalid_field"),
        (json!({"metadata": 7}), "invalid_field"),
        (json!({"metadata": {"a": "x".repeat(513)}}), "invalid_field"),
        (json!({"iets": "Jan"}), "invalid_field"),
    ] {
        let mut asked = json!({"input_file_id": id, "endpoint": CHAT, "completion_window": "24h"});
        asked
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let answered = door
            .of(&key(), "POST", "/v1/batches", &asked.to_string())
            .await;
        assert_eq!(answered.code(), code, "{change}");
    }
    assert_eq!(door.provider.seen().len(), n_seen);
    assert_eq!(door.n_maps(), 1);
}

#[tokio::test]
async fn without_the_words_of_the_register_no_file_leaves() {
    for (without, code) in [
        (TERM, "kept_map_not_declared"),
        (
            "stores_input = true\nresidual = \"30d\"",
            "storing_not_permitted",
        ),
    ] {
        let provider = ScriptedProvider::start(|_| Script::json(500, "{}"))
            .await
            .unwrap();
        let base_url = provider.base_url();
        let mut source = include_str!("register.toml").replace("BASE_URL", &base_url) + TERM;
        source = source.replace(
            "stores_input = false",
            "stores_input = true\nresidual = \"30d\"",
        );
        let instead = if without == TERM {
            ""
        } else {
            "stores_input = false"
        };
        source = source.replace(without, instead);
        let openai = OpenAi::new(&base_url, None, patience()).unwrap();
        let mut table = ProviderTable::default();
        table.add("model", &["klein".to_owned()], Box::new(openai));
        let (house, switches) = house_of(&source, "pseudonymise", table);
        let door = Door {
            router: routes(GatewayState::new(house, DoorLimits::default())),
            provider,
            switches,
        };
        let answered = door.upload(form("batch", "", &file(&two()))).await;
        assert_eq!(
            (answered.status, answered.code().as_str()),
            (StatusCode::FORBIDDEN, code)
        );
        door.check_nothing_left();
        assert_eq!(door.n_maps(), 0);
    }
}

/// What the page of routes and fields says of files and batches.
pub(super) async fn page_part() -> String {
    let door = files_door().await;
    let limits = DoorLimits::default();
    let mut part = format!(
        "\n## `POST /v1/files`, `POST /v1/batches`\n\nErrors are OpenAI's. A file comes as `multipart/form-data` of {} MB at most, with `purpose` `batch` and {} lines at most, and leaves where the register says `stores_input` \
         of the recipient and `[term.kept_map]`. In each line `body` is handled as its `url` handles a request; `custom_id` and the name of the file stay here, and the provider gets its number.\n\n| refused in a file | with |\n|---|---|\n",
        limits.batch_bytes >> 20,
        limits.n_in_batch
    );
    let with = |name: &str, value: Value| {
        let mut one = request("a", "hoi");
        one[name] = value;
        form("batch", "", &file(&[one]))
    };
    let streams = json!({"model": "klein", "stream": true, "messages": []});
    let mut goes_on = request("a", "hoi");
    goes_on["url"] = json!("/v1/responses");
    goes_on["body"] = json!({"model": "klein", "input": "hoi", "previous_response_id": "resp_1"});
    let goes_on = form("batch", "", &file(&[goes_on]));
    let twice = file(&[request("a", "hoi"), request("a", "hoi")]);
    for (shown, form) in [
        (
            "`{\"body\":{\"previous_response_id\":\"resp_1\"}}`",
            goes_on,
        ),
        ("`purpose` other than `batch`", form("user_data", "", "x")),
        (
            "`{\"url\":\"/v1/images/generations\"}`",
            with("url", json!("/v1/images/generations")),
        ),
        ("`{\"method\":\"GET\"}`", with("method", json!("GET"))),
        ("`{\"onbekend\":1}`", with("onbekend", json!(1))),
        ("`{\"body\":{\"stream\":true}}`", with("body", streams)),
        ("`custom_id` twice", form("batch", "", &twice)),
    ] {
        let answered = door.upload(form).await;
        let status = answered.status.as_u16();
        writeln!(part, "| {shown} | {status} `{}` |", answered.code()).unwrap();
    }
    door.check_nothing_left();
    part.push_str(
        "\n| address | what it is |\n|---|---|\n| `GET /v1/files`, `GET /v1/files/{id}` | the files that this key sent; one of them, or one with what came of a batch (`file-…-output`, `file-…-errors`), without the provider's words |\n\
         | `GET /v1/files/{id}/content` | of a file with what came of a batch, per line: `custom_id` as the client gave it, `body` restored as an answer of its address, and of what failed `type`, `code` and `param` with our sentence; of a file that was sent 400 `content_not_returned` |\n\
         | `DELETE /v1/files/{id}` | the provider is asked to delete it; what was replaced is destroyed with the file that was sent, and of a batch with the last of its files |\n\
         | `POST /v1/batches` | `input_file_id`, `endpoint` (that of the file) and `completion_window` (such as `24h`) go; `metadata` stays here; other fields are refused |\n\
         | `GET /v1/batches`, `GET /v1/batches/{id}`, `POST /v1/batches/{id}/cancel` | as the provider tells it, with our names, the labels that stayed here, and our sentences in `errors` |\n",
    );
    part
}
