//! The mirror: a second folder, on another disk, with every key that the first one has, and no key that it has not.
//!
//! A change of the key store is on both disks before anything is acknowledged. While the mirror cannot be reached,
//! nothing that needs a new key is taken; erasures go on, and are pending in the mirror until it has been brought up to
//! date. Which of two folders is newer, the number of changes says; whether one comes of the other, their lineage:
//! every start adds a mark to both.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, OptionalExtension as _, ToSql, params};

use super::epochs::{self, Epoch, Epochs, Shard};
use super::fingerprint::mac;
use super::keystore::{FILE, open_database, restrict_to_owner};
use super::master::{FILE as MASTER, Master, make_private_folder, sync_folder_of, write_private};
use super::secret::{Key, random};
use super::{KeyFault, ledger, shards, unsaid};
use crate::engine::Presence;
use crate::trail::CHECKPOINT_FILE;

/// An empty file of this name lets an empty folder become the mirror of keys that had one before.
pub(crate) const NEW: &str = "new-mirror";

pub(super) const SCHEMA: &str = "
    create table if not exists changes (one integer primary key, number integer not null) strict;
    create table if not exists lineage (start integer primary key autoincrement, mark blob not null) strict;
    create table if not exists mirrored (one integer primary key) strict;
";

/// How a mirror stands to the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MirrorState {
    /// Both hold the same.
    InStep,
    /// The folder is not there, or empty though these keys had a mirror.
    Missing,
    /// One of the two is older; the next start, or the running program, brings it up to date.
    Stale,
    /// Each of the two holds changes that the other does not know. Nobody can repair that but a person.
    Diverged,
}

/// Whether the mirror follows, for who cannot ask the key store itself.
#[derive(Clone, Debug, Default)]
pub struct MirrorWatch(Arc<AtomicBool>);

impl MirrorWatch {
    /// Whether there is a mirror that could not be reached, and is pending.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// What a mirror needs of the master key.
pub(super) struct MirrorKeys {
    wrapping: Key,
    digests: Key,
}

impl MirrorKeys {
    pub(super) fn of(master: &Master) -> Self {
        Self {
            wrapping: master.derive("epoch keys"),
            digests: master.derive("digests of keys"),
        }
    }
}

/// Which of two folders is right when they differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Truth {
    // At a start: whichever knows more.
    Newest,
    // While the program runs: the keys it works with.
    Keys,
}

/// The mirror of an open key store.
pub(super) struct Mirror {
    folder: PathBuf,
    // `None` while the mirror cannot be written to.
    hands: Option<Hands>,
    broke: bool,
    watch: MirrorWatch,
    keys: MirrorKeys,
}

/// One folder of keys, opened.
pub(super) struct Hands {
    connection: Connection,
    presence: Presence,
    epochs: Epochs,
}

impl Mirror {
    /// Brings keys and mirror together, before the key store itself is opened.
    ///
    /// A mirror that is missing leaves the keys as they are: the program runs, and takes no new work.
    pub(super) fn join(keys: &Path, folder: &Path, master: &Master) -> Result<Self, KeyFault> {
        let mut mirror = Self {
            folder: folder.to_owned(),
            hands: None,
            broke: false,
            watch: MirrorWatch::default(),
            keys: MirrorKeys::of(master),
        };
        match reconcile(keys, folder, &mirror.keys, Truth::Newest) {
            Ok(hands) => mirror.hands = Some(hands),
            Err(KeyFault::Diverged) => return Err(KeyFault::Diverged),
            Err(fault) => {
                tell_missing(&fault);
                mark_start(&[keys])?;
            }
        }
        mirror.note();
        Ok(mirror)
    }

    pub(super) fn watch(&self) -> MirrorWatch {
        self.watch.clone()
    }

    /// Whether changes reach only the first folder.
    pub(super) fn is_away(&self) -> bool {
        self.hands.is_none()
    }

    /// Whether the mirror failed since the transaction began: the transaction must be done again without it.
    pub(super) fn broke(&self) -> bool {
        self.broke
    }

    /// Does the same in the mirror. A failure is remembered, and the transaction ends by it.
    pub(super) fn execute(&mut self, sql: &str, values: &[&dyn ToSql]) {
        self.with(|hands| {
            hands.connection.prepare_cached(sql)?.execute(values)?;
            Ok(())
        });
    }

    pub(super) fn script(&mut self, sql: &str) {
        self.with(|hands| Ok(hands.connection.execute_batch(sql)?));
    }

