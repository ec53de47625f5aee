//! Legal dates: when an answer is due, when a breach must be notified (Regulation 1182/71, article 3).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::claim::Period;
use crate::law::{Law, Limit, Regime};

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

/// When it must be answered after the clock stood still for so many civil days, because it was doubted who asks. Days
/// lengthen the period itself; only its end is moved to a working day.
#[must_use]
pub fn due_after_doubt(
    received_at: Timestamp,
    stood_still: u32,
    is_extended: bool,
    zone: &TimeZone,
    law: &Law,
    country: &str,
) -> Due {
    let received = received_at.to_zoned(zone.clone()).date();
    let regime = law.regime(country, received);
    let answer = regime.map_or(Period::Months(1), |regime| regime.answer);
    let whole = whole_period(received, law, country).filter(|_| is_extended);
    let period = whole.unwrap_or(answer);
    lengthened(received, period, stood_still, regime, law, country)
}

/// The answer period with its extension, both counted from receipt. `None` where the regime knows no extension.
fn whole_period(received: Date, law: &Law, country: &str) -> Option<Period> {
    let regime = law.regime(country, received)?;
    joined(regime.answer, regime.extension?)
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

/// Extends a request: only with reasons, and only if the person is told within the first period. `stood_still` is how many
/// civil days the clock stood still.
///
/// # Errors
///
/// [`NoExtension`] says which of the conditions fails.
pub fn extend(
    received_at: Timestamp,
    told_at: Timestamp,
    stood_still: u32,
    reasons: &str,
    zone: &TimeZone,
    law: &Law,
    country: &str,
) -> Result<Due, NoExtension> {
    if reasons.trim().is_empty() {
        return Err(NoExtension::WithoutReasons);
    }
    let received = received_at.to_zoned(zone.clone()).date();
    if whole_period(received, law, country).is_none() {
        return Err(NoExtension::Unknown);
    }
    let due =
        |is_extended| due_after_doubt(received_at, stood_still, is_extended, zone, law, country);

    let first = due(false);
    let told = told_at.to_zoned(zone.clone()).date();
    if told > first.latest {
        return Err(NoExtension::TooLate(first.latest));
    }
    Ok(due(true))
}

/// What a regime sets a limit to beside the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Confirming that a request came in (CCPA regulations section 7021(a)).
    Acknowledge,
    /// Carrying out an objection to selling or sharing (CCPA regulations section 7026(f)).
    OptOut,
    /// Telling the authority of a breach (article 33(1)).
    Authority,
    /// The same for a small organisation (LGPD: resolution CD/ANPD 15/2024).
    AuthorityIfSmall,
    /// Telling the authority what was missing then.
    Supplement,
}

/// The last moment for something that a regime sets a limit to. Elapsed hours run through weekends and clock changes; working days
/// end with their last day in `zone`. `None` outside the calendar, or where the regime sets no limit.
#[must_use]
pub fn limit_of(
    clock: Clock,
    from: Timestamp,
    zone: &TimeZone,
    law: &Law,
    country: &str,
) -> Option<Timestamp> {
    let day = from.to_zoned(zone.clone()).date();
    let regime = law.regime(country, day)?;
    let limit = match clock {
        Clock::Acknowledge => regime.acknowledge,
        Clock::OptOut => regime.opt_out,
        Clock::Authority => regime.authority,
        Clock::AuthorityIfSmall => regime.authority_if_small,
        Clock::Supplement => regime.supplement,
    };
    match limit? {
        Limit::Within(period) => period.after(from, zone),
        Limit::WorkingDays(days) => {
            let last = working_days_after(day, days, law, country);
            let next = last.checked_add(1.day()).ok()?.to_zoned(zone.clone());
            Some(next.ok()?.timestamp())
        }
    }
}

/// When the authority must know of a breach.
#[must_use]
pub fn breach_due(
    aware_at: Timestamp,
    zone: &TimeZone,
    law: &Law,
    country: &str,
) -> Option<Timestamp> {
    limit_of(Clock::Authority, aware_at, zone, law, country)
}

/// The `count`th working day after `day`.
#[must_use]
pub fn working_days_after(day: Date, count: u32, law: &Law, country: &str) -> Date {
    (0..count).fold(day, |day, _| {
        working_day_from(day.saturating_add(1.day()), law, country)
    })
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
    lengthened(received, period, 0, regime, law, country)
}

fn lengthened(
    received: Date,
    period: Period,
    days: u32,
    regime: Option<&Regime>,
    law: &Law,
    country: &str,
) -> Due {
    let end_from = |start: Date| {
        let end = period.after_day(start)?;
        Period::Days(days).after_day(end)
    };
    let bare = end_from(received).unwrap_or(Date::MAX);
    let counted = if regime.is_some_and(|regime| regime.counts_from_next_day) {
        end_from(received.saturating_add(1.day())).unwrap_or(Date::MAX)
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
