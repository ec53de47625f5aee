//! The way to a provider's host: straight, or through a proxy of one's own (HTTP CONNECT), with the provider's TLS inside.

use std::error::Error;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tower::Service;

use waarborg_usecase::ports::ProxyFault;

use crate::address::{self, BaseUrl, BaseUrlFault};
use crate::upstream::UpstreamFault;

/// Why the address of a proxy is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProxyAddressFault {
    /// Not `http://`, a host and a port.
    #[error("is not http:// with a host and a port")]
    NotAnAddress,
    /// A path, a query, or a name and password.
    #[error("holds more than http://, a host and a port")]
    TooMuch,
    /// No proxy lives at this host or port, or it is written in a disguise.
    #[error("points to a host or port where no proxy is")]
    Forbidden,
    /// Who asks for what, and the password, would be read on the way.
    #[error("is not on this machine or its private network")]
    TooFar,
}

/// What should be a name and a password is something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it is not a name and a password with a colon between")]
pub struct NoCredentials;

/// A proxy on the way to a provider; every copy sees when its credentials are replaced.
#[derive(Debug, Clone)]
pub struct Proxy {
    address: Uri,
    credentials: Arc<RwLock<Option<SecretString>>>,
}

impl Proxy {
    /// A proxy at `http://host:port`, which wants to know nothing of us.
    ///
    /// # Errors
    ///
    /// [`ProxyAddressFault`]
    pub fn parse(text: &str) -> Result<Self, ProxyAddressFault> {
        if !text.starts_with("http://") {
            return Err(ProxyAddressFault::NotAnAddress);
        }
        BaseUrl::parse(text).map_err(|fault| match fault {
            BaseUrlFault::NotAWebAddress => ProxyAddressFault::NotAnAddress,
            BaseUrlFault::TooMuch => ProxyAddressFault::TooMuch,
            BaseUrlFault::StrangeHost | BaseUrlFault::Forbidden => ProxyAddressFault::Forbidden,
            BaseUrlFault::NotEncrypted => ProxyAddressFault::TooFar,
        })?;
        let address: Uri = text.parse().map_err(|_| ProxyAddressFault::NotAnAddress)?;
        if address.path().len() > 1 {
            return Err(ProxyAddressFault::TooMuch);
        }
        if address.port().is_none() {
            return Err(ProxyAddressFault::NotAnAddress);
        }
        Ok(Self {
            address,
            credentials: Arc::default(),
        })
    }

    /// From the next connection on, this is what the proxy is told: a name, a colon and a password.
    ///
    /// # Errors
    ///
    /// [`NoCredentials`]; the old ones stay then.
    pub fn replace_credentials(&self, credentials: &SecretString) -> Result<(), NoCredentials> {
        // They leave their wrapper only here, into the line of the header, which stays wrapped.
        let plain = credentials.expose_secret().trim();
        if !plain.contains(':') || plain.chars().any(char::is_control) {
            return Err(NoCredentials);
        }
        let line = format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode(plain));
        let mut kept = self
            .credentials
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *kept = Some(line.into());
        Ok(())
    }

    /// The request for a tunnel to this host.
    fn request(&self, host: &str, port: u16) -> SecretString {
        let kept = self
            .credentials
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let credentials = kept.as_ref().map_or("", |line| line.expose_secret());
        format!(
            "CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: {}\r\n{credentials}\r\n",
            concat!("waarborg/", env!("CARGO_PKG_VERSION"))
        )
        .into()
    }
}

/// Through a proxy goes only what is encrypted for a host that means the same to the proxy.
///
/// # Errors
///
/// [`UpstreamFault::PlainThroughProxy`] or [`UpstreamFault::ProxyToThisMachine`].
pub fn may_be_behind_a_proxy(base_url: &BaseUrl) -> Result<(), UpstreamFault> {
    if !base_url.is_encrypted() {
        return Err(UpstreamFault::PlainThroughProxy);
    }
    if is_this_machine(base_url.host()) {
        return Err(UpstreamFault::ProxyToThisMachine);
    }
    Ok(())
}

/// Whether a host would be another machine when a proxy looks it up: itself.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || literal
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Makes connections to a provider's host.
#[derive(Clone)]
pub(crate) struct Way {
    connector: HttpConnector<CheckedResolver>,
    proxy: Option<Proxy>,
    patience: Duration,
}

impl Way {
    /// Straight to the host, which speaks TLS or not.
    pub(crate) fn straight(is_encrypted: bool, patience: Duration) -> Self {
        Self::with(is_encrypted, None, patience)
    }

    /// Through a proxy. It is spoken to in the clear, so it must be near; TLS is between us and the provider.
    pub(crate) fn through(proxy: Proxy, patience: Duration) -> Self {
        Self::with(false, Some(proxy), patience)
    }

