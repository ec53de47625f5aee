//! `waarborg event`: tells that something happened by which periods begin or stop.

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::{
    errand::{Errand, carry_out},
    home::Home,
    printer::Printer,
    stop::{Outcome, Stop},
};

/// Tells of events that the program cannot see.
#[derive(Debug, Args)]
pub(crate) struct Event {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Note that something happened to a person, such as `licence_expired` or `account_deleted`.
    Post {
        /// The event, as the register names it; `licence_renewed` takes `licence_expired` back.
        name: String,
        /// The number of the person, as in the download of their data.
        #[arg(long, value_name = "NUMBER")]
        person: String,
        /// When it happened; now when it is not said.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        #[command(flatten)]
        home: Home,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the installation cannot be used, or nothing was noted.
pub(crate) fn run(ask: &Event, printer: &mut Printer) -> Result<Outcome, Stop> {
    let Act::Post {
        name,
        person,
        at,
        home,
    } = &ask.act;
    let errand = Errand::PostEvent {
        name: name.clone(),
        person: person.clone(),
        at: at.clone(),
    };
    let noted = carry_out(home, errand)?;
    let n_claims = noted
        .get("n_claims")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    printer.either(&noted, &format!("claims that changed by it: {n_claims}\n"))?;
    Ok(Outcome::Good)
}
