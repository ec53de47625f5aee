//! The law as dated data: countries, adequacy decisions, authorities, periods and public holidays.

mod holidays;
pub mod purposes;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::claim::Period;

pub use tables::LawFault;

/// The law tables; cheap to clone.
#[derive(Debug, Clone)]
pub struct Law(Arc<Tables>);

/// The tables themselves, checked.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) countries: BTreeMap<String, Country>,
    pub(crate) adequacy: Vec<Adequacy>,
    pub(crate) authorities: Vec<Authority>,
    pub(crate) regimes: Vec<Regime>,
    pub(crate) free_days: BTreeMap<String, BTreeSet<Date>>,
    pub(crate) avoided_days: BTreeMap<String, BTreeSet<Date>>,
}

/// A country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// Two letters, ISO 3166-1.
    pub code: String,
    /// Its name in Dutch.
    pub nl: String,
    /// Its name in English.
    pub en: String,
    /// Since when it is in the European Economic Area for the GDPR.
    pub eea_from: Option<Date>,
    /// The age from which a child consents by itself (article 8(1)).
    pub consent_age: u8,
    /// Where this was read.
    pub source: String,
    /// When it was written down from there.
    pub noted: Date,
}

/// An adequacy decision (article 45).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adequacy {
    /// The country.
    pub country: String,
    /// The first day.
    pub from: Date,
    /// The last day, if one is set.
    pub until: Option<Date>,
    /// Whether it holds only for certified recipients.
    pub certified: bool,
    /// Where this was read.
    pub source: String,
    /// When it was written down from there.
    pub noted: Date,
}

/// A supervisory authority (article 51).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its id, such as `NL-AP`.
    pub id: String,
    /// Its country.
    pub country: String,
    /// Its name in its own language.
    pub name: String,
    /// Its page.
    pub url: String,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Its postal address.
    pub post: Option<String>,
    /// Where this was read.
    pub source: String,
    /// When it was written down from there.
    pub noted: Date,
}

/// A limit as a law writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Elapsed time or civil days.
    Within(Period),
    /// So many days that are neither weekend nor public holiday, counted from the day after.
    WorkingDays(u32),
}

/// The periods of one legal regime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime {
    /// Its id, such as `gdpr`.
    pub id: String,
    /// The countries in which it holds; `EEA` is all of those.
    pub countries: Vec<String>,
    /// The first day on which it holds.
    pub from: Date,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Whether it is only proposed.
    pub inactive: bool,
    /// Within how long a request must be answered.
    pub answer: Period,
    /// By how much that can be extended, counted from the end of the answer period.
    pub extension: Option<Period>,
    /// Within how long it must be confirmed that a request came in.
    pub acknowledge: Option<Limit>,
    /// Within how long an objection to selling or sharing must be carried out.
    pub opt_out: Option<Limit>,
    /// Within how long a breach must be notified to the authority.
    pub authority: Option<Limit>,
    /// The same for a small organisation, where the law knows a longer one.
    pub authority_if_small: Option<Limit>,
    /// Within how long what was missing in that notification must follow.
    pub supplement: Option<Limit>,
    /// Within how long we aim to tell the people concerned.
    pub people: Option<Period>,
    /// Whether the period counts from the day after receipt.
    pub counts_from_next_day: bool,
    /// Where this was read.
    pub source: String,
    /// When it was written down from there.
    pub noted: Date,
}

/// The country of a residence: `US` of `US-CA`.
#[must_use]
pub fn country_of(residence: &str) -> &str {
    residence
        .split_once('-')
        .map_or(residence, |(country, _)| country)
}

impl Law {
    /// The tables that come with the program.
    ///
    /// # Errors
    ///
    /// [`LawFault`] if a table cannot be read; a test keeps that from happening in a release.
    pub fn shipped() -> Result<Self, LawFault> {
        Self::read(&tables::SHIPPED)
    }

    /// Reads the tables: countries, adequacy, authorities, periods, holidays.
    ///
    /// # Errors
    ///
    /// [`LawFault`] with the table and what is wrong in it.
    pub fn read(sources: &tables::Sources<'_>) -> Result<Self, LawFault> {
        Ok(Self(Arc::new(tables::read(sources)?)))
    }

