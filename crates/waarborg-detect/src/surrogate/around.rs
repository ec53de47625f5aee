//! What stands around a value comes back as it was written: backslashes of paths and escapes, brackets and quotes, in
//! plain text and in JSON, whole and in pieces.

use alloc::string::{String, ToString as _};
use std::format;

use proptest::prelude::*;

use super::*;

const VALUES: [(Kind, &str); 3] = [
    (Kind::Person, "Jan de Vries"),
    (Kind::Username, "wterpstra"),
    (Kind::Address, "Kade \\ \"12\""),
];

fn surrogates() -> Surrogates {
    Surrogates::new(ConversationKey::new([7; 32]), Language::Dutch)
}

/// A text with `{0}`, `{1}` and `{2}` for values: as it was written, and as it is sent.
fn written_and_sent(text: &str, map: &mut Surrogates) -> (String, String) {
    let (mut written, mut sent) = (text.to_string(), text.to_string());
    for (place, (kind, value)) in VALUES.iter().enumerate() {
        let place = format!("{{{place}}}");
        let surrogate = map.surrogate(*kind, value);
        for (at, place) in text.match_indices(&place) {
            if is_in_brackets(text, &(at..at + place.len())) {
                map.keep_brackets(*kind, value);
            }
        }
        sent = sent.replace(&place, &surrogate);
        written = written.replace(&place, value);
    }
    (written, sent)
}

fn restored_in_pieces(map: &Surrogates, text: &str, scope: Scope, sizes: &[usize]) -> String {
    let mut restorer = map.restorer(scope);
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    let mut sizes = sizes.iter().cycle();
    while letters.peek().is_some() {
        let piece: String = letters.by_ref().take(*sizes.next().unwrap()).collect();
        out.push_str(&restorer.push(&piece));
    }
    out.push_str(&restorer.finish());
    out
}

/// Checks what comes of an answer, whole and letter by letter.
fn check_restored(map: &Surrogates, written: &str, expected: &str) {
    let whole = map.restore_all(written, Scope::Text);
    let pieces = restored_in_pieces(map, written, Scope::Text, &[1]);
    assert_eq!([&*whole, &*pieces], [expected; 2], "{written}");
}

/// Sends a text, has a model repeat it as text and in the arguments of a tool, and returns what it was and what comes of
/// both.
fn repeated(text: &str, sizes: &[usize]) -> [String; 3] {
    let mut map = surrogates();
    let (written, sent) = written_and_sent(text, &mut map);
    let plain = map.restore_all(&sent, Scope::Text);
    let pieces = restored_in_pieces(&map, &sent, Scope::Text, sizes);
    assert_eq!(plain, pieces, "{sent}");

    let scope = Scope::ToolArguments(
        Kinds::NONE
            .with(Kind::Person)
            .with(Kind::Username)
            .with(Kind::Address),
    );
    let arguments = serde_json::to_string(&sent).unwrap();
    let restored = map.restore_all(&arguments, scope);
    let pieces = restored_in_pieces(&map, &arguments, scope, sizes);
    assert_eq!(restored, pieces, "{arguments}");
    [written, plain, serde_json::from_str(&restored).unwrap()]
}

/// Checks that a text that a model repeats letter by letter is what it was.
fn comes_back(text: &str) {
    let [written, plain, argument] = repeated(text, &[1]);
    assert_eq!((&plain, &argument), (&written, &written), "{text}");
}

#[test]
fn a_backslash_before_a_value_stays() {
    for text in [
        "C:\\Users\\{1}\\notes.txt",
        "\\\\server\\home\\{1}\\x",
        "C:\\\\Users\\\\{1}\\\\notes.txt",
        "naam\\{0}, naam\\t{0}, naam\\n{0}\\n",
        "\\{0}\\",
        "\\\\{0}\\\\",
        "\\\\\\{0}\\\\\\",
        "\\({0}\\)",
        "\\{{0}\\}",
        "\\[\\{0}\\]",
        "[\\{0}]",
        "\\{0}\\{1}-\\{2}",
    ] {
        comes_back(text);
    }
}

#[test]
fn a_bracket_that_another_answers_is_none_of_the_surrogate() {
    for text in ["[{0}\\]", "\\[{0}\\]", "[{0})", "[{0}>", "[[{0}, {1}]]"] {
        comes_back(text);
    }
}

