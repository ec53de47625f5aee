//! Migrations come in pairs, and every table says what it keeps and is known to the register.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{Fault, Source, Tree};

const BACKENDS: [&str; 2] = ["migrations/sqlite/", "migrations/postgres/"];

/// What the comment above a table must say (holder, category, retention).
const SAID: [&str; 3] = ["holder:", "category:", "retention:"];

/// Every migration exists for both databases, is numbered once, and makes the same tables.
#[must_use]
pub fn pair_faults(tree: &Tree) -> Vec<Fault> {
    let [sqlite, postgres] = BACKENDS.map(|folder| {
        tree.below(folder)
            .map(Source::name)
            .collect::<BTreeSet<_>>()
    });
    let mut faults = Vec::new();
    for name in sqlite.symmetric_difference(&postgres) {
        faults.push(Fault::of(
            &format!("migrations/*/{name}"),
            "exists for one database only",
        ));
    }
    let mut numbers = BTreeSet::new();
    for name in sqlite.union(&postgres) {
        let number = name.split('_').next().unwrap_or_default();
        let numbered = number.len() == 4 && number.chars().all(|digit| digit.is_ascii_digit());
        if !numbered || !numbers.insert(number) {
            faults.push(Fault::of(
                &format!("migrations/*/{name}"),
                "is called NNNN_name.sql, each number once",
            ));
        }
    }
    for name in sqlite.intersection(&postgres) {
        let [left, right] = BACKENDS.map(|folder| {
            tree.find(&format!("{folder}{name}"))
                .map(tables)
                .unwrap_or_default()
        });
        let names = |tables: &[Table]| {
            tables
                .iter()
                .map(|table| table.name.clone())
                .collect::<BTreeSet<_>>()
        };
        for table in names(&left).symmetric_difference(&names(&right)) {
            faults.push(Fault::of(
                &format!("migrations/*/{name}"),
                format!("makes table {table} for one database only"),
            ));
        }
    }
    faults
}

/// A `create table` with the comment lines right above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name, without schema and quotes.
    pub name: String,
    /// The comment above it.
    pub comment: String,
    /// The line of the statement.
    pub line: usize,
}

/// The tables that a migration makes.
#[must_use]
pub fn tables(source: &Source) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut comment = String::new();
    for (number, line) in source.lines() {
        let line = line.trim();
        if let Some(words) = line.strip_prefix("--") {
            comment.push_str(words);
            comment.push('\n');
            continue;
        }
        let lower = line.to_lowercase();
        let rest = [
            "create table if not exists ",
            "create table ",
            "create virtual table ",
        ]
        .iter()
        .find_map(|start| lower.strip_prefix(start));
        if let Some(rest) = rest {
            let name = rest
                .split(|letter: char| letter == '(' || letter.is_whitespace())
                .next()
                .unwrap_or_default();
            let name = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
            tables.push(Table {
                name: name.to_owned(),
                comment: comment.clone(),
                line: number,
            });
        }
        comment.clear();
    }
    tables
}

/// Every table says in the comment above it which holder it belongs to, which category it keeps and which
/// retention applies.
#[must_use]
pub fn comment_faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in tree.below("migrations/").filter(|source| source.is("sql")) {
        for table in tables(source) {
            let comment = table.comment.to_lowercase();
            for said in SAID.iter().filter(|said| !comment.contains(**said)) {
                faults.push(Fault::at(
                    &source.path,
                    table.line,
                    format!(
                        "the comment above table {} does not say `{said} …`",
                        table.name
                    ),
                ));
            }
        }
    }
    faults
}

