//! The anchor: the newest signed checkpoint, kept beside the keys, so that data which was rolled back is seen.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use waarborg_domain::audit::LogKey;

use crate::keys::{KEYS_FILE, sync_folder_of, write_private};

pub(crate) const FILE: &str = "log.checkpoint";

/// Where the newest checkpoint is kept, apart from the log.
#[derive(Clone, Debug)]
pub(crate) struct Anchor {
    file: PathBuf,
    // The same beside the mirror of the keys.
    mirror: Option<PathBuf>,
    // The log is shorter than it was: what is kept is evidence, and stays until a restore explains it.
    frozen: bool,
}

impl Anchor {
    pub(crate) fn in_folder(keys: &Path) -> Self {
        Self {
            file: keys.join(FILE),
            mirror: None,
            frozen: false,
        }
    }

    /// The same, kept beside the mirror of the keys too.
    pub(crate) fn also_in(mut self, mirror: Option<&Path>) -> Self {
        self.mirror = mirror.map(|mirror| mirror.join(FILE));
        self
    }

    /// Stops keeping newer checkpoints if the log has become shorter than the one that is kept.
    pub(crate) fn compare(&mut self, key: &LogKey, size: u64) -> io::Result<()> {
        let kept = self.read()?.and_then(|note| key.open(&note).ok());
        self.frozen = kept.is_some_and(|kept| kept.size > size);
        if self.frozen {
            tracing::error!(
                "the data is older than the checkpoint beside the keys: it was put back without a restore"
            );
        }
        Ok(())
    }

    /// Forgets what was kept, because a restore takes the log back with reason.
    pub(crate) fn forget(&self) -> io::Result<()> {
        for file in [Some(&self.file), self.mirror.as_ref()]
            .into_iter()
            .flatten()
        {
            match fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Keeps a signed note in the place of the one before, durably. The log must be durable up to there.
    pub(crate) fn keep(&self, note: &str) -> io::Result<()> {
        if self.frozen {
            return Ok(());
        }
        put(&self.file, note)?;
        // A mirror that is away has none; the keys themselves say so.
        match self.mirror.as_ref().filter(|file| is_beside_keys(file)) {
            Some(file) => put(file, note),
            None => Ok(()),
        }
    }

    /// The note that was kept, if there is one.
    pub(crate) fn read(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }
}

fn put(file: &Path, note: &str) -> io::Result<()> {
    let new = file.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    write_private(&new, note.as_bytes())?;
    fs::rename(&new, file)?;
    sync_folder_of(file)
}

fn is_beside_keys(file: &Path) -> bool {
    file.with_file_name(KEYS_FILE).exists()
}
