//! A provider behind a proxy of one's own: reached through it or not at all, with its TLS inside the tunnel.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use crate::authority::Terminator;
use crate::mail_server::Certificate;
use crate::program::{Installation, Server, err, eventually};
use crate::upstream::{Script, Upstream};

/// What the proxy does with the next who asks.
#[derive(Debug, Clone, PartialEq)]
enum Manner {
    /// Makes the tunnel.
    Pass,
    /// Makes it for who says this.
    PassFor(&'static str),
    /// Answers with this status.
    Refuse(u16),
    /// Says nothing.
    Silence,
}

/// A proxy that speaks CONNECT: it alone knows where the provider is.
struct Proxy {
    port: u16,
    manner: Arc<Mutex<Manner>>,
    asked: Arc<Mutex<Vec<String>>>,
    passed: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    fn start(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            port: listener.local_addr().unwrap().port(),
            manner: Arc::new(Mutex::new(Manner::Pass)),
            asked: Arc::default(),
            passed: Arc::default(),
        };
        let (manner, asked, passed) = (
            Arc::clone(&proxy.manner),
            Arc::clone(&proxy.asked),
            Arc::clone(&proxy.passed),
        );
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (manner, asked, passed) = (
                    manner.lock().unwrap().clone(),
                    Arc::clone(&asked),
                    Arc::clone(&passed),
                );
                thread::spawn(move || serve(stream, target, &manner, &asked, &passed));
            }
        });
        proxy
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn will(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    mut client: TcpStream,
    target: u16,
    manner: &Manner,
    asked: &Mutex<Vec<String>>,
    passed: &Arc<Mutex<Vec<u8>>>,
) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if client.read(&mut byte).unwrap_or(0) == 0 {
            return;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    asked.lock().unwrap().push(head.clone());
    let status = match manner {
        Manner::Silence => {
            let _ = client.read(&mut byte);
            return;
        }
        Manner::Refuse(status) => *status,
        Manner::PassFor(known) if !head.contains(known) => 407,
        Manner::Pass | Manner::PassFor(_) => 200,
    };
    let answer = format!("HTTP/1.1 {status} zo\r\nX-Proxy: eigen\r\n\r\n");
    if client.write_all(answer.as_bytes()).is_err() || status != 200 {
        return;
    }

    let mut server = TcpStream::connect(("127.0.0.1", target)).unwrap();
    let (mut back, mut forth) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut back, &mut forth);
        let _ = forth.shutdown(Shutdown::Both);
    });
    let mut piece = [0; 4096];
    while let Ok(n_read @ 1..) = client.read(&mut piece) {
        passed.lock().unwrap().extend_from_slice(&piece[..n_read]);
        if server.write_all(&piece[..n_read]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
}

/// The name of a provider that nobody but the proxy can look up.
const HOST: &str = "model.voorbeeld.invalid";

struct Behind {
    upstream: Upstream,
    proxy: Proxy,
    installation: Installation,
    written: String,
    certificate: Certificate,
    _terminator: Terminator,
    _folder: tempfile::TempDir,
}

impl Behind {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let certificate = Certificate::make_for(folder.path(), HOST);
        let upstream = Upstream::start(Script::Echo);
        let terminator = Terminator::start(&certificate, &upstream);
        let proxy = Proxy::start(terminator.port);
        let installation = Installation::with_upstream(&upstream, "own", "pseudonymise");
        let plain = upstream.base_url();
        installation
            .change_register(|source| source.replace(&plain, &format!("https://{HOST}/v1")));
        let written = std::fs::read_to_string(installation.path().join("waarborg.toml")).unwrap();
        Self {
            upstream,
            proxy,
            installation,
            written,
            certificate,
            _terminator: terminator,
            _folder: folder,
        }
    }

    /// With these lines among the provider's settings.
    fn set(&self, lines: &str) {
        let changed = self
            .written
            .replacen("models = ", &format!("{lines}\nmodels = "), 1);
        assert_ne!(changed, self.written);
        std::fs::write(self.installation.path().join("waarborg.toml"), changed).unwrap();
    }

    /// The lines of the authority and the proxy, and these.
    fn set_proxy(&self, more: &str) {
        let (authority, address) = (&self.certificate.authority, self.proxy.address());
        self.set(&format!(
            "ca_file = \"{authority}\"\nproxy = \"{address}\"\nconnect_seconds = 1\nretries = 0\n{more}"
        ));
    }
}

fn ask(server: &Server, installation: &Installation) -> (u16, Value) {
    let question = json!({"model": "groot", "messages": [{"role": "user", "content": "Wanneer is het loket open?"}]});
    let mut client = server.client().with_key(&installation.gateway_key);
    let answer = client.post_json("/v1/chat/completions", &question);
    (answer.status, answer.json())
}

#[test]
fn a_provider_is_reached_through_its_proxy_which_reads_nothing_of_it() {
    let behind = Behind::new();
    behind.set_proxy("");
    let server = behind.installation.serve();
    let (status, answer) = ask(&server, &behind.installation);
    assert_eq!(status, 200, "{answer}");
    assert!(answer.to_string().contains("Wanneer is het loket open?"));

    let asked = behind.proxy.asked();
    assert!(
        asked[0].starts_with(&format!(
            "CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n"
        )),
        "{asked:?}"
    );
    assert!(!asked[0].contains("Authorization"));
    let passed = behind.proxy.passed.lock().unwrap().clone();
    let passed = String::from_utf8_lossy(&passed);
    assert!(!passed.is_empty());
    for secret in ["loket", "POST", "chat/completions", "Bearer"] {
        assert!(
            !passed.contains(secret),
            "{secret} was to be read on the way"
        );
    }
    drop(server);

    // Another authority than the provider's: the proxy makes the way, and still nothing goes.
    let n_before = behind.upstream.bodies().len();
    behind.set(&format!("proxy = \"{}\"", behind.proxy.address()));
    let server = behind.installation.serve();
    let (status, answer) = ask(&server, &behind.installation);
    assert_eq!(
        (status, &answer["error"]["code"]),
        (502, &json!("provider_unreachable"))
    );
    assert_eq!(behind.upstream.bodies().len(), n_before);
}

