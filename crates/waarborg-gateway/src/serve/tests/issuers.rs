//! People who come in with a token of an issuer, which is a real server that this door asks for its keys.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse as _, Response};
use jiff::SignedDuration;
use uuid::Uuid;
use waarborg_domain::ids::GatewayKeyId;
use waarborg_usecase::ports::KeyBounds;

use super::house_keys::TAKEN_BACK;
use super::*;
use crate::identity::signing::{Signer, listed};
use crate::identity::{
    Declared, Discovery, EVERYBODY, Identity, Issuer, KeySource as _, NotFetched, Unknown,
};
use crate::upstream::UpstreamKey;

/// An issuer: what it says of itself, which keys it lists, and how often it was asked for them.
struct Server {
    url: String,
    keys: Mutex<Vec<Value>>,
    about: Mutex<Option<String>>,
    is_away: AtomicBool,
    n_asked: AtomicUsize,
}

impl Server {
    async fn start(keys: Vec<Value>) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/realms/werk", listener.local_addr().unwrap());
        let server = Arc::new(Self {
            url,
            keys: Mutex::new(keys),
            about: Mutex::default(),
            is_away: AtomicBool::new(false),
            n_asked: AtomicUsize::new(0),
        });
        let router = Router::new()
            .fallback(answered)
            .with_state(Arc::clone(&server));
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    fn n_asked(&self) -> usize {
        self.n_asked.load(Ordering::Relaxed)
    }

    fn lists(&self, keys: Vec<Value>) {
        *self.keys.lock().unwrap() = keys;
    }
}

