//! A real SMTP server from Debian (`python3-aiosmtpd`), on a free port of this machine.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::Value;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/mail_server.py");

/// The server, and what reached it.
pub(crate) struct MailServer {
    child: Child,
    pub(crate) port: u16,
    told: Arc<Mutex<Vec<Value>>>,
}

/// A certificate for `localhost`, by an authority that nobody knows but who is told.
pub(crate) struct Certificate {
    pub(crate) authority: String,
    pub(crate) server: String,
    pub(crate) key: String,
}

impl Certificate {
    /// Made by openssl in this folder, for this machine.
    pub(crate) fn make(folder: &Path) -> Self {
        Self::make_for(folder, "localhost")
    }

    /// The same for a host of this name.
    pub(crate) fn make_for(folder: &Path, host: &str) -> Self {
        let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        let made = Self {
            authority: file("authority.pem"),
            server: file("server.pem"),
            key: file("server.key"),
        };
        let authority_key = file("authority.key");
        let request = file("server.csr");
        let extensions = file("server.ext");
        std::fs::write(&extensions, format!("subjectAltName=DNS:{host}\n")).unwrap();
        let openssl = |arguments: &[&str]| {
            let done = Command::new("openssl").args(arguments).output().unwrap();
            assert!(
                done.status.success(),
                "{}",
                String::from_utf8_lossy(&done.stderr)
            );
        };
        let curve = [
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
        ];
        let mut root = vec!["req", "-x509", "-days", "3650", "-subj", "/CN=Proefgezag"];
        root.extend(curve);
        root.extend(["-keyout", &authority_key, "-out", &made.authority]);
        openssl(&root);
        let mut own = vec!["req", "-subj", "/CN=localhost"];
        own.extend(curve);
        own.extend(["-keyout", &made.key, "-out", &request]);
        openssl(&own);
        openssl(&[
            "x509",
            "-req",
            "-days",
            "3650",
            "-in",
            &request,
            "-CA",
            &made.authority,
            "-CAkey",
            &authority_key,
            "-CAcreateserial",
            "-extfile",
            &extensions,
            "-out",
            &made.server,
        ]);
        made
    }

    /// What the server is told.
    pub(crate) fn arguments(&self) -> [&str; 4] {
        ["--certificate", &self.server, "--key", &self.key]
    }
}

impl MailServer {
    /// Starts it.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new("/usr/bin/python3")
            .arg(SCRIPT)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next();
        let Some(Ok(first)) = first else {
            panic!("the mail server did not start: install python3-aiosmtpd, as ./test does");
        };
        let first: Value = serde_json::from_str(&first).unwrap();
        let told: Arc<Mutex<Vec<Value>>> = Arc::default();
        let kept = Arc::clone(&told);
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock()
                    .unwrap()
                    .push(serde_json::from_str(&line).unwrap());
            }
        });
        Self {
            child,
            port: u16::try_from(first["port"].as_u64().unwrap()).unwrap(),
            told,
        }
    }

    /// Everything that it told.
    pub(crate) fn told(&self) -> Vec<Value> {
        self.told.lock().unwrap().clone()
    }

    /// The mails that it took.
    pub(crate) fn mails(&self) -> Vec<Value> {
        let mut told = self.told();
        told.retain(|event| event["event"] == "mail");
        told
    }

    /// To whom it took mails, in order.
    pub(crate) fn taken_for(&self) -> Vec<String> {
        let to = |mail: &Value| mail["to"][0].as_str().unwrap().to_owned();
        self.mails().iter().map(to).collect()
    }

    /// Whether somebody began a mail to an address that begins so.
    pub(crate) fn was_asked_for(&self, address: &str) -> bool {
        self.told().iter().any(|event| {
            let to = event["to"].as_str().unwrap_or_default();
            event["event"] == "rcpt" && to.starts_with(address)
        })
    }

    /// How many mails to Jan were taken, whatever the case of his address.
    pub(crate) fn n_taken_for_jan(&self) -> usize {
        let taken = self.taken_for();
        let is_jan = |to: &&String| to.to_lowercase().starts_with("jan@");
        taken.iter().filter(is_jan).count()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a mail says in clear: its head, unfolded, and its text, decoded.
pub(crate) fn read(mail: &Value) -> (Vec<(String, String)>, String) {
    let content = mail["content"].as_str().unwrap().replace("\r\n", "\n");
    let (head, body) = content.split_once("\n\n").unwrap();
    let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
    let fields = unfolded
        .lines()
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_lowercase(), value.to_owned())
        })
        .collect::<Vec<_>>();
    let encoding = fields
        .iter()
        .find(|(name, _)| name == "content-transfer-encoding");
    let text = match encoding.map(|(_, value)| value.as_str()) {
        Some("quoted-printable") => unquoted(body),
        Some("base64") => panic!("texts in letters are sent as letters"),
        _ => body.to_owned(),
    };
    (fields, text)
}

/// One field of a head.
pub(crate) fn field<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

fn unquoted(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = (byte == b'=')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        if let Some(value) = hex {
            bytes.push(value);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}
