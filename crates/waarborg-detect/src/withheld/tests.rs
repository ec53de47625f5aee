//! What withholding promises.

use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use alloc::vec::Vec;
use alloc::{format, vec};

use super::*;

const NOTICE: &str = "[…]";

fn key() -> ListKey {
    ListKey::new([3; 32])
}

fn list(instead: Instead) -> Withheld {
    let around = ["Utrecht", "huisarts", "Praktijk De Linde", "1970"];
    let jan = Entry::new(&key(), &["Jan Pieter de Vries"], &around, instead).unwrap();
    let zoe = Entry::new(&key(), &["Zoë Müller"], &["Groningen"], Instead::Nothing).unwrap();
    Withheld::new(key(), vec![jan, zoe])
}

fn gone(text: &str) -> String {
    list(Instead::Nothing).applied_to(text, NOTICE)
}

fn check(text: &str, expected: &str) {
    assert_eq!(gone(text), expected, "{text}");
}

#[test]
fn a_passage_about_the_person_goes_and_the_rest_stays() {
    check(
        "Er zijn drie praktijken. Jan de Vries is huisarts. Hij stal een fiets.\n\nVerder niets.",
        "Er zijn drie praktijken. […]\n\nVerder niets.",
    );
    check(
        "In Utrecht werkt een arts.\nDat is Jan de Vries.\n",
        "In Utrecht werkt een arts.\n[…]\n",
    );
    check(
        "Jan de Vries is bekend. Hij werkt als huisarts. Meer weet ik niet.",
        NOTICE,
    );
}

#[test]
fn a_namesake_stays() {
    for text in [
        "Jan de Vries bakt brood in Breda. Hij is beroemd.\n\nTot ziens.",
        "Piet de Vries is huisarts in Utrecht.",
        "De Vries is huisarts in Utrecht.",
        "Jan uit Utrecht.",
        "Jan de Vries is keeper.\n\nEen alinea.\n\nNog een.\n\nIn Utrecht regent het.",
        "",
        "\n\n",
    ] {
        check(text, text);
    }
}

#[test]
fn spellings_alphabets_and_forms_of_the_name_make_no_difference() {
    for name in [
        "Jan Pieter de Vries",
        "jan DE vries",
        "Jan de Fries",
        "J.P. de Vries",
        "J. de Vries",
        "Vries, Jan de",
        "Jan-Pieter de Vries",
        "Jan\u{200b} de Vr\u{ad}ies",
        "**Jan de Vries**",
        "Jan de Vries'",
        "Ян де Врис",
        "jan_de_vries",
        "jandevries@example.org",
    ] {
        check(&format!("Over {name}, huisarts: een dief."), NOTICE);
    }
    check("Zoe Muller woont in Groningen.", NOTICE);
    check("Zoe Müllers Fahrrad steht in Groningen.", NOTICE);
    check("Zoë Müller lives in Groningen. She is known.", NOTICE);
}

#[test]
fn after_the_whole_name_the_surname_alone_is_enough() {
    check(
        "Jan de Vries is huisarts.\n\nMeneer De Vries stal een fiets in Utrecht.",
        "[…]\n\n[…]",
    );
}

#[test]
fn an_item_of_a_list_goes_alone() {
    check(
        "Huisartsen:\n- Piet Bakker, Utrecht\n- Jan de Vries, Utrecht\n  en een dief\n- Anna Smit\n",
        "Huisartsen:\n- Piet Bakker, Utrecht\n- […]\n- Anna Smit\n",
    );
    check(
        "1. Jan de Vries, huisarts\n2. Anna Smit\n",
        "1. […]\n2. Anna Smit\n",
    );
}

#[test]
fn what_stands_below_an_item_of_a_list_goes_with_it() {
    check(
        "- Piet Bakker\n- Jan de Vries, Utrecht\n  - stal een fiets\n\t* en een auto\n- Anna Smit\n",
        "- Piet Bakker\n- […]\n- Anna Smit\n",
    );
    check(
        "1. Artsen\n   - Jan de Vries\n     - huisarts\n   - Anna Smit\n2. Verder\n",
        "1. Artsen\n   - […]\n   - Anna Smit\n2. Verder\n",
    );
}

#[test]
fn a_passage_goes_if_one_of_those_in_it_had_that_asked_and_the_statements_of_the_others_follow() {
    let said = || Instead::Statement("Rechtzetting: hij stal niets.".to_string());
    let entry = |name: &str, around: &str, instead: Instead| {
        Entry::new(&key(), &[name], &[around], instead).unwrap()
    };
    let jan = |around: &str, instead: Instead| entry("Jan de Vries", around, instead);
    let text = "Jan de Vries is huisarts. Hij woont in Utrecht.\n\nEinde.";
    for entries in [
        vec![jan("huisarts", said()), jan("huisarts", Instead::Nothing)],
        vec![jan("huisarts", Instead::Nothing), jan("huisarts", said())],
        // The one is known a sentence before the other.
        vec![jan("huisarts", said()), jan("Utrecht", Instead::Nothing)],
    ] {
        let out = Withheld::new(key(), entries).applied_to(text, NOTICE);
        assert_eq!(out, "[…]\n\nRechtzetting: hij stal niets.\n\nEinde.");
    }

    let zoe = || entry("Zoë Müller", "Groningen", Instead::Nothing);
    let both = "Jan de Vries, huisarts, kent Zoë Müller. Zij woont in Groningen.";
    let two = Withheld::new(key(), vec![jan("huisarts", said()), zoe()]);
    assert_eq!(
        two.applied_to(both, NOTICE),
        "[…]\n\nRechtzetting: hij stal niets."
    );
    let namesake = "Jan de Vries, huisarts, kent Zoë Müller.\n\nEinde.";
    let two = Withheld::new(key(), vec![jan("huisarts", said()), zoe()]);
    assert_eq!(
        two.applied_to(namesake, NOTICE),
        "Jan de Vries, huisarts, kent Zoë Müller.\n\nRechtzetting: hij stal niets.\n\nEinde."
    );
}

