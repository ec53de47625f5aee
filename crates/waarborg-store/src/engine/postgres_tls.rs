//! The address of PostgreSQL, and TLS to it. Nothing goes to another machine in clear.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;

use super::Fault;

/// Why an address of PostgreSQL cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlFault {
    /// Not an address.
    #[error("the address of PostgreSQL cannot be read")]
    Form,
    /// In clear to another machine.
    #[error("PostgreSQL on {host} would be reached in clear; add sslmode=require to its address")]
    InClear {
        /// The machine.
        host: String,
    },
}

/// The address, and whether it is reached with TLS.
///
/// Without `sslmode` a server on this machine is reached in clear and any other with TLS; `sslmode=prefer`
/// and `sslmode=disable` to another machine are refused.
pub(super) fn parse(url: &str) -> Result<(tokio_postgres::Config, bool), UrlFault> {
    let mut config: tokio_postgres::Config = url.parse().map_err(|_| UrlFault::Form)?;
    let says_nothing = !url.contains("sslmode=");
    let remote = config.get_hosts().iter().find_map(|host| match host {
        Host::Tcp(name) if !is_this_machine(name) => Some(name.clone()),
        _ => None,
    });
    if config.get_hosts().is_empty() {
        return Err(UrlFault::Form);
    }

    let with_tls = match (config.get_ssl_mode(), remote) {
        (SslMode::Require, _) => true,
        (_, Some(_)) if says_nothing => true,
        (_, Some(host)) => return Err(UrlFault::InClear { host }),
        (_, None) => false,
    };
    config.ssl_mode(if with_tls {
        SslMode::Require
    } else {
        SslMode::Disable
    });
    Ok((config, with_tls))
}

fn is_this_machine(host: &str) -> bool {
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// A connector that trusts the certificates that this machine trusts.
pub(super) fn connector() -> Result<Tls, Fault> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::Disk(io::Error::other(error)))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Tls(TlsConnector::from(Arc::new(config))))
}

#[derive(Clone)]
pub(super) struct Tls(TlsConnector);

impl<S> MakeTlsConnect<S> for Tls
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Encrypted<S>;
    type TlsConnect = TlsTo;
    type Error = io::Error;

    fn make_tls_connect(&mut self, host: &str) -> Result<TlsTo, io::Error> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        Ok(TlsTo {
            connector: self.0.clone(),
            name,
        })
    }
}

pub(super) struct TlsTo {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl<S> TlsConnect<S> for TlsTo
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Encrypted<S>, io::Error>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move { Ok(Encrypted(self.connector.connect(self.name, stream).await?)) })
    }
}

pub(super) struct Encrypted<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Encrypted<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: Result<bool, &str>) {
        match (parse(url), expected) {
            (Ok((_, with_tls)), Ok(wanted)) => assert_eq!(with_tls, wanted, "{url}"),
            (Err(UrlFault::InClear { host }), Err(wanted)) => assert_eq!(host, wanted, "{url}"),
            (other, _) => panic!("{url}: {:?}", other.map(|(_, with_tls)| with_tls)),
        }
    }

    #[test]
    fn another_machine_is_never_reached_in_clear() {
        check("postgres://waarborg@db.example/waarborg", Ok(true));
        check(
            "postgres://waarborg@db.example/waarborg?sslmode=require",
            Ok(true),
        );
        check(
            "postgres://waarborg@db.example/waarborg?sslmode=disable",
            Err("db.example"),
        );
        check(
            "postgres://waarborg@db.example/waarborg?sslmode=prefer",
            Err("db.example"),
        );
        check(
            "postgres://waarborg@10.0.0.5/waarborg?sslmode=disable",
            Err("10.0.0.5"),
        );
    }

    #[test]
    fn this_machine_is_reached_in_clear_unless_the_address_says_otherwise() {
        check("postgres://waarborg@localhost/waarborg", Ok(false));
        check("postgres://waarborg@127.0.0.1:5433/waarborg", Ok(false));
        check(
            "postgres://waarborg@%2Frun%2Fpostgresql/waarborg",
            Ok(false),
        );
        check(
            "postgres://waarborg@127.0.0.1/waarborg?sslmode=require",
            Ok(true),
        );
    }
}