async fn answered(State(server): State<Arc<Server>>, uri: Uri) -> Response {
    if server.is_away.load(Ordering::Relaxed) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match uri.path() {
        "/realms/werk/.well-known/openid-configuration" => {
            let about = server.about.lock().unwrap().clone();
            let usual =
                json!({"issuer": server.url, "jwks_uri": format!("{}/certs?p=werk", server.url)});
            about.unwrap_or_else(|| usual.to_string()).into_response()
        }
        "/realms/werk/certs" if uri.query() == Some("p=werk") => {
            server.n_asked.fetch_add(1, Ordering::Relaxed);
            listed(&server.keys.lock().unwrap()).into_response()
        }
        "/elders" => (
            StatusCode::FOUND,
            [("location", "/realms/werk/certs?p=werk")],
        )
            .into_response(),
        "/groot" => vec![b' '; 1 << 20].into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn id(number: u128) -> GatewayKeyId {
    GatewayKeyId(Uuid::from_u128(number))
}

fn declared(url: &str, opens: &[(&str, u128)]) -> Declared {
    let opens = opens.iter();
    Declared {
        name: "werk".to_owned(),
        url: url.to_owned(),
        audiences: vec!["waarborg".to_owned()],
        person: "sub".to_owned(),
        is_apart: false,
        claim: "groups".to_owned(),
        opens: opens
            .map(|(value, key)| ((*value).to_owned(), id(*key)))
            .collect(),
    }
}

async fn door_of(declared: Declared) -> Door {
    let source = Discovery::of(&declared.url, UpstreamKey::default()).unwrap();
    let issuer = Issuer::new(declared, Box::new(source));
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let base_url = provider.base_url();
    let openai = OpenAi::new(&base_url, None, SHORT).unwrap();
    let (house, switches) = house(&base_url, "pseudonymise", Box::new(openai));
    let state = GatewayState::new(house, DoorLimits::default());
    let state = state.believing(Arc::new(Identity::new(Vec::new(), vec![issuer])));
    Door {
        router: routes(state),
        provider,
        switches,
    }
}

fn seconds(from_now: i64) -> i64 {
    let now: jiff::Timestamp = house::NOW.parse().unwrap();
    now.as_second() + from_now
}

fn of(server: &Server, person: &str, groups: &[&str]) -> Value {
    json!({"iss": server.url, "aud": ["account", "waarborg"], "sub": person, "groups": groups, "name": "Jan Jansen",
           "iat": seconds(0), "exp": seconds(300)})
}

async fn with(door: &Door, token: &str, more: &[(&'static str, &str)]) -> Answered {
    let mut request = Request::post("/v1/chat/completions")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"));
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    let body = ask(&format!("Hoi, mijn e-mailadres is {MAIL}.")).to_string();
    door.ask(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn who_has_a_token_of_the_issuer_comes_in_as_with_the_key_that_it_opens() {
    let signers = [Signer::rsa(), Signer::p256(), Signer::ed25519()];
    let ids = ["r", "e", "o"];
    let keys = signers
        .iter()
        .zip(ids)
        .map(|(signer, id)| signer.public(id));
    let server = Server::start(keys.collect()).await;
    let door = door_of(declared(&server.url, &[("zorg", 4)])).await;
    let claims = of(&server, "p-1", &["iedereen", "zorg"]);
    for (signer, id) in signers.iter().zip(ids) {
        let answered = with(&door, &signer.token(id, &claims), &[]).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert!(answered.body.contains(MAIL));
    }
    let pss = signers[0].token_as("PS256", "r", &claims);
    assert_eq!(with(&door, &pss, &[]).await.status, StatusCode::OK);
    assert_eq!(server.n_asked(), 1, "kept");
    // The line in the log is of the key, and of nobody.
    let lines = door.switches.entries.lock().unwrap().clone();
    assert_eq!(lines.len(), 4);
    for line in lines.iter().map(waarborg_domain::entry::Entry::payload) {
        assert!(
            line.contains("{\"application\":\"00000000-0000-0000-0000-000000000004\"}"),
            "{line}"
        );
        assert!(!line.contains("p-1") && !line.contains("Jansen"));
    }
    // A key of this house opens beside it, and where Anthropic's clients carry theirs a token does too.
    assert_eq!(door.chat(&ask("Hoi")).await.status, StatusCode::OK);
    let token = signers[1].token("e", &claims);
    let listing = Request::get("/v1/models").header("x-api-key", &token);
    let listing = door.ask(listing.body(Body::empty()).unwrap()).await;
    assert_eq!(listing.status, StatusCode::OK, "{}", listing.body);
}

#[tokio::test]
async fn a_token_that_is_not_right_is_refused_with_what_to_do() {
    let signer = Signer::rsa();
    let server = Server::start(vec![signer.public("r")]).await;
    let door = door_of(declared(&server.url, &[(EVERYBODY, 3)])).await;
    let claims = of(&server, "p-1", &[]);
    let changed = |name: &str, value: Value| {
        let mut changed = claims.clone();
        changed[name] = value;
        signer.token("r", &changed)
    };
    let public = signer.public("r");
    let modulus = public["n"].as_str().unwrap().as_bytes();
    let confused =
        crate::identity::signing::token(&json!({"alg": "HS256", "kid": "r"}), &claims, |signed| {
            crate::identity::signing::hmac_of(modulus, signed)
        });
    let unsigned =
        crate::identity::signing::token(&json!({"alg": "none"}), &claims, |_| Vec::new());
    for (token, reason) in [
        (unsigned, "unsigned"),
        (confused, "algorithm"),
        (changed("aud", json!("account")), "audience"),
        (changed("exp", json!(seconds(-61))), "expired"),
        (changed("nbf", json!(seconds(61))), "not-yet"),
        (changed("iss", json!("https://elders.voorbeeld")), "issuer"),
        (changed("sub", json!("")), "nobody"),
        (Signer::p256().token("r", &claims), "algorithm"),
        (Signer::p256().token("nieuw", &claims), "unknown-key"),
        ("a.b.c".to_owned(), "malformed"),
    ] {
        let answered = with(&door, &token, &[("x-waarborg-language", "en")]).await;
        assert_eq!(
            answered.status,
            StatusCode::UNAUTHORIZED,
            "{}",
            answered.body
        );
        assert_eq!(answered.code(), "invalid_token");
        assert_eq!(answered.json()["error"]["waarborg"]["reason"], reason);
        let scheme = answered.headers["www-authenticate"].to_str().unwrap();
        assert_eq!(scheme, "Bearer error=\"invalid_token\"");
        let message = answered.json()["error"]["message"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            message.ends_with("Nothing was sent.") && !message.contains('{'),
            "{message}"
        );
        assert!(!answered.body.contains("Jansen") && !answered.body.contains("p-1"));
    }
    assert!(door.provider.seen().is_empty(), "nothing left");
    assert!(door.switches.entries.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_the_token_says_decides_which_key_is_opened_and_nothing_opens_by_itself() {
    let signer = Signer::ed25519();
    let server = Server::start(vec![signer.public("o")]).await;
    let opens = [("zorg", 4), ("beheer", 3), ("oud", TAKEN_BACK), ("weg", 99)];
    let door = door_of(declared(&server.url, &opens)).await;
    let asked = async |groups: &[&str], more: &[(&'static str, &str)]| {
        let token = signer.token("o", &of(&server, "p-1", groups));
        let answered = with(&door, &token, more).await;
        let entries = door.switches.entries.lock().unwrap();
        let last = entries.last().map(waarborg_domain::entry::Entry::payload);
        let code = if answered.status == StatusCode::OK {
            String::new()
        } else {
            answered.code()
        };
        (answered.status.as_u16(), code, last.unwrap_or_default())
    };
    for groups in [&[][..], &["iedereen"], &["ZORG"], &["zorg,beheer"]] {
        let (status, code, _) = asked(groups, &[]).await;
        assert_eq!(
            (status, code.as_str()),
            (403, "token_opens_nothing"),
            "{groups:?}"
        );
    }
    // One that was taken back, or is not there, opens nothing, also where a later one would.
    for groups in [&["oud"][..], &["weg"], &["weg", "oud"]] {
        let (status, code, _) = asked(groups, &[]).await;
        assert_eq!(
            (status, code.as_str()),
            (403, "token_opens_nothing"),
            "{groups:?}"
        );
    }
    let (status, _, line) = asked(&["beheer", "zorg"], &[]).await;
    assert!(
        status == 200 && line.contains("000000000004\"}"),
        "the first of the file: {line}"
    );
    let (status, code, _) = asked(&["zorg"], &[("x-waarborg-purpose", "iets_anders")]).await;
    assert_eq!((status, code.as_str()), (403, "purpose_not_permitted"));
    let (status, _, _) = asked(&["zorg"], &[("x-waarborg-purpose", "answer_questions")]).await;
    assert_eq!(status, 200);
    let (status, code, _) = asked(&["zorg"], &[("x-waarborg-streng", "ja")]).await;
    assert_eq!((status, code.as_str()), (400, "unknown_header"));

    // Within the bounds of the key that is opened.
    *door.switches.bounds.lock().unwrap() = KeyBounds {
        models: vec!["ander".to_owned()],
        ..KeyBounds::default()
    };
    let (status, code, _) = asked(&["zorg"], &[]).await;
    assert_eq!((status, code.as_str()), (403, "model_not_permitted"));
    *door.switches.bounds.lock().unwrap() = KeyBounds {
        signed_by: Some("openwebui".to_owned()),
        ..KeyBounds::default()
    };
    let (status, code, _) = asked(&["zorg"], &[]).await;
    assert_eq!(
        (status, code.as_str()),
        (403, "writer_not_declared"),
        "what the key waits for it waits for"
    );
}

#[tokio::test]
async fn people_behind_one_key_have_surrogates_of_their_own_and_see_nothing_of_each_other() {
    let signer = Signer::p256();
    let server = Server::start(vec![signer.public("e")]).await;
    for is_apart in [false, true] {
        let door = door_of(Declared {
            is_apart,
            ..declared(&server.url, &[(EVERYBODY, 3)])
        })
        .await;
        let token = |person: &str| signer.token("e", &of(&server, person, &[]));
        let sent = async |person: &str, more: &[(&'static str, &str)]| {
            let answered = with(&door, &token(person), more).await;
            assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
            let seen = door.provider.seen();
            String::from_utf8_lossy(&seen.last().unwrap().body).into_owned()
        };
        let first = sent("p-1", &[]).await;
        assert_eq!(sent("p-1", &[]).await, first);
        assert_ne!(sent("p-2", &[]).await, first);
        assert_ne!(sent("p-2", &[("x-waarborg-person", "p-1")]).await, first);

        let trail =
            Request::get("/v1/trail").header("authorization", format!("Bearer {}", token("p-1")));
        let trail = door.ask(trail.body(Body::empty()).unwrap()).await;
        if is_apart {
            assert_eq!(
                trail.json()["data"].as_array().unwrap().len(),
                2,
                "{}",
                trail.body
            );
        } else {
            assert_eq!(trail.code(), "trail_not_own", "{}", trail.body);
            assert_eq!(trail.status, StatusCode::FORBIDDEN);
        }
        // Who holds the key itself sees what goes over it.
        let own = Request::get("/v1/trail").header("authorization", format!("Bearer {}", key()));
        let own = door.ask(own.body(Body::empty()).unwrap()).await;
        let n_seen = if is_apart { 0 } else { 4 };
        assert_eq!(own.json()["data"].as_array().unwrap().len(), n_seen);
    }
}

/// An identity with one issuer, asked at a moment of the test.
fn identity(server: &Server) -> Identity {
    let source = Discovery::of(&server.url, UpstreamKey::default()).unwrap();
    let issuer = Issuer::new(declared(&server.url, &[(EVERYBODY, 3)]), Box::new(source));
    Identity::new(Vec::new(), vec![issuer])
}

/// A token that counts for hours, and what becomes of it so many seconds later.
async fn later(
    identity: &Identity,
    (server, signer, key): (&Server, &Signer, &str),
    by: i64,
) -> Result<(), Unknown> {
    let mut claims = of(server, "p-1", &[]);
    claims["exp"] = json!(seconds(1_000_000));
    let now: jiff::Timestamp = house::NOW.parse().unwrap();
    let now = now + SignedDuration::from_secs(by);
    identity
        .admit(&signer.token(key, &claims), now)
        .await
        .map(|_| ())
}

#[tokio::test]
async fn new_keys_are_fetched_for_a_token_that_names_one_and_not_more_often_than_every_half_minute()
{
    let (old, new) = (Signer::p256(), Signer::p256());
    let server = Server::start(vec![old.public("oud")]).await;
    let identity = identity(&server);
    let by_old = (&*server, &old, "oud");
    let by_new = (&*server, &new, "nieuw");
    assert_eq!(later(&identity, by_old, 0).await, Ok(()));
    let unknown = Err(Unknown::Token(crate::identity::TokenFault::UnknownKey));
    for second in 0..30 {
        assert_eq!(later(&identity, by_new, second).await, unknown);
    }
    assert_eq!(server.n_asked(), 1, "whatever tokens come along");
    server.lists(vec![new.public("nieuw"), old.public("oud")]);
    assert_eq!(later(&identity, by_new, 29).await, unknown);
    assert_eq!(later(&identity, by_new, 30).await, Ok(()));
    assert_eq!(later(&identity, by_old, 31).await, Ok(()));
    assert_eq!(server.n_asked(), 2);

    // A key that the issuer takes back counts ten minutes at most.
    server.lists(vec![new.public("nieuw")]);
    assert_eq!(later(&identity, by_old, 629).await, Ok(()));
    assert_eq!(later(&identity, by_old, 630).await, unknown);
    assert_eq!(server.n_asked(), 3);
}

#[tokio::test]
async fn where_the_keys_cannot_be_had_nobody_comes_in_and_known_ones_count_for_an_hour() {
    let signer = Signer::ed25519();
    let server = Server::start(vec![signer.public("o")]).await;
    server.is_away.store(true, Ordering::Relaxed);
    let away = door_of(declared(&server.url, &[(EVERYBODY, 3)])).await;
    let answered = with(&away, &signer.token("o", &of(&server, "p-1", &[])), &[]).await;
    assert_eq!(
        answered.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        answered.body
    );
    assert_eq!(answered.code(), "issuer_unavailable");
    assert_eq!(answered.headers["retry-after"], "30");
    assert!(away.provider.seen().is_empty());

    let identity = identity(&server);
    let by = (&*server, &signer, "o");
    assert_eq!(later(&identity, by, 0).await, Err(Unknown::NoKeys));
    server.is_away.store(false, Ordering::Relaxed);
    assert_eq!(later(&identity, by, 29).await, Err(Unknown::NoKeys));
    assert_eq!(later(&identity, by, 30).await, Ok(()));
    server.is_away.store(true, Ordering::Relaxed);
    for second in [600, 700, 3_629] {
        assert_eq!(later(&identity, by, second).await, Ok(()), "{second}");
    }
    assert_eq!(later(&identity, by, 3_630).await, Err(Unknown::NoKeys));
    // A clock that was put back is no reason to believe for longer.
    assert_eq!(later(&identity, by, -3_600).await, Err(Unknown::NoKeys));
}

#[tokio::test]
async fn who_leaves_does_not_keep_the_others_out_and_all_ask_once() {
    let signer = Signer::p256();
    let server = Server::start(vec![signer.public("e")]).await;
    let identity = Arc::new(identity(&server));
    let all = (0..50).map(|person: usize| {
        let (identity, server) = (Arc::clone(&identity), Arc::clone(&server));
        let token = signer.token("e", &of(&server, &person.to_string(), &[]));
        tokio::spawn(async move {
            let now = house::NOW.parse().unwrap();
            let admitted = identity.admit(&token, now);
            if person.is_multiple_of(10) {
                // Gone before the issuer answers.
                let _ = tokio::time::timeout(Duration::ZERO, admitted).await;
                return true;
            }
            admitted.await.is_ok()
        })
    });
    for one in all.collect::<Vec<_>>() {
        assert!(one.await.unwrap());
    }
    assert_eq!(server.n_asked(), 1);
}

#[tokio::test]
async fn an_issuer_speaks_for_itself_alone_and_sends_nobody_on() {
    let server = Server::start(vec![Signer::p256().public("e")]).await;
    let source = Discovery::of(&server.url, UpstreamKey::default()).unwrap();
    assert!(source.fetch().await.is_ok());
    let root = server.url.trim_end_matches("/realms/werk").to_owned();
    let says = |about: Value| *server.about.lock().unwrap() = Some(about.to_string());
    for (issuer, place) in [
        (
            "https://elders.voorbeeld",
            format!("{}/certs?p=werk", server.url),
        ),
        (
            &format!("{}/", server.url),
            format!("{}/certs?p=werk", server.url),
        ),
        (&server.url, "http://169.254.169.254/latest".to_owned()),
        (&server.url, "http://10.0.0.1/certs".to_owned()),
        (&server.url, "file:///etc/passwd".to_owned()),
        (&server.url, format!("{}/certs?p=%0d%0a werk", server.url)),
        (&server.url, format!("{root}/groot")),
        (&server.url, String::new()),
    ] {
        says(json!({"issuer": issuer, "jwks_uri": place}));
        assert_eq!(
            source.fetch().await,
            Err(NotFetched::NotTheProtocol),
            "{place}"
        );
    }
    // Moved, or not there: it is not followed.
    for place in ["/elders", "/nergens"] {
        says(json!({"issuer": server.url, "jwks_uri": format!("{root}{place}")}));
        assert_eq!(
            source.fetch().await,
            Err(NotFetched::Unreachable),
            "{place}"
        );
    }
    *server.about.lock().unwrap() = Some("{\"issuer\":1,\"issuer\":2}".to_owned());
    assert_eq!(source.fetch().await, Err(NotFetched::NotTheProtocol));
    for url in [
        "http://login.voorbeeld.nl",
        "http://10.0.0.1",
        "https://169.254.169.254",
        "x",
    ] {
        assert!(Discovery::of(url, UpstreamKey::default()).is_err(), "{url}");
    }
}
