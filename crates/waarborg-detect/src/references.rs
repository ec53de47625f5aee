//! Numbers that were found in part: the groups of letters and digits that stand before them and behind them on the same line.

use core::ops::Range;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tokens::Shape;
use crate::vocabulary::role;

/// Groups that are added on either side, at most.
const MOST_GROUPS: usize = 4;
/// No reference is longer.
const LONGEST: usize = 40;

/// Adds them. The hits are in the order of the text and disjoint, and stay so.
pub(crate) fn put_together(reading: &Reading<'_>, hits: &mut [Hit]) {
    for at in 0..hits.len() {
        let free = Range {
            start: at
                .checked_sub(1)
                .and_then(|before| hits.get(before))
                .map_or(0, |before| before.span.end),
            end: hits
                .get(at + 1)
                .map_or(reading.text.len(), |next| next.span.start),
        };
        if let Some(hit) = (hits.get_mut(at)).filter(|hit| hit.kind == Kind::ApiKey) {
            with_padding(reading, &free, hit);
        }
        if let Some(hit) = hits.get_mut(at).filter(|hit| may_grow(hit)) {
            grow(reading, &free, hit);
        }
    }
}

/// The equals signs that end base64.
fn with_padding(reading: &Reading<'_>, free: &Range<usize>, hit: &mut Hit) {
    let behind = reading.text.get(hit.span.end..free.end).unwrap_or_default();
    let n = behind
        .bytes()
        .take(2)
        .take_while(|byte| *byte == b'=')
        .count();
    let is_last = !behind
        .get(n..)
        .unwrap_or_default()
        .starts_with(char::is_alphanumeric);
    if hit.span.len() >= 20 && is_last {
        hit.span.end += n;
    }
}

/// What has a check digit is whole.
fn may_grow(hit: &Hit) -> bool {
    let is_number = matches!(
        hit.kind,
        Kind::CustomerNumber
            | Kind::EmployeeNumber
            | Kind::PatientNumber
            | Kind::IdNumber
            | Kind::DeviceId
    );
    is_number && matches!(hit.why, Why::AfterLabel | Why::Model | Why::FoundBefore)
}

fn grow(reading: &Reading<'_>, free: &Range<usize>, hit: &mut Hit) {
    for _ in 0..MOST_GROUPS {
        let next = reading
            .tokens
            .partition_point(|token| token.start < hit.span.end);
        let Some(end) = group_behind(reading, hit, next).filter(|end| *end <= free.end) else {
            break;
        };
        hit.span.end = end;
    }
    for _ in 0..MOST_GROUPS {
        let first = reading.first_in(&hit.span);
        let Some(start) = group_before(reading, hit, first).filter(|start| *start >= free.start)
        else {
            break;
        };
        hit.span.start = start;
    }
}

/// Where the group ends that begins one space behind a number: "0099 18 B4", "118829 K".
fn group_behind(reading: &Reading<'_>, hit: &Hit, place: usize) -> Option<usize> {
    let first = reading.token(place)?;
    if first.start != hit.span.end + 1 || first.shape == Shape::LineEnd {
        return None;
    }
    let mut last = place;
    while reading.continues(last) && last < place + 6 {
        last += 1;
    }
    let span = first.start..reading.token(last)?.end;
    let text = reading.slice(span.clone());
    // A word behind it counts or measures: "klantnummer 4481 2 stuks".
    let counts = reading
        .token(last + 1)
        .is_some_and(|next| (next.spaced && next.is_word()) || next.is('%') || next.is(':'))
        || reading.cue(place).is(role::MONTH);
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let has_capital = text.bytes().any(|byte| byte.is_ascii_uppercase());
    let fits = if !has_digit {
        text.len() <= 2 && has_capital && first.entry.common() == 0
    } else if has_capital {
        text.len() <= 8
    } else {
        first.is_number()
            && last == place
            && text.len() <= 6
            && reading.slice(hit.span.clone()).contains(' ')
    };
    let is_short = span.end - hit.span.start <= LONGEST;
    (fits && is_short && !counts && text.is_ascii()).then_some(span.end)
}

/// Where the group begins that ends one space before a number: "2 048 117 730", "NLD 009921144", "p 118233".
fn group_before(reading: &Reading<'_>, hit: &Hit, place: usize) -> Option<usize> {
    let before = reading.previous(place)?;
    let starts_with_digit = reading.is_number(place);
    if before.end + 1 != hit.span.start
        || !starts_with_digit
        || reading.is_continued(place - 1)
        || hit.span.end - before.start > LONGEST
    {
        return None;
    }
    let cue = reading.cue(place - 1);
    let fits = match before.shape {
        Shape::Number => before.n_chars <= 4 && reading.slice(hit.span.clone()).contains(' '),
        Shape::Upper => before.n_chars <= 4,
        Shape::Capital => before.n_chars == 1,
        Shape::Lower => before.n_chars <= 2 && before.entry.common() == 0 && hit.why == Why::Model,
        _ => false,
    };
    let is_other = cue.label.is_some()
        || cue.stem.is_some()
        || cue.is(role::NUMBER | role::IMPERSONAL | role::PARTICLE | role::FILLER | role::TITLE);
    let is_sum = place
        .checked_sub(2)
        .is_some_and(|mark| reading.is_mark(mark, '€') || reading.is_mark(mark, '$'));
    (fits && !is_other && !is_sum && before.entry.common() < 2).then_some(before.start)
}
