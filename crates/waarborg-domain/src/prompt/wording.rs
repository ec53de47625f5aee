//! How replacements stand in a string, so that who reads it next can still read it.

use std::ops::Range;

use super::screen::Mark;
use crate::json::{self, Leaf, LeafKind, Limits};

/// The text of a leaf with its marks replaced; they are in order and each has a replacement.
///
/// A name is held to letters, digits and a few signs, so it gets its surrogate without brackets.
/// In the arguments of a tool's call, a JSON text, what replaces a number becomes a string.
pub(super) fn replaced(leaf: &Leaf, marks: &[&Mark]) -> String {
    let is_name = leaf.kind == LeafKind::Text && leaf.path.last_key() == Some("name");
    let numbers = if leaf.path.last_key() == Some("arguments") {
        numbers(&leaf.text)
    } else {
        Vec::new()
    };

    let mut text = String::with_capacity(leaf.text.len() + 16);
    let mut read = 0;
    for mark in marks.iter().filter(|mark| mark.replacement.is_some()) {
        let replacement = mark.replacement.as_deref().unwrap_or_default();
        let number = numbers
            .iter()
            .find(|number| number.start < mark.span.end && mark.span.start < number.end);
        let span = number.unwrap_or(&mark.span);
        if span.start < read {
            continue;
        }
        text.push_str(leaf.text.get(read..span.start).unwrap_or_default());
        let quote = if number.is_some() { "\"" } else { "" };
        text.push_str(quote);
        text.push_str(if is_name {
            replacement.trim_matches(['[', ']'])
        } else {
            replacement
        });
        text.push_str(quote);
        read = span.end;
    }
    text.push_str(leaf.text.get(read..).unwrap_or_default());
    text
}

/// Where the long numbers of a JSON text stand; none if it is no JSON.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let leaves = json::scan(text.as_bytes(), &Limits::default()).unwrap_or_default();
    let numbers = leaves
        .into_iter()
        .filter(|leaf| leaf.kind == LeafKind::Number);
    numbers.map(|leaf| leaf.range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{DataClass, Verdict};
    use waarborg_detect::{Kind, Why};

    fn check(body: &str, value: &str, expected: &str) {
        let leaves = json::scan(body.as_bytes(), &Limits::default()).unwrap();
        let leaf = leaves
            .iter()
            .find(|leaf| leaf.text.contains(value) && leaf.kind == LeafKind::Text)
            .unwrap();
        let start = leaf.text.find(value).unwrap();
        let mark = Mark {
            text: 0,
            span: start..start + value.len(),
            kind: Kind::Bsn,
            score: 1.0,
            why: Why::ElevenTest,
            class: DataClass::NationalNumber,
            verdict: Verdict::Pseudonymise,
            waivable: false,
            replacement: Some("[BSN_12345]".into()),
        };
        assert_eq!(replaced(leaf, &[&mark]), expected);
    }

    #[test]
    fn a_text_gets_its_surrogate_in_brackets() {
        check(
            r#"{"content":"nr 123456782."}"#,
            "123456782",
            "nr [BSN_12345].",
        );
    }

    #[test]
    fn a_name_gets_it_without() {
        check(r#"{"name":"u-123456782"}"#, "123456782", "u-BSN_12345");
    }

    #[test]
    fn a_number_in_arguments_becomes_a_string() {
        check(
            r#"{"arguments":"{\"bsn\": 123456782, \"n\": 2}"}"#,
            "123456782",
            r#"{"bsn": "[BSN_12345]", "n": 2}"#,
        );
        check(
            r#"{"arguments":"{\"bsn\":\"123456782\"}"}"#,
            "123456782",
            r#"{"bsn":"[BSN_12345]"}"#,
        );
        check(
            r#"{"arguments":"geen json 123456782"}"#,
            "123456782",
            "geen json [BSN_12345]",
        );
    }
}
