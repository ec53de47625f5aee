//! Keys that are a word of the protocol but for their capitals.
//!
//! Much software reads keys whatever their case, and of two it takes the last (Go's `encoding/json`, which Ollama is built with, among
//! it). To such a provider `Images` are images and `Model` is the model, while here they would be unknown fields. So where a
//! provider reads members of its protocol, a key in another case is refused; where every key is the client's own, any may stand.

use std::borrow::Cow;

use waarborg_domain::json::{LeafKind, Path};

use super::format::Place;
use super::is_word;

/// Where a provider reads members of its protocol.
const READ_BY_NAME: &[Place] = &[
    &[],
    &["messages", "[]"],
    &["messages", "[]", "content", "[]"],
    &["messages", "[]", "content", "[]", "image_url"],
    &["messages", "[]", "content", "[]", "source"],
    &["messages", "[]", "tool_calls", "[]"],
    &["messages", "[]", "tool_calls", "[]", "function"],
    &["system", "[]"],
    &["input", "[]"],
    &["input", "[]", "content", "[]"],
    &["input", "[]", "output", "[]"],
    &["tools", "[]"],
    &["tools", "[]", "function"],
];

/// Members that are closed or acted on, and are no words of every protocol.
const MORE_WORDS: &[&str] = &[
    "audio",
    "container",
    "file_data",
    "file_id",
    "file_url",
    "image",
    "image_url",
    "images",
    "input_audio",
    "markup",
    "mask",
    "mcp_servers",
    "plugins",
    "result",
    "search_parameters",
    "video_url",
    "web_search_options",
];

/// Whether this is a key that some providers read as a word of the protocol and this house does not.
pub(super) fn is_disguised(path: &Path, kind: LeafKind, key: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if kind != LeafKind::Key || key.bytes().all(is_plain) {
        return false;
    }
    let folded = folded(key);
    let is_known = is_word(&folded) || MORE_WORDS.contains(&&*folded);
    is_known && folded != key && READ_BY_NAME.iter().any(|place| path.is_in(place))
}

/// A key as readers see it who do not look at case: Unicode's simple folding, by which `ſ` is an s and the sign for kelvin a k.
fn folded(key: &str) -> Cow<'_, str> {
    key.chars()
        .map(|letter| match letter {
            'ſ' => 's',
            letter => letter.to_lowercase().next().unwrap_or(letter),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use waarborg_domain::json::{Limits, scan};

    use super::*;

    fn disguised(body: &str) -> Vec<String> {
        let leaves = scan(body.as_bytes(), &Limits::default()).unwrap();
        let is_disguised =
            |leaf: &waarborg_domain::json::Leaf| is_disguised(&leaf.path, leaf.kind, &leaf.text);
        leaves
            .into_iter()
            .filter(is_disguised)
            .map(|leaf| leaf.text)
            .collect()
    }

    #[test]
    fn a_member_of_the_protocol_in_another_case_is_told_from_a_clients_own_key() {
        for (body, keys) in [
            (r#"{"model":"a","Model":"b"}"#, vec!["Model"]),
            (
                r#"{"model":"a","CONTEXT":[1],"Images":[]}"#,
                vec!["CONTEXT", "Images"],
            ),
            (
                r#"{"messages":[{"role":"user","Images":["x"]}]}"#,
                vec!["Images"],
            ),
            (r#"{"meſſages":[]}"#, vec!["meſſages"]),
            (r#"{"too\u004cs":[],"to\u212aens":1}"#, vec!["tooLs"]),
            (
                r#"{"web_\u017fearch_options":{}}"#,
                vec!["web_ſearch_options"],
            ),
            (
                r#"{"model":"a","Klant":"b","metadata":{"Model":"x"},"options":{"Stop":"x"}}"#,
                vec![],
            ),
            (
                r#"{"tools":[{"function":{"parameters":{"properties":{"Name":{"Type":"x"}}}}}]}"#,
                vec![],
            ),
            (
                r#"{"messages":[{"content":[{"type":"tool_use","input":{"Content":"x"}}]}]}"#,
                vec![],
            ),
        ] {
            assert_eq!(disguised(body), keys, "{body}");
        }
    }
}
