//! A text made from another, with an exact map back to where every piece of it came from.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// A text and the way back to the one that it was made from.
pub(crate) struct Mapped<'t> {
    pub(crate) text: Cow<'t, str>,
    /// In the order of the text, without gaps; empty when it is the original itself.
    pieces: Vec<Piece>,
}

/// A piece of the made text and the piece of the original that it comes from.
#[derive(Clone, Copy)]
struct Piece {
    plain: usize,
    plain_len: usize,
    original: usize,
    original_len: usize,
    sort: Sort,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// The bytes are the same ones.
    Same,
    /// Other text stands for the original.
    Other,
    /// An invisible mark that belongs to the character before it.
    Mark,
    /// Something between two pieces of the original; it stands for nothing.
    Between,
}

impl<'t> Mapped<'t> {
    /// The text itself.
    pub(crate) fn whole(text: &'t str) -> Mapped<'t> {
        Mapped {
            text: Cow::Borrowed(text),
            pieces: Vec::new(),
        }
    }

    /// Whether it may be other text than the original.
    pub(crate) fn is_changed(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// The range of the original behind a range of the made text, on character boundaries.
    pub(crate) fn original(&self, plain: &Range<usize>) -> Range<usize> {
        if self.pieces.is_empty() {
            return plain.clone();
        }
        self.original_start(plain.start)..self.original_end(plain.end)
    }

    /// Whether other text than the original stands somewhere in this range.
    pub(crate) fn is_other(&self, plain: &Range<usize>) -> bool {
        let first = self
            .pieces
            .partition_point(|piece| piece.plain + piece.plain_len <= plain.start);
        let mut pieces = self.pieces.iter().skip(first);
        pieces
            .by_ref()
            .take_while(|piece| piece.plain < plain.end)
            .any(|piece| piece.sort == Sort::Other)
    }

    /// Whether two pieces of the original that do not follow each other meet in this range.
    pub(crate) fn is_torn(&self, plain: &Range<usize>) -> bool {
        let first = self
            .pieces
            .partition_point(|piece| piece.plain + piece.plain_len <= plain.start);
        let mut pieces = self.pieces.iter().skip(first);
        pieces
            .by_ref()
            .take_while(|piece| piece.plain < plain.end)
            .any(|piece| piece.sort == Sort::Between)
    }

    fn before(&self, n_pieces: usize) -> Option<&Piece> {
        n_pieces
            .checked_sub(1)
            .and_then(|place| self.pieces.get(place))
    }

    fn original_start(&self, plain: usize) -> usize {
        // What stands for nothing is passed over: it belongs to what is before it, or to nothing.
        let before = self
            .pieces
            .partition_point(|piece| piece.plain + piece.plain_len <= plain);
        match (self.pieces.get(before), self.pieces.last()) {
            (Some(piece), _) if piece.sort == Sort::Same => {
                piece.original + plain.saturating_sub(piece.plain)
            }
            (Some(piece), _) => piece.original,
            (None, last) => last.map_or(0, |last| last.original + last.original_len),
        }
    }

    fn original_end(&self, plain: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.plain < plain);
        let Some(piece) = self.before(after) else {
            return 0;
        };
        let mut end = if piece.sort == Sort::Same {
            piece.original + (plain - piece.plain).min(piece.original_len)
        } else {
            piece.original + piece.original_len
        };
        if plain >= piece.plain + piece.plain_len {
            let marks = self
                .pieces
                .iter()
                .skip(after)
                .take_while(|piece| piece.sort == Sort::Mark);
            end = marks
                .last()
                .map_or(end, |mark| mark.original + mark.original_len);
        }
        end
    }
}

/// Makes a [`Mapped`] piece by piece, from left to right.
pub(crate) struct Maker<'t> {
    original: &'t str,
    text: String,
    pieces: Vec<Piece>,
}

