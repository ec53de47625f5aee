//! Reads the law tables from TOML and checks every row.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Adequacy, Authority, Country, Limit, Regime, Tables, holidays};
use crate::claim::Period;

/// The text of each table.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'s> {
    /// Countries.
    pub countries: &'s str,
    /// Adequacy decisions.
    pub adequacy: &'s str,
    /// Supervisory authorities.
    pub authorities: &'s str,
    /// Legal periods.
    pub periods: &'s str,
    /// Public holidays.
    pub holidays: &'s str,
}

/// The tables that come with the program.
pub(super) const SHIPPED: Sources<'static> = Sources {
    countries: include_str!("../../../../law/countries.toml"),
    adequacy: include_str!("../../../../law/adequacy.toml"),
    authorities: include_str!("../../../../law/authorities.toml"),
    periods: include_str!("../../../../law/periods.toml"),
    holidays: include_str!("../../../../law/holidays.toml"),
};

/// A law table that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LawFault {
    /// The table is not the TOML that it should be.
    #[error("law table {table} cannot be read")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// What the parser says.
        #[source]
        cause: Box<toml::de::Error>,
    },
    /// A value in a row is wrong.
    #[error("law table {table}: {value:?} is not {wanted}")]
    Value {
        /// The table.
        table: &'static str,
        /// The value.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
}

pub(super) fn read(sources: &Sources<'_>) -> Result<Tables, LawFault> {
    let countries: CountryFile = parse("countries", sources.countries)?;
    let adequacy: AdequacyFile = parse("adequacy", sources.adequacy)?;
    let authorities: AuthorityFile = parse("authorities", sources.authorities)?;
    let periods: RegimeFile = parse("periods", sources.periods)?;
    let rows: holidays::HolidayFile = parse("holidays", sources.holidays)?;

    let (free_days, avoided_days) = holidays::expand(&rows)?;

    Ok(Tables {
        countries: countries
            .country
            .into_iter()
            .map(|row| Ok((row.code.clone(), row.checked()?)))
            .collect::<Result<_, LawFault>>()?,
        adequacy: adequacy
            .adequacy
            .into_iter()
            .map(AdequacyRow::checked)
            .collect::<Result<_, _>>()?,
        authorities: authorities
            .authority
            .into_iter()
            .map(AuthorityRow::checked)
            .collect::<Result<_, _>>()?,
        regimes: periods
            .regime
            .into_iter()
            .map(RegimeRow::checked)
            .collect::<Result<_, _>>()?,
        free_days,
        avoided_days,
    })
}

fn parse<T: DeserializeOwned>(table: &'static str, source: &str) -> Result<T, LawFault> {
    toml::from_str(source).map_err(|cause| LawFault::Unreadable {
        table,
        cause: Box::new(cause),
    })
}

pub(super) fn day(table: &'static str, value: &str) -> Result<Date, LawFault> {
    value.parse().map_err(|_| LawFault::Value {
        table,
        value: value.to_owned(),
        wanted: "a day",
    })
}

/// A period, or working days such as `10working_d`.
fn limit(table: &'static str, value: &str) -> Result<Limit, LawFault> {
    let Some(days) = value.strip_suffix("working_d") else {
        return period(table, value).map(Limit::Within);
    };
    days.parse()
        .map(Limit::WorkingDays)
        .map_err(|_| LawFault::Value {
            table,
            value: value.to_owned(),
            wanted: "a number of working days",
        })
}

fn period(table: &'static str, value: &str) -> Result<Period, LawFault> {
    value.parse().map_err(|_| LawFault::Value {
        table,
        value: value.to_owned(),
        wanted: "a period",
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryFile {
    country: Vec<CountryRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryRow {
    code: String,
    nl: String,
    en: String,
    eea_from: Option<String>,
    consent_age: u8,
    source: String,
    noted: String,
}

impl CountryRow {
    fn checked(self) -> Result<Country, LawFault> {
        let Self {
            code,
            nl,
            en,
            eea_from,
            consent_age,
            source,
            noted,
        } = self;
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(LawFault::Value {
                table: "countries",
                value: code,
                wanted: "two capital letters",
            });
        }
        if !(13..=16).contains(&consent_age) {
            return Err(LawFault::Value {
                table: "countries",
                value: code,
                wanted: "an age from 13 to 16",
            });
        }
        let eea_from = eea_from.map(|from| day("countries", &from)).transpose()?;

        Ok(Country {
            code,
            nl,
            en,
            eea_from,
            consent_age,
            source,
            noted: day("countries", &noted)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdequacyFile {
    adequacy: Vec<AdequacyRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdequacyRow {
    country: String,
    from: String,
    until: Option<String>,
    #[serde(default)]
    certified: bool,
    source: String,
    noted: String,
}

impl AdequacyRow {
    fn checked(self) -> Result<Adequacy, LawFault> {
        Ok(Adequacy {
            from: day("adequacy", &self.from)?,
            until: self
                .until
                .map(|until| day("adequacy", &until))
                .transpose()?,
            country: self.country,
            certified: self.certified,
            source: self.source,
            noted: day("adequacy", &self.noted)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityFile {
    authority: Vec<AuthorityRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityRow {
    id: String,
    country: String,
    name: String,
    url: String,
    phone: Option<String>,
    post: Option<String>,
    source: String,
    noted: String,
}

impl AuthorityRow {
    fn checked(self) -> Result<Authority, LawFault> {
        let Self {
            id,
            country,
            name,
            url,
            phone,
            post,
            source,
            noted,
        } = self;
        Ok(Authority {
            id,
            country,
            name,
            url,
            phone,
            post,
            source,
            noted: day("authorities", &noted)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegimeFile {
    regime: Vec<RegimeRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegimeRow {
    id: String,
    countries: Vec<String>,
    from: String,
    until: Option<String>,
    #[serde(default)]
    inactive: bool,
    answer: String,
    extension: Option<String>,
    acknowledge: Option<String>,
    opt_out: Option<String>,
    authority: Option<String>,
    authority_if_small: Option<String>,
    supplement: Option<String>,
    people: Option<String>,
    counts_from: CountsFrom,
    source: String,
    noted: String,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum CountsFrom {
    SameDay,
    NextDay,
}

impl RegimeRow {
    fn checked(self) -> Result<Regime, LawFault> {
        let some = |value: Option<String>| value.map(|value| period("periods", &value)).transpose();
        let within =
            |value: Option<String>| value.map(|value| limit("periods", &value)).transpose();

        Ok(Regime {
            id: self.id,
            countries: self.countries,
            from: day("periods", &self.from)?,
            until: self.until.map(|until| day("periods", &until)).transpose()?,
            inactive: self.inactive,
            answer: period("periods", &self.answer)?,
            extension: some(self.extension)?,
            acknowledge: within(self.acknowledge)?,
            opt_out: within(self.opt_out)?,
            authority: within(self.authority)?,
            authority_if_small: within(self.authority_if_small)?,
            supplement: within(self.supplement)?,
            people: some(self.people)?,
            counts_from_next_day: self.counts_from == CountsFrom::NextDay,
            source: self.source,
            noted: day("periods", &self.noted)?,
        })
    }
}
