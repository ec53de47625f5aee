//! The log in files: one for each stream and day, removed when the register says that its lines end.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use waarborg_domain::claim::Period;

use crate::home::make_private_dir;

/// A folder with the files of the log.
pub(crate) struct LogFiles {
    folder: PathBuf,
    // Of each stream the day and the file of its last line.
    open: Mutex<BTreeMap<&'static str, (Date, File)>>,
}

impl LogFiles {
    /// The files in this folder, which is made by the first line.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            open: Mutex::default(),
        }
    }

    /// Adds a line to the file of its stream and its day (UTC).
    ///
    /// # Errors
    ///
    /// The system's error; the line is in no file then.
    pub(crate) fn write(&self, stream: &'static str, at: Timestamp, line: &str) -> io::Result<()> {
        let today = day_of(at);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((day, file)) = open.get_mut(stream)
            && *day == today
        {
            return file.write_all(line.as_bytes());
        }
        make_private_dir(&self.folder)?;
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(self.folder.join(format!("{stream}-{today}.log")))?;
        file.write_all(line.as_bytes())?;
        open.insert(stream, (today, file));
        Ok(())
    }

    /// Removes every file of which the first line may be as old as its stream's lines may become: also what somebody else
    /// made of it, such as `access-2026-11-01.log.gz`. `period` is that of a stream; what has none may not be kept. Says
    /// how many files went.
    ///
    /// # Errors
    ///
    /// The system's error; what could not be removed is tried again by the next call.
    pub(crate) fn end(
        &self,
        now: Timestamp,
        period: impl Fn(&str) -> Option<Period>,
    ) -> io::Result<u64> {
        let (mut n_removed, mut failed) = (0, None);
        let files = match std::fs::read_dir(&self.folder) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error),
        };
        for file in files {
            let file = file?;
            let name = file.file_name();
            let Some((stream, day)) = name.to_str().and_then(stream_and_day) else {
                continue;
            };
            let ends_at = period(stream).and_then(|period| ends_at(day, period));
            if ends_at.is_some_and(|ends_at| now < ends_at) {
                continue;
            }
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.retain(|known, (written, _)| *known != stream || *written != day);
            // One that cannot go keeps no other here.
            match std::fs::remove_file(file.path()) {
                Ok(()) => n_removed += 1,
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(n_removed), Err)
    }
}

fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// `access` and its day of `access-2026-11-01.log` and of what was made of that.
fn stream_and_day(name: &str) -> Option<(&str, Date)> {
    let (stem, _) = name.split_once(".log")?;
    let place = stem.len().checked_sub("-2026-11-01".len())?;
    let (stream, day) = stem.split_at_checked(place)?;
    Some((stream, day.strip_prefix('-')?.parse().ok()?))
}

/// When the first moment of a day is as old as this.
fn ends_at(day: Date, period: Period) -> Option<Timestamp> {
    let begins = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
    period.after(begins, &TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn names(folder: &std::path::Path) -> Vec<String> {
        let files = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn each_stream_and_day_has_its_file_and_goes_with_its_oldest_line() {
        let folder = tempfile::tempdir().unwrap();
        let files = LogFiles::new(folder.path().join("logs"));
        let place = folder.path().join("logs");
        files
            .write("access", at("2026-11-01T00:00:01Z"), "a\n")
            .unwrap();
        files
            .write("access", at("2026-11-01T23:59:59Z"), "b\n")
            .unwrap();
        files
            .write("error", at("2026-11-01T12:00:00Z"), "c\n")
            .unwrap();
        files
            .write("access", at("2026-11-02T00:00:00Z"), "d\n")
            .unwrap();
        std::fs::write(place.join("access-2026-11-01.log.gz"), "x").unwrap();
        std::fs::write(place.join("notes.txt"), "of somebody else").unwrap();
        let first = std::fs::read_to_string(place.join("access-2026-11-01.log"));
        assert_eq!(first.unwrap(), "a\nb\n");

        let period = |stream: &str| (stream == "access").then_some(Period::Days(14));
        let both = |stream: &str| period(stream).or(Some(Period::Days(30)));
        assert_eq!(files.end(at("2026-11-14T23:59:59Z"), both).unwrap(), 0);
        assert_eq!(files.end(at("2026-11-15T00:00:00Z"), both).unwrap(), 2);
        assert_eq!(
            names(&place),
            ["access-2026-11-02.log", "error-2026-11-01.log", "notes.txt"]
        );
        // A stream that is no longer declared may not be kept.
        assert_eq!(files.end(at("2026-11-15T00:00:00Z"), period).unwrap(), 1);
        files
            .write("access", at("2026-11-15T08:00:00Z"), "e\n")
            .unwrap();
        assert_eq!(files.end(at("2027-11-15T00:00:00Z"), both).unwrap(), 2);
        assert_eq!(names(&place), ["notes.txt"]);
    }

    #[test]
    fn a_period_of_hours_takes_the_file_that_is_written_to_and_the_next_line_makes_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let files = LogFiles::new(folder.path().to_owned());
        files
            .write("access", at("2026-11-01T01:00:00Z"), "a\n")
            .unwrap();
        let hours = |_: &str| Some(Period::Hours(12));
        assert_eq!(files.end(at("2026-11-01T12:00:00Z"), hours).unwrap(), 1);
        files
            .write("access", at("2026-11-01T12:00:01Z"), "b\n")
            .unwrap();
        let now = std::fs::read_to_string(folder.path().join("access-2026-11-01.log"));
        assert_eq!(now.unwrap(), "b\n");
    }

    #[test]
    fn what_cannot_be_removed_keeps_no_other() {
        let folder = tempfile::tempdir().unwrap();
        for stream in ["a", "b", "c"] {
            let path = folder.path().join(format!("{stream}-2026-11-01.log"));
            if stream == "b" {
                std::fs::create_dir(path).unwrap();
            } else {
                std::fs::write(path, "x").unwrap();
            }
        }
        let files = LogFiles::new(folder.path().to_owned());
        assert!(files.end(at("2027-01-01T00:00:00Z"), |_| None).is_err());
        assert_eq!(names(folder.path()), ["b-2026-11-01.log"]);
    }

    #[test]
    fn only_names_that_the_log_gives_are_its_own() {
        let day = "2026-11-01".parse().unwrap();
        assert_eq!(
            stream_and_day("access-2026-11-01.log"),
            Some(("access", day))
        );
        assert_eq!(
            stream_and_day("a-b-2026-11-01.log.1.gz"),
            Some(("a-b", day))
        );
        for other in [
            "access.log",
            "access-2026-13-01.log",
            "2026-11-01",
            "é-1.log",
            ".log",
        ] {
            assert_eq!(stream_and_day(other), None, "{other}");
        }
    }
}
