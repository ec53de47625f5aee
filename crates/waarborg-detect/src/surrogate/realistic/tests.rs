//! What surrogates that look real promise.

use alloc::string::String;
use alloc::vec::Vec;
use std::format;

use hmac::KeyInit as _;
use proptest::prelude::*;

use super::super::{ConversationKey, Language, Scope, Surrogates, Tools};
use super::*;
use crate::kind::Kinds;
use crate::validate;

pub(in crate::surrogate) fn key() -> Hmac<Sha256> {
    Hmac::new_from_slice(&[7; 32]).unwrap()
}

fn conversation(secret: u8, texts: &[&str]) -> Surrogates {
    let mut map = Surrogates::new(ConversationKey::new([secret; 32]), Language::Dutch);
    map.look_real();
    for text in texts {
        map.reserve(text);
    }
    map
}

const VALUES: &[(Kind, &str)] = &[
    (Kind::Person, "Jan de Vries"),
    (Kind::Person, "Jan"),
    (Kind::Person, "De Vries"),
    (Kind::Person, "JAN DE VRIES"),
    (Kind::Person, "jan de vries"),
    (Kind::Person, "J. de Vries"),
    (Kind::Person, "K. de Vries"),
    (Kind::Person, "Piet de Vries"),
    (Kind::Person, "Fatima El Amrani"),
    (Kind::Person, "Anna Bakker-Jansen"),
    (Kind::Person, "Jansen, Piet"),
    (Kind::Person, "Robin"),
    (Kind::Person, "S. Yılmaz"),
    (Kind::Person, "Jean-Pierre Martin"),
    (Kind::Person, "'t Hooft"),
    (Kind::Email, "jan@voorbeeld.nl"),
    (Kind::Email, "piet.jansen@voorbeeld.nl"),
    (Kind::Phone, "06-12345678"),
    (Kind::Phone, "0612345678"),
    (Kind::Phone, "+31 6 12345678"),
    (Kind::Bsn, "111222333"),
    (Kind::Bsn, "1112.22.333"),
    (Kind::Iban, "NL91 ABNA 0417 1643 00"),
    (Kind::Iban, "NL91ABNA0417164300"),
    (Kind::CreditCard, "4111 1111 1111 1111"),
    (Kind::Postcode, "1234 AB"),
    (Kind::Postcode, "1234AB"),
    (Kind::LicencePlate, "XK-123-B"),
    (Kind::City, "Utrecht"),
    (Kind::City, "Den Bosch"),
    (Kind::Address, "Kerkstraat 12"),
    (Kind::Address, "Prins Hendriklaan 8a"),
    (Kind::DateOfBirth, "14-02-1983"),
    (Kind::DateOfBirth, "1990-12-31"),
    (Kind::DateOfBirth, "3 maart 1975"),
    (Kind::Date, "1 april 2024"),
    (Kind::Ip, "84.12.3.9"),
    (Kind::Ip, "2a02:a45f::1"),
    (Kind::CustomerNumber, "48213"),
    (Kind::IdNumber, "NX1234567"),
    (Kind::ApiKey, "hunter2"),
    (Kind::Health, "diabetes"),
];

const BETWEEN: &[&str] = &[
    " en ",
    ", ",
    ". ",
    "\n",
    " (",
    ") ",
    " met de heer ",
    "; ook ",
    ": ",
    " | ",
    " \"",
    "\" ",
    "'s auto van ",
    " - ",
];

fn is_in_brackets(surrogate: &str) -> bool {
    surrogate.starts_with('[')
}

#[test]
fn what_could_be_somebodys_keeps_its_brackets_and_all_else_looks_real() {
    let mut map = conversation(7, &[]);
    for (kind, value) in VALUES {
        let surrogate = map.surrogate(*kind, value);
        let stays = matches!(
            kind,
            Kind::CustomerNumber | Kind::IdNumber | Kind::ApiKey | Kind::Health
        );
        assert_eq!(is_in_brackets(&surrogate), stays, "{value}: {surrogate}");
    }
}