    fn with(is_encrypted: bool, proxy: Option<Proxy>, patience: Duration) -> Self {
        let mut connector = HttpConnector::new_with_resolver(CheckedResolver {
            resolver: GaiResolver::new(),
            is_encrypted,
        });
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_keepalive(Some(Duration::from_mins(1)));
        connector.set_connect_timeout(Some(patience));
        Self {
            connector,
            proxy,
            patience,
        }
    }
}

/// What went wrong in making a connection, as hyper wants it.
type Wrong = Box<dyn Error + Send + Sync>;

impl Service<Uri> for Way {
    type Response = TokioIo<TcpStream>;
    type Error = Wrong;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.connector.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let Some(proxy) = self.proxy.clone() else {
            let connecting = self.connector.call(target);
            return Box::pin(async move { connecting.await.map_err(Into::into) });
        };

        let connecting = self.connector.call(proxy.address.clone());
        let patience = self.patience;
        Box::pin(async move {
            let connection = connecting.await.map_err(|_| ProxyFault::Unreachable)?;
            let mut stream = connection.into_inner();
            let asking = ask_for_tunnel(&mut stream, &proxy, &target);
            tokio::time::timeout(patience, asking)
                .await
                .map_err(|_| ProxyFault::TooSlow)??;
            Ok(TokioIo::new(stream))
        })
    }
}

/// The most bytes of a proxy's answer that are read.
const LONGEST_HEAD: usize = 8192;

async fn ask_for_tunnel(
    stream: &mut TcpStream,
    proxy: &Proxy,
    target: &Uri,
) -> Result<(), ProxyFault> {
    let host = target.host().ok_or(ProxyFault::NotTheProtocol)?;
    let request = proxy.request(host, target.port_u16().unwrap_or(443));
    stream
        .write_all(request.expose_secret().as_bytes())
        .await
        .map_err(|_| ProxyFault::BrokenOff)?;

    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD || head.windows(4).any(|four| four == b"\r\n\r\n") {
            // A tunnel is silent until we speak; what says something before is none.
            return Err(ProxyFault::NotTheProtocol);
        }
        match stream.read_buf(&mut head).await {
            Ok(0) | Err(_) => return Err(ProxyFault::BrokenOff),
            Ok(_) => {}
        }
        // The body of a refusal is nobody's: its status is enough.
        if let Some(fault) = refusal(&head) {
            return Err(fault);
        }
    }
    match status(&head) {
        Some(200..=299) => Ok(()),
        _ => Err(ProxyFault::NotTheProtocol),
    }
}

/// What a status line refuses, once it is there.
fn refusal(head: &[u8]) -> Option<ProxyFault> {
    match status(head)? {
        407 => Some(ProxyFault::WantsCredentials),
        200..=299 => None,
        status => Some(ProxyFault::Refused { status }),
    }
}

/// The status in `HTTP/1.1 200 …`, once the line is whole.
fn status(head: &[u8]) -> Option<u16> {
    let end = head.windows(2).position(|two| two == b"\r\n")?;
    let line = std::str::from_utf8(head.get(..end)?).ok()?;
    let rest = line
        .strip_prefix("HTTP/1.1 ")
        .or_else(|| line.strip_prefix("HTTP/1.0 "))?;
    let digits = rest.split(' ').next()?;
    if digits.len() != 3 {
        return None;
    }
    digits.parse().ok()
}

