//! Requests that no library would send, byte for byte over a socket: what is smuggled, broken or doubled reaches nobody.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    http::connect,
    program::{Installation, Server, shared},
    upstream::{Script, Upstream},
};

/// What the door answers to these bytes. Where it says nothing for a while, it is told that no more come; told at once, it may
/// go away without the answer that it would have given.
fn exchange(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = sent(server, bytes);
    stream
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    let mut first = [0; 4096];
    let mut before = Vec::new();
    while let Ok(n @ 1..) = stream.read(&mut first) {
        before.extend_from_slice(&first[..n]);
    }
    let _ = stream.shutdown(std::net::Shutdown::Write);
    stream
        .set_read_timeout(Some(Duration::from_mins(1)))
        .unwrap();
    [before, heard(stream)].concat()
}

/// A request, byte for byte, and whether somebody else refuses it.
struct Case {
    name: String,
    bytes: Vec<u8>,
    is_refused: bool,
}

/// The names of those that somebody else refuses and this door takes. None of them is the door's own fault.
fn taken(server: &Server, cases: &[Case]) -> Vec<String> {
    let of_these = |cases: &[Case]| {
        let mut taken = Vec::new();
        for case in cases {
            let statuses = statuses(&exchange(server, &case.bytes));
            let name = &case.name;
            assert!(
                statuses.iter().all(|status| *status < 500),
                "{name}: {statuses:?}"
            );
            if case.is_refused && statuses.iter().any(|status| *status < 400) {
                taken.push(name.clone());
            }
        }
        taken
    };
    // Most of the time is waiting.
    std::thread::scope(|scope| {
        let parts = cases.chunks(cases.len().div_ceil(48).max(1));
        let parts: Vec<_> = parts
            .map(|part| scope.spawn(move || of_these(part)))
            .collect();
        let parts = parts.into_iter();
        parts.flat_map(|part| part.join().unwrap()).collect()
    })
}

/// A connection on which these bytes were sent.
fn sent(server: &Server, bytes: &[u8]) -> TcpStream {
    let mut stream = connect(server.address);
    // The door may answer and close before it read everything.
    let _ = stream.write_all(bytes);
    stream
}

/// Everything that the door says until it closes.
fn heard(mut stream: TcpStream) -> Vec<u8> {
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard);
    heard
}

/// The statuses of the answers on one connection.
fn statuses(heard: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(heard);
    text.split("HTTP/1.")
        .skip(1)
        .filter_map(|answer| answer.split(' ').nth(1)?.get(..3)?.parse().ok())
        .collect()
}

fn house() -> (Upstream, Installation, Server) {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "eu", "strict");
    let server = installation.serve();
    (upstream, installation, server)
}

/// Nothing left, and the door still opens for who knocks as one should.
fn check_unharmed(upstream: &Upstream, installation: &Installation, server: Server) {
    assert!(upstream.received().is_empty(), "bytes reached the provider");
    let mut client = server.client().with_key(&installation.gateway_key);
    let asked = json!({"model": "groot", "messages": [{"role": "user", "content": "hallo"}]});
    assert_eq!(client.post_json("/v1/chat/completions", &asked).status, 200);
    let said = String::from_utf8_lossy(&server.stop()).into_owned();
    assert!(!said.contains("panicked"), "{said}");
}

