//! Reads runs of digits that stand together, in groups, with dots, dashes or spaces between them.

use crate::reading::Reading;
use crate::tokens::Shape;

/// Most digits in a run; longer numbers are no identifier that we know.
const MAX_DIGITS: usize = 24;

/// Digits and the groups they come in.
pub(crate) struct Digits {
    values: [u8; MAX_DIGITS],
    /// Per group: digits up to its end, and the byte where it ends.
    groups: [(usize, usize); MAX_DIGITS],
    n_groups: usize,
    /// Something like a digit follows the last group.
    pub(crate) is_cut: bool,
}

impl Digits {
    /// The first `n` digits and where they end, if a group ends there and the run does not go on.
    pub(crate) fn exactly(&self, n: usize) -> Option<(&[u8], usize)> {
        let group = self
            .groups
            .iter()
            .take(self.n_groups)
            .find(|(n_digits, _)| *n_digits == n)?;
        Some((self.values.get(..n)?, group.1))
    }

    /// All digits and where they end.
    pub(crate) fn all(&self) -> Option<(&[u8], usize)> {
        let (n, end) = self.groups.get(self.n_groups.checked_sub(1)?)?;
        Some((self.values.get(..*n)?, *end))
    }

    /// Whether the run ends after `n` digits.
    pub(crate) fn ends_at(&self, n: usize) -> bool {
        !self.is_cut && self.all().is_some_and(|(digits, _)| digits.len() == n)
    }

    pub(crate) fn n_groups(&self) -> usize {
        self.n_groups
    }
}

/// The run that begins at a number token. `separators` may stand between groups, one at a time,
/// with or without a space around it; a space alone always may.
pub(crate) fn run(reading: &Reading<'_>, start: usize, separators: &[char]) -> Digits {
    let mut out = Digits {
        values: [0; MAX_DIGITS],
        groups: [(0, 0); MAX_DIGITS],
        n_groups: 0,
        is_cut: false,
    };
    let mut place = start;
    let mut n = 0;
    let mut end = None;
    while let Some(token) = reading.token(place).filter(|token| token.is_number()) {
        if end.is_some_and(|end| token.start > end + 3) {
            break;
        }
        let Some(slots) = out.values.get_mut(n..n + token.n_chars) else {
            out.is_cut = true;
            break;
        };
        for (slot, byte) in slots.iter_mut().zip(reading.slice(token.span()).bytes()) {
            *slot = byte - b'0';
        }
        n += token.n_chars;
        end = Some(token.end);
        if let Some(group) = out.groups.get_mut(out.n_groups) {
            *group = (n, token.end);
            out.n_groups += 1;
        }
        place = match reading.token(place + 1).map(|next| next.shape) {
            Some(Shape::Number) => place + 1,
            Some(Shape::Mark(mark))
                if separators.contains(&mark) && reading.is_number(place + 2) =>
            {
                place + 2
            }
            _ => break,
        };
    }
    out
}
