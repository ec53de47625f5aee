//! Runs of bytes of one sort that are long enough, found without a look at every byte.

use core::ops::Range;

/// The next run of at least `least` bytes that are parts, from `from` on; nothing before `from` counts.
///
/// A stretch of `least` bytes is looked at from its end: one byte that is no part rules out every run over it,
/// so in a text of short words most bytes are never touched.
pub(crate) fn next(
    bytes: &[u8],
    from: usize,
    least: usize,
    is_part: impl Fn(u8) -> bool,
) -> Option<Range<usize>> {
    let mut at = from;
    loop {
        let stretch = bytes.get(at..at + least)?;
        if let Some(gap) = stretch.iter().rposition(|byte| !is_part(*byte)) {
            at += gap + 1;
            continue;
        }
        let rest = bytes.get(at + least..).unwrap_or_default();
        let n_more = rest.iter().take_while(|byte| is_part(**byte)).count();
        return Some(at..at + least + n_more);
    }
}

/// All such runs, in their order.
pub(crate) fn all(
    bytes: &[u8],
    least: usize,
    is_part: impl Fn(u8) -> bool,
) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    core::iter::from_fn(move || {
        let run = next(bytes, at, least, &is_part)?;
        at = run.end;
        Some(run)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn check(text: &str, least: usize, expected: &[&str]) {
        let found: Vec<&str> = all(text.as_bytes(), least, |byte| byte.is_ascii_alphabetic())
            .map(|run| text.get(run).unwrap())
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn runs_that_are_too_short_are_left_out() {
        check("abc de fghi j klm", 3, &["abc", "fghi", "klm"]);
        check("ab cd", 3, &[]);
        check("", 1, &[]);
        check("a bc", 1, &["a", "bc"]);
    }

    #[test]
    fn a_run_may_begin_anywhere() {
        assert_eq!(next(b"abcdef", 2, 3, |byte| byte.is_ascii()), Some(2..6));
    }
}
