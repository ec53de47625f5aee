//! What is wrong in a register: where, why, and how to mend it.

use std::fmt;

/// Whether a fault stops the start, closes one recipient, or only asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The register cannot be used.
    Error,
    /// The register can be used, but nothing may go to one recipient: [`Register::transfer`] refuses
    /// every call. It must not stop the start, for then an older register, or none, would be in force.
    ///
    /// [`Register::transfer`]: super::Register::transfer
    Closing,
    /// The register can be used; somebody should look at this.
    Warning,
}

/// One fault, with its place and its remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A stable code that never changes its meaning, such as `unknown-key`.
    pub code: &'static str,
    /// The file, as it was named to the compiler.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub mend: String,
    /// Whether it stops the start.
    pub severity: Severity,
}

impl Fault {
    /// Whether somebody must mend this: it stops the start or closes a recipient.
    #[must_use]
    pub fn is_error(&self) -> bool {
        match self.severity {
            Severity::Error | Severity::Closing => true,
            Severity::Warning => false,
        }
    }

    /// Whether this fault stops the start.
    #[must_use]
    pub fn stops_the_start(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Whether nothing may go to one recipient because of this fault.
    #[must_use]
    pub fn closes_a_recipient(&self) -> bool {
        self.severity == Severity::Closing
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_error() { "error" } else { "warning" };
        write!(
            f,
            "{}:{}:{}: {kind}[{}]: {}\n  mend: {}",
            self.file, self.line, self.column, self.code, self.message, self.mend
        )
    }
}

/// Where something stands in the file; line and column count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl Default for Place {
    /// The beginning of the file: where what is missing altogether would stand.
    fn default() -> Self {
        Self { line: 1, column: 1 }
    }
}

/// Collects faults of one file.
#[derive(Debug)]
pub(crate) struct Faults<'s> {
    source: &'s str,
    file: &'s str,
    lines: Vec<usize>,
    found: Vec<Fault>,
}

impl<'s> Faults<'s> {
    pub(crate) fn of(source: &'s str, file: &'s str) -> Self {
        let breaks = source
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();

        Self {
            source,
            file,
            lines,
            found: Vec::new(),
        }
    }

    /// The place of a byte offset.
    pub(crate) fn place(&self, at: usize) -> Place {
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let before = self
            .source
            .get(start..at.min(self.source.len()))
            .unwrap_or("");

        Place {
            line,
            column: before.chars().count() + 1,
        }
    }

    pub(crate) fn error(
        &mut self,
        place: Place,
        code: &'static str,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.add(place, code, message.into(), mend.into(), Severity::Error);
    }

    /// A fault for which [`super::Register::transfer`] refuses every call to one recipient.
    pub(crate) fn closing(
        &mut self,
        place: Place,
        code: &'static str,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.add(place, code, message.into(), mend.into(), Severity::Closing);
    }

    pub(crate) fn warning(
        &mut self,
        place: Place,
        code: &'static str,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.add(place, code, message.into(), mend.into(), Severity::Warning);
    }

    fn add(
        &mut self,
        place: Place,
        code: &'static str,
        message: String,
        mend: String,
        severity: Severity,
    ) {
        let Place { line, column } = place;
        let file = self.file.to_owned();
        self.found.push(Fault {
            code,
            file,
            line,
            column,
            message,
            mend,
            severity,
        });
    }

    /// Everything found, in the order of the file.
    pub(crate) fn into_sorted(mut self) -> Vec<Fault> {
        self.found.sort_by(|one, other| {
            (one.line, one.column, one.code, &one.message).cmp(&(
                other.line,
                other.column,
                other.code,
                &other.message,
            ))
        });
        self.found.dedup();
        self.found
    }
}

/// The known word nearest to a mistyped one, if any is near.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().take(64).collect();
    let other: Vec<char> = other.chars().take(64).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);

    for (i, letter) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, wanted) in other.iter().enumerate() {
            let replaced = at(&row, j) + usize::from(letter != wanted);
            let shifted = at(&row, j + 1).min(at(&next, j)) + 1;
            let swapped = i > 0
                && j > 0
                && one.get(i - 1) == Some(wanted)
                && other.get(j - 1) == Some(letter);
            let swap = if swapped {
                at(&before, j - 1) + 1
            } else {
                usize::MAX / 2
            };
            next.push(replaced.min(shifted).min(swap));
        }
        before = std::mem::replace(&mut row, next);
    }

    at(&row, other.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_altogether_stands_at_the_beginning() {
        assert_eq!(Place::default(), Place { line: 1, column: 1 });
    }

    #[test]
    fn the_nearest_word_is_found_and_a_far_one_is_not() {
        assert_eq!(
            nearest("catagory", ["category", "country"]),
            Some("category")
        );
        assert_eq!(nearest("puprose", ["purpose", "service"]), Some("purpose"));
        assert_eq!(nearest("zebra", ["purpose", "service"]), None);
    }

    #[test]
    fn a_place_counts_characters_not_bytes() {
        let faults = Faults::of("é = 1\nab = 2\n", "x.toml");

        assert_eq!(faults.place(0), Place { line: 1, column: 1 });
        assert_eq!(faults.place(3), Place { line: 1, column: 3 });
        assert_eq!(faults.place(10), Place { line: 2, column: 4 });
    }
}
