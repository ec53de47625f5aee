//! The engine under the ports: one writer that commits in groups, readers beside it, the same for both backends.

mod ballast;
mod migrations;
mod postgres;
mod postgres_tls;
mod presence;
mod readers;
mod refusal;
mod session;
mod sqlite;
mod writer;

pub(crate) use ballast::Ballast;
pub use migrations::{DeclaredTable, declared_tables};
pub(crate) use migrations::{latest_version, migrate};
pub(crate) use postgres::PostgresPlace;
pub use postgres_tls::UrlFault;
pub(crate) use presence::Presence;
pub(crate) use readers::{ReadWork, Readers};
pub use refusal::Refusal;
pub(crate) use session::{Dialect, Opener, Row, Session, Value, values};
pub(crate) use sqlite::SqlitePlace;
pub(crate) use sqlite::SqliteSession;
pub(crate) use writer::{Urgency, Work, Writer, WriterParts, chain};

use std::io;

use crate::keys::KeyFault;

/// What went wrong inside the store. Above it only [`waarborg_usecase::ports::StoreError`] is seen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No room on the disk.
    #[error("the disk is full")]
    Full,
    /// A commit failed; nothing is acknowledged until the store was opened again and checked.
    #[error("the store is being checked after a failed commit")]
    Broken,
    /// The store is closing.
    #[error("the store is closed")]
    Closed,
    /// SQLite.
    #[error("SQLite refused")]
    Sqlite(#[source] Refusal),
    /// PostgreSQL.
    #[error("PostgreSQL refused")]
    Postgres(#[source] Refusal),
    /// The keys.
    #[error(transparent)]
    Keys(KeyFault),
    /// A file.
    #[error("a file cannot be read or written")]
    Disk(#[source] io::Error),
    /// A stored value that this version cannot read.
    #[error("column {0} holds something that is not known here")]
    Stored(&'static str),
    /// Something that the caller may not do: outside its permit, or twice.
    #[error("not allowed: {0}")]
    NotAllowed(&'static str),
    /// The data was written by a newer version.
    #[error("the data has schema version {found}, this program knows {known}")]
    Newer {
        /// In the data.
        found: i64,
        /// In this program.
        known: i64,
    },
    /// New work needs a key, and the mirror of the keys cannot be reached.
    #[error("the mirror of the keys cannot be reached; new keys are not made")]
    MirrorAway,
    /// The ledger beside the keys does not know what the data knows of it.
    #[error("the keys are older than the data: they were put back from a copy")]
    OldKeys,
    /// The data was made with another clock.
    #[error("the data was made with another clock than the settings say")]
    OtherClock,
    /// A check of the data found damage.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// An address of PostgreSQL that cannot be used.
    #[error(transparent)]
    Url(#[from] UrlFault),
}

impl Fault {
    /// Whether the disk has no room.
    pub(crate) fn is_full(&self) -> bool {
        matches!(self, Self::Full)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) {
            Self::Full
        } else {
            Self::Sqlite(Refusal::from(&error))
        }
    }
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        if error.code() == Some(&tokio_postgres::error::SqlState::DISK_FULL) {
            Self::Full
        } else {
            Self::Postgres(Refusal::from(&error))
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            Self::Full
        } else {
            Self::Disk(error)
        }
    }
}

impl From<KeyFault> for Fault {
    fn from(fault: KeyFault) -> Self {
        match fault {
            KeyFault::Disk(error) => Self::from(error),
            KeyFault::Full => Self::Full,
            other => Self::Keys(other),
        }
    }
}
