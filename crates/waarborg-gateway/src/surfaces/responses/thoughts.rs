//! Thoughts that come back by their names alone. Clients send all items of an answer back, also of one that nobody kept: its provider has
//! them no more, and would refuse the whole request for them.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::references::Item;

#[derive(Deserialize)]
struct Asked<'b> {
    #[serde(borrow, default)]
    model: Cow<'b, str>,
    #[serde(borrow, default)]
    input: Vec<&'b RawValue>,
}

/// The request without its thoughts that say nothing and are not sealed, where who is asked for its model does not keep any; `None` where
/// it stays as it is.
pub(super) fn without_lost(body: &[u8], keeps: &dyn Fn(&str) -> bool) -> Option<Vec<u8>> {
    // Few requests have any.
    let text = std::str::from_utf8(body).ok()?;
    if !text.contains("\"reasoning\"") {
        return None;
    }
    // Whoever reads it strictly, after this, says what is wrong with it.
    let asked: Asked<'_> = serde_json::from_str(text).ok()?;
    let is_lost = |item: &&RawValue| {
        let item = serde_json::from_str::<Item>(item.get());
        item.is_ok_and(|item| item.is_lost_thought)
    };
    if !asked.input.iter().any(is_lost) || keeps(&asked.model) {
        return None;
    }
    let first = asked.input.first()?;
    let last = asked.input.last()?;
    let start = place_in(text, first.get());
    let end = place_in(text, last.get()) + last.get().len();
    let stays = asked.input.iter().filter(|item| !is_lost(item));
    let stays: Vec<&str> = stays.map(|item| item.get()).collect();
    let parts = [text.get(..start)?, &stays.join(","), text.get(end..)?];
    Some(parts.concat().into_bytes())
}

/// Where a part of a text begins in it, in bytes.
fn place_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: Option<&str>) {
        let left = without_lost(body.as_bytes(), &|model| model == "bewaart");
        let left = left.map(|left| String::from_utf8(left).unwrap());
        assert_eq!(left.as_deref(), expected, "{body}");
    }

    #[test]
    fn a_thought_that_nobody_kept_stays_behind_and_nothing_else_changes() {
        check(
            r#" {"model":"klein", "input": [ {"role":"user","content":"é"}, {"type":"reasoning","id":"rs_1","summary":[]} , {"type":"function_call","id":"fc_1","arguments":"{}"} ] ,"x":[1]}"#,
            Some(
                r#" {"model":"klein", "input": [ {"role":"user","content":"é"},{"type":"function_call","id":"fc_1","arguments":"{}"} ] ,"x":[1]}"#,
            ),
        );
        check(
            r#"{"input":[{"type":"reasoning","id":"rs_1","summary":[],"content":null,"encrypted_content":null,"status":null}]}"#,
            Some(r#"{"input":[]}"#),
        );
        check(
            r#"{"input":[{"type":"reasoning","id":"rs_1"},{"type":"reasoning","id":"rs_2"},"x"]}"#,
            Some(r#"{"input":["x"]}"#),
        );
    }

    #[test]
    fn what_says_something_is_sealed_or_kept_stays() {
        for body in [
            r#"{"model":"bewaart","input":[{"type":"reasoning","id":"rs_1","summary":[]}]}"#,
            r#"{"input":[{"type":"reasoning","id":"rs_1","encrypted_content":"AAAA"}]}"#,
            r#"{"input":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"x"}]}]}"#,
            r#"{"input":[{"type":"reasoning","summary":[]}]}"#,
            r#"{"input":[{"type":"compaction","id":"reasoning"}]}"#,
            r#"{"input":[{"type":"item_reference","id":"reasoning"}]}"#,
            r#"{"input":[{"type":"message","id":"reasoning"}]}"#,
            r#"{"input":"\"reasoning\""}"#,
            r#"{"input":[{"type":"reasoning","id":"rs_1"}],"input":[]}"#,
            r#"{"input":[{"type":"reasoning","id":"rs_1"}"#,
            r#"[{"type":"reasoning","id":"rs_1"}]"#,
            r#"{"input":{"type":"reasoning","id":"rs_1"}}"#,
        ] {
            check(body, None);
        }
    }
}
