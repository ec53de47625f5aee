//! Where a provider may be: the base URL the operator declared, and the addresses its name may mean.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;
use thiserror::Error;

/// Names under which clouds hand out their machines' credentials.
const METADATA_NAMES: [&str; 4] = [
    "metadata.google.internal",
    "metadata.goog",
    "metadata",
    "instance-data.ec2.internal",
];

/// Addresses under which clouds do the same outside the link-local range.
const METADATA_ADDRESSES: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Ports of services that are no web server and would read a request as commands.
const FOREIGN_PORTS: [u16; 12] = [0, 22, 23, 25, 53, 110, 143, 465, 587, 993, 6379, 11211];

/// Why a base URL is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BaseUrlFault {
    /// Not an absolute `http://` or `https://` URL.
    #[error("base_url is not an absolute http or https URL")]
    NotAWebAddress,
    /// It holds a user name, a query or a fragment.
    #[error("base_url holds more than scheme, host, port and path")]
    TooMuch,
    /// The host is written in a way that readers understand differently.
    #[error("base_url has a host that is not plainly a name or an address")]
    StrangeHost,
    /// No provider lives at this host or port.
    #[error("base_url points to a host or port where no provider is")]
    Forbidden,
    /// Plain HTTP over the public network.
    #[error("base_url must be https outside this machine and its private network")]
    NotEncrypted,
}

/// A base URL that was checked: scheme, host, port and a path without a closing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    host: String,
    is_encrypted: bool,
}

impl BaseUrl {
    /// Checks what the operator wrote.
    ///
    /// The operator may name any host, also this machine; an address that hands out credentials,
    /// a disguised one, and personal data in the clear over the public network are refused.
    ///
    /// # Errors
    ///
    /// [`BaseUrlFault`]
    pub fn parse(text: &str) -> Result<Self, BaseUrlFault> {
        let authority = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or(BaseUrlFault::NotAWebAddress)?;
        if text.contains(['?', '#', '@', '\\', '%']) {
            return Err(BaseUrlFault::TooMuch);
        }
        if authority.starts_with('/') || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(BaseUrlFault::NotAWebAddress);
        }
        let uri: Uri = text.parse().map_err(|_| BaseUrlFault::NotAWebAddress)?;
        let host = uri
            .host()
            .ok_or(BaseUrlFault::NotAWebAddress)?
            .to_ascii_lowercase();
        let is_encrypted = text.starts_with("https://");
        if uri
            .port_u16()
            .is_some_and(|port| FOREIGN_PORTS.contains(&port))
        {
            return Err(BaseUrlFault::Forbidden);
        }
        check_host(&host, is_encrypted)?;

        Ok(Self {
            text: text.trim_end_matches('/').to_owned(),
            host,
            is_encrypted,
        })
    }

    /// The host, to which alone the key is sent.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the connection is TLS.
    #[must_use]
    pub const fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// Whether this is what somebody wrote elsewhere.
    #[must_use]
    pub fn is(&self, written: &str) -> bool {
        // Equal letters were checked when this was made.
        written.trim_end_matches('/') == self.text
            || Self::parse(written).is_ok_and(|other| other == *self)
    }

    /// The URL of a path below this one; `path` begins with a slash.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

fn check_host(host: &str, is_encrypted: bool) -> Result<(), BaseUrlFault> {
    let literal = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address = literal.unwrap_or(host).parse::<IpAddr>().ok();
    match address {
        Some(address) if may_connect(address, is_encrypted) => Ok(()),
        Some(address) if is_forbidden(address) => Err(BaseUrlFault::Forbidden),
        Some(_) => Err(BaseUrlFault::NotEncrypted),
        None if METADATA_NAMES.contains(&host.trim_end_matches('.')) => {
            Err(BaseUrlFault::Forbidden)
        }
        None if is_plain_name(host) => Ok(()),
        None => Err(BaseUrlFault::StrangeHost),
    }
}

/// Letters, digits, hyphens and dots, and not an address in disguise: the last label of a name
/// holds a letter and is no hexadecimal number.
fn is_plain_name(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let last = name.rsplit('.').next().unwrap_or_default();
    name.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    }) && last.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !last.starts_with("0x")
}

/// Whether a connection to this address may be made, with or without TLS.
#[must_use]
pub fn may_connect(address: IpAddr, is_encrypted: bool) -> bool {
    !is_forbidden(address) && (is_encrypted || is_near(address))
}

