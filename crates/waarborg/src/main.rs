//! The binary: settings, wiring, schedule, command line.

mod chance;
mod clock;
mod command;
mod configuration;
mod documents;
mod errand;
mod finding;
mod hardening;
mod home;
mod identity;
mod installation;
mod log_files;
mod logging;
mod models;
mod post;
mod printer;
mod provider_keys;
mod reading;
mod register_file;
mod serve;
mod settings;
mod starter;
mod stop;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use tokio::runtime::{Builder, Runtime};

/// A request takes and gives back some three hundred pieces of memory (decision 0039).
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    hardening::silence_panics();
    let arguments = command::Arguments::parse();
    let output = arguments.output;

    match command::run(arguments) {
        Ok(outcome) => outcome.exit_code(),
        Err(stop) => stop.report(output),
    }
}

/// The runtime for commands that open an installation.
///
/// # Errors
///
/// [`stop::Stop`] when the system gives no threads.
fn runtime() -> Result<Runtime, stop::Stop> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            stop::Stop::refused(
                format!("no threads can be made: {error}"),
                "raise the limits of the system",
            )
        })
}
