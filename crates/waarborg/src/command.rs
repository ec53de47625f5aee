//! The command line: every command with its arguments.

pub(crate) mod check;
pub(crate) mod clock;
pub(crate) mod detect;
pub(crate) mod due;
pub(crate) mod pseudonymise;

use clap::{Parser, Subcommand};

use crate::{
    printer::{Output, Printer},
    stop::{Outcome, Stop},
};

/// The privacy statement that runs: a gateway, a chat and a rights desk that do what the register declares.
///
/// Exit codes: 0 good, 1 findings or a refusal, 2 unusable input.
#[derive(Debug, Parser)]
#[command(
    name = "waarborg",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    /// The form of the output: text for people, one JSON document for programs.
    #[arg(long, global = true, value_enum, default_value_t = Output::Text)]
    pub(crate) output: Output,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Report every fault of waarborg.toml and register.toml at once.
    Check(check::Check),
    /// Set the clock of a directory made with --test-clock.
    Clock(clock::Clock),
    /// Find personal data in a text.
    Detect(detect::Detect),
    /// Replace personal data in a text by surrogates.
    Pseudonymise(pseudonymise::Pseudonymise),
    /// Put the values back in place of the surrogates.
    RestoreText(pseudonymise::RestoreText),
    /// Compute the legal last day to answer a request.
    Due(due::Due),
}

/// Runs the command that was asked for.
///
/// # Errors
///
/// [`Stop`], which says what the person reads and which exit code follows.
pub(crate) fn run(arguments: Arguments) -> Result<Outcome, Stop> {
    let mut printer = Printer::new(arguments.output);

    let outcome = match arguments.command {
        Command::Check(ask) => check::run(&ask, &mut printer),
        Command::Clock(ask) => clock::run(&ask, &mut printer),
        Command::Detect(ask) => detect::run(&ask, &mut printer),
        Command::Pseudonymise(ask) => pseudonymise::run(&ask, &mut printer),
        Command::RestoreText(ask) => pseudonymise::restore(&ask, &mut printer),
        Command::Due(ask) => due::run(&ask, &mut printer),
    }?;

    printer.flush()?;
    Ok(outcome)
}
