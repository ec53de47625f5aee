//! A small HTTP/1.1 client on plain sockets, so that a test can also send what no library would.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the body ended as its framing promised.
    pub(crate) is_whole: bool,
}

impl Answer {
    /// The first header with this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The content of all `data:` lines of a stream of chat completions, put together.
    pub(crate) fn streamed_content(&self) -> String {
        self.text()
            .lines()
            .filter_map(|line| line.strip_prefix("data:"))
            .filter_map(|data| serde_json::from_str::<serde_json::Value>(data.trim()).ok())
            .filter_map(|chunk| {
                chunk["choices"][0]["delta"]["content"]
                    .as_str()
                    .map(str::to_owned)
            })
            .collect()
    }
}

/// A caller with its cookies, like one browser or one application.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    address: SocketAddr,
    pub(crate) cookies: Vec<(String, String)>,
    bearer: Option<String>,
}

impl Client {
    /// A new caller.
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self {
            address,
            cookies: Vec::new(),
            bearer: None,
        }
    }

    /// The same caller with a key.
    pub(crate) fn with_key(mut self, key: &str) -> Self {
        self.bearer = Some(key.to_owned());
        self
    }

    /// The same caller, cookies and all, at a server that started again elsewhere.
    pub(crate) fn at(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub(crate) fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Answer {
        self.send(
            "POST",
            path,
            &[("content-type", "application/json")],
            body.to_string().as_bytes(),
        )
    }

    pub(crate) fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
            .collect();
        self.send(
            "POST",
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            body.join("&").as_bytes(),
        )
    }

    /// Sends one request and reads the answer; a connection that breaks gives what came.
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n",
            self.address
        );
        if let Some(key) = &self.bearer {
            head.push_str(&format!("authorization: Bearer {key}\r\n"));
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            head.push_str(&format!("cookie: {}\r\n", cookies.join("; ")));
        }
        if method != "GET" {
            head.push_str(&format!(
                "content-length: {}\r\norigin: http://{}\r\n",
                body.len(),
                self.address
            ));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");

        let mut stream = connect(self.address);
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        // The server may answer and close before it read everything.
        let _ = stream.write_all(&bytes);
        let answer = read_answer(stream, method == "HEAD");
        for (name, value) in &answer.headers {
            if name.eq_ignore_ascii_case("set-cookie") {
                self.keep_cookie(value);
            }
        }
        answer
    }

    fn keep_cookie(&mut self, set: &str) {
        let pair = set.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else {
            return;
        };
        self.cookies.retain(|(known, _)| known != name.trim());
        let is_removed = set.to_ascii_lowercase().contains("max-age=0");
        if !is_removed {
            self.cookies
                .push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
}

/// A connected socket that does not wait for ever.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_mins(1)))
        .unwrap();
    stream
        .set_write_timeout(Some(Duration::from_mins(1)))
        .unwrap();
    stream
}

/// Reads one answer until its end.
pub(crate) fn read_answer(stream: TcpStream, is_head: bool) -> Answer {
    let mut reader = BufReader::new(stream);
    let mut answer = Answer {
        status: 0,
        headers: Vec::new(),
        body: Vec::new(),
        is_whole: false,
    };
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return answer;
    }
    answer.status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0);
    loop {
        line.clear();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return answer;
        }
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        answer
            .headers
            .push((name.trim().to_owned(), value.trim().to_owned()));
    }
    if is_head {
        answer.is_whole = true;
    } else if answer
        .header("transfer-encoding")
        .is_some_and(|coding| coding.contains("chunked"))
    {
        read_chunks(&mut reader, &mut answer);
    } else if let Some(length) = answer
        .header("content-length")
        .and_then(|length| length.parse::<u64>().ok())
    {
        let _ = reader.take(length).read_to_end(&mut answer.body);
        answer.is_whole = answer.body.len() as u64 == length;
    } else {
        answer.is_whole = reader.read_to_end(&mut answer.body).is_ok();
    }
    answer
}

fn read_chunks(reader: &mut impl BufRead, answer: &mut Answer) {
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let size = usize::from_str_radix(line.trim().split(';').next().unwrap_or_default(), 16)
            .unwrap_or(0);
        if size == 0 {
            answer.is_whole = line.trim() == "0";
            return;
        }
        let mut chunk = vec![0; size + 2];
        if reader.read_exact(&mut chunk).is_err() {
            return;
        }
        answer.body.extend_from_slice(&chunk[..size]);
    }
}

/// Percent-encoding of everything that is not a letter or a digit.
pub(crate) fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
