//! Every fault has a register that has it, made by one change to a register that has none.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::fixtures::FIXTURES;
use super::neighbours::NEIGHBOURS;
use super::{SMALL, changed, compiled, listed, register};
use crate::register::{CODES, Running};

pub(super) fn broken(changes: &[(&str, &str)]) -> String {
    let (added, changes): (Vec<_>, Vec<_>) = changes.iter().partition(|(from, _)| *from == "+");
    let additions = added.iter().map(|(_, addition)| format!("\n{addition}\n"));
    changed(&changes) + &additions.collect::<String>()
}

#[test]
fn the_small_register_has_neither_faults_nor_warnings() {
    assert!(
        register(SMALL).warnings().is_empty(),
        "{}",
        listed(register(SMALL).warnings())
    );
}

#[test]
fn every_fault_is_found_by_its_code() {
    for (code, changes) in FIXTURES {
        let faults = match compiled(&broken(changes)) {
            Ok(register) => register.warnings().to_vec(),
            Err(faults) => faults,
        };
        let found = faults.iter().find(|fault| fault.code == *code);
        let fault = found.unwrap_or_else(|| panic!("{code} is not found in:\n{}", listed(&faults)));

        assert!(
            fault.line >= 1
                && fault.column >= 1
                && !fault.message.is_empty()
                && !fault.mend.is_empty()
        );
        assert!(!fault.in_dutch().is_empty());
        assert_eq!(fault.file, "register.toml");
    }
}

