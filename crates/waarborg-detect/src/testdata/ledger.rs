//! Which validations there are, read from the source, so that no list has to be kept by hand.
//!
//! A validation has a name: `holds("name", …)`. What decides over a value without a name could be taken away, and no line of the
//! test data would tell. So whoever finds values by their form uses names, and each of its functions that looks at nothing but
//! the value has one inside, or stands in [`NO_VALIDATION`] with what it is instead.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::string::{String, ToString as _};
use std::vec::Vec;

/// Functions that say yes or no of a value and are no validation, and what they are.
const NO_VALIDATION: &[(&str, &str)] = &[
    (
        "network::may_hold_address",
        "saves time where no address can be",
    ),
    ("network::ends_chunk", "cuts the text"),
    ("phones::is_in_point", "cuts the text"),
    (
        "network::dotted",
        "where an address may stand; who asks looks whether it is one",
    ),
    ("network::is_hardware", "has its name where it is called"),
    ("network::names_someone", "a part of page-of-someone"),
    ("secrets::may_hold_prefix", "saves time where no key can be"),
    ("secrets::is_key_byte", "cuts the text"),
    ("secrets::speaks_of_key", "looks at the words before"),
    ("secrets::has_all_sorts", "a part of random-enough"),
    ("places::is_street_word", "a list of words"),
    ("places::is_street", "a list of words"),
    (
        "compact::may_begin_account",
        "saves time where no account number can be",
    ),
    ("own::stands_free", "has its name where it is called"),
    ("phones::in_digits", "asks length, which has names"),
    ("places::residence", "asks the list of towns"),
    ("places::town", "asks the list of towns"),
    ("plates::find", "asks two that have names"),
    ("secrets::connection", "a list of words begins it"),
];

/// What a hit says of itself when its form proves it.
const BY_FORM: &[&str] = &[
    "Why::Format",
    "Why::ElevenTest",
    "Why::Luhn",
    "Why::Mod97",
    "Why::CheckDigit",
    "Why::KeyPrefix",
    "Why::RandomText",
    "Why::OwnRecogniser",
];

/// A file of this crate that is compiled into the product: its module, and its code without its tests.
struct Source {
    module: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = std::vec![root.clone()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
        .iter()
        .filter_map(|file| {
            let module = file.strip_prefix(&root).unwrap().with_extension("");
            let module = module.to_str().unwrap().replace('/', "::");
            let text = fs::read_to_string(file).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let is_tests = module.starts_with("testdata")
                || module.contains("tests")
                || module == "validation";
            (!is_tests).then(|| Source {
                module,
                code: code.to_string(),
            })
        })
        .collect()
}

/// The names of all validations.
pub(super) fn validations() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for source in sources() {
        for (at, call) in source.code.match_indices("holds(") {
            let behind = source.code.get(at + call.len()..).unwrap().trim_start();
            if let Some(quoted) = behind.strip_prefix('"') {
                names.insert(quoted.split('"').next().unwrap().to_string());
            }
        }
    }
    names
}

/// A function: its name, what stands between that and its body, and the body.
struct Function<'c> {
    name: &'c str,
    head: &'c str,
    body: &'c str,
}

impl Function<'_> {
    /// Whether it says yes or no of a value, without a look at the text around it.
    fn is_predicate(&self) -> bool {
        let reads_around = ["Reading", "Kind", "Token", "&self", "hits", "Passages"]
            .iter()
            .any(|sort| self.head.contains(sort));
        self.head.ends_with("-> bool") && !reads_around
    }

    /// Whether it says where a value stands, if there is one.
    fn finds(&self) -> bool {
        ["-> Option<Hit>", "-> Option<Range<usize>>"]
            .iter()
            .any(|end| self.head.ends_with(end))
    }

    fn has_names(&self) -> bool {
        self.body.contains("holds(") || self.body.contains("validate::")
    }
}

fn functions(code: &str) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    for (at, word) in code.match_indices("fn ") {
        let rest = code.get(at + word.len()..).unwrap();
        let (Some(open), Some(brace)) = (rest.find('('), rest.find(" {\n")) else {
            continue;
        };
        let (Some(name), Some(head)) = (rest.get(..open), rest.get(open..brace)) else {
            continue;
        };
        // The body ends with a brace that stands as far in as the line of its head.
        let line = code.get(..at).unwrap().rsplit('\n').next().unwrap();
        let indent = line.len() - line.trim_start().len();
        let close = std::format!("\n{}}}\n", " ".repeat(indent));
        let body = rest.get(brace..).unwrap();
        let end = body.find(&close).unwrap_or(body.len());
        found.push(Function {
            name,
            head,
            body: body.get(..end).unwrap(),
        });
    }
    found
}

#[test]
fn whoever_finds_by_form_gives_its_validations_a_name() {
    let mut faults = String::new();
    let mut excused = BTreeSet::new();
    for Source { module, code } in sources() {
        // Every number of a country is a validation by its name.
        let is_of_countries = module.starts_with("national");
        let finds = BY_FORM.iter().any(|why| code.contains(why)) && code.contains("Hit::new(");
        let has_names = code.contains("holds(") || code.contains("validate::");
        let only_tells = ["explain", "finding", "doubts", "said"].contains(&module.as_str());
        if finds && !only_tells && !has_names {
            let _ = writeln!(faults, "{module} finds by form and names no validation");
        }
        if !(finds || module == "validate") || is_of_countries || only_tells {
            continue;
        }
        for function in functions(&code) {
            if !(function.is_predicate() || function.finds()) {
                continue;
            }
            let full = std::format!("{module}::{}", function.name);
            let is_excused = NO_VALIDATION.iter().any(|(known, _)| *known == full);
            if is_excused {
                excused.insert(full);
            } else if !function.has_names() {
                let _ = writeln!(faults, "{full} decides over a value without a name");
            }
        }
    }
    for (name, _) in NO_VALIDATION {
        if !excused.contains(*name) {
            let _ = writeln!(faults, "{name} is excused and is no longer there");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn a_validation_without_a_name_would_be_seen() {
    let code = "impl X {\n    fn fits(value: &str) -> bool {\n        value.len() == 8\n    }\n}\nfn other(reading: &Reading<'_>) -> bool {\n    true\n}\n\
                fn new(reading: &Reading<'_>) -> Option<Hit> {\n    None\n}\n\
                fn named(n: usize) -> bool {\n    holds(\"n\", n > 2)\n}\n";
    let found = functions(code);
    let unnamed: Vec<&str> = (found.iter())
        .filter(|function| (function.is_predicate() || function.finds()) && !function.has_names())
        .map(|function| function.name)
        .collect();
    assert_eq!(unnamed, ["fits", "new"]);
    assert!(validations().len() > 30, "{:?}", validations());
}
