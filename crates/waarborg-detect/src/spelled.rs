//! E-mail addresses that are said, not written: "jan punt de boer apenstaartje gmail punt com",
//! "jan [at] x [dot] nl".

use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::validation::holds;
use crate::vocabulary::role;

/// Most parts with dots between them on each side.
const MAX_PARTS: usize = 6;

/// Finds them all.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut done = 0;
    for place in reading.landmarks.iter().copied() {
        let Some(token) = reading.token(place) else {
            break;
        };
        let is_candidate = token.is('@')
            || (reading.cue(place).is(role::SAID) && matches!(token.n_chars, 2 | 7 | 9..=12));
        if !is_candidate || token.start < done {
            continue;
        }
        if let Some(hit) = address(reading, place) {
            done = hit.span.end;
            hits.push(hit);
        }
    }
}

/// How a part of an address is said.
struct Said {
    first: usize,
    last: usize,
    /// In brackets, or a word that means nothing else.
    is_sure: bool,
}

/// A word, perhaps in brackets.
fn said(reading: &Reading<'_>, place: usize, words: &[&str]) -> Option<Said> {
    let may_be = reading.cue(place).is(role::SAID) || reading.is_mark(place, '@');
    if !may_be || !reading.is_one_of(place, words) {
        return None;
    }
    let open = place.checked_sub(1).filter(|at| {
        reading.is_mark(*at, '[')
            || reading.is_mark(*at, '(')
            || reading.is_mark(*at, '{')
            || reading.is_mark(*at, '<')
    });
    let closes = reading.is_mark(place + 1, ']')
        || reading.is_mark(place + 1, ')')
        || reading.is_mark(place + 1, '}')
        || reading.is_mark(place + 1, '>');
    Some(match open.filter(|_| closes) {
        Some(open) => Said {
            first: open,
            last: place + 1,
            is_sure: true,
        },
        None => Said {
            first: place,
            last: place,
            is_sure: reading.word(place).len() > 5,
        },
    })
}

pub(crate) const SIGNS: &[&str] = &[
    "apenstaartje",
    "apestaartje",
    "apenstaart",
    "apestaart",
    "arobase",
    "arroba",
    "klammeraffe",
    "at",
    "@",
];
pub(crate) const DOTS: &[&str] = &["punt", "dot", "point", "punkt", "punto", "stip"];
pub(crate) const JOINTS: &[&str] = &[
    "streepje",
    "underscore",
    "koppelteken",
    "dash",
    "hyphen",
    "min",
    "minus",
    "plus",
    "laagstreepje",
];

fn address(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let sign = said(reading, place, SIGNS)?;
    let (first, n_left) = local(reading, sign.first)?;
    let (last, n_right) = host(reading, sign.last + 1)?;
    let is_written = reading.is_mark(place, '@') && sign.first == sign.last;
    // A written address is for another recogniser; a bare "at" needs a said dot behind it.
    let spaced = !reading.is_glued(place + 1);
    let fits = if is_written {
        n_left + n_right > 0 || spaced
    } else {
        sign.is_sure || n_right > 0
    };
    let span = reading.token(first)?.start..reading.token(last)?.end;
    holds("said-address", fits && span.len() <= 120)
        .then(|| Hit::new(span, Kind::Email, 0.9, Why::Format))
}

/// A dot or another joint that is said, and ends or begins at this place.
fn joint(reading: &Reading<'_>, place: usize) -> Option<Said> {
    said(reading, place, DOTS).or_else(|| said(reading, place, JOINTS))
}

/// The part before the sign: its first place, and how many joints in it are said.
fn local(reading: &Reading<'_>, sign: usize) -> Option<(usize, usize)> {
    let mut first = written_before(reading, sign)?;
    let mut n_said = 0;
    for _ in 0..MAX_PARTS {
        let Some(before) = first.checked_sub(1) else {
            break;
        };
        let in_brackets = reading.is_mark(before, ']')
            || reading.is_mark(before, ')')
            || reading.is_mark(before, '}');
        let word = if in_brackets {
            before.checked_sub(1)
        } else {
            Some(before)
        };
        let Some(joint) = word.and_then(|word| joint(reading, word)) else {
            // "jan punt de boer": the particle belongs to the name behind it.
            let is_particle = reading.cue(before).is(role::PARTICLE)
                && (1..=2).any(|back| {
                    before
                        .checked_sub(back)
                        .is_some_and(|at| joint(reading, at).is_some())
                });
            if is_particle {
                first = before;
                continue;
            }
            break;
        };
        let mut begin = joint.first;
        // "liggend streepje".
        if begin > 0 && reading.is_one_of(begin - 1, &["liggend", "laag", "lage"]) {
            begin -= 1;
        }
        let Some(next) = written_before(reading, begin) else {
            break;
        };
        n_said += 1;
        first = next;
    }
    Some((first, n_said))
}

