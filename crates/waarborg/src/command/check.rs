//! `waarborg check`: every fault of the configuration at once, with its line and how to mend it.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use waarborg_domain::register::Fault;

use crate::{
    clock::WallClock,
    configuration,
    home::Home,
    printer::{Output, Printer, counted, tell},
    stop::{Outcome, Stop},
};

/// Checks the configuration.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Check only this register.
    #[arg(long, value_name = "FILE", conflicts_with = "dir")]
    register: Option<PathBuf>,
    #[command(flatten)]
    home: Home,
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when a file cannot be read at all.
pub(crate) fn run(ask: &Check, printer: &mut Printer) -> Result<Outcome, Stop> {
    let faults = match &ask.register {
        Some(file) => {
            match configuration::read_register(file, configuration::today(&WallClock::System))? {
                Ok(register) => register.warnings().to_vec(),
                Err(faults) => faults,
            }
        }
        None => match configuration::read(&ask.home)? {
            Ok(configuration) => {
                let model = configuration.own.detector().err();
                model.into_iter().chain(configuration.warnings).collect()
            }
            Err(faults) => faults,
        },
    };
    let n_errors = faults.iter().filter(|fault| fault.is_error()).count();
    let n_warnings = faults.len() - n_errors;

    if printer.output() == Output::Json {
        printer.json(&json!({
            "ok": n_errors == 0,
            "n_errors": n_errors,
            "n_warnings": n_warnings,
            "faults": faults.iter().map(as_json).collect::<Vec<_>>(),
        }))?;
    } else {
        for fault in &faults {
            printer.line(fault)?;
        }
        tell(format_args!(
            "{}, {}",
            counted(n_errors as u64, "error", "errors"),
            counted(n_warnings as u64, "warning", "warnings"),
        ));
    }

    Ok(if n_errors == 0 {
        Outcome::Good
    } else {
        Outcome::Findings
    })
}

/// A fault as programs read it.
pub(crate) fn as_json(fault: &Fault) -> Value {
    json!({
        "code": fault.code,
        "severity": if fault.is_error() { "error" } else { "warning" },
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "message": fault.message,
        "mend": fault.mend,
    })
}
