//! The schema: numbered scripts, a pair for the two databases, each applied once; and what its tables declare.

use super::{Dialect, Fault, Session, values};

struct Migration {
    version: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sqlite: include_str!("../../../../migrations/sqlite/0001_house.sql"),
        postgres: include_str!("../../../../migrations/postgres/0001_house.sql"),
    },
    Migration {
        version: 2,
        sqlite: include_str!("../../../../migrations/sqlite/0002_registers.sql"),
        postgres: include_str!("../../../../migrations/postgres/0002_registers.sql"),
    },
    Migration {
        version: 3,
        sqlite: include_str!("../../../../migrations/sqlite/0003_tasks.sql"),
        postgres: include_str!("../../../../migrations/postgres/0003_tasks.sql"),
    },
    Migration {
        version: 4,
        sqlite: include_str!("../../../../migrations/sqlite/0004_suppressions.sql"),
        postgres: include_str!("../../../../migrations/postgres/0004_suppressions.sql"),
    },
    Migration {
        version: 5,
        sqlite: include_str!("../../../../migrations/sqlite/0005_holds.sql"),
        postgres: include_str!("../../../../migrations/postgres/0005_holds.sql"),
    },
    Migration {
        version: 6,
        sqlite: include_str!("../../../../migrations/sqlite/0006_sightings.sql"),
        postgres: include_str!("../../../../migrations/postgres/0006_sightings.sql"),
    },
    Migration {
        version: 7,
        sqlite: include_str!("../../../../migrations/sqlite/0007_key_bounds.sql"),
        postgres: include_str!("../../../../migrations/postgres/0007_key_bounds.sql"),
    },
    Migration {
        version: 8,
        sqlite: include_str!("../../../../migrations/sqlite/0008_mails.sql"),
        postgres: include_str!("../../../../migrations/postgres/0008_mails.sql"),
    },
    Migration {
        version: 9,
        sqlite: include_str!("../../../../migrations/sqlite/0009_register_changes.sql"),
        postgres: include_str!("../../../../migrations/postgres/0009_register_changes.sql"),
    },
    Migration {
        version: 10,
        sqlite: include_str!("../../../../migrations/sqlite/0010_claims_by_purpose.sql"),
        postgres: include_str!("../../../../migrations/postgres/0010_claims_by_purpose.sql"),
    },
    Migration {
        version: 11,
        sqlite: include_str!("../../../../migrations/sqlite/0011_disclosures_that_wait.sql"),
        postgres: include_str!("../../../../migrations/postgres/0011_disclosures_that_wait.sql"),
    },
    Migration {
        version: 12,
        sqlite: include_str!("../../../../migrations/sqlite/0012_openings.sql"),
        postgres: include_str!("../../../../migrations/postgres/0012_openings.sql"),
    },
    Migration {
        version: 13,
        sqlite: include_str!("../../../../migrations/sqlite/0013_restrictions.sql"),
        postgres: include_str!("../../../../migrations/postgres/0013_restrictions.sql"),
    },
    Migration {
        version: 14,
        sqlite: include_str!("../../../../migrations/sqlite/0014_receipts.sql"),
        postgres: include_str!("../../../../migrations/postgres/0014_receipts.sql"),
    },
    Migration {
        version: 15,
        sqlite: include_str!("../../../../migrations/sqlite/0015_numbers.sql"),
        postgres: include_str!("../../../../migrations/postgres/0015_numbers.sql"),
    },
    Migration {
        version: 16,
        sqlite: include_str!("../../../../migrations/sqlite/0016_codes_by_address.sql"),
        postgres: include_str!("../../../../migrations/postgres/0016_codes_by_address.sql"),
    },
    Migration {
        version: 17,
        sqlite: include_str!("../../../../migrations/sqlite/0017_deleted_accounts.sql"),
        postgres: include_str!("../../../../migrations/postgres/0017_deleted_accounts.sql"),
    },
    Migration {
        version: 18,
        sqlite: include_str!("../../../../migrations/sqlite/0018_agreements.sql"),
        postgres: include_str!("../../../../migrations/postgres/0018_agreements.sql"),
    },
    Migration {
        version: 19,
        sqlite: include_str!("../../../../migrations/sqlite/0019_key_groups.sql"),
        postgres: include_str!("../../../../migrations/postgres/0019_key_groups.sql"),
    },
    Migration {
        version: 20,
        sqlite: include_str!("../../../../migrations/sqlite/0020_kept_maps.sql"),
        postgres: include_str!("../../../../migrations/postgres/0020_kept_maps.sql"),
    },
    Migration {
        version: 22,
        sqlite: include_str!("../../../../migrations/sqlite/0022_signed_writers.sql"),
        postgres: include_str!("../../../../migrations/postgres/0022_signed_writers.sql"),
    },
    Migration {
        version: 23,
        sqlite: include_str!("../../../../migrations/sqlite/0023_maps_without_name.sql"),
        postgres: include_str!("../../../../migrations/postgres/0023_maps_without_name.sql"),
    },
    Migration {
        version: 24,
        sqlite: include_str!("../../../../migrations/sqlite/0024_maps_that_grow.sql"),
        postgres: include_str!("../../../../migrations/postgres/0024_maps_that_grow.sql"),
    },
];

