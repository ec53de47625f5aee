//! `waarborg demo`: an example organisation with invented data and a built-in model, without configuration or network.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    errand::{self, Errand},
    hardening,
    home::Home,
    installation::Installation,
    printer::{Output, Printer},
    serve, starter,
    stop::{Outcome, Stop},
};

/// Shows what Waarborg does.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The address to listen on.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8484")]
    listen: SocketAddr,
    /// Keep what happens in this directory; otherwise it is gone at the end.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the directory or the address cannot be used.
pub(crate) fn run(ask: &Demo, printer: &mut Printer) -> Result<Outcome, Stop> {
    hardening::forbid_core_files();
    let passing = if ask.data.is_none() {
        Some(PassingDir::new()?)
    } else {
        None
    };
    let dir = ask.data.as_ref().or(passing.as_ref().map(|dir| &dir.0));
    let home = Home::at(dir.cloned().unwrap_or_default());
    if !home.register().exists() {
        starter::write_demo(&home)?;
    }

    let served = crate::runtime()?.block_on(async {
        let installation = Arc::new(Installation::open(&home)?.for_demo());
        installation.start_log();
        serve::serve(Arc::clone(&installation), ask.listen, async |address| {
            announce(&installation, address, printer).await
        })
        .await
    });
    drop(passing);
    served
}

async fn announce(
    installation: &Installation,
    address: SocketAddr,
    printer: &mut Printer,
) -> Result<(), Stop> {
    let issue = Errand::IssueKey {
        label: "demo".to_owned(),
        service: None,
        purpose: None,
    };
    let key = errand::perform(installation, issue).await?;
    let link = errand::perform(
        installation,
        Errand::ConsoleLink {
            role: "officer".to_owned(),
        },
    )
    .await?;
    let word = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let within = word(&link, "works_within");
    let (key, link) = (word(&key, "gateway_key"), word(&link, "console_link"));

    match printer.output() {
        Output::Json => printer.json(&json!({
            "listening": address.to_string(),
            "chat": format!("http://{address}/"),
            "console_link": link,
            "base_url": format!("http://{address}/v1"),
            "gateway_key": key,
        }))?,
        Output::Text => printer.text(&format!(
            "\n\
             Waarborg demo: a municipality's help desk; every person in it is invented\n\
             \n\
             chat      http://{address}/\n\
             console   {link}\n          (works once, within {within})\n\
             API       http://{address}/v1\n\
             try       curl -sN http://{address}/v1/chat/completions \\\n\
             \x20           -H 'authorization: Bearer {key}' -H 'content-type: application/json' \\\n\
             \x20           -d '{{\"model\":\"demo\",\"stream\":true,\"messages\":[{{\"role\":\"user\",\"content\":\"Ik ben Sanne de Wit, sanne@example.org\"}}]}}'\n\
             outbound  no connection: the model is built in\n\
             stop      Ctrl-C\n\n",
        ))?,
    }
    match printer.flush() {
        // Whoever started us may have closed our output; the door stays open.
        Err(Stop::Closed) => Ok(()),
        other => other,
    }
}

/// A directory that goes when the demo ends.
struct PassingDir(PathBuf);

impl PassingDir {
    fn new() -> Result<Self, Stop> {
        let mut chance = [0_u8; 8];
        let _ = getrandom::fill(&mut chance);
        let name = format!("waarborg-demo-{:016x}", u64::from_be_bytes(chance));
        let dir = std::env::temp_dir().join(name);
        crate::home::make_private_dir(&dir).map_err(|error| {
            Stop::unusable(
                format!("{} cannot be made: {error}", dir.display()),
                "name a directory with --data",
            )
        })?;
        Ok(Self(dir))
    }
}

impl Drop for PassingDir {
    fn drop(&mut self) {
        // What could not be removed is invented data.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
