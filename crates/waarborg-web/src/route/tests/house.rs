//! The example municipality in memory, and a browser without a script.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use tower::ServiceExt as _;
use uuid::Uuid;
use waarborg_detect::{Detector, Finding};
use waarborg_domain::entry::Role;
use waarborg_domain::finder::{Finder, FinderFailed};
use waarborg_domain::ids::Token;
use waarborg_domain::law::Law;
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::{Prompt, Screened};
use waarborg_domain::register::Register;
use waarborg_usecase::ports::{
    Clock, ConversationSecrets, Ids, Model, Provider, ProviderError, Providers, Reply,
};
use waarborg_usecase::{Desk, DeskParts, House, Surfaces, console};

use super::memory::Memory;
use super::memory_file::MemoryFile;
use crate::figures::{Figures, Meters, RecipientFigures};
use crate::{App, Settings, routes};

pub(super) const NOW: &str = "2026-11-21T12:00:00Z";

struct TestFinder(Detector);

impl Finder for TestFinder {
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        Ok(self.0.find(text))
    }
}

struct Fixed(AtomicU64);

impl Fixed {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        NOW.parse().unwrap()
    }
}

impl Ids for Fixed {
    fn id(&self, _: Timestamp) -> Uuid {
        Uuid::from_u128(u128::from(self.next()))
    }

    fn token(&self) -> Token {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&self.next().to_le_bytes());
        Token::new(bytes)
    }
}

impl ConversationSecrets for Fixed {
    fn conversation_key(&self, scope: &[&[u8]]) -> [u8; 32] {
        let mut key = [0_u8; 32];
        for (place, byte) in scope.iter().copied().flatten().enumerate() {
            key[place % 32] = key[place % 32].rotate_left(3) ^ byte;
        }
        key
    }

    fn seal(&self, _: &[&[u8]], _: &str) -> Option<Vec<u8>> {
        None
    }

    fn open(&self, _: &[&[u8]], _: &[u8]) -> Option<String> {
        None
    }
}

/// A model that remembers what it saw and says it back.
pub(super) struct Echo {
    models: [Model; 1],
    pub(super) saw: Mutex<Vec<String>>,
}

impl Provider for Echo {
    fn complete<'a>(
        &'a self,
        _: &'a TransferPermit<'a>,
        prompt: Prompt<Screened>,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Reply, ProviderError>> + Send + 'a>> {
        let body: serde_json::Value = serde_json::from_slice(&prompt.into_body()).unwrap();
        let last = body["messages"].as_array().unwrap().last().unwrap()["content"]
            .as_str()
            .unwrap()
            .to_owned();
        self.saw.lock().unwrap().push(last.clone());
        let chunk = |text: &str| {
            Ok(
                serde_json::json!({"choices": [{"delta": {"content": text}}]})
                    .to_string()
                    .into_bytes(),
            )
        };
        let chunks = vec![chunk("U zei: **"), chunk(&last), chunk("**")];
        Box::pin(async move { Ok(Reply::Stream(Box::pin(futures_util::stream::iter(chunks)))) })
    }
}

impl Providers for Echo {
    fn models(&self) -> &[Model] {
        &self.models
    }

    fn provider(&self, _: &str) -> Option<&dyn Provider> {
        Some(self)
    }
}

/// Numbers of an afternoon.
struct Counted;

impl Meters for Counted {
    fn figures(&self) -> Figures {
        let recipient = |name: &str, tokens, millionths_of_a_cent| RecipientFigures {
            name: name.to_owned(),
            n_asked: 1_204,
            n_failed: 3,
            is_resting: tokens == 0,
            tokens_in: tokens,
            tokens_out: tokens / 2,
            millionths_of_a_cent,
        };
        Figures {
            started_at: "2026-11-20T08:05:00Z".parse().unwrap(),
            n_in_flight: 2,
            n_recent: 31,
            n_recent_stopped: 4,
            n_answers: 1_300,
            n_stopped: 87,
            within_ms: vec![(5, 700), (25, 1_290)],
            statuses: vec![(200, 1_213), (403, 87)],
            verdicts: vec![("allow".into(), 1_100), ("block".into(), 87)],
            findings: vec![("MADE_UP".into(), 1), ("BSN".into(), 91)],
            recipients: vec![
                recipient("demo_model", 20_000, Some(12_345_678)),
                recipient("<other>", 4_000, None),
                recipient("third", 0, None),
            ],
        }
    }
}