#[test]
fn what_a_proxy_refuses_does_not_go_around_it_and_says_why() {
    let behind = Behind::new();
    behind.set_proxy("");
    let server = behind.installation.serve();
    for (manner, status, code) in [
        (Manner::Refuse(403), 502, "proxy_refused"),
        (Manner::Refuse(503), 502, "proxy_refused"),
        (Manner::Refuse(407), 502, "proxy_credentials"),
        (Manner::Silence, 504, "proxy_timeout"),
    ] {
        behind.proxy.will(manner.clone());
        let (got, answer) = ask(&server, &behind.installation);
        assert_eq!(
            (got, &answer["error"]["code"]),
            (status, &json!(code)),
            "{manner:?}: {answer}"
        );
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.contains("Er is niets verstuurd"), "{message}");
    }
    drop(server);

    // Nobody listens where the proxy should be.
    behind.set("proxy = \"http://127.0.0.1:9\"\nretries = 0");
    let server = behind.installation.serve();
    let (status, answer) = ask(&server, &behind.installation);
    assert_eq!(
        (status, &answer["error"]["code"]),
        (502, &json!("proxy_unreachable"))
    );
    assert!(behind.upstream.received().is_empty());
}

#[test]
fn a_proxy_is_told_who_asks_and_nobody_else_is() {
    let behind = Behind::new();
    let file = behind.installation.path().join("keys/proxy");
    std::fs::write(&file, "waarborg:oud-geheim\n").unwrap();
    behind.set_proxy("proxy_key_file = \"keys/proxy\"");
    // printf 'waarborg:nieuw-geheim' | base64
    let known = "Proxy-Authorization: Basic d2FhcmJvcmc6bmlldXctZ2VoZWlt\r\n";
    behind.proxy.will(Manner::PassFor(known));
    let server = behind.installation.serve();
    let (_, answer) = ask(&server, &behind.installation);
    assert_eq!(answer["error"]["code"], "proxy_credentials", "{answer}");

    std::fs::write(&file, "waarborg:nieuw-geheim\n").unwrap();
    eventually("the new credentials count", || {
        ask(&server, &behind.installation).0 == 200
    });
    let received = String::from_utf8_lossy(&behind.upstream.received()).to_lowercase();
    assert!(!received.contains("proxy-authorization"), "{received}");
    let said = String::from_utf8_lossy(&server.stop()).into_owned();
    for (path, content) in behind.installation.files() {
        if path != file {
            let content = String::from_utf8_lossy(&content);
            assert!(!content.contains("nieuw-geheim") && !content.contains("d2FhcmJvcm"));
        }
    }
    for secret in ["oud-geheim", "nieuw-geheim", "d2FhcmJvcm"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn a_proxy_of_the_environment_is_not_obeyed_and_that_is_said() {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "own", "pseudonymise");
    let proxy = Proxy::start(upstream.address.port());
    let address = proxy.address();
    let environment = [
        ("HTTP_PROXY", address.as_str()),
        ("http_proxy", &address),
        ("HTTPS_PROXY", &address),
        ("https_proxy", &address),
        ("ALL_PROXY", &address),
        ("all_proxy", &address),
    ];
    let server = installation.serve_with(&environment);
    let (status, answer) = ask(&server, &installation);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(proxy.asked(), Vec::<String>::new());
    let said = String::from_utf8_lossy(&server.stop()).into_owned();
    assert!(
        said.contains("no proxy is used that is not declared"),
        "{said}"
    );
}

#[test]
fn a_proxy_that_cannot_be_used_stops_the_start_with_its_line() {
    let behind = Behind::new();
    let check = |lines: &str| {
        behind.set(lines);
        let checked = behind.installation.command(&["check"]);
        let said = err(&checked) + &String::from_utf8_lossy(&checked.stdout);
        assert!(!checked.status.success(), "{lines}");
        said
    };
    for (lines, expected) in [
        (
            "proxy = \"https://proxy:3128\"",
            "is not http:// with a host and a port",
        ),
        (
            "proxy = \"http://wie:geheim@proxy:3128\"",
            "holds more than http://",
        ),
        (
            "proxy = \"http://203.0.113.7:3128\"",
            "is not on this machine or its private network",
        ),
        ("proxy_key_file = \"keys/proxy\"", "and no proxy"),
        (
            "proxy = \"http://proxy:3128\"\nproxy_key_file = \"keys/nergens\"",
            "proxy_key_file",
        ),
    ] {
        let said = check(lines);
        assert!(
            said.contains(expected) && !said.contains("geheim"),
            "{said}"
        );
    }
    for base_url in ["http://10.0.0.1:8000/v1", "https://localhost:8000/v1"] {
        let register = behind.installation.path().join("register.toml");
        let before = std::fs::read_to_string(&register).unwrap();
        behind
            .installation
            .change_register(|source| source.replace(&format!("https://{HOST}/v1"), base_url));
        let said = check("proxy = \"http://proxy:3128\"");
        assert!(said.contains("has a proxy, and base_url"), "{said}");
        std::fs::write(register, before).unwrap();
    }
}
