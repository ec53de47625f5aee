//! A provider behind an authority of one's own: believed where the settings name that authority, and nowhere else.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::mail_server::Certificate;
use crate::program::{Installation, err, run_with};
use crate::upstream::{Script, Upstream};

/// Takes TLS and passes the bytes on to a port; says on which port it listens.
const TERMINATOR: &str = r#"
import socket, ssl, sys, threading
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)

def carry(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

def serve(client):
    try:
        client = context.wrap_socket(client, server_side=True)
    except (ssl.SSLError, OSError):
        return
    server = socket.create_connection(("127.0.0.1", int(sys.argv[3])))
    threading.Thread(target=carry, args=(client, server), daemon=True).start()
    carry(server, client)

while True:
    threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()
"#;

pub(crate) struct Terminator {
    child: Child,
    pub(crate) port: u16,
}

impl Terminator {
    pub(crate) fn start(certificate: &Certificate, upstream: &Upstream) -> Self {
        Self::before(certificate, upstream.address.port())
    }

    /// The same before whatever listens on this port.
    pub(crate) fn before(certificate: &Certificate, port: u16) -> Self {
        let mut child = Command::new("/usr/bin/python3")
            .args(["-c", TERMINATOR, &certificate.server, &certificate.key])
            .arg(port.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap();
        Self { child, port }
    }
}

impl Drop for Terminator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_provider_is_believed_by_the_authority_that_the_settings_name_and_by_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = Certificate::make(folder.path());
    let upstream = Upstream::start(Script::Echo);
    let terminator = Terminator::start(&certificate, &upstream);
    let installation = Installation::with_upstream(&upstream, "own", "pseudonymise");
    let plain = upstream.base_url();
    installation.change_register(|source| {
        source.replace(&plain, &format!("https://localhost:{}/v1", terminator.port))
    });
    let ask = json!({"model": "groot", "messages": [{"role": "user", "content": "Wanneer is het loket open?"}]});
    let answer = || {
        let server = installation.serve();
        let mut client = server.client().with_key(&installation.gateway_key);
        client.post_json("/v1/chat/completions", &ask)
    };

    let stranger = answer();
    assert_eq!(stranger.status, 502, "{}", stranger.text());
    assert!(
        upstream.received().is_empty(),
        "not a byte before it is believed"
    );

    let settings = installation.path().join("waarborg.toml");
    let written = std::fs::read_to_string(&settings).unwrap();
    let with = |file: &str| {
        let line = format!("ca_file = \"{file}\"\nmodels = ");
        let changed = written.replacen("models = ", &line, 1);
        assert_ne!(changed, written);
        std::fs::write(&settings, changed).unwrap();
    };
    with(&certificate.authority);
    let known = answer();
    assert_eq!(known.status, 200, "{}", known.text());
    assert!(known.text().contains("Wanneer is het loket open?"));

    for nothing in [certificate.key.as_str(), "keys/nowhere.pem"] {
        with(nothing);
        let dir = installation.path().to_str().unwrap();
        let stopped = run_with(&["serve", "--dir", dir], b"");
        assert_eq!(stopped.status.code(), Some(2), "{nothing}");
        assert!(
            err(&stopped).contains("holds no certificates"),
            "{}",
            err(&stopped)
        );
    }
}
