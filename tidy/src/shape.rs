//! The shape of files: their opening, their size, and what no file may contain.

use crate::tree::{Fault, Source, Tree};

/// A file of code past this number of lines fails the build.
const MAX_LINES: usize = 800;

const CODE: &[&str] = &["rs", "sql", "js", "mjs", "css", "py"];

/// No file of code is longer than 800 lines.
#[must_use]
pub fn size_faults(tree: &Tree) -> Vec<Fault> {
    let code = tree
        .sources
        .iter()
        .filter(|source| CODE.iter().any(|extension| source.is(extension)));
    let too_long = code.filter_map(|source| {
        Some((source, source.text.lines().count())).filter(|(_, lines)| *lines > MAX_LINES)
    });
    too_long
        .map(|(source, lines)| {
            Fault::of(
                &source.path,
                format!("{lines} lines; look for the seam before {MAX_LINES}"),
            )
        })
        .collect()
}

/// Every Rust file opens with one `//!` sentence.
#[must_use]
pub fn opening_faults(tree: &Tree) -> Vec<Fault> {
    let unopened = tree
        .rust()
        .filter(|source| !source.text.starts_with("//! "));
    unopened
        .map(|source| {
            Fault::at(
                &source.path,
                1,
                "open with a `//!` sentence that says which question the file answers",
            )
        })
        .collect()
}

/// A piece of text that has no place in certain files, and why.
struct Banned {
    piece: &'static str,
    reason: &'static str,
    only_shipped: bool,
}

const fn everywhere(piece: &'static str, reason: &'static str) -> Banned {
    Banned {
        piece,
        reason,
        only_shipped: false,
    }
}

const fn shipped(piece: &'static str, reason: &'static str) -> Banned {
    Banned {
        piece,
        reason,
        only_shipped: true,
    }
}

const BANNED_IN_RUST: &[Banned] = &[
    everywhere("#[ignore", "no test is ignored"),
    everywhere(
        "sleep(Duration::from_secs",
        "no sleeping; wait for what should happen",
    ),
    everywhere(
        "sleep(std::time::Duration::from_secs",
        "no sleeping; wait for what should happen",
    ),
    everywhere(
        "tracing::instrument",
        "it records every argument; open a span and name its fields",
    ),
    everywhere(
        "#[instrument",
        "it records every argument; open a span and name its fields",
    ),
    everywhere("todo!(", "finish it or leave it out"),
    everywhere("unimplemented!(", "finish it or leave it out"),
    everywhere("FIXME:", "mend it or file it"),
    everywhere("XXX:", "mend it or file it"),
    everywhere("unsafe {", "unsafe is forbidden"),
    shipped(
        "#[allow(",
        "an exception is `#[expect(…, reason = \"…\")]` at the smallest scope",
    ),
    shipped(
        "#![allow(",
        "an exception is `#[expect(…, reason = \"…\")]` at the smallest scope",
    ),
    shipped("lazy_static!", "no globals"),
    shipped("static mut", "no globals"),
];

const BANNED_IN_OUTSIDE_TESTS: &[Banned] = &[
    everywhere("test.skip(", "no test is skipped"),
    everywhere("test.only(", "every test runs"),
    everywhere("{ only: true", "every test runs"),
    everywhere("mark.skip", "no test is skipped"),
];

/// Nothing is ignored, left undone, allowed in passing or recorded by accident.
#[must_use]
pub fn banned_faults(tree: &Tree) -> Vec<Fault> {
    let rust = tree.rust().filter(|source| {
        !["tidy/", "bench/"]
            .iter()
            .any(|tool| source.path.starts_with(tool))
    });
    let outside = tree
        .below("tests-outside/")
        .filter(|source| source.is("mjs") || source.is("py"));
    rust.flat_map(|source| found(source, BANNED_IN_RUST))
        .chain(outside.flat_map(|source| found(source, BANNED_IN_OUTSIDE_TESTS)))
        .collect()
}

