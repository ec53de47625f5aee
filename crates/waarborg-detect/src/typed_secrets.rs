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
    let has_mark = has_mark || is_random(run);
    let is_other = run.contains(':') || run.contains("..") || is_address(run);
    (SHORTEST..=LONGEST).contains(&run.len())
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_lowercase)
        && has_mark
        && !is_other
}

/// "F59i9zsB": capitals, small letters and digits by turns, as a program gives out; a name of a product ends with its number.
fn is_random(run: &str) -> bool {
    const SHORTEST: usize = 8;
    const FEWEST_TURNS: usize = 4;
    let class = |byte: &u8| match byte {
        b'A'..=b'Z' => 0,
        b'a'..=b'z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let bytes = run.as_bytes();
    let n_turns = (bytes.windows(2))
        .filter(|pair| matches!(pair, [one, next] if class(one) != class(next)))
        .count();
    let number_inside = (bytes.windows(2))
        .any(|pair| matches!(pair, [one, next] if class(one) == 2 && class(next) < 2));
    run.len() >= SHORTEST
        && n_turns >= FEWEST_TURNS
        && number_inside
        && bytes.iter().any(u8::is_ascii_uppercase)
        && bytes.iter().all(|byte| class(byte) < 3)
}

fn is_address(run: &str) -> bool {
    run.split_once('@')
        .is_some_and(|(_, host)| host.contains('.'))
}
