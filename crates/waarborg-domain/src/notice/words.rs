//! The words of a notice, in a language and a manner.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use jiff::civil::Date;

use super::OPEN;
use crate::claim::Period;
use crate::law::Limit;
use crate::register::Address;

const DUTCH: &str = include_str!("../../../../text/nl/notice.ftl");
const DUTCH_INFORMAL: &str = include_str!("../../../../text/nl/notice-je.ftl");
const ENGLISH: &str = include_str!("../../../../text/en/notice.ftl");
const GERMAN: &str = include_str!("../../../../text/de/notice.ftl");
const FRENCH: &str = include_str!("../../../../text/fr/notice.ftl");
const SWEDISH: &str = include_str!("../../../../text/sv/notice.ftl");
const DUTCH_POLICY: &str = include_str!("../../../../text/nl/policy.ftl");
const ENGLISH_POLICY: &str = include_str!("../../../../text/en/policy.ftl");
const DUTCH_CHAT: &str = include_str!("../../../../text/nl/web-chat.ftl");
const ENGLISH_CHAT: &str = include_str!("../../../../text/en/web-chat.ftl");
const DUTCH_REGISTER: &str = include_str!("../../../../text/nl/register.ftl");
const ENGLISH_REGISTER: &str = include_str!("../../../../text/en/register.ftl");

type Bundle = FluentBundle<FluentResource>;

static FORMAL: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        "nl",
        &[&kinds(DUTCH_CHAT), DUTCH, DUTCH_REGISTER, DUTCH_POLICY],
    )
});
static INFORMAL: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        "nl",
        &[
            &kinds(DUTCH_CHAT),
            DUTCH,
            DUTCH_REGISTER,
            DUTCH_POLICY,
            DUTCH_INFORMAL,
        ],
    )
});
static YOU: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        "en",
        &[
            &kinds(ENGLISH_CHAT),
            ENGLISH,
            ENGLISH_REGISTER,
            ENGLISH_POLICY,
        ],
    )
});

// In these languages there are the fixed texts of the notice; what else a page has falls back to English.
static GERMAN_NOTICE: LazyLock<Bundle> = LazyLock::new(|| fixed("de", GERMAN));
static FRENCH_NOTICE: LazyLock<Bundle> = LazyLock::new(|| fixed("fr", FRENCH));
static SWEDISH_NOTICE: LazyLock<Bundle> = LazyLock::new(|| fixed("sv", SWEDISH));

/// The languages that a notice can be written in.
pub const LANGUAGES: &[&str] = &["nl", "en", "de", "fr", "sv"];
/// Of these there are the fixed texts alone; what an organisation writes itself is rarely there in them.
const FIXED_ALONE: &[&str] = &["de", "fr", "sv"];

fn fixed(language: &str, texts: &str) -> Bundle {
    bundle(
        language,
        &[
            &kinds(ENGLISH_CHAT),
            ENGLISH,
            ENGLISH_REGISTER,
            ENGLISH_POLICY,
            texts,
        ],
    )
}

/// Finds words.
#[derive(Clone, Copy)]
pub(super) struct Words {
    language: &'static str,
    bundle: &'static Bundle,
}

impl Words {
    /// The words in a language; one that is not there falls back to English.
    pub(super) fn of(language: &str, address: Address) -> Self {
        match (language.split(['-', '_']).next(), address) {
            (Some("nl"), Address::Formal) => Self {
                language: "nl",
                bundle: &FORMAL,
            },
            (Some("nl"), Address::Informal) => Self {
                language: "nl",
                bundle: &INFORMAL,
            },
            (Some("de"), _) => Self {
                language: "de",
                bundle: &GERMAN_NOTICE,
            },
            (Some("fr"), _) => Self {
                language: "fr",
                bundle: &FRENCH_NOTICE,
            },
            (Some("sv"), _) => Self {
                language: "sv",
                bundle: &SWEDISH_NOTICE,
            },
            _ => Self {
                language: "en",
                bundle: &YOU,
            },
        }
    }

    /// Whether there are the fixed texts alone in this language.
    pub(super) fn has_fixed_texts_alone(self) -> bool {
        FIXED_ALONE.contains(&self.language)
    }

    /// The language that came out.
    pub(super) fn language(self) -> &'static str {
        self.language
    }

    /// Whether there are words under this key.
    pub(super) fn has(self, key: &str) -> bool {
        self.bundle.get_message(key).is_some()
    }

    /// The words under a key.
    pub(super) fn say(self, key: &str) -> String {
        self.fill(key, &[])
    }

    /// The words under a key, with values filled in; an empty value is shown as still open.
    pub(super) fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        let open = OPEN.to_string();
        for (name, value) in values {
            let value = if value.trim().is_empty() {
                &open
            } else {
                *value
            };
            match value.parse::<u32>() {
                Ok(number) if *name == "n" => args.set(*name, number),
                _ => args.set(*name, value.to_owned()),
            }
        }

        let pattern = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value());
        pattern.map_or_else(
            || key.to_owned(),
            |pattern| {
                self.bundle
                    .format_pattern(pattern, Some(&args), &mut Vec::new())
                    .into_owned()
            },
        )
    }

    /// A period: `30 dagen`.
    pub(super) fn period(self, period: Period) -> String {
        let key = match period {
            Period::Minutes(_) => "period-minutes",
            Period::Hours(_) => "period-hours",
            Period::Days(_) => "period-days",
            Period::Months(_) => "period-months",
            Period::Years(_) => "period-years",
        };
        self.fill(key, &[("n", &period.count().to_string())])
    }

    /// A limit of a law: a period, or working days.
    pub(super) fn limit(self, limit: Limit) -> String {
        match limit {
            Limit::Within(period) => self.period(period),
            Limit::WorkingDays(days) => {
                self.fill("period-working-days", &[("n", &days.to_string())])
            }
        }
    }

    /// A day: `21 november 2026`.
    pub(super) fn day(self, day: Date) -> String {
        let month = self.say(&format!("month-{}", day.month()));
        let key = if day.day() == 1 && self.has("day-first") {
            "day-first"
        } else {
            "day"
        };
        self.fill(
            key,
            &[
                ("day", &day.day().to_string()),
                ("month", &month),
                ("year", &day.year().to_string()),
            ],
        )
    }

    /// Whether a text is a list by itself; such texts are kept apart with semicolons.
    fn is_a_list(self, text: &str) -> bool {
        text.contains(',') || text.split(' ').any(|word| word == self.say("and"))
    }

    /// A list: `a, b en c`.
    pub(super) fn listed(self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            items if items.iter().any(|item| self.is_a_list(item)) => items.join("; "),
            [before @ .., last] => format!("{} {} {last}", before.join(", "), self.say("and")),
        }
    }
}

