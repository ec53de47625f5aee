//! Signs tokens, for tests: as an application does with its secret, and as an issuer does with its private keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use ring::{hmac, rsa};
use serde_json::{Value, json};

/// The RSA key of RFC 7515, appendix A.2: everybody has it.
const RSA: &str = include_str!("rfc7515.json");

/// A secret of the right length.
pub(crate) const SECRET: &str = "een-geheim-van-minstens-32-tekens";

pub(crate) fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// A token with this header and these claims, signed by `sign`.
pub(crate) fn token(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let signed = format!(
        "{}.{}",
        encoded(header.to_string()),
        encoded(claims.to_string())
    );
    let signature = sign(signed.as_bytes());
    format!("{signed}.{}", encoded(signature))
}

/// A token of an application, as `Open WebUI` makes them.
pub(crate) fn by_secret(secret: &[u8], claims: &Value) -> String {
    let header = json!({"alg": "HS256", "typ": "JWT"});
    token(&header, claims, |signed| hmac_of(secret, signed))
}

pub(crate) fn hmac_of(secret: &[u8], signed: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    hmac::sign(&key, signed).as_ref().to_vec()
}

/// A private key of an issuer, of each kind that is accepted.
pub(crate) enum Signer {
    Rsa(Box<RsaKeyPair>),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    pub(crate) fn rsa() -> Self {
        let members: Value = serde_json::from_str(RSA).unwrap();
        let number = |name: &str| decoded(members[name].as_str().unwrap());
        let components = rsa::KeyPairComponents {
            public_key: rsa::PublicKeyComponents {
                n: number("n"),
                e: number("e"),
            },
            d: number("d"),
            p: number("p"),
            q: number("q"),
            dP: number("dp"),
            dQ: number("dq"),
            qInv: number("qi"),
        };
        Self::Rsa(Box::new(RsaKeyPair::from_components(&components).unwrap()))
    }

    pub(crate) fn p256() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random);
        Self::P256(pair.unwrap())
    }

    pub(crate) fn ed25519() -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Ed25519(Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap())
    }

    /// The public key, as the issuer lists it.
    pub(crate) fn public(&self, id: &str) -> Value {
        match self {
            Self::Rsa(pair) => {
                let public: rsa::PublicKeyComponents<Vec<u8>> = pair.public().into();
                json!({"kty": "RSA", "kid": id, "use": "sig", "n": encoded(public.n), "e": encoded(public.e)})
            }
            Self::P256(pair) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "kid": id, "x": encoded(&point[1..33]), "y": encoded(&point[33..])})
            }
            Self::Ed25519(pair) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "OKP", "crv": "Ed25519", "kid": id, "x": encoded(point)})
            }
        }
    }

    fn usual(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    /// A token of this issuer.
    pub(crate) fn token(&self, id: &str, claims: &Value) -> String {
        self.token_as(self.usual(), id, claims)
    }

    /// The same, signed in a way that is named.
    pub(crate) fn token_as(&self, algorithm: &str, id: &str, claims: &Value) -> String {
        let header = json!({"alg": algorithm, "typ": "at+jwt", "kid": id});
        token(&header, claims, |signed| self.sign(algorithm, signed))
    }

    fn sign(&self, algorithm: &str, signed: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let padding: &'static dyn RsaEncoding = if algorithm == "PS256" {
                    &RSA_PSS_SHA256
                } else {
                    &RSA_PKCS1_SHA256
                };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(padding, &random, signed, &mut signature).unwrap();
                signature
            }
            Self::P256(pair) => pair.sign(&random, signed).unwrap().as_ref().to_vec(),
            Self::Ed25519(pair) => pair.sign(signed).as_ref().to_vec(),
        }
    }
}

/// A list of public keys.
pub(crate) fn listed(keys: &[Value]) -> Vec<u8> {
    json!({ "keys": keys }).to_string().into_bytes()
}
