//! A scripted model server that records every byte it receives.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// What the upstream says to the next requests.
#[derive(Debug, Clone)]
pub(crate) enum Script {
    /// Repeats the last user message, as one answer or as a stream, as the request asks.
    Echo,
    /// Answers with these bytes after the head `200 text/event-stream`, then ends well.
    Stream(Vec<u8>),
    /// The same, then breaks the connection in the middle of a chunk.
    Break(Vec<u8>),
    /// Says this word ten times a second, this many times, then ends well.
    Drip(String, u32),
    /// Says this word once, and then nothing for as long as the test may run.
    Silence(String),
    /// Answers with this status and body.
    Status(u16, String),
}

/// A running upstream.
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<u8>>>,
    bodies: Arc<Mutex<Vec<String>>>,
    script: Arc<Mutex<Script>>,
    stop: Arc<AtomicBool>,
}

impl Upstream {
    /// Starts one on a free port.
    pub(crate) fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let upstream = Self {
            address: listener.local_addr().unwrap(),
            received: Arc::default(),
            bodies: Arc::default(),
            script: Arc::new(Mutex::new(script)),
            stop: Arc::default(),
        };
        let (received, bodies) = (Arc::clone(&upstream.received), Arc::clone(&upstream.bodies));
        let (script, stop) = (Arc::clone(&upstream.script), Arc::clone(&upstream.stop));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (received, bodies, script) = (
                    Arc::clone(&received),
                    Arc::clone(&bodies),
                    Arc::clone(&script),
                );
                thread::spawn(move || serve(stream, &received, &bodies, &script));
            }
        });
        upstream
    }

    /// The address that a provider is given.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Every byte that came in so far.
    pub(crate) fn received(&self) -> Vec<u8> {
        self.received.lock().unwrap().clone()
    }

    /// The bodies of the requests so far.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }

    /// Answers differently from now on.
    pub(crate) fn play(&self, script: Script) {
        *self.script.lock().unwrap() = script;
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the accepting thread.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(
    stream: TcpStream,
    received: &Mutex<Vec<u8>>,
    bodies: &Mutex<Vec<String>>,
    script: &Mutex<Script>,
) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        loop {
            let before = head.len();
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                received.lock().unwrap().extend_from_slice(head.as_bytes());
                return;
            }
            if head[before..].trim().is_empty() {
                break;
            }
        }
        received.lock().unwrap().extend_from_slice(head.as_bytes());
        let body = read_body(&head, &mut reader);
        received.lock().unwrap().extend_from_slice(&body);
        let body = String::from_utf8_lossy(&body).into_owned();
        bodies.lock().unwrap().push(body.clone());

        let script = script.lock().unwrap().clone();
        if answer(&mut writer, &script, &body).is_none() {
            return;
        }
    }
}

fn read_body(head: &str, reader: &mut impl BufRead) -> Vec<u8> {
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let mut body = Vec::new();
    if let Some(length) = header("content-length").and_then(|length| length.parse::<u64>().ok()) {
        let _ = reader.take(length).read_to_end(&mut body);
    } else if header("transfer-encoding").is_some() {
        loop {
            let mut line = String::new();
            let _ = reader.read_line(&mut line);
            let size = usize::from_str_radix(line.trim(), 16).unwrap_or(0);
            let mut chunk = vec![0; size + 2];
            if reader.read_exact(&mut chunk).is_err() || size == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    }
    body
}

/// Answers; `None` ends the connection.
fn answer(writer: &mut TcpStream, script: &Script, body: &str) -> Option<()> {
    match script {
        Script::Echo => {
            let asked: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
            let said = last_user_text(&asked);
            if asked["stream"] == true {
                let letters: Vec<char> = said.chars().collect();
                let mut events = String::new();
                for piece in letters.chunks(3) {
                    let piece: String = piece.iter().collect();
                    let delta = serde_json::json!({"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m",
                        "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": null}]});
                    events.push_str(&format!("data: {delta}\n\n"));
                }
                let last = serde_json::json!({"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m",
                    "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
                events.push_str(&format!("data: {last}\n\ndata: [DONE]\n\n"));
                stream(writer, events.as_bytes())
            } else {
                let whole = serde_json::json!({"id": "c", "object": "chat.completion", "created": 0, "model": "m",
                    "choices": [{"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}],
                    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}});
                whole_answer(writer, 200, &whole.to_string())
            }
        }
        Script::Stream(bytes) => stream(writer, bytes),
        Script::Break(bytes) => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
            writer.write_all(head.as_bytes()).ok()?;
            writer
                .write_all(format!("{:x}\r\n", bytes.len() + 100).as_bytes())
                .ok()?;
            writer.write_all(bytes).ok()?;
            writer.flush().ok()?;
            None
        }
        Script::Drip(word, times) => {
            drip(writer, word, *times)?;
            writer.write_all(b"0\r\n\r\n").ok()
        }
        Script::Silence(word) => {
            drip(writer, word, 1)?;
            thread::sleep(Duration::from_mins(10));
            None
        }
        Script::Status(status, text) => whole_answer(writer, *status, text),
    }
}

fn drip(writer: &mut TcpStream, word: &str, times: u32) -> Option<()> {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    writer.write_all(head.as_bytes()).ok()?;
    for _ in 0..times {
        let delta = serde_json::json!({"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m",
            "choices": [{"index": 0, "delta": {"content": word}, "finish_reason": null}]});
        let event = format!("data: {delta}\n\n");
        let chunk = format!("{:x}\r\n{event}\r\n", event.len());
        writer.write_all(chunk.as_bytes()).ok()?;
        writer.flush().ok()?;
        thread::sleep(Duration::from_millis(100));
    }
    let end = "data: [DONE]\n\n";
    let chunk = format!("{:x}\r\n{end}\r\n0\r\n\r\n", end.len());
    writer.write_all(chunk.as_bytes()).ok()
}

fn stream(writer: &mut TcpStream, bytes: &[u8]) -> Option<()> {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    writer.write_all(head.as_bytes()).ok()?;
    // Small pieces cut everywhere; of very much there would be too many.
    let size = if bytes.len() > 1 << 20 { 16 << 10 } else { 17 };
    for piece in bytes.chunks(size) {
        writer
            .write_all(format!("{:x}\r\n", piece.len()).as_bytes())
            .ok()?;
        writer.write_all(piece).ok()?;
        writer.write_all(b"\r\n").ok()?;
    }
    writer.write_all(b"0\r\n\r\n").ok()
}

fn whole_answer(writer: &mut TcpStream, status: u16, text: &str) -> Option<()> {
    let head = format!(
        "HTTP/1.1 {status} Scripted\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        text.len()
    );
    writer.write_all(head.as_bytes()).ok()?;
    writer.write_all(text.as_bytes()).ok()
}

fn last_user_text(asked: &serde_json::Value) -> String {
    let content = asked["messages"]
        .as_array()
        .and_then(|messages| {
            messages
                .iter()
                .rev()
                .find(|message| message["role"] == "user")
        })
        .map(|message| message["content"].clone())
        .unwrap_or_default();
    match content {
        serde_json::Value::String(text) => text,
        serde_json::Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect(),
        _ => String::new(),
    }
}
