//! `waarborg messages`: asks, just before a sending, who may be sent to.

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::{
    errand::{Errand, carry_out},
    home::Home,
    printer::{Output, Printer},
    reading::Source,
    stop::{Outcome, Stop},
};

/// Says to whom marketing may be sent.
#[derive(Debug, Args)]
pub(crate) struct Messages {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Pass on the addresses, one a line, of who did not object to this purpose. Ask before each sending.
    Filter {
        /// A purpose that the register declares as marketing.
        #[arg(long)]
        purpose: String,
        /// The addresses: a file, or - for standard input.
        #[arg(value_name = "FILE|-", value_parser = Source::parse, default_value = "-")]
        addresses: Source,
        #[command(flatten)]
        home: Home,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the installation cannot be used, or the purpose is no marketing.
pub(crate) fn run(ask: &Messages, printer: &mut Printer) -> Result<Outcome, Stop> {
    let Act::Filter {
        purpose,
        addresses,
        home,
    } = &ask.act;
    let addresses: Vec<String> = addresses
        .text()?
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    let errand = Errand::FilterMessages {
        purpose: purpose.clone(),
        addresses,
    };
    let answer = carry_out(home, errand)?;
    if printer.output() == Output::Json {
        printer.json(&answer)?;
        return Ok(Outcome::Good);
    }
    let allowed = answer.get("allowed").and_then(Value::as_array);
    for address in allowed.into_iter().flatten().filter_map(Value::as_str) {
        printer.line(format_args!("{address}"))?;
    }
    Ok(Outcome::Good)
}