    pub(super) fn begin(&mut self) {
        self.broke = false;
        self.script("begin immediate");
    }

    pub(super) fn rollback(&mut self) {
        if let Some(hands) = &mut self.hands
            && !hands.connection.is_autocommit()
            && hands.connection.execute_batch("rollback").is_err()
        {
            self.hands = None;
            self.note();
        }
    }

    /// Puts the keys of the next epochs beside the current ones.
    pub(super) fn prepare(&mut self, next: &[(Shard, Epoch, Key)], current: &[(Shard, Epoch)]) {
        self.with(|hands| hands.epochs.adopt(next, current));
    }

    /// Makes the transaction durable in the mirror.
    pub(super) fn commit(&mut self) {
        self.with(|hands| {
            hands.connection.execute_batch("commit")?;
            if hands.presence.is_kept()? {
                Ok(())
            } else {
                Err(KeyFault::Missing)
            }
        });
    }

    /// Overwrites the keys of past epochs in the mirror. Where that fails the erasure is pending there.
    pub(super) fn wipe_others(&mut self, current: &[(Shard, Epoch)]) {
        self.with(|hands| hands.epochs.wipe_others(current));
    }

    /// Brings a mirror that was away up to date. Nothing may be under way.
    pub(super) fn catch_up(&mut self, keys: &Path) -> Result<(), KeyFault> {
        self.hands = Some(reconcile(keys, &self.folder, &self.keys, Truth::Keys)?);
        self.note();
        tracing::info!("the mirror of the keys is up to date again; nothing is pending there");
        Ok(())
    }

    /// Lets go of the mirror: nobody knows whether it is in step.
    pub(super) fn give_up(&mut self) {
        self.hands = None;
        self.note();
    }

    fn with(&mut self, work: impl FnOnce(&mut Hands) -> Result<(), KeyFault>) {
        let Some(hands) = &mut self.hands else { return };
        if let Err(fault) = work(hands) {
            self.hands = None;
            self.broke = true;
            tell_missing(&fault);
            self.note();
        }
    }

    fn note(&self) {
        self.watch.0.store(self.is_away(), Ordering::Release);
    }
}

fn tell_missing(fault: &KeyFault) {
    tracing::error!(
        %fault,
        "the mirror of the keys cannot be used: no new work is taken, erasures are pending there; \
         mount its disk, or see `waarborg doctor`"
    );
}

/// Looks at two folders of keys without changing anything, also while a program works with them.
///
/// # Errors
///
/// [`KeyFault`] if the first folder cannot be read.
pub fn mirror_state(keys: &Path, mirror: &Path, master: &Master) -> Result<MirrorState, KeyFault> {
    let with = MirrorKeys::of(master);
    let mut found = MirrorState::Missing;
    // Between one look and the other the program may have written.
    for _ in 0..3 {
        let ours = Look::at(keys, &with)?;
        let Ok(theirs) = Look::at(mirror, &with) else {
            return Ok(MirrorState::Missing);
        };
        found = ours.compare(&theirs);
        if matches!(found, MirrorState::InStep | MirrorState::Diverged) {
            break;
        }
    }
    Ok(found)
}

/// Whether a folder has no key in it at all.
pub(crate) fn has_no_keys(folder: &Path) -> bool {
    [FILE, epochs::FILE, MASTER]
        .iter()
        .all(|name| !folder.join(name).exists())
}

/// Makes the keys again out of their mirror, where the disk that held them is gone.
pub(crate) fn take_over(keys: &Path, mirror: &Path) -> Result<(), KeyFault> {
    if [FILE, epochs::FILE, MASTER]
        .iter()
        .any(|name| !mirror.join(name).exists())
    {
        return Ok(());
    }
    make_private_folder(keys)?;
    let with = MirrorKeys::of(&Master::load(mirror)?);
    let from = Hands::open(mirror, &with)?;
    let (_, list) = from.current()?;
    Epochs::create_with(keys, &with.wrapping, &list)?;
    from.copy_database(keys)?;
    let checkpoint = mirror.join(CHECKPOINT_FILE);
    if checkpoint.exists() {
        std::fs::copy(checkpoint, keys.join(CHECKPOINT_FILE))?;
    }
    // Last: with it the folder counts as one that has keys.
    write_private(&keys.join(MASTER), &std::fs::read(mirror.join(MASTER))?)?;
    tracing::error!("the keys were gone and are taken over from their mirror");
    Ok(())
}

