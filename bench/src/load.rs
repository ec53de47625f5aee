//! The load: a number of kept connections, each asking again as soon as it was answered.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{Outcome, detection};

/// One kind of request to one address.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// `127.0.0.1:port`.
    pub(crate) address: String,
    /// The whole request, head and body.
    pub(crate) request: Vec<u8>,
    /// Where the number of the conversation stands, if each request is one of its own.
    conversation: Option<Range<usize>>,
}

/// Numbers the conversations of this run.
static CONVERSATIONS: AtomicU64 = AtomicU64::new(0);

/// How a request begins, up to the number of its conversation.
const BEGINNING: &str = "POST /v1/chat/completions HTTP/1.1\r\nx-waarborg-conversation: ";

/// So many digits has the number of a conversation.
const DIGITS: usize = 12;

impl Target {
    /// A chat completion with this text, as one more turn of a conversation: the gateway saw the text before.
    pub(crate) fn goes_on(address: &str, key: &str, text: &str) -> Self {
        Self {
            conversation: None,
            ..Self::chat(address, key, text)
        }
    }

    /// A chat completion with this text, each time as a conversation of its own, of which nothing is known.
    pub(crate) fn chat(address: &str, key: &str, text: &str) -> Self {
        let body = serde_json::json!({
            "model": "bench",
            "messages": [{ "role": "system", "content": "Je helpt de klantenservice." }, { "role": "user", "content": text }],
        })
        .to_string();
        let number = BEGINNING.len()..BEGINNING.len() + DIGITS;
        let head = format!(
            "{BEGINNING}{zero:0DIGITS$}\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len(),
            zero = 0,
        );
        Self {
            address: address.to_owned(),
            request: [head.into_bytes(), body.into_bytes()].concat(),
            conversation: Some(number),
        }
    }

    /// Gives the next request the number of a new conversation, where it has one.
    fn begin(&mut self) {
        let Some(place) = self.conversation.clone() else {
            return;
        };
        let number = CONVERSATIONS.fetch_add(1, Ordering::Relaxed);
        let digits = format!("{number:0DIGITS$}");
        if let Some(place) = self.request.get_mut(place) {
            place.copy_from_slice(digits.as_bytes());
        }
    }
}

/// How long answers took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Latency {
    /// Half of the answers came within this.
    pub(crate) p50: Duration,
    /// All but one in a hundred came within this.
    pub(crate) p99: Duration,
    /// Answers in a second.
    pub(crate) rate: f64,
}

impl Latency {
    /// The better of each figure.
    pub(crate) fn better(self, other: Self) -> Self {
        Self {
            p50: self.p50.min(other.p50),
            p99: self.p99.min(other.p99),
            rate: self.rate.max(other.rate),
        }
    }
}

/// Asks over `connections` at once for `span`, after a warm-up of a fifth of it.
pub(crate) async fn run(target: &Target, connections: usize, span: Duration) -> Outcome<Latency> {
    let mut times = times(target, connections, Instant::now() + span / 5, span).await?;
    times.sort_unstable();
    let at = |percent: usize| {
        times
            .get(times.len() * percent / 100)
            .or(times.last())
            .copied()
            .unwrap_or_default()
    };
    let answers = u32::try_from(times.len())?;
    Ok(Latency {
        p50: at(50),
        p99: at(99),
        rate: f64::from(answers) / span.as_secs_f64(),
    })
}

/// Asks over `connections` at once for `span`; how many answers came.
pub(crate) async fn answers(target: &Target, connections: usize, span: Duration) -> Outcome<u32> {
    let times = times(target, connections, Instant::now(), span).await?;
    Ok(u32::try_from(times.len())?)
}

/// How long each answer took, of the questions from `begin` on.
async fn times(
    target: &Target,
    connections: usize,
    begin: Instant,
    span: Duration,
) -> Outcome<Vec<Duration>> {
    let end = begin + span;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let target = target.clone();
        asking.spawn(async move { ask(target, begin, end).await });
    }
    let mut times = Vec::new();
    while let Some(asked) = asking.join_next().await {
        times.extend(asked??);
    }
    Ok(times)
}

async fn ask(mut target: Target, begin: Instant, end: Instant) -> Outcome<Vec<Duration>> {
    let mut stream = TcpStream::connect(&target.address).await?;
    stream.set_nodelay(true)?;
    let mut times = Vec::new();
    let mut buffer = Vec::with_capacity(16 * 1024);
    loop {
        target.begin();
        let asked_at = Instant::now();
        if asked_at >= end {
            return Ok(times);
        }
        stream.write_all(&target.request).await?;
        answer(&mut stream, &mut buffer).await?;
        if asked_at >= begin {
            times.push(asked_at.elapsed());
        }
    }
}

/// Asks once for each of these numbers, over so many connections at once: a letter of a kilobyte that has the number in it, each as a
/// conversation of its own.
pub(crate) async fn each_another(
    address: &str,
    key: &str,
    numbers: Range<u64>,
    connections: usize,
) -> Outcome<()> {
    let next = Arc::new(AtomicU64::new(numbers.start));
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let (next, address, key) = (Arc::clone(&next), address.to_owned(), key.to_owned());
        asking.spawn(async move {
            let mut stream = TcpStream::connect(&address).await?;
            stream.set_nodelay(true)?;
            let mut buffer = Vec::with_capacity(16 * 1024);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= numbers.end {
                    return Outcome::Ok(());
                }
                let text = detection::letter(usize::try_from(number)?, 2);
                let mut target = Target::chat(&address, &key, &text);
                target.begin();
                stream.write_all(&target.request).await?;
                answer(&mut stream, &mut buffer).await?;
            }
        });
    }
    while let Some(asked) = asking.join_next().await {
        asked??;
    }
    Ok(())
}

/// Reads one whole answer; an answer that is not 200 ends the measurement.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Outcome<()> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(format!("the connection closed after {} bytes", buffer.len()).into());
        }
        let Some(head_length) = buffer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .map(|at| at + 4)
        else {
            continue;
        };
        let head = String::from_utf8_lossy(buffer.get(..head_length).unwrap_or_default())
            .to_ascii_lowercase();
        if !head.starts_with("http/1.1 200") {
            return Err(format!("not 200: {}", String::from_utf8_lossy(buffer)).into());
        }
        let length = head.lines().find_map(|line| {
            line.strip_prefix("content-length:")?
                .trim()
                .parse::<usize>()
                .ok()
        });
        let whole = match length {
            Some(length) => buffer.len() >= head_length + length,
            None => buffer.ends_with(b"\r\n0\r\n\r\n"),
        };
        if whole {
            return Ok(());
        }
    }
}
