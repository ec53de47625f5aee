//! The key store: `keys/keys.db`, with the wrapped keys of subjects and objects and the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use uuid::Uuid;
use waarborg_domain::audit::KeyTrace;
use zeroize::Zeroizing;

use super::epochs::{Epoch, Epochs, shard_of};
use super::ledger::{self, Act, LedgerLine};
use super::master::{Master, write_private};
use super::seal::{Place, open, seal};
use super::secret::Key;
use super::{KeyFault, epochs};
use crate::engine::Presence;

pub(crate) const FILE: &str = "keys.db";
const SCHEMA: &str = "
    create table if not exists shard_epochs (shard integer primary key, epoch integer not null) strict;
    create table if not exists subject_keys (
        subject blob primary key, shard integer not null, epoch integer not null, wrapped blob not null
    ) strict, without rowid;
    create index if not exists subject_keys_by_shard on subject_keys (shard);
    create table if not exists object_keys (
        object blob primary key, subject blob not null, wrapped blob not null
    ) strict, without rowid;
    create index if not exists object_keys_by_subject on object_keys (subject);
";

/// Keys marked to be destroyed when the transaction commits.
#[derive(Clone, Debug, Default)]
struct Condemned {
    subjects: BTreeSet<Uuid>,
    objects: BTreeMap<Uuid, Uuid>,
}

/// The one writer of the key store.
pub struct KeyStore {
    folder: PathBuf,
    connection: Connection,
    presence: Presence,
    shared: Arc<Shared>,
    condemned: Condemned,
    condemned_at_savepoint: Condemned,
}

struct Shared {
    epochs: RwLock<Epochs>,
    ledger_key: Key,
}

/// A reader of the key store.
pub struct KeyView {
    connection: Connection,
    shared: Arc<Shared>,
}

impl KeyStore {
    /// Opens the key store in `folder`, or makes a new one where there is none.
    ///
    /// Ends what a crash interrupted: an epoch key that the store no longer uses is overwritten.
    ///
    /// # Errors
    ///
    /// [`KeyFault`] if the store, the epoch keys and the master key do not belong together.
    pub fn open(folder: &Path, master: &Master) -> Result<Self, KeyFault> {
        if !folder.join(FILE).exists() && !folder.join(epochs::FILE).exists() {
            Epochs::create(folder, &master.derive("epoch keys"))?;
        }
        let epochs = Epochs::open(folder, master.derive("epoch keys"))?;
        create_private(&folder.join(FILE))?;
        let connection = Connection::open(folder.join(FILE))?;
        prepare(&connection)?;
        connection.execute_batch(&format!("begin immediate; {SCHEMA} {}", ledger::SCHEMA))?;
        for shard in 0..=u8::MAX {
            connection
                .prepare_cached("insert or ignore into shard_epochs (shard, epoch) values (?1, 1)")?
                .execute([shard])?;
        }
        connection.execute_batch("commit")?;

        let shared = Shared {
            epochs: RwLock::new(epochs),
            ledger_key: master.derive("ledger"),
        };
        let mut store = Self {
            folder: folder.to_owned(),
            connection,
            presence: Presence::of(&folder.join(FILE))?,
            shared: Arc::new(shared),
            condemned: Condemned::default(),
            condemned_at_savepoint: Condemned::default(),
        };
        store.settle()?;
        store.ledger_since(0)?;
        Ok(store)
    }

    /// A reader with its own connection.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot be opened.
    pub fn view(&self) -> Result<KeyView, KeyFault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(self.folder.join(FILE), flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        Ok(KeyView {
            connection,
            shared: Arc::clone(&self.shared),
        })
    }

    /// Begins a transaction.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot.
    pub fn begin(&mut self) -> Result<(), KeyFault> {
        self.condemned = Condemned::default();
        Ok(self.connection.execute_batch("begin immediate")?)
    }

    /// Marks where [`KeyStore::undo`] goes back to.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot.
    pub fn mark(&mut self) -> Result<(), KeyFault> {
        self.condemned_at_savepoint = self.condemned.clone();
        Ok(self.connection.execute_batch("savepoint job")?)
    }

    /// Keeps what was done since the mark.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot.
    pub fn keep(&mut self) -> Result<(), KeyFault> {
        Ok(self.connection.execute_batch("release job")?)
    }

