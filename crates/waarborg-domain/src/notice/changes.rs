//! What changes between two registers, in words.

use std::fmt::Write as _;

use super::words::Words;
use crate::register::{Address, Class, Diff, Lack, OldData, Procedure, RuleChange};

/// What changes, what that asks, and what is still lacking, as a text for people.
#[must_use]
pub fn changes_in_words(diff: &Diff, language: &str) -> String {
    let words = Words::of(language, Address::Formal);
    let Some(class) = diff.class() else {
        return format!("{}\n", words.say("diff-none"));
    };

    let mut text = format!("{}\n", words.say(&format!("diff-class-{}", class.name())));
    for class in Class::ALL.into_iter().rev() {
        let mut changes = diff
            .changes
            .iter()
            .filter(|change| change.class == class)
            .peekable();
        if changes.peek().is_some() {
            line(
                &mut text,
                &format!("\n{}", words.say(&format!("diff-title-{}", class.name()))),
            );
        }
        for change in changes {
            write_change(&mut text, words, change);
        }
    }

    line(&mut text, &format!("\n{}", words.say("diff-procedure")));
    for asked in asked(words, diff.procedure()) {
        line(&mut text, &format!("  {asked}"));
    }
    if !diff.lacks.is_empty() {
        line(&mut text, &format!("\n{}", words.say("diff-lacks")));
    }
    for lack in &diff.lacks {
        line(&mut text, &format!("  {}", lacking(words, lack)));
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

fn write_change(text: &mut String, words: Words, change: &RuleChange) {
    let what = match (change.key, change.from.is_empty(), change.to.is_empty()) {
        ("declared", true, _) => words.say("diff-comes"),
        ("declared", _, true) => words.say("diff-goes"),
        (key, ..) => words.fill("diff-changes", &[("key", key)]),
    };
    line(text, &format!("  {}: {what}", change.rule));
    for (sign, values) in [("-", &change.from), ("+", &change.to)] {
        for value in values
            .iter()
            .filter(|value| !(change.from.contains(*value) && change.to.contains(*value)))
        {
            line(text, &format!("    {sign} {value}"));
        }
    }
    if change.only_narrows {
        line(text, &format!("    {}", words.say("diff-narrows")));
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
