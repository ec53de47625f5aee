//! The archive: the store of one installation, opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use waarborg_domain::audit::LogName;
use waarborg_usecase::ports::{ConversationSecrets, StoreError};

use crate::backup;
use crate::engine::{
    Ballast, Fault, Opener, PostgresPlace, Readers, Session, SqlitePlace, UrlFault, Work, Writer,
    WriterParts, migrate, values,
};
use crate::keys::{
    KeyFault, KeyStore, Master, MasterFault, MirrorWatch, has_no_keys, make_private_folder,
    take_over,
};
use crate::ledger::{self, Replayed};
use crate::ports::KeyCache;
use crate::ports::sightings::Waiting;
use crate::secrets::Secrets;
use crate::trail::{self, Anchor, Exported, Journal, Log};

const DATABASE: &str = "waarborg.db";
const RESERVE: &str = "reserve";

/// Where the data is kept.
#[derive(Clone)]
pub enum Backend {
    /// SQLite, in the data folder.
    Sqlite,
    /// PostgreSQL, at this address. It may hold a password and is never shown.
    Postgres(String),
}

/// How the store is opened.
#[derive(Clone)]
pub struct Settings {
    /// The folder of the master key, the epoch keys and the key store. Apart from the data, also in backups.
    pub keys: PathBuf,
    /// A second folder for the keys, on another disk; it must be there. `None` for keys that exist once.
    pub keys_mirror: Option<PathBuf>,
    /// The folder of the data, and of the reserve.
    pub data: PathBuf,
    /// What keeps the data.
    pub backend: Backend,
    /// The name of the audit log, in its checkpoints; no spaces, no plus sign.
    pub log_name: String,
    /// Bytes kept free for erasures and audit entries on a full disk; at least 8 MB where it matters.
    pub reserve_bytes: u64,
    /// Threads that read.
    pub n_readers: usize,
    /// Whether times come from a clock that can be set. Data remembers how it was made, and opens only so.
    pub test_clock: bool,
}

impl Settings {
    /// The usual settings for an installation in `folder`: SQLite, a reserve of 64 MB.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            keys: folder.join("keys"),
            keys_mirror: None,
            data: folder.join("data"),
            backend: Backend::Sqlite,
            log_name: "waarborg".to_owned(),
            reserve_bytes: 64 << 20,
            n_readers: 4,
            test_clock: false,
        }
    }

    /// The same with a PostgreSQL address.
    #[must_use]
    pub fn on_postgres(mut self, url: &str) -> Self {
        self.backend = Backend::Postgres(url.to_owned());
        self
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.data.join(DATABASE)
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("keys", &self.keys)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

/// Why the store does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenFault {
    /// The master key is missing, damaged, or open to others.
    #[error(transparent)]
    Master(MasterFault),
    /// The keys do not fit each other, or were changed.
    #[error("the keys in {} cannot be used", folder.display())]
    Keys {
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: KeyFault,
    },
    /// The data was written by a newer version of this program.
    #[error(
        "the data has schema version {found}, this program knows {known}; use the newer program"
    )]
    Newer {
        /// In the data.
        found: i64,
        /// In this program.
        known: i64,
    },
    /// The backup is from before a change of the schema; only what is opened is brought up to date.
    #[error("the backup has schema version {found}, this program restores {known} only")]
    Older {
        /// In the backup.
        found: i64,
        /// In this program.
        known: i64,
    },
    /// The address of PostgreSQL.
    #[error(transparent)]
    Url(UrlFault),
    /// The name of the audit log has a space or a plus sign.
    #[error("the audit log's name has no spaces and no plus sign")]
    LogName,
    /// Something is at the place of a restore already, or the backup is none.
    #[error("{0}")]
    Backup(&'static str),
    /// The data was made with the system's clock and now there is to be a test clock, or the other way round.
    #[error("the data was made with another clock than the settings say")]
    OtherClock,
    /// The keys are a copy from before the data.
    #[error("the keys are older than the data: they were put back from a copy")]
    OldKeys,
    /// Everything else.
    #[error("the store does not open")]
    Store(#[source] Fault),
}

impl From<Fault> for OpenFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Newer { found, known } => Self::Newer { found, known },
            Fault::Url(fault) => Self::Url(fault),
            Fault::OtherClock => Self::OtherClock,
            Fault::OldKeys => Self::OldKeys,
            Fault::Keys(KeyFault::Master(fault)) => Self::Master(fault),
            other => Self::Store(other),
        }
    }
}

