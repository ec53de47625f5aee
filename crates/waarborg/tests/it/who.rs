//! Who writes, signed by the application that knows them: with a secret in a file, and a key that sends nothing without.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex},
};

use crate::{
    authority::Terminator,
    mail_server::Certificate,
    program::{Installation, Server, err, out},
    upstream::{Script, Upstream},
};

const SECRET: &str = "een-geheim-van-minstens-32-tekens";
const TEXT: &str = "Schrijf een antwoord aan sanne.dewit@example.org.";

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[expect(
    clippy::disallowed_methods,
    reason = "what the test signs, it signs now"
)]
fn seconds(from_now: i64) -> i64 {
    Timestamp::now().as_second() + from_now
}

/// What `Open WebUI` signs about somebody.
fn token(secret: &str, person: &str, until: i64) -> String {
    let claims = json!({"sub": person, "email": format!("{person}@example.org"), "name": "Sanne de Wit", "role": "admin",
                        "iss": "open-webui", "iat": seconds(0), "exp": seconds(until)});
    let header = json!({"alg": "HS256", "typ": "JWT"});
    let signed = format!("{}.{}", encoded(&header), encoded(&claims));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn house(writer: &str) -> (Upstream, Installation) {
    let upstream = Upstream::start(Script::Echo);
    let installation = Installation::with_upstream(&upstream, "own", "pseudonymise");
    let settings = installation.path().join("waarborg.toml");
    let written = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("{written}\n{writer}")).unwrap();
    (upstream, installation)
}

const WRITER: &str = "[writer.openwebui]\nsecret_file = \"keys/openwebui\"\n";

/// A key that waits for that signature.
fn key(installation: &Installation, more: &[&str]) -> String {
    let mut arguments = vec![
        "keys",
        "issue",
        "--signed-by",
        "openwebui",
        "--output",
        "json",
    ];
    arguments.extend(more);
    let issued = installation.command(&arguments);
    let issued: Value =
        serde_json::from_str(&out(&issued)).unwrap_or_else(|_| panic!("{}", err(&issued)));
    issued["gateway_key"].as_str().unwrap().to_owned()
}

fn ask(server: &Server, key: &str, headers: &[(&str, &str)]) -> (u16, Value) {
    let mut client = server.client().with_key(key);
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    let body = json!({ "model": "groot", "messages": [{ "role": "user", "content": TEXT }] });
    let body = body.to_string();
    let answer = client.send("POST", "/v1/chat/completions", &all, body.as_bytes());
    (answer.status, answer.json())
}

