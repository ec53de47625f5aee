//! The five registers that follow from the source documents: what they say, what they leave open, and what differs.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::{LAW, listed};
use crate::notice::{Notice, Shown};
use crate::register::{Basis, Fault, Register};

/// The day on which they are looked at; not today, for their mechanisms have an end.
const DAY: Date = date(2026, 11, 21);

const OPENAI: &str = include_str!("../../../../../registers/openai-eu.toml");
const MAILA: &str = include_str!("../../../../../registers/maila.toml");
const ORGANISATION: &str = include_str!("../../../../../registers/organisation-ai-policy.toml");
const BOTPRESS: &str = include_str!("../../../../../registers/botpress-style.toml");
const KASPERSKY: &str = include_str!("../../../../../registers/kaspersky.toml");

fn faults(source: &str) -> Vec<Fault> {
    match Register::compile(source, "register.toml", &LAW, DAY) {
        Ok(register) => register.warnings().to_vec(),
        Err(faults) => faults,
    }
}

/// The codes of the errors, with how often each occurs.
fn errors(source: &str) -> BTreeMap<&'static str, usize> {
    let mut found = BTreeMap::new();
    for fault in faults(source).iter().filter(|fault| fault.is_error()) {
        *found.entry(fault.code).or_default() += 1;
    }
    found
}

fn check_runs(source: &str) {
    let faults = faults(source);
    let errors: Vec<Fault> = faults.into_iter().filter(Fault::is_error).collect();
    assert!(errors.is_empty(), "{}", listed(&errors));
}

#[test]
fn the_program_can_run_on_each_of_them() {
    let program = include_str!("../../../../../registers/parts/program.toml");
    for source in [OPENAI, MAILA, ORGANISATION, BOTPRESS, KASPERSKY] {
        assert!(
            source.ends_with(program),
            "copy registers/parts/program.toml to its end"
        );
    }
}

#[test]
fn three_of_the_five_compile_and_list_what_was_filled_in() {
    for source in [OPENAI, ORGANISATION, BOTPRESS] {
        check_runs(source);
        let proposed = source.matches("proposed = true").count();
        let listed = faults(source)
            .iter()
            .filter(|fault| fault.code == "proposed-value")
            .count();
        assert!(proposed > 5);
        assert_eq!(listed, proposed);
    }
}

#[test]
fn maila_fails_on_its_two_gaps_and_on_nothing_else() {
    // G1: two sections that are not there, and the address; G2: six periods and the age of four cookies.
    let expected = BTreeMap::from([("notice-section-missing", 2), ("open-value", 11)]);
    assert_eq!(errors(MAILA), expected, "{}", listed(&faults(MAILA)));
}

#[test]
fn kaspersky_fails_on_its_gap_and_on_nothing_else() {
    // G5: four periods of CompanyAccount, the data of devices, and kind and age of the cookies.
    let expected = BTreeMap::from([("open-value", 7)]);
    assert_eq!(
        errors(KASPERSKY),
        expected,
        "{}",
        listed(&faults(KASPERSKY))
    );
}

#[test]
fn prospects_from_others_may_not_be_mailed_and_the_compiler_says_so() {
    let found = faults(OPENAI);
    let meant: Vec<&Fault> = found
        .iter()
        .filter(|fault| fault.code == "meant-without-cell")
        .collect();
    assert_eq!(meant.len(), 1);
    assert!(meant[0].message.contains("other_sources") && meant[0].message.contains("marketing"));
}

#[test]
fn the_matrix_of_the_chat_service_is_that_of_its_source() {
    let register = Register::compile(OPENAI, "register.toml", &LAW, DAY).unwrap();
    let all = [
        "account",
        "user_content",
        "communication",
        "social",
        "other_provided",
        "other_sources",
        "log",
        "usage",
        "device",
        "cookies",
    ];
    let used = |purposes: &[&str]| -> Vec<&str> {
        let has = |category: &&&str| {
            register.processings().iter().any(|processing| {
                processing.service == "chat"
                    && purposes
                        .iter()
                        .any(|purpose| processing.purpose == *purpose)
                    && processing
                        .categories
                        .iter()
                        .any(|name| *name == ***category)
            })
        };
        all.iter().filter(has).copied().collect()
    };
    let without = |gone: &[&str]| -> Vec<&str> {
        all.iter()
            .filter(|name| !gone.contains(name))
            .copied()
            .collect()
    };

    assert_eq!(
        used(&["provide", "answer_questions"]),
        without(&["social", "other_sources"])
    );
    assert_eq!(used(&["improve"]), without(&["social"]));
    for purpose in ["communicate", "marketing"] {
        assert_eq!(
            used(&[purpose]),
            without(&["user_content", "other_sources"])
        );
    }
    assert_eq!(used(&["prevent_fraud"]), all);
    assert_eq!(used(&["legal_duty"]), all);
}

#[test]
fn the_controller_follows_the_residence() {
    let register = Register::compile(OPENAI, "register.toml", &LAW, DAY).unwrap();
    for (residence, controller) in [
        ("NL", "ireland"),
        ("CH", "ireland"),
        ("GB", "opco"),
        ("US", "opco"),
    ] {
        assert_eq!(register.controller(residence).id, controller, "{residence}");
    }
}