#[test]
fn a_value_that_was_sent_in_brackets_keeps_them() {
    for text in [
        "namen: [{0}]",
        "Zie [{0}](https://voorbeeld.example/a) en [{0}][1]",
        "[[{0}]]",
        "\\[{0}\\]",
        "[{0}][{1}], [{2}]",
        "x = [{0}] + [{0}, {1}] + {0}",
    ] {
        comes_back(text);
    }
}

#[test]
fn a_pair_that_a_model_added_goes_and_one_that_was_sent_stays() {
    let mut map = surrogates();
    let [jan, piet] = ["Jan", "Piet"].map(|name| map.surrogate(Kind::Person, name));
    map.keep_brackets(Kind::Person, "jan");
    for (written, expected) in [
        (format!("[{jan}] en [{piet}]"), "[Jan] en Piet"),
        (format!("{jan} en {piet}"), "Jan en Piet"),
        (format!("\\[{jan}\\]"), "\\[Jan\\]"),
        (jan.replace('[', "[[").replace(']', "'s]]"), "[Jan's]"),
        (
            jan.replace('[', "\\[\\[").replace(']', "\\]\\]"),
            "\\[Jan\\]",
        ),
        (jan.replace('[', "{{").replace(']', "}}"), "Jan"),
    ] {
        check_restored(&map, &written, expected);
    }
}

#[test]
fn every_surrogate_of_a_value_that_was_taken_over_keeps_its_brackets() {
    let mut map = surrogates();
    let surrogates = ["[PERSOON_12345]", "[PERSOON_12346]", "[PERSOON_12347]"];
    let [first, second, third] = surrogates;
    assert!(map.adopt(Kind::Person, first, "Jan") && map.adopt(Kind::Person, second, "Jan"));
    map.keep_brackets(Kind::Person, "Jan");
    assert!(map.adopt(Kind::Person, third, "Jan"));
    assert_eq!(
        map.kept_brackets().collect::<alloc::vec::Vec<_>>(),
        [true; 3]
    );
    for surrogate in surrogates {
        let sent = format!("[{surrogate}]");
        assert_eq!(map.restore_all(&sent, Scope::Text), "[Jan]");
    }
}

#[test]
fn backslashes_that_escape_both_brackets_go_with_them() {
    let mut map = surrogates();
    let jan = map.surrogate(Kind::Person, "Jan");
    let bare = jan.trim_matches(['[', ']']);
    let escaped = bare.replace('_', "\\_");
    for (written, expected) in [
        (format!("\\[{bare}\\]"), "Jan"),
        (format!("\\[{escaped}\\]"), "Jan"),
        (format!("\\\\[{bare}\\\\]"), "Jan"),
        (format!("\\[\\[{bare}\\]\\]"), "Jan"),
        (format!("\\({bare}\\)"), "Jan"),
        (format!("\\[**{bare}**\\]"), "Jan"),
        (format!("\\u005b{bare}\\u005d"), "Jan"),
        (format!("\\u005b{bare}]"), "Jan"),
        (format!("[{bare}\\]"), "Jan"),
        // What stood before it was there before a model escaped it.
        (format!("C:\\\\\\[{bare}\\]\\x"), "C:\\\\Jan\\x"),
        (format!("\\\\[{bare}\\]"), "\\Jan"),
    ] {
        check_restored(&map, &written, expected);
    }
}

/// What a text is put together from. Nothing in it makes a link or a tag, in which nothing comes back.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(alloc::vec!["{0}", "{1}", "{2}"]).prop_map(String::from),
        3 => prop::sample::select(alloc::vec!["\\", "\\\\", "\\n", "\\t", "\\\"", "C:\\Users\\"])
            .prop_map(String::from),
        3 => prop::sample::select(alloc::vec!["[", "]", "{", "}", " (", ")", "[[", "]]", "\\[", "\\]"])
            .prop_map(String::from),
        2 => "[a-z \"'\n\t,.*_`~é]{1,3}",
    ]
}

proptest! {
    #[test]
    fn whatever_stands_around_values_comes_back_as_it_was(
        pieces in proptest::collection::vec(piece(), 0..14),
        sizes in proptest::collection::vec(1_usize..9, 1..20),
    ) {
        let text = pieces.concat();
        let [written, plain, argument] = repeated(&text, &sizes);
        prop_assert_eq!(&plain, &written, "{}", text);
        prop_assert_eq!(&argument, &written, "{}", text);
    }
}