    /// Undoes what was done since the mark.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot.
    pub fn undo(&mut self) -> Result<(), KeyFault> {
        self.condemned = std::mem::take(&mut self.condemned_at_savepoint);
        Ok(self
            .connection
            .execute_batch("rollback to job; release job")?)
    }

    /// Makes the transaction durable. Condemned keys are gone for good when this returns.
    ///
    /// # Errors
    ///
    /// [`KeyFault`]; then nothing may be acknowledged, and the store must be opened again.
    pub fn commit(&mut self) -> Result<(), KeyFault> {
        let condemned = std::mem::take(&mut self.condemned);
        if condemned.subjects.is_empty() && condemned.objects.is_empty() {
            return self.commit_in_place();
        }

        let shards = self.shards_of(&condemned)?;
        let next: Vec<(u8, Epoch)> = shards
            .iter()
            .map(|(shard, epoch)| (*shard, epoch + 1))
            .collect();
        self.epochs_mut(|epochs| epochs.prepare(&shards))?;
        for (shard, epoch) in &shards {
            self.rewrap(*shard, *epoch, &condemned)?;
        }
        self.commit_in_place()?;
        self.epochs_mut(|epochs| epochs.wipe_others(&next))
    }

    fn commit_in_place(&mut self) -> Result<(), KeyFault> {
        self.connection.execute_batch("commit")?;
        if self.presence.is_kept()? {
            Ok(())
        } else {
            Err(KeyFault::Missing)
        }
    }

    /// Gives the transaction up.
    pub fn rollback(&mut self) {
        self.condemned = Condemned::default();
        if !self.connection.is_autocommit() {
            // A failed rollback leaves the transaction to the closing of the connection, which undoes it too.
            let _ = self.connection.execute_batch("rollback");
        }
    }

    /// Whether this transaction destroys keys.
    #[must_use]
    pub fn destroys(&self) -> bool {
        !self.condemned.subjects.is_empty() || !self.condemned.objects.is_empty()
    }

    /// Opens the key store again after a failed commit, and checks that all of it is on the disk.
    ///
    /// # Errors
    ///
    /// [`KeyFault`] if it cannot be opened, or is not whole.
    pub fn recover(&mut self) -> Result<(), KeyFault> {
        self.rollback();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        self.connection = Connection::open_with_flags(self.folder.join(FILE), flags)?;
        prepare(&self.connection)?;
        self.presence = Presence::of(&self.folder.join(FILE))?;
        // A failed sync may have left the log in memory only; this writes all of it again and syncs it.
        let busy: i64 =
            self.connection
                .query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
        let verdict: String = self
            .connection
            .query_row("pragma quick_check(1)", [], |row| row.get(0))?;
        if busy != 0 || verdict != "ok" {
            return Err(KeyFault::Unreadable);
        }
        self.epochs_mut(Epochs::reload)?;
        self.settle()?;
        self.ledger_since(0)?;
        Ok(())
    }

    /// Makes a key for a new subject; does nothing where there is one.
    ///
    /// # Errors
    ///
    /// [`KeyFault`] if it cannot be made.
    pub fn add_subject(&mut self, subject: Uuid) -> Result<(), KeyFault> {
        let exists = self
            .connection
            .prepare_cached("select 1 from subject_keys where subject = ?1")?
            .exists([subject.into_bytes()])?;
        if exists {
            Ok(())
        } else {
            self.write_subject(subject, &Key::random()?)
        }
    }

    /// Makes a key for a new object of a subject; does nothing where there is one.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Gone`] if the subject has no key.
    pub fn add_object(&mut self, object: Uuid, subject: Uuid) -> Result<(), KeyFault> {
        let exists = self
            .connection
            .prepare_cached("select 1 from object_keys where object = ?1")?
            .exists([object.into_bytes()])?;
        if exists {
            return Ok(());
        }
        let subject_key = subject_key(&self.connection, &self.shared, subject)?;
        self.write_object(object, subject, &subject_key, &Key::random()?)
    }

    /// Condemns a subject's key and with it the keys of all its objects; it dies with the commit.
    ///
    /// From now on the key cannot be used in this transaction either.
    pub fn condemn_subject(&mut self, subject: Uuid) {
        self.condemned.subjects.insert(subject);
    }

