//! What changes between the small register and one that differs in one thing.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Class, Diff, Lack, OldData, cells_of};
use crate::law::Law;
use crate::register::Register;

const SMALL: &str = include_str!("../tests/small.toml");
const SHIPPED: &[&str] = &[
    include_str!("../../../../../registers/demo-gemeente.toml"),
    include_str!("../../../../../registers/openai-eu.toml"),
    include_str!("../../../../../registers/botpress-style.toml"),
    include_str!("../../../../../registers/organisation-ai-policy.toml"),
    include_str!("../../../../../registers/maila.toml"),
    include_str!("../../../../../registers/kaspersky.toml"),
];
const TODAY: Date = date(2026, 11, 21);

fn read(source: &str) -> Register {
    Register::draft(source, "register.toml", &Law::shipped().unwrap(), TODAY)
        .0
        .unwrap()
}

fn diff(changes: &[(&str, &str)]) -> Diff {
    let next = changes.iter().fold(SMALL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in the small register");
        text.replace(from, to)
    });
    read(SMALL).diff(&read(&next), TODAY)
}

fn only(diff: &Diff) -> (&str, &str, Class, bool) {
    assert_eq!(diff.changes.len(), 1, "{:#?}", diff.changes);
    let change = &diff.changes[0];
    (&change.rule, change.key, change.class, change.only_narrows)
}

#[test]
fn a_change_of_words_is_editorial_and_asks_nothing() {
    let diff = diff(&[("nl = \"Uw vragen\"", "nl = \"Uw vraag\"")]);

    assert_eq!(
        only(&diff),
        ("category:user_content", "label", Class::Editorial, false)
    );
    assert_eq!(diff.procedure().announced_days, 0);
    assert!(!diff.procedure().tells_people && !diff.procedure().second_approver);
    assert_eq!(diff.lacks, [Lack::SameVersion]);
}

#[test]
fn a_longer_period_is_material_and_a_shorter_one_may_count_at_once() {
    let claim = "retention:chat/user_content/provide[history=on]";
    let longer = diff(&[("last_activity + 6months", "last_activity + 1y")]);
    assert_eq!(only(&longer), (claim, "claim", Class::Material, false));
    assert_eq!(longer.procedure().announced_days, 30);
    assert!(longer.procedure().tells_people && !longer.procedure().second_approver);

    let shorter = diff(&[("last_activity + 6months", "last_activity + 60d")]);
    assert_eq!(only(&shorter), (claim, "claim", Class::Material, true));
    assert_eq!(shorter.procedure().announced_days, 0);
    let unclear = diff(&[("last_activity + 6months", "last_activity + 180d")]);
    assert_eq!(only(&unclear), (claim, "claim", Class::Material, false));
}

#[test]
fn a_purpose_for_data_that_is_there_needs_a_note_or_consent_and_a_second_approver() {
    let with = |more: &str| {
        let next = format!(
            "{}\n[purpose.improve]\n[[processing]]\nservice = \"chat\"\npurpose = \"improve\"\ncategories = [\"user_content\"]\n{more}\n",
            SMALL
                .replace(
                    "version = \"1\"\nlanguages",
                    "version = \"2\"\neffective = \"2027-01-01\"\nlanguages"
                )
                .replacen("effective = \"2026-01-01\"\n", "", 1)
        );
        read(SMALL).diff(&read(&next), TODAY)
    };
    let legit = with("basis = \"legit\"\nevidence = \"terms\"");
    let cell = "processing:chat/improve/user_content";
    assert_eq!(legit.class(), Some(Class::NewPurpose));
    assert!(legit.procedure().second_approver && legit.procedure().tells_people);
    assert_eq!(legit.procedure().old_data, OldData::Closed);
    assert_eq!(
        legit.lacks,
        [Lack::NoNote {
            rule: cell.to_owned()
        }]
    );

    let noted = with(
        "basis = \"legit\"\nevidence = \"terms\"\ncompatibility = \"goes\"\n[evidence.goes]\nkind = \"compatibility\"",
    );
    assert_eq!(noted.procedure().old_data, OldData::Compatible);
    assert_eq!(noted.lacks, []);
    let asked = with("basis = \"consent\"\nconsent = \"news@1\"");
    assert_eq!(asked.procedure().old_data, OldData::RenewedConsent);
    let duty = with("basis = \"legal_duty\"\nevidence = \"terms\"");
    assert_eq!(duty.procedure().old_data, OldData::LegalDuty);
}

#[test]
fn new_data_for_an_old_purpose_is_material() {
    let next = format!(
        "{SMALL}\n[category.voice]\nlabel = {{ nl = \"Uw stem\", en = \"Your voice\" }}\nfields = [\"sound\"]\n\
         [[processing]]\nservice = \"chat\"\npurpose = \"provide\"\ncategories = [\"voice\"]\nbasis = \"contract\"\nevidence = \"terms\"\n"
    );
    let diff = read(SMALL).diff(&read(&next), TODAY);

    assert_eq!(diff.class(), Some(Class::Material));
    assert!(
        diff.changes
            .iter()
            .any(|change| change.rule == "processing:chat/provide/voice")
    );
}