/// The first place of what is written together and ends before this place.
fn written_before(reading: &Reading<'_>, end: usize) -> Option<usize> {
    let mut first = end.checked_sub(1)?;
    let is_part = |at: usize| reading.is_word(at) || reading.is_number(at);
    if !is_part(first) || joint(reading, first).is_some() {
        return None;
    }
    for _ in 0..16 {
        let Some(before) = first.checked_sub(1).filter(|_| reading.is_glued(first)) else {
            break;
        };
        let is_joint = reading.is_mark(before, '.')
            || reading.is_mark(before, '_')
            || reading.is_mark(before, '-');
        if !(is_part(before) || is_joint) {
            break;
        }
        first = before;
    }
    while !is_part(first) {
        first += 1;
    }
    Some(first)
}

/// The part behind the sign: its last place, and how many dots in it are said.
fn host(reading: &Reading<'_>, begin: usize) -> Option<(usize, usize)> {
    let (mut last, mut has_dot) = written_behind(reading, begin)?;
    let mut n_said = 0;
    for _ in 0..MAX_PARTS {
        let opens = reading.is_mark(last + 1, '[')
            || reading.is_mark(last + 1, '(')
            || reading.is_mark(last + 1, '{');
        let joint = joint(reading, last + 1 + usize::from(opens))
            .filter(|joint| !opens || joint.first == last + 1);
        let Some(joint) = joint else {
            // "x . nl": a dot with spaces around it.
            let spaced = reading.is_mark(last + 1, '.') && n_said + usize::from(has_dot) == 0;
            let ending = reading.token(last + 2).filter(|token| {
                spaced
                    && token.is_word()
                    && (2..=4).contains(&token.n_chars)
                    && !token.has_capital()
            });
            if ending.is_some() && !reading.is_glued(last + 1) {
                last += 2;
                n_said += 1;
            }
            break;
        };
        let Some((next, dotted)) = written_behind(reading, joint.last + 1) else {
            break;
        };
        n_said += 1;
        has_dot |= dotted;
        last = next;
    }
    let ending = reading.token(last)?;
    let fits = (n_said > 0 || has_dot) && ending.is_word() && (2..=12).contains(&ending.n_chars);
    fits.then_some((last, n_said))
}

/// The last place of what is written together from here, and whether a dot is in it.
fn written_behind(reading: &Reading<'_>, begin: usize) -> Option<(usize, bool)> {
    let is_part = |at: usize| reading.is_word(at) || reading.is_number(at);
    if !is_part(begin) {
        return None;
    }
    let mut last = begin;
    let mut has_dot = false;
    for _ in 0..16 {
        let joins = (reading.is_mark(last + 1, '.') || reading.is_mark(last + 1, '-'))
            && reading.is_glued(last + 1)
            && reading.is_glued(last + 2)
            && is_part(last + 2);
        if joins {
            has_dot |= reading.is_mark(last + 1, '.');
            last += 2;
        } else if reading.continues(last) {
            last += 1;
        } else {
            break;
        }
    }
    Some((last, has_dot))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    fn check(text: &str, expected: &[&str]) {
        let vocabulary = Vocabulary::new();
        let reading = Reading::new(text, &vocabulary);
        let mut hits = Vec::new();
        find(&reading, &mut hits);
        let found: Vec<&str> = hits
            .into_iter()
            .map(|hit| text.get(hit.span).unwrap())
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn said_addresses_are_addresses() {
        check(
            "mail jan punt de boer apenstaartje gmail punt com even",
            &["jan punt de boer apenstaartje gmail punt com"],
        );
        check(
            "stuur naar jan.boer17 [at] x-y [dot] nl graag",
            &["jan.boer17 [at] x-y [dot] nl"],
        );
        check(
            "anna underscore b at example dot org",
            &["anna underscore b at example dot org"],
        );
        check("kees(at)voorbeeld.nl", &["kees(at)voorbeeld.nl"]);
        check("kees @ voorbeeld . nl", &["kees @ voorbeeld . nl"]);
    }

    #[test]
    fn talk_about_points_is_no_address() {
        check("we meet at ten. The point is clear", &[]);
        check("op dit punt at work we differ", &[]);
        check("jan@voorbeeld.nl", &[]);
        check("He was at school (dot com era)", &[]);
    }
}
