//! The certificate of an erasure: what went, where, what stays and until when; signed, and about nobody.

use serde_json::{Value, json};

use super::{CheckpointFault, LogKey};

/// The first line of a certificate, so that it can be no other signed note.
const FORMAT: &str = "waarborg-erasure-1";

/// What one place had to do with an erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceReceipt {
    /// The place: a table, the key store, backups, a recipient.
    pub place: String,
    /// What happened there, in a fixed word.
    pub state: &'static str,
    /// How many things it was about.
    pub n: u64,
    /// Until which day something may still be there.
    pub until: Option<jiff::civil::Date>,
}

/// What stays after an erasure, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// The category in the register.
    pub category: String,
    /// The purpose that keeps it.
    pub purpose: String,
    /// The legal basis.
    pub basis: String,
    /// Until which day; `None` if the end waits for an event.
    pub until: Option<jiff::civil::Date>,
    /// How many records.
    pub n: u64,
}

/// An erasure as it is certified. It holds no id of a person; the reference is the one that the person has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The request's public reference.
    pub reference: String,
    /// The controller's legal name.
    pub controller: String,
    /// When it was done.
    pub erased_at: jiff::Timestamp,
    /// The version of the register that it followed.
    pub register_version: String,
    /// What happened at each place.
    pub places: Vec<PlaceReceipt>,
    /// What stays.
    pub kept: Vec<Leftover>,
    /// What is left of the key of the person's lines in the log; the log's line `trail.erased` says the same.
    pub trace: Option<String>,
}

impl Certificate {
    /// The text that is signed: the format, and one line of JSON.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        let places = self.places.iter().map(|place| {
            json!({
                "place": place.place, "state": place.state, "n": place.n,
                "until": place.until.map(|day| day.to_string()),
            })
        });
        let kept = self.kept.iter().map(|one| {
            json!({
                "category": one.category, "purpose": one.purpose, "basis": one.basis, "n": one.n,
                "until": one.until.map(|day| day.to_string()),
            })
        });
        let line = json!({
            "reference": self.reference,
            "controller": self.controller,
            "erased_at": self.erased_at.to_string(),
            "register_version": self.register_version,
            "places": places.collect::<Vec<_>>(),
            "kept": kept.collect::<Vec<_>>(),
            "trace": self.trace,
            "log_key": key,
        });
        format!("{FORMAT}\n{line}\n")
    }
}

/// What a check of a certificate found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it says.
    pub said: Value,
    /// The key that signed it.
    pub key: LogKey,
}

/// Reads a certificate and checks its signature, with a key that is known from elsewhere, or with the one that it names
/// itself. With the latter only the text is sure, not who signed it.
///
/// # Errors
///
/// [`CheckpointFault`] if it is no certificate, or the signature does not fit.
pub fn check(note: &str, key: Option<&LogKey>) -> Result<Checked, CheckpointFault> {
    let line = note
        .strip_prefix(FORMAT)
        .and_then(|rest| rest.strip_prefix('\n'))
        .and_then(|rest| rest.lines().next())
        .ok_or(CheckpointFault::Form)?;
    let said: Value = serde_json::from_str(line).map_err(|_| CheckpointFault::Form)?;
    let named = said
        .get("log_key")
        .and_then(Value::as_str)
        .ok_or(CheckpointFault::Form)?;
    let key = match key {
        Some(key) => key.clone(),
        None => LogKey::parse(named)?,
    };
    key.open_text(note)?;
    Ok(Checked { said, key })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{LogName, LogSigner};

    fn signer(seed: u8) -> LogSigner {
        LogSigner::new(LogName::new("waarborg").unwrap(), &[seed; 32])
    }

    fn certificate() -> Certificate {
        Certificate {
            reference: "WB-7Q4K-9M2X".into(),
            controller: "Gemeente Duinrode".into(),
            erased_at: "2026-11-22T10:00:00Z".parse().unwrap(),
            register_version: "2026-11.1".into(),
            places: vec![PlaceReceipt {
                place: "keys".into(),
                state: "destroyed",
                n: 3,
                until: None,
            }],
            kept: vec![Leftover {
                category: "invoice".into(),
                purpose: "bookkeeping".into(),
                basis: "legal_duty".into(),
                until: Some(jiff::civil::date(2034, 1, 1)),
                n: 1,
            }],
            trace: None,
        }
    }

    fn signed(signer: &LogSigner) -> String {
        signer.sign_text(&certificate().text(&signer.verifier().to_string()))
    }

    #[test]
    fn a_stranger_checks_it_with_the_key_alone() {
        let signer = signer(7);
        let note = signed(&signer);
        let checked = check(&note, Some(&signer.verifier())).unwrap();
        assert_eq!(checked.said["reference"], "WB-7Q4K-9M2X");
        assert_eq!(checked.said["kept"][0]["until"], "2034-01-01");
        assert_eq!(check(&note, None).unwrap().key, signer.verifier());
    }

    #[test]
    fn every_changed_byte_is_noticed_and_so_is_another_signer() {
        let (one, other) = (signer(7), signer(8));
        let note = signed(&one);
        for position in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[position] ^= 1;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(
                    check(&changed, Some(&one.verifier())).is_err(),
                    "{position}"
                );
            }
        }
        assert_eq!(
            check(&signed(&other), Some(&one.verifier())),
            Err(CheckpointFault::Unsigned)
        );
        assert!(
            check(
                &one.sign(3, crate::audit::empty_root()),
                Some(&one.verifier())
            )
            .is_err()
        );
    }
}
