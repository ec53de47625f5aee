//! Bodies and documents that are small to send and large to read, written by `own/gen_bombs.py` while the test runs.
//!
//! `WAARBORG_CASES=1 cargo test -p waarborg-gateway bombs` sends the long texts whole, otherwise their beginnings go.

use super::generated::n_cases;
use super::made::base64;
use super::*;

/// What stands in the documents, visible or not.
const HIDDEN: [&str; 6] = [
    "111222333",
    "Jan Jansen",
    "Piet de Vries",
    "Fatima Bakker",
    "0612345678",
    "NL91ABNA0417164300",
];

/// How many characters of a text that is made to be slow to read go along.
const BEGINNING: usize = 3_000;

const CHAT: &str = "/v1/chat/completions";

fn made() -> Option<Vec<(String, Vec<u8>)>> {
    let bombs = crate::shared_data::made_by("data/attacks/own/gen_bombs.py")?;
    assert!(bombs.len() >= 60, "{}", bombs.len());
    Some(bombs)
}

/// The same document for a model that there is, so that it is read further.
fn for_our_model(body: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(body) else {
        return body.to_vec();
    };
    let text = text.replacen(r#""model":"m""#, r#""model":"klein""#, 1);
    let text = text.replacen(r#""model": "m""#, r#""model":"klein""#, 1);
    if text.starts_with("{\"messages\"") {
        return text.replacen('{', r#"{"model":"klein","#, 1).into_bytes();
    }
    text.into_bytes()
}

/// A document of the list as a client would send it to the model.
fn enclosed(name: &str, bytes: &[u8]) -> Value {
    let media_type = match name.rsplit('.').next().unwrap() {
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "csv" => "text/csv",
        "html" => "text/html",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        other => panic!("{other} is new; say here what it is"),
    };
    let address = format!("data:{media_type};base64,{}", base64(bytes));
    let part = if media_type.starts_with("image/") {
        json!({"type": "image_url", "image_url": {"url": address}})
    } else {
        json!({"type": "file", "file": {"filename": name, "file_data": address}})
    };
    json!({"model": "klein", "messages": [{"role": "user", "content": [part]}]})
}

async fn check(door: &Door, name: &str, headers: &[(&str, &str)], body: Vec<u8>) -> StatusCode {
    let answering = door.post(CHAT, headers, body);
    let answered = tokio::time::timeout(Duration::from_mins(3), answering)
        .await
        .unwrap_or_else(|_| panic!("{name} holds the door up"));
    let is_right = answered.status == StatusCode::OK || answered.status.is_client_error();
    let shown: String = answered.body.chars().take(300).collect();
    assert!(is_right, "{name}: {} {shown}", answered.status);
    door.check_nothing_leaked(&HIDDEN);
    door.check_nothing_leaked(&["root:x:"]);
    for value in HIDDEN {
        assert!(!answered.body.contains(value), "{name} repeats {value}");
    }
    answered.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_body_or_document_that_is_made_to_burst_breaks_the_door() {
    let Some(bombs) = made() else { return };
    let door = door_with("pseudonymise", DoorLimits::default(), |_| {
        let message = json!({"role": "assistant", "content": "Gelezen."});
        let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
        let document = json!({"id": "x", "object": "chat.completion", "choices": [choice]});
        Script::json(200, &document.to_string())
    })
    .await;
    let is_whole = n_cases(0) > 0;
    for (name, bytes) in bombs {
        if name.starts_with("body_") {
            // No body is unpacked, so none can burst; packed bytes without the header are no JSON.
            for coding in ["gzip", "deflate", "gzip, gzip"] {
                let headers = [("content-encoding", coding)];
                let status = check(&door, &name, &headers, bytes.clone()).await;
                assert_eq!(
                    status,
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "{name} {coding}"
                );
            }
            let status = check(&door, &name, &[], bytes).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{name}");
            door.check_nothing_left();
        } else if name.starts_with("json_") {
            let status = check(&door, &name, &[], bytes.clone()).await;
            assert!(status.is_client_error(), "{name}: no model is named m");
            if is_whole || bytes.len() < 300_000 {
                check(&door, &name, &[], for_our_model(&bytes)).await;
            }
        } else if name.starts_with("redos_") {
            let text = String::from_utf8(bytes).unwrap();
            let n_kept = if is_whole { usize::MAX } else { BEGINNING };
            let text: String = text.chars().take(n_kept).collect();
            check(&door, &name, &[], ask(&text).to_string().into_bytes()).await;
        } else {
            let document = enclosed(&name, &bytes).to_string();
            check(&door, &name, &[], document.into_bytes()).await;
        }
        door.provider.forget();
    }
    assert_eq!(
        door.chat(&ask("hallo")).await.status,
        StatusCode::OK,
        "it still works"
    );
}