/// The store of one installation. Dropping it writes out what is under way and closes it.
pub struct Archive {
    settings: Settings,
    secrets: Arc<Secrets>,
    backend: String,
    writer: Writer,
    readers: Readers,
    key_cache: KeyCache,
    waiting: Waiting,
    mirror_watch: MirrorWatch,
}

impl Archive {
    /// Opens the store, or makes a new one where there is neither data nor key.
    ///
    /// Before it returns, the schema is brought up to date and the ledger is replayed: what was erased, restricted,
    /// objected to or withdrawn stays so, whatever the data says.
    ///
    /// # Errors
    ///
    /// [`OpenFault`] if keys and data cannot be used as they are.
    pub fn open(settings: Settings) -> Result<Self, OpenFault> {
        Ok(Self::open_and_replay(settings)?.0)
    }

    /// The same, and what the ledger had to do again.
    pub(crate) fn open_and_replay(settings: Settings) -> Result<(Self, Replayed), OpenFault> {
        apart(|| Self::open_here(settings))
    }

    fn open_here(settings: Settings) -> Result<(Self, Replayed), OpenFault> {
        let keys_fault = |source| match source {
            KeyFault::Master(fault) => OpenFault::Master(fault),
            source => OpenFault::Keys {
                folder: settings.keys.clone(),
                source,
            },
        };
        take_over_lost_keys(&settings)?;
        if settings.database().exists() {
            // Data without its keys is not a new installation.
            Master::load(&settings.keys).map_err(keys_fault)?;
        }
        let master = Master::load_or_create(&settings.keys).map_err(keys_fault)?;
        let name = LogName::new(&settings.log_name).map_err(|_| OpenFault::LogName)?;
        let secrets = Arc::new(Secrets::new(&master, name));
        let keys = match &settings.keys_mirror {
            Some(mirror) => KeyStore::open_mirrored(&settings.keys, mirror, &master),
            None => KeyStore::open(&settings.keys, &master),
        }
        .map_err(keys_fault)?;
        let mirror_watch = keys.mirror_watch();
        drop(master);

        make_private_folder(&settings.data).map_err(Fault::from)?;
        let opener = opener(&settings)?;
        let mut parts = WriterParts {
            session: opener.writer()?,
            log: Log::new(Arc::clone(&secrets)),
            ballast: Ballast::new(settings.data.join(RESERVE), settings.reserve_bytes),
            anchor: Anchor::in_folder(&settings.keys).also_in(settings.keys_mirror.as_deref()),
            keys,
            opener: Arc::clone(&opener),
            journal: None,
        };
        let replayed = bring_up_to_date(&mut parts, &secrets, settings.test_clock)?;
        parts.journal = bring_in_noted(&mut parts, &secrets, &settings)?;
        let size = parts.log.size();
        parts
            .anchor
            .compare(&secrets.signer().verifier(), size)
            .map_err(Fault::from)?;

        let views = (0..settings.n_readers.max(1))
            .map(|_| parts.keys.view())
            .collect::<Result<_, _>>();
        let readers = Readers::start(&opener, views.map_err(Fault::from)?)?;
        let backend = opener.backend();
        let writer = Writer::start(parts)?;
        let archive = Self {
            settings,
            secrets,
            backend,
            writer,
            readers,
            key_cache: KeyCache::default(),
            waiting: Waiting::default(),
            mirror_watch,
        };
        Ok((archive, replayed))
    }

