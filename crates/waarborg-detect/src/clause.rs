//! The words around a place in a text, within its sentence and never further than a few dozen words.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// So far a look goes, in bytes.
const FAR: usize = 200;

/// The words of the sentence around a span, without the span itself, with where they stand; those that `is_out` says are left out.
pub(crate) fn around(
    text: &str,
    span: &Range<usize>,
    is_out: impl Fn(usize) -> bool,
) -> Vec<String> {
    let before = before(text, span.start);
    let after = after(text, span.end);
    let start = span.start - before.len();
    let said = [(start, before), (span.end, after)];
    said.into_iter()
        .flat_map(|(start, part)| split(part).map(move |(at, word)| (start + at, word)))
        .filter(|(at, _)| !is_out(*at))
        .map(|(_, word)| word.to_lowercase())
        .collect()
}

/// The text from the beginning of the sentence to here.
pub(crate) fn before(text: &str, at: usize) -> &str {
    let mut start = at.saturating_sub(FAR);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let part = text.get(start..at).unwrap_or_default();
    let end = ends(part).last().unwrap_or(0);
    part.get(end..).unwrap_or_default()
}

/// The text from here to the end of the sentence.
pub(crate) fn after(text: &str, at: usize) -> &str {
    let mut end = text.len().min(at + FAR);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let part = text.get(at..end).unwrap_or_default();
    let end = ends(part).next().unwrap_or(part.len());
    part.get(..end).unwrap_or_default()
}

/// Where sentences and lines end: behind a line, and behind `.`, `!` or `?` with a blank, unless it closes an abbreviation.
fn ends(part: &str) -> impl Iterator<Item = usize> + '_ {
    part.char_indices().filter_map(|(at, sign)| {
        let end = at + sign.len_utf8();
        let is_end = match sign {
            '\n' | '!' | '?' => true,
            '.' => {
                let rest = part.get(end..).unwrap_or_default();
                let word = part
                    .get(..at)
                    .unwrap_or_default()
                    .rsplit(|sign: char| !sign.is_alphanumeric())
                    .next()
                    .unwrap_or_default();
                rest.starts_with([' ', '\n']) && !is_abbreviation(word)
            }
            _ => false,
        };
        is_end.then_some(end)
    })
}

/// Whether a full stop behind this word belongs to it.
fn is_abbreviation(word: &str) -> bool {
    word.chars().count() < 2
        || matches!(
            word.to_lowercase().as_str(),
            "dhr"
                | "mevr"
                | "mw"
                | "mr"
                | "mrs"
                | "ms"
                | "dr"
                | "drs"
                | "prof"
                | "ir"
                | "ing"
                | "geb"
                | "nr"
                | "tel"
                | "st"
                | "jr"
                | "sr"
                | "ca"
                | "bijv"
                | "evt"
                | "incl"
        )
}

/// The words of a part, in small letters.
pub(crate) fn words(part: &str) -> Vec<String> {
    split(part).map(|(_, word)| word.to_lowercase()).collect()
}

/// Words and where they begin.
fn split(part: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    part.split(|sign: char| !sign.is_alphanumeric() && sign != '\'')
        .map(move |word| {
            let start = at;
            let mark = part
                .get(at + word.len()..)
                .and_then(|rest| rest.chars().next());
            at += word.len() + mark.map_or(0, char::len_utf8);
            (start, word)
        })
        .filter(|(_, word)| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_stays_in_the_sentence() {
        let text = "Dag. Ik ben dhr. De Wit en woon hier! Jij ook?";
        let at = text.find("Wit").unwrap();
        assert_eq!(words(before(text, at)), ["ik", "ben", "dhr", "de"]);
        assert_eq!(words(after(text, at)), ["wit", "en", "woon", "hier"]);
        let is_wit = |place: usize| place == at;
        assert_eq!(
            around(text, &(at..at + 3), is_wit),
            ["ik", "ben", "dhr", "de", "en", "woon", "hier"]
        );
        let far = "é".repeat(1000);
        assert!(before(&far, 2000).len() <= FAR && after(&far, 0).len() <= FAR);
    }
}
