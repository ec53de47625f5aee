//! The connection to a provider: one host, one key, no redirects, bounded in time and size.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, USER_AGENT,
};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

use waarborg_usecase::ports::{ProviderWords, ProxyFault};

use crate::address::BaseUrl;
use crate::pieces::Pieces;
use crate::said;
use crate::way::{self, Proxy, Way};

/// How long and how much an upstream may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpstreamLimits {
    /// Until a connection stands.
    pub connect: Duration,
    /// From the request to the head of the answer; models think long.
    pub answer: Duration,
    /// Between two pieces of an answer.
    pub silence: Duration,
    /// The length of an answer that is not a stream, and of one event of a stream, in bytes.
    pub bytes: usize,
}

impl Default for UpstreamLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_mins(5),
            silence: Duration::from_mins(2),
            bytes: 16 * 1024 * 1024,
        }
    }
}

/// Why there is no usable answer. Nothing of the answer's content is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UpstreamFault {
    /// The key cannot stand in a header.
    #[error("the provider's key holds characters that no key has")]
    UnusableKey,
    /// TLS could not be set up.
    #[error("the TLS settings could not be made")]
    NoTls,
    /// What goes through a proxy must be encrypted for the provider.
    #[error("base_url must be https where a proxy is on the way")]
    PlainThroughProxy,
    /// For a proxy, this machine is another one: itself.
    #[error("base_url is this machine, to which no proxy is on the way")]
    ProxyToThisMachine,
    /// The proxy on the way made no connection; the provider heard nothing.
    #[error(transparent)]
    Proxy(ProxyFault),
    /// No connection, or the wrong certificate.
    #[error("the provider cannot be reached")]
    Unreachable,
    /// Nothing came in time.
    #[error("the provider did not answer in time")]
    TooSlow,
    /// The provider closed in the middle of its answer.
    #[error("the provider broke off in the middle of its answer")]
    BrokenOff,
    /// The provider refused.
    #[error("the provider answered with status {status}")]
    Refused {
        /// The provider's HTTP status.
        status: u16,
        /// How long to wait before the next try, in seconds, if the provider said so.
        retry_after_seconds: Option<u32>,
        /// Its words for programs.
        words: ProviderWords,
    },
    /// The answer is not what the protocol says.
    #[error("the provider's answer does not follow the protocol")]
    NotTheProtocol,
    /// The answer is longer than we keep.
    #[error("the provider's answer is too long")]
    TooLong,
}

/// What should hold certificates of authorities holds none, or something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("there is no certificate of an authority in it that can be read")]
pub struct NoAuthority;

/// A provider's host, over which requests go.
pub struct Upstream {
    client: Client<HttpsConnector<Way>, Pieces>,
    base_url: BaseUrl,
    key: UpstreamKey,
    dialect: Dialect,
    limits: UpstreamLimits,
}

/// The key that a provider knows us by, of which every copy sees when it is replaced; the authorities that we know the
/// provider by; and the proxy on the way to it.
#[derive(Debug, Clone, Default)]
pub struct UpstreamKey {
    headers: Arc<RwLock<Option<Headers>>>,
    authorities: Option<Arc<RootCertStore>>,
    proxy: Option<Proxy>,
}

/// A key as each dialect wants it.
#[derive(Debug, Clone)]
struct Headers {
    bearer: HeaderValue,
    plain: HeaderValue,
}

impl UpstreamKey {
    /// A key, or none.
    ///
    /// # Errors
    ///
    /// [`UpstreamFault::UnusableKey`].
    pub fn new(key: Option<&SecretString>) -> Result<Self, UpstreamFault> {
        let headers = key.map(Headers::of).transpose()?;
        Ok(Self {
            headers: Arc::new(RwLock::new(headers)),
            authorities: None,
            proxy: None,
        })
    }

    /// The provider is reached through this proxy, and in no other way.
    #[must_use]
    pub fn through(self, proxy: Proxy) -> Self {
        Self {
            proxy: Some(proxy),
            ..self
        }
    }

