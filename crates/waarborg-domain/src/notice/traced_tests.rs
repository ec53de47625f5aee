//! Every number and every country that people read comes from a rule of the register or of the law.

use std::collections::BTreeSet;
use std::fmt::Debug;

use jiff::civil::{Date, date};

use super::{Notice, Shown, Statement};
use crate::law::Law;
use crate::register::Register;

/// The day on which they are looked at; not today, for mechanisms have an end.
const DAY: Date = date(2026, 11, 21);

const SMALL: &str = include_str!("../register/tests/small.toml");
const REGISTERS: [&str; 7] = [
    include_str!("../../../../registers/demo-gemeente.toml"),
    SMALL,
    include_str!("../../../../registers/openai-eu.toml"),
    include_str!("../../../../registers/maila.toml"),
    include_str!("../../../../registers/organisation-ai-policy.toml"),
    include_str!("../../../../registers/botpress-style.toml"),
    include_str!("../../../../registers/kaspersky.toml"),
];

/// Every template of what people read of the register.
const TEMPLATES: [&str; 5] = [
    include_str!("../../../../text/nl/notice.ftl"),
    include_str!("../../../../text/nl/notice-je.ftl"),
    include_str!("../../../../text/en/notice.ftl"),
    include_str!("../../../../text/nl/policy.ftl"),
    include_str!("../../../../text/en/policy.ftl"),
];

fn register(source: &str) -> Register {
    let law = Law::shipped().unwrap();
    let draft = Register::draft(source, "register.toml", &law, DAY).0;
    Register::compile(source, "register.toml", &law, DAY)
        .ok()
        .or(draft)
        .unwrap()
}

/// All that a rule holds, as one text in which numbers and names are looked up; empty if there is no such rule.
fn facts(register: &Register, controller: &str, rule: &str) -> String {
    let law = register.law();
    let evidence = |name: Option<&String>| {
        let mut pieces = register.evidence();
        said(pieces.find(|piece| Some(&piece.name) == name))
    };
    let Some((kind, id)) = rule.split_once(':') else {
        return format!("{:?} {}", register.head(), register.notice_version());
    };
    match kind {
        "controller" => said(register.controllers().iter().find(|known| known.id == id)),
        "service" => said(register.service(id)),
        "category" => said(register.category(id)),
        "recipient" => register.recipient(id).map_or_else(String::new, |known| {
            format!("{known:?} {}", evidence(known.dpa.as_ref()))
        }),
        "joint" => said(
            register
                .joint_controllers()
                .iter()
                .find(|known| known.id == id),
        ),
        "disclosure" => register.disclosure(id).map_or_else(String::new, |known| {
            format!("{known:?} {}", evidence(known.evidence.as_ref()))
        }),
        "cookie" => said(register.cookies().iter().find(|known| known.name == id)),
        "log" => said(register.log_streams().find(|known| known.name == id)),
        "measure" => said(register.measures().iter().find(|known| known.name == id)),
        "message" => said(register.messages().iter().find(|known| known.name == id)),
        "term" => said(register.terms().find(|known| known.name == id)),
        "duty" => said(register.duties().find(|known| known.name == id)),
        "role" => said(register.role(id)),
        "overlay" => said(register.overlays().iter().find(|known| known.rule == rule)),
        "retention" => said(
            register
                .retentions()
                .iter()
                .find(|known| known.rule == rule),
        ),
        "processing" => {
            let mut known = register.processings().iter();
            let known = known.find(|known| known.rule == rule);
            known.map_or_else(String::new, |known| {
                let first = evidence(known.evidence.as_ref());
                let second = evidence(known.otherwise_evidence.as_ref());
                format!("{known:?} {first} {second}")
            })
        }
        "policy" => register.policy().map_or_else(
            |_| String::new(),
            |policy| format!("{rule} {}", policy.bulk_persons()),
        ),
        // What somebody wrote into a notice proves no number and no country.
        "notice" => rule.to_owned(),
        "law" => match id.split_once('/') {
            Some(("regime", id)) => {
                let country = &said_controller(register, controller);
                said(law.regime(country, DAY).filter(|known| known.id == id))
            }
            Some(("authority", id)) => said(law.authority(id)),
            Some(("country", code)) => said(law.country(code)).replace('{', &format!("\"{code}\"")),
            _ => id.to_owned(),
        },
        _ => String::new(),
    }
}

fn said(known: Option<impl Debug>) -> String {
    known.map_or_else(String::new, |known| format!("{known:?}"))
}

fn said_controller(register: &Register, id: &str) -> String {
    let mut known = register.controllers().iter();
    let found = known.find(|known| known.id == id);
    found.map_or_else(String::new, |known| known.country.clone())
}

/// The groups of digits in a text.
fn numbers(text: &str) -> Vec<String> {
    let groups = text.split(|letter: char| !letter.is_ascii_digit());
    groups
        .filter(|group| !group.is_empty())
        .map(|group| group.trim_start_matches('0').to_owned())
        .collect()
}

