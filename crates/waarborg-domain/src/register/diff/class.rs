//! Of which class a change is, and what it is about.

use std::collections::BTreeSet;

use super::facts::DECLARED;
use super::{Class, Matter};
use crate::claim::Period;

/// What a change of one fact amounts to.
#[derive(Clone, Copy)]
pub(super) struct Weight {
    pub(super) class: Class,
    pub(super) matter: Matter,
    /// Whether it only takes away: less data, fewer readers, a shorter time.
    pub(super) only_narrows: bool,
}

impl Weight {
    const fn editorial(matter: Matter) -> Self {
        Self {
            class: Class::Editorial,
            matter,
            only_narrows: false,
        }
    }

    const fn material(matter: Matter) -> Self {
        Self {
            class: Class::Material,
            matter,
            only_narrows: false,
        }
    }

    const fn new_purpose() -> Self {
        Self {
            class: Class::NewPurpose,
            matter: Matter::Purpose,
            only_narrows: false,
        }
    }

    const fn if_narrowing(mut self, only_narrows: bool) -> Self {
        self.only_narrows = only_narrows;
        self
    }
}

/// The weight of a change under a key of a rule. A cell that is added is weighed where the old register is at hand.
#[expect(
    clippy::match_same_arms,
    reason = "a table, to be read section by section"
)]
pub(super) fn weigh(
    rule: &str,
    key: &'static str,
    from: &BTreeSet<String>,
    to: &BTreeSet<String>,
) -> Weight {
    let kind = rule.split(':').next().unwrap_or(rule);
    let is_fewer = to.is_subset(from);
    let is_gone = key == DECLARED && to.is_empty();
    match (kind, key) {
        ("register", "address" | "first_language") => Weight::editorial(Matter::Words),
        ("register", "languages") if !is_fewer => Weight::editorial(Matter::Words),
        ("register", "languages") => Weight::material(Matter::Words),
        ("register", "zone") => Weight::material(Matter::Period),
        ("register", _) => Weight::material(Matter::Controller),
        ("joint", "privacy") => Weight::material(Matter::Contact),
        ("joint", "evidence") => Weight::editorial(Matter::Inside),
        ("joint", _) => Weight::material(Matter::Controller),
        ("controller", "privacy" | "human" | "officer" | "representative") => {
            Weight::material(Matter::Contact)
        }
        ("controller", "doubt_pauses") => Weight::material(Matter::Period),
        ("controller", _) => Weight::material(Matter::Controller),

        (_, "why" | "reason" | "decided_by") => Weight::editorial(Matter::Words),
        ("service" | "category" | "cookie" | "role" | "measure" | "duty", "label") => {
            Weight::editorial(Matter::Words)
        }
        ("service", "notice") | ("notice", _) => Weight::editorial(Matter::Words),
        ("service", "automated_decisions" | "decision") => Weight::material(Matter::Decision),
        ("service", _) => Weight::material(Matter::Service).if_narrowing(is_gone),

        ("category", "classes" | "meant_for") => Weight::editorial(Matter::Inside),
        ("category", _) => {
            Weight::material(Matter::Data).if_narrowing(is_gone || (key == "fields" && is_fewer))
        }
        ("purpose", "dpv") if !from.is_empty() && !to.is_empty() => Weight::new_purpose(),
        ("purpose", "marketing") if to.contains("true") && !from.is_empty() => {
            Weight::new_purpose()
        }
        ("purpose", DECLARED) => Weight::editorial(Matter::Inside),
        ("purpose", _) if from.is_empty() || to.is_empty() => Weight::editorial(Matter::Inside),
        ("purpose", _) => Weight::material(Matter::Purpose),

        ("processing", "evidence" | "otherwise_evidence" | "dpia" | "compatibility") => {
            Weight::editorial(Matter::Inside)
        }
        ("processing", "basis" | "otherwise" | "interest" | "ground") => {
            Weight::material(Matter::Basis)
        }
        ("processing", "consent") => Weight::material(Matter::Consent),
        ("processing", "readers") => Weight::material(Matter::Readers).if_narrowing(is_fewer),
        // No fields at all are all of them.
        ("processing", "fields") => Weight::material(Matter::Data)
            .if_narrowing(!to.is_empty() && (from.is_empty() || is_fewer)),
        ("processing", "recipients") => Weight::material(Matter::Recipient).if_narrowing(is_fewer),
        ("processing", _) => Weight::material(Matter::Data).if_narrowing(is_gone),

        ("retention", "claim") => {
            Weight::material(Matter::Period).if_narrowing(is_shorter(from, to))
        }
        ("retention", _) => Weight::material(Matter::Period),
        ("term" | "backup", _) => Weight::material(Matter::Period),

        (
            "recipient",
            "provider" | "model" | "base_url" | "dpa" | "tia" | "valid_from" | "valid_until",
        ) => Weight::editorial(Matter::Inside),
        ("recipient", "country" | "destination" | "mechanism") => {
            Weight::material(Matter::Transfer)
        }
        ("recipient", "stores_input" | "trains") => {
            Weight::material(Matter::Recipient).if_narrowing(!to.contains("true"))
        }
        ("recipient", "residual") => {
            Weight::material(Matter::Recipient).if_narrowing(is_shorter(from, to))
        }
        ("recipient", "fields" | "sub_processors") => {
            Weight::material(Matter::Recipient).if_narrowing(is_fewer)
        }
        ("recipient", _) => Weight::material(Matter::Recipient).if_narrowing(is_gone),

        ("disclosure", "evidence") => Weight::editorial(Matter::Inside),
        ("disclosure", "case" | "interest") => Weight::material(Matter::Basis),
        ("disclosure", _) => Weight::material(Matter::Recipient)
            .if_narrowing(is_gone || (key == "categories" && is_fewer)),

        ("log", "fields") | ("table" | "route" | "role" | "duty" | "evidence", _) => {
            Weight::editorial(Matter::Inside)
        }
        ("log", "personal") => Weight::material(Matter::Data).if_narrowing(is_fewer),
        ("log", "period") => Weight::material(Matter::Period).if_narrowing(is_shorter(from, to)),
        ("log", "readers") => Weight::material(Matter::Readers).if_narrowing(is_fewer),
        ("log", _) => Weight::material(Matter::Data).if_narrowing(is_gone),
        ("cookie", "max_age") => {
            Weight::material(Matter::Cookie).if_narrowing(is_shorter(from, to))
        }
        ("cookie", _) => Weight::material(Matter::Cookie).if_narrowing(is_gone),
        ("message", _) => Weight::material(Matter::Message).if_narrowing(is_gone),
        ("consent", _) => Weight::material(Matter::Consent),
        ("measure", DECLARED) if !is_gone => Weight::editorial(Matter::Safety),
        ("measure" | "policy", _) => Weight::material(Matter::Safety),
        ("overlay", _) => Weight::material(Matter::Elsewhere),
        _ => Weight::material(Matter::Data),
    }
}

