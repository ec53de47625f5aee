//! Finds the words of a page in the language of the person.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use jiff::civil::Date;

/// The words of the register, which the notice uses too; the pages' own texts go before them.
const DUTCH_REGISTER: &str = include_str!("../../../text/nl/notice.ftl");
const DUTCH_REGISTER_INFORMAL: &str = include_str!("../../../text/nl/notice-je.ftl");
const ENGLISH_REGISTER: &str = include_str!("../../../text/en/notice.ftl");
const DUTCH: &[&str] = &[
    include_str!("../../../text/nl/web.ftl"),
    include_str!("../../../text/nl/web-chat.ftl"),
    include_str!("../../../text/nl/web-rights.ftl"),
    include_str!("../../../text/nl/web-console.ftl"),
    include_str!("../../../text/nl/web-desk.ftl"),
    include_str!("../../../text/nl/web-mail.ftl"),
    include_str!("../../../text/nl/web-register.ftl"),
];
const DUTCH_INFORMAL: &str = include_str!("../../../text/nl/web-je.ftl");
const ENGLISH: &[&str] = &[
    include_str!("../../../text/en/web.ftl"),
    include_str!("../../../text/en/web-chat.ftl"),
    include_str!("../../../text/en/web-rights.ftl"),
    include_str!("../../../text/en/web-console.ftl"),
    include_str!("../../../text/en/web-desk.ftl"),
    include_str!("../../../text/en/web-mail.ftl"),
    include_str!("../../../text/en/web-register.ftl"),
];

/// Languages of the notice in which there are the texts around it too; the other pages are not in them.
const AROUND_THE_NOTICE: [(&str, [&str; 2]); 3] = [
    (
        "de",
        [
            include_str!("../../../text/de/notice.ftl"),
            include_str!("../../../text/de/web.ftl"),
        ],
    ),
    (
        "fr",
        [
            include_str!("../../../text/fr/notice.ftl"),
            include_str!("../../../text/fr/web.ftl"),
        ],
    ),
    (
        "sv",
        [
            include_str!("../../../text/sv/notice.ftl"),
            include_str!("../../../text/sv/web.ftl"),
        ],
    ),
];

type Bundle = FluentBundle<FluentResource>;

static DUTCH_U: LazyLock<Bundle> = LazyLock::new(|| bundle("nl", &[&[DUTCH_REGISTER], DUTCH]));
static DUTCH_JE: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        "nl",
        &[
            &[DUTCH_REGISTER, DUTCH_REGISTER_INFORMAL],
            DUTCH,
            &[DUTCH_INFORMAL],
        ],
    )
});
static ENGLISH_YOU: LazyLock<Bundle> =
    LazyLock::new(|| bundle("en", &[&[ENGLISH_REGISTER], ENGLISH]));

static AROUND: LazyLock<[(&str, Bundle); 3]> = LazyLock::new(|| {
    AROUND_THE_NOTICE.map(|(language, texts)| {
        let all = bundle(language, &[&[ENGLISH_REGISTER], ENGLISH, &texts]);
        (language, all)
    })
});

/// A language that the pages speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tongue {
    /// Dutch.
    Dutch,
    /// English.
    English,
}

impl Tongue {
    /// Every language, in the order of the language links.
    pub const ALL: [Self; 2] = [Self::Dutch, Self::English];

    /// The code for `lang` attributes and the `lang` parameter.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Dutch => "nl",
            Self::English => "en",
        }
    }

    /// The language's name for itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Dutch => "Nederlands",
            Self::English => "English",
        }
    }

    /// Reads a code; `nl-BE` is Dutch. Anything that we do not speak is `None`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next()?.trim();
        Self::ALL
            .into_iter()
            .find(|tongue| tongue.code().eq_ignore_ascii_case(primary))
    }

    /// The language that the parameters of an address ask for.
    #[must_use]
    pub fn asked(query: &str) -> Option<Self> {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix("lang="))
            .and_then(Self::parse)
    }

    /// The best language of an `Accept-Language` header; Dutch where none fits.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',').take(32) {
            let mut pieces = part.split(';');
            let Some(tongue) = pieces.next().and_then(Self::parse) else {
                continue;
            };
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, tongue));
            }
        }
        best.map_or(Self::Dutch, |(_, tongue)| tongue)
    }
}

/// How the organisation addresses people in Dutch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Manner {
    /// "u", as a municipality does.
    #[default]
    Formal,
    /// "je", as a shop does.
    Informal,
}

