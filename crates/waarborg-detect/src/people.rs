//! How many people live in a place, are of an age, have a role or an illness: public tables in `tables/people/`, each with
//! its source and its day, rounded so that only the order of magnitude counts.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

const PLACES: &str = include_str!("../tables/people/places.tsv");
const REGIONS: &str = include_str!("../tables/people/regions.tsv");
const AGES: &str = include_str!("../tables/people/ages.tsv");
const ROLES: &str = include_str!("../tables/people/roles.tsv");
const CONDITIONS: &str = include_str!("../tables/people/conditions.tsv");

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
}

/// A town, and the province it lies in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    people: f64,
    province: &'static str,
}

/// Words for what people are or have, with how many.
struct Words {
    by_word: BTreeMap<&'static str, usize>,
    rows: Vec<Word>,
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

    /// The share of people with this role.
    pub(crate) fn role(&self, word: &str) -> Option<Word> {
        self.roles.find(word)
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
        let mut words = Words {
            by_word: BTreeMap::new(),
            rows: Vec::new(),
        };
        let mut wider: BTreeMap<&str, f64> = BTreeMap::new();
        for [_, people, dutch, _] in rows(table) {
            *wider.entry(dutch).or_default() += number(people);
        }
        for [names, people, dutch, english] in rows(table) {
            for name in names.split(',') {
                words.by_word.insert(name, words.rows.len());
            }
            words.rows.push(Word {
                people: number(people),
                wider: [dutch, english],
                wider_people: wider.get(dutch).copied().unwrap_or_default(),
            });
        }
        words
    }

    fn find(&self, word: &str) -> Option<Word> {
        self.rows.get(*self.by_word.get(word)?).copied()
    }

    /// The rarest of the words in a text; abbreviations of two or three letters count in capitals only.
    fn find_in(&self, text: &str) -> Option<Word> {
        let lower = text.to_lowercase();
        let is_there = |word: &str| {
            let (hay, needle) = if word.len() <= 3 && word != "hiv" {
                (text, word.to_uppercase())
            } else {
                (lower.as_str(), String::from(word))
            };
            hay.match_indices(&needle).any(|(at, found)| {
                let joins = |beside: Option<char>| beside.is_some_and(char::is_alphanumeric);
                let before = hay.get(..at).unwrap_or_default().chars().next_back();
                let after = hay.get(at + found.len()..).unwrap_or_default();
                !joins(before) && !joins(after.chars().next())
            })
        };
        self.by_word
            .iter()
            .filter(|(word, _)| is_there(word))
            .filter_map(|(_, row)| self.rows.get(*row))
            .min_by(|a, b| a.people.total_cmp(&b.people))
            .copied()
    }
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