/// What the comment above a table says. The program compares it with the register before it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredTable {
    /// The table.
    pub name: String,
    /// The place that exports, restricts and erases it.
    pub holder: String,
    /// What it keeps, in the register's words.
    pub category: String,
    /// Which retention applies.
    pub retention: String,
}

/// The tables that no migration makes: the list of migrations itself, and those of the key store.
const OTHERS: [(&str, &str, &str, &str); 6] = [
    (
        "schema_version",
        "store",
        "none, structure",
        "as long as the installation",
    ),
    (
        "shard_epochs",
        "key store",
        "none, keys",
        "as long as the installation",
    ),
    ("subject_keys", "key store", "keys", "with its subject"),
    ("object_keys", "key store", "keys", "with its object"),
    (
        "unsaid",
        "key store",
        "what was done, sealed",
        "until the log holds it",
    ),
    (
        "ledger",
        "key store",
        "what was erased, restricted, objected to, withdrawn and asked, by random ids",
        "as long as a backup can be restored",
    ),
];

/// Every table of the store and of its key store, with what its comment says.
#[must_use]
pub fn declared_tables() -> Vec<DeclaredTable> {
    let others = OTHERS.map(|(name, holder, category, retention)| DeclaredTable {
        name: name.to_owned(),
        holder: holder.to_owned(),
        category: category.to_owned(),
        retention: retention.to_owned(),
    });
    MIGRATIONS
        .iter()
        .flat_map(|migration| declared_in(migration.sqlite))
        .chain(others)
        .collect()
}

/// The newest schema that this program knows.
pub(crate) fn latest_version() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// Brings the data to the newest schema, inside a transaction that the caller commits.
///
/// # Errors
///
/// [`Fault::Newer`] if a newer program wrote it.
pub(crate) fn migrate(session: &mut dyn Session) -> Result<(), Fault> {
    let create = match session.dialect() {
        Dialect::Sqlite => {
            "create table if not exists schema_version (version integer primary key) strict"
        }
        Dialect::Postgres => {
            "create table if not exists schema_version (version bigint primary key)"
        }
    };
    session.script(create)?;
    if session.dialect() == Dialect::Postgres {
        session.script("lock table schema_version in exclusive mode")?;
    }
    let row = session.row(
        "select coalesce(max(version), 0) from schema_version",
        values![],
    )?;
    let found = row.map_or(Ok(0), |mut row| row.integer(0))?;
    if found > latest_version() {
        return Err(Fault::Newer {
            found,
            known: latest_version(),
        });
    }
    for migration in MIGRATIONS
        .iter()
        .filter(|migration| migration.version > found)
    {
        session.script(match session.dialect() {
            Dialect::Sqlite => migration.sqlite,
            Dialect::Postgres => migration.postgres,
        })?;
        session.execute(
            "insert into schema_version (version) values ($1)",
            values![migration.version],
        )?;
    }
    Ok(())
}

/// Reads `-- Holder: …. Category: …. Retention: ….` above each `create table`.
fn declared_in(script: &str) -> Vec<DeclaredTable> {
    let mut tables = Vec::new();
    let mut comment = String::new();
    for line in script.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("--") {
            comment.push_str(text);
            continue;
        }
        if let Some(rest) = line.strip_prefix("create table ") {
            let name = rest.split([' ', '(']).next().unwrap_or_default();
            tables.push(DeclaredTable {
                name: name.to_owned(),
                holder: said(&comment, "Holder:"),
                category: said(&comment, "Category:"),
                retention: said(&comment, "Retention:"),
            });
        }
        comment.clear();
    }
    tables
}

fn said(comment: &str, label: &str) -> String {
    let text = comment.split_once(label).map_or("", |(_, rest)| rest);
    text.split('.').next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_says_holder_category_and_retention_in_both_databases() {
        for migration in MIGRATIONS {
            for script in [migration.sqlite, migration.postgres] {
                let tables = declared_in(script);
                assert_eq!(tables.len(), script.matches("create table").count());
                for table in tables {
                    assert!(
                        !table.holder.is_empty()
                            && !table.category.is_empty()
                            && !table.retention.is_empty(),
                        "{table:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn both_databases_have_the_same_tables_and_columns() {
        for migration in MIGRATIONS {
            let words = |script: &str| {
                script
                    .replace("integer", "bigint")
                    .replace("blob", "bytea")
                    .replace(" strict, without rowid", "")
                    .replace(" strict", "")
            };
            let tables = |script: &str| -> Vec<String> {
                words(script)
                    .split(';')
                    .map(str::trim)
                    .filter(|part| part.contains("create"))
                    .map(str::to_owned)
                    .collect()
            };
            assert_eq!(tables(migration.sqlite), tables(migration.postgres));
        }
    }
}
