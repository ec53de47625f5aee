//! Reading keys: unwrapping them from the epoch key down, and the readers' own view of the key store.

use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::{Connection, OptionalExtension as _};
use uuid::Uuid;
use waarborg_domain::audit::KeyTrace;
use zeroize::Zeroizing;

use super::KeyFault;
use super::epochs::{Epoch, Epochs, Shard};
use super::ledger::{self, LedgerLine};
use super::seal::{Place, open};
use super::secret::Key;

/// What the writer and the readers share.
pub(super) struct Shared {
    pub(super) epochs: RwLock<Epochs>,
    pub(super) ledger_key: Key,
}

/// A reader of the key store.
pub struct KeyView {
    pub(super) connection: Connection,
    pub(super) shared: Arc<Shared>,
}

impl KeyView {
    /// Opens an entry of the audit log; with the trace of the key that opened it.
    pub(crate) fn open_entry(
        &self,
        object: Uuid,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<(Zeroizing<Vec<u8>>, KeyTrace), KeyFault> {
        let key = self.object_key(object)?;
        Ok((open(&key, place, sealed)?, KeyTrace::of(key.as_bytes())))
    }

    /// Opens what was sealed under an object's key.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Gone`] if the object has no key.
    pub fn open_sealed(
        &self,
        object: Uuid,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        open(&self.object_key(object)?, place, sealed)
    }

    /// The lines of the ledger after `sequence`.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Ledger`] if a line was changed.
    pub fn ledger_since(&self, sequence: i64) -> Result<Vec<LedgerLine>, KeyFault> {
        ledger::since(&self.connection, &self.shared.ledger_key, sequence)
    }

    fn object_key(&self, object: Uuid) -> Result<Key, KeyFault> {
        // A change of epoch between the reading of the row and of the epoch key is answered by reading again.
        for _ in 0..4 {
            match object_key(&self.connection, &self.shared, object) {
                Err(KeyFault::Epoch) => {}
                answer => return answer.map(|(key, _)| key),
            }
        }
        Err(KeyFault::Epoch)
    }
}

impl std::fmt::Debug for KeyView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyView")
    }
}

pub(super) fn subject_key(
    connection: &Connection,
    shared: &Shared,
    subject: Uuid,
) -> Result<Key, KeyFault> {
    let row: Option<(Shard, Epoch, Vec<u8>)> = connection
        .prepare_cached("select shard, epoch, wrapped from subject_keys where subject = ?1")?
        .query_row([subject.into_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (number, epoch, wrapped) = row.ok_or(KeyFault::Gone)?;
    unwrap_subject(shared, subject, (number, epoch), &wrapped)
}

pub(super) fn object_key(
    connection: &Connection,
    shared: &Shared,
    object: Uuid,
) -> Result<(Key, Uuid), KeyFault> {
    type Wrapped = ([u8; 16], Vec<u8>, Shard, Epoch, Vec<u8>);
    let row: Option<Wrapped> = connection
        .prepare_cached(
            "select s.subject, o.wrapped, s.shard, s.epoch, s.wrapped from object_keys o
             join subject_keys s on s.subject = o.subject where o.object = ?1",
        )?
        .query_row([object.into_bytes()], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })
        .optional()?;
    let (subject, wrapped, number, epoch, wrapped_subject) = row.ok_or(KeyFault::Gone)?;
    let subject = Uuid::from_bytes(subject);
    let subject_key = unwrap_subject(shared, subject, (number, epoch), &wrapped_subject)?;
    let mut key = open(
        &subject_key,
        &object_place(object.as_bytes(), subject),
        &wrapped,
    )?;
    Ok((Key::take(&mut key).ok_or(KeyFault::Unreadable)?, subject))
}

pub(super) fn unwrap_subject(
    shared: &Shared,
    subject: Uuid,
    (number, epoch): (Shard, Epoch),
    wrapped: &[u8],
) -> Result<Key, KeyFault> {
    let epochs = shared.epochs.read().unwrap_or_else(PoisonError::into_inner);
    let wrapping = epochs.key(number, epoch).ok_or(KeyFault::Epoch)?;
    let mut key = open(wrapping, &subject_place(subject.as_bytes()), wrapped)?;
    Key::take(&mut key).ok_or(KeyFault::Unreadable)
}

pub(super) fn subject_place(subject: &[u8; 16]) -> Place<'_> {
    Place {
        table: "subject_keys",
        row: subject,
        column: "wrapped",
        subject: Uuid::nil(),
        category: "",
    }
}

pub(super) fn object_place(object: &[u8; 16], subject: Uuid) -> Place<'_> {
    Place {
        table: "object_keys",
        row: object,
        column: "wrapped",
        subject,
        category: "",
    }
}
