//! What a signed token says, and whether it says it to us, now.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::token::TokenFault;

/// How far two clocks may differ, in seconds.
const LEEWAY_S: i64 = 60;

/// The longest name of a person (`OpenID` Connect Core, 2).
const LONGEST_PERSON: usize = 255;

/// The most values of one claim that are looked at.
const MOST_VALUES: usize = 1000;

/// What a token says.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims(Map<String, Value>);

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Whose it is, to the letter.
    pub issuer: &'a str,
    /// One of these it must be meant for. Without any it may be meant for nobody in particular, and for nobody else.
    pub audiences: &'a [String],
}

impl Claims {
    pub(super) const fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// Whether this is said by whom we expect, to us, and now.
    ///
    /// # Errors
    ///
    /// [`TokenFault`] says what is not as it must be.
    pub fn check(&self, expected: &Expected<'_>, now: Timestamp) -> Result<(), TokenFault> {
        if self.text("iss") != Some(expected.issuer) {
            return Err(TokenFault::Issuer);
        }
        if !self.is_meant_for(expected.audiences) {
            return Err(TokenFault::Audience);
        }
        let now = now.as_second();
        let ends_at = self.second("exp")?.ok_or(TokenFault::Endless)?;
        if now >= ends_at.saturating_add(LEEWAY_S) {
            return Err(TokenFault::Expired);
        }
        for begins in ["nbf", "iat"] {
            if let Some(begins_at) = self.second(begins)?
                && now < begins_at.saturating_sub(LEEWAY_S)
            {
                return Err(TokenFault::NotYet);
            }
        }
        Ok(())
    }

    /// Who it is of, by this claim.
    ///
    /// # Errors
    ///
    /// [`TokenFault::Nobody`].
    pub fn person(&self, claim: &str) -> Result<&str, TokenFault> {
        let person = self.found(claim).and_then(Value::as_str);
        let person = person.filter(|person| !person.trim().is_empty());
        person
            .filter(|person| person.len() <= LONGEST_PERSON)
            .ok_or(TokenFault::Nobody)
    }

    /// The text of a claim.
    #[must_use]
    pub fn text(&self, claim: &str) -> Option<&str> {
        self.0.get(claim)?.as_str()
    }

    /// The values of a claim: one text, a list of texts, or words with blanks between (`scope`, `scp`).
    #[must_use]
    pub fn values(&self, claim: &str) -> Vec<&str> {
        match self.found(claim) {
            Some(Value::String(words)) if matches!(claim, "scope" | "scp") => {
                words.split_ascii_whitespace().take(MOST_VALUES).collect()
            }
            Some(Value::String(value)) => vec![value],
            Some(Value::Array(values)) => {
                let values = values.iter().take(MOST_VALUES);
                values.filter_map(Value::as_str).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A claim by its name, or by the way to it (`realm_access.roles`). Names with dots in them exist.
    fn found(&self, claim: &str) -> Option<&Value> {
        if let Some(value) = self.0.get(claim) {
            return Some(value);
        }
        let mut steps = claim.split('.');
        let first = self.0.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    }

    fn is_meant_for(&self, audiences: &[String]) -> bool {
        let is_us = |named: &Value| {
            let named = named.as_str();
            named.is_some_and(|named| audiences.iter().any(|ours| ours == named))
        };
        match self.0.get("aud") {
            None => audiences.is_empty(),
            Some(Value::Array(named)) => named.iter().any(is_us),
            Some(named) => is_us(named),
        }
    }

    /// A moment, in seconds; some write parts of them.
    fn second(&self, claim: &str) -> Result<Option<i64>, TokenFault> {
        let Some(value) = self.0.get(claim) else {
            return Ok(None);
        };
        if let Some(second) = value.as_i64() {
            return Ok(Some(second));
        }
        let second = value.as_f64().filter(|second| second.abs() < 1e15);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "far within what 64 bits hold"
        )]
        let second = second.map(|second| second.floor() as i64);
        second.map(Some).ok_or(TokenFault::Malformed)
    }
}
