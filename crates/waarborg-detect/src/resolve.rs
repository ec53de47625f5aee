//! Settles overlaps: of findings that touch the same text the surer one stays, then the longer.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::finding::Why;
use crate::fold;
use crate::kind::Kind;
use crate::mapped::Change;
use crate::reading::{Hit, Subkind};

/// The hits that stay, in the order of the text and disjoint.
///
/// Two names, addresses or statements that overlap are parts of one: the surer one grows.
pub(crate) fn resolve(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.retain(|hit| hit.span.start < hit.span.end);
    hits.sort_by_key(|hit| hit.span.start);
    let mut kept = Vec::with_capacity(hits.len());
    let mut hits = hits.into_iter().peekable();
    while let Some(first) = hits.next() {
        // Most hits meet no other; those that meet, directly or by way of others, are settled among themselves.
        let mut end = first.span.end;
        if hits.peek().is_none_or(|next| next.span.start >= end) {
            kept.push(first);
            continue;
        }
        let mut meeting = vec![first];
        while let Some(next) = hits.next_if(|next| next.span.start < end) {
            end = end.max(next.span.end);
            meeting.push(next);
        }
        settle(meeting, &mut kept);
    }
    kept
}

/// Of hits that meet: the surest first, each where it still has room.
fn settle(mut hits: Vec<Hit>, kept: &mut Vec<Hit>) {
    hits.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(b.span.len().cmp(&a.span.len()))
            .then(a.span.start.cmp(&b.span.start))
            .then(a.kind.cmp(&b.kind))
    });
    let mut placed: BTreeMap<usize, Hit> = BTreeMap::new();
    for hit in hits {
        place(hit, &mut placed);
    }
    kept.extend(placed.into_values());
}

/// Without what only the tagger should know.
pub(crate) fn without_hints(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.retain(|hit| hit.score > Hit::HINT);
    hits
}

fn place(hit: Hit, kept: &mut BTreeMap<usize, Hit>) {
    let overlaps = |kept: &BTreeMap<usize, Hit>, hit: &Hit| {
        kept.range(..hit.span.end)
            .next_back()
            .filter(|(_, other)| other.span.end > hit.span.start)
            .map(|(start, _)| *start)
    };
    let Some(start) = overlaps(kept, &hit) else {
        kept.insert(hit.span.start, hit);
        return;
    };
    let Some(mut other) = kept.remove(&start) else {
        return;
    };
    if other.kind == hit.kind && other.span == hit.span && other.subkind == Subkind::Unknown {
        other.subkind = hit.subkind;
    }
    let is_extent = matches!(
        hit.kind,
        Kind::Person | Kind::Address | Kind::Quasi | Kind::CustomerNumber
    );
    let grows = other.kind == hit.kind && (is_extent || hit.kind.is_special());
    if !grows {
        kept.insert(start, other);
        return;
    }
    let mut union = other.clone();
    union.span = other.span.start.min(hit.span.start)..other.span.end.max(hit.span.end);
    // It may not grow into a third finding.
    if overlaps(kept, &union).is_some() {
        kept.insert(start, other)
    } else {
        kept.insert(union.span.start, union)
    };
}

/// An escape is read as letters where it touches a value (`bsn%20123456782`, `\\nJan`): what begins inside one and ends with a hit
/// that another reading finds right behind it, begins where that hit does.
pub(crate) fn behind_escapes(text: &str, found: &[Hit], changes: &[Change], hits: &mut [Hit]) {
    for hit in found {
        let escape = changes.binary_search_by_key(&hit.span.start, |change| change.range.end);
        let Some(escape) = escape.ok().and_then(|place| changes.get(place)) else {
            continue;
        };
        // "ip=217.…": an equals sign is a mark much more often than an escape.
        let is_equals = (text.get(escape.range.clone())).is_some_and(|raw| raw.starts_with('='));
        if is_equals && !escape.text.trim().is_empty() {
            continue;
        }
        let place = hits.partition_point(|first| first.span.start <= escape.range.start);
        let inside = hits
            .get_mut(place)
            .filter(|first| first.span.start < escape.range.end && first.span.end == hit.span.end);
        if let Some(first) = inside {
            first.span.start = hit.span.start;
        }
    }
}

fn is_proven(hit: &Hit) -> bool {
    const SURE: f32 = 0.75;
    hit.why != Why::Model && hit.score >= SURE
}

/// Adds hits from another reading of the same text. Where they meet hits of the first reading, the
/// larger of the two stays, and of two that overlap in part the other reading's grows. It speaks for the other where that is
/// graver and the other reading is that of an encoded text.
pub(crate) fn take_in(text: &str, found: Vec<Hit>, decoded: bool, hits: &mut Vec<Hit>) {
    if found.is_empty() {
        return;
    }
    let mut first = core::mem::take(hits).into_iter().peekable();
    for mut hit in found {
        while let Some(before) = first.next_if(|before| before.span.end <= hit.span.start) {
            hits.push(before);
        }
        let mut is_inside = false;
        while let Some(other) = first.next_if(|other| other.span.start < hit.span.end) {
            // What a sentence read in another way only resembles takes no place of what is proven: the cells of a row, joined.
            if hit.why == Why::Model && hit.kind.is_any_number() && !decoded && is_proven(&other) {
                is_inside = true;
                hits.push(other);
                break;
            }
            let covers = other.span.start <= hit.span.start && other.span.end >= hit.span.end;
            if covers && (other.span != hit.span || other.score >= hit.score) {
                is_inside = true;
                let mut other = other;
                if other.kind.is_special() || (decoded && hit.kind.gravity() > other.kind.gravity())
                {
                    other.speak_for(&hit);
                }
                hits.push(other);
                break;
            }
            if hit.kind.is_special() || (decoded && other.kind.gravity() > hit.kind.gravity()) {
                hit.speak_for(&other);
            }
            hit.span = other.span.start.min(hit.span.start)..other.span.end.max(hit.span.end);
        }
        if !is_inside {
            hits.push(hit);
        }
    }
    hits.extend(first);
    hits.sort_by_key(|hit| hit.span.start);
    // What grew may reach into its neighbour.
    let mut end = 0;
    hits.retain_mut(|hit| {
        hit.span.start = start_behind(text, end, &hit.span);
        end = end.max(hit.span.end);
        hit.span.start < hit.span.end
    });
}

/// Where a span starts that stands behind what ends at `end`: if that reaches into it, at what can be seen of it then, and at its end
/// where nothing can.
pub(crate) fn start_behind(text: &str, end: usize, span: &Range<usize>) -> usize {
    if span.start >= end {
        return span.start;
    }
    let left = text.get(end..span.end).unwrap_or_default();
    span.end - left.trim_start_matches(fold::is_unseen).len()
}
