//! `waarborg due`: the legal last day to answer a request, and the day to aim for.

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde_json::{Map, Value};
use waarborg_domain::{
    calendar::{self, Due as Dates},
    law::Law,
};

use crate::{
    command::detect::object,
    configuration,
    printer::Printer,
    reading::Source,
    stop::{Outcome, Stop},
};

/// Computes when the answer to a request is due.
#[derive(Debug, Args)]
pub(crate) struct Due {
    /// The file to read, or - for standard input.
    #[arg(value_name = "FILE|-", default_value = "-", value_parser = Source::parse)]
    source: Source,
    /// The form of the input: one `{"country","received","months"}` on each line; without `months` the law decides.
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object on each line.
    Jsonl,
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the input cannot be used.
pub(crate) fn run(ask: &Due, printer: &mut Printer) -> Result<Outcome, Stop> {
    let Format::Jsonl = ask.format;
    let law = configuration::law()?;

    ask.source.each_line(|number, line| {
        let mut asked = object(number, line)?;
        let dates = dates(&asked, &law).map_err(|wrong| {
            Stop::unusable(format!("line {number}: {}", wrong.message()), wrong.next())
        })?;
        asked.insert("aim".to_owned(), Value::String(dates.aim.to_string()));
        asked.insert("latest".to_owned(), Value::String(dates.latest.to_string()));
        printer.json(&Value::Object(asked))?;
        printer.flush()
    })?;

    Ok(Outcome::Good)
}

/// What a line lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Country,
    Received,
    Months,
}

impl Wrong {
    fn message(self) -> &'static str {
        match self {
            Self::Country => "\"country\" is missing or not a country of the law tables",
            Self::Received => "\"received\" is missing or not a day",
            Self::Months => "\"months\" is not a number from 1 to 1200",
        }
    }

    fn next(self) -> &'static str {
        match self {
            Self::Country => "write two letters, such as \"NL\"",
            Self::Received => "write a day that exists, such as \"2027-01-31\"",
            Self::Months => "write 1 for the answer, 3 with the extension",
        }
    }
}

fn dates(asked: &Map<String, Value>, law: &Law) -> Result<Dates, Wrong> {
    let country = asked
        .get("country")
        .and_then(Value::as_str)
        .ok_or(Wrong::Country)?;
    let country = country.to_ascii_uppercase();
    law.country(&country).ok_or(Wrong::Country)?;
    let received: Date = asked
        .get("received")
        .and_then(Value::as_str)
        .and_then(|day| day.parse().ok())
        .ok_or(Wrong::Received)?;
    let Some(months) = asked.get("months") else {
        return Ok(calendar::answer_due_on(received, law, &country));
    };
    let months = months
        .as_u64()
        .and_then(|months| u32::try_from(months).ok())
        .filter(|months| (1..=1200).contains(months))
        .ok_or(Wrong::Months)?;
    Ok(calendar::months_due(received, months, law, &country))
}
