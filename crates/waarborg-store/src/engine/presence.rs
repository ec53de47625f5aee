//! Whether the files that are written to are still the files that will be found: an unlinked or replaced database
//! takes writes without a word and loses them all.

use std::io;
use std::path::{Path, PathBuf};

/// The database file and its write-ahead log, as they were when they were opened.
#[derive(Debug)]
pub(crate) struct Presence {
    database: (PathBuf, Option<Identity>),
    log: (PathBuf, Option<Identity>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

impl Presence {
    /// Notes which files these are. The log may not be there yet.
    pub(crate) fn of(database: &Path) -> io::Result<Self> {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        Ok(Self {
            database: (database.to_owned(), identity(database)?),
            log: (log.clone(), identity(&log)?),
        })
    }

    /// Whether both files are still in their places.
    pub(crate) fn is_kept(&mut self) -> io::Result<bool> {
        if identity(&self.database.0)? != self.database.1 {
            return Ok(false);
        }
        let log = identity(&self.log.0)?;
        if self.log.1.is_none() {
            self.log.1 = log;
        }
        Ok(log == self.log.1)
    }
}

#[cfg(unix)]
fn identity(file: &Path) -> io::Result<Option<Identity>> {
    use std::os::unix::fs::MetadataExt as _;

    match std::fs::metadata(file) {
        Ok(found) => Ok(Some(Identity {
            device: found.dev(),
            inode: found.ino(),
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Elsewhere open files cannot be unlinked.
#[cfg(not(unix))]
fn identity(_file: &Path) -> io::Result<Option<Identity>> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_or_missing_file_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.db");
        std::fs::write(&file, b"1").unwrap();
        let mut presence = Presence::of(&file).unwrap();
        assert!(presence.is_kept().unwrap());
        std::fs::write(folder.path().join("x.db-wal"), b"1").unwrap();
        assert!(presence.is_kept().unwrap());
        std::fs::remove_file(folder.path().join("x.db-wal")).unwrap();
        assert!(!presence.is_kept().unwrap());

        let mut presence = Presence::of(&file).unwrap();
        std::fs::write(folder.path().join("y"), b"1").unwrap();
        std::fs::rename(folder.path().join("y"), &file).unwrap();
        assert!(!presence.is_kept().unwrap());
    }
}
