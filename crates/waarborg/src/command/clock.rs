//! `waarborg clock set`: another time, in a directory that was made for tests.

use clap::{Args, Subcommand};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::json;

use crate::{
    clock::{ClockError, set_test_clock},
    home::Home,
    printer::Printer,
    stop::{Outcome, Stop},
};

/// Sets the test clock.
#[derive(Debug, Args)]
pub(crate) struct Clock {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Set the time; it goes on from there.
    Set {
        /// An instant such as 2027-01-31T09:00:00Z, or a day, which begins at midnight UTC.
        #[arg(value_name = "TIME")]
        time: String,
        #[command(flatten)]
        home: Home,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the time cannot be read or the directory has no test clock.
pub(crate) fn run(ask: &Clock, printer: &mut Printer) -> Result<Outcome, Stop> {
    let Act::Set { time, home } = &ask.act;
    let to = instant(time).ok_or_else(|| {
        Stop::unusable(
            format!("{time} is not a time"),
            "write for example 2027-01-31T09:00:00Z",
        )
    })?;

    set_test_clock(home, to).map_err(|error| match error {
        ClockError::NoTestClock => Stop::refused(
            format!(
                "{} was not made with --test-clock; its clock cannot be set",
                home.dir.display()
            ),
            "make a directory for tests with `waarborg init --dir D --test-clock`",
        ),
        other => Stop::unusable(other.to_string(), "check the directory and its permissions"),
    })?;

    printer.either(
        &json!({ "now": to.to_string() }),
        &format!("the test clock now shows {to}\n"),
    )?;
    Ok(Outcome::Good)
}

fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let day: Date = text.parse().ok()?;
    day.to_zoned(TimeZone::UTC)
        .ok()
        .map(|midnight| midnight.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_and_a_day_are_both_times() {
        assert_eq!(instant("2027-01-31"), instant("2027-01-31T00:00:00Z"));
        assert_eq!(instant("2027-01-31T01:00:00+01:00"), instant("2027-01-31"));
        assert_eq!(instant("tomorrow"), None);
    }
}