#[test]
fn a_person_stays_one_however_they_are_named() {
    let text = "Jan de Vries, Jan, meneer De Vries, J. de Vries";
    let mut map = conversation(7, &[text]);
    let whole = map.surrogate(Kind::Person, "Jan de Vries");
    let first = map.surrogate(Kind::Person, "Jan");
    let last = map.surrogate(Kind::Person, "De Vries");
    let initial = map.surrogate(Kind::Person, "J. de Vries");
    let (own_first, own_last) = whole.split_once(" de ").unwrap();
    assert_eq!(
        (first.as_str(), last.as_str()),
        (own_first, format!("De {own_last}").as_str())
    );
    let letter = own_first.chars().next().unwrap();
    assert_eq!(initial, format!("{letter}. de {own_last}"));
    assert_eq!(names::gender(own_first), Gender::Man);
    let shouted = map.surrogate(Kind::Person, "JAN DE VRIES");
    assert_eq!(shouted, whole.to_uppercase());

    let check = |written: String, expected: &str| {
        assert_eq!(
            map.restore_all(&written, Scope::Text),
            expected,
            "{written}"
        );
    };
    check(
        format!("Beste {own_first}, dag {own_first}!"),
        "Beste Jan, dag Jan!",
    );
    check(format!("meneer {own_last}"), "meneer Vries");
    check(format!("meneer De {own_last}"), "meneer De Vries");
    check(
        format!("{own_first}s auto, {whole}'s fiets"),
        "Jans auto, Jan de Vries's fiets",
    );
    check(whole.to_lowercase(), "Jan de Vries");
    check(whole.replace(' ', "\u{a0}"), "Jan de Vries");
    check(
        format!("**{own_first}** de **{own_last}**"),
        "**Jan** de **Vries**",
    );
    check(format!("{letter}. de {own_last}"), "J. de Vries");
    check(
        format!("{own_first} Watson"),
        &format!("{own_first} Watson"),
    );
    check(
        format!("{own_first} van der Watson"),
        &format!("{own_first} van der Watson"),
    );
    check(format!("{own_first} I mean"), "Jan I mean");
    check(
        format!("{own_first}son {own_last}berg"),
        &format!("{own_first}son {own_last}berg"),
    );
    check(
        format!("https://evil.test/?{own_last}"),
        &format!("https://evil.test/?{own_last}"),
    );
}

#[test]
fn another_conversation_has_other_surrogates_and_the_same_one_the_same() {
    for (kind, value) in VALUES {
        let one = conversation(7, &[value]).surrogate(*kind, value);
        assert_eq!(conversation(7, &[value]).surrogate(*kind, value), one);
        let others = (8..16).map(|secret| conversation(secret, &[value]).surrogate(*kind, value));
        let n_same = others.filter(|other| *other == one).count();
        assert!(n_same < 2, "{value}: {one}");
    }
}

#[test]
fn what_stands_in_the_text_is_never_issued() {
    for (kind, value) in VALUES
        .iter()
        .filter(|(kind, _)| !matches!(kind, Kind::Date | Kind::DateOfBirth))
    {
        let mut texts = String::from(*value);
        for _ in 0..6 {
            let surrogate = conversation(7, &[&texts]).surrogate(*kind, value);
            if is_in_brackets(&surrogate) {
                break;
            }
            for word in surrogate.split(|letter: char| !letter.is_alphanumeric()) {
                let is_new = word.len() < 5 || !texts.contains(word);
                assert!(
                    is_new || matches!(*kind, Kind::Email | Kind::Iban),
                    "{value}: {surrogate}"
                );
            }
            assert!(!texts.contains(&surrogate), "{value}: {surrogate}");
            texts.push_str(", ");
            texts.push_str(&surrogate);
        }
    }
}

#[test]
fn dates_keep_what_lies_between_them_and_come_back_in_other_forms() {
    let mut map = conversation(7, &[]);
    let moved = |map: &mut Surrogates, value: &str| {
        let surrogate = map.surrogate(Kind::DateOfBirth, value);
        dates::read(&surrogate).unwrap().0
    };
    let own = |value: &str| dates::read(value).unwrap().0;
    let values = [
        "14-02-1983",
        "1990-12-31",
        "3 maart 1975",
        "29 februari 2000",
        "March 3, 2001",
    ];
    for one in values {
        for other in values {
            let (from, to) = (moved(&mut map, one), moved(&mut map, other));
            assert_eq!(from.until(to), own(one).until(own(other)), "{one} {other}");
        }
        let days = own(one).until(moved(&mut map, one));
        assert!(days != 0 && days % 7 == 0 && days.abs() < 365, "{days}");
    }
    let day = moved(&mut map, "3 maart 1975");
    let written: Vec<String> = dates::Form::others()
        .iter()
        .map(|form| form.write(day))
        .collect();
    let expected: Vec<String> = dates::Form::others()
        .iter()
        .map(|form| form.write(own("3 maart 1975")))
        .collect();
    for (written, expected) in written.iter().zip(expected) {
        let restored = map.restore_all(written, Scope::Text);
        assert_eq!(
            dates::read(&restored).unwrap().0,
            own(&expected),
            "{written}"
        );
        assert_eq!(restored.contains(' '), expected.contains(' '), "{restored}");
    }
}

