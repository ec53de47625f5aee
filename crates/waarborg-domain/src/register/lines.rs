//! Two texts line by line: where they differ, and what two changes of one text make together.

use std::ops::Range;

/// The largest table that finds what is common; beyond it everything between the first and the last difference counts
/// as different.
const LARGEST_TABLE: usize = 4_000_000;

/// Lines that differ; both ranges count lines from 0, half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Of the old text.
    pub old: Range<usize>,
    /// Of the new text.
    pub new: Range<usize>,
}

/// Where two texts differ, in order. Every line ends with its own line end.
#[must_use]
pub fn differences(old: &str, new: &str) -> Vec<Piece> {
    between(&lines(old), &lines(new))
}

/// What two changes of one text make together; `None` where both changed the same lines, or lines next to each other.
#[must_use]
pub fn merged(base: &str, one: &str, other: &str) -> Option<String> {
    let (base, one, other) = (lines(base), lines(one), lines(other));
    let mut pieces: Vec<(Range<usize>, &[&str])> = Vec::new();
    let ours = between(&base, &one);
    let theirs = between(&base, &other);
    for piece in &ours {
        for their in &theirs {
            let touch = piece.old.start <= their.old.end && their.old.start <= piece.old.end;
            let is_same = piece.old == their.old
                && one.get(piece.new.clone()) == other.get(their.new.clone());
            if touch && !is_same {
                return None;
            }
        }
        pieces.push((piece.old.clone(), one.get(piece.new.clone())?));
    }
    for piece in &theirs {
        if !ours.iter().any(|our| our.old == piece.old) {
            pieces.push((piece.old.clone(), other.get(piece.new.clone())?));
        }
    }
    pieces.sort_by_key(|(old, _)| old.start);

    let mut text = String::new();
    let mut at = 0;
    for (old, new) in pieces {
        text.extend(base.get(at..old.start)?.iter().copied());
        text.extend(new.iter().copied());
        at = old.end;
    }
    text.extend(base.get(at..)?.iter().copied());
    Some(text)
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn between(old: &[&str], new: &[&str]) -> Vec<Piece> {
    let head = common(old.iter(), new.iter());
    let most = old.len().min(new.len()) - head;
    let tail = common(old.iter().rev(), new.iter().rev()).min(most);
    let inner_old = old.get(head..old.len() - tail).unwrap_or_default();
    let inner_new = new.get(head..new.len() - tail).unwrap_or_default();

    let mut pieces: Vec<Piece> = Vec::new();
    let (mut at_old, mut at_new) = (head, head);
    let ends = (head + inner_old.len(), head + inner_new.len());
    for (same_old, same_new) in shared(inner_old, inner_new)
        .into_iter()
        .map(|(old, new)| (old + head, new + head))
        .chain([ends])
    {
        if at_old < same_old || at_new < same_new {
            pieces.push(Piece {
                old: at_old..same_old,
                new: at_new..same_new,
            });
        }
        (at_old, at_new) = (same_old + 1, same_new + 1);
    }
    pieces
}

fn common<'l>(
    one: impl Iterator<Item = &'l &'l str>,
    other: impl Iterator<Item = &'l &'l str>,
) -> usize {
    one.zip(other)
        .take_while(|(one, other)| one == other)
        .count()
}

/// The longest row of lines that both have, as places in each.
fn shared(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let size = (old.len() + 1).saturating_mul(width);
    if size > LARGEST_TABLE {
        return Vec::new();
    }
    let mut table = vec![0_u32; size];
    let at = |table: &[u32], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
    for (i, one) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            let longest = if one == other {
                at(&table, i + 1, j + 1) + 1
            } else {
                at(&table, i + 1, j).max(at(&table, i, j + 1))
            };
            if let Some(cell) = table.get_mut(i * width + j) {
                *cell = longest;
            }
        }
    }
    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(one), Some(other)) = (old.get(i), new.get(j)) {
        if one == other {
            found.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if at(&table, i + 1, j) >= at(&table, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BASE: &str = "a\nb\nc\nd\ne\nf\n";

    #[test]
    fn what_differs_is_found_where_it_stands() {
        let found = differences(BASE, "a\nB\nc\nd\nf\ng\n");
        let ranges: Vec<_> = found
            .into_iter()
            .map(|piece| (piece.old, piece.new))
            .collect();
        assert_eq!(ranges, [(1..2, 1..2), (4..5, 4..4), (6..6, 5..6)]);
        assert!(differences(BASE, BASE).is_empty());
    }

    #[test]
    fn changes_apart_from_each_other_come_together() {
        let (one, other) = ("a\nB\nc\nd\ne\nf\n", "a\nb\nc\nd\ne\n");
        assert_eq!(merged(BASE, one, other).unwrap(), "a\nB\nc\nd\ne\n");
        assert_eq!(merged(BASE, one, one).unwrap(), one);
        assert_eq!(
            merged(BASE, one, "a\nb\nC\nd\ne\nf\n"),
            None,
            "next to each other"
        );
        assert_eq!(merged(BASE, one, "a\nX\nc\nd\ne\nf\n"), None);
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec!["a\n", "b\n", "c\n", "d\n"]),
            0..12,
        )
        .prop_map(|lines| lines.concat())
    }

    proptest! {
        #[test]
        fn the_differences_lead_from_one_text_to_the_other(old in text(), new in text()) {
            let (olds, news) = (lines(&old), lines(&new));
            let mut made = String::new();
            let mut at = 0;
            for piece in differences(&old, &new) {
                prop_assert!(piece.old.start >= at);
                made.extend(olds[at..piece.old.start].iter().copied());
                made.extend(news[piece.new].iter().copied());
                at = piece.old.end;
            }
            made.extend(olds[at..].iter().copied());
            prop_assert_eq!(made, new);
        }

        #[test]
        fn a_change_beside_no_change_is_that_change(base in text(), one in text()) {
            prop_assert_eq!(merged(&base, &one, &base), Some(one.clone()));
            prop_assert_eq!(merged(&base, &base, &one), Some(one.clone()));
            prop_assert_eq!(merged(&base, &one, &one), Some(one));
        }
    }
}
