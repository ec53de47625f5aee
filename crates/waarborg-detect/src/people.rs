//! How many people live in a place, are of an age, have a role or an illness: public tables in `tables/people/`, each with
//! its source and its day, rounded so that only the order of magnitude counts.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Bound;

use crate::by_word::ByWord;
use crate::words;

const PLACES: &str = include_str!("../tables/people/places.tsv");
const REGIONS: &str = include_str!("../tables/people/regions.tsv");
const AGES: &str = include_str!("../tables/people/ages.tsv");
const ROLES: &str = include_str!("../tables/people/roles.tsv");
const CONDITIONS: &str = include_str!("../tables/people/conditions.tsv");

/// Words that say of which sex somebody is.
const SEXES: &str = "hij zij ze haar man vrouw meneer mevrouw moeder vader zoon dochter broer \
     zus he she his her mother father woman son daughter wife husband";

/// Everybody in the Netherlands.
const EVERYBODY: f64 = 18_000_000.0;
/// A place that no table knows is a village.
const VILLAGE: f64 = 2_000.0;
/// On average, people in an area with the same four digits of the postcode, and in one with the same digits and letters:
/// about 4,100 and 470,000 areas (CBS, Kerncijfers per postcode).
const FOUR_DIGITS: f64 = 4_400.0;
const DIGITS_AND_LETTERS: f64 = 38.0;
/// Two digits of the postcode: ninety areas.
const TWO_DIGITS: f64 = 200_000.0;

/// The tables, ready for looking up.
pub struct People {
    places: BTreeMap<String, Place>,
    regions: BTreeMap<String, f64>,
    /// First year, last year, people.
    ages: Vec<(u32, u32, f64)>,
    roles: Words,
    conditions: Words,
    sexes: ByWord<()>,
}

/// A town, and the province it lies in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    people: f64,
    province: &'static str,
}

/// Words for what people are or have, with how many.
struct Words {
    by_name: BTreeMap<&'static str, Word>,
    by_word: ByWord<Word>,
    /// The first words of all names.
    first: ByWord<()>,
}

/// What people are or have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    people: f64,
    /// A wider word, in Dutch and in English.
    pub(crate) wider: [&'static str; 2],
    wider_people: f64,
}

impl People {
    /// The tables that come with the program.
    #[must_use]
    pub fn new() -> People {
        let mut places = BTreeMap::new();
        for [name, people, province] in rows(PLACES) {
            let place = Place {
                people: number(people),
                province,
            };
            places.insert(name.to_lowercase(), place);
        }
        let regions = rows(REGIONS).map(|[name, people]| (name.to_lowercase(), number(people)));
        let ages = rows(AGES)
            .filter_map(|[first, last, people]| {
                Some((first.parse().ok()?, last.parse().ok()?, number(people)))
            })
            .collect();
        People {
            places,
            regions: regions.collect(),
            ages,
            roles: Words::new(ROLES),
            conditions: Words::new(CONDITIONS),
            sexes: SEXES
                .split(' ')
                .map(|word| (words::hash_with_accents(word), ()))
                .collect(),
        }
    }

    /// The share of people who live in a place; a province counts as one.
    pub(crate) fn in_place(&self, name: &str) -> f64 {
        let name = name.trim().to_lowercase();
        let known = self.places.get(&name).map(|place| place.people);
        let region = || self.regions.get(&name).copied();
        known.or_else(region).unwrap_or(VILLAGE) / EVERYBODY
    }

    /// Whether a table knows a town of this name.
    pub(crate) fn knows_town(&self, name: &str) -> bool {
        self.places.contains_key(&name.to_lowercase())
    }

    /// The province of a place, and the share of people in it.
    pub(crate) fn around(&self, name: &str) -> Option<(&'static str, f64)> {
        let place = self.places.get(&name.trim().to_lowercase())?;
        let people = self.regions.get(&place.province.to_lowercase())?;
        Some((place.province, people / EVERYBODY))
    }

    /// The share of people who are between these years old.
    pub(crate) fn aged(&self, first: u32, last: u32) -> f64 {
        let people: f64 = self
            .ages
            .iter()
            .map(|(from, to, people)| {
                let years = (last.min(*to) + 1).saturating_sub(first.max(*from));
                people * f64::from(years) / f64::from(to + 1 - from)
            })
            .sum();
        (people / EVERYBODY).max(1.0 / EVERYBODY)
    }

    /// The share of people with the role that the word with this hash names.
    pub(crate) fn role(&self, hash: u64) -> Option<Word> {
        self.roles.by_word.get(hash)
    }

    /// Whether the word with this hash says of which sex somebody is.
    pub(crate) fn tells_sex(&self, hash: u64) -> bool {
        self.sexes.get(hash).is_some()
    }

    /// The share of people with a condition that a text names.
    pub(crate) fn condition(&self, text: &str) -> Option<Word> {
        self.conditions.find_in(text)
    }
}

impl Default for People {
    fn default() -> People {
        People::new()
    }
}

