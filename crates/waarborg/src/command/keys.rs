//! `waarborg keys`: keys for applications, and one-time links for people.

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::{
    errand::{Errand, carry_out},
    home::Home,
    printer::Printer,
    stop::{Outcome, Stop},
};

/// Issues keys and links.
#[derive(Debug, Args)]
pub(crate) struct Keys {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Make a gateway key for an application; it is shown once.
    Issue {
        /// A name for yourself, not of a person.
        #[arg(long, default_value = "application")]
        label: String,
        /// The service of the register that it may use.
        #[arg(long)]
        service: Option<String>,
        /// The purpose of the register that it may pursue.
        #[arg(long)]
        purpose: Option<String>,
        #[command(flatten)]
        home: Home,
    },
    /// Make a one-time link into the console.
    Console {
        /// What the holder may do there.
        #[arg(long, value_parser = ["officer", "auditor", "operator"], default_value = "officer")]
        role: String,
        #[command(flatten)]
        home: Home,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the installation cannot be used or the register does not allow it.
pub(crate) fn run(ask: &Keys, printer: &mut Printer) -> Result<Outcome, Stop> {
    let (home, errand, shown) = match &ask.act {
        Act::Issue {
            label,
            service,
            purpose,
            home,
        } => {
            let errand = Errand::IssueKey {
                label: label.clone(),
                service: service.clone(),
                purpose: purpose.clone(),
            };
            (home, errand, "gateway_key")
        }
        Act::Console { role, home } => (
            home,
            Errand::ConsoleLink { role: role.clone() },
            "console_link",
        ),
    };
    let made = carry_out(home, errand)?;

    let secret = made.get(shown).and_then(Value::as_str).unwrap_or_default();
    printer.either(&made, &format!("{secret}\n"))?;
    Ok(Outcome::Good)
}
