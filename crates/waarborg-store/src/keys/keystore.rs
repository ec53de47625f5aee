//! The key store: `keys/keys.db`, with the wrapped keys of subjects and objects and the ledger.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, ToSql, params};
use uuid::Uuid;
use waarborg_domain::audit::KeyTrace;
use zeroize::Zeroizing;

use super::act::Act;
use super::epochs::Epochs;
use super::ledger::{self, LedgerLine};
use super::master::{Master, write_private};
use super::mirror::{self, Mirror, MirrorWatch};
use super::seal::{Place, open, seal};
use super::secret::Key;
use super::view::{KeyView, Shared, object_key, object_place, subject_key};
use super::{KeyFault, epochs, shards, unsaid};
use crate::engine::Presence;

pub(crate) const FILE: &str = "keys.db";
const SCHEMA: &str = "
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
pub(super) struct Condemned {
    pub(super) subjects: BTreeSet<Uuid>,
    pub(super) objects: BTreeMap<Uuid, Uuid>,
    // Subjects with an object whose key was replaced.
    pub(super) worn: BTreeSet<Uuid>,
}

impl Condemned {
    fn is_empty(&self) -> bool {
        self.subjects.is_empty() && self.objects.is_empty() && self.worn.is_empty()
    }
}

/// The one writer of the key store.
pub struct KeyStore {
    folder: PathBuf,
    pub(super) connection: Connection,
    presence: Presence,
    pub(super) shared: Arc<Shared>,
    condemned: Condemned,
    condemned_at_savepoint: Condemned,
    mirror: RefCell<Option<Mirror>>,
    // Whether anything was written since the transaction, and since the mark.
    changed: Cell<bool>,
    changed_since_mark: Cell<bool>,
    wrote_ledger_since_mark: Cell<bool>,
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
        let store = Self::open_alone(folder, master)?;
        mirror::mark_start(&[folder])?;
        Ok(store)
    }

    /// The same with a mirror on another disk. Where the two differ, the newer one is brought over to the other.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Diverged`] if each holds changes that the other does not know; and as for [`KeyStore::open`].
    pub fn open_mirrored(folder: &Path, mirror: &Path, master: &Master) -> Result<Self, KeyFault> {
        drop(Self::open_alone(folder, master)?);
        let mirror = Mirror::join(folder, mirror, master)?;
        let store = Self::open_alone(folder, master)?;
        *store.mirror.borrow_mut() = Some(mirror);
        Ok(store)
    }

    /// Whether the key store of a folder fits the epoch keys beside it. It does not count as a start.
    pub(crate) fn fits(folder: &Path, master: &Master) -> Result<(), KeyFault> {
        Self::open_alone(folder, master)?.every_shard_has_its_key()
    }

    fn open_alone(folder: &Path, master: &Master) -> Result<Self, KeyFault> {
        if !folder.join(FILE).exists() && !folder.join(epochs::FILE).exists() {
            Epochs::create(folder, &master.derive("epoch keys"))?;
        }
        let epochs = Epochs::open(folder, master.derive("epoch keys"))?;
        create_private(&folder.join(FILE))?;
        let connection = open_database(folder)?;
        connection.execute_batch(&format!(
            "begin immediate; {SCHEMA} {} {} {} {}; commit",
            shards::SCHEMA,
            ledger::SCHEMA,
            mirror::SCHEMA,
            unsaid::SCHEMA
        ))?;

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
            mirror: RefCell::new(None),
            changed: Cell::new(false),
            changed_since_mark: Cell::new(false),
            wrote_ledger_since_mark: Cell::new(false),
        };
        store.make_first_shards()?;
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
        self.changed.set(false);
        self.mirrored(Mirror::begin);
        Ok(self.connection.execute_batch("begin immediate")?)
    }

    /// Marks where [`KeyStore::undo`] goes back to.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot.
    pub fn mark(&mut self) -> Result<(), KeyFault> {
        self.condemned_at_savepoint = self.condemned.clone();
        self.changed_since_mark.set(false);
        self.wrote_ledger_since_mark.set(false);
        self.script("savepoint job")
    }

    /// Keeps what was done since the mark.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot.
    pub fn keep(&mut self) -> Result<(), KeyFault> {
        self.script("release job")
    }

    /// Undoes what was done since the mark.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Database`] if it cannot.
    pub fn undo(&mut self) -> Result<(), KeyFault> {
        self.condemned = std::mem::take(&mut self.condemned_at_savepoint);
        self.script("rollback to job; release job")
    }

    /// Makes the transaction durable. Condemned keys are gone for good when this returns.
    ///
    /// # Errors
    ///
    /// [`KeyFault`]; then nothing may be acknowledged, and the store must be opened again.
    pub fn commit(&mut self) -> Result<(), KeyFault> {
        let condemned = std::mem::take(&mut self.condemned);
        if condemned.is_empty() {
            return self.commit_in_place();
        }

        let current = self.new_epochs(&condemned)?;
        self.commit_in_place()?;
        self.epochs_mut(|epochs| epochs.wipe_others(&current))?;
        self.mirrored(|mirror| mirror.wipe_others(&current));
        Ok(())
    }

    /// The mirror first: what it has more than the keys, the next start takes over.
    fn commit_in_place(&mut self) -> Result<(), KeyFault> {
        if self.changed.get() {
            self.change(
                "insert into changes (one, number) values (1, 1)
                 on conflict (one) do update set number = number + 1",
                &[],
            )?;
        }
        self.mirrored(Mirror::commit);
        if self.mirror.borrow().as_ref().is_some_and(Mirror::broke) {
            return Err(KeyFault::MirrorBroke);
        }
        let committed = self.connection.execute_batch("commit");
        let kept = committed
            .map_err(KeyFault::from)
            .and_then(|()| Ok(self.presence.is_kept()?));
        match kept {
            Ok(true) => Ok(()),
            not_kept => {
                self.mirrored(Mirror::give_up);
                not_kept.and(Err(KeyFault::Missing))
            }
        }
    }

    /// Whether changes reach only these keys, because their mirror cannot be reached.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.mirror.borrow().as_ref().is_some_and(Mirror::is_away)
    }

    /// Whether keys were made since the mark, or lines of the ledger written.
    #[must_use]
    pub fn changed_since_mark(&self) -> bool {
        self.changed_since_mark.get()
    }

    /// Whether lines of the ledger were written since the mark.
    #[must_use]
    pub fn wrote_ledger_since_mark(&self) -> bool {
        self.wrote_ledger_since_mark.get()
    }

    /// Tells whether something is pending in the mirror, also after this key store was given away.
    #[must_use]
    pub fn mirror_watch(&self) -> MirrorWatch {
        let mirror = self.mirror.borrow();
        mirror.as_ref().map(Mirror::watch).unwrap_or_default()
    }

    /// Brings a mirror that could not be reached up to date. No transaction may be open.
    ///
    /// # Errors
    ///
    /// [`KeyFault`] if it still cannot be reached.
    pub fn catch_up(&mut self) -> Result<(), KeyFault> {
        match self.mirror.get_mut() {
            Some(mirror) if mirror.is_away() => mirror.catch_up(&self.folder),
            _ => Ok(()),
        }
    }

    /// Runs a statement here and in the mirror.
    pub(super) fn change(&self, sql: &str, values: &[&dyn ToSql]) -> Result<(), KeyFault> {
        self.changed.set(true);
        self.changed_since_mark.set(true);
        self.connection.prepare_cached(sql)?.execute(values)?;
        self.mirrored(|mirror| mirror.execute(sql, values));
        Ok(())
    }

    fn script(&self, sql: &str) -> Result<(), KeyFault> {
        self.mirrored(|mirror| mirror.script(sql));
        Ok(self.connection.execute_batch(sql)?)
    }

    pub(super) fn mirrored(&self, work: impl FnOnce(&mut Mirror)) {
        if let Some(mirror) = &mut *self.mirror.borrow_mut() {
            work(mirror);
        }
    }

    /// Gives the transaction up.
    pub fn rollback(&mut self) {
        self.condemned = Condemned::default();
        self.mirrored(Mirror::rollback);
        if !self.connection.is_autocommit() {
            // A failed rollback leaves the transaction to the closing of the connection, which undoes it too.
            let _ = self.connection.execute_batch("rollback");
        }
    }

    /// Whether this transaction destroys keys.
    #[must_use]
    pub fn destroys(&self) -> bool {
        !self.condemned.is_empty()
    }

    /// Opens the key store again after a failed commit, and checks that all of it is on the disk.
    ///
    /// # Errors
    ///
    /// [`KeyFault`] if it cannot be opened, or is not whole.
    pub fn recover(&mut self) -> Result<(), KeyFault> {
        self.rollback();
        self.mirrored(Mirror::give_up);
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
            self.add_to_a_shard(subject, &Key::random()?)
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

    /// Gives an object a new key; the old one dies with the commit, and with it what it sealed.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Gone`] if the object has no key, or a condemned one.
    pub fn renew_object(&mut self, object: Uuid) -> Result<(), KeyFault> {
        self.object_key(object)?;
        let (_, subject) = object_key(&self.connection, &self.shared, object)?;
        let subject_key = subject_key(&self.connection, &self.shared, subject)?;
        self.write_object(object, subject, &subject_key, &Key::random()?)?;
        self.condemned.worn.insert(subject);
        Ok(())
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
        self.wrote_ledger_since_mark.set(true);
        ledger::append(
            &self.connection,
            &self.shared.ledger_key,
            at,
            act,
            &|sql, values| self.change(sql, values),
        )
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

    pub(super) fn write_object(
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
        self.change(
            "insert or replace into object_keys (object, subject, wrapped) values (?1, ?2, ?3)",
            params![object.into_bytes(), subject.into_bytes(), wrapped],
        )
    }

    pub(super) fn epochs_mut<T>(
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

impl std::fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyStore({})", self.folder.display())
    }
}

/// Opens the database of a folder that has one.
pub(super) fn open_database(folder: &Path) -> Result<Connection, KeyFault> {
    let connection = Connection::open(folder.join(FILE))?;
    prepare(&connection)?;
    Ok(connection)
}

/// Writes a copy of the key store to a new file, without the epoch keys: it opens only beside those of its time.
pub(crate) fn copy_to(folder: &Path, file: &Path) -> Result<(), KeyFault> {
    let connection = open_database(folder)?;
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
