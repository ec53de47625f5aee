//! The master key: one file that only its owner may read, and the keys derived from it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use sha2::Sha256;
use waarborg_domain::audit::{LogName, LogSigner};
use zeroize::{Zeroize as _, Zeroizing};

use super::KeyFault;
use super::secret::Key;

pub(crate) const FILE: &str = "master.key";
const HEADER: &str = "waarborg-master-key-1 ";

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MasterFault {
    /// Others than the owner may read the file.
    #[error("{} may be read by others than its owner (mode {mode:03o}); set it to 600", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not the form of a master key.
    #[error("{} is not a master key file", path.display())]
    Form {
        /// The file.
        path: PathBuf,
    },
    /// There is none, while there are keys that need it.
    #[error("{} is missing", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or made.
    #[error("{} cannot be read or written", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The key above all others. It cannot be printed.
pub struct Master(Key);

impl Master {
    /// Reads the master key in the folder `keys`.
    ///
    /// # Errors
    ///
    /// [`MasterFault`] if it is missing, damaged, or if others may read it.
    pub fn load(keys: &Path) -> Result<Self, KeyFault> {
        let path = keys.join(FILE);
        let disk = |source| MasterFault::Disk {
            path: path.clone(),
            source,
        };
        if !path.try_exists().map_err(disk)? {
            return Err(MasterFault::Missing { path }.into());
        }
        refuse_readable_by_others(&path)?;

        let text = Zeroizing::new(fs::read_to_string(&path).map_err(disk)?);
        let key = text
            .strip_prefix(HEADER)
            .and_then(|rest| STANDARD.decode(rest.trim()).ok());
        let key = key.and_then(|mut bytes| Key::take(&mut bytes));
        Ok(Self(key.ok_or(MasterFault::Form { path })?))
    }

    /// Makes the folder `keys` and a new master key in it.
    ///
    /// # Errors
    ///
    /// [`MasterFault::Disk`] if it cannot be written, or is there already.
    pub fn create(keys: &Path) -> Result<Self, KeyFault> {
        let path = keys.join(FILE);
        let key = Key::random()?;
        let mut text = Zeroizing::new(format!("{HEADER}{}\n", STANDARD.encode(key.as_bytes())));
        make_private_folder(keys)
            .and_then(|()| write_private(&path, text.as_bytes()))
            .map_err(|source| MasterFault::Disk { path, source })?;
        text.zeroize();
        Ok(Self(key))
    }

    /// Reads the master key, or makes one where the folder has no keys at all yet.
    ///
    /// # Errors
    ///
    /// [`MasterFault`], as for the other two.
    pub fn load_or_create(keys: &Path) -> Result<Self, KeyFault> {
        let fresh = !keys.join(FILE).exists() && !keys.join(super::keystore::FILE).exists();
        if fresh {
            Self::create(keys)
        } else {
            Self::load(keys)
        }
    }

    /// The signer of the audit log.
    #[must_use]
    pub fn log_signer(&self, name: LogName) -> LogSigner {
        LogSigner::new(name, self.derive("audit checkpoint signing").as_bytes())
    }

    /// A key for one use, named by `info`.
    pub(crate) fn derive(&self, info: &str) -> Key {
        let mut bytes = Zeroizing::new([0; 32]);
        // HKDF-SHA256 fails only above 8160 bytes of output.
        let _ = Hkdf::<Sha256>::new(Some(b"waarborg 1"), self.0.as_bytes())
            .expand(info.as_bytes(), &mut *bytes);
        Key::take(&mut *bytes).unwrap_or_else(|| unreachable!("32 bytes make a key"))
    }
}

impl std::fmt::Debug for Master {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Master")
    }
}

#[cfg(unix)]
fn refuse_readable_by_others(path: &Path) -> Result<(), KeyFault> {
    use std::os::unix::fs::PermissionsExt as _;

    let metadata = fs::metadata(path).map_err(|source| MasterFault::Disk {
        path: path.to_owned(),
        source,
    })?;
    let mode = metadata.permissions().mode() & 0o777;
    let for_others = mode & 0o077;
    if for_others == 0 {
        Ok(())
    } else {
        Err(MasterFault::Open {
            path: path.to_owned(),
            mode,
        }
        .into())
    }
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_path: &Path) -> Result<(), KeyFault> {
    Ok(())
}

/// Makes a folder that only its owner may enter.
pub(crate) fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Writes a new file that only its owner may read, durably.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    sync_folder_of(path)
}

/// Makes a rename or a new file in the folder of `path` durable.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_master_key_gives_the_same_keys_again() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let made = Master::load_or_create(&keys).unwrap();
        let read = Master::load_or_create(&keys).unwrap();
        assert_eq!(made.derive("x").as_bytes(), read.derive("x").as_bytes());
        assert_ne!(made.derive("x").as_bytes(), read.derive("y").as_bytes());
    }

    #[cfg(unix)]
    #[test]
    fn a_master_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        Master::create(folder.path()).unwrap();
        for mode in [0o640, 0o604, 0o660, 0o601] {
            fs::set_permissions(folder.path().join(FILE), fs::Permissions::from_mode(mode))
                .unwrap();
            let refused = Master::load(folder.path()).unwrap_err();
            assert!(
                matches!(refused, KeyFault::Master(MasterFault::Open { .. })),
                "{mode:o}"
            );
        }
    }

    #[test]
    fn a_missing_or_damaged_master_key_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(super::super::keystore::FILE), b"").unwrap();
        let missing = Master::load_or_create(folder.path()).unwrap_err();
        assert!(matches!(
            missing,
            KeyFault::Master(MasterFault::Missing { .. })
        ));

        write_private(&folder.path().join(FILE), b"waarborg-master-key-1 AAAA\n").unwrap();
        let damaged = Master::load_or_create(folder.path()).unwrap_err();
        assert!(matches!(
            damaged,
            KeyFault::Master(MasterFault::Form { .. })
        ));
    }
}
