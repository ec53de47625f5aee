//! Data goes to standard output, as text for people or as JSON for programs.

use std::{
    fmt::Display,
    io::{self, BufWriter, Stdout, Write},
};

use clap::ValueEnum;
use serde_json::Value;

use crate::stop::Stop;

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON document.
    Json,
}

/// Standard output, with the form that the person asked for.
pub(crate) struct Printer {
    output: Output,
    out: BufWriter<Stdout>,
}

impl Printer {
    /// Opens standard output.
    pub(crate) fn new(output: Output) -> Self {
        Self {
            output,
            out: BufWriter::new(io::stdout()),
        }
    }

    /// The form that was asked for.
    pub(crate) fn output(&self) -> Output {
        self.output
    }

    /// Writes one line.
    ///
    /// # Errors
    ///
    /// [`Stop::Closed`] when the reader went away.
    pub(crate) fn line(&mut self, line: impl Display) -> Result<(), Stop> {
        writeln!(self.out, "{line}").map_err(|error| closed(&error))
    }

    /// Writes text as it is.
    ///
    /// # Errors
    ///
    /// [`Stop::Closed`] when the reader went away.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Stop> {
        self.out
            .write_all(text.as_bytes())
            .map_err(|error| closed(&error))
    }

    /// Writes a file that is no text.
    ///
    /// # Errors
    ///
    /// [`Stop::Closed`] when the reader went away.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.out.write_all(bytes).map_err(|error| closed(&error))
    }

    /// Writes one JSON document on one line.
    ///
    /// # Errors
    ///
    /// [`Stop::Closed`] when the reader went away.
    pub(crate) fn json(&mut self, value: &Value) -> Result<(), Stop> {
        self.line(value)
    }

    /// Writes the JSON document or the lines of text, as asked.
    ///
    /// # Errors
    ///
    /// [`Stop::Closed`] when the reader went away.
    pub(crate) fn either(&mut self, value: &Value, text: &str) -> Result<(), Stop> {
        match self.output {
            Output::Json => self.json(value),
            Output::Text => self.text(text),
        }
    }

    /// Hands everything over to the reader.
    ///
    /// # Errors
    ///
    /// [`Stop::Closed`] when the reader went away.
    pub(crate) fn flush(&mut self) -> Result<(), Stop> {
        self.out.flush().map_err(|error| closed(&error))
    }
}

/// So many of something: `1 fault`, `2 faults`.
pub(crate) fn counted(n: u64, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

/// A closed pipe ends quietly; a full disk does not.
fn closed(error: &io::Error) -> Stop {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Stop::Closed;
    }
    Stop::refused(
        format!("the output could not be written: {error}"),
        "check the disk or the reader of the output",
    )
}

/// One line for a person on standard error.
pub(crate) fn tell(line: impl Display) {
    // Standard error may be closed; then nobody is left to tell.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_thing_is_not_called_by_its_plural() {
        assert_eq!(counted(0, "fault", "faults"), "0 faults");
        assert_eq!(counted(1, "fault", "faults"), "1 fault");
        assert_eq!(counted(2, "fault", "faults"), "2 faults");
    }
}
