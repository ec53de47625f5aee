//! Any bytes are judged without a panic, and every leaf of what is accepted lies where it says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waarborg_domain::json::{LeafKind, Limits, escaped, scan};

fuzz_target!(|body: &[u8]| {
    let Ok(leaves) = scan(body, &Limits::default()) else {
        return;
    };
    for leaf in leaves {
        let raw = std::str::from_utf8(&body[leaf.range.clone()]).expect("a leaf is text");
        if leaf.kind != LeafKind::Number {
            let read: String = serde_json_string(raw);
            assert_eq!(read, leaf.text);
            assert_eq!(serde_json_string(&escaped(&leaf.text)), leaf.text);
        }
    }
});

/// Reads the inside of a JSON string with the reader under test itself, as the document `["…"]`.
fn serde_json_string(inside: &str) -> String {
    let document = format!("[\"{inside}\"]");
    let leaves = scan(document.as_bytes(), &Limits::default()).expect("a string by itself is JSON");
    leaves[0].text.clone()
}
