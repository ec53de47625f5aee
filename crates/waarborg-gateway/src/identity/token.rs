//! A signed token in compact form (RFC 7515, RFC 7519), read strictly. What it says counts only with its signature.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use thiserror::Error;
use waarborg_domain::json::{Limits, scan};

use super::claims::Claims;
use super::key::Key;

/// The longest token that is read, in bytes.
pub const LONGEST: usize = 16 * 1024;

/// A token says little: who writes JSON without end, or deep, has something else in mind.
const LIMITS: Limits = Limits {
    bytes: LONGEST,
    depth: 16,
    leaves: 4096,
};

/// Why a token is not accepted. Nothing of its content is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// It is longer than [`LONGEST`].
    #[error("the token is too long")]
    TooLong,
    /// It is no token in compact form, or can be read in more than one way.
    #[error("this is no token in compact form")]
    Malformed,
    /// It says that it is not signed.
    #[error("the token is not signed")]
    Unsigned,
    /// It is signed in a way that is not accepted, or not with this kind of key.
    #[error("the token is signed in a way that is not accepted here")]
    Algorithm,
    /// It is a token of another type.
    #[error("the token is of another type")]
    Type,
    /// It asks for extensions that nobody here knows.
    #[error("the token asks for extensions that are not known here")]
    Extension,
    /// It is of an issuer that is not declared.
    #[error("the token is of an issuer that is not declared here")]
    Issuer,
    /// Its issuer has no such key.
    #[error("the token is signed with a key that its issuer does not have")]
    UnknownKey,
    /// Its signature is not right.
    #[error("the signature of the token is not right")]
    Signature,
    /// It is meant for somebody else.
    #[error("the token is meant for somebody else")]
    Audience,
    /// It does not say until when it counts.
    #[error("the token does not say until when it counts")]
    Endless,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token does not count yet")]
    NotYet,
    /// It does not say who it is of.
    #[error("the token does not say who it is of")]
    Nobody,
    /// It names several groups of the register.
    #[error("the token names several groups of the register")]
    Groups,
}

impl TokenFault {
    /// A word for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TooLong => "too-long",
            Self::Malformed => "malformed",
            Self::Unsigned => "unsigned",
            Self::Algorithm => "algorithm",
            Self::Type => "type",
            Self::Extension => "extension",
            Self::Issuer => "issuer",
            Self::UnknownKey => "unknown-key",
            Self::Signature => "signature",
            Self::Audience => "audience",
            Self::Endless => "endless",
            Self::Expired => "expired",
            Self::NotYet => "not-yet",
            Self::Nobody => "nobody",
            Self::Groups => "groups",
        }
    }
}

/// How a token is signed (RFC 7518, RFC 8037). There is no other way here, and above all not `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-256 and a secret that both sides have.
    Hs256,
    /// RSA with PKCS #1 v1.5 and SHA-256.
    Rs256,
    /// RSA with PSS and SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// Reads its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "HS256" => Self::Hs256,
            "RS256" => Self::Rs256,
            "PS256" => Self::Ps256,
            "ES256" => Self::Es256,
            // RFC 8037, and the name that says which curve (RFC 9864).
            "EdDSA" | "Ed25519" => Self::EdDsa,
            _ => return None,
        })
    }
}

/// A token of which nobody knows yet whether it is true.
#[derive(Debug)]
pub struct Unverified<'t> {
    algorithm: Algorithm,
    key_id: Option<String>,
    claims: Claims,
    /// What the signature is over.
    signed: &'t str,
    signature: Vec<u8>,
}

impl<'t> Unverified<'t> {
    /// Reads a token.
    ///
    /// # Errors
    ///
    /// [`TokenFault`] if it is none, or one that could never be accepted.
    pub fn read(token: &'t str) -> Result<Self, TokenFault> {
        if token.len() > LONGEST {
            return Err(TokenFault::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenFault::Malformed)?;
        let header = object(header)?;
        let claims = object(claims)?;
        let signature = bytes(signature)?;

        let word = |name: &str| header.get(name).and_then(Value::as_str);
        let algorithm = word("alg").ok_or(TokenFault::Malformed)?;
        if algorithm.eq_ignore_ascii_case("none") {
            return Err(TokenFault::Unsigned);
        }
        let algorithm = Algorithm::parse(algorithm).ok_or(TokenFault::Algorithm)?;
        if header.contains_key("crit") {
            return Err(TokenFault::Extension);
        }
        if header.contains_key("typ") && !word("typ").is_some_and(is_token_type) {
            return Err(TokenFault::Type);
        }
        let key_id = match header.get("kid") {
            None => None,
            Some(Value::String(id)) => Some(id.clone()),
            Some(_) => return Err(TokenFault::Malformed),
        };

        Ok(Self {
            algorithm,
            key_id,
            claims: Claims::new(claims),
            signed,
            signature,
        })
    }

    /// Whose it says that it is, to find the key with which that is checked.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.claims.text("iss")
    }

    /// Which key it says that it is signed with.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// How it says that it is signed.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What it says, if it is signed with this key.
    ///
    /// # Errors
    ///
    /// [`TokenFault::Algorithm`] if such a key does not sign in this way; [`TokenFault::Signature`].
    pub fn verified_by(self, key: &Key) -> Result<Claims, TokenFault> {
        key.verify(self.algorithm, self.signed.as_bytes(), &self.signature)?;
        Ok(self.claims)
    }
}

/// Whether a header's `typ` is that of a token that lets somebody in. Media types do not mind capitals.
fn is_token_type(name: &str) -> bool {
    ["jwt", "at+jwt", "application/at+jwt"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// The object in a part of a token, which can be read in one way only.
fn object(part: &str) -> Result<Map<String, Value>, TokenFault> {
    let document = bytes(part)?;
    scan(&document, &LIMITS).map_err(|_| TokenFault::Malformed)?;
    serde_json::from_slice(&document).map_err(|_| TokenFault::Malformed)
}

/// The bytes of a part of a token: without padding, and with no bit to spare.
fn bytes(part: &str) -> Result<Vec<u8>, TokenFault> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| TokenFault::Malformed)
}
