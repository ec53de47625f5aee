//! `waarborg retention`: claims whose time has come end, and what has none left is erased.

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::{
    errand::{Errand, carry_out},
    home::Home,
    printer::Printer,
    stop::{Outcome, Stop},
};

/// Ends claims.
#[derive(Debug, Args)]
pub(crate) struct Retention {
    #[command(subcommand)]
    act: Act,
}

/// No smaller number is told, whoever asks (decision 0031).
const LEAST: u64 = 10;

#[derive(Debug, Subcommand)]
enum Act {
    /// End the claims whose time has come; a running server does this by itself.
    Run {
        /// Only say what would happen.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        home: Home,
    },
    /// List what is left of records that ended as numbers, by month, service and category.
    Numbers {
        /// Leave out what is smaller: a small number could be of somebody who is known.
        #[arg(long, value_name = "N", default_value_t = LEAST, value_parser = clap::value_parser!(u64).range(LEAST..))]
        least: u64,
        #[command(flatten)]
        home: Home,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the installation cannot be used.
pub(crate) fn run(ask: &Retention, printer: &mut Printer) -> Result<Outcome, Stop> {
    let (dry_run, home) = match &ask.act {
        Act::Run { dry_run, home } => (dry_run, home),
        Act::Numbers { least, home } => return numbers(*least, home, printer),
    };
    let errand = if *dry_run {
        Errand::ClaimsDue
    } else {
        Errand::EndClaims
    };
    let report = carry_out(home, errand)?;

    let count = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or_default();
    let (ended, erased) = if *dry_run {
        ("would end", "would be erased")
    } else {
        ("ended", "erased")
    };
    let text = format!(
        "claims {ended}: {}\nrecords {erased}: {}\nof them later than promised: {}\n",
        count("n_claims"),
        count("n_records"),
        count("n_late")
    );
    printer.either(&report, &text)?;
    Ok(Outcome::Good)
}

fn numbers(least: u64, home: &Home, printer: &mut Printer) -> Result<Outcome, Stop> {
    let report = carry_out(home, Errand::Numbers { least })?;
    let all = report.get("numbers").and_then(Value::as_array);
    let line = |one: &Value| {
        let text = |name: &str| {
            one.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let n = one.get("n").and_then(Value::as_u64).unwrap_or_default();
        format!(
            "{} {} {} {n}\n",
            text("month"),
            text("service"),
            text("category")
        )
    };
    let text: String = all.into_iter().flatten().map(line).collect();
    printer.either(&report, &text)?;
    Ok(Outcome::Good)
}
