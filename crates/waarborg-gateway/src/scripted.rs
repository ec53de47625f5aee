//! A provider that does what a test tells it, and records every byte that reaches it.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as it came in.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Request line and headers, as they were sent.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Seen {
    /// The body as text; bytes that are not UTF-8 are shown as such.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of a header, or `None`.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// One step of an answer's body.
#[derive(Debug, Clone)]
pub enum Step {
    /// Send these bytes in one write.
    Send(Vec<u8>),
    /// Wait.
    Wait(Duration),
    /// Close the connection without ending the body.
    Cut,
    /// Send nothing more and keep the connection open.
    Hang,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Script {
    status: u16,
    content_type: String,
    headers: Vec<(String, String)>,
    steps: Vec<Step>,
}

impl Script {
    /// An answer of one JSON document.
    #[must_use]
    pub fn json(status: u16, body: &str) -> Self {
        let steps = vec![Step::Send(body.as_bytes().to_vec())];
        Self {
            status,
            content_type: "application/json".into(),
            headers: Vec::new(),
            steps,
        }
    }

    /// A stream of these steps.
    #[must_use]
    pub fn stream(steps: Vec<Step>) -> Self {
        Self {
            status: 200,
            content_type: "text/event-stream".into(),
            headers: Vec::new(),
            steps,
        }
    }

    /// A stream of these events, cut into pieces of `size` bytes, then `[DONE]`.
    #[must_use]
    pub fn events(events: &[String], size: usize) -> Self {
        let mut bytes = Vec::new();
        for event in events.iter().map(String::as_str).chain(["[DONE]"]) {
            bytes.extend(crate::sse::data_event(event));
        }
        Self::stream(
            bytes
                .chunks(size.max(1))
                .map(|piece| Step::Send(piece.to_vec()))
                .collect(),
        )
    }

    /// The same answer with another content type.
    #[must_use]
    pub fn of_type(mut self, content_type: &str) -> Self {
        content_type.clone_into(&mut self.content_type);
        self
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Answering = dyn Fn(&Seen) -> Script + Send + Sync;

#[derive(Default)]
struct Record {
    seen: Vec<Seen>,
    bytes: Vec<u8>,
    n_connections: usize,
    n_cancelled: usize,
}

/// A running scripted provider; dropping it closes its door.
pub struct ScriptedProvider {
    address: SocketAddr,
    record: Arc<Mutex<Record>>,
    door: JoinHandle<()>,
}

impl ScriptedProvider {
    /// Opens a provider on a free port of this machine.
    ///
    /// # Errors
    ///
    /// [`io::Error`] if no port can be opened.
    pub async fn start(
        answering: impl Fn(&Seen) -> Script + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let record = Arc::new(Mutex::new(Record::default()));
        let answering: Arc<Answering> = Arc::new(answering);
        let kept = Arc::clone(&record);
        let door = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (record, answering) = (Arc::clone(&kept), Arc::clone(&answering));
                tokio::spawn(async move {
                    with(&record, |record| record.n_connections += 1);
                    // A client that goes away is part of many tests.
                    let _ = serve(connection, &record, &*answering).await;
                });
            }
        });
        Ok(Self {
            address,
            record,
            door,
        })
    }

    /// What to write as `base_url`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests that came in whole.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        with(&self.record, |record| record.seen.clone())
    }

    /// Every byte that came in over any connection.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        with(&self.record, |record| record.bytes.clone())
    }

    /// Forgets what came in so far.
    pub fn forget(&self) {
        with(&self.record, |record| {
            record.seen.clear();
            record.bytes.clear();
        });
    }

    /// How many connections were made.
    #[must_use]
    pub fn n_connections(&self) -> usize {
        with(&self.record, |record| record.n_connections)
    }

    /// How many clients went away before their answer ended.
    #[must_use]
    pub fn n_cancelled(&self) -> usize {
        with(&self.record, |record| record.n_cancelled)
    }
}

impl Drop for ScriptedProvider {
    fn drop(&mut self) {
        self.door.abort();
    }
}

fn with<T>(record: &Mutex<Record>, act: impl FnOnce(&mut Record) -> T) -> T {
    act(&mut record.lock().unwrap_or_else(PoisonError::into_inner))
}

async fn serve(
    mut connection: TcpStream,
    record: &Mutex<Record>,
    answering: &Answering,
) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut waiting = Vec::new();
    while let Some(seen) = read_request(&mut connection, &mut waiting, record).await? {
        let script = answering(&seen);
        with(record, |record| record.seen.push(seen));
        if answer(&mut connection, script, record).await?.is_none() {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads one request with a `content-length`; `None` if the client closed first.
async fn read_request(
    connection: &mut TcpStream,
    waiting: &mut Vec<u8>,
    record: &Mutex<Record>,
) -> io::Result<Option<Seen>> {
    loop {
        if let Some(seen) = take_request(waiting) {
            return Ok(Some(seen));
        }
        let mut piece = vec![0; 16 * 1024];
        let n_read = connection.read(&mut piece).await?;
        if n_read == 0 {
            return Ok(None);
        }
        piece.truncate(n_read);
        with(record, |record| record.bytes.extend_from_slice(&piece));
        waiting.extend_from_slice(&piece);
    }
}

fn take_request(waiting: &mut Vec<u8>) -> Option<Seen> {
    const END_OF_HEAD: &[u8] = b"\r\n\r\n";
    let end = waiting
        .windows(END_OF_HEAD.len())
        .position(|window| window == END_OF_HEAD)?
        + END_OF_HEAD.len();
    let head = String::from_utf8_lossy(waiting.get(..end)?).into_owned();
    let mut seen = Seen {
        head,
        body: Vec::new(),
    };
    let length: usize = seen
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let body = waiting.get(end..end + length)?.to_vec();
    waiting.drain(..end + length);
    seen.body = body;
    Some(seen)
}

/// Plays the script; `None` if the connection is not usable afterwards.
async fn answer(
    connection: &mut TcpStream,
    script: Script,
    record: &Mutex<Record>,
) -> io::Result<Option<()>> {
    let mut head = format!(
        "HTTP/1.1 {} Scripted\r\ncontent-type: {}\r\n",
        script.status, script.content_type
    );
    for (name, value) in &script.headers {
        head.push_str(&format_header(name, value));
    }
    head.push_str("transfer-encoding: chunked\r\n\r\n");
    connection.write_all(head.as_bytes()).await?;

    for step in script.steps {
        match step {
            Step::Send(bytes) => {
                let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
                chunk.extend_from_slice(&bytes);
                chunk.extend_from_slice(b"\r\n");
                if !bytes.is_empty() && connection.write_all(&chunk).await.is_err() {
                    with(record, |record| record.n_cancelled += 1);
                    return Ok(None);
                }
            }
            Step::Wait(time) => {
                if tokio::time::timeout(time, gone(connection)).await.is_ok() {
                    with(record, |record| record.n_cancelled += 1);
                    return Ok(None);
                }
            }
            Step::Hang => {
                gone(connection).await;
                with(record, |record| record.n_cancelled += 1);
                return Ok(None);
            }
            Step::Cut => return Ok(None),
        }
    }
    connection.write_all(b"0\r\n\r\n").await?;
    Ok(Some(()))
}

fn format_header(name: &str, value: &str) -> String {
    format!("{name}: {value}\r\n")
}

/// Returns when the client has closed the connection.
async fn gone(connection: &TcpStream) {
    let mut one = [0];
    // A client that waits for its answer sends nothing; what becomes readable is the end.
    while !matches!(connection.peek(&mut one).await, Ok(0) | Err(_)) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
