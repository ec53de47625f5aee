//! Says how many values are still found when they are hidden: spelled out, encoded, spaced, in other alphabets.
//!
//! Reads a corpus of `{"id","class","transform","value","shown","request"}` lines (`gen_evasion.py`). Of each value that is
//! found as it is, it asks whether it is also found as it is shown. With a second argument it writes there
//! what would leave, with every finding taken out, for `score_evasion.py`.
//!
//! `cargo run --release -p waarborg-detect --example evasion -- CORPUS.jsonl [CAPTURED.jsonl]`
#![expect(clippy::print_stdout, reason = "it is a command-line program")]
#![expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::{env, fs, io};

use serde_json::{Value, json};
use waarborg_detect::Detector;

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let corpus = arguments
        .next()
        .ok_or_else(|| io::Error::other("which corpus?"))?;
    let detector = Detector::new();
    let mut counts: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    let mut captured = String::new();
    for line in fs::read_to_string(corpus)?.lines() {
        let record: Value = serde_json::from_str(line)?;
        let field = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
        let (value, shown) = (field("value"), field("shown"));
        // What is said of the value is no part of it.
        let shown = shown.trim_start_matches("(achterstevoren) ");
        let mut request = record.get("request").cloned().unwrap_or_default();
        each_text(&mut request, &mut |text| {
            if let Some(at) = text.find(shown) {
                let plain = text.replacen(shown, value, 1);
                let total = counts
                    .entry((field("class").to_string(), field("transform").to_string()))
                    .or_default();
                if is_found(&detector, &plain, at..at + value.len()) {
                    total.0 += 1;
                    total.1 += usize::from(is_found(&detector, text, at..at + shown.len()));
                }
            }
            *text = without_findings(&detector, text);
        });
        let body = json!({ "id": record.get("id"), "upstream": request.to_string() });
        let _ = writeln!(captured, "{body}");
    }
    report(&counts);
    if let Some(path) = arguments.next() {
        fs::write(path, captured)?;
    }
    Ok(())
}

/// Every string of a document; a string that holds JSON is opened.
fn each_text(value: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => {
            let inside = Some(&*text)
                .filter(|text| text.starts_with(['{', '[']))
                .and_then(|text| serde_json::from_str::<Value>(text).ok());
            match inside {
                Some(mut inside) => {
                    each_text(&mut inside, change);
                    *text = inside.to_string();
                }
                None => change(text),
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| each_text(value, change)),
        Value::Object(fields) => fields
            .iter_mut()
            .for_each(|(_, value)| each_text(value, change)),
        _ => {}
    }
}

/// Whether findings cover at least nine tenths of the letters and digits of a range.
fn is_found(detector: &Detector, text: &str, range: Range<usize>) -> bool {
    let findings = detector.find(text);
    let mut n_all = 0;
    let mut n_covered = 0;
    for (at, character) in text.char_indices().filter(|(at, _)| range.contains(at)) {
        if character.is_alphanumeric() {
            n_all += 1;
            n_covered += usize::from(findings.iter().any(|finding| finding.span.contains(&at)));
        }
    }
    n_all > 0 && n_covered * 10 >= n_all * 9
}

fn without_findings(detector: &Detector, text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for finding in detector.find(text) {
        out.push_str(text.get(at..finding.span.start).unwrap_or_default());
        let _ = write!(out, "[{}]", finding.kind);
        at = finding.span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

fn report(counts: &BTreeMap<(String, String), (usize, usize)>) {
    println!("| class | way of hiding | found plain | of these found hidden |\n|---|---|---|---|");
    let row = |class: &str, transform: &str, (plain, hidden): (usize, usize)| {
        let share = 100.0 * hidden as f64 / plain.max(1) as f64;
        println!("| {class} | {transform} | {plain} | {share:.1} % |");
    };
    let mut all = (0, 0);
    for ((class, transform), count) in counts {
        row(class, transform, *count);
        if class != "0-plain" {
            all = (all.0 + count.0, all.1 + count.1);
        }
    }
    row("all", "", all);
}
