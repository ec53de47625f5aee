//! The command line: every command with its arguments.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod clock;
pub(crate) mod demo;
pub(crate) mod detect;
pub(crate) mod disclosure;
pub(crate) mod doctor;
pub(crate) mod due;
pub(crate) mod erasure;
pub(crate) mod event;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod keys;
pub(crate) mod lint;
pub(crate) mod mail;
pub(crate) mod messages;
pub(crate) mod notice;
pub(crate) mod pseudonymise;
pub(crate) mod recognisers;
pub(crate) mod register;
pub(crate) mod request;
pub(crate) mod retention;
pub(crate) mod serve;
mod yaml;

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
    /// Show what Waarborg does: an example organisation, invented data, a built-in model, no network.
    Demo(demo::Demo),
    /// Make a new installation.
    Init(init::Init),
    /// Serve people and applications.
    Serve(serve::Serve),
    /// Report every fault of waarborg.toml and register.toml at once.
    Check(check::Check),
    /// Say what of the machine and the directory weakens a promise.
    Doctor(doctor::Doctor),
    /// Copy what is kept to a file, without the keys that open it.
    Backup(backup::Backup),
    /// Put a backup back; what was erased since stays erased.
    Restore(backup::Restore),
    /// Make keys for applications and links for people.
    Keys(keys::Keys),
    /// Show what the register declares, what changed, or the record of processing activities.
    Register(register::Register),
    /// Take in data-subject requests, or list them with their dates.
    Request(request::Request),
    /// Send mails to many people, each only if the register and the person allow it when its turn comes.
    Mail(mail::Mail),
    /// Ask to whom marketing may be sent, just before it is.
    Messages(messages::Messages),
    /// End the claims whose time has come.
    Retention(retention::Retention),
    /// Tell that something happened by which periods begin or stop.
    Event(event::Event),
    /// List what was given to somebody outside in a single case.
    Disclosure(disclosure::Disclosure),
    /// Check the certificate of an erasure, without the installation.
    Erasure(erasure::Erasure),
    /// Check the audit log, or write it out.
    Audit(audit::Audit),
    /// Set the clock of a directory made with --test-clock.
    Clock(clock::Clock),
    /// Find personal data in a text.
    Detect(detect::Detect),
    /// Take over the settings of another gateway.
    Import(import::Import),
    /// Take over recognisers of your own from elsewhere.
    Recognisers(recognisers::Recognisers),
    /// Replace personal data in a text by surrogates.
    Pseudonymise(pseudonymise::Pseudonymise),
    /// Put the values back in place of the surrogates.
    RestoreText(pseudonymise::RestoreText),
    /// Show the privacy notice that follows from a register.
    Notice(notice::Notice),
    /// Measure how plain the privacy notice is.
    Lint(lint::Lint),
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
        Command::Demo(ask) => demo::run(&ask, &mut printer),
        Command::Init(ask) => init::run(&ask, &mut printer),
        Command::Serve(ask) => serve::run(&ask, &mut printer),
        Command::Doctor(ask) => doctor::run(&ask, &mut printer),
        Command::Backup(ask) => backup::run(&ask, &mut printer),
        Command::Restore(ask) => backup::restore(&ask, &mut printer),
        Command::Keys(ask) => keys::run(&ask, &mut printer),
        Command::Register(ask) => register::run(&ask, &mut printer),
        Command::Request(ask) => request::run(&ask, &mut printer),
        Command::Mail(ask) => mail::run(&ask, &mut printer),
        Command::Messages(ask) => messages::run(&ask, &mut printer),
        Command::Retention(ask) => retention::run(&ask, &mut printer),
        Command::Disclosure(ask) => disclosure::run(&ask, &mut printer),
        Command::Event(ask) => event::run(&ask, &mut printer),
        Command::Erasure(ask) => erasure::run(&ask, &mut printer),
        Command::Audit(ask) => audit::run(&ask, &mut printer),
        Command::Check(ask) => check::run(&ask, &mut printer),
        Command::Clock(ask) => clock::run(&ask, &mut printer),
        Command::Detect(ask) => detect::run(&ask, &mut printer),
        Command::Import(ask) => import::run(&ask, &mut printer),
        Command::Recognisers(ask) => recognisers::run(&ask, &mut printer),
        Command::Pseudonymise(ask) => pseudonymise::run(&ask, &mut printer),
        Command::RestoreText(ask) => pseudonymise::restore(&ask, &mut printer),
        Command::Notice(ask) => notice::run(&ask, &mut printer),
        Command::Lint(ask) => lint::run(&ask, &mut printer),
        Command::Due(ask) => due::run(&ask, &mut printer),
    }?;

    printer.flush()?;
    Ok(outcome)
}
