//! What comes back in what a tool gets: for each tool the kinds that a policy hands over.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::kind::{Kind, Kinds};

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
    others: Kinds,
    rows: Vec<(Pattern, Kinds)>,
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
        Self::new(Self::ordinary())
    }
}

impl Tools {
    /// Everything but secrets, national numbers and special categories.
    #[must_use]
    pub fn ordinary() -> Kinds {
        let is_grave =
            |kind: &Kind| kind.is_secret() || kind.is_national_number() || kind.is_special();
        Kind::ALL
            .iter()
            .copied()
            .filter(|kind| !is_grave(kind))
            .collect()
    }

    /// Every tool gets the same.
    #[must_use]
    pub const fn new(others: Kinds) -> Self {
        Self {
            others,
            rows: Vec::new(),
            also: Vec::new(),
        }
    }

    /// With a row for the tool of this name, or with a `*` at the end for all whose names begin so.
    #[must_use]
    pub fn with(mut self, name: &str, gets: Kinds) -> Self {
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
    pub fn gets(&self, name: &str) -> Kinds {
        self.also
            .iter()
            .fold(self.own(name), |gets, other| gets.and(other.gets(name)))
    }

    fn own(&self, name: &str) -> Kinds {
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
        let numbers: Kinds = [Kind::Bsn, Kind::Person].into_iter().collect();
        let names: Kinds = [Kind::Person].into_iter().collect();
        let tools = Tools::new(numbers)
            .with("send_*", Kinds::NONE)
            .with("send_letter*", names)
            .with("send_letter_home", numbers);
        assert_eq!(tools.gets("zoek_klant"), numbers);
        assert_eq!(tools.gets("send_mail"), Kinds::NONE);
        assert_eq!(tools.gets("send_letter_out"), names);
        assert_eq!(tools.gets("send_letter_home"), numbers);
        assert_eq!(tools.gets("Send_mail"), numbers, "another tool");
    }

    #[test]
    fn rules_that_hold_as_well_only_take_away() {
        let both: Kinds = [Kind::Bsn, Kind::Person].into_iter().collect();
        let names: Kinds = [Kind::Person].into_iter().collect();
        let base = Arc::new(Tools::new(names).with("zoek_klant", both));
        let tools = Tools::new(both).at_least(&base);
        assert_eq!(tools.gets("zoek_klant"), both);
        assert_eq!(tools.gets("send_mail"), names);
    }

    #[test]
    fn ordinary_tools_get_no_secrets_national_numbers_or_special_categories() {
        let gets = Tools::ordinary();
        for kind in Kind::ALL {
            let is_grave = kind.is_secret() || kind.is_national_number() || kind.is_special();
            assert_eq!(gets.has(*kind), !is_grave, "{}", kind.label());
        }
    }
}
