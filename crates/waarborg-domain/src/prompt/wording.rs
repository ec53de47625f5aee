//! How replacements stand in a text, so that who reads it next can still read it.

use std::ops::Range;

use super::nested::Text;
use super::screen::Mark;
use crate::json::LeafKind;

/// A text with its marks replaced; they are in order.
///
/// A name is held to letters, digits and a few signs, so it gets its surrogate without brackets; and so does every
/// place in a text that repeats a part of such a name.
pub(super) fn replaced(text: &Text, marks: &[&Mark]) -> String {
    let mut out = String::with_capacity(text.text.len() + 16);
    let mut read = 0;
    for mark in marks {
        let Some(replacement) = &mark.replacement else {
            continue;
        };
        out.push_str(text.text.get(read..mark.span.start).unwrap_or_default());
        out.push_str(if is_tight(text, &mark.span) {
            replacement.trim_matches(['[', ']'])
        } else {
            replacement
        });
        read = mark.span.end;
    }
    out.push_str(text.text.get(read..).unwrap_or_default());
    out
}

/// Whether only letters, digits and a few signs may stand here: in a name, or tied to the word beside it.
pub(super) fn is_tight(text: &Text, span: &Range<usize>) -> bool {
    let is_name = text.is_name
        || (text.home == 0 && text.kind == LeafKind::Text && text.path.last_key() == Some("name"));
    is_name || is_joined(&text.text, span)
}

/// Whether an underscore ties a span to the word beside it.
fn is_joined(text: &str, span: &Range<usize>) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    before.ends_with('_') || after.starts_with('_')
}

#[cfg(test)]
mod tests {
    use super::super::LeafRole;
    use super::super::nested::Texts;
    use super::*;
    use crate::json::{self, Limits};
    use crate::policy::{DataClass, Verdict};
    use waarborg_detect::{About, Kind, Why};

    fn check(body: &str, value: &str, expected: &str) {
        let texts = json::scan(body.as_bytes(), &Limits::default()).unwrap();
        let texts = Texts::opened(
            texts
                .into_iter()
                .map(|leaf| (leaf, LeafRole::Text))
                .collect(),
            1000,
        )
        .unwrap();
        let text = texts
            .all()
            .iter()
            .find(|text| text.text.contains(value) && text.kind == LeafKind::Text)
            .unwrap();
        let start = text.text.find(value).unwrap();
        let mark = Mark {
            text: 0,
            span: start..start + value.len(),
            kind: Kind::Bsn,
            score: 1.0,
            why: Why::ElevenTest,
            about: About::default(),
            class: DataClass::NationalNumber,
            verdict: Verdict::Pseudonymise,
            changed_by: None,
            waivable: false,
            fixed: None,
            replacement: Some("[BSN_12345]".into()),
        };
        assert_eq!(replaced(text, &[&mark]), expected);
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
    fn a_name_in_the_arguments_of_a_tool_is_a_text() {
        check(
            r#"{"arguments":"{\"name\":\"u-123456782\"}"}"#,
            "123456782",
            "u-[BSN_12345]",
        );
    }
}
