//! Turns what the use cases answer into what the pages show, in the person's words.

pub(crate) mod access;
pub(crate) mod case;
pub(crate) mod change;
pub(crate) mod chat;
pub(crate) mod complaint;
pub(crate) mod letter;
pub(crate) mod notice;
pub(crate) mod report;
pub(crate) mod second;
pub(crate) mod sides;
pub(crate) mod take;

use jiff::Timestamp;
use jiff::civil::Date;
use waarborg_domain::claim::Period;
use waarborg_domain::register::Basis;
use waarborg_usecase::Desk;
use waarborg_usecase::disclosures::{self, Disclosure};
use waarborg_usecase::ports::Kept;

use crate::page::training::Use;
use crate::visit::Visit;
use crate::words::Words;

/// A period in words: "12 maanden".
pub(crate) fn period(words: &Words, period: Period) -> String {
    let (key, n) = match period {
        Period::Minutes(n) => ("period-minutes", n),
        Period::Hours(n) => ("period-hours", n),
        Period::Days(n) => ("period-days", n),
        Period::Months(n) => ("period-months", n),
        Period::Years(n) => ("period-years", n),
    };
    words.count(key, usize::try_from(n).unwrap_or_default())
}

/// How long something stays, in words: "30 dagen na het eerste bericht".
pub(crate) fn rule(words: &Words, trigger: &str, length: Period) -> String {
    let since = words
        .find(&format!("since-{}", trigger.replace('_', "-")))
        .unwrap_or_else(|| trigger.replace('_', " "));
    if length.is_none() {
        since
    } else {
        format!("{} {since}", period(words, length))
    }
}

/// A service in words, as the register calls it.
pub(crate) fn service(desk: &Desk, words: &Words, name: &str) -> String {
    let label = desk
        .register
        .service(name)
        .and_then(|service| service.label.in_language(words.tongue().code()));
    label.map_or_else(|| name.replace('_', " "), capital)
}

/// A legal basis in words.
pub(crate) fn basis(words: &Words, basis: Basis) -> String {
    basis_named(words, basis.as_str())
}

/// A legal basis in words, by its name in the register.
pub(crate) fn basis_named(words: &Words, name: &str) -> String {
    words.say(&format!("basis-{}", name.replace('_', "-")))
}

/// A purpose in words, as the register calls it.
pub(crate) fn purpose(desk: &Desk, words: &Words, name: &str) -> String {
    let label = desk
        .register
        .purpose(name)
        .and_then(|purpose| purpose.label.in_language(words.tongue().code()));
    label
        .map(str::to_owned)
        .or_else(|| words.find(&format!("purpose-{name}")))
        .unwrap_or_else(|| name.replace('_', " "))
}

/// A category in words, as the register calls it.
pub(crate) fn category(desk: &Desk, words: &Words, name: &str) -> String {
    let label = desk
        .register
        .category(name)
        .and_then(|category| category.label.in_language(words.tongue().code()));
    label.map_or_else(|| name.replace('_', " "), str::to_owned)
}

/// A recipient in words, as the register calls it.
pub(crate) fn recipient(desk: &Desk, words: &Words, name: &str) -> String {
    let label = desk
        .register
        .recipient(name)
        .and_then(|recipient| recipient.label.in_language(words.tongue().code()));
    label.map_or_else(|| name.replace('_', " "), str::to_owned)
}

/// A country in words, where the texts know it.
pub(crate) fn country(words: &Words, code: &str) -> String {
    words
        .find(&format!("country-{}", code.to_ascii_lowercase()))
        .unwrap_or_else(|| code.to_owned())
}

/// Purposes of the register by which data makes models better.
const BETTERING: [&str; 2] = ["improve", "train"];