#[test]
fn elsewhere_only_the_levers_of_the_law_there_differ() {
    let register = Register::compile(BOTPRESS, "register.toml", &LAW, DAY).unwrap();
    let brazil = register.in_residence("BR").unwrap();
    let kept = |register: &Register| {
        let kept = register
            .retentions()
            .iter()
            .find(|retention| retention.purpose == "provide" && retention.category == "customer")
            .unwrap();
        kept.period.to_string()
    };
    assert_eq!(
        (kept(&register), kept(&brazil)),
        ("1y".into(), "6months".into())
    );
    for elsewhere in ["NL", "US", "US-NY"] {
        assert!(register.in_residence(elsewhere).is_none(), "{elsewhere}");
    }
    let california = register.in_residence("US-CA").unwrap();
    let marketing = |register: &Register| {
        let mut rules = register.processings().iter();
        let rule = rules.find(|rule| rule.service == "chat" && rule.purpose == "marketing");
        rule.unwrap().basis
    };
    assert_eq!(
        (marketing(&register), marketing(&california)),
        (Basis::Consent, Basis::Legit)
    );

    let shown = |residence| Shown {
        at: DAY,
        residence: Some(residence),
        language: "en",
        notice: Some("public"),
    };
    assert!(
        Notice::of(&register, &shown("BR"))
            .to_markdown()
            .contains("6 months")
    );
}

/// What people read follows from the register; a change of it is seen here. Set `WAARBORG_WRITE` to take it over.
#[test]
fn the_notices_of_the_five_read_as_they_did() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/notices");
    for (name, source) in [
        ("openai-eu", OPENAI),
        ("maila", MAILA),
        ("organisation-ai-policy", ORGANISATION),
        ("botpress-style", BOTPRESS),
        ("kaspersky", KASPERSKY),
    ] {
        let register = match Register::compile(source, "register.toml", &LAW, DAY) {
            Ok(register) => register,
            Err(_) => Register::draft(source, "register.toml", &LAW, DAY)
                .0
                .unwrap(),
        };
        for language in ["nl", "en"] {
            let shown = Shown {
                at: DAY,
                residence: Some("NL"),
                language,
                notice: Some("public"),
            };
            let notice = Notice::of(&register, &shown);
            let is_draft = register.head().draft;
            assert_eq!(
                notice.is_open(),
                is_draft,
                "{name}: open in a register that runs"
            );
            for statement in notice.statements() {
                let has_number = statement
                    .text
                    .contains(|letter: char| letter.is_ascii_digit());
                assert!(
                    !has_number || !statement.rules.is_empty(),
                    "{name}: no rule stands behind: {}",
                    statement.text
                );
            }

            let written = notice.to_markdown();
            let file = format!("{folder}/{name}.{language}.md");
            if std::env::var_os("WAARBORG_WRITE").is_some() {
                std::fs::write(&file, &written).unwrap();
            }
            let expected = std::fs::read_to_string(&file).unwrap();
            assert_eq!(written, expected, "{file}");
        }
    }
}

#[test]
fn a_draft_shows_its_open_places_in_words() {
    let marked = |source, language| {
        let (draft, _) = Register::draft(source, "register.toml", &LAW, DAY);
        let shown = Shown {
            at: DAY,
            residence: None,
            language,
            notice: Some("public"),
        };
        Notice::of(&draft.unwrap(), &shown).to_markdown()
    };
    assert!(marked(MAILA, "nl").matches("*[nog in te vullen]*").count() >= 13);
    assert!(
        marked(KASPERSKY, "nl")
            .matches("*[nog in te vullen]*")
            .count()
            >= 6
    );
}

/// What articles 13, 14 and 30 want to be told, as the rules behind the statements show it.
#[test]
fn the_law_finds_all_that_it_asks_in_the_notices_and_the_record() {
    for source in [OPENAI, ORGANISATION, BOTPRESS] {
        let register = Register::compile(source, "register.toml", &LAW, DAY).unwrap();
        let shown = Shown {
            at: DAY,
            residence: Some("NL"),
            language: "en",
            notice: Some("public"),
        };
        let notice = Notice::of(&register, &shown);
        let section = |id: &str| notice.sections.iter().find(|section| section.id == id);
        for (article, id, prefix) in [
            ("13(1)(a)", "who", "controller:"),
            ("13(1)(c)", "why", "processing:"),
            ("13(1)(d)", "why", "processing:"),
            ("13(1)(e)", "recipients", "recipient:"),
            ("13(2)(a)", "retention", "retention:"),
            ("13(2)(b)", "rights", "law:"),
            ("13(2)(d)", "complaint", "law:"),
            ("13(2)(f)", "decisions", "service:"),
            ("14(1)(d)", "what", "category:"),
            ("14(2)(f)", "what", "category:"),
        ] {
            let section = section(id).unwrap_or_else(|| panic!("{article}: no section {id}"));
            let written = format!("{section:?}");
            assert!(written.contains(prefix), "{article}: {id} has no {prefix}");
        }

        for row in crate::notice::record_of_processing(&register) {
            for (article, cell) in [
                ("30(1)(a)", &row.controller),
                ("30(1)(b)", &row.purpose),
                ("30(1)(c)", &row.subjects),
                ("30(1)(c)", &row.categories),
                ("30(1)(f)", &row.retention),
                ("30(1)(g)", &row.measures),
            ] {
                assert!(!cell.is_empty(), "{article} is empty in {}", row.rule);
            }
        }
    }
}
