//! Turns the rules for public holidays into days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use serde::Deserialize;

use super::LawFault;

/// The years that are worked out: far enough for any request that a running installation can still hold.
const YEARS: std::ops::RangeInclusive<i16> = 2018..=2060;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayFile {
    holiday: Vec<HolidayRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayRow {
    country: String,
    #[expect(dead_code, reason = "the name is for the reader of the table")]
    name: String,
    on: String,
    unless_sunday: Option<String>,
    friday_stays: Option<String>,
    #[serde(default)]
    monday_if_weekend: bool,
    #[serde(default)]
    aim_only: bool,
    from: Option<i16>,
    until: Option<i16>,
    #[expect(dead_code, reason = "the source is for the reader of the table")]
    source: String,
    noted: String,
}

/// The free days of each country.
pub(super) type Days = BTreeMap<String, BTreeSet<Date>>;

/// Every free day of every country in the table, and the days that only the aim avoids.
pub(super) fn expand(file: &HolidayFile) -> Result<(Days, Days), LawFault> {
    let (mut free, mut avoided) = (Days::new(), Days::new());
    for row in &file.holiday {
        super::tables::day("holidays", &row.noted)?;
        let days = if row.aim_only {
            &mut avoided
        } else {
            &mut free
        };
        let of_country = days.entry(row.country.clone()).or_default();
        for year in YEARS {
            let runs = row.from.is_none_or(|from| from <= year)
                && row.until.is_none_or(|until| year <= until);
            if runs && let Some(day) = row.day_in(year)? {
                let day = if row.monday_if_weekend {
                    next_working(day, of_country)
                } else {
                    day
                };
                of_country.insert(day);
            }
        }
    }
    Ok((free, avoided))
}

impl HolidayRow {
    fn day_in(&self, year: i16) -> Result<Option<Date>, LawFault> {
        let wrong = || LawFault::Value {
            table: "holidays",
            value: self.on.clone(),
            wanted: "a rule for a day",
        };
        if let Ok(once) = self.on.parse::<Date>() {
            return Ok((once.year() == year).then_some(once));
        }

        let day = if let Some(offset) = self.on.strip_prefix("easter") {
            let days: i64 = offset.parse().map_err(|_| wrong())?;
            easter(year).and_then(|easter| moved(easter, days))
        } else if let Some((rank, rest)) = self.on.split_once(' ') {
            let (second, third) = rest.split_once(' ').ok_or_else(wrong)?;
            match (nth(rank), weekday(rank), weekday(second)) {
                (Some(nth), None, Some(weekday)) => {
                    let month: i8 = third.parse().map_err(|_| wrong())?;
                    Date::new(year, month, 1)
                        .ok()
                        .and_then(|first| first.nth_weekday_of_month(nth, weekday).ok())
                }
                (None, Some(weekday), None) if second == "from" => {
                    first_from(fixed(year, third).ok_or_else(wrong)?, weekday)
                }
                _ => None,
            }
        } else {
            fixed(year, &self.on)
        };
        let day = day.ok_or_else(wrong)?;

        if let Some(instead) = &self.unless_sunday
            && day.weekday() == Weekday::Sunday
        {
            return Ok(Some(fixed(year, instead).ok_or_else(wrong)?));
        }
        if let Some(stays) = &self.friday_stays {
            let stays = fixed(year, stays).ok_or_else(wrong)?;
            if stays.weekday() == Weekday::Friday {
                return Ok(Some(stays));
            }
        }
        Ok(Some(day))
    }
}

/// Easter Sunday of the Gregorian calendar.
fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (golden, century, in_century) = (year % 19, year / 100, year % 100);
    let leap_centuries = century / 4;
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - leap_centuries - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;

    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(days / 31).ok()?,
        i8::try_from(days % 31 + 1).ok()?,
    )
    .ok()
}

fn fixed(year: i16, month_day: &str) -> Option<Date> {
    let (month, day) = month_day.split_once('-')?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn moved(day: Date, days: i64) -> Option<Date> {
    day.checked_add(Span::new().try_days(days).ok()?).ok()
}

fn first_from(start: Date, weekday: Weekday) -> Option<Date> {
    (0..7)
        .filter_map(|days| moved(start, days))
        .find(|day| day.weekday() == weekday)
}

fn next_working(start: Date, taken: &BTreeSet<Date>) -> Date {
    let mut day = start;
    if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !taken.contains(&day) {
        return day;
    }
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || taken.contains(&day) {
        day = day.saturating_add(1.day());
    }
    day
}

fn nth(word: &str) -> Option<i8> {
    match word {
        "first" => Some(1),
        "second" => Some(2),
        "third" => Some(3),
        "fourth" => Some(4),
        "last" => Some(-1),
        _ => None,
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    match word {
        "monday" => Some(Weekday::Monday),
        "tuesday" => Some(Weekday::Tuesday),
        "wednesday" => Some(Weekday::Wednesday),
        "thursday" => Some(Weekday::Thursday),
        "friday" => Some(Weekday::Friday),
        "saturday" => Some(Weekday::Saturday),
        "sunday" => Some(Weekday::Sunday),
        _ => None,
    }
}
