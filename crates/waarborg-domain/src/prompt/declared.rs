//! The tools that a client declares, and so will run itself when a model asks for one.

use crate::json::{Leaf, LeafKind};

/// Where the formats have the names of tools.
const NAMES: [&[&str]; 4] = [
    &["tools", "[]", "function", "name"],
    &["tools", "[]", "custom", "name"],
    &["tools", "[]", "name"],
    &["functions", "[]", "name"],
];

/// The names of the tools of a request. A tool without a name, such as `local_shell`, is known by its type.
pub(super) fn tools(leaves: &[Leaf]) -> Vec<String> {
    leaves
        .iter()
        .filter(|leaf| leaf.kind == LeafKind::Text)
        .filter(|leaf| {
            NAMES.iter().any(|path| leaf.path.is(path)) || {
                let is_general = matches!(leaf.text.as_str(), "function" | "custom");
                leaf.path.is(&["tools", "[]", "type"]) && !is_general
            }
        })
        .map(|leaf| leaf.text.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, scan};

    #[test]
    fn every_format_names_its_tools() {
        let body = br#"{"tools":[{"type":"function","function":{"name":"zoek","parameters":{"properties":{"name":{"type":"string"}}}}},
            {"type":"custom","custom":{"name":"schrijf"}},{"name":"lees","input_schema":{"type":"object"}},{"type":"local_shell"}],
            "functions":[{"name":"oud"}],"tool_choice":{"function":{"name":"zoek"}},"messages":[{"name":"tools"}]}"#;
        let leaves = scan(body, &Limits::LARGEST).unwrap();
        assert_eq!(
            tools(&leaves),
            ["zoek", "schrijf", "lees", "local_shell", "oud"]
        );
    }
}