/// What decides how two folders stand to each other.
struct Look {
    number: i64,
    lineage: Vec<Vec<u8>>,
    digest: [u8; 32],
}

impl Look {
    fn at(folder: &Path, with: &MirrorKeys) -> Result<Self, KeyFault> {
        let hands = Hands::look(folder, with)?;
        let connection = &hands.connection;
        connection.execute_batch("begin deferred")?;
        let mut statement = connection.prepare("select mark from lineage order by start")?;
        let lineage = statement
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(Self {
            number: number(connection)?,
            lineage,
            digest: hands.digest(&with.digests)?,
        })
    }

    fn compare(&self, other: &Self) -> MirrorState {
        if self.number == other.number && self.lineage == other.lineage {
            return if self.digest == other.digest {
                MirrorState::InStep
            } else {
                MirrorState::Diverged
            };
        }
        let (older, newer) = if self.is_newer_than(other) {
            (other, self)
        } else {
            (self, other)
        };
        let comes_of_it = newer.lineage.starts_with(&older.lineage) && newer.number >= older.number;
        if comes_of_it {
            MirrorState::Stale
        } else {
            MirrorState::Diverged
        }
    }

    fn is_newer_than(&self, other: &Self) -> bool {
        (self.lineage.len(), self.number) > (other.lineage.len(), other.number)
    }
}

/// Makes keys and mirror the same: the newer one wins. Adds the mark of this start to both.
fn reconcile(
    keys: &Path,
    mirror: &Path,
    with: &MirrorKeys,
    truth: Truth,
) -> Result<Hands, KeyFault> {
    let ours = Hands::open(keys, with)?;
    if has_no_keys(mirror) {
        make_new(&ours, keys, mirror, with)?;
    }
    let theirs_master = std::fs::read(mirror.join(MASTER))?;
    if theirs_master != std::fs::read(keys.join(MASTER))? {
        return Err(KeyFault::Diverged);
    }

    let (one, other) = (Look::at(keys, with)?, Look::at(mirror, with)?);
    let is_ours = match truth {
        Truth::Newest => one.is_newer_than(&other),
        Truth::Keys => one.lineage.starts_with(&other.lineage),
    };
    match one.compare(&other) {
        MirrorState::InStep => {}
        MirrorState::Stale if is_ours => {
            tracing::warn!("the mirror of the keys was older and is brought up to date");
            ours.bring_up_to_date(mirror, with)?;
        }
        MirrorState::Stale if truth == Truth::Newest => {
            tracing::error!("the keys were older than their mirror and are brought up to date");
            let theirs = Hands::open(mirror, with)?;
            drop(ours);
            theirs.bring_up_to_date(keys, with)?;
        }
        MirrorState::Stale | MirrorState::Missing | MirrorState::Diverged => {
            return Err(KeyFault::Diverged);
        }
    }

    // The mirror first: what it has more is taken over at the next start.
    mark_start(&[mirror, keys])?;
    Hands::open(mirror, with)
}

/// Adds the mark of this start to the lineage of folders.
pub(super) fn mark_start(folders: &[&Path]) -> Result<(), KeyFault> {
    let mark = random::<16>()?;
    for folder in folders {
        let connection = open_database(folder)?;
        connection.execute("insert into lineage (mark) values (?1)", [mark])?;
    }
    Ok(())
}

/// Fills an empty folder, if it may become the mirror.
fn make_new(ours: &Hands, keys: &Path, mirror: &Path, with: &MirrorKeys) -> Result<(), KeyFault> {
    let had_one = ours
        .connection
        .query_row("select 1 from mirrored", [], |_| Ok(()))
        .optional()?;
    let is_allowed = mirror.join(NEW).exists();
    // An empty folder where there was a mirror is most of the time a disk that is not mounted.
    if !mirror.is_dir() || (had_one.is_some() && !is_allowed) {
        return Err(KeyFault::NoMirror);
    }
    let (_, list) = ours.current()?;
    Epochs::create_with(mirror, &with.wrapping, &list)?;
    ours.connection
        .execute("insert or ignore into mirrored (one) values (1)", [])?;
    ours.copy_database(mirror)?;
    write_private(&mirror.join(MASTER), &std::fs::read(keys.join(MASTER))?)?;
    if is_allowed {
        std::fs::remove_file(mirror.join(NEW))?;
    }
    tracing::info!("the mirror of the keys was made");
    Ok(())
}

