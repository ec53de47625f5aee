//! What a picture weighs in tokens before anybody counts it: at most what the public rules of those who serve models make of its size. How
//! many bytes it has says nothing of that.

use std::sync::LazyLock;

use serde::Deserialize;
use waarborg_domain::prompt::Weight;

use crate::surfaces::Substance;

/// The rules, each with its source and the day on which it was read.
const TABLE: &str = include_str!("pictures.toml");

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    // A test reads it; without it every picture weighs too much.
    let table: Table = toml::from_str(TABLE).unwrap_or_default();
    table.rule
});

#[derive(Default, Deserialize)]
struct Table {
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    /// How the names of the models begin for which it holds; empty if for all.
    #[serde(default)]
    models: Vec<String>,
    #[serde(default)]
    at: At,
    #[serde(flatten)]
    measure: Measure,
}

/// Where a rule holds.
#[derive(Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum At {
    /// Everywhere.
    #[default]
    All,
    /// Where pictures are made.
    Pictures,
}

/// How a picture is measured.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Measure {
    Tiles {
        base: u64,
        tile: u64,
        side: u64,
        longest: u64,
        shortest: u64,
    },
    Patches {
        side: u64,
        #[serde(default)]
        longest: Option<u64>,
        most: u64,
        hundredths: u64,
    },
}

/// A picture that lies in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    /// How many bytes of the request it takes.
    pub(crate) n_bytes: usize,
    /// Its width and height in pixels, if it says them.
    pub(crate) sides: Option<(u64, u64)>,
}

/// A picture that does not say how large it is counts as one that is larger than any: as broad as it is high, or oblong, whichever costs more.
const LARGEST: [(u64, u64); 2] = [(1 << 20, 1 << 20), (3 << 18, 1 << 21)];

/// How many tokens a picture costs at most where this model is asked for this.
pub(crate) fn tokens_of(shown: &Shown, model: &str, substance: Substance) -> u64 {
    let sizes = match &shown.sides {
        Some(sides) => std::slice::from_ref(sides),
        None => LARGEST.as_slice(),
    };
    let holds = |rule: &&Rule| {
        let is_of_model = rule.models.is_empty()
            || rule
                .models
                .iter()
                .any(|beginning| model.starts_with(beginning.as_str()));
        is_of_model && (rule.at == At::All || substance == Substance::Pictures)
    };
    let costs = RULES.iter().filter(holds).flat_map(|rule| {
        let sizes = sizes.iter();
        sizes.map(|sides| rule.measure.tokens(*sides))
    });
    costs.max().unwrap_or(u64::MAX)
}

/// About so many bytes are a token, where nobody counts them.
pub(crate) const BYTES_PER_TOKEN: u64 = 4;

/// What these pictures weigh where this model is asked for this.
pub(crate) fn weight_of(pictures: &[Shown], model: &str, substance: Substance) -> Weight {
    let tokens = pictures
        .iter()
        .map(|shown| tokens_of(shown, model, substance));
    let counts_as = tokens
        .fold(0, u64::saturating_add)
        .saturating_mul(BYTES_PER_TOKEN);
    Weight {
        n_bytes: pictures.iter().map(|shown| shown.n_bytes).sum(),
        counts_as: usize::try_from(counts_as).unwrap_or(usize::MAX),
    }
}

impl Measure {
    fn tokens(&self, (width, height): (u64, u64)) -> u64 {
        let (width, height) = (width.max(1), height.max(1));
        match *self {
            Self::Tiles {
                base,
                tile,
                side,
                longest,
                shortest,
            } => {
                let (width, height) = within((width, height), longest, width.max(height));
                let (width, height) = within((width, height), shortest, width.min(height));
                base + tile * covering((width, height), side)
            }
            Self::Patches {
                side,
                longest,
                most,
                hundredths,
            } => {
                let longer = width.max(height);
                let sides = within((width, height), longest.unwrap_or(longer), longer);
                let patches = covering(sides, side).min(most);
                patches.saturating_mul(hundredths).div_ceil(100)
            }
        }
    }
}

