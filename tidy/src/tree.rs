//! The repository as a list of texts, read once.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Names of what is not ours.
const SKIPPED: &[&str] = &[
    "target",
    ".git",
    "node_modules",
    "__pycache__",
    ".pytest_cache",
];

/// One breach of a house rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path from the root of the repository.
    pub path: String,
    /// Line, counted from one; zero when the whole file is meant.
    pub line: usize,
    /// What is wrong and what to do instead.
    pub message: String,
}

impl Fault {
    /// A fault at a line of a file.
    #[must_use]
    pub fn at(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }

    /// A fault of a file as a whole.
    #[must_use]
    pub fn of(path: &str, message: impl Into<String>) -> Self {
        Self::at(path, 0, message)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.path, self.message)
        } else {
            write!(f, "{}:{}: {}", self.path, self.line, self.message)
        }
    }
}

/// One text file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path from the root of the repository, with `/` between its parts.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// Whether all of it is tests: it lies in `tests/`, or its module is declared for tests only.
    pub is_test: bool,
}

impl Source {
    /// A source made of a path and a text, for examples.
    #[must_use]
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            is_test: path.contains("/tests/") || path.ends_with("/tests.rs"),
        }
    }

    /// The last part of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the name ends in `.extension`.
    #[must_use]
    pub fn is(&self, extension: &str) -> bool {
        self.name()
            .rsplit_once('.')
            .is_some_and(|(_, end)| end == extension)
    }

    /// Lines with their number, counted from one.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
    }

    /// Lines of code that ship: no comments, and nothing after the first `#[cfg(test)]` that opens a module.
    pub fn shipped_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let last = if self.is_test {
            0
        } else {
            self.first_test_line()
        };
        self.lines()
            .take_while(move |(number, _)| *number < last)
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn first_test_line(&self) -> usize {
        let mut previous_is_cfg_test = false;
        for (number, line) in self.lines() {
            let line = line.trim();
            if previous_is_cfg_test && line.starts_with("mod ") && line.ends_with('{') {
                return number;
            }
            previous_is_cfg_test =
                line == "#[cfg(test)]" || (previous_is_cfg_test && line.starts_with("#["));
        }
        usize::MAX
    }
}

/// Every text file of the repository.
#[derive(Debug, Default)]
pub struct Tree {
    /// Where the repository lies.
    pub root: PathBuf,
    /// The files, ordered by path.
    pub sources: Vec<Source>,
}

impl Tree {
    /// Reads the repository that this crate is part of.
    ///
    /// # Errors
    ///
    /// Any failure to list a folder or read a file.
    pub fn read() -> io::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .canonicalize()?;
        let mut sources = Vec::new();
        collect(&root, &root, &mut sources)?;
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        mark_test_modules(&mut sources);
        Ok(Self { root, sources })
    }

    /// A tree of examples.
    #[must_use]
    pub fn of(sources: &[(&str, &str)]) -> Self {
        let mut sources: Vec<Source> = sources
            .iter()
            .map(|(path, text)| Source::new(path, text))
            .collect();
        mark_test_modules(&mut sources);
        Self {
            root: PathBuf::new(),
            sources,
        }
    }

    /// Rust files, in the product and in the tools.
    pub fn rust(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.is("rs"))
    }

    /// Files below a folder (`crates/waarborg-detect/`).
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Source> {
        self.sources
            .iter()
            .filter(move |source| source.path.starts_with(folder))
    }

    /// The file with exactly this path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.path == path)
    }
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if SKIPPED.contains(&name.as_ref()) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(root, &entry.path(), sources)?;
        } else if kind.is_file()
            && let Ok(text) = String::from_utf8(std::fs::read(entry.path())?)
        {
            let path = entry.path();
            let path = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            sources.push(Source::new(&path, &text));
        }
    }
    Ok(())
}

/// Marks the files of modules that are declared under `#[cfg(test)]`.
fn mark_test_modules(sources: &mut [Source]) {
    let declared: Vec<String> = sources
        .iter()
        .filter(|source| source.is("rs"))
        .flat_map(test_modules)
        .collect();
    for source in sources.iter_mut().filter(|source| source.is("rs")) {
        source.is_test |= declared.iter().any(|module| {
            source
                .path
                .strip_prefix(module.as_str())
                .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        });
    }
}

/// The modules that a file declares for tests only, as paths without `.rs`.
fn test_modules(source: &Source) -> Vec<String> {
    let folder = source.path.strip_suffix(source.name()).unwrap_or_default();
    let place = match source.name() {
        "lib.rs" | "main.rs" | "mod.rs" => folder.trim_end_matches('/').to_owned(),
        name => format!("{folder}{}", name.trim_end_matches(".rs")),
    };
    let lines: Vec<&str> = source.text.lines().map(str::trim).collect();
    let pairs = lines.iter().zip(lines.iter().skip(1));
    pairs
        .filter(|(first, _)| **first == "#[cfg(test)]")
        .filter_map(|(_, second)| second.strip_suffix(';')?.rsplit_once("mod "))
        .map(|(_, name)| format!("{place}/{name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_after_the_test_module_do_not_ship() {
        let source = Source::new(
            "crates/a/src/b.rs",
            "fn a() {}\n// note\n#[cfg(test)]\nmod tests {\n fn b() {}\n}\n",
        );
        let shipped: Vec<_> = source.shipped_lines().map(|(number, _)| number).collect();
        assert_eq!(shipped, [1, 3]);
    }

    #[test]
    fn a_module_declared_for_tests_does_not_ship() {
        let tree = Tree::of(&[
            (
                "crates/a/src/lib.rs",
                "#[cfg(test)]\nmod shared;\nmod real;\n",
            ),
            (
                "crates/a/src/real.rs",
                "#[cfg(test)]\npub(crate) mod example;\n",
            ),
            ("crates/a/src/real/example.rs", ""),
            ("crates/a/src/shared.rs", ""),
        ]);
        let tests: Vec<&str> = tree
            .sources
            .iter()
            .filter(|source| source.is_test)
            .map(Source::name)
            .collect();
        assert_eq!(tests, ["example.rs", "shared.rs"]);
    }

    #[test]
    fn the_repository_holds_its_own_workspace_file() {
        let tree = Tree::read().unwrap();
        assert!(tree.find("Cargo.toml").is_some());
        assert!(tree.find("tidy/src/tree.rs").is_some());
    }
}