impl Hands {
    fn look(folder: &Path, with: &MirrorKeys) -> Result<Self, KeyFault> {
        if !folder.join(FILE).exists() {
            return Err(KeyFault::NoMirror);
        }
        let connection = open_database(folder)?;
        let epochs = Epochs::open(folder, with.wrapping.again())?;
        let presence = Presence::of(&folder.join(FILE))?;
        Ok(Self {
            connection,
            presence,
            epochs,
        })
    }

    /// Opens a folder to work with it; ends what a crash interrupted.
    fn open(folder: &Path, with: &MirrorKeys) -> Result<Self, KeyFault> {
        let mut hands = Self::look(folder, with)?;
        hands.connection.execute_batch(&format!(
            "{SCHEMA} {} {} {}",
            shards::SCHEMA,
            ledger::SCHEMA,
            unsaid::SCHEMA
        ))?;
        let unsettled: Vec<Shard> = hands.epochs.unsettled().collect();
        if !unsettled.is_empty() {
            let (current, _) = hands.current()?;
            hands.epochs.wipe_others(&current)?;
        }
        Ok(hands)
    }

    /// The current epoch of every shard, and the same with its key.
    #[expect(clippy::type_complexity, reason = "two lists of the same shards")]
    fn current(&self) -> Result<(Vec<(Shard, Epoch)>, Vec<(Shard, Epoch, Key)>), KeyFault> {
        let mut statement = self
            .connection
            .prepare("select shard, epoch from shard_epochs order by shard")?;
        let current: Vec<(Shard, Epoch)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut with_keys = Vec::new();
        for (shard, epoch) in &current {
            let key = self.epochs.key(*shard, *epoch).ok_or(KeyFault::Epoch)?;
            with_keys.push((*shard, *epoch, key.again()));
        }
        Ok((current, with_keys))
    }

    /// A digest over every key and every line, in clear order; and over the epoch keys, which differ in their sealing.
    fn digest(&self, digests: &Key) -> Result<[u8; 32], KeyFault> {
        let mut digest = [0; 32];
        for sql in [
            "select subject, shard, epoch, wrapped from subject_keys order by subject",
            "select object, subject, wrapped from object_keys order by object",
            "select sequence, mac from ledger order by sequence",
        ] {
            let mut statement = self.connection.prepare(sql)?;
            let n_columns = statement.column_count();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let mut parts = vec![digest.to_vec()];
                for column in 0..n_columns {
                    parts.push(match row.get_ref(column)? {
                        rusqlite::types::ValueRef::Integer(value) => value.to_be_bytes().to_vec(),
                        rusqlite::types::ValueRef::Blob(bytes) => bytes.to_vec(),
                        _ => return Err(KeyFault::Unreadable),
                    });
                }
                let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
                digest = mac(digests, &parts);
            }
        }
        let (_, list) = self.current()?;
        for (shard, epoch, key) in &list {
            let (shard, epoch) = (shard.to_be_bytes(), epoch.to_be_bytes());
            digest = mac(digests, &[&digest, &shard, &epoch, key.as_bytes()]);
        }
        Ok(digest)
    }

    /// Makes another folder the same as this one. Keys that are no more here are no more there when this returns.
    fn bring_up_to_date(&self, folder: &Path, with: &MirrorKeys) -> Result<(), KeyFault> {
        let mut other = Self::open(folder, with)?;
        let (before, _) = other.current()?;
        let (current, list) = self.current()?;
        // Beside the keys that are there, so that at every moment one of two databases opens.
        other.epochs.adopt(&list, &before)?;
        drop(other.connection);
        self.copy_database(folder)?;
        other.epochs.wipe_others(&current)
    }

    /// Puts a copy of the database in the place of another folder's.
    fn copy_database(&self, folder: &Path) -> Result<(), KeyFault> {
        let new = folder.join("keys.db.new");
        remove(&new)?;
        self.connection
            .execute("vacuum into ?1", params![new.to_string_lossy()])?;
        restrict_to_owner(&new)?;
        std::fs::File::open(&new)?.sync_all()?;
        for end in ["-wal", "-shm"] {
            remove(&folder.join(format!("{FILE}{end}")))?;
        }
        std::fs::rename(&new, folder.join(FILE))?;
        Ok(sync_folder_of(&folder.join(FILE))?)
    }
}

/// Number of changes that a folder holds.
fn number(connection: &Connection) -> Result<i64, KeyFault> {
    let mut statement = connection.prepare("select coalesce(max(number), 0) from changes")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn remove(file: &Path) -> io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