fn found(source: &Source, banned: &[Banned]) -> Vec<Fault> {
    let shipped_lines: Vec<usize> = source.shipped_lines().map(|(number, _)| number).collect();
    let mut faults = Vec::new();
    for (number, line) in source.lines() {
        for banned in banned.iter().filter(|banned| line.contains(banned.piece)) {
            if !banned.only_shipped || shipped_lines.binary_search(&number).is_ok() {
                faults.push(Fault::at(
                    &source.path,
                    number,
                    format!("{}: {}", banned.piece, banned.reason),
                ));
            }
        }
    }
    faults
}

/// Every `#[expect(…)]` says why.
#[must_use]
pub fn reason_faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in tree
        .rust()
        .filter(|source| !source.path.starts_with("tidy/"))
    {
        for (at, _) in source.text.match_indices("[expect(") {
            let rest = source.text.get(at..).unwrap_or_default();
            let attribute = rest.split(")]").next().unwrap_or(rest);
            if !attribute.contains("reason") {
                let line = source
                    .text
                    .get(..at)
                    .unwrap_or_default()
                    .matches('\n')
                    .count()
                    + 1;
                faults.push(Fault::at(
                    &source.path,
                    line,
                    "an exception says its reason",
                ));
            }
        }
    }
    faults
}

/// No path of the machine that somebody happened to work on.
#[must_use]
pub fn machine_path_faults(tree: &Tree) -> Vec<Fault> {
    let places =
        ["/work", "/root/", "/home/", "/Users/"].map(|place| (place, place.ends_with('/')));
    let mut faults = Vec::new();
    for source in tree
        .sources
        .iter()
        .filter(|source| !source.path.starts_with("tidy/"))
    {
        for (number, line) in source.lines() {
            for (place, whole) in places {
                let hit = line.match_indices(place).any(|(at, _)| {
                    let before = line.get(..at).and_then(|start| start.chars().next_back());
                    let after = line
                        .get(at + place.len()..)
                        .and_then(|end| end.chars().next());
                    let starts = before.is_none_or(|letter| " \"'`=(:".contains(letter));
                    starts && (whole || after == Some('/'))
                });
                if hit {
                    faults.push(Fault::at(
                        &source.path,
                        number,
                        format!("{place}: a path of one machine"),
                    ));
                }
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rust(text: &str) -> Tree {
        Tree::of(&[("crates/a/src/b.rs", text)])
    }

    #[test]
    fn a_file_of_801_lines_is_too_long() {
        assert!(size_faults(&rust(&"x\n".repeat(800))).is_empty());
        assert_eq!(size_faults(&rust(&"x\n".repeat(801))).len(), 1);
    }

    #[test]
    fn a_file_without_an_opening_sentence_is_a_fault() {
        assert!(opening_faults(&rust("//! What this answers.\n")).is_empty());
        assert_eq!(opening_faults(&rust("use std::fmt;\n")).len(), 1);
    }

    #[test]
    fn an_ignored_test_is_a_fault_and_an_allow_only_outside_tests() {
        assert_eq!(
            banned_faults(&rust("#[test]\n#[ignore]\nfn a() {}\n")).len(),
            1
        );
        assert_eq!(
            banned_faults(&rust("#[allow(dead_code)]\nfn a() {}\n")).len(),
            1
        );
        assert!(
            banned_faults(&rust(
                "#[cfg(test)]\nmod tests {\n #[allow(dead_code)]\n fn a() {}\n}\n"
            ))
            .is_empty()
        );
    }

    #[test]
    fn an_exception_without_a_reason_is_a_fault() {
        assert_eq!(reason_faults(&rust("#[expect(dead_code)]\n")).len(), 1);
        assert!(reason_faults(&rust("#[expect(\n dead_code,\n reason = \"x\"\n)]\n")).is_empty());
    }

    #[test]
    fn a_path_of_one_machine_is_a_fault_and_a_route_is_not() {
        assert_eq!(
            machine_path_faults(&rust("let a = \"/work/shared\";")).len(),
            1
        );
        assert_eq!(machine_path_faults(&rust("let a = \"/root/x\";")).len(), 1);
        assert!(
            machine_path_faults(&rust(
                "let a = \"/workplace\"; // see https://example.org/work/a"
            ))
            .is_empty()
        );
    }
}