/// The house and its doors.
pub(super) struct Place {
    pub(super) file: Arc<MemoryFile>,
    pub(super) store: Arc<Memory>,
    pub(super) model: Arc<Echo>,
    pub(super) desk: Desk,
    router: Router,
}

pub(super) fn place() -> Place {
    place_under(Policy::shipped("strict").unwrap())
}

/// The same under another policy.
pub(super) fn place_under(policy: Policy) -> Place {
    let law = Law::shipped().unwrap();
    let source = include_str!("../../../../../registers/demo-gemeente.toml");
    let register =
        Register::compile(source, "register.toml", &law, "2026-11-21".parse().unwrap()).unwrap();
    let store = Arc::new(Memory::default());
    let fixed = Arc::new(Fixed(AtomicU64::new(0)));
    let model = Arc::new(Echo {
        models: [Model {
            name: "demo".into(),
            recipient: "demo_model".into(),
        }],
        saw: Mutex::default(),
    });
    let file = Arc::new(MemoryFile::new(source));
    let desk = Desk::from(DeskParts {
        register: Arc::new(register),
        law: Arc::new(law),
        policy: Arc::new(policy),
        finder: Arc::new(TestFinder(Detector::new())),
        store: store.clone(),
        providers: model.clone(),
        clock: fixed.clone(),
        ids: fixed.clone(),
        secrets: fixed,
        zone: jiff::tz::TimeZone::UTC,
        withholding: waarborg_usecase::Withholding::default(),
        remembered: Arc::default(),
        post: None,
        surfaces: Arc::new(Surfaces::default()),
        register_file: file.clone(),
    });
    let app = App::new(Arc::new(House::new(desk.clone())), Settings::default())
        .with_meters(Arc::new(Counted));
    Place {
        file,
        store,
        model,
        desk,
        router: routes(app),
    }
}

impl Place {
    pub(super) fn browser(&self) -> Browser<'_> {
        Browser {
            place: self,
            cookie: None,
            page: String::new(),
        }
    }

    /// A browser that acknowledged the notice.
    pub(super) async fn visitor(&self) -> Browser<'_> {
        let mut browser = self.browser();
        browser.get("/").await;
        let version = browser.field("version");
        browser.post("/notice", &[("version", &version)]).await;
        browser.get("/").await;
        browser
    }

    /// A browser of staff.
    pub(super) async fn staff(&self, role: Role) -> Browser<'_> {
        let link = console::link(&self.desk, role).await.unwrap();
        let mut browser = self.browser();
        browser
            .post("/console/enter", &[("link", &link.text())])
            .await;
        browser.get("/console").await;
        browser
    }
}

/// A browser without a script: it keeps one cookie and the last page.
pub(super) struct Browser<'p> {
    place: &'p Place,
    pub(super) cookie: Option<String>,
    pub(super) page: String,
}

impl Browser<'_> {
    pub(super) async fn get(&mut self, path: &str) -> StatusCode {
        let request = self.request(Method::GET, path).body(Body::empty()).unwrap();
        self.ask(request).await.status()
    }

    /// Sends a form, with the token that the last page gave.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> StatusCode {
        let token = self.field("form_token");
        let mut fields = fields.to_vec();
        if !token.is_empty() {
            fields.push(("form_token", &token));
        }
        self.post_bare(path, &fields).await
    }

    pub(super) async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> StatusCode {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(pairs.join("&")))
            .unwrap();
        self.ask(request).await.status()
    }

    /// Sends a document as our script does.
    pub(super) async fn json(&mut self, path: &str, document: &serde_json::Value) -> StatusCode {
        let token = self.field("form_token");
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-form-token", token)
            .body(Body::from(document.to_string()))
            .unwrap();
        self.ask(request).await.status()
    }

    pub(super) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let builder = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "vraag.example");
        match &self.cookie {
            Some(cookie) => builder.header(header::COOKIE, cookie),
            None => builder,
        }
    }

    /// Asks, and keeps the cookie and the page, unless the answer is no page.
    pub(super) async fn ask(&mut self, request: Request<Body>) -> Response<()> {
        let response = self.place.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(line) = parts.headers.get(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.cookie = (!pair.ends_with('=')).then_some(pair);
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if !text.is_empty() {
            self.page = text;
        }
        Response::from_parts(parts, ())
    }

    /// The value of a hidden field on the last page.
    pub(super) fn field(&self, name: &str) -> String {
        let after = self.page.split(&format!("name=\"{name}\" value=\"")).nth(1);
        after
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
            .to_owned()
    }
}

fn encoded(text: &str) -> String {
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
