//! The words of a notice, in a language and a manner.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use jiff::civil::Date;

use super::OPEN;
use crate::claim::Period;
use crate::register::Address;

const DUTCH: &str = include_str!("../../../../text/nl/notice.ftl");
const DUTCH_INFORMAL: &str = include_str!("../../../../text/nl/notice-je.ftl");
const ENGLISH: &str = include_str!("../../../../text/en/notice.ftl");
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

/// The languages that a notice can be written in.
pub const LANGUAGES: &[&str] = &["nl", "en"];

/// Finds words.
#[derive(Clone, Copy)]
pub(super) struct Words {
    language: &'static str,
    bundle: &'static Bundle,
}

impl Words {
    /// The words in a language; any other than Dutch falls back to English.
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
            _ => Self {
                language: "en",
                bundle: &YOU,
            },
        }
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
            Period::Hours(_) => "period-hours",
            Period::Days(_) => "period-days",
            Period::Months(_) => "period-months",
            Period::Years(_) => "period-years",
        };
        self.fill(key, &[("n", &period.count().to_string())])
    }

    /// A day: `21 november 2026`.
    pub(super) fn day(self, day: Date) -> String {
        let month = self.say(&format!("month-{}", day.month()));
        self.fill(
            "day",
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
        assert_eq!(Words::of("fr", Address::Formal).language(), "en");
    }
}
