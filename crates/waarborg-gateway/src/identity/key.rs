//! Keys by which signed tokens are believed: a secret that both sides have, or the public keys of an issuer (RFC 7517).
//!
//! A key signs in the ways of its kind and in no other. So a public key is never taken for a secret, whatever a token says.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use thiserror::Error;
use waarborg_domain::json::{Limits, scan};

use super::token::{Algorithm, TokenFault, Unverified};

/// The longest list of keys that is read, in bytes.
pub const LONGEST_LIST: usize = 256 * 1024;

/// The most keys of a list that are kept.
const MOST_KEYS: usize = 100;

/// A secret shorter than the digest can be guessed sooner than it should (RFC 7518, 3.2).
const SHORTEST_SECRET: usize = 32;

/// A key.
#[derive(Debug)]
pub struct Key {
    id: Option<String>,
    /// The one way in which its owner says that it signs.
    only: Option<Algorithm>,
    material: Material,
}

#[derive(Debug)]
enum Material {
    Secret(hmac::Key),
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
    /// A point of P-256, not compressed.
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// A secret that anybody could guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the secret is shorter than 32 characters")]
pub struct TooShort;

/// A list of keys that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is no list of keys that can be used")]
pub struct NoKeys;

impl Key {
    /// A secret that both sides have.
    ///
    /// # Errors
    ///
    /// [`TooShort`].
    pub fn secret(secret: &SecretString) -> Result<Self, TooShort> {
        // It goes into the digest, and nowhere else.
        Self::of_secret(secret.expose_secret().as_bytes())
    }

    pub(super) fn of_secret(secret: &[u8]) -> Result<Self, TooShort> {
        if secret.len() < SHORTEST_SECRET {
            return Err(TooShort);
        }
        Ok(Self {
            id: None,
            only: Some(Algorithm::Hs256),
            material: Material::Secret(hmac::Key::new(hmac::HMAC_SHA256, secret)),
        })
    }

    /// Whether what was signed in this way was signed with this key.
    ///
    /// # Errors
    ///
    /// [`TokenFault::Algorithm`] if such a key does not sign in this way; [`TokenFault::Signature`].
    pub(super) fn verify(
        &self,
        algorithm: Algorithm,
        signed: &[u8],
        signature: &[u8],
    ) -> Result<(), TokenFault> {
        if !self.signs(algorithm) {
            return Err(TokenFault::Algorithm);
        }
        let verified = match (&self.material, algorithm) {
            (Material::Secret(key), _) => hmac::verify(key, signed, signature),
            (Material::Rsa(key), Algorithm::Ps256) => {
                key.verify(&RSA_PSS_2048_8192_SHA256, signed, signature)
            }
            (Material::Rsa(key), _) => key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature),
            (Material::P256(point), _) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
            }
            (Material::Ed25519(point), _) => {
                UnparsedPublicKey::new(&ED25519, point).verify(signed, signature)
            }
        };
        verified.map_err(|_| TokenFault::Signature)
    }

    fn signs(&self, algorithm: Algorithm) -> bool {
        let fits = match &self.material {
            Material::Secret(_) => algorithm == Algorithm::Hs256,
            Material::Rsa(_) => matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256),
            Material::P256(_) => algorithm == Algorithm::Es256,
            Material::Ed25519(_) => algorithm == Algorithm::EdDsa,
        };
        fits && self.only.is_none_or(|only| only == algorithm)
    }

    /// A public key for signatures in one of our ways; `None` for every other.
    fn public(members: &Map<String, Value>) -> Option<Self> {
        let word = |name: &str| members.get(name).and_then(Value::as_str);
        let is_for_signatures = match members.get("use") {
            None => true,
            Some(purpose) => purpose == "sig",
        };
        let verifies = match members.get("key_ops") {
            None => true,
            Some(acts) => {
                (acts.as_array()).is_some_and(|acts| acts.iter().any(|act| act == "verify"))
            }
        };
        if !is_for_signatures || !verifies {
            return None;
        }
        let only = match members.get("alg") {
            None => None,
            Some(name) => Some(name.as_str().and_then(Algorithm::parse)?),
        };
        let number = |name: &str| {
            let number = word(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
            number.filter(|number| !number.is_empty())
        };
        let material = match (word("kty")?, word("crv")) {
            ("RSA", _) => Material::Rsa(RsaPublicKeyComponents {
                n: without_zeros(number("n")?),
                e: without_zeros(number("e")?),
            }),
            ("EC", Some("P-256")) => {
                let (x, y) = (number("x")?, number("y")?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                Material::P256([&[4][..], &x, &y].concat())
            }
            ("OKP", Some("Ed25519")) => {
                Material::Ed25519(number("x").filter(|point| point.len() == 32)?)
            }
            // A secret in a public list (`oct`) is none.
            _ => return None,
        };
        Some(Self {
            id: word("kid").map(str::to_owned),
            only,
            material,
        })
    }
}

/// A whole number as it is written without zeros in front.
fn without_zeros(number: Vec<u8>) -> Vec<u8> {
    number.into_iter().skip_while(|byte| *byte == 0).collect()
}

/// The public keys of an issuer.
#[derive(Debug)]
pub struct Keys(Vec<Key>);

impl Keys {
    /// Reads a list of keys (a JWK set). Keys for something else, and of kinds that sign in no way of ours, are left out.
    ///
    /// # Errors
    ///
    /// [`NoKeys`] if it is none, or none of its keys can be used.
    pub fn read(document: &[u8]) -> Result<Self, NoKeys> {
        let limits = Limits {
            bytes: LONGEST_LIST,
            depth: 16,
            leaves: 20_000,
        };
        scan(document, &limits).map_err(|_| NoKeys)?;
        let document: Value = serde_json::from_slice(document).map_err(|_| NoKeys)?;
        let listed = document.get("keys").and_then(Value::as_array);
        let keys: Vec<Key> = listed
            .ok_or(NoKeys)?
            .iter()
            .filter_map(|key| Key::public(key.as_object()?))
            .take(MOST_KEYS)
            .collect();
        if keys.is_empty() {
            return Err(NoKeys);
        }
        Ok(Self(keys))
    }

    /// Whether a signature is that of one of these keys, whatever it is over.
    #[cfg(test)]
    pub(super) fn is_signed_by_one(&self, signed: &str, signature: &str) -> bool {
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let signed = signed.as_bytes();
        let mut keys = self.0.iter();
        keys.any(|key| key.verify(Algorithm::EdDsa, signed, &signature).is_ok())
    }

    /// The key with which a token says that it is signed. One that names none must be signed with the only key that there
    /// is for its way of signing.
    ///
    /// # Errors
    ///
    /// [`TokenFault::UnknownKey`]; [`TokenFault::Algorithm`] if that key does not sign in this way.
    pub fn of(&self, token: &Unverified<'_>) -> Result<&Key, TokenFault> {
        let algorithm = token.algorithm();
        let Some(id) = token.key_id() else {
            let mut fitting = self.0.iter().filter(|key| key.signs(algorithm));
            return match (fitting.next(), fitting.next()) {
                (Some(key), None) => Ok(key),
                _ => Err(TokenFault::UnknownKey),
            };
        };
        let mut named = self.0.iter().filter(|key| key.id.as_deref() == Some(id));
        let first = named.next().ok_or(TokenFault::UnknownKey)?;
        // Keys of two kinds may have one name (RFC 7517, 4.5).
        let fitting = std::iter::once(first)
            .chain(named)
            .find(|key| key.signs(algorithm));
        fitting.ok_or(TokenFault::Algorithm)
    }
}