/// What the chat calls the kinds of finding; the rest of its texts is its own.
fn kinds(chat: &str) -> String {
    let kinds = chat.lines().filter(|line| line.starts_with("kind-"));
    kinds.collect::<Vec<_>>().join("\n")
}

fn bundle(language: &str, sources: &[&str]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language.parse().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    for source in sources {
        // A fault in a text leaves out that text alone; a test sees to it that there is none.
        let resource =
            FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_can_be_read() {
        for source in [
            DUTCH,
            DUTCH_INFORMAL,
            ENGLISH,
            DUTCH_REGISTER,
            ENGLISH_REGISTER,
            DUTCH_POLICY,
            ENGLISH_POLICY,
            GERMAN,
            FRENCH,
            SWEDISH,
        ] {
            assert!(FluentResource::try_new(source.to_owned()).is_ok());
        }
    }

    #[test]
    fn no_text_hides_another() {
        for files in [
            [DUTCH, DUTCH_REGISTER, DUTCH_POLICY],
            [ENGLISH, ENGLISH_REGISTER, ENGLISH_POLICY],
        ] {
            let mut seen = std::collections::BTreeSet::new();
            for line in files.iter().flat_map(|text| text.lines()) {
                if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
                    assert!(seen.insert(key), "{key} stands twice");
                }
            }
        }
    }

    /// A key, and the values that its text has room for.
    fn keys(text: &str) -> std::collections::BTreeMap<String, std::collections::BTreeSet<String>> {
        let lines = text
            .lines()
            .filter(|line| !line.starts_with([' ', '#', '}']));
        lines
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, text)| {
                let values = text.split("{ $").skip(1);
                let names = values.filter_map(|value| value.split([' ', '}']).next());
                (key.to_owned(), names.map(str::to_owned).collect())
            })
            .collect()
    }

    #[test]
    fn no_language_of_the_notice_lacks_a_text_or_a_value_of_one() {
        let english = keys(ENGLISH);
        assert!(english.len() > 300);
        for (language, text) in [("de", GERMAN), ("fr", FRENCH), ("sv", SWEDISH)] {
            let there = keys(text);
            for (key, values) in &english {
                assert_eq!(there.get(key), Some(values), "{language}: {key}");
            }
            let law = crate::law::Law::shipped().unwrap();
            for code in law.country_codes() {
                assert!(
                    there.contains_key(&format!("country-{code}")),
                    "{language}: {code}"
                );
            }
            for key in there.keys() {
                let is_own = key.starts_with("country-") || key == "day-first";
                assert!(is_own || english.contains_key(key), "{language}: {key}");
            }
        }
        assert_eq!(english, keys(DUTCH));
    }

    /// Level B1: no sentence is long. Lists of things and fixed names are not sentences.
    #[test]
    fn no_dutch_sentence_is_longer_than_twenty_words() {
        for line in [DUTCH, DUTCH_INFORMAL, DUTCH_POLICY]
            .iter()
            .flat_map(|text| text.lines())
        {
            let Some((_, text)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else {
                continue;
            };
            for sentence in text.split(['.', '?', '!', ':']) {
                let words = sentence
                    .split_whitespace()
                    .filter(|word| word.chars().any(char::is_alphabetic))
                    .count();
                assert!(words <= 20, "{words} words: {sentence}");
            }
        }
    }

    #[test]
    fn lists_and_periods_read_as_people_say_them() {
        let dutch = Words::of("nl-BE", Address::Formal);
        assert_eq!(
            dutch.listed(&["a".into(), "b".into(), "c".into()]),
            "a, b en c"
        );
        assert_eq!(dutch.listed(&["a en b".into(), "c".into()]), "a en b; c");
        assert_eq!(dutch.period(Period::Days(1)), "1 dag");
        assert_eq!(dutch.period(Period::Months(6)), "6 maanden");
        assert_eq!(Words::of("it", Address::Formal).language(), "en");
        let first = jiff::civil::date(2027, 3, 1);
        let said = |language| Words::of(language, Address::Formal).day(first);
        assert_eq!(
            ["de-AT", "fr", "sv", "en"].map(said),
            [
                "1. März 2027",
                "1er mars 2027",
                "1 mars 2027",
                "1 March 2027"
            ]
        );
        let german = Words::of("de", Address::Formal);
        assert_eq!(german.period(Period::Months(6)), "6 Monate");
    }
}