impl Word {
    /// The share of people whom this fits.
    pub(crate) fn share(&self) -> f64 {
        self.people / EVERYBODY
    }

    /// The share of people whom the wider word fits.
    pub(crate) fn wider_share(&self) -> f64 {
        self.wider_people / EVERYBODY
    }
}

/// How many people a share is.
pub(crate) fn people(share: f64) -> f64 {
    share * EVERYBODY
}

/// The share of people in an area with the same first signs of the postcode: two digits, four, or all.
pub(crate) fn with_postcode(n_signs: usize) -> f64 {
    match n_signs {
        0..=3 => TWO_DIGITS / EVERYBODY,
        4 | 5 => FOUR_DIGITS / EVERYBODY,
        _ => DIGITS_AND_LETTERS / EVERYBODY,
    }
}

impl Words {
    fn new(table: &'static str) -> Words {
        let mut by_name = BTreeMap::new();
        let mut wider: BTreeMap<&str, f64> = BTreeMap::new();
        for [_, people, dutch, _] in rows(table) {
            *wider.entry(dutch).or_default() += number(people);
        }
        for [names, people, dutch, english] in rows(table) {
            let word = Word {
                people: number(people),
                wider: [dutch, english],
                wider_people: wider.get(dutch).copied().unwrap_or_default(),
            };
            by_name.extend(names.split(',').map(|name| (name, word)));
        }
        let hash = words::hash_with_accents;
        let first = |name: &&str| name.split(' ').next().map(|first| (hash(first), ()));
        Words {
            by_word: by_name
                .iter()
                .map(|(name, word)| (hash(name), *word))
                .collect(),
            first: by_name.keys().filter_map(first).collect(),
            by_name,
        }
    }

    /// The rarest of the words in a text; abbreviations of two or three letters count in capitals only.
    fn find_in(&self, text: &str) -> Option<Word> {
        let mut found: Vec<(&str, Word)> = Vec::new();
        let mut start = 0;
        for word in text.split(|sign: char| !sign.is_alphanumeric()) {
            if self.first.get(words::hash_with_accents(word)).is_some() {
                found.extend(self.beginning_with(word, text.get(start..).unwrap_or_default()));
            }
            let end = start + word.len();
            start = text.ceil_char_boundary(end + 1);
        }
        found
            .into_iter()
            .min_by(|(name, a), (other, b)| a.people.total_cmp(&b.people).then(name.cmp(other)))
            .map(|(_, word)| word)
    }

    /// The names that begin with a word and stand at the beginning of a text.
    fn beginning_with(&self, word: &str, text: &str) -> impl Iterator<Item = (&'static str, Word)> {
        let word = word.to_lowercase();
        self.by_name
            .range::<str, _>((Bound::Included(word.as_str()), Bound::Unbounded))
            .map(|(name, row)| (*name, *row))
            .take_while(move |(name, _)| name.starts_with(&word))
            .filter(move |(name, _)| stands_first(name, text))
    }
}

/// Whether a text begins with a name.
fn stands_first(name: &str, text: &str) -> bool {
    let Some((said, rest)) = text.split_at_checked(name.len()) else {
        return false;
    };
    let is_same = if name.len() <= 3 && name != "hiv" {
        said == name.to_uppercase()
    } else {
        said.to_lowercase() == name
    };
    is_same && !rest.starts_with(char::is_alphanumeric)
}

/// The rows of a table with this many columns; comments are no rows.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            cells.try_into().ok()
        })
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_says_its_source_and_day_and_every_row_can_be_read() {
        for (table, n_cells) in [
            (PLACES, 3),
            (REGIONS, 2),
            (AGES, 3),
            (ROLES, 4),
            (CONDITIONS, 4),
        ] {
            for head in ["# source: ", "# day: 20", "# licence: "] {
                assert!(table.lines().any(|line| line.starts_with(head)), "{head}");
            }
            for line in table.lines().filter(|line| !line.starts_with('#')) {
                let cells: Vec<&str> = line.split('\t').collect();
                assert_eq!(cells.len(), n_cells, "{line}");
                let people = if n_cells == 3 && table == AGES { 2 } else { 1 };
                assert!(number(cells[people]) >= 1.0, "{line}");
            }
        }
    }

    #[test]
    fn the_tables_agree_with_each_other() {
        let tables = People::new();
        let of_age: f64 = tables.ages.iter().map(|(_, _, people)| people).sum();
        assert!((of_age / EVERYBODY - 1.0).abs() < 0.05, "{of_age}");
        for place in tables.places.values() {
            let province = tables.regions[&place.province.to_lowercase()];
            assert!(place.people < province, "{place:?}");
        }
        assert!((tables.aged(0, 110) - 1.0).abs() < 0.05);
        assert!(tables.in_place("Urk") < tables.in_place("Amsterdam"));
        assert!(tables.condition("heeft ALS").is_some() && tables.condition("als zij").is_none());
    }
}
