//! The letters in a picture, read by Tesseract where it is installed. The picture goes in and the text comes out
//! through pipes: no file is written.

use std::{
    ffi::OsString,
    io::{Read, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use waarborg_files::PictureReader;

/// How long one picture may take.
const TIME_FOR_ONE: Duration = Duration::from_secs(30);
/// How many pictures of one file are read; the others stay unread and are said.
const MOST_PICTURES: usize = 200;
/// The most text of one picture; a page has some thousands.
const MOST_BYTES: u64 = 1024 * 1024;

/// The program that reads letters in pictures.
#[derive(Debug)]
pub(crate) struct Tesseract {
    program: PathBuf,
    languages: String,
    n_read: usize,
    /// It can tell which side of a picture is up.
    turns: bool,
    time: Duration,
}

impl Tesseract {
    /// The program on this machine, or `None` when it is not installed.
    pub(crate) fn installed() -> Option<Tesseract> {
        let folders = std::env::var_os("PATH")?;
        let program = std::env::split_paths(&folders)
            .map(|folder| folder.join("tesseract"))
            .find(|program| program.is_file())?;
        Some(Tesseract::at(program, TIME_FOR_ONE))
    }

    /// The same for another file, of which nothing was read yet.
    pub(crate) fn anew(&self) -> Tesseract {
        Tesseract {
            program: self.program.clone(),
            languages: self.languages.clone(),
            n_read: 0,
            turns: self.turns,
            time: self.time,
        }
    }

    fn at(program: PathBuf, time: Duration) -> Tesseract {
        let mut reader = Tesseract {
            program,
            languages: String::new(),
            n_read: 0,
            turns: false,
            time,
        };
        let known = reader
            .start(&["--list-langs"])
            .and_then(|child| reader.finish(child, &[]))
            .unwrap_or_default();
        let wanted: Vec<&str> = ["nld", "eng"]
            .into_iter()
            .filter(|language| known.lines().any(|line| line.trim() == *language))
            .collect();
        reader.languages = wanted.join("+");
        reader.turns = known.lines().any(|line| line.trim() == "osd");
        reader
    }

    fn start(&self, arguments: &[&str]) -> Option<Child> {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env_clear()
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        for name in ["PATH", "TESSDATA_PREFIX"] {
            let value: Option<OsString> = std::env::var_os(name);
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        command.spawn().ok()
    }

    /// Gives the program its input and takes its output; a program that takes too long is ended.
    fn finish(&self, mut child: Child, input: &[u8]) -> Option<String> {
        let mut into = child.stdin.take()?;
        let out_of = child.stdout.take()?;
        let (sender, receiver) = mpsc::channel();
        let text = thread::scope(|scope| {
            scope.spawn(move || {
                // A program that ends early takes no more input.
                let _ = into.write_all(input);
            });
            scope.spawn(move || {
                let mut text = String::new();
                let done = out_of.take(MOST_BYTES).read_to_string(&mut text);
                // Nobody waits any more when the time is over.
                let _ = sender.send(done.ok().map(|_| text));
            });
            let text = receiver.recv_timeout(self.time).ok().flatten();
            if text.is_none() {
                // Ending it closes both pipes, and with them the two threads.
                let _ = child.kill();
            }
            text
        });
        let is_well = child.wait().is_ok_and(|status| status.success());
        text.filter(|_| is_well)
    }
}

impl PictureReader for Tesseract {
    fn letters(&mut self, picture: &[u8]) -> Option<String> {
        self.n_read += 1;
        if self.n_read > MOST_PICTURES || self.languages.is_empty() {
            return None;
        }
        let mut arguments = vec!["stdin", "stdout", "-l", &self.languages];
        if self.turns {
            // A picture on its side is turned before it is read.
            arguments.extend(["--psm", "1"]);
        }
        let child = self.start(&arguments)?;
        self.finish(child, picture)
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A program that answers like Tesseract, with this as its way of reading.
    fn stand_in(reads: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("tesseract");
        let script = format!(
            "#!/bin/sh\nif [ \"$1\" = --list-langs ]; then printf 'eng\\nnld\\n'; exit 0; fi\n{reads}\n"
        );
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        (folder, program)
    }

    fn check(reads: &str, expected: Option<&str>) {
        check_within(TIME_FOR_ONE, reads, expected);
    }

    fn check_within(time: Duration, reads: &str, expected: Option<&str>) {
        let (_folder, program) = stand_in(reads);
        let mut reader = Tesseract::at(program, TIME_FOR_ONE);
        assert_eq!(reader.languages, "nld+eng");
        reader.time = time;
        assert_eq!(reader.letters(b"a picture").as_deref(), expected, "{reads}");
    }

    #[test]
    fn what_the_program_says_is_the_text() {
        check("cat", Some("a picture"));
        check("echo BSN; exit 0", Some("BSN\n"));
        check("exit 0", Some(""));
    }

    #[test]
    fn a_program_that_fails_or_hangs_reads_nothing() {
        check("echo half; exit 1", None);
        check_within(Duration::from_millis(50), "exec sleep 600", None);
    }

    #[test]
    fn after_so_many_pictures_no_more_are_read() {
        let (_folder, program) = stand_in("cat");
        let mut reader = Tesseract::at(program, TIME_FOR_ONE);
        reader.n_read = MOST_PICTURES;
        assert_eq!(reader.letters(b"x"), None);
    }
}
