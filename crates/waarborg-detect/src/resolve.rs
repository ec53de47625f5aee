//! Settles overlaps: of findings that touch the same text the surer one stays, then the longer.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::reading::Hit;

/// The hits that stay, in the order of the text and disjoint.
pub(crate) fn resolve(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.retain(|hit| hit.span.start < hit.span.end);
    hits.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(b.span.len().cmp(&a.span.len()))
            .then(a.span.start.cmp(&b.span.start))
            .then(a.kind.cmp(&b.kind))
    });
    let mut kept: BTreeMap<usize, Hit> = BTreeMap::new();
    for hit in hits {
        let before = kept.range(..hit.span.end).next_back();
        if before.is_none_or(|(_, other)| other.span.end <= hit.span.start) {
            kept.insert(hit.span.start, hit);
        }
    }
    kept.into_values().collect()
}
