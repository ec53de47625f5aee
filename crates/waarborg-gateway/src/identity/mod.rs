//! Who calls, and who writes: signed tokens of applications that say who of their people writes, and of issuers that say who
//! comes in without a key of this house.

pub mod claims;
mod discovery;
mod issuer;
pub mod key;
mod key_ring;
#[cfg(test)]
pub(crate) mod signing;
#[cfg(test)]
mod tests;
pub mod token;
mod writer;

use http::HeaderMap;
use jiff::Timestamp;
use waarborg_usecase::ports::GatewayKey;

pub use discovery::{Discovery, IssuerUrlFault, issuer_url};
pub(crate) use issuer::Admitted;
pub use issuer::{Declared, EVERYBODY, Issuer};
pub use key_ring::{KeySource, NotFetched};
pub use token::TokenFault;
use token::Unverified;
pub use writer::{Groups, Writer};

/// Whose signatures are believed here.
#[derive(Debug, Default)]
pub struct Identity {
    writers: Vec<Writer>,
    issuers: Vec<Issuer>,
}

/// Who a signed token is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// The person, apart from everybody whom another signs for, and from everybody of whom an application only says so.
    pub(crate) person: String,
    /// Whether this person has a number of their own in the log, and a share of their own.
    pub(crate) is_apart: bool,
    /// The group of the register that their prompts are of, where the token says so.
    pub(crate) group: Option<String>,
}

/// Why nobody is known by a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// The key carries prompts only with a token that says who writes, and there is none.
    NoWriter,
    /// The key waits for a token of an application that is not declared here.
    NoSuchWriter,
    /// A token that says who writes is not accepted.
    Writer(TokenFault),
    /// A token that is carried in place of a key is not accepted.
    Token(TokenFault),
    /// The keys of its issuer cannot be had, so that nobody knows.
    NoKeys,
    /// It is right, and what it says opens no key.
    OpensNothing,
}

impl Identity {
    /// Applications that say who writes, and issuers whose tokens let people in.
    #[must_use]
    pub fn new(writers: Vec<Writer>, issuers: Vec<Issuer>) -> Self {
        Self { writers, issuers }
    }

    /// Whether what is carried could be a token that lets somebody in here. Keys of this house have no dots.
    pub(crate) fn takes(&self, carried: &str) -> bool {
        !self.issuers.is_empty() && carried.matches('.').count() == 2
    }

    /// Who comes in with a token in place of a key.
    ///
    /// # Errors
    ///
    /// [`Unknown`]
    pub(crate) async fn admit(&self, token: &str, now: Timestamp) -> Result<Admitted, Unknown> {
        let token = Unverified::read(token).map_err(Unknown::Token)?;
        let mut issuers = self.issuers.iter();
        let issuer = issuers.find(|issuer| issuer.is(token.issuer()));
        let issuer = issuer.ok_or(Unknown::Token(TokenFault::Issuer))?;
        issuer.admit(token, now).await
    }

    /// Who of the people behind a key writes, as far as somebody signs for it. A token that is there is true, or nothing goes.
    ///
    /// # Errors
    ///
    /// [`Unknown`]
    pub(crate) fn writer(
        &self,
        key: &GatewayKey,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Option<Known>, Unknown> {
        let Some(name) = &key.bounds.signed_by else {
            let mut said = self.writers.iter().filter(|one| one.is_named_in(headers));
            let writer = said.next();
            return match (writer, said.next()) {
                (Some(writer), None) => writer.known(headers, now),
                (None, _) => Ok(None),
                // Two that say who writes: whom to believe nobody knows.
                (Some(_), Some(_)) => Err(Unknown::Writer(TokenFault::Malformed)),
            };
        };
        let writer = self.writers.iter().find(|one| one.is(name));
        let known = writer.ok_or(Unknown::NoSuchWriter)?.known(headers, now)?;
        known.ok_or(Unknown::NoWriter).map(Some)
    }
}
