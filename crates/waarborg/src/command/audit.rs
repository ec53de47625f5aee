//! `waarborg audit`: the log that proves what was done, checked or written out.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use waarborg_store::verify_export;

use crate::{
    errand::{Errand, carry_out},
    home::Home,
    printer::{Printer, counted},
    reading::absolute,
    stop::{Outcome, Stop},
};

/// Works with the audit log.
#[derive(Debug, Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Check every line against its commitment, the tree and the signature.
    Verify {
        /// Check an exported log instead, without the installation.
        #[arg(value_name = "FILE", conflicts_with = "dir")]
        exported: Option<PathBuf>,
        /// The public key of the log, known from elsewhere; with FILE only.
        #[arg(long, value_name = "KEY", requires = "exported")]
        key: Option<String>,
        #[command(flatten)]
        home: Home,
    },
    /// Write the log to a file that a stranger can check without us.
    Export {
        /// The file; it must not exist.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// With what the lines say, as far as it was not erased: ids, acts and counts.
        #[arg(long)]
        payloads: bool,
        #[command(flatten)]
        home: Home,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the installation or the file cannot be used.
pub(crate) fn run(ask: &Audit, printer: &mut Printer) -> Result<Outcome, Stop> {
    match &ask.act {
        Act::Verify {
            exported: Some(file),
            key,
            ..
        } => tell(&verify_file(file, key.as_deref())?, printer),
        Act::Verify { home, .. } => tell(&carry_out(home, Errand::VerifyAudit)?, printer),
        Act::Export {
            file,
            payloads,
            home,
        } => {
            let made = carry_out(
                home,
                Errand::ExportAudit {
                    file: absolute(file)?,
                    payloads: *payloads,
                },
            )?;
            let text = format!(
                "{} written\nkeep the key of the log elsewhere: {}\n",
                counted(
                    made.get("n_entries")
                        .and_then(Value::as_u64)
                        .unwrap_or_default(),
                    "entry",
                    "entries",
                ),
                made.get("log_key")
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
            );
            printer.either(&made, &text)?;
            Ok(Outcome::Good)
        }
    }
}

fn verify_file(file: &Path, key: Option<&str>) -> Result<Value, Stop> {
    let report = verify_export(file, key, &[]).map_err(|fault| {
        Stop::unusable(
            format!("{}: {fault}", file.display()),
            "name a file that `waarborg audit export` wrote",
        )
    })?;
    let faults: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    Ok(json!({
        "ok": report.is_sound(),
        "n_entries": report.size,
        "n_opened": report.n_opened,
        "n_erased": report.n_erased,
        "n_withheld": report.n_withheld,
        "root": report.root.to_string(),
        "faults": faults,
    }))
}

fn tell(report: &Value, printer: &mut Printer) -> Result<Outcome, Stop> {
    let faults: Vec<&str> = report
        .get("faults")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let n_entries = report
        .get("n_entries")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let root = report
        .get("root")
        .and_then(Value::as_str)
        .unwrap_or_default();

    let count = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or_default();

    let mut text = format!("{}, root {root}\n", counted(n_entries, "entry", "entries"));
    for (name, what) in [
        ("n_erased", "closed by an erasure that the log names"),
        ("n_withheld", "kept back from this file"),
    ] {
        if count(name) > 0 {
            // Writing to a text does not fail.
            let _ = writeln!(text, "{} {what}", count(name));
        }
    }
    if faults.is_empty() {
        text.push_str("the log is whole\n");
    }
    for fault in &faults {
        text.push_str("fault: ");
        text.push_str(fault);
        text.push('\n');
    }
    printer.either(report, &text)?;
    Ok(if faults.is_empty() {
        Outcome::Good
    } else {
        Outcome::Findings
    })
}
