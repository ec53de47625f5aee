//! Every hostile text that was collected outside comes out as harmless HTML.

use std::path::{Path, PathBuf};

use super::{read, show};

/// The elements that may come out, and nothing else.
const ELEMENTS: [&str; 22] = [
    "p",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "pre",
    "code",
    "blockquote",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
    "strong",
    "em",
    "a",
    "span",
];

/// The attributes that may come out.
const ATTRIBUTES: [&str; 7] = [
    "href", "rel", "target", "class", "scope", "start", "tabindex",
];

/// What is wrong with HTML of ours, if anything. Whatever the answer said is escaped, so that every `<` is ours.
fn fault(html: &str) -> Option<String> {
    for tag in html.split('<').skip(1) {
        let Some((inside, _)) = tag.split_once('>') else {
            return Some(format!("an open tag: {tag}"));
        };
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if name != "br" && !ELEMENTS.contains(&name.as_str()) {
            return Some(format!("element {name}"));
        }
        let attributes = inside
            .split('"')
            .step_by(2)
            .filter_map(|part| part.strip_suffix('='));
        for attribute in attributes.filter_map(|part| part.split_whitespace().last()) {
            if !ATTRIBUTES.contains(&attribute) {
                return Some(format!("attribute {attribute}"));
            }
        }
        let address = inside
            .split("href=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let is_fine = |address: &str| {
            let lower = address.to_ascii_lowercase();
            ["http://", "https://", "mailto:"]
                .iter()
                .any(|scheme| lower.starts_with(scheme))
        };
        if address.is_some_and(|address| !is_fine(address)) {
            return Some(format!("address {address:?}"));
        }
    }
    None
}

fn texts(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts(&path, found);
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push((path, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

#[test]
fn collected_attacks_come_out_harmless() {
    let shared = std::env::var_os("WAARBORG_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let mut files = Vec::new();
    for folder in [
        "data/attacks/xss",
        "data/attacks/own",
        "data/attacks/prompt-injection",
    ] {
        texts(&shared.join(folder), &mut files);
    }
    if files.is_empty() {
        eprintln!("SKIPPED: no collected attacks below {}", shared.display());
        return;
    }

    let mut n_texts = 0;
    for (path, text) in files {
        let strings = text.lines().flat_map(|line| {
            // In JSON the attack is in a string; as it stands it is a text too.
            let value: Option<serde_json::Value> = serde_json::from_str(line).ok();
            let mut strings = vec![line.to_owned()];
            if let Some(value) = value {
                gather(&value, &mut strings);
            }
            strings
        });
        let whole: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        let mut all: Vec<String> = strings.collect();
        if let Some(whole) = whole {
            gather(&whole, &mut all);
        }
        for one in all {
            n_texts += 1;
            let html = show(&read(&one)).into_string();
            assert_eq!(
                fault(&html),
                None,
                "{}: {one:?} gives {html}",
                path.display()
            );
        }
    }
    assert!(n_texts > 3_000, "only {n_texts} texts");
}

fn gather(value: &serde_json::Value, strings: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => strings.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| gather(item, strings)),
        serde_json::Value::Object(fields) => {
            fields.values().for_each(|field| gather(field, strings));
        }
        _ => {}
    }
}
