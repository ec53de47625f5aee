//! `waarborg notice`: the privacy notice that follows from a register.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use waarborg_domain::notice::{Notice as Derived, Shown};

use crate::{
    clock::WallClock,
    command::register::compiled,
    configuration,
    home::Home,
    printer::{Output, Printer},
    stop::{Outcome, Stop},
};

/// Shows the privacy notice.
#[derive(Debug, Args)]
pub(crate) struct Notice {
    /// Another register than the one of the directory.
    #[arg(long, value_name = "FILE", conflicts_with = "dir")]
    register: Option<PathBuf>,
    /// Show the notice of a register with open places, and mark them.
    #[arg(long)]
    draft: bool,
    /// The day for which it is shown; today when it is not said.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// Where the person lives, as two letters; it decides who the controller is.
    #[arg(long, value_name = "COUNTRY")]
    residence: Option<String>,
    /// The language.
    #[arg(long, value_parser = ["nl", "en"], default_value = "nl")]
    lang: String,
    /// The form; with --output json it is JSON.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The notice of one group of services; all together when it is not said.
    #[arg(long = "notice", value_name = "NAME")]
    of: Option<String>,
    #[command(flatten)]
    home: Home,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Markdown.
    Md,
    /// A page that stands alone.
    Html,
    /// Every statement with the rules that it follows from.
    Json,
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the register cannot be used, or has open places and no draft was asked for.
pub(crate) fn run(ask: &Notice, printer: &mut Printer) -> Result<Outcome, Stop> {
    let register = compiled(ask.register.as_ref(), &ask.home)?;
    let today = configuration::today(&WallClock::of(ask.home.test_clock()));
    if let Some(name) = &ask.of
        && !register.services().any(|service| service.notice == *name)
    {
        return Err(Stop::unusable(
            format!("no service has the notice {name}"),
            "name the notice of a service of the register",
        ));
    }
    let shown = Shown {
        at: ask.at.unwrap_or(today),
        residence: ask.residence.as_deref(),
        language: &ask.lang,
        notice: ask.of.as_deref(),
    };
    let notice = Derived::of(&register, &shown);
    if notice.is_open() && !ask.draft {
        return Err(Stop::refused(
            "the register has open places",
            "fill them in, or add --draft to see them marked",
        ));
    }

    let by_default = if printer.output() == Output::Json {
        Format::Json
    } else {
        Format::Md
    };
    let text = match ask.format.unwrap_or(by_default) {
        Format::Md => notice.to_markdown(),
        Format::Html => notice.to_html_page(),
        Format::Json => notice.to_json().to_string(),
    };
    printer.text(&text)?;
    if !text.ends_with('\n') {
        printer.text("\n")?;
    }
    Ok(Outcome::Good)
}