/// The bytes that a base64 text stands for.
fn decoded(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => u32::from(letter - b'A'),
        b'a'..=b'z' => u32::from(letter - b'a') + 26,
        b'0'..=b'9' => u32::from(letter - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<u8> = text.bytes().filter(|letter| *letter != b'=').collect();
    let mut out = Vec::new();
    for four in letters.chunks(4) {
        let number = four.iter().fold(0, |sum, letter| sum << 6 | value(*letter));
        let number = number << (6 * (4 - four.len()));
        out.extend_from_slice(&number.to_be_bytes()[1..four.len()]);
    }
    out
}

fn filled(raw: &[u8], server: &Server, key: &str) -> Vec<u8> {
    let mut bytes = raw.to_vec();
    for (name, value) in [
        ("{HOST}", server.address.to_string()),
        ("{KEY}", key.to_owned()),
    ] {
        while let Some(at) = bytes
            .windows(name.len())
            .position(|window| window == name.as_bytes())
        {
            bytes.splice(at..at + name.len(), value.bytes());
        }
    }
    bytes
}

/// Requests that two readers would read in two ways, or of which one could not be sure; `{HOST}` is the door's own name.
/// Each asks for a page that is answered with 200 where it is taken for whole.
const IN_TWO_WAYS: [(&str, &str); 24] = [
    (
        "two lengths",
        "Host: {HOST}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ),
    (
        "a list of lengths",
        "Host: {HOST}\r\nContent-Length: 1, 2\r\n\r\nab",
    ),
    (
        "a length with a sign",
        "Host: {HOST}\r\nContent-Length: +1\r\n\r\na",
    ),
    (
        "a length below nought",
        "Host: {HOST}\r\nContent-Length: -1\r\n\r\n",
    ),
    (
        "a length in hexadecimal",
        "Host: {HOST}\r\nContent-Length: 0x1\r\n\r\na",
    ),
    (
        "a length that fits no number",
        "Host: {HOST}\r\nContent-Length: 99999999999999999999\r\n\r\n",
    ),
    ("an empty length", "Host: {HOST}\r\nContent-Length:\r\n\r\n"),
    (
        "an unknown coding",
        "Host: {HOST}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "a coding behind chunked",
        "Host: {HOST}\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    ),
    (
        "chunked behind a tab in the name",
        "Host: {HOST}\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "a blank before the colon",
        "Host: {HOST}\r\nContent-Length : 5\r\n\r\nhallo",
    ),
    ("a folded line", "Host: {HOST}\r\nX-One: a\r\n b\r\n\r\n"),
    ("a line that begins with a blank", " Host: {HOST}\r\n\r\n"),
    (
        "a line without a colon",
        "Host: {HOST}\r\nGET /readyz HTTP/1.1\r\n\r\n",
    ),
    (
        "a bare carriage return",
        "Host: {HOST}\r\nX-One: a\rContent-Length: 5\r\n\r\n",
    ),
    (
        "a nought byte in a value",
        "Host: {HOST}\r\nX-One: a\0b\r\n\r\n",
    ),
    (
        "a nought byte in a name",
        "Host: {HOST}\r\nX\0One: a\r\n\r\n",
    ),
    ("a name with brackets", "Host: {HOST}\r\nX(One): a\r\n\r\n"),
    ("an empty name", "Host: {HOST}\r\n: a\r\n\r\n"),
    ("no host", "Accept: */*\r\n\r\n"),
    ("two hosts", "Host: {HOST}\r\nHost: kwaad.example\r\n\r\n"),
    (
        "the same host twice",
        "Host: {HOST}\r\nHost: {HOST}\r\n\r\n",
    ),
    (
        "a host with somebody in it",
        "Host: {HOST}@kwaad.example\r\n\r\n",
    ),
    ("another host", "Host: kwaad.example\r\n\r\n"),
];

/// Lines at the head of a request that no reader takes for one.
const NO_REQUEST: [&str; 9] = [
    "GET  /healthz HTTP/1.1",
    "GET /healthz  HTTP/1.1",
    "GET\t/healthz\tHTTP/1.1",
    "GET /healthz HTTP/1.2",
    "GET /healthz HTTP/2.0",
    "GET /healthz http/1.1",
    "GET /health\x7fz HTTP/1.1",
    "G(T /healthz HTTP/1.1",
    "GET http://kwaad.example/healthz HTTP/1.1",
];

#[test]
fn what_could_be_read_in_two_ways_is_refused_at_once_and_what_stands_behind_it_is_not_read() {
    let (upstream, installation, server) = house();
    let behind = "GET /readyz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n";
    let lines = NO_REQUEST.map(|line| (line, format!("{line}\r\nHost: {{HOST}}\r\n\r\n")));
    let heads = IN_TWO_WAYS.map(|(why, head)| (why, format!("GET /healthz HTTP/1.1\r\n{head}")));
    for (why, request) in lines.into_iter().chain(heads) {
        let raw = filled(format!("{request}{behind}").as_bytes(), &server, "x");
        let statuses = statuses(&heard(sent(&server, &raw)));
        let first = statuses.first().copied().unwrap_or_default();
        assert!((400..500).contains(&first), "{why}: {statuses:?}");
        // Where the whole was understood and refused, the next request is one of its own.
        let is_understood = why.contains("host") || why.contains("http:");
        assert!(is_understood || statuses.len() == 1, "{why}: {statuses:?}");
    }
    for taken in [
        "",
        "Content-Length: 2\r\n\r\nab",
        "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    ] {
        let end = if taken.is_empty() { "\r\n" } else { "" };
        let request = format!("GET /healthz HTTP/1.1\r\nHost: {{HOST}}\r\n{taken}{end}{behind}");
        let raw = filled(request.as_bytes(), &server, "x");
        assert_eq!(statuses(&heard(sent(&server, &raw))), [200, 200], "{taken}");
    }
    let large = format!(
        "GET /healthz HTTP/1.1\r\nHost: {{HOST}}\r\nX-One: {}\r\n\r\n",
        "a".repeat(66_000)
    );
    let raw = filled(large.as_bytes(), &server, "x");
    assert_eq!(statuses(&exchange(&server, &raw)), [431]);
    check_unharmed(&upstream, &installation, server);
}

/// What the list wants refused and this door may take, with why that harms nobody: a line that ends without a carriage return
/// ends all the same (RFC 9112, 2.2, which leaves it to the reader). Who passes such a line on as part of another must not be
/// put in front of this door.
const BARE_LINE_FEED: &str = "bare_lf_header";
/// The same of the other parser's tests: `Dummy: x\nContent-Length: 23`.
const BARE_LINE_FEED_OF_LLHTTP: &str =
    "request/invalid 17: {\"type\": \"request\", \"noScan\": true}";

#[test]
fn a_request_that_can_be_read_in_two_ways_is_refused_and_reaches_nobody() {
    let Some(list) = shared("data/attacks/own/http_raw.jsonl") else {
        return;
    };
    let (upstream, installation, server) = house();
    let cases: Vec<Case> = list
        .lines()
        .map(|line| {
            let case: Value = serde_json::from_str(line).unwrap();
            let raw = decoded(case["raw_b64"].as_str().unwrap());
            Case {
                name: case["name"].as_str().unwrap().to_owned(),
                bytes: filled(&raw, &server, &installation.gateway_key),
                is_refused: case["verdict"] == "reject",
            }
        })
        .collect();
    assert!(cases.len() >= 55, "{}", cases.len());
    let mut taken = taken(&server, &cases);
    taken.retain(|name| name != BARE_LINE_FEED);
    assert_eq!(taken, Vec::<String>::new());
    check_unharmed(&upstream, &installation, server);
}

/// The requests of one page of llhttp's tests: a block `http` and, behind it, a block `log` with what its parser does.
fn requests_of(page: &str, text: &str) -> Vec<Case> {
    let mut found = Vec::new();
    for part in text.split("<!-- meta=").skip(1) {
        let block = |kind: &str| {
            let (_, behind) = part.split_once(&format!("```{kind}\n"))?;
            Some(behind.split_once("\n```")?.0)
        };
        let (Some(http), Some(log)) = (block("http"), block("log")) else {
            continue;
        };
        let title = part.split("-->").next().unwrap().trim();
        found.push(Case {
            name: format!("{page} {}: {title}", found.len()),
            bytes: unescaped(http),
            is_refused: log.contains("error code="),
        });
    }
    found
}

/// A block as bytes: lines end as HTTP has it, unless they say otherwise.
fn unescaped(block: &str) -> Vec<u8> {
    let lines = block.replace("\\\n", "").replace('\n', "\r\n");
    let mut out = Vec::new();
    let mut rest = lines.as_str();
    while let Some(next) = rest.chars().next() {
        let taken = match (next, rest.as_bytes().get(1)) {
            ('\\', Some(b'r')) => (2, b'\r'),
            ('\\', Some(b'n')) => (2, b'\n'),
            ('\\', Some(b't')) => (2, b'\t'),
            ('\\', Some(b'f')) => (2, 0x0c),
            ('\\', Some(b'x')) if rest.is_char_boundary(4) => {
                (4, u8::from_str_radix(&rest[2..4], 16).unwrap())
            }
            _ => {
                let length = next.len_utf8();
                out.extend_from_slice(&rest.as_bytes()[..length]);
                rest = &rest[length..];
                continue;
            }
        };
        out.push(taken.1);
        rest = &rest[taken.0..];
    }
    out
}

/// The same bytes with our host where they name none, so that they are read beyond that.
fn with_host(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    if text.contains("\nhost:") {
        return None;
    }
    let end = bytes.windows(2).position(|window| window == b"\r\n")? + 2;
    let mut named = bytes[..end].to_vec();
    named.extend_from_slice(b"Host: {HOST}\r\n");
    named.extend_from_slice(&bytes[end..]);
    Some(named)
}

const PAGES: [&str; 13] = [
    "request/connection",
    "request/content-length",
    "request/finish",
    "request/invalid",
    "request/lenient-header-value-relaxed",
    "request/lenient-headers",
    "request/lenient-version",
    "request/method",
    "request/pausing",
    "request/pipelining",
    "request/sample",
    "request/transfer-encoding",
    "request/uri",
];

#[test]
fn the_requests_of_another_parsers_tests_break_nothing_and_reach_nobody() {
    let (upstream, installation, server) = house();
    let mut cases = Vec::new();
    for page in PAGES {
        let Some(text) = shared(&format!("data/attacks/http/llhttp/{page}.md")) else {
            return;
        };
        for case in requests_of(page, &text) {
            let named = with_host(&case.bytes);
            cases.extend(
                [Some(case.bytes), named]
                    .into_iter()
                    .flatten()
                    .map(|raw| Case {
                        name: case.name.clone(),
                        bytes: filled(&raw, &server, "x"),
                        is_refused: case.is_refused,
                    }),
            );
        }
    }
    assert!(cases.len() >= 166, "{}", cases.len());
    let mut taken = taken(&server, &cases);
    taken.retain(|name| name != BARE_LINE_FEED_OF_LLHTTP);
    assert_eq!(taken, Vec::<String>::new(), "another parser refuses these");
    check_unharmed(&upstream, &installation, server);
}
