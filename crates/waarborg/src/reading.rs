//! Reads files and standard input, whole or line by line, and says plainly what is wrong with them.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use crate::stop::Stop;

/// The most that one input may hold; more than any document a person would send.
const LARGEST_INPUT_BYTES: u64 = 256 * 1024 * 1024;

/// Where a command reads from: a file, or `-` for standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Standard input.
    Standard,
    /// A file.
    File(PathBuf),
}

impl Source {
    /// `-` is standard input; everything else is a path.
    #[expect(clippy::unnecessary_wraps, reason = "the shape that clap asks for")]
    pub(crate) fn parse(text: &str) -> Result<Self, std::convert::Infallible> {
        Ok(if text == "-" {
            Self::Standard
        } else {
            Self::File(PathBuf::from(text))
        })
    }

    /// The name that messages use.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Standard => "standard input".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Opens the source.
    ///
    /// # Errors
    ///
    /// [`Stop::Unusable`] when it cannot be opened.
    pub(crate) fn open(&self) -> Result<Box<dyn BufRead>, Stop> {
        match self {
            Self::Standard => Ok(Box::new(io::stdin().lock())),
            Self::File(path) => {
                let file = File::open(path).map_err(|error| unreadable(path, &error))?;
                if file.metadata().is_ok_and(|about| about.is_dir()) {
                    return Err(Stop::unusable(
                        format!("{} is a directory", path.display()),
                        "name a file, or - for standard input",
                    ));
                }
                Ok(Box::new(BufReader::with_capacity(64 * 1024, file)))
            }
        }
    }

    /// Reads the whole source.
    ///
    /// # Errors
    ///
    /// [`Stop::Unusable`] when it cannot be read or is too large.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Stop> {
        let mut bytes = Vec::new();
        self.open()?
            .take(LARGEST_INPUT_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| self.broken(&error))?;
        if bytes.len() as u64 > LARGEST_INPUT_BYTES {
            return Err(Stop::unusable(
                format!(
                    "{} is larger than {} MiB",
                    self.name(),
                    LARGEST_INPUT_BYTES / 1024 / 1024
                ),
                "split it, or use --format jsonl with one text per line",
            ));
        }
        Ok(bytes)
    }

    /// Reads the whole source as text.
    ///
    /// # Errors
    ///
    /// [`Stop::Unusable`] when it cannot be read, is too large, or is not UTF-8.
    pub(crate) fn text(&self) -> Result<String, Stop> {
        String::from_utf8(self.bytes()?)
            .map_err(|error| not_utf8(&self.name(), error.utf8_error().valid_up_to()))
    }

    /// Calls `each` with every line that is not blank, with its number from 1.
    ///
    /// # Errors
    ///
    /// [`Stop::Unusable`] when a line cannot be read or is not UTF-8, and whatever `each` stops with.
    pub(crate) fn each_line(
        &self,
        mut each: impl FnMut(usize, &str) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut reader = self.open()?;
        let mut line = Vec::new();
        let mut number = 0_usize;

        loop {
            line.clear();
            let n_read = (&mut reader)
                .take(LARGEST_INPUT_BYTES + 1)
                .read_until(b'\n', &mut line)
                .map_err(|error| self.broken(&error))?;
            if n_read == 0 {
                return Ok(());
            }
            number += 1;
            if line.len() as u64 > LARGEST_INPUT_BYTES {
                return Err(Stop::unusable(
                    format!("line {number} of {} is too long", self.name()),
                    "put one text on each line",
                ));
            }
            let text = std::str::from_utf8(&line).map_err(|error| {
                not_utf8(
                    &format!("line {number} of {}", self.name()),
                    error.valid_up_to(),
                )
            })?;
            let text = text.trim_end_matches(['\n', '\r']);
            if !text.trim().is_empty() {
                each(number, text)?;
            }
        }
    }

    fn broken(&self, error: &io::Error) -> Stop {
        Stop::unusable(
            format!("{} cannot be read: {error}", self.name()),
            "check the file and its permissions",
        )
    }
}

/// Reads a file that must be text.
///
/// # Errors
///
/// [`Stop::Unusable`] when it cannot be read or is not UTF-8.
pub(crate) fn file(path: &Path) -> Result<String, Stop> {
    Source::File(path.to_owned()).text()
}

/// The same path from the root, for a running program that stands in another directory.
///
/// # Errors
///
/// [`Stop::Unusable`] when this directory is gone.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Stop> {
    std::path::absolute(path).map_err(|error| {
        Stop::unusable(
            format!("{} cannot be used: {error}", path.display()),
            "name a whole path",
        )
    })
}

fn unreadable(path: &Path, error: &io::Error) -> Stop {
    let next = match error.kind() {
        io::ErrorKind::NotFound => {
            "check the name, or make the directory with `waarborg init --dir D`"
        }
        io::ErrorKind::PermissionDenied => "run the command as the owner of the file",
        _ => "check the file and the disk",
    };
    Stop::unusable(
        format!("{} cannot be opened: {error}", path.display()),
        next,
    )
}

fn not_utf8(name: &str, offset: usize) -> Stop {
    Stop::unusable(
        format!("{name} is not valid UTF-8 (byte {offset})"),
        "convert it first, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
    )
}
