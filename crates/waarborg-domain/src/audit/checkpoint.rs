//! Checkpoints: the size and root of the log in a few lines of text, signed with Ed25519 (C2SP `signed-note`).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::hash::Hash;

/// The type of signature in a key id: Ed25519 over the text of the note.
const ED25519: u8 = 0x01;
/// What stands before a signature.
const DASH: &str = "\u{2014} ";

/// Why a text is not a checkpoint of this log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointFault {
    /// Not the form of a signed note, or of a checkpoint in it.
    #[error("the text does not have the form of a checkpoint")]
    Form,
    /// A well-formed note of another log.
    #[error("the checkpoint belongs to another log")]
    Origin,
    /// No line by this key.
    #[error("the checkpoint is not signed with this key")]
    Unsigned,
    /// A line by this key that does not fit the text.
    #[error("the signature does not fit the checkpoint")]
    Signature,
    /// A name with a space, a plus sign or nothing in it.
    #[error("a log name has no spaces and no plus sign")]
    Name,
    /// Not a verifier key, or one whose id does not fit.
    #[error("the text is not a verifier key")]
    Key,
}

/// The name of a log: its origin and the name of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogName(String);

impl LogName {
    /// Takes a name without spaces and plus signs, as in `waarborg.example/log`.
    ///
    /// # Errors
    ///
    /// [`CheckpointFault::Name`] if it cannot be one.
    pub fn new(name: &str) -> Result<Self, CheckpointFault> {
        let bad = name.is_empty()
            || name
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || c == '+');
        if bad {
            Err(CheckpointFault::Name)
        } else {
            Ok(Self(name.to_owned()))
        }
    }
}

impl fmt::Display for LogName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The state of the log at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: LogName,
    /// Number of entries.
    pub size: u64,
    /// Root over all of them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    fn parse(text: &str) -> Result<Self, CheckpointFault> {
        let mut lines = text.lines();
        let mut line = || lines.next().ok_or(CheckpointFault::Form);
        let origin = LogName::new(line()?).map_err(|_| CheckpointFault::Form)?;
        let digits = line()?;
        let size: u64 = digits.parse().map_err(|_| CheckpointFault::Form)?;
        if size.to_string() != digits {
            return Err(CheckpointFault::Form);
        }
        let root = STANDARD
            .decode(line()?)
            .ok()
            .and_then(|bytes| Hash::from_slice(&bytes));
        Ok(Self {
            origin,
            size,
            root: root.ok_or(CheckpointFault::Form)?,
        })
    }
}

/// The key that signs checkpoints. It cannot be printed.
pub struct LogSigner {
    name: LogName,
    key: SigningKey,
}

impl LogSigner {
    /// The signer with this secret seed.
    #[must_use]
    pub fn new(name: LogName, seed: &[u8; 32]) -> Self {
        Self {
            name,
            key: SigningKey::from_bytes(seed),
        }
    }

    /// The log that this key signs for.
    #[must_use]
    pub fn name(&self) -> &LogName {
        &self.name
    }

    /// What everyone may have to verify.
    #[must_use]
    pub fn verifier(&self) -> LogKey {
        LogKey {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// The signed note over a checkpoint of this log.
    #[must_use]
    pub fn sign(&self, size: u64, root: Hash) -> String {
        let text = Checkpoint {
            origin: self.name.clone(),
            size,
            root,
        }
        .text();
        self.sign_text(&text)
    }

    /// The signed note over a text that ends with a line's end and has no empty line in it.
    #[must_use]
    pub fn sign_text(&self, text: &str) -> String {
        let mut signature = self.verifier().id().to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!(
            "{text}\n{DASH}{} {}\n",
            self.name,
            STANDARD.encode(signature)
        )
    }
}

impl fmt::Debug for LogSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogSigner({})", self.name)
    }
}

/// The public key of a log. Its text form is `name+id+key`, as other verifiers read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogKey {
    name: LogName,
    key: VerifyingKey,
}

impl LogKey {
    /// Reads `name+id+key`.
    ///
    /// # Errors
    ///
    /// [`CheckpointFault::Key`] if it is none.
    pub fn parse(text: &str) -> Result<Self, CheckpointFault> {
        let mut parts = text.trim().splitn(3, '+');
        let mut part = || parts.next().ok_or(CheckpointFault::Key);
        let name = LogName::new(part()?).map_err(|_| CheckpointFault::Key)?;
        let id = part()?;
        let bytes = STANDARD.decode(part()?).map_err(|_| CheckpointFault::Key)?;
        let Some((&ED25519, key)) = bytes.split_first() else {
            return Err(CheckpointFault::Key);
        };
        let key = key.try_into().map_err(|_| CheckpointFault::Key)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| CheckpointFault::Key)?;

