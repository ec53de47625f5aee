//! The reference of the register is written from the schema and from what the compiler says of every fixture.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::fixtures::FIXTURES;
use super::lints::broken;
use super::{SMALL, compiled, register};
use crate::register::{CODES, Fault, Running, Severity};

const SCHEMA: &str = include_str!("../../../../../docs/schema/register.schema.json");
const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../docs/register-reference.md"
);

const HEAD: &str = "# The register, key by key

Written from `docs/schema/register.schema.json` and from what the compiler says; not by hand. `WAARBORG_WRITE=1 cargo test -p waarborg-domain reference` writes it anew.
What the sections are for stands in [register.md](register.md). `\"?\"` may stand in the place of any value that is still open.
";

/// The reference as it should be.
fn written() -> String {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut text = HEAD.to_owned();
    for (section, about) in schema["properties"].as_object().unwrap() {
        write_section(&mut text, section, about);
    }
    write_faults(&mut text);
    text
}

fn write_section(text: &mut String, section: &str, about: &Value) {
    let (heading, keys) = match (about["type"].as_str(), about.get("properties")) {
        (Some("array"), _) => (format!("[[{section}]]"), &about["items"]["properties"]),
        (_, Some(keys)) => (format!("[{section}]"), keys),
        _ => (
            format!("[{section}.NAME]"),
            &about["additionalProperties"]["properties"],
        ),
    };
    let description = about["description"].as_str().unwrap();
    let _ = write!(
        text,
        "\n## `{heading}`\n\n{description}\n\n| key | is | means |\n|---|---|---|\n"
    );
    for (key, about) in keys.as_object().unwrap() {
        let meaning = about["description"].as_str();
        let meaning = meaning.unwrap_or_else(|| panic!("{section}.{key} has no description"));
        let _ = writeln!(
            text,
            "| `{key}` | {} | {} |",
            kind_of(about),
            in_cell(meaning)
        );
    }
}

fn kind_of(about: &Value) -> &'static str {
    let kinds: Vec<&str> = match &about["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    match kinds.as_slice() {
        ["object", "string"] => "words",
        ["object"] => "table",
        ["array"] => "list",
        ["boolean"] => "yes or no",
        ["integer"] => "number",
        ["string"] => "text",
        other => panic!("{other:?}"),
    }
}

fn write_faults(text: &mut String) {
    text.push_str(
        "\n## Faults\n\nWhat the compiler says of a register with one thing wrong in it. An error stops the start; a closing one lets nothing go to one recipient; \
         a warning asks for attention.\n\n| code | is | says, for example | mend |\n|---|---|---|---|\n",
    );
    let examples = examples();
    for (code, _) in CODES {
        let fault = &examples[code];
        let severity = match fault.severity {
            Severity::Error => "error",
            Severity::Closing => "closing",
            Severity::Warning => "warning",
        };
        let _ = writeln!(
            text,
            "| `{code}` | {severity} | {}:{}: {} | {} |",
            fault.line,
            fault.column,
            in_cell(&fault.message),
            in_cell(&fault.mend)
        );
    }
}

/// One fault for each code, from the first fixture that has it.
fn examples() -> BTreeMap<&'static str, Fault> {
    let mut examples = BTreeMap::new();
    for (code, changes) in FIXTURES {
        let faults = match compiled(&broken(changes)) {
            Ok(register) => register.warnings().to_vec(),
            Err(faults) => faults,
        };
        let found = faults
            .into_iter()
            .find(|fault| fault.code == *code)
            .unwrap();
        examples.entry(*code).or_insert(found);
    }
    let named = |name: &str| (name.to_owned(), name.to_owned());
    let running = Running {
        tables: vec!["diary".to_owned()],
        log_fields: vec![named("name")],
        routes: vec![("POST".to_owned(), "/diary".to_owned())],
        outgoing_fields: vec![named("diary")],
        cookies: vec!["diary".to_owned()],
        terms: vec!["diary".to_owned()],
    };
    for fault in register(SMALL).undeclared(&running) {
        examples.entry(fault.code).or_insert(fault);
    }
    examples
}

fn in_cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[test]
fn the_reference_is_that_of_the_schema_and_the_compiler() {
    let written = written();
    if std::env::var_os("WAARBORG_WRITE").is_some() {
        std::fs::write(FILE, &written).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        kept == written,
        "docs/register-reference.md is old; WAARBORG_WRITE=1 writes it anew"
    );
}