    /// The provider is believed by these authorities (PEM), and by no other.
    ///
    /// # Errors
    ///
    /// [`NoAuthority`] if there is none in it, or something that is none.
    pub fn known_by(self, pem: &[u8]) -> Result<Self, NoAuthority> {
        let mut authorities = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let added = certificate.ok().map(|one| authorities.add(one));
            added.and_then(Result::ok).ok_or(NoAuthority)?;
        }
        if authorities.is_empty() {
            return Err(NoAuthority);
        }
        Ok(Self {
            authorities: Some(Arc::new(authorities)),
            ..self
        })
    }

    /// From the next request on, this is the key.
    ///
    /// # Errors
    ///
    /// [`UpstreamFault::UnusableKey`]; the old one stays then.
    pub fn replace(&self, key: Option<&SecretString>) -> Result<(), UpstreamFault> {
        let headers = key.map(Headers::of).transpose()?;
        *self.headers.write().unwrap_or_else(PoisonError::into_inner) = headers;
        Ok(())
    }

    fn header(&self, dialect: Dialect) -> Option<(HeaderName, HeaderValue)> {
        let headers = self.headers.read().unwrap_or_else(PoisonError::into_inner);
        let headers = headers.as_ref()?;
        Some(match dialect {
            Dialect::OpenAi => (AUTHORIZATION, headers.bearer.clone()),
            Dialect::Anthropic => (HeaderName::from_static("x-api-key"), headers.plain.clone()),
        })
    }
}

impl Headers {
    /// The key leaves its wrapper only here, into headers marked as sensitive.
    fn of(key: &SecretString) -> Result<Self, UpstreamFault> {
        let key = key.expose_secret().trim();
        let sensitive = |value: Result<HeaderValue, _>| {
            let mut value = value.map_err(|_: http::Error| UpstreamFault::UnusableKey)?;
            value.set_sensitive(true);
            Ok(value)
        };
        Ok(Self {
            bearer: sensitive(HeaderValue::try_from(format!("Bearer {key}")).map_err(Into::into))?,
            plain: sensitive(HeaderValue::try_from(key).map_err(Into::into))?,
        })
    }
}

/// How a provider wants to be addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// A bearer key.
    OpenAi,
    /// A key in a header of its own, and the version of the protocol.
    Anthropic,
}

/// The version of Anthropic's protocol that our adapter reads.
const ANTHROPIC_VERSION: &str = "2023-06-01";

impl Upstream {
    /// Prepares connections; none is made yet.
    ///
    /// # Errors
    ///
    /// [`UpstreamFault::NoTls`]; [`UpstreamFault::PlainThroughProxy`] or [`UpstreamFault::ProxyToThisMachine`] where a proxy
    /// is on the way to what cannot be behind one.
    pub fn new(
        base_url: BaseUrl,
        key: UpstreamKey,
        dialect: Dialect,
        limits: UpstreamLimits,
    ) -> Result<Self, UpstreamFault> {
        let way = way_to(&base_url, key.proxy.as_ref(), limits.connect)?;
        let encrypted = HttpsConnectorBuilder::new();
        let provider = rustls::crypto::ring::default_provider();
        let encrypted = match &key.authorities {
            None => encrypted
                .with_provider_and_webpki_roots(provider)
                .map_err(|_| UpstreamFault::NoTls)?,
            Some(authorities) => encrypted.with_tls_config(
                ClientConfig::builder_with_provider(Arc::new(provider))
                    .with_safe_default_protocol_versions()
                    .map_err(|_| UpstreamFault::NoTls)?
                    .with_root_certificates(Arc::clone(authorities))
                    .with_no_client_auth(),
            ),
        };
        let connector = encrypted.https_or_http().enable_http1().wrap_connector(way);
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_secs(50))
            .pool_timer(TokioTimer::new())
            .build(connector);

