//! What changes between two registers, in words.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::words::Words;
use crate::register::{Address, Class, Diff, Lack, OldData, Procedure, RuleChange};

/// What changes between two registers, sentence by sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelled {
    /// How far it goes.
    pub class: String,
    /// The changes, those that go furthest first.
    pub changes: Vec<SpelledChange>,
    /// What that asks.
    pub asked: Vec<String>,
    /// What is still lacking.
    pub lacks: Vec<String>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpelledChange {
    /// How far it goes.
    pub class: Class,
    /// The id of the rule.
    pub rule: String,
    /// What happens with it.
    pub what: String,
    /// What it said.
    pub from: Vec<String>,
    /// What it says.
    pub to: Vec<String>,
    /// That it only takes away, where it does.
    pub narrows: Option<String>,
}

/// What changes, what that asks, and what is still lacking, sentence by sentence; `None` where nothing changes.
#[must_use]
pub fn changes_spelled(diff: &Diff, language: &str) -> Option<Spelled> {
    let words = Words::of(language, Address::Formal);
    let class = diff.class()?;
    let in_order = Class::ALL.into_iter().rev().flat_map(|class| {
        let changes = diff.changes.iter();
        changes.filter(move |change| change.class == class)
    });
    Some(Spelled {
        class: words.say(&format!("diff-class-{}", class.name())),
        changes: in_order.map(|change| spelled(words, change)).collect(),
        asked: asked(words, diff.procedure()),
        lacks: diff.lacks.iter().map(|lack| lacking(words, lack)).collect(),
    })
}

/// What changes, what that asks, and what is still lacking, as a text for people.
#[must_use]
pub fn changes_in_words(diff: &Diff, language: &str) -> String {
    let words = Words::of(language, Address::Formal);
    let Some(said) = changes_spelled(diff, language) else {
        return format!("{}\n", words.say("diff-none"));
    };

    let mut text = format!("{}\n", said.class);
    let mut class = None;
    for change in &said.changes {
        if class != Some(change.class) {
            class = Some(change.class);
            let title = format!("diff-title-{}", change.class.name());
            line(&mut text, &format!("\n{}", words.say(&title)));
        }
        line(&mut text, &format!("  {}: {}", change.rule, change.what));
        for (sign, values) in [("-", &change.from), ("+", &change.to)] {
            for value in values {
                line(&mut text, &format!("    {sign} {value}"));
            }
        }
        if let Some(narrows) = &change.narrows {
            line(&mut text, &format!("    {narrows}"));
        }
    }

    line(&mut text, &format!("\n{}", words.say("diff-procedure")));
    for asked in &said.asked {
        line(&mut text, &format!("  {asked}"));
    }
    if !said.lacks.is_empty() {
        line(&mut text, &format!("\n{}", words.say("diff-lacks")));
    }
    for lack in &said.lacks {
        line(&mut text, &format!("  {lack}"));
    }
    text
}

/// What a procedure asks, sentence by sentence.
#[must_use]
pub fn procedure_in_words(procedure: Procedure, language: &str) -> Vec<String> {
    asked(Words::of(language, Address::Formal), procedure)
}

fn asked(words: Words, procedure: Procedure) -> Vec<String> {
    let days = procedure.announced_days.to_string();
    let when = if procedure.announced_days == 0 {
        words.say("diff-at-once")
    } else {
        words.fill("diff-announced", &[("n", &days)])
    };
    let mut asked = vec![when];
    if procedure.tells_people {
        asked.push(words.say("diff-tells"));
    }
    if procedure.second_approver {
        asked.push(words.say("diff-second"));
    }
    if procedure.old_data != OldData::Untouched {
        asked.push(words.say(&format!("diff-old-{}", procedure.old_data.name())));
    }
    asked
}

fn spelled(words: Words, change: &RuleChange) -> SpelledChange {
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        these.difference(those).cloned().collect::<Vec<_>>()
    };
    SpelledChange {
        class: change.class,
        rule: change.rule.clone(),
        what: match (change.key, change.from.is_empty(), change.to.is_empty()) {
            ("declared", true, _) => words.say("diff-comes"),
            ("declared", _, true) => words.say("diff-goes"),
            (key, ..) => words.fill("diff-changes", &[("key", key)]),
        },
        from: only(&change.from, &change.to),
        to: only(&change.to, &change.from),
        narrows: change.only_narrows.then(|| words.say("diff-narrows")),
    }
}

fn lacking(words: Words, lack: &Lack) -> String {
    let key = format!("diff-lack-{}", lack.name());
    match lack {
        Lack::SameVersion => words.say(&key),
        Lack::TooEarly { not_before } => words.fill(&key, &[("day", &words.day(*not_before))]),
        Lack::NoNote { rule } => words.fill(&key, &[("rule", rule)]),
    }
}

fn line(text: &mut String, line: &str) {
    // Writing to a String does not fail.
    let _ = writeln!(text, "{line}");
}
