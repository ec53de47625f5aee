//! `waarborg recognisers`: an organisation's own recognisers, taken over from elsewhere.

mod example;
mod presidio;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::{
    printer::{Output, Printer, tell},
    reading::Source,
    stop::{Outcome, Stop},
};

/// The recognisers that an organisation adds.
#[derive(Debug, Args)]
pub(crate) struct Recognisers {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Write a file of Presidio's pattern recognisers (YAML) as recognisers.toml.
    ///
    /// The new file goes to standard output; what was not taken over, and why, to standard error. Exit codes: 0 everything
    /// was taken over, 1 something was not, 2 the file cannot be read.
    ImportPresidio {
        /// The file to read, or - for standard input.
        #[arg(value_name = "FILE|-", default_value = "-", value_parser = Source::parse)]
        source: Source,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the file cannot be read.
pub(crate) fn run(ask: &Recognisers, printer: &mut Printer) -> Result<Outcome, Stop> {
    let Act::ImportPresidio { source } = &ask.act;
    let import = presidio::import(&source.text()?).map_err(|fault| {
        Stop::unusable(
            format!("{} cannot be read as YAML: {fault}", source.name()),
            "give a file such as Presidio reads, with `recognizers:`",
        )
    })?;
    if import.taken.is_empty() && import.left.is_empty() && import.notes.is_empty() {
        return Err(Stop::unusable(
            format!("{} names no recognisers", source.name()),
            "give a file such as Presidio reads, with `recognizers:`",
        ));
    }

    let values = |notes: &[presidio::Note]| -> Vec<Value> {
        notes.iter().map(presidio::Note::json).collect()
    };
    if printer.output() == Output::Json {
        printer.json(&json!({
            "recognisers": import.toml,
            "taken": import.taken,
            "notes": values(&import.notes),
            "left": values(&import.left),
        }))?;
    } else {
        printer.text(&import.toml)?;
        for note in &import.notes {
            tell(format_args!(
                "line {}: {}: {}",
                note.line, note.name, note.why
            ));
        }
        for note in &import.left {
            tell(format_args!(
                "line {}: not taken over: {}: {}",
                note.line, note.name, note.why
            ));
        }
        tell(format_args!(
            "{} taken over, {} not",
            import.taken.len(),
            import.left.len()
        ));
    }

    Ok(if import.left.is_empty() {
        Outcome::Good
    } else {
        Outcome::Findings
    })
}