        Ok(Self {
            client,
            base_url,
            key,
            dialect,
            limits,
        })
    }

    /// What this upstream may take.
    #[must_use]
    pub const fn limits(&self) -> UpstreamLimits {
        self.limits
    }

    /// The host to which this upstream speaks.
    #[must_use]
    pub fn host(&self) -> &str {
        self.base_url.host()
    }

    /// Sends a JSON body and waits for the head of the answer.
    ///
    /// # Errors
    ///
    /// [`UpstreamFault`]; a status other than 200 is [`UpstreamFault::Refused`].
    pub async fn post(
        &self,
        path: &str,
        body: Vec<u8>,
        accept: &'static str,
    ) -> Result<Answer, UpstreamFault> {
        self.post_with(path, body, accept, None).await
    }

    /// The same with one more header, of which the program itself knows what it says.
    ///
    /// # Errors
    ///
    /// As [`Upstream::post`].
    pub async fn post_with(
        &self,
        path: &str,
        body: Vec<u8>,
        accept: &'static str,
        more: Option<(&'static str, String)>,
    ) -> Result<Answer, UpstreamFault> {
        let mut request = self
            .request(Method::POST, path, accept)
            .header(CONTENT_TYPE, "application/json");
        if let Some((name, value)) = more {
            request = request.header(name, value);
        }
        let request = request
            .body(Pieces::from(vec![Bytes::from(body)]))
            .map_err(|_| UpstreamFault::NotTheProtocol)?;
        self.send(request).await
    }

    /// Asks for a JSON document, and waits for the head of the answer.
    ///
    /// # Errors
    ///
    /// As [`Upstream::post`].
    pub async fn get(&self, path: &str) -> Result<Answer, UpstreamFault> {
        let request = self
            .request(Method::GET, path, "application/json")
            .body(Pieces::from(Vec::new()))
            .map_err(|_| UpstreamFault::NotTheProtocol)?;
        self.send(request).await
    }

    /// Sends a form: its media type, and its bytes in pieces.
    ///
    /// # Errors
    ///
    /// As [`Upstream::post`].
    pub async fn post_form(
        &self,
        path: &str,
        (media_type, pieces): (String, Vec<Bytes>),
        accept: &'static str,
    ) -> Result<Answer, UpstreamFault> {
        let request = self
            .request(Method::POST, path, accept)
            .header(CONTENT_TYPE, media_type)
            .body(Pieces::from(pieces))
            .map_err(|_| UpstreamFault::NotTheProtocol)?;
        self.send(request).await
    }

    /// Asks for something by its address alone.
    ///
    /// # Errors
    ///
    /// As [`Upstream::post`].
    pub async fn ask(&self, method: Method, path: &str) -> Result<Answer, UpstreamFault> {
        let request = self
            .request(method, path, "*/*")
            .body(Pieces::default())
            .map_err(|_| UpstreamFault::NotTheProtocol)?;
        self.send(request).await
    }

    fn request(&self, method: Method, path: &str, accept: &'static str) -> http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(self.base_url.join(path))
            .header(ACCEPT, accept)
            .header(ACCEPT_ENCODING, "identity")
            .header(USER_AGENT, concat!("waarborg/", env!("CARGO_PKG_VERSION")));
        if self.dialect == Dialect::Anthropic {
            request = request.header("anthropic-version", ANTHROPIC_VERSION);
        }
        match self.key.header(self.dialect) {
            Some((name, value)) => request.header(name, value),
            None => request,
        }
    }

    async fn send(&self, request: Request<Pieces>) -> Result<Answer, UpstreamFault> {
        let response = tokio::time::timeout(self.limits.answer, self.client.request(request))
            .await
            .map_err(|_| UpstreamFault::TooSlow)?
            .map_err(|fault| {
                if let Some(fault) = way::proxy_fault(&fault) {
                    tracing::warn!(outcome = %fault, "a proxy made no way to a provider");
                    UpstreamFault::Proxy(fault)
                } else if fault.is_connect() {
                    UpstreamFault::Unreachable
                } else {
                    UpstreamFault::BrokenOff
                }
            })?;
        if response.status() != StatusCode::OK {
            return Err(refused(response, self.limits).await);
        }
        if response
            .headers()
            .get(CONTENT_ENCODING)
            .is_some_and(|encoding| encoding != "identity")
        {
            return Err(UpstreamFault::NotTheProtocol);
        }
        let content_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_ascii_lowercase();

        Ok(Answer {
            content_type,
            body: response.into_body(),
            limits: self.limits,
        })
    }
}

fn way_to(
    base_url: &BaseUrl,
    proxy: Option<&Proxy>,
    patience: Duration,
) -> Result<Way, UpstreamFault> {
    let Some(proxy) = proxy else {
        return Ok(Way::straight(base_url.is_encrypted(), patience));
    };
    way::may_be_behind_a_proxy(base_url)?;
    Ok(Way::through(proxy.clone(), patience))
}

/// The head of an answer has come; its body has not.
pub struct Answer {
    content_type: String,
    body: Incoming,
    limits: UpstreamLimits,
}