    /// A country by its two letters.
    #[must_use]
    pub fn country(&self, code: &str) -> Option<&Country> {
        self.0.countries.get(code)
    }

    /// Every country code.
    pub fn country_codes(&self) -> impl Iterator<Item = &str> {
        self.0.countries.keys().map(String::as_str)
    }

    /// Whether people can live there: a country, or a part of one that has a law of its own, such as `US-CA` (ISO 3166-2).
    #[must_use]
    pub fn is_residence(&self, code: &str) -> bool {
        let is_part = |part: &str| {
            let is_written = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
            (1..=3).contains(&part.len()) && part.bytes().all(is_written)
        };
        let part = code.split_once('-').map(|(_, part)| part);
        self.country(country_of(code)).is_some() && part.is_none_or(is_part)
    }

    /// Whether a country belongs to the European Economic Area.
    #[must_use]
    pub fn is_eea(&self, code: &str) -> bool {
        self.0
            .countries
            .get(country_of(code))
            .is_some_and(|country| country.eea_from.is_some())
    }

    /// Whether a country is adequate by itself on a day (article 45).
    #[must_use]
    pub fn is_adequate(&self, code: &str, today: Date) -> bool {
        self.adequacy(code, today).is_some_and(|row| !row.certified)
    }

    /// Whether a certified recipient in a country is adequate on a day.
    #[must_use]
    pub fn is_adequate_if_certified(&self, code: &str, today: Date) -> bool {
        self.adequacy(code, today).is_some_and(|row| row.certified)
    }

    /// The adequacy decision for a country that holds on a day.
    #[must_use]
    pub fn adequacy(&self, code: &str, today: Date) -> Option<&Adequacy> {
        self.0.adequacy.iter().find(|row| {
            row.country == code && row.from <= today && row.until.is_none_or(|until| today <= until)
        })
    }

    /// The age from which a child in that country consents by itself; 16 where nothing is known.
    #[must_use]
    pub fn consent_age(&self, code: &str) -> u8 {
        self.0
            .countries
            .get(country_of(code))
            .map_or(16, |country| country.consent_age)
    }

    /// An authority by its id.
    #[must_use]
    pub fn authority(&self, id: &str) -> Option<&Authority> {
        self.0
            .authorities
            .iter()
            .find(|authority| authority.id == id)
    }

    /// Every authority.
    #[must_use]
    pub fn authorities(&self) -> &[Authority] {
        &self.0.authorities
    }

    /// The authorities of a country.
    pub fn authorities_in<'l>(
        &'l self,
        country: &'l str,
    ) -> impl Iterator<Item = &'l Authority> + use<'l> {
        self.0
            .authorities
            .iter()
            .filter(move |authority| authority.country == country_of(country))
    }

    /// The regime that holds in a country on a day; where none is known, that of the GDPR.
    #[must_use]
    pub fn regime(&self, country: &str, today: Date) -> Option<&Regime> {
        let holds = |regime: &&Regime| {
            !regime.inactive
                && regime.from <= today
                && regime.until.is_none_or(|until| today <= until)
        };
        let of = |wanted: &str| {
            self.0
                .regimes
                .iter()
                .filter(holds)
                .find(|regime| regime.countries.iter().any(|code| code == wanted))
        };

        of(country_of(country)).or_else(|| of("EEA"))
    }

    /// Whether a day is a Saturday, a Sunday or a public holiday in a country.
    #[must_use]
    pub fn is_free(&self, country: &str, day: Date) -> bool {
        use jiff::civil::Weekday::{Saturday, Sunday};

        matches!(day.weekday(), Saturday | Sunday)
            || self
                .0
                .free_days
                .get(country)
                .is_some_and(|days| days.contains(&day))
    }

    /// Whether the day that we work towards avoids a day: because it is free, or because people take it for free.
    #[must_use]
    pub fn is_avoided(&self, country: &str, day: Date) -> bool {
        self.is_free(country, day)
            || self
                .0
                .avoided_days
                .get(country)
                .is_some_and(|days| days.contains(&day))
    }

    /// The public holidays of a country that the tables hold, in order.
    pub fn holidays<'l>(&'l self, country: &str) -> impl Iterator<Item = Date> + use<'l> {
        self.0.free_days.get(country).into_iter().flatten().copied()
    }
}

#[cfg(test)]
mod tests;
