//! Every kind of finding has texts that must give it and texts that must not.

use crate::tree::{Fault, Tree};

const KINDS: &str = "crates/waarborg-detect/src/kind.rs";
const TESTDATA: &str = "crates/waarborg-detect/testdata/";

/// Labels without texts of their own: neighbours that are no personal data, and statements that the trained tagger
/// finds and a labelled corpus measures. Each line that goes is a gain.
const MEASURED_ELSEWHERE: &[&str] = &["DATE", "ETHNICITY", "LOCATION", "ORGANISATION", "POLITICAL"];

/// Every label in `Kind::label` appears in `testdata/<language>/*.jsonl`, as in `[[BSN:123456782]]`.
#[must_use]
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let Some(kinds) = tree.find(KINDS) else {
        return vec![Fault::of(KINDS, "is missing")];
    };
    let texts: Vec<&str> = tree
        .below(TESTDATA)
        .filter(|source| source.is("jsonl"))
        .map(|source| source.text.as_str())
        .collect();
    let labels = labels(&kinds.text);
    if labels.is_empty() {
        return vec![Fault::of(KINDS, "no labels found")];
    }
    let without = labels.iter().filter(|label| {
        let marked = format!("[[{label}:");
        !texts.iter().any(|text| text.contains(&marked))
    });
    without
        .map(|label| Fault::of(TESTDATA, format!("no text that must give {label}")))
        .collect()
}

/// The labels in arms such as `Self::Bsn => "BSN"`.
fn labels(text: &str) -> Vec<String> {
    let arms = text.lines().filter_map(|line| line.split_once("=> \""));
    let words = arms.filter_map(|(_, rest)| rest.split('"').next());
    let mut labels: Vec<String> = words
        .filter(|word| !MEASURED_ELSEWHERE.contains(word))
        .filter(|word| {
            word.len() > 1
                && word
                    .chars()
                    .all(|letter| letter.is_ascii_uppercase() || letter == '_')
        })
        .map(str::to_owned)
        .collect();
    labels.sort();
    labels.dedup();
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_without_test_data_is_a_fault() {
        let kinds = (
            KINDS,
            "match self {\n Self::Bsn => \"BSN\",\n Self::Iban => \"IBAN\",\n}",
        );
        let some = (
            "crates/waarborg-detect/testdata/nl/a.jsonl",
            "{\"text\": \"[[BSN:123456782]]\"}",
        );
        let messages: Vec<String> = faults(&Tree::of(&[kinds, some]))
            .into_iter()
            .map(|fault| fault.message)
            .collect();
        assert_eq!(messages, ["no text that must give IBAN"]);
    }
}