    /// Condemns an object's key; it dies with the commit. Returns whose it was, or `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot be looked up.
    pub fn condemn_object(&mut self, object: Uuid) -> Result<Option<Uuid>, KeyFault> {
        let owner: Option<[u8; 16]> = self
            .connection
            .prepare_cached("select subject from object_keys where object = ?1")?
            .query_row([object.into_bytes()], |row| row.get(0))
            .optional()?;
        let owner = owner.map(Uuid::from_bytes);
        if let Some(subject) = owner {
            self.condemned.objects.insert(object, subject);
        }
        Ok(owner)
    }

    /// Seals under an object's key.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Gone`] if the object has no key, or a condemned one.
    pub fn seal(&self, object: Uuid, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, KeyFault> {
        seal(&self.object_key(object)?, place, plain)
    }

    /// Seals an entry of the audit log under an object's key; with the key's trace, of which its mark is made.
    pub(crate) fn seal_entry(
        &self,
        object: Uuid,
        place: &Place<'_>,
        plain: &[u8],
    ) -> Result<(Vec<u8>, KeyTrace), KeyFault> {
        let key = self.object_key(object)?;
        Ok((seal(&key, place, plain)?, KeyTrace::of(key.as_bytes())))
    }

    /// What may be told of an object's key; `None` where there is none.
    pub(crate) fn trace_of(&self, object: Uuid) -> Result<Option<KeyTrace>, KeyFault> {
        match self.object_key(object) {
            Ok(key) => Ok(Some(KeyTrace::of(key.as_bytes()))),
            Err(KeyFault::Gone) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Opens what was sealed under an object's key.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Gone`] if the object has no key, or a condemned one.
    pub fn open_sealed(
        &self,
        object: Uuid,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        open(&self.object_key(object)?, place, sealed)
    }

    /// Whether the subject has a key that will outlive this transaction.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot be looked up.
    pub fn has_subject(&self, subject: Uuid) -> Result<bool, KeyFault> {
        if self.condemned.subjects.contains(&subject) {
            return Ok(false);
        }
        Ok(self
            .connection
            .prepare_cached("select 1 from subject_keys where subject = ?1")?
            .exists([subject.into_bytes()])?)
    }

    /// Adds a line to the ledger.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot be written.
    pub fn append_ledger(&mut self, at: i64, act: &Act) -> Result<i64, KeyFault> {
        ledger::append(&self.connection, &self.shared.ledger_key, at, act)
    }

    /// The lines of the ledger after `sequence`.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Ledger`] if a line was changed.
    pub fn ledger_since(&self, sequence: i64) -> Result<Vec<LedgerLine>, KeyFault> {
        ledger::since(&self.connection, &self.shared.ledger_key, sequence)
    }

    /// The number of the ledger's last line; zero if it is empty.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot be read.
    pub fn ledger_end(&self) -> Result<i64, KeyFault> {
        let mut statement = self
            .connection
            .prepare_cached("select coalesce(max(sequence), 0) from ledger")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Whether there is a key of this id that will outlive this transaction.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot be looked up.
    pub fn has_object(&self, object: Uuid) -> Result<bool, KeyFault> {
        let mut statement = self
            .connection
            .prepare_cached("select subject from object_keys where object = ?1")?;
        let owner: Option<[u8; 16]> = statement
            .query_row([object.into_bytes()], |row| row.get(0))
            .optional()?;
        let Some(owner) = owner else { return Ok(false) };
        let condemned = &self.condemned;
        Ok(!condemned.objects.contains_key(&object)
            && !condemned.subjects.contains(&Uuid::from_bytes(owner)))
    }

    fn object_key(&self, object: Uuid) -> Result<Key, KeyFault> {
        let condemned = &self.condemned;
        let (key, subject) = object_key(&self.connection, &self.shared, object)?;
        if condemned.objects.contains_key(&object) || condemned.subjects.contains(&subject) {
            return Err(KeyFault::Gone);
        }
        Ok(key)
    }

    fn write_subject(&self, subject: Uuid, key: &Key) -> Result<(), KeyFault> {
        let shard = shard_of(subject);
        let epoch = self.epoch(shard)?;
        let wrapped = self.wrap_subject(subject, shard, epoch, key)?;
        self.connection
            .prepare_cached(
                "insert or replace into subject_keys (subject, shard, epoch, wrapped) values (?1, ?2, ?3, ?4)",
            )?
            .execute(params![subject.into_bytes(), shard, epoch, wrapped])?;
        Ok(())
    }

    fn wrap_subject(
        &self,
        subject: Uuid,
        shard: u8,
        epoch: Epoch,
        key: &Key,
    ) -> Result<Vec<u8>, KeyFault> {
        let epochs = self
            .shared
            .epochs
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let wrapping = epochs.key(shard, epoch).ok_or(KeyFault::Epoch)?;
        seal(wrapping, &subject_place(subject.as_bytes()), key.as_bytes())
    }

    fn write_object(
        &self,
        object: Uuid,
        subject: Uuid,
        subject_key: &Key,
        key: &Key,
    ) -> Result<(), KeyFault> {
        let wrapped = seal(
            subject_key,
            &object_place(object.as_bytes(), subject),
            key.as_bytes(),
        )?;
        self.connection
            .prepare_cached(
                "insert or replace into object_keys (object, subject, wrapped) values (?1, ?2, ?3)",
            )?
            .execute(params![object.into_bytes(), subject.into_bytes(), wrapped])?;
        Ok(())
    }

    fn epoch(&self, shard: u8) -> Result<Epoch, KeyFault> {
        let mut statement = self
            .connection
            .prepare_cached("select epoch from shard_epochs where shard = ?1")?;
        Ok(statement.query_row([shard], |row| row.get(0))?)
    }

    fn shards_of(&self, condemned: &Condemned) -> Result<Vec<(u8, Epoch)>, KeyFault> {
        let subjects = condemned.subjects.iter().chain(condemned.objects.values());
        let shards: BTreeSet<u8> = subjects.map(|subject| shard_of(*subject)).collect();
        shards
            .into_iter()
            .map(|shard| Ok((shard, self.epoch(shard)?)))
            .collect()
    }

    /// Wraps what survives in a shard under the key of its next epoch.
    fn rewrap(&self, shard: u8, epoch: Epoch, condemned: &Condemned) -> Result<(), KeyFault> {
        let mut statement = self
            .connection
            .prepare_cached("select subject from subject_keys where shard = ?1")?;
        let subjects: Vec<[u8; 16]> = statement
            .query_map([shard], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        self.connection
            .prepare_cached("update shard_epochs set epoch = ?2 where shard = ?1")?
            .execute(params![shard, epoch + 1])?;

        for bytes in subjects {
            let subject = Uuid::from_bytes(bytes);
            if condemned.subjects.contains(&subject) {
                self.connection
                    .prepare_cached("delete from object_keys where subject = ?1")?
                    .execute([bytes])?;
                self.connection
                    .prepare_cached("delete from subject_keys where subject = ?1")?
                    .execute([bytes])?;
                continue;
            }
            let key = subject_key(&self.connection, &self.shared, subject)?;
            let loses_an_object = condemned.objects.values().any(|owner| *owner == subject);
            let key = if loses_an_object {
                self.renew(subject, &key, condemned)?
            } else {
                key
            };
            self.write_subject(subject, &key)?;
        }
        Ok(())
    }

    /// A new key for a subject that loses objects: the old one could open their keys in an old copy.
    fn renew(&self, subject: Uuid, old: &Key, condemned: &Condemned) -> Result<Key, KeyFault> {
        let new = Key::random()?;
        let mut statement = self
            .connection
            .prepare_cached("select object, wrapped from object_keys where subject = ?1")?;
        let objects: Vec<([u8; 16], Vec<u8>)> = statement
            .query_map([subject.into_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (bytes, wrapped) in objects {
            let object = Uuid::from_bytes(bytes);
            if condemned.objects.contains_key(&object) {
                self.connection
                    .prepare_cached("delete from object_keys where object = ?1")?
                    .execute([bytes])?;
                continue;
            }
            let mut key = open(old, &object_place(&bytes, subject), &wrapped)?;
            let key = Key::take(&mut key).ok_or(KeyFault::Unreadable)?;
            self.write_object(object, subject, &new, &key)?;
        }
        Ok(new)
    }

    /// Overwrites epoch keys that a crash left beside the current ones.
    fn settle(&mut self) -> Result<(), KeyFault> {
        let unsettled: Vec<u8> = self.epochs_mut(|epochs| Ok(epochs.unsettled().collect()))?;
        let mut current = Vec::new();
        for shard in unsettled {
            current.push((shard, self.epoch(shard)?));
        }
        if current.is_empty() {
            Ok(())
        } else {
            self.epochs_mut(|epochs| epochs.wipe_others(&current))
        }
    }

    fn epochs_mut<T>(
        &self,
        change: impl FnOnce(&mut Epochs) -> Result<T, KeyFault>,
    ) -> Result<T, KeyFault> {
        change(
            &mut self
                .shared
                .epochs
                .write()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
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

impl std::fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyStore({})", self.folder.display())
    }
}

impl std::fmt::Debug for KeyView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyView")
    }
}

/// Writes a copy of the key store to a new file, without the epoch keys: it opens only beside those of its time.
pub(crate) fn copy_to(folder: &Path, file: &Path) -> Result<(), KeyFault> {
    let connection = Connection::open(folder.join(FILE))?;
    prepare(&connection)?;
    connection.execute("vacuum into ?1", [file.to_string_lossy()])?;
    Ok(())
}

fn prepare(connection: &Connection) -> Result<(), KeyFault> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;
         pragma temp_store = memory; pragma trusted_schema = off;",
    )?;
    Ok(())
}

fn subject_key(connection: &Connection, shared: &Shared, subject: Uuid) -> Result<Key, KeyFault> {
    let row: Option<(Epoch, Vec<u8>)> = connection
        .prepare_cached("select epoch, wrapped from subject_keys where subject = ?1")?
        .query_row([subject.into_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (epoch, wrapped) = row.ok_or(KeyFault::Gone)?;
    unwrap_subject(shared, subject, epoch, &wrapped)
}

fn object_key(
    connection: &Connection,
    shared: &Shared,
    object: Uuid,
) -> Result<(Key, Uuid), KeyFault> {
    type Wrapped = ([u8; 16], Vec<u8>, Epoch, Vec<u8>);
    let row: Option<Wrapped> = connection
        .prepare_cached(
            "select s.subject, o.wrapped, s.epoch, s.wrapped from object_keys o
             join subject_keys s on s.subject = o.subject where o.object = ?1",
        )?
        .query_row([object.into_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let (subject, wrapped, epoch, wrapped_subject) = row.ok_or(KeyFault::Gone)?;
    let subject = Uuid::from_bytes(subject);
    let subject_key = unwrap_subject(shared, subject, epoch, &wrapped_subject)?;
    let mut key = open(
        &subject_key,
        &object_place(object.as_bytes(), subject),
        &wrapped,
    )?;
    Ok((Key::take(&mut key).ok_or(KeyFault::Unreadable)?, subject))
}

fn unwrap_subject(
    shared: &Shared,
    subject: Uuid,
    epoch: Epoch,
    wrapped: &[u8],
) -> Result<Key, KeyFault> {
    let epochs = shared.epochs.read().unwrap_or_else(PoisonError::into_inner);
    let wrapping = epochs
        .key(shard_of(subject), epoch)
        .ok_or(KeyFault::Epoch)?;
    let mut key = open(wrapping, &subject_place(subject.as_bytes()), wrapped)?;
    Key::take(&mut key).ok_or(KeyFault::Unreadable)
}

fn subject_place(subject: &[u8; 16]) -> Place<'_> {
    Place {
        table: "subject_keys",
        row: subject,
        column: "wrapped",
        subject: Uuid::nil(),
        category: "",
    }
}

fn object_place(object: &[u8; 16], subject: Uuid) -> Place<'_> {
    Place {
        table: "object_keys",
        row: object,
        column: "wrapped",
        subject,
        category: "",
    }
}

/// Makes an empty database file that only its owner may read, so that its side files are made so too.
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    match write_private(path, b"") {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => restrict_to_owner(path),
        made => made,
    }
}

#[cfg(unix)]
pub(crate) fn restrict_to_owner(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
pub(crate) fn restrict_to_owner(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[path = "keystore_tests.rs"]
mod tests;