#[test]
fn what_is_almost_a_fault_is_none() {
    let mut found = Vec::new();
    for (code, changes) in NEIGHBOURS {
        let source = broken(changes);
        assert!(source != SMALL, "{code}: nothing is changed");
        let faults = match compiled(&source) {
            Ok(register) => register.warnings().to_vec(),
            Err(faults) => faults,
        };
        let wrong = faults
            .into_iter()
            .filter(|fault| fault.code == *code || fault.is_error());
        found.extend(wrong.map(|fault| format!("near {code}: {fault}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// A code that the running program brings about has its two sides in
/// `what_runs_but_is_not_declared_stops_the_start`.
#[test]
fn every_code_has_a_fixture_and_a_neighbour() {
    for (side, fixtures) in [("fixture", FIXTURES), ("neighbour", NEIGHBOURS)] {
        let tested: BTreeSet<&str> = fixtures.iter().map(|(code, _)| *code).collect();
        let missing: Vec<&str> = CODES
            .iter()
            .map(|(code, _)| *code)
            .filter(|code| !code.starts_with("undeclared-") && !tested.contains(code))
            .collect();
        assert!(missing.is_empty(), "no {side}: {missing:?}");
    }
}

#[test]
fn every_code_stands_in_the_manual() {
    let manual = include_str!("../../../../../docs/register.md");
    for (code, _) in CODES {
        assert!(
            manual.contains(&format!("| `{code}` | ")),
            "{code} is not in docs/register.md"
        );
    }
}

#[test]
fn every_code_that_the_compiler_gives_is_known() {
    for (_, changes) in FIXTURES {
        let faults = compiled(&broken(changes)).err().unwrap_or_default();
        for fault in faults {
            assert!(
                CODES.iter().any(|(code, _)| *code == fault.code),
                "{} is not listed",
                fault.code
            );
        }
    }
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_file() {
    let source = changed(&[
        ("fields = [\"mail\"]", "feilds = [\"mail\"]"),
        ("\"2027-06-30\"", "\"soon\""),
        ("NL-AP", "NL-AX"),
        ("history=on", "history=maybe"),
    ]);
    let faults = compiled(&source).unwrap_err();
    let codes: BTreeSet<&str> = faults.iter().map(|fault| fault.code).collect();

    for code in [
        "unknown-key",
        "bad-date",
        "unknown-authority",
        "unknown-condition",
    ] {
        assert!(codes.contains(code), "{}", listed(&faults));
    }
    assert!(
        faults
            .windows(2)
            .all(|pair| (pair[0].line, pair[0].column) <= (pair[1].line, pair[1].column))
    );
}

#[test]
fn a_mistyped_name_is_not_buried_in_what_follows_from_it() {
    for (from, to) in [
        (
            "categories = [\"mail_address\"]\nbasis",
            "categories = [\"mail_adress\"]\nbasis",
        ),
        (
            "service = \"chat\"\npurpose = \"newsletter\"",
            "service = \"chta\"\npurpose = \"newsletter\"",
        ),
        (
            "purpose = \"newsletter\"\ncategories",
            "purpose = \"newsleter\"\ncategories",
        ),
        ("category = \"mail_address\"", "category = \"mail_adress\""),
    ] {
        let faults = compiled(&changed(&[(from, to)])).unwrap_err();
        let errors: Vec<_> = faults
            .into_iter()
            .filter(crate::register::Fault::is_error)
            .collect();
        assert!(errors.len() <= 3, "{to}:\n{}", listed(&errors));
    }
}

#[test]
fn a_mistyped_key_is_placed_exactly_and_mended() {
    let source = changed(&[("fields = [\"mail\"]", "feilds = [\"mail\"]")]);
    let faults = compiled(&source).unwrap_err();
    let fault = faults
        .iter()
        .find(|fault| fault.code == "unknown-key")
        .unwrap();
    let line = source
        .lines()
        .position(|line| line.starts_with("feilds"))
        .unwrap()
        + 1;

    assert_eq!((fault.line, fault.column), (line, 1));
    assert!(fault.mend.contains("did you mean fields?"));
}

#[test]
pub(super) fn broken_toml_is_reported_at_every_place() {
    let faults = compiled("[register]\nname = \nversion = 1 2\n[controller\n").unwrap_err();
    assert!(
        faults.iter().filter(|fault| fault.code == "syntax").count() >= 2,
        "{}",
        listed(&faults)
    );
}

#[test]
fn what_runs_but_is_not_declared_stops_the_start() {
    let register = register(SMALL);
    let declared = Running {
        tables: vec!["records".into()],
        log_fields: vec![("access".into(), "status".into())],
        routes: vec![("POST".into(), "/chat/{conversation}".into())],
        outgoing_fields: vec![("model".into(), "prompt".into())],
        cookies: vec!["visit".into()],
        terms: vec!["console_link".into()],
    };
    assert!(register.undeclared(&declared).is_empty());

    let undeclared = Running {
        tables: vec!["extra".into()],
        log_fields: vec![
            ("access".into(), "ip".into()),
            ("nowhere".into(), "status".into()),
        ],
        routes: vec![
            ("GET".into(), "/chat/{id}".into()),
            ("POST".into(), "/chat/{id}/more".into()),
        ],
        outgoing_fields: vec![
            ("model".into(), "name".into()),
            ("nobody".into(), "prompt".into()),
        ],
        cookies: vec!["tracker".into()],
        terms: vec!["for_ever".into()],
    };
    let codes: Vec<&str> = register
        .undeclared(&undeclared)
        .iter()
        .map(|fault| fault.code)
        .collect();
    assert_eq!(codes.len(), 9);
    for (code, _) in CODES
        .iter()
        .filter(|(code, _)| code.starts_with("undeclared-"))
    {
        assert!(codes.contains(code));
    }
}

#[test]
fn no_file_makes_the_compiler_stumble() {
    for source in [
        "",
        "\u{feff}",
        "=",
        "[[[[",
        "a = [[[[[[[[[[",
        "[service]\nchat = 1",
        "[[service]]",
        "retention = 3",
        "register = \"?\"",
    ] {
        assert!(compiled(source).is_err(), "{source:?}");
    }
    for end in 0..SMALL.len() {
        if let Some(start) = SMALL.get(..end).filter(|_| end % 37 == 0) {
            let _ = compiled(start);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_register_with_a_piece_changed_never_makes_the_compiler_stumble(
        at in 0..SMALL.len(),
        gone in 0_usize..40,
        new in "[a-z0-9\"'\\[\\]{}=#?+,.@\n \u{e9}\u{1f600}-]{0,12}",
    ) {
        let start = (0..=at).rev().find(|at| SMALL.is_char_boundary(*at)).unwrap_or(0);
        let end = ((at + gone).min(SMALL.len())..=SMALL.len()).find(|at| SMALL.is_char_boundary(*at)).unwrap_or(SMALL.len());
        let source = format!("{}{new}{}", SMALL.get(..start).unwrap(), SMALL.get(end..).unwrap());
        match compiled(&source) {
            Ok(register) => prop_assert!(!register.version().is_empty()),
            Err(faults) => {
                prop_assert!(faults.iter().any(crate::register::Fault::is_error));
                for fault in &faults {
                    prop_assert!(fault.line >= 1 && fault.line <= source.lines().count() + 1 && fault.column >= 1);
                }
            }
        }
    }
}
