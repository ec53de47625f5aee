//! Reads `{"id","text"}` lines and writes `{"id","spans":[…]}` lines, offsets in code points.
#![expect(clippy::print_stdout, reason = "it is a filter for the command line")]

use std::io::{self, BufRead as _};

use serde_json::{Value, json};
use waarborg_detect::Detector;

fn main() -> io::Result<()> {
    let detector = Detector::new();
    for line in io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line?)?;
        let text = line.get("text").and_then(Value::as_str).unwrap_or_default();
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let points = |offset: usize| starts.partition_point(|at| *at < offset);
        let spans: Vec<Value> = detector
            .find(text)
            .into_iter()
            .map(|finding| {
                json!({
                    "start": points(finding.span.start),
                    "end": points(finding.span.end),
                    "label": finding.kind.label(),
                    "score": finding.score,
                    "why": finding.why.code(),
                })
            })
            .collect();
        println!("{}", json!({ "id": line.get("id"), "spans": spans }));
    }
    Ok(())
}
