//! `waarborg backup` and `waarborg restore`: what is kept, in one file, without the keys that open it.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::{Value, json};
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_store::Archive;
use waarborg_usecase::ports::Clock;

use crate::{
    clock::WallClock,
    configuration,
    errand::{Errand, carry_out, is_running},
    home::Home,
    installation::{lock, shut, store_settings},
    printer::{Printer, counted, tell},
    reading::absolute,
    stop::{Outcome, Stop},
};

/// Copies what is kept, while everything goes on.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to write; it must not exist.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Also copy the key store to this file. Keep it apart from the data, and only for a short time.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    #[command(flatten)]
    home: Home,
}

/// Puts a backup back; what was erased since stays erased.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The file that `waarborg backup` wrote.
    #[arg(value_name = "FILE", required_unless_present = "keys")]
    file: Option<PathBuf>,
    /// First put this copy of the key store back, where keys.db is gone; it must be of the same time as epochs.key.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    #[command(flatten)]
    home: Home,
}

/// Runs `waarborg backup`.
///
/// # Errors
///
/// [`Stop`] when the installation or the file cannot be used.
pub(crate) fn run(ask: &Backup, printer: &mut Printer) -> Result<Outcome, Stop> {
    let keys = ask.keys.as_deref().map(absolute).transpose()?;
    let made = carry_out(
        &ask.home,
        Errand::Backup {
            file: absolute(&ask.file)?,
            keys: keys.clone(),
        },
    )?;

    let size = made
        .get("bytes")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    printer.either(
        &made,
        &format!("{size} bytes written to {}\n", ask.file.display()),
    )?;
    if keys.is_none() {
        tell(format_args!(
            "the keys are not in it; without {} nobody reads it",
            ask.home.keys().display()
        ));
    }
    Ok(Outcome::Good)
}

/// Runs `waarborg restore`.
///
/// # Errors
///
/// [`Stop`] when the server runs, or the file or the keys cannot be used; then the data is as it was.
pub(crate) fn restore(ask: &Restore, printer: &mut Printer) -> Result<Outcome, Stop> {
    if is_running(&ask.home) {
        return Err(Stop::refused(
            "the server runs on this directory",
            "stop it first; a restore replaces what it keeps",
        ));
    }
    let _lock = lock(&ask.home)?;
    let file = ask.file.as_deref().map(existing).transpose()?;
    let keys = ask.keys.as_deref().map(existing).transpose()?;
    let configuration = configuration::read(&ask.home)?.map_err(|_| {
        Stop::unusable(
            "the configuration has faults",
            "run `waarborg check` and mend what it says",
        )
    })?;
    let settings = store_settings(&ask.home, &configuration.settings)?;
    if let Some(keys) = &keys {
        Archive::restore_keys(&settings, keys).map_err(|fault| shut(&ask.home, &fault))?;
    }
    let Some(file) = file else {
        printer.either(&json!({ "keys": keys }), "the key store is back\n")?;
        return Ok(Outcome::Good);
    };
    let now = WallClock::of(&ask.home).now();
    let entry = Entry::new(now, Actor::Operator, Act::Restored);
    let (archive, restored) =
        Archive::restore(settings, &file, &entry).map_err(|fault| shut(&ask.home, &fault))?;
    drop(archive);

    let done = json!({
        "n_rows": restored.n_rows,
        "n_erased_again": restored.n_erased_again,
        "n_requests_without_details": restored.n_requests_without_details,
    });
    let mut text = format!(
        "{} put back; {} erased since and gone again\n",
        counted(restored.n_rows, "row", "rows"),
        counted(restored.n_erased_again, "record was", "records were"),
    );
    if restored.n_requests_without_details > 0 {
        // Writing to a text does not fail.
        let _ = writeln!(
            text,
            "{} in after the backup: the dates go on, the details are in no backup; \
             `waarborg request list` shows which, ask those persons again",
            counted(
                restored.n_requests_without_details,
                "request came",
                "requests came"
            )
        );
    }
    printer.either(&done, &text)?;
    Ok(Outcome::Good)
}

fn existing(file: &Path) -> Result<PathBuf, Stop> {
    let file = absolute(file)?;
    if file.is_file() {
        return Ok(file);
    }
    Err(Stop::unusable(
        format!("{} is not there", file.display()),
        "name a file that `waarborg backup` wrote",
    ))
}
