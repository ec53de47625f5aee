//! What comes back in what a tool gets: for each tool the kinds that a policy hands over.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::kind::Kind;

/// The kinds of values that come back in what a tool gets. All others stay surrogates there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gets(u64);

impl Gets {
    /// Everything stays a surrogate.
    pub const NOTHING: Self = Self(0);

    /// Everything but secrets, national numbers and special categories.
    #[must_use]
    pub fn ordinary() -> Self {
        let is_grave =
            |kind: &Kind| kind.is_secret() || kind.is_national_number() || kind.is_special();
        Kind::ALL
            .iter()
            .copied()
            .filter(|kind| !is_grave(kind))
            .collect()
    }

    /// Whether values of a kind come back.
    #[must_use]
    pub const fn has(self, kind: Kind) -> bool {
        self.0 & bit(kind) != 0
    }

    /// What comes back under both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

const fn bit(kind: Kind) -> u64 {
    1 << kind.number()
}

impl FromIterator<Kind> for Gets {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |bits, kind| bits | bit(kind)))
    }
}

/// The tools that a client may be asked to run, and what they get.
pub(super) struct Handing {
    pub(super) tools: Arc<Tools>,
    /// The names that the client itself declared.
    pub(super) declared: BTreeSet<String>,
}

/// What each tool gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tools {
    /// Tools about which nothing else is said.
    others: Gets,
    rows: Vec<(Pattern, Gets)>,
    /// Rules that hold as well.
    also: Vec<Arc<Tools>>,
}

/// Which tools a row is for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    /// The name, or what it begins with.
    text: String,
    is_beginning: bool,
}

impl Pattern {
    fn fits(&self, name: &str) -> bool {
        if self.is_beginning {
            name.starts_with(&self.text)
        } else {
            name == self.text
        }
    }

    /// The most particular row decides: a name before any beginning, a longer beginning before a shorter one.
    fn rank(&self) -> (bool, usize) {
        (!self.is_beginning, self.text.len())
    }
}

impl Default for Tools {
    fn default() -> Self {
        Self::new(Gets::ordinary())
    }
}

impl Tools {
    /// Every tool gets the same.
    #[must_use]
    pub const fn new(others: Gets) -> Self {
        Self {
            others,
            rows: Vec::new(),
            also: Vec::new(),
        }
    }

    /// With a row for the tool of this name, or with a `*` at the end for all whose names begin so.
    #[must_use]
    pub fn with(mut self, name: &str, gets: Gets) -> Self {
        let beginning = name.strip_suffix('*');
        let pattern = Pattern {
            text: beginning.unwrap_or(name).into(),
            is_beginning: beginning.is_some(),
        };
        self.rows.push((pattern, gets));
        self
    }

    /// These rules, under which no tool gets what it does not get under `other`.
    #[must_use]
    pub fn at_least(mut self, other: &Arc<Self>) -> Self {
        self.also.push(Arc::clone(other));
        self
    }

    /// What a tool gets.
    #[must_use]
    pub fn gets(&self, name: &str) -> Gets {
        self.also
            .iter()
            .fold(self.own(name), |gets, other| gets.and(other.gets(name)))
    }

    fn own(&self, name: &str) -> Gets {
        self.rows
            .iter()
            .filter(|(pattern, _)| pattern.fits(name))
            .max_by_key(|(pattern, _)| pattern.rank())
            .map_or(self.others, |(_, gets)| *gets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_particular_row_decides() {
        let numbers: Gets = [Kind::Bsn, Kind::Person].into_iter().collect();
        let names: Gets = [Kind::Person].into_iter().collect();
        let tools = Tools::new(numbers)
            .with("send_*", Gets::NOTHING)
            .with("send_letter*", names)
            .with("send_letter_home", numbers);
        assert_eq!(tools.gets("zoek_klant"), numbers);
        assert_eq!(tools.gets("send_mail"), Gets::NOTHING);
        assert_eq!(tools.gets("send_letter_out"), names);
        assert_eq!(tools.gets("send_letter_home"), numbers);
        assert_eq!(tools.gets("Send_mail"), numbers, "another tool");
    }

    #[test]
    fn rules_that_hold_as_well_only_take_away() {
        let both: Gets = [Kind::Bsn, Kind::Person].into_iter().collect();
        let names: Gets = [Kind::Person].into_iter().collect();
        let base = Arc::new(Tools::new(names).with("zoek_klant", both));
        let tools = Tools::new(both).at_least(&base);
        assert_eq!(tools.gets("zoek_klant"), both);
        assert_eq!(tools.gets("send_mail"), names);
    }

    #[test]
    fn ordinary_tools_get_no_secrets_national_numbers_or_special_categories() {
        let gets = Gets::ordinary();
        for kind in Kind::ALL {
            let is_grave = kind.is_secret() || kind.is_national_number() || kind.is_special();
            assert_eq!(gets.has(*kind), !is_grave, "{}", kind.label());
        }
    }
}
