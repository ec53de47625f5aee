//! `waarborg disclosure`: what was given to somebody outside in a single case.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::{
    errand::{Errand, carry_out},
    home::Home,
    printer::Printer,
    stop::{Outcome, Stop},
};

/// Lists disclosures. They are proposed and agreed to in the console, by two people.
#[derive(Debug, Args)]
pub(crate) struct Disclosure {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the disclosures about a person: when, in which case, which categories; not to whom.
    List {
        /// The number of the person, as in the download of their data.
        #[arg(long, value_name = "NUMBER")]
        person: String,
        #[command(flatten)]
        home: Home,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the installation cannot be used, or nobody is known by that number.
pub(crate) fn run(ask: &Disclosure, printer: &mut Printer) -> Result<Outcome, Stop> {
    let Act::List { person, home } = &ask.act;
    let errand = Errand::ListDisclosures {
        person: person.clone(),
    };
    let listed = carry_out(home, errand)?;
    let mut text = String::new();
    for line in listed
        .get("disclosures")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let word = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default();
        let categories = line.get("categories").and_then(Value::as_array);
        let names: Vec<&str> = categories
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "{}  {}  {} ({})  {}",
            word("at"),
            word("standing"),
            word("disclosure"),
            word("case"),
            names.join(", ")
        );
    }
    if text.is_empty() {
        text.push_str("nothing about this person was given to anybody\n");
    }
    printer.either(&listed, &text)?;
    Ok(Outcome::Good)
}