impl<'t> Maker<'t> {
    pub(crate) fn new(original: &'t str, capacity: usize) -> Maker<'t> {
        Maker {
            original,
            text: String::with_capacity(capacity),
            pieces: Vec::new(),
        }
    }

    /// Takes over a range of the original as it is.
    pub(crate) fn same(&mut self, range: Range<usize>) {
        let Some(text) = self.original.get(range.clone()) else {
            return;
        };
        if text.is_empty() {
            return;
        }
        let follows = |piece: &&mut Piece| {
            piece.sort == Sort::Same && piece.original + piece.original_len == range.start
        };
        if let Some(last) = self.pieces.last_mut().filter(follows) {
            last.plain_len += text.len();
            last.original_len += text.len();
        } else {
            self.note(text.len(), &range, Sort::Same);
        }
        self.text.push_str(text);
    }

    /// Writes other text for a range of the original; empty text takes the range away.
    pub(crate) fn other(&mut self, text: &str, range: &Range<usize>) {
        self.note(text.len(), range, Sort::Other);
        self.text.push_str(text);
    }

    /// Writes another character for a range of the original.
    pub(crate) fn character(&mut self, character: char, range: &Range<usize>) {
        self.note(character.len_utf8(), range, Sort::Other);
        self.text.push(character);
    }

    /// Takes away a mark that belongs to the character before it.
    pub(crate) fn mark(&mut self, range: &Range<usize>) {
        self.note(0, range, Sort::Mark);
    }

    /// Writes text that comes from nowhere, before the original goes on at `next`.
    pub(crate) fn between(&mut self, text: &str, next: usize) {
        self.note(text.len(), &(next..next), Sort::Between);
        self.text.push_str(text);
    }

    fn note(&mut self, plain_len: usize, range: &Range<usize>, sort: Sort) {
        // A long row of invisible signs is one piece, so that it takes no more room than the text itself.
        let goes_on = |piece: &&mut Piece| {
            piece.plain_len == 0
                && plain_len == 0
                && piece.sort == sort
                && sort != Sort::Between
                && piece.original + piece.original_len == range.start
        };
        if let Some(last) = self.pieces.last_mut().filter(goes_on) {
            last.original_len += range.len();
            return;
        }
        self.pieces.push(Piece {
            plain: self.text.len(),
            plain_len,
            original: range.start,
            original_len: range.len(),
            sort,
        });
    }

    pub(crate) fn finish(self) -> Mapped<'t> {
        Mapped {
            text: Cow::Owned(self.text),
            pieces: self.pieces,
        }
    }
}

/// A range of a text and what should be read there.
pub(crate) struct Change {
    pub(crate) range: Range<usize>,
    pub(crate) text: String,
}

/// How much of the text around a change is read with it.
const AROUND: usize = 160;

/// The surroundings of changes, with the changes made; nothing when there are none.
///
/// The changes come in the order of the text and do not overlap.
pub(crate) fn changed<'t>(text: &'t str, changes: &[Change]) -> Option<Mapped<'t>> {
    let first = changes.first()?;
    let mut maker = Maker::new(text, changes.len() * 2 * AROUND);
    let mut at = start_of_window(text, first.range.start, 0);
    maker.between("\n", at);
    for change in changes {
        // Where two windows do not meet, something keeps them apart.
        let end = end_of_window(text, at, change.range.start);
        if end < change.range.start {
            let start = start_of_window(text, change.range.start, end);
            if start > end {
                maker.same(at..end);
                maker.between("\n\n", start);
                at = start;
            }
        }
        maker.same(at..change.range.start);
        maker.other(&change.text, &change.range);
        at = change.range.end;
    }
    maker.same(at..end_of_window(text, at, text.len()));
    Some(maker.finish())
}

