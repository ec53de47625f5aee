//! Members of councils and parliaments in a report of a debate: "De heer Ten Brinke (CDA): …". Their names and parties are public.

use alloc::vec::Vec;

use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::vocabulary::role;

/// Takes them out, wherever they are named again. The hits are in the order of the text.
pub(crate) fn take_out(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut members: Vec<u64> = Vec::new();
    for hit in hits.iter().filter(|hit| hit.kind == Kind::Person) {
        let place = reading
            .tokens
            .partition_point(|token| token.start < hit.span.end);
        let is_member = is_party_behind(reading, place) && is_addressed(reading, hit);
        if let Some(last) = place.checked_sub(1).and_then(|last| reading.token(last))
            && is_member
        {
            members.push(last.hash);
        }
    }
    let is_debate = |place: &usize| reading.is_one_of(*place, DEBATE);
    if members.is_empty() || !(0..reading.tokens.len()).any(|place| is_debate(&place)) {
        return;
    }
    members.sort_unstable();
    hits.retain(|hit| match hit.kind {
        Kind::Person => {
            let behind = reading
                .tokens
                .partition_point(|token| token.start < hit.span.end);
            let last = behind.checked_sub(1).and_then(|last| reading.token(last));
            !(is_addressed(reading, hit)
                && last.is_some_and(|last| members.binary_search(&last.hash).is_ok()))
        }
        Kind::Political => {
            let first = reading.first_in(&hit.span);
            let is_party = first > 0 && reading.is_mark(first - 1, '(');
            !is_party
        }
        _ => true,
    });
}

/// Words of a report of a debate.
const DEBATE: &[&str] = &[
    "voorzitter",
    "fractie",
    "fracties",
    "wethouder",
    "motie",
    "amendement",
    "agendapunt",
    "raadslid",
    "kamerlid",
    "statenlid",
];

/// "(CDA)", "(Lokaal Sterk)": one to three words with capitals between brackets.
fn is_party_behind(reading: &Reading<'_>, place: usize) -> bool {
    reading.is_mark(place, '(')
        && (1..=3).any(|n| {
            reading.is_mark(place + 1 + n, ')')
                && (place + 1..=place + n).all(|at| {
                    let entry = reading
                        .token(at)
                        .map(|token| token.entry)
                        .unwrap_or_default();
                    reading
                        .token(at)
                        .is_some_and(crate::tokens::Token::has_capital)
                        && entry.first_name() < 2
                })
        })
}

/// "De heer", "mevrouw", "wethouder" before the name.
fn is_addressed(reading: &Reading<'_>, hit: &Hit) -> bool {
    let first = reading.first_in(&hit.span);
    first
        .checked_sub(1)
        .is_some_and(|before| reading.cue(before).is(role::TITLE | role::PUBLIC))
}