/// Every table is declared in every register that we ship, with the holder and the retention of its comment.
#[must_use]
pub fn register_faults(tree: &Tree) -> Vec<Fault> {
    let made: Vec<(&Source, Table)> = tree
        .below(BACKENDS[0])
        .flat_map(|source| tables(source).into_iter().map(move |table| (source, table)))
        .collect();
    let mut faults = Vec::new();
    for register in tree.below("registers/").filter(|source| source.is("toml")) {
        let declared = declared_tables(register);
        for (source, table) in &made {
            let fault = match declared.get(&table.name) {
                None => format!("is not declared in {}", register.path),
                Some((holder, retention)) => {
                    let other = [("holder", holder), ("retention", retention)]
                        .into_iter()
                        .find(|(what, value)| table.said(what).as_deref() != Some(value.as_str()));
                    let Some((what, value)) = other else { continue };
                    format!("has another {what} in {}: {value}", register.path)
                }
            };
            let message = format!("table {} {fault}", table.name);
            faults.push(Fault::at(&source.path, table.line, message));
        }
    }
    faults
}

/// Holder and retention of each table of a register, in lower case.
fn declared_tables(register: &Source) -> BTreeMap<String, (String, String)> {
    let document = register.text.parse::<toml::Table>().unwrap_or_default();
    let rows = document.get("table").and_then(toml::Value::as_table);
    rows.into_iter()
        .flatten()
        .map(|(name, row)| {
            let word = |key: &str| {
                row.get(key)
                    .and_then(toml::Value::as_str)
                    .unwrap_or_default()
                    .to_lowercase()
            };
            (name.clone(), (word("holder"), word("retention")))
        })
        .collect()
}

impl Table {
    /// What the comment says behind `Holder:`, `Category:` or `Retention:`, in lower case, up to the full stop.
    #[must_use]
    pub fn said(&self, what: &str) -> Option<String> {
        let comment = self.comment.to_lowercase();
        let (_, rest) = comment.split_once(&format!("{what}:"))?;
        let end = rest.find(['.', '\n']).unwrap_or(rest.len());
        Some(rest.get(..end)?.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "-- Holder: records. Category: as sealed. Retention: by claim.\nCREATE TABLE record (\n id TEXT\n);\n";

    #[test]
    fn a_migration_for_one_database_only_is_a_fault() {
        let pair = Tree::of(&[
            ("migrations/sqlite/0001_a.sql", GOOD),
            ("migrations/postgres/0001_a.sql", GOOD),
        ]);
        assert!(pair_faults(&pair).is_empty());
        assert_eq!(
            pair_faults(&Tree::of(&[("migrations/sqlite/0001_a.sql", GOOD)])).len(),
            1
        );
    }

    #[test]
    fn a_number_used_twice_is_a_fault() {
        let tree = Tree::of(&[
            ("migrations/sqlite/0001_a.sql", ""),
            ("migrations/postgres/0001_a.sql", ""),
            ("migrations/sqlite/0001_b.sql", ""),
            ("migrations/postgres/0001_b.sql", ""),
        ]);
        assert_eq!(pair_faults(&tree).len(), 1);
    }

    #[test]
    fn a_table_without_its_comment_is_a_fault_for_each_thing_unsaid() {
        assert!(comment_faults(&Tree::of(&[("migrations/sqlite/0001_a.sql", GOOD)])).is_empty());
        assert_eq!(
            comment_faults(&Tree::of(&[(
                "migrations/sqlite/0001_a.sql",
                "create table record (id text);\n"
            )]))
            .len(),
            3
        );
    }

    #[test]
    fn a_table_that_a_register_does_not_declare_or_declares_otherwise_is_a_fault() {
        let check = |register: &str| {
            let tree = Tree::of(&[
                ("migrations/sqlite/0001_a.sql", GOOD),
                ("registers/demo.toml", register),
            ]);
            register_faults(&tree).len()
        };
        assert_eq!(
            check("[table.record]\nholder = \"records\"\nretention = \"by claim\"\n"),
            0
        );
        assert_eq!(
            check("[table.record]\nholder = \"records\"\nretention = \"for ever\"\n"),
            1
        );
        assert_eq!(
            check("[table.other]\nholder = \"records\"\nretention = \"by claim\"\n"),
            1
        );
    }
}