/// What is used to make models better, and which recipients do so with what they get.
pub(crate) fn training(visit: &Visit) -> (Vec<Use>, Vec<String>) {
    let (desk, words) = (&visit.desk, visit.words());
    let mut uses = Vec::new();
    for processing in desk.register.processings() {
        if !BETTERING.contains(&processing.purpose.as_str()) {
            continue;
        }
        let sources = processing.categories.iter().map(|name| {
            let from = desk
                .register
                .category(name.as_str())
                .map(|category| category.source.to_string().replace('_', "-"))
                .unwrap_or_default();
            let named = capital(&category(desk, &words, name.as_str()));
            format!("{named}: {}", words.say(&format!("source-{from}")))
        });
        uses.push(Use {
            what: format!(
                "{} · {}",
                capital(&service(desk, &words, processing.service.as_str())),
                purpose(desk, &words, processing.purpose.as_str())
            ),
            sources: sources.collect(),
            basis: basis(&words, processing.basis),
            is_consent: processing.basis == Basis::Consent,
        });
    }
    let trainers = desk
        .register
        .recipients()
        .filter(|one| one.trains)
        .map(|one| capital(&recipient(desk, &words, one.name.as_str())));
    (uses, trainers.collect())
}

/// The countries with an authority, by what they are called.
pub(crate) fn countries(visit: &Visit) -> Vec<(String, String)> {
    let words = visit.words();
    let mut named: Vec<(String, String)> = Vec::new();
    for authority in visit.desk.law.authorities() {
        let code = &authority.country;
        if !named.iter().any(|(known, _)| known == code) {
            named.push((code.clone(), country(&words, code)));
        }
    }
    named.sort_by(|(_, one), (_, other)| one.cmp(other));
    named
}

/// The day of an instant, in the controller's time zone.
pub(crate) fn day(desk: &Desk, at: Timestamp) -> Date {
    at.to_zoned(desk.zone.clone()).date()
}

/// Day and clock time in words: "21 december 2026, 14.05 uur".
pub(crate) fn moment(desk: &Desk, words: &Words, at: Timestamp) -> String {
    let zoned = at.to_zoned(desk.zone.clone());
    let time = format!("{:02}.{:02}", zoned.hour(), zoned.minute());
    words.fill(
        "moment",
        &[("day", &words.day(zoned.date())), ("time", &time)],
    )
}

/// The same with seconds: "21 december 2026, 14.05.09 uur".
pub(crate) fn moment_to_the_second(desk: &Desk, words: &Words, at: Timestamp) -> String {
    let zoned = at.to_zoned(desk.zone.clone());
    let time = zoned.strftime("%H.%M.%S").to_string();
    words.fill(
        "moment",
        &[("day", &words.day(zoned.date())), ("time", &time)],
    )
}

/// What remains after an erasure and why, in a sentence.
pub(crate) fn kept(desk: &Desk, words: &Words, kept: &Kept) -> String {
    let until = kept.until.map_or_else(
        || words.say("stays-until-event"),
        |until| words.fill("stays-until", &[("day", &words.day(day(desk, until)))]),
    );
    let why = format!(
        "{} ({})",
        purpose(desk, words, &kept.purpose),
        basis_named(words, &kept.basis)
    );
    let category = capital(&category(desk, words, &kept.category));
    words.fill(
        "stays",
        &[("category", &category), ("why", &why), ("until", &until)],
    )
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A disclosure in words: when, to whom, in which case, which data.
pub(crate) fn given_in_words(desk: &Desk, words: &Words, given: &Disclosure) -> String {
    let case = desk.register.disclosure(&given.what.rule);
    if given.what.rule == disclosures::TRANSFER {
        let values = [
            ("day", words.day(day(desk, given.at))),
            ("to", given.what.to.clone()),
        ];
        let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
        return words.fill("given-by-transfer", &values);
    }
    let case = case.map_or_else(
        || given.what.rule.clone(),
        |rule| {
            words.say(&format!(
                "disclosure-{}",
                rule.case.as_str().replace('_', "-")
            ))
        },
    );
    let categories: Vec<String> = given
        .what
        .categories
        .iter()
        .map(|name| category(desk, words, name))
        .collect();
    let said = [
        ("day", words.day(day(desk, given.at))),
        ("to", given.what.to.clone()),
        ("case", case),
        ("why", given.what.why.clone()),
        ("categories", categories.join(", ")),
    ];
    let said = said.each_ref().map(|(key, value)| (*key, value.as_str()));
    words.fill("given-in-words", &said)
}
