//! A long text is read through windows that overlap, because a model reads only so many pieces at once.

use std::ops::Range;

/// What is read at once, and for which words of it the answer counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    /// The words that are read.
    pub(crate) read: Range<usize>,
    /// Those that no other window answers for: away from the edges, where a model sees little.
    pub(crate) kept: Range<usize>,
}

/// Windows over words that are cut in this many pieces each, of at most `room` pieces; a quarter of one overlaps the next.
///
/// Every word is kept by exactly one window. A word of more than `room` pieces is read alone.
pub(crate) fn windows(pieces: &[usize], room: usize) -> Vec<Window> {
    let mut windows = Vec::new();
    let reach = |start: usize| {
        let rest = pieces.get(start..).unwrap_or_default();
        start + fitting(rest.iter(), room).max(1)
    };
    let (mut start, mut kept) = (0, 0);
    while kept < pieces.len() {
        let end = reach(start);
        if end >= pieces.len() {
            windows.push(Window {
                read: start..pieces.len(),
                kept: kept..pieces.len(),
            });
            break;
        }
        let seen = pieces.get(start..end).unwrap_or_default();
        let again = fitting(seen.iter().rev(), room / 4).min(seen.len() - 1);
        // What comes next may not fit beside what is read again.
        let again = if reach(end - again) > end { again } else { 0 };
        let middle = end - again / 2;
        windows.push(Window {
            read: start..end,
            kept: kept..middle,
        });
        start = end - again;
        kept = middle;
    }
    windows
}

/// How many of the words fit, one after the other.
fn fitting<'p>(pieces: impl Iterator<Item = &'p usize>, room: usize) -> usize {
    let mut taken = 0;
    pieces
        .take_while(|count| {
            taken += **count;
            taken <= room
        })
        .count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_short_text_is_read_at_once() {
        let all = Window {
            read: 0..3,
            kept: 0..3,
        };
        assert_eq!(windows(&[1, 2, 1], 10), [all]);
        assert_eq!(windows(&[], 10), []);
    }

    #[test]
    fn a_long_text_is_read_with_words_on_both_sides() {
        let found = windows(&[1; 20], 8);
        assert_eq!(found[0].read, 0..8);
        assert_eq!(found[0].kept, 0..7);
        assert_eq!(found[1].read, 6..14);
        assert_eq!(found[1].kept, 7..13);
    }

    proptest! {
        #[test]
        fn every_word_is_kept_once_and_no_window_is_too_large(
            pieces in prop::collection::vec(1_usize..9, 0..200),
            room in 4_usize..40,
        ) {
            let mut next = 0;
            for window in windows(&pieces, room) {
                prop_assert_eq!(window.kept.start, next);
                prop_assert!(window.kept.end > window.kept.start);
                next = window.kept.end;
                prop_assert!(window.read.start <= window.kept.start && window.kept.end <= window.read.end);
                let size: usize = pieces[window.read.clone()].iter().sum();
                prop_assert!(size <= room || window.read.len() == 1);
            }
            prop_assert_eq!(next, pieces.len());
        }
    }
}