    /// The public key of the audit log: `name+id+key`, for whoever checks an export.
    #[must_use]
    pub fn log_key(&self) -> String {
        self.secrets.signer().verifier().to_string()
    }

    /// The settings that it was opened with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Writes the audit log to a file that anyone can check offline; says how many entries.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the log or the file does not allow it.
    pub async fn export_trail(&self, file: &Path, what: Exported) -> Result<u64, StoreError> {
        let (secrets, file) = (self.share_secrets(), file.to_owned());
        self.writer.bring_in_noted().await;
        self.read(move |work| trail::export(work, &secrets, &file, what))
            .await
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.writer
    }

    pub(crate) fn readers(&self) -> &Readers {
        &self.readers
    }

    /// Whether changes of the keys, erasures among them, are pending in a mirror that cannot be reached.
    #[must_use]
    pub fn is_pending_in_mirror(&self) -> bool {
        self.mirror_watch.is_pending()
    }

    pub(crate) fn key_cache(&self) -> &KeyCache {
        &self.key_cache
    }

    /// Sightings that are not on the disk yet.
    pub(crate) fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    pub(crate) fn share_secrets(&self) -> Arc<Secrets> {
        Arc::clone(&self.secrets)
    }

    pub(crate) fn backend_name(&self) -> &str {
        &self.backend
    }
}

impl ConversationSecrets for Archive {
    fn conversation_key(&self, scope: &[&[u8]]) -> [u8; 32] {
        self.secrets.conversation_key(scope)
    }

    fn seal(&self, scope: &[&[u8]], text: &str) -> Option<Vec<u8>> {
        self.secrets.seal(scope, text)
    }

    fn open(&self, scope: &[&[u8]], sealed: &[u8]) -> Option<String> {
        self.secrets.open(scope, sealed)
    }
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Archive({})", self.backend)
    }
}

/// Keys that are gone are made again out of their mirror.
pub(crate) fn take_over_lost_keys(settings: &Settings) -> Result<(), OpenFault> {
    let Some(mirror) = &settings.keys_mirror else {
        return Ok(());
    };
    if !has_no_keys(&settings.keys) {
        return Ok(());
    }
    take_over(&settings.keys, mirror).map_err(|source| OpenFault::Keys {
        folder: mirror.clone(),
        source,
    })
}

/// The way to the data; makes an empty SQLite database where there is none.
pub(crate) fn opener(settings: &Settings) -> Result<Arc<dyn Opener>, Fault> {
    Ok(match &settings.backend {
        Backend::Sqlite => {
            let place = SqlitePlace {
                file: settings.database(),
            };
            place.create()?;
            Arc::new(place)
        }
        Backend::Postgres(url) => Arc::new(PostgresPlace::parse(url)?),
    })
}

/// Migrates, reads the end of the log and replays the ledger, each durably before the next.
fn bring_up_to_date(
    parts: &mut WriterParts,
    secrets: &Secrets,
    test_clock: bool,
) -> Result<Replayed, Fault> {
    let WriterParts {
        session,
        keys,
        log,
        anchor,
        ..
    } = parts;
    session.begin(true)?;
    let migrated = migrate(&mut **session)
        .and_then(|()| belongs_together(&mut **session, secrets))
        .and_then(|()| keeps_its_clock(&mut **session, test_clock))
        .and_then(|()| log.read(&mut **session));
    finish(&mut **session, migrated)?;
    let restore = backup::unfinished(&mut **session)?;
    if restore.is_some() {
        // A restore takes the log back with reason.
        anchor.forget().map_err(Fault::from)?;
    }

    session.begin(true)?;
    keys.begin()?;
    let replayed = log.begin(&mut **session).and_then(|()| {
        let mut work = Work {
            session: &mut **session,
            keys,
            log,
        };
        let mut replayed = ledger::replay(&mut work)?;
        if let Some(wrapped) = &restore {
            replayed.n_records += backup::finish(&mut work, wrapped)?;
        }
        log.finish(&mut **session)?;
        ledger::note_how_far(&mut **session, keys)?;
        keys.commit()?;
        Ok(replayed)
    });
    if replayed.is_err() {
        keys.rollback();
        log.rollback();
    }
    let replayed = finish(&mut **session, replayed)?;
    if replayed.n_lines > 0 {
        tracing::info!(
            n_lines = replayed.n_lines,
            n_records = replayed.n_records,
            "the ledger was replayed"
        );
    }
    Ok(replayed)
}

