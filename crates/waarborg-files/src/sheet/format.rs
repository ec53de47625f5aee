//! How a number in a cell is shown: as a date, with zeros before it, or as it is.

use crate::xml::{self, Step};

/// What a style does to a number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Format {
    #[default]
    Plain,
    Date,
    /// At least so many digits: a citizen service number keeps its zero.
    Padded(usize),
}

/// The format of every style.
#[derive(Debug, Default)]
pub(super) struct Formats(Vec<Format>);

impl Formats {
    /// Reads the styles of a workbook. What cannot be read shows numbers as they are.
    pub(super) fn read(bytes: &[u8]) -> Formats {
        let mut codes: Vec<(u32, Format)> = Vec::new();
        let mut formats = Vec::new();
        let mut is_cell_style = false;
        // A fault was said when the part itself was read.
        let _ = xml::walk(bytes, |step| {
            match step {
                Step::Open("numFmt", attributes) => {
                    if let (Some(id), Some(code)) =
                        (attributes.number("numFmtId"), attributes.find("formatCode"))
                        && codes.len() < 10_000
                    {
                        codes.push((id, of_code(&code)));
                    }
                }
                Step::Open("cellXfs", _) => is_cell_style = true,
                Step::Close("cellXfs") => is_cell_style = false,
                Step::Open("xf", attributes) if is_cell_style && formats.len() < 100_000 => {
                    formats.push(attributes.number("numFmtId").unwrap_or(0));
                }
                _ => {}
            }
            Ok(())
        });
        codes.sort_by_key(|(id, _)| *id);
        Formats(
            formats
                .into_iter()
                .map(|id| {
                    codes
                        .binary_search_by_key(&id, |(other, _)| *other)
                        .ok()
                        .and_then(|at| codes.get(at))
                        .map_or_else(|| of_number(id), |(_, format)| *format)
                })
                .collect(),
        )
    }

    /// A number as the cell shows it.
    pub(super) fn shown(&self, style: usize, value: &str, is_from_1904: bool) -> String {
        let format = self.0.get(style).copied().unwrap_or_default();
        let Ok(number) = value.parse::<f64>() else {
            return value.to_owned();
        };
        match format {
            Format::Date if (1.0..2_958_466.0).contains(&number) => date(number, is_from_1904),
            Format::Padded(width) => format!("{:0>width$}", plain(number, value)),
            Format::Date | Format::Plain => plain(number, value),
        }
    }
}

/// `1.11222333E8` is 111222333.
fn plain(number: f64, value: &str) -> String {
    let is_whole = number.fract() == 0.0 && number.abs() < 1e15;
    if is_whole && value.contains(['e', 'E', '.']) {
        format!("{number:.0}")
    } else {
        value.to_owned()
    }
}

/// The formats that every workbook has.
fn of_number(id: u32) -> Format {
    match id {
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Format::Date,
        _ => Format::Plain,
    }
}

fn of_code(code: &str) -> Format {
    let mut bare = String::new();
    let mut closes = None;
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match (closes, letter) {
            (Some(end), _) if letter == end => closes = None,
            (Some(_), _) => {}
            (None, '"') => closes = Some('"'),
            (None, '[') => closes = Some(']'),
            (None, '\\' | '_' | '*') => {
                letters.next();
            }
            (None, _) => bare.push(letter.to_ascii_lowercase()),
        }
    }
    let first = bare.split(';').next().unwrap_or_default();
    if first.len() > 1 && first.bytes().all(|byte| byte == b'0') {
        return Format::Padded(first.len().min(30));
    }
    if first.contains(['y', 'd']) || (first.contains('m') && first.contains(['h', 's'])) {
        return Format::Date;
    }
    Format::Plain
}

/// The day of a serial number, and the time when there is one.
fn date(serial: f64, is_from_1904: bool) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the caller bounds it to the days up to the year 9999"
    )]
    let days = serial.floor() as i64;
    // Day 60 is a 29 February 1900 that never was; before it everything is a day further.
    let since_1970 = if is_from_1904 {
        days - 24_107
    } else if days < 60 {
        days - 25_568
    } else {
        days - 25_569
    };
    let (year, month, day) = civil(since_1970);
    let minutes = ((serial - serial.floor()) * 1440.0).round();
    if minutes < 1.0 {
        return format!("{day:02}-{month:02}-{year}");
    }
    let (hour, minute) = ((minutes / 60.0).floor(), minutes % 60.0);
    format!("{day:02}-{month:02}-{year} {hour:02}:{minute:02}")
}

/// Year, month and day of a number of days since 1 January 1970, in the calendar of today.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_is_the_day_that_the_program_shows() {
        assert_eq!(date(25_569.0, false), "01-01-1970");
        assert_eq!(date(1.0, false), "01-01-1900");
        assert_eq!(date(61.0, false), "01-03-1900");
        assert_eq!(date(45_351.5, false), "29-02-2024 12:00");
        assert_eq!(date(0.0, true), "01-01-1904");
    }

    #[test]
    fn a_code_says_whether_it_is_a_date() {
        assert_eq!(of_code("dd\\-mm\\-yyyy"), Format::Date);
        assert_eq!(of_code("[$-413]d mmmm yyyy;@"), Format::Date);
        assert_eq!(of_code("000000000"), Format::Padded(9));
        assert_eq!(of_code("\"dag \"0"), Format::Plain);
        assert_eq!(of_code("#,##0.00"), Format::Plain);
        assert_eq!(of_code("General"), Format::Plain);
    }

    #[test]
    fn a_large_number_is_written_out() {
        let formats = Formats(vec![Format::Plain, Format::Padded(9)]);
        assert_eq!(formats.shown(0, "1.11222333E8", false), "111222333");
        assert_eq!(formats.shown(1, "10464554", false), "010464554");
        assert_eq!(formats.shown(7, "0.5", false), "0.5");
    }
}
