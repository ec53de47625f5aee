//! Looks for what was found in one text of a prompt in all its texts.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use waarborg_detect::{Finding, Why};

use super::Known;
use super::nested::Text;

/// Shorter than this, in letters, a value means nothing without its surroundings.
const SHORTEST_VALUE: usize = 3;

/// A value that was found in one text is personal in every text of the conversation, and so is what was `known` before.
pub(super) fn find_elsewhere(texts: &[Text], known: &[Known], found: &mut [Vec<Finding>]) {
    let earlier: Vec<Finding> = known.iter().map(finding).collect();
    let mut values: BTreeMap<&str, &Finding> = BTreeMap::new();
    for (text, findings) in texts.iter().zip(found.iter()) {
        for finding in findings
            .iter()
            .filter(|finding| finding.kind.is_identifier())
        {
            if let Some(value) = text
                .text
                .get(finding.span.clone())
                .filter(|value| value.chars().count() >= SHORTEST_VALUE)
            {
                values.entry(value).or_insert(finding);
            }
        }
    }
    for (known, finding) in known.iter().zip(&earlier) {
        let is_long_enough = known.value.chars().count() >= SHORTEST_VALUE;
        if is_long_enough && known.kind.is_identifier() {
            values.entry(&known.value).or_insert(finding);
        }
    }
    if values.is_empty() {
        return;
    }
    let sought = Sought::new(
        values
            .into_iter()
            .map(|(value, finding)| (value, finding.clone()))
            .collect(),
    );

    for (text, findings) in texts.iter().zip(found.iter_mut()) {
        let mut added = Vec::new();
        // Findings are sorted and disjoint, so none that ends before this place can reach a later one.
        let mut from = 0;
        for (span, model) in sought.whole_words(&text.text) {
            let rest = findings.get(from..).unwrap_or_default();
            from += rest
                .iter()
                .take_while(|finding| finding.span.end <= span.start)
                .count();
            let reached = findings.get(from..).unwrap_or_default().iter();
            let is_known = reached
                .take_while(|finding| finding.span.start < span.end)
                .any(|finding| finding.kind.is_personal());
            if !is_known {
                added.push(Finding {
                    span,
                    ..model.clone()
                });
            }
        }
        if !added.is_empty() {
            findings.extend(added);
            findings.sort_by_key(|finding| finding.span.start);
        }
    }
}

/// What was known before, as it is found again.
fn finding(known: &Known) -> Finding {
    let mut finding = Finding::new(0..0, known.kind, 1.0, Why::FoundBefore);
    finding.about.also = known.also;
    finding
}

/// Values to look for, whatever the case of their ASCII letters.
///
/// A search table that is built per request costs more than the search: here the values are only sorted, and of a
/// text only the beginnings of words are looked up among them.
struct Sought<'v, T> {
    /// Sorted without regard to case, each once.
    values: Vec<Value<'v, T>>,
    /// What each byte says of where a value may begin.
    signs: [u8; 256],
}

/// A value begins with this byte, in either case.
const BEGINS: u8 = 1;

/// A letter or digit of ASCII: behind it no word begins.
const WITHIN: u8 = 2;

struct Value<'v, T> {
    text: &'v str,
    /// The longest of the other values with which this one begins.
    beginning: Option<usize>,
    model: T,
}