/// Opens the journal where the data is in a file of ours, and brings into the log what a crash left in it.
fn bring_in_noted(
    parts: &mut WriterParts,
    secrets: &Arc<Secrets>,
    settings: &Settings,
) -> Result<Option<Arc<Journal>>, Fault> {
    if !matches!(settings.backend, Backend::Sqlite) {
        return Ok(None);
    }
    let WriterParts {
        session, keys, log, ..
    } = parts;
    let known = trail::known(&mut **session)?;
    let Some(journal) = Journal::open(&settings.data, secrets, known)? else {
        return Ok(None);
    };
    let taken = journal.take();
    if !taken.is_empty() {
        session.begin(true)?;
        let brought = log.begin(&mut **session).and_then(|()| {
            for noted in &taken {
                log.append_noted(&mut **session, keys, noted)?;
            }
            trail::note_known(&mut **session, &taken)?;
            log.finish(&mut **session)
        });
        match finish(&mut **session, brought) {
            Ok(()) => {}
            Err(fault) if fault.is_full() => {
                // They wait for the writer, who has a reserve; until then nothing new comes into the journal.
                log.rollback();
                return Ok(Some(Arc::new(journal)));
            }
            Err(fault) => return Err(fault),
        }
    }
    journal.settle();
    Ok(Some(Arc::new(journal)))
}

/// Data and keys recognise each other by a fingerprint in the data.
fn belongs_together(session: &mut dyn Session, secrets: &Secrets) -> Result<(), Fault> {
    let mark = secrets.installation_mark();
    let row = session.row("select value from meta where name = 'keys'", values![])?;
    match row.map(|mut row| row.text(0)).transpose()? {
        Some(known) if known == mark => Ok(()),
        Some(_) => Err(Fault::NotAllowed("the data belongs to other keys")),
        None => {
            session.execute(
                "insert into meta (name, value) values ('keys', $1)",
                values![mark],
            )?;
            Ok(())
        }
    }
}

/// Data remembers by which clock it was made: a test clock never comes to data that is real.
fn keeps_its_clock(session: &mut dyn Session, test_clock: bool) -> Result<(), Fault> {
    let clock = if test_clock { "test" } else { "system" };
    let row = session.row("select value from meta where name = 'clock'", values![])?;
    match row.map(|mut row| row.text(0)).transpose()? {
        Some(known) if known == clock => Ok(()),
        Some(_) => Err(Fault::OtherClock),
        None => {
            session.execute(
                "insert into meta (name, value) values ('clock', $1)",
                values![clock],
            )?;
            Ok(())
        }
    }
}

/// Runs something on a thread of its own: a connection to PostgreSQL cannot be opened inside an asynchronous
/// program's own threads.
pub(crate) fn apart<T: Send>(
    work: impl FnOnce() -> Result<T, OpenFault> + Send,
) -> Result<T, OpenFault> {
    std::thread::scope(|scope| {
        scope
            .spawn(work)
            .join()
            .unwrap_or(Err(OpenFault::Store(Fault::Broken)))
    })
}

fn finish<T>(session: &mut dyn Session, done: Result<T, Fault>) -> Result<T, Fault> {
    let done = done.and_then(|value| session.commit().map(|()| value));
    if done.is_err() {
        session.rollback();
    }
    done
}
