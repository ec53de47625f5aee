//! What the scanner promises.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

fn check(body: &str, expected: &[(&str, LeafKind)]) {
    let leaves = scan(body.as_bytes(), &Limits::default()).expect(body);
    let found: Vec<(&str, LeafKind)> = leaves
        .iter()
        .map(|leaf| (leaf.text.as_str(), leaf.kind))
        .collect();
    assert_eq!(found, expected, "{body}");
}

fn check_refused(body: &[u8], expected: JsonFault) {
    assert_eq!(
        scan(body, &Limits::default()),
        Err(expected),
        "{}",
        String::from_utf8_lossy(body)
    );
}

#[test]
fn every_string_key_and_long_number_is_a_leaf() {
    use LeafKind::{Key, Number, Text};
    check(
        r#"{"a":"x","b":[true,null,12,123456782,{"c":"y"}],"d":-1234567.5e3}"#,
        &[
            ("a", Key),
            ("x", Text),
            ("b", Key),
            ("123456782", Number),
            ("c", Key),
            ("y", Text),
            ("d", Key),
            ("-1234567.5e3", Number),
        ],
    );
}

#[test]
fn escapes_are_resolved_and_the_range_stays_that_of_the_document() {
    let body = r#"{"k":"Jos\u00e9 \ud83d\ude00\n\"x\""}"#;
    let leaves = scan(body.as_bytes(), &Limits::default()).unwrap();
    let leaf = &leaves[1];
    assert_eq!(leaf.text, "José 😀\n\"x\"");
    assert!(leaf.is_escaped);
    assert_eq!(
        body.get(leaf.range.clone()).unwrap(),
        r#"Jos\u00e9 \ud83d\ude00\n\"x\""#
    );
}

#[test]
fn paths_have_the_shape_of_the_document() {
    let body = br#"{"messages":[{"content":[{"text":"hoi"}]}]}"#;
    let leaves = scan(body, &Limits::default()).unwrap();
    let leaf = leaves.last().unwrap();
    assert!(leaf.path.is(&["messages", "[]", "content", "[]", "text"]));
    assert!(leaf.path.starts(&["messages", "[]", "*"]));
    assert!(!leaf.path.is(&["messages", "[]"]));
    assert_eq!(leaf.path.last_key(), Some("text"));
}

#[test]
fn a_key_that_occurs_twice_is_refused_however_it_is_written() {
    check_refused(
        br#"{"role":"a","rol\u0065":"b"}"#,
        JsonFault::DuplicateKey { at: 12 },
    );
}

#[test]
fn half_a_surrogate_pair_is_refused() {
    check_refused(br#"["\ud83d"]"#, JsonFault::LoneSurrogate { at: 2 });
    check_refused(br#"["\ude00"]"#, JsonFault::LoneSurrogate { at: 2 });
    check_refused(br#"["\ud83d\u0041"]"#, JsonFault::LoneSurrogate { at: 2 });
}

#[test]
fn what_is_not_utf8_or_goes_on_too_long_is_refused() {
    check_refused(b"[\"\xff\"]", JsonFault::NotUtf8 { at: 2 });
    check_refused(b"{} {}", JsonFault::Syntax { at: 3 });
    check_refused(b"", JsonFault::Syntax { at: 0 });
    check_refused(b"\xef\xbb\xbf{}", JsonFault::Syntax { at: 0 });
    let long = vec![b' '; Limits::default().bytes + 1];
    check_refused(
        &long,
        JsonFault::TooLong {
            limit: Limits::default().bytes,
        },
    );
}

#[test]
fn sixty_four_levels_are_read_and_one_more_is_not() {
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert_eq!(
        scan(nested(64).as_bytes(), &Limits::default()),
        Ok(Vec::new())
    );
    check_refused(nested(65).as_bytes(), JsonFault::TooDeep { limit: 64 });
    check_refused(
        "[".repeat(1_000_000).as_bytes(),
        JsonFault::TooDeep { limit: 64 },
    );
}

#[test]
fn too_many_leaves_are_refused() {
    let limits = Limits {
        leaves: 2,
        ..Limits::default()
    };
    assert_eq!(
        scan(br#"["a","b","c"]"#, &limits),
        Err(JsonFault::TooMany { limit: 2 })
    );
}

#[test]
fn json_test_suite_is_judged_as_it_says() {
    let shared = std::env::var_os("WAARBORG_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let folder = shared.join("data/attacks/json/test_parsing");
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("SKIPPED: {} is not here", folder.display());
        return;
    };
    let mut n_files = 0;
    for file in files {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let body = std::fs::read(file.path()).unwrap();
        let answer = scan(&body, &Limits::default());
        let has_key_twice = name.contains("duplicated_key");
        if has_key_twice {
            assert!(
                matches!(answer, Err(JsonFault::DuplicateKey { .. })),
                "{name}: {answer:?}"
            );
        } else if name.starts_with("y_") {
            assert!(answer.is_ok(), "{name}: {answer:?}");
        } else if name.starts_with("n_") {
            assert!(answer.is_err(), "{name} was accepted");
        }
        n_files += 1;
    }
    assert!(n_files >= 300, "only {n_files} files");
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<f64>().prop_map(serde_json::Value::from),
        any::<String>().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(serde_json::Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..8)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

fn strings_of(value: &serde_json::Value, out: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => out.push(text.clone()),
        serde_json::Value::Array(values) => values.iter().for_each(|value| strings_of(value, out)),
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                out.push(key.clone());
                strings_of(value, out);
            }
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

proptest! {
    #[test]
    fn it_finds_the_strings_that_another_reader_finds(value in any_json(), is_pretty in any::<bool>()) {
        let body = if is_pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let leaves = scan(body.as_bytes(), &Limits::default()).unwrap();
        let found: Vec<String> =
            leaves.iter().filter(|leaf| leaf.kind != LeafKind::Number).map(|leaf| leaf.text.clone()).collect();
        let mut expected = Vec::new();
        strings_of(&value, &mut expected);
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn bytes_of_any_kind_are_judged_without_failing(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let answer = scan(&body, &Limits::default());
        if serde_json::from_slice::<serde_json::Value>(&body).is_err() {
            prop_assert!(answer.is_err());
        }
    }

    #[test]
    fn what_is_escaped_reads_back_the_same(text in any::<String>()) {
        let body = format!("\"{}\"", escaped(&text));
        let leaves = scan(body.as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(&leaves[0].text, &text);
    }
}

proptest! {
    #[test]
    fn what_needs_an_escape_is_seen_wherever_it_stands(text in "[a-zé ]{0,70}(\"|\\\\|\\n|\\x00|\\x1f|)[a-z🙂]{0,70}") {
        let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        let slowly = text.bytes().position(is_special).unwrap_or(text.len());
        prop_assert_eq!(plain_length(text.as_bytes()), slowly);
        let written = escaped(&text);
        prop_assert_eq!(serde_json::to_string(&text).unwrap(), format!("\"{written}\""));
    }
}