/// What is wrong with a statement; empty if nothing is.
fn untraced(register: &Register, notice: &Notice, statement: &Statement) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut held = String::new();
    for rule in &statement.rules {
        let facts = facts(register, &notice.controller, rule);
        if facts.is_empty() {
            wrong.push(format!("rule {rule} does not exist"));
        }
        held.push_str(&facts);
    }
    let known = numbers(&held);
    for number in numbers(&statement.text) {
        if !known.contains(&number) {
            wrong.push(format!("{number} comes from no rule"));
        }
    }
    let law = register.law();
    let spaced = |text: &str| format!(" {} ", text.replace([',', '.', ':', '(', ')', ';'], " "));
    let words = spaced(&statement.text);
    for code in law.country_codes() {
        let country = law.country(code).unwrap();
        let name = if notice.language == "nl" {
            &country.nl
        } else {
            &country.en
        };
        let is_named = words.contains(name.as_str()) && words.contains(&format!(" {name} "));
        let is_held = held.contains(&format!("\"{code}\"")) || held.contains(name.as_str());
        if is_named && !is_held {
            wrong.push(format!("{name} comes from no rule"));
        }
    }
    wrong
}

/// The notice, the rules for AI, the recipients, and the first layer of every service.
fn pages(register: &Register, language: &str) -> Vec<(Notice, Vec<Statement>)> {
    let mut residences: Vec<Option<&str>> = vec![None, Some("NL"), Some("BR"), Some("US")];
    for controller in register.controllers() {
        let named = controller.residences.iter().filter(|name| name.len() == 2);
        residences.extend(named.map(|name| Some(name.as_str())));
    }
    let mut pages = Vec::new();
    for residence in residences {
        let there = residence.and_then(|residence| register.in_residence(residence));
        let holds = there.as_ref().unwrap_or(register);
        let shown = |notice| Shown {
            at: DAY,
            residence,
            language,
            notice,
        };
        let whole = Notice::of(register, &shown(None));
        for notice in [
            whole.clone(),
            Notice::of(register, &shown(Some("public"))),
            Notice::of_ai_use(holds, &shown(None)),
            Notice::of_recipients(holds, &shown(None)),
        ] {
            let statements = notice.statements().cloned().collect();
            pages.push((notice, statements));
        }
        for service in register.services() {
            let answers = Notice::first_layer(holds, service.name.as_str(), &shown(None));
            let statements = answers.into_iter().flat_map(|answer| answer.statements);
            pages.push((whole.clone(), statements.collect()));
        }
    }
    pages
}

#[test]
fn every_number_and_country_of_a_notice_comes_from_a_rule() {
    for source in REGISTERS {
        let register = register(source);
        let there = ["BR", "US", "CN", "CH", "GB"];
        let there = there.map(|residence| register.in_residence(residence));
        let readings: Vec<&Register> = std::iter::once(&register)
            .chain(there.iter().flatten())
            .collect();
        for language in ["nl", "en"] {
            let mut seen = BTreeSet::new();
            for (notice, statements) in pages(&register, language) {
                for statement in statements {
                    let Statement { text, rules, .. } = &statement;
                    if !seen.insert((notice.controller.clone(), text.clone(), rules.clone())) {
                        continue;
                    }
                    let is_traced = readings
                        .iter()
                        .any(|register| untraced(register, &notice, &statement).is_empty());
                    let wrong = || untraced(&register, &notice, &statement);
                    assert!(is_traced, "{:?}: {statement:?}", wrong());
                }
            }
        }
    }
}

#[test]
fn a_number_or_a_country_without_its_rule_is_found() {
    let register = register(SMALL);
    let (notice, statements) = pages(&register, "nl").swap_remove(0);
    let mut statement = statements
        .into_iter()
        .find(|statement| statement.text.contains("30 dagen"))
        .unwrap();
    assert_eq!(untraced(&register, &notice, &statement), [""; 0]);

    statement.text = statement.text.replace("30 dagen", "31 dagen");
    assert_eq!(
        untraced(&register, &notice, &statement),
        ["31 comes from no rule"]
    );
    statement.text = "Wij bewaren dit in Noorwegen.".to_owned();
    assert_eq!(
        untraced(&register, &notice, &statement),
        ["Noorwegen comes from no rule"]
    );
    statement.rules = vec!["retention:nowhere".to_owned()];
    assert!(!untraced(&register, &notice, &statement).is_empty());
}

/// The words for one of something are the only place where a digit may stand.
#[test]
fn no_number_and_no_country_is_typed_in_a_template() {
    let law = Law::shipped().unwrap();
    for line in TEMPLATES.iter().flat_map(|text| text.lines()) {
        let is_comment = line.starts_with('#');
        let (key, words) = line.split_once(" = ").unwrap_or(("", line));
        let is_plural = line.trim_start().starts_with("[1] 1 ");
        let is_named = key.starts_with("month-") || key.contains("art22");
        if is_comment || is_plural {
            continue;
        }
        assert!(
            is_named || !words.contains(|letter: char| letter.is_ascii_digit()),
            "{line}"
        );
        let spaced = format!(" {} ", words.replace([',', '.', ':', '(', ')', ';'], " "));
        for code in law.country_codes() {
            let country = law.country(code).unwrap();
            for name in [&country.nl, &country.en] {
                assert!(!spaced.contains(&format!(" {name} ")), "{line}: {name}");
            }
        }
    }
}
