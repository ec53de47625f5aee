//! Every statement of the five source notices is found in the text that follows from its register, or the table says why not.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use serde::Deserialize;
use waarborg_domain::law::Law;
use waarborg_domain::notice::{Notice, Shown, Statement};
use waarborg_domain::register::Register;

/// The day on which they are looked at; not today, for their mechanisms have an end.
const DAY: Date = date(2026, 11, 21);

/// The register and the table of a document.
macro_rules! document {
    ($name:literal) => {
        (
            include_str!(concat!("../../../../registers/", $name, ".toml")),
            include_str!(concat!("../../../../docs/statements/", $name, ".toml")),
        )
    };
}

const DOCUMENTS: [(&str, &str); 5] = [
    document!("openai-eu"),
    document!("maila"),
    document!("organisation-ai-policy"),
    document!("botpress-style"),
    document!("kaspersky"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    source: String,
    headings: String,
    statement: Vec<Row>,
}

/// A statement of the source, and the words that stand for it: `rule` with `nl`, or `why` there are none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    lines: String,
    says: String,
    #[serde(default)]
    page: Page,
    residence: Option<String>,
    rule: Option<String>,
    nl: Option<String>,
    why: Option<String>,
}

/// Where a statement is looked for.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Page {
    #[default]
    Notice,
    FirstLayer,
    Policy,
}

fn table(source: &str) -> Table {
    toml::from_str(source).unwrap()
}

/// The register; as a draft where its source has gaps.
fn register(source: &str) -> Register {
    let law = Law::shipped().unwrap();
    let draft = Register::draft(source, "register.toml", &law, DAY).0;
    Register::compile(source, "register.toml", &law, DAY)
        .ok()
        .or(draft)
        .unwrap()
}

fn statements(register: &Register, row: &Row, language: &str) -> Vec<Statement> {
    let shown = Shown {
        at: DAY,
        residence: Some(row.residence.as_deref().unwrap_or("NL")),
        language,
        notice: Some("public"),
    };
    match row.page {
        Page::Notice => Notice::of(register, &shown).statements().cloned().collect(),
        Page::Policy => Notice::of_ai_use(register, &shown)
            .statements()
            .cloned()
            .collect(),
        Page::FirstLayer => {
            let answers = Notice::first_layer(register, "chat", &shown);
            answers
                .into_iter()
                .flat_map(|answer| answer.statements)
                .collect()
        }
    }
}

/// Whether a statement follows from a rule; a processing is named without its number in the file.
fn follows(statement: &Statement, rule: &str) -> bool {
    let bare = |known: &str| {
        let is_cell = known.starts_with("processing:");
        is_cell && known.split('#').next() == Some(rule)
    };
    statement
        .rules
        .iter()
        .any(|known| known == rule || bare(known))
}

#[test]
fn every_statement_of_the_five_sources_is_found_in_what_follows_from_its_register() {
    let mut lost = Vec::new();
    let mut n_found = 0;
    for (source, rows) in DOCUMENTS {
        let register = register(source);
        for row in table(rows).statement {
            let (Some(rule), Some(words)) = (&row.rule, &row.nl) else {
                let why = row.why.unwrap_or_default();
                assert!(why.split(' ').count() >= 4, "{}: {}", row.lines, row.says);
                continue;
            };
            assert!(row.why.is_none(), "{}: {}", row.lines, row.says);
            let dutch = statements(&register, &row, "nl");
            let english = statements(&register, &row, "en");
            let said = |text: &str| text.replace('\u{E000}', "[nog in te vullen]");
            let is_there = dutch.iter().any(|statement| {
                follows(statement, rule) && said(&statement.text).contains(words.as_str())
            });
            if is_there && english.iter().any(|statement| follows(statement, rule)) {
                n_found += 1;
            } else {
                lost.push(format!(
                    "{} {} ({rule}): {words}",
                    register.head().name,
                    row.lines
                ));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert!(n_found > 500, "{n_found}");
}

#[test]
fn no_line_of_the_five_sources_is_left_out_of_the_tables() {
    for (_, rows) in DOCUMENTS {
        let table = table(rows);
        let Some(source) = crate::program::shared(&table.source) else {
            return;
        };
        let of_rows = table.statement.iter().flat_map(|row| numbers(&row.lines));
        let rows: BTreeSet<usize> = of_rows.collect();
        let headings: BTreeSet<usize> = numbers(&table.headings).collect();
        let written: BTreeSet<usize> = source
            .lines()
            .zip(1..)
            .filter(|(line, _)| !line.trim().is_empty())
            .map(|(_, number)| number)
            .collect();

        let covered: BTreeSet<usize> = rows.union(&headings).copied().collect();
        let missing: Vec<_> = written.difference(&covered).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", table.source);
        let both: Vec<_> = rows.intersection(&headings).collect();
        assert!(both.is_empty(), "{}: {both:?}", table.source);
        assert!(covered.last() <= written.last(), "{}", table.source);
    }
}

/// `3, 5-7` as numbers.
fn numbers(text: &str) -> impl Iterator<Item = usize> {
    text.split(',').flat_map(|part| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        from.trim().parse().unwrap()..=to.trim().parse().unwrap()
    })
}