impl Answer {
    /// Whether this is a stream of events.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        self.content_type.starts_with("text/event-stream")
    }

    /// Whether this is a stream of documents, one on a line.
    #[must_use]
    pub fn is_lines(&self) -> bool {
        self.content_type.starts_with("application/x-ndjson")
    }

    /// Its media type, without what is said beside it.
    #[must_use]
    pub fn media_type(&self) -> &str {
        let media_type = self.content_type.split(';').next();
        media_type.unwrap_or_default().trim()
    }

    /// The next bytes of the body; `None` at its end.
    ///
    /// # Errors
    ///
    /// [`UpstreamFault::TooSlow`] or [`UpstreamFault::BrokenOff`].
    pub async fn next(&mut self) -> Result<Option<Bytes>, UpstreamFault> {
        loop {
            let frame = tokio::time::timeout(self.limits.silence, self.body.frame())
                .await
                .map_err(|_| UpstreamFault::TooSlow)?;
            match frame {
                None => return Ok(None),
                Some(Err(_)) => return Err(UpstreamFault::BrokenOff),
                // Trailers carry nothing that this protocol knows.
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Ok(Some(bytes));
                    }
                }
            }
        }
    }

    /// The whole body.
    ///
    /// # Errors
    ///
    /// As [`Answer::next`], and [`UpstreamFault::TooLong`].
    pub async fn whole(mut self) -> Result<Vec<u8>, UpstreamFault> {
        let mut whole = Vec::new();
        while let Some(bytes) = self.next().await? {
            if whole.len() + bytes.len() > self.limits.bytes {
                return Err(UpstreamFault::TooLong);
            }
            whole.extend_from_slice(&bytes);
        }
        Ok(whole)
    }
}

async fn refused(response: Response<Incoming>, limits: UpstreamLimits) -> UpstreamFault {
    let status = response.status().as_u16();
    let retry_after_seconds = retry_after_seconds(response.headers());
    let answer = Answer {
        content_type: String::new(),
        body: response.into_body(),
        limits: UpstreamLimits {
            bytes: said::MOST_READ,
            silence: limits.silence.min(REFUSAL_TIME),
            ..limits
        },
    };
    // Whatever becomes of its body, the refusal stands.
    let words = tokio::time::timeout(REFUSAL_TIME, answer.whole()).await;
    let words = words
        .ok()
        .and_then(Result::ok)
        .map(|body| said::read(&body));
    UpstreamFault::Refused {
        status,
        retry_after_seconds,
        words: words.unwrap_or_default(),
    }
}

/// How long the words of a refusal may take.
const REFUSAL_TIME: Duration = Duration::from_secs(2);

