//! `waarborg erasure`: checks the certificate of an erasure, without the installation.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use waarborg_domain::audit::{CheckpointFault, LogKey, check_certificate};

use crate::{
    printer::Printer,
    stop::{Outcome, Stop},
};

/// Works with certificates of erasures.
#[derive(Debug, Args)]
pub(crate) struct Erasure {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Check a certificate offline: its signature, and what it says.
    Verify {
        /// The certificate, as the person got it.
        file: PathBuf,
        /// The public key of the organisation's log, known from elsewhere. Without it only the text is sure, not who
        /// signed it.
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the file or the key cannot be used.
pub(crate) fn run(ask: &Erasure, printer: &mut Printer) -> Result<Outcome, Stop> {
    let Act::Verify { file, key } = &ask.act;
    let note = std::fs::read_to_string(file).map_err(|error| {
        Stop::unusable(
            format!("{} cannot be read: {error}", file.display()),
            "name the certificate that the person was given",
        )
    })?;
    let known = key.as_deref().map(LogKey::parse).transpose().map_err(|_| {
        Stop::unusable(
            "this is no key of a log",
            "take it from `waarborg audit export`",
        )
    })?;
    let checked = match check_certificate(&note, known.as_ref()) {
        Ok(checked) => checked,
        Err(CheckpointFault::Form) => {
            return Err(Stop::unusable(
                format!("{} is no certificate of an erasure", file.display()),
                "name the file as the person got it, with every line",
            ));
        }
        Err(fault) => {
            let answer = json!({ "ok": false, "fault": fault.to_string() });
            printer.either(&answer, &format!("fault: {fault}\n"))?;
            return Ok(Outcome::Findings);
        }
    };
    let is_known = known.is_some();
    let answer = json!({
        "ok": true,
        "signer_known": is_known,
        "key": checked.key.to_string(),
        "certificate": checked.said,
    });
    printer.either(&answer, &text(&checked.said, &checked.key, is_known))?;
    Ok(Outcome::Good)
}

fn text(said: &Value, key: &LogKey, is_known: bool) -> String {
    let word = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or("-")
            .to_owned()
    };
    let number = |value: &Value| value.get("n").and_then(Value::as_u64).unwrap_or_default();
    let mut lines = vec![format!(
        "{}: erased at {} by {}",
        word(said, "reference"),
        word(said, "erased_at"),
        word(said, "controller")
    )];
    let all = |name: &str| {
        said.get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    for place in all("places") {
        lines.push(format!(
            "{}\t{}\t{}\tuntil {}",
            word(&place, "place"),
            word(&place, "state"),
            number(&place),
            word(&place, "until")
        ));
    }
    for one in all("kept") {
        lines.push(format!(
            "stays: {} for {} ({})\t{}\tuntil {}",
            word(&one, "category"),
            word(&one, "purpose"),
            word(&one, "basis"),
            number(&one),
            word(&one, "until")
        ));
    }
    lines.push(if is_known {
        "the signature fits the key".to_owned()
    } else {
        format!("the signature fits the key that the file names: {key}\ncompare it with one that you know, or give it with --key")
    });
    lines.join("\n") + "\n"
}
