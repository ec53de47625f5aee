//! Passwords that somebody typed, without a label right before them: a word of letters, digits and marks where a password is spoken of.

use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};

/// Tokens between the word for a password and the password, at most.
const REACH: usize = 40;
/// Its length, in bytes.
const SHORTEST: usize = 6;
const LONGEST: usize = 40;

/// Finds them all.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut done = 0;
    for label in reading.landmarks.iter().copied() {
        let speaks =
            reading.cue(label).label == Some(Kind::ApiKey) && reading.is_one_of(label, WORDS);
        if !speaks {
            continue;
        }
        let first = done.max(label + 1);
        done = first.max(label + REACH);
        for place in first..done {
            let Some(token) = reading.token(place) else {
                break;
            };
            if !token.spaced || !(token.is_word() || token.is_number()) {
                continue;
            }
            let span = token.start..run_end(reading.text, token.start);
            if is_typed(reading.slice(span.clone())) && !is_example(reading, place) {
                hits.push(Hit::new(span, Kind::ApiKey, 0.8, Why::AfterLabel));
            }
        }
    }
}

/// "voorbeelden als Welkom01!".
fn is_example(reading: &Reading<'_>, place: usize) -> bool {
    (place.saturating_sub(6)..place).any(|at| {
        reading.is_one_of(
            at,
            &[
                "voorbeeld",
                "voorbeelden",
                "bijvoorbeeld",
                "zoals",
                "bv",
                "like",
                "example",
                "examples",
            ],
        )
    })
}

const WORDS: &[&str] = &[
    "wachtwoord",
    "wachtwoorden",
    "paswoord",
    "password",
    "passwort",
    "passwd",
    "passphrase",
    "ww",
    "pw",
    "pwd",
];

/// The end of what stands together, without the marks that close a sentence.
fn run_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let len: usize = rest
        .chars()
        .take(LONGEST + 1)
        .take_while(|letter| {
            !letter.is_whitespace() && !matches!(letter, '"' | '\'' | '`' | '<' | '>' | '|' | '”')
        })
        .map(char::len_utf8)
        .sum();
    let run = rest.get(..len).unwrap_or_default();
    start + run.trim_end_matches(['.', ',', ';', ':', ')', '?']).len()
}

/// Letters, digits and a mark that people put into passwords, and no sum, date or address.
fn is_typed(run: &str) -> bool {
    let has = |fits: fn(&u8) -> bool| run.bytes().any(|byte| fits(&byte));
    let has_mark = run.contains(['!', '#', '$', '&', '*', '^', '+'])
        || (run.contains(['@', '_', '-', '?']) && has(u8::is_ascii_uppercase));
    let is_other = run.contains(':') || run.contains("..") || is_address(run);
    (SHORTEST..=LONGEST).contains(&run.len())
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_lowercase)
        && has_mark
        && !is_other
}

fn is_address(run: &str) -> bool {
    run.split_once('@')
        .is_some_and(|(_, host)| host.contains('.'))
}
