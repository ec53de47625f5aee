//! The keys of an issuer from the address that it names itself (`OpenID` Connect Discovery 1.0), over the same way out as to
//! providers: no redirects, bounded, and to no address where no issuer is.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::Value;
use thiserror::Error;
use waarborg_domain::json::{Limits, scan};

use super::key::LONGEST_LIST;
use super::key_ring::{KeySource, NotFetched};
use crate::address::{BaseUrl, BaseUrlFault};
use crate::upstream::{Dialect, Upstream, UpstreamFault, UpstreamKey, UpstreamLimits};
use crate::way::is_this_machine;

/// Where an issuer says what it has.
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// What an issuer may take. It answers with a small document, or it does not answer.
const LIMITS: UpstreamLimits = UpstreamLimits {
    connect: Duration::from_secs(3),
    answer: Duration::from_secs(5),
    silence: Duration::from_secs(3),
    bytes: LONGEST_LIST,
};

/// Why an address is not that of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IssuerUrlFault {
    /// It is no address at all that may be asked.
    #[error(transparent)]
    Address(#[from] BaseUrlFault),
    /// Whoever is on the way could give us keys of their own.
    #[error("the address of an issuer must be https, but on this machine")]
    NotEncrypted,
}

/// An issuer's keys, from where it says that they are.
#[derive(Debug)]
pub struct Discovery {
    url: String,
    base_url: BaseUrl,
    /// Known by no key of ours, and by the authorities that are named, if any are.
    manner: UpstreamKey,
}

/// The address of an issuer, if it may be one.
///
/// # Errors
///
/// [`IssuerUrlFault`]
pub fn issuer_url(url: &str) -> Result<BaseUrl, IssuerUrlFault> {
    let base_url = BaseUrl::parse(url)?;
    if base_url.is_encrypted() || is_this_machine(base_url.host()) {
        Ok(base_url)
    } else {
        Err(IssuerUrlFault::NotEncrypted)
    }
}

impl Discovery {
    /// The keys of the issuer with this address. It is asked without a key; `manner` says by which authorities it is believed.
    ///
    /// # Errors
    ///
    /// [`IssuerUrlFault`]
    pub fn of(url: &str, manner: UpstreamKey) -> Result<Self, IssuerUrlFault> {
        Ok(Self {
            url: url.to_owned(),
            base_url: issuer_url(url)?,
            manner,
        })
    }

    async fn list(&self) -> Result<Vec<u8>, NotFetched> {
        let about = self.get(self.base_url.clone(), DISCOVERY).await?;
        let about = document(&about)?;
        let word = |name: &str| about.get(name).and_then(Value::as_str);
        // Otherwise one issuer could speak for another (OpenID Connect Discovery 1.0, 4.3).
        if word("issuer") != Some(self.url.as_str()) {
            return Err(NotFetched::NotTheProtocol);
        }
        let place = word("jwks_uri").ok_or(NotFetched::NotTheProtocol)?;
        let (address, query) = match place.split_once('?') {
            Some((address, query)) if is_plain_query(query) => (address, format!("?{query}")),
            Some(_) => return Err(NotFetched::NotTheProtocol),
            None => (place, String::new()),
        };
        let address = issuer_url(address).map_err(|_| NotFetched::NotTheProtocol)?;
        // Who is asked encrypted does not send us on to who is not.
        if self.base_url.is_encrypted() && !address.is_encrypted() {
            return Err(NotFetched::NotTheProtocol);
        }
        self.get(address, &query).await
    }

    async fn get(&self, base_url: BaseUrl, path: &str) -> Result<Vec<u8>, NotFetched> {
        let manner = self.manner.clone();
        let upstream = Upstream::new(base_url, manner, Dialect::OpenAi, LIMITS);
        let upstream = upstream.map_err(|_| NotFetched::Unreachable)?;
        let answer = upstream
            .get(path)
            .await
            .map_err(|fault| not_fetched(&fault))?;
        answer.whole().await.map_err(|fault| not_fetched(&fault))
    }
}

impl KeySource for Discovery {
    fn fetch(&self) -> BoxFuture<'_, Result<Vec<u8>, NotFetched>> {
        self.list().boxed()
    }
}

fn not_fetched(fault: &UpstreamFault) -> NotFetched {
    match fault {
        UpstreamFault::NotTheProtocol | UpstreamFault::TooLong => NotFetched::NotTheProtocol,
        _ => NotFetched::Unreachable,
    }
}

fn document(bytes: &[u8]) -> Result<Value, NotFetched> {
    let limits = Limits {
        bytes: LONGEST_LIST,
        depth: 16,
        leaves: 20_000,
    };
    scan(bytes, &limits).map_err(|_| NotFetched::NotTheProtocol)?;
    serde_json::from_slice(bytes).map_err(|_| NotFetched::NotTheProtocol)
}

/// Some name one of several lists of keys behind a question mark.
fn is_plain_query(query: &str) -> bool {
    query.bytes().all(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'&' | b'_' | b'-' | b'.' | b'%')
    })
}