#[test]
fn a_day_that_somebody_wrote_is_no_other_days_surrogate() {
    let mut map = conversation(7, &[]);
    let surrogate = map.surrogate(Kind::DateOfBirth, "14-02-1983");
    let (day, _) = dates::read(&surrogate).unwrap();
    for form in dates::Form::others() {
        let written = form.write(day);
        let mut map = conversation(7, &[&format!("De zaak is van {written}.")]);
        let surrogate = map.surrogate(Kind::DateOfBirth, "14-02-1983");
        assert!(is_in_brackets(&surrogate), "{written}: {surrogate}");
        assert_eq!(map.restore_all(&written, Scope::Text), written);
    }
    // The same day in another form is that day.
    let other = map.surrogate(Kind::DateOfBirth, "14 februari 1983");
    assert_eq!(dates::read(&other).unwrap().0, day, "{other}");
}

#[test]
fn a_long_conversation_costs_no_more_than_its_length() {
    let long = "0123456789".repeat(400_000);
    let mut map = conversation(7, &[&long]);
    let values = (0..400).map(|n| format!("iemand{n}@voorbeeld.nl"));
    let surrogates: Vec<String> = values
        .map(|value| map.surrogate(Kind::Email, &value))
        .collect();
    let n_brackets = surrogates
        .iter()
        .filter(|surrogate| is_in_brackets(surrogate))
        .count();
    assert!((300..400).contains(&n_brackets), "{n_brackets}");
}

#[test]
fn numbers_come_back_however_they_are_spaced() {
    let mut map = conversation(7, &[]);
    for (kind, value, signs) in [
        (Kind::Iban, "NL91 ABNA 0417 1643 00", " "),
        (Kind::Phone, "06-12345678", "-"),
        (Kind::Bsn, "1112.22.333", "."),
        (Kind::CreditCard, "4111 1111 1111 1111", " "),
    ] {
        let surrogate = map.surrogate(kind, value);
        for mark in ["", "-", " ", "\u{a0}"] {
            let written = surrogate.replace(signs, mark);
            assert_eq!(map.restore_all(&written, Scope::Text), value, "{written}");
        }
        let longer = format!("{surrogate}1");
        assert_eq!(map.restore_all(&longer, Scope::Text), longer);
    }
}

#[test]
fn a_map_that_was_written_out_is_taken_over() {
    let mut map = conversation(7, &[]);
    let all: Vec<String> = VALUES
        .iter()
        .map(|(kind, value)| map.surrogate(*kind, value))
        .collect();
    // Another spelling that looks the same is told in the map, and taken over too.
    assert_eq!(map.surrogate(Kind::Email, "JAN@voorbeeld.nl"), all[15]);
    let mut again = conversation(9, &[]);
    for (kind, surrogate, value) in map.entries() {
        assert!(again.adopt(kind, surrogate, value), "{surrogate}");
        assert!(
            !again.adopt(kind, surrogate, "iemand anders"),
            "{surrogate}"
        );
    }
    for ((kind, value), surrogate) in VALUES.iter().zip(&all) {
        assert_eq!(again.surrogate(*kind, value), *surrogate);
        assert_eq!(again.restore_all(surrogate, Scope::Text), *value);
    }
    let first = &all[1];
    assert!(again.stand_in(&format!("Dit is {first}.")) && !again.stand_in("Dit is Jan."));
    let mut without = Surrogates::new(ConversationKey::new([9; 32]), Language::Dutch);
    assert!(!without.adopt(Kind::Person, first, "Jan"));
}

#[test]
fn what_a_tool_does_not_get_stays_a_surrogate() {
    let mut map = conversation(7, &[]);
    let name = map.surrogate(Kind::Person, "Jan \"J\" de Vries");
    assert!(is_in_brackets(&name), "quotes are no part of a name");
    let name = map.surrogate(Kind::Person, "Jan de Vries");
    let bsn = map.surrogate(Kind::Bsn, "111222333");
    let arguments = format!("{{\"n\":\"{name}\",\"b\":\"{bsn}\"}}");
    let restored = map.restore_all(&arguments, Scope::ToolArguments(Tools::ordinary()));
    assert_eq!(
        restored,
        format!("{{\"n\":\"Jan de Vries\",\"b\":\"{bsn}\"}}")
    );
}