/// Addresses where no provider is: link-local, multicast, unspecified, reserved, metadata, and
/// forms of IPv6 that hide an IPv4 address.
fn is_forbidden(address: IpAddr) -> bool {
    if METADATA_ADDRESSES.contains(&address) {
        return true;
    }
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_unspecified()
                || first == 0
                || address.is_link_local()
                || address.is_multicast()
                || first >= 240
                || (first == 198 && (18..20).contains(&second))
        }
        IpAddr::V6(address) => {
            let [first, second, third, ..] = address.segments();
            let hides_ipv4 = address.to_ipv4_mapped().is_some()
                || first == 0x2002
                || (first == 0x2001 && second == 0)
                || (first == 0x64 && second == 0xff9b)
                || (address.segments().iter().take(6).all(|part| *part == 0)
                    && !address.is_loopback());
            let is_link_local = first & 0xffc0 == 0xfe80;
            hides_ipv4
                || is_link_local
                || address.is_multicast()
                || (first == 0x100 && second == 0 && third == 0)
        }
    }
}

/// This machine or its private network.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_loopback()
                || address.is_private()
                || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(address) => {
            let [first, ..] = address.segments();
            address.is_loopback() || first & 0xfe00 == 0xfc00
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: Result<(), BaseUrlFault>) {
        assert_eq!(BaseUrl::parse(url).map(|_| ()), expected, "{url}");
    }

    #[test]
    fn providers_near_and_far_are_reached() {
        check("https://api.openai.com/v1", Ok(()));
        check("https://api.mistral.ai/v1/", Ok(()));
        check("http://127.0.0.1:11434/v1", Ok(()));
        check("http://localhost:9100", Ok(()));
        check("http://ollama:11434/v1", Ok(()));
        check("http://[::1]:8080/v1", Ok(()));
        check("http://10.1.2.3/v1", Ok(()));
        check("https://203.0.113.7/v1", Ok(()));
        assert_eq!(
            BaseUrl::parse("https://api.x.nl/v1/")
                .unwrap()
                .join("/chat"),
            "https://api.x.nl/v1/chat"
        );
    }

    #[test]
    fn addresses_that_hand_out_credentials_are_refused() {
        check(
            "http://169.254.169.254/latest",
            Err(BaseUrlFault::Forbidden),
        );
        check(
            "https://metadata.google.internal/",
            Err(BaseUrlFault::Forbidden),
        );
        check("http://[fd00:ec2::254]/", Err(BaseUrlFault::Forbidden));
        check("http://100.100.100.200/", Err(BaseUrlFault::Forbidden));
        check(
            "http://[::ffff:169.254.169.254]/",
            Err(BaseUrlFault::Forbidden),
        );
    }

    #[test]
    fn disguised_and_over_full_urls_are_refused() {
        check("http://2852039166/", Err(BaseUrlFault::StrangeHost));
        check("http://0xa9fea9fe/", Err(BaseUrlFault::StrangeHost));
        check(
            "http://0251.0376.0251.0376/",
            Err(BaseUrlFault::StrangeHost),
        );
        check("http://127.1/", Err(BaseUrlFault::StrangeHost));
        check("http://0x7f.1/", Err(BaseUrlFault::StrangeHost));
        check("http://user:pass@127.0.0.1/", Err(BaseUrlFault::TooMuch));
        check(
            "http://127.0.0.1#@api.openai.com/",
            Err(BaseUrlFault::TooMuch),
        );
        check("http://203.0.113.7/v1", Err(BaseUrlFault::NotEncrypted));
        check("https://api.openai.com:22/", Err(BaseUrlFault::Forbidden));
        check("file:///etc/passwd", Err(BaseUrlFault::NotAWebAddress));
        check("", Err(BaseUrlFault::NotAWebAddress));
    }

    #[test]
    fn of_the_attack_list_only_hosts_an_operator_may_choose_are_reached() {
        let Some(list) = crate::shared_data::text("data/attacks/own/ssrf_urls.txt") else {
            return;
        };
        let accepted: Vec<&str> = list
            .lines()
            .filter(|url| BaseUrl::parse(url).is_ok())
            .collect();
        for url in &accepted {
            let host = url.split('/').nth(2).unwrap().to_ascii_lowercase();
            let may_be_chosen = ["127.0.0.1", "[::1]", "localhost", "localhost.", "10.0.0.1", "172.16.0.1"]
                .contains(&host.as_str())
                || ["192.168.1.1", "100.64.0.1", "[fc00::1]"].contains(&host.as_str())
                // Names: what they mean is checked when the connection is made.
                || [".nip.io", "localtest.me", ".test", "xn--lcalhost-j1a"].iter().any(|end| host.ends_with(end));
            assert!(may_be_chosen, "{url}");
        }
        assert!(accepted.len() <= 16, "{accepted:?}");
    }

    #[test]
    fn a_name_that_turns_out_to_mean_metadata_is_not_connected_to() {
        assert!(!may_connect("169.254.169.254".parse().unwrap(), true));
        assert!(may_connect("127.0.0.1".parse().unwrap(), false));
        assert!(!may_connect("93.184.216.34".parse().unwrap(), false));
        assert!(may_connect("93.184.216.34".parse().unwrap(), true));
    }
}
