//! Legal dates: when an answer is due, when a breach must be notified (Regulation 1182/71, article 3).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::claim::Period;
use crate::law::{Law, Regime};

/// The two dates of a request: the one we work towards and the one the law sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due {
    /// The day that we work towards: never after the bare end of the period, and a working day.
    pub aim: Date,
    /// The statutory limit: the end of the period, moved to the next working day.
    pub latest: Date,
}

/// When a request that was received at a moment must be answered (article 12(3)).
#[must_use]
pub fn answer_due(received_at: Timestamp, zone: &TimeZone, law: &Law, country: &str) -> Due {
    let received = received_at.to_zoned(zone.clone()).date();
    answer_due_on(received, law, country)
}

/// When a request that was received on a day must be answered.
#[must_use]
pub fn answer_due_on(received: Date, law: &Law, country: &str) -> Due {
    let regime = law.regime(country, received);
    let answer = regime.map_or(Period::Months(1), |regime| regime.answer);

    due(received, answer, regime, law, country)
}

/// When it must be answered after an extension: the whole period counts from receipt.
///
/// `None` where the regime knows no extension.
#[must_use]
pub fn extended_due(
    received_at: Timestamp,
    zone: &TimeZone,
    law: &Law,
    country: &str,
) -> Option<Due> {
    let received = received_at.to_zoned(zone.clone()).date();
    let regime = law.regime(country, received)?;
    let whole = joined(regime.answer, regime.extension?)?;

    Some(due(received, whole, Some(regime), law, country))
}

/// The end of a number of months, as a request of that regime would count them.
#[must_use]
pub fn months_due(received: Date, months: u32, law: &Law, country: &str) -> Due {
    due(
        received,
        Period::Months(months),
        law.regime(country, received),
        law,
        country,
    )
}

/// Why an extension cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoExtension {
    /// The law of that country knows none.
    #[error("the law knows no extension here")]
    Unknown,
    /// The first period has passed; the person must be told within it.
    #[error("the person must be told before {0}, and that day has passed")]
    TooLate(Date),
    /// No reasons were given.
    #[error("an extension needs its reasons")]
    WithoutReasons,
}

/// Extends a request: only with reasons, and only if the person is told within the first period.
///
/// # Errors
///
/// [`NoExtension`] says which of the conditions fails.
pub fn extend(
    received_at: Timestamp,
    told_at: Timestamp,
    reasons: &str,
    zone: &TimeZone,
    law: &Law,
    country: &str,
) -> Result<Due, NoExtension> {
    if reasons.trim().is_empty() {
        return Err(NoExtension::WithoutReasons);
    }
    let extended = extended_due(received_at, zone, law, country).ok_or(NoExtension::Unknown)?;

    let first = answer_due(received_at, zone, law, country);
    let told = told_at.to_zoned(zone.clone()).date();
    if told > first.latest {
        return Err(NoExtension::TooLate(first.latest));
    }
    Ok(extended)
}

/// When the authority must know of a breach: elapsed hours from awareness, through weekends and clock changes
/// (article 33(1)). `None` outside the calendar, or where the regime sets no hours.
#[must_use]
pub fn breach_due(aware_at: Timestamp, law: &Law, country: &str) -> Option<Timestamp> {
    let day = aware_at.to_zoned(TimeZone::UTC).date();
    law.regime(country, day)?
        .authority?
        .after(aware_at, &TimeZone::UTC)
}

/// The first day from `day` on that is neither weekend nor public holiday.
#[must_use]
pub fn working_day_from(day: Date, law: &Law, country: &str) -> Date {
    let mut day = day;
    while law.is_free(country, day) && day < Date::MAX {
        day = day.saturating_add(1.day());
    }
    day
}

/// The last day up to `day` on which people can be expected to work.
#[must_use]
pub fn working_day_until(day: Date, law: &Law, country: &str) -> Date {
    let mut day = day;
    while law.is_avoided(country, day) && day > Date::MIN {
        day = day.saturating_sub(1.day());
    }
    day
}

fn due(received: Date, period: Period, regime: Option<&Regime>, law: &Law, country: &str) -> Due {
    let bare = period.after_day(received).unwrap_or(Date::MAX);
    let counted = if regime.is_some_and(|regime| regime.counts_from_next_day) {
        period
            .after_day(received.saturating_add(1.day()))
            .unwrap_or(Date::MAX)
    } else {
        bare
    };

    Due {
        aim: working_day_until(bare, law, country),
        latest: working_day_from(counted, law, country),
    }
}

/// Two periods after one another, where they have the same unit.
fn joined(one: Period, other: Period) -> Option<Period> {
    match (one, other) {
        (Period::Months(one), Period::Months(other)) => Some(Period::Months(one + other)),
        (Period::Days(one), Period::Days(other)) => Some(Period::Days(one + other)),
        (Period::Minutes(one), Period::Minutes(other)) => Some(Period::Minutes(one + other)),
        (Period::Hours(one), Period::Hours(other)) => Some(Period::Hours(one + other)),
        (Period::Years(one), Period::Years(other)) => Some(Period::Years(one + other)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
