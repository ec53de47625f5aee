//! Licences, banned crates and sources, by the same `deny.toml` that cargo-deny reads.
//!
//! cargo-deny knows more (advisories), but building it takes longer than building the product;
//! the test run uses it as well wherever it is installed.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::tree::Fault;

const FILE: &str = "deny.toml";
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What `deny.toml` permits.
#[derive(Debug, Default)]
pub struct Permitted {
    licences: Vec<String>,
    exceptions: Vec<(String, Vec<String>)>,
    banned: Vec<String>,
}

impl Permitted {
    /// Reads the parts of `deny.toml` that this check knows.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let table = text.parse::<toml::Table>().unwrap_or_default();
        let licences = table.get("licenses");
        let exceptions = licences
            .and_then(|value| value.get("exceptions"))
            .and_then(toml::Value::as_array);
        let banned = table
            .get("bans")
            .and_then(|value| value.get("deny"))
            .and_then(toml::Value::as_array);
        Self {
            licences: strings(licences.and_then(|value| value.get("allow"))),
            exceptions: exceptions
                .into_iter()
                .flatten()
                .filter_map(|entry| {
                    Some((
                        entry.get("crate")?.as_str()?.to_owned(),
                        strings(entry.get("allow")),
                    ))
                })
                .collect(),
            banned: banned
                .into_iter()
                .flatten()
                .filter_map(|entry| Some(entry.get("crate")?.as_str()?.to_owned()))
                .collect(),
        }
    }

    fn allows(&self, package: &str, licence: &str) -> bool {
        let excepted = self
            .exceptions
            .iter()
            .filter(|(name, _)| name == package)
            .flat_map(|(_, allowed)| allowed);
        self.licences
            .iter()
            .chain(excepted)
            .any(|allowed| allowed == licence)
    }
}

fn strings(value: Option<&toml::Value>) -> Vec<String> {
    value
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|item| Some(item.as_str()?.to_owned()))
        .collect()
}

/// Asks cargo for every package that the lock file brings in.
///
/// # Errors
///
/// The text of what went wrong when cargo could not answer.
pub fn metadata(root: &Path) -> Result<Value, String> {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

/// Every package has a licence that we permit, comes from crates.io or from here, and is not banned.
#[must_use]
pub fn faults(metadata: &Value, permitted: &Permitted) -> Vec<Fault> {
    let packages = metadata.get("packages").and_then(Value::as_array);
    packages
        .into_iter()
        .flatten()
        .flat_map(|package| package_faults(package, permitted))
        .collect()
}

fn package_faults(package: &Value, permitted: &Permitted) -> Vec<Fault> {
    let text = |field: &str| package.get(field).and_then(Value::as_str);
    let name = text("name").unwrap_or_default();
    let mut faults = Vec::new();
    match text("license") {
        Some(expression) if satisfied(expression, &|licence| permitted.allows(name, licence)) => {}
        Some(expression) => faults.push(Fault::of(
            FILE,
            format!("{name}: licence {expression} is not permitted"),
        )),
        None => faults.push(Fault::of(FILE, format!("{name}: names no licence"))),
    }
    if permitted.banned.iter().any(|banned| banned == name) {
        faults.push(Fault::of(FILE, format!("{name} is banned")));
    }
    if text("source").is_some_and(|source| source != REGISTRY) {
        faults.push(Fault::of(
            FILE,
            format!("{name}: comes from {}", text("source").unwrap_or_default()),
        ));
    }
    faults
}

/// Whether an SPDX expression can be met by permitted licences. `/` is the old way to write `OR`.
fn satisfied(expression: &str, allows: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut words = words.into_iter().peekable();
    let met = any_of(&mut words, allows);
    met && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::vec::IntoIter<&'a str>>;

fn any_of(words: &mut Words<'_>, allows: &dyn Fn(&str) -> bool) -> bool {
    let mut met = all_of(words, allows);
    while words.next_if_eq(&"OR").is_some() {
        met |= all_of(words, allows);
    }
    met
}

fn all_of(words: &mut Words<'_>, allows: &dyn Fn(&str) -> bool) -> bool {
    let mut met = one(words, allows);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allows);
    }
    met
}

fn one(words: &mut Words<'_>, allows: &dyn Fn(&str) -> bool) -> bool {
    match words.next() {
        Some("(") => {
            let met = any_of(words, allows);
            words.next_if_eq(&")").is_some() && met
        }
        Some(licence) if words.next_if_eq(&"WITH").is_some() => {
            let exception = words.next().unwrap_or_default();
            allows(&format!("{licence} WITH {exception}"))
        }
        Some(licence) => allows(licence),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str) -> bool {
        satisfied(expression, &|licence| {
            ["MIT", "Apache-2.0", "Unicode-3.0"].contains(&licence)
        })
    }

    #[test]
    fn one_permitted_licence_of_several_is_enough_and_all_of_an_and_are_needed() {
        assert!(check("MIT"));
        assert!(check("GPL-3.0 OR MIT"));
        assert!(check("Unlicense/MIT"));
        assert!(check("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!check("MIT AND GPL-3.0"));
        assert!(!check("(MIT OR Apache-2.0) AND GPL-3.0"));
        assert!(!check("Apache-2.0 WITH LLVM-exception"));
        assert!(!check(""));
        assert!(!check("(MIT"));
    }

    #[test]
    fn a_banned_crate_a_foreign_source_and_no_licence_are_faults() {
        let permitted = Permitted::parse(
            "[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"openssl\" }]\n",
        );
        let metadata = serde_json::json!({ "packages": [
            { "name": "good", "license": "MIT", "source": REGISTRY },
            { "name": "ours", "license": "MIT", "source": null },
            { "name": "openssl", "license": "MIT", "source": REGISTRY },
            { "name": "far", "license": "MIT", "source": "git+https://example.org/far" },
            { "name": "bare", "license": null, "source": REGISTRY },
        ]});
        assert_eq!(faults(&metadata, &permitted).len(), 3);
    }
}
