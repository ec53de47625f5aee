//! `waarborg import`: settings of another gateway, taken over as far as they have a counterpart.

mod litellm;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::{
    printer::{Output, Printer, tell},
    reading::Source,
    stop::{Outcome, Stop},
};

/// The settings of another gateway.
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Write the models of LiteLLM's config (YAML) as sections of waarborg.toml and register.toml.
    ///
    /// The sections go to standard output; what was not taken over, and why, to standard error. Secrets that stand in the
    /// file are never repeated. Exit codes: 0 everything was taken over, 1 something was not, 2 the file cannot be read.
    Litellm {
        /// The file to read, or - for standard input.
        #[arg(value_name = "FILE|-", default_value = "-", value_parser = Source::parse)]
        source: Source,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the file cannot be read.
pub(crate) fn run(ask: &Import, printer: &mut Printer) -> Result<Outcome, Stop> {
    let Act::Litellm { source } = &ask.act;
    let unusable = |what: String| {
        Stop::unusable(
            format!("{} {what}", source.name()),
            "give the config.yaml that LiteLLM reads, with `model_list:`",
        )
    };
    let import = litellm::import(&source.text()?)
        .map_err(|fault| unusable(format!("cannot be read as YAML: {fault}")))?;
    if import.recipients.is_empty() && import.left.is_empty() {
        return Err(unusable("names no models".to_owned()));
    }

    if printer.output() == Output::Json {
        let left: Vec<_> = import
            .left
            .iter()
            .map(|note| json!({"line": note.line, "name": note.name, "why": note.why}))
            .collect();
        printer.json(&json!({
            "settings": import.settings(),
            "register": import.register(),
            "taken": import.models(),
            "left": left,
        }))?;
    } else {
        printer.text(&import.settings())?;
        printer.text("\n")?;
        printer.text(&import.register())?;
        for note in &import.left {
            tell(format_args!(
                "line {}: not taken over: {}: {}",
                note.line, note.name, note.why
            ));
        }
        tell(format_args!(
            "models taken over: {}, of recipients: {}; not taken over: {}; `waarborg check` says what the register still needs",
            import.models().len(),
            import.recipients.len(),
            import.left.len()
        ));
    }

    Ok(if import.left.is_empty() {
        Outcome::Good
    } else {
        Outcome::Findings
    })
}
