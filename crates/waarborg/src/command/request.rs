//! `waarborg request`: data-subject requests, taken in for somebody or listed with their dates.

use std::io::{self, BufRead as _, IsTerminal as _};

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::{
    errand::{Errand, carry_out},
    home::Home,
    printer::{Output, Printer, tell},
    reading::Source,
    stop::{Outcome, Stop},
};

/// Handles data-subject requests.
#[derive(Debug, Args)]
pub(crate) struct Request {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the requests with their dates, the nearest first.
    List {
        #[command(flatten)]
        home: Home,
    },
    /// Show what a request says and how to answer it; the audit log says that you read it.
    Show {
        /// Its reference, as `request list` shows it.
        reference: String,
        #[command(flatten)]
        home: Home,
    },
    /// Move a request on, such as to answered or refused; a closed one stays closed.
    Close {
        /// Its reference, as `request list` shows it.
        reference: String,
        /// The stage that it comes to.
        #[arg(long)]
        stage: String,
        #[command(flatten)]
        home: Home,
    },
    /// Take in a request that came by letter, telephone or at the desk; its clock starts now.
    Receive {
        /// The right, such as access or erasure.
        #[arg(long)]
        right: String,
        /// Where it came in.
        #[arg(long, value_parser = ["letter", "mail", "phone", "counter"], default_value = "letter")]
        channel: String,
        /// How the person wants to be answered. It stays in the shell's history and is seen in the list of
        /// processes: rather use --reply-to-file, or leave both out and type it when asked.
        #[arg(long, value_name = "TEXT", conflicts_with = "reply_to_file")]
        reply_to: Option<String>,
        /// The same from a file, or - for standard input.
        #[arg(long, value_name = "FILE|-", value_parser = Source::parse)]
        reply_to_file: Option<Source>,
        /// The person's own words: a file, or - for standard input.
        #[arg(long, value_name = "FILE|-", value_parser = Source::parse)]
        words: Option<Source>,
        #[command(flatten)]
        home: Home,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the installation cannot be used or the request was not received.
pub(crate) fn run(ask: &Request, printer: &mut Printer) -> Result<Outcome, Stop> {
    match &ask.act {
        Act::List { home } => list(&carry_out(home, Errand::ListRequests)?, printer),
        Act::Show { reference, home } => {
            let reference = reference.clone();
            show(
                &carry_out(home, Errand::ShowRequest { reference })?,
                printer,
            )
        }
        Act::Close {
            reference,
            stage,
            home,
        } => {
            let errand = Errand::MoveRequest {
                reference: reference.clone(),
                stage: stage.clone(),
            };
            let moved = carry_out(home, errand)?;
            let text = format!(
                "{} is now {}\n",
                word(&moved, "reference"),
                word(&moved, "stage")
            );
            printer.either(&moved, &text)
        }
        Act::Receive {
            right,
            channel,
            reply_to,
            reply_to_file,
            words,
            home,
        } => {
            let reply_to =
                reply_address(reply_to.as_deref(), reply_to_file.as_ref(), words.as_ref())?;
            let words = words
                .as_ref()
                .map(Source::text)
                .transpose()?
                .unwrap_or_default();
            let errand = Errand::ReceiveRequest {
                right: right.clone(),
                channel: channel.clone(),
                words,
                reply_to,
            };
            let received = carry_out(home, errand)?;
            let text = format!(
                "received as {}; answer by {} at the latest, aim for {}\nthe person opens it with {}\n",
                word(&received, "reference"),
                word(&received, "latest"),
                word(&received, "aim"),
                word(&received, "secret"),
            );
            printer.either(&received, &text)
        }
    }?;
    Ok(Outcome::Good)
}

/// How the person wants to be answered: as given, from a file, or typed now where somebody is there to type it.
fn reply_address(
    given: Option<&str>,
    file: Option<&Source>,
    words: Option<&Source>,
) -> Result<String, Stop> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    if let Some(file) = file {
        if *file == Source::Standard && words == Some(&Source::Standard) {
            return Err(Stop::unusable(
                "standard input cannot be both the words and the address",
                "put one of the two in a file",
            ));
        }
        return Ok(file.text()?.trim().to_owned());
    }
    if words == Some(&Source::Standard) || !io::stdin().is_terminal() {
        return Ok(String::new());
    }
    tell(
        "How does the person want to be answered? (an address or number; nothing if it is not known)",
    );
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed).map_err(|error| {
        Stop::unusable(
            format!("the address cannot be read: {error}"),
            "use --reply-to-file",
        )
    })?;
    Ok(typed.trim().to_owned())
}

fn list(listed: &Value, printer: &mut Printer) -> Result<(), Stop> {
    if printer.output() == Output::Json {
        return printer.json(listed);
    }
    for request in listed
        .get("requests")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        printer.line(format_args!(
            "{}\t{}\t{}\taim {}\tlatest {}{}",
            word(request, "reference"),
            word(request, "right"),
            word(request, "stage"),
            word(request, "aim"),
            word(request, "latest"),
            match word(request, "details") {
                "in-no-backup" => "\tits details are in no backup",
                _ => "",
            },
        ))?;
    }
    Ok(())
}

fn show(request: &Value, printer: &mut Printer) -> Result<(), Stop> {
    if printer.output() == Output::Json {
        return printer.json(request);
    }
    for name in [
        "reference",
        "right",
        "channel",
        "stage",
        "received_at",
        "aim",
        "latest",
        "details",
    ] {
        printer.line(format_args!("{name}\t{}", word(request, name)))?;
    }
    let said = request.get("said").and_then(Value::as_array);
    for part in said.into_iter().flatten() {
        printer.line(format_args!(
            "{}\t{}",
            word(part, "part"),
            word(part, "text")
        ))?;
    }
    Ok(())
}

fn word<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
