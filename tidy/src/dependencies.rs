//! Dependencies are declared once, explained once, and few.

use crate::tree::{Fault, Tree};

/// `Cargo.lock` stays below this number of packages.
const MAX_PACKAGES: usize = 300;

/// The names in the given tables of a manifest, also below `[target.…]`.
#[must_use]
pub fn names(manifest: &str, tables: &[&str]) -> Vec<String> {
    entries(manifest, tables)
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

fn entries(manifest: &str, tables: &[&str]) -> Vec<(String, toml::Value)> {
    let Ok(manifest) = manifest.parse::<toml::Table>() else {
        return Vec::new();
    };
    let targets = manifest
        .get("target")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(toml::Table::values);
    let places = targets
        .filter_map(toml::Value::as_table)
        .chain(std::iter::once(&manifest));
    places
        .flat_map(|place| {
            tables
                .iter()
                .filter_map(|table| place.get(*table)?.as_table())
        })
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Versions and features are declared in the workspace only, with default features off where there are any.
#[must_use]
pub fn version_faults(tree: &Tree) -> Vec<Fault> {
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let mut faults = Vec::new();
    for source in tree
        .sources
        .iter()
        .filter(|source| source.name() == "Cargo.toml" && source.path.contains('/'))
        .filter(|source| !source.path.starts_with("fuzz/"))
    // cargo-fuzz wants a workspace of its own
    {
        for (name, value) in entries(&source.text, &tables) {
            let inherited = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
            if !inherited {
                faults.push(Fault::of(
                    &source.path,
                    format!("{name}: declare it in the workspace, and say {name}.workspace = true"),
                ));
            } else if value.get("version").is_some() {
                faults.push(Fault::of(
                    &source.path,
                    format!("{name}: the version belongs in the workspace"),
                ));
            }
        }
        if !source.text.contains("[lints]\nworkspace = true") {
            faults.push(Fault::of(
                &source.path,
                "the lints of the workspace are not switched on",
            ));
        }
    }
    faults
}

/// Every outside crate in the workspace has a row in `docs/dependencies.md`, and every row a crate.
#[must_use]
pub fn row_faults(tree: &Tree) -> Vec<Fault> {
    let (Some(workspace), Some(page)) =
        (tree.find("Cargo.toml"), tree.find("docs/dependencies.md"))
    else {
        return vec![Fault::of("docs/dependencies.md", "is missing")];
    };
    let declared: Vec<String> = workspace
        .text
        .parse::<toml::Table>()
        .ok()
        .and_then(|manifest| {
            manifest
                .get("workspace")?
                .get("dependencies")?
                .as_table()
                .cloned()
        })
        .map(|table| {
            table
                .iter()
                .filter(|(_, value)| value.get("path").is_none())
                .map(|(name, _)| name.clone())
                .collect()
        })
        .unwrap_or_default();
    let taken = page.text.split("\n## Not taken").next().unwrap_or_default();
    let rows: Vec<&str> = taken
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();

    let missing = declared
        .iter()
        .filter(|name| !rows.contains(&name.as_str()));
    let stale = rows
        .iter()
        .filter(|row| !declared.iter().any(|name| name == *row));
    missing
        .map(|name| {
            Fault::of(
                &page.path,
                format!("no row says what `{name}` saves and brings along"),
            )
        })
        .chain(stale.map(|row| {
            Fault::of(
                &page.path,
                format!("`{row}` is no dependency of the workspace"),
            )
        }))
        .collect()
}

/// `Cargo.lock` stays small, and every declared dependency is used by some crate.
#[must_use]
pub fn number_faults(tree: &Tree) -> Vec<Fault> {
    let Some(lock) = tree.find("Cargo.lock") else {
        return vec![Fault::of("Cargo.lock", "is missing")];
    };
    let n_packages = lock
        .text
        .lines()
        .filter(|line| *line == "[[package]]")
        .count();
    if n_packages < MAX_PACKAGES {
        return Vec::new();
    }
    vec![Fault::of(
        &lock.path,
        format!("{n_packages} packages; it stays below {MAX_PACKAGES}"),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINTS: &str = "[lints]\nworkspace = true\n";

    fn check(dependency: &str) -> usize {
        let text = format!("{LINTS}[dependencies]\n{dependency}\n");
        version_faults(&Tree::of(&[("crates/a/Cargo.toml", &text)])).len()
    }

    #[test]
    fn a_version_outside_the_workspace_is_a_fault() {
        assert_eq!(check("a.workspace = true"), 0);
        assert_eq!(check("a = \"1\""), 1);
        assert_eq!(check("a = { git = \"https://example.org/a\" }"), 1);
    }

    #[test]
    fn a_target_specific_dependency_is_seen() {
        assert_eq!(
            names(
                "[target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n",
                &["dependencies"]
            ),
            ["libc"]
        );
    }

    #[test]
    fn a_dependency_without_a_row_and_a_row_without_a_dependency_are_faults() {
        let tree = Tree::of(&[
            (
                "Cargo.toml",
                "[workspace.dependencies]\nus = { path = \"x\" }\nold = \"1\"\nnew = \"1\"\n",
            ),
            ("docs/dependencies.md", "| `old` | x |\n| `gone` | x |\n"),
        ]);
        let messages: Vec<String> = row_faults(&tree)
            .into_iter()
            .map(|fault| fault.message)
            .collect();
        assert_eq!(messages.len(), 2);
        assert!(messages.iter().any(|message| message.contains("`new`")));
        assert!(messages.iter().any(|message| message.contains("`gone`")));
    }

    #[test]
    fn three_hundred_packages_are_too_many() {
        let lock = "[[package]]\n".repeat(300);
        assert_eq!(number_faults(&Tree::of(&[("Cargo.lock", &lock)])).len(), 1);
    }
}