/// What a proxy on the way did, if that is why there is no connection.
pub(crate) fn proxy_fault(fault: &(dyn Error + 'static)) -> Option<ProxyFault> {
    let mut cause = Some(fault);
    while let Some(one) = cause {
        if let Some(found) = one.downcast_ref::<ProxyFault>() {
            return Some(*found);
        }
        cause = one.source();
    }
    None
}

/// Looks names up, and forgets the addresses to which no connection may be made.
#[derive(Clone)]
struct CheckedResolver {
    resolver: GaiResolver,
    is_encrypted: bool,
}

impl Service<Name> for CheckedResolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.resolver.poll_ready(context)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let looking_up = self.resolver.call(name);
        let is_encrypted = self.is_encrypted;
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = looking_up
                .await?
                .filter(|found| address::may_connect(found.ip(), is_encrypted))
                .collect();
            if addresses.is_empty() {
                return Err(io::Error::from(io::ErrorKind::PermissionDenied));
            }
            Ok(addresses.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    fn check(text: &str, expected: Result<(), ProxyAddressFault>) {
        assert_eq!(Proxy::parse(text).map(|_| ()), expected, "{text}");
    }

    #[test]
    fn a_proxy_is_a_near_host_and_a_port_and_nothing_more() {
        check("http://proxy.intern:3128", Ok(()));
        check("http://10.0.0.1:8080/", Ok(()));
        check("http://[fd00::1]:3128", Ok(()));
        for text in [
            "",
            "proxy.intern:3128",
            "https://proxy.intern:3128",
            "socks5://proxy:1080",
            "http://proxy",
        ] {
            check(text, Err(ProxyAddressFault::NotAnAddress));
        }
        for text in [
            "http://wie:geheim@proxy:3128",
            "http://proxy:3128/pad",
            "http://proxy:3128?x",
        ] {
            check(text, Err(ProxyAddressFault::TooMuch));
        }
        for text in [
            "http://169.254.169.254:80",
            "http://proxy:25",
            "http://2852039166:80",
        ] {
            check(text, Err(ProxyAddressFault::Forbidden));
        }
        check("http://203.0.113.7:3128", Err(ProxyAddressFault::TooFar));
    }

    #[test]
    fn credentials_are_a_name_and_a_password_and_are_printed_nowhere() {
        let proxy = Proxy::parse("http://proxy:3128").unwrap();
        for wrong in ["geheim", "wie:gehe\u{1}im", ""] {
            let wrong = SecretString::from(wrong);
            assert_eq!(proxy.replace_credentials(&wrong), Err(NoCredentials));
        }
        let right = SecretString::from("wie:geheim\n");
        proxy.replace_credentials(&right).unwrap();
        let request = proxy.request("api.x.nl", 443);
        assert!(
            request
                .expose_secret()
                .contains("\r\nProxy-Authorization: Basic d2llOmdlaGVpbQ==\r\n\r\n")
        );
        let printed = format!("{proxy:?}{request:?}");
        assert!(!printed.contains("d2llO") && !printed.contains("geheim"));
    }

    #[test]
    fn this_machine_has_many_names() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "model.localhost",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
        ] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["localhost.nl", "10.0.0.1", "api.openai.com", "[fd00::1]"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    /// A proxy that answers with these bytes, whatever it is asked.
    async fn answered(answer: &'static [u8]) -> Result<(), ProxyFault> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                stream.read_buf(&mut asked).await.unwrap();
            }
            stream.write_all(answer).await.unwrap();
            if answer.is_empty() {
                std::future::pending::<()>().await;
            }
        });
        let proxy = Proxy::parse(&format!("http://127.0.0.1:{port}")).unwrap();
        let mut way = Way::through(proxy, Duration::from_millis(300));
        let target = Uri::from_static("https://model.voorbeeld/v1");
        match way.call(target).await {
            Ok(_) => Ok(()),
            Err(fault) => Err(proxy_fault(&*fault).unwrap()),
        }
    }

    #[tokio::test]
    async fn only_a_plain_yes_makes_a_tunnel() {
        assert_eq!(answered(b"HTTP/1.1 200 OK\r\n\r\n").await, Ok(()));
        let said = b"HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n";
        assert_eq!(answered(said).await, Ok(()));
        for (answer, fault) in [
            (
                &b"HTTP/1.1 407 Wie?\r\nContent-Length: 9999999\r\n\r\n"[..],
                ProxyFault::WantsCredentials,
            ),
            (
                b"HTTP/1.1 403 Nee\r\n\r\n<html>",
                ProxyFault::Refused { status: 403 },
            ),
            (
                b"HTTP/1.1 302 Daar\r\nLocation: http://x/\r\n\r\n",
                ProxyFault::Refused { status: 302 },
            ),
            (
                b"HTTP/1.1 200 OK\r\n\r\nvoorbarig",
                ProxyFault::NotTheProtocol,
            ),
            (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", ProxyFault::NotTheProtocol),
            (b"HTTP/1.1 2000 OK\r\n\r\n", ProxyFault::NotTheProtocol),
            (b"HTTP/1.1 200 OK\r\n", ProxyFault::BrokenOff),
            (b"", ProxyFault::TooSlow),
        ] {
            let said = String::from_utf8_lossy(answer);
            assert_eq!(answered(answer).await, Err(fault), "{said}");
        }
    }

    #[tokio::test]
    async fn a_head_without_end_is_not_read_to_its_end() {
        static ENDLESS: [u8; 20_000] = {
            let mut bytes = [b'a'; 20_000];
            let line = b"HTTP/1.1 200 OK\r\nX: ";
            let mut at = 0;
            while at < line.len() {
                bytes[at] = line[at];
                at += 1;
            }
            bytes
        };
        assert_eq!(answered(&ENDLESS).await, Err(ProxyFault::NotTheProtocol));
    }

    #[tokio::test]
    async fn a_proxy_that_is_not_there_is_told_apart_from_the_provider() {
        let proxy = Proxy::parse("http://127.0.0.1:9").unwrap();
        let mut way = Way::through(proxy, Duration::from_millis(300));
        let fault = way.call(Uri::from_static("https://model.voorbeeld/")).await;
        let fault = fault.err().unwrap();
        assert_eq!(proxy_fault(&*fault), Some(ProxyFault::Unreachable));
    }
}
