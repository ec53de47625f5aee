//! `waarborg serve`: the running installation.

use std::{net::SocketAddr, sync::Arc};

use clap::Args;
use serde_json::json;
use waarborg_domain::entry::Role;
use waarborg_usecase::console;

use crate::{
    hardening,
    home::Home,
    installation::Installation,
    printer::{Output, Printer},
    serve,
    stop::{Outcome, Stop},
};

/// Serves people and applications.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    home: Home,
    /// The address to listen on, instead of the one in waarborg.toml.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the configuration has faults or the address cannot be used.
pub(crate) fn run(ask: &Serve, printer: &mut Printer) -> Result<Outcome, Stop> {
    hardening::forbid_core_files();
    crate::runtime()?.block_on(async {
        let installation = Arc::new(Installation::open(&ask.home)?);
        installation.start_log();
        let listen = ask.listen.unwrap_or(installation.settings.listen);

        serve::serve(Arc::clone(&installation), listen, async |address| {
            announce(&installation, address, printer).await
        })
        .await
    })
}

async fn announce(
    installation: &Installation,
    address: SocketAddr,
    printer: &mut Printer,
) -> Result<(), Stop> {
    let token = console::link(&installation.house.desk(), Role::Officer)
        .await
        .map_err(|error| Stop::refused(error.to_string(), "check the disk and the log"))?;
    let link = installation.console_link(&token);
    let within = installation.console_link_works_within();
    match printer.output() {
        Output::Json => {
            printer.json(&json!({ "listening": address.to_string(), "console_link": link }))?;
        }
        Output::Text => {
            printer.text(&format!(
                "listening on http://{address}\nconsole      {link}  (works once, within {within})\n"
            ))?;
        }
    }
    match printer.flush() {
        // Whoever started us may have closed our output; the door stays open.
        Err(Stop::Closed) => Ok(()),
        other => other,
    }
}
