//! What tools get: the row of the profile, and what the register says of tools by their names.

use std::sync::Arc;

use serde::{Deserialize as _, Deserializer};
use waarborg_detect::surrogate::Tools;
use waarborg_detect::{Kind, Kinds};

use super::{DataClass, Policy, Subject};
use crate::register::Label;

/// What the register says of the tools with a name, or whose names begin so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolRow {
    /// The id of the rule.
    pub rule: String,
    /// The tool's name; with a `*` at the end all whose names begin so.
    pub name: String,
    /// What comes back in what such a tool gets. All else stays a surrogate.
    pub gets: Vec<Subject>,
    /// Why.
    pub why: Label,
}

impl ToolRow {
    /// Whether the row is for several tools, of which some may be nobody's yet.
    #[must_use]
    pub fn is_for_many(&self) -> bool {
        self.name.ends_with('*')
    }

    /// The first thing in it that only a tool may get that is named.
    #[must_use]
    pub fn too_much_for_many(&self) -> Option<Subject> {
        let opens = |kind: &Kind| kind.is_special() || *kind == Kind::ApiKey;
        let is_too_much = |subject: &Subject| kinds(*subject).any(|kind| opens(&kind));
        self.gets.iter().copied().find(is_too_much)
    }
}

/// The kinds of a subject.
fn kinds(subject: Subject) -> impl Iterator<Item = Kind> {
    let is_of = move |kind: &Kind| match subject {
        Subject::Kind(only) => *kind == only,
        Subject::Class(class) => DataClass::of(*kind) == class,
    };
    Kind::ALL.iter().copied().filter(is_of)
}

fn gets(subjects: &[Subject]) -> Kinds {
    subjects.iter().copied().flat_map(kinds).collect()
}

/// The classes and kinds that make up what comes back, in the order of the matrix.
#[must_use]
pub fn subjects_of(gets: Kinds) -> Vec<Subject> {
    let of_class = |class| {
        let whole = Subject::Class(class);
        let n_all = kinds(whole).count();
        let there: Vec<Subject> = kinds(whole)
            .filter(|kind| gets.has(*kind))
            .map(Subject::Kind)
            .collect();
        if n_all > 0 && there.len() == n_all {
            vec![whole]
        } else {
            there
        }
    };
    DataClass::ALL.into_iter().flat_map(of_class).collect()
}

impl Policy {
    /// This policy with what a register says of tools.
    #[must_use]
    pub fn with_tools<'r>(mut self, rows: impl IntoIterator<Item = &'r ToolRow>) -> Self {
        let tools = rows
            .into_iter()
            .fold(Tools::clone(&self.tools), |tools, row| {
                tools.with(&row.name, gets(&row.gets))
            });
        self.tools = Arc::new(tools);
        self
    }

    /// What comes back in what a tool gets, by the tool's name.
    #[must_use]
    pub const fn tools(&self) -> &Arc<Tools> {
        &self.tools
    }
}

/// Reads the row of a profile: `[tools]` with `gets`, a list of kinds and classes.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Tools>, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        gets: Vec<String>,
    }
    let names = Row::deserialize(deserializer)?.gets;
    let subjects: Option<Vec<Subject>> = names.iter().map(|name| Subject::parse(name)).collect();
    let unknown = || serde::de::Error::custom("tools get a kind or class that does not exist");
    let subjects = subjects.ok_or_else(unknown)?;
    Ok(Arc::new(Tools::new(gets(&subjects))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, gets: &[&str]) -> ToolRow {
        ToolRow {
            rule: format!("policy:tool/{name}"),
            name: name.to_owned(),
            gets: gets
                .iter()
                .filter_map(|name| Subject::parse(name))
                .collect(),
            why: Label::for_all("agreed".to_owned()),
        }
    }

    #[test]
    fn the_profile_says_what_tools_get_and_the_register_says_it_of_some() {
        let policy = Policy::shipped("pseudonymise").unwrap();
        let rows = [row("send_*", &[]), row("bsn_check", &["BSN"])];
        let policy = policy.with_tools(&rows);
        let said = subjects_of(policy.tools().gets("zoek_klant"));
        let said: Vec<&str> = said.into_iter().map(Subject::name).collect();
        assert_eq!(
            said,
            [
                "direct-identifier",
                "indirect-identifier",
                "national-number",
                "CREDIT_CARD",
                "not-personal"
            ]
        );
        let has = |tool: &str, kind| policy.tools().gets(tool).has(kind);
        for kind in [Kind::Person, Kind::Bsn, Kind::CreditCard, Kind::Postcode] {
            assert!(has("zoek_klant", kind), "{}", kind.label());
            assert!(!has("send_mail", kind), "{}", kind.label());
        }
        assert!(!has("zoek_klant", Kind::ApiKey) && !has("zoek_klant", Kind::Health));
        assert!(has("bsn_check", Kind::Bsn) && !has("bsn_check", Kind::Person));

        let strict = Policy::shipped("strict").unwrap();
        let both = strict.at_least(policy);
        let has = |tool: &str, kind| both.tools().gets(tool).has(kind);
        assert!(has("zoek_klant", Kind::Person) && !has("zoek_klant", Kind::Bsn));
        assert!(!has("send_mail", Kind::Person));
    }

    #[test]
    fn secrets_and_special_categories_are_for_a_tool_that_is_named() {
        assert!(
            row(
                "zoek_*",
                &["direct-identifier", "national-number", "CREDIT_CARD"]
            )
            .too_much_for_many()
            .is_none()
        );
        for much in ["credential", "API_KEY", "HEALTH", "special-category"] {
            let row = row("zoek_*", &["PERSON", much]);
            assert_eq!(row.too_much_for_many(), Subject::parse(much), "{much}");
        }
    }
}
