//! Dates that all move by the same number of whole weeks, in whatever way they are written.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    year: i32,
    month: u32,
    of_month: u32,
}

/// How a date is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    order: Order,
    /// Behind the first and behind the second part.
    between: [String; 2],
    /// Two digits of a day or month below ten.
    is_padded: bool,
    /// Two digits of the year.
    is_short: bool,
    months: Option<Months>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

/// Names of months: which language, in full or cut off, and in which case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Months {
    language: usize,
    is_cut: bool,
    has_capital: bool,
}

const LANGUAGES: [[&str; 12]; 4] = [
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
    [
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
];

/// Cut off, and in Dutch not by the letter.
const CUT: [[&str; 12]; 2] = [
    [
        "jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
    ],
    [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
];

impl Day {
    /// Days since a fixed day, in the Gregorian calendar.
    fn number(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let of_year = (153 * month + 2) / 5 + i64::from(self.of_month) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year
    }

    fn of_number(number: i64) -> Option<Day> {
        let era = number.div_euclid(146_097);
        let of_era = number.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        Some(Day {
            year: i32::try_from(year).ok()?,
            month: u32::try_from(month).ok()?,
            of_month: u32::try_from(day).ok()?,
        })
    }

    /// The day so many days later.
    pub(super) fn later(self, days: i64) -> Option<Day> {
        Day::of_number(self.number() + days)
    }

    /// How many days lie between this one and another.
    #[cfg(test)]
    pub(super) fn until(self, other: Day) -> i64 {
        other.number() - self.number()
    }

    fn of(year: u32, month: u32, day: u32) -> Option<Day> {
        let date = Day {
            year: i32::try_from(year).ok()?,
            month,
            of_month: day,
        };
        let is_real = (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && (1000..=2999).contains(&year)
            && Day::of_number(date.number()) == Some(date);
        is_real.then_some(date)
    }
}

/// Reads a date with its form. One without a year, or written in a way that would not come out the same, is none.
pub(super) fn read(value: &str) -> Option<(Day, Form)> {
    let (parts, between) = parts(value)?;
    let number = |part: &str| part.parse::<u32>().ok();
    let [first, second, third] = parts;
    let is_word = |part: &str| part.chars().all(char::is_alphabetic);
    let mut months = None;
    let (order, day, month, year) = if is_word(second) {
        let (month, found) = month(second)?;
        months = Some(found);
        (Order::DayMonthYear, first, month, third)
    } else if is_word(first) {
        let (month, found) = month(first)?;
        months = Some(found);
        (Order::MonthDayYear, second, month, third)
    } else if first.len() == 4 {
        (Order::YearMonthDay, third, number(second)?, first)
    } else if number(second)? > 12 {
        (Order::MonthDayYear, second, number(first)?, third)
    } else {
        (Order::DayMonthYear, first, number(second)?, third)
    };
    let is_short = year.len() == 2;
    let year = match (number(year)?, year.len()) {
        (year, 4) => year,
        (year, 2) => year + if year > 35 { 1900 } else { 2000 },
        _ => return None,
    };
    let day = Day::of(year, month, number(day)?)?;
    let is_padded = parts
        .iter()
        .any(|part| part.len() == 2 && part.starts_with('0'))
        || parts.iter().all(|part| part.len() >= 2 && !is_word(part));
    let form = Form {
        order,
        between,
        is_padded,
        is_short,
        months,
    };
    (form.write(day) == value).then_some((day, form))
}

/// The three parts of a date and what stands between them.
fn parts(value: &str) -> Option<([&str; 3], [String; 2])> {
    let is_part = |letter: char| letter.is_alphanumeric();
    let mut parts: Vec<&str> = Vec::new();
    let mut between: Vec<String> = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        parts.push(rest.get(..end)?);
        rest = rest.get(end..)?;
        let end = rest.find(is_part).unwrap_or(rest.len());
        between.push(rest.get(..end)?.to_string());
        rest = rest.get(end..)?;
    }
    let [one, other, last] = between.as_slice() else {
        return None;
    };
    let is_short = |between: &String| (1..=3).contains(&between.len());
    let is_right = is_short(one) && is_short(other) && last.is_empty();
    let parts: [&str; 3] = parts.try_into().ok()?;
    is_right.then(|| (parts, [one.clone(), other.clone()]))
}

/// The month that a word names, and how.
fn month(word: &str) -> Option<(u32, Months)> {
    let has_capital = word.starts_with(char::is_uppercase);
    let lower = word.to_lowercase();
    let find = |names: &[&str; 12]| {
        names
            .iter()
            .zip(1..)
            .find(|(name, _)| **name == lower)
            .map(|(_, number)| number)
    };
    let whole = LANGUAGES
        .iter()
        .enumerate()
        .map(|(language, names)| (language, names, false));
    let cut = CUT
        .iter()
        .enumerate()
        .map(|(language, names)| (language, names, true));
    whole.chain(cut).find_map(|(language, names, is_cut)| {
        let number: u32 = find(names)?;
        let months = Months {
            language,
            is_cut,
            has_capital,
        };
        Some((number, months))
    })
}

impl Form {
    /// The day in this form.
    pub(super) fn write(&self, day: Day) -> String {
        let two = |number: u32| {
            if self.is_padded {
                format!("{number:02}")
            } else {
                number.to_string()
            }
        };
        let month = match self.months {
            Some(months) => months.name(day.month),
            None => two(day.month),
        };
        let year = if self.is_short {
            format!("{:02}", day.year % 100)
        } else {
            format!("{:04}", day.year)
        };
        let [one, other] = &self.between;
        match self.order {
            Order::DayMonthYear => format!("{}{one}{month}{other}{year}", two(day.of_month)),
            Order::MonthDayYear => format!("{month}{one}{}{other}{year}", two(day.of_month)),
            Order::YearMonthDay => format!("{year}{one}{month}{other}{}", two(day.of_month)),
        }
    }

    /// In other ways that a model may write a date.
    pub(super) fn others() -> Vec<Form> {
        let numeric = |order, sign: &str, is_padded| Form {
            order,
            between: [sign.to_string(), sign.to_string()],
            is_padded,
            is_short: false,
            months: None,
        };
        let in_words = |order, language, between: [&str; 2], has_capital| Form {
            order,
            between: between.map(String::from),
            is_padded: false,
            is_short: false,
            months: Some(Months {
                language,
                is_cut: false,
                has_capital,
            }),
        };
        let mut forms = alloc::vec![numeric(Order::YearMonthDay, "-", true)];
        for sign in ["-", "/", "."] {
            forms.push(numeric(Order::DayMonthYear, sign, true));
            forms.push(numeric(Order::DayMonthYear, sign, false));
        }
        forms.push(in_words(Order::DayMonthYear, 0, [" ", " "], false));
        forms.push(in_words(Order::DayMonthYear, 1, [" ", " "], true));
        forms.push(in_words(Order::MonthDayYear, 1, [" ", ", "], true));
        forms.push(in_words(Order::DayMonthYear, 2, [". ", " "], true));
        forms.push(in_words(Order::DayMonthYear, 3, [" ", " "], false));
        forms
    }
}

impl Months {
    fn name(self, month: u32) -> String {
        let names = if self.is_cut {
            CUT.get(self.language)
        } else {
            LANGUAGES.get(self.language)
        };
        let place = usize::try_from(month).unwrap_or_default().wrapping_sub(1);
        let name = names
            .and_then(|names| names.get(place))
            .copied()
            .unwrap_or_default();
        let mut letters = name.chars();
        match letters.next() {
            Some(first) if self.has_capital => first.to_uppercase().chain(letters).collect(),
            _ => name.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, weeks: i64, expected: Option<&str>) {
        let moved = read(value).and_then(|(day, form)| Some(form.write(day.later(7 * weeks)?)));
        assert_eq!(moved.as_deref(), expected, "{value}");
    }

    #[test]
    fn a_date_moves_and_keeps_its_form() {
        check("14-02-1983", 2, Some("28-02-1983"));
        check("14-02-1983", 3, Some("07-03-1983"));
        check("14-2-1983", 3, Some("7-3-1983"));
        check("1984-02-22", 1, Some("1984-02-29"));
        check("31/12/99", 1, Some("07/01/00"));
        check("3 maart 1975", -1, Some("24 februari 1975"));
        check("March 3, 1975", 1, Some("March 10, 1975"));
        check("3. März 1975", 5, Some("7. April 1975"));
        check("3 mrt 1975", -1, Some("24 feb 1975"));
        check("02/25/1990", 1, Some("03/04/1990"));
        for none in [
            "1975",
            "3 maart",
            "31-02-1983",
            "maart 1975",
            "1-2-3-4",
            "gisteren",
            "3rd March 1975",
        ] {
            check(none, 1, None);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_day_has_one_number(number in 370_000_i64..1_090_000) {
            let day = Day::of_number(number).unwrap();
            proptest::prop_assert_eq!(day.number(), number);
            let there = day.later(350).unwrap();
            proptest::prop_assert_eq!(day.until(there), 350);
        }
    }
}