/// A plate and an account begin with capitals, as a surname does.
#[test]
fn a_first_name_before_a_plate_or_an_account_comes_back() {
    for behind in [
        (Kind::LicencePlate, "XK-123-B"),
        (Kind::Iban, "NL91 ABNA 0417 1643 00"),
    ] {
        let text = format!("Over Robin {}", behind.1);
        let mut map = conversation(0, &[&text]);
        let sent = format!(
            "Over {} {}",
            map.surrogate(Kind::Person, "Robin"),
            map.surrogate(behind.0, behind.1)
        );
        assert_eq!(map.restore_all(&sent, Scope::Text), text, "{sent}");
    }
}

/// The letter of an escape is none of the word behind it.
#[test]
fn a_value_at_the_beginning_of_a_line_comes_back_in_json() {
    let lines = "Beste\nJan de Vries,\tbel Jan\r\n\"Jan\"\n0612345678\u{1}Jan";
    let mut map = conversation(0, &[lines]);
    let mut sent = lines.to_string();
    for (kind, value) in [
        (Kind::Person, "Jan de Vries"),
        (Kind::Phone, "0612345678"),
        (Kind::Person, "Jan"),
    ] {
        let surrogate = map.surrogate(kind, value);
        sent = sent.replace(value, &surrogate);
    }
    let written = serde_json::to_string(&sent).unwrap();
    let gets = Kinds::NONE.with(Kind::Person).with(Kind::Phone);
    for scope in [Scope::JsonString, Scope::ToolArguments(gets)] {
        let whole = map.restore_all(&written, scope);
        let read: String = serde_json::from_str(&whole).unwrap();
        assert_eq!(read, lines, "{written}");
        let mut restorer = map.restorer(scope);
        let mut out = String::new();
        for letter in written.chars() {
            out.push_str(&restorer.push(letter.encode_utf8(&mut [0; 4])));
        }
        out.push_str(&restorer.finish());
        assert_eq!(out, whole);
    }
    // A word in brackets that a model left out is a word as well, and the rest of an escape is none.
    let mut map = Surrogates::new(ConversationKey::new([1; 32]), Language::Dutch);
    let jan = map.surrogate(Kind::Person, "Jan");
    let bare = jan.trim_matches(['[', ']']);
    let written = format!("\"Beste\\n{bare}, {bare}\"");
    let restored = map.restore_all(&written, Scope::JsonString);
    assert_eq!(restored, "\"Beste\\nJan, Jan\"");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_replaced_comes_back_however_it_is_cut(
        secret in 0_u8..=255,
        picks in proptest::collection::vec((0..VALUES.len(), 0..BETWEEN.len()), 1..14),
        cuts in proptest::collection::vec(1_usize..9, 1..20),
    ) {
        let mut text = String::from("Over ");
        for (value, between) in &picks {
            text.push_str(VALUES[*value].1);
            text.push_str(BETWEEN[*between]);
        }
        let mut map = conversation(secret, &[&text]);
        let mut sent = String::from("Over ");
        for (value, between) in &picks {
            let (kind, value) = VALUES[*value];
            let surrogate = map.surrogate(kind, value);
            prop_assert!(!text.contains(&surrogate), "{}", surrogate);
            prop_assert!(VALUES.iter().all(|(_, value)| *value != surrogate));
            let digits: Vec<u8> = surrogate.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
            let compact: Vec<u8> = surrogate.bytes().filter(u8::is_ascii_alphanumeric).collect();
            match kind {
                Kind::Bsn => prop_assert!(!validate::eleven_test(&digits)),
                Kind::CreditCard => prop_assert!(!validate::luhn(&digits)),
                Kind::Iban => prop_assert!(!validate::iban(&compact)),
                _ => {}
            }
            sent.push_str(&surrogate);
            sent.push_str(BETWEEN[*between]);
        }
        prop_assert_eq!(&map.restore_all(&sent, Scope::Text), &text, "{}", sent);
        let mut restorer = map.restorer(Scope::Text);
        let mut out = String::new();
        let mut letters = sent.chars().peekable();
        let mut cut = cuts.iter().cycle();
        while letters.peek().is_some() {
            let piece: String = letters.by_ref().take(*cut.next().unwrap()).collect();
            out.push_str(&restorer.push(&piece));
            prop_assert!(restorer.held_back() <= 64);
        }
        out.push_str(&restorer.finish());
        prop_assert_eq!(&out, &text);
    }
}
