//! Checks on what people read, and on the streams, tables and cookies that run.

use super::Checking;
use crate::register::{CookieClass, Label, NoticeRule, Place, TableKeeps};

/// The sections that a notice can have; the first ones are obligatory (articles 13 and 14).
pub(crate) const SECTIONS: &[(&str, bool)] = &[
    ("who", true),
    ("what", true),
    ("why", true),
    ("recipients", true),
    ("transfers", true),
    ("retention", true),
    ("rights", true),
    ("complaint", true),
    ("decisions", true),
    ("ai", false),
    ("cookies", false),
    ("security", false),
    ("changes", true),
];

impl Checking<'_, '_> {
    /// Log streams and tables.
    pub(super) fn running(&mut self) {
        for stream in self.parts.logs.values() {
            if stream.period.at_most_days() > 366 {
                let message = format!("log stream {} lives longer than a year", stream.name);
                self.faults.error(
                    stream.place,
                    "log-too-long",
                    message,
                    "write a period of at most 1y",
                );
            }
            if stream.readers.is_empty() {
                let message = format!("nobody is named who may read log stream {}", stream.name);
                self.faults.error(
                    stream.place,
                    "log-without-reader",
                    message,
                    "write readers = [\"…\"]",
                );
            }
        }
        self.tables();
        for cookie in &self.parts.cookies {
            if matches!(
                cookie.class,
                CookieClass::Performance | CookieClass::Advertising
            ) && !self
                .parts
                .processings
                .iter()
                .any(|processing| processing.consent.is_some())
            {
                let message = format!(
                    "cookie {} needs consent, and no processing asks for any",
                    cookie.name
                );
                self.faults.error(
                    cookie.place,
                    "cookie-without-consent",
                    message,
                    "add a [[processing]] on consent for it",
                );
            }
        }
    }

    /// What a table seals has a claim that lets it be kept.
    fn tables(&mut self) {
        let parts = self.parts;
        for table in parts
            .tables
            .values()
            .filter(|table| table.keeps == TableKeeps::Sealed)
        {
            for category in &table.categories {
                let mut claims = parts
                    .retentions
                    .iter()
                    .filter(|retention| retention.category == *category);
                if parts.categories.contains_key(category)
                    && !claims.any(|claim| !claim.trigger.is_memory_only())
                {
                    let message = format!(
                        "table {} keeps category {category}, which no claim lets be kept",
                        table.name
                    );
                    let mend =
                        "add a claim for it that is not process_ended, or take it out of the table";
                    self.faults
                        .error(table.place, "table-without-claim", message, mend);
                }
            }
        }
    }

    /// Labels and notices.
    pub(super) fn texts(&mut self) {
        let parts = self.parts;
        for service in parts.services.values() {
            self.languages(
                &service.label,
                &format!("service {}", service.name),
                service.place,
            );
        }
        for category in parts.categories.values() {
            self.languages(
                &category.label,
                &format!("category {}", category.name),
                category.place,
            );
        }
        for purpose in parts.purposes.values() {
            if crate::law::purposes::known(purpose.name.as_str()).is_none() {
                self.languages(
                    &purpose.label,
                    &format!("purpose {}", purpose.name),
                    purpose.place,
                );
            }
        }
        for recipient in parts.recipients.values() {
            self.languages(
                &recipient.label,
                &format!("recipient {}", recipient.name),
                recipient.place,
            );
        }
        for piece in parts.evidence.values() {
            self.languages(
                &piece.title,
                &format!("evidence {}", piece.name),
                piece.place,
            );
        }
        for consent in parts.consents.values() {
            self.languages(
                &consent.text,
                &format!("consent {}", consent.id),
                consent.place,
            );
        }
        for notice in parts.notices.values() {
            self.notice(notice);
        }
    }

    fn languages(&mut self, label: &Label, what: &str, place: Place) {
        for language in &self.head.languages {
            if !label.has(language) {
                let message = format!("{what} has no text in {language}");
                let mend = format!("add {language} = \"…\" to its label");
                self.faults.warning(place, "label-missing", message, mend);
            }
        }
    }

    fn notice(&mut self, notice: &NoticeRule) {
        for (section, place) in &notice.sections {
            let built_in = SECTIONS.iter().any(|(known, _)| known == section);
            if !built_in && !notice.texts.contains_key(section) {
                let message = format!(
                    "notice {} points to section {section}, which does not exist",
                    notice.name
                );
                let mend = match crate::register::nearest(
                    section,
                    SECTIONS.iter().map(|(known, _)| *known),
                ) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!(
                        "write [notice.{}.texts] {section} = {{ nl = \"…\", en = \"…\" }}",
                        notice.name
                    ),
                };
                self.faults
                    .error(*place, "notice-section-missing", message, mend);
            }
        }
        for (section, obligatory) in SECTIONS {
            if *obligatory
                && !notice.sections.is_empty()
                && !notice.sections.iter().any(|(known, _)| known == section)
            {
                let message = format!(
                    "notice {} leaves out section {section} (articles 13 and 14)",
                    notice.name
                );
                let mend = format!(
                    "add \"{section}\" to its sections, or leave sections out to have them all"
                );
                self.faults
                    .error(notice.place, "notice-incomplete", message, mend);
            }
        }
        for (section, label) in &notice.texts {
            for text in label.0.values() {
                self.free_text(notice, section, text);
            }
        }
    }

    /// Free text may not state what is derived: periods, countries, recipients.
    fn free_text(&mut self, notice: &NoticeRule, section: &str, text: &str) {
        let words: Vec<String> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let has = |name: &str| {
            let wanted: Vec<String> = name
                .split(|letter: char| !letter.is_alphanumeric())
                .map(str::to_lowercase)
                .collect();
            !wanted.is_empty() && words.windows(wanted.len()).any(|window| window == wanted)
        };

        let unit = |word: &str| {
            [
                "uur", "dag", "dagen", "week", "weken", "maand", "maanden", "jaar", "jaren",
            ]
            .contains(&word)
                || [
                    "hour", "hours", "day", "days", "weeks", "month", "months", "year", "years",
                ]
                .contains(&word)
        };
        let number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        let period = words
            .windows(2)
            .find(|pair| matches!(pair, [count, word] if number(count) && unit(word)));
        let country = self.law.country_codes().find(|code| {
            self.law.country(code).is_some_and(|country| {
                let bare = |name: &str| {
                    name.trim_start_matches("the ")
                        .trim_start_matches("de ")
                        .trim_start_matches("het ")
                        .to_owned()
                };
                has(&bare(&country.nl)) || has(&bare(&country.en))
            })
        });
        let recipient = self
            .parts
            .recipients
            .values()
            .find(|recipient| recipient.label.0.values().any(|label| has(label)));

        let what = if period.is_some() {
            "a period"
        } else if country.is_some() {
            "a country"
        } else if recipient.is_some() {
            "a recipient"
        } else {
            return;
        };
        let message = format!(
            "the text of section {section} in notice {} states {what} by itself",
            notice.name
        );
        let mend =
            "remove it: the notice derives periods, countries and recipients from the register";
        self.faults
            .error(notice.place, "free-text-fact", message, mend);
    }
}
