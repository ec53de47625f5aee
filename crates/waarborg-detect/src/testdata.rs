//! The test data: every text gives its findings, and every validation is missed when it is taken away.

mod ledger;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::string::{String, ToString as _};
use std::vec::Vec;

use serde::Deserialize;

use crate::validation::{stopped_in, without};
use crate::{Checksum, Detector, Kind, Recogniser, national, registers};

/// A line of test data. `[[KIND:value]]` marks what must be found, exactly, and `[[KIND.SUBKIND:value]]` also which
/// one it is; `not` names kinds that must not be found at all (a near miss), `bug` what a line keeps from coming back.
#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    not: Vec<String>,
    #[serde(default)]
    bug: Option<String>,
    /// A recogniser that the operator of this line added.
    #[serde(default)]
    own: Option<OwnLine>,
}

/// A recogniser as `recognisers.toml` has it.
#[derive(Deserialize)]
struct OwnLine {
    kind: String,
    pattern: String,
    checksum: Option<String>,
    #[serde(default)]
    words: Vec<String>,
}

impl OwnLine {
    fn detector(&self) -> Detector {
        let kind = Kind::parse(&self.kind).unwrap();
        let checksum = self.checksum.as_deref();
        let checksum = checksum.map(|code| Checksum::parse(code).unwrap());
        let own = Recogniser::new(kind, &self.pattern, checksum, &self.words).unwrap();
        Detector::with_own(std::vec![own], Vec::new())
    }
}

/// A text with what must be found in it.
struct Case {
    place: String,
    plain: String,
    expected: Vec<(String, String)>,
    not: Vec<String>,
    /// With the recognisers of this line, if it has its own.
    detector: Option<Detector>,
}

impl Case {
    fn new(place: String, line: Line) -> Case {
        let mut plain = String::new();
        let mut expected = Vec::new();
        let mut rest = line.text.as_str();
        while let Some((before, marked)) = rest.split_once("[[") {
            let (inside, after) = marked.split_once("]]").unwrap();
            let (label, value) = inside.split_once(':').unwrap();
            plain.push_str(before);
            plain.push_str(value);
            assert!(Kind::parse(kind(label)).is_some(), "{label}");
            expected.push((label.to_string(), value.to_string()));
            rest = after;
        }
        plain.push_str(rest);
        Case {
            place,
            plain,
            expected,
            not: line.not,
            detector: line.own.as_ref().map(OwnLine::detector),
        }
    }

    /// What is wrong in what a detector finds, if anything.
    fn fault(&self, detector: &Detector) -> Option<String> {
        let detector = self.detector.as_ref().unwrap_or(detector);
        let found: Vec<(String, String)> = detector
            .find(&self.plain)
            .into_iter()
            .map(|finding| {
                let value = self.plain.get(finding.span.clone()).unwrap().to_string();
                (finding.exact_label().to_string(), value)
            })
            .collect();
        let is_found = |(label, value): &(String, String)| {
            found
                .iter()
                .any(|(exact, other)| value == other && (label == exact || label == kind(exact)))
        };
        let is_wrong = |(label, _): &(String, String)| {
            self.not
                .iter()
                .any(|not| not == label || not == kind(label))
        };
        let is_good = self.expected.iter().all(is_found) && !found.iter().any(is_wrong);
        (!is_good).then(|| std::format!("{}: {}\n    found {found:?}", self.place, self.plain))
    }
}

/// The label without what stands below it.
fn kind(label: &str) -> &str {
    label.split('.').next().unwrap_or_default()
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for language in ["nl", "en", "eu"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("testdata")
            .join(language);
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        for file in files {
            for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
                let place = std::format!("{}:{}", file.display(), number + 1);
                let line =
                    serde_json::from_str(line).unwrap_or_else(|fault| panic!("{place}: {fault}"));
                cases.push(Case::new(place, line));
            }
        }
    }
    cases
}

#[test]
fn every_line_gives_its_findings_and_every_validation_is_missed_without_it() {
    let detector = Detector::new();
    let cases = cases();
    assert!(cases.len() > 80, "{} cases", cases.len());

    let mut faults = String::new();
    let mut stops: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in &cases {
        if case.expected.is_empty() && case.not.is_empty() {
            let _ = writeln!(faults, "{}: the line says nothing", case.place);
        }
        let (fault, stopped) = stopped_in(|| case.fault(&detector));
        if let Some(fault) = fault {
            let _ = writeln!(faults, "{fault}");
        }
        for name in stopped {
            stops.entry(name).or_default().push(case);
        }
    }
    assert!(faults.is_empty(), "\n{faults}");

    let of_countries = national::ALL
        .iter()
        .flat_map(|numbers| numbers.iter())
        .map(|number| number.name)
        .chain(registers::NAMES.iter().copied())
        .map(str::to_string);
    for name in ledger::validations().into_iter().chain(of_countries) {
        let is_missed = stops
            .get_key_value(name.as_str())
            .is_some_and(|(name, cases)| {
                cases
                    .iter()
                    .any(|case| without(name, || case.fault(&detector)).is_some())
            });
        if !is_missed {
            let _ = writeln!(faults, "no line needs the validation {name}");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// How many lines a kind and each that stands below it has at least, of values that are found and of such that are left.
const LEAST: usize = 3;

/// Kinds of which nothing is reported, for they are no personal data.
const NOT_REPORTED: &[Kind] = &[Kind::Organisation, Kind::Location, Kind::Date];

#[test]
fn every_kind_and_all_below_it_have_hits_and_near_misses() {
    let cases = cases();
    let numbers = national::ALL.iter().flat_map(|numbers| numbers.iter());
    let below_id = numbers.map(|number| std::format!("ID_NUMBER.{}", number.name));
    let below_customer = registers::NAMES.iter();
    let below_customer = below_customer.map(|name| std::format!("CUSTOMER_NUMBER.{name}"));
    let kinds = Kind::ALL.iter().filter(|kind| !NOT_REPORTED.contains(kind));
    let kinds = kinds.map(|kind| kind.label().to_string());

    let mut faults = String::new();
    let labels: BTreeSet<String> = kinds.chain(below_id).chain(below_customer).collect();
    for label in &labels {
        let is_this = |other: &String| other == label || kind(other) == label;
        let hits = cases.iter().flat_map(|case| &case.expected);
        let n_hits = hits.filter(|(other, _)| is_this(other)).count();
        let n_misses = cases
            .iter()
            .filter(|case| case.not.iter().any(is_this))
            .count();
        if n_hits < LEAST || n_misses < LEAST {
            let _ = writeln!(faults, "{label}: {n_hits} hits, {n_misses} near misses");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// `bugs.jsonl` keeps what once went wrong, with what it was.
#[test]
fn every_bug_is_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let text = fs::read_to_string(folder.join("nl/bugs.jsonl")).unwrap();
    let mut faults = String::new();
    assert!(text.lines().count() > 10);
    for line in text.lines() {
        let line: Line = serde_json::from_str(line).unwrap();
        let says_nothing = !line.text.contains("[[") && line.not.is_empty();
        if line.bug.is_none_or(|bug| bug.len() < 10) || says_nothing {
            let _ = writeln!(
                faults,
                "nl/bugs: {} does not say what went wrong",
                line.text
            );
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}
