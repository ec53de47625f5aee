//! Prompts from templates: every slot gets a value made up for the occasion, with its label.

use std::collections::HashMap;

use waarborg_detect::Kind;

use crate::chance::Chance;
use crate::prompts::{Prompt, Span};
use crate::values;

const TEMPLATES: &[&str] = &[
    include_str!("templates/people.txt"),
    include_str!("templates/special.txt"),
    include_str!("templates/clean.txt"),
];

/// Lists of words by name, and names of people by where they come from.
pub(crate) struct Lists {
    words: HashMap<&'static str, Vec<&'static str>>,
    pub(crate) groups: Vec<Group>,
    pub(crate) towns: Vec<String>,
    pub(crate) streets: Vec<String>,
}

/// First names and surnames of one origin.
pub(crate) struct Group {
    #[expect(dead_code, reason = "for the fairness table")]
    pub(crate) code: &'static str,
    pub(crate) first: Vec<String>,
    pub(crate) last: Vec<String>,
}

impl Lists {
    pub(crate) fn new(towns: &[String], streets: &[String]) -> Lists {
        let lines = include_str!("templates/lists.txt").lines();
        let words = lines
            .filter_map(|line| line.split_once('='))
            .map(|(name, list)| (name, list.split('|').collect()))
            .collect();
        let groups = origins();
        Lists {
            words,
            groups,
            towns: towns.to_vec(),
            streets: streets.to_vec(),
        }
    }

    /// A word of a list.
    pub(crate) fn word(&self, name: &str, chance: &mut Chance) -> Option<&'static str> {
        let list = self.words.get(name)?;
        Some(chance.pick(list).trim_start_matches('['))
    }

    fn group(&self, chance: &mut Chance) -> &Group {
        // A third of the people have Dutch names.
        if chance.once_in(3) {
            &self.groups[0]
        } else {
            chance.pick(&self.groups)
        }
    }
}

/// The names of every origin.
pub(crate) fn origins() -> Vec<Group> {
    let names = |list: &'static str| -> Vec<String> {
        list.split_whitespace()
            .map(|name| name.replace('_', " "))
            .collect()
    };
    include_str!("templates/names.txt")
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(code, list)| {
            let (first, last) = list.split_once('|').unwrap();
            Group {
                code,
                first: names(first),
                last: names(last),
            }
        })
        .collect()
}

/// Every template once, filled in anew.
pub(crate) fn prompts(lists: &Lists, chance: &mut Chance) -> Vec<Prompt> {
    let lines = TEMPLATES.iter().flat_map(|file| file.lines());
    lines
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| fill(line, lists, chance))
        .collect()
}

/// A template with its slots filled in.
pub(crate) fn fill(template: &str, lists: &Lists, chance: &mut Chance) -> Prompt {
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut rest = template;
    // Where a label in brackets began.
    let mut open: Option<(usize, String)> = None;
    let group = lists.group(chance);
    while let Some(at) = rest.find(['{', '[', ']', '⏎']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('⏎') {
            text.push('\n');
            rest = after;
        } else if let Some(after) = rest.strip_prefix(']') {
            match open.take() {
                Some((start, label)) => spans.push(span(start, text.len(), label)),
                None => text.push(']'),
            }
            rest = after;
        } else if let Some((label, after)) = labelled(rest) {
            open = Some((text.len(), label));
            rest = after;
        } else if let Some((slot, after)) = slot(rest) {
            // Most people in one prompt come from the same place, not all.
            let group = if chance.once_in(4) {
                lists.group(chance)
            } else {
                group
            };
            if let Some((value, label)) = values::value(slot, lists, group, chance) {
                let start = text.len();
                text.push_str(&value);
                if let Some(label) = label.filter(|_| open.is_none()) {
                    spans.push(span(start, text.len(), label.to_string()));
                }
            } else {
                text.push_str(&rest[..rest.len() - after.len()]);
            }
            rest = after;
        } else {
            text.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    Prompt {
        id: String::new(),
        is_clean: spans.is_empty(),
        text,
        spans,
    }
}

fn span(start: usize, end: usize, label: String) -> Span {
    Span {
        start,
        end,
        label,
        is_optional: false,
    }
}

/// `[HEALTH:` opens a label; other brackets are text.
fn labelled(rest: &str) -> Option<(String, &str)> {
    let (label, after) = rest.strip_prefix('[')?.split_once(':')?;
    Kind::parse(label).map(|_| (label.to_string(), after))
}

/// `{name}`: the name of a slot, and what follows.
fn slot(rest: &str) -> Option<(&str, &str)> {
    let (name, after) = rest.strip_prefix('{')?.split_once('}')?;
    let fits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then_some((name, after))
}