/// A cell that was not there: data that is there already gets a purpose, or data comes in for one.
pub(super) fn weigh_new_cell(is_kept_already: bool) -> Weight {
    if is_kept_already {
        Weight::new_purpose()
    } else {
        Weight::material(Matter::Data)
    }
}

/// Whether a period is surely shorter, counted from the same event.
fn is_shorter(from: &BTreeSet<String>, to: &BTreeSet<String>) -> bool {
    let (Some(from), Some(to)) = (only(from), only(to)) else {
        return false;
    };
    let split = |claim: &str| match claim.split_once(" + ") {
        Some((event, period)) => (event.to_owned(), period.parse::<Period>().ok()),
        None => (String::new(), claim.parse::<Period>().ok()),
    };
    let ((event, from), (other, to)) = (split(from), split(to));
    match (from, to) {
        (Some(from), Some(to)) => event == other && days(to).1 < days(from).0,
        _ => false,
    }
}

fn only(values: &BTreeSet<String>) -> Option<&String> {
    values.first().filter(|_| values.len() == 1)
}

/// The least and the most days that a period can have.
fn days(period: Period) -> (u32, u32) {
    match period {
        Period::Minutes(minutes) => (minutes / (24 * 60), minutes.div_ceil(24 * 60)),
        Period::Hours(hours) => (hours / 24, hours.div_ceil(24)),
        Period::Days(days) => (days, days),
        Period::Months(months) => (months.saturating_mul(28), months.saturating_mul(31)),
        Period::Years(years) => (years.saturating_mul(365), years.saturating_mul(366)),
    }
}