#[test]
fn a_key_that_waits_for_a_signature_sends_for_whom_open_webui_signs_and_for_nobody_else() {
    let (upstream, installation) = house(WRITER);
    std::fs::write(installation.path().join("keys/openwebui"), SECRET).unwrap();
    let key = key(&installation, &[]);
    let listed = out(&installation.command(&["keys", "list"]));
    assert!(listed.contains("writers signed by openwebui"), "{listed}");

    let server = installation.serve();
    let code = |told: &Value| {
        told["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let (status, told) = ask(&server, &key, &[]);
    assert_eq!(
        (status, code(&told).as_str()),
        (401, "writer_token_missing")
    );
    for (wrong, reason) in [
        (token(SECRET, "u-1", -120), "expired"),
        (
            token("een-heel-ander-geheim-van-32-tekens", "u-1", 300),
            "signature",
        ),
    ] {
        let (status, told) = ask(&server, &key, &[("x-openwebui-user-jwt", &wrong)]);
        assert_eq!(
            (status, code(&told).as_str()),
            (401, "invalid_writer_token")
        );
        assert_eq!(told["error"]["waarborg"]["reason"], reason);
        assert!(!told.to_string().contains("Sanne"), "{told}");
    }
    assert!(upstream.received().is_empty(), "nothing left");

    let right = token(SECRET, "u-1", 300);
    let (status, told) = ask(&server, &key, &[("x-openwebui-user-jwt", &right)]);
    assert_eq!(status, 200, "{told}");
    // The key that `init` made waits for nobody.
    assert_eq!(ask(&server, &installation.gateway_key, &[]).0, 200);
    let said = String::from_utf8(server.stop()).unwrap();
    let kept = installation.files();
    for secret in ["u-1", "Sanne de Wit", right.as_str()] {
        assert!(!said.contains(secret), "in the log: {secret}");
        let held = kept.iter().find(|(_, bytes)| {
            bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        });
        assert!(
            held.is_none(),
            "kept in {:?}: {secret}",
            held.map(|(path, _)| path)
        );
    }
}

#[test]
fn each_person_has_a_share_of_their_own_where_the_settings_say_so() {
    let (_upstream, installation) = house(&format!("{WRITER}per_person = true\n"));
    std::fs::write(installation.path().join("keys/openwebui"), SECRET).unwrap();
    let key = key(&installation, &["--requests-per-minute", "2"]);
    let server = installation.serve();
    let asks = |person: &str| {
        let token = token(SECRET, person, 300);
        ask(&server, &key, &[("x-openwebui-user-jwt", &token)]).0
    };
    // A minute may begin while the first one asks; then they ask on until it is full.
    let mut answers = std::iter::repeat_with(|| asks("u-1")).take(6);
    assert!(answers.any(|status| status == 429), "a share is a share");
    assert_eq!(asks("u-2"), 200);

    let mut client = server.client().with_key(&key);
    let token = token(SECRET, "u-3", 300);
    let trail = client.send("GET", "/v1/trail", &[("x-openwebui-user-jwt", &token)], b"");
    assert_eq!(trail.json()["data"], json!([]), "{}", trail.text());
}

#[test]
fn a_secret_that_is_away_or_can_be_guessed_and_a_group_that_nobody_declares_stop_the_start() {
    let (_upstream, installation) = house(&format!(
        "{WRITER}group_claim = \"role\"\ngroups = {{ admin = \"beheer\" }}\n"
    ));
    let check = || installation.command(&["check"]);
    let told = err(&check()) + &out(&check());
    assert!(
        told.contains("the file of `writer.openwebui.secret_file` is not there"),
        "{told}"
    );
    assert!(
        told.contains("names beheer, which the register does not declare as a group"),
        "{told}"
    );

    let (_upstream, installation) = house(WRITER);
    std::fs::write(installation.path().join("keys/openwebui"), "kort").unwrap();
    let stopped = crate::program::run_with(&["serve", "--dir", installation.dir()], b"");
    assert_eq!(stopped.status.code(), Some(2));
    assert!(
        err(&stopped).contains("shorter than 32 characters"),
        "{}",
        err(&stopped)
    );
}

/// An issuer: what it answers to whom asks for what, and the key with which it signs.
struct Issuer {
    port: u16,
    documents: Arc<Mutex<Vec<(String, String)>>>,
    key: EcdsaKeyPair,
}

impl Issuer {
    fn start() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let documents = Arc::new(Mutex::new(Vec::<(String, String)>::new()));
        let shown = Arc::clone(&documents);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let Some(Ok(asked)) = lines.next() else {
                    continue;
                };
                while lines
                    .next()
                    .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
                {}
                let path = asked.split(' ').nth(1).unwrap_or_default().to_owned();
                let found = shown
                    .lock()
                    .unwrap()
                    .iter()
                    .find(|(place, _)| *place == path)
                    .cloned();
                let (status, body) = found.map_or((404, String::new()), |(_, body)| (200, body));
                let head = format!(
                    "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all((head + &body).as_bytes());
            }
        });
        Self {
            port,
            documents,
            key,
        }
    }

    fn keys(&self) -> String {
        let point = self.key.public_key().as_ref();
        let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&point[range]);
        json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "e", "use": "sig", "x": part(1..33), "y": part(33..65)}]}).to_string()
    }

    fn shows(&self, url: &str) {
        let about = json!({"issuer": url, "jwks_uri": format!("{url}/certs")});
        *self.documents.lock().unwrap() = vec![
            (
                "/realms/werk/.well-known/openid-configuration".to_owned(),
                about.to_string(),
            ),
            ("/realms/werk/certs".to_owned(), self.keys()),
        ];
    }

    fn token(&self, url: &str, groups: &[&str]) -> String {
        let claims = json!({"iss": url, "aud": "waarborg", "sub": "p-1", "groups": groups, "iat": seconds(0), "exp": seconds(300)});
        let header = json!({"alg": "ES256", "typ": "at+jwt", "kid": "e"});
        let signed = format!("{}.{}", encoded(&header), encoded(&claims));
        let signature = self
            .key
            .sign(&SystemRandom::new(), signed.as_bytes())
            .unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

#[test]
fn who_signed_in_elsewhere_comes_in_where_the_issuer_is_believed_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = Certificate::make(folder.path());
    let login = Issuer::start();
    let terminator = Terminator::before(&certificate, login.port);
    let url = format!("https://localhost:{}/realms/werk", terminator.port);
    login.shows(&url);

    let (upstream, installation) = house("");
    let issued = installation.command(&[
        "keys",
        "issue",
        "--for-tokens",
        "--label",
        "zorg",
        "--output",
        "json",
    ]);
    let issued: Value =
        serde_json::from_str(&out(&issued)).unwrap_or_else(|_| panic!("{}", err(&issued)));
    assert!(
        issued.get("gateway_key").is_none(),
        "nobody gets its secret"
    );
    let id = issued["id"].as_str().unwrap();
    let settings = installation.path().join("waarborg.toml");
    let written = std::fs::read_to_string(&settings).unwrap();
    let declared = |more: &str| {
        let table = format!(
            "\n[issuer.werk]\nurl = \"{url}\"\naudience = [\"waarborg\"]\nclaim = \"groups\"\n{more}\n[issuer.werk.opens]\nzorg = \"{id}\"\n"
        );
        std::fs::write(&settings, format!("{written}{table}")).unwrap();
    };
    let asked = |server: &Server, token: &str| {
        let (status, told) = ask(server, token, &[]);
        (
            status,
            told["error"]["code"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let right = login.token(&url, &["zorg"]);

    declared("");
    let server = installation.serve();
    assert_eq!(
        asked(&server, &right),
        (503, "issuer_unavailable".to_owned()),
        "its authority is nobody's"
    );
    drop(server);
    assert!(upstream.received().is_empty());

    declared(&format!("ca_file = \"{}\"", certificate.authority));
    let server = installation.serve();
    assert_eq!(asked(&server, &right), (200, String::new()));
    let other = login.token(&url, &["elders"]);
    assert_eq!(
        asked(&server, &other),
        (403, "token_opens_nothing".to_owned())
    );
    let stranger = Issuer::start().token(&url, &["zorg"]);
    assert_eq!(asked(&server, &stranger), (401, "invalid_token".to_owned()));
    // Taken back while it runs.
    installation.command(&["keys", "revoke", id]);
    assert_eq!(
        asked(&server, &right),
        (403, "token_opens_nothing".to_owned())
    );
    drop(server);

    // With its keys in a file nobody asks it anything.
    drop(terminator);
    let issued = installation.command(&["keys", "issue", "--for-tokens"]);
    let id = out(&issued).trim().to_owned();
    std::fs::write(installation.path().join("keys/werk.json"), login.keys()).unwrap();
    let file = format!(
        "\n[issuer.werk]\nurl = \"{url}\"\naudience = [\"waarborg\"]\nkeys_file = \"keys/werk.json\"\nopens = {{ \"*\" = \"{id}\" }}\n"
    );
    std::fs::write(&settings, format!("{written}{file}")).unwrap();
    let server = installation.serve();
    assert_eq!(asked(&server, &other), (200, String::new()));
}
