//! The names by which this program may be addressed. A page elsewhere that makes its own name point here (DNS
//! rebinding) names itself in `Host`, and is turned away.

use std::net::{IpAddr, SocketAddr};

use axum::{
    body::Body,
    http::{HeaderMap, Request, Response, StatusCode, Uri, Version, header, uri::Authority},
    response::IntoResponse as _,
};
use serde_json::json;

use crate::settings::Settings;

/// What the answer says to who sets the program up.
const ADVICE: &str = "Waarborg does not know itself by the name in the Host header. Use the address on which it listens, or set \
     public_url, or add the name to hosts, in waarborg.toml, and start it again.";

/// What it says where there is none (RFC 9112, 3.2): a proxy may have read another request than we do.
const NO_HOST: &str = "This request has no Host header, which HTTP/1.1 wants. Send one.";

/// The names that are ours.
#[derive(Debug, Clone)]
pub(crate) struct Hosts {
    bound: IpAddr,
    names: Vec<String>,
}

impl Hosts {
    /// The names of an installation that listens at this address.
    pub(crate) fn new(bound: SocketAddr, settings: &Settings) -> Self {
        let public = settings
            .public_url
            .as_ref()
            .and_then(|url| url.parse::<Uri>().ok());
        let public = public.as_ref().and_then(Uri::host).map(plain);
        let names = settings.hosts.iter().map(|name| plain(name)).chain(public);
        Self {
            bound: bound.ip(),
            names: names.collect(),
        }
    }

    /// An answer for a request that names somebody else, or nobody where it must; `None` if it may go on.
    pub(crate) fn misdirected<B>(&self, request: &Request<B>) -> Option<Response<Body>> {
        let has_host = request.headers().contains_key(header::HOST);
        let (status, code, advice) = if !has_host && request.version() >= Version::HTTP_11 {
            (StatusCode::BAD_REQUEST, "no_host", NO_HOST)
        } else if self.is_ours(request.uri(), request.headers()) {
            return None;
        } else {
            (StatusCode::MISDIRECTED_REQUEST, "unknown_host", ADVICE)
        };
        if !request.uri().path().starts_with("/v1") {
            return Some((status, advice).into_response());
        }
        let error = json!({"error": {"message": advice, "type": "invalid_request_error", "param": null, "code": code}});
        Some((status, axum::Json(error)).into_response())
    }

    fn is_ours(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let in_header = match (hosts.next(), hosts.next()) {
            (None, _) => None,
            (Some(host), None) => match host.to_str().ok().and_then(name_in) {
                Some(name) => Some(name),
                None => return false,
            },
            (Some(_), Some(_)) => return false,
        };
        let in_uri = uri.host().map(plain);
        // Who names nobody, as HTTP/1.0 lets one, is no browser.
        in_header.iter().chain(&in_uri).all(|name| self.knows(name))
    }

    fn knows(&self, name: &str) -> bool {
        match name.parse::<IpAddr>() {
            // An address cannot be made to point elsewhere.
            Ok(address) => {
                address.is_loopback() || address == self.bound || self.bound.is_unspecified()
            }
            Err(_) => {
                name == "localhost"
                    || name.ends_with(".localhost")
                    || self.names.iter().any(|known| known == name)
            }
        }
    }
}

/// The name in a `Host` header, without a port.
fn name_in(host: &str) -> Option<String> {
    let authority: Authority = host.parse().ok()?;
    (!host.contains('@')).then(|| plain(authority.host()))
}

/// Lower case, without the brackets of an address and the dot of a root.
fn plain(name: &str) -> String {
    name.trim_start_matches('[')
        .trim_end_matches([']', '.'])
        .to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(listen: &str, source: &str, host: &str) -> Option<StatusCode> {
        let settings = Settings::read(source, "waarborg.toml").unwrap();
        let hosts = Hosts::new(listen.parse().unwrap(), &settings);
        let mut request = Request::get("/v1/models").body(()).unwrap();
        if !host.is_empty() {
            request
                .headers_mut()
                .insert(header::HOST, host.parse().unwrap());
        }
        hosts
            .misdirected(&request)
            .map(|response| response.status())
    }

    #[test]
    fn the_programs_own_names_are_let_in_on_any_port() {
        let settings = "public_url = \"https://Chat.Voorbeeld.nl:8443/w\"\nhosts = [\"waarborg\"]";
        for host in [
            "127.0.0.1:8484",
            "127.0.0.9",
            "[::1]:8484",
            "localhost:9000",
            "LOCALHOST",
            "app.localhost",
            "chat.voorbeeld.nl",
            "chat.voorbeeld.nl.",
            "chat.voorbeeld.nl:8443",
            "waarborg:8484",
            "192.0.2.7:8484",
        ] {
            assert_eq!(status("192.0.2.7:8484", settings, host), None, "{host}");
        }
        assert_eq!(status("0.0.0.0:8484", "", "198.51.100.4:80"), None);
    }

    #[test]
    fn only_an_old_client_may_name_nobody() {
        assert_eq!(
            status("127.0.0.1:8484", "", ""),
            Some(StatusCode::BAD_REQUEST)
        );
        let hosts = Hosts::new(
            "127.0.0.1:8484".parse().unwrap(),
            &Settings::read("", "waarborg.toml").unwrap(),
        );
        let old = Request::get("/healthz").version(Version::HTTP_10);
        assert!(hosts.misdirected(&old.body(()).unwrap()).is_none());
        let named = Request::get("http://kwaad.example/healthz").version(Version::HTTP_10);
        assert!(hosts.misdirected(&named.body(()).unwrap()).is_some());
    }

    #[test]
    fn every_other_name_is_turned_away() {
        for host in [
            "kwaad.example",
            "127.0.0.1.kwaad.example",
            "localhost.kwaad.example",
            "kwaadlocalhost",
            "localhost@kwaad.example",
            "198.51.100.4",
            "a b",
            "\u{e9}",
        ] {
            assert_eq!(
                status("127.0.0.1:8484", "", host),
                Some(StatusCode::MISDIRECTED_REQUEST),
                "{host}"
            );
        }
    }
}
