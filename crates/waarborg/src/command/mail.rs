//! `waarborg mail`: mails to many people, each through the gate of the register when its turn comes.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;

use crate::{
    errand::{Errand, carry_out},
    home::Home,
    printer::{Output, Printer},
    reading::Source,
    stop::{Outcome, Stop},
};

/// Sends mails to many people, or stops that.
#[derive(Debug, Args)]
pub(crate) struct Mail {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Put mails in the queue. Each goes only if the register and the person allow it when its turn comes.
    Send(Box<Send>),
    /// Tell the persons concerned of the newest change of the register: what it says anew, and from which day.
    Change {
        /// A message of the register of the class legal, with service, purpose and category.
        #[arg(long)]
        message: String,
        /// The language of the text.
        #[arg(long, value_enum, default_value_t = Language::Nl)]
        lang: Language,
        #[command(flatten)]
        home: Home,
    },
    /// Say how far a job is.
    Status {
        /// The number that `mail send` gave.
        job: String,
        #[command(flatten)]
        home: Home,
    },
    /// Stop a job: what of it waits does not go.
    Stop {
        /// The number that `mail send` gave.
        job: String,
        #[command(flatten)]
        home: Home,
    },
}

#[derive(Debug, Args)]
struct Send {
    /// A message of the register with service, purpose and category.
    #[arg(long)]
    message: String,
    /// To whom: one address a line, and behind a space or comma the number of a person who is known here.
    #[arg(long, value_name = "FILE|-", value_parser = Source::parse)]
    to_file: Source,
    /// What it is about.
    #[arg(long)]
    subject: String,
    /// The file with what it says, as plain text.
    #[arg(long, value_name = "FILE|-", value_parser = Source::parse)]
    text_file: Source,
    /// The file with the part that sells, for a message with `marketing_part`; who objected gets the rest without it.
    #[arg(long, value_name = "FILE|-", value_parser = Source::parse)]
    selling_file: Option<Source>,
    /// The language of the text.
    #[arg(long, value_enum, default_value_t = Language::Nl)]
    lang: Language,
    #[command(flatten)]
    home: Home,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    Nl,
    En,
}

impl Language {
    const fn name(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the installation cannot be used, or sends no mail.
pub(crate) fn run(ask: &Mail, printer: &mut Printer) -> Result<Outcome, Stop> {
    let (errand, home) = match &ask.act {
        Act::Send(send) => (send.errand()?, &send.home),
        Act::Change {
            message,
            lang,
            home,
        } => (
            Errand::TellChange {
                message: message.clone(),
                language: lang.name().to_owned(),
            },
            home,
        ),
        Act::Status { job, home } => (Errand::CountMails { job: job.clone() }, home),
        Act::Stop { job, home } => (Errand::StopMails { job: job.clone() }, home),
    };
    let answer = carry_out(home, errand)?;
    if printer.output() == Output::Json {
        printer.json(&answer)?;
        return Ok(Outcome::Good);
    }
    for (name, value) in answer.as_object().into_iter().flatten() {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        printer.line(format_args!("{name}: {value}"))?;
    }
    Ok(Outcome::Good)
}

impl Send {
    fn errand(&self) -> Result<Errand, Stop> {
        let to = self
            .to_file
            .text()?
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
        let selling = self.selling_file.as_ref().map(Source::text).transpose()?;
        Ok(Errand::SendMails {
            message: self.message.clone(),
            to,
            subject: self.subject.clone(),
            text: self.text_file.text()?,
            selling,
            language: self.lang.name().to_owned(),
        })
    }
}
