//! An issuer whose tokens let people in without a key of this house: which of its claims opens which gateway key.

use std::sync::Arc;

use jiff::Timestamp;
use waarborg_domain::ids::GatewayKeyId;

use super::claims::{Claims, Expected};
use super::key_ring::{KeyRing, KeySource};
use super::token::{TokenFault, Unverified};
use super::writer::person;
use super::{Known, Unknown};

/// In place of a value: everybody who has a token that is meant for us.
pub const EVERYBODY: &str = "*";

/// What is declared of an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// What it is called in the settings.
    pub name: String,
    /// What it calls itself in `iss`, to the letter.
    pub url: String,
    /// For whom its tokens must be meant: one of these.
    pub audiences: Vec<String>,
    /// The claim that says who it is.
    pub person: String,
    /// Whether each person has a number of their own in the log, and a share of their own.
    pub is_apart: bool,
    /// The claim that decides which key is opened.
    pub claim: String,
    /// Which value of it opens which key, the first that fits first.
    pub opens: Vec<(String, GatewayKeyId)>,
}

/// An issuer of tokens.
#[derive(Debug)]
pub struct Issuer {
    declared: Declared,
    keys: Arc<KeyRing>,
}

/// Who comes in with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// The keys that what the token says opens, the first that fits first; one at least.
    pub(crate) keys: Vec<GatewayKeyId>,
    /// Who it is.
    pub(crate) known: Known,
}

impl Issuer {
    /// An issuer, and where its keys come from.
    #[must_use]
    pub fn new(declared: Declared, source: Box<dyn KeySource>) -> Self {
        Self {
            declared,
            keys: Arc::new(KeyRing::new(source)),
        }
    }

    pub(super) fn is(&self, named: Option<&str>) -> bool {
        named == Some(self.declared.url.as_str())
    }

    /// Who comes in with this token.
    pub(super) async fn admit(
        &self,
        token: Unverified<'_>,
        now: Timestamp,
    ) -> Result<Admitted, Unknown> {
        let keys = self.keys.for_token(&token, now).await?;
        let claims = keys.of(&token).and_then(|key| token.verified_by(key));
        let claims = claims.map_err(Unknown::Token)?;
        let known = self.known(&claims, now).map_err(Unknown::Token)?;
        let keys = self.opened(&claims);
        if keys.is_empty() {
            return Err(Unknown::OpensNothing);
        }
        Ok(Admitted { keys, known })
    }

    fn known(&self, claims: &Claims, now: Timestamp) -> Result<Known, TokenFault> {
        let Declared {
            name,
            url,
            audiences,
            is_apart,
            ..
        } = &self.declared;
        let expected = Expected {
            issuer: url,
            audiences,
        };
        claims.check(&expected, now)?;
        Ok(Known {
            person: person(name, claims.person(&self.declared.person)?),
            is_apart: *is_apart,
            group: None,
        })
    }

    fn opened(&self, claims: &Claims) -> Vec<GatewayKeyId> {
        let values = claims.values(&self.declared.claim);
        let opens = self.declared.opens.iter();
        opens
            .filter(|(value, _)| value == EVERYBODY || values.contains(&value.as_str()))
            .map(|(_, key)| *key)
            .collect()
    }
}
