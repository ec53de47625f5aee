//! What becomes of a file in Presidio's form.

use super::*;

/// In the form of the examples that Presidio documents; written for this test.
const FILE: &str = r#"
global_regex_flags: 26
recognizers:
  - CreditCardRecognizer
  - name: UsBankRecognizer
    type: predefined
  - name: Old one
    enabled: false
    supported_entity: X
    patterns: [{name: p, regex: "x", score: 1}]
  - name: "Case numbers"
    supported_language: nl
    supported_entity: "CASE_FILE"
    patterns:
      - name: strong
        regex: "\\bZK-\\d{4}-[A-Z]{3}\\b"
        score: 0.8
      - name: weak
        regex: "(?<!\\d)\\d{6}(?!\\d)"
        score: 0.1
      - name: around
        regex: "(?<=zaak )\\d{5}"
        score: 0.9
    context: [zaak, "number of case"]
  - name: Postcodes
    supported_languages:
      - language: de
        context: [plz]
    supported_entity: ZIP
    patterns:
      - name: plz
        regex: "(\\b\\d{5}(?:\\-\\d{4})?\\b)"
        score: 0.01
  - name: Weak without words
    supported_entity: DE_THING
    patterns:
      - {name: p, regex: "\\d{5}", score: 0.01}
  - name: Wards
    supported_entity: WARD
    deny_list: [Afdeling Noord, "4.B"]
  - name: Nothing
    supported_entity: NOTHING
  - name: Broken
    supported_entity: PERSON
    patterns:
      - {name: p, regex: "(a", score: 0.9}
      - {name: q, regex: "(a)\\1", score: 0.9}
"#;

#[test]
fn what_can_be_taken_over_is_and_holds_and_the_rest_is_told() {
    let import = import(FILE).unwrap();
    assert_eq!(
        import.taken,
        [
            "case-numbers-strong",
            "case-numbers-weak",
            "postcodes-plz",
            "wards-deny-list"
        ]
    );
    let left: Vec<&str> = import.left.iter().map(|note| note.name.as_str()).collect();
    assert_eq!(
        left,
        [
            "UsBankRecognizer",
            "Case numbers: around",
            "Weak without words: p",
            "Nothing",
            "Broken: p",
            "Broken: q"
        ]
    );
    assert_eq!(import.left[1].line, 21);
    assert_eq!(import.notes.len(), 6, "{:?}", import.notes);

    let detector = Own::read(&import.toml, "recognisers.toml")
        .unwrap()
        .detector()
        .ok()
        .unwrap();
    let labels = |text: &str| -> Vec<String> {
        detector
            .find(text)
            .unwrap()
            .iter()
            .map(|finding| {
                let value = text.get(finding.span.clone()).unwrap();
                format!("{} {value}", finding.exact_label())
            })
            .collect()
    };
    assert_eq!(
        labels("Kijk naar zk-2026-abc."),
        ["CUSTOMER_NUMBER.CASE_FILE zk-2026-abc"]
    );
    assert_eq!(
        labels("de zaak 473829 loopt"),
        ["CUSTOMER_NUMBER.CASE_FILE 473829"]
    );
    assert_eq!(labels("PLZ 10115"), ["POSTCODE.ZIP 10115"]);
    assert_eq!(
        labels("Ligt op afdeling noord."),
        ["CUSTOMER_NUMBER.WARD afdeling noord"]
    );
}

#[test]
fn no_yaml_is_a_fault_with_its_line() {
    assert!(matches!(
        import("a: b: c: ["),
        Err(YamlFault::Syntax { line: 1, .. })
    ));
    assert!(import("just words").unwrap().taken.is_empty());
}
