//! An application that signs for who of its people writes, with a secret that it shares with us.

use std::collections::{BTreeMap, BTreeSet};

use http::{HeaderMap, HeaderName};
use jiff::Timestamp;

use super::claims::Expected;
use super::key::Key;
use super::token::{TokenFault, Unverified};
use super::{Known, Unknown};

/// An application that signs for who writes.
#[derive(Debug)]
pub struct Writer {
    /// What it is called in the settings.
    pub name: String,
    /// In which header its token comes.
    pub header: HeaderName,
    /// The secret.
    pub key: Key,
    /// What its tokens call it.
    pub issuer: String,
    /// For whom its tokens are meant, where they say so.
    pub audiences: Vec<String>,
    /// The claim that says who writes.
    pub person: String,
    /// Whether each person has a number of their own in the log, and a share of their own.
    pub is_apart: bool,
    /// Which group of the register its people are of.
    pub groups: Groups,
}

/// Which group of the register a person is of, by what a token says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// The claim.
    pub claim: String,
    /// The group of the register for each of its values.
    pub by_value: BTreeMap<String, String>,
}

impl Groups {
    /// The group that the values of the claim name.
    ///
    /// # Errors
    ///
    /// [`TokenFault::Groups`] where they name several: for which of them the policy is to be read, nobody knows.
    fn of(&self, values: &[&str]) -> Result<Option<String>, TokenFault> {
        let named = values.iter().filter_map(|value| self.by_value.get(*value));
        let named: BTreeSet<&String> = named.collect();
        let mut named = named.into_iter();
        match (named.next(), named.next()) {
            (group, None) => Ok(group.cloned()),
            (_, Some(_)) => Err(TokenFault::Groups),
        }
    }
}

impl Writer {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    pub(super) fn is_named_in(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(&self.header)
    }

    /// Who writes, if the application says so.
    pub(super) fn known(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Option<Known>, Unknown> {
        let mut lines = headers.get_all(&self.header).iter();
        let token = match (lines.next(), lines.next()) {
            (None, _) => return Ok(None),
            (Some(line), None) => line.to_str().ok(),
            (Some(_), Some(_)) => None,
        };
        let token = token.ok_or(TokenFault::Malformed);
        let known = token.and_then(|token| self.said_by(token.trim(), now));
        known.map(Some).map_err(Unknown::Writer)
    }

    fn said_by(&self, token: &str, now: Timestamp) -> Result<Known, TokenFault> {
        let claims = Unverified::read(token)?.verified_by(&self.key)?;
        let expected = Expected {
            issuer: &self.issuer,
            audiences: &self.audiences,
        };
        claims.check(&expected, now)?;
        Ok(Known {
            person: person(&self.name, claims.person(&self.person)?),
            is_apart: self.is_apart,
            group: self.groups.of(&claims.values(&self.groups.claim))?,
        })
    }
}

/// Somebody who is known by a signature, under a name that no header can hold.
pub(super) fn person(signed_by: &str, person: &str) -> String {
    format!("\u{1}{signed_by}\u{1}{person}")
}