/// What the provider advises, in the header for everybody or in the finer one that its own clients read.
fn retry_after_seconds(headers: &http::HeaderMap) -> Option<u32> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u32>().ok();
    number("retry-after").or_else(|| number("retry-after-ms").map(|ms| ms.div_ceil(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{Script, ScriptedProvider, Step};

    const SHORT: UpstreamLimits = UpstreamLimits {
        connect: Duration::from_millis(300),
        answer: Duration::from_millis(300),
        silence: Duration::from_millis(300),
        bytes: 1000,
    };

    fn upstream(base_url: &str) -> Upstream {
        let key = SecretString::from("sk-geheim\n");
        Upstream::new(
            BaseUrl::parse(base_url).unwrap(),
            UpstreamKey::new(Some(&key)).unwrap(),
            Dialect::OpenAi,
            SHORT,
        )
        .unwrap()
    }

    async fn check(script: Script, expected: Result<&[u8], UpstreamFault>) -> ScriptedProvider {
        let provider = ScriptedProvider::start(move |_| script.clone())
            .await
            .unwrap();
        let answer = upstream(&provider.base_url())
            .post("/chat/completions", b"{}".to_vec(), "application/json")
            .await;
        let whole = match answer {
            Ok(answer) => answer.whole().await,
            Err(fault) => Err(fault),
        };
        assert_eq!(whole.as_deref(), expected.as_ref().map(|bytes| *bytes));
        provider
    }

    #[tokio::test]
    async fn an_answer_comes_whole_and_the_request_says_nothing_but_what_it_must() {
        let provider = check(Script::json(200, r#"{"a":1}"#), Ok(br#"{"a":1}"#)).await;
        let seen = provider.seen();
        assert_eq!(seen[0].header("authorization"), Some("Bearer sk-geheim"));
        let mut names: Vec<String> = seen[0]
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .map(|(name, _)| name.to_ascii_lowercase())
            .collect();
        names.sort();
        let expected = [
            "accept",
            "accept-encoding",
            "authorization",
            "content-length",
            "content-type",
            "host",
            "user-agent",
        ];
        assert_eq!(names, expected);
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let elsewhere = ScriptedProvider::start(|_| Script::json(200, "{}"))
            .await
            .unwrap();
        let script = Script::json(307, "{}").with_header("location", &elsewhere.base_url());
        check(
            script,
            Err(UpstreamFault::Refused {
                status: 307,
                retry_after_seconds: None,
                words: ProviderWords::default(),
            }),
        )
        .await;
        assert_eq!(elsewhere.n_connections(), 0);
    }

    #[tokio::test]
    async fn a_refusal_keeps_its_status_and_its_advice_when_to_come_back() {
        let script = Script::json(429, "no").with_header("retry-after", "7");
        check(
            script,
            Err(UpstreamFault::Refused {
                status: 429,
                retry_after_seconds: Some(7),
                words: ProviderWords::default(),
            }),
        )
        .await;
    }

    #[tokio::test]
    async fn silence_a_cut_and_an_endless_answer_are_told_apart() {
        check(
            Script::stream(vec![Step::Send(b"a".to_vec()), Step::Hang]),
            Err(UpstreamFault::TooSlow),
        )
        .await;
        check(
            Script::stream(vec![Step::Send(b"a".to_vec()), Step::Cut]),
            Err(UpstreamFault::BrokenOff),
        )
        .await;
        check(
            Script::stream(vec![Step::Send(vec![b'a'; 600]); 2]),
            Err(UpstreamFault::TooLong),
        )
        .await;
    }

    #[tokio::test]
    async fn a_compressed_answer_is_refused() {
        let script = Script::json(200, "x").with_header("content-encoding", "gzip");
        check(script, Err(UpstreamFault::NotTheProtocol)).await;
    }

    #[tokio::test]
    async fn nobody_at_home_is_unreachable() {
        let answer = upstream("http://127.0.0.1:9")
            .post("/x", Vec::new(), "application/json")
            .await;
        assert_eq!(answer.err(), Some(UpstreamFault::Unreachable));
    }

    #[test]
    fn no_proxy_is_on_the_way_to_a_plain_provider_or_to_this_machine() {
        for (base_url, fault) in [
            ("http://10.0.0.1:8000/v1", UpstreamFault::PlainThroughProxy),
            (
                "https://localhost:8000/v1",
                UpstreamFault::ProxyToThisMachine,
            ),
        ] {
            let base_url = BaseUrl::parse(base_url).unwrap();
            let proxy = Proxy::parse("http://10.0.0.2:3128").unwrap();
            let key = UpstreamKey::default().through(proxy);
            let opened = Upstream::new(base_url, key, Dialect::OpenAi, SHORT);
            assert_eq!(opened.err(), Some(fault));
        }
    }

    #[tokio::test]
    async fn a_provider_that_should_speak_tls_and_does_not_gets_nothing_in_the_clear() {
        let provider = ScriptedProvider::start(|_| Script::json(200, "{}"))
            .await
            .unwrap();
        let base_url = provider.base_url().replace("http://", "https://");
        let answer = upstream(&base_url)
            .post("/x", b"geheime vraag".to_vec(), "application/json")
            .await;
        assert!(matches!(
            answer.err(),
            Some(UpstreamFault::Unreachable | UpstreamFault::TooSlow)
        ));
        let bytes = String::from_utf8_lossy(&provider.bytes()).into_owned();
        assert!(!bytes.is_empty() && !bytes.contains("geheim"), "{bytes}");
    }

    #[tokio::test]
    async fn a_connection_serves_more_than_one_request() {
        let provider = ScriptedProvider::start(|_| Script::json(200, "{}"))
            .await
            .unwrap();
        let upstream = upstream(&provider.base_url());
        for _ in 0..5 {
            let answer = upstream
                .post("/x", b"{}".to_vec(), "application/json")
                .await
                .unwrap();
            assert_eq!(answer.whole().await.unwrap(), b"{}");
            tokio::task::yield_now().await;
        }
        assert_eq!(provider.seen().len(), 5);
        assert!(provider.n_connections() < 5);
    }
}
