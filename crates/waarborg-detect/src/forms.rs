//! Forms: a word for somebody and a colon, and their name behind it to the end of the line: "Aanvrager: R. Nyman".

use alloc::vec::Vec;
use core::ops::Range;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tokens::Shape;
use crate::vocabulary::role;

/// Words before the colon that say whose name follows; those for relations and the heads of columns are in the vocabulary.
const WHO: &[&str] = &[
    "verzekeringnemer",
    "tegenpartij",
    "gemachtigde",
    "aanvrager",
    "aanvraagster",
    "indiener",
    "melder",
    "beller",
    "koper",
    "verkoper",
    "ontvanger",
    "afzender",
    "verbalisant",
    "behandelaar",
    "reiziger",
    "passagier",
    "donateur",
    "deelnemer",
    "deelneemster",
    "rekeninghouder",
    "kentekenhouder",
    "vader",
    "moeder",
    "referentie",
    "referent",
    "van",
    "aan",
    "cc",
    "from",
    "to",
    "tnv",
    "pt",
    "pat",
    "cl",
    "contact",
    "customer",
    "applicant",
    "recipient",
    "sender",
    "passenger",
    "guardian",
];

/// Words of a name, at most.
const MOST_WORDS: usize = 6;
/// Words before the colon, at most.
const MOST_BEFORE: usize = 4;

/// Finds them all.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    for (place, token) in reading.tokens.iter().enumerate() {
        if token.is(':')
            && announces(reading, place)
            && let Some(span) = name(reading, place + 1)
        {
            hits.push(Hit::new(span, Kind::Person, 0.7, Why::Column));
        }
    }
}

/// Whether a word for somebody stands before the colon, and begins the line or the cell.
fn announces(reading: &Reading<'_>, colon: usize) -> bool {
    let Some(last) = colon.checked_sub(1).filter(|last| reading.is_word(*last)) else {
        return false;
    };
    let cue = reading.cue(last);
    let is_who = cue.label == Some(Kind::Person)
        || cue.header == Some(Kind::Person)
        || cue.is(role::RELATION)
        || reading.is_one_of(last, WHO);
    let begins = |before: Option<usize>| {
        before.is_none_or(|before| {
            reading.is_line_end(before)
                || ['-', '*', '•', '|', ';', '/', '>', '#']
                    .iter()
                    .any(|mark| reading.is_mark(before, *mark))
        })
    };
    is_who
        && (0..MOST_BEFORE).any(|n| {
            last.checked_sub(n)
                .is_some_and(|first| begins(first.checked_sub(1)))
        })
}

/// The name that begins here and goes on to the end of the line, a comma or a bracket.
fn name(reading: &Reading<'_>, first: usize) -> Option<Range<usize>> {
    let mut first = first;
    while reading.cue(first).is(role::TITLE)
        || (reading.is_mark(first, '.') && reading.cue(first - 1).is(role::TITLE))
    {
        first += 1;
    }
    let start = reading.token(first).filter(|token| token.is_word())?.start;
    let (mut end, mut n_words, mut n_named, mut at) = (start, 0, 0, first);
    while let Some(token) = reading.token(at) {
        match token.shape {
            Shape::LineEnd | Shape::Mark(',' | ';' | '|' | '(' | '<' | '/' | '[' | '"') => break,
            Shape::Mark('.' | '-' | '\'' | '’') => {}
            Shape::Mark(_) | Shape::Number => return None,
            _ => {
                let (entry, cue) = (token.entry, reading.cue(at));
                let is_named = entry.first_name() > 1 || entry.surname() > 1;
                let is_initial =
                    token.n_chars <= 2 && reading.is_mark(at + 1, '.') && reading.is_glued(at + 1);
                let is_particle = cue.is(role::PARTICLE);
                if cue.is(role::ORGANISATION)
                    || (entry.common() >= 2 && !is_named && !is_particle && !is_initial)
                {
                    return None;
                }
                n_words += 1;
                n_named +=
                    usize::from(!is_particle && (is_named || is_initial || entry.common() == 0));
                end = token.end;
            }
        }
        at += 1;
    }
    // "kind: Deployment", "name: bishop": one word behind a key is a thing more often than somebody.
    let is_key = reading.token(first - 1).is_some_and(|colon| colon.is(':'))
        && first > 1
        && reading.is_one_of(first - 2, &["kind", "name", "owner", "user", "contact"]);
    if n_words == 1 && is_key {
        return None;
    }
    (n_named > 0 && n_words <= MOST_WORDS && !(n_words == n_named && end - start < 2))
        .then_some(start..end)
}