#[test]
fn other_words_to_agree_to_ask_for_consent_again() {
    let diff = diff(&[("consent = \"news@1\"", "consent = \"news@2\"")]);

    assert_eq!(
        only(&diff),
        (
            "processing:chat/newsletter/mail_address",
            "consent",
            Class::Material,
            false
        )
    );
    assert_eq!(diff.procedure().old_data, OldData::RenewedConsent);
}

#[test]
fn a_recipient_that_goes_narrows_and_one_that_comes_does_not() {
    let without = diff(&[("recipients = [\"model\"]\n", "")]);
    assert_eq!(
        only(&without),
        (
            "processing:chat/provide/user_content",
            "recipients",
            Class::Material,
            true
        )
    );
    let back = read(&SMALL.replace("recipients = [\"model\"]\n", "")).diff(&read(SMALL), TODAY);
    assert_eq!(back.class(), Some(Class::Material));
    assert!(!back.changes[0].only_narrows);
}

#[test]
fn a_day_that_comes_too_soon_is_told() {
    let diff = diff(&[
        ("version = \"1\"\nlanguages", "version = \"2\"\nlanguages"),
        ("effective = \"2026-01-01\"", "effective = \"2026-12-01\""),
        ("last_activity + 6months", "last_activity + 1y"),
    ]);

    assert_eq!(
        diff.lacks,
        [Lack::TooEarly {
            not_before: date(2026, 12, 21)
        }]
    );
}

#[test]
fn a_register_does_not_differ_from_itself() {
    for source in SHIPPED.iter().chain([&SMALL]) {
        let register = read(source);
        assert_eq!(register.diff(&register, TODAY), Diff::default());
    }
}

#[test]
fn the_cells_of_a_file_are_those_of_its_register() {
    for source in SHIPPED {
        let register = read(source);
        let mut cells = std::collections::BTreeSet::new();
        for processing in register.processings() {
            for category in &processing.categories {
                let (service, purpose) = (&processing.service, &processing.purpose);
                cells.insert((
                    service.to_string(),
                    purpose.to_string(),
                    category.to_string(),
                ));
            }
        }
        assert_eq!(cells_of(source), cells);
    }
}

#[test]
fn what_was_collected_before_a_purpose_came_stays_closed_for_it() {
    let (before, after) = ("0000000011111111", read(SMALL));
    let reaching = |cells: &str| {
        let register = read(SMALL).reaching([(before, cells_of(cells))]);
        register
            .reach
            .opens("chat", "provide", "user_content", "1+00000000")
    };
    assert!(reaching(SMALL));
    assert!(!reaching(""));
    assert!(!reaching(
        &SMALL.replace("purpose = \"provide\"", "purpose = \"newsletter\"")
    ));

    let bounded = after.clone().reaching([(before, cells_of(""))]);
    let opens = |version| {
        bounded
            .reach
            .opens("chat", "provide", "user_content", version)
    };
    assert!(opens(bounded.version()), "its own data is open");
    assert!(
        !opens("1+22222222"),
        "a version that nobody knows is closed"
    );
    assert!(
        bounded
            .reach
            .opens("chat", "newsletter", "mail_address", "1+00000000"),
        "consent is asked anew"
    );
    let noted = SMALL.replacen(
        "basis = \"contract\"",
        "basis = \"contract\"\ncompatibility = \"goes\"",
        1,
    );
    let noted = read(&noted).reaching([(before, cells_of(""))]);
    assert!(
        noted
            .reach
            .opens("chat", "provide", "user_content", "1+00000000")
    );
}

/// The blocks of a file: each begins with a heading. Tables below a row stay with it.
fn blocks(source: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in source.lines() {
        if line.starts_with('[') {
            blocks.push(String::new());
        }
        let block = blocks.last_mut().unwrap();
        block.push_str(line);
        block.push('\n');
    }
    blocks
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_the_file_changes_nothing(
        which in 0..SHIPPED.len(),
        keys in prop::collection::vec(any::<u64>(), 600),
    ) {
        let source = SHIPPED[which];
        let mut shuffled: Vec<(u64, String)> = keys.into_iter().cycle().zip(blocks(source)).collect();
        // What stands before the first heading stays there.
        shuffled[1..].sort_by_key(|(key, _)| *key);
        let shuffled: String = shuffled.into_iter().map(|(_, block)| block).collect();

        prop_assert_eq!(read(source).diff(&read(&shuffled), TODAY).changes, Vec::new());
    }

    #[test]
    fn there_and_back_touch_the_same_rules(one in 0..SHIPPED.len(), other in 0..SHIPPED.len()) {
        let (one, other) = (read(SHIPPED[one]), read(SHIPPED[other]));
        let (there, back) = (one.diff(&other, TODAY), other.diff(&one, TODAY));

        prop_assert_eq!(there.changes.len(), back.changes.len());
        for (there, back) in there.changes.iter().zip(&back.changes) {
            prop_assert_eq!((&there.rule, there.key, &there.from, &there.to), (&back.rule, back.key, &back.to, &back.from));
            prop_assert!(!(there.only_narrows && back.only_narrows));
        }
    }
}