        let key = Self { name, key };
        if key.hex_id() == id {
            Ok(key)
        } else {
            Err(CheckpointFault::Key)
        }
    }

    /// The log of this key.
    #[must_use]
    pub fn name(&self) -> &LogName {
        &self.name
    }

    /// Reads a signed note and checks that this key signed it for its log.
    ///
    /// # Errors
    ///
    /// [`CheckpointFault`] if the note is not one, or not by this key.
    pub fn open(&self, note: &str) -> Result<Checkpoint, CheckpointFault> {
        let (text, _) = note.split_once("\n\n").ok_or(CheckpointFault::Form)?;
        let checkpoint = Checkpoint::parse(&format!("{text}\n"))?;
        if checkpoint.origin != self.name {
            return Err(CheckpointFault::Origin);
        }
        self.open_text(note)?;
        Ok(checkpoint)
    }

    /// Checks that this key signed a note, whatever it says.
    ///
    /// # Errors
    ///
    /// [`CheckpointFault`] if the text is no note, or not by this key.
    pub fn open_text(&self, note: &str) -> Result<(), CheckpointFault> {
        let (text, signatures) = note.split_once("\n\n").ok_or(CheckpointFault::Form)?;
        let signed = format!("{text}\n");
        if !signatures.ends_with('\n') {
            return Err(CheckpointFault::Form);
        }

        for line in signatures.lines() {
            let (name, signature) = line
                .strip_prefix(DASH)
                .and_then(|rest| rest.split_once(' '))
                .ok_or(CheckpointFault::Form)?;
            let bytes = STANDARD
                .decode(signature)
                .map_err(|_| CheckpointFault::Form)?;
            let Some((id, signature)) = bytes.split_first_chunk::<4>() else {
                return Err(CheckpointFault::Form);
            };
            if name != self.name.0 || *id != self.id() {
                continue;
            }
            let signature =
                Signature::from_slice(signature).map_err(|_| CheckpointFault::Signature)?;
            return match self.key.verify_strict(signed.as_bytes(), &signature) {
                Ok(()) => Ok(()),
                Err(_) => Err(CheckpointFault::Signature),
            };
        }
        Err(CheckpointFault::Unsigned)
    }

    /// The first four bytes of `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)`.
    fn id(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(self.name.0.as_bytes());
        hasher.update([b'\n', ED25519]);
        hasher.update(self.key.as_bytes());
        let digest: [u8; 32] = hasher.finalize().into();
        let [a, b, c, d, ..] = digest;
        [a, b, c, d]
    }

    fn hex_id(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.id()))
    }
}

impl fmt::Display for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.key.as_bytes());
        write!(
            f,
            "{}+{}+{}",
            self.name,
            self.hex_id(),
            STANDARD.encode(bytes)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{empty_root, leaf_hash};

    fn signer() -> LogSigner {
        LogSigner::new(LogName::new("waarborg.example/log").unwrap(), &[7; 32])
    }

    #[test]
    fn a_signed_checkpoint_opens_with_the_key_of_its_log() {
        let note = signer().sign(3, leaf_hash(b"x"));
        let key = LogKey::parse(&signer().verifier().to_string()).unwrap();
        assert_eq!(key.open(&note).unwrap().size, 3);
    }

    #[test]
    fn the_example_of_the_go_note_package_opens() {
        let key =
            LogKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
                .unwrap();
        assert_eq!(key.hex_id(), "c74f20a3");
        // That note is a poem, not a checkpoint, so only the key and its id can be compared here.
        assert_eq!(key.open("PeterNeumann\n"), Err(CheckpointFault::Form));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let note = signer().sign(12, empty_root());
        let key = signer().verifier();
        for position in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[position] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            assert!(key.open(&changed).is_err(), "byte {position}: {changed}");
        }
    }

    #[test]
    fn a_note_by_another_key_is_unsigned_for_us() {
        let other = LogSigner::new(signer().name().clone(), &[8; 32]);
        assert_eq!(
            signer().verifier().open(&other.sign(1, empty_root())),
            Err(CheckpointFault::Unsigned)
        );
    }

    #[test]
    fn a_name_has_no_spaces_and_no_plus() {
        for name in ["", "a b", "a+b", "a\n"] {
            assert!(LogName::new(name).is_err(), "{name:?}");
        }
    }
}
