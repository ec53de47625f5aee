//! `waarborg demo`: an example organisation with invented data and a built-in model, without configuration or network.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    errand::{self, Bounds, Errand},
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

/// The service and purpose for which the register has a ground for health, and an own model.
const WAY_OUT: (&str, &str) = ("youth_health", "provide");

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
    let issue = |label: &str, service: Option<&str>, purpose: Option<&str>| Errand::IssueKey {
        label: label.to_owned(),
        service: service.map(ToOwned::to_owned),
        purpose: purpose.map(ToOwned::to_owned),
        bounds: Bounds::default(),
    };
    let key = errand::perform(installation, issue("demo", None, None)).await?;
    let (service, purpose) = WAY_OUT;
    // A register that somebody changed need not have this way out.
    let own = issue("demo-own", Some(service), Some(purpose));
    let own_key = errand::perform(installation, own).await.ok();
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
    let own_key = own_key.map(|key| word(&key, "gateway_key"));
    let health = "Sanne de Wit heeft diabetes; schrijf een kort verslag.";
    let curl = |key: &str, model: &str, said: &str| {
        format!(
            "curl -sN http://{address}/v1/chat/completions \\\n\
             \x20           -H 'authorization: Bearer {key}' -H 'content-type: application/json' \\\n\
             \x20           -d '{{\"model\":\"{model}\",\"stream\":true,\"messages\":[{{\"role\":\"user\",\"content\":\"{said}\"}}]}}'"
        )
    };
    let greeting = curl(&key, "demo", "Ik ben Sanne de Wit, sanne@example.org");
    let way_out = own_key.as_deref().map_or_else(String::new, |key| {
        format!(
            "health    this key and model refuse it: {health}\n\
             \x20         the youth doctor's key and the own model may have it:\n\
             \x20         {}\n",
            curl(key, "demo-own", health)
        )
    });

    match printer.output() {
        Output::Json => printer.json(&json!({
            "listening": address.to_string(),
            "chat": format!("http://{address}/"),
            "console_link": link,
            "base_url": format!("http://{address}/v1"),
            "gateway_key": key,
            "own_model_key": own_key,
        }))?,
        Output::Text => printer.text(&format!(
            "\n\
             Waarborg demo: a municipality's help desk; every person in it is invented\n\
             \n\
             chat      http://{address}/\n\
             console   {link}\n          (works once, within {within})\n\
             API       http://{address}/v1\n\
             try       {greeting}\n\
             {way_out}\
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
