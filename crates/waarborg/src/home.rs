//! The layout of the directory that `--dir` names.

use std::path::{Path, PathBuf};

use clap::Args;

/// The directory of one installation: its two configuration files, its keys and its data.
#[derive(Debug, Clone, Args)]
pub(crate) struct Home {
    /// The directory made by `waarborg init`.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
}

impl Home {
    /// A home at this place.
    pub(crate) fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// How the program runs.
    pub(crate) fn settings(&self) -> PathBuf {
        self.dir.join("waarborg.toml")
    }

    /// What the program may do.
    pub(crate) fn register(&self) -> PathBuf {
        self.dir.join("register.toml")
    }

    /// What the organisation adds to detection, if it adds anything.
    pub(crate) fn recognisers(&self) -> PathBuf {
        self.dir.join("recognisers.toml")
    }

    /// Keys; never in the data backup.
    pub(crate) fn keys(&self) -> PathBuf {
        self.dir.join("keys")
    }

    /// What is kept.
    pub(crate) fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// Where a running server takes errands from commands.
    pub(crate) fn control_socket(&self) -> PathBuf {
        self.data().join("control.sock")
    }

    /// How far the clock was moved; counts only in a directory made with `--test-clock`.
    pub(crate) fn test_clock(&self) -> PathBuf {
        self.dir.join("test-clock.json")
    }
}

/// Makes a directory that only its owner can open.
///
/// # Errors
///
/// The system's error.
pub(crate) fn make_private_dir(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a new file that only its owner can read; an existing file is an error.
///
/// # Errors
///
/// The system's error.
pub(crate) fn make_private_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Replaces a file by one that only its owner can read; a reader never sees half of it.
///
/// # Errors
///
/// The system's error.
pub(crate) fn replace_private_file(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;

    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    // A rest of an interrupted run would stop `create_new`; its content is ours to throw away.
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = make_private_file(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}

/// Writes a file that its owner may change and its group may read: settings, not secrets.
///
/// # Errors
///
/// The system's error.
pub(crate) fn write_for_the_group(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;

    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Opens a file that only its owner can read, and makes it where there is none.
///
/// # Errors
///
/// The system's error.
pub(crate) fn open_private_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// By which a changed file is known: when it was written and how long it is; `None` where there is none.
pub(crate) type Stamp = Option<(std::time::SystemTime, u64)>;

/// How a file is now.
pub(crate) fn stamp(file: &Path) -> Stamp {
    let about = std::fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
}
