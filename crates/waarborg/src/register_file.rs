//! The file of the register, as the console reads and writes it: beside it first, safe on the disk, then in its place.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use waarborg_domain::register::{Fault, Register};
use waarborg_usecase::ports::{FileAnswer, FileFault, RegisterFile};

use crate::{configuration, home::Home, serve::running, settings::Settings};

/// The file of one installation.
pub(crate) struct OnDisk {
    home: Home,
    settings: Arc<Settings>,
}

impl OnDisk {
    /// The register of this home.
    pub(crate) fn of(home: &Home, settings: Settings) -> Self {
        Self {
            home: home.clone(),
            settings: Arc::new(settings),
        }
    }

    /// Does something with the file, away from those who wait for other answers.
    fn aside<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Path) -> Result<T, FileFault> + Send + 'static,
    ) -> FileAnswer<'_, T> {
        let file = self.home.register();
        Box::pin(async move {
            tokio::task::spawn_blocking(move || act(&file))
                .await
                .unwrap_or(Err(FileFault::Failed))
        })
    }
}

impl RegisterFile for OnDisk {
    fn read(&self) -> FileAnswer<'_, String> {
        self.aside(read)
    }

    fn may_write(&self) -> FileAnswer<'_, ()> {
        self.aside(may_write)
    }

    fn hindrances(&self, register: &Register) -> Vec<Fault> {
        let settings = self.home.settings().display().to_string();
        let mut faults = configuration::between(&self.home, &settings, &self.settings, register);
        faults.extend(register.undeclared(&running(&self.settings, register)));
        faults
    }

    fn lay_beside(&self, text: String) -> FileAnswer<'_, ()> {
        self.aside(move |file| {
            may_write(file)?;
            lay_beside(file, &text).map_err(|error| fault(&error))
        })
    }

    fn put_in_place(&self, old: String, new: String) -> FileAnswer<'_, ()> {
        self.aside(move |file| {
            if Register::digest_of(&read(file)?) != old {
                return Err(FileFault::Changed);
            }
            put_in_place(file, &new).map_err(|error| fault(&error))
        })
    }
}

fn read(file: &Path) -> Result<String, FileFault> {
    fs::read_to_string(file).map_err(|_| FileFault::Unreadable)
}

/// A file that may not be written is left alone, also where its directory would let us replace it.
fn may_write(file: &Path) -> Result<(), FileFault> {
    let real = real(file).map_err(|_| FileFault::Unreadable)?;
    let about = fs::metadata(&real).map_err(|_| FileFault::Unreadable)?;
    if about.permissions().readonly() {
        return Err(FileFault::ReadOnly);
    }
    // Only trying tells: a disk may be mounted to read only.
    let beside = beside(&real, "try");
    let tried = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&beside);
    match tried.and_then(|_| fs::remove_file(&beside)) {
        Ok(()) => Ok(()),
        // Somebody else who tried at once took it away.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(fault(&error)),
    }
}

/// The new file has the permissions of the old one.
fn lay_beside(file: &Path, text: &str) -> io::Result<()> {
    let real = real(file)?;
    let beside = beside(&real, &Register::digest_of(text));
    let write = || {
        let mut new = fs::File::create(&beside)?;
        new.set_permissions(fs::metadata(&real)?.permissions())?;
        new.write_all(text.as_bytes())?;
        new.sync_all()
    };
    // A full disk leaves no half a register lying about.
    write().inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

fn put_in_place(file: &Path, new: &str) -> io::Result<()> {
    let real = real(file)?;
    fs::rename(beside(&real, new), &real)?;
    // The name is on the disk when its directory is; elsewhere than on Unix a directory cannot be opened for that.
    match real.parent().map(fs::File::open) {
        Some(Ok(directory)) => directory.sync_all(),
        Some(Err(_)) | None => Ok(()),
    }
}

/// Where the file really lies: a link stays a link.
fn real(file: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(file)
}

/// A name of its own for each text, so that two who publish at once do not write into each other's file.
fn beside(file: &Path, which: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(which.get(..16).unwrap_or(which));
    name.push(".new");
    file.with_file_name(name)
}

fn fault(error: &io::Error) -> FileFault {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => FileFault::ReadOnly,
        _ => FileFault::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("register.toml");
        fs::write(&file, text).unwrap();
        (dir, file)
    }

    #[test]
    fn a_new_file_takes_the_place_of_the_old_one_whole() {
        let (dir, file) = file("old");
        lay_beside(&file, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        put_in_place(&file, &Register::digest_of("new")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "nothing lies about"
        );
    }

    #[test]
    fn a_file_that_may_not_be_written_is_left_alone() {
        let (dir, file) = file("old");
        assert_eq!(may_write(&file), Ok(()));
        let mut permissions = fs::metadata(&file).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&file, permissions).unwrap();
        assert_eq!(may_write(&file), Err(FileFault::ReadOnly));
        assert_eq!(
            may_write(&dir.path().join("none")),
            Err(FileFault::Unreadable)
        );
    }

    #[test]
    fn many_may_try_at_once_whether_it_can_be_written() {
        let (dir, file) = file("old");
        std::thread::scope(|scope| {
            let tries = || (0..200).all(|_| may_write(&file) == Ok(()));
            let others: Vec<_> = (0..4).map(|_| scope.spawn(tries)).collect();
            assert!(others.into_iter().all(|other| other.join().unwrap()));
        });
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let (dir, file) = file("old");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let link = dir.path().join("link.toml");
        symlink(&file, &link).unwrap();
        lay_beside(&link, "new").unwrap();
        put_in_place(&link, &Register::digest_of("new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }
}
