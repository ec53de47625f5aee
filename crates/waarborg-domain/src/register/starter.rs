//! The register that `waarborg init` writes: one organisation, one model, everything else ready to run.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::{Destination, PolicyProfile};

const TEMPLATE: &str = include_str!("../../../../registers/init.toml.template");
const PROGRAM: &str = include_str!("../../../../registers/parts/program.toml");

/// A register for one recipient; it compiles as it stands, and every place to fill in is marked.
///
/// `provider` is the adapter (`openai`, `anthropic`, `demo`), `base_url` its address where it has one.
/// The country follows from the destination: the Netherlands, or outside the EEA the United States under
/// standard clauses that must be looked at again within a year of `today`.
#[must_use]
pub fn starter(
    provider: &str,
    base_url: Option<&str>,
    destination: Destination,
    profile: PolicyProfile,
    today: Date,
) -> String {
    let outside = matches!(destination, Destination::OutsideEu | Destination::Public);
    let next_year = crate::claim::Period::Years(1)
        .after_day(today)
        .unwrap_or(today);
    let mut recipient = Vec::new();
    recipient.push(format!("provider = {}", quoted(provider)));
    recipient.push(format!(
        "country = \"{}\"",
        if outside { "US" } else { "NL" }
    ));
    recipient.push(format!("destination = \"{destination}\""));
    if outside {
        recipient.push("mechanism = \"scc\"".to_owned());
        recipient.push(format!("valid_from = \"{today}\""));
        recipient.push(format!("valid_until = \"{next_year}\""));
    }
    if matches!(destination, Destination::Eu | Destination::OutsideEu) {
        recipient.push("dpa = \"dpa-model\"".to_owned());
    }
    if destination == Destination::Public {
        recipient.push("stores_input = true".to_owned());
        recipient.push("residual = \"30d\"".to_owned());
    } else {
        recipient.push("stores_input = false".to_owned());
    }
    recipient.push("trains = false".to_owned());
    if let Some(url) = base_url {
        recipient.push(format!("base_url = {}", quoted(url)));
    }

    let filled = TEMPLATE
        .replace("@TODAY@", &today.to_string())
        .replace("@NEXT_YEAR@", &next_year.to_string())
        .replace("@RECIPIENT@", &recipient.join("\n"))
        .replace("@PROFILE@", profile.as_str());
    format!("{filled}\n{PROGRAM}")
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The values that the starter register asks to be filled in, each under its key.
static PLACEHOLDERS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let marked = TEMPLATE
        .lines()
        .filter_map(|line| line.split_once("# FILL IN: "));
    marked
        .flat_map(|(value, keys)| {
            keys.split(", ").filter_map(move |key| {
                let (_, after) = value.split_once(&format!("{key} = \""))?;
                let (text, _) = after.split_once('"')?;
                Some((key.to_owned(), text.to_owned()))
            })
        })
        .collect()
});

/// Whether a value is still the one that the starter register asks to be filled in.
pub(super) fn is_placeholder(key: &str, text: &str) -> bool {
    PLACEHOLDERS
        .iter()
        .any(|(known, value)| known == key && value == text)
}
