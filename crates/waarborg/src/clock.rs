//! What time it is: the system's clock, or the test clock of a directory that was made for tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use waarborg_usecase::ports::Clock;

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
    /// The clock of a directory: the test clock where its file exists.
    pub(crate) fn of(test_clock: PathBuf) -> Self {
        if test_clock.exists() {
            Self::Test(test_clock)
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
pub(crate) fn set_test_clock(path: &Path, to: Timestamp) -> Result<(), ClockError> {
    if !path.exists() {
        return Err(ClockError::NoTestClock);
    }
    let ahead = to.duration_since(system_now());
    // Rounded up, so that the clock never shows a moment before the one that was asked for.
    let ahead_ms = i64::try_from(ahead.as_millis() + 1).map_err(|_| ClockError::OutOfRange)?;
    write(path, &Moved { ahead_ms })
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

/// Writes beside the file and moves it into place, so that a reader never sees half of it.
fn write(path: &Path, moved: &Moved) -> Result<(), ClockError> {
    let beside = path.with_extension("new");
    fs::write(&beside, serde_json::to_vec(moved)?)?;
    fs::rename(&beside, path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_clock_goes_on_from_the_time_that_was_set() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("test-clock.json");
        make_test_clock(&path).unwrap();
        let to: Timestamp = "2027-01-31T09:00:00Z".parse().unwrap();
        set_test_clock(&path, to).unwrap();

        let clock = WallClock::of(path);
        assert!(clock.is_test());
        let shown = clock.wall();
        assert!(shown >= to && shown.duration_since(to) < SignedDuration::from_secs(60));
    }

    #[test]
    fn a_directory_without_a_test_clock_refuses_to_set_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("test-clock.json");
        let error = set_test_clock(&path, Timestamp::UNIX_EPOCH).unwrap_err();
        assert!(matches!(error, ClockError::NoTestClock));
        assert!(!path.exists());
        assert!(!WallClock::of(path).is_test());
    }
}