/// Where reading begins for a change at `from`: at white space or a line end, as far as there is one.
fn start_of_window(text: &str, from: usize, least: usize) -> usize {
    let mut start = from.saturating_sub(AROUND).max(least);
    while start < from && !text.is_char_boundary(start) {
        start += 1;
    }
    if start == 0 {
        return 0;
    }
    text.get(start..from)
        .and_then(|window| window.find(char::is_whitespace))
        .map_or(start, |space| start + space)
}

/// Where reading ends that came as far as `from`, at most at `most`.
fn end_of_window(text: &str, from: usize, most: usize) -> usize {
    let mut end = (from + AROUND).min(most);
    while end < text.len() && !text.is_char_boundary(end) {
        end += 1;
    }
    end.min(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;
    use alloc::vec;
    use std::format;

    #[test]
    fn what_stands_for_a_range_leads_back_to_the_whole_range() {
        let text = "mail aGVs nu";
        let change = Change {
            range: 5..9,
            text: "jan@x.nl".to_string(),
        };
        let made = changed(text, &[change]).unwrap();
        assert_eq!(made.text, "\nmail jan@x.nl nu");
        assert_eq!(made.original(&(8..10)), 5..9);
        assert!(made.is_other(&(8..9)) && !made.is_other(&(1..6)));
        assert_eq!(made.original(&(1..5)), 0..4);
    }

    #[test]
    fn a_row_of_invisible_signs_is_one_piece() {
        let text = format!("a{}b", "\u{200b}".repeat(1000));
        let mut maker = Maker::new(&text, text.len());
        maker.same(0..1);
        for n in 0..1000 {
            maker.other("", &(1 + 3 * n..4 + 3 * n));
        }
        maker.same(3001..3002);
        let made = maker.finish();
        assert_eq!((made.pieces.len(), &*made.text), (3, "ab"));
        assert_eq!(
            (made.original(&(0..1)), made.original(&(1..2))),
            (0..1, 3001..3002)
        );
        assert_eq!(made.original(&(0..2)), 0..3002);
    }

    #[test]
    fn far_changes_are_kept_apart() {
        let text = format!("a{}b", " é".repeat(400));
        let end = text.len();
        let changes = vec![
            Change {
                range: 0..1,
                text: "x".to_string(),
            },
            Change {
                range: end - 1..end,
                text: "y".to_string(),
            },
        ];
        let made = changed(&text, &changes).unwrap();
        assert!(made.text.len() < 500);
        assert!(made.is_torn(&(0..made.text.len())));
        let last = made.text.len();
        assert_eq!(made.original(&(last - 1..last)), end - 1..end);
    }

    proptest::proptest! {
        #[test]
        fn every_range_leads_back_to_a_range_on_boundaries(
            pieces in proptest::collection::vec(("\\PC{0,12}", proptest::option::of("\\PC{0,5}"), 0..400_usize), 0..12),
        ) {
            let mut text = String::new();
            let mut changes = Vec::new();
            for (piece, change, gap) in pieces {
                let start = text.len();
                text.push_str(&piece);
                if let Some(other) = change {
                    changes.push(Change { range: start..text.len(), text: other });
                }
                text.extend(core::iter::repeat_n(' ', gap));
            }
            if let Some(made) = changed(&text, &changes) {
                let cuts: Vec<usize> = (0..=made.text.len()).filter(|cut| made.text.is_char_boundary(*cut)).collect();
                let mut last = 0;
                for pair in cuts.windows(2) {
                    let range = made.original(&(pair[0]..pair[1]));
                    proptest::prop_assert!(made.is_torn(&(pair[0]..pair[1])) || text.get(range.clone()).is_some(), "{range:?}");
                    proptest::prop_assert!(range.start >= last, "{range:?} after {last}");
                    last = range.start;
                }
                for (start, end) in cuts.iter().zip(cuts.iter().rev()).filter(|(start, end)| start < end) {
                    let range = made.original(&(*start..*end));
                    proptest::prop_assert!(made.is_torn(&(*start..*end)) || text.get(range.clone()).is_some(), "{range:?}");
                }
            }
        }
    }
}
