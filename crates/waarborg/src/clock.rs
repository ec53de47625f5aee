//! What time it is: the system's clock, or the test clock of a directory that was made for tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use waarborg_usecase::ports::Clock;

use crate::home::{Home, replace_private_file};

/// The clock of this process.
#[derive(Debug)]
pub(crate) enum WallClock {
    /// The system's clock.
    System,
    /// The system's clock, moved by what the file in a test directory says.
    Test(PathBuf),
}

/// What the file of the test clock holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    /// How far the test clock is ahead of the system's clock, in milliseconds; behind when negative.
    ahead_ms: i64,
}

/// The file of the test clock cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClockError {
    /// This directory was not made with `--test-clock`.
    #[error("this directory has no test clock")]
    NoTestClock,
    /// The file cannot be read or written.
    #[error("the file of the test clock cannot be used")]
    File(#[from] std::io::Error),
    /// The file holds something else.
    #[error("the file of the test clock holds something else")]
    Content(#[from] serde_json::Error),
    /// The time lies outside what the clock can show.
    #[error("the time lies too far away")]
    OutOfRange,
}

impl WallClock {
    /// The clock of a directory: the test clock where its settings declare one. A file alone makes none.
    pub(crate) fn of(home: &Home) -> Self {
        if is_declared(&home.settings()) {
            Self::Test(home.test_clock())
        } else {
            Self::System
        }
    }

    /// Whether time can be set by hand here.
    pub(crate) fn is_test(&self) -> bool {
        matches!(self, Self::Test(_))
    }

    /// Now. The file of a test clock is read again each time, so that another process can move it.
    pub(crate) fn wall(&self) -> Timestamp {
        let now = system_now();
        match self {
            Self::System => now,
            Self::Test(path) => {
                let ahead = read(path).map_or(SignedDuration::ZERO, |moved| {
                    SignedDuration::from_millis(moved.ahead_ms)
                });
                now.checked_add(ahead).unwrap_or(now)
            }
        }
    }
}

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        self.wall()
    }

    fn is_set_by_hand(&self) -> bool {
        self.is_test()
    }
}

/// Makes the test clock of a new directory; it shows the right time until somebody sets it.
///
/// # Errors
///
/// [`ClockError`] when the file cannot be written.
pub(crate) fn make_test_clock(path: &Path) -> Result<(), ClockError> {
    write(path, &Moved { ahead_ms: 0 })
}

/// Sets the test clock; it goes on from there.
///
/// # Errors
///
/// [`ClockError::NoTestClock`] where there is none, or the fault of the file.
pub(crate) fn set_test_clock(home: &Home, to: Timestamp) -> Result<(), ClockError> {
    if !is_declared(&home.settings()) {
        return Err(ClockError::NoTestClock);
    }
    let ahead = to.duration_since(system_now());
    // Rounded up, so that the clock never shows a moment before the one that was asked for.
    let ahead_ms = i64::try_from(ahead.as_millis() + 1).map_err(|_| ClockError::OutOfRange)?;
    write(&home.test_clock(), &Moved { ahead_ms })
}

/// Whether the settings say that this directory was made with a test clock. Settings with faults say nothing.
fn is_declared(settings: &Path) -> bool {
    fs::read_to_string(settings)
        .ok()
        .and_then(|source| toml::from_str::<toml::Table>(&source).ok())
        .and_then(|table| table.get("test_clock")?.as_bool())
        .unwrap_or(false)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the system's clock is read"
)]
fn system_now() -> Timestamp {
    Timestamp::now()
}

fn read(path: &Path) -> Result<Moved, ClockError> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

fn write(path: &Path, moved: &Moved) -> Result<(), ClockError> {
    Ok(replace_private_file(path, &serde_json::to_vec(moved)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(settings: &str) -> (tempfile::TempDir, Home) {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        fs::write(home.settings(), settings).unwrap();
        (dir, home)
    }

    #[test]
    fn a_test_clock_goes_on_from_the_time_that_was_set() {
        let (_dir, home) = home("test_clock = true\n");
        make_test_clock(&home.test_clock()).unwrap();
        let to: Timestamp = "2027-01-31T09:00:00Z".parse().unwrap();
        set_test_clock(&home, to).unwrap();

        let clock = WallClock::of(&home);
        assert!(clock.is_test());
        let shown = clock.wall();
        assert!(shown >= to && shown.duration_since(to) < SignedDuration::from_secs(60));
    }

    #[test]
    fn a_directory_without_a_test_clock_refuses_to_set_one() {
        for settings in ["", "test_clock = false\n", "no toml"] {
            let (_dir, home) = home(settings);
            let error = set_test_clock(&home, Timestamp::UNIX_EPOCH).unwrap_err();
            assert!(matches!(error, ClockError::NoTestClock));
            assert!(!home.test_clock().exists());
        }
    }

    #[test]
    fn a_file_alone_does_not_move_the_clock() {
        let (_dir, home) = home("listen = \"127.0.0.1:1\"\n");
        fs::write(home.test_clock(), r#"{"ahead_ms":86400000000}"#).unwrap();
        let clock = WallClock::of(&home);
        assert!(!clock.is_test());
        assert!(clock.wall().duration_since(system_now()) < SignedDuration::from_secs(60));
    }
}