/// The same picture made smaller, so that a side of this length gets the length that it may have at most. Rounded up: it is an upper bound.
fn within((width, height): (u64, u64), most: u64, length: u64) -> (u64, u64) {
    if length <= most {
        return (width, height);
    }
    let smaller = |side: u64| side.saturating_mul(most).div_ceil(length);
    (smaller(width), smaller(height))
}

/// How many squares with such a side cover a picture.
fn covering((width, height): (u64, u64), side: u64) -> u64 {
    let side = side.max(1);
    width.div_ceil(side).saturating_mul(height.div_ceil(side))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(sides: Option<(u64, u64)>) -> Shown {
        Shown {
            n_bytes: 5_000_000,
            sides,
        }
    }

    #[test]
    fn every_rule_can_be_read_and_says_where_it_was_found_and_when() {
        const KNOWN: [&str; 14] = [
            "what",
            "models",
            "at",
            "kind",
            "base",
            "tile",
            "side",
            "longest",
            "shortest",
            "most",
            "hundredths",
            "source",
            "noted",
            "rule",
        ];
        let table: toml::Table = TABLE.parse().unwrap();
        let rules = table["rule"].as_array().unwrap();
        assert_eq!(rules.len(), RULES.len());
        for rule in rules {
            let rule = rule.as_table().unwrap();
            assert!(rule.keys().all(|key| KNOWN.contains(&key.as_str())));
            let said = |key: &str| rule[key].as_str().unwrap();
            assert!(said("source").starts_with("https://"), "{}", said("what"));
            let noted: jiff::civil::Date = said("noted").parse().unwrap();
            assert!(noted.year() >= 2026, "{}", said("what"));
        }
    }

    #[test]
    fn each_rule_gives_what_its_maker_gives_as_examples() {
        let rule = |at: usize| &RULES[at].measure;
        for (at, sides, expected) in [
            (0, (1024, 1024), 765),
            (0, (2048, 4096), 1105),
            (0, (512, 512), 255),
            (1, (512, 512), 2833 + 5667),
            (2, (1024, 1024), 2520),
            (2, (1800, 2400), 3779),
            (3, (1600, 1600), 3000),
            (3, (8000, 8000), 12_000),
            (5, (1000, 1000), 1296),
            (5, (8000, 8000), 4784),
        ] {
            assert_eq!(rule(at).tokens(sides), expected, "{at} {sides:?}");
        }
    }

    #[test]
    fn a_picture_counts_by_its_size_its_model_and_what_is_asked_of_it() {
        let words = Substance::Words;
        let large = shown(Some((4000, 3000)));
        assert_eq!(tokens_of(&large, "klein", words), 12_000);
        assert_eq!(tokens_of(&shown(None), "klein", words), 12_000);
        let mini = tokens_of(&shown(None), "gpt-4o-mini", words);
        assert_eq!(mini, 2833 + 8 * 5667, "oblong");
        assert_eq!(tokens_of(&shown(Some((32, 32))), "klein", words), 255);
        let mini = tokens_of(&shown(Some((512, 512))), "gpt-4o-mini-2024-07-18", words);
        assert_eq!(mini, 8500);
        let changed = tokens_of(&shown(Some((32, 32))), "klein", Substance::Pictures);
        assert_eq!(changed, 6434);
        let weight = weight_of(&[large], "klein", words);
        assert_eq!(weight.applied_to(5_000_400), 400 + 48_000);
        assert_eq!(weight_of(&[], "klein", words).applied_to(400), 400);
    }

    proptest! {
        #[test]
        fn no_picture_costs_more_than_the_largest_or_nothing(width in 0_u64..200_000, height in 0_u64..200_000) {
            for model in ["klein", "gpt-4o-mini"] {
                for substance in [Substance::Words, Substance::Pictures] {
                    let cost = |sides| tokens_of(&shown(sides), model, substance);
                    let (one, turned) = (cost(Some((width, height))), cost(Some((height, width))));
                    prop_assert_eq!(one, turned);
                    prop_assert!(one > 0);
                    prop_assert!(one <= 60_000, "{} {}", model, one);
                    // How many bytes it has says nothing.
                    let same = Shown { n_bytes: 1, sides: Some((width, height)) };
                    prop_assert_eq!(tokens_of(&same, model, substance), one);
                }
            }
        }
    }
}
