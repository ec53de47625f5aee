//! The binary: settings, wiring, schedule, command line.

mod clock;
mod command;
mod configuration;
mod hardening;
mod home;
mod printer;
mod reading;
mod settings;
mod stop;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    hardening::silence_panics();
    let arguments = command::Arguments::parse();
    let output = arguments.output;

    match command::run(arguments) {
        Ok(outcome) => outcome.exit_code(),
        Err(stop) => stop.report(output),
    }
}
