//! Varies prompts: other names, towns and streets, without capitals, in capitals.

use std::collections::{HashMap, HashSet};
use std::fs;

use serde_json::Value;

use crate::chance::Chance;
use crate::fill;
use crate::prompts::{Prompt, Span};

/// Names by which others are replaced.
pub(crate) struct Names {
    first: Vec<String>,
    last: Vec<String>,
    pub(crate) towns: Vec<String>,
    pub(crate) streets: Vec<String>,
    is_first: HashSet<String>,
    /// Names of many origins; the other lists are mostly Dutch.
    first_of_origins: Vec<String>,
    last_of_origins: Vec<String>,
}

impl Names {
    pub(crate) fn read(data: &str) -> Names {
        let lines = |name: &str| fs::read_to_string(format!("{data}/gazetteers/{name}")).unwrap();
        let mut first: Vec<String> = Vec::new();
        for name in [
            "faker-nl-first_names_female.txt",
            "faker-nl-first_names_male.txt",
        ] {
            first.extend(lines(name).lines().map(str::to_string));
        }
        let last_column = |text: &str, back: usize| -> Vec<String> {
            text.lines()
                .skip(1)
                .filter_map(|line| line.split(',').rev().nth(back).map(str::to_string))
                .filter(|name| {
                    name.chars()
                        .next()
                        .is_some_and(|letter| letter.is_uppercase() && letter.is_alphabetic())
                })
                .collect()
        };
        first.extend(last_column(&lines("common-forenames-by-country.csv"), 0));
        let listed: Vec<Value> = serde_json::from_str(&lines("voornamen-mit.json")).unwrap();
        first.extend(
            listed
                .iter()
                .map(|name| name["naam"].as_str().unwrap().to_string()),
        );
        let mut last: Vec<String> = lines("faker-nl-last_names.txt")
            .lines()
            .map(str::to_string)
            .collect();
        last.extend(
            lines("achternamen-freq5-cc0.txt")
                .lines()
                .step_by(17)
                .map(str::to_string),
        );
        last.extend(last_column(&lines("common-surnames-by-country.csv"), 2));
        let towns = lines("woonplaatsen-bag.tsv")
            .lines()
            .filter_map(|line| line.split('\t').nth(1))
            .map(str::to_string)
            .collect();
        let streets = lines("straten-bag.tsv")
            .lines()
            .take(6000)
            .filter_map(|line| line.split('\t').nth(1))
            .map(str::to_string)
            .collect();
        let origins = fill::origins();
        let of_origins = |list: fn(&fill::Group) -> &Vec<String>| -> Vec<String> {
            origins.iter().flat_map(list).cloned().collect()
        };
        let is_first = first.iter().cloned().collect();
        Names {
            first_of_origins: of_origins(|group| &group.first),
            last_of_origins: of_origins(|group| &group.last),
            first,
            last,
            towns,
            streets,
            is_first,
        }
    }
}

/// The prompt with other names, towns and streets, and sometimes without capitals or all in capitals, the names or the whole.
pub(crate) fn vary(prompt: &Prompt, names: &Names, chance: &mut Chance) -> Prompt {
    let mut spans: Vec<Span> = prompt.spans.clone();
    spans.sort_by_key(|span| span.start);
    let keeps = chance.once_in(4);
    let letters = Letters::pick(chance);
    let mut by_word: HashMap<String, String> = HashMap::new();
    let mut text = String::new();
    let mut at = 0;
    for span in &mut spans {
        if span.start < at {
            return prompt.clone();
        }
        text.push_str(&prompt.text[at..span.start]);
        let old = &prompt.text[span.start..span.end];
        at = span.end;
        let new = match span.label.as_str() {
            "PERSON" if !keeps && !span.is_optional => swap_name(old, names, &mut by_word, chance),
            "CITY" if !keeps && chance.once_in(2) => chance.pick(&names.towns).clone(),
            "ADDRESS" if !keeps && chance.once_in(2) => swap_street(old, names, chance),
            _ => old.to_string(),
        };
        let new = if old.chars().any(char::is_uppercase) {
            new
        } else {
            new.to_lowercase()
        };
        let new = match letters {
            Letters::Small if span.label == "PERSON" => new.to_lowercase(),
            Letters::Capitals if span.label == "PERSON" => new.to_uppercase(),
            _ => new,
        };
        span.start = text.len();
        text.push_str(&new);
        span.end = text.len();
    }
    text.push_str(&prompt.text[at..]);
    let varied = Prompt {
        text,
        spans,
        ..prompt.clone()
    };
    if chance.once_in(5) {
        in_other(&varied, str::to_lowercase)
    } else if chance.once_in(25) {
        in_other(&varied, str::to_uppercase)
    } else {
        varied
    }
}

/// How the names in a prompt are written.
#[derive(Clone, Copy)]
enum Letters {
    AsTheyAre,
    Small,
    Capitals,
}

impl Letters {
    fn pick(chance: &mut Chance) -> Letters {
        if chance.once_in(12) {
            Letters::Small
        } else if chance.once_in(8) {
            Letters::Capitals
        } else {
            Letters::AsTheyAre
        }
    }
}

/// The whole prompt in other letters, where that keeps every offset.
fn in_other(prompt: &Prompt, write: impl Fn(&str) -> String) -> Prompt {
    let text = write(&prompt.text);
    if text.len() == prompt.text.len() {
        Prompt {
            text,
            ..prompt.clone()
        }
    } else {
        prompt.clone()
    }
}

fn swap_name(
    old: &str,
    names: &Names,
    by_word: &mut HashMap<String, String>,
    chance: &mut Chance,
) -> String {
    let mut out = String::new();
    let mut is_last = false;
    for word in old.split_inclusive([' ', '-', '.']) {
        let end = word.len() - usize::from(word.ends_with([' ', '-', '.']));
        let (bare, mark) = word.split_at(end);
        let is_initial = bare.chars().count() <= 2 || mark == ".";
        let is_small = bare.chars().next().is_some_and(char::is_lowercase)
            && old.chars().any(char::is_uppercase);
        if bare.is_empty() || is_initial || is_small {
            out.push_str(word);
            continue;
        }
        let known = names.is_first.contains(bare) || names.is_first.contains(&capital(bare));
        let list = match (known && !is_last, chance.once_in(4)) {
            (true, false) => &names.first,
            (true, true) => &names.first_of_origins,
            (false, false) => &names.last,
            (false, true) => &names.last_of_origins,
        };
        is_last |= !known;
        let new = by_word
            .entry(bare.to_lowercase())
            .or_insert_with(|| chance.pick(list).clone());
        out.push_str(new);
        out.push_str(mark);
    }
    out
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn swap_street(old: &str, names: &Names, chance: &mut Chance) -> String {
    match old.find(|character: char| character.is_ascii_digit()) {
        Some(number) if number > 3 => format!("{} {}", chance.pick(&names.streets), &old[number..]),
        _ => old.to_string(),
    }
}