/// The texts in one language and one manner.
#[derive(Clone, Copy)]
pub struct Words {
    tongue: Tongue,
    language: &'static str,
    bundle: &'static Bundle,
}

impl Words {
    /// The texts in this language; the manner matters in Dutch.
    #[must_use]
    pub fn new(tongue: Tongue, manner: Manner) -> Self {
        let bundle: &'static Bundle = match (tongue, manner) {
            (Tongue::Dutch, Manner::Formal) => &DUTCH_U,
            (Tongue::Dutch, Manner::Informal) => &DUTCH_JE,
            (Tongue::English, _) => &ENGLISH_YOU,
        };
        Self {
            tongue,
            language: tongue.code(),
            bundle,
        }
    }

    /// The texts around a notice in a language that the other pages do not have; links lead to those in this tongue.
    #[must_use]
    pub fn around_a_notice(language: &str, tongue: Tongue) -> Option<Self> {
        let (language, bundle) = AROUND.iter().find(|(known, _)| *known == language)?;
        Some(Self {
            tongue,
            language,
            bundle,
        })
    }

    /// The code of the language that these texts are in.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// The language of the pages to which links lead.
    #[must_use]
    pub fn tongue(&self) -> Tongue {
        self.tongue
    }

    /// The text with this key. A key without a text shows itself, so that a fault is seen.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.format(key, None).unwrap_or_else(|| key.to_owned())
    }

    /// The text with this key, with values filled in.
    #[must_use]
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, *value);
        }
        self.format(key, Some(&args))
            .unwrap_or_else(|| key.to_owned())
    }

    /// The text for a number of things: `$n` chooses the form.
    #[must_use]
    pub fn count(&self, key: &str, n: usize) -> String {
        let mut args = FluentArgs::new();
        args.set("n", n);
        self.format(key, Some(&args))
            .unwrap_or_else(|| key.to_owned())
    }

    /// The text with this key, where there is one.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<String> {
        self.format(key, None)
    }

    /// A day in words: "21 december 2026".
    #[must_use]
    pub fn day(&self, day: Date) -> String {
        let month = self.say(&format!("month-{}", day.month()));
        let first = (day.day() == 1).then(|| self.find("day-first")).flatten();
        let key = if first.is_some() { "day-first" } else { "day" };
        let (number, year) = (day.day().to_string(), day.year().to_string());
        self.fill(key, &[("day", &number), ("month", &month), ("year", &year)])
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        Some(
            self.bundle
                .format_pattern(pattern, args, &mut errors)
                .into_owned(),
        )
    }
}