#[test]
fn a_document_gets_no_statement_and_keeps_the_names_of_whom_it_is_about() {
    let jan = Instead::Statement("Hij zei: \"niets\".".to_string());
    let list = Arc::new(list(jan));
    let named = |text: &str| {
        let list = Arc::clone(&list);
        let mut screener = Screener::new(list, &Named::default(), Manner::Names, String::new());
        let mut out = screener.push(text);
        out.push_str(&screener.finish());
        out
    };
    let one = "{\"naam\": \"Jan de Vries\", \"beroep\": \"huisarts\"}";
    assert_eq!(named(one), one);
    assert_eq!(
        named("[\"Jan de Vries, huisarts\", \"Zoë Müller, Groningen\"]"),
        "[\"Jan de Vries, huisarts\", \"…, Groningen\"]"
    );
}

#[test]
fn a_statement_follows_once_and_nothing_goes() {
    let list = list(Instead::Statement(
        "Rechtzetting: hij stal niets.".to_string(),
    ));
    let text = "Jan de Vries is huisarts. Hij stal.\n\nJan de Vries weer.\n\nEinde.";
    assert_eq!(
        list.applied_to(text, NOTICE),
        "Jan de Vries is huisarts. Hij stal.\n\nRechtzetting: hij stal niets.\n\nJan de Vries weer.\n\nEinde."
    );
}

#[test]
fn what_was_asked_counts_for_whom_is_meant() {
    let list = Arc::new(list(Instead::Nothing));
    let answer = |asked: &str, said: &str| {
        let named = list.named_in([asked].into_iter());
        let notice = NOTICE.to_string();
        let mut screener = Screener::new(Arc::clone(&list), &named, Manner::Passages, notice);
        let mut out = screener.push(said);
        out.push_str(&screener.finish());
        out
    };
    let said = "Jan de Vries is een dief.";
    assert_eq!(answer("Wie is Jan de Vries, de huisarts?", said), NOTICE);
    assert_eq!(answer("Wie is Jan de Vries?", said), said);
    assert_eq!(
        answer("Wie is Jan de Vries, huisarts?", "De Vries is een dief."),
        NOTICE
    );
}

#[test]
fn where_no_passage_can_go_the_name_goes() {
    let list = Arc::new(list(Instead::Nothing));
    let text = "{\"naam\": \"Jan de Vries\", \"beroep\": \"huisarts\"}";
    let mut screener = Screener::new(list, &Named::default(), Manner::Names, String::new());
    let mut out = screener.push(text);
    out.push_str(&screener.finish());
    assert_eq!(out, "{\"naam\": \"…\", \"beroep\": \"huisarts\"}");
}

#[test]
fn every_way_to_cut_a_text_gives_the_same() {
    let long = format!("{} Jan de Vries, huisarts. Einde", "woord ".repeat(110));
    let texts = [
        "Er zijn er drie. Jan de Vries is huisarts. Hij stal.\n\nVerder niets.",
        "- Ян де Врис, huisarts\n- Zoë Müller\n\nJan de Vries is hier onbekend. Of uit Utrecht? Ja.",
        long.as_str(),
    ];
    for text in texts {
        let list = Arc::new(list(Instead::Nothing));
        let whole = cut(&list, text, &[]);
        assert_ne!(whole, text);
        assert!(!whole.contains("huisarts. Hij"));
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        assert_eq!(cut(&list, text, &places), whole, "letter by letter");
        // A long text is a lot of places, each a text of its own.
        for one in places.iter().step_by(1 + places.len() / 120) {
            assert_eq!(cut(&list, text, &[*one]), whole, "at {one}");
        }
        for n in 2..12 {
            let every: Vec<usize> = places.iter().copied().step_by(n).collect();
            assert_eq!(cut(&list, text, &every), whole, "every {n}");
        }
    }
}

fn cut(list: &Arc<Withheld>, text: &str, places: &[usize]) -> String {
    let notice = NOTICE.to_string();
    let mut screener = Screener::new(
        Arc::clone(list),
        &Named::default(),
        Manner::Passages,
        notice,
    );
    let mut out = String::new();
    let mut read = 0;
    for place in places.iter().copied().chain([text.len()]) {
        out.push_str(&screener.push(text.get(read..place).unwrap()));
        read = place;
    }
    out.push_str(&screener.finish());
    out
}

#[test]
fn no_name_and_no_word_of_the_list_is_in_what_it_keeps() {
    let entry = Entry::new(&key(), &["Jan de Vries"], &["Utrecht"], Instead::Nothing).unwrap();
    let other = Entry::new(
        &ListKey::new([4; 32]),
        &["Jan de Vries"],
        &["Utrecht"],
        Instead::Nothing,
    )
    .unwrap();
    assert!(entry.names.iter().all(|mark| !other.names.contains(mark)));
    assert_eq!(format!("{entry:?}"), "Entry");
    assert!(Entry::new(&key(), &["Jan"], &["Utrecht"], Instead::Nothing).is_none());
    assert!(Entry::new(&key(), &["Jan de Vries"], &[], Instead::Nothing).is_none());
}