impl<'v, T> Sought<'v, T> {
    fn new(mut values: Vec<(&'v str, T)>) -> Self {
        values.sort_by(|(one, _), (other, _)| compare(one, other));
        values.dedup_by(|(one, _), (other, _)| compare(one, other).is_eq());

        let mut sought = Self {
            values: Vec::with_capacity(values.len()),
            signs: WITHIN_ASCII,
        };
        for (text, model) in values {
            let first = text.as_bytes().first().copied().unwrap_or_default();
            for first in [first.to_ascii_lowercase(), first.to_ascii_uppercase()] {
                if let Some(sign) = sought.signs.get_mut(usize::from(first)) {
                    *sign |= BEGINS;
                }
            }
            let last = sought.values.len().checked_sub(1);
            let beginning = sought.longest(last, |other| begins_with(text, other));
            sought.values.push(Value {
                text,
                beginning,
                model,
            });
        }
        sought
    }

    /// Every place in a text where a value is a word by itself, the longest where several begin.
    fn whole_words(&self, text: &str) -> Vec<(Range<usize>, &T)> {
        let bytes = text.as_bytes();
        let sign = |byte: &u8| (self.signs.get(usize::from(*byte)).copied()).unwrap_or_default();
        let mut found = Vec::new();
        let mut from = 0_usize;
        loop {
            // Most places are inside a word.
            let before = from.checked_sub(1).and_then(|last| bytes.get(last));
            let mut is_within = before.map(sign).unwrap_or_default() & WITHIN != 0;
            let left = bytes.get(from..).unwrap_or_default();
            let next = left.iter().position(|byte| {
                let (was_within, sign) = (is_within, sign(byte));
                is_within = sign & WITHIN != 0;
                !was_within && sign & BEGINS != 0
            });
            let Some(next) = next else {
                return found;
            };
            let start = from + next;
            from = start + 1;
            let (Some(before), Some(rest)) = (text.get(..start), text.get(start..)) else {
                continue;
            };
            if before
                .chars()
                .next_back()
                .is_some_and(char::is_alphanumeric)
            {
                continue;
            }
            let is_here = |value: &str| {
                begins_with(rest, value)
                    && !rest
                        .get(value.len()..)
                        .and_then(|after| after.chars().next())
                        .is_some_and(char::is_alphanumeric)
            };
            let n_before = self
                .values
                .partition_point(|value| compare(value.text, rest).is_le());
            let here = self
                .longest(n_before.checked_sub(1), is_here)
                .and_then(|place| self.values.get(place));
            if let Some(value) = here {
                from = start + value.text.len();
                found.push((start..from, &value.model));
            }
        }
    }

    /// The longest value that `fits`, among the one at `place` and those with which that one begins.
    ///
    /// Of sorted values, all with which a text begins are beginnings of the last one before it.
    fn longest(&self, mut place: Option<usize>, fits: impl Fn(&str) -> bool) -> Option<usize> {
        while let Some(value) = place.and_then(|place| self.values.get(place)) {
            if fits(value.text) {
                return place;
            }
            place = value.beginning;
        }
        None
    }
}

/// The letters and digits of ASCII.
const WITHIN_ASCII: [u8; 256] = {
    let mut signs = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            #[expect(clippy::indexing_slicing, reason = "every byte has its place")]
            {
                signs[byte as usize] = WITHIN;
            }
        }
        byte += 1;
    }
    signs
};

fn compare(one: &str, other: &str) -> Ordering {
    let letters = |byte: &u8| byte.to_ascii_lowercase();
    one.as_bytes()
        .iter()
        .map(letters)
        .cmp(other.as_bytes().iter().map(letters))
}

fn begins_with(text: &str, beginning: &str) -> bool {
    text.as_bytes()
        .get(..beginning.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(beginning.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, place by place and value by value.
    fn slowly(values: &[&str], text: &str) -> Vec<Range<usize>> {
        let is_alone = |span: &Range<usize>| {
            let before = text.split_at(span.start).0.chars().next_back();
            let after = text.split_at(span.end).1.chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        };
        let mut found = Vec::new();
        let mut from = 0;
        for (start, _) in text.char_indices() {
            let here = values
                .iter()
                .filter(|value| begins_with(text.split_at(start).1, value))
                .map(|value| start..start + value.len())
                .filter(|span| text.is_char_boundary(span.end) && is_alone(span));
            if let Some(span) = here.max_by_key(Range::len).filter(|_| start >= from) {
                from = span.end;
                found.push(span);
            }
        }
        found
    }

    fn check(values: &[&str], text: &str) {
        let sought = Sought::new(values.iter().map(|value| (*value, ())).collect());
        let found: Vec<Range<usize>> = sought
            .whole_words(text)
            .into_iter()
            .map(|(span, ())| span)
            .collect();
        assert_eq!(found, slowly(values, text), "{values:?} in {text:?}");
    }

    #[test]
    fn the_longest_whole_word_is_found_whatever_its_case() {
        check(
            &["Jan", "Jan de Vries", "vries", "12345"],
            "JAN DE VRIES, jan de vriesland; vries 123456 12345",
        );
        check(&["Zoë", "zoë bakker"], "ZOë Bakker en Zoë, niet Zoëlla");
        check(&["+31 6", "é12"], "bel +31 6, bel+31 6 of é12");
        check(&[], "niets");
    }

    proptest! {
        #[test]
        fn nothing_is_missed_and_nothing_made_up(
            values in prop::collection::vec("[abAé ]{1,4}", 1..8), text in "[abAé .]{0,40}",
        ) {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            check(&values, &text);
        }
    }
}
