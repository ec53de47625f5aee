//! The tables of requirements name tests that exist, and leave no row out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What stands in all tables.
const TABLE: &str = concat!(
    include_str!("../../../../docs/rights-requirements.md"),
    "\n",
    include_str!("../../../../docs/register-requirements.md"),
    "\n",
    include_str!("../../../../docs/gateway-requirements.md"),
);
/// The table of the register, its notice, consent and recipients: nothing in it is left undecided.
const REGISTER_TABLE: &str = include_str!("../../../../docs/register-requirements.md");

/// The rows: id, state, and the tests between backquotes.
fn rows() -> Vec<(String, String, Vec<String>)> {
    TABLE
        .lines()
        .filter(|line| line.starts_with("| R-"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let tests = cells[4].split('`').skip(1).step_by(2).map(str::to_owned);
            (cells[1].to_owned(), cells[3].to_owned(), tests.collect())
        })
        .collect()
}

/// The functions of the crates, and those of the suites in Python.
fn known_tests() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    sources(&crates, &mut files);
    sources(&crates.join("../tests-outside"), &mut files);
    let mut known = BTreeSet::new();
    for file in files {
        let source = std::fs::read_to_string(file).unwrap();
        for beginning in ["fn ", "def "] {
            for rest in source.split(beginning).skip(1) {
                known.insert(rest.split(['(', '<']).next().unwrap().to_owned());
            }
        }
    }
    known
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_others = path.ends_with("target") || path.ends_with("node_modules");
        if path.is_dir() && !is_others {
            sources(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "py")
        {
            found.push(path);
        }
    }
}

#[test]
fn every_test_that_the_table_names_exists_and_every_done_row_names_one() {
    let known = known_tests();
    for (row, state, tests) in rows() {
        assert!(
            ["done", "partly", "missing", "refused"].contains(&state.as_str()),
            "{row}: {state}"
        );
        let named: Vec<&String> = tests.iter().filter(|test| test.contains('_')).collect();
        assert!(
            state != "done" || !named.is_empty(),
            "{row} is done and names no test"
        );
        for test in named {
            assert!(
                known.contains(test),
                "{row} names {test}, which does not exist"
            );
        }
    }
}

#[test]
fn every_row_of_the_register_is_done_or_refused_with_a_reason() {
    let mut n = 0;
    for line in REGISTER_TABLE
        .lines()
        .filter(|line| line.starts_with("| R-"))
    {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (row, state, said) = (cells[1], cells[3], cells[4]);
        assert!(["done", "refused"].contains(&state), "{row}: {state}");
        // What stands between backquotes names tests and codes; the rest is the reason.
        let reason: String = said.split('`').step_by(2).collect();
        let is_short = reason.split_whitespace().count() < 15 && !reason.contains("as R-");
        assert!(
            state == "done" || !is_short,
            "{row} is refused without a reason"
        );
        n += 1;
    }
    assert!(n > 140, "{n} rows");
}

#[test]
fn no_row_of_rights_output_and_retention_is_left_out() {
    let Some(source) = crate::program::shared("spec/requirements.json") else {
        return;
    };
    let spec: serde_json::Value = serde_json::from_str(&source).unwrap();
    let words = |value: &serde_json::Value, name: &str| -> BTreeSet<String> {
        let words = value[name].as_array().into_iter().flatten();
        words
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect()
    };
    let mut capabilities = BTreeSet::new();
    for feature in spec["features"].as_array().unwrap() {
        if [
            "F01", "F02", "F03", "F05", "F06", "F08", "F09", "F10", "F13",
        ]
        .contains(&feature["id"].as_str().unwrap())
        {
            capabilities.extend(words(feature, "capabilities"));
        }
    }
    let here: BTreeSet<String> = rows().into_iter().map(|(row, ..)| row).collect();
    for requirement in spec["requirements"].as_array().unwrap() {
        let id = requirement["id"].as_str().unwrap();
        if !words(requirement, "caps").is_disjoint(&capabilities) {
            assert!(here.contains(id), "{id} is in no table of docs/");
        }
    }
}

/// The rows of the table of complaints: number, state, and the tests between backquotes.
fn complaints() -> Vec<(String, String, Vec<String>)> {
    const COMPLAINTS: &str = include_str!("../../../../docs/gateway-complaints.md");
    COMPLAINTS
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let number = cells.get(1)?;
            number.parse::<u32>().ok()?;
            let words = cells[5].split('`').skip(1).step_by(2);
            let tests = words.filter(|word| word.contains('_') && !word.contains('/'));
            let tests = tests.filter(|word| {
                word.chars().all(|letter| {
                    letter == '_' || letter.is_ascii_lowercase() || letter.is_ascii_digit()
                })
            });
            Some((
                (*number).to_owned(),
                cells[4].to_owned(),
                tests.map(str::to_owned).collect(),
            ))
        })
        .collect()
}

#[test]
fn every_test_that_the_table_of_complaints_names_exists() {
    let known = known_tests();
    let rows = complaints();
    assert_eq!(rows.len(), 36);
    for (number, state, tests) in rows {
        assert!(
            ["tested", "partly", "not tested"].contains(&state.as_str()),
            "{number}: {state}"
        );
        assert!(
            state == "not tested" || !tests.is_empty(),
            "{number} names no test"
        );
        for test in tests {
            assert!(known.contains(&test), "{number} names {test}");
        }
    }
}
