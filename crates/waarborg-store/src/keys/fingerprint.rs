//! Keyed fingerprints: whether two values are equal, without the values and without a way to guess them.

use std::io::{self, Read};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::master::Master;
use super::secret::Key;

/// HMAC-SHA256 under a key of one tenant and one use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// The fingerprint of `value`, which must be in its canonical form already.
    #[must_use]
    pub fn new(master: &Master, tenant: &str, kind: &str, value: &[u8]) -> Self {
        let key = master.derive(&format!("fingerprint/{tenant}/{kind}"));
        Self(mac(&key, &[value]))
    }
}

/// A key of digests that are made often: what a digest begins with, the key itself, is worked in once.
#[derive(Clone)]
pub(crate) struct MacKey(Hmac<Sha256>);

impl MacKey {
    pub(crate) fn new(key: &Key) -> Self {
        let Ok(begun) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
            unreachable!("HMAC takes keys of any length")
        };
        Self(begun)
    }

    /// HMAC-SHA256 over parts, each after its length.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// HMAC-SHA256 over parts, each after its length.
pub(crate) fn mac(key: &Key, parts: &[&[u8]]) -> [u8; 32] {
    MacKey::new(key).mac(parts)
}

/// HMAC-SHA256 over all that comes out of `reader`, which may be long.
pub(crate) fn mac_of(key: &Key, mut reader: impl Read) -> io::Result<[u8; 32]> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        unreachable!("HMAC takes keys of any length")
    };
    let mut piece = vec![0; 64 * 1024];
    loop {
        let n = reader.read(&mut piece)?;
        if n == 0 {
            return Ok(mac.finalize().into_bytes().into());
        }
        mac.update(piece.get(..n).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_differs_per_tenant_kind_and_value() {
        let folder = tempfile::tempdir().unwrap();
        let master = Master::create(folder.path()).unwrap();
        let one = Fingerprint::new(&master, "a", "EMAIL", b"jan@example.nl");
        assert_eq!(
            one,
            Fingerprint::new(&master, "a", "EMAIL", b"jan@example.nl")
        );
        assert_ne!(
            one,
            Fingerprint::new(&master, "b", "EMAIL", b"jan@example.nl")
        );
        assert_ne!(
            one,
            Fingerprint::new(&master, "a", "PHONE", b"jan@example.nl")
        );
        assert_ne!(
            one,
            Fingerprint::new(&master, "a", "EMAIL", b"piet@example.nl")
        );
    }
}
