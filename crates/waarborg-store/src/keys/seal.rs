//! Sealing: XChaCha20-Poly1305, bound to the table, row, column, subject and category that the bytes belong to.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::KeyFault;
use super::secret::{Key, random};

/// First byte of everything sealed in this way.
const VERSION: u8 = 1;
const NONCE: usize = 24;

/// Where sealed bytes belong. Moved elsewhere, they do not open.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The row's key.
    pub row: &'a [u8],
    /// The column.
    pub column: &'a str,
    /// Whose data it is; nil for nobody's.
    pub subject: Uuid,
    /// The category of the register, or empty.
    pub category: &'a str,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"waarborg sealed 1".to_vec();
        for part in [
            self.table.as_bytes(),
            self.row,
            self.column.as_bytes(),
            self.subject.as_bytes().as_slice(),
            self.category.as_bytes(),
        ] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

/// Seals `plain`: version, random nonce, ciphertext with its tag.
pub(crate) fn seal(key: &Key, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, KeyFault> {
    let nonce = random::<NONCE>()?;
    let aad = place.bytes();
    let cipher = XChaCha20Poly1305::new(key.as_bytes().into());
    let ciphertext = cipher
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: plain,
                aad: &aad,
            },
        )
        .map_err(|_| KeyFault::Unreadable)?;

    let mut sealed = Vec::with_capacity(1 + NONCE + ciphertext.len());
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&ciphertext);
    Ok(sealed)
}

/// Opens what [`seal`] made for the same place.
pub(crate) fn open(
    key: &Key,
    place: &Place<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let Some((&VERSION, rest)) = sealed.split_first() else {
        return Err(KeyFault::Unreadable);
    };
    let Some((nonce, ciphertext)) = rest.split_first_chunk::<NONCE>() else {
        return Err(KeyFault::Unreadable);
    };
    let aad = place.bytes();
    let cipher = XChaCha20Poly1305::new(key.as_bytes().into());
    let plain = cipher
        .decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: ciphertext,
                aad: &aad,
            },
        )
        .map_err(|_| KeyFault::Unreadable)?;
    Ok(Zeroizing::new(plain))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn place(row: &[u8]) -> Place<'_> {
        Place {
            table: "records",
            row,
            column: "sealed",
            subject: Uuid::nil(),
            category: "chat",
        }
    }

    #[test]
    fn sealed_bytes_open_only_in_their_own_place() {
        let key = Key::random().unwrap();
        let sealed = seal(&key, &place(b"1"), b"geheim").unwrap();
        assert_eq!(
            open(&key, &place(b"1"), &sealed).unwrap().as_slice(),
            b"geheim"
        );

        let here = place(b"1");
        for other in [
            place(b"2"),
            Place {
                table: "claims",
                ..here
            },
            Place {
                column: "other",
                ..here
            },
            Place {
                category: "log",
                ..here
            },
            Place {
                subject: Uuid::from_u128(1),
                ..here
            },
        ] {
            assert!(
                matches!(open(&key, &other, &sealed), Err(KeyFault::Unreadable)),
                "{other:?}"
            );
        }
        assert!(open(&Key::random().unwrap(), &here, &sealed).is_err());
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let key = Key::random().unwrap();
        let sealed = seal(&key, &place(b"1"), b"geheim").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key, &place(b"1"), &changed).is_err(), "bit {bit}");
        }
        assert!(open(&key, &place(b"1"), &[]).is_err());
    }

    #[test]
    fn the_cipher_agrees_with_the_wycheproof_vectors() {
        let shared = std::env::var_os("WAARBORG_SHARED").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        );
        let file = shared.join("data/attacks/crypto/wycheproof/xchacha20_poly1305_test.json");
        let Ok(text) = std::fs::read_to_string(&file) else {
            eprintln!("SKIPPED: no vectors at {}", file.display());
            return;
        };
        let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut n_checked = 0;
        for group in vectors["testGroups"].as_array().unwrap() {
            if group["ivSize"] != 192 {
                continue;
            }
            for test in group["tests"].as_array().unwrap() {
                let bytes = |name: &str| from_hex(test[name].as_str().unwrap());
                let (key, nonce, aad, plain) =
                    (bytes("key"), bytes("iv"), bytes("aad"), bytes("msg"));
                let mut sealed = bytes("ct");
                sealed.extend(bytes("tag"));
                let nonce = XNonce::from(<[u8; NONCE]>::try_from(nonce.as_slice()).unwrap());
                let cipher = XChaCha20Poly1305::new_from_slice(&key).unwrap();

                let opened = cipher.decrypt(
                    &nonce,
                    Payload {
                        msg: &sealed,
                        aad: &aad,
                    },
                );
                if test["result"] == "valid" {
                    assert_eq!(opened.unwrap(), plain, "test {}", test["tcId"]);
                    let again = cipher
                        .encrypt(
                            &nonce,
                            Payload {
                                msg: &plain,
                                aad: &aad,
                            },
                        )
                        .unwrap();
                    assert_eq!(again, sealed, "test {}", test["tcId"]);
                } else {
                    assert!(opened.is_err(), "test {}", test["tcId"]);
                }
                n_checked += 1;
            }
        }
        assert!(n_checked > 100, "{n_checked}");
    }

    fn from_hex(text: &str) -> Vec<u8> {
        let digit = |byte: &u8| {
            (*byte as char)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
                .unwrap()
        };
        text.as_bytes()
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[high, low]| digit(high) * 16 + digit(low))
            .collect()
    }
}
