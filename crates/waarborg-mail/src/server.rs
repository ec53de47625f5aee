//! A mail server by its address in the register.

use std::net::IpAddr;

use thiserror::Error;

/// The port for TLS from the first byte (RFC 8314).
const SUBMISSIONS: u16 = 465;
/// The port on which a program hands in mail (RFC 6409).
const SUBMISSION: u16 = 587;

/// Where mail is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name, for the certificate too.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether TLS begins with the first byte; otherwise it begins by STARTTLS.
    pub is_tls_at_once: bool,
}

/// Why an address is no mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not the address of a mail server: smtps://host or smtp://host, with a port or without")]
pub struct ServerFault;

impl Server {
    /// Reads an address as the register has it.
    ///
    /// # Errors
    ///
    /// [`ServerFault`] if it is none.
    pub fn parse(address: &str) -> Result<Self, ServerFault> {
        let (rest, is_tls_at_once) = match address.strip_prefix("smtps://") {
            Some(rest) => (rest, true),
            None => (address.strip_prefix("smtp://").ok_or(ServerFault)?, false),
        };
        let usual = if is_tls_at_once {
            SUBMISSIONS
        } else {
            SUBMISSION
        };
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => {
                (host, port.parse().map_err(|_| ServerFault)?)
            }
            _ => (rest, usual),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.contains(['/', '@', ' ']) {
            return Err(ServerFault);
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            is_tls_at_once,
        })
    }

    /// Whether it is this machine: nothing crosses a network then.
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        self.host == "localhost"
            || self
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_host_port_and_when_tls_begins() {
        for (address, host, port, is_tls_at_once) in [
            ("smtps://mail.example.nl", "mail.example.nl", 465, true),
            ("smtp://mail.example.nl", "mail.example.nl", 587, false),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, false),
            ("smtps://[::1]:4650", "::1", 4650, true),
            ("smtps://[::1]", "::1", 465, true),
        ] {
            let server = Server::parse(address).unwrap();
            assert_eq!(
                (server.host.as_str(), server.port, server.is_tls_at_once),
                (host, port, is_tls_at_once),
                "{address}"
            );
        }
        for address in [
            "https://x",
            "smtp://",
            "smtp://x:y",
            "smtp://u@x",
            "x",
            "smtp://x/y",
        ] {
            assert_eq!(Server::parse(address), Err(ServerFault), "{address}");
        }
    }

    #[test]
    fn only_loopback_is_this_machine() {
        for (address, is_here) in [
            ("smtp://127.0.0.1:25", true),
            ("smtp://[::1]:25", true),
            ("smtp://localhost:25", true),
            ("smtp://10.0.0.1:25", false),
            ("smtp://localhost.example.nl:25", false),
        ] {
            assert_eq!(
                Server::parse(address).unwrap().is_this_machine(),
                is_here,
                "{address}"
            );
        }
    }
}
