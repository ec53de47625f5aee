//! What people read exists in Dutch and in English, with the same keys and the same variables.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{Fault, Source, Tree};

const LANGUAGES: [&str; 2] = ["text/nl/", "text/en/"];

/// Files that say in Dutch with "je" what their neighbour says with "u"; English has no such pair.
const INFORMAL: &str = "-je.ftl";

/// The Fluent files of both languages have the same names, keys and variables.
#[must_use]
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let [dutch, english] = LANGUAGES.map(|folder| messages_below(tree, folder));
    let mut faults = Vec::new();
    for (here, there, [here_folder, there_folder]) in [
        (&dutch, &english, LANGUAGES),
        (&english, &dutch, [LANGUAGES[1], LANGUAGES[0]]),
    ] {
        for (key, message) in here {
            match there.get(key) {
                None => faults.push(Fault::at(
                    &message.path,
                    message.line,
                    format!("{} is not in {there_folder}", key.1),
                )),
                Some(other)
                    if here_folder == LANGUAGES[0] && other.variables != message.variables =>
                {
                    faults.push(Fault::at(
                        &message.path,
                        message.line,
                        format!("{}: other variables than in {there_folder}", key.1),
                    ));
                }
                Some(_) => {}
            }
        }
    }
    faults
}

/// One message of a Fluent file.
struct Message {
    path: String,
    line: usize,
    variables: BTreeSet<String>,
}

/// Messages by (file below the language, key); attributes are `key.attribute`.
fn messages_below(tree: &Tree, folder: &str) -> BTreeMap<(String, String), Message> {
    let mut messages = BTreeMap::new();
    for source in tree.sources.iter().filter(|source| {
        source.path.starts_with(folder) && source.is("ftl") && !source.path.ends_with(INFORMAL)
    }) {
        let file = source.path.strip_prefix(folder).unwrap_or_default();
        for (key, message) in messages_of(source) {
            messages.insert((file.to_owned(), key), message);
        }
    }
    messages
}

fn messages_of(source: &Source) -> Vec<(String, Message)> {
    let mut messages: Vec<(String, Message)> = Vec::new();
    let mut key = String::new();
    for (number, line) in source.lines().filter(|(_, line)| !line.starts_with('#')) {
        let indented = line.starts_with(' ') || line.starts_with('\t');
        if let Some((name, _)) = line.split_once('=') {
            let name = name.trim();
            let attribute = name.strip_prefix('.').filter(|_| indented);
            let plain = |name: &str| {
                !name.is_empty()
                    && name
                        .chars()
                        .all(|letter| letter.is_alphanumeric() || "-_".contains(letter))
            };
            if !indented && plain(name.trim_start_matches('-')) {
                name.clone_into(&mut key);
                messages.push((
                    key.clone(),
                    Message {
                        path: source.path.clone(),
                        line: number,
                        variables: BTreeSet::new(),
                    },
                ));
            } else if let Some(attribute) = attribute.filter(|name| plain(name)) {
                let whole = format!("{key}.{attribute}");
                messages.push((
                    whole,
                    Message {
                        path: source.path.clone(),
                        line: number,
                        variables: BTreeSet::new(),
                    },
                ));
            }
        }
        if let Some((_, message)) = messages.last_mut() {
            message.variables.extend(variables(line));
        }
    }
    messages
}

fn variables(line: &str) -> Vec<String> {
    let letters = |rest: &str| {
        rest.chars()
            .take_while(|letter| letter.is_alphanumeric() || "-_".contains(*letter))
            .collect::<String>()
    };
    let after_dollar = line
        .split('{')
        .skip(1)
        .flat_map(|placeable| placeable.split('$').skip(1));
    after_dollar
        .map(letters)
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dutch: &str, english: &str) -> usize {
        faults(&Tree::of(&[
            ("text/nl/a.ftl", dutch),
            ("text/en/a.ftl", english),
        ]))
        .len()
    }

    #[test]
    fn a_key_in_one_language_only_is_a_fault() {
        assert_eq!(check("a = Hallo\n", "a = Hello\n"), 0);
        assert_eq!(check("a = Hallo\nb = Dag\n", "a = Hello\n"), 1);
        assert_eq!(check("a = Hallo\n", "a = Hello\n    .title = Hello\n"), 1);
    }

    #[test]
    fn other_variables_are_a_fault() {
        assert_eq!(
            check("a = Nog { $days } dagen\n", "a = { $days } days left\n"),
            0
        );
        assert_eq!(
            check("a = Nog { $dagen } dagen\n", "a = { $days } days left\n"),
            1
        );
        assert_eq!(
            check(
                "a =\n    Nog { $days }\n    dagen = veel\n",
                "a = { $days } days left\n"
            ),
            0
        );
    }
}
