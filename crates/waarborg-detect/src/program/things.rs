//! Names and numbers that programs and those who write them give to things, and that stand in sentences too: machines, packages, commits,
//! changes, titles.

use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::made;
use crate::reading::{Hit, Reading};

/// Takes out what only the tagger saw where such a name or number stands.
pub(crate) fn drop_things_named(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    hits.retain_mut(|hit| {
        if hit.why != Why::Model {
            return true;
        }
        let value = reading.slice(hit.span.clone());
        let before = reading.text.get(..hit.span.start).unwrap_or_default();
        let behind = reading.text.get(hit.span.end..).unwrap_or_default();
        match hit.kind {
            Kind::UrlPersonal | Kind::Email | Kind::ApiKey => true,
            Kind::Person | Kind::Username => {
                !is_package(before, value, behind)
                    && (!is_title(before, value, behind) || has_first_name(reading, hit))
            }
            Kind::Address | Kind::City if is_title(before, value, behind) => false,
            _ => {
                !is_commit(value) && !is_change(before, value, behind) && is_past_host(reading, hit)
            }
        }
    });
}

/// `@scope/name`.
fn is_package(before: &str, value: &str, behind: &str) -> bool {
    let is_name = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| {
                byte.is_ascii_lowercase()
                    || byte.is_ascii_digit()
                    || matches!(byte, b'-' | b'_' | b'.')
            })
    };
    let (scope, is_scope) = match value.strip_prefix('@') {
        Some(scope) => (scope, true),
        None => (value, before.ends_with('@')),
    };
    match scope.split_once('/') {
        Some((scope, name)) => is_scope && is_name(scope) && is_name(name),
        None => {
            is_scope
                && is_name(scope)
                && (behind.strip_prefix('/')).is_some_and(|name| {
                    name.starts_with(|letter: char| letter.is_ascii_lowercase())
                })
        }
    }
}

/// `"title": "Music Streaming"`: a value of two words or more without a small one, behind a key for things.
fn is_title(before: &str, value: &str, behind: &str) -> bool {
    const KEYS: &[&str] = &[
        "title",
        "titel",
        "tag",
        "label",
        "category",
        "categorie",
        "topic",
        "onderwerp",
        "theme",
        "genre",
    ];
    let opened = before.trim_end_matches('"');
    let Some(key) = opened.trim_end().strip_suffix(':') else {
        return false;
    };
    let key = key.trim_end().trim_end_matches('"');
    opened.len() < before.len()
        && behind.starts_with('"')
        && value.contains(' ')
        && KEYS.iter().any(|known| key.ends_with(known))
}

/// Whether a word of it is a first name, and hardly another word.
fn has_first_name(reading: &Reading<'_>, hit: &Hit) -> bool {
    let first = reading.first_in(&hit.span);
    let tokens = reading.tokens.get(first..).unwrap_or_default();
    (tokens.iter().take_while(|token| token.start < hit.span.end))
        .any(|token| token.entry.first_name() > 0 && token.entry.common() < 2)
}

/// `4f82ab0`: the first digits of a commit, in which letters and digits take turns.
fn is_commit(value: &str) -> bool {
    const LENGTHS: core::ops::RangeInclusive<usize> = 7..=10;
    const TURNS: usize = 3;
    let is_letter = |byte: &u8| matches!(byte, b'a'..=b'f');
    let bytes = value.as_bytes();
    let n_turns = bytes
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if is_letter(a) != is_letter(b)))
        .count();
    LENGTHS.contains(&bytes.len())
        && n_turns >= TURNS
        && bytes
            .iter()
            .all(|byte| is_letter(byte) || byte.is_ascii_digit())
}

/// `(#1308)`: a change or a report, by its number between brackets.
fn is_change(before: &str, value: &str, behind: &str) -> bool {
    let number = value.trim_start_matches('#');
    let opened = before.trim_end_matches('#');
    let has_sign = number.len() < value.len() || opened.len() < before.len();
    has_sign
        && opened.ends_with(['(', '['])
        && behind.starts_with([')', ']', ','])
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a hit lies behind the name of the machine in an address of the web; of one that begins there the last part is kept if it is a number.
fn is_past_host(reading: &Reading<'_>, hit: &mut Hit) -> bool {
    let run = made::run_around(reading.text, &hit.span);
    let two_further = (hit.span.start + 2).min(hit.span.end);
    let before = reading.slice(run.start..two_further);
    if before
        .rsplit_once("://")
        .is_none_or(|(_, host)| host.contains('/'))
    {
        return true;
    }
    let Some((path, number)) = reading.slice(hit.span.clone()).rsplit_once('/') else {
        return false;
    };
    hit.span.start += path.len() + 1;
    number.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_IN_PATH
}

/// Pages and versions have fewer.
const DIGITS_IN_PATH: usize = 5;