/// Builds a bundle; a later text goes before an earlier one. Faults in the texts are found by the
/// tests below, which read the same texts.
fn bundle(language: &str, sources: &[&[&str]]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language.parse().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    for source in sources.iter().copied().flatten() {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The message keys of a source, each with its whole text.
    fn messages(source: &str) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut current: Option<String> = None;
        for line in source.lines() {
            let starts = line.chars().next().is_some_and(|c| c.is_ascii_lowercase());
            if starts && let Some((key, text)) = line.split_once(" =") {
                current = Some(key.to_owned());
                found.insert(key.to_owned(), text.to_owned());
            } else if let Some(key) = &current
                && line.starts_with(' ')
                && let Some(text) = found.get_mut(key)
            {
                text.push('\n');
                text.push_str(line);
            }
        }
        found
    }

    fn all(sources: &[&str]) -> BTreeMap<String, String> {
        sources.iter().flat_map(|source| messages(source)).collect()
    }

    fn variables(text: &str) -> BTreeSet<String> {
        text.split('$')
            .skip(1)
            .map(|rest| {
                rest.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect()
            })
            .collect()
    }

    #[test]
    fn every_text_parses_without_a_fault() {
        for source in DUTCH.iter().chain(ENGLISH).chain([&DUTCH_INFORMAL]) {
            if let Err((_, faults)) = FluentResource::try_new((*source).to_owned()) {
                panic!("{faults:?}");
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_and_the_same_values_to_fill_in() {
        let (dutch, english) = (all(DUTCH), all(ENGLISH));
        let keys =
            |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<BTreeSet<_>>();
        let only: Vec<_> = keys(&dutch)
            .symmetric_difference(&keys(&english))
            .cloned()
            .collect();
        assert!(only.is_empty(), "in one language only: {only:?}");
        for (key, text) in &dutch {
            assert_eq!(variables(text), variables(&english[key]), "values of {key}");
        }
    }

    #[test]
    fn what_stands_around_a_notice_is_there_in_each_of_its_languages() {
        let english = all(ENGLISH);
        let mut asked = BTreeSet::new();
        for source in [
            include_str!("page/privacy.rs"),
            include_str!("page/frame.rs"),
        ] {
            let source = source.split("#[cfg(test)]").next().unwrap();
            for piece in source.split('"').skip(1).step_by(2) {
                let begins = ["nav-", "foot-", "banner-", "privacy-", "notice-", "skip-"];
                let is_of_the_console = piece.starts_with("nav-")
                    && !["main", "language", "foot", "chat", "privacy", "rights"]
                        .contains(&piece.trim_start_matches("nav-"));
                if begins.iter().any(|begin| piece.starts_with(begin))
                    && english.contains_key(piece)
                    && !is_of_the_console
                {
                    asked.insert(piece);
                }
            }
        }
        assert!(asked.len() > 30, "{asked:?}");
        for (language, [_, around]) in AROUND_THE_NOTICE {
            assert!(FluentResource::try_new(around.to_owned()).is_ok());
            let texts = messages(around);
            for key in &asked {
                assert!(texts.contains_key(*key), "{key} in {language}");
            }
            for (key, text) in &texts {
                let there = english.get(key);
                let there = there.unwrap_or_else(|| panic!("{key} of {language} is nowhere used"));
                assert_eq!(variables(text), variables(there), "{key} in {language}");
            }
        }
        let words = Words::around_a_notice("fr", Tongue::English).unwrap();
        assert_eq!(words.say("privacy-contents"), "Sur cette page");
        assert_eq!(words.day(jiff::civil::date(2027, 3, 1)), "1er mars 2027");
        assert!(Words::around_a_notice("nl", Tongue::Dutch).is_none());
    }

    #[test]
    fn every_text_that_says_u_has_a_form_that_says_je() {
        let informal = messages(DUTCH_INFORMAL);
        let formal = all(DUTCH);
        let says_u = |text: &str| {
            text.split(|c: char| !c.is_alphanumeric())
                .any(|word| ["u", "U", "uw", "Uw", "uzelf"].contains(&word))
        };
        let missing: Vec<_> = formal
            .iter()
            .filter(|(key, text)| says_u(text) && !informal.contains_key(*key))
            .map(|(key, _)| key)
            .collect();
        assert!(missing.is_empty(), "no je form: {missing:?}");
        for (key, text) in &informal {
            assert!(!says_u(text), "{key} still says u");
            assert!(formal.contains_key(key), "{key} overrides nothing");
            assert_eq!(variables(text), variables(&formal[key]), "values of {key}");
        }
    }

    #[test]
    fn every_key_that_the_pages_ask_for_has_a_text() {
        let texts = all(DUTCH);
        let mut asked = 0;
        for file in rust_files(std::path::Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src"
        ))) {
            let source = std::fs::read_to_string(&file).unwrap();
            for call in ["say(\"", "fill(\"", "count(\"", "find(\""] {
                for rest in source.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    if key.contains(|c: char| {
                        !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                    }) || key.is_empty()
                    {
                        continue;
                    }
                    asked += 1;
                    assert!(texts.contains_key(key), "{} asks for {key}", file.display());
                }
            }
        }
        assert!(asked > 100, "the scan found the calls: {asked}");
    }

    fn rust_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files.extend(rust_files(&path));
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("words.rs") {
                files.push(path);
            }
        }
        files
    }

    #[test]
    fn the_heaviest_language_that_we_speak_wins() {
        let check =
            |header: &str, expected| assert_eq!(Tongue::accepted(header), expected, "{header}");
        check("", Tongue::Dutch);
        check("en-GB,en;q=0.9,nl;q=0.8", Tongue::English);
        check("fr, nl;q=0.4, en;q=0.3", Tongue::Dutch);
        check("en;q=0, nl;q=0.1", Tongue::Dutch);
        check("de", Tongue::Dutch);
        check("en;q=x", Tongue::Dutch);
    }

    #[test]
    fn a_day_is_written_in_words() {
        let day = jiff::civil::date(2026, 12, 21);
        assert_eq!(
            Words::new(Tongue::Dutch, Manner::Formal).day(day),
            "21 december 2026"
        );
        assert_eq!(
            Words::new(Tongue::English, Manner::Formal).day(day),
            "21 December 2026"
        );
    }
}
