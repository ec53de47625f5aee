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
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the installation cannot be used.
pub(crate) fn run(ask: &Retention, printer: &mut Printer) -> Result<Outcome, Stop> {
    let Act::Run { dry_run, home } = &ask.act;
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
